"""Both averaged over everything."""

import numpy as np
from solution import *

LOSES = ("test_telephone_losses",)
SAYS = "it is averaged over the numbers, too"


def telephone_losses(x, pictures, codes):
    of_picture = np.mean((x - pictures) ** 2 / 2)
    of_code = np.mean(codes**2 / 2)
    return of_picture, of_code
