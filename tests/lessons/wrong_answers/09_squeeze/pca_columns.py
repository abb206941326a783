"""Components as columns."""

from solution import *

LOSES = ("test_pca",)
SAYS = "return the components as rows"


def pca(x, k):
    mean = x.mean(axis=0)
    _, vectors = np.linalg.eigh((x - mean).T @ (x - mean) / len(x))
    return mean, vectors[:, ::-1][:, :k]


def encode(x, mean, components):
    return (x - mean) @ (components.T if components.shape[1] == x.shape[1] else components)


def decode(codes, mean, components):
    return codes @ (components if components.shape[1] == len(mean) else components.T) + mean
