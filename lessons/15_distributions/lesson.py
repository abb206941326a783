# %% [markdown]
# # 15. How surprised should you be?

# %% tags=["hide-input"]
import numpy as np

from lessons import drawing
from minae import data

LN_2PI = np.log(2 * np.pi)


def surprise_of_bell(x, mean, std):
    """Minus the logarithm of the density of a bell: lesson 6, section 5."""
    return ((x - mean) / std) ** 2 / 2 + np.log(std) + LN_2PI / 2


line = np.linspace(-16, 16, 801)  # places at which densities are added up
step = line[1] - line[0]
log_p = np.logaddexp(*(-surprise_of_bell(line, at, 1) for at in (-3.5, 3.5)))
log_p -= np.log(2)  # two heaps, half of it in each


def kl_of_lines(log_a, log_b):
    """KL(a || b) of two densities on the line: the integral as a sum."""
    return step * np.sum(np.exp(log_a) * (log_a - log_b))


def p_throws(log_q):
    return kl_of_lines(log_p, log_q)


def q_throws(log_q):
    return kl_of_lines(log_q, log_p)


MOMENTS = (0, 5, 15, 30, 40, 50, 70, 150, 600)


def downhill(price, start=(-2.0, 0.9), lr=0.1):
    """Gradient descent on the mean and the logarithm of the std, as in lesson 1."""
    place, film = np.array(start), []
    cost = lambda at: price(-surprise_of_bell(line, at[0], np.exp(at[1])))
    for moment in range(max(MOMENTS) + 1):
        if moment in MOMENTS:
            film.append(place)
        nudges = 1e-5 * np.eye(2)
        slopes = [(cost(place + d) - cost(place - d)) / 2e-5 for d in nudges]
        place = place - lr * np.clip(slopes, -1, 1)
    return film


films = [downhill(price) for price in (p_throws, q_throws)]


def two_ways(frame):
    panels = drawing.grid(1, 2, size=(6.6, 2.4))[0]
    for panel, film, name in zip(panels, films, ("KL(p || q)", "KL(q || p)")):
        mean, log_std = film[frame]
        q = np.exp(-surprise_of_bell(line, mean, np.exp(log_std)))
        panel.fill_between(line, np.exp(log_p), color="C0", alpha=0.35, label="p")
        panel.plot(line, q, "C3", linewidth=2, label="q, a bell")
        panel.set(title=f"downhill on {name}", xlim=(-9, 9), ylim=(0, 0.45), yticks=[])
        panel.legend(fontsize=8, loc="upper right")
    return panels[0]


drawing.animate(
    two_ways,
    range(len(MOMENTS)),
    alt="Two heaps, twice, and a red bell on each, which begin alike. The left bell "
    "becomes wide and low and covers both heaps. The right one moves onto the left "
    "heap and stays there.",
    seconds=0.4,
)

# %% [markdown]
# Two heaps, called $p$. One red bell, $q$, has to describe them. Left and right it starts in the same place, and goes
# downhill on a number called KL divergence. The two programs differ in the order of two letters. The left bell covers
# both heaps, and has its top where nothing is. The right one hides in one heap and knows nothing of the other.
#
# Neither is a mistake. One of the two orders was in the losses of lessons 6 to 13. The other one makes the variational
# autoencoder. Which is which? Until now a network's code was a point. From here on it is a *distribution*: all that the
# network holds to be possible. So first we need a price for a distribution that is wrong.
#
# We find it where people have paid for wrong beliefs for centuries, in betting. At the end you bet, too, and learn how
# sure of yourself you may be.
#
# You need lesson 4 (the normal distribution, standard errors) and lesson 6 (surprise). Reading takes 40 minutes.
#
# ## 1. A bet against one who knows
#
# The weather of a day is a [random variable](../glossary.md#random-variable) $x$: chance decides its value. Its
# *distribution* $p$ says how probable each value is. In our town the sun shines with probability 0.5, it is grey with
# 0.3, it rains with 0.2, every day anew.
#
# A bookmaker knows $p$. Each morning you put all your money on the three kinds of weather, in parts $q$. In the
# evening two of the parts are lost. For each coin of the third you get $1 / p(x)$ coins: these are the bookmaker's
# *odds*. So your money is multiplied by $q(x) / p(x)$. If you bet $q = p$, it stays as it is.
#
# Here are two who do not know $p$. *Even* has no idea, and puts a third on each. *Sure* is right that sun is most
# likely, and puts 0.9 on it.

# %%
p = np.array([0.5, 0.3, 0.2])  # sun, grey, rain
bets = {
    "knows": np.array([0.5, 0.3, 0.2]),
    "even": np.array([1 / 3, 1 / 3, 1 / 3]),
    "sure": np.array([0.90, 0.05, 0.05]),
}
days = np.random.default_rng(6).choice(3, size=40, p=p)

# %% [markdown]
# **Guess:** each begins with 1,000 coins. Who has more after 40 days, *even* or *sure*? How many?

# %% tags=["guess"]
my_even, my_sure = ..., ...

# %% tags=["hide-cell"]
print("After these days:")
axes = drawing.axes("money, day by day", "day", "coins", size=(6, 2.7))
for colour, (name, q) in zip(("C2", "C0", "C3"), bets.items()):
    money = 1000 * np.cumprod(np.append(1, q[days] / p[days]))
    slope = np.sum(p * np.log(q / p))
    axes.semilogy(money, colour, label=name)
    axes.semilogy(1000 * np.exp(slope * np.arange(41)), colour + ":", linewidth=1)
    print(f"{name:6} {money[-1]:.2g} coins")
axes.legend()
drawing.show(
    axes,
    alt="Money on a logarithmic axis. The line of knows is flat. That of even falls "
    "slowly, that of sure steeply. Each runs along a dotted straight line.",
)

# %% [markdown]
# <details>
# <summary>What happened</summary>
#
# *Sure* is ruined long before *even*. *Sure* wins on every sunny day, and half of the days are sunny. But the others
# cost far more than the sunny ones bring. It is cheaper to know nothing than to be *this* sure.
#
# A riddle: the game is fair. A day multiplies your money on average by
# $0.5 \cdot q_1 / 0.5 + 0.3 \cdot q_2 / 0.3 + 0.2 \cdot q_3 / 0.2 = 1$, whatever $q$ is. So over all possible weathers
# *sure* has 1,000 coins on average, and in nearly all of them nothing. A few hardly possible ones, with sun on nearly
# every day, make *sure* immensely rich. Money that is multiplied again and again must be looked at by its logarithm.
#
# </details>
#
# The axis is logarithmic, and there the fortunes run along straight lines. So take the logarithm of a day. The money
# changes by
#
# $$ \ln \frac{q(x)}{p(x)} = \underbrace{-\ln p(x)}_{\text{who knows}} -
#    \underbrace{\bigl(-\ln q(x)\bigr)}_{\text{you}} . $$
#
# These are two surprises at the same weather: that of one who knows $p$, and yours.
#
# **You pay your [surprise](../glossary.md#surprise), and get back that of one who knows.** That is what a
# [nat](../glossary.md#nat) is in money: a nat paid divides your money by $e = 2.718$. A bit halves it.
#
# How steep are the lines? The mean over many days is an [expectation](../glossary.md#expectation): each value counts
# as often as it comes, $E_p[f(x)] = \sum_x p(x) f(x)$. The one who knows is surprised by
#
# $$ H(p) = E_p[-\ln p(x)], \quad \text{the } \textbf{entropy}, $$
#
# on average. You are surprised by $E_p[-\ln q(x)]$: lesson 6's cross-entropy, averaged. The difference is what your
# wrong belief costs you, each day:
#
# $$ \mathrm{KL}(p \,\|\, q) = E_p\bigl[\ln p(x) - \ln q(x)\bigr] $$
#
# $$ = \sum_x p(x) \ln \frac{p(x)}{q(x)} . $$
#
# This is the [KL divergence](../glossary.md#kl-divergence). Read it as: **the first letter throws, the second pays.**

# %%
for name, q in bets.items():
    cost, extra = -np.sum(p * np.log(q)), np.sum(p * np.log(p / q))
    print(f"{name:6} pays {cost:.3f} nats a day, {extra:.3f} of them for being wrong")

# %% [markdown]
# The dotted lines have these slopes. So even the one who knows is surprised, by the
# [entropy](../glossary.md#entropy) of 1.030 nats. That much is the weather's fault. All above it is yours.
#
# Can a KL be negative? Then somebody could win against one who knows. The curve $\ln u$ lies below the line $u - 1$,
# and touches it only at $u = 1$. With $u = q(x) / p(x)$:
#
# $$ -\mathrm{KL}(p \,\|\, q) = E_p\Bigl[\ln \frac{q(x)}{p(x)}\Bigr] \le E_p\Bigl[\frac{q(x)}{p(x)} - 1\Bigr] $$
#
# $$ = \sum_x p(x) \frac{q(x)}{p(x)} - 1 = \sum_x q(x) - 1 = 0 . $$
#
# (Where $p(x) = 0$ for some $x$, the last sum is smaller still.) It is 0 only for $q = p$. And who puts *nothing* on
# rain? On the first rainy day all is lost: the KL is infinite. You write this in `bill`.
#
# ## 2. The pot that learns
#
# Now you know nothing of the weather. But you have three advisers: *knows*, *even* and *sure*. Nobody tells you which
# is which. Give each of them a third of your money, and let them bet. What happens to their shares of the pot?
#
# Write $p(k)$ for the share of adviser $k$, and $p(x \mid k)$ for the part that $k$ bets on $x$: the probability of
# $x$, *if* $k$ is right. On a day with weather $x$ the money of $k$ is multiplied by $p(x \mid k)$ and by the
# bookmaker's odds. The odds are the same for all, so shares do not notice them:
#
# $$ p(k \mid x) = \frac{p(k)\, p(x \mid k)}{\sum_j p(j)\, p(x \mid j)} . $$
#
# This share after the day is what you should believe of $k$, *if* $x$ was seen. It is
# **[Bayes' rule](../glossary.md#bayes-rule)**, exactly. The share before is called the
# [prior](../glossary.md#prior), the share after the [posterior](../glossary.md#posterior). The page on
# [Bayes' rule](../toolbox/bayes.md) has an example with an illness. Belief is a share of your money.
#
# **Guess:** against *knows*, *even* loses 0.069 nats a day, and *sure* 0.521. After about how many days does *knows*
# hold 95 % of the pot? (That is 19 times what the others have. How many nats are that?)

# %% tags=["guess"]
my_days = ...

# %% tags=["hide-cell"]
print("The shares of the pot:")
weather = np.random.default_rng(7).choice(3, size=120, p=p)
share = np.full(3, 1 / 3)
pot = [share]
for x in weather:
    share = share * [q[x] for q in bets.values()]
    share = share / share.sum()
    pot.append(share)
pot_of_knows = np.array(pot)[:, 0]
print("knows first holds 95 % on day", np.argmax(pot_of_knows >= 0.95))
axes = drawing.axes("whose is the pot?", "day", "share", size=(6, 2.5))
colours = ["C2", "C0", "C3"]
axes.stackplot(range(121), np.array(pot).T, labels=list(bets), colors=colours)
axes.set(xlim=(0, 120), ylim=(0, 1))
axes.legend(loc="center right")
drawing.show(
    axes,
    alt="Three bands, a third each at first. That of sure is gone after a few "
    "days. That of even shrinks slowly, and knows takes nearly all.",
)

# %% [markdown]
# <details>
# <summary>How many</summary>
#
# $\ln 19 = 2.94$ nats, at 0.069 a day: about 43 days, more or fewer by luck. *Sure* is out of it after a few.
#
# </details>
#
# Nobody told the pot who is right. **Money moves to those who are less surprised**, and KL is its speed. Lesson 16
# asks a pot of bells which of them drew a point.
#
# ## 3. A price that depends on the unit
#
# A random variable may also be any number, such as the height of a person. Then it has a
# [density](../glossary.md#density): the probability of a short interval is the density times its length. An
# expectation is now an integral, $E_p[f(x)] = \int p(x) f(x)\, dx$.
#
# Say heights are $p = N(1.70, 0.08^2)$ in metres, and you believe $q = N(1.60, 0.10^2)$. $N(\mu, \sigma^2)$ is the
# bell, also called normal or [Gaussian](../glossary.md#gaussian). Beware: its second number is the *variance*. Within
# one std $\sigma$ of the mean lie 68 of 100 draws, within two 95.
#
# **Guess:** somebody of 1.75 m comes in. Write the same height and bells in centimetres. Which of these three change:
# the surprise under $p$, that under $q$, the difference?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("In metres, and in centimetres:")
for unit in (1, 100):
    of_p = surprise_of_bell(1.75 * unit, 1.70 * unit, 0.08 * unit)
    of_q = surprise_of_bell(1.75 * unit, 1.60 * unit, 0.10 * unit)
    print(f"p pays {of_p:6.3f}, q pays {of_q:6.3f}, difference {of_q - of_p:.3f}")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# In a centimetre there is a hundredth of the probability of a metre. So both surprises grow by $\ln 100 = 4.605$. In
# metres both are even negative: a density may be above 1, and a probability cannot. In the difference $\ln 100$
# cancels.
#
# </details>
#
# So the surprise of a density depends on the unit, and its entropy does, too. "Our model has -3 nats" says nothing
# if the unit is not known. But **a KL is a difference: the same in every unit**, and wherever you begin to measure. We
# use that twice below.
#
# ## 4. Ten thousand darts
#
# What does the wrong belief about heights cost on average? It is an integral. On a line one can add up many places;
# with 784 numbers there are too many places. But darts can be thrown anywhere: draw $x_1, \dots, x_n$ from $p$, and
# take the mean of what each costs. This is [Monte Carlo](../glossary.md#monte-carlo).
#
# A mean of darts is itself random. By how much? The values $f(x_i)$ of the darts are independent. So the variance of
# their sum is $n$ times that of one. (See the page [Variance](../toolbox/variance.md).) To get the mean, divide the sum
# by $n$, and so its variance by $n^2$. What is left is $\operatorname{Var}(f) / n$. Its root is the
# [standard error](../glossary.md#standard-error):
#
# $$ \mathrm{SE} = \frac{\text{std of the values}}{\sqrt n} . $$
#
# In lesson 4 we knew the variance. Now the darts must say it themselves. (`ddof=1` divides by $n - 1$, because the mean
# was taken from the same darts.)


# %%
def measured(values):
    """The mean, and its standard error, by the values themselves."""
    return np.mean(values), np.std(values, ddof=1) / np.sqrt(len(values))


def heights(n, rng):
    x = 1.70 + 0.08 * rng.standard_normal(n)
    return surprise_of_bell(x, 1.60, 0.10) - surprise_of_bell(x, 1.70, 0.08)


rng = np.random.default_rng(2)
for n in (100, 10_000, 1_000_000):
    mean, error = measured(heights(n, rng))
    print(f"{n:9,} darts: {mean:.5f} ± {error:.5f}")

# %% [markdown]
# A hundred times the darts, a tenth of the error. Always write both numbers: without its error, an estimate is a
# rumour.
#
# **Guess:** a hundred people measure this, with 400 darts each. Each draws mean ± SE. How many bars miss the truth?

# %% tags=["guess"]
my_misses = ...

# %% tags=["hide-cell"]
print("A hundred error bars:")
rng = np.random.default_rng(3)
grid = np.linspace(1, 2.4, 10_001)  # the integral as a sum, for once
bell_p = np.exp(-surprise_of_bell(grid, 1.70, 0.08))
extra = surprise_of_bell(grid, 1.60, 0.10) - surprise_of_bell(grid, 1.70, 0.08)
truth = np.sum(bell_p * extra) * (grid[1] - grid[0])
bars = np.array([measured(heights(400, rng)) for _ in range(100)])
off = np.abs(bars[:, 0] - truth) / bars[:, 1]
print(f"{np.sum(off > 1)} miss by more than 1 SE, {np.sum(off > 2)} by more than 2")
axes = drawing.axes("mean ± SE", "who", "nats", size=(6.4, 2.5))
for missed, colour in ((False, "C0"), (True, "C3")):
    who = np.flatnonzero((off > 1) == missed)
    axes.errorbar(who, bars[who, 0], bars[who, 1], fmt=".", color=colour, elinewidth=1)
axes.axhline(truth, color="black", linewidth=1)
drawing.show(
    axes,
    alt="A hundred points with error bars around a flat line. About a third of them, "
    "in red, are so far away that the bar does not reach the line.",
)

# %% [markdown]
# <details>
# <summary>How many should</summary>
#
# A mean of many darts is nearly a bell around the truth. So 32 of 100 should lie beyond one SE, and 5 beyond two.
# Error bars that always catch the truth are too long. "They differ by more than one error bar" is no news at all. The
# exercise's tests complain only beyond five.
#
# </details>
#
# ### Two error bars that lie
#
# **None of the darts was there.** How probable is it that a draw of $N(0, 1)$ is above 4.5?

# %%
values = np.random.default_rng(4).standard_normal(10_000) > 4.5
mean, error = measured(values)
print(f"{mean} ± {error}, and the truth is 0.0000034")

# %% [markdown]
# Zero plus or minus zero: never more wrong and never more sure. An error bar knows only of darts that hit something. If
# what is rare is also dear, do not trust it.
#
# **The darts are not independent.** A model is to be scored, in nats per picture. To know what one picture costs, we
# need darts (lesson 17 does). So each of 100 pictures gets 50 of them, 5,000 numbers in all. Say pictures differ by
# about 25 nats, and darts on the same picture by about 3.


# %%
def costs(rng, pictures=100, darts=50):
    of_picture = 100 + 25 * rng.standard_normal((pictures, 1))
    return of_picture + 3 * rng.standard_normal((pictures, darts))


rng = np.random.default_rng(5)
mean, error = measured(costs(rng).ravel())
print(f"{mean:.2f} ± {error:.2f} nats per picture")

# %% [markdown]
# **Guess:** repeat this 200 times with other pictures. By how much does the mean differ from time to time?

# %% tags=["guess"]
my_spread = ...

# %% tags=["hide-output"]
print("The std of repeated measurements:")
print(f"{np.std([costs(rng).mean() for _ in range(200)]):.2f} nats")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# There are 5,000 darts, but only 100 *pictures*, and these make the difference: $25 / \sqrt{100} = 2.5$. Fifty looks
# at one picture are not fifty pictures. What counts is how many things were drawn *independently*. `score` in
# `exercise.py` makes this mistake: mend it.
#
# </details>
#
# ## 5. Two bells, by hand
#
# Now without darts. Let $p = N(\mu, \sigma^2)$ throw, and $q = N(0, 1)$ pay. A dart is
# $x = \mu + \sigma \varepsilon$, with $\varepsilon$ from $N(0, 1)$. One who knows $p$ pays
#
# $$ -\ln p(x) = \tfrac12 \varepsilon^2 + \ln \sigma + \tfrac12 \ln 2\pi . $$
#
# $E[\varepsilon^2] = 1$, so on average that is
#
# $$ H(p) = \tfrac12 + \ln \sigma + \tfrac12 \ln 2\pi . $$
#
# One who believes $q$ pays $-\ln q(x) = \tfrac12 x^2 + \tfrac12 \ln 2\pi$. The mean of a square is the square of the
# mean plus the variance. So on average that is
#
# $$ E_p[-\ln q(x)] = \tfrac12 (\mu^2 + \sigma^2) + \tfrac12 \ln 2\pi . $$
#
# Subtract:
#
# $$ \mathrm{KL}(p \,\|\, q) = \tfrac12 \bigl(\mu^2 + \sigma^2 - 1 - \ln \sigma^2\bigr) . $$
#
# Lesson 4 promised to say where this formula comes from. It is in the loss of every variational autoencoder. And any
# *two* bells? Measure from $q$'s mean, in units of $q$'s std. Then $q$ is $N(0, 1)$, the KL is the same, and you are
# back here. That is your `kl_gaussians`.
#
# **Guess:** what are $\mu$ and $\sigma$ of the heights, if $N(1.60, 0.10^2)$ is to be $N(0, 1)$? What does the wrong
# belief cost, by hand? And will ten thousand new darts be within two of their standard errors of it?

# %% tags=["guess"]
my_mu, my_std, my_kl = ..., ..., ...


# %% tags=["hide-output"]
def by_hand(mu, std):
    """KL(N(mu, std²) || N(0, 1))"""
    return (mu**2 + std**2 - 1 - np.log(std**2)) / 2


print("By hand, and by darts:")
mu, std = (1.70 - 1.60) / 0.10, 0.08 / 0.10
mean, error = measured(heights(10_000, np.random.default_rng(6)))
print(f"mu {mu:.1f}, std {std:.1f}: by hand {by_hand(mu, std):.4f} nats")
print(f"by darts {mean:.4f} ± {error:.4f}")
print(f"apart by {abs(mean - by_hand(mu, std)) / error:.1f} standard errors")

# %% tags=["hide-input"]
values = heights(10_000, np.random.default_rng(6))


def dart_by_dart(n):
    left, right = drawing.grid(1, 2, size=(6.6, 2.5))[0]
    left.hist(values[:n], np.linspace(-3, 5, 41), density=True, color="C0", alpha=0.6)
    left.axvline(by_hand(1, 0.8), color="black", linewidth=1)
    left.set(title=f"{n:,} darts", xlabel="nats of a dart", xlim=(-3, 5), ylim=(0, 1.6))
    counts = np.array([m for m in (10, 30, 100, 300, 1000, 3000, 10_000) if m <= n])
    of_counts = np.array([measured(values[:m]) for m in counts]).T
    right.errorbar(counts, *of_counts, fmt="o-", color="C3", capsize=3)
    right.axhline(by_hand(1, 0.8), color="black", linewidth=1)
    right.set(title="their mean ± SE", xlabel="darts", xscale="log")
    right.set(xlim=(6, 16_000), ylim=(0, 1.6))
    return left


drawing.slider(
    dart_by_dart,
    (10, 100, 1000, 10_000),
    "Left, a histogram of what single darts cost: it is wide, and partly negative. "
    "Right, their mean with its error bar, which shrinks onto the line of the formula.",
    "darts",
    start=0,
    write="{:,}".format,
)

# %% [markdown]
# Single darts are all over the place, some even below 0. Only their mean is a KL. Two ways that have nothing in
# common, and one number: so we check every formula of probabilities in this course. You do it for any two bells, in
# `kl_by_darts`.
#
# **Guess:** the truth is $N(0, 1)$. *Sure* believes a std of 1/2, *modest* a std of 2. Who pays more? And if it is
# 1/10, and 10?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Too sure, and too modest:")
for factor in (2, 3, 10):  # in the unit of sure, the truth is N(0, factor²)
    sure, modest = by_hand(0, factor), by_hand(0, 1 / factor)
    print(f"by a factor of {factor:2}: {sure:6.3f} and {modest:.3f} nats")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# In the unit of *sure*, the truth is a bell that is too wide, and its *square* must be paid. *Modest* has spread the
# money too thin, and pays a *logarithm*. Squares are dearer. If you do not know how wrong you may be, say a larger
# number.
#
# </details>
#
# ## 6. Not a distance
#
# KL is 0 only for equals, and never negative. Several well-known texts go on and call it a distance, or a *metric*.
# For a distance it must be as far from A to B as from B to A. We have just seen that fail: in units of 2, *modest* has
# the std 1 and the truth 1/2. So *modest* pays the price of *sure* with the two bells swapped: 0.318, and not 0.807.
# Perhaps only because the widths differ?
#
# **Guess:** three bells of equal width, A, B and C, with means 0, 1 and 2. Is it cheaper to go from A to C, or from A
# to B and then from B to C?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Straight, and with a stop:")
print(f"A to B {by_hand(1, 1)}, B to A {by_hand(-1, 1)}, B to C {by_hand(1, 1)}")
print(f"A to C {by_hand(2, 1)}, with a stop at B {by_hand(1, 1) + by_hand(1, 1)}")

# %% [markdown]
# <details>
# <summary>What that means</summary>
#
# The stop halves the price. On a map that cannot be: no way is shorter than the straight one. With equal widths
# $\mathrm{KL} = d^2 / 2$, and squares are no distances.
#
# </details>
#
# So both rules of a distance fail. KL is a *price*, for one who believes $q$ in a world of $p$. Ask of every KL that
# you read: who throws, who pays?
#
# ## 7. Which way round?
#
# Back to the two heaps. Why did the bells go where they went? Here is each bell with the bill of *the other* order.
# The filled area is what it pays; below 0 it earns.

# %% tags=["hide-input"]
cover, hide = (-surprise_of_bell(line, m, np.exp(s)) for m, s in (f[-1] for f in films))
panels = drawing.grid(1, 2, size=(6.6, 2.7))[0]
for panel, log_q, name, log_a, log_b in (
    (panels[0], hide, "the hiding bell under KL(p || q)", log_p, hide),
    (panels[1], cover, "the covering bell under KL(q || p)", cover, log_p),
):
    panel.plot(line, np.exp(log_p), "C0", label="p")
    panel.plot(line, np.exp(log_q), "C3", label="q")
    paid = np.exp(log_a) * (log_a - log_b)
    panel.fill_between(line, paid, color="orange", alpha=0.6, label="paid")
    panel.set(xlim=(-9, 9), ylim=(-0.3, 0.9), xlabel="x")
    panel.set_title(name, fontsize=10)
    panel.legend(fontsize=8, loc="upper left")
drawing.show(
    panels[0],
    alt="Left: the bell stands on the left heap, and a tall orange area rises out of "
    "the picture over the right heap. Right: a wide bell, and an orange area between "
    "the heaps, where the bell is and p is not.",
)

# %% [markdown]
# - **$p$ throws.** Half of the darts land on the right heap, where the hiding bell has bet practically nothing. It is
#   ruined like *sure*. So $q$ must *cover*: a place where $p$ throws and $q$ is absent is dear.
# - **$q$ throws.** Now only places where the *bell* is can cost anything. The covering bell throws into the empty
#   middle, and out at both sides, where $p$ is nearly 0. There it pays. But a heap that $q$ never visits costs nothing.
#   So $q$ may *hide*.

# **Guess:** each of the two bells has a price in each order. Which of the four is the largest? About how many nats?

# %% tags=["guess"]
my_largest = ...

# %% tags=["hide-output"]
print("In nats:")
print("              KL(p || q)   KL(q || p)")
from_the_middle = downhill(q_throws, start=(0.5, 0.9))[-1]
stuck = -surprise_of_bell(line, from_the_middle[0], np.exp(from_the_middle[1]))
for name, log_q in (("covering", cover), ("hiding", hide), ("stuck", stuck)):
    print(f"{name:9} {p_throws(log_q):14.3f} {q_throws(log_q):12.3f}")

# %% [markdown]
# <details>
# <summary>Why so many</summary>
#
# If $p$ throws, half of the darts land 7 stds from the hiding bell's mean, and cost about $7^2 / 2 = 24.5$ nats each.
# That is 12 on average, less the $\ln 2$ of the next lines, which it earns. (It ends a little wider than the heap.
# So it pays a little less.)
#
# </details>
#
# Each wins by its own price. Where the hiding bell stands, $p$ is just half of it. So if it throws, each dart costs
# about $\ln 2$: one bit, for having left out one heap of two.
#
# The third row is the right bell again, started near the middle. It goes downhill and stays between the heaps, though
# hiding would cost half as much: the valley has a second bottom. How far apart must heaps be for hiding to win? Find
# out with `best_bell`, the experiment.
#
# In practice the order is chosen by *what you can do*.
#
# - You have draws of $p$, such as pictures, and no formula for it. Then $p$ throws. In $\mathrm{KL}(p \,\|\, q) =
#   E_p[-\ln q(x)] - H(p)$ your model $q$ appears only in the first term. That is the mean surprise at the data: lesson
#   6's losses, one and all. **Maximum likelihood covers.** It is why unsure networks blur (lesson 9, section 7).
# - You have a formula for $p$, at least up to a factor (which only adds a constant), but no draws. You can draw from
#   your own $q$. Then $q$ throws. The encoder of a variational autoencoder does that, from lesson 16 on. It may hide.
#
# ## 8. The place where nobody is
#
# A code has many numbers. Let them be independent, each from $N(0, 1)$. Then densities multiply, and surprises *add*:
#
# $$ -\ln p(x) = \tfrac12 |x|^2 + \tfrac D2 \ln 2\pi . $$
#
# The density is highest at the centre, $x = 0$. No other point is less surprising.
#
# **Guess:** in $D = 100$ dimensions, throw 10,000 darts. How close to the centre comes the closest?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Distances from the centre:")
rng = np.random.default_rng(7)
for D in (1, 2, 10, 100, 784):
    distance = np.linalg.norm(rng.standard_normal((10_000, D)), axis=1)
    nearest, mean, farthest = distance.min(), distance.mean(), distance.max()
    print(f"D = {D:3}: {nearest:6.3f} to {farthest:5.2f}, mean {mean:5.2f}", end="")
    print(f", root of D {np.sqrt(D):5.2f}")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# $|x|^2$ is a sum of $D$ squares, and each has the mean 1. One small square is common, a hundred small ones at the same
# time are not. There is far more *room* at a distance than at the centre, and room wins. A square has the variance 2
# (lesson 4 used it for the error of a variance). So $|x|^2$ is $D \pm \sqrt{2D}$. The slope of a root is
# $1 / (2 \sqrt D)$. So $|x|$ is $\sqrt D \pm 0.7$, for every large $D$.
#
# </details>

# %% tags=["hide-cell"]
print("From one dimension to a hundred:")
rng = np.random.default_rng(8)
clouds = {D: rng.standard_normal((10_000, D)) for D in (1, 2, 5, 20, 100)}


def shell(D):
    x = clouds[D]
    distance = np.linalg.norm(x, axis=1)
    left, right = drawing.grid(1, 2, size=(6.6, 2.7))[0]
    turn = x[:250, 0] + 1j * (x[:250, 1] if D > 1 else 0)
    flat = distance[:250] * turn / np.abs(turn)  # at its true distance from the centre
    left.plot(flat.real, flat.imag, ".", markersize=3)
    left.plot(0, 0, "*", color="C3", markersize=12)
    left.set(title=f"D = {D}", xlim=(-14, 14), ylim=(-14, 14), xticks=[], yticks=[])
    left.set_aspect("equal")
    right.hist(distance, np.linspace(0, 14, 71), density=True, color="C0")
    right.plot(0, 0, "*", color="C3", markersize=12, clip_on=False)
    right.set(title="distance from the centre", xlim=(0, 14), ylim=(0, 0.9), yticks=[])
    return left


drawing.slider(
    shell,
    list(clouds),
    "Darts around a star at the centre of the bell. With few dimensions they lie on "
    "the star. With more they form a ring, ever larger, and the star stands alone.",
    "dimensions",
)

# %% [markdown]
# In the picture each dart is drawn at its true distance. The bell of many dimensions is a *shell*: thin, with the
# radius $\sqrt D$, and empty inside. So this is the answer to our question. A draw of $N(0, I)$ should surprise you by
#
# $$ \tfrac D2 (1 + \ln 2\pi) \pm \sqrt{\tfrac D2} \quad \text{nats:} $$
#
# the entropy, not much more, and *not much less*. **A point that surprises you too little is as suspicious as one that
# surprises you too much.**
#
# ### Numbers that belong together
#
# In a bell numbers may depend on each other: its [covariance](../glossary.md#covariance) matrix $C$ says how. Lesson 10
# drew such points: $x = m + R\,\varepsilon$ with $R R^\top = C$.
# Read it backwards. $\varepsilon = R^{-1}(x - m)$ is the same
# point, measured in units in which the bell is $N(0, I)$. As in section 3, the unit has its price. $R$ stretches
# every volume by the same factor, its *determinant* (up to the sign). If only stds stand on the diagonal of $R$, that
# is their product.
#
# $$ -\ln p(x) = \tfrac12 |\varepsilon|^2 + \tfrac D2 \ln 2\pi + \ln |\det R| . $$
#
# This is your `surprise`. In two dimensions such a bell can be tilted, with a covariance $r$ between the two numbers:
#
# $$ C = \begin{pmatrix} 1 & r \\ r & 1 \end{pmatrix} . $$
#
# The encoder of a variational autoencoder gives each number of a code a mean and a variance, and no covariances. So its
# bell cannot tilt. What does it do if the truth is tilted?
#
# **Guess:** a bell $q$ with two independent numbers of equal std stands for the tilted $p$ with $r = 0.95$. Which std
# is best if $p$ throws? And if $q$ throws? Which of the two prices is higher?

# %% tags=["guess"]
my_std_if_p_throws, my_std_if_q_throws, my_price = ..., ..., ...


# %% tags=["hide-cell"]
def surprise_of_tilted(x, r):
    eps = (x[:, 1] - r * x[:, 0]) / np.sqrt(1 - r**2)  # R has the rows 1, 0 and r, ...
    return (x[:, 0] ** 2 + eps**2) / 2 + LN_2PI + np.log(1 - r**2) / 2


def darts_of_both(r, std, n=10_000):
    """Prices of a round bell q, if p throws and if q throws."""
    eps = np.random.default_rng(9).standard_normal((n, 2))
    of_p = np.stack([eps[:, 0], r * eps[:, 0] + np.sqrt(1 - r**2) * eps[:, 1]], axis=1)
    costs = lambda x: surprise_of_bell(x, 0, std).sum(axis=1) - surprise_of_tilted(x, r)
    return measured(costs(of_p)), measured(-costs(std * eps))


print("The best std, found by darts, and its price:")
widths = np.linspace(0.1, 1.5, 141)
both = np.array([darts_of_both(0.95, std) for std in widths])
for name, way in (("p throws", 0), ("q throws", 1)):
    best = both[:, way, 0].argmin()
    price, error = both[best, way]
    print(f"{name}: std {widths[best]:.2f}, price {price:.3f} ± {error:.3f} nats")

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# The two bells could not be more different, and their prices are equal within their errors. (By hand, both are
# $-\tfrac12 \ln(1 - r^2)$.) If $p$ throws, $q$ has $p$'s own stds, 1, and bets on wide corners where nothing is. If $q$
# throws, it must stay inside of $p$. Its std is $\sqrt{1 - r^2}$: how far one number can still move while the other
# stands still. So each tells a different lie. The second one is *too sure*, and it is the one that encoders tell.
#
# </details>

# %% tags=["hide-cell"]
print("From a round bell to a line:")
circle = np.exp(2j * np.pi * np.linspace(0, 1, 100))
eps = np.random.default_rng(9).standard_normal((250, 2))


def tilted(r):
    width = np.sqrt(1 - r**2)
    axes = drawing.axes(f"r = {r}", "first number", "second number", size=(3.7, 3.4))
    second = r * eps[:, 0] + width * eps[:, 1]
    axes.plot(eps[:, 0], second, ".", markersize=3, label="p")
    for std, colour, name in ((1, "C2", "if p throws"), (width, "C3", "if q throws")):
        ring = 2 * std * circle
        axes.plot(ring.real, ring.imag, colour, linewidth=2, label=f"q {name}")
    axes.set(xlim=(-3.6, 3.6), ylim=(-3.6, 3.6))
    axes.set_aspect("equal")
    axes.legend(fontsize=8, loc="upper left")
    return axes


drawing.slider(
    tilted,
    (0, 0.5, 0.8, 0.95, 0.99),
    "A cloud of points and two circles, each at two stds. At r = 0 all agree. As the "
    "cloud becomes a thin tilted line, the green circle stays, and the red one shrinks "
    "until it is as small as the line is thin.",
    "r",
    start=3,
)

# %% [markdown]
# ### Real digits
#
# Along PCA's directions (lesson 9) the covariances are 0, and $R$ has the stds on its diagonal. We fit such a bell to
# the first 30 numbers of PCA, and ask how surprised it is at digits that it has not seen.

# %%
images, _ = data.mnist("train")
x = images.reshape(-1, 784).astype(np.float64)
x, others = x[:55_000], x[55_000:]
middle = x.mean(axis=0)
variances, vectors = np.linalg.eigh((x - middle).T @ (x - middle) / len(x))
stds, directions = np.sqrt(variances[-30:]), vectors[:, -30:]


def surprise_at(pictures):
    eps = (pictures - middle) @ directions / stds
    return (eps**2).sum(axis=1) / 2 + 15 * LN_2PI + np.log(stds).sum()


# %% [markdown]
# **Guess:** the entropy of this bell is 41.8 nats, and 5,000 digits are around there. And the *mean picture*, a grey
# cloud that nobody ever wrote: is its surprise larger than that of most digits?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("Nats, of the mean picture and of digits:")
of_others, of_middle = surprise_at(others), surprise_at(middle[None])[0]
entropy = of_middle + 15
print(f"mean picture {of_middle:.1f}", end="")
print(f"; digits {of_others.min():.1f} to {of_others.max():.1f}")
print(f"expected {entropy:.1f} ± {np.sqrt(15):.1f}", end="")
print(f", digits have {of_others.mean():.1f} ± {of_others.std():.1f}")
panels = drawing.grid(1, 4, size=(6.8, 2.1))[0]
panels[0].hist(of_others, 40, color="C0")
panels[0].axvline(of_middle, color="C3")
panels[0].set(title="nats", yticks=[], xlim=(20, 75))
order = of_others.argsort()
for panel, picture, name in zip(
    panels[1:],
    (middle, others[order[0]], others[order[-1]]),
    ("mean picture", "least surprising", "most surprising"),
):
    panel.imshow(picture.reshape(28, 28), cmap="gray", vmin=0, vmax=1)
    panel.set(xticks=[], yticks=[])
    panel.set_title(name, fontsize=9)
drawing.show(
    panels[0],
    alt="A histogram of surprises from 32 to about 70 nats, with a red line far to the "
    "left of it for the mean picture, a grey cloud. Beside it the least and the most "
    "surprising digit.",
)

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# It surprises this bell less than any of the 5,000 digits. The centre is the likeliest *point*, and no digit is near
# it. So "high density" does not mean "looks real", and a model's favourite picture is no sample. (The digits spread
# more than they should, too: they are not really a bell.)
#
# </details>
#
# Keep the shell in mind. A variational autoencoder draws codes from $N(0, I)$. If they have many numbers, they lie on
# it. A straight line between two of them passes inside, where no code is.
#
# ### A std where a variance belongs
#
# Last, a trap that NumPy lays. `rng.normal` takes a std. `rng.multivariate_normal` takes a covariance matrix, so on its
# diagonal stand *variances*. Give it stds by mistake:

# %%
for std in (1.0, 0.3, 2.5):
    rng = np.random.default_rng(10)
    x = rng.multivariate_normal([0, 0], [[std, 0], [0, std]], 10_000)
    print(f"std wanted {std}, std found {x.std():.3f}")

# %% [markdown]
# A test at 1 passes. Away from 1 all points are too far apart or too close together. `draw` in `exercise.py` has this
# mistake: mend it.
#
# ## 9. How sure are you?
#
# Ten questions. Answer each with a bell: a mean, and a std. Two times out of three the truth should lie within one std.
# No looking up. In the cell below stand the answers of an invented reader. Replace them *before* you go on.

# %%
mine = {
    "distance to the moon, in thousands of km": (300, 50),
    "bones of a grown-up person": (250, 20),
    "height of Mount Everest, in metres": (8800, 50),
    "speed of sound in air at 20 °C, in m/s": (330, 5),
    "chemical elements with a name": (112, 4),
    "radius of the Earth, in km": (6300, 100),
    "melting point of gold, in °C": (1300, 150),
    "days that Mercury takes around the sun": (100, 20),
    "keys of a piano": (84, 3),
    "Eiffel Tower with its antennas, in metres": (300, 20),
}

# %% tags=["hide-cell"]
print("What is true, and how surprised you were:")
true = np.array([384.4, 206, 8849, 343, 118, 6371, 1064, 88, 88, 330])
means, widths = np.array(list(mine.values()), dtype=float).T
z = (true - means) / widths
for question, answer, off in zip(mine, true, z):
    print(f"{question:42} {answer:7.6g}   {off:5.1f} std away")
factor = np.sqrt(np.mean(z**2))
print(f"mean of z²: {factor**2:.2f}; of honest bells, 1 ± {np.sqrt(2 / 10):.2f}")
print(f"your stds should have been {factor:.2f} times as wide")
print(f"that cost you {by_hand(0, factor):.2f} nats a question")
print(f"so your money was divided by {np.exp(10 * by_hand(0, factor)):.3g} in all")

# %% [markdown]
# Let $z$ be how many stds the truth lies away. Of honest bells the mean of $z^2$ is 1. Its root $f$ is *your number*:
# by this factor you were too sure (above 1) or too modest (below). Why? Had all your stds been $c$ times as wide, a
# question would have cost $\tfrac12 f^2 / c^2 + \ln c$ on average, and a constant. Its slope in $c$ is 0 at $c = f$.
# You took $c = 1$, so you paid $\tfrac12 (f^2 - 1 - \ln f^2)$ more for each question than with the best $c$: section
# 5's formula again.
#
# In studies of such questions most people were too sure. But ten questions are ten darts, and $1 \pm 0.45$ is
# the error bar. So ask your friends, too.
#
# ## Exercise
#
# `exercise.py` has five functions to write, two to mend, and one experiment. `python -m lessons grade 15` says what you
# have.
#
# **`bill`**
#
# <details>
# <summary>Hint 1</summary>
#
# Leave out the outcomes with $p = 0$ before you take any logarithm. Where $q = 0$ is left, the logarithm is $-\infty$,
# which is right.
#
# </details>
#
# **`shares`**
#
# <details>
# <summary>Hint 1</summary>
#
# Money is multiplied day by day. So its logarithm is a sum: it is enough to know how often each weather came.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# At the end all logarithms may be -20,000. Shares do not change if all of them grow by the same number. Which one makes
# the largest 0? (Lesson 6 had this trick.) And $0 \cdot \ln 0$ is NaN: leave out weather that never came.
#
# </details>
#
# **`kl_gaussians`**
#
# <details>
# <summary>Hint 1</summary>
#
# Measure from $\mu_q$, in units of $\sigma_q$. What are then the mean and the std of $p$? Put them into section 5's
# formula.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# Surprises of independent coordinates add up, and so do their differences. Sum over axis 1.
#
# </details>
#
# **`kl_by_darts`**
#
# <details>
# <summary>Hint 1</summary>
#
# The first letter throws: $x = \mu_p + \sigma_p \varepsilon$. Each dart has one value, its surprise under $q$ less that
# under $p$, summed over the coordinates. Then section 4.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# `log_var` is the logarithm of the *variance*. What is the std?
#
# </details>
#
# **`surprise`**
#
# <details>
# <summary>Hint 1</summary>
#
# `np.linalg.cholesky(C)` gives a root $R$, with zeros above its diagonal. The determinant of such a matrix is the
# product of its diagonal.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# A product of 300 small numbers is 0 for the computer. Its logarithm is a sum. `np.linalg.solve(R, columns)` gives
# $R^{-1}$ times the columns.
#
# </details>
#
# **`draw`** (debug)
#
# <details>
# <summary>Hint 1</summary>
#
# What stands on the diagonal of a covariance matrix?
#
# </details>
#
# **`score`** (debug)
#
# <details>
# <summary>Hint 1</summary>
#
# What was drawn independently? Make one number of each picture first.
#
# </details>
#
# **`best_bell`** (experiment)
#
# <details>
# <summary>Hint 1</summary>
#
# Two loops, over means and stds. Write $\ln q$ by its formula, and not as the logarithm of a $q$ that may have become
# 0.
#
# </details>
#
# <details>
# <summary>Hint 2: the line</summary>
#
# What does the hiding bell pay, at any distance? And a covering one, as the middle becomes emptier?
#
# </details>
#
# ## Challenge: a distance after all
#
# Worth nothing but pride. Let $m$ be the mixture $\tfrac12 p + \tfrac12 q$, and
# $J = \tfrac12 \mathrm{KL}(p \,\|\, m) + \tfrac12 \mathrm{KL}(q \,\|\, m)$. It is the same both ways. Can it be
# infinite? Draw 10,000 triples of distributions over three kinds of weather. Does $J$ ever make a stop cheaper than the
# straight way? Does $\sqrt J$?
#
# ## Expected results
#
# | section | what | you should have seen |
# |---|---|---|
# | 1 | one who knows | 1.030 nats a day; *even* 0.069 more, *sure* 0.521 more |
# | 4 | error bars that miss the truth | about a third |
# | 4 | 100 pictures with 50 darts each | an error of 0.32 claimed, 2.32 found (by hand 2.5) |
# | 5 | hand and darts | within a few standard errors |
# | 5 | too sure by 2, too modest by 2 | 0.807 and 0.318 nats |
# | 6 | from A to C, and with a stop | 2 and 1 |
# | 7 | the hiding bell | 0.692 nats if it throws |
# | 8 | the closest of 10,000 darts in 100 dimensions | about 7 from the centre |
# | 8 | a round bell for a tilted one, $r = 0.95$ | std about 1 or 0.31, both for about 1.17 nats |
#
# ## What you now know
#
# - You pay your surprise. Entropy is the bill of one who knows, and KL is what a wrong belief costs on top.
# - The first letter throws, the second pays. KL is a price and not a distance.
# - If $p$ throws, $q$ covers: maximum likelihood. If $q$ throws, it may hide.
# - A mean of darts has an error bar, which counts what was drawn independently.
# - In many dimensions nobody lives at the centre. Be as surprised as the entropy says.
#
# ## Read next
#
# - Lesson 16, *Hidden causes*: who drew this point?
# - `gaussian_kl` in `minae/functional.py`: the formula of section 5, as an op.
# - J. L. Kelly, *A New Interpretation of Information Rate* (1956): nats as money.
# - S. Kullback and R. A. Leibler, *On Information and Sufficiency* (1951).
# - M. Alpert and H. Raiffa, *A progress report on the training of probability assessors* (1982): section 9, with
#   students.
# - D. J. C. MacKay, *Information Theory, Inference, and Learning Algorithms*, Cambridge (2003), chapters 2 and 33.
