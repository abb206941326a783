"""Takes rows of what eigh returns."""

from solution import *

LOSES = ("test_pca",)
SAYS = "the eigenvectors are its columns"


def pca(x, k):
    mean = x.mean(axis=0)
    _, vectors = np.linalg.eigh((x - mean).T @ (x - mean) / len(x))
    return mean, vectors[::-1][:k]
