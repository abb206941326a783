"""Even from -1 to 1, and upside down."""

import numpy as np
from solution import *

LOSES = ("test_draw_map_shows_all_of_the_prior", "test_draw_map_agrees_with_the_dots")
SAYS = "they span 47 %"


def draw_map(decode, n):
    line = np.linspace(-1, 1, n)
    codes = np.array([(first, second) for second in line for first in line])
    pictures = decode(codes)
    height, width = pictures.shape[1:]
    rows = pictures.reshape(n, n, height, width)
    return rows.transpose(0, 2, 1, 3).reshape(n * height, n * width)
