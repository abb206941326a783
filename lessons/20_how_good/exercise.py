"""Exercise 20: how good is it?

Replace each `raise NotImplementedError(...)` by your code. Two functions run already,
and are wrong: mend them. Check with

    python -m lessons grade 20        (or: pytest lessons/20_how_good)

There are N pictures x of D numbers each, in rows. A world without bends draws them:

    z from N(0, I), with `latent` numbers,    x = mean + W z + noise of the variance var

with mean (D,), W (D, latent), and a number var. `log_weights` (K, N) has the logarithms
of the weights of K darts for each of N pictures. All logarithms are natural, all arrays
float64. Functions must not write into what they get.

NumPy only: an exercise that imports minae or another engine scores nothing. Hints in
steps are in the lesson.
"""

import numpy as np


def log_weights(x, mean, W, var, mu, log_var, eps):
    """The logarithm of the weight of each dart.

    The encoder's bell for each picture is N(mu, e^log_var). A dart is a code z, thrown
    from this bell with the noise eps. By what must p(x | z) be multiplied, since z was
    not thrown from the prior?

    A check: if the bell is the true posterior, all weights of a picture are the same.
    Which number are they?

    Shapes: x (N, D); mu and log_var (N, latent); eps (K, N, latent), from N(0, 1).

    Returns: (K, N).
    """
    raise NotImplementedError("log_weights: ln w of each dart and picture")


def exact_log_p(x, mean, W, var):
    """The truth: ln p(x) of each picture, without a dart.

    What is the distribution of mean + W z + noise? What is its covariance?

    Shapes: x (N, D). There may be more latents than pixels, too.

    Returns: (N,).
    """
    raise NotImplementedError("exact_log_p: ln p(x) of each picture")


def effective_sample_size(log_weights):
    """How many equal darts the K darts of each picture are worth.

    For the weights w this is (sum of w)² / (sum of w²). It is between 1 and K. The
    logarithms may be as low as -2,000, or as high as 2,000.

    Returns: (N,).
    """
    raise NotImplementedError("effective_sample_size: a number for each picture")


def error_bars(log_weights):
    """The score of a model, and two standard errors.

    The score is the mean of L_K over the pictures. Why is it not exact? There are only
    N pictures, and only K darts for each.

    For the second: let w be the K weights of a picture. Their mean has a standard error
    (lesson 15: with ddof=1). How does it move L_K, the logarithm of this mean? To first
    order: by the slope of the logarithm. Then average over the pictures. Their darts
    are independent.

    Returns: three numbers: the score, its standard error over pictures (by the N values
        of L_K, with ddof=1), and that part of it which comes from the darts.
    """
    raise NotImplementedError("error_bars: a score and two standard errors")


def difference(a, b):
    """By how much model a is better than model b, and whether to believe it.

    Both are judged on the same N pictures, with K darts each, K at least 10. Take the
    difference of L_K on each picture.

    Believe it if it is more than three standard errors away from 0, with all darts and
    also with the first tenth of them (the first K // 10 rows), with the same sign.

    Args:
        a, b: the log_weights of the two models, (K, N).

    Returns: the mean difference with all darts, positive if a is better; its standard
        error (ddof=1); and True or False.
    """
    raise NotImplementedError("difference: a number, its error, and True or False")


# Debug. Section 3 of the lesson is about the first, section 7 about the second.


def bound(log_weights):
    """L_K of each picture: the logarithm of the mean of its K weights.

    This runs. Of small numbers it says something else than L_K. Mend it. (It should
    stand numbers from -2,000 to 2,000.)

    Returns: (N,).
    """
    weights = np.exp(log_weights)
    return np.log(weights.mean(axis=0) + 1e-37)  # so that it never says -inf


def world(n, seed):
    """n points (n, 2) in five clouds. The seed says where the clouds are, too."""
    rng = np.random.default_rng(seed)
    centres = 3 * rng.standard_normal((5, 2))
    rows = rng.random((n, 3))
    cloud = (5 * rows[:, 0]).astype(int)
    return centres[cloud] + rows[:, 1:] - 0.5


def train_and_test(n_train, n_test, seed):
    """Points to train on and new points to test on, of the same five clouds.

    This runs. A model that only remembers its points gets full marks on the test. Mend
    it. The same seed must give the same points again, and another seed others.

    Returns: (n_train, 2) and (n_test, 2).
    """
    return world(n_train, seed), world(n_test, seed)


# Experiment. Predict before you run.


def prior_gap(latent, var, darts, n, seed):
    """How far L_K stays below the truth, if the darts are thrown from the prior.

    A world with as many pixels as latents: mean 0, and W the identity. Let it draw n
    pictures. For each, throw `darts` codes from the prior, and compare L_K with
    ln p(x). Also compute what the posterior has to say: KL(p(z|x) || p(z)), in closed
    form, averaged over all pictures that the world can draw (or over your n).

    Returns: two numbers: the mean KL, and the mean of ln p(x) - L_K.
    """
    raise NotImplementedError("prior_gap: the mean KL, and the mean gap")


# Take var = 0.1. With 1 latent and 12 darts, the gap is some number. How many darts
# does it take with 2 latents, and with 4, to come about as near? What is the rule, and
# why? In a line:
WHY_SO_MANY = ""
