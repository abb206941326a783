"""A mean."""

from solution import *

LOSES = ("test_conv2d_gradients_of_weight_and_bias",)
SAYS = "it is a mean"


def conv2d(x, weight, bias, stride=1, padding=0):
    size, kernel = x.shape[2:], weight.shape[2:]
    cols = im2col(x, kernel, stride, padding)
    kernels = weight.reshape(len(weight), -1)
    y = kernels @ cols + bias[:, None]

    def flat(g):
        return g.reshape(*g.shape[:2], -1)

    return y.reshape(*y.shape[:2], *places(size, kernel, stride, padding)), (
        lambda g: col2im(kernels.T @ flat(g), size, kernel, stride, padding),
        lambda g: (flat(g) @ cols.swapaxes(1, 2)).sum(axis=0).reshape(weight.shape),
        lambda g: g.mean(axis=(0, 2, 3)),
    )
