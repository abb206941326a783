"""Returns logits for probabilities."""

import solution
from solution import *

LOSES = (
    "test_train_vae_on_switches",
    "test_train_vae_on_digits",
)
SAYS = ("these are logits", "these are logits")


def train_vae(*arguments):
    reconstruction, kl, drawn = solution.train_vae(*arguments)
    return reconstruction, kl, np.log(drawn) - np.log1p(-drawn)
