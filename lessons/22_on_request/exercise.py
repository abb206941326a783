"""Exercise 22: on request.

Replace each `raise NotImplementedError(...)` by your code. Two functions run already,
and are wrong: mend them. Check with

    python -m lessons grade 22        (or: pytest lessons/22_on_request)

There are K labels, 0 to K - 1. A *cost* is minus a lower bound, in nats: that of a
picture and a label is at least -ln p(x, y), so the prior of the label is in it. Ops
return their value and a tuple with the vjps, as in lesson 3.

NumPy only: an exercise that imports minae or another engine scores nothing. Do not
write into the arrays that you get. Hints in steps are in the lesson.
"""

import numpy as np


def labelled_linear(x, labels, W, V):
    """A layer that is told a label: the one-hot label enters beside x.

    Each label has a row of V. What does a layer make of x and the one-hot label, put
    side by side? A label may come many times in a batch, or never.

    Args:
        x: (N, D).
        labels: (N,), whole numbers from 0 to K - 1.
        W: (D, H), the weights of x.
        V: (K, H), the weights of the label.

    Returns: the values (N, H), and a tuple of three vjps, of x, W and V.
    """
    raise NotImplementedError("labelled_linear: the value and three vjps")


def by_bayes(costs, prior):
    """What the ten costs of a generator say about the label.

    Costs are in nats and may be large: hundreds, or thousands.

    Args:
        costs: (N, K), -ln p(x|y) of each picture with each label (the prior of the
            label is *not* in them).
        prior: (K,), how probable each label is before the picture is seen.

    Returns: p(y|x), (N, K), and -ln p(x), (N,).
    """
    raise NotImplementedError("by_bayes: the posterior of the labels, and -ln p(x)")


def unlabelled_cost(costs, logits):
    """What a picture without a label costs, if q guesses its label.

    q(y|x) is the softmax of the logits. What does a guess cost on average, and what
    does the guesser get back for being unsure?

    Args:
        costs: (N, K), for each picture and label -ln p(x, y), or a bound of it.
        logits: (N, K).

    Returns: the costs (N,), and a tuple of two vjps, of `costs` and of `logits`.
    """
    raise NotImplementedError("unlabelled_cost: the value and two vjps")


def in_its_style(picture, label, encode, decode):
    """One picture, written again with every label: ten pictures in one hand.

    Take the mean of the picture's code as its style.

    Args:
        picture: (D,).
        label: its label, a whole number.
        encode: takes pictures (M, D) and labels (M,), and returns mu and log_var, two
            arrays (M, latent).
        decode: takes codes (M, latent) and labels (M,), and returns pictures (M, D).

    Returns: (10, D), row y with label y.
    """
    raise NotImplementedError("in_its_style: ten pictures")


# Debug. Both run, and train to a falling loss. Each has one mistake.


def on_request(x, labels, eps, parts):
    """The two terms of a conditional VAE's loss, in nats per picture.

    This one cannot draw on request: whatever label is asked for, the same digit comes.

    Args:
        x: black and white pictures (N, D).
        labels: (N,), whole numbers.
        eps: noise (N, latent).
        parts: a dictionary with the arrays W, V (of the encoder's hidden layer), M, S
            (of mu and log_var), A, B (of the decoder's hidden layer; B is for labels)
            and L (of the logits). V and B have a row for each label.

    Returns: the reconstruction and the KL.
    """
    hidden = np.tanh(x @ parts["W"] + parts["V"][labels])
    mu, log_var = hidden @ parts["M"], hidden @ parts["S"]
    z = mu + np.exp(log_var / 2) * eps
    drawn = np.tanh(z @ parts["A"] + parts["B"][0 * labels])
    logits = drawn @ parts["L"]
    surprise = np.logaddexp(0, logits) - x * logits
    kl = (mu**2 + np.exp(log_var) - 1 - log_var) / 2
    return surprise.sum(axis=1).mean(), kl.sum(axis=1).mean()


def every_guess(cost, x, classes):
    """The cost of each picture with each label, by one call for all pairs.

    With as many pictures as labels it has the right shape, and with others too. Which
    cost stands in which place?

    Args:
        cost: takes pictures (M, D) and labels (M,), and returns M costs.
        x: (N, D).
        classes: how many labels there are, K.

    Returns: (N, K): picture n with label k stands in row n, column k.
    """
    pictures = np.repeat(x, classes, axis=0)
    labels = np.repeat(np.arange(classes), len(x))
    return cost(pictures, labels).reshape(len(x), classes)


# Experiment. Predict before you run.


def few_labels(x, labels, classes, rounds):
    """Learn to tell classes apart from a few labels and many points without one.

    The model: each class is a bell N(mean, I), and all classes are equally probable.
    Each mean begins as that of the points of its class whose label is known. In each
    round a point without a label is shared among the classes by Bayes' rule. A point
    with a label belongs to its class. Then each mean moves to the mean of its points,
    counted by their shares.

    Args:
        x: points (N, D).
        labels: (N,), whole numbers, and -1 where the label is not known. Each class has
            at least one known.
        classes: how many there are, K.
        rounds: how many rounds. With 0 the means stay as they begin.

    Returns: the means (K, D), and for each point the most probable class of the model
        with these means, (N,).
    """
    raise NotImplementedError("few_labels: the means and a class for each point")


def two_clouds(rng, apart, across):
    """400 points in two clouds, and the class of each (nothing to write here).

    A class is a cloud, or else (`across`) the upper or the lower half of both.
    """
    cloud, half = rng.integers(0, 2, (2, 400))
    x = rng.standard_normal((400, 2)) + np.outer(cloud, [apart, 0])
    if across:
        x[:, 1] = np.abs(x[:, 1]) * (2 * half - 1)
    return x, half if across else cloud


def right_with(rounds, apart, across, draws=50):
    """The share of right answers with 2 labels, on average over draws (as it is)."""
    shares = []
    for seed in range(draws):
        x, y = two_clouds(np.random.default_rng(seed), apart, across)
        labels = np.full(400, -1)
        for label in (0, 1):
            labels[np.flatnonzero(y == label)[0]] = label
        shares.append(np.mean(few_labels(x, labels, 2, rounds)[1] == y))
    return np.mean(shares)


# Compare right_with(0, 3, False) with right_with(20, 3, False); then the same with True
# for `across`; then clouds 6 and 1.5 apart. When do the 398 points without a label
# help, and when do they make the answers worse than the 2 alone? In a line or two:
WHEN_IT_HELPS = ""
