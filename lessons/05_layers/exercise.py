"""Exercise 5: layers.

Replace each `raise NotImplementedError(...)` by your code. One function runs already,
and is wrong: mend it. Check with

    python -m lessons grade 05        (or: pytest lessons/05_layers)

An op is a function of NumPy arrays, as in lesson 3: it returns its value, and a tuple
with one vjp for each input. All inputs of an op here have a vjp. NumPy only: an
exercise that imports minae or another engine scores nothing. Hints in steps are in the
lesson. The project of Part II uses what you write here.
"""

import numpy as np


def linear(x, weight, bias):
    """The linear layer: each row of weight, with its bias, is a unit.

    What does unit o make of row n of x? How often is each weight used, how often each
    bias? What happens to the gradients of something that is used several times?

    Shapes: x (N, D), weight (O, D), bias (O,) -> (N, O).

    Returns: (value, (vjp of x, vjp of weight, vjp of bias)).
    """
    raise NotImplementedError("linear: return the value and three vjps")


def relu(x):
    """0 where x is negative, x where it is positive.

    Where does g pass? At x = 0 itself the slope is 0, by convention.

    Shapes: x of any shape -> the same. The dtype of x stays, in the value and in what
    the vjp returns.

    Returns: (value, (vjp,)).
    """
    raise NotImplementedError("relu: return the value and one vjp, in a tuple")


def init_weight(out_features, in_features, seed, slope=0.0):
    """Random weights for a layer in the middle of a deep network, of mean 0.

    Between two layers stands a leaky relu: it lets z through where z is positive, and
    slope * z where z is negative. With slope 0 that is relu. Each z is symmetric around
    0. Which standard deviation keeps the mean square of z from layer to layer?

    Args:
        out_features, in_features: how many units the layer has, and how many numbers
            each of them reads.
        seed: of the draw. The same seed gives the same weights, another seed others.
        slope: a float from 0 to 1.

    Returns: an array of shape (out_features, in_features).
    """
    raise NotImplementedError("init_weight: draw with the std that keeps z")


def ladder(x, target, w1, b1, w2, b2):
    """The gradient of the loss in every value on its way, by hand.

    The network divides each row by its own size, so that no signal dies:

        z = x @ w1.T + b1                           (N, H)
        m = (z * z).mean(axis=1, keepdims=True)     (N, 1)
        r = np.sqrt(m)                              (N, 1)
        u = z / r                                   (N, H)
        h = np.maximum(u, 0)                        (N, H)
        y = h @ w2.T + b2                           (N, O)
        d = y - target                              (N, O)
        loss = (d * d).sum() / N

    Begin at the bottom line and climb. Which lines use z? And what stretches r?

    Shapes: x (N, D), target (N, O), w1 (H, D), b1 (H,), w2 (O, H), b2 (O,). z has no 0
    in it, and u neither.

    Returns: a dict of 12 gradients, each of the shape of its value, with the keys
        "d", "y", "w2", "b2", "h", "u", "r", "m", "z", "w1", "b1", "x".
    """
    raise NotImplementedError("ladder: return a dict of 12 gradients")


# Debug. It stands in section 8 of the lesson, too.


def scaled_linear(x, weight, bias):
    """A linear layer whose weights are drawn from N(0, 1).

    It scales them itself, by the number that keeps a signal alive behind relu:
    y = x @ (s * weight).T + bias, where s is the standard deviation of the lesson.

    This runs, for all sizes, and on square weights it passes every gradient check.
    There are two mistakes. Find and mend them.

    Shapes: x (N, D), weight (O, D), bias (O,) -> (N, O).

    Returns: (value, (vjp of x, vjp of weight, vjp of bias)).
    """
    y = x @ weight.T * np.sqrt(2 / len(weight)) + bias
    to_x = lambda g: g @ weight * np.sqrt(2 / g.shape[1])
    to_weight = lambda g: g.T @ x * np.sqrt(2 / x.shape[1])
    return y, (to_x, to_weight, lambda g: g.sum(axis=0))


# Experiment. Predict before you run.


def layers_until_lost(std, width, seed):
    """Through how many relu layers a signal passes until it is lost.

    Lost means: its mean square is below a millionth of what it was at the start, or
    above a million times that.

    Draw everything from rng = np.random.default_rng(seed), in this order: first the
    signal, x = rng.standard_normal((10, width)). Then for each layer a new weight,
    std * rng.standard_normal((width, width)). The layer is x = relu(x @ weight.T),
    without a bias.

    Returns: the number of layers after which it is lost, a whole number; 200 if it is
    not lost after 200.
    """
    raise NotImplementedError("layers_until_lost: count layers until it is lost")


# With std = 0.1, which width keeps a signal alive? And why do 100 and 400 lose it after
# about as many layers? Say it in a line.
WHY_THIS_WIDTH = ""
