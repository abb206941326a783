"""Exercise 1: slopes by nudging.

Replace each `raise NotImplementedError(...)` by your code. Check with

    python -m lessons grade 01        (or: pytest lessons/01_slopes)

Every function can be done, and checked, without the others. NumPy only: an exercise that imports minae or another
engine scores nothing.
"""

import numpy as np


def forward_difference(f, x, h):
    """The slope of f at x from a step to the right.

        (f(x + h) - f(x)) / h

    Args:
        f: a function of one float, which returns a float.
        x, h: floats.

    Returns: a float.

    Example: forward_difference(lambda x: x * x, 3.0, 0.1) is 6.1, up to rounding.
    """
    raise NotImplementedError("forward_difference: write the quotient in the docstring")


def central_difference(f, x, h):
    """The slope of f at x from one step h to each side.

        D(h) = f'(x) + h² f'''(x) / 6 + ...

    Args and returns: as for forward_difference.

    Example: central_difference(lambda x: x * x, 3.0, 0.1) is 6, up to rounding.

    Hint: how far apart are the two points?
    """
    raise NotImplementedError("central_difference: write the quotient for points at x - h and x + h")


def best_step(rule, dtype):
    """The rule of thumb for the step: the bottom of the valley, where f, x and the derivatives are all of size 1.

        forward:  h = ε^(1/2)
        central:  h = ε^(1/3)

    ε is the gap between 1 and the next larger number of the dtype.

    Args:
        rule: "forward" or "central".
        dtype: "float32" or "float64".

    Returns: a float.

    Example: best_step("forward", "float64") is about 1.49e-8.

    Hint: np.finfo(dtype).eps.
    """
    raise NotImplementedError("best_step: a power of the dtype's eps")


def gradient(f, x: np.ndarray, h):
    """All slopes of f, a function of an array, by central differences: 2n evaluations for n elements.

        grad[i] = (f(x with x[i] + h) - f(x with x[i] - h)) / 2h        for every index i of x

    Args:
        f: takes a float64 array of x's shape, returns a float.
        x: an array of any shape: (), (5,), (2, 3), ... Its numbers may be whole: np.array([1, 2, 3]).
        h: a float.

    Returns: a float64 array of x's shape. x itself is left as it was.

    Example: gradient(lambda x: float((x * x).sum()), np.array([[1.0, 2.0]]), 1e-5) is [[2, 4]], up to rounding.

    Hint: `for i in np.ndindex(x.shape)` runs over the indices of an array of any shape. Each nudge begins with the
    numbers of x, whatever was nudged before.
    """
    raise NotImplementedError("gradient: nudge one element at a time")


def complex_step(f, x, h=1e-20):
    """The slope of f at x without a subtraction, for an analytic f.

        Im f(x + ih) / h

    Args:
        f: a function of one complex number, which returns a complex number.
        x, h: floats.

    Returns: a float (not a complex number).

    Example: complex_step(cmath.exp, 0.0) is 1.0 to the last digit.

    Hint: the imaginary unit is 1j. The imaginary part of z is z.imag.
    """
    raise NotImplementedError("complex_step: nudge x by ih, and read the imaginary part")


def absolute(z):
    """The absolute value, written so that the complex step sees its slope.

    For real z it is |z|. For z = x + ih with x != 0 it is what |x| is near x, z or -z: there that is analytic, so that

        complex_step(absolute, x) = +1 for x > 0,   -1 for x < 0.

    Args:
        z: a complex number whose real part is not 0.

    Returns: a complex number.

    Example: absolute(-3 + 0.5j) is 3 - 0.5j.

    Hint: on which side of 0 is z.real?
    """
    raise NotImplementedError("absolute: z or -z, by the sign of the real part")


def directional_derivative(f, x: np.ndarray, v: np.ndarray, h):
    """How fast f changes as x moves along v: a central difference with all elements nudged at once.

        (f(x + h v) - f(x - h v)) / 2h  ≈  Σ grad * v

    v is used as it is, whatever its length: twice the v has twice the directional derivative.

    Args:
        f: takes a float64 array of x's shape, returns a float.
        x, v: arrays of one shape.
        h: a float.

    Returns: a float, from two evaluations of f, however many elements x has.

    Example: for f = sum of squares at x = [1, 2] along v = [1, 1] it is 2 * 1 + 4 * 1 = 6, up to rounding.
    """
    raise NotImplementedError("directional_derivative: two evaluations, at x + h v and at x - h v")
