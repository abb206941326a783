"""Noise around 0 in place of fog."""

import numpy as np
from solution import *
from solution import best_linear, fog, psnr

LOSES = ("test_trained_and_tested",)
SAYS = "the fog has no mean"


def trained_and_tested(clean, new, levels, penalty, seed):
    table = np.zeros((len(levels), len(levels)))
    for i, trained in enumerate(levels):
        weight, bias = best_linear(fog(clean, 0.0, trained, [seed, i]), clean, penalty)
        for j, tested in enumerate(levels):
            answers = fog(new, 0.0, tested, [seed, i, j + 1]) @ weight + bias
            table[i, j] = psnr(np.clip(answers, 0, 1), new)
    return table
