# %% [markdown]
# # 14. Fast: where did the time go?

# %% tags=["hide-input"]
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from inspect import unwrap
from pathlib import Path
from time import perf_counter

import numpy as np
from threadpoolctl import threadpool_limits

from lessons import drawing
from minae import functional as F

QUICK = "MINAE_QUICK" in os.environ  # only to test this lesson
RUNS = 3 if QUICK else 7
threadpool_limits(1)  # products on one core, as all else: so one roof holds for all
rng = np.random.default_rng(0)


def draw_roof(speed, bandwidth, dots, title, numbers=True):
    """A roof, and dots: name -> (operations per byte, operations per second)."""
    axes = drawing.axes(title, "operations per byte", "operations per second", log=True)
    x = np.geomspace(0.1, 1000, 100)
    axes.plot(x, np.minimum(speed, bandwidth * x), "k", linewidth=2)
    for number, (name, (per_byte, per_second)) in enumerate(dots.items()):
        axes.plot(per_byte, per_second, "o", color=f"C{number}", markersize=9)
        beside = 9, (-4, -4, -16, -6)[number]  # in points, and apart from each other
        axes.annotate(name, (per_byte, per_second), beside, textcoords="offset points")
    axes.set(xlim=(0.1, 1000), ylim=(3e5, 1e12))
    if not numbers:
        axes.set_yticks([])
        axes.minorticks_off()
    return axes


# Numbers that the end of this page once printed, on a computer that did nothing else.
theirs = {"A": (117, 4e6), "B": (117, 8e9), "C": (8.5, 5.3e10), "D": (11, 9.1e10)}
drawing.show(
    draw_roof(1.3e11, 3.9e10, theirs, "The same work, four times", numbers=False),
    alt="A line rises slanting and then runs flat, like a roof. Under it, four dots. "
    "A is far below, B much higher, C and D to the left, close under the roof.",
)

# %% [markdown]
# This is a picture of a computer, the one on which this page was first tried; its numbers were written down then.
# The line is its roof: nothing on it can run higher. The four dots are four programs. They compute the same thing, but
# for the last digits, and the higher dot is the faster program. The numbers at the side are left out. You will soon
# guess them.
#
# In this course convolutional networks train in seconds or minutes. With program A you would still be waiting for the
# first batches. At the end of this page you have such a picture of *your* computer, with your own four dots. For each
# dot you will know what keeps it under the roof. In other words: **where did the time go?**
#
# You need lesson 8 (`im2col`, and the vjps of a convolution). Reading takes 40 minutes. Your times will differ from
# those that are printed here, as computers do. So look at ratios, and run the page yourself.
#
# ## 1. A clock that can be trusted
#
# We will bet on times, so first we need a clock. Take one line, `numbers + 1` for four million numbers, and measure
# it 30 times.
#
# **Guess:** the same line, the same numbers, the same machine. How many times as long as the fastest run is the
# slowest?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Thirty runs of one line, in parts of the fastest:")
numbers, times = rng.standard_normal(4_000_000, dtype=np.float32), []
for _ in range(30):
    begin = perf_counter()
    numbers + 1
    times.append(perf_counter() - begin)
times = np.array(times) / min(times)
print("first", times[0].round(2), " median", np.median(times).round(2), end="  ")
print("mean", times.mean().round(2), " slowest", times.max().round(2))

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# Your computer does other things too. When they need the core, your line waits, and the clock runs on. That only ever
# makes a run slower, sometimes by far. A first run also does what later ones find done: memory is asked from the
# system, libraries are loaded, caches are filled.
#
# </details>
#
# So one run says little, and a mean says what the worst run did. A stopwatch that can be trusted keeps four rules:
#
# 1. Call once before, unmeasured.
# 2. Make the inputs before the clock starts.
# 3. Measure several times and take the [median](../glossary.md#median): nearly half of the runs may be bad, and it is
#    still the time of a good one.
# 4. To compare two programs, run them **in turns**. If the machine is busy for a second, it is so for both.


# %%
def seconds(way, *inputs, runs=RUNS, choose=np.median):
    """The median time of a call, in seconds."""
    way(*inputs)
    times = []
    for _ in range(runs):
        begin = perf_counter()
        way(*inputs)
        times.append(perf_counter() - begin)
    return choose(times)


# %% [markdown]
# ### Debug: a race
#
# This stopwatch compares several functions. It breaks all four rules, and it runs. Mend it in `exercise.py`. There
# the clock is handed to you, so that a test can bring a clock of its own, and a machine that is busy exactly when it
# hurts.


# %%
def race(ways, make_input, rounds, clock):
    seconds = []
    for way in ways:
        start = clock()
        for _ in range(rounds):
            way(make_input())
        seconds.append((clock() - start) / rounds)
    return seconds


# %% [markdown]
# ## 2. One number at a time
#
# The work is one layer of a network: 3 x 3 filters, from 32 channels to 64, for 256 pictures. The pictures have 9 x 9
# pixels, with a frame already around them, so the maps have 7 x 7. We want what a training step wants: the value, and
# the gradients of pictures and filters. For these, `g` arrives from the layer behind. (The numbers are random. A
# product takes as long for any others.)

# %%
x = rng.standard_normal((256, 32, 9, 9), dtype=np.float32)
weight = rng.standard_normal((64, 32, 3, 3), dtype=np.float32)
g = rng.standard_normal((256, 64, 7, 7), dtype=np.float32)

# %% [markdown]
# Lesson 8 has the formula, and its three sums can stand in one loop. Each line multiplies two numbers and adds the
# product to a third: the value, and the two vjps.


# %%
def one_by_one(x, weight, g):
    y, of_x, of_weight = np.zeros_like(g), np.zeros_like(x), np.zeros_like(weight)
    for n, o, p, q in np.ndindex(g.shape):
        for c, i, j in np.ndindex(weight.shape[1:]):
            y[n, o, p, q] += weight[o, c, i, j] * x[n, c, p + i, q + j]
            of_x[n, c, p + i, q + j] += weight[o, c, i, j] * g[n, o, p, q]
            of_weight[o, c, i, j] += x[n, c, p + i, q + j] * g[n, o, p, q]
    return y, of_x, of_weight


operations = 2 * 3 * g.size * weight[0].size  # times and plus, in three lines
print(f"for a picture {operations / 256:,.0f} operations, for all {operations:,}")

# %% [markdown]
# **Guess:** how long does it take for *one* picture? And for all 256? (A core does some billions of operations in a
# second.)

# %% tags=["guess"]
my_seconds_for_one_picture = ...

# %% tags=["hide-output"]
print("One number at a time:")
begin = perf_counter()
right = one_by_one(x[:1], weight, g[:1])
took = {"one by one": 256 * (perf_counter() - begin)}
print(f"for one picture {took['one by one'] / 256:.1f} s, so", end=" ")
print(f"for 256 some {took['one by one'] / 60:.0f} minutes")
nanoseconds = 1e9 * took["one by one"] / (operations / 2)
print(f"a line took {nanoseconds:.0f} billionths of a second")

# %% [markdown]
# <details>
# <summary>Why so long</summary>
#
# The multiplication and the addition are not the work. To run one such line Python reads a dozen numbers as indices,
# looks up three arrays, asks each what it holds, packs numbers into objects, and throws the objects away. The two
# operations in the middle take less than a hundredth of that.
#
# </details>
#
# (We broke our own rules here, and ran it once. It takes seconds, and we look for factors of thousands.)
#
# One training step in minutes, for one layer. An epoch of MNIST has more than 200 such steps. What does the same
# price buy elsewhere?
#
# ## 3. The price of a line
#
# A line of NumPy can work on many numbers. **Guess:** `a * a` for arrays of 1 number takes some time. How many times
# as long does it take for 10 numbers? For 1,000? For 10,000?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("The line a * a, compared with one number:")


def many_times(a):
    for _ in range(1_000):
        a * a


single = seconds(many_times, np.ones(1, np.float32))
for count in (10, 100, 1_000, 10_000):
    price = seconds(many_times, np.ones(count, np.float32)) / single
    print(f"{count:6,} numbers: {price:6.1f} times, ", end="")
    print(f"so a number costs {price / count:.5f} of the first price")

# %% [markdown]
# <details>
# <summary>What follows from it</summary>
#
# Up to some hundred numbers the time hardly moves. What we pay is **the line, not the numbers**. It costs the same
# whether there is much behind it or little. So few lines, each with much to do.
#
# </details>
#
# That is the plan for the second way. One line for each *window*: 288 numbers, for all 64 filters at once. Each
# window has a piece of `g` with 64 numbers, its `slope`.


# %%
def by_windows(x, weight, g):
    rows = weight.reshape(64, 288)
    y, of_x, of_rows = np.zeros_like(g), np.zeros_like(x), np.zeros_like(rows)
    for n in range(len(x)):
        for p, q in np.ndindex(7, 7):
            window = x[n, :, p : p + 3, q : q + 3]
            slope = g[n, :, p, q]
            y[n, :, p, q] = rows @ window.ravel()
            of_x[n, :, p : p + 3, q : q + 3] += (slope @ rows).reshape(32, 3, 3)
            of_rows += np.outer(slope, window)
    return y, of_x, of_rows.reshape(weight.shape)


# %% [markdown]
# A line of the loops made one product. Now a few lines make all 3 · 64 · 288 products of a window. **Guess:** how many
# times as fast is this way?

# %% tags=["guess"]
my_factor = ...


# %% tags=["hide-output"]
print("Window by window:")


def check(found):
    """Whether it is what the loops found for the first picture."""
    off = max(np.abs(a - b).max() for a, b in zip(found, right))
    print("the same numbers," if off < 1e-3 else "OTHER NUMBERS,", end=" ")


check(by_windows(x[:1], weight, g[:1]))
took["by windows"] = 256 * seconds(by_windows, x[:1], weight, g[:1])
print(f"{took['one by one'] / took['by windows']:,.0f} times as fast")

# %% [markdown]
# <details>
# <summary>Why not 11,000 times</summary>
#
# The inner loop had 3 · 18,432 lines for a window. Now it has 5, a factor of 11,000. But each has several calls of
# NumPy in it, and now the products behind them begin to cost something too.
#
# </details>
#
# ## 4. Small products and large ones
#
# The third way is lesson 8's. Cut the windows out, for all pictures with nine slices: one for each of the 3 x 3
# places in the filter. Then `@` makes a product for each picture. And the gradient of the columns is laid back by the
# same nine slices.


# %%
def cut(x):
    """The windows of each picture as columns: (N, 288, 49)."""
    cols = np.empty((len(x), 32, 3, 3, 7, 7), x.dtype)
    for i, j in np.ndindex(3, 3):
        cols[:, :, i, j] = x[:, :, i : i + 7, j : j + 7]
    return cols.reshape(len(x), 288, 49)


def lay_back(cols):
    """Its adjoint."""
    x = np.zeros((len(cols), 32, 9, 9), cols.dtype)
    cols = cols.reshape(-1, 32, 3, 3, 7, 7)
    for i, j in np.ndindex(3, 3):
        x[:, :, i : i + 7, j : j + 7] += cols[:, :, i, j]
    return x


# %%
def products(rows, cols, slopes):
    y, of_cols = rows @ cols, rows.T @ slopes
    return y, of_cols, (slopes @ cols.swapaxes(1, 2)).sum(axis=0)


def by_pictures(x, weight, g):
    rows, slopes = weight.reshape(64, 288), g.reshape(len(g), 64, 49)
    y, of_cols, of_rows = products(rows, cut(x), slopes)
    return y.reshape(g.shape), lay_back(of_cols), of_rows.reshape(weight.shape)


# %% [markdown]
# **Guess:** how many times as fast as window by window?

# %% tags=["guess"]
my_factor = ...

# %% tags=["hide-output"]
print("Picture by picture:")
check(by_pictures(x[:1], weight, g[:1]))
took["by pictures"] = seconds(by_pictures, x, weight, g)
print(f"{took['by windows'] / took['by pictures']:.1f} times as fast as by windows,")
print(f"{took['one by one'] / took['by pictures']:,.0f} times as fast as one by one")

# %% [markdown]
# A few dozen lines are left, for 256 pictures. Python is out of the bill. What is next? The plan seems clear: make
# the products larger. The filters could meet all 12,544 windows at once.
#
# **Guess:** take the same windows as a single product with 12,544 columns, as 256 products with 49 columns, or as
# 12,544 products with one column each. How many times as long as the first do the other two take?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("The same product in three sizes, compared with the largest:")
rows, cols = weight.reshape(64, 288), cut(x)
columns = np.ascontiguousarray(cols.transpose(0, 2, 1).reshape(-1, 288, 1))
wide = np.ascontiguousarray(cols.transpose(1, 2, 0).reshape(288, -1))
sizes = {"12,544 of 1": columns, "256 of 49": cols, "1 of 12,544": wide}
rounds = []
for _ in range(RUNS):
    rounds.append([seconds(np.matmul, rows, b, runs=1) for b in sizes.values()])
times = np.median(rounds, axis=0)
for name, time in zip(sizes, times):
    print(f"{name:11} columns: {time / times[-1]:5.1f} times as long")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# A product with one column reads all 18,432 weights to use each of them once. With 49 columns, each weight that was
# fetched is used 49 times. What the largest product gains beyond that depends on the machine: nothing, or half as much
# again. A large product beats many *small* ones, and a matrix of 288 x 49 is no longer small.
#
# </details>
#
# So larger products may help, but not by another large factor. Then who takes the time? Do not guess.
# Measure the parts:

# %%
slopes = g.reshape(256, 64, 49)
_, of_cols, _ = products(rows, cols, slopes)
parts = {"cut": seconds(cut, x), "products": seconds(products, rows, cols, slopes)}
parts["lay back"] = seconds(lay_back, of_cols)
for name, time in parts.items():
    print(f"{name:9} {time / sum(parts.values()):4.0%}")

# %% [markdown]
# A good part of the time goes into `cut` and `lay_back`. They do not multiply at all. `cut` does not even calculate:
# it only *moves* numbers. And `products` hides something of the same kind. It writes a gradient of the filters for
# each of the 256 pictures, only to add them all up.
#
# ## 5. What lies beside what
#
# Memory is one long row of numbered bytes. An array with several axes must be laid into this row. NumPy says how,
# with one number for each axis: by how many bytes the address grows if the index grows by 1. It calls them `strides`.
# (They have nothing to do with the stride of a window.)

# %%
small = np.arange(24, dtype=np.float32).reshape(4, 6)
print("C order, the last index runs fastest: ", small.strides)
print("F order, the first index runs fastest:", np.asfortranarray(small).strides)
print("turned on its side:                   ", small.T.strides)
print("every second column:                  ", small[:, ::2].strides)

# %% tags=["hide-input"]
panels = drawing.grid(1, 2, size=(6, 2.2))[0]
places = 4 * np.arange(24)
bytes_of = {"C": places.reshape(4, 6), "F": places.reshape(6, 4).T}
for panel, (order, addresses) in zip(panels, bytes_of.items()):
    panel.imshow(addresses, cmap="Blues", vmax=150)
    for (row, column), address in np.ndenumerate(addresses):
        panel.text(column, row, str(address), ha="center", va="center", fontsize=8)
    panel.set(title=f"{order} order: the byte of each number", xticks=[], yticks=[])
drawing.show(
    panels[0],
    alt="Two tables of 4 x 6. In C order the bytes 0, 4, 8 run along the first row, "
    "and the second row begins at 24. In F order 0, 4, 8, 12 run down a column, "
    "and the second column begins at 16.",
)

# %% [markdown]
# C order and F order are named after two languages, C and Fortran. The last two of the four lines above copied
# nothing. A transposed array or a slice is a *view*: the same bytes, read with other strides. A view costs one line of
# Python, however large it is. It may cost more later, when somebody reads it.
#
# Why? A core does not fetch single numbers. Memory is far away, so it comes in [cache](../glossary.md#cache) lines of,
# usually, 64 bytes: 16 numbers of float32 that lie side by side. Those used last are kept close to the core, in the
# cache: hundreds of lines in its fastest part. We draw a tiny one. (In this section
# and in `lines_loaded` a line is a cache line. A line of Python is called so.)
#
# **Guess:** a matrix of 8 rows and 16 columns lies in C order, and a cache line holds 8 numbers. The cache keeps four
# of them. We read all 128 numbers. How many lines are loaded if we go along the rows? And if we go down the columns?

# %% tags=["guess"]
my_lines = ...


# %% tags=["hide-cell"]
print("Two pointers on their way through memory:")


# Here no line is needed again after three others, so the cache has the last four.
lines_along = [step // 8 for step in range(128)]
lines_across = [2 * (step % 8) + step // 64 for step in range(128)]


def draw_pointers(step):
    panels = drawing.grid(2, 1, size=(4.4, 4))[:, 0]
    lines = np.arange(128).reshape(8, 16) // 8
    kept = lines_along[step] - np.arange(4), lines_across[max(0, step - 3) : step + 1]
    places = divmod(step, 16), (step % 8, step // 8)
    told = ("along", step // 8 + 1), ("across", step + 1)
    for panel, lit, (row, column), (name, loaded) in zip(panels, kept, places, told):
        shade = np.where(np.isin(lines, lit), 0.35, 0.05)
        panel.imshow(shade, cmap="Oranges", vmin=0, vmax=1)
        panel.plot(column, row, "o", color="C0", markersize=9)
        panel.axvline(7.5, color="0.6", linewidth=1)
        panel.set(title=f"{name}: {step + 1} numbers read, {loaded} lines loaded")
        panel.set(xticks=[], yticks=[])
    return panels[0]


drawing.animate(
    draw_pointers,
    [*range(12), *range(15, 128, 16)],
    alt="Two matrices of 8 rows and 16 columns; each row is two lines of 8 numbers. In "
    "the upper one a dot goes along the rows, and a new line lights up after every 8 "
    "steps: 16 in all. In the lower one it goes down the columns, and each step lights "
    "up another line and puts one out: 128 in all.",
    seconds=0.4,
)

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# Along a row, one line serves eight steps: 16 lines. Down a column each step is in another line. When the pointer
# comes back for the neighbour, the line is gone, as only four are kept. So each number costs a line: 128.
#
# </details>
#
# The experiment of this lesson asks how large a cache must be so that this does not happen: `lines_loaded`. Now the
# same with a real matrix. Both ways read each number once and make 4,096 sums.
#
# **Guess:** how many times as long do the columns take?

# %% tags=["guess"]
my_factor = ...

# %% tags=["hide-output"]
print("Sums of columns, compared with sums of rows:")
matrix = np.ones((4096, 4096), np.float32)
by_rows = seconds(lambda: [row.sum() for row in matrix], runs=3)
by_columns = seconds(lambda: [column.sum() for column in matrix.T], runs=3)
print(f"{by_columns / by_rows:.0f} times as long")

# %% [markdown]
# <details>
# <summary>Why so much</summary>
#
# A walk down needs 4,096 cache lines, 256 kB. Many a cache has room for that. But a cache line has only a few places in
# it, and its address says which. Rows of 16,384 bytes, a power of two, all ask for the same few places. So lines are
# lost, though the cache is not full. Make the matrix 4,160 columns wide: the factor is far smaller.
#
# </details>
#
# <details>
# <summary>Does it matter that NumPy has an axis argument?</summary>
#
# `matrix.sum(axis=0)` adds whole rows to each other, and so avoids the walk down. It knows what lies beside what. You
# pay only if your loop, or your view, makes NumPy walk across.
#
# </details>
#
# ### What a pass costs
#
# One number for memory, as one core sees it, is the [bandwidth](../glossary.md#bandwidth): how many bytes pass in a
# second, read or written, along memory. Here we copy arrays of different sizes.


# %% tags=["hide-input"]
def rate_of_copies(size):
    """Bytes per second, read and written, for an array of so many bytes."""
    source = np.ones(size // 4, np.float32)
    target, times = np.empty_like(source), max(1, 2**22 // size)

    def copies():
        for _ in range(times):
            np.copyto(target, source)

    return 2 * size * times / seconds(copies)


# %% tags=["hide-input"]
sizes = 2 ** np.arange(12, 27 if not QUICK else 24)
rates = [rate_of_copies(size) for size in sizes]
axes = drawing.axes("A copy", "bytes of the array", "bytes per second", log=True)
axes.plot(sizes, rates, "o-")
drawing.show(
    axes,
    alt="A curve rises from small arrays, where a line of Python costs more than the "
    "copy, to a peak, and falls in steps to a low level for the largest arrays.",
)

# %% [markdown]
# At the left the price of a line counts. At the peak the arrays fit into the cache. At the right they do not, and
# each byte comes from far away. A large array costs its bytes, once **for each pass**. In `np.tanh(2 * x + 1)` there
# are three passes, and each of them reads an array and writes one.
#
# ### What `cut` copies
#
# Back to our pictures, (N, C, H, W) in C order. The last axis is the column in the picture. `cut` takes pieces of
# rows, 7 pixels that lie side by side. Then it jumps, and takes 7 more. The pieces are too short. With each of them
# NumPy begins anew.
#
# Can we lay the same pictures into memory so that longer pieces stay together? **Guess:** which of the four axes
# should be the last, so that windows are cut in the longest pieces?

# %% tags=["guess"]
my_axis = ...

# %% tags=["hide-cell"]
print("How many numbers lie side by side in a slice of a window:")
for order, piece in {"N C H W": 7, "N H W C": 7 * 32, "C H W N": 7 * 256}.items():
    print(f"memory order {order}: {piece:5,}")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# A window chooses rows and columns of a picture. It chooses no channels and no pictures: of these it takes all. If
# such an axis is last, a piece of a row is whole: 7 pixels with all that belongs to them. And of pictures there are
# most.
#
# </details>
#
# ## 6. One large product
#
# So the fourth way has the **batch last**. It is the third with another memory order. And as no picture stands apart
# any more, there is one product where there were 256. The sum over the pictures now happens inside it. The shapes
# outside stay as they are. Only what lies beside what has changed, by `transpose`, which is a view.


# %%
def cut_last(x):
    """All windows as columns of one matrix, from pictures (C, H, W, N)."""
    cols = np.empty((32, 3, 3, 7, 7, x.shape[3]), x.dtype)
    for i, j in np.ndindex(3, 3):
        cols[:, i, j] = x[:, i : i + 7, j : j + 7]
    return cols.reshape(288, -1)


def lay_back_last(cols, count):
    x = np.zeros((32, 9, 9, count), cols.dtype)
    cols = cols.reshape(32, 3, 3, 7, 7, count)
    for i, j in np.ndindex(3, 3):
        x[:, i : i + 7, j : j + 7] += cols[:, i, j]
    return x


# %%
def batch_last(x, weight, g):
    rows, count = weight.reshape(64, 288), len(x)
    cols = cut_last(x.transpose(1, 2, 3, 0))
    slopes = g.transpose(1, 2, 3, 0).reshape(64, -1)
    y, of_cols, of_rows = rows @ cols, rows.T @ slopes, slopes @ cols.T
    y = y.reshape(64, 7, 7, count).transpose(3, 0, 1, 2)
    of_x = lay_back_last(of_cols, count).transpose(3, 0, 1, 2)
    return y, of_x, of_rows.reshape(weight.shape)


# %% [markdown]
# Within a network the pictures come from a layer that left them batch last, too. So we lay them that way before the
# clock starts. The third way gets them as *it* likes them. minae's own convolution runs beside
# them. (`unwrap` takes it as a function of arrays, as in lesson 8.)


# %%
def minae_way(x, weight, g):
    y, (of_x, of_weight, _) = unwrap(F.conv2d)(x, weight, None)
    return y, of_x(g), of_weight(g)


def lay_batch_last(a):
    return np.ascontiguousarray(a.transpose(1, 2, 3, 0)).transpose(3, 0, 1, 2)


x_last, g_last = lay_batch_last(x), lay_batch_last(g)
ways = {"by pictures": (by_pictures, x, g), "batch last": (batch_last, x_last, g_last)}
ways["minae"] = (minae_way, x_last, g_last)

# %% [markdown]
# All three run in turns, and each gets the median of its times. **Guess:** how many times as fast is batch last as
# the third way? And what is its time, in parts of minae's?

# %% tags=["guess"]
my_two_factors = ...

# %% tags=["hide-output"]
print("Batch last:")
check(batch_last(x[:1], weight, g[:1]))
rounds = []
for _ in range(RUNS):
    rounds.append([seconds(f, x, weight, g, runs=1) for f, x, g in ways.values()])
took |= dict(zip(ways, np.median(rounds, axis=0)))
print(f"{took['by pictures'] / took['batch last']:.2f} times as fast as by pictures,")
print(f"{took['one by one'] / took['batch last']:,.0f} times as fast as one by one,")
print(f"and it takes {took['batch last'] / took['minae']:.2f} times as long as minae")

# %% [markdown]
# <details>
# <summary>What minae does besides</summary>
#
# The number above should be below 1.5, and near 1. minae copies three of the nine slices and reads the others as
# views with clever strides. It also has ways of its own for few channels, for strides and for large pictures. The
# idea is the one that you have just seen: batch last, few lines, large products. `minae/kernels/fast.py` has it, with
# a measurement beside each trick.
#
# </details>
#
# Look at what happened on the way. The arithmetic never changed, not by one multiplication. All that was gained was
# gained around it.
#
# ### Debug: an option that changes nothing
#
# Does it pay to take more pictures at a time? Somebody measures it, with a function that computes in batches.


# %%
def in_batches(function, x, batch_size=128, dtype=np.float32):
    """function(x), computed for `batch_size` rows at a time, in this dtype."""
    results = []
    for start in range(0, len(x), 128):
        batch = x[start : start + 128]
        results.append(function(batch.astype(np.float32)))
    return np.concatenate(results)


# %%
layer = lambda x: (rows @ cut_last(x.transpose(1, 2, 3, 0))).reshape(64, 49, -1).T
sizes = (1, 16, 128, 256)
rounds = []
for _ in range(3 * RUNS):
    rounds.append([seconds(in_batches, layer, x, size, runs=1) for size in sizes])
for batch_size, time in zip(sizes, np.median(rounds, axis=0)):
    print(f"batch size {batch_size:3}: {1e3 * time:5.1f} ms")

# %% [markdown]
# "The batch size does not matter." Runs in turns, medians, a plain result, and all of it wrong. Read the function
# again. It accepts the option, and does not use it. What it returns is right, for every batch size. So no test of the
# result can see it, and no error comes. Such options have stood in published programs for years.
#
# **If an option changes nothing, ask first whether it was read.** Here a function that prints `len(x)` is test
# enough. There is a second option of this kind. Mend both in `exercise.py`, and put your function here: the table
# changes.
#
# ## 7. The roof
#
# Now the picture. What can a program do *at best*, on this machine? Two numbers limit it.
#
# - The **speed** of arithmetic, in operations per second. A product of large matrices is the best that we can buy.
# - The **bandwidth**, in bytes per second, of arrays that are too large for the cache.
#
# "At best" means that here, and only here, we take the fastest of many runs.

# %%
square = rng.standard_normal((1024, 1024), dtype=np.float32)
fastest = seconds(np.matmul, square, square, runs=30, choose=min)
speed = 2 * 1024**3 / fastest
source = np.ones(2**24 if not QUICK else 2**22, np.float32)
target = np.empty_like(source)
fastest = seconds(np.copyto, target, source, runs=30, choose=min)
bandwidth = 2 * source.nbytes / fastest
print(f"speed     {speed / 1e9:5.1f} billion operations per second")
print(f"bandwidth {bandwidth / 1e9:5.1f} billion bytes per second")

# %% [markdown]
# A program that does $F$ operations and moves $B$ bytes needs at least $F/\text{speed}$ for the one and
# $B/\text{bandwidth}$ for the other. At best both go on at the same time. So it needs at least the longer of the two.
# Divide $F$ by this time:
#
# $$ \frac{\text{operations}}{\text{second}} \;\le\; \min\Big(\text{speed},\; \text{bandwidth} \cdot \frac{F}{B}\Big) $$
#
# $F / B$ is called the [intensity](../glossary.md#intensity): operations for each byte. Drawn as a function of it,
# the right side is a slant and then a flat line: the [roofline](../glossary.md#roofline). Left of the edge memory
# decides, right of it arithmetic.
#
# **Guess:** adding two large arrays, and multiplying two matrices of 1,024 x 1,024: how many operations per byte has
# each, in float32? Which of them is limited by what?

# %% tags=["guess"]
my_two_intensities = ...

# %% tags=["hide-cell"]
print("Operations per byte:")
n = 1024
print(f"a + b reads 8 bytes and writes 4 for one operation: {1 / 12:.2f}")
print(f"a @ b: {2 * n**3:,} operations, {3 * 4 * n * n:,} bytes: {2 * n / 12:.0f}")
print(f"the edge of this roof: {speed / bandwidth:.1f}")

# %% [markdown]
# Left of the edge a faster processor changes nothing: passes over memory must go.
#
# Now our four. All do the same operations. Which bytes do they move? *One by one*, and *by windows*, a picture stays in
# the cache while we work on it. So count what must be read and written at least: `x`, `g`, `weight`, and their three
# results. The other two ways have columns besides, more than five times as large as `x`. They write and read them. And
# *by pictures* writes 256 gradients of the filters, and reads them to add them up:

# %%
least = 2 * (x.nbytes + g.nbytes + weight.nbytes)
cols_bytes = cols.nbytes
cut_bytes = 2 * cols_bytes  # read x nine times, write the columns
product_bytes = 3 * cols_bytes + 3 * g.nbytes  # read or write cols; and y, g twice
back_bytes = 3 * cols_bytes  # read the columns; read and write x nine times
much = cut_bytes + product_bytes + back_bytes
moved = {"one by one": least, "by windows": least}
moved |= {"by pictures": much + 2 * 256 * weight.nbytes, "batch last": much}
dots = {way: (operations / moved[way], operations / took[way]) for way in moved}
for way, (per_byte, per_second) in dots.items():
    roof = min(speed, bandwidth * per_byte)
    print(f"{way:11} {per_byte:5.1f} operations per byte, ", end="")
    print(f"{per_second / roof:8.3%} of the roof")

# %% [markdown]
# **Draw it on paper first:** the roof with your two numbers, and the four dots. Which dots lie further to the left?
# Is left good or bad?

# %% tags=["guess"]
my_drawing = ...


# %% tags=["hide-cell"]
print("The four on their way to the roof:")
names, path = list(dots), np.log10(list(dots.values()))


def climb(step):
    last = min(int(step), 3)
    place = path[last] + (step - last) * (path[min(last + 1, 3)] - path[last])
    shown = {name: dots[name] for name in names[: last + 1]}
    axes = draw_roof(speed, bandwidth, shown, "The roofline of this machine")
    axes.plot(*10 ** path[: last + 1].T, "k:", linewidth=1)
    axes.plot(*10**place, "o", color="black", markersize=5)
    return axes


drawing.animate(
    climb,
    [0, 0.33, 0.67, 1, 1.33, 1.67, 2, 2.33, 2.67, 3],
    alt="Under the roof a dot climbs. From one by one, at the bottom, it goes up to by "
    "windows, then to the left to by pictures, and a little up and to the right to "
    "batch last, close under the roof.",
    seconds=0.6,
)

# %% [markdown]
# <details>
# <summary>What to look at</summary>
#
# The first two dots lie far under the roof. Neither arithmetic nor memory holds them down. The roof has no line for
# what does: the price of Python's lines, and of small products. To get rid of it we paid in bytes. The other two
# move more than ten times as many bytes as they must. So they lie further to the left, nearer to the slant of memory.
# Left is not good, and still it paid: the fastest way is not one of those that move the least.
#
# </details>
#
# Here is the answer to our question, as a bill. Divide $F$ by the speed, and $B$ by the bandwidth. Call what is left
# *the rest*: lines, small products, short pieces. (In our ways cutting and multiplying come one after the other, so
# here the two times add up. Where arrays fit into a large cache, memory takes less than this.)

# %% tags=["hide-input"]
bill = {way: (operations / speed, moved[way] / bandwidth) for way in moved}
axes = drawing.axes("Where did the time go?", "part of the time", size=(6, 2.4))
for place, (way, (arithmetic, memory)) in enumerate(bill.items()):
    start, whole = 0, max(took[way], arithmetic + memory)
    for number, time in enumerate((arithmetic, memory, whole - arithmetic - memory)):
        axes.barh(-place, time / whole, left=start, color=("C0", "C1", "0.8")[number])
        start += time / whole
axes.set_yticks([0, -1, -2, -3], bill)
axes.legend(["arithmetic", "memory", "the rest"], bbox_to_anchor=(1, 1))
drawing.show(
    axes,
    alt="Four bars. One by one is all rest. From bar to bar the part of arithmetic "
    "grows, in the last two with a piece for memory, and the rest shrinks.",
)

# %% [markdown]
# **Keep it:** `draw_roof(speed, bandwidth, dots, "My computer").figure.savefig("my_roof.png")`. Whatever you write
# next, count its operations and bytes, measure it, and put it on this picture. If it lies far below, you pay for lines
# of Python, or for small pieces. Close to the slant, make fewer passes. Close to the flat part, you are done: only
# another algorithm or more cores help then.
#
# Above the dot of *by windows* there is room: a program with as few bytes, *and* few lines. It cuts each window when it
# needs it, and never writes it down. Compiled libraries have such programs.
#
# ## 8. Two processes
#
# More cores, then. How can two share one training step? By lesson 6 the loss of a batch is a mean over its $N$
# pictures. The gradient of a sum is the sum of the gradients. So cut the batch into shares, with $n_1$ and $n_2$
# pictures, and let $L_1$ and $L_2$ be the mean losses of the shares:
#
# $$ \nabla L = \frac{1}{N} \sum_k \nabla \ell_k = \frac{n_1}{N} \nabla L_1 + \frac{n_2}{N} \nabla L_2. $$
#
# Each process computes the gradient of its share. They add these up, both take the same step, and stay equal. What
# travels between them has the size of the weights, however many pictures there are.
#
# **Guess:** a batch of 100 is shared 70 and 30, and somebody takes the plain mean of the two gradients. How wrong is
# that? A little, or a lot?

# %% tags=["guess"]
my_guess = ...


# %% tags=["hide-output"]
print("Largest error, in parts of the largest slope:")
inputs, wanted = rng.standard_normal((100, 20)), rng.standard_normal((100, 5))
matrix = rng.standard_normal((20, 5))


def gradient(inputs, wanted):
    """Of the squared error, summed over a row and averaged over the rows."""
    return 2 * inputs.T @ (inputs @ matrix - wanted) / len(inputs)


whole = gradient(inputs, wanted)
first, second = gradient(inputs[:70], wanted[:70]), gradient(inputs[70:], wanted[70:])
for name, part in (("plain mean", 0.5), ("70 to 30", 0.7)):
    error = np.abs(part * first + (1 - part) * second - whole).max()
    print(f"{name:10} {error / np.abs(whole).max():.1e}")

# %% [markdown]
# <details>
# <summary>Why it is often missed</summary>
#
# In the plain mean each of the 30 counts more than twice as much as one of the 70. With equal shares it is right. So
# a test with even numbers passes. The last batch of an epoch is smaller, and may be odd: there it goes wrong.
#
# </details>
#
# Now with two real processes. They talk by MPI, the language of large computers: `mpiexec` starts the same program
# twice, and `comm.rank` tells each which one it is. `allreduce` adds up what all of them hold, and gives everyone the
# sum.

# %%
PROGRAM = """
import numpy as np
from mpi4py import MPI
from minae import Tensor, functional as F, data

comm = MPI.COMM_WORLD
images, labels = (array[:101] for array in data.mnist("train"))
start = np.random.default_rng(0).standard_normal((10, 784), dtype="float32") / 28

def gradient(rows):
    weight = Tensor(start, requires_grad=True)
    logits = F.linear(Tensor(images[rows].reshape(-1, 784)), weight)
    F.cross_entropy(logits, labels[rows]).backward()
    return weight.grad
"""

# %%
PROGRAM += """
mine = slice(comm.rank * 101 // comm.size, (comm.rank + 1) * 101 // comm.size)
count = mine.stop - mine.start
total = comm.allreduce(count / 101 * gradient(mine))
counts = comm.gather(count)
if comm.rank == 0:
    whole = gradient(slice(0, 101))
    error = np.abs(total - whole)
    print(len(counts), "processes, with shares of", counts, "pictures")
    print(f"slopes that differ from those of one process: {(error > 0).mean():.0%}")
    error /= np.abs(whole).max()
    print(f"largest difference, in parts of the largest slope: {error.max():.0e}")
"""

# %% [markdown]
# **Guess:** is the sum *exactly* the gradient that one process finds? If not, in which digit do they differ?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("Two processes shake hands:")
here = Path(sys.executable).parent
mpiexec = shutil.which("mpiexec", path=here) or shutil.which("mpiexec")
if mpiexec and find_spec("mpi4py"):
    command = [mpiexec, "-n", "2", sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    print(done.stdout)
else:
    print("There is no MPI here: pip install 'minae[mpi]' brings it. It would show")
    print("shares of 50 and 51 pictures, whose sum differs in the last digits only.")

# %% [markdown]
# <details>
# <summary>Why not exactly</summary>
#
# A sum of rounded numbers depends on its order. One process adds up 101 terms; two add up 50 and 51, and then the two
# sums. float32 has about seven digits. By the largest slope, the difference is in the last one or two. (A small slope
# may differ sooner.) It is the same gradient, but for [rounding](../glossary.md#rounding).
#
# </details>
#
# `mpiexec -n 2 minae train conv-ae` trains a whole model this way. How much faster is it? We measured 1.83
# times for the convolutional autoencoder, and 1.13 times for a dense network. The dense one has
# many more weights, and what travels and what Adam does is of their size. That is the roofline again: bytes limit it.
#
# ## Exercise
#
# `exercise.py` has five functions to build, for six points: `strides`, `roofline`, `columns`, `conv2d` (two points)
# and `gradient_of_shares`. `race` of section 1 is worth two points, `in_batches` of section 6 one, and one is for the
# experiment. `python -m lessons grade 14` says what you have.
#
# **`strides` and `roofline`**
#
# <details>
# <summary>Hint 1</summary>
#
# The fastest axis has a stride of one number. By how much does the address grow when the next axis grows by 1? By all
# that lies in the axes before it.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# For the roofline count three matrices, each once. Each of the $n \cdot m$ results needs $k$ products and as many
# additions.
#
# </details>
#
# **`columns` and `conv2d`**
#
# <details>
# <summary>Hint 1</summary>
#
# Take lesson 8's `im2col` and move one axis: the array is (C, kh, kw, H', W', N), and one reshape makes the matrix.
# Begin with `x.transpose(1, 2, 3, 0)`, then the padding.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# Section 6 has all three products. `g` must be laid out like the value: `g.transpose(1, 2, 3, 0).reshape(O, -1)`. The
# gradient of x lays columns back, with a stride and a frame that section 6 does not have and lesson 8 has.
#
# </details>
#
# **`race`**
#
# <details>
# <summary>Hint 1</summary>
#
# Which of the two loops must be inside, the one through the rounds or the one through the ways?
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# You need a list of times for each way. Between the two calls of `clock` there is one line only.
#
# </details>
#
# **`gradient_of_shares`**
#
# <details>
# <summary>Hint 1</summary>
#
# Process $p$ of $P$ can take the rows from `p * N // P` to `(p + 1) * N // P`. When is that no row at all?
#
# </details>
#
# ### Experiment: how much must be kept?
#
# A matrix has 32 rows and 64 columns of float32, in C order, and lines have 64 bytes. It is read column by column.
# Change one thing, how many lines the cache keeps. From which number on is no line loaded twice? Write down your
# guess.

# %% tags=["guess"]
my_lines_to_keep = ...

# %% [markdown]
# Then write `lines_loaded`, try it, and put the number into `LINES_TO_KEEP` and the reason into `WHY`. The numbers
# are checked; a person reads the line.
#
# <details>
# <summary>Hint 1</summary>
#
# Keep a list of the numbers of lines, the one used last at its end. `address // line` is the number of a line.
#
# </details>
#
# ## Challenge: beat minae
#
# Worth nothing but pride. Take the layer of this page, and make a fifth way that is faster than minae's, in turns, by
# the median. Ideas: copy only three of the nine slices; work on as many pictures as fit into the cache; keep the
# large arrays, so that they need not be made anew. Put the dot on your roof.
#
# ## Expected results
#
# Times are your machine's. These should hold on all:
#
# | section | what | you should have seen |
# |---|---|---|
# | 1 | the slowest of thirty runs | longer than the median |
# | 2 | one by one | about a second or more for a picture |
# | 3 | 100 numbers in a line | less than twice the time of one |
# | 5 | lines loaded, along and across | 16 and 128 |
# | 6 | from one by one to batch last | thousands of times as fast |
# | 6 | batch last | less than 1.5 times minae's time |
# | 8 | two processes | the same gradient, but for the last digits |
#
# ## What you now know
#
# - Time goes to three things: lines of Python, bytes moved, operations. They have prices, and you can measure them.
# - A line costs the same for one number and for a hundred. A large product uses what it has fetched many times.
# - Strides say what lies beside what. Go along memory, in long pieces, and count the passes.
# - Under the roofline one sees which of the prices counts. Measure the parts before you improve one.
# - Call once before, make inputs outside, take turns, take the median. If an option changes nothing, ask whether it
#   is read.
# - The gradient of a batch is the sum of the gradients of its shares, each with its part of the rows.
#
# ## Read next
#
# - `minae/kernels/plain.py` and `fast.py` side by side: a measurement stands beside each trick.
# - `minae/training/shares.py`: how a training is shared, with noise and odd numbers.
# - S. Williams, A. Waterman, D. Patterson, *Roofline: an insightful visual performance model* (2009).
# - U. Drepper, *What every programmer should know about memory* (2007).
