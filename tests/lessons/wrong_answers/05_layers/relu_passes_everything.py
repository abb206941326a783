"""As if nothing were bent."""

import numpy as np
from solution import *

LOSES = ("test_relu",)
SAYS = "g passes everywhere"


def relu(x):
    return np.maximum(x, 0), (lambda g: g,)
