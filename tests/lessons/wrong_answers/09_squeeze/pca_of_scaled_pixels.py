"""Each pixel divided by its standard deviation."""

from solution import *

LOSES = ("test_pca",)
SAYS = "the PCA of other data"


def pca(x, k):
    mean, std = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-9)
    centred = (x - mean) / std
    _, vectors = np.linalg.eigh(centred.T @ centred / len(x))
    return mean, vectors.T[::-1][:k]
