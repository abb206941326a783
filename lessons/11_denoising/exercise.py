"""Exercise 11: denoising.

Replace each `raise NotImplementedError(...)` by your code. One function runs already,
and is wrong: mend it. Check with

    python -m lessons grade 11        (or: pytest lessons/11_denoising)

Pictures are rows: an array (N, D) holds N pictures of D pixels, from 0, black, to 1,
white. Randomness comes as a seed for np.random.default_rng: a whole number or a list of
whole numbers. Zeros at the end of a list do not count: 7, [7] and [7, 0] give the same
numbers. Do not write into the arrays that you get. NumPy only: an exercise that
imports minae or another engine scores nothing. Hints in steps are in the lesson.

The functions can use each other. Write them from top to bottom.
"""

import numpy as np


def fog(clean, mean, std, seed):
    """Noisy copies of the pictures, cut off at 0 and 1.

    To each pixel of each picture a number of its own is added: drawn from the normal
    distribution with this mean and this standard deviation.

    Returns: an array of the shape and the dtype of `clean`.
    """
    raise NotImplementedError("fog: add a random number to each pixel, then cut off")


def psnr(answers, clean):
    """How close the answers are to the clean pictures, in dB, as one number.

    Pixels lie between 0 and 1. What is averaged: errors, or decibels? And over what?

    Shapes: both (N, D), or both of any other shape.

    Returns: a float.
    """
    raise NotImplementedError("psnr: one number in dB")


def best_linear(noisy, clean, penalty=0.0):
    """The linear map that brings the noisy pictures closest to the clean ones.

    Its answers are `noisy @ weight + bias`. It makes this as small as possible:

        the mean over pictures of (squared error of the answer, summed over its pixels)
            + penalty * (sum of the squares of all numbers in `weight`).

    Set the slopes to zero: first those in the bias, then those in the weight. (The bias
    pays no penalty.)

    Shapes: noisy (N, D), clean (N, E) -> weight (D, E), bias (E,).

    Returns: the pair (weight, bias).
    """
    raise NotImplementedError("best_linear: the weight and the bias")


def noisy_batches(clean, batch_size, corrupt, epoch, seed):
    """What a denoiser learns from in one epoch: a list of pairs (input, target).

    Each picture comes once in an epoch, in a random order. All batches have
    `batch_size` pictures; the last may be smaller. Which of the two in a pair has the
    noise? And which seed does each batch need, so that the same noise never comes
    twice, in no other batch and in no other epoch?

    Args:
        corrupt: corrupt(pictures, seed) returns noisy copies. The same pictures and the
            same seed give the same copies.
        epoch: its number, 0 or more.
        seed: a whole number. The same epoch and seed give the same pairs; another seed
            gives another order and another noise.
    """
    raise NotImplementedError("noisy_batches: a list of pairs (input, target)")


# Debug. It stands in section 2 of the lesson, too.


def train(clean, validation, epochs, batch_size, corrupt, lr, seed):
    """Train a linear denoiser by gradient descent, and say how good it is.

    This runs, the error that it returns is wonderfully small, and the denoiser is bad.
    There are two mistakes. Mend them.

    Args:
        validation: how many pictures are not to be learned from: the last ones.
        corrupt: as in `noisy_batches`.

    Returns: weight (D, D), bias (D,), and the validation error: squared error per
        picture, summed over its pixels, of answers to noisy validation pictures.
    """
    pixels = clean.shape[1]
    weight, bias = np.zeros((pixels, pixels)), np.zeros(pixels)
    noisy = corrupt(clean, [seed, 0])
    for epoch in range(epochs):
        order = np.random.default_rng([seed, epoch]).permutation(len(clean))
        for start in range(0, len(clean), batch_size):
            rows = order[start : start + batch_size]
            error = noisy[rows] @ weight + bias - clean[rows]
            weight = weight - lr * 2 * noisy[rows].T @ error / len(rows)
            bias = bias - lr * 2 * error.mean(axis=0)
    error = noisy[-validation:] @ weight + bias - clean[-validation:]
    return weight, bias, np.mean(np.sum(error**2, axis=1))


# Experiment. Predict before you run.


def trained_and_tested(clean, new, levels, penalty, seed):
    """How good each linear map is at each level of noise, in dB.

    The noise of a level is fog with this mean and this standard deviation. For each
    level fit the best linear map to noisy copies of `clean`. Let it clean noisy copies
    of `new`, of each level. Its answers are cut off at 0 and 1 before they are judged.

    Args:
        levels: a list of floats.
        penalty: for `best_linear`.
        seed: a whole number. Every copy needs a noise of its own.

    Returns: an array (L, L): row i was trained at levels[i], column j tested at
        levels[j].
    """
    raise NotImplementedError("trained_and_tested: fit at each level, test at each")


# You do not know how noisy the pictures will be. At which level would you train, rather
# too low or rather too high, and why? Say it in a line.
TOO_LOW_OR_TOO_HIGH = ""
