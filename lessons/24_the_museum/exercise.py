"""Exercise 24: the museum.

Replace each `raise NotImplementedError(...)` by your code. Two functions run already,
and are wrong: mend them. Check with

    python -m lessons grade 24        (or: pytest lessons/24_the_museum)

This time you write the tests, and the grader has the programs: right ones, written in
several ways, and wrong ones. A test of yours says True if it has nothing to object to,
and False if it has. (If it raises an error, that is an objection, too.) It must let
every right program pass, whatever the seed, and object to every wrong one. What is
random in a test must come from its seed.

NumPy only. Do not write into the arrays that you get. Hints in steps are in the lesson.
The exam comes after this exercise: section 6 of the lesson says how.
"""

import numpy as np


def survivors(test, program, mutants):
    """Which mutants a test lets live.

    A test that objects to the right program has seen nothing: then all of them live.

    Args:
        test: test(program) says True if it has nothing to object to, and False if so.
        program: the right program.
        mutants: a list of wrong ones.

    Returns: the places of those that live, in the list of mutants: a list of ints.
    """
    raise NotImplementedError("survivors: the places of the mutants that live")


def is_dropout(drop, seed):
    """Test a dropout: is it what this text promises?

    drop(x, rate, seed) gives an array like x, in which every number is 0 with the
    probability `rate`, and else divided by 1 - rate. So its mean is still x. Every
    number has a die of its own, and another seed throws other dice.

    Which shape, which numbers, which rate do you ask? Which of them hide a mistake?
    What do the zeros of one column, and of one row, have in common if there is one?

    Args:
        drop: takes an array (N, D), a rate between 0 and 1, and a seed. N times D may
            be a million at most.
        seed: draw your own seeds for drop from np.random.default_rng(seed).
    """
    raise NotImplementedError("is_dropout: moments, and dice that differ")


def is_log_p(log_p, seed):
    """Test the logarithm of the probability of pictures of coins.

    log_p(x, logits) gives ln p(x) of each picture. Pixel j is white, 1, with the
    probability 1 / (1 + e^-logits[j]), and else black, 0, independent of the others.
    It is right for all logits between -30 and 30.

    You need not write down the formula once more, with the same mistake. Of how many
    pixels can you list all pictures? What must their probabilities do together? And how
    often must a pixel be white?

    Args:
        log_p: takes pictures (N, D) of 0.0 and 1.0, and logits (D,); gives (N,).
        seed: of np.random.default_rng.
    """
    raise NotImplementedError("is_log_p: ask all the pictures there are")


def each_row_alone(f, seed):
    """Test that each row of a batch is treated alone.

    f takes a batch (N, T), N sequences of T numbers, and gives (N, K). What it gives
    for a sequence may depend on this sequence alone: not on the others in the batch,
    not on its place in there, and not on how many there are. But it may be off by
    rounding: 1e-9 is not an objection.

    Which N and T do you take? There are more ways to lean on others than one.
    """
    raise NotImplementedError("each_row_alone: the same sequence, in other company")


def moves_only(step, weights, own):
    """Test that a step of a player moves its own weights, each of them, and no others.

    A step may be as small as it likes. And some elements of an array may stay where
    they are, if others move.

    Args:
        step: step(weights) gives the list of all weights after one step.
        weights: a list of arrays, before the step.
        own: the places of the player's own weights in this list.
    """
    raise NotImplementedError("moves_only: who moved, and who was allowed to?")


# Debug. Both are tests that somebody trusted. Sections 4 and 5 of the lesson are about
# what is wrong with them.


def check_shrink(op, cases, seed):
    """Test `shrink`, a loss's friend: y = x - 1 above 1, x + 1 below -1, and 0 between.

    It is to try `cases` random places, each of three numbers, from -5 to 5: one call
    of `op` for each place.

    This runs. It says True of right ops, and of nearly all wrong ones. There are two
    mistakes. Mend them.

    Args:
        op: takes an array, and gives one of the same shape.
    """
    for _ in range(cases):
        x = np.random.default_rng(seed).uniform(-1, 1, 3)
        between = np.clip(x, -1, 1)
        if not np.allclose(op(x), x - between):
            return False
    return True


def option_matters(train, one, other, seed):
    """Test that an option does something: with another setting, another training.

    If a program gives two different trainings for one setting and one seed, nothing can
    be said about its option. That is an objection, too.

    This runs. It says True of options that nobody reads, and False of some that work.
    There are three mistakes. Mend them.

    Args:
        train: train(setting, seed) gives the losses of a short training, (steps,). The
            first one is measured before anything has moved.
        one, other: two settings.
    """
    first, second = train(one, seed), train(other, seed + 1)
    return first[0] != second[0]


# Experiment. Predict before you run.


def escapes(right, wrong, cases, checks, seed):
    """How often a mistake escapes a test that tries `cases` random places.

    A place is one number, uniform from 0 to 1. A test objects if the two functions
    differ at one of its places or more. Make so many tests as `checks` says, each with
    fresh places.

    Args:
        right, wrong: two functions of arrays of any shape, element by element.

    Returns: the share of the tests that let the wrong one pass, a number from 0 to 1.
    """
    raise NotImplementedError("escapes: the share of tests without an objection")


# A mistake shows at 5 % of the places. How often does it escape 20 cases, and how often
# 40? Why? In a line:
WHY_IT_ESCAPES = ""
