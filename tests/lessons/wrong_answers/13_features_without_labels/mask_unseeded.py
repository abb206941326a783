"""Fresh randomness at each call."""

import numpy as np
from solution import *

LOSES = ("test_mask",)
SAYS = "the same seed gave other squares"


def mask(images, share, side, seed):
    count, height, width = images.shape
    rows, columns = height // side, width // side
    order = np.random.default_rng().random((count, rows * columns)).argsort(axis=1).argsort(axis=1)
    hidden = (order < round(share * rows * columns)).reshape(count, rows, columns)
    hidden = hidden.repeat(side, axis=1).repeat(side, axis=2)
    return np.where(hidden, images.dtype.type(0), images), hidden
