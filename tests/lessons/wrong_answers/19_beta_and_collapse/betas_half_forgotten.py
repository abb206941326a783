"""A bell without its 2."""

from solution import *

LOSES = ("test_hidden_betas_of_factors",)
SAYS = "with a 2"


def hidden_betas(pixels, latents, noise):
    return pixels, 1 / noise, pixels / 200, 1 / latents
