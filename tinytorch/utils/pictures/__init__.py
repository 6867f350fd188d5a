"""How the pictures of `tinytorch.utils.plot` are drawn, a module for each kind."""
