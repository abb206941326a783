# %% [markdown]
# # 11. Denoising: can it remove what it has never seen?

# %% tags=["hide-input"]
import os
from inspect import getsource
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from lessons import drawing, weights
from minae import Tensor, data, nn, optim
from minae import functional as F
from minae.data.picture_files import read_picture
from minae.measures.image_error import psnr, squared_error
from minae.measures.ridge import Ridge

QUICK = "MINAE_QUICK" in os.environ  # only to test this lesson
plt.rcParams["image.interpolation"] = "nearest"  # pixels with sharp edges
HERE = Path(drawing.__file__).parent / "11_denoising"

images, labels = data.mnist("train")
learned, held_out = images[:54_000], images[54_000:]
new = held_out[1_000 : 1_300 if QUICK else 3_000]  # the first 1,000 choose a penalty


def fog(clean, level, rng):
    """Pictures (N, ...) in fog: each pixel plus a number of its own, cut off."""
    noise = level + level * rng.standard_normal(clean.shape, dtype=np.float32)
    return np.clip(clean + noise, 0, 1).astype(np.float32)


def denoiser(channels):
    """28 x 28 pixels, halved twice and doubled twice: a picture in, a picture out."""
    rng = np.random.default_rng(0)
    return nn.Sequential(
        nn.Conv2d(1, channels, 5, stride=2, padding=2, rng=rng),
        nn.ReLU(),
        nn.Conv2d(channels, 2 * channels, 5, stride=2, padding=2, rng=rng),
        nn.ReLU(),
        nn.ConvTranspose2d(2 * channels, channels, 6, stride=2, padding=2, rng=rng),
        nn.ReLU(),
        nn.ConvTranspose2d(channels, 1, 6, stride=2, padding=2, rng=rng),
    )


def restore(network, noisy):
    """What a network makes of noisy pictures, 500 at a time."""
    parts = np.array_split(noisy, len(noisy) // 500 + 1)
    return np.concatenate([network(Tensor(part)).data for part in parts]).clip(0, 1)


one_level = weights.load(denoiser(32), HERE / "one_level.safetensors")
all_levels = weights.load(denoiser(24), HERE / "all_levels.safetensors")

ten = [6, 162, 296, 77, 376, 225, 361, 305, 11, 38]
foggy = fog(held_out[:400], 0.5, np.random.default_rng(2))[ten]
drawing.show(
    drawing.pictures({"": foggy[:5], " ": foggy[5:]}, size=0.95),
    alt="Ten squares of black and white dots. In each one may guess a bright digit.",
)

# %% [markdown]
# Ten handwritten digits in fog. A camera in the dark makes such pictures, and so does an X-ray with a low dose.
#
# **Guess:** which digits are they? Write ten numbers, row by row. (Step back: from two
# metres your eye takes the mean of neighbours.)

# %% tags=["guess"]
my_ten = [..., ..., ..., ..., ..., ..., ..., ..., ..., ...]

# %% tags=["hide-cell"]
print("Cleaned by a network, and as they were written:")
rows = {"cleaned": restore(one_level, foggy), "written": held_out[ten]}
drawing.show(
    drawing.pictures(rows, size=0.6),
    alt="The network's digits are clear and a little blurred. An 8 has become a 3, a 3 "
    "and a 2 have become an 8, and a 4 and a 5 look like a 9.",
)
print("written:", *labels[54_000:][ten])

# %% [markdown]
# A network has cleaned them. Now compare the two rows. Some digits have become *other* digits: clean, and wrong.
# Nothing in the picture says which ones. (We chose these ten because they are hard. Most of its answers are better,
# as you will see.)
#
# That is the subject of this lesson. A program that removes noise must know what noise is, and what a picture is. It
# knows both from its training alone. So we ask: **can it remove what it has never seen?** At the end you clean a page
# of your own, and make a list of what was invented.
#
# You need lesson 8 (convolution), lesson 7 (training, validation) and lesson 9 (the directions of PCA). From here on
# we write networks with minae's layers. They are what you have built; your own would do as well. Reading takes 40
# minutes.
#
# ## 1. Fog, and how to measure it
#
# Our [noise](../glossary.md#noise) has a level $s$. To each pixel we add a random number with mean $s$ and standard
# deviation $s$. Then we cut off at 0 and 1, because a pixel cannot be darker than black or brighter than white.

# %%
print(getsource(fog))

# %% [markdown]
# Fog makes a picture brighter, and grainy. The ten above have level 0.5, which is also the default of minae's
# `Denoiser`.
#
# How good is a cleaned picture? So far we had the squared error of a picture, summed over its 784 pixels (lesson 6).
# But an error of 30 means little if you do not know how many pixels there are. Divide by 784: that is the *mean*
# squared error of a pixel, MSE. And what matters is its ratio to the largest possible error. A pixel is at most 1, so
# the worst MSE is 1. The measure that people use is the logarithm of this ratio, the
# [PSNR](../glossary.md#psnr), *peak signal-to-noise ratio*:
#
# $$ \text{PSNR} = 10 \log_{10} \frac{1}{\text{MSE}} \quad \text{in decibels, dB.} $$
#
# Why a logarithm? Because errors are compared by factors: half of the error is good news, whether it was large or
# small. In dB equal factors are equal steps:

# %%
for mse in (1.0, 0.1, 0.05, 0.01, 0.001):
    typical, dB = mse**0.5, 10 * np.log10(1 / mse)
    print(f"MSE {mse:5}: typical error {typical:.3f}, PSNR {dB:4.1f} dB")

# %% [markdown]
# **10 dB more is a tenth of the squared error, 3 dB more is a half.** For many pictures average the errors first, and
# take one logarithm at the end. (Otherwise one perfect picture would make the mean infinite.)
#
# **Guess:** digits in fog of level 0.5, a black page, and the mean of all digits: how many dB has each of them, as an
# "answer" to 2,000 digits? Which one is the best?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Three answers that are not answers:")
noisy = fog(new, 0.5, np.random.default_rng(1))
mean = np.broadcast_to(learned.mean(axis=0), new.shape)
answers = {"fog": noisy, "black": np.zeros_like(new), "mean digit": mean}
for name, answer in answers.items():
    print(f"{name:10} {psnr(answer, new):5.2f} dB")

# %% [markdown]
# <details>
# <summary>What to make of it</summary>
#
# A black page beats the picture in fog by more than 4 dB, although you can read the second and not the first. Most of a
# digit is black, and fog makes it grey. The mean of all digits is better still. PSNR does not ask what can be read. It
# is the squared error, no more. So always say what a blind answer would have.
#
# </details>
#
# ## 2. Learn from pairs
#
# A [denoising autoencoder](../glossary.md#denoising-autoencoder) learns from pairs: a noisy picture goes in, and the
# clean one is the target. We make the noise ourselves, so we have as many pairs as we like. No label is needed.
#
# One step of training, for any network:


# %%
def step(network, optimizer, noisy, clean):
    """Returns the squared error: summed over pixels, averaged over pictures."""
    answers = network(Tensor(noisy))
    error = F.mse_loss(answers, Tensor(clean), reduction="sum") / len(clean)
    optimizer.zero_grad()
    error.backward()
    optimizer.step()
    return error.item()


# %% [markdown]
# In a widely copied notebook the noise is drawn once, before training:
#
#     noisy_images = add_noise(images)
#
# and all epochs learn from these. It looks tidy. Let us do the same with 1,000 pictures and a dense network, and keep
# two curves. One is the error that training reports. The other one is the error on *the same pictures* in fog that was
# drawn anew.

# %%
few = learned[:1_000].reshape(-1, 784)


def follow(noisy_copies, epochs=3 if QUICK else 60):
    """After each epoch: the error that training tells, and that in new fog."""
    rng, history = np.random.default_rng(2), []
    layers = nn.Linear(784, 256, rng=rng), nn.ReLU(), nn.Linear(256, 784, rng=rng)
    network = nn.Sequential(*layers)
    optimizer = optim.Adam(network.parameters(), lr=1e-3)
    for _ in range(epochs):
        batches = data.batches(len(few), 50, rng)
        told = [step(network, optimizer, noisy_copies(i), few[i]) for i in batches]
        fresh = squared_error(restore(network, fog(few, 0.5, rng)), few)
        history.append((np.mean(told), fresh))
    return np.array(history)


# %%
rng = np.random.default_rng(3)
stored = fog(few, 0.5, rng)  # once
history = follow(lambda i: stored[i])

# %% [markdown]
# **Guess:** the training error after 60 epochs is about 14. What is it in new fog: the same, twice as much, more?

# %% tags=["guess"]
my_guess = ...


# %% tags=["hide-cell"]
print("One stored noise:")
print(f"at the end: told {history[-1, 0]:.1f}, in new fog {history[-1, 1]:.1f}")
axes = drawing.axes("", "epoch", "squared error of a picture", size=(5, 2.6))
axes.plot(history[:, 0], label="as training tells it")
axes.plot(history[:, 1], "--", label="the same pictures, new fog")
axes.set_ylim(0, 60)
axes.legend()
drawing.show(
    axes,
    alt="The training error falls steadily. The error in new fog falls at first, and "
    "then stays where it is, far above.",
)

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# Each picture has *one* noisy copy, and the network sees it 60 times. So the noise itself becomes a sign: "these white
# dots belong to the seventh picture". It learns the noise from memory, as lesson 7's networks learned shuffled labels.
# In other fog these signs are missing. From epoch 30 on, all "progress" is memory.
#
# </details>
#
# The cure costs one line: draw the noise *inside* of the loop, anew for each batch in each epoch.

# %%
history = follow(lambda i: fog(few[i], 0.5, rng))
print(f"at the end: told {history[-1, 0]:.1f}, in new fog {history[-1, 1]:.1f}")
# %% [markdown]
# Now the two numbers are close: what training tells is true, for these pictures. (It is a little higher, because
# `restore` cuts answers off at 0 and 1, and training does not.) A picture in 60 different fogs has only one thing in
# common, the picture. So that is what can be learned. The training error is *higher* than before, and the network is
# better. (On 1,000 other pictures, in new fog, we found 22.5, and with the stored noise 27.5.)
#
# Three details are easy to get wrong:
#
# - The noise must be new in each *batch*, too. If all batches of an epoch get the same, it comes again and again.
# - The target is the *clean* picture. If it is the noisy one, the network learns to leave noise where it is.
# - Validation pictures must not be training pictures. With pictures that were learned, and the noise that was stored,
#   validation is as wrong as training.
#
# ### Debug: a denoiser with wonderful numbers
#
# The function `train` in `exercise.py` has two of these mistakes. It reports an error that is far too small. Mend it.
#
# <details>
# <summary>Hint 1</summary>
#
# Ask of each array: was it made before the loop or inside of it? Which rows of `clean` does the loop see?
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# `noisy_batches` makes all pairs of an epoch. Cut the pictures in two before anything else happens. The noise of the
# validation pictures needs a seed that no batch has.
#
# </details>
#
# ## 3. The best linear map
#
# A network should have a rival. Ours is the best among all *linear* maps: each pixel of the answer is a weighted sum
# of all noisy pixels, plus a bias. A noisy picture is a row $x$, the clean one a row $t$, and the answer
# $y = x W + b$. Its error, with the mean over all pictures, is
#
# $$ E = \text{mean of } \lVert x W + b - t \rVert^2. $$
#
# It needs no training loop. $E$ is a mean of squares, so it is a bowl: along each straight line through the space of
# weights it is a parabola, open at the top. Its lowest point is where all slopes are zero. First the slopes in the
# bias, twice the mean of what is in the bars:
#
# $$ 2\,(\bar x W + b - \bar t) = 0 \quad\Rightarrow\quad b = \bar t - \bar x W, $$
#
# with the means $\bar x$ and $\bar t$ over all pictures. So the map turns the mean noisy picture into the mean clean
# one. Put this $b$ back, and only differences from the means are left: $\tilde x = x - \bar x$ and
# $\tilde t = t - \bar t$. Now the slopes in $W$, by lesson 3's vjp of a product:
#
# $$ 2\, \text{mean of } \tilde x^\top (\tilde x W - \tilde t) = 0, $$
#
# $$ C_{xx} W = C_{xt}. $$
#
# $C_{xx}$ is the mean of $\tilde x^\top \tilde x$, a table of 784 x 784: which noisy pixels go up and down together.
# $C_{xt}$ is the same for noisy and clean pixels. These are the [normal equations](../glossary.md#normal-equations).
# The page [Least squares](../toolbox/least_squares.md) has an example with all numbers.
#
# A small penalty on large weights, $\lambda$ times the sum of all $W_{ij}^2$, keeps them from fitting accidents of
# the pictures at hand. Its slopes are $2 \lambda W$, so only the left side changes:
# $(C_{xx} + \lambda I)\, W = C_{xt}$. That is [ridge regression](../glossary.md#ridge-regression). You write it in
# the exercise; here `minae.measures.ridge` stands in.
#
# ### What such a map does
#
# Suppose for a moment that noise has mean 0, variance $\sigma^2$, and is not cut off. It has nothing to do with the
# picture, so the mean of noise times picture is 0. Nor has the noise of one pixel to do with that of another. So the
# table of the noise is $\sigma^2 I$. Then $C_{xt} = C$, lesson 9's covariance of the clean pictures (there a picture
# was a column, here it is a row), and $C_{xx} = C + \sigma^2 I$. Now look along one of PCA's directions, in which the
# clean pictures have variance $v$. (Lesson 9 called it $\lambda$; here $\lambda$ is the penalty.) There $C$ multiplies
# by $v$, and $I$ by 1. So $W$ multiplies by a number $w$, too:
#
# $$ (v + \sigma^2)\, w = v \quad\Rightarrow\quad w = \frac{v}{v + \sigma^2}. $$
#
# Each direction is multiplied by a factor of its own. This is the [Wiener filter](../glossary.md#wiener-filter).
#
# **Guess:** in a direction where picture and noise have the same variance, which part is kept? And how many of the
# 784 directions keep more than that, if $\sigma = 0.5$?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("How much is kept of each direction:")
variances = np.linalg.eigvalsh(np.cov(learned[:10_000].reshape(-1, 784).T))[::-1]
kept = variances / (variances + 0.5**2)
for place in (1, 10, 50, 100, 200):
    v, part = variances[place - 1], kept[place - 1]
    print(f"direction {place:3}: variance {v:6.3f}, kept {part:4.0%}")
print("directions that keep more than a half:", np.sum(kept > 0.5))

# %% [markdown]
# <details>
# <summary>What to make of it</summary>
#
# A half, and only few directions keep more. Where pictures vary much, the map believes its input. Where they hardly
# vary, it says "noise" and lets little through. It decides that *once*, for all pictures. Remember that.
#
# </details>
#
# Fit it at five levels of fog, with all 54,000 pictures at 0.5 and fewer at the others:


# %%
def best_linear_map(level, count):
    """minae tries four penalties, and keeps the one that is best on 1,000 others."""
    rng, chosen_by = np.random.default_rng(4), held_out[:1_000]
    parts = np.split(learned[:count], count // 1_000)
    pairs = ((fog(part, level, rng), part) for part in parts)
    return Ridge.fit(pairs, (fog(chosen_by, level, rng), chosen_by))


levels = (0.1, 0.3, 0.5, 0.7, 0.9)
counts = [54_000 if level == 0.5 else 15_000 for level in levels]
counts = [2_000] * 5 if QUICK else counts
linear = {level: best_linear_map(level, n) for level, n in zip(levels, counts)}

# %% [markdown]
# ## 4. The network against it
#
# The network is minae's `Denoiser`, layer by layer. Two convolutions make 7 x 7 places of the picture, and two
# transposed convolutions (lesson 8) make a picture again. In the middle stand 64 x 7 x 7 = 3,136 numbers, four times as
# many as pixels: nothing is squeezed. What keeps it from copying is the noise. (Filters of 6 x 6 with a stride of 2
# need no output padding, lesson 10, and leave no checkerboard, lesson 8.)

# %%
print(getsource(denoiser))

# %% [markdown]
# The loop is yours: batches, new fog, `step`. Its loss is the squared error, because PSNR measures that. The rate falls
# from epoch to epoch.


# %%
def train(network, clean, corrupt, epochs, lr=2e-3):
    """Learn to undo corrupt(pictures, rng), with new noise every time."""
    rng = np.random.default_rng(0)
    optimizer = optim.Adam(network.parameters(), lr)
    for epoch in range(epochs):
        optimizer.lr = lr * (1 - epoch / epochs)
        for rows in data.batches(len(clean), 64, rng):
            step(network, optimizer, corrupt(clean[rows], rng), clean[rows])


def fog_of_half(clean, rng):
    return fog(clean, 0.5, rng)


# %% tags=["hide-cell"]
def fog_of_any(clean, rng):
    return fog(clean, rng.uniform(0, 1, (len(clean), 1, 1, 1)), rng)


if "MINAE_KEEP" in os.environ:
    for name, loaded, channels, corrupt in (
        ("one_level", one_level, 32, fog_of_half),
        ("all_levels", all_levels, 24, fog_of_any),
    ):
        network = denoiser(channels)
        train(network, learned, corrupt, epochs=14)
        weights.save(network, HERE / f"{name}.safetensors")
        weights.load(loaded, HERE / f"{name}.safetensors")

# %% [markdown]
# `train(denoiser(32), learned, fog_of_half, epochs=14)` takes almost 12,000 steps, too many for a page. So its weights
# come with this lesson, in float16. (Where the course is written, `MINAE_KEEP=1 python -m lessons build 11` makes them
# anew. `minae train denoiser` trains such a network with figures and measures.)
#
# **Guess:** at level 0.5, where the network was trained, how many dB is it above the linear map? And at the other
# levels? There the linear map may be fitted anew, and the network has never seen them.

# %% tags=["guess"]
my_guess = ...


# %% tags=["hide-output"]
def table(answers):
    """PSNR of fog at each level, and of what each of the answers makes of it."""
    print("level    fog", *(f"{name:>12}" for name in answers))
    for level in levels:
        noisy = fog(new, level, np.random.default_rng(5))
        found = [psnr(answer(level)(noisy), new) for answer in answers.values()]
        print(f"{level:5} {psnr(noisy, new):6.2f}", *(f"{dB:12.2f}" for dB in found))


print("Decibels on pictures that nothing was fitted to:")
by_one, by_all = (lambda x: restore(one_level, x)), (lambda x: restore(all_levels, x))
table({"linear": linear.get, "network": lambda level: by_one})

# %% [markdown]
# <details>
# <summary>What to make of it</summary>
#
# At 0.5 the network is 2 dB better: two fifths of the squared error are gone. In thicker fog the linear map is better,
# because it was fitted to that fog. Now look at 0.1. In this thin fog the network's answers are *worse*
# than at 0.3, and hardly better than its input! It has learned that a grey pixel is black under fog. So it takes away
# a fog that is not there. Less noise, worse pictures.
#
# </details>
#
# A network trained at one level knows one level. The cure is to train at all: in each batch each picture gets a level
# of its own, between 0 and 1. (That one is smaller, with 24 and 48 channels. It has the same loop.)

# %%
table(
    {
        "linear": linear.get,
        "one level": lambda level: by_one,
        "all levels": lambda level: by_all,
    }
)
print(f"no fog at all: {psnr(by_all(new), new):.2f} dB by the network of all levels")

# %% [markdown]
# One network for all levels, and at 0.5 it gives away only 0.3 dB. But be fair: in the thinnest fog the linear map
# wins. There almost everything in the input is right. To pass it on is easy for a linear map, and this one knows its
# level. The network had to learn that, too, beside everything else. Even a clean picture does not come back whole: the
# network was hardly ever asked for one.
#
# Turn up the fog yourself. (*linear* and *one* were fitted at 0.5, *all* at all levels.)


# %% tags=["hide-input"]
def at_level(level):
    """Three digits: in fog, and cleaned in three ways."""
    clean = held_out[[1, 7, 9]]
    noisy = fog(clean, level, np.random.default_rng(6))
    cleaned = {"linear": linear[0.5](noisy), "one": by_one(noisy), "all": by_all(noisy)}
    return drawing.pictures({"fog": noisy} | cleaned, size=0.6)


drawing.slider(
    at_level,
    (0.0, 0.1, 0.3, 0.5, 0.8),
    "Three digits in fog, cleaned in three ways. With much fog all three answers are "
    "blurred. With no fog the linear map and the network of one level make the digits "
    "faint or thin; the network of all levels leaves them almost as they are.",
    "level",
    start=3,
)

# %% [markdown]
# And now the test pictures, once:

# %%
test = data.mnist("test")[0][: 500 if QUICK else 10_000]
noisy_test = fog(test, 0.5, np.random.default_rng(7))
of_map, of_network = (psnr(f(noisy_test), test) for f in (linear[0.5], by_one))
print(f"linear map {of_map:.2f} dB, network {of_network:.2f} dB")
print(f"the network is {of_network - of_map:.2f} dB above the best linear map")

# %% [markdown]
# ### What do these 2 dB look like?

# %%
few_new = new[[0, 2, 3, 5, 8]]
noisy_few = fog(few_new, 0.5, np.random.default_rng(8))
rows = {"fog": noisy_few, "linear": linear[0.5](noisy_few)}
rows |= {"network": by_one(noisy_few), "clean": few_new}
drawing.show(
    drawing.pictures(rows, size=0.7),
    alt="The linear map's digits are grey smoke on a grey ground. The network's ground "
    "is black, and its strokes are white, with soft edges.",
)

# %% [markdown]
# **Guess:** where is the difference? Split the squared error of a picture into that of the *ground* (pixels that are
# black in truth) and that of the *strokes*. Which part shrinks more?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Squared error of a picture, on ground and strokes:")
noisy = fog(new, 0.5, np.random.default_rng(5))
for name, answer in (("linear", linear[0.5](noisy)), ("network", by_one(noisy))):
    squares = (answer - new) ** 2
    ground, strokes = (squares[where].sum() / len(new) for where in (new == 0, new > 0))
    print(f"{name:8} ground {ground:5.2f}, strokes {strokes:5.2f}")

# %% [markdown]
# <details>
# <summary>What to make of it</summary>
#
# Both shrink, the ground by more. On the ground the linear map leaves smoke wherever a digit *might* be: its weights
# cannot depend on the picture. The network can say "there is no stroke here" and answer black.
#
# </details>
#
# One can see how it does that. Take one pixel of the answer. Its slopes in all noisy pixels say which of them it
# listens to, and `backward` finds them. For a linear map they are its weights, always the same.

# %% tags=["hide-input"]
chosen, pixel = [0, 1, 2, 3], (14, 13)
noisy_tensor = Tensor(noisy_few[chosen], requires_grad=True)
g = np.zeros((4, 1, 28, 28), dtype=np.float32)
g[:, 0, pixel[0], pixel[1]] = 1
one_level(noisy_tensor).backward(g)
slopes = [linear[0.5].weight[:, pixel[0] * 28 + pixel[1]].reshape(28, 28)]
slopes += list(np.asarray(noisy_tensor.grad)[:, 0])

panels = drawing.grid(2, 5, size=(6.6, 2.8))
for panel, picture in zip(panels[0, 1:], by_one(noisy_few[chosen])[:, 0]):
    panel.imshow(picture, cmap="gray", vmin=0, vmax=1)
    panel.plot(pixel[1], pixel[0], "+", color="C3", markersize=9)
for panel, found in zip(panels[1], slopes):
    panel.imshow(found, cmap="RdBu_r", vmin=-0.25, vmax=0.25)
for panel in panels.flat:
    panel.set(xticks=[], yticks=[])
panels[0, 0].axis("off")
panels[1, 0].set_xlabel("linear map")
panels[1, 2].set_xlabel("network, for the pictures above")
drawing.show(
    panels[0, 0],
    alt="Red is a positive slope. The linear map has one blurred red spot around the "
    "pixel. The network has another small pattern for each picture.",
)

# %% [markdown]
# The linear map has one filter for this pixel, a spot. The network makes another filter for each picture, and turns it
# down where it is sure. That is what its relus are for. No linear map can do it.
#
# ## 5. Noise that it has never seen
#
# Now the question of this lesson. Five kinds of damage that no network here was trained for, without any fog:
#
# - *salt and pepper*: three pixels of ten become black or white;
# - *rain*: thin bright lines, one pixel wide; and *thick rain*, two pixels wide;
# - *scratches*: two dark lines from top to bottom;
# - *a hole*: a black square of 7 x 7 pixels.


# %% tags=["hide-input"]
def lines(clean, rng, count, width, length, lean, value):
    """Each picture with straight lines on it, in random places."""
    drawn = clean.copy()
    for picture in drawn[:, 0]:
        for _ in range(count):
            top = rng.integers(-2, 26) if length < 28 else 0
            left, tilt = rng.uniform(3, 24), lean * rng.uniform(0.5, 1)
            for row in range(max(top, 0), min(top + length, 28)):
                column = round(left + tilt * (row - top))
                picture[row, max(column, 0) : max(column + width, 0)] = value
    return drawn


def salt(clean, rng):
    draw = rng.random(clean.shape)
    return np.where(draw < 0.15, 0, np.where(draw < 0.3, 1, clean)).astype(np.float32)


def hole(clean, rng):
    damaged = clean.copy()
    for picture in damaged[:, 0]:
        top, left = rng.integers(8, 13, 2)
        picture[top : top + 7, left : left + 7] = 0
    return damaged


damages = {
    "salt": salt,
    "rain": lambda clean, rng: lines(clean, rng, 6, 1, 6, -0.4, 1),
    "thick": lambda clean, rng: lines(clean, rng, 4, 2, 8, -0.4, 1),
    "scratch": lambda clean, rng: lines(clean, rng, 2, 2, 28, 0.3, 0),
    "hole": hole,
}
sample = held_out[[0, 1, 3, 7]]
damaged = [damage(sample, np.random.default_rng(9)) for damage in damages.values()]
drawing.show(
    drawing.pictures(dict(zip(damages, damaged)), size=0.65),
    alt="Five rows of digits: with black and white dots, with thin bright lines, with "
    "thick bright lines, with dark lines across them, with a black square.",
)

# %% [markdown]
# **Guess:** which of the five are removed by the network of all levels, at least in part? Say it in dB gained.

# %% tags=["guess"]
my_guess = {"salt": ..., "rain": ..., "thick": ..., "scratches": ..., "hole": ...}

# %% tags=["hide-cell"]
print("Decibels before and after:")
print(f"{'':13}{'before':>8}{'linear':>9}{'one level':>11}{'all levels':>12}")
for name, damage in damages.items():
    x = damage(new, np.random.default_rng(0))
    dB = [psnr(answer, new) for answer in (x, linear[0.5](x), by_one(x), by_all(x))]
    print(f"{name:13}{dB[0]:8.2f}{dB[1]:9.2f}{dB[2]:11.2f}{dB[3]:12.2f}")
cleaned = [by_all(x) for x in damaged]
drawing.show(
    drawing.pictures(dict(zip(damages, cleaned)), size=0.65),
    alt="Cleaned: dots and thin lines have left pale spots. Thick lines are still "
    "there, as bent strokes. Digits with scratches or holes still have gaps.",
)

# %% [markdown]
# <details>
# <summary>What to make of it</summary>
#
# The answer to our question is: *sometimes*. Most of the salt and of the thin rain is gone, although it never saw
# them. They are small and lonely, and no stroke looks like that. Most of the thick rain stays: it looks like the
# stroke of a pen. Scratches and holes stay, because black ground is a perfectly good picture. The network does not
# ask "what was added?". It asks "which digit, in fog, might look like this?".
#
# The linear map and the network that know one level make scratches and holes *worse* than they were: they take away a
# fog again.
#
# </details>
#
# So teach it. The loop does not care what the damage is. 6,400 pictures in thick rain, one epoch:

# %%
wet = damages["thick"]
rainy = weights.load(denoiser(24), HERE / "all_levels.safetensors")
train(rainy, learned[: 640 if QUICK else 6_400], wet, epochs=1, lr=1e-3)
for name, damage in (("thick rain", wet), ("fog of 0.5", fog_of_half)):
    x = damage(new, np.random.default_rng(0))
    before, after = (psnr(restore(network, x), new) for network in (all_levels, rainy))
    print(f"{name}: {before:.2f} dB before this epoch, {after:.2f} dB after it")

# %% [markdown]
# A hundred steps, and it sees thick rain as what it is. It has also forgotten a part of what it knew about fog: nothing
# in this epoch reminded it. To have both, train with both.
#
# ## 6. It knows its own kind only
#
# The second half of what it knows is what a *picture* is. It has seen nothing but digits. What if there is a shirt in
# the fog?
#
# **Guess:** the rival is a linear map that was fitted to 7,000 clothes. Who is better on clothes, the network that
# knows digits, or the simple map that knows clothes? By how much?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("On clothes in fog:")
clothes, kinds = data.fashion_mnist("test")
pairs = [(fog_of_half(x, rng), x) for x in np.split(clothes[2_000:], 8)]
knows_clothes = Ridge.fit(pairs[:7], pairs[7])
some = clothes[: len(new)]
worn = fog_of_half(some, rng)
for name, answer in (
    ("linear map of digits", linear[0.5](worn)),
    ("network of digits", by_one(worn)),
    ("linear map of clothes", knows_clothes(worn)),
):
    print(f"{name:22} {psnr(answer, some):5.2f} dB")

# %% [markdown]
# <details>
# <summary>What to make of it</summary>
#
# The simple map is better by almost 3 dB, because it knows clothes. What an autoencoder can do,
# it can do for its own kind of data: it is *data-specific*.
#
# </details>
#
# What does it *want* to see? Ask it again and again. Clean the shirt, put the answer into new fog, clean that, and so
# on. Each round takes away a little of what the network does not believe.
#
# **Guess:** what is left of a shirt after 30 rounds? A grey spot, a black page, a shirt with less detail, or something
# else?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("Thirty rounds of fog and cleaning:")
wardrobe = np.concatenate([clothes[kinds == kind][:1] for kind in (0, 1, 2, 3, 4, 7)])
rng, rounds = np.random.default_rng(0), [wardrobe]
for _ in range(30):
    rounds.append(by_all(fog(rounds[-1], 0.5, rng)))


def after_rounds(count):
    rows = {"clothes": wardrobe, f"round {count}": rounds[count]}
    return drawing.pictures(rows, size=0.7)


drawing.animate(
    after_rounds,
    (0, 1, 2, 4, 7, 10, 14, 18, 22, 26, 30),
    alt="Shirts, trousers and shoes. In the row below they lose their outlines, become "
    "thick strokes, and in the end most of them are handwritten digits.",
    seconds=0.7,
)

# %% [markdown]
# <details>
# <summary>What you have seen</summary>
#
# The shirt became a 9, the pullover a 0. Nobody told the network what it should draw. It only moved each picture,
# round by round, towards what it knows. So a denoiser holds more than a way to remove noise: it knows what its data
# look like.
#
# </details>
#
# <details>
# <summary>For those who want to know more: a slope of the density</summary>
#
# Let noise be normal (Gaussian) with mean 0 and variance $\sigma^2$, drawn for each pixel by itself, and not cut off.
# Then the denoiser $d$ with the smallest squared error satisfies
# $d(x) - x = \sigma^2\, \nabla_x \log p(x)$, with $p$ the density of noisy pictures: its residual points uphill, to
# where pictures are more probable (Tweedie's formula). Programs that draw pictures from noise walk along it.
#
# </details>
#
# ## 7. A page of yours
#
# Convolutions do not count pixels, so the network cleans a page of any size. (Height and width must be multiples of
# 4; the linear map knows 28 x 28 alone.) Here is an old page: two lines of figures, with fog, a scratch, a line and a
# stain. Put in your own: write a few digits or letters with a thick pen, and photograph or scan them. Then shrink the
# picture until they are about 20 pixels high. (A row of ten is then only 300 pixels wide.)

# %%
my_page = None  # or the name of a file, such as "page.jpg": dark ink on bright paper


def read_page(path):
    picture = 1 - read_picture(path, channels=1)[0]
    height, width = (size // 4 * 4 for size in picture.shape[1:])
    return picture[None, :, :height, :width]


# %% tags=["hide-input"]
def old_page(rng):
    """Ten figures as they were written, and what is left of them."""
    figures = labels[54_000:]
    found = [held_out[figures == figure][0, 0] for figure in (1, 9, 4, 7, 0)]
    found += [held_out[figures == figure][1, 0] for figure in (6, 2, 5, 3, 8)]
    written = np.vstack([np.hstack(found[:5]), np.hstack(found[5:])])
    now = written.copy()
    now[:, 40:42], now[30:32], now[8:20, 106:122] = 0, 0.9, 0.5
    return written[None, None], fog(now, 0.2, rng)[None, None]


written, page = old_page(np.random.default_rng(10))
page = page if my_page is None else read_page(my_page)
answer = restore(all_levels, page)
rows = {"page": page[:, 0], "cleaned": answer[:, 0]}
sheets = drawing.pictures(rows, page.shape[2:], 1.5)
drawing.show(
    sheets,
    alt="Two lines of grey, grainy figures with a line between them and a grey stain. "
    "Below, the same figures, white on black, with the line.",
)

# %% [markdown]
# It looks like a page that one could trust. Is it? Here we know what was written. (Of your own page you know it, too.)
# But suppose that nobody knows. Then one might ask the network ten times, each time with a little new fog on the page.
# Where it guesses, its answers should differ. Call the standard deviation of the ten answers its *doubt*.
#
# **Guess:** take the tenth of all pixels with the most doubt. Which part of the squared error do they have?

# %% tags=["guess"]
my_share = ...


# %% tags=["hide-cell"]
print("What was invented, what was lost, and what the network doubts:")


def doubt(page, times=10, level=0.15):
    """How much the answers differ, pixel by pixel, if a little fog is added."""
    rng = np.random.default_rng(11)
    answers = [restore(all_levels, fog(page, level, rng)) for _ in range(times)]
    return np.std(answers, axis=0)[0, 0]


unsure = doubt(page)
shown = {"doubt: bright where ten answers differ": (unsure, "gray", 0, 0.3)}
if my_page is None:
    wrong = (answer - written)[0, 0]
    shown["red: invented; blue: lost"] = (wrong, "RdBu_r", -1, 1)
    share = np.sum(wrong[unsure > np.quantile(unsure, 0.9)] ** 2) / np.sum(wrong**2)
    print(f"invented {np.sum(wrong > 0.5)} pixels, lost {np.sum(wrong < -0.5)}")
    print(f"the most doubtful tenth has {share:.0%} of the squared error")
    line = np.sum(wrong[30:32] ** 2) / np.sum(wrong**2)
    print(f"the line alone has {line:.0%} of it")
    of_line, of_stain = unsure[30:32].mean(), unsure[8:20, 106:122].mean()
    print(f"mean doubt on the line {of_line:.2f}, on the stain {of_stain:.2f}")
panels = drawing.grid(len(shown), 1, size=(4.6, 2.1 * len(shown)))[:, 0]
for panel, (title, (picture, colours, low, high)) in zip(panels, shown.items()):
    panel.imshow(picture, cmap=colours, vmin=low, vmax=high)
    panel.set_title(title, fontsize=10)
    panel.set(xticks=[], yticks=[])
drawing.show(
    panels[0],
    alt="Above, the edges of figures and the stain are pale grey, the line is dull. "
    "Below, the line is deep red from end to end, and the stain is red and blue.",
)

# %% [markdown]
# <details>
# <summary>What to make of it</summary>
#
# A fifth, where pixels drawn at random would have a tenth. (Without the line it would be a half.) The network doubts
# the edges of strokes, where errors are small, and the stain, with good reason. But the largest invention is the line
# across the page. The network is as sure of it as of a stroke. What is invented well is hardly doubted. So this doubt
# does not make the list
# for you. It needs someone who knows what was there.
#
# </details>
#
# **Keep it:** `sheets.savefig("cleaned.png")`. And beside it write your list, in two columns: what was on the page, and
# what was invented. Anyone who reads a cleaned letter, or looks at a cleaned face, needs that list.
#
# ## Exercise
#
# `exercise.py` has four functions to build, for seven points: `fog` and `psnr` (one each), `best_linear` (three) and
# `noisy_batches` (two). Two points are for `train` of section 2, where its hints stand, and one for the experiment.
# `python -m lessons grade 11` says what you have.
#
# **`fog` and `psnr`**
#
# <details>
# <summary>Hint 1</summary>
#
# `standard_normal(clean.shape)` draws a number for each pixel of each picture. Multiply by the standard deviation, add
# the mean. Cut off the sum, not the noise. `.astype(clean.dtype)` comes last.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# `psnr` takes one mean, of all squares of all pictures, and one logarithm.
#
# </details>
#
# **`best_linear`**
#
# <details>
# <summary>Hint 1</summary>
#
# Take the means away first. Then nothing but $C_{xx}$, $C_{xt}$ and `np.linalg.solve` is needed.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# `x.T @ x` is a sum over pictures, and $E$ is a mean. What does that change for the penalty?
#
# </details>
#
# **`noisy_batches`**
#
# <details>
# <summary>Hint 1</summary>
#
# A list of whole numbers is a seed, too. Which numbers tell a batch of an epoch from all others?
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# `epoch + batch` is 1 twice: for batch 1 of epoch 0, and for batch 0 of epoch 1.
#
# </details>
#
# **The experiment:** `trained_and_tested` makes a table of all pairs of levels, with the linear map. Before you run
# it, mark the largest number of each row and of each column. Then run it in a cell of this notebook, and answer the
# question in `TOO_LOW_OR_TOO_HIGH`:
#
#     from exercise import trained_and_tested
#
#     rows = learned[:5_000].reshape(-1, 784), held_out[:1_000].reshape(-1, 784)
#     print(trained_and_tested(*rows, levels, penalty=0.1, seed=0).round(1))
#
# ## Challenge: fill the hole
#
# Worth nothing but pride. Train `rainy` with holes in place of rain. How many dB do you reach, and what does it
# draw where it cannot know? Then make two lists for ten digits: filled rightly, invented. Choose by the validation
# pictures.
#
# ## Expected results
#
# | section | what | you should have seen |
# |---|---|---|
# | 1 | fog, black, mean digit | 4.8, 9.5 and 11.7 dB |
# | 2 | one stored noise | told 14, in new fog 25 |
# | 4 | the test pictures | the network 2 dB above the linear map |
# | 5 | rain, thick rain, hole | mostly gone; there; there |
# | 6 | clothes | a simple map that knows clothes is better |
# | 6 | thirty rounds | strokes; most of them are digits |
#
# ## What you now know
#
# - PSNR is the mean squared error on a scale of factors: 10 dB for a factor of 10. It does not ask what can be read.
# - New noise for each batch in each epoch; the target is clean; validation pictures are others.
# - The best linear map comes from slopes that are zero. It decides once how much to keep of each direction.
# - A network decides anew for each picture. At level 0.5 that is worth 2 dB. In thin fog the linear
#   map wins.
# - It removes what does not look like its data. It keeps what does, and where noise hides a digit, it invents one.
#
# ## Read next
#
# - Lesson 12, *Super-resolution*: more pixels than there were. What is known, and what is invented?
# - `minae/models/denoiser.py` and `minae/measures/ridge.py`: both rivals, each on a page.
# - P. Vincent and others, *Extracting and Composing Robust Features with Denoising Autoencoders* (2008).
# - Y. Bengio and others, *Generalized Denoising Auto-Encoders as Generative Models* (2013): the thirty rounds.
# - S. Mohan and others, *Robust and Interpretable Blind Image Denoising* (2020): the slopes of section 4.
