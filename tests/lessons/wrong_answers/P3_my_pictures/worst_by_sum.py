"""Large pictures have many pieces."""

import numpy as np
from solution import *

LOSES = ("test_worst",)
SAYS = "Average them"


def worst(copies, pieces, owners):
    errors, pictures = ((copies - pieces) ** 2).mean(axis=1), np.unique(owners)
    return pictures[np.argsort([-errors[owners == picture].sum() for picture in pictures])]
