"""Down first, then to the right."""

from solution import *
from solution import cut as solution_cut

LOSES = ("test_cut",)
SAYS = "go along each row first"


def cut(pictures, size, step):
    turned = [picture.T for picture in pictures]
    pieces, owners = solution_cut(turned, size[::-1], step)
    return pieces.reshape(-1, size[1], size[0]).swapaxes(1, 2).reshape(len(pieces), -1), owners
