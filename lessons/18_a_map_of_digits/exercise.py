"""Exercise 18: a map of digits.

Replace each `raise NotImplementedError(...)` by your code. One function runs already,
and is wrong: mend it. Check with

    python -m lessons grade 18        (or: pytest lessons/18_a_map_of_digits)

The prior is N(0, I): each of the k numbers of a code is normal with mean 0 and variance
1, by itself. A posterior is a Gaussian with mean mu and variance exp(log_var), for each
number of the code by itself. Functions must not write into what they get.

NumPy only: an exercise that imports minae or another engine scores nothing. Hints in
steps are in the lesson.
"""

from statistics import NormalDist

import numpy as np

# Both take arrays of any shape. share_below(z): which share of N(0, 1) lies below z?
# place_of(share): below which number lies this share? One undoes the other.
share_below = np.vectorize(NormalDist().cdf, otypes=[float])
place_of = np.vectorize(NormalDist().inv_cdf, otypes=[float])


def prior_grid(n):
    """n x n codes for a decoder to draw: each stands for the same share of the prior.

    Cut the prior of one number into n pieces of equal probability. Where is the place
    with half of a piece's probability to each side? Both numbers of the code take these
    n places.

    Returns: (n * n, 2). The first number grows along each row of n codes, the second
    one from row to row.
    """
    raise NotImplementedError("prior_grid: n * n codes")


def walk_by_probability(start, end, n):
    """n codes from one to another, in equal steps of probability.

    For each number of the code by itself: between two neighbours on the walk lies the
    same share of the prior at every step.

    Args:
        start, end: codes (k,).
        n: how many codes, 2 or more, with both ends.

    Returns: (n, k).
    """
    raise NotImplementedError("walk_by_probability: n codes")


def even_walk(codes, pictures, n):
    """n codes along a way, such that the picture changes equally at every step.

    The way is given by many codes, close to each other, and by their pictures. How much
    the picture changes between two neighbours is the length of the difference of their
    pictures: the root of the sum of squares. How far has one come, in this measure, at
    each of the codes? Between two of them the way is straight, and walked evenly.

    Args:
        codes: (M, k), in the order of the way. No two neighbours have the same picture.
        pictures: (M, D), what the decoder draws at each code.
        n: how many codes, 2 or more. The first and the last are those of the way.

    Returns: (n, k).
    """
    raise NotImplementedError("even_walk: n codes")


def posterior_width(slopes, p):
    """How wide the posterior of a picture is, along each number of its code.

    The decoder gives a logit for each pixel. Near the code each logit is taken to be
    straight in z: its slope in each number of the code is given. Then
    ln p(x|z) + ln p(z) is bent downwards along each number. How strongly? And what is
    the standard deviation of a Gaussian whose logarithm is bent as strongly, along this
    number alone?

    Args:
        slopes: (k, D), slopes of the D logits in the k numbers.
        p: (D,), the sigmoid of each logit.

    Returns: (k,), standard deviations.
    """
    raise NotImplementedError("posterior_width: k standard deviations")


def aggregate(points, mu, log_var):
    """The density of codes when a picture is chosen at random, then a code of it.

    Every picture has a posterior, and every picture is chosen equally often.

    Shapes: points (M, k), where the density is asked; mu and log_var (N, k), the
    posteriors of N pictures.

    Returns: (M,), densities.
    """
    raise NotImplementedError("aggregate: the density at each point")


def aggregate_moments(mu, log_var):
    """The mean and the covariance of these codes, without drawing any.

    A code is the mean of its posterior, plus noise. What does each of both add?

    Shapes: mu and log_var (N, k).

    Returns: the mean (k,), and the covariance matrix (k, k).
    """
    raise NotImplementedError("aggregate_moments: mean and covariance")


# Debug. It stands in section 3 of the lesson, too.


def draw_map(decode, n):
    """A sheet of n x n pictures: what the decoder draws, all over the prior.

    This runs, and draws a handsome sheet. It has two mistakes. It shows half of the
    prior at best, and it disagrees with the map of dots, where the first number grows
    to the right and the second one upwards. Mend both.

    Args:
        decode: a function from codes (N, 2) to pictures (N, H, W).
        n: how many pictures in a row, and in a column, 2 or more.

    Returns: (n * H, n * W): each picture stands for the same share of the prior.
    """
    line = np.linspace(-1, 1, n)
    codes = np.array([(first, second) for second in line for first in line])
    pictures = decode(codes)
    height, width = pictures.shape[1:]
    rows = pictures.reshape(n, n, height, width)
    return rows.transpose(0, 2, 1, 3).reshape(n * height, n * width)


# Experiment. Predict before you run.


def missed_and_empty(codes, edges):
    """What a grid of cells misses of some codes, and what it wastes.

    The edges cut both axes alike: len(edges) - 1 cells along each, so that many times
    that many in all. Each cell has one picture on the sheet. (A code exactly on an edge
    may count for either cell.)

    Args:
        codes: (N, 2).
        edges: (n + 1,), growing. The first may be -inf and the last inf.

    Returns: the share of the codes that lie in no cell, and the share of the cells that
        have no code.
    """
    raise NotImplementedError("missed_and_empty: two shares")


# Even edges from -1 to 1, even edges from -4 to 4, edges at equal shares of the prior:
# what does each of the first two do wrong, and why does the third one do neither?
# Say it in a line.
WHY_NOT_EVEN = ""
