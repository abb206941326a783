"""Columns first (B13): unseen with square pictures and filters."""

from solution import *

LOSES = ("test_encoder_sizes",)
SAYS = "rows and columns are swapped"


def encoder_sizes(size, layers):
    sizes = []
    for kernel, stride, padding in layers:
        size = tuple((n + 2 * p - k) // s + 1 for n, k, s, p in zip(size, kernel, stride, padding))
        sizes.append(size)
    return [(columns, rows) for rows, columns in sizes]
