"""Exercise 3: one solution."""

from itertools import pairwise

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


def shortcut_gradients(layers, x, target):
    kept, gradients = [], []
    for weight, bias in layers:
        bent = np.tanh(x @ weight + bias)
        kept.append((x, weight, bent))
        x = x + bent
    g = 2 * (x - target) / x.size
    for x, weight, bent in reversed(kept):
        inner = g * (1 - bent * bent)
        gradients.append((x.T @ inner, inner.sum(axis=0)))
        g = g + inner @ weight.T
    return gradients[::-1]


def outputs_for_forward_mode(sizes):
    m, from_output, from_input = 0, 0, 0
    while from_output <= from_input:
        m += 1
        from_output = sum(m * b * a for a, b in pairwise(sizes))
        from_input = sum(c * b * sizes[0] for b, c in pairwise((*sizes[1:], m)))
    return m


WHY_SO_FEW = "From the input J2 J1 is paid once; then each output costs only 784 x 100, from the output 353,600."
