"""Lets the other numbers move, too."""

import numpy as np
from solution import *

LOSES = ("test_posterior_width",)
SAYS = "along this number alone"


def posterior_width(slopes, p):
    return np.sqrt(np.diag(np.linalg.inv(np.eye(len(slopes)) + (slopes * p * (1 - p)) @ slopes.T)))
