"""The peak is taken from the picture."""

import numpy as np
from solution import *

LOSES = ("test_psnr",)
SAYS = "whatever the brightest pixel is"


def psnr(answers, clean):
    return 10 * np.log10(clean.max() ** 2 / np.mean((answers - clean) ** 2))
