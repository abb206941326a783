"""The convolutional VAE: its network in PyTorch, its gradients, that it learns digits, and its run from the command."""

import json

import numpy as np
import pytest
import safetensors.torch
import torch
from PIL import Image

from minae import Tensor, gradcheck
from minae.cli import main
from minae.data import Dataset, Split, mnist
from minae.models import ConvVAE
from minae.models.likelihoods import LIKELIHOODS
from minae.reports import vae as report
from minae.training import evaluate, train_epochs
from minae.training.run_folder import Run
from tests import strict_device
from tests.parameters import as_function, smooth


class TorchConvVAE(torch.nn.Module):
    """The same network written in PyTorch."""

    def __init__(self, channels, height, width, latent):
        super().__init__()
        nn = torch.nn
        pixels = 64 * (height // 4) * (width // 4)
        self.encoder = nn.Sequential(
            nn.Conv2d(channels, 32, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(32, 64, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(pixels, 128),
            nn.ReLU(),
        )
        self.to_mu = nn.Linear(128, latent)
        self.to_log_var = nn.Linear(128, latent)
        self.decoder = nn.Sequential(
            nn.Linear(latent, pixels),
            nn.ReLU(),
            nn.Unflatten(1, (64, height // 4, width // 4)),
            nn.ConvTranspose2d(64, 32, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.ConvTranspose2d(32, channels, 4, stride=2, padding=1),
        )

    def forward(self, x, eps):
        h = self.encoder(x)
        mu, log_var = self.to_mu(h), self.to_log_var(h)
        return self.decoder(mu + torch.exp(log_var / 2) * eps), mu, log_var


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 8, 12)], ids=str)
def test_saved_weights_load_into_pytorch_and_give_the_same_output(tmp_path, shape):
    config = {"model": "conv-vae", "image_shape": list(shape), "latent": 5}
    run = Run.create(tmp_path / "run", config)
    run.save_model(ConvVAE(shape, latent=5, rng=1))
    twin = TorchConvVAE(*shape, latent=5)
    twin.load_state_dict(safetensors.torch.load_file(tmp_path / "run" / "model.safetensors"))
    rng = np.random.default_rng(2)
    x, eps = rng.random((3, *shape), dtype=np.float32), rng.standard_normal((3, 5), dtype=np.float32)
    ours = run.load_model()(Tensor(x), eps=eps)
    with torch.no_grad():
        theirs = twin(torch.from_numpy(x), torch.from_numpy(eps))
    for our, their in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(our.numpy(), their.numpy(), rtol=1e-5, atol=1e-5)


def test_a_step_of_training_gives_pytorchs_losses_and_gradients():
    rng = np.random.default_rng(3)
    x, eps = rng.random((5, 1, 28, 28)), rng.standard_normal((5, 2))
    model = ConvVAE(rng=4).to(dtype=np.float64)
    losses = model.losses(Tensor(x), eps=eps)
    losses["loss"].backward()
    twin = TorchConvVAE(1, 28, 28, 2).double()
    twin.load_state_dict({name: torch.from_numpy(value) for name, value in model.state_dict().items()})
    images = torch.from_numpy(x)
    logits, mu, log_var = twin(images, torch.from_numpy(eps))
    bce = torch.nn.functional.binary_cross_entropy_with_logits(logits, images, reduction="sum") / 5
    normal = torch.distributions.Normal
    kl = torch.distributions.kl_divergence(normal(mu, torch.exp(log_var / 2)), normal(0.0, 1.0)).sum() / 5
    (bce + kl).backward()
    assert losses["reconstruction"].item() == pytest.approx(bce.item(), rel=1e-12)
    assert losses["kl"].item() == pytest.approx(kl.item(), rel=1e-12)
    theirs = dict(twin.named_parameters())
    for name, parameter in model.named_parameters():
        np.testing.assert_allclose(parameter.grad, theirs[name].grad.numpy(), rtol=1e-9, atol=1e-12, err_msg=name)


def small(likelihood="bernoulli", shape=(2, 4, 8), latent=3):
    return ConvVAE(shape, latent=latent, likelihood=likelihood, rng=0)


@pytest.mark.parametrize("likelihood", LIKELIHOODS)
def test_gradients_of_the_loss(likelihood):
    """In all parameters at once, along random directions. With tanh for ReLU: a kink on the way has no slope."""
    model = small(likelihood)
    smooth(model)
    rng = np.random.default_rng(5)
    x, eps = rng.random((2, 2, 4, 8)), rng.standard_normal((2, 3))
    gradcheck(*as_function(model, lambda: model.losses(Tensor(x), eps=eps)["loss"]))


def test_beta_weighs_the_kl():
    x, eps = np.random.default_rng(12).random((3, 2, 4, 8), dtype=np.float32), np.ones((3, 3), np.float32)
    losses = ConvVAE((2, 4, 8), latent=3, beta=2.5, rng=0).losses(Tensor(x), eps=eps)
    expected = losses["reconstruction"].item() + 2.5 * losses["kl"].item()
    assert losses["loss"].item() == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("likelihood", LIKELIHOODS)
def test_every_parameter_gets_a_gradient_and_is_changed_by_a_step(likelihood):
    model = small(likelihood)
    x = Tensor(np.random.default_rng(6).random((7, 2, 4, 8), dtype=np.float32))
    before = model.state_dict()
    model.training_step(model.optimizers(1e-3), x, None, np.random.default_rng(7))
    for name, parameter in model.named_parameters():
        assert parameter.grad.dtype == np.float32, name
        assert np.abs(parameter.grad).max() > 0, name
        assert not np.array_equal(parameter.data, before[name]), name


def test_the_sample_spreads_by_the_std_that_the_kl_reads():
    """z has variance exp(log_var), not exp(2 log_var): no gradient check could tell."""
    model, log_var, n = small(latent=2), np.array([-2.0, 1.5]), 3000
    model.to_log_var.bias.data[...] = log_var
    model.to_log_var.weight.data[...] = 0
    model.decoder = lambda z: z
    x = np.broadcast_to(np.random.default_rng(8).random((1, 2, 4, 8), dtype=np.float32), (n, 2, 4, 8))
    z, mu, found = model(Tensor(x.copy()), rng=np.random.default_rng(9))
    np.testing.assert_allclose(found.numpy(), np.broadcast_to(log_var, (n, 2)), rtol=1e-6)
    variance = ((z.numpy() - mu.numpy()).astype(np.float64) ** 2).mean(axis=0)
    assert np.all(np.abs(variance - np.exp(log_var)) < 5 * np.exp(log_var) * np.sqrt(2 / n))


@pytest.mark.parametrize("likelihood", LIKELIHOODS)
def test_on_the_device_nothing_is_read_back(likelihood):
    images = np.random.default_rng(10).random((3, 2, 4, 8), dtype=np.float32)
    eps = np.random.default_rng(11).standard_normal((3, 3), dtype=np.float32)
    model, twin = small(likelihood), small(likelihood)
    for parameter in model.parameters():
        parameter.data = strict_device.asarray(parameter.data)
    with strict_device.count_reads() as reads:
        losses = model.losses(Tensor(strict_device.asarray(images)), eps=strict_device.asarray(eps))
        losses["loss"].backward()
    assert reads.count == 0
    expected = twin.losses(Tensor(images), eps=eps)
    expected["loss"].backward()
    assert losses["loss"].item() == pytest.approx(expected["loss"].item(), rel=1e-6)
    for ours, theirs in zip(model.parameters(), twin.parameters(), strict=True):
        np.testing.assert_allclose(strict_device.asnumpy(ours.grad), theirs.grad, rtol=1e-4, atol=1e-4)


@pytest.fixture(scope="module")
def digits():
    """Training and test digits at half their size, in a margin: 16x16, which is three times as quick to learn."""
    return halved(mnist("train")[0][:2000]), halved(mnist("test")[0][:1000])


def halved(images):
    small = images.reshape(-1, 1, 14, 2, 14, 2).mean(axis=(3, 5))
    return np.pad(small, [(0, 0), (0, 0), (1, 1), (1, 1)])


def train_small(images, likelihood="bernoulli", seed=0, epochs=4):
    model = ConvVAE(images.shape[1:], likelihood=likelihood, rng=seed)
    rngs = {"shuffle_rng": np.random.default_rng(seed), "noise_rng": np.random.default_rng(seed + 1)}
    list(train_epochs(model, model.optimizers(3e-3), Split(images, None), epochs=epochs, batch_size=32, **rngs))
    return model


def test_it_learns_more_than_the_mean_image(digits):
    images, test_images = digits
    mean = images.mean(axis=0).clip(1e-3, 1 - 1e-3)
    baseline = -(test_images * np.log(mean) + (1 - test_images) * np.log(1 - mean)).sum(axis=(1, 2, 3)).mean()
    tested = evaluate(train_small(images), Split(test_images, None), np.random.default_rng(0))
    assert tested["reconstruction"] + tested["kl"] < baseline - 2


def test_with_a_gaussian_it_learns_more_than_the_best_single_gaussian(digits):
    """The mean image with the variance of what it leaves: the best Gaussian without a latent, in closed form."""
    images, test_images = digits
    variance = ((images - images.mean(axis=0)) ** 2).mean()
    errors = ((test_images - images.mean(axis=0)) ** 2).sum(axis=(1, 2, 3)).mean()
    baseline = 0.5 * (errors / variance + 256 * np.log(2 * np.pi * variance))
    model = train_small(images, "gaussian-learned")
    tested = evaluate(model, Split(test_images, None), np.random.default_rng(0))
    assert tested["reconstruction"] + tested["kl"] < baseline - 15
    assert np.exp(model.likelihood.log_var.item()) < variance


def test_one_seed_one_run_bitwise(digits):
    first, again, other = (train_small(digits[0][:64], seed=seed, epochs=1).state_dict() for seed in (4, 4, 5))
    for name in first:
        assert np.array_equal(first[name], again[name]), name
        assert not np.array_equal(first[name], other[name]), name


# --- between two images -----------------------------------------------------------------------------------------------


def test_an_interpolation_goes_straight_from_one_to_the_other(digits):
    ends = digits[1][:4]
    between = report._between(ends)
    assert between.shape == (2 * report.STEPS, 1, 16, 16)
    assert between.dtype == np.float32
    for pair in range(2):
        row = between[pair * report.STEPS : (pair + 1) * report.STEPS]
        np.testing.assert_array_equal(row[[0, -1]], ends[2 * pair : 2 * pair + 2])
        np.testing.assert_allclose(np.diff(row, n=2, axis=0), 0, atol=1e-6)


def test_an_interpolation_of_codes_ends_at_the_reconstructions(digits, monkeypatch):
    model, shown = ConvVAE((1, 16, 16), latent=3, rng=0), {}
    monkeypatch.setattr(report.plots, "pairs", lambda above, below, *args, **options: shown.update(a=above, b=below))
    report.interpolation(model, digits[1][:5])
    expected = model.reconstruct(Tensor(digits[1][:4])).numpy()
    steps = report.STEPS
    np.testing.assert_allclose(shown["a"][[0, steps - 1, steps, -1]], expected, rtol=1e-4, atol=1e-6)
    np.testing.assert_array_equal(shown["b"][[0, steps - 1, steps, -1]], digits[1][:4])


@pytest.mark.parametrize("count", [1, 2, 3])
def test_few_test_images_suffice_for_the_figures(digits, count):
    data = Dataset("mnist")
    data.test = Split(digits[1][:count], None)
    shown = report.figures(ConvVAE((1, 16, 16), rng=0), data, seed=0)
    assert ("interpolation" in shown) == (count > 1)


# --- the command ------------------------------------------------------------------------------------------------------


QUICK = ["--limit", "200", "--epochs", "1"]
FIGURES = ("losses", "gradients", "reconstructions", "samples", "latent", "manifold", "interpolation", "kl_per_latent")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("conv-vae") / "run"
    assert main(["train", "conv-vae", "--out", str(folder), *QUICK]) == 0
    return folder


def test_a_whole_run(run, capsys):
    for name in FIGURES:
        picture = np.asarray(Image.open(run / "figures" / f"{name}.png").convert("L"))
        assert picture.std() > 10, f"{name}.png is blank"
    test = json.loads((run / "metrics.json").read_text())["test"]
    assert test["negative_elbo"] == pytest.approx(test["reconstruction"] + test["kl"])
    assert len(test["kl_per_latent"]) == 2
    capsys.readouterr()
    assert main(["evaluate", str(run)]) == 0
    assert f"negative ELBO {test['negative_elbo']:.2f} nats per image" in capsys.readouterr().out
    assert main(["sample", str(run), "--count", "3"]) == 0


def test_a_run_with_a_learned_variance_and_more_latents(tmp_path, capsys):
    options = ["--likelihood", "gaussian-learned", "--variance", "0.2", "--latent", "3"]
    assert main(["train", "conv-vae", "--out", str(tmp_path / "run"), *QUICK, *options]) == 0
    run = Run.open(tmp_path / "run")
    assert (run.config["likelihood"], run.config["variance"], run.config["latent"]) == ("gaussian-learned", 0.2, 3)
    assert not (run.figures / "manifold.png").exists()
    variance = json.loads((tmp_path / "run" / "metrics.json").read_text())["test"]["pixel_variance"]
    assert variance == pytest.approx(np.exp(run.load_model().likelihood.log_var.item()))
    assert variance != pytest.approx(0.2, rel=1e-4)
    assert f"pixel variance {variance:.4f}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "status", "words"),
    [
        (["--likelihood", "poisson"], 2, "expected one of bernoulli, gaussian, gaussian-learned, found 'poisson'"),
        (["--variance", "0"], 2, "above 0, found '0'"),
        (["--latent", "0"], 2, "at least 1, found '0'"),
        (["--hidden", "9"], 2, "unrecognized arguments"),
        (["--variance", "0.1"], 1, "no variance to choose, found 0.1"),
        (["--data", "odd.idx"], 1, "multiples of 4, found images of 6x9"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_bad_input_is_refused_in_one_line(capsys, tmp_path, monkeypatch, options, status, words):
    monkeypatch.chdir(tmp_path)
    header = bytes([0, 0, 8, 3]) + np.array((9, 6, 9), ">u4").tobytes()
    (tmp_path / "odd.idx").write_bytes(header + bytes(9 * 6 * 9))
    try:
        found = main(["train", "conv-vae", "--batch-size", "2", "--limit", "8", *options])
    except SystemExit as exit:
        found = exit.code
    err = capsys.readouterr().err
    assert found == status, err
    assert words in err.splitlines()[-1]
    assert status == 2 or err.count("\n") == 1
    assert not (tmp_path / "runs").exists(), "a refused run leaves nothing behind"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"image_shape": (1, 8, 9)}, "multiples of 4, found images of 8x9"),
        ({"image_shape": (1, 6, 8)}, "multiples of 4, found images of 6x8"),
        ({"latent": 0}, "ConvVAE: latent"),
        ({"beta": -1}, "ConvVAE: beta"),
    ],
)
def test_bad_sizes(options, message):
    with pytest.raises(ValueError, match=message):
        ConvVAE(**options)
