"""For the checks of the chapters: compare, and say what was expected and what came."""

NUMBERS = {int, float}


def expect(what, got, expected):
    """Stop with AssertionError unless got equals expected; `what` names the call."""
    # Types first: comparing an array or a Tensor with == gives no plain yes or no.
    alike = isinstance(got, type(expected)) or {type(got), type(expected)} <= NUMBERS
    assert alike and got == expected, f"{what}: expected {expected!r}, got {got!r}"


def expect_tensor(what, got, expected, dtype="float32"):
    """Stop unless got is a Tensor of this dtype that holds these nested lists."""
    # By name, so that it also holds for a Tensor class that a reader has just run.
    name = type(got).__name__
    assert name == "Tensor", f"{what}: expected a Tensor, got {name}: {got!r}"
    values = got.tolist()
    assert values == expected, f"{what}: expected {expected}, got {values}"
    assert str(got.dtype) == dtype, f"{what}: expected {dtype}, got {got.dtype}"


def expect_error(what, call, text):
    """Stop unless call() raises a ValueError or TypeError that says `text`."""
    try:
        came = f"no error, but {call()!r}"
    except (ValueError, TypeError) as error:
        came = str(error)
    assert text in came, f"{what}: expected an error with {text!r}, got {came}"
