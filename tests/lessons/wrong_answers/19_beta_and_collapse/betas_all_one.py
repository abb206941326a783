"""Nothing hides."""

from solution import *

LOSES = ("test_hidden_betas_of_means", "test_hidden_betas_of_factors")
SAYS = "nothing hides here"


def hidden_betas(pixels, latents, noise):
    return 1, 1, 1, 1
