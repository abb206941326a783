"""The code still averaged."""

import numpy as np
from solution import *

LOSES = ("test_telephone_losses",)
SAYS = "the cost of the code: expected"


def telephone_losses(x, pictures, codes):
    of_picture = np.mean(np.sum((x - pictures) ** 2 / 2, axis=1))
    of_code = np.mean(codes**2 / 2)
    return of_picture, of_code
