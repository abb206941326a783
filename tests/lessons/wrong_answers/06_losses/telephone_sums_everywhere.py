"""Both summed over everything."""

import numpy as np
from solution import *

LOSES = ("test_telephone_losses",)
SAYS = "it is summed over the pictures, too"


def telephone_losses(x, pictures, codes):
    of_picture = np.sum((x - pictures) ** 2 / 2)
    of_code = np.sum(codes**2 / 2)
    return of_picture, of_code
