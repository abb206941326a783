"""Exercise 14: fast.

Replace each `raise NotImplementedError(...)` by your code. Two functions run already,
and are wrong: mend them. Check with

    python -m lessons grade 14        (or: pytest lessons/14_fast)

No test measures time: your machine and the grader's differ. Counted is what time is
spent on: bytes, products, calls. Where a clock is needed, it is handed to you. It is a
function that returns seconds; use it and no other.

Pictures are arrays (N, C, H, W). NumPy only: an exercise that imports minae or another
engine scores nothing. Hints in steps are in the lesson.
"""

import numpy as np


def strides(shape, itemsize, order):
    """By how many bytes the address grows when an index grows by 1, for each axis.

    The numbers of a new array lie in memory without gaps. In order "C" the last index
    changes fastest from one to the next, in order "F" the first one. Calculate; do not
    ask an array of NumPy for its strides.

    Args:
        shape: a tuple of whole numbers, of any length.
        itemsize: bytes of a number.

    Returns: a tuple of whole numbers, as long as the shape.
    """
    raise NotImplementedError("strides: for each axis, the bytes from one to the next")


def roofline(n, k, m, itemsize, speed, bandwidth):
    """What a product of matrices, (n, k) times (k, m), costs at least, and why.

    A multiplication and an addition are two operations. Both factors are read from
    memory once, and the result is written once. Memory and arithmetic work at the same
    time, so the product takes the longer of their two times.

    Args:
        itemsize: bytes of a number.
        speed: operations per second, at best.
        bandwidth: bytes per second, at best.

    Returns: its operations per byte; its least time in seconds; and the word "memory"
        or "arithmetic": which of the two limits it (a draw does not occur).
    """
    raise NotImplementedError("roofline: operations per byte, seconds, and the limit")


def columns(x, kernel_size, stride=1, padding=0):
    """The windows of all pictures as columns of one matrix, with the batch last.

    Lesson 8's im2col makes a matrix for each picture. This makes a single one. Column
    by column it has the first window of picture 0, of picture 1, of picture 2, ...,
    then the second window of picture 0, and so on. What is the axis that changes
    fastest, and how do you copy so that it stays together?

    Shapes: x (N, C, H, W), kernel_size (kh, kw) -> (C * kh * kw, H' * W' * N). Down a
    column the order is that of `weight[o].ravel()`. Padding is zeros on all four sides.
    """
    raise NotImplementedError("columns: all windows of the batch, in one matrix")


def conv2d(x, weight, product, stride=1, padding=0):
    """A convolution and its vjps, with one large product for each.

    `product(a, b)` returns a @ b for two matrices, and counts how often it is called:
    once for the value, and once in each vjp, however many pictures there are. Nothing
    else may multiply.

    Shapes: x (N, C, H, W), weight (O, C, kh, kw) -> (N, O, H', W').

    Returns: the value, and two vjps, of x and weight. A vjp takes g, of the value's
        shape, and returns the gradient, of the input's shape and dtype.
    """
    raise NotImplementedError("conv2d: return the value and two vjps")


def gradient_of_shares(gradient, x, y, count):
    """The gradient of the mean loss of a batch, from the gradients of its shares.

    Divide the rows among `count` processes, as evenly as can be: the numbers of rows
    differ by 1 at most. Each process calls `gradient` once, with its own rows of x and
    y. If there are fewer rows than processes, some have nothing to do, and do not call.

    Args:
        gradient: gradient(x, y) returns a list of arrays, the gradients of the MEAN
            loss of the rows that it is given.
        x, y: arrays with the same number of rows.

    Returns: a list of arrays, what gradient(x, y) would return but for rounding.
    """
    raise NotImplementedError("gradient_of_shares: what is each share's part?")


# Debug. They stand in sections 1 and 6 of the lesson, too.


def race(ways, make_input, rounds, clock):
    """How long some functions take, in seconds, one number for each.

    This runs, and its numbers are wrong: it measures what should not be measured, and
    one busy second of the machine can decide the race. Mend it, so that

    - each way is first called once, unmeasured (a first call does more);
    - making the input is not measured;
    - the ways are then called in turns, once in each round: A B C, A B C, ...;
    - each gets the median of its `rounds` times.

    Args:
        ways: a list of functions of one input.
        make_input: make_input() returns a new input. Each call of a way gets its own.
        rounds: how often each way is measured.
        clock: clock() returns the time in seconds.
    """
    seconds = []
    for way in ways:
        start = clock()
        for _ in range(rounds):
            way(make_input())
        seconds.append((clock() - start) / rounds)
    return seconds


def in_batches(function, x, batch_size=128, dtype=np.float32):
    """function(x), computed for `batch_size` rows at a time (the last may be fewer).

    Each batch is given to the function in this dtype. What it returns for all batches
    is put together again.

    This runs, and what it returns looks right. With it somebody measured how the time
    depends on the batch size, and found that it does not. Find out why, and mend it.
    """
    results = []
    for start in range(0, len(x), 128):
        batch = x[start : start + 128]
        results.append(function(batch.astype(np.float32)))
    return np.concatenate(results)


# Experiment. Predict before you run.


def lines_loaded(addresses, line, kept):
    """How many cache lines are loaded when these addresses are read, one after another.

    Memory comes in lines of `line` bytes: addresses 0 to line - 1 are in the first one.
    The cache keeps `kept` lines. If an address is in one of them, nothing is loaded. If
    not, its line is loaded, and where the cache is full, the line goes that has not
    been used for the longest time.

    Args:
        addresses: a list of whole numbers, in the order in which they are read.
        line: bytes of a cache line.
        kept: how many lines the cache can keep, at least 1. At first it is empty.

    Returns: a whole number.
    """
    raise NotImplementedError("lines_loaded: keep lines, and count what is loaded")


# A matrix of 32 rows and 64 columns, numbers of 4 bytes, in C order, with lines of 64
# bytes. It is read column by column. How many lines must the cache keep, so that no
# line is loaded twice? Predict; then find it with lines_loaded, and explain in a line.
LINES_TO_KEEP = 0
WHY = ""
