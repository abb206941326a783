# %% [markdown]
# # 24. The museum: which of them lie?

# %% tags=["hide-input"]
# Which lamp sees which mistake: section 4 finds it out.
from itertools import permutations
from types import SimpleNamespace

import numpy as np

import minae
from lessons import drawing
from minae import Tensor
from minae import functional as F

SEEN = {
    "gradients": "..................",
    "moments": "xxx...............",
    "truth": "...x...xx.........",
    "owners": ".........xx.x.....",
    "symmetry": "...xxxx...........",
    "disjoint": ".............xx...",
    "options": "......x....x...x..",
    "mutants": "x...............xx",
}
LAMPS = list(SEEN)


def room(lit):
    """The dark room, with so many lamps on."""
    shown = [any(SEEN[lamp][at] == "x" for lamp in LAMPS[:lit]) for at in range(18)]
    title = f"{LAMPS[lit - 1]}: {sum(shown)} of 18 seen" if lit else "which lie?"
    axes = drawing.axes(title, size=(5.6, 2.6))
    for at, is_seen in enumerate(shown):
        x, y = at % 6, 2 - at // 6
        colour, right, top = "C3" if is_seen else "0.15", x + 0.9, y + 0.9
        axes.fill([x, right, right, x], [y, y, top, top], colour)
        axes.text(x + 0.45, y + 0.4, str(at + 1), color="white", ha="center")
    axes.set(xlim=(-0.1, 6), ylim=(-0.1, 3), xticks=[], yticks=[])
    axes.grid(False)
    return axes


drawing.animate(
    room,
    range(9),
    alt="Eighteen dark doors. Lamps go on, one by one. The first, the gradient "
    "check, shows nothing. With each other lamp some doors turn red, in the end all.",
    seconds=1,
)

# %% [markdown]
# Eighteen doors in a dark room. Behind each is a program with one mistake. Each mistake was taught, copied or
# published somewhere. The first lamp is the gradient check, and it shows nothing. The other seven lamps are tests of
# other kinds. Together they show all.
#
# A program that crashes is honest. These do not crash, and their gradients are right. So the question of this lesson:
# **which of them lie, and how do you ask?** At the end you sit an exam: ten programs without labels. You leave with a
# checklist for every program that you will ever train.
#
# You need lesson 4 (gradient checks), lesson 17 (the VAE) and the debug exercises of all lessons. Reading takes 35
# minutes.
#
# ## 1. What a passed check says
#
# A gradient check compares two slopes *of the same loss*: one by `backward`, one by nudging. If they agree, the slope
# belongs to the loss. Whether it is the loss you wanted, nobody has asked. Here are two ways to average over batches.
# A data set of 7 pictures is read in batches of 3, so the last batch has one picture:


# %%
def mean_loss(errors):
    return errors.mean()


def mean_of_means(errors):
    batches = [errors[first : first + 3].mean() for first in (0, 3, 6)]
    return (batches[0] + batches[1] + batches[2]) / 3


errors = np.random.default_rng(0).random(7)
for f in (mean_loss, mean_of_means):
    verdict = minae.gradcheck(f, errors).verdict
    print(f"{f.__name__:14}{f(Tensor(errors)).item():.4f} {verdict}")

# %% [markdown]
# Both pass, and they are two different numbers. In the second one the last picture counts as much as three others.
#
# **Guess:** which question, with an answer of yes or no, tells them apart without knowing the right number?

# %% tags=["guess"]
my_question = ...

# %% tags=["hide-output"]
print("In another order, the same pictures cost:")
for f in (mean_loss, mean_of_means):
    orders = [f(Tensor(np.roll(errors, k))).item() for k in range(4)]
    print(f"{f.__name__:14}", np.round(orders, 4))

# %% [markdown]
# <details>
# <summary>The question</summary>
#
# Does the order of the pictures matter? It must not. You need no formula for the right answer, and no second program.
# You need to know something that is *true of every right answer*.
#
# </details>
#
# Such a truth is called an [invariant](../glossary.md#invariant). A test of an invariant is short, and need not repeat
# the program's formula. All seven lamps are of this kind, or nearly.
#
# ## 2. Four lamps on small cases
#
# **Moments.** What is random has a mean, a variance and shares, and you can count them. Take shuffling. This one looks
# fair: each card changes places with any card.


# %%
def shuffled(rng, cards):
    cards = list(cards)
    for place in range(len(cards)):
        other = rng.integers(len(cards))
        cards[place], cards[other] = cards[other], cards[place]
    return "".join(cards)


# %% [markdown]
# **Guess:** three cards have 6 orders. With 60,000 shuffles each should come 10,000 times, give or take 91. (That is
# one standard error, lesson 15.) What comes?

# %% tags=["guess"]
my_counts = ...

# %% tags=["hide-output"]
print("How often each order came:")
rng, orders = np.random.default_rng(0), ["".join(p) for p in permutations("abc")]
found = [shuffled(rng, "abc") for _ in range(60_000)]
for order in orders:
    count = found.count(order)
    print(f"{order} {count:7,} {(count - 10_000) / 91:6.1f} standard errors")

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# There are $3^3 = 27$ ways of throwing, all equally probable. 27 is no multiple of 6: some orders get 4 ways, some 5.
# A limit of 5 standard errors refuses a right program about once in two million counts, and finds this at once.
#
# </details>
#
# **Truth.** Sometimes the right number is known for one input, and often that input is an extreme one. The variance of
# 4, 7, 13 and 16 is 22.5. Moving all of them changes no variance. Here is a formula from many books,
# $E[x^2] - E[x]^2$:

# %%
x = np.array([4.0, 7.0, 13.0, 16.0])
for moved in (0, 1e4, 1e8, 1e9):
    y = x + moved
    formula = (y**2).mean() - y.mean() ** 2
    print(f"moved by {moved:13,.0f}: {formula:10.4f}  np.var {y.var():.4f}")
print("Near 1e18 the next number is", np.spacing(1e18), "away.")

# %% [markdown]
# At 0 all is well, and so is its gradient. Far away it is nonsense. The squares of 1e9 are near 1e18, and there a float
# knows a number to 128 only. Two such numbers are subtracted, and rounding is what is left. A test that never goes far
# away will never know.
#
# **Owners.** Who moves, and by whose gradient? Lesson 13 put a reader on a frozen encoder. If the encoder moves along,
# the score is that of another network. The test is one line for each player: compare its weights before and after a
# step. But how? Here weight decay (lesson 6) moves what must stand still, a little:

# %%
before = np.random.default_rng(0).normal(size=5)
after = before * (1 - 1e-6)
print("close:", np.allclose(before, after), " equal:", np.array_equal(before, after))

# %% [markdown]
# Compare *exactly*. Tolerances are for results. What must stand still must be equal.
#
# **Disjoint.** Nothing that you test on may be in training. Here pictures are mirrored to have twice as many, and then
# split. **Guess:** no row is in both parts. Is that enough?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Rows in both parts, and test pictures with a twin in training:")
pictures = np.random.default_rng(1).random((50, 9))
doubled = np.concatenate([pictures, pictures[:, ::-1]])
order = np.random.default_rng(2).permutation(100)
training, held_out = doubled[order[20:]], doubled[order[:20]]
rows = {*map(tuple, training)}
print(sum(tuple(row) in rows for row in held_out), end=", ")
print(sum(tuple(row[::-1]) in rows for row in held_out), "of 20")

# %% [markdown]
# <details>
# <summary>What to do</summary>
#
# Split first, then mirror. And let the test ask for what is really forbidden: the same *origin*, not the same row.
# A test answers just what it was asked.
#
# </details>
#
# ## 3. Two more, and the test of tests
#
# **Symmetry.** Exchange, double, turn, shuffle: what must happen to the result? Section 1 was one. Exchange black and
# white in pictures and in copies, and the cost stays. Twice the pixels cost twice the nats. And a sequence must get the
# same result whatever others are in the batch. This function is to subtract from each sequence its own mean:


# %%
def centred(x):
    return x - x.mean(axis=1)


# %% [markdown]
# **Guess:** it gets 7 sequences of 7 steps, then 5 sequences of 7 steps. What happens?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Centred, and turned:")
x = np.random.default_rng(0).normal(size=(7, 7))
print("gradient check:", minae.gradcheck(centred, x).verdict)
print("turned before and after is the same:", end=" ")
print(np.allclose(centred(x[::-1]), centred(x)[::-1]))
try:
    centred(x[:5])
except ValueError as error:
    print("5 sequences:", error)

# %% [markdown]
# <details>
# <summary>Why</summary>
#
# The seven means lie in a row, and NumPy stretches a row downwards. So the mean of sequence 2 is subtracted from *step*
# 2 of all sequences. (`keepdims=True` keeps them a column.) In the square all shapes fit. With 5 and 7 the program
# stops by itself. So take sizes that are all different, best primes, like 5, 7 and 11.
#
# </details>
#
# **Options.** An option must change something. Ask for two settings *with one seed*, and see that the results differ.
# A seed is an option, too: five seeds with an error bar of exactly 0 are most likely one run.
#
# **Mutants.** And who tests the tests? Change the program on purpose, by one mistake at a time, and see that the test
# objects. A changed program is a [mutant](../glossary.md#mutant). If the test objects, the mutant is killed. Here a
# sorting program is tested by "the result rises":


# %%
def rises(sort, x):
    y = sort(x)
    return bool((np.diff(y) >= 0).all())


def same_members(sort, x):
    y = sort(x)
    return len(y) == len(x) and all((y == v).sum() == (x == v).sum() for v in x)


# %%
sorts = {
    "right": np.sort,
    "zeros": lambda x: 0 * x,
    "no twins": np.unique,
    "as it came": lambda x: x,
    "second twice": lambda x: np.maximum(np.sort(x), np.sort(x)[1]),
}

# %% [markdown]
# **Guess:** how many of the four mutants does each test kill, on `[3, 1, 2]`? And on `[3, 1, 2, 1]`?

# %% tags=["guess"]
my_guess = ...

# %% tags=["hide-output"]
print("Who objects to what:")
for x in ([3, 1, 2], [3, 1, 2, 1]):
    for test in (rises, same_members):
        killed = [name for name, sort in sorts.items() if not test(sort, np.array(x))]
        print(x, f"{test.__name__:13}", killed)

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# "The result rises" is true of zeros. It kills one of four. The second test kills others. And whether it kills
# "no twins" depends on the *case*: without twins in it nothing can be seen. And "second twice" lives where the two
# smallest are equal. It takes both tests, on both cases, to kill all four. Tests and cases kill together.
#
# </details>
#
# A test is worth something if the right program passes, and the mutants that you could think of do not. So
# `survivors`, your first exercise, asks the right program first. A test that objects to everything is as useless as
# none.
#
# ## 4. Eighteen mistakes, eight tests
#
# Now to the room. The folded cell has one small program as a text: the parts of a VAE, a judge, a split, and two tests.
# Unfold it and look it through. Its parts come from all over the course:
#
# - `sample`, `kl`, `cross_entropy` and `loss` are a VAE's. `validate` is to give the same loss, for other pictures.
# - `encode` makes a code of each sequence: all of its steps have their say, averaged.
# - `bound` makes one number of what several samples cost: $-\ln$ of their mean weight (lesson 21).
# - `log_p` is the logarithm of a mixture of bells of std 1.
# - `judge` tells codes from draws. `shown` says what it is shown, and `judge_step` moves it, and it alone.
# - `fit` goes down in a bowl, with weight decay.
# - `check_kl` and `check_relu` are tests themselves.

# %% tags=["hide-input"]
# A small program as a text, and eighteen mistakes in it:
PROGRAM = """
def points(n, seed=0):
    return np.random.default_rng(seed).random((n, 7))

def data_sets(seed):
    return points(60, seed), points(40, seed + 1000)

def split(x, n, seed):
    order = np.random.default_rng(seed).permutation(len(x))
    return x[order[n:]], x[order[:n]]

def noise(rng, shape):
    return rng.normal(0, 1, shape)

def noises(rng, shape, batches):
    return [noise(rng, shape) for _ in range(batches)]

def sample(mu, log_var, eps):
    return mu + (log_var / 2).exp() * eps

def kl(mu, log_var):
    return ((mu**2 + log_var.exp() - 1 - log_var) / 2).sum(axis=1).mean()

def cross_entropy(p, x):
    p = p.clip(1e-15, 1 - 1e-15)
    nats = -(x * p.log() + (1 - x) * (1 - p).log())
    return nats.sum(axis=1).mean()

def encode(x, each):
    return (x.reshape(*x.shape, 1) * each).tanh().mean(axis=1)

def loss(p, x, mu, log_var, beta):
    return cross_entropy(p, x) + beta * kl(mu, log_var)

def validate(p, x, mu, log_var, beta):
    return cross_entropy(p, x) + beta * kl(mu, log_var)

def bound(nats):
    return -F.logsumexp(-nats, axis=0) + np.log(len(nats))

def log_p(x, means):
    squares = (x.reshape(-1, 1) - means) ** 2 / 2
    return F.logsumexp(-squares, axis=1) - np.log(len(means) * np.sqrt(2 * np.pi))

def judge(codes, w1, w2, w3):
    return ((codes @ w1).tanh() @ w2).tanh() @ w3

def shown(x, drawn, codes):
    return drawn, codes.detach()

def judge_step(x, drawn, encoder, weights):
    real, made = shown(x, drawn, (x @ encoder).tanh())
    made = judge(made, *weights)
    (F.softplus(-judge(real, *weights)) + F.softplus(made)).mean().backward()
    for weight in weights:
        weight.data -= 0.1 * weight.grad

def fit(decay, steps=5):
    w = 3.0
    for _ in range(steps):
        w -= 0.1 * (2 * (w - 1) + decay * w)
    return w

def check_kl(kl, rng):
    mu, log_var = Tensor(rng.normal(size=(1, 3))), Tensor(rng.normal(size=(1, 3)))
    eps = Tensor(rng.normal(size=(20_000, 3)))
    costs = (sample(mu, log_var, eps) ** 2 - eps**2 - log_var) / 2
    return abs(costs.sum(axis=1).mean() - kl(mu, log_var)).item() < 0.15

def check_relu(op, rng, cases=50):
    xs = [rng.normal(size=3) for _ in range(cases)]
    return all(np.array_equal(op(x), np.maximum(x, 0)) for x in xs)
"""

MISTAKES = {
    "std": ("(log_var / 2).exp()", "log_var.exp()"),
    "weak noise": ("rng.normal(0, 1, shape)", "rng.normal(0, 0.01, shape)"),
    "one noise": (
        "[noise(rng, shape) for _ in range(batches)]",
        "[noise(rng, shape)] * batches",
    ),
    "averaged": ("nats.sum(axis=1).mean()", "nats.mean()"),
    "clipped": ("clip(1e-15, 1 - 1e-15)", "clip(1e-15, 0.999)"),
    "two sizes": ("tanh().mean(axis=1)", "tanh().mean(axis=0)"),
    "two losses": (
        "cross_entropy(p, x) + beta * kl(mu, log_var)\n\ndef bound",
        "cross_entropy(p, x) + kl(mu, log_var)\n\ndef bound",
    ),
    "worst first": (
        "-F.logsumexp(-nats, axis=0) + np.log(len(nats))",
        "(F.softmax(nats, axis=0) * nats).sum(axis=0)",
    ),
    "little in log": (
        "F.logsumexp(-squares, axis=1)",
        "((-squares).exp().sum(axis=1) + 1e-8).log()",
    ),
    "layer twice": ("@ w2).tanh() @ w3", "@ w2).tanh() @ w2"),
    "not detached": ("drawn, codes.detach()", "drawn, codes"),
    "wrong view": ("return drawn, codes", "return x, codes"),
    "never steps": ("0.1 * weight.grad", "0.0 * weight.grad"),
    "in both": ("x[order[n:]]", "x[order]"),
    "seeded twice": ("points(40, seed + 1000)", "points(40, seed)"),
    "no option": ("2 * (w - 1) + decay * w", "2 * (w - 1)"),
    "looks at 0": (
        "Tensor(rng.normal(size=(1, 3)))\n    eps",
        "Tensor(np.zeros((1, 3)))\n    eps",
    ),
    "same case": (
        "[rng.normal(size=3) for _ in range(cases)]",
        "[rng.normal(size=3)] * cases",
    ),
}

# %% [markdown]
# A mistake is a change of one place in this text. Here are the eighteen. Above stands what is right, below it what is
# there instead. Which lamp sees which? Decide for some of them before you go on.

# %%
for number, (name, (right, wrong)) in enumerate(MISTAKES.items(), 1):
    print(f"{number:2} {name:14} {right.splitlines()[0]}")
    print(f"{'':17} {wrong.splitlines()[0]}")


# %%
def run(source):
    program = SimpleNamespace(np=np, F=F, Tensor=Tensor)
    exec(source, vars(program))
    return program


def mutant(name):
    right, wrong = MISTAKES[name]
    return run(PROGRAM.replace(right, wrong))


# %% [markdown]
# Most of them are of a kind that you have met. Here is where:
#
# | mistakes | where you met the kind |
# |---|---|
# | 1, 2 | lesson 17: the width of a sample, the noise |
# | 3 | lesson 11: fresh noise every time |
# | 4, 7 | lesson 19: two means, two curves |
# | 5 | lesson 6: losses from logits |
# | 6 | lesson 8: what a square hides |
# | 8 | lesson 21: importance weights |
# | 9 | lesson 16: the log-sum-exp |
# | 11, 13 | lesson 23: whose slopes, and a judge asleep |
# | 10, 12, 18 | in no lesson before this one |
# | 14, 15 | lesson 7: three parts; lesson 20: a helper that seeds again |
# | 16 | lesson 22: a label that goes nowhere |
# | 17 | lesson 17: `agree` |
#
# And the eight tests, one for each lamp. Read each of them as a question; `p` is the program. The gradient check asks
# seven functions whether each slope belongs to its loss:


# %%
def gradients(p):
    rng = np.random.default_rng(0)
    mu, log_var, eps, x = rng.normal(size=(4, 3, 2))
    chance = rng.uniform(0.1, 0.9, (3, 2))
    asked = [
        (lambda m, s: p.loss(Tensor(chance), chance, m, s, 2.0), mu, log_var),
        (p.sample, mu, log_var, eps),
        (p.encode, x, mu[:2]),
        (p.judge, x, *rng.normal(size=(3, 2, 2))),
        (p.log_p, x[0], mu[1]),
        (p.bound, eps),
        (lambda c: p.cross_entropy(c, chance), chance),
    ]
    for f, *inputs in asked:
        assert minae.gradcheck(f, *inputs).verdict == "pass"


# %% [markdown]
# Has the noise the variance 1? Found from $n$ draws, it has the standard error $\sqrt{2 / n}$. Are two batches of noise
# independent, so that their product is 0 on average? And has a sample with log_var = 0.7 the variance $e^{0.7}$?


# %%
def moments(p):
    rng, n = np.random.default_rng(0), 50_000
    assert abs(p.noise(rng, (n,)).var() - 1) < 5 * np.sqrt(2 / n)
    one, other = p.noises(rng, (n,), 2)
    assert abs(np.mean(one * other)) < 5 / np.sqrt(n)
    eps = rng.normal(size=n)
    z = p.sample(Tensor(0 * eps + 3), Tensor(0 * eps + 0.7), Tensor(eps)).numpy()
    assert abs(z.var() / np.exp(0.7) - 1) < 5 * np.sqrt(2 / n)


# %% [markdown]
# Seven fair coins cost $7 \ln 2$. A point at 40, where three bells stand at 0, has a density known by hand. The bound
# is calculated anew from weights. And the KL with mu = 1, log_var = 2 is
# $\frac12 (1 + e^2 - 1 - 2) = \frac12 e^2 - 1$.


# %%
def truth(p):
    fair = Tensor(np.full((5, 7), 0.5))
    nats = np.random.default_rng(0).normal(size=(6, 5))
    cost = p.cross_entropy(fair, np.ones((5, 7))).item()
    assert np.isclose(cost, 7 * np.log(2))  # seven fair coins
    far = p.log_p(Tensor(np.array([40.0])), Tensor(np.zeros(3))).item()
    assert np.isclose(far, -(40.0**2) / 2 - np.log(2 * np.pi) / 2)
    expected = -np.log(np.exp(-nats).mean(axis=0))
    assert np.allclose(p.bound(Tensor(nats)).numpy(), expected)
    assert np.isclose(p.kl(Tensor([[1.0]]), Tensor([[2.0]])).item(), np.e**2 / 2 - 1)


# %% [markdown]
# The judge makes a step. Has each of its weights moved, and did nothing of its loss reach the encoder?


# %%
def owners(p):
    arrays = np.random.default_rng(0).normal(size=(6, 3, 3))
    x, drawn, encoder, *judge = (Tensor(a.copy(), requires_grad=True) for a in arrays)
    p.judge_step(x, drawn, encoder, judge)
    assert encoder.grad is None  # nothing of the judge's loss comes here
    for before, after in zip(arrays[3:], judge):
        assert (before != after.numpy()).any()


# %% [markdown]
# Black and white exchanged cost the same, also where the network is sure, at 0.9999. Twice the pixels cost twice as
# much. Sequences in another order have the same codes, in that order. Training and validation ask the same of the same
# numbers.


# %%
def symmetry(p):
    rng = np.random.default_rng(0)
    x, each = rng.normal(size=(5, 7)), rng.normal(size=(7, 3))
    c = rng.uniform(0.1, 0.9, (5, 7))
    c[0, 0], white = 0.9999, np.where(x > 0, 1.0, 0.0)
    cost = p.cross_entropy(Tensor(c), white).item()
    assert np.isclose(cost, p.cross_entropy(Tensor(1 - c), 1 - white).item(), rtol=1e-6)
    twice = p.cross_entropy(Tensor(np.hstack([c, c])), np.hstack([white, white])).item()
    assert np.isclose(twice, 2 * cost)
    codes, turned = p.encode(Tensor(x), each), p.encode(Tensor(x[::-1].copy()), each)
    assert np.allclose(codes.numpy()[::-1], turned.numpy())
    parts = Tensor(c), c, Tensor(x[:, :3]), Tensor(x[:, 3:6]), 3.0
    assert np.isclose(p.loss(*parts).item(), p.validate(*parts).item())


# %% [markdown]
# Does any row of the test stand in training, too? (Here each row is its own origin.) And does another decay, another
# beta, another draw change anything?


# %%
def disjoint(p):
    for one, other in (p.data_sets(3), p.split(p.points(17), 5, 0)):
        assert not {*map(tuple, one)} & {*map(tuple, other)}


def options(p):
    arrays = np.random.default_rng(0).normal(size=(3, 5, 7))
    x, drawn, codes = map(Tensor, arrays)
    assert p.fit(decay=0.0) != p.fit(decay=0.1)
    c = Tensor(np.full((5, 7), 0.4))
    for f in (p.loss, p.validate):
        assert f(c, c, x, drawn, 1.0).item() != f(c, c, x, drawn, 2.0).item()
    real, other = p.shown(x, drawn, codes)[0], p.shown(x, 2 * drawn, codes)[0]
    assert (real.numpy() != other.numpy()).any()


# %% [markdown]
# The last one is a test of two tests. Each must let the right function pass, and object to two wrong ones.


# %%
def mutants(p):
    rng = np.random.default_rng(0)
    assert p.check_kl(p.kl, rng) and p.check_relu(lambda x: np.maximum(x, 0), rng)
    for wrong in (lambda m, s: p.kl(m, 0 * s), lambda m, s: p.kl(m, 2 * s)):
        assert not p.check_kl(wrong, rng)
    for wrong in (np.abs, lambda x: np.clip(x, 0, 1.5)):
        assert not p.check_relu(wrong, np.random.default_rng(0))


# %% [markdown]
# `check_kl` and `check_relu` belong to the program, and mistakes 17 and 18 are in them: one looks at log_var = 0 alone,
# the other tries one case fifty times.
#
# **Guess:** the table has 18 times 8 places. How many are red? How many mistakes are seen by one test alone?

# %% tags=["guess"]
my_red, my_single = ..., ...


# %% tags=["hide-cell"]
print("Which test sees which mistake:")


def objects(test, program):
    try:
        test(program)
    except Exception:  # an error is an objection, too
        return True
    return False


TESTS = [gradients, moments, truth, owners, symmetry, disjoint, options, mutants]
assert not any(objects(test, run(PROGRAM)) for test in TESTS)  # the right one passes
wrong_ones = [mutant(name) for name in MISTAKES]
seen = {test.__name__: [objects(test, p) for p in wrong_ones] for test in TESTS}
assert {lamp: "".join(".x"[one] for one in row) for lamp, row in seen.items()} == SEEN
counts = np.sum(list(seen.values()), axis=0)
print(f"{counts.sum()} places are red;", end=" ")
print(f"{(counts == 1).sum()} mistakes are seen by one test alone")
words = [[" " * row[at] for row in seen.values()] for at in range(18)]
rows = [f"{number} {name}" for number, name in enumerate(MISTAKES, 1)]
axes = drawing.table(rows, list(seen), words, bad=bool)
axes.tick_params(labelsize=7)
drawing.show(
    axes,
    alt="A table of 18 mistakes and 8 tests. The gradient check's column is empty. "
    "Each row has a red place, most of them only one.",
)

# %% [markdown]
# <details>
# <summary>What you see</summary>
#
# The table is nearly empty. Most mistakes are seen by one kind of test and by no other. So no test is the best one. A
# program needs a question of *each* kind. (These are our tests, and mistakes that we chose: with others the numbers
# would be others. The first column is empty: seven mistakes are in functions that it asks, and each slope belongs to
# what stands there. The other eleven are elsewhere.)
#
# </details>
#
# ## 5. How many cases?
#
# A mistake may show only at some places: say, in a share $q$ of them. One random case misses it with probability
# $1 - q$. Cases that are independent all miss it with probability $(1 - q)^n$, where $n$ is how many there are.
#
# **Guess:** a mistake shows at 2 % of the places. How many cases find it with 95 %?

# %% tags=["guess"]
my_cases = ...

# %% tags=["hide-output"]
print("How often it escapes:")
for n in (1, 10, 50, 149, 500):
    print(f"{n:4} cases: {(1 - 0.02) ** n:.3f}")

# %% [markdown]
# About $3 / q$ cases are needed for 95 %, since $e^{-3} = 0.05$. But "independent" is a strong word. A hundred cases
# from a generator that is made anew in the loop, with the same seed, are one case. The museum has such a test (B14),
# and `check_shrink` in the exercise is one. And where $q = 0$, because all cases lie at the wrong place, no number
# helps.
#
# ## 6. The exam
#
# The exam has ten programs. Each trains, its loss falls, and its gradient check passes. Two to four of them are right,
# so "all are wrong" is no answer. You got a copy of the course without solutions? Then the exam is in
# `lessons/museum/exam`. Begin with its README, and write `answers.py`. Your teacher has the labels. If you have the
# whole repository, draw one that nobody has seen, with a number of your own:
#
#     python -m lessons museum --exam 7 --folder exam/
#     python -m lessons museum --exam 7 --grade exam/answers.py
#
# For each program that you call wrong you write a test. It must object to the program, and let the mended one pass.
# An objection to a right program costs a point. This time a test objects with `assert`, not by saying False:
#
#     def check_03(program):
#         noise = program["noise"]
#         eps = noise(np.random.default_rng(0), (10_000,))
#         assert abs(eps.mean()) < 5 / 100, "the noise has another mean than 0"
#
# So read one program, think what must be true of each of its functions, and ask. `python try_answers.py` says to what
# your tests object. It does not say who is right. When you are done, hand in `answers.py`. It is graded with the
# second command above (the exam that came with your copy has the number 0).
#
# You will recognise kinds from section 4. That gives no point yet: the points are for tests that the mended program
# passes. And a line that looks wrong may be right there. Real programs have a nineteenth mistake.
#
# After the exam, look at the museum's pieces, each with its symptom, its test and its harm. In the whole repository,
# `python -m lessons museum` lists them, and `python -m lessons museum B1` shows one.
#
# ## 7. To take home

# %%
CHECKLIST = """
 1. The gradient is checked. (It shows that the slope belongs to the loss. No more.)
 2. Moments: what is random has its mean, variance and shares, within 5 standard errors,
    and two draws that should differ do.
 3. Truth: one case has a known number. One case is extreme.
 4. Owners: after a step just those moved that should. Exactly.
 5. Symmetry: exchanged, doubled, shuffled, in other company. All sizes differ.
 6. Disjoint: nothing of the test has its origin in the training.
 7. Options: another setting, the same seed, another result.
 8. Mutants: break the program; the test objects. The right one passes, for any seed.
"""
print(CHECKLIST)

# %% [markdown]
# ## Exercise
#
# `exercise.py` has six functions to write and two to mend. `python -m lessons grade 24` says what you have. This time
# you write tests, and the grader brings the programs.
#
# **`survivors`**
#
# <details>
# <summary>Hint 1</summary>
#
# Ask the right program first. What is such a test worth that refuses it?
#
# </details>
#
# **`is_dropout`**
#
# <details>
# <summary>Hint 1</summary>
#
# A rate of one half hides which of the two is the rate. Numbers that are all different from 0 show where zeros come
# from.
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# What is not 0 must be x, divided by $1 - $ rate. Then count the zeros: their share has the standard error
# $\sqrt{r (1 - r) / n}$ for a rate $r$.
#
# </details>
#
# <details>
# <summary>Hint 3</summary>
#
# Two dice are both below the rate with the probability $r^2$. That must hold for neighbours in a row, for neighbours in
# a column, and for two seeds. Pairs of neighbours share dice, so their share shakes more: allow 7 errors there, not 5.
#
# </details>
#
# **`is_log_p`**
#
# <details>
# <summary>Hint 1</summary>
#
# Five pixels have 32 pictures. Their probabilities add up to 1. Which logits make p larger than 0.999?
#
# </details>
#
# <details>
# <summary>Hint 2</summary>
#
# The probabilities of all pictures in which pixel j is white add up to the probability of white.
#
# </details>
#
# **`each_row_alone`**
#
# <details>
# <summary>Hint 1</summary>
#
# Two batch sizes, two lengths, all different. Each row alone, and all in another order.
#
# </details>
#
# **`moves_only`**
#
# <details>
# <summary>Hint 1</summary>
#
# "Moved" means that some element is not equal. Both lists must agree: who moved, and who may.
#
# </details>
#
# **`check_shrink`** and **`option_matters`** (debug)
#
# <details>
# <summary>Hint 1</summary>
#
# Print the places where the first one looks. For the second one, think of an option that nobody reads: what do you
# compare then?
#
# </details>
#
# **`escapes`** (experiment)
#
# <details>
# <summary>Hint 1</summary>
#
# Draw all places at once, a row for each test. A row escapes if no place in it shows a difference.
#
# </details>
#
# ## Challenge: the nineteenth mistake
#
# Worth nothing but pride. Change one place of `PROGRAM` so that all eight tests still pass, and the program is wrong.
# Then write the test that sees it. Which lamp would it belong to?
#
# ## Expected results
#
# | section | what | you should have seen |
# |---|---|---|
# | 1 | two ways to average | both pass the gradient check; one depends on the order |
# | 2 | an unfair shuffle | orders that are 11 to 14 standard errors off |
# | 2 | a variance, moved by 1e9 | nonsense |
# | 3 | `centred` of 7 x 7 | passes the gradient check; turned, it is another result |
# | 3 | "the result rises" | kills one of four |
# | 4 | eighteen mistakes | the gradient check sees none |
# | 5 | a mistake at 2 % of the places | 149 cases for 95 % |
#
# ## What you now know
#
# - A gradient check shows, where it looks, that a slope belongs to a loss. It says nothing of the loss.
# - Ask what must be true of every right answer: moments, truths, owners, symmetries, splits, options.
# - A test is worth the mutants that it kills, if the right program passes.
# - Most mistakes are seen by one kind of test only. So ask one question of each kind.
#
# ## Part IV, looking back
#
# You began with a density and a dart (15). Hidden causes gave you a bound (16), and the trick its slopes (17). You
# walked the map (18), turned the dial (19), and measured the bound against the truth (20, 21). Then you drew on request
# (22), and by a judge where no density was known (23). In each of these lessons a wrong line trained happily. That is
# why the last one is about doubt.
#
# ## Read next
#
# - The course's assignment, `lessons/P4_vae/project.md`: a VAE on other data, with a report.
# - Lesson 25, *Sequences*: how long can a network remember?
# - R. DeMillo, R. Lipton and F. Sayward, *Hints on Test Data Selection* (1978): where mutants come from.
# - T. Y. Chen and others, *Metamorphic Testing* (1998): tests from what must be true of two answers.
# - K. Claessen and J. Hughes, *QuickCheck* (2000): properties, tried on random cases.
