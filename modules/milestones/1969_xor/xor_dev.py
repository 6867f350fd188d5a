# %% [markdown]
r"""
# Milestone 1969: XOR

Four points broke the perceptron. The book that said so with proofs appeared in 1969, and for years few people wanted
to pay for neural networks. Yet a second layer divides the four points, and that was known all along. What nobody knew
was how to *train* one. You do: it is chapter 05. Here you set the weights of two layers by hand, then let your
own framework find them, and look at what the layer in between has done to the points.

**The result:** all four points of XOR right, with each of five seeds.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "m69-imports"}}
import numpy as np

from tinytorch.core.activations import Sigmoid
from tinytorch.core.dataloader import DataLoader, TensorDataset
from tinytorch.core.layers import Linear, Sequential
from tinytorch.core.losses import BinaryCrossEntropyLoss
from tinytorch.core.optimizers import SGD
from tinytorch.core.tensor import Tensor
from tinytorch.core.training import Trainer
from tinytorch.utils import plot
from tinytorch.utils.measure import seconds, show, table

# %% [markdown]
r"""
## The Story

Marvin Minsky and Seymour Papert of MIT asked what a perceptron *can* compute, before any learning. In *Perceptrons*
[1] they proved limits. If each association unit sees only part of the picture, the machine cannot tell whether a
figure is in one piece. To tell whether the number of dark points is odd, the *parity*, some unit must see all of
them. XOR is the parity of two points, and so the smallest case.

They knew that several layers can do more. Networks of neurons that compute any logical expression had been drawn in
1943 by McCulloch and Pitts [2]. But the learning rule of 1957 needs to know for each unit whether *its* answer was
wrong, and for a unit in the middle nobody can say. Of machines with many layers the two wrote that it was an
important research problem to "elucidate (or reject) our intuitive judgement that the extension is sterile" [1].

```text
   one layer                         two layers

   x₁, x₂  ──►  y                    x₁, x₂  ──►  h₁, h₂  ──►  y
                │                                    │         │
                wanted: known                        │         wanted: known
                                                     wanted: what?
```

How much the book itself had to do with the lean years is disputed; a history of the controversy is [3]. The way out
is the chain rule. The middle units need no right answers, only *slopes*: by how much the error would change if a
middle unit gave a little more. Linnainmaa described in 1970 how to compute all slopes of a computation in one walk
backward [4], Werbos thought of it for learning in 1974 [5], and in 1986 Rumelhart, Hinton and Williams showed that
networks trained so find useful middle layers by themselves [6]. XOR was one of their examples.
"""

# %% [markdown]
r"""
## The Code

The four points, and two layers whose weights are set by hand. Take units that answer 1 where their sum is above 0,
and else 0. One unit can be OR, another AND, and XOR is "OR, but not AND":
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "m69-data"}}
corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)  # (4, 2)
odd = np.array([[0], [1], [1], [0]], np.float32)  # (4, 1)
xor = TensorDataset(corners, odd)

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "m69-by-hand"}}
middle, last = Linear(2, 2), Linear(2, 1)
middle.weight.data[:], middle.bias.data[:] = [[1, 1], [1, 1]], [-0.5, -1.5]  # OR, AND
last.weight.data[:], last.bias.data[:] = [[1], [-1]], [-0.5]  # OR, but not AND
fires = (middle(Tensor(corners)).data > 0).astype(np.float32)  # (4, 2)
answers = (last(Tensor(fires)).data > 0).astype(int)  # (4, 1)
rows = [[f"{x:.0f} {y:.0f}", *fires[i].astype(int), *answers[i]]
        for i, (x, y) in enumerate(corners)]
print(table(["input", "OR", "AND", "answer"], rows))

# %% [markdown]
r"""
Look at the two columns in the middle. The points $(0, 1)$ and $(1, 0)$, in opposite corners before, have become *the
same point*, and the other two lie on either side of it. A line divides these. The middle layer does not answer the
question; it moves the points so that a perceptron can.

A unit that jumps from 0 to 1 has a slope of 0 everywhere, so no slopes come through it. With `Sigmoid`, the jump made
smooth, they do. The network that learns has four units in the middle, and gives a *logit*: above 0 means "odd".
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "m69-experiment"}}
def right(logits, target):
    """The share of logits (n, 1) above 0 where the target is 1, and below where 0."""
    return ((logits.data > 0) == (target.data > 0.5)).mean()


def learn(seed, units=4, steps=300):
    """The share of the four points that is right after learning; the trainer."""
    rng = np.random.default_rng(seed)
    model = Sequential(Linear(2, units, rng=rng), Sigmoid(), Linear(units, 1, rng=rng))
    optimizer = SGD(model.parameters(), lr=0.3, momentum=0.9)
    trainer = Trainer(model, optimizer, BinaryCrossEntropyLoss(from_logits=True))
    trainer.losses = []
    for x, y in list(DataLoader(xor, batch_size=4)) * steps:
        trainer.losses.append(trainer.learn(x, y))
    return trainer.evaluate([(x, y)], right), trainer


# %% [markdown]
r"""
## The Result

The whole experiment, with one seed, and its loss step by step. `make milestones` runs it with five.
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "m69-run"}}
share, trainer = learn(seed=0)
print(f"right: {100 * share:.0f} % of the four points")
plot.lines({"loss": trainer.losses}, "step", "loss")

# %% [markdown]
r"""
At first hardly anything seems to happen: the loss stays near $\ln 2 = 0.69$, which is what saying "one half" to
everything costs. Then the middle units part ways, and the loss falls quickly. This is what the network answers
everywhere in the square, from 0 to 1:
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "m69-regions"}}
def answer(places):
    """The probability of "odd" at places (n, 2)."""
    return Sigmoid()(trainer.model(Tensor(places))).data[:, 0]


plot.boundary(answer, corners, odd, xlabel="x₁", ylabel="x₂")

# %% [markdown]
r"""
And here is what the middle layer does to the points, in a network with two units, because a plane can be drawn.
The axes are now the two units, and the regions are what the last layer, a perceptron, makes of them. They meet in a
straight line again.
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "m69-moved"}}
share, small = learn(seed=0, units=2)
inner = Sequential(*small.model.layers[:2])(Tensor(corners)).data  # (4, 2)
print(f"right: {100 * share:.0f} %. Where the points have moved:")
for point, moved in zip(corners, inner):
    print(point.astype(int), "->", np.round(moved, 1) + 0.0)
plot.boundary(
    lambda places: small.model[2](Tensor(places)).data[:, 0] > 0, inner, odd,
    xlabel="h₁", ylabel="h₂",
)

# %% [markdown]
r"""
Two units are enough to *represent* XOR, but are they enough to *learn* it? Slopes lead downhill, and not every valley
has the lowest floor. Ten seeds each, with 200 steps instead of 300 to save time, and how many of them got all four
points:
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "m69-units"}}
rows = []
for units in [1, 2, 3, 4]:
    solved = sum(learn(seed, units, steps=200)[0] == 1 for seed in range(10))
    rows.append([units, f"{solved} of 10"])
print(table(["middle units", "solved"], rows))

# %% [markdown]
r"""
With one unit it cannot be done at all. With two it depends on the first weights. With a few more than needed, some
are nearly always in a good place to start from. This is one reason why networks are made larger than what they have
to represent would need.

## Then and Now

In 1986 it took a network of two middle units 558 rounds through the four points to learn XOR, with a rate of
0.5 [6]. A computer of many laboratories was the VAX-11/780. Solving linear equations, it made about 0.14 million
floating-point operations a second [7]. The cell counts those of our experiment: a forward pass with two operations
for each weight and example, and a backward pass with twice as many. Activations, the loss and the step are left out.
"""

# %% [code] {"tags": ["measure"], "nbgrader": {"grade_id": "m69-cost"}}
weights = sum(layer.weight.numel() for layer in (trainer.model[0], trainer.model[2]))
work = 3 * 2 * weights * len(corners) * len(trainer.losses)  # operations in all
here = len(trainer.losses) * seconds(lambda: trainer.learn(Tensor(corners), odd))
rows = [["VAX-11/780, arithmetic alone", show(work / 0.14e6, "s")]]
rows += [["here, all of it", show(here, "s")]]
print(table([f"{len(trainer.losses)} steps, {show(work, 'FLOP')}", "time"], rows))

# %% [markdown]
r"""
The problem that stopped a field was a matter of seconds on the computers of 1986. It had not waited for a machine,
but for an idea.

## Things to Try

1. Put `ReLU` in place of `Sigmoid` in the middle. (Import it first.) Is it quicker? With two units, is it safer?
2. Start all weights of the middle layer from the same number. Why can the network never learn XOR then, however
   many units it has?
3. Parity of three points: make the eight corners of a cube and `Linear(3, units)`. How many units are needed in
   practice? And for four?

## Sources

1. M. Minsky and S. Papert, *Perceptrons: An Introduction to Computational Geometry*, MIT Press, 1969. The words
   quoted stand in section 13.2.
2. W. S. McCulloch and W. Pitts, "A logical calculus of the ideas immanent in nervous activity", *Bulletin of
   Mathematical Biophysics* 5, 1943, pp. 115–133.
3. M. Olazaran, "A sociological study of the official history of the perceptrons controversy", *Social Studies of
   Science* 26(3), 1996, pp. 611–659.
4. S. Linnainmaa, *The representation of the cumulative rounding error of an algorithm as a Taylor expansion of the
   local rounding errors* (in Finnish), master's thesis, University of Helsinki, 1970.
5. P. J. Werbos, *Beyond Regression: New Tools for Prediction and Analysis in the Behavioral Sciences*, PhD thesis,
   Harvard University, 1974.
6. D. E. Rumelhart, G. E. Hinton and R. J. Williams, "Learning internal representations by error propagation", in
   *Parallel Distributed Processing*, volume 1, MIT Press, 1986, pp. 318–362.
7. J. J. Dongarra, *Performance of Various Computers Using Standard Linear Equations Software*, report CS-89-85,
   University of Tennessee.
"""
