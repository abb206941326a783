"""Convolution, pooling and resizing, and their gradients, as fast as NumPy allows.

plain.py says what is computed. This file says only why it is computed differently.

Images have the shape (N, C, H, W), but here they lie in memory in the order
(C, H, W, N), with the batch last. Results are transposed views of such memory.
Elementwise functions keep the order, so nothing is copied between layers, and
flattening to (N, C·H·W) is a view as well. An image that arrives in any other order is
copied once, by `in_memory_order`.

Why the batch last? Apart from the matrix products, all the work is copying or adding
shifted images. NumPy is fast at that if neighbours in memory stay neighbours. With the
batch last, at least N numbers always do, for every kernel, stride and number of
channels. With the channels last, (N, H, W, C), only C do.

Copying the nine taps of all 3x3 windows (batch 128, 28x28) shows the difference. For
one channel it took 1.1 ms with the channels last, and 0.07 ms with the batch last. For
16 channels it took 6.5 and 4.8 ms. It now takes 0.8 ms, because `_windows` copies only
three of the nine and views the others.

A "tap" is one place (i, j) in the kernel. At tap (i, j), output pixel (p, q) reads
input pixel (p·stride + i - padding, q·stride + j - padding). Outside the image it
reads zeros.

Arguments called size, kernel, stride, padding and factor are pairs (height, width).
"""

from collections.abc import Iterator
from typing import Any

from ..backend import Array, xp_of
from ..support.sums import wide_sum
from .shapes import Pair, output_size

# How many bytes copies and products may take at a time, so that large images need
# little memory besides their results. On 56x56 pixels this is 15 % faster than all rows
# at once; on 28x28 it is never slower. (A much lower limit would make the matrices too
# small.)
WORKSPACE = 2**24


def in_memory_order(x: Array) -> Array:
    """Images x (N, C, H, W) in the memory order (C, H, W, N), copied only if need be.

    Anything that is not images, such as rows of numbers, is returned as it is.
    """
    return _image(_memory(x)) if x.ndim == 4 else x


def product(rows: Array, matrix: Array) -> Array:
    """rows (N, in) times a matrix (in, out).

    The result lies in memory as (out, N), with the batch last, as images do.
    """
    return (matrix.T @ rows.T).T


# --- convolution ----------------------------------------------------------------------


def conv2d(x: Array, weight: Array, stride: Pair, padding: Pair) -> Array:
    """Convolution: the sum of weight times pixel, over all taps and input channels.

    y[n, o, p, q] = Σ over c, i, j of
        weight[o, c, i, j] x[n, c, p·stride + i - padding, q·stride + j - padding]
    Shapes: x (N, C, H, W), weight (O, C, kh, kw) -> (N, O, H', W').
    """
    outputs, channels, *_ = weight.shape
    kernel = weight.shape[2:]
    height, width = output_size(x.shape[2:], kernel, stride, padding)
    if 2 * outputs * x.shape[2] * x.shape[3] < channels * height * width:
        return _conv2d_by_taps(x, weight, stride, padding)
    xp, batch = xp_of(x), x.shape[0]
    matrix = weight.transpose(0, 2, 3, 1).reshape(
        outputs, kernel[0] * kernel[1] * channels
    )
    y = xp.empty((outputs, height, width * batch), dtype=x.dtype)
    for rows, windows in _windows(x, kernel, stride, padding):
        xp.matmul(matrix, windows, out=y[:, rows].swapaxes(0, 1))
    return _image(y.reshape(outputs, height, width, batch))


def _conv2d_by_taps(x: Array, weight: Array, stride: Pair, padding: Pair) -> Array:
    """conv2d for few output channels: multiply first, then shift and add the products.

    One tap's products are fewer than the numbers in x. From 16 channels to one (3x3,
    28x28, batch 128) this takes 0.5 ms, where copying the windows of x takes 1.8 ms.
    With half as many output channels as x has channels, the two take equally long.
    """
    kernel = weight.shape[2:]
    size = output_size(x.shape[2:], kernel, stride, padding)
    y = _zeros((x.shape[0], weight.shape[0], *size), like=x)
    for start, products in _tap_products(weight, x):
        # Seen from this block, `start` more rows of padding lie above it.
        shifted = (padding[0] + start, padding[1])
        for tap, into, out in _taps(products.shape[4:], size, kernel, stride, shifted):
            y[out] += products[tap][into]
    return y


def conv2d_input_grad(
    g: Array, weight: Array, stride: Pair, padding: Pair, size: Pair
) -> Array:
    """dL/dx of conv2d, for x of height and width `size`.

    It is the adjoint of conv2d in x, which is the transposed convolution of g.
    Shapes: g (N, O, H', W'), weight (O, C, kh, kw) -> (N, C, *size).
    """
    kernel = weight.shape[2:]
    if stride == (1, 1):
        # The outputs that read a pixel form a window of g, with the taps reversed.
        padding_of_g = (kernel[0] - 1 - padding[0], kernel[1] - 1 - padding[1])
        return conv2d(g, _flip(weight), stride, padding_of_g)
    x = _zeros((g.shape[0], weight.shape[1], *size), like=g)
    for start, products in _tap_products(weight.swapaxes(0, 1), g):
        # This block's first window lies start · stride rows further down in x.
        shifted = (padding[0] - start * stride[0], padding[1])
        for tap, into, out in _taps(size, products.shape[4:], kernel, stride, shifted):
            x[into] += products[tap][out]
    return x


def conv2d_weight_grad(
    g: Array, x: Array, kernel: Pair, stride: Pair, padding: Pair
) -> Array:
    """dL/dweight of conv2d: Σ of each g times the pixel that the weight multiplied.

    dL/dweight[o, c, i, j] = Σ over n, p, q of
        g[n, o, p, q] x[n, c, p·stride + i - padding, q·stride + j - padding]
    Shapes: g (N, O, H', W'), x (N, C, H, W) -> (O, C, *kernel).
    """
    batch, outputs, height, width = g.shape
    channels = x.shape[1]
    g_is_smaller = outputs * x.shape[2] * x.shape[3] < channels * height * width
    if stride == (1, 1) and g_is_smaller:
        # g and x enter the sum alike, so they may change places. Then the windows of
        # the smaller one are copied. From 16 channels to one, this takes 0.3 ms, where
        # the windows of x take 2.5 ms.
        padding_of_g = (kernel[0] - 1 - padding[0], kernel[1] - 1 - padding[1])
        return _flip(conv2d_weight_grad(x, g, kernel, stride, padding_of_g))
    g_rows = _memory(g).reshape(outputs, height, width * batch).transpose(1, 2, 0)
    grad = sum(
        wide_sum(windows @ g_rows[rows], (0,))
        for rows, windows in _windows(x, kernel, stride, padding)
    )
    return grad.reshape(*kernel, channels, outputs).transpose(3, 2, 0, 1)


def channel_sum(g: Array) -> Array:
    """dL/dbias: Σ g over n, p, q.

    Rows are summed first, because NumPy adds them as whole vectors. That takes 0.11 ms
    instead of 0.24 ms (16 x 28x28).
    """
    return wide_sum(wide_sum(in_memory_order(g), (2,)), (0, 2))


def _windows(
    x: Array, kernel: Pair, stride: Pair, padding: Pair
) -> Iterator[tuple[slice, Array]]:
    """The windows of x that each row of output pixels reads, a block of rows at a time.

    Yields the block as a slice of rows, and its windows (rows, kh·kw·C, W'·N).

    Textbooks copy all kh·kw taps ("im2col"). Here only the kw taps across are copied,
    into (rows, kw, C, W', N). The kh rows of a window are then neighbours in memory.
    The next window begins `stride` rows later in the same memory.
    """
    xp = xp_of(x)
    batch, channels, height, width = x.shape
    rows, columns = output_size((height, width), kernel, stride, padding)
    by_row = _memory(x).swapaxes(0, 1)
    line = columns * batch * x.dtype.itemsize
    row = kernel[1] * channels * line
    for block in _blocks(rows, stride[0] * row):
        count = block.stop - block.start
        copied = xp.zeros(
            ((count - 1) * stride[0] + kernel[0], kernel[1], channels, columns, batch),
            dtype=x.dtype,
        )
        into, out = _overlap(
            height, len(copied), 1, block.start * stride[0] - padding[0]
        )
        for j in range(kernel[1]):
            across, place = _overlap(width, columns, stride[1], j - padding[1])
            copied[out, j, :, place] = by_row[into, :, across]
        shape = count, kernel[0] * kernel[1] * channels, columns * batch
        yield (
            block,
            xp.lib.stride_tricks.as_strided(
                copied, shape, (stride[0] * row, line, x.dtype.itemsize)
            ),
        )


def _tap_products(weight: Array, x: Array) -> Iterator[tuple[int, Array]]:
    """weight[:, :, i, j] x for all taps (i, j), a block of rows at a time.

    Yields the block's first row, and its products (kh, kw, N, O, rows, W).

    It calls `dot`, because `@` is ten times slower for a weight with one input channel
    (NumPy 2.4).
    """
    outputs, channels, kh, kw = weight.shape
    batch, _, height, width = x.shape
    matrix = weight.transpose(2, 3, 0, 1).reshape(kh * kw * outputs, channels)
    for block in _blocks(height, len(matrix) * width * batch * x.dtype.itemsize):
        count = block.stop - block.start
        pixels = x[:, :, block].transpose(1, 2, 3, 0)
        # The next line makes a view, if the batch lies last in memory.
        pixels = pixels.reshape(channels, count * width * batch)
        products = xp_of(x).dot(matrix, pixels)
        products = products.reshape(kh, kw, outputs, count, width, batch)
        yield block.start, products.transpose(0, 1, 5, 2, 3, 4)


def _blocks(rows: int, size: int) -> Iterator[slice]:
    """`rows` rows of `size` bytes, in blocks of one row or at most WORKSPACE bytes."""
    step = max(1, WORKSPACE // max(1, size))
    return (slice(start, min(start + step, rows)) for start in range(0, rows, step))


def _flip(weight: Array) -> Array:
    """The kernel turned by 180 degrees, with its input and output channels swapped."""
    return weight.swapaxes(0, 1)[:, :, ::-1, ::-1]


# --- pooling and resizing -------------------------------------------------------------


def max_pool2d(x: Array, kernel: Pair, stride: Pair, padding: Pair) -> Array:
    """The largest number in each window; NaN if the window contains one."""
    xp, x = xp_of(x), in_memory_order(x)
    size = output_size(x.shape[2:], kernel, stride, padding)
    y = _image(xp.full((x.shape[1], *size, x.shape[0]), -xp.inf, dtype=x.dtype))
    for _, into, out in _taps(x.shape[2:], size, kernel, stride, padding):
        xp.maximum(y[out], x[into], out=y[out])
    return y


def max_pool2d_grad(
    g: Array, x: Array, y: Array, kernel: Pair, stride: Pair, padding: Pair
) -> Array:
    """dL/dx of y = max_pool2d(x): each window's g goes to the place of its maximum.

    That is the first place, row by row, that is not below y. ("Equal to y" would not
    do: where y is NaN, nothing equals it.)
    """
    g, x = in_memory_order(g), in_memory_order(x)
    grad = _zeros(x.shape, like=x)
    apart = stride[0] >= kernel[0] and stride[1] >= kernel[1]
    waiting = xp_of(y).ones_like(y, dtype=bool)
    for _, into, out in _taps(x.shape[2:], y.shape[2:], kernel, stride, padding):
        below = x[into] < y[out]
        share = g[out] * (waiting[out] & ~below)
        waiting[out] &= below
        if apart:  # nothing there to add to: 1.0 ms instead of 1.4 (16 x 28x28)
            grad[into] = share
        else:
            grad[into] += share
    return grad


def sum_pool2d(x: Array, kernel: Pair, stride: Pair, padding: Pair) -> Array:
    """The sum of each window."""
    x = in_memory_order(x)
    size = output_size(x.shape[2:], kernel, stride, padding)
    y = _zeros((*x.shape[:2], *size), like=x)
    for _, into, out in _taps(x.shape[2:], size, kernel, stride, padding):
        y[out] += x[into]
    return y


def sum_pool2d_grad(
    g: Array, kernel: Pair, stride: Pair, padding: Pair, size: Pair
) -> Array:
    """dL/dx of sum_pool2d, for x of height and width `size`.

    Each window's g goes to all of its places.
    """
    g = in_memory_order(g)
    grad = _zeros((*g.shape[:2], *size), like=g)
    for _, into, out in _taps(size, g.shape[2:], kernel, stride, padding):
        grad[into] += g[out]
    return grad


def upsample_nearest2d(x: Array, factor: Pair) -> Array:
    """Each pixel repeated as a block of factor[0] x factor[1] pixels."""
    xp, (batch, channels, height, width) = xp_of(x), x.shape
    blocks = xp.empty(
        (channels, height, factor[0], width, factor[1], batch), dtype=x.dtype
    )
    blocks[...] = _memory(x)[:, :, None, :, None]
    return _image(
        blocks.reshape(channels, height * factor[0], width * factor[1], batch)
    )


# --- what they share ------------------------------------------------------------------


def _taps(
    size: Pair, output: Pair, kernel: Pair, stride: Pair, padding: Pair
) -> Iterator[tuple[Pair, Any, Any]]:
    """Each tap, row by row: its (i, j), and two indices.

    They select the input pixels that it reads, and the output pixels that read them.
    """
    down = [
        _overlap(size[0], output[0], stride[0], i - padding[0])
        for i in range(kernel[0])
    ]
    across = [
        _overlap(size[1], output[1], stride[1], j - padding[1])
        for j in range(kernel[1])
    ]
    for i, (rows_in, rows_out) in enumerate(down):
        for j, (columns_in, columns_out) in enumerate(across):
            yield (i, j), (..., rows_in, columns_in), (..., rows_out, columns_out)


def _overlap(size: int, output: int, stride: int, start: int) -> tuple[slice, slice]:
    """Along one axis, which places start + p·stride lie inside the input.

    Returns two slices: those places (0 ≤ place < size), and their p (p < output).
    """
    first = max(0, -(start // stride))  # the smallest p with start + p·stride ≥ 0
    stop = max(first, min(output, (size - 1 - start) // stride + 1))
    place = start + first * stride
    return slice(place, place + (stop - first) * stride, stride), slice(first, stop)


def _memory(x: Array) -> Array:
    """x (N, C, H, W) as a contiguous (C, H, W, N), copied only if it is not one yet."""
    return xp_of(x).ascontiguousarray(x.transpose(1, 2, 3, 0))


def _image(memory: Array) -> Array:
    """(C, H, W, N) viewed as (N, C, H, W)."""
    return memory.transpose(3, 0, 1, 2)


def _zeros(shape: tuple[int, ...], like: Array) -> Array:
    """Images of zeros, with the batch last in memory."""
    batch, channels, height, width = shape
    return _image(xp_of(like).zeros((channels, height, width, batch), dtype=like.dtype))
