"""Exercise 13: features without labels.

Replace each `raise NotImplementedError(...)` by your code. One function runs already,
and is wrong: mend it. Check with

    python -m lessons grade 13        (or: pytest lessons/13_features_without_labels)

Features are an array (N, d), a row for each example: pixels, or the numbers of a code.
Labels are whole numbers (N,), classes counted from 0. No function may write into what
it is given.

NumPy only: an exercise that imports minae or another engine scores nothing. Hints in
steps are in the lesson.
"""

import numpy as np

# Written already.


def standardise(known, *others):
    """All arrays less the mean row of `known`, divided by one number of `known`."""
    mean = known.mean(axis=0)
    scale = np.sqrt(((known - mean) ** 2).mean())
    return [(x - mean) / scale for x in (known, *others)]


def read(x, weight, bias):
    """The class of each row: the one with the highest score."""
    return (x @ weight + bias).argmax(axis=1)


def draw_labelled(labels, per_class, seed):
    """The rows of the examples whose labels we may see: as many of each class.

    They are drawn at random by the seed, in any order. No row comes twice.

    Args:
        labels: (N,). Its classes are the numbers that are in it.
        per_class: how many rows of each class.

    Returns: an array of row numbers.
    """
    raise NotImplementedError("draw_labelled: as many rows of each class")


def ridge(x, labels, penalty, classes):
    """The linear reader with the smallest penalised squared error.

    The target of a row is 1 in the column of its class, and 0 in the others. As in
    lesson 11, the squared error is summed over the columns and averaged over the rows.
    To it is added: penalty times the sum of the squares of `weight`. The bias costs
    nothing.

    Where is its slope 0? First take away the mean row of x and of the targets. Which
    bias puts them back?

    Shapes: x (N, d), labels (N,).

    Returns: weight (d, classes) and bias (classes,).
    """
    raise NotImplementedError("ridge: the weight and the bias")


def choose_penalty(x, labels, penalties, folds, classes):
    """The penalty that reads best what it has not seen, by cross-validation.

    Row i belongs to fold i % folds. Each fold is read by a reader that was fitted to
    all other folds. The penalty with the most right answers wins. If several have the
    same number, the largest of them wins.

    Returns: one of the penalties.
    """
    raise NotImplementedError("choose_penalty: each fold is read by the others")


def paired_difference(ours, theirs):
    """How much better we are than a rival, with its error bar.

    Both were measured on the same draws: ours[i] and theirs[i] saw the same labels.

    Returns: the mean difference over the draws, and the standard error of this mean.
    (The variance of n numbers is a sum divided by n - 1.)
    """
    raise NotImplementedError("paired_difference: the mean and its standard error")


def mask(images, share, side, seed):
    """Hide squares of side x side pixels: they become 0.

    The squares lie side by side and cover the picture. In each picture this share of
    them is hidden (rounded to a whole number). Which ones is random, by the seed, and
    other ones in each picture.

    Shapes: images (N, H, W). H and W are multiples of side, and may differ.

    Returns: the masked pictures, in the dtype of `images`, and an array of bools
    (N, H, W): True where hidden.
    """
    raise NotImplementedError("mask: hide some squares of each picture")


def labels_needed(counts, accuracies, wanted):
    """With how many labels a rival reaches an accuracy: the bill.

    Its accuracy was measured with some numbers of labels. Between two of them it is
    taken as a straight line over the *logarithm* of the number.

    Args:
        counts: numbers of labels, growing.
        accuracies: those measured with them. They need not grow: what counts is where
            the line first reaches `wanted`.

    Returns: a float. If the first accuracy is enough, the first count; if none is,
    infinity.
    """
    raise NotImplementedError("labels_needed: between two counts, on a log scale")


# Debug. A relative stands in section 7 of the lesson.


def some_rows(rows, count, seed):
    """`count` of these rows, at random."""
    rng = np.random.default_rng(seed)
    return rng.permutation(rows)[:count]


def honest_score(x, labels, labelled, tested, penalties, seed, fit, choose):
    """Which part of new examples a reader of a few labelled ones reads rightly.

    This runs, and its scores are wonderful. There are three mistakes. Mend them.

    Some rows are drawn to learn from, other ones to be tested on. Nothing that the
    tested rows tell may have a part in the reader. Only the rows to learn from may be
    used to standardise, to choose the penalty, and to fit.

    Args:
        x: features (N, d). labelled and tested: how many rows for each purpose. N may
            be larger than both together.
        fit: a function like `ridge`: fit(x, labels, penalty) is a weight and a bias.
        choose: like `choose_penalty`: choose(x, labels, penalties) is one of them.

    Returns: the labelled rows, the tested rows, and the accuracy on the latter.
    """
    learnt = some_rows(np.arange(len(x)), labelled, seed)
    asked = some_rows(np.arange(len(x)), tested, seed)
    (x,) = standardise(x)
    accuracies = []
    for penalty in penalties:
        weight, bias = fit(x[learnt], labels[learnt], penalty)
        accuracies.append((read(x[asked], weight, bias) == labels[asked]).mean())
    return learnt, asked, max(accuracies)


# Experiment. Predict before you run.


def mean_accuracy(x, labels, new_x, new_labels, draws, penalty, classes):
    """The accuracy on new examples, averaged over several draws of labelled rows.

    Args:
        draws: a list of arrays of rows of x. A reader is fitted to each. (Here x comes
            standardised, and the penalty is not chosen but given.)

    Returns: a float.
    """
    raise NotImplementedError("mean_accuracy: a reader for each draw")


# A code has 64 numbers, and the penalty is 1e-9. With 20, 60 and 200 labels: how do the
# accuracies compare? Why is that so? In a line:
WHY_A_DIP = ""
