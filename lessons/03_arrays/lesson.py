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
    """For each layer a random weight and a bias of zeros, in one list."""
    draw, arrays = np.random.default_rng(seed).standard_normal, []
    for inputs, outputs in pairwise(sizes):
        arrays += [draw((inputs, outputs)) / np.sqrt(inputs), np.zeros(outputs)]
    return arrays


tensors = [Tensor(array, requires_grad=True) for array in fresh((2, 16, 16, 1))]


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
# All it does is multiply matrices, add, and bend the result with tanh. At the end of this lesson you train the same
# painter with your own ops, forward and backward, without any library. These few ops are most of what every network
# does.
#
# In lesson 2 each node held one number. Nobody wants a hundred thousand nodes for one layer, so now a node holds an
# [array](../glossary.md#array). What takes the place of "the slope"?
#
# You need lesson 1 (central differences) and lesson 2 (the walk back). Reading takes about 40 minutes, with a guess
# before each answer. What is called *if you like* you may leave out; it takes 10 more.
#
# ## 1. A table of slopes
#
# Here is a function of two numbers that returns three. Each output has a slope with respect to each input, so there
# are $3 \times 2$ slopes. One **row per output**, one **column per input**: this table is the
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
    for place in np.ndindex(x.shape):  # each element's place, one after another
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
# **Guess:** a layer multiplies 128 images of 28 x 28 points by a weight matrix with 400 columns. Each output has a
# slope with respect to each weight. How large is that table? A number takes 4 bytes.

# %% tags=["guess"]
my_guess_in_gigabytes = ...

# %% tags=["hide-output"]
print("The tables:")
images, hidden, weights = 128 * 784, 128 * 400, 784 * 400
for name, outputs, inputs in [
    ("images @ weight, by the weight", hidden, weights),
    ("exp of the images", images, images),
    ("the sum of the images", 1, images),
]:
    table, gradient = 4e-9 * outputs * inputs, 4e-6 * inputs
    print(f"{name:31} {table:8.4f} GB; the gradient of a loss {gradient:.2f} MB")

# %% [markdown]
# Two tables need 64 and 40 gigabytes, for one small layer. But training asks for the slopes of **one** number, the
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
# For `exp` the table is diagonal, with $e^{x_i} = y_i$ on it. So $g^\top J$ multiplies element by element. We write
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
# A vjp is **linear in g**, however curved its op: it is a row times a matrix. So where a value is used twice, the
# engine may add the two cotangents first, and call the vjp once.
#
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
    inputs, outputs = sizes[0], sizes[-1]
    from_output = sum(outputs * b * a for a, b in pairwise(sizes[:-1]))
    from_input = sum(c * b * inputs for b, c in pairwise(sizes[1:]))
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
# (`pairwise` gives neighbours: 784 and 400, then 400 and 100.) In general reverse mode takes one walk for each
# *output*, forward mode one for each *input*. A network has one loss and millions of weights, so we walk back. The
# price comes in section 8: values must be kept for the way back.
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
# You saw minae's `mul` in lesson 2. It knows neither Tensors nor a graph, so we can put it before our judge as it is.

# %%
print(inspect.getsource(mul))
a, b, g = rng.standard_normal((3, 3, 4))  # three arrays of shape (3, 4)
value, (vjp_a, vjp_b) = mul(a, b)
judge("mul, by a", vjp_a(g), lambda a: a * b, a, g)
judge("mul, by b", vjp_b(g), lambda b: a * b, b, g)

# %% [markdown]
# Read it aloud: *it takes arrays; its value is a times b; for the gradient of a, multiply g by b; for that of b,
# multiply g by a.* Each `lambda` remembers the arrays that it mentions. Nothing else is saved. (`add` returns `g` for
# both.)
#
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
# And if all matrices are 4 x 4, and somebody forgets the transpose?

# %%
A4, B4, G4 = rng.standard_normal((3, 4, 4))
judge("G B, all 4 x 4", G4 @ B4, lambda A: A @ B4, A4, G4)

# %% [markdown]
# The shape fits, no error is raised, and the numbers are wrong. Shapes help the memory and prove nothing. **Try your
# code on sizes that are different primes:** then no size stands for another, nor for a product of others.
#
# What does the way back cost? Forward takes $nkm$ multiplications, and each of the two vjps $nkm$ again. So the walk
# back costs about twice the way forward, however many weights there are.
#
# ## 6. A bias that is stretched
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
# In minae the *engine* sums. It knows each input's shape, so no op has to think of it.
#
# ## 7. Rows that are taken twice
#
# `y = x[[0, 2, 2]]` copies rows 0, 2 and 2. On the way back each row of $g$ returns to the place that it came from.
#
# We begin with zeros of $x$'s shape, called `dx`. **Guess:** which of these three lines makes it the right gradient?
#
# 1. `dx[rows] = g`
# 2. `dx[rows] += g`
# 3. `np.add.at(dx, rows, g)`

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("The judge says:")
x, rows = rng.standard_normal((4, 2)), np.array([0, 2, 2])
g = rng.standard_normal((3, 2))
first, second, third = np.zeros((3, 4, 2))
first[rows] = g
second[rows] += g
np.add.at(third, rows, g)
judge("dx[rows] = g", first, lambda x: x[rows], x, g)
judge("dx[rows] += g", second, lambda x: x[rows], x, g)
judge("np.add.at(dx, rows, g)", third, lambda x: x[rows], x, g)

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# Row 2 was used twice, so it must get the *sum* of two rows of $g$. The second way surprises most people. NumPy
# computes `dx[rows] + g` first, from the zeros that are there, and then assigns: the last of the two wins.
# `np.add.at` adds them one after another.
#
# </details>
#
# ## 8. What a graph keeps
#
# A lambda keeps the arrays that it mentions. We run each op on a million numbers (8 MB), throw the value away, and see
# what stays because of the vjps.
#
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


# %% tags=["hide-cell"]
def megabytes():
    """What Python has in use now, NumPy's arrays included."""
    return tracemalloc.get_traced_memory()[0] / 1e6


print("Kept by the vjps:")
tracemalloc.start()
x = rng.standard_normal(1_000_000) ** 2
runs = {
    "add(x, x)": lambda: add(x, x),
    "exp(x)": lambda: exp(x),
    "tanh(x)": lambda: tanh(x),
    "log(x)": lambda: log(x),
    "mul(x, x)": lambda: mul(x, x),
    "sum(x)": lambda: sum_(x),
    "mul(x + 1, x + 2)": lambda: mul(x + 1, x + 2),
}
for name, run in runs.items():
    before = megabytes()
    vjps = run()[1]  # the value is thrown away
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
# Now chains of 12 ops, on Tensors of 2 MB. `megabytes`, from the folded cell above, says how much is in use.

# %%
for name, step in {"tanh(y)": lambda y: y.tanh(), "y * 0.9": lambda y: y * 0.9}.items():
    y = Tensor(np.full(250_000, 0.5), requires_grad=True)
    before = megabytes()
    for _ in range(12):
        y = step(y)
    print(f"{name}: {megabytes() - before:2.0f} MB after 12 ops", end="")
    y.sum().backward()
    print(f", {megabytes() - before:.0f} MB after the walk back")
tracemalloc.stop()

# %% [markdown]
# What `tanh` kept is gone: the walk lets go of each node's arrays when it has passed. Therefore there is no second walk
# through the same graph. And where no gradient is wanted, `with minae.no_grad():` records nothing.
#
# **Question:** why does `y * 0.9` keep nothing but the last value? Its vjps are `g * b` and `g * a`, and the second
# mentions `y`.
#
# <details>
# <summary>The answer</summary>
#
# 0.9 is no Tensor that needs a gradient. So its vjp is never called, and minae drops it at once.
#
# </details>
#
# ## 9. The painter, by hand
#
# Now everything together, without minae's engine. Each layer multiplies, adds a bias and bends. On the way forward we
# keep the vjps of each op. On the way back we call them in reverse, each with the gradient of what its op returned.


# %%
def my_matmul(a, b):
    return a @ b, (lambda g: g @ b.T, lambda g: a.T @ g)


def my_tanh(x):
    y = np.tanh(x)
    return y, (lambda g: g * (1 - y * y),)


# %%
def forward(arrays, x, add):
    """`arrays` holds the weight and the bias of each layer, in turn."""
    kept = []
    for weight, bias in zip(arrays[::2], arrays[1::2]):
        x, of_matmul = my_matmul(x, weight)
        x, of_add = add(x, bias)
        x, of_tanh = my_tanh(x)
        kept.append((of_matmul, of_add, of_tanh))
    return x, kept


# %%
def backward(kept, g):
    """The gradient of each array, from that of the painter's output."""
    gradients = []
    for of_matmul, of_add, of_tanh in reversed(kept):
        (to_sum,) = of_tanh
        g = to_sum(g)
        to_product, to_bias = of_add
        bias, g = to_bias(g), to_product(g)
        to_x, to_weight = of_matmul
        weight, g = to_weight(g), to_x(g)
        gradients += [bias, weight]
    return gradients[::-1]


# %% [markdown]
# Training goes downhill. Each step also keeps 0.9 of the step before, which makes it faster; lesson 7 says why.


# %%
def paint(add):
    """The trained arrays, and the loss on the way."""
    places, target, losses = points(28), heart(points(28)), []
    arrays = fresh((2, 16, 16, 1))
    speeds = [0.0] * len(arrays)
    for _ in range(601):
        y, kept = forward(arrays, places, add)
        losses.append(np.mean((y - target) ** 2))
        gradients = backward(kept, 2 * (y - target) / y.size)
        speeds = [0.9 * speed + slope for speed, slope in zip(speeds, gradients)]
        arrays = [array - 0.1 * speed for array, speed in zip(arrays, speeds)]
    return arrays, losses


# %% [markdown]
# ### Too good to be true
#
# For `add` we take minae's. In minae it passes every test there is.

# %%
print(sum(array.size for array in fresh((2, 16, 16, 1))), "numbers")
arrays, losses = paint(add)
for step in (0, 200, 600):
    print(f"loss after {step:3} steps: {losses[step]:.5f}")
drawn, _ = forward(arrays, points(28), add)
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
    forward(arrays, points(84), add)
except ValueError as error:
    print(f"ValueError: {str(error)[:74]}")

# %% [markdown]
# **Find the bug and mend it.** Write your own `add` here, and run both cells until a heart appears. (When your
# exercise is done, take yours from there: `from exercise import add as my_add`. After each change of that file, restart
# the notebook's kernel.)


# %%
def my_add(a, b):
    return a + b, (lambda g: g, lambda g: g)


# %%
def paint_at_both_sizes(add):
    arrays, losses = paint(add)
    small, large = (forward(arrays, points(n), add)[0] for n in (28, 84))
    off = max(np.abs(array - t.data).max() for array, t in zip(arrays, tensors))
    print(f"loss {losses[-1]:.4f}, largest difference from minae's numbers {off:.0e}")
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
# Print the shapes of what was trained: `[array.shape for array in arrays]`. What should they be?
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# `array - 0.1 * speed` was itself broadcast. Who adds up the columns in minae? Who does here?
#
# </details>
#
# <details>
# <summary>The bug</summary>
#
# The biases have grown to one number for each pixel: shape (784, 16). The painter has not learned a heart. It has a
# bias of its own for each pixel, and so it repeats what it was shown. minae's `add` returns `g` and leaves the sum to
# the engine. Here there is no engine, so the vjp of the bias must sum.
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


start, x = fresh((2, 2, 2, 2)), points(9)
layers = list(zip(start[::2], start[1::2]))
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
# ## If you like: the engine, read aloud
#
# Two functions are the heart of minae. `differentiable` makes an op of Tensors out of a function of arrays, and
# `backward` walks. Here they are, whole, after an op of our own. A line with `@` above a function hands the function to
# what follows the `@`, and its name then stands for what comes back.


# %%
@minae.differentiable
def sine(x):
    return np.sin(x), (lambda g: g * np.cos(x),)


x = Tensor(np.array([[0.0, 1.0, 2.0]]), requires_grad=True)  # shape (1, 3)
(sine(x) * np.ones((4, 1))).sum().backward()  # stretched to (4, 3)
print("backward:", x.grad, "  by hand, 4 cos x:", 4 * np.cos(x.data))


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
# In the two folded listings:
#
# 1. `run` calls the op with a guard around it. The guard checks that the op returns a value and a tuple of vjps, and
#    names it in every error. `@wraps(op)` gives `lifted` the op's name and docstring.
# 2. `in_order` puts arguments that were passed by name into their places. So `args[0]` belongs to the first vjp.
# 3. `arrays` are the Tensors' arrays: the op must see arrays only. It runs once, and hands over both halves.
# 4. `record` gets `args`, not `arrays`: it must know which Tensors the arrays came from. It makes the edges of the
#    graph. These are the lines of it that matter:

# %%
read(record, 3, 9)

# %% [markdown]
# An [edge](../glossary.md#edge) has three parts. Where the gradient goes: to the node that made the input, or to the
# Tensor itself if it is a leaf. The vjp. And the input's place, for error messages. An input that needs no gradient
# gets no edge, so its vjp is dropped, with all that it had kept.
#
# The walk is that of lesson 2, and so are `uses`, `sums` and `ready`.

# %% tags=["hide-output"]
print("How the walk begins:")
read(autograd.backward, 1, 8)

# %%
read(autograd.backward, 9, 15)

# %% [markdown]
# 1. `sums.pop(node)` takes the finished gradient out, so that no array is held longer than needed.
# 2. `node.release()` hands over the edges, and the node forgets them. So its vjps let go of their arrays.
# 3. `call_vjp` calls `vjp(g)`, with a guard around it. In lesson 2 a *slope* was multiplied with $g$ here. Now the op
#    does that, because it alone knows its table.
# 4. `sum_to_shape` is minae's `unbroadcast`, the first function of your exercise. Compare them when you have yours.

# %%
read(autograd.backward, 16)

# %% [markdown]
# 1. A leaf: `accumulate` adds to its `.grad`, and that is all.
# 2. A node: what it has and the contribution make a *new* array. `add` sends one array to both of its inputs, so to
#    add into it in place would change the other's gradient.
# 3. One use fewer. At 0 the node is ready.
#
# ## Exercise
#
# `exercise.py` beside this lesson has seven functions to write, from `unbroadcast` to `log_softmax`, with a point for
# each. There is no engine, so each op sums its gradients back by itself. Two points are for `shortcut_gradients` of
# section 9, and one is for the experiment of section 3; their hints stand there. `python -m lessons grade 03` says
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
# photograph (28 x 28 points will do). With how few units can it still be recognised? Then print the network's numbers
# on a card: that is your picture, and it can be painted at any size.
#
# ## Expected results
#
# | section | what | you should have seen |
# |---|---|---|
# | 1 | tables of the weight and of exp | 64.2253 GB and 40.2821 GB |
# | 3 | from the output, from the input | 353,600 against 31,438,400 |
# | 3 | 784 -> 400 -> 100 -> m | cheaper from the input if m is at least 114 |
# | 7 | three ways to put rows back | only `np.add.at` agrees |
# | 8 | `mul(x + 1, x + 2)` keeps | 16 MB |
# | 9 | too good to be true | loss below 0.001, and an error when painted larger |
# | 9 | the mended painter | loss 0.0174; minae's numbers to about 1e-13 |
# | 9 | shortcuts, as given | loss 1.356, then 1.136, then 0.824 |
# | 9 | shortcuts, mended | loss 1.356, then 0.051, then 0.001 |
#
# ## What you now know
#
# - An op needs only $g \mapsto g^\top J$, its vjp, from the shape of the output to the shape of the input.
# - One loss and many inputs: multiply from the output. The price is memory.
# - Whatever was used several times collects the sum: stretched axes, repeated rows, values used twice.
# - The gradient has the input's shape. Equal sizes and few axes hide mistakes; different primes show them.
#
# ## Read next
#
# - Lesson 4, *When a gradient check lies*: how to know that a vjp is right.
# - `minae/ops/`: minae's ops, most of them a few lines long. `minae/tensors.py` makes ops of Tensors of them.
# - A. G. Baydin, B. A. Pearlmutter, A. A. Radul, J. M. Siskind, *Automatic Differentiation in Machine Learning: a
#   Survey*, Journal of Machine Learning Research 18 (2018). Forward and reverse mode, with history.
# - A. Griewank, A. Walther, *Evaluating Derivatives*, 2nd edition, SIAM (2008): the cost of reverse mode, proved.
