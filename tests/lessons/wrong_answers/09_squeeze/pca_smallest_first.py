"""The right components, in the order of eigh."""

from solution import *

LOSES = ("test_pca",)
SAYS = "the smallest of them first"


def pca(x, k):
    mean = x.mean(axis=0)
    _, vectors = np.linalg.eigh((x - mean).T @ (x - mean) / len(x))
    return mean, vectors.T[-k:]
