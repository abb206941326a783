"""What gradients cannot see: a gradient check proves that backward fits forward, not that forward is right.

Each check compares what a function does with its exact law, and returns a z-score for each statement it tests: the
deviation in units of its standard error, which is known, not estimated. At 5 sigma a right function is refused once in
1.7 million statements. Below every check stand the famous wrong versions, which the same check must refuse.
"""

from math import factorial

import numpy as np
import pytest
from numpy.polynomial.hermite_e import hermegauss, hermeval

from minae import Tensor, differentiable, no_grad
from minae import functional as F
from minae.models import VAE
from minae.nn import Linear, Parameter

MOMENTS = ("mean", "variance", "skewness", "kurtosis")


def refused(scores):
    """The statements whose worst z-score is not below 5 sigma, with that score. NaN is below nothing."""
    worst = {statement: np.abs(z).max() for statement, z in scores.items()}
    return {statement: z for statement, z in worst.items() if not z < 5}


# --- the reparameterised sample ---------------------------------------------------------------------------------------

MU = np.array([0.7, -1.1, 0.3])
LOG_VAR = np.array([-2.0, 0.0, 1.5])


def sample_scores(reparameterize, log_var=LOG_VAR, give_eps=False, dtype=np.float64, draws=10_000, rows=31):
    """Moments of z, and its correlations between latents, between the rows of a batch, and between two batches.

    The standardised sample u must be standard normal. Its Hermite polynomials He_k(u) then have mean 0 and variance k!:
    He_1 measures the mean, He_2 the variance, He_3 the skewness, He_4 the kurtosis. Products of two u that are
    independent have mean 0 and variance 1.
    """
    rng = np.random.default_rng(1)
    mu = Tensor(np.tile(MU, (rows, 1)).astype(dtype))
    log_vars = Tensor(np.tile(log_var, (rows, 1)).astype(dtype))

    def noise():
        return {"eps": rng.standard_normal(mu.shape, dtype=dtype)} if give_eps else {"rng": rng}

    z = np.stack([reparameterize(mu, log_vars, **noise()).numpy() for _ in range(draws)])
    assert z.dtype == dtype
    u = (z - MU) / np.sqrt(np.exp(log_var))

    scores = {}
    for k, moment in enumerate(MOMENTS, start=1):
        hermite = hermeval(u, [0] * k + [1])
        scores[moment] = hermite.sum(axis=(0, 1)) / np.sqrt(factorial(k) * draws * rows)
    u = u.reshape(draws, -1)  # (draws, rows * latents)
    products = u.T @ u / np.sqrt(draws)
    same_row = np.kron(np.eye(rows), np.ones((3, 3))).astype(bool)
    scores["between latents"] = products[same_row & ~np.eye(rows * 3, dtype=bool)]
    scores["between rows"] = products[~same_row]
    scores["between batches"] = u[:-1].T @ u[1:] / np.sqrt(draws - 1)
    return scores


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("give_eps", [False, True], ids=["rng", "eps"])
def test_a_sample_has_the_moments_that_mu_and_log_var_say(give_eps, dtype):
    assert refused(sample_scores(F.reparameterize, give_eps=give_eps, dtype=dtype)) == {}


def std_is_exp_log_var(mu, log_var, rng):
    """B1, of the most-read lessons: their KL reads the same number as a log-variance."""
    return mu + log_var.exp() * rng.standard_normal(mu.shape)


WRONG_NOISE = {
    "std 0.01": (lambda shape, rng: 0.01 * rng.standard_normal(shape), "variance"),
    "std 1 % too large": (lambda shape, rng: 1.01 * rng.standard_normal(shape), "variance"),
    "mean 0.02": (lambda shape, rng: 0.02 + rng.standard_normal(shape), "mean"),
    "exponential": (lambda shape, rng: rng.exponential(size=shape) - 1, "skewness"),
    "uniform": (lambda shape, rng: rng.uniform(-(3**0.5), 3**0.5, shape), "kurtosis"),
    "one for all latents": (lambda shape, rng: rng.standard_normal(shape[0])[:, None], "between latents"),
    "one for all rows": (lambda shape, rng: rng.standard_normal(shape[1]), "between rows"),
    "one for all batches": (lambda shape, rng: np.random.default_rng(0).standard_normal(shape), "between batches"),
}


@pytest.mark.parametrize("name", WRONG_NOISE)
def test_wrong_noise_is_refused(name):
    noise, statement = WRONG_NOISE[name]

    def wrong(mu, log_var, rng):
        return mu + (0.5 * log_var).exp() * noise(mu.shape, rng)

    assert statement in refused(sample_scores(wrong))


def test_the_wrong_std_is_refused_but_not_at_log_var_0():
    """Why no test of a sampler may stop at log_var = 0."""
    assert refused(sample_scores(std_is_exp_log_var)).keys() >= {"variance", "kurtosis"}
    assert refused(sample_scores(std_is_exp_log_var, log_var=np.zeros(3))) == {}


def test_without_rng_every_call_draws_anew():
    mu = Tensor(np.zeros((3, 5)))
    first, second = (F.reparameterize(mu, mu).numpy() for _ in range(2))
    assert np.all(first != second)


# --- dropout ----------------------------------------------------------------------------------------------------------


def dropout_scores(dropout, p, give_noise=False, dtype=np.float32, draws=2000, shape=(7, 11)):
    """How often each number is kept, the mean of y, and whether two numbers, or two calls, are dropped together.

    A number that is kept with probability q = 1 - p has the standardised indicator u = (kept - q) / √(pq), of mean 0
    and variance 1; so have the products of two that are independent.
    """
    rng = np.random.default_rng(1)
    x = Tensor(np.full(shape, 3.0, dtype))

    def noise():
        return {"noise": rng.random(shape, dtype=dtype)} if give_noise else {"rng": rng}

    y = np.stack([dropout(x, p, **noise()).numpy() for _ in range(draws)]).astype(float).reshape(draws, -1)
    u = ((y != 0) - (1 - p)) / np.sqrt(p * (1 - p))
    products = u.T @ u / np.sqrt(draws)
    return {
        "kept": u.sum(axis=0) / np.sqrt(draws),
        "kept, all": u.sum() / np.sqrt(u.size),
        "mean": (y - 3).sum() / (3 * np.sqrt(u.size * p / (1 - p))),
        "between numbers": products[~np.eye(len(products), dtype=bool)],
        "between calls": (u[1:] * u[:-1]).sum(axis=0) / np.sqrt(draws - 1),
    }


@pytest.mark.parametrize("give_noise", [True, False])
@pytest.mark.parametrize("p", [0.1, 0.5, 0.8])
def test_dropout_drops_each_number_by_itself_and_keeps_the_mean(p, give_noise):
    assert refused(dropout_scores(F.dropout, p, give_noise)) == {}


WRONG_DROPOUT = {
    "not scaled": (lambda x, p, rng: F.dropout(x, p, rng=rng) * (1 - p), {"mean"}),
    "p is the share that is kept": (lambda x, p, rng: F.dropout(x, 1 - p, rng=rng), {"kept", "kept, all"}),
    "whole rows": (
        lambda x, p, rng: x * (rng.random((len(x.data), 1), np.float32) >= p) / (1 - p),
        {"between numbers"},
    ),
    "one mask for ever": (lambda x, p, rng: F.dropout(x, p, rng=0), {"kept", "between numbers", "between calls"}),
}


@pytest.mark.parametrize("wrong", WRONG_DROPOUT)
def test_a_wrong_dropout_is_refused(wrong):
    dropout, statements = WRONG_DROPOUT[wrong]
    assert statements <= set(refused(dropout_scores(dropout, 0.2)))


# --- the closed-form KL -----------------------------------------------------------------------------------------------


def log_normal(z, mu, var):
    """ln N(z; mu, diag var), summed over the last axis."""
    return -0.5 * ((z - mu) ** 2 / var + np.log(2 * np.pi * var)).sum(axis=-1)


def kl_scores(gaussian_kl, reparameterize=F.reparameterize, n=100_000):
    """KL = E_q[ln q(z) - ln p(z)]: the closed form against its Monte Carlo mean, for 7 posteriors.

    One term, ½ Σ (z² - eps² - log_var), has variance Σ [½ (var - 1)² + mu² var].
    """
    rng = np.random.default_rng(2)
    mu, log_var = rng.standard_normal((7, 3)), rng.uniform(-2, 1.5, (7, 3))
    tiled = [Tensor(np.tile(array, (n, 1, 1))) for array in (mu, log_var)]
    z = reparameterize(*tiled, rng=rng).numpy()
    var = np.exp(log_var)
    terms = log_normal(z, mu, var) - log_normal(z, 0, np.ones(3))
    exact_variance = (0.5 * (var - 1) ** 2 + mu**2 * var).sum(axis=1)
    closed_form = gaussian_kl(Tensor(mu), Tensor(log_var)).numpy()
    deviations = terms.mean(axis=0) - closed_form
    return {
        "each KL": deviations / np.sqrt(exact_variance / n),
        "all together": deviations.sum() / np.sqrt(exact_variance.sum() / n),
    }


def test_the_closed_form_kl_is_the_mean_of_the_log_ratio():
    assert refused(kl_scores(F.gaussian_kl)) == {}


WRONG_KL = {
    "log_var read as log std": lambda mu, s: 0.5 * (mu * mu + (2 * s).exp() - 1 - 2 * s).sum(axis=1),
    "the other direction": lambda mu, s: 0.5 * ((mu * mu + 1) * (-s).exp() - 1 + s).sum(axis=1),
    "mean over latents": lambda mu, s: 0.5 * (mu * mu + s.exp() - 1 - s).mean(axis=1),
    "without the half": lambda mu, s: (mu * mu + s.exp() - 1 - s).sum(axis=1),
    "mu not squared": lambda mu, s: 0.5 * (mu + s.exp() - 1 - s).sum(axis=1),
    "1 % too large": lambda mu, s: 1.01 * F.gaussian_kl(mu, s),
}


@pytest.mark.parametrize("name", WRONG_KL)
def test_a_wrong_kl_is_refused(name):
    assert refused(kl_scores(WRONG_KL[name]))


def test_the_right_kl_is_refused_beside_the_wrong_std():
    assert refused(kl_scores(F.gaussian_kl, std_is_exp_log_var))


def broken_kl_statements(gaussian_kl, dtype=np.float64):
    """KL >= 0, down to the smallest values, and at the prior KL = 0 with gradients of 0, all exactly."""
    mu, log_var = Parameter(np.zeros((2, 3), dtype)), Parameter(np.zeros((2, 3), dtype))
    kl = gaussian_kl(mu, log_var)
    kl.sum().backward()
    sizes = np.logspace(-20, 1, 400, dtype=dtype)
    log_vars = np.concatenate([-sizes, sizes])[:, None]
    statements = {
        "never negative": np.all(gaussian_kl(Tensor(np.zeros_like(log_vars)), Tensor(log_vars)).numpy() >= 0),
        "0 at the prior": np.all(kl.numpy() == 0),
        "gradient 0 at the prior": not mu.grad.any() and not log_var.grad.any(),
    }
    return {statement for statement, holds in statements.items() if not holds}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_kl_is_never_negative_and_flat_at_the_prior(dtype):
    assert broken_kl_statements(F.gaussian_kl, dtype) == set()


@differentiable
def kl_with_a_lost_1(mu, log_var):
    """The right value with d/dlog_var = ½ e^log_var, where ½ (e^log_var - 1) is right."""
    kl = 0.5 * (mu**2 + np.expm1(log_var) - log_var).sum(axis=1)
    return kl, (lambda g: g[:, None] * mu, lambda g: g[:, None] * 0.5 * np.exp(log_var))


@pytest.mark.parametrize(
    ("wrong", "statement"),
    [
        (lambda mu, s: 0.5 * (mu * mu + s.exp() - 1 - s).sum(axis=1), "never negative"),  # e^s - 1 cancels near s = 0
        (lambda mu, s: 0.5 * (mu * mu + s.exp() - s).sum(axis=1), "0 at the prior"),
        (lambda mu, s: 0.5 * (mu * mu - s).sum(axis=1), "gradient 0 at the prior"),
        (kl_with_a_lost_1, "gradient 0 at the prior"),
    ],
    ids=["exp(s) - 1", "without the 1", "without exp", "gradient without the 1"],
)
def test_a_kl_that_is_negative_or_not_flat_at_the_prior_is_refused(wrong, statement):
    assert statement in broken_kl_statements(wrong)


# --- gradients of expectations ----------------------------------------------------------------------------------------


@differentiable
def sin(x):
    """y = sin x,   dL/dx = g cos x"""
    return np.sin(x), (lambda g: g * np.cos(x),)


def true_gradients(mu, log_var):
    """d/dmu and d/dlog_var of E[sin 2z] = sin(2 mu) e^(-2 var), for z ~ N(mu, var)."""
    var = np.exp(log_var)
    return 2 * np.cos(2 * mu) * np.exp(-2 * var), -2 * var * np.sin(2 * mu) * np.exp(-2 * var)


def pathwise(mu, log_var, rng, reparameterize=F.reparameterize):
    """One estimate per element: the gradient of sin 2z through the sample z."""
    sin(2 * reparameterize(mu, log_var, rng=rng)).sum().backward()
    return mu.grad, log_var.grad


def score_function(mu, log_var, rng):
    """One estimate per element: sin 2z times the gradient of ln q(z), with z held fixed."""
    with no_grad():
        z = F.reparameterize(mu, log_var, rng=rng)
    log_q = -0.5 * ((z - mu) * (z - mu) / log_var.exp() + log_var)
    (np.sin(2 * z.numpy()) * log_q).sum().backward()
    return mu.grad, log_var.grad


def terms_of(estimator, mu, log_var, eps):
    """The two estimates as functions of the noise, written out."""
    std = np.exp(log_var / 2)
    z = mu + std * eps
    if estimator is score_function:
        return np.sin(2 * z) * eps / std, np.sin(2 * z) * (eps**2 - 1) / 2
    return 2 * np.cos(2 * z), np.cos(2 * z) * std * eps


def exact_moments(estimator, mu, log_var):
    """Means and variances of the two estimates by Gauss-Hermite quadrature: exact to rounding for such smooth terms."""
    eps, weights = hermegauss(100)
    terms = np.stack(terms_of(estimator, mu, log_var, eps))
    means, squares = terms @ weights / weights.sum(), terms**2 @ weights / weights.sum()
    return means, squares - means**2


POINTS = [(0.3, -2.0), (0.7, 0.0), (-0.4, 0.6), (0.2, 1.5)]


def estimates(estimator, mu, log_var, seed, n=100_000, **options):
    """The means of n estimates, and their exact variances."""
    leaves = Parameter(np.full(n, mu)), Parameter(np.full(n, log_var))
    gradients = estimator(*leaves, np.random.default_rng(seed), **options)
    return np.array([gradient.mean() for gradient in gradients]), exact_moments(estimator, mu, log_var)[1] / n


def gradient_scores(estimator, mu, log_var, **options):
    means, variances = estimates(estimator, mu, log_var, seed=3, **options)
    return dict(zip(("d/dmu", "d/dlog_var"), (means - true_gradients(mu, log_var)) / np.sqrt(variances)))


@pytest.mark.parametrize(("mu", "log_var"), POINTS)
@pytest.mark.parametrize("estimator", [pathwise, score_function])
def test_the_mean_gradient_is_the_gradient_of_the_mean(estimator, mu, log_var):
    np.testing.assert_allclose(exact_moments(estimator, mu, log_var)[0], true_gradients(mu, log_var), atol=1e-12)
    assert refused(gradient_scores(estimator, mu, log_var)) == {}


@pytest.mark.parametrize(("mu", "log_var"), POINTS)
def test_pathwise_and_score_function_gradients_agree(mu, log_var):
    """Two estimators of one gradient: one knows the derivative of sin and of the sample, the other neither."""
    a, variance_a = estimates(pathwise, mu, log_var, seed=4)
    b, variance_b = estimates(score_function, mu, log_var, seed=5)
    assert refused({"difference": (a - b) / np.sqrt(variance_a + variance_b)}) == {}


@differentiable
def sample_without_the_half(mu, log_var, rng):
    noise = np.exp(log_var / 2) * rng.standard_normal(mu.shape)
    return mu + noise, (lambda g: g, lambda g: g * noise)


def sample_with_a_detached_std(mu, log_var, rng):
    return F.reparameterize(mu, log_var.detach(), rng=rng) + 0 * log_var


@pytest.mark.parametrize(
    ("wrong", "statement"),
    [
        (std_is_exp_log_var, "d/dmu"),
        (sample_without_the_half, "d/dlog_var"),
        (sample_with_a_detached_std, "d/dlog_var"),
    ],
)
def test_a_wrong_sample_gradient_is_refused(wrong, statement):
    assert statement in refused(gradient_scores(pathwise, 0.3, -2.0, reparameterize=wrong))


# --- the reconstruction loss ------------------------------------------------------------------------------------------


def broken_bce_statements(bce, dtype=np.float64):
    """Black and white are only names: BCE(p, t) = BCE(1-p, 1-t), so (x, t) -> (-x, 1-t) in logits; x's gradient flips.

    And it is a log-likelihood: being wrong with logit x costs ln(1 + e^x) nats, without bound.
    """
    x = np.concatenate([np.linspace(-30, 30, 601), [-1000, 1000]])[:, None]
    x, t = (array.astype(dtype) for array in np.broadcast_arrays(x, np.linspace(0, 1, 17)))  # 1 - t is exact

    def value_and_gradient(x, t):
        logits = Parameter(x)
        loss = bce(logits, Tensor(t), reduction="none")
        loss.backward(np.ones_like(x))
        return loss.numpy(), logits.grad

    (loss, gradient), (mirrored, mirrored_gradient) = value_and_gradient(x, t), value_and_gradient(-x, 1 - t)
    rounding = 2 * np.finfo(dtype).eps * (1 + np.abs(x))
    statements = {
        "symmetric": np.all(np.abs(loss - mirrored) <= rounding),
        "antisymmetric gradient": np.all(np.abs(gradient + mirrored_gradient) <= rounding),
        "a log-likelihood": np.all(np.abs(loss - np.logaddexp(0, x) + x * t) <= rounding),
    }
    return {statement for statement, holds in statements.items() if not holds}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_bce_is_symmetric_in_black_and_white(dtype):
    assert broken_bce_statements(F.binary_cross_entropy_with_logits, dtype) == set()


def clipped_bce(low, high):
    """BCE from probabilities clipped to [low, high], as an op with the gradient of what it computes."""

    @differentiable
    def bce(x, t, reduction="none"):
        p = 1 / (1 + np.exp(-np.clip(x, -700, 700)))
        clipped = np.clip(p, low, high)
        loss = -t * np.log(clipped) - (1 - t) * np.log1p(-clipped)
        return loss, (lambda g: g * (p - t) * (clipped == p),)

    return bce


@pytest.mark.parametrize(
    ("low", "high", "statements"),
    [
        (1e-15, 0.999, {"symmetric", "antisymmetric gradient", "a log-likelihood"}),
        (1e-7, 1 - 1e-7, {"a log-likelihood"}),  # symmetric, but a certain mistake costs no more than 16 nats
    ],
)
def test_a_bce_of_clipped_probabilities_is_refused(low, high, statements):
    assert broken_bce_statements(clipped_bce(low, high)) >= statements


# --- the balance of reconstruction and KL -----------------------------------------------------------------------------


def broken_unit_statements(vae):
    """Every image given twice over, with networks that see no difference: the reconstruction doubles, the KL stays.
    Every latent given twice, the copies unread by the decoder: the KL doubles, the reconstruction stays.
    """
    rng = np.random.default_rng(6)
    images, eps = rng.random((5, 1, 7, 3)), rng.standard_normal((5, 2))
    sizes = {"image_shape": (1, 7, 3), "hidden": 11, "latent": 2}
    model = vae(**sizes, rng=0).to(dtype=np.float64)
    once = model.losses(Tensor(images), eps=eps)

    def losses_with(images, eps, changed_sizes, changed_weights):
        other = vae(**{**sizes, **changed_sizes}).to(dtype=np.float64)
        other.load_state_dict({**model.state_dict(), **changed_weights})
        return other.losses(Tensor(images), eps=eps)

    w = model.state_dict()

    def twice(*names):
        return {name: np.concatenate([w[name], w[name]]) for name in names}

    half = w["encoder.1.weight"] / 2
    twice_the_pixels = losses_with(
        np.concatenate([images, images], axis=2),
        eps,
        {"image_shape": (1, 14, 3)},
        {"encoder.1.weight": np.concatenate([half, half], axis=1), **twice("decoder.2.weight", "decoder.2.bias")},
    )
    twice_the_latents = losses_with(
        images,
        np.concatenate([eps, rng.standard_normal((5, 2))], axis=1),
        {"latent": 4},
        {
            "decoder.0.weight": np.concatenate([w["decoder.0.weight"], np.zeros((11, 2))], axis=1),
            **twice("to_mu.weight", "to_mu.bias", "to_log_var.weight", "to_log_var.bias"),
        },
    )

    def ratio(losses, name):
        return losses[name].item() / once[name].item()

    statements = {
        "pixels double the reconstruction": (ratio(twice_the_pixels, "reconstruction"), 2),
        "pixels leave the KL": (ratio(twice_the_pixels, "kl"), 1),
        "latents double the KL": (ratio(twice_the_latents, "kl"), 2),
        "unread latents leave the reconstruction": (ratio(twice_the_latents, "reconstruction"), 1),
    }
    return {name for name, (found, expected) in statements.items() if found != pytest.approx(expected, rel=1e-13)}


def test_pixels_and_latents_count_one_by_one():
    assert broken_unit_statements(VAE) == set()


class MeanOverPixels(VAE):
    """B6: the reconstruction is averaged over pixels, the KL is summed and swamps it."""

    def losses(self, x, eps=None, rng=None):
        losses = super().losses(x, eps, rng)
        reconstruction = losses["reconstruction"] / x[0].size
        return {**losses, "reconstruction": reconstruction, "loss": reconstruction + losses["kl"]}


class MeanOverLatents(VAE):
    """B6 reversed: the KL is averaged over latents, and hardly counts."""

    def losses(self, x, eps=None, rng=None):
        losses = super().losses(x, eps, rng)
        kl = losses["kl"] / self.latent
        return {**losses, "kl": kl, "loss": losses["reconstruction"] + kl}


class KLPerPixel(VAE):
    """The KL is divided by the number of pixels, to make it fit a mean over pixels that is not there."""

    def losses(self, x, eps=None, rng=None):
        losses = super().losses(x, eps, rng)
        kl = losses["kl"] / x[0].size
        return {**losses, "kl": kl, "loss": losses["reconstruction"] + kl}


@pytest.mark.parametrize(
    ("wrong", "statement"),
    [
        (MeanOverPixels, "pixels double the reconstruction"),
        (MeanOverLatents, "latents double the KL"),
        (KLPerPixel, "pixels leave the KL"),
    ],
)
def test_losses_in_other_units_are_refused(wrong, statement):
    assert statement in broken_unit_statements(wrong)


# --- initial weights (their own moments: test_nn.py) ------------------------------------------------------------------


def correlation_scores(a, b, fan_in):
    """Weights start uniform in ±1/√fan_in; the product of two independent uniforms in ±1 has variance 1/9."""
    return {"between layers": (a.data * b.data * fan_in).sum(dtype=np.float64) / np.sqrt(a.size / 9)}


def test_no_two_layers_start_alike():
    model = VAE(image_shape=(1, 13, 11), hidden=101, latent=53, rng=8)
    for a, b in [(model.to_mu.weight, model.to_log_var.weight), (model.to_mu.bias, model.to_log_var.bias)]:
        assert refused(correlation_scores(a, b, fan_in=101)) == {}


def test_two_layers_from_one_seed_are_refused():
    a, b = (Linear(101, 53, rng=0).weight for _ in range(2))
    assert refused(correlation_scores(a, b, fan_in=101))
