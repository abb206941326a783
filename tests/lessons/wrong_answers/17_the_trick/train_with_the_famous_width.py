"""The famous line at work: its loss falls below the truth."""

import solution
from solution import *

LOSES = ("test_train_vae_on_switches",)
SAYS = "the samples have another width"


def famous(mu, log_var, eps):
    noise = np.exp(log_var) * eps
    return mu + noise, (lambda g: g, lambda g: g * noise)


def train_vae(*arguments):
    solution.reparameterize = famous
    return solution.train_vae(*arguments)
