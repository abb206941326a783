"""Exercise 1: slopes by nudging.

Replace each `raise NotImplementedError(...)` by your code. One function, `speed`, is
there already, and it is wrong. Check with

    python -m lessons grade 01        (or: pytest lessons/01_slopes)

Every function can be done, and checked, without the others. NumPy only: an exercise
that imports minae or another engine scores nothing. The formulas are not here: derive
them on paper. The lesson has hints, most of them at its end.
"""

import numpy as np

# --- Build (7 points) --------------------------------------------------------------


def forward_difference(f, x, h):
    """What is the slope of f at x, if you take one step of h to the right?

    Args:
        f: a function of one float, which returns a float.
        x, h: floats.

    Returns: a float.

    Example: forward_difference(lambda x: x * x, 3.0, 0.1) is 6.1, up to rounding.
    """
    raise NotImplementedError("forward_difference: how far f moves, per unit of step")


def central_difference(f, x, h):
    """What is the slope of f at x, if you take one step of h to each side?

    Args and returns: as for forward_difference.

    Example: central_difference(lambda x: x * x, 3.0, 0.1) is 6, up to rounding.
    """
    raise NotImplementedError("central_difference: use the points x - h and x + h")


def best_step(rule, dtype):
    """Which step is best, if f, x and the derivatives are all near 1?

    Only the rule of thumb is asked, without factors such as 2 or 3: which power of the
    dtype's machine epsilon lies at the bottom of the valley?

    Args:
        rule: "forward" or "central", the difference that the step is for.
        dtype: "float32" or "float64".

    Returns: a float.

    Example: best_step("forward", "float64") is about 1.49e-8.
    """
    raise NotImplementedError("best_step: a power of the dtype's epsilon")


def gradient(f, x: np.ndarray, h):
    """What are all slopes of f, by central differences?

    Args:
        f: takes a float64 array of x's shape, returns a float.
        x: an array of any shape: (), (5,), (2, 3), ... Its numbers may be whole:
            np.array([1, 2, 3]).
        h: a float.

    Returns: a float64 array of x's shape: in each place, the slope of f in the element
    of x at that place, while all others stand still. x itself is left as it was.

    In NumPy `for i in np.ndindex(x.shape)` runs through the places of any array.

    Example: gradient(lambda x: float((x * x).sum()), np.array([[1.0, 2.0]]), 1e-5) is
    [[2, 4]], up to rounding.
    """
    raise NotImplementedError("gradient: nudge one element at a time")


def complex_step(f, x, h=1e-20):
    """What is the slope of an analytic f at x, without a subtraction?

    Args:
        f: a function of one complex number, which returns a complex number.
        x, h: floats.

    Returns: a float (not a complex number).

    Example: complex_step(cmath.exp, 0.0) is 1.0 to the last digit.
    """
    raise NotImplementedError("complex_step: nudge x to the side; where is the slope?")


def absolute(z):
    """How must |z| be written, so that the complex step sees its slope?

    For real z it is |z|. At z = x + ih the complex step must find the slope of |x|:

        complex_step(absolute, x) is +1 for x > 0, and -1 for x < 0.

    Args:
        z: a complex number whose real part is not 0.

    Returns: a complex number.

    Example: absolute(-3 + 0.5j) is 3 - 0.5j.
    """
    raise NotImplementedError("absolute: analytic on each side of 0")


def directional_derivative(f, x: np.ndarray, v: np.ndarray, h):
    """How fast does f change as x moves along v, by a central difference?

    All elements are nudged at once: two evaluations of f, however many elements x has.
    v is used as it is, whatever its length: twice the v, twice the result.

    Args:
        f: takes a float64 array of x's shape, returns a float.
        x, v: arrays of one shape.
        h: a float, by which v is multiplied.

    Returns: a float.

    Example: f = sum of squares, x = [1, 2], v = [1, 1]. The gradient is [2, 4], and the
    result is 2 * 1 + 4 * 1 = 6, up to rounding.
    """
    raise NotImplementedError("directional_derivative: two evaluations of f")


# --- Debug (2 points) --------------------------------------------------------------


def speed(position, time, h):
    """How fast does somebody move? This runs, and it is wrong: find out why, fix it.

    Args:
        position: takes a time, returns how far the way was until then, in metres.
        time: in seconds since 1970, so about 1,790,000,000.
        h: a step in seconds, to each side. It is small because people turn and stop:
            the program must keep to it.

    Returns: a float, in metres per second.

    Example: for a walk at a steady 1.5 metres per second, and h = 1e-6, it returns
    1.4305, and it must be 1.5.
    """
    ahead = position(time + h)
    behind = position(time - h)
    return (ahead - behind) / (2 * h)


# --- Experiment (1 point) ----------------------------------------------------------


def best_step_of_a_wave(a):
    """Which step is best for the central difference of sin(a x), at x = 1 / a?

    Change a, predict, run: the lesson has the program. Then write what you found, for
    any a. Your step may be wrong by a factor of 5, because the valley is flat there.

    Args:
        a: a float between 0.0001 and 10,000.

    Returns: a float. All is in float64.
    """
    raise NotImplementedError("best_step_of_a_wave: first run the lesson's program")


# Why does it change like this? A line in your own words, which a person reads.
WHY_THE_STEP_CHANGES = ""
