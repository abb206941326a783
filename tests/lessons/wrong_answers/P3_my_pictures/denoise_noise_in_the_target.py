"""The copies are compared with what came in."""

from solution import *
from solution import train as solution_train

LOSES = ("test_denoiser",)
SAYS = "the target has the noise, too"


def train(pieces, k, level, seed):
    return solution_train(fog(pieces, level, level, seed), k, 0.0, seed)
