"""The public checks of exercise 16. Ten points. What they say stands in messages.toml.

What is right is found by other ways than most take: inverse matrices, numbers in long double, sums over parts one by
one. Each function is judged alone, with what the test has drawn; only `em` and `encoder_gap` run on others.
"""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from lessons.tools.judging import call, cause_of, compare, kind

pytestmark = pytest.mark.numpy_only

HERE = Path(__file__).parent
SAY = tomllib.loads((HERE / "messages.toml").read_text("utf-8"))
WHAT, FORM = SAY["what"], SAY["form"]
# Of Old Faithful with two parts, the mean of ln p(x). Others report -4.155, and this is what scikit-learn 1.9.1 gives:
# GaussianMixture(2, random_state=0, tol=1e-10, max_iter=1000, reg_covar=0).fit(x).score(x)
SCIKIT_LEARN = -4.155382206561798

# --- mixtures ---------------------------------------------------------------------------------------------------------


def mixture(rng, size, parts, spread=3.0):
    """Weights, means and covariances that have nothing to do with each other."""
    roots = rng.standard_normal((parts, size, size)) + np.eye(size)
    covariances = roots @ roots.transpose(0, 2, 1) + 0.3 * np.eye(size)
    weights = rng.uniform(0.5, 2, parts)
    return weights / weights.sum(), spread * rng.standard_normal((parts, size)), covariances


def points_of(rng, mixed, count):
    weights, means, covariances = mixed
    chosen = rng.choice(len(weights), count, p=weights)
    noise = rng.standard_normal((count, means.shape[1], 1))
    return means[chosen] + (np.linalg.cholesky(covariances)[chosen] @ noise)[:, :, 0]


def terms(x, mixed):
    """Of ln p(x, z), (N, K) each: ln of the weight, squared distance in the bell's own unit, ln of the determinant."""
    weights, means, covariances = mixed
    offsets = x[:, None] - means
    squares = np.einsum("nkd,kde,nke->nk", offsets, np.linalg.inv(covariances), offsets)
    same = np.ones((len(x), 1))
    return same * np.log(weights), squares, same * np.linalg.slogdet(covariances)[1]


def joint_of(x, mixed):
    log_weights, squares, log_dets = terms(x, mixed)
    return log_weights - (squares + log_dets + x.shape[1] * np.log(2 * np.pi)) / 2


def bayes(joint):
    """ln p(x) and the logarithm of the posterior, in long double."""
    joint = joint.astype(np.longdouble)
    log_p = np.logaddexp.reduce(joint, axis=1)
    return log_p.astype(float), (joint - log_p[:, None]).astype(float)


def of_parts(what, result, mistakes):
    """Three arrays, as m_step returns them, and what is to be said of another form."""
    is_three = isinstance(result, (tuple, list)) and len(result) == 3
    assert is_three, FORM["three"].format(what=what, found=kind(result)) + cause_of(mistakes)
    return result


def pair(what, result):
    assert isinstance(result, (tuple, list)) and len(result) == 2, FORM["pair"].format(what=what, found=kind(result))
    return result


# --- log_joint --------------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_log_joint(exercise, rng):
    say = SAY["joint"]
    for size, parts, count in rng.permutation([(2, 3, 7), (1, 2, 5), (3, 5, 11), (5, 1, 3)]).tolist():
        mixed = mixture(rng, size, parts)
        x = points_of(rng, mixed, count)
        weights, means, covariances = mixed
        log_weights, squares, log_dets = terms(x, mixed)
        constant, right = size * np.log(2 * np.pi), joint_of(x, mixed)
        offsets = x[:, None] - means
        straight = np.einsum("nkd,kde,nke->nk", offsets, covariances, offsets)
        only = covariances * np.eye(size)
        mistakes = {
            say["no_weight"]: right - log_weights,
            say["plain_weight"]: right - log_weights + weights,
            say["density"]: np.exp(right),
            say["sign"]: -right,
            say["no_constant"]: right + constant / 2,
            say["one_constant"]: right + constant / 2 - np.log(2 * np.pi) / 2,
            say["no_det"]: right + log_dets / 2,
            say["whole_det"]: right - log_dets / 2,
            say["no_half"]: right - squares / 2,
            say["not_inverted"]: right + squares / 2 - straight / 2,
            say["diagonal"]: joint_of(x, (weights, means, only)),
            say["turned"]: right.T,
            say["shape"]: "raises shape",
        }
        what = WHAT["joint"].format(shape=x.shape, parts=parts)
        compare(what, call(what, exercise.log_joint, x, *mixed, mistakes=mistakes), right, mistakes)
    mixed = (np.ones(1), np.zeros((1, 300)), np.exp(rng.uniform(-8, -6)) * np.eye(300)[None])
    x, what = 0.02 * rng.standard_normal((3, 300)), WHAT["many"]
    mistakes = {say["many"]: "infinite raises"}
    compare(what, call(what, exercise.log_joint, x, *mixed, mistakes=mistakes), joint_of(x, mixed), mistakes)


# --- e_step: mended ---------------------------------------------------------------------------------------------------


def joints(rng):
    """Near the parts, far away, so far that exp gives 0, where it gives infinity, and all of these together."""
    shapes = [(7, 3), (5, 2), (11, 4), (3, 5), (4, 3)]
    heights = [0, -25, -3_000, 900, np.array([[0], [-40], [-700], [-90_000]])]
    for at in rng.permutation(5):
        name = ("near", "far", "farther", "high", "mixed")[at]
        yield WHAT[name].format(shape=shapes[at]), heights[at] + 3 * rng.standard_normal(shapes[at])


def with_added(joint, added):
    p = np.exp(np.minimum(joint, 700)).sum(axis=1) + added
    return np.log(p), np.exp(np.minimum(joint, 700)) / p[:, None]


ADDED = (1e-8, 1e-6, 1e-10, 1e-12, 1e-15, 1e-16, 1e-30, 1e-100, 1e-300)


@pytest.mark.points(1, "debug")
def test_e_step_log_p(exercise, rng):
    say = SAY["e_step"]
    for where, joint in joints(rng):
        log_p, _ = bayes(joint)
        what = WHAT["log_p"].format(where=where)
        largest = joint.max(axis=1)
        mistakes = {say["added"].format(least=least): with_added(joint, least)[0] for least in ADDED}
        mistakes |= {say["floor"].format(least=least): np.maximum(log_p, np.log(least)) for least in ADDED}
        mistakes |= {
            say["not_put_back"]: log_p - largest,
            say["taken_twice"]: log_p - 2 * largest,
            say["largest"]: largest,
            say["mean"]: log_p - np.log(joint.shape[1]),
            say["infinite"]: "infinite raises",
            say["shape"]: "shape",
        }
        found, _ = pair(what, call(what, exercise.e_step, joint, mistakes=mistakes))
        compare(what, found, log_p, mistakes)


@pytest.mark.points(1, "debug")
def test_e_step_posterior(exercise, rng):
    say = SAY["e_step"]
    for where, joint in joints(rng):
        posterior = np.exp(bayes(joint)[1])
        what = WHAT["posterior"].format(where=where)
        mistakes = {say["no_owner"].format(least=least): with_added(joint, least)[1] for least in ADDED}
        mistakes |= {
            say["columns"]: np.exp(bayes(joint.T)[1]).T,
            say["logarithm"]: bayes(joint)[1],
            say["equal"]: np.full(joint.shape, 1 / joint.shape[1]),
            say["hard"]: 1.0 * (joint == joint.max(axis=1, keepdims=True)),
            say["infinite"]: "infinite raises",
            say["shape"]: "shape",
        }
        _, found = pair(what, call(what, exercise.e_step, joint, mistakes=mistakes))
        compare(what, found, posterior, mistakes)


# --- m_step -----------------------------------------------------------------------------------------------------------


def weighted(x, posterior):
    """Part by part: the weight, the mean and the covariance."""
    counts = posterior.sum(axis=0)
    means = np.stack([np.average(x, axis=0, weights=column) for column in posterior.T])
    outer = [np.einsum("n,nd,ne->de", r, x - m, x - m) for r, m in zip(posterior.T, means, strict=True)]
    return counts / len(x), means, np.stack(outer) / counts[:, None, None]


def halves(rng):
    """Points, and to whom they belong."""
    for size, parts, count in rng.permutation([(2, 3, 17), (1, 2, 13), (3, 2, 29), (4, 5, 41)]).tolist():
        x = rng.uniform(2, 3, size) + rng.standard_normal((count, size)) @ rng.standard_normal((size, size))
        posterior = rng.gamma(0.7, size=(count, parts)) + 1e-3
        yield WHAT["m_step"].format(shape=x.shape, parts=parts), x, posterior / posterior.sum(axis=1, keepdims=True)


@pytest.mark.points(1, "build")
def test_m_step_weights_and_means(exercise, rng):
    say = SAY["m_step"]
    for what, x, posterior in halves(rng):
        weights, means, _ = weighted(x, posterior)
        counts, parts = posterior.sum(axis=0), len(weights)
        hard = np.eye(parts)[posterior.argmax(axis=1)] + 1e-300
        of_weights = {
            say["counts"]: counts,
            say["equal"]: np.full(parts, 1 / parts),
            say["hard"]: hard.mean(axis=0),
            say["over_parts"]: counts / parts,
            say["shape"]: "shape",
        }
        of_means = {
            say["over_points"]: posterior.T @ x / len(x),
            say["not_divided"]: posterior.T @ x,
            say["all_alike"]: np.tile(x.mean(axis=0), (parts, 1)),
            say["hard"]: hard.T @ x / hard.sum(axis=0)[:, None],
            say["twice"]: (posterior**2).T @ x / (posterior**2).sum(axis=0)[:, None],
            say["shape"]: "shape",
        }
        result = of_parts(what, call(what, exercise.m_step, x, posterior, mistakes={say["shape"]: "raises"}), [])
        compare(WHAT["weights"].format(what=what), result[0], weights, of_weights)
        compare(WHAT["means"].format(what=what), result[1], means, of_means)


@pytest.mark.points(1, "build")
def test_m_step_covariances(exercise, rng):
    say = SAY["m_step"]
    for what, x, posterior in halves(rng):
        _, means, right = weighted(x, posterior)
        counts, size = posterior.sum(axis=0)[:, None, None], x.shape[1]
        around = means - x.mean(axis=0)
        hard = np.eye(len(means))[posterior.argmax(axis=1)] + 1e-300
        mistakes = {
            say["around_all"]: right + around[:, :, None] * around[:, None],
            say["around_zero"]: right + means[:, :, None] * means[:, None],
            say["less_one"]: right * counts / (counts - 1),
            say["over_points"]: right * counts / len(x),
            say["not_divided"]: right * counts,
            say["all_alike"]: np.tile(np.cov(x.T, bias=True).reshape(size, size), (len(means), 1, 1)),
            say["diagonal"]: right * np.eye(size),
            say["variances"]: np.diagonal(right, axis1=1, axis2=2),
            say["twice"]: np.stack([np.einsum("n,nd,ne->de", r**2, x - m, x - m) for r, m in zip(posterior.T, means)])
            / counts,
            say["hard"]: weighted(x, hard)[2],
            say["shape"]: "shape",
        }
        result = of_parts(what, call(what, exercise.m_step, x, posterior, mistakes={say["shape"]: "raises"}), [])
        compare(WHAT["covariances"].format(what=what), result[2], right, mistakes)


# --- em ---------------------------------------------------------------------------------------------------------------


def walk(x, mixed, steps, first=False, added=0.0):
    """EM as it should be; or with the posterior of the first step throughout, or with something added to p(x)."""
    history, kept = [], None
    for step in range(steps + 1):
        log_p, log_posterior = bayes(joint_of(x, mixed))
        history.append(log_p.mean())
        posterior = with_added(joint_of(x, mixed), added)[1] if added else np.exp(log_posterior)
        kept = posterior if kept is None else kept
        if step < steps:
            mixed = weighted(x, kept if first else posterior)
    return *mixed, np.array(history)


def eruptions():
    return np.loadtxt(HERE / "faithful.csv", delimiter=",")


@pytest.mark.points(1, "build")
def test_em(exercise, rng):
    say = SAY["em"]
    for size, parts, count, steps in rng.permutation([(2, 3, 150, 5), (1, 2, 90, 8), (3, 2, 120, 3)]).tolist():
        x = points_of(rng, mixture(rng, size, parts), count)
        spread = np.cov(x.T, bias=True).reshape(1, size, size).repeat(parts, axis=0)
        start = (np.full(parts, 1 / parts), x[rng.permutation(count)[:parts]], spread)
        check_em(exercise, WHAT["em"].format(shape=x.shape, parts=parts, steps=steps), x, start, steps)
    x, lasted = eruptions(), rng.uniform(1.5, 2.5)
    start = (np.full(2, 0.5), np.array([[lasted, 55], [lasted + 2, 80]]), np.array([np.cov(x.T)] * 2))
    *_, history = call(WHAT["geyser"], exercise.em, x, *start, 100)
    assert abs(history[-1] - SCIKIT_LEARN) < 1e-6, say["geyser"].format(found=history[-1], other=SCIKIT_LEARN)


def check_em(exercise, what, x, start, steps):
    say = SAY["em"]
    result = call(what, exercise.em, x, *start, steps, mistakes={say["order"]: "raises"})
    is_four = isinstance(result, (tuple, list)) and len(result) == 4
    assert is_four, FORM["four"].format(what=what, found=kind(result))
    right = walk(x, start, steps)
    others = {
        say["as_it_was"]: (*start, None),
        say["one_less"]: walk(x, start, steps - 1),
        say["one_more"]: walk(x, start, steps + 1),
        say["stale"]: walk(x, start, steps, first=True),
        say["added"]: walk(x, start, steps, added=1e-8),
    }
    history, longer = right[3], walk(x, start, steps + 1)[3]
    of_history = {
        say["short"]: history[:-1],
        say["late"]: history[1:],
        say["one_late"]: longer[1:],
        say["summed"]: history * len(x),
        say["loss"]: -history,
        say["length"]: "shape",
    }
    for place, name in enumerate(("weights", "means", "covariances")):
        mistakes = {cause: wrong[place] for cause, wrong in others.items()}
        compare(WHAT[name].format(what=what), result[place], right[place], mistakes)
    compare(WHAT["history"].format(what=what), np.asarray(result[3]), history, of_history)


# --- elbo -------------------------------------------------------------------------------------------------------------


def guesses(rng, joint):
    """A vague one, the posterior itself, a sure one, and one that leaves out a part."""
    vague = rng.gamma(1.0, size=joint.shape) + 1e-3
    sure = np.eye(joint.shape[1])[rng.integers(0, joint.shape[1], len(joint))]
    without = vague.copy()
    without[:, rng.integers(0, joint.shape[1])] = 0
    every = {"vague": vague, "true": np.exp(bayes(joint)[1]), "sure": sure, "without": without}
    for name in rng.permutation(list(every)):
        yield WHAT[name], every[name] / every[name].sum(axis=1, keepdims=True)


def two_terms(joint, q):
    """Of the ELBO, point by point: the mean of ln p(x, z) under q, and the mean of ln q under q."""
    log_q = np.log(q, where=q > 0, out=np.zeros_like(q))
    return (q * joint).sum(axis=1), (q * log_q).sum(axis=1)


@pytest.mark.points(1, "build")
def test_elbo(exercise, rng):
    say = SAY["elbo"]
    for height, count, parts in rng.permutation([(0, 7, 3), (-30, 5, 2), (-2_000, 4, 5)]).tolist():
        joint = height + (1 + abs(height) / 5) * rng.standard_normal((count, parts))
        log_p, log_posterior = bayes(joint)
        for name, q in guesses(rng, joint):
            energy, minus_entropy = two_terms(joint, q)
            right, gap = energy - minus_entropy, minus_entropy - (q * log_posterior).sum(axis=1)
            posterior = np.exp(log_posterior)
            with np.errstate(all="ignore"):
                other = (posterior * (log_posterior - np.log(q))).sum(axis=1)
            of_bound = {
                say["no_entropy"]: energy,
                say["entropy_sign"]: energy + minus_entropy,
                say["minus"]: -right,
                say["swapped"]: gap,
                say["log_p"]: log_p,
                say["mean"]: right.mean(),
                say["zeros"]: "infinite raises",
                say["shape"]: "shape",
            }
            of_gap = {
                say["other_way"]: other,
                say["gap_sign"]: -gap,
                say["joint"]: -right,
                say["gap_mean"]: gap.mean(),
                say["zeros"]: "infinite raises",
                say["shape"]: "shape",
            }
            what = WHAT["elbo"].format(height=height, name=name)
            found = pair(what, call(what, exercise.elbo, joint, q, mistakes=of_bound))
            compare(WHAT["bound"].format(what=what), found[0], right, of_bound)
            compare(WHAT["gap"].format(what=what), found[1], gap, of_gap)
            off = np.max(np.abs(found[0] + found[1] - log_p) / np.maximum(1, np.abs(log_p)))
            assert off < 1e-12, say["digits"].format(what=what, off=off)


# --- elbo_slope -------------------------------------------------------------------------------------------------------


def logits_and_joints(rng):
    for size, count, parts in rng.permutation([(1, 7, 3), (1, 5, 2), (3, 11, 4), (400, 3, 3)]).tolist():
        logits = size * rng.uniform(-2, 2, (count, parts))
        what = WHAT["slope"].format(shape=logits.shape, size=2 * size)
        yield what, logits, -5 + 3 * rng.standard_normal(logits.shape)


@pytest.mark.points(1, "build")
def test_elbo_slope_loss(exercise, rng):
    say = SAY["slope"]
    for what, logits, joint in logits_and_joints(rng):
        energy, minus_entropy = two_terms(joint, np.exp(bayes(logits)[1]))
        right = minus_entropy - energy
        mistakes = {
            say["bound"]: -right.mean(),
            say["summed"]: right.sum(),
            say["no_entropy"]: -energy.mean(),
            say["entropy_sign"]: -(energy + minus_entropy).mean(),
            say["gap"]: (right + bayes(joint)[0]).mean(),
            say["points"]: right,
            say["infinite"]: "infinite raises",
        }
        found, _ = pair(what, call(what, exercise.elbo_slope, logits, joint, mistakes=mistakes))
        compare(WHAT["loss"].format(what=what), found, right.mean(), mistakes)


@pytest.mark.points(1, "build")
def test_elbo_slope_in_the_logits(exercise, rng):
    say = SAY["slope"]
    for what, logits, joint in logits_and_joints(rng):
        log_q = bayes(logits)[1]
        q, count = np.exp(log_q), len(logits)
        through = lambda slopes, q=q: np.einsum("nk,nkj->nj", slopes, q[:, :, None] * (np.eye(q.shape[1]) - q[:, None]))
        in_q = log_q + 1 - joint
        right = through(in_q) / count
        mistakes = {
            say["uphill"]: -right,
            say["not_averaged"]: right * count,
            say["over_all"]: right / q.shape[1],
            say["in_q"]: in_q / count,
            say["no_mean"]: q * (log_q - joint) / count,
            say["no_mean_one"]: q * in_q / count,
            say["slope_no_entropy"]: through(-joint) / count,
            say["no_q"]: right / q if (q > 1e-300).all() else np.nan * q,
            say["other_kl"]: (q - np.exp(bayes(joint)[1])) / count,
            say["slope_sign"]: through(-joint - log_q) / count,
            say["infinite"]: "infinite raises",
            say["shape"]: "shape",
        }
        _, found = pair(what, call(what, exercise.elbo_slope, logits, joint, mistakes=mistakes))
        compare(WHAT["in_logits"].format(what=what), found, right, mistakes)


# --- encoder_gap: an experiment ---------------------------------------------------------------------------------------


@pytest.mark.points(1, "experiment")
def test_encoder_gap(exercise, rng):
    say = SAY["encoder"]
    for name in rng.permutation(["one centre", "two centres"]).tolist():
        apart, wide = (0.0 if name == "one centre" else 2.0), rng.uniform(3, 5)
        parts = (np.full(2, 0.5), np.array([[-apart], [apart]]), np.array([[[1.0]], [[wide**2]]]))
        x = points_of(rng, parts, 300)
        joint, unit = joint_of(x, parts), x / wide
        for seen, columns in rng.permutation([("(1, x)", 2), ("(1, x, x²)", 3)]).tolist():
            features = np.hstack([np.ones_like(x), unit, unit**2])[:, : int(columns)]
            steps, lr = int(rng.integers(100, 200)), float(rng.uniform(0.3, 0.5))
            check_gap(exercise, WHAT["encoder"].format(seen=seen, name=name), features, joint, steps, lr)
    line = exercise.WHY_SQUARES
    assert isinstance(line, str) and len(line.split()) > 2, say["no_line"]


def check_gap(exercise, what, features, joint, steps, lr):
    say = SAY["encoder"]
    gaps, bound, other = train(features, joint, steps + 1, lr)
    mistakes = {
        say["one_less"]: gaps[steps - 1],
        say["one_more"]: gaps[steps + 1],
        say["one_step"]: gaps[1],
        say["no_step"]: gaps[0],
        say["uphill"]: train(features, joint, steps, -lr)[0][-1],
        say["summed_slope"]: train(features, joint, steps, lr * len(joint))[0][-1],
        say["loss"]: -bound,
        say["bound"]: bound,
        say["summed"]: gaps[steps] * len(joint),
        say["other_kl"]: other,
        say["points"]: "shape",
        say["infinite"]: "infinite raises",
    }
    compare(
        what, call(what, exercise.encoder_gap, features, joint, steps, lr, mistakes=mistakes), gaps[steps], mistakes
    )


def train(features, joint, steps, lr):
    """The mean gap after each step; then the ELBO and the other KL one step before the last."""
    W, gaps, kept = np.zeros((features.shape[1], joint.shape[1])), [], []
    _, log_posterior = bayes(joint)
    for _ in range(steps + 1):
        log_q = bayes(features @ W)[1]
        q, posterior = np.exp(log_q), np.exp(log_posterior)
        gaps.append((q * (log_q - log_posterior)).sum(axis=1).mean())
        kept.append(
            ((q * (joint - log_q)).sum(axis=1).mean(), (posterior * (log_posterior - log_q)).sum(axis=1).mean())
        )
        in_q = log_q - joint
        W = W - lr * features.T @ (q * (in_q - (q * in_q).sum(axis=1, keepdims=True))) / len(q)
    return gaps, *kept[-2]
