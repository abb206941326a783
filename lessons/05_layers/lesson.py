# %% [markdown]
# # 5. Layers: why does a deep network die before it learns?

# %% tags=["hide-input"]
import inspect
import os
from itertools import pairwise

import numpy as np

import minae
import minae.functional as F
from lessons import drawing
from minae import Tensor, nn

np.set_printoptions(precision=4, suppress=True)
DEPTH, WIDTH = 30, 24
STEPS = 60 if os.environ.get("MINAE_QUICK") else 400


def points(n):
    """The places of n x n pixels, from -3 to 3: an array of shape (n * n, 2)."""
    x, y = np.meshgrid(np.linspace(-3, 3, n), np.linspace(3, -3, n))
    return np.stack([x.ravel(), y.ravel()], axis=1)


def heart(places):
    """1 inside a heart, -1 outside; shape (N, 1)."""
    x, y = places.T * 0.417
    inside = (x**2 + (y + 0.1) ** 2 - 0.8) ** 3 < 1.6 * x**2 * (y + 0.1) ** 3
    return np.where(inside, 1.0, -1.0)[:, None]


def start(gain, seed=0):
    """Weight and bias of each layer: 2 numbers in, 30 layers of 24 units, 1 out."""
    draw, sizes = np.random.default_rng(seed).standard_normal, [2, *[WIDTH] * DEPTH, 1]
    return [(draw((o, d)) * gain / np.sqrt(d), np.zeros(o)) for d, o in pairwise(sizes)]


def colours(tensors, places):
    x = Tensor(places)
    for weight, bias in tensors[:-1]:
        x = F.relu(F.linear(x, weight, bias))
    return F.linear(x, *tensors[-1]).tanh()


def pictures_on_the_way(gain):
    tensors = [[Tensor(a, requires_grad=True) for a in pair] for pair in start(gain)]
    parts = [part for pair in tensors for part in pair]
    speeds, pictures = [0.0] * len(parts), []
    for step in range(STEPS + 1):
        y = colours(tensors, points(28))
        if step in MOMENTS:
            pictures.append(y.numpy())
        ((y - heart(points(28))) ** 2).mean().backward()
        for i, part in enumerate(parts):
            speeds[i] = 0.9 * speeds[i] + part.grad
            part.data, part.grad = part.data - 0.003 * speeds[i], None
    return pictures


MOMENTS = [round(part * STEPS) for part in (0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1)]
painters = {"too small": 0.7, "too large": 2.0, "this lesson": np.sqrt(2)}
painted = {name: pictures_on_the_way(gain) for name, gain in painters.items()}


def three(moment):
    panels = drawing.grid(1, 3, size=(6, 2.4)).flat
    for panel, (name, pictures) in zip(panels, painted.items()):
        picture = pictures[moment].reshape(28, 28)
        panel.imshow(picture, cmap="magma", vmin=-1.2, vmax=1.2)
        panel.set_title(f"{name}, step {MOMENTS[moment]}", fontsize=10)
        panel.axis("off")
    return panels[0]


drawing.animate(
    three,
    range(len(MOMENTS)),
    alt="Three squares. The first stays pink, the second stays black. In the third a "
    "blur turns into a bright heart on a dark ground.",
    seconds=0.6,
)

# %% [markdown]
# Three networks learn to paint the heart of lesson 3. Each has 31 layers; the painter there had three. They have the
# same units, learn by the same steps, and begin with the same random numbers. Only one thing differs: the factor that
# these numbers are multiplied by before the first step. In 400 steps two networks paint nothing. The third paints a
# heart.
#
# Nothing is wrong with the two dead ones. Each op passes every check of lesson 4. At the end of this lesson you train
# the third one with your own layers. By then you have derived its factor.
#
# Networks that see or read have dozens of layers, so this matters. In 2014 the authors of VGG, a famous network for
# photographs, did not dare to start 16 layers at random. They trained 11 layers first, and built the deeper network
# around them. Later they found that it is enough to draw the random numbers in the right size.
#
# You need lesson 3 (vjps, and why stretched things sum) and lesson 4 (what a gradient check sees). Reading takes about
# 45 minutes, with a guess before each answer.
#
# ## 1. A unit is a row of weights
#
# A [layer](../glossary.md#layer) turns $D$ numbers into $O$ numbers. It does so with $O$ [units](../glossary.md#unit).
# Each unit has a weight for each of the $D$ numbers, and one [bias](../glossary.md#bias) of its own. It multiplies,
# adds up, and adds its bias. So unit $o$ makes of row $n$ of a batch
#
# $$ y_{no} = \sum_d x_{nd} W_{od} + b_o, \qquad\text{in short}\qquad y = x W^\top + b. $$
#
# The weights of a unit are a **row** of $W$, which has the shape $(O, D)$. PyTorch stores it so, and we do, too.
# Lesson 3's painter had its weights the other way round; from here on it is $(O, D)$.
#
# Now the three vjps. With $g$ of shape $(N, O)$, take $x_{pq}$ first. Row $p$ is read by every unit, and unit $o$
# multiplies $x_{pq}$ by $W_{oq}$. All these uses add up:
#
# $$ \frac{\partial L}{\partial x_{pq}} = \sum_o g_{po} W_{oq} = (g W)_{pq}. $$
#
# **Your turn:** take $W_{pq}$, on paper. In which column of $y$ does it appear? In which rows? With which factor? Then
# write the line below. The judge is that of lesson 3: it nudges each number, and looks at $\sum g y$.


# %% tags=["hide-input"]
def slopes_of(s, x, h=1e-6):
    """How much the number s(x) changes with each element of x, by small steps."""
    slopes = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[place] = h
        slopes[place] = (s(x + nudge) - s(x - nudge)) / (2 * h)
    return slopes


def judge(what, ours, s, x):
    wanted = slopes_of(s, x)
    fits = ours.shape == wanted.shape and np.abs(ours - wanted).max() < 1e-6
    word = "agrees" if fits else "WRONG"
    print(f"{what:14} {word:6} shape {ours.shape}, wanted {wanted.shape}")


# %%
rng = np.random.default_rng(0)
x, weight = rng.standard_normal((4, 3)), rng.standard_normal((5, 3))
bias, g = rng.standard_normal(5), rng.standard_normal((4, 5))
judge("x:  g W", g @ weight, lambda x: np.sum(g * (x @ weight.T + bias)), x)

# %% tags=["guess"]
my_dW = np.zeros((5, 3))  # in terms of g and x
judge("my dL/dW", my_dW, lambda W: np.sum(g * (x @ W.T + bias)), weight)

# %% [markdown]
# <details>
# <summary>The answer</summary>
#
# $W_{pq}$ belongs to unit $p$, so it appears in column $p$, once in each row $n$, with the factor $x_{nq}$:
#
# $$ \frac{\partial L}{\partial W_{pq}} = \sum_n g_{np} x_{nq} = (g^\top x)_{pq}. $$
#
# The bias of unit $p$ is in the same places with the factor 1. So its gradient is $\sum_n g_{np}$, the sum of a column.
#
# </details>
#
# ## 2. Why does a batch sum?
#
# Look at the two sums over $n$. Row $n$ of the [batch](../glossary.md#batch) is one example. It has a gradient of its
# own for the weights, the table $g_{np} x_{nq}$: what comes back to unit $p$, times what input $q$ was. Here are the
# tables of our four examples. The last one is $g^\top x$.

# %% tags=["hide-input"]
panels = drawing.grid(1, 5, size=(6.4, 2.2)).flat
tables = [np.outer(g[n], x[n]) for n in range(4)] + [g.T @ x]
names = [f"example {n + 1}" for n in range(4)] + ["the batch"]
for panel, table, name in zip(panels, tables, names):
    panel.imshow(table, cmap="coolwarm", vmin=-3, vmax=3)
    panel.set(title=name, xticks=[], yticks=[])
    panel.set_xlabel("+" if name[-1] in "123" else "=" if name[-1] == "4" else "")
drawing.show(
    panels[0],
    alt="Four small tables of red and blue cells, one for each example, with plus "
    "signs between them. The fifth table is their sum.",
)

# %% [markdown]
# All examples share the weights, so each weight is used four times. What is used several times collects the sum: the
# rule of lesson 2, once more. In the lower left corner examples 3 and 4 agree, and the sum is large. In the upper left
# corner they contradict each other, and little is left. So a batch is a vote.
#
# **Guess:** every example is put into the batch twice. What happens to the weights' gradient if the loss is a sum over
# the examples? And if it is their mean?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("The gradient of the doubled batch, divided by that of the batch:")
target = rng.standard_normal((4, 5))
for name, share in (("sum", lambda n: 1), ("mean", lambda n: 1 / n)):
    gradients = []
    for times in (1, 2):
        X, T = np.tile(x, (times, 1)), np.tile(target, (times, 1))
        g_of_loss = share(len(X)) * 2 * (X @ weight.T + bias - T)
        gradients.append(g_of_loss.T @ X)
    print(f"loss is a {name:5}", (gradients[1] / gradients[0]).mean())

# %% [markdown]
# <details>
# <summary>Why it matters</summary>
#
# The layer does not know about means. It adds, always. If the loss is a mean, its factor $1/N$ is already inside of
# $g$. Anyone who divides in the layer as well divides twice. Then steps become smaller when batches become larger, and
# no error is raised.
#
# </details>
#
# > **The layer sums; the loss divides.** So $1/N$ enters at one place only.
#
# ## 3. Why random?
#
# A layer must begin somewhere. Zero looks fair: it favours nobody. Let us try: a painter with two layers of 24 units
# and relu, with all weights 0; then with all weights 0.1.
#
# **Guess:** after 200 steps, how many units of the second layer are different from each other?

# %% tags=["guess"]
my_guess_for_zero, my_guess_for_a_tenth = ..., ...


# %% tags=["hide-cell"]
def trained_for_a_while(first_weights, steps=200, rate=0.05):
    """(loss before, loss after, weights) of a small painter."""
    weights = [Tensor(w, requires_grad=True) for w in first_weights]
    biases = [Tensor(np.zeros(len(w)), requires_grad=True) for w in first_weights]
    losses = []
    for _ in range(steps):
        y = colours(list(zip(weights, biases)), points(28))
        loss = ((y - heart(points(28))) ** 2).mean()
        loss.backward()
        losses.append(loss.item())
        for part in weights + biases:
            part.data, part.grad = part.data - rate * part.grad, None
    return losses[0], losses[-1], [w.data for w in weights]


shapes = [(24, 2), (24, 24), (1, 24)]
starts = {"all 0": [np.full(shape, 0.0) for shape in shapes]}
starts["all 0.1"] = [np.full(shape, 0.1) for shape in shapes]
draw = np.random.default_rng(0).standard_normal
starts["random"] = [draw(shape) * np.sqrt(2 / shape[1]) for shape in shapes]
print("What the painters have learned:")
for name, weights in starts.items():
    before, after, trained = trained_for_a_while(weights)
    units = len(np.unique(trained[1].round(9), axis=0))
    print(f"{name:8} loss {before:.3f} -> {after:.3f}, {units} different units")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# Units that begin alike see the same input, answer the same, and get the same gradient. So they stay alike forever: 24
# units do the work of one. With zeros it is worse: $g W$ is 0, so nothing is sent back. And the last layer reads zeros,
# so its $g^\top x$ is 0, too. Only the last bias learns. Random numbers are not there because chance is good. They are
# there to make the units **different**.
#
# </details>
#
# So we draw from $N(0, s^2)$. It remains to choose one number: the standard deviation $s$. How much can one number
# matter?
#
# ## 4. Thirty layers, three starts
#
# We send 200 random examples through 30 layers of 256 units with [relu](../glossary.md#relu), and look at the sums
# $z = x W^\top$ in each layer. There are no biases. Three values of $s$: 0.05, 0.15, and a third one
# between them.
#
# **Guess:** what do the three histograms look like in layer 30?

# %% tags=["guess"]
my_guess = ...


# %% tags=["hide-cell"]
def sums_of_layers(std, width=256, depth=30, seed=7):
    """z of each layer, for 200 random examples."""
    draw, sums = np.random.default_rng(seed).standard_normal, []
    x = draw((200, width))
    for _ in range(depth):
        sums.append(x @ (std * draw((width, width))).T)
        x = np.maximum(sums[-1], 0)
    return sums


three_starts = {"0.05": 0.05, "0.15": 0.15, "the third": np.sqrt(2 / 256)}
sums = {name: sums_of_layers(std) for name, std in three_starts.items()}


def histograms(layer):
    panels = drawing.grid(1, 3, size=(6.4, 2.3)).flat
    for panel, (name, zs) in zip(panels, sums.items()):
        bins = np.linspace(-6, 6, 49)
        heights = np.histogram(zs[layer - 1], bins)[0] / zs[layer - 1].size
        panel.fill_between(bins[1:], heights, step="pre", color="C0")
        panel.set(xlim=(-6, 6), ylim=(0, 0.2), yticks=[])
        panel.set_title(f"{name}, layer {layer}", fontsize=10)
    return panels[0]


print("The sums of the layers, one after another:")
drawing.animate(
    histograms,
    [1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 25, 30],
    alt="Three histograms. The first becomes a spike at 0 within six layers. The "
    "second becomes wider and flatter until nothing is left. The third stands still.",
    seconds=0.5,
)

# %% [markdown]
# The first one collapses into a spike. The second one spreads until it has left the picture. The third one stands
# still, through 30 layers, as if they were not there.
#
# We need a number for "how large". Take the [mean square](../glossary.md#mean-square): the mean of all $z^2$.

# %%
print("layer      std 0.05    std 0.15    the third")
for layer in (1, 2, 3, 10, 20, 30):
    found = [np.mean(zs[layer - 1] ** 2) for zs in sums.values()]
    print("{:5} {:13.1e}{:12.1e}{:13.1e}".format(layer, *found))
small, large, _ = (np.mean(zs[29] ** 2) for zs in sums.values())
print(f"the second is {large / small:.0e} times the first")

# %% [markdown]
# Weights three times as large, and a signal with a mean square about $10^{28}$ times as large. (The third one wanders a
# little, because a few hundred random weights never have exactly the variance that they were drawn with.) And the dead
# one is really dead: whatever it is shown, its last layer answers with numbers of the size 0.00000005, the root of
# the last one in its column. Nobody can paint with that.
#
# ## 5. The one number, derived
#
# What does one layer do to the mean square? Take one sum, with $D$ terms and without a bias: $z = \sum_d w_d x_d$. The
# weights are random, with mean 0 and variance $s^2$, and independent of $x$.
#
# You need three facts about [variance](../glossary.md#variance). The toolbox page
# [Variance of a sum](../toolbox/variance.md) has them, with an example in numbers. Read it now if one of them is new:
#
# 1. The variance of a sum of independent terms is the sum of their variances.
# 2. A random number of mean 0 has its mean square as its variance.
# 3. The mean of a product of independent factors is the product of their means.
#
# The terms $w_d x_d$ have mean 0, by fact 3. So by fact 2 each has the variance $E[w_d^2 x_d^2]$, which by fact 3 is
# $s^2 E[x_d^2]$. The sum has $D$ of them (fact 1). So
#
# $$ E[z^2] = D\, s^2\, E[x^2]. $$
#
# ($w_1 x_1$ and $w_2 x_2$ are independent enough, even if $x_1$ and $x_2$ are not: in the mean of their product stands
# $E[w_1] E[w_2] = 0$.) Then comes relu, and sets what is below 0 to 0.
#
# **Guess:** which part of the mean square does relu let through?

# %% tags=["guess"]
my_part = ...

# %% [markdown]
# <details>
# <summary>The answer</summary>
#
# One half. Weights and their negatives are equally likely, so $z$ is as often above 0 as below, and as far. So the
# negative $z$ hold half of the sum of all $z^2$, and $E[\text{relu}(z)^2] = \tfrac12 E[z^2]$.
# (That is its mean square. Its *variance* is less, because its mean is not 0. We need the mean square, as this is what
# the next layer multiplies.)
#
# </details>
#
# Put both together. From the $z$ of one layer to the $z$ of the next one the mean square is multiplied by
#
# $$ f = D \cdot s^2 \cdot \tfrac12, \qquad\text{and after } k \text{ layers by}\qquad f^k. $$
#
# Move the slider. The dashed line is what we derived: multiplied by $f$ in each layer. Nothing in it was fitted. Which
# $s$ makes it flat?


# %% tags=["hide-input"]
def on_the_way(std):
    axes = drawing.axes("", "layer", "mean square of z", size=(6, 3))
    measured = [np.mean(z**2) for z in sums_of_layers(std)]
    layers = np.arange(1, 31)
    factor = 256 * std**2 / 2
    axes.plot(layers, measured, label="measured")
    axes.plot(layers, 256 * std**2 * factor ** (layers - 1), "k--", label="derived")
    axes.set(yscale="log", ylim=(1e-20, 1e20))
    axes.set_title(f"a factor of {factor:.2f} per layer")
    axes.legend(loc="upper left")
    return axes


drawing.slider(
    on_the_way,
    [0.04, 0.05, 0.07, 0.0884, 0.11, 0.15, 0.2],
    label="s",
    start=1,
    alt="The mean square against the layer, on a logarithmic axis: a straight line, "
    "falling for s below 0.0884, flat there, rising above. Measured follows derived.",
)

# %% [markdown]
# $f$ stands in a power, so it must be near 1. How near?

# %%
for factor in (0.5, 0.9, 1.0, 1.1, 2.0):
    print(f"{factor} to the power of 30 is {factor**30:.2g}")

# %% [markdown]
# With 0.9 or 1.1 thirty layers can live. With 0.5 or 2 they cannot. So we take 1. From $D s^2 / 2 = 1$ follows the
# number of this lesson:
#
# $$ s = \sqrt{\frac{2}{D}}. $$
#
# $D$ is called [fan-in](../glossary.md#fan-in): how many numbers run into a unit. For 256 it gives 0.0884, the third
# start above. In the opening picture $D$ was 24 (but 2 in the first layer), and the three factors before $1/\sqrt D$
# were 0.7, 2, and $\sqrt 2$. Kaiming He and others published it in 2015. They showed a network of 30 layers that learns
# with this $s$. With the one that was usual then it does not.
#
# Mind what it says about wide layers: each unit of a wide layer adds more terms, so its weights must be **smaller**.
# One fixed $s$ cannot suit them all.
#
# Another bend lets another part through. Near 0, tanh is almost a straight line, so small signals pass whole. Without
# the half, $D s^2 = 1$ gives $s = 1/\sqrt D$. This is how lesson 3's painter began, with its tanh.
#
# ### What libraries do
#
# `nn.Linear` of minae, as that of PyTorch, draws weights evenly between $-1/\sqrt D$ and $1/\sqrt D$, and biases, too.
# Such numbers have the variance $1/(3D)$.
#
# **Guess:** what is $f$ then? And what do two different inputs look like after 30 such layers with relu?

# %% tags=["guess"]
my_f = ...

# %% tags=["hide-output"]
print("Layers of nn.Linear with relu, as they come:")
x = Tensor(np.random.default_rng(1).standard_normal((200, 256)).astype("float32"))
between = []
for layer in range(1, 31):
    x = F.relu(nn.Linear(256, 256, rng=layer)(x))
    between.append(x.numpy().std(axis=0).mean())
    if layer in (1, 5, 10, 15, 20, 30):
        size = np.sqrt(np.mean(x.numpy() ** 2))
        print(f"layer {layer:2}: size {size:.3f}, differences {between[-1]:.0e}")
print(f"from layer 5 to 15 each keeps {(between[14] / between[4]) ** 0.1:.2f} of it")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# $f = D \cdot \frac{1}{3D} \cdot \frac12 = \frac16$. The numbers do not become 0, because each layer adds its biases
# afresh. But they become **the same numbers for every input**. In a difference of two inputs the bias cancels. Inputs
# that are nearly alike open the same relus, about one half. So of the differences each layer keeps about
# $\sqrt{1/6} = 0.41$. In layer 30 there is only float32's rounding left. With three layers nobody notices, and networks
# that are deep often use other means to stay alive. One of them waits in section 7.
#
# </details>
#
# ## 6. The way back
#
# Does a gradient fare better? On the way back, $g$ of a layer's output becomes $g W$ for its input, and then relu lets
# through what belongs to positive $z$. That is a sum of $O$ terms, one for each unit. Then about every second number
# becomes 0, so one half of the mean square is left. It is the calculation of section 5 again, with $O$ in place of $D$.
# (It takes $g$, the weights and the open relus for independent. They are not quite; the picture below shows how little
# that matters.)
# For layers of one size the factor is the same $f$.
#
# **Guess:** take the dead start, $s = 0.05$. People say that gradients vanish on the way back. In which layer is the
# gradient of the **weights** the smallest: in the first one, in the last one, or somewhere between?

# %% tags=["guess"]
my_guess = ...


# %% tags=["hide-cell"]
def sizes_there_and_back(std, width=256, depth=30, seed=7):
    """Root mean squares: of each layer's input x, of dL/dz, and of dL/dW."""
    draw = np.random.default_rng(seed).standard_normal
    x, kept, sizes = draw((200, width)), [], []
    for _ in range(depth):
        weight = std * draw((width, width))
        z = x @ weight.T
        kept.append((x, weight, z))
        x = np.maximum(z, 0)
    g = draw(x.shape)
    for x, weight, z in reversed(kept):
        g = g * (z > 0)
        sizes.append([np.sqrt(np.mean(a * a)) for a in (x, g, g.T @ x)])
        g = g @ weight
    return np.array(sizes[::-1]).T


print("Signal, gradient, and the weights' gradient:")
panels = drawing.grid(1, 3, size=(6.6, 2.8)).flat
for panel, (name, std) in zip(panels, three_starts.items()):
    lines = sizes_there_and_back(std)
    for line, label, style in zip(lines, ("x", "dL/dz", "dL/dW"), ("-", "--", ":")):
        panel.plot(range(1, 31), line, style, label=label, linewidth=2)
    panel.set(yscale="log", ylim=(1e-9, 1e11), xlabel="layer", title=name)
    panel.grid(alpha=0.3)
panels[0].legend(loc="upper center", fontsize=9)
drawing.show(
    panels[0],
    alt="Three panels. Dead start: x falls from left to right, the gradient from right "
    "to left, the weights' gradient is flat and tiny. In the second panel both "
    "rise where they fell, in the third all is flat.",
)

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# The weights' gradient is **the same size in all layers**: equally dead everywhere. It is $g^\top x$, one factor from
# behind and one from the front. What enters layer $k$ has passed the $k - 1$ layers before it, and $g$ the
# $30 - k$ after it. Together these are always 29, wherever one looks. So at this start no layer learns, not even the
# last one, and with $s = 0.15$ all of them jump at once. (At the third start it is near 10, because it is a sum over
# 200 examples.)
#
# </details>
#
# So one number decides twice. With $f = 1$ the signal arrives, and the gradient comes home.
#
# And the painter that began too large? Its weights' gradients are not large at all:

# %%
for name, gain in painters.items():
    tensors = [[Tensor(a, requires_grad=True) for a in pair] for pair in start(gain)]
    y = colours(tensors, points(28))
    ((y - heart(points(28))) ** 2).mean().backward()
    slope = np.mean(1 - y.numpy() ** 2)
    size = np.sqrt(np.mean(tensors[15][0].grad ** 2))
    print(f"{name:12} mean slope of its tanh {slope:.1e}, dL/dW half way {size:.1e}")

# %% [markdown]
# It ends in a tanh. That one was handed such large numbers that it answered 1 and -1, where its slope is 0. So nothing
# was sent back. Too large is another way to be dead.
#
# **Guess:** forward it was $D$, backward it is $O$. Let the weights have $s = \sqrt{2/D}$, and the layers the sizes
# 100, 400, 50, 700 and 100. What becomes of the gradient's mean square, layer by layer? And after all four? (The cell
# walks back only: $g$ is random, and a coin decides for each number whether relu lets it through.)

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("The gradient, from the last layer to the first:")
rng = np.random.default_rng(2)
sizes, back = [100, 400, 50, 700, 100], 1.0
g = rng.standard_normal((200, 100))
for inputs, outputs in reversed(list(pairwise(sizes))):
    weight = rng.standard_normal((outputs, inputs)) * np.sqrt(2 / inputs)
    coin = rng.integers(0, 2, g.shape)  # stands for z > 0
    g = (g * coin) @ weight
    back = back * outputs / inputs
    size = np.mean(g**2)
    print(f"{outputs} -> {inputs}: mean square {size:5.2f}, derived {back:5.2f}")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# Layer by layer the factor of the gradient is $O/D$, and that is not 1. But the $O$ of one layer is the $D$ of the next
# one. So in the product all sizes cancel but the first and the last. The mean square makes a few waves, and does not
# run away. That is why fan-in alone is enough.
#
# </details>
#
# ## 7. The gradient ladder
#
# You know the vjps of all the parts. Can you still put them together without an engine, and *know* that each step is
# right? Here is a small network with a loss. The gradient in each of its values is a **rung** of a ladder.
#
# $$ z = x W_1^\top + b_1, \quad h = \text{relu}(z), \quad y = h W_2^\top + b_2, \quad d = y - t, \quad
#    L = \tfrac1N \textstyle\sum d^2. $$
#
# We begin at the loss and climb: first $\partial L / \partial d$, at the end $\partial L / \partial x$. Most people
# compare only at the end. Then a difference says that *something* is wrong. We compare **each** gradient, so the first
# rung that disagrees is the one to mend.
#
# How does one measure the slope in $h$, which is no input? Add a small number to it, right after it was made. So
# `forward` takes a nudge for any value, by its name.

# %%
rng = np.random.default_rng(3)
shapes = {"x": (7, 5), "t": (7, 2), "w1": (11, 5), "b1": (11,)}
shapes |= {"w2": (2, 11), "b2": (2,)}
inputs = {name: rng.standard_normal(shape) for name, shape in shapes.items()}
lines = {
    "z": lambda v: v["x"] @ v["w1"].T + v["b1"],
    "h": lambda v: np.maximum(v["z"], 0),
    "y": lambda v: v["h"] @ v["w2"].T + v["b2"],
    "d": lambda v: v["y"] - v["t"],
}


# %%
def forward(inputs, name="", nudge=0.0):
    """All values of the network, and its loss. The value of this name is nudged."""
    v: dict = {}
    for this in [*inputs, *lines]:
        v[this] = inputs[this] if this in inputs else lines[this](v)
        if this == name:
            v[this] = v[this] + nudge
    return v, np.sum(v["d"] ** 2) / len(v["x"])


def measured(inputs, name):
    """The slopes of the loss in the value of this name, by small steps."""
    start = np.zeros(forward(inputs)[0][name].shape)
    return slopes_of(lambda nudge: forward(inputs, name, nudge)[1], start)


# %% [markdown]
# And the ladder. Read each line with the line before it, whose gradient it uses: which vjp is it?


# %%
def climb(v):
    """The gradient of the loss in every value, from the last one up."""
    to = {"d": 2 * v["d"] / len(v["x"])}
    to["y"] = to["d"]
    to["w2"], to["b2"] = to["y"].T @ v["h"], to["y"].sum(axis=0)
    to["h"] = to["y"] @ v["w2"]
    to["z"] = to["h"] * (v["z"] > 0)
    to["w1"], to["b1"] = to["z"].T @ v["x"], to["z"].sum(axis=0)
    to["x"] = to["z"] @ v["w1"]
    return to


# %%
def compare(climb, inputs):
    """Each rung beside slopes by small steps: which ones disagree?"""
    for name, ours in climb(forward(inputs)[0]).items():
        off = np.abs(ours - measured(inputs, name)).max()
        word = "agrees" if off < 1e-6 else f"OFF BY {off:.1e}"
        print(f"{name:3} {ours.shape!s:8} {word}")


compare(climb, inputs)

# %% [markdown]
# Nine rungs, nine times "agrees". Two things about the inputs are worth a thought. No size equals another one. And
# **nothing is zero**, though a network would start with zero biases, and some people set the last weight to 0 as well.
#
# **Guess:** the next ladder forgets relu on its way back. We compare it twice, with all numbers random, then with
# $W_2 = 0$. What will be seen?

# %% tags=["guess"]
my_guess = ...


# %% tags=["hide-output"]
def climb_without_relu(v):
    to = climb(v)
    to["z"] = to["h"]
    to["w1"], to["b1"] = to["z"].T @ v["x"], to["z"].sum(axis=0)
    to["x"] = to["z"] @ v["w1"]
    return to


print("All random:")
compare(climb_without_relu, inputs)
print("With the last weight 0:")
compare(climb_without_relu, {**inputs, "w2": np.zeros((2, 11))})

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# With $W_2 = 0$ nothing is sent above $y$: all gradients up there are 0, and zero times anything is right. A comparison
# at zeros is no comparison. With random numbers $z$ is the first in the list that is off, and names the line to mend.
# The rungs after it are off only because they used it.
#
# </details>
#
# **Your ladder** is longer. It belongs to another cure for dying signals. Before relu each row is divided by its own
# size, the root of its mean square:
#
# $$ z = x W_1^\top + b_1, \quad m = \tfrac1H \textstyle\sum_j z_j^2, \quad r = \sqrt m, \quad u = z / r, \quad
#    h = \text{relu}(u), $$
#
# and $y$, $d$ and $L$ are as above. Whatever the weights are, $u$ has the mean square 1. So the start hardly matters
# any more:

# %%
for name, std in three_starts.items():
    draw = np.random.default_rng(0).standard_normal
    x = draw((200, 256))
    for _ in range(30):
        z = x @ (std * draw((256, 256))).T
        x = np.maximum(z / np.sqrt((z * z).mean(axis=1, keepdims=True)), 0)
    print(f"{name:10} mean square of x after 30 layers: {np.mean(x * x):.2f}")

# %% [markdown]
# Three times the same, as $s$ cancels in $z / r$: about one half of 1, because relu came last.
#
# This is called RMSNorm, and many large language models do it in each of their layers. The price is two harder rungs.

# %% tags=["hide-input"]
places = {"x": (0.0, 0), "z": (1, 0), "m": (1.55, 1), "r": (2.45, 1), "u": (3, 0)}
places |= {"h": (4, 0), "y": (5, 0), "d": (6, 0), "L": (7, 0)}
steps = [("x", "z"), ("z", "u"), ("z", "m"), ("m", "r"), ("r", "u"), ("u", "h")]
steps += [("h", "y"), ("y", "d"), ("d", "L")]
sizes = {"x": "(N, D)", "z": "(N, H)", "m": "(N, 1)", "r": "(N, 1)", "u": "(N, H)"}
sizes |= {"h": "(N, H)", "y": "(N, O)", "d": "(N, O)", "L": "1"}
edges = [(start, end, "") for start, end in steps]
axes = drawing.graph(places, edges, sizes, "", bright="zr", size=(6.8, 2.2))
drawing.show(
    axes,
    alt="A chain of boxes from x to the loss L. From z two arrows leave: one goes "
    "straight to u, the other through m and r, which have the shape (N, 1).",
)

# %% [markdown]
# $z$ is read by **two** lines. And $r$ has one number for each row, which is stretched along it. In `ladder` of
# `exercise.py` you write twelve gradients. Hints stand at the end.
#
# ## 8. Debug: right on squares
#
# Here is a third cure. Draw all weights from $N(0, 1)$, and let the *layer* multiply them by $s = \sqrt{2/D}$, each
# time it is used. (The network of Karras and others that invents faces was trained so.) This layer runs, for all sizes.
# Its author checked it on four of them:


# %%
def scaled_linear(x, weight, bias):
    """y = x @ (s * weight).T + bias, where s keeps a signal alive behind relu."""
    y = x @ weight.T * np.sqrt(2 / len(weight)) + bias
    to_x = lambda g: g @ weight * np.sqrt(2 / g.shape[1])
    to_weight = lambda g: g.T @ x * np.sqrt(2 / x.shape[1])
    return y, (to_x, to_weight, lambda g: g.sum(axis=0))


# %%
def check(op, n, inputs, outputs, seed=0):
    """What minae's checker says of a layer of this size."""
    draw = np.random.default_rng(seed).standard_normal
    arrays = draw((n, inputs)), draw((outputs, inputs)), draw(outputs)
    report = minae.gradcheck(minae.differentiable(op), *arrays, raise_on_failure=False)
    print(f"{n} rows, {inputs} -> {outputs}: {report.verdict}")


for size in (2, 3, 5, 8):
    check(scaled_linear, 7, size, size)

# %% [markdown]
# Random cotangents, float64, relative errors: all rules of lesson 4 were kept, but one.
#
# There are two mistakes. The same function stands in `exercise.py`; mend it there, for two points. Then come back, put
# yours into the cell above, and check it with `check(scaled_linear, 7, 5, 3)`. But a warning: **the checker can be made
# content in more than one way.** After you have mended it, look at the signal, too:


# %%
def signal(op, sizes=(800, 400, 200, 100, 50)):
    """The mean square of z, through layers that become narrower, with relu between."""
    draw = np.random.default_rng(1).standard_normal
    x, found = draw((200, sizes[0])), []
    for inputs, outputs in pairwise(sizes):
        z = op(x, draw((outputs, inputs)), np.zeros(outputs))[0]
        found.append(f"{np.mean(z * z):.1f}")
        x = np.maximum(z, 0)
    return ", ".join(found)


print("the mean square of z:", signal(scaled_linear))

# %% [markdown]
# These are the layers of an encoder, each half as wide as the one before. The layer was made to keep its signal, and
# the signal doubles each time.
#
# <details>
# <summary>Hint 1</summary>
#
# Three lines have a $\sqrt{2/D}$. Each takes its $D$ from another array. On a square weight all three are equal. Which
# is which, if the shapes are (7, 5), (3, 5) and (3,)?
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# If you make all three alike, the checker passes. There are two ways to do this. Which of them is the layer that was
# wanted? With the right one the signal stands: all its numbers are near 2.
#
# </details>
#
# Two sizes happen to be equal, and one is taken for the other. A gradient check at unequal sizes sees that the lines
# disagree. But let them all agree on the wrong size, and no gradient check sees anything: it is the right gradient of
# another layer.
#
# ## 9. Experiment: one start, five widths
#
# Somebody always begins with $s = 0.1$. It works well, with one width. Let a signal be lost when its mean square is a
# million times smaller or larger than at the start. How many layers does it pass until then?
#
# **Guess:** how many layers is that for a width of 50, 100, 200, 400 and 800? For which two pairs is it about the
# same? Work it out with $f$ first.

# %% tags=["guess"]
my_layers = {50: ..., 100: ..., 200: ..., 400: ..., 800: ...}

# %% [markdown]
# Then write `layers_until_lost` in `exercise.py`, and run it for several seeds. In `WHY_THIS_WIDTH` say in a line which
# width keeps a signal alive, and why 100 and 400 lose it after about as many layers. The number is checked; a person
# reads the line.
#
# <details>
# <summary>Hint 1</summary>
#
# $f = D s^2 / 2$, and $f^k$ is to be $10^{-6}$ or $10^6$. So $k = \ln 10^6 / |\ln f|$.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# The loop of `sums_of_layers` does most of it. Draw in the order that the docstring says: first x, then a new weight
# for each layer.
#
# </details>
#
# ## 10. The painter, thirty layers deep
#
# Now the third picture of the opening, on your own functions. So that the page runs, minae's stand in for them.
# When you have yours, take the `#` from the last line of the cell.


# %%
linear = inspect.unwrap(F.linear)  # minae's op, as a function of arrays
relu = inspect.unwrap(F.relu)
tanh = lambda x: (np.tanh(x), (lambda g: g * (1 - np.tanh(x) ** 2),))


def init_weight(out_features, in_features, seed):
    noise = np.random.default_rng(seed).standard_normal((out_features, in_features))
    return noise * np.sqrt(2 / in_features)


# from exercise import init_weight, linear, relu


# %%
def there(layers, x):
    """The colours at the places x, and the vjps on the way."""
    kept = []
    bends = [relu] * (len(layers) - 1) + [tanh]
    for (weight, bias), bend in zip(layers, bends):
        z, of_layer = linear(x, weight, bias)
        x, (to_z,) = bend(z)
        kept.append((of_layer, to_z))
    return x, kept


# %%
def back_again(kept, g):
    """dL/dweight and dL/dbias of each layer."""
    gradients = []
    for (to_x, to_weight, to_bias), to_z in reversed(kept):
        g = to_z(g)
        gradients.append((to_weight(g), to_bias(g)))
        g = to_x(g)
    return gradients[::-1]


# %%
def learn(layers, steps, rate=0.003):
    """Momentum, as in lesson 3; lesson 7 says why."""
    places, target = points(28), heart(points(28))
    speeds, losses = [(0.0, 0.0)] * len(layers), []
    for _ in range(steps):
        y, kept = there(layers, places)
        losses.append(np.mean((y - target) ** 2))
        new = back_again(kept, 2 * (y - target) / y.size)
        speeds = [(0.9 * v + a, 0.9 * u + b) for (v, u), (a, b) in zip(speeds, new)]
        pairs = zip(layers, speeds)
        layers = [(w - rate * v, b - rate * u) for (w, b), (v, u) in pairs]
    return layers, losses


# %%
sizes = [2, *[WIDTH] * DEPTH, 1]
layers = []
for seed, (d, o) in enumerate(pairwise(sizes)):
    layers.append((init_weight(o, d, seed), np.zeros(o)))
layers, losses = learn(layers, STEPS)
print(f"loss {losses[0]:.3f} -> {losses[-1]:.3f}")
panels = drawing.grid(1, 2, size=(4.4, 2.4)).flat
for panel, n in zip(panels, (28, 84)):
    picture = there(layers, points(n))[0].reshape(n, n)
    panel.imshow(picture, cmap="magma", vmin=-1.2, vmax=1.2)
    panel.set_title(f"{n} x {n}", fontsize=10)
    panel.axis("off")
drawing.show(panels[0], alt="A heart, at 28 x 28 points and at 84 x 84.")

# %% [markdown]
# A network of 31 layers, without an engine. Now make all weights one fifth larger at the start. **Guess** first: what
# is $f$, and $f^{30}$? Then write `1.2 * init_weight(o, d, seed)` in the cell above, and run it again.
#
# <details>
# <summary>What happens</summary>
#
# $f = 1.2^2 = 1.44$, and $1.44^{30}$ is about 56,000. The tanh at the end is handed such large numbers that its slope
# is 0. The picture has one colour, or two, and stays as it is.
#
# </details>
#
# Then put in a shape of your own for the heart, and keep the picture: `panels[0].figure.savefig("mine.png")` writes it
# into this folder.
#
# ## Exercise
#
# `exercise.py` beside this lesson has four functions to build: `linear` (two points), `relu` (one), `init_weight` (one)
# and `ladder` (three). Two points are for `scaled_linear` of section 8, one is for the experiment; their hints stand
# there. `python -m lessons grade 05` says what you have. The project of Part II runs on these functions.
#
# **`linear`** and **`relu`**
#
# <details>
# <summary>Hint 1</summary>
#
# For `linear` you have derived all three gradients in section 1. For `relu`: $g$ passes where $x > 0$.
#
# </details>
#
# **`init_weight`** goes one step beyond the text: relu has become a leaky relu.
#
# <details>
# <summary>Hint 1</summary>
#
# Relu let one half of the mean square through: the positive half as it was, and nothing of the other. What does a
# leaky relu let through of the negative half, if it multiplies each number by `slope`?
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# A number that is multiplied by `slope` has its square multiplied by `slope**2`. Then solve $D s^2 \cdot$ (the part
# that is let through) $= 1$ for $s$. Test it: slope 1 is no bend at all, and $s$ must be $1/\sqrt D$.
#
# </details>
#
# **`ladder`**
#
# <details>
# <summary>Hint 1</summary>
#
# The first five gradients and the last three are those of `climb`, with $u$ in place of $z$ where relu is. Write them
# first. Then `compare` of section 7 can help you: put `m`, `r` and `u` into `lines` after `z`, let `h` read `u`, and
# call `compare(lambda v: ladder(*inputs.values()), inputs)`.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# $u = z / r$ has two inputs. The slope in $z$ is $1/r$, that in $r$ is $-z/r^2$. One $r$ divides a whole row, so its
# gradient is a sum along the row, with `keepdims=True`.
#
# </details>
#
# <details>
# <summary>Hint 3</summary>
#
# $r = \sqrt m$ has the slope $1 / (2 \sqrt m)$, and $m$ is a mean of $H$ squares. Then $z$ has two readers, $u$ and
# $m$. What happens to the gradients of something that is used twice?
#
# </details>
#
# ## Challenge: how deep?
#
# Worth nothing but pride. How many layers can your painter have and still learn the heart in 400 steps? Try 60, then
# 100. Then divide each row by its own size after each layer, as in section 7, and try again. What is the next thing
# that breaks?
#
# ## Expected results
#
# | section | what | you should have seen |
# |---|---|---|
# | 3 | different units: all 0, all 0.1, random | 1, 1, 24 |
# | 4 | mean square in layer 30, $s = 0.05$ and 0.15 | about $10^{-15}$ and $10^{14}$ |
# | 5 | the number, for 256 inputs | 0.0884 |
# | 5 | `nn.Linear` with relu: factor per layer | 1/6 |
# | 6 | weights' gradient of the dead start | of one size in all layers |
# | 7 | the ladder that forgets relu | seen at z; with $W_2 = 0$ not seen |
# | 8 | gradient check of `scaled_linear` | passes for squares, fails for 5 -> 3 |
# | 10 | loss of the painter; with weights a fifth larger | below 0.1; above 1 |
#
# ## What you now know
#
# - A layer sums over its batch; only the loss divides.
# - Each layer multiplies the mean square of a signal by $f = D s^2 / 2$, and that of its gradient, too. Depth is a
#   power, so $f$ must be 1: $s = \sqrt{2/D}$.
# - Compare every gradient on the way, at numbers that are not 0 and sizes that differ. The first that is off is the
#   one to mend.
#
# ## Read next
#
# - Lesson 6, *Losses are likelihoods*: where the $g$ at the end of a network comes from.
# - K. He, X. Zhang, S. Ren, J. Sun, *Delving Deep into Rectifiers* (2015), section 2.2: this lesson's number.
# - K. Simonyan, A. Zisserman, *Very Deep Convolutional Networks for Large-Scale Image Recognition* (2014), section 3.1:
#   how VGG was started.
# - X. Glorot, Y. Bengio, *Understanding the difficulty of training deep feedforward neural networks* (2010): the same
#   for tanh, with histograms like those of section 4.
# - T. Karras, T. Aila, S. Laine, J. Lehtinen, *Progressive Growing of GANs* (2018), section 4.1: the layer
#   of section 8.
# - B. Zhang, R. Sennrich, *Root Mean Square Layer Normalization* (2019): your ladder.
