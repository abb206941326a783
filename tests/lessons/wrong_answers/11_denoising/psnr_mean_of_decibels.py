"""Decibels are averaged."""

import numpy as np
from solution import *

LOSES = ("test_psnr",)
SAYS = "decibels were averaged"


def psnr(answers, clean):
    errors = ((answers - clean) ** 2).reshape(len(clean), -1).mean(axis=1)
    return np.mean(10 * np.log10(1 / errors))
