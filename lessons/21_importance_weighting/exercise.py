"""Exercise 21: importance weighting.

Replace each `raise NotImplementedError(...)` by your code. Two functions run already,
and are wrong: mend them. Check with

    python -m lessons grade 21        (or: pytest lessons/21_importance_weighting)

Use NumPy only. k is the number of samples. Samples always go along axis 0.

A hidden number z has the prior and the likelihood that `log_joint(z)` knows: it returns
ln p(x, z) for one fixed x, for an array of any shape. `slope(z)` is its slope in z. The
encoder's bell is q = N(mu, e^log_var), with two numbers mu and log_var. eps is noise
from N(0, 1), (k, n): n tries, each with k samples. Do not write into the arrays that
you get. Hints in steps are in the lesson.
"""

import numpy as np


def log_weights(log_joint, mu, log_var, eps):
    """ln w = ln p(x, z) - ln q(z) of samples z of the bell, made from eps.

    All of ln q counts here, with its constant.

    Shapes: eps (k, n) -> (k, n).
    """
    raise NotImplementedError("log_weights: ln w of each sample")


def importance_bound(log_weights):
    """The bound L_k of each picture: ln of the mean of its k weights, as an op.

    Log-weights go from -2,000 to 2,000, or further. Nothing may overflow, and no
    picture may be lost.

    Shapes: log_weights (k, N) -> (N,). So g has one number per picture.

    Returns: the bounds, and a tuple with one vjp, in the form of lesson 3.
    """
    raise NotImplementedError("importance_bound: the value and one vjp")


def standard_slopes(log_joint, slope, mu, log_var, eps):
    """Estimates of the slopes of E[L_k] in mu and log_var, one from each try.

    This is what backward brings: L_k is a function of its log-weights. These move with
    mu and log_var in two ways: z moves, and ln q changes where z stands still.

    Returns: two arrays (n,): of the slope in mu, and of that in log_var.
    """
    raise NotImplementedError("standard_slopes: two estimates per try")


def doubly_slopes(log_joint, slope, mu, log_var, eps):
    """Estimates of the same two slopes, doubly reparameterised (section 5).

    Only the path through z is left. How much does each sample count? And what is the
    slope of ln w in z, if mu and log_var stand still?

    Returns: two arrays (n,): of the slope in mu, and of that in log_var.
    """
    raise NotImplementedError("doubly_slopes: two estimates per try")


def fit_bell(log_joint, slope, k, mu, log_var, steps, lr, seed):
    """Climb to the best bell for k samples, from mu and log_var: train the encoder.

    In each step take new noise for 100 tries, and move mu and log_var by lr times the
    mean of one of your two estimates. The bound is to grow.

    Returns: mu and log_var at the end, two numbers.
    """
    raise NotImplementedError("fit_bell: mu and log_var after the climb")


# Debug. Section 3 of the lesson is about the first.


def merits(nats):
    """What each picture costs, and how much each of its samples counts in training.

    nats are -ln w, so a sample with few nats is a good one. The cost is to be -L_k. The
    second result is the slope of the cost in each of the nats, by which a program
    multiplies the slopes of its samples.

    This runs, and training with it makes the cost smaller. There are two mistakes, one
    in each line. Mend them.

    Shapes: nats (k, N) -> (N,) and (k, N).
    """
    shares = np.exp(nats - nats.max(axis=0))
    counts = shares / shares.sum(axis=0)
    return (counts * nats).sum(axis=0), counts


def log_likelihoods(x, z, logits_of):
    """ln p(x|z) of k codes for each picture, all decoded in one go.

    This runs, with the right shapes. A VAE that trains with it finds that its codes are
    of no use, and lets them fall silent. There is one mistake. Mend it.

    Args:
        x: black and white pictures (N, D), of 0 and 1.
        z: codes (k, N, latent): z[i, j] is the i-th code of the picture x[j].
        logits_of: the decoder: takes codes (rows, latent), returns logits (rows, D).

    Returns: (k, N).
    """
    k, n, latent = z.shape
    logits = logits_of(z.reshape(k * n, latent))
    pictures = np.repeat(x, k, axis=0)
    log_p = pictures * logits - np.logaddexp(0, logits)
    return log_p.sum(axis=1).reshape(k, n)


# Experiment. Predict before you run.


def signal_to_noise(log_joint, slope, mu, log_var, k, n, seed):
    """How loud the slope in mu is, against its own shaking, for k samples.

    Take n tries of each estimate. Signal to noise is the size of their mean, divided
    by the standard deviation of one try.

    Returns: two numbers: of the standard estimate, and of the doubly reparameterised.
    """
    raise NotImplementedError("signal_to_noise: two numbers")


# Someone has a bound that is too loose, takes 64 samples instead of 4, and finds that
# the encoder learns worse. Why? And what would you change? In a line:
WHY_IT_FADES = ""
