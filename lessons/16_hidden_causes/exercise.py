"""Exercise 16: hidden causes.

Replace each `raise NotImplementedError(...)` by your code. One function runs already,
and is wrong: mend it. Check with

    python -m lessons grade 16        (or: pytest lessons/16_hidden_causes)

N points x have D numbers each. K parts may have drawn them: part z is chosen with the
probability weights[z], and draws from the Gaussian with means[z] and covariances[z].
`log_joint` has a row for each point: the logarithms of p(x, z) for the K parts.

All logarithms are natural, all arrays float64. Functions must not write into what they
get.

NumPy only: an exercise that imports minae or another engine scores nothing. Hints in
steps are in the lesson.
"""

import numpy as np


def log_joint(x, weights, means, covariances):
    """The logarithm of p(x, z) for each point and each part.

    What is the density of the whole event: this part was chosen, and drew this point?
    What does its logarithm become?

    Shapes: x (N, D); weights (K,), positive; means (K, D); covariances (K, D, D).

    Returns: (N, K).
    """
    raise NotImplementedError("log_joint: ln p(x, z) for each point and part")


# Debug. It stands in section 3 of the lesson, too.


def e_step(log_joint):
    """How probable each point is, and who drew it.

    This runs, and near the parts it is right to a few digits. Far away from all of them
    both of its results are wrong. Mend it. A row of log_joint may be (-2000, -2003), or
    (900, 890).

    Args:
        log_joint: ln p(x, z), (N, K).

    Returns: ln p(x), (N,); and the posterior p(z | x), (N, K).
    """
    joint = np.exp(log_joint)
    p = joint.sum(axis=1) + 1e-8  # there is no logarithm of 0
    return np.log(p), joint / p[:, None]


def m_step(x, posterior):
    """The parts that explain the points best, when it is known who drew them.

    It is known by halves only: a point counts for a part as much as the posterior says.
    What is the share of a part then? What is its mean? Around which mean does its
    covariance measure?

    Shapes: x (N, D); posterior (N, K), each row adds up to 1.

    Returns: weights (K,), means (K, D), covariances (K, D, D).
    """
    raise NotImplementedError("m_step: weights, means and covariances")


def em(x, weights, means, covariances, steps):
    """EM: an E-step and an M-step, again and again. It runs on your three functions.

    Shapes: as in `log_joint`.

    Returns: weights, means and covariances after so many steps, and the score on the
    way: the mean of ln p(x) over the points, (steps + 1,). The first one is that of the
    parts that were given, the last one that of the parts that are returned.
    """
    raise NotImplementedError("em: three arrays, and the mean of ln p(x) on the way")


def elbo(log_joint, q):
    """The bound on ln p(x), and what it lacks, for any guess q of who drew each point.

    The two must add up to ln p(x), to 12 digits. A guess may be sure: then some of its
    probabilities are exactly 0. And a row of log_joint may be (-2000, -3000).

    Args:
        log_joint: ln p(x, z), (N, K).
        q: a guess in place of the posterior, (N, K). Each row adds up to 1.

    Returns: the ELBO of each point, (N,); and KL(q || posterior) of each point, (N,).
    """
    raise NotImplementedError("elbo: the bound and the gap")


def elbo_slope(logits, log_joint):
    """The loss of an encoder, and its slope in what the encoder returns.

    The encoder returns K logits for each point, and q is their softmax. The loss is
    minus the ELBO, averaged over the points. How does it change with q? And how does q
    change with the logits?

    Args:
        logits: (N, K), from -1,000 to 1,000.
        log_joint: ln p(x, z), (N, K).

    Returns: the loss, a number; and its slope in the logits, (N, K).
    """
    raise NotImplementedError("elbo_slope: minus the mean ELBO, and a slope")


# Experiment. Predict before you run.


def encoder_gap(features, log_joint, steps, lr):
    """How much an encoder without bends lacks, after gradient descent.

    Its logits are features @ W, with a matrix W that begins with zeros. In each step W
    goes downhill in the loss of `elbo_slope`, with all points.

    Args:
        features: what the encoder sees of each point, (N, F).
        log_joint: ln p(x, z), (N, K). It stays as it is: only the encoder learns.
        steps, lr: how many steps, and how long.

    Returns: the mean of KL(q || posterior) over the points, after the last step.
    """
    raise NotImplementedError("encoder_gap: the mean gap after training")


# A narrow bell stands in the middle of a wide one. An encoder that sees (1, x) says the
# same of all points; one that sees (1, x, x²) is as good as Bayes. Why? In a line:
WHY_SQUARES = ""
