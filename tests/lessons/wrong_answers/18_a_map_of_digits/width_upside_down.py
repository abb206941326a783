"""Wide where the picture changes quickly."""

import numpy as np
from solution import *

LOSES = ("test_posterior_width",)
SAYS = "upside down"


def posterior_width(slopes, p):
    return np.sqrt(1 + slopes**2 @ (p * (1 - p)))
