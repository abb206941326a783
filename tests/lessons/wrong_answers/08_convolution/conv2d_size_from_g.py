"""The size of x is calculated from that of g."""

from solution import *

LOSES = ("test_conv2d_gradient_of_x",)
SAYS = "col2im wants the size of x"


def conv2d(x, weight, bias, stride=1, padding=0):
    full, kernel = x.shape[2:], weight.shape[2:]
    cols = im2col(x, kernel, stride, padding)
    kernels = weight.reshape(len(weight), -1)
    y = kernels @ cols + bias[:, None]

    def size(g):
        return tuple((m - 1) * stride + k - 2 * padding for m, k in zip(g.shape[2:], kernel))

    def flat(g):
        return g.reshape(*g.shape[:2], -1)

    return y.reshape(*y.shape[:2], *places(full, kernel, stride, padding)), (
        lambda g: col2im(kernels.T @ flat(g), size(g), kernel, stride, padding),
        lambda g: (flat(g) @ cols.swapaxes(1, 2)).sum(axis=0).reshape(weight.shape),
        lambda g: g.sum(axis=(0, 2, 3)),
    )
