"""Has a seed of its own."""

import solution
from solution import *

LOSES = ("test_train_vae_on_switches",)
SAYS = "gives the same numbers with the seeds"


def train_vae(*arguments):
    return solution.train_vae(*arguments[:-1], 0)
