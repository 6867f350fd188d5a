"""Names that a module hands on from others, looked up on first use."""

from importlib import import_module

AUTOGRAD = "tinytorch.core.autograd"  # importing it switches gradients on


def hand_on(module, homes):
    """Make the __getattr__ and __dir__ of a module that hands on names of others.

    The first name that is asked for switches gradients on, whichever it is.

    Args: module, the __dict__ of that module, where a name stays once it was looked
        up; homes, a dict: under each name the module that has it, as in "a.b"; with
        "a.b:Other" where it has another name there, "a.b:" for the module itself.
    Returns: two functions, for the module to bind to these names.
    """

    def __getattr__(name):
        if name not in homes:
            there_is = ", ".join(sorted(homes))
            raise AttributeError(
                f"{module['__name__']} has no attribute {name!r}; it has: {there_is}"
            )
        import_module(AUTOGRAD)
        home, colon, other = homes[name].partition(":")
        value = import_module(home)
        if other or not colon:
            value = getattr(value, other or name)
        module[name] = value  # the next look-up finds it without a call
        return value

    def __dir__():
        return sorted({*module, *homes})

    return __getattr__, __dir__
