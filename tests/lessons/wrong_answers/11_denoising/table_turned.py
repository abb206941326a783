"""Rows and columns exchanged."""

import numpy as np
from solution import *
from solution import best_linear, fog, psnr

LOSES = ("test_trained_and_tested",)
SAYS = "rows and columns are exchanged"


def trained_and_tested(clean, new, levels, penalty, seed):
    table = np.zeros((len(levels), len(levels)))
    for i, trained in enumerate(levels):
        weight, bias = best_linear(fog(clean, trained, trained, [seed, i]), clean, penalty)
        for j, tested in enumerate(levels):
            answers = fog(new, tested, tested, [seed, i, j + 1]) @ weight + bias
            table[j, i] = psnr(np.clip(answers, 0, 1), new)
    return table
