"""A counter of NumPy's makes all of it float64."""

import numpy as np
from solution import *

LOSES = ("test_adam",)
SAYS = "expected float32, the dtype of the input"


def adam(w, g, state, lr, betas=(0.9, 0.999), eps=1e-8):
    mean, square, steps = state
    steps = steps + np.ones(w.shape)
    mean = betas[0] * mean + (1 - betas[0]) * g
    square = betas[1] * square + (1 - betas[1]) * g * g
    mean_hat, square_hat = mean / (1 - betas[0] ** steps), square / (1 - betas[1] ** steps)
    return w - lr * mean_hat / (np.sqrt(square_hat) + eps), (mean, square, steps)
