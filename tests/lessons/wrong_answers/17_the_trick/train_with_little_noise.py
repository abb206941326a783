"""Noise of a hundredth: the code tells all and costs nothing."""

import solution
from solution import *

LOSES = ("test_train_vae_on_switches",)
SAYS = "hardly any noise was drawn"


def quiet(mu, log_var, eps):
    noise = np.float32(0.01) * np.exp(log_var / 2) * eps
    return mu + noise, (lambda g: g, lambda g: g * noise / 2)


def train_vae(*arguments):
    solution.reparameterize = quiet
    return solution.train_vae(*arguments)
