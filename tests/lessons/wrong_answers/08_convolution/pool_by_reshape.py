"""Blocks by reshape: only where the size is a multiple."""

from solution import *

LOSES = ("test_max_pool2d",)
SAYS = "a column of im2col is a window"


def max_pool2d(x, kernel_size, stride=None):
    n, c, h, w = x.shape
    blocks = x.reshape(n, c, h // kernel_size, kernel_size, w // kernel_size, kernel_size)
    y = blocks.max(axis=(3, 5))
    equal = blocks == y[:, :, :, None, :, None]
    return y, (lambda g: (equal * g[:, :, :, None, :, None]).reshape(x.shape),)
