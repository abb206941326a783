"""Exercise 7: learning.

Replace each `raise NotImplementedError(...)` by your code. Two functions run already,
and are wrong: mend them. Check with

    python -m lessons grade 07        (or: pytest lessons/07_learning)

An optimiser is a function that takes one step for one array of weights:

    w, state = adam(w, g, state, lr)

It gets the weights, their gradient and what it remembers from the step before. It
returns new weights, and what it wants to remember. All of that has the shape and the
dtype of w; numbers may also be plain floats. It must not write into w, g or the state.

NumPy only: an exercise that imports minae or another engine scores nothing. Hints in
steps are in the lesson.
"""

import numpy as np

# Written already: lessons 5 and 6 in one function. Use it in `train`.


def loss_and_slopes(layers, x, labels):
    """The loss of a classifier, and its slopes in all weights and biases.

    Each layer is linear, x @ weight.T + bias, and a relu follows each but the last. The
    loss is the cross-entropy: nats per example, averaged over the rows of x.

    Shapes: layers are pairs, weight (out, in) and bias (out,); x (N, in); labels (N,).

    Returns: the loss, and a list of pairs, dL/d(weight) and dL/d(bias) of each layer.
    """
    inputs = []
    for number, (weight, bias) in enumerate(layers):
        x = np.maximum(x, 0) if number else x
        inputs.append(x)
        x = x @ weight.T + bias
    x = x - x.max(axis=1, keepdims=True)
    log_p = x - np.log(np.exp(x).sum(axis=1, keepdims=True))
    rows = np.arange(len(labels))
    g = np.exp(log_p)
    g[rows, labels] -= 1
    g, slopes = g / len(labels), []
    for (weight, _), x in zip(reversed(layers), reversed(inputs)):
        slopes.append((g.T @ x, g.sum(axis=0)))
        g = (g @ weight) * (x > 0)
    return -log_p[rows, labels].mean(), slopes[::-1]


def sgd(w, g, state, lr, momentum=0.0):
    """One step of gradient descent that keeps a part of its speed.

    What is the new speed, made of the old one and the gradient? Where does it lead?
    With momentum 0 it is plain gradient descent.

    Args:
        state: the speed. At the first step it is 0.0.

    Returns: the new w, and the new speed.
    """
    raise NotImplementedError("sgd: the new weights and the new speed")


def rmsprop(w, g, state, lr, alpha=0.99, eps=1e-8):
    """One step along g, divided by how large gradients usually are, number by number.

    Each step moves the average of g² a little towards the new g²: by 1 - alpha of the
    way. Divide by the root of the new average. Add eps to that root, not under it.

    Args:
        state: the average of g². At the first step it is 0.0.

    Returns: the new w, and the new average.
    """
    raise NotImplementedError("rmsprop: the new weights and the new average of g²")


def adam(w, g, state, lr, betas=(0.9, 0.999), eps=1e-8):
    """One step along the average of g, divided by the root of the average of g².

    Both averages began at 0, so both are too small at first. By which factor, after t
    steps? Step with the corrected averages; remember them as they are. Add eps to the
    root.

    Args:
        state: three things: the average of g, that of g², and how many steps were
            taken. At the first step it is (0.0, 0.0, 0).
        betas: of the old average, how much each of the two keeps.

    Returns: the new w, and the new state, a tuple of three.
    """
    raise NotImplementedError("adam: the new weights and the new state")


def batches(count, batch_size, seed):
    """The rows of one epoch: a random order of 0 ... count - 1, cut into pieces.

    Each row comes once. All batches have `batch_size` rows; the last may be smaller.

    Args:
        seed: of the order. The same seed gives the same batches, another one others.

    Returns: a list of arrays of whole numbers.
    """
    raise NotImplementedError("batches: shuffle, then cut")


def train(layers, x, labels, epochs, batch_size, lr, seed):
    """Train a classifier: a step of Adam after every batch.

    Which rows come when? Each epoch has an order of its own. What must each array of
    weights remember from one step to the next? For the slopes take `loss_and_slopes`.

    Args:
        layers: what it begins with, a list of pairs (weight, bias). Leave them as they
            are.
        seed: of the order of the rows. [seed, epoch] is a seed, too.

    Returns: the trained layers, a list of pairs.
    """
    raise NotImplementedError("train: epochs, batches, steps")


# Debug. They stand in sections 6 and 8 of the lesson, too.


def shuffled(count, seed):
    """The numbers 0 ... count - 1 in a random order."""
    return np.random.default_rng(seed).permutation(count)


def split(count, validation, test, seed):
    """Which rows are to learn from, which to choose by, and which to test on.

    This runs, and all three have the right size. Accuracies that are measured with it
    are wonderful. Find out why, and mend it.

    Each row belongs to exactly one of the three. Which one is random, by the seed.

    Args:
        count: how many rows there are.
        validation, test: how many of them these two get. The rest is to learn from.

    Returns: three arrays of whole numbers: training, validation, test.
    """
    training = shuffled(count, seed)[: count - validation - test]
    chosen_by = training[:validation]
    tested_on = shuffled(count, seed)[:test]
    return training, chosen_by, tested_on


def train_in_pieces(layers, x, labels, epochs, batch_size, piece, lr, seed):
    """Gradient descent on batches that are too large for the memory.

    Each batch is taken in pieces of `piece` rows (the last one may be smaller). The
    slopes of the pieces are collected in `totals`; then the weights take one step. It
    must be the step that the whole batch would make.

    This runs, and the loss falls at first. There are two mistakes. Mend them, for
    `piece` rows and for any other number of them.

    Returns: the trained layers, a list of pairs.
    """
    arrays = [array for pair in layers for array in pair]
    totals = [np.zeros_like(array) for array in arrays]
    for epoch in range(epochs):
        order = np.random.default_rng([seed, epoch]).permutation(len(x))
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            for first in range(0, len(rows), piece):
                part = rows[first : first + piece]
                pairs = list(zip(arrays[::2], arrays[1::2]))
                _, slopes = loss_and_slopes(pairs, x[part], labels[part])
                slopes = [slope for pair in slopes for slope in pair]
                totals = [total + slope for total, slope in zip(totals, slopes)]
            arrays = [array - lr * total for array, total in zip(arrays, totals)]
    return list(zip(arrays[::2], arrays[1::2]))


# Experiment. Predict before you run.


def guessers_needed(labels, accuracy, seed):
    """How many blind guessers it takes until one of them looks good.

    A guesser knows nothing: it draws each of its answers from 0 ... 9. Let one after
    another try the validation set, until one is right for at least this part of it.

    Args:
        labels: of the validation set, an array of whole numbers from 0 to 9.
        accuracy: a float, the part that is to be right.
        seed: of np.random.default_rng(seed), made once. A guesser's answers are
            .integers(0, 10, len(labels)).

    Returns: how many have tried, a whole number. (It is asked where that is below
    20,000.)
    """
    raise NotImplementedError("guessers_needed: let one after another try")


# With twice as many validation images, how does the number change? Why? In a line:
WHY_SO_LUCKY = ""
