"""Workloads W2 and W3 (of workloads.py) written with the framework, as users would."""

from typing import Any

import numpy as np

from tinytorch import nn
from tinytorch.core.spatial import conv2d
from tools.bench import ours
from tools.bench.workloads import Problem


class LeNet(ours.Classifier):
    """W2: two convolutions with pooling, three linear layers, and an SGD step."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        convolutions = [nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)]
        linears = [nn.Linear(*p.shape) for p in problem.parameters[4::2]]
        pairs = zip(self.parameters[::2], self.parameters[1::2], strict=True)
        for layer, pair in zip([*convolutions, *linears], pairs, strict=True):
            layer.weight, layer.bias = pair
        blocks = [
            part for c in convolutions for part in (c, nn.ReLU(), nn.MaxPool2d(2))
        ]
        a, b, c = linears
        self.model = nn.Sequential(*blocks, nn.Flatten(), a, nn.ReLU(), b, nn.ReLU(), c)


class Convolution(ours.Program):
    """W3: one convolution, forward and backward."""

    def forward_backward(self) -> Any:
        """Compute maps and gradients; return the sum of maps times their gradients."""
        (x, weight, bias), grad = self.parameters, self.problem.data[0]
        maps = conv2d(x, weight, bias, padding=1)
        maps.backward(grad)
        return np.vdot(maps.data, grad)
