"""np.roll brings back what moved out."""

from solution import *

LOSES = ("test_shift_and_mask",)
SAYS = "came back on the other side"


def shift_and_mask(pictures, down, right):
    height = pictures.shape[1]
    moved, half = np.zeros_like(pictures), pictures.copy()
    moved = np.roll(pictures, (down, right), axis=(1, 2))
    half[:, height // 2 :] = 0
    return tuple(np.mean(np.sum((copy - pictures) ** 2, axis=(1, 2))) for copy in (moved, half))
