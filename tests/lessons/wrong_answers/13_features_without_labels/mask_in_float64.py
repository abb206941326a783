"""A product with bools of another type."""

import numpy as np
from solution import *

LOSES = ("test_mask",)
SAYS = "dtype"


def mask(images, share, side, seed):
    count, height, width = images.shape
    rows, columns = height // side, width // side
    order = np.random.default_rng(seed).random((count, rows * columns)).argsort(axis=1).argsort(axis=1)
    hidden = (order < round(share * rows * columns)).reshape(count, rows, columns)
    hidden = hidden.repeat(side, axis=1).repeat(side, axis=2)
    return images * (1.0 - hidden), hidden
