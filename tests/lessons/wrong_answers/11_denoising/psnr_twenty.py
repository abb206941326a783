"""20, as for amplitudes, but with the square."""

import numpy as np
from solution import *

LOSES = ("test_psnr",)
SAYS = "20 goes with the root"


def psnr(answers, clean):
    return 20 * np.log10(1 / np.mean((answers - clean) ** 2))
