"""The network stays what it was: PCA."""

from solution import *
from solution import train as solution_train

LOSES = (
    "test_copies_of_clothes",
    "test_copies_of_drawings",
)
SAYS = "That is PCA"


def train(pieces, k, level, seed):
    start, _ = solution_train(pieces[:200], k, level, seed)
    mean, components = pca(pieces, 80)
    scale = encode(pieces, mean, components).std()
    return (*start[:2], mean, components, scale), new_autoencoder((80, 128, 64, k), seed)
