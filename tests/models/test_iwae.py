"""The importance-weighted autoencoder: its loss by definition, both its gradients, its weights, and its run.

Where p(x) is known, the bounds lie below it; against PyTorch, training agrees step for step.
"""

import json
import os
import re
from argparse import Namespace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image

import minae
from benchmarks import iwae as parity
from benchmarks import iwae_gradients
from minae import Tensor, gradcheck, no_grad
from minae import functional as F
from minae.backend import to_numpy
from minae.cli import main
from minae.cli import train as train_command
from minae.data import Dataset, Split, mnist
from minae.measures.evidence import binarise, evidence_bounds, importance_weighted_bound
from minae.models import IWAE, VAE, iwae
from minae.models.iwae import GRADIENTS, binarised
from minae.models.likelihoods import Gaussian
from minae.nn import Linear, Sequential, Unflatten
from minae.reports import iwae as report
from minae.training import evaluate
from minae.training.run_folder import Run
from tests import strict_device
from tests.parameters import as_function

SHAPE = (1, 2, 3)
ENCODER = ("encoder", "to_mu", "to_log_var")
QUICK = ["--limit", "300", "--epochs", "2", "--hidden", "24,16", "--latent", "3"]
FIGURES = "losses gradients reconstructions samples latent kl_per_latent interpolation bounds".split()


def small_iwae(**options):
    """In float64, and with log_var far from 0, where a wrong standard deviation would show."""
    model = IWAE(SHAPE, **{"hidden": (7, 5), "latent": 3, "k": 4, "rng": 0, **options}).to(dtype=np.float64)
    model.to_log_var.bias.data[...] = np.linspace(-2, 1, model.latent)
    return model


@pytest.fixture
def x():
    """Black and white images."""
    return np.random.default_rng(1).integers(0, 2, (5, *SHAPE)).astype(np.float64)


def noise(k, n=5, latent=3, seed=2):
    return np.random.default_rng(seed).standard_normal((k, n, latent))


# --- the loss ---------------------------------------------------------------------------------------------------------


def numpy_losses(model, x, eps):
    """By their definition, with densities: no logarithm of a sum, no fused op, no autograd."""
    weights = model.state_dict()

    def linear(name, h):
        return h @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def normal(z, mean, std):
        return (np.exp(-(((z - mean) / std) ** 2) / 2) / (std * np.sqrt(2 * np.pi))).prod(axis=-1)

    x = x.reshape(len(x), -1)
    h = np.tanh(linear("encoder.3", np.tanh(linear("encoder.1", x))))
    mu, std = linear("to_mu", h), np.sqrt(np.exp(linear("to_log_var", h)))
    z = mu + std * eps
    p = 1 / (1 + np.exp(-linear("decoder.4", np.tanh(linear("decoder.2", np.tanh(linear("decoder.0", z)))))))
    likelihood = np.where(x == 1, p, 1 - p).prod(axis=-1)
    w = likelihood * normal(z, 0, 1) / normal(z, mu, std)
    return {
        "negative_bound": -np.log(w.mean(axis=0)).mean(),
        "reconstruction": -np.log(likelihood).mean(),
        "kl": 0.5 * (mu**2 + std**2 - 1 - np.log(std**2)).sum(axis=1).mean(),
    }


@pytest.mark.parametrize("k", [1, 2, 7])
def test_losses_are_their_definition(k, x):
    model = small_iwae(k=k)
    losses = {name: loss.item() for name, loss in model.losses(Tensor(x), eps=noise(k)).items()}
    expected = numpy_losses(model, x, noise(k))
    assert losses == pytest.approx({"loss": expected["negative_bound"], **expected}, rel=1e-12)


def test_with_one_sample_it_is_the_vae(x):
    """The same networks in a VAE: for the same noise, the loss is its mean log weight with the sign changed, exactly;
    and its KL term is the closed form in the mean over eps = +1 and -1, which have the moments of N(0, 1) that count.
    """
    model, twin = small_iwae(k=1), VAE(SHAPE, latent=3, rng=0)
    for name in (*ENCODER, "decoder"):
        setattr(twin, name, getattr(model, name))
    sampled, closed = [], []
    for sign in (1.0, -1.0):
        eps = np.full((1, 5, 3), sign)
        ours = {name: loss.item() for name, loss in model.losses(Tensor(x), eps=eps).items()}
        theirs = {name: loss.item() for name, loss in twin.losses(Tensor(x), eps=eps[0]).items()}
        assert ours["loss"] == pytest.approx(-twin.log_weights(Tensor(x), 1, OneDraw(eps)).numpy().mean(), rel=1e-15)
        assert ours["reconstruction"] == pytest.approx(theirs["reconstruction"], rel=1e-14)
        assert ours["kl"] == pytest.approx(theirs["kl"], rel=1e-14)
        sampled.append(ours["loss"])
        closed.append(theirs["loss"])
    assert sampled[0] != pytest.approx(closed[0], rel=1e-6)
    assert np.mean(sampled) == pytest.approx(np.mean(closed), rel=1e-13)


class OneDraw:
    """A generator that gives out noise made beforehand."""

    def __init__(self, eps):
        self.eps = eps

    def standard_normal(self, shape, dtype):
        assert shape == self.eps.shape
        return self.eps.astype(dtype)


def test_grey_images_are_binarised_anew_for_every_loss():
    grey = np.tile(np.linspace(0, 1, 5, dtype=np.float32), (4000, 1))
    rng = np.random.default_rng(0)
    first, second = (binarised(Tensor(grey), rng).numpy() for _ in range(2))
    assert first.dtype == np.float32 and set(np.unique(first)) == {0.0, 1.0}
    assert not np.array_equal(first, second)
    error = np.sqrt(grey[0] * (1 - grey[0]) / 4000)
    assert np.all(np.abs(first.mean(axis=0) - grey[0]) <= 5 * error)
    assert abs((first[:, 2] == second[:, 2]).mean() - 0.5) < 5 * np.sqrt(0.25 / 4000)


def test_black_and_white_images_stay_as_they_are(x):
    np.testing.assert_array_equal(binarised(Tensor(x), 3).numpy(), x)


@pytest.mark.parametrize("gradient", GRADIENTS)
def test_losses_and_backward_see_binarised_images(x, gradient):
    """Grey images give what the black and white ones give that the same generator draws."""
    model, grey = small_iwae(gradient=gradient), np.random.default_rng(3).random(x.shape)
    rng = np.random.default_rng(4)
    drawn = binarised(Tensor(grey), rng)
    expected = model.losses(drawn, eps=rng.standard_normal((5, 4, 3)).swapaxes(0, 1))["loss"].item()
    assert model.losses(Tensor(grey), rng=np.random.default_rng(4))["loss"].item() == expected
    assert model.backward(Tensor(grey), None, np.random.default_rng(4))["loss"].item() == pytest.approx(
        expected, rel=1e-14
    )


# --- where p(x) is known ----------------------------------------------------------------------------------------------

NOISE = 0.05


def linear_gaussian(x, k, shift=0.3, gradient="standard"):
    """An IWAE with x = W z + b + noise, so that p(x) and p(z|x) are known: (model, ln p(x), posterior means).

    W'W is diagonal; q has the posterior's form, but is shifted and too wide.
    """
    model = small_iwae(k=k, latent=2, gradient=gradient)
    w = np.linalg.qr(np.random.default_rng(3).standard_normal((6, 2)))[0] * [0.8, 0.3]
    b = np.linspace(0, 1, 6)
    precision = 1 + (w**2).sum(axis=0) / NOISE
    to_posterior = (w / NOISE / precision).T
    decoder, model.to_mu, model.to_log_var = (
        Linear(a, b, rng=0).to(dtype=np.float64) for a, b in [(2, 6), (6, 2), (6, 2)]
    )
    decoder.weight.data, decoder.bias.data = w, b
    model.to_mu.weight.data, model.to_mu.bias.data = to_posterior, shift - to_posterior @ b
    model.to_log_var.weight.data, model.to_log_var.bias.data = np.zeros((2, 6)), -np.log(precision) + shift
    model.encoder = lambda x: x.flatten(1)
    model.decoder, model.likelihood = Sequential(decoder, Unflatten(1, SHAPE)), Gaussian(NOISE)

    covariance, centred = w @ w.T + NOISE * np.eye(6), x.reshape(len(x), 6) - b
    distance = (centred * np.linalg.solve(covariance, centred.T).T).sum(axis=1)
    log_p = -0.5 * (distance + np.linalg.slogdet(covariance)[1] + 6 * np.log(2 * np.pi))
    return model, log_p, centred @ to_posterior.T


def test_the_bound_rises_with_k_to_the_evidence(x):
    """L_1 < L_2 < L_8 < L_64 <= ln p(x), at 5 sigma: the loss is averaged over the images, and 400 times."""
    means, errors = [], []
    for k in (1, 2, 8, 64):
        model, log_p, _ = linear_gaussian(x, k)
        rng = np.random.default_rng(k)
        bounds = np.array([-model.losses(Tensor(x), rng=rng)["loss"].item() for _ in range(400)])
        means.append(bounds.mean())
        errors.append(bounds.std(ddof=1) / 20)
    for i in range(3):
        assert means[i + 1] - means[i] > 5 * np.hypot(errors[i], errors[i + 1])
    assert means[-1] < log_p.mean() + 5 * errors[-1]
    assert log_p.mean() - means[-1] < 0.05 * (log_p.mean() - means[0])


def test_where_q_is_the_posterior_every_loss_is_the_evidence(x):
    model, log_p, _ = linear_gaussian(x, k=3, shift=0.0)
    losses = model.losses(Tensor(x), rng=0)
    assert losses["loss"].item() == pytest.approx(-log_p.mean(), rel=1e-12)


def test_where_q_is_the_posterior_the_doubly_reparameterised_gradient_does_not_vary(x):
    """ln w is the same for every z, so the encoder's gradient is 0 for every draw; the standard one is noise."""
    sizes = {}
    for gradient in GRADIENTS:
        model, _, _ = linear_gaussian(x, k=3, shift=0.0, gradient=gradient)
        model.backward(Tensor(x), None, np.random.default_rng(0))
        sizes[gradient] = max(np.abs(layer.bias.grad).max() for layer in (model.to_mu, model.to_log_var))
    assert sizes["standard"] > 1e-2
    assert sizes["doubly-reparameterised"] < 1e-12


# --- the weights ------------------------------------------------------------------------------------------------------


def weights_by(logsumexp, log_weights):
    """The normalised weights: the gradient of the bound by each ln w."""
    leaf = Tensor(log_weights, requires_grad=True)
    logsumexp(leaf, 0).sum().backward()
    return leaf.grad


@minae.differentiable
def with_the_sign_changed(x, axis):
    """B15: the value is right, but the weights are the softmax of the losses -ln w: the worst sample counts most."""
    y, _ = x.max(axis=axis) + np.log(np.exp(x - x.max(axis=axis)).sum(axis=axis)), None
    e = np.exp(x.min(axis=axis) - x)
    return y, (lambda g: g * e / e.sum(axis=axis),)


def broken_weight_statements(logsumexp, model, x, posterior_means, repeats=40):
    """Which of these are refuted: the weights turn draws from q into draws from p(z|x), at 5 sigma; and a weighted
    mean of ln w is never below the plain one."""
    with no_grad():
        mu, log_var = (tensor.numpy() for tensor in model.encode(Tensor(x)))
    means, gains = [], []
    for seed in range(repeats):
        eps = noise(2000, latent=2, seed=seed)
        z = mu + np.exp(log_var / 2) * eps
        log_weights = model.log_weights(Tensor(x), 2000, OneDraw(eps)).numpy()
        v = weights_by(logsumexp, log_weights)
        means.append((v[:, :, None] * z).sum(axis=0))
        gains.append((v * log_weights).sum(axis=0) - log_weights.mean(axis=0))
    sigmas = (np.mean(means, axis=0) - posterior_means) / (np.std(means, axis=0, ddof=1) / np.sqrt(repeats))
    statements = {
        "weighted codes have the posterior's mean": np.all(np.abs(sigmas) < 5),
        "better samples count more": np.min(gains) > 0,
    }
    return {statement for statement, holds in statements.items() if not holds}


def test_the_weights_lead_from_q_to_the_posterior(x):
    model, _, posterior_means = linear_gaussian(x, k=1)
    assert broken_weight_statements(F.logsumexp, model, x, posterior_means) == set()


def test_weights_of_the_wrong_sign_are_seen(x):
    model, _, posterior_means = linear_gaussian(x, k=1)
    broken = broken_weight_statements(with_the_sign_changed, model, x, posterior_means)
    assert broken == {"weighted codes have the posterior's mean", "better samples count more"}


# --- the two gradients ------------------------------------------------------------------------------------------------


def test_the_gradient_of_the_loss_is_right(x):
    model = small_iwae(hidden=(3,), latent=2, k=3)
    f, weights = as_function(model, lambda: model.losses(Tensor(x), eps=noise(3, latent=2))["loss"])
    assert gradcheck(f, weights).ok


def gradients(model, x, rng):
    """One estimate by `backward`, by the parameters' names."""
    model.zero_grad()
    model.backward(Tensor(x), None, rng)
    return {name: parameter.grad.copy() for name, parameter in model.named_parameters()}


def test_the_standard_gradient_is_that_of_the_loss(x):
    model = small_iwae()
    found = gradients(model, x, np.random.default_rng(0))
    model.zero_grad()
    model.losses(Tensor(x), rng=np.random.default_rng(0))["loss"].backward()
    for name, parameter in model.named_parameters():
        np.testing.assert_array_equal(parameter.grad, found[name])


def surrogate_gradients(model, x, rng):
    """The doubly reparameterised gradient by its definition: of a loss in which the decoder is run twice.

    Σ v_i ln w_i for the decoder, with z_i held constant, and Σ v_i² ln w_i for the encoder, with all else constant.
    """
    binarised(Tensor(x), rng)  # draws as the model does
    eps = Tensor(rng.standard_normal((len(x), model.k, model.latent)).swapaxes(0, 1))
    mu, log_var = model.encode(Tensor(x))
    std, fixed_mu, fixed_std = (0.5 * log_var).exp(), mu.detach(), (0.5 * log_var.detach()).exp()
    z = mu + std * eps

    def log_w(z):
        """Up to constants."""
        return (
            model.log_likelihood(Tensor(x), z)
            - 0.5 * (z * z).sum(axis=2)
            + 0.5 * (((z - fixed_mu) / fixed_std) ** 2).sum(axis=2)
        )

    w = np.exp(log_w(z).numpy() + np.log(fixed_std.numpy()).sum(axis=1))
    v = w / w.sum(axis=0)
    model.zero_grad()
    (-(Tensor(v**2) * log_w(z)).sum() / len(x)).backward()
    of_encoder = {name: p.grad.copy() for name, p in model.named_parameters() if name.startswith(ENCODER)}
    model.zero_grad()
    (-(Tensor(v) * log_w(z.detach())).sum() / len(x)).backward()
    return of_encoder | {name: p.grad.copy() for name, p in model.named_parameters() if name.startswith("decoder")}


@pytest.mark.parametrize("k", [1, 4])
def test_the_doubly_reparameterised_gradient_is_its_definition(k, x):
    model = small_iwae(k=k, gradient="doubly-reparameterised")
    found, expected = (f(model, x, np.random.default_rng(5)) for f in (gradients, surrogate_gradients))
    assert found.keys() == expected.keys()
    for name in found:
        np.testing.assert_allclose(found[name], expected[name], rtol=1e-10, atol=1e-14, err_msg=name)


def flat(gradients, names):
    return np.concatenate([gradient.ravel() for name, gradient in gradients.items() if name.startswith(names)])


def draws_of_both(x, times, **options):
    """Estimates of the encoder's gradient, (times, parameters), by both ways from the same noise; and the decoder's."""
    found = []
    for gradient in GRADIENTS:
        model = small_iwae(gradient=gradient, **options)
        for parameter in model.parameters():
            parameter.data[...] *= 2  # far from linear, and q far from the posterior
        rng = np.random.default_rng(6)
        found.append([gradients(model, x, rng) for _ in range(times)])
    standard, doubly = found
    decoder = [np.array([flat(one, "decoder") for one in way]) for way in found]
    return *(np.array([flat(one, ENCODER) for one in way]) for way in (standard, doubly)), *decoder


def sigmas_apart(first, second):
    """By how many standard errors the means of paired estimates differ, element by element."""
    difference = first - second
    error = difference.std(axis=0, ddof=1) / np.sqrt(len(difference))
    return difference.mean(axis=0)[error > 0] / error[error > 0]


def test_both_gradients_have_one_expectation(x):
    standard, doubly, decoder, decoder_too = draws_of_both(x, 1500, hidden=(4,), k=5)
    np.testing.assert_allclose(decoder, decoder_too, rtol=1e-9, atol=1e-13)
    assert np.abs(sigmas_apart(standard, doubly)).max() < 5


@pytest.mark.slow
def test_on_digits_the_doubly_reparameterised_gradient_varies_less():
    """The encoder's, by how much less the more samples there are; after some training, and as `backward` gives it."""
    model = IWAE(hidden=(50,), latent=5, k=5, rng=0)
    minae.fit(model, mnist("train")[0][:3000], epochs=3, batch_size=50, lr=2e-3, progress=False)
    images, ratios = binarise(mnist("test")[0][:20]), []
    for model.k in (1, 5, 50):
        variances = []
        for model.gradient in GRADIENTS:
            variances.append(iwae_gradients.moments(model, images, 100)[1].sum())
        ratios.append(variances[0] / variances[1])
    assert ratios[0] > 0.9 and ratios[1] > 1.3 and ratios[2] > 2


def test_leaving_out_the_score_alone_is_seen_to_be_biased(x, monkeypatch):
    """v_i instead of v_i² (Roeder et al. 2017): nearly right, and the test above would refuse it."""
    monkeypatch.setattr(iwae.F, "softmax", lambda x, axis: Tensor(np.ones(x.shape)))
    standard, wrong, _, _ = draws_of_both(x, 1500, hidden=(4,), k=5)
    assert np.abs(sigmas_apart(standard, wrong)).max() > 8


def test_the_benchmark_of_both_gradients(capsys):
    assert iwae_gradients.main(["--limit", "200", "--epochs", "1", "--k", "1", "4", "--draws", "30"]) == 0
    rows = re.findall(r"^ +(\d+) +([\d.e+-]+) +([\d.e+-]+) +([\d.]+)", capsys.readouterr().out, re.M)
    assert [row[0] for row in rows] == ["1", "4"]
    for _, standard, doubly, ratio in rows:
        assert float(ratio) == pytest.approx(float(standard) / float(doubly), rel=0.02)


# --- training ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("xp", [np, strict_device], ids=["NumPy", "device"])
def test_the_decoder_can_begin_at_the_mean_image(xp):
    """Only its last biases change; a pixel that is always or never on counts as one of 0.999 or 0.001."""
    images = np.random.default_rng(0).random((50, *SHAPE), dtype=np.float32)
    images[:, 0, 0, 0], images[:, 0, 1, 2] = 0, 1
    model, born = IWAE(SHAPE, (7, 5), 3, rng=0), IWAE(SHAPE, (7, 5), 3, rng=0)
    for parameter in model.parameters():
        parameter.data = xp.asarray(parameter.data)
    model.start_from(xp.asarray(images))
    bias = to_numpy(model.decoder[-2].bias.data)
    assert bias.dtype == np.float32
    expected = np.r_[0.001, images.mean(axis=0).ravel()[1:-1], 0.999]
    np.testing.assert_allclose(1 / (1 + np.exp(-bias.astype(np.float64))), expected, rtol=1e-5)
    assert [name for (name, a), (_, b) in zip(model.named_parameters(), born.named_parameters())
            if not np.array_equal(to_numpy(a.data), b.data)] == ["decoder.4.bias"]  # fmt: skip


def test_a_new_run_begins_there(tmp_path, monkeypatch):
    monkeypatch.setattr(train_command, "_report", lambda *args: None)
    assert main(["train", "iwae", "--out", str(tmp_path / "run"), *QUICK[:2], "--epochs", "1", "--lr", "1e-9"]) == 0
    mean = mnist("train")[0][:300].mean(axis=0).ravel().clip(0.001, 0.999)
    bias = Run.open(tmp_path / "run").load_model().decoder[-2].bias.data
    np.testing.assert_allclose(bias, np.log(mean / (1 - mean)), atol=1e-5)


@pytest.mark.parametrize("gradient", GRADIENTS)
def test_training_agrees_with_pytorch_step_for_step(gradient, tmp_path):
    """The same weights, batches, binarisation and noise: six steps in float64, the last batches smaller."""
    images = np.random.default_rng(0).random((13, *SHAPE))
    data = SimpleNamespace(train=Split(images, None))
    options = Namespace(epochs=2, batch_size=5, lr=1e-2, decay=0.9, seed=3)
    model = small_iwae(gradient=gradient)
    twin = parity.torch_twin(model)
    born = {name: weights.copy() for name, weights in model.state_dict().items()}
    for name in ("ours", "theirs"):
        (tmp_path / name).mkdir()
    parity.train_theirs(twin, model, data, options, tmp_path / "theirs")
    parity.train_ours(model, data, options, tmp_path / "ours")
    for name, weights in twin.state_dict().items():
        ours = model.state_dict()[name]
        np.testing.assert_allclose(ours, weights.numpy(), rtol=1e-10, atol=1e-10, err_msg=name)
        assert np.abs(ours - born[name]).max() > 1e-3, "nothing was learned"


def test_tested_it_agrees_with_pytorch_too(x):
    model = small_iwae()
    found = [
        nll(network, x, 7, np.random.default_rng(0))
        for nll, network in ((parity.nll_ours, model), (parity.nll_theirs, parity.torch_twin(model)))
    ]
    np.testing.assert_allclose(*found, rtol=1e-12)


def test_the_comparison_goes_on_where_it_was_stopped(tmp_path, capsys):
    folder = tmp_path / "parity"
    asked = ["--limit", "120", "--epochs", "1", "--samples", "9", "--k", "1", "3", "--folder", str(folder)]
    parity.main(asked)
    told = re.findall(r"NLL [\d.]+ ± [\d.]+", capsys.readouterr().out)
    assert len(told) == 4 and told[0] == told[1] and told[2] == told[3]
    for path in folder.glob("*/nll of 9 samples.npy"):
        np.save(path, np.load(path)[:100])  # as if it had been stopped after the first block
    parity.main(asked)
    assert re.findall(r"NLL [\d.]+ ± [\d.]+", capsys.readouterr().out) == told
    with pytest.raises(SystemExit, match="choose another --folder"):
        parity.main([*asked, "--lr", "0.1"])


def test_in_parts_the_gradient_is_that_of_the_whole_batch(x):
    """With black and white images, and noise that is always 0."""

    class NoNoise:
        def standard_normal(self, shape, dtype):
            return np.zeros(shape, dtype)

        def random(self, shape, dtype):
            return np.full(shape, 0.5, dtype)

    for gradient in GRADIENTS:
        whole, parts = small_iwae(gradient=gradient), small_iwae(gradient=gradient)
        parts.at_once = 2
        for model in (whole, parts):
            losses = model.training_step([], Tensor(x), None, NoNoise())
            assert losses["loss"].item() == pytest.approx(whole.losses(Tensor(x), rng=NoNoise())["loss"].item())
        for (name, a), (_, b) in zip(whole.named_parameters(), parts.named_parameters()):
            np.testing.assert_allclose(a.grad, b.grad, rtol=1e-11, atol=1e-14, err_msg=name)


@pytest.mark.parametrize("gradient", GRADIENTS)
def test_on_the_device_nothing_is_read_back(gradient):
    images, trained = np.random.default_rng(0).random((6, *SHAPE), dtype=np.float32), []
    for xp in (np, strict_device):
        model = IWAE(SHAPE, (7, 5), 3, 4, gradient, rng=0)
        for parameter in model.parameters():
            parameter.data = xp.asarray(parameter.data)
        with strict_device.count_reads() as reads:
            model.training_step(model.optimizers(1e-2), Tensor(xp.asarray(images)), None, xp.random.default_rng(1))
        assert reads.count == 0
        trained.append([to_numpy(parameter.data) for parameter in model.parameters()])
    for here, there in zip(*trained):
        np.testing.assert_allclose(there, here, rtol=1e-4, atol=1e-5)


def test_no_more_codes_are_decoded_at_once_than_fit():
    assert [IWAE(SHAPE, k=k, rng=0).at_once for k in (1, 5, 50, 8192, 10_000)] == [1024, 1024, 163, 1, 1]
    model, seen = IWAE(SHAPE, k=50, rng=0), []
    model.decoder = lambda z: seen.append(len(z)) or Tensor(np.zeros((len(z), *SHAPE), np.float32))
    images = np.zeros((400, *SHAPE), np.float32)
    evaluate(model, Split(images, None), 0)
    assert sum(seen) == 400 * 50 and max(seen) <= 8192


@pytest.mark.slow
def test_more_samples_learn_a_better_model():
    """On digits, after as many steps: a higher ln p(x), estimated by as many samples, on images not trained on."""
    images, test = mnist("train")[0][:3000], binarise(mnist("test")[0][:300])
    nll = []
    for k in (1, 20):
        model = IWAE(hidden=(100,), latent=10, k=k, rng=0)
        minae.fit(model, images, epochs=6, batch_size=50, lr=2e-3, progress=False)
        nll.append(-evidence_bounds(model, test, 300, np.random.default_rng(1))[1])
    gain = nll[0] - nll[1]
    assert gain.mean() > 3 * gain.std(ddof=1) / np.sqrt(len(gain))


# --- the run ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("iwae") / "run"
    assert main(["train", "iwae", "--out", str(folder), *QUICK]) == 0
    return folder


def test_the_run_is_measured_by_its_bounds(run, capsys):
    metrics = json.loads((run / "metrics.json").read_text())
    test = metrics["test"]
    assert metrics["unit"] == "nats per image" and test["k"] == 5
    assert test["negative_elbo"] == pytest.approx(test["reconstruction"] + test["kl"])
    assert test["negative_elbo"] > test["negative_bound"] > test["nll"] > 0
    assert 0 < test["nll_standard_error"] < 5 and test["nll_samples"] == report.SAMPLES
    assert len(test["kl_per_latent"]) == 3 and 0 <= test["active_units"] <= 3
    history = Run.open(run).history()
    assert history["test_negative_bound"][-1] == pytest.approx(test["negative_bound"], rel=1e-6)
    assert history["train_loss"] == history["train_negative_bound"]


def test_evaluate_repeats_the_figures_and_says_what_they_are(run, capsys):
    capsys.readouterr()
    assert main(["evaluate", str(run), "--importance-samples", "20"]) == 0
    out = capsys.readouterr().out
    test = json.loads((run / "metrics.json").read_text())["test"]
    assert f"negative bound {test['negative_bound']:.2f} nats per image by the 5 samples of training" in out
    assert f"-log p(x) <= {test['nll']:.2f} ± {test['nll_standard_error']:.2f} by 100 samples" in out
    assert f"{test['active_units']} of 3 latents active" in out and "binarised" in out
    model = Run.open(run).load_model()
    _, bound = evidence_bounds(model, binarise(mnist("test")[0][:300]), 20, np.random.default_rng(0))
    assert f"log p(x) >= {bound.mean():.2f} ± {bound.std(ddof=1) / np.sqrt(300):.2f}" in out


def test_training_leaves_its_figures(run):
    assert sorted(os.listdir(run / "figures")) == sorted(f"{name}.png" for name in FIGURES)
    for name in FIGURES:
        assert np.asarray(Image.open(run / "figures" / f"{name}.png").convert("L")).std() > 5, f"{name}.png is blank"


@pytest.mark.parametrize("count", [1, 3])
def test_few_test_images_suffice(count):
    data = Dataset("mnist", limit=count)
    model = IWAE(hidden=(5,), latent=2, rng=0)
    metrics = report.measure(model, data, 0)
    assert (metrics["nll_standard_error"] is None) == (count == 1)
    assert ("± unknown" in report.describe(metrics)[1]) == (count == 1)
    assert {"bounds", "manifold"} <= report.figures(model, data, 0).keys()


def test_the_figure_of_the_bounds_shows_their_means(x):
    model = small_iwae().to(dtype=np.float32)
    panel = report.bounds(model, x.astype(np.float32), seed=0).axes[0]
    counts, means = panel.lines[0].get_data()
    assert counts.tolist() == list(report.COUNTS)
    assert np.all(np.diff(means) > 0), "means over all groups of the same samples rise"
    log_weights = noise(8, n=5, latent=1)[:, :, 0]
    of_groups = [importance_weighted_bound(log_weights[[i, i + 4]]).mean() for i in range(4)]
    assert report.mean_bound(log_weights, 2) == pytest.approx(np.mean(of_groups))
    assert report.mean_bound(log_weights, 1) == pytest.approx(log_weights.mean())


def test_reconstructions_are_of_black_and_white_images(run, tmp_path):
    picture = str(tmp_path / "few.png")
    assert main(["reconstruct", str(run), "--count", "3", "--out", picture]) == 0
    assert main(["sample", str(run), "--count", "3", "--out", str(tmp_path / "samples.png")]) == 0


def test_the_gradient_is_an_option_that_changes_training(run, tmp_path):
    assert main(["train", "iwae", "--out", str(tmp_path / "run"), *QUICK, "--gradient", "doubly-reparameterised"]) == 0
    other = Run.open(tmp_path / "run")
    assert other.config["gradient"] == "doubly-reparameterised" == other.load_model().gradient
    first, second = (Run.open(folder).load_model().state_dict() for folder in (run, tmp_path / "run"))
    assert all(not np.array_equal(first[name], second[name]) for name in first)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--k", "0"], "at least 1, found '0'"),
        (["--gradient", "best"], "doubly-reparameterised"),
        (["--beta", "2"], "--beta"),
    ],
)
def test_options_that_it_does_not_have(options, told, tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["train", "iwae", "--out", str(tmp_path / "run"), *QUICK, *options])
    assert told in capsys.readouterr().err


def test_its_weights_load_into_pytorch(run):
    model = Run.open(run).load_model()
    twin, images = parity.torch_twin(model), binarise(mnist("test")[0][:4])
    eps = noise(2, n=4).astype(np.float32)
    ours = model.losses(Tensor(images), eps=eps[np.r_[0, 1, 0, 1, 0]])["loss"].item()
    theirs = twin.loss(torch.from_numpy(images), torch.from_numpy(eps[np.r_[0, 1, 0, 1, 0]])).item()
    assert ours == pytest.approx(theirs, rel=1e-5)
