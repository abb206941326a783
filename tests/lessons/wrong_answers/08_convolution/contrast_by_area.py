"""The area of the filter by that of a step."""

from solution import *

LOSES = ("test_contrast",)
SAYS = "counts are whole numbers"


def contrast(kernel_size, stride):
    return (kernel_size / stride) ** 2
