"""Ignores the seed."""

import solution
from solution import *

LOSES = ("test_train_vae_on_switches",)
SAYS = "All that is random must come from the seed"


def train_vae(*arguments):
    return solution.train_vae(*arguments[:-1], int(np.random.default_rng().integers(1_000_000)))
