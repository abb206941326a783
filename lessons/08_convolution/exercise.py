"""Exercise 8: convolution.

Replace each `raise NotImplementedError(...)` by your code. One function runs already,
and is wrong: mend it. Check with

    python -m lessons grade 08        (or: pytest lessons/08_convolution)

Pictures are arrays (N, C, H, W): how many, channels, rows, columns. A filter has kh
rows and kw columns, which need not be equal. Stride and padding are whole numbers, the
same for rows and columns.

Ops have the form of lesson 3: they return the value, and a tuple with one vjp for each
differentiable input. A vjp takes g, of the value's shape, and returns the gradient, of
the input's shape and dtype. It must not write into g. NumPy only: an exercise that
imports minae or another engine scores nothing. Hints in steps are in the lesson.

The functions can use each other: `conv2d` needs `im2col` and `col2im`, and so on. Write
them from top to bottom.
"""

import numpy as np


def im2col(x, kernel_size, stride=1, padding=0):
    """The windows of x, each as a column.

    First, `padding` rows and columns of zeros are put around x, on all four sides. Then
    the window stands wherever it fits, from the upper left corner on, `stride` pixels
    from place to place. How many places are there, P = height * width?

    Shapes: x (N, C, H, W), kernel_size (kh, kw) -> (N, C * kh * kw, P). The places are
    counted row by row. In a column the channel changes slowest, then the row of the
    window, then its column, as in `weight[o].ravel()`.

    (PyTorch calls this `unfold`.)
    """
    raise NotImplementedError("im2col: cut out the windows, a column for each")


def col2im(cols, size, kernel_size, stride=1, padding=0):
    """The adjoint of im2col: numbers in windows go back to their places in the picture.

    For all x and cols of fitting shapes, Σ im2col(x) * cols = Σ x * col2im(cols).
    What happens to a pixel that was in several windows? In none? And to the padding?

    Args:
        size: (H, W) of the picture, without its padding.

    Shapes: cols (N, C * kh * kw, P), as im2col returns them -> (N, C, H, W).

    (PyTorch calls this `fold`.)
    """
    raise NotImplementedError("col2im: add the windows up where they came from")


def conv2d(x, weight, bias, stride=1, padding=0):
    """Each filter at each place: the sum of products with its window, plus its bias.

    Written with im2col it is one product of matrices for each picture. Which two? And
    what is its vjp in each of the two (lesson 3)? All pictures share the weights.

    Shapes: x (N, C, H, W), weight (O, C, kh, kw), bias (O,) -> (N, O, H', W').

    Returns: the value, and three vjps, of x, weight and bias.
    """
    raise NotImplementedError("conv2d: return the value and three vjps")


def conv_transpose2d(x, weight, bias, stride=1, padding=0):
    """What the vjp in x of a conv2d does to g, as an op of its own, plus a bias.

    That conv2d goes from the large picture to the small one, with this weight, stride
    and padding. This op goes from the small one, x, to the large one. How large? The
    smallest size that the conv2d would turn into x's size again.

    What are the vjps of an adjoint?

    Shapes: x (N, C, H, W), weight (C, O, kh, kw), bias (O,) -> (N, O, H', W').

    Returns: the value, and three vjps, of x, weight and bias.
    """
    raise NotImplementedError("conv_transpose2d: return the value and three vjps")


def max_pool2d(x, kernel_size, stride=None):
    """The largest number in each window, for each channel by itself.

    The rule for ties: of equal largest numbers the first takes all of g, counted row by
    row within the window. What if windows overlap, and one number wins in several?

    Args:
        kernel_size: a whole number; the windows are square.
        stride: as in conv2d; it is the kernel_size if it is not given.

    Shapes: x (N, C, H, W) -> (N, C, H', W').

    Returns: the value, and one vjp, in a tuple.
    """
    raise NotImplementedError("max_pool2d: return the value and one vjp, in a tuple")


# Debug. It stands in section 4 of the lesson, too.


def input_gradient(g, weight, size, stride, padding):
    """The vjp of conv2d in x, with stamps: each number of g stamps its filters.

    This runs, and it has passed a check: with pictures of 8 x 8, a filter of 3 x 3 that
    blurs, and padding 1. There are three mistakes that this check cannot see. Find and
    mend them. (Do so without im2col and col2im: the two loops are right.)

    Args:
        size: (H, W) of x.

    Shapes: g (N, O, H', W'), weight (O, C, kh, kw) -> (N, C, H, W).
    """
    (n, _, height, width), (_, c, kh, kw) = g.shape, weight.shape
    padded = np.zeros((n, c, size[0] + 2 * padding, size[1] + 2 * padding))
    for p in range(height):
        for q in range(width):
            stamps = np.einsum("no,ocij->ncij", g[:, :, p, q], weight[:, :, ::-1, ::-1])
            top, left = p * stride, q * stride
            padded[:, :, top : top + kw, left : left + kh] += stamps
    return padded[:, :, padding:-padding, padding:-padding]


# Experiment. Predict before you run.


def contrast(kernel_size, stride):
    """How unequally the stamps of a transposed convolution cover the pixels.

    Take one picture of ones, a square filter of ones, and stamp. Far from the border
    the same small pattern repeats. Return its largest number divided by its smallest:
    1 means that there is no checkerboard.

    Args:
        kernel_size: a whole number, at least as large as the stride.

    Returns: a number, 1 or larger.
    """
    raise NotImplementedError("contrast: stamp ones, and look at what is far inside")


# Which kernel sizes make no checkerboard with a stride of 3? Why? Say it in a line.
WHICH_AND_WHY = ""
