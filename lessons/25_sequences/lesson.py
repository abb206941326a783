# %% [markdown]
# # 25. Sequences: how long can a network remember?

# %% tags=["hide-input"]
# What happens here is the subject of sections 4 and 5. Leave it folded for now.
import os
from pathlib import Path

import numpy as np

from lessons import drawing, weights
from minae import Tensor, data, nn, no_grad, optim
from minae import functional as F
from minae.data.melody import randomly_transposed
from minae.measures.tunefulness import in_key
from minae.models.music_vae import KINDS, kinds_of, steps_of
from minae.nn.utils import clip_grad_norm_

np.set_printoptions(precision=3, suppress=True)
QUICK = "MINAE_QUICK" in os.environ  # only to test this lesson
KEEP = "MINAE_KEEP" in os.environ  # train again what comes with this lesson
HERE = Path(drawing.__file__).parent / "25_sequences"
UNITS = 32


def signals(cell, T=200, n=10):
    """The size of the slope that arrives in each state, from the last one back."""
    rng = np.random.default_rng(0)
    x = np.eye(16)[rng.integers(0, 16, (T, n))]
    zeros = Tensor(np.zeros((T + 1, n, UNITS)), requires_grad=True)
    h = zeros[0]
    for t in range(T):
        h = cell(Tensor(x[t]), h) + zeros[t + 1]
    (h * Tensor(rng.standard_normal(h.shape))).sum().backward()
    sizes = np.sqrt((zeros.grad**2).sum(axis=(1, 2)))
    return sizes[::-1] / sizes[-1]


def matrices(*shapes):
    rng = np.random.default_rng(1)
    return [Tensor(rng.uniform(-1, 1, shape) / np.sqrt(UNITS)) for shape in shapes]


W, U = matrices((UNITS, 16), (UNITS, UNITS))
U = Tensor(U.numpy() / abs(np.linalg.eigvals(U.numpy())).max())


def plain(size):
    return lambda x, h: F.tanh(x @ W.T + h @ (size * U.T))


def gated(bias):
    rows = 3 * UNITS
    W, U, b, c = matrices((rows, 16), (rows, UNITS), rows, rows)
    opened = b + bias * np.repeat([0.0, 1.0, 0.0], UNITS)
    return lambda x, h: F.gru_cell(x, h, W, U, opened, c)


whispers = {
    "plain cell": ("C0", signals(plain(0.8))),
    "plain cell, larger weights": ("C3", signals(plain(3.0))),
    "with a gate": ("C2", signals(gated(6.0))),
}


def whisper(steps):
    axes = drawing.axes("A whisper to the past", "steps back", "how loud", size=(6, 3))
    for name, (colour, sizes) in whispers.items():
        axes.plot(sizes[: steps + 1], colour, label=name)
        axes.plot(steps, sizes[steps], "o", color=colour)
    axes.set(yscale="log", xlim=(-3, 203), ylim=(1e-23, 1e23))
    axes.legend(loc="upper left")
    return axes


drawing.animate(
    whisper,
    range(0, 201, 20),
    alt="Three lines start at loudness 1 and go back 200 steps. The plain cell's falls "
    "steadily to nothing, that with larger weights rises without end, and that of the "
    "cell with a gate stays nearly level.",
    seconds=0.4,
)

# %% [markdown]
# A network reads 200 steps, one after another. At the end it makes a mistake. What should it have noticed at the
# beginning? To learn that, it sends a signal back: the slope of its loss. You see how loud that is, step by step. Of
# the plain cell's signal nothing is left, or it drowns everything. The green one arrives. Its cell has a gate.
#
# The networks of lessons 5 to 24 saw a whole picture at once. A tune comes step by step, and has no fixed length. A
# network for it needs a memory. **How long can a network remember?** In this lesson you build two such networks and
# their slopes by hand. At the end one of them continues a tune that you typed.
#
# You need lesson 2 (the walk back through a graph), lesson 3 (vjps), lesson 6
# ([cross-entropy](../glossary.md#cross-entropy), nats) and lesson 7 (training). You need not read music: [notes and
# steps](../toolbox/notes.md) is one page. Reading takes 40 minutes.
#
# ## 1. A tune is a row of steps
#
# We cut time into [steps](../glossary.md#step) of a sixteenth: four to a beat, 16 to a bar. At each step one of three
# things happens. A note of some pitch begins. Or what was there goes on: a *hold*, written `-`. Or silence begins: a
# *rest*, written `.`. A helper reads a melody that is typed in letters. A word is one beat. One slash divides it
# into two, three into four.


# %%
NAMES = {"C": 60, "D": 62, "E": 64, "F": 65, "G": 67, "A": 69, "B": 71}
HOLD, REST = 128, 129


def step_of(name):
    """The step of "-", ".", or a note: "C", "C#", "Db", or "c", an octave higher."""
    if name in ("-", "."):
        return HOLD if name == "-" else REST
    letter, signs = name[0], name[1:]
    assert set(signs) <= {"#", "b"}, f"{name} is no note"
    higher = 12 * letter.islower() + signs.count("#") - signs.count("b")
    return NAMES[letter.upper()] + higher


# %%
def melody(text):
    """Steps (T,) of a text such as "C C# c/B -": a word is a beat of four steps."""
    steps: list[int] = []
    for beat in text.split():
        parts = beat.split("/")
        assert len(parts) in (1, 2, 4), f"{beat}: a beat has 1, 2 or 4 parts"
        for name in parts:
            steps += [step_of(name)] + [HOLD] * (4 // len(parts) - 1)
    return np.array(steps, np.uint8)


# %%
twinkle = melody("C C G G A A G - F F E E D D C -")
print(twinkle.reshape(4, 16))
drawing.play(
    {"Twinkle, twinkle": twinkle},
    alt="A piano roll of four bars: a bar for each note, at the height of its pitch.",
)

# %% [markdown]
# Numbers below 128 are pitches: the keys of a piano from left to right. 110 tunes come with minae. We cut them into
# windows, melodies of four bars or 64 steps.
# Those to learn from overlap; no tune is both among them and among the others. For
# models the 61 pitches from 36 to 96, the hold and the rest are numbered: 63 *kinds* of step.

# %%
melodies = data.Melodies("tunes", bars=4)
learn = kinds_of(melodies.train.steps).T.astype(np.int64)
check = kinds_of(melodies.validation.steps).T.astype(np.int64)
print(len(melodies.names), "tunes")
print("steps x windows, to learn from:", learn.shape, "and to choose by:", check.shape)
print("Twinkle's first bar as kinds:", kinds_of(twinkle[:16]))

# %% [markdown]
# We want a machine that says at each step how likely each kind is next, $p(x_t \mid x_1 \dots x_{t-1})$. The product of
# these is the probability of the whole tune:
#
# $$ p(x) = \prod_t p(x_t \mid x_1, \dots, x_{t-1}) . $$
#
# This is no assumption. Any $p(x)$ can be written so, since $p(a, b) = p(a)\, p(b \mid a)$. Such a machine is called a
# [language model](../glossary.md#language-model), whatever the language. The loss is lesson 6's: $-\ln p$ of what came,
# in nats per step.
#
# First the cheapest rival. It says "hold", always.
#
# **Guess:** what share of the steps does it get right? And how does its music sound?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Always hold:")
hold = kinds_of(np.array([HOLD], np.uint8))[0]
print(f"right: {(learn == hold).mean():.1%} of those to learn from, ", end="")
print(f"{(check == hold).mean():.1%} of others")
print(f"of the steps where a note begins: {(check[check < hold] == hold).mean():.0%}")

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# Three steps in four are right, and there is no sound at all. So the share of right steps is a poor judge of music.
# We always count the [onsets](../glossary.md#onset), too: of the steps where a note begins, how many were right? Here
# none.
#
# </details>
#
# In nats this rival is infinitely bad: it says that other kinds never come. Two fairer ones count. The first counts how
# often each kind comes. The second counts how often each kind comes *after each other kind*: it remembers one step.


# %%
def before(kinds, begin=KINDS):
    """What is heard before each step: the step before, and a kind of its own first."""
    return np.concatenate([np.full((1, kinds.shape[1]), begin), kinds[:-1]])


alone, pairs = np.full(KINDS, 0.1), np.full((KINDS + 1, KINDS), 0.1)
np.add.at(alone, learn, 1)
np.add.at(pairs, (before(learn), learn), 1)
p_alone, p_pairs = alone / alone.sum(), pairs / pairs.sum(axis=1, keepdims=True)
print(f"no memory: {-np.log(p_alone[check]).mean():.2f} nats per step")
print(f"one step:  {-np.log(p_pairs[before(check), check]).mean():.2f} nats per step")

# %% [markdown]
# (The 0.1 is there so that nothing has the probability 0.) After a hold, the second one does not even know which note
# is held. A table for the last ten steps would have $63^{10}$ rows. We need something that grows less.
#
# ## 2. A row looked up
#
# A network takes numbers, and a kind is only a name: pitch 67 is not "more" than 60. So we give each kind a row of
# numbers of its own, which are learned. This is an [embedding](../glossary.md#embedding).
#
# You know it already. Write the kind as a [one-hot](../glossary.md#one-hot) row, all 0 and a single 1. Multiply by a
# matrix $E$ with a row for each kind. The product is a sum of all rows of $E$, each times 0, but one times 1.

# %%
rng = np.random.default_rng(0)
E = rng.standard_normal((KINDS, 3))
kinds = np.array([24, 61, 31, 61, 61])  # C, hold, G, hold, hold
one_hot = np.eye(KINDS)[kinds]
difference = abs(one_hot @ E - E[kinds]).max()
print("one-hot times E, and rows looked up, differ by", difference)

# %% [markdown]
# Looking up takes no longer if there are more kinds. And the slope? A linear layer's is known from lesson 5: the
# input turned on its side, times $g$. Here the input is one-hot.
#
# **Guess:** $g$ has five rows, one for each step. Which rows of $E$ get a slope? Kind 61, the hold, came three times:
# what does its row get?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Slopes of the rows:")
g = np.array([[1.0, 0, 0], [0, 1, 0], [0, 0, 1], [0, 10, 0], [0, 100, 0]])
slopes = one_hot.T @ g
for kind in np.flatnonzero(abs(slopes).sum(axis=1)):
    print(f"kind {kind}: {slopes[kind]}")
wrong = np.zeros_like(E)
wrong[kinds] += g
print("and NumPy's wrong[kinds] += g gives kind 61:", wrong[61])

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# Kinds that did not come get nothing. One that came three times gets the *sum* of its three rows of $g$: it was used
# three times, and slopes of uses add (lesson 2). NumPy's `+=` with repeated places keeps only one of them, without a
# word.
#
# </details>
#
# In `embedding` you write this without a one-hot.
#
# ## 3. A cell, again and again
#
# Now the memory. It is a row of $H$ numbers, the [state](../glossary.md#state) $h$. At each step the network mixes the
# old state with what it hears, and bends the sum:
#
# $$ h_t = \tanh(W x_t + U h_{t-1} + b). $$
#
# This is a [recurrent network](../glossary.md#recurrent-network), and one step of it a *cell*. Here $x_t$ is the row
# that was looked up. From $h_t$ a linear layer makes 63 logits, for the kind that comes next. $W$, $U$ and $b$ are *the
# same at every step*. So the number of weights does not depend on the length of the tune.
#
# How does one train a thing that feeds itself? Write it out, step by step. It is a graph like any other.

# %% tags=["hide-input"]
places = {f"h{t}": (1.2 * t, 1) for t in range(5)}
places |= {f"x{t}": (1.2 * t, 0) for t in range(1, 5)} | {"loss": (6, 1)}
edges = [(f"h{t}", f"h{t + 1}", "U") for t in range(4)]
edges += [(f"x{t}", f"h{t}", "W") for t in range(1, 5)] + [("h4", "loss", "")]
drawing.show(
    drawing.graph(places, edges, title="Four steps, one U", size=(6, 2.6)),
    alt="A chain of states h0 to h4. Each is made from the one before by U, and from "
    "an input x below it by W. The last one leads to the loss.",
)

# %% [markdown]
# The walk of lesson 2 goes back along this chain. For recurrent networks it has a long name, [backpropagation through
# time](../glossary.md#backpropagation-through-time), and nothing is new in it. Two rules of lesson 2 are all:
#
# - A state that is used twice, for the next state and for its own logits, adds up what comes back from both.
# - $U$ is used at every step. So its slope is the sum of what each of the steps reports.
#
# Let us see the second one. Four copies of one $U$, one for each step, against one $U$ that is shared. (The folded cell
# at the top has drawn $W$ and $U$ by chance, and scaled $U$: its largest eigenvalue has the size 1.)

# %%
shared = Tensor(U.numpy(), requires_grad=True)
copies = [Tensor(U.numpy(), requires_grad=True) for _ in range(4)]
x = rng.standard_normal((4, 1, 16))
for use in ([shared] * 4, copies):
    h = Tensor(np.zeros((1, UNITS)))
    for x_t, own in zip(x, use):
        h = F.tanh(Tensor(x_t) @ W.T + h @ own.T)
    (h**2).sum().backward()
print("sizes:", *(f"{np.linalg.norm(own.grad):.3f}" for own in copies))
total = np.sum([own.grad for own in copies], axis=0)
print("their sum and the shared one's slope differ by", abs(total - shared.grad).max())

# %% [markdown]
# (The first copy met a state of zeros, so its slope is 0.) A program that keeps the last report alone throws three of
# four away here. In `through_time` you write the chain for any cell, for a batch of tunes. They differ in length, and
# are filled up with holds to make a rectangle. A tune that is over keeps its state.
#
# ## 4. Two hundred steps back
#
# What arrives at $h_0$? Each step back multiplies the signal by the cell's [Jacobian](../glossary.md#jacobian). By the
# chain rule that is the slope of tanh, times $U$:
#
# $$ g_{t-1} = U^T \bigl( (1 - h_t^2) \odot g_t \bigr). $$
#
# ($\odot$ multiplies number by number.) After 200 steps there are 200 such products in a row. First without tanh: then
# it is $U^T$, 200 times. What 200 equal matrices do to a vector, [eigenvectors](../toolbox/eigenvectors.md) tell.
# Along an eigenvector each step multiplies by the same number, the eigenvalue $\lambda$. The largest soon leaves all
# others behind, so the signal goes like $|\lambda|^{200}$. (That page has symmetric matrices. Others have such
# directions, too. Some of their eigenvalues may be complex: then the signal also turns. Only their size counts here.)
#
# **Guess:** the size of the largest eigenvalue is 0.9, or 1.1. What is left of a signal of 1?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Left after so many steps:")
for size in (0.9, 1.0, 1.1):
    g = rng.standard_normal(UNITS)
    g /= np.linalg.norm(g)
    for _ in range(200):
        g = size * U.numpy().T @ g
    print(f"eigenvalue {size}: {np.linalg.norm(g):.1e}   {size}^200 = {size**200:.1e}")
print("The most that U stretches any vector in one step:", np.linalg.norm(U.numpy(), 2))

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# From 0.9 to 1.1 is a small change of weights, and the signal changes by 17 powers of ten. Only at 1 does it stay in
# sight. The last line is the largest *singular value* of $U$. It says how far one step can stretch some vector. But
# the next step need not stretch as much again. So it is a limit: if it is below 1, the signal must fade.
#
# </details>
#
# The signal [vanishes](../glossary.md#vanishing-gradient) or it explodes. Now with tanh. Its slope is at most 1, and
# far from 0 it is nearly 0: it makes no number of the signal larger, before $U$ mixes them. Which $U$ is right
# then? Move the slider: $U$ is multiplied by so much, and the largest eigenvalue with it. (`signals`, in the folded
# cell at the top, adds a zero to each state. The slope of that zero is what arrives there.)

# %% tags=["hide-input"]
sizes = (0.6, 0.8, 1.0, 1.2, 1.5, 2.0, 2.5, 3.0)
curves = {size: signals(plain(size)) for size in sizes}


def one_size(size):
    axes = drawing.axes("", "steps back", "what arrives", size=(6, 3))
    axes.plot(float(size) ** np.arange(201), "0.7", label="eigenvalue to this power")
    axes.plot(curves[size], "C0", label="with tanh, measured")
    axes.set(yscale="log", xlim=(0, 200), ylim=(1e-25, 1e25))
    axes.legend(loc="upper left")
    return axes


# %%
drawing.slider(
    one_size,
    sizes,
    alt="What arrives, on a logarithmic scale. The grey line without tanh is straight. "
    "The measured one lies below it, falls for small weights and rises for large ones.",
    label="largest eigenvalue",
    start=1,
)

# %% [markdown]
# From 1.2 to 1.5 the signal stays in sight here. But how much tanh takes away depends on the state, and so on the tune.
# And each training step moves $U$. It is a narrow edge to walk on.
#
# Against explosions a simple rule helps: [clipping](../glossary.md#clipping). If the slopes of all weights together,
# as one long vector, are longer than a limit, make them as long as the limit. The direction stays.


# %%
def clipped(slopes, limit):
    length = np.sqrt(sum((slope**2).sum() for slope in slopes))
    return [slope * min(1, limit / length) for slope in slopes]


print(clipped([np.array([30.0, 40.0])], limit=1.0))

# %% [markdown]
# In minae it is `clip_grad_norm_`. In plain descent, a step that would have thrown the weights far away becomes small.
# (Adam's steps are limited anyway. There it keeps one huge slope from filling the averages.) Against fading there is
# no such rule: made louder, the far steps are still as weak beside the near ones.
#
# ## 5. A gate
#
# So change the cell. Fading comes from multiplying, at every step. What if the old state came through *unchanged*,
# unless there is a reason to change it? Let a number $z$ between 0 and 1 decide, for each unit by itself:
#
# $$ h_t = z \odot h_{t-1} + (1 - z) \odot n, $$
#
# with a new state $n$ made as before. If $z = 1$, the unit keeps what it has. If $z = 0$, it forgets and takes the
# new. And who sets $z$? The network itself, by what it hears and what it knows: $z$ is a sigmoid of a linear layer.
# This is a [gate](../glossary.md#gate). One more helps: $r$ says how much of the old state is used for the new one.
# That is the [GRU](../glossary.md#gru):
#
# $$ \begin{aligned}
# r &= \sigma(W_r x + b_r + U_r h + c_r) \\
# z &= \sigma(W_z x + b_z + U_z h + c_z) \\
# n &= \tanh(W_n x + b_n + r \odot (U_n h + c_n)) \\
# h' &= (1 - z) \odot n + z \odot h
# \end{aligned} $$
#
# This is PyTorch's form, and minae's. The paper that began it has $U_n (r \odot h)$ in the third line: the reset comes
# *before* the product, which must wait for $r$. Here all three products with $h$ are one, with the matrices below one
# another. And two biases are needed: $c_n$ stands inside the reset, $b_n$ does not. Weights of one form fit into the
# other, and are wrong there. Some programs take $z$ as the share of the *new* state. So ask before you load weights.
#
# Its slopes are yours to find, in `gru_cell`. Draw it first. From $h$ four ways lead to $h'$: straight on, and through
# $r$, $z$ and $n$. Each brings back a part, and the parts add. The straight way brings $g \odot z$: **no matrix, and no
# tanh.** If $z$ is near 1, what arrives is nearly what was sent.
#
# How near? A bias of 0 begins at $z = \sigma(0) = \frac12$.
#
# **Guess:** the straight way alone, through 200 steps: what is left if the gate's bias is 0, 3 and 6? And does a whole
# GRU of random weights do the same?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Left after so many steps, of the straight way and measured:")
for bias in (0, 3, 6):
    z = 1 / (1 + np.exp(-bias))
    print(f"bias {bias}: z = {z:.4f}, z^200 = {z**200:7.1e}, ", end="")
    print(f"a whole GRU {signals(gated(bias))[-1]:7.1e}")
print(f"the plain cell, 0.8: {curves[0.8][-1]:7.1e}")

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# A gate half open halves the straight way at every step, and nearly all that arrives came by other ways. The GRU still
# forgets faster than the plain cell with 0.8. With bias 6 more than half arrives after 200 steps. In `kept` you
# measure that with your own GRU.
#
# </details>
#
# So it is not enough to *have* a gate. For a long memory it should begin nearly closed to the new. PyTorch's and
# minae's begin with biases near 0.
#
# ## 6. Who remembers?
#
# A signal that arrives is only a hope. Does training find the memory? Here is a task with nothing else in it. A melody
# begins with one of eight low notes. Then high notes follow, drawn by chance. At the end: which was the first? Guessing
# is right once in eight.


# %%
def remember(T, n, rng):
    """n melodies (T, n, 16), one-hot, and the low note that each begins with."""
    first, kinds = rng.integers(0, 8, n), rng.integers(8, 16, (T, n))
    kinds[0] = first
    return np.eye(16, dtype=np.float32)[kinds], first


# %%
class Gated(nn.Module):
    def __init__(self, rng, bias=0.0):
        self.gru, self.out = nn.GRU(16, UNITS, rng=rng), nn.Linear(UNITS, 8, rng=rng)
        biases = dict(self.gru.named_parameters())["bias_ih_l0"]
        opened = np.repeat([0, bias, 0], UNITS)  # the update gate's alone
        biases.data = (biases.numpy() + opened).astype(np.float32)

    def forward(self, x):
        states, _ = self.gru(Tensor(x))
        return self.out(states[-1])


# %% [markdown]
# The plain network has as many units, but a third of the weights. We give it a second chance: a $U$ that begins as a
# *turn*. It stretches nothing and shrinks nothing, so all its eigenvalues have the size 1.


# %%
class Plain(nn.Module):
    def __init__(self, rng, turns=False):
        self.W = nn.Linear(16, UNITS, rng=rng)
        self.U = nn.Linear(UNITS, UNITS, bias=False, rng=rng)
        self.out = nn.Linear(UNITS, 8, rng=rng)
        if turns:
            turn = np.linalg.qr(rng.standard_normal((UNITS, UNITS)))[0]
            self.U.weight.data = turn.astype(np.float32)

    def forward(self, x):
        inputs, h = self.W(Tensor(x)), Tensor(np.zeros((x.shape[1], UNITS), np.float32))
        for t in range(len(x)):
            h = F.tanh(inputs[t] + self.U(h))
        return self.out(h)


# %%
NETWORKS = {
    "plain": Plain,
    "plain, U turns": lambda rng: Plain(rng, turns=True),
    "GRU": Gated,
    "GRU, bias 3": lambda rng: Gated(rng, bias=3.0),
}


# %%
def share_right(name, T, seed, lr=0.01, steps=300):
    rng = np.random.default_rng(seed)
    model = NETWORKS[name](rng)
    optimizer = optim.Adam(model.parameters(), lr=lr)
    for _ in range(steps):
        x, first = remember(T, 32, rng)
        loss = F.cross_entropy(model(x), first)
        optimizer.zero_grad()
        loss.backward()
        clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    x, first = remember(T, 400, rng)
    return (model(x).numpy().argmax(axis=1) == first).mean()


# %% [markdown]
# **Guess:** 50 steps, the same 300 training steps for each. Put the four in order.

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Right about the first note, one training each:")
for name in NETWORKS:
    print(f"{name:15} {share_right(name, 50, seed=0, steps=20 if QUICK else 300):.0%}")

# %% [markdown]
# One training is an anecdote. Here are three of each, with two learning rates and up to 200 steps. They take some
# minutes, so their results come with the lesson. (`MINAE_KEEP=1 python -m lessons build 25` trains them again.)

# %% tags=["hide-cell"]
FILE, LENGTHS = HERE / "memory.csv", (10, 20, 50, 100, 200)
if KEEP:
    lines = [
        "# Made by MINAE_KEEP=1 python -m lessons build 25. Free for any use (CC0).",
        "# rate, T, network (0 to 3), right",
    ]
    for lr in (0.01, 0.003):
        for T in LENGTHS:
            for place, name in enumerate(NETWORKS):
                for seed in range(3):
                    share = share_right(name, T, seed, lr)
                    lines.append(f"{lr},{T},{place},{share:.4f}")
    FILE.write_text("\n".join(lines) + "\n", "utf-8")
rates, lengths, places, right = np.loadtxt(FILE, delimiter=",").T
axes = drawing.axes("Who remembers the first note?", "steps T", "right", size=(6, 3.4))
print("Right on average, with the better of two rates:")
print("T              ", *(f"{T:6}" for T in LENGTHS))
for place, name in enumerate(NETWORKS):
    means, spread = [], []
    for T in LENGTHS:
        asked = (places == place) & (lengths == T)
        mine = [right[asked & (rates == lr)] for lr in (0.01, 0.003)]
        best = max(mine, key=np.mean)
        means.append(best.mean())
        spread += [(T * (0.95 + 0.033 * place), one) for one in best]
    axes.plot(LENGTHS, means, color=f"C{place}", label=name)
    axes.plot(*np.transpose(spread), "o", color=f"C{place}", markersize=4, alpha=0.6)
    print(f"{name:15}", *(f"{mean:6.0%}" for mean in means))
axes.axhline(1 / 8, color="0.7", linestyle=":")
axes.set(xscale="log", xticks=LENGTHS, xticklabels=LENGTHS, ylim=(0, 1.05))
axes.minorticks_off()
axes.legend(loc="lower left", fontsize="small")
drawing.show(
    axes,
    alt="Four curves over the number of steps, with three dots at each. The GRU with "
    "bias 3 stays at the top. The GRU without it drops to chance from 20 to 50 steps.",
)

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# The GRU with bias 3 is right at every length. The one without has the same gates and the same training, and from 50
# steps on it guesses. Its gates began half open. At 50 even the plain ones do better, though a dot at the top often has
# one at the bottom beside it. Why, these runs do not say. (With the smaller rate the GRU with bias 3 fails at
# 200, too: see `memory.csv`.) Three hundred training steps is what all of them got; with more, each may move.
#
# </details>
#
# ## 7. A machine that goes on
#
# Now the tunes. The model is three things that you know: rows looked up, a GRU, a linear layer. A kind of its own,
# number 63, is heard before the first step.


# %%
class Composer(nn.Module):
    def __init__(self, units=128, size=32):
        rng = np.random.default_rng(0)
        self.table = nn.Parameter(rng.standard_normal((KINDS + 1, size), np.float32))
        self.gru = nn.GRU(size, units, rng=rng)
        self.out = nn.Linear(units, KINDS, rng=rng)

    def forward(self, kinds, state=None):
        """Logits of the step after each (T, N, 63), and the last state."""
        rows = self.table[kinds.reshape(-1)].reshape(*kinds.shape, -1)
        states, state = self.gru(rows, state)
        return self.out(states), state


# %%
def nats(model, kinds):
    logits, _ = model(before(kinds))
    return F.cross_entropy(logits.reshape(-1, KINDS), kinds.reshape(-1))


# %% [markdown]
# All windows have 64 steps here, so none has an end to leave out. Every state begins at 0 with every window. If it went
# on from one tune into the next, the first notes would be judged by a memory of something else. In training each melody
# moves to another key by chance, up or down by at most five semitones.


# %%
def fit(model, epochs, lr=0.005):
    rng = np.random.default_rng(0)
    optimizer = optim.Adam(model.parameters(), lr=lr)
    for epoch in range(epochs):
        optimizer.lr = lr * (1 - epoch / epochs)
        for rows in data.batches(learn.shape[1], 32, rng):
            steps = randomly_transposed(melodies.train.steps[rows], rng)
            loss = nats(model, kinds_of(steps).T.astype(np.int64))
            optimizer.zero_grad()
            loss.backward()
            clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
    return model


# %%
def report(name, model):
    likeliest = model(before(check))[0].numpy().argmax(axis=2)
    right, onsets = (likeliest == check), check < hold
    print(f"{name:12} {nats(model, check).item():.2f} nats per step   ", end="")
    print(f"right: {right.mean():.1%} of steps, {right[onsets].mean():.1%} of onsets")


# %% [markdown]
# We train for five epochs, some seconds. **Guess:** "always hold" gets 71.9 % of the new steps right. How far does the
# trained model get? And by how much is it better in nats than the table of pairs, with 1.16?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("On tunes that it has not seen:")
report("five epochs", fit(Composer(), 1 if QUICK else 5))

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# It gets as many steps right as "always hold", to the digit, and not a single onset. Who judges by right steps would
# say that it has learned nothing. But a step costs 1.09 nats, and with the table of pairs 1.16. (The table was counted
# in the tunes' own keys alone.) Right steps ask only which kind is the likeliest, and that is the hold. Nats ask how
# likely was what came.
#
# </details>
#
# The weights of 80 epochs come with the lesson, made by the command above.

# %%
FILE = HERE / "composer.safetensors"
if KEEP:
    weights.save(fit(Composer(), 80), FILE)
composer = weights.load(Composer(), FILE)
report("80 epochs", composer)

# %% [markdown]
# Now it continues. It hears a beginning. Then it says how likely each kind is, we choose one, and that is what it hears
# next. How should we choose? Here is one way, a die for each seed:


# %%
def by_chance(seed):
    rng = np.random.default_rng(seed)
    return lambda p: rng.choice(KINDS, p=p)


# %%
@no_grad()
def go_on(model, start, count, choose):
    heard = kinds_of(start).astype(np.int64)[:, None]
    logits, state = model(np.concatenate([[[KINDS]], heard]))
    new: list[int] = []
    for _ in range(count):
        scores = logits.numpy()[-1, 0].astype(float)
        p = np.exp(scores - scores.max())
        new.append(choose(p / p.sum()))
        logits, state = model(np.array([[new[-1]]]), state)
    return np.concatenate([start, steps_of(np.array(new))])


# %% [markdown]
# **Guess:** but first we take the likeliest kind at every step. What do you hear after "C C G G A A G -"?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("The likeliest, and drawn by chance:")

start = melody("C C G G A A G -")
versions = {"the likeliest step each time": go_on(composer, start, 96, np.argmax)}
for seed in (0, 1):
    by_die = go_on(composer, start, 96, by_chance(seed))
    versions[f"drawn from p, seed {seed}"] = by_die
for name, steps in versions.items():
    print(f"{name}: {(steps[len(start) :] < HOLD).sum()} notes in six bars")
drawing.play(
    versions,
    alt="Three piano rolls. They begin alike for two bars. The first then has hardly a "
    "note, nearly always the same. The others go on with notes of different lengths.",
)

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# It is stuck. Hardly a note begins, and nearly always the same one. Yet every single step is well chosen: at nearly all
# of them "hold" is likelier than any *one* note among 61 that could begin. A real tune does the unlikely thing about
# once in four steps. So a tune is not a row of likeliest steps.
#
# </details>
#
# And if we draw? Sixty melodies from nothing, beside the tunes. We count the steps that begin a note. Of the notes we
# count those that begin on a beat, and those that lie in one key, the best of twelve:

# %%
nothing, draw = np.zeros(0, np.uint8), by_chance(0)
drawn = [go_on(composer, nothing, 64, draw) for _ in range(5 if QUICK else 60)]
for name, steps in (("drawn", np.array(drawn)), ("tunes", melodies.train.steps)):
    begins = steps < HOLD
    on_beat = begins[:, ::4].sum() / begins.sum()
    print(f"{name}: {begins.mean():.1%} begin a note, ", end="")
    print(f"{on_beat:.0%} on a beat, {in_key(steps):.0%} in one key")

# %% [markdown]
# ## 8. Take it home
#
# Type a beginning of your own, two bars or more. A word is a beat, `-` holds, small letters are an octave higher. Each
# seed goes on in another way. Which one do you like best?

# %%
mine = melody("E E F G G F E D")
seeds = (1, 2, 3)
songs = {f"seed {n}": go_on(composer, mine, 96, by_chance(n)) for n in seeds}
drawing.play(
    songs,
    alt="Three piano rolls. They are alike for two bars, as typed, and different then.",
)
data.write_wav("my_tune.wav", songs["seed 3"])  # the one you like best

# %% [markdown]
# `my_tune.wav` lies beside this notebook. With your own `embedding`, `through_time`, `gru_cell` and `continued` you
# have nearly all parts of this machine. It learned from the *Ode to Joy*, whose beginning this is, and goes on in its
# own way. The beat is there, and mostly a key. But do these tunes *go* anywhere? The machine heard four bars at a
# time, and it has no plan. In the next two lessons a code z is the plan.
#
# ## Exercise
#
# `exercise.py` has six functions to write and two to mend. `python -m lessons grade 25` says what you have. They use
# NumPy alone.
#
# **`embedding`**
#
# <details>
# <summary>Hint 1</summary>
#
# Section 2: NumPy has a function that adds at repeated places, `np.add.at`.
#
# </details>
#
# **`plain_cell`**
#
# <details>
# <summary>Hint 1</summary>
#
# Lesson 5's linear layer, twice, and lesson 3's tanh. What comes back to the sum inside is the same for all five.
#
# </details>
#
# **`through_time`**
#
# <details>
# <summary>Hint 1</summary>
#
# Forward: keep the vjps of each step in a list. Backward: go through the list from its end, with the signal that is on
# its way to the state before.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# At step $t$ two things arrive at the state: `g[t]`, and what the step after sent. Where the tune was over, all of it
# goes straight to the state before, and the cell gets zeros.
#
# </details>
#
# **`gru_cell`**
#
# <details>
# <summary>Hint 1</summary>
#
# Go back line by line, from the last to the first. The last line gives the slopes of $n$ and of $z$, and the straight
# way to $h$.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# Find the slopes of the three sums inside $\sigma$, $\sigma$ and tanh. What $W x + b$ gets is the three, side by side.
# What $U h + c$ gets differs in one of them: look at where $r$ stands.
#
# </details>
#
# **`continued`**
#
# <details>
# <summary>Hint 1</summary>
#
# To draw from $p$: throw a number between 0 and 1, and count how many of the running sums of $p$, without the last,
# lie below it. Each melody needs a throw of its own.
#
# </details>
#
# **`nats_per_step`** (debug)
#
# <details>
# <summary>Hint 1</summary>
#
# Which steps are real? A comparison of the step's number with `lengths` gives a table of yes and no, (T, N).
#
# </details>
#
# **`surprises`** (debug)
#
# <details>
# <summary>Hint 1</summary>
#
# Write down what the model hears before the first step of the *second* tune, and in which state.
#
# </details>
#
# **`kept`** (experiment)
#
# <details>
# <summary>Hint 1</summary>
#
# `through_time` with your `gru_cell`. Its vjp of $h$ takes a g for all states: which of them is not 0?
#
# </details>
#
# ## Challenge: remember two
#
# Worth nothing but pride. Let two of the notes be low, at random places, and ask for both in their order. How many
# steps can your GRU bridge, and which bias is best? Is one that is too large a harm?
#
# ## Expected results
#
# | section | what | you should have seen |
# |---|---|---|
# | 1 | always hold | three steps in four right, no sound |
# | 2 | `wrong[kinds] += g` | a kind that came three times gets one slope |
# | 4 | eigenvalues 0.9 and 1.1 | 3e-10 and 5e7 after 200 steps |
# | 5 | bias 6 | more than half arrives |
# | 6 | four networks | the GRU with bias 3 remembers longest |
# | 7 | likeliest steps | hardly a note |
#
# ## What you now know
#
# - An embedding is a one-hot times a matrix: a row looked up. Slopes of a kind that comes again add.
# - Backpropagation through time is the walk of lesson 2 on a chain. Weights are shared, so their slopes add.
# - A signal through many steps goes much like a power: mostly it vanishes or explodes. Clipping helps against the
#   second alone.
# - A gate lets the old state through without a matrix, if it begins that way. So one note was remembered through 200
#   steps, the most that we tried. With plain cells that was not sure for 50.
# - Taking the likeliest step every time makes a dull tune: real tunes often do something else.
#
# ## Read next
#
# - Lesson 26, *Music from a latent space*: what lies between two songs?
# - Y. Bengio, P. Simard and P. Frasconi, *Learning Long-Term Dependencies with Gradient Descent is Difficult* (1994).
# - R. Pascanu, T. Mikolov and Y. Bengio, *On the difficulty of training recurrent neural networks* (2013): clipping.
# - K. Cho and others, *Learning Phrase Representations using RNN Encoder-Decoder* (2014): the GRU.
# - C. Tallec and Y. Ollivier, *Can recurrent neural networks warp time?* (2018): how gates should begin.
