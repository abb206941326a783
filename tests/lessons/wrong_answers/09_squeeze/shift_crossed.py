"""Rows and columns swapped."""

from solution import *

LOSES = ("test_shift_and_mask",)
SAYS = "down and right are swapped"


def shift_and_mask(pictures, down, right):
    _, height, width = pictures.shape
    moved, half = np.zeros_like(pictures), pictures.copy()
    moved[:, right:, down:] = pictures[:, : height - right, : width - down]
    half[:, height // 2 :] = 0
    return tuple(np.mean(np.sum((copy - pictures) ** 2, axis=(1, 2))) for copy in (moved, half))
