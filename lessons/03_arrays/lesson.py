# %% [markdown]
# # 3. From scalars to arrays
#
# In lesson 2 every node of the graph held one number. A layer of a real network holds a hundred thousand. Nobody
# wants a hundred thousand nodes, so the node becomes an array. We must find out what takes the place of "the slope".
#
# After this lesson you can
#
# - say what a vector-Jacobian product is, and why no library stores a Jacobian;
# - write the backward half of an array op: products, matrix products, sums, indexing, and whatever broadcasting does;
# - read minae's `differentiable`, and the ops that it lifts;
# - say what a graph keeps in memory, and for how long.
#
# You need lesson 1 (the central difference), lesson 2 (the walk back through a graph), and NumPy's arrays. Reading
# takes about 50 minutes, and the exercise 75.

# %%
import inspect
import tracemalloc
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np

import minae
from minae import Tensor, autograd
from minae.ops.arithmetic import add, exp, log, matmul, mul, tanh
from minae.ops.indexing import getitem, may_repeat
from minae.ops.reductions import sum_
from minae.ops.shapes import transpose
from minae.support.errors import GraphError
from minae.tensors import differentiable, record

rng = np.random.default_rng(0)
np.set_printoptions(precision=4, suppress=True)

# %% [markdown]
# ## 1. A table of slopes
#
# Take a function of two numbers that returns three:
#
# $$ y_0 = x_0 x_1, \qquad y_1 = x_0^2, \qquad y_2 = \sin x_1. $$
#
# Each output has a slope with respect to each input, so there are $3 \times 2$ slopes. Written as a table with one
# **row per output** and one **column per input** they are the **Jacobian**:
#
# $$ J_{ij} = \frac{\partial y_i}{\partial x_j}, \qquad
#    J = \begin{pmatrix} x_1 & x_0 \\ 2 x_0 & 0 \\ 0 & \cos x_1 \end{pmatrix}. $$
#
# Nudging input $j$ moves all outputs at once, so it measures a whole column. This is lesson 1's central difference.


# %%
def f(x):
    return np.array([x[0] * x[1], x[0] ** 2, np.sin(x[1])])


def jacobian(f, x, h=1e-6):
    """J[i, j] = dy_i / dx_j, by central differences. Arrays of any shape are read as one long row of numbers."""
    columns = []
    for place in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[place] = h
        columns.append((f(x + nudge) - f(x - nudge)).ravel() / (2 * h))
    return np.stack(columns, axis=1)


x = np.array([1.5, -0.7])
by_hand = np.array([[x[1], x[0]], [2 * x[0], 0], [0, np.cos(x[1])]])
print("by nudging:\n", jacobian(f, x))
print("by hand:\n", by_hand)
print(f"largest difference: {np.abs(jacobian(f, x) - by_hand).max():.0e}")

# %% [markdown]
# ## 2. Why nobody stores it
#
# *Predict:* 128 images of 28 × 28 pixels meet a weight matrix with 400 columns. How large is the table of the slopes
# of all outputs with respect to all weights, with 4 bytes a number?

# %%
images, hidden, weight = 128 * 784, 128 * 400, 784 * 400

for name, outputs, inputs in [
    ("exp of the images", images, images),
    ("images @ weight, by the weight", hidden, weight),
    ("the sum of the images", 1, images),
]:
    table, gradient = 4e-9 * outputs * inputs, 4e-6 * inputs
    print(f"{name:32} J is {outputs:>7,} x {inputs:>7,}: {table:7.4f} GB, and dL/d(input) {gradient:.2f} MB")

# %% [markdown]
# Two tables need 40 and 64 gigabytes, for one small layer. The last line shows what training asks for in the end: the
# slopes of **one** number, the loss. They have the size of the input itself.
#
# There is a second reason. The tables are almost empty, and what is in them repeats. Here are five small ones,
# measured by nudging; a dark cell is a slope that is not zero.


# %%
A, B = rng.standard_normal((3, 4)), rng.standard_normal((4, 2))
row = rng.standard_normal(4)
small_ops = {
    "exp(A)": (np.exp, A),
    "A @ B, by A": (lambda A: A @ B, A),
    "A.sum(axis=0)": (lambda A: A.sum(axis=0), A),
    "row, as 3 rows": (lambda row: np.broadcast_to(row, (3, 4)), row),
    "A[[0, 2, 2]]": (lambda A: A[[0, 2, 2]], A),
}

figure, panels = plt.subplots(1, 5, figsize=(9, 2.6), dpi=105, layout="constrained")
for panel, (name, (op, at)) in zip(panels, small_ops.items()):
    panel.imshow(jacobian(op, at) != 0, cmap="Blues", vmin=0, vmax=1.3)
    panel.set_title(name, fontsize=11)
    panel.set_xticks([])
    panel.set_yticks([])
    panel.set_xlabel(f"{at.size} inputs", fontsize=10)
    panel.set_ylabel(f"{op(at).size} outputs", fontsize=10)
plt.show()

# %% [markdown]
# *What we see.* `exp` has a diagonal: output $i$ looks at input $i$ alone. `A @ B` repeats one small block three
# times. The sum and the repeated row have the same picture, turned by 90 degrees and mirrored: one is the other's
# transpose. Keep that in mind for section 8. Each pattern is known in advance, so each op can do its part of the work
# without any table.
#
# ## 3. What we need instead: $g^\top J$
#
# Let $L$ be the loss, some function of $y$, and $y$ a function of $x$. Each $x_j$ reaches $L$ through all the $y_i$,
# and the contributions add up, as they did in lesson 2:
#
# $$ \frac{\partial L}{\partial x_j} = \sum_i \frac{\partial L}{\partial y_i} \frac{\partial y_i}{\partial x_j}
#    = \sum_i g_i J_{ij}, \qquad\text{in short}\qquad \frac{\partial L}{\partial x} = g^\top J
#    \quad\text{with}\quad g = \frac{\partial L}{\partial y}. $$
#
# $g$ is what arrives from the right end of the graph. It has **the shape of $y$**, and is called the **cotangent** of
# $y$ (or the upstream gradient). What we return has **the shape of $x$**. The step from the one to the other,
# $g \mapsto g^\top J$, is the **vector-Jacobian product**, or **vjp**.
#
# Try it with $L = \tfrac12 \sum_i y_i^2$, for which $g = y$:

# %%
y = f(x)
loss_slopes = jacobian(lambda x: 0.5 * np.sum(f(x) ** 2), x)[0]
print("dL/dx by nudging x and watching L:", loss_slopes)
print("g^T J:                            ", y @ jacobian(f, x))

# %% [markdown]
# Now the same without the table. Multiply out $g^\top J$ for our $f$, once and for all, and write the result as a
# function of $g$:
#
# $$ g^\top J = \big(\, g_0 x_1 + 2 g_1 x_0, \;\; g_0 x_0 + g_2 \cos x_1 \,\big). $$
#
# This is the form in which minae wants every op, and in which you will write the exercise. It is **a function of
# arrays that returns its value, and a tuple with one vjp for each input.** Mind the comma: `(vjp,)` is a tuple of one.


# %%
def f_with_vjp(x):
    def vjp(g):
        return np.array([g[0] * x[1] + 2 * g[1] * x[0], g[0] * x[0] + g[2] * np.cos(x[1])])

    return f(x), (vjp,)


y, (vjp,) = f_with_vjp(x)
print("the vjp:", vjp(y))


# %% [markdown]
# For `exp` the table is diagonal, $J_{ii} = e^{x_i} = y_i$, so $g^\top J$ is a plain elementwise product. One line
# replaces the 40 gigabytes:


# %%
def my_exp(x):
    y = np.exp(x)
    return y, (lambda g: g * y,)


y, (vjp,) = my_exp(A)
g = rng.standard_normal(y.shape)
print("g^T J, with the table:\n", (g.ravel() @ jacobian(np.exp, A)).reshape(A.shape))
print("the vjp:\n", vjp(g))

# %% [markdown]
# ### A judge without a table
#
# To test the vjps to come we need $g^\top J$ from a second source. Look at the single number
# $s(x) = \sum_i g_i\, y_i(x)$ with $g$ held fixed. Its slope with respect to $x_j$ is $\sum_i g_i J_{ij}$: exactly
# what the vjp must return. So nudge each element of $x$ and watch $s$. From here on this judges everything we write.


# %%
def measured_vjp(f, x, g, h=1e-6):
    """g^T J by central differences of the one number sum(g * f(x))."""
    slopes = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[place] = h
        slopes[place] = np.sum(g * (f(x + nudge) - f(x - nudge))) / (2 * h)
    return slopes


def judge(what, ours, f, x, g):
    measured = measured_vjp(f, x, g)
    if ours.shape != measured.shape:
        print(f"{what}: WRONG SHAPE, expected {measured.shape}, found {ours.shape}")
        return
    difference = np.abs(ours - measured).max()
    print(f"{what}: {'agrees' if difference < 1e-7 else 'WRONG'}, largest difference {difference:.0e}")


judge("exp", vjp(g), np.exp, A, g)
judge("exp, if g is forgotten", my_exp(A)[0], np.exp, A, g)

# %% [markdown]
# The second line is the most common first mistake: returning the slope instead of the vjp. The slope alone is right
# only where $g$ happens to be 1 everywhere.
#
# ### A vjp is linear in g
#
# $g^\top J$ is a row vector times a matrix, so for all numbers $\alpha, \beta$ and all cotangents $g, k$
#
# $$ \mathrm{vjp}(\alpha g + \beta k) = \alpha\, \mathrm{vjp}(g) + \beta\, \mathrm{vjp}(k). $$
#
# The op itself may be as curved as it likes; its vjp is linear. The engine lives on this: where a result is used
# twice, it adds the two cotangents first and calls the vjp once.

# %%
k = rng.standard_normal(y.shape)
print(f"exp:           {np.abs(vjp(2 * g - 3 * k) - (2 * vjp(g) - 3 * vjp(k))).max():.0e}")
squares_g = lambda g: g * g * y  # a mistake: no matrix does this
print(f"with a g twice: {np.abs(squares_g(2 * g - 3 * k) - (2 * squares_g(g) - 3 * squares_g(k))).max():.0e}")

# %% [markdown]
# ## 4. The order of the products
#
# Three ops one after another, $x \to u \to v \to L$, have the Jacobians $J_1, J_2, J_3$. The chain rule multiplies
# them: $\mathrm{d}L/\mathrm{d}x = J_3 J_2 J_1$. Matrix products may be grouped as we please. The result is
# the same; the work is not. A product of an $a \times b$ with a $b \times c$ matrix takes $abc$ multiplications.
#
# *Predict:* which grouping is cheaper for 784 inputs, layers of 400 and 100, and one loss? And for one input and 784
# outputs?


# %%
def multiplications(sizes):
    """For Jacobians of shapes (sizes[1], sizes[0]), (sizes[2], sizes[1]), ...: the work of both groupings."""
    first, last = sizes[0], sizes[-1]
    from_the_output = sum(last * b * a for a, b in pairwise(sizes[:-1]))  # (J3 J2) J1
    from_the_input = sum(c * b * first for b, c in pairwise(sizes[1:]))  # J3 (J2 J1)
    return from_the_output, from_the_input


for sizes in [(784, 400, 100, 1), (1, 400, 100, 784)]:
    back, forth = multiplications(sizes)
    print(f"{' -> '.join(map(str, sizes)):24} from the output: {back:>11,}   from the input: {forth:>11,}")

J1, J2, J3 = rng.standard_normal((400, 784)), rng.standard_normal((100, 400)), rng.standard_normal((1, 100))
print("the same numbers:", np.allclose((J3 @ J2) @ J1, J3 @ (J2 @ J1)))

# %% [markdown]
# *What we saw.* With one output, starting at the output is 89 times cheaper. On the way there is never more than one
# row, and a row times a Jacobian is a vjp. That is **reverse mode**, the walk of lesson 2. Starting at
# the input is **forward mode**; it wins when there is one input and many outputs, as the second line shows. In
# general reverse mode takes one walk for each *output* number and forward mode one for each *input* number. A network
# has one loss and millions of weights, so we walk back.
#
# Reverse mode has a price. The walk starts when the last value is known, and its vjps need values from the way
# forward: these must be kept. Section 12 measures how much.
#
# ## 5. add and mul
#
# For two arrays of one shape, $y_i = a_i + b_i$ and $y_i = a_i b_i$ have diagonal tables. On the diagonal of the sum
# are ones, on that of the product is the *other* input. So the vjps are $g$ and $g$, and $g\,b$ and $g\,a$. This is
# minae's real source, from `minae/ops/arithmetic.py`:

# %%
print(inspect.getsource(add))
print(inspect.getsource(mul))

# %% [markdown]
# Read `mul` aloud: *it takes arrays; its value is a·b; for the gradient of a, multiply g by b; for that of b,
# multiply g by a.* Each `lambda` remembers the arrays it mentions. Nothing else is saved, and nothing else needs to
# be.
#
# `mul` is a plain function of arrays. It knows neither Tensors nor the graph (section 11 makes an op of Tensors out of
# it). So we can put it before our judge as it is:

# %%
a, b = rng.standard_normal((2, 3, 4))
g = rng.standard_normal((3, 4))
value, (vjp_a, vjp_b) = mul(a, b)
judge("mul, by a", vjp_a(g), lambda a: a * b, a, g)
judge("mul, by b", vjp_b(g), lambda b: a * b, b, g)

# %% [markdown]
# ## 6. matmul, by indices
#
# $Y = A B$ with $A$ of shape $(n, k)$, $B$ of shape $(k, m)$, and $G = \partial L / \partial Y$ of shape $(n, m)$:
#
# $$ Y_{ij} = \sum_l A_{il} B_{lj}. $$
#
# Ask for one element, $A_{pq}$. It appears in row $p$ of $Y$ only, once for each column $j$, with the factor
# $B_{qj}$. So
#
# $$ \frac{\partial L}{\partial A_{pq}}
#    = \sum_{ij} G_{ij} \frac{\partial Y_{ij}}{\partial A_{pq}}
#    = \sum_j G_{pj} B_{qj}
#    = \sum_j G_{pj} (B^\top)_{jq} = (G B^\top)_{pq}. $$
#
# In the same way $B_{pq}$ appears in column $q$ of $Y$, once for each row $i$, with the factor $A_{ip}$:
#
# $$ \frac{\partial L}{\partial B_{pq}} = \sum_i G_{iq} A_{ip} = \sum_i (A^\top)_{pi} G_{iq} = (A^\top G)_{pq}. $$
#
# **To remember it, use the shapes.** dL/dA must be $(n, k)$. There are $G: (n, m)$ and $B: (k, m)$. Only one product
# of the two has that shape:
#
# $$ (n, m)\,(m, k) = G B^\top. $$

# %%
A, B = rng.standard_normal((3, 5)), rng.standard_normal((5, 2))
G = rng.standard_normal((3, 2))
judge("G B^T", G @ B.T, lambda A: A @ B, A, G)
judge("A^T G", A.T @ G, lambda B: A @ B, B, G)

# %% [markdown]
# The shapes help the memory; they prove nothing. If all sizes are equal, every product fits.
#
# *Predict:* what does the judge say?

# %%
A4, B4, G4 = rng.standard_normal((3, 4, 4))
judge("G B, without the transpose, 4 x 4", G4 @ B4, lambda A: A @ B4, A4, G4)

# %% [markdown]
# The shape is right, the numbers are wrong, and no error is raised. So **try your code on sizes that all differ.**
# Different primes are best: then no size can stand for another, nor for a product of others.
#
# How expensive is this? Forward takes $nkm$ multiplications, each of the two vjps $nkm$ again. A walk back through a
# network of matrix products costs about twice the way forward, however many weights there are.
#
# minae's `matmul` says the same in its first line, where `xp_of(a)` is the library that a belongs to, here NumPy. The
# two checks raise errors that explain themselves. The rest makes rows and columns of 1-D inputs. `swapaxes(-1, -2)` is
# the transpose of the last two axes only, so that stacks of matrices work too.

# %%
print(inspect.getsource(matmul))

# %% [markdown]
# ## 7. sum
#
# $y_i = \sum_j x_{ij}$. Each $x_{ij}$ enters exactly one sum, with slope 1. So its gradient is that sum's cotangent,
# $g_i$, for every $j$: **the gradient is g, repeated along the axis that was summed.**
#
# One practical point. `x.sum(axis=1)` has lost that axis: $x$ is $(3, 5)$ and $g$ is $(3,)$. NumPy lines shapes up
# from the *last* axis. So before g can be repeated the lost axis has to come back, with size 1.

# %%
x = rng.standard_normal((3, 5))
g = rng.standard_normal(3)
restored = np.broadcast_to(g[:, None], x.shape)
judge("g with its axis restored", restored, lambda x: x.sum(axis=1), x, g)

try:
    np.broadcast_to(g, x.shape)
except ValueError as error:
    print("without:", error)

square, g4 = rng.standard_normal((4, 4)), rng.standard_normal(4)
judge("without, on a square", np.broadcast_to(g4, square.shape), lambda x: x.sum(axis=1), square, g4)

# %% [markdown]
# Again the square hides what (3, 5) reports at once.
#
# ## 8. What broadcasting does backwards
#
# A layer adds one row of biases to every row of a batch: $(4, 3) + (3,)$. NumPy *stretches* the bias:
# $y_{ij} = a_{ij} + b_j$ uses each $b_j$ four times. You know from lesson 2 what happens to a value that is used four
# times: **its four gradients add up.**
#
# $$ \frac{\partial L}{\partial b_j} = \sum_i g_{ij}. $$
#
# The same with $(4, 3) \cdot (4, 1)$: $y_{ij} = a_{ij} c_i$ uses each $c_i$ three times, with the factor $a_{ij}$.
# So $\partial L / \partial c_i = \sum_j g_{ij} a_{ij}$. First multiply, then sum.

# %%
a, b, c = rng.standard_normal((4, 3)), rng.standard_normal(3), rng.standard_normal((4, 1))
g = rng.standard_normal((4, 3))
judge("(4, 3) + (3,),   summed over axis 0", g.sum(axis=0), lambda b: a + b, b, g)
judge("(4, 3) * (4, 1), summed over axis 1", (g * a).sum(axis=1, keepdims=True), lambda c: a * c, c, g)
judge("(4, 3) * (4, 1), axis dropped", (g * a).sum(axis=1), lambda c: a * c, c, g)
judge("(4, 3) + (3,),   not summed", g, lambda b: a + b, b, g)

# %% [markdown]
# So there are two ways to be stretched, and one rule. An axis that was **added in front** is summed away. An axis
# that had **size 1** is summed and stays, with size 1. The result must have the shape of the input, always.
#
# Forward a repetition, backward a sum; and in section 7, forward a sum, backward a repetition. That is the pair of
# pictures from section 2: $J$ of the one is $J^\top$ of the other.
#
# ### When nobody complains
#
# A forgotten sum mostly ends in a wrong shape and an error. Not here. We fit a line to 20 noisy points, by hand. The
# bias starts with shape (1,).
#
# *Predict:* is the final loss of the wrong version higher or lower?


# %%
def fit(sum_the_bias_gradient):
    points = np.random.default_rng(1)
    x = points.standard_normal(20)
    target = 3 * x + 1 + points.standard_normal(20)
    slope, bias = 0.0, np.zeros(1)
    for _ in range(500):
        g = 2 * (slope * x + bias - target) / 20  # dL/d(prediction) of the mean squared error
        g_bias = g.sum(keepdims=True) if sum_the_bias_gradient else g
        slope, bias = slope - 0.3 * (g * x).sum(), bias - 0.3 * g_bias
    return np.mean((slope * x + bias - target) ** 2), bias.shape


for wanted in (True, False):
    loss, shape = fit(wanted)
    print(f"summed: {wanted!s:5}  final loss {loss:.2g}  bias of shape {shape}")

# %% [markdown]
# *What we saw.* The wrong version has a loss of practically 0. `bias - 0.3 * g` was itself broadcast, so the bias
# grew to one number per point. With a bias of its own for each point, the fit repeats the noise as well. It looks
# like a triumph and is a bug. (`bias -= ...`, in place, would have raised an error.)
#
# ### The engine does it once for all ops
#
# minae's `add` returns plain g for both inputs, whatever their shapes. That is no mistake: the engine knows each
# input's shape, and sums what an op returns back to it. So no op has to think of it, and none can forget.

# %%
print(inspect.getsource(autograd.sum_to_shape))

# %% [markdown]
# Line by line. `gradient` is what the vjp returned, and `shape` is the input's shape.
#
# 1. `added` counts the axes that broadcasting has added in front.
# 2. `repeated` lists the axes of size 1 in the input, by their numbers in the gradient. Axis 0 of the input is axis
#    `added` there. (If such an axis was not stretched, it has size 1 in the gradient too. Then the sum changes
#    nothing.)
# 3. Both kinds are summed at once. `keepdims=True` leaves each of them in its place, with size 1.
# 4. `reshape` drops the axes in front. The others already have the input's sizes.
#
# Take a gradient of shape (2, 5, 3), and an input of shape (5, 1). Then `added` is 1 and `repeated` is [2]. `summed`
# has the shape (1, 5, 1), and the result (5, 1). A gradient that could not be summed to `shape` never comes this far:
# section 11 says what stops it.
#
# ## 9. Indexing: gradients go back where they came from
#
# `y = x[[0, 2, 2]]` copies rows 0, 2 and 2. Going back, each row of g belongs to the place it was copied from, and
# all other places get 0. Row 2 was used twice, so it must get the **sum** of two rows of g.
#
# *Predict:* which of these three ways are right?

# %%
x, rows = rng.standard_normal((4, 2)), np.array([0, 2, 2])
g = rng.standard_normal((3, 2))

assigned = np.zeros_like(x)
assigned[rows] = g

incremented = np.zeros_like(x)
incremented[rows] += g

added = np.zeros_like(x)
np.add.at(added, rows, g)

judge("grad[rows] = g        ", assigned, lambda x: x[rows], x, g)
judge("grad[rows] += g       ", incremented, lambda x: x[rows], x, g)
judge("np.add.at(grad, ...)  ", added, lambda x: x[rows], x, g)

# %% [markdown]
# The second surprises most people. NumPy computes `grad[rows] + g` first, from the zeros that are there, and then
# assigns. The last of the two rows wins, as in the first way. `np.add.at` adds them one after another. This happens
# in every table of word vectors, where a common word appears many times in one batch.
#
# minae's version, from `minae/ops/indexing.py`. `may_repeat` asks whether an index can name a place twice. Slices and
# whole numbers cannot, and neither can arrays of True and False. For them plain assignment is right, and faster.
# (`as_index` puts an index into one of the forms that NumPy knows.)

# %%
print(inspect.getsource(getitem))
print(inspect.getsource(may_repeat))

# %% [markdown]
# ## 10. Ops that only move numbers
#
# `reshape` and `transpose` change no value. Each output is one input, so the table holds a single 1 in each row and
# column, and the vjp moves g **back**. For a permutation of axes, back means the *inverse* permutation, which
# `np.argsort` finds.

# %%
x, axes = rng.standard_normal((2, 3, 5)), (1, 2, 0)
y = x.transpose(axes)
g = rng.standard_normal(y.shape)
print("x", x.shape, "-> y", y.shape, "  inverse of", axes, "is", tuple(np.argsort(axes).tolist()))
judge("permuted back", g.transpose(np.argsort(axes)), lambda x: x.transpose(axes), x, g)
judge("permuted once more", g.transpose(axes), lambda x: x.transpose(axes), x, g)
cube, g_cube = rng.standard_normal((2, 4, 4, 4))
judge("once more, on a cube", g_cube.transpose(axes), lambda x: x.transpose(axes), cube, g_cube)
print(inspect.getsource(transpose))

# %% [markdown]
# Two axes swapped twice are back where they were, so with matrices "once more" and "back" are the same. Only three
# axes, in a cycle, tell them apart. A test with too few axes is like a test with equal sizes.
#
# ## 11. The engine, read aloud
#
# Three functions are the heart of the engine. Here they are, one after another, with nothing cut. The first is
# `differentiable`. It takes an op, a function of arrays, and returns `lifted`, a function of Tensors.

# %%
print(inspect.getsource(differentiable))

# %% [markdown]
# Line by line:
#
# 1. `run, name, signature = ...` is done once, when the op is lifted. `run` calls the op, with a guard around it. The
#    guard raises an error if the op does not return a pair: a value, and a tuple of vjps. An error from inside the op
#    is raised again, with the op's name and its inputs' shapes. A value that is a plain number becomes an array
#    without axes. (The guards are in `minae/support/op_contract.py`. You need not read them.)
# 2. `@wraps(op)` gives `lifted` the name and the docstring of the op, and keeps the op as `lifted.__wrapped__`.
# 3. `if options:` is about arguments that are passed by name. `in_order` puts them in their places. After that,
#    `args[0]` belongs to the op's first parameter, and so to its first vjp.
# 4. `arrays = [...]` unwraps: of each Tensor it takes the array. The op must see arrays only. Other arguments, say the
#    axis of a sum, go to the op as they are. (`plain` turns special kinds of NumPy arrays, such as `np.matrix`, into
#    ordinary ones.)
# 5. `value, vjps = run(arrays, options)`: the op runs, once, and hands over both halves.
# 6. `return record(...)` gets `args`, not `arrays`: it must know which Tensors the arrays came from.
#
# The second function notes what `backward` will need, and makes a Tensor of the value:

# %%
print(inspect.getsource(record))

# %% [markdown]
# 1. `inside_no_grad()` counts the `with minae.no_grad():` blocks that are open. Inside one, there are no edges.
# 2. The loop looks at each argument. One that is not a Tensor, or a Tensor that needs no gradient, gets no edge. Its
#    vjp is dropped: once the op has returned, nobody holds it. An array that it alone has kept is then freed.
# 3. `if index >= len(vjps)`: an input needs a gradient, but the op has no vjp for it. This is an error.
# 4. An edge is a tuple of three. First, where the gradient goes. This is the Node that made the input (`arg._node`),
#    or the Tensor itself if it is a leaf (`or arg`). Second, the vjp. Third, the input's place among the arguments,
#    for error messages.
# 5. The rest builds the result without the checks of `Tensor(...)`: the value is known to be an array. If there are
#    edges, a Node holds them. If there are none, there is no Node, and no walk can pass through here.
# 6. A result needs a gradient if and only if it has a Node.
# 7. The vjps hold the inputs' own arrays, not copies. What if somebody writes into one of them before `backward`? Then
#    the gradient would be wrong. `shared_moment` and `moments` note who shares memory with whom, and what was used
#    when. So `backward` can see such a change, and raises an error. (`minae/support/changes.py`; you need not read it.)
#
# `mul` of section 5 becomes an op of Tensors in one line of `minae/tensors.py`: `differentiable(arithmetic.mul)`.
# Lift it yourself, and look at what is recorded. Here only a needs a gradient:

# %%
a, b = Tensor(np.array([1.0, 2.0]), requires_grad=True), Tensor(np.array([3.0, 4.0]))
product = differentiable(mul)(a, b)
print(product)
for destination, vjp, index in product._node.edges:
    print(f"an edge to a: {destination is a}, its vjp of ones: {vjp(np.ones(2))}, input {index}")

# %% [markdown]
# One edge, for a. Its vjp multiplies by b. The other vjp is gone.
#
# The third function is the walk, `autograd.backward`. You know it from lesson 2.

# %%
print(inspect.getsource(autograd.backward))

# %% [markdown]
# 1. `uses`, `sums` and `ready` are those of lesson 2. `g` is the gradient that the walk begins with.
# 2. `ready.pop()` takes a node whose every use has reported. Its gradient `g` is complete. `sums.pop(node)` takes it
#    out, so that no array is held longer than needed.
# 3. `node.release()` hands over the edges, and the node forgets them. So the vjps are let go of after their turn, and
#    they let go of their arrays. Section 12 measures this. (It also checks that no input has been changed since.)
# 4. `call_vjp(...)` calls `vjp(g)`. In lesson 2 a *slope* was multiplied with g here. Now the op does it, because it
#    alone knows its table. `call_vjp` is a guard too. What comes back must be an array of real numbers, and its shape
#    must be one that sums to the input's. If not, the error names the op and the input. The array also gets the input's
#    dtype.
# 5. `sum_to_shape` sums over stretched axes (section 8), if the shapes differ.
# 6. `if type(destination) is not Node`: the input is a leaf. `accumulate` adds to its `.grad`, and that is all.
# 7. Else the destination is a Node. Its gradient so far and the contribution make a *new* array. The old one must not
#    change, because it may have been sent to two places. (`as_array` is about arrays without axes: NumPy makes plain
#    numbers of their sums.)
# 8. One use fewer. At 0 the destination is ready.
#
# `@minae.differentiable` above a function lifts it. So an op of your own takes three lines, and takes part in
# everything:


# %%
@minae.differentiable
def sine(x):
    return np.sin(x), (lambda g: g * np.cos(x),)


x = Tensor(np.array([[0.0, 1.0, 2.0]]), requires_grad=True)  # shape (1, 3)
loss = (sine(x) * np.ones((4, 1))).sum()  # stretched to (4, 3)
loss.backward()
print("backward:", x.grad, "  by hand, 4 cos x:", 4 * np.cos(x.data))

# %% [markdown]
# ## 12. What a graph keeps in memory
#
# The lambdas keep the arrays that they mention, and nothing else. Python's `tracemalloc` counts bytes, NumPy's
# included, so we can measure it. We run each op on a million numbers (8 MB), throw the value away, and look at what
# stays because of the vjps.
#
# *Predict:* which vjps need the output, which the input, which neither?


# %%
def megabytes():
    return tracemalloc.get_traced_memory()[0] / 1e6


def report_kept(name, run):
    before = megabytes()
    result = run()
    vjps = result[1]
    del result
    print(f"{name:34} {len(vjps)} vjp(s) keep {megabytes() - before:5.1f} MB more")


tracemalloc.start()
x = rng.standard_normal(1_000_000) ** 2
report_kept("add(x, x):       g, g", lambda: add(x, x))
report_kept("exp(x):          g y", lambda: exp(x))
report_kept("tanh(x):         g (1 - y²)", lambda: tanh(x))
report_kept("log(x):          g / x", lambda: log(x))
report_kept("mul(x, x):       g b, g a", lambda: mul(x, x))
report_kept("mul(x+1, x+2):   g b, g a", lambda: mul(x + 1, x + 2))
report_kept("sum(x):          g, repeated", lambda: sum_(x))

# %% [markdown]
# - `add` and `sum` keep nothing: no array appears in their vjps. That of `sum` remembers a shape.
# - `exp` and `tanh` keep their **output**, from which the slope is cheapest to compute.
# - `log` and `mul` keep their **inputs**. For `x` that costs nothing extra, since we hold it anyway. `x + 1` and
#   `x + 2` were temporary results: nobody but the vjps holds them, and there they stay, 16 MB.
#
# ### Up on the way forward, down on the way back
#
# Now a chain of 12 ops. An op of our own, `probe`, changes nothing and notes the memory in use, in both directions. (A
# walk that begins at an array needs a g to begin with, of its shape: `y.backward(g)`. A single number begins with 1.)


# %%
def memory_along(step, depth=12):
    """Megabytes in use after each op of a chain, and before each vjp on the way back."""
    readings = []

    @minae.differentiable
    def probe(y):
        readings.append(megabytes() - start)

        def vjp(g):
            readings.append(megabytes() - start)
            return g

        return y, (vjp,)

    x = Tensor(np.full(250_000, 0.5), requires_grad=True)  # 2 MB
    start = megabytes()
    y = x
    for _ in range(depth):
        y = probe(step(y))
    y.backward(np.ones(y.shape))
    return readings


figure, panel = plt.subplots(figsize=(6, 4.1), dpi=105, layout="constrained")
for name, step, style in [
    ("y * y: keeps its input", lambda y: y * y, {"color": "C1", "linewidth": 6, "alpha": 0.4}),
    ("tanh(y): keeps its output", lambda y: y.tanh(), {"color": "C0", "marker": "o"}),
    ("y + y: keeps nothing", lambda y: y + y, {"color": "C2", "linewidth": 6, "alpha": 0.4}),
    ("y * 0.9: keeps nothing", lambda y: y * 0.9, {"color": "C3", "marker": "x", "linestyle": ":"}),
]:
    readings = memory_along(step)
    panel.plot(readings, markersize=4, label=f"{name}, peak {max(readings):.0f} MB", **style)
panel.axvline(11.5, color="grey", linewidth=0.8)
panel.text(11.2, 32, "forward", ha="right", color="grey")
panel.text(11.8, 32, "backward", ha="left", color="grey")
panel.set_xlabel("op number, there and back")
panel.set_ylabel("memory of the graph (MB)")
panel.set_ylim(0, 35)
figure.legend(loc="outside lower center", ncols=2, fontsize=9)
plt.show()

# %% [markdown]
# *What we saw.* The curves of `tanh` and of `y * y` (the broad one below it) climb together by 2 MB an op. Every
# value on the way is kept for the way back. When backward begins they rise once more, from 24 to 30 and 28 MB. The
# first cotangents are made while all kept values are still there. Then the memory falls step by step, because
# `backward` takes the edges off each Node as it passes (`node.release()`). The lambdas go, and with them the
# arrays they kept. `y + y` stays low: the values on the way are freed at once. What is left at the end is the result
# and a few cotangents on their way.
#
# And `y * 0.9`? Its first vjp is `g * b` and keeps only 0.9. Its second, `g * a`, would keep y. But nobody needs a
# gradient of 0.9, so `record` dropped that lambda (point 2 about `record`, section 11).
#
# The walk frees the graph, so there is no second walk through it. Where no gradient is wanted at all, `no_grad()`
# records nothing. It can stand in a `with` line, or be put around a function, as below:

# %%
y = Tensor(np.ones(3), requires_grad=True).tanh().sum()
y.backward()
try:
    y.backward()
except GraphError as error:
    print(f"{type(error).__name__}: {error}")


def twelve_tanh(x):
    for _ in range(12):
        x = x.tanh()
    return x


x = Tensor(np.full(250_000, 0.5), requires_grad=True)
for name, run in [("recorded", twelve_tanh), ("under no_grad()", minae.no_grad()(twelve_tanh))]:
    start = megabytes()
    y = run(x)
    print(f"12 times tanh, {name:15}: {megabytes() - start:4.1f} MB")
    del y
tracemalloc.stop()

# %% [markdown]
# ## 13. A network, by hand
#
# Everything together: 5 examples with 7 numbers each, a hidden layer of 3, two outputs, mean squared error. Three ops
# in our form. `linear` has three inputs, so it returns three vjps: those of matmul, and for the bias the sum over the
# batch.


# %%
def linear(x, weight, bias):
    return x @ weight + bias, (lambda g: g @ weight.T, lambda g: x.T @ g, lambda g: g.sum(axis=0))


def my_tanh(x):
    y = np.tanh(x)
    return y, (lambda g: g * (1 - y * y),)


def mean_square(x):
    return np.mean(x * x), (lambda g: g * 2 * x / x.size,)


x, target = rng.standard_normal((5, 7)), rng.standard_normal((5, 2))
W1, b1 = 0.5 * rng.standard_normal((7, 3)), rng.standard_normal(3)
W2, b2 = rng.standard_normal((3, 2)), rng.standard_normal(2)

# Forward: keep the vjps.
a, (_, to_W1, to_b1) = linear(x, W1, b1)
h, (to_a,) = my_tanh(a)
y, (to_h, to_W2, to_b2) = linear(h, W2, b2)
loss, (to_error,) = mean_square(y - target)

# Backward: call them in reverse, each with the gradient of what its op returned.
g_y = to_error(1.0)  # dL/dL = 1; and y - target hands its cotangent on to y unchanged
g_W2, g_b2 = to_W2(g_y), to_b2(g_y)
g_a = to_a(to_h(g_y))
g_W1, g_b1 = to_W1(g_a), to_b1(g_a)

# %% [markdown]
# And the same by `backward()`:

# %%
tensors = [Tensor(p, requires_grad=True) for p in (W1, b1, W2, b2)]
tW1, tb1, tW2, tb2 = tensors
error = (Tensor(x) @ tW1 + tb1).tanh() @ tW2 + tb2 - target
minae_loss = (error * error).mean()
minae_loss.backward()

print(f"loss by hand {loss:.10f}, by minae {minae_loss.item():.10f}")
for name, ours, tensor in zip(["W1", "b1", "W2", "b2"], [g_W1, g_b1, g_W2, g_b2], tensors):
    print(f"dL/d{name}: shape {ours.shape!s:6}, largest difference {np.abs(ours - tensor.grad).max():.0e}")

judge(
    "dL/dW1, by nudging",
    g_W1,
    lambda W: mean_square(linear(my_tanh(linear(x, W, b1)[0])[0], W2, b2)[0] - target)[0],
    W1,
    1.0,
)

# %% [markdown]
# You have computed the gradient of a network by hand, and `backward()` does exactly what you did. It only keeps the
# list of vjps for you, and walks it in the right order.
#
# ## What you now know
#
# - The Jacobian $J_{ij} = \partial y_i / \partial x_j$ of an array op is a huge table and mostly empty. An op needs
#   only $g \mapsto g^\top J$, its vjp. It takes the shape of the output to the shape of the input, and is linear in
#   g.
# - One loss and many inputs: multiply from the output (reverse mode). The price is memory.
# - `add`: g, g. `mul`: g b, g a. `matmul`: $G B^\top$, $A^\top G$. `sum`: g, repeated.
# - Whatever was used several times collects the sum: stretched axes, repeated indices, values with two readers.
# - The gradient has the input's shape. Equal sizes hide mistakes; different primes show them.
# - Lambdas keep arrays alive from the op until the walk has passed.
#
# ## Expected results
#
# | section | what | you should have seen |
# |---|---|---|
# | 2 | tables of exp and of the weight | 40.2821 GB and 64.2253 GB |
# | 4 | the two groupings | 353,600 against 31,438,400 |
# | 8 | the fit with, without the sum | loss 1.2 with a bias of shape (1,); below 1e-10 with shape (20,) |
# | 9 | three ways to scatter | only `np.add.at` agrees |
# | 12 | peaks of tanh, y \* y, y + y | about 30, 28 and 8 MB |
# | 12 | twelve times tanh, recorded; not | 24 MB; 2 MB |
# | 13 | by hand against minae | equal to about 1e-16 |
#
# ## Now you
#
# Open `exercise.py` beside this lesson and fill in its seven functions, from `unbroadcast` to `log_softmax`. Check
# them with `python -m lessons grade 03`.
#
# ## Read next
#
# - Lesson 4, *When a gradient check lies*: how to know that a vjp is right.
# - `minae/ops/`: 18 ops, most of them a few lines long. `minae/tensors.py` lifts them, below its class Tensor.
# - A. G. Baydin, B. A. Pearlmutter, A. A. Radul, J. M. Siskind, *Automatic Differentiation in Machine Learning: a
#   Survey*, Journal of Machine Learning Research 18 (2018). Forward and reverse mode, with history.
# - A. Griewank, A. Walther, *Evaluating Derivatives*, 2nd edition, SIAM (2008): the cost of reverse mode, proved.
