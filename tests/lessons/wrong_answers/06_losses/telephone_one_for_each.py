"""A loss for each picture."""

import numpy as np
from solution import *

LOSES = ("test_telephone_losses",)
SAYS = "averaged over the pictures"


def telephone_losses(x, pictures, codes):
    of_picture = np.sum((x - pictures) ** 2 / 2, axis=1)
    of_code = np.sum(codes**2 / 2, axis=1)
    return of_picture, of_code
