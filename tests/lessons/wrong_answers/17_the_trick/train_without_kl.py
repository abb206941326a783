"""Prints the KL, and does not train it."""

import solution
from solution import *

LOSES = (
    "test_train_vae_on_switches",
    "test_train_vae_on_digits",
)
SAYS = ("the code costs nothing in training", "the code costs nothing in training")


def unpaid(mu, log_var):
    kl, _ = gaussian_kl(mu, log_var)
    return kl, (lambda g: 0 * mu, lambda g: 0 * log_var)


def train_vae(*arguments):
    solution.gaussian_kl = unpaid
    return solution.train_vae(*arguments)
