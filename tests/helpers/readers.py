"""What a reader might write in chapter 01: solutions that count their calls."""

COUNTED_ADD = '''\
additions = 0


@extend(Tensor)
def __add__(self, other):
    """My own sum."""
    global additions
    additions += 1
    return wrap(elementwise(np.add, self.data, operand(other)))
'''
COUNTED_MATMUL = '''\
products = 0


@extend(Tensor)
def __matmul__(self, other):
    """My own product."""
    global products
    products += 1
    a, b = self.data, np.asarray(operand(other))
    axis = -1 if b.ndim == 1 else -2
    if 0 in (a.ndim, b.ndim) or a.shape[-1] != b.shape[axis]:
        raise errors.no_product(a.shape, b.shape)
    return wrap(np.matmul(a, b))
'''
