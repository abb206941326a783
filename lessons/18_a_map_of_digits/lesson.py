# %% [markdown]
# # 18. A map of digits: is there a country between 4 and 9?

# %% tags=["hide-input"]
import os
from itertools import pairwise
from pathlib import Path
from statistics import NormalDist

import numpy as np

from lessons import drawing, weights
from minae import Tensor, data, nn, optim
from minae import functional as F

QUICK = "MINAE_QUICK" in os.environ  # only to test this lesson
COURSE = Path(drawing.__file__).parent
HERE = COURSE / "18_a_map_of_digits"

images, _ = data.mnist("train")
test, digits = data.mnist("test")
images, test = images.reshape(-1, 784), test.reshape(-1, 784)
x, others = images[:55_000], images[55_000:]  # to learn from; to choose by
some = x[:3_000] if QUICK else x


def layers(sizes, rng):
    """Linear layers from size to size, with a relu between each two."""
    made = []
    for m, n in pairwise(sizes):
        made += [nn.Linear(m, n, rng=rng), nn.ReLU()]
    return made[:-1]


def network(*hidden, code=2):
    """An encoder to mu and log_var, so to twice as many numbers; a decoder back."""
    rng = np.random.default_rng(0)
    encoder = nn.Sequential(*layers((784, *hidden, 2 * code), rng))
    decoder = nn.Sequential(*layers((code, *hidden[::-1], 784), rng))
    return nn.Sequential(encoder, decoder)


def posterior(model, pictures):
    """mu and log_var of q(z|x), for each picture."""
    both = model[0](Tensor(pictures))
    half = both.shape[1] // 2
    return both[:, :half], both[:, half:]


def draw(codes, model=None):
    """What a decoder draws at these codes: each pixel's probability, (N, 784)."""
    codes = Tensor(np.asarray(codes, dtype=np.float32))
    return F.sigmoid((model or vae)[1](codes)).numpy()


def grid(line):
    return np.array([(first, second) for second in line for first in line])


def sheet(drawn, n):
    """n x n pictures as one, half as large: the second number grows upwards."""
    square = drawn.reshape(n, n, 28, 28).transpose(0, 2, 1, 3)[::-1]
    return np.round(5 * square.reshape(28 * n, 28 * n)[::2, ::2]) / 5


def grey(panel, picture, title=""):
    panel.imshow(picture, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    panel.set(xticks=[], yticks=[])
    panel.set_title(title, fontsize=9)


place_of = np.vectorize(NormalDist().inv_cdf, otypes=[float])
share_below = np.vectorize(NormalDist().cdf, otypes=[float])
middles = (np.arange(14) + 0.5) / 14

vae = network(64, 32)
if "MINAE_KEEP" not in os.environ:  # if it is, section 1 makes them anew
    weights.load(vae, HERE / "vae.safetensors")
mu, log_var = (part.numpy().astype(float) for part in posterior(vae, test))
std = np.exp(log_var / 2)
reader = nn.Sequential(*layers((784, 256, 128, 10), np.random.default_rng(0)))
weights.load(reader, COURSE / "07_learning" / "classifier.safetensors")


def read(pictures):
    """What lesson 7's classifier makes of pictures: ten probabilities for each."""
    return F.softmax(reader(Tensor(pictures))).numpy()


surest = read(draw(mu)).argsort(axis=0)[-100:]  # for each digit


def home(digit):
    """The median code of the 100 copies that are read most surely as this digit."""
    return np.median(mu[surest[:, digit]], axis=0)


steps = np.linspace(0, 1, 8)[:, None]
pairs = [(home(a), home(b)) for a, b in ((4, 9), (0, 1))]
walks = [here + steps * (there - here) for here, there in pairs]
figure = drawing.plt.figure(figsize=(6, 3.1), dpi=drawing.DPI, layout="constrained")
panels = figure.subplot_mosaic([["map", "4 9"], ["map", "0 1"]])
grey(panels["map"], sheet(draw(grid(place_of(middles))), 14))
for walk, name, colour in zip(walks, ("4 9", "0 1"), ("C1", "C0")):
    spots = share_below(walk) * 196
    panels["map"].plot(spots[:, 0], 196 - spots[:, 1], "-o", color=colour, ms=3)
    square = np.round(7 * draw(walk).reshape(2, 4, 28, 28)) / 7
    rows = square.transpose(0, 2, 1, 3).reshape(56, 112)
    grey(panels[name], rows, f"from {name[0]} to {name[2]}")
drawing.show(
    figure,
    alt="A square full of small digits that change slowly into each other: 0s at the "
    "top, 1s at the bottom, 4s and 9s at the right. Two walks are marked. The short "
    "one, from a 4 to a 9, shows only 4s whose top closes. The long one, from a 0 to "
    "a 1, goes through 6, 5 and 8.",
)

# %% [markdown]
# Every place of this square is two numbers, and a network drew a digit for each. One can walk on it. The orange walk
# goes from a 4 to a 9: its open top closes. The blue one goes from a 0 to a 1, and on its way it passes a 6, a 5 and an
# 8. (Both walks are straight in the two numbers. They look bent, because the square is drawn by equal shares, see
# section 3. What such a map draws is called a [manifold](../glossary.md#manifold).)
#
# Maps like this one stand behind programs that turn one face, one voice or one tune slowly into another. For music you
# will do it in lesson 26. Here we make the map, measure it, and walk it. At the end you take home a morph of two digits
# of your choice. And there is a question: **is there a country between 4 and 9?**
#
# You need lesson 9 (the map of a plain autoencoder), lesson 16 ([prior](../glossary.md#prior),
# [posterior](../glossary.md#posterior) and [ELBO](../glossary.md#elbo)) and lesson 17 (the
# [VAE](../glossary.md#vae) and its two ops). Reading takes 40 minutes.
#
# ## 1. One change to lesson 9's network
#
# We take the network that made lesson 9's map: 784, 64, 32, 2 numbers, and back. Only now the encoder ends in four
# numbers: two for `mu`, where the code lies, and two for `log_var`, how sure it is. That makes it the VAE of lesson 17.
# Its loss is the negative ELBO in nats per picture, with the cross-entropy of lesson 6 for the pixels:


# %%
def parts(model, pictures, rng):
    """The two parts of the negative ELBO, in nats per picture."""
    mu, log_var = posterior(model, pictures)
    z = F.reparameterize(mu, log_var, rng=rng)  # you wrote both in lesson 17
    kl = F.gaussian_kl(mu, log_var).sum() / len(pictures)
    logits, x = model[1](z), Tensor(pictures)
    misses = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
    return misses / len(pictures), kl


# %%
def train(model, x, epochs, lr=0.002, watch=lambda step: None, loss=parts):
    optimizer = optim.Adam(model.parameters(), lr=lr)
    step = 0
    for epoch in range(epochs):
        optimizer.lr = lr * (1 - epoch / epochs)
        rng = np.random.default_rng(epoch)
        for rows in data.batches(len(x), 128, rng):
            watch(step)
            misses, kl = loss(model, x[rows], rng)
            optimizer.zero_grad()
            (misses + kl).backward()
            optimizer.step()
            step += 1


# %% [markdown]
# Let us watch. A few times we stop and draw the map: 8 x 8 codes, spread over the prior. (Section 3 says how.)
#
# **Guess:** what will the map show before the first step? After 50 steps? Which digits will part from the others first?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
film: dict[int, np.ndarray] = {}
young = network(64, 32)
places = grid(place_of((np.arange(8) + 0.5) / 8))
stops = {0, 50, 100, 200, 400, 800, 1_400, 2_140}


def keep_frame(step):
    if step in stops:
        film[step] = sheet(draw(places, young), 8)


train(young, some, epochs=5, watch=keep_frame)


def frame(step):
    axes = drawing.axes(size=(2.2, 2.4))
    grey(axes, film[step], f"after {step:,} steps")
    return axes


print("The map while it trains:")
drawing.animate(
    frame,
    film,
    alt="A square of 8 by 8 pictures. First all are grey noise, then all are the "
    "same blot. It splits: 0s at one side, 1s at another, then 7s and 9s, and at "
    "last 8s, 2s and a few more. The middle stays blurred.",
    seconds=0.8,
)

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# Before the first step every place is grey. Then all places show the same blot, the mean of all digits: the code says
# nothing yet. What differs most from the mean parts first: round 0s at one side, thin 1s at the other. Then the
# countries between them split again and again.
#
# </details>
#
# This is five epochs. With 30 the map gets sharper. That takes minutes, so the weights lie in a file. (Where the course
# is written, `MINAE_KEEP=1 python -m lessons build 18` makes them, by this function.)

# %% tags=["hide-input"]
if "MINAE_KEEP" in os.environ:
    train(vae, x, epochs=30)
    weights.save(vae, HERE / "vae.safetensors")


def measure(model, pictures):
    """Both parts in the mean of the pictures, by pieces of 1,000."""
    rng = np.random.default_rng(0)
    pieces = np.split(pictures, len(pictures) // 1_000)
    measured = [parts(model, piece, rng) for piece in pieces]
    return np.mean([[one.item(), two.item()] for one, two in measured], axis=0)


def tell(name, model, pictures):
    reconstruction, kl = measure(model, pictures)
    learns = sum(weight.size for weight in model.parameters())
    told = f"{reconstruction + kl:.1f} nats = {reconstruction:.1f} + {kl:.1f}"
    print(f"{name:11} {learns:7,} weights: {told}")


tell("5 epochs", young, others)
tell("30 epochs", vae, others)

# %% [markdown]
# What pictures cost differs by 49 nats (std). So the error bar of a mean of 5,000 is 0.7 (lesson 15).
#
# ## 2. Where the ten digits lie
#
# `mu` is a picture's place on the map. Here are both maps, with the same test digits. Nobody told either network which
# digit is which.

# %% tags=["hide-input"]
rng = np.random.default_rng(0)
plain = nn.Sequential(
    nn.Sequential(*layers((784, 64, 32, 2), rng)),
    nn.Sequential(*layers((2, 32, 64, 784), rng), nn.Sigmoid()),
)
weights.load(plain, COURSE / "09_squeeze" / "two_numbers.safetensors")
codes_of_9 = plain[0](Tensor(test)).numpy()
panels = drawing.grid(1, 2, size=(5.4, 2.8))[0]
for panel, codes, name in zip(panels, (codes_of_9, mu), ("lesson 9", "this lesson")):
    for digit in range(10):
        chosen = codes[:400][digits[:400] == digit]
        panel.plot(*chosen.T, ".", color=f"C{digit}", markersize=2.5)
        place = np.median(codes[digits == digit], axis=0)
        panel.text(*place, str(digit), size=12, weight="bold", ha="center")
    panel.set(title=name)
    panel.tick_params(labelsize=8)
drawing.show(
    panels[0],
    alt="Two maps of dots in ten colours. In lesson 9's the numbers go from about -9 "
    "to 11, with empty land between the 1s and the rest. In this lesson's all lie in "
    "a round cloud from -3 to 3: 0 at the top, 1 at the bottom, 7 and 4 at the "
    "right, 9 beside 4.",
)

# %% [markdown]
# Both know the same countries: 0 above, 1 below, 4 beside 9. But the numbers of lesson 9 run from -9 to 15, and nothing
# in its loss says where. The new ones lie in a round cloud about 0.
#
# **Guess:** lesson 9 counted: of the ten nearest neighbours, how many show the same digit? It was 65 % there. Is it
# more now, or less? And is the squared error of the copies much larger than the 30.9 of lesson 9's network?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("The old map, and the new one:")


def same_digit(codes, count=500 if QUICK else 1_000):
    apart = ((codes[:count, None] - codes) ** 2).sum(axis=2)
    apart[np.arange(count), np.arange(count)] = np.inf  # not itself
    nearest = apart.argpartition(10, axis=1)[:, :10]
    return (digits[nearest] == digits[:count, None]).mean()


for name, codes, copies in (
    ("lesson 9", codes_of_9, plain(Tensor(test)).numpy()),
    ("this one", mu, draw(mu)),
):
    wrong = np.mean(np.sum((copies - test) ** 2, axis=1))
    print(f"{name}: {same_digit(codes):.0%} same digit, error {wrong:.1f}")

# %% [markdown]
# <details>
# <summary>What it means</summary>
#
# The new map is no better at telling digits apart, rather worse (one training each). Its copies are nearly as good,
# although it was trained with another loss, with noise in its code, and at a price for every nat. So neither clearer
# countries nor better copies are what the noise and the price buy.
#
# </details>
#
# What they buy is *order*: we know where codes are without asking any. The prior says where, and the KL term pulls
# every posterior towards it. (A picture's posterior is from here on the encoder's guess $q(z|x)$, as in the field.
# Lesson 16's $p(z|x)$ is then called the *exact*, or *true* one.) Does it succeed? Choose a picture at random, then a
# code from its posterior. The density of such codes is the mean of all posteriors, the
# [aggregate](../glossary.md#aggregate-posterior):
#
# $$ q(z) = \frac1N \sum_i q(z|x_i) . $$
#
# If it were the prior, everything about it would be known. By how many nats does it differ? The KL of lesson 15 says,
# by darts: draw codes from the aggregate, and average $\ln q(z) - \ln p(z)$.

# %%
rng = np.random.default_rng(1)
chosen = rng.permutation(len(mu))[: 200 if QUICK else 1_500]
z = mu[chosen] + std[chosen] * rng.standard_normal((len(chosen), 2))
ln_prior = -0.5 * (z**2).sum(axis=1) - np.log(2 * np.pi)
ln_aggregate = np.empty(len(z))
for at in range(len(z)):
    bell = np.exp(-0.5 * ((z[at] - mu) / std) ** 2) / (std * np.sqrt(2 * np.pi))
    ln_aggregate[at] = np.log(bell.prod(axis=1).mean())
terms = ln_aggregate - ln_prior
error = terms.std() / np.sqrt(len(terms))
kl = 0.5 * (mu**2 + std**2 - 1 - log_var).sum(axis=1).mean()
print(f"aggregate against prior: {terms.mean():.2f} nats, give or take {error:.2f}")
print(f"each posterior against the prior: {kl:.2f} nats in the mean")
both = np.diag(np.cov(mu.T)) + (std**2).mean(axis=0)
print("variances of the aggregate:", both.round(2), "and of the prior: 1 and 1")

# %% [markdown]
# The aggregate is near the prior, and a little too wide. Each *single* posterior is far from the prior, and must be: it
# says which picture it was. What is the rest, nearly six nats? Split the price of each code in two, and average:
#
# $$ \ln \frac{q(z|x)}{p(z)} = \underbrace{\ln \frac{q(z|x)}{q(z)}}_{\text{knowledge}} +
#    \underbrace{\ln \frac{q(z)}{p(z)}}_{\text{misfit}} . $$
#
# The misfit is what the darts measured. For the knowledge, think of lesson 15's pot. Before, each of the $N$ pictures
# holds $1/N$ of it. After $z$ is seen, by Bayes' rule the right one holds $q(z|x) / (N q(z))$. So the knowledge is the
# logarithm of how much its share has grown: what the code tells about its picture.

# %%
told = kl - terms.mean()
print(f"{kl:.2f} - {terms.mean():.2f} = {told:.2f} nats, {told / np.log(2):.1f} bits")
print(f"as much as one choice among e^{told:.2f} = {np.exp(told):.0f}")

# %% [markdown]
# So the KL term is a bill with two items, in any VAE. Here a small one is paid for the misfit of the cloud, and a large
# one for knowledge: a code tells about as much as one choice among 300.
#
# **Your turn.** `aggregate` and `aggregate_moments`, without a loop over the points and without a single dart.
#
# ## 3. Which codes to draw?
#
# A map of 10 x 10 pictures needs 100 codes. Here is a function, much as it stands in a well-known notebook:


# %%
def draw_map(decode, n):
    line = np.linspace(-1, 1, n)
    codes = np.array([(first, second) for second in line for first in line])
    pictures = decode(codes)
    height, width = pictures.shape[1:]
    rows = pictures.reshape(n, n, height, width)
    return rows.transpose(0, 2, 1, 3).reshape(n * height, n * width)


# %% [markdown]
# **Guess:** look at the dots of section 2. Which digits will be missing on its sheet? What share of the prior is inside
# this square? (Within 1 of the mean, a normal number has a share of 68 %.)

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("Even from one end to the other, and at equal shares:")
one = 2 * share_below(1.0) - 1
print(f"of the prior, {one:.3f}² = {one**2:.0%} lie between -1 and 1 both times")
for digit in range(10):
    inside = (np.abs(mu[digits == digit]) <= 1).all(axis=1).mean()
    print(f"{digit}: {inside:.0%}", end="  ")
panels = drawing.grid(1, 3, size=(6, 2.2))[0]
lines = {f"even, -{half} to {half}": np.linspace(-half, half, 8) for half in (1, 4)}
lines["equal shares"] = place_of((np.arange(8) + 0.5) / 8)
for panel, (name, line) in zip(panels, lines.items()):
    grey(panel, sheet(draw(grid(line)), 8), name)
drawing.show(
    panels[0],
    alt="Three sheets of digits. Even from -1 to 1: 6s, 2s, 3s, 5s, 8s and 9s, no 0 "
    "or 1. Even from -4 to 4: huge countries of 0, 1, 4 and 7 all along the edge, "
    "and the other digits crowded in the middle. At equal shares: all ten, 8 "
    "and 9 the most often.",
)

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# From -1 to 1 there is no 0 and 1, hardly a 4 or 7: it shows 47 % of the prior, only the crowded middle. Nothing on
# the sheet says that anything is missing. From -4 to 4 nothing is missed. But most of the sheet shows places where
# hardly a code lies, and half of the codes share a few small pictures in the middle.
#
# </details>
#
# We want a sheet on which **each picture stands for the same share of the prior**. One number first. Let $\Phi(z)$ be
# the share of $N(0, 1)$ below $z$. It grows from 0 to 1, quickly where the density is high. Now cut the *shares* into
# equal parts: with four pictures the middles are $1/8, 3/8, 5/8, 7/8$. And go back to the codes that have so much below
# them, by the inverse function $\Phi^{-1}$. These are the [quantiles](../glossary.md#quantile) of the prior (a page on
# [quantiles](../toolbox/quantiles.md) has more, and an example):

# %%
shares = np.array([1, 3, 5, 7]) / 8
print("shares:", shares, "  codes:", place_of(shares).round(2))

# %% [markdown]
# The lines are close in the middle, where codes are many, and far apart outside. The two numbers of the prior have
# nothing to do with each other, so the share of a cell is the product of two shares: $1/4 \cdot 1/4$, for every cell.
#
# The same trick makes random numbers. Let $u$ be drawn evenly from 0 to 1. Then $\Phi^{-1}(u)$ is normal, because it
# lies below $z$ just when $u$ lies below $\Phi(z)$. A walk along the sheet is a walk through equal shares of the prior.
# In lesson 9 we had to ask the codes for their quantiles, and corners stayed empty. Here the prior is known, and it is
# round.
#
# Count what a grid **misses** (codes in no cell) and **wastes** (cells without a code):

# %%
grids = {f"-{half} to {half}": np.linspace(-half, half, 21) for half in (1, 2, 3, 4)}
grids["equal shares"] = place_of(np.linspace(1e-9, 1 - 1e-9, 21))  # 0 and 1: infinite
for name, edges in grids.items():
    cell = np.searchsorted(edges, mu) - 1  # which column, which row
    inside = ((cell >= 0) & (cell < 20)).all(axis=1)
    _, counts = np.unique(cell[inside], axis=0, return_counts=True)
    crowded = (np.sort(counts)[::-1].cumsum() < inside.sum() / 2).sum()
    told = f"misses {1 - inside.mean():4.0%}, wastes {1 - len(counts) / 400:4.0%}"
    print(f"{name:13} {told}, half of the rest in {crowded} cells")

# %% [markdown]
# An even grid must choose. Only equal shares neither miss nor waste.
#
# **Your turn.** Write `prior_grid`. Then mend `draw_map`. It has a *second* mistake, which no sheet alone can show: put
# the sheet beside the dots. Then the experiment, `missed_and_empty`. Predict first.
#
# ## 4. Random codes are digits now. Why?
#
# In lesson 10, decoding random codes was a disaster. A judge counted what passes for a digit: it must be like some real
# digit, pixel by pixel, and the classifier must be 99 % sure of it. No picture from normal codes passed, and 11 % where
# the codes had the right mean and covariance. The same judge sits here again. Four ways to draw two numbers:
#
# - **this map**: codes from the prior, $N(0, I)$;
# - **lesson 9, prior**: the same codes, for lesson 9's plain network;
# - **lesson 9, measured**: codes with the mean and the covariance of its real codes;
# - **copies**: this map, at the codes of real pictures: a mark to compare with.
#
# **Guess** the shares of digits. What will this map beat?

# %% tags=["guess"]
my_shares = [..., ..., ..., ...]

# %% tags=["hide-cell"]
print("Taken for digits, and how many of each kind were read:")
unit = lambda rows: rows / np.sqrt((rows**2).sum(axis=1, keepdims=True))
known = unit(x[: 2_000 if QUICK else 20_000])
likeness = lambda pictures: (unit(pictures) @ known.T).max(axis=1)
place = posterior(vae, others[:2_000])[0].numpy()
enough = np.quantile(likeness(draw(place)), 0.05)


def judge(pictures, enough=enough):
    """Lesson 10's: whether it is like a digit and read for sure, and as which."""
    reads = read(pictures)
    passes = (likeness(pictures) > enough) & (reads.max(axis=1) > 0.99)
    return passes, reads.argmax(axis=1)


count = 100 if QUICK else 1_000
normal = np.random.default_rng(2).standard_normal((count, 2))
root = np.linalg.cholesky(np.cov(codes_of_9.T))
draw_9 = lambda codes: plain[1](Tensor(codes.astype(np.float32))).numpy()
ways = {
    "this map": draw(normal),
    "lesson 9, prior": draw_9(normal),
    "lesson 9, measured": draw_9(codes_of_9.mean(axis=0) + normal @ root.T),
    "copies": draw(mu[:count]),
}
for name, drawn in ways.items():
    passes, kinds = judge(drawn)
    print(f"{name:19} {passes.mean():4.0%} ", np.bincount(kinds, minlength=10))
names, shown = ("map", "prior", "measured", "copies"), [x[:7] for x in ways.values()]
drawing.show(
    drawing.pictures(dict(zip(names, shown)), size=0.6),
    alt="Four rows of seven pictures. This map: digits of many kinds, some blurred. "
    "Lesson 9 with codes of the prior: only 9s, 7s, 3s and 5s. Lesson 9, measured: "
    "many kinds again. Copies: clearer digits.",
)

# %% [markdown]
# <details>
# <summary>What it says, and what it does not</summary>
#
# More than half of the new pictures pass, and about two thirds of the copies. But look at the third row: *lesson 9's
# plain network does as well*, once its codes have been measured. The new network does not draw better digits. What it
# adds shows in the second row. Where nobody measured, the plain network draws no 0, no 2 and one 1: their codes are
# elsewhere. On the new map $N(0, I)$ *is* the place, and all ten kinds appear.
#
# </details>
#
# So is it the KL term that helps, or is it only that two numbers leave little empty land? Lesson 10 had 128. Two things
# were changed at once. Change one at a time: a VAE and a plain autoencoder with 20 numbers, and a VAE with 2. All three
# have one hidden layer of 128, and three epochs.


# %%
def plain_parts(model, pictures, rng):
    codes, _ = posterior(model, pictures)  # no noise, no price
    logits, x = model[1](codes), Tensor(pictures)
    misses = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
    return misses / len(pictures), 0


wide, wide_plain, narrow = network(128, code=20), network(128, code=20), network(128)
train(wide, some, epochs=3)
train(wide_plain, some, epochs=3, loss=plain_parts)
train(narrow, some, epochs=3)

# %% [markdown]
# **Guess** the shares of digits: with 20 numbers, the VAE with codes of the prior, the plain one with codes of the
# prior, the plain one with the mean and covariance of its real codes. Then the VAE with 2 numbers.

# %% tags=["guess"]
my_shares = [..., ..., ..., ...]

# %% tags=["hide-cell"]
print("Taken for digits, of random codes and of copies:")


def row(name, model, codes):
    copies = draw(posterior(model, others[:1_000])[0].numpy(), model)
    # one limit for all, that of the table above
    made, real = (judge(seen)[0].mean() for seen in (draw(codes, model), copies))
    print(f"{name:25} {made:4.0%} of random codes, {real:4.0%} of copies")


normal = np.random.default_rng(3).standard_normal((count, 20))
codes = posterior(wide_plain, some[:10_000])[0].numpy()
root = np.linalg.cholesky(np.cov(codes.T))
row("VAE, 20 numbers", wide, normal)
row("plain, 20, prior", wide_plain, normal)
row("plain, 20, measured", wide_plain, codes.mean(axis=0) + normal @ root.T)
row("VAE, 2 numbers", narrow, normal[:, :2])

# %% [markdown]
# <details>
# <summary>What it says</summary>
#
# Both help. The plain network's decoder makes nothing of the prior's codes, as in lesson 10. Of the VAE's, 5 %
# pass, about as many as of the plain one once it was measured. That is what noise and KL term do together. (The judge
# is stricter than the eye, which could read most of them in lesson 17.)
#
# After so little training the small VAE draws badly: even of its copies only 28 % pass. But its random codes do nearly
# half as well as its copies. With 20 numbers it is 5 % against 71 %: better copies, and, it seems, more empty land.
# (One training each.)
#
# </details>
#
# So random codes are digits on our map for two reasons. It is small. And the KL term has brought the countries to the
# place that the prior names, before anybody looks. The noise does something, too: a decoder that gets its codes shaken
# must draw neighbours alike. How much it is shaken is the next question.
#
# ## 5. How sure is it of one picture?
#
# Take one 7. Its posterior $q(z|x)$ is a small Gaussian. With two numbers only, we can compare it with the truth: the
# exact posterior $p(z|x)$ is proportional to $p(x|z)\, p(z)$, and a fine grid of codes can hold all of it (lesson 16).


# %%
def ln_joint(picture, codes):
    """ln p(x|z) + ln p(z) of one picture, at many codes."""
    logits = vae[1](Tensor(codes.astype(np.float32))).numpy()
    fits = (picture * logits - np.logaddexp(0, logits)).sum(axis=1)
    return fits - 0.5 * (codes**2).sum(axis=1) - np.log(2 * np.pi)


# %% tags=["hide-input"]
seven = 0
near = np.linspace(-4, 4, 61)
zoom = mu[seven] + 0.08 * grid(near)
exact = ln_joint(test[seven], zoom).reshape(61, 61)
exact = np.exp(exact - exact.max())
noise = np.random.default_rng(4).standard_normal((200, 2))
drawn_codes = mu[seven] + std[seven] * noise


def sampled(count):
    left, middle, right = drawing.grid(1, 3, size=(5.4, 2.0))[0]
    left.plot(*mu[:200].T, ".", color="0.8", markersize=2)
    left.plot(*drawn_codes[:count].T, ".", color="C3", markersize=2)
    axes_of_zoom = [mu[seven][axis] + 0.08 * near for axis in (0, 1)]
    middle.contour(*axes_of_zoom, exact, levels=(0.1, 0.5, 0.9), colors="0.5")
    middle.plot(*drawn_codes[:count].T, ".", color="C3", markersize=4)
    for panel, title in ((left, "the whole map"), (middle, "ten times nearer")):
        panel.set(xticks=[], yticks=[])
        panel.set_title(title, fontsize=9)
    left.set(xlim=(-3.3, 3.3), ylim=(-3.3, 3.3))
    last = draw(drawn_codes[max(0, count - 4) : count]).reshape(-1, 28, 28)
    last = np.round(7 * last) / 7
    last = np.concatenate([last, np.zeros((4 - len(last), 28, 28))])
    last = last.reshape(2, 2, 28, 28).transpose(0, 2, 1, 3)
    grey(right, last.reshape(56, 56), "the last four")
    return left


drawing.animate(
    sampled,
    (1, 4, 16, 50, 120),
    alt="Red dots, the sampled codes of one 7. On the whole map they make one small "
    "spot. Ten times nearer they fill an egg that nearly agrees with the grey lines "
    "of the exact posterior. The four pictures drawn last are the same 7, hardly "
    "changed.",
    seconds=0.7,
)

# %% [markdown]
# The grey lines are the exact posterior, the red dots come from the encoder's. On the whole map this 7 is a spot. Why
# so small? And why an egg?
#
# Move the code a little along one of its numbers, and watch one pixel. Its logit $l$ changes by its slope $s$. Let
# $p = \sigma(l)$. Lesson 6 has the log-likelihood of the pixel, and its slope in the logit:
#
# $$ x\,l - \ln(1 + e^l), \qquad x - p . $$
#
# Along $z$ the slope is $s\,(x - p)$. How does this slope change along $z$? In other words, how strongly does the
# log-likelihood *bend* (its second derivative)? If $l$ is straight in $z$, then $s$ is a constant, and only $p$
# changes, by $s\, p\,(1 - p)$. So it bends by $-s^2\, p\,(1 - p)$. The picture $x$ has dropped out! Add up all pixels,
# and the prior, which bends by $-1$. A Gaussian of standard deviation $\sigma$ has a logarithm that bends by
# $-1/\sigma^2$. So
#
# $$ \frac{1}{\sigma^2} = 1 + \sum_{\text{pixels}} s^2\, p\,(1 - p) . $$
#
# In words: **where the picture changes quickly, the code must be exact.** The formula knows the decoder only. (A
# network of relus is straight only in pieces, so this is an approximation. And it takes each number alone, like
# lesson 15's bell that cannot tilt.)
#
# **Guess:** the encoder never saw the formula. In the mean of 1,000 test pictures, how far are its widths from it?
# Which digits have the widest posteriors?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("The encoder's width, divided by the formula's:")
count, h = (100 if QUICK else 1_000), 1e-3
logits_at = lambda codes: vae[1](Tensor(codes.astype(np.float32))).numpy().astype(float)
p = draw(mu[:count]).astype(float)
for axis, nudge in enumerate(h * np.eye(2)):
    up, down = logits_at(mu[:count] + nudge), logits_at(mu[:count] - nudge)
    s = (up - down) / (2 * h)  # lesson 1's central difference
    bend = 1 + (s * s * p * (1 - p)).sum(axis=1)
    ratio = std[:count, axis] * np.sqrt(bend)
    alike = np.corrcoef(log_var[:count, axis], -np.log(bend))[0, 1]
    print(f"z[{axis}]: median width {np.median(std[:, axis]):.3f}; ratios", end=" ")
    print(np.quantile(ratio, (0.1, 0.5, 0.9)).round(2), f"correlation {alike:.2f}")
area = 1e4 * std.prod(axis=1)
print("area of the posterior, times 10,000, of each digit:")
print(*(f"{digit}: {np.median(area[digits == digit]):.0f} " for digit in range(10)))

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# The three ratios are those below which one in ten, half, and nine in ten pictures lie. The median is nearly 1: by
# descent alone, the encoder has come near the formula. (Roughly: 8 in 10 are off by 40 % or less, and the correlation,
# of the logarithms, is not 1.) The 1s and 0s have the widest posteriors, over three times the area of a 3's. They live
# far out, where a step changes mostly the slant. The 3s live in the crowd, between 2, 5 and 8: there the smallest step
# leads to another shape.
#
# </details>
#
# The width also says when the noise matters. A code of the training is shaken by about 0.06, so the decoder must draw
# the same at two places so close. It need not at two places that are 1 apart.
#
# ### Is the encoder always right?
#
# Lesson 16: $\ln p(x)$ is the ELBO plus $\mathrm{KL}(q \,\|\, p(z|x))$. A grid over the whole map gives $\ln p(x)$, so
# we know the gap, what the encoder loses, picture by picture.

# %%
places = grid(np.linspace(-4.5, 4.5, 61 if QUICK else 181))
area_of_one = (places[1, 0] - places[0, 0]) ** 2


def exact_and_bound(number):
    joint = ln_joint(test[number], places)
    own = mu[number] + std[number] * noise
    ln_q = -0.5 * (noise**2 + log_var[number] + np.log(2 * np.pi)).sum(axis=1)
    elbo = (ln_joint(test[number], own) - ln_q).mean()
    return np.logaddexp.reduce(joint) + np.log(area_of_one), elbo, joint.argmax()


# %%
for number in (seven, 14, 26):
    ln_p, elbo, best = exact_and_bound(number)
    print(f"a {digits[number]}: ln p(x) {ln_p:.0f}, ELBO {elbo:.0f}", end="; ")
    print(f"lost {ln_p - elbo:.1f}; code {mu[number].round(1)}", end=", ")
    print(f"best {places[best].round(1)}")

lost = []
for number in range(10 if QUICK else 40):
    ln_p, elbo, _ = exact_and_bound(number)
    lost.append(ln_p - elbo)
print(f"the first {len(lost)}: half lose less than {np.median(lost):.1f}", end=", ")
print(f"one in ten more than {np.quantile(lost, 0.9):.1f}; mean {np.mean(lost):.1f}")

# %% [markdown]
# Most lose a nat or two, and a few lose many. The third above, a 7 with a round corner, is the worst of the first 200.
# The encoder puts it among the 4s and 9s, and loses 158.5 nats. A good place exists, on the same map. But the encoder
# answers each picture with one glance (lesson 16 called that amortised), and it never practised on this one.
#
# **Your turn.** `posterior_width`: the formula, for all numbers of the code at once.
#
# ## 6. Is there a country between 4 and 9?
#
# Now we walk. Let the *home* of a digit be the median code of the 100 test pictures whose copies the classifier reads
# most surely as this digit. From home to home there are several ways:
#
# - **straight**: equal steps of the code;
# - **shares**: straight on the *sheet*, so in equal steps of probability: $\Phi$, then a straight line, then
#   $\Phi^{-1}$;
# - **circle**: turn around 0, while the distance from 0 goes evenly from one home's to the other's. Many recommend it,
#   as *slerp*.
#
# On each way we put 200 codes, and ask four questions. How long is it, if a step is as long as the picture changes? How
# uneven are the steps, the largest against the mean? How many of its pictures are like a digit? And what is read on the
# way? (A point: the classifier is less than 90 % sure.)
#
# **Guess:** which way is the shortest in pictures? And what will be read between 4 and 9, and between 0 and 1?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("Three ways between three pairs:")
print(f"{'':15} length uneven digits read")
t = np.linspace(0, 1, 200)[:, None]


def circle(a, b):
    r_a, r_b = np.linalg.norm(a), np.linalg.norm(b)
    angle = np.arccos(a @ b / (r_a * r_b))
    turned = np.sin((1 - t) * angle) * a / r_a + np.sin(t * angle) * b / r_b
    return turned / np.sin(angle) * (r_a + t * (r_b - r_a))


def between(a, b):
    low, high = share_below(a), share_below(b)
    ways = {"straight": a + t * (b - a), "shares": place_of(low + t * (high - low))}
    return {**ways, "circle": circle(a, b)}


for a, b in ((4, 9), (0, 1), (7, 6)):
    for name, codes in between(home(a), home(b)).items():
        walked = draw(codes)
        change = np.sqrt((np.diff(walked, axis=0) ** 2).sum(axis=1))
        reads = read(walked)[::8]
        text = "".join(str(r.argmax()) if r.max() > 0.9 else "." for r in reads)
        passes = (likeness(walked) > enough).mean()
        told = f"{change.sum():5.1f} {change.max() / change.mean():6.1f} {passes:6.0%}"
        print(f"{a} to {b} {name:9} {told} {text}")

# %% [markdown]
# <details>
# <summary>What to make of it</summary>
#
# Between 4 and 9 there is **no country, only a border**: 4, 4, a narrow strip where the classifier is not sure, 9, 9.
# The whole way is a fifth of the way from 0 to 1. That one leads through three: 6, 5, 8 (not the circle).
#
# Straight and shares are about equally long. The circle is longer each time, and on the long ways fewer of its pictures
# are like digits. It is meant for codes of many numbers. They lie on lesson 15's shell, and halfway between two of them
# the sum of squares is half as large. With two numbers the middle is full of codes, so there is nothing to avoid.
# (Three pairs of digits and one network are no law.)
#
# And equal steps of probability are not at all equal steps of the picture. From 0 to 1 the largest step was almost nine
# times the mean. The 0 lies far out. There a small share of the prior is a long way.
#
# </details>
#
# Is the border empty land, then? Find the place on the walk where the classifier cannot decide between 4 and 9, and
# look who lives there: the test pictures with the nearest codes. And compare the aggregate with the prior along the
# walk.

# %%
walk = between(home(4), home(9))["straight"]
reads = read(draw(walk))
border = walk[np.abs(reads[:, 4] - reads[:, 9]).argmin()]
nearest = ((mu - border) ** 2).sum(axis=1).argsort()[:30]
print("the 30 nearest:", *digits[nearest])
bells = np.exp(-0.5 * ((walk[:, None] - mu) / std) ** 2) / (std * np.sqrt(2 * np.pi))
prior = np.exp(-0.5 * (walk**2).sum(axis=1)) / (2 * np.pi)
density = bells.prod(axis=2).mean(axis=1) / prior
print(f"aggregate / prior: {density.min():.1f} to {density.max():.1f} on the walk")

# %% tags=["hide-input"]
eight = nearest[:8]
drawing.show(
    drawing.pictures({"written": test[eight], "drawn": draw(mu[eight])}, size=0.58),
    alt="Eight written digits, six 4s and two 9s, and below them what the map draws "
    "at their places: eight times nearly the same slanted 9.",
)

# %% [markdown]
# The border is not empty. All along the walk the codes are about as dense as the prior says, or denser. And
# somebody lives on the border: most of these pictures were meant as 4s, some as 9s. The map draws nearly the same for
# all of them. Two numbers are not enough to keep apart what was meant. For that a map needs more room: more numbers, or
# labels (lesson 22).
#
# In lesson 10 only 29 % passed halfway between two digits. But there the classifier had to be sure, too.
#
# ### Even steps
#
# A morph by equal shares jumps: for some steps hardly anything happens, then much at once. Another way may jump less,
# but none of the three is even, because it is the decoder that jumps. So choose *where to stop*. Measure how far one
# has come, in pictures, at each of many codes. Then stop at equal parts of the whole length.

# %%
fine = between(home(0), home(1))["shares"]
change = np.sqrt((np.diff(draw(fine), axis=0) ** 2).sum(axis=1))
come = np.concatenate([[0], change.cumsum()])
goals = np.arange(10) / 9 * come[-1]
at = [np.abs(come - goal).argmin() for goal in goals]  # the nearest of 200
rows = {"shares": draw(fine[::22]), "pictures": draw(fine[at])}
for name, drawn in rows.items():
    step = np.sqrt((np.diff(drawn, axis=0) ** 2).sum(axis=1))
    print(f"equal {name:9} steps from {step.min():.1f} to {step.max():.1f}")

# %% tags=["hide-input"]
drawing.show(
    drawing.pictures(rows, size=0.56),
    alt="Two rows from a 0 to a 1, through 6, 5 and 8. In the upper one the 0 is "
    "left at once. In the lower one each picture differs from the last by about as "
    "much.",
)

# %% [markdown]
# **Your turn.** `walk_by_probability` and `even_walk`. Yours stops between the codes, too, so its steps are more even.
#
# ## 7. What convolutions gain
#
# The source lesson of this course ends with an assignment: a *convolutional* VAE. At full size two commands do it,
# `minae train vae` and `minae train conv-vae`. They end by printing their nats on the test pictures:
# 151.0 after about a minute, 144.4 after about five (others on another computer, by a percent or two). So convolutions
# gain 6.6 nats? Not so fast. The dense one, 784-512-2, has *one* hidden layer on each side. The convolutional one has
# three on the way down and two on the way up, and trains for more epochs. Several things were changed at once.
#
# Lesson 8 said what to expect of a convolution: few weights, used at every place. So take it at its word, and compare
# three VAEs with two numbers. All have the function of section 1 and 30 epochs (the two small ones at a learning rate
# of 0.003):
#
# - **dense**: ours, 784-64-32-2 and back;
# - **convolved**: three convolutions down; two dense layers and two transposed convolutions up;
# - **thin**: 784-12-32-2 and back, dense, with as few weights as the convolutional one.


# %%
def convolutional():
    rng = np.random.default_rng(0)
    half = {"stride": 2, "padding": 1, "rng": rng}
    encoder: list[nn.Module] = [nn.Unflatten(1, (1, 28, 28))]
    for few, more in ((1, 12), (12, 16), (16, 16)):  # 14 x 14, 7 x 7, 4 x 4
        encoder += [nn.Conv2d(few, more, 3, **half), nn.ReLU()]
    encoder += [nn.Flatten(), nn.Linear(256, 4, rng=rng)]
    decoder = [*layers((2, 32, 392), rng), nn.ReLU(), nn.Unflatten(1, (8, 7, 7))]
    decoder += [nn.ConvTranspose2d(8, 12, 4, **half), nn.ReLU()]
    decoder += [nn.ConvTranspose2d(12, 1, 4, **half), nn.Flatten()]
    return nn.Sequential(nn.Sequential(*encoder), nn.Sequential(*decoder))


# %% [markdown]
# **Guess** the order of the three. The dense one has five times the weights of the others.

# %% tags=["guess"]
my_order = [..., ..., ...]

# %% tags=["hide-cell"]
print("On the test pictures, which chose nothing:")
built = {"convolutional": convolutional(), "thin": network(12, 32)}
for name, model in built.items():
    if "MINAE_KEEP" in os.environ:
        train(model, x, epochs=30, lr=0.003)
        weights.save(model, HERE / f"{name}.safetensors")
    weights.load(model, HERE / f"{name}.safetensors")
tell("dense", vae, test)
tell("convolved", built["convolutional"], test)
tell("thin", built["thin"], test)
place = {name: posterior(model, test[:8])[0].numpy() for name, model in built.items()}
rows = {"picture": test[:8], "dense": draw(mu[:8])}
rows |= {name[:4]: draw(place[name], built[name]) for name in built}
drawing.show(
    drawing.pictures(rows, size=0.56),
    alt="Eight digits and their copies by three networks. Those of the dense "
    "one are the clearest. The 2 is a blot in the row of the convolutional one, and "
    "nearly a 3 in that of the thin one.",
)

# %% [markdown]
# <details>
# <summary>What to make of it</summary>
#
# With as few weights, the convolved one (a layer more on each side) gains 9 nats over the thin one. With five times
# the weights, the dense one is ahead by 5. And it is below the 151.0 nats of the full-size dense one, with an eighth of
# *its* weights. So that one lacked not weights, but perhaps a layer, or epochs (it had 20).
#
# </details>
#
# Was it the second hidden layer? Change that alone: 784-67-2 has as many weights as our dense one, and gets the same
# five epochs.
#
# **Guess:** how many nats is it behind?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("With one hidden layer, and with two:")
single = network(67)
train(single, some, epochs=5)
tell("784-67-2", single, others)
tell("784-64-32-2", young, others)

# %% [markdown]
# So a part of the 6.6 nats can come from depth, without any convolution. How large a part? Train a large dense one with
# two hidden layers, `train(network(400, 100), x, epochs=30)`. It takes some minutes. Does it reach the 144.4? (And
# these are one seed each.)
#
# What convolutions do here for certain is to need few weights. At 28 x 28 pixels weights are cheap. At 280 x 280 a
# dense first layer would have a hundred times as many.
#
# ## 8. Your morph
#
# Choose two digits. Each may be a test picture, by its number, or one that you write with `#`, as in lesson 9.

# %%
mine = """
..............
..............
..............
...########...
..........#...
.........#....
.........#....
........#.....
.......#......
.......#......
......#.......
..............
..............
.............."""


# %%
def from_text(text):
    rows = [[sign == "#" for sign in row] for row in text.split()]
    picture = np.kron(np.array(rows, dtype=np.float32), np.ones((2, 2)))
    for axis in (0, 1):  # soften: one half, and a quarter from each side
        sides = np.roll(picture, 1, axis) + np.roll(picture, -1, axis)
        picture = picture / 2 + sides / 4
    picture = (1.5 * picture).clip(0, 1)
    places = np.indices((28, 28)).reshape(2, -1)
    centre = places @ picture.ravel() / picture.sum()
    shift = np.round(13.5 - centre).astype(int)
    return np.roll(picture, shift, axis=(0, 1)).reshape(1, 784).astype(np.float32)


# %%
first = from_text(mine)
second = test[digits == 0][:1]  # the first 0; choose your own
here, there = (posterior(vae, one)[0].numpy()[0] for one in (first, second))
fine = here + t * (there - here)
change = np.sqrt((np.diff(draw(fine), axis=0) ** 2).sum(axis=1))
come = np.concatenate([[0], change.cumsum()])
at = [np.abs(come - part * come[-1]).argmin() for part in np.linspace(0, 1, 11)]
morph = fine[at]
for name, picture in (("yours", first), ("drawn", draw([here]))):
    print(f"{name} is read as {read(picture).argmax()}, {read(picture).max():.0%} sure")
# from exercise import even_walk   (when you have it)
# morph = even_walk(fine, draw(fine), 11)


# %% tags=["hide-input"]
def on_the_way(step):
    panels = drawing.grid(1, 3, size=(4.2, 1.5))[0]
    grey(panels[0], first.reshape(28, 28), "yours")
    panels[1].plot(*mu[:200].T, ".", color="0.8", markersize=2)
    panels[1].plot(*morph.T, "-", color="C1")
    panels[1].plot(*morph[step], "o", color="C3")
    panels[1].set(xticks=[], yticks=[])
    panels[1].set_title("the way", fontsize=9)
    digit = np.round(7 * draw(morph[[step]]).reshape(28, 28)) / 7
    grey(panels[2], digit, "the digit")
    return panels[0]


drawing.animate(
    on_the_way,
    range(11),
    alt="An angular 7, as it was written. A point walks on the map of dots, and the "
    "digit drawn at its place, a rounder 7, turns into a 9, a 2 and at last a 0.",
    keep="my_morph.gif",
)

# %% [markdown]
# `my_morph.gif` now lies beside your notebook. For a strip on paper:
# `drawing.pictures(draw(morph)).savefig("my_morph.png")`. Does it begin with *your* digit? Two numbers
# often keep the kind and the slant. Your hand they do not keep. And write a 4 with an open top: on which side of the
# border does it land?
#
# ## Exercise
#
# `exercise.py` has six functions to write, one to mend, and one for the experiment. `python -m lessons grade 18` says
# what you have.
#
# **`prior_grid`**
#
# <details>
# <summary>Hint 1</summary>
#
# For n = 4 the middles of the pieces have the shares 1/8, 3/8, 5/8 and 7/8 below them.
#
# </details>
#
# **`walk_by_probability`**
#
# <details>
# <summary>Hint 1</summary>
#
# On the sheet the walk is a straight line. Go to the sheet, walk, and come back.
#
# </details>
#
# **`even_walk`**
#
# <details>
# <summary>Hint 1</summary>
#
# You have a table: after so much way, this code. Where does it stand after a given way in between? `np.interp` reads
# such tables, for one number of the code at a time.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# At the first code one has come 0 far. So there are as many distances as codes, not one fewer.
#
# </details>
#
# **`posterior_width`**
#
# <details>
# <summary>Hint 1</summary>
#
# The formula of section 5 gives $1 / \sigma^2$. The prior is the 1 in it.
#
# </details>
#
# **`aggregate` and `aggregate_moments`**
#
# <details>
# <summary>Hint 1</summary>
#
# A density of k independent numbers is a product, so its logarithm is a sum. Then a mean over pictures: of densities,
# not of logarithms.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# `exp(log_var)` is a variance. Let $c = \mu + e$, with noise $e$ that has mean 0 wherever $\mu$ lies.
# What is the mean of $c\, c^\top$?
#
# </details>
#
# **`draw_map`** (debug)
#
# <details>
# <summary>Hint 1</summary>
#
# The first row of an array is drawn at the top. Which second number do its pictures have?
#
# </details>
#
# **`missed_and_empty`** (experiment)
#
# <details>
# <summary>Hint 1</summary>
#
# `np.histogram2d` takes edges and counts. What it does not count was missed.
#
# </details>
#
# ## Challenge: the largest country
#
# Worth nothing but pride. Colour the map: draw a 100 x 100 grid of equal shares, let lesson 7's classifier read each
# picture, and paint the ten countries. Which is the largest? Which two have the longest border? Then find the emptiest
# place: where is the aggregate smallest, compared with the prior, and what does the decoder draw there?
#
# ## Expected results
#
# | section | what | you should have seen |
# |---|---|---|
# | 1 | negative ELBO after 30 epochs, `others` | 147.3 nats |
# | 2 | neighbours with the same digit: lesson 9's map, this one | 65 % and 61 % |
# | 2 | KL of the aggregate to the prior | 0.4 of 6.1 nats |
# | 3 | share of the prior between -1 and 1, twice | 47 % |
# | 4 | digits among random codes, among copies: this map; VAE of 20 | 56 % and 66 %; 5 % and 71 % |
# | 5 | encoder's width by the formula's, median | 1.0 |
# | 6 | from 4 to 9, and from 0 to 1, in pictures | 7 and 36 |
# | 7 | dense, convolved and thin on the test pictures | 148.6, 153.4 and 162.4 |
#
# ## What you now know
#
# - A 2-D VAE is lesson 9's network with noise and a price. Its map is no sharper. It lies where the prior says, so
#   random codes from the prior land on it.
# - Draw a map by equal shares of the prior. An even grid misses or wastes, and says neither.
# - The KL term is what a code tells about its picture, plus the misfit of all codes together to the prior.
# - A posterior is narrow where pictures change quickly: $1/\sigma^2 = 1 + \sum s^2 p\,(1-p)$.
# - Between 4 and 9 lies a border, and people live on it. Straight from 0 to 1 one crosses three countries.
# - Two things changed at once prove nothing about either.
#
# ## Read next
#
# - Lesson 19, *Beta and collapse*: when should a latent be silent?
# - `minae/reports/plots.py`: `normal_quantiles` and `manifold`, which `minae train vae` draws with.
# - D. Kingma and M. Welling, *Auto-Encoding Variational Bayes* (2014): such maps, by quantiles, in appendix A.
# - M. Hoffman and M. Johnson, *ELBO surgery* (2016): the bill with two items.
