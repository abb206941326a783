"""The public checks of exercise 11. Ten points. What they say stands in messages.toml.

Fog is judged by its moments, maps by an independent solution of the same problem. Where noise has to be fresh, the
tests hand over a `corrupt` of their own that keeps a record of what it was asked.
"""

import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from lessons.tools.judging import call, cause_of, compare, is_close, kind

pytestmark = pytest.mark.numpy_only

SAY = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))
TABLES_DIFFER = 1.0  # dB: by other random numbers, a number of the table changes by 0.2 (standard deviation) at most


# --- fog and its measure ----------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_fog(exercise, rng):
    say = SAY["fog"]
    for mean, std in rng.permutation([(0.0, 0.07), (0.1, 0.05), (0.06, 0.09)]).tolist():
        what, seed = say["what"].format(mean=mean, std=std), int(rng.integers(1_000_000))
        clean = np.full((211, 97), 0.5 - mean)  # the sum stays far from 0 and 1
        noise = fogged(exercise, what, clean, mean, std, seed) - clean
        check_moments(what, noise, mean, std)
        check_independence(what, noise)
        again = fogged(exercise, what, clean, mean, std, seed) - clean
        assert (again == noise).all(), say["unseeded"].format(what=what)
        for other in (seed + 1, [seed, 1]):
            others = fogged(exercise, what, clean, mean, std, other) - clean
            assert (others != noise).any(), say["same"].format(what=what, seed=seed, other=other)
    for dtype in (np.float32, np.float64):
        clean = rng.integers(0, 2, (101, 113)).astype(dtype)
        what = say["what"].format(mean=0.5, std=0.5)
        check_cut(what, fogged(exercise, what, clean, 0.5, 0.5, int(rng.integers(1_000_000))), clean)


def fogged(exercise, what, clean, mean, std, seed):
    say = SAY["fog"]
    found = call(what, exercise.fog, clean, mean, std, seed)
    is_alike = isinstance(found, np.ndarray) and found.shape == clean.shape
    assert is_alike, say["form"].format(what=what, shape=clean.shape, found=kind(found))
    assert found.dtype == clean.dtype, say["dtype"].format(what=what, expected=clean.dtype, found=found.dtype)
    assert np.isfinite(found).all(), say["infinite"].format(what=what)
    return found


def check_moments(what, noise, mean, std):
    """Within five standard errors."""
    say = SAY["fog"]
    error = std / np.sqrt(noise.size)
    found = noise.mean(), noise.std()
    causes = {"squared": std**2, "root": np.sqrt(std)}
    same = [say[key] for key, value in causes.items() if abs(found[1] / value - 1) < 0.1]
    text = say["moments"].format(what=what, mean=mean, std=std, found_mean=found[0], found_std=found[1])
    if mean and abs(found[0]) < 6 * error:
        same.append(say["no_mean"])
    if noise.min() > -1e-9:
        same.append(say["noise_cut"])
    if abs(found[1] - std) < 5 * error and np.ptp(noise.mean(axis=0)) > 10 * error:
        same.append(say["one_picture"])
    is_right = abs(found[0] - mean) < 5 * error and abs(found[1] - std) < 5 * error
    spread = noise.std(axis=1).max(), noise.std(axis=0).max()
    if spread[0] < std / 100:
        same = [say["one_number"]]
    elif spread[1] < std / 100:
        same = [say["one_picture"]]
    assert is_right, text + cause_of(same)


def check_independence(what, noise):
    """Rows and columns do not repeat, and the tails are those of the normal distribution."""
    say = SAY["fog"]
    assert noise.std(axis=1).min() > noise.std() / 2, say["each"].format(what=what) + cause_of([say["one_number"]])
    assert noise.std(axis=0).min() > noise.std() / 2, say["each"].format(what=what) + cause_of([say["one_picture"]])
    beyond = np.mean(np.abs(noise - noise.mean()) > 2 * noise.std())
    is_normal = 0.038 < beyond < 0.053  # 0.0455, with five standard errors of 0.0015
    assert is_normal, say["not_normal"].format(what=what, found=beyond)


def check_cut(what, noisy, clean):
    """On black and white pictures with mean and std 0.5: which part becomes 0 or 1."""
    say = SAY["fog"]
    outside = np.mean((noisy < 0) | (noisy > 1))
    assert not outside, say["outside"].format(what=what, found=outside)
    # Black: the sum is 0.5 + 0.5 z; below 0 and above 1 lies one standard deviation. White: 1.5 + 0.5 z.
    for shade, name, low, high in ((0, "black", 0.1587, 0.1587), (1, "white", 0.0013, 0.8413)):
        values = noisy[clean == shade]
        found = np.mean(values == 0), np.mean(values == 1)
        is_right = abs(found[0] - low) < 0.03 and abs(found[1] - high) < 0.03
        causes = {say["stretched"]: max(found) < 0.01, say["noise_cut"]: shade == 1 and found[1] > 0.98}
        text = say["cut"].format(what=what, name=name, low=low, high=high, found_low=found[0], found_high=found[1])
        assert is_right, text + cause_of([cause for cause in causes if causes[cause]])


@pytest.mark.points(1, "build")
def test_psnr(exercise, rng):
    say = SAY["psnr"]
    for shape in shuffled(rng, [(7, 11), (5, 1, 3, 13), (1, 17), (23, 5)]):
        clean = rng.uniform(0, 0.8, shape)
        error = rng.uniform(0.02, 0.3, (len(clean), *[1] * (len(shape) - 1))) * rng.standard_normal(shape)
        answers, pixels = clean + error, error[0].size
        squares = (error**2).reshape(len(clean), -1)
        mse = squares.mean()
        mistakes = {
            say["sign"]: 10 * np.log10(mse),
            say["no_log"]: 1 / mse,
            say["natural"]: 10 * np.log(1 / mse),
            say["twenty"]: 20 * np.log10(1 / mse),
            say["ten_of_root"]: 10 * np.log10(1 / np.sqrt(mse)),
            say["no_ten"]: np.log10(1 / mse),
            say["mean_of_decibels"]: np.mean(10 * np.log10(1 / squares.mean(axis=1))),
            say["summed"]: 10 * np.log10(1 / (mse * pixels)),
            say["all_summed"]: 10 * np.log10(1 / squares.sum()),
            say["absolute"]: 10 * np.log10(1 / np.abs(error).mean()),
            say["bytes"]: 10 * np.log10(255**2 / mse),
            say["own_peak"]: 10 * np.log10(clean.max() ** 2 / mse),
            say["signal"]: 10 * np.log10((clean**2).mean() / mse),
            say["one_each"]: "shape",
        }
        what = say["what"].format(shape=shape)
        found = call(what, exercise.psnr, answers, clean, mistakes=mistakes)
        compare(what, found, 10 * np.log10(1 / mse), mistakes, any_dtype=True)


# --- the best linear map ----------------------------------------------------------------------------------------------


@pytest.mark.points(2, "build")
def test_best_linear(exercise, rng):
    """More pictures than pixels, no penalty."""
    say = SAY["best_linear"]
    for count, d, e in shuffled(rng, [(41, 7, 5), (67, 11, 11), (29, 3, 13)]):
        noisy, clean = noisy_and_clean(rng, count, d, e)
        right = fitted(noisy, clean, 0.0)
        zero, mean = np.zeros(e), clean.mean(axis=0)
        through_zero = np.linalg.lstsq(noisy, clean, rcond=None)[0]
        half = np.linalg.lstsq(noisy - noisy.mean(axis=0), clean, rcond=None)[0]
        mistakes = {
            say["no_bias"]: (through_zero, zero),
            say["bias_of_targets"]: (right[0], mean),
            say["bias_is_zero"]: (half, zero),
            say["bias_zero_start"]: (through_zero, mean - noisy.mean(axis=0) @ through_zero),
            say["turned"]: (right[0].T, right[1]),
            say["backwards"]: fitted(clean, noisy, 0.0) if d == e else right,
            say["identity"]: (np.eye(d), zero) if d == e else right,
            say["bias_from_clean"]: (right[0], mean - mean @ right[0]) if d == e else right,
            say["sign_of_bias"]: (right[0], noisy.mean(axis=0) @ right[0] - mean),
        }
        what = say["what"].format(noisy=noisy.shape, clean=clean.shape, penalty="")
        compare_map(what, exercise, (noisy, clean), right, mistakes)


@pytest.mark.points(1, "build")
def test_best_linear_with_a_penalty(exercise, rng):
    """Fewer pictures than pixels, in one case: without the penalty there would be no answer, or too many."""
    say = SAY["best_linear"]
    for count, d, e in shuffled(rng, [(41, 7, 5), (13, 17, 3), (67, 11, 11)]):
        (noisy, clean), penalty = noisy_and_clean(rng, count, d, e), float(rng.uniform(0.05, 0.5))
        right = fitted(noisy, clean, penalty)
        with_ones = np.hstack([noisy, np.ones((count, 1))])
        all_pay = np.linalg.solve(
            with_ones.T @ with_ones / count + penalty * np.eye(d + 1), with_ones.T @ clean / count
        )
        x, t = (array - array.mean(axis=0) for array in (noisy, clean))
        everywhere = np.linalg.lstsq(x.T @ x / count + penalty, x.T @ t / count, rcond=None)[0]
        after = np.linalg.lstsq(x, t, rcond=None)[0]
        mistakes = {
            say["ignored"]: (after, clean.mean(axis=0) - noisy.mean(axis=0) @ after),
            say["not_times_n"]: fitted(noisy, clean, penalty / count),
            say["times_n"]: fitted(noisy, clean, penalty * count),
            say["squared"]: fitted(noisy, clean, penalty**2),
            say["halved"]: fitted(noisy, clean, penalty / 2),
            say["doubled"]: fitted(noisy, clean, penalty * 2),
            say["minus"]: fitted_along_directions(noisy, clean, -penalty),
            say["mean_of_all"]: fitted(noisy, clean, penalty * e),
            say["bias_pays"]: (all_pay[:-1], all_pay[-1]),
            say["everywhere"]: (everywhere, clean.mean(axis=0) - noisy.mean(axis=0) @ everywhere),
            say["raises"]: "raises",
        }
        what = say["what"].format(noisy=noisy.shape, clean=clean.shape, penalty=f", penalty={penalty:.3g}")
        compare_map(what, exercise, (noisy, clean, penalty), right, mistakes)


def noisy_and_clean(rng, count, d, e):
    """Rows that have much to do with each other, and means far from 0."""
    clean = rng.standard_normal((count, e)) @ rng.standard_normal((e, e)) + rng.uniform(1, 3, e)
    mixed = clean @ rng.standard_normal((e, d)) if d != e else clean
    return mixed + rng.standard_normal((count, d)) + rng.uniform(1, 2, d), clean


def fitted(noisy, clean, penalty):
    """The same problem as one of least squares: the penalty is a row for each pixel, whose target is 0."""
    count, d = noisy.shape
    rows = np.vstack([np.hstack([noisy, np.ones((count, 1))]), np.eye(d, d + 1) * np.sqrt(count * penalty)])
    targets = np.vstack([clean, np.zeros((d, clean.shape[1]))])
    solved = np.linalg.lstsq(rows, targets, rcond=None)[0]
    return solved[:-1], solved[-1]


def fitted_along_directions(noisy, clean, penalty):
    """The same for any penalty but 0, below 0 as well: each direction of the noisy pictures has a factor of its own."""
    middle, centre = clean.mean(axis=0), noisy.mean(axis=0)
    u, lengths, directions = np.linalg.svd(noisy - centre, full_matrices=False)
    factors = lengths / (lengths**2 + len(noisy) * penalty)
    slopes = directions.T @ (factors[:, None] * (u.T @ (clean - middle)))
    return slopes, middle - centre @ slopes


SHAPE = {SAY["best_linear"]["shape"]: "shape"}


def compare_map(what, exercise, arguments, right, mistakes):
    say = SAY["best_linear"]
    found = call(what, exercise.best_linear, *arguments, mistakes=mistakes)
    is_pair = isinstance(found, (tuple, list)) and len(found) == 2
    assert is_pair, say["form"].format(what=what, found=kind(found))
    for place, name in enumerate(("weight", "bias")):
        arrays = {cause: wrong if isinstance(wrong, str) else wrong[place] for cause, wrong in mistakes.items()}
        # A known mistake explains both.
        both = {cause: wrong for cause, wrong in arrays.items() if explains(found, mistakes[cause])} | SHAPE
        compare(say[name].format(what=what), found[place], right[place], both, any_dtype=True)


def explains(found, wrong):
    return not isinstance(wrong, str) and all(
        is_close(np.asarray(one), other) for one, other in zip(found, wrong, strict=True)
    )


# --- noise for each batch and each epoch ------------------------------------------------------------------------------


class Recorder:
    """A `corrupt` that remembers for which seeds it was asked, and which noise it gave."""

    def __init__(self, corrupt=None):
        self.corrupt = corrupt or add_noise
        self.seeds, self.noise = [], []

    def __call__(self, pictures, seed):
        noisy = self.corrupt(pictures, seed)
        self.seeds.append(seed)
        self.noise += [row.tobytes() for row in np.round(noisy - pictures, 9)]
        return noisy


def add_noise(pictures, seed):
    return pictures + np.random.default_rng(seed).standard_normal(np.shape(pictures))


@pytest.mark.points(2, "build")
def test_noisy_batches(exercise, rng):
    say = SAY["noisy_batches"]
    for count, size in shuffled(rng, [(23, 5), (12, 3), (9, 20)]):
        clean, seed = rng.uniform(0, 1, (count, 7)), int(rng.integers(1_000_000))
        what = say["what"].format(count=count, size=size)
        epochs = [of_epoch(exercise, what, clean, size, epoch, seed) for epoch in range(4)]
        again = of_epoch(exercise, what, clean, size, 1, seed)
        is_same = all(np.array_equal(one, other) for one, other in zip(again, epochs[1], strict=True))
        assert is_same, say["unseeded"].format(what=what)
        for noise, _ in epochs:
            assert are_new([noise]), say["by_batch"].format(what=what)
        assert are_new([noise for noise, _ in epochs[:2]]), repeated(say, what, epochs)
        assert are_new([noise for noise, _ in epochs]), repeated(say, what, epochs)
        others = of_epoch(exercise, what, clean, size, 0, seed + 1)
        assert not np.array_equal(others[0], epochs[0][0]), say["same_seed"].format(what=what)
        if count > 10:
            assert not np.array_equal(others[1], epochs[0][1]), say["same_order"].format(what=what)
            assert (epochs[0][1] != np.arange(count)).any(), say["in_order"].format(what=what)


def repeated(say, what, epochs):
    """Whether the whole noise of an epoch comes again, or only some of it in other batches."""
    is_whole = {row.tobytes() for row in epochs[0][0]} == {row.tobytes() for row in epochs[1][0]}
    return say["by_epoch" if is_whole else "by_both"].format(what=what)


def are_new(noises):
    """Whether no row of noise comes twice."""
    rows = [row.tobytes() for noise in noises for row in noise]
    return len({*rows}) == len(rows)


def of_epoch(exercise, what, clean, size, epoch, seed):
    """The noise of an epoch, row by row, and which pictures it came with."""
    say, corrupt = SAY["noisy_batches"], Recorder()
    found = call(what, exercise.noisy_batches, clean, size, corrupt, epoch, seed)
    is_list = isinstance(found, (list, tuple)) and all(is_pair(pair) for pair in found)
    assert is_list, say["form"].format(what=what, found=kind(found[0] if isinstance(found, list) and found else found))
    assert corrupt.seeds, say["not_called"].format(what=what)
    sizes, count = [len(x) for x, _ in found], len(clean)
    wanted = [min(size, count - start) for start in range(0, count, size)]
    assert sizes == wanted, say["sizes"].format(what=what, expected=wanted, found=sizes)
    inputs, targets = (np.concatenate([pair[which] for pair in found]) for which in (0, 1))
    are_clean, are_inputs_clean = (np.isin(rows, clean).all() for rows in (targets, inputs))
    if not are_clean:
        cause = say["swapped"] if are_inputs_clean else say["target_noisy"]
        raise AssertionError(say["target"].format(what=what) + cause_of([cause]))
    assert not are_inputs_clean, say["no_noise"].format(what=what)
    places = np.abs(targets[:, None] - clean[None]).sum(axis=2).argmin(axis=1)
    missing = count - len({*places.tolist()})
    assert not missing, say["not_once"].format(what=what, missing=missing)
    noise = np.round(inputs - targets, 9)
    fits = {row.tobytes() for row in noise} <= {*corrupt.noise}
    assert fits, say["other_pictures"].format(what=what)
    return noise, places


def is_pair(pair):
    return (
        isinstance(pair, (list, tuple))
        and len(pair) == 2
        and all(isinstance(one, np.ndarray) and one.ndim == 2 for one in pair)
        and pair[0].shape == pair[1].shape
    )


# --- debug: a loop that learns the noise ------------------------------------------------------------------------------


@pytest.mark.points(1, "debug")
@pytest.mark.seconds(30)
def test_train_never_sees_a_noise_twice(exercise, rng):
    """First the noise that was drawn, then what was learned: of digits and of rectangles, both small."""
    say = SAY["train"]
    for count, validation, size, epochs in shuffled(rng, [(23, 5, 6, 4), (14, 3, 20, 3)]):
        clean, corrupt = rng.uniform(0, 1, (count, 5)), Recorder()
        seed, learned = int(rng.integers(1_000_000)), count - validation
        trained(exercise, clean, validation, epochs, size, corrupt, 0.01, seed)
        drawn, needed = len({*corrupt.noise}), epochs * learned
        causes = {
            "stored": drawn <= count,
            "by_epoch": size < learned and drawn in (epochs * size, epochs * size + validation),
            "again": len({*map(str, corrupt.seeds)}) < len(corrupt.seeds),
        }
        text = say["not_fresh"].format(epochs=epochs, count=learned, needed=needed, found=drawn)
        assert drawn >= needed, text + cause_of([say[cause] for cause in causes if causes[cause]])
    for name, pictures in shuffled(rng, [("digits", digits(rng, 400)), ("rectangles", rectangles(rng, 400))]):
        clean, new = pictures[:200], pictures[200:]
        weight, bias, _ = trained(exercise, clean, 40, 40, 40, soft_fog, 0.02, int(rng.integers(1_000_000)))
        answers = soft_fog(new, 1) @ weight + bias
        found, to_noisy = squared_error(answers, new), squared_error(answers, soft_fog(new, 1))
        best = squared_error(apply(fitted(soft_fog(clean, 2), clean, 0.05), soft_fog(new, 1)), new)
        text = say["error"].format(name=say[name], found=found, wanted=1.3 * best)
        assert found < 1.3 * best, text + cause_of([say["to_noisy"]] if to_noisy < found else [])


@pytest.mark.points(1, "debug")
@pytest.mark.seconds(30)
def test_train_keeps_the_validation_pictures_apart(exercise, rng):
    """If other pictures stand in their place, nothing that was learned may change."""
    say = SAY["train"]
    for count, validation, size in shuffled(rng, [(23, 5, 6), (31, 7, 50)]):
        clean, seed = rng.uniform(0, 1, (count, 5)), int(rng.integers(1_000_000))
        others = clean.copy()
        others[-validation:] = rng.uniform(0, 1, (validation, 5))
        one = trained(exercise, clean, validation, 3, size, add_noise, 0.01, seed)
        other = trained(exercise, others, validation, 3, size, add_noise, 0.01, seed)
        first = clean.copy()
        first[0] = rng.uniform(0, 1, 5)
        without = trained(exercise, first, validation, 3, size, add_noise, 0.01, seed)
        assert not is_close(one[0], without[0]), say["not_learned"]
        is_apart = is_close(one[0], other[0]) and is_close(one[1], other[1])
        assert is_apart, say["leak"].format(count=validation)
        assert one[2] != other[2], say["validated_on_others"]
    pictures = digits(rng, 400)
    weight, bias, told = trained(exercise, pictures, 200, 4, 50, soft_fog, 0.02, int(rng.integers(1_000_000)))
    held_out = pictures[-200:]
    errors = [squared_error(soft_fog(held_out, seed) @ weight + bias, held_out) for seed in range(20, 30)]
    mean, pixels = np.mean(errors), pictures.shape[1]
    causes = {"per_pixel": mean / pixels, "summed": mean * 200, "in_db": -10 * np.log10(mean / pixels)}
    causes |= {"no_noise": squared_error(held_out @ weight + bias, held_out)}
    same = [say[cause] for cause, value in causes.items() if abs(told / value - 1) < 0.1]
    assert abs(told / mean - 1) < 0.1, say["told"].format(expected=mean, found=told) + cause_of(same)


def trained(exercise, clean, validation, epochs, batch_size, corrupt, lr, seed):
    say, pixels = SAY["train"], clean.shape[1]
    found = call("train", exercise.train, clean, validation, epochs, batch_size, corrupt, lr, seed)
    is_three = isinstance(found, (tuple, list)) and len(found) == 3
    assert is_three, say["form"].format(found=kind(found))
    weight, bias, error = found
    for name, array, shape in (("weight", weight, (pixels, pixels)), ("bias", bias, (pixels,))):
        is_right = isinstance(array, np.ndarray) and array.shape == shape
        assert is_right, say["array"].format(name=name, shape=shape, found=kind(array))
    is_number = isinstance(error, (float, np.floating)) and np.isfinite(error)
    assert is_number, say["number"].format(found=kind(error))
    return weight, bias, float(error)


def soft_fog(pictures, seed):
    return np.clip(pictures + 0.3 + 0.3 * np.random.default_rng(seed).standard_normal(pictures.shape), 0, 1)


def squared_error(answers, clean):
    return float(np.sum((answers - clean) ** 2) / len(clean))


def apply(linear, x):
    return x @ linear[0] + linear[1]


# --- experiment -------------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "experiment")
@pytest.mark.seconds(30)
def test_trained_and_tested(exercise, rng):
    """Other random numbers give other decibels, but nearly the same."""
    say = SAY["trained_and_tested"]
    for name, pictures in shuffled(rng, [("digits", digits(rng, 3_200)), ("rectangles", rectangles(rng, 3_200))]):
        clean, new = pictures[:1_600], 0.7 * pictures[1_600:]  # fainter: another table than on `clean`
        levels = [float(rng.uniform(0.08, 0.12)), float(rng.uniform(0.25, 0.35)), float(rng.uniform(0.5, 0.6))]
        what = say["what"].format(name=say[name])
        seed = int(rng.integers(1_000_000))
        found = call(what, exercise.trained_and_tested, clean, new, levels, 0.1, seed)
        is_table = isinstance(found, np.ndarray) and found.shape == (3, 3)
        assert is_table, say["form"].format(what=what, found=kind(found))
        right = table(clean, new, levels, rng)
        causes = {
            "turned": right.T,
            "not_cut": table(clean, new, levels, rng, cut=False),
            "no_mean": table(clean, new, levels, rng, mean=0.0),
            "on_the_learned": table(clean, clean, levels, rng),
            "no_penalty": table(clean, new, levels, rng, penalty=0.0),
            "clean_inputs": table(clean, new, levels, rng, no_noise=True),
        }
        same = [say[cause] for cause, wrong in causes.items() if np.abs(found - wrong).max() < TABLES_DIFFER]
        place = np.unravel_index(np.abs(found - right).argmax(), (3, 3))
        numbers = {"trained": levels[place[0]], "tested": levels[place[1]]}
        text = say["differs"].format(what=what, **numbers, expected=right[place], found=found[place])
        assert np.abs(found - right).max() < TABLES_DIFFER, text + cause_of(same)
    check_that_noise_is_new(exercise, rng)
    line = exercise.TOO_LOW_OR_TOO_HIGH
    assert isinstance(line, str) and len(line.split()) > 3, say["no_line"]


def check_that_noise_is_new(exercise, rng):
    """With fewer pictures than pixels a map knows its noisy copies from memory. It must not be tested on the same."""
    say, pictures = SAY["trained_and_tested"], digits(rng, 24)
    levels, seed = [0.3, 0.5], int(rng.integers(1_000_000))
    found = call("trained_and_tested", exercise.trained_and_tested, pictures, pictures, levels, 1e-6, seed)
    assert np.max(found) < 30, say["known_noise"].format(found=np.max(found))


def table(clean, new, levels, rng, cut=True, mean=1.0, penalty=0.1, no_noise=False):
    """The decibels, or those that a mistake would give."""

    def foggy(pictures, level):
        return np.clip(pictures + mean * level + level * rng.standard_normal(pictures.shape), 0, 1)

    found = np.zeros((len(levels), len(levels)))
    for i, trained_at in enumerate(levels):
        copies = clean if no_noise else foggy(clean, trained_at)
        linear = fitted_along_directions(copies, clean, penalty)
        for j, tested_at in enumerate(levels):
            answers = apply(linear, foggy(new, tested_at))
            answers = answers.clip(0, 1) if cut else answers
            found[i, j] = 10 * np.log10(1 / np.mean((answers - new) ** 2))
    return found


# --- pictures ---------------------------------------------------------------------------------------------------------


def shuffled(rng, cases):
    return [cases[at] for at in rng.permutation(len(cases))]


def digits(rng, count):
    """Handwritten digits of 7 x 7 pixels, drawn anew each time."""
    return small_digits()[rng.permutation(10_000)[:count]]


@cache
def small_digits():
    import minae.data

    images = minae.data.mnist("test")[0].astype(float)
    return images.reshape(-1, 7, 4, 7, 4).mean(axis=(2, 4)).reshape(-1, 49)


def rectangles(rng, count, side=8):
    """A bright rectangle on a dark ground, 8 x 8 pixels."""
    pictures = np.zeros((count, side, side))
    for picture in pictures:
        (top, left), (height, width) = rng.integers(0, side - 2, 2), rng.integers(2, side - 1, 2)
        picture[top : top + height, left : left + width] = rng.uniform(0.5, 1)
    return pictures.reshape(count, -1)
