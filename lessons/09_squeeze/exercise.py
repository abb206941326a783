"""Exercise 9: squeeze.

Replace each `raise NotImplementedError(...)` by your code. Two functions run already,
and are wrong: mend them. Check with

    python -m lessons grade 09        (or: pytest lessons/09_squeeze)

Pictures are rows: x has the shape (N, D), one picture of D numbers in each row. A code
has k numbers. All results have the dtype of what you get; functions must not write into
what they get.

NumPy only: an exercise that imports minae or another engine scores nothing. Hints in
steps are in the lesson.
"""

import numpy as np


def pca(x, k):
    """The mean picture, and the k directions along which pictures differ most.

    From what do pictures differ? Which matrix knows how much they differ along each
    direction? `np.linalg.eigh` gives its eigenvalues, the smallest first, and the
    eigenvectors as columns.

    Returns: the mean (D,), and the components (k, D): rows of length 1, at right angles
    to each other, the one with the largest variance first. (Their signs are free.)
    """
    raise NotImplementedError("pca: the mean and the components")


def encode(x, mean, components):
    """The codes of pictures: how far each one goes along each component.

    Shapes: x (N, D); mean (D,); components (k, D), as `pca` returns them.

    Returns: the codes (N, k).
    """
    raise NotImplementedError("encode: k numbers for each picture")


def decode(codes, mean, components):
    """The pictures that codes stand for.

    Shapes: codes (N, k); mean (D,); components (k, D).

    Returns: the copies (N, D).
    """
    raise NotImplementedError("decode: D numbers for each code")


def linear_slopes(x, encoder, decoder):
    """The loss of an autoencoder without bends, and its slopes in both matrices.

    The codes are z = x @ encoder.T, and the copies are z @ decoder.T. The loss is the
    squared error of a copy, summed over its D numbers and averaged over the N pictures.
    How does the loss change with a copy? With the decoder? With z, and so with the
    encoder?

    Shapes: x (N, D), with mean 0; encoder (k, D); decoder (D, k).

    Returns: the loss, dL/d(encoder) and dL/d(decoder).
    """
    raise NotImplementedError("linear_slopes: the loss and two slopes")


def train_linear(x, encoder, decoder, steps, lr):
    """Plain gradient descent on both matrices, with all pictures in every step.

    Both slopes of a step are taken at the same place, before either matrix moves.

    Shapes: as in `linear_slopes`. It is asked for up to 2,000 steps.

    Returns: the trained encoder and the trained decoder.
    """
    raise NotImplementedError("train_linear: step after step")


# Debug. They stand in sections 5 and 6 of the lesson, too.


def rivals(encode_by_network, decode_by_network, copies_by_pca, x, new_x):
    """The errors of a network and of PCA, to compare the two.

    This runs. Its two numbers cannot be compared, for three reasons. Mend it.

    A fair comparison takes a code of the same size for both. Both were fitted to x,
    and both are measured on pictures that they have never seen. An error is the squared
    error of a copy, summed over its D numbers, averaged over the pictures.

    Args:
        encode_by_network: a function from pictures (N, D) to codes (N, k). The network
            was trained on x.
        decode_by_network: a function from codes (N, k) to pictures (N, D).
        copies_by_pca: a function: copies_by_pca(fitted_to, k, pictures) gives the
            copies of pictures (M, D), by the PCA of `fitted_to` with k numbers.
        x: the pictures to learn from, (N, D).
        new_x: pictures that had no part in the training, (M, D).

    Returns: the error of the network and the error of PCA, two numbers. Nothing is cut
    off: here numbers need not lie between 0 and 1.
    """
    copies = decode_by_network(encode_by_network(x))
    network = np.mean((copies - x) ** 2)
    copies = copies_by_pca(x, 2, new_x)
    return network, np.mean(np.sum((copies - new_x) ** 2, axis=1))


def latent_grid(codes, n):
    """n x n codes for a decoder to draw: a map of what it knows.

    This runs, and draws a handsome map. But most pictures have codes that lie outside
    of it. Mend it: along each number of the code, n lines, such that equally many codes
    lie between each two neighbours. The first line has 1 / (2 n) of the codes below it,
    and the last one as many above it. Such a place is a quantile;
    where it lies between two codes, take what `np.quantile` gives.

    Args:
        codes: of many pictures, (N, 2).
        n: how many lines, 2 or more.

    Returns: (n * n, 2). The first number grows along each row of n codes, the second
    one from row to row.
    """
    line = np.linspace(-3, 3, n)
    return np.array([(first, second) for second in line for first in line])


# Experiment. Predict before you run.


def shift_and_mask(pictures, down, right):
    """The error of a moved copy, and the error of half a copy.

    The first copy is the picture, moved down and to the right by whole pixels. What
    moves out is lost, and what moves in is 0. The second copy has stayed in place, but
    its lower half is 0.

    Args:
        pictures: (N, H, W), and H is even.
        down, right: how many pixels, whole numbers from 0 to 3.

    Returns: two numbers, squared errors, summed over pixels, averaged over pictures.
    """
    raise NotImplementedError("shift_and_mask: two errors")


# A bar from top to bottom, w pixels wide, moves one pixel to the right. For which w is
# that dearer than to lose its lower half? Why? In a line:
WHY_NOT_MOVED = ""
