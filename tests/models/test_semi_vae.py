"""The VAE of few labels: its bound is the sum over all labels, and a label that it is not told is never read."""

import json
import math
import os

import numpy as np
import pytest
from PIL import Image

from minae import Tensor, gradcheck, no_grad
from minae.cli import main
from minae.cli import train as train_command
from minae.data import mnist
from minae.data.few_labels import UNKNOWN, draw_labelled, with_few_labels
from minae.measures.evidence import evidence_bounds
from minae.models import SemiVAE, semi_vae
from minae.models.cvae import LabelledLinear
from minae.models.semi_vae import log_normal
from minae.reports import semi_vae as report
from minae.training import evaluate, train_epochs
from minae.training.run_folder import Run
from tests.parameters import as_function, smooth

QUICK = ["--limit", "400", "--epochs", "2", "--hidden", "32", "--code", "7"]
FIGURES = ("losses", "gradients", "reconstructions", "samples", "styles", "style_transfer", "accuracy")
LABELS = np.array([3, UNKNOWN, 2, UNKNOWN, UNKNOWN, 0, 1])
ALL = np.array([3, 0, 2, 2, 1, 0, 1])
NONE = np.full(7, UNKNOWN)


@pytest.fixture
def images():
    return np.random.default_rng(5).random((7, 1, 5, 3), dtype=np.float32)


@pytest.fixture
def eps():
    return np.random.default_rng(1).standard_normal((7, 5 + 2)).astype(np.float32)


def small(shape=(1, 5, 3), larger=2, **options):
    """Weights larger than initial ones, so that labels matter, and log_var far from 0."""
    sizes = {"hidden": 11, "code": 5, "code_hidden": 7, "latent": 2, "classes": 4}
    model = SemiVAE(shape, **{**sizes, "alpha": 3.0, "rng": 0, **options}).eval()
    for parameter in model.parameters():
        parameter.data *= larger
    for layer in (model.vae.to_log_var, model.to_log_var, model.to_code_log_var):
        layer.weight.data /= 2 * larger
        layer.bias.data[...] = np.linspace(-2, 1, len(layer.bias))
    return model


def in_numpy(model, x, eps):
    """By their definitions, in float64 and with densities: -ln p(x|z1), ln q(z1|x), C(z1, y), ln q(y|z1).

    Shapes: twice (N,), twice (N, classes). Each label in turn goes through the networks as one more input.
    """
    weights = {name: value.astype(np.float64) for name, value in model.state_dict().items()}
    x, e1, e2 = x.reshape(len(x), -1).astype(np.float64), eps[:, : model.code], eps[:, model.code :]

    def linear(name, h):
        return h @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def labelled(name, h, label):
        both = np.concatenate([weights[f"{name}.of_input.weight"], weights[f"{name}.of_label.weight"]], axis=1)
        inputs = np.concatenate([h, np.tile(np.eye(model.classes)[label], (len(h), 1))], axis=1)
        return np.maximum(inputs @ both.T + weights[f"{name}.of_input.bias"], 0)

    def normal(z, mu, log_var):
        return (np.exp(-((z - mu) ** 2) / np.exp(log_var) / 2) / np.sqrt(2 * np.pi * np.exp(log_var))).prod(axis=1)

    h = np.maximum(linear("vae.encoder.1", x), 0)
    mu, log_var = linear("vae.to_mu", h), linear("vae.to_log_var", h)
    z1 = mu + np.sqrt(np.exp(log_var)) * e1
    p = 1 / (1 + np.exp(-linear("vae.decoder.2", np.maximum(linear("vae.decoder.0", z1), 0))))
    costs = -(x * np.log(p) + (1 - x) * np.log(1 - p)).sum(axis=1)
    log_q_z1 = np.log(normal(z1, mu, log_var))
    q = np.exp(linear("classifier.2", np.maximum(linear("classifier.0", z1), 0)))
    every = []
    for label in range(model.classes):
        h = labelled("encoder", z1, label)
        mu, log_var = linear("to_mu", h), linear("to_log_var", h)
        h = labelled("decoder", mu + np.sqrt(np.exp(log_var)) * e2, label)
        kl = (mu**2 + np.exp(log_var) - 1 - log_var).sum(axis=1) / 2
        every.append(kl - np.log(normal(z1, linear("to_code_mu", h), linear("to_code_log_var", h))))
    return costs, log_q_z1, np.stack(every, axis=1), np.log(q / q.sum(axis=1, keepdims=True))


# --- the losses ---------------------------------------------------------------------------------------------------


def test_a_layer_with_every_label_is_the_layer_with_each(images):
    layer = LabelledLinear(15, 11, 4, rng=0)
    x = Tensor(images.reshape(7, 1, 15))
    every = layer.with_every_label(x).numpy()
    own = np.random.default_rng(0).random((7, 4, 15), dtype=np.float32)
    every_own = layer.with_every_label(Tensor(own)).numpy()
    for label in range(4):
        labels = np.full(7, label)
        one = layer(Tensor(images.reshape(7, 15)), labels).numpy()
        np.testing.assert_allclose(every[:, label], one, rtol=1e-5, atol=1e-6)
        one = layer(Tensor(own[:, label]), labels).numpy()
        np.testing.assert_allclose(every_own[:, label], one, rtol=1e-5, atol=1e-6)


def test_the_density_of_a_normal_distribution_sums_to_1():
    z = np.linspace(-20, 20, 20_001)[:, None]
    log_p = log_normal(Tensor(z), Tensor(np.array([1.5])), Tensor(np.array([1.2]))).numpy()
    assert np.exp(log_p).sum() * (z[1, 0] - z[0, 0]) == pytest.approx(1)
    variance = (np.exp(log_p) * (z[:, 0] - 1.5) ** 2).sum() * (z[1, 0] - z[0, 0])
    assert math.log(variance) == pytest.approx(1.2)


def test_with_all_labels_it_is_the_labelled_loss_and_the_classifier_s(images, eps):
    model = small()
    costs, log_q_z1, every, log_q = in_numpy(model, images, eps)
    own = np.arange(7), ALL
    losses = {name: loss.item() for name, loss in model.losses(Tensor(images), ALL, eps=eps).items()}
    assert losses["reconstruction"] == pytest.approx(costs.mean(), rel=1e-5)
    assert losses["kl"] == pytest.approx((log_q_z1 + every[own]).mean(), rel=1e-5)
    assert losses["cross_entropy"] == pytest.approx(-log_q[own].mean(), rel=1e-5)
    labelled = (costs + log_q_z1 + every[own]).mean()
    assert losses["loss"] == pytest.approx(labelled - 3 * log_q[own].mean(), rel=1e-5)
    assert losses["misread"] == pytest.approx(np.mean(log_q.argmax(axis=1) != ALL))


def test_without_labels_it_is_the_mean_over_all_labels_by_brute_force(images, eps):
    """Σ q(y|z1) (L(x, y) + ln q(y|z1) - ln p(y)), label by label."""
    model, expected = small(), 0.0
    costs, log_q_z1, every, log_q = in_numpy(model, images, eps)
    for image in range(7):
        for label in range(4):
            bound = costs[image] + log_q_z1[image] + every[image, label]
            q = math.exp(log_q[image, label])
            expected += q * (bound + math.log(q) - math.log(1 / 4)) / 7
    losses = model.losses(Tensor(images), NONE, eps=eps)
    assert losses["loss"].item() == pytest.approx(expected, rel=1e-5)
    assert losses["reconstruction"].item() + losses["kl"].item() == pytest.approx(expected, rel=1e-5)
    assert losses["cross_entropy"].item() == 0 == losses["misread"].item()
    assert all(loss.dtype == np.float32 for loss in losses.values())
    # and no guess is near 0 or 1, so that each label counts; nor are its costs all alike
    assert 0.001 < np.exp(log_q).min() and np.exp(log_q).max() < 0.9 and np.ptp(every, axis=1).min() > 0.5


def test_a_batch_of_both_kinds_is_the_mean_of_both(images, eps):
    model, known = small(), LABELS != UNKNOWN
    told = model.losses(Tensor(images[known]), LABELS[known], eps=eps[known])
    untold = model.losses(Tensor(images[~known]), LABELS[~known], eps=eps[~known])
    for name, loss in model.losses(Tensor(images), LABELS, eps=eps).items():
        expected = (4 * told[name].item() + 3 * untold[name].item()) / 7
        assert loss.item() == pytest.approx(expected, rel=1e-5), name


@no_grad()
def test_the_losses_bound_the_evidence():
    """U(x) >= -ln p(x) and L(x, y) >= -ln p(x|y), where many codes of the prior tell p; and so does E[w] = p(x)."""
    model, rng, count = small((1, 2, 3), larger=1, code=2), np.random.default_rng(0), 100_000
    model.vae.to_log_var.bias.data[...] = [0.5, 1.5]  # a wide q finds all of p
    model.to_log_var.bias.data[...] = [0.3, 0.8]
    model.to_code_log_var.bias.data[...] = [-1, 0]
    images = rng.integers(0, 2, (5, 1, 2, 3)).astype(np.float32)
    p = np.zeros((5, 4))
    for label in range(4):
        z2 = Tensor(rng.standard_normal((count, 2), dtype=np.float32))
        mu, log_var = model.decode_style(z2, np.full(count, label))
        z1 = mu + (0.5 * log_var).exp() * Tensor(rng.standard_normal((count, 2), dtype=np.float32))
        on = model.vae.images(z1).numpy().astype(np.float64)
        p[:, label] = [np.where(image == 1, on, 1 - on).prod(axis=(1, 2, 3)).mean() for image in images]
    elbo, bound = evidence_bounds(model, images, 20_000, rng=1)
    np.testing.assert_allclose(bound, np.log(p.mean(axis=1)), atol=0.05)
    for image, p_of_image, best in zip(images, p, elbo):
        x = Tensor(np.repeat(image[None], 10_000, axis=0))
        unlabelled = model.losses(x, np.full(10_000, UNKNOWN), rng=rng)["loss"].item()
        assert -math.log(p_of_image.mean()) < -best < unlabelled
        for label in range(4):
            losses = model.losses(x, np.full(10_000, label), rng=rng)
            assert -math.log(p_of_image[label]) < losses["reconstruction"].item() + losses["kl"].item()


TINY = {"shape": (1, 2, 3), "larger": 1, "hidden": 5, "code": 3, "code_hidden": 5, "latent": 2}


@pytest.mark.parametrize("labels", [LABELS, ALL, NONE], ids=["some", "all", "none"])
def test_gradients_of_the_losses(labels):
    rng = np.random.default_rng(2)
    model, x, eps = smooth(small(**TINY)), Tensor(rng.random((7, 1, 2, 3))), rng.standard_normal((7, 5))
    gradcheck(*as_function(model, lambda: model.losses(x, labels, eps=eps)["loss"]))


def test_gradients_of_what_each_label_costs_and_of_the_weights():
    """With a random cotangent for each code and label, and for each sample and image."""
    rng, model = np.random.default_rng(2), smooth(small(**TINY))
    eps, z1 = Tensor(rng.standard_normal((7, 5))), Tensor(rng.standard_normal((7, 3)))
    gradcheck(*as_function(model, lambda: model.costs(z1, eps)))
    x = Tensor(rng.random((3, 1, 2, 3)))
    gradcheck(*as_function(model, lambda: model.log_weights(x, 2, rng=1)))


def test_every_parameter_gets_a_gradient_also_without_a_label(images):
    for labels in (LABELS, NONE):
        model = small()
        model.losses(Tensor(images), labels, rng=3)["loss"].backward()
        for name, parameter in model.named_parameters():
            assert parameter.grad.dtype == np.float32, name
            assert np.abs(parameter.grad).max() > 0, name


def test_the_noise_is_drawn_for_each_image(images):
    model, rng = small(), np.random.default_rng(4)
    eps = np.random.default_rng(4).standard_normal((7, 5 + 2), dtype=np.float32)
    drawn, given = model.losses(Tensor(images), LABELS, rng=rng), model.losses(Tensor(images), LABELS, eps=eps)
    assert drawn["loss"].item() == given["loss"].item()


@pytest.mark.parametrize(
    ("labels", "error", "words"),
    [
        (None, ValueError, "a label for each of 7 images, -1 where it is not known, found none"),
        (ALL[:6], ValueError, r"a label for each of 7 images, .*found shape \(6,\)"),
        (ALL + 1, ValueError, "from 0 to 3, found 4"),
        (ALL - 2, ValueError, "from 0 to 3, found -2"),
        (ALL.astype(float), TypeError, "whole numbers for labels, found float64"),
    ],
    ids=["none", "too few", "above", "below", "floats"],
)
def test_bad_labels(images, labels, error, words):
    with pytest.raises(error, match=words):
        small().losses(Tensor(images), labels, rng=0)


def test_what_is_not_labelled_is_read(images):
    model, x = small(), Tensor(images)
    read = model.read(x)
    mu, _ = model.vae.encode(x)
    assert read.tolist() == model.classifier(mu).numpy().argmax(axis=1).tolist()
    for without, given in zip(model.encode(x), model.encode(x, read)):
        np.testing.assert_array_equal(without.numpy(), given.numpy())
    other = (read + 1) % 4
    assert np.abs(model.encode(x)[0].numpy() - model.encode(x, other)[0].numpy()).max() > 1e-3


def test_images_are_decoded_from_the_mean_code_of_style_and_label(images):
    model, x = small(), Tensor(images)
    z2, log_var = model.encode(x, ALL)
    code, _ = model.decode_style(z2, ALL)
    logits, *parameters = model(x, ALL, eps=np.zeros_like(z2.numpy()))
    drawn = model.images(z2, ALL).numpy()
    np.testing.assert_array_equal(drawn, model.vae.images(code).numpy())
    np.testing.assert_allclose(drawn, 1 / (1 + np.exp(-logits.numpy())), rtol=1e-5)
    for found, expected in zip(parameters, (z2, log_var)):
        np.testing.assert_array_equal(found.numpy(), expected.numpy())
    np.testing.assert_array_equal(model.reconstruct(x).numpy(), model.vae.reconstruct(x).numpy())


def test_training_images_are_moved_together_and_no_other(images, monkeypatch):
    seen = []
    model = small()
    monkeypatch.setattr(model, "losses", lambda x, labels, rng: seen.append(x.numpy()) or {"loss": (x * 0).sum()})
    monkeypatch.setattr("minae.models.base.backward_in_parts", lambda model, *batch: model.losses(*batch))
    rng = np.random.default_rng(0)
    for _ in range(200):
        model.training_step([], Tensor(images), LABELS, rng)
    moves = {
        (down, right): np.roll(images, (down, right), axis=(2, 3)).tobytes()
        for down in (-1, 0, 1)
        for right in (-1, 0, 1)
    }
    assert {x.tobytes() for x in seen} == set(moves.values())


# --- which labels are known ---------------------------------------------------------------------------------------


def test_as_many_of_each_class_are_drawn_by_the_seed():
    labels = mnist("test")[1][:2000]
    drawn = draw_labelled(labels, 100, seed=0)
    assert np.bincount(labels[drawn]).tolist() == [10] * 10
    assert len(set(drawn.tolist())) == 100 and np.all(np.diff(drawn) > 0)
    np.testing.assert_array_equal(drawn, draw_labelled(labels, 100, seed=0))
    assert len(set(drawn.tolist()) & set(draw_labelled(labels, 100, seed=1).tolist())) < 30
    assert np.bincount(labels[draw_labelled(labels, 23, seed=0)]).tolist() == 3 * [3] + 7 * [2]


def test_a_class_with_few_images_gives_all():
    labels = np.array([0, 1, 1, 0, 1, 1, 2])
    assert np.bincount(labels[draw_labelled(labels, 6, 0)]).tolist() == [2, 2, 1]


@pytest.mark.parametrize("count", [0, 8, 2.5])
def test_numbers_of_labels_that_cannot_be(count):
    with pytest.raises(ValueError, match="draw_labelled"):
        draw_labelled(np.arange(7) % 3, count, 0)


def test_labelled_images_are_repeated_until_they_are_a_tenth():
    images, labels = np.random.default_rng(0).random((200, 1, 2, 2)), np.arange(200) % 7
    x, y = with_few_labels(images, labels, np.array([3, 50, 9, 199]))
    assert len(x) == len(y) == 200 + 4 * 4  # 5 copies of 4 are 20, one of which is there already
    np.testing.assert_array_equal(x[:200], images)
    assert np.flatnonzero(y[:200] != UNKNOWN).tolist() == [3, 9, 50, 199]
    for image, label in zip(x[200:], y[200:]):
        (number,) = np.flatnonzero((images == image).all(axis=(1, 2, 3)))
        assert number in (3, 9, 50, 199) and label == labels[number]
    whole = with_few_labels(images, labels, np.arange(200))
    np.testing.assert_array_equal(whole.labels, labels)
    assert len(whole.images) == 200


@pytest.mark.parametrize("labelled", [[], [200], [-1, 3], [0.5]])
def test_numbers_of_images_that_do_not_exist(labelled):
    with pytest.raises(ValueError, match="expected numbers from 0 to 199 of labelled images"):
        with_few_labels(np.zeros((200, 1, 2, 2)), np.zeros(200, np.uint8), np.array(labelled))


def test_labels_that_are_not_known_are_never_read(tmp_path, monkeypatch):
    """A run whose other labels are garbage is the same run."""
    monkeypatch.setattr(train_command, "_report", lambda *args: None)
    images, right = (array[:300] for array in mnist("train"))
    test = [array[:50] for array in mnist("test")]
    labelled = draw_labelled(right, 50, seed=3)
    garbage = np.random.default_rng(0).integers(0, 10, 300)
    garbage[labelled] = right[labelled]
    assert np.mean(garbage == right) < 0.5
    weights = []
    for labels in (right, garbage):
        folder = tmp_path / str(len(weights))
        np.savez(f"{folder}.npz", x_train=images, y_train=labels, x_test=test[0], y_test=test[1])
        monkeypatch.setattr(train_command, "draw_labelled", lambda *args: labelled)
        assert main(["train", "semi-vae", "--data", f"{folder}.npz", "--out", str(folder), *QUICK]) == 0
        weights.append(Run.open(folder).load_model().state_dict())
    for name, weight in weights[0].items():
        np.testing.assert_array_equal(weight, weights[1][name], err_msg=name)


# --- what it learns -----------------------------------------------------------------------------------------------


def patterns(count, seed):
    """Black and white images of four patterns, one pixel of four flipped, and which pattern each is of."""
    rng = np.random.default_rng(seed)
    four, labels = np.random.default_rng(7).integers(0, 2, (4, 1, 8, 8)), np.arange(count) % 4
    return (four[labels] ^ (rng.random((count, 1, 8, 8)) < 0.25)).astype(np.float32), labels


def read_rightly(images, labels):
    """The share of other patterns that a model reads rightly after 20 epochs of these."""
    model = SemiVAE((1, 8, 8), hidden=32, code=5, code_hidden=32, latent=2, classes=4, rng=0)
    rngs = {"shuffle_rng": np.random.default_rng(0), "noise_rng": np.random.default_rng(1)}
    list(train_epochs(model, model.optimizers(3e-3), (images, labels), epochs=20, batch_size=64, **rngs))
    others = patterns(1000, seed=1)
    return 1 - evaluate(model, others, np.random.default_rng(0))["misread"]


def test_images_without_labels_teach_it_to_read(monkeypatch):
    """With one label of each class. Alone, these four images teach little: pixels that are flipped look like others."""
    monkeypatch.setattr(semi_vae, "SHIFT", 0)  # moved patterns would be others
    images, labels = patterns(800, seed=0)
    few = with_few_labels(images, labels, np.arange(4))
    alone = [np.resize(array, few_array.shape) for array, few_array in zip((images[:4], labels[:4]), few)]
    assert read_rightly(*alone) < 0.75
    assert read_rightly(*few) > 0.85


# --- the command --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("semi") / "run"
    assert main(["train", "semi-vae", "--out", str(folder), "--labels", "40", *QUICK]) == 0
    return folder


def test_training_leaves_its_figures(run, capsys):
    assert sorted(os.listdir(run / "figures")) == sorted(f"{name}.png" for name in FIGURES)
    for name in FIGURES:
        assert np.asarray(Image.open(run / "figures" / f"{name}.png").convert("L")).std() > 10, f"{name}.png is blank"
    test = json.loads((run / "metrics.json").read_text())["test"]
    assert test["negative_elbo"] == pytest.approx(test["reconstruction"] + test["kl"])
    assert 0 <= test["accuracy"] <= 1
    capsys.readouterr()
    assert main(["evaluate", str(run), "--importance-samples", "3"]) == 0
    out = capsys.readouterr().out
    assert f"{test['accuracy']:.2%} of the test images are read rightly" in out
    assert "log p(x) >= -" in out
    assert f"negative ELBO {test['negative_elbo']:.2f}" in out


def test_the_run_remembers_which_labels_it_was_told(run):
    config = json.loads((run / "config.json").read_text())
    labels = mnist("train")[1][:400]
    assert config["labels"] == 40
    assert config["labelled"] == draw_labelled(labels, 40, seed=0).tolist()


def test_a_resumed_run_keeps_its_labels(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(train_command, "_report", lambda *args: None)
    folder = str(tmp_path / "run")
    assert main(["train", "semi-vae", "--out", folder, "--labels", "20", *QUICK]) == 0
    assert "400 images of mnist, 20 of them with a label" in capsys.readouterr().out
    monkeypatch.setattr(train_command, "draw_labelled", None)  # it is not asked again
    assert main(["train", "semi-vae", "--resume", folder, "--epochs", "3"]) == 0
    assert main(["train", "semi-vae", "--resume", folder, "--labels", "30"]) == 1
    assert "was trained with labels 20" in capsys.readouterr().err


def test_more_labels_than_images(tmp_path, capsys):
    assert main(["train", "semi-vae", "--out", str(tmp_path / "run"), "--labels", "500", *QUICK]) == 1
    assert "500 labels are more than there are images, 400" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_other_models_are_told_all_labels(capsys):
    with pytest.raises(SystemExit):
        main(["train", "cvae", "--labels", "5"])
    assert "unrecognized arguments: --labels 5" in capsys.readouterr().err


def test_what_is_misread_is_counted_by_label_and_reading(images):
    model = small()
    counts = report.confusion(model, images, ALL)
    read = model.read(Tensor(images))
    for label, guess in np.ndindex(4, 4):
        assert counts[label, guess] == np.sum((ALL == label) & (read == guess))
    with pytest.raises(ValueError, match="labels from 0 to 3, found 4"):
        report.confusion(model, images, ALL + 1)


def test_new_images_of_one_label_and_reconstructions(run, tmp_path):
    assert main(["sample", str(run), "--label", "7", "--count", "5", "--out", str(tmp_path / "7.png")]) == 0
    assert main(["reconstruct", str(run), "--count", "5", "--out", str(tmp_path / "pairs.png")]) == 0
