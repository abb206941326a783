"""Likelihoods are true probabilities, in nats: they sum or integrate to one, and agree with PyTorch's."""

import itertools
import math

import numpy as np
import pytest
import torch

import minae.functional as F
from minae import Tensor, gradcheck
from minae.models import VAE
from minae.models.likelihoods import LIKELIHOODS, Bernoulli, Gaussian, LearnedGaussian, make_likelihood
from minae.nn import Parameter
from minae.optim import Adam
from tests import strict_device


def gaussian(kind, variance):
    """A fixed or a learned Gaussian in float64."""
    likelihood = kind(variance)
    if kind is LearnedGaussian:  # it starts as float32, which is not the number asked for
        likelihood.log_var.data = np.array(math.log(variance))
    return likelihood


def log_prob_of_all(likelihood, output, images):
    """ln p of every one of `images` (K, C, H, W), given one decoder output (C, H, W)."""
    repeated = np.broadcast_to(output, images.shape)
    return likelihood.log_prob(Tensor(repeated), Tensor(images)).numpy()


@pytest.fixture
def output():
    return 1.5 * np.random.default_rng(0).standard_normal((5, 2, 3, 7))


@pytest.fixture
def x():
    return np.random.default_rng(1).random((5, 2, 3, 7))


# --- they are distributions -------------------------------------------------------------------------------------------


def test_bernoulli_sums_to_one_over_all_black_and_white_images_and_has_the_mean_it_says():
    images = np.array(list(itertools.product([0.0, 1.0], repeat=10))).reshape(-1, 1, 2, 5)
    output = 2 * np.random.default_rng(2).standard_normal((1, 2, 5))
    p = np.exp(log_prob_of_all(Bernoulli(), output, images))
    assert p.sum() == pytest.approx(1, abs=1e-13)
    mean = (p[:, None, None, None] * images).sum(axis=0)
    np.testing.assert_allclose(Bernoulli().mean(Tensor(output)).numpy(), mean, rtol=0, atol=1e-13)


def test_bernoulli_of_a_grey_image_is_the_mean_over_the_images_that_it_stands_for():
    images = np.array(list(itertools.product([0.0, 1.0], repeat=6))).reshape(-1, 1, 2, 3)
    rng = np.random.default_rng(3)
    output, grey = rng.standard_normal((1, 2, 3)), rng.random((1, 2, 3))
    chance = np.where(images == 1, grey, 1 - grey).prod(axis=(1, 2, 3))
    expected = (chance * log_prob_of_all(Bernoulli(), output, images)).sum()
    assert log_prob_of_all(Bernoulli(), output, grey[None])[0] == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("kind", [Gaussian, LearnedGaussian])
@pytest.mark.parametrize("variance", [0.05, 0.7])
def test_gaussian_integrates_to_one_and_has_the_moments_it_says(kind, variance):
    """The trapezoidal rule converges faster than any power of the step for such integrands: 161 points will do."""
    likelihood = gaussian(kind, variance)
    output = np.array([0.3, -0.2]).reshape(1, 1, 2)
    axis = np.linspace(-9, 9, 161) * math.sqrt(variance)
    images = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 1, 1, 2)
    p = np.exp(log_prob_of_all(likelihood, output, images)) * (axis[1] - axis[0]) ** 2
    assert p.sum() == pytest.approx(1, abs=1e-12)
    mean = (p[:, None] * images[:, 0, 0]).sum(axis=0)
    np.testing.assert_allclose(likelihood.mean(Tensor(output)).numpy().ravel(), mean, rtol=0, atol=1e-12)
    assert (p * (images[:, 0, 0, 0] - mean[0]) ** 2).sum() == pytest.approx(variance, rel=1e-6)


# --- by closed form and PyTorch ---------------------------------------------------------------------------------------


def test_bernoulli_is_pytorchs(output, x):
    theirs = torch.distributions.Bernoulli(logits=torch.from_numpy(output), validate_args=False)
    expected = theirs.log_prob(torch.from_numpy(x)).sum(dim=(1, 2, 3)).numpy()
    np.testing.assert_allclose(Bernoulli().log_prob(Tensor(output), Tensor(x)).numpy(), expected, rtol=1e-13)


@pytest.mark.parametrize("kind", [Gaussian, LearnedGaussian])
@pytest.mark.parametrize("variance", [1e-3, 0.05, 1.0, 30.0])
def test_gaussian_is_the_closed_form_and_pytorchs(kind, variance, output, x):
    ours = gaussian(kind, variance).log_prob(Tensor(output), Tensor(x)).numpy()
    theirs = torch.distributions.Normal(torch.from_numpy(output), math.sqrt(variance)).log_prob(torch.from_numpy(x))
    closed = -((x - output) ** 2) / (2 * variance) - math.log(math.sqrt(2 * math.pi * variance))
    for expected in (theirs.numpy(), closed):
        np.testing.assert_allclose(ours, expected.sum(axis=(1, 2, 3)), rtol=1e-13)


@pytest.mark.parametrize("name", LIKELIHOODS)
def test_twice_the_pixels_twice_the_nats_and_each_image_for_itself(name, output, x):
    """Summed over pixels, not averaged: else the KL term would weigh 784 times too much."""
    likelihood = make_likelihood(name)
    likelihood.to(dtype=np.float64)
    once = likelihood.log_prob(Tensor(output), Tensor(x)).numpy()
    doubled = [Tensor(np.concatenate([array, array], axis=3)) for array in (output, x)]
    assert once.shape == (5,)
    np.testing.assert_allclose(likelihood.log_prob(*doubled).numpy(), 2 * once, rtol=1e-13)
    alone = likelihood.log_prob(Tensor(output[2:3]), Tensor(x[2:3])).numpy()
    np.testing.assert_allclose(alone, once[2:3], rtol=1e-13)


@pytest.mark.parametrize("name", LIKELIHOODS)
def test_gradients(name, output, x):
    likelihood = make_likelihood(name)
    gradcheck(lambda output: likelihood.log_prob(output, Tensor(x)), Tensor(output, requires_grad=True))


def test_gradient_of_the_learned_variance(output, x):
    likelihood = LearnedGaussian()

    def log_prob(log_var):
        likelihood.log_var = log_var
        return likelihood.log_prob(Tensor(output), Tensor(x))

    gradcheck(log_prob, Tensor(np.array(-0.7), requires_grad=True))


@pytest.mark.parametrize("name", LIKELIHOODS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_dtype_is_kept(name, dtype, output, x):
    likelihood = make_likelihood(name)
    likelihood.to(dtype=dtype)
    tensor = Tensor(output.astype(dtype), requires_grad=True)
    log_prob = likelihood.log_prob(tensor, Tensor(x.astype(dtype)))
    log_prob.sum().backward()
    assert log_prob.dtype == tensor.grad.dtype == likelihood.mean(tensor).dtype == dtype
    assert all(parameter.grad.dtype == dtype for parameter in likelihood.parameters())


@pytest.mark.parametrize("name", LIKELIHOODS)
def test_on_the_device_nothing_is_read_back(name, output, x):
    likelihood, expected = make_likelihood(name), make_likelihood(name)
    for parameter in likelihood.parameters():
        parameter.data = strict_device.asarray(parameter.data)
    host = [array.astype(np.float32) for array in (output, x)]
    device = [Tensor(strict_device.asarray(array)) for array in host]
    with strict_device.count_reads() as reads:
        log_prob, mean = likelihood.log_prob(*device), likelihood.mean(device[0])
    assert reads.count == 0
    for ours, theirs in ((log_prob, expected.log_prob(*map(Tensor, host))), (mean, expected.mean(Tensor(host[0])))):
        np.testing.assert_array_equal(strict_device.asnumpy(ours.data), theirs.numpy())


# --- the learned variance ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", [0.001, 2.0])
def test_the_learned_variance_reaches_the_mean_squared_error(start):
    rng = np.random.default_rng(4)
    output = Tensor(rng.random((50, 1, 4, 3)))
    x = Tensor(output.numpy() + 0.2 * rng.standard_normal(output.shape))
    likelihood = gaussian(LearnedGaussian, start)
    optimizer = Adam(likelihood.parameters(), lr=0.05)
    for _ in range(1500):
        optimizer.zero_grad()
        (-likelihood.log_prob(output, x).mean()).backward()
        optimizer.step()
    mse = np.mean((x.numpy() - output.numpy()) ** 2)
    assert math.exp(likelihood.log_var.item()) == pytest.approx(mse, rel=1e-6)
    best = -0.5 * 12 * (1 + math.log(2 * math.pi * mse))  # no other variance makes the images more likely
    assert likelihood.log_prob(output, x).mean().item() == pytest.approx(best, rel=1e-9)


@pytest.mark.parametrize(("name", "parameters"), [("bernoulli", 0), ("gaussian", 0), ("gaussian-learned", 1)])
def test_only_a_learned_variance_is_a_parameter(name, parameters):
    model = VAE(image_shape=(1, 2, 3), hidden=5, likelihood=name, rng=0)
    assert len(model.parameters()) == 10 + parameters
    assert ("likelihood.log_var" in model.state_dict()) == bool(parameters)


# --- in the model -----------------------------------------------------------------------------------------------------


def test_a_bernoulli_vae_computes_what_it_did_before_there_was_a_choice():
    """The loss to rounding (the order of a sum has changed), every gradient bitwise."""
    rng = np.random.default_rng(5)
    x, eps = rng.random((9, 1, 4, 7), dtype=np.float32), rng.standard_normal((9, 3), dtype=np.float32)
    new, old = (VAE(image_shape=(1, 4, 7), hidden=11, latent=3, rng=6) for _ in range(2))
    loss = new.losses(Tensor(x), eps=eps)["loss"]
    logits, mu, log_var = old(Tensor(x), eps)
    bce = F.binary_cross_entropy_with_logits(logits, Tensor(x), reduction="sum") / 9
    expected = bce + 1.0 * (F.gaussian_kl(mu, log_var).sum() / 9)
    loss.backward()
    expected.backward()
    assert loss.item() == pytest.approx(expected.item(), rel=1e-6)
    for (name, ours), theirs in zip(new.named_parameters(), old.parameters(), strict=True):
        np.testing.assert_array_equal(ours.grad, theirs.grad, err_msg=name)


def test_each_likelihood_and_variance_makes_another_loss():
    x, eps = np.random.default_rng(7).random((4, 1, 2, 3), dtype=np.float32), np.zeros((4, 2), np.float32)
    choices = [("bernoulli", None), ("gaussian", None), ("gaussian", 1.0), ("gaussian-learned", 0.3)]
    losses = {
        VAE((1, 2, 3), 5, likelihood=name, variance=variance, rng=0).losses(Tensor(x), eps=eps)["loss"].item()
        for name, variance in choices
    }
    assert len(losses) == len(choices)


def test_the_default_variance_is_used():
    assert make_likelihood("gaussian").variance == 0.05
    assert math.exp(make_likelihood("gaussian-learned").log_var.item()) == pytest.approx(0.05, rel=1e-6)
    assert isinstance(make_likelihood("gaussian-learned").log_var, Parameter)


@pytest.mark.parametrize(
    ("name", "variance", "message"),
    [
        ("poisson", None, "one of bernoulli, gaussian, gaussian-learned, found 'poisson'"),
        ("bernoulli", 0.1, "no variance"),
        ("gaussian", 0.0, "above 0, found 0"),
        ("gaussian-learned", -1.0, "above 0, found -1"),
        ("gaussian", float("nan"), "finite, found nan"),
        ("gaussian", float("inf"), "finite, found inf"),
    ],
)
def test_bad_choices(name, variance, message):
    with pytest.raises(ValueError, match=message):
        VAE(likelihood=name, variance=variance)
