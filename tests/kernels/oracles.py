"""Convolution, pooling and resizing as their definitions say them: one output number after the other, in plain loops.

Slow and obviously right; the fast versions in minae/kernels.py are held against these.
"""

import numpy as np


def conv2d(x, weight, stride, padding):
    """y[n, o, p, q] = Σ weight[o, c, i, j] x[n, c, p·stride + i - padding, q·stride + j - padding]"""
    batch, channels, height, width = x.shape
    outputs, _, kh, kw = weight.shape
    rows = (height + 2 * padding[0] - kh) // stride[0] + 1
    columns = (width + 2 * padding[1] - kw) // stride[1] + 1
    y = np.zeros((batch, outputs, rows, columns), x.dtype)
    for n, o, p, q, c, i, j in np.ndindex(batch, outputs, rows, columns, channels, kh, kw):
        row, column = p * stride[0] + i - padding[0], q * stride[1] + j - padding[1]
        if 0 <= row < height and 0 <= column < width:
            y[n, o, p, q] += weight[o, c, i, j] * x[n, c, row, column]
    return y


def conv_transpose2d(x, weight, stride, padding, output_padding):
    """x[n, c, p, q] stamps weight[c] on the result, with its corner at (p·stride - padding, q·stride - padding)."""
    batch, channels, height, width = x.shape
    _, outputs, kh, kw = weight.shape
    rows = (height - 1) * stride[0] - 2 * padding[0] + kh + output_padding[0]
    columns = (width - 1) * stride[1] - 2 * padding[1] + kw + output_padding[1]
    y = np.zeros((batch, outputs, rows, columns), x.dtype)
    for n, o, p, q, c, i, j in np.ndindex(batch, outputs, height, width, channels, kh, kw):
        row, column = p * stride[0] + i - padding[0], q * stride[1] + j - padding[1]
        if 0 <= row < rows and 0 <= column < columns:
            y[n, o, row, column] += weight[c, o, i, j] * x[n, c, p, q]
    return y


def conv2d_weight_grad(g, x, kernel, stride, padding):
    """Each product of a weight and a pixel that makes y[n, o, p, q] adds g[n, o, p, q] times the pixel."""
    _, channels, height, width = x.shape
    grad = np.zeros((g.shape[1], channels, *kernel), x.dtype)
    for n, o, p, q, c, i, j in np.ndindex(*g.shape, channels, *kernel):
        row, column = p * stride[0] + i - padding[0], q * stride[1] + j - padding[1]
        if 0 <= row < height and 0 <= column < width:
            grad[o, c, i, j] += g[n, o, p, q] * x[n, c, row, column]
    return grad


def windows(x, kernel, stride, padding):
    """((n, c, p, q), the pixels (row, column) of that window that lie in the image, row by row) for each window."""
    batch, channels, height, width = x.shape
    rows = (height + 2 * padding[0] - kernel[0]) // stride[0] + 1
    columns = (width + 2 * padding[1] - kernel[1]) // stride[1] + 1
    for n, c, p, q in np.ndindex(batch, channels, rows, columns):
        places = [(p * stride[0] + i - padding[0], q * stride[1] + j - padding[1]) for i, j in np.ndindex(*kernel)]
        yield (n, c, p, q), [(row, column) for row, column in places if 0 <= row < height and 0 <= column < width]


def max_pool2d(x, kernel, stride, padding):
    """The pooled image, and for each window (n, c, p, q) the place of its maximum: of equal ones the first."""
    y, places = {}, {}
    for window, inside in windows(x, kernel, stride, padding):
        best = inside[0]
        for place in inside:
            if x[window[:2]][place] > x[window[:2]][best]:
                best = place
        y[window], places[window] = x[window[:2]][best], best
    return as_array(y, x.dtype), places


def max_pool2d_grad(g, x, kernel, stride, padding):
    grad = np.zeros_like(x)
    for window, place in max_pool2d(x, kernel, stride, padding)[1].items():
        grad[window[:2]][place] += g[window]
    return grad


def sum_pool2d(x, kernel, stride, padding):
    return as_array(
        {
            window: sum(x[window[:2]][place] for place in inside)
            for window, inside in windows(x, kernel, stride, padding)
        },
        x.dtype,
    )


def sum_pool2d_grad(g, kernel, stride, padding, size):
    grad = np.zeros((*g.shape[:2], *size), g.dtype)
    for window, inside in windows(grad, kernel, stride, padding):
        for place in inside:
            grad[window[:2]][place] += g[window]
    return grad


def upsample_nearest2d(x, factor):
    batch, channels, height, width = x.shape
    y = np.zeros((batch, channels, height * factor[0], width * factor[1]), x.dtype)
    for n, c, row, column in np.ndindex(*y.shape):
        y[n, c, row, column] = x[n, c, row // factor[0], column // factor[1]]
    return y


def as_array(numbers, dtype):
    """{index: number} as an array."""
    array = np.zeros([1 + max(axis) for axis in zip(*numbers)], dtype)
    for index, number in numbers.items():
        array[index] = number
    return array
