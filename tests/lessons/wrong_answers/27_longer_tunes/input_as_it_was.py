"""As it was handed out."""

from solution import *

LOSES = ("test_decoder_input",)
SAYS = "as it did"


def decoder_input(before, codes):
    bars, n, latent = codes.shape
    length = len(before) // bars
    steps = before.reshape(length, bars * n, -1)
    each_time = np.repeat(codes.reshape(1, bars * n, latent), length, axis=0)
    return np.concatenate([steps, each_time], axis=2)
