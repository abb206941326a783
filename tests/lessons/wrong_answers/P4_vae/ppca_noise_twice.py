"""The noise comes on top of the variances along the components."""

import numpy as np
from solution import *

LOSES = ("test_ppca",)
SAYS = "which have it already"


def ppca(learned, k, new):
    learned = learned.astype(np.float64)
    mean, components = pca(learned, k)
    size = learned.shape[1]
    along = np.var((learned - mean) @ components.T, axis=0)
    noise = (np.sum(np.var(learned, axis=0)) - along.sum()) / (size - k)
    covariance = (components.T * along) @ components + noise * np.eye(size)
    return -surprise(new.astype(np.float64), mean, covariance)
