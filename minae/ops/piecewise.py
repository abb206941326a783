"""Ops that are one function here and another there: maxima, minima, bounds, choices.

Where two pieces meet there is a kink, and each docstring says which slope it has there:
PyTorch's.
"""

import math
from numbers import Number

import numpy as np

from ..backend import xp_of
from ..support.argument_checks import (
    check_arrays,
    check_floats,
    check_number,
    check_real,
)


def abs_(x):
    """y = |x|,   dL/dx = g sign(x)

    At the kink, x = 0, the slope is 0. At NaN it is NaN (in PyTorch 0).
    PyTorch: `torch.abs`.
    """
    check_real(x=x)
    xp = xp_of(x)
    return xp.abs(x), (lambda g: g * xp.sign(x),)


def maximum(a, b):
    """y = the larger of a and b,   dL/da = g where a > b,   dL/db = g where b > a

    Where they are equal, each gets half of g; where one is NaN, each gets g.
    PyTorch: `torch.maximum`.
    """
    xp, a, b = _operands(a, b)
    return xp.maximum(a, b), (
        lambda g: (g * ~(a < b) + g * ~(a <= b)) / 2,
        lambda g: (g * ~(b < a) + g * ~(b <= a)) / 2,
    )


def minimum(a, b):
    """y = the smaller of a and b,   dL/da = g where a < b,   dL/db = g where b < a

    Where they are equal, each gets half of g; where one is NaN, each gets g.
    PyTorch: `torch.minimum`.
    """
    xp, a, b = _operands(a, b)
    return xp.minimum(a, b), (
        lambda g: (g * ~(a > b) + g * ~(a >= b)) / 2,
        lambda g: (g * ~(b > a) + g * ~(b >= a)) / 2,
    )


def clip(x, min=None, max=None):
    """y = x, but at least `min` and at most `max`,   dL/dx = g where min <= x <= max

    At the bounds themselves the slope is 1. Either bound may be None, for no bound. If
    min > max, y is max everywhere, and no gradient flows.   PyTorch: `torch.clip`.
    """
    check_floats(x=x)
    if min is None and max is None:
        raise ValueError("expected min or max, or both, found neither")
    low, high = _bound("min", min, -math.inf, x), _bound("max", max, math.inf, x)
    inside = (x >= low) & (x <= high)
    return xp_of(x).clip(x, low, high), (lambda g: g * inside,)


def where(condition, a, b):
    """y = a where `condition` holds, else b

    dL/da = g where it holds, else 0,   dL/db = 0 where it holds, else g.
    `condition` is an array of booleans, such as x > 0; the three shapes broadcast.
    Both a and b are computed everywhere: where(x > 0, log(x), 0) still takes the
    logarithm of negative numbers, and its slope there, infinite or NaN, times 0 is NaN.
    PyTorch: `torch.where`.
    """
    check_arrays(condition=condition)
    if condition.dtype.kind != "b":
        raise TypeError(
            f"condition must hold booleans, such as x > 0, found {condition.dtype}"
        )
    _, a, b = _operands(a, b)
    xp = xp_of(condition)
    return xp.where(condition, a, b), (
        None,  # the condition has no gradient
        lambda g: xp.where(condition, g, 0),
        lambda g: xp.where(condition, 0, g),
    )


def _operands(a, b):
    """Their library, and a and b.

    A bare number takes the other's dtype, so that float32 stays float32.
    """
    check_real(a=a, b=b)
    array = b if isinstance(a, Number) else a
    if getattr(array, "dtype", np.dtype(int)).kind == "f":
        a, b = (array.dtype.type(x) if isinstance(x, Number) else x for x in (a, b))
    return xp_of(array), a, b


def _bound(name, bound, unbounded, x):
    """A bound of `clip` in the dtype of x."""
    if bound is not None:
        check_number(name, bound)
    return x.dtype.type(unbounded if bound is None else bound)
