"""As it was given."""

import numpy as np
from solution import *

LOSES = (
    "test_shortcut_gradients_of_the_last_bias",
    "test_shortcut_gradients_of_all_weights",
)
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
        g = inner @ weight.T
    return gradients[::-1]
