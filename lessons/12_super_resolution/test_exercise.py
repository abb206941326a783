"""The public checks of exercise 12. Ten points. What they say stands in messages.toml.

Pictures are never square, and each test draws its own; of digits, other rows each time.
"""

import tomllib
from functools import cache, partial
from pathlib import Path

import numpy as np
import pytest

from lessons.tools.judging import call, cause_of, compare, kind

pytestmark = pytest.mark.numpy_only

SAY = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))
DTYPES = (np.float64, np.float32)

# --- shrink, and the way back -----------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_shrink(exercise, rng):
    def as_rows(x, factor):
        *front, height, width = x.shape
        return x.reshape(*front, height // factor, width // factor, factor * factor).mean(axis=-1)

    for front, h, w, factor in cases(rng):
        large = rng.uniform(0, 1, (*front, h * factor, w * factor))
        what = SAY["shrink"]["what"].format(shape=large.shape, factor=factor)
        mistakes = {
            "summed": shrink(large, factor) * factor**2,
            "part": shrink(large, factor) * factor,
            "picked": large[..., ::factor, ::factor],
            "largest": blocks_of(large, factor).max(axis=(-3, -1)),
            "as_rows": as_rows(large, factor),
            "shape": "shape",
            "raises": "raises",
        }
        check(what, exercise.shrink, (large,), (factor,), shrink(large, factor), named("shrink", mistakes))


@pytest.mark.points(1, "build")
def test_enlarge_nearest_and_the_adjoint_of_shrink(exercise, rng):
    for front, h, w, factor in cases(rng):
        small = rng.uniform(0, 1, (*front, h, w))
        right = nearest(small, factor)
        tiled, first = np.tile(small, (factor, factor)), np.zeros_like(right)
        first[..., ::factor, ::factor] = small
        mistakes = {"tiled": tiled, "first": first, "divided": right / factor**2, "shape": "shape", "raises": "raises"}
        what = SAY["nearest"]["what"].format(shape=small.shape, factor=factor)
        check(what, exercise.enlarge_nearest, (small,), (factor,), right, named("nearest", mistakes))
        mistakes = {
            "undivided": right,
            "by_one_factor": right / factor,
            "first": first,
            "tiled": tiled / factor**2,
            "shape": "shape",
            "raises": "raises",
        }
        what = SAY["adjoint"]["what"].format(shape=small.shape, factor=factor)
        check(what, exercise.shrink_adjoint, (small,), (factor,), right / factor**2, named("adjoint", mistakes))


def cases(rng):
    """The axes in front, two sizes that differ, and a factor."""
    kinds = [((), 2, 5, 2), ((3,), 4, 3, 3), ((2, 3), 3, 2, 4), ((1,), 1, 2, 5)]
    kinds += [((2,), *rng.permutation([2, 3, 5, 7])[:2].tolist(), int(rng.integers(2, 5)))]
    return [kinds[at] for at in rng.permutation(len(kinds))]


def check(what, function, pictures, rest, expected, mistakes):
    for dtype in DTYPES:
        found = call(what, function, *(one.astype(dtype) for one in pictures), *rest, mistakes=mistakes)
        compare(what, found, expected, mistakes, dtype)


def named(name, mistakes):
    """What is said of each mistake, and what it gives."""
    return {SAY[name][key]: wrong for key, wrong in mistakes.items()}


# --- bicubic_matrix ---------------------------------------------------------------------------------------------------


@pytest.mark.points(2, "build")
def test_bicubic_matrix(exercise, rng):
    clamp = lambda j, size: min(max(j, 0), size - 1)
    centred = lambda i, factor: (i + 0.5) / factor - 0.5
    kinds = [(5, 2), (7, 3), (3, 4), (1, 2), (2, 5), (int(rng.integers(8, 14)), int(rng.integers(2, 6)))]
    for at in rng.permutation(len(kinds)):
        size, factor = kinds[at]
        right = matrix(size, factor, centred, clamp)
        dropped = matrix(size, factor, centred, lambda j, size: j if 0 <= j < size else None)
        divided = dropped / dropped.sum(axis=1, keepdims=True)
        on_ends = lambda i, factor, size=size: i * (size - 1) / (size * factor - 1)
        mistakes = {
            "corner": matrix(size, factor, lambda i, factor: i / factor, clamp),
            "ends": matrix(size, factor, on_ends, clamp),
            "one_half_forgotten": matrix(size, factor, lambda i, factor: (i + 0.5) / factor, clamp),
            "dropped": dropped,
            "divided": divided,
            "mirrored": matrix(size, factor, centred, mirrored),
            "wrapped": matrix(size, factor, centred, lambda j, size: j % size),
            "linear": matrix(size, factor, centred, clamp, lambda t: np.maximum(1 - np.abs(t), 0)),
            "large_pixels": matrix(size, factor, centred, clamp, lambda t, factor=factor: cubic(factor * t)),
            "near_two": matrix(size, factor, centred, clamp, lambda t: cubic(t) * (np.abs(t) <= 1)),
            "overwritten": matrix(size, factor, centred, clamp, adds=False),
            "shape": "shape",
            "raises": "raises",
        }
        what = SAY["bicubic"]["what"].format(size=size, factor=factor)
        mistakes = named("bicubic", mistakes)
        compare(what, call(what, exercise.bicubic_matrix, size, factor, mistakes=mistakes), right, mistakes)


def cubic(distance):
    t = np.abs(distance)
    near, far = 1.5 * t**3 - 2.5 * t**2 + 1, -0.5 * t**3 + 2.5 * t**2 - 4 * t + 2
    return np.where(t <= 1, near, np.where(t < 2, far, 0.0))


def matrix(size, factor, place_of, inside, weight=cubic, adds=True):
    made = np.zeros((size * factor, size))
    for i in range(size * factor):
        place = place_of(i, factor)
        for j in range(int(np.floor(place)) - 1, int(np.floor(place)) + 3):
            at = inside(j, size)
            if at is not None:
                made[i, at] = weight(place - j) + (made[i, at] if adds else 0)
    return made


def mirrored(j, size):
    """The pixel at the edge comes twice: -1 is 0, -2 is 1."""
    return min(max(-j - 1 if j < 0 else 2 * size - 1 - j if j >= size else j, 0), size - 1)


# --- project, twin, best_guess ----------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_project(exercise, rng):
    for front, h, w, factor in cases(rng):
        answer = rng.uniform(-0.2, 1.2, (*front, h * factor, w * factor))
        small = rng.uniform(0, 1, (*front, h, w))
        missing = nearest(small - shrink(answer, factor), factor)
        right = answer + missing
        first = answer.copy()
        first[..., ::factor, ::factor] += factor**2 * missing[..., ::factor, ::factor]
        mistakes = {
            "as_it_was": answer,
            "nearest": nearest(small, factor),
            "away": answer - missing,
            "part": answer + missing / factor**2,
            "part_of_factor": answer + missing / factor,
            "scaled": answer * nearest(small / shrink(answer, factor), factor),
            "clipped": right.clip(0, 1),
            "known_twice": answer + nearest(small, factor),
            "half": (answer + nearest(small, factor)) / 2,
            "one_pixel": first,
            "shape": "shape",
            "raises": "raises",
        }
        what = SAY["project"]["what"].format(shape=answer.shape, factor=factor)
        check(what, exercise.project, (answer, small), (factor,), right, named("project", mistakes))


@pytest.mark.points(1, "build")
def test_twin(exercise, rng):
    say = SAY["twin"]
    kinds = [(9, 13, 2), (7, 11, 3), (5, 8, 4), (13, 6, 2)]
    for at in rng.permutation(len(kinds)):
        h, w, factor = kinds[at]
        large = black_and_white(rng, h, w, factor)
        for dtype in DTYPES:
            what = say["what"].format(shape=large.shape, factor=factor)
            found = call(what, exercise.twin, large.astype(dtype), factor)
            is_array = isinstance(found, np.ndarray) and found.shape == large.shape
            assert is_array, say["form"].format(what=what, shape=large.shape, found=kind(found))
            others = found[(found != 0) & (found != 1)]
            assert not len(others), say["grey"].format(what=what, found=f"{others[:1].sum():.4g}")
            before, after = shrink(large, factor), shrink(found, factor)
            wrong = np.argwhere(np.abs(before - after) > 1e-6)
            cause = cause_of([say["inverted"]] if np.array_equal(found, 1 - large) else [])
            told = say["differs"].format(what=what, count=len(wrong), of=before.size)
            assert not len(wrong), told + cause
            same = np.abs(blocks_of(large - found, factor)).max(axis=(-3, -1)) == 0
            same = np.argwhere(same & (before > 0) & (before < 1))
            if len(same):
                p, q = same[0]
                block = large[p * factor : (p + 1) * factor, q * factor : (q + 1) * factor]
                drawn = "/".join("".join("#" if pixel else "." for pixel in row) for row in block)
                raise AssertionError(say["same"].format(what=what, count=len(same), block=drawn))


def black_and_white(rng, h, w, factor):
    """Blocks of all kinds: full, empty, sorted, the same from left and right, from above and below, or when turned."""
    blocks = (rng.uniform(0, 1, (h * w, factor, factor)) < rng.uniform(0.2, 0.8, (h * w, 1, 1))).astype(float)
    places = iter(rng.permutation(h * w))
    row, column = np.indices((factor, factor))
    special = [row * 0, row * 0 + 1, row == 0, row == factor - 1, column == 0, column == factor - 1]
    special += [(row + column) % 2, (row + column + 1) % 2, row == column, row + column == factor - 1]
    special += [row + column > 0, row * factor + column < factor**2 - 1, (row == 0) & (column == 0)]
    for kind_of_block in special:
        blocks[next(places)] = kind_of_block
    return blocks.reshape(h, w, factor, factor).swapaxes(1, 2).reshape(h * factor, w * factor)


@pytest.mark.points(1, "build")
def test_best_guess(exercise, rng):
    say = SAY["best"]
    for count, height, width in rng.permutation([(2, 2, 3), (5, 4, 3), (3, 1, 1), (7, 5, 2)]).tolist():
        pictures = rng.uniform(0, 1, (count, height, width))
        p = rng.uniform(0.2, 1, count)
        p /= p.sum()
        expected = partial(expected_error, pictures, p)
        mean = (p[:, None, None] * pictures).sum(axis=0)
        plain, likely = pictures.mean(axis=0), pictures[p.argmax()]
        best = pictures[np.argmin([expected(one) for one in pictures])]
        middle = np.median(pictures, axis=0)
        what = say["what"].format(count=count, height=height, width=width)
        found = call(what, exercise.best_guess, pictures, p)
        is_pair = isinstance(found, (tuple, list)) and len(found) == 2
        assert is_pair, say["form"].format(what=what, found=kind(found))
        answers = {"plain": plain, "likely": likely, "one_of_them": best, "median": middle, "shape": "shape"}
        answers |= {"not_divided": pictures.sum(axis=0), "weighted_again": mean / count}
        compare(say["answer"].format(what=what), found[0], mean, named("best", answers))
        errors = {
            "of_mean": expected(mean) / (height * width),
            "of_all": expected(mean) / (count * height * width),
            "unweighted": ((pictures - mean) ** 2).sum() / count,
            "all": ((pictures - mean) ** 2).sum(),
            "root": np.sqrt(expected(mean)),
            "of_likely": ((likely - mean) ** 2).sum(),
            "none": 0.0,
            "shape_of_error": "shape",
        }
        compare(say["error"].format(what=what), found[1], expected(mean), named("best", errors))


def expected_error(pictures, p, answer):
    return float((p[:, None, None] * (pictures - answer) ** 2).sum())


# --- gain: a debug exercise -------------------------------------------------------------------------------------------


@pytest.mark.points(2, "debug")
def test_gain_is_fair_to_the_rival(exercise, rng):
    say = SAY["gain"]
    kinds = [(5, 7, 2), (9, 4, 3), (4, 6, 4), (6, 5, 2)]
    for at in rng.permutation(len(kinds)):
        h, w, factor = kinds[at]
        large = rng.uniform(0, 1, (3, 1, 1)) * shapes(rng, 3, h * factor, w * factor)
        rival = linear(shrink(large, factor), factor)
        for noise in rng.permutation([0.0, 0.05, 0.3]):
            answers = rival + noise * rng.standard_normal(large.shape)
            outer = np.s_[..., factor:-factor, factor:-factor]
            shifted = linear(shrink(large, factor), factor, centred=False)
            dB = lambda one, other, part=np.s_[...]: 10 * np.log10(np.mean(one**2) / np.mean(other[part] ** 2))
            right = dB(rival - large, answers - large)
            mistakes = {
                "draft": dB(shifted - large, answers - large, outer),
                "grid": dB(shifted - large, answers - large),
                "edge": dB(rival - large, answers - large, outer),
                "both_inside": dB((rival - large)[outer], answers - large, outer),
                "sign": -right,
                "twenty": 2 * right,
            }
            what = say["same" if noise == 0 else "what"].format(shape=large.shape, factor=factor)
            found = call(what, exercise.gain, large, answers, factor)
            compare(what, found, right, named("gain", mistakes))


def linear(small, factor, centred=True):
    """Linear interpolation, in two matrices."""
    h, w = small.shape[-2:]
    place = (lambda i, factor: (i + 0.5) / factor - 0.5) if centred else lambda i, factor: i / factor
    clamp, tent = lambda j, size: min(max(j, 0), size - 1), lambda t: np.maximum(1 - np.abs(t), 0)
    return matrix(h, factor, place, clamp, tent) @ small @ matrix(w, factor, place, clamp, tent).T


def shapes(rng, count, height, width):
    """Discs with soft edges, and something in every corner."""
    y, x = np.indices((height, width))[:, None]
    (top, left), radius = rng.uniform(0.3, 0.7, (2, count, 1, 1)), rng.uniform(0.2, 0.4, (count, 1, 1))
    distance = np.hypot((y / height - top), (x / width - left))
    return 1 / (1 + np.exp(20 * (distance - radius))) * 0.8 + 0.2 * rng.uniform(0, 1, (count, height, width))


# --- read_rightly: an experiment --------------------------------------------------------------------------------------


@pytest.mark.points(1, "experiment")
def test_read_rightly(exercise, rng):
    say = SAY["read"]
    kinds = [("digits", factor) for factor in (1, 2, 4, 7)] + [("shapes", 3)]
    for at in rng.permutation(len(kinds)):
        name, factor = kinds[at]
        known, labels, new, new_labels = digits(rng) if name == "digits" else labelled_shapes(rng)
        what = say["what"].format(name=say[name], factor=factor)
        part = lambda one, other, a=labels, b=new_labels: nearest_labels(one, a, other, b)
        small, new_small = shrink(known, factor), shrink(new, factor)
        right = part(small, new_small)
        mistakes = {
            "count": right * len(new),
            "wrong_part": 1 - right,
            "percent": 100 * right,
            "as_they_were": part(known, new),
            "picked": part(known[:, ::factor, ::factor], new[:, ::factor, ::factor]),
            "product": np.mean(labels[(flat(new_small) @ flat(small).T).argmax(axis=1)] == new_labels),
            "raises": "raises",
        }
        arrays = known, labels, new, new_labels
        found = call(what, exercise.read_rightly, *arrays, factor, mistakes=named("read", mistakes))
        compare(what, found, right, named("read", mistakes), None)
    line = exercise.WHY_STILL_READABLE
    assert isinstance(line, str) and len(line.split()) > 3, say["no_line"]


def nearest_labels(known, labels, new, new_labels):
    differences = [((flat(known) - one) ** 2).sum(axis=1).argmin() for one in flat(new)]
    return np.mean(labels[differences] == new_labels)


def flat(pictures):
    return pictures.reshape(len(pictures), -1)


def digits(rng):
    x, labels = mnist()
    order = rng.permutation(len(x))[:500]
    return x[order[:400]], labels[order[:400]], x[order[400:]], labels[order[400:]]


@cache
def mnist():
    import minae.data

    x, labels = minae.data.mnist("test")
    return x[:, 0].astype(np.float64), labels


def labelled_shapes(rng):
    """Bars, lying and standing, in noise; the pictures are wider than high."""
    labels = rng.integers(0, 2, 120)
    x = 0.5 * rng.uniform(0, 1, (120, 9, 15))
    for one, label in zip(x, labels, strict=True):
        place = rng.integers(0, 7)
        one[np.s_[place : place + 2, :] if label else np.s_[:, place : place + 2]] += 0.25
    return x[:80], labels[:80], x[80:], labels[80:]


# --- pictures, as the tests know them ---------------------------------------------------------------------------------


def blocks_of(large, factor):
    *front, height, width = large.shape
    return large.reshape(*front, height // factor, factor, width // factor, factor)


def shrink(large, factor):
    return blocks_of(large, factor).mean(axis=(-3, -1))


def nearest(small, factor):
    return np.kron(small, np.ones((factor, factor)))
