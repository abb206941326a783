"""Smallest by largest."""

import numpy as np
from solution import *

LOSES = ("test_contrast",)
SAYS = "the smallest is divided by the largest"


def contrast(kernel_size, stride):
    n = 2 * kernel_size
    stamped = np.zeros((n * stride + kernel_size,) * 2)
    for p in range(n):
        for q in range(n):
            stamped[p * stride : p * stride + kernel_size, q * stride : q * stride + kernel_size] += 1
    inside = stamped[kernel_size : n * stride, kernel_size : n * stride]
    return inside.min() / inside.max()
