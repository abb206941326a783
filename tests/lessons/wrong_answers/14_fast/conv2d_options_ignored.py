"""B9: two options that change nothing."""

from solution import *

LOSES = ("test_conv2d", "test_conv2d_gradients")
SAYS = "accepted and ignored"


def conv2d(x, weight, product, stride=1, padding=0):
    stride, padding = 1, 0
    (outputs, _, *kernel_size), n = weight.shape, len(x)
    height, width = places(x.shape[2:], kernel_size, stride, padding)
    cols, matrix = columns(x, kernel_size, stride, padding), weight.reshape(outputs, -1)
    y = product(matrix, cols).reshape(outputs, height, width, n).transpose(3, 0, 1, 2)

    def flat(g):
        return g.transpose(1, 2, 3, 0).reshape(outputs, -1)

    return y, (
        lambda g: back_in_place(product(matrix.T, flat(g)), x.shape, kernel_size, stride, padding),
        lambda g: product(flat(g), cols.T).reshape(weight.shape),
    )
