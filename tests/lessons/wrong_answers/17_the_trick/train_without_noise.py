"""Gives the decoder mu: an autoencoder, whose KL is paid for nothing."""

import solution
from solution import *

LOSES = ("test_train_vae_on_switches",)
SAYS = "hardly any noise was drawn"


def still(mu, log_var, eps):
    return mu + 0, (lambda g: g, lambda g: 0 * g)


def train_vae(*arguments):
    solution.reparameterize = still
    return solution.train_vae(*arguments)
