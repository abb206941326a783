"""No descent: returns PCA itself."""

from solution import *

LOSES = ("test_train_linear_goes_downhill_step_by_step",)
SAYS = "the encoder"


def train_linear(x, encoder, decoder, steps, lr):
    _, components = pca(x, len(encoder))
    return components, components.T
