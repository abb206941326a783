"""Of the last layer alone."""

from solution import *
from solution import loss_and_slopes as solution_of

LOSES = ("test_loss_and_slopes",)
SAYS = "pairs of slopes, found 1"


def loss_and_slopes(layers, x, labels):
    loss, slopes = solution_of(layers, x, labels)
    return loss, slopes[-1:]
