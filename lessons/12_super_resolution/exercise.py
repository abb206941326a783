"""Exercise 12: super-resolution.

Replace each `raise NotImplementedError(...)` by your code. One function runs already,
and is wrong: mend it. Check with

    python -m lessons grade 12        (or: pytest lessons/12_super_resolution)

Pictures are arrays (..., H, W): one picture, or many of them, as the axes in front say.
Their pixels are numbers from 0 to 1. H and W may differ. A small picture is the large
one averaged over blocks of factor x factor pixels, and has the shape
(..., H / factor, W / factor). Results are float32 for float32, and float64 for float64.

NumPy only: an exercise that imports minae or another engine scores nothing. Hints in
steps are in the lesson.
"""

import numpy as np

# Build.


def shrink(large, factor):
    """The small picture: the mean of each block of factor x factor pixels.

    Shapes: (..., H, W) -> (..., H / factor, W / factor). H and W are multiples of
    factor.
    """
    raise NotImplementedError("shrink: the mean of each block")


def enlarge_nearest(small, factor):
    """Each pixel becomes a block of factor x factor equal pixels.

    Shapes: (..., h, w) -> (..., h * factor, w * factor).
    """
    raise NotImplementedError("enlarge_nearest: blocks of equal pixels")


def shrink_adjoint(g, factor):
    """The adjoint of shrink: <shrink(x), g> = <x, shrink_adjoint(g)> for all x and g.

    It is also the vjp of shrink. What does each pixel of x count in each mean?

    Shapes: (..., h, w) -> (..., h * factor, w * factor).
    """
    raise NotImplementedError("shrink_adjoint: from the small shape to the large one")


def cubic(distance):
    """The weight of a pixel at this distance: the cubic kernel, with a = -1/2."""
    t = np.abs(distance)
    near, far = 1.5 * t**3 - 2.5 * t**2 + 1, -0.5 * t**3 + 2.5 * t**2 - 4 * t + 2
    return np.where(t <= 1, near, np.where(t < 2, far, 0.0))


def bicubic_matrix(size, factor):
    """The matrix that makes a column of pixels `factor` times as long, by `cubic`.

    A whole picture is then enlarged by two of them, one for each direction:

        bicubic_matrix(h, factor) @ small @ bicubic_matrix(w, factor).T

    Row i holds the weights of all small pixels for the large pixel i. Where is the
    middle of the large pixel i, if the middles of the small ones are 0, 1, 2, ...? Both
    columns begin at one edge and end at the other. At most four small pixels are
    nearer than 2. Those beyond the edge are taken to be equal to the pixel at the
    edge, so the weights that they would have go to that one.

    Returns: an array (size * factor, size), float64. Each row adds up to 1.
    """
    raise NotImplementedError("bicubic_matrix: the weights, row by row")


def project(answer, small, factor):
    """Of all large pictures that shrink to `small`, the one nearest to `answer`.

    Nearest: with the smallest sum of squared differences. Pixels may leave [0, 1].

    Shapes: answer (..., H, W), small (..., H / factor, W / factor).
    """
    raise NotImplementedError("project: an answer that agrees with the small picture")


def twin(large, factor):
    """Another black-and-white picture with exactly the same small picture.

    All pixels of `large` are 0.0 or 1.0, and so are all of yours. Each block that has
    both black and white pixels must look different from before. Any such picture will
    do.

    Shapes: (H, W) -> (H, W).
    """
    raise NotImplementedError("twin: another picture that shrinks to the same")


def best_guess(pictures, probabilities):
    """The answer with the smallest expected squared error, and that error.

    One of the pictures is the truth, each with its probability. The squared error of an
    answer is summed over the pixels. Which picture makes its expected value smallest?
    It need not be one of these.

    Shapes: pictures (N, H, W), probabilities (N,), which add up to 1.

    Returns: a pair, the answer (H, W), and its expected squared error, a float.
    """
    raise NotImplementedError("best_guess: an answer, and what it costs on average")


# Debug. A program that is published with every second network.


def gain(large, answers, factor):
    """By how many dB a network's answers are better than linear interpolation.

    Both get the same small pictures. Both are measured on all pixels of all pictures:
    PSNR = 10 log10(1 / mean squared error), and the gain is the difference.

    This runs, and the network wins by far. There are two mistakes, and each makes the
    rival weaker, or the network stronger, than it is. Mend both.

    Shapes: large and answers (N, H, W), the truth and what the network says. H and W
    are at least 4 factor.

    Returns: a float, in dB.
    """
    small = large.reshape(len(large), large.shape[1] // factor, factor, -1, factor)
    small = small.mean(axis=(2, 4))
    rival = _longer(_longer(small, factor).swapaxes(1, 2), factor).swapaxes(1, 2)
    rival_error = np.mean((rival - large) ** 2)
    inner = slice(factor, -factor)  # at the edge a network is unsure
    network_error = np.mean((answers - large)[:, inner, inner] ** 2)
    return float(10 * np.log10(rival_error / network_error))


def _longer(pictures, factor):
    """Pictures whose rows are `factor` times as long, by linear interpolation."""
    width = pictures.shape[-1]
    places = np.arange(width * factor) / factor  # of the new pixels, among the old
    rows = pictures.reshape(-1, width)
    longer = [np.interp(places, np.arange(width), row) for row in rows]
    return np.array(longer).reshape(*pictures.shape[:-1], -1)


# Experiment. Predict before you run.


def read_rightly(known, known_labels, new, new_labels, factor):
    """Which part of new digits is read rightly from pictures that were shrunk.

    All pictures are shrunk by factor first. Each new one gets the label of the known
    one with the smallest squared difference to it.

    Shapes: known (M, H, W), known_labels (M,), new (N, H, W), new_labels (N,).

    Returns: a float from 0 to 1.
    """
    raise NotImplementedError("read_rightly: the label of the nearest known digit")


# From 28x28 to 7x7 pixels, how does the part change? Why? In a line:
WHY_STILL_READABLE = ""
