# %% [markdown]
# # 21. Importance weighting: what if every sample counted by its merit?

# %% tags=["hide-input"]
# What happens here is the subject of section 1. Leave it folded for now.
import os
from pathlib import Path

import numpy as np

from lessons import drawing, weights
from minae import Tensor, data, nn, optim
from minae import functional as F

np.set_printoptions(precision=3, suppress=True)
QUICK = "MINAE_QUICK" in os.environ  # only to test this lesson
HERE = Path(drawing.__file__).parent / "21_importance_weighting"
places = np.linspace(-4, 4, 2001)


def log_joint(z):
    """ln p(x, z) for x = 1: z from N(0, 1), and x is z squared, with noise 0.3."""
    misses = (1 - z**2) / 0.3
    return -(z**2 + misses**2) / 2 - np.log(2 * np.pi * 0.3)


def log_merits(mu, std, eps):
    """ln w of the throws mu + std * eps, one below the other."""
    z = mu + std * eps
    return log_joint(z) + (eps**2 + np.log(2 * np.pi)) / 2 + np.log(std)


def log_mean(a):
    """The logarithm of the mean of e^a, column by column (lesson 20)."""
    peak = a.max(axis=0)
    return peak + np.log(np.exp(a - peak).mean(axis=0))


truth = np.log(np.exp(log_joint(places)).sum() * (places[1] - places[0]))
middles, widths = np.arange(0, 1.01, 0.1), np.geomspace(0.1, 2, 20)
bells = [(mu, std) for mu in middles for std in widths]
COUNTS = (1, 2, 3, 5, 10, 20, 50)
best: dict[int, tuple] = {}
for k in COUNTS:
    eps = np.random.default_rng(0).standard_normal((k, 300 if QUICK else 2_000))
    best[k] = max((log_mean(log_merits(*bell, eps)).mean(), *bell) for bell in bells)


def daring(k):
    bound, mu, std = best[k]
    title = f"k = {k}: std {std:.2f}, bound {bound:.2f}"
    axes = drawing.axes(title, "z", size=(5, 2.5))
    axes.fill_between(places, np.exp(log_joint(places) - truth), color="0.8")
    bell = np.exp(-(((places - mu) / std) ** 2) / 2) / std / np.sqrt(2 * np.pi)
    axes.plot(places, bell, "C3", linewidth=2)
    axes.set(xlim=(-2.5, 2.5), ylim=(0, 2.6), yticks=[])
    return axes


drawing.animate(
    daring,
    COUNTS,
    alt="Two grey humps, the posterior. With one throw the best red bell is narrow and "
    "sits on one hump. From a few throws on it is wide and covers both.",
    seconds=0.9,
)

# %% [markdown]
# Grey is the truth: where the hidden number $z$ may be, for one picture. Red is the bell of the encoder, the best of
# 220 for $k$ throws. With one throw it creeps onto *one* of the humps, with a width of 0.16. From three throws on
# it lets go. It becomes more than five times as wide, and its middle lies where the truth has a hole.
#
# Why would more throws make a bell so daring? Because the throws are now counted in another way: **what if every sample
# counted by its merit?** That is the importance-weighted autoencoder. You need lesson 17 (two estimates of a slope) and
# lesson 20 (weights, and the bound). Its darts are called samples or throws here, and their number is $k$, not $K$.
# Reading takes 30 minutes.
#
# ## 1. Everybody pays, or one wins
#
# The world of the picture is small enough to know its truth. $z$ comes from $N(0, 1)$, and $x$ is $z^2$ with a noise
# of 0.3. We see $x = 1$. So $z$ was near 1 or near $-1$, and nobody can say which. A sum over 2,000 places gives
# $\ln p(x)$, the `truth` in the folded cell.
#
# Lesson 20 throws $z_1, \dots, z_k$ from the bell $q$, and gives each a weight $w_i = p(x, z_i) / q(z_i)$. (Its
# `log_weights` did that for a whole decoder. The one of this exercise does it for one hidden number.) Two means can be
# taken of the weights:
#
# $$ \text{ELBO: } E\Bigl[ \frac1k \sum_i \ln w_i \Bigr], \qquad L_k = E\Bigl[ \ln \frac1k \sum_i w_i \Bigr]. $$
#
# Both are below $\ln p(x)$. Lesson 20 used $L_k$, there without the $E$, to *measure* a model.
# Now we *train* with it. The ELBO is a mean of logarithms. A sample that explains nothing may have $\ln w = -50$, and
# its share of that is paid in full. $L_k$ is the logarithm of a mean. There a bad sample adds nearly 0 to the sum. Even
# if *all but one* are bad, $L_k$ is only $\ln k$ below the good one's $\ln w$: for twenty samples 3 nats. One good
# sample is enough.
#
# **Guess:** take two bells of the first picture, a narrow one on one hump and a wide one in the middle. Which is better
# by the ELBO, and which by $L_{20}$? How near does each come to the truth?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Two bells, one narrow and one wide:")
print(f"truth {truth:.2f}")
for name, mu, std in (("careful", 0.95, 0.17), ("daring", 0.0, 0.9)):
    eps = np.random.default_rng(1).standard_normal((20, 20_000))
    log_w = log_merits(mu, std, eps)
    print(f"{name:8} ELBO {log_w.mean():7.2f}   L_20 {log_mean(log_w).mean():6.2f}")

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# By the ELBO the daring bell is hopeless: each throw into the hole is paid in full. By $L_{20}$ it is the better one,
# and nearly at the truth. The careful bell does not see the other hump: that one is eleven of its widths away. There
# lies half of the probability, so it stays about $\ln 2 = 0.69$ nats below. You know that from lesson 20, section 7.
#
# </details>
#
# So with $L_k$ the encoder's task is another one. It need not *be* the posterior. It is a proposal that must throw one
# good sample in $k$.
#
# ## 2. Merit, by hand
#
# To train, we need slopes. Hold the dice $\varepsilon$, as in lesson 17. Let the encoder or the decoder change a
# little, and each $\ln w_i$ with it. How does $L_k$ move? (We mean $L_k$ of one set of throws, as a training step sees
# it.) Write $w_i = e^{a_i}$, so that $L_k = \ln \sum_i e^{a_i} - \ln k$. The outer logarithm gives one over the sum,
# the inner exponential gives itself:
#
# $$ \frac{\partial L_k}{\partial a_i} = \frac{e^{a_i}}{\sum_j e^{a_j}} = \frac{w_i}{\sum_j w_j} = v_i . $$
#
# These $v_i$ add up to 1: lesson 6's [softmax](../glossary.md#softmax), of the log-weights. The $v_i$ is the sample's
# [merit](../glossary.md#merit). By the chain rule every slope is
#
# $$ \boxed{\; \nabla L_k = \sum_i v_i\, \nabla \ln w_i . \;} $$
#
# The ELBO has $\frac1k$ in place of $v_i$. That is the whole difference: **each sample teaches as much as it
# explains.** With $k = 1$ the one sample has merit 1, and the two are the same.
#
# **Guess:** five samples have the log-weights below. How much does the best one count? And the second?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Merits of five samples:")
a = np.array([-90.0, -93.0, -91.0, -140.0, -97.0])
v = np.exp(a - a.max())
print(v / v.sum())
moved = a + 1e-4 * np.eye(5)  # a row for each sample: one of them is nudged
print("by nudging:", (log_mean(moved.T) - log_mean(a)) / 1e-4)

# %% [markdown]
# A nat is a factor of 2.7, so few samples have a say. You write this as an op: `importance_bound`, its value and one
# vjp. minae has its heart as `F.logsumexp`.
#
# ## 3. The worst sample counts most
#
# Programs work with losses, $-\ln w_i$, and smaller is better. Here is the loss $-L_k$, and beside it a line as it
# stood in a collection of programs that others copy from:


# %%
def right(log_w):
    return np.log(len(log_w)) - F.logsumexp(log_w, axis=0)


def famous(log_w):
    nats = -log_w
    return (F.softmax(nats, axis=0) * nats).sum(axis=0)


# %% [markdown]
# The second takes the softmax of the loss, not of its negative. So in this mean the *worst* sample counts most. Nothing
# complains: the shares add up to 1, and a gradient check passes, because backward fits forward.
#
# Let us train both on digits. To be quick we halve their sides, to 14x14 pixels. Each pixel is black or white, thrown
# anew whenever a picture is used (lesson 20). Four cells are needed: the network, $\ln w$ of its samples, the loop, and
# what measures. In the second, $\ln w$ is lesson 17's: minus the surprise at the pixels, minus the price of the code.

# %%
images, _ = data.mnist("train")
small = images.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)).reshape(-1, 196)
LATENT = 16


def network(hidden=64):
    rng = np.random.default_rng(0)
    layer = lambda inputs, outputs: nn.Linear(inputs, outputs, rng=rng)
    encoder = nn.Sequential(layer(196, hidden), nn.Tanh(), layer(hidden, 2 * LATENT))
    decoder = nn.Sequential(layer(LATENT, hidden), nn.Tanh(), layer(hidden, 196))
    return nn.Sequential(encoder, decoder)


def binary(x, rng):
    return (rng.random(x.shape) < x).astype(np.float32)


# %%
def log_w_of(model, x, k, rng):
    """ln w of k codes for each picture: (k, N)."""
    both = model[0](Tensor(x))
    mu, log_var = both[:, :LATENT], both[:, LATENT:]
    eps = Tensor(rng.standard_normal((k, *mu.shape), dtype=np.float32))
    z = mu + (log_var / 2).exp() * eps
    logits = model[1](z.reshape(-1, LATENT)).reshape(k, *x.shape)
    target = Tensor(x).broadcast_to(logits.shape)
    surprise = F.binary_cross_entropy_with_logits(logits, target, "none").sum(axis=2)
    return (eps**2 + log_var - z**2).sum(axis=2) / 2 - surprise


# %%
def train(loss_of, k, count, epochs):
    model, rng = network(), np.random.default_rng(0)
    losses: list[float] = []
    optimizer = optim.Adam(model.parameters(), lr=0.002)
    for epoch in range(epochs):
        optimizer.lr = 0.002 * (1 - epoch / epochs)
        for rows in data.batches(count, 100, rng):
            loss = loss_of(log_w_of(model, binary(small[rows], rng), k, rng)).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return model, losses


# %%
x = binary(small[55_000:55_500], np.random.default_rng(5))  # to measure with


def measured(model, k=500):
    """ln w of k codes for 500 new pictures."""
    rng = np.random.default_rng(9)
    parts = [log_w_of(model, x[i : i + 50], k, rng).numpy() for i in range(0, 500, 50)]
    return np.concatenate(parts, axis=1).astype(float)


def effective(log_w):
    """Lesson 20's effective sample size, of the picture in the middle."""
    w = np.exp(log_w - log_w.max(axis=0))
    return np.median(w.sum(axis=0) ** 2 / (w**2).sum(axis=0))


# %%
count = 2_000 if QUICK else 20_000
losses_of = {"right": right, "famous": famous}
twins = {name: train(of, 8, count, 4) for name, of in losses_of.items()}

# %% [markdown]
# **Guess:** which of the two has a loss that falls? Both are then measured on new pictures, by the ELBO and by
# $L_{500}$. Which one is better?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Trained with eight samples, nats per picture:")
for name, (model, losses) in twins.items():
    log_w = measured(model, 50 if QUICK else 500)
    first, last = np.mean(losses[:20]), np.mean(losses[-20:])
    print(f"{name:7} loss from {first:5.1f} to {last:4.1f}", end="   ")
    print(f"-ELBO {-log_w.mean():5.2f}   -L_500 {-log_mean(log_w).mean():5.2f}")

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# Both losses fall. And by the ELBO the *wrong* one is the better model, by ten nats. By $L_{500}$, which is nearer
# to the truth of each, it is the worse one, by three.
#
# </details>
#
# Between ELBO and $L_{500}$ lie 14 nats for the right one, and a quarter of a nat for the wrong one. Its samples are
# much more alike. How does a network get there?
#
# **Guess:** whose bells are narrower? And whose codes tell more about their picture, in nats of KL to the prior?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("What their bells do, on average:")
for name, (model, _) in twins.items():
    both = model[0](Tensor(x)).numpy()
    mu, log_var = both[:, :LATENT], both[:, LATENT:]
    kl = (mu**2 + np.exp(log_var) - 1 - log_var).sum(axis=1).mean() / 2
    log_w = measured(model, 50 if QUICK else 500)
    std, ess = np.exp(log_var / 2).mean(), effective(log_w)
    print(f"{name:7} std {std:.2f}   KL {kl:.1f}   ESS {ess:3.0f} of {len(log_w)}")

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# The bells of the wrong one are not narrower, they are even a little wider. But its *codes say less*. That may be the
# other way to have no bad throw: a decoder that listens less, and draws much the same from each. The effective sample
# size (lesson 20) says how alike the weights are.
#
# </details>
#
# A turned sign makes a pessimist. The worst throw decides, so nothing is said that might be wrong. The right one dares:
# many of its throws are bad, and the good ones are better.
#
# What sees the mistake? Not the gradient check, and not the loss. Lesson 20 does: *more samples never make the
# bound worse, on average.* So give both losses the same log-weights, those of the right network.

# %%
log_w = measured(twins["right"][0], 64)
print("loss, in nats per picture")
print("samples  right  famous")
for k in (1, 8, 64):
    both = [of(Tensor(log_w[:k])).numpy().mean() for of in (right, famous)]
    print(f"{k:7} {both[0]:6.2f} {both[1]:7.2f}")

# %% [markdown]
# One sample has no rival, so there the two agree. (That row is the negative ELBO by one sample for each picture.) A
# bound that gets worse with more samples is wrong, here by a turned sign. In `merits` you mend such a program.
#
# ## 4. Trained with 1, 5 and 50
#
# Now in earnest: three networks of the same first weights, 55,000 digits, 20 epochs, $k$ = 1, 5 and 50. That takes some
# minutes, so their weights come with the lesson. (`MINAE_KEEP=1 python -m lessons build 21` trains them again.)

# %%
models: dict[int, nn.Sequential] = {}
for k in (1, 5, 50):
    path = HERE / f"k{k}.safetensors"
    if "MINAE_KEEP" in os.environ:
        weights.save(train(right, k, 55_000, 20)[0], path)
    models[k] = weights.load(network(), path)
scores = {k: measured(model, 50 if QUICK else 500) for k, model in models.items()}

# %% [markdown]
# **Guess:** who wins by the ELBO? Who wins by $L_{500}$? And how many of the 16 latents are
# [active](../glossary.md#active-unit) in each, so that their $\mu$ differs from picture to picture (lesson 19)?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("On new pictures, in nats each:")
print("trained with  -ELBO   -L_50  -L_500   better than k = 1 by      active   ESS")
for k, log_w in scores.items():
    gain = log_mean(log_w) - log_mean(scores[1])
    error = gain.std(ddof=1) / np.sqrt(len(gain))
    mu = models[k][0](Tensor(x)).numpy()[:, :LATENT]
    active = (mu.var(axis=0) > 0.01).sum()
    bounds = [log_mean(log_w[:50]).mean(), log_mean(log_w).mean()]
    print(f"{k:12} {-log_w.mean():6.2f} {-bounds[0]:7.2f} {-bounds[1]:7.2f}", end="   ")
    print(f"{gain.mean():5.2f} ± {error:.2f} {active:18} {effective(log_w):5.0f}")

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# The order turns round. By the ELBO, 1 is best and 50 is worst. By $L_{500}$ it is 50, then 5, then 1. The network with
# $k = 1$ keeps 9 latents, the others use all 16. And the more samples one was trained with, the less alike its
# weights are.
#
# </details>
#
# Do you believe the gains? Same pictures, many standard errors, and with a tenth of the samples the same order. Lesson
# 20's rule also wants three errors there, and this cell does not print them. And the bars know of other pictures
# only. Each network was trained once, and another seed would give other numbers.
#
# Why more latents? Here is a reading, not a proof. With one throw, a latent that is sometimes wrong is paid for each
# time, and silence is safe (lesson 19). With fifty, a better throw outweighs a wrong one, so the latent may go on. Look
# at such throws. Left is the digit, then eight samples of each network, as the decoder draws them. Above each stands
# its merit.


# %% tags=["hide-input"]
def samples(row):
    panels = drawing.grid(2, 9, size=(6.4, 2))
    one = Tensor(x[row : row + 1])
    for line, k in zip(panels, (1, 50)):
        both = models[k][0](one).numpy()
        log_w = log_w_of(models[k], x[row : row + 1], 8, np.random.default_rng(row))
        v = F.softmax(log_w[:, 0], axis=0).numpy()
        eps = np.random.default_rng(row).standard_normal((8, LATENT), dtype=np.float32)
        z = both[:, :LATENT] + np.exp(both[:, LATENT:] / 2) * eps
        drawn = F.sigmoid(models[k][1](Tensor(z))).numpy()[np.argsort(-v)]
        titles = [f"k = {k}", *(f"{share:.0%}" for share in np.sort(v)[::-1])]
        for panel, picture, title in zip(line, [x[row], *drawn], titles):
            panel.imshow(picture.reshape(14, 14), cmap="gray", vmin=0, vmax=1)
            panel.set_title(title, fontsize=8)
            panel.axis("off")
    return panels[0, 0]


drawing.slider(
    samples,
    range(8),
    alt="A digit, and eight samples by two networks. Trained with one sample, nearly "
    "all eight resemble it. Trained with fifty, two or three have nearly all the "
    "merit, and some of the others look like another digit.",
    label="digit",
    start=3,
    write=lambda row: str(row + 1),
)

# %% [markdown]
# With $k = 1$ nearly all samples are fair copies. With $k = 50$ two or three have nearly all the merit, and here and
# there one is another digit, as the 0 in the row of this 7. Its merit is 0 %, so it did little harm.
#
# So never compare an ELBO with an $L_k$, and never judge two models by the ELBO if one was trained with $L_k$.
#
# ## 5. More samples, less to learn?
#
# The bound gets nearer to the truth with each sample. So are more samples always better to train with? For the
# *encoder* there is a catch. If $k$ is huge, $L_k$ is nearly $\ln p(x)$, for almost any bell. Then there is little to
# gain by a better bell, so its slope goes to 0. How does its *noise* go to 0? Faster or slower?
#
# Count roughly, for weights that are not too wild.
#
# 1. The mean of $k$ weights is $p(x)\,(1 + d)$, with a small miss $d$. On average $d$ is 0, and $d^2$ falls like
#    $1/k$, as for every mean.
# 2. $\ln(1 + d)$ is about $d - d^2/2$. So on average $L_k$ is $\ln p(x)$ minus half the mean of $d^2$. The gap falls
#    like $1/k$.
# 3. The bell moves nothing but the gap. So its slope falls like $1/k$, too.
# 4. The noise in section 2's slope is that of a mean of $k$ throws: it falls like $1/\sqrt k$.
#
# The first two can be tried, with a bell at 0.5 of width 1:

# %%
for k in (4, 16, 64, 256):
    eps = np.random.default_rng(4).standard_normal((k, 1_000 if QUICK else 10_000))
    gaps = truth - log_mean(log_merits(0.5, 1.0, eps))
    error = gaps.std() / np.sqrt(len(gaps))
    print(f"k {k:3}: gap {gaps.mean():.4f}, times k {k * gaps.mean():.1f}", end="")
    print(f" ± {k * error:.1f}")

# %% [markdown]
# Divide 3 by 4: the [signal-to-noise ratio](../glossary.md#signal-to-noise-ratio) falls like $1/\sqrt k$. **The more
# samples, the less an encoder hears by this slope.** The decoder has no such trouble. It moves $\ln p(x)$ itself, so
# its slope does not go to 0, and its ratio grows like $\sqrt k$.
#
# ### Where the noise comes from
#
# The slope of section 2 is called the *standard* one. Look at what it consists of, for the encoder.
# $z_i = \mu + \sigma \varepsilon_i$ moves, with a slope $J_i$: 1 if $\mu$ moves, $\varepsilon_i$ if $\sigma$ does. And
# $\ln q$ changes even where $z_i$ stands still. That second part is lesson 17's score $s_i$, which is
# $\varepsilon_i / \sigma$ if $\mu$ moves. Weights are divided by $q$, so it comes with a minus:
#
# $$ \nabla \ln w_i = g_i\, J_i - s_i, \qquad g_i = \frac{\partial \ln w_i}{\partial z_i}. $$
#
# Lesson 17 found two estimates of the slope of one mean $E[f]$. So their own means are equal. For any smooth function
# $f$ of $z_i$ that does not know $\mu$ and $\sigma$ itself,
#
# $$ E[f(z_i)\, s_i] = E[f'(z_i)\, J_i]. $$
#
# There we went from the left, which shakes, to the right. Do it again, with the merit as the function: $f = v_i$. Only
# $z_i$ moves in it. What is its slope? $v = e^a / (e^a + \text{rest})$ is a sigmoid of $a$,
# up to a shift, and a sigmoid has the slope $v (1 - v)$. So by the chain rule it is $v_i (1 - v_i)\, g_i$ in $z_i$, and
# $v_i s_i$ has the same mean as $(v_i - v_i^2)\, g_i J_i$. By dice, for $\mu$ and 8 samples of the same bell.
# Its width is 1, so there $s$ is $\varepsilon$, and $J$ is 1:


# %%
def merits_and_g(mu, std, eps):
    z, a = mu + std * eps, log_merits(mu, std, eps)
    v = np.exp(a - a.max(axis=0))
    through_joint = -z + 2 * z * (1 - z**2) / 0.09  # the slope of ln p(x, z) in z
    return v / v.sum(axis=0), through_joint + eps / std


eps = np.random.default_rng(6).standard_normal((8, 1_000 if QUICK else 50_000))
v, g = merits_and_g(0.5, 1.0, eps)
for name, parts in (("v s", v * eps), ("(v - v²) g J", (v - v**2) * g)):
    tries = parts.sum(axis=0)
    print(f"{name:12} {tries.mean():.3f} ± {tries.std() / np.sqrt(tries.size):.3f}")

# %% [markdown]
# Put that in:
#
# $$ E\Bigl[\sum_i v_i (g_i J_i - s_i)\Bigr] = E\Bigl[\sum_i v_i^2\, g_i J_i\Bigr]. $$
#
# The score is gone. It is the trick of lesson 17, used a second time: the *doubly reparameterised* gradient. If $q$ is
# the posterior, all weights are equal, $g_i = 0$, and nothing shakes at all.
#
# **Guess:** for the same bell, and $k$ from 4 to 256, you see the signal-to-noise ratio of the slope in $\mu$ by both
# estimates. Which way does each go?

# %% tags=["guess"]
my_guess = ...


# %% tags=["hide-cell"]
def one_try(mu, std, eps):
    """Both estimates of the slope in mu, from each column of eps."""
    v, g = merits_and_g(mu, std, eps)
    return (v * (g - eps / std)).sum(axis=0), (v**2 * g).sum(axis=0)


print("Signal to noise of the slope in mu:")
ks = (4, 16, 64, 256)
rows: list[tuple] = []
for k in ks:
    eps = np.random.default_rng(2).standard_normal((k, 1_000 if QUICK else 10_000))
    standard, doubly = one_try(0.5, 1.0, eps)
    signal = abs(doubly.mean())  # both have one mean, and here it is less noisy
    rows.append((signal / standard.std(), signal / doubly.std()))
    print(f"k {k:3}: standard {rows[-1][0]:.3f}, doubly {rows[-1][1]:.3f}")
axes = drawing.axes("Signal to noise", "samples k", "", log=True, size=(5, 2.6))
for place, name in enumerate(("standard", "doubly reparameterised")):
    axes.plot(ks, np.array(rows)[:, place], "o-", color=f"C{3 - 3 * place}", label=name)
axes.set(xscale="log", xticks=ks, yticks=(0.01, 0.03, 0.1, 0.3, 1))
axes.set(xticklabels=ks, yticklabels=axes.get_yticks())
axes.minorticks_off()
axes.legend()
drawing.show(
    axes,
    alt="Two curves over k. The standard one falls, the doubly reparameterised rises.",
)

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# With 256 samples the standard slope drowns: its noise is nearly eighty times its size. The doubly reparameterised
# one gets clearer with each sample, since its noise falls faster than the slope.
#
# </details>
#
# Is it always the better one? **Guess:** the same, with a narrow bell (0.9, width 0.37) that covers one hump. Both
# means are equal, so the noise alone decides: who has less?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("A narrow bell, noise of one try:")
for k in (4, 16, 64, 256):
    eps = np.random.default_rng(3).standard_normal((k, 1_000 if QUICK else 10_000))
    standard, doubly = one_try(0.9, 0.37, eps)
    print(f"k {k:3}: standard {standard.std():5.2f}, doubly {doubly.std():5.2f}")

# %% [markdown]
# Not always. A narrow bell has throws in its tail with huge weights. Now and then one of them takes all the merit,
# and then $v^2$ is no smaller than $v$. In `signal_to_noise` you measure a case of your own. In minae it is `--gradient
# doubly-reparameterised`, and `python -m benchmarks.iwae_gradients` measures both on digits.
#
# ## 6. Beside a paper
#
# The paper that began this trained 784-200-200-50 on black and white digits, and tested with $L_{5000}$. Now you can
# hold a number of yours beside it. Which must be equal before one may compare? The pictures (black and white, thrown
# anew, lesson 20), the network, the number of samples at the test: they are. And the training? Here lies a difference.
# The paper trained for 3,280 epochs, and minae for 40 by default. Both lower the learning rate on the
# way. (Their batches differ, too.)
#
# **Guess:** minae is some five nats behind. How much of that do 300 epochs bring, with a rate that falls as far?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("On the test pictures, nats each:")
published = {1: 86.76, 5: 85.54, 50: 84.78}
# By `python benchmarks/iwae.py`, each ± 0.25. For 300 epochs with
# `--epochs 300 --decay 0.999981`. What is missing was not measured.
ours = {1: ("92.32", "88.34"), 5: ("90.33", "86.80"), 50: ("-", "-")}
print(" k   published   40 epochs   300 epochs")
for k, nats in published.items():
    print(f"{k:2} {nats:11.2f} {ours[k][0]:>11} {ours[k][1]:>12}")

# %% [markdown]
# From 1 to 5 samples all gain: the paper 1.2 nats, ours 2.0 and 1.5. The long training brings 4.0 of the 5.6 nats that
# were missing at $k = 1$, and 3.5 of the 4.8 at $k = 5$. So most of the distance was no matter of the method. What
# the rest is, we have not measured. **A number without its budget is half a number.** Get yours:
#
#     minae train iwae --k 5
#
# ## Exercise
#
# `exercise.py` has six functions to write and two to mend. `python -m lessons grade 21` says what you have. They use
# NumPy alone, and a world of one hidden number, like that of section 1.
#
# **`log_weights`**
#
# <details>
# <summary>Hint 1</summary>
#
# Lesson 17, section 4, has $\ln q$ of a throw in terms of $\varepsilon$. And $\ln \sigma$ is half of log_var.
#
# </details>
#
# **`importance_bound`**
#
# <details>
# <summary>Hint 1</summary>
#
# Take the largest log-weight out first, for each picture by itself. The vjp is section 2, times g.
#
# </details>
#
# **`standard_slopes`**
#
# <details>
# <summary>Hint 1</summary>
#
# Write $\ln w$ with $\varepsilon$ held: $\ln p(x, \mu + \sigma\varepsilon) + \frac12 \varepsilon^2 + \frac12$ log_var
# and a constant. Differentiate. Then weigh with the merits.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# $\sigma$ is the exponential of $\frac12$ log_var. So what is its slope in log_var, and that of $z$? And beside the
# sample, $\frac12$ log_var moves, too.
#
# </details>
#
# **`doubly_slopes`**
#
# <details>
# <summary>Hint 1</summary>
#
# $-\ln q$ has the slope $(z - \mu)/\sigma^2$ in $z$. What is that in $\varepsilon$? And $J$: how far does $z$ move if
# $\mu$ does, and if log_var does?
#
# </details>
#
# **`fit_bell`**
#
# <details>
# <summary>Hint 1</summary>
#
# A loop of four lines. The bound grows: add.
#
# </details>
#
# **`merits`** (debug)
#
# <details>
# <summary>Hint 1</summary>
#
# Which sample is good, one with many nats or with few? Then nudge one of the nats, and see by how much the cost moves.
#
# </details>
#
# **`log_likelihoods`** (debug)
#
# <details>
# <summary>Hint 1</summary>
#
# Take two pictures, two codes each, and write down the rows of `z.reshape(...)` and of `pictures`, one below the other.
#
# </details>
#
# **`signal_to_noise`** (experiment)
#
# <details>
# <summary>Hint 1</summary>
#
# Both estimates get the same noise. Take their first results.
#
# </details>
#
# ## Challenge: fifty, but for whom?
#
# Worth nothing but pride. The decoder wants many samples, the encoder by the standard gradient few. Train the small
# network with $k = 50$ for the decoder and $k = 1$ for the encoder, from one graph each. Which $L_{500}$ do you reach?
#
# ## Expected results
#
# | section | what | you should have seen |
# |---|---|---|
# | 1 | best bell for many throws | several times as wide as for one |
# | 2 | merits | those found by nudging |
# | 3 | the famous sign | its loss falls, its ELBO is better, its $L_{500}$ worse, its KL smaller |
# | 4 | k = 1, 5, 50 by $L_{500}$ | 38.8, 38.4, 38.0; 9, 16, 16 active |
# | 5 | standard slopes | signal to noise falls with $k$ |
#
# ## What you now know
#
# - $L_k$ as an objective: one good sample in $k$ is enough, so the bell may be wide.
# - Its slope: each sample counts by its merit, a softmax of the log-weights.
# - A turned sign trains happily, and even wins by the ELBO. More samples must not make a bound worse.
# - More samples drown the encoder's slopes in noise. Taking merits squared, along the path alone, mends that where the
#   bell is wide enough.
#
# ## Read next
#
# - Lesson 22, *On request*: a seven, in my handwriting?
# - Y. Burda, R. Grosse and R. Salakhutdinov, *Importance Weighted Autoencoders* (2016).
# - T. Rainforth and others, *Tighter Variational Bounds are Not Necessarily Better* (2018): section 5's ratio.
# - G. Tucker and others, *Doubly Reparameterized Gradient Estimators for Monte Carlo Objectives* (2018).
