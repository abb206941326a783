"""Exercise 27: longer tunes.

Replace each `raise NotImplementedError(...)` by your code. Two functions run already,
and are wrong: mend them. Check with

    python -m lessons grade 27        (or: pytest lessons/27_longer_tunes)

Use NumPy only. A melody has T steps, in bars of equal length; there are N melodies.
Melodies as steps are (N, T): 0 to 127, a note of this pitch begins; 128, hold; 129, a
rest begins. Networks go step by step, so their arrays are (T, N, ...). "Side by side"
means that each bar is a short melody of its own: (T / bars, bars * N, ...), first the
first bars of all melodies, then the second ones. Do not write into the arrays that you
get. Hints in steps are in the lesson.
"""

import numpy as np


def side_by_side(steps, bars):
    """Cut melodies into bars and put these side by side, as an op.

    Shapes: steps (T, N, K) -> (T / bars, bars * N, K). bars divides T.

    Returns: the bars, and a tuple with one vjp, in the form of lesson 3.
    """
    raise NotImplementedError("side_by_side: the value and one vjp")


def heard(steps, bars):
    """What the decoder hears before each step, the bars side by side.

    That is the step before. A bar begins afresh, but its first step still hears the
    last one of the bar before. The first step of a melody hears nothing: zeros.

    Shapes: steps (T, N, K) -> (T / bars, bars * N, K), of the same dtype.
    """
    raise NotImplementedError("heard: the steps before, side by side")


def conductor(z, h, cell, bars):
    """The conductor: from the code of a whole melody to a code for each bar, as an op.

    `cell(z, h)` is a recurrent cell in the form of lesson 3: it returns the new state,
    and a tuple of two vjps, that of z and that of h. The first bar's code is the first
    new state, the second bar's the next, and so on. The cell is fed z for every bar.

    Shapes: z (N, latent), h (N, units) -> codes (bars, N, units).

    Returns: the codes, and a tuple of two vjps, that of z and that of h.
    """
    raise NotImplementedError("conductor: the codes and two vjps")


def compose(codes, begin, step, length, kinds):
    """The melodies that a hierarchical decoder writes by itself, running free.

    For every bar it begins afresh: its state is begin(code), with that bar's code.
    `step(before, code, state)` returns the logits of the next step, (N, kinds), and the
    new state, as in lesson 26. It hears what was chosen before, a row for each melody
    with 1 in its place, across the bar line, too. Before the very first step it hears
    zeros. The likeliest kind is chosen.

    Shapes: codes (bars, N, latent) -> whole numbers (N, bars * length).
    """
    raise NotImplementedError("compose: the chosen steps of all bars")


def self_similarity(steps, bars):
    """How alike each two bars of a melody are: the share of equal sixteenths.

    Compare what *sounds*, not what begins: a hold counts as the note or rest that goes
    on, even if it began in another bar. Every melody begins with a note or a rest.

    Shapes: steps (N, T), whole numbers -> (N, bars, bars), from 0 to 1.
    """
    raise NotImplementedError("self_similarity: a square for each melody")


# Debug. Section 5 of the lesson is about the first.


def decoder_input(before, codes):
    """What the decoder is fed in training: the step before and its bar's code.

    `before` is (T, N, K): what each step of the whole melody hears. All bars are
    side by side, and each has its own code at every step.

    This runs, with the right shape. A machine that trains with it learns a little, and
    what it writes is patched together. There is one mistake. Mend it.

    Shapes: before (T, N, K), codes (bars, N, latent)
    -> (T / bars, bars * N, K + latent).
    """
    bars, n, latent = codes.shape
    length = len(before) // bars
    steps = before.reshape(length, bars * n, -1)
    code = codes.reshape(bars * n, latent)
    each_time = np.repeat(code[None], length, axis=0)
    return np.concatenate([steps, each_time], axis=2)


def onsets_by_bar(found, truth, bars):
    """Which share of the notes of each bar begins where it should, with its pitch.

    All melodies together: a bar with many notes counts more.

    This runs, and a machine that always holds has 0, as it should. But one that writes
    ten notes for each right one is praised, and one that leaves notes out, too. There
    are two mistakes. Mend them.

    Shapes: found and truth, steps (N, T) -> (bars,). No bar is without a note in all.
    """
    note = (found < 128).reshape(len(truth), bars, -1)
    right = (truth < 128).reshape(len(truth), bars, -1) & note
    return right.sum(axis=(0, 2)) / note.sum(axis=(0, 2))


# Experiment. Predict before you run.


def by_lag(steps, bars):
    """How alike bars are that lie 1, 2, ... bars - 1 bars apart.

    The mean of all such pairs of bars, and of all melodies.

    Shapes: steps (N, T) -> (bars - 1,).
    """
    raise NotImplementedError("by_lag: one mean for each distance")


# Run by_lag on the training melodies that ship, minae.data.Melodies("tunes", bars=8):
# after how many bars does a tune come home? And what must a machine keep, and for how
# long, to write such a tune? In a line:
HOME_AFTER = 0
WHAT_TO_KEEP = ""
