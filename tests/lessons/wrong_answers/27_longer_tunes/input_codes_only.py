"""Changes the codes, where nothing was wrong."""

from solution import *

LOSES = ("test_decoder_input",)
SAYS = "the mistake is in the steps"


def decoder_input(before, codes):
    bars, n, latent = codes.shape
    length = len(before) // bars
    steps = before.reshape(length, bars * n, -1)
    rows = codes.swapaxes(0, 1).reshape(1, n * bars, latent)
    return np.concatenate([steps, np.repeat(rows, length, axis=0)], axis=2)
