"""Windows that overlap: the last g wins."""

import numpy as np
from solution import *

LOSES = ("test_max_pool2d",)
SAYS = "has kept the last g alone"


def max_pool2d(x, kernel_size, stride=None):
    step, (n, c, _, _) = stride or kernel_size, x.shape
    height, width = places(x.shape[2:], (kernel_size, kernel_size), step, 0)
    y, wins = np.zeros((n, c, height, width), x.dtype), {}
    for at in np.ndindex(y.shape):
        m, d, p, q = at
        window = x[m, d, p * step : p * step + kernel_size, q * step : q * step + kernel_size]
        i, j = divmod(int(window.argmax()), kernel_size)
        wins[at] = m, d, p * step + i, q * step + j
        y[at] = x[wins[at]]

    def vjp(g):
        grad = np.zeros_like(x)
        for at, winner in wins.items():
            grad[winner] = g[at]
        return grad

    return y, (vjp,)
