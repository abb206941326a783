"""The public checks of exercise 7. Ten points. What they say stands in messages.toml.

Optimisers are followed for some steps, with rates that change. What trains is judged by its weights where those can be
known, and by what it has learned: of digits that people wrote, and of spirals that nobody has seen before.
"""

import tomllib
from functools import cache, partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from lessons.tools.judging import asked_for, call, cause_of, compare, differs, is_close, kind

pytestmark = pytest.mark.numpy_only

SAY = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))
FORM = SAY["form"]
FIRST_STEP = {SAY["adam"]["first_step"]: "raises"}

# --- optimisers: each is followed for some steps, beside what known mistakes would do ---------------------------------


@pytest.mark.points(1, "build")
def test_sgd(exercise, rng):
    right = lambda w, g, v, lr, momentum=0.0: (w - lr * (momentum * v + g), momentum * v + g)
    say, mistakes = SAY["sgd"], {
        "no_speed": lambda w, g, v, lr, momentum=0.0: (w - lr * g, v),
        "damped": lambda w, g, v, lr, momentum=0.0: right(w, (1 - momentum) * g, v, lr, momentum),
        "old_speed": lambda w, g, v, lr, momentum=0.0: (w - lr * v, momentum * v + g),
        "rate_inside": lambda w, g, v, lr, momentum=0.0: right(w, lr * g, v, 1.0, momentum),
        "uphill": lambda w, g, v, lr, momentum=0.0: right(w, g, v, -lr, momentum),
        "ahead": lambda w, g, v, lr, momentum=0.0: (w - lr * (g + momentum * (momentum * v + g)), momentum * v + g),
        "no_rate": lambda w, g, v, lr, momentum=0.0: right(w, g, v, 1.0, momentum),
        "forgets": lambda w, g, v, lr, momentum=0.0: (w - lr * (momentum * v + g), g),
    }  # fmt: skip
    options = [{}, {"momentum": 0.9}, {"momentum": rng.uniform(0.3, 0.8)}]
    check_steps(exercise.sgd, rng, right, 0.0, named(say, mistakes), options, "sgd")


@pytest.mark.points(1, "build")
def test_rmsprop(exercise, rng):
    def variant(divisor=lambda s, eps: np.sqrt(s) + eps, blend=lambda s, g, alpha: alpha * s + (1 - alpha) * g * g):
        def step(w, g, s, lr, alpha=0.99, eps=1e-8):
            new = blend(s, g, alpha)
            return w - lr * g / divisor(new, eps), new

        return step

    def old_average(w, g, s, lr, alpha=0.99, eps=1e-8):
        return w - lr * g / (np.sqrt(s) + eps), alpha * s + (1 - alpha) * g * g

    mistakes = {
        "no_root": variant(divisor=lambda s, eps: s + eps),
        "eps_under_root": variant(divisor=lambda s, eps: np.sqrt(s + eps)),
        "no_eps": variant(divisor=lambda s, eps: np.sqrt(s)),
        "swapped": variant(blend=lambda s, g, alpha: (1 - alpha) * s + alpha * g * g),
        "not_averaged": variant(blend=lambda s, g, alpha: alpha * s + g * g),
        "not_squared": variant(blend=lambda s, g, alpha: alpha * s + (1 - alpha) * g),
        "one_for_all": variant(blend=lambda s, g, alpha: alpha * s + (1 - alpha) * np.mean(g * g)),
        "forgets": variant(blend=lambda s, g, alpha: (1 - alpha) * g * g),
        "old_average": old_average,
        "plain": lambda w, g, s, lr, alpha=0.99, eps=1e-8: (w - lr * g, s),
    }
    options = [{}, {"alpha": rng.uniform(0.5, 0.9)}, {"alpha": 0.9, "eps": rng.uniform(0.1, 0.3)}]
    check_steps(exercise.rmsprop, rng, variant(), 0.0, named(SAY["rmsprop"], mistakes), options, "rmsprop")


def adam_step(w, g, state, lr, betas=(0.9, 0.999), eps=1e-8, correct=(True, True), begin=1, keep=False, under=False):
    """Adam, or one of its relatives."""
    m, v, t = state
    (one, two), t = betas, t + begin
    m, v = one * m + (1 - one) * g, two * v + (1 - two) * g * g
    mean = m / (1 - one ** max(t, 1)) if correct[0] else m
    square = v / (1 - two ** max(t, 1)) if correct[1] else v
    divisor = np.sqrt(square + eps) if under else np.sqrt(square) + eps
    return w - lr * mean / divisor, (mean, square, t) if keep else (m, v, t)


@pytest.mark.points(2, "build")
def test_adam(exercise, rng):
    def early_eps(w, g, state, lr, betas=(0.9, 0.999), eps=1e-8):
        _, (m, v, t) = adam_step(w, g, state, lr, betas)
        mean, corrected = m / (1 - betas[0] ** t), np.sqrt(1 - betas[1] ** t)
        return w - lr * mean / ((np.sqrt(v) + eps) / corrected), (m, v, t)

    def no_root(w, g, state, lr, betas=(0.9, 0.999), eps=1e-8):
        _, (m, v, t) = adam_step(w, g, state, lr, betas)
        return w - lr * m / (1 - betas[0] ** t) / (v / (1 - betas[1] ** t) + eps), (m, v, t)

    def late(w, g, state, lr, betas=(0.9, 0.999), eps=1e-8):
        _, (m, v, t) = adam_step(w, g, state, lr, betas)
        mean, square = (one / np.float64(1 - beta ** (t - 1)) for one, beta in zip((m, v), betas, strict=True))
        return w - lr * mean / (np.sqrt(square) + eps), (m, v, t)

    def g_on_top(w, g, state, lr, betas=(0.9, 0.999), eps=1e-8):
        _, (m, v, t) = adam_step(w, g, state, lr, betas)
        return w - lr * g / (np.sqrt(v / (1 - betas[1] ** t)) + eps), (m, v, t)

    def swapped(w, g, state, lr, betas=(0.9, 0.999), eps=1e-8):
        return adam_step(w, g, state, lr, betas[::-1], eps)

    def forgets(w, g, state, lr, betas=(0.9, 0.999), eps=1e-8):
        return adam_step(w, g, state, lr, betas, eps)[0], (0.0, 0.0, 0)

    def no_eps(w, g, state, lr, betas=(0.9, 0.999), eps=1e-8):
        return adam_step(w, g, state, lr, betas, 0.0)

    mistakes = {
        "uncorrected": partial(adam_step, correct=(False, False)),
        "mean_only": partial(adam_step, correct=(True, False)),
        "square_only": partial(adam_step, correct=(False, True)),
        "late": late,
        "steps_stand_still": partial(adam_step, begin=0),
        "keeps_corrected": partial(adam_step, keep=True),
        "eps_under_root": partial(adam_step, under=True),
        "early_eps": early_eps,
        "no_root": no_root,
        "g_on_top": g_on_top,
        "swapped": swapped,
        "forgets": forgets,
        "no_eps": no_eps,
    }
    options = [{}, {"betas": tuple(rng.uniform(0.3, 0.8, 2).tolist())}, {"betas": (0.5, 0.9), "eps": 0.2}]
    check_steps(exercise.adam, rng, adam_step, (0.0, 0.0, 0), named(SAY["adam"], mistakes), options, "adam")


def named(say, mistakes):
    """What is said of each mistake, and the step that makes it."""
    return {say[key]: step for key, step in mistakes.items()}


def check_steps(step, rng, right, start, mistakes, options, name):
    """Some steps with random gradients, of which one is 0 at first, and rates that change."""
    cases = [(one, dtype) for one in options for dtype in (np.float64, np.float32)]
    for at in rng.permutation(len(cases)):
        option, dtype = cases[at]
        shape = tuple(rng.permutation([2, 3, 5])[: rng.integers(1, 3)].tolist())
        w = rng.standard_normal(shape).astype(dtype)
        gradients = rng.standard_normal((5, *shape)).astype(dtype)
        gradients[0].flat[0] = 0
        rates = rng.uniform(0.05, 0.5, 5).tolist()
        told = ", ".join(f"{key}={value!r:.30}" for key, value in option.items())
        what = SAY["what"]["steps"].format(name=name, shape=shape, options=told and f", {told}")
        follow(what, step, right, start, mistakes, option, w, gradients, rates)


def follow(what, step, right, start, mistakes, option, w, gradients, rates):
    expected = path(right, w, gradients, rates, start, option)
    place, state = w, start
    with np.errstate(all="ignore"):
        wrong = {cause: path(one, w, gradients, rates, start, option) for cause, one in mistakes.items()}
    for number, (g, lr) in enumerate(zip(gradients, rates, strict=True)):
        at = SAY["what"]["step"].format(what=what, number=number + 1)
        result = call(at, step, place, g, state, lr, mistakes=FIRST_STEP, **option)
        is_pair = isinstance(result, tuple) and len(result) == 2
        assert is_pair, FORM["pair"].format(what=at, found=kind(result))
        place, state = result
        causes = {cause: steps[number] for cause, steps in wrong.items()}
        compare(at, place, expected[number], causes, w.dtype)


def path(step, w, gradients, rates, state, option):
    """Where the steps lead, one after another."""
    places = []
    for g, lr in zip(gradients, rates, strict=True):
        w, state = step(w, g, state, lr, **option)
        places.append(w)
    return places


# --- batches and split ------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_batches(exercise, rng):
    say = SAY["batches"]
    cases = [(97, 10), (60, 20), (7, 11), (int(rng.integers(200, 300)), int(rng.integers(17, 50)))]
    for at in rng.permutation(len(cases)):
        count, size = cases[at]
        what, seed = say["what"].format(count=count, size=size), int(rng.integers(1_000_000))
        found = rows_of_batches(what, exercise.batches(count, size, seed), count, size)
        again = rows_of_batches(what, exercise.batches(count, size, seed), count, size)
        assert (found == again).all(), say["unseeded"].format(what=what)
        for other in (seed + 1, [seed, 1], [seed, 2]):  # to NumPy, [seed, 0] is the same as seed
            others = rows_of_batches(what, exercise.batches(count, size, other), count, size)
            is_new = count < 20 or (found != others).any()
            assert is_new, say["same_order"].format(what=what, seed=seed, other=other)


def rows_of_batches(what, found, count, size):
    """All rows in the order in which they come, after looking at sizes and order."""
    say = SAY["batches"]
    is_list = isinstance(found, (list, tuple)) and all(is_rows(rows) for rows in found)
    assert is_list, say["form"].format(what=what, found=kind(found))
    sizes = [len(rows) for rows in found]
    rows = np.concatenate([np.zeros(0, int), *map(np.asarray, found)])
    wanted = [size] * (count // size) + ([count % size] if count % size else [])
    if len(rows) == len(wanted) * size < count + size and len(rows) > count:
        raise AssertionError(say["filled_up"].format(what=what, found=len(rows)))
    if sizes == wanted[:-1]:
        raise AssertionError(say["last_dropped"].format(what=what, found=wanted[-1]))
    assert sizes == wanted, say["sizes"].format(what=what, expected=wanted, found=sizes)
    counts = np.bincount(rows.clip(0), minlength=count)
    is_once = rows.min() >= 0 and len(counts) == count and (counts == 1).all()
    assert is_once, say["not_once"].format(what=what, missing=int((counts[:count] == 0).sum()))
    if count > 20:
        assert (rows != np.arange(count)).any(), say["in_order"].format(what=what)
        together = max(np.mean(np.abs(np.diff(one)) == 1) for one in found if len(one) > 5)
        assert together < 0.9, say["neighbours"].format(what=what)
    return rows


def is_rows(rows):
    return isinstance(rows, np.ndarray) and rows.dtype.kind in "iu" and rows.ndim == 1


@pytest.mark.points(1, "debug")
def test_split_has_no_row_in_two_parts(exercise, rng):
    say = SAY["split"]
    for _ in range(5):
        validation, test = rng.permutation([int(rng.integers(20, 30)), 17]).tolist()
        count = validation + test + int(rng.integers(60, 120))
        seed = int(rng.integers(1_000_000))
        parts = parts_of(exercise.split(count, validation, test, seed), count, validation, test)
        shared = {pair: len({*parts[pair[0]]} & {*parts[pair[1]]}) for pair in ((0, 2), (0, 1), (1, 2))}
        for (one, other), both in shared.items():
            cause = "taken_from" if (one, other) == (0, 1) else "reseeds" if one == 0 else "twice"
            told = cause_of([say[cause]])
            told = say["all_three"] if all(shared.values()) else told  # no mistake is mended, so none is named
            names = {"one": say["names"][one], "other": say["names"][other]}
            assert not both, say["in_both"].format(both=both, **names) + told
        missing = count - len({*np.concatenate(parts).tolist()} & {*range(count)})
        assert not missing, say["missing"].format(missing=missing)
        assert [*parts[0]] != sorted(parts[0]), say["in_order"]
        again = parts_of(exercise.split(count, validation, test, seed), count, validation, test)
        is_same = all((one == other).all() for one, other in zip(parts, again, strict=True))
        assert is_same, say["unseeded"]
        others = parts_of(exercise.split(count, validation, test, seed + 1), count, validation, test)
        assert {*others[2]} != {*parts[2]}, say["same"]


def parts_of(found, count, validation, test):
    say = SAY["split"]
    is_three = isinstance(found, (tuple, list)) and len(found) == 3 and all(map(is_rows, found))
    assert is_three, say["form"].format(found=kind(found))
    sizes = [len(part) for part in found]
    wanted = [count - validation - test, validation, test]
    assert sizes == wanted, say["sizes"].format(count=count, expected=wanted, found=sizes)
    return found


# --- train: first against Adam's own steps, then by what was learned --------------------------------------------------


@pytest.mark.points(1, "build")
@pytest.mark.seconds(20)
def test_train_takes_a_step_of_adam_for_each_array(exercise, rng):
    """All rows are one batch, so that their order makes no difference."""
    say = SAY["train"]
    for sizes in rng.permutation([(5, 7, 3), (2, 11, 5)]).tolist():
        count, epochs = int(rng.integers(20, 40)), 4
        x, labels = rng.standard_normal((count, sizes[0])), rng.integers(0, sizes[-1], count)
        start, lr = drawn_layers(rng, sizes), float(rng.uniform(0.01, 0.05))
        right = adam_alone(start, x, labels, epochs, lr)
        wrong = {
            say["as_before"]: start,
            say["one_epoch"]: adam_alone(start, x, labels, 1, lr),
            say["one_less"]: adam_alone(start, x, labels, epochs - 1, lr),
            say["forgets"]: adam_alone(start, x, labels, epochs, lr, forgets=True),
            say["stale"]: adam_alone(start, x, labels, epochs, lr, stale=True),
            say["weights_alone"]: adam_alone(start, x, labels, epochs, lr, which=(1, 0)),
            say["last_alone"]: adam_alone(start, x, labels, epochs, lr, last=True),
            say["descent"]: descent(start, x, labels, epochs, count, lr, lambda rows: 1.0),
            say["uphill"]: adam_alone(start, x, labels, epochs, -lr),
        }
        for dtype in (np.float64, np.float32):
            begin = [(weight.astype(dtype), bias.astype(dtype)) for weight, bias in start]
            seed = int(rng.integers(1_000_000))
            found = exercise.train(begin, x.astype(dtype), labels, epochs, count, lr, seed)
            compare_layers("train", found, right, wrong, dtype)


@pytest.mark.points(1, "build")
@pytest.mark.seconds(60)
def test_train_learns_digits_and_spirals(exercise, rng):
    """Rows come sorted by label, as in many files: they must be shuffled."""
    sets: list = [("digits", digits(rng), (784, 32, 10), (3, 50, 0.002), 0.8)]
    sets += [("spirals", spirals(rng), (2, 32, 32, 3), (40, 30, 0.01), 0.93)]
    for at in rng.permutation(2):
        name, data, sizes, options, wanted = sets[at]
        start = [(w.astype(np.float32), np.zeros_like(b, np.float32)) for w, b in drawn_layers(rng, sizes)]
        seed = int(rng.integers(1_000_000))
        by_label = np.argsort(data[1], kind="stable")
        right, share = learned(exercise, start, data, by_label, options, seed)
        if right < wanted:
            shuffled_right, _ = learned(exercise, start, data, rng.permutation(by_label), options, seed)
            causes = {"one_answer": share > 0.6, "unshuffled": shuffled_right >= wanted}
            reached = SAY["train"]["accuracy"].format(name=SAY["train"][name], found=right, wanted=wanted)
            raise AssertionError(reached + cause_of([SAY["train"][cause] for cause in causes if causes[cause]]))
    assert not all(map(has_one_order, [exercise] * 2, rng.spawn(2))), SAY["train"]["one_order"]


def has_one_order(exercise, rng):
    """Whether it takes two rows in one order for twelve epochs: by chance, that happens once in 2,000 times."""
    x, labels = rng.standard_normal((2, 3)), np.array([0, 1])
    start, lr, epochs = drawn_layers(rng, (3, 5, 2)), 0.02, 12
    found = flat(exercise.train(start, x, labels, epochs, 1, lr, int(rng.integers(1_000_000))))
    one_by_one = [flat(adam_alone(start, x, labels, epochs, lr, order=order)) for order in ([[0], [1]], [[1], [0]])]
    return any(all(map(near(np.float64), found, arrays)) for arrays in one_by_one)


def learned(exercise, start, data, order, options, seed):
    """Which part of new rows is right after training on rows in this order, and how often the favourite answer came."""
    x, labels, new_x, new_labels = data
    found = exercise.train(start, x[order], labels[order], *options, seed)
    check_form("train", found, start)
    answers = logits(found, new_x).argmax(axis=1)
    return np.mean(answers == new_labels), np.bincount(answers).max() / len(answers)


def digits(rng, count=3_000):
    """Some of MNIST's test images, drawn anew each time: to learn from, and others."""
    x, labels = mnist()
    order = rng.permutation(len(x))
    chosen, tested = order[:count], order[count : count + 2_000]
    return x[chosen], labels[chosen], x[tested], labels[tested]


@cache
def mnist():
    import minae.data

    x, labels = minae.data.mnist("test")
    return x.reshape(len(x), -1), labels


def spirals(rng, count=300):
    """Three arms that turn around each other, in a random place, and new points of the same arms."""
    turned, size, noise = rng.uniform(0, 2 * np.pi), rng.uniform(0.8, 1.2), 0.05

    def draw():
        labels = rng.integers(0, 3, count)
        along = np.sqrt(rng.uniform(0.02, 1, count))
        angle = turned + 4 * along + labels * 2 * np.pi / 3
        x = size * 2 * along[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        return (x + noise * rng.standard_normal(x.shape)).astype(np.float32), labels

    return *draw(), *draw()


# --- train_in_pieces --------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "debug")
@pytest.mark.seconds(20)
def test_train_in_pieces_is_training_on_whole_batches(exercise, rng):
    (x, labels, *_), (points, arms, *_) = digits(rng, 70), spirals(rng, 70)
    cases = [(x, labels, (784, 5, 10), piece) for piece in (30, 7, 1)]
    cases += [(points, arms, (2, 7, 3), piece) for piece in (30, 8, 50)]
    for at in rng.permutation(len(cases)):
        check_pieces(exercise, rng, *cases[at])


def check_pieces(exercise, rng, x, labels, sizes, piece):
    say, x = SAY["pieces"], x.astype(np.float64)
    start, lr, seed = drawn_layers(rng, sizes), float(rng.uniform(0.01, 0.05)), int(rng.integers(1_000_000))
    count = lambda rows: -(-len(rows) // piece)
    run = lambda scale, **options: pieces(start, x, labels, 2, 30, piece, lr, seed, scale, **options)
    whole = lambda part, rows: len(part) / len(rows)
    wrong = {
        say["neither"]: run(lambda part, rows: 1.0, zeroed=False),
        say["not_zeroed"]: run(whole, zeroed=False),
        say["summed"]: run(lambda part, rows: 1.0),
        say["equal"]: run(lambda part, rows: 1 / count(rows)),
        say["per_epoch"]: run(whole, zeroed=None),
        say["full_size"]: run(lambda part, rows: len(part) / 30),
        say["last_piece"]: run(lambda part, rows: len(part) / len(rows) if part[-1] == rows[-1] else 0.0),
        say["as_before"]: start,
    }
    what = say["what"].format(rows=len(x), piece=piece)
    found = exercise.train_in_pieces(start, x, labels, 2, 30, piece, lr, seed)
    compare_layers(what, found, run(whole), wrong, np.float64)


def pieces(layers, x, labels, epochs, batch_size, piece, lr, seed, scale, zeroed=True):
    """Descent, with totals that collect scale * slopes of each piece; `zeroed` for each batch, never, or each epoch."""
    arrays = flat(layers)
    totals = [0.0] * len(arrays)
    for epoch in range(epochs):
        order = np.random.default_rng([seed, epoch]).permutation(len(x))
        totals = [0.0] * len(arrays) if zeroed is None else totals
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            totals = [0.0] * len(arrays) if zeroed else totals
            for first in range(0, len(rows), piece):
                part = rows[first : first + piece]
                slopes = slopes_of(arrays, x[part], labels[part])
                totals = [total + scale(part, rows) * slope for total, slope in zip(totals, slopes, strict=True)]
            arrays = [array - lr * total for array, total in zip(arrays, totals, strict=True)]
    return list(zip(arrays[::2], arrays[1::2], strict=True))


# --- guessers_needed: an experiment -----------------------------------------------------------------------------------


@pytest.mark.points(1, "experiment")
def test_guessers_needed(exercise, rng):
    say = SAY["guessers"]
    cases = [(50, 0.2), (100, 0.18), (100, 0.2), (25, 0.28), (40, 0.2), (10, 0.1)]
    for at in rng.permutation(len(cases)):
        count, accuracy = cases[at]
        labels, seed = rng.integers(0, 10, count), int(rng.integers(1_000_000))
        expected, more = (first_guesser(labels, accuracy, seed, above) for above in (False, True))
        found = exercise.guessers_needed(labels, accuracy, seed)
        what = say["what"].format(count=count, accuracy=accuracy)
        is_number = isinstance(found, (int, np.integer)) and not isinstance(found, bool)
        assert is_number, say["no_number"].format(what=what, found=kind(found))
        causes = {"from_zero": expected - 1, "above": more}
        same = [say[cause] for cause, wrong in causes.items() if found == wrong]
        assert found == expected, say["differs"].format(what=what, expected=expected, found=found) + cause_of(same)
    line = exercise.WHY_SO_LUCKY
    assert isinstance(line, str) and len(line.split()) > 3, say["no_line"]


def first_guesser(labels, accuracy, seed, above):
    """The number of the first one that is good enough, or better than that."""
    rng = np.random.default_rng(seed)
    for tried in range(1, 1_000_000):
        right = np.mean(rng.integers(0, 10, len(labels)) == labels)
        if right > accuracy or (right == accuracy and not above):
            return tried
    return None


# --- networks, as the tests know them ---------------------------------------------------------------------------------


def drawn_layers(rng, sizes):
    return [(rng.standard_normal((n, m)) * np.sqrt(2 / m), 0.1 * rng.standard_normal(n)) for m, n in pairwise(sizes)]


def flat(layers):
    return [array for pair in layers for array in pair]


def logits(layers, x):
    for number, (weight, bias) in enumerate(layers):
        x = (np.maximum(x, 0) if number else x) @ weight.T + bias
    return x


def slopes_of(arrays, x, labels):
    """dL/d(array) of the mean cross-entropy, for weights and biases in turn."""
    inputs, layers = [], list(zip(arrays[::2], arrays[1::2], strict=True))
    for number, (weight, bias) in enumerate(layers):
        inputs.append(np.maximum(x, 0) if number else x)
        x = inputs[-1] @ weight.T + bias
    p = np.exp(x - x.max(axis=1, keepdims=True))
    g = (p / p.sum(axis=1, keepdims=True) - np.eye(p.shape[1])[labels]) / len(labels)
    found = []
    for (weight, _), x in zip(reversed(layers), reversed(inputs), strict=True):
        found += [g.sum(axis=0), g.T @ x]
        g = (g @ weight) * (x > 0)
    return found[::-1]


def adam_alone(layers, x, labels, epochs, lr, forgets=False, stale=False, which=(1, 1), last=False, order=(...,)):
    """Adam on all rows at once or in one order, or with a mistake: it forgets its state, or asks once for slopes."""
    arrays, first = flat(layers), flat(layers)
    states = [(0.0, 0.0, 0)] * len(arrays)
    for rows in [*order] * epochs:
        slopes = slopes_of(first if stale else arrays, x[rows], labels[rows])
        for i, g in enumerate(slopes):
            if which[i % 2] and not (last and i < len(arrays) - 2):
                arrays[i], state = adam_step(arrays[i], g, states[i], lr)
                states[i] = states[i] if forgets else state
    return list(zip(arrays[::2], arrays[1::2], strict=True))


def descent(layers, x, labels, epochs, batch_size, lr, scale):
    return pieces(layers, x, labels, epochs, batch_size, batch_size, lr, 0, lambda part, rows: scale(rows))


# --- what the tests share ---------------------------------------------------------------------------------------------


def check_form(what, found, layers):
    """Pairs, as many as there are layers, each array with the shape that it had."""
    is_list = isinstance(found, (list, tuple)) and list(map(length, found)) == [2] * len(layers)
    assert is_list, FORM["layers"].format(what=what, count=len(layers), found=kind(found))
    for number, (pair, wanted) in enumerate(zip(found, layers, strict=True)):
        for name, array, like in zip(("weight", "bias"), pair, wanted, strict=True):
            of = SAY["what"]["array"].format(what=what, name=name, layer=number + 1, count=len(layers))
            is_array = isinstance(array, np.ndarray) and array.shape == like.shape
            assert is_array, differs(of, asked_for(like), kind(array))


def length(pair):
    return len(pair) if isinstance(pair, (list, tuple)) else 0


def compare_layers(what, found, right, wrong, dtype):
    """All arrays; a known mistake is one that explains them all."""
    check_form(what, found, right)
    same = [cause for cause, layers in wrong.items() if all(map(near(dtype), flat(found), flat(layers)))]
    for number, (pair, wanted) in enumerate(zip(found, right, strict=True)):
        for name, array, expected in zip(("weight", "bias"), pair, wanted, strict=True):
            of = SAY["what"]["array"].format(what=what, name=name, layer=number + 1, count=len(right))
            compare(of, array, expected, dict.fromkeys(same, array), dtype)


def near(dtype):
    return lambda found, expected: is_close(np.asarray(found), np.asarray(expected), dtype)
