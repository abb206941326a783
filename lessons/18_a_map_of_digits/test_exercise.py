"""The public checks of exercise 18. Ten points. What they say stands in messages.toml.

Posteriors are drawn with log_var far from 0, sizes differ, and the decoders are functions of the code that tell any two
codes apart.
"""

import tomllib
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest

from lessons.tools.judging import call, compare, kind

pytestmark = pytest.mark.numpy_only

SAY = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))
WHAT, FORM = SAY["what"], SAY["form"]
SHAPE, CRASH = "shape raises", "raises"


def quantiles(shares):
    """Of N(0, 1). Shares of 0 and 1, which have none, give infinity."""
    normal = NormalDist()
    place = lambda share: normal.inv_cdf(share) if 0 < share < 1 else np.copysign(np.inf, share - 0.5)
    return np.array([place(share) for share in np.ravel(shares)]).reshape(np.shape(shares))


def below(places):
    return np.vectorize(NormalDist().cdf, otypes=[float])(places)


def cross(first, second):
    return np.array([(one, other) for other in second for one in first])


# --- the grid and the sheet -------------------------------------------------------------------------------------------


def grids(n):
    """The right grid of n x n codes, and wrong ones by what is to be said about them."""
    right = quantiles((np.arange(n) + 0.5) / n)
    ends = np.linspace(0, 1, n)
    wrong = {
        "even": np.linspace(-1, 1, n),
        "even_2": np.linspace(-2, 2, n),
        "even_3": np.linspace(-3, 3, n),
        "even_4": np.linspace(-4, 4, n),
        "endless": quantiles(ends),
        "without_ends": quantiles(np.arange(1, n + 1) / (n + 1)),
        "left_ends": quantiles(np.arange(n) / n),
        "cut_5": quantiles(np.linspace(0.05, 0.95, n)),
        "cut_1": quantiles(np.linspace(0.01, 0.99, n)),
        "shares": (np.arange(n) + 0.5) / n,
        "stretched": np.linspace(right[0], right[-1], n),
    }
    return right, wrong


@pytest.mark.points(1, "build")
def test_prior_grid(exercise, rng):
    say = SAY["grid"]
    for n in rng.permutation([2, 3, 5, 8, int(rng.integers(9, 14))]).tolist():
        right, wrong = grids(n)
        mistakes = {
            say[name]: cross(line, line) for name, line in wrong.items() if not (n == 2 and name == "stretched")
        }
        mistakes |= {say["order"]: np.array([(a, b) for a in right for b in right])}
        mistakes |= {say["line"]: right, say["form"]: SHAPE}
        what = WHAT["grid"].format(n=n)
        found = call(what, exercise.prior_grid, n, mistakes={say["endless"]: CRASH})
        compare(what, found, cross(right, right), mistakes)


def painted(rng, height, width):
    """A decoder: each pixel is a random combination of both numbers of the code and of their squares."""
    mix = rng.standard_normal((4, height * width))

    def decode(codes):
        codes = np.asarray(codes, dtype=float)
        return (np.concatenate([codes, codes**2], axis=1) @ mix).reshape(len(codes), height, width)

    return decode


def as_sheet(pictures, n, upwards):
    """n x n pictures, row by row, on one sheet."""
    height, width = pictures.shape[1:]
    sheet = np.empty((n * height, n * width))
    for number, picture in enumerate(pictures):
        row, column = divmod(number, n)
        row = n - 1 - row if upwards else row
        sheet[row * height : (row + 1) * height, column * width : (column + 1) * width] = picture
    return sheet


def drafts(rng):
    for n, height, width in rng.permutation([(3, 4, 5), (5, 3, 2), (4, 2, 7)]).tolist():
        yield n, height, width, painted(rng, height, width)


@pytest.mark.points(1, "debug")
def test_draw_map_shows_all_of_the_prior(exercise, rng):
    """The pixels of the sheet, wherever they are."""
    say = SAY["sheet"]
    for n, height, width, decode in drafts(rng):
        right, wrong = grids(n)
        pixels = lambda line, decode=decode: np.sort(decode(cross(line, line)), axis=None)
        mistakes = {SAY["grid"][name]: pixels(line) for name, line in wrong.items() if np.isfinite(line).all()}
        what = WHAT["sheet"].format(n=n, height=height, width=width)
        found = call(what, exercise.draw_map, decode, n, mistakes={SAY["grid"]["endless"]: CRASH})
        is_sheet = isinstance(found, np.ndarray) and found.shape == (n * height, n * width)
        assert is_sheet, FORM["sheet"].format(what=what, shape=(n * height, n * width), found=kind(found))
        compare(
            WHAT["pixels"].format(what=what),
            np.sort(found, axis=None),
            pixels(right),
            mistakes | {say["nan"]: "infinite"},
            dtype=np.float32,  # a decoder may well be fed with float32
            any_dtype=True,
        )


@pytest.mark.points(1, "debug")
def test_draw_map_agrees_with_the_dots(exercise, rng):
    """Where each picture is. The grid is asked by the other test, so its known mistakes are let pass here."""
    say = SAY["sheet"]
    for n, height, width, decode in drafts(rng):
        right, wrong = grids(n)
        what = WHAT["sheet"].format(n=n, height=height, width=width)
        found = call(what, exercise.draw_map, decode, n, mistakes={SAY["grid"]["endless"]: CRASH})
        is_sheet = isinstance(found, np.ndarray) and found.shape == (n * height, n * width)
        assert is_sheet, FORM["sheet"].format(what=what, shape=(n * height, n * width), found=kind(found))
        lines = [right, *(line for line in wrong.values() if np.isfinite(line).all())]
        pixels = np.sort(found, axis=None)
        same = (line for line in lines if np.allclose(np.sort(decode(cross(line, line)), axis=None), pixels, atol=1e-4))
        line = next(same, right)
        pictures = decode(cross(line, line))
        turned = decode(cross(line, line)[:, ::-1])
        mistakes = {
            say["downwards"]: as_sheet(pictures, n, upwards=False),
            say["mirrored"]: as_sheet(pictures[::-1], n, upwards=False),
            say["leftwards"]: as_sheet(pictures[::-1], n, upwards=True),
            say["turned"]: as_sheet(turned, n, upwards=True),
            say["turned_down"]: as_sheet(turned, n, upwards=False),
            say["pictures_too"]: as_sheet(pictures, n, upwards=False)[::-1],
            say["torn"]: pictures.reshape(n * height, n * width),
            say["torn_too"]: pictures.reshape(n, -1)[::-1].reshape(n * height, n * width),
        }
        compare(what, found, as_sheet(pictures, n, upwards=True), mistakes, dtype=np.float32, any_dtype=True)


# --- walks ------------------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_walk_by_probability(exercise, rng):
    say = SAY["walk"]
    for k, n in rng.permutation([(2, 5), (3, 2), (1, 7), (5, 4)]).tolist():
        start, end = rng.uniform(-2.2, 2.2, (2, k))
        t = np.arange(n)[:, None] / (n - 1)
        low, high = below(start), below(end)
        mistakes = {
            say["straight"]: start + t * (end - start),
            say["shares"]: low + t * (high - low),
            say["turned"]: quantiles(high + t * (low - high)),
            say["open"]: quantiles(low + np.arange(n)[:, None] / n * (high - low)),
            say["inside"]: quantiles(low + (np.arange(n)[:, None] + 0.5) / n * (high - low)),
            say["density"]: below(start + t * (end - start)),
            say["transposed"]: quantiles(low + t * (high - low)).T,
            say["form"]: SHAPE,
        }
        what = WHAT["walk"].format(k=k, n=n)
        found = call(what, exercise.walk_by_probability, start, end, n, mistakes={say["form"]: CRASH})
        compare(what, found, quantiles(low + t * (high - low)), mistakes)


def on_the_way(codes, come, stops):
    """The codes at these distances, by hand."""
    found = []
    for stop in stops:
        at = min(max(int(np.sum(come <= stop)) - 1, 0), len(come) - 2)
        part = (stop - come[at]) / (come[at + 1] - come[at])
        found.append(codes[at] + part * (codes[at + 1] - codes[at]))
    return np.array(found)


@pytest.mark.points(2, "build")
def test_even_walk(exercise, rng):
    say = SAY["even"]
    for many, k, pixels, n in rng.permutation([(11, 2, 7, 5), (23, 3, 5, 9), (7, 1, 13, 2), (5, 2, 3, 17)]).tolist():
        codes = rng.standard_normal((many, k)).cumsum(axis=0)
        pictures = (rng.standard_normal((many, pixels)) * rng.uniform(0.1, 3, (many, 1))).cumsum(axis=0)
        steps = np.diff(pictures, axis=0)
        path = lambda lengths: np.concatenate([[0.0], np.cumsum(lengths)])
        come = path(np.sqrt((steps**2).sum(axis=1)))
        walk = lambda come, codes=codes, n=n: on_the_way(codes, come, np.linspace(0, come[-1], n))
        nearest = [np.abs(come - stop).argmin() for stop in np.linspace(0, come[-1], n)]
        straight = np.sqrt(((pictures - pictures[0]) ** 2).sum(axis=1))
        mistakes = {
            say["squares"]: walk(path((steps**2).sum(axis=1))),
            say["absolute"]: walk(path(np.abs(steps).sum(axis=1))),
            say["codes"]: walk(path(np.sqrt((np.diff(codes, axis=0) ** 2).sum(axis=1)))),
            say["numbers"]: walk(np.arange(many, dtype=float)),
            say["straight"]: codes[0] + np.linspace(0, 1, n)[:, None] * (codes[-1] - codes[0]),
            say["from_start"]: walk(np.maximum.accumulate(straight) + 1e-9 * np.arange(many)),
            say["nearest"]: codes[nearest],
            say["open"]: on_the_way(codes, come, come[-1] * np.arange(n) / n),
            say["turned"]: walk(come)[::-1],
            say["transposed"]: walk(come).T,
            say["form"]: SHAPE,
        }
        what = WHAT["even"].format(many=many, k=k, n=n)
        found = call(what, exercise.even_walk, codes, pictures, n, mistakes={say["form"]: CRASH})
        compare(what, found, walk(come), mistakes)


# --- posteriors -------------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_posterior_width(exercise, rng):
    say = SAY["width"]
    for k, pixels in rng.permutation([(2, 11), (1, 7), (5, 3), (3, 17)]).tolist():
        slopes, p = 2 * rng.standard_normal((k, pixels)), rng.uniform(0.03, 0.97, pixels)
        variances = p * (1 - p)
        bend = (slopes**2 * variances).sum(axis=1)
        matrix = np.eye(k) + (slopes * variances) @ slopes.T
        mistakes = {
            say["without_prior"]: 1 / np.sqrt(bend),
            say["variance"]: 1 / (1 + bend),
            say["precision"]: 1 + bend,
            say["root_precision"]: np.sqrt(1 + bend),
            say["log_var"]: -np.log(1 + bend),
            say["slopes_not_squared"]: 1 / np.sqrt(1 + np.abs(slopes @ variances)),
            say["absolute"]: 1 / np.sqrt(1 + np.abs(slopes) @ variances),
            say["linear_p"]: 1 / np.sqrt(1 + slopes**2 @ p),
            say["gaussian_pixels"]: 1 / np.sqrt(1 + (slopes**2).sum(axis=1)),
            say["std_of_pixels"]: 1 / np.sqrt(1 + slopes**2 @ np.sqrt(variances)),
            say["of_probabilities"]: 1 / np.sqrt(1 + slopes**2 @ variances**2),
            say["mean"]: 1 / np.sqrt(1 + bend / pixels),
            say["sum_before_square"]: 1 / np.sqrt(1 + (slopes @ np.sqrt(variances)) ** 2),
            say["others_too"]: np.sqrt(np.diag(np.linalg.inv(matrix))),
            say["form"]: SHAPE,
        }
        mistakes = {cause: wrong for cause, wrong in mistakes.items() if k > 1 or cause != say["others_too"]}
        what = WHAT["width"].format(k=k, pixels=pixels)
        found = call(what, exercise.posterior_width, slopes, p, mistakes={say["form"]: CRASH})
        compare(what, found, 1 / np.sqrt(1 + bend), mistakes)


def posteriors(rng, count, k):
    """Means and logarithms of variances: wide and narrow ones, none with a variance near 1."""
    return rng.standard_normal((count, k)) + 0.7, rng.choice([-1.0, 1.0], (count, k)) * rng.uniform(
        0.4, 1.6, (count, k)
    )


@pytest.mark.points(1, "build")
def test_aggregate(exercise, rng):
    say = SAY["aggregate"]
    for many, count, k in rng.permutation([(7, 5, 2), (3, 11, 1), (5, 2, 3), (1, 3, 2)]).tolist():
        mu, log_var = posteriors(rng, count, k)
        points = rng.standard_normal((many, k))
        root = np.sqrt(2 * np.pi)

        def mean(std, scale=1.0, mu=mu, points=points):
            bells = [
                [np.prod(np.exp(-((z - m) ** 2) / (2 * s * s)) / (s * scale)) for m, s in zip(mu, std)] for z in points
            ]
            return np.array(bells)

        bells, wide = mean(np.exp(log_var / 2), root), np.exp(log_var)
        whole, bare = np.exp(0.5 * log_var).prod(axis=1), mean(np.exp(log_var / 2))
        centre, spread = mu.mean(axis=0), np.sqrt(wide.mean(axis=0) + mu.var(axis=0))
        one = np.exp(-0.5 * ((points - centre) / spread) ** 2) / (spread * root)
        mistakes = {
            say["sum"]: bells.sum(axis=1),
            say["log"]: np.log(bells.mean(axis=1)),
            say["mean_of_logs"]: np.exp(np.log(bells).mean(axis=1)),
            say["std"]: mean(wide, root).mean(axis=1),
            say["std_is_log_var"]: mean(np.exp(log_var / 4), root).mean(axis=1),
            say["without_std"]: (bare * whole / root**k).mean(axis=1),
            say["without_pi"]: bare.mean(axis=1),
            say["bare"]: (bare * whole).mean(axis=1),
            say["one_pi"]: (bare / root).mean(axis=1),
            say["two_pi"]: (bare / (2 * np.pi) ** 1.0).mean(axis=1),
            say["one_gaussian"]: one.prod(axis=1),
            say["of_axes"]: np.array([self_mean(z, mu, np.exp(log_var / 2)) for z in points]),
            say["best"]: bells.max(axis=1),
            say["prior"]: np.exp(-0.5 * (points**2).sum(axis=1)) / root**k,
            say["form"]: SHAPE,
        }
        right = bells.mean(axis=1)
        of = {say["two_pi"]: k != 2, say["of_axes"]: k > 1, say["one_pi"]: k > 1}
        mistakes = {cause: wrong for cause, wrong in mistakes.items() if of.get(cause, True)}
        what = WHAT["aggregate"].format(many=many, count=count, k=k)
        found = call(what, exercise.aggregate, points, mu, log_var, mistakes={say["form"]: CRASH})
        compare(what, found, right, mistakes)


def self_mean(z, mu, std):
    """The product of one mean for each number, as if the numbers had nothing to do with each other."""
    return np.prod((np.exp(-0.5 * ((z - mu) / std) ** 2) / (std * np.sqrt(2 * np.pi))).mean(axis=0))


@pytest.mark.points(1, "build")
def test_aggregate_moments(exercise, rng):
    say = SAY["moments"]
    for count, k in rng.permutation([(11, 2), (7, 3), (5, 1), (23, 4)]).tolist():
        mu, log_var = posteriors(rng, count, k)
        centred = mu - mu.mean(axis=0)
        between, variances = centred.T @ centred / count, np.exp(log_var)
        right = between + np.diag(variances.mean(axis=0))
        mistakes = {
            say["without_noise"]: between,
            say["n_less_1_alone"]: between * count / (count - 1),
            say["without_means"]: np.diag(variances.mean(axis=0)),
            say["std"]: between + np.diag(np.exp(log_var / 2).mean(axis=0)),
            say["log_var"]: between + np.diag(log_var.mean(axis=0)),
            say["std_squared_mean"]: between + np.diag(np.exp(log_var / 2).mean(axis=0) ** 2),
            say["log_mean"]: between + np.diag(np.exp(log_var.mean(axis=0))),
            say["squared_variance"]: between + np.diag(np.exp(2 * log_var).mean(axis=0)),
            say["uncentred"]: mu.T @ mu / count + np.diag(variances.mean(axis=0)),
            say["n_less_1"]: between * count / (count - 1) + np.diag(variances.mean(axis=0)),
            say["everywhere"]: between + variances.mean(axis=0),
            say["diagonal"]: np.diag(np.diag(right)),
            say["vector"]: np.diag(right),
            say["summed"]: between * count + np.diag(variances.sum(axis=0)),
            say["noise_over_n"]: between + np.diag(variances.mean(axis=0)) / count,
            say["form"]: SHAPE,
        }
        if k == 1:
            mistakes = {c: w for c, w in mistakes.items() if c not in (say["everywhere"], say["diagonal"])}
        what = WHAT["moments"].format(count=count, k=k)
        result = call(what, exercise.aggregate_moments, mu, log_var, mistakes={say["form"]: CRASH})
        is_pair = isinstance(result, (tuple, list)) and len(result) == 2
        assert is_pair, FORM["pair"].format(what=what, found=kind(result))
        of_mean = {
            say["mean_of_all"]: np.asarray(mu.mean()),
            say["zero"]: np.zeros(k),
            say["sum_of_mu"]: mu.sum(axis=0),
        }
        compare(WHAT["mean"].format(what=what), result[0], mu.mean(axis=0), of_mean)
        compare(WHAT["covariance"].format(what=what), result[1], right, mistakes)


# --- missed and empty: an experiment ----------------------------------------------------------------------------------


def counted(codes, edges):
    """How many codes are in each cell, one code at a time."""
    cells = np.zeros((len(edges) - 1,) * 2)
    for code in codes:
        at = [int(np.sum(edges <= number)) - 1 for number in code]
        if all(0 <= place < len(edges) - 1 for place in at):
            cells[tuple(at)] += 1
    return cells


@pytest.mark.points(1, "experiment")
def test_missed_and_empty(exercise, rng):
    say = SAY["missed"]
    ends = [
        np.linspace(-1, 1, 6),
        np.linspace(-4, 4, 8),
        np.array([-np.inf, -0.7, 0.1, 0.9, np.inf]),
        np.array([-1.5, 0.2, 2]),
    ]
    for at in rng.permutation(len(ends)):
        edges, codes = ends[at], rng.standard_normal((29, 2)) * rng.uniform(0.5, 1.5, 2)
        cells = counted(codes, edges)
        inside = (codes >= edges[0]) & (codes < edges[-1])
        missed, empty = 1 - cells.sum() / len(codes), np.mean(cells == 0)
        of_missed = {
            say["count"]: np.asarray(len(codes) - cells.sum()),
            say["inside"]: cells.sum() / len(codes),
            say["swapped"]: empty,
            say["each_number"]: 1 - inside.mean(),
            say["either"]: 1 - inside.any(axis=1).mean(),
            say["percent"]: 100 * missed,
        }
        of_empty = {
            say["empty_count"]: np.asarray(float((cells == 0).sum())),
            say["used"]: np.mean(cells > 0),
            say["of_codes"]: (cells == 0).sum() / len(codes),
            say["by_edges"]: (cells == 0).sum() / len(edges) ** 2,
            say["swapped"]: missed,
            say["percent"]: 100 * empty,
        }
        what = WHAT["missed"].format(cells=len(edges) - 1, low=edges[0], high=edges[-1])
        result = call(what, exercise.missed_and_empty, codes, edges)
        is_pair = isinstance(result, (tuple, list)) and len(result) == 2
        assert is_pair, FORM["shares"].format(what=what, found=kind(result))
        compare(WHAT["missed_share"].format(what=what), result[0], missed, of_missed, any_dtype=True)
        compare(WHAT["empty_share"].format(what=what), result[1], empty, of_empty, any_dtype=True)
    line = exercise.WHY_NOT_EVEN
    assert isinstance(line, str) and len(line.split()) > 2, say["no_line"]
