"""The workloads written with the framework, as one who uses it would."""

import tinytorch
from tinytorch import nn
from tinytorch.core.optimizers import Adam


class Program:
    """What the programs share; the parameters are Tensors that require gradients."""

    def __init__(self, problem):
        self.problem = problem
        self.parameters = [
            tinytorch.Tensor(array, requires_grad=True) for array in problem.parameters
        ]

    def gradients(self):
        """One array for each parameter."""
        return [p.grad for p in self.parameters]

    def values(self):
        """The parameters as they are now."""
        return [p.data for p in self.parameters]

    def update(self):
        """Forget the gradients, as nothing is to be learned."""
        for p in self.parameters:
            p.grad = None


class Network(Program):
    """A multilayer perceptron with ReLU between its layers, and its SGD step."""

    def __init__(self, problem):
        super().__init__(problem)
        layers = []
        for array, weight, bias in zip(
            problem.parameters[::2],
            self.parameters[::2],
            self.parameters[1::2],
            strict=True,
        ):
            linear = nn.Linear(*array.shape)
            linear.weight, linear.bias = weight, bias
            layers += [linear, nn.ReLU()]
        self.model = nn.Sequential(*layers[:-1])
        x, y = problem.data
        self.x, self.y = tinytorch.Tensor(x), tinytorch.Tensor(y)

    def forward_backward(self):
        """Compute the loss, and a gradient for each parameter."""
        loss = self.loss(self.model(self.x), self.y)
        loss.backward()
        return loss.data

    def update(self):
        """Move each parameter against its gradient."""
        lr = self.problem.lr
        for p in self.parameters:
            p.data -= lr * p.grad
            p.grad = None


class Classifier(Network):
    """W1 and W1b: cross-entropy on class ids."""

    loss = nn.CrossEntropyLoss()


class AdamClassifier(Classifier):
    """W1a: the same, with an Adam step."""

    def __init__(self, problem):
        super().__init__(problem)
        self.optimizer = Adam(self.parameters, problem.lr)

    def update(self):
        """Move each parameter as Adam does."""
        self.optimizer.step()
        self.optimizer.zero_grad()


class Regressor(Network):
    """W1s: mean squared error."""

    loss = nn.MSELoss()


class Chain(Program):
    """W5a: x * a + b, again and again."""

    def forward_backward(self):
        """Compute the last value, and the gradients at x, a and b."""
        x, a, b = self.parameters
        for _ in range(self.problem.steps):
            x = x * a
            x = x + b
        x.backward()
        return x.data


class Doubling(Program):
    """W5b: x + x, twenty times."""

    def forward_backward(self):
        """Compute the last value, and the gradient at x."""
        (x,) = self.parameters
        for _ in range(self.problem.steps):
            x = x + x
        x.backward()
        return x.data


class CrossEntropy(Program):
    """W6: the loss alone, on many classes."""

    def forward_backward(self):
        """Compute the loss, and the gradient at the logits."""
        (logits,), (ids,) = self.parameters, self.problem.data
        loss = tinytorch.cross_entropy(logits, ids)
        loss.backward()
        return loss.data
