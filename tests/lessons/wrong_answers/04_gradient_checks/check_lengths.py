"""Lengths are compared, not gradients."""

import numpy as np
from solution import *

LOSES = (
    "test_check_gives_the_relative_error",
    "test_check_looks_at_every_element",
    "test_check_of_float32_and_of_small_gradients",
)
SAYS = "signs are lost"


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
    if not np.isfinite(gradient).all():
        return np.inf
    ours, theirs = np.linalg.norm(gradient), np.linalg.norm(slopes)
    return float(abs(ours - theirs) / max(ours, theirs)) if ours or theirs else 0.0
