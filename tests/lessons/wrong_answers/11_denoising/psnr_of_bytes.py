"""The peak of pictures in bytes."""

import numpy as np
from solution import *

LOSES = ("test_psnr",)
SAYS = "not 255"


def psnr(answers, clean):
    return 10 * np.log10(255**2 / np.mean((answers - clean) ** 2))
