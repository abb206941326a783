# %% [markdown]
# # 19. Beta and collapse: when should a latent be silent?

# %% tags=["hide-input"]
import math
import os
from itertools import pairwise
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

from lessons import drawing
from minae import Tensor, data, nn, optim
from minae import functional as F

QUICK = "MINAE_QUICK" in os.environ  # only to test this lesson
KEPT = Path(drawing.__file__).parent / "19_beta_and_collapse" / "dial.safetensors"

images, _ = data.mnist("train")
images = images.reshape(-1, 784)
x, others = images[:55_000], images[55_000:]  # to learn from; to choose by
ENTROPY = math.log(2 * math.pi * math.e) + math.log(5)


def turned(points, degrees):
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return points @ np.array([[cos, sin], [-sin, cos]])


def covariance(degrees):
    return turned(turned(np.diag([25.0, 1.0]), degrees).T, degrees)


dots = np.random.default_rng(0).standard_normal((150, 2)) * [5, 1]


def two_bars(degrees):
    left, right = drawing.grid(1, 2, size=(5.6, 2.7))[0]
    left.plot(*turned(dots, degrees).T, ".", markersize=3)
    left.set(xlim=(-14, 14), ylim=(-14, 14), aspect="equal", xticks=[], yticks=[])
    left.set(title=f"turned by {degrees} degrees")
    C = covariance(degrees)
    # The least KL in closed form. `least_kl`, an exercise, finds it by trying.
    code = np.arctanh(C[0, 1] / np.sqrt(C[0, 0] * C[1, 1]))
    right.barh([0], [ENTROPY - code], color="C0")
    right.barh([0], [code], left=[ENTROPY - code], color="C1")
    left_over = f"points {ENTROPY - code:.2f}"
    right.text(0.1, 0, left_over, color="white", va="center")
    right.text(4.6, 0, f"code {code:.2f}", color="C1", weight="bold", va="center")
    right.set(xlim=(0, 6.9), ylim=(-1, 1), yticks=[], xlabel="nats per point")
    right.set_title(f"together {ENTROPY:.2f}")
    return left


drawing.animate(
    two_bars,
    (0, 5, 10, 15, 20, 25, 30, 37, 45),
    alt="A long cloud of points turns from lying flat to lying at 45 degrees. Beside "
    "it is a bar of 4.45 nats. Flat, all of it is for the points; at 45 degrees 1.61 "
    "nats of it are for the code.",
    seconds=0.6,
)

# %% [markdown]
# A long cloud of points, turned. For each angle the bar belongs to a VAE that draws this cloud perfectly, with the
# fewest nats of code. Its loss is 4.45 nats at every angle. But at 45 degrees the code says 1.61 of them, and at 0
# degrees nothing: whatever point the encoder gets, it gives the same bell.
#
# A *latent* is a number of the code. If it says nothing, it is silent. When that happens in training we speak of
# [posterior collapse](../glossary.md#posterior-collapse). Most texts treat it as an illness. Here it costs nothing at
# all. So: **when should a latent be silent?** The answer is a rule of one line, and you will derive it. Then you turn
# a dial on digits, from blur to babble, and learn the price of each position in nats. And you will find dials in
# programs whose authors did not know that they have one.
#
# You need lesson 15 ([entropy](../glossary.md#entropy), [KL](../glossary.md#kl-divergence)), lesson 16
# ([posterior](../glossary.md#posterior), [ELBO](../glossary.md#elbo)) and lesson 17 (the [VAE](../glossary.md#vae)).
# One page of mathematics stands beside it: [Gaussians through matrices](../toolbox/linear_gaussian.md). Reading takes
# 40 minutes.
#
# ## 1. Two clouds
#
# The cloud has the standard deviation 5 along its length and 1 across. (A homework of a well-known course uses these
# numbers, see the end.) We take it *aligned* with the axes, and *turned* by 45 degrees.
#
# The VAE is as small as one can be: a single latent and no bends. Encoder and decoder are linear layers. The decoder
# gives each of the two coordinates a bell. Its width is learned, too: it may be another one for each coordinate, but
# the same for all points. We call its variance the decoder's **noise**. So all can be checked with a pencil later.


# %%
def straight_vae(seed, noises=2):
    """A (2, 1), the code's log_var, W (1, 2), and the log_var of the noise."""
    rng = np.random.default_rng(seed)
    A, W = rng.standard_normal((2, 1)) / 2, rng.standard_normal((1, 2)) / 2
    arrays = A, np.zeros(1), W, np.zeros(noises)
    return [nn.Parameter(array.astype(np.float32)) for array in arrays]


# %%
def two_parts(vae, points, rng):
    """Reconstruction and KL of each point: the negative ELBO is their sum."""
    A, code_log_var, W, noise_log_var = vae
    mu = points @ A
    log_var = code_log_var.broadcast_to(mu.shape)
    missed = points - F.reparameterize(mu, log_var, rng=rng) @ W
    surprise = missed**2 / noise_log_var.exp() + noise_log_var + math.log(2 * math.pi)
    return surprise.sum(axis=1) / 2, F.gaussian_kl(mu, log_var)


# %% [markdown]
# `surprise / 2` is lesson 6's bell, with the variance exp(log_var): squares divided by the variance, its logarithm, the
# constant. Training draws new points at every step, so nothing can be learned from memory. `beta` multiplies the KL.
# For now it is 1.


# %%
def cloud(degrees, count, rng):
    points = rng.standard_normal((count, 2)) * [5, 1]
    return Tensor(turned(points, degrees).astype(np.float32))


# %%
def fit(degrees, seed, beta=1.0, steps=3_000, noises=2):
    steps = steps // 10 if QUICK else steps
    vae, rng = straight_vae(seed, noises), np.random.default_rng(seed)
    optimizer = optim.Adam(vae, lr=0.03)
    for step in range(steps):
        optimizer.lr = 0.03 * (1 - step / steps)
        reconstruction, kl = two_parts(vae, cloud(degrees, 500, rng), rng)
        loss = (reconstruction + beta * kl).sum() / 500
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return vae


# %% [markdown]
# We train the turned cloud twice and the aligned one four times. Only the seed differs: it draws the first weights and
# the points. Then each VAE is measured on 200,000 new points.


# %%
def measured(vae, degrees):
    """Reconstruction, KL, their sum, and the standard error of the sum."""
    rng = np.random.default_rng(99)
    parts = two_parts(vae, cloud(degrees, 200_000, rng), rng)
    D, R = (part.numpy().astype(np.float64) for part in parts)
    return D.mean(), R.mean(), (D + R).mean(), (D + R).std() / math.sqrt(len(D))


# %% [markdown]
# **Guess:** the VAEs of the opening picture say no more than they must. Will these six say as little: 1.61 nats for the
# turned cloud, none for the aligned one? And how much do seeds matter?

# %% tags=["guess"]
my_guess = ...


# %% tags=["hide-output"]
print("Trained and measured:")
print("cloud    seed  reconstruction    KL     sum")
fitted = []
for degrees, seed in ((45, 0), (45, 1), (0, 0), (0, 1), (0, 2), (0, 3)):
    vae, name = fit(degrees, seed), "turned " if degrees else "aligned"
    D, R, both, _ = measured(vae, degrees)
    print(f"{name}    {seed}       {D:6.3f}      {R:6.3f}  {both:6.3f}")
    fitted.append((name, degrees, seed, vae))

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# All six losses are 4.45. The turned cloud has a KL of 1.6, twice. The aligned one has almost anything: nearly 0 with
# one seed, more than half a nat with another. It is the same program and the same cloud.
#
# </details>
#
# So the loss, which is all that training looks at, does not see whether the code speaks. Where does it end, and what
# does it see?
#
# ## 2. A floor and two gaps
#
# Lesson 16 has, for each point,
#
# $$ -\text{ELBO} = -\ln p(x) + \text{KL}\bigl(q(z|x) \,\|\, p(z|x)\bigr). $$
#
# Now average over the data. The average of $-\ln p(x)$ is the surprise of the *model* at the data. Lesson 15 splits it:
# the entropy of the data, and what it costs to take the model for them. Together:
#
# $$ -\text{ELBO} = \underbrace{H}_{\text{floor}} + \underbrace{\text{KL}(\text{data} \,\|\,
#    \text{model})}_{\text{gap of the decoder}} $$
#
# $$ {} + \underbrace{\text{KL}\bigl(q(z|x) \,\|\, p(z|x)\bigr)}_{\text{gap of the encoder}}. $$
#
# No gap is below 0. So no VAE is below the entropy, and one that reaches it has nothing left to learn. A Gaussian has
# the entropy $\frac12 \ln \det(2 \pi e\, C)$: the mean of lesson 15's surprise in many dimensions. A turn does not
# change the determinant, and here it is $25 \cdot 1$. So both floors are $\ln(2 \pi e) + \ln 5 = 4.447$.
#
# For a VAE without bends both gaps have closed forms ([toolbox](../toolbox/linear_gaussian.md)). With one latent they
# are short. In `exercise.py` you write them for any number of latents, as `exact_gap`. `exact_bound` has the two parts
# of the loss.


# %%
def numbers(vae):
    """W, the noise, A and the variance of the code, in float64."""
    arrays = (parameter.numpy().ravel().astype(float) for parameter in vae)
    A, code_log_var, W, noise_log_var = arrays
    return W, np.exp(noise_log_var), A, np.exp(code_log_var[0])


def gaps(vae, C):
    W, noise, A, code_var = numbers(vae)
    S = np.outer(W, W) + np.diag(noise)  # what the decoder draws
    P = 1 + W @ (W / noise)  # one over the variance of the true posterior
    off = A - W / noise / P  # its mean is (W / noise / P) @ x, that of q is A @ x
    of_decoder = np.trace(np.linalg.inv(S) @ C) - 2 + np.log(np.linalg.det(S) / 25)
    of_encoder = P * (code_var + off @ C @ off) - 1 - np.log(P * code_var)
    return of_decoder / 2, of_encoder / 2


# %% [markdown]
# **Guess:** what does the floor plus the two exact gaps give for the six, compared with what was measured? How near
# must they be, if the formulas are right?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Measured, and the floor plus the gaps:")
print("cloud    seed  measured   exact   gap of decoder, encoder   standard errors")
for name, degrees, seed, vae in fitted:
    _, _, both, error = measured(vae, degrees)
    of_decoder, of_encoder = gaps(vae, covariance(degrees))
    exact = ENTROPY + of_decoder + of_encoder
    print(f"{name}    {seed}    {both:.4f}   {exact:.4f}", end="   ")
    print(f"{of_decoder:9.5f} {of_encoder:9.5f} {abs(both - exact) / error:13.1f}")

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# Each measured loss lies within a standard error of the exact one, and up to 3 would be no alarm. The gaps are below a
# thousandth of a nat. So all six VAEs are done: they draw their cloud, and their encoders know the true posterior.
#
# </details>
#
# ### How much must a code say?
#
# Let both gaps be 0. Then the loss is $H$, so $\text{KL} = H - \text{reconstruction}$. The decoder has its own way to
# make a point and its code: throw $z$, multiply by $W$, add noise. Without gaps our pairs of point and code are
# distributed just like these. So what a copy misses is that noise, two bells with the variances noise$_1$ and
# noise$_2$. Their entropies are the reconstruction: $\frac12 \ln(2 \pi e\, \text{noise}_1) + \frac12 \ln(2 \pi e\,
# \text{noise}_2)$. Take that from $H$:
#
# $$ \text{KL} = \tfrac12 \ln \frac{\det C}{\text{noise}_1 \cdot \text{noise}_2} . $$
#
# The less noise, the more the code must say. Which noises are possible? With $W = (w_1, w_2)$ the decoder draws
# coordinates with the variances $w_i^2 + \text{noise}_i$ and the covariance $w_1 w_2$. That must be the cloud's:
#
# $$ C_{\text{turned}} = \begin{pmatrix} 13 & 12 \\ 12 & 13 \end{pmatrix}, $$
#
# $$ w_1 w_2 = 12, \qquad \text{noise}_i = 13 - w_i^2 . $$
#
# The 12 is what the two coordinates have in common. The decoder draws each coordinate *by itself*, with noise of its
# own. So it cannot say the 12 without $z$. But in the aligned cloud nothing is in common: $w_1 w_2 = 0$. Say $w_2 = 0$.
# Then $w_1$ is free, and noise$_1 = 25 - w_1^2$. Here is the KL of all these VAEs, which have no gap.

# %% tags=["hide-input"]
axes = drawing.axes("the loss of all these is 4.447", "noise of the first", "KL, nats")
line = np.geomspace(0.03, 25, 400)
axes.plot(line, np.log(25 / line) / 2, "C0", label="aligned")
line = np.linspace(0.03, 1.9, 400)
other = 13 - 144 / (13 - line)  # the noise of the second coordinate
axes.plot(line, np.log(25 / line / other) / 2, "C1", label="turned")
for _, degrees, _, vae in fitted:
    W, noise, _, _ = numbers(vae)
    precision = 1 + W @ (W / noise)  # without a gap, KL = ln(precision) / 2
    colour = "C1" if degrees else "C0"
    axes.plot(noise[0], np.log(precision) / 2, "o", color=colour, markersize=8)
axes.set(xscale="log", ylim=(-0.15, 4))
axes.axhline(math.log(5), color="0.6", linewidth=0.8, linestyle=":")
axes.legend()
drawing.show(
    axes,
    alt="KL over the noise of the first coordinate. The aligned VAEs lie on a line "
    "that falls to 0. The turned ones lie on a narrow valley whose lowest point is "
    "1.61. Six dots, the trained ones, lie on the two curves.",
)

# %% [markdown]
# The dots are our six. The turned cloud is a valley. Multiply out:
#
# $$ \text{noise}_1 \cdot \text{noise}_2 = 13^2 - 13\,(w_1^2 + w_2^2) + 12^2 . $$
#
# The product of $w_1^2$ and $w_2^2$ is 144, and then their sum is least if they are equal. So the lowest point has
# $w_1^2 = w_2^2 = 12$ and the noises 1 and 1: $\text{KL} = \frac12 \ln 25 = \ln 5 = 1.609$. Less is impossible without
# a gap. More is possible, at the same loss: from other first noises training ends higher up the valley. The aligned
# cloud is a slope that goes down to 0, where both noises are simply the variances of the coordinates.
#
# **A latent must say what the decoder cannot say alone.** What the decoder *can* say alone, the latent may say or not:
# the loss is the same. In `least_kl`, an experiment, you follow the lowest point from 0 to 90 degrees.
#
# So silence is no property of the data alone. The decoder decides, too. Take away what our decoder can do alone:
# let both coordinates share *one* noise.
#
# **Guess:** what is the KL of the aligned cloud now? And of the turned one?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("One noise for both coordinates:")
for name, degrees in (("turned ", 45), ("aligned", 0)):
    D, R, both, _ = measured(fit(degrees, 0, noises=1), degrees)
    print(f"{name}    reconstruction {D:.3f}, KL {R:.3f}, sum {both:.3f}")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# A decoder with one noise draws a round bell around its copy. It cannot be wider along the cloud than across. So the
# length of the cloud must come from the code, whatever its direction: noise 1, and ln 5 = 1.609 nats. A turn changes
# nothing for a round bell. And the sum is the same once more.
#
# </details>
#
# The other way round, a decoder that can say more alone leaves less to the code. In lesson 26 a decoder writes a melody
# note by note and sees the notes before. It can say nearly everything alone, and there silence is a real trouble.
#
# ## 3. What a nat buys
#
# Why is the loss so exactly indifferent? Look at one coordinate by itself, with the variance $\lambda$. Let its code
# have $R$ nats of KL. For one coordinate, section 2 says $R = \frac12 \ln(\lambda / \text{noise})$. So the noise that
# is left is
#
# $$ \lambda\, e^{-2R}. $$
#
# Each nat of code divides the squared error by $e^2 = 7.4$. (If the coordinate is a bell, no code of $R$ nats leaves
# less: a theorem of Shannon's, which we only quote.) What should $R$ be? That depends on what the decoder makes of the
# smaller error.
#
# **The noise is learned.** Then it is $\lambda e^{-2R}$, and the loss of this coordinate, with beta, is
#
# $$ \tfrac12 \ln(2 \pi e\, \lambda\, e^{-2R}) + \beta R = \text{constant} - R + \beta R . $$
#
# One nat of code saves exactly one nat of reconstruction. At $\beta = 1$ the two cancel, for any $R$.
#
# **Guess:** the aligned cloud again, trained for twice as long. What becomes of its KL if $\beta$ is 1.1? And 0.9?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("The aligned cloud, KL after training:")
for beta in (0.9, 1.0, 1.1):
    D, R, both, _ = measured(fit(0, 0, beta, steps=6_000), 0)
    print(f"beta {beta}: KL {R:.3f}, reconstruction {D:.3f}, sum {both:.3f}")

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# A tenth decides. With 1.1 the latent falls silent. With 0.9 each further nat gains a tenth, without end: only the end
# of training stopped it at 4.9. And the sum hardly moves: this latent was free to do either.
#
# </details>
#
# **The noise is fixed**, at a value $v$ that somebody chose. Then nobody takes a logarithm of the error. It is simply
# divided by $2 v$:
#
# $$ \frac{\lambda e^{-2R}}{2 v} + \beta R + \text{constant}. $$
#
# Its slope in $R$ is $-\lambda e^{-2R} / v + \beta$. It is zero where the error that is left is $\beta v$:
#
# $$ \boxed{\;R = \tfrac12 \ln \frac{\lambda}{\beta v}, \ \text{ and at least } 0.\;} $$
#
# If $\lambda$ is below $\beta v$, the slope is above 0 from the start, and every nat is a loss. So this is the rule:
# **a latent should be silent if what it could say has a variance below the level $\beta v$.** It is like water. What is
# higher than the level stands out and is told, down to the water. What is under water stays silent.
#
# Try it on digits. The best VAE without bends gives each latent one direction of PCA (lesson 9; Lucas and others,
# below, have a proof). The eigenvalues are the variances $\lambda$.
# %%
centred = (x - x.mean(axis=0)).astype(np.float64)
eigenvalues = np.linalg.eigvalsh(centred.T @ centred / len(x))[::-1].clip(1e-12)


def spent(level):
    """How many directions speak, the nats they spend, and the squared error left."""
    above = eigenvalues[eigenvalues > level]
    error = eigenvalues.sum() - (above - level).sum()
    return len(above), np.log(above / level).sum() / 2, error


# %% [markdown]
# **Guess:** many programs take "half the squared error plus KL", so $v = 1$ and $\beta = 1$. How many of the 784
# directions speak? And how many if the squared error is a *mean* over the 784 pixels?

# %% tags=["guess"]
my_guess = ...


# %% tags=["hide-cell"]
def water(level):
    axes = drawing.axes(x="direction", y="variance", log=True, size=(5.6, 3))
    speak, nats, error = spent(level)
    axes.plot(range(1, 401), eigenvalues[:400], "C0")
    axes.fill_between([0.9, 400], 1e-4, level, color="C0", alpha=0.2)
    axes.plot(range(1, speak + 1), eigenvalues[:speak], "C1", linewidth=4)
    axes.set(xlim=(0.9, 400), ylim=(1e-3, 2e3))
    title = f"level {level}: {speak} speak, {nats:.1f} nats, error {error:.1f}"
    axes.set_title(title)
    return axes


print("Move the water:")
print(f"the largest variance is {eigenvalues[0]:.2f}")
drawing.slider(
    water,
    (784, 5, 3, 1, 0.5, 0.1, 0.03),
    "The variances of digits along 400 directions, falling. Water of a level that can "
    "be moved. At 784 all is under water; at 1, twelve directions stand out.",
    "beta times noise",
    start=3,
)

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# At level 1, twelve directions speak, and they spend 4.3 nats in all. A mean over pixels makes the reconstruction 784
# times lighter: the level is 784. The largest variance is about 5, so every direction is under water. Lesson 6 had a
# telephone, with coins, that fell silent with such a mean. For squares it is now a calculation.
#
# </details>
#
# Only the product $\beta v$ stands in the rule. So **a fixed noise is a beta**, under another name. Sections 5 and 6
# come back to it.
#
# ## 4. The dial
#
# Now a real VAE: bends, 16 latents, and digits as coins (lesson 6). There is no closed form any more. But each position
# of the dial has two numbers: the KL, also called the [rate](../glossary.md#rate), and the reconstruction, also called
# the distortion. Both are nats per picture.


# %%
def network(hidden=128, latents=16):
    rng = np.random.default_rng(0)
    layer = lambda inputs, outputs: nn.Linear(inputs, outputs, rng=rng)
    encoder = [layer(784, hidden), nn.ReLU(), layer(hidden, 2 * latents)]
    decoder = [layer(latents, hidden), nn.ReLU(), layer(hidden, 784)]
    return nn.Sequential(*encoder), nn.Sequential(*decoder)


def coins(logits, pictures):
    return F.binary_cross_entropy_with_logits(logits, pictures, "sum")


def code_of(model, pictures):
    both = model[0](pictures)
    return both.split(both.shape[1] // 2, axis=1)  # mu, log_var


# %%
def parts_of(model, pictures, rng, cost=coins):
    """Reconstruction and KL, in nats per picture."""
    pictures = Tensor(pictures)
    mu, log_var = code_of(model, pictures)
    output = model[1](F.reparameterize(mu, log_var, rng=rng))
    return cost(output, pictures) / len(mu), F.gaussian_kl(mu, log_var).sum() / len(mu)


# %%
def train(model, pictures, beta, epochs, cost=coins, lr=0.002):
    rng = np.random.default_rng(0)
    optimizer = optim.Adam([*model[0].parameters(), *model[1].parameters()], lr=lr)
    for epoch in range(epochs):
        optimizer.lr = lr * (1 - epoch / epochs)
        for rows in data.batches(len(pictures), 128, rng):
            reconstruction, kl = parts_of(model, pictures[rows], rng, cost)
            optimizer.zero_grad()
            (reconstruction + beta * kl).backward()
            optimizer.step()


# %% [markdown]
# We trained six of them, with betas from 0.1 to 30. Each takes 20 epochs, so what they gave comes with the lesson:
# their nats on the 5,000 pictures of `others`, five copies, and five pictures drawn from random codes. The folded cells
# measure and keep it.
# %% tags=["hide-input"]
BETAS = (0.1, 0.3, 1, 3, 10, 30)


def seen(model):
    """What the dial shows of a VAE, in whole numbers: thousandths, and greys to 255."""
    rng = np.random.default_rng(1)
    mu, log_var = (part.numpy() for part in code_of(model, Tensor(others)))
    kl = (mu**2 + np.exp(log_var) - 1 - log_var).mean(axis=0) / 2
    nats = [part.item() for part in parts_of(model, others, rng)]
    z = Tensor(np.vstack([mu[:5], rng.standard_normal((5, 16))]).astype(np.float32))
    greys = np.round(255 * F.sigmoid(model[1](z)).numpy()).astype(np.uint8)
    thousandths = [*nats, *np.sort(kl)[::-1], *np.sort(mu.var(axis=0))[::-1]]
    return np.round(1_000 * np.array(thousandths)).astype(np.int32), greys


# %% tags=["hide-input"]
if "MINAE_KEEP" in os.environ:  # MINAE_KEEP=1 python -m lessons build 19
    views = []
    for beta in BETAS:
        model = network()
        train(model, x, beta, epochs=20)
        views.append(seen(model))
    rows = {name: np.stack(each) for name, each in zip(("nats", "greys"), zip(*views))}
    save_file({name: np.ascontiguousarray(row) for name, row in rows.items()}, KEPT)

kept = load_file(KEPT)
of_beta = dict(zip(BETAS, kept["nats"] / 1_000))
drawn = dict(zip(BETAS, kept["greys"].reshape(-1, 2, 5, 28, 28) / 255))

# %% [markdown]
# Measured with $\beta = 1$, the sum of the two is the negative ELBO, however the VAE was trained. It is the price of a
# picture, in nats.
#
# **Guess:** at which position is this sum least? How do copies look at $\beta = 0.1$ and at 30? And pictures that are
# drawn from random codes?

# %% tags=["guess"]
my_guess = ...


# %% tags=["hide-cell"]
def dial(beta):
    left, middle, right = drawing.grid(1, 3, size=(7.6, 2.4))[0]
    left.get_gridspec().set_width_ratios([1.7, 1, 1])
    rows = [others[:5].reshape(5, 28, 28), *drawn[beta]]
    sheet = np.vstack([np.hstack(list(row)) for row in rows])
    left.imshow(sheet, cmap="gray", vmin=0, vmax=1)
    left.set(xticks=[], yticks=[14, 42, 70], title=f"beta {beta}")
    left.set_yticklabels(["digit", "copy", "drawn"])
    D, R = of_beta[beta][:2]
    middle.bar(range(1, 17), of_beta[beta][2:18], color="C1")
    middle.set(ylim=(0, 3.5), xlabel="latent", title=f"code {R:.1f} nats")
    rates, costs = np.array([of_beta[one][:2] for one in BETAS])[:, ::-1].T
    right.plot(rates, costs, "o-", color="0.6", markersize=4)
    right.plot(R, D, "o", color="C3", markersize=9)
    right.set(xlabel="code", ylabel="picture")
    right.set_title(f"{D:.0f} + {R:.0f} = {D + R:.0f} nats")
    right.set(xlim=(-3, 50), ylim=(65, 215))
    return left


print("Turn the dial:")
drawing.slider(
    dial,
    BETAS,
    "Digits, copies, and pictures drawn from random codes. At beta 30 all of them are "
    "the same blur and no bar is seen. At 1 copies are sharp, and most drawn pictures "
    "are nearly digits. At 0.1 copies are sharper, drawn ones tangles of strokes.",
    "beta",
    start=2,
)

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# At 30 the code is silent, and the copy of each digit is the same **blur**. Turned down, one latent after another
# begins to speak, and copies become sharp. Below 1 they gain little more. But what is drawn from random codes falls
# apart into strokes: **babble**.
#
# </details>
#
# To take the dial home, `drawing.animate(dial, BETAS, "a dial", 1, keep="dial.gif")` writes it as a moving picture.

# %% tags=["hide-output"]
print("The price of each position:")
print(" beta  picture   code    sum  dearer than 1 by  active  variance of mu")
for beta in BETAS:
    D, R = of_beta[beta][:2]
    of_mu = of_beta[beta][18:]  # of each latent
    print(f"{beta:5} {D:8.1f} {R:6.1f} {D + R:6.1f}", end="")
    print(f"{D + R - of_beta[1][:2].sum():18.1f} {(of_mu > 0.01).sum():7}", end="")
    print(f"{of_mu.mean():16.2f}")

# %% [markdown]
# The least sum is at 1, as it should be: only there training asks for it. Both directions have their price. A latent
# counts as an [active unit](../glossary.md#active-unit) if its mu varies from picture to picture, with a variance above
# 0.01 (Burda and others, 2016). At 30 one latent counts, although the code has 0.0 nats: it is just above the
# threshold.
#
# The last column hints at where the babble comes from. A random code has the variance 1 in each latent. The codes of
# pictures have the variance of mu plus that of their bells. Where the code is cheap, mu alone has 1.6: pictures live
# farther out than random codes fall. And their bells are narrow. 46.5 nats are 2.9 in each latent, and $\frac12 (1.6 +
# \sigma^2 - 1 - \ln \sigma^2) = 2.9$ has the solution $\sigma = 0.07$. The KL was to prevent this, but at $\beta = 0.1$
# it has little to say.
#
# The slope of the curve has a meaning, too. At the best setting for some $\beta$, a little more code must neither gain
# nor lose: what it saves in the picture is what it costs. So
#
# $$ -\frac{d\,\text{picture}}{d\,\text{code}} = \beta . $$
#
# **Guess:** you turn from 3 down to 1. How many nats does each new nat of code save in the picture?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Nats of picture saved by a nat of code:")
for low, high in pairwise(BETAS):
    more = of_beta[low][1] - of_beta[high][1]
    saved = of_beta[high][0] - of_beta[low][0]
    print(f"from beta {high:4} to {low:4}: {saved / more:6.2f}")

# %% [markdown]
# <details>
# <summary>Why between the two</summary>
#
# At the end with $\beta = 3$ a nat saves 3, at the other end it saves 1. On the way it saves something between. All
# five rows lie between their two betas, though nobody told the networks about slopes. **Beta is the price of a nat.**
#
# </details>
#
# Which position is right? To bound $\ln p(x)$ best, 1. For pictures that please, many prefer another one, and then they
# should say which. Here is a position of your own. (It sees fewer digits, and fewer times, than the six. So it lies
# above their curve.) Change `mine`, and save what you get.

# %%
mine = 2.0
model = network()
train(model, x[: 2_000 if QUICK else 30_000], mine, epochs=1 if QUICK else 8)
numbers_of_mine, greys = seen(model)
D, R = numbers_of_mine[:2] / 1_000
rows = {"digit": others[:5], "copy": greys[:5] / 255, "drawn": greys[5:] / 255}
figure = drawing.pictures(rows, size=0.6)
figure.suptitle(f"beta {mine}: {D:.0f} + {R:.0f} = {D + R:.0f} nats", fontsize=10)
# figure.savefig("my_dial.png")
drawing.show(figure, alt="Five digits, soft copies of them, and five drawn ones.")

# %% [markdown]
# ## 5. Which beta hides here?
#
# Multiply a whole loss by a number, and its best weights stay (lesson 6). Multiply *one* of its terms, and you have
# turned the dial. So of any loss of a VAE ask: if both terms are brought to nats per picture,
#
# $$ \text{loss} = c\, (\text{reconstruction} + \beta\, \text{KL}), \qquad \beta = {?} $$
#
# Nobody needs to write `beta` for this. A `mean` does it, or a 2 that was left out, or a noise of 1. You can read it,
# and you can *measure* it. Change only the codes by something that costs 1 nat in truth, and see what the loss makes of
# it. Then change only the copies.


# %%
def both_means(x, copies, mu, log_var):
    bce = -(x * np.log(copies) + (1 - x) * np.log(1 - copies))
    return bce.mean() + ((mu**2 + np.exp(log_var) - 1 - log_var) / 2).mean()


def meter(loss, pixels, latents):
    """The beta of a loss of coins, from three calls."""
    white, zeros = np.ones((1, pixels)), np.zeros((1, latents))
    here = loss(white, white / 2, zeros, zeros)
    code = zeros + math.sqrt(2 / latents)  # its KL is 1 nat
    dimmer = np.exp(-1 / pixels) * white / 2  # its reconstruction is dearer by 1 nat
    of_kl = loss(white, white / 2, code, zeros) - here
    return of_kl / (loss(white, dimmer, zeros, zeros) - here)


# %% [markdown]
# **Guess:** `both_means` looks fair: two terms, two means. Which beta does it have, with 784 pixels and 16 latents?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("The beta of two means:")
for latents in (2, 16, 200):
    print(f"784 pixels, {latents:3} latents: {meter(both_means, 784, latents):8.2f}")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# $\frac{1}{784}$ of the one and $\frac{1}{16}$ of the other: $\beta = 784 / 16 = 49$, and our dial was silent at 30
# already. The beta depends on the size of the code: someone who tries more latents turns the dial, too. With 200 it is
# 3.92. Higgins and others (below) divide their betas by just this factor.
#
# </details>
#
# `exercise.py` has four losses of this kind. In `hidden_betas` you say what hides in each.
#
# ### Debug: a VAE that says nothing
#
# `vae_losses` has one of the most frequent mistakes. Both of its parts are positive, both fall, and no gradient check
# complains. The cure is lesson 6's test of a merchant.
# **Measure in other pieces.** Cut every pixel into two: the reconstruction must double. Give every latent a twin: the
# KL must double.
#
# ### Debug: two curves that cannot be compared
#
# A training loss with beta, beside a validation loss without. Take a training with $\beta = 4$. Two of its epochs (made
# up for this page) have these nats on the validation pictures:

# %%
print("epoch  picture  KL  with beta 4  without")
for epoch, picture, kl in ((10, 100, 20), (20, 106, 16)):
    print(f"{epoch:5}  {picture:7}  {kl}  {picture + 4 * kl:11}  {picture + kl:7}")

# %% [markdown]
# What was trained for got better, on new pictures too: from 180 to 170. A validation curve without beta says that it
# got worse. Someone who keeps the best epoch of that curve keeps the wrong one. And someone who lays it beside the
# training curve sees overfitting where there is none.
# **One question, one loss, for all curves.** A beta that rises during training makes it worse, because then even the
# epochs of one curve cannot be compared. `two_curves` has both mistakes.
#
# ## 6. Let the noise be learned
#
# Take bells for the pixels in place of coins. Somebody must say how wide. "Half the squared error" says noise 1, and
# pixels lie between 0 and 1: such a bell is wider than the whole range. Section 3 says what follows. The level is 1,
# and a dozen directions of digits may speak.
#
# The other way: let it be learned, as in section 1, but one for all pixels. What is the best one? The surprise of
# $n$ pixels is $\frac{n}{2} \bigl(m / v + \ln v + \ln 2 \pi\bigr)$, where $m$ is their mean squared error. Its slope
# in $v$ is zero at $v = m$: **the best noise is the mean squared error.** Put it in, for each batch, and no
# parameter is left (Rybkin and others, 2021).


# %%
def bell_of_noise_1(output, pictures):
    squares = ((output - pictures) ** 2).sum()
    return squares / 2 + pictures.size * math.log(2 * math.pi) / 2


def bell_of_best_noise(output, pictures):
    noise = ((output - pictures) ** 2).mean()
    return pictures.size * (1 + noise.log() + math.log(2 * math.pi)) / 2


# %% [markdown]
# **Guess:** the same network, the same 20,000 digits, five epochs, $\beta = 1$ in both. How many nats of code does each
# spend? (With noise 1, the VAE without bends spends 4.3.)

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("Fixed and learned, on other pictures:")
rows = {"digit": others[:6]}
for name, cost in (("noise 1", bell_of_noise_1), ("learned", bell_of_best_noise)):
    model = network(hidden=64)
    train(model, x[: 2_000 if QUICK else 20_000], 1.0, 1 if QUICK else 5, cost)
    rng = np.random.default_rng(1)
    D, R = (part.item() for part in parts_of(model, others, rng, cost))
    mu = code_of(model, Tensor(others))[0]
    rows[name] = model[1](mu).numpy()
    squares = ((rows[name] - others) ** 2).sum(axis=1).mean()
    print(f"{name}: picture {D:6.1f}, code {R:4.1f}, sum {D + R:6.1f}", end=", ")
    print(f"squared error {squares:4.1f}")
    rows[name] = rows[name][:6].clip(0, 1)
drawing.show(
    drawing.pictures(rows, size=0.55),
    alt="Six digits; copies with noise 1 are blurred clouds, some of another digit; "
    "copies with learned noise are sharper.",
)

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# With noise 1 the code says about 4 nats, as section 3 foretold, and copies are blurs. With the learned noise it says
# ten times as much. The sums are of one kind, both are surprises of bells at the same pictures. So they can be
# compared, and learned is better by about a thousand nats. Most of that is the width of the bell alone. (738.5 means
# that $m$ is 0.046 here; with $v = m$ these blurs cost -93 nats, and -89 with their code.) The other 220 nats are
# gained by the longer code. (Negative nats are no mistake: a narrow bell has a high density, lesson 6.)
#
# </details>
#
# So the blur that VAEs are famous for can be a beta that nobody chose. Can each *pixel* have a noise of its own, as
# each coordinate had in section 1? Not on digits. A corner that is black in all pictures would get noise 0 and an
# infinite density. In minae both the
# fixed noise and the shared, learned one are a choice: `minae train vae --likelihood gaussian` or `gaussian-learned`.
# (The program is `minae/models/likelihoods.py`.)
#
# ## Exercise
#
# `exercise.py` has six functions to write and two to mend. `python -m lessons grade 19` says what you have.
#
# **`gaussian_reconstruction`**
#
# <details>
# <summary>Hint 1</summary>
#
# Lesson 6's bell with $\sigma^2 = e^{l}$: the surprise is $\frac12 (\text{missed}^2 e^{-l} + l + \ln 2 \pi)$. Take its
# slope in $l$.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# A `log_var` that all pixels share gets the slopes of all pixels, added up. Its shape is then (1,).
#
# </details>
#
# **`exact_bound`**
#
# <details>
# <summary>Hint 1</summary>
#
# $x - W z = (I - W A)\,x - W n$, where $n$ is the noise of the code. Rules 1 and 2 of the toolbox give its covariance.
# You need the diagonal.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# The KL has the mean of mu squared. That is the diagonal of $A C A^\top$.
#
# </details>
#
# **`exact_gap`**
#
# <details>
# <summary>Hint 1</summary>
#
# Both are KLs of two Gaussians, with the toolbox's formula. In the first, the means are equal.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# In the second, the means differ by $v = (A - P^{-1} W^\top \Delta^{-1})\,x$. Average $v^\top P v$ by rule 3.
#
# </details>
#
# <details>
# <summary>Hint 3: a check</summary>
#
# The two parts of `exact_bound` together are $\frac12 \ln \det (2 \pi e\,C)$ plus the two of
# `exact_gap`, in all digits.
#
# </details>
#
# **`nats_spent`**
#
# <details>
# <summary>Hint 1</summary>
#
# The box of section 3. What is left of a direction under water?
#
# </details>
#
# **`hidden_betas`**
#
# <details>
# <summary>Hint 1</summary>
#
# For each of the two terms ask: by which factor does it differ from nats per picture? Beta is the factor of the KL,
# divided by that of the reconstruction.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# `meter` of section 5 tells you the numbers of `loss_a`, `loss_c` and `loss_d`. For `loss_b` compare the squares with
# squares / (2 noise).
#
# </details>
#
# **`vae_losses`** and **`two_curves`** (debug)
#
# <details>
# <summary>Hint 1</summary>
#
# Section 5 has both: other pieces, and one loss for all curves and epochs.
#
# </details>
#
# **`least_kl`** (experiment)
#
# <details>
# <summary>Hint 1</summary>
#
# Write down $C_{11}$, $C_{22}$ and $C_{12}$ for your angle, then noise$_1$ and noise$_2$ for a given $w_1$. For which
# $w_1$ are both above 0? Try ten thousand of them.
#
# </details>
#
# ## Challenge: wake a silent latent
#
# Worth nothing but pride. Train with $\beta = 10$ for five epochs, then go on with $\beta = 1$. Do the silent latents
# wake up? How many, after how many epochs? Can you help them?
#
# ## Expected results
#
# | section | what | you should have seen |
# |---|---|---|
# | 1 | six trainings, two clouds | the same loss, KL from nearly 0 to 1.6 |
# | 2 | measured and exact | within 3 standard errors |
# | 3 | the aligned cloud, beta 1.1 | silent |
# | 3 | digits at level 1 | 12 of 784 directions speak |
# | 4 | the least sum | at beta 1 |
# | 5 | two means, 784 pixels and 16 latents | beta 49 |
# | 6 | learned noise in place of 1 | about ten times the nats of code |
#
# ## What you now know
#
# - Negative ELBO = entropy + gap of the decoder + gap of the encoder. It does not see whether the code speaks.
# - A latent must say what the decoder cannot say alone. The rest it may leave.
# - Without bends and with fixed noise $v$ it should be silent below the level $\beta v$. A fixed noise is a beta.
# - Beta is the price of a nat of code: blur where it is high, babble where it is low.
# - Bring both terms to nats per picture, and see which beta hides in a loss.
#
# ## Read next
#
# - Lesson 20, *How good is it?*: a bound is not the truth. How far is it off?
# - The source of the two clouds: Berkeley's course CS294-158, homework on VAEs. Its printed results: 4.4388 = 2.7630 +
#   1.6758 (turned) and 4.4213 = 4.4094 + 0.0119 (aligned). Both are a little *below* the entropy of 4.4473. They
#   were measured on 2,500 points, where one standard error is 0.02. By section 2 the 0.0119 might as well have been
#   more.
# - I. Higgins and others, *beta-VAE* (2017). A. Alemi and others, *Fixing a Broken ELBO* (2018): rate and distortion.
# - J. Lucas and others, *Don't Blame the ELBO!* (2019): collapse in VAEs without bends.
# - O. Rybkin, K. Daniilidis, S. Levine, *Simple and Effective VAE Training with Calibrated Decoders* (2021).
