# %% [markdown]
# # 0. A first look: can 784 numbers be two?
#
# ![A handwritten 2 shrinks into one point of a square. A blurred 2 grows out of the point. Then the point
# walks through the square, and the copy becomes a 0, a 2 and a 6.](my_year.gif)
#
# People wrote these digits. A network squeezes each one into two numbers. Then it draws the digit again, from the two
# numbers alone. The same idea cleans photographs, finds songs that are alike, and invents melodies.
#
# In 15 minutes you make this picture, with a year that you choose. The network learns on your own computer, in about
# a minute.
#
# Run each cell with Shift+Enter. Or only read: all results are here already. Code that is folded need not be read. At
# **Guess**, write down what you expect. Then open the answer below it: click on a triangle, or on three dots.

# %% [markdown]
# ## A picture is a list of numbers

# %% tags=["hide-input"]
import os
import time

import numpy as np

import minae
from lessons import drawing
from minae import Tensor, nn, optim

images, _ = minae.data.mnist("train")
test, digits = minae.data.mnist("test")
images, test = images.reshape(-1, 784), test.reshape(-1, 784)
print(f"{len(images):,} pictures to learn from, {images.shape[1]} numbers in each")
ten = [np.flatnonzero(digits == digit)[0] for digit in range(10)]  # one of each kind
drawing.show(
    drawing.pictures(test[ten], size=0.6),
    alt="The ten digits from 0 to 9, each in another handwriting.",
)

# %% [markdown]
# Each picture has 28 rows of 28 points, so 784 numbers: from 0 (blackboard) to 1 (chalk). The collection is called
# MNIST, and hundreds of people wrote it.
#
# Now imagine a friend on the telephone. You have one of these pictures, and your friend must draw it. You may say only
# numbers. Your friend knows well what digits look like. But is it a 3 or a 7? Is it thick, is it thin, does it lean?
#
# **Guess:** how many numbers must you say, until your friend can draw nearly the same picture?

# %% tags=["guess"]
my_guess = ...

# %% [markdown]
# <details>
# <summary>How many we will try</summary>
#
# Two. That is surely too few! They must tell *which* digit it is and also *how* it is written. But two numbers are a
# point on a map, and a map can be looked at.
#
# </details>
#
# ## Two halves
#
# The first half of our network is the [encoder](../glossary.md#encoder). It takes 784 numbers and returns 2, the
# [code](../glossary.md#code) of the picture. The second half is the [decoder](../glossary.md#decoder): your friend on
# the telephone. It hears two numbers and draws 784. Both halves together are an
# [autoencoder](../glossary.md#autoencoder).
#
# The folded cell builds it. You will write its lines yourself, in later lessons. For now, a network is a machine with
# very many small screws, the **weights**. At first all of them are turned at random, so its copies are grey noise.

# %% tags=["hide-input"]
rng = np.random.default_rng(2)
encoder = nn.Sequential(
    nn.Linear(784, 128, rng=rng),
    nn.Tanh(),
    nn.Linear(128, 32, rng=rng),
    nn.Tanh(),
    nn.Linear(32, 2, rng=rng),
    nn.Tanh(),  # both numbers lie between -1 and 1
)
decoder = nn.Sequential(
    nn.Linear(2, 32, rng=rng),
    nn.Tanh(),
    nn.Linear(32, 128, rng=rng),
    nn.Tanh(),
    nn.Linear(128, 784, rng=rng),
    nn.Sigmoid(),  # every point lies between 0 and 1
)
weights = [*encoder.parameters(), *decoder.parameters()]
optimizer = optim.Adam(weights, lr=0.002)


def encode(pictures):
    return encoder(Tensor(pictures)).numpy()


def decode(codes):
    return decoder(Tensor(np.asarray(codes, dtype=np.float32))).numpy()


QUICK = "MINAE_QUICK" in os.environ  # a very short training, to test this lesson
rounds, learn_from = (1, 6_000) if QUICK else (10, 60_000)
moments = {(1, 20), (1, 30), (1, 40), (1, 60), (1, 120), (1, 250), (2, 0), (4, 0)}
film = [encode(test[:160])]  # where 160 pictures are on the map, at some moments
print(f"{sum(weight.size for weight in weights):,} weights, turned at random")
told = "Five digits. Under each of them is the same grey noise."
rows = {"written": test[ten[:5]], "copy": decode(encode(test[ten[:5]]))}
drawing.show(drawing.pictures(rows, size=0.6), alt=told)

# %% [markdown]
# ## It learns
#
# The network sees 128 pictures and draws its copies. How wrong is a copy? At each of the 784 points we take the
# difference and square it. The sum is the **error** of the copy. The mean error of the 128 copies is called the
# [loss](../glossary.md#loss).
#
# Then every weight is turned a little, in the direction that makes the loss smaller. That is all, thousands of times.
# It takes about a minute.

# %%
began = time.perf_counter()
for number in range(1, rounds + 1):
    losses = []
    for step, index in enumerate(minae.data.batches(learn_from, 128, rng)):
        x = Tensor(images[index])
        loss = ((decoder(encoder(x)) - x) ** 2).sum() / len(x)
        optimizer.zero_grad()
        loss.backward()  # for every weight: which direction?
        optimizer.step()  # turn it a little
        losses.append(loss.item())
        if (number, step) in moments:
            film.append(encode(test[:160]))
    print(f"round {number:2} of {rounds}: loss {np.mean(losses):.1f}")
print(f"{time.perf_counter() - began:.0f} seconds")

# %% [markdown]
# The loss falls. Is the last number small? Compare it with a lazy network, which always draws the average of all
# pictures. To be fair, we test with digits that ours has never seen.

# %%
film.append(encode(test[:160]))
codes = encode(test)
copies = decode(codes)
errors = ((copies - test) ** 2).sum(axis=1)
lazy = ((images.mean(axis=0) - test) ** 2).sum(axis=1)
print(f"error of our copies {errors.mean():.1f}, of the lazy network {lazy.mean():.1f}")
rows = {"written": test[ten], "copy": copies[ten]}
told = "Ten digits, and under each a blurred copy. Some became another digit."
drawing.show(drawing.pictures(rows, size=0.6), alt=told)

# %% [markdown]
# Each copy was drawn from two numbers. Most of them can be read. But some became another digit: which?
#
# ## The map opens
#
# Two numbers are a point in a square. So every picture now has a place on a map, and there we write its digit. The
# square is called the [latent space](../glossary.md#latent-space): "latent" means hidden.
#
# Nobody told the network which digit is which. It only had to copy.
#
# **Guess:** are all digits mixed on the map, or does each kind have a region of its own? Which two kinds are the
# hardest to tell apart?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("The map, while the network learns:")
drawing.animate(
    lambda places: drawing.numerals(places, digits[:160]),
    film,
    alt="160 digits on a square map. At first all lie in one heap. The heap becomes a "
    "curve, then it opens, and each kind of digit has a region. 4 and 9 share one.",
    seconds=0.6,
)

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# At first all codes lie in one heap. The heap becomes a curve, as if one number were enough. Then the map opens.
# Digits that look alike become neighbours, although nobody named them. 4 and 9 share one region, because many people
# write them nearly alike.
#
# </details>
#
# ## Turn the two knobs
#
# Now forget the encoder. *You* choose the two numbers, and the decoder draws. Move the sliders, or drag the red point.

# %%
numbers = np.linspace(-1, 1, 13)
places = [(first, second) for second in numbers for first in numbers]
drawing.knobs(
    decode(places).reshape(13, 13, 28, 28),
    alt="A map of 13 by 13 digits, all drawn by the network. Neighbours look alike.",
)

# %% [markdown]
# **Find a 9.** Make it as beautiful as you can. Then write its two numbers here. (No sliders? Choose *Run All Above* in
# the menu, then run the cell. Or find your 9 on the map: both of its sides go from -1 to 1.)

# %% tags=["guess"]
my_nine = (0.0, 0.0)

# %% tags=["hide-cell"]
print("Your digit, and its neighbours:")
drawing.show(
    drawing.pictures(decode([my_nine]), size=1.5),
    alt="The digit that the network draws at the two numbers that you chose.",
)
nearest = ((codes - my_nine) ** 2).sum(axis=1).argsort()[:15]
print("The 15 written digits that are nearest on the map:", *digits[nearest])
print(f"{(digits[nearest] == 9).sum()} of 15 are a 9")

# %% [markdown]
# <details>
# <summary>What this means</summary>
#
# The cell looks at (0, 0), until you write your own numbers. A full 15 is hard, because many 4s have their place among
# the 9s.
#
# You made a 9 without drawing a line. You only said where it is. And did you cross places that hold no digit?
#
# </details>
#
# ## Between a 3 and an 8
#
# Take a written 3 and a written 8. What is exactly in the middle between them? We can mix the pictures, point by point.
# Or we can mix the two codes, and let the decoder draw.
#
# **Guess:** what is in the middle, in the first way and in the second?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
# The picture of each kind that the network copies best.
best = [np.flatnonzero(digits == d)[errors[digits == d].argmin()] for d in range(10)]
three, eight = best[3], best[8]


def both_ways(part):
    pixels = (1 - part) * test[three] + part * test[eight]
    code = (1 - part) * codes[three] + part * codes[eight]
    return drawing.pictures({"pictures": [pixels], "codes": decode([code])}, size=1.5)


print("From the one to the other, in both ways:")
told = "Above, mixed pictures: a 3 and an 8, like ghosts. Below, mixed codes: one."
parts = np.linspace(0, 1, 11).round(1)
drawing.slider(both_ways, parts, told, "part of the 8", start=5)

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# Mixed pictures are two ghosts, one in front of the other. Mixed codes are *one* digit. It is not quite a 3 any more,
# and not yet an 8. And the decoder did not look it up somewhere: it keeps no pictures, only weights.
#
# </details>
#
# ## Break it
#
# Is it really all in those two numbers? Take them away, and see. First we give every picture the same code, (0, 0).
# Then we give the codes back, but to the wrong pictures: each digit gets the code of the next one.
#
# **Guess:** what will the decoder draw, without codes and with wrong codes?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("Without codes, and with wrong codes:")
rows = {
    "written": test[ten],
    "no code": decode(0 * codes[ten]),
    "wrong": decode(np.roll(codes[ten], -1, axis=0)),
}
told = (
    "Ten digits. Without codes, the same blurred shape ten times. "
    "With wrong codes, ten digits, but each is the neighbour's."
)
drawing.show(drawing.pictures(rows, size=0.6), alt=told)
without = ((decode(0 * codes) - test) ** 2).sum(axis=1)
print(f"error with codes {errors.mean():.1f}, without codes {without.mean():.1f}")

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# Without codes: the same picture ten times, and an error worse than the lazy network's. With wrong codes: good digits,
# but the wrong ones. So what *all* digits look like is in the weights. What *this* digit looks like passes through two
# numbers, and there is no other way in.
#
# </details>
#
# ## Take it home
#
# Now make the picture from the top of this page. Write a year that matters to you, or any other digits.

# %%
YEAR = "2026"

chosen = [best[int(digit)] for digit in YEAR]
drawing.animate(
    drawing.passage,
    drawing.journey(test[chosen], codes[chosen], decode),
    alt=f"The digits of {YEAR}: each shrinks into a point of a square. The point walks "
    "from one to the next, and the copy beside it changes on the way.",
    seconds=0.12,
    keep="my_year.gif",
)

# %% [markdown]
# It is also a file, `my_year.gif`, beside this notebook. Send it to somebody. Its network did not exist 15 minutes ago.
#
# ## Four questions
#
# You have used everything and explained nothing. That was the plan. Each of these questions has its lesson:
#
# | | question | lesson |
# |---|---|---|
# | 1 | `loss.backward()` found a direction for every weight, all at once. How can it know? | 1 to 4 |
# | 2 | What gets lost in two numbers? Could a simpler method find them too? | 9 |
# | 3 | Some places on the map hold no digit. Can a map be full of digits? | 16 to 18 |
# | 4 | Halfway between a 3 and an 8 lies one digit. What lies halfway between two songs? | 26 |
#
# Now `python -m lessons quiz 00` asks you three questions about what you saw. Then go on with
# [lesson 1](../01_slopes/lesson.ipynb): *how small is small?*
