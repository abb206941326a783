"""Lesson 19: negative ELBO = entropy + two gaps, in closed form, by samples, and where training ends."""

import importlib.util
import math
import sys
from types import ModuleType

import numpy as np
import pytest

from lessons.tools.catalogue import HERE
from minae import Tensor, nn, optim
from minae import functional as F

FOLDER = HERE / "19_beta_and_collapse"


def module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"of_lesson_19_{name}", FOLDER / f"{name}.py")
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def solution():
    return module("solution")


def turned(degrees):
    """A turn, and the covariance of the lesson's cloud: variances 25 and 1, turned."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    turn = np.array([[cos, sin], [-sin, cos]])
    return turn, turn.T @ np.diag([25.0, 1.0]) @ turn


def entropy(C):
    return np.linalg.slogdet(2 * math.pi * math.e * C)[1] / 2


def any_vae(rng, size, latents):
    """A covariance, and a VAE without bends that has nothing to do with it."""
    half = rng.standard_normal((size, size))
    C = half @ half.T + np.eye(size)
    W, A = rng.standard_normal((size, latents)), rng.standard_normal((latents, size)) / 2
    return C, W, rng.uniform(0.3, 2, size), A, rng.uniform(-1.5, 0.5, latents)


@pytest.mark.parametrize(("size", "latents"), [(2, 1), (5, 3), (3, 7)])
def test_the_bound_is_the_entropy_and_two_gaps(solution, size, latents):
    for seed in range(5):
        vae = any_vae(np.random.default_rng(seed), size, latents)
        gaps = solution.exact_gap(*vae)
        assert min(gaps) > 0
        np.testing.assert_allclose(sum(solution.exact_bound(*vae)), entropy(vae[0]) + sum(gaps), rtol=1e-12)


def test_both_parts_are_the_means_of_samples(solution):
    """Within 5 standard errors, for a VAE that is no good; so reconstruction and KL are right one by one."""
    rng, count = np.random.default_rng(0), 200_000
    C, W, noise, A, code_log_var = any_vae(rng, 3, 2)
    x = rng.standard_normal((count, 3)) @ np.linalg.cholesky(C).T
    mu = x @ A.T
    z = mu + np.exp(code_log_var / 2) * rng.standard_normal((count, 2))
    reconstruction = ((x - z @ W.T) ** 2 / noise + np.log(2 * math.pi * noise)).sum(axis=1) / 2
    kl = F.gaussian_kl(Tensor(mu), Tensor(np.tile(code_log_var, (count, 1)))).numpy()
    for samples, exact in zip((reconstruction, kl), solution.exact_bound(C, W, noise, A, code_log_var), strict=True):
        assert abs(samples.mean() - exact) < 5 * samples.std() / math.sqrt(count)


def trained(degrees, seed, beta=1.0, steps=2_000):
    """The lesson's VAE with one latent: A, the code's log_var, W and the log_var of the noise, each an array."""
    rng, (turn, _) = np.random.default_rng(seed), turned(degrees)
    first = (rng.standard_normal((2, 1)) / 2, np.zeros(1), rng.standard_normal((1, 2)) / 2, np.zeros(2))
    weights = [nn.Parameter(array.astype(np.float32)) for array in first]
    optimizer = optim.Adam(weights, lr=0.03)
    for step in range(steps):
        optimizer.lr = 0.03 * (1 - step / steps)
        x = Tensor((rng.standard_normal((500, 2)) * [5, 1] @ turn).astype(np.float32))
        reconstruction, kl = parts(weights, x, rng)
        optimizer.zero_grad()
        ((reconstruction + beta * kl).sum() / 500).backward()
        optimizer.step()
    return [weight.detach() for weight in weights]


def parts(vae, x, rng):
    A, code_log_var, W, noise_log_var = vae
    mu = x @ A
    log_var = code_log_var.broadcast_to(mu.shape)
    missed = x - F.reparameterize(mu, log_var, rng=rng) @ W
    surprise = missed**2 / noise_log_var.exp() + noise_log_var + math.log(2 * math.pi)
    return surprise.sum(axis=1) / 2, F.gaussian_kl(mu, log_var)


@pytest.mark.parametrize("degrees", [0, 20, 45])
def test_a_trained_vae_is_at_the_entropy_and_its_exact_gap(solution, degrees):
    """Its negative ELBO on new points is within 3 standard errors of the entropy plus the exact gap."""
    vae, (turn, C) = trained(degrees, seed=0), turned(degrees)
    rng, count = np.random.default_rng(1), 400_000
    x = Tensor((rng.standard_normal((count, 2)) * [5, 1] @ turn).astype(np.float32))
    samples = sum(part.numpy().astype(np.float64) for part in parts(vae, x, rng))
    A, code_log_var, W, noise_log_var = (weight.numpy().astype(np.float64) for weight in vae)
    gaps = solution.exact_gap(C, W.T, np.exp(noise_log_var), A.T, code_log_var)
    assert abs(samples.mean() - entropy(C) - sum(gaps)) < 3 * samples.std() / math.sqrt(count)
    assert sum(gaps) < 0.01


@pytest.mark.parametrize("degrees", [5, 20, 45, 80])
def test_no_vae_without_a_gap_spends_less_than_the_least_kl(solution, degrees):
    (_, C), kls = turned(degrees), []
    for w in np.linspace(abs(C[0, 1]) / math.sqrt(C[1, 1]), math.sqrt(C[0, 0]), 500)[1:-1]:
        W = np.array([[w], [C[0, 1] / w]])
        noise = np.diag(C) - W[:, 0] ** 2
        precision = 1 + W[:, 0] @ (W[:, 0] / noise)
        vae = C, W, noise, (W[:, 0] / noise / precision)[None], -np.log([precision])
        np.testing.assert_allclose(solution.exact_gap(*vae), 0, atol=1e-9)
        kls.append(solution.exact_bound(*vae)[1])
    assert min(kls) == pytest.approx(solution.least_kl(math.radians(degrees), 25.0, 1.0), abs=1e-3)


@pytest.mark.parametrize(("noise", "beta"), [(1.0, 1.0), (0.4, 2.0), (3.0, 3.0)])
def test_no_other_spending_of_nats_costs_less(solution, noise, beta):
    variances = np.array([0.2, 0.9, 1.7, 6.0, 40.0])

    def loss(nats):
        return variances * np.exp(-2 * nats) / (2 * noise) + beta * nats

    nats, left = solution.nats_spent(variances, noise, beta)
    np.testing.assert_allclose(left, variances * np.exp(-2 * nats), rtol=1e-12)
    for other in np.linspace(0, 4, 2_001):
        assert (loss(nats) <= loss(np.full(5, other)) + 1e-12).all()


def test_hidden_betas_are_what_the_losses_weigh(solution, monkeypatch):
    """Each loss, changed by one true nat of code and by one of picture, in both likelihoods."""
    monkeypatch.setitem(sys.modules, "exercise", None)
    exercise, pixels, latents, noise = module("exercise"), 84, 5, 0.03
    white, zeros = np.ones((3, pixels)), np.zeros((3, latents))
    one_nat = zeros + math.sqrt(2 / latents)
    for name, beta in zip("abcd", solution.hidden_betas(pixels, latents, noise), strict=True):
        loss, is_bell = getattr(exercise, f"loss_{name}"), name == "b"
        start = white if is_bell else white / 2
        dearer = white - math.sqrt(2 * noise / pixels) if is_bell else white / 2 * math.exp(-1 / pixels)
        here = loss(white, start, zeros, zeros)
        of_code, of_picture = loss(white, start, one_nat, zeros) - here, loss(white, dearer, zeros, zeros) - here
        assert of_code / of_picture == pytest.approx(beta, rel=1e-9)
