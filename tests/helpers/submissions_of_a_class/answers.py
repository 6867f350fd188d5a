"""Ordinary submissions: most answers are right, some are wrong."""

from classroom import put

from .cases import ALL, NUMBER, case, find, solved, stub


@case()
def all_solved(room):
    return solved(room)


@case(*ALL)
def nothing_done(room):
    return room.untouched(NUMBER)


@case("02-gelu", "02-softmax")
def last_two_left_alone(room):
    notebook = put(solved(room), "02-gelu", stub(room, "02-gelu"))
    return put(notebook, "02-softmax", stub(room, "02-softmax"))


LAYER = "class {}:\n    def __call__(self, x):\n        return self.forward(x)\n"
LAYER += "    def forward(self, x):\n        "


@case("02-relu-scalar", "02-gelu")
def prints_where_it_should_return(room):
    notebook = put(
        solved(room),
        "02-relu-scalar",
        "def relu_scalar(x):\n    print(x)\n    max(x, 0)",
    )
    body = "c = (2 / math.pi) ** 0.5\n        return x * (1 + (c * x).tanh())"
    return put(notebook, "02-gelu", LAYER.format("GELU") + body)


@case("02-sigmoid-scalar", "02-sigmoid", "02-softmax")
def overflows(room):
    """Right on paper, and not in floats."""
    notebook = put(
        solved(room),
        "02-sigmoid-scalar",
        "def sigmoid_scalar(x):\n    return 1 / (1 + math.exp(-x))",
    )
    put(notebook, "02-sigmoid", LAYER.format("Sigmoid") + "return 1 / (1 + (-x).exp())")
    body = "    e = x.exp()\n    return e / e.sum(axis=self.dim, keepdims=True)"
    header = "@extend(Softmax)\ndef forward(self, x):\n"
    return put(notebook, "02-softmax", header + body)


@case("02-hat")
def forgets_a_corner(room):
    body = "    relu = ReLU()\n    return relu(x + 1) - relu(x) + relu(x - 1)"
    return put(solved(room), "02-hat", f"def hat(x):\n{body}")


@case("02-relu")
def changes_its_input(room):
    body = "x.data[x.data < 0] = 0\n        return x"
    return put(solved(room), "02-relu", LAYER.format("ReLU") + body)


@case("02-hat")
def renames_a_function(room):
    notebook = solved(room)
    text = find(notebook, "02-hat").source.replace("def hat", "def my_hat")
    return put(notebook, "02-hat", text)


@case("02-relu-scalar")
def leaves_a_merge_conflict(room):
    text = (
        "<<<<<<< HEAD\ndef relu_scalar(x):\n    return max(x, 0.0)\n=======\n>>>>>>> b"
    )
    return put(solved(room), "02-relu-scalar", text)
