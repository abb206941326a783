"""Convolution, pooling and resizing as textbooks have them: the "before" of `where.py`, and the same results.

Images lie in memory as (N, C, H, W). All taps of all windows are copied into one matrix ("im2col"); the gradient of an
image is added up from that matrix, tap by tap ("col2im").
"""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from minae import kernels
from minae.backend import Array
from minae.kernels import Pair, output_size


def batch_last(x: Array) -> Array:
    return x


def conv2d(x: Array, weight: Array, stride: Pair, padding: Pair) -> Array:
    y = _columns(x, weight.shape[2:], stride, padding) @ weight.reshape(len(weight), -1).T
    size = output_size(x.shape[2:], weight.shape[2:], stride, padding)
    return np.ascontiguousarray(y.reshape(len(x), *size, len(weight)).transpose(0, 3, 1, 2))


def conv2d_weight_grad(g: Array, x: Array, kernel: Pair, stride: Pair, padding: Pair) -> Array:
    columns = _columns(x, kernel, stride, padding)
    rows = g.transpose(0, 2, 3, 1).reshape(-1, g.shape[1])
    return (rows.T @ columns).reshape(g.shape[1], x.shape[1], *kernel)


def conv2d_input_grad(g: Array, weight: Array, stride: Pair, padding: Pair, size: Pair) -> Array:
    batch, outputs, height, width = g.shape
    kernel = weight.shape[2:]
    columns = g.transpose(0, 2, 3, 1).reshape(-1, outputs) @ weight.reshape(outputs, -1)
    taps = columns.reshape(batch, height, width, weight.shape[1], *kernel).transpose(0, 3, 4, 5, 1, 2)
    padded = np.zeros((batch, weight.shape[1], *(n + 2 * p + s for n, p, s in zip(size, padding, stride))), g.dtype)
    for i in range(kernel[0]):
        for j in range(kernel[1]):
            down, across = slice(i, i + height * stride[0], stride[0]), slice(j, j + width * stride[1], stride[1])
            padded[:, :, down, across] += taps[:, :, i, j]
    return padded[:, :, padding[0] : padding[0] + size[0], padding[1] : padding[1] + size[1]].copy()


def channel_sum(g: Array) -> Array:
    return g.sum(axis=(0, 2, 3))


def max_pool2d(x: Array, kernel: Pair, stride: Pair, padding: Pair) -> Array:
    return _windows(x, kernel, stride, padding, fill=-np.inf).max(axis=(4, 5))


def max_pool2d_grad(g: Array, x: Array, y: Array, kernel: Pair, stride: Pair, padding: Pair) -> Array:
    windows = _windows(x, kernel, stride, padding, fill=-np.inf)
    first = windows.reshape(*y.shape, -1).argmax(axis=-1)
    padded = np.zeros((*x.shape[:2], *(n + 2 * p + k for n, p, k in zip(x.shape[2:], padding, kernel))), x.dtype)
    n, c, p, q = np.indices(y.shape, sparse=True)
    np.add.at(padded, (n, c, p * stride[0] + first // kernel[1], q * stride[1] + first % kernel[1]), g)
    return padded[:, :, padding[0] : padding[0] + x.shape[2], padding[1] : padding[1] + x.shape[3]].copy()


def upsample_nearest2d(x: Array, factor: Pair) -> Array:
    return x.repeat(factor[0], axis=2).repeat(factor[1], axis=3)


def sum_pool2d(x: Array, kernel: Pair, stride: Pair, padding: Pair) -> Array:
    return _windows(x, kernel, stride, padding).sum(axis=(4, 5))


NAMES = (
    "batch_last conv2d conv2d_weight_grad conv2d_input_grad channel_sum max_pool2d max_pool2d_grad "
    "upsample_nearest2d sum_pool2d"
).split()


def take_the_place_of_the_kernels() -> None:
    """From now on, this process convolves as textbooks do."""
    for name in NAMES:
        setattr(kernels, name, globals()[name])


def _columns(x: Array, kernel: Pair, stride: Pair, padding: Pair) -> Array:
    """Every window as a row: (N·H'·W', C·kh·kw)."""
    windows = _windows(x, kernel, stride, padding).transpose(0, 2, 3, 1, 4, 5)
    return windows.reshape(-1, x.shape[1] * kernel[0] * kernel[1])


def _windows(x: Array, kernel: Pair, stride: Pair, padding: Pair, fill: Any = 0) -> Array:
    """Views of the windows: (N, C, H', W', kh, kw)."""
    borders = ((0, 0), (0, 0), (padding[0],) * 2, (padding[1],) * 2)
    padded = np.pad(x, borders, constant_values=fill) if any(padding) else x
    return sliding_window_view(padded, kernel, axis=(2, 3))[:, :, :: stride[0], :: stride[1]]
