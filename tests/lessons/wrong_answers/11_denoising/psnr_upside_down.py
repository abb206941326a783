"""The sign."""

import numpy as np
from solution import *

LOSES = ("test_psnr",)
SAYS = "a small error must give many decibels"


def psnr(answers, clean):
    return 10 * np.log10(np.mean((answers - clean) ** 2))
