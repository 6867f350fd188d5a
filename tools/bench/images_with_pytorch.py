"""Workloads W2 and W3 (of workloads.py) in PyTorch, on one thread."""

from typing import Any

import numpy as np
import torch

from tools.bench import with_pytorch
from tools.bench.workloads import Array, Problem

functional = torch.nn.functional


class LeNet(with_pytorch.Program):
    """W2: two convolutions with pooling, three linear layers, and an SGD step."""

    update = with_pytorch.Network.update

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.x, self.y = map(torch.from_numpy, problem.data)

    def forward_backward(self) -> Array:
        """Compute the loss and the gradient of each parameter; return the loss."""
        p, x = self.parameters, self.x
        for weight, bias, padding in [(p[0], p[1], 2), (p[2], p[3], 0)]:
            x = functional.conv2d(x, weight, bias, padding=padding).relu()
            x = functional.max_pool2d(x, 2)
        x = x.flatten(1)
        for weight, bias in [p[4:6], p[6:8]]:
            x = torch.addmm(bias, x, weight).relu()
        loss = functional.cross_entropy(torch.addmm(p[9], x, p[8]), self.y)
        loss.backward()
        return self.numbers(loss)


class Convolution(with_pytorch.Program):
    """W3: one convolution, forward and backward."""

    def forward_backward(self) -> Any:
        """Compute maps and gradients; return the sum of maps times their gradients."""
        grad = torch.from_numpy(self.problem.data[0])
        maps = functional.conv2d(*self.parameters, padding=1)
        maps.backward(grad)
        return np.vdot(self.numbers(maps), self.problem.data[0])
