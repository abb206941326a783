# %% [markdown]
# # 1. Slopes by nudging: how small is small?
#
# Lessons 1 to 4 are Part I, **backpropagation from the inside**. It answers the first question of
# [the first look](../00_first_look/lesson.ipynb): how does each weight of a network know which way to move?
#
# First see what the answer is worth. Below, one small [autoencoder](../glossary.md#autoencoder) is trained in two ways.
# It has about fifty thousand [weights](../glossary.md#weight), and 100 digits to copy.

# %% tags=["hide-input"]
import timeit

import numpy as np

import minae
from lessons import drawing
from minae import Tensor, nn, optim

images = minae.data.mnist("train")[0][:100].reshape(100, 784)


def new_network():
    rng = np.random.default_rng(0)
    layers = nn.Linear(784, 32, rng=rng), nn.Tanh(), nn.Linear(32, 784, rng=rng)
    network = nn.Sequential(*layers, nn.Sigmoid())
    return network, list(network.parameters())


def error_of(network):
    x = Tensor(images)
    return ((network(x) - x) ** 2).sum() / len(images)


def copies(network):
    return network(Tensor(images[:5])).numpy()


def try_and_see(tries, rng):
    """Move all weights a little, at random. Keep the move if the error fell."""
    network, weights = new_network()
    lowest = error_of(network).item()
    for _ in range(tries):
        old = [weight.numpy().copy() for weight in weights]
        for weight, numbers in zip(weights, old):
            noise = rng.standard_normal(weight.shape).astype(np.float32)
            weight.data = numbers + 0.003 * noise
        error = error_of(network).item()
        if error < lowest:
            lowest = error
        else:
            for weight, numbers in zip(weights, old):
                weight.data = numbers
    return network, lowest


def follow_the_slopes(steps):
    """Ask for the slope of the error in every weight, and move all of them downhill."""
    network, weights = new_network()
    optimizer = optim.Adam(weights, lr=0.01)
    for _ in range(steps):
        optimizer.zero_grad()
        error_of(network).backward()
        optimizer.step()
    return network, error_of(network).item()


blind, blind_error = try_and_see(300, np.random.default_rng(1))
seeing, seeing_error = follow_the_slopes(300)
count = sum(weight.size for weight in new_network()[1])
print(f"{count:,} weights. Error at the start: {error_of(new_network()[0]).item():.0f}")
print(f"after 300 random moves, the bad ones taken back: {blind_error:.0f}")
print(f"after 300 steps along the slopes:                {seeing_error:.0f}")
rows = {"written": images[:5], "random": copies(blind), "slopes": copies(seeing)}
drawing.show(
    drawing.pictures(rows, size=0.6),
    alt="Five handwritten digits. Under them grey noise, after 300 random moves. "
    "Under that five blurred copies, after 300 steps along the slopes.",
)

# %% [markdown]
# The same network, the same digits, the same 300 looks at the error. But the lowest row knew the
# [slope](../glossary.md#slope) of the error with respect to each weight. How to find such slopes is what Part I builds.
#
# ## What you will make today
#
# A slope seems easy: take a small step, and see what changes. So how small is small? The obvious answer is wrong. When
# you know the right one, you can build a slope finder that **knows its own error**. At the end you try it on your
# phone:

# %% tags=["hide-input"]
MINUTES = np.arange(0, 50, 5)


def battery(percent, value, bar, alt):
    """Ten readings, and the slope at the fifth with its error bar."""
    axes = drawing.axes("A phone's battery", "minute", "percent", size=(5.2, 3))
    axes.plot(MINUTES, percent, "o", label="what the phone shows")
    along = np.array([-15.0, 15.0])
    low, high = percent[4] + along * (value - bar), percent[4] + along * (value + bar)
    axes.fill_between(20 + along, low, high, color="C1", alpha=0.3)
    axes.plot(20 + along, percent[4] + along * value, "C1", label="slope at minute 20")
    axes.text(24, percent[4] + 5, f"{value:.2f} ± {bar:.2f} per minute", color="C1")
    axes.legend()
    drawing.show(axes, alt=alt)


EXAMPLE = [86, 83, 79, 74, 70, 66, 61, 57, 54, 50]
SEEN = "Ten dots that fall. Through the fifth goes a line, with a narrow fan around it."
battery(EXAMPLE, -0.9, 0.15, SEEN)

# %% [markdown]
# Your phone rounds: it shows 70 %, not 70.2 %. Your computer rounds too, only later. It turns out that both have the
# same disease, and the same cure.
#
# You need Python with a little NumPy, and from school derivatives and Taylor series. One section uses complex numbers,
# another one a product of matrices. Reading takes 45 minutes, the exercise as long. Code that is folded need not be
# read.
#
# Where you see **Guess**, write your guess before you open the answer. Nothing checks it: a word or a number will do,
# and a wrong guess teaches the most. Hard words are in the [glossary](../glossary.md).

# %% [markdown]
# ## What a slope answers
#
# For each weight a network asks: *if this weight were a little larger, would the [loss](../glossary.md#loss) rise or
# fall, and how fast?* The answer is a derivative. We begin with a function of one number, and take the question
# literally. Nudge the input by $h$, see how far the output moves, and divide:
#
# $$\frac{f(x + h) - f(x)}{h}$$
#
# This is the [forward difference](../glossary.md#forward-difference). Take $f(x) = x^2$ at $x = 3$, where school says
# that the slope is 6. By hand:
#
# $$\frac{(3 + h)^2 - 9}{h} = \frac{6h + h^2}{h} = 6 + h.$$
#
# So it is too large by exactly $h$, because $h$ is a step and not a limit.


# %%
def square(x):
    return x * x


def forward(f, at, h):
    return (f(at + h) - f(at)) / h


for h in (1.0, 0.1, 0.01, 0.001):
    print(f"h = {h:<6}  forward difference = {forward(square, 3, h):.6f}")

# %% [markdown]
# A step ten times smaller, an error ten times smaller. So take $h$ as small as you can?
#
# **Guess:** what does the computer print for $h = 10^{-14}$? For $h = 10^{-16}$?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Smaller and smaller steps:")
for k in range(4, 17, 2):
    print(f"h = 1e-{k:02}   forward difference = {forward(square, 3, 10.0**-k):.12f}")

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# The error falls until about $h = 10^{-8}$. Then it grows. At $10^{-14}$ the first digit after the point is already
# wrong. At $10^{-16}$ the slope is 0: to the computer $3 + 10^{-16}$ *is* 3, so nothing moved.
#
# </details>
#
# ## Under the microscope
#
# To see what goes wrong, we look at a function through a microscope. From now on it is
#
# $$f(x) = e^x \sin x, \qquad f'(x) = e^x (\sin x + \cos x),$$
#
# at $x = 1$. We know its true slope, so we can measure every error.


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
# The microscope shows the curve between $x - h$ and $x + h$. It draws how far $f$ has moved from $f(x)$, divided by
# $h$. So the curve passes through the middle, and its height at the right edge *is* the forward difference.
#
# **Guess:** sketch in your mind what you will see at $h = 1$, at $h = 10^{-5}$, and at $h = 10^{-15}$. This function
# is as smooth as a function can be.

# %% tags=["guess"]
my_guess = ...


# %% tags=["hide-cell"]
def microscope(k):
    """The curve around 1, enlarged 10^k times, and the errors so far."""
    left, right = drawing.grid(1, 2, (6.4, 3))[0]
    across, h = np.linspace(-1, 1, 401), 10.0**-k
    left.plot(across, (f(X + across * h) - f(X)) / h, linewidth=1.5)
    left.plot(across, SLOPE * across, "k:", linewidth=1)
    left.plot(1, forward(f, X, h), "C3o")
    left.set(title=f"enlarged {10.0**k:.0e} times", ylim=(-6, 6), xticks=[-1, 0, 1])
    left.set_xticklabels(["x - h", "x", "x + h"])
    left.set_ylabel("movement of f, over h")
    errors = [abs(forward(f, X, 10.0**-j) - SLOPE) for j in range(k + 1)]
    right.loglog(10.0 ** -np.arange(k + 1), errors, ".-", color="gray")
    right.loglog(h, errors[-1], "C3o")
    right.set(title="error of the slope", xlabel="step h")
    right.set(xlim=(3e-17, 3), ylim=(1e-9, 30))
    right.grid(alpha=0.3)
    return left


ENLARGED = [0, 1, 2, 5, 8, 10, 12, 14, 15, 16]
print("Move the slider from the left to the right:")
drawing.slider(
    microscope,
    ENLARGED,
    alt="Left, the curve near 1: bent at h = 1, then straight, then a staircase. "
    "Right, the error: it falls until h = 1e-8, then rises again. A valley.",
    label="h",
    start=ENLARGED.index(15),
    write=lambda k: f"1e-{k}" if k else "1",
)

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# First the curve is **bent**: the large dot misses the dotted line, which has the true slope. Then it becomes
# **straight**, and for a long way the eye sees no change, though the error on the right does. Near $10^{-14}$ it breaks
# into **stairs**. A computer does not have all numbers: between two neighbours there is a gap, and the curve jumps. At
# last it is flat where it matters.
#
# Bend on the right, stairs on the left, and between them a valley.
#
# </details>
#
# ## The two walls
#
# On axes that are both logarithmic, an error proportional to $h$ is a straight line that rises. An error proportional
# to $1/h$ is a straight line that falls. Here is the valley with many steps, and a dashed line for each wall. The lines
# were not fitted to the points.

# %% tags=["hide-input"]
EPS = np.finfo(np.float64).eps  # the gap between 1 and the next number
print(f"eps = {EPS:.1e}")
steps = (X + 10 ** -np.linspace(0.3, 15.3, 101)) - X  # as the computer takes them
forward_error = np.abs(forward(f, X, steps) - SLOPE)

ERROR = ("step h", "error of the slope")
axes = drawing.axes("Forward difference: the valley", *ERROR, log=True)
axes.plot(steps, forward_error, ".", markersize=4, label="measured")
axes.plot(steps, abs(SECOND) / 2 * steps, "--", label=r"bend: $|f''|\,h/2$")
axes.plot(steps, EPS * abs(f(X)) / steps, "--", label=r"stairs: $\varepsilon\,|f|/h$")
axes.set_ylim(1e-12, 1e2)
axes.legend()
drawing.show(axes, alt="Dots form a V. A dashed line runs along each of its walls.")

# %% [markdown]
# **The bend.** We cut off a Taylor series after the slope:
#
# $$f(x + h) = f(x) + h f'(x) + \tfrac{h^2}{2} f''(x) + \dots \quad\Rightarrow\quad
# \frac{f(x + h) - f(x)}{h} = f'(x) + \underbrace{\tfrac{h}{2} f''(x) + \dots}_{\text{truncation}}$$
#
# This error is called [truncation](../glossary.md#truncation).
#
# **The stairs.** A computed value of $f$ is rounded to a number that the computer has. So its relative error is up to
# about $\varepsilon/2$. Here $\varepsilon$ is the [machine epsilon](../glossary.md#machine-epsilon), the gap between 1
# and the next number. Two such values make an error of up to $\varepsilon |f|$ in their difference. Dividing by a small
# $h$ makes it large: $\varepsilon |f| / h$. This error is called [rounding](../glossary.md#rounding).
#
# That is a worst case, so most points lie below the line. (A long computation of $f$ rounds many times, which lifts
# them.) Watch the digits go: the leading ones of the two values agree, so they cancel. What is left are the last
# digits, the rounded ones.

# %%
h = 2.0**-40  # about 1e-12; 1 + h is exact
print(f"f(x + h)   = {f(X + h):.16f}")
print(f"f(x)       = {f(X):.16f}")
print(f"difference = {f(X + h) - f(X):.16f}")
print(f"wanted     = {h * SLOPE:.16f}   (h f')")

# %% [markdown]
# ## The best step
#
# Both errors together are about
#
# $$E(h) = \frac{h}{2} |f''| + \frac{\varepsilon |f|}{h}.$$
#
# **Guess:** find the $h$ at which this is smallest, on paper. What is it roughly, if $f$ and $f''$ are near 1? How many
# of the 16 digits are left there?

# %% tags=["guess"]
my_best_step = ...

# %% [markdown]
# <details>
# <summary>Hint: what is true at the lowest point?</summary>
#
# There $E'(h) = 0$. The derivative of $1/h$ is $-1/h^2$.
#
# </details>
#
# <details>
# <summary>The answer</summary>
#
# $$E'(h) = \frac{|f''|}{2} - \frac{\varepsilon |f|}{h^2} = 0 \quad\Rightarrow\quad
# h_{\text{best}} = \sqrt{2 \varepsilon\, |f| / |f''|} \;\approx\; \sqrt{\varepsilon}.$$
#
# The error there is about $\sqrt{\varepsilon}$ as well. So **half of the digits are lost**, 8 of float64's 16.
#
# </details>
#
# Now compare the formula with the dots.


# %% tags=["hide-cell"]
def bottom(steps, errors):
    """The step at the bottom of the valley, and the error there. One dot may be lucky:
    so it looks for the place where the worst of nine neighbours is smallest."""
    worst = [errors[max(i - 4, 0) : i + 5].max() for i in range(len(errors))]
    lowest = np.argmin(worst)
    return steps[lowest], worst[lowest]


best = np.sqrt(2 * EPS * abs(f(X) / SECOND))
found, error = bottom(steps, forward_error)
predicted = best / 2 * abs(SECOND) + EPS * abs(f(X)) / best
print("The bottom of the valley:")
print(f"by the formula: h = {best:.1e}, error {predicted:.1e}")
print(f"by looking:     h = {found:.1e}, error {error:.1e}")
print(f"the rule of thumb, sqrt(eps): {np.sqrt(EPS):.1e}")

# %% [markdown]
# They agree within a small factor: more such an estimate cannot promise.
#
# ## One step to each side
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
# $$D(h) = \frac{f(x + h) - f(x - h)}{2h} = f'(x) + \frac{h^2}{6} f'''(x) + \dots$$
#
# This is the [central difference](../glossary.md#central-difference). It costs two evaluations, like the forward one.
# Its rounding is $\varepsilon |f| / (2h)$.


# %%
def central(f, at, h):
    return (f(at + h) - f(at - h)) / (2 * h)


print(f"at 3, with h = 0.1: {central(square, 3, 0.1):.6f}")

# %% [markdown]
# Right to the last digit shown, because the third derivative of $x^2$ is 0. That of our $f$ is not.
#
# **Guess:** which wall gets steeper? Does the bottom move to the left, or to the right?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
central_error = np.abs(central(f, X, steps) - SLOPE)
found, error = bottom(steps, central_error)
print("The new valley:")
print(f"by the formula: h = {np.cbrt(1.5 * EPS * abs(f(X) / THIRD)):.1e}")
print(f"by looking:     h = {found:.1e}, error {error:.1e}")

axes = drawing.axes("Central: a steeper wall, a lower bottom", *ERROR, log=True)
axes.plot(steps, forward_error, ".", markersize=4, label="forward", alpha=0.6)
axes.plot(steps, central_error, ".", markersize=4, label="central")
axes.plot(steps, abs(THIRD) / 6 * steps**2, "k--", label=r"$|f'''|\,h^2/6$")
axes.set_ylim(1e-13, 1e2)
axes.legend(loc="lower left")
drawing.show(axes, alt="Two valleys. The lower one has a right wall twice as steep.")

# %% [markdown]
# <details>
# <summary>What you see, and the formula</summary>
#
# The left wall stayed, within a factor of 2. The right wall is twice as steep, because its error falls like $h^2$. So
# the bottom is lower, and lies further right, at a **larger** step. Set the derivative of the sum of both errors to
# zero as before:
#
# $$h_{\text{best}} = \left(\tfrac{3}{2}\, \varepsilon\, |f| / |f'''|\right)^{1/3} \approx \varepsilon^{1/3}.$$
#
# The error there is about $\varepsilon^{2/3}$: **two thirds of the digits** survive, 10 or 11 of 16.
#
# </details>
#
# ## Experiment: fewer digits
#
# Nothing in the argument knew about float64. Only $\varepsilon$ did. Networks are mostly trained in float32, with
# $\varepsilon = 1.2 \cdot 10^{-7}$, about 7 digits.
#
# **Guess:** change that one thing. Where will the best central step be now, and how many digits has its slope?

# %% tags=["guess"]
my_step, my_digits = ..., ...

# %% tags=["hide-cell"]
print("In two precisions:")
for dtype in (np.float64, np.float32):
    eps, x = float(np.finfo(dtype).eps), dtype(X)
    h = (x + (10 ** -np.linspace(0.3, -np.log10(2 * eps), 121)).astype(dtype)) - x
    for rule, power in ((forward, 1 / 2), (central, 1 / 3)):
        found, error = bottom(h, np.abs(rule(f, x, h).astype(np.float64) - SLOPE))
        print(f"{dtype.__name__}  {rule.__name__:8}", end="")
        print(f"   rule of thumb {eps**power:.0e}", end="")
        print(f"   best step found {found:.0e}, error {error:.0e}")

# %% [markdown]
# <details>
# <summary>What happens, and why</summary>
#
# The whole valley moves up and to the right. In float32 a central difference has four or five digits, and its best
# step looks absurdly large. *Explained in a line:* the stairs are $5 \cdot 10^8$ times higher, so they meet the bend
# much earlier.
#
# This is why slopes are checked in float64, even those of code that runs in float32. A step of $10^{-8}$, good in
# float64, is no step at all there: $1 + 10^{-8}$ is 1.
#
# </details>
#
# ## Experiment, for a point: a narrower wave
#
# The rule of thumb also knows nothing of $f$. It takes for granted that $f$ and its derivatives are near 1. So change
# the function: $\sin(a x)$ at $x = 1/a$. For $a = 1$ it is an ordinary wave. For $a = 1000$ it is the same wave, a
# thousand times narrower.

# %%
A = 1.0  # the one thing to change

tried = 10 ** -np.linspace(-2, 12, 281)
slopes_found = central(lambda x: np.sin(A * x), 1 / A, tried)
found, error = bottom(tried, np.abs(slopes_found / (A * np.cos(1)) - 1))
print(f"a = {A:g}: best step found {found:.1e}, relative error {error:.0e}")

# %% [markdown]
# **Guess:** where will the best step be for $a = 1000$, and for $a = 0.001$? Then change `A` and run the cell again.
# (What it finds can be off by a factor of 2 or so, because the valley is flat at the bottom.)

# %% tags=["guess"]
my_step_at_1000, my_step_at_a_thousandth = ..., ...

# %% [markdown]
# Write what you found into `exercise.py`: the function `best_step_of_a_wave`, for any $a$. Under it explain in a line,
# in `WHY_THE_STEP_CHANGES`.
#
# <details>
# <summary>Hint 1</summary>
#
# Try $a$ = 1, 10, 100, 1000. By which factor does the step change each time?
#
# </details>
#
# <details>
# <summary>Hint 2: why</summary>
#
# Look at the formula for $h_{\text{best}}$ of the central difference. What is $f'''$ for this wave? And its third root?
#
# </details>
#
# ## Debug, for two points: how fast do we walk?
#
# This program runs, and it is wrong. Somebody walks home at 1.5 metres per second. A computer counts time in seconds
# since 1970, so the number is large. The speed is a slope, taken with the central difference. The step is tiny, because
# people turn and stop.

# %%
START = 1_790_000_000.0  # when we left, in seconds since 1970


def metres(time):
    return 1.5 * (time - START)


print(f"speed: {central(metres, START + 600, h=1e-6):.4f} metres per second")

# %% [markdown]
# The function is a straight line, so there is no bend at all. `metres` is right, and `central` has the right formula.
# Yet the speed is wrong by several percent, without a warning. The same program is `speed` in `exercise.py`: find out
# why it is wrong, and fix it there. The step is given, so keep to it.
#
# **Guess:** which number in this computation is not what it seems?

# %% tags=["guess"]
my_guess = ...

# %% [markdown]
# <details>
# <summary>Hint 1</summary>
#
# Print `(x + h) - x` for `x = START + 600` and `h = 1e-6`.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# How large is the gap between two numbers near 1,790,000,000? `np.spacing` knows.
#
# </details>
#
# <details>
# <summary>Hint 3</summary>
#
# `position` was asked at two times. How far apart are *those* two numbers?
#
# </details>
#
# Open the next cell when yours is fixed.

# %% tags=["hide-cell"]
x, h = START + 600, 1e-6
print("What the computer has there:")
print(f"asked for a step of {h:.3e}, took {(x + h) - x:.3e}")
print(f"the gap between two numbers: {np.spacing(x):.1e}")

# %% [markdown]
# <details>
# <summary>What it teaches</summary>
#
# The numbers that a computer has lie further apart where they are large. So the step that it takes is not the one that
# you asked for.
#
# A longer step would help too, but people turn and stop. Best of all, count time from the start of the walk.
#
# </details>
#
# ## A finder that knows its own error
#
# So far we knew the true slope. If you knew it, you would not need a slope finder. How can one know its error without
# knowing the truth?
#
# We know *how* the error of $D(h)$ falls. Only even powers are left: $D(h) = f' + a h^2 + b h^4 + \dots$ So take two
# steps, and compare.
#
# **Guess:** leave out the small $b h^4$. You have $D(2h)$ and $D(h)$. How large is the error of $D(h)$?

# %% tags=["guess"]
my_guess = ...

# %% [markdown]
# <details>
# <summary>The answer</summary>
#
# $D(2h) - D(h) = 4 a h^2 - a h^2 = 3 a h^2$. So the error of $D(h)$, which is $a h^2$, is a third of the change. You
# can even subtract it:
#
# $$D(h) - \frac{D(2h) - D(h)}{3} = \frac{4 D(h) - D(2h)}{3} = f' - 4 b h^4 + \dots$$
#
# This is [Richardson's extrapolation](../glossary.md#richardsons-extrapolation). It gets rid of $a$ without knowing it.
#
# </details>

# %% tags=["hide-cell"]
print("Two steps combined:")
for h in (0.1, 0.05, 0.025):
    wide, narrow = central(f, X, 2 * h), central(f, X, h)
    print(f"h = {h:<5}  error {abs(narrow - SLOPE):.1e}", end="")
    print(f"   a third of the change {abs(wide - narrow) / 3:.1e}", end="")
    print(f"   combined: error {abs((4 * narrow - wide) / 3 - SLOPE):.1e}")

# %% [markdown]
# Halving $h$ makes the central error 4 times smaller, and the combined one 16 times.
#
# Now you have all the parts. A finder starts at a large step and halves it. At each step its **error bar** is the
# change from the step before (to be careful, all of it) plus the rounding, $r / h$. Here $r$ is how far one value of
# $f$ may be wrong. So two of them are wrong by up to $2r$ together, and we divide by $2h$. The finder keeps the slope
# with the smallest bar: the bottom of the valley, found without the truth.
#


# %%
def find_slope(f, x, first, halvings, r):
    """The slope of f at x, and its error bar."""
    before, value, bar = central(f, x, first), np.nan, np.inf
    for k in range(1, halvings + 1):
        h = (x + first / 2**k) - x  # the step that is taken
        now = central(f, x, h)
        if abs(now - before) + r / h < bar:
            value, bar = now, abs(now - before) + r / h
        before = now
    return value, bar


value, bar = find_slope(f, X, first=1 / 8, halvings=30, r=EPS * abs(f(X)))
print(f"slope {value:.12f} ± {bar:.0e}, true error {abs(value - SLOPE):.0e}")

# %% [markdown]
# The true error is within the bar, and the finder never saw the truth. Can we trust it always?
#
# ## Experiment: change the first step
#
# The finder is tried on a wave, $\sin(16 \pi x)$ at $x = 0.3$. It begins at $\frac18$, then at 0.1234. Nothing else
# changes.
#
# **Guess:** will the two answers agree? Will the bars hold?

# %% tags=["guess"]
my_guess = ...


# %% tags=["hide-output"]
def wave(x):
    return np.sin(16 * np.pi * x)


print("The same finder, two first steps:")
print(f"true slope                  {16 * np.pi * np.cos(16 * np.pi * 0.3):+.6f}")
for first in (1 / 8, 0.1234):
    value, bar = find_slope(wave, 0.3, first, halvings=30, r=EPS)
    print(f"first step {first:.4f}: slope {value:+.6f} ± {bar:.0e}")
for first in (1 / 8, 0.1234):
    four = [central(wave, 0.3, first / 2**k) for k in range(4)]
    print(f"{first:.4f} and its halves:", *(f"{slope:+9.3f}" for slope in four))

# %% [markdown]
# <details>
# <summary>What happens, and why</summary>
#
# From $\frac18$ the finder says 0, is proud of it, and is quite wrong. The wave repeats itself every $\frac18$, so both
# neighbours have the same height, and so do those at $\frac1{16}$. *Explained in a line:* the first two slopes agree
# on 0 by accident, and a finder that trusts agreement stops believing anything else.
#
# From 0.1234 the first two do not agree, so they get a large bar, and smaller steps win.
#
# An error bar rests on an assumption: that the error already falls like $h^2$. No finder that looks at a function in a
# few places can be sure.
#
# </details>
#
# minae has such a finder too, in `minae/checker/slopes.py`, and checks all its gradients with it. It begins at 0.1234:
# now you know why.
#
# ## A step to the side
#
# The left wall came from subtracting two numbers that are nearly equal. Is there a slope *without* a subtraction? Nudge
# $x$ at a right angle to the real line, by $ih$:
#
# $$f(x + ih) = f(x) + i h f'(x) - \tfrac{h^2}{2} f''(x) - \tfrac{i h^3}{6} f'''(x) + \dots$$
#
# The value sits in the real part. The slope sits alone in the imaginary part:
#
# $$\frac{\operatorname{Im} f(x + ih)}{h} = f'(x) - \frac{h^2}{6} f'''(x) + \dots$$
#
# This is the [complex step](../glossary.md#complex-step).
#
# **Guess:** what does its error do, as $h$ goes to $10^{-20}$? To $10^{-300}$?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
sideways = 10.0 ** -np.arange(1.0, 301.0)
sideways_error = np.abs(np.imag(f(X + 1j * sideways)) / sideways - SLOPE)
print("The complex step:")
for k in (1, 4, 8, 20, 300):
    print(f"h = 1e-{k:<3}   error {sideways_error[k - 1]:.1e}")
print(f"eps times the slope: {SLOPE * EPS:.1e}")

axes = drawing.axes("The complex step has no left wall", *ERROR, log=True)
axes.plot(steps, central_error, ".", markersize=4, label="central", alpha=0.6)
axes.plot(sideways, np.maximum(sideways_error, 1e-17), ".", label="complex")
axes.set(xlim=(1e-24, 1), ylim=(3e-18, 1e2))
axes.legend()
drawing.show(axes, alt="A valley, and a row of dots that falls and stays low.")

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# It falls like $h^2$, reaches full precision at $10^{-8}$, and stays there. The computer rounds the imaginary part
# relative to *its own* size. However small $h f'$ is, it is known to 16 digits. No subtraction, no stairs, no valley,
# no step to choose. For inputs of ordinary size take $h = 10^{-20}$. (Errors of 0 are drawn at $10^{-17}$, because 0
# has no place on a logarithmic axis.)
#
# </details>
#
# It seems too good, and it has a price. The series holds only where $f$ is [analytic](../glossary.md#analytic): given
# by its power series for complex arguments too. `exp`, `sin`, `tanh`, + and * are analytic.
#
# **Guess:** the slope of $|x|$ at $x = 2$ is 1. What will the complex step say?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
h = 1e-20
z = 2 + 1j * h
print("The complex step at two:")
print("np.abs(z)               =", np.abs(z))
print("slope of |x| at 2       =", np.imag(np.abs(z)) / h)
print("slope of conj(x) x at 2 =", np.imag(np.conj(z) * z) / h, "(it should be 4)")

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# Zero both times, and no warning. The absolute value of a complex number is a length, so it is real, and so is
# $\bar{x} x$: there is no imaginary part to read. An `abs` or `conj` that hides somewhere breaks the complex step in
# silence. At 0, $|x|$ has a [kink](../glossary.md#kink): another slope on each side. The cure is to write the function
# anew, analytic on each side of its kink. You do that in the exercise.
#
# The complex step also needs code that accepts complex numbers. And it shares one trouble with all the others, which
# comes now.
#
# </details>
#
# ## Many inputs
#
# The loss of a network is *one* number that depends on *many* weights $w_1, \dots, w_n$. Its slopes, one for each
# weight, make the [gradient](../glossary.md#gradient) $\nabla f$. We write $\partial f / \partial w_k$ for the slope
# when only $w_k$ moves. By central differences: nudge one weight, leave the others alone, then the next. That is $2n$
# evaluations for $n$ weights. (Forward differences share $f(w)$, so they need $n + 1$.)
#
# Now a real *layer* of a network. It makes 512 numbers out of the 784 pixels of an image. What makes one of them is a
# *unit*: it adds up all pixels, each times a weight of its own, and `tanh` keeps the sum between -1 and 1. So there are
# 784 · 512 = 401,408 weights, in one matrix. In NumPy `inputs @ w` makes all sums at once, here for 128 images.

# %%
rng = np.random.default_rng(0)
inputs = rng.random((128, 784))
weights = 0.05 * rng.standard_normal((784, 512))


def layer_loss(w):
    """What the squares of an image's 512 numbers add up to, on average."""
    return np.sum(np.tanh(inputs @ w) ** 2) / len(inputs)


# %% [markdown]
# **Guess:** how long would the whole gradient take by nudging? Seconds, minutes or hours?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
one = min(timeit.repeat(lambda: layer_loss(weights), number=1))
print("By nudging:")
print(f"one evaluation: {1000 * one:.1f} ms")
print(f"2 x {weights.size:,} of them: {2 * weights.size * one / 60:.0f} minutes")

# %% [markdown]
# That would be for *one* step of training *one* small layer. Now the same gradient by
# [backpropagation](../glossary.md#backpropagation), which the next lessons build:


# %%
def layer_gradient(w):
    w = Tensor(w, requires_grad=True)
    hidden = (Tensor(inputs) @ w).tanh()
    loss = (hidden * hidden).sum() / len(inputs)
    loss.backward()
    return w.grad


gradient = layer_gradient(weights)
all_slopes = min(timeit.repeat(lambda: layer_gradient(weights), number=1))
print(f"all {gradient.size:,} slopes: {1000 * all_slopes:.1f} ms", end="")
print(f", the price of {all_slopes / one:.1f} evaluations")

# %% [markdown]
# All slopes for the price of a few evaluations, *whatever their number*. How is that possible? Lesson 2 answers it.
#
# But derivatives that a person worked out may be wrong. Nudging is slow and sure. So let each do what it is good at:
# backpropagation computes, nudging checks.
#
# ## One direction checks them all
#
# Checking must not take hours either. So nudge *all* weights at once, along one direction $v$ of the same shape:
#
# $$\frac{f(w + h v) - f(w - h v)}{2h} \approx \nabla f \cdot v = \sum_k \frac{\partial f}{\partial w_k} v_k.$$
#
# This is the [directional derivative](../glossary.md#directional-derivative). The left side takes two evaluations. The
# right side is a sum over the gradient that we want to check. We draw the elements of $v$ from the normal distribution
# N(0, 1), so hardly any two are the same.
#
# (The nudges of a unit's 784 weights add up in its sum. So we take a step 16 times smaller than usual.)

# %%
v = rng.standard_normal(weights.shape)
h = np.cbrt(EPS) / 16
by_nudging = (layer_loss(weights + h * v) - layer_loss(weights - h * v)) / (2 * h)
print(f"two evaluations: {by_nudging:.10f}")
print(f"backpropagation: {np.sum(gradient * v):.10f}", end="")
print(f"   difference {abs(np.sum(gradient * v) - by_nudging):.0e}")

wrong = gradient.copy()
wrong[100, 200] *= 1.1
difference = abs(np.sum(wrong * v) - by_nudging)
print(f"one element of {wrong.size:,} wrong by 10 %: difference {difference:.0e}")

# %% [markdown]
# One wrong element in 401,408, found by two evaluations.
#
# **Guess:** would the simplest direction do as well, all ones? What would it see, if two elements were swapped by
# mistake?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
swapped = gradient.copy()
swapped[0, 0], swapped[1, 1] = gradient[1, 1], gradient[0, 0]
print("Two elements swapped:")
for name, direction in (("ones", np.ones_like(weights)), ("random", v)):
    right, found = np.sum(gradient * direction), np.sum(swapped * direction)
    print(f"direction of {name:6}: the sum changes by {abs(found - right):.0e}")

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# A sum with equal weights does not change when its terms trade places. A random direction gives each element a weight
# of its own.
#
# It has a limit. A small error in a small element can drown in the rounding of the large sum. And one sum tells *that*
# something is wrong, not *where*.
#
# </details>
#
# ## Take it home: your phone
#
# Now the thing from the top of the page. A phone shows whole percents: two digits, where float64 has sixteen. So each
# reading may be wrong by half a percent, and $r = 0.5$. Everything else is the same: bend, stairs, a valley.
#
# Write down your battery's percents every five minutes, ten times, while you use the phone. Or keep ours. (We made
# ours up from a curve whose slope at minute 20 is -0.88, then rounded. So you can check the finder.)

# %%
percent = EXAMPLE  # your ten numbers


def shown(minute):
    return float(percent[int(minute) // 5])


value, bar = find_slope(shown, 20, first=20, halvings=2, r=0.5)
print(f"{value:.2f} ± {bar:.2f} percent per minute, at minute 20")
for h in (20, 10, 5):
    print(f"h = {h:2}: slope {central(shown, 20, h):.2f}, rounding up to {0.5 / h:.2f}")
if value + bar < 0:
    soon, late = percent[4] / (bar - value), percent[4] / (-bar - value)
    print(f"at this pace it is empty {soon:.0f} to {late:.0f} minutes later")
battery(percent, value, bar, SEEN)

# %% [markdown]
# In our example the step of 5 minutes suffers from the stairs, and the one of 20 from the bend. The finder took the one
# between, and -0.88 is within its bar. You made an instrument that says how far to trust it.
#
# ## What you now know
#
# - A slope is what a small nudge does, per unit of nudge. It errs in two ways: **truncation** (the bend) falls with
#   $h$, **rounding** (the stairs) grows like $\varepsilon / h$.
# - Forward difference: best at $h \approx \sqrt{\varepsilon}$, half of the digits. Central difference: best at
#   $h \approx \varepsilon^{1/3}$, two thirds of the digits, at the same price.
# - Two steps compared give an error bar, as long as the error falls as it should.
# - The complex step has no subtraction, so no left wall. It needs an analytic function, and an `abs` makes it lie.
# - A gradient of $n$ inputs costs $2n$ evaluations by central differences. This is why backpropagation exists.
# - One random direction checks a whole gradient with two evaluations.
#
# | | you should have seen |
# |---|---|
# | best forward step, float64 | between $5 \cdot 10^{-9}$ and $5 \cdot 10^{-8}$, error about $5 \cdot 10^{-8}$ |
# | best central step, float64 | between $2 \cdot 10^{-6}$ and $2 \cdot 10^{-5}$, error about $10^{-10}$ |
# | best central step, float32 | between 0.002 and 0.02, error about $10^{-5}$ |
# | complex step, $h = 10^{-20}$ | error below $10^{-15}$ |
# | the speed, before and after the fix | 1.43, then 1.50 |
# | the battery of the example | -0.90 ± 0.15 |
#
# The bottoms of the valleys can move by a step or two, because rounding depends on the library that computes `exp` and
# `sin`. The exponents do not move.
#
# ## Now you: build
#
# Open `exercise.py` beside this lesson and write the seven functions of its first part. Derive each formula again, on
# paper: do not copy it from above. You have met the other two parts on the way: `speed`, which needs fixing, and
# `best_step_of_a_wave`. Then `python -m lessons grade 01` checks them all. Hints, if you want them:
#
# <details>
# <summary>Hint 1: the differences</summary>
#
# Draw the two points that you use. How far apart are they? That distance stands below the line. In Python,
# `a / 2 * h` divides by 2 and *multiplies* by $h$.
#
# </details>
#
# <details>
# <summary>Hint 2: best_step</summary>
#
# Truncation and rounding are about equal at the bottom. For the forward rule that is $h \approx \varepsilon / h$. What
# is it for the central rule? `np.finfo(dtype).eps` is $\varepsilon$.
#
# </details>
#
# <details>
# <summary>Hint 3: gradient</summary>
#
# Which elements move, and which stay? Begin each nudge with a fresh copy of `x`, so that nothing of the nudge before is
# left. The result has a place for each slope: `np.zeros(x.shape)`.
#
# </details>
#
# <details>
# <summary>Hint 4: gradient, when the last test fails</summary>
#
# What is `np.array([1, 2, 3])` after you add 0.05 to its first element in place? Look at its dtype.
#
# </details>
#
# <details>
# <summary>Hint 5: complex_step and absolute</summary>
#
# In Python $i$ is `1j`, and `z.imag` is the imaginary part of `z`. Near a positive $x$, $|x|$ is the same function as
# $x$. Near a negative one it is the same as $-x$. Which one is it for `z`?
#
# </details>
#
# <details>
# <summary>Hint 6: directional_derivative</summary>
#
# It is the central difference of a function of one number $t$: $f(x + t v)$ at $t = 0$.
#
# </details>
#
# ## Challenge
#
# For no points, only pride: fool your finder. Begin it at 0.1234, and find a smooth function for which its bar is tiny
# and its slope is wrong. Then repair the finder so that your function no longer fools it. Then fool it again. Who wins
# in the end, and can you prove it?
#
# ## Read next
#
# - [Lesson 2](../02_scalar_autograd/lesson.ipynb): how one walk replaces a million nudges.
# - W. Squire and G. Trapp, "Using complex variables to estimate derivatives of real functions", SIAM Review 40 (1998):
#   three pages on the complex step.
# - N. Higham, *Accuracy and Stability of Numerical Algorithms* (2002), chapter 1: rounding, told with care.
