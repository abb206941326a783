"""It never sees fog."""

from solution import *
from solution import train as solution_train

LOSES = ("test_denoiser",)
SAYS = "That is no denoiser"


def train(pieces, k, level, seed):
    return solution_train(pieces, k, 0.0, seed)
