"""The mean of loss_c is overlooked."""

from solution import *

LOSES = ("test_hidden_betas_of_factors",)
SAYS = "also a mean over pixels"


def hidden_betas(pixels, latents, noise):
    return pixels, 1 / (2 * noise), 1 / 200, 1 / latents
