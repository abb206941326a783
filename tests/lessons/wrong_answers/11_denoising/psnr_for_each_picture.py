"""A number for each picture."""

import numpy as np
from solution import *

LOSES = ("test_psnr",)
SAYS = "one number for all is asked for"


def psnr(answers, clean):
    errors = ((answers - clean) ** 2).reshape(len(clean), -1).mean(axis=1)
    return 10 * np.log10(1 / errors)
