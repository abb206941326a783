"""Convolution, pooling and resizing as a textbook writes them: one tap after another.

A "tap" is one place (i, j) in the kernel. At tap (i, j), output pixel (p, q) reads
pixel (p·stride + i, q·stride + j) of the padded image. For one tap and all output
pixels together, the pixels read form a grid. One slice of the image picks out that
grid, and the function `taps` gives it as `place`: `padded[place]` holds, for every
output pixel, the pixel that it reads at this tap.

Images are (N, C, H, W), in that order in memory. Arguments called size, kernel, stride,
padding and factor are pairs (height, width). g is dL/dy, the gradient of the output.
"""

import math
from collections.abc import Iterator
from typing import Any

from ..backend import Array, xp_of
from ..support.sums import wide_sum
from .shapes import Pair, output_size


def product(rows: Array, matrix: Array) -> Array:
    """rows (N, in) times a matrix (in, out)."""
    return rows @ matrix


def conv2d(x: Array, weight: Array, stride: Pair, padding: Pair) -> Array:
    """Convolution: the sum of weight times pixel, over all taps and input channels.

    y[n, o] = Σ over c and taps of weight[o, c, tap] · (x[n, c] at the tap)
    Shapes: x (N, C, H, W), weight (O, C, kh, kw) -> (N, O, H', W').
    """
    xp, padded = xp_of(x), pad(x, padding)
    size = output_size(x.shape[2:], weight.shape[2:], stride, padding)
    y = xp.zeros((len(x), len(weight), *size), dtype=x.dtype)
    for tap, place in taps(weight.shape[2:], stride, size):
        y += product_of("nchw,oc->nohw", padded[place], weight[(..., *tap)])
    return y


def conv2d_input_grad(
    g: Array, weight: Array, stride: Pair, padding: Pair, size: Pair
) -> Array:
    """dL/dx of conv2d: Σ of each g times the weight that multiplied the pixel.

    Shapes: g (N, O, H', W') -> (N, C, *size).
    """
    xp = xp_of(g)
    grad = pad(xp.zeros((len(g), weight.shape[1], *size), dtype=g.dtype), padding)
    for tap, place in taps(weight.shape[2:], stride, g.shape[2:]):
        grad[place] += product_of("nohw,oc->nchw", g, weight[(..., *tap)])
    return unpad(grad, padding)


def conv2d_weight_grad(
    g: Array, x: Array, kernel: Pair, stride: Pair, padding: Pair
) -> Array:
    """dL/dweight of conv2d: Σ of each g times the pixel that the weight multiplied.

    Shapes: g (N, O, H', W'), x (N, C, H, W) -> (O, C, *kernel).
    """
    xp, padded = xp_of(x), pad(x, padding)
    grad = xp.zeros((g.shape[1], x.shape[1], *kernel), dtype=x.dtype)
    for tap, place in taps(kernel, stride, g.shape[2:]):
        grad[(..., *tap)] = product_of("nohw,nchw->oc", g, padded[place])
    return grad


def channel_sum(g: Array) -> Array:
    """dL/dbias: Σ g over the batch, the rows and the columns."""
    return wide_sum(g, (0, 2, 3))


def max_pool2d(x: Array, kernel: Pair, stride: Pair, padding: Pair) -> Array:
    """The largest number in each window; NaN if the window contains one."""
    xp, padded = xp_of(x), pad(x, padding, -math.inf)
    size = output_size(x.shape[2:], kernel, stride, padding)
    y = xp.full((*x.shape[:2], *size), -math.inf, dtype=x.dtype)
    for _, place in taps(kernel, stride, size):
        y = xp.maximum(y, padded[place])
    return y


def max_pool2d_grad(
    g: Array, x: Array, y: Array, kernel: Pair, stride: Pair, padding: Pair
) -> Array:
    """dL/dx of y = max_pool2d(x): each window's g goes to the pixel of its maximum.

    That is the first pixel, tap by tap, that is not below y. ("Equal to y" would not
    do: where y is NaN, nothing equals it.) Padding never takes a g.
    """
    xp, padded = xp_of(x), pad(x, padding, -math.inf)
    inside = pad(xp.ones_like(x, dtype=bool), padding)
    grad = xp.zeros_like(padded)
    taken = xp.zeros_like(y, dtype=bool)
    for _, place in taps(kernel, stride, g.shape[2:]):
        takes = inside[place] & ~taken & ~(padded[place] < y)
        grad[place] += g * takes
        taken |= takes
    return unpad(grad, padding)


def sum_pool2d(x: Array, kernel: Pair, stride: Pair, padding: Pair) -> Array:
    """The sum of each window."""
    padded = pad(x, padding)
    size = output_size(x.shape[2:], kernel, stride, padding)
    y = xp_of(x).zeros((*x.shape[:2], *size), dtype=x.dtype)
    for _, place in taps(kernel, stride, size):
        y += padded[place]
    return y


def sum_pool2d_grad(
    g: Array, kernel: Pair, stride: Pair, padding: Pair, size: Pair
) -> Array:
    """dL/dx of sum_pool2d: each window's g goes to every pixel in it."""
    grad = pad(xp_of(g).zeros((*g.shape[:2], *size), dtype=g.dtype), padding)
    for _, place in taps(kernel, stride, g.shape[2:]):
        grad[place] += g
    return unpad(grad, padding)


def upsample_nearest2d(x: Array, factor: Pair) -> Array:
    """Each pixel repeated as a block of factor[0] x factor[1] pixels."""
    return x.repeat(factor[0], axis=2).repeat(factor[1], axis=3)


def in_memory_order(x: Array) -> Array:
    """x as it is: unlike the fast kernels, these need no special order in memory."""
    return x


def product_of(indices: str, a: Array, b: Array) -> Array:
    """Σ a b over the indices that are missing from the result: Einstein's notation."""
    # With `optimize`, NumPy computes it as a matrix product, which is much faster.
    return xp_of(a).einsum(indices, a, b, optimize=True)


def taps(kernel: Pair, stride: Pair, size: Pair) -> Iterator[tuple[Pair, Any]]:
    """Each tap, row by row: its (i, j), and an index of all the pixels it reads."""
    for i in range(kernel[0]):
        for j in range(kernel[1]):
            rows = slice(i, i + size[0] * stride[0], stride[0])
            columns = slice(j, j + size[1] * stride[1], stride[1])
            yield (i, j), (..., rows, columns)


def pad(x: Array, padding: Pair, value: float = 0) -> Array:
    """x with a border of `value` around every image."""
    (above, before), (height, width) = padding, x.shape[2:]
    size = height + 2 * above, width + 2 * before
    padded = xp_of(x).full((*x.shape[:2], *size), value, dtype=x.dtype)
    padded[..., above : above + height, before : before + width] = x
    return padded


def unpad(padded: Array, padding: Pair) -> Array:
    """The images without the border that `pad` put around them."""
    (above, before), (height, width) = padding, padded.shape[2:]
    return padded[..., above : height - above, before : width - before]
