"""Exercise 8: one solution."""

import numpy as np


def places(size, kernel_size, stride, padding):
    """How many rows and columns of places a window has."""
    return tuple((n + 2 * padding - k) // stride + 1 for n, k in zip(size, kernel_size, strict=True))


def im2col(x, kernel_size, stride=1, padding=0):
    (n, c, *size), (kh, kw) = x.shape, kernel_size
    height, width = places(size, kernel_size, stride, padding)
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    cols = np.zeros((n, c, kh, kw, height, width), x.dtype)
    for i in range(kh):
        for j in range(kw):
            rows, columns = slice(i, i + stride * height, stride), slice(j, j + stride * width, stride)
            cols[:, :, i, j] = padded[:, :, rows, columns]
    return cols.reshape(n, c * kh * kw, height * width)


def col2im(cols, size, kernel_size, stride=1, padding=0):
    (n, values, _), (h, w), (kh, kw) = cols.shape, size, kernel_size
    height, width = places(size, kernel_size, stride, padding)
    cols = cols.reshape(n, values // (kh * kw), kh, kw, height, width)
    padded = np.zeros((*cols.shape[:2], h + 2 * padding, w + 2 * padding), cols.dtype)
    for i in range(kh):
        for j in range(kw):
            rows, columns = slice(i, i + stride * height, stride), slice(j, j + stride * width, stride)
            padded[:, :, rows, columns] += cols[:, :, i, j]
    return padded[:, :, padding : padding + h, padding : padding + w]


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
        lambda g: g.sum(axis=(0, 2, 3)),
    )


def conv_transpose2d(x, weight, bias, stride=1, padding=0):
    kernel = weight.shape[2:]
    size = tuple((n - 1) * stride - 2 * padding + k for n, k in zip(x.shape[2:], kernel, strict=True))
    flat, kernels = x.reshape(*x.shape[:2], -1), weight.reshape(len(weight), -1)
    y = col2im(kernels.T @ flat, size, kernel, stride, padding) + bias[:, None, None]

    def windows(g):
        return im2col(g, kernel, stride, padding)

    return y, (
        lambda g: (kernels @ windows(g)).reshape(x.shape),
        lambda g: (flat @ windows(g).swapaxes(1, 2)).sum(axis=0).reshape(weight.shape),
        lambda g: g.sum(axis=(0, 2, 3)),
    )


def max_pool2d(x, kernel_size, stride=None):
    stride, kernel, (n, c, h, w) = stride or kernel_size, (kernel_size, kernel_size), x.shape
    cols = im2col(x.reshape(n * c, 1, h, w), kernel, stride)
    first = cols.argmax(axis=1, keepdims=True)
    y = np.take_along_axis(cols, first, axis=1)

    def vjp(g):
        chosen = np.zeros_like(cols)
        np.put_along_axis(chosen, first, g.reshape(y.shape), axis=1)
        return col2im(chosen, (h, w), kernel, stride).reshape(x.shape)

    return y.reshape(n, c, *places((h, w), kernel, stride, 0)), (vjp,)


def input_gradient(g, weight, size, stride, padding):
    (n, _, height, width), (_, c, kh, kw) = g.shape, weight.shape
    padded = np.zeros((n, c, size[0] + 2 * padding, size[1] + 2 * padding))
    for p in range(height):
        for q in range(width):
            stamps = np.einsum("no,ocij->ncij", g[:, :, p, q], weight)
            top, left = p * stride, q * stride
            padded[:, :, top : top + kh, left : left + kw] += stamps
    return padded[:, :, padding : padding + size[0], padding : padding + size[1]]


def contrast(kernel_size, stride):
    n = 2 * kernel_size
    stamped = np.zeros((n * stride + kernel_size,) * 2)
    for p in range(n):
        for q in range(n):
            stamped[p * stride : p * stride + kernel_size, q * stride : q * stride + kernel_size] += 1
    inside = stamped[kernel_size : n * stride, kernel_size : n * stride]
    return inside.max() / inside.min()


WHICH_AND_WHY = "3, 6, 9, ...: only then do equally many stamps cover each pixel."
