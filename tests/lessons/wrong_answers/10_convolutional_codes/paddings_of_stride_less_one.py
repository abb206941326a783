"""What tutorials write for 3 x 3 with stride 2."""

from solution import *

LOSES = ("test_output_paddings",)
SAYS = "always stride - 1"


def output_paddings(size, layers):
    return [(stride[0] - 1, stride[1] - 1) for _, stride, _ in layers[::-1]]
