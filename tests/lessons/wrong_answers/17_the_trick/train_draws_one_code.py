"""Draws one code, 25 times."""

import solution
from solution import *

LOSES = (
    "test_train_vae_on_switches",
    "test_train_vae_on_digits",
)
SAYS = ("draw 25 from the prior", "all alike")


def train_vae(*arguments):
    reconstruction, kl, drawn = solution.train_vae(*arguments)
    return reconstruction, kl, drawn[:1].repeat(25, axis=0)
