"""Each block is mirrored: symmetric blocks stay."""

from solution import *

LOSES = ("test_twin",)
SAYS = "A mirror image or an order by size may change nothing"


def twin(large, factor):
    height, width = large.shape
    blocks = large.reshape(height, width // factor, factor)
    return blocks[:, :, ::-1].reshape(height, width)
