"""Generated from modules/01_tensor/tensor_dev.py: edit that file, then run `make package`.

Chapter 01 of the book, Tensor.
"""

__all__ = [
    "extend",
    "Tensor",
    "as_numbers",
    "broadcast_shape",
    "operand",
    "wrap",
    "elementwise",
    "binary",
    "unary",
    "along",
    "contiguous_strides",
    "contract",
]

import builtins
import sys

import numpy as np

from tinytorch.errors import tensor as errors


# cell 01-extend
def extend(cls):
    """Make the decorated function a method of cls."""

    def add_method(function):
        setattr(cls, function.__name__, function)
        return vars(builtins).get(function.__name__, function)

    return add_method


# cell 01-class
class Tensor:
    """A block of numbers of one type: `data` is the numpy array that holds them."""

    __array_ufunc__ = None

    @property
    def shape(self):
        """The size of each axis, a tuple of ints."""
        return self.data.shape

    @property
    def ndim(self):
        """The number of axes."""
        return self.data.ndim

    @property
    def dtype(self):
        """The type of the numbers, as numpy names it."""
        return self.data.dtype

    def __array__(self, dtype=None, copy=None):
        return np.array(self.data, dtype=dtype, copy=copy)

    # cell 01-tensor-init
    def __init__(self, data, dtype=None):
        """Hold data as a numpy array; one that already has the type is not copied.

        Args: data, a number, nested list, numpy array or Tensor; dtype, optional.
        Raises: ValueError or TypeError, from as_numbers, where data is not numbers.

        EXAMPLE:
        >>> Tensor([[1, 2, 3], [4, 5, 6]]).data.dtype
        dtype('float32')
        """
        if isinstance(data, Tensor):
            data = data.data
        if dtype is None and not isinstance(data, (np.ndarray, np.generic)):
            dtype = np.float32
        self.data = np.asarray(as_numbers(data), dtype)

    # cell 01-show
    def __repr__(self):
        dtype = "" if self.dtype == np.float32 else f", dtype={self.dtype}"
        values = np.array2string(self.data, separator=", ", prefix="Tensor(")
        return f"Tensor({values}, shape={self.shape}{dtype})"

    # cell 01-one-number
    def numel(self):
        """The number of elements, an int."""
        return self.data.size

    # cell 01-one-number
    def tolist(self):
        """The numbers as nested lists; of shape (), one number."""
        return self.data.tolist()

    # cell 01-one-number
    def item(self):
        """The number in a Tensor of one element. Raises ValueError for any other."""
        if self.numel() != 1:
            raise errors.not_one(self.shape)
        return self.data.item()

    # cell 01-one-number
    def __bool__(self):
        return bool(self.item())

    # cell 01-tensor-add
    def __add__(self, other):
        """Add element by element, with broadcasting.

        Args: other, a Tensor, number, list or array.
        Returns: a new Tensor of the broadcast shape; self stays as it is.

        EXAMPLE:
        >>> (Tensor([[1, 2], [3, 4]]) + [10, 20]).tolist()
        [[11.0, 22.0], [13.0, 24.0]]
        """
        return wrap(elementwise(np.add, self.data, operand(other)))  # broadcast shape

    # cell 01-power
    def __pow__(self, exponent):
        x, exponent = self.data, operand(exponent)
        if type(exponent) in (int, float) and exponent in (2, 3) and x.dtype.kind == "f":
            return wrap(x * x if exponent == 2 else x * x * x)
        return wrap(elementwise(np.power, x, exponent))

    # cell 01-tensor-sum
    def sum(self, axis=None, keepdims=False):
        """Add up the elements along an axis.

        Args: axis, an int, a tuple of ints, or None for all axes; keepdims, whether
            summed axes stay, with size 1.
        Returns: a Tensor; the axes summed over are gone, or of size 1.
        Raises: ValueError if there is no such axis.

        EXAMPLE:
        >>> Tensor([[1, 2, 3], [4, 5, 6]]).sum(axis=1).tolist()
        [6.0, 15.0]
        """
        return wrap(along(np.sum, self.data, axis, keepdims))  # axis gone, or 1

    # cell 01-reductions
    def mean(self, axis=None, keepdims=False):
        """The average along an axis; arguments as for sum."""
        return wrap(along(np.mean, self.data, axis, keepdims))

    # cell 01-reductions
    def max(self, axis=None, keepdims=False):
        """The largest element along an axis; arguments as for sum."""
        return wrap(along(np.max, self.data, axis, keepdims))

    # cell 01-reshape
    def reshape(self, *shape):
        """The same numbers in another shape: x.reshape(2, 3) or x.reshape((2, 3))."""
        shape = shape[0] if len(shape) == 1 and np.ndim(shape[0]) else shape
        try:
            return wrap(self.data.reshape(shape))
        except ValueError:
            raise errors.no_reshape(self.shape, self.numel(), shape) from None

    # cell 01-transpose
    def transpose(self, dim0=-2, dim1=-1):
        """Swap two axes; no number is copied. Raises ValueError if one is missing."""
        try:
            return wrap(np.swapaxes(self.data, dim0, dim1))  # (..., n, m) -> (..., m, n)
        except np.exceptions.AxisError:
            raise errors.no_swap(dim0, dim1, self.shape) from None

    # cell 01-transpose
    def __len__(self):
        return len(self.data)

    # cell 01-transpose
    def __getitem__(self, index):
        if isinstance(index, tuple):
            index = tuple(i.data if isinstance(i, Tensor) else i for i in index)
        return wrap(self.data[index.data if isinstance(index, Tensor) else index])

    # cell 01-tensor-matmul
    def __matmul__(self, other):
        """The matrix product of vectors, matrices or stacks of matrices.

        Args: other, a Tensor, list or array.
        Returns: a Tensor; (..., n, k) @ (..., k, m) -> (..., n, m).
        Raises: ValueError if a side has no axis, or inner axes or stacks do not fit.

        EXAMPLE:
        >>> (Tensor([[1, 2, 3], [4, 5, 6]]) @ Tensor([1, 0, 1])).tolist()
        [4.0, 10.0]
        """
        a, b = self.data, np.asarray(operand(other))  # a number becomes shape ()
        axis = -1 if b.ndim == 1 else -2
        if 0 in (a.ndim, b.ndim) or a.shape[-1] != b.shape[axis]:
            raise errors.no_product(a.shape, b.shape)
        return wrap(contract(a, b))  # (..., n, k) @ (..., k, m) -> (..., n, m)

    # cell 01-rmatmul
    def __rmatmul__(self, other):
        return Tensor(operand(other)) @ self


# cell 01-as-numbers
def as_numbers(data):
    """Return data as a numpy array of numbers; an array comes back as it is."""
    try:
        array = np.asarray(data)
    except ValueError:
        raise errors.ragged(data) from None
    if array.dtype.kind not in "biuf":  # bool, integer, unsigned, float
        raise errors.not_numbers(data)
    return array


# cell 01-broadcast-shape
def broadcast_shape(a, b):
    """The shape that two shapes broadcast to; a drawn ValueError if they clash.

    Args: a and b, tuples of ints.
    Returns: a tuple of ints, as long as the longer of the two.

    EXAMPLE:
    >>> broadcast_shape((8, 1, 6), (7, 1))
    (8, 7, 6)
    """
    n = max(len(a), len(b))
    left, right = (1,) * (n - len(a)) + a, (1,) * (n - len(b)) + b
    shape = tuple(q if p == 1 else p for p, q in zip(left, right, strict=True))
    axes = [axis for axis in range(-n, 0) if right[axis] not in (1, shape[axis])]
    if axes:
        raise errors.clash(a, b, axes)
    return shape


# cell 01-operand
def operand(value):
    """What numpy should compute with: an array, or a Python number."""
    if isinstance(value, Tensor):
        return value.data
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, (bool, int, float)):
        return value
    return as_numbers(value) if isinstance(value, np.ndarray) else Tensor(value).data


# cell 01-operand
def wrap(result):
    """A Tensor of what numpy has computed, without the checks of Tensor(result)."""
    tensor = object.__new__(Tensor)
    tensor.data = np.asarray(result)  # a single number comes as a scalar
    return tensor


# cell 01-elementwise
def elementwise(ufunc, a, b):
    """ufunc(a, b) as an array; shapes that clash raise the error that draws them."""
    try:
        return ufunc(a, b)
    except ValueError as error:
        fault = error  # raised below, so that the reader meets one error and not two
    broadcast_shape(np.shape(a), np.shape(b))  # raises, if it was the shapes
    raise fault


# cell 01-makers
def binary(ufunc, reflected=False):
    """Make a method for numpy's ufunc of two operands, broadcast to one shape."""

    def method(self, other):
        return wrap(elementwise(ufunc, self.data, operand(other)))

    def mirrored(self, other):
        return wrap(elementwise(ufunc, operand(other), self.data))

    chosen = mirrored if reflected else method
    chosen.__doc__ = f"numpy's {ufunc.__name__}, element by element, with broadcasting."
    return chosen


# cell 01-makers
def unary(ufunc):
    """Make a method for numpy's ufunc of one operand; the shape stays."""

    def method(self):
        return wrap(ufunc(self.data))

    method.__doc__ = f"numpy's {ufunc.__name__} of each element."
    return method


Tensor.__radd__ = binary(np.add, reflected=True)
Tensor.__sub__, Tensor.__rsub__ = binary(np.subtract), binary(np.subtract, True)
Tensor.__mul__, Tensor.__rmul__ = binary(np.multiply), binary(np.multiply, True)
Tensor.__truediv__, Tensor.__rtruediv__ = binary(np.divide), binary(np.divide, True)
Tensor.__lt__, Tensor.__le__ = binary(np.less), binary(np.less_equal)
Tensor.__gt__, Tensor.__ge__ = binary(np.greater), binary(np.greater_equal)
Tensor.__eq__, Tensor.__ne__ = binary(np.equal), binary(np.not_equal)
Tensor.__hash__ = object.__hash__  # == compares elements; sets and dicts, identity
Tensor.maximum, Tensor.minimum = binary(np.maximum), binary(np.minimum)
Tensor.exp, Tensor.log, Tensor.sqrt = unary(np.exp), unary(np.log), unary(np.sqrt)
Tensor.tanh, Tensor.__neg__ = unary(np.tanh), unary(np.negative)


Tensor.__rpow__ = binary(np.power, reflected=True)


# cell 01-along
def along(function, array, axis, keepdims):
    """Reduce array with a numpy function over axis: an int, a tuple of ints or None."""
    try:
        return function(array, axis=axis, keepdims=keepdims)
    except np.exceptions.AxisError:
        raise errors.no_axis(axis, array.shape) from None


Tensor.T = property(lambda self: self.transpose(), doc="The last two axes swapped.")


# cell 01-contiguous-strides
def contiguous_strides(shape, itemsize):
    """The strides of an array that is stored row after row.

    Args: shape, a tuple of sizes, none of them 0; itemsize, bytes per element.
    Returns: a tuple of ints, the step in bytes along each axis; () for shape ().

    EXAMPLE:
    >>> contiguous_strides((2, 3), 4)
    (12, 4)
    """
    strides, step = [], itemsize
    for size in reversed(shape):
        strides.append(step)
        step = step * size
    return tuple(reversed(strides))


# cell 01-contract
def contract(a, b):
    """The matrix product a @ b of two arrays, by the faster of two ways."""
    if sys.platform == "emscripten" and a.ndim == b.ndim == 2 and b.shape[1] >= 64:
        return np.einsum("ip,pj->ij", a, b)  # (n, k), (k, m) -> (n, m)
    try:
        return np.matmul(a, b)  # (..., n, k), (..., k, m) -> (..., n, m)
    except ValueError:
        raise errors.stack_clash(a.shape, b.shape) from None
