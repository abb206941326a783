"""Exercise 4: when a gradient check lies.

Replace each `raise NotImplementedError(...)` by your code. Check with

    python -m lessons grade 04        (or: pytest lessons/04_gradient_checks)

Here you write the checks, and the tests try to fool them: they hand you right ops, which must pass, and a zoo of wrong
ones, which must not. The functions can be done, and are checked, apart from each other. NumPy only: an exercise that
imports minae or another engine scores nothing.
"""

import numpy as np


def check(op, x, seed):
    """How far the vjp of an op is from central differences, as a relative error.

        max |gradient - slopes| / max(max |gradient|, max |slopes|),   and 0.0 where both are zero everywhere

    where c is a random cotangent, gradient = vjp(c), and slopes are those of s(x) = Σ c * value(x), one per element.

    Args:
        op: a function of one array. op(x) returns (value, (vjp,)), as in lesson 3. Call it as often as you like.
        x: an array of any shape, with elements of order 1, in float32 or float64. All computing is to be in float64.
        seed: of the cotangent: np.random.default_rng(seed).standard_normal(shape of the value).

    Returns: a float. About 1e-10 for a right op; 0.5 if the gradient is twice what it should be, 1 if it is zero, 2 if
    its sign is wrong. A gradient with a NaN in it must give nan or inf, and not a number that looks small.

    Hint: a step of 1e-5 suits x of order 1.
    """
    raise NotImplementedError("check: compare vjp(c) with central differences of the sum of c * value")


def is_kink(f, x, direction):
    """Whether f has a kink at x along a direction: the slopes to the right and to the left differ.

        gap(h) = (f(x + h d) - 2 f(x) + f(x - h d)) / h

    Where f is smooth, the gap falls like h. At a kink it does not depend on h. A kink that is 0.01 or farther away from
    x is not at x.

    Args:
        f: a function of an array, which returns a float of any size: 1e-9 |x| has a kink at 0, and so has 1000 + |x|.
        x, direction: arrays of one shape, with elements of order 1. The direction has length 1.

    Returns: True or False.

    Hint: compare the gaps of two steps, say 1e-4 and 1e-5. Curvature can be large: at 1000 x² the gaps are 0.2 and
    0.02. And rounding: f is known to about 2e-16 of its size, so a gap as small as that, divided by h, says nothing.
    Where f is linear there is nothing else.
    """
    raise NotImplementedError("is_kink: compare the gaps of two steps")


def sample_moments_match(sample, mu, log_var, seed, n=10_000):
    """Whether n samples have the mean and the variance that they should: mu and exp(log_var).

        SE(mean) = std / √n,   SE(variance) = variance √(2 / n),   with the variance that they should have

    Args:
        sample: sample(mu, log_var, eps) returns samples, for three arrays of n numbers; eps is noise from N(0, 1).
        mu, log_var: floats.
        seed: of the noise: np.random.default_rng(seed).standard_normal(n).

    Returns: True if both moments are within 4 standard errors, else False. A right sampler is then refused about once
    in 8,000 times.

    Hint: np.full(n, mu).
    """
    raise NotImplementedError("sample_moments_match: draw, and hold mean and variance against their standard errors")


def lying_softmax(x):
    """Softmax over the last axis, with a wrong backward that a check with a cotangent of ones lets pass. Your own lie.

        y_i = e^(x_i) / Σ_j e^(x_j),   right: dL/dx = y (g - Σ g y)

    Returns: (value, (vjp,)). The value is right. vjp(ones) is right. For at least one of 8 random g, vjp(g) is wrong by
    more than a tenth of the right gradient. And it is not always zero: that lie has been told in the lesson.

    Hint: what is right at g = 1? Which mistakes in the formula keep that?
    """
    raise NotImplementedError("lying_softmax: return the right value, and a vjp that is right for ones only")
