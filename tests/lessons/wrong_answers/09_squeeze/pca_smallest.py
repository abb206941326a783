"""The first eigenvectors of eigh, which are those of the smallest eigenvalues."""

from solution import *

LOSES = ("test_pca",)
SAYS = "these are the smallest eigenvalues' vectors"


def pca(x, k):
    mean = x.mean(axis=0)
    _, vectors = np.linalg.eigh((x - mean).T @ (x - mean) / len(x))
    return mean, vectors.T[:k]
