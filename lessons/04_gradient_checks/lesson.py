# %% [markdown]
# # 4. When a gradient check lies
#
# You can now write a backward pass, and you have a judge: nudge the input, compare. Judges err. This one fails right
# ops and passes wrong ones, for reasons that can be understood. We break ops on purpose and watch which check
# notices.
#
# After this lesson you can
#
# - tell a wrong gradient from a kink, and from rounding;
# - choose the cotangent, the inputs and the tolerance so that a mistake cannot hide;
# - read a report of `minae.gradcheck`;
# - name a mistake that no gradient check can find, and find it by statistics.
#
# You need lessons 1 (the step-size valley) and 3 (vjps and cotangents). Reading takes about 50 minutes, and the
# exercise 75.

# %%
import matplotlib.pyplot as plt
import numpy as np

import minae
from minae import Tensor
from minae.checker import slopes

np.set_printoptions(precision=4, suppress=True)

# %% [markdown]
# ## 1. A checker in ten lines
#
# An op is a function of arrays that returns its value and a tuple of vjps, as in lesson 3. To check it, take the sum
# of its outputs. That is one number, and its gradient is the vjp of a cotangent of ones. Compare with central
# differences, one step, one tolerance. Many projects have just this.


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


def square(x):
    return x * x, (lambda g: g * 2 * x,)


def square_without_2(x):
    return x * x, (lambda g: g * x,)


x = np.random.default_rng(0).standard_normal((2, 3))
print("square:           ", simple_check(square, x))
print("square without 2: ", simple_check(square_without_2, x))

# %% [markdown]
# It works. Now we make it lie, in six ways.
#
# ## 2. Kinks
#
# This relu is right. Its slope is 0 on the left and 1 on the right. At 0 itself there is no derivative, and the usual
# convention is 0.
#
# *Predict:* what does the checker say at $x = 0$? And at $x = 4 \cdot 10^{-7}$, where there is a derivative?


# %%
def relu(x):
    return np.maximum(x, 0), (lambda g: g * (x > 0),)


def half_relu(x):
    return np.maximum(x, 0), (lambda g: g * np.where(x == 0, 0.5, x > 0),)


for at in (1.0, 0.0, 4e-7):
    x = np.array([at])
    slope = (relu(x + 1e-6)[0] - relu(x - 1e-6)[0]) / 2e-6
    print(f"relu at {at:g}: check {simple_check(relu, x)!s:5}  gradient {relu(x)[1][0](1.0)}, difference {slope}")
print("a relu that says 0.5 at 0:", simple_check(half_relu, np.array([0.0])))

# %% [markdown]
# At 0 the central difference is 0.5: the mean of the slopes on both sides, and neither of them. At $4 \cdot 10^{-7}$
# the step of $10^{-6}$ reaches across the kink and mixes the two slopes again. The only relu that satisfies the
# checker at 0 is one that nobody wants.
#
# How can we *see* a kink? Compare the slopes to both sides. Their gap is
#
# $$ \frac{s(x + h) - s(x)}{h} - \frac{s(x) - s(x - h)}{h} = \frac{s(x + h) - 2 s(x) + s(x - h)}{h}. $$
#
# Where $s$ is smooth, Taylor's series makes this $h s''(x) + \dots$: halve $h$ and the gap is halved. At a kink the
# gap is the difference of the two slopes, and **no step makes it smaller**. A kink at a distance is seen by steps
# that reach it, and by no smaller ones.

# %%
steps = 10.0 ** np.linspace(-8, 0, 81)


def gap(s, x):
    return np.abs(s(x + steps) - 2 * s(x) + s(x - steps)) / steps


plt.figure(figsize=(6, 3.5), dpi=105, layout="constrained")
positive = lambda x: np.maximum(x, 0)
for name, s, at, style in [
    ("relu at 0: a kink", positive, 0.0, "-"),
    ("relu at 0.01: a kink near by", positive, 0.01, "--"),
    ("exp at 0: smooth", np.exp, 0.0, ":"),
]:
    found = gap(s, at)
    plt.loglog(steps, np.where(found > 0, found, np.nan), style, linewidth=2, label=name)
plt.xlabel("step h")
plt.ylabel("right slope - left slope")
plt.ylim(1e-9, 10)
plt.legend()
plt.show()

# %% [markdown]
# *What we see.* For `exp` the gap falls with h, until rounding takes over on the far left. For relu at 0 it is one
# and the same at every step. For relu at 0.01 it is there for steps above 0.01, and gone below.
# One step size shows none of this. A sweep over many does.
#
# minae's checker sweeps. At a kink it does not say "right" or "wrong"; it says what it sees, and leaves the
# convention to you:


# %%
def report(op, *inputs, **options):
    print(minae.gradcheck(op, *inputs, raise_on_failure=False, **options), "\n")


lifted_relu = minae.differentiable(relu)
report(lifted_relu, np.array([1.5, 0.0, -0.5]))
report(Tensor.max, np.array([2.0, 1.0, 2.0]))

# %% [markdown]
# The report is about $\sum_i c_i y_i$ with a random c (section 4 says why), so relu's slope of 1 appears as
# $c_1 = -0.132$. For the rest, it says: a kink, at this place, with these slopes, and backward takes the left one.
#
# `max` has kinks too, wherever the largest elements tie. Both 2.0s above are winners. minae lets them share g, so the
# gradient lies between the two slopes.
#
# **Rule.** Check at points away from kinks. Then go to the kink on purpose, and look whether the convention is the
# one that you documented.
#
# ## 3. float32
#
# Lesson 1 drew the valley: truncation on the right, rounding on the left. In float32 the numbers have 7 digits, and
# the valley floor rises.
#
# *Predict:* does a right op pass the checker in float32?


# %%
def exp(x):
    y = np.exp(x)
    return y, (lambda g: g * y,)


def exp_off(x):
    """Wrong by one part in a thousand."""
    y = np.exp(x)
    return y, (lambda g: g * y * np.float32(1.001),)


x64 = np.random.default_rng(1).standard_normal(5)
x32 = x64.astype(np.float32)
print("right exp, float64:", simple_check(exp, x64), "  float32:", simple_check(exp, x32))

# %% [markdown]
# A right op fails. Could we choose a better step and a looser tolerance? Draw the relative error of the central
# difference over all steps, for both dtypes, and beside it a bug of one part in a thousand.


# %%
def difference_errors(x):
    """The largest relative error of the central difference of exp, for each step."""
    errors = []
    for h in steps.astype(x.dtype):
        slopes = (np.exp(x + h) - np.exp(x - h)) / (2 * h)
        errors.append(np.abs(slopes.astype(np.float64) / np.exp(x.astype(np.float64)) - 1).max())
    return np.array(errors)


plt.figure(figsize=(6, 3.5), dpi=105, layout="constrained")
for x, name, style in ((x32, "float32", "-"), (x64, "float64", "--")):
    errors = difference_errors(x)
    plt.loglog(steps, errors, style, label=f"{name}, at best {errors.min():.0e}")
plt.axhline(1e-3, color="grey", linewidth=1)
plt.text(1.2e-8, 1.4e-3, "a bug of 0.1 %", color="grey")
plt.axvline(1e-6, color="grey", linewidth=1, linestyle=":")
plt.xlabel("step h")
plt.ylabel("relative error of the difference")
plt.ylim(1e-12, 1e2)
plt.legend(loc="upper right")
plt.show()

# %% [markdown]
# At the usual step (dotted), float32 differences are off by more than the bug. The best float32 step does reach below
# it, but where it lies depends on the function. At every step below $10^{-4}$ this wrong op looks no worse than a
# right one. A tolerance wide enough for the first passes the second.
#
# **Rule.** Take differences in float64. Then compare the float32 *gradient* with the float64 *gradient*: no
# differences, so nothing but rounding lies between them.

# %%
ones = np.ones(5)
right = exp(x64)[1][0](ones)
for name, op in (("exp", exp), ("exp off by 0.1 %", exp_off)):
    g32 = op(x32)[1][0](ones.astype(np.float32))
    print(f"{name:17} {g32.dtype} gradient, relative distance to the float64 one: {np.abs(g32 / right - 1).max():.0e}")

# %% [markdown]
# ## 4. A cotangent of ones
#
# Softmax turns a row of numbers into probabilities. Here is one whose backward returns nothing but zeros.
#
# *Predict:* what does the checker say?


# %%
def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def right_softmax(x):
    y = softmax(x)
    return y, (lambda g: y * (g - (g * y).sum(axis=-1, keepdims=True)),)


def dead_softmax(x):
    return softmax(x), (lambda g: np.zeros_like(x),)


x = np.random.default_rng(2).standard_normal((2, 3))
print("softmax:              ", simple_check(right_softmax, x))
print("softmax, backward zero:", simple_check(dead_softmax, x))
print("the sum of each row:  ", softmax(x).sum(axis=-1))

# %% [markdown]
# The rows sum to 1, whatever x is. So the sum of all outputs is a constant; its gradient *is* zero; and the checker
# asked for nothing else.
#
# In general, let $J$ be the right Jacobian and $\tilde J$ the one that the vjp stands for. A check with cotangent $c$
# sees only $c^\top (\tilde J - J)$. With $c$ all ones it sees the sum of each column of the error. Many mistakes move
# numbers to wrong places, and sums do not notice.
#
# Draw $c$ from a normal distribution instead. Wrong means $\tilde J - J \neq 0$, so some column of it is a vector
# $d \neq 0$. Then $c^\top d$ is a normal random number with standard deviation $\lVert d \rVert$. It is exactly zero
# with probability 0, and by chance a hundred times smaller than $\lVert d \rVert$ with probability 0.8 %. One random
# cotangent is practically enough, and it costs nothing.


# %%
def slopes_of(s, x, h=1e-5):
    """Central differences, as in lesson 1: how much the number s(x) changes with each element of x."""
    nudges = h * np.eye(x.size).reshape(x.size, *x.shape)
    return np.reshape([s(x + nudge) - s(x - nudge) for nudge in nudges], x.shape) / (2 * h)


def difference(op, x, c):
    """The largest difference between the vjp of c and the slopes of the number Σ c_i y_i."""
    slopes = slopes_of(lambda x: np.sum(c * op(x)[0]), x)
    return np.abs(op(x)[1][0](c) - slopes).max()


def cycle_axes(x):
    """Permuted once more in backward, not back."""
    return x.transpose(1, 2, 0), (lambda g: g.transpose(1, 2, 0),)


def reverse(x):
    """Not reversed in backward."""
    return x[::-1], (lambda g: g,)


def column_major(x):
    """Another order in backward."""
    return x.reshape(2, 4), (lambda g: g.reshape(x.shape, order="F"),)


def mean_of_g(x):
    """As if g were the same everywhere."""
    return np.exp(x), (lambda g: g.mean() * np.exp(x),)


ones_miss = {
    "softmax, right": (right_softmax, (2, 3)),
    "softmax, backward zero": (dead_softmax, (2, 3)),
    "transpose, permuted on": (cycle_axes, (2, 2, 2)),
    "reversal, not undone": (reverse, (5,)),
    "reshape, other order": (column_major, (4, 2)),
    "exp, g averaged": (mean_of_g, (2, 3)),
}
print(f"{'largest difference seen':24} {'c = ones':>10} {'c random':>10}")
for name, (op, shape) in ones_miss.items():
    rng = np.random.default_rng(3)
    x = rng.standard_normal(shape)
    c = rng.standard_normal(op(x)[0].shape)
    print(f"{name:24} {difference(op, x, np.ones(c.shape)):10.0e} {difference(op, x, c):10.0e}")

# %% [markdown]
# *What we saw.* With ones, five wrong ops look as right as the right one. With a random cotangent none does.
#
# ## 5. Small gradients
#
# A loss is often a *mean*. Take the mean squared error over a batch of 100 images with 784 pixels. Forget that the
# derivative of $x^2$ has a 2 in it. Or return zeros.
#
# *Predict:* which of the two does the checker catch?


# %%
TOTAL = 100 * 784  # we look at 6 of these elements; the mean is over all


def mean_square(x, factor=2):
    return np.sum(x * x) / TOTAL, (lambda g: g * factor * x / TOTAL,)


def relative_error(op, x, c):
    """The largest difference, beside the largest element of the gradient or of the slopes."""
    slopes = slopes_of(lambda x: np.sum(c * op(x)[0]), x)
    largest = np.abs([op(x)[1][0](c), slopes]).max()
    return difference(op, x, c) / largest if largest else 0.0


x = 0.1 * np.random.default_rng(4).standard_normal((2, 3))  # the errors of a reconstruction that is not bad
print("gradient:", " ".join(f"{element:.1e}" for element in mean_square(x)[1][0](1.0).ravel()))
for factor in (2, 1, 0, -2):
    op = lambda x, factor=factor: mean_square(x, factor)
    print(f"factor {factor:2}: simple check {simple_check(op, x)!s:5}  relative error {relative_error(op, x, 1.0):.0e}")

# %% [markdown]
# The gradients are about $10^{-6}$, the tolerance is $10^{-5}$: it passes everything, zeros and the wrong sign too. A
# tolerance means nothing without a scale. The last column measures the error beside the largest element of the
# gradient, and there is nothing to hide behind.
#
# Why beside the *largest* element, and not each beside itself? An element whose true gradient is 0 has no scale of
# its own. Beside it, any rounding at all would count as a large error.
#
# **Rule.** Errors relative to the gradient of the input; and, better still, inputs scaled so that gradients are of
# order 1. Saturated points are no place for a check. At 9, tanh has the slope $6 \cdot 10^{-8}$, which drowns in the
# rounding of values near 1.
#
# ## 6. Inputs that are too nice
#
# A check sees the one point where it stands. Three mistakes, each judged with a random cotangent. (Differences will
# do: the gradients here are of order 1, or 0.)
#
# *Predict:* at which inputs does each of them show?


# %%
def tanh_wrong(x):
    """1 - y for 1 - y²."""
    y = np.tanh(x)
    return y, (lambda g: g * (1 - y),)


def cube_wrong(x):
    """3 x for 3 x²."""
    return x**3, (lambda g: g * 3 * x,)


def product_wrong(x):
    """x @ x, without the transposes."""
    return x @ x, (lambda g: g @ x + x @ g,)


rng = np.random.default_rng(5)
random = rng.standard_normal((4, 4))
kinds = {
    "zeros": np.zeros((4, 4)),
    "ones": np.ones((4, 4)),
    "identity": np.eye(4),
    "symmetric": random + random.T,
    "random": random,
}
c = rng.standard_normal((4, 4))
print(" " * 16 + "".join(f"{name:>11}" for name in kinds))
for op in (tanh_wrong, cube_wrong, product_wrong):
    print(f"{op.__name__:16}" + "".join(f"{difference(op, x, c):11.0e}" for x in kinds.values()))

# %% [markdown]
# At 0 both $1 - y$ and $1 - y^2$ are 1. At 0 and 1, $x$ and $x^2$ agree. A symmetric matrix is its own transpose.
# Zeros, ones and the identity are what one types first, and the worst that one can type.
#
# Equal **sizes** are too nice in another way. Here the bias is added along the wrong axis, forward *and* backward.
# Value and gradient belong together, so no gradient check has anything to say. Different sizes end it at once:


# %%
def bias_by_rows(x, bias):
    """A layer's bias, one for each column; here it is added to the rows."""
    return x + bias[:, None], (lambda g: g, lambda g: g.sum(axis=1))


report(minae.differentiable(bias_by_rows), rng.standard_normal((3, 3)), rng.standard_normal(3))
try:
    bias_by_rows(rng.standard_normal((5, 3)), rng.standard_normal(3))
except ValueError as error:
    print("with 5 examples of 3 numbers:", error)

# %% [markdown]
# **Rule.** Random inputs; sizes that are different primes.
#
# ## 7. The mistake that no gradient check can find
#
# `bias_by_rows` was the first sign of something larger. A gradient check asks whether backward agrees with forward.
# **If forward is wrong, and backward is the right gradient of the wrong function, the check passes,** and it is right
# to pass.
#
# The most famous example stands in many tutorials on variational autoencoders. A network gives, for each hidden
# number z, a mean $\mu$ and a second output $s$. The sample and the cost of its distribution, the Kullback-Leibler
# divergence from $N(0, 1)$, are
#
# $$ z = \mu + \sigma \varepsilon, \quad \varepsilon \sim N(0, 1),
#    \qquad\qquad \mathrm{KL} = \tfrac12 \left( \mu^2 + \sigma^2 - 1 - \ln \sigma^2 \right). $$
#
# $s$ is meant to be the **log-variance**, $s = \ln \sigma^2$, so $\sigma = e^{s/2}$. The tutorials read it so in the
# KL, and take $\sigma = e^{s}$ in the sample. Each half is fine by itself. Each has the right gradient:


# %%
@minae.differentiable
def sample(mu, log_var, eps):
    """Right: σ = e^(s/2)."""
    noise = np.exp(log_var / 2) * eps
    return mu + noise, (lambda g: g, lambda g: g * noise / 2)


@minae.differentiable
def wrong_sample(mu, log_var, eps):
    """The famous bug: σ = e^s, with the right gradient of that."""
    noise = np.exp(log_var) * eps
    return mu + noise, (lambda g: g, lambda g: g * noise)


@minae.differentiable
def kl(mu, log_var):
    """½ (µ² + e^s - 1 - s)."""
    return (mu * mu + np.exp(log_var) - 1 - log_var) / 2, (lambda g: g * mu, lambda g: g * (np.exp(log_var) - 1) / 2)


rng = np.random.default_rng(6)
mu, log_var, eps = rng.standard_normal((3, 5))
z_eps = Tensor(eps)
report(sample, Tensor(mu, requires_grad=True), Tensor(log_var, requires_grad=True), z_eps)
report(wrong_sample, Tensor(mu, requires_grad=True), Tensor(log_var, requires_grad=True), z_eps)
report(kl, mu, log_var)

# %% [markdown]
# Three passes. What does the bug do? Take one hidden number, whose noise costs $\tfrac12 \cdot 100\, z^2$ (a decoder
# that cares). Let gradient descent find the best $\mu$ and $s$. The expected cost is exact here:
# $\mathrm{E}[z^2] = \mu^2 + \sigma^2$.


# %%
def train(power):
    """Gradient descent on 50 E[z²] + KL, with σ = e^(power s). Right is power = ½."""
    mu, s = Tensor(np.array(0.5), requires_grad=True), Tensor(np.array(0.0), requires_grad=True)
    for _ in range(4000):
        mu.grad = s.grad = None
        loss = 50.0 * (mu * mu + (s * (2.0 * power)).exp()) + kl(mu, s)
        loss.backward()
        mu.data, s.data = mu.data - 0.005 * mu.grad, s.data - 0.005 * s.grad
    sigma = float(np.exp(power * s.data))
    printed = kl(mu, s).item()
    true = 0.5 * (sigma**2 - 1 - np.log(sigma**2))  # µ has gone to 0
    return sigma, printed, true, loss.item(), 50 * sigma**2 + true


print("         sigma    KL printed   KL true   loss printed   loss true")
for name, power in (("right", 0.5), ("the bug", 1.0)):
    print("{:8} {:6.4f} {:10.2f} {:10.2f} {:12.2f} {:13.2f}".format(name, *train(power)))

# %% [markdown]
# The right one finds the exact minimum. Set the derivative of $50 v + \tfrac12 (v - 1 - \ln v)$ to zero. This gives
# $v = 1/101$, $\sigma = 0.0995$, and a loss of $\tfrac12 \ln 101 = 2.31$. No choice of $\mu$ and $\sigma$ can do
# better.
#
# The bug settles at $\sigma = 0.068$, and *prints* a KL of 0.88 where its samples have 2.19. So it prints a loss of
# 1.11, better than the best possible. Its true loss is 2.42, worse than the right one's. The number that one would
# compare, publish, or stop training by is no bound of anything. And all gradients are right.
#
# ### What finds it: look at the samples
#
# Draw many, and hold their mean and variance against what the inputs promise. Chance moves both, and we know by how
# much. For n independent normal draws the **standard errors** are
#
# $$ \mathrm{SE}(\text{mean}) = \frac{\sigma}{\sqrt n}, \qquad
#    \mathrm{SE}(\text{variance}) = \sigma^2 \sqrt{\frac{2}{n}}. $$
#
# A difference, divided by its standard error, is a **z-score**. If the op is right, it is close to a standard normal
# number for large n. It is beyond ±4 about once in 16,000 tests, and beyond ±5 about once in 1.7 million. So we fix a
# threshold, and know how often there will be a false alarm.


# %%
def z_scores(draw, mu, log_var, eps):
    """How many standard errors the mean and the variance of the samples are off."""
    n, var = eps.size, np.exp(log_var)
    z = draw(np.full(n, mu), np.full(n, log_var), eps).numpy()
    return (z.mean() - mu) / np.sqrt(var / n), (z.var() - var) / (var * np.sqrt(2 / n))


eps = np.random.default_rng(7).standard_normal(10_000)
print("log_var     right: mean, variance      the bug: mean, variance   (z-scores)")
for log_var in (-2.0, 0.0, 1.5):
    right, wrong = z_scores(sample, 0.3, log_var, eps), z_scores(wrong_sample, 0.3, log_var, eps)
    print(f"{log_var:7}  {right[0]:12.1f} {right[1]:9.1f} {wrong[0]:20.1f} {wrong[1]:9.1f}")

# %% [markdown]
# At log_var = -2 and 1.5 the variance of the bug is 61 and 243 standard errors off. That of the right op is within 1.
# At **log_var = 0** they are the same numbers, since $e^0 = e^{0/2}$. A test that draws from N(0, 1), "to keep it
# simple", passes the bug for ever. And the mean hardly sees it. The whole picture:

# %%
at = np.linspace(-3, 3, 61)
plt.figure(figsize=(6, 3.5), dpi=105, layout="constrained")
for draw, name, style in ((sample, "right", "-"), (wrong_sample, "the bug", "--")):
    plt.plot(at, [z_scores(draw, 0.3, s, eps)[1] for s in at], style, label=name)
plt.axhspan(-5, 5, color="grey", alpha=0.25, label="±5 standard errors")
plt.yscale("symlog", linthresh=10)
plt.yticks([-100, -10, -5, 0, 5, 10, 100, 1000], ["-100", "-10", "-5", "0", "5", "10", "100", "1000"])
plt.xlabel("log_var")
plt.ylabel("z-score of the sample variance")
plt.legend()
plt.show()

# %% [markdown]
# The right line is level because all points share the same noise, scaled: one draw, one z-score.
#
# ### And look at the KL
#
# The KL is an average, $\mathrm{E}_z[\ln q(z) - \ln p(z)]$ with $q = N(\mu, e^{s})$ and $p = N(0, 1)$. So the closed
# form can be held against an average over samples, a **Monte Carlo** estimate. Its standard error is the spread of
# the single terms over $\sqrt n$. If sample and KL read s in the same way, they agree.


# %%
def kl_by_samples(draw, mu, log_var, eps):
    """The mean of ln q(z) - ln p(z) over samples, and its standard error."""
    z = draw(np.full(eps.size, mu), np.full(eps.size, log_var), eps).numpy()
    terms = (z**2 - (z - mu) ** 2 / np.exp(log_var) - log_var) / 2
    return terms.mean(), terms.std() / np.sqrt(eps.size)


closed = float(kl(Tensor(0.3), Tensor(-2.0)).data)
print(f"closed form: {closed:.4f}")
for name, draw in (("right", sample), ("the bug", wrong_sample)):
    mean, error = kl_by_samples(draw, 0.3, -2.0, eps)
    print(f"{name:8} {mean:.4f} ± {error:.4f}, {abs(mean - closed) / error:5.1f} standard errors away")

# %% [markdown]
# ## 8. What minae does
#
# `minae.gradcheck` puts the rules together: float64, a random cotangent, and a sweep of steps. Richardson's
# extrapolation, as in lesson 1, gives each slope an **error bar of its own**. A gradient passes if it is within ten
# bars, and the bars are small beside the gradient. So there is no tolerance to choose, and a fourth verdict besides
# pass, fail and kink: *inconclusive*.
#
# The sweep also tells a wrong gradient from an unlucky step. Hold D(h), for all h, against the gradient. If the
# gradient is right the distance falls like $h^2$ until rounding. If it is wrong it falls onto a plateau, as high as
# the mistake.

# %%
at = 0.7
swept = slopes.slope(lambda t: np.exp(at + t), np.array(1.0), unit=1.0)
plt.figure(figsize=(6, 3.5), dpi=105, layout="constrained")
for gradient, name, style in (
    (np.exp(at), "right", "o-"),
    (np.exp(at) * (1 + 1e-6), "wrong by 1e-6", "s--"),
    (np.exp(at) * (1 + 1e-3), "wrong by 1e-3", "^:"),
):
    distance = np.abs(swept.differences - gradient) / np.exp(at)
    plt.loglog(swept.steps, distance, style, markersize=4, label=f"gradient {name}")
plt.xlabel("step h")
plt.ylabel("|D(h) - gradient|, relative")
plt.legend(loc="lower right")
plt.show()
print(f"minae's slope of exp: {swept.value:.15f} ± {swept.error:.0e}   exact: {np.exp(at):.15f}")

# %% [markdown]
# Now the reports. Read each line: which input, what backward gives, what the slope is with its bar, how far the
# quotient stays away, and a guess at the cause.


# %%
def exp_slightly_off(x):
    y = np.exp(x)
    return y, (lambda g: g * y * 1.000001,)


def tiny_dead(x):
    return 1e-9 * np.exp(x), (lambda g: 0 * g,)


x = np.random.default_rng(8).standard_normal(2)
for op in (square_without_2, exp_slightly_off, tiny_dead, tanh_wrong):
    report(minae.differentiable(op), x)

# %% [markdown]
# ### Which check notices which bug
#
# Everything on one page. Rows: a few right ops and the bugs of this lesson. Columns: the simple check; the same with
# a random cotangent; that, with relative errors; minae's checker; the moments of samples, where there are samples.
# Every cell is run here.


# %%
rng = np.random.default_rng(9)
near = lambda *shape: rng.standard_normal(shape)
noise = rng.standard_normal(10_000)


def one_input(draw):
    """A sampler as an op of log_var alone, with fixed noise, for the checkers."""
    of_arrays = draw.__wrapped__  # the function of arrays that @minae.differentiable was given
    fixed = rng.standard_normal(5)

    def op(log_var):
        value, vjps = of_arrays(np.full(5, 0.3), log_var, fixed)
        return value, (vjps[1],)

    return op, near(5)


rows = {
    "exp (right)": (exp, near(5)),
    "relu at 0 (right)": (relu, np.array([1.5, 0.0, -0.5])),
    "softmax, backward zero": (dead_softmax, near(2, 3)),
    "reshape, other order": (column_major, near(4, 2)),
    "transpose, permuted on": (cycle_axes, near(2, 2, 2)),
    "mean of 78,400, sign": (lambda x: mean_square(x, -2), 0.1 * near(2, 3)),
    "mean of 78,400, zero": (lambda x: mean_square(x, 0), 0.1 * near(2, 3)),
    "1e-9 exp, zero": (tiny_dead, near(5)),
    "exp off by 1e-6": (exp_slightly_off, near(5)),
    "x², 2 forgotten": (square_without_2, near(5)),
    "x @ x, x = 1": (product_wrong, np.ones((4, 4))),
    "sample (right)": one_input(sample),
    "sample, std = e^s": one_input(wrong_sample),
}
moments = {"sample (right)": sample, "sample, std = e^s": wrong_sample}


def absolute_random(op, x):
    """The simple check with a random cotangent: the same step, the same tolerance."""
    c = np.random.default_rng(10).standard_normal(np.shape(op(x)[0]))
    return simple_check(lambda x: (c * op(x)[0], (lambda g: op(x)[1][0](c * g),)), x)


def relative_random(op, x):
    c = np.random.default_rng(10).standard_normal(np.shape(op(x)[0]))
    return relative_error(op, x, c) < 1e-4


def verdicts(name, op, x):
    """What each check says, from left to right."""
    say = {True: "pass", False: "fail"}
    minaes = minae.gradcheck(minae.differentiable(op), x, raise_on_failure=False).verdict
    by_moments = "-"
    if name in moments:
        scores = [z for s in (-2.0, 1.5) for z in z_scores(moments[name], 0.3, s, noise)]
        by_moments = say[bool(np.abs(scores).max() < 5)]
    return [
        say[simple_check(op, x)],
        say[absolute_random(op, x)],
        say[bool(relative_random(op, x))],
        minaes,
        by_moments,
    ]


columns = ["simple", "random c", "+ relative", "minae", "moments"]
table = {name: verdicts(name, op, x) for name, (op, x) in rows.items()}

figure, panel = plt.subplots(figsize=(6.6, 4.6), dpi=105, layout="constrained")
for i, (name, found) in enumerate(table.items()):
    expected = "pass" if "right" in name else "fail"
    for j, verdict in enumerate(found):
        fine = verdict in (expected, "kink")
        is_lie = verdict != "-" and not fine
        colour = "#f2b8b0" if is_lie else "white" if verdict == "-" else "#bfe3c8"
        panel.add_patch(plt.Rectangle((j, i), 1, 1, facecolor=colour, edgecolor="white", linewidth=2))
        text = f"✗ {verdict}" if is_lie else verdict
        panel.text(j + 0.5, i + 0.5, text, ha="center", va="center")
panel.set_xlim(0, len(columns))
panel.set_ylim(len(rows), 0)
panel.set_xticks(np.arange(len(columns)) + 0.5, columns)
panel.set_yticks(np.arange(len(rows)) + 0.5, rows)
panel.xaxis.tick_top()
panel.tick_params(length=0)
panel.set_frame_on(False)
plt.show()
for name, found in table.items():
    print(f"{name:24}" + "".join(f"{verdict:>13}" for verdict in found))

# %% [markdown]
# Red with a ✗ is a lie: a bug passed, or a right op failed. Each column mends what the one before missed. `x @ x` at
# ones is a matter of inputs, and random ones would show it; minae finds it because it also looks a little beside the
# point. The last row stays red for every gradient check. It is a matter of the question: only the column that looks at
# the *samples* has an answer.
#
# ## What you now know
#
# - A check compares two numbers that both err. Where the difference quotient has no meaning (kinks) or no digits
#   (float32), it fails right ops.
# - It passes wrong ops where it does not look: along a cotangent of ones, below an absolute tolerance, at zeros, ones
#   and symmetric inputs, at equal sizes.
# - So: float64, random cotangent, errors relative to the gradient, random inputs away from kinks, sizes that are
#   different primes, and several steps.
# - "Pass" means that backward is the gradient of forward. Whether forward is right is another question. Where there
#   is noise, statistics answer it, with a standard error and a known rate of false alarms. The parameters must not be
#   special.
#
# ## Expected results
#
# | section | what | you should have seen |
# |---|---|---|
# | 2 | central difference of relu at 0 | 0.5 |
# | 2 | minae on relu at 0 | kink, and backward takes the left slope |
# | 3 | right exp in float32 | fails |
# | 4 | ones, random cotangent | below 1e-9 for all six ops; for the right op alone |
# | 5 | mean square, zero gradient | passes the simple check; relative error 1 |
# | 7 | the right sample | sigma 0.0995, KL 1.81, loss 2.31 |
# | 7 | the bug | sigma 0.0683, KL printed 0.88, true 2.19 |
# | 8 | the last row | pass, pass, pass, pass, fail |
#
# ## Now you
#
# Open `exercise.py` beside this lesson. You write a checker of your own, and a zoo of wrong ops will try to fool it.
# You also write a detector of kinks, a test of samples, and a lie of your own. Check them with
# `python -m lessons grade 04`.
#
# ## Read next
#
# - `minae/checker/verdicts.py`, which judges, and `minae/checker/likely_cause.py`, which guesses the cause.
#   `docs/gradcheck.md` in minae's repository tells how, and which planted bugs are caught.
# - D. P. Kingma and M. Welling, *Auto-Encoding Variational Bayes* (2014), section 2.4 and appendix B: the sample and
#   the KL.
# - C. J. F. Ridders, *Accurate computation of F'(x) and F'(x) F''(x)*, Advances in Engineering Software 4 (1982): a
#   difference quotient with an error bar.
