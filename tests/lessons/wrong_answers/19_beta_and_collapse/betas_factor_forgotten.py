"""The 200 of loss_c is overlooked."""

from solution import *

LOSES = ("test_hidden_betas_of_factors",)
SAYS = "the factor 200 counts, too"


def hidden_betas(pixels, latents, noise):
    return pixels, 1 / (2 * noise), pixels, 1 / latents
