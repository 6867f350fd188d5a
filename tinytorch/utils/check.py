"""For the checks of the chapters: compare, and say what was expected and what came."""

NUMBERS = {int, float}


def expect(what, got, expected):
    """Stop with AssertionError unless got equals expected; `what` names the call."""
    # Types first: comparing an array or a Tensor with == gives no plain yes or no.
    alike = isinstance(got, type(expected)) or {type(got), type(expected)} <= NUMBERS
    hint = " (did you forget to return it?)" if got is None else ""
    right = alike and got == expected
    assert right, f"{what}: expected {expected!r}, got {got!r}{hint}"


def expect_tensor(what, got, expected, dtype="float32"):
    """Stop unless got is a Tensor of this dtype that holds these nested lists."""
    # By name, so that it also holds for a Tensor class that a reader has just run.
    name = type(got).__name__
    hint = " (did you forget to return it?)" if got is None else ""
    assert name == "Tensor", f"{what}: expected a Tensor, got {got!r}{hint}"
    values = got.tolist()
    assert values == expected, f"{what}: expected {expected}, got {values}"
    assert str(got.dtype) == dtype, f"{what}: expected {dtype}, got {got.dtype}"


def expect_error(what, call, text):
    """Stop unless call() raises an error that says `text`."""
    try:
        came = call()
    except Exception as error:
        told = f"{type(error).__name__}: {error}"
        assert text in told, f"{what}: expected an error with {text!r}, got {told}"
        return
    hint = " (raise it, do not return it)" if isinstance(came, Exception) else ""
    raise AssertionError(
        f"{what}: expected an error with {text!r}, got no error but {came!r}{hint}"
    )
