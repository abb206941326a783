"""Exercise 25: sequences.

Replace each `raise NotImplementedError(...)` by your code. Two functions run already,
and are wrong: mend them. Check with

    python -m lessons grade 25        (or: pytest lessons/25_sequences)

Use NumPy only. Time goes along axis 0, the N sequences of a batch along axis 1: x is
(T, N, I), T steps of I numbers; a state h is (N, H), for H units. The kinds of step are
numbered from 0 to K - 1. Ops have the form of lesson 3: they return the value and a
tuple of vjps, one for each input that has slopes, in the order of the inputs. Do not
write into the arrays that you get. Hints in steps are in the lesson.
"""

import numpy as np


def embedding(kinds, table):
    """The row of the table for each step, as an op of the table.

    A kind may come many times, or never. What is its row's slope then?

    Shapes: kinds (T, N), whole numbers; table (K, E) -> (T, N, E).

    Returns: the rows, and a tuple with one vjp, of the table.
    """
    raise NotImplementedError("embedding: the rows and one vjp")


def plain_cell(x, h, W, U, b):
    """One step of a plain recurrent network: the next state, as an op.

    Shapes: x (N, I), h (N, H), W (H, I), U (H, H), b (H,) -> (N, H). So each unit has a
    row of W and a row of U.

    Returns: the next state, and five vjps.
    """
    raise NotImplementedError("plain_cell: the next state and five vjps")


def through_time(cell, x, h, weights, lengths):
    """A cell goes through whole sequences: all its states, as an op.

    Sequence n has lengths[n] steps, from 1 to T. What lies behind its end must not
    matter: there the state stays as it is.

    Args:
        cell: an op; cell(x_t, h, *weights) returns the next state, and a vjp for x_t,
            one for h, and one for each of the weights.
        x: (T, N, I).
        h: the state before the first step, (N, H).
        weights: a tuple of arrays.
        lengths: (N,), whole numbers.

    Returns: the states after each step, (T, N, H), and a tuple of vjps: of x, of h, and
    of each of the weights. Their g is (T, N, H): every state may be used for something.
    """
    raise NotImplementedError("through_time: all states, and their vjps")


def gru_cell(x, h, W, U, b, c):
    """One step of a GRU in PyTorch's form: the next state, as an op (section 5).

    W, U, b and c have the rows of the three parts below one another: first those of the
    reset gate r, then of the update gate z, then of the new state n.

    Shapes: x (N, I), h (N, H), W (3H, I), U (3H, H), b and c (3H,) -> (N, H). b is
    added to what W makes of x, c to what U makes of h.

    Returns: the next state, and six vjps.
    """
    raise NotImplementedError("gru_cell: the next state and six vjps")


def continued(step, state, start, count, seed):
    """Melodies go on: hear their beginnings, then draw `count` more steps of each.

    Every step is drawn from the probabilities that the model gives it, each melody for
    itself. Logits may be as large as 1,000.

    Args:
        step: the model; step(kinds, state) hears one step (N,) of each melody, and
            returns the logits (N, K) of the steps that come next, and the next state.
        state: what it begins with.
        start: the beginnings, kinds (P, N), P at least 1.

    Returns: the new steps alone, whole numbers (count, N).
    """
    raise NotImplementedError("continued: count more steps of each melody")


# Debug. Both programs train, and their loss falls.


def nats_per_step(logits, kinds, lengths):
    """What a step costs on average: -ln p of the kind that came, over all steps.

    Melodies of a batch have different lengths. Behind the end of each, kinds are filled
    up with holds, to make a rectangle. This runs, and finds nearly every model good.
    There is one mistake. Mend it.

    Shapes: logits (T, N, K), kinds (T, N), lengths (N,) -> one number.
    """
    peak = logits.max(axis=2, keepdims=True)
    log_sum = np.log(np.exp(logits - peak).sum(axis=2, keepdims=True))
    log_p = logits - peak - log_sum
    came = np.take_along_axis(log_p, kinds[:, :, None], axis=2)
    return -came.mean()


def surprises(step, state, begin, tunes):
    """What each tune costs in nats: -ln p(tune).

    The model is that of `continued`, with one melody (N = 1). Before the first step of
    a tune it hears the kind `begin`, in the state `state`. This runs; but the tunes in
    another order cost something else. There are two mistakes. Mend them.

    Shapes: tunes is a list of kinds (T,), for different T -> (number of tunes,).
    """
    nats = np.zeros(len(tunes))
    before = begin
    for place, tune in enumerate(tunes):
        for kind in tune:
            logits, state = step(np.array([before]), state)
            peak = logits.max()
            nats[place] += peak + np.log(np.exp(logits - peak).sum()) - logits[0, kind]
            before = kind
    return nats


# Experiment. Predict before you run.


def kept(bias, x, h, weights, g):
    """Which share of a signal comes back through all steps of a GRU.

    Add `bias` to the biases of the update gate, and leave all else. The signal g (N, H)
    is the cotangent of the last state alone. Send it back to the first state h. Return
    the length of what arrives, divided by that of g (the root of the sum of squares).

    Args: x (T, N, I), h (N, H), weights (W, U, b, c). All sequences have T steps.
    """
    raise NotImplementedError("kept: one number")


# You call kept with biases from 0 to 6. Where does it rise most, and what would it be
# for one unit without W and U? In a line:
WHY_IT_KEEPS = ""
