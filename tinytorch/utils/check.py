"""For the checks of the chapters: compare, and say what was expected and what came."""

import math

import numpy as np

NUMBERS = {int, float}


def expect(what, got, expected):
    """Stop with AssertionError unless got equals expected; `what` names the call."""
    # Types first: comparing an array or a Tensor with == gives no plain yes or no.
    alike = isinstance(got, type(expected)) or {type(got), type(expected)} <= NUMBERS
    right = alike and got == expected
    assert right, f"{what}: expected {expected!r}, got {got!r}{_forgotten(got)}"


def expect_number(what, got, expected):
    """Stop unless got is a number equal to expected in its first four digits."""
    number = isinstance(got, int | float)
    right = number and math.isclose(got, expected, rel_tol=1e-4)
    came = f"{got:.6g}" if number else f"{got!r}{_forgotten(got)}"
    assert right, f"{what}: expected {expected:.6g}, got {came}"


def expect_tensor(what, got, expected, dtype="float32"):
    """Stop unless got is a Tensor of this dtype that holds these nested lists."""
    _expect_class(what, got)
    values = got.tolist()
    assert values == expected, f"{what}: expected {expected}, got {values}"
    assert str(got.dtype) == dtype, f"{what}: expected {dtype}, got {got.dtype}"


def expect_close(what, got, expected, dtype="float32"):
    """Stop unless got is a Tensor of this dtype that holds these numbers, nearly.

    Args: expected, nested lists; each number must agree in its first four digits,
        and zeros exactly.
    """
    _expect_class(what, got)
    values, wanted = np.array(got.tolist()), np.array(expected)
    right = values.shape == wanted.shape and np.allclose(values, wanted, 1e-4, 0)
    told = f"expected {_short(expected)}, got {_short(got.tolist())}"
    assert right, f"{what}: {told}"
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


def run_all_tests(names):
    """Run every check of a chapter once more; `names` is its globals()."""
    tests = [test for name, test in names.items() if name.startswith("test_")]
    for test in tests:
        test()
    print(f"{len(tests)} checks passed")


def _expect_class(what, got):
    # By name, so that it also holds for a Tensor class that a reader has just run.
    right = type(got).__name__ == "Tensor"
    assert right, f"{what}: expected a Tensor, got {got!r}{_forgotten(got)}"


def _forgotten(got):
    return " (did you forget to return it?)" if got is None else ""


def _short(values):
    """Nested lists as text, each number with six digits."""
    if isinstance(values, list):
        return f"[{', '.join(map(_short, values))}]"
    return f"{values:.6g}"
