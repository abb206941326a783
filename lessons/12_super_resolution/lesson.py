# %% [markdown]
# # 12. Super-resolution: enhance!

# %% tags=["hide-input"]
import os
from math import comb
from pathlib import Path

import numpy as np
from matplotlib import cbook
from PIL import Image

from lessons import drawing, weights
from minae import Tensor, data, nn, optim
from minae import functional as F
from minae.data.tiles import BICUBIC, NEAREST, enlarge
from minae.models import SuperResolution

QUICK = "MINAE_QUICK" in os.environ  # only to test this lesson
LESSONS = Path(drawing.__file__).parent
SHIPPED = LESSONS / "12_super_resolution"

images, labels = data.mnist("train")
learnt_from, others = images[:55_000], images[55_000:]  # the others are for validation
others_labels = labels[55_000:]


def shrink(large, factor):
    """The mean of each block: (N, C, H, W) -> (N, C, H / factor, W / factor)."""
    return F.avg_pool2d(Tensor(large), factor).numpy()


six = [2982, 2082, 3324, 792, 480, 368]
panels = drawing.grid(1, 6, size=(7.2, 1.4)).flat
for panel, small in zip(panels, shrink(others[six], 4)):
    panel.imshow(small[0], cmap="gray", vmin=0, vmax=1)
    panel.set(xticks=[], yticks=[])
drawing.show(panels[0], alt="Six grey pictures of 7 x 7 pixels, hardly legible.")

# %% [markdown]
# In films there is a scene: a camera saw the thief, but far away. *"Enhance!"* says the officer. Somebody presses
# a key, and the number plate is sharp. These six pictures have 7x7 pixels. Each was a handwritten digit of 28x28.
#
# **Guess:** which digits are they?

# %% tags=["guess"]
my_six = [..., ..., ..., ..., ..., ...]


# %% tags=["hide-cell"]
def load(factor, channels, learned_from):
    """minae's network, with weights that this lesson ships."""
    model = SuperResolution(factor=factor, channels=channels)
    weights.load(model.detail, SHIPPED / f"{learned_from}_{factor}x.safetensors")
    return model


def answers(model, small):
    """Large pictures with pixels in [0, 1], in pieces that fit into the memory."""
    pieces = [small[i : i + 500] for i in range(0, len(small), 500)]
    return np.concatenate([model.enlarge(Tensor(piece)).numpy() for piece in pieces])


def show_grey(panel, picture, title=""):
    panel.imshow(picture, cmap="gray", vmin=0, vmax=1)
    panel.set(xticks=[], yticks=[])
    panel.set_title(title, fontsize=9)


def classifier():
    """The network that read digits in lesson 7."""
    layers: list = []
    for before, after in ((784, 256), (256, 128), (128, 10)):
        layers += [nn.Linear(before, after), nn.ReLU()]
    kept = LESSONS / "07_learning" / "classifier.safetensors"
    return weights.load(nn.Sequential(*layers[:-1]), kept)


def read(large):
    """What it reads in each picture, and how sure it is."""
    logits = classifier()(Tensor(large.reshape(len(large), 784)))
    p = F.softmax(logits, -1).numpy()
    return p.argmax(axis=1), p.max(axis=1)


learned = {2: load(2, 32, "digits"), 4: load(4, 48, "digits")}
made = answers(learned[4], shrink(others[six], 4))
said, sure = read(made)
in_truth, _ = read(others[six])
print("What the network made of them, and the truth:")
panels = drawing.grid(2, 6, size=(7.2, 3.2))
for k, (i, above, below) in enumerate(zip(six, panels[0], panels[1])):
    show_grey(above, made[k, 0], f"reads as {said[k]}, {sure[k]:.0%}")
    show_grey(below, others[i, 0], f"in truth a {others_labels[i]}")
print("of the true pictures it reads rightly:", np.sum(in_truth == others_labels[six]))
drawing.show(
    panels[0, 0],
    alt="Above, clean digits by a network: 3, 9, 8, 3, 9, 1. Below: 5, 4, 3, 9, 7, 8.",
)

# %% [markdown]
# A network enhanced them. Its digits have smooth strokes, and the classifier of lesson 7 is sure what each of them is.
# All six are wrong. It is not the classifier's fault: it reads the six true pictures rightly.
#
# We chose these six from 5,000. Most answers of the network are excellent, as you will see. But nothing *in the
# picture* tells you which ones are not. So this is the question: **what can a larger picture know that the small one
# did not?** At the end you enhance a picture of your own, and say which part of the answer is known and which is
# invented.
#
# You need lesson 7 (a training loop), lesson 8 (convolution, adjoints) and lesson 11 (PSNR). Reading takes 40 minutes.
#
# ## 1. What a mean forgets
#
# To shrink a picture by a factor $f$, replace each block of $f \times f$ pixels by its mean. A camera that is far away
# does nearly the same: each of its pixels collects the light of a small square.
#
# Start with black-and-white blocks of 2x2 pixels, two of them white. Let us build three large pictures from such
# blocks.

# %%
lying = np.tile([[1.0, 1.0], [0.0, 0.0]], (14, 14))
standing = lying.T
chess = np.tile([[1.0, 0.0], [0.0, 1.0]], (14, 14))
drawn = shrink(others[8:9], 2)[0, 0] > 0.4  # which of 14 x 14 blocks have ink
is_ink = drawn.repeat(2, axis=0).repeat(2, axis=1)
secret = np.where(is_ink, standing, lying)

# %% [markdown]
# The fourth one, `secret`, has standing stripes where a digit has ink, and lying stripes elsewhere.
#
# **Guess:** what do the four small pictures look like? What is left of the digit?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("Large above, small below:")
four = {"lying": lying, "standing": standing, "chess": chess, "secret": secret}
panels = drawing.grid(2, 4, size=(7.2, 3.9))
for k, (name, large) in enumerate(four.items()):
    show_grey(panels[0, k], large, name)
    show_grey(panels[1, k], shrink(large[None, None], 2)[0, 0])
drawing.show(
    panels[0, 0],
    alt="Lying stripes, standing stripes, a chessboard, and stripes with a digit in "
    "them. Below them four small pictures, all of the same grey.",
)

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# Four times the same: each block has two white pixels of four, so every small pixel is
# $\tfrac12$. The digit is gone without a trace. A whole picture can hide in what the mean forgets.
#
# </details>
#
# Two large pictures $x$ and $x'$ have the same small one if their difference $z$ has the mean 0 in each block:
#
# $$ \operatorname{shrink}(x + z) = \operatorname{shrink}(x) + \operatorname{shrink}(z) = \operatorname{shrink}(x)
#    \quad \text{if } \operatorname{shrink}(z) = 0. $$
#
# All such $z$ together are the [null space](../glossary.md#null-space) of `shrink`. From 28x28 to 7x7 it is large: 784
# numbers must obey only 49 conditions, so 735 are free.
#
# **Guess:** make a digit black-and-white, and shrink it to 7x7. How many black-and-white pictures have exactly this
# small picture? Guess the number of its digits.

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Black-and-white pictures with the same small one:")
digit = (others[2:3] > 0.5).astype(np.float32)
white = np.rint(16 * shrink(digit, 4)).astype(int)  # white pixels in each block
number = 1
for k in white.ravel().tolist():
    number *= comb(16, k)  # ways to place k white pixels on 16 places
print(f"a number with {len(str(number))} digits")

# %% [markdown]
# Draw a billion of them each second, and the age of the universe is far too short for all. One of these pictures is
# the truth. The small picture does not prefer any of them.
#
# ## 2. Two parts at a right angle
#
# Cut every large picture into two parts:
#
# $$ x = \underbrace{\operatorname{nearest}(\operatorname{shrink}(x))}_{\text{known}} +
#    \underbrace{x - \operatorname{nearest}(\operatorname{shrink}(x))}_{\text{missing}} $$
#
# `nearest` makes each small pixel a block of equal pixels. The known part can be calculated from the small picture. The
# missing part has the mean 0 in each block: it lies in the null space.
#
# The two parts have the inner product 0. *Why:* within a block the known part is one number $k$. The products of $k$
# and the missing pixels add up to $k$ times their sum, which is 0. (A page on
# [projections](../toolbox/projections.md) says it for all linear functions, with the adjoint.) So they stand at a
# right angle, and Pythagoras holds for the sums of squares:
#
# $$ |x|^2 = |\text{known}|^2 + |\text{missing}|^2. $$
#
# **Guess:** from digits of 28x28 to 14x14, and to 7x7: which part of the sum of squares is missing?

# %% tags=["guess"]
my_guess_14, my_guess_7 = ..., ...


# %% tags=["hide-output"]
def nearest(small, factor):
    return F.upsample_nearest2d(Tensor(small), factor).numpy()


print("The missing part of the sum of squares:")
total = np.sum(others.astype(float) ** 2)
for factor in (2, 4):
    known = nearest(shrink(others, factor), factor).astype(float)
    missing = others - known
    whole = np.sum(known**2) + np.sum(missing**2)
    part = np.sum(missing**2) / total
    print(f"from {28 // factor:2}: {part:.1%}; both together: {whole / total:.6f}")

# %% [markdown]
# Now let $a$ be any answer: from a formula, a network, or a painter. The same Pythagoras holds for its error:
#
# $$ |a - x|^2 = |\text{error in the known part}|^2 + |\text{error in the missing part}|^2. $$
#
# The first term is a gift. Take away the answer's own known part, and put the true one in its place. The first error is
# then 0, and the second has not changed. So this [projection](../glossary.md#projection) brings **every** answer
# closer to the truth, or leaves it where it is. You write it in the exercise, as `project`. So that this page runs
# before you are ready, the folded cell stands in. Open it when you have yours.


# %% tags=["hide-input"]
def project(answer, small, factor):
    """The nearest picture to `answer` that has exactly this small picture."""
    return answer + nearest(small - shrink(answer, factor), factor)


# %% [markdown]
# It makes what everybody paints *consistent*. It does not make it true: 735 numbers are still a matter of opinion.
#
# ## 3. The rivals
#
# `nearest` has no opinion: it says that the missing part is 0. So its error *is* the missing part.
#
# We measure in dB, as in lesson 11: $10 \log_{10}(1 / \text{mean squared error})$. This is the
# [PSNR](../glossary.md#psnr). 10 dB more means a tenth of the squared error, and 3 dB about half of it. All answers are
# clipped to [0, 1] first, as a screen does.
#
# Every picture program has a better opinion: **[bicubic](../glossary.md#bicubic)** enlargement. It lays a smooth
# surface through the middles of the small pixels. Each new pixel is a weighted sum of the four nearest small pixels in
# each direction. The weights depend on the distance, by a curve of cubic pieces:


# %% tags=["hide-input"]
def cubic(distance):
    t = np.abs(distance)
    near, far = 1.5 * t**3 - 2.5 * t**2 + 1, -0.5 * t**3 + 2.5 * t**2 - 4 * t + 2
    return np.where(t <= 1, near, np.where(t < 2, far, 0.0))


axes = drawing.axes("The cubic kernel", "distance", "weight", size=(6, 2.4))
t = np.linspace(-2.5, 2.5, 301)
axes.plot(t, cubic(t))
axes.plot([-2, -1, 0, 1, 2], [0, 0, 1, 0, 0], "o", color="C0")
drawing.show(
    axes,
    alt="A hill of height 1 in the middle. It is 0 at distance 1, a little below 0 "
    "between 1 and 2, and 0 from there on.",
)

# %% [markdown]
# It is 1 at distance 0 and 0 at all other whole numbers, so the surface passes through the small pixels. It has no
# corners. And the weights of the four neighbours always add up to 1, so an even grey stays as it is.
#
# Which distance? Here is how a well-meant comparison goes wrong. "The picture is twice as large, so the new pixel $i$
# lies at $i / 2$."


# %% tags=["hide-input"]
def bicubic_at(small, places):
    """Bicubic interpolation with the new pixels at these places, in both directions."""
    middles = np.arange(-2, small.shape[-1] + 2)  # with two pixels beyond each edge
    matrix = cubic(places[:, None] - middles)
    wider = np.pad(small, ((0, 0), (0, 0), (2, 2), (2, 2)), mode="edge")
    return matrix @ wider @ matrix.T


# %%
def dB(answer, truth):
    return -10 * np.log10(np.mean((answer.clip(0, 1) - truth) ** 2))


for factor in (2, 4):
    small = shrink(others, factor)
    at_i = bicubic_at(small, np.arange(28) / factor)
    print(f"from {28 // factor} to 28 pixels:")
    print(f"  nearest {dB(nearest(small, factor), others):6.2f} dB")
    print(f"  bicubic {dB(at_i, others):6.2f} dB")

# %% [markdown]
# The famous bicubic loses against no opinion at all! If you publish a network, this is a wonderful rival. Something
# must be wrong with it.
#
# **Guess:** lay two small pixels and four large ones on a ruler, edge on edge. If the middles of the small ones are at
# 0 and 1, where are the middles of the four?

# %% tags=["guess"]
my_four_places = [..., ..., ..., ...]

# %% [markdown]
# <details>
# <summary>Where they are</summary>
#
# At $-\tfrac14$, $\tfrac14$, $\tfrac34$ and $\tfrac54$. The small pixels reach from $-\tfrac12$ to $\tfrac32$, and each
# large one is half as wide. The program above said $0, \tfrac12, 1, \tfrac32$. So it drew everything a quarter of a
# small pixel, half a large one, too far up and to the left. From 7x7 it is one and a half large ones.
#
# </details>
#
# Pillow, the picture library, places them rightly. Measure again, and give the rival the projection, too:

# %%
for factor in (2, 4):
    small = shrink(others, factor)
    bicubic = enlarge(small, factor, BICUBIC)
    at_i = bicubic_at(small, np.arange(28) / factor)
    print(f"from {28 // factor} to 28 pixels:")
    moved = f"bicubic, moved by {(factor - 1) / 2} pixels"
    print(f"  {moved:30} {dB(at_i, others):6.2f} dB")
    print(f"  bicubic                        {dB(bicubic, others):6.2f} dB")
    projected = project(bicubic, small, factor)
    print(f"  bicubic, projected             {dB(projected, others):6.2f} dB")

# %% [markdown]
# From 14x14, half a pixel costs more than 3 dB. From 7x7, one and a half cost more than 2 dB. The projection adds
# something for nothing, as promised: bicubic forgets that its blocks must have the means of the small pixels. Now
# bicubic is as good as we can make it. Before you believe that something new wins, see to it that the old had its
# chance.
#
# ## 4. A network for the missing part
#
# A bicubic surface knows nothing about digits. A network that has seen 55,000 of them has an opinion about strokes. We
# let it say the missing part only. Whatever detail it draws, we subtract the mean of each block. Then the known part is
# added. So its answer is consistent from the first step on, with random weights even.


# %%
def network(factor, channels, seed=0):
    """Three convolutions at the small size; a transposed one makes the large size."""
    rng, layers = np.random.default_rng(seed), []
    for before in (1, channels, channels):
        layers += [nn.Conv2d(before, channels, 3, padding=1, rng=rng), nn.ReLU()]
    size = {"stride": factor, "padding": factor // 2, "bias": False}
    grow = nn.ConvTranspose2d(channels, 1, 2 * factor, **size, rng=rng)
    return nn.Sequential(*layers, grow)


def larger(detail, small, factor):
    drawn = detail(small)
    known = small - F.avg_pool2d(drawn, factor)
    return F.upsample_nearest2d(known, factor) + drawn


# %% [markdown]
# Read the last line as "known, minus the detail's own means, plus the detail": it is `project`. The loop is that of
# lesson 7. (`minae` stands for what you wrote in Part II; project P2 ran on your own ops.)


# %%
def learn(detail, factor, pictures, epochs, lr=0.004):
    optimizer, rng = optim.Adam(detail.parameters(), lr), np.random.default_rng(0)
    fade = lr * 50 / (epochs * len(pictures))  # so that the rate ends at 0
    for _ in range(epochs):
        for rows in data.batches(len(pictures), 50, rng):
            x = Tensor(pictures[rows])
            answer = larger(detail, F.avg_pool2d(x, factor), factor)
            loss = F.mse_loss(answer, x, reduction="sum") / len(rows)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            optimizer.lr -= fade


# %% [markdown]
# No labels: the truth *is* the picture, and the question is made from it, as in lesson 11. (That is called
# [self-supervised](../glossary.md#self-supervised).)
#
# **Guess:** one epoch (15 seconds), from 14x14. How many dB above bicubic on digits that it has not seen?

# %% tags=["guess"]
my_dB_above_bicubic = ...

# %% tags=["hide-output"]
print("After one epoch:")
mine = network(2, 32)
learn(mine, 2, learnt_from[: 2_000 if QUICK else None], 1)
small = shrink(others[:2_000], 2)
made = larger(mine, Tensor(small), 2).numpy()
rival = enlarge(small, 2, BICUBIC)
above = dB(made, others[:2_000]) - dB(rival, others[:2_000])
print(f"{dB(made, others[:2_000]):.2f} dB, {above:.2f} above bicubic")

# %% [markdown]
# The networks that this lesson ships had 8 epochs (from 14x14) and 10 (from 7x7). In a terminal,
# `minae train super-resolution --factor 4` trains one like them.

# %% tags=["hide-cell"]
print("How the shipped weights were made:")


def make_weights(factor, channels, epochs):
    """Say what was called; with MINAE_KEEP=1 do it, for the next build to show."""
    print(f"learn(network({factor}, {channels}), {factor}, learnt_from, {epochs})")
    if "MINAE_KEEP" in os.environ:
        kept = network(factor, channels)
        learn(kept, factor, learnt_from, epochs)
        weights.save(kept, SHIPPED / f"digits_{factor}x.safetensors")


make_weights(2, 32, epochs=8)

# %% tags=["hide-cell"]
print("And those for the smallest pictures:")
make_weights(4, 48, epochs=10)

# %%
for factor, model in learned.items():
    small = shrink(others, factor)
    bicubic = enlarge(small, factor, BICUBIC)
    print(f"from {28 // factor} to 28 pixels, on digits held out:")
    for name, answer in {
        "nearest": enlarge(small, factor, NEAREST),
        "bicubic": bicubic,
        "bicubic, projected": project(bicubic, small, factor),
        "learned": answers(model, small),
    }.items():
        print(f"  {name:18} {dB(answer, others):6.2f} dB")

# %% tags=["hide-input"]
rows = [30, 4, 17, 8, 26, 12]
tiny, larger_ones = shrink(others[rows], 4), {}
larger_ones["7x7"] = enlarge(tiny, 4, NEAREST)
larger_ones["bicubic"] = enlarge(tiny, 4, BICUBIC)
larger_ones["learned"] = answers(learned[4], tiny)
small = shrink(others[rows], 2)
larger_ones["14x14"] = enlarge(small, 2, NEAREST)
larger_ones["bicubic "] = enlarge(small, 2, BICUBIC)
larger_ones["learned "] = answers(learned[2], small)
larger_ones["truth"] = others[rows]
drawing.show(
    drawing.pictures({name: x.reshape(-1, 784) for name, x in larger_ones.items()}),
    alt="Six digits in seven rows. From 7 x 7: blocks, fog, and digits with soft "
    "strokes. From 14 x 14: blocks, a little fog, and digits that look like the truth.",
)

# %% [markdown]
# From 14x14 it is more than 9 dB above bicubic: less than an eighth of its squared error. From 7x7 it is about a
# quarter. The projected rival loses, too, by more than 8 dB and more than 5. From here on the rival is plain bicubic,
# as in most papers. (Where it matters, we say what the projection adds.) All choices were made on the `others`. So now
# the test images, once:

# %%
test, _ = data.mnist("test")
for factor, model in learned.items():
    small = shrink(test, factor)
    made, rival = answers(model, small), enlarge(small, factor, BICUBIC)
    above = dB(made, test) - dB(rival, test)
    print(f"from {28 // factor:2}: {dB(made, test):.2f} dB, {above:.2f} above bicubic")

# %% [markdown]
# ## 5. Why strokes become soft
#
# Look at the third row again. The network draws thick and thin strokes like a pen, but they are softer than the truth.
# Is it too small? Was it trained too little?
#
# Let us do its work by hand. Take a small picture, and look among the 55,000 for the ten digits whose small pictures
# are nearest to it. Project them, so that each of them agrees with it exactly. Here are ten answers, each as sharp as a
# pen. You can give one of them as the answer. Or the mean of all ten.
#
# **Guess:** which has the better PSNR, one sharp digit or the mean of ten?

# %% tags=["guess"]
my_guess = ...


# %% tags=["hide-cell"]
def ten_that_fit(small, count=10):
    """Digits that people wrote, made to agree with each small picture; their labels."""
    known = shrink(learnt_from, 4).reshape(-1, 49)
    found, written = [], []
    for one in small:
        order = ((known - one.ravel()) ** 2).sum(axis=1).argsort()[:count]
        found.append(project(learnt_from[order], one[None], 4))
        written.append(labels[order])
    return np.array(found), np.array(written)


print("One sharp answer, the mean of ten, and the network:")
count = 50 if QUICK else 300
small = shrink(others[:count], 4)
ten, _ = ten_that_fit(small)
print(f"one      {dB(ten[:, 0], others[:count]):.2f} dB")
print(f"mean     {dB(ten.mean(axis=1), others[:count]):.2f} dB")
print(f"network  {dB(answers(learned[4], small), others[:count]):.2f} dB")
small = shrink(others[1320:1321], 4)
ten, written = ten_that_fit(small)
shown = [small, *ten[0], ten[0].mean(axis=0), answers(learned[4], small), others[1320]]
titles = ["7x7", *(f"fits: a {label}" for label in written[0])]
titles += ["mean of ten", "network", "truth"]
panels = drawing.grid(2, 7, size=(7.6, 2.8)).flat
for panel, picture, title in zip(panels, shown, titles):
    show_grey(panel, picture.squeeze(), title)
drawing.show(
    panels[0],
    alt="A small picture, and ten sharp digits that fit it: some are 9, some are 4. "
    "Their soft mean; the network's soft answer; the truth, a 4.",
)

# %% [markdown]
# <details>
# <summary>What happened</summary>
#
# The mean wins clearly, and it is the blurred one. The network beats it, because it has learned from all digits, not
# from ten. It looks like the mean, too: half a 4, half a 9. (The faint squares are what projecting added.)
#
# </details>
#
# In lesson 9 a stroke in two places was best drawn grey twice. Now for any number of truths. Given the small picture,
# let the possible truths be $x_1, x_2, \dots$ with the probabilities $p_1, p_2, \dots$. An answer $a$ has the expected
# squared error $L(a) = \sum_k p_k |a - x_k|^2$. The slope in $a$ must be 0:
#
# $$ \sum_k 2 p_k (a - x_k) = 0 \quad\Longrightarrow\quad a = \sum_k p_k x_k = m. $$
#
# The best answer is the **mean of all answers that fit**, weighted by how likely they are. Put
# $a - x_k = (a - m) + (m - x_k)$ into $L$. The mixed term is 0, because $\sum_k p_k (m - x_k) = m - m$:
#
# $$ L(a) = |a - m|^2 + \sum_k p_k |m - x_k|^2. $$
#
# The second term does not depend on $a$: nobody can avoid it, however large the network. If one stroke is in the left
# half of a block in half of all truths, and in the right half in the others, the best answer is a grey block. So blur
# need not be a lack of skill. Even the best answer has it. **It is how squared error says "I do not know".** It is even
# honest: where the best answer has grey in place of a sharp stroke, the truths differ.
#
# There are losses that ask for sharp pictures instead. Their networks choose *one* of the ten, and do not say so.
# (Lesson 23 has such a loss.) Its dB are lower, as you saw, and its pictures are more beautiful. That is what happens
# in the film.
#
# ## 6. It knows digits, and nothing else
#
# The probabilities $p_k$ come from nowhere but the digits that it has seen. What if there is no digit?
#
# **Guess:** each of 7x7 pixels is drawn by lot, evenly between 0 and 1. What does the network make of it?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("Pure noise:")
rng = np.random.default_rng(0)
noise = rng.uniform(0, 1, (200, 1, 7, 7)).astype(np.float32)
by_bicubic, by_network = enlarge(noise, 4, BICUBIC), answers(learned[4], noise)
is_clear = lambda x: np.mean((x < 0.1) | (x > 0.9))
print(f"pixels that are nearly black or white: {is_clear(noise):.0%} of the noise,")
print(f"{is_clear(by_bicubic):.0%} from bicubic, {is_clear(by_network):.0%} learned")
rows = {"noise": enlarge(noise[:6], 4, NEAREST), "bicubic": by_bicubic[:6]}
rows["learned"] = by_network[:6]
drawing.show(
    drawing.pictures({name: x.reshape(-1, 784) for name, x in rows.items()}),
    alt="Six pictures of noise. Bicubic makes soft clouds of them. The network draws "
    "black and white strokes, like a piece of handwriting that nobody wrote.",
)

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# Handwriting. There is not one stroke in the noise, and still the network finds bright and dark bands everywhere, as
# wide as a pen's. It has never seen anything else. And all of it is consistent: until it is clipped to [0, 1], each
# answer shrinks back to its noise exactly.
#
# </details>
#
# In noise there is no truth to compare with. So take pictures of another kind, with a truth: the clothes of
# Fashion-MNIST, which you know since lesson 9.
#
# **Guess:** above bicubic by how many dB, or below, from 14x14 and from 7x7?

# %% tags=["guess"]
my_guess_14, my_guess_7 = ..., ...

# %% tags=["hide-cell"]
print("Clothes:")
clothes = data.fashion_mnist("test")[0][:2_000]
for factor, model in learned.items():
    small = shrink(clothes, factor)
    rivals = {"nearest": enlarge(small, factor, NEAREST)}
    rivals["bicubic"] = enlarge(small, factor, BICUBIC)
    rivals["learned"] = answers(model, small)
    told = [f"{name} {dB(x, clothes):.2f}" for name, x in rivals.items()]
    print(f"from {28 // factor:2}: " + ", ".join(told) + " dB")
chosen = [0, 1, 2, 7, 18, 23]
rows = {name: x[chosen] for name, x in rivals.items()} | {"truth": clothes[chosen]}
drawing.show(
    drawing.pictures({name: x.reshape(-1, 784) for name, x in rows.items()}),
    alt="Six pieces of clothing. Where the truth has even cloth, the learned ones "
    "have bright and dark strokes, as if they were written.",
)

# %% [markdown]
# A pen's strokes are drawn into shoes and coats. From 14x14 the lead of 9 dB has melted to almost nothing. (Projected
# bicubic is even better than the network there.) From 7x7 the learned answers are worse than bicubic. They hardly beat
# `nearest`, which has no opinion. This is what *data-specific* means: **a network is at home only in data like those
# that it has seen.**
#
# ## 7. Turn it down until a 9 is a 4
#
# Two pictures are different. With fewer and fewer pixels, they become more and more alike. Move the slider.

# %% tags=["hide-input"]
pair = others[[224, 2082]]


def turned_down(factor):
    panels = drawing.grid(1, 2, size=(5, 2.7)).flat
    small = shrink(pair, factor)
    for panel, one in zip(panels, small):
        show_grey(panel, one[0])
    per_pixel = np.sqrt(np.mean((small[0] - small[1]) ** 2))
    name = f"{28 // factor} x {28 // factor} pixels, they differ by {per_pixel:.3f}"
    panels[0].figure.suptitle(name, fontsize=10)
    return panels[0]


drawing.slider(
    turned_down,
    (1, 2, 4, 7, 14, 28),
    "A 9 at the left and a 4 at the right. With 7 x 7 pixels they hardly differ.",
    "pixels shrunk by",
    start=2,
)

# %% [markdown]
# **An answer is a function of the small picture.** From equal small pictures a network must make equal answers. From
# almost equal ones it can make different answers, but here it does not:

# %% tags=["hide-input"]
said, sure = read(answers(learned[4], shrink(pair, 4)))
print(f"the 9, enlarged from 7x7, is read as {said[0]}, {sure[0]:.0%} sure")
print(f"the 4, enlarged from 7x7, is read as {said[1]}, {sure[1]:.0%} sure")

# %% [markdown]
# An answer cannot know more about the truth than the small picture does. What it adds comes from elsewhere: from 55,000
# other pictures.
#
# Does that make it useless? Ask the classifier of lesson 7, which was trained with sharp digits:

# %%
small = shrink(others, 4)
shown = {"truth, 28x28": others, "nearest from 7x7": enlarge(small, 4, NEAREST)}
shown["bicubic from 7x7"] = enlarge(small, 4, BICUBIC)
shown["learned from 7x7"] = answers(learned[4], small)
for name, pictures in shown.items():
    said, sure = read(pictures)
    wrong = said != others_labels
    surely = np.sum(wrong & (sure > 0.9))
    right = 1 - wrong.mean()
    print(f"{name:16} {right:.1%} right; wrong and above 90 % sure: {surely:3}")

# %% [markdown]
# The network has turned the small picture into a language that this classifier understands. That helps a lot. But
# compare the last line with the first: nearly twice as many digits are read wrongly *and surely*. The six of the
# opening are among them. In a holiday picture that does no harm. As evidence it should be refused.
#
# ### Experiment: how small is too small?
#
# How much did the small picture itself know? Read it as it is, without enlarging: give each new digit the label of the
# nearest of 5,000 known ones, all shrunk by the same factor. **Guess:** how many are read rightly at 28x28, 14x14, 7x7,
# 4x4 and 2x2?

# %% tags=["guess"]
my_guesses = {28: ..., 14: ..., 7: ..., 4: ..., 2: ...}

# %% [markdown]
# Then find out: write `read_rightly` in `exercise.py`, and run it with 5,000 known and 1,000 new digits. One of the
# numbers will surprise you. Explain it in a line, in `WHY_STILL_READABLE`.
#
# <details>
# <summary>Hint 1</summary>
#
# Shrink both, and make each picture a row of numbers. For one new row, `((known - one) ** 2).sum(axis=1)` has all its
# differences.
#
# </details>
#
# ### Debug: a rival made weak
#
# In `exercise.py` the function `gain` compares a network with linear interpolation. It runs, and the network wins by
# far. There are **two** mistakes, and both help the network.
#
# <details>
# <summary>Hint 1</summary>
#
# Let the network give the rival's own answers. Which gain must come out?
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# Enlarge a picture whose pixels are 0, 1, 2, 3 from left to right. Is the middle of the answer in the middle?
#
# </details>
#
# <details>
# <summary>Hint 3</summary>
#
# Which pixels does each of the two errors count?
#
# </details>
#
# ## 8. Photographs
#
# Digits are a small world. A photograph can show anything. What can a network gain there?
#
# Here are two more networks, for 2x and 4x, of the same form. They learned from three photographs: an astronaut, a cup
# of coffee and a rocket. Each was turned, mirrored, and also taken at half its size. And they know no colours: red,
# green and blue are enlarged one by one, as three grey pictures. They were made by
#
#     minae train super-resolution --data photographs --batch-size 16 --lr 2e-3 --decay 0.999
#
# (after `pip install 'minae[images]'`), and the same with `--factor 4`. The test is another photograph, of the computer
# scientist Grace Hopper, which comes with Matplotlib. Or put the name of a photograph of yours here.

# %%
my_photo = cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)  # or "me.jpg"
photo = np.asarray(Image.open(my_photo).convert("RGB"), np.float32)[:512, :512] / 255
height, width = (side // 4 * 4 for side in photo.shape[:2])
planes = photo[:height, :width].transpose(2, 0, 1)[:, None]  # red, green and blue
print("three grey pictures:", planes.shape)

# %% [markdown]
# **Guess:** how many dB above bicubic, for 2x and for 4x? And what if the network of the *digits* enlarges her?

# %% tags=["guess"]
my_guess_2, my_guess_4, my_guess_digits = ..., ..., ...

# %% tags=["hide-cell"]
print("A photograph that none of them has seen:")
versions, seen = {"truth": planes}, {}
for factor in (2, 4):
    small = shrink(planes, factor)
    seen[factor] = load(factor, 32, "photographs")
    rivals = {"bicubic": enlarge(small, factor, BICUBIC)}
    rivals["learned"] = answers(seen[factor], small)
    versions |= {f"{name} {factor}x": x for name, x in rivals.items()}
    rivals["of digits"] = answers(learned[factor], small)
    rivals["projected"] = project(rivals["bicubic"], small, factor)
    told = [f"{name} {dB(x, planes):.2f}" for name, x in rivals.items()]
    print(f"{factor}x: " + ", ".join(told) + " dB")
panels = drawing.grid(1, 5, size=(5.6, 1.5)).flat
for panel, (name, x) in zip(panels, versions.items()):
    panel.imshow(x[:, 0, 140:280, 180:320].transpose(1, 2, 0).clip(0, 1))
    panel.set(xticks=[], yticks=[])
    panel.set_title(name, fontsize=9)
drawing.show(
    panels[0],
    alt="A woman's eyes, five times. At 2x bicubic is a little softer than the truth, "
    "and learned a little sharper than bicubic. At 4x both are soft.",
)

# %% [markdown]
# <details>
# <summary>Why so little, and why not nothing</summary>
#
# *Little:* bicubic is right where a photograph is smooth, and that is most of it. It is wrong in hair, skin and cloth.
# There all that fits differs so much that the mean is soft, and the network can say little more. Digits are far more
# alike.
#
# *Not nothing:* about a third of the gain at 2x, and a quarter at 4x, is the projection alone: projected bicubic has
# it, too. What is left is about 1 dB. Photographs share edges, which are sharp and go on in one direction: that is
# probably what the network has learned. And the network of digits is far worse than bicubic: it draws strokes into a
# face.
#
# </details>
#
# **One photograph is no test**, and this one is kind to the network. With the same command we measured four more at 2x,
# whole and unseen, which this page does not have. A flower and a motorcycle gained about as much as she does. A cat
# gained a third of that, and most of it is the projection. A Chinese temple gained next to nothing: there projected
# bicubic is better than the network. What can be so different? Let us make other photographs of hers, and shrink and
# enlarge each of them:
#
# - `with grain`: random numbers are added to the pixels, as in a photograph taken in the dark.
# - `enlarged before`: somebody has shrunk it to half its size and enlarged it again, by bicubic.
# - `half, by means` and `half, by picking`: of each 2x2 pixels the mean is kept, or only the first.
#
# **Guess:** in which order do the five stand, by how much the network gains?

# %% tags=["guess"]
my_order = [..., ..., ..., ..., ...]

# %% tags=["hide-output"]
print("At twice the size, above bicubic:")
grain = np.random.default_rng(0).normal(0, 0.05, planes.shape)
photographs = {
    "as she is": planes,
    "with grain": (planes + grain).clip(0, 1).astype(np.float32),
    "enlarged before": enlarge(shrink(planes, 2), 2, BICUBIC),
    "half, by means": shrink(planes, 2),
    "half, by picking": planes[..., ::2, ::2],
}
for name, truth in photographs.items():
    small = shrink(truth, 2)
    rival = dB(enlarge(small, 2, BICUBIC), truth)
    print(f"{name:16} {dB(answers(seen[2], small), truth) - rival:+.2f} dB")

# %% [markdown]
# <details>
# <summary>What is missing, and who can know it</summary>
#
# *Grain* does not follow from its surroundings. It stays in everybody's error, and beside it the gain is small.
#
# *Enlarged before:* this truth has no detail that bicubic does not make. The network draws sharper edges, as it has
# learned, and loses. So a large file need not be a sharp photograph.
#
# *By picking:* the pixels that are not picked leave no trace. Fine stripes become coarse ones, or disappear, by chance.
# This is called **[aliasing](../glossary.md#aliasing)**, and a mean weakens it. What came by chance cannot be learned.
#
# With the cat and the temple we only suspect the reason: fur as fine as grain, and roofs with stripes as fine as the
# pixels. To know it, you would have to measure.
#
# minae's first network for photographs was worse than bicubic. More steps, turned and smaller copies, and one network
# for all colours have changed that. Do not take "it gains nothing" for a law before you have tried such things.
#
# </details>
#
# ## 9. Two columns
#
# Now a picture of your own. Type 7 lines of 7 figures, 0 for black and 9 for white: a digit, a letter, a face.

# %%
my_small = """
0000000
0027200
0080080
0000090
0000700
0038000
0089970
"""
typed = [[int(figure) for figure in line] for line in my_small.split()]
typed = np.array(typed, np.float32)[None, None] / 9

# %% tags=["hide-input"]
answer = answers(learned[4], typed)
known = nearest(typed, 4)
invented = project(answer, typed, 4) - known
ways = ten_that_fit(typed)[0][0, [0, 4, 9], 0]
panels = drawing.grid(2, 3, size=(5.4, 3.8))
show_grey(panels[0, 0], known[0, 0], "KNOWN: 49 numbers")
panels[0, 1].imshow(invented[0, 0], cmap="RdBu_r", vmin=-1, vmax=1)
panels[0, 1].set(xticks=[], yticks=[])
panels[0, 1].set_title("INVENTED: 735 numbers", fontsize=9)
show_grey(panels[0, 2], answer[0, 0], "together")
for panel, way in zip(panels[1], ways):
    show_grey(panel, way, "this fits as well")
share = np.sum(invented**2) / np.sum((known + invented) ** 2)
print(f"invented: {share:.0%} of the sum of squares")
drawing.show(
    panels[0, 0],
    alt="At the left the blocks that are known, beside them in red and blue what the "
    "network added, then both together: a 2. Below, three others that fit as well.",
)

# %% [markdown]
# The left column is a fact. The middle one is an opinion from 55,000 strangers' handwriting. The three pictures below
# have *exactly* the same 7x7 pixels as your picture. (Projecting can take pixels out of [0, 1], and the screen clips
# them. The less the 55,000 are like yours, the further out.) To keep it: `panels[0,
# 0].figure.savefig("my_enhance.png")`.
#
# Try a 4 whose top you close pixel by pixel, until it is a 9. Try a letter. Whenever you see a picture that was
# "enhanced", by a telephone, a telescope or a film, ask for the two columns.
#
# ## Exercise
#
# `exercise.py` needs NumPy alone. Two points are for `bicubic_matrix`, two for `gain`. One each is for `shrink`, for
# `enlarge_nearest` with `shrink_adjoint`, for `project`, `twin`, `best_guess`, and for the experiment. For `gain` and
# the experiment, the hints stand in section 7. `python -m lessons grade 12` says what you have.
#
# **`shrink` and its adjoint**
#
# <details>
# <summary>Hint 1</summary>
#
# A reshape can give each direction two axes: which block, and where in it. Which axes do you average over?
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# For the adjoint: how much does a small pixel change if one large pixel of its block grows by 1?
#
# </details>
#
# **`bicubic_matrix`**
#
# <details>
# <summary>Hint 1</summary>
#
# From the left edge, the middle of the large pixel $i$ is $i + \tfrac12$ large pixels away. How many small ones? And
# the middle of the first small pixel?
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# Let $j$ run through the four whole numbers around the place. If $j$ is beyond the edge, *add* its weight to the pixel
# at the edge.
#
# </details>
#
# **`project`**
#
# <details>
# <summary>Hint 1</summary>
#
# Add something to the pixels of a block, so that its mean is right. How must you share it out for the smallest sum of
# squares?
#
# </details>
#
# **`twin` and `best_guess`**
#
# <details>
# <summary>Hint 1</summary>
#
# Write the pixels of each block in a row. Which change of order leaves only rows of equal pixels as they are?
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# `best_guess` is section 5. Its error is the term that nobody can avoid.
#
# </details>
#
# ## Challenge: the best linear opinion
#
# Worth nothing but pride. Bicubic is linear, and its weights were chosen without seeing a digit. What do the best
# weights reach? Let each block of 2x2 new pixels be a linear function of the 5x5 small ones around it, and find its
# 4x25 weights by least squares (`np.linalg.lstsq`) on 5,000 digits. How many of the network's 9 dB has it?
#
# ## Expected results
#
# | section | what | you should have seen |
# |---|---|---|
# | 1 | four large pictures | one small picture |
# | 2 | the missing part | about a seventh from 14x14, over a third from 7x7 |
# | 3 | bicubic, moved | worse than `nearest` |
# | 4 | learned, from 14x14 | more than 9 dB above bicubic |
# | 5 | one sharp digit, the mean of ten | the mean is better, by about 2 dB |
# | 6 | clothes, from 7x7 | learned is worse than bicubic |
# | 8 | the photograph | learned is more than 1 dB above bicubic |
# | 8 | the photograph that was enlarged before | learned is worse than bicubic |
#
# ## What you now know
#
# - Means over blocks forget a null space, and a whole picture can hide in it.
# - Known and missing stand at a right angle. Every answer can be made to agree with the small picture, at no cost.
# - A comparison is as good as its rival. From 14x14, half a pixel costs bicubic more than 3 dB.
# - With squared error the best answer is the mean of all that fit: soft where they differ.
# - What a network adds comes from the pictures that it has seen. In noise it finds handwriting.
#
# ## Read next
#
# - Lesson 13, *Features without labels*: what a code is worth that was learned from pictures alone.
# - `minae/models/super_resolution.py`: the network of section 4, for any factor and in colour.
# - C. Dong and others, *Image Super-Resolution Using Deep Convolutional Networks* (2015): the first that became known.
# - Y. Blau and T. Michaeli, *The Perception-Distortion Tradeoff* (2018): why sharper means further from the truth.
