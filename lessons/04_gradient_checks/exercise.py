"""Exercise 4: when a gradient check lies.

Replace each `raise NotImplementedError(...)` by your code. One function runs already,
and is wrong: mend it. Check with

    python -m lessons grade 04        (or: pytest lessons/04_gradient_checks)

You write the checks, and the tests try to fool them: they hand you right ops, which
must pass, and a zoo of wrong ones, which must not. The functions can be done, and are
checked, apart from each other. NumPy only: an exercise that imports minae or
another engine scores nothing. Hints in steps are in the lesson.
"""

import numpy as np


def check(op, x, seed):
    """How far the vjp of an op is from central differences, as a relative error.

    Draw a random cotangent c. The vjp of c is one gradient. The slopes of the number
    Σ c * value are another. Return the largest difference between the two, divided
    by the largest element of either; and 0.0 where both are zero everywhere.

    Args:
        op: a function of one array. op(x) returns (value, (vjp,)), as in lesson 3. Call
            it as often as you like.
        x: an array of any shape, with elements of order 1, in float32 or float64. All
            computing is to be in float64.
        seed: of the cotangent, which is
            np.random.default_rng(seed).standard_normal(shape of the value).

    Returns: a float. About 1e-10 for a right op; 0.5 if the gradient is twice what it
    should be, 1 if it is zero, 2 if its sign is wrong. A gradient with a NaN in it must
    give nan or inf, and not a number that looks small.
    """
    raise NotImplementedError("check: compare vjp(c) with central differences")


def is_kink(f, x, direction):
    """Whether f has a kink at x along a direction: the two one-sided slopes differ.

    What does their gap do as the step falls, where f is smooth? What at a kink? A kink
    that is 0.01 or farther away from x is not at x.

    Args:
        f: a function of an array, which returns a float of any size: 1e-9 |x| has a
            kink at 0, and so has 1000 + |x|. Curvature can be large: 1000 x² has none.
        x, direction: arrays of one shape, with elements of order 1. The direction has
            length 1.

    Returns: True or False.
    """
    raise NotImplementedError("is_kink: compare the gaps of two steps")


def sample_moments_match(sample, mu, log_var, seed, n=10_000):
    """Whether n samples have the mean and the variance that they should.

    These are mu and exp(log_var). Each may be at most 4 standard errors away. A right
    sampler is then refused about once in 8,000 times.

    Args:
        sample: sample(mu, log_var, eps) returns samples, for three arrays of n numbers;
            eps is noise from N(0, 1).
        mu, log_var: floats.
        seed: of the noise: np.random.default_rng(seed).standard_normal(n).

    Returns: True or False.
    """
    raise NotImplementedError("sample_moments_match: draw, and count standard errors")


def lying_softmax(x):
    """Softmax over the last axis, with a wrong backward of your own.

    A check with a cotangent of ones must let it pass. The value is right, and so is
    vjp(ones). For at least one of 8 random g, vjp(g) is wrong by more than a tenth of
    the right gradient. And it is not always zero: that lie has been told in the lesson.

    Shapes: x (..., C) -> the same.

    Returns: (value, (vjp,)).
    """
    raise NotImplementedError("lying_softmax: the right value, a vjp right for ones")


# Debug. The lesson's project is about this function, too.


def log_cosh(prediction, target):
    """A loss that is like d²/2 near 0 and like |d| far away: y = ln cosh(d).

    Here d = prediction - target. This draft runs, and it is wrong in more than one way.
    Find each mistake, and mend it.

    The value and both vjps must be right near the target. They must be finite, and the
    value right, where d is 1000 or more.

    Shapes: both inputs have one shape, and so have the value and what each vjp returns.

    Returns: (value, (vjp of prediction, vjp of target)).
    """
    d = prediction - target
    y = np.log(np.cosh(d))
    slope = 1 / np.cosh(d)
    return y, (lambda g: g * slope, lambda g: g * slope)


# Experiment. Predict before you run.


def samples_until_seen(s, seed):
    """How many samples it takes to see the famous bug at s.

    The bug draws z = e^s ε, where s promises the variance e^s. Draw n samples. By how
    many standard errors is their variance off? Begin with n = 250, and double n until
    there are more than 5.

    Args:
        s: a float, of either sign.
        seed: of the noise, which is np.random.default_rng(seed).standard_normal(n),
            drawn anew for each n.

    Returns: the first such n, a whole number; 0 if 128,000 samples do not show the bug.
    """
    raise NotImplementedError("samples_until_seen: double n until the bug shows")


# How does the number of samples change if s is halved? Why? Say it in a line.
WHY_SO_MANY = ""
