"""The pictures to be cleaned have the noise that the map was fitted to."""

import numpy as np
from solution import *
from solution import best_linear, fog, psnr

LOSES = ("test_trained_and_tested",)
SAYS = "the same noise again"


def trained_and_tested(clean, new, levels, penalty, seed):
    table = np.zeros((len(levels), len(levels)))
    for i, trained in enumerate(levels):
        weight, bias = best_linear(fog(clean, trained, trained, seed), clean, penalty)
        for j, tested in enumerate(levels):
            answers = fog(new, tested, tested, seed) @ weight + bias
            table[i, j] = psnr(np.clip(answers, 0, 1), new)
    return table
