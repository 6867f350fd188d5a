"""The drawing code behind `tinytorch.utils.plot`, a module for each kind of picture."""
