"""The public checks of exercise 19. Ten points. What they say stands in messages.toml.

All sizes are different, and all numbers drawn. Right values come by another way than the lesson's where there is one:
the bound from one covariance of x and z together, the posterior by regression, the least KL from a correlation.
"""

import math
import tomllib
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from lessons.tools.judging import call, cause_of, check_op, compare, kind, the_value, value_and_vjps

pytestmark = pytest.mark.numpy_only

SAY = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))
WHAT, FORM = SAY["what"], SAY["form"]


def several(what, result, count, names):
    """The things that a function returns, `count` of them."""
    found = FORM["several"].format(what=what, count=count, names=names, found=kind(result))
    result = list(result) if isinstance(result, np.ndarray) and result.ndim else result
    assert isinstance(result, (tuple, list)) and len(result) == count, found
    return result


# --- gaussian_reconstruction ------------------------------------------------------------------------------------------


def pictures_and_copies(rng):
    """Three cases: one variance for all, one for each pixel, and one variance for one pixel. None is near 1."""
    for n, d, size in rng.permutation([(7, 5, 1), (3, 11, 11), (13, 1, 1)]).tolist():
        x, copies = rng.standard_normal((2, n, d))
        log_var = rng.uniform(0.5, 1.5, size) * rng.choice([-1.0, 1.0], size)
        yield x, copies, log_var


@pytest.mark.points(1, "build")
def test_gaussian_reconstruction_value(exercise, rng):
    say = SAY["reconstruction"]
    for x, copies, log_var in pictures_and_copies(rng):
        n, d = x.shape
        squares, logs = (x - copies) ** 2, np.broadcast_to(log_var, x.shape)
        of = lambda var, logs=logs, squares=squares: squares / var / 2 + logs / 2 + math.log(2 * math.pi) / 2
        costs = of(np.exp(log_var))
        right = math.fsum(costs.ravel()) / n
        mistakes = {
            say["no_constant"]: right - d * math.log(2 * math.pi) / 2,
            say["no_log_var"]: right - logs.sum() / n / 2,
            say["squares_alone"]: (squares / np.exp(log_var)).sum() / n / 2,
            say["log_std"]: of(np.exp(2 * log_var), 2 * logs).sum() / n,
            say["std"]: of(np.exp(log_var / 2)).sum() / n,
            say["times"]: of(np.exp(-log_var)).sum() / n,
            say["log_var_twice"]: right + logs.sum() / n / 2,
            say["no_half"]: right + (squares / np.exp(log_var)).sum() / n / 2,
            say["terms_once"]: (squares / np.exp(log_var)).sum() / n / 2 + (log_var.sum() + math.log(2 * math.pi)) / 2,
            say["mean_of_all"]: right / d,
            say["not_averaged"]: right * n,
            say["shape"]: "shape",
        }
        what = WHAT["reconstruction"].format(shape=x.shape, size=log_var.shape)
        for dtype in (np.float64, np.float32):
            inputs = [array.astype(dtype) for array in (x, copies, log_var)]
            op = exercise.gaussian_reconstruction
            found, _ = value_and_vjps(what, op, inputs, ["copies", "log_var"], mistakes)
            compare(the_value(what), found, right, mistakes, dtype, any_dtype=True)


def shared(slopes, size):
    """Slopes (N, D) of numbers that pictures share, and where size is 1, pixels too."""
    return slopes.sum(axis=0) if size == slopes.shape[1] else slopes.sum(keepdims=True)[0]


@pytest.mark.points(1, "build")
def test_gaussian_reconstruction_vjps(exercise, rng):
    say = SAY["vjps"]
    for x, copies, log_var in pictures_and_copies(rng):
        n, d = x.shape
        g, var = float(rng.uniform(1.5, 3) * rng.choice([-1, 1])), np.exp(log_var)
        of_copies = g * (copies - x) / var / n
        squares = (x - copies) ** 2 / var
        to_log_var = partial(shared, size=len(log_var))
        of_log_var = to_log_var(g * (1 - squares) / 2 / n)
        mistakes = {
            say["sign"]: -of_copies,
            say["no_var"]: of_copies * var,
            say["std"]: of_copies * np.sqrt(var),
            say["twice"]: 2 * of_copies,
            say["not_averaged"]: of_copies * n,
            say["mean_of_all"]: of_copies / d,
            say["no_g"]: of_copies / g,
        }
        of_var = {
            say["sign"]: -of_log_var,
            say["no_one"]: to_log_var(-g * squares / 2 / n),
            say["of_var"]: of_log_var / var,
            say["log_std"]: to_log_var(g * (1 - squares) / n),
            say["not_averaged"]: of_log_var * n,
            say["one_for_all"]: to_log_var(-g * squares / 2 / n) + g / 2,
            say["mean_of_pixels"]: of_log_var / d,
            say["no_g"]: of_log_var / g,
            say["shape"]: "shape",
        }
        what = WHAT["reconstruction"].format(shape=x.shape, size=log_var.shape)
        gradients = {"copies": (of_copies, mistakes), "log_var": (of_log_var, of_var)}
        check_op(what, exercise.gaussian_reconstruction, [x, copies, log_var], None, np.asarray(g), gradients)


# --- the bound, without a sample --------------------------------------------------------------------------------------


def straight_vaes(rng):
    """VAEs without bends, each with a covariance of data. None of them is a good one."""
    for d, k in rng.permutation([(5, 3), (2, 1), (3, 7)]).tolist():
        half = rng.standard_normal((d, d))
        C = half @ half.T + np.eye(d)
        W, A = rng.standard_normal((d, k)), rng.standard_normal((k, d)) / 2
        yield C, W, rng.uniform(0.3, 0.8, d) * 4 ** rng.integers(0, 2, d), A, rng.uniform(-1.5, -0.3, k)


@pytest.mark.points(1, "build")
def test_exact_bound(exercise, rng):
    say = SAY["bound"]
    for C, W, noise, A, code_log_var in straight_vaes(rng):
        (d, k), code_var = W.shape, np.exp(code_log_var)
        # x and z together are one Gaussian; a covariance of both has all that is asked for.
        from_x = np.vstack([np.eye(d), A])
        both = from_x @ C @ from_x.T + np.diag(np.concatenate([np.zeros(d), code_var]))
        missed = np.hstack([np.eye(d), -W])
        squares = np.diag(missed @ both @ missed.T)
        bell = lambda squares, noise=noise: (squares / noise + np.log(2 * np.pi * noise)).sum() / 2
        squares_of_mu = np.diag(A @ C @ A.T)
        kl = (np.diag(both)[d:] - 1 - code_log_var).sum() / 2
        rest = np.eye(d) - W @ A
        mistakes = {
            say["no_code_noise"]: bell(np.diag(rest @ C @ rest.T)),
            say["code_log_var"]: bell(np.diag(rest @ C @ rest.T) + W**2 @ code_log_var),
            say["code_std"]: bell(np.diag(rest @ C @ rest.T) + W**2 @ np.sqrt(code_var)),
            say["not_squared"]: bell(np.diag(rest @ C @ rest.T) + W @ code_var),
            say["data_alone"]: bell(np.diag(C)),
            say["no_constant"]: bell(squares) - d * math.log(2 * math.pi) / 2,
            say["noise_squared"]: (squares / noise**2 + np.log(2 * np.pi * noise**2)).sum() / 2,
            say["swapped"]: kl,
            say["raises"]: "raises",
        }
        of_kl = {
            say["no_means"]: (code_var - 1 - code_log_var).sum() / 2,
            say["no_half"]: 2 * kl,
            say["own_covariance"]: ((A**2).sum(1) + code_var - 1 - code_log_var).sum() / 2,
            say["mean_of_latents"]: kl / k,
            say["no_log"]: (np.diag(both)[d:] - 1).sum() / 2,
            say["means_twice"]: kl + squares_of_mu.sum() / 2,
        }
        what = WHAT["bound"].format(d=d, k=k)
        found = call(what, exercise.exact_bound, C, W, noise, A, code_log_var, mistakes=mistakes)
        found = several(what, found, 2, FORM["parts"])
        compare(WHAT["part"].format(what=what), found[0], bell(squares), mistakes)
        compare(WHAT["kl"].format(what=what), found[1], kl, of_kl)


def log_det(matrix):
    return float(np.log(np.linalg.eigvalsh(matrix)).sum())


def apart(C, S):
    """KL(N(0, C) || N(0, S)), from the eigenvalues of S^-1 C."""
    values = np.linalg.eigvals(np.linalg.inv(S) @ C).real
    return float((values - 1 - np.log(values)).sum() / 2)


@pytest.mark.points(1, "build")
def test_exact_gap(exercise, rng):
    say = SAY["gap"]
    for C, W, noise, A, code_log_var in straight_vaes(rng):
        (d, k), code_var = W.shape, np.diag(np.exp(code_log_var))
        of_model = np.diag(noise) + W @ W.T
        # the posterior by conditioning z on x, the other form of it
        regression = W.T @ np.linalg.inv(of_model)
        posterior = np.eye(k) - regression @ W
        off = A - regression
        of_means = float((np.linalg.inv(posterior) * (off @ C @ off.T)).sum() / 2)
        second = apart(code_var, posterior) + of_means
        mistakes = {
            say["no_noise"]: "infinite" if k < d else apart(C, W @ W.T),
            say["other_way"]: apart(of_model, C),
            say["noise_squared"]: apart(C, W @ W.T + np.diag(noise**2)),
            say["no_half"]: 2 * apart(C, of_model),
            say["no_dimensions"]: apart(C, of_model) + d / 2,
            say["swapped"]: second,
            say["raises"]: "raises",
        }
        mean_off = float((off @ C @ off.T).trace() / 2)
        of_posterior = {
            say["no_means"]: apart(code_var, posterior),
            say["means_alone"]: of_means,
            say["posterior_other_way"]: apart(posterior, code_var)
            + float((np.linalg.inv(code_var) * (off @ C @ off.T)).sum() / 2),
            say["prior_for_posterior"]: apart(code_var, np.eye(k)) + float((A @ C @ A.T).trace() / 2),
            say["means_not_divided"]: apart(code_var, posterior) + mean_off,
            say["no_data"]: apart(code_var, posterior) + float((np.linalg.inv(posterior) * (off @ off.T)).sum() / 2),
            say["no_half"]: 2 * second,
            say["code_log_var"]: second
            + float((np.diag(np.linalg.inv(posterior)) * (code_log_var - np.exp(code_log_var))).sum() / 2),
        }
        if k > 1:
            alone = np.diag(np.diag(posterior))
            of_posterior[say["diagonal"]] = apart(code_var, alone) + float(
                (np.linalg.inv(alone) * (off @ C @ off.T)).sum() / 2
            )
        what = WHAT["gap"].format(d=d, k=k)
        found = call(what, exercise.exact_gap, C, W, noise, A, code_log_var, mistakes=mistakes)
        found = several(what, found, 2, FORM["gaps"])
        compare(WHAT["of_model"].format(what=what), found[0], apart(C, of_model), mistakes)
        compare(WHAT["of_posterior"].format(what=what), found[1], second, of_posterior)


# --- nats_spent -------------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_nats_spent(exercise, rng):
    say = SAY["spent"]
    for d in rng.permutation([7, 11, 5]).tolist():
        noise, beta = rng.uniform(0.2, 0.6), rng.choice([rng.uniform(0.2, 0.6), rng.uniform(2, 4)])
        level = noise * beta
        variances = level * rng.permutation(np.concatenate([rng.uniform(1.5, 40, d - 3), rng.uniform(0.05, 0.8, 3)]))
        left = np.where(variances < level, variances, level)
        nats = (np.log(variances) - np.log(left)) / 2
        capped = lambda of_level, variances=variances: np.maximum(0, np.log(variances / of_level) / 2)
        mistakes = {
            say["below_0"]: (np.log(variances) - np.log(level)) / 2,
            say["no_half"]: 2 * nats,
            say["no_beta"]: capped(noise),
            say["no_noise"]: capped(beta),
            say["divided"]: capped(noise / beta),
            say["two_noise"]: capped(2 * level),
            say["half_level"]: capped(level / 2),
            say["bits"]: nats / math.log(2),
            say["swapped"]: left,
        }
        of_errors = {
            say["level_everywhere"]: np.full(d, level),
            say["error_no_beta"]: np.minimum(variances, noise),
            say["nothing_left"]: np.where(variances < level, 0, level),
            say["root"]: variances * np.exp(-nats),
        }
        what = WHAT["spent"].format(d=d, noise=noise, beta=beta)
        found = call(what, exercise.nats_spent, variances, float(noise), float(beta))
        found = several(what, found, 2, FORM["spent"])
        compare(WHAT["nats"].format(what=what), found[0], nats, mistakes)
        compare(WHAT["left"].format(what=what), found[1], left, of_errors)


# --- hidden_betas -----------------------------------------------------------------------------------------------------


def sizes(rng):
    """Pixels, latents, and a variance of pixels: never 1/2, where the mistakes of loss_b cannot be told apart."""
    for _ in range(4):
        pixels, latents = int(rng.choice([35, 48, 143, 210, 784])), int(rng.choice([3, 5, 11, 19, 23, 77]))
        yield pixels, latents, float(rng.choice([rng.uniform(0.01, 0.1), rng.uniform(1.5, 4)]))


def check_betas(exercise, rng, expected):
    """expected: for the place of a loss, a function from the sizes to its beta and to the mistakes."""
    for pixels, latents, noise in sizes(rng):
        what = WHAT["betas"].format(pixels=pixels, latents=latents, noise=noise)
        found = several(what, call(what, exercise.hidden_betas, pixels, latents, noise), 4, FORM["betas"])
        for place, of_sizes in expected.items():
            beta, mistakes = of_sizes(pixels, latents, noise)
            mistakes = {SAY["betas"][name]: wrong for name, wrong in mistakes.items() if not math.isclose(wrong, beta)}
            compare(WHAT["beta"].format(what=what, name="abcd"[place]), found[place], beta, mistakes, any_dtype=True)


@pytest.mark.points(1, "build")
def test_hidden_betas_of_means(exercise, rng):
    first = lambda d, k, noise: (
        d,
        {"upside_down": 1 / d, "none": 1, "both_means": d / k, "half": d / 2, "of_loss_d": 1 / k},
    )
    last = lambda d, k, noise: (
        1 / k,
        {"upside_down": k, "none": 1, "both_means": d / k, "of_loss_a": d, "half": 1 / (2 * k)},
    )
    check_betas(exercise, rng, {0: first, 3: last})


@pytest.mark.points(1, "build")
def test_hidden_betas_of_factors(exercise, rng):
    second = lambda d, k, noise: (
        1 / (2 * noise),
        {"upside_down": 2 * noise, "none": 1, "half_forgotten": 1 / noise, "noise_itself": noise, "double": 2 / noise},
    )
    third = lambda d, k, noise: (
        d / 200,
        {
            "upside_down": 200 / d,
            "none": 1,
            "factor_alone": 1 / 200,
            "factor_times": 200,
            "mean_alone": d,
            "both": 200 * d,
        },
    )
    check_betas(exercise, rng, {1: second, 2: third})


# --- vae_losses: mended -----------------------------------------------------------------------------------------------


@pytest.mark.points(1, "debug")
def test_vae_losses(exercise, rng):
    """As it is, and in other pieces: each pixel as two, each latent as two."""
    say = SAY["losses"]
    for n, d, k in rng.permutation([(7, 11, 3), (5, 2, 13), (3, 17, 5)]).tolist():
        x, copies = rng.standard_normal((2, n, d))
        mu, log_var = rng.standard_normal((2, n, k))
        noise = float(rng.uniform(0.02, 0.4))
        for pieces in (say["whole"], say["pixels_twice"], say["latents_twice"]):
            double = lambda array: np.repeat(array, 2, axis=1)
            if pieces == say["pixels_twice"]:
                x, copies = double(x), double(copies)
            if pieces == say["latents_twice"]:
                mu, log_var = double(mu), double(log_var)
            squares, codes = (x - copies) ** 2 / (2 * noise), (mu**2 + np.exp(log_var) - 1 - log_var) / 2
            what = WHAT["losses"].format(shape=x.shape, latents=mu.shape[1], pieces=pieces)
            found = several(what, call(what, exercise.vae_losses, x, copies, mu, log_var, noise), 2, FORM["parts"])
            mistakes = in_other_units(squares, say) | {say["no_noise"]: squares.sum() * 2 * noise / n}
            mistakes |= {say["digits"]: 784 * squares.mean()}
            mistakes |= {say["half_noise"]: 2 * squares.sum() / n, say["constant"]: with_constant(squares, noise)}
            compare(WHAT["part"].format(what=what), found[0], squares.sum() / n, mistakes)
            compare(WHAT["kl"].format(what=what), found[1], codes.sum() / n, in_other_units(codes, say))


def in_other_units(costs, say):
    wrong_axis = costs.sum() / costs.shape[1]
    return {say["mean_of_all"]: costs.mean(), say["not_averaged"]: costs.sum(), say["of_batch"]: wrong_axis}


def with_constant(squares, noise):
    return squares.sum() / len(squares) + squares.shape[1] * math.log(2 * math.pi * noise) / 2


# --- two_curves: mended -----------------------------------------------------------------------------------------------


def histories(rng, beta, warm_up, epochs):
    """Two histories, drawn until each mistake keeps an epoch of its own, and none of them is the last."""
    while True:
        training, validation = rng.uniform((80, 5), (120, 30), (2, epochs, 2))
        chosen = [int(curve.argmin()) for curve in curves_of(training, validation, beta, warm_up)]
        if len({*chosen, chosen[0] + 1, epochs - 1}) == 6:
            return training, validation


def curves_of(training, validation, beta, warm_up):
    """The right validation curve, then wrong ones: without beta, with the rising one, and the training's."""
    rising = beta * np.minimum(1, np.arange(1, len(training) + 1) / warm_up)
    weigh = lambda history, weights: history[:, 0] + weights * history[:, 1]
    return weigh(validation, beta), weigh(validation, 1), weigh(validation, rising), weigh(training, beta)


@pytest.mark.points(1, "debug")
def test_two_curves(exercise, rng):
    say = SAY["curves"]
    for epochs, warm_up in rng.permutation([(9, 5), (7, 4), (11, 8)]).tolist():
        beta = float(rng.choice([rng.uniform(0.1, 0.3), rng.uniform(3, 6)]))
        training, validation = histories(rng, beta, warm_up, epochs)
        right, plain, rising, of_training = curves_of(training, validation, beta, warm_up)
        what = WHAT["curves"].format(epochs=epochs, beta=beta, warm_up=warm_up)
        found = call(what, exercise.two_curves, training, validation, beta, warm_up)
        found = several(what, found, 3, FORM["curves"])
        _, without, with_rising, _ = curves_of(validation, training, beta, warm_up)
        mistakes = {say["training_rises"]: with_rising, say["training_plain"]: without}
        compare(WHAT["training"].format(what=what), found[0], of_training, mistakes)
        mistakes = {say["validation_plain"]: plain, say["validation_rises"]: rising}
        compare(WHAT["validation"].format(what=what), found[1], right, mistakes)
        best = int(right.argmin())
        mistakes = {
            say["kept_plain"]: int(plain.argmin()),
            say["kept_rising"]: int(rising.argmin()),
            say["kept_training"]: int(of_training.argmin()),
            say["from_one"]: best + 1,
            say["last"]: epochs - 1,
        }
        compare(WHAT["kept"].format(what=what), found[2], best, mistakes, any_dtype=True)


# --- least_kl: an experiment ------------------------------------------------------------------------------------------


@pytest.mark.points(1, "experiment")
def test_least_kl(exercise, rng):
    say = SAY["least"]
    cases = [(degrees, float(long), float(short)) for degrees, long, short in clouds(rng)]
    for at in rng.permutation(len(cases)):
        degrees, long, short = cases[at]
        angle = math.radians(degrees)
        difference = (long - short) * math.cos(angle) * math.sin(angle)
        first = long * math.cos(angle) ** 2 + short * math.sin(angle) ** 2
        correlation = difference / math.sqrt(first * (long + short - first))
        right = math.atanh(correlation)
        what = WHAT["least"].format(degrees=degrees, long=long, short=short)
        mistakes = {say["raises"]: "raises"} if degrees in (0, 90) else {}
        found = call(what, exercise.least_kl, angle, long, short, mistakes=mistakes)
        is_number = isinstance(found, (int, float, np.floating)) and not isinstance(found, bool)
        assert is_number, FORM["number"].format(what=what, found=kind(found))
        mistakes = {
            say["equal_noise"]: math.log(long / short) / 2,
            say["as_deviations"]: of_deviations(angle, long, short),
            say["coordinates"]: -math.log(1 - correlation**2) / 2,
            say["no_half"]: 2 * right,
            say["bits"]: right / math.log(2),
            say["degrees"]: math.atanh(abs(correlation_at(math.radians(angle), long, short))),
        }
        causes = [cause for cause, wrong in mistakes.items() if abs(found - wrong) <= 1e-3]
        told = say["differs"].format(what=what, expected=right, found=float(found))
        assert abs(found - right) <= 1e-3, told + cause_of(causes)
    line = exercise.WHY_THEN
    assert isinstance(line, str) and len(line.split()) > 3, say["no_line"]


def clouds(rng):
    """Angles on both sides of 45 degrees, and the two ends, where coordinates have nothing in common."""
    for degrees in (0, *rng.uniform(8, 38, 2), 45, *rng.uniform(52, 82, 2), 90):
        short = rng.uniform(0.3, 3)
        yield round(float(degrees), 1), short * rng.uniform(8, 40), short


def correlation_at(angle, long, short):
    first = long * math.cos(angle) ** 2 + short * math.sin(angle) ** 2
    return (long - short) * math.cos(angle) * math.sin(angle) / math.sqrt(first * (long + short - first))


def of_deviations(angle, long, short):
    """What it is if long and short are taken for standard deviations."""
    return math.atanh(correlation_at(angle, long**2, short**2))
