"""Probabilities are forgotten."""

from solution import *

LOSES = ("test_best_guess",)
SAYS = "likely pictures must count more"


def best_guess(pictures, probabilities):
    mean = pictures.mean(axis=0)
    return mean, float(((pictures - mean) ** 2).sum(axis=(1, 2)).mean())
