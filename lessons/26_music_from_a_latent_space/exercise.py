"""Exercise 26: music from a latent space.

Replace each `raise NotImplementedError(...)` by your code. Two functions run already,
and are wrong: mend them. Check with

    python -m lessons grade 26        (or: pytest lessons/26_music_from_a_latent_space)

Use NumPy only. A batch of melodies is x (N, T): whole numbers from 0 to kinds - 1, one
for each step. A step becomes a row of `kinds` numbers, 1 in its place and 0 elsewhere.
Codes are z (N, latent). mu and log_var, (N, latent), are what the encoder says of them.

A decoder goes step by step: `step(before, z, state)` takes a row for each melody,
before (N, kinds), the codes, and its state. It returns the logits of the next step,
(N, kinds), and its new state. Do not write into the arrays that you get. Hints in steps
are in the lesson.
"""

import numpy as np


def steps_before(x, kinds, dropout, seed):
    """What the decoder is told before each step while it is trained.

    Before a step it is told the true step before that one. Before the first step it is
    told nothing: zeros. Each of the others is withheld with the probability `dropout`,
    each by itself. What is withheld is zeros, too.

    Shapes: x (N, T) -> (T, N, kinds), with time first.
    """
    raise NotImplementedError("steps_before: a row for each step of each melody")


def free_run(step, state, z, length, kinds, temperature, seed):
    """Melodies of codes, where the decoder hears nothing but what it has chosen.

    Before the first step it hears zeros. Each step is drawn from the softmax of the
    logits / temperature, for each melody by itself. With temperature 0 it is the
    likeliest one. Logits go from -2,000 to 2,000, or further; nothing may overflow.

    Returns: whole numbers (N, length).
    """
    raise NotImplementedError("free_run: melodies, step by step")


def free_bits(mu, log_var, free):
    """What is charged for the code of each melody, in nats, as an op.

    The charge is the KL to the prior, but its first `free` bits cost nothing. They are
    bits of the whole code, not of each of its numbers.

    Shapes: mu and log_var (N, latent) -> (N,). So g has one number per melody.

    Returns: the charges, and a tuple of two vjps, of mu and of log_var.
    """
    raise NotImplementedError("free_bits: the value and two vjps")


def journey(a, b, count):
    """Codes from a to b, both ends included, on an arc around the origin.

    Each is a part of a and a part of b. How large must the two parts be? For codes of
    one length, all on the way have this length, and each step turns by the same angle.
    Take these parts for any a and b. Where both point the same way, go straight.

    Shapes: a and b (latent,) -> (count, latent).
    """
    raise NotImplementedError("journey: a row for each place on the way")


def attribute_vector(z, amount):
    """The way from little of something to much of it, in the space of codes.

    From the mean code of the quarter of the melodies that have least of it, to that of
    the quarter that has most. The limits are np.quantile's, and who is just on a limit
    belongs to that quarter.

    Shapes: z (N, latent), amount (N,): how much each melody has of it -> (latent,).
    """
    raise NotImplementedError("attribute_vector: one code")


# Debug. The first section of the lesson is about the first.


def negative_elbo(x, z, mu, log_var, logits_of, kinds):
    """What a VAE of melodies is trained with: nats per melody, averaged over a batch.

    This runs. With it a decoder is right in every step, after a short training, and
    an echo when it runs free. There are two mistakes. Mend them.

    `logits_of(told, z)` is the decoder. It takes what is told before each step,
    (T, N, kinds), and the codes z, and returns logits (T, N, kinds).

    Returns: one number.
    """
    told = np.eye(kinds)[x.T]
    logits = logits_of(told, z)
    logits = logits - logits.max(axis=2, keepdims=True)
    log_p = logits - np.log(np.exp(logits).sum(axis=2, keepdims=True))
    of_truth = np.take_along_axis(log_p, x.T[:, :, None], axis=2)[:, :, 0]
    kl = (mu**2 + np.exp(log_var) - 1 - log_var).sum(axis=1) / 2
    return (kl - of_truth.mean(axis=0)).mean()


def notes_found(x, z, state, step, kinds, pitches):
    """The share of the notes that come back from the codes, if the decoder runs free.

    Kinds below `pitches` are the beginnings of notes; others are hold and rest. A note
    is found if just this kind is the likeliest one at its step.

    This runs, and says of a bad decoder that it is a good one. There are two mistakes.
    Mend them.

    Returns: one number.
    """
    before, right = np.zeros((len(x), kinds)), []
    for truth in x.T:
        logits, state = step(before, z, state)
        right.append(logits.argmax(axis=1) == truth)
        before = np.eye(kinds)[truth]
    return np.mean(right)


# Experiment. Predict before you run.


def nats_left(x, kinds, dropout):
    """How many nats a step costs without a code, told the step before or not.

    Take each pair of neighbours in the melodies x: a step, and the one before. Count.
    Where the step before is told, the machine says what share of the pairs with just
    this one before go on so. Where it is withheld, with the probability `dropout`, it
    says what share of all pairs go on so.

    Returns: nats per step, averaged over all pairs.
    """
    raise NotImplementedError("nats_left: nats per step")


# Try dropout 0, 0.5 and 1 on melodies where each step tells much about the next. What
# is left for the code to say? And why is that the same as a reason to listen to it? In
# a line:
WHY_IT_LISTENS = ""
