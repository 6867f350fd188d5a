"""Drawing of the pictures in `tinytorch.utils.plot`, a module for each kind."""
