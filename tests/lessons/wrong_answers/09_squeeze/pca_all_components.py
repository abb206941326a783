"""All components, not the first k."""

from solution import *

LOSES = ("test_pca",)
SAYS = "return the first k"


def pca(x, k):
    mean = x.mean(axis=0)
    _, vectors = np.linalg.eigh((x - mean).T @ (x - mean) / len(x))
    return mean, vectors.T[::-1]
