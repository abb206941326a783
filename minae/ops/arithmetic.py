"""Sums, products, powers, the elementary functions, and the matrix product."""

from ..backend import Array, xp_of
from ..support.argument_checks import check_arrays, check_floats


def add(a, b):
    """y = a + b,   dL/da = g,   dL/db = g"""
    return a + b, (lambda g: g, lambda g: g)


def sub(a, b):
    """y = a - b,   dL/da = g,   dL/db = -g"""
    return a - b, (lambda g: g, lambda g: -g)


def mul(a, b):
    """y = a b,   dL/da = g b,   dL/db = g a"""
    return a * b, (lambda g: g * b, lambda g: g * a)


def div(a, b):
    """y = a / b,   dL/da = g / b,   dL/db = -g y / b"""
    y = a / b
    return y, (lambda g: g / b, lambda g: -g * y / b)


def pow_(a, b):
    """y = a^b,   dL/da = g b a^(b-1),   dL/db = g y ln a

    with dL/da = 0 where b = 0, and dL/db = 0 where a = 0 and b >= 0, as in PyTorch.
    (0^b is 0 for all b > 0; for b < 0 it is infinite, and so is its slope.)
    If b is the one number ½, NumPy takes the square root: -inf gives NaN. At a = -0 its
    slope is inf. (In PyTorch -inf, and a tensor b = ½ makes inf of -inf.)
    """
    y = a**b
    xp = xp_of(y)

    def grad_a(g):
        exponent = b - 1 + (b == 0)  # where b = 0, so that a = 0 has no power of -1
        return g * b * a**exponent

    def grad_b(g):
        flat = xp.logical_and(a == 0, b >= 0)  # there, 1 for a makes the logarithm 0
        return g * y * xp.log(flat + a)

    return y, (grad_a, grad_b)


def neg(x):
    """y = -x,   dL/dx = -g"""
    return -x, (lambda g: -g,)


def exp(x):
    """y = e^x,   dL/dx = g y"""
    check_floats(x=x)
    y = xp_of(x).exp(x)
    return y, (lambda g: g * y,)


def log(x):
    """y = ln x,   dL/dx = g / x"""
    check_floats(x=x)
    return xp_of(x).log(x), (lambda g: g / x,)


def sqrt(x):
    """y = √x,   dL/dx = g / (2 y)"""
    check_floats(x=x)
    y = xp_of(x).sqrt(x)
    return y, (lambda g: g / (2 * y),)


def sin(x):
    """y = sin x,   dL/dx = g cos x"""
    check_floats(x=x)
    xp = xp_of(x)
    return xp.sin(x), (lambda g: g * xp.cos(x),)


def cos(x):
    """y = cos x,   dL/dx = -g sin x"""
    check_floats(x=x)
    xp = xp_of(x)
    return xp.cos(x), (lambda g: -g * xp.sin(x),)


def tanh(x):
    """y = tanh x,   dL/dx = g (1 - y²)"""
    check_floats(x=x)
    y = xp_of(x).tanh(x)
    return y, (lambda g: g * (1 - y * y),)


def matmul(a, b):
    """y = a b,   dL/da = g bᵀ,   dL/db = aᵀ g

    for matrices a (..., n, k) and b (..., k, m), as NumPy's `@`. A 1-D a is a row and a
    1-D b a column, and the axis of size 1 that this adds is dropped from the result.
    """
    check_arrays(a=a, b=b)
    _check_inner(a, b)
    xp = xp_of(a)
    rows = a[None, :] if a.ndim == 1 else a
    columns = b[:, None] if b.ndim == 1 else b

    def as_matrix(g):
        g = xp.expand_dims(g, -1) if b.ndim == 1 else g
        return xp.expand_dims(g, -2) if a.ndim == 1 else g

    def grad_a(g):
        grad = as_matrix(g) @ columns.swapaxes(-1, -2)
        return grad[..., 0, :] if a.ndim == 1 else grad

    def grad_b(g):
        grad = rows.swapaxes(-1, -2) @ as_matrix(g)
        return grad[..., 0] if b.ndim == 1 else grad

    return a @ b, (grad_a, grad_b)


def _check_inner(a: Array, b: Array) -> None:
    """The axis that is summed: the last of a, the last but one of b or its only one."""
    summed = -2 if b.ndim > 1 else -1
    if a.ndim == 0 or b.ndim == 0 or a.shape[-1] != b.shape[summed]:
        raise ValueError(
            "the last axis of a and the last but one of b (its only one, if 1-D) "
            "must have one size"
        )
