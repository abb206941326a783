"""One mean of all pixels."""

from solution import *

LOSES = ("test_pca",)
SAYS = "each pixel has a mean of its own"


def pca(x, k):
    centred = x - x.mean()
    _, vectors = np.linalg.eigh(centred.T @ centred / len(x))
    return np.full(x.shape[1], x.mean(), x.dtype), vectors.T[::-1][:k]
