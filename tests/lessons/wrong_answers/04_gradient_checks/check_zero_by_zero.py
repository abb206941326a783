"""No thought of a gradient that is rightly zero."""

import numpy as np
from solution import *

LOSES = ("test_check_gives_the_relative_error",)
SAYS = "0 divided by 0"


def check(op, x, seed):
    x = x.astype(np.float64)
    h = 1e-5
    value, (vjp,) = op(x)
    c = np.random.default_rng(seed).standard_normal(np.shape(value))
    gradient = vjp(c)
    slopes = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        nudge = np.zeros_like(x)
        nudge[place] = h
        slopes[place] = np.sum(c * (op(x + nudge)[0] - op(x - nudge)[0])) / (2 * h)
    scale = max(np.abs(gradient).max(), np.abs(slopes).max())
    with np.errstate(invalid="ignore"):
        return float(np.abs(gradient - slopes).max() / scale)
