"""The squared error of lesson 6 in place of its mean over pixels."""

import numpy as np
from solution import *

LOSES = ("test_psnr",)
SAYS = "summed over pixels"


def psnr(answers, clean):
    return 10 * np.log10(len(clean) / np.sum((answers - clean) ** 2))
