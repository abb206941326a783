"""Exercise 10: convolutional codes.

Replace each `raise NotImplementedError(...)` by your code. One function runs already,
and is wrong: mend it. Check with

    python -m lessons grade 10        (or: pytest lessons/10_convolutional_codes)

Codes are arrays (N, C, H, W): how many, channels, rows, columns. `decode` is a function
that takes such an array and returns pictures, (N, ...). The error of a picture is the
squared error, summed over its pixels.

NumPy only: an exercise that imports minae or another engine scores nothing. Hints in
steps are in the lesson.
"""

import numpy as np


def encoder_sizes(size, layers):
    """How many rows and columns a picture has after each layer of an encoder.

    At how many places does the window stand? (Lesson 8. Rows and columns do not have
    to be treated alike here.)

    Args:
        size: (rows, columns) of the picture that goes in.
        layers: for each convolution three pairs, (kernel, stride, padding). The first
            number of a pair is for rows, the second for columns.

    Returns: a list of pairs of whole numbers, one for each layer.
    """
    raise NotImplementedError("encoder_sizes: rows and columns after each layer")


def output_paddings(size, layers):
    """What each layer of the mirrored decoder must add to come back to the same sizes.

    The decoder has a transposed convolution for each layer of the encoder, with the
    same kernel, stride and padding, in the opposite order. From n rows it makes

        stride * (n - 1) - 2 * padding + kernel + output_padding.

    Which output_padding gives the size that the layer of the encoder was given?

    Args: as for encoder_sizes.

    Returns: a list of pairs (for rows, for columns), in the order of the decoder.
    """
    raise NotImplementedError("output_paddings: what is missing after each layer")


def count_weights(channels, kernels):
    """How many numbers an encoder learns, and how many its mirrored decoder.

    Each layer is a convolution, or a transposed one, with a filter for each pair of
    channels, in and out, and a bias for each channel that comes out.

    Args:
        channels: of the picture, and after each layer of the encoder: (1, 16, 8).
        kernels: (rows, columns) of the filters of each layer of the encoder.

    Returns: two whole numbers, of the encoder and of the decoder.
    """
    raise NotImplementedError("count_weights: of the encoder, of the decoder")


def importance(codes, pictures, decode):
    """What each number of the code is worth: how much the error grows without it.

    "Without it" means: in all codes it is set to its mean through these codes. The
    other numbers stay. By how much does the error grow, in the mean of the pictures?

    Shapes: codes (N, C, H, W), pictures as decode returns them -> (C, H, W).
    """
    raise NotImplementedError("importance: one number of the code after another")


def draw_codes(codes, count, seed):
    """New codes at random, with the mean and the covariance of the given ones.

    Draw independent numbers from the normal distribution with mean 0 and variance 1
    first. Which matrix gives them the covariance of the codes? (Divide by N, as for a
    mean.) Some numbers of the codes may be the same in all of
    them, or sums of others. (The toolbox has a page on covariance.)

    Args:
        count: how many to draw.
        seed: of np.random.default_rng.

    Shapes: codes (N, C, H, W) -> (count, C, H, W).
    """
    raise NotImplementedError("draw_codes: from a Gaussian that is fitted to codes")


def repair(broken, destroyed, whole):
    """Codes in which some numbers were destroyed, with the best guess in their places.

    The guess for each destroyed number is a linear function (with a constant) of all
    numbers that are left. Choose it so that it has the smallest squared error for the
    codes in `whole`. What is left of the broken codes must stay as it is. Some numbers
    of `whole` may be the same in all of them, or sums of others.

    Args:
        broken: codes (M, C, H, W). What stands in the destroyed places means nothing;
            it may be nan.
        destroyed: (C, H, W), True where a number was destroyed, the same in all codes.
        whole: other codes of the same network, (N, C, H, W), with nothing destroyed.

    Returns: the repaired codes, (M, C, H, W).
    """
    raise NotImplementedError("repair: guess what was destroyed from what is left")


# Debug. The lesson has more about it, in section 5.


def judge(layers, codes, targets):
    """The loss of a network that judges codes, and its slopes.

    It gives each code one number: near 1 for the code of a real picture, near 0 for
    one that was drawn at random. Three linear layers, with a relu after the first and
    after the second. The loss is the mean of (answer - target)² through all codes.

    This runs, and training with it makes the loss smaller. There are two mistakes.
    Find a way to see them before you mend them.

    Shapes: layers are three pairs, weight (out, in) and bias (out,); codes (N, in);
    targets (N,).

    Returns: the loss, and a list of pairs, dL/d(weight) and dL/d(bias) of each layer.
    """
    w, b = zip(*layers)
    first = np.maximum(codes @ w[0].T + b[0], 0)
    second = np.maximum(first @ w[1].T + b[1], 0)
    answers = second @ w[1].T + b[1]
    errors = answers - targets[:, None]
    g3 = 2 * errors / len(codes)
    g2 = (g3 @ w[1]) * (second > 0)
    g1 = (g2 @ w[1].T) * (first > 0)
    pairs = (g1, codes), (g2, first), (g3, second)
    return (errors**2).mean(), [(g.T @ x, g.sum(axis=0)) for g, x in pairs]


# Experiment. Predict before you run.


def change_by_noise(codes, decode, strength, seed):
    """How much pictures change when noise is added to their codes.

    Each number of the code gets noise of its own: as often up as down, with a standard
    deviation of `strength` times the one that this number has through the codes (the
    root of the mean square, as `np.std`). The
    change of a picture is the squared difference, summed over its pixels.

    Args:
        seed: of np.random.default_rng(seed). The noise is its
            .standard_normal(codes.shape), times what is said above.

    Returns: the mean change of a picture, a number.
    """
    raise NotImplementedError("change_by_noise: decode with noise and without")


# Twice the noise: how many times the change, if there is little noise? And if there is
# much of it? Why? In a line:
WHY_NOT_TWICE = ""
