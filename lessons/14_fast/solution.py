"""Exercise 14: one solution."""

import numpy as np


def strides(shape, itemsize, order):
    step, found = itemsize, []
    for size in shape if order == "F" else reversed(shape):
        found.append(step)
        step *= size
    return tuple(found if order == "F" else reversed(found))


def roofline(n, k, m, itemsize, speed, bandwidth):
    operations = 2 * n * k * m
    moved = itemsize * (n * k + k * m + n * m)
    arithmetic, memory = operations / speed, moved / bandwidth
    return operations / moved, max(arithmetic, memory), "memory" if memory > arithmetic else "arithmetic"


def places(size, kernel_size, stride, padding):
    """How many rows and columns of places a window has."""
    return tuple((n + 2 * padding - k) // stride + 1 for n, k in zip(size, kernel_size, strict=True))


def taps(kernel_size, stride, height, width):
    """For each number of the filter, the slices of rows and columns that it meets."""
    for i in range(kernel_size[0]):
        for j in range(kernel_size[1]):
            yield i, j, slice(i, i + stride * height, stride), slice(j, j + stride * width, stride)


def columns(x, kernel_size, stride=1, padding=0):
    n, c, h, w = x.shape
    height, width = places((h, w), kernel_size, stride, padding)
    padded = np.zeros((c, h + 2 * padding, w + 2 * padding, n), x.dtype)
    padded[:, padding : padding + h, padding : padding + w] = x.transpose(1, 2, 3, 0)
    cols = np.empty((c, *kernel_size, height, width, n), x.dtype)
    for i, j, rows, across in taps(kernel_size, stride, height, width):
        cols[:, i, j] = padded[:, rows, across]
    return cols.reshape(c * kernel_size[0] * kernel_size[1], height * width * n)


def back_in_place(cols, shape, kernel_size, stride, padding):
    """The adjoint of `columns`: what stands in the windows is added up in the pictures."""
    n, c, h, w = shape
    height, width = places((h, w), kernel_size, stride, padding)
    cols = cols.reshape(c, *kernel_size, height, width, n)
    padded = np.zeros((c, h + 2 * padding, w + 2 * padding, n), cols.dtype)
    for i, j, rows, across in taps(kernel_size, stride, height, width):
        padded[:, rows, across] += cols[:, i, j]
    return padded[:, padding : padding + h, padding : padding + w].transpose(3, 0, 1, 2)


def conv2d(x, weight, product, stride=1, padding=0):
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


def gradient_of_shares(gradient, x, y, count):
    total = None
    for process in range(count):
        rows = slice(process * len(x) // count, (process + 1) * len(x) // count)
        weight = (rows.stop - rows.start) / len(x)
        if weight:
            part = [weight * g for g in gradient(x[rows], y[rows])]
            total = part if total is None else [a + b for a, b in zip(total, part, strict=True)]
    return total


def race(ways, make_input, rounds, clock):
    for way in ways:
        way(make_input())
    times: list[list[float]] = [[] for _ in ways]
    for _ in range(rounds):
        for way, taken in zip(ways, times, strict=True):
            x = make_input()
            start = clock()
            way(x)
            taken.append(clock() - start)
    return [float(np.median(taken)) for taken in times]


def in_batches(function, x, batch_size=128, dtype=np.float32):
    results = []
    for start in range(0, len(x), batch_size):
        batch = x[start : start + batch_size]
        results.append(function(batch.astype(dtype)))
    return np.concatenate(results)


def lines_loaded(addresses, line, kept):
    held: list[int] = []
    loaded = 0
    for address in addresses:
        number = address // line
        if number in held:
            held.remove(number)
        else:
            loaded += 1
        held = [*held, number][-kept:]
    return loaded


LINES_TO_KEEP = 32
WHY = "A column has a number in each of 32 rows, and each row's line serves the next 15 columns, if it is still there."
