"""Autoencoders whose best solution is known in closed form: the linear ones. Training must arrive there, exactly.

- A linear autoencoder finds the subspace of principal component analysis (Baldi & Hornik 1989).
- A linear variational autoencoder finds probabilistic PCA (Tipping & Bishop 1999; Lucas et al. 2019), and its ELBO is
  then the exact log-likelihood.
- In a linear Gaussian model log p(x) and the posterior are known, so the importance-weighted bounds (Burda et al. 2016)
  can be held against them.

With the eigenvalues l_1 >= ... >= l_d of the data's covariance (divided by N), the discarded ones are l_q+1 ... l_d.
"""

import numpy as np
import pytest

from minae import Tensor, no_grad, optim
from minae import functional as F
from minae.measures.evidence import importance_weighted_bound, log_mean_exp
from minae.nn import Linear, Module, Parameter
from tests import strict_device

LN_2PI = np.log(2 * np.pi)


def correlated_data(n, d, rng):
    """n points in d dimensions around a mean that is not 0, with variances from 4 down to about 0.1."""
    directions, _ = np.linalg.qr(rng.standard_normal((d, d)))
    scales = np.geomspace(2, 0.3, d)
    return rng.standard_normal(d) + (rng.standard_normal((n, d)) * scales) @ directions.T


def principal_components(x):
    """(mean, eigenvalues in falling order, eigenvectors as columns) of the covariance divided by N."""
    mean = x.mean(axis=0)
    eigenvalues, vectors = np.linalg.eigh((x - mean).T @ (x - mean) / len(x))
    return mean, eigenvalues[::-1], vectors[:, ::-1]


def train(model, loss):
    """Full-batch gradient descent with momentum, which needs no falling learning rate to settle."""
    optimizer = optim.SGD(model.parameters(), lr=0.01, momentum=0.97)
    for _ in range(3000):
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()


# --- a linear autoencoder is principal component analysis ------------------------------------------------------------


class LinearAutoencoder(Module):
    def __init__(self, d, q, rng):
        self.encoder = Linear(d, q, rng=rng)
        self.decoder = Linear(q, d, rng=rng)

    def forward(self, x):
        return self.decoder(self.encoder(x))


def largest_principal_angle(a, b):
    """Between the spans of the columns of a and b, in radians, by the sine: exact to rounding also for tiny angles."""
    a, b = np.linalg.qr(a)[0], np.linalg.qr(b)[0]
    return np.arcsin(min(np.linalg.norm(b - a @ (a.T @ b), ord=2), 1))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_linear_autoencoder_spans_the_pca_subspace(seed):
    rng = np.random.default_rng(seed)
    x, q = correlated_data(n=307, d=11, rng=rng), 3
    mean, eigenvalues, vectors = principal_components(x)
    model = LinearAutoencoder(d=11, q=q, rng=rng).to(dtype=np.float64)
    points = Tensor(x)

    def squared_error():
        return F.mse_loss(model(points), points, reduction="sum") / len(x)

    train(model, squared_error)
    smallest = eigenvalues[q:].sum()
    assert -1e-12 < squared_error().item() / smallest - 1 < 1e-9
    assert largest_principal_angle(model.decoder.weight.numpy(), vectors[:, :q]) < 1e-5
    assert largest_principal_angle(model.encoder.weight.numpy().T, vectors[:, :q]) < 1e-5
    np.testing.assert_allclose(model(Tensor(mean)).numpy(), mean, atol=1e-5)  # the biases found the centre of the data


@pytest.mark.parametrize("angle", [0.0, 1e-9, 2e-3, 1.5])
def test_the_principal_angle_of_a_rotated_plane(angle):
    rng = np.random.default_rng(1)
    axes, _ = np.linalg.qr(rng.standard_normal((7, 7)))
    plane = axes[:, :2]
    rotated = np.stack([axes[:, 0], np.cos(angle) * axes[:, 1] + np.sin(angle) * axes[:, 2]], axis=1)
    assert largest_principal_angle(plane, rotated @ rng.standard_normal((2, 2))) == pytest.approx(angle, abs=1e-14)


# --- a linear variational autoencoder is probabilistic PCA ------------------------------------------------------------


class LinearVAE(Module):
    """q(z|x) = N(V x + c, diag exp(log_var)),   p(x|z) = N(W z + b, exp(log_noise) I),   p(z) = N(0, I).

    log_var is one vector for all x: the best posterior has the same covariance everywhere.
    """

    def __init__(self, d, q, rng):
        self.encoder = Linear(d, q, rng=rng)
        self.decoder = Linear(q, d, rng=rng)
        self.log_var = Parameter(np.zeros(q))
        self.log_noise = Parameter(np.zeros(()))

    def encode(self, x):
        mu = self.encoder(x)
        return mu, self.log_var + np.zeros(mu.shape)

    def elbo(self, x):
        """The exact ELBO of each point, with no sample: E_q|x - Wz - b|² = |x - W mu - b|² + Σ_j var_j |W_j|²."""
        mu, log_var = self.encode(x)
        w, error = self.decoder.weight, x - self.decoder(mu)
        squared = (error * error).sum(axis=1) + (log_var.exp() * (w * w).sum(axis=0)).sum(axis=1)
        log_likelihood = -0.5 * (x.shape[1] * (LN_2PI + self.log_noise) + squared / self.log_noise.exp())
        return log_likelihood - F.gaussian_kl(mu, log_var)

    def log_weights(self, x, k, rng):
        """ln p(x, z) - ln q(z|x) for k samples z ~ q(z|x) of each point: (k, N)."""
        mu, log_var = (
            Tensor(np.broadcast_to(parameter.numpy(), (k, *parameter.shape))) for parameter in self.encode(x)
        )
        z = F.reparameterize(mu, log_var, rng=rng)
        log_likelihood = log_normal(x, self.decoder(z), self.log_noise)
        return log_likelihood + log_normal(z, 0, Tensor(np.zeros(()))) - log_normal(z, mu, log_var)


def log_normal(x, mu, log_var):
    """ln N(x; mu, diag exp(log_var)), summed over the last axis."""
    difference = x - mu
    return -0.5 * (difference * difference / log_var.exp() + log_var + LN_2PI).sum(axis=-1)


def new_linear_vae(d, q, seed):
    return LinearVAE(d, q, np.random.default_rng(seed)).to(dtype=np.float64)


def marginal_log_likelihood(model, x):
    """ln p(x) of each point: p(x) = N(b, W Wᵀ + noise I)."""
    w, b = model.decoder.weight.numpy(), model.decoder.bias.numpy()
    covariance = w @ w.T + np.exp(model.log_noise.item()) * np.eye(len(w))
    distance = ((x - b) * np.linalg.solve(covariance, (x - b).T).T).sum(axis=1)
    return -0.5 * (len(w) * LN_2PI + np.linalg.slogdet(covariance)[1] + distance)


def posterior(model, x):
    """Means (N, q) and covariance (q, q) of p(z|x): with M = WᵀW + noise I, M⁻¹ Wᵀ (x - b) and noise M⁻¹."""
    w, b, noise = model.decoder.weight.numpy(), model.decoder.bias.numpy(), np.exp(model.log_noise.item())
    inverse = np.linalg.inv(w.T @ w + noise * np.eye(w.shape[1]))
    return (x - b) @ w @ inverse, noise * inverse


def set_to_optimum(model, x, rotation):
    """W = U (L - noise)^½ R with the mean discarded eigenvalue as noise, and the encoder that is best for this W."""
    mean, eigenvalues, vectors = principal_components(x)
    q = len(rotation)
    noise = eigenvalues[q:].mean()
    model.log_noise.data[...] = np.log(noise)
    model.decoder.weight.data[...] = w = vectors[:, :q] * np.sqrt(eigenvalues[:q] - noise) @ rotation
    model.decoder.bias.data[...] = mean
    precision = w.T @ w + noise * np.eye(q)  # of the posterior, times the noise
    model.encoder.weight.data[...] = v = np.linalg.solve(precision, w.T)
    model.encoder.bias.data[...] = -v @ mean
    model.log_var.data[...] = np.log(noise / np.diag(precision))


def greatest_log_likelihood(x, q):
    """Of probabilistic PCA, per point: -½ [Σ_j<=q ln l_j + (d-q) ln noise + d ln 2π + d] (Tipping & Bishop, eq. 8)."""
    _, eigenvalues, _ = principal_components(x)
    d, noise = len(eigenvalues), eigenvalues[q:].mean()
    return -0.5 * (np.log(eigenvalues[:q]).sum() + (d - q) * np.log(noise) + d * LN_2PI + d)


def gradient_norm(model, x):
    model.zero_grad()
    model.elbo(Tensor(x)).mean().backward()
    return np.sqrt(sum((parameter.grad**2).sum() for parameter in model.parameters()))


@pytest.fixture(scope="module")
def x():
    return correlated_data(n=211, d=7, rng=np.random.default_rng(2))


SIGNED_PERMUTATION = np.array([[0.0, -1.0, 0.0], [0.0, 0.0, 1.0], [-1.0, 0.0, 0.0]])
TURN = np.array([[np.cos(0.5), -np.sin(0.5), 0.0], [np.sin(0.5), np.cos(0.5), 0.0], [0.0, 0.0, 1.0]])


@pytest.mark.parametrize("rotation", [np.eye(3), SIGNED_PERMUTATION], ids=["identity", "signed permutation"])
def test_at_probabilistic_pca_the_elbo_is_the_log_likelihood(x, rotation):
    model = new_linear_vae(d=7, q=3, seed=0)
    set_to_optimum(model, x, rotation)
    elbo, log_likelihood = model.elbo(Tensor(x)).numpy(), marginal_log_likelihood(model, x)
    assert np.abs(elbo - log_likelihood).max() < 1e-12
    assert abs(elbo.mean() - greatest_log_likelihood(x, q=3)) < 1e-12
    assert gradient_norm(model, x) < 1e-10


def test_a_turned_optimum_is_as_likely_but_the_elbo_loses_what_the_diagonal_cannot_say(x):
    """W R fits as well for any rotation R, but then the posterior is not diagonal: the gap is ½ (Σ ln M_jj - ln |M|).

    This is why the axes of a VAE's latent space mean something, and those of PCA's subspace alone do not.
    """
    model = new_linear_vae(d=7, q=3, seed=0)
    set_to_optimum(model, x, TURN)
    _, covariance = posterior(model, x)
    precision = np.linalg.inv(covariance)
    gap = 0.5 * (np.log(np.diag(precision)).sum() - np.linalg.slogdet(precision)[1])
    assert gap > 0.01
    assert marginal_log_likelihood(model, x).mean() == pytest.approx(greatest_log_likelihood(x, q=3), abs=1e-12)
    assert model.elbo(Tensor(x)).numpy().mean() == pytest.approx(greatest_log_likelihood(x, q=3) - gap, abs=1e-12)
    assert gradient_norm(model, x) > 0.01


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_linear_vae_learns_probabilistic_pca(x, seed):
    """Also the axes, up to order and sign: the columns of W come out as the principal directions."""
    model, points = new_linear_vae(d=7, q=3, seed=seed), Tensor(x)
    train(model, lambda: -model.elbo(points).mean())
    shortfall = greatest_log_likelihood(x, q=3) - model.elbo(points).mean().item()
    assert -1e-12 < shortfall < 1e-9
    _, eigenvalues, vectors = principal_components(x)
    assert np.exp(model.log_noise.item()) == pytest.approx(eigenvalues[3:].mean(), rel=1e-5)
    w = model.decoder.weight.numpy()
    along = np.abs(vectors[:, :3].T @ w / np.linalg.norm(w, axis=0))
    np.testing.assert_allclose(np.sort(along, axis=None), [0] * 6 + [1] * 3, atol=1e-4)


# --- the importance-weighted bounds -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def gaussian_model(x):
    """A linear Gaussian model and five points; its q(z|x) is near the posterior, but off in mean, size and shape."""
    model = new_linear_vae(d=7, q=3, seed=0)
    set_to_optimum(model, x, TURN)
    model.encoder.weight.data[...] += 0.02 * np.random.default_rng(3).standard_normal((3, 7))
    model.log_var.data[...] += 0.2
    return model, x[:5]


def excess_moments(model, x):
    """ln w - ln p(x) = ln p(z|x) - ln q(z|x) under q: its mean -KL(q || p(z|x)) and its variance, and Var[w / p(x)].

    With z = mu + D^½ eps it is quadratic in eps, with gradient g and curvature H at 0: its variance is |g|² + ½ tr H².
    """
    mean, covariance = posterior(model, x)
    with no_grad():
        mu, log_var = (tensor.numpy() for tensor in model.encode(Tensor(x)))
    delta, var = mu - mean, np.exp(log_var[0])
    precision, q = np.linalg.inv(covariance), len(var)
    log_det_ratio = np.linalg.slogdet(covariance)[1] - np.log(var).sum()
    kl = 0.5 * (np.trace(precision * var) - q + ((delta @ precision) * delta).sum(axis=1) + log_det_ratio)

    std = np.sqrt(var)
    g = -(delta @ precision) * std
    h = np.eye(q) - std[:, None] * precision * std
    variance = (g**2).sum(axis=1) + 0.5 * (h**2).sum()

    scaled = delta / var
    a = 2 * precision - np.diag(1 / var)  # the Gaussian integral of p(z|x)² / q(z|x) has this precision
    exponent = ((scaled @ np.linalg.inv(a)) * scaled).sum(axis=1) + (scaled * delta).sum(axis=1)
    log_det = np.log(var).sum() - 2 * np.linalg.slogdet(covariance)[1] - np.linalg.slogdet(a)[1]
    return -kl, variance, np.exp(0.5 * (log_det + exponent)) - 1


def test_the_gap_of_the_elbo_is_the_kl_to_the_posterior(gaussian_model):
    model, x = gaussian_model
    minus_kl, _, _ = excess_moments(model, x)
    assert np.all(minus_kl < -0.01)
    gap = model.elbo(Tensor(x)).numpy() - marginal_log_likelihood(model, x)
    np.testing.assert_allclose(gap, minus_kl, rtol=0, atol=1e-12)


K, REPEATS = 1024, 300


@pytest.fixture(scope="module")
def log_weights(gaussian_model):
    """(K, N, REPEATS): K samples for each of N points, REPEATS times over."""
    model, x = gaussian_model
    rng = np.random.default_rng(4)
    with no_grad():
        return np.stack([model.log_weights(Tensor(x), K, rng).numpy() for _ in range(REPEATS)], axis=2)


def test_log_weights_have_the_exact_moments(gaussian_model, log_weights):
    """E[ln w] is the ELBO, E[w] = p(x): both within 5 of their exact standard errors."""
    model, x = gaussian_model
    excess = log_weights - marginal_log_likelihood(model, x)[:, None]
    minus_kl, variance, relative_variance = excess_moments(model, x)
    n = K * REPEATS
    assert np.all(np.abs(excess.mean(axis=(0, 2)) - minus_kl) < 5 * np.sqrt(variance / n))
    assert np.all(np.abs(np.exp(excess).mean(axis=(0, 2)) - 1) < 5 * np.sqrt(relative_variance / n))


def broken_bound_statements(bound, log_weights, log_evidence):
    """What is refuted, or not proved at 5 sigma, of: L_1 is the mean log weight <= L_2 <= L_4 <= ... <= log p(x).

    The differences are paired: L_2k against the mean of the two L_k of its halves. No one knows their exact variance,
    so it is estimated from independent repeats, over which the mean over points is one number each.
    """
    k, n, repeats = log_weights.shape

    def bounds(size):
        """L_size of all groups of `size` samples, averaged over groups and points: (repeats,)."""
        groups = log_weights.reshape(size, -1)  # which samples form a group does not matter: here every (k / size)-th
        return bound(groups).reshape(-1, n, repeats).mean(axis=(0, 1))

    def sigmas(difference):
        return difference.mean() / (difference.std(ddof=1) / np.sqrt(repeats))

    levels = np.stack([bounds(2**i) for i in range(int(np.log2(k)) + 1)])
    gaps = log_evidence.mean() - levels
    statements = {
        "L_1 is the mean log weight": np.allclose(levels[0], log_weights.mean(axis=(0, 1)), rtol=0, atol=1e-12),
        "rising in k": all(sigmas(rise) > 5 for rise in np.diff(levels, axis=0)),
        "below log p(x)": all(sigmas(gap) > -5 for gap in gaps) and sigmas(gaps[0]) > 5,
        "reaching log p(x)": abs(gaps[-1].mean()) < 0.02 * gaps[0].mean(),
    }
    return {statement for statement, holds in statements.items() if not holds}


def test_the_bounds_rise_from_the_elbo_to_the_log_evidence(gaussian_model, log_weights):
    log_evidence = marginal_log_likelihood(*gaussian_model)
    assert broken_bound_statements(importance_weighted_bound, log_weights, log_evidence) == set()


@pytest.mark.parametrize(
    ("wrong", "statement"),
    [
        (lambda w: w.mean(axis=0), "rising in k"),
        (lambda w: w.max(axis=0), "below log p(x)"),
        (lambda w: np.log(np.exp(w).sum(axis=0)), "below log p(x)"),
        (lambda w: np.log(np.exp(w).mean(axis=0)) / len(w), "reaching log p(x)"),
        (lambda w: importance_weighted_bound(w) + 0.01, "L_1 is the mean log weight"),
        (lambda w: importance_weighted_bound(w[: max(len(w) // 2, 1)]), "rising in k"),
    ],
    ids=["mean of logs", "greatest", "sum for mean", "divided by k", "constant added", "half the samples"],
)
def test_a_wrong_bound_is_refused(wrong, statement, gaussian_model, log_weights):
    log_evidence = marginal_log_likelihood(*gaussian_model)
    assert statement in broken_bound_statements(wrong, log_weights, log_evidence)


def test_more_samples_never_lower_the_bound_below_the_mean_of_its_parts(log_weights):
    """The proof of Burda et al., sample by sample: leave each of k + 1 weights out, and average the logarithms."""
    w = log_weights[:5].reshape(5, -1)
    parts = [importance_weighted_bound(np.delete(w, i, axis=0)) for i in range(5)]
    assert np.all(importance_weighted_bound(w) >= np.mean(parts, axis=0) - 1e-12)


# --- log_mean_exp -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("shift", [-1e5, 0.0, 1e5])
def test_log_mean_exp_is_what_it_says_at_any_scale(axis, shift):
    x = np.random.default_rng(5).standard_normal((7, 5, 3))
    expected = np.log(np.exp(x).mean(axis=axis)) + shift
    np.testing.assert_allclose(log_mean_exp(x + shift, axis), expected, rtol=1e-15, atol=1e-10 if shift else 1e-15)


def test_log_mean_exp_keeps_float32():
    for shape in [(7,), (7, 3)]:
        x = np.linspace(-200, 200, np.prod(shape), dtype=np.float32).reshape(shape)
        result = log_mean_exp(x, axis=0)
        assert (result.dtype, result.shape) == (np.float32, shape[1:])
        np.testing.assert_allclose(result, np.logaddexp.reduce(x.astype(np.float64), axis=0) - np.log(7), rtol=1e-6)


def test_log_mean_exp_of_weights_that_are_0():
    inf = np.inf
    x = np.array([[-inf, -inf, 0.0, inf, np.nan], [-inf, 2.0, 0.0, 1.0, 1.0]])
    np.testing.assert_array_equal(log_mean_exp(x, axis=0), [-inf, 2 - np.log(2), 0, inf, np.nan])


@pytest.mark.parametrize(("shape", "axis"), [((2, 3), 2), ((2, 3), -3), ((0, 3), 0), ((), 0)])
def test_log_mean_exp_needs_an_axis_with_elements(shape, axis):
    with pytest.raises(ValueError, match=r"log_mean_exp: axis .* shape \("):
        log_mean_exp(np.zeros(shape), axis)


@pytest.mark.parametrize("shape", [(5,), (5, 3, 2), (0, 3)])
def test_a_bound_needs_samples_by_examples(shape):
    with pytest.raises(ValueError, match="found shape"):
        importance_weighted_bound(np.zeros(shape))


def test_a_bound_on_the_device_stays_there():
    weights = np.linspace(-90, 90, 35, dtype=np.float32).reshape(7, 5)
    on_device = strict_device.asarray(weights)
    with strict_device.count_reads() as reads:
        result = importance_weighted_bound(on_device)
    assert reads.count == 0
    assert result.dtype == np.float32
    np.testing.assert_array_equal(strict_device.asnumpy(result), importance_weighted_bound(weights))
