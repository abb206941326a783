# %% [markdown]
# # 23. Two players: how do you follow a rule nobody wrote down?

# %% tags=["hide-input"]
import os
from inspect import getsource
from itertools import pairwise
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from lessons import drawing
from minae import Tensor, data, nn, optim
from minae import functional as F
from minae.models.aae import AAE

np.set_printoptions(precision=3, suppress=True)
QUICK = "MINAE_QUICK" in os.environ  # only to test this lesson
KEPT = Path(drawing.__file__).parent / "23_two_players" / "ring.safetensors"
kept = {name: array.astype(np.float32) for name, array in load_file(KEPT).items()}

pictures, labels = data.mnist("train")
pictures = pictures.reshape(-1, 784)
x, others = pictures[:20_000], pictures[55_000:]  # to learn from; to choose by
angles = 2 * np.pi / 10 * np.arange(10)
centres = 4 * np.stack([np.cos(angles), np.sin(angles)], axis=1)


def at_the_ring(codes):
    axes = drawing.axes(size=(3.3, 3.3))
    for centre in centres:
        axes.add_patch(drawing.plt.Circle(centre, 0.8, color="0.87"))
    shown = labels[55_000:55_400][: len(codes)]
    axes.scatter(codes[:, 0], codes[:, 1], c=shown, cmap="tab10", s=5, zorder=3)
    axes.set(xlim=(-6, 6), ylim=(-6, 6), xticks=[], yticks=[], aspect="equal")
    axes.grid(False)
    return axes


drawing.animate(
    at_the_ring,
    kept["frames"][[0, 1, 2, 4, 5, 9, 13], :200],
    alt="Ten pale discs in a circle, and 200 coloured dots in a heap. The heap "
    "bursts, and its dots gather on the discs. In the end about half lie on one.",
    seconds=0.5,
)

# %% [markdown]
# Each dot is the code of a handwritten digit, two numbers. Each disc is a place where codes are wanted. No formula in
# this program says "lie on a disc". There is no loss that measures the distance to one. The encoder was shown examples,
# dots that somebody else had thrown, and a second network that told the two kinds apart. That was nearly enough.
#
# Why would you want that? The [KL term](../glossary.md#kl-term) of a VAE pulls codes towards its
# [prior](../glossary.md#prior). But it needs the prior's density, and that of every bell of the encoder. Often all that
# you have are samples: faces, melodies, a circle of dots that somebody drew. So: **how do you follow a rule nobody
# wrote down?** You train somebody to notice when it is broken.
#
# You need lesson 6 (coins, [logits](../glossary.md#logit)), lesson 15 ([KL](../glossary.md#kl-divergence)) and lesson
# 17 (the VAE). Reading takes 40 minutes.
#
# ## 1. A judge
#
# Somebody tosses a fair coin. Heads: you get a dot from the rule, whose density is $p$. Tails: you get a dot that a
# *forger* made, whose density is $q$. You see the dot and not the coin. The [judge](../glossary.md#discriminator)
# answers with $D(x)$, the probability that it is real. (Most texts say *discriminator*, and *generator* for the
# forger.) It is a classifier, and pays as lesson 6 says: $-\ln D$ if the dot was real, $-\ln(1 - D)$ if it was
# made. We add the two means:
#
# $$ \text{judge's loss} = E_p[-\ln D(x)] + E_q[-\ln(1 - D(x))]. $$
#
# **Guess:** the judge sees a dot where $p$ is three times as large as $q$. What is its best answer? And what does the
# best judge pay, if the forger is perfect, $q = p$?

# %% tags=["guess"]
my_answer, my_loss = ..., ...

# %% [markdown]
# <details>
# <summary>The answer</summary>
#
# Of four dots here three are real: $D = 3/4$. If $q = p$ it can only say $\frac12$, and pays $\ln 2$ twice.
#
# </details>
#
# In general, at a single place $x$ the judge pays $-p \ln D - q \ln(1 - D)$. The slope in $D$ is
# $-p / D + q / (1 - D)$. It is 0 where $p\,(1 - D) = q\,D$, so
#
# $$ D^*(x) = \frac{p(x)}{p(x) + q(x)}. $$
#
# That is Bayes' rule, with a fair coin as prior. Its logit is simpler still. $D / (1 - D)$ is $p / q$, so
#
# $$ \text{logit}^*(x) = \ln p(x) - \ln q(x). $$
#
# **A good judge has measured a ratio of two densities, and was never told either.** That is the whole secret of this
# lesson. And what does the best judge pay? Write $m = \frac12 (p + q)$ for what comes out of the coin game. Then
# $D^* = p / 2m$, and $1 - D^* = q / 2m$. Put that in:
#
# $$ \begin{aligned} \text{best loss} &= E_p\Bigl[-\ln \frac{p}{2m}\Bigr] + E_q\Bigl[-\ln \frac{q}{2m}\Bigr] \\
#    &= 2 \ln 2 - \text{KL}(p \,\|\, m) - \text{KL}(q \,\|\, m). \end{aligned} $$
#
# A KL is never below 0, and it is 0 only between equals. So the best judge pays $2 \ln 2 = 1.386$ nats if the forger is
# perfect, and less in every other case. Half the sum of these two KLs has a name, the
# [Jensen-Shannon divergence](../glossary.md#jensen-shannon-divergence). Move the forger:


# %% tags=["hide-input"]
def bell(x, mu):
    return np.exp(-((x - mu) ** 2) / 2) / np.sqrt(2 * np.pi)


line = np.linspace(-8, 12, 4001)


def best_loss(mu):
    """What the best judge pays between N(0, 1) and N(mu, 1), by a fine sum."""
    logit = mu**2 / 2 - mu * line
    costs = bell(line, 0) * np.logaddexp(0, -logit)
    costs += bell(line, mu) * np.logaddexp(0, logit)
    return costs.sum() * (line[1] - line[0])


def judged(mu):
    axes = drawing.axes(f"the best judge pays {best_loss(mu):.3f} nats", size=(5, 2.4))
    axes.plot(line, bell(line, 0), color="C0", label="rule p")
    axes.plot(line, bell(line, mu), color="C3", label="forger q")
    chance = 1 / (1 + np.exp(mu * line - mu**2 / 2))
    axes.plot(line, chance, color="black", linestyle=":", label="best judge D")
    axes.set(xlim=(-4, 8), ylim=(0, 1.05))
    axes.legend(fontsize=8, loc="upper right")
    return axes


drawing.slider(
    judged,
    [5, 3, 2, 1, 0.5, 0],
    alt="A blue bell at 0, a red one beside it, and a dotted step from 1 to 0 "
    "between them. As the red bell comes nearer, the step gets flat, and level at 0.",
    label="forger's mean",
    start=2,
)

# %% [markdown]
# So much for a judge who knows both formulas. Does a network find the same from dots alone? On a plane, let the rule be
# $N(0, I)$. The forger has the mean (1, 1) and the standard deviations 1.5 and 0.5. `softplus(l)` is
# $\ln(1 + e^l)$, the stable way to write $-\ln(1 - D)$ from a logit, and `softplus(-l)` is $-\ln D$.


# %%
def network(*sizes, rng):
    """Linear layers of these sizes, with leaky relus between them."""
    layers = []
    for n, m in pairwise(sizes):
        layers += [nn.Linear(n, m, rng=rng), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers[:-1])


# %%
def judge_loss(judge, real, made):
    return F.softplus(-judge(real)).mean() + F.softplus(judge(made)).mean()


def learn(optimizer, loss):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


# %%
rng, std = np.random.default_rng(0), np.array([1.5, 0.5], dtype=np.float32)
judge = network(2, 64, 64, 1, rng=rng)
optimizer = optim.Adam(judge.parameters(), lr=0.003)
steps = 100 if QUICK else 1_500
for step in range(steps):
    optimizer.lr = 0.003 * (1 - step / steps)
    real, made = rng.standard_normal((2, 200, 2), dtype=np.float32)
    made = 1 + std * made
    learn(optimizer, judge_loss(judge, Tensor(real), Tensor(made)))

# %% [markdown]
# **Guess:** how far is the network's $D$ from the best one, on average over new dots? And can it pay *less* than the
# best judge?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("A trained judge and the best one, on new dots of each kind:")
real, made = rng.standard_normal((2, 20_000, 2), dtype=np.float32)
made = 1 + std * made
answers, best = [], []
for dots in (real, made):
    surprise = (dots**2).sum(axis=1) / 2
    other = (((dots - 1) / std) ** 2).sum(axis=1) / 2 + np.log(std).sum()
    answers.append(judge(Tensor(dots)).numpy()[:, 0])
    best.append(other - surprise)  # ln p - ln q
for name, (of_real, of_made) in (("trained", answers), ("best", best)):
    paid = np.logaddexp(0, -of_real).mean() + np.logaddexp(0, of_made).mean()
    print(f"{name:8} pays {paid:.3f} nats")
chances = 1 / (1 + np.exp(-np.array([answers, best])))
print(f"D differs by {np.abs(chances[0] - chances[1]).mean():.3f} on average")

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# The trained judge comes so close that the loss is the same to three digits. On average nobody pays less than the
# best judge. On a few dots luck may do it.
#
# </details>
#
# ## 2. A forger
#
# The forger wants its dots to pass. It may ask the judge for the slope of $D$ at each of its dots, because the judge is
# a network. So it can move its dots uphill. What exactly should it go down on? The obvious choice is the opposite of
# the judge's wish: make $E[\ln(1 - D)]$ small. Another one says "be taken for real": make $E[-\ln D]$ small. Both fall
# as $D$ grows at the forger's dots. By lesson 6, a coin's loss has the slope prediction minus target in its logit $l$:
#
# $$ \begin{aligned} \frac{d}{dl} \ln(1 - D) &= -(D - 0) = -D, \\
#    \frac{d}{dl} (-\ln D) &= D - 1 = -(1 - D). \end{aligned} $$
#
# **Guess:** a beginner's dots follow $N(6, 1)$, the rule is $N(0, 1)$, and the best judge knows it. Take the mean of
# each slope over all dots. How many times larger is the second one?

# %% tags=["guess"]
my_factor = ...

# %% tags=["hide-output"]
print("How hard a forger is pulled towards the rule:")
print(" mu   by ln(1 - D)   by -ln D   times")
for mu in (0.5, 1, 2, 4, 6):
    chance = 1 / (1 + np.exp(mu * line - mu**2 / 2))
    weights = bell(line, mu) * (line[1] - line[0])
    # the slope of the logit mu^2 / 2 - mu x is -mu at every dot
    obvious, other = mu * (weights * chance).sum(), mu * (weights * (1 - chance)).sum()
    print(f"{mu:4.1f} {obvious:13.6f} {other:10.3f} {other / obvious:7.1f}")

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# At 6 the other loss pulls nearly 500 times harder. Where the judge is sure, $D$ is almost 0, and $-D$ is a slope of
# almost nothing. So the one who has most to learn is told least. For $-\ln D$ it is the other way round. (At the dot 6
# itself $D$ is $e^{-18}$. Of the 0.012, nearly all comes from few dots that fell near 3.)
#
# </details>
#
# The second is called [non-saturating](../glossary.md#non-saturating-loss), and is the usual one. Its price: the two
# players no longer go up and down on *one* number. (And with either loss there is no common valley to go down in.) You
# write the second in the exercise, and measure rows of this table by dice.
#
# ## 3. The game
#
# Now both learn, in turns. The rule is a ring of ten small bells, the forger a network that turns noise into dots.


# %%
def ring(n, rng, std=0.2):
    places = centres[rng.integers(10, size=n)]
    return Tensor((places + std * rng.standard_normal((n, 2))).astype(np.float32))


def noise(n, rng):
    return Tensor(rng.standard_normal((n, 2), dtype=np.float32))


# %%
def game(steps, seed, forger_moves=1, watch=lambda step, forger, judge: None):
    rng = np.random.default_rng(seed)
    forger, judge = network(2, 64, 64, 2, rng=rng), network(2, 64, 64, 1, rng=rng)
    of_forger = optim.Adam(forger.parameters(), 0.001, (0.5, 0.999))
    of_judge = optim.Adam(judge.parameters(), 0.001, (0.5, 0.999))
    for step in range(steps):
        watch(step, forger, judge)
        made = forger(noise(128, rng)).detach()
        learn(of_judge, judge_loss(judge, ring(128, rng), made))
        for _ in range(forger_moves):
            learn(of_forger, F.softplus(-judge(forger(noise(128, rng)))).mean())
    return forger


# %% [markdown]
# Look at the two calls of `learn`. The judge's loss also depends on the forger, through the dots. `detach` cuts that
# arrow: dots are only numbers here. The forger's loss goes *through* the judge, or there would be no slope. So it
# leaves slopes in the judge's weights, too. But the optimiser of the forger does not move these, and `zero_grad` throws
# them away before the judge's next turn. Who moves is decided by the optimisers. And Adam has the momentum 0.5 in place
# of 0.9: a long memory would chase where the other one used to be.

# %% tags=["hide-input"]
fields = np.stack(np.meshgrid(np.linspace(-6, 6, 31), np.linspace(-6, 6, 31)), axis=-1)
fields = fields.reshape(-1, 2).astype(np.float32)
thrown = noise(150, np.random.default_rng(9))


def filmed(steps, at, **options):
    """Play, and keep what was seen at some steps."""
    frames = []

    def watch(step, forger, judge):
        if step in at:
            chance = F.sigmoid(judge(Tensor(fields))).numpy().reshape(31, 31)
            frames.append((step, forger(thrown).numpy(), chance))

    return game(steps, watch=watch, **options), frames


def scene(frame):
    step, dots, chance = frame
    axes = drawing.axes(f"after {step} steps", size=(2.9, 3.1))
    levels = np.linspace(-6, 6, 31)
    axes.contourf(levels, levels, chance, np.arange(6) / 5, cmap="Greys_r", alpha=0.6)
    axes.plot(*centres.T, "+", color="C0", markersize=9)
    axes.plot(*dots.T, ".", color="C3", markersize=3)
    axes.set(xlim=(-6, 6), ylim=(-6, 6), xticks=[], yticks=[], aspect="equal")
    axes.grid(False)
    return axes


length = 200 if QUICK else 1_500
turns = [0, 30, 60, 100, 150, 220, 400, length - 1]
forger, frames = filmed(length, turns, seed=1)
drawing.animate(
    scene,
    frames,
    alt="Ten blue crosses in a circle. Red dots start as a heap in the middle. "
    "Light and dark shift, the heap follows the light, and splits onto the crosses.",
    seconds=0.6,
)

# %% [markdown]
# Light is where the judge says "real", dark where it says "made". The dots run to the light, and where they arrive it
# gets dark. In the end most dots lie where it is as grey as in the first frame: there the judge does not know. Between
# the bells it is darker: dots there are still seen through.
#
# **Guess:** the forger is slow, so let it move *five* times in each turn of the judge. What will its dots look like?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("Five moves of the forger for each of the judge:")
length = 100 if QUICK else 500
turns = [0, 50, 100, 200, 300, 400, length - 1]
greedy, frames = filmed(length, turns, seed=1, forger_moves=5)
drawing.animate(
    scene,
    frames,
    alt="Nearly all red dots stick together in one or two clumps. The light jumps to "
    "another side of the plane, and the clump runs after it, again and again.",
    seconds=0.6,
)

# %% [markdown]
# This is [mode collapse](../glossary.md#mode-collapse). Is it a bug? Think of a judge that stands still. The forger's
# loss is a mean over its dots, and each dot pays for itself alone. The best thing for each is the place where $D$ is
# largest, and that is the same place for all. So **one clump is the right answer to a judge that stands still**.
# Nothing in the loss asks for variety. Only a judge that answers at once punishes a clump, since $q$ is large there and
# $D^* = p / (p + q)$ small. How many of the ten bells does each forger serve, after 1,500 turns of the judge?


# %%
def served(forger):
    """The bells with at least 2 % of the dots within 1, and the share of such dots."""
    dots = forger(noise(2_000, np.random.default_rng(9))).numpy()
    away = np.linalg.norm(dots[:, None] - centres, axis=2)
    near = away.min(axis=1) < 1
    counts = np.bincount(away[near].argmin(axis=1), minlength=10)
    return (counts >= 0.02 * len(dots)).sum(), near.mean()


# %%
print("moves  seed  bells  share of dots near one")
for moves in (1, 5):
    for seed in (1, 2, 3):
        player = game(150 if QUICK else 1_500, seed, moves)
        bells, share = served(player)
        print(f"{moves:5} {seed:5} {bells:6} {share:12.2f}")

# %% [markdown]
# ## 4. Three losses
#
# Now the forger gets a second job. Take an autoencoder of pictures. Its *encoder* is the forger: what it makes of
# pictures are codes, and these should look like dots of the rule. Such a machine is called an
# [adversarial autoencoder](../glossary.md#adversarial-autoencoder), AAE. The rule is its prior.

# %% tags=["hide-input"]
axes = drawing.graph(
    {
        "x": (0, 1),
        "encoder": (1.3, 1),
        "z": (2.6, 1),
        "decoder": (3.9, 1),
        "copying": (5.3, 1),
        "rule": (1.3, 0),
        "judge": (3.9, 0),
        "judging": (5.3, 0.3),
        "deceiving": (5.3, -0.4),
    },
    [
        ("x", "encoder", ""),
        ("encoder", "z", ""),
        ("z", "decoder", ""),
        ("decoder", "copying", ""),
        ("z", "judge", ""),
        ("rule", "judge", ""),
        ("judge", "judging", ""),
        ("judge", "deceiving", ""),
    ],
    bright=["copying", "judging", "deceiving"],
    size=(6.4, 2.6),
)
drawing.show(
    axes,
    alt="A graph: x goes through the encoder to z. From z one arrow goes to the "
    "decoder and copying, one to the judge, who also sees dots of the rule. "
    "The judge leads to two losses, judging and deceiving.",
)

# %% [markdown]
# | loss | what it says | slopes pass through | who moves |
# |---|---|---|---|
# | copying | the BCE of the copy | decoder, encoder | decoder, encoder |
# | judging | rule against codes | judge | judge |
# | deceiving | codes should pass | judge, encoder | encoder |
#
# Judging and deceiving want opposite things of the codes, so nobody may go down on their sum. (Copying and deceiving
# may be added, if the judge is held.) Here each gets a phase, with its own optimiser. The encoder has two masters.


# %%
def aae_step(x, drawn, encoder, decoder, judge, optimizers, frozen=False):
    copy, discriminate, deceive = optimizers
    copying = F.binary_cross_entropy_with_logits(decoder(encoder(x)), x, "sum") / len(x)
    learn(copy, copying)

    codes = encoder(x)  # anew: the encoder has just moved
    judging = judge_loss(judge, drawn, codes.detach())
    if not frozen:
        learn(discriminate, judging)

    deceiving = F.softplus(-judge(codes)).mean()
    learn(deceive, deceiving)
    return copying.item(), judging.item(), deceiving.item()


# %%
def train_aae(x, rule, epochs, seed=0, frozen=False, lr=0.001):
    rng, history = np.random.default_rng(seed), []
    encoder, decoder = network(784, 64, 2, rng=rng), network(2, 64, 784, rng=rng)
    judge = network(2, 64, 64, 1, rng=rng)
    copy = optim.Adam([*encoder.parameters(), *decoder.parameters()], lr)
    discriminate = optim.Adam(judge.parameters(), 2 * lr, (0.5, 0.999))
    deceive = optim.Adam(encoder.parameters(), lr, (0.5, 0.999))
    three, players = (copy, discriminate, deceive), (encoder, decoder, judge)
    for epoch in range(epochs):
        for optimizer, factor in zip(three, (1, 2, 1)):
            optimizer.lr = factor * lr * (1 - epoch / epochs)
        for rows in data.batches(len(x), 128, rng):
            drawn = rule(len(rows), rng)
            history.append(aae_step(Tensor(x[rows]), drawn, *players, three, frozen))
    return encoder, decoder, np.array(history)


# %% [markdown]
# ## 5. One of them is asleep
#
# Two of these are trained here, on the same 20,000 pictures, with the rule $N(0, I)$. The only difference is one line.
# In one of them the judge's optimiser never steps. That was found in a published notebook.

# %%
some, epochs = (x[:2_000], 1) if QUICK else (x, 6)
first = train_aae(some, noise, epochs, frozen=True)
second = train_aae(some, noise, epochs)

# %% tags=["hide-input"]
panels = drawing.grid(1, 3, size=(6.6, 2.4))[0]
names = ("copying", "judging", "deceiving")
for panel, place, name in zip(panels, range(3), names):
    for (_, _, history), letter, colour in ((first, "A", "C1"), (second, "B", "C0")):
        values = history[:, place]
        size = min(20, len(values))
        smooth = np.convolve(values, np.ones(size) / size, "valid")
        panel.plot(smooth, color=colour, label=letter)
    panel.set(title=name, xlabel="step")
    panel.legend(fontsize=8)
panels[0].set(ylim=(165, 260))
drawing.show(
    panels[0],
    alt="Three panels with curves A and B. Copying falls to 190 and 176. "
    "Judging rises to 6 for A, and settles at 1.39 for B. Deceiving falls to nearly "
    "0 for A, and stays at 0.7 for B.",
)

# %% [markdown]
# **Guess:** in which of the two does the judge sleep? By the curves, which one would you call the success?

# %% tags=["guess"]
my_letter = ...

# %% tags=["hide-cell"]
print("Codes of other pictures:")
panels = drawing.grid(1, 2, size=(6, 3))[0]
for panel, (encoder, _, _), letter in zip(panels, (first, second), "AB"):
    codes = encoder(Tensor(others)).numpy()
    print(letter, "mean", codes.mean(axis=0), "std", codes.std(axis=0))
    panel.scatter(*codes[:2_000].T, c=labels[55_000:57_000], cmap="tab10", s=3)
    for radius in (1, 2):
        panel.add_patch(drawing.plt.Circle((0, 0), radius, fill=False, color="black"))
    panel.set(title=letter, aspect="equal")
drawing.show(
    panels[0],
    alt="Left, A: the codes lie in a long fan, far from two circles around 0. "
    "Right, B: they fill the two circles as a round cloud.",
)

# %% [markdown]
# <details>
# <summary>What happened</summary>
#
# A is the broken one. Its copying falls, and its deceiving falls to almost nothing: "the forger wins". It wins
# against somebody who sleeps, and whose own loss of 6 nats moves nobody. The codes ran to where the first random
# weights said "real", and never came back. In B the deceiving swings, and then stands near $\ln 2 = 0.69$, because the
# judge says about $\frac12$ of everything.
#
# </details>
#
# **In a game, curves that fall are no sign of health, and curves that stand still may be success.** A loss of $2 \ln 2$
# proves nothing either: a judge that knows nothing, and says $\frac12$ of everything, pays it as well. In that
# notebook the sleeping judge paid just that. It was read as a draw between two good players. So ask a stranger.
#
# ### A second opinion
#
# Stop the game. Take a *fresh* judge, train it on half of the codes and half of the drawn dots, and let it judge the
# other half. Section 1 says what its loss means. No judge pays less than the best one, so
#
# $$ 2 \ln 2 - \text{its loss} \;\le\; \text{KL}(p \,\|\, m) + \text{KL}(q \,\|\, m), $$
#
# up to the luck of the dots. A judge that is clearly below $2 \ln 2$ has *proved* that the rule is broken. At
# $2 \ln 2$ this judge found nothing; a better one might. Three times the rule against itself will show the luck.


# %%
def second_opinion(codes, drawn, seed=0):
    rng, half = np.random.default_rng(seed), len(codes) // 2
    judge, steps = network(2, 64, 64, 1, rng=rng), 60 if QUICK else 600
    optimizer = optim.Adam(judge.parameters(), 0.003)
    for step in range(steps):
        optimizer.lr = 0.003 * (1 - step / steps)
        rows, other_rows = rng.integers(0, half, (2, 256))
        learn(optimizer, judge_loss(judge, drawn[rows], codes[other_rows]))
    return judge_loss(judge, drawn[half:], codes[half:]).item()


# %%
def opinion(encoder, rule):
    codes = encoder(Tensor(others)).detach()
    return second_opinion(codes, rule(len(others), np.random.default_rng(1)))


print(f"A: {opinion(first[0], noise):.3f} nats")
print(f"B: {opinion(second[0], noise):.3f} nats")
for seed in (2, 4, 6):
    two = (noise(5_000, np.random.default_rng(one)) for one in (seed, seed + 1))
    print(f"the rule against itself: {second_opinion(*two):.3f}")
print(f"2 ln 2: {2 * np.log(2):.3f}")

# %% [markdown]
# One fresh judge tells A from B at once. B is nearly right, and not quite: the rule itself came out higher each time.
# Keep this judge: it needs no formula, and works for any two heaps of dots. In the exercise somebody wrote one with
# two mistakes.
#
# ### Whose slopes?
#
# Here is another famous mistake. All losses are added up in one `backward`, and nothing is detached. Then the forger
# goes down on the sum of the judge's loss and its own:
#
# $$ -\ln(1 - D) - \ln D, \qquad \text{slope in } l: \quad D - (1 - D) = 2D - 1. $$
#
# **Guess:** where does such a forger stop?

# %% tags=["guess"]
my_guess = ...

# %% [markdown]
# <details>
# <summary>The answer</summary>
#
# At $D = \frac12$. It does not want to pass any more, only to leave the judge in doubt. Wherever the judge is unsure
# it rests, be it right or not. The judge gets the same sum at made dots, and rests there at $\frac12$, too.
# Lesson 24's museum has it as B4: each loss has right slopes, and a gradient check passes.
#
# </details>
#
# What finds it is a question of *ownership*: for each player, is its slope that of its own loss alone? Nudge a weight
# of the encoder and see which loss explains the slope. `three_gradients` will be asked the same.
#
# ## 6. Beside a VAE
#
# Is a game better than the KL? Take a VAE with the same network, pictures and epochs, two numbers of code, and the same
# prior $N(0, I)$. Give both the learning rate 0.001, then 0.003. (The AAE's encoder moves twice in each step.) What can
# be compared?
#
# - The **copies**, in nats of BCE per picture. The AAE's code is a point. The VAE's is thrown; its mean is a point.
# - The **codes**: does a fresh judge tell them from the prior? For a VAE the thrown ones count, lesson 18's
#   [aggregate posterior](../glossary.md#aggregate-posterior).
# - *Not* the sums. The negative ELBO is a bound on $-\ln p(x)$. The AAE has no such number. Its code is a point, and a
#   point says as many nats as you like.


# %% tags=["hide-input"]
def train_vae(x, epochs, seed=0, lr=0.001):
    rng = np.random.default_rng(seed)
    encoder, decoder = network(784, 64, 4, rng=rng), network(2, 64, 784, rng=rng)
    weights = [*encoder.parameters(), *decoder.parameters()]
    optimizer = optim.Adam(weights, lr)
    for epoch in range(epochs):
        optimizer.lr = lr * (1 - epoch / epochs)
        for rows in data.batches(len(x), 128, rng):
            batch, both = Tensor(x[rows]), encoder(Tensor(x[rows]))
            mu, log_var = both[:, :2], both[:, 2:]
            logits = decoder(F.reparameterize(mu, log_var, rng=rng))
            copying = F.binary_cross_entropy_with_logits(logits, batch, "sum")
            learn(optimizer, (copying + F.gaussian_kl(mu, log_var).sum()) / len(rows))
    return encoder, decoder


rates = 0.001, 0.003
vaes = [train_vae(some, epochs, lr=lr) for lr in rates]
aaes = [second, train_aae(some, noise, epochs, lr=0.003)]


# %% tags=["hide-input"]
def nats(decoder, codes):
    logits = decoder(codes)
    total = F.binary_cross_entropy_with_logits(logits, Tensor(others), "sum")
    return total.item() / len(others)


def report(name, lr, copying, codes):
    drawn, codes = noise(5_000, np.random.default_rng(1)), codes.numpy()
    moved = Tensor(codes - codes.mean(axis=0))
    paid = second_opinion(Tensor(codes), drawn), second_opinion(moved, drawn)
    print(f"{name} {lr:7} {copying:9.1f} {paid[0]:11.3f} {paid[1]:13.3f}", end="   ")
    print(codes.mean(axis=0))


# %% [markdown]
# **Guess:** whose copies are cheaper? And whose codes lie more like the prior: those of the one that pays a KL to it,
# or those of the AAE?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("On other pictures:")
print("       rate   copying   second op.   moved to 0   mean of codes")
for lr, (encoder, decoder) in zip(rates, vaes):
    both = encoder(Tensor(others)).detach()
    mu, log_var = both[:, :2], both[:, 2:]
    thrown = F.reparameterize(mu, log_var, rng=0)
    report("VAE", lr, nats(decoder, mu), thrown)
for lr, (encoder, decoder, _) in zip(rates, aaes):
    codes = encoder(Tensor(others)).detach()
    report("AAE", lr, nats(decoder, codes), codes)

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# The copies: with the small rate the AAE's are cheaper, with the large one the VAE's. So this table cannot say
# which one copies better. The codes: with both rates the AAE's pass better. But look at the last column before
# you believe it. The VAE's clouds lie beside the prior, since these few steps did not bring them to the middle. The
# fourth column moves them there, and most of the difference is gone. The rest stays: a VAE pays one bill for each
# picture, and copies are on it, too. The judge sees all codes *together*, and their places are all that it sees.
#
# </details>
#
# So is the game the better tool? For the places of codes, in six epochs, with one seed. Now the other side of the bill.
# A VAE gives a bound in nats that one can compare; lesson 20 is about it. Its loss goes down, and one knows when it is
# done. Its code is thrown, so near codes must draw alike. The AAE has three losses, none of which says how good it
# is.
#
# ## 7. The ring
#
# Now the rule of the opening picture: ten bells on a circle. It has a density, a mixture. But nothing in `train_aae`
# asks for it, and any heap of dots would do. Six epochs on 20,000 pictures are too few here. What the picture shows was
# trained for 30 epochs on 55,000 pictures, about a minute on a quiet computer:
#
#     train_aae(pictures[:55_000], lambda n, rng: ring(n, rng, 0.4), epochs=30)
#
# Its weights, and those of its judge, lie beside this lesson: `ring.safetensors`.


# %% tags=["hide-input"]
def kept_network(name, *sizes):
    model, start = network(*sizes, rng=0), f"{name}."
    own = [key for key in kept if key.startswith(start)]
    arrays = {key.removeprefix(start): kept[key] for key in own}
    model.load_state_dict(arrays)
    return model


ring_encoder = kept_network("encoder", 784, 64, 2)
ring_decoder = kept_network("decoder", 2, 64, 784)
wide_ring = lambda n, rng: ring(n, rng, 0.4)
codes = ring_encoder(Tensor(others)).numpy()
away = np.linalg.norm(codes[:, None] - centres, axis=2)
print(f"second opinion: {opinion(ring_encoder, wide_ring):.3f} nats")
judge, drawn = kept_network("judge", 2, 64, 64, 1), wide_ring(5_000, rng)
print(f"its own judge: {judge_loss(judge, drawn, Tensor(codes)).item():.3f} nats")
print(f"within three std of a bell: {np.mean(away.min(axis=1) < 1.2):.0%}, rule: 99 %")
print("share of each bell:", np.bincount(away.argmin(axis=1)) / len(codes))

# %% [markdown]
# **Guess:** there are ten bells, and ten digits. Nobody told the encoder a label. Does each bell get a digit?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("Which digits lie on each bell, and what the decoder draws at its centre:")
for place in range(10):
    counts = np.bincount(labels[55_000:][away.argmin(axis=1) == place], minlength=10)
    top = counts.argsort()[::-1][:3]
    parts = ", ".join(f"{digit}: {counts[digit] / counts.sum():.0%}" for digit in top)
    print(f"bell {place}   {parts}")
drawn = F.sigmoid(ring_decoder(Tensor(centres.astype(np.float32)))).numpy()
drawing.show(
    drawing.pictures(drawn, size=0.6),
    alt="Ten pictures, one drawn at the centre of each bell. Half can be read: "
    "1, 1, 9, 9 and 0. The others are blurred mixtures of two or three digits.",
)

# %% [markdown]
# Not quite. The 1 has most of two bells, the others share. The judge asks that each bell gets a tenth of the
# codes, and nothing says *which* tenth. Copying decides: pictures that look alike are cheap to draw from one place. So
# it is a sorting by looks, without labels.
#
# And the ring is not perfect: the bells got 6 to 16 % of the codes, and 13 % lie outside all three-std circles. The
# fresh judge, after 600 steps, finds a little. The judge of the game, after 30 epochs,
# finds much more: it pays 1.233 on new codes and new dots. Each loss on new dots is a bound, and the lowest one proves
# most. So a second opinion is worth no more than its training.
#
# This is how minae does it, with a bigger network and a judge with 256 units in each layer. Its judge's loss is half
# of ours: $\ln 2$ where we have $2 \ln 2$. Copying, judging and deceiving are `reconstruct`,
# `discriminate` and `generate` there. `minae train aae --prior ring` is the command.

# %%
print(*getsource(AAE.training_step).splitlines()[7:19], sep="\n")

# %% [markdown]
# ## Exercise
#
# `exercise.py` has five functions to write and two to mend. `python -m lessons grade 23` says what you have. When
# `three_gradients` passes, `python lessons/23_two_players/exercise.py` trains with it. It writes `my_ring.png`, where
# the codes of 5,000 pictures lie on a ring of ten. Then replace `ring` by a rule of your own.
#
# **`best_logit`**
#
# <details>
# <summary>Hint 1</summary>
#
# Section 1: a difference of two logarithms. Lesson 15 has $\ln$ of a bell. What cancels?
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# Never compute a density: far away it is 0, and $\ln 0$ is lost. Sum the logarithms of the coordinates.
#
# </details>
#
# **`judge_loss` and `forger_loss`**
#
# <details>
# <summary>Hint 1</summary>
#
# With $D$ = sigmoid($l$), $-\ln D = \ln(1 + e^{-l})$. NumPy has `logaddexp`.
#
# </details>
#
# <details>
# <summary>Hint 2: the vjps</summary>
#
# Section 2 has the slopes in the logit. A mean over $N$ dots gives each of them a share of $1 / N$. And real and made
# need not be equally many.
#
# </details>
#
# **`three_gradients`**
#
# <details>
# <summary>Hint 1</summary>
#
# Make the weights that a phase moves into Tensors with `requires_grad=True`, anew for each phase. Leave the others
# arrays: `network` takes both. Then no slope can get to the wrong place.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# In the third phase the slope must pass *through* the judge to the encoder. Which of the two are arrays?
#
# </details>
#
# **`play`** (debug)
#
# <details>
# <summary>Hint 1</summary>
#
# Two losses, and each has arrows into the weights of both players. Which two of the four should not be
# there?
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# `detach` works on dots, and on weights, too.
#
# </details>
#
# **`second_opinion`** (debug)
#
# <details>
# <summary>Hint 1</summary>
#
# Print the loss before the loop and after it. And on which dots is the last one?
#
# </details>
#
# **`slopes_of_a_forger`** (experiment)
#
# <details>
# <summary>Hint 1</summary>
#
# The best logit here is $\mu^2 / 2 - \mu z$. If $\mu$ moves by a little, every dot $z = \mu + \varepsilon$ moves by as
# much, and the judge stands still.
#
# </details>
#
# ## Challenge: the ink of a digit
#
# Worth nothing but pride. Take a large 8, and draw dots from its ink: pick a white pixel, and add a little noise.
# Nobody has a formula for this. Let it be the rule, and let the codes of all digits
# lie on it. Then ask for a second opinion.
#
# ## Expected results
#
# | section | what | you should have seen |
# |---|---|---|
# | 1 | a perfect forger | the best judge pays 1.386 nats, 2 ln 2 |
# | 1 | a trained judge on a plane | 0.820 nats, as the best one |
# | 2 | the pull on a forger at 6 | about 0.012 and 6 |
# | 3 | one move each | all ten bells served, with three seeds |
# | 3 | five moves of the forger | at most two bells |
# | 5 | the sleeping judge | copying and deceiving fall, a second opinion near 0 |
# | 5 | the right game | deceiving ends near 0.7, a second opinion of 1.377 |
# | 6 | codes of a VAE, rate 0.003 | copies 169.8 against 173.1; a second opinion of 0.950 against 1.371 |
# | 7 | the ring | 87 % of the codes within three std of a bell; 1.358 and 1.233 nats |
#
# ## What you now know
#
# - The best judge is $p / (p + q)$. Its logit is $\ln p - \ln q$, a ratio that was measured from samples alone.
# - It pays $2 \ln 2$ if forger and rule agree, and less by two KLs if not.
# - A forger learns from $-\ln D$, whose slope is largest where the judge is sure that a dot was made.
# - One clump is the right answer to a judge that stands still. Variety comes from a judge that answers.
# - Each loss has its phase, its optimiser and its weights. A gradient check does not see whose slopes are used.
# - The players' curves prove nothing. A judge who pays clearly less than $2 \ln 2$ on new dots does.
#
# ## Read next
#
# - Lesson 24, *The museum*: ten programs that train. Which of them lie?
# - `minae train aae --prior ring`, and `minae/models/aae.py`.
# - I. Goodfellow and others, *Generative Adversarial Nets* (2014): section 4 has the best judge and its loss.
# - A. Makhzani and others, *Adversarial Autoencoders* (2016): section 2, and the ring of ten in section 2.3.
