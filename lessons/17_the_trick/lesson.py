# %% [markdown]
# # 17. The trick: how do you differentiate a dice roll?

# %% tags=["hide-input"]
# What happens here is the subject of sections 1 to 3. Leave it folded for now.
import os
from inspect import getsource
from itertools import pairwise

import numpy as np

import minae
from lessons import drawing
from minae import Tensor, data, optim
from minae import functional as F
from minae.models import VAE

np.set_printoptions(precision=3, suppress=True)
QUICK = "MINAE_QUICK" in os.environ  # only to test this lesson
line = np.linspace(-0.6, 1.4, 60)
hill = np.sin(2 * line) * np.exp(-0.08)


def needles(throw):
    eps = np.random.default_rng(throw).standard_normal(20)
    z = 0.3 + 0.2 * eps
    slopes = (np.sin(2 * z) * eps / 0.2).mean(), (2 * np.cos(2 * z)).mean()
    panels = drawing.grid(1, 2, size=(5.6, 2.3))[0]
    for panel, slope, name in zip(panels, slopes, ("score function", "pathwise")):
        panel.plot(line, hill, color="0.7", linewidth=3)
        ends = np.array([-0.45, 0.45])
        height = np.sin(0.6) * np.exp(-0.08)
        panel.plot(0.3 + ends, height + slope * ends, "C3", linewidth=2)
        panel.plot(0.3, height, "ko")
        panel.set(title=f"{name}: {slope:.2f}", xlim=(-0.6, 1.4), ylim=(-1, 1.6))
        panel.set(xticks=[], yticks=[])
    return panels[0]


drawing.animate(
    needles,
    [7, 8, 9, 10, 11, 0, 1, 2, 3, 4, 5, 6],
    alt="Twice the same hill, and on each a line that tries to touch it. The left line "
    "turns wildly from throw to throw. The right one hardly moves.",
    seconds=0.5,
)

# %% [markdown]
# Both lines want to touch the hill. They know it only by throwing dice, twenty in each frame, and both get the same
# dice. The left one shakes so much that anyone who climbs by it wanders about. The right one stands nearly still.
# Between the two lies a single thought. Networks that draw, speak and compose are trained with it.
#
# Why would a network throw dice? In lesson 16 a hidden cause was one of a few. So you could *sum* over all of them,
# and a sum has slopes. In this lesson the hidden cause is twenty numbers, any numbers. Nobody can sum over all of
# them. What is left is to draw some, and to improve the network that says where to draw. So the question of this
# lesson: **how do you differentiate a dice roll?** At the end a network of yours draws digits that nobody wrote.
#
# You need lesson 3 (vjps), lesson 6 (nats, coins), lesson 15 (expectation, KL) and lesson 16 (posterior, ELBO).
# "Dice" are draws of a Gaussian, so lesson 15's darts. Reading takes 40 minutes.
#
# ## 1. A roll has no slope
#
# Somebody throws $z$ from $N(\mu, \sigma^2)$, and pays $f(z) = \sin 2z$. (Later $z$ is the code of a picture, and $f$
# the decoder's surprise at the picture.) On average that costs $E[f(z)]$. The average is a smooth function of $\mu$:
# the grey hill of the picture, with $\sigma = 0.2$. We want its slope at $\mu = 0.3$. (It is 1.524. A toolbox page
# says why, see section 3.) Lesson 1 knows a way for every function: nudge.


# %%
def cost(z):
    return np.sin(2 * z)


def average(mu, seed):
    """What a thousand throws cost on average."""
    z = np.random.default_rng(seed).normal(mu, 0.2, 1_000)
    return cost(z).mean()


# %% [markdown]
# **Guess:** we nudge $\mu$ by $h = 10^{-4}$ to both sides, five times. First every average has dice of its own. Then
# the two averages of a nudge get the *same* seed. What will the five slopes be like?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Slopes by nudging, with new dice and with the same dice:")
h, times = 1e-4, range(5)
new = [(average(0.3 + h, 2 * i) - average(0.3 - h, 2 * i + 1)) / (2 * h) for i in times]
same = [(average(0.3 + h, i) - average(0.3 - h, i)) / (2 * h) for i in times]
print("new: ", np.array(new), f"  exact: {2 * np.cos(0.6) * np.exp(-0.08):.3f}")
print("same:", np.array(same))

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# Two averages of different dice differ by luck, here by about 0.01. That luck is divided by $2h = 0.0002$. With the
# same seed both averages have the same luck. It cancels, and what is left is the slope of these thousand throws.
#
# </details>
#
# So the same seed saves us. But what does "the same dice" mean, when $\mu$ is another one? Look inside:

# %%
for mu in (0.3, 5.0):
    z = np.random.default_rng(1).normal(mu, 0.2, 4)
    print(f"mu = {mu}: z =", z, "  (z - mu) / 0.2 =", (z - mu) / 0.2)

# %% [markdown]
# NumPy throws $\varepsilon$ from $N(0, 1)$, and then computes $\mu + 0.2\,\varepsilon$. The throw itself never knew
# $\mu$. Nobody can differentiate a die. But nobody needs to:
#
# > **Hold the dice, and move the table.**
#
# ## 2. The trick
#
# Write a sample of $N(\mu, \sigma^2)$ as a function of two things, what is to be learned and what was thrown:
#
# $$ z = \mu + \sigma \varepsilon, \qquad \varepsilon \text{ from } N(0, 1). $$
#
# The dice have become an *input* of the graph, like a picture. All arrows from $\mu$ to the cost are now ordinary
# ops. This is the [reparameterisation](../glossary.md#reparameterisation) trick. Each dot below is one die, thrown
# once. The thread leads to its sample.

# %% tags=["hide-input"]
thrown = np.sort(np.random.default_rng(2).standard_normal(25))
stations = np.array([(0, 0), (2.5, 0), (2.5, -3), (-2, -3), (-1.2, 0.9), (0, 0)])
parts = np.linspace(0, 1, 3, endpoint=False)[:, None]
way = [frame for a, b in pairwise(stations) for frame in a + parts * (b - a)]


def threads(place):
    mu, log_var = place
    z = mu + np.exp(log_var / 2) * thrown
    axes = drawing.axes(f"mu = {mu:.1f}, log_var = {log_var:.1f}", size=(5, 2.2))
    axes.plot([thrown, z], [0, 1], color="0.8", linewidth=0.8)
    axes.plot(thrown, 0 * thrown, "o", color="0.4", markersize=4)
    axes.plot(z, 0 * z + 1, "o", color="C3", markersize=4)
    axes.set(xlim=(-5.5, 5.5), ylim=(-0.2, 1.2), yticks=[0, 1])
    axes.set_yticklabels(["eps", "z"])
    return axes


drawing.animate(
    threads,
    [*way, (0, 0)],
    alt="Below, 25 grey dots that never move. Threads lead up to 25 red dots. These "
    "move right with mu, draw together as log_var falls, and spread as it grows.",
    seconds=0.35,
)

# %% [markdown]
# **Guess:** $\mu$ grows by a little. By how much does each red dot move? And if $\sigma$ grows by a little? Which
# dots then move to the left?

# %% tags=["guess"]
my_guess = ...

# %% [markdown]
# <details>
# <summary>The answer</summary>
#
# The slope of $z$ in $\mu$ is 1: all dots move together. The slope in $\sigma$ is $\varepsilon$: each dot moves away
# from the middle, by as much as it was thrown. Those thrown to the left move left.
#
# </details>
#
# Why does this give the slope of the *average*? Put the sample into it:
#
# $$ E_z[f(z)] = E_\varepsilon[f(\mu + \sigma \varepsilon)]. $$
#
# Both sides are the same number. But on the left $\mu$ decides *which* $z$ are thrown. On the right all throws are of
# $\varepsilon$, which does not know $\mu$, and $\mu$ is only a number inside a function. Such an average is like a sum
# with fixed weights, and the slope of a sum is the sum of the slopes. So by the chain rule
#
# $$ \begin{aligned} \frac{d}{d\mu} E[f(z)] &= E_\varepsilon[f'(\mu + \sigma \varepsilon) \cdot 1], \\
#    \frac{d}{d\sigma} E[f(z)] &= E_\varepsilon[f'(\mu + \sigma \varepsilon)\, \varepsilon]. \end{aligned} $$
#
# ($f$ must be smooth enough. Section 3 shows a cost where it goes wrong.) Each throw gives one estimate of a slope,
# $f'(z)$ or $f'(z)\, \varepsilon$, and it is right on average. That is just what `backward` brings from the cost
# through $z$. These estimates are called [pathwise](../glossary.md#pathwise): through the sample. The nudges with the
# same seed were means of a thousand of them.
#
# ### A width from a network
#
# A network is to say $\mu$ and $\sigma$. It returns any numbers, and $\sigma$ must be positive. So by custom it
# returns the logarithm of the variance, [log_var](../glossary.md#log-variance) $= \ln \sigma^2$. Now one line is
# missing, the one that makes the sample. Here it is as it stands in several of the most-read lessons on this subject:


# %%
def famous(mu, log_var, eps):
    z = mu + np.exp(log_var) * eps
    return z, (lambda g: g, lambda g: g * (z - mu))


mu, log_var, eps = np.random.default_rng(6).standard_normal((3, 1, 5))
inputs = Tensor(mu, requires_grad=True), Tensor(log_var, requires_grad=True)
op = minae.differentiable(famous)
print("gradient check:", minae.gradcheck(op, *inputs, Tensor(eps)).verdict)

# %%
eps = np.random.default_rng(7).standard_normal(10_000)
print("log_var  promised  variance  standard errors off")
for log_var in (-2.0, 0.0, 1.5):
    z, _ = famous(0.3, log_var, eps)
    found, promised = z.var(), np.exp(log_var)
    off = (found - promised) / (promised * np.sqrt(2 / eps.size))
    print(f"{log_var:7} {promised:9.3f} {found:9.3f} {off:10.1f}")

# %% [markdown]
# You met it in lesson 4, as suspect 6. Its gradients are right, so it passes every gradient check. But its variance
# is `exp(2 * log_var)`, which is right at log_var = 0 only. The right width is the *root* of the variance:
# $\ln \sigma = \frac12 \ln \sigma^2$, half of log_var. Lesson 4 looked at its samples, and trained two numbers with it.
# Section 5 takes these up again, and section 6 trains a *network*. Until then we take the right width. You write it
# as an op, `reparameterize`.
#
# ## 3. The shaking line
#
# There is an older way, which never asks for the slope of $f$. Write the average as an integral, with the density $q$
# of $N(\mu, \sigma^2)$:
#
# $$ E[f(z)] = \int f(z)\, q(z)\, dz. $$
#
# Only $q$ knows $\mu$. So the slope in $\mu$ is $\int f(z)\, \frac{dq}{d\mu}\, dz$. That is no average any more,
# because $\frac{dq}{d\mu}$ is no density: nobody can draw from it. Multiply and divide by $q$. The slope of $\ln q$
# is the slope of $q$, divided by $q$, so
#
# $$ \begin{aligned} \frac{d}{d\mu} E[f(z)] &= \int f(z)\, \frac{d \ln q}{d\mu}\, q(z)\, dz \\
#    &= E\Bigl[ f(z)\, \frac{d \ln q}{d\mu} \Bigr]. \end{aligned} $$
#
# This is an average again. The slope of $\ln q$ is called the [score](../glossary.md#score-function), and this the
# *score function* estimate. (Lesson 16's score was another thing.) In words: each throw votes, as loudly as it cost.
# If a larger $\mu$ makes this throw more
# probable, it votes "the cost rises with $\mu$". If less probable, it votes "it falls". With
# $\ln q = -\frac{(z - \mu)^2}{2 \sigma^2} + \dots$ the score is $(z - \mu) / \sigma^2$, which is
# $\varepsilon / \sigma$.
#
# So each die gives two estimates of the same slope: $f'(z)$, and $f(z)\, \varepsilon / \sigma$. Which shakes less?
# For $f(z) = z^2$ one can say it by hand. Dice have the moments $E[\varepsilon^2] = 1$, $E[\varepsilon^4] = 3$ and
# $E[\varepsilon^6] = 15$, and odd ones are 0: see [Moments of the bell](../toolbox/bell_moments.md).
#
# - Pathwise, $2z = 2\mu + 2\sigma\varepsilon$ has the variance $4 \sigma^2$.
# - The score function gives $(\mu + \sigma \varepsilon)^2\, \varepsilon / \sigma$. Its mean is $2 \mu$. Its square is
#   $(\mu + \sigma \varepsilon)^4\, \varepsilon^2 / \sigma^2$. Multiply out, and leave out odd powers. What is left is
#   $(\mu^4 \varepsilon^2 + 6 \mu^2 \sigma^2 \varepsilon^4 + \sigma^4 \varepsilon^6) / \sigma^2$. On average that is
#   $\mu^4 / \sigma^2 + 18 \mu^2 + 15 \sigma^2$. So the variance is $\mu^4 / \sigma^2 + 14 \mu^2 + 15 \sigma^2$.
#
# **Guess:** take $\mu = 1$ and $\sigma = 0.1$. How many dice does the score function need, to shake no more than the
# path with a single die?

# %% tags=["guess"]
my_dice = ...

# %% tags=["hide-output"]
print("Variances for z squared, measured and by hand:")
mu, std, eps = 1.0, 0.1, np.random.default_rng(8).standard_normal(100_000)
z = mu + std * eps
path, score = 2 * z, z**2 * eps / std
by_hand = 4 * std**2, mu**4 / std**2 + 14 * mu**2 + 15 * std**2
print(f"path  {path.var():8.4f} {by_hand[0]:8.4f}")
print(f"score {score.var():8.2f} {by_hand[1]:8.2f}")
print(f"dice: {by_hand[1] / by_hand[0]:.0f}")

# %% [markdown]
# A narrow bell makes one of them quiet, and the other one loud.
#
# **Guess:** is the pathwise estimate the better one for *every* cost and *every* width? On $f(z) = \sin 2z$ at
# $\mu = 0.3$, which one shakes less at $\sigma = 0.1$? And at $\sigma = 2$?

# %% tags=["guess"]
my_guess = ...


# %% tags=["hide-cell"]
def variances(mu, std):
    """Of both estimates for sin 2z, exactly: the toolbox page has the two lines."""
    square = (2 * np.cos(2 * mu) * np.exp(-2 * std**2)) ** 2
    wave = np.cos(4 * mu) * np.exp(-8 * std**2)
    score = (1 - (1 - 16 * std**2) * wave) / (2 * std**2) - square
    return score, 2 * (1 + wave) - square


print("One slope, two variances, and how far from the formulas they are:")
widths = (0.1, 0.3, 1.0, 2.0)
measured = []
for std in widths:
    z = 0.3 + std * eps
    estimates = np.array([cost(z) * eps / std, 2 * np.cos(2 * z)])
    found, exact = estimates.var(axis=1), np.array(variances(0.3, std))
    squares = (estimates - estimates.mean(axis=1, keepdims=True)) ** 2
    z_scores = (found - exact) / (squares.std(axis=1) / np.sqrt(eps.size))
    measured.append(found)
    print(f"std {std}: score {found[0]:6.3f}, path {found[1]:6.3f}, z-scores", z_scores)
axes = drawing.axes("Variance of one estimate", "std", "", log=True, size=(5, 2.5))
stds = np.geomspace(0.05, 3, 60)
for place, name in enumerate(("score function", "pathwise")):
    exact = [variances(0.3, std)[place] for std in stds]
    axes.plot(stds, exact, color=f"C{3 - 3 * place}", label=name)
    axes.plot(widths, np.array(measured)[:, place], "o", color=f"C{3 - 3 * place}")
axes.legend()
drawing.show(
    axes,
    alt="Two curves over std. The score function's falls all the way from 100 to 0.1. "
    "The pathwise one rises from 0.01 to 2. They cross near a std of 0.5.",
)

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# At 0.1 the score function has 650 times the variance. At 2 it is the better one. There the slope of the wave points
# up and down in turns, and the pathwise estimate averages through all of it. So neither is better as such. Which case
# is a VAE's? Section 6 measures it.
#
# </details>
#
# **Guess:** a game pays 1 if $z > 1$, else 0. With $\mu = 0.3$ and $\sigma = 1$, what does the path say about the
# slope of the average win? And the score function?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("The slope of a step:")
win = 0.3 + eps > 1
nudged = np.mean(0.31 + eps > 1) - np.mean(0.29 + eps > 1)
print(f"by nudging, same dice: {nudged / 0.02:.4f}")
print(f"score function:        {np.mean(win * eps):.4f}")
print(f"exact:                 {np.exp(-(0.7**2) / 2) / np.sqrt(2 * np.pi):.4f}")
print("pathwise:              0, because a step is flat wherever z lands")

# %% [markdown]
# The path needs a cost without jumps. (Kinks, as in relu, do no harm: hardly any throw lands on one.) The score
# function asks the cost for values alone; only $\ln q$ needs a slope. So it is at home where the cost cannot be
# differentiated: in games, or where one of many words is chosen.
#
# ## 4. What a code costs
#
# Now the loss. Lesson 16 found a bound on the surprise at $x$, for any guess $q$ of the hidden cause. It is minus the
# ELBO, here with an average in place of the sum:
#
# $$ -\ln p(x) \le E_q\bigl[ \ln q(z \mid x) - \ln p(x, z) \bigr]. $$
#
# The story says $p(x, z) = p(z)\, p(x \mid z)$: a code from the prior, and a picture from the decoder. Put its
# logarithm in, and sort:
#
# $$ \begin{aligned} -\ln p(x) \le{} & \underbrace{E_q[-\ln p(x \mid z)]}_{\text{reconstruction}} \\
#    & + \underbrace{E_q\bigl[\ln q(z \mid x) - \ln p(z)\bigr]}_{\text{cost of the code}}. \end{aligned} $$
#
# The second term is $\mathrm{KL}\bigl(q(z \mid x) \,\|\, p(z)\bigr)$: the encoder's bell throws the code, and one who
# believes the prior pays. Beware, lesson 16 had another one. $\mathrm{KL}(q \,\|\, \text{posterior})$ is the *gap* of
# the bound, and nobody can compute it here. $\mathrm{KL}(q \,\|\, \text{prior})$ is a *part* of the bound, and both its
# bells are known.
#
# The first term asks the decoder, and needs dice. The second one needs none: lesson 15, section 5, has its formula.
# Here it is once more, throw by throw, for one number of a code, with $q = N(\mu, \sigma^2)$ and the prior
# $p = N(0, 1)$.
#
# **Step 1: the trick, once more.** Put $z = \mu + \sigma \varepsilon$. Then $(z - \mu) / \sigma$ is $\varepsilon$, and
#
# $$ \begin{aligned} \ln q(z) &= -\tfrac12 \varepsilon^2 - \ln \sigma - \tfrac12 \ln 2\pi, \\
#    \ln p(z) &= -\tfrac12 z^2 - \tfrac12 \ln 2\pi. \end{aligned} $$
#
# **Step 2: the price of one throw.** Subtract. $\frac12 \ln 2\pi$ cancels, and $\ln \sigma$ is
# $\frac12 \ln \sigma^2$:
#
# $$ \ln q - \ln p = \tfrac12 \bigl( z^2 - \varepsilon^2 - \ln \sigma^2 \bigr). $$
#
# **Step 3: its average.** $z^2 = \mu^2 + 2 \mu \sigma \varepsilon + \sigma^2 \varepsilon^2$. On average $\varepsilon$
# is 0 and $\varepsilon^2$ is 1. So
#
# $$ \mathrm{KL} = \tfrac12 \bigl( \mu^2 + \sigma^2 - 1 - \ln \sigma^2 \bigr). $$
#
# It is lesson 15's formula again. In a code of many numbers each pays its own, and they are summed: nats per
# picture. Look at $\sigma = 1$. There it is $\mu^2 / 2$, the price of a loud number on lesson 6's telephone. That line
# had a noise that nobody chose. Now each number may choose its own noise, and pays
# $\frac12 (\sigma^2 - 1 - \ln \sigma^2)$ for being clearer, or hazier, than the prior.
#
# Check it by dice, as lesson 15 checks every formula. The mean price of many throws must be the KL. Beside the right
# formula stand two wrong ones, which read log_var (here `s`) in another way. By how many standard errors is each off?

# %%
mu, eps = 0.7, np.random.default_rng(9).standard_normal(10_000)
formulas = {
    "right": lambda s: (mu**2 + np.exp(s) - 1 - s) / 2,
    "s as ln std": lambda s: (mu**2 + np.exp(2 * s) - 1 - 2 * s) / 2,
    "std for var": lambda s: (mu**2 + np.exp(s / 2) - 1 - s / 2) / 2,
}
print("log_var     ", *(f"{s:8}" for s in (-2.0, 0.0, 1.5)))
for name, formula in formulas.items():
    print(f"{name:12}", end="")
    for s in (-2.0, 0.0, 1.5):
        z = mu + np.exp(s / 2) * eps
        price = (z**2 - eps**2 - s) / 2
        error = price.std() / np.sqrt(eps.size)
        print(f"{(price.mean() - formula(s)) / error:9.1f}", end="")
    print()

# %% [markdown]
# Read the middle column. A check at log_var = 0 passes all three, and a university's homework checked just there.
# **Test a KL, and a sampler, away from 0.** In `agree` somebody did not.
#
# ## 5. A place where the truth is known
#
# Before we trust any of this with pictures, take a world so small that its truth is known (lesson 16's habit). One
# hidden number $z$ from $N(0, 1)$. One visible number $x$ from $N(10 z, 1)$. Variances add, so $x$ is from
# $N(0, 101)$, and its surprise is known without any bound. We see $x = 0$. Then the best $\mu$ is 0, and only log_var
# is to be found. (The posterior is itself a bell here, of width $1 / \sqrt{101}$. So the right bound can touch the
# truth.) The reconstruction is $\frac12 (x - 10 z)^2$ and a constant. On average that is
# $\frac12 \cdot 100\, \sigma^2$ and the constant.

# %%
log_var = np.linspace(-7, 1, 8001)
truth = np.log(2 * np.pi * 101) / 2
kl = (np.exp(log_var) - 1 - log_var) / 2
programs = {
    "the famous line": np.exp(log_var),
    "a hundredth": 0.01 * np.exp(log_var / 2),
    "the right width": np.exp(log_var / 2),
}
losses = {}
for name, std in programs.items():
    losses[name] = (100 * std**2 + np.log(2 * np.pi)) / 2 + kl

# %% [markdown]
# The first width is the famous line. The second one stood in an old example of a well-known library, where the noise
# was multiplied by 0.01. Each program trains until its loss is lowest.
#
# **Guess:** the true surprise is 3.23 nats. A bound lies above it. Which of the three programs will print the lowest
# number?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("What each program prints, and what is true:")
print(f"{'':16} std    its KL  prints  true KL  true bound")
axes = drawing.axes("What it prints", "log_var", "nats", size=(5.4, 2.6))
for name, std in programs.items():
    best = losses[name].argmin()
    width, shown = std[best], losses[name][best]
    true_kl = (width**2 - 1 - np.log(width**2)) / 2
    bound = shown - kl[best] + true_kl
    line = f"{name:16}{width:.4f} {kl[best]:6.2f} {shown:7.2f}"
    print(f"{line} {true_kl:7.2f} {bound:9.2f}")
    axes.plot(log_var, losses[name], label=name)
    axes.plot(log_var[best], shown, "ko", markersize=4)
axes.axhline(truth, color="black", linestyle=":")
axes.text(-0.9, truth + 0.15, "true surprise")
axes.set(ylim=(0.5, 6.2))
axes.legend(fontsize=8)
drawing.show(
    axes,
    alt="Three valleys over log_var, and a dotted line at the true surprise. That of "
    "the right width touches the line. The other two end far below it.",
)

# %% [markdown]
# <details>
# <summary>What happened</summary>
#
# The right program ends at std 0.0995, and its bound touches the truth. The famous line ends at 0.068, and prints a
# KL of 0.88 nats. But a bell of that width costs 2.19. So it prints 2.03 nats where nothing honest is below 3.23. Its
# own true bound is 3.34, *worse* than that of the right program. With a hundredth the code tells everything and seems
# to cost nothing.
#
# </details>
#
# **A wrong width throws with one noise and pays for another.** The sum of its two terms is no bound on anything. And
# here it is *lower* than the right one, since the noise is narrow, and paid for as if it were wide. Anyone who compares
# programs by what they print will prefer the wrong one.
#
# ## 6. The whole thing
#
# Now pictures. An encoder network reads a picture $x$ and gives forty numbers, $\mu$ and log_var of the twenty
# numbers of its code. Dice make a code $z$, new ones each time. A decoder network bends 784 coins. The loss is the
# right side of section 4, the *negative ELBO*, in nats per picture. The [reconstruction
# term](../glossary.md#reconstruction-term) is the BCE of lesson 6. The [KL term](../glossary.md#kl-term) is the sum
# of twenty prices.

# %% tags=["hide-input"]
axes = drawing.graph(
    {
        "x": (0, 1),
        "encoder": (1.2, 1),
        "mu": (2.6, 1.6),
        "log_var": (2.6, 0.4),
        "z": (4, 1),
        "eps": (4, -0.2),
        "decoder": (5.4, 1),
        "reconstruction": (7, 1),
        "KL": (4, 2.2),
    },
    [
        ("x", "encoder", ""),
        ("encoder", "mu", ""),
        ("encoder", "log_var", ""),
        ("mu", "z", ""),
        ("log_var", "z", ""),
        ("eps", "z", ""),
        ("z", "decoder", ""),
        ("decoder", "reconstruction", ""),
        ("mu", "KL", ""),
        ("log_var", "KL", ""),
    ],
    bright=["z", "KL"],
    size=(6.4, 2.6),
)
drawing.show(
    axes,
    alt="A graph: x goes into the encoder, which gives mu and log_var. These and eps "
    "make z. The decoder makes a reconstruction of z. The KL reads mu and log_var.",
)

# %% [markdown]
# This is a **[variational autoencoder](../glossary.md#vae)**, VAE. *Variational* says that $q$ is varied until the
# bound is as tight as the encoder can get it. The two bright boxes are your two ops. Walk the arrows back: slopes reach
# the encoder through $z$, by the trick, and through the KL, where there are no dice. The decoder gets slopes from the
# reconstruction alone.
#
# The two terms pull in two directions. The reconstruction wants bells that are narrow and far apart, so that the
# decoder is never in doubt. The KL wants all bells to be the prior, so that they say nothing. A nat of code that saves
# less than a nat of picture is not spent.
#
# You write a VAE in about thirty lines, in the exercise. Here minae's own stands in. With it come two twins, each
# with one change. The first samples with the famous width. (Half of `2 * log_var` is log_var.) The second gets its
# code for free: in its loss the KL counts 0 times (`beta=0`). `model.losses` walks through the graph above and returns
# both terms and their sum. Section 7 shows it.


# %%
class Famous(VAE):
    def forward(self, x, eps=None, rng=None):
        mu, log_var = self.encode(x)
        return self.decode(F.reparameterize(mu, 2 * log_var, eps, rng)), mu, log_var


# %%
def train(model, x, epochs):
    rng = np.random.default_rng(0)
    optimizer = optim.Adam(model.parameters(), lr=0.001)
    for _ in range(epochs):
        for rows in data.batches(len(x), 128, rng):
            loss = model.losses(Tensor(x[rows]), rng=rng)["loss"]
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return model


# %%
pictures, _ = data.mnist("train")
x, others = pictures[:55_000], pictures[55_000:]  # to learn from; to choose by
x = x[:6_000] if QUICK else x
sizes = {"hidden": 100, "latent": 20, "rng": 0}
right = train(VAE(**sizes), x, epochs=3)
famous_twin = train(Famous(**sizes), x, epochs=3)
free_twin = train(VAE(**sizes, beta=0), x, epochs=3)

# %% [markdown]
# **Guess:** the right one and the famous twin are measured on 5,000 other pictures. Section 5 lets you guess which of
# them prints less. How many nats less? And with the KL of the width that it draws with: how far is it then from the
# right one?

# %% tags=["guess"]
my_nats, my_true_nats = ..., ...


# %% tags=["hide-output"]
def terms(model, x):
    """What the program prints: two terms, in nats per picture."""
    losses = model.losses(Tensor(x), rng=1)
    return losses["reconstruction"].item(), losses["kl"].item()


print("In nats per picture:")
for name, model, factor in (("right", right, 1), ("famous", famous_twin, 2)):
    of_picture, shown = terms(model, others)
    mu, log_var = model.encode(Tensor(others))
    paid = F.gaussian_kl(mu, factor * log_var).data.mean()  # for the width that it has
    for word, kl in (("prints", shown), ("true", paid)):
        total = of_picture + kl
        print(f"{name:7} {word:6} {of_picture:5.1f} + {kl:4.1f} = {total:5.1f}")

# %% [markdown]
# <details>
# <summary>What happened</summary>
#
# The famous twin prints nine nats *less*. It pays for bells of the variance `exp(log_var)`, and draws from bells of
# `exp(2 * log_var)`. Paid at the right price, its bound is five nats *worse* than that of the right one. Nothing in
# its gradients says that anything is wrong, and its loss looks better. So this line can stand unnoticed in lessons.
#
# </details>
#
# What finds it? The mean price of many throws against the KL, away from log_var = 0. That is `agree`. It takes a
# second, and it should stand beside every sampler.
#
# ### One throw is enough?
#
# A picture gets one throw in a batch, and new dice the next time. So the slopes shake for two reasons: other pictures
# come in each batch, and other dice.
#
# **Guess:** of the variance of the slopes in the weights of `mu`, which share comes from the dice?

# %% tags=["guess"]
my_share = ...


# %% tags=["hide-output"]
def slopes(x, seed):
    for weight in right.parameters():
        weight.grad = None
    right.losses(Tensor(x), rng=seed)["loss"].backward()
    return right.to_mu.weight.grad


print("Thirty batches, and each with two throws:")
rows = np.random.default_rng(5).integers(0, len(x), (30, 128))
one = np.array([slopes(x[some], seed) for seed, some in enumerate(rows)])
two = np.array([slopes(x[some], 30 + seed) for seed, some in enumerate(rows)])
dice = ((one - two) ** 2).mean(axis=0).sum() / 2  # half: both throws shake
print(f"share of the dice: {dice / one.var(axis=0, ddof=1).sum():.0%}")

# %% [markdown]
# <details>
# <summary>Why then only one?</summary>
#
# In these weights most of it is dice! (In the decoder's last weights it is a fifth.) Ten throws for each picture would
# make this part a tenth, at ten times the work of the decoder. Ten times as many pictures make *both* parts a tenth,
# and only the encoder works more. So new pictures are the better buy. And slopes that are right on average are what
# descent asks for: lesson 7 lived with shaking slopes, too.
#
# </details>
#
# **Guess:** and by the score function? For one picture, take the slopes of its reconstruction term in the twenty
# $\mu$. How many times larger is the variance of the score function's estimates?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Five hundred throws for one picture:")
picture = Tensor(np.repeat(others[:1], 500, axis=0))
mu, log_var = (part.numpy() for part in right.encode(picture))
eps = np.random.default_rng(6).standard_normal(mu.shape).astype(np.float32)
std = np.exp(log_var / 2)
z = Tensor(mu + std * eps, requires_grad=True)
surprise = -right.likelihood.log_prob(right.decode(z), picture)
surprise.sum().backward()
path, score = z.grad, surprise.numpy()[:, None] * eps / std
print(f"a throw costs {surprise.numpy().mean():.0f} nats, give or take", end=" ")
print(f"{surprise.numpy().std():.0f}; the median std is {np.median(std[0]):.2f}")
quiet = score - surprise.numpy().mean() * eps / std
for name, votes in (("score", score), ("no mean cost", quiet), ("path", path)):
    shakes = votes.var(axis=0).mean()
    print(f"{name:12} {shakes:6.0f}, ratio {shakes / path.var(axis=0).mean():.0f}")

# %% [markdown]
# That is why VAEs take the path. A picture costs about the same whatever the dice say, so each vote is about as loud as
# the next, for or against. What they share cancels only on average. Take the mean cost away, and about 17 times are
# left. (Both numbers are of this picture.) In `shaking` you measure what a constant does.
#
#
# ### From nothing but dice
#
# Now turn the machine round. Throw codes from the prior, and let the decoders draw.
#
# **Guess:** what does each of the three networks draw?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("The same eight codes, and three decoders:")
z = Tensor(np.random.default_rng(3).standard_normal((8, 20)).astype(np.float32))
three = {"right": right, "famous": famous_twin, "free": free_twin}
rows = {name: model.images(z).numpy().reshape(8, 784) for name, model in three.items()}
drawing.show(
    drawing.pictures(rows, size=0.55),
    alt="Three rows of eight pictures, drawn from random codes. In the first two most "
    "can be read as soft digits. The third row shows faint grey clouds.",
)

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# The first two rows are soft digits, and some between two digits. Nobody wrote these. The third row is grey clouds,
# with a ghost of a digit here and there. And look at the second row: does it show the famous line?
#
# (These are small networks after three epochs. Lesson 18 looks closely at what a VAE draws.)
#
# </details>
#
# Why does the free one draw clouds? See where each encoder puts the codes of real pictures:

# %%
for name, model in three.items():
    mu, _ = model.encode(Tensor(others))
    distance = np.linalg.norm(mu.numpy(), axis=1)
    print(f"{name:7} mu lies at {distance.mean():4.1f} from 0, on average")
print(f"dice fall at {np.linalg.norm(z.numpy(), axis=1).mean():.1f}")

# %% [markdown]
# Twenty dice fall on lesson 15's shell, near $\sqrt{20} = 4.5$. Codes that were free lie far outside of it, and there
# nothing falls. The other two networks *paid* to be where the dice fall.
#
# ## 7. In full
#
# A widely used example of a large library trains 784-400-20 for 10 epochs, with batches of 128 and Adam at 0.001. The
# same network and budget, with the reference solution of this lesson's exercise on its own two ops, gives on the 10,000
# test pictures
#
# $$ 80.9 + 24.9 = 105.8 \text{ nats}, $$
#
# reconstruction and KL. With two other seeds it was 105.6 and 105.8. It took half a minute, or two on a busy computer.
#
# Of these nats 45.5 are the floor of grey points (lesson 6, section 3), so this is no likelihood that one could
# compare with that of black and white pictures. Yours is trained by one command, when `train_vae` passes its tests:
#
#     python lessons/17_the_trick/exercise.py
#
# It prints your two terms and writes `my_digits.png`: 25 pictures from your own decoder. You should reach 106 nats.
# What comes out far below, say at 95, is no triumph. Ask `agree` about it.
#
# And this is all of it in minae: two ops, the way forward, and the loss. (`xp_of` finds NumPy or CuPy, and `wide_sum`
# adds up with more digits.)

# %%
for op, first in ((F.reparameterize, "noise ="), (F.gaussian_kl, "var_minus_1 =")):
    body = getsource(op).splitlines()
    start = next(i for i, text in enumerate(body) if first in text)
    print(f"# {op.__name__}", *body[start:], "", sep="\n")
for method, first in ((VAE.forward, 7), (VAE.losses, 9)):
    print(f"# VAE.{method.__name__}", *getsource(method).splitlines()[first:], sep="\n")

# %% [markdown]
# ($e^s - 1$ near $s = 0$ loses digits, as lesson 1 knows. `expm1` does not.)
#
# ## Exercise
#
# `exercise.py` has six functions to write and two to mend. `python -m lessons grade 17` says what you have.
#
# **`reparameterize`**
#
# <details>
# <summary>Hint 1</summary>
#
# log_var is $\ln \sigma^2$. What is $\ln \sigma$?
#
# </details>
#
# <details>
# <summary>Hint 2: the vjp of log_var</summary>
#
# Only the noise $\sigma \varepsilon$ depends on it. And $e^{s/2}$ has the slope $\frac12 e^{s/2}$.
#
# </details>
#
# **`gaussian_kl`**
#
# <details>
# <summary>Hint 1</summary>
#
# Section 4, for each number of the code, then summed along the code. And $\sigma^2 = e^s$ with $s$ = log_var.
#
# </details>
#
# <details>
# <summary>Hint 2: the vjps</summary>
#
# $g$ has the shape (N,), one number for each picture. `g[:, None]` is a column, and fits every number of its code.
#
# </details>
#
# **`score_function` and `pathwise`**
#
# <details>
# <summary>Hint 1</summary>
#
# Section 3 has the slope of $\ln q$ in $\mu$. For the other one, write
# $\ln q = -\frac12 (z - \mu)^2 e^{-s} - \frac12 s$ with $s$ = log_var, and differentiate in $s$ while $z$ stands
# still.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# The path goes through $z$: the slope of the cost there is the cotangent $g$ of your `reparameterize`.
#
# </details>
#
# **`train_vae`**
#
# <details>
# <summary>Hint 1</summary>
#
# Let the encoder end in 2 * latent numbers, and cut them: the first `latent` columns of a Tensor are `[:, :latent]`.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# Write one function that gives both terms for some pictures. Training takes its sum, and at the end it is asked about
# the new pictures.
#
# </details>
#
# <details>
# <summary>Hint 3</summary>
#
# One generator for weights, batches and noise. Noise: `standard_normal(shape, dtype=np.float32)`. A sum over all
# pixels, divided by the number of pictures of this batch.
#
# </details>
#
# **`negative_elbo`** (debug)
#
# <details>
# <summary>Hint 1</summary>
#
# The KL says which distribution is paid for. Is the sample from this one?
#
# </details>
#
# **`agree`** (debug)
#
# <details>
# <summary>Hint 1</summary>
#
# Print the places where it looks. Then read the table of section 4, column by column.
#
# </details>
#
# **`shaking`** (experiment)
#
# <details>
# <summary>Hint 1</summary>
#
# Use your two estimates. What does an offset add to $f(z)\, \varepsilon / \sigma$, on average? And to its variance?
#
# </details>
#
# ## Challenge: a quiet score
#
# Worth nothing but pride. If adding a constant makes the score function shake more, then *subtracting* the right one
# makes it shake less. Find the best constant $b$ for $(f(z) - b)\, \varepsilon / \sigma$, by hand. (Hint: set the
# slope of the variance in $b$ to zero.) Draw the opening picture again with it. How near to the quiet line do you
# come? This is how networks learn to play games.
#
# ## Expected results
#
# | section | what | you should have seen |
# |---|---|---|
# | 1 | slopes by nudging, new dice | nonsense, up to 100 and more |
# | 1 | the same dice | 1.5, five times |
# | 2 | the famous line | passes the gradient check; 61 standard errors off at -2 |
# | 3 | sin 2z at std 0.1 | the score function has 650 times the variance |
# | 4 | wrong KLs at log_var = 0 | cannot be seen |
# | 5 | the famous line, true surprise 3.23 | prints 2.03; KL 0.88, true 2.19 |
# | 6 | the famous line on digits | prints nine nats less, is five nats worse |
# | 6 | both estimates, one digit | variances 2,000 : 1, or 17 : 1 without the mean cost |
# | 7 | 784-400-20, 10 epochs | 106 nats on the test pictures |
#
# ## What you now know
#
# - Dice have no slope, and need none. Make them an input: $z = \mu + \sigma \varepsilon$.
# - The path needs slopes of the cost, and is quiet where bells are narrow. There the score, of values alone, shakes.
# - A code costs $\frac12 (\mu^2 + \sigma^2 - 1 - \ln \sigma^2)$ nats for each of its numbers, its KL to the prior.
#   The KL to the posterior is another one: the gap of the bound.
# - A VAE is an autoencoder whose codes are thrown and paid for.
# - A gradient check cannot see a wrong width. A loss below the truth can be printed by anyone.
#
# ## Read next
#
# - Lesson 18, *A map of digits*: is there a country between 4 and 9?
# - The same network by minae: `minae train vae --latent 20 --hidden 400 --epochs 10`, and `minae/models/vae.py`.
# - D. P. Kingma and M. Welling, *Auto-Encoding Variational Bayes* (2014): sections 2.3 and 2.4, and appendix B.
# - D. J. Rezende, S. Mohamed and D. Wierstra, *Stochastic Backpropagation* (2014): the same trick, found
#   independently.
# - R. J. Williams, *Simple Statistical Gradient-Following Algorithms* (1992): the score function, under the name
#   REINFORCE.
