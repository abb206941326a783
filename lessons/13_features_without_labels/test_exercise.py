"""The public checks of exercise 13. Ten points. What they say stands in messages.toml.

Readers are fitted to clusters of points and to digits of few pixels, drawn anew each time. Cases are chosen so that
each known mistake gives something else than the right answer in at least one of them.
"""

import tomllib
from functools import cache, partial
from pathlib import Path

import numpy as np
import pytest

from lessons.tools.judging import call, cause_of, compare, differs, kind

pytestmark = pytest.mark.numpy_only

SAY = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))
WHAT, FORM = SAY["what"], SAY["form"]

# --- draw_labelled ----------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_draw_labelled(exercise, rng):
    for _ in range(3):
        names = rng.permutation(7)[: rng.integers(3, 6)]
        labels = rng.permutation(np.repeat(names, rng.integers(12, 20, len(names))))
        check_drawn(exercise, labels, names, int(rng.integers(3, 7)), int(rng.integers(1_000_000)))


def check_drawn(exercise, labels, names, per_class, seed):
    say = SAY["draw"]
    what, wanted = WHAT["draw"].format(per_class=per_class, classes=len(names)), per_class * len(names)

    def drawn(seed):
        return rows_of(what, call(what, exercise.draw_labelled, labels, per_class, seed), labels)

    rows = drawn(seed)
    assert len(rows) == wanted, say["count"].format(what=what, expected=wanted, found=len(rows))
    assert len({*rows.tolist()}) == len(rows), say["twice"].format(what=what)
    counts = [int((labels[rows] == one).sum()) for one in names]
    assert counts == [per_class] * len(names), say["unequal"].format(what=what, found=sorted(counts))
    assert {*drawn(seed).tolist()} == {*rows.tolist()}, say["unseeded"].format(what=what)
    seen = {row for other in range(100) for row in drawn(seed + other).tolist()}
    first = {row for one in names for row in np.flatnonzero(labels == one)[:per_class].tolist()}
    assert seen != {*rows.tolist()}, (say["first"] if seen == first else say["same"]).format(what=what)
    assert len(seen) == len(labels), say["never"].format(what=what, found=len(labels) - len(seen))


def rows_of(what, found, labels):
    is_rows = isinstance(found, np.ndarray) and found.dtype.kind in "iu" and found.ndim == 1
    assert is_rows, differs(what, FORM["rows"], kind(found))
    assert found.size == 0 or (0 <= found.min() and found.max() < len(labels)), FORM["outside"].format(what=what)
    return found


# --- ridge ------------------------------------------------------------------------------------------------------------


def fit(x, labels, penalty, classes, of_bias=0.0, centred=True, targets=None, put_back=True):
    """The reader, or one with a mistake. The bias stands in a last column of ones, with a penalty of its own."""
    targets = np.eye(classes)[labels] if targets is None else targets
    wide = np.column_stack([x, np.ones(len(x))])
    penalty = penalty * len(x)
    penalties = np.diag([penalty] * x.shape[1] + [of_bias * len(x)])
    if not centred:
        return np.linalg.solve(x.T @ x + penalty * np.eye(x.shape[1]), x.T @ targets), np.zeros(classes)
    both = np.linalg.solve(wide.T @ wide + penalties, wide.T @ targets)
    return both[:-1], both[-1] if put_back else targets.mean(axis=0)


@pytest.mark.points(1, "build")
def test_ridge(exercise, rng):
    say = SAY["ridge"]
    for shape in rng.permutation([(7, 3), (5, 11), (29, 13)]).tolist():
        classes, penalty = int(rng.integers(4, 7)), float(rng.uniform(0.3, 3))
        x, labels = rng.standard_normal(shape) + rng.standard_normal(shape[1]), rng.integers(0, classes - 1, shape[0])
        one_hot = np.eye(classes)[labels]
        right = fit(x, labels, penalty, classes)
        mistakes = {
            "not_centred": fit(x, labels, penalty, classes, centred=False),
            "bias_costs": fit(x, labels, penalty, classes, of_bias=penalty),
            "no_penalty": fit(x, labels, 0.0, classes) if shape[0] > shape[1] + 1 else right,
            "sum": fit(x, labels, penalty / shape[0], classes),
            "half": fit(x, labels, penalty / 2, classes),
            "squared": fit(x, labels, penalty**2, classes),
            "not_put_back": fit(x, labels, penalty, classes, put_back=False),
            "middle": (right[0], -x.mean(axis=0) @ right[0]),
            "plus": (right[0], one_hot.mean(axis=0) + x.mean(axis=0) @ right[0]),
            "signs": fit(x, labels, penalty, classes, targets=2 * one_hot - 1),
            "half_centred": half_centred(x, one_hot, penalty),
        }
        what = WHAT["ridge"].format(rows=shape[0], columns=shape[1], classes=classes)
        found = call(what, exercise.ridge, x, labels, penalty, classes, mistakes={say["singular"]: "raises"})
        is_pair = isinstance(found, tuple) and len(found) == 2
        assert is_pair, differs(what, FORM["reader"], kind(found))
        same = [say[name] for name, wrong in mistakes.items() if wrong is not right and is_equal(found, wrong)]
        for name, one, expected in zip(("weight", "bias"), found, right, strict=True):
            of = WHAT["part"].format(what=what, name=name)
            transposed = {say["transposed"]: expected.T} if expected.ndim == 2 else {}
            compare(of, one, expected, dict.fromkeys(same, one) | transposed)


def half_centred(x, targets, penalty):
    """x was centred to make the slopes, but not in the matrix of the system."""
    centred = x - x.mean(axis=0)
    weight = np.linalg.solve(x.T @ x + len(x) * penalty * np.eye(x.shape[1]), centred.T @ targets)
    return weight, targets.mean(axis=0) - x.mean(axis=0) @ weight


def is_equal(found, wrong):
    return all(np.shape(a) == np.shape(b) and np.allclose(a, b, 1e-8, 1e-10) for a, b in zip(found, wrong, strict=True))


# --- choose_penalty ---------------------------------------------------------------------------------------------------


def answers(x, weight, bias):
    return (x @ weight + bias).argmax(axis=1)


def right_answers(x, labels, penalties, fold, classes, swapped=False, judged="unseen"):
    """For each penalty, how many are read rightly: by others, by themselves, or with folds the wrong way round."""
    counts = []
    for penalty in penalties:
        count = 0
        for one in range(max(fold) + 1):
            seen, unseen = (fold == one, fold != one) if swapped else (fold != one, fold == one)
            reader = fit(x[seen], labels[seen], penalty, classes)
            asked = seen if judged == "seen" else unseen
            count += (answers(x[asked], *reader) == labels[asked]).sum()
        counts.append(count)
    return np.array(counts)


def best_of(penalties, counts, choose=max):
    return choose(penalty for penalty, count in zip(penalties, counts, strict=True) if count == max(counts))


def choices(x, labels, penalties, folds, classes):
    """The right choice, and those of known mistakes."""
    fold = np.arange(len(x)) % folds
    count = partial(right_answers, x, labels, penalties)
    counts = count(fold, classes)
    itself = [(answers(x, *fit(x, labels, one, classes)) == labels).sum() for one in penalties]
    return best_of(penalties, counts), {
        "itself": best_of(penalties, itself),
        "seen": best_of(penalties, count(fold, classes, judged="seen")),
        "first_fold": best_of(penalties, first_fold_alone(x, labels, penalties, fold, classes)),
        "smallest": best_of(penalties, counts, min),
        "first": penalties[int(counts.argmax())],
        "blocks": best_of(penalties, count(np.arange(len(x)) * folds // len(x), classes)),
        "swapped": best_of(penalties, count(fold, classes, swapped=True)),
        "worst": best_of(penalties, -counts),
    }


def first_fold_alone(x, labels, penalties, fold, classes):
    seen, unseen = fold != 0, fold == 0
    readers = [fit(x[seen], labels[seen], penalty, classes) for penalty in penalties]
    return [(answers(x[unseen], *reader) == labels[unseen]).sum() for reader in readers]


@pytest.mark.points(2, "build")
def test_choose_penalty(exercise, rng):
    say, left, cases = SAY["choose"], None, []
    for number in range(60):
        classes, folds = int(rng.integers(2, 5)), int(rng.integers(3, 6))
        x, labels = clusters(rng, int(rng.integers(25, 40)), 13, classes)
        penalties = rng.permutation(rng.uniform(1, 3) * 10.0 ** np.arange(-4, 3)).tolist()
        expected, wrong = choices(x, labels, penalties, folds, classes)
        left = {*wrong} if left is None else left
        told = {name for name in left if wrong[name] != expected}
        if told or number < 4:  # it tells a mistake that no case before it tells
            cases.append(((x, labels, penalties, folds, classes), expected, wrong))
            left -= told
        if not left and number >= 4:
            break
    results = []
    for at in rng.permutation(len(cases)):
        args, expected, wrong = cases[at]
        what = WHAT["choose"].format(rows=len(args[0]), folds=args[3])
        found = call(what, exercise.choose_penalty, *args)
        is_one = isinstance(found, (float, np.floating)) and float(found) in args[2]
        assert is_one, differs(what, FORM["penalty"], kind(found))
        results.append((what, found, expected, wrong))
    judge(results, say, "{:.3g}", exercise)


def judge(results, say, written, exercise=None):
    """Fail at the first number that is wrong. The cause is a mistake that gives all of the numbers.

    Where none does, and the function may stand on the learner's own `ridge`: is that right?
    """
    is_equal = lambda a, b: a == b or bool(np.isclose(a, b, 1e-9, 1e-12))
    of_all = [name for name in results[0][3] if all(is_equal(found, wrong.get(name)) for _, found, _, wrong in results)]
    for what, found, expected, _ in results:
        told = differs(what, written.format(expected), written.format(found))
        if not is_equal(found, expected):
            by_ridge = not of_all and exercise is not None and not ridge_is_right(exercise)
            raise AssertionError(told + cause_of([say[name] for name in of_all] + [SAY["ridge"]["first"]] * by_ridge))


def ridge_is_right(exercise):
    x, labels = clusters(np.random.default_rng(0), 29, 13, 4)
    found = call(WHAT["ridge"].format(rows=29, columns=13, classes=4), exercise.ridge, x, labels, 0.7, 4)
    return isinstance(found, tuple) and len(found) == 2 and is_equal(found, fit(x, labels, 0.7, 4))


def clusters(rng, count, columns, classes):
    """Points around a centre for each class, in some directions far apart and in others not."""
    labels = rng.integers(0, classes, count)
    labels[:classes] = np.arange(classes)
    centres = rng.standard_normal((classes, columns)) * rng.uniform(0.2, 0.9)
    return centres[labels] + rng.standard_normal((count, columns)), labels


# --- paired_difference ------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_paired_difference(exercise, rng):
    say = SAY["paired"]
    for count in rng.permutation([3, 7, 20]).tolist():
        draws = rng.uniform(0.4, 0.6, count)  # some draws are lucky for both
        theirs, ours = draws + rng.normal(0, 0.01, count), draws + rng.uniform(-0.1, 0.1) + rng.normal(0, 0.02, count)
        difference = ours - theirs
        mean, error = difference.mean(), difference.std(ddof=1) / np.sqrt(count)
        unpaired = np.sqrt((ours.var(ddof=1) + theirs.var(ddof=1)) / count)
        mistakes = {
            "unpaired": (mean, unpaired),
            "spread": (mean, difference.std(ddof=1)),
            "spread_of_all": (mean, difference.std()),
            "by_n": (mean, difference.std() / np.sqrt(count)),
            "variance": (mean, difference.var(ddof=1) / count),
            "no_root_of_n": (mean, difference.std(ddof=1) / count),
            "turned": (-mean, error),
            "one_draw": (difference[0], 0.0),
            "best": (ours.max() - theirs.max(), error),
        }
        what = WHAT["paired"].format(count=count)
        found = call(what, exercise.paired_difference, ours, theirs)
        is_pair = isinstance(found, (tuple, list)) and len(found) == 2
        assert is_pair, differs(what, FORM["mean_and_error"], kind(found))
        same = [say[name] for name, wrong in mistakes.items() if is_equal(found, wrong)]
        for name, one, expected in zip(("mean", "error"), found, (mean, error), strict=True):
            of = WHAT["part"].format(what=what, name=SAY["names"][name])
            compare(of, one, expected, dict.fromkeys(same, one))


# --- mask -------------------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_mask(exercise, rng):
    say = SAY["mask"]
    for side in rng.permutation([1, 2, 3]).tolist():
        rows, columns = rng.permutation([4, 5, 7])[:2].tolist()
        share, seed = float(rng.choice([0.25, 0.35, 0.65, 0.75])), int(rng.integers(1_000_000))
        dtype = rng.choice([np.float32, np.float64])
        images = rng.uniform(0.1, 1, (120, side * rows, side * columns)).astype(dtype)
        what = WHAT["mask"].format(shape=images.shape, share=share, side=side)
        masked, hidden = masked_of(what, exercise, images, share, side, seed)
        compare(what, masked, np.where(hidden, 0, images), mask_mistakes(images, hidden), dtype)
        squares = hidden.reshape(120, rows, side, columns, side).mean(axis=(2, 4))
        assert ((squares == 0) | (squares == 1)).all(), say["squares"].format(what=what, side=side)
        expected, found = round(share * rows * columns), squares.sum(axis=(1, 2))
        told = say["count"].format(what=what, expected=expected, of=rows * columns, found=found[found != expected][:1])
        causes = {
            "kept": (found == rows * columns - expected).all(),
            "coins": found.std() > 0 and abs(found.mean() - expected) < 0.15 * rows * columns,
        }
        assert (found == expected).all(), told + cause_of([say[name] for name, is_it in causes.items() if is_it])
        assert (hidden != hidden[:1]).any(), say["same"].format(what=what)
        always = squares.mean(axis=0)
        assert ((always > 0) & (always < 1)).all(), say["places"].format(what=what)
        again = masked_of(what, exercise, images, share, side, seed)[1]
        assert (again == hidden).all(), say["unseeded"].format(what=what)
        other = masked_of(what, exercise, images, share, side, seed + 1)[1]
        assert (other != hidden).any(), say["unused"].format(what=what)


def masked_of(what, exercise, images, share, side, seed):
    found = call(what, exercise.mask, images, share, side, seed)
    is_pair = isinstance(found, (tuple, list)) and len(found) == 2
    assert is_pair, differs(what, FORM["masked"], kind(found))
    masked, hidden = found
    is_bools = isinstance(hidden, np.ndarray) and hidden.dtype == bool and hidden.shape == images.shape
    assert is_bools, differs(what, FORM["hidden"].format(shape=images.shape), kind(hidden))
    return masked, hidden


def mask_mistakes(images, hidden):
    say = SAY["mask"]
    return {say["turned"]: np.where(hidden, images, 0), say["ones"]: np.where(hidden, 1, images)}


# --- labels_needed ----------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_labels_needed(exercise, rng):
    say = SAY["needed"]
    counts = np.array([10, 20, 50, 100, 200, 500, 1000])
    steps = rng.uniform(0.03, 0.08, 7)
    growing = 0.3 + steps.cumsum()
    falling = growing.copy()
    falling[5] = growing[4] - rng.uniform(0.01, 0.02)  # a dip, as from few draws
    inside = [(growing, float(rng.uniform(*growing[[i, i + 1]]))) for i in rng.permutation(6)[:3]]
    inside += [(falling, float(growing[4] - rng.uniform(0.001, 0.005)))]
    outside = [(growing, float(growing[0] - 0.02)), (growing, float(growing[-1] + 0.01)), (growing, float(growing[0]))]
    for cases in (inside, *([one] for one in outside)):
        results = []
        for at in rng.permutation(len(cases)):
            expected, mistakes = bill(counts, *cases[at])
            what = WHAT["needed"].format(wanted=cases[at][1])
            found = call(what, exercise.labels_needed, counts, *cases[at])
            is_number = isinstance(found, (int, float, np.number)) and not isinstance(found, (bool, np.bool_))
            assert is_number, differs(what, FORM["number"], kind(found))
            results.append((what, found, expected, mistakes))
        judge(results, say, "{:.5g}")


def bill(counts, accuracies, wanted):
    """How many labels, and what known mistakes say."""
    reached = np.flatnonzero(accuracies >= wanted)
    if len(reached) == 0:
        return np.inf, {"clamped": counts[-1], "nothing": 0.0}
    last = int(reached[0])
    if last == 0:
        return float(counts[0]), {"from_nothing": counts[0] * wanted / accuracies[0], "nothing": 0.0}
    pair = slice(last - 1, last + 1)
    by_log = float(np.interp(wanted, accuracies[pair], np.log(counts[pair])))
    crossings = [i for i in range(1, 7) if accuracies[i - 1] < wanted <= accuracies[i]]
    late = slice(crossings[-1] - 1, crossings[-1] + 1)
    return np.exp(by_log), {
        "linear": np.interp(wanted, accuracies[pair], counts[pair]),
        "logarithm": by_log,
        "logarithm_of_ten": by_log / np.log(10),
        "next": counts[last],
        "before": counts[last - 1],
        "last": np.exp(np.interp(wanted, accuracies[late], np.log(counts[late]))),
        "turned": counts[last] * counts[last - 1] / np.exp(by_log),
    }


# --- honest_score -----------------------------------------------------------------------------------------------------


@pytest.mark.points(2, "debug")
def test_honest_score(exercise, rng):
    results = []
    for name in rng.permutation(["clusters", "digits"] * 3).tolist():
        x, labels = uneven_clusters(rng) if name == "clusters" else digits(rng)
        penalties = rng.permutation(10.0 ** np.arange(-4, 2)).tolist()
        labelled, tested = int(rng.integers(30, 40)), int(rng.integers(150, 200))
        what = WHAT["honest"].format(labelled=labelled, tested=tested, name=SAY["names"][name])
        results.append(honest_result(exercise, what, x, labels, labelled, tested, penalties, int(rng.integers(10**6))))
    judge(results, SAY["honest"], FORM["accuracy"])


def honest_result(exercise, what, x, labels, labelled, tested, penalties, seed):
    """After a look at the rows: what was found, what is right with these rows, and what known mistakes give."""
    say, classes = SAY["honest"], int(labels.max()) + 1

    def fit_one(x, labels, penalty):
        return fit(x, labels, penalty, classes)

    def choose(x, labels, penalties):
        return choices(x, labels, penalties, 4, classes)[0]

    def score(seed):
        return score_of(what, exercise, x, labels, labelled, tested, penalties, seed, fit_one, choose)

    learnt, asked, found = score(seed)
    both = len({*learnt.tolist()} & {*asked.tolist()})
    told = say["in_both"].format(what=what, both=both)
    assert not both, told + cause_of([say["reseeds"]] if (learnt == asked[:labelled]).all() else [])
    again, others = score(seed), score(seed + 1)
    assert (again[0] == learnt).all() and (again[1] == asked).all(), say["unseeded"].format(what=what)
    is_other = [{*a.tolist()} != {*b.tolist()} for a, b in ((others[0], learnt), (others[1], asked))]
    assert all(is_other), say["same"].format(what=what)
    ways = {
        "right": ("known", "known"),
        "both": ("all", "tested"),
        "tuned": ("known", "tested"),
        "scaled_by_all": ("all", "known"),
        "scaled_by_both": ("both", "known"),
        "scaled_by_itself": ("itself", "known"),
        "scaled_by_tested": ("tested", "known"),
        "not_scaled": ("none", "known"),
        "chosen_on_tested": ("known", "chosen"),
    }
    parts = (x[learnt], x[asked], x), (labels[learnt], labels[asked]), penalties
    scores = {name: score_with(*parts, *way, fit_one, choose) for name, way in ways.items()}
    return what, found, scores.pop("right"), scores


def score_of(what, exercise, *args):
    found = call(what, exercise.honest_score, *args)
    is_three = isinstance(found, (tuple, list)) and len(found) == 3
    assert is_three, differs(what, FORM["honest"], kind(found))
    labelled, tested = args[2:4]
    learnt, asked, accuracy = found
    for rows, count, part in ((learnt, labelled, "learnt"), (asked, tested, "asked")):
        of = WHAT["part"].format(what=what, name=SAY["names"][part])
        rows_of(of, rows, args[0])
        assert len(rows) == count, differs(of, count, len(rows))
        assert len({*rows.tolist()}) == count, SAY["honest"]["twice"].format(what=of)
    is_number = isinstance(accuracy, (float, np.floating))
    assert is_number, differs(what, FORM["honest"], kind(accuracy))
    return learnt, asked, float(accuracy)


def score_with(features, labels, penalties, scaled_by, chosen_by, fit_one, choose):
    """The score, where this or that looks at what it must not."""
    known, new, everything = features
    reference = {"known": known, "all": everything, "both": np.concatenate([known, new]), "tested": new}
    if scaled_by == "none":
        x, new_x = known, new
    else:
        x = scaled(known, reference.get(scaled_by, known))
        new_x = scaled(new, reference.get(scaled_by, new))
    if chosen_by == "tested":
        return max(float((answers(new_x, *fit_one(x, labels[0], one)) == labels[1]).mean()) for one in penalties)
    chosen = choose(x, labels[0], penalties) if chosen_by == "known" else choose(new_x, labels[1], penalties)
    return float((answers(new_x, *fit_one(x, labels[0], chosen)) == labels[1]).mean())


def scaled(x, known):
    mean = known.mean(axis=0)
    return (x - mean) / np.sqrt(((known - mean) ** 2).mean())


def uneven_clusters(rng):
    """Points, of which some lie far out, so that it matters by which rows one scales."""
    x, labels = clusters(rng, int(rng.integers(260, 290)), 13, 4)
    return 5 + x * np.exp(rng.normal(0, 1, (len(x), 1))), labels


def digits(rng):
    """Some of MNIST's test images, of 7 x 7 pixels; not all equally bright."""
    x, labels = small_mnist()
    rows = rng.permutation(len(x))[: int(rng.integers(260, 290))]
    return x[rows] * np.exp(rng.normal(0, 1, (len(rows), 1))), labels[rows]


@cache
def small_mnist():
    import minae.data

    x, labels = minae.data.mnist("test")
    return x.reshape(-1, 7, 4, 7, 4).mean(axis=(2, 4)).reshape(-1, 49).astype(np.float64), labels


# --- mean_accuracy: an experiment -------------------------------------------------------------------------------------


@pytest.mark.points(1, "experiment")
def test_mean_accuracy(exercise, rng):
    say = SAY["experiment"]
    results = [
        accuracies_of(exercise, rng, int(rng.integers(3, 6)), float(10 ** rng.uniform(-3, -1))) for _ in range(3)
    ]
    judge(results, say, "{:.4f}", exercise)
    line = exercise.WHY_A_DIP
    assert isinstance(line, str) and len(line.split()) > 3, say["no_line"]


def accuracies_of(exercise, rng, classes, penalty):
    (x, labels), (new, new_labels) = twins(rng, classes)
    draws = [rng.permutation(60)[:40] for _ in range(5)]
    readers = [fit(x[rows], labels[rows], penalty, classes) for rows in draws]
    accuracies = [(answers(new, *reader) == new_labels).mean() for reader in readers]
    itself = [(answers(x[rows], *one) == labels[rows]).mean() for rows, one in zip(draws, readers, strict=True)]
    every = np.concatenate(draws)
    mistakes = {
        "first": accuracies[0],
        "last": accuracies[-1],
        "best": max(accuracies),
        "joined": (answers(new, *fit(x[every], labels[every], penalty, classes)) == new_labels).mean(),
        "sum": sum(accuracies),
        "all": (answers(new, *fit(x, labels, penalty, classes)) == new_labels).mean(),
        "itself": np.mean(itself),
    }
    what = WHAT["experiment"]
    found = call(what, exercise.mean_accuracy, x, labels, new, new_labels, draws, penalty, classes)
    assert isinstance(found, (float, np.floating)), differs(what, FORM["number"], kind(found))
    return what, found, np.mean(accuracies), mistakes


def twins(rng, classes):
    """Points to learn from and new ones, around the same centres."""
    x, labels = clusters(rng, 60 + 83, 11, classes)
    return (x[:60], labels[:60]), (x[60:], labels[60:])
