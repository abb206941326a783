# %% [markdown]
# # 8. Convolution

# %% tags=["hide-input"]
# minae finds eight filters. At the end of this lesson your own ops do the same.
import os
from inspect import unwrap
from time import perf_counter

import matplotlib.pyplot as plt
import numpy as np

import minae
from lessons import drawing
from minae import Tensor
from minae import functional as F

np.set_printoptions(precision=4, suppress=True)
rng = np.random.default_rng(0)

images, labels = minae.data.mnist("train")
test, digits = minae.data.mnist("test")
count = 3_000 if "MINAE_QUICK" in os.environ else 60_000
batches = np.random.default_rng(0).permutation(len(images))[:count].reshape(-1, 100)


def start(size=0.03, seed=4):
    """Eight random filters, their biases; and of a linear layer the weight and bias."""
    draw = np.random.default_rng(seed).standard_normal
    weight = draw((10, 968)) / np.sqrt(968)
    filters = size * draw((8, 1, 7, 7))
    return [a.astype("float32") for a in (filters, np.zeros(8), weight, np.zeros(10))]


def colour(panel, numbers, largest=None):
    """Numbers around 0: red is positive, blue is negative."""
    largest = largest or np.abs(numbers).max()
    panel.imshow(numbers, cmap="RdBu_r", vmin=-largest, vmax=largest)
    panel.set(xticks=[], yticks=[])


def grey(panel, picture, brightest=1.0):
    panel.imshow(picture, cmap="gray", vmin=0, vmax=brightest)
    panel.set(xticks=[], yticks=[])


def show_filters(frame):
    step, filters, bias = frame
    maps = F.conv2d(Tensor(test[:1]), Tensor(filters), Tensor(bias)).numpy()[0]
    panels = drawing.grid(2, 9, size=(7.6, 2.1))
    panels[0, 0].axis("off")
    panels[0, 0].text(0.5, 0.5, f"{100 * step:,}\npictures", ha="center", va="center")
    grey(panels[1, 0], test[0, 0])
    for above, below, one, found in zip(panels[0, 1:], panels[1, 1:], filters, maps):
        colour(above, one[0])
        grey(below, np.maximum(found, 0), max(found.max(), 1e-9))
    return panels[0, 0]


tensors = [Tensor(array, requires_grad=True) for array in start()]
speeds, frames = [0.0] * 4, []
for step, batch in enumerate(batches):
    if step in (0, 10, 30, 100, 300):
        frames.append((step, tensors[0].data, tensors[1].data))
    found = F.relu(F.conv2d(Tensor(images[batch]), *tensors[:2]))
    logits = F.linear(F.max_pool2d(found, 2).reshape(100, 968), *tensors[2:])
    F.cross_entropy(logits, labels[batch]).backward()
    speeds = [0.9 * v + tensor.grad for v, tensor in zip(speeds, tensors)]
    for v, tensor in zip(speeds, tensors):
        tensor.data, tensor.grad = tensor.data - 0.05 * v, None
frames.append((len(batches), tensors[0].data, tensors[1].data))

drawing.animate(
    show_filters,
    frames,
    alt="Above, eight squares of 7 x 7 numbers turn from noise into bars and edges of "
    "different directions. Below, where each of them finds something in a 7.",
    seconds=0.9,
)

# %% [markdown]
# The upper squares are eight [filters](../glossary.md#filter), 49 numbers each. Below each stands a map of one
# handwritten 7: bright where the filter found something. The filters begin as noise. After 60,000 pictures each has
# become a piece of a stroke: a bar or an edge, in a direction of its own. Nobody drew them.
#
# Networks that look at pictures begin with such filters, whether they read addresses or search X-rays. At the end of
# this lesson you find eight of your own, with ops that you wrote. On the way there is one question: a bar can be
# anywhere in a picture. **How does a filter know where to look?**
#
# You need lesson 3 (vjps). Section 8 trains with the linear layer, the loss and the loop of lessons 5 to 7. Reading
# takes 40 minutes, with a guess before each answer.
#
# ## 1. A window walks
#
# Lay a filter on the picture, with its corner at row $p$ and column $q$. Multiply each of its numbers with the pixel
# below, and add up. That is one output. Then move on to the next place.
#
# $$ y_{pq} = \sum_{i,j} w_{ij}\, x_{p+i,\,q+j} $$
#
# (The first cell has loaded MNIST. Its test picture `test[0, 0]` is our 7, with numbers from 0, black, to 1, white.)


# %%
def slide(x, w):
    """y[p, q]: the filter w on the window of x whose corner is at (p, q)."""
    (rows, columns), (kh, kw) = x.shape, w.shape
    y = np.zeros((rows - kh + 1, columns - kw + 1))
    for p, q in np.ndindex(y.shape):
        y[p, q] = np.sum(x[p : p + kh, q : q + kw] * w)
    return y


upper_less_lower = np.array([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0], [-1.0, -1.0, -1.0]])
print("a picture of 28 x 28 makes a map of", slide(test[0, 0], upper_less_lower).shape)

# %% [markdown]
# The part of the picture below the filter is a *window*. There is no place for a window that hangs over the edge, so
# the map is a little smaller: $28 - 3 + 1 = 26$.
#
# This is what networks call [convolution](../glossary.md#convolution). (Mathematicians turn the filter by 180 degrees
# first. A network finds its own filters, so it does not matter which way round they are.)
#
# **Guess:** this filter adds the row above and subtracts the row below. We lay it on the 7. Where will the map be
# positive, where negative, and where 0?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("The picture and its map:")
seven = test[0, 0].astype(float)
panels = drawing.grid(1, 2, size=(4.6, 2.2)).flat
grey(panels[0], seven)
colour(panels[1], slide(seven, upper_less_lower))
drawing.show(
    panels[0],
    alt="A 7. In its map the lower edges of the strokes are red, the upper edges blue, "
    "and the ground and the inside of the strokes pale.",
)

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# Red is positive. Along the lower edge of a stroke there is chalk above and blackboard below, so the sum is positive.
# Along the upper edge it is the other way round. On the empty ground, and in the middle of a thick stroke, above and
# below are the same and cancel. The filter finds edges that lie flat, with the sign of the edge. Slanted edges are
# paler.
#
# </details>
#
# **Guess:** now the 7 stands 3 rows lower and 2 columns further to the right. What happens to the map?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("The map of the moved picture, against the moved map:")
wide = np.pad(seven, 4)  # room to move: 4 black pixels on each side
move = lambda picture: np.roll(picture, (3, 2), axis=(0, 1))
moved_first = slide(move(wide), upper_less_lower)
moved_after = move(slide(wide, upper_less_lower))
print(f"largest difference {np.abs(moved_first - moved_after).max()}")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# The map moves in the same way, exactly. Each window contains what it contained before, 3 rows lower and 2 columns
# further. This is called [equivariance](../glossary.md#equivariance).
#
# </details>
#
# So a filter does not know where to look. It looks everywhere, and the *map* says where it found something. There
# must be a place where "everywhere" is written down. Let us find it.
#
# ## 2. A matrix that one can see
#
# If the picture is twice as bright, so is the map. The map of a sum of two pictures is the sum of their maps. So
# `slide` is linear in the picture. Every linear function is a matrix, if we write picture and map as long columns:
# $y = A x$.
#
# Which matrix? Light one pixel, number $k$, and leave all others dark. Then $A x$ is column $k$ of $A$. So we get all
# columns by lighting one pixel after another.


# %%
def matrix_of(linear_function, shape):
    """The matrix of a function that is linear in an array of this shape."""
    columns = []
    for place in np.ndindex(shape):
        pixel = np.zeros(shape)
        pixel[place] = 1.0
        columns.append(linear_function(pixel).ravel())
    return np.stack(columns, axis=1)


# %%
x = np.zeros((6, 7))
x[[1, 1, 1, 1, 1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 4, 3, 2, 2]] = 1.0  # a small 7
w = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
A = matrix_of(lambda x: slide(x, w), x.shape)
by_matrix = (A @ x.ravel()).reshape(4, 6)
print("shape of A:", A.shape, " A x is slide:", np.array_equal(by_matrix, slide(x, w)))

# %% [markdown]
# **Guess:** $A$ has $24 \cdot 42 = 1008$ numbers. How many are not 0? And how many *different* numbers are there?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("The numbers in the matrix:")
print(np.count_nonzero(A), "are not 0; the different ones are", np.unique(A))
y = slide(x, w)


def walk(step):
    """The window, the map so far, and the matrix with the row of this place lit."""
    p, q = divmod(step, 6)
    widths = {"width_ratios": [1, 0.9, 2.1]}
    figure = plt.figure(figsize=(7.6, 2.5), dpi=drawing.DPI, layout="constrained")
    panels = figure.subplots(1, 3, gridspec_kw=widths)
    frame = {"fill": False, "edgecolor": "C1", "linewidth": 3}
    grey(panels[0], 0.8 * x)
    panels[0].add_patch(plt.Rectangle((q - 0.5, p - 0.5), 2, 3, **frame))
    so_far = np.where(np.arange(24) <= step, y.ravel(), np.nan).reshape(4, 6)
    panels[1].imshow(so_far, cmap="Greens", vmin=-4, vmax=y.max())
    panels[1].add_patch(plt.Rectangle((q - 0.5, p - 0.5), 1, 1, **frame))
    panels[2].imshow(np.where(A > 0, A, np.nan), cmap="Blues", vmin=-3, vmax=9)
    lit = np.full(A.shape, np.nan)
    lit[step] = np.where(A[step] > 0, A[step], np.nan)
    panels[2].imshow(lit, cmap="Oranges", vmin=-4, vmax=6)
    panels[2].axhline(step - 0.5, color="C1", linewidth=0.7)
    panels[2].axhline(step + 0.5, color="C1", linewidth=0.7)
    for panel, title in zip(panels, ("picture x", "map y", "matrix A, 24 x 42")):
        panel.set(title=title, xticks=[], yticks=[])
    return figure


drawing.animate(
    walk,
    range(24),
    alt="A window of 3 x 2 walks across a small 7, and fills a map of 4 x 6. Beside "
    "them is a matrix with 24 rows, empty but for slanted bands. With each step its "
    "next row lights up: the same six numbers, a little further to the right.",
    seconds=0.45,
)

# %% [markdown]
# <details>
# <summary>What to look at</summary>
#
# 144 numbers are not 0, six in each of the 24 rows. Only six different ones are among them: those of the filter. One
# step of the window to the right moves them one column to the right. When the window begins a new row of the picture,
# they move by two: no window has its corner in the last column of the picture.
#
# </details>
#
# Here is the answer to our question. **Where to look is not in the filter. It is in the row.** Each place in the map
# has a row of $A$ of its own. The row's zeros say "look only here", and the numbers between them are the same in all
# rows.
#
# A linear layer between the same arrays would have a free number in each place of the table. Count for real pictures
# and a filter of 7 x 7:

# %%
inputs, outputs = 28 * 28, 22 * 22
print(f"a linear layer from 28 x 28 to 22 x 22: {inputs * outputs:7,} weights")
print(f"of the same table a filter uses:        {49 * outputs:7,} places")
print(f"and in them only:                       {49:7,} different numbers")

# %% [markdown]
# Two ideas are in these three lines. A pixel is best understood from its neighbours: most of the table is 0. And what
# is useful in one place is useful in another: the rest repeats.
#
# ## 3. Turned on its side
#
# Lesson 3: an op sends $g^\top J$ back to its input, with $J$ the table of its slopes. Here the table is $A$. So,
# written as a column, $\partial L / \partial x = A^\top g$. The matrix is used again, turned on its side.
#
# Of course nobody builds it. A map of 22 x 22 needs one small filter, not a table of 379,456 numbers. What does
# $A^\top$ *do*?
#
# Take one number of $g$, the one at place $(p, q)$. It meets one row of $A$, and that row is the filter in its
# window. So this number comes back as $g_{pq}$ times the filter, laid on the window that it came from. Where windows
# overlap, the contributions add up, as always where something was used several times.
#
# **Write it.** Each number of $g$ presses the filter into the picture, like a stamp. One line is missing.


# %% tags=["guess"]
def my_stamp(g, w):
    (height, width), (kh, kw) = g.shape, w.shape
    x = np.zeros((height + kh - 1, width + kw - 1))
    for p, q in np.ndindex(g.shape):
        x[p, q] += 0.0  # your line: not one pixel, but the window at (p, q)
    return x


g = rng.standard_normal(y.shape)
by_matrix = (A.T @ g.ravel()).reshape(6, 7)
print(f"my_stamp is off by {np.abs(my_stamp(g, w) - by_matrix).max():.1f}")


# %% tags=["hide-cell"]
print("One way to write it:")


def stamp(g, w):
    """A.T @ g without the matrix: each g[p, q] presses w into its own window."""
    (height, width), (kh, kw) = g.shape, w.shape
    x = np.zeros((height + kh - 1, width + kw - 1))
    for p, q in np.ndindex(g.shape):
        x[p : p + kh, q : q + kw] += g[p, q] * w
    return x


print(f"stamp is off by {np.abs(stamp(g, w) - by_matrix).max():.0e}")

# %% [markdown]
# Forward: read a window, write one number. Backward: read one number, write into a window. The loop is the same. Only
# the arrow between the two is turned.
#
# **Nobody needs the matrix to check it.** For any picture $x$ and any map $y$,
#
# $$ \langle A x,\, y \rangle = \langle x,\, A^\top y \rangle, $$
#
# where $\langle a, b \rangle$ is the sum of the products of all elements, the
# [inner product](../glossary.md#inner-product). Two functions with this property are
# [adjoint](../glossary.md#adjoint) to each other. The page [Adjoints](../toolbox/adjoints.md) shows why this holds,
# in five minutes. So draw random $x$ and $y$, and compare two numbers. No $A$, and no nudging.


# %%
def check_adjoint(name, forward, backward, x_shape, y_shape):
    """Whether <forward(x), y> = <x, backward(y)> for random x and y."""
    x, y = rng.standard_normal(x_shape), rng.standard_normal(y_shape)
    left, right = np.sum(forward(x) * y), np.sum(x * backward(y))
    verdict = "agree" if abs(left - right) < 1e-9 else "DIFFER"
    print(f"{name:28} {left:9.4f} {right:9.4f}  {verdict}")


forward = lambda x: slide(x, w)
check_adjoint("slide, stamp", forward, lambda y: stamp(y, w), (6, 7), (4, 6))
turned = w[::-1, ::-1]
check_adjoint("upside down", forward, lambda y: stamp(y, turned), (6, 7), (4, 6))

# %% [markdown]
# One comparison of two numbers judges the whole table at once. (A wrong backward passes only by an accident of
# probability 0, as with the random cotangents of lesson 4.)
#
# `stamp` makes a large picture from a small map. As an op of its own it is the
# [transposed convolution](../glossary.md#transposed-convolution). Networks that *draw* use it, from lesson 10 on.
# What is its vjp? The matrix of `stamp` is $A^\top$, and $A^\top$ turned on its side is $A$: its vjp is `slide`.
#
# **Guess:** `slide` makes a map of a picture, `stamp` makes a picture of a map. We slide a filter of ones over the 7,
# and stamp its map with the same filter. Is the 7 back?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("A picture, its map, and what the stamp makes of the map:")
ones = np.ones((5, 5))
map_of_seven = slide(seven, ones)
panels = drawing.grid(1, 3, size=(6, 2.1)).flat
for panel, picture in zip(panels, (seven, map_of_seven, stamp(map_of_seven, ones))):
    grey(panel, picture, picture.max())
drawing.show(panels[0], alt="A sharp 7, then a blurred one, then one blurred more.")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# The shape is back, and the 7 is not. (All three are drawn at one size, but the map has 24 x 24 pixels.) The filter
# of ones blurs, and the stamp blurs once more. $A^\top$ is not $A^{-1}$: it leads back to the same *places*, with the
# same weights. Some call the transposed convolution a "deconvolution". It undoes nothing.
#
# </details>
#
# ## 4. Strides, frames, channels
#
# Three things make the op of real networks. None of them needs a new idea.
#
# **Stride.** The window may walk in steps of `stride` pixels, down and to the right. The map is then smaller, and $A$
# keeps only the rows of the places that are left. **Padding.** To look at the edges, put a frame of `padding` rows and
# columns of zeros around the picture. Then $A$ gets rows for the new places. The frame itself is constant, so it has no
# columns, and no gradient.
#
# How many places are there along one axis? The picture with its frame has $H + 2\,\text{padding}$ pixels. The first
# window takes $k$ of them. Each further place needs `stride` more:
#
# $$ H' = \left\lfloor \frac{H + 2\,\text{padding} - k}{\text{stride}} \right\rfloor + 1 $$
#
# **Guess:** how many rows has the map for $H = 28$ and $H = 27$, with $k = 3$, stride 2 and padding 1?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Rows of the map:")
for rows in (27, 28, 29):
    print(f"H = {rows}: {(rows + 2 * 1 - 3) // 2 + 1}")

# %% [markdown]
# <details>
# <summary>What follows from it</summary>
#
# 27 and 28 rows give the same map of 14. With 28 rows the window never reaches the frame below. So a vjp cannot see
# from $g$ how large the picture was: it must be told. And rows that no window reached have the gradient 0.
#
# </details>
#
# **Channels.** A coloured picture has three numbers at each place, and after eight filters there are eight. A filter
# then has a layer of weights for each input channel, and all products are added into *one* map. Each filter has one
# bias. So pictures are $(N, C, H, W)$, weights $(O, C, k_h, k_w)$, biases $(O,)$, and maps $(N, O, H', W')$. PyTorch
# calls the filter a *kernel*; hence `kernel_size`, and $k$.
#
# ### Debug: a check on nice shapes
#
# Somebody wrote the stamp for all that. It was checked, with pictures of 8 x 8, a filter of 3 x 3 that blurs, and
# padding 1. The check is a good one: the two inner products of section 3.


# %%
def input_gradient(g, weight, size, stride, padding):
    """The vjp of conv2d in x of this size: each number of g stamps its filters."""
    (n, _, height, width), (_, c, kh, kw) = g.shape, weight.shape
    padded = np.zeros((n, c, size[0] + 2 * padding, size[1] + 2 * padding))
    for p in range(height):
        for q in range(width):
            stamps = np.einsum("no,ocij->ncij", g[:, :, p, q], weight[:, :, ::-1, ::-1])
            top, left = p * stride, q * stride
            padded[:, :, top : top + kw, left : left + kh] += stamps
    return padded[:, :, padding:-padding, padding:-padding]


# %%
def check_it(size, weight, stride, padding):
    """input_gradient against minae's conv2d, for a batch of 2."""

    def forward(x):
        return F.conv2d(Tensor(x), Tensor(weight), None, stride, padding).numpy()

    backward = lambda g: input_gradient(g, weight, size, stride, padding)
    x_shape = (2, weight.shape[1], *size)
    y_shape = forward(np.zeros(x_shape)).shape
    check_adjoint(f"stride {stride}", forward, backward, x_shape, y_shape)


# %%
blur = np.array([[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]])
several = rng.standard_normal((5, 3, 1, 1)) * blur  # 5 filters for 3 channels
check_it((8, 8), several, stride=1, padding=1)
check_it((8, 8), several, stride=2, padding=1)

# %% [markdown]
# `einsum` names the axes of what it multiplies. `"no,ocij->ncij"` adds up over $o$, the only letter that is gone
# after the arrow: `g[n, o] * weight[o, c, i, j]`, summed over the filters. These letters are right. There are three
# mistakes. Call `check_it` with other sizes, other filters and another padding. Mend the function above, and then
# take it to `exercise.py`.
#
# <details>
# <summary>Hint 1</summary>
#
# What is special about `blur`? Try `rng.standard_normal((5, 3, 3, 3))`. Compare with `stamp`.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# Then a filter of 3 x 2. Which slice is for rows?
#
# </details>
#
# <details>
# <summary>Hint 3</summary>
#
# Then padding 0. What is `np.arange(5)[0:-0]`? And you know `size`.
#
# </details>
#
# Each mistake hid behind something symmetric: a filter equal to itself upside down, a square, a frame that is always
# there. Lesson 3's advice holds here too: different primes, and then the special cases.
#
# ## 5. The picture as a matrix
#
# Two things are multiplied in a convolution, the filter and the picture. So far the filter made a matrix, and the
# picture was the column that it met. It can be the other way round. Take each window as a column of its own:


# %%
def windows(x, kh, kw):
    """Each window of x as a column: shape (kh * kw, number of places)."""
    (rows, columns), cols = x.shape, []
    for p, q in np.ndindex(rows - kh + 1, columns - kw + 1):
        cols.append(x[p : p + kh, q : q + kw].ravel())
    return np.stack(cols, axis=1)


cols = windows(x, 3, 2)
print("columns:", cols.shape, " w times columns:", (w.ravel() @ cols).shape)
by_product = (w.ravel() @ cols).reshape(4, 6)
print("the same as slide:", np.array_equal(by_product, slide(x, w)))

# %% [markdown]
# One row times one matrix gives the whole map. Cutting the columns out is called `im2col`, "image to columns". Eight
# filters of 7 x 7 are eight rows, and then the convolution is *one product of two matrices*: (8, 49) times (49, 484).
# That is what processors do best.
#
# It also gives both gradients at once, from what you know of `matmul` (lesson 3). Let $W$ be the filters as rows, $U$
# the columns, $Y = W U$ the maps, and $G = \partial L / \partial Y$. Then
#
# $$ \frac{\partial L}{\partial W} = G\, U^\top, \qquad \frac{\partial L}{\partial U} = W^\top G. $$
#
# The first is the gradient of the filter: **the adjoint in the weights**. The second is a gradient for each window.
# But we want one for each pixel, and a pixel is in several windows. So lay the columns back where they were cut out,
# and add up. That is the adjoint of cutting, and its name is `col2im`.
#
# Let us check the first one, with the picture fixed and the filter as input:

# %%
check_adjoint(
    "the adjoint in the weights",
    lambda w: slide(x, w),
    lambda g: (g.ravel() @ cols.T).reshape(3, 2),
    (3, 2),
    (4, 6),
)

# %% [markdown]
# Here are all three against minae's own `conv2d`. It takes Tensors, and we want arrays. Inside is a function in the
# form of lesson 3: arrays in, the value and the vjps out. Python's `unwrap` takes the wrapping off.

# %%
minae_conv2d = unwrap(F.conv2d)
value, (vjp_x, vjp_weight, _) = minae_conv2d(x[None, None], w[None, None], None)
for name, ours, theirs in [
    ("value", slide(x, w), value),
    ("dL/dx", stamp(g, w), vjp_x(g[None, None])),
    ("dL/dw", (cols @ g.ravel()).reshape(3, 2), vjp_weight(g[None, None])),
]:
    off = np.abs(ours - theirs[0, 0]).max()
    print(f"{name}: largest difference from minae {off:.0e}")

# %% [markdown]
# **Guess:** what does it cost? A picture has 28 x 28 pixels, the filter 7 x 7. How many times as large as the picture
# are its columns?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Numbers in a picture, and in its columns:")
cols = windows(seven, 7, 7)
print(f"{seven.size} and {cols.size:,}: {cols.size / seven.size:.0f} times as many")
eight = rng.standard_normal((8, 7, 7))
begin = perf_counter()
for one in eight:
    slide(seven, one)
middle = perf_counter()
eight.reshape(8, 49) @ cols
factor = (middle - begin) / (perf_counter() - middle)
print("a product of matrices is", "faster" if factor > 10 else "slower", "by far")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# A pixel in the middle is in 49 windows, so it is copied 49 times. Towards the edges it is in fewer. So we pay 30
# times the memory. In return the product is faster by far than the loop, and many filters share the columns that were
# cut once. minae keeps the product and avoids many of the copies.
#
# </details>
#
# ## 6. A checkerboard, made on purpose
#
# Now the transposed convolution with stride 2, which makes pictures twice as large. The map is all ones. So is the
# filter, of 3 x 3. The stamps lie 2 pixels apart and are 3 wide.
#
# **Guess:** draw five by five pixels from the middle of the result. Are they all equal?

# %% tags=["guess"]
my_guess = ...


# %% tags=["hide-cell"]
def stamps(kernel, stride):
    """How many stamps cover each pixel, for a map of ones: F.conv_transpose2d."""
    ones, filter_of_ones = np.ones((1, 1, 9, 9)), np.ones((1, 1, kernel, kernel))
    made = F.conv_transpose2d(Tensor(ones), Tensor(filter_of_ones), None, stride)
    return made.numpy()[0, 0]


def show_stamps(kernel):
    covered = stamps(kernel, 2)[4:14, 4:14]
    panel = drawing.axes(f"filter {kernel} x {kernel}, stride 2", size=(3.4, 3.5))
    panel.imshow(covered, cmap="viridis", vmin=0, vmax=9)
    panel.grid(False)
    panel.set(xticks=[], yticks=[])
    for p, q in np.ndindex(covered.shape):
        shade = "black" if covered[p, q] > 5 else "white"
        panel.text(q, p, f"{covered[p, q]:.0f}", ha="center", va="center", color=shade)
    return panel


print("From the middle, with a slider for the size of the filter:")
drawing.slider(
    show_stamps,
    [2, 3, 4, 5, 6],
    label="filter size",
    start=1,
    alt="For a filter of 3 x 3 the pixels hold 1, 2 and 4, in turns: a checkerboard. "
    "For 2, 4 and 6 all are equal. For 5 they hold 4, 6 and 9.",
)

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# Along a row, stamps of width 3 at a distance of 2 overlap in every second pixel. So the pixels are covered once,
# twice, once, twice. In two directions the counts multiply: 1, 2 and 4. The brightest pixel gets four times as much
# as the darkest one, from a map in which all are equal.
#
# </details>
#
# Such [checkerboards](../glossary.md#checkerboard) lay over the pictures of many early networks that drew. And there
# is a second surprise. These counts are the sums of the columns of $A$: how many windows look at each pixel. So the
# *gradient* of a convolution with 3 x 3 and stride 2 has the same pattern. A network that looks with it listens to
# some pixels through four windows, and to others through one.
#
# The slider shows a cure: a size that the stride divides. Is that enough? Those filters were all ones. **Guess:**
# with *random* filters and a map of ones, which of these three has equal pixels in the middle?
#
# 1. transposed, 3 x 3 with stride 2;
# 2. transposed, 4 x 4 with stride 2;
# 3. each pixel repeated in a block of 2 x 2, then an ordinary convolution, 3 x 3 with stride 1.

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Largest less smallest number in the middle:")
ones = Tensor(np.ones((1, 1, 9, 9)))
three, four = (Tensor(rng.standard_normal((1, 1, k, k))) for k in (3, 4))
for name, picture in [
    ("transposed, 3 x 3", F.conv_transpose2d(ones, three, None, 2)),
    ("transposed, 4 x 4", F.conv_transpose2d(ones, four, None, 2)),
    ("repeated, then 3 x 3", F.conv2d(F.upsample_nearest2d(ones, 2), three)),
]:
    print(f"{name:21} {np.ptp(picture.numpy()[0, 0, 4:-4, 4:-4]):.4f}")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# With 4 x 4 and stride 2 each pixel is covered by four stamps, but by *different* numbers of the filter: the pixels
# take turns with four groups of its weights. They are equal only if training finds groups with equal sums. (With
# 3 x 3 it can find them, too: 1, 2, 1 along each axis.) In the third way each pixel sees the whole filter. So all
# pixels are equal, whatever the weights are.
#
# </details>
#
# So the cure is one line: `conv2d(upsample_nearest2d(x, 2), weight)`.
#
# ### Experiment: which sizes?
#
# Change one thing, the size of the filter, with a stride of 3. Write down first: for which sizes are all counts
# equal? For the others, how many times as much does the brightest pixel get?

# %% tags=["guess"]
my_sizes = ...

# %% [markdown]
# Then write `contrast` in `exercise.py`, which finds it for any size and stride. In `WHICH_AND_WHY` explain it in a
# line. The number is checked; a person reads the line.
#
# <details>
# <summary>Hint 1</summary>
#
# Two loops and `+= 1` are enough. Take a map so large that there is a middle, and cut off a border as wide as the
# filter.
#
# </details>
#
# ## 7. Pooling, and its ties
#
# After the filters we want to know *that* there is a bar, and only roughly where. [Pooling](../glossary.md#pooling)
# keeps the largest number of each window of 2 x 2, without overlap. The map has half the height and half the width,
# and a bar that moves by a pixel often stays in its window.
#
# On the way back, each $g$ goes to the number that won, and the others get 0: nudge them a little, and the maximum
# stays. But what if two are equal? **Guess:** take all windows of 2 x 2 in MNIST's test pictures. In what share of
# them does the largest number stand more than once?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Windows with a tie:")
blocks = test.reshape(-1, 14, 2, 14, 2).swapaxes(2, 3).reshape(-1, 4)
winners = (blocks == blocks.max(axis=1, keepdims=True)).sum(axis=1)
print(f"the largest stands more than once in {np.mean(winners > 1):.0%}")
print(f"all four are equal in {np.mean(winners == 4):.0%}")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# Most of a picture is black ground, and a few strokes are full white. Ties are no rare accident. They are the rule.
#
# </details>
#
# At a tie the maximum has a [kink](../glossary.md#kink), as in lesson 4: there is no derivative, only a convention.
# But not every rule will do. Raise all four numbers together by $h$. Then the maximum rises by $h$: slope 1, kink or
# not. A rule must not contradict that.

# %%
four_equal = np.full(4, 0.5)
nudged = (np.max(four_equal + 1e-6) - np.max(four_equal - 1e-6)) / 2e-6
equal = four_equal == four_equal.max()
first = np.arange(4) == four_equal.argmax()
print(f"all four raised together: slope {nudged:.4f}")
rules = {"each gets g": equal, "shared": equal / 4, "the first gets g": first}
for rule, gets in rules.items():
    print(f"{rule:18} {gets.astype(float)}  together {gets.sum():.0f}")

# %% [markdown]
# The line `x == x.max()` is the first that comes to mind, and it is wrong: it makes four of one. After a convolution
# the black ground is exactly the bias, everywhere, so there are ties all over it. With this rule the bias would get
# up to four times its gradient. A check at random numbers never sees a tie.
#
# Both other rules are fine. We take the one of PyTorch and minae: **the first gets all**, counted row by row.
#
# ## 8. The first eight filters
#
# Now a network: eight filters of 7 x 7, relu, pooling, and one linear layer from $8 \cdot 11 \cdot 11 = 968$ numbers
# to ten. The ops below are minae's, for arrays, so that the lesson runs before your exercise is done. When it is, let
# the last line take yours: remove its `#`.

# %%
relu, linear, cross_entropy = map(unwrap, (F.relu, F.linear, F.cross_entropy))
conv2d, max_pool2d = map(unwrap, (F.conv2d, F.max_pool2d))
# from exercise import conv2d, max_pool2d


# %%
def network(parameters, x):
    """Ten logits for each picture, and the vjps on the way."""
    filters, bias, weight, last_bias = parameters
    maps, to_convolution = conv2d(x, filters, bias)
    bent, (bend,) = relu(maps)
    pooled, (unpool,) = max_pool2d(bent, 2)
    logits, to_layer = linear(pooled.reshape(len(x), 968), weight, last_bias)
    return logits, (to_convolution, bend, unpool, to_layer, pooled.shape)


# %%
def gradients(parameters, x, labels):
    """The slopes of the loss in the four parameters: all vjps, from last to first."""
    logits, (to_convolution, bend, unpool, to_layer, shape) = network(parameters, x)
    g = cross_entropy(logits, labels)[1][0](np.float32(1))
    h = bend(unpool(to_layer[0](g).reshape(shape)))
    return [to_convolution[1](h), to_convolution[2](h), to_layer[1](g), to_layer[2](g)]


# %% [markdown]
# The loop is lesson 7's, with momentum in place of Adam and rates that stay: 600 batches of 100 pictures (the array
# `batches`, from the first cell). Each parameter has its own rate, so that we can stop some of them. (By lesson 5 the
# filters would begin seven times as large. Try it later, `start(size=0.2)`: they learn then, too, but much of their
# first noise stays.)


# %%
def train(parameters, rates=(0.05, 0.05, 0.05, 0.05)):
    speeds = [np.zeros_like(array) for array in parameters]
    for batch in batches:
        slopes = gradients(parameters, images[batch], labels[batch])
        speeds = [0.9 * v + slope for v, slope in zip(speeds, slopes)]
        parameters = [a - rate * v for a, rate, v in zip(parameters, rates, speeds)]
    return parameters


# %%
def accuracy(parameters, x):
    """The part of the test pictures that is read rightly."""
    parts = [network(parameters, part)[0].argmax(axis=1) for part in np.split(x, 10)]
    return np.mean(np.concatenate(parts) == digits)


found = train(start())
print(f"read rightly: {accuracy(found, test):.1%} of 10,000 new pictures")
print(f"off from minae's filters by {np.abs(found[0] - tensors[0].data).max():.0e}")

# %%
mine = show_filters((len(batches), *found[:2]))
drawing.show(
    mine,
    alt="Eight filters with bars and edges in them. Below, the maps of a 7: in some "
    "its flat stroke is bright, in others its slanted stroke, or one side of it.",
)

# %% [markdown]
# These are the eight of the opening picture, found by vjps and a loop. Red numbers want chalk, blue numbers want
# blackboard. Red beside blue is an edge. A red band between two blue ones is a stroke.
#
# **Keep it.** Take your own ops and run the last cells again. Your sums are rounded in another order, and 600 steps
# make the difference grow. How far off are you now? The filters look the same. Then take another seed,
# `found = train(start(seed=5))`, and you get other filters, of the same kind. `mine.figure.savefig("my_filters.png")`
# keeps them.
#
# **Guess:** a filter multiplies window by window. So its favourite window should look like the filter itself? We take
# 300 test pictures, and for each filter the 100 windows with the largest outputs. What is the average of these 100?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("Each filter, and the average of the windows that it likes best:")
cols = np.concatenate([windows(one[0], 7, 7) for one in test[:300]], axis=1)
outputs = found[0].reshape(8, 49) @ cols  # section 5: all places of all pictures
best = outputs.argsort(axis=1)[:, -100:]
liked = cols[:, best].mean(axis=2).T.reshape(8, 7, 7)
panels = drawing.grid(2, 8, size=(6.8, 1.9))
for above, below, one, window in zip(*panels, found[0], liked):
    colour(above, one[0])
    grey(below, window)
drawing.show(
    panels[0, 0],
    alt="Below each filter a piece of a stroke, blurred: a bar that stands, lies or "
    "slants, bright where the filter is red, and dark where it is blue.",
)

# %% [markdown]
# <details>
# <summary>What to look at</summary>
#
# Bright where the filter is red, dark where it is blue: each filter waits for one piece of a stroke, in one
# direction. The averages are plainer than the filters.
#
# </details>
#
# **Guess:** what did it gain to learn them? We leave the filters random, as large as in lesson 5, and train the
# linear layer alone. How many of the new pictures does this network read?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Filters that were found, and random ones:")
blind = train(start(size=np.sqrt(2 / 49)), rates=(0, 0, 0.05, 0.05))
for name, parameters in (("found", found), ("random", blind)):
    print(f"{name:7} {accuracy(parameters, test):.1%} read rightly")

# %% [markdown]
# <details>
# <summary>What to make of it</summary>
#
# Random filters are surprisingly good. Any eight filters tell places with a stroke from places without one, and the
# linear layer sorts out the rest. But the filters that were found make far fewer errors, with the same 392 numbers.
# So accuracy alone does not show that a network has learned its filters. Look at them.
#
# </details>
#
# And now back to the question. **Guess:** the filters look everywhere. So what happens to the accuracy if all test
# pictures move by 1, 2, 3 or 4 pixels to the right?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Moved to the right:")
for pixels in range(5):
    moved = np.roll(test, pixels, axis=3)
    print(f"{pixels} pixels: {accuracy(found, moved):.1%} read rightly")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# The filters do not mind: their maps move along. Pooling forgives about a pixel. But the linear layer has a weight of
# its own for each place of each map. It learned digits in the middle, and *it* knows where to look. "A convolutional
# network does not mind where things are" is half of the truth. That half is the filters.
#
# </details>
#
# ## Exercise
#
# `exercise.py` beside this lesson has five functions to build, for seven points: `im2col`, `col2im`, `conv2d` (three
# points), `conv_transpose2d` and `max_pool2d`. Two more are for `input_gradient` of section 4, and one is for the
# experiment of section 6; their hints stand there. `python -m lessons grade 08` says what you have.
#
# **`im2col` and `col2im`**
#
# <details>
# <summary>Hint 1</summary>
#
# Do not loop through the places. Loop through the filter: it has only $k_h \cdot k_w$ numbers. The numbers that all
# windows have at $(i, j)$ are *one* slice of the picture. For stride 1 and $H'$ places it is the rows `i : i + H'`.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# Take an array of shape (N, C, kh, kw, H', W'), fill it with `cols[:, :, i, j] = ...`, and reshape it at the end.
# `np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))` makes a frame of 1. A slice with a stride is `i : i + s * H' : s`.
#
# </details>
#
# <details>
# <summary>Hint 3</summary>
#
# `col2im` has the same loop, and in it the same slice. Which side of the sign is it on, and is it `=` or `+=`? At the
# end cut the frame off.
#
# </details>
#
# **`conv2d`**
#
# <details>
# <summary>Hint 1: the value</summary>
#
# `weight.reshape(O, -1) @ cols` is a product for each picture. The bias needs an axis behind it: `bias[:, None]`.
#
# </details>
#
# <details>
# <summary>Hint 2: the vjps</summary>
#
# Reshape $g$ to (N, O, P) first. Section 5 has both products. All pictures share the filter: what happens to the
# gradients of something that is used several times? `.swapaxes(1, 2)` turns each matrix of a batch.
#
# </details>
#
# **`conv_transpose2d`**
#
# <details>
# <summary>Hint 1</summary>
#
# Solve the formula of section 4 for $H$, for the case that nothing is left over in the division.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# The value is the vjp in x of your conv2d, with x in the place of $g$. The vjp in x is then a convolution of $g$,
# without a bias. For the weight, ask who is the small map now, and who the large picture.
#
# </details>
#
# **`max_pool2d`**
#
# <details>
# <summary>Hint 1</summary>
#
# Make each channel a picture with one channel: (N * C, 1, H, W). Then a column of `im2col` is a window.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# `argmax` returns the first of equal largest ones. `np.take_along_axis` reads there and `np.put_along_axis` writes
# there. And then the columns must go back to their places.
#
# </details>
#
# ## Challenge: who needs neighbours?
#
# Worth nothing but pride. Shuffle the 784 pixels, in the same way for all pictures. Before you train, write down what
# happens to the accuracy of this network, and to that of lesson 7's. Then explain what you see by section 2. And look
# at the filters.
#
# ## Expected results
#
# | section | what | you should have seen |
# |---|---|---|
# | 1 | the moved map | largest difference 0.0 |
# | 2 | the matrix | 144 of 1,008 are not 0, six different ones |
# | 3 | `slide` and `stamp` | inner products agree; upside down they differ |
# | 4 | 27 and 28 rows | both 14 |
# | 5 | columns of a picture | 30 times as many numbers |
# | 6 | random 4 x 4; repeated, then 3 x 3 | more than 4; 0 |
# | 7 | windows with a tie | 83 %; all four are equal in 76 % |
# | 8 | filters found, and random ones | 98.0 % and 94.6 % read rightly |
#
# ## What you now know
#
# - A convolution is a matrix with few numbers in it, repeated along its rows. Where to look is in the row.
# - Turned on its side it stamps: the vjp in the picture, and the transposed convolution. It is not the inverse.
# - Cut into windows, it is a product of matrices; its other adjoint is the gradient of the filter.
# - $\langle Ax, y \rangle = \langle x, A^\top y \rangle$ checks an adjoint with two numbers. Take shapes without
#   symmetry.
# - Stamps cover all pixels equally often only if the stride divides the size of the filter.
# - At a tie, one $g$ must stay one.
#
# ## Read next
#
# - `minae/kernels/plain.py`: the same ops, in a few lines each, with one loop through the filter.
# - V. Dumoulin, F. Visin, *A guide to convolution arithmetic for deep learning* (2016): all sizes, drawn.
# - A. Odena, V. Dumoulin, C. Olah, *Deconvolution and Checkerboard Artifacts*, Distill (2016).
# - Y. LeCun and others, *Backpropagation Applied to Handwritten Zip Code Recognition*, Neural Computation 1 (1989):
#   where it began, with 9,760 weights.
