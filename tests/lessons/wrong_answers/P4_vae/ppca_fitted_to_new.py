"""It is fitted to what it is tested on."""

import numpy as np
from solution import *

LOSES = ("test_ppca",)
SAYS = "fitted to the new pictures"


def ppca(learned, k, new):
    learned = new.astype(np.float64)
    mean, components = pca(learned, k)
    size = learned.shape[1]
    along = np.var((learned - mean) @ components.T, axis=0)
    noise = (np.sum(np.var(learned, axis=0)) - along.sum()) / (size - k)
    covariance = (components.T * (along - noise)) @ components + noise * np.eye(size)
    return -surprise(new.astype(np.float64), mean, covariance)
