"""A list of arrays, and not of pairs."""

from solution import *
from solution import loss_and_slopes as solution_of

LOSES = ("test_loss_and_slopes",)
SAYS = "expected a list of pairs"


def loss_and_slopes(layers, x, labels):
    loss, slopes = solution_of(layers, x, labels)
    return loss, [slope for pair in slopes for slope in pair]
