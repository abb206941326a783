# %% [markdown]
# # 1. Slopes by nudging
#
# After this lesson you can
#
# - estimate the slope of any function that you can evaluate, and say how many digits of it to trust;
# - choose the step by a formula, and explain the valley that the formula finds the bottom of;
# - get a slope with no subtraction at all, and say when that trick lies;
# - check the slopes of 401,408 inputs with two evaluations.
#
# You need Python, a little NumPy, and derivatives from school. No earlier lesson. Reading takes about 40
# minutes, the exercise 35.
#
# Run the cells in order. Where the text says *predict*, write down what you expect before you run the next cell. A
# wrong prediction teaches the most.

# %%
import inspect
import time

import matplotlib.pyplot as plt
import numpy as np

import minae
from minae.checker import slopes

# %% [markdown]
# ## What a derivative answers
#
# A network learns by asking one question about each of its weights: *if this weight were a little larger, would the
# loss rise or fall, and how fast?* The answer is a derivative. We begin with one function of one number, and ask the
# question literally. Nudge the input by $h$, see how far the output moves, and divide.
#
# $$\frac{f(x + h) - f(x)}{h}$$
#
# This is the **forward difference**. For $f(x) = x^2$ at $x = 3$ we can work it out by hand:
#
# $$\frac{(3 + h)^2 - 9}{h} = \frac{6h + h^2}{h} = 6 + h.$$
#
# The slope is 6. The forward difference is too large by $h$ exactly, because $h$ is a step and not a limit.


# %%
def square(x):
    return x * x


for h in (1.0, 0.1, 0.01, 0.001):
    print(f"h = {h:<6}  forward difference = {(square(3 + h) - square(3)) / h:.6f}")

# %% [markdown]
# A step ten times smaller gives an error ten times smaller. So it seems that we should take $h$ as small as we can.
#
# *Predict:* what will the computer print for $h = 10^{-14}$? For $h = 10^{-16}$?

# %%
for k in range(4, 17, 2):
    h = 10.0**-k
    print(f"h = 1e-{k:02}   forward difference = {(square(3 + h) - square(3)) / h:.12f}")

# %% [markdown]
# The error falls until about $h = 10^{-8}$. Then it grows again, and at $10^{-16}$ the slope is 0: to the computer
# $3 + 10^{-16}$ *is* 3, so nothing moved.
#
# Two things are at war here. To see them apart we draw the error against $h$.

# %% [markdown]
# ## The valley
#
# From now on our function is
#
# $$f(x) = e^x \sin x, \qquad f'(x) = e^x (\sin x + \cos x),$$
#
# at $x = 1$. No derivative of it vanishes there, and we know the true slope, so we can measure every error.


# %%
def f(x):
    return np.exp(x) * np.sin(x)


X = 1.0
E, S, C = np.exp(X), np.sin(X), np.cos(X)
SLOPE = E * (S + C)
SECOND = 2 * E * C  # f''(1)
THIRD = 2 * E * (C - S)  # f'''(1)
print(f"f(1) = {f(X):.4f}   f' = {SLOPE:.4f}   f'' = {SECOND:.4f}   f''' = {THIRD:.4f}")

# %% [markdown]
# A computer can hardly ever store $1 + h$ exactly: it takes a neighbour that it has, and so takes a slightly different
# step. We ask it which: the step taken is `(X + h) - X`, a subtraction that happens to be exact. With these steps all
# the rounding that we will see is that of $f$.
#
# *Predict:* on axes that are both logarithmic, an error proportional to $h$ is a straight line. With which slope? And
# what does an error proportional to $1/h$ look like?


# %%
def log_log(title):
    """Empty axes for errors against steps."""
    axes = plt.subplots(figsize=(6, 3.5), dpi=110, layout="constrained")[1]
    axes.set(xscale="log", yscale="log", title=title, xlabel="step h", ylabel="absolute error of the slope")
    axes.grid(alpha=0.3)
    return axes


EPS = np.finfo(np.float64).eps  # 2.2e-16: the gap between 1 and the next float64
steps = (X + 10 ** -np.linspace(0.3, 15.3, 121)) - X
forward = (f(X + steps) - f(X)) / steps
forward_error = np.abs(forward - SLOPE)

axes = log_log("Forward difference in float64: the valley")
axes.plot(steps, forward_error, ".", markersize=4, label="measured")
axes.plot(steps, abs(SECOND) / 2 * steps, "--", label=r"truncation: $|f''|\,h/2$")
axes.plot(steps, EPS * abs(f(X)) / steps, "--", label=r"rounding: $\varepsilon\,|f|/h$")
axes.set_ylim(1e-12, 1e2)
axes.legend()
plt.show()

# %% [markdown]
# A valley with two straight walls: one of slope 1, an error proportional to $h$, and one of slope $-1$, an error
# proportional to $1/h$. The dashed lines were not fitted to the points. They come from two short arguments.
#
# **The right wall is truncation.** We cut off a Taylor series:
#
# $$f(x + h) = f(x) + h f'(x) + \tfrac{h^2}{2} f''(x) + \dots \quad\Rightarrow\quad
# \frac{f(x + h) - f(x)}{h} = f'(x) + \underbrace{\tfrac{h}{2} f''(x) + \dots}_{\text{truncation}}$$
#
# **The left wall is rounding.** A computed value of $f$ carries a relative error of about $\varepsilon/2$, where
# $\varepsilon$ is the gap between 1 and the next number that the computer has. Two values then make an error of up to
# about $\varepsilon |f|$ in their difference, and dividing by a small $h$ makes it large: $\varepsilon |f| / h$. That
# is an estimate of the worst. A point can lie below the line by luck. And a long computation of $f$ rounds many times,
# which lifts the wall.
#
# Here the second argument happens before our eyes. The leading digits of the two values agree, so they cancel. What is
# left are the last digits, the rounded ones:

# %%
h = 2.0**-40
print(f"f(x + h)   = {f(X + h):.16f}")
print(f"f(x)       = {f(X):.16f}")
print(f"difference = {f(X + h) - f(X):.16f}")
print(f"wanted     = {h * SLOPE:.16f}   (h f'; the truncation at this h is far below the last digit shown)")

# %% [markdown]
# ## The best step
#
# The sum of both errors is about
#
# $$E(h) = \frac{h}{2} |f''| + \frac{\varepsilon |f|}{h}.$$
#
# At its smallest, $E'(h) = \frac{|f''|}{2} - \frac{\varepsilon |f|}{h^2} = 0$, so
#
# $$h_{\text{best}} = \sqrt{2 \varepsilon\, |f| / |f''|} \;\approx\; \sqrt{\varepsilon}
# \qquad\text{where } f \text{ and } f'' \text{ are of one size.}$$
#
# *Predict:* $\varepsilon$ is $2.2 \cdot 10^{-16}$. Where will the lowest point of the figure be, and how low?


# %%
def bottom(steps, errors):
    """The bottom of the valley: its step and its error, the worst of nine neighbours: a single one may be lucky."""
    worst = [errors[max(i - 4, 0) : i + 5].max() for i in range(len(errors))]
    lowest = np.argmin(worst)
    return steps[lowest], worst[lowest]


best = np.sqrt(2 * EPS * abs(f(X) / SECOND))
found, error = bottom(steps, forward_error)
print(f"predicted: h = {best:.1e}, error {best / 2 * abs(SECOND) + EPS * abs(f(X)) / best:.1e}")
print(f"found:     h = {found:.1e}, error {error:.1e}")
print(f"the rule of thumb sqrt(eps) = {np.sqrt(EPS):.1e}")

# %% [markdown]
# Prediction and finding agree within a small factor, which is all that such an estimate can promise. What it tells for
# certain is the exponent. At best the error is about $\sqrt{\varepsilon}$, so **half of the digits are lost**, 8 of
# float64's 16.

# %% [markdown]
# ## Central differences
#
# Half of the digits is poor. Take one step to each side instead, and write both series:
#
# $$\begin{aligned}
# f(x + h) &= f(x) + h f'(x) + \tfrac{h^2}{2} f''(x) + \tfrac{h^3}{6} f'''(x) + \dots \\
# f(x - h) &= f(x) - h f'(x) + \tfrac{h^2}{2} f''(x) - \tfrac{h^3}{6} f'''(x) + \dots
# \end{aligned}$$
#
# Subtract the second from the first. The even powers cancel, $f''$ with them. The two points are $2h$ apart:
#
# $$\frac{f(x + h) - f(x - h)}{2h} = f'(x) + \frac{h^2}{6} f'''(x) + \dots$$
#
# This is the **central difference**. It costs two evaluations, like the forward one, and its truncation falls like
# $h^2$. Rounding is $\varepsilon |f| / (2h)$: the same wall, half as high. Set the derivative of the sum to zero as
# before:
#
# $$h_{\text{best}} = \left(\tfrac{3}{2}\, \varepsilon\, |f| / |f'''|\right)^{1/3} \approx \varepsilon^{1/3}.$$
#
# *Predict:* which of the two walls gets steeper, and does the bottom move left or right?

# %%
central = (f(X + steps) - f(X - steps)) / (2 * steps)
central_error = np.abs(central - SLOPE)

axes = log_log("Central differences: a steeper wall, a lower bottom")
axes.plot(steps, forward_error, ".", markersize=4, label="forward", alpha=0.6)
axes.plot(steps, central_error, ".", markersize=4, label="central")
axes.plot(steps, abs(THIRD) / 6 * steps**2, "k--", linewidth=1, label=r"$|f'''|\,h^2/6$")
axes.axvline(np.sqrt(EPS), color="C0", linestyle=":", label=r"$\sqrt{\varepsilon}$")
axes.axvline(np.cbrt(EPS), color="C1", linestyle=":", label=r"$\varepsilon^{1/3}$")
axes.set_ylim(1e-13, 1e2)
axes.legend(loc="lower left", fontsize=9)
plt.show()

best = np.cbrt(1.5 * EPS * abs(f(X) / THIRD))
found, error = bottom(steps, central_error)
print(f"predicted: h = {best:.1e}, error {best**2 / 6 * abs(THIRD) + EPS * abs(f(X)) / (2 * best):.1e}")
print(f"found:     h = {found:.1e}, error {error:.1e}")

# %% [markdown]
# The left wall stayed where it was, within the factor of 2. The right wall is twice as steep, so the bottom lies
# further right, at a **larger** step, and lower. The error there is about $\varepsilon^{2/3}$: **two thirds of the
# digits** survive, 10 or 11 of 16.
#
# Nothing in the argument knew about float64. Only $\varepsilon$ did.
#
# *Predict:* float32 has $\varepsilon = 1.2 \cdot 10^{-7}$. How many digits can a slope from float32 have?

# %%
axes = log_log("Central differences in two precisions")
print("                    predicted h   found h    error")
for dtype, colour in ((np.float64, "C1"), (np.float32, "C3")):
    eps = float(np.finfo(dtype).eps)
    x = dtype(X)
    h = (x + (10 ** -np.linspace(0.3, -np.log10(2 * eps), 121)).astype(dtype)) - x
    quotients = {"forward": (f(x + h) - f(x)) / h, "central": (f(x + h) - f(x - h)) / (2 * h)}
    for (rule, quotient), predicted in zip(quotients.items(), (eps ** (1 / 2), eps ** (1 / 3))):
        errors = np.abs(quotient.astype(np.float64) - SLOPE)
        found, error = bottom(h, errors)
        print(f"{dtype.__name__}  {rule}   {predicted:10.1e}  {found:9.1e}  {error:.1e}")
    axes.plot(h, errors, ".", markersize=4, color=colour, label=f"central, {dtype.__name__}")
    axes.axvline(predicted, color=colour, linestyle=":")
axes.set_ylim(1e-13, 1e2)
axes.legend()
plt.show()

# %% [markdown]
# The same valley, moved up and to the right. In float32 a forward difference has three or four digits, and a central
# one four or five. The steps look absurdly large: 0.0003 and 0.005. So slopes are checked in float64, even those of
# code that runs in float32.
#
# Two more things about the step. A step that is good in float64 may be none at all in float32. And the numbers that a
# computer has lie further apart where they are large, so $h$ must grow with $|x|$:

# %%
print("float32: is 1 + 1e-8 the same as 1?", np.float32(1) + np.float32(1e-8) == np.float32(1))
x, h = 1e9, 6e-6
print(f"asked for h = {h}, but (x + h) - x = {(x + h) - x:.4e}: the gap between floats at 1e9 is {np.spacing(x):.1e}")
print(f"slope of x: {((x + h) - x) / h:.4f} instead of 1")

# %% [markdown]
# The usual cure is a step of $\varepsilon^{1/3} \max(1, |x|)$. In general a step is measured by the distance over which
# $f$ changes its shape, and $\max(1, |x|)$ is a guess at that distance.

# %% [markdown]
# ## An aside: combine two steps
#
# We know *how* the error of $D(h)$, the central difference, falls:
#
# $$D(h) = f' + a h^2 + b h^4 + \dots$$
#
# Two different steps let us get rid of $a$ without knowing it:
#
# $$\frac{4 D(h/2) - D(h)}{3} = f' - \tfrac{1}{4} b h^4 + \dots$$
#
# This is **Richardson's extrapolation**. Here it is at the large step $h = 0.1$, where rounding does not matter yet.


# %%
def central_of_f(h):
    return (f(X + h) - f(X - h)) / (2 * h)


for h in (0.1, 0.05):
    combined = (4 * central_of_f(h / 2) - central_of_f(h)) / 3
    print(f"h = {h:<5} central: error {abs(central_of_f(h) - SLOPE):.1e}    ", end="")
    print(f"combined: error {abs(combined - SLOPE):.1e}")

# %% [markdown]
# Halving $h$ makes the central error 4 times smaller, and the combined one 16 times. Keep this in mind for the end.

# %% [markdown]
# ## The complex step: no subtraction, no left wall
#
# The left wall came from subtracting two numbers that are nearly equal. Can we find a slope without a subtraction?
# Nudge $x$ not along the real line but at a right angle to it, by $ih$:
#
# $$f(x + ih) = f(x) + i h f'(x) - \tfrac{h^2}{2} f''(x) - \tfrac{i h^3}{6} f'''(x) + \dots$$
#
# The value $f(x)$ sits in the real part, and the slope sits alone in the imaginary part:
#
# $$\frac{\operatorname{Im} f(x + ih)}{h} = f'(x) - \frac{h^2}{6} f'''(x) + \dots$$
#
# *Predict:* what will the error do as $h$ goes to $10^{-20}$, or $10^{-300}$?

# %%
complex_steps = 10.0 ** -np.arange(1.0, 301.0)
complex_error = np.abs(np.imag(f(X + 1j * complex_steps)) / complex_steps - SLOPE)
for k in (1, 4, 8, 20, 300):
    print(f"h = 1e-{k:03}   error {complex_error[k - 1]:.1e}   ({SLOPE * EPS:.1e} is eps times the slope)")

axes = log_log("The complex step has no left wall")
axes.plot(steps, forward_error, ".", markersize=4, label="forward", alpha=0.6)
axes.plot(steps, central_error, ".", markersize=4, label="central", alpha=0.6)
axes.plot(complex_steps, np.maximum(complex_error, 1e-17), ".", label="complex step (0 drawn as 1e-17)")
axes.set(xlim=(1e-24, 1), ylim=(3e-18, 1e2))
axes.legend(fontsize=9)
plt.show()

# %% [markdown]
# It falls like $h^2$, reaches full precision at $10^{-8}$, and stays there. The computer rounds the imaginary part by
# itself, relative to its own size. However small $h f'$ is, it is known to 16 digits. No cancellation, no valley, no
# step to choose. For inputs of ordinary size take $h = 10^{-20}$ and forget about it.
#
# The price: the series above holds only where $f$ is **analytic**. That is where it is given by its power series for
# complex arguments too. `exp`, `sin`, `tanh`, + and * are analytic. The absolute value of a complex number is not: it
# is a length.
#
# *Predict:* the slope of $|x|$ at $x = 2$ is 1. What will the complex step say?

# %%
h = 1e-20
print("np.abs(2 + ih)     =", np.abs(2 + 1j * h))
print("slope of |x| at 2, by the complex step:        ", np.imag(np.abs(2 + 1j * h)) / h)
print("slope of conj(x) x at 2 (it is 4: x is real):  ", np.imag(np.conj(2 + 1j * h) * (2 + 1j * h)) / h)

# %% [markdown]
# Zero both times, without any warning. A length is real, and so is $\bar{x} x$: there is no imaginary part to read. An
# `abs` or `conj` hidden in a norm breaks the complex step in silence. The cure is to write the function anew, so that
# it is analytic on each side of its kink. You will write such an absolute value in the exercise.
#
# The complex step also needs code that accepts complex numbers at all, which float32 image code often does not. And it
# shares one trouble with all the others, which comes now.

# %% [markdown]
# ## Many inputs
#
# The loss of a network is *one* number that depends on *many* weights $w_1, \dots, w_n$. Its slopes, one per weight,
# make the **gradient** $\nabla f$. By central differences: nudge each weight in turn, leave the others alone.
#
# Let us count evaluations.

# %%
evaluations = 0


def counted(w):
    global evaluations
    evaluations += 1
    return np.sum(np.tanh(w))


h = np.cbrt(EPS)
for n in (4, 40, 400):
    evaluations = 0
    w = np.linspace(-1, 1, n)
    unit_vectors = np.eye(n)
    grad = np.array([(counted(w + h * e) - counted(w - h * e)) / (2 * h) for e in unit_vectors])
    worst = np.max(np.abs(grad - (1 - np.tanh(w) ** 2)))
    print(f"{n:3} inputs: {evaluations:3} evaluations, largest error {worst:.0e}")

# %% [markdown]
# Right every time, at $2n$ evaluations. (The error grows with $n$: the left wall is as high as the sums that $f$
# rounds.)
#
# Now a real layer: 128 images of 784 pixels, 512 hidden units. That is one matrix of 784 · 512 = 401,408 weights. We
# time one evaluation of a loss, and multiply.
#
# *Predict:* seconds, minutes, or hours?

# %%
rng = np.random.default_rng(0)
images = rng.random((128, 784))
weights = 0.05 * rng.standard_normal((784, 512))


def layer_loss(w):
    """How active the hidden units are, summed over units and averaged over images: any scalar would do."""
    return np.sum(np.tanh(images @ w) ** 2) / len(images)


def seconds(call, repeats=5):
    """The shortest time of a few calls."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


one = seconds(lambda: layer_loss(weights))
print(f"one evaluation: {1000 * one:.1f} ms")
total = 2 * weights.size * one
print(f"the gradient by central differences, 2 x {weights.size:,} evaluations: {total / 60:.0f} minutes")

# %% [markdown]
# A long time, for *one* step of training *one* small layer. Now the same gradient by **backpropagation**, which minae
# is about:


# %%
def layer_gradient(w):
    w = minae.Tensor(w, requires_grad=True)
    hidden = (minae.Tensor(images) @ w).tanh()
    loss = (hidden * hidden).sum() / len(images)
    loss.backward()
    return w.grad


backprop = seconds(lambda: layer_gradient(weights))
print(f"all {weights.size:,} slopes: {1000 * backprop:.1f} ms, the price of {backprop / one:.1f} evaluations")

# %% [markdown]
# All slopes at once, for the price of a few evaluations, *whatever their number*. How this is possible is the subject
# of the next lesson. But a gradient that fast comes from derivatives that someone worked out by hand, and people make
# mistakes. Nudging is slow and sure. So we let each do what it is good at: backpropagation computes, nudging checks.

# %% [markdown]
# ## One direction checks them all
#
# Checking must not take so long either. Nudge *all* weights at the same time, along one direction $v$ of the same
# shape, with random elements drawn from N(0, 1). (Every unit's input is a sum over 784 pixels. It then moves faster
# than each weight does, by about the length of an image. So the step is the usual one divided by that length.)
#
# $$\frac{f(w + h v) - f(w - h v)}{2h} \approx \nabla f \cdot v = \sum_k \frac{\partial f}{\partial w_k} v_k.$$
#
# This is the **directional derivative**. The left side takes two evaluations, and the right side is a sum over the
# gradient we want to check. If $v$ is random, an error in any one element shows in the sum.

# %%
gradient = layer_gradient(weights)
v = rng.standard_normal(weights.shape)
h = np.cbrt(EPS) / np.linalg.norm(images[0])
by_nudging = (layer_loss(weights + h * v) - layer_loss(weights - h * v)) / (2 * h)
difference = abs(np.sum(gradient * v) - by_nudging)
print(f"two evaluations: {by_nudging:.10f}")
print(f"backpropagation: {np.sum(gradient * v):.10f}   difference {difference:.0e}")

wrong = gradient.copy()
wrong[100, 200] *= 1.1
print(f"one element of {wrong.size:,} wrong by 10 %: difference {abs(np.sum(wrong * v) - by_nudging):.0e}")

# %% [markdown]
# One wrong element in 401,408, found by two evaluations: the difference grew well beyond what nudging can err.
#
# Why random? *Predict:* what would the direction of all ones see, if two elements were swapped by mistake?

# %%
swapped = gradient.copy()
swapped[0, 0], swapped[1, 1] = gradient[1, 1], gradient[0, 0]
ones = np.ones_like(weights)
for name, direction in (("ones", ones), ("random", v)):
    right, found = np.sum(gradient * direction), np.sum(swapped * direction)
    print(f"direction of {name:6}: the swap changes the sum by {abs(found - right):.0e}")

# %% [markdown]
# A sum with equal weights does not change when its terms trade places (what is left is rounding). A random direction
# gives each element a weight of its own.
#
# It has a limit, though. A small error in a small element can drown in the rounding of the large sum. And the one sum
# tells *that* something is wrong, not *where*.

# %% [markdown]
# ## How minae does it
#
# minae's gradient checker rests on the ideas of this lesson, and you can now read its core. It asks for the slope at
# $t = 0$ of $s(t) = \sum_k \text{weights}_k\, f_k(t)$; for one number, weights is 1.

# %%
print(inspect.getsource(slopes.slope))

# %% [markdown]
# From the top:
#
# - `steps` is a sweep of 40 steps, each half of the one before. minae does not choose a step, it looks at the valley.
# - `to_right`, `to_left` are forward and backward differences, and `central` is the central one.
# - `rounding_of_f` is the left wall before the division by $h$: half of $\varepsilon$ times $|f|$.
# - `extrapolate(...)` is Richardson's trick, applied again and again. How much its results still change is an **error
#   bar**: the slope comes with a statement of how far to trust it. What smaller steps contradict is thrown away: large
#   steps may jump over something narrow.
# - At a kink the limits from the right and from the left differ; the difference is the `jump`.
#
# The rest is caution. $f$ may add $t$ to some number, `place`; `exact_steps` takes steps that this sum does not round.
# `_first_finite` drops steps so large that $f$ is not finite there. `_last_seen` drops those so small that $f$ rounds
# them away. `_roundoff` sums half a unit in the last place of what depends on $t$. `is_resolved` asks whether the
# smallest steps see anything but rounding: else $f$ is noisy, or changes faster than any step can follow.
#
# Why does the sweep begin at 0.1234, of all numbers, and not at $\frac18$? Because a function may repeat itself, and a
# step may fit its period.


# %%
def wave(x):
    return np.sin(16 * np.pi * x)


print(f"the slope of sin(16 pi x) at 0.3 is {16 * np.pi * np.cos(16 * np.pi * 0.3):+.3f}. Central differences:")
for first in (1 / 8, slopes.FIRST_STEP):
    halved = first / 2.0 ** np.arange(4)
    estimates = (wave(0.3 + halved) - wave(0.3 - halved)) / (2 * halved)
    print(f"h = {first:.4f} and its halves:", "".join(f"{estimate:+9.3f}" for estimate in estimates))

# %% [markdown]
# From $\frac18$, the first two steps agree on 0, which is wrong. Anyone who trusts agreement stops there. 0.1234 is
# wrong too, but its first two steps disagree, so the sweep notices.
#
# Now hold the error bar against the truth.

# %%
found = slopes.slope(lambda t: np.array(f(X + t)), weights=np.array(1.0), unit=1.0)
print(f"slope {found.value:.14f} ± {found.error:.0e}   true error {abs(found.value - SLOPE):.0e}")

kink = slopes.slope(lambda t: np.array(abs(t)), weights=np.array(1.0), unit=1.0)
print(f"|x| at 0: a kink: {kink.is_kink}; slope {kink.left:+.3f} from the left, {kink.right:+.3f} from the right")

axes = log_log("The sweep inside minae, and where extrapolation gets")
axes.plot(found.steps, np.abs(found.differences - SLOPE), ".", color="C1", label="its central differences")
axes.axhline(found.error, color="C2", linestyle="--", label="its own error bar")
axes.axhline(abs(found.value - SLOPE), color="C2", label="its true error")
axes.legend(fontsize=9)
plt.show()

# %% [markdown]
# Thirteen digits, where the best single central difference had about eleven, from the same kind of evaluations. To know
# *how* an error falls was worth two digits.

# %% [markdown]
# ## What you now know
#
# - A slope is what a small nudge does, per unit of nudge. A computed slope errs in two ways: **truncation** falls with
#   $h$, **rounding** grows like $\varepsilon / h$.
# - Forward difference: best at $h \approx \sqrt{\varepsilon}$, half of the digits. Central difference: best at
#   $h \approx \varepsilon^{1/3}$, two thirds of the digits, at the same price.
# - The complex step has no subtraction, so no left wall. It needs an analytic function, and lies in silence where there
#   is an `abs`.
# - A gradient of $n$ inputs costs $2n$ evaluations by nudging. This is why backpropagation exists.
# - One random direction checks a whole gradient with two evaluations.
#
# ## Expected results
#
# | | you should have seen |
# |---|---|
# | forward difference of $x^2$ at 3, $h = 0.1$ | 6.1 |
# | best forward step, float64 | between $5 \cdot 10^{-9}$ and $5 \cdot 10^{-8}$, error about $5 \cdot 10^{-8}$ |
# | best central step, float64 | between $2 \cdot 10^{-6}$ and $2 \cdot 10^{-5}$, error about $10^{-10}$ |
# | best central step, float32 | between 0.002 and 0.02, error about $10^{-5}$ |
# | combined, $h = 0.1$ to $0.05$ | error 16 times smaller |
# | complex step, $h = 10^{-20}$ | error below $10^{-15}$ |
# | gradient of 401,408 weights | many minutes to hours by nudging; the price of a few evaluations by backpropagation |
# | one wrong element | the difference grows more than a hundredfold |
# | minae's slope | its true error lies within its bar |
#
# Times depend on your machine. The lowest points of the valleys can move by a step or two, because rounding depends on
# the library that computes `exp` and `sin`. The exponents do not move.
#
# ## Now you
#
# Open `exercise.py` beside this lesson and fill in its seven functions. Check them with `python -m lessons grade 01`.
#
# ## Read next
#
# - Lesson 2, a scalar autograd in sixty lines: how all slopes come out of one walk.
# - `minae/checker/slopes.py`, and `extrapolate` in `minae/checker/extrapolation.py`.
# - W. Squire and G. Trapp, "Using complex variables to estimate derivatives of real functions", SIAM Review 40 (1998):
#   three pages on the complex step.
# - N. Higham, *Accuracy and Stability of Numerical Algorithms* (2002), chapter 1: rounding, told with care.
