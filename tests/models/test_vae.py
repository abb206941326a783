"""The dense VAE: its losses by their definition, its weights in PyTorch, and that it learns digits."""

import numpy as np
import pytest
import safetensors.torch
import torch

from minae import Tensor
from minae.data import Split, mnist
from minae.models import VAE
from minae.training import evaluate, train_epochs


@pytest.fixture
def images():
    return np.random.default_rng(5).random((7, 1, 5, 3), dtype=np.float32)


def small_vae(**options):
    return VAE(image_shape=(1, 5, 3), hidden=11, **{"latent": 2, "rng": 0, **options})


def numpy_losses(model, x, eps):
    """The losses by their definition: no fused op, no autograd."""
    weights = {name: value.astype(np.float64) for name, value in model.state_dict().items()}

    def linear(name, h):
        return h @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    x = x.reshape(len(x), -1).astype(np.float64)
    h = np.maximum(linear("encoder.1", x), 0)
    mu, log_var = linear("to_mu", h), linear("to_log_var", h)
    z = mu + np.sqrt(np.exp(log_var)) * eps
    p = 1 / (1 + np.exp(-linear("decoder.2", np.maximum(linear("decoder.0", z), 0))))
    reconstruction = -(x * np.log(p) + (1 - x) * np.log(1 - p)).sum(axis=1).mean()
    kl = 0.5 * (mu**2 + np.exp(log_var) - 1 - log_var).sum(axis=1).mean()
    return reconstruction, kl


def test_losses_are_the_negative_elbo_in_nats_per_image(images):
    model = small_vae(latent=3, beta=0.5)
    eps = np.random.default_rng(1).standard_normal((7, 3)).astype(np.float32)
    losses = model.losses(Tensor(images), eps=eps)
    reconstruction, kl = numpy_losses(model, images, eps)
    assert losses["reconstruction"].item() == pytest.approx(reconstruction, rel=1e-6)
    assert losses["kl"].item() == pytest.approx(kl, rel=1e-5)
    assert losses["loss"].item() == pytest.approx(reconstruction + 0.5 * kl, rel=1e-6)
    assert all(loss.dtype == np.float32 for loss in losses.values())


def test_the_batch_size_does_not_change_the_scale_of_the_losses(images):
    model, eps = small_vae(), np.zeros((7, 2), np.float32)
    once = model.losses(Tensor(images), eps=eps)
    twice = model.losses(Tensor(np.concatenate([images, images])), eps=np.concatenate([eps, eps]))
    for name in once:
        assert twice[name].item() == pytest.approx(once[name].item(), rel=1e-5)


def test_every_parameter_gets_a_gradient(images):
    model = small_vae()
    model.losses(Tensor(images), rng=3)["loss"].backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.dtype == np.float32, name
        assert np.abs(parameter.grad).max() > 0, name


def test_the_sample_spreads_by_the_std_that_the_kl_reads(images):
    """z has variance exp(log_var), not exp(2 log_var): no gradient check could tell."""
    model = small_vae()
    model.to_log_var.bias.data[...] = [-2.0, 1.5]
    model.to_log_var.weight.data[...] = 0
    model.decoder = lambda z: z
    x, n = Tensor(images), 20_000
    rng = np.random.default_rng(0)
    z = np.stack([model(x, rng=rng)[0].numpy() for _ in range(n // len(images))]).astype(np.float64)
    count = z.shape[0] * z.shape[1]
    variance = z.var(axis=0, ddof=1).mean(axis=0)
    expected = np.exp([-2.0, 1.5])
    assert np.all(np.abs(variance - expected) < 5 * expected * np.sqrt(2 / count))


@pytest.mark.parametrize("log_var", [-60.0, 60.0])
def test_extreme_posteriors_stay_finite(images, log_var):
    model = small_vae()
    model.to_log_var.bias.data[...] = log_var
    losses = model.losses(Tensor(images), rng=0)
    losses["loss"].backward()
    assert all(np.isfinite(loss.item()) for loss in losses.values())
    assert all(np.isfinite(parameter.grad).all() for parameter in model.parameters())


class TorchVAE(torch.nn.Module):
    """The same network written in PyTorch."""

    def __init__(self, pixels, hidden, latent):
        super().__init__()
        nn = torch.nn
        self.encoder = nn.Sequential(nn.Flatten(), nn.Linear(pixels, hidden), nn.ReLU())
        self.to_mu = nn.Linear(hidden, latent)
        self.to_log_var = nn.Linear(hidden, latent)
        self.decoder = nn.Sequential(
            nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, pixels), nn.Unflatten(1, (1, 28, 28))
        )

    def forward(self, x, eps):
        h = self.encoder(x)
        mu, log_var = self.to_mu(h), self.to_log_var(h)
        return self.decoder(mu + torch.exp(log_var / 2) * eps), mu, log_var


def test_saved_weights_load_into_pytorch_and_give_the_same_output(tmp_path):
    from minae.training.run_folder import Run

    model = VAE(hidden=37, latent=5, rng=1)
    config = {"model": "vae", "image_shape": [1, 28, 28], "hidden": 37, "latent": 5}
    run = Run.create(tmp_path / "run", config)
    run.save_model(model)
    twin = TorchVAE(784, 37, 5)
    twin.load_state_dict(safetensors.torch.load_file(tmp_path / "run" / "model.safetensors"))
    x = mnist("test")[0][:13]
    eps = np.random.default_rng(2).standard_normal((13, 5)).astype(np.float32)
    ours = run.load_model()(Tensor(x), eps=eps)
    with torch.no_grad():
        theirs = twin(torch.from_numpy(x), torch.from_numpy(eps))
    for our, their in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(our.numpy(), their.numpy(), rtol=1e-5, atol=1e-5)


def train_small(seed, images, epochs=3):
    model = VAE(hidden=128, rng=seed)
    rngs = {"shuffle_rng": np.random.default_rng(seed), "noise_rng": np.random.default_rng(seed + 1)}
    list(train_epochs(model, model.optimizers(1e-3), Split(images, None), epochs=epochs, batch_size=64, **rngs))
    return model


def test_it_learns_more_than_the_mean_image():
    images, (test_images, _) = mnist("train")[0][:5000], mnist("test")
    model = train_small(0, images)
    mean = images.mean(axis=0).clip(1e-3, 1 - 1e-3)
    baseline = -(test_images * np.log(mean) + (1 - test_images) * np.log(1 - mean)).sum(axis=(1, 2, 3)).mean()
    tested = evaluate(model, Split(test_images, None), np.random.default_rng(0))
    assert tested["reconstruction"] + tested["kl"] < baseline - 10


def test_one_seed_one_run_bitwise():
    images = mnist("test")[0][:512]
    first, again, other = (train_small(seed, images, epochs=1).state_dict() for seed in (4, 4, 5))
    for name in first:
        assert np.array_equal(first[name], again[name]), name
        assert not np.array_equal(first[name], other[name]), name


def test_evaluation_learns_nothing_and_needs_no_graph(images):
    model = small_vae()
    before = model.state_dict()
    evaluate(model, Split(images, None), np.random.default_rng(0), batch_size=3)
    assert all(np.array_equal(before[name], value) for name, value in model.state_dict().items())
    assert all(parameter.grad is None for parameter in model.parameters())


def test_evaluation_in_batches_is_the_mean_over_images(images):
    """Batches of 3, 3 and 1: each image counts the same, in whichever batch it comes."""
    model = small_vae()
    model.to_log_var.bias.data[...] = -60  # no noise, so that batching cannot change the samples
    model.to_log_var.weight.data[...] = 0
    whole = evaluate(model, Split(images, None), np.random.default_rng(0), batch_size=7)
    parts = evaluate(model, Split(images, None), np.random.default_rng(0), batch_size=3)
    for name in whole:
        assert parts[name] == pytest.approx(whole[name], rel=1e-5)


def test_a_step_changes_every_parameter(images):
    model = small_vae()
    before = model.state_dict()
    model.training_step(model.optimizers(1e-3), Tensor(images), None, np.random.default_rng(0))
    assert all(not np.array_equal(before[name], value) for name, value in model.state_dict().items())


@pytest.mark.parametrize(
    ("options", "message"),
    [({"hidden": 0}, "hidden"), ({"latent": 0}, "latent"), ({"beta": -1}, "beta"), ({"latent": 2.5}, "latent")],
)
def test_bad_sizes(options, message):
    with pytest.raises(ValueError, match=message):
        VAE(**options)
