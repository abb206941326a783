# %% [markdown]
# # 26. Music from a latent space: what lies between two songs?

# %% tags=["hide-input"]
# What happens here is the subject of the lesson. Leave it folded for now.
import os
from pathlib import Path

import numpy as np

from lessons import drawing, weights
from minae import Tensor, data
from minae.measures.tunefulness import (
    agreement,
    in_key,
    in_range,
    mean_pitches,
    note_counts,
)
from minae.models.music_vae import DenseMusicVAE, MusicVAE, kinds_of
from minae.reports.music_vae import attribute_vector, between, codes, decode
from minae.reports.plots import piano_rolls

np.set_printoptions(precision=3, suppress=True)
QUICK = "MINAE_QUICK" in os.environ  # only to test this lesson
KEEP = "MINAE_KEEP" in os.environ  # train again what comes with this lesson
HERE = Path(drawing.__file__).parent / "26_music_from_a_latent_space"
tunes = data.Melodies("tunes", bars=2)
x, new = tunes.train.steps, tunes.validation.steps


def recurrent(beta, **options):
    return MusicVAE(hidden=48, latent=24, beta=beta, rng=0, **options)


def melody(name):
    """The first two bars of a tune that the models have learned from."""
    names = [tunes.names[number] for number in tunes.train.tunes]
    return x[next(row for row in range(len(x)) if name in names[row])]


high, low = recurrent(0.02), recurrent(0.5)
if not KEEP:  # if it is set, section 2 makes them anew, for the next build to show
    weights.load(high, HERE / "high.safetensors")
    weights.load(low, HERE / "low.safetensors")
twinkle, joy = melody("Twinkle"), melody("Ode to Joy")
z_twinkle, z_joy = codes(high, np.stack([twinkle, joy]))
shares = np.linspace(0, 1, 13)
places = np.stack([between(z_twinkle, z_joy, float(share)) for share in shares])
way = decode(high, places.astype(np.float32))


def one_place(number):
    title = f"{number} of 12 steps from Twinkle to Joy"
    figure = piano_rolls({title: way[number]}, "")
    figure.set_size_inches(6, 2)
    figure.axes[0].set(ylim=(57, 74), yticks=(60, 72), yticklabels=("C4", "C5"))
    return figure


drawing.animate(
    one_place,
    range(13),
    alt="Boxes on a grid of time and pitch. Thirteen pictures lead from the first bars "
    "of Twinkle, twinkle to those of the Ode to Joy. Near both ends they stand still; "
    "in the middle several notes change at once.",
    seconds=0.6,
)

# %% [markdown]
# A box is a note: its length is how long it sounds, its height the pitch. You see *Twinkle, twinkle, little star*, two
# bars of it. In twelve equal steps it becomes the *Ode to Joy*. Nobody wrote what lies between.
#
# Each picture is a [code](../glossary.md#code) of 24 numbers, made into music. So this is lesson 18 again, with songs
# in place of digits: **what lies between two songs?** At the end you have `my_journey.wav`, to send to a friend.
#
# You need lesson 25 (steps, the GRU), lesson 17 (the [VAE](../glossary.md#vae)) and lesson 19 (beta, and codes that
# fall silent). You need not read music: [notes and steps](../toolbox/notes.md) is one page. Reading takes 40 minutes.
# Here are the two ends and what is just between, to hear:

# %%
drawing.play(
    {"Twinkle": twinkle, "step 6 of 12": way[6], "Ode to Joy": joy},
    alt="Piano rolls of Twinkle, of the melody in the middle, and of the Ode to Joy.",
)

# %% [markdown]
# ## 1. A perfect score
#
# The machine is a VAE of melodies. A melody has 32 steps: two bars of sixteen. A step is one of 63
# kinds: a pitch that begins, a hold or a rest (lesson 25).
#
# - The *encoder* is two GRUs. One reads the melody forward, one backward. Their last states give $\mu$ and log_var of
#   the code. What a GRU has read last, it knows best: for one of them that is the end, for the other the beginning.
# - The *decoder* is a GRU, too. Its first state is made from $z$. At each step it is told $z$ again, since a GRU
#   may forget (lesson 25), and the step before. It says how likely each kind of step is next:
#
# $$ p(x \mid z) = \prod_t p(x_t \mid x_1, \dots, x_{t-1}, z). $$
#
# That is the machine of lesson 25 that continues tunes, and $z$ tells it which tune. (There $z$ was a gate. Here it is
# the code again.) It is `MusicVAE` in minae, a small copy of a model with this name. The loss is a VAE's:
# reconstruction plus beta times KL, in nats per melody. `training_step` is lesson 7's: gradients to zero, loss,
# backward, step. Lesson 25's clipping is in it, and each melody moves to another key by chance, as there.


# %%
def train(model, epochs, lr=0.003):
    rng, (optimizer,) = np.random.default_rng(0), model.optimizers(lr)
    model.train()
    for epoch in range(epochs):
        optimizer.lr = lr * (1 - epoch / epochs)
        for rows in data.batches(len(x), 64, rng):
            model.training_step([optimizer], Tensor(x[rows]), None, rng)
    model.eval()
    return model


# %% [markdown]
# In training we know the whole melody. So the decoder need not wait for its own choices. All its inputs are written
# down before it starts, as rows with one 1: a row for each step. (minae writes $\sqrt{63}$ in place of the 1;
# `one_hot` says why.) Here is how a first program did it. It has five epochs, some seconds.


# %%
class FirstTry(MusicVAE):
    def steps_before(self, x, rng=None):
        """What the decoder is told before each step: (T, N, kinds)."""
        return Tensor(self.one_hot(kinds_of(x.data)).swapaxes(0, 1))


first_try = train(FirstTry(hidden=48, latent=24, beta=0.1, rng=0), 5)

# %% [markdown]
# At which share of the steps does the decoder find the true kind the likeliest? We ask with melodies of tunes that it
# has never seen (the validation split).


# %%
def told_right(model, steps, z):
    """Where a decoder is right that is told what it is told in training: (N, T)."""
    logits = model.logits(Tensor(z), Tensor(steps)).numpy()
    return logits.argmax(axis=2).T == kinds_of(steps)


share = told_right(first_try, new, codes(first_try, new)).mean()
print(f"steps right, of melodies it has never seen: {share:.1%}")

# %% [markdown]
# Perfect, after seconds, on new tunes. Now let it sing. We give it codes and nothing else: before each step it is told
# what it has chosen itself.
#
# **Guess:** how much of the melodies comes back? And how does it sound?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("It sings:")
z = Tensor(codes(first_try, new))
for name, T in (("likeliest steps", 0), ("drawn steps", 1)):
    sung = first_try.decode(z, T, np.random.default_rng(0))
    found, count = agreement(sung, new)["onset_accuracy"], note_counts(sung).mean()
    print(f"{name:15}  notes that come back {found:.0%}   notes a melody {count:.1f}")
print(f"the tunes have {note_counts(new).mean():.1f} notes a melody")

# %% tags=["hide-cell"]
print("The likeliest steps are silence; three drawn melodies:")
drawing.play(
    {f"sung {number}": sung[number] for number in (0, 3, 5)},
    alt="Three rolls. Two strike one pitch at every step and jump once or twice; the "
    "third strikes one pitch four times and then holds it to the end.",
)

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# Next to nothing comes back. With the likeliest steps it is silent: it begins with the likeliest kind, a hold, hears a
# hold, and goes on so. If we draw, it hammers on one pitch like a woodpecker, until by chance it jumps to another,
# or to a hold that does not end.
#
# </details>
#
# It is an echo. Look at the program: before step $t$ it tells the decoder $x_t$, the very step to be guessed. So the
# decoder learned one thing, to repeat what it hears. A score of 100 % on new melodies is then no wonder, and with
# a code it has nothing to do. When it runs by itself, the echo has only itself to repeat.
#
# No test of lesson 4 sees this: the gradients are right. And the loss falls, as it should. What sees it?
# *To let the program do what it is for.* The mend is a shift: before step $t$ it is told $x_{t-1}$, and before the
# first one nothing. You write it, as `steps_before`, and mend such a program in `negative_elbo`.
#
# ## 2. Told and free
#
# These two ways to run a decoder have names. Told the true steps, it is trained with
# [teacher forcing](../glossary.md#teacher-forcing), and all its inputs are known at once. Told its own choices, it
# is [free running](../glossary.md#free-running). With the shift in its place, both are honest tests. But they do not
# test the same thing.
#
# From here on we use two models with the shift, trained for 500 epochs, three minutes each. They differ in one number,
# beta. Let us call them *high* (beta 0.02) and *low* (beta 0.5), by how much their codes say: the lower the price, the
# more. They come with the lesson. (`MINAE_KEEP=1 python -m lessons build 26` trains them again, and what section 3
# needs; a second build shows them.)

# %%
if KEEP:
    for model, name in ((high, "high"), (low, "low")):
        weights.save(train(model, 500), HERE / f"{name}.safetensors")
        weights.load(model, HERE / f"{name}.safetensors")

# %% [markdown]
# **Guess:** *low* is told, and is right in 90 % of the steps of the melodies that it learned from. How many are right
# when it runs free: more, as many, fewer? And at which step does the difference begin?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("Told and free, step by step:")
z = codes(low, x)
told, free = told_right(low, x, z), decode(low, z) == x
print(f"all steps: told {told.mean():.1%}, free {free.mean():.1%}")
axes = drawing.axes("Steps that low has right", "step", "share", size=(5, 2.6))
axes.plot(told.mean(axis=0), label="told the truth")
axes.plot(free.mean(axis=0), "C3", label="free running")
axes.set(ylim=(0, 1.02), xticks=range(0, 33, 4))
axes.legend(loc="lower left")
drawing.show(
    axes,
    alt="Two jagged curves over 32 steps, with dips where notes begin. They start "
    "together; then the free one dips deeper.",
)

# %% [markdown]
# They begin together and part. (The dips are the beats: notes begin there, and a hold is easy.) Why must it be so?
# Until its first mistake, the free decoder hears just what the told one hears, so both make the same first mistake.
# What comes after?

# %%
notes = x < 128  # steps at which a note begins
first = np.where(free.all(axis=1), 32, free.argmin(axis=1))
after = np.arange(32) > first[:, None]
print("right, after the first mistake:  steps   notes")
for name, right in (("told", told), ("free", free)):
    print(f"{name:30} {right[after].mean():7.1%} {right[after & notes].mean():7.1%}")

# %% [markdown]
# The told one is forgiven: it hears the truth again. The free one must go on from its mistake. It is at a place that
# training may never have shown it. Of the notes after the first mistake it finds less than half as many.
#
# So *report free running*, and count notes: three steps in four hold, and holds are easy. These are lesson 25's
# onsets: a note comes back if its pitch begins at its step. In `notes_found` you mend a program that measures
# neither.
#
# ## 3. Why would it listen?
#
# The step before says much about the next one. After a note mostly comes a hold. Pitches go by small steps. The decoder
# needs no code to know that. So what is left for $z$ to say?
#
# Lesson 19 has the rule: a latent speaks if what it saves is worth more than it costs. A nat of KL costs beta. It saves
# what the decoder could not guess. The better it guesses from the steps before, the less there is to save, and the
# sooner the code falls silent. *A strong decoder makes its code needless.* (In `nats_left` you measure how much the
# step before leaves to be said, by counting.)
#
# And at the beginning of training the code is noise. It costs at once and saves nothing yet. So a code may fall silent
# before anyone has learned to listen. Three aids are in use:
#
# - [Word dropout](../glossary.md#word-dropout): withhold a quarter of the steps before. Who is not told must listen.
# - [Warm-up](../glossary.md#warm-up): let beta grow from 0 during the first 500 training steps. First listen, then
#   pay.
# - [Free bits](../glossary.md#free-bits): the first bits of the code cost nothing, $\max(\text{KL} - \text{free}, 0)$.
#   Below the limit there is no slope towards silence. You write it as an op, `free_bits`.
#
# *High* and *low* were trained with the first two.
#
# How do you see whether a decoder listens? Tell it *another melody's code*, with the true steps before. If nothing gets
# worse, it does not listen.


# %%
def listening(model, steps):
    """Steps told right with the melody's own code, and with another one's."""
    z = codes(model, steps)
    others = np.roll(z, len(z) // 2, axis=0)
    return [told_right(model, steps, code).mean() for code in (z, others)]


for name, model in (("low", low), ("high", high)):
    own, others = listening(model, x)
    print(f"{name:4}  own code {own:.1%}   another's {others:.1%}")

# %% [markdown]
# Both listen: a wrong code costs *low* 17 steps in a hundred, and *high* 28.
#
# Now six trainings with beta 1, 60 epochs each: without any aid, with word dropout, with warm-up, with both, with 16
# free bits (11.1 nats), and with all three. (They take two minutes, so the result comes with the lesson, made by the
# command above.)
#
# **Guess:** in which of them is another melody's code as good as its own?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
AIDS = {  # word dropout, warm-up, free bits
    "none": (0, 0, 0),
    "word dropout": (0.25, 0, 0),
    "warm-up": (0, 500, 0),
    "word dropout, warm-up": (0.25, 500, 0),
    "free bits": (0, 0, 16),
    "all three": (0.25, 500, 16),
}
if KEEP:
    lines = [
        "# Made by MINAE_KEEP=1 python -m lessons build 26. Free for any use (CC0).",
        "# KL, right with the own code, right with another's; a line for each of AIDS",
    ]
    for dropout, warm_up, free in AIDS.values():
        aided = recurrent(1.0, word_dropout=dropout, warm_up=warm_up, free_bits=free)
        model = train(aided, 60)
        kl = model.losses(Tensor(x), rng=np.random.default_rng(1))["kl"].item()
        own, others = listening(model, x)
        lines.append(f"{kl:.2f},{own:.4f},{others:.4f}")
    (HERE / "aids.csv").write_text("\n".join(lines) + "\n", "utf-8")
print("Beta one, sixty epochs, melodies learned from:")
print("                           KL   own code  another's")
rows = np.loadtxt(HERE / "aids.csv", delimiter=",")
for name, (kl, own, others) in zip(AIDS, rows):
    print(f"{name:22} {kl:6.1f} {own:10.1%} {others:10.1%}")

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# Without an aid the code falls silent, and another's is as good as its own within a step in a hundred. Word dropout and
# warm-up bring it to 1 or 2 nats. With free bits the code says nearly as much as is free, and a wrong one costs 9 steps
# in a hundred. It is the price that silences a code, and for these nats nothing is asked. (One training each.)
#
# </details>
#
# ## 4. To copy or to invent
#
# Now turn beta, and nothing else. The first columns are of melodies that were learned from: nats of reconstruction and
# KL, and what comes back free running from the mean $\mu$. The last two are of 500 melodies drawn from codes of the
# prior, $z \sim N(0, I)$: the share of their notes in the best-fitting scale (*in key*), and in the range of most notes
# of the tunes. (A *scale* is seven pitches of twelve: most tunes need no others. The notes page says *key*.)
#
# **Guess:** which of the two copies better? And whose own melodies are more often in key?

# %% tags=["guess"]
my_guess = ...


# %% tags=["hide-cell"]
def row_of(model):
    rng = np.random.default_rng(1)
    losses = model.losses(Tensor(x), rng=rng)
    nats = [losses[part].item() for part in ("reconstruction", "kl")]
    back = agreement(decode(model, codes(model, x)), x)
    z = Tensor(rng.standard_normal((500, model.latent)).astype(np.float32))
    drawn = model.decode(z, 1.0, rng)
    return [*nats, *back.values(), in_key(drawn), in_range(drawn, x)]


print("What beta does:")
print("beta   recon.    KL   steps  notes exactly   in key in range")
for model in (high, low):
    recon, kl, *percents = row_of(model)
    columns = " ".join(f"{share:7.1%}" for share in percents)
    print(f"{model.beta:<5} {recon:6.1f} {kl:6.1f} {columns}")
print(f"the tunes themselves: in key {in_key(x):.1%}, in range {in_range(x, x):.1%}")

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# The smaller beta, the more comes back: *high* gives back two melodies in three without a single mistake, *low* one in
# twenty. But what *high* draws by itself leaves the scale and the range more often. Of these two the better copier is
# the worse dreamer.
#
# </details>
#
# Hear it. First a melody, and what each makes of it. Then what each draws by itself.

# %%
yankee = melody("Yankee Doodle")
rolls = {"Yankee Doodle": yankee}
for name, model in (("high", high), ("low", low)):
    rolls[f"{name} gives back"] = decode(model, codes(model, yankee[None]))[0]
drawing.play(rolls, alt="A melody; what high gives back of it; what low gives back.")

# %%
own = np.random.default_rng(4).standard_normal((3, 24)).astype(np.float32)
rolls = {}
for name, model in (("high", high), ("low", low)):
    drawn = model.decode(Tensor(own), 1.0, np.random.default_rng(4))
    rolls |= {f"{name} draws, {number}": drawn[number - 1] for number in (1, 2, 3)}
drawing.play(rolls, alt="Three melodies that high has drawn, and three that low has.")

# %% [markdown]
# Why can the copier not dream as well? From lesson 18 you know that the prior must be where the codes are. With a
# small beta each melody has a narrow bell of its own, far from the next one. A code from the prior falls between the
# bells, where the decoder has hardly been. With a larger beta the bells are wider, so fewer places should be empty.
# One cell says how wide:

# %%
for name, model in (("high", high), ("low", low)):
    _, log_var = model.encode(Tensor(x))
    std = np.exp(log_var.numpy() / 2).mean(axis=0)
    print(f"{name:4}  mean std of a bell: {std.mean():.2f}", end="   ")
    print(f"silent numbers (std above 0.9): {(std > 0.9).sum()} of 24")

# %% [markdown]
# A silent number has about the prior as its bell, always. So one number of a program, beta, chooses: a small one to
# *rebuild*, a larger one to *invent*.
#
# ## 5. How bold?
#
# A second dial needs no training. The decoder gives logits $a_k$ for the kinds of step. To draw from them we need the
# softmax. Divide by a [temperature](../glossary.md#temperature) $T$ first:
#
# $$ p_k = \frac{e^{a_k / T}}{\sum_j e^{a_j / T}}. $$
#
# Why divide? The ratio of two probabilities is $e^{(a_k - a_j)/T}$, their old ratio to the power $1/T$. At $T = 1$
# the model speaks as it has learned. At $T \to 0$ only the likeliest is left, as the ratio goes to 0 or infinity. At
# $T \to \infty$ all become equal, and what music hardly ever does is as likely as all else.
#
# Here are the eight likeliest kinds at the first step of a drawn melody. Move the slider. At which temperature is the
# best one nearly certain?

# %% tags=["hide-input"]
first_logits, _ = low.step(
    Tensor(np.zeros((1, 1, 63), np.float32)),
    Tensor(own[:1]),
    low.first_state(Tensor(own[:1])),
)
ordered = np.sort(first_logits.numpy()[0, 0])[::-1]


def bars(T):
    e = np.exp((ordered - ordered[0]) / T)
    title, below = f"T = {T}", "kinds of step, the likeliest first"
    axes = drawing.axes(title, below, "probability", size=(5, 2.4))
    axes.bar(range(8), e[:8] / e.sum())
    axes.set(ylim=(0, 1), xticks=[])
    return axes


drawing.slider(
    bars,
    (0.1, 0.3, 0.5, 0.7, 1, 1.5, 2, 4),
    alt="Eight bars. Cold, the first one has nearly all; hot, none has much, since the "
    "other 55 kinds take their share.",
    label="T",
    start=4,
)

# %% [markdown]
# Now one code at four temperatures, with the same random numbers. You write the loop that does it, `free_run`: tell,
# ask, divide, draw, and tell what was drawn.

# %%
rolls = {}
for T in (0, 0.7, 1, 2):
    rolls[f"T = {T}"] = low.decode(Tensor(own[1:2]), T, np.random.default_rng(5))[0]
drawing.play(rolls, alt="One code at four temperatures; the hottest has most notes.")

# %%
many = Tensor(np.random.default_rng(1).standard_normal((500, 24)).astype(np.float32))
print("  T   in key  in range  notes")
for T in (0, 0.5, 1, 1.5, 2):
    drawn = low.decode(many, T, np.random.default_rng(2))
    print(f"{T:3} {in_key(drawn):8.1%} {in_range(drawn, x):9.1%}", end="")
    print(f" {note_counts(drawn).mean():6.1f}")
print(f"tunes {in_key(x):6.1%} {in_range(x, x):9.1%} {note_counts(x).mean():6.1f}")

# %% [markdown]
# Cold, it is careful: in key like the tunes, and with fewer notes. Hot, it has more notes than the tunes and leaves the
# scale. At 1, as it was trained, it has about as many notes as they have.
#
# ## 6. Thirteen places
#
# Now the journey. Both ends have a code, the mean $\mu$. What is *between* two codes?
#
# The straight line, $(1 - s)\, a + s\, b$, is what lesson 18 walked with two numbers. With 24 there is a catch. How far
# from the origin is a code from the prior? Its squared length is a sum of 24 squares with the mean 1 each. So the
# length is near $\sqrt{24} = 4.9$, nearly always: codes lie on a shell. The middle of a straight line does not.
# If $a$ and $b$ are at right angles, it is only $1/\sqrt 2$ as far out as they are. There the decoder has hardly been.
#
# So walk on an arc, by equal angles: between codes of one length it keeps that length. `journey` is yours to derive.

# %%
rng = np.random.default_rng(0)
one, other = codes(high, x)[rng.integers(0, len(x), (2, 500))]
middles = {
    "line": (one + other) / 2,
    "arc": np.stack([between(a, b, 0.5) for a, b in zip(one, other)]),
}
print("midway     in key in range  notes  length of the code")
for name, z in middles.items():
    steps = decode(high, z.astype(np.float32))
    print(f"{name:9} {in_key(steps):7.1%} {in_range(steps, x):8.1%}", end="")
    print(f" {note_counts(steps).mean():6.2f} {np.linalg.norm(z, axis=1).mean():8.2f}")
length = np.linalg.norm(codes(high, x), axis=1).mean()
print(f"the tunes {in_key(x):7.1%} {in_range(x, x):8.1%}", end="")
print(f" {note_counts(x).mean():6.2f} {length:8.2f}")

# %% [markdown]
# Midway both are melodies: in range as often as the tunes, and in key nearly so. The straight middle is a quarter
# nearer to the origin. (At right angles it would be 29 %; the angles are a little smaller.) But it has hardly fewer
# notes, and is in key nearly as often. So here the line would do. The arc costs nothing, so we keep it; to call it
# necessary, we would have to measure a difference.
#
# **Guess:** twelve equal steps lead from Twinkle to Joy. In how many of them does the melody change?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Steps of the melody that change from place to place:")
print((way[1:] != way[:-1]).sum(axis=1))
different = np.unique(way, axis=0)
known = (different[:, None] == x).all(axis=2).any(axis=1)
print(f"different melodies: {len(different)}; {known.sum()} of them were learned from")

# %% [markdown]
# In five of the twelve. *Equal steps of the code are not equal steps of the melody.* Around each end is a plateau,
# where nothing changes. Between them six steps of the melody change at once. The bells are one reason: *high*
# was trained to give back one melody from a whole bell around its code. (A plateau may be wider.) The ends were
# learned. What is between them was not:

# %%
stops = [0] + [place for place in range(1, 13) if (way[place] != way[place - 1]).any()]
drawing.play(
    {f"step {place}": way[place] for place in stops},
    alt="The different melodies on the way from Twinkle to the Ode to Joy.",
)

# %% [markdown]
# ## 7. More notes, please
#
# Distances may mean something; so may directions. Take the quarter of the melodies that have fewest notes, and the
# quarter that has most. From the mean code of the first to that of the second leads a vector, an
# [attribute vector](../glossary.md#attribute-vector). No one told the VAE what a number of notes is.
#
# **Guess:** add the vector to the codes of melodies of *new* tunes, or take it away. What do you get? And a vector for
# higher notes: will it leave the number of notes alone?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Moved codes of new melodies:")
z = codes(low, new)
for name, amount in (("more notes", note_counts), ("higher", mean_pitches)):
    vector = attribute_vector(low, x, amount)
    print(f"times {name!r}:   -2     -1      0      1      2")
    moved = [decode(low, z + share * vector) for share in (-2, -1, 0, 1, 2)]
    for what, measure in (("notes", note_counts), ("pitch", mean_pitches)):
        means = " ".join(f"{measure(steps).mean():6.1f}" for steps in moved)
        print(f"  mean {what:12} {means}")

# %% [markdown]
# The first vector puts in notes or takes them out, about three to the vector, and leaves the pitch where it was. The
# other one moves the melody by four or five semitones, and changes the number of notes by less than one. So two
# directions of 24 numbers are nearly independent dials, though nothing asked for them. Twice the vector goes beyond
# what was learned. It still works for the notes, and less so for the pitch.
#
# ## 8. An honest rival
#
# Is all this recurrence needed? Here is a rival without it: a dense VAE of the same steps. It sees the melody as one
# long row of $32 \cdot 63$ numbers, and its decoder gives all steps at once, each by itself. It has the beta of *low*,
# and is trained in seconds (200 epochs; *low* had 500):

# %%
dense = DenseMusicVAE(hidden=64, latent=24, beta=0.5, rng=0)
dense = train(dense, 5 if QUICK else 200)

# %% [markdown]
# **Guess:** who gives back more notes? Who has the lower negative ELBO on new tunes? Whose own melodies stay in key?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-cell"]
print("Beta one half, melodies of new tunes, and drawn ones:")
print("            weights  -ELBO    KL  notes   in key in range")
elbos: list[np.ndarray] = []
for name, model in (("recurrent", low), ("dense", dense)):
    log_w = model.log_weights(Tensor(new), 20, np.random.default_rng(1))  # lesson 20
    elbos.append(log_w.numpy().mean(axis=0))
    kl = model.losses(Tensor(new), rng=np.random.default_rng(1))["kl"].item()
    back = agreement(decode(model, codes(model, new)), new)["onset_accuracy"]
    drawn = model.decode(many, 1.0, np.random.default_rng(2))
    size = sum(p.data.size for p in model.parameters())
    print(f"{name:10} {size:8,} {-elbos[-1].mean():6.1f} {kl:5.1f} {back:6.1%}", end="")
    print(f" {in_key(drawn):8.1%} {in_range(drawn, x):8.1%}")
gain = elbos[0] - elbos[1]
error = gain.std() / np.sqrt(len(gain))
print(f"recurrent better by {gain.mean():.1f} ± {error:.1f} nats")

# %% [markdown]
# Each wins something. The dense one gives back more notes. It writes each step by itself, so no mistake leads to
# another; and its code says more. The recurrent one has the better bound, with a smaller KL: what it hears of the steps
# before need not go through the code. What it draws is more often in key: it hears the notes before. (The error bar
# counts melodies as independent; those of one tune are not, so the true one is wider. It is of one training each.)
#
# Is it so with a longer training, other data, and larger networks? The first two lines are by the cells above, with 500
# epochs for the dense one, too. The others are by `minae train music-vae`, as docs/music.md has it: codes of 64
# numbers, larger networks, and the test split. One training each.

# %%
print("                                     recurrent   dense")
print("these tunes, beta 0.5       -ELBO         26.8    31.3")
print("   notes that come back                  40.4%   59.4%")
print("these tunes, beta 0.02      -ELBO         83.1    64.8")
print("   notes that come back                  69.6%   91.5%")
print("12,854 melodies, beta 0.2   -ELBO         39.0    48.3")
print("   notes that come back                  53.6%   92.8%")
print("12,854 melodies, beta 1     -ELBO         28.0    31.2")
print("   notes that come back                  13.9%   50.2%")

# %% [markdown]
# The dense VAE copies better everywhere. The bound is another matter. With beta 0.02 the dense VAE has the better one;
# in the other three cases the recurrent one has it. Only with beta 1 were both trained for it. So: *to copy, take the
# dense one.* To go on from a beginning, only the recurrent one will do: it alone asks what comes next.
#
# ## 9. Take it home
#
# Choose two tunes, and a model. `sorted({tunes.names[n] for n in tunes.train.tunes})` are the names of all that were
# learned from; a part of a name is enough.

# %%
mine = "Jingle Bells", "Frère Jacques"
a, b = codes(high, np.stack([melody(name) for name in mine]))
path = np.stack([between(a, b, float(share)) for share in shares]).astype(np.float32)
journey = decode(high, path)
different = [0] + [n for n in range(1, 13) if (journey[n] != journey[n - 1]).any()]
data.write_wav("my_journey.wav", np.concatenate(journey[different]), tempo=110)
print(f"my_journey.wav: {len(different)} melodies, from {mine[0]} to {mine[1]}")
for name, end in zip(mine, (journey[0], journey[-1])):
    print(f"steps of {name} that came back: {(end == melody(name)).mean():.0%}")

# %% [markdown]
# Send it to a friend, and ask where the one song ends. (Of Yankee Doodle *high* swaps two notes, as you saw in section
# 4. That one would not begin as you know it.) `minae interpolate` does the same with tunes of your own, and
# `write_midi` writes notes for any music program.
#
# ## Exercise
#
# `exercise.py` has six functions to write and two to mend. `python -m lessons grade 26` says what you have. They use
# NumPy alone.
#
# **`steps_before`**
#
# <details>
# <summary>Hint 1</summary>
#
# `np.eye(kinds)[x]` has a row for each step. Which of them are told, and which row comes first?
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# Draw a number between 0 and 1 for each step of each melody, and compare it with the dropout.
#
# </details>
#
# **`free_run`**
#
# <details>
# <summary>Hint 1</summary>
#
# Four things happen at each step: ask, divide, choose, tell. The state that comes back goes in again.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# To draw without a loop: subtract the largest logit, take the softmax and its sums from the left (`np.cumsum`). How
# many of these are below a random number? Or add Gumbel noise, $-\ln(-\ln u)$, and take the largest.
#
# </details>
#
# **`free_bits`**
#
# <details>
# <summary>Hint 1</summary>
#
# It is lesson 17's `gaussian_kl`, and then a relu (lesson 5) of the KL less what is free. One bit is $\ln 2$ nats.
#
# </details>
#
# **`journey`**
#
# <details>
# <summary>Hint 1</summary>
#
# Draw it in the plane of $a$ and $b$, both of length 1, with the angle $\theta$. Let $a = (1, 0)$ and
# $b = (\cos\theta, \sin\theta)$. You want $(\cos s\theta, \sin s\theta)$. The second number gives the part of $b$.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# The part of $b$ is $\sin s\theta / \sin\theta$. From the other end it looks the same.
#
# </details>
#
# **`attribute_vector`**
#
# <details>
# <summary>Hint 1</summary>
#
# Two limits, two masks, two means.
#
# </details>
#
# **`negative_elbo`** (debug)
#
# <details>
# <summary>Hint 1</summary>
#
# One mistake is section 1. For the other one ask of each part: is it nats per melody, or per step?
#
# </details>
#
# **`notes_found`** (debug)
#
# <details>
# <summary>Hint 1</summary>
#
# What is the decoder told in the second round? And which steps are counted?
#
# </details>
#
# **`nats_left`** (experiment)
#
# <details>
# <summary>Hint 1</summary>
#
# Fill a table (kinds, kinds) with the pairs that occur. Its rows give one kind of probability, its column sums the
# other.
#
# </details>
#
# ## Challenge: a song that is nobody's
#
# Worth nothing but pride. Find three tunes whose middle (the mean of their codes) is a melody that you would
# sing, and that is none of the three. Which of the two models is better for it?
#
# ## Expected results
#
# | section | what | you should have seen |
# |---|---|---|
# | 1 | told itself | 100 % of new steps right; running free, 0 % of the notes (3 % if drawn) |
# | 2 | after the first mistake | told finds about twice as many notes as free |
# | 4 | beta 0.02 and 0.5 | two melodies in three come back exactly, and one in twenty; *low* draws more in key |
# | 6 | midway | in range as often as the tunes, in key nearly so |
# | 8 | dense beside recurrent | the dense one finds more notes, the recurrent one has the better bound |
#
# ## What you now know
#
# - Told $x_t$ itself, a decoder becomes an echo: perfect when told, useless when free.
# - Free running is the question that counts. After a first mistake it goes on from it.
# - A strong decoder makes its code needless. Free bits helped most here; another's code showed it.
# - Beta chooses between copying and dreaming. Temperature chooses between careful and bold.
# - Between two songs lie other songs. Directions of the latent space can mean something that nobody named.
#
# ## Read next
#
# - Lesson 27, *Longer tunes*: why does it forget how it began?
# - A. Roberts and others, *A Hierarchical Latent Vector Model for Learning Long-Term Structure in Music* (2018).
# - S. Bowman and others, *Generating Sentences from a Continuous Space* (2016): codes that are not heard.
