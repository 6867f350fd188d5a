"""Layers, activations and losses, where a PyTorch user looks for them: torch.nn.

`Module`, the class that a model of your own derives from, is chapter 03's Layer.
"""

from tinytorch.lazy import hand_on

_CHAPTERS = {
    "layers": "Layer Linear Dropout Sequential",
    "activations": "Sigmoid ReLU Tanh GELU Softmax",
    "losses": "MSELoss CrossEntropyLoss BinaryCrossEntropyLoss",
    "spatial": "Conv2d MaxPool2d AvgPool2d BatchNorm2d Flatten",
}
_HOMES = {
    name: f"tinytorch.core.{module}"
    for module, names in _CHAPTERS.items()
    for name in names.split()
}
_HOMES["Module"] = "tinytorch.core.layers:Layer"

__all__ = [*_HOMES]

__getattr__, __dir__ = hand_on(globals(), _HOMES)
