"""The ratio along one axis."""

from solution import *

LOSES = ("test_contrast",)
SAYS = "along one axis"


def contrast(kernel_size, stride):
    most, least = -(-kernel_size // stride), kernel_size // stride
    return most / least
