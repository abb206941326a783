"""The public checks of exercise 20. Ten points. What they say stands in messages.toml.

Weights lie far below and far above what exp can hold, and where the truth is a closed form, other ways reach it.
"""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from lessons.tools.judging import call, cause_of, compare, is_close, kind

pytestmark = pytest.mark.numpy_only
SAY = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))
WHAT, FORM = SAY["what"], SAY["form"]
SIZES = [(7, 5, 3, 2), (3, 4, 1, 11), (5, 2, 3, 13), (2, 7, 5, 1)]  # pictures, pixels, latents, darts
LN_2PI = np.log(2 * np.pi)


def shuffled(rng, cases):
    return [cases[at] for at in rng.permutation(len(cases))]


def several(what, result, count):
    is_right = isinstance(result, (tuple, list)) and len(result) == count
    assert is_right, FORM["count"].format(what=what, count=count, found=kind(result))
    return result


def a_world(rng, pixels, latents):
    """mean, W, var; the variance is not near 1, where a root or a square of it cannot be seen."""
    scale = float(rng.choice([0.3, 2.5]) * rng.uniform(0.8, 1.2))
    return rng.standard_normal(pixels), rng.standard_normal((pixels, latents)), scale


def away_from_0(rng, shape):
    return rng.choice([-1.0, 1.0], shape) * rng.uniform(0.4, 1.6, shape)


def ln_w_of(rng, darts, count):
    """Logarithms of weights that differ: near 0, far below, far above, and all of these side by side."""
    level = rng.choice([-1500.0, -200.0, 0.0, 1200.0], count)
    return level + 2 * rng.standard_normal((darts, count))


def by_long_sums(ln_w):
    """L_K, with the logarithms of sums taken two by two."""
    total = ln_w[0]
    for row in ln_w[1:]:
        total = np.logaddexp(total, row)
    return total - np.log(len(ln_w))


# --- weights, and the truth -------------------------------------------------------------------------------------------


@pytest.mark.points(2, "build")
def test_log_weights(exercise, rng):
    say = SAY["weights"]
    for count, pixels, latents, darts in shuffled(rng, SIZES):
        mean, W, var = a_world(rng, pixels, latents)
        x, mu = rng.standard_normal((count, pixels)), rng.standard_normal((count, latents))
        log_var, eps = away_from_0(rng, (count, latents)), rng.standard_normal((darts, count, latents))
        std = np.sqrt(np.exp(log_var))

        def parts(codes, mean=mean, W=W, var=var, x=x, eps=eps, log_var=log_var):
            squares = ((x - mean - np.einsum("kni,di->knd", codes, W)) ** 2).sum(axis=2)
            picture = -squares / (2 * var) - len(mean) * (np.log(var) + LN_2PI) / 2
            prior = -(codes**2).sum(axis=2) / 2
            return picture, prior, -((eps**2).sum(axis=2) + log_var.sum(axis=1)) / 2

        z = mu + std * eps
        picture, prior, q = parts(z)
        wide, wide_prior, wide_q = parts(mu + std**2 * eps)
        right, code = picture + prior - q, LN_2PI * latents / 2
        mistakes = {
            say["no_prior"]: picture - q + code,
            say["no_q"]: picture + prior,
            say["no_q_constant"]: picture + prior - code,
            say["picture_alone"]: picture,
            say["plus_q"]: picture + prior + q,
            say["code_sign"]: picture - prior + q,
            say["prior_constant"]: right - code,
            say["q_constant"]: right + code,
            say["famous"]: wide + wide_prior - wide_q,
            say["no_constant"]: right + pixels * (np.log(var) + LN_2PI) / 2,
            say["no_2pi"]: right + pixels * LN_2PI / 2,
            say["one_constant"]: right + (pixels - 1) * (np.log(var) + LN_2PI) / 2,
            say["no_width"]: right - log_var.sum(axis=1) / 2,
            say["whole_width"]: right + log_var.sum(axis=1) / 2,
            say["no_mean"]: parts(z, mean=0 * mean)[0] + prior - q,
            say["std_of_pixels"]: parts(z, var=var**2)[0] + prior - q,
            say["not_logarithm"]: np.exp(np.minimum(right, 700)),
            say["turned"]: right.T,
            say["shape"]: "shape raises",
        }
        what, args = WHAT["weights"].format(darts=darts, count=count), (x, mean, W, var, mu, log_var, eps)
        compare(what, call(what, exercise.log_weights, *args, mistakes=mistakes), right, mistakes)


@pytest.mark.points(2, "build")
def test_exact_log_p(exercise, rng):
    """Along the eigenvectors of W W' the world is a bell for each direction."""
    say = SAY["exact"]
    for count, pixels, latents, _ in shuffled(rng, [*SIZES, (4, 3, 6, 1), (2, 400, 3, 1)]):
        mean, W, var = a_world(rng, pixels, latents)
        var = rng.uniform(4, 6) if pixels == 400 else var  # a determinant that no float can hold
        x = mean + rng.standard_normal((count, pixels))
        lengths, along = np.linalg.eigh(np.einsum("di,ei->de", W, W))

        def bells(variances, x=x, mean=mean, along=along):
            squares = ((x - mean) @ along) ** 2
            return -(squares / variances + np.log(variances) + LN_2PI).sum(axis=1) / 2

        right, spread = bells(lengths + var), np.log(lengths + var).sum()
        mistakes = {
            say["no_noise"]: bells(np.abs(lengths) + 1e-12),
            say["noise_alone"]: bells(var + 0 * lengths),
            say["std"]: bells(lengths + var**2),
            say["root"]: bells(lengths + np.sqrt(var)),
            say["no_det"]: right + spread / 2,
            say["whole_det"]: right - spread / 2,
            say["no_2pi"]: right + pixels * LN_2PI / 2,
            say["one_2pi"]: right + (pixels - 1) * LN_2PI / 2,
            say["no_half"]: 2 * right,
            say["sign"]: -right,
            say["no_mean"]: bells(lengths + var, mean=0 * mean),
            say["density"]: np.exp(np.minimum(right, 700)),
            say["averaged"]: right.mean(),
            say["infinite"]: "infinite",
            say["shape"]: "shape raises",
        }
        what = WHAT["exact"].format(count=count, pixels=pixels, latents=latents)
        compare(what, call(what, exercise.exact_log_p, x, mean, W, var, mistakes=mistakes), right, mistakes)


# --- what many darts are worth ----------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_effective_sample_size(exercise, rng):
    say = SAY["ess"]
    for count, darts in shuffled(rng, [(5, 3), (7, 11), (2, 13), (3, 1)]):
        ln_w = ln_w_of(rng, darts, count)
        right = np.exp(2 * by_long_sums(ln_w) - by_long_sums(2 * ln_w)) * darts
        share = np.exp(ln_w - by_long_sums(ln_w)) / darts
        mistakes = {
            say["upside_down"]: 1 / right,
            say["share"]: right / darts,
            say["root"]: np.sqrt(right),
            say["of_logarithms"]: ln_w.sum(axis=0) ** 2 / (ln_w**2).sum(axis=0),
            say["largest"]: 1 / share.max(axis=0),
            say["entropy"]: np.exp(-(share * np.log(share + 1e-300)).sum(axis=0)),
            say["infinite"]: "infinite",
            say["shape"]: "shape raises",
        }
        what = WHAT["ess"].format(darts=darts, count=count)
        compare(what, call(what, exercise.effective_sample_size, ln_w, mistakes=mistakes), right, mistakes)


@pytest.mark.points(1, "build")
def test_error_bars(exercise, rng):
    say = SAY["bars"]
    for count, darts in shuffled(rng, [(5, 3), (7, 11), (13, 5), (3, 17)]):
        ln_w = ln_w_of(rng, darts, count)
        bounds = by_long_sums(ln_w)
        w = np.exp(ln_w - bounds)  # the mean of each picture's is 1
        of_pictures = np.sqrt(bounds.var(ddof=1) / count)
        of_each = np.sqrt(w.var(axis=0, ddof=1) / darts)
        of_darts = np.sqrt((of_each**2).mean() / count)
        of_logs = np.sqrt(ln_w.var(axis=0, ddof=1) / darts)
        expected = {"score": bounds.mean(), "pictures": of_pictures, "darts": of_darts}
        mistakes = {
            "score": {
                say["elbo"]: ln_w.mean(),
                say["all"]: by_long_sums(ln_w.reshape(-1)),
                say["infinite"]: "infinite",
            },
            "pictures": {
                say["std"]: bounds.std(ddof=1),
                say["ddof"]: bounds.std() / np.sqrt(count),
                say["numbers"]: ln_w.std(ddof=1) / np.sqrt(ln_w.size),
                say["swapped"]: of_darts,
            },
            "darts": {
                say["mean_of_errors"]: of_each.mean(),
                say["one_picture"]: np.sqrt((of_each**2).sum()),
                say["by_root"]: of_each.mean() / np.sqrt(count),
                say["of_logs"]: np.sqrt((of_logs**2).sum()) / count,
                say["no_darts"]: np.sqrt((w.var(axis=0, ddof=1)).sum()) / count,
                say["ddof"]: np.sqrt((w.var(axis=0) / darts).sum()) / count,
                say["swapped"]: of_pictures,
                say["infinite"]: "infinite",
            },
        }
        what = WHAT["bars"].format(darts=darts, count=count)
        every = {
            cause: wrong for group in mistakes.values() for cause, wrong in group.items() if isinstance(wrong, str)
        }
        found = several(what, call(what, exercise.error_bars, ln_w, mistakes=every), 3)
        for value, (name, right) in zip(found, expected.items(), strict=True):
            compare(WHAT[name].format(what=what), value, right, mistakes[name])


def rivals(rng, early, late, darts=30, count=200):
    """Log-weights of two models; the first is better by `early` nats in the first tenth of the darts, in all by `late`.

    All darts of a picture and a tenth are alike, so the bounds are known. Pictures differ by far more than the models.
    """
    level = 20 * rng.standard_normal(count) - 700
    noise = rng.standard_normal(count)
    noise = (noise - noise.mean()) / noise.std(ddof=1) * np.sqrt(count) / 10  # a standard error of 0.1
    first = darts // 10
    b = np.tile(level, (darts, 1))
    rest = np.exp(late + noise) * darts - np.exp(early + noise) * first
    a = level + np.log(np.where(np.arange(darts)[:, None] < first, np.exp(early + noise), rest / (darts - first)))
    return a, b


@pytest.mark.points(1, "build")
def test_difference(exercise, rng):
    say = SAY["difference"]
    cases = [(0.6, 0.65, True), (0.6, 0.2, False), (0.1, 0.5, False), (-0.5, 0.6, False), (0.36, 0.45, True)]
    for early, late, believe in shuffled(rng, cases):
        a, b = rivals(rng, early, late, darts=int(rng.choice([30, 50])))
        sign = rng.choice([-1, 1])
        if sign < 0:
            a, b = b, a
        better = by_long_sums(a) - by_long_sums(b)
        error = better.std(ddof=1) / np.sqrt(len(better))
        apart = np.sqrt((by_long_sums(a).var(ddof=1) + by_long_sums(b).var(ddof=1)) / len(better))
        mistakes = {
            "mean": {say["turned"]: -better.mean(), say["elbo"]: (a - b).mean(), say["infinite"]: "infinite"},
            "error": {
                say["apart"]: apart,
                say["std"]: better.std(ddof=1),
                say["ddof"]: better.std() / np.sqrt(len(better)),
                say["numbers"]: (a - b).std(ddof=1) / np.sqrt(a.size),
            },
        }
        what = WHAT["difference"].format(late=sign * late, early=sign * early)
        mean_found, error_found, believed = several(what, call(what, exercise.difference, a, b), 3)
        compare(WHAT["mean"].format(what=what), mean_found, better.mean(), mistakes["mean"])
        compare(WHAT["error"].format(what=what), error_found, error, mistakes["error"])
        assert believed in (True, False), FORM["truth"].format(what=what, found=kind(believed))
        word = "believed" if believed else "doubted"
        hint = "few" if abs(late) < 0.3 else "sign" if early * late < 0 else "tenth"
        text = say[word].format(what=what) + (cause_of([say[hint]]) if believed else "")
        assert bool(believed) == believe, text


# --- mended -----------------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "debug")
def test_bound(exercise, rng):
    say = SAY["bound"]
    for count, darts in shuffled(rng, [(5, 3), (7, 11), (2, 13), (3, 1)]):
        ln_w = ln_w_of(rng, darts, count)
        ln_w[:, 0] = rng.uniform(-400, -100) + rng.standard_normal(darts)  # small, and exp can hold them
        ln_w[:, 1] = rng.uniform(-1600, -1400) + rng.standard_normal(darts)  # exp cannot
        right, capped = by_long_sums(ln_w), np.exp(np.minimum(ln_w, 700)).mean(axis=0)
        added = {say["as_it_was"]: np.log(capped + 1e-37), say["smaller"]: np.log(capped + 1e-300)}
        mistakes = {
            say["sum"]: right + np.log(darts),
            say["elbo"]: ln_w.mean(axis=0),
            say["largest"]: ln_w.max(axis=0),
            say["not_back"]: right - ln_w.max(axis=0),
            say["one"]: by_long_sums(ln_w.reshape(-1)),
            say["infinite"]: "infinite",
            say["shape"]: "shape raises",
        }
        what = WHAT["bound"].format(darts=darts, count=count)
        found = call(what, exercise.bound, ln_w, mistakes=mistakes)
        low = ln_w.max(axis=0) < 0
        if isinstance(found, np.ndarray) and found.shape == right.shape:
            same = [cause for cause, wrong in added.items() if is_close(found[low], wrong[low])]
            assert is_close(found[low], right[low]) or not same, WHAT["still"].format(what=what) + cause_of(same)
        compare(what, found, right, mistakes)


@pytest.mark.points(1, "debug")
def test_train_and_test(exercise, rng):
    say, sets = SAY["sets"], []
    for n_train, n_test in shuffled(rng, [(300, 170), (200, 310), (230, 230)]):
        seed, what = int(rng.integers(1_000_000)), WHAT["sets"].format(n_train=n_train, n_test=n_test)
        pair = several(what, call(what, exercise.train_and_test, n_train, n_test, seed), 2)
        for points, n in zip(pair, (n_train, n_test), strict=True):
            is_right = isinstance(points, np.ndarray) and points.shape == (n, 2)
            assert is_right, say["shape"].format(what=what, expected=(n, 2), found=kind(points))
        train, test = pair
        for points in pair:
            assert len(np.unique(points, axis=0)) == len(points), say["twice"].format(what=what)
        both = {*map(tuple, train.tolist())} & {*map(tuple, test.tolist())}
        assert not both, say["both"].format(what=what, found=len(both), n_test=n_test)
        for points, others in ((test, train), (train, test)):
            nearest = np.linalg.norm(points[:, None] - others, axis=2).min(axis=1)
            near = (nearest < 0.6).mean()
            assert near > 0.9, say["elsewhere"].format(what=what, found=1 - near)
        again = call(what, exercise.train_and_test, n_train, n_test, seed)
        same = all(np.array_equal(one, two) for one, two in zip(pair, again, strict=True))
        assert same, say["unseeded"].format(what=what)
        sets.append(train)
    assert not {*map(tuple, sets[0].tolist())} & {*map(tuple, sets[1].tolist())}, say["one_seed"]


# --- an experiment ----------------------------------------------------------------------------------------------------


def gaps_of(rng, latents, var, darts, n):
    """ln p(x) - L_K of n pictures; here each direction is a bell by itself."""
    x = np.sqrt(1 + var) * rng.standard_normal((n, latents))
    truth = -(x**2 / (1 + var) + np.log(1 + var) + LN_2PI).sum(axis=1) / 2
    missed = x - rng.standard_normal((darts, n, latents))
    return truth - by_long_sums(-(missed**2 / var + np.log(var) + LN_2PI).sum(axis=2) / 2)


@pytest.mark.points(1, "experiment")
def test_prior_gap(exercise, rng):
    say = SAY["gap"]
    for latents, darts in shuffled(rng, [(1, 12), (2, 50), (3, 20)]):
        n, var, seed = 2_000, float(rng.uniform(0.08, 0.15)), int(rng.integers(1_000_000))
        what = WHAT["gap"].format(latents=latents, darts=darts, var=var)
        kl_found, gap_found = several(what, call(what, exercise.prior_gap, latents, var, darts, n, seed), 2)
        for value in (kl_found, gap_found):
            is_number = isinstance(value, (int, float, np.floating, np.ndarray)) and np.ndim(value) == 0
            assert is_number, FORM["number"].format(what=what, found=kind(value))
        kl = latents * np.log((1 + var) / var) / 2
        error = np.sqrt(latents / 2) / (1 + var) / np.sqrt(n)  # of a mean over n pictures, in place of all
        wrong = {
            "kl_one": kl / latents,
            "kl_double": 2 * kl,
            "kl_turned": latents * (1 / var - np.log(1 + 1 / var) / 2),
        }
        causes = [say[name] for name, value in wrong.items() if abs(kl_found - value) < 0.05]
        text = say["kl"].format(what=what, expected=kl, found=float(kl_found)) + cause_of(causes)
        assert abs(kl_found - kl) < 5 * error, text
        gaps = gaps_of(rng, latents, var, darts, 4_000)
        error = gaps.std() * np.sqrt(1 / n + 1 / len(gaps))
        causes = [say["sign"]] if gap_found < 0 else []
        text = say["differs"].format(what=what, expected=gaps.mean(), found=float(gap_found), error=error)
        assert abs(gap_found - gaps.mean()) < 5 * error, text + cause_of(causes)
    line = exercise.WHY_SO_MANY
    assert isinstance(line, str) and len(line.split()) > 2, say["no_line"]
