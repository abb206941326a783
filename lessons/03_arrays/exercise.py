"""Exercise 3: from scalars to arrays.

Replace each `raise NotImplementedError(...)` by your code. One function runs already,
and is wrong: mend it. Check with

    python -m lessons grade 03        (or: pytest lessons/03_arrays)

Every op is a function of NumPy arrays, in the engine's own form:

    return value, (vjp of the first input, vjp of the second input, ...)

A vjp takes g = dL/d(value), of the value's shape, and returns dL/d(that input), of the
input's shape and dtype. It must not write into g. For one input the tuple needs its
comma: `return value, (vjp,)`.

minae's engine sums gradients back over stretched axes for all its ops. Here there is no
engine, so you do it yourself, with the first function. NumPy only: an exercise that
imports minae or another engine scores nothing. Hints in steps are in the lesson.

But minae's own judge, which lesson 4 is about, can look at an op of yours. In this
folder, but not in this file:

    import minae, numpy as np
    from exercise import mul
    inputs = np.random.randn(2, 3), np.random.randn(3)
    print(minae.gradcheck(minae.differentiable(mul), *inputs))
"""

import numpy as np


def unbroadcast(g, shape):
    """Sum g back to `shape`, the shape that an input had before broadcasting.

    Which axes of g were added in front? Which were stretched? What happens to the
    gradients of something that was used several times?

    Args:
        g: an array, of the shape that broadcasting made.
        shape: the input's shape, a tuple. It broadcasts to g.shape.

    Returns: an array of shape `shape`. Axes that broadcasting added in front are gone;
    axes of size 1 in `shape` are there, with size 1.

    Example: for g of shape (2, 5, 3), all ones, and shape (5, 1), all of the result are
    6. Why?
    """
    raise NotImplementedError("unbroadcast: sum over the axes that were stretched")


def add(a, b):
    """y = a + b.

    What does each element of a collect from g? And if a was stretched?

    Shapes: a and b broadcast with each other. Each vjp returns the shape of its input.
    """
    raise NotImplementedError("add: return the value and two vjps")


def mul(a, b):
    """y = a b, element by element.

    With which factor does each element of a reach y? And if a was stretched?

    Shapes: a and b broadcast with each other. Each vjp returns the shape of its input.
    """
    raise NotImplementedError("mul: return the value and two vjps")


def matmul(a, b):
    """y = a @ b: one matrix b for all matrices in a.

    Derive both vjps by indices, first for two matrices. Then ask for a batch: how often
    is b used?

    Shapes: a (n, k) or (batch, n, k), b (k, m) -> (n, m) or (batch, n, m).
    """
    raise NotImplementedError("matmul: return the value and two vjps")


def sum_(x, axis, keepdims=False):
    """y = Σ x over one axis.

    Into which element of y does each element of x go, with which slope?

    Args:
        axis: a whole number; negative ones count from the end.
        keepdims: whether y keeps the axis, with size 1.

    Shapes: x (3, 5), axis 1 -> (3,), or (3, 1) with keepdims.
    """
    raise NotImplementedError("sum_: return the value and one vjp, in a tuple")


def take_rows(x, rows):
    """y = x[rows].

    Where does each row of g go? What if two of them go to the same place?

    Args:
        rows: a 1-D array of whole numbers. They may repeat; some rows of x may not be
            chosen at all.

    Shapes: x (N, D), rows (M,) -> (M, D).

    Only x has a vjp: whole numbers have no derivative.
    """
    raise NotImplementedError("take_rows: return the value and one vjp, in a tuple")


def log_softmax(x):
    """y_i = x_i - ln Σ_j e^(x_j), over the last axis.

    Each row is a distribution: the sum of e^y over the last axis is 1.

    The value must be finite for x = 1000, too. For the vjp, write the table of one row,
    dy_i/dx_j, and multiply it by g from the left. What remains of the sum over i?

    Shapes: x (..., C) -> the same.
    """
    raise NotImplementedError("log_softmax: return the value and one vjp, in a tuple")


# Debug. It stands in section 9 of the lesson, too.


def shortcut_gradients(layers, x, target):
    """The slopes of the loss in all weights and biases of a network with shortcuts.

    Each layer adds its input to what it makes of it: y = x + tanh(x @ weight + bias).
    The loss is the mean of (y - target)², where y is what the last layer returns.

    This runs, all shapes are right, and training with it makes the loss fall. The way
    forward is right; the way back has two mistakes. Find and mend them.

    Shapes: layers are pairs, weight (D, D) and bias (D,); x and target (N, D).

    Returns: a list of pairs, dL/d(weight) and dL/d(bias), one for each layer.
    """
    kept, gradients = [], []
    for weight, bias in layers:
        bent = np.tanh(x @ weight + bias)
        kept.append((x, weight, bent))
        x = x + bent
    g = 2 * (x - target) / x.size
    for x, weight, bent in reversed(kept):
        g = g * (1 - bent * bent)
        gradients.append((x.T @ g, g.mean(axis=0)))
        g = g @ weight.T
    return gradients[::-1]


# Experiment. Predict before you run.


def outputs_for_forward_mode(sizes):
    """From how many outputs on the products are cheaper from the input.

    Give a network m outputs: sizes (784, 400, 100) become (784, 400, 100, m). Count the
    multiplications from both ends, as section 3 does, for m = 1, 2, 3, ...

    Args:
        sizes: whole numbers, how many inputs there are, then the size of each layer but
            the last.

    Returns: the smallest m with which the products from the input take fewer
    multiplications. (You are asked only where there is one.)
    """
    raise NotImplementedError("outputs_for_forward_mode: count from both ends")


# For (784, 400, 100), why are far fewer than 784 outputs enough? Say it in a line.
WHY_SO_FEW = ""
