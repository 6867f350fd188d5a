"""Assertions for the checks of the chapters; they say what was expected and what came.

Whatever stands in a failed check's message comes from here, so a check needs no words
of its own but the name of the call.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

NUMBERS = {int, float}


def expect(what: str, got: object, expected: object) -> None:
    """Raise AssertionError unless got equals expected; `what` names the call."""
    # Types first: comparing an array or a Tensor with == gives no plain yes or no.
    alike = isinstance(got, type(expected)) or {type(got), type(expected)} <= NUMBERS
    right = alike and got == expected
    assert right, f"{what}: expected {expected!r}, got {got!r}{_return_hint(got)}"


def expect_number(what: str, got: object, expected: float) -> None:
    """Raise AssertionError unless got is a number equal to expected in four digits."""
    if isinstance(got, int | float):
        right, came = math.isclose(got, expected, rel_tol=1e-4), f"{got:.6g}"
    else:
        right, came = False, f"{got!r}{_return_hint(got)}"
    assert right, f"{what}: expected {expected:.6g}, got {came}"


def expect_tensor(what: str, got: Any, expected: Any, dtype: str = "float32") -> None:
    """Raise AssertionError unless got is a Tensor of exactly these numbers and dtype.

    Args: expected, nested lists of numbers, or one number.
    """
    _expect_class(what, got)
    values = got.tolist()
    assert values == expected, f"{what}: expected {expected}, got {values}"
    assert str(got.dtype) == dtype, f"{what}: expected {dtype}, got {got.dtype}"


def expect_close(what: str, got: Any, expected: Any, dtype: str = "float32") -> None:
    """Raise AssertionError unless got is a Tensor of nearly these numbers, this dtype.

    Args: expected, nested lists; each number must agree in its first four digits,
        and zeros exactly.
    """
    _expect_class(what, got)
    values, wanted = np.array(got.tolist()), np.array(expected)
    # Shapes first: numpy would broadcast them before it compares.
    right = values.shape == wanted.shape and np.allclose(values, wanted, 1e-4, 0)
    told = f"expected {_short(expected)}, got {_short(got.tolist())}"
    assert right, f"{what}: {told}"
    assert str(got.dtype) == dtype, f"{what}: expected {dtype}, got {got.dtype}"


def expect_error(what: str, call: Callable[[], object], text: str) -> None:
    """Raise AssertionError unless call() raises an error whose message has `text`."""
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


def run_all_tests(names: Mapping[str, Any]) -> None:
    """Run every check of a chapter once more; `names` is its globals()."""
    tests = [test for name, test in names.items() if name.startswith("test_")]
    for test in tests:
        test()
    print(f"{len(tests)} checks passed")


def _expect_class(what: str, got: object) -> None:
    # By name, so that it also holds for a Tensor class that a reader has just run.
    right = type(got).__name__ == "Tensor"
    assert right, f"{what}: expected a Tensor, got {got!r}{_return_hint(got)}"


def _return_hint(got: object) -> str:
    """Return a hint if a function gave None, as one without `return` does."""
    return " (did you forget to return it?)" if got is None else ""


def _short(values: Any) -> str:
    """Return nested lists as text, each number with six digits."""
    if isinstance(values, list):
        return f"[{', '.join(map(_short, values))}]"
    return f"{values:.6g}"
