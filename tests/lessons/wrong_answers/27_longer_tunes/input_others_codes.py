"""The steps are mended, and the codes spoilt."""

from solution import *

LOSES = ("test_decoder_input",)
SAYS = "another melody's code"


def decoder_input(before, codes):
    bars, n, latent = codes.shape
    steps, _ = side_by_side(before, bars)
    rows = codes.swapaxes(0, 1).reshape(1, n * bars, latent)
    return np.concatenate([steps, np.repeat(rows, len(steps), axis=0)], axis=2)
