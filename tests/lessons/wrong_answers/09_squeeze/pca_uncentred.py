"""PCA of pictures as they are: the first direction points at the mean."""

from solution import *

LOSES = ("test_pca",)
SAYS = "the mean was not taken away first"


def pca(x, k):
    _, vectors = np.linalg.eigh(x.T @ x / len(x))
    return x.mean(axis=0), vectors.T[::-1][:k]
