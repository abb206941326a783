"""Both terms are taken for means."""

from solution import *

LOSES = ("test_hidden_betas_of_means",)
SAYS = "one of the two terms alone"


def hidden_betas(pixels, latents, noise):
    return pixels / latents, 1 / (2 * noise), pixels / 200, pixels / latents
