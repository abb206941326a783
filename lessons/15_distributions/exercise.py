"""Exercise 15: how surprised should you be?

Replace each `raise NotImplementedError(...)` by your code. Two functions run already,
and are wrong: mend them. Check with

    python -m lessons grade 15        (or: pytest lessons/15_distributions)

All logarithms are natural, so all costs are in nats. log_var is the logarithm of a
variance. Functions must not write into what they get.

NumPy only: an exercise that imports minae or another engine scores nothing. Hints in
steps are in the lesson.
"""

import numpy as np


def bill(p, q):
    """What it costs, on average, to bet on q where p is true.

    The surprise of an outcome is what you pay for it. How much does someone who knows p
    pay on average? How much does someone who believes q? What is the difference? What
    never happens costs nothing, even if nobody has bet on it. What happens and has no
    bet on it costs infinitely much.

    Args:
        p: the true probabilities of the outcomes, (K,). Some may be 0.
        q: the probabilities that are bet on, (K,). Some may be 0.

    Returns: the entropy of p, the average surprise of the one who believes q, and
    KL(p || q). Three numbers; the last two may be infinite.
    """
    raise NotImplementedError("bill: entropy, average surprise and KL")


def shares(money, bets, outcomes):
    """How the money is shared after many days: Bayes' rule.

    Every day all bettors bet all their money, in the parts that their rows of `bets`
    say. What was put on the wrong outcomes is lost. The bookmaker pays the same odds to
    everybody. Which part of all the money does each bettor have at the end?

    There may be 20,000 days. What becomes of a product of so many probabilities?

    Args:
        money: of each bettor on the first day, (K,). Positive.
        bets: a row for each bettor, with the part for each outcome, (K, M). Each row
            adds up to 1. Some parts may be 0.
        outcomes: what happened, day by day, whole numbers from 0 to M - 1, (days,). At
            least one bettor has put something on each outcome that came.

    Returns: the share of each bettor, (K,). Together they are 1.
    """
    raise NotImplementedError("shares: the part of each bettor")


def kl_gaussians(mu_p, log_var_p, mu_q, log_var_q):
    """KL(p || q) of two Gaussians, for many pairs of them.

    In each row p has D independent coordinates, with a mean and a variance for each. So
    has q. In which unit would you measure, so that q is N(0, 1)? And what happens to
    the surprises of independent coordinates?

    Shapes: all four (N, D).

    Returns: KL(p || q) of each row, (N,), of the dtype that was given.
    """
    raise NotImplementedError("kl_gaussians: one number for each row")


def kl_by_darts(mu_p, log_var_p, mu_q, log_var_q, n, seed):
    """The same KL by n darts, with an error bar. No formula for the KL is allowed here.

    KL is an expectation. Of what? And who throws the darts, p or q? Throw n of them
    with `np.random.default_rng(seed)`.

    Args:
        mu_p, log_var_p, mu_q, log_var_q: of one pair, (D,) each.
        n: how many darts, at least 2.
        seed: another one gives other darts.

    Returns: the estimate of KL(p || q), and the standard error of that estimate.
    """
    raise NotImplementedError("kl_by_darts: an estimate and its standard error")


def surprise(x, mean, covariance):
    """Minus the logarithm of a Gaussian's density, in many dimensions.

    D may be 300. What becomes of a determinant then, if all variances are small?

    Args:
        x: points, (N, D).
        mean: (D,).
        covariance: (D, D), symmetric, and no eigenvalue is 0.

    Returns: nats, one number for each point, (N,).
    """
    raise NotImplementedError("surprise: nats for each point")


# Debug. Both run, and are wrong.


def draw(mean, std, n, seed):
    """n points, whose coordinates are independent and normal.

    This runs, and for std = 1 all is well. Otherwise the points lie too close together,
    or too far apart. Mend it.

    Args:
        mean, std: of each coordinate, (D,) each.
        n: how many points.
        seed: another one gives other points.

    Returns: (n, D).
    """
    rng = np.random.default_rng(seed)
    return rng.multivariate_normal(mean, np.diag(std), n)


def score(nats):
    """A model's score on new pictures, and how well we know it.

    For each picture some darts were thrown, and each dart gave an estimate of what the
    picture costs. The score is what a picture costs on average. Its standard error says
    how far it would move if we took *other pictures*. This runs, and its error bar is
    far too short. Mend it.

    Args:
        nats: a row for each picture, with a number for each dart, (pictures, darts). At
            least 2 pictures.

    Returns: the score, and its standard error.
    """
    return np.mean(nats), np.std(nats, ddof=1) / np.sqrt(nats.size)


# Experiment. Predict before you run.


def best_bell(x, p, means, stds):
    """The bell that is nearest to p, and it matters what "near" is.

    Try all means with all stds. For each bell q find KL(p || q) and KL(q || p). Each is
    an integral: take the sum over the places x, times the step between them.

    Args:
        x: places at equal steps, (M,). Nearly all of p and of each q lies between them.
        p: a density at these places, (M,). Positive.
        means, stds: of the bells to try, (A,) and (B,).

    Returns: (mean, std) of the bell with the smallest KL(p || q), and (mean, std) of
    the one with the smallest KL(q || p).
    """
    raise NotImplementedError("best_bell: two pairs, (mean, std) each")


# Take two heaps of equal width, and move them apart, step by step. From some distance
# on the second bell stands on one heap alone. Why does it? In a line:
WHY_IT_HIDES = ""
