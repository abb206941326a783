# %% [markdown]
# # 0. A first look: can 784 numbers be two?
#
# ![A handwritten 2 shrinks into one point of a square. A blurred 2 grows out of the point. Then the point
# walks through the square, and the copy becomes a 0, a 2 and a 6.](my_year.gif)
#
# People wrote these digits. A network squeezes each one into two numbers. Then it draws the digit again, from the two
# numbers alone. The same idea cleans photographs, finds songs that are alike, and invents melodies.
#
# In 15 minutes you make this picture, with a year that you choose. The network will learn on your own computer, in
# about a minute.
#
# Run each cell with Shift+Enter. Or only read: all results are here already. At **Guess**, write down what you expect,
# in the cell or on paper. Then open the answer below it: click on a triangle, or on three dots. A wrong guess teaches
# more than no guess.

# %% [markdown]
# ## A picture is a list of numbers

# %%
import os
import time

import numpy as np

import minae
from lessons import drawing
from minae import Tensor, nn, optim

# %%
images, _ = minae.data.mnist("train")
test, digits = minae.data.mnist("test")
images, test = images.reshape(-1, 784), test.reshape(-1, 784)
print(f"{len(images):,} pictures to learn from, {images.shape[1]} numbers in each")

ten = [np.flatnonzero(digits == digit)[0] for digit in range(10)]
drawing.show(
    drawing.pictures(test[ten], size=0.6),
    alt="The ten digits from 0 to 9, each in another handwriting.",
)

# %% [markdown]
# Each picture has 28 rows of 28 points, and 28 times 28 is 784. A point is a number from 0 (blackboard) to 1 (chalk).
# The collection is called MNIST. Hundreds of people wrote it, many years ago.
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
# point on a map, and a map can be looked at. Lesson 9 will try more.
#
# </details>
#
# ## Two halves
#
# The first half of our network is the [encoder](../glossary.md#encoder). It takes 784 numbers and returns 2. These two
# are the [code](../glossary.md#code) of the picture.

# %%
rng = np.random.default_rng(2)
encoder = nn.Sequential(
    nn.Linear(784, 128, rng=rng),
    nn.Tanh(),
    nn.Linear(128, 32, rng=rng),
    nn.Tanh(),
    nn.Linear(32, 2, rng=rng),
    nn.Tanh(),  # both numbers lie between -1 and 1
)

# %% [markdown]
# The second half is the [decoder](../glossary.md#decoder): your friend on the telephone. It hears two numbers and draws
# 784. Both halves together are an [autoencoder](../glossary.md#autoencoder).

# %%
decoder = nn.Sequential(
    nn.Linear(2, 32, rng=rng),
    nn.Tanh(),
    nn.Linear(32, 128, rng=rng),
    nn.Tanh(),
    nn.Linear(128, 784, rng=rng),
    nn.Sigmoid(),  # every point lies between 0 and 1
)
weights = [*encoder.parameters(), *decoder.parameters()]
print(f"{sum(weight.size for weight in weights):,} weights")

# %% [markdown]
# Do not study these lines. You will build each of them yourself in later lessons. For now, a network is a machine
# with very many small screws, the **weights**. At first all of them are turned at random.


# %%
def encode(pictures):
    return encoder(Tensor(pictures)).numpy()


def decode(codes):
    return decoder(Tensor(np.asarray(codes, dtype=np.float32))).numpy()


# %% [markdown]
# **Guess:** we show it five digits, before it has learned anything. What will its copies look like?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("Before it has learned:")
five = test[ten[:5]]
rows = {"written": five, "copy": decode(encode(five))}
told = "Five digits. Under each of them is the same grey noise."
drawing.show(drawing.pictures(rows, size=0.6), alt=told)

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# Grey noise, and nearly the same noise every time. The random encoder gives all pictures nearly the same code. So the
# decoder cannot tell one from another.
#
# </details>
#
# ## It learns
#
# The network sees 128 pictures and draws its copies. How wrong is a copy? At each of the 784 points we take the
# difference and square it. The sum is the **error** of the copy. The mean error of the 128 copies is called the
# [loss](../glossary.md#loss).
#
# Then every weight is turned a little, in the direction that makes the loss smaller. That is all, thousands of times.
# The second cell takes about a minute.

# %%
QUICK = "MINAE_QUICK" in os.environ  # a very short training, to test this lesson
rounds, learn_from = (1, 6_000) if QUICK else (10, 60_000)
moments = {(1, 20), (1, 30), (1, 40), (1, 60), (1, 120), (1, 250), (2, 0), (4, 0)}
film = [encode(test[:160])]  # where 160 pictures are on the map, at some moments
optimizer = optim.Adam(weights, lr=0.002)

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
# The loss falls, first fast, then slowly. Is the last number small? Compare it with a lazy network, which always draws
# the average of all pictures. To be fair, we test with digits that our network has never seen.

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
# Remember: each copy was drawn from two numbers. Most of them can be read. But some became another digit: which?
#
# ## The map opens
#
# Two numbers are a point in a square. So every picture now has a place on a map. We write each digit at its place. The
# square is called the [latent space](../glossary.md#latent-space): "latent" means hidden.
#
# Nobody told the network which digit is which. It has never heard of "three". It only had to copy.
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
distances = ((codes[:500, None] - codes[None, :5000]) ** 2).sum(axis=-1)
neighbour = distances.argsort(axis=1)[:, 1]
same = (digits[neighbour] == digits[:500]).mean()
print(f"{same:.0%} have a neighbour of their own kind")

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# At first all codes lie in one heap. The heap becomes a curve, as if one number were enough. Then the map opens.
# Digits that look alike become neighbours, although nobody named them. (On a map without any order, about 10 % would
# have a neighbour of their own kind.) 4 and 9 share one region, because many people write them nearly alike.
#
# </details>
#
# ## Turn the two knobs
#
# Now forget the encoder. *You* choose the two numbers, and the decoder draws. Move the sliders, or drag the red point.
# (If the map below them is closed, leave it so for now.)

# %%
numbers = np.linspace(-1, 1, 13)
places = [(first, second) for second in numbers for first in numbers]
drawing.knobs(
    decode(places).reshape(13, 13, 28, 28),
    alt="A map of 13 by 13 digits, all drawn by the network. Neighbours look alike.",
)

# %% [markdown]
# **Find a 9.** Make it as beautiful as you can. Then write its two numbers here. (Where you see no sliders, choose
# *Run All Above* in the menu, then run the cell. Or find your 9 on the map: both of its sides go from -1 to 1.)

# %% tags=["guess"]
my_nine = (0.0, 0.0)

# %% tags=["hide-cell"]
print("Your digit, and the nearest ones on the map:")
drawing.show(
    drawing.pictures(decode([my_nine]), size=1.5),
    alt="The digit that the network draws at the two numbers that you chose.",
)
nearest = ((codes - my_nine) ** 2).sum(axis=1).argsort()[:15]
print(*digits[nearest])
print(f"{(digits[nearest] == 9).sum()} of 15 are a 9")

# %% [markdown]
# <details>
# <summary>What this means</summary>
#
# The cell looks at (0, 0), until you write your own numbers. How many of 15 did you get? A full 15 is hard, because
# many 4s have their place there, too.
#
# You made a 9 without drawing a line. You only said where it is. And did you cross places where the network draws
# something that is no digit? Remember them: they are question 3 below.
#
# </details>
#
# ## Between a 3 and an 8
#
# We take the 3 and the 8 that the network copies best. Two people wrote them.

# %%
best = [np.flatnonzero(digits == d)[errors[digits == d].argmin()] for d in range(10)]
three, eight = best[3], best[8]
rows = {"written": test[[three, eight]], "copy": copies[[three, eight]]}
told = "A written 3 and a written 8, with their copies below them."
drawing.show(drawing.pictures(rows), alt=told)

# %% [markdown]
# What is exactly in the middle between them? There are two ways to mix. We can mix the pictures, 784 numbers point by
# point. Or we can mix the codes, two numbers, and let the decoder draw. The formula is the same.


# %%
def mix(start, end, part):
    return (1 - part) * start + part * end


# %% [markdown]
# **Guess:** what is in the middle, in the first way and in the second?

# %% tags=["guess"]
my_guess = ...


# %% tags=["hide-cell"]
def both_ways(part):
    pixels = mix(test[three], test[eight], part)
    code = mix(codes[three], codes[eight], part)
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
# and not yet an 8.
#
# </details>
#
# But perhaps somebody did write that digit, and the network only remembers it? We can find out. We search through all
# 60,000 pictures that it learned from.


# %%
def closest(picture):
    differences = ((images - picture) ** 2).sum(axis=1)
    return differences.min(), images[differences.argmin()]


middle = decode([mix(codes[three], codes[eight], 0.5)])[0]
difference, found = closest(middle)
print(f"the middle:        {difference:.1f} away from the closest picture")
print(f"copy of the 3:     {closest(copies[three])[0]:.1f}")
print(f"copy of the 8:     {closest(copies[eight])[0]:.1f}")
print(f"ghosts:            {closest(mix(test[three], test[eight], 0.5))[0]:.1f}")
told = "The digit in the middle, and beside it the written digit closest to it."
drawing.show(drawing.pictures(np.stack([middle, found]), size=1.5), alt=told)

# %% [markdown]
# None of the 60,000 is our middle: **nobody wrote just this.** Yet it is nearly as close to real handwriting as the
# copies of the 3 and the 8 are, and the ghosts are much further away. So the network made something new, in the style
# of the people it learned from. (Is it a beautiful digit? Not always: you may see only a blurred 3.)
#
# ## Break it
#
# Is it really all in those two numbers? The way to know is to take them away. First we give every picture the same
# code, (0, 0). Then we give the codes back, but to the wrong pictures: each digit gets the code of its right neighbour.
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
# Without codes: the same picture ten times, and an error worse than the lazy network's. With wrong codes: good digits
# again, but the wrong ones.
#
# So the work is divided. What *all* digits look like is in the weights. What *this* digit looks like passes through two
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
# It is also a file, `my_year.gif`, beside this notebook. (If you ran `lesson.py`, it is in the folder where you are.)
# Send it to somebody. The network that drew it did not exist 15 minutes ago. (And load this notebook again: the picture
# at the top is now yours.)
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
# | 4 | Between a 3 and an 8 lies something new. What lies between two songs? | 26 |
#
# Lessons 1 to 4 are ready. Lessons 5 to 27 are still being written.
#
# Now `python -m lessons quiz 00` asks you three questions about what you saw. Then go on with
# [lesson 1](../01_slopes/lesson.ipynb): *how small is small?*
