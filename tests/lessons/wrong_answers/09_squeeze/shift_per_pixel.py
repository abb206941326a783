"""Means over pixels."""

from solution import *

LOSES = ("test_shift_and_mask",)
SAYS = "a mean over pixels"


def shift_and_mask(pictures, down, right):
    _, height, width = pictures.shape
    moved, half = np.zeros_like(pictures), pictures.copy()
    moved[:, down:, right:] = pictures[:, : height - down, : width - right]
    half[:, height // 2 :] = 0
    return tuple(np.mean((copy - pictures) ** 2) for copy in (moved, half))
