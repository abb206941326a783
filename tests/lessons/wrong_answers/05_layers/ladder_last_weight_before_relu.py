"""u in place of h."""

import numpy as np
from solution import *

LOSES = ("test_ladder_last_layer",)
SAYS = "the layer did not read u but h"


def ladder(x, target, w1, b1, w2, b2):
    z = x @ w1.T + b1
    m = (z * z).mean(axis=1, keepdims=True)
    r = np.sqrt(m)
    u = z / r
    h = np.maximum(u, 0)
    d = h @ w2.T + b2 - target
    to_d = 2 * d / len(x)
    to_h = to_d @ w2
    to_u = to_h * (u > 0)
    to_r = (-to_u * z / r**2).sum(axis=1, keepdims=True)
    to_m = to_r / (2 * r)
    to_z = to_u / r + to_m * 2 * z / z.shape[1]
    first = {"w1": to_z.T @ x, "b1": to_z.sum(axis=0), "x": to_z @ w1}
    middle = {"h": to_h, "u": to_u, "r": to_r, "m": to_m, "z": to_z}
    return {"d": to_d, "y": to_d, "w2": to_d.T @ u, "b2": to_d.sum(axis=0), **middle, **first}
