"""Reshapes without transposing."""

import numpy as np
from solution import *

LOSES = ("test_draw_map_agrees_with_the_dots",)
SAYS = "pictures are torn"


def draw_map(decode, n):
    line = place_of((np.arange(n) + 0.5) / n)
    codes = np.array([(first, second) for second in line for first in line])
    pictures = decode(codes)
    height, width = pictures.shape[1:]
    rows = pictures.reshape(n, n, height, width)
    return rows[::-1].reshape(n * height, n * width)
