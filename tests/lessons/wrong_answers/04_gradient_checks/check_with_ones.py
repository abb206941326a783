"""A cotangent of ones."""

import numpy as np
from solution import *

LOSES = ("test_check_looks_at_every_element",)
SAYS = "the cotangent is all ones"


def check(op, x, seed):
    x = x.astype(np.float64)
    h = 1e-5
    value, (vjp,) = op(x)
    c = np.ones(np.shape(value))
    gradient = vjp(c)
    slopes = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        nudge = np.zeros_like(x)
        nudge[place] = h
        slopes[place] = np.sum(c * (op(x + nudge)[0] - op(x - nudge)[0])) / (2 * h)
    if not np.isfinite(gradient).all():
        return np.inf
    scale = max(np.abs(gradient).max(), np.abs(slopes).max())
    return float(np.abs(gradient - slopes).max() / scale) if scale else 0.0
