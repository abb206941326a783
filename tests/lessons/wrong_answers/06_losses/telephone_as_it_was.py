"""Not mended."""

import numpy as np
from solution import *

LOSES = ("test_telephone_losses",)
SAYS = "summed over the pictures and averaged over the numbers"


def telephone_losses(x, pictures, codes):
    of_picture = np.mean(np.sum((x - pictures) ** 2 / 2, axis=0))
    of_code = np.mean(codes**2 / 2)
    return of_picture, of_code
