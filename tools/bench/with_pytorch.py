"""The workloads in PyTorch, on one thread."""

import torch

torch.set_num_threads(1)


class Program:
    """What the programs share; the parameters are tensors that require gradients."""

    def __init__(self, problem):
        self.problem = problem
        arrays = [torch.from_numpy(array) for array in problem.parameters]
        self.parameters = [array.requires_grad_() for array in arrays]

    def gradients(self):
        """One array for each parameter."""
        return [p.grad.numpy() for p in self.parameters]

    def values(self):
        """The parameters as they are now."""
        return [p.detach().numpy() for p in self.parameters]

    def update(self):
        """Forget the gradients, as nothing is to be learned."""
        for p in self.parameters:
            p.grad = None


class Network(Program):
    """A multilayer perceptron with ReLU between its layers, and its SGD step."""

    def __init__(self, problem):
        super().__init__(problem)
        layers = []
        for weight, bias in zip(
            self.parameters[::2], self.parameters[1::2], strict=True
        ):
            linear = torch.nn.Linear(*weight.shape)
            # PyTorch keeps a weight as (out, in), ours is (in, out).
            linear.weight = torch.nn.Parameter(weight.detach().T.contiguous())
            linear.bias = torch.nn.Parameter(bias.detach())
            layers += [linear, torch.nn.ReLU()]
        self.model = torch.nn.Sequential(*layers[:-1])
        self.parameters = list(self.model.parameters())
        self.x, self.y = map(torch.from_numpy, problem.data)

    def gradients(self):
        """One array for each parameter, weights as (in, out)."""
        return [array.T for array in super().gradients()]

    def values(self):
        """The parameters as they are now, weights as (in, out)."""
        return [array.T for array in super().values()]

    def forward_backward(self):
        """Compute the loss, and a gradient for each parameter."""
        loss = self.loss(self.model(self.x), self.y)
        loss.backward()
        return loss.detach().numpy()

    def update(self):
        """Move each parameter against its gradient."""
        with torch.no_grad():
            for p in self.parameters:
                p.sub_(p.grad, alpha=self.problem.lr)
                p.grad = None


class Classifier(Network):
    """W1 and W1b: cross-entropy on class ids."""

    def loss(self, scores, ids):
        """The mean surprise at the right classes."""
        return torch.nn.functional.cross_entropy(scores, ids)


class AdamClassifier(Classifier):
    """W1a: the same, with an Adam step."""

    def __init__(self, problem):
        super().__init__(problem)
        self.optimizer = torch.optim.Adam(self.parameters, problem.lr)

    def update(self):
        """Move each parameter as Adam does."""
        self.optimizer.step()
        self.optimizer.zero_grad()


class Regressor(Network):
    """W1s: mean squared error."""

    def loss(self, prediction, target):
        """The mean of the squared differences."""
        return torch.nn.functional.mse_loss(prediction, target)


class Chain(Program):
    """W5a: x * a + b, again and again."""

    def forward_backward(self):
        """Compute the last value, and the gradients at x, a and b."""
        x, a, b = self.parameters
        for _ in range(self.problem.steps):
            x = x * a
            x = x + b
        x.backward()
        return x.detach().numpy()


class Doubling(Program):
    """W5b: x + x, twenty times."""

    def forward_backward(self):
        """Compute the last value, and the gradient at x."""
        (x,) = self.parameters
        for _ in range(self.problem.steps):
            x = x + x
        x.backward()
        return x.detach().numpy()


class CrossEntropy(Program):
    """W6: the loss alone, on many classes."""

    def __init__(self, problem):
        super().__init__(problem)
        self.ids = torch.from_numpy(problem.data[0])

    def forward_backward(self):
        """Compute the loss, and the gradient at the logits."""
        loss = torch.nn.functional.cross_entropy(self.parameters[0], self.ids)
        loss.backward()
        return loss.detach().numpy()
