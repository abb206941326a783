"""The loss of the whole batch, not of a picture."""

import solution
from solution import *

LOSES = (
    "test_train_vae_on_switches",
    "test_train_vae_on_digits",
)
SAYS = ("expected less than", "expected less than")


def train_vae(x, new_x, *rest):
    reconstruction, kl, drawn = solution.train_vae(x, new_x, *rest)
    return reconstruction * len(new_x), kl * len(new_x), drawn
