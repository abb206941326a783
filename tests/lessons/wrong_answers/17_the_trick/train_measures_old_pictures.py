"""Measures on the pictures that it learned from."""

import solution
from solution import *

LOSES = ("test_train_vae_on_switches",)
SAYS = "the two terms are those of x"


def train_vae(x, new_x, *rest):
    return solution.train_vae(x, x, *rest)
