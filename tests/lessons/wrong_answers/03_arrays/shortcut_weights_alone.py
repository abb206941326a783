"""The shortcuts are mended, and the biases are not."""

import numpy as np
from solution import *

LOSES = ("test_shortcut_gradients_of_the_last_bias",)
SAYS = "dL/d(bias) of layer"


def shortcut_gradients(layers, x, target):
    kept, gradients = [], []
    for weight, bias in layers:
        bent = np.tanh(x @ weight + bias)
        kept.append((x, weight, bent))
        x = x + bent
    g = 2 * (x - target) / x.size
    for x, weight, bent in reversed(kept):
        inner = g * (1 - bent * bent)
        gradients.append((x.T @ inner, inner.mean(axis=0)))
        g = g + inner @ weight.T
    return gradients[::-1]
