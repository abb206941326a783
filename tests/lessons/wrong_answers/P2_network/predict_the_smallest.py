"""The place of the smallest logit."""

from solution import *

LOSES = ("test_clothes", "test_digits")
SAYS = ("That is guessing", "That is guessing")


def train(images, labels, seed):
    return new_layers((784, 10), seed)


def predict(layers, images):
    return network(layers, as_rows(images)).data.argmin(axis=1)
