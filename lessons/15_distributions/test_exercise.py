"""The public checks of exercise 15. Ten points. What they say stands in messages.toml.

What throws darts is judged by z-scores with known variances: nothing may be 5 standard errors off.
"""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from lessons.tools.judging import call, cause_of, compare, kind

pytestmark = pytest.mark.numpy_only

SAY = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))
WHAT, FORM = SAY["what"], SAY["form"]
FAR = 5  # standard errors
LN_2PI = np.log(2 * np.pi)


def parts_of(what, result, count):
    """The numbers that were asked for, a tuple or a list of so many."""
    is_fine = isinstance(result, (tuple, list)) and len(result) == count
    assert is_fine, FORM["parts"].format(what=what, count=count, found=kind(result))
    return result


def seed_of(rng):
    return int(rng.integers(1_000_000))


# --- bets -------------------------------------------------------------------------------------------------------------


def weighted(p, values):
    """The sum of p * values, where nothing times infinity is nothing."""
    return float(sum(a * b for a, b in zip(p.tolist(), values.tolist()) if a > 0))


def costs_of(q):
    with np.errstate(divide="ignore"):
        return -np.log(q)


@pytest.mark.points(1, "build")
def test_bill(exercise, rng):
    say, names = SAY["bill"], ("entropy", "cost", "kl")
    never = lambda q, at: np.where(np.arange(len(q)) == at, 0, q) / (1 - q[at])
    p, q = rng.dirichlet(np.full(5, 3.0)), rng.dirichlet(np.full(5, 3.0))
    at = int(rng.integers(5))
    cases = [
        (rng.dirichlet(np.full(3, 3.0)), rng.dirichlet(np.full(3, 3.0)), "plain"),
        (never(p, at), q, "p0"),
        (never(p, at), never(q, at), "both0"),
        (p, never(q, at), "q0"),
    ]
    for case in rng.permutation(len(cases)):
        p, q, name = cases[case]
        what = WHAT["bill"].format(case=say[name])
        entropy, cost = weighted(p, costs_of(p)), weighted(p, costs_of(q))
        right = entropy, cost, cost - entropy
        other = weighted(q, costs_of(p)) - weighted(q, costs_of(q))
        a_bit_more = weighted(p, costs_of(p + 1e-8)), weighted(p, costs_of(q + 1e-8))
        small = dict(zip(names, (*a_bit_more, a_bit_more[1] - a_bit_more[0])))
        found = parts_of(what, call(what, exercise.bill, p, q, mistakes={say["zero"]: "raises infinite"}), 3)
        mistakes = {
            "entropy": {say["of_q"]: weighted(q, costs_of(q))},
            "cost": {say["q_throws"]: weighted(q, costs_of(p)), say["is_kl"]: right[2]},
            "kl": {say["turned"]: other, say["negative"]: -right[2]},
        }
        for one, expected, part in zip(found, right, names, strict=True):
            known = {say["bits"]: expected / np.log(2), say["sign"]: -expected, say["mean"]: expected / len(p)}
            known = {**mistakes[part], **known, say["finite"]: small[part]}
            if np.isfinite(expected):
                known[say["zero"]] = "infinite"
            compare(WHAT[part].format(what=what), one, expected, known)


@pytest.mark.points(1, "build")
def test_shares_are_posteriors(exercise, rng):
    say = SAY["shares"]
    for case in rng.permutation(["few", "many", "zeros"]).tolist():
        money, bets, outcomes = a_town(rng, case)
        logs = -costs_of(bets[:, outcomes]).sum(axis=1)
        right = normalised(np.log(money) + logs)
        last, added = money * bets[:, outcomes[-1]], money * bets[:, outcomes].sum(axis=1)
        mistakes = {
            say["underflow"]: "infinite raises",
            say["no_money"]: normalised(logs),
            say["last"]: last / last.sum(),
            say["not_divided"]: money * np.exp(logs),
            say["not_shares"]: "shape",
        }
        averaged = normalised(np.log(money) + logs / len(outcomes))
        if case == "many":  # both are nearly the money of the first day
            mistakes[say["days_lost"]] = averaged
        else:
            mistakes |= {say["added"]: added / added.sum(), say["mean_logs"]: averaged}
        if np.isfinite(logs).all():
            mistakes[say["logs"]] = (np.log(money) + logs) / (np.log(money) + logs).sum()
        what = WHAT["shares"].format(bettors=len(money), days=len(outcomes))
        found = call(what, exercise.shares, money, bets, outcomes, mistakes=mistakes)
        compare(what, found, right, mistakes, np.float32, any_dtype=True)  # 20,000 logarithms add up their rounding


def a_town(rng, case):
    """Money, bets and weather. With many days the bets are nearly alike, so that no bettor has all."""
    if case == "few":
        return rng.dirichlet(np.ones(3)) + 0.1, rng.dirichlet(np.full(4, 5.0), 3), rng.integers(0, 4, 11)
    if case == "many":
        days = int(rng.integers(15_000, 20_000))
        bets = 0.25 + rng.uniform(-1, 1, (5, 4)) / (4 * np.sqrt(days))
        return rng.uniform(1, 2, 5), bets / bets.sum(axis=1, keepdims=True), rng.integers(0, 4, days)
    bets = rng.dirichlet(np.full(4, 5.0), 3)
    bets[0, 1] = bets[1, 3] = 0  # the first bettor loses all on the first day; 3 never comes
    bets /= bets.sum(axis=1, keepdims=True)
    return rng.uniform(1, 2, 3), bets, np.append(1, rng.integers(0, 3, 12))


def normalised(logs):
    weights = np.exp(logs - logs.max())
    return weights / weights.sum()


# --- KL of two Gaussians ----------------------------------------------------------------------------------------------


def kl_of_each(mu_p, var_p, mu_q, var_q):
    """Of single coordinates, in the textbook's form."""
    return np.log(np.sqrt(var_q / var_p)) + (var_p + (mu_p - mu_q) ** 2) / (2 * var_q) - 0.5


@pytest.mark.points(2, "build")
def test_kl_gaussians(exercise, rng):
    say = SAY["kl"]
    for rows, size in rng.permutation([(11, 5), (7, 1), (3, 13)]).tolist():
        mu_p, mu_q = rng.standard_normal((2, rows, size))
        log_p, log_q = rng.uniform(-2, 1.5, (2, rows, size))
        var_p, var_q = np.exp(log_p), np.exp(log_q)
        right = kl_of_each(mu_p, var_p, mu_q, var_q).sum(axis=1)
        each = 2 * kl_of_each(mu_p, var_p, mu_q, var_q)
        moved = (mu_p - mu_q) ** 2 / var_q
        mistakes = {
            say["turned"]: kl_of_each(mu_q, var_q, mu_p, var_p).sum(axis=1),
            say["log_std"]: kl_of_each(mu_p, var_p**2, mu_q, var_q**2).sum(axis=1),
            say["std"]: kl_of_each(mu_p, np.sqrt(var_p), mu_q, np.sqrt(var_q)).sum(axis=1),
            say["standard"]: kl_of_each(mu_p, var_p, 0 * mu_q, 1 + 0 * var_q).sum(axis=1),
            say["unscaled_mean"]: (each - moved + (mu_p - mu_q) ** 2).sum(axis=1) / 2,
            say["scaled_by_std"]: (each - moved + (mu_p - mu_q) ** 2 / np.sqrt(var_q)).sum(axis=1) / 2,
            say["by_p"]: (each - moved + (mu_p - mu_q) ** 2 / var_p).sum(axis=1) / 2,
            say["not_squared"]: (each - moved + (mu_p - mu_q) / np.sqrt(var_q)).sum(axis=1) / 2,
            say["log_turned"]: (each + 2 * (log_p - log_q)).sum(axis=1) / 2,
            say["no_one"]: (each + 1).sum(axis=1) / 2,
            say["one_for_all"]: (each.sum(axis=1) + size - 1) / 2,
            say["no_half"]: each.sum(axis=1),
            say["mean"]: right / size,
            say["negative"]: -right,
            say["shape"]: "shape",
        }
        for dtype in (np.float64, np.float32):
            what = WHAT["kl_gaussians"].format(shape=(rows, size))
            arrays = [array.astype(dtype) for array in (mu_p, log_p, mu_q, log_q)]
            found = call(what, exercise.kl_gaussians, *arrays, mistakes=mistakes)
            compare(what, found, right, mistakes, dtype)


@pytest.mark.points(1, "build")
def test_kl_by_darts(exercise, rng):
    for size, turned in rng.permutation([(1, 0), (2, 1), (5, 0), (3, 1)]).tolist():
        wide, narrow = rng.uniform(0.5, 0.9, size), rng.uniform(-1.1, -0.7, size)
        log_p, log_q = (narrow, wide) if turned else (wide, narrow)
        mu_p, mu_q = rng.uniform(0.5, 1, size), -rng.uniform(0.2, 0.5, size)
        check_darts(exercise, rng, mu_p, log_p, mu_q, log_q)


def check_darts(exercise, rng, mu_p, log_p, mu_q, log_q):
    """A dart's value is a sum of squares of normal numbers, with a known variance and a kurtosis of at most 15."""
    say, n, var_p, var_q = SAY["darts"], int(rng.integers(9_000, 11_000)), np.exp(log_p), np.exp(log_q)
    what = WHAT["kl_by_darts"].format(size=len(mu_p), n=n)
    first, second = rng.choice(1_000_000, 2, replace=False).tolist()
    throw = lambda seed: parts_of(what, call(what, exercise.kl_by_darts, mu_p, log_p, mu_q, log_q, n, seed), 2)
    estimate, error = (one_number(what, one) for one in throw(first))
    exact = kl_of_each(mu_p, var_p, mu_q, var_q).sum()
    std, std_back = std_of_a_dart(mu_p, var_p, mu_q, var_q), std_of_a_dart(mu_q, var_q, mu_p, var_p)
    square = lambda mean, var, log_var: (((mu_p - mean) ** 2 + var_p**2) / var + log_var).sum() / 2
    wide = square(mu_q, var_q, log_q)
    back = kl_of_each(mu_q, var_q, mu_p, var_p).sum()
    known = {
        say["turned"]: back,
        say["q_throws"]: -back,
        say["negative"]: -exact,
        say["std"]: wide - square(mu_p, var_p, log_p),
        say["std_of_darts"]: wide - (1 + log_p).sum() / 2,
        say["mean_over_size"]: exact / len(mu_p),
        say["cross"]: exact + (1 + log_p + LN_2PI).sum() / 2,
    }
    z = (estimate - exact) / (std / np.sqrt(n))
    about = 4 * FAR * max(std, std_back) / np.sqrt(n)  # wrong darts are spread otherwise
    nearest_first = sorted(known, key=lambda cause: abs(estimate - known[cause]))
    causes = [cause for cause in nearest_first if abs(estimate - known[cause]) < about]
    assert abs(z) < FAR, say["far"].format(what=what, estimate=estimate, exact=exact, z=z) + cause_of(causes)
    assert abs(z) > 1e-9, say["formula"].format(what=what)
    tolerance = FAR * np.sqrt(14 / n) / 2  # of a std that was estimated from n values
    quotients = {say["no_root"]: np.sqrt(n), say["by_n"]: 1 / np.sqrt(n), say["variance"]: std / np.sqrt(n)}
    quotient = error * np.sqrt(n) / std
    causes = [cause for cause, wrong in quotients.items() if abs(quotient / wrong - 1) < tolerance]
    told = say["error"].format(what=what, error=error, true=std / np.sqrt(n))
    assert abs(quotient - 1) < tolerance, told + cause_of(causes)
    assert throw(first)[0] == estimate, say["same_seed"].format(what=what)
    assert throw(second)[0] != estimate, say["other_seed"].format(what=what)


def std_of_a_dart(mu_p, var_p, mu_q, var_q):
    """Of ln p - ln q at darts of p: half of it is the square of a normal number, less eps²."""
    ratio, shift = var_p / var_q, (mu_p - mu_q) ** 2 / var_q
    return np.sqrt(np.sum((ratio - 1) ** 2 / 2 + ratio * shift))


def one_number(what, value):
    is_number = np.ndim(value) == 0 and np.isfinite(np.asarray(value, dtype=float))
    assert is_number, FORM["number"].format(what=what, found=kind(value))
    return float(value)


# --- many dimensions --------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_surprise(exercise, rng):
    for rows, size in rng.permutation([(11, 3), (7, 1), (5, 7)]).tolist():
        check_surprise(exercise, rng, rows, rng.uniform(0.4, 3, size))


@pytest.mark.points(1, "build")
def test_surprise_in_many_dimensions(exercise, rng):
    for rows, size, scale in rng.permutation([(5, 300, 1), (3, 290, 2), (4, 250, 3)]).tolist():
        variances = 10.0 ** rng.uniform(-2, 0, size) * (1e-3, 1e-4, 1e4)[scale - 1]
        check_surprise(exercise, rng, rows, variances)


def check_surprise(exercise, rng, rows, variances):
    say, size = SAY["surprise"], len(variances)
    turn, _ = np.linalg.qr(rng.standard_normal((size, size)))
    covariance = turn * variances @ turn.T
    covariance = (covariance + covariance.T) / 2
    mean = rng.uniform(1, 2, size)
    x = mean + rng.standard_normal((rows, size)) * np.sqrt(variances) @ turn.T
    squares = (((x - mean) @ turn) ** 2 / variances).sum(axis=1)
    log_det, constant = np.log(variances).sum(), size * LN_2PI
    right = (squares + log_det + constant) / 2
    upper = np.linalg.solve(np.linalg.cholesky(covariance).T, (x - mean).T)
    diagonal = np.diag(covariance)
    mistakes = {
        say["determinant"]: "infinite raises",
        say["no_mean"]: ((x @ turn) ** 2 / variances).sum(axis=1) / 2 + (log_det + constant) / 2,
        say["no_constant"]: (squares + log_det) / 2,
        say["constant_once"]: (squares + log_det + LN_2PI) / 2,
        say["whole_det"]: (squares + constant) / 2 + log_det,
        say["quarter_det"]: (squares + constant) / 2 + log_det / 4,
        say["no_det"]: (squares + constant) / 2,
        say["det_turned"]: (squares + constant - log_det) / 2,
        say["no_half"]: squares + (log_det + constant) / 2,
        say["density"]: -right,
        say["upper"]: ((upper**2).sum(axis=0) + log_det + constant) / 2,
        say["diagonal"]: (((x - mean) ** 2 / diagonal).sum(axis=1) + np.log(diagonal).sum() + constant) / 2,
        say["not_inverted"]: ((((x - mean) @ turn) ** 2 * variances).sum(axis=1) + log_det + constant) / 2,
        say["shape"]: "shape",
    }
    what = WHAT["surprise"].format(rows=rows, size=size)
    compare(what, call(what, exercise.surprise, x, mean, covariance, mistakes=mistakes), right, mistakes)


# --- draw and score: to mend ------------------------------------------------------------------------------------------


@pytest.mark.points(1, "debug")
def test_draw_has_these_stds(exercise, rng):
    say = SAY["draw"]
    for size in rng.permutation([1, 2, 3]).tolist():
        mean, n = rng.uniform(2, 4, size) * rng.choice([-1, 1], size), int(rng.integers(4_000, 6_000))
        std = np.where(rng.random(size) < 0.5, rng.uniform(0.2, 0.5, size), rng.uniform(2, 3, size))
        what = WHAT["draw"].format(size=size, n=n)
        first, second = rng.choice(1_000_000, 2, replace=False).tolist()
        points = call(what, exercise.draw, mean, std, n, first)
        is_fine = isinstance(points, np.ndarray) and points.shape == (n, size) and np.isfinite(points).all()
        assert is_fine, FORM["points"].format(what=what, shape=(n, size), found=kind(points))
        variances = points.var(axis=0)
        known = {"as_it_was": std, "squared_again": std**4, "root": np.sqrt(std), "same": np.ones(size)}
        off = lambda wrong, variances=variances, n=n: np.abs(variances / wrong - 1).max() / np.sqrt(2 / n)
        causes = [say[cause] for cause, wrong in known.items() if off(wrong) < FAR]
        worst = int(np.abs(variances / std**2 - 1).argmax())
        told = say["variance"].format(what=what, number=worst, std=std[worst], found=np.sqrt(variances[worst]))
        assert off(std**2) < FAR, told + cause_of(causes)
        z = (points.mean(axis=0) - mean) / (std / np.sqrt(n))
        assert np.abs(z).max() < FAR, say["mean"].format(what=what)
        together = np.corrcoef(points.T).reshape(size, size) - np.eye(size)
        assert np.abs(together).max() < FAR / np.sqrt(n), say["together"].format(what=what)
        again, other = (np.asarray(call(what, exercise.draw, mean, std, n, seed)) for seed in (first, second))
        assert (again == points).all(), say["same_seed"].format(what=what)
        assert (other != points).any(), say["other_seed"].format(what=what)


@pytest.mark.points(1, "debug")
def test_score_counts_pictures(exercise, rng):
    say = SAY["score"]
    for pictures, darts in rng.permutation([(40, 50), (300, 7), (13, 1)]).tolist():
        apart, noise = rng.uniform(15, 30), rng.uniform(2, 4)
        nats = 100 + apart * rng.standard_normal((pictures, 1)) + noise * rng.standard_normal((pictures, darts))
        of_pictures, of_darts = nats.mean(axis=1), nats.mean(axis=0)
        spread = of_pictures.std(ddof=1)
        mistakes = {
            say["ddof"]: of_pictures.std() / np.sqrt(pictures),
            say["no_root"]: spread,
            say["by_all"]: spread / np.sqrt(nats.size),
            say["by_darts"]: spread / np.sqrt(darts),
            say["all_by_pictures"]: nats.std(ddof=1) / np.sqrt(pictures),
        }
        if darts > 1:
            mistakes |= {
                say["as_it_was"]: nats.std(ddof=1) / np.sqrt(nats.size),
                say["other_axis"]: of_darts.std(ddof=1) / np.sqrt(darts),
                say["of_darts"]: (nats.std(axis=1, ddof=1) / np.sqrt(darts)).mean(),
            }
        else:
            mistakes |= {say["other_axis"]: 0.0, say["of_darts"]: "infinite"}
        what = WHAT["score"].format(pictures=pictures, darts=darts)
        found = parts_of(what, call(what, exercise.score, nats), 2)
        compare(WHAT["mean"].format(what=what), found[0], nats.mean(), {say["sum"]: nats.sum(axis=1).mean()})
        compare(WHAT["error"].format(what=what), found[1], spread / np.sqrt(pictures), mistakes)


# --- best_bell: an experiment -----------------------------------------------------------------------------------------


@pytest.mark.points(1, "experiment")
def test_best_bell(exercise, rng):
    say = SAY["bell"]
    for distance in rng.permutation([2.0, 4.0, 8.0]).tolist():
        weight, place = rng.uniform(0.4, 0.47), rng.uniform(-1, 1)
        x = np.linspace(-19, 19, 761) + place
        bells = [(place - distance / 2, 1.0), (place + distance / 2, 1.0)]
        parts = np.array([weight, 1 - weight])[rng.permutation(2)]
        p = sum(part * np.exp(-cost_of_bell(x, *bell)) for part, bell in zip(parts, bells))
        means, stds = place + np.linspace(-5, 5, 21) + rng.uniform(-0.1, 0.1), np.linspace(0.7, 5, 18)
        prices = np.array([[both_prices(x, p, mean, std) for std in stds] for mean in means])
        what = WHAT["best_bell"].format(distance=distance)
        found = parts_of(what, call(what, exercise.best_bell, x, p, means, stds), 2)
        found = [parts_of(WHAT[way].format(what=what), one, 2) for way, one in zip(("covers", "hides"), found)]
        places = [nearest(one, means, stds) for one in found]
        swapped = all(is_best(prices[..., 1 - way], place) for way, place in enumerate(places))
        for way, (name, at) in enumerate(zip(("covers", "hides"), places)):
            told = say["not_tried"].format(what=WHAT[name].format(what=what), found=found[way])
            assert at is not None, told
            best = np.unravel_index(prices[..., way].argmin(), prices.shape[:2])
            causes = [say["swapped"]] if swapped else []
            causes += [say["one_way"]] if is_best(prices[..., 1 - way], at) else []
            causes += [say["edge"]] if at[1] in (0, len(stds) - 1) else []
            told = say["dearer"].format(
                what=WHAT[name].format(what=what),
                mean=means[at[0]],
                std=stds[at[1]],
                price=prices[at][way],
                other=(round(float(means[best[0]]), 2), round(float(stds[best[1]]), 2)),
                best=prices[best][way],
            )
            assert is_best(prices[..., way], at), told + cause_of(causes)
    line = exercise.WHY_IT_HIDES
    assert isinstance(line, str) and len(line.split()) > 2, say["no_line"]


def cost_of_bell(x, mean, std):
    return ((x - mean) / std) ** 2 / 2 + np.log(std) + LN_2PI / 2


def both_prices(x, p, mean, std):
    """KL(p || q) and KL(q || p)."""
    cost = cost_of_bell(x, mean, std)
    more = np.log(p) + cost
    return np.sum(p * more) * (x[1] - x[0]), -np.sum(np.exp(-cost) * more) * (x[1] - x[0])


def nearest(pair, means, stds):
    """Which of the tried bells that is, by its two places; None if it is none of them."""
    places = tuple(int(np.abs(tried - float(one)).argmin()) for one, tried in zip(pair, (means, stds)))
    is_tried = all(abs(tried[at] - one) < 1e-9 for one, tried, at in zip(pair, (means, stds), places))
    return places if is_tried else None


def is_best(prices, place):
    return place is not None and prices[place] < prices.min() + 1e-9
