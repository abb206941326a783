"""The natural logarithm."""

import numpy as np
from solution import *

LOSES = ("test_psnr",)
SAYS = "natural logarithm"


def psnr(answers, clean):
    return 10 * np.log(1 / np.mean((answers - clean) ** 2))
