"""The picture still summed over the wrong axis."""

import numpy as np
from solution import *

LOSES = ("test_telephone_losses",)
SAYS = "the cost of the picture: expected"


def telephone_losses(x, pictures, codes):
    of_picture = np.mean(np.sum((x - pictures) ** 2 / 2, axis=0))
    of_code = np.mean(np.sum(codes**2 / 2, axis=1))
    return of_picture, of_code
