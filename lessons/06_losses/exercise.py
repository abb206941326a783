"""Exercise 6: losses are likelihoods.

Replace each `raise NotImplementedError(...)` by your code. Two functions run already,
and are wrong: mend them. Check with

    python -m lessons grade 06        (or: pytest lessons/06_losses)

The three losses are ops, in lesson 3's form: return value, (vjp, ...). Each value is
one number, in the unit of this course: nats per example. The surprise is summed over
all numbers of an example, and averaged over the examples, which are the first axis.

So g, which each vjp takes, is a number too. A vjp returns the shape and the dtype of
its input. NumPy only: an exercise that imports minae or another engine scores nothing.
Hints in steps are in the lesson.
"""

import numpy as np


def gaussian_nll(x, target, sigma):
    """The surprise at `target`, if it was drawn from a bell around x.

    Each number of the target is drawn by itself, from N(x, sigma²). Which terms has the
    negative logarithm of that density? Keep them all: the constant too.

    Args:
        x, target: arrays of one shape, (N, ...).
        sigma: the standard deviation, a positive number, the same for all. No vjp.

    Returns: (nats per example, (vjp of x, vjp of target)).
    """
    raise NotImplementedError("gaussian_nll: return the value and two vjps")


def binary_cross_entropy_with_logits(logits, targets):
    """The surprise at `targets`, if each is the toss of a bent coin.

    The coin shows 1 with probability sigmoid(logit). A target may also be a grey,
    between 0 and 1.

    The value must be right for a logit of 1000 and of -1000, too, in float32 as well. A
    coin is a die with two faces: which logits does it have?

    Shapes: both (N, ...).

    Returns: (nats per example, (vjp of logits, vjp of targets)).
    """
    raise NotImplementedError("binary_cross_entropy_with_logits: value and two vjps")


def cross_entropy(logits, labels):
    """The surprise at `labels`, if each is the throw of a die with C faces.

    Row n of the logits makes a die: its probabilities are their softmax. Label n says
    which face was seen. What did that face cost? What is the slope in each logit of the
    row, in that of the face that was seen and in those of the others?

    The value must be right for logits of 1000, too.

    Shapes: logits (N, C), labels (N,), whole numbers from 0 to C - 1.

    Returns: (nats per example, (vjp of logits,)). Labels have no derivative.
    """
    raise NotImplementedError("cross_entropy: return the value and one vjp, in a tuple")


def nats_per_example(value, unit, examples, numbers):
    """A loss that somebody reports in another unit, in the unit of this course.

    Args:
        value: the loss, of either sign.
        unit: what it was reported in, one of these texts:
            "nats per example", "nats per number", "nats per batch",
            "bits per example", "bits per number", "bits per batch".
        examples: how many examples the batch has.
        numbers: how many numbers (pixels, say) each example has.

    Returns: a float.
    """
    raise NotImplementedError("nats_per_example: convert")


# Debug. Both run, and both are wrong. The lesson shows them at work.


def bce_of_probabilities(p, targets):
    """-t ln p - (1 - t) ln(1 - p), element by element, for probabilities p.

    What must hold:
    - Heads and tails are only names. With 1 - p for p, and 1 - t for t, the loss is the
      same.
    - Where p is neither 0 nor 1, the loss is exact, down to p = 1e-40.
    - Where p is 0 or 1 there would be a ln 0. It counts as -100, and not as -inf. (This
      is what PyTorch does.)

    Shapes: both alike, and the result.
    """
    p = np.clip(p, 1e-15, 0.999)
    return -targets * np.log(p) - (1 - targets) * np.log(1 - p)


def telephone_losses(x, pictures, codes):
    """What pictures cost, and what their codes cost: both in nats per picture.

    A picture costs the squares (x - picture)² / 2, which is a bell with sigma = 1,
    without its constant. A code costs code² / 2 for each of its numbers.

    Shapes: x and pictures (N, D); codes (N, K).

    Returns: (cost of the picture, cost of the code), two numbers.
    """
    of_picture = np.mean(np.sum((x - pictures) ** 2 / 2, axis=0))
    of_code = np.mean(codes**2 / 2)
    return of_picture, of_code


# Experiment. Predict before you run.


def factors_until_zero(p):
    """After how many factors p the computer's product is zero.

    Begin with 1.0, a float64. Multiply by p, again and again, until it is exactly 0.0.

    Args:
        p: a float, above 0 and not above 1/2.

    Returns: how many times you multiplied, a whole number.
    """
    raise NotImplementedError("factors_until_zero: multiply until nothing is left")


# How many nats can a float64 count, as a product, before it is 0? Is it the same number
# for a coin (p = 1/2) and for a die (p = 1/6)? Say it in a line.
WHY_THEN = ""
