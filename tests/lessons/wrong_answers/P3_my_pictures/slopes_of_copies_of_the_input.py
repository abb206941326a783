"""The target is not looked at."""

from solution import *
from solution import loss_and_slopes as solution_loss_and_slopes

LOSES = ("test_loss_and_slopes",)
SAYS = "learns to keep the noise"


def loss_and_slopes(autoencoder, x, target):
    return solution_loss_and_slopes(autoencoder, x, x)
