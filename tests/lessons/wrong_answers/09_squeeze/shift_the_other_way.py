"""Moves up and to the left."""

from solution import *

LOSES = ("test_shift_and_mask",)
SAYS = "it moved up and to the left"


def shift_and_mask(pictures, down, right):
    _, height, width = pictures.shape
    moved, half = np.zeros_like(pictures), pictures.copy()
    moved[:, : height - down, : width - right] = pictures[:, down:, right:]
    half[:, height // 2 :] = 0
    return tuple(np.mean(np.sum((copy - pictures) ** 2, axis=(1, 2))) for copy in (moved, half))
