"""The image with the largest logit, for each class."""

from solution import *

LOSES = ("test_clothes", "test_digits")
SAYS = ("use argmax along axis 1", "use argmax along axis 1")


def train(images, labels, seed):
    return new_layers((784, 10), seed)


def predict(layers, images):
    return network(layers, as_rows(images)).data.argmax(axis=0)
