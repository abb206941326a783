# %% [markdown]
# # 27. Longer tunes: why does it forget how it began?

# %% tags=["hide-input"]
import os
import time
from pathlib import Path

import numpy as np

from lessons import drawing, weights
from minae import Tensor, data
from minae import functional as F
from minae.autograd import no_grad
from minae.data.melody import notes_in
from minae.measures.tunefulness import agreement
from minae.models.music_vae import KINDS, MusicVAE, kinds_of, steps_of

np.set_printoptions(precision=2, suppress=True)
QUICK = "MINAE_QUICK" in os.environ  # only to test this lesson
HERE = Path(drawing.__file__).parent / "27_longer_tunes"
tunes = data.Melodies("tunes", bars=8)
x = tunes.train.steps  # melodies of eight bars, (447, 128)


def squares(melodies):
    """How alike each two bars of each melody are, by what sounds: (N, 8, 8)."""
    sound = np.zeros(melodies.shape, int)
    for row, melody in zip(sound, melodies):
        for note in notes_in(melody):
            row[note.start : note.start + note.length] = note.pitch
    bars = sound.reshape(-1, 8, 16)
    return np.stack([(bars == bars[:, [b]]).mean(axis=2) for b in range(8)], axis=1)


def draw_square(panel, square, title):
    panel.imshow(square, cmap="Blues", vmin=0, vmax=1)
    ticks, names = range(8), range(1, 9)
    panel.set(xticks=ticks, yticks=ticks, xticklabels=names, yticklabels=names)
    panel.set_title(title, fontsize=9)


def the_first(name):
    """The place of the first eight bars of a tune."""
    return next(i for i, t in enumerate(tunes.train.tunes) if name in tunes.names[t])


SONGS = ("Ode to Joy", "London Bridge", "Yankee Doodle", "Frère Jacques", "Twinkle")
chosen = {name: the_first(name.replace("Twinkle", "Ah! vous")) for name in SONGS}
of_songs = {name: squares(x[[i]])[0] for name, i in chosen.items()}
of_songs[f"all {len(x)} melodies"] = squares(x).mean(axis=0)


def song(name):
    panels = drawing.grid(1, 1, size=(3.4, 3.3))
    draw_square(panels[0, 0], of_songs[name], name)
    panels[0, 0].set(xlabel="bar", ylabel="bar")
    return panels[0, 0]


drawing.animate(
    song,
    list(of_songs),
    alt="Squares of eight by eight bars, one for each of five songs. In most of them "
    "dark places lie four bars beside the diagonal. So they do in the mean of all.",
    seconds=1.4,
)

# %% [markdown]
# Each square is a song. A dark place says that two of its bars sound alike. All bars are like themselves, so the
# diagonal is dark. What else is dark is the form of the song: *here it comes back to something that was there before.*
#
# Songs come home. In lesson 26 you drew music of two bars, where there is no home to come back to. Now we write eight
# bars, 128 steps. The same machine writes them, and **it forgets how it began.** Why? And can it be helped? At the end
# you write a form by hand, and a machine fills it with notes.
#
# You need lessons 25 (steps, the GRU, signals that fade) and 26 (the recurrent VAE, running free). Reading takes 35
# minutes.
#
# ## 1. Where a tune comes home
#
# A *melody* is a window of eight bars, 16 steps each. The 110 tunes that ship give 447 of them to learn from, one
# beginning with each bar. How alike are two bars? Count the sixteenths that are equal.
#
# **Guess:** compare the *steps* of the bars: pitch, hold or rest. How alike are two bars on average, if they are one
# bar apart? Two? Seven?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Equal steps, by the distance between the bars:")
cut = x.reshape(-1, 8, 16)
for lag in range(1, 8):
    equal = cut[:, lag:] == cut[:, :-lag]
    print(f"{lag} bars apart: {equal.mean():.0%}, of them holds ", end="")
    print(f"{(equal & (cut[:, lag:] == 128)).sum() / equal.sum():.0%}")

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# All bars seem alike. The holds do that: a hold is equal to every other hold, whatever sounds. It is the trap of lesson
# 25 in a new place.
#
# </details>
#
# So ask what *sounds* in each sixteenth. A hold is then the note that goes on. The squares above are made that way, and
# in `self_similarity` you make them. Here is the mean of all of them along its lines beside the diagonal.

# %%
def by_distance(melodies):
    """How alike bars are that lie 1, 2, ..., 7 bars apart."""
    mean = squares(melodies).mean(axis=0)
    return np.array([np.trace(mean, lag) / (8 - lag) for lag in range(1, 8)])


print("bars apart     1    2    3    4    5    6    7")
print("tunes      ", by_distance(x))

# %% [markdown]
# Bars that lie four apart are equal in REAL4 of the sixteenths, others in about REAL1. The fifth bar is the first one again,
# or nearly. **A tune comes home after four bars.** That is 64 steps.
#
# ## 2. Bar by bar
#
# The first machine is that of lesson 26, with 128 steps in place of 32. A GRU reads the melody both ways and gives a
# code $z$ of 24 numbers. Another GRU, the *flat* decoder, is fed $z$ and the step before. It has 88 units. It is small,
# so that it can be trained here, and it is trained long: beta is 0.02, so it can afford to copy.


# %%
def network(structure):
    return MusicVAE(8, hidden=44, latent=24, transpose=0, structure=structure, rng=0)


def train(model, epochs):
    optimizer, rng = model.optimizers(lr=0.003)[0], np.random.default_rng(0)
    for epoch in range(epochs):
        optimizer.lr = 0.003 * (1 - epoch / epochs) + 1e-5
        model.warmth = min(1, (epoch + 1) / 10)  # the share of beta (lesson 26)
        for rows in data.batches(len(x), 32, rng):
            loss = model.losses(Tensor(x[rows]), rng=rng)["loss"]
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return loss.item()


# %% [markdown]
# 350 epochs take four minutes, so the weights come with the lesson. (`MINAE_KEEP=1 python -m lessons build 27` trains
# again.) The second name in the list is for later.

# %%
models: dict[str, MusicVAE] = {}
for structure in ("flat", "hierarchical"):
    models[structure] = network(structure)
    if "MINAE_KEEP" in os.environ:
        train(models[structure], 350)
        weights.save(models[structure], HERE / f"{structure}.safetensors")
    weights.load(models[structure], HERE / f"{structure}.safetensors")


# %%
@no_grad()
def rebuilt(model, melodies):
    """What comes back of melodies, running free from their mean codes."""
    z, _ = model.encode(Tensor(melodies))
    return model.decode(z)


def onsets(found, truth):
    """The share of notes that begin where they should, in each of the 8 bars."""
    cuts = zip(np.split(found, 8, axis=1), np.split(truth, 8, axis=1))
    return np.array([agreement(*bars)["onset_accuracy"] for bars in cuts])


back = rebuilt(models["flat"], x)
print(f"right steps: {agreement(back, x)['accuracy']:.0%}")

# %% [markdown]
# That is not a bad number. But do not believe it: holds again. So count the notes, and count them bar by bar.
#
# **Guess:** which share of the notes begins where it should, in bar 1? And in bar 8?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Notes that come back, bar 1 to 8, flat:")
print(onsets(back, x))

# %%
drawing.play(
    {"Yankee Doodle": x[chosen["Yankee Doodle"]], "rebuilt": back[chosen["Yankee Doodle"]]},
    alt="Two piano rolls. The second one begins as the first and then goes its own way.",
)

# %% [markdown]
# It begins well, and then it is lost. And these are melodies that it has *learned from*, hundreds of times.
#
# ## 3. Who is guilty?
#
# There are two suspects.
#
# - **Its own mistakes.** Running free, it hears what it has chosen. After one wrong note it hears a melody that it has
#   never seen, and it goes on from there. Mistakes feed on themselves.
# - **A code that fades.** It must go from the first state through 128 steps (lesson 25).
#
# Is the second possible? This decoder is fed $z$ at *every* step. $z$ cannot fade. But look what $z$ is: 24 numbers for
# a whole melody. Which of them are for now? To know that, the decoder must know *where it is*. Nobody tells it. It
# must count, in its state. So the second suspect has another name: it **loses its place**.
#
# A trial for the first suspect: tell the decoder the *true* steps before, all of them (teacher forcing). Then
# no mistake of its own can lead it astray.
#
# And one for the second: with the true steps told, give it *another* melody's code. By how many nats do the bars get
# dearer? That is what $z$ is worth in each bar. If the decoder loses its place, $z$ is worth less in the later bars.


# %%
@no_grad()
def told(model, melodies, z):
    """Nats of each bar, and onsets, if the decoder is told the true steps before."""
    logits, truth = model.logits(z, Tensor(melodies)), kinds_of(melodies).T
    flat = logits.reshape(-1, KINDS), truth.reshape(-1)
    nats = F.cross_entropy(*flat, reduction="none").numpy().reshape(8, 16, -1)
    likeliest = steps_of(logits.numpy().argmax(axis=2)).T
    return nats.sum(axis=1).mean(axis=1), onsets(likeliest, melodies)


z, _ = models["flat"].encode(Tensor(x))
others = Tensor(np.roll(z.numpy(), len(x) // 2, axis=0))  # another tune's
own, likeliest = told(models["flat"], x, z)
with_others, _ = told(models["flat"], x, others)

# %% [markdown]
# **Guess:** which suspect is guilty? Do the onsets of bar 8 come back, if the true steps are told? Is $z$ worth less
# there than in bar 1?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("The flat decoder, bar 1 to 8:")
print("onsets, running free  ", onsets(back, x))
print("onsets, told the truth", likeliest)
print("what z is worth, nats ", with_others - own)
