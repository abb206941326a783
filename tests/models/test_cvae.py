"""The conditional VAE: labels reach both halves, losses are what they are called, samples are the digit asked for."""

import json
import os

import numpy as np
import pytest
import safetensors.torch
import torch
from PIL import Image

from minae import Tensor, gradcheck
from minae import functional as F
from minae.cli import main
from minae.data import Split, mnist
from minae.measures.evidence import binarise, evidence_bounds
from minae.models import CVAE
from minae.models.cvae import LabelledLinear, one_hot
from minae.reports import cvae as report
from minae.training import evaluate, train_epochs
from minae.training.baselines import trained_classifier
from minae.training.run_folder import Run
from tests.parameters import as_function

QUICK = ["--limit", "400", "--epochs", "2", "--hidden", "32"]
FIGURES = ("losses", "gradients", "reconstructions", "samples", "styles", "style_transfer", "latent")
LABELS = np.array([3, 0, 2, 2, 1, 3, 0])


@pytest.fixture
def images():
    return np.random.default_rng(5).random((7, 1, 5, 3), dtype=np.float32)


def small_cvae(**options):
    return CVAE(image_shape=(1, 5, 3), hidden=11, **{"latent": 2, "classes": 4, "rng": 0, **options})


# --- the label ----------------------------------------------------------------------------------------------------


def test_one_hot():
    expected = [[0, 0, 1], [1, 0, 0], [0, 0, 1]]
    assert one_hot(np.array([2, 0, 2]), 3, np.float32).tolist() == expected
    assert one_hot(np.array([2], np.uint8), 3, np.float64).dtype == np.float64


def test_a_labelled_layer_is_a_layer_of_input_and_label_side_by_side(images):
    layer = LabelledLinear(15, 11, 4, rng=0)
    x = images.reshape(7, 15)
    side_by_side = np.hstack([x, np.eye(4, dtype=np.float32)[LABELS]])
    weight = np.hstack([layer.of_input.weight.data, layer.of_label.weight.data])
    expected = F.linear(Tensor(side_by_side), Tensor(weight), Tensor(layer.of_input.bias.data)).numpy()
    np.testing.assert_allclose(layer(Tensor(x), LABELS).numpy(), expected, rtol=1e-5, atol=1e-6)


def test_encoder_and_decoder_both_hear_the_label(images):
    model, other = small_cvae(), (LABELS + 1) % 4
    mu, log_var = (tensor.numpy() for tensor in model.encode(Tensor(images), LABELS))
    other_mu, other_log_var = (tensor.numpy() for tensor in model.encode(Tensor(images), other))
    assert np.all(np.abs(mu - other_mu).max(axis=1) > 1e-3)
    assert np.all(np.abs(log_var - other_log_var).max(axis=1) > 1e-3)
    z = Tensor(mu)
    changes = np.abs(model.decode(z, LABELS).numpy() - model.decode(z, other).numpy())
    assert np.all(changes.max(axis=(1, 2, 3)) > 1e-3)


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (np.array([3, 0, 2, 2, 4, 3, 0]), "from 0 to 3, found 4"),
        (np.array([3, 0, 2, 2, -1, 3, 0]), "from 0 to 3, found -1"),
        (LABELS[:6], r"one label for each of 7 inputs, found shape \(6,\)"),
        (LABELS[:1], r"one label for each of 7 inputs, found shape \(1,\)"),  # would broadcast
        (LABELS[:, None], r"one label for each of 7 inputs, found shape \(7, 1\)"),
        (None, "one label for each of 7 inputs, found none"),
    ],
    ids=["above", "below", "too few", "one", "column", "none"],
)
def test_bad_labels(images, labels, words):
    with pytest.raises(ValueError, match=words):
        small_cvae().losses(Tensor(images), labels, rng=0)


def test_labels_are_whole_numbers(images):
    with pytest.raises(TypeError, match="whole numbers for labels, found float64"):
        small_cvae().losses(Tensor(images), LABELS.astype(float), rng=0)


@pytest.mark.parametrize(
    ("options", "message"),
    [({"hidden": 0}, "hidden"), ({"latent": 0}, "latent"), ({"beta": -1}, "beta"), ({"classes": 0}, "classes")],
)
def test_bad_sizes(options, message):
    with pytest.raises(ValueError, match=message):
        CVAE(**options)


# --- the losses ---------------------------------------------------------------------------------------------------


def numpy_losses(model, x, labels, eps):
    """The losses by their definition, with inputs and labels side by side."""
    weights = {name: value.astype(np.float64) for name, value in model.state_dict().items()}
    onehot = np.eye(4)[labels]

    def linear(name, h):
        return h @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def labelled(name, h):
        weight = np.hstack([weights[f"{name}.of_input.weight"], weights[f"{name}.of_label.weight"]])
        return np.maximum(np.hstack([h, onehot]) @ weight.T + weights[f"{name}.of_input.bias"], 0)

    x = x.reshape(len(x), -1).astype(np.float64)
    h = labelled("encoder", x)
    mu, log_var = linear("to_mu", h), linear("to_log_var", h)
    p = 1 / (1 + np.exp(-linear("to_logits", labelled("decoder", mu + np.exp(log_var / 2) * eps))))
    reconstruction = -(x * np.log(p) + (1 - x) * np.log(1 - p)).sum(axis=1).mean()
    kl = 0.5 * (mu**2 + np.exp(log_var) - 1 - log_var).sum(axis=1).mean()
    return reconstruction, kl


def test_losses_are_the_negative_elbo_in_nats_per_image(images):
    model = small_cvae(latent=3, beta=0.5)
    eps = np.random.default_rng(1).standard_normal((7, 3)).astype(np.float32)
    losses = model.losses(Tensor(images), LABELS, eps=eps)
    reconstruction, kl = numpy_losses(model, images, LABELS, eps)
    assert losses["reconstruction"].item() == pytest.approx(reconstruction, rel=1e-6)
    assert losses["kl"].item() == pytest.approx(kl, rel=1e-5)
    assert losses["loss"].item() == pytest.approx(reconstruction + 0.5 * kl, rel=1e-6)
    assert all(loss.dtype == np.float32 for loss in losses.values())


def test_gradients_of_the_losses(images):
    model = small_cvae(beta=0.5)
    x, eps = Tensor(images.astype(np.float64)), np.random.default_rng(1).standard_normal((7, 2))
    gradcheck(*as_function(model, lambda: model.losses(x, LABELS, eps=eps)["loss"]))


def test_every_parameter_gets_a_gradient(images):
    model = small_cvae()
    model.losses(Tensor(images), LABELS, rng=3)["loss"].backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad.dtype == np.float32, name
        assert np.abs(parameter.grad).max() > 0, name


def test_the_sample_spreads_by_the_std_that_the_kl_reads(images):
    """z has variance exp(log_var), not exp(2 log_var): no gradient check could tell."""
    model, rng = small_cvae(), np.random.default_rng(0)
    model.to_log_var.bias.data[...] = [-2.0, 1.5]
    model.to_log_var.weight.data[...] = 0
    model.decode = lambda z, labels: z
    z = np.stack([model(Tensor(images), LABELS, rng=rng)[0].numpy() for _ in range(3000)]).astype(np.float64)
    expected = np.exp([-2.0, 1.5])
    variance = z.var(axis=0, ddof=1).mean(axis=0)
    assert np.all(np.abs(variance - expected) < 5 * expected * np.sqrt(2 / (3000 * 7)))


class TorchCVAE(torch.nn.Module):
    """The decoder written in PyTorch, the label beside the code."""

    def __init__(self, latent, hidden, pixels):
        super().__init__()
        nn = torch.nn
        self.decoder = nn.ModuleDict(
            {"of_input": nn.Linear(latent, hidden), "of_label": nn.Linear(10, hidden, bias=False)}
        )
        self.to_logits = nn.Linear(hidden, pixels)

    def forward(self, z, labels):
        onehot = torch.nn.functional.one_hot(labels, 10).float()
        return self.to_logits(torch.relu(self.decoder["of_input"](z) + self.decoder["of_label"](onehot)))


def test_saved_weights_load_into_pytorch_and_give_the_same_images(run):
    from minae.training.run_folder import Run

    model = Run.open(run).load_model()
    weights = safetensors.torch.load_file(run / "model.safetensors")
    twin = TorchCVAE(2, 32, 784)
    twin.load_state_dict({name: value for name, value in weights.items() if name.startswith(("decoder", "to_logits"))})
    z = np.random.default_rng(0).standard_normal((20, 2), dtype=np.float32)
    labels = np.arange(20) % 10
    with torch.no_grad():
        theirs = twin(torch.from_numpy(z), torch.from_numpy(labels)).numpy()
    np.testing.assert_allclose(model.decode(Tensor(z), labels).numpy().reshape(20, -1), theirs, rtol=1e-4, atol=1e-5)


# --- what it learns -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def trained():
    """A model of 5,000 digits after 15 epochs, and a classifier of the same digits."""
    few = Split(*(array[:5000] for array in mnist("train")))
    model = CVAE(hidden=128, rng=0)
    rngs = {"shuffle_rng": np.random.default_rng(0), "noise_rng": np.random.default_rng(1)}
    list(train_epochs(model, model.optimizers(2e-3), few, epochs=15, batch_size=64, **rngs))
    return model, trained_classifier(few, seed=0)


def test_it_learns_more_than_the_mean_image_of_each_label(trained):
    """The best that a model can do which knows the label, and nothing of the style."""
    images, labels = mnist("train")
    test_images, test_labels = mnist("test")
    means = np.stack([images[labels == digit].mean(axis=0) for digit in range(10)]).clip(1e-3, 1 - 1e-3)[test_labels]
    baseline = -(test_images * np.log(means) + (1 - test_images) * np.log(1 - means)).sum(axis=(1, 2, 3)).mean()
    tested = evaluate(trained[0], Split(test_images, test_labels), np.random.default_rng(0))
    assert tested["reconstruction"] + tested["kl"] < baseline - 10


def test_samples_are_read_as_the_digit_asked_for(trained):
    """Chance is one in ten. (After the default training on all images it is more than 97 in 100.)"""
    assert report.read_as_asked(*trained, seed=0) > 0.7


def test_the_label_and_not_the_code_says_which_digit_it_is(trained):
    """Codes of one image decoded with another label are read as that other label."""
    model, classifier = trained
    images, labels = (array[:1000] for array in mnist("test"))
    mu, _ = model.encode(Tensor(images), labels)
    other = (labels + 3) % 10
    read = classifier(model.images(mu, other)).numpy().argmax(axis=1)
    assert np.mean(read == other) > 0.7
    assert np.mean(read == labels) < 0.15


def test_reading_counts_what_the_classifier_says():
    """A classifier that says 3 to everything is right on the tenth that asked for 3."""

    class Threes:
        def __call__(self, x):
            return Tensor(np.eye(10)[np.full(len(x), 3)])

    assert report.read_as_asked(CVAE(hidden=8), Threes(), seed=0) == pytest.approx(0.1)


# --- the bounds on ln p(x|y) --------------------------------------------------------------------------------------


def test_log_weights_are_their_definition_in_pytorch(images):
    """ln p(x|z, y) + ln p(z) - ln q(z|x, y), each by torch.distributions: each image with its own label."""
    model, x = small_cvae().to(dtype=np.float64), (images > 0.5).astype(np.float64)
    model.to_log_var.bias.data[...] = [-2.0, 1.0]
    ours = model.log_weights(Tensor(x), 3, np.random.default_rng(1), LABELS).numpy()
    eps = torch.from_numpy(np.random.default_rng(1).standard_normal((3, 7, 2)))
    distributions = torch.distributions
    mu, log_var = (torch.from_numpy(tensor.numpy()) for tensor in model.encode(Tensor(x), LABELS))
    q, prior = distributions.Normal(mu, torch.exp(log_var / 2)), distributions.Normal(0.0, 1.0)
    for i in range(3):
        z = mu + torch.exp(log_var / 2) * eps[i]
        p = distributions.Bernoulli(logits=torch.from_numpy(model.decode(Tensor(z.numpy()), LABELS).numpy()))
        expected = p.log_prob(torch.from_numpy(x)).sum((1, 2, 3)) + (prior.log_prob(z) - q.log_prob(z)).sum(1)
        np.testing.assert_allclose(ours[i], expected.numpy(), rtol=1e-12)


def test_images_keep_their_labels_from_batch_to_batch(images):
    model = small_cvae()

    class NoNoise:
        def standard_normal(self, shape, dtype):
            return np.zeros(shape, dtype)

    together = evidence_bounds(model, images, 3, NoNoise(), rows=6, labels=LABELS)
    for i in range(7):
        alone = evidence_bounds(model, images[i : i + 1], 3, NoNoise(), labels=LABELS[i : i + 1])
        np.testing.assert_allclose([bound[i] for bound in together], np.ravel(alone), rtol=1e-5)


def test_evaluate_bounds_the_evidence_given_the_label(run, capsys):
    capsys.readouterr()
    assert main(["evaluate", str(run), "--importance-samples", "9"]) == 0
    out = capsys.readouterr().out
    x, labels = mnist("test")[0][:400], mnist("test")[1][:400]
    bounds = evidence_bounds(Run.open(run).load_model(), binarise(x), 9, np.random.default_rng(0), labels=labels)
    for bound in bounds:
        assert f"log p(x|y) >= {bound.mean():.2f} ± {bound.std(ddof=1) / 20:.2f}" in out
    assert "binarised" in out and "log p(x)" not in out


# --- the command --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cvae") / "run"
    assert main(["train", "cvae", "--out", str(folder), *QUICK]) == 0
    return folder


def refuse(capsys, *arguments):
    capsys.readouterr()
    assert main([str(argument) for argument in arguments]) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1 and err.startswith("minae: "), err
    return err


def test_training_leaves_its_figures(run, capsys):
    assert sorted(os.listdir(run / "figures")) == sorted(f"{name}.png" for name in FIGURES)
    for name in FIGURES:
        assert np.asarray(Image.open(run / "figures" / f"{name}.png").convert("L")).std() > 10, f"{name}.png is blank"
    test = json.loads((run / "metrics.json").read_text())["test"]
    assert test["negative_elbo"] == pytest.approx(test["reconstruction"] + test["kl"])
    assert 0 <= test["read_as_asked"] <= 1 and 0.5 < test["classifier_accuracy"] <= 1
    capsys.readouterr()
    assert main(["evaluate", str(run)]) == 0
    out = capsys.readouterr().out
    assert f"negative ELBO {test['negative_elbo']:.2f}" in out
    assert f"of 1,000 samples, {test['read_as_asked']:.1%} are read as the label asked for" in out


def test_samples_of_one_label(run, tmp_path):
    pictures = []
    for options in (["--label", "7"], ["--label", "3"], ["--label", "7"], []):
        out = tmp_path / f"{len(pictures)}.png"
        assert main(["sample", str(run), "--count", "13", "--out", str(out), *options]) == 0
        pictures.append(out.read_bytes())
    assert pictures[0] == pictures[2]
    assert len(set(pictures)) == 3


def test_reconstructions_use_the_labels(run, tmp_path):
    assert main(["reconstruct", str(run), "--count", "13", "--out", str(tmp_path / "picture.png")]) == 0
    assert (tmp_path / "picture.png").exists()


def test_a_label_that_is_no_digit(capsys, run):
    assert "from 0 to 9, found 10" in refuse(capsys, "sample", run, "--label", "10")
    with pytest.raises(SystemExit) as exit:
        main(["sample", str(run), "--label", "-1"])
    assert exit.value.code == 2 and "found '-1'" in capsys.readouterr().err


def test_a_label_for_a_model_that_knows_none(capsys, tmp_path):
    assert main(["train", "vae", "--out", str(tmp_path / "run"), *QUICK]) == 0
    assert "knows no labels" in refuse(capsys, "sample", tmp_path / "run", "--label", "7")


def test_images_without_labels(capsys, tmp_path, run):
    path = tmp_path / "own.idx"
    path.write_bytes(bytes([0, 0, 8, 3]) + np.array((9, 28, 28), ">u4").tobytes() + bytes(9 * 784))
    message = refuse(capsys, "train", "cvae", "--data", path, "--out", tmp_path / "run")
    assert "own.idx: expected images with labels, which cvae needs" in message
    assert not (tmp_path / "run").exists(), "a refused run leaves nothing behind"
    assert "expected images with labels" in refuse(capsys, "evaluate", run, "--data", path)
    assert "expected images with labels" in refuse(capsys, "reconstruct", run, "--data", path)
