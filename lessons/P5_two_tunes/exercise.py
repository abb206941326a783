"""The project of Part V: blend two tunes you know.

Replace each `raise NotImplementedError(...)` by your code. project.md has the task, the
steps and the rubric. Check with

    python -m lessons grade P5        (or: pytest lessons/P5_two_tunes)

and hear your machine at work, first with two tunes that are there and then with yours:

    python lessons/P5_two_tunes/run.py
    python lessons/P5_two_tunes/run.py MY_TUNE.txt ANOTHER.abc

The functions that you import from `earlier` are your own, of lessons 5 to 26. No
function may write into the arrays that it gets. NumPy only: a project that imports
minae or another engine scores nothing.

A tune is steps (T,), a sixteenth each, uint8: 0 to 127, a note of this MIDI pitch
begins; 128, hold; 129, a rest begins. The machine reads and writes melodies of two
bars, 32 steps. In it, kinds of step are numbered from 0 to 62: the pitches 36 to 96,
then hold, then rest. Time goes along axis 0 in networks: (T, N, ...).
"""

import numpy as np
from earlier import (
    adam,
    cross_entropy,
    free_bits,
    free_run,
    gru_cell,
    init_weight,
    journey,
    linear,
    reparameterize,
    steps_before,
)

HOLD, REST = 128, 129
LOWEST, KINDS = 36, 63
BAR = 16


def kinds_of(steps):
    """Steps as kinds. This is written for you, and so is the way back."""
    return np.where(steps < HOLD, steps, steps - 31).astype(np.int64) - LOWEST


def steps_of(kinds):
    steps = np.asarray(kinds) + LOWEST
    return np.where(steps <= 96, steps, steps + 31).astype(np.uint8)


# --- Part 1: the tunes ------------------------------------------------------------


def read_tune(text):
    """Steps of a tune that somebody typed, in a small part of the ABC notation.

    A letter is a note. C D E F G A B are the octave from middle C, 60, and c d e f g a
    b the one above. Behind a letter, each `,` is an octave down and each `'` an octave
    up. z is a rest. Then comes the length, in eighths: C2 is a quarter, C an eighth,
    C3 three eighths, C/2 a sixteenth, C3/2 three of them; C/ is C/2.

    `^` before a letter makes the note a semitone higher, `_` lower. This holds for the
    same letter in the same octave until the bar ends; `=` ends it before. A bar ends at
    `|`, wherever that stands. Blanks and line breaks mean nothing.

    A rest after a rest only goes on: it is a hold. A last bar that is short, of 16
    steps, is filled up with a rest.

    Args:
        text: such as "C2 C2 G2 G2 | A2 A2 G4".

    Returns: steps, uint8 (T,), in whole bars.
    """
    raise NotImplementedError("read_tune: a step for every sixteenth")


def to_one_key(steps):
    """The tune, moved to where most of its notes are white keys, uint8.

    White keys are the pitches whose rest, divided by 12, is 0, 2, 4, 5, 7, 9 or 11. So
    tunes in major come to C major, and their songs can be mixed. Move all notes by as
    many semitones, from 6 down to 5 up. Where several moves are equally good, take the
    smallest; of one up and one down, the one down.

    Shapes: steps (T,) -> (T,).
    """
    raise NotImplementedError("to_one_key: every note higher or lower by as much")


def cut(steps, every):
    """Melodies of two bars, 32 steps, from a tune.

    The first one begins with the tune, the next one `every` steps later, and so on, as
    long as it lies inside. What if a note, or a rest, still sounds where one begins?
    The machine knows nothing of what was before: begin it again there.

    Shapes: steps (T,), which do not begin with a hold -> (N, 32), uint8.
    """
    raise NotImplementedError("cut: melodies that begin with a note or a rest")


# --- Part 2: the machine ----------------------------------------------------------


def gru(x, h, weights):
    """A GRU goes through whole sequences: all its states, and the way back.

    Your `through_time` with your `gru_cell` does this too. But it goes back through
    time once for each of the weights, and asks each cell six times for its gates. Here
    all that is wanted comes from one walk back. (The slopes of W, U, b and c need no
    walk at all, once you have the gradients of x Wᵀ + b and of h Uᵀ + c at all times.)

    Shapes: x (T, N, I), h (N, H), weights = W (3H, I), U (3H, H), b (3H,), c (3H,), as
    in lesson 25.

    Returns: the states after each step, (T, N, H), and a vjp. From g, (T, N, H), it
    makes three things: the gradients of x and of h, and a tuple of four slopes. All in
    the dtype of x.
    """
    raise NotImplementedError("gru: the states and one vjp")


def negative_elbo(vae, x, told, eps, beta):
    """Both terms of the loss, in nats per melody, and the slopes of their sum.

    A GRU reads the melody forwards, another one backwards, both from states of zeros,
    and each step as a row: 1 in its place, 0 elsewhere. Put their last states side by
    side, the forward one left. A linear layer makes of them mu, the left half, and
    log_var. One sample, made from eps, is the code z.

    The decoder's first state is tanh of a linear layer of z. Before each step it gets
    what it is told, and right of that z, every time. A linear layer makes logits of its
    states.

    Args:
        vae: six tuples of arrays: the weights of the forward GRU, those of the backward
            one, weight and bias of the layer that makes mu and log_var, those of the
            layer that makes the first state, the weights of the decoder's GRU, and
            weight and bias of the layer that makes logits. Sizes are what they are.
        x: kinds (N, T).
        told: what the decoder is told before each step, (T, N, kinds).
        eps: (N, latent), from N(0, 1).
        beta: what a nat of the KL costs in the sum.

    Returns: three things: the reconstruction and the KL (without beta), two numbers,
        summed over steps and over the numbers of a code and averaged over melodies; and
        the slopes of reconstruction + beta * KL, which have the form of `vae`.
    """
    raise NotImplementedError("negative_elbo: two terms, and the slopes of the sum")


# --- Part 3: your machine ---------------------------------------------------------


def train(own, others, latent, seed):
    """A machine that plays its own melodies from memory, and others as well as it can.

    The own ones are those that must come back, so show them more often. All are in one
    key. Sizes, batches, rate, dropout, beta are yours to choose. So is the form:
    `negative_elbo` needs GRUs, `train` need not. It may compute 90 seconds.

    Args:
        own: a few melodies, steps (M, 32), that all must come back.
        others: many melodies, steps (N, 32).
        latent: how many numbers a code has.
        seed: of all that is random.

    Returns: whatever `encode` and `decode` need: arrays and numbers, in lists or tuples
        as you like.
    """
    raise NotImplementedError("train: batches, fresh noise, steps of adam")


def encode(trained, steps):
    """What q(z|x) is for each melody: mu and log_var, (N, latent) each.

    Shapes: steps (N, 32).
    """
    raise NotImplementedError("encode: mu and log_var")


def decode(trained, z):
    """The likeliest melody of each code, running free: steps (N, 32), uint8."""
    raise NotImplementedError("decode: melodies")


# --- Part 4: the blend ------------------------------------------------------------


def blend(encode, decode, one, other, count):
    """Tunes from one to the other, both ends included.

    A tune is longer than two bars. So cut it into melodies that do not overlap. The
    first two bars of one tune go to the first two of the other one, on the arc of your
    `journey`, from mu to mu; and so do the next ones. In the end, put the melodies of
    each tune together again. If one tune is longer than the other, leave out its end,
    and do so with steps that do not fill two bars.

    Args:
        encode, decode: functions: encode(steps) returns mu and log_var, decode(z)
            returns steps, of any number of melodies or codes.
        one, other: steps (T,), of at least two bars each.
        count: how many tunes, such as 13.

    Returns: steps (count, T), uint8; T is a multiple of 32.
    """
    raise NotImplementedError("blend: count tunes")


def measure(tunes):
    """Is each step on the way a small one, and is what lies between a tune?

    Args:
        tunes: steps (count, T), from one end to the other.

    Returns: three arrays. The share of steps that differ, from each tune to the next
        (count - 1,). The share of each tune's notes that are white keys (count,). And
        the share of its notes that are within the range of both ends together: from the
        lowest of their notes to the highest (count,). A tune without notes has 0.
    """
    raise NotImplementedError("measure: three arrays")


def sound(steps, tempo, rate):
    """The sound of a tune: numbers from -1 to 1, `rate` of them in a second.

    A note is a wave. Its pitch says how often it swings in a second: 69 is 440 times,
    and each semitone up multiplies this by the twelfth root of 2. The note sounds from
    the step where it begins to the one where the next note or a rest begins. It must
    begin and end softly, or it clicks; and if the same note comes twice, one must hear
    two. Harmonics make it nicer, but the lowest frequency should be the strongest.

    Args:
        steps: (T,). A hold at the beginning is silence.
        tempo: quarters in a minute; a quarter is four steps.
        rate: whole number.

    Returns: float32, round(T * 15 / tempo * rate) of them.
    """
    raise NotImplementedError("sound: one note after the other")
