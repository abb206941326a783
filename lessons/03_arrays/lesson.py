# %% [markdown]
# # 3. From scalars to arrays

# %% tags=["hide-input"]
# minae paints. At the end of this lesson you do the same without minae.
import inspect
import tracemalloc
from itertools import pairwise

import numpy as np

import minae
from lessons import drawing
from minae import Tensor, autograd
from minae.ops.arithmetic import add, exp, log, mul, tanh
from minae.ops.reductions import sum_
from minae.tensors import differentiable, record

rng = np.random.default_rng(0)
np.set_printoptions(precision=4, suppress=True)


def points(n):
    """The places of n x n pixels, from -3 to 3: an array of shape (n * n, 2)."""
    x, y = np.meshgrid(np.linspace(-3, 3, n), np.linspace(3, -3, n))
    return np.stack([x.ravel(), y.ravel()], axis=1)


def heart(places):
    """1 inside a heart, -1 outside; shape (N, 1)."""
    x, y = places.T * 0.417
    inside = (x**2 + (y + 0.1) ** 2 - 0.8) ** 3 < 1.6 * x**2 * (y + 0.1) ** 3
    return np.where(inside, 1.0, -1.0)[:, None]


def fresh(sizes, seed=0):
    """Random weights and zero biases, a pair for each layer."""
    draw = np.random.default_rng(seed).standard_normal
    return [(draw((m, n)) / np.sqrt(m), np.zeros(n)) for m, n in pairwise(sizes)]


arrays = [array for pair in fresh((2, 16, 16, 1)) for array in pair]
tensors = [Tensor(array, requires_grad=True) for array in arrays]


def colours(places):
    y = Tensor(places)
    for weight, bias in zip(tensors[::2], tensors[1::2]):
        y = (y @ weight + bias).tanh()
    return y


speeds, frames = [0.0] * len(tensors), []
for step in range(601):
    if step in (0, 20, 50, 100, 200, 600):
        frames.append((step, colours(points(28)).numpy(), colours(points(84)).numpy()))
    ((colours(points(28)) - heart(points(28))) ** 2).mean().backward()
    for i, tensor in enumerate(tensors):
        speeds[i] = 0.9 * speeds[i] + tensor.grad
        tensor.data, tensor.grad = tensor.data - 0.1 * speeds[i], None


def show_two(small, large, title):
    panels = drawing.grid(1, 2, size=(4.4, 2.4)).flat
    for panel, picture in zip(panels, (small, large)):
        n = round(len(picture) ** 0.5)
        panel.imshow(picture.reshape(n, n), cmap="magma", vmin=-1.2, vmax=1.2)
        panel.set_title(f"{title}, {n} x {n}", fontsize=10)
        panel.axis("off")
    return panels[0]


drawing.animate(
    lambda frame: show_two(frame[1], frame[2], f"step {frame[0]}"),
    frames,
    alt="Two squares, one of coarse points and one of fine ones. In both a blur turns "
    "into a bright heart on a dark ground.",
    seconds=0.6,
)

# %% [markdown]
# A network with 337 numbers in it has learned to paint. It is asked for the colour at a place $(x, y)$, 784 times for
# the left picture. It has never seen the right one: it was only asked at more places.
#
# All it does is multiply matrices, add, and bend. At the end of this lesson you train the same painter with your own
# ops, forward and backward, without any library. These few ops are most of what every network does.
#
# In lesson 2 each node held one number. Nobody wants a hundred thousand nodes for one layer, so now a node holds an
# [array](../glossary.md#array). What takes the place of "the slope"?
#
# You need lesson 1 (central differences) and lesson 2 (the walk back). Reading takes about an hour, with a guess before
# each answer. Section 9 can wait for another day.
#
# ## 1. A table of slopes
#
# Here is a function of two numbers that returns three. Each output has a slope in each input, so there are
# $3 \times 2$ slopes. One **row per output**, one **column per input**: this table is the
# [Jacobian](../glossary.md#jacobian).
#
# $$ y = \begin{pmatrix} x_0 x_1 \\ x_0^2 \\ \sin x_1 \end{pmatrix}, \qquad
#    J_{ij} = \frac{\partial y_i}{\partial x_j}, \qquad
#    J = \begin{pmatrix} x_1 & x_0 \\ 2 x_0 & 0 \\ 0 & \cos x_1 \end{pmatrix} $$
#
# Nudging input $j$ moves all outputs at once, so it measures a whole column.


# %%
def f(x):
    return np.array([x[0] * x[1], x[0] ** 2, np.sin(x[1])])


def jacobian(f, x, h=1e-6):
    """J[i, j] = dy_i / dx_j. Arrays of any shape are read as one long row."""
    columns = []
    for place in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[place] = h
        columns.append((f(x + nudge) - f(x - nudge)).ravel() / (2 * h))
    return np.stack(columns, axis=1)


# %%
x = np.array([1.5, -0.7])
by_hand = np.array([[x[1], x[0]], [2 * x[0], 0], [0, np.cos(x[1])]])
nudged = jacobian(f, x)
print(nudged)
print(f"largest difference from the formula: {np.abs(nudged - by_hand).max():.0e}")

# %% [markdown]
# **Guess:** 128 images of 28 x 28 points meet a weight matrix with 400 columns. How large is the table of the slopes
# of all outputs in all weights? A number takes 4 bytes.

# %% tags=["guess"]
my_guess_in_gigabytes = ...

# %% tags=["hide-output"]
print("The tables:")
images, hidden, weights = 128 * 784, 128 * 400, 784 * 400
for name, outputs, inputs in [
    ("exp of the images", images, images),
    ("images @ weight, by the weight", hidden, weights),
    ("the sum of the images", 1, images),
]:
    table, gradient = 4e-9 * outputs * inputs, 4e-6 * inputs
    print(f"{name:31} {table:8.4f} GB; the gradient of a loss {gradient:.2f} MB")

# %% [markdown]
# Two tables need 40 and 64 gigabytes, for one small layer. But training asks for the slopes of **one** number, the
# loss. They have the size of the input itself. And the tables are almost empty. Here are five small ones, measured by
# nudging. A dark cell is a slope that is not zero.

# %% tags=["hide-input"]
normal = rng.standard_normal
A, B, row = normal((3, 4)), normal((4, 2)), normal(4)
small_ops = {
    "exp(A)": (np.exp, A),
    "A @ B, by A": (lambda A: A @ B, A),
    "A.sum(axis=0)": (lambda A: A.sum(axis=0), A),
    "row, as 3 rows": (lambda row: np.broadcast_to(row, (3, 4)), row),
    "A[[0, 2, 2]]": (lambda A: A[[0, 2, 2]], A),
}
panels = drawing.grid(1, 5, size=(8, 2.3)).flat
for panel, (name, (op, at)) in zip(panels, small_ops.items()):
    panel.imshow(jacobian(op, at) != 0, cmap="Blues", vmin=0, vmax=1.3)
    panel.set(title=name, xticks=[], yticks=[])
    panel.set(xlabel=f"{at.size} inputs", ylabel=f"{op(at).size} outputs")
drawing.show(
    panels[0],
    alt="Five tables, mostly empty. exp: a diagonal. A @ B: one block three times. The "
    "sum and the repeated row: the same three diagonals, once lying, once standing.",
)

# %% [markdown]
# `exp` has a diagonal: output $i$ looks at input $i$ alone. `A @ B` repeats one block. Look at the third and fourth
# pictures: the sum's table is the repeated row's table, turned on its side. Keep that in mind. Each pattern is known
# in advance, so each op can do its part without any table.
#
# ## 2. What we need instead
#
# Let $L$ be the loss, and $y$ a function of $x$ on the way to it. Each $x_j$ reaches $L$ through all the $y_i$, and
# the contributions add up, as in lesson 2:
#
# $$ \frac{\partial L}{\partial x_j} = \sum_i \frac{\partial L}{\partial y_i} \frac{\partial y_i}{\partial x_j}
#    = \sum_i g_i J_{ij}, \qquad\text{in short}\qquad \frac{\partial L}{\partial x} = g^\top J
#    \quad\text{with}\quad g = \frac{\partial L}{\partial y}. $$
#
# $g$ arrives from the end of the graph. It has **the shape of $y$**, and is called the
# [cotangent](../glossary.md#cotangent) of $y$. What we return has **the shape of $x$**. The step from one to the
# other is the vector-Jacobian product, or [vjp](../glossary.md#vjp).
#
# For `exp` the table is diagonal, with $e^{x_i} = y_i$ on it. So $g^\top J$ is a plain product of elements. We write
# every [op](../glossary.md#op) in this form: **a function of arrays that returns its value and a tuple with one vjp
# for each input.** (Mind the comma: `(vjp,)` is a tuple of one.)


# %%
def my_exp(x):
    y = np.exp(x)
    return y, (lambda g: g * y,)


y, (vjp,) = my_exp(A)
g = rng.standard_normal(y.shape)
with_table = (g.ravel() @ jacobian(np.exp, A)).reshape(A.shape)
print(f"one line against the table: {np.abs(vjp(g) - with_table).max():.0e}")

# %% [markdown]
# That one line replaces 40 gigabytes.
#
# **A judge without a table.** Look at the single number $s(x) = \sum_i g_i\, y_i(x)$, with $g$ held fixed. Its slope
# in $x_j$ is $\sum_i g_i J_{ij}$: exactly what the vjp must return. So nudge each element of $x$ and watch $s$. This
# judges everything from here on.


# %%
def measured_vjp(f, x, g, h=1e-6):
    """g^T J by central differences of the one number sum(g * f(x))."""
    slopes = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[place] = h
        slopes[place] = np.sum(g * (f(x + nudge) - f(x - nudge))) / (2 * h)
    return slopes


# %%
def judge(what, ours, f, x, g):
    wanted = measured_vjp(f, x, g)
    fits = ours.shape == wanted.shape and np.abs(ours - wanted).max() < 1e-7
    shapes = f"{ours.shape}, wanted {wanted.shape}"
    print(f"{what:32} {'agrees' if fits else 'WRONG':6} shape {shapes}")


judge("exp", vjp(g), np.exp, A, g)
judge("exp, if g is forgotten", my_exp(A)[0], np.exp, A, g)

# %% [markdown]
# The second line is the most common first mistake: the slope, where the vjp was wanted. It is right only where $g$
# happens to be 1.
#
# A vjp is **linear in g**, however curved its op: it is a row times a matrix. The engine lives on this. Where a value
# is used twice, it adds the two cotangents first, and calls the vjp once.

# %%
k = rng.standard_normal(y.shape)
difference = vjp(2 * g - 3 * k) - (2 * vjp(g) - 3 * vjp(k))
print(f"vjp(2 g - 3 k) less 2 vjp(g) - 3 vjp(k): {np.abs(difference).max():.0e}")

# %% [markdown]
# ## 3. From which end?
#
# Three ops, one after another, have the Jacobians $J_1, J_2, J_3$. The chain rule multiplies them: $J_3 J_2 J_1$. The
# result does not depend on which product comes first. The work does: an $a \times b$ matrix times a $b \times c$
# matrix takes $abc$ multiplications.
#
# **Guess:** 784 inputs, layers of 400 and 100, one loss. Which is cheaper, $(J_3 J_2) J_1$, from the output, or
# $J_3 (J_2 J_1)$, from the input? By which factor?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Multiplications from the output, and from the input:")
for sizes in [(784, 400, 100, 1), (1, 400, 100, 784)]:
    from_output = sum(sizes[-1] * b * a for a, b in pairwise(sizes[:-1]))
    from_input = sum(c * b * sizes[0] for b, c in pairwise(sizes[1:]))
    print(f"{' -> '.join(map(str, sizes)):22} {from_output:12,} {from_input:12,}")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# With one output, starting there is 89 times cheaper. On the way there is never more than one row, and a row times a
# Jacobian is a vjp. That is **reverse mode**, the walk of lesson 2. Starting at the input is
# [forward mode](../glossary.md#forward-mode). It wins with one input and many outputs, as the second line shows.
#
# </details>
#
# In general reverse mode takes one walk for each *output*, forward mode one for each *input*. A network has one loss
# and millions of weights, so we walk back. The price comes in section 10: values must be kept for the way back.
#
# ### Experiment: more outputs
#
# Change one thing: the number of outputs, $m$. The network is now 784 -> 400 -> 100 -> $m$. With $m = 1$ starting at
# the output was cheaper. **Guess:** from which $m$ on is starting at the input cheaper? Write your number down.

# %% tags=["guess"]
my_m = ...

# %% [markdown]
# Then find it: write `outputs_for_forward_mode` in `exercise.py`, which counts for any sizes. In `WHY_SO_FEW` explain
# your number in a line. The number is checked; a person reads the line.
#
# <details>
# <summary>Hint 1</summary>
#
# Take the two sums from the cell above. Put them into a loop over $m$.
#
# </details>
#
# <details>
# <summary>Hint 2: the line</summary>
#
# Which product from the input does not depend on $m$? What does one more output cost, from each end?
#
# </details>
#
# ## 4. Elements: add and mul
#
# This is all of minae's `mul`:

# %%
print(inspect.getsource(mul))

# %% [markdown]
# Read it aloud: *it takes arrays; its value is a times b; for the gradient of a, multiply g by b; for that of b,
# multiply g by a.* Each `lambda` remembers the arrays that it mentions. Nothing else is saved.
#
# `mul` knows neither Tensors nor a graph, so we can put it before our judge as it is. (`add` returns `g` for both.)

# %%
a, b = rng.standard_normal((2, 3, 4))
value, (vjp_a, vjp_b) = mul(a, b)
judge("mul, by a", vjp_a(g), lambda a: a * b, a, g)
judge("mul, by b", vjp_b(g), lambda b: a * b, b, g)

# %% [markdown]
# ## 5. matmul, by indices
#
# $Y = A B$ with $A$ of shape $(n, k)$, $B$ of shape $(k, m)$, and $G = \partial L / \partial Y$ of shape $(n, m)$:
#
# $$ Y_{ij} = \sum_l A_{il} B_{lj}. $$
#
# Ask for one element, $A_{pq}$. It appears in row $p$ of $Y$ only, once for each column $j$, with the factor
# $B_{qj}$:
#
# $$ \frac{\partial L}{\partial A_{pq}} = \sum_j G_{pj} B_{qj} = \sum_j G_{pj} (B^\top)_{jq} = (G B^\top)_{pq}. $$
#
# **Your turn:** do the same for $B_{pq}$ on paper. In which column of $Y$ does it appear, how often, with which
# factor? Then write the line. The judge stands below it.

# %%
A, B = rng.standard_normal((3, 5)), rng.standard_normal((5, 2))
G = rng.standard_normal((3, 2))
judge("dL/dA = G B^T", G @ B.T, lambda A: A @ B, A, G)

# %% tags=["guess"]
my_dB = np.zeros((5, 2))  # in terms of A and G
judge("my dL/dB", my_dB, lambda B: A @ B, B, G)

# %% [markdown]
# <details>
# <summary>The answer</summary>
#
# $B_{pq}$ appears in column $q$, once for each row $i$, with the factor $A_{ip}$. So
#
# $$ \frac{\partial L}{\partial B_{pq}} = \sum_i G_{iq} A_{ip} = (A^\top G)_{pq}: \qquad \texttt{A.T @ G}. $$
#
# To remember both, use the shapes. Of $G: (n, m)$ and $B: (k, m)$ only one product has $A$'s shape: $(n, m)\,(m, k)$.
#
# </details>
#
# **Guess:** all matrices are 4 x 4, and somebody forgets the transpose: `G @ B`. Who notices?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Without the transpose:")
A4, B4, G4 = rng.standard_normal((3, 4, 4))
judge("G B, all 4 x 4", G4 @ B4, lambda A: A @ B4, A4, G4)

# %% [markdown]
# The shape fits, no error is raised, and the numbers are wrong. Shapes help the memory and prove nothing. **Try your
# code on sizes that are different primes:** then no size stands for another, nor for a product of others.
#
# What does the way back cost? Forward takes $nkm$ multiplications, and each of the two vjps $nkm$ again. So the walk
# back costs about twice the way forward, however many weights there are. minae's `matmul` stands in
# `minae/ops/arithmetic.py`. It also checks shapes, and treats stacks of matrices.
#
# ## 6. Why does a bias's gradient add up a column?
#
# A layer adds one row of biases to every row of a batch: $(4, 3) + (3,)$. NumPy *stretches* the bias. Nudge one of
# its three numbers, and see what moves.

# %%
a, b = rng.standard_normal((4, 3)), rng.standard_normal(3)
nudge = np.array([0.0, 1e-6, 0.0])
print(((a + (b + nudge)) - (a + b)) / 1e-6)
g = rng.standard_normal((4, 3))

# %% [markdown]
# **Guess:** the cotangent $g$ has the shape $(4, 3)$. What is $\partial L / \partial b_1$, written with $g$? What shape
# does the gradient of $b$ have?

# %% tags=["guess"]
my_db = np.zeros(3)  # in terms of g

# %% tags=["hide-cell"]
print("The judge:")
judge("mine", my_db, lambda b: a + b, b, g)
judge("g itself", g, lambda b: a + b, b, g)
judge("the sum of each column of g", g.sum(axis=0), lambda b: a + b, b, g)

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# $y_{ij} = a_{ij} + b_j$ uses each $b_j$ four times. You know from lesson 2 what happens to a value that is used four
# times: **its four gradients add up.** So $\partial L / \partial b_j = \sum_i g_{ij}$, the sum of a column of $g$.
#
# </details>
#
# There are two ways to be stretched by [broadcasting](../glossary.md#broadcasting), and one rule. An axis that was
# **added in front** is summed away. An axis that had **size 1** is summed and stays, with size 1. The gradient has
# the input's shape, always.
#
# With $(4, 3) \cdot (4, 1)$ each $c_i$ is used three times, with the factors $a_{ij}$. First multiply, then sum:

# %%
c = rng.standard_normal((4, 1))
product = g * a
judge("summed, the axis kept", product.sum(1, keepdims=True), lambda c: a * c, c, g)
judge("summed, the axis lost", product.sum(1), lambda c: a * c, c, g)

# %% [markdown]
# Forward a repetition, backward a sum. And the other way round for `sum`: each $x_{ij}$ is in one sum, with slope 1.
# So its vjp **repeats** $g$ along the axis that was summed. That is the pair of pictures from section 1, one turned
# on its side.
#
# In minae the *engine* sums. It knows each input's shape, so no op has to think of it:

# %%
print(inspect.getsource(autograd.sum_to_shape))

# %% [markdown]
# <details>
# <summary>Line by line</summary>
#
# `added` counts the axes that were added in front. `repeated` lists the axes of size 1 in the input, by their numbers
# in the gradient. Both kinds are summed at once, and `keepdims=True` leaves each in its place with size 1. `reshape`
# drops the axes in front. Take a gradient of shape (2, 5, 3) for an input of shape (5, 1). Then `added` is 1 and
# `repeated` is [2]. `summed` has the shape (1, 5, 1), and the result (5, 1). (`wide_sum` is NumPy's sum with care for
# float32.)
#
# </details>
#
# ## 7. Rows that are taken twice
#
# `y = x[[0, 2, 2]]` copies rows 0, 2 and 2. On the way back each row of $g$ returns to the place that it came from.
#
# **Guess:** which of these three makes the right gradient?


# %%
def assign(grad, rows, g):
    grad[rows] = g


def increment(grad, rows, g):
    grad[rows] += g


def add_at(total, rows, g):
    np.add.at(total, rows, g)


# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("The judge says:")
x, rows = rng.standard_normal((4, 2)), np.array([0, 2, 2])
g = rng.standard_normal((3, 2))
for put in (assign, increment, add_at):
    total = np.zeros_like(x)
    put(total, rows, g)
    judge(put.__name__, total, lambda x: x[rows], x, g)

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# Row 2 was used twice, so it must get the *sum* of two rows of $g$. The second way surprises most people. NumPy
# computes `grad[rows] + g` first, from the zeros that are there, and then assigns: the last of the two wins.
# `np.add.at` adds them one after another. This happens in every table of word vectors, where a common word appears
# many times.
#
# </details>
#
# ## 8. Back, or once more?
#
# `transpose` only moves numbers, so its vjp moves $g$. Swapping the two axes of a matrix and swapping them again
# brings them back. So this vjp is right for every matrix, and somebody ships it:


# %%
def turn(x, axes):
    return x.transpose(axes), (lambda g: g.transpose(axes),)


# %% [markdown]
# **Guess:** is it right for an array of shape (4, 4, 4) with `axes = (1, 2, 0)`? What must stand in place of the
# second `axes`?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("A matrix, and a cube:")
for shape, axes in (((3, 5), (1, 0)), ((4, 4, 4), (1, 2, 0))):
    x = rng.standard_normal(shape)
    y, (vjp,) = turn(x, axes)
    g = rng.standard_normal(y.shape)
    op = lambda x, axes=axes: x.transpose(axes)
    judge(f"{axes} once more", vjp(g), op, x, g)
    back = tuple(np.argsort(axes).tolist())
    judge(f"{axes}, then {back}", g.transpose(back), op, x, g)

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# Three axes in a cycle come home after three turns, not after two. What is wanted is the *inverse* permutation, which
# `np.argsort` finds. On a cube all shapes fit, so no error is raised. Too few axes hide this mistake, as equal sizes
# hide others.
#
# </details>
#
# ## 9. The engine, read aloud
#
# Two functions are the heart of minae. Here they are, whole. Some lines are folded; the lesson goes on without them.
# The first function makes an op of Tensors out of a function of arrays.


# %% tags=["hide-output"]
def read(function, first, last=None):
    """Print lines of a function's source, counted from 1."""
    source = inspect.getsource(function).splitlines()
    print("\n".join(source[first - 1 : last]))


print("What it promises:")
read(differentiable, 1, 10)

# %% tags=["hide-output"]
print("How it keeps that:")
read(differentiable, 11)

# %% [markdown]
# <details>
# <summary>What its lines do</summary>
#
# 1. `run, name, signature` are prepared once. `run` calls the op with a guard around it. The guard checks that the op
#    returns a value and a tuple of vjps, and names it in every error.
# 2. `@wraps(op)` gives `lifted` the op's name and docstring.
# 3. `in_order` puts arguments that were passed by name into their places. So `args[0]` belongs to the first vjp.
# 4. `arrays` are the Tensors' arrays: the op must see arrays only.
# 5. The op runs, once, and hands over both halves.
# 6. `record` gets `args`, not `arrays`: it must know which Tensors the arrays came from.
#
# </details>
#
# It calls the op with arrays, and gives the value and the vjps to `record`. `record` makes the graph. These are the
# lines of it that matter:

# %%
read(record, 3, 9)

# %% [markdown]
# An [edge](../glossary.md#edge) has three parts. Where the gradient goes: to the node that made the input, or to the
# Tensor itself if it is a leaf. The vjp. And the input's place, for error messages. An input that needs no gradient
# gets no edge, so its vjp is dropped at once, with all that it had kept.
#
# The second function is the walk. You know it from lesson 2.

# %% tags=["hide-output"]
print("How the walk begins:")
read(autograd.backward, 1, 8)

# %% [markdown]
# `uses`, `sums` and `ready` are those of lesson 2. They hold how many uses have not reported yet, the gradient
# collected so far, and the nodes whose every use has reported.

# %%
read(autograd.backward, 9, 15)

# %% [markdown]
# 1. `sums.pop(node)` takes the finished gradient out, so that no array is held longer than needed.
# 2. `node.release()` hands over the edges, and the node forgets them. Its vjps go after their turn, and let go of
#    their arrays.
# 3. `call_vjp` calls `vjp(g)`, with a guard around it. In lesson 2 a *slope* was multiplied with $g$ here. Now the op
#    does that, because it alone knows its table.
# 4. `sum_to_shape` is that of section 6.

# %%
read(autograd.backward, 16)

# %% [markdown]
# 1. A leaf: `accumulate` adds to its `.grad`, and that is all.
# 2. A node: its gradient so far and the contribution make a *new* array. The old one may have been sent to two
#    places.
# 3. One use fewer. At 0 the node is ready.
#
# So an op of your own takes three lines, and takes part in everything:


# %%
@minae.differentiable
def sine(x):
    return np.sin(x), (lambda g: g * np.cos(x),)


x = Tensor(np.array([[0.0, 1.0, 2.0]]), requires_grad=True)  # shape (1, 3)
(sine(x) * np.ones((4, 1))).sum().backward()  # stretched to (4, 3)
print("backward:", x.grad, "  by hand, 4 cos x:", 4 * np.cos(x.data))

# %% [markdown]
# ## 10. What a graph keeps
#
# A lambda keeps the arrays that it mentions. Python's `tracemalloc` counts bytes, NumPy's included. We run each op on
# a million numbers (8 MB), throw the value away, and see what stays because of the vjps.
#
# (The next lines start the counting.)


# %%
def megabytes():
    return tracemalloc.get_traced_memory()[0] / 1e6


tracemalloc.start()

# %% [markdown]
# **Guess:** with which of these six does something stay? (x itself is ours, and does not count.)
#
# | op | its vjps |
# |---|---|
# | `add` | $g$ and $g$ |
# | `exp` | $g y$ |
# | `tanh` | $g (1 - y^2)$ |
# | `log` | $g / x$ |
# | `mul` | $g b$ and $g a$ |
# | `sum` | $g$, repeated |

# %% tags=["guess"]
my_guess = {"add": ..., "exp": ..., "tanh": ..., "log": ..., "mul": ..., "sum": ...}

# %% tags=["hide-output"]
print("Kept by the vjps:")
x = rng.standard_normal(1_000_000) ** 2
runs = {"add(x, x)": lambda: add(x, x), "exp(x)": lambda: exp(x)}
runs |= {"tanh(x)": lambda: tanh(x), "log(x)": lambda: log(x)}
runs |= {"mul(x, x)": lambda: mul(x, x), "sum(x)": lambda: sum_(x)}
runs |= {"mul(x + 1, x + 2)": lambda: mul(x + 1, x + 2)}
for name, run in runs.items():
    before = megabytes()
    vjps = run()[1]  # and the value goes
    print(f"{name:18} {megabytes() - before:5.1f} MB")
    del vjps

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# `add` and `sum` mention no array. `exp` and `tanh` keep their **output**, `log` and `mul` their **inputs**. For `x`
# that costs nothing extra. But `x + 1` and `x + 2` were temporary: only the vjps hold them, and there they stay.
#
# </details>
#
# Now a chain of 12 ops. An op of our own, `probe`, changes nothing and notes the memory in use, on both ways.


# %%
def memory_along(step, depth=12):
    """Megabytes in use after each op of a chain, and before each vjp."""
    y, start = Tensor(np.full(250_000, 0.5), requires_grad=True), megabytes()  # 2 MB
    readings: list[float] = []
    note = lambda: readings.append(megabytes() - start)

    @minae.differentiable
    def probe(y):
        note()
        return y, (lambda g: (note(), g)[1],)  # notes, then returns g

    for _ in range(depth):
        y = probe(step(y))
    y.backward(np.ones(y.shape))
    return readings


# %% tags=["hide-input"]
axes = drawing.axes("", "op number, there and back", "memory (MB)", size=(6, 3.2))
broad = {"linewidth": 6, "alpha": 0.4}
for name, step, style in [
    ("y * y: keeps its input", lambda y: y * y, {"color": "C1", **broad}),
    ("tanh(y): keeps its output", lambda y: y.tanh(), {"color": "C0", "marker": "o"}),
    ("y + y: keeps nothing", lambda y: y + y, {"color": "C2", **broad}),
    ("y * 0.9: keeps nothing", lambda y: y * 0.9, {"color": "C3", "linestyle": ":"}),
]:
    axes.plot(memory_along(step), markersize=4, label=name, **style)
axes.axvline(11.5, color="grey", linewidth=0.8)
axes.set_ylim(0, 48)
axes.legend(ncols=2, fontsize=9)
tracemalloc.stop()
drawing.show(
    axes,
    alt="Memory against op number. For tanh and y * y it climbs by 2 MB an op, up to "
    "the turning point, and falls as steadily. For y + y and y * 0.9 it stays low.",
)

# %% [markdown]
# Up on the way forward, down on the way back: `node.release()` lets each node's arrays go as the walk passes. The few
# MB of the two lower lines are no store: they are the value of the moment, and on the way back its gradient.
# Therefore there is no second walk through the same graph. And where no gradient is wanted, `with minae.no_grad():`
# records nothing.
#
# **Question:** why does `y * 0.9` keep nothing? Its vjps are `g * b` and `g * a`, and the second mentions `y`.
#
# <details>
# <summary>The answer</summary>
#
# 0.9 is no Tensor that needs a gradient. So `record` made no edge for it, and the second lambda was dropped.
#
# </details>
#
# ## 11. The painter, by hand
#
# Now everything together, without minae's engine. Each layer multiplies, adds a bias and bends. On the way forward we
# keep the vjps. On the way back we call them in reverse, each with the gradient of what its op returned.


# %%
def my_matmul(a, b):
    return a @ b, (lambda g: g @ b.T, lambda g: a.T @ g)


def my_tanh(x):
    y = np.tanh(x)
    return y, (lambda g: g * (1 - y * y),)


# %%
def forward(layers, x, add):
    kept = []
    for weight, bias in layers:
        x, product = my_matmul(x, weight)
        x, plus = add(x, bias)
        x, (bend,) = my_tanh(x)
        kept.append((product, plus, bend))
    return x, kept


# %%
def backward(kept, g):
    """dL/d(weight) and dL/d(bias) of each layer."""
    gradients = []
    for (to_x, to_weight), (to_product, to_bias), bend in reversed(kept):
        g = bend(g)
        gradients.append((to_weight(to_product(g)), to_bias(g)))
        g = to_x(to_product(g))
    return gradients[::-1]


# %% [markdown]
# Training goes downhill. Each step also keeps 0.9 of the step before, which makes it faster; lesson 7 says why.


# %%
def paint(add, sizes=(2, 16, 16, 1), steps=601):
    """The trained layers, and the loss on the way."""
    places, target, losses = points(28), heart(points(28)), []
    layers = fresh(sizes)
    speeds = [(0.0, 0.0)] * len(layers)
    for _ in range(steps):
        y, kept = forward(layers, places, add)
        losses.append(np.mean((y - target) ** 2))
        new = backward(kept, 2 * (y - target) / y.size)
        speeds = [(0.9 * v + dw, 0.9 * u + db) for (v, u), (dw, db) in zip(speeds, new)]
        layers = [(w - 0.1 * v, b - 0.1 * u) for (w, b), (v, u) in zip(layers, speeds)]
    return layers, losses


# %% [markdown]
# ### Too good to be true
#
# For `add` we take minae's. In minae it passes every test there is.

# %%
layers, losses = paint(add)
print(sum(weight.size for weight, _ in fresh((2, 16, 16, 1))), "weights, and 33 biases")
for step in (0, 200, 600):
    print(f"loss after {step:3} steps: {losses[step]:.5f}")
drawn = forward(layers, points(28), add)[0]
print(f"wrong pixels: {(np.sign(drawn) != heart(points(28))).sum()} of 784")

# %% [markdown]
# Perfect! minae's own painter, at the top of the page, was never so good.
#
# **Guess:** we paint the heart larger, with 84 x 84 pixels, as above. How will it look?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Painted larger:")
try:
    forward(layers, points(84), add)
except ValueError as error:
    print(f"ValueError: {str(error)[:74]}")

# %% [markdown]
# **Find the bug and mend it.** Write your own `add` here, and run both cells until a heart appears. (When your
# exercise is done, take yours from there: `from exercise import add as my_add`.)


# %%
def my_add(a, b):
    return a + b, (lambda g: g, lambda g: g)


# %%
def paint_at_both_sizes(add):
    layers, losses = paint(add)
    small, large = (forward(layers, points(n), add)[0] for n in (28, 84))
    off = max(np.abs(w - t.data).max() for (w, _), t in zip(layers, tensors[::2]))
    print(f"loss {losses[-1]:.4f}, largest difference from minae's weights {off:.0e}")
    axes = show_two(small, large, "by hand")
    drawing.show(axes, alt="The heart of the opening picture, painted by hand.")


try:
    paint_at_both_sizes(my_add)
except ValueError as error:
    print("not yet:", str(error).split(" with")[0])

# %% [markdown]
# <details>
# <summary>Hint 1</summary>
#
# Print the shapes of the trained biases: `[bias.shape for _, bias in layers]`. What should they be?
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# `b - 0.1 * u` was itself broadcast. Who adds up the columns in minae? Who does here?
#
# </details>
#
# <details>
# <summary>The bug</summary>
#
# The biases have grown to one number for each pixel: shape (784, 16). The painter has not learned a heart. It has a
# bias of its own for each pixel, and so it repeats what it was shown. (`bias -= ...`, in place, would have raised an
# error.) minae's `add` returns `g` and leaves the sum to the engine. Here there is no engine, so the vjp of the bias
# must sum.
#
# </details>


# %% tags=["hide-cell"]
def mended_add(a, b):
    return a + b, (lambda g: g, lambda g: g.sum(axis=0))


print("One solution:")
paint_at_both_sizes(mended_add)

# %% [markdown]
# You have trained a network by hand. `backward()` does exactly what you did, to the last digits. It only keeps the
# list of vjps for you, and walks it in the right order.
#
# **Keep it.** Replace `heart` by a shape of your own: a letter, a moon ($x^2 + y^2 < 1$, less a second circle), the
# outline of your country. Any function of places that returns 1 and -1 will do. It is in the first cell; then run all
# cells again.
#
# ### Debug: shortcuts
#
# Deep networks often have [shortcuts](../glossary.md#shortcut): each layer adds its input to what it makes of it,
# $y = x + \tanh(x W + b)$. Here is a way back for such a network. It runs, and all shapes are right.


# %%
def shortcut_gradients(layers, x, target):
    """dL/d(weight) and dL/d(bias); each layer returns x + tanh(x @ weight + bias)."""
    kept, gradients = [], []
    for weight, bias in layers:
        bent = np.tanh(x @ weight + bias)
        kept.append((x, weight, bent))
        x = x + bent
    g = 2 * (x - target) / x.size
    for x, weight, bent in reversed(kept):
        g = g * (1 - bent * bent)
        gradients.append((x.T @ g, g.mean(axis=0)))
        g = g @ weight.T
    return gradients[::-1]


# %%
def loss_with_shortcuts(layers, x, target):
    for weight, bias in layers:
        x = x + np.tanh(x @ weight + bias)
    return np.mean((x - target) ** 2)


layers, x = fresh((2, 2, 2, 2)), points(9)
target = x + [1.0, -0.5]  # each point is to move to the right, and a little down
for step in range(301):
    if step in (0, 30, 300):
        loss = loss_with_shortcuts(layers, x, target)
        print(f"loss after {step:3} steps: {loss:.3f}")
    news = shortcut_gradients(layers, x, target)
    layers = [(w - 0.1 * dw, b - 0.1 * db) for (w, b), (dw, db) in zip(layers, news)]

# %% [markdown]
# It learns, if slowly. Many would leave it to run for longer. There are two mistakes, both on the way back. The same
# function stands in `exercise.py`. Find them and mend them there, for two points. Then put yours into the cell above,
# and see what the loss does.
#
# <details>
# <summary>Hint 1</summary>
#
# Begin with one layer. Nudge one number of its weight, and one of its bias, as `measured_vjp` does, and look at the
# change of the loss. Which of the two gradients is right?
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# By which factor is the other one off? Try another number of rows. Then read section 6 again.
#
# </details>
#
# <details>
# <summary>Hint 3</summary>
#
# Now three layers. The last weight's gradient is right, the others are not. In $y = x + \tanh(x W + b)$, how often is
# $x$ used? What happens to the gradients of something that is used several times?
#
# </details>
#
# ### How small can a painter be?
#
# This one has layers of 16. **Guess:** what does the heart look like with layers of 2, 3 and 4? Write down the loss
# that you expect, and say in one line why.

# %% tags=["guess"]
my_loss_with_2, my_loss_with_3, my_loss_with_4 = ..., ..., ...

# %% tags=["hide-cell"]
print("Smaller painters:")
panels = drawing.grid(1, 3, size=(6, 2.2)).flat
for panel, width in zip(panels, (2, 3, 4)):
    layers, losses = paint(mended_add, (2, width, width, 1))
    picture = forward(layers, points(56), mended_add)[0]
    panel.imshow(picture.reshape(56, 56), cmap="magma", vmin=-1.2, vmax=1.2)
    panel.set_title(f"layers of {width}: {losses[-1]:.2f}", fontsize=10)
    panel.axis("off")
drawing.show(panels[0], alt="2 paint a band, 3 a wedge, 4 nearly a heart.")

# %% [markdown]
# <details>
# <summary>One way to explain it</summary>
#
# A unit of the first layer bends along one straight line of the plane. Two lines cannot enclose anything, and leave a
# band. Three can enclose a corner, but no dent. With a fourth there is a line for each side of the dent, too. (The
# second layer combines the lines, so what you see is not made of straight edges.)
#
# </details>
#
# ## Exercise
#
# `exercise.py` beside this lesson has seven functions to write, from `unbroadcast` to `log_softmax`, with a point for
# each. There is no engine, so each op sums its gradients back by itself. Two points are for `shortcut_gradients` of
# section 11, and one is for the experiment of section 3; their hints stand there. `python -m lessons grade 03` says
# what you have.
#
# **`unbroadcast`, `add`, `mul`**
#
# <details>
# <summary>Hint 1</summary>
#
# First the axes in front, of which there are `g.ndim - len(shape)`. Then those of size 1, with `keepdims=True`.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# For `mul`: to multiply and then to sum is not the same as to sum and then to multiply.
#
# </details>
#
# **`matmul`**
#
# <details>
# <summary>Hint 1</summary>
#
# `.T` reverses *all* axes. `.swapaxes(-1, -2)` exchanges the last two.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# In a batch, b is used once for each of its matrices. What happens to the gradients of something that is used several
# times?
#
# </details>
#
# **`sum_` and `take_rows`**
#
# <details>
# <summary>Hint 1</summary>
#
# `x.sum(axis=1)` has lost an axis, and NumPy lines shapes up from the *last* one. So the lost axis must come back
# first, with size 1: `np.expand_dims`. Then `np.broadcast_to`.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# For `take_rows`, begin with zeros of x's shape and dtype, inside of the vjp.
#
# </details>
#
# **`log_softmax`**
#
# [Softmax](../glossary.md#softmax) turns a row of numbers into probabilities, $p_i = e^{x_i} / \sum_j e^{x_j}$. They
# are positive and have the sum 1, and a larger $x$ has a larger share. `log_softmax` is their logarithm,
# $y_i = \ln p_i = x_i - \ln \sum_j e^{x_j}$. Lesson 6 needs it. Here is one row, with its table of slopes, measured:

# %%
row = np.array([1.0, 2.0, 4.0])
p = np.exp(row) / np.exp(row).sum()
print("softmax p:    ", p)
print("its logarithm:", np.log(p))
print(jacobian(lambda x: np.log(np.exp(x) / np.exp(x).sum()), row))

# %% [markdown]
# Compare each row of the table with $p$.
#
# <details>
# <summary>Hint 1: the value</summary>
#
# $e^{1000}$ overflows. Subtract the largest $x$ of each row first. Why does it cancel?
#
# </details>
#
# <details>
# <summary>Hint 2: the table</summary>
#
# For one row, $\partial y_i / \partial x_j$ is 1 if $i = j$, and 0 if not, minus the slope of $\ln \sum_k e^{x_k}$ in
# $x_j$. Which of the outputs is that slope?
#
# </details>
#
# <details>
# <summary>Hint 3: the vjp</summary>
#
# The slope is $e^{y_j}$. Multiply the table by $g$ from the left: $\sum_i g_i (\dots)$. Which sum over $g$ remains?
# It needs `keepdims=True`.
#
# </details>
#
# ## Challenge: a painter in colour
#
# Worth nothing but pride. Give the last layer three outputs: red, green, blue. Let it learn a flag, or a small
# photograph (28 x 28 points will do). Then print the network's few hundred numbers on a card: that is your picture,
# and it can be painted at any size.
#
# ## Expected results
#
# | section | what | you should have seen |
# |---|---|---|
# | 1 | tables of exp and of the weight | 40.2821 GB and 64.2253 GB |
# | 3 | from the output, from the input | 353,600 against 31,438,400 |
# | 7 | three ways to put rows back | only `np.add.at` agrees |
# | 8 | the cube | (2, 0, 1) brings it back |
# | 10 | `mul(x + 1, x + 2)` keeps | 16 MB |
# | 11 | too good to be true | loss below 0.001, and an error when painted larger |
# | 11 | the mended painter | loss 0.0174; minae's weights to about 1e-13 |
# | 11 | shortcuts, as given | loss 1.356, then 1.136, then 0.824 |
# | 11 | shortcuts, mended | loss 1.356, then 0.051, then 0.001 |
#
# ## What you now know
#
# - An op needs only $g \mapsto g^\top J$, its vjp, from the shape of the output to the shape of the input.
# - One loss and many inputs: multiply from the output. The price is memory.
# - Whatever was used several times collects the sum: stretched axes, repeated rows, values with two readers.
# - The gradient has the input's shape. Equal sizes and few axes hide mistakes; different primes show them.
#
# ## Read next
#
# - Lesson 4, *When a gradient check lies*: how to know that a vjp is right.
# - `minae/ops/`: 18 ops, most of them a few lines long. `minae/tensors.py` lifts them, below its class Tensor.
# - A. G. Baydin, B. A. Pearlmutter, A. A. Radul, J. M. Siskind, *Automatic Differentiation in Machine Learning: a
#   Survey*, Journal of Machine Learning Research 18 (2018). Forward and reverse mode, with history.
# - A. Griewank, A. Walther, *Evaluating Derivatives*, 2nd edition, SIAM (2008): the cost of reverse mode, proved.
