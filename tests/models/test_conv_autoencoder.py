"""The convolutional autoencoder: its network in PyTorch, its gradients, that it learns digits, and its pictures."""

import json
from itertools import pairwise

import numpy as np
import pytest
import torch
from PIL import Image

from benchmarks import conv_ae_parity
from minae import Tensor, gradcheck
from minae.cli import main
from minae.data import Dataset, Split, mnist
from minae.models import ConvAE
from minae.nn import AvgPool2d, Conv2d, MaxPool2d, ReLU, Tanh
from minae.reports import conv_autoencoder as report
from minae.training import evaluate, train_epochs
from tests.parameters import as_function


def random_images(count=3, shape=(2, 12, 20), dtype=np.float32):
    return np.random.default_rng(6).random((count, *shape), dtype=dtype)


def small(**options):
    return ConvAE((2, 12, 20), **{"rng": 0, **options})


# --- the model --------------------------------------------------------------------------------------------------------


def test_the_stages():
    """28 to 14 to 7 to 4, and by 8, 16 and 14 back to 28; 16, 8 and 8 channels; 3x3 kernels."""
    model, x, seen = ConvAE(rng=0), Tensor(random_images(2, (1, 28, 28))), []
    for layer in [*model.encoder, *model.decoder]:
        x = layer(x)
        if not isinstance(layer, ReLU):
            seen.append(x.shape[1:])
        if isinstance(layer, Conv2d):
            assert layer.weight.shape[2:] == (3, 3)
    assert seen == [
        *[(16, 28, 28), (16, 14, 14), (8, 14, 14), (8, 7, 7), (8, 7, 7), (8, 4, 4)],
        *[(8, 4, 4), (8, 8, 8), (8, 8, 8), (8, 16, 16), (16, 14, 14), (16, 28, 28), (1, 28, 28)],
    ]
    assert model.code_shape == (8, 4, 4)
    assert sum(parameter.data.size for parameter in model.parameters()) == 4385


def test_the_last_pooling_loses_no_pixel():
    """Without padding the 7 would make 3, and the last row and column would be left out."""
    x = Tensor(random_images(1, (1, 7, 7)), requires_grad=True)
    pool = [layer for layer in ConvAE(rng=0).encoder if isinstance(layer, MaxPool2d)][-1]
    for place in range(7):
        x.data[...] = 0
        x.data[0, 0, place, place] = 1
        assert pool(x).numpy().sum() == 1


@pytest.mark.parametrize("shape", [(1, 12, 12), (2, 12, 20), (3, 28, 36)])
def test_other_image_sizes(shape):
    model, x = ConvAE(shape, rng=0), Tensor(random_images(2, shape))
    assert model.encode(x).shape == (2, *model.code_shape)
    assert model(x).shape == model.reconstruct(x).shape == x.shape


@pytest.mark.parametrize("size", [(24, 28), (28, 30), (8, 8), (29, 28)])
def test_sizes_that_would_not_come_back(size):
    with pytest.raises(ValueError, match=f"multiple of 8, found images of {size[0]}x{size[1]}; .* would do"):
        ConvAE((1, *size))


def test_pytorchs_twin_has_the_same_loss_and_gradients():
    model, x = small().to(dtype=np.float64), random_images(dtype=np.float64)
    twin = conv_ae_parity.torch_twin(model).double()
    twin.load_state_dict({name: torch.from_numpy(value) for name, value in model.state_dict().items()})
    loss, theirs = model.losses(Tensor(x))["loss"], twin.loss(torch.from_numpy(x))
    loss.backward()
    theirs.backward()
    assert loss.item() == pytest.approx(theirs.item(), rel=1e-12)
    gradients = dict(twin.named_parameters())
    for name, parameter in model.named_parameters():
        np.testing.assert_allclose(parameter.grad, gradients[name].grad.numpy(), rtol=1e-9, atol=1e-12, err_msg=name)


def test_training_keeps_up_with_pytorch(capsys):
    """The benchmark in little: the same weights, the same batches, the same cross-entropy after two epochs."""
    assert conv_ae_parity.main(["--limit", "256", "--epochs", "2", "--batch-size", "64", "--lr", "1e-2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    ours, theirs = (float(line.split()[3]) for line in (lines[3], lines[5]))
    assert ours == pytest.approx(theirs, rel=1e-4)
    assert ours < 0.9 * float(lines[2].split()[3]), "the second epoch is better than the first"


def test_the_loss_is_the_cross_entropy_in_nats_per_image():
    """Summed over the pixels: a mean would make a large image as cheap as a small one."""
    model, x = small(), random_images()
    losses = model.losses(Tensor(x))
    assert losses["loss"].item() == losses["reconstruction"].item()
    p = model.reconstruct(Tensor(x)).numpy().astype(np.float64)
    expected = -(x * np.log(p) + (1 - x) * np.log(1 - p)).sum(axis=(1, 2, 3)).mean()
    assert losses["loss"].item() == pytest.approx(expected, rel=1e-5)
    twice = model.losses(Tensor(np.concatenate([x, x])))["loss"]
    assert twice.item() == pytest.approx(losses["loss"].item(), rel=1e-5)
    assert losses["loss"].dtype == np.float32


def test_gradients_of_the_loss():
    """In all parameters at once. With tanh for ReLU and means for maxima: a kink on the way has no slope."""
    model, x = ConvAE((1, 12, 12), rng=0), Tensor(random_images(2, (1, 12, 12), np.float64))
    for network in (model.encoder, model.decoder):
        network.layers = tuple(smooth(layer) for layer in network.layers)
    gradcheck(*as_function(model, lambda: model.losses(x)["loss"]))


def smooth(layer):
    if isinstance(layer, MaxPool2d):
        return AvgPool2d(layer.kernel_size, layer.stride, layer.padding)
    return Tanh() if isinstance(layer, ReLU) else layer


def test_every_parameter_gets_a_gradient_and_is_changed_by_a_step():
    model = small()
    before = model.state_dict()
    model.training_step(model.optimizers(1e-3), Tensor(random_images(9)), None, None)
    for name, parameter in model.named_parameters():
        assert parameter.grad.dtype == np.float32, name
        assert np.abs(parameter.grad).max() > 0, name
        assert not np.array_equal(parameter.data, before[name]), name


# --- learning ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def digits():
    return mnist("train")[0][:2000], mnist("test")[0][:1000]


def train_small(images, seed=0, epochs=3):
    model, shuffle = ConvAE(rng=seed), np.random.default_rng(seed)
    rates = {"batch_size": 32, "shuffle_rng": shuffle, "noise_rng": None}
    list(train_epochs(model, model.optimizers(1e-2), Split(images, None), epochs=epochs, **rates))
    return model


@pytest.fixture(scope="module")
def trained(digits):
    return train_small(digits[0])


def test_it_learns_more_than_the_mean_image(digits, trained):
    images, test_images = digits
    mean = images.mean(axis=0).clip(1e-3, 1 - 1e-3)
    baseline = -(test_images * np.log(mean) + (1 - test_images) * np.log(1 - mean)).sum(axis=(1, 2, 3)).mean()
    assert evaluate(trained, Split(test_images, None), None)["reconstruction"] < baseline - 50


def test_one_seed_one_run_bitwise(digits):
    first, again, other = (train_small(digits[0][:64], seed, epochs=1).state_dict() for seed in (4, 4, 5))
    for name in first:
        assert np.array_equal(first[name], again[name]), name
        assert not np.array_equal(first[name], other[name]), name


# --- the report -------------------------------------------------------------------------------------------------------


def data_of(digits, labels=None):
    data = Dataset("mnist")
    data.train, data.test = (Split(images, labels) for images in digits)
    return data


def test_the_cross_entropy_lies_between_a_perfect_copys_and_the_mean_images(digits, trained):
    metrics = report.measure(trained, data_of(digits), seed=0)
    floor, reached, ceiling = (metrics[f"{name}reconstruction"] for name in ("perfect_", "", "mean_image_"))
    assert 0 < floor < reached < ceiling
    assert "pca_images" not in metrics, "it has seen them all"
    mean = digits[0].mean(axis=0).clip(1e-6, 1 - 1e-6)
    assert ceiling == pytest.approx(-(digits[1] * np.log(mean) + (1 - digits[1]) * np.log(1 - mean)).sum() / 1000)
    assert metrics["code_size"] == 128
    assert metrics["weights"] == 4385
    assert metrics["pca_weights"] == 129 * 784
    decoded = trained.reconstruct(Tensor(digits[1])).numpy()
    assert metrics["squared_error"] == pytest.approx(((decoded - digits[1]) ** 2).sum() / 1000, rel=1e-5)
    assert any("128: " in line for line in report.describe(metrics))


def test_a_perfect_copy_costs_the_entropy_of_its_grey_pixels():
    images = np.array([0, 1, 0.5, 0.25], np.float32).reshape(1, 1, 2, 2)
    expected = np.log(2) - 0.25 * np.log(0.25) - 0.75 * np.log(0.75)
    assert report.cross_entropy(images, images) == pytest.approx(expected, abs=1e-5)


def shown(monkeypatch, name):
    """What a report hands to plots.NAME: its first argument."""
    calls = []
    monkeypatch.setattr(report.plots, name, lambda first, *args, **options: calls.append(first))
    return calls


def test_noise_of_the_code_grows_from_row_to_row(digits, trained, monkeypatch):
    calls = shown(monkeypatch, "versions")
    report.noisy_codes(trained, digits[1], np.arange(10), seed=0)
    rows = list(calls[0].values())
    np.testing.assert_array_equal(rows[0], digits[1][:10])
    np.testing.assert_allclose(rows[1], trained.reconstruct(Tensor(digits[1][:10])).numpy(), rtol=1e-4, atol=1e-5)
    changes = [((row - rows[1]) ** 2).sum() for row in rows[1:]]
    assert all(less < more for less, more in pairwise(changes))


def test_random_codes_have_each_number_from_a_real_code_but_not_all_from_one(digits, trained, monkeypatch):
    calls = shown(monkeypatch, "grid")
    monkeypatch.setattr(report, "decode", lambda model, codes: codes)
    report.random_codes(trained, digits[1][:50], seed=0, count=7)
    real, mixed = report.encode(trained, digits[1][:50]), calls[0]
    assert mixed.shape == (7, 8, 4, 4)
    assert np.all((mixed[:, None] == real[None]).any(axis=1)), "each number is some image's, at the same place"
    assert not np.any((mixed[:, None] == real[None]).all(axis=(2, 3, 4))), "no code is an image's"


def test_one_image_of_each_class_is_shown():
    labels = np.array([3, 3, 0, 7, 0, 3, 1])
    np.testing.assert_array_equal(report.one_of_each(np.arange(7), labels), [2, 6, 0, 3])
    np.testing.assert_array_equal(report.one_of_each(np.arange(4), None), [0, 1, 2, 3])
    np.testing.assert_array_equal(report.one_of_each(np.arange(14), None), np.arange(10))


# --- the command ------------------------------------------------------------------------------------------------------


QUICK = ["--limit", "300", "--epochs", "1"]


def test_a_whole_run(capsys, tmp_path):
    run = tmp_path / "run"
    assert main(["train", "conv-ae", "--out", str(run), *QUICK]) == 0
    for name in ("losses", "reconstructions", "noisy_codes", "random_codes"):
        picture = np.asarray(Image.open(run / "figures" / f"{name}.png").convert("L"))
        assert picture.std() > 10, f"{name}.png is blank"
    test = json.loads((run / "metrics.json").read_text())["test"]
    capsys.readouterr()
    assert main(["evaluate", str(run)]) == 0
    assert f"binary cross-entropy {test['reconstruction']:.2f} nats per image" in capsys.readouterr().out
    assert main(["reconstruct", str(run), "--count", "3"]) == 0
    assert main(["sample", str(run)]) == 1
    assert "no prior" in capsys.readouterr().err


def write_idx(path, images):
    path.write_bytes(bytes([0, 0, 8, 3]) + np.array(images.shape, ">u4").tobytes() + images.tobytes())
    return ["--data", str(path), "--epochs", "1", "--batch-size", "9"]


def test_images_without_labels(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (50, 12, 20), dtype=np.uint8)
    data = write_idx(tmp_path / "own.idx", images)
    assert main(["train", "conv-ae", "--out", str(tmp_path / "run"), *data]) == 0


def test_images_of_a_size_that_would_not_come_back_are_refused_in_one_line(tmp_path, capsys):
    data = write_idx(tmp_path / "own.idx", np.zeros((50, 16, 20), np.uint8))
    assert main(["train", "conv-ae", "--out", str(tmp_path / "run"), *data]) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "found images of 16x20" in err
    assert not (tmp_path / "run").exists(), "a refused run leaves nothing behind"
