# %% [markdown]
# # 6. Losses are likelihoods

# %% tags=["hide-input"]
# What happens here is the subject of section 8. Leave it folded for now.
import os

import numpy as np

import minae
from lessons import drawing
from minae import Tensor, nn, optim
from minae import functional as F

np.set_printoptions(precision=4, suppress=True)
QUICK = "MINAE_QUICK" in os.environ  # a very short training, to test this lesson
images, _ = minae.data.mnist("train")
test, digits = minae.data.mnist("test")
images, test = images.reshape(-1, 784), test.reshape(-1, 784)
shown = test[[np.flatnonzero(digits == digit)[0] for digit in range(8)]]


def two_halves():
    rng = np.random.default_rng(0)
    layer = lambda inputs, outputs: nn.Linear(inputs, outputs, rng=rng)
    encoder = nn.Sequential(layer(784, 128), nn.ReLU(), layer(128, 16))
    decoder = nn.Sequential(layer(16, 128), nn.ReLU(), layer(128, 784))
    return encoder, decoder


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def copies_of(halves):
    encoder, decoder = halves
    return sigmoid(decoder(encoder(Tensor(shown))).numpy())


def film_of(divisor, moments):
    halves, rng = two_halves(), np.random.default_rng(1)
    weights = [*halves[0].parameters(), *halves[1].parameters()]
    optimizer, frames = optim.Adam(weights, lr=0.003), []
    for step in range(max(moments) + 1):
        if step in moments:
            frames.append(copies_of(halves))
        x = images[rng.integers(0, len(images), 50)]
        code = halves[0](Tensor(x))
        heard = code + rng.standard_normal(code.shape).astype(np.float32)
        logits = halves[1](heard)
        picture = F.binary_cross_entropy_with_logits(logits, Tensor(x), "sum")
        loss = picture / 50 / divisor + (code * code).sum() / 100
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return frames


moments = (0, 5, 10) if QUICK else (0, 20, 60, 120, 250, 500, 2000)


def three_rows(pair):
    rows = {"sent": shown, "sum": pair[0], "mean": pair[1]}
    return drawing.pictures(rows, size=0.55)


drawing.animate(
    three_rows,
    list(zip(film_of(1, moments), film_of(784, moments))),
    alt="Eight digits, and two rows of copies. Both rows begin grey. In the row named "
    "sum they become the digits; in the row named mean, eight times the same blur.",
    seconds=0.7,
)

# %% [markdown]
# Two networks learn to send pictures by telephone, with sixteen numbers for each picture. Their layers are the same,
# and so are their first weights. They see the same pictures in the same order. Their programs differ in one word. In
# one of them the loss is a `sum` over the points of a picture, in the other a `mean`.
#
# The first one sends digits. The second one sends the same blur, whatever it is given. Its loss fell all the same,
# and nothing warned anybody. Published programs have made this mistake.
#
# At the end of this lesson you train both yourself, with a loss that you wrote. You will know what happened, and by
# which factor. Before that, three questions. Why are losses made of *squares*? Why of *logarithms*? And in which unit
# is a [loss](../glossary.md#loss) measured?
#
# You need lesson 3 (vjps, softmax), the lines of lesson 4 on the normal distribution, and lesson 5's layers. Reading
# takes about 45 minutes.
#
# ## 1. A bent coin
#
# Somebody hands you a bent coin. You toss it ten times. Heads is written as 1, tails as 0:

# %%
tosses = np.array([1, 1, 0, 1, 1, 1, 0, 1, 0, 1])
print(f"{tosses.sum()} heads of {len(tosses)}")

# %% [markdown]
# With which probability $p$ does this coin show heads? Any $p$ could have made this row of tosses, but not all of
# them as easily. If heads has the probability $p$, then tails has $1 - p$. The tosses do not know of each other, so
# their probabilities are multiplied:
#
# $$ L(p) = p \cdot p \cdot (1 - p) \cdot p \cdots = p^7 (1 - p)^3. $$
#
# This is the [likelihood](../glossary.md#likelihood) of $p$: the probability that $p$ gives to what was seen. (In other
# lessons $L$ is the loss.) The tosses are fixed, and $p$ moves. Move it yourself. On the right is $-\ln L$, which we
# need soon.

# %% tags=["hide-input"]
line_of_p = np.linspace(0.005, 0.995, 199)


def likelihood_at(p):
    panels = drawing.grid(1, 2, size=(6.4, 2.6)).flat
    of_line = line_of_p**7 * (1 - line_of_p) ** 3
    here = p**7 * (1 - p) ** 3
    for panel, curve, value in (
        (panels[0], 1000 * of_line, 1000 * here),
        (panels[1], -np.log(of_line), -np.log(here)),
    ):
        panel.plot(line_of_p, curve)
        panel.plot([p], [value], "o", color="C3")
        panel.axvline(p, color="grey", linewidth=0.8, linestyle=":")
        panel.set(xlabel="p", xlim=(0, 1))
    panels[0].set(title=f"likelihood: {1000 * here:.3f} / 1000", ylim=(0, 2.6))
    panels[1].set(title=f"minus its logarithm: {-np.log(here):.2f}", ylim=(0, 22))
    return panels[0]


drawing.slider(
    likelihood_at,
    [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
    label="p",
    start=4,
    alt="Left a hill over p, highest at 0.7. Right a valley over p, lowest at 0.7. A "
    "red point on each moves with the slider.",
)

# %% [markdown]
# Take the $p$ under which what you saw was most likely. This rule is called
# [maximum likelihood](../glossary.md#maximum-likelihood).
#
# **Guess:** you see roughly which $p$ it is. Is it exactly 7/10, or a little beside? Find out with pencil and paper:
# the slope of $\ln L$ is zero there. (The page [Logarithms and likelihoods](../toolbox/likelihood.md) has all that you
# need of both, with an example.)

# %% tags=["guess"]
my_p = ...

# %% [markdown]
# <details>
# <summary>The answer</summary>
#
# $\ln L = 7 \ln p + 3 \ln(1 - p)$ has the slope $7/p - 3/(1-p)$. It is zero where $7 (1 - p) = 3 p$, so $p = 0.7$.
#
# </details>
#
# It is the share of heads. Nobody is surprised, and that is good: we can trust the rule, and take it to places where
# nobody can guess.
#
# ## 2. Why logarithms?
#
# Now 2,000 tosses.
#
# **Guess:** how large is the likelihood of $p = 0.7$? Of $p = 0.5$? And which of the two is larger?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Products of probabilities, and sums of their logarithms:")
many = np.random.default_rng(0).random(2000) < 0.7
for p in (0.5, 0.7, 0.9):
    factors = np.where(many, p, 1 - p)
    print(f"p = {p}: product {np.prod(factors)}, sum {np.log(factors).sum():.1f}")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# The three products are 0, so all three coins look equally impossible. The numbers are not zero in mathematics. But a
# float64 ends at $5 \cdot 10^{-324}$, and below that there is only 0. A picture has 784 points. If each of them is a
# fair coin, two pictures are enough.
#
# </details>
#
# The logarithm turns the product into a sum, and its terms are numbers of ordinary size. It grows where its argument
# grows, so the best $p$ stays the best. That is the first answer to "why logarithms?". There is a second one. The
# slope of a sum is the sum of the slopes, one for each toss. So the slopes of a small batch of tosses, averaged, are an
# estimate of the average over all.
#
# We turn the sign round, because a loss is to become *smaller*. What one event costs is its
# [surprise](../glossary.md#surprise), $-\ln p$, which is also $\ln (1/p)$:

# %%
for event, p in (
    ("the sun rises", 1.0),
    ("heads, of a fair coin", 1 / 2),
    ("a six, of a fair die", 1 / 6),
    ("two sixes", 1 / 36),
    ("one in a million", 1e-6),
):
    nats, bits = np.log(1 / p), np.log2(1 / p)
    print(f"{event:22} p = {p:<8.2g} {nats:6.3f} nats {bits:7.3f} bits")

# %% [markdown]
# What is certain costs nothing, and what is impossible would cost infinitely much. Two sixes cost twice what one
# costs: **surprises add up.** With the natural logarithm the unit is called [nat](../glossary.md#nat), with base 2 it
# is the [bit](../glossary.md#bit). One bit is one toss of a fair coin, or $\ln 2 = 0.693$ nats.
#
# So here is the whole recipe, for coins and for networks.
#
# 1. Let the model say how probable each possible outcome is.
# 2. Its loss is its surprise at what really happened, added up.
# 3. Go downhill.
#
# A model that has learned is one that is no longer surprised.
#
# ### Experiment: when does a product become zero?
#
# With a fair coin each toss halves the product. **Guess:** after how many tosses is it exactly 0.0 in float64? Then
# change one thing: in place of the coin take a die ($p = 1/6$), then $p = 1/10$.

# %% tags=["guess"]
my_tosses, my_throws = ..., ...

# %% [markdown]
# Write `factors_until_zero` in `exercise.py` to see. How many *nats* have been spent at the end, for each of them? In
# `WHY_THEN` say it in a line. The number is checked; a person reads the line.
#
# <details>
# <summary>Hint 1</summary>
#
# A `while` loop, as the docstring says: multiply, and count.
#
# </details>
#
# <details>
# <summary>Hint 2: the line</summary>
#
# The smallest positive float64 is `np.nextafter(0, 1)`. What is its surprise? How often does that pay for $-\ln p$?
#
# </details>
#
# (Why not $p > 1/2$? Try 0.6, and be ready to stop it. The smallest number times 0.6 is rounded *up*, to the smallest
# number.)
#
# ## 3. The coin: binary cross-entropy
#
# A network paints: for each of 784 points it must say how probable white is. Each point is the toss of a coin, and
# the network bends the coins. The surprise at the point $t$ is $-\ln p$ if $t = 1$ and $-\ln(1 - p)$ if $t = 0$. In
# one line:
#
# $$ l = -t \ln p - (1 - t) \ln(1 - p). $$
#
# This is the **binary cross-entropy**, BCE. It is the surprise at a coin, and nothing else.
#
# But a layer returns any number $x$, and $p$ must lie between 0 and 1. Gamblers have a way out: they speak of *odds*,
# $p / (1 - p)$. "Three to one" is $p = 3/4$. Odds can be any positive number, so their logarithm can be any number at
# all. Let $x$ be that logarithm. It is called the [logit](../glossary.md#logit).
#
# $$ \frac{p}{1 - p} = e^x \qquad\Longrightarrow\qquad p = \frac{1}{1 + e^{-x}}, \quad\text{the sigmoid of } x. $$
#
# At $x = 0$ the coin is fair. Each step of 1 multiplies the odds by $e$.
#
# **Guess:** what is the slope of $l$ in $x$? The slope of the [sigmoid](../glossary.md#sigmoid) is $p (1 - p)$. Begin
# with $t = 1$, then $t = 0$, then find one formula for both.

# %% tags=["guess"]
my_slope = ...

# %% [markdown]
# <details>
# <summary>The answer</summary>
#
# For $t = 1$ the chain rule gives $-\frac1p \cdot p (1 - p) = p - 1$. For $t = 0$ it gives
# $\frac{1}{1 - p} \cdot p (1 - p) = p$. Both together: $p - t$, **prediction minus target**. All else cancels.
#
# </details>


# %%
def bce(x, t):
    p = sigmoid(x)
    return -t * np.log(p) - (1 - t) * np.log(1 - p)


for x, t in ((-1.2, 1), (-1.2, 0), (0.4, 1)):
    measured = (bce(x + 1e-6, t) - bce(x - 1e-6, t)) / 2e-6
    print(f"x = {x:4}, t = {t}: measured slope {measured:7.4f}, p = {sigmoid(x):.4f}")

# %% [markdown]
# **Grey points.** MNIST's points are not tosses: many of them are grey, say 0.3. The formula can still be computed,
# and its smallest value is still at $p = t$, where the slope $p - t$ is 0. But this value is not 0. A perfect copy has
# a loss, too:

# %%
grey = np.clip(test.astype(float), 1e-12, 1 - 1e-12)
floor = -grey * np.log(grey) - (1 - grey) * np.log(1 - grey)
print(f"at a point of 0.3 no loss is below {bce(np.log(0.3 / 0.7), 0.3):.3f} nats")
print(f"on MNIST's test pictures, none below {floor.sum(axis=1).mean():.1f} nats each")

# %% [markdown]
# Remember that floor in section 8, and wherever you read a BCE of grey pictures. Such a BCE is no likelihood of what
# was seen, because no coin lands on 0.3. It is the surprise that one expects if each point *were* tossed, with its grey
# as the probability of white.
#
# ## 4. The die: cross-entropy
#
# Which digit is it? There are ten answers, and one of them is right: a die with ten faces. A layer returns ten
# logits, and [softmax](../glossary.md#softmax) makes probabilities of them, as in lesson 3. The surprise at the face
# that was seen, the **label**, is
#
# $$ l = -\ln p_{\text{label}} = \ln \sum_j e^{x_j} - x_{\text{label}}. $$
#
# This is the **[cross-entropy](../glossary.md#cross-entropy)**. The second form is lesson 3's `log_softmax` at the
# label, with a minus.
#
# **Guess:** the logits are (1, 2, 4), and the label is face 1, counted from 0. What are the three slopes of $l$, in
# terms of $p$?

# %% tags=["guess"]
my_slopes = ...


# %% tags=["hide-output"]
def surprise(x, label):
    return np.log(np.exp(x).sum()) - x[label]


print("Softmax, and the measured slopes:")
x, h = np.array([1.0, 2.0, 4.0]), 1e-6 * np.eye(3)
p = np.exp(x) / np.exp(x).sum()
print(p, np.array([surprise(x + dx, 1) - surprise(x - dx, 1) for dx in h]) / 2e-6)

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# $\ln \sum_j e^{x_j}$ has the slope $p_i$ in $x_i$, as lesson 3 found, and $-x_{\text{label}}$ has $-1$ for the label
# alone. So the slopes are $p_i - 1$ for the label and $p_i$ for the others. If the target is written as a row with a
# 1 at the label and 0 elsewhere, this is again prediction minus target.
#
# </details>
#
# A use for every day: a network that knows nothing gives each digit 1/10. So a *classifier*, a network that sorts,
# should *begin* near $\ln 10$:

# %%
print(f"{np.log(10):.3f} nats")

# %% [markdown]
# One that begins at 20 is sure of something that it cannot know: its first weights are too large. One that begins far
# below has seen the labels, or counts in another unit.
#
# ## 5. The bell: squares
#
# At last, squares. Somebody measures the length of a table, several times. The results $t$ lie around the true length
# $x$ like a bell, $N(x, \sigma^2)$:
#
# $$ \text{density}(t) = \frac{1}{\sigma \sqrt{2 \pi}}\, e^{-(t - x)^2 / 2 \sigma^2}, \qquad
#    -\ln \text{density}(t) = \frac{(t - x)^2}{2 \sigma^2} + \ln \sigma + \tfrac12 \ln 2 \pi. $$
#
# Only the first term knows $x$. **Squared error is what remains of the logarithm of a bell.** The square stood in the
# exponent of the bell all the time. Its slope in $x$ is $(x - t) / \sigma^2$. With $\sigma = 1$ that is prediction
# minus target, for the third time.
#
# (A density is not a probability. The probability of a small interval is the density times its width. The width would
# add a constant to the loss, so we leave it out. There is a price: where the bell is narrow and high, these nats are
# negative.)
#
# The bell is also called *Gaussian*, and minus the logarithm of a likelihood *nll*: negative log-likelihood. So
# `gaussian_nll` is the name of this loss.
#
# So anyone who takes squares *bets on a bell*. Is that a good bet? A bell says that large errors practically never
# happen. One of $5 \sigma$ costs 12.5 nats more than none. Another bet is Laplace's, which looks like a tent:
# $\tfrac12 e^{-|t - x|}$, whose surprise is $|t - x| + \ln 2$. Here are nine measurements of a table, in metres. The
# last one was written down wrongly.
#
# **Guess:** under which length is each bet least surprised?

# %% tags=["guess"]
my_bell, my_tent = ..., ...

# %% tags=["hide-output"]
print("The length with the smallest total surprise:")
metres = np.array([2.01, 1.98, 2.02, 2.00, 1.99, 2.03, 2.00, 1.97, 0.20])
tries = np.linspace(0, 3, 3001)[:, None]  # a column of lengths, a row of measurements
bell = ((metres - tries) ** 2 / 2).sum(axis=1)  # any sigma has its lowest point here
tent = np.abs(metres - tries).sum(axis=1)
print(f"bell {tries[bell.argmin(), 0]:.3f}, the mean   {metres.mean():.3f}")
print(f"tent {tries[tent.argmin(), 0]:.3f}, the median {np.median(metres):.3f}")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# Under the bell the wild one would be an enormous surprise, so $x$ moves towards it. The slopes $x - t$ must add up
# to zero, and at the mean they do. Under the tent each measurement pulls with the same strength, whatever its
# distance. They balance where equally many lie on both sides. Lesson 4's ruined face was this: an average, or a loss
# with less respect for wild points.
#
# </details>
#
# **A loss is a bet about the errors.** If somebody shows you a new loss, ask: of which distribution is it the
# logarithm?
#
# Here are the three of this lesson, with their slopes.

# %% tags=["hide-input"]
line = np.linspace(-5, 5, 201)
others = np.log(1 + np.e)  # two other faces, with logits 0 and 1
slopes_of_three = (
    ("the bell, t = 1", (line - 1) ** 2 / 2, line - 1, "x - t"),
    ("the coin, t = 1", bce(line, 1), sigmoid(line) - 1, "p - t"),
    (
        "the die, its label's x",
        np.logaddexp(line, others) - line,
        sigmoid(line - others) - 1,
        "p - 1",
    ),
)
panels = drawing.grid(1, 3, size=(7, 2.6)).flat
for panel, (title, loss, slope, name) in zip(panels, slopes_of_three):
    panel.plot(line, loss, label="loss")
    panel.plot(line, slope, "--", color="C3", label=f"slope: {name}")
    panel.axhline(0, color="grey", linewidth=0.8)
    panel.set_title(title, fontsize=10)
    panel.set(xlabel="x", ylim=(-3, 6))
    panel.legend(fontsize=8, loc="lower right")
drawing.show(
    panels[0],
    alt="Three losses over x. The bell is a parabola, its slope a straight line. Coin "
    "and die fall like straight lines and level out; their slopes rise from -1 to 0.",
)

# %% [markdown]
# Three bets, one slope: prediction minus target. It grows with the mistake, and it vanishes only where there is
# nothing left to learn.
#
# **Guess:** and if we take squares for a coin, $(p - t)^2$? At $x = -10$ the coin is almost sure of tails, and heads
# comes, $t = 1$. How strongly does each loss push?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Slopes for a coin that is sure and wrong:")
p = sigmoid(-10.0)
print(f"cross-entropy, p - t:      {p - 1:.5f}")
print(f"squares, 2 (p - t) p (1-p): {2 * (p - 1) * p * (1 - p):.5f}")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# The square brings the factor $p (1 - p)$ of the sigmoid with it, which is nearly 0. So the most wrong answer learns
# least. The logarithm cancels this factor exactly. That is the third answer to "why logarithms?".
#
# </details>
#
# ## 6. A loss that overflows
#
# The function `bce` of section 3 is the formula, letter by letter. Let the answer be tails, $t = 0$, while the
# network becomes more and more sure of heads. Then the true loss is $\ln(1 + e^x)$, nearly $x$ itself.
#
# **Guess:** what does `bce` return at $x = 20$, 30, 36 and 40?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Where the digits go:")
print(f"{'x':>3}{'p':>21}{'1 - p':>12}{'bce':>20}{'ln(1 + e^x)':>20}")
with np.errstate(divide="ignore"):
    for x in (10.0, 20.0, 30.0, 36.0, 40.0):
        p, true = sigmoid(x), np.log(1 + np.exp(x))
        print(f"{x:3.0f}  {p:.17f}  {1 - p:10.3e}  {bce(x, 0):18.15f}  {true:18.15f}")
    small = bce(np.float32(17), np.float32(0))
print("in float32, at 17:", small)

# %% [markdown]
# <details>
# <summary>Read it digit by digit</summary>
#
# Near 1 a float64 has 16 digits behind the point. At $x = 20$ eight of them are nines, so $1 - p$ has only eight
# digits left, and what follows is noise. So the loss has eight digits, too. At $x = 36$ one digit is left, and the
# loss is wrong in the second place behind the point. At 40 there is none: $p$ is exactly 1, $1 - p$ is 0, and its
# logarithm is infinite. In float32 this happens at 17.
#
# </details>
#
# The logarithm is not to blame. The digits were lost before, when $p$ was rounded. One point of one picture is
# enough: its loss is infinite, its gradient is NaN, and after the next step so are all weights.
#
# ### Debug: a cure that is none
#
# Many programs keep $p$ away from 0 and 1. This function stands in `exercise.py`, too. Its two limits stand in
# published code.


# %%
def bce_of_probabilities(p, targets):
    p = np.clip(p, 1e-15, 0.999)
    return -targets * np.log(p) - (1 - targets) * np.log(1 - p)


for x, t in ((20.0, 0), (-20.0, 1)):
    low, here, high = (bce_of_probabilities(sigmoid(x + d), t) for d in (-0.1, 0, 0.1))
    print(f"x = {x:3.0f}, t = {t}: loss {here:6.3f}, slope {(high - low) / 0.2:6.3f}")

# %% [markdown]
# Both coins are equally sure and equally wrong. One of them pays 20 nats, the other 7. And see the slope: where $p$
# was clipped it is 0. A point that is wrongly painted, and sure of it, stays so. The most wrong answers learn
# nothing at all, and no gradient check complains.
#
# **Mend it** in `exercise.py`, as its docstring says.
#
# <details>
# <summary>Hint 1</summary>
#
# What must be kept away from where? The trouble is $\ln 0$ and nothing else. There are two logarithms.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# $\ln z = -100$ at $z = e^{-100}$. `np.maximum` treats both logarithms alike.
#
# </details>
#
# This makes it honest, but no digits come back: at $x = 40$ even a mended function pays 100 where 40 is right. It
# never gets to see $x$. So the real cure begins earlier: **never make the probability.** Make the loss from the
# logit.
#
# ### The cure, digit by digit
#
# The losses of a coin and of a die need $\ln(e^a + e^b + \dots)$. Take $a = 1000$ and $b = 998$. On paper, take the
# larger one out of the sum:
#
# $$ \ln(e^{1000} + e^{998}) = \ln\bigl(e^{1000} (1 + e^{-2})\bigr) = 1000 + \ln(1 + e^{-2}). $$

# %%
a, b = 1000.0, 998.0
with np.errstate(over="ignore"):
    print("e^a:", np.exp(a), "  as it stands:", np.log(np.exp(a) + np.exp(b)))
rest = np.exp(b - a)
print(f"e^(b - a) = {rest:.6f},  ln(1 + that) = {np.log(1 + rest):.6f}")
print(f"the larger, plus that: {a + np.log(1 + rest):.6f}")

# %% [markdown]
# No exponent is above 0 any more, so nothing overflows. And if $e^{b-a}$ is so small that it becomes 0, then 0 is
# right to the last digit. Lesson 3's `log_softmax` did the same with the largest $x$ of each row.
#
# **And the coin?** A coin is a die with two faces. Which logits must they have, so that softmax gives the sigmoid of
# $x$? Divide the sigmoid's numerator and denominator by $e^{-x}$, and look. Then your exercise is the line above, for
# this die. It never overflows, for any $x$. (NumPy writes $\ln(1 + z)$ as `np.log1p(z)`, which keeps the digits of a
# small $z$ that $1 + z$ would round away.)
#
# ## 7. In which unit?
#
# Here is the loss of one model on 100 pictures. The model knows no picture at all: its $p$ is the average grey of
# each point. Five programs report five numbers.

# %%
average = np.clip(images.mean(axis=0), 1e-4, 1 - 1e-4).astype(float)
batch = test[:100].astype(float)
losses = -batch * np.log(average) - (1 - batch) * np.log(1 - average)  # (100, 784)
for unit, value in {
    "nats per batch": losses.sum(),
    "nats per picture": losses.sum() / 100,
    "nats per point": losses.mean(),
    "bits per picture": losses.sum() / 100 / np.log(2),
    "bits per point": losses.mean() / np.log(2),
}.items():
    print(f"{unit:18} {value:12.4f}")

# %% [markdown]
# Each of them is called "loss" somewhere. Without a unit a loss says nothing. For this course we fix one.
#
# > **The unit of a loss is the nat per example:** summed over all numbers of an example, averaged over the examples.
#
# *Summed*, because the example is the event. Its probability is the product over its points, so its surprise is their
# sum. *Averaged*, because a batch is a sample. A larger batch estimates the same number better; it is not more of a
# loss.
#
# ### The units of this course
#
# | what | summed over | averaged over | unit |
# |---|---|---|---|
# | BCE of a picture (coins) | its points | pictures | nats per picture |
# | Gaussian loss of a picture (bells) | its points | pictures | nats per picture, negative too |
# | squared error of a picture | its points | pictures | squared greys; divided by $2 \sigma^2$, nats |
# | cross-entropy of a label (a die) | nothing | pictures | nats per label |
# | cross-entropy of a melody (dice) | its steps | melodies | nats per melody |
# | cost of a code, [KL](../glossary.md#kl-divergence) | the numbers of the code | pictures | nats per picture |
# | sum of picture and code | both | pictures | nats per picture |
#
# To convert: bits are nats divided by $\ln 2 = 0.693$. "Bits per dimension", in papers, are bits per point: divide by
# the number of points as well. PyTorch's BCE and squares take the mean over everything, if nothing else is said. So
# do minae's: say `reduction="sum"`, and divide by the number of pictures.
#
# And only what has the same unit may be added. You will see now what happens otherwise.
#
# ## 8. Mean for sum
#
# For a picture of 784 points the mean over points is the sum, divided by 784. That is all. Such a factor makes all
# slopes 784 times smaller, and moves no minimum. A small network, 784 -> 16 -> 784, is trained in the next cell.


# %% tags=["hide-input"]
def trained(optimizer_of, divisor, second_term):
    """The weights of 784 -> 16 -> 784 after 100 steps, in float64, as one long row."""
    rng = np.random.default_rng(2)
    model = nn.Sequential(nn.Linear(784, 16, rng=rng), nn.Linear(16, 784, rng=rng))
    weights = list(model.parameters())
    for weight in weights:
        weight.data = weight.data.astype(np.float64)
    optimizer = optimizer_of(weights)
    for _ in range(10 if QUICK else 100):
        x = images[rng.integers(0, len(images), 50)].astype(np.float64)
        loss = F.binary_cross_entropy_with_logits(model(Tensor(x)), Tensor(x), "sum")
        loss = loss / 50 / divisor
        for weight in weights:
            loss = loss + second_term * (weight * weight).sum() / 2
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return np.concatenate([weight.data.ravel() for weight in weights])


# %% [markdown]
# **Guess:** it is trained once with the sum and once with the mean. In which of these cases are the weights the same
# at the end?
#
# 1. Plain gradient descent, the same rate.
# 2. Plain gradient descent, the rate 784 times larger for the mean.
# 3. Adam, the same rate. (Adam divides each slope by the size that this slope usually has. Lesson 7 builds it.)
# 4. As 2, but the loss has a second term: half the sum of the squared weights, times 0.1. (Weight decay.)

# %% tags=["guess"]
my_guess = {1: ..., 2: ..., 3: ..., 4: ...}


# %% tags=["hide-cell"]
print("Largest difference of the weights, divided by the largest weight:")
descent = lambda rate: lambda weights: optim.SGD(weights, lr=rate)
adam = lambda added: lambda weights: optim.Adam(weights, lr=0.002, eps=added)
for name, of_sum, of_mean, second in (
    ("1  descent, the same rate", descent(0.001), descent(0.001), 0.0),
    ("2  descent, rate times 784", descent(0.001), descent(0.784), 0.0),
    ("3  Adam, the same rate", adam(1e-8), adam(1e-8), 0.0),
    ("   Adam, which adds 1e-20", adam(1e-20), adam(1e-20), 0.0),
    ("4  as 2, with a second term", descent(0.001), descent(0.784), 0.1),
):
    with_sum, with_mean = trained(of_sum, 1, second), trained(of_mean, 784, second)
    off = np.abs(with_sum - with_mean).max() / np.abs(with_sum).max()
    print(f"{name:30} {off:.0e}")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# - **Plain descent:** a step is the rate times the slope. The factor is one of the *rate*, and a rate 784 times larger
#   takes it back, to the last digits.
# - **Adam:** it divides by the usual size of the slope, so the factor cancels by itself. Not quite: to avoid a division
#   by 0, Adam adds $10^{-8}$ to that size. Slopes that are not much larger than this feel the factor. The line below
#   it shows that this is the reason.
# - **A second term:** it is not divided by 784. No rate can take that back.
#
# </details>
#
# The last line is the one to remember. Let $S$ be the sum over points and $R$ the second term. Then
#
# $$ \frac{S}{784} + R = \frac{1}{784} \bigl( S + 784\, R \bigr). $$
#
# **Mean for sum makes every other term of the loss 784 times heavier.** This is no learning rate. It is another
# question, and it has another answer. To take it back, one must divide *every* term by 784.
#
# ### The noisy telephone
#
# Now the pictures at the top of this page. An encoder makes sixteen numbers of a picture. They go through a noisy line,
# which adds noise from $N(0, 1)$ to each. A decoder hears the result, and paints. It bends 784 coins.
#
# A loud number is heard above the noise. But loudness costs: a number $c$ of the code costs $c^2 / 2$ nats. You know
# this from section 5. It is the surprise at $c$ under the bell $N(0, 1)$, without its constant. (Why not without
# noise? Then the encoder would whisper, with numbers near 0 that cost nothing, and the decoder would amplify. Lesson
# 17 makes this model complete.)
#
# So there are two terms, the cost of the picture and the cost of the code. The line below is to be yours. So that the
# page runs, minae's loss stands in for it.


# %%
# Yours, when you have it:
# from exercise import binary_cross_entropy_with_logits
# picture_loss = minae.differentiable(binary_cross_entropy_with_logits)
def picture_loss(logits, targets):
    return F.binary_cross_entropy_with_logits(logits, targets, "sum") / len(targets)


# %%
def losses_of(halves, x, noise):
    """What pictures and their codes cost: nats per picture."""
    encoder, decoder = halves
    code = encoder(Tensor(x))
    logits = decoder(code + noise)
    return picture_loss(logits, Tensor(x)), (code * code).sum() / 2 / len(x)


# %%
def train(divisor, steps=20 if QUICK else 2000):
    halves, rng, printed = two_halves(), np.random.default_rng(1), []
    weights = [*halves[0].parameters(), *halves[1].parameters()]
    optimizer = optim.Adam(weights, lr=0.003)
    for _ in range(steps):
        x = images[rng.integers(0, len(images), 50)]
        noise = rng.standard_normal((50, 16)).astype(np.float32)
        of_picture, of_code = losses_of(halves, x, noise)
        loss = of_picture / divisor + of_code
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        printed.append(loss.item())
    return halves, printed


# %% [markdown]
# First what each program prints about itself.

# %%
halves = {}
for word, divisor in (("sum", 1), ("mean", 784)):
    halves[word], printed = train(divisor)
    shares = np.array(printed[::400] + printed[-1:]) / printed[0]
    print(f"{word:5} first loss {printed[0]:8.4f}, then shares of it:", shares.round(2))

# %% [markdown]
# Both fall, and then they level out, as losses do. From the second line nobody would suspect a thing.
#
# **Guess:** we measure both on test pictures, in the unit of this course. What does a picture cost with each of them?
# And what its code?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("On test pictures, in nats per picture:")
some, line_noise = test[:1000], np.random.default_rng(3).standard_normal((1000, 16))
for word in ("sum", "mean"):
    of_picture, of_code = losses_of(halves[word], some, line_noise.astype(np.float32))
    total = of_picture.item() + of_code.item()
    print(f"{word:5} picture {of_picture.item():6.1f}", end=", ")
    print(f"code {of_code.item():6.3f}, both {total:6.1f}")
without = -some * np.log(average) - (1 - some) * np.log(1 - average)
print(f"without any code: picture {without.sum(axis=1).mean():6.1f}")

# %% tags=["hide-cell"]
print("What is heard:")
rows = {"sent": shown, "sum": copies_of(halves["sum"])}
rows["mean"] = copies_of(halves["mean"])
drawing.show(
    drawing.pictures(rows, size=0.55),
    alt="Eight digits, eight copies of them, and eight times the same blur.",
)

# %% [markdown]
# <details>
# <summary>What happened</summary>
#
# Seen from the second program, one nat of code weighs as much as 784 nats of picture. A code of 20 nats would save 80
# nats of picture, but these are worth a tenth of a nat to it. So it is silent, and that is the *right* answer to the
# wrong question. The decoder hears nothing but noise. It paints the average, as the model without any code did.
#
# (Of the 120 nats of the first program, about 45 are the floor of section 3.)
#
# </details>
#
# A wrong factor between two terms is no bug that a gradient check could find, and no curve shows it. What finds it? A
# unit, and a test that every merchant knows: **measure in other pieces.** Split each point of a picture into two
# equal ones. A sum over points must double. A mean does not notice.
#
# ### Debug: summed over what?
#
# Somebody writes both terms in one function, for squares: `telephone_losses` in `exercise.py`. It runs, it returns
# two positive numbers, and training makes them smaller. Here is what it says of 100 pictures, and of the same
# pictures in other pieces.


# %%
def telephone_losses(x, pictures, codes):
    of_picture = np.mean(np.sum((x - pictures) ** 2 / 2, axis=0))
    of_code = np.mean(codes**2 / 2)
    return of_picture, of_code


x = np.tile(average, (100, 1))  # the same copy for each picture: the average
codes = line_noise[:100]  # any numbers will do
print("as they are:       ", np.array(telephone_losses(x, batch, codes)))
for what, axis in (("each number twice: ", 1), ("each picture twice:", 0)):
    pieces = [np.repeat(array, 2, axis) for array in (x, batch, codes)]
    print(what, np.array(telephone_losses(*pieces)))

# %% [markdown]
# **Guess** what the second and third line should be, if both were nats per picture. Then mend it.
#
# <details>
# <summary>Hint 1</summary>
#
# Second line: both twice as large. Third line: as the first.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# Say aloud what `axis=0` sums over. And what is the mean without an axis averaged over?
#
# </details>
#
# ## Exercise
#
# `exercise.py` beside this lesson has seven points for building: the three losses, each in the unit of this course,
# and `nats_per_example`. Two points are for the debug exercises of sections 6 and 8, one is for the experiment of
# section 2; their hints stand there. `python -m lessons grade 06` says what you have.
#
# **`gaussian_nll`**
#
# <details>
# <summary>Hint 1</summary>
#
# Section 5 has three terms. The two constants count for each number of the target.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# By how much do you divide to average over the examples? The vjps have the same divisor. And they take $g$, a number.
#
# </details>
#
# **`binary_cross_entropy_with_logits`**
#
# <details>
# <summary>Hint 1</summary>
#
# The faces have the logits $x$ and 0. What costs heads, and what tails, in the second form of section 4?
#
# </details>
#
# <details>
# <summary>Hint 2: the value</summary>
#
# Both have $\ln(e^x + e^0)$ in common. $t$ of them is heads: what is left is $-t x$. Then take the larger of $x$ and
# 0 out; the other exponent is minus the distance of the two.
#
# </details>
#
# <details>
# <summary>Hint 3: the vjps</summary>
#
# In the logits it is section 3's answer, times $g$, divided by the number of examples. In the targets, look at Hint
# 2: where does $t$ stand?
#
# </details>
#
# <details>
# <summary>Hint 4: the sigmoid far away</summary>
#
# $e^{1000}$ is infinite, and infinity divided by infinity is NaN. Write the sigmoid with $e^{-|x|}$, in two cases, or
# as $\tfrac12 (1 + \tanh \tfrac x2)$.
#
# </details>
#
# **`cross_entropy`**
#
# <details>
# <summary>Hint 1</summary>
#
# Take the value of lesson 3's `log_softmax`. `y[np.arange(N), labels]` picks one number of each row.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# Prediction minus target. Subtract 1 at the places that you picked. Which array may you change?
#
# </details>
#
# **`nats_per_example`**
#
# <details>
# <summary>Hint 1</summary>
#
# Two independent questions: nats or bits? Per what? `unit.split()` takes a text apart.
#
# </details>
#
# ## Challenge: a fourth bet
#
# Worth nothing but pride. How many goals in a football match, how many cars in a minute? For counts $t = 0, 1, 2,
# \dots$ one bets on $e^{-m} m^t / t!$ with the mean $m$, the distribution of Poisson. Let the network return $x = \ln
# m$. Write this loss, and its slope. Is it an accident that you know the slope already? Find out what the four
# distributions have in common. Then fit the goals of your own team.
#
# ## Expected results
#
# | section | what | you should have seen |
# |---|---|---|
# | 1 | the best $p$ | 0.7 |
# | 2 | the product of 2,000 probabilities | 0.0, for every $p$ |
# | 3 | MNIST's floor | 45.5 nats per picture |
# | 4 | a classifier that knows nothing | 2.303 nats |
# | 5 | nine measurements | bell 1.800, tent 2.000 |
# | 6 | `bce` at 40; in float32 at 17 | infinite |
# | 8 | mean for sum, plain descent, rate times 784 | the same weights, to rounding |
# | 8 | the telephone with `sum` | about 140 nats, of which 20 for the code |
# | 8 | the telephone with `mean` | about 201 nats, and a silent code: 0.000 |
#
# ## What you now know
#
# - A loss is a surprise: minus the logarithm of the probability that the model gave to what happened.
# - Coin, die and bell give BCE, cross-entropy and squares. Their slopes are prediction minus target.
# - Compute a loss from logits. What was rounded into a probability does not come back.
# - Nats per example: summed over its numbers, averaged over examples. A wrong factor is a rate if there is one term,
#   and another question if there are two.
#
# ## Read next
#
# - Lesson 7, *Learning*: how to go downhill well.
# - `minae/functional.py`: the three losses of minae, a few lines each.
# - D. J. C. MacKay, *Information Theory, Inference, and Learning Algorithms*, Cambridge (2003), chapter 2: surprise,
#   and what one may expect of it.
# - C. M. Bishop, *Pattern Recognition and Machine Learning*, Springer (2006), section 5.2: the three losses of networks
#   from the three distributions.
