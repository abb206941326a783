"""What the reconstruction counts, where the KL counts 1."""

from solution import *

LOSES = ("test_hidden_betas_of_means", "test_hidden_betas_of_factors")
SAYS = "upside down"


def hidden_betas(pixels, latents, noise):
    return 1 / pixels, 2 * noise, 200 / pixels, latents
