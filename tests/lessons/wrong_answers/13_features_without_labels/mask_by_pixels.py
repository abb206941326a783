"""Single pixels instead of squares."""

import numpy as np
from solution import *

LOSES = ("test_mask",)
SAYS = "partly hidden"


def mask(images, share, side, seed):
    count, height, width = images.shape
    order = np.random.default_rng(seed).random((count, height * width)).argsort(axis=1).argsort(axis=1)
    hidden = (order < round(share * height * width)).reshape(images.shape)
    return np.where(hidden, images.dtype.type(0), images), hidden
