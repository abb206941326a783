"""Solution of exercise 1: slopes by nudging."""

import numpy as np


def forward_difference(f, x, h):
    return (f(x + h) - f(x)) / h


def central_difference(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * h)


def best_step(rule, dtype):
    power = {"forward": 1 / 2, "central": 1 / 3}[rule]
    return float(np.finfo(dtype).eps) ** power


def gradient(f, x, h):
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        above, below = x.astype(np.float64), x.astype(np.float64)  # astype copies: x stays as it is
        above[i] += h
        below[i] -= h
        grad[i] = (f(above) - f(below)) / (2 * h)
    return grad


def complex_step(f, x, h=1e-20):
    return f(x + 1j * h).imag / h


def absolute(z):
    return z if z.real > 0 else -z


def directional_derivative(f, x, v, h):
    return (f(x + h * v) - f(x - h * v)) / (2 * h)


def speed(position, time, h):
    ahead, behind = time + h, time - h  # rounded: no longer 2h apart
    return (position(ahead) - position(behind)) / (ahead - behind)


def best_step_of_a_wave(a):
    return 6e-6 / a


WHY_THE_STEP_CHANGES = "A wave that is a times narrower bends in a step that is a times shorter, and its stairs stay."
