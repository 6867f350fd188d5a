"""Assertions for the checks of the chapters, with messages that compare the results.

These functions write the whole message of a failed check. The check itself only names
the call that it tests, in `what`.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

NUMBERS = {int, float}  # `expect` lets these two types equal each other


def expect(what: str, got: object, expected: object) -> None:
    """Raise AssertionError unless a result equals the expected value.

    It must also be of the same type; an int may stand for a float and vice versa.

    Args: what, the tested call as text; got, its result.
    """
    # Types first: == with an array or a Tensor does not give True or False.
    alike = isinstance(got, type(expected)) or {type(got), type(expected)} <= NUMBERS
    right = alike and got == expected
    assert right, f"{what}: expected {expected!r}, got {got!r}{_return_hint(got)}"


def expect_number(what: str, got: object, expected: float) -> None:
    """Raise AssertionError unless a result is a number close to the expected one.

    Their relative difference may be at most 1e-4.

    Args: what, the tested call as text; got, its result.
    """
    if isinstance(got, int | float):
        right, came = math.isclose(got, expected, rel_tol=1e-4), f"{got:.6g}"
    else:
        right, came = False, f"{got!r}{_return_hint(got)}"
    assert right, f"{what}: expected {expected:.6g}, got {came}"


def expect_tensor(what: str, got: Any, expected: Any, dtype: str = "float32") -> None:
    """Raise AssertionError unless a result is a Tensor of exactly these numbers.

    Args: what, the tested call as text; got, its result; expected, nested lists of
        numbers, or one number; dtype, which must be the Tensor's.
    """
    _expect_class(what, got)
    values = got.tolist()
    assert values == expected, f"{what}: expected {expected}, got {values}"
    assert str(got.dtype) == dtype, f"{what}: expected {dtype}, got {got.dtype}"


def expect_close(what: str, got: Any, expected: Any, dtype: str = "float32") -> None:
    """Raise AssertionError unless a result is a Tensor close to these numbers.

    Args: what, the tested call as text; got, its result; expected, nested lists of
        numbers, or one number. Each number may differ by 1e-4 of its expected size, so
        zeros must be exact; dtype, which must be the Tensor's.
    """
    _expect_class(what, got)
    values, wanted = np.array(got.tolist()), np.array(expected)
    # Shapes first: numpy would broadcast them before it compares.
    right = values.shape == wanted.shape and np.allclose(values, wanted, 1e-4, 0)
    told = f"expected {_short(expected)}, got {_short(got.tolist())}"
    assert right, f"{what}: {told}"
    assert str(got.dtype) == dtype, f"{what}: expected {dtype}, got {got.dtype}"


def expect_error(what: str, call: Callable[[], object], text: str) -> None:
    """Raise AssertionError unless call() raises an exception that mentions `text`.

    The text may stand in the exception's message or be the name of its class.

    Args: what, the tested call as text.
    """
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
    """Run all checks of a chapter, and print how many there are.

    Args: names, the chapter's globals(); the functions named test_... are its checks.
    Raises: AssertionError, or any other exception, of the first check that fails.
    """
    tests = [test for name, test in names.items() if name.startswith("test_")]
    for test in tests:
        test()
    print(f"{len(tests)} checks passed")


def _expect_class(what: str, got: object) -> None:
    # By name: the reader may have defined class Tensor in a cell of the chapter.
    right = type(got).__name__ == "Tensor"
    assert right, f"{what}: expected a Tensor, got {got!r}{_return_hint(got)}"


def _return_hint(got: object) -> str:
    """Return a hint for the message if a result is None, otherwise ""."""
    return " (did you forget to return it?)" if got is None else ""


def _short(values: Any) -> str:
    """Return nested lists of numbers, or one number, as text of six digits a number."""
    if isinstance(values, list):
        return f"[{', '.join(map(_short, values))}]"
    return f"{values:.6g}"
