"""Exercise 3: one solution."""

import numpy as np


def unbroadcast(g, shape):
    in_front = tuple(range(g.ndim - len(shape)))
    g = g.sum(axis=in_front)
    size_1 = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return g.sum(axis=size_1, keepdims=True)


def add(a, b):
    return a + b, (lambda g: unbroadcast(g, a.shape), lambda g: unbroadcast(g, b.shape))


def mul(a, b):
    return a * b, (lambda g: unbroadcast(g * b, a.shape), lambda g: unbroadcast(g * a, b.shape))


def matmul(a, b):
    return a @ b, (lambda g: g @ b.T, lambda g: unbroadcast(a.swapaxes(-1, -2) @ g, b.shape))


def sum_(x, axis, keepdims=False):
    def vjp(g):
        g = g if keepdims else np.expand_dims(g, axis)
        return np.broadcast_to(g, x.shape)

    return x.sum(axis=axis, keepdims=keepdims), (vjp,)


def take_rows(x, rows):
    def vjp(g):
        grad = np.zeros_like(x)
        np.add.at(grad, rows, g)
        return grad

    return x[rows], (vjp,)


def log_softmax(x):
    shifted = x - x.max(axis=-1, keepdims=True)
    y = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return y, (lambda g: g - np.exp(y) * g.sum(axis=-1, keepdims=True),)
