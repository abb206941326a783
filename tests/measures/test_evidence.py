"""The bounds on ln p(x) of a trained model: true weights, bounded memory, and what `minae evaluate` says of them.

`importance_weighted_bound` itself is tested where ln p(x) is known, in test_linear_models.py.
"""

import math
import re
import tracemalloc

import numpy as np
import pytest
import torch

from minae import Tensor
from minae.cli import main
from minae.data import Dataset, Split, mnist
from minae.measures.evidence import binarise, evidence_bounds, importance_weighted_bound
from minae.models import VAE, ConvVAE
from minae.models.likelihoods import LIKELIHOODS
from minae.nn import Linear, Sequential, Unflatten
from minae.reports import vae as report
from minae.training import train_epochs
from minae.training.run_folder import Run
from tests import strict_device

SHAPE = (1, 2, 3)


def small_vae(likelihood="bernoulli", latent=3):
    """In float64, and with log_var far from 0, where a wrong standard deviation would show."""
    model = VAE(SHAPE, hidden=7, latent=latent, likelihood=likelihood, rng=0).to(dtype=np.float64)
    model.to_log_var.bias.data[...] = np.linspace(-2, 1, latent)
    return model


@pytest.fixture
def x():
    return np.random.default_rng(1).random((5, *SHAPE))


# --- the weights ------------------------------------------------------------------------------------------------------


class OneDraw:
    """A generator that gives out noise made beforehand."""

    def __init__(self, eps):
        self.eps = eps

    def standard_normal(self, shape, dtype):
        assert shape == self.eps.shape
        return self.eps.astype(dtype)


@pytest.mark.parametrize("name", LIKELIHOODS)
def test_log_weights_are_their_definition_in_pytorch(name, x):
    """ln p(x|z) + ln p(z) - ln q(z|x), each by torch.distributions, with z = mu + std * eps."""
    model = small_vae(name)
    eps = np.random.default_rng(2).standard_normal((4, 5, 3))
    ours = model.log_weights(Tensor(x), 4, OneDraw(eps)).numpy()

    distributions = torch.distributions
    mu, log_var = (torch.from_numpy(t.numpy()) for t in model.encode(Tensor(x)))
    q, prior = distributions.Normal(mu, torch.exp(log_var / 2)), distributions.Normal(0.0, 1.0)
    for i in range(4):
        z = mu + torch.exp(log_var / 2) * torch.from_numpy(eps[i])
        output = torch.from_numpy(model.decode(Tensor(z.numpy())).numpy())
        if name == "bernoulli":
            p = distributions.Bernoulli(logits=output, validate_args=False)
        else:
            p = distributions.Normal(output, math.sqrt(0.05))
        expected = p.log_prob(torch.from_numpy(x)).sum((1, 2, 3)) + (prior.log_prob(z) - q.log_prob(z)).sum(1)
        np.testing.assert_allclose(ours[i], expected.numpy(), rtol=1e-6 if name == "gaussian-learned" else 1e-12)


def test_where_q_is_the_posterior_every_weight_is_p_of_x(x):
    """In a linear Gaussian model ln p(x) and p(z|x) are known: x = W z + b + noise, with W'W diagonal."""
    model, noise = small_vae("gaussian", latent=2), 0.05
    w = np.linalg.qr(np.random.default_rng(3).standard_normal((6, 2)))[0] * [0.8, 0.3]
    b = np.linspace(0, 1, 6)
    decoder, to_mu = Linear(2, 6).to(dtype=np.float64), Linear(6, 2).to(dtype=np.float64)
    decoder.weight.data, decoder.bias.data = w, b
    precision = 1 + (w**2).sum(axis=0) / noise
    to_mu.weight.data = (w / noise / precision).T
    to_mu.bias.data = -b @ (w / noise / precision)
    model.encoder = lambda x: x.flatten(1)
    model.to_mu, model.to_log_var = to_mu, lambda h: Tensor(np.tile(-np.log(precision), (len(h), 1)))
    model.decoder = Sequential(decoder, Unflatten(1, SHAPE))

    covariance = w @ w.T + noise * np.eye(6)
    centred = x.reshape(5, 6) - b
    distance = (centred * np.linalg.solve(covariance, centred.T).T).sum(axis=1)
    log_p = -0.5 * (distance + np.linalg.slogdet(covariance)[1] + 6 * np.log(2 * np.pi))
    log_weights = model.log_weights(Tensor(x), 50, rng=0).numpy()
    np.testing.assert_allclose(log_weights, np.broadcast_to(log_p, (50, 5)), rtol=1e-11)


def test_the_mean_log_weight_is_minus_the_loss(x):
    """The same bound by two ways: KL in closed form, or sampled with the rest. Within 5 standard errors."""
    model, rng, n = small_vae(), np.random.default_rng(4), 4000
    repeated = Tensor(np.repeat(x[:1], n, axis=0))
    elbo = -model.losses(repeated, rng=rng)["loss"].item()
    log_weights = model.log_weights(Tensor(x[:1]), n, rng).numpy()
    assert abs(log_weights.mean() - elbo) < 5 * math.sqrt(2) * log_weights.std() / math.sqrt(n)


# --- the bounds, chunk by chunk ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 4, 7, 11, 1000])
def test_chunks_change_nothing(rows, x):
    """One image after the other, whatever the chunk: the same draws, so the same bounds as from all weights at once."""
    model = small_vae()
    log_weights = np.concatenate([model.log_weights(Tensor(x[i : i + 1]), 11, rng=i).numpy() for i in range(5)], axis=1)
    for i in range(5):
        elbo, bound = evidence_bounds(model, x[i : i + 1], 11, np.random.default_rng(i), rows)
        np.testing.assert_allclose(elbo, log_weights.mean(axis=0)[i : i + 1], rtol=1e-12)
        np.testing.assert_allclose(bound, importance_weighted_bound(log_weights)[i : i + 1], rtol=1e-12)


def test_a_seed_gives_every_chunk_noise_of_its_own(x):
    """As a generator does that is made of it: samples must not come twice."""
    model = small_vae()
    by_seed, by_generator = (evidence_bounds(model, x, 12, rng, rows=4) for rng in (7, np.random.default_rng(7)))
    np.testing.assert_array_equal(by_seed, by_generator)
    assert np.abs(by_seed[1] - evidence_bounds(model, x, 4, 7, rows=4)[1]).min() > 1e-6


class NoNoise:
    def standard_normal(self, shape, dtype):
        return np.zeros(shape, dtype)


def test_images_that_share_a_chunk_keep_apart_and_in_order(x):
    model = small_vae()
    alone = np.array([evidence_bounds(model, x[i : i + 1], 3, NoNoise()) for i in range(5)])[:, :, 0]
    together = evidence_bounds(model, x, 3, NoNoise(), rows=6)
    assert len(set(alone[:, 0])) == 5
    np.testing.assert_allclose(together, alone.T, rtol=1e-13)


def test_progress_is_told_of_every_batch_of_images(x):
    seen = []
    evidence_bounds(small_vae(), x, 3, 0, rows=6, progress=lambda parts: seen.extend(parts) or parts)
    assert np.concatenate(seen).tolist() == [0, 1, 2, 3, 4]
    assert len(seen) == 3


@pytest.mark.parametrize("model", [VAE(hidden=16, rng=0), ConvVAE(rng=0)], ids=["dense", "convolutional"])
def test_memory_grows_neither_with_samples_nor_with_images(model):
    images = mnist("test")[0][:12]

    def peak(count, samples):
        tracemalloc.start()
        evidence_bounds(model, images[:count], samples, 0, rows=32)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    peak(1, 32)  # what is made once
    least = peak(1, 32)
    assert peak(1, 320) < 1.2 * least
    assert peak(12, 32) < 1.2 * least
    assert peak(1, 8) < 0.6 * least, "the measure sees nothing"


def test_on_the_device_nothing_is_read_back(x):
    images = x.astype(np.float32)
    model, twin = (VAE(SHAPE, hidden=7, rng=0) for _ in range(2))
    for parameter in model.parameters():
        parameter.data = strict_device.asarray(parameter.data)
    on_device = strict_device.asarray(images)
    with strict_device.count_reads() as reads:
        bounds = evidence_bounds(model, on_device, 4, strict_device.random.default_rng(0), rows=8)
    assert reads.count == 0
    host_rng = strict_device.random.default_rng(0)

    class SameNoise:
        def standard_normal(self, shape, dtype):
            return strict_device.asnumpy(host_rng.standard_normal(shape, dtype=dtype))

    for ours, theirs in zip(bounds, evidence_bounds(twin, images, 4, SameNoise(), rows=8), strict=True):
        np.testing.assert_allclose(strict_device.asnumpy(ours), theirs, rtol=1e-6)


# --- on digits --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def trained():
    """A model that has learned enough for the posterior to matter, and 150 binarised test digits."""
    model = VAE(hidden=64, latent=5, rng=0)
    rngs = {"shuffle_rng": np.random.default_rng(1), "noise_rng": np.random.default_rng(2)}
    images = mnist("train")[0][:3000]
    list(train_epochs(model, model.optimizers(2e-3), Split(images, None), epochs=4, batch_size=50, **rngs))
    return model, binarise(mnist("test")[0][:150])


def test_the_bound_rises_with_the_samples_from_the_elbo(trained):
    """Paired: the same images, and each step's gain within its own error, at 5 sigma."""
    model, images = trained
    elbo, _ = evidence_bounds(model, images, 200, np.random.default_rng(3))
    bounds = [evidence_bounds(model, images, k, np.random.default_rng(4 + k))[1] for k in (5, 50, 500)]
    for lower, higher in zip([elbo, *bounds], bounds):
        gain = higher - lower
        assert gain.mean() > 5 * gain.std(ddof=1) / math.sqrt(len(gain))
    assert bounds[-1].mean() - elbo.mean() > 1


def test_elbo_and_bound_come_from_the_same_samples(trained):
    model, images = trained
    elbo, bound = evidence_bounds(model, images, 7, np.random.default_rng(5))
    assert np.all(elbo < bound)
    elbo, bound = evidence_bounds(model, images, 1, np.random.default_rng(5))
    np.testing.assert_allclose(elbo, bound, rtol=1e-13)


def test_binarised_images_are_black_and_white_with_the_greys_for_chances():
    images = mnist("test")[0]
    drawn = binarise(images)
    assert drawn.dtype == np.float32
    assert set(np.unique(drawn)) == {0.0, 1.0}
    assert np.all(drawn[images == 0] == 0) and np.all(drawn[images == 1] == 1)
    for low, high in ((0.01, 0.3), (0.3, 0.7), (0.7, 0.99)):
        chances = images[(low < images) & (images < high)].astype(np.float64)
        found = drawn[(low < images) & (images < high)].astype(np.float64)
        error = math.sqrt((chances * (1 - chances)).sum())
        assert abs(found.sum() - chances.sum()) < 5 * error


def test_binarised_images_are_the_same_for_all():
    images = mnist("test")[0][:20]
    np.testing.assert_array_equal(binarise(images), binarise(images))
    np.testing.assert_array_equal(binarise(images)[:5], binarise(images[:5]))
    on_device = binarise(strict_device.asarray(images))
    assert isinstance(on_device, strict_device.ndarray)
    np.testing.assert_array_equal(strict_device.asnumpy(on_device), binarise(images))


# --- which latents are used -------------------------------------------------------------------------------------------


def test_kl_per_latent_and_active_units(x):
    model = small_vae(latent=3)
    model.to_mu.weight.data[1] = 0  # mu[1] says nothing of the image: not active, though its KL is not 0
    model.to_mu.weight.data[[0, 2]] *= 20
    mu, log_var = (tensor.numpy() for tensor in model.encode(Tensor(x)))
    kl = report.kl_per_latent(mu, log_var)
    np.testing.assert_allclose(kl, 0.5 * (mu**2 + np.exp(log_var) - 1 - log_var).mean(axis=0), rtol=1e-12)
    metrics = report.measure(model, data_of(x), seed=0)
    assert sum(metrics["kl_per_latent"]) == pytest.approx(metrics["kl"], rel=1e-12)
    assert report.active_units(mu).tolist() == [True, False, True]
    assert metrics["active_units"] == 2
    assert "2 of 3 latents active" in report.describe(metrics)[0]


def test_the_threshold_of_activity_is_a_variance_of_001():
    alternating = np.array([-1.0, 1.0] * 50)[:, None]
    assert report.active_units(alternating * np.sqrt([0.0099, 0.0101])).tolist() == [False, True]


def data_of(images):
    data = Dataset("mnist")
    data.test = Split(images, None)
    return data


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["bernoulli", "gaussian-learned"])
def run(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("evidence") / "run"
    options = ["--limit", "300", "--epochs", "1", "--hidden", "16", "--likelihood", request.param]
    assert main(["train", "vae", "--out", str(folder), *options]) == 0
    return folder


def test_evaluate_bounds_the_evidence_with_its_standard_error(run, capsys):
    capsys.readouterr()
    assert main(["evaluate", str(run), "--importance-samples", "9"]) == 0
    out = capsys.readouterr().out
    run = Run.open(run)
    bernoulli = run.config["likelihood"] == "bernoulli"
    assert ("binarised" in out) == bernoulli
    assert ("pixel variance" in out) != bernoulli
    images = mnist("test")[0][:300]
    model = run.load_model()
    elbo, bound = evidence_bounds(model, binarise(images) if bernoulli else images, 9, np.random.default_rng(0))
    found = [tuple(map(float, pair)) for pair in re.findall(r"log p\(x\) >= (-?[\d.]+) ± ([\d.]+)", out)]
    expected = [(values.mean(), values.std(ddof=1) / math.sqrt(300)) for values in (bound, elbo)]
    np.testing.assert_allclose(found, expected, atol=0.00501)
    assert "9 samples per image" in out and "300 images" in out
    kl = re.search(r"KL of each latent, in nats: ([\d.]+) ([\d.]+) ", out).groups()
    assert sum(map(float, kl)) == pytest.approx(float(re.search(r"KL ([\d.]+);", out).group(1)), abs=0.02)


def test_without_samples_no_bound(run, capsys):
    capsys.readouterr()
    assert main(["evaluate", str(run)]) == 0
    out = capsys.readouterr().out
    assert "log p(x)" not in out and "KL of each latent" in out


def test_one_image_has_no_standard_error(x):
    lines = report.evidence(small_vae(), data_of(x[:1]), 0, 3, iter)
    assert "± unknown" in lines[0]


@pytest.mark.parametrize("samples", ["0", "-5", "many", "2.5"])
def test_bad_numbers_of_samples(run, capsys, samples):
    with pytest.raises(SystemExit) as exit:
        main(["evaluate", str(run), "--importance-samples", samples])
    assert exit.value.code == 2
    assert f"at least 1, found '{samples}'" in capsys.readouterr().err


def test_a_model_without_evidence_is_refused(run, capsys, monkeypatch):
    monkeypatch.delattr(report, "evidence")
    assert main(["evaluate", str(run), "--importance-samples", "5"]) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1 and "has no p(x)" in err
