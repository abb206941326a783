"""The loss is summed over the rows."""

from solution import *
from solution import loss_and_slopes as solution_of

LOSES = ("test_loss_and_slopes",)
SAYS = "the loss is nats per example"


def loss_and_slopes(layers, x, labels):
    loss, slopes = solution_of(layers, x, labels)
    return loss * len(x), [(weight * len(x), bias * len(x)) for weight, bias in slopes]
