"""The noise is what is left, taken as one."""

import numpy as np
from solution import *

LOSES = ("test_ppca",)
SAYS = "it is their average"


def ppca(learned, k, new):
    learned = learned.astype(np.float64)
    mean, components = pca(learned, k)
    size = learned.shape[1]
    along = np.var((learned - mean) @ components.T, axis=0)
    noise = np.sum(np.var(learned, axis=0)) - along.sum()
    covariance = (components.T * (along - noise)) @ components + noise * np.eye(size)
    return -surprise(new.astype(np.float64), mean, covariance)
