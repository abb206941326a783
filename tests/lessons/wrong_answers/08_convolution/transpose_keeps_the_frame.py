"""The padding is not cut off."""

from solution import *

LOSES = ("test_conv_transpose2d",)
SAYS = "the padding is not cut off"


def conv_transpose2d(x, weight, bias, stride=1, padding=0):
    kernel = weight.shape[2:]
    size = tuple((n - 1) * stride - 2 * padding + k for n, k in zip(x.shape[2:], kernel, strict=True))
    padding, size = 0, tuple(m + 2 * padding for m in size)
    flat, kernels = x.reshape(*x.shape[:2], -1), weight.reshape(len(weight), -1)
    y = col2im(kernels.T @ flat, size, kernel, stride, padding) + bias[:, None, None]

    def windows(g):
        return im2col(g, kernel, stride, padding)

    return y, (
        lambda g: (kernels @ windows(g)).reshape(x.shape),
        lambda g: (flat @ windows(g).swapaxes(1, 2)).sum(axis=0).reshape(weight.shape),
        lambda g: g.sum(axis=(0, 2, 3)),
    )
