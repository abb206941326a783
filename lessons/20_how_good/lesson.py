# %% [markdown]
# # 20. How good is it? Can you trust your own score?

# %% tags=["hide-input"]
# What happens here is the subject of sections 2 to 5. Leave it folded for now.
import math
import os

import numpy as np

from lessons import drawing
from minae import Tensor, data, nn, no_grad, optim
from minae import functional as F
from minae.models import VAE

np.set_printoptions(precision=2, suppress=True)
QUICK = "MINAE_QUICK" in os.environ  # only to test this lesson

grey, _ = data.mnist("train")
grey = grey.reshape(-1, 28, 28)
small = grey.reshape(-1, 7, 4, 7, 4).mean(axis=(2, 4)).reshape(-1, 49).astype(float)
x, new = small[:55_000], small[55_000:56_000]  # to learn from; to judge by
mean = x.mean(axis=0)
lengths, directions = np.linalg.eigh(np.cov(x.T, bias=True))
lengths, directions = lengths[::-1], directions[:, ::-1]  # the longest first


def best(latent):
    """W and the variance of the best world without bends: see section 4."""
    var = lengths[latent:].mean()
    return directions[:, :latent] * np.sqrt(lengths[:latent] - var), var


def ln_bell(away, var):
    return -0.5 * (away**2 / var + np.log(2 * np.pi * var)).sum(axis=-1)


def throw(pictures, W, var, darts, seed=0, middle=mean, encoder=None):
    """ln w of each dart and picture, with the best bell that is not tilted."""
    rng, away = np.random.default_rng(seed), pictures - middle
    P = np.eye(W.shape[1]) + W.T @ W / var
    mu, std = encoder or (away @ np.linalg.solve(P, W.T / var).T, np.diag(P) ** -0.5)
    rows = []
    for _ in range(darts):
        z = mu + std * rng.standard_normal(mu.shape)
        joint = ln_bell(away - z @ W.T, var) + ln_bell(z, 1.0)
        rows.append(joint - ln_bell(z - mu, std**2 + 0 * mu))
    return np.stack(rows)


def L(log_weights):
    """L_K of each picture, by log-sum-exp."""
    return np.logaddexp.reduce(log_weights, axis=0) - math.log(len(log_weights))


turn = np.linalg.qr(np.random.default_rng(1).standard_normal((20, 20)))[0]
W_a, var_a = best(20)
W_b, var_b = best(19)
W_a = W_a @ turn
a, b = throw(new, W_a, var_a, 1000), throw(new, W_b, var_b, 1000)
counts = (1, 2, 3, 5, 8, 12, 20, 50, 100, 300, 1000)
curves = [[L(ln_w[:K]).mean() for K in counts] for ln_w in (a, b)]
along = (new - mean) @ directions
truths = []
for latent, var in ((20, var_a), (19, var_b)):
    variances = np.where(np.arange(49) < latent, lengths, var)
    truths.append(ln_bell(along, variances).mean())


def race(frame):
    axes = drawing.axes("", "darts per picture, K", "score, nats", size=(5.6, 2.8))
    for name, curve, truth, colour in zip("AB", curves, truths, ("C3", "C0")):
        seen = counts[:frame], curve[:frame]
        axes.plot(*seen, "o-", color=colour, label=f"model {name}")
        if frame > len(counts):
            axes.axhline(truth, color=colour, linestyle=":")
            axes.text(1, truth + 0.13, f"the truth about {name}", color=colour)
    shown = min(frame, len(counts)) - 1
    leads = "A" if curves[0][shown] > curves[1][shown] else "B"
    axes.set(xscale="log", xlim=(0.8, 1300), ylim=(48, 52.2))
    axes.set_title(f"K = {counts[shown]}: {leads} is better")
    axes.legend(loc="lower right")
    return axes


drawing.animate(
    race,
    range(1, len(counts) + 2),
    alt="The scores of two models over the number of darts. B is two nats ahead with "
    "one dart and stays where it is. A rises, overtakes B after a dozen darts, and "
    "comes near the dotted line of its truth, which lies above that of B.",
    seconds=0.7,
)

# %% [markdown]
# Two models of small pictures, A and B, are judged on the same 1,000 new pictures. The score is the ELBO of lesson 16,
# so higher is better. With it, B wins by two nats, and that is fifteen standard errors. In a paper B would be printed
# in bold.
#
# Then we look more closely, with more random numbers for each picture. Neither model changes. B stays where it is. A
# rises, overtakes B, and in the end the truth is shown: **A is the better model.** Fifteen standard errors were no
# protection, because they answered another question.
#
# So: **can you trust your own score?** This lesson makes a better one, by [importance
# sampling](../glossary.md#importance-sampling). It tests it where the truth is known for once. Then it puts error bars
# on a VAE. At the end you have a rule for when to believe that one model is better than another.
#
# You need lesson 15 (darts, [standard error](../glossary.md#standard-error), [KL](../glossary.md#kl-divergence)),
# lesson 16 ([posterior](../glossary.md#posterior), [ELBO](../glossary.md#elbo),
# [log-sum-exp](../glossary.md#log-sum-exp)), 17 (the VAE) and 19 (VAEs without bends). Reading takes 40 minutes.
#
# ## 1. The honest sum, and its price
#
# A model should find new pictures probable. So its honest score is $\ln p(x)$, averaged over pictures that it has not
# seen. The story of lesson 16 says what that is: codes come from the prior, and each draws a picture.
#
# $$ p(x) = E_{z \text{ from } p(z)}\bigl[\, p(x \mid z) \,\bigr]. $$
#
# An average! Lesson 15 measures averages with darts: throw codes from the prior, take the mean of $p(x \mid z)$. Why
# does nobody do that? Try it in lesson 17's small world: $z$ from $N(0, 1)$, $x$ from $N(10 z, 1)$. So $x$ is from
# $N(0, 101)$. We see $x = 12$, and know that $\ln p(x) = -3.94$.


# %%
def bell(away, var):
    """The logarithm of the density of N(0, var), for each number."""
    return -0.5 * (away**2 / var + np.log(2 * np.pi * var))


print(f"truth: {bell(12.0, 101):.2f}")
rng = np.random.default_rng(0)
for darts in (3, 30, 3_000):
    z = rng.standard_normal((darts, 6))  # six attempts
    ln_p = bell(12 - 10 * z, 1.0)
    print(f"{darts:5} darts:", L(ln_p))  # L: ln of the mean of e^ln_p

# %% [markdown]
# With 3 darts it is nonsense, with 3,000 it is good. Where do the darts go wrong? The posterior is $N(1.19, 1/101)$:
# only codes near 1.19 can have drawn this $x$. Few darts fall there.
#
# How few? Draw $z$ from the posterior. There, on average, $\ln p(z \mid x)$ is larger than $\ln p(z)$ by
# $\mathrm{KL}(\text{posterior} \,\|\, \text{prior})$: that is what a KL is. So where it matters, the prior is thinner
# by a factor of about $e^{\mathrm{KL}}$. You need about **$e^{\mathrm{KL}}$ darts for one to hit**. Lesson 17's
# price of a code is $\frac12 (1.19^2 + \frac{1}{101} - 1 + \ln 101) = 2.52$ nats here, so 12 darts. (It is a rule of
# thumb. "Read next" has the paper that says when it holds.)
#
# **Guess:** model A draws pictures of 7x7 pixels from 20 latents. Its posteriors are 31.7 nats away from the prior, on
# average. How far below the truth do you end with 100,000 darts? And how many darts would do?

# %% tags=["guess"]
my_gap, my_darts = ..., ...

# %% tags=["hide-output"]
print("Ten pictures, and darts from the prior:")
exact = ln_bell(along, np.where(np.arange(49) < 20, lengths, var_a))
few, prior = new[:10], (np.zeros((10, 20)), np.ones(20))
for darts in (100, 2_000 if QUICK else 100_000):
    ln_w = throw(few, W_a, var_a, darts, encoder=prior)
    gap = L(ln_w).mean() - exact[:10].mean()
    print(f"{darts:7,} darts: {gap:6.1f} nats from the truth")
P = np.eye(20) + W_a.T @ W_a / var_a  # the posterior, and its KL: the toolbox
means = (new - mean) @ np.linalg.solve(P, W_a.T / var_a).T
squares = (means**2).sum(axis=1).mean() + np.trace(np.linalg.inv(P))
kl = 0.5 * (squares - 20 + np.linalg.slogdet(P)[1])
print(f"KL {kl:.1f} nats, e^KL = {math.exp(kl):.0e} darts")

# %% [markdown]
# ## 2. Aim, and pay for it
#
# The encoder knows where to throw. But darts that are aimed give another average. Mend that as lesson 17 mended the
# slope: multiply and divide by $q$.
#
# $$ p(x) = \int \frac{p(x \mid z)\, p(z)}{q(z \mid x)}\; q(z \mid x)\, dz . $$
#
# That is $E_q[w]$, with
#
# $$ w = \frac{p(x \mid z)\, p(z)}{q(z \mid x)} . $$
#
# Each dart gets a [weight](../glossary.md#importance-weight) $w$. A dart at a place where $q$ throws too often counts
# less, and the mean comes out right again. This is *importance sampling*, and $q$ is the
# [proposal](../glossary.md#proposal). Any $q$ is allowed that reaches each place where
# the top of the fraction is not 0.
#
# **Guess:** which $q$ would be best of all? What would its weights be?

# %% tags=["guess"]
my_guess = ...

# %% [markdown]
# <details>
# <summary>The answer</summary>
#
# The posterior. Bayes' rule says $p(x \mid z)\, p(z) = p(z \mid x)\, p(x)$. Divide by $q = p(z \mid x)$: the weight is
# $p(x)$, whatever $z$ was thrown. *One* dart, and no error at all.
#
# </details>
#
# So if the weights of a picture differ, $q$ is not the posterior. How much they differ is measured by the [effective
# sample size](../glossary.md#effective-sample-size),
#
# $$ \mathrm{ESS} = \frac{(w_1 + \dots + w_K)^2}{w_1^2 + \dots + w_K^2} . $$
#
# Equal weights give $K$. If one weight has everything, it is 1. Move the proposal and see. The size of a dot is its
# weight.

# %% tags=["hide-input"]
eps = np.random.default_rng(2).standard_normal(60)
line = np.linspace(-1, 3.2, 400)


def aimed(std):
    z = 1.188 + std * eps
    ln_w = bell(12 - 10 * z, 1.0) + bell(z, 1.0) - bell(z - 1.188, std**2)
    w = np.exp(ln_w - ln_w.max())
    axes = drawing.axes("", "code z", "", size=(5.6, 2.3))
    axes.plot(line, np.exp(bell(line - 1.188, 1 / 101)), "k", label="posterior")
    axes.plot(line, np.exp(bell(line - 1.188, std**2)), "C0", label="proposal")
    axes.scatter(z, 0 * z - 0.4, s=150 * w + 1, color="C3", alpha=0.5)
    axes.set(xlim=(-1, 3.2), ylim=(-0.8, 6), yticks=[])
    found = np.log(w.mean()) + ln_w.max()
    ess = w.sum() ** 2 / (w**2).sum()
    found_of = f"std {std:.2f}: ESS {ess:.0f} of 60, ln p = {found:.2f} (truth -3.94)"
    axes.set_title(found_of, fontsize=9)
    axes.legend(loc="upper left", fontsize=8)
    return axes


drawing.slider(
    aimed,
    (0.02, 0.04, 0.07, 0.1, 0.15, 0.3, 0.6, 1.2),
    alt="A narrow posterior, a proposal around the same place, and sixty darts whose "
    "size is their weight. At std 0.1 all darts have one size, wider or narrower ones "
    "leave a few large dots.",
    label="std of the proposal",
    start=5,
    write=lambda std: f"{std:.2f}",
)

# %% [markdown]
# A proposal that is too wide wastes darts, and says so: at 1.2 the answer is 0.8 nats too low, and the ESS is 6. One
# that is too narrow hides it: at 0.02 the answer is 0.8 nats too low again, and the ESS is 22. The darts with the
# largest weights would lie far out, where it never throws. **The ESS knows only of darts that were thrown.** Lesson
# 15 met an error bar of 0 in the same way.
#
# ## 3. The logarithm of a mean
#
# Throw $K$ darts, take the logarithm of their mean weight:
#
# $$ L_K = \ln \frac{w_1 + \dots + w_K}{K} . $$
#
# With $K = 1$ its average is $E_q[\ln w]$, the ELBO. So the ELBO is the mean of logarithms, and the truth $\ln E[w]$ is
# the logarithm of the mean. Are these not the same?

# %%
w = np.array([1.0, 100.0])
print(f"logarithm of the mean: {np.log(w.mean()):.2f}")
print(f"mean of the logarithms: {np.log(w).mean():.2f}")

# %% [markdown]
# A logarithm bends down. Between two points of the curve, the straight line lies *below* it. The middle of the line is
# the mean of the logarithms, and the curve above it is the logarithm of the mean. This is [Jensen's
# inequality](../glossary.md#jensens-inequality). It says two things about $L_K$.
#
# **It stays below the truth, on average.** $E[\ln(\text{mean of } w)] \le \ln E[\text{mean of } w] = \ln p(x)$.
#
# **It rises with K, on average.** Take two darts. $L_2 = \ln \frac{w_1 + w_2}{2}$ is at least
# $\frac12 (\ln w_1 + \ln w_2)$, and that is $L_1$ on average. For more: leave out each of $K + 1$ darts in turn. The
# mean of all is the mean of these $K + 1$ smaller means. So $L_{K+1}$ is at least the mean of their logarithms, each an
# $L_K$.
#
# "On average" is to be taken literally. Here are 2,000 attempts for each $K$, with the proposal $N(1.19, 0.3^2)$.
#
# **Guess:** how many of the 2,000 values of $L_1$ lie *above* the truth? And of $L_{10}$?

# %% tags=["guess"]
my_shares = ...

# %% tags=["hide-cell"]
print("Which share lies above the truth:")
rng, truth = np.random.default_rng(3), bell(12.0, 101)
z = 1.188 + 0.3 * rng.standard_normal((100, 2_000))
ln_w = bell(12 - 10 * z, 1.0) + bell(z, 1.0) - bell(z - 1.188, 0.09)
panels = drawing.grid(1, 3, size=(6.4, 2.2))[0]
for panel, K in zip(panels, (1, 10, 100)):
    values = L(ln_w[:K])
    share, high = (values > truth).mean(), values.max() - truth
    print(f"K = {K:3}: mean {values.mean():6.2f}, above {share:.0%}", end="")
    print(f", at most by {high:.2f}")
    panel.hist(values, np.linspace(-9, -2, 60), color="C0")
    panel.axvline(truth, color="black", linestyle=":")
    panel.axvline(values.mean(), color="C3")
    panel.set(title=f"K = {K}", xlim=(-9, -2), yticks=[])
drawing.show(
    panels[0],
    alt="Three histograms of L_K, a red line at the mean, a dotted one at the truth. "
    "With K = 1 there is a long tail far to the left. With more darts both lines meet.",
)

# %% [markdown]
# A single $L_K$ is often above the truth! So a worse model can win by luck. How far above? The mean of $w$ is $p(x)$,
# and weights are never negative. So at most a tenth of all mean weights can be ten times $p(x)$ or more; else the
# average would be larger. In nats: $L_K$ is $t$ nats too high at most once in $e^t$ times. Luck upwards has limits, bad
# luck downwards has none. Over many pictures the bound wins, since it holds on average.
#
# ### The small print of a small number
#
# Lesson 17's digits score about -100. What if you compute $L_K$ for them in float32, just as it is written?

# %%
ln_w = np.float32([[-70.0, -85.0, -101.0, -130.0]] * 2)
plain = np.exp(ln_w).mean(axis=0)
with np.errstate(divide="ignore"):
    print("plain: ", np.log(plain))
print("'safe':", np.log(plain + np.float32(1e-37)))

# %% [markdown]
# $e^{-130}$ is 0 in float32. The second line never says $-\infty$, and never less than $-85.2$. So the worst pictures
# get better marks than they earned: lesson 16's 1e-8 again. Shift by the largest, as there. `bound` in `exercise.py`
# has this mistake.
#
# ## 4. A world where the truth is known
#
# Does $L_K$ come near the truth, or does it only rise? To see it, we need a model with codes, of real pictures, whose
# $\ln p(x)$ can be computed exactly. Lesson 19 had one: a decoder without bends.
#
# $$ x = \text{mean} + W z + \text{noise}, $$
#
# with noise from $N(0, v I)$.
#
# Sums of independent Gaussians are Gaussians. The covariance of $x$ is $W W^\top + v I$. Along the eigenvectors of
# $W W^\top$ the world is one bell for each direction, so $\ln p(x)$ is a sum of 49 logarithms. The exact posterior is a
# Gaussian, too ([toolbox](../toolbox/linear_gaussian.md)).
#
# The best such model is known as well: [probabilistic PCA](../glossary.md#probabilistic-pca), PPCA. Keep the longest
# directions of the data with their variance, and give all others the mean of theirs. Why that is best stands on
# [a page](../toolbox/probabilistic_pca.md). No such model with as many latents can beat it on the pictures that it
# was fitted to.
#
# Against it we train a VAE without bends, as in lesson 17: a linear encoder, a linear decoder, one variance for all
# pixels. The pictures are digits of 7x7 pixels, means of 4x4. They are no coins here, but numbers with densities, and a
# density may be above 1. So scores may be positive; higher is better. One log_var serves all pictures: the exact
# posterior, too, is equally wide for all.


# %%
def straight_loss(picture, parts, rng):
    """Minus the ELBO in nats per picture, but for a constant."""
    encoder, decoder, log_var, noise = parts
    mu = encoder(picture)
    widths = log_var.broadcast_to(mu.shape)
    missed = picture - decoder(F.reparameterize(mu, widths, rng=rng))
    of_pixels = (missed**2 / noise.exp() + noise).sum() / 2
    return (of_pixels + F.gaussian_kl(mu, widths).sum()) / len(picture)


# %%
def train_straight(parts, epochs, rng):
    (encoder, decoder, log_var, noise), points = parts, x.astype(np.float32)
    weights = [*encoder.parameters(), *decoder.parameters(), log_var, noise]
    optimizer = optim.Adam(weights)
    for epoch in range(epochs):
        optimizer.lr = 0.02 * (1 - epoch / epochs)
        for rows in data.batches(len(points), 500, rng):
            loss = straight_loss(Tensor(points[rows]), parts, rng)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


# %%
rng = np.random.default_rng(0)
encoder, decoder = nn.Linear(49, 8, rng=rng), nn.Linear(8, 49, rng=rng)
log_var, noise = (nn.Parameter(np.full(n, -3, np.float32)) for n in (8, 1))
train_straight((encoder, decoder, log_var, noise), 2 if QUICK else 25, rng)
std, var = np.exp(log_var.numpy() / 2), np.exp(noise.numpy())


# %%
def exactly(pictures, middle, W, var):
    """ln p(x), along the eigenvectors of W W'."""
    of_codes, eigenvectors = np.linalg.eigh(W @ W.T)
    return ln_bell((pictures - middle) @ eigenvectors, of_codes + var)


# %% [markdown]
# **Guess:** sort four numbers for this VAE: its ELBO, its $L_{100}$, its exact $\ln p(x)$, and that of PPCA.
# How many nats lie between them?

# %% tags=["guess"]
my_order = ...

# %% tags=["hide-output"]
print("Mean over new pictures, in nats:")
W, middle = decoder.weight.numpy().astype(float), decoder.bias.numpy().astype(float)
mu = encoder(Tensor(new.astype(np.float32))).numpy().astype(float)
ln_w = throw(new, W, var, 100, middle=middle, encoder=(mu, std))
pca = exactly(new, mean, *best(8)).mean()
own = exactly(new, middle, W, var).mean()
print(f"ELBO    {ln_w.mean():.3f}")
print(f"L_100   {L(ln_w).mean():.3f}")
print(f"exact   {own:.3f}")
print(f"PPCA    {pca:.3f}")

# %% [markdown]
# Read the four as two gaps of lesson 19. From the exact number up to PPCA is what the *decoder* has not learned. From
# the ELBO up to the exact number is what the *encoder* does not know. A hundred darts close it: here $L_K$ does arrive.
# From the ELBO alone you could not tell one gap from the other.
#
# ## 5. The race
#
# Now open the two models of the first picture. B is probabilistic PCA with 19 latents. A is probabilistic PCA with
# **20**, so it is better. Then A's codes were turned: $W$ was multiplied by a random rotation.
#
# **Guess:** what does the turn change? A's pictures? Its $\ln p(x)$? Its ELBO?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("A before and after the turn:")
for name, W in (("before", best(20)[0]), ("after ", W_a)):
    ln_w, truth = throw(new, W, var_a, 300), exactly(new, mean, W, var_a).mean()
    print(f"{name} ELBO {ln_w.mean():.2f}, L_300 {L(ln_w).mean():.2f}", end="")
    print(f", exact {truth:.2f}")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# The prior is round. Turned codes are codes from the same prior, so the pictures and $\ln p(x)$ stay the same in all
# digits. But the posterior was a bell along the axes of the code, and now it is tilted. An encoder with one log_var for
# each latent has no tilted bells. Both times we gave it the best bell that it can have.
#
# </details>
#
# **One model, two ELBOs, three nats apart.** An ELBO judges the decoder *and* the encoder. If you want to know which
# decoder is better, the encoder's gap is in the way. B was not turned. Its posterior has no tilt, so its gap is 0. Its
# ELBO already is the truth, and no dart can raise it. More darts take the encoder's fault out of the score of A.
#
# Training by the ELBO turns codes back, so real pairs of models may have gaps that are alike. But you do not know.
#
# ## 6. Three error bars
#
# B's lead at $K = 1$ was "fifteen standard errors". Of what? A score has three kinds of error, and each bar sees one:
#
# | what if | how large | what makes it smaller |
# |---|---|---|
# | other *pictures* had been drawn? | std over pictures / $\sqrt N$ | more pictures |
# | other *darts* had been thrown? | SE of the mean weight / mean weight, then as below | more darts, better proposal |
# | K is finite? | no bar sees it | more darts: does it still rise? |
#
# For the second: $L_K$ is the logarithm of the mean weight. If that mean is off by a small $d$, the logarithm is off by
# $d$ / mean, its slope times $d$. Pictures have darts of their own, so the variances of all $N$ errors add up, and the
# root is divided by $N$. (This needs a small $d$. Do not trust the bar where the ESS is only a few darts. The first bar
# has luck with darts in it already, because it makes the values differ, too.)
#
# Now the difference of A and B on the *same* pictures. You could add up the squares of both bars and take the
# root. Or you subtract picture by picture, and take the bar of the differences.
#
# **Guess:** by which factor is the second bar smaller?

# %% tags=["guess"]
my_factor = ...

# %% tags=["hide-cell"]
print("A - B with all darts, in nats:")
of_a, of_b = L(a), L(b)
n = len(new)
apart = math.sqrt(of_a.var(ddof=1) / n + of_b.var(ddof=1) / n)
pair = (of_a - of_b).std(ddof=1) / math.sqrt(n)
print(f"{(of_a - of_b).mean():.2f} ± {apart:.2f} by two bars")
print(f"{(of_a - of_b).mean():.2f} ± {pair:.2f} picture by picture")
left, right = drawing.grid(1, 2, size=(6.2, 2.6))[0]
left.plot(of_b, of_a, ".", markersize=2)
left.plot([-20, 90], [-20, 90], "k:", linewidth=1)
left.set(title="each picture", xlabel="score by B", ylabel="score by A")
right.hist(of_a - of_a.mean(), 50, alpha=0.5, label="A - its mean")
right.hist(of_a - of_b, 50, alpha=0.7, label="A - B")
right.set(title="which spreads less?", xlabel="nats", yticks=[])
right.legend()
drawing.show(
    left,
    alt="Left, a thousand dots close to a diagonal: pictures that are hard for B are "
    "hard for A. Right, two histograms: a wide one of the scores, and a narrow one of "
    "their differences.",
)

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# Some pictures are easy for every model, others are hard for all. The formula for the variance of a difference says
# $\operatorname{Var}(a - b) = \operatorname{Var}(a) + \operatorname{Var}(b) - 2 \operatorname{Cov}(a, b)$. What the two
# share is in the covariance, and it is taken away. A factor of 7 in the bar is worth 49 times the pictures.
#
# </details>
#
# Two papers that print 51.3 ± 0.5 and 50.3 ± 0.5 say little about their difference, unless you have both scores of
# each picture. Keep the score of every picture, not the mean alone.
#
# And the lead of B was real in each respect but one: more pictures, or other darts, would have confirmed it. The one
# is the table's third line. So here is the rule. **Believe a difference if**
#
# 1. both models got the same pictures, which neither has learned from, and the same kind of target;
# 2. it is more than 3 standard errors of the *paired* difference;
# 3. it is so, with the same sign, with a tenth of the darts as well.

# %%
for K in (1, 10, 100, 1000):
    gain = L(a[:K]) - L(b[:K])
    error = gain.std(ddof=1) / math.sqrt(n)
    print(f"K = {K:4}: A - B = {gain.mean():5.2f} ± {error:.2f}")

# %% [markdown]
# At $K = 100$ the difference is more than three errors. But with a tenth of the darts it was -0.09: do not believe it
# yet. At $K = 1{,}000$ all three hold. You write this rule as `difference`.
#
# ## 7. Digits, where nobody knows the truth
#
# Now two real VAEs, on digits of 28x28 pixels, with 10 latents and with 20. (They have 100 hidden units and train for a
# few seconds: no good models.) The pictures are black and white: each pixel is thrown once, white with the probability
# of its grey.


# %%
def train(latent, pictures, epochs):
    model, rng = VAE(hidden=100, latent=latent, rng=0), np.random.default_rng(0)
    optimizer = optim.Adam(model.parameters(), lr=0.002)
    for _ in range(epochs):
        for rows in data.batches(len(pictures), 100, rng):
            loss = model.losses(Tensor(pictures[rows]), rng=rng)["loss"]
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return model


# %%
rng = np.random.default_rng(4)
count = 4_000 if QUICK else 20_000
uniform = rng.random((count, 1, 28, 28), dtype=np.float32)
black = (uniform < grey[:count, None]).astype(np.float32)
ten, twenty = train(10, black, 3), train(20, black, 3)


# %%
@no_grad()
def darts_of(model, pictures, darts, seed=0):
    rng = np.random.default_rng(seed)
    pictures, tens = Tensor(pictures), range(darts // 10)
    rows = [model.log_weights(pictures, 10, rng).numpy() for _ in tens]
    return np.concatenate(rows).astype(float)


others = grey[55_000:55_200, None]
judged = (rng.random(others.shape, dtype=np.float32) < others).astype(np.float32)
darts = 100 if QUICK else 1000
of_ten, of_twenty = (darts_of(model, judged, darts) for model in (ten, twenty))


# %%
print("darts   20 minus 10     10 latents      20 latents")
for K in (1, 10, 100, darts):
    p, q = L(of_ten[:K]), L(of_twenty[:K])
    print(f"{K:5}", end="")
    for values in (q - p, p, q):
        error = values.std(ddof=1) / math.sqrt(200)
        print(f"  {values.mean():7.2f} ± {error:.2f}", end="")
    print()
ln_mean, ln_mean_square = L(of_twenty), L(2 * of_twenty)  # 2 ln w is the ln of w²
ess = darts * np.exp(2 * ln_mean - ln_mean_square)
print(f"median ESS of the 20 latents: {np.median(ess):.1f} of {darts}")

# %% [markdown]
# Look at the difference first. By the ELBO, from one dart each, it is smaller than its error: nothing is seen. With
# more darts the 20 latents are better by two nats, more than four standard errors. With a tenth of the darts it is
# more than three: believe it, of these two networks. (Other seeds train others.) So more darts matter for real VAEs.
#
# Has the bound arrived? It rises by nats from 1 to 10 darts, and by less from step to step. But the 20 latents still
# gain nearly a nat from 100 to 1,000, and the ESS warns: in the middle picture, of 1,000 darts about six carry the
# weight. So no. What is printed is a bound.
#
# And if it were flat? Flat is what a bound looks like at the truth. It is also what a bound looks like *where nobody
# throws*. Take a world whose truth can be added up: $z$ from $N(0, 1)$, $x$ from $N(z^2, 0.1^2)$. We see $x = 4$. So
# $z$ was near 2 or near -2; a square does not tell. An encoder that throws around 2 alone fits well what it sees.
#
# **Guess:** how flat is its bound? And how far from the truth?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Darts around one of two places, and the truth:")
line = np.linspace(-6, 6, 100_001)
joint = bell(4 - line**2, 0.01) + bell(line, 1.0)
truth = np.log(np.exp(joint).sum() * (line[1] - line[0]))
for K in (10, 1_000, 100_000):
    z = 2 + 0.03 * np.random.default_rng(5).standard_normal(K)
    ln_w = bell(4 - z**2, 0.01) + bell(z, 1.0) - bell(z - 2, 0.03**2)
    w = np.exp(ln_w)
    print(f"K = {K:7,}: {L(ln_w):.3f}, ESS {w.sum() ** 2 / (w**2).sum() / K:.0%} of K")
print(f"truth {truth:.3f}, and minus ln 2: {truth - math.log(2):.3f}")

# %% [markdown]
# <details>
# <summary>What happened</summary>
#
# From 1,000 darts on it is flat to a thousandth. Its ESS is fine. It is ln 2 too low: half of $p(x)$ lies where it
# never looked.
#
# </details>
#
# So what does a flat bound prove? **That $\ln p(x)$ is not below it**, within its error bars. It does not prove that
# the truth is near. A bound from above needs more, such as a dart from the true posterior: see the challenge. The rule
# compares two bounds. So it can be fooled, too: if one encoder looks away, or if its bound still has far to rise.
#
# ### A test set that was seen
#
# Point 1 of the rule says: pictures that neither has learned from. In a university's homework a helper made points
# from a seed. It was called with the same seed twice, once for training and once for testing.


# %%
def points(n, seed):
    return np.random.default_rng(seed).random((n, 2))


trained, tested = points(120, seed=0), points(100, seed=0)
seen = {tuple(row) for row in trained}
found = sum(tuple(row) in seen for row in tested)
print("points of the test that were trained on:", found)

# %% [markdown]
# All of them. No loss, no gradient check and no error bar sees this. One line does: no row may be in both sets. In
# `exercise.py` the seed also decides *what* is drawn. So another seed for the test is no cure there.
#
# ## 8. Which numbers may stand side by side?
#
# One VAE, the one with 20 latents, and the same 200 digits.
#
# **Guess:** how far apart can the numbers be that one may honestly print for it?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("One model, minus its score:")
half = (others > 0.5).astype(np.float32)
for name, pictures in (("thrown", judged), ("above 1/2", half), ("grey", others)):
    ln_w = darts_of(twenty, pictures, 100)
    elbo, bound = -ln_w.mean(), -L(ln_w).mean()
    bits = bound / 784 / math.log(2)
    print(f"{name:10} ELBO {elbo:6.1f}  L_100 {bound:6.1f} nats", end="")
    print(f"  {bits:.3f} bits per pixel")

# %% [markdown]
# - **Target.** Grey pixels have a floor (lesson 6), since coins cannot draw grey, and what is printed for them is no
#   likelihood of anything that was seen. Pixels above 1/2 are smoother than thrown ones, and so easier.
# - **Unit.** Bits per pixel are nats / (784 ln 2). A density of grey values is another unit again (lesson 15).
# - **Bound.** ELBO, $L_{50}$ and $L_{5000}$ are different promises. Say which.
#
# Now read some public figures. All are minus a score, in nats per digit. Here "thrown" means: anew for each use.
# A question mark: we do not know. The small $k$ counts the darts in training, see lesson 21.
#
# | source | target | what | nats |
# |---|---|---|---|
# | a course's assignment, 15 latents | grey | -ELBO, of which digits? | 109.5 |
# | lesson 17, 20 latents | grey | -ELBO, test digits | 105.8 |
# | a solution of another course | ? | -ELBO | 100.47 |
# | the same model | ? | -L, $K$ = 1,000 | 96.47 |
# | Burda and others (2016), $k$ = 1 | thrown | -L, $K$ = 5,000, test digits | 86.76 |
# | the same, $k$ = 50 | thrown | -L, $K$ = 5,000, test digits | 84.78 |
#
# Which rows may be compared?
#
# <details>
# <summary>The answer</summary>
#
# The last two: one target, one bound, one test set. There $k$ = 50 leads by 2 nats. (No bars are printed, so our rule
# cannot say whether to believe it.) The two in the middle are one model, and say how much darts add: 4 nats. The first
# two share target and bound, but perhaps not the digits.
#
# </details>
#
# "My VAE has 84, so it beats 86.76" needs the same target, the same $K$ and the same digits. Lesson 21 is about the
# last two.
#
# ## Your card
#
# When your functions pass, run this in a cell of the notebook. You get what should stand under every VAE: score ±
# pictures, ± darts, ESS, and whether to believe the difference. Write $K$ = 1,000 beside it.
#
#     from exercise import difference, effective_sample_size, error_bars
#
#     print(error_bars(of_twenty), np.median(effective_sample_size(of_twenty)))
#     print(difference(of_twenty, of_ten))
#
# The same for a model in full: `minae evaluate RUN --importance-samples 5000`.
#
# ## Exercise
#
# `exercise.py` has six functions to write and two to mend. `python -m lessons grade 20` says what you have.
#
# **`log_weights`**
#
# <details>
# <summary>Hint 1</summary>
#
# $\ln w = \ln p(x \mid z) + \ln p(z) - \ln q(z \mid x)$. Lesson 17, section 4, has the last two together, in terms of
# $z$, $\varepsilon$ and log_var.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# Let NumPy carry the first axis along: `mu` (N, latent) and `eps` (K, N, latent) fit together. `z @ W.T` works for all
# darts at once. Do not forget $-\frac12 \ln 2 \pi v$ for each pixel.
#
# </details>
#
# **`exact_log_p`**
#
# <details>
# <summary>Hint</summary>
#
# A Gaussian with the covariance $S = W W^\top + v I$. `np.linalg.slogdet` gives the logarithm of a determinant,
# `np.linalg.solve(S, ...)` divides by $S$.
#
# </details>
#
# **`effective_sample_size`**, **`bound`**
#
# <details>
# <summary>Hint</summary>
#
# Divide all weights of a picture by its largest one. What does that change in the ESS? And in the logarithm of the
# mean?
#
# </details>
#
# **`error_bars`**, **`difference`**
#
# <details>
# <summary>Hint</summary>
#
# Section 6, the table and the text below it. In both, mend `bound` first and use it.
#
# </details>
#
# **`train_and_test`** (debug)
#
# <details>
# <summary>Hint</summary>
#
# One seed must decide the clouds, once. How many points does one call of `world` give you?
#
# </details>
#
# **`prior_gap`** (experiment)
#
# <details>
# <summary>Hint</summary>
#
# Use your own functions: the prior is the bell with mu = 0 and log_var = 0. The KL of one latent is
# $\frac12 (\text{mean}^2 + \text{var} - 1 - \ln \text{var})$ with those of the posterior; all latents are alike.
#
# </details>
#
# ## Challenge: the truth from above
#
# Worth nothing but pride. Let a model draw a picture: then you *know* a code that was thrown from its posterior. Put
# this code among the $K$ darts. Show that $\ln$ of the mean weight is now *above* $\ln p(x)$, on average. (Hint: for
# one dart, look at $E[\ln w]$ under the posterior.) Where the two bounds meet, the truth is caught between them.
#
# ## Expected results
#
# | section | what | you should have seen |
# |---|---|---|
# | 1 | 100,000 darts from the prior | tens of nats below the truth |
# | 3 | $L_1$ above the truth | four attempts of ten |
# | 4 | four numbers of a VAE without bends | ELBO, L_100 = exact, PPCA: rising, within a tenth of a nat |
# | 5 | one model, turned | two ELBOs, 3 nats apart |
# | 6 | bars by two and by pairs | 0.75 and 0.11 nats |
# | 7 | 10 and 20 latents | no difference seen by the ELBO, 2 nats with 1,000 darts |
# | 7 | darts at +2 alone | flat, and ln 2 too low |
# | 8 | one model, three targets | from 119.7 to 133.5 nats |
#
# ## What you now know
#
# - $p(x)$ is the mean weight of aimed darts. From the prior it takes about $e^{\mathrm{KL}}$ of them.
# - $L_K$ is below the truth on average and rises with K. A single one may be above.
# - The ELBO judges the encoder, too. Its order of two models may be wrong by many standard errors.
# - Compare picture by picture. What two models share cancels.
# - A flat bound is a bound. It is no proof that the truth is near.
# - Numbers may stand side by side if target, unit, bound and pictures are the same.
#
# ## Read next
#
# - Lesson 21, *Importance weighting*: if $L_K$ is the better score, why not train by it?
# - `minae/measures/evidence.py`: the same with any number of darts in bounded memory.
# - Y. Burda, R. Grosse and R. Salakhutdinov, *Importance Weighted Autoencoders* (2016): $L_K$ and why it rises.
# - S. Chatterjee and P. Diaconis, *The Sample Size Required in Importance Sampling* (2018): $e^{\mathrm{KL}}$.
# - M. Tipping and C. Bishop, *Probabilistic Principal Component Analysis* (1999).
# - R. Grosse, Z. Ghahramani and R. Adams, *Sandwiching the Marginal Likelihood* (2015): the challenge.
