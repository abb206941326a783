"""Absolute errors."""

import numpy as np
from solution import *

LOSES = ("test_psnr",)
SAYS = "absolute errors"


def psnr(answers, clean):
    return 10 * np.log10(1 / np.mean(np.abs(answers - clean)))
