"""The old picture still stands where the moved one left."""

from solution import *

LOSES = ("test_shift_and_mask",)
SAYS = "begin with zeros"


def shift_and_mask(pictures, down, right):
    _, height, width = pictures.shape
    moved, half = np.zeros_like(pictures), pictures.copy()
    moved = pictures.copy()
    moved[:, down:, right:] = pictures[:, : height - down, : width - right]
    half[:, height // 2 :] = 0
    return tuple(np.mean(np.sum((copy - pictures) ** 2, axis=(1, 2))) for copy in (moved, half))
