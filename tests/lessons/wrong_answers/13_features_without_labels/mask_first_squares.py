"""The first squares of each picture."""

import numpy as np
from solution import *

LOSES = ("test_mask",)
SAYS = "same squares hidden"


def mask(images, share, side, seed):
    count, height, width = images.shape
    rows, columns = height // side, width // side
    hidden = (np.arange(rows * columns) < round(share * rows * columns)).reshape(1, rows, columns).repeat(count, axis=0)
    hidden = hidden.repeat(side, axis=1).repeat(side, axis=2)
    return np.where(hidden, images.dtype.type(0), images), hidden
