"""Exercise 3: from scalars to arrays.

Replace each `raise NotImplementedError(...)` by your code. Check with

    python -m lessons grade 03        (or: pytest lessons/03_arrays)

Every op is a function of NumPy arrays, in the engine's own form:

    return value, (vjp of the first input, vjp of the second input, ...)

A vjp takes g = dL/d(value), of the value's shape, and returns dL/d(that input), of the input's shape and dtype. It must
not write into g. For one input the tuple needs its comma: `return value, (vjp,)`.

minae's engine sums gradients back over stretched axes for all its ops. Here there is no engine, so you do it yourself,
with the first function. NumPy only: an exercise that imports minae or another engine scores nothing. But minae's own
judge, which lesson 4 is about, can look at an op of yours. In this folder, but not in this file:

    import minae, numpy as np
    from exercise import mul
    print(minae.gradcheck(minae.differentiable(mul), np.random.randn(2, 3), np.random.randn(3)))
"""

import numpy as np


def unbroadcast(g, shape):
    """Sum g back to `shape`, the shape that an input had before broadcasting stretched it.

    Args:
        g: an array, of the shape that broadcasting made.
        shape: the input's shape, a tuple. It broadcasts to g.shape.

    Returns: an array of shape `shape`. Axes that broadcasting added in front are summed away; axes of size 1 in `shape`
    are summed, and stay with size 1.

    Example: for g of shape (2, 5, 3) and shape (5, 1), sum over axis 0 and over the last axis. If all elements of g are
    1, all of the result are 6.

    Hint: first the axes in front, of which there are g.ndim - len(shape). Then `keepdims=True`.
    """
    raise NotImplementedError("unbroadcast: sum over the axes in front, then over those of size 1")


def add(a, b):
    """y = a + b,   dL/da = g,   dL/db = g

    Shapes: a and b broadcast with each other. Each vjp returns the shape of its own input.

    Hint: unbroadcast.
    """
    raise NotImplementedError("add: return the value and two vjps, each summed back to the shape of its input")


def mul(a, b):
    """y = a b,   dL/da = g b,   dL/db = g a

    Shapes: a and b broadcast with each other. Each vjp returns the shape of its own input.

    Hint: to multiply and then to sum is not the same as to sum and then to multiply.
    """
    raise NotImplementedError("mul: return the value and two vjps, each summed back to the shape of its input")


def matmul(a, b):
    """y = a @ b: one matrix b for all matrices in a.

    Shapes: a (n, k) or (batch, n, k), b (k, m) -> (n, m) or (batch, n, m).

    For matrices dL/da = g bᵀ and dL/db = aᵀ g. In a batch, b is used once for each of its matrices.

    Hint: `.T` reverses all axes; `.swapaxes(-1, -2)` exchanges the last two. And what happens to the gradients of
    something that is used several times?
    """
    raise NotImplementedError("matmul: return the value and two vjps")


def sum_(x, axis, keepdims=False):
    """y = Σ x over one axis,   dL/dx = g, repeated along that axis

    Args:
        axis: a whole number; negative ones count from the end.
        keepdims: whether y keeps the axis, with size 1.

    Shapes: x (3, 5), axis 1 -> (3,), or (3, 1) with keepdims.

    Hint: np.expand_dims and np.broadcast_to.
    """
    raise NotImplementedError("sum_: return the value and one vjp, in a tuple")


def take_rows(x, rows):
    """y = x[rows],   dL/dx: each row of g goes back to the row of x that it came from; rows chosen twice collect both

    Args:
        rows: a 1-D array of whole numbers. They may repeat; some rows of x may not be chosen at all.

    Shapes: x (N, D), rows (M,) -> (M, D).

    Only x has a vjp: whole numbers have no derivative.

    Hint: begin with zeros of x's shape and dtype.
    """
    raise NotImplementedError("take_rows: return the value and one vjp, in a tuple")


def log_softmax(x):
    """y_i = x_i - ln Σ_j e^(x_j),   over the last axis

    Shapes: x (..., C) -> the same. Each row is a distribution: the sum of e^y over the last axis is 1.

    Value: e^1000 overflows. Subtract the largest x of each row first; it cancels.

    vjp: by hand. The table of one row is dy_i/dx_j = (1 if i = j else 0) - e^(y_j). Multiply it by g from the left:
    dL/dx_j = Σ_i g_i dy_i/dx_j = ?

    Hint: which sum over g remains? It needs `keepdims=True`.
    """
    raise NotImplementedError("log_softmax: return the value and one vjp, in a tuple")
