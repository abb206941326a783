"""The project of Part III: an autoencoder for my own pictures.

Replace each `raise NotImplementedError(...)` by your code. project.md has the task, the
steps and the rubric. Check with

    python -m lessons grade P3        (or: pytest lessons/P3_my_pictures)

and see your autoencoder at work, first on clothes and then on your own pictures, with

    python lessons/P3_my_pictures/run.py
    python lessons/P3_my_pictures/run.py FOLDER

The functions that you import from `earlier` are your own, of lessons 5 to 11. A piece
is a row of numbers from 0, black, to 1, white. No function may write into the arrays
that it gets. NumPy only: a project that imports minae or another engine scores nothing.
"""

import numpy as np
from earlier import (
    adam,
    best_linear,
    decode,
    encode,
    fog,
    init_weight,
    linear,
    noisy_batches,
    pca,
    psnr,
    relu,
)

# --- Part 1: the pictures ----------------------------------------------------------


def cut(pictures, size, step):
    """Cut pictures into pieces of one size, which may overlap.

    In each picture the first piece is at the top left. The next one begins `step`
    pixels further to the right, as long as it lies inside the picture. Then the same
    `step` pixels further down, and so on. A picture that is too small gives no piece.

    Args:
        pictures: a list of arrays (H, W), uint8, each of its own size.
        size: (rows, columns) of a piece.
        step: a whole number.

    Returns: the pieces (N, rows * columns), float32, from 0 to 1; and the owners (N,),
    whole numbers: the place in the list of the picture that each piece comes from.
    """
    raise NotImplementedError("cut: pieces, and the picture that each comes from")


def split(owners, share, seed):
    """The rows to learn from, and those to be tested on.

    Pieces of one picture are alike. What may not stand on both sides, therefore?

    Args:
        owners: (N,), the picture of each piece: any whole numbers, in any order.
        share: of the pictures, to be tested on: round(share * how many there are).
        seed: of np.random.default_rng: it says which ones.

    Returns: two arrays of row numbers. Together they have each row once.
    """
    raise NotImplementedError("split: by picture, and never by piece")


# --- Part 2: the network -----------------------------------------------------------


def block(layers, x):
    """Layers that correct a shortcut.

    The value is a sum. One part goes through linear layers, with a relu after each but
    the last. The other one is x itself: the shortcut. If the last layer makes fewer
    numbers than x has columns, the shortcut keeps the first columns; if it makes more,
    the shortcut is filled up with zeros on the right.

    There is one way through the layers, so you need no graph: keep the vjps in a list.

    Args:
        layers: a list of pairs, weight (out, in) and bias (out,).
        x: (N, in of the first layer).

    Returns: the value, (N, out of the last layer), and its vjp. From g, which has the
    shape of the value, the vjp makes two things: the gradient of x, and a list of pairs
    of slopes, for the weight and the bias of each layer. All in the dtype of x.
    """
    raise NotImplementedError("block: the value and the vjp")


def new_autoencoder(sizes, seed):
    """An autoencoder that begins as PCA: an encoder and a decoder, layers for `block`.

    Weights are drawn by `init_weight`. But those of the last layer of the encoder are
    zeros, and those of the last layer of the decoder, too; and so are all biases. What
    does `block` return then? What has a code, and what has a copy, if x has the numbers
    of PCA, the most important one first?

    Args:
        sizes: of the input, of the layers, and of the code: (80, 128, 64, 16). The
            decoder has the same in the opposite order.
        seed: a whole number. Another seed gives other weights, and no two layers have
            the same. Lists of whole numbers, such as [seed, 0, 1], are seeds, too.

    Returns: two lists of pairs, weight and bias, all of them float32.
    """
    raise NotImplementedError("new_autoencoder: encoder and decoder, as PCA at first")


def loss_and_slopes(autoencoder, x, target):
    """The squared error of the copies, and its slopes.

    The code is `block(encoder, x)`, and the copy is `block(decoder, code)`. Errors are
    summed over the numbers of a row, and averaged over the rows.

    Args:
        autoencoder: the encoder and the decoder.
        x: (N, D).
        target: (N, D), what the copies should be. It is x, unless x has noise.

    Returns: two things: the loss, and a pair of lists of slopes, as `block` makes them:
    (of the encoder, of the decoder).
    """
    raise NotImplementedError("loss_and_slopes: two blocks there, two vjps back")


# --- Part 3: your autoencoder ------------------------------------------------------


def train(pieces, k, level, seed):
    """An autoencoder with k numbers in its code, or a denoiser.

    Let it see PCA's numbers, and not pixels. Take as many components as you like, such
    as 80, and divide all these numbers by *one* number. (Why not each by its own?)

    If level is 0, it learns to copy pieces. If not, it learns to find the clean piece
    in a foggy one: fog(pieces, level, level, ...), a new fog in each batch. Let it
    begin where the best linear map ends, as it begins with PCA else.

    Layers, epochs, batch size and rate are yours to choose. It may compute 45 seconds.

    Args:
        pieces: (N, D), float32, to learn from.
        k: how many numbers the code has.
        level: of the fog: 0, or the mean and the standard deviation of the noise.
        seed: of all that is random.

    Returns: whatever `to_codes` and `to_pieces` need: arrays and numbers, in lists or
    tuples as you like.
    """
    raise NotImplementedError("train: PCA, then epochs, batches, steps of adam")


def to_codes(trained, pieces):
    """The code of each piece. It depends on no other piece.

    Args:
        trained: what `train` returned.
        pieces: (N, D), clean, or foggy if a denoiser was trained.

    Returns: (N, k).
    """
    raise NotImplementedError("to_codes: k numbers for each piece")


def to_pieces(trained, codes):
    """The piece that each code stands for: (N, k) -> (N, D)."""
    raise NotImplementedError("to_pieces: a piece for each code")


# --- Part 4: the report ------------------------------------------------------------


def compare(copies, k, learned, new):
    """How close the network's copies are, and those of PCA, in dB (lesson 11).

    Both have k numbers in the code, and neither has learned from the new pieces. Copies
    are compared as they are: nothing is cut off at 0 and 1.

    Args:
        copies: (M, D), the network's copies of the new pieces.
        learned: (N, D), the pieces that the network has learned from.
        new: (M, D).

    Returns: two numbers, of the network and of PCA.
    """
    raise NotImplementedError("compare: dB of the network, dB of PCA")


def worst(copies, pieces, owners):
    """The pictures, the one with the worst copy first.

    The error of a picture is the squared error of its copies, averaged through the
    numbers of all its pieces.

    Args:
        copies, pieces: (N, D).
        owners: (N,), the picture of each piece: any whole numbers, in any order.

    Returns: an array of the numbers in owners, each once.
    """
    raise NotImplementedError("worst: pictures, by the mean error of their pieces")
