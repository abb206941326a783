"""Steps melody by melody, codes bar by bar."""

from solution import *

LOSES = ("test_decoder_input",)
SAYS = "most get another melody's code"


def decoder_input(before, codes):
    bars, n, latent = codes.shape
    length = len(before) // bars
    steps = before.reshape(bars, length, n, -1).transpose(1, 2, 0, 3)
    rows = np.repeat(codes.reshape(1, bars * n, latent), length, axis=0)
    return np.concatenate([steps.reshape(length, n * bars, -1), rows], axis=2)
