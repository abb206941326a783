# %% [markdown]
# # 9. Squeeze: what does a network do that PCA cannot?

# %% tags=["hide-input"]
import os
from itertools import pairwise
from pathlib import Path

import numpy as np

from lessons import drawing, weights
from minae import Tensor, data, nn, optim

QUICK = "MINAE_QUICK" in os.environ  # only to test this lesson
KEPT = Path(drawing.__file__).parent / "09_squeeze" / "two_numbers.safetensors"

images, _ = data.mnist("train")
test, digits = data.mnist("test")
images, test = images.reshape(-1, 784), test.reshape(-1, 784)
x, others = images[:55_000], images[55_000:]  # to learn from; to choose by
x = x[:6_000] if QUICK else x


def layers(sizes, rng):
    """Linear layers from size to size, with a relu between each two."""
    made = []
    for m, n in pairwise(sizes):
        made += [nn.Linear(m, n, rng=rng), nn.ReLU()]
    return made[:-1]


def network(*sizes):
    """An encoder through these sizes, and a decoder back; it ends between 0 and 1."""
    rng = np.random.default_rng(0)
    encoder = nn.Sequential(*layers(sizes, rng))
    decoder = nn.Sequential(*layers(sizes[::-1], rng), nn.Sigmoid())
    return encoder, decoder


def dots(panel, codes, title):
    """Codes of two numbers, in the colours of their digits."""
    for digit in range(10):
        chosen = codes[digits[: len(codes)] == digit]
        panel.plot(*chosen.T, ".", color=f"C{digit}", markersize=2.5)
        place = np.median(chosen, axis=0)
        panel.text(*place, str(digit), size=13, weight="bold", ha="center")
    low, high = np.quantile(codes, (0.02, 0.98), axis=0)  # a few lie far outside
    panel.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    panel.set(title=title, xticks=[], yticks=[])


two = network(784, 64, 32, 2)
if "MINAE_KEEP" not in os.environ:  # if it is, section 5 makes them anew
    weights.load(nn.Sequential(*two), KEPT)
_, directions = np.linalg.eigh(np.cov(x[:5_000].T))
panels = drawing.grid(1, 2, size=(5.6, 2.9))[0]
dots(panels[0], (test[:600] - x.mean(axis=0)) @ directions[:, :-3:-1], "PCA")
dots(panels[1], two[0](Tensor(test[:600])).numpy(), "network")
drawing.show(
    panels[0],
    alt="Two maps with a dot for each of 600 digits, in ten colours. On the map of PCA "
    "most colours are mixed. On that of the network 0, 1, 2 and 6 stand apart like "
    "petals, and the others meet in the middle.",
)

# %% [markdown]
# Each dot is a handwritten digit, squeezed from 784 numbers into two. Its colour says which digit it is, but neither
# method was told. On the left is PCA, principal component analysis, which is more than a hundred years old. On the
# right is a network. Which map is better? Section 6 counts. At the end your own handwriting has its place on the right
# one.
#
# Squeezing is useful wherever there are too many numbers: to find what is alike, to store, to draw a map. PCA takes a
# second, has no learning rate, and is never stuck. So the question of this lesson is a fair one: **what does a network
# do that PCA cannot?** Each of the next sections gives another answer.
#
# You need lesson 5 (a linear layer), lesson 6 (squared error) and lesson 7 (training). One page of mathematics stands
# beside it: [Eigenvectors](../toolbox/eigenvectors.md). Reading takes 40 minutes.
#
# ## 1. The best straight squeeze
#
# A picture is a point: 784 numbers, 784 directions. 55,000 pictures are a cloud of points. The **mean picture** is its
# centre. We want to describe each point by a few numbers. With one number we may say how far it lies along *one*
# direction. Which direction is best?
#
# Take a direction $u$, an arrow of length 1. In formulas $x$ is from here on a picture *less the mean* (a row of
# `centred`, in code). Its number is $u^\top x$, and its copy is that number times $u$: the
# [projection](../glossary.md#projection) of $x$ onto $u$. By Pythagoras,
#
# $$ \underbrace{|x|^2}_{\text{all}} = \underbrace{(u^\top x)^2}_{\text{kept}} +
#    \underbrace{|x - u\,u^\top x|^2}_{\text{squared error}}. $$
#
# What is not kept is error. So the best direction is the one along which pictures *vary most*. The number $u^\top x$ is
# also $x^\top u$, so its square is $u^\top x\, x^\top u$. Only the $x\, x^\top$ in the middle differs from picture to
# picture. Averaged over all pictures, what is kept is
#
# $$ \text{mean of } u^\top x\, x^\top u = u^\top C\, u, $$
#
# $$ \text{with} \quad C = \text{mean of } x\,x^\top . $$
#
# $C$ is the [covariance](../glossary.md#covariance), a table of 784 x 784 numbers. It knows how much the pictures vary
# along each direction. The page on [eigenvectors](../toolbox/eigenvectors.md) shows which $u$ is best. It is the
# [eigenvector](../glossary.md#eigenvector) $u_1$ with the largest [eigenvalue](../glossary.md#eigenvalue) $\lambda_1$.
# And $\lambda_1$ is what it keeps. The next best direction at right angles to it is $u_2$, and so on. To keep the first
# $k$ is [PCA](../glossary.md#pca), and these arrows are its *components*.
#
# In `exercise.py` you write `pca`, `encode` and `decode`. Until then these lines stand in for them.

# %%
mean = x.mean(axis=0)
centred = (x - mean).astype(np.float64)
C = centred.T @ centred / len(x)
eigenvalues, vectors = np.linalg.eigh(C)  # the smallest comes first
eigenvalues, u = eigenvalues[::-1], vectors.T[::-1]  # u[0] is the first component
print("the largest eigenvalues:", eigenvalues[:5].round(2))
print("and the sum of all 784: ", eigenvalues.sum().round(2))

# %% [markdown]
# The sum is the error of a lazy copy that always draws the mean picture. Each component takes its eigenvalue away from
# it.


# %%
def pca_copies(pictures, k):
    codes = (pictures - mean) @ u[:k].T
    return mean + codes @ u[:k]


def error(copies, pictures):
    """Squared error: summed over the pixels, averaged over the pictures."""
    return np.mean(np.sum((copies - pictures) ** 2, axis=1))


# %% [markdown]
# **Guess:** how many components do you need until a copy can be read? And until it looks like the original?

# %% tags=["guess"]
my_guess = ...


# %% tags=["hide-cell"]
def with_components(k):
    copies = pca_copies(others, k)
    rows = {"written": others[:6], "copy": copies[:6].clip(0, 1)}
    made = drawing.pictures(rows, size=0.6)
    made.suptitle(f"{k} numbers: error {error(copies, others):.1f}", fontsize=10)
    return made


print("Copies with few numbers and with many:")
drawing.slider(
    with_components,
    (1, 2, 8, 30, 100, 300),
    "Six digits and their copies by PCA. With 1 or 2 numbers they are grey shadows, "
    "with 30 they can be read, with 300 they are nearly perfect.",
    "components",
    start=2,
)

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# With 2 numbers nearly all copies are the same shadow. With 8 some can be read, with 30 nearly all. At 300 there is
# little left to see. The error is that of `others`, 5,000 pictures that PCA was not made from.
#
# </details>
#
# ## 2. A network without bends
#
# Now the rival, in its simplest form: two linear layers. The encoder $E$ makes two numbers of a picture, $z = E x$. The
# decoder $D$ makes a picture of two numbers, $\hat x = D z$. Nothing bends in between: a *linear*
# [autoencoder](../glossary.md#autoencoder). It begins with random numbers and goes downhill.
#
# Let us train it. The loss is the mean of $|D E x - x|^2$. Let $r = D E x - x$ be what is wrong with a copy. Then
# the vjps of lesson 5 give the slopes:
#
# $$ \frac{\partial L}{\partial D} = 2 \cdot \text{mean of } r\,z^\top, $$
#
# $$ \frac{\partial L}{\partial E} = 2 \cdot \text{mean of } D^\top r\, x^\top . $$
#
# You derive them in `linear_slopes`. On this page we can save time. Put in $r = (DE - I)\,x$, with $I$ the identity,
# and $z = E x$. Then the pictures only appear as $x x^\top$, and its mean is $C$. So *all that a linear autoencoder
# ever learns of 55,000 pictures is their covariance*, just as PCA. With $R = (DE - I)\,C$ the slopes are $2 R E^\top$
# and $2 D^\top R$. One step now takes milliseconds, and yet it is the exact slope of all pictures.


# %%
def descend(E, D, steps, lr=0.08):
    """Gradient descent on both matrices; C stands for all the pictures."""
    for _ in range(steps):
        R = D @ (E @ C) - C
        E, D = E - lr * 2 * D.T @ R, D - lr * 2 * R @ E.T
    return E, D


def projection(D):
    """The matrix that sends a picture to the nearest one that D can draw."""
    Q, _ = np.linalg.qr(D)  # the columns of D, made of length 1 at right angles
    return Q @ Q.T


# %% [markdown]
# **Guess:** the network may choose any 3,136 weights. PCA must have arrows of length 1, at right angles. Who gets the
# smaller error?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("After the last step:")
by_pca = projection(u[:2].T)
rng = np.random.default_rng(5)
E, D = (2e-4 * rng.standard_normal(shape) for shape in ((2, 784), (784, 2)))  # near 0
film, distances = [D], [np.abs(projection(D) - by_pca).max()]
for _ in range(40):
    E, D = descend(E, D, 10)
    film.append(D)
    distances.append(np.abs(projection(D) - by_pca).max())
lost = error(centred @ E.T @ D.T, centred)
print(f"error of the network {lost:.6f}, of PCA {eigenvalues[2:].sum():.6f}")
print(f"largest difference between the two projections: {distances[-1]:.0e}")

# %% [markdown]
# Same error. And more than that. All pictures that a decoder with two numbers can draw are a *plane*, somewhere in 784
# dimensions. The two projections are tables of 784 x 784 numbers, one for each plane. They agree to better than
# $10^{-6}$ in every number: the network has found PCA's plane.
#
# How did it get there? Ask, for each of PCA's directions, how much of it lies in the network's plane: 0 is nothing,
# 1 is all of it.


# %% tags=["hide-input"]
def budget(frame):
    left, right = drawing.grid(1, 2, size=(6, 2.5))[0]
    Q, _ = np.linalg.qr(film[frame])
    left.bar(range(1, 9), ((u[:8] @ Q) ** 2).sum(axis=1), color=["C1"] * 2 + ["C0"] * 6)
    left.set(title="how much of it is in the plane", ylim=(0, 1.05), xlabel="component")
    left.set_xticks(range(1, 9))
    right.semilogy(10 * np.arange(frame + 1), distances[: frame + 1], "C3")
    right.set(title="largest difference", xlim=(0, 410), ylim=(1e-8, 0.1))
    right.set(xlabel="step")
    right.grid(alpha=0.3)
    return left


drawing.animate(
    budget,
    (0, 1, 2, 3, 5, 7, 12, 20, 40),
    alt="Left, eight bars. The first one is near 1 after 20 steps. The second and the "
    "third compete, until the second has 1, too, and the rest 0. Right, the difference "
    "between the two projections falls below one in a million.",
    seconds=0.6,
)

# %% [markdown]
# The plane turns. First it takes in component 1. Then 2 and 3 compete for the second place. 3 is ahead for a while, by
# the luck of the start. In the end it must leave. Why? The bars are the proof.
#
# ## 3. Five lines
#
# **Claim:** no linear autoencoder with $k$ numbers has a smaller error than PCA.
#
# 1. All that the decoder can draw lies in a flat space of $k$ directions. (If it has fewer, add any.) No copy can be
#    nearer to $x$ than its projection $P x$ onto it.
# 2. Pythagoras: the error is at least the mean of $|x|^2 - |P x|^2$. So what counts is what is kept: the mean of
#    $|P x|^2$.
# 3. $C = \sum_i \lambda_i\, u_i u_i^\top$ (toolbox), so what is kept is $\sum_i \lambda_i c_i$. Here
#    $c_i = |P u_i|^2$ is *how much of $u_i$ lies in the flat space*: our bars.
# 4. Each $c_i$ lies between 0 and 1. Together they are $k$, because $\sum_i |P u_i|^2$ is the number of directions of
#    the flat space (toolbox).
# 5. So there are $k$ coins to spend on eigenvalues, at most one on each. The best buy is the $k$ largest. That is PCA.
#    $\square$
#
# Where $\lambda_k$ and $\lambda_{k+1}$ differ, only one plane is best. And there is no worse valley to be stuck in. A
# part of a coin that lies on component 3 earns 3.3 times that part, on component 2 it would earn 3.7 times. So to turn
# the plane towards component 2 always pays, until nothing is left on component 3. (The plane of exactly 1 and 3 is a
# saddle: the slope there is zero, but each small turn of 3 towards 2 leads down. $E$ and $D$ of zeros are another
# one. A random start does not end on them. Baldi and Hornik prove it for the weights themselves.)
#
# (Biases would not help. The best bias is the mean picture, and we have taken that away already.)
#
# **Guess:** are the columns of $D$ PCA's two components, too?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("The columns of D, along components (rows):")
print((u[:2] @ D).round(2))
print("lengths:", np.linalg.norm(D, axis=0).round(2))

# %% [markdown]
# <details>
# <summary>Why not</summary>
#
# The plane is the same, but the arrows in it are turned. By how much is the luck of the start. (Their length of 1 is no
# law, either. It comes from a start near 0.) Turn or stretch the code by any invertible matrix $A$, and let the decoder
# undo it: $D A^{-1} A E$ is $D E$. The loss cannot see the difference. So one number of such a code means nothing by
# itself: only the plane does.
#
# </details>
#
# So far: nothing new was learned. PCA took a second. What is missing is in the name, *linear*.
#
# ## 4. One bend
#
# Leave 784 dimensions for a moment. Here are points in the plane that lie along a bow. One number for each point! Two
# networks get the same points. The first is linear. The second has one hidden layer with `tanh` on each side of the
# code.


# %%
def train(model, x, epochs, batch_size=128, lr=0.002, watch=None):
    encoder, decoder = model
    rng = np.random.default_rng(0)
    optimizer = optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=lr)
    for epoch in range(epochs):
        optimizer.lr = lr * (1 - epoch / epochs)
        for rows in data.batches(len(x), batch_size, rng):
            batch = Tensor(x[rows])
            loss = ((decoder(encoder(batch)) - batch) ** 2).sum() / len(rows)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        if watch:
            watch(epoch)


# %% [markdown]
# That is the loop of lesson 7, with the picture itself as the answer: no label is needed. (minae's `nn` and `optim` do
# what you wrote in lessons 2 to 7. You could use yours.)
#
# **Guess:** the copies of the linear network lie on a straight line. Where do those of the second one lie?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("Points, and where the copies lie:")
rng = np.random.default_rng(1)
angle = rng.uniform(0.1, 0.9, 100) * np.pi
bow = np.stack([1.5 * np.cos(angle), 1.8 * np.sin(angle) - 1.2], axis=1)
bow = (bow + 0.06 * rng.standard_normal(bow.shape)).astype(np.float32)
rng = np.random.default_rng(6)
straight = nn.Linear(2, 1, rng=rng), nn.Linear(1, 2, rng=rng)
bent = (
    nn.Sequential(nn.Linear(2, 16, rng=rng), nn.Tanh(), nn.Linear(16, 1, rng=rng)),
    nn.Sequential(nn.Linear(1, 16, rng=rng), nn.Tanh(), nn.Linear(16, 2, rng=rng)),
)
bow_film: list[list[np.ndarray]] = [[], []]
for frames, (encoder, decoder) in zip(bow_film, (straight, bent)):

    def keep(epoch, encoder=encoder, decoder=decoder, frames=frames):
        z = encoder(Tensor(bow)).numpy()
        line = np.linspace(z.min(), z.max(), 60, dtype=np.float32)[:, None]
        frames.append(decoder(Tensor(line)).numpy())

    keep(0)
    train((encoder, decoder), bow, 150, 10, 0.01, keep)


def lines(frame):
    panels = drawing.grid(1, 2, size=(5.4, 2.4))[0]
    for panel, frames, title in zip(panels, bow_film, ("linear", "with a bend")):
        panel.plot(*bow.T, ".", color="0.7", markersize=3)
        panel.plot(*frames[frame].T, "C3", linewidth=2.5)
        panel.set(title=title, xlim=(-2, 2), ylim=(-1.3, 1.1), xticks=[], yticks=[])
    return panels[0]


drawing.animate(
    lines,
    (0, 2, 4, 7, 12, 20, 150),
    alt="Points along a bow. On the left a straight line turns until it lies along the "
    "width of the bow. On the right a curve bends until it lies along the points.",
    seconds=0.6,
)

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# The line can only move and turn, and it ends as PCA's. The curve bends along the points. **That is what a network does
# that PCA cannot: it lays a bent space through the data.** Now line 1 of the proof fails: what the decoder can draw is
# no longer flat.
#
# </details>
#
# Are digits such a bow? Take a 1 that leans to the right, and a 1 that leans to the left. Take the picture halfway
# between them: the mean of the two, pixel by pixel. And take the point halfway between their *codes* by the network of
# the first picture, and let it draw that.
#
# **Guess:** what do the two halfway pictures show?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("Two digits, and what lies halfway:")
right, left = others[[4932, 4954, 4783, 4912]], others[[286, 1336, 1491, 1714]]
halfway = (two[0](Tensor(right)) + two[0](Tensor(left))) / 2
rows = {"right": right, "left": left, "pixels": (right + left) / 2}
drawing.show(
    drawing.pictures({**rows, "codes": two[1](halfway).numpy()}, size=0.55),
    alt="Four pairs of a 1 that leans right and a 1 that leans left. Halfway in pixels "
    "is a grey X. Halfway in codes are two upright 1s and two other digits.",
)

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# Halfway in pixels is a grey X. Nobody writes that. But a flat space that holds both 1s holds their middle, too. A bent
# one need not: halfway lies an upright 1, or (the last two) another digit, but no X. (We chose four of the eight pairs
# that lean most. Of the eight, too, half end at a 1.)
#
# </details>
#
# ## 5. At equal size
#
# Now digits: 784 numbers, 64 hidden units, 30 numbers, and back. Many notebooks go like this. Train a little, print a
# small loss, show good copies, and write that a network beats PCA.

# %%
thirty = network(784, 64, 30)
train(thirty, x, epochs=1)


def copies_of(model, pictures):
    encoder, decoder = model
    return decoder(encoder(Tensor(pictures))).numpy()


first_copies = copies_of(thirty, others)
print(f"loss per pixel, new pictures: {np.mean((first_copies - others) ** 2):.3f}")
drawing.show(
    drawing.pictures({"digit": others[:6], "copy": first_copies[:6]}, size=0.5),
    alt="Six digits, and copies of them that are a little blurred but can be read.",
)

# %% [markdown]
# 784 numbers became 30, the error is a few hundredths, and nearly all can be read. It *looks* like a success.
#
# **Guess:** what does PCA reach with 30 numbers, on the same pictures? (Its unit is that of section 1: summed over the
# 784 pixels of a picture.)

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("The same pictures, the same size of code, the same unit:")
print(f"network, an epoch: {error(first_copies, others):5.1f} per picture")
print(f"PCA, 30 numbers:   {error(pca_copies(others, 30), others):5.1f} per picture")
print(f"PCA, 2 numbers:    {error(pca_copies(others, 2), others):5.1f} per picture")
print(f"mean picture:      {error(mean, others):5.1f} per picture")

# %% [markdown]
# The network's line is its loss from above, times 784 pixels. It is *worse* than PCA. Nobody could know, because a loss
# means nothing by itself. Three mistakes are common, and each makes a network look better than it is:
#
# - PCA is not measured at all, or with 2 numbers against 30.
# - The network is measured on pictures that it learned from.
# - One error is a mean over pixels and the other a sum.
#
# In `exercise.py` the function `rivals` makes all three. Mend it: that is a debug exercise.
#
# This network only needs more time. We train it on, and a second one with 8 numbers: about ten seconds. The one with 2
# numbers needs 30 epochs, so its weights come with the lesson.

# %%
eight = network(784, 64, 8)
train(thirty, x, epochs=1 if QUICK else 6)
train(eight, x, epochs=1 if QUICK else 4)

if "MINAE_KEEP" in os.environ:  # MINAE_KEEP=1 python -m lessons build 09
    train(two, x, epochs=30)
    weights.save(nn.Sequential(*two), KEPT)  # build once more to see the page with them

# %% [markdown]
# All choices were made by other pictures. So now the test pictures.
#
# **Guess:** does the network win at 2 numbers, at 8, at 30? By what part of PCA's error?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("Squared error per picture, on test pictures:")
print(" k    PCA  network  less by")
rows = {"digit": test[:5]}
for k, one in ((2, two), (8, eight), (30, thirty)):
    flat = pca_copies(test, k).clip(0, 1)  # the network's sigmoid does the same
    curved = copies_of(one, test)
    errors = error(flat, test), error(curved, test)
    less = 1 - errors[1] / errors[0]
    print(f"{k:2}  {errors[0]:5.1f}  {errors[1]:7.1f}  {less:7.0%}")
    rows |= {f"PCA {k}": flat[:5], f"net {k}": curved[:5]}
drawing.show(
    drawing.pictures(rows, size=0.53),
    alt="Five digits, and their copies by PCA and by the network with 2, 8 and 30 "
    "numbers. With 8 the network's are clear digits, and PCA's are shadows.",
)

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# The network wins in all three rows, by about a quarter of PCA's error. (PCA's copies are cut off at 0 and 1, which
# helps them a little. Fair is fair.) Look at the kind of mistake, too. PCA's copies are grey: each one is a sum of the
# same few pictures. The network's with 2 numbers are crisper, and sometimes another digit. It prefers a plausible digit
# to a grey cloud.
#
# </details>
#
# So is a network simply better? It has learned where *digits* lie. Both had only digits to learn from. Now show both
# what neither has seen: clothes.
#
# **Guess:** on clothes, with 30 numbers, who is better?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("Clothes, copied by those who know digits:")
clothes = data.fashion_mnist("test")[0].reshape(-1, 784)
by_network = copies_of(thirty, clothes)
print(f"mean of the clothes {error(clothes.mean(axis=0), clothes):5.1f}")
print(f"PCA of digits       {error(pca_copies(clothes, 30), clothes):5.1f}")
print(f"network             {error(by_network, clothes):5.1f}")
rows = {"item": clothes[:5], "PCA": pca_copies(clothes[:5], 30).clip(0, 1)}
drawing.show(
    drawing.pictures({**rows, "net": by_network[:5]}, size=0.46),
    alt="Five pieces of clothing. PCA's copies are pale clouds of about the right "
    "shape. The network's are tangles of strokes, as if somebody had written them.",
)

# %% [markdown]
# <details>
# <summary>What happened</summary>
#
# The network is much worse than PCA here, and worse than a single grey mean. Its bent space runs along the digits and
# nowhere near a shirt. An autoencoder is *lossy*, it needs no labels, and it is **specific to its data**: here is the
# measurement. PCA is less specific: of its flat space it takes the nearest point, for any picture. The network's
# encoder was asked for good codes of digits only.
#
# </details>
#
# ## 6. The map
#
# Two numbers are a point on a map, as in lesson 0. You saw both maps at the top. Now measure them. Take a digit, and
# look at its ten nearest neighbours in code space. How many of them are the same digit? (Labels judge here. They had no
# part in the training.)


# %%
def same_digit(codes, count=1_000):
    """The share of the ten nearest neighbours that show the same digit."""
    asked = codes[:count]
    squares = (asked**2).sum(axis=1)[:, None] + (codes**2).sum(axis=1)
    distances = squares - 2 * asked @ codes.T  # |a - b|² = |a|² + |b|² - 2 a·b
    distances[np.arange(count), np.arange(count)] = np.inf  # not itself
    nearest = distances.argsort(axis=1)[:, :10]
    return (digits[nearest] == digits[:count, None]).mean()


def codes_of(model, pictures=test):
    return model[0](Tensor(pictures)).numpy()


# %% [markdown]
# **Guess:** what is that share with 2 numbers of PCA, with 2 of the network, and with all 784 pixels?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Neighbours with the same digit:")
for k, one in ((2, two), (30, thirty)):
    print(f"PCA, {k:2} numbers:     {same_digit((test - mean) @ u[:k].T):.0%}")
    print(f"network, {k:2} numbers: {same_digit(codes_of(one)):.0%}")
print(f"784 pixels:          {same_digit(test):.0%}")

# %% [markdown]
# With 2 numbers the network's neighbours are far more often the same digit. With 30 its lead is gone: there PCA's code
# is as good, though its error is larger. A smaller *error* does not make a better *map*. Nobody asked for one: the loss
# asks for pixels. Lesson 13 comes back to what a code is worth.
#
# ### Drawn from codes
#
# A decoder can draw any point of the map. So lay a grid on the map and let it draw each point. Which grid? Many
# notebooks take a fixed one. Let us take numbers from -3 to 3.


# %%
def draw_grid(points, n=8):
    pictures = two[1](Tensor(points.astype(np.float32))).numpy()
    sheet = pictures.reshape(n, n, 28, 28)[::-1].transpose(0, 2, 1, 3)  # upwards
    axes = drawing.axes(size=(2.5, 2.5))
    axes.imshow(sheet.reshape(n * 28, n * 28)[::2, ::2], cmap="gray", vmin=0, vmax=1)
    axes.axis("off")
    return axes


line = np.linspace(-3, 3, 8)
fixed = np.array([(first, second) for second in line for first in line])
drawing.show(
    draw_grid(fixed),
    alt="A square of 8 by 8 drawn digits, most of them 3, 4, 5, 6, 7 or 9.",
)

# %% [markdown]
# A handsome map, apart from one corner. Nothing tells you that anything is missing.
#
# **Guess:** what part of the test pictures has its code inside of this square? And of which digits are nearly none
# inside?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("How many codes lie inside:")
codes = codes_of(two)
inside = (np.abs(codes) <= 3).all(axis=1)
print(f"{inside.mean():.0%} of all pictures; of each digit:")
print(*(f"{d}: {inside[digits == d].mean():.0%} " for d in range(10)))
print("the codes go from", codes.min(axis=0).round(0), "to", codes.max(axis=0).round(0))

# %% [markdown]
# The decoder was asked about the middle alone. Nearly all 0s, 1s and 2s lie elsewhere. So it draws no 0 there, and
# hardly a 2. Nothing in the loss keeps codes near 0, or near anything. So ask the codes themselves where they are.
# Sort them. The [quantile](../glossary.md#quantile) 0.1 is the place that has a tenth of them below it. Put the lines
# of the grid at equal quantiles, so that equally many codes lie between neighbours. You write it in `latent_grid`, a
# debug exercise.

# %%
shares = (np.arange(8) + 0.5) / 8
lines_1, lines_2 = np.quantile(codes, shares, axis=0).T
by_quantiles = np.array([(first, second) for second in lines_2 for first in lines_1])
print("lines of the first number: ", lines_1.round(1))
print("lines of the second number:", lines_2.round(1))
drawing.show(
    draw_grid(by_quantiles),
    alt="A square of 8 by 8 drawn digits, among them nearly all ten kinds.",
)

# %% [markdown]
# Same decoder, more kinds of digits. But it is not the whole truth, either. Each number has its own quantiles, and a
# corner of the grid can be a place where no code lies. There the decoder draws something that nobody wrote. To fill a
# map *evenly* one must ask for it in the loss: lessons 16 to 18.
#
# ## 7. What squared error likes
#
# All of this lesson minimised squared error. Is it what we mean by "alike"? Take two damaged copies of a digit. In the
# first, the digit is complete, but one pixel too far down and one too far to the right. Nobody would notice. In the
# second the lower half is gone.
#
# **Guess:** which has the larger squared error?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("Moved, and masked:")
square = test.reshape(-1, 28, 28)
moved = np.roll(square, (1, 1), axis=(1, 2))  # the border of these pictures is black
sideways = np.roll(square, 1, axis=2)
masked = square.copy()
masked[:, 14:] = 0
flatten = lambda pictures: pictures.reshape(-1, 784)
for name, copies in (("moved", moved), ("masked", masked), ("sideways", sideways)):
    print(f"{name:9} {error(flatten(copies), test):5.1f}")
dearer = ((moved - square) ** 2).sum((1, 2)) > ((masked - square) ** 2).sum((1, 2))
print(f"for {dearer.mean():.0%} of the digits the move is dearer than the mask")
ink = square > 0.5
begins = ink[:, :, 1:] & ~ink[:, :, :-1]  # a stroke begins right of a dark pixel
print(f"in a row, a stroke is {ink.sum() / begins.sum():.1f} pixels wide")
rows = {"digit": test[:6], "moved": moved[:6], "half": masked[:6]}
drawing.show(
    drawing.pictures(rows, size=0.5),
    alt="Six digits; moved, they look the same; masked, half of each is left.",
)

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# Squared error compares pixel by pixel, and knows nothing of neighbours. Think of a bar from top to bottom, $w$ pixels
# wide. Move it by one pixel: in each row one pixel goes dark and another one lights up, an error of 2, however wide the
# bar. Mask its lower half: in half of the rows $w$ pixels go dark, an error of $w / 2$ a row. So the move is dearer
# whenever $w < 4$. The strokes here are about that wide.
#
# But a digit is not a bar. Moved sideways alone it costs less than the mask: strokes that lie flat hardly change, and
# soft edges make it cheaper. A move down *and* to the right pays at the edges of every stroke.
#
# </details>
#
# Now you know why autoencoders blur. Let a stroke be in one of two places, and the network not sure in which. A crisp
# stroke in the wrong place costs twice: 1 where it stands, and 1 where it is missing. In the right place it costs 0, so
# on average 1. Half grey in both places costs $0.5^2 + 0.5^2 = 0.5$, always.
# Squared error asks for the *mean* of all pictures that are possible (lesson 6, the bell), and a mean of strokes is a
# blur.
#
# ## 8. Your handwriting on the map
#
# Write a digit with `#`, in 14 rows of 14 signs. Leave two empty rows above and below, as here. Each sign becomes 2 x 2
# pixels. Then the edges are softened, and the middle of the ink comes to the middle of the picture, as in MNIST.

# %%
mine = """
..............
..............
.....####.....
....#....#....
.........#....
.........#....
.......##.....
......#.......
.....#........
....#.........
....######....
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
written = from_text(mine)
place = codes_of(two, written)[0]
nearest = ((codes - place) ** 2).sum(axis=1).argsort()[:15]
print("its two numbers:", place.round(1))
print("the 15 nearest on the map:", *digits[nearest])
panels = drawing.grid(1, 3, size=(6.6, 2.3))[0]
dots(panels[0], codes[:300], "you are here")
panels[0].plot(*place, "k*", markersize=16, markeredgecolor="white")
for panel, k, one in zip(panels[1:], (2, 30), (two, thirty)):
    pair = np.hstack([written, copies_of(one, written)]).reshape(2, 28, 28)
    panel.imshow(np.hstack(list(pair)), cmap="gray", vmin=0, vmax=1)
    panel.set(title=f"you, and {k} numbers", xticks=[], yticks=[])
drawing.show(panels[0], alt="A star on the map, and a typed 2 beside its two copies.")

# %% [markdown]
# Now write your own, in your own hand, and run its cell and the last one again. Is your 7 among the 7s? Does the copy
# keep your way of writing, or does it write as the others do? (Save it:
# `panels[0].figure.savefig("me_on_the_map.png")`.)
#
# ## Exercise
#
# `exercise.py` has six functions to write and two to mend. `python -m lessons grade 09` says what you have.
#
# **`pca`, `encode`, `decode`**
#
# <details>
# <summary>Hint 1</summary>
#
# Take the mean away before you make the covariance. Every component is then about how pictures *differ*.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# `eigh` has eigenvectors as columns, the smallest eigenvalue first. You want rows, the largest first:
# `vectors.T[::-1]`.
#
# </details>
#
# <details>
# <summary>Hint 3</summary>
#
# What `encode` takes away, `decode` must put back.
#
# </details>
#
# **`linear_slopes` and `train_linear`**
#
# <details>
# <summary>Hint 1</summary>
#
# The slope of the loss in the copies is $g = 2\,(\hat x - x) / N$. From there on it is lesson 5: a linear layer, twice.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# For a layer $y = x W^\top$ the slope in $W$ is $g^\top x$, and in $x$ it is $g W$. The decoder's input is $z$. The
# encoder gets the slope in $z$.
#
# </details>
#
# **`rivals`** (debug)
#
# <details>
# <summary>Hint 1</summary>
#
# Section 5 lists three mistakes. All three are in it. Which pictures? Which size? Which unit?
#
# </details>
#
# **`latent_grid`** (debug)
#
# <details>
# <summary>Hint 1</summary>
#
# `np.quantile(codes[:, 0], parts)`, and again for the other number. For n = 2 the parts are 1/4 and 3/4.
#
# </details>
#
# **`shift_and_mask`** (experiment)
#
# <details>
# <summary>Hint 1</summary>
#
# Begin with zeros, and copy the part of the picture that stays inside into its new place. `np.roll` brings back at the
# left what moves out at the right, so it is right only where the border is black. And `[:-down]` is empty where `down`
# is 0: count from the front.
#
# </details>
#
# ## Challenge: the smallest error at 2 numbers
#
# Worth nothing but pride. Our network with 2 numbers has an error of about 31. How far down can you go, on `others`,
# with 2 numbers and at most five minutes of training? Ideas: wider layers, another bend, more epochs. Then look at your
# map. Is it a better one?
#
# ## Expected results
#
# | section | what | you should have seen |
# |---|---|---|
# | 1 | the sum of all eigenvalues | 52.7 |
# | 2 | linear network and PCA | projections equal to better than 1e-6 |
# | 5 | a network after one epoch, 30 numbers | worse than PCA |
# | 5 | 2, 8 and 30 numbers | the network is better each time |
# | 5 | clothes | PCA is better |
# | 6 | a grid from -3 to 3 | holds fewer than half of the codes |
# | 7 | moved by one pixel down and right | dearer than half a digit |
#
# ## What you now know
#
# - A linear autoencoder ends at PCA's flat space: $k$ coins, at most one on each eigenvalue.
# - The flat space is PCA's, the single numbers are not.
# - A network with bends lays a curved space through the data. There it beats PCA, and far from its data it does not.
# - "Better" needs a rival: same size of code, same new pictures, same unit.
# - Draw codes from where codes are. And squared error often likes half a digit better than one moved by a pixel down
#   and right.
#
# ## Read next
#
# - Lesson 10, *Convolutional codes*: where in the code is the digit?
# - The same at full size: `minae train ae --latent 2`, and `minae/measures/pca.py`.
# - P. Baldi and K. Hornik, *Neural Networks and Principal Component Analysis* (1989): the theorem of section 3.
# - G. Hinton and R. Salakhutdinov, *Reducing the Dimensionality of Data with Neural Networks* (2006).
