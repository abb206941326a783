# %% [markdown]
# # 16. Hidden causes: who drew this point?

# %% tags=["hide-input"]
# The functions of sections 2 and 4, and the walk. Leave it folded for now.
from pathlib import Path

import numpy as np

from lessons import drawing
from minae import Tensor, data, nn, optim
from minae import functional as F

HERE = Path(drawing.__file__).parent / "16_hidden_causes"
x = np.loadtxt(HERE / "faithful.csv", delimiter=",")


def ln_bell(x, mean, covariance):
    """The logarithm of a Gaussian's density, as in lesson 15."""
    away = x - mean
    squares = (away @ np.linalg.inv(covariance) * away).sum(axis=1)
    return -(squares + np.linalg.slogdet(2 * np.pi * covariance)[1]) / 2


def ln_joint(x, parts):
    """ln p(x, z): a row for each point, a column for each part."""
    columns = [np.log(weight) + ln_bell(x, *bell) for weight, *bell in parts]
    return np.stack(columns, axis=1)


def who(joint):
    """ln p(x), and the posterior."""
    ln_p = np.logaddexp.reduce(joint, axis=1)
    return ln_p, np.exp(joint - ln_p[:, None])


def refit(x, shares):
    """Each part's weight, mean and covariance, if points belong to it by shares."""
    parts = []
    for share in shares.T:
        covariance = np.cov(x.T, aweights=share, ddof=0).reshape(2 * x.shape[1:])
        mean = np.average(x, axis=0, weights=share)
        parts.append((share.mean(), mean, covariance))
    return parts


spread = np.cov(x.T, ddof=0)
start = [(0.5, np.array([2.0, 90.0]), spread), (0.5, np.array([5.0, 50.0]), spread)]
film, scores = [start], [who(ln_joint(x, start))[0].mean()]
for _ in range(100):
    film.append(refit(x, who(ln_joint(x, film[-1]))[1]))
    scores.append(who(ln_joint(x, film[-1]))[0].mean())


def ellipses(panel, parts):
    """Two standard deviations around each mean."""
    angles = np.linspace(0, 2 * np.pi, 100)
    for number, (_, mean, covariance) in enumerate(parts):
        circle = 2 * np.stack([np.cos(angles), np.sin(angles)])
        line = mean[:, None] + np.linalg.cholesky(covariance) @ circle
        panel.plot(*line, color=f"C{number}", linewidth=2)
        panel.plot(*mean, "+", color=f"C{number}", markersize=10)


def dots(panel, points, posterior=None):
    """Blue or orange, as the posterior says; grey if nobody knows."""
    if posterior is None:
        panel.plot(*points.T, ".", color="grey", markersize=4)
    else:
        two_colours = np.array([[0.12, 0.47, 0.71], [1.0, 0.5, 0.05]])
        panel.scatter(*points.T, c=posterior @ two_colours, s=6)
    panel.set(xlim=(1, 6), ylim=(32, 105), xlabel="it lasted (minutes)")


def walk(step):
    left, right = drawing.grid(1, 2, size=(5.6, 2.6))[0]
    dots(left, x, who(ln_joint(x, film[step]))[1])
    ellipses(left, film[step])
    left.set(title=f"step {step}", ylabel="the next wait (minutes)")
    right.plot(scores[: step + 1], color="C3")
    right.plot([step], scores[step : step + 1], "o", color="C3")
    right.set(title="mean of ln p(x), in nats", xlim=(-3, 103), ylim=(-5.0, -4.0))
    right.set(xlabel="step")
    right.grid(alpha=0.3)
    return left


drawing.animate(
    walk,
    (0, 1, 5, 50, 62, 66, 70, 75, 80, 100),
    alt="Left, 272 dots in two clouds, and two ellipses. They begin outside, lie on "
    "both clouds together for a long time, and end on one cloud each; the dots take "
    "their colours. Right, a curve that stays flat for long and then leaps.",
    seconds=0.8,
)

# %% [markdown]
# Old Faithful is a geyser in Yellowstone. Each dot is an eruption of August 1985: how long it lasted, and how long the
# wait for the next one was. (The file beside this lesson names source and licence.) Two ellipses begin in the wrong
# places and walk. Each ends on one kind of eruption, and each dot takes the colour of the ellipse that probably drew
# it. We had only said that there are two kinds, and not which eruption is of which. (The curve on the right is a score.
# For fifty steps it says that nothing happens. Section 4 asks what that means.)
#
# Data often have a cause that nobody wrote down: a geyser's mood, the digit that somebody had in mind. This lesson
# finds such a cause. It does so in a place where *every* number can be checked against the exact answer. At the end a
# network does the hardest part of the work, and you own all parts of a variational autoencoder before you hear its name
# again.
#
# You need lesson 15 (Gaussians, Bayes' rule, KL) and lesson 6 (nats). One page stands beside it:
# [One step of EM by hand](../toolbox/em_by_hand.md). Reading takes 35 minutes.
#
# ## 1. A story in two steps
#
# We tell a story of how a point comes to be.
#
# 1. Nature throws a bent coin. It shows the kind of the next eruption, $z = 0$ or $z = 1$. Its probabilities $p(z)$ are
#    the [prior](../glossary.md#prior): what is known of $z$ before anything is seen.
# 2. The bell of this kind draws the point $x$. Its density is $p(x | z)$.
#
# We see $x$ and never see $z$. So $z$ is called a [latent variable](../glossary.md#latent-variable), which means a
# hidden one. The whole event, this kind *and* this point, has the density
#
# $$ p(x, z) = p(z)\, p(x | z), $$
#
# and the point alone has the sum over all ways that it can have come to be:
#
# $$ p(x) = \sum_z p(z)\, p(x | z). $$
#
# That is a [mixture](../glossary.md#mixture), and its bells are its *parts*. Is it a good story? A good story can be
# told again. Here are the geyser's 272 eruptions, and 272 that were drawn by the two ellipses at the end of the walk.

# %% tags=["hide-input"]
rng = np.random.default_rng(3)
found = film[-1]
told = []
for _ in range(272):
    z = rng.choice(2, p=[weight for weight, *_ in found])  # the coin
    told.append(rng.multivariate_normal(*found[z][1:]))  # the bell
panels = drawing.grid(1, 2, size=(5.6, 2.5))[0]
for panel, cloud in zip(panels, (np.array(told), x)):
    dots(panel, cloud)
panels[0].set(ylabel="the next wait (minutes)")
drawing.show(
    panels[0],
    alt="Two clouds of grey dots, and beside them two clouds that look nearly alike.",
)

# %% [markdown]
# **Guess:** which is the geyser, the left one or the right one?

# %% tags=["guess"]
my_guess = ...

# %% [markdown]
# <details>
# <summary>The answer</summary>
#
# The right one. Two things give it away. Its waits are whole minutes, so its dots stand in rows. And a bell has no end:
# the left one has eruptions that are longer than any that the geyser had. Two bells are not the truth about a geyser.
# But as a story they are hard to tell from it.
#
# </details>
#
# ## 2. Who drew it?
#
# Turn the story around. A point lies before you. Which part drew it? That is lesson 15's pot, with the parts as
# advisers. So it is Bayes' rule:
#
# $$ p(z | x) = \frac{p(x, z)}{p(x)} = \frac{p(z)\, p(x | z)}{\sum_{z'} p(z')\, p(x | z')}. $$
#
# ($z'$ runs over all parts.) This is the [posterior](../glossary.md#posterior): what is known of $z$ *after* the point
# was seen. For mixtures it is also called the **responsibility** of a part for the point.
#
# Two functions do this on our page. `ln_joint(x, parts)` gives $\ln p(x, z)$, a row for each point and a column for
# each part. `who` makes $\ln p(x)$ and the posterior of it. They stand in the folded cell at the top. You write the
# first one as `log_joint`, and mend the second one, `e_step`.
#
# Try it in one dimension. Two parts are equally likely: a narrow bell around 0 with std 1, and a wide bell around 4
# with std 3.
#
# **Guess:** who drew the point at $-5$? It is 5 away from one centre, and 9 from the other. And the one at 3?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
narrow = (0.5, np.array([0.0]), np.array([[1.0]]))
wide = (0.5, np.array([4.0]), np.array([[9.0]]))
print("Who drew the point:")
for place in (-5.0, -2.0, 0.0, 1.0, 3.0):
    _, posterior = who(ln_joint(np.array([[place]]), [narrow, wide]))
    print(f"x = {place:4}: narrow {posterior[0, 0]:.3f}, wide {posterior[0, 1]:.3f}")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# Measure the distance in each bell's own unit. $-5$ is 5 std away from the narrow one and 3 std from the wide one. So
# the point farthest to the *left* was most probably drawn by the bell on the *right*. And $-2$ is 2 std away from both.
# There the narrow bell wins by 3 to 1, because it is three times as high.
# A posterior does not ask who is nearer. It asks for
# whom this point is less of a surprise. (At 0 the narrow bell is not sure, because the wide one draws points there,
# too.)
#
# </details>
#
# 0.75 is neither yes nor no, and that is its use: it is an honest answer. And the geyser? Of nearly all its
# eruptions there is no doubt. Of a few there is:

# %%
_, posterior = who(ln_joint(x, found))
doubt = posterior.max(axis=1)
print(f"more than 99 % sure: {(doubt > 0.99).sum()} of {len(x)}")
place = doubt.argmin()
print("least sure:", x[place], "minutes; posterior", posterior[place].round(2))

# %% [markdown]
# ## 3. Too small to add up
#
# Bayes' rule needs a sum of densities. In programs that has an old trap. A density may be so small that the computer
# writes 0, and the logarithm of 0 is $-\infty$. So many programs add a little something, "to be safe":
# `np.log(p + 1e-8)`.
#
# Let us see how safe. The model is the simplest one of lesson 6: a picture is 784 coins, and the mean picture says how
# each is bent. (No side of a coin gets less than 0.001.) We show it digits, and then pure noise.
#
# **Guess:** what does the safe line print for the digits? And for the noise?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("ln p, the mean over pictures:")
digits = data.mnist("train")[0][:1000].reshape(-1, 784) > 0.5
coins = digits.mean(axis=0).clip(0.001, 0.999)
noise = np.random.default_rng(0).random((1000, 784)) < 0.5
for name, pictures in (("digits", digits), ("noise", noise)):
    ln_p = np.log(np.where(pictures, coins, 1 - coins)).sum(axis=1)
    with_added = np.log(np.exp(ln_p) + 1e-8)
    print(f"{name:6} true {ln_p.mean():8.2f}, with 1e-8 {with_added.mean():6.2f}")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# $\ln 10^{-8} = -18.42$. Nothing can cost more than 18.42 nats any more, so here everything costs just that. A model
# that gets the same mark for a digit and for noise cannot learn. And 18 nats for a picture *looks* like a very good
# model. (The line stands in the EM program of a well-known book.)
#
# </details>
#
# The cure is to stay with logarithms. Let $a_z = \ln p(x, z)$, and let $m$ be the largest of them. Then
#
# $$ \ln p(x) = \ln \sum_z e^{a_z} = m + \ln \sum_z e^{a_z - m}. $$
#
# This is called [log-sum-exp](../glossary.md#log-sum-exp). Now the largest term is $e^0 = 1$, so the sum is at least 1
# and nothing is lost. (Lesson 3's `log_softmax` did the same.) The posterior is $e^{a_z - \ln p(x)}$, a softmax. On
# this page `np.logaddexp.reduce` does it.
#
# The 1e-8 does a second harm. In Bayes' rule it stands below the line. Here is a bad start for the geyser: two bells
# far from all points, and narrow. If we add up the posteriors of a part, we get how many points it owns.

# %%
tight = np.diag([0.02, 4.0])
far = [(0.5, np.array([2.0, 90.0]), tight), (0.5, np.array([5.0, 50.0]), tight)]
joint = ln_joint(x, far)
density = np.exp(joint)
p = density.sum(axis=1) + 1e-8
print(f"mean of ln p(x): {who(joint)[0].mean():.1f}")
print(f"with 1e-8:       {np.log(p).mean():.1f}")
print("how many of the 272 points each part owns:", who(joint)[1].sum(0).round(1))
print("with 1e-8:", (density / p[:, None]).sum(axis=0))

# %% [markdown]
# With 1e-8 nobody owns any of them. The points far away are just those that a part should walk to, and they are
# silently left out. In `exercise.py` the debug exercise `e_step` has this line. Mend it.
#
# ## 4. The chicken and the egg
#
# How did the ellipses find their places? Two things are easy:
#
# - *If we knew who drew each point*, we would take each kind by itself: its share, its mean, its covariance. These are
#   the likeliest numbers for it (the share in lesson 6, the others in a moment).
# - *If we knew the parts*, Bayes' rule would say who drew each point.
#
# Each needs the other. So begin with any guess of the parts, and take turns. That is [EM](../glossary.md#em):
#
# - **E-step:** with these parts, find the posterior of each point.
# - **M-step:** with these posteriors, find the best parts.
#
# (E is for *expectation*, M for *maximisation*.)
#
# But a posterior is no sure answer. A point may belong to part 0 by 0.8 and to part 1 by 0.2. So in the M-step it
# counts 0.8 times here, and 0.2 times there. Take one part, in one dimension. Let $r_n$ be its posterior for point $n$,
# $m$ its mean and $s$ its variance. The surprise of all that belongs to it is
#
# $$ \sum_n r_n \left( \frac{(x_n - m)^2}{2 s} + \tfrac12 \ln s \right) + \text{constant}. $$
#
# **Guess:** for which $m$ and which $s$ is it smallest? Take pencil and paper, and set both slopes to zero.

# %% tags=["guess"]
my_guess = ...

# %% [markdown]
# <details>
# <summary>The answer</summary>
#
# The slope in $m$ is $-\sum_n r_n (x_n - m) / s$. It is zero for
# $m = \sum_n r_n x_n \,/\, \sum_n r_n$, a mean in which each point counts by its share. The slope in $s$ is
# $\sum_n r_n \bigl( \tfrac{1}{2s} - \tfrac{(x_n - m)^2}{2 s^2} \bigr)$. It is zero for
# $s = \sum_n r_n (x_n - m)^2 \,/\, \sum_n r_n$, a variance with the same shares.
#
# </details>
#
# In two dimensions the square becomes a table of products, the covariance. And the prior of a part becomes the mean of
# $r_n$, the share of all points that it owns. (That is lesson 6's bent coin: its likeliest $p$ is the share of heads.)
# The page [One step of EM by hand](../toolbox/em_by_hand.md) does all of it with three points and a pencil.
#
# You write `m_step` and `em`. On this page `refit` stands in for the first, on NumPy's own weighted means. The walk at
# the top began outside of the clouds. Its score is the mean of $\ln p(x)$ over the 272 points:

# %%
for step in (1, 2, 5, 10, 20, 30, 40):
    gained = scores[step] - scores[step - 1]
    print(f"step {step:2}: score {scores[step]:8.4f}, the step gained {gained:.1e}")
print(f"from step 10 to step 40: {scores[40] - scores[10]:.4f}")

# %% [markdown]
# Thirty steps gain less than a thousandth of a nat, all together. A common rule is to stop where *one* step gains less
# than that. So it stops before step 10. You know from the film that the leap is still to come. The rule has seen no
# film.
#
# **Guess:** could it have known? Which line of the table says that this is not the top?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("The rest of the walk:")
for step in (50, 60, 65, 70, 75, 80, 81, 82, 100):
    gained = scores[step] - scores[step - 1]
    print(f"step {step:3}: score {scores[step]:8.5f}, the step gained {gained:7.0e}")
print(f"smallest gain of a step: {np.diff(scores).min():.0e}")
for weight, mean, _ in found:
    print(f"a part with weight {weight:.3f}, {mean.round(2)} minutes")

# %% [markdown]
# <details>
# <summary>What happened</summary>
#
# The line of step 40 says it: it gained *more* than step 30. Close to a top the gains only shrink, as from step 80 to
# 82. Gains that grow (by more than rounding) say that no top is close yet, however small they are.
#
# In one step both ellipses had come to lie on all points. Each step then moved them by next to nothing, but soon by a
# little more than the one before. After sixty steps one cloud suited one of them better. Then it went fast: more than
# half a nat in twenty steps. A place that is flat and no top is a saddle (lesson 9). They had come near one. (If both
# parts begin *exactly* alike, they stay alike for ever.)
#
# So growing gains say: go on. How much is still to come they do not say. Shrinking gains prove nothing: up to step 20
# they shrank, too. Try another start.
#
# scikit-learn 1.9.1 from the same start, with all else as it is by default, stops at step 7 with a score of $-4.731$,
# and says `converged_ = True`. With `tol=1e-10, max_iter=1000` it goes on to $-4.15538$, as we do. That is the $-4.155$
# that is reported for these data. (The call is `GaussianMixture(2, weights_init=[0.5, 0.5], means_init=[[2, 90], [5,
# 50]], precisions_init=2 * [np.linalg.inv(spread)]).fit(x).score(x)`. It was run once, because this course does without
# scikit-learn.)
#
# </details>
#
# So these are the two kinds that we asked for. One lasts two minutes, and the next eruption comes after 54. The other
# lasts more than four, and the wait is 80. Nobody told EM which is which. (A longer list of the same two weeks
# has eruptions at night. Of some of these the observers wrote only L, S or M: long, short, medium. They had seen the
# hidden cause before EM did.)
#
# And the score never fell, up to rounding. That is no luck. The next section shows why, in one equation.
#
# ## 5. One equation
#
# For each $z$ we have $p(x, z) = p(x)\, p(z | x)$. Take logarithms:
#
# $$ \ln p(x) = \ln p(x, z) - \ln p(z | x). $$
#
# On the left there is no $z$. So the right side is the same number for every $z$. Now take any probabilities $q(z)$.
# Subtract $\ln q(z)$ from the first term, and add it to the second. That changes nothing:
#
# $$ \begin{aligned} \ln p(x) = {} & \bigl( \ln p(x, z) - \ln q(z) \bigr) \\
#    & + \bigl( \ln q(z) - \ln p(z | x) \bigr). \end{aligned} $$
#
# It holds for every $z$, so it holds for the means under $q$. The mean of the first bracket is called
#
# $$ \text{ELBO} = \sum_z q(z) \bigl( \ln p(x, z) - \ln q(z) \bigr), $$
#
# and the mean of the second is a KL, as in lesson 15:
#
# $$ \begin{aligned} \mathrm{KL}&(q\, \|\, p(z | x)) \\
#    & = \sum_z q(z) \bigl( \ln q(z) - \ln p(z | x) \bigr). \end{aligned} $$
#
# The mean of the left side is $\ln p(x)$ itself:
#
# $$ \ln p(x) = \text{ELBO} + \mathrm{KL}(q\, \|\, p(z | x)). $$
#
# Read it slowly, because the rest of Part IV stands on it. $q$ is *any guess* of who drew the point. The KL is never
# negative, and 0 only if $q$ *is* the posterior. So the other term is never more than $\ln p(x)$. Hence its name:
# evidence lower bound, [ELBO](../glossary.md#elbo). ("Evidence" is another name of $p(x)$.)
#
# Is it really true for any guess? We draw 272 guesses at random.

# %%
share = rng.random((len(x), 1))
guesses = np.hstack([share, 1 - share])
joint = ln_joint(x, found)
ln_p, posterior = who(joint)
bound = (guesses * (joint - np.log(guesses))).sum(axis=1)
gap = (guesses * (np.log(guesses) - (joint - ln_p[:, None]))).sum(axis=1)
print(f"smallest gap {gap.min():.5f}, largest gap {gap.max():.2f}")
print(f"largest |ln p - (ELBO + KL)|: {np.abs(ln_p - bound - gap).max():.0e}")

# %% [markdown]
# They agree to more than twelve digits. Take the eruption that was least sure, and turn $q$ yourself. (Where must the
# hill be highest?)

# %% tags=["hide-input"]
line_of_q = np.linspace(0.001, 0.999, 200)
of_point = joint[place]


def bound_at(q0):
    q = np.stack([q0, 1 - q0], axis=-1)
    return (q * (of_point - np.log(q))).sum(axis=-1)


def turn(q0):
    axes = drawing.axes("", "q(0): part 0 drew it", "nats", size=(5, 2.8))
    axes.plot(line_of_q, bound_at(line_of_q), label="ELBO")
    axes.axhline(ln_p[place], color="black", linewidth=1, label="ln p(x)")
    axes.plot([q0, q0], [bound_at(q0), ln_p[place]], "C3", linewidth=3, label="KL")
    axes.set(xlim=(0, 1), ylim=(-10.6, -8.2))
    axes.set(title=f"ELBO {bound_at(q0):.3f} + KL {ln_p[place] - bound_at(q0):.3f}")
    axes.legend(loc="lower center", ncols=3)
    return axes


drawing.slider(
    turn,
    (0.02, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.98),
    "A hill that touches a black line near 0.8. A red bar fills the gap between them.",
    "q(0)",
    start=3,
)

# %% [markdown]
# The hill touches the line at one place: the posterior, 0.80. Now EM explains itself.
#
# - **E-step:** $q$ becomes the posterior. The KL falls to 0, the ELBO rises to $\ln p(x)$.
# - **M-step:** $q$ stays, the parts move. They make $\sum_z q(z) \ln p(x, z)$ as large as possible, all points
#   together. (Its minus is the surprise of section 4.) The rest of the ELBO, $-\sum_z q(z) \ln q(z)$, knows nothing of
#   the parts. So the ELBO is now as large as it can be with this $q$.
#
# After the M-step $\ln p(x)$ is at least the new ELBO, and that is at least the old $\ln p(x)$. So it never falls.
#
# **Guess:** an M-step does not touch $q$. Is the KL still 0 after it?

# %% tags=["guess"]
my_guess = ...


# %% tags=["hide-output"]
def mean_bound(parts, q):
    joint = ln_joint(x, parts)
    return (q * (joint - np.log(q))).sum(axis=1).mean()


print("One step, in the middle of the leap:")
old_q, q = (who(ln_joint(x, film[step]))[1] for step in (65, 66))
for name, parts, guess in (
    ("before", film[66], old_q),
    ("E: a new q", film[66], q),
    ("M: new parts", film[67], q),
):
    height, bound = who(ln_joint(x, parts))[0].mean(), mean_bound(parts, guess)
    print(f"{name:12} ELBO {bound:.4f}, KL {height - bound:.4f}, ln p {height:.4f}")

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# The E-step lifts the bound up to the line. The M-step lifts both, and opens a new gap: $q$ is the same, but the
# posterior is that of *new* parts.
#
# </details>
#
# ## 6. A network takes over
#
# Our E-step is exact because a sum over two kinds is short. But a picture's hidden cause is not one of two. Say it is a
# code of 20 numbers, and the decoder of lesson 9 draws the picture. Then the sum becomes an integral over all codes,
# and nobody can compute $p(x)$ or the posterior.
#
# Now look at the ELBO again. *There is no posterior in it.* It asks for a guess $q$, and for $\ln p(x, z)$, which is
# the story itself and always easy. So let a network make the guess. It gets the point and returns $q(z | x)$, by a
# softmax. Then go uphill in the ELBO, with the weights of the network *and* with the numbers of the parts.
#
# - Uphill in the network's weights: $\ln p(x)$ does not depend on them, so only the KL can shrink. That is a small
#   E-step.
# - Uphill in the numbers of the parts: that is a small M-step.
#
# (One of EM's promises is lost. $q$ is not quite the posterior, so $\ln p(x)$ may fall while the ELBO rises.)
#
# The network is an [encoder](../glossary.md#encoder), from a point to its cause. The parts are a
# [decoder](../glossary.md#decoder), from a cause to a point.
#
# Why a network, and not two free logits for each point? One could go uphill in all 544 of them, and find each
# posterior. But a new point would need a new climb. And no point would learn from its neighbours. A network pays once,
# in training, and then answers for any point at once. So this is called [amortised
# inference](../glossary.md#amortised-inference). (And it can learn from a batch at a time, as in lesson 7, where an
# M-step needs all points.)
#
# Here is the decoder. Each part has a `mu` and a `log_var`, the logarithms of its two variances. (There is no
# covariance this time. Most VAEs leave it out, too.) The prior is a softmax of two logits. Lengths are measured in
# standard deviations, so that the network gets numbers of ordinary size. That moves all scores by the same constant.


# %%
u = ((x - x.mean(axis=0)) / x.std(axis=0)).astype(np.float32)
points = Tensor(u)


def decoded(prior_logits, mu, log_var):
    """ln p(x, z) as a Tensor, of the shape (points, parts)."""
    away = points - mu  # (parts, points, 2)
    twice = away * away * (-log_var).exp() + log_var + float(np.log(2 * np.pi))
    return F.log_softmax(prior_logits) - twice.sum(axis=2).T / 2


# %% [markdown]
# `decoded` is section 2's `ln_joint`, with Tensors. The encoder has 16 units. It begins with random weights, and the
# parts begin near the middle:


# %%
def begin(seed):
    rng = np.random.default_rng(seed)
    make = lambda array: Tensor(array.astype(np.float32), requires_grad=True)
    mu = make(0.5 * rng.standard_normal((2, 1, 2)))
    parts = make(np.zeros(2)), mu, make(np.zeros((2, 1, 2)))
    layers = nn.Linear(2, 16, rng=rng), nn.ReLU(), nn.Linear(16, 2, rng=rng)
    return nn.Sequential(*layers), parts


print("logits of the points:  ", 2 * len(x))
print("weights of the encoder:", sum(w.data.size for w in begin(0)[0].parameters()))

# %% [markdown]
# The training loop is that of lesson 7, and goes uphill in the ELBO. `look` is called with what each step has found.


# %%
def train(encoder, parts, steps, look):
    optimizer = optim.Adam([*encoder.parameters(), *parts], lr=0.02)
    for step in range(steps + 1):
        log_q = F.log_softmax(encoder(points))
        joint = decoded(*parts)
        elbo = (log_q.exp() * (joint - log_q)).sum() / len(u)
        look(step, elbo.item(), joint.numpy().astype(np.float64))
        optimizer.zero_grad()
        (-elbo).backward()
        optimizer.step()


# %% [markdown]
# There is no E-step in it, and no posterior. The rival is exact EM with the same kind of bells, 100 steps.
#
# **Guess:** how many nats does the network lose against EM at the end: 1, 0.1, 0.01, less?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("The encoder learns, and so do the parts:")


def report(step, elbo, joint):
    if step in (0, 20, 50, 100, 200, 400):
        ln_p = who(joint)[0].mean()
        print(f"step {step:3}: ELBO {elbo:8.5f}, ln p {ln_p:8.5f}", end=", ")
        print(f"gap {ln_p - elbo:.5f}")


encoder, parts = begin(0)
train(encoder, parts, 400, report)

# %% tags=["hide-output"]
print("The rival, and other starts:")
rival = [(0.5, np.array([side, 0.0]), np.eye(2)) for side in (-0.5, 0.5)]
for _ in range(100):
    rival = refit(u, who(ln_joint(u, rival))[1])
    rival = [(w, m, np.diag(np.diag(covariance))) for w, m, covariance in rival]
print(f"exact EM, such bells: ln p {who(ln_joint(u, rival))[0].mean():8.5f}")
way: list = []
for seed in (1, 2, 3, 4):
    encoder, parts = begin(seed)
    train(encoder, parts, 400, lambda step, elbo, joint: way.append(elbo))
    print(f"a network from another start: ELBO {way[-1]:8.5f}")

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# The parts end as good as EM's, and the encoder lacks less than a thousandth of a nat. So do four others that began
# elsewhere. The gap is small from early on: the encoder learns faster than the parts move. (Because this world is
# small, we could print the exact $\ln p(x)$ beside the bound. With pictures only the bound is left.)
#
# </details>
#
# ### Where it is wrong
#
# That was measured on eruptions. But the network answers for any point of the plane. Here are both answers while it
# trains, and white means undecided. Left is the exact posterior of the parts as they are at that step.

# %% tags=["hide-input"]
side = np.linspace(-4, 4, 41)
plane = np.array([(across, up) for up in side for across in side])
seen: list = []
encoder, parts = begin(0)


def keep(step, elbo, joint):
    if step in (0, 20, 40, 80, 100, 200, 400):
        weights, mu, var = F.softmax(parts[0]), parts[1], parts[2].exp()
        columns = weights.numpy(), mu.numpy()[:, 0], var.numpy()[:, 0]
        bells = [(weight, mean, np.diag(v)) for weight, mean, v in zip(*columns)]
        guess = F.log_softmax(encoder(Tensor(plane.astype(np.float32)))).numpy()
        seen.append((step, ln_joint(plane, bells), guess))


def compare(frame):
    step, exact, log_q = seen[frame]
    panels = drawing.grid(1, 2, size=(5.2, 2.8))[0]
    maps = {"exact posterior": who(exact)[1], "encoder": np.exp(log_q)}
    for panel, (title, shares) in zip(panels, maps.items()):
        picture = shares[:, 0].reshape(41, 41).round(1)
        where = {"origin": "lower", "extent": (-4, 4, -4, 4)}
        panel.imshow(picture, "PuOr", vmin=-0.3, vmax=1.3, **where)
        panel.plot(*u.T, "k.", markersize=2)
        panel.set_title(f"{title}, step {step}", fontsize=10)
        panel.set(xlim=(-4, 4), ylim=(-4, 4), xticks=[], yticks=[])
    return panels[0]


train(encoder, parts, 400, keep)
drawing.animate(
    compare,
    range(len(seen)),
    alt="Two maps of the plane in two colours, with the eruptions as dots. At the end "
    "both have nearly the same border between the two clouds. Far above and below, the "
    "exact border bends, and the encoder's runs straight on.",
    seconds=0.8,
)

# %% [markdown]
# At the end both have the same border where there are eruptions. Elsewhere they have not.
#
# **Guess:** near eruptions the gap is less than a thousandth of a nat on average. How large is it far from them?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("KL(q || posterior), in nats:")
_, exact, log_q = seen[-1]
log_posterior = exact - who(exact)[0][:, None]
gaps = (np.exp(log_q) * (log_q - log_posterior)).sum(axis=1)
to_dots = np.linalg.norm(plane[:, None] - u, axis=2).min(axis=1)
for name, chosen in (("near", to_dots < 0.3), ("far", to_dots > 1.5)):
    print(f"{name:5} from eruptions: mean {gaps[chosen].mean():.4f}", end=", ")
    print(f"largest {gaps[chosen].max():.2f}")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# No eruption lies there, so no slope ever came from there. This encoder is good where its data are, and only there.
# And far away it is still sure of itself. That is the price of amortised inference, and the encoder of a VAE pays it,
# too. (EM has no such price: its posterior is exact for any point.)
#
# </details>
#
# ### Experiment: what must an encoder see?
#
# Take the hidden layer away: let the encoder be one linear layer. And put a narrow bell, std 1, into the middle of a
# wide one, std 4, each with the prior 1/2. An encoder that sees $x$ alone can say "narrow" the more, the farther
# *right*; or the farther left. But what it needs to say is "inside", and both sides are alike. So the best that it can
# do is to give one answer to all points.
#
# **Guess:** which answer has the smallest gap? Half and half? If not, does it bet on the narrow bell or on the wide
# one?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Mean gap, if all points get the same answer:")
rng = np.random.default_rng(0)
pair = [(0.5, np.zeros(1), np.eye(1)), (0.5, np.zeros(1), 16 * np.eye(1))]
drawn = rng.standard_normal((4000, 1)) * rng.choice([1, 4], (4000, 1))
joint = ln_joint(drawn, pair)
log_posterior = joint - who(joint)[0][:, None]
for q_narrow in (0.9, 0.5, 0.2, 0.08, 0.01):
    q = np.array([q_narrow, 1 - q_narrow])
    gap = (q * (np.log(q) - log_posterior)).sum(axis=1).mean()
    print(f"q(narrow) = {q_narrow:4}: {gap:.2f} nats")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# To call a point far outside "narrow" costs very many nats. To call a point in the middle "wide" costs few. So it bets
# on the wide bell, against the prior. This is KL($q \| p$), which would rather miss a part than stand where the
# posterior is nearly 0 (lesson 15).
#
# </details>
#
# Now let the encoder see $x^2$, too. You write `encoder_gap` and train both. What is the gap then? Your line in
# `WHY_SQUARES` says why.
#
# ## 7. What this will be called
#
# One more look at the ELBO. The story has two steps, $\ln p(x, z) = \ln p(x | z) + \ln p(z)$. Put that in, and it falls
# into two terms of another kind:
#
# $$ \begin{aligned} \text{ELBO} = {} & \sum_z q(z) \bigl( \ln p(x | z) \\
#    & \qquad + \ln p(z) - \ln q(z) \bigr) \\
#    = {} & \underbrace{\sum_z q(z) \ln p(x | z)}_{\text{how well the guess explains } x} \\
#    & - \underbrace{\mathrm{KL}(q\, \|\, p(z))}_{\text{what it costs}} . \end{aligned} $$
#
# Minus the first term is the surprise at $x$ of one who is told its cause, on average over the guess. An autoencoder
# guesses a single code, and this surprise is its loss. The second term is new. You pay for each step away from what was
# believed before $x$ was seen.
#
# Take care, these are two KLs. The one to the *posterior* is the gap, and for pictures nobody can compute it. The one
# to the *prior* is a part of the loss, and easy.
#
# **Guess:** take the eruption that was least sure once more, and three guesses: the prior itself, the posterior, and a
# nearly sure one. Which explains it best? Which costs nothing? Which has the highest ELBO?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("What each guess explains, and what it costs:")
print("guess            q(0)  explains    cost    ELBO   KL to the posterior")
prior = np.array([weight for weight, *_ in found])
sure = np.array([0.999, 0.001])
for name, q in (("prior", prior), ("posterior", posterior[place]), ("sure", sure)):
    explains = (q * (of_point - np.log(prior))).sum()
    cost = (q * np.log(q / prior)).sum()
    gap = (q * np.log(q / posterior[place])).sum()
    print(f"{name:12} {q[0]:8.3f} {explains:9.3f} {cost:7.3f}", end="")
    print(f"{explains - cost:8.3f} {gap:9.3f}")

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# The sure guess explains the point best, and pays most. The prior pays nothing, and explains it worst. The posterior is
# the best in neither, and the best in their difference. Up to 0.80, being surer explains more than it costs. Beyond, it
# costs more.
#
# </details>
#
# An autoencoder has the first term alone, so nothing keeps its codes near any prior. Now the names:
#
# | | this lesson | lesson 17 |
# |---|---|---|
# | the hidden cause $z$ | one of two kinds | a code of 20 numbers |
# | prior $p(z)$ | a bent coin | $N(0, 1)$ for each number |
# | decoder $p(x \vert z)$ | a bell for each kind: `mu`, `log_var` | a network that bends 784 coins |
# | encoder $q(z \vert x)$ | a network with a softmax | a network that returns `mu`, `log_var` |
# | loss | minus the ELBO | minus the ELBO |
# | its first term | squares and `log_var` | binary cross-entropy |
# | its KL to the prior | a sum of two | lesson 15's formula for two bells |
#
# The right column is the *variational autoencoder*, VAE. "Variational" means that one varies $q$ to find the best. You
# have trained one whose code is a single coin. And lesson 10's question, which codes to draw from, has an answer: draw
# them from the prior. The second term keeps the codes near it.
#
# One line of our program cannot move to the right column. We computed the mean under $q$ exactly, as a sum of two
# terms. With 20 numbers one must throw dice for $z$. And what is the slope of a dice roll? That is lesson 17.
#
# ## 8. A list of your own
#
# Take home a hidden cause of your own. Write down numbers that may come from two kinds of days, people or machines:
# when you went to bed, how long a bus took, how long friends took to answer. Here are minutes until an answer came.

# %%
mine = """2 3 1 4 2 5 3 2 6 4 3 2 41 55 38 62 47 70 35 52 3 4 18 58 8"""

numbers = np.array(mine.split(), dtype=float)[:, None]
low, high = np.quantile(numbers, [0.2, 0.8])
width = np.cov(numbers.T, ddof=0).reshape(1, 1)
kinds = [(0.5, np.array([low]), width), (0.5, np.array([high]), width)]
for _ in range(200):
    kinds = refit(numbers, who(ln_joint(numbers, kinds))[1])
for weight, mean, variance in kinds:
    print(f"{weight:.0%} of them: {mean[0]:.1f}, std {variance[0, 0] ** 0.5:.1f}")
_, owners = who(ln_joint(numbers, kinds))
for number, owner in zip(numbers[-4:, 0], owners[-4:]):
    print(f"{number:4.0f} was drawn by the first kind with probability {owner[0]:.3f}")

# %% [markdown]
# Change the list, and run it again. Do your two kinds have names? One warning: a part may end on a single number, or on
# several equal ones. Then its std goes to 0 and its density to infinity, and the cell stops with an error. The page of
# EM by hand shows it. Begin elsewhere, or write down more numbers.
#
# ## Exercise
#
# `exercise.py` has six functions to write and one to mend. `python -m lessons grade 16` says what you have.
#
# **`log_joint`**
#
# <details>
# <summary>Hint 1</summary>
#
# The logarithm of a product of two. One of them is minus the `surprise` that you wrote in lesson 15.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# A loop over the parts is fine. `np.stack(columns, axis=1)` puts columns side by side.
#
# </details>
#
# **`e_step`** (debug)
#
# <details>
# <summary>Hint 1</summary>
#
# Section 3 has the formula. Which axis is the largest number taken over? `keepdims=True` keeps the shape.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# Divide two numbers by subtracting their logarithms, and take `np.exp` last.
#
# </details>
#
# **`m_step`**
#
# <details>
# <summary>Hint 1</summary>
#
# What belongs to a part is the sum of its column. Every mean of the part is divided by that.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# For one part: `(r[:, None] * away).T @ away`, with the distances from the *new* mean of this part.
#
# </details>
#
# **`em`**
#
# <details>
# <summary>Hint 1</summary>
#
# A loop with an E-step and an M-step. The score of an E-step is that of the parts before the M-step. So at the end one
# more score is needed.
#
# </details>
#
# **`elbo`**
#
# <details>
# <summary>Hint 1</summary>
#
# The two sums of section 5. $\ln p(z | x)$ is a difference of what you have.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# Where $q = 0$ the term is 0. Give the logarithm a 1 there: `np.where`.
#
# </details>
#
# **`elbo_slope`**
#
# <details>
# <summary>Hint 1</summary>
#
# Let $t_z = \ln p(x, z) - \ln q(z)$. The bound is $\sum_z q_z t_z$. When $q$ moves, $t$ moves, too. What does that add
# up to, as the $q_z$ together stay 1?
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# It adds nothing: $\sum_z q_z \cdot (-1 / q_z)\, dq_z = -\sum_z dq_z = 0$. So what is left is $\sum_z t_z\, dq_z$, and
# lesson 3's softmax.
#
# </details>
#
# **`encoder_gap`** (experiment)
#
# <details>
# <summary>Hint 1</summary>
#
# The logits are a linear layer of the features. Its slope in $W$ is the features, transposed, times the slope in the
# logits. `e_step(logits)` is also a softmax.
#
# </details>
#
# ## Challenge: ten stamps
#
# Worth nothing but pride. Take digits of 0 and 1 (`images > 0.5`) and a mixture of ten stamps, each with 784 coins.
# Find the stamps by EM, and draw them. Then find them by an encoder and the ELBO. Our own first try of that gave every
# digit to one stamp: where $q$ is nearly 0, so is the slope that could bring it back. Can you do better?
#
# ## Expected results
#
# | section | what | you should have seen |
# |---|---|---|
# | 2 | the point at -5 | drawn by the wide bell |
# | 3 | `np.log(p + 1e-8)` of a digit, and of noise | -18.42 |
# | 4 | Old Faithful, two parts | -4.155, after fifty steps of nearly nothing |
# | 5 | ln p - (ELBO + KL) | below 1e-12 |
# | 6 | network and EM | equal to better than 0.001 nats |
# | 6 | far from all eruptions | a gap of 2 nats on average, and up to more than 30 |
# | 7 | the posterior of the least sure eruption | cost 0.414 nats, ELBO = ln p(x) |
#
# ## What you now know
#
# - A mixture is a story: a prior chooses, a part draws. The posterior is Bayes' rule, and it is exact here.
# - Never add a small number inside of a logarithm. Take the largest term out.
# - $\ln p(x)$ = ELBO + KL(q || posterior), for any guess $q$. The E-step makes the KL 0, the M-step lifts the ELBO.
# - A flat curve may be a plateau. Gains that grow say that no top is close yet.
# - The ELBO is also how well the guess explains $x$, minus KL(q || prior). That KL is a price, the other is the gap.
# - The ELBO has no posterior in it, so a network can learn the guess. That is amortised inference. It is good where the
#   data are, if the network can bend as the posterior does, and need not be good elsewhere.
#
# ## Read next
#
# - Lesson 17, *The trick*: how do you differentiate a dice roll?
# - A. Dempster, N. Laird and D. Rubin, *Maximum Likelihood from Incomplete Data via the EM Algorithm* (1977).
# - R. Neal and G. Hinton, *A View of the EM Algorithm that Justifies Incremental, Sparse, and Other Variants* (1998):
#   the equation of section 5.
# - C. M. Bishop, *Pattern Recognition and Machine Learning*, Springer (2006), chapter 9: mixtures, with Old Faithful.
