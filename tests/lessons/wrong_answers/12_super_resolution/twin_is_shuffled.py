"""Within each block the pixels are shuffled: sometimes nothing changes."""

import numpy as np
from solution import *

LOSES = ("test_twin",)
SAYS = "what changes every block"


def twin(large, factor):
    height, width = large.shape
    blocks = large.reshape(height // factor, factor, width // factor, factor).swapaxes(1, 2)
    pixels = np.random.default_rng(0).permuted(blocks.reshape(-1, factor * factor), axis=1)
    return pixels.reshape(blocks.shape).swapaxes(1, 2).reshape(large.shape)
