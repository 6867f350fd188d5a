# %% [markdown]
r"""
# Milestone 1986: Back-Propagation

"We describe a new learning procedure, back-propagation, for networks of neurone-like units." So begins a paper of
four pages in *Nature*, which made networks with layers in the middle a thing that one can train. What it describes
you have built in chapters 03 to 07. Here your framework reads handwriting with it, and you look at what the units in
the middle have become.

**The result:** at least 96 % of digits that it was not shown, with a network of two layers.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "m86-imports"}}
import numpy as np

from tinytorch.core.activations import Sigmoid
from tinytorch.core.dataloader import DataLoader, TensorDataset
from tinytorch.core.layers import Linear, Sequential
from tinytorch.core.losses import CrossEntropyLoss
from tinytorch.core.optimizers import SGD
from tinytorch.core.tensor import Tensor
from tinytorch.core.training import Trainer, accuracy
from tinytorch.data import load_digits
from tinytorch.utils import plot
from tinytorch.utils.measure import seconds, show, table

# %% [markdown]
r"""
## The Story

David Rumelhart, Geoffrey Hinton and Ronald Williams were not the first to walk the chain rule backward through a
computation (milestone 1969 names others before them). They showed what it is good for. In their paper [1] a network
looks at a row of six inputs and says whether it is symmetric; nobody told its two middle units how to find out.
Another learns who is whose aunt, father or daughter in two families, one English and one Italian. Afterward some
middle units stand for the generation that a person belongs to, and others for the branch of the family. Nothing in
the input says so. The units that are neither input nor output, wrote the authors, "come to represent important
features of the task domain" [1].

```text
   inputs          hidden units         outputs
     x ─────────────► h ─────────────────► y     forward: what does it answer?
     x ─────────────► h ─────────────────► y
     x ◄───────────── h ◄───────────────── y     backward: which slope has each weight?
```

It caught on. In 1987 Sejnowski and Rosenberg had a network of 80 hidden units read English text aloud [2]. In 1989
LeCun and others read handwritten zip codes from letters [3], and what became of that is milestone 1998.

In those years one subtracted the output from the wanted one and squared it. The loss that you built in chapter 04,
cross-entropy, came into use soon after, and serves here because it learns faster. Sigmoid units, random first
weights, gradient descent with momentum: these are as they were in 1986.
"""

# %% [markdown]
r"""
## The Code

The data are 1,797 digits that thirteen people wrote, of the UCI *optdigits*, as scikit-learn has them: 8 by 8 pixels
from 0 to 1. `load_digits()` holds out 360 of them, the same share of every digit, drawn with seed 0, and leaves 1,437
to learn from. (`tinytorch/data/README.md` says more.)
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "m86-data"}}
images, labels, unseen, wanted = load_digits()  # (1437, 1, 8, 8), (1437,), (360, …)
train = TensorDataset(images.reshape(-1, 64), labels)
test = TensorDataset(unseen.reshape(-1, 64), wanted)

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "m86-digits"}}
print(f"{len(train)} to learn from, {len(test)} held out; the first 16 of these:")
plot.images(unseen[:16], titles=wanted[:16], size=56)

# %% [markdown]
r"""
An image is a row of 64 numbers. Behind it come 64 hidden units, each a `Sigmoid` of a sum over all pixels, and 10
outputs, a logit for each digit. The seed decides the first weights and the order of the batches.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "m86-experiment"}}
def learn(seed, epochs=30, units=64):
    """The share of held-out digits that is right after learning; the trainer."""
    rng = np.random.default_rng(seed)
    model = Sequential(
        Linear(64, units, rng=rng),  # (N, 64) -> (N, units)
        Sigmoid(),
        Linear(units, 10, rng=rng),  # -> (N, 10)
    )
    optimizer = SGD(model.parameters(), lr=0.3, momentum=0.9)
    trainer = Trainer(model, optimizer, CrossEntropyLoss())
    held_out = DataLoader(test, batch_size=360)
    trainer.fit(DataLoader(train, 32, shuffle=True, rng=rng), epochs, held_out)
    return trainer.evaluate(held_out, accuracy), trainer


# %% [markdown]
r"""
## The Result

The whole experiment makes 30 epochs. This page makes 8, so that it stays quick in a browser, where arithmetic is
dozens of times slower. `make milestones` makes all of them, with five seeds, and the median must be at least 96 %.
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "m86-run"}}
share, trainer = learn(seed=0, epochs=8)
print(f"held-out digits read correctly: {100 * share:.0f} %")
curves = {"learned from": trainer.history["train"]}
curves["held out"] = trainer.history["validation"]
plot.lines(curves, "epoch", "loss", log=True)

# %% [markdown]
r"""
Which ones are wrong? Above each image stands the right digit, then what the network said.
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "m86-wrong"}}
said = trainer.model(test.tensors[0]).data.argmax(axis=1)  # (360,)
wrong = np.flatnonzero(said != wanted)[:16]
titles = [f"{wanted[i]}, not {said[i]}" for i in wrong]
plot.images(unseen[wrong], titles=titles, size=72)

# %% [markdown]
r"""
And what do the hidden units look for? Each has a weight for every pixel, so its weights are an image too. Where a
weight is positive (blue) ink makes the unit answer more, where it is negative (orange), less.
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "m86-units"}}
weights = trainer.model[0].weight.data.T.reshape(-1, 8, 8)  # (units, 8, 8)
plot.images(weights[:24], columns=8, size=60)

# %% [markdown]
r"""
Some have strokes and their opposites side by side: ink here but not there. Most are hard to name. There are many
ways to share the work among 64 units, and with another seed it is shared in another way.

How many are needed? The same eight epochs, with fewer of them:
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "m86-fewer"}}
rows = []
for units in [4, 8, 16, 64]:
    result, other = learn(seed=0, epochs=8, units=units)
    count = sum(p.numel() for p in other.model.parameters())
    rows.append([units, f"{count:,}", f"{100 * result:.0f} %"])
print(table(["hidden units", "parameters", "held-out digits"], rows))

# %% [markdown]
r"""
## Then and Now

Solving linear equations, a VAX-11/780, a computer of many laboratories of the time, made about 0.14 million
floating-point operations a second [4]. The cell counts what the whole experiment of 30 epochs needs: two operations
for each weight and example forward, and twice as many backward. Beside it stands what it takes where the page runs.
"""

# %% [code] {"tags": ["measure"], "nbgrader": {"grade_id": "m86-cost"}}
count = sum(trainer.model[i].weight.numel() for i in (0, 2))
work = 3 * 2 * count * len(train) * 30  # operations in all
x, y = Tensor(train.tensors[0].data[:32]), labels[:32]
here = 30 * np.ceil(len(train) / 32) * seconds(lambda: trainer.learn(x, y))
rows = [["VAX-11/780, arithmetic alone", f"{work / 0.14e6 / 3600:.1f} hours"]]
rows += [["here, all of it", show(here, "s")]]
print(table([f"30 epochs, {show(work, 'FLOP')}", "time"], rows))

# %% [markdown]
r"""
Hours then, for one seed. A table of several sizes, with several seeds for each, was the work of days.

## Things to Try

1. In 1986 the loss was a squared error. Put a `Sigmoid` at the end and `MSELoss` in, with targets that hold a 1 at
   the right digit and 0 elsewhere: `np.eye(10, dtype=np.float32)[labels]`. How many epochs until it is as good?
2. Take the hidden layer out: `Sequential(Linear(64, 10))`. How good is a network without a middle on these digits?
   What does that say about the digits, and about the result above?
3. Shuffle the 64 pixels of all images by one and the same `rng.permutation(64)`. Does the network read any worse?
   What does it not know about images? Milestone 1998 tells it.

## Sources

1. D. E. Rumelhart, G. E. Hinton and R. J. Williams, "Learning representations by back-propagating errors", *Nature*
   323, 9 October 1986, pp. 533–536.
2. T. J. Sejnowski and C. R. Rosenberg, "Parallel networks that learn to pronounce English text", *Complex Systems*
   1, 1987, pp. 145–168.
3. Y. LeCun, B. Boser, J. S. Denker, D. Henderson, R. E. Howard, W. Hubbard and L. D. Jackel, "Backpropagation
   applied to handwritten zip code recognition", *Neural Computation* 1(4), 1989, pp. 541–551.
4. J. J. Dongarra, *Performance of Various Computers Using Standard Linear Equations Software*, report CS-89-85,
   University of Tennessee.
"""
