# %% [markdown]
# # 4. When a gradient check lies

# %% tags=["hide-input"]
import textwrap

import numpy as np

import minae
from lessons import drawing
from minae import Tensor
from minae.autograd import sum_to_shape
from minae.checker.slopes import slope
from minae.functional import softplus

np.set_printoptions(precision=4, suppress=True)


def report(op, *inputs):
    """What minae's checker says, in lines that fit the page."""
    text = str(minae.gradcheck(op, *inputs, raise_on_failure=False))
    for line in text.splitlines():
        print(textwrap.fill(line, 86, subsequent_indent="      "))


# The end of the lesson's project is in this cell. Leave it folded for now.
rows, columns = np.mgrid[0:28, 0:28]


def ring(row, column, radius, width):
    return np.abs(np.hypot(rows - row, columns - column) - radius) < width


smile = ring(13.5, 13.5, 6.5, 1.1) & (rows > 15.5)
eyes = ring(10, 9.5, 0, 1.6) | ring(10, 17.5, 0, 1.6)
face = (ring(13.5, 13.5, 11, 1.2) | eyes | smile).astype(float)
luck = np.random.default_rng(0).random((15, 28, 28))
copies = np.where(luck < 0.15, 0.0, np.where(luck > 0.85, 1.0, face))


def side_by_side(**titles_and_pictures):
    panels = drawing.grid(1, len(titles_and_pictures), size=(5, 1.9)).flat
    for panel, (title, picture) in zip(panels, titles_and_pictures.items()):
        panel.imshow(picture, cmap="gray", vmin=0, vmax=1)
        panel.set_title(title.replace("_", " "))
        panel.axis("off")
    return panels[0]


walk = [np.full((28, 28), 0.5)]
for _ in range(40):
    walk.append(walk[-1] - 0.05 * np.tanh(20 * (walk[-1] - copies)).mean(0))


average = copies.mean(0)


def opening(step):
    return side_by_side(one_of_15_copies=copies[0], average=average, your_op=walk[step])


drawing.animate(
    opening,
    [0, 3, 6, 12, 40],
    alt="Left, a face of 28 x 28 points under black and white snow. Middle, the "
    "average of 15 such copies, pale and grey. Right, a grey square becomes the face.",
    seconds=0.5,
)

# %% [markdown]
# Fifteen copies of one picture, and in each of them three points in ten are overwritten, black or white. The average
# is grey. The face on the right was found by going downhill with an op that *you* will write, check, and sign a
# certificate for.
#
# Why a certificate? A [gradient check](../glossary.md#gradient-check) is the best friend of anyone who writes a
# backward pass, and it lies: it fails right ops and passes wrong ones. Those who know its lies can trust their own
# work.
#
# You need lessons 1 (the valley of steps) and 3 (vjps and cotangents). Suspect 6 uses a little statistics, which it
# explains. Reading takes about 45 minutes, with a guess before each answer. You may leave out what is called *if you
# like*.
#
# ## A judge in ten lines
#
# As in lesson 3, an [op](../glossary.md#op) returns its value and a tuple of [vjps](../glossary.md#vjp). To check it,
# we take the sum of its outputs. That is one number, whose slope with respect to each output is 1. So its gradient is
# the vjp of ones. We compare with central differences: one step, one tolerance. Many projects have exactly this.


# %%
def simple_check(op, x, h=1e-6, tolerance=1e-5):
    """Whether the gradient of the sum of op(x) agrees with central differences."""
    value, vjps = op(x)
    gradient = vjps[0](np.ones_like(value))
    for place in np.ndindex(x.shape):
        nudge = np.zeros_like(x)
        nudge[place] = h
        slope = (op(x + nudge)[0].sum() - op(x - nudge)[0].sum()) / (2 * h)
        if abs(gradient[place] - slope) > tolerance:
            return False
    return True


# %%
def square(x):
    return x * x, (lambda g: g * 2 * x,)


def square_without_2(x):
    return x * x, (lambda g: g * x,)


x = np.random.default_rng(0).standard_normal((2, 3))
print("square passes:          ", simple_check(square, x))
print("square without 2 passes:", simple_check(square_without_2, x))

# %% [markdown]
# It works. Now six suspects come before this judge, one after another. Some are innocent. Write your verdict down
# each time, before you open the answer.
#
# ## Suspect 1: an innocent relu


# %%
def relu(x):
    return np.maximum(x, 0), (lambda g: g * (x > 0),)


# %% [markdown]
# This relu is right. Its slope is 0 on the left and 1 on the right. At 0 itself there is no derivative, and the usual
# convention is 0.
#
# **Guess:** does it pass at $x = 1$? At $x = 0$? At $x = 4 \cdot 10^{-7}$, where a derivative exists?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("What the judge says of relu:")
for at in (1.0, 0.0, 4e-7):
    x = np.array([at])
    difference = ((relu(x + 1e-6)[0] - relu(x - 1e-6)[0]) / 2e-6).item()
    _, (vjp,) = relu(x)
    gradient = vjp(1.0).item()
    said = "passes" if simple_check(relu, x) else "fails"
    print(f"{at:5.0e} {said:6}   gradient {gradient}, difference {difference:.1f}")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# At 0 the difference is the mean of the slopes on both sides, and neither of them. A relu that satisfied this judge
# would have to answer one half: a relu that nobody wants. At $4 \cdot 10^{-7}$ the step of $10^{-6}$ reaches across
# the corner and mixes the two slopes again.
#
# </details>
#
# A corner like this is a [kink](../glossary.md#kink). How can a program *see* one? Move the slider. On the left we
# measure at 0.2, on the right at 0.


# %% tags=["hide-input"]
def secants(h):
    panels = drawing.grid(1, 2, size=(5.5, 2.1)).flat
    for panel, at in zip(panels, (0.2, 0.0)):
        ends = np.array([at - h, at + h])
        slope = np.diff(np.maximum(ends, 0))[0] / (2 * h)
        panel.plot([-1.3, 0, 1.3], [0, 0, 1.3], color="C0", linewidth=2)
        panel.plot(ends, np.maximum(ends, 0), "o-", color="C1")
        panel.axvline(at, color="grey", linestyle=":")
        panel.set(title=f"at {at:g}: difference {slope:.2f}", ylim=(-0.1, 1.35))
    return panels[0]


drawing.slider(
    secants,
    [1.0, 0.7, 0.4, 0.15, 0.05],
    label="step h",
    start=1,
    alt="Relu with a line between x - h and x + h. At 0.2 the line's slope becomes 1 "
    "as soon as h is below 0.2. At 0 it stays 0.5.",
)

# %% [markdown]
# A kink at a distance is seen by steps that reach it, and by no smaller ones. A kink *at* $x$ is seen by every step.
# So take the function of one number that is checked, call it $s$, and compare its slopes to both sides. Their **gap**
# is
#
# $$ \frac{s(x + h) - s(x)}{h} - \frac{s(x) - s(x - h)}{h} = \frac{s(x + h) - 2 s(x) + s(x - h)}{h}. $$
#
# **Guess:** we make $h$ ten times smaller, again and again. What does the gap of `exp` at 0 do? And of relu at 0?

# %% tags=["guess"]
my_guess = ...


# %% tags=["hide-output"]
def gap(s, x, h):
    return (s(x + h) - 2 * s(x) + s(x - h)) / h


print("The gaps:")
print("step h   exp at 0   relu at 0.001   relu at 0")
ramp = lambda x: np.maximum(x, 0)
for h in (1e-2, 1e-3, 1e-4, 1e-5):
    smooth, near, at = gap(np.exp, 0, h), gap(ramp, 0.001, h), gap(ramp, 0, h)
    print(f"{h:6.0e} {smooth:10.0e} {near:15.0e} {at:11.0e}")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# Where $s$ is smooth, Taylor's series makes the gap $h s''(x) + \dots$, so it falls like $h$. At a kink the gap is
# the difference of the two slopes, and **no step makes it smaller**. The middle column has a kink at a distance of
# 0.001: only the first step reaches across it. (Where it prints something like 1e-14, that is rounding.)
#
# </details>
#
# minae's checker tries many steps. At a kink it says neither "pass" nor "fail". It says "kink".
#
# > **Rule 1.** Check away from kinks. Then go to the kink on purpose, and see whether backward follows the convention
# > that you documented.
#
# ## Suspect 2: an honest exp, in float32
#
# Networks compute in float32, with 7 digits. So let us check there, too. One of these two is right; the other is
# wrong by one part in a thousand.


# %%
def exp(x):
    y = np.exp(x)
    return y, (lambda g: g * y,)


def exp_off(x):
    y = np.exp(x)
    return y, (lambda g: g * y * np.float32(1.001),)


x64 = np.random.default_rng(1).standard_normal(5)
x32 = x64.astype(np.float32)

# %% [markdown]
# **Guess:** does the right one pass in float64? In float32? Could a better step and a wider tolerance tell the two
# apart? Lesson 1's valley may help.

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("What the judge says of the right exp:")
print("float64 passes:", simple_check(exp, x64))
print("float32 passes:", simple_check(exp, x32))
steps = 10.0 ** np.linspace(-8, 0, 81)
axes = drawing.axes("Differences", "step h", "relative error", True, (6, 2.8))
for x, style in ((x32, "-"), (x64, "--")):
    h = steps.astype(x.dtype)[:, None]  # a column of steps, a row of places
    slopes = (np.exp(x + h) - np.exp(x - h)) / (2 * h)
    errors = np.abs(slopes / np.exp(x.astype(float)) - 1).max(axis=1)
    axes.plot(steps, errors, style, label=x.dtype)
axes.axhline(1e-3, color="grey")
axes.text(1.2e-8, 1.2e-4, "a bug of one in a thousand", color="grey")
axes.set_ylim(1e-12, 1e2)
axes.legend()
drawing.show(axes, alt="Two valleys. Float32 is below the bug near 0.01 only.")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# At the judge's step of $10^{-6}$, float32 differences are wrong by far more than the bug. A tolerance that is wide
# enough for the right op passes the wrong one. Near $h = 0.01$ the two could be told apart. But where that place lies
# depends on the function, and a bug of one in 100,000 would hide even there.
#
# </details>
#
# There is a way out. The *gradient* needs no difference. So take differences in float64, and then compare the float32
# gradient with the float64 gradient. Only rounding lies between them.

# %%
_, (vjp,) = exp(x64)
right = vjp(np.ones(5))
for op in (exp, exp_off):
    _, (vjp,) = op(x32)
    gradient = vjp(np.ones(5, np.float32))
    off = np.abs(gradient / right - 1).max()
    print(f"{op.__name__:7} its {gradient.dtype} gradient is {off:.0e} off")

# %% [markdown]
# > **Rule 2.** Differences in float64. Then gradient against gradient.
#
# ## Suspect 3: the dead softmax
#
# Softmax turns a row of numbers into probabilities. The first of these two is right. The second returns nothing but
# zeros on the way back.


# %%
def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def right_softmax(x):
    y = softmax(x)
    return y, (lambda g: y * (g - (g * y).sum(axis=-1, keepdims=True)),)


def dead_softmax(x):
    return softmax(x), (lambda g: np.zeros_like(x),)


# %% [markdown]
# **Guess:** what does the judge say of the dead one?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("What the judge says:")
x = np.random.default_rng(2).standard_normal((2, 3))
print("softmax passes:     ", simple_check(right_softmax, x))
print("dead softmax passes:", simple_check(dead_softmax, x))
print("the sum of each row:", softmax(x).sum(axis=-1))

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# Each row of softmax has the sum 1, whatever $x$ is. So the sum of all outputs is a constant, and its gradient *is*
# zero. The judge asked for nothing else.
#
# </details>
#
# Let $J$ be the right [Jacobian](../glossary.md#jacobian), and $\tilde J$ the table that a wrong vjp computes with. In
# lesson 3 the [cotangent](../glossary.md#cotangent) $g$ came from a loss. Here we choose it ourselves, and call it
# $c$. A check with $c$ sees only $c^\top (\tilde J - J)$. With $c$ all ones this is the sum of each column of the
# error. So an error whose columns have the sum 0 is not seen. Here are four such:


# %%
def cycle_axes(x):  # permuted once more, not back
    return x.transpose(1, 2, 0), (lambda g: g.transpose(1, 2, 0),)


def reverse(x):  # not turned round again
    return x[::-1], (lambda g: g,)


def column_major(x):  # put back in another order
    return x.reshape(2, 4), (lambda g: g.reshape(x.shape, order="F"),)


def mean_of_g(x):  # as if g were the same everywhere
    return np.exp(x), (lambda g: g.mean() * np.exp(x),)


# %%
def slopes_of(op, x, c, h=1e-5):
    """How much the number Σ c y changes with each element of x."""
    slopes = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        nudge = np.zeros_like(x)
        nudge[place] = h
        slopes[place] = np.sum(c * (op(x + nudge)[0] - op(x - nudge)[0])) / (2 * h)
    return slopes


def error(op, x, c):
    """The largest difference between the vjp of c and the slopes of Σ c y."""
    _, (vjp,) = op(x)
    return np.abs(vjp(c) - slopes_of(op, x, c)).max()


# %%
ones_miss = [(right_softmax, (2, 3)), (dead_softmax, (2, 3)), (cycle_axes, (2, 2, 2))]
ones_miss += [(reverse, (5,)), (column_major, (4, 2)), (mean_of_g, (2, 3))]
print("error seen       c = ones   c random")
for op, shape in ones_miss:
    rng = np.random.default_rng(3)
    x = rng.standard_normal(shape)
    c = rng.standard_normal(op(x)[0].shape)
    with_ones, with_random = error(op, x, np.ones(c.shape)), error(op, x, c)
    print(f"{op.__name__:15} {with_ones:9.0e} {with_random:10.0e}")

# %% [markdown]
# With ones, five wrong ops look as right as the right one. With a random $c$, none does. How sure is that? If an op
# is wrong, some column of $\tilde J - J$ is a vector $d \neq 0$, and the check sees the number $c^\top d$. With $c$
# from N(0, 1) it is never exactly 0. By chance it is a hundred times smaller than the length of $d$ about once in 125
# draws.
#
# > **Rule 3.** A random cotangent. It costs nothing.
#
# ## Suspect 4: the small loss
#
# A loss is often a *mean*. Here is the mean square over a batch of 100 pictures with 784 points each. Its vjp has a
# factor, and the right one is 2.


# %%
TOTAL = 100 * 784  # we look at 6 of these elements; the mean is over all


def mean_square(factor):
    def op(x):
        return np.sum(x * x) / TOTAL, (lambda g: g * factor * x / TOTAL,)

    return op


# %% [markdown]
# **Guess:** with which of the factors 2, 1, 0 and -2 does it pass the judge? (-2 walks uphill.)

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("What the judge says, and the error divided by the largest slope:")
x = 0.1 * np.random.default_rng(4).standard_normal((2, 3))
largest = np.abs(slopes_of(mean_square(2), x, 1.0)).max()
for factor in (2, 1, 0, -2):
    op = mean_square(factor)
    passes, off = simple_check(op, x), error(op, x, 1.0) / largest
    print(f"factor {factor:2} passes: {passes!s:5}  relative error {off:.0e}")
print(f"largest slope {largest:.0e}, tolerance of the judge 1e-05")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# All four pass. The gradients are smaller than the tolerance, so anything passes: zeros, and the wrong sign, too. A
# tolerance means nothing without a scale.
#
# </details>
#
# Why divide by the *largest* slope, and not each error by its own slope? An element whose true slope is 0 has no
# scale of its own. Relative to it, any rounding would count as a large error.
#
# > **Rule 4.** Errors relative to the gradient of the whole input. Better still, inputs for which gradients are of
# > order 1.
#
# ## Suspect 5: three liars at nice places
#
# A check sees the one point where it stands. All three of these are wrong.


# %%
def tanh_wrong(x):
    y = np.tanh(x)
    return y, (lambda g: g * (1 - y),)  # 1 - y²


def cube_wrong(x):
    return x**3, (lambda g: g * 3 * x,)  # 3 x²


def product_wrong(x):
    return x @ x, (lambda g: g @ x + x @ g,)  # g @ x.T + x.T @ g


# %% [markdown]
# **Guess:** we check each at zeros, ones, the identity matrix, a symmetric matrix and a random one, always with a
# random cotangent. Make a table of 3 by 5 on paper. In which cells is the mistake missed?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("What a check sees of the mistakes:")
rng = np.random.default_rng(5)
random, c = rng.standard_normal((2, 4, 4))
kinds = {"zeros": 0 * random, "ones": 1 + 0 * random, "identity": np.eye(4)}
kinds |= {"symmetric": random + random.T, "random": random}
print(" " * 13 + "".join(f"{name:>11}" for name in kinds))
for op in (tanh_wrong, cube_wrong, product_wrong):
    words = ["seen" if error(op, x, c) > 1e-3 else "-" for x in kinds.values()]
    print(f"{op.__name__:13}" + "".join(f"{word:>11}" for word in words))

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# At 0 both $1 - y$ and $1 - y^2$ are 1. At 0 and 1, $x$ and $x^2$ are equal. A symmetric matrix is its own transpose.
# Zeros, ones and the identity are what one types first, and they are the worst that one can type.
#
# </details>
#
# Equal **sizes** are too nice in another way. A layer's bias has one number for each column. This op adds the numbers
# to rows, the first to the first row and so on, forward *and* backward:


# %%
def bias_by_rows(x, bias):
    return x + bias[:, None], (lambda g: g, lambda g: g.sum(axis=1))


report(minae.differentiable(bias_by_rows), *map(rng.standard_normal, [(3, 3), 3]))
try:
    bias_by_rows(rng.standard_normal((5, 3)), rng.standard_normal(3))
except ValueError as raised:
    print(textwrap.fill(f"with 5 rows of 3 numbers: {raised}", 86))

# %% [markdown]
# On a square it passes even minae's checker. Different sizes end it at once.
#
# > **Rule 5.** Random inputs, and sizes that are different primes.
#
# ## Suspect 6: the one that passes every gradient check
#
# Why did the last one pass? Backward *was* the right gradient, of the wrong function. A gradient check asks whether
# backward agrees with forward. **It never knows which forward you wanted.**
#
# First some statistics. A random number has a **mean** $\mu$: what the average of very many draws comes to. Its
# **variance** $\sigma^2$ is the mean of $(z - \mu)^2$. It says how far apart the draws are. Its root $\sigma$ is the
# **standard deviation**. $N(\mu, \sigma^2)$ is the **normal distribution** with these two, a bell that you see below.
# One draw of it is $z = \mu + \sigma \varepsilon$, with $\varepsilon$ from $N(0, 1)$.
#
# The most famous case is in variational autoencoders, which lesson 17 builds. There a network gives $\mu$ and a second
# output $s$, and a number $z$ is drawn. $s$ is meant as the [log-variance](../glossary.md#log-variance):
# $s = \ln \sigma^2$, so $\sigma = e^{s/2}$. Look at the widely copied tutorial
# [Building Autoencoders in Keras](https://blog.keras.io/building-autoencoders-in-keras.html) (2016). Its loss has a
# term with $1 + s - \mu^2 - e^s$, so there $s$ is the log-variance. But its samples are $\mu + e^s \varepsilon$, and
# there $s$ is the logarithm of $\sigma$.


# %%
def sample(mu, s, eps):
    noise = np.exp(s / 2) * eps
    return mu + noise, (lambda g: g, lambda g: g * noise / 2)


def famous_bug(mu, s, eps):
    noise = np.exp(s) * eps
    return mu + noise, (lambda g: g, lambda g: g * noise)


# %%
mu, s, eps = np.random.default_rng(6).standard_normal((3, 5))
inputs = Tensor(mu, requires_grad=True), Tensor(s, requires_grad=True), Tensor(eps)
report(minae.differentiable(sample), *inputs)
report(minae.differentiable(famous_bug), *inputs)

# %% [markdown]
# Two passes, and rightly so.
#
# ### What finds it: look at the samples
#
# Draw many, and check that they fall where they should. The dashed bell is what $s$ promises: mean $\mu$, variance
# $e^s$. Move the slider. At one value of $s$ the bug cannot be seen at all. Which?


# %% tags=["hide-input"]
many = np.random.default_rng(7).standard_normal(10_000)


def histograms(s):
    axes = drawing.axes(f"10,000 samples, s = {s:g}", "z", size=(5.5, 2.4))
    bins = np.linspace(-8, 8, 65)
    for op, name in ((sample, "right"), (famous_bug, "the bug")):
        drawn = op(0.3, s, many)[0]
        axes.hist(drawn, bins, density=True, histtype="step", label=name)
    z = np.linspace(-8, 8, 200)
    variance = np.exp(s)
    bell = np.exp(-((z - 0.3) ** 2) / (2 * variance)) / np.sqrt(2 * np.pi * variance)
    axes.plot(z, bell, "k--", linewidth=1, label="promised")
    axes.set(xlim=(-8, 8), ylim=(0, 1.15))
    axes.legend(loc="upper right")
    return axes


drawing.slider(
    histograms,
    [-2.0, -1.0, 0.0, 0.7, 1.4],
    label="s",
    start=1,
    alt="Histograms of samples. The right ones follow the promised bell. Those of the "
    "bug are too narrow below s = 0, the same at 0, and too wide above.",
)

# %% [markdown]
# The eye needs numbers. The average of $n$ draws is not exactly $\mu$, and neither is their variance exactly
# $\sigma^2$. How far off each usually is, is its [standard error](../glossary.md#standard-error). We take two formulas
# for normal draws from statistics, and see below that they fit the right op:
#
# $$ \mathrm{SE}(\text{mean}) = \frac{\sigma}{\sqrt n}, \qquad
#    \mathrm{SE}(\text{variance}) = \sigma^2 \sqrt{\frac{2}{n}}. $$
#
# A difference divided by its standard error is a [z-score](../glossary.md#z-score). If the op is right, a z-score is
# beyond ±4 about once in 16,000 tests, and beyond ±5 about once in 1.7 million. So we choose a threshold, and know
# how often there will be a false alarm.


# %%
def z_scores(op, mu, s, eps):
    """How many standard errors the mean and the variance of samples are off."""
    n, variance = eps.size, np.exp(s)
    z = op(np.full(n, mu), np.full(n, s), eps)[0]
    of_mean = (z.mean() - mu) / np.sqrt(variance / n)
    of_variance = (z.var() - variance) / (variance * np.sqrt(2 / n))
    return of_mean, of_variance


print("   s    right: mean, variance    the bug: mean, variance")
for s in (-2.0, 0.0, 1.5):
    mean, variance = z_scores(sample, 0.3, s, many)
    print(f"{s:4} {mean:13.1f} {variance:9.1f}", end="")
    mean, variance = z_scores(famous_bug, 0.3, s, many)
    print(f" {mean:16.1f} {variance:9.1f}")

# %% [markdown]
# (The right op has the same numbers in each row, because each row uses the same noise.) At $s = 0$ both ops have the
# same numbers, since $e^0 = e^{0/2}$. A test that sets $s = 0$ "to keep it simple" always passes the bug. And the mean
# never sees it.
#
# ### Experiment: how many samples show the bug?
#
# Near 0 the bug is nearly invisible, but more samples see more. Your `samples_until_seen` in `exercise.py` doubles the
# number of samples until the z-score of the bug's variance is beyond 5.
#
# **Guess:** which number do you get at $s = 0.2$, at 0.1, at 0.05? And at -0.1, and at 0?

# %% tags=["guess"]
my_numbers = {0.2: ..., 0.1: ..., 0.05: ..., -0.1: ..., 0: ...}

# %% [markdown]
# Write the function, and run it with several seeds. In `WHY_SO_MANY` say in a line how the number changes if $s$ is
# halved, and why. The number is checked; a person reads the line.
#
# <details>
# <summary>Hint 1: to guess</summary>
#
# At $s = 0.1$ the bug's variance is $e^{0.2}$ where $e^{0.1}$ is promised. By which part of itself is it too large? And
# which part of it is one standard error, for $n$ samples?
#
# </details>
#
# <details>
# <summary>Hint 2: to write</summary>
#
# Most of it is in `z_scores` and `famous_bug` above. Which of the two numbers of `z_scores` do you need?
#
# </details>
#
# <details>
# <summary>Hint 3: below 0</summary>
#
# There the variance is too small. Which sign has its z-score?
#
# </details>
#
# > **Rule 6.** "Pass" means that backward is the gradient of forward. Whether forward is right is another question.
# > Where there is noise, statistics answer it, away from special values.
#
# ### If you like: the bug wins, on paper
#
# What does the bug do to a training? The loss of a variational autoencoder has a cost for the distribution of $z$: the
# [KL divergence](../glossary.md#kl-divergence) from $N(0, 1)$. Lesson 15 says where it comes from.
#
# $$ \mathrm{KL} = \tfrac12 \left( \mu^2 + \sigma^2 - 1 - \ln \sigma^2 \right) $$
#
# Take a picture that comes out best with $z = 0$: anything else costs $50 z^2$. The mean of $z^2$ is
# $\mu^2 + \sigma^2$, because $z^2 = \mu^2 + 2 \mu \sigma \varepsilon + \sigma^2 \varepsilon^2$, where $\varepsilon$
# has the mean 0 and $\varepsilon^2$ the mean 1. So the loss is $50 (\mu^2 + \sigma^2)$ plus the KL. The right code and
# the bug look for the best $\mu$ and $s$. ($\mu$ soon goes to 0, so the true loss below has only $\sigma$ in it.)


# %%
@minae.differentiable
def kl(mu, s):
    value = (mu * mu + np.exp(s) - 1 - s) / 2
    return value, (lambda g: g * mu, lambda g: g * (np.exp(s) - 1) / 2)


# %%
def train(power):
    """The least 50 (μ² + σ²) + KL, if σ = e^(power s). Right is power = 1/2."""
    mu = Tensor(np.array(0.5), requires_grad=True)
    s = Tensor(np.array(0.0), requires_grad=True)
    for _ in range(4000):
        mu.grad = s.grad = None
        loss = 50.0 * (mu * mu + (s * (2.0 * power)).exp()) + kl(mu, s)
        loss.backward()
        mu.data, s.data = mu.data - 0.005 * mu.grad, s.data - 0.005 * s.grad
    return np.exp(power * s.data), loss.item()


# %% [markdown]
# **Guess:** which one prints the lower loss at the end?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("What is printed, and what is true:")
for name, power in (("right", 0.5), ("the bug", 1.0)):
    sigma, printed = train(power)
    true = 50 * sigma**2 + (sigma**2 - 1 - np.log(sigma**2)) / 2
    print(f"{name:8} sigma {sigma:.4f}   prints {printed:.2f}   true loss {true:.2f}")
print(f"the best sigma {np.sqrt(1 / 101):.4f}   its loss {np.log(101) / 2:.2f}")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# The bug prints a loss that is better than the best possible. Its true loss is worse than that of the right one. (Set
# the derivative of $50 v + \tfrac12 (v - 1 - \ln v)$ to zero: $v = \sigma^2 = 1/101$, and the loss is
# $\tfrac12 \ln 101$.) One would publish the printed number, and it means nothing. And every gradient is right.
#
# </details>
#
# ## Who notices whom
#
# All six on one page. Green: the verdict is right. Red with a cross: a lie. Each column mends something that the one
# before it missed.

# %% tags=["hide-input"]
rng = np.random.default_rng(9)
near = rng.standard_normal
five = near(5)


def of_s(draw):
    """A sampler as an op of s alone."""

    def op(s):
        value, vjps = draw(0.3, s, five)
        return value, vjps[1:]

    return op


at_kink = np.array([1.5, 0.0, -0.5])
rows_of_table = {
    "1  relu at 0 (right)": (relu, at_kink),
    "2  exp in float32 (right)": (exp, x32),
    "3  softmax, dead": (dead_softmax, near((2, 3))),
    "3  reshape, other order": (column_major, near((4, 2))),
    "4  mean of 78,400, zeros": (mean_square(0), 0.1 * near((2, 3))),
    "5  x @ x, at ones": (product_wrong, np.ones((4, 4))),
    "6  samples (right)": (of_s(sample), near(5)),
    "6  samples, famous bug": (of_s(famous_bug), near(5)),
}


samplers = {"6  samples (right)": sample, "6  samples, famous bug": famous_bug}


def verdicts(name, op, x):
    """What each check says, from left to right; a lie ends in a space."""
    c = np.random.default_rng(10).standard_normal(np.shape(op(x)[0]))
    absolute = error(op, x, c)
    scale = np.abs(slopes_of(op, x, c)).max()
    passed = [simple_check(op, x), absolute < 1e-5, absolute / scale < 1e-4]
    found = ["pass" if one else "fail" for one in passed]
    lifted = minae.differentiable(op)
    found += [minae.gradcheck(lifted, x, raise_on_failure=False).verdict]
    if name in samplers:
        scores = [z_scores(samplers[name], 0.3, s, many)[1] for s in (-2.0, 1.5)]
        found += ["pass" if np.abs(scores).max() < 5 else "fail"]
    lie = "fail" if "right" in name else "pass"
    return [word + " " if word == lie else word for word in found]


axes = drawing.table(
    list(rows_of_table),
    ["simple", "random c,\nfloat64", "relative", "minae", "samples"],
    [verdicts(name, op, x) for name, (op, x) in rows_of_table.items()],
    lambda word: word.endswith(" "),
)
drawing.show(
    axes,
    alt="Eight ops by five checks. The simple check lies on most rows, minae on the "
    "last. There only the test of samples is right.",
)

# %% [markdown]
# The last row stays red for *every* gradient check. Only the column that looks at the samples has an answer.
#
# minae's column puts rules 1 to 4 together. It tries many steps, and extrapolates as in lesson 1. This gives each
# slope an **error bar of its own**, so there is no tolerance to choose. And it looks a second time, at other inputs
# nearby. That is how it saw `x @ x` fail, although we asked at ones. (Its guess at the cause can be wrong; the verdict
# counts.) Read one of its reports:


# %%
def exp_slightly_off(x):
    y = np.exp(x)
    return y, (lambda g: g * y * 1.000001,)


report(minae.differentiable(exp_slightly_off), near(2))

# %% [markdown]
# "However small its step" is the best evidence. (The difference quotient is the central difference.) With a right
# gradient the distance to it falls like $h^2$, until rounding. With a wrong one it stays as large as the mistake.
#
# ## Project: an op of your own, with a certificate
#
# Now back to the ruined face. We look for one picture that is near to all 15 copies. With the *squared* distance the
# best picture is the average. A point that is off by 1 costs a hundred times as much as one that is off by 0.1, so
# the snow decides. With the *absolute* distance a few wild points hardly matter. But $|d|$ has a kink at 0, exactly
# where we want to arrive.
#
# You will write a loss with the best of both:
#
# $$ y = \ln \cosh d, \qquad \cosh d = \frac{e^d + e^{-d}}{2}, \qquad d = \text{prediction} - \text{target}. $$
#
# Near 0, $\cosh d$ is about $1 + d^2/2$, so $y$ is about $d^2/2$. Far away only one of the exponentials counts, so $y$
# is about $|d| - \ln 2$. Autoencoders can use it wherever single points may be badly wrong; lesson 11 has such
# pictures.
#
# A certificate has six lines, most of them for one suspect. Inputs are random and sizes differ everywhere (suspect 5),
# so the fifth line asks something new: what happens far away? Lines 1, 3 and 4 use `is_kink` and `check`, which you
# write in this lesson's exercise. Until then minae's stand in for them, in the next cell, which asks the six questions.
# You need not open it.


# %% tags=["hide-input"]
def check(op, x, seed):
    report = minae.gradcheck(minae.differentiable(op), x, raise_on_failure=False)
    return report.worst if report.ok else max(report.worst, 1.0)


def is_kink(f, x, direction):
    along = lambda t: np.array(f(x + t * direction))
    return slope(along, np.array(1.0), unit=1.0).is_kink


def alone(op, inputs, i, scale=1.0):
    """The op as a function of its input i alone, `scale` times as large."""

    def of_one(x):
        value, vjps = op(*inputs[:i], x, *inputs[i + 1 :])
        return scale * value, (lambda g: vjps[i](scale * g),)

    return of_one


def gradients(op, inputs, dtype):
    """One gradient for each input, for some fixed cotangent."""
    value, vjps = op(*(x.astype(dtype) for x in inputs))
    g = np.cos(1 + np.arange(value.size)).reshape(value.shape).astype(dtype)
    return [vjp(g) for vjp in vjps]


def examine(op, definition, inputs, at_kink, far):
    """The lines of a certificate: a question, what was found, and if that is fine."""
    direction = np.random.default_rng(1).standard_normal(at_kink[0].shape)
    direction /= np.sqrt((direction**2).sum())
    kink = is_kink(lambda x: op(x, *at_kink[1:])[0].sum(), at_kink[0], direction)
    pairs = zip(gradients(op, inputs, np.float32), gradients(op, inputs, np.float64))
    rounding = max(np.abs(a - b).max() / np.abs(b).max() for a, b in pairs)
    errors = []
    for scale in (1.0, 1e-9):
        ops = [alone(op, inputs, i, scale) for i in range(len(inputs))]
        errors.append(max(check(one, x, seed=5) for one, x in zip(ops, inputs)))
    with np.errstate(all="ignore"):
        extreme = [op(*far)[0], *gradients(op, far, np.float64)]
    is_finite = all(np.isfinite(one).all() for one in extreme)
    off = np.abs(op(*inputs)[0] - definition(*inputs)).max()
    return [
        ("1  a kink, where one could be", "found" if kink else "none", not kink),
        ("2  float32 against float64", f"{rounding:.0e}", bool(rounding < 1e-5)),
        ("3  a random cotangent", f"{errors[0]:.0e}", bool(errors[0] < 1e-6)),
        ("4  all a billion times smaller", f"{errors[1]:.0e}", bool(errors[1] < 1e-6)),
        ("5  far away, at d = ±1000", ("inf", "finite")[is_finite], is_finite),
        ("6  the value, by its definition", f"{off:.0e}", bool(off < 1e-12)),
    ]


def certificate(op, name):
    """Examined at sizes that differ, at d = 0, and at d = ±1000."""
    rng = np.random.default_rng(11)
    inputs = rng.standard_normal((5, 3)), 1 + rng.standard_normal(3)
    at_kink = inputs[0], inputs[0].copy()
    far = np.array([1000.0, -1000.0]), np.zeros(2)
    definition = lambda p, t: np.log((np.exp(p - t) + np.exp(t - p)) / 2)
    lines = examine(op, definition, inputs, at_kink, far)
    lifted = minae.differentiable(op)
    report = minae.gradcheck(lifted, *inputs, raise_on_failure=False)
    slopes = [(one.numeric, one.analytic) for one in report.findings]
    return drawing.certificate(name, lines, report.verdict, slopes)


# %% [markdown]
# ### Debug: a first draft
#
# Here is a first draft of the op. It runs, and it has more than one mistake. `unbroadcast` is the function of lesson
# 3, which sums a gradient back to an input's shape. minae's stands in for it. Paste yours here. For the checks that you
# write, take the `#` away from the first line.

# %%
# from exercise import check, is_kink
unbroadcast = sum_to_shape  # or yours, from lesson 3's exercise.py


def log_cosh(prediction, target):
    """y = ln cosh(prediction - target)"""
    d = prediction - target
    y = np.log(np.cosh(d))
    slope = 1 / np.cosh(d)
    to_prediction = lambda g: unbroadcast(g * slope, prediction.shape)
    to_target = lambda g: unbroadcast(g * slope, target.shape)
    return y, (to_prediction, to_target)


# %%
figure = certificate(log_cosh, "log_cosh, a first draft")
drawing.show(
    figure,
    alt="A refused certificate. Three of its lines have crosses, and the points lie "
    "far from the diagonal, on both sides of it.",
)

# %% [markdown]
# On the right is what `minae.gradcheck` says. Each point is one comparison: the slope by nudging, and what backward
# gives. Points of a right op lie on the diagonal.
#
# **Your project.** Mend `log_cosh`, and run the last two cells again until the seal is green. Mend the gradient
# first. Then all points lie on the diagonal, and minae says "pass". Look at the seal. This is the moment that the
# lesson is about.
#
# The same draft stands in `exercise.py`, for two inputs of one shape. Mend it there, too: two of the ten points are
# for it, one for its backward, one for what it does far away.
#
# <details>
# <summary>Hint 1: the gradient</summary>
#
# The outer function is $\ln u$ with slope $1/u$, the inner one is $u = \cosh d$. The chain rule needs both slopes.
# What is the slope of $\cosh d$?
#
# </details>
#
# <details>
# <summary>Hint 2: the other input</summary>
#
# Now the points form a cross: some have the wrong sign. How does $d$ move if the *target* grows?
#
# </details>
#
# <details>
# <summary>Hint 3: it passes, and is refused</summary>
#
# Backward is right, and the op is still not fit for use. Line 5 has a cross, because $\cosh(1000)$ is larger than any
# float64. Take the larger of the two exponentials out of the sum: $e^{|d|} + e^{-|d|} = e^{|d|} (1 + \dots)$.
# `np.log1p(x)` is $\ln(1 + x)$.
#
# </details>
#
# <details>
# <summary>Hint 4: the value</summary>
#
# $\ln \cosh d = |d| + \ln(1 + e^{-2|d|}) - \ln 2$.
#
# </details>
#
# What a verified certificate looks like is in the next cell. Its op is made of minae's ops, and minae finds the
# gradients. Yours needs less: two lines for them.


# %% tags=["hide-cell"]
def of_minae(prediction, target):
    def run():
        inputs = [Tensor(x, requires_grad=True) for x in (prediction, target)]
        d = inputs[0] - inputs[1]
        return inputs, softplus(2 * d) - d - float(np.log(2))

    def gradient(i, g):
        inputs, y = run()
        y.backward(g)
        return inputs[i].grad

    return run()[1].numpy(), (lambda g: gradient(0, g), lambda g: gradient(1, g))


print("A certificate that is verified:")
figure = certificate(of_minae, "ln cosh, made of minae's ops")
drawing.show(figure, alt="Six ticks, a green seal, and all points on the diagonal.")

# %% [markdown]
# ### Use it
#
# The picture starts grey. In each step all its points move a little downhill, by *your* vjp. The 15 copies have the
# shape (15, 28, 28) and the picture (28, 28), so your `unbroadcast` adds up what the copies say. Both are multiplied by
# 20. Then a difference of 0.05 counts as $d = 1$, and most of the snow is far away.


# %%
def repair(op, copies, steps=40, rate=0.05):
    picture = np.full(copies.shape[1:], 0.5)
    for _ in range(steps):
        _, (to_picture, _) = op(20 * picture, 20 * copies)
        picture = picture - rate * to_picture(np.ones(copies.shape)) / len(copies)
    return picture


found = repair(log_cosh, copies)
axes = side_by_side(one_of_15_copies=copies[0], average=average, log_cosh=found)
print(f"mean error of the average: {np.abs(average - face).mean():.3f}")
print(f"mean error with log_cosh:  {np.abs(found - face).mean():.3f}")
print(f"mean error of the median:  {np.abs(np.median(copies, 0) - face).mean():.3f}")
drawing.show(axes, alt="With the draft the third picture stays a grey square.")

# %% [markdown]
# With the draft the picture stays grey. Its "slope" is nearly 0 for all points that are far from where they should
# be. With your op, this cell shows the picture at the top of the page, and the error falls below 0.02.
#
# To be honest: this picture already appears when the first slope is right. The wrong sign of the target and the
# overflow do not show here, and no training would have told you. And for copies like these there is a method without
# a gradient, the median of each point, and it is better still. A loss is needed where a network makes the picture.
#
# Keep what you made: after `figure = certificate(log_cosh, "log_cosh, by ...")` with your name, the line
# `figure.savefig("log_cosh.png")` writes the certificate into this folder.
#
# ## Exercise
#
# Open `exercise.py` beside this lesson. You write a checker, a detector of kinks and a test of samples. A zoo of
# wrong ops will try to fool them. Then you write a lie of your own. These four have seven points. Two more are for
# the draft of `log_cosh`, and one is for the experiment; their hints stand above. `python -m lessons grade 04` says
# what you have.
#
# **`check`** returns the relative error of a vjp, for a random cotangent.
#
# <details>
# <summary>Hint 1</summary>
#
# `error` above does most of it. What is missing: float64, the scale, and gradients that are not finite.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# `np.ndindex(x.shape)` gives each element's place, for any number of axes. A step of 1e-5 suits $x$ of order 1.
#
# </details>
#
# <details>
# <summary>Hint 3</summary>
#
# The scale is the larger of two maxima, the gradient's and the slopes'. Both can be 0, if the op is constant. And a
# gradient can be NaN, "not a number". Every comparison with NaN is false, so it is lost in Python's `max`, and
# `error > 1e-6` does not see it. Ask `np.isfinite(gradient).all()`.
#
# </details>
#
# **`is_kink`** compares the gaps of suspect 1 at two steps.
#
# <details>
# <summary>Hint 1</summary>
#
# Take the steps 1e-4 and 1e-5. By which factor does the gap fall where $f$ is smooth? At a kink?
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# A fixed threshold fails: $10^{-9} |x|$ has a kink, too. Compare the gaps with each other. They can be negative.
#
# </details>
#
# <details>
# <summary>Hint 3</summary>
#
# Where $f$ is linear, both gaps are only rounding. $f$ is known to about $2 \cdot 10^{-16}$ of its size. Divided by
# $h$, what does that make in the gap? A gap must be clearly larger.
#
# </details>
#
# **`sample_moments_match`** is rule 6 as a function.
#
# <details>
# <summary>Hint 1</summary>
#
# `sample` wants three arrays: `np.full(n, mu)` makes one from a number.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# Both standard errors use the variance that the samples *should* have, not the one that they have.
#
# </details>
#
# **`lying_softmax`** is your own suspect 3.
#
# <details>
# <summary>Hint 1</summary>
#
# The right vjp is in `right_softmax`. If all $g$ in a row are equal, which two terms cancel?
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# The second term is a weighted mean of $g$. Which other means of a constant row give the same constant?
#
# </details>
#
# ## Challenge: fool a friend
#
# Worth nothing but pride. Plant one mistake into a right op so that all six lines of the certificate still have a
# tick. Then swap with a friend, and find each other's mistake. (The certificate looks at $d$ of order 1, at 0 and at
# ±1000. What about 30?) Then add the seventh line that would have caught it.
#
# ## Expected results
#
# | suspect | what | you should have seen |
# |---|---|---|
# | 1 | central difference of relu at 0 | 0.5 |
# | 2 | a right exp in float32 | fails |
# | 3 | ones, random cotangent | below 1e-9 for all six ops; for the right op alone |
# | 4 | mean square, zero gradient | passes the simple check; relative error 1 |
# | 6 | how many samples at 0.1 | 4,000 or 8,000, in most runs |
# | 6, if you like | the right training | sigma 0.0995, loss 2.31 |
# | 6, if you like | the famous bug | sigma 0.0683, loss printed 1.11, true 2.42 |
# | project | the first draft | refused: three crosses |
# | project | your op | verified: six ticks; mean error of the picture below 0.02 |
#
# ## What you now know
#
# - A check compares two numbers that both err. At kinks and in float32 it fails right ops.
# - It passes wrong ops where it does not look: along ones, below a tolerance, at nice inputs and equal sizes.
# - "Pass" is about backward. Whether forward is right must be asked in another way.
#
# ## Read next
#
# - `minae/checker/verdicts.py`, which judges, and `minae/checker/likely_cause.py`, which guesses the cause.
# - D. P. Kingma and M. Welling, *Auto-Encoding Variational Bayes* (2014), appendix B: the sample and the KL.
# - C. J. F. Ridders, *Accurate computation of F'(x) and F'(x) F''(x)*, Advances in Engineering Software 4 (1982): a
#   difference quotient with an error bar.
