"""The public checks of exercise 9. Ten points. What they say stands in messages.toml.

Signs of components are free, so components are judged by the projections that they make. Clouds of points are drawn
with known directions; pictures are digits that people wrote, shrunk to 7 x 7.
"""

import tomllib
from functools import cache, partial
from pathlib import Path

import numpy as np
import pytest

from lessons.tools.judging import call, cause_of, compare, differs, is_close, kind

pytestmark = pytest.mark.numpy_only

SAY = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))
WHAT, FORM = SAY["what"], SAY["form"]

# --- data -------------------------------------------------------------------------------------------------------------


def cloud(rng, count, variances):
    """Points around a centre far from 0, with these variances along random directions, exactly."""
    size = len(variances)
    points = rng.standard_normal((count, size))
    points -= points.mean(axis=0)
    points, _ = np.linalg.qr(points)  # uncorrelated, with sums of squares of 1
    turn, _ = np.linalg.qr(rng.standard_normal((size, size)))
    centre = rng.uniform(2, 3) * rng.choice([-1.0, 1.0], size)
    return (points * np.sqrt(count * np.asarray(variances))) @ turn + centre


@cache
def mnist():
    import minae.data

    x = minae.data.mnist("test")[0].reshape(-1, 7, 4, 7, 4).mean(axis=(2, 4))
    return x.reshape(len(x), 49).astype(np.float64)


def digits(rng, count):
    """Some of MNIST's test images, 7 x 7, drawn anew each time."""
    x = mnist()
    return x[rng.permutation(len(x))[:count]]


def centred(x):
    return x - x.mean(axis=0)


# --- PCA --------------------------------------------------------------------------------------------------------------


def components_of(x, k):
    """The right components, by another way than most take: the singular vectors of the data."""
    return np.linalg.svd(centred(x), full_matrices=False)[2][:k]


def projection(directions):
    """The matrix that projects onto these columns, which need not be at right angles."""
    q, _ = np.linalg.qr(directions)
    return q @ q.T


@pytest.mark.points(2, "build")
def test_pca(exercise, rng):
    variances = np.sort(rng.uniform(0.5, 1.5, 7) * 3.0 ** -np.arange(7))[::-1]
    cases = [(cloud(rng, 60, variances), 3), (cloud(rng, 23, variances[:5]), 1), (cloud(rng, 40, variances[:4]), 4)]
    cases += [(0.5 + spread(centred(digits(rng, 300)), 2), 2)]
    for at in rng.permutation(len(cases)):
        for dtype in (np.float64, np.float32):
            check_pca(exercise, cases[at][0].astype(dtype), cases[at][1], dtype)


def check_pca(exercise, x, k, dtype):
    say, what = SAY["pca"], WHAT["pca"].format(shape=x.shape, k=k)
    result = call(what, exercise.pca, x, k)
    is_pair = isinstance(result, (tuple, list)) and len(result) == 2
    assert is_pair, FORM["pair"].format(what=what, found=kind(result))
    mean, components = result
    wrong_means = {say["no_mean"]: np.zeros(x.shape[1]), say["one_mean"]: np.full(x.shape[1], x.mean())}
    compare(WHAT["mean"].format(what=what), mean, x.mean(axis=0, dtype=np.float64), wrong_means, dtype)
    x64, is_array = x.astype(np.float64), isinstance(components, np.ndarray)
    shape = components.shape if is_array else kind(components)
    causes = [say["columns"]] if shape == (x.shape[1], k) else []
    causes += [say["all"]] if shape == (x.shape[1],) * 2 else []
    where = WHAT["components"].format(what=what)
    assert shape == (k, x.shape[1]), differs(where, f"shape {(k, x.shape[1])}", shape) + cause_of(causes)
    right = components_of(x64, k)
    _, raw = np.linalg.eigh(x64.T @ x64)
    covariance = centred(x64).T @ centred(x64) / len(x)
    vectors = np.linalg.eigh(covariance)[1]
    mistakes = {
        say["smallest"]: vectors.T[:k],
        say["order"]: vectors.T[-k:],
        say["no_transpose"]: vectors[::-1][:k],
        say["no_transpose_reversed"]: vectors[:, ::-1][:k],
        say["uncentred"]: raw.T[::-1][:k],
        say["scaled"]: right * np.sqrt(np.diag(right @ covariance @ right.T))[:, None],
        say["one_mean_components"]: np.linalg.svd(x64 - x64.mean(), full_matrices=False)[2][:k],
        say["standardised"]: components_of(x64 / np.maximum(x64.std(axis=0), 1e-9), k),
    }
    compare_directions(where, components, right, mistakes, dtype)
    assert components.dtype == dtype, FORM["dtype"].format(what=where, expected=np.dtype(dtype), found=components.dtype)


def compare_directions(what, found, right, mistakes, dtype):
    """Rows of both, up to their signs: u uᵀ does not know the sign of u."""
    outer = lambda rows: rows[:, :, None] * rows[:, None, :]
    if not close(outer(found.astype(np.float64)), outer(right), dtype):
        same = [cause for cause, wrong in mistakes.items() if close(outer(found), outer(wrong), dtype)]
        number = next(i for i in range(len(right)) if not close(outer(found)[i], outer(right)[i], dtype))
        length = float(np.linalg.norm(found[number]))
        told = SAY["pca"]["differs"].format(what=what, number=number, length=length)
        raise AssertionError(told + cause_of(same))


def close(found, expected, dtype):
    return found.shape == expected.shape and np.abs(found - expected).max() < (2e-3 if dtype == np.float32 else 1e-7)


@pytest.mark.points(1, "build")
def test_encode_and_decode(exercise, rng):
    """Each is judged alone, with components that the test has drawn."""
    say = SAY["copies"]
    for size, k, count in rng.permutation([(7, 3, 11), (5, 2, 13), (11, 7, 5)]).tolist():
        components = np.linalg.qr(rng.standard_normal((size, k)))[0].T
        mean, x = rng.uniform(1, 2, size), rng.standard_normal((count, size)) + 1
        codes = rng.standard_normal((count, k))
        of_codes = {
            say["not_centred"]: x @ components.T,
            say["mean_twice"]: x @ components.T - x.mean(),
            say["own_mean"]: (x - x.mean(axis=0)) @ components.T,
            say["projected"]: (x - mean) @ components.T @ components,
            say["form"]: "raises shape",
        }
        of_pictures = {
            say["no_mean"]: codes @ components,
            say["minus_mean"]: codes @ components - mean,
            say["form"]: "raises shape",
        }
        for dtype in (np.float64, np.float32):
            narrow = lambda *arrays, dtype=dtype: [array.astype(dtype) for array in arrays]
            what = WHAT["encode"].format(shape=x.shape, k=k)
            found = call(what, exercise.encode, *narrow(x, mean, components), mistakes=of_codes)
            compare(what, found, (x - mean) @ components.T, of_codes, dtype)
            what = WHAT["decode"].format(shape=codes.shape, size=size)
            found = call(what, exercise.decode, *narrow(codes, mean, components), mistakes=of_pictures)
            compare(what, found, codes @ components + mean, of_pictures, dtype)


# --- the linear autoencoder -------------------------------------------------------------------------------------------


def slopes_of(x, encoder, decoder):
    """The slopes from the covariance alone, as in section 2."""
    covariance = x.T @ x / len(x)
    wrong = decoder @ encoder @ covariance - covariance
    return 2 * decoder.T @ wrong, 2 * wrong @ encoder.T


@pytest.mark.points(2, "build")
def test_linear_slopes(exercise, rng):
    say = SAY["slopes"]
    for count, size, k in rng.permutation([(11, 5, 2), (7, 13, 3), (17, 3, 1)]).tolist():
        x = centred(rng.standard_normal((count, size)))
        encoder, decoder = rng.standard_normal((k, size)), rng.standard_normal((size, k))
        z = x @ encoder.T
        wrong = z @ decoder.T - x
        to_encoder, to_decoder = slopes_of(x, encoder, decoder)
        loss = (wrong**2).sum() / count
        losses = {
            say["mean_of_all"]: loss / size,
            say["summed"]: loss * count,
            say["half"]: loss / 2,
            say["root"]: np.sqrt(loss),
        }
        scaled = lambda right, count=count, size=size: {
            say["no_two"]: right / 2,
            say["not_averaged"]: right * count,
            say["over_pixels"]: right / size,
            say["sign"]: -right,
            say["transposed"]: "shape",
        }
        parts = {
            "encoder": (to_encoder, {**scaled(to_encoder), say["straight"]: 2 * encoder @ wrong.T @ x / count}),
            "decoder": (to_decoder, {**scaled(to_decoder), say["copies"]: 2 * wrong.T @ wrong @ decoder / count}),
        }
        for dtype in (np.float64, np.float32):
            what = WHAT["slopes"].format(shape=x.shape, k=k)
            arrays = [array.astype(dtype) for array in (x, encoder, decoder)]
            result = call(what, exercise.linear_slopes, *arrays, mistakes={say["matrix"]: "raises"})
            is_three = isinstance(result, (tuple, list)) and len(result) == 3
            assert is_three, FORM["three"].format(what=what, found=kind(result))
            compare(WHAT["loss"].format(what=what), result[0], loss, losses, dtype)
            for found, (name, (right, mistakes)) in zip(result[1:], parts.items(), strict=True):
                other = parts["decoder" if name == "encoder" else "encoder"][0]
                mistakes = {say["swapped"]: other, **mistakes}
                compare(WHAT["slope"].format(what=what, name=name), found, right, mistakes, dtype)


def descended(x, encoder, decoder, steps, lr, in_turn=False, stale=False, which=(1, 1)):
    """The right descent, and those of known mistakes."""
    first = slopes_of(x, encoder, decoder)
    for _ in range(steps):
        to_encoder, to_decoder = first if stale else slopes_of(x, encoder, decoder)
        encoder = encoder - which[0] * lr * to_encoder
        if in_turn:
            _, to_decoder = slopes_of(x, encoder, decoder)
        decoder = decoder - which[1] * lr * to_decoder
    return encoder, decoder


@pytest.mark.points(1, "build")
@pytest.mark.seconds(20)
def test_train_linear_goes_downhill_step_by_step(exercise, rng):
    say = SAY["train"]
    for count, size, k, steps in rng.permutation([(11, 5, 2, 3), (7, 13, 3, 2), (17, 3, 1, 4)]).tolist():
        x = centred(rng.standard_normal((count, size)))
        encoder, decoder = 0.5 * rng.standard_normal((k, size)), 0.5 * rng.standard_normal((size, k))
        lr = float(rng.uniform(0.01, 0.03))
        run = partial(descended, x, encoder, decoder, steps=steps, lr=lr)
        wrong = {
            "in_turn": run(in_turn=True),
            "stale": run(stale=True),
            "one_step": run(steps=1),
            "one_less": run(steps=steps - 1),
            "one_more": run(steps=steps + 1),
            "uphill": run(lr=-lr),
            "encoder_alone": run(which=(1, 0)),
            "decoder_alone": run(which=(0, 1)),
            "as_before": (encoder, decoder),
        }
        what = WHAT["train"].format(shape=x.shape, k=k, steps=steps)
        found = trained(what, exercise, x, encoder, decoder, steps, lr)
        same = [say[cause] for cause, pair in wrong.items() if both_close(found, pair)]
        for name, one, right in zip(("encoder", "decoder"), found, run(), strict=True):
            mistakes = dict.fromkeys(same, np.asarray(one))
            compare(WHAT["trained"].format(what=what, name=name), one, right, mistakes)


def trained(what, exercise, x, encoder, decoder, steps, lr):
    result = call(what, exercise.train_linear, x, encoder, decoder, steps, lr)
    is_pair = isinstance(result, (tuple, list)) and len(result) == 2
    assert is_pair, FORM["matrices"].format(what=what, found=kind(result))
    return result


def both_close(found, pair):
    return all(is_close(np.asarray(one), right) for one, right in zip(found, pair, strict=True))


@pytest.mark.points(1, "build")
@pytest.mark.seconds(60)
def test_train_linear_ends_at_pca(exercise, rng):
    """On points whose variances fall by half, and on digits: the two projections agree to 1e-6."""
    say, sets = SAY["train"], [("points", centred(cloud(rng, 200, 2.0 ** -np.arange(8))), 3)]
    sets += [("digits", spread(centred(digits(rng, 500)), 2), 2)]
    for at in rng.permutation(2):
        name, x, k = sets[at]
        encoder, decoder = (1e-4 * rng.standard_normal(shape) for shape in ((k, x.shape[1]), (x.shape[1], k)))
        what = WHAT["ends"].format(name=say[name], k=k)
        _, found = trained(what, exercise, x, encoder, decoder, 2000, 0.2)
        found, right = np.asarray(found, np.float64), projection(components_of(x, k).T)
        is_fine = found.shape == decoder.shape and np.isfinite(found).all()
        assert is_fine, say["no_numbers"].format(what=what)
        apart = np.abs(projection(found) - right).max()
        assert apart < 1e-6, say["apart"].format(what=what, apart=apart)


def spread(x, k):
    """The same pictures, with the largest eigenvalue 1, and what lies beyond k components smaller by a factor of 3.

    Descent takes long where two eigenvalues are nearly equal, and in some draws those of digits are.
    """
    right = components_of(x, k)
    x = x / np.sqrt(np.linalg.eigvalsh(x.T @ x / len(x))[-1])
    return x @ right.T @ right + (x - x @ right.T @ right) / np.sqrt(3)


# --- rivals and latent_grid: to mend ----------------------------------------------------------------------------------


@pytest.mark.points(1, "debug")
def test_rivals_are_measured_alike(exercise, rng):
    say = SAY["rivals"]
    cases = [
        (cloud(rng, 90, 1.6 ** -np.arange(9)), 4),
        (digits(rng, 300), 5),
        (cloud(rng, 60, 1.4 ** -np.arange(7)), 1),
    ]
    for at in rng.permutation(len(cases)):
        x, k = cases[at]
        x, new_x = x[: 2 * len(x) // 3], x[2 * len(x) // 3 :] + rng.uniform(0.1, 0.2)
        weight = rng.standard_normal((k, x.shape[1])) / np.sqrt(x.shape[1])
        encoder = lambda pictures, weight=weight: np.tanh(pictures @ weight.T)
        decoder = lambda codes, weight=weight: codes @ weight
        by_pca = lambda pictures, k, fitted=x: copies_by_pca(fitted, k, pictures)
        error = lambda copies, pictures: np.mean(np.sum((copies - pictures) ** 2, axis=1))
        network, rival = error(decoder(encoder(new_x)), new_x), error(by_pca(new_x, k), new_x)
        of_network = {
            say["neither"]: np.mean((decoder(encoder(x)) - x) ** 2),
            say["mean_over_pixels"]: network / x.shape[1],
            say["old_pictures"]: error(decoder(encoder(x)), x),
            say["over_pictures"]: network * len(new_x),
        }
        of_pca = {
            say["two"]: error(by_pca(new_x, 2), new_x),
            say["fitted_to_new"]: error(by_pca(new_x, k, new_x), new_x),
            say["pca_old_pictures"]: error(by_pca(x, k), x),
            say["pca_pixels"]: rival / x.shape[1],
        }
        what = WHAT["rivals"].format(k=k, size=x.shape[1])
        result = call(what, exercise.rivals, encoder, decoder, copies_by_pca, x, new_x)
        is_pair = isinstance(result, (tuple, list)) and len(result) == 2
        assert is_pair, FORM["errors"].format(what=what, found=kind(result))
        compare(WHAT["of_network"].format(what=what), result[0], network, of_network)
        compare(WHAT["of_pca"].format(what=what), result[1], rival, of_pca)


def copies_by_pca(fitted, k, pictures):
    components, mean = components_of(fitted, k), fitted.mean(axis=0)
    return mean + (pictures - mean) @ components.T @ components


@pytest.mark.points(1, "debug")
def test_latent_grid_goes_where_codes_are(exercise, rng):
    say = SAY["grid"]
    for n in rng.permutation([3, 5, 8]).tolist():
        codes = np.stack([rng.exponential(5, 400) - 2, 30 + 3 * rng.standard_normal(400)], axis=1)[
            :, rng.permutation(2)
        ]
        middle = (np.arange(n) + 0.5) / n
        draft = np.linspace(-3, 3, n)
        lows, highs = codes.min(axis=0), codes.max(axis=0)
        cross = lambda first, second: np.array([(a, b) for b in second for a in first])
        at = partial(quantiles, codes)
        first, second = at(middle)
        normal = codes.mean(axis=0) + codes.std(axis=0) * np.linspace(-2, 2, n)[:, None]
        mistakes = {
            say["as_it_was"]: cross(draft, draft),
            say["from_end_to_end"]: cross(*np.linspace(lows, highs, n).T),
            say["extremes"]: cross(*at(np.linspace(0, 1, n))),
            say["without_ends"]: cross(*at(np.arange(1, n + 1) / (n + 1))),
            say["left_ends"]: cross(*at(np.arange(n) / n)),
            say["both_together"]: cross(*[np.quantile(codes, middle)] * 2),
            say["first_for_both"]: cross(first, first),
            say["as_if_normal"]: cross(*normal.T),
            say["order"]: np.array([(a, b) for a in first for b in second]),
            say["swapped"]: np.array([(b, a) for b in second for a in first]),
            say["form"]: "shape",
        }
        what = WHAT["grid"].format(n=n)
        found = call(what, exercise.latent_grid, codes, n, mistakes={say["form"]: "raises"})
        compare(what, found, cross(first, second), mistakes)


# --- shift_and_mask: an experiment ------------------------------------------------------------------------------------


def quantiles(codes, parts):
    """For both numbers of the codes."""
    return np.quantile(codes, parts, axis=0).T


@pytest.mark.points(1, "experiment")
def test_shift_and_mask(exercise, rng):
    say = SAY["shift"]
    for height, width, down, right in rng.permutation(
        [(8, 7, 1, 1), (6, 9, 0, 1), (10, 5, 2, 3), (4, 11, 1, 0)]
    ).tolist():
        pictures = rng.uniform(0, 1, (5, height, width))
        half = (pictures[:, height // 2 :] ** 2).sum() / 5
        errors, moved = partial(error_of, pictures), partial(shifted, pictures)
        first = errors(moved(down, right))
        of_shift = {
            say["rolled"]: errors(np.roll(pictures, (down, right), axis=(1, 2))),
            say["other_way"]: errors(moved(-down, -right)),
            say["crossed"]: errors(moved(right, down)),
            say["kept"]: errors(kept(pictures, down, right)),
            say["pixels"]: first / (height * width),
            say["summed"]: first * 5,
            say["first_is_mask"]: half,
        }
        of_mask = {
            say["upper"]: (pictures[:, : height // 2] ** 2).sum() / 5,
            say["side"]: (pictures[:, :, width // 2 :] ** 2).sum() / 5,
            say["pixels"]: half / (height * width),
            say["summed"]: half * 5,
        }
        what = WHAT["shift"].format(shape=pictures.shape, down=down, right=right)
        result = call(what, exercise.shift_and_mask, pictures, down, right)
        is_pair = isinstance(result, (tuple, list)) and len(result) == 2
        assert is_pair, FORM["errors"].format(what=what, found=kind(result))
        compare(WHAT["moved"].format(what=what), result[0], first, of_shift)
        compare(WHAT["masked"].format(what=what), result[1], half, of_mask)
    line = exercise.WHY_NOT_MOVED
    assert isinstance(line, str) and len(line.split()) > 2, say["no_line"]


def error_of(pictures, copies):
    """Squared error, summed over the pixels, averaged over the pictures."""
    return ((copies - pictures) ** 2).sum() / len(pictures)


def shifted(pictures, down, right):
    """Moved by up to 3 pixels either way, with black coming in."""
    padded, size = np.pad(pictures, ((0, 0), (3, 3), (3, 3))), pictures.shape
    return padded[:, 3 - down :, 3 - right :][:, : size[1], : size[2]]


def kept(pictures, down, right):
    """Moved, but what should be 0 still shows the picture."""
    copy, (_, height, width) = pictures.copy(), pictures.shape
    copy[:, down:, right:] = pictures[:, : height - down, : width - right]
    return copy
