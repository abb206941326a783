# %% [markdown]
# # 10. Convolutional codes: where in the code is the digit?

# %% tags=["hide-input"]
import os
from pathlib import Path
from typing import Any

import numpy as np

from lessons import drawing, weights
from minae import Tensor, data, models, nn, optim
from minae import functional as F
from minae.measures.pca import PCA

QUICK = "MINAE_QUICK" in os.environ  # only to test this lesson
HERE = Path(drawing.__file__).parent / "10_convolutional_codes"

pictures, labels = data.mnist("train")
learnt, learnt_labels = pictures[:55_000], labels[:55_000]  # to learn from
new, new_labels = pictures[55_000:57_000], labels[55_000:57_000]  # to choose by


def strided(few=16, many=32):
    """Three convolutions down to 8 x 4 x 4, and three transposed ones back."""
    rng = np.random.default_rng(0)
    half = {"stride": 2, "padding": 1, "rng": rng}
    first, second = nn.Conv2d(1, few, 3, **half), nn.Conv2d(few, many, 3, **half)
    third = nn.Conv2d(many, 8, 3, **half)
    encoder = nn.Sequential(first, nn.ReLU(), second, nn.ReLU(), third)
    first = nn.ConvTranspose2d(8, many, 3, **half)
    second = nn.ConvTranspose2d(many, few, 3, output_padding=1, **half)
    third = nn.ConvTranspose2d(few, 1, 3, output_padding=1, **half)
    decoder = nn.Sequential(first, nn.ReLU(), second, nn.ReLU(), third)
    return nn.Sequential(encoder, decoder)


network = strided()
if "MINAE_KEEP" not in os.environ:  # if it is, section 2 makes them anew
    weights.load(network, HERE / "strided.safetensors")
encoder, decoder = network


def encode(x):
    return encoder(Tensor(x)).numpy()


def decode(codes):
    """Pixels between 0 and 1: the decoder itself gives logits (lesson 6)."""
    return F.sigmoid(decoder(Tensor(codes.astype(np.float32)))).numpy()


def error(copies, x):
    """The squared error, summed over pixels, in the mean of the pictures."""
    return np.mean(np.sum((copies - x) ** 2, axis=(1, 2, 3)))


def grey(panel, picture, title=""):
    panel.imshow(picture, cmap="gray", vmin=0, vmax=1)
    panel.set(xticks=[], yticks=[])
    panel.set_title(title, fontsize=9)


def tiled(maps, columns):
    """Channels (C, H, W) side by side, with lines between them, each from -1 to 1."""
    maps = maps / np.maximum(np.abs(maps).max(axis=(1, 2), keepdims=True), 1e-9)
    maps = np.round(3 * maps) / 3  # few colours, so that the picture is small
    maps = np.pad(maps, ((0, 0), (0, 1), (0, 1)), constant_values=np.nan)
    count, height, width = maps.shape
    rows = maps.reshape(count // columns, columns, height, width).swapaxes(1, 2)
    return rows.reshape(-1, columns * width)[:-1, :-1]


def colour(panel, numbers, title=""):
    """Red is positive, blue is negative."""
    panel.imshow(numbers, cmap="RdBu_r", vmin=-1, vmax=1)
    panel.set(xticks=[], yticks=[])
    panel.set_title(title, fontsize=9)


codes = encode(learnt[:10_000])
means, spreads = codes.mean(axis=0), codes.std(axis=0)
three = new[[8]]


def without_place(place):
    """The code with the numbers of one place set to their means, and its picture."""
    code = encode(three)
    if place >= 0:
        row, column = divmod(place, 4)
        code[:, :, row, column] = means[:, row, column]
    panels = drawing.grid(1, 3, size=(6.4, 2.4))[0]
    grey(panels[0], three[0, 0], "a picture: 784 numbers")
    colour(panels[1], tiled((code - means)[0] / 10, 4), "its code: 8 channels of 4 x 4")
    grey(panels[2], decode(code)[0, 0], "the picture from the code")
    return panels[0]


drawing.animate(
    without_place,
    [-1, 5, 6, 9, 10, 14, -1],
    alt="A 3, its code of eight small squares with 16 numbers each, and the 3 "
    "that is made of the code. One place after another goes white in all "
    "squares, and the piece of the 3 at this place is spoilt.",
    seconds=0.9,
)

# %% [markdown]
# A network turned a 3 into 128 numbers, and the numbers into a 3 again. The numbers stand in eight squares of 4 x 4.
# Then one place is set to what is usual there, in all eight squares, and a piece of the 3 goes with it.
#
# Such codes are everywhere: many generators of pictures do not paint pixels, they paint a small code like this one
# and decode it. At the end of this lesson you destroy a part of a code and repair it with your own function. On the
# way there is one question: **where in the code is the digit?**
#
# You need lesson 8 (convolution, strides, the transposed one) and lesson 9 (codes, PCA). The networks here are
# minae's. You wrote all their parts in lessons 5 to 8, and could use your own. Reading takes 40 minutes.
#
# ## 1. From a picture to a code, and back
#
# The [encoder](../glossary.md#encoder) has three convolutions. Each has filters of 3 x 3, a
# [stride](../glossary.md#stride) of 2 and a [padding](../glossary.md#padding) of 1. A relu stands between them.
# By lesson 8, from $n$ rows a convolution makes
#
# $$ \left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1. $$
#
# So 28 rows become 14, then 7, then 4. The way back has three *transposed* convolutions of the same kind. They should
# make 7, 14 and 28 again.
#
# **Guess:** a transposed convolution makes $s (n - 1) - 2p + k$ rows of $n$. What does it make of 4? Of that? Of
# that?

# %% tags=["guess"]
my_rows = [..., ..., ...]

# %% tags=["hide-output"]
print("The way down, and the way back:")
down = lambda n: (n + 2 * 1 - 3) // 2 + 1
back = lambda n: 2 * (n - 1) - 2 * 1 + 3
print("28 ->", down(28), "->", down(14), "->", down(7))
print(" 4 ->", back(4), "->", back(7), "->", back(13))
print("rows that become 7 on the way down:", [n for n in range(9, 19) if down(n) == 7])

# %% [markdown]
# <details>
# <summary>Why 13, and not 14</summary>
#
# The way down rounds: 13 rows and 14 rows both become 7. So from 7 alone nobody can know which it was. The formula
# takes the smaller one. Each layer of the decoder must be *told* if it was the other.
#
# </details>
#
# What it is told is called `output_padding`: so many rows and columns more, at the end. Here the three layers of the
# decoder need 0, 1 and 1. They are often found by trying. You will write the function that knows.

# %%
x = Tensor(three)
print("the picture         ", x.shape[1:])
for layer in [*encoder, *decoder]:
    x = layer(x)
    if not isinstance(layer, nn.ReLU):
        learns = sum(weight.size for weight in layer.parameters())
        print(f"{type(layer).__name__:20} {x.shape[1:]!s:13} {learns:6,} weights")

# %% [markdown]
# What the third layer makes, (8, 4, 4), is the code: 128 numbers for 784. (No relu stands behind it, so they may be
# negative.) Channels grow while the squares shrink: first 16, then 32. The last layer of the encoder keeps 8 of them,
# and that is the squeeze.
#
# And this is what stands in the tensors, for our 3:

# %% tags=["hide-input"]
stages, x = [three[0]], Tensor(three)
for layer in [*encoder, *decoder]:
    x = layer(x)
    if isinstance(layer, nn.ReLU) or layer in (list(encoder)[-1], list(decoder)[-1]):
        stages.append(x.numpy()[0])
panels = drawing.grid(2, 4, size=(7, 3.9))
for panel, stage in zip([*panels[0], *panels[1, ::-1]], stages):
    columns = {1: 1, 8: 4, 16: 4, 32: 8}[len(stage)]
    colour(panel, tiled(stage, columns), " x ".join(map(str, stage.shape)))
panels[1, 0].axis("off")
drawing.show(
    panels[0, 0],
    alt="Above, from left to right: the 3; sixteen maps in which its edges are "
    "seen; 32 smaller maps; eight squares of 4 x 4. Below, from right to "
    "left: 32 maps, sixteen maps with sharper edges, and the 3 again, as "
    "logits.",
)

# %% [markdown]
# Read the upper row to the right and the lower row to the left. In most maps you can still *see* the 3. It gets
# coarser, and it does not move. In the code it is 4 pixels high, in eight colours. That is a first answer, and we
# will test it.
#
# **Your turn.** `encoder_sizes`, `output_paddings` and `count_weights` in `exercise.py`. There rows and columns have
# sizes, filters and strides of their own. This is no cruelty: if two sizes are equal, nobody notices when they are
# swapped.
#
# ## 2. Four codes of 128 numbers
#
# It learns as in lesson 7, a step of Adam for each batch. The loss is the binary cross-entropy of lesson 6: it needs no
# sigmoid at the end, and its slopes stay alive where a pixel is black or white. But we judge by lesson 9's squared
# error, as PCA has no other. No label is needed: the picture itself is the target.


# %%
def train(model, x, epochs=8, rate=0.003):
    optimizer = optim.Adam(model.parameters(), lr=rate)
    for epoch in range(epochs):
        optimizer.lr = rate * (1 - epoch / epochs)  # it falls, as in lesson 7
        for rows in data.batches(len(x), 128, np.random.default_rng(epoch)):
            batch = Tensor(x[rows])
            logits = model(batch)
            loss = F.binary_cross_entropy_with_logits(logits, batch, reduction="sum")
            optimizer.zero_grad()
            (loss / len(rows)).backward()
            optimizer.step()
    return model


# %%
own = train(strided(), learnt[: 1_000 if QUICK else 10_000], epochs=2)
copies = F.sigmoid(own(Tensor(new))).numpy()
print(f"after some seconds: error {error(copies, new):.1f} for each new picture")

# %% [markdown]
# With all 55,000 pictures and eight epochs it takes two minutes, so this page has its weights in a file.
# (Where the course is written, `MINAE_KEEP=1 python -m lessons build 10` makes them, by this function.)
#
# Is it good? A row of handsome copies says nothing. We need rivals with a code of the *same* 128 numbers, on the same
# pictures:
#
# - **PCA**, the best linear map (lesson 9), with its answers cut off at 0 and 1, where pixels end;
# - **dense**: `Linear(784, 128)`, relu, `Linear(128, 784)`;
# - **pooled**: the convolutional autoencoder that many tutorials show. Each convolution is followed by relu and
#   max-pooling, and on the way back pixels are repeated. Its code is 8 x 4 x 4, too. minae has it as
#   `minae train conv-ae`;
# - **strided**: ours.
#
# The three networks were trained by the function above. **Guess** the order, from the smallest error.

# %% tags=["guess"]
my_order = [..., ..., ..., ...]


# %% tags=["hide-cell"]
def dense():
    rng = np.random.default_rng(0)
    encoder = nn.Sequential(nn.Flatten(), nn.Linear(784, 128, rng=rng), nn.ReLU())
    last = nn.Linear(128, 784, rng=rng)
    return nn.Sequential(encoder, nn.Sequential(last, nn.Unflatten(1, (1, 28, 28))))


def pooled():
    made = models.ConvAE(rng=0)
    return nn.Sequential(made.encoder, made.decoder)


def small():
    return strided(8, 16)


if "MINAE_KEEP" in os.environ:
    for build in (strided, small, dense, pooled):
        weights.save(train(build(), learnt), HERE / f"{build.__name__}.safetensors")

rivals: dict[str, Any] = {"PCA": PCA.fit(learnt, 128)}
for build in (dense, pooled, strided):
    kept = HERE / f"{build.__name__}.safetensors"
    rivals[build.__name__] = weights.load(build(), kept)


def copied(name, x):
    """What comes back of pictures after a passage through a code of 128 numbers."""
    if name == "PCA":
        return rivals[name].reconstruct(x).clip(0, 1)  # as a sigmoid does
    return F.sigmoid(rivals[name](Tensor(x))).numpy()


def size_of(name):
    if name == "PCA":
        return rivals[name].components.size + rivals[name].mean.size
    return sum(weight.size for weight in rivals[name].parameters())


print("Error on new pictures, and how many numbers were fitted:")
for name in rivals:
    print(f"{name:8} {error(copied(name, new), new):6.2f} {size_of(name):8,}")

# %% [markdown]
# The picture that many tutorials show, a row of digits and their good-looking copies, comes from the *worst* of the
# four. It loses to PCA, and by far. (Trained three times as long it is a little better, and still far behind. Each was
# trained once, with one seed and one rate.) Nobody sees that without PCA beside it. So, for any new network: first the
# plain rival, with as many numbers.
#
# Why is it so bad? Look at its code:

# %%
alive = rivals["pooled"][0](Tensor(learnt[:10_000])).numpy().std(axis=0) > 0.001
print(f"of 128 numbers {alive.sum()} ever change; alive in each channel:")
print(alive.sum(axis=(1, 2)))
fewer = PCA.fit(learnt, int(alive.sum()))
print(f"PCA with as many: {error(fewer.reconstruct(new).clip(0, 1), new):.2f}")
living = rivals["dense"][0](Tensor(learnt[:10_000])).numpy().std(axis=0) > 0.001
print(f"the dense code: {living.sum()} of its 128 ever change")
narrow = weights.load(small(), HERE / "small.safetensors")
copies = F.sigmoid(narrow(Tensor(new))).numpy()
learns = sum(weight.size for weight in narrow.parameters())
print(f"strided, with half the channels, {learns:,} weights: {error(copies, new):.2f}")

# %% [markdown]
# Whole channels are dead: 0 for every picture. A relu stands at the end of its encoder. A filter that falls below 0
# for all pictures gets no slope, and hardly ever comes back (lesson 7 had such a patient). Is that the cause? No: PCA
# with only the living numbers is far better. And the dense code, the best of the four, has no more living numbers. Has
# it too few weights? No: a strided network with hardly more weights has an error of 3.5 in place of 12.5. What is
# left, and the likeliest cause, is its way down and up. Pooling keeps the largest of four numbers and drops *where*
# it stood. Repeating each number four times cannot bring that back.
#
# Ours is hardly better than PCA, but with a seventh of the numbers. Dense is a little better still, with 14 times as
# many weights as ours. What do these buy? Let us move the pictures, which all networks met in the middle.
#
# **Guess:** all digits move by 4 pixels, down and to the right. How many times larger is each error then?

# %% tags=["guess"]
my_factors = {"PCA": ..., "dense": ..., "pooled": ..., "strided": ...}

# %% tags=["hide-output"]
print("Moved by so many pixels:")
print("         ", *(f"{pixels:6}" for pixels in (0, 1, 2, 4)), "  4 against 0")
for name in rivals:
    moved = [np.zeros_like(new) for _ in range(4)]
    for x, pixels in zip(moved, (0, 1, 2, 4)):
        x[..., pixels:, pixels:] = new[..., : 28 - pixels, : 28 - pixels]
    errors = [error(copied(name, x), x) for x in moved]
    row = [f"{one:6.1f}" for one in errors]
    print(f"{name:9}", *row, f"{errors[-1] / errors[0]:9.1f} times")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# A dense layer has weights of its own for each pixel. At the edge it has hardly seen any chalk, so it learned nothing
# there. A filter is used at every place: what it learned in the middle it knows almost everywhere. So ours loses
# least by far. The pooled one has nearly the same factor, but only because it was bad before: it loses about 20, more
# than PCA. (Even ours loses something. At the frame a filter meets the zeros of the padding, and there chalk is new to
# it.) That is what weights that are shared buy. Not a smaller error on pictures like the old ones, but fewer weights,
# and knowledge that moves.
#
# </details>
#
# ## 3. Where in the code is the digit?
#
# Now the question. The eight numbers at one place together are a small vector. If the code is a coarse picture, they
# should speak about their place alone. Change one place, and look which pixels change at all:

# %%
code = encode(new[:200])
changed = code.copy()
changed[:, :, 1, 2] = means[:, 1, 2]  # row 1, column 2, counted from 0
touched = np.abs(decode(changed) - decode(code)).max(axis=(0, 1)) > 1e-6
rows, columns = np.flatnonzero(touched.any(axis=1)), np.flatnonzero(touched.any(axis=0))
print(f"rows {rows.min()} to {rows.max()}, columns {columns.min()} to {columns.max()}")

# %% [markdown]
# A window of 15 x 15 pixels, and nothing outside. It can be derived. Backwards from the code each layer stamps
# filters of 3 x 3 at a distance of 2 (lesson 8). One number makes 3 rows. These make $2 \cdot (3 - 1) + 3 = 7$, and
# those $2 \cdot (7 - 1) + 3 = 15$. Places are 8 pixels apart, so the windows overlap: most pixels are drawn by four
# places.
#
# So here is a bold prediction. Take the code and move *it*, by one place to the right.
#
# **Guess:** what does the decoder draw? (Into the empty column we put the code of an empty blackboard.)

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("The code moved by one place:")
blackboard = encode(np.zeros_like(new[:1]))
moved = np.repeat(blackboard, len(new), axis=0)
moved[:, :, :, 1:] = encode(new)[:, :, :, :-1]
drawn = decode(moved)
for pixels in (0, 6, 7, 8, 9, 10):
    x = np.zeros_like(new)
    x[..., pixels:] = new[..., : 28 - pixels]
    print(f"error to the picture moved by {pixels:2} pixels: {error(drawn, x):6.1f}")
drawing.show(
    drawing.pictures({"picture": new[:8], "moved": drawn[:8]}, size=0.62),
    alt="Eight digits, and below them the same digits, further to the right, "
    "cut off by the edge where they leave the picture.",
)

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# The digit moves by 8 pixels. One place of the code is $2 \cdot 2 \cdot 2 = 8$ pixels. The network never saw a digit
# there. Away from the frame, moving the code is the same as moving the picture by whole places: that is the
# [equivariance](../glossary.md#equivariance) of lesson 8, through six layers. Of course the code cannot be moved by
# half a place.
#
# </details>
#
# So the digit's *place* is easy to find in the code. Now the 128 numbers one by one. What is one of them worth? We
# switch it off: it gets the same value for all pictures, its mean, and so says nothing any more. How much does the
# error grow?
#
# **Guess:** how much does the error grow if one of the 128 is switched off? (With all of them on it is 2.7, with all
# of them off 70.) And how many can be off together until the error is twice as large?

# %% tags=["guess"]
my_growth, my_number = ..., ...


# %% tags=["hide-cell"]
def switched_off(code, numbers):
    """Codes in which some of the 128 numbers are set to their means."""
    flat = code.reshape(len(code), 128).copy()
    flat[:, numbers] = means.reshape(128)[numbers]
    return flat.reshape(code.shape)


some = new[: 50 if QUICK else 300]
some_codes = encode(some)
base = error(decode(some_codes), some)
growth = [error(decode(switched_off(some_codes, [i])), some) - base for i in range(128)]
worth = np.array(growth).reshape(8, 4, 4)
print("How much the error grows:")
print(f"the most {worth.max():.2f}, in the mean {worth.mean():.2f}")
panels = drawing.grid(1, 2, size=(7, 2.9))[0]
lines = np.pad(worth, ((0, 0), (0, 1), (0, 1)), constant_values=np.nan)
lines = lines.reshape(2, 4, 5, 5).swapaxes(1, 2).reshape(10, 20)[:-1, :-1]
made = panels[0].imshow(lines, cmap="magma")
panels[0].set(title="each of the 128 numbers", xticks=[], yticks=[])
panels[0].figure.colorbar(made, ax=panels[0], shrink=0.6)
made = panels[1].imshow(worth.sum(axis=0), cmap="magma")
panels[1].set(title="all channels of a place", xticks=[], yticks=[])
panels[1].figure.colorbar(made, ax=panels[1], shrink=0.6)
drawing.show(
    panels[0],
    alt="Two maps of how much the error grows. In each of the eight channels the four "
    "places in the middle are bright. In the sum of the channels the middle is bright, "
    "and the corners are black.",
)

# %% [markdown]
# <details>
# <summary>What to look at</summary>
#
# Most numbers are worth little. Without the best one the error grows by 3 and is more than doubled, but from there to
# 70 it is far. In every channel the middle is worth most, because the digits stand there. The corners are worth almost
# nothing. A code has as many numbers for a black corner as for
# the middle of an 8: it is a picture, and pays for its frame.
#
# </details>
#
# Now let us switch them off together: first the one that is worth least, then the next, until none is left.


# %% tags=["hide-input"]
order = worth.ravel().argsort()


def with_so_many_off(count):
    rows = [0, 2, 8, 14, 15, 17, 18]
    left = switched_off(encode(new[rows]), order[:count])
    everything = switched_off(encode(new), order[:count])
    panels = drawing.grid(1, len(rows), size=(6.4, 1.5))[0]
    for panel, picture in zip(panels, decode(left)[:, 0]):
        grey(panel, picture)
    off = f"{count} numbers off: error {error(decode(everything), new):.1f}"
    panels[0].figure.suptitle(off, fontsize=10)
    return panels[0]


drawing.animate(
    with_so_many_off,
    (0, 48, 64, 80, 96, 112, 128),
    alt="Seven digits. With 48 numbers switched off they look as before, with "
    "80 they are frayed, with 112 hardly to be read. With all off each is "
    "the same faint ghost.",
    seconds=1.2,
)

# %% [markdown]
# About 60 of the 128 can go until the error is twice as large. The best 16 alone bring it from 70 down to 44. So the
# answer of this section has two parts. **The code is a small picture: each number speaks about one window of
# 15 x 15 pixels. But no single number is a digit.** They speak together, eight at each place.
#
# **Your turn.** Write `importance`. `importance(some_codes, some, decode)` should give nearly this map.
#
# ## 4. Noise in the code
#
# How exact must the numbers be? Add noise to all of them: to each number as much as it usually changes from picture
# to picture (its standard deviation), times a strength.
#
# **Guess:** from which strength on can you no longer read the digits?

# %% tags=["guess"]
my_strength = ...


# %% tags=["hide-cell"]
def noisy(strength):
    noise = np.random.default_rng(1).standard_normal((len(new), 8, 4, 4))
    drawn = decode(encode(new) + strength * spreads * noise)
    panels = drawing.grid(1, 7, size=(6.4, 1.5))[0]
    for panel, picture in zip(panels, drawn[:7, 0]):
        grey(panel, picture)
    panels[0].figure.suptitle(f"error {error(drawn, new):.1f}", fontsize=10)
    return panels[0]


print("Turn the slider:")
drawing.slider(
    noisy,
    (0, 0.2, 0.4, 0.8, 1.6),
    "Seven digits. With little noise in their codes they are as before; with more the "
    "strokes swell, thin and break; with the most there are only white blots.",
    "strength",
    start=2,
)

# %% [markdown]
# **Experiment.** `change_by_noise` in `exercise.py` measures how much pictures change. Predict first: with twice the
# noise, how many times the change, if there is little noise? And if there is much? Then run it with `decode` and
# `encode(new)`, and write your line into `WHY_NOT_TWICE`.
#
# Remarkable: noise does not make grey rain on the picture. It makes other *strokes*, as if the decoder could draw
# nothing else. So perhaps any 128 numbers make a digit?
#
# ## 5. Digits from random codes
#
# It is tempting: forget the encoder, draw a random code, decode it, and have a new digit that nobody wrote. Notebooks
# do it like this, with numbers from the normal distribution or evenly between 0 and 1:

# %%
rng = np.random.default_rng(2)
count = 50 if QUICK else 300
drawn = {
    "normal, 0 and 1": rng.standard_normal((count, 8, 4, 4)),
    "even, 0 to 1": rng.uniform(0, 1, (count, 8, 4, 4)),
}

# %% [markdown]
# We need a judge: what share of the pictures are digits? The classifier of lesson 7 reads 98 % of all test digits
# rightly, and tells how sure it is.
#
# **Guess:** of the pictures from such codes, for what share is the classifier more than 99 % sure which digit it is?

# %% tags=["guess"]
my_share = ...

# %% tags=["hide-cell"]
reader = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU())
reader = nn.Sequential(*reader, nn.Linear(128, 10))
weights.load(reader, HERE.parent / "07_learning" / "classifier.safetensors")


def is_sure(x):
    """Whether the classifier of lesson 7 gives one digit more than 99 %."""
    return F.softmax(reader(Tensor(x.reshape(len(x), 784)))).numpy().max(axis=1) > 0.99


print("The classifier is sure:")
for name, code in drawn.items():
    print(f"{name:16} {is_sure(decode(code)).mean():4.0%}")
shown = {name.split(",")[0]: decode(code[:4]) for name, code in drawn.items()}
drawing.show(
    drawing.pictures(shown, size=0.62),
    alt="Two rows of pictures like clouds or cloth: grey blots all over, no digit.",
)

# %% [markdown]
# <details>
# <summary>What to make of it</summary>
#
# There is not one digit among them, and the classifier is sure of about half. It was asked *which* digit, and
# never *whether*. It is a bad judge: lesson 7 said so already, "it is wrong, and does not know it". If you use one to
# count digits, you count your own wishes.
#
# </details>
#
# So we need a second witness, who knows what digits look like. For each picture take the real digit that is most like
# it. Likeness is the inner product of both, each divided by its length: 1 for the same shape. How much is enough? We
# set the limit so that 95 % of the pictures from *real* codes pass (of other pictures than those we judge later).


# %%
def directions(x):
    """Pictures as rows of length 1."""
    x = x.reshape(len(x), 784)
    return x / np.sqrt(np.sum(x * x, axis=1, keepdims=True))


known = directions(learnt[: 2_000 if QUICK else 20_000])


def likeness(x):
    """To the real digit that is most like it."""
    return np.max(directions(x) @ known.T, axis=1)


# %%
enough = np.quantile(likeness(decode(encode(new[1_000:]))), 0.05)


def share(x):
    """Of pictures that are like a digit, and that the classifier is sure of."""
    return np.mean((likeness(x) > enough) & is_sure(x))


# %% [markdown]
# A judge must be judged first, on pictures of which we know the answer:

# %%
shirts, _ = data.fashion_mnist("test")
shuffled = new.reshape(-1, 784)[:, rng.permutation(784)].reshape(new.shape)
upper = np.where(np.arange(28)[:, None] < 14, new, 0)
known_cases = {"real": new, "shuffled": shuffled, "half": upper, "clothes": shirts}
for name, x in known_cases.items():
    print(f"{name:9} {share(x[:count]):4.0%} are taken for digits")

# %% [markdown]
# Not perfect, but fair: it loses some real ones and takes hardly anything else. Now, why did the codes fail? They
# have a wrong size, to begin with. Look at real codes:

# %%
flat = codes.reshape(-1, 128)
print(f"means of the 128 numbers: {means.min():.1f} to {means.max():.1f}")
print(f"spreads: {spreads.min():.1f} to {spreads.max():.1f}")
lengths = np.sqrt(np.sum(flat * flat, axis=1))
print(f"lengths: {lengths.min():.0f} to {lengths.max():.0f}")
print(f"length of a normal one: about {np.sqrt(128):.0f}")

# %% [markdown]
# Random codes with mean 0 and spread 1 all lie near 0, and no real code is there. So let us measure, and draw better:
#
# - **each by itself**: every number with its own mean and its own spread;
# - **together**: with all [covariances](../glossary.md#covariance) as well. If two numbers usually rise together, they
#   do so in the drawn codes. PCA does it for us: along its directions the covariances are 0, so there we may draw the
#   numbers one by one. The page [Covariance](../toolbox/covariance.md) explains how, and you will write it.
#
# **Guess** the share of digits for both.

# %% tags=["guess"]
my_shares = [..., ...]


# %% tags=["hide-cell"]
def like(some, count):
    """Codes with the mean and the covariance of these."""
    axes = PCA.fit(some, 128)
    along = rng.standard_normal((count, 128)) * np.sqrt(np.maximum(axes.variances, 0))
    return axes.decode(along.astype(np.float32)).reshape(count, 8, 4, 4)


drawn["each by itself"] = means + spreads * rng.standard_normal((count, 8, 4, 4))
drawn["together"] = like(codes, count)
print("Taken for digits:")
for name, code in drawn.items():
    print(f"{name:16} {share(decode(code)):4.0%}")
shown = {"itself": drawn["each by itself"][:8], "together": drawn["together"][:8]}
shown = {name: decode(code) for name, code in shown.items()}
drawing.show(
    drawing.pictures(shown, size=0.62),
    alt="Two rows. Above, white scraps in the middle of the blackboard. Below, figures "
    "with smooth strokes, like letters of an unknown writing; one or two are digits.",
)

# %% [markdown]
# Handwriting from another planet. It has the right chalk, the right size, smooth strokes, and it is no digit. Mean
# and covariance are right now. So what is still wrong?
#
# Here are two more experiments. *Halfway*: the mean of two real codes, first of the same digit, then of two different
# ones. *Digit by digit*: we use the labels, and draw from ten clouds, each with its own mean and covariance.
#
# **Guess** the three shares, and say what they would tell you.

# %% tags=["guess"]
my_shares = [..., ..., ...]

# %% tags=["hide-cell"]
one, other = rng.integers(0, len(codes), (2, 20 * count))
of = learnt_labels[: len(codes)]
halfway, alike = (codes[one] + codes[other]) / 2, of[one] == of[other]
drawn["halfway, same"] = halfway[alike][:count]
drawn["halfway, two"] = halfway[~alike][:count]
heaps = [like(codes[of == digit], count // 10) for digit in range(10)]
drawn["digit by digit"] = np.concatenate(heaps)
print("Taken for digits:")
for name in ("halfway, same", "halfway, two", "digit by digit"):
    print(f"{name:16} {share(decode(drawn[name])):4.0%}")
print(f"real codes       {share(decode(encode(new[:count]))):4.0%}")
shown = {
    "same": decode(drawn["halfway, same"][:7]),
    "two": decode(drawn["halfway, two"][:7]),
    "by digit": decode(np.array([heap[0] for heap in heaps[:7]])),
}
drawing.show(
    drawing.pictures(shown, size=0.62),
    alt="Three rows. Above, halfway between two of the same digit: digits. In the "
    "middle, between two different ones: broken figures, few of them readable. "
    "Below, digit by digit: most can be read, from 0 to 6, a few are broken.",
)

# %% [markdown]
# <details>
# <summary>What they tell</summary>
#
# Halfway between a 3 and a 3 is mostly another 3. Halfway between a 3 and a 7 is mostly nothing that anybody writes. So
# the real codes are not one heap. They are rather ten, with land between them where no digit is. A Gaussian fitted to
# all of them knows no such gaps, and puts most of its codes where no real one is. Ten small Gaussians fit better. But
# they need labels, and no heap is quite a Gaussian: they do not reach the share of real codes.
#
# </details>
#
# That is why most random codes are no digits. An autoencoder is asked for one thing: to bring *real* pictures back.
# Nothing asks it to put their codes where we can find them. In lessons 16 to 18 we ask for that, too. (It is then
# called a variational autoencoder.)
#
# ### Debug: a judge of codes
#
# Could a network learn to tell real codes from drawn ones? It gives each code one number, near 1 for real. Here is
# one such network, and it is ill. It runs, and when it is trained its loss falls:

# %%
sizes = (128, 64), (64, 64), (64, 1)
first, second, third = (nn.Linear(*size, rng=rng) for size in sizes)
optimizer = optim.SGD(nn.Sequential(first, second, third).parameters(), lr=0.01)
x = Tensor(np.concatenate([flat[:500], like(codes, 500).reshape(500, 128)]))
targets = np.repeat(np.float32([1, 0]), 500)[:, None]  # real, drawn
for step in range(101):
    answers = second(F.relu(second(F.relu(first(x)))))
    loss = ((answers - targets) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 50 == 0:
        print(f"step {step:3}: loss {loss.item():.3f}")

# %% [markdown]
# It looks like learning. Two questions show that it is not what we meant:

# %%
print("answers:", answers.shape)
for name, layer in (("first", first), ("second", second), ("third", third)):
    print(f"{name:6} has a gradient: {layer.weight.grad is not None}")

# %% [markdown]
# One layer is used twice, and the last one never. So each code gets 64 answers in place of one. NumPy compares 64
# numbers with one target and does not complain. Networks like this one stand in public notebooks. *Has the output the
# shape that I think? Has every parameter a gradient?* Ask both of every new network.
#
# It could only run because two sizes happened to be equal. `judge` in `exercise.py` is the same network by hand, and
# has **two** mistakes. Mend both.
#
# <details>
# <summary>Hint 1</summary>
#
# Give it layers whose sizes all differ: 11, 7, 3, 1. What stops, and where? Mend it, and look again.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# On the way back, a layer with `x @ w.T` sends `g @ w` to its input (lesson 5). For a square `w` the other one runs,
# too.
#
# </details>
#
# ## 6. A code repaired by hand
#
# A file was damaged: 16 of the 128 numbers are lost, the same in all codes. The rest is as it was. What do you put
# in their places?
#
# - **zero**;
# - **beside**: the mean of the places beside it, in the same channel, as one mends a picture;
# - **mean** of that number in other codes;
# - **all others**: a guess from the 112 numbers that are left, by the linear function that is best on other codes.
#
# **Guess** the order. Without damage the error is 2.7.

# %% tags=["guess"]
my_order = [..., ..., ..., ...]


# %% tags=["hide-cell"]
def by_neighbours(broken, destroyed):
    """The mean of the places above, below, left and right that are not destroyed."""
    repaired = broken.copy()
    for c, i, j in np.argwhere(destroyed):
        places = [(i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)]
        inside = [(k, m) for k, m in places if 0 <= k < 4 and 0 <= m < 4]
        left = [broken[:, c, k, m] for k, m in inside if not destroyed[c, k, m]]
        repaired[:, c, i, j] = np.mean(left, axis=0) if left else means[c, i, j]
    return repaired


def repair(broken, destroyed, whole):  # a stand-in, until yours is written
    a, b = (whole[:, mask].astype(float) for mask in (~destroyed, destroyed))
    squares = np.cov(np.concatenate([a, b], axis=1).T)
    n = a.shape[1]
    slopes = np.linalg.solve(squares[:n, :n] + 1e-3 * np.eye(n), squares[:n, n:])
    guess = b.mean(axis=0) + (broken[:, ~destroyed] - a.mean(axis=0)) @ slopes
    result = broken.copy()
    result[:, destroyed] = guess
    return result


def repaired_in_all_ways(count, seed=16):
    destroyed = np.random.default_rng(seed).permutation(128).reshape(8, 4, 4) < count
    broken = np.where(destroyed, 0, encode(new))
    return {
        "zero": broken,
        "beside": by_neighbours(broken, destroyed),
        "mean": np.where(destroyed, means, broken),
        "all others": repair(broken, destroyed, codes),
    }


print("Error after the repair:")
print("            ", *(f"{count:5}" for count in (8, 16, 32, 64)), "destroyed")
table = {count: repaired_in_all_ways(count) for count in (8, 16, 32, 64)}
for way in table[16]:
    found = [error(decode(table[count][way]), new) for count in table]
    print(f"{way:12}", *(f"{one:6.1f}" for one in found))
shown = {way.split()[-1]: decode(table[32][way][:4]) for way in table[32]}
drawing.show(
    drawing.pictures({"before": new[:4], **shown}, size=0.62),
    alt="Five rows of four digits: as they were, and four repairs with 32 numbers "
    "destroyed. With zero and beside they are torn, with the mean they are "
    "smeared, with all others nearly as before.",
)

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# The places beside it are hardly better than a zero, and sometimes worse. A code looks like a picture, but its numbers
# are no pixels. Each has a mean of its own, and the means of neighbours differ by more than a number varies. Nor does
# what is left agree: the next piece of the stroke goes in another direction. The mean
# says what is usual, and not what was here. But the windows overlap. What the lost number saw was seen from the side
# by the places around it, and by up to seven other numbers at its own. So the others know. Only they do not say it as a
# plain mean: how to add them up, real codes must tell.
#
# </details>
#
# This is a second answer to our question. **Much of what a number says is said by others again.** So the digit is at
# its place in the small picture, and there it is in no number in particular, but in all of them together.
#
# **Your turn.** Write `draw_codes` and `repair`. Then take your own: choose a picture, and choose what is destroyed.
# A whole place? A whole channel? Everything on the left? Which damage can be repaired, and which cannot?

# %%
# from exercise import repair   (when you have it, in place of the stand-in)
mine = new[[15]]
destroyed = np.zeros((8, 4, 4), dtype=bool)
destroyed[:3] = True  # three whole channels; now choose your own
broken = np.where(destroyed, np.float32(0), encode(mine))
steps = {"picture": mine, "copy": decode(encode(mine)), "broken": decode(broken)}
steps["repaired"] = decode(repair(broken, destroyed, codes))
for name, step in steps.items():
    print(f"{name:9} error {error(step, mine):5.1f}")

# %%
drawing.show(
    drawing.pictures(np.concatenate(list(steps.values())), size=1.1),
    alt="One digit four times, side by side: as it was written, copied, with three "
    "channels of its code destroyed, and with this code repaired.",
)

# %% [markdown]
# Yours to take home: a picture that went through a broken code and came back. To keep it:
# `drawing.pictures(np.concatenate(list(steps.values()))).savefig("my_repair.png")`.
#
# ## 7. Pictures of another kind
#
# "Autoencoders are specific to their data." Everybody says it. We measure: Fashion-MNIST, with shirts, shoes and
# bags. They have more ink than digits. So we divide by the error of the best that needs no code, their own mean
# picture.
#
# **Guess:** which of the four copies clothes best, and which one worst?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("Error, and in percent of the error of the mean picture:")
clothes = shirts[:1_000]
spread = {"digits": new, "clothes": clothes}
spread = {name: error(x.mean(axis=0), x) for name, x in spread.items()}
for name in rivals:
    a, b = error(copied(name, new), new), error(copied(name, clothes), clothes)
    told = f"digits {a:5.1f}, {a / spread['digits']:4.0%}"
    print(f"{name:8} {told};   clothes {b:5.1f}, {b / spread['clothes']:4.0%}")
worn = clothes[[0, 1, 2, 7]]
shown = {name: copied(name, worn).clip(0, 1) for name in rivals}
drawing.show(
    drawing.pictures({"clothes": worn, **shown}, size=0.6),
    alt="A shoe, a pullover, trousers and other clothes, and below them four "
    "rows of copies. Those of PCA are veiled, those of dense are torn to "
    "scraps of strokes, those of pooled are soft blots. Those of strided "
    "keep their outlines, with a pattern of small squares.",
)

# %% [markdown]
# <details>
# <summary>What to make of it</summary>
#
# All four are specific, and not equally. The dense code is worse for clothes than no code at all: it knows pieces of
# strokes, each at one place, and puts shirts together from these. Ours knows only windows of 15 x 15 pixels, and edges
# of clothes are edges, too. It fails at what digits never have: even grey, and fine patterns. Do you see the small
# squares in the shirts? They are the checkerboard of lesson 8, from filters of 3 x 3 with a stride of 2. In white
# strokes training had hidden it.
#
# </details>
#
# ## 8. What is lost
#
# 784 numbers do not fit into 128, so something is lost, even of digits. What? Call a pixel *edge* if it differs from
# a neighbour by more than 0.5. The others are ink (above 0.5) or ground.
#
# **Guess:** which share of all pixels are edge? And which share of the squared error is there?

# %% tags=["guess"]
my_shares = [..., ...]

# %% tags=["hide-cell"]
print("Of all pixels, of all squared error:")
wrong = (copied("strided", new) - new) ** 2
step = np.zeros_like(new)
for axis in (2, 3):
    for way in (1, -1):
        step = np.maximum(step, np.abs(new - np.roll(new, way, axis)))
edge = step > 0.5
kinds = {"edge": edge, "ink": ~edge & (new > 0.5), "ground": ~edge & (new <= 0.5)}
for name, mask in kinds.items():
    print(f"{name:7} {mask.mean():4.0%} {wrong[mask].sum() / wrong.sum():5.0%}")
worst = wrong.sum(axis=(1, 2, 3)).argsort()[-5:]
rows = {
    "picture": new[worst],
    "copy": copied("strided", new[worst]),
    "wrong": 3 * wrong[worst].clip(0, 1 / 3),
}
drawing.show(
    drawing.pictures(rows, size=0.7),
    alt="The five digits with the largest errors, their copies, and where they "
    "differ: thin lines along the edges of the strokes, and small loops "
    "that are filled up.",
)

# %% [markdown]
# <details>
# <summary>Why there</summary>
#
# Ground and ink are even: one number says all about many pixels. At an edge each pixel says something new, namely
# where exactly the chalk ends. With eight numbers for every 8 x 8 pixels there is no room for it. So edges are put
# where they are on average, and small loops are filled up.
#
# </details>
#
# You have chosen nothing on the 10,000 test digits. So here, once, is what to report:

# %%
test, _ = data.mnist("test")
for name in ("PCA", "strided"):
    parts = [error(copied(name, part), part) for part in np.split(test, 10)]
    print(f"{name:8} {np.mean(parts):.2f}")

# %% [markdown]
# ## Exercise
#
# `exercise.py` has six functions to build, for seven points: `encoder_sizes`, `output_paddings`, `count_weights`,
# `importance`, `draw_codes` and `repair` (two points). Two points are for `judge` in section 5, and one is for the
# experiment of section 4. `python -m lessons grade 10` says what you have.
#
# **`encoder_sizes`, `output_paddings`, `count_weights`**
#
# <details>
# <summary>Hint 1</summary>
#
# Try it on one axis first. Then `zip(size, kernel, stride, padding)` gives the four numbers of rows, then those of
# columns.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# The encoder's layer went from $m$ rows to $n$. The transposed one starts with $n$. How far is its formula from $m$?
# And who is first in the decoder?
#
# </details>
#
# <details>
# <summary>Hint 3</summary>
#
# A mirrored layer has as many filters as the layer of the encoder. But what comes out of it is what went into that
# one. The biases belong to what comes out.
#
# </details>
#
# **`importance`**
#
# <details>
# <summary>Hint 1</summary>
#
# `np.ndindex(C, H, W)` goes through all places. Make a copy of the codes for each. The error of all pictures with
# everything on needs to be found only once.
#
# </details>
#
# **`draw_codes`**
#
# <details>
# <summary>Hint 1</summary>
#
# Make rows of the codes. You need a matrix $R$ with $R R^\top = $ covariance, and there are many. The toolbox page
# has two. Which one can NumPy find if a number never changes?
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# `np.linalg.eigh` gives variances and directions (lesson 9). By rounding, a variance of 0 may come out as
# $-10^{-16}$, and its root is not a number.
#
# </details>
#
# **`repair`**
#
# <details>
# <summary>Hint 1</summary>
#
# `whole[:, ~destroyed]` is a matrix: a row for each code, a column for each number that is left. `whole[:,
# destroyed]` is another. You look for the linear function from the first to the second. (Take the means away first:
# why?)
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# The smallest squared error: $A^\top A\, W = A^\top B$, as setting the slope to 0 shows. If numbers depend on each
# other, $A^\top A$ has no inverse. `np.linalg.lstsq(A, B)` finds a $W$ in any case.
#
# </details>
#
# ## Challenge: better than dense
#
# Worth nothing but pride. Change the network, keep its code at 128 numbers, and bring the error on new digits below
# that of the dense code. Ideas: filters of 4 x 4 in place of 3 x 3 (what becomes of the checkerboard, and of the
# output paddings?), more channels, more epochs. Look at the clothes again: did you pay for it there?
#
# ## Expected results
#
# | section | what | you should have seen |
# |---|---|---|
# | 1 | the way back without output padding | 7, 13, 25 |
# | 2 | PCA, dense, pooled, strided | 2.7, 2.4, 12.5, 2.7 |
# | 3 | pixels that one place can change | 15 x 15 |
# | 3 | the code moved by one place | the digit moves by 8 pixels |
# | 5 | digits from codes with mean 0 and spread 1 | none |
# | 5 | digits halfway between two codes: of one digit, of two | 83 % and 29 % |
# | 6 | 16 numbers destroyed: mean, all others | 13.7 and 4.8 |
# | 8 | share of the error at edges | 93 % |
#
# ## What you now know
#
# - A convolutional code is a small picture. Move it, and the digit moves.
# - No number holds the digit. Much of what one says is said again by others, so codes can be repaired.
# - Most random codes are no digits: real ones lie in several heaps, and one Gaussian knows nothing of the gaps.
# - A classifier says which digit, never whether. Judge the judge first.
# - Handsome copies prove nothing. Put PCA beside them, with as many numbers.
# - Sizes that happen to be equal hide mistakes. Every parameter has a gradient, or something is wrong.
#
# ## Read next
#
# - Lesson 11, *Denoising*: an autoencoder that is given something else than it should return.
# - `minae/models/conv_autoencoder.py`: the pooled one, which keeps its 28 rows by a trick of padding.
# - F. Chollet, *Building Autoencoders in Keras*, blog.keras.io (2016): where the pooled one comes from.
# - J. Masci and others, *Stacked Convolutional Auto-Encoders* (ICANN 2011): an early one.
