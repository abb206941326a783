"""The dense autoencoder, and PCA, its baseline: both by their definition, and that the first learns more."""

import json
from itertools import pairwise

import numpy as np
import pytest
import safetensors.torch
import torch
from PIL import Image

from minae import Tensor, gradcheck, plots
from minae.cli import main
from minae.data import Dataset, Split, mnist
from minae.measures import pca
from minae.measures.pca import PCA
from minae.models import AE
from minae.models.registry import MODELS
from minae.nn import LeakyReLU, Linear, Tanh
from minae.reports import autoencoder as report
from minae.training import evaluate, train_epochs
from minae.training.run_folder import Run
from tests.parameters import as_function


@pytest.fixture
def images():
    return np.random.default_rng(5).random((7, 1, 5, 3), dtype=np.float32)


def small(**options):
    return AE(image_shape=(1, 5, 3), **{"hidden": (13, 11), "latent": 2, "rng": 0, **options})


# --- the model --------------------------------------------------------------------------------------------------------


def test_the_deep_one_is_that_of_2006():
    system = MODELS["deep-ae"]
    options = {name: option.default for name, option in system.options.items()}
    model = system.build({"image_shape": (1, 28, 28), **options}, rng=0)
    sizes = [layer.weight.shape for layer in [*model.encoder, *model.decoder] if isinstance(layer, Linear)]
    down = [784, 1000, 500, 250, 30]
    assert sizes == [*zip(down[1:], down), *zip(down[-2::-1], down[::-1])]


def numpy_error(model, x):
    """The loss by its definition: no fused op, no autograd."""
    weights = {name: value.astype(np.float64) for name, value in model.state_dict().items()}
    names = sorted({name.rpartition(".")[0] for name in weights}, key=lambda name: (name[0] != "e", name))
    h = x.reshape(len(x), -1).astype(np.float64)
    for i, name in enumerate(names):
        h = h @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]
        if i not in (len(names) // 2 - 1, len(names) - 1):  # neither the code nor the last layer
            h = np.where(h > 0, h, 0.2 * h)
    return ((1 / (1 + np.exp(-h)) - x.reshape(len(x), -1)) ** 2).sum(axis=1).mean()


@pytest.mark.parametrize("hidden", [(11,), (13, 11), (17, 13, 11)])
def test_the_loss_is_the_squared_error_per_image(images, hidden):
    model = small(hidden=hidden)
    losses = model.losses(Tensor(images))
    assert losses["loss"].item() == losses["reconstruction"].item()
    assert losses["loss"].item() == pytest.approx(numpy_error(model, images), rel=1e-6)
    assert losses["loss"].dtype == np.float32


def test_pixels_add_up_and_images_are_averaged(images):
    """A mean over pixels would make a large image as cheap as a small one."""
    model, wide = small(), AE((1, 5, 6), hidden=(13, 11), latent=2, rng=0)
    once = model.losses(Tensor(images))["loss"].item()
    twice = np.concatenate([images, images])
    assert model.losses(Tensor(twice))["loss"].item() == pytest.approx(once, rel=1e-6)
    for parameter in [*model.parameters(), *wide.parameters()]:
        parameter.data[...] = 0  # every pixel decodes to sigmoid(0)
    once = model.losses(Tensor(images))["loss"].item()
    assert wide.losses(Tensor(np.concatenate([images] * 2, axis=3)))["loss"].item() == pytest.approx(2 * once, rel=1e-6)


def test_gradients_of_the_loss(images):
    """In all parameters at once. With tanh for the leaky ReLU: a kink on the way has no slope."""
    model, x = small(), Tensor(images.astype(np.float64))
    for network in (model.encoder, model.decoder):
        network.layers = tuple(Tanh() if isinstance(layer, LeakyReLU) else layer for layer in network.layers)
    gradcheck(*as_function(model, lambda: model.losses(x)["loss"]))


def test_every_parameter_gets_a_gradient_and_is_changed_by_a_step(images):
    model = small()
    before = model.state_dict()
    model.training_step(model.optimizers(1e-3), Tensor(images), None, None)
    for name, parameter in model.named_parameters():
        assert parameter.grad.dtype == np.float32, name
        assert np.abs(parameter.grad).max() > 0, name
        assert not np.array_equal(parameter.data, before[name]), name


def test_initial_weights_have_variance_2_over_inputs():
    """They are uniform, so that none is larger than sqrt(6 / inputs), and the largest of many is nearly that."""
    model = AE(hidden=(500, 300), rng=0)
    for layer in (*model.encoder, *model.decoder):
        if isinstance(layer, Linear):
            weight = layer.weight.data.astype(np.float64)
            bound = np.sqrt(6 / weight.shape[1])
            assert bound * (1 - 30 / weight.size) < np.abs(weight).max() < bound * (1 + 1e-6)
            assert abs((weight**2).mean() / (bound**2 / 3) - 1) < 5 * np.sqrt(4 / 5 / weight.size)


def test_signals_keep_their_size_through_the_deep_network():
    """With PyTorch's default weights each of the four layers divides its square by about 6."""
    x = np.random.default_rng(1).standard_normal((200, 1, 28, 28), dtype=np.float32)
    code = AE(hidden=(1000, 500, 250), latent=30, rng=0).encode(Tensor(x)).numpy()
    assert 1 < (code**2).mean() < 4  # 2 is expected: the first layer doubles what no ReLU has halved


def torch_twin(sizes, code_at):
    """The same network written in PyTorch: the encoder's layers up to `code_at` sizes, then the decoder's."""
    nn = torch.nn

    def layers(sizes):
        linear = [nn.Linear(*pair) for pair in pairwise(sizes)]
        return [step for layer in linear for step in (layer, nn.LeakyReLU(0.2))][:-1]

    return nn.ModuleDict(
        {
            "encoder": nn.Sequential(nn.Flatten(), *layers(sizes[:code_at])),
            "decoder": nn.Sequential(*layers(sizes[code_at - 1 :]), nn.Sigmoid(), nn.Unflatten(1, (1, 28, 28))),
        }
    )


def test_saved_weights_load_into_pytorch_and_give_the_same_images(tmp_path):
    model = AE(hidden=(37, 23), latent=5, rng=1)
    config = {"model": "ae", "image_shape": [1, 28, 28], "hidden": [37, 23], "latent": 5}
    run = Run.create(tmp_path / "run", config)
    run.save_model(model)
    twin = torch_twin([784, 37, 23, 5, 23, 37, 784], code_at=4)
    twin.load_state_dict(safetensors.torch.load_file(tmp_path / "run" / "model.safetensors"))
    x = mnist("test")[0][:13]
    with torch.no_grad():
        code = twin["encoder"](torch.from_numpy(x))
        decoded = twin["decoder"](code)
    ours = run.load_model()
    np.testing.assert_allclose(ours.encode(Tensor(x)).numpy(), code.numpy(), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(ours.reconstruct(Tensor(x)).numpy(), decoded.numpy(), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"hidden": (9, 0)}, r"hidden\[1\]"),
        ({"latent": 0}, "latent"),
        ({"latent": 2.5}, "latent"),
    ],
)
def test_bad_sizes(options, message):
    with pytest.raises(ValueError, match=message):
        AE(**options)


# --- PCA --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def varied():
    """Images that vary much in some directions and little in others."""
    rng = np.random.default_rng(3)
    x = rng.standard_normal((101, 12)) * np.linspace(3, 0.1, 12) @ rng.standard_normal((12, 12)) + 5
    return x.reshape(101, 1, 4, 3)


def test_pca_is_the_singular_value_decomposition_of_the_centred_images(varied):
    pca = PCA.fit(varied, 4)
    x = varied.reshape(101, 12)
    _, singular, directions = np.linalg.svd(x - x.mean(axis=0), full_matrices=False)
    np.testing.assert_allclose(pca.variances, singular[:4] ** 2 / 101, rtol=1e-9)
    np.testing.assert_allclose(np.abs((pca.components * directions[:4]).sum(axis=1)), 1, rtol=1e-9)
    np.testing.assert_allclose(pca.components @ pca.components.T, np.eye(4), atol=1e-12)
    codes = pca.encode(varied)
    np.testing.assert_allclose(codes.T @ codes / 101, np.diag(pca.variances), atol=1e-9)
    np.testing.assert_allclose(codes.mean(axis=0), 0, atol=1e-12)


def test_pca_loses_the_discarded_variances_and_nothing_of_all(varied):
    every = PCA.fit(varied, 12)
    np.testing.assert_allclose(every.reconstruct(varied), varied, atol=1e-9)
    for size in (1, 5, 11):
        pca = PCA.fit(varied, size)
        assert pca.squared_error(varied) == pytest.approx(every.variances[size:].sum(), rel=1e-9)
        assert pca.reconstruct(varied).shape == varied.shape


def test_pca_keeps_float32_and_the_precision_of_it(varied):
    exact, single = PCA.fit(varied, 3), PCA.fit(varied.astype(np.float32), 3)
    assert {single.mean.dtype, single.components.dtype, single.variances.dtype} == {np.dtype(np.float32)}
    assert single.encode(varied.astype(np.float32)).dtype == np.float32
    error = single.squared_error(varied.astype(np.float32))
    assert error == pytest.approx(exact.squared_error(varied), rel=1e-4)


@pytest.mark.parametrize("size", [0, 13, -1])
def test_pca_refuses_sizes_that_it_cannot_have(varied, size):
    with pytest.raises(ValueError, match=f"1 <= size <= 12 pixels, found 101 and {size}"):
        PCA.fit(varied, size)


def test_pca_refuses_no_images(varied):
    with pytest.raises(ValueError, match="expected images"):
        PCA.fit(varied[:0], 2)


# --- learning ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def digits():
    return mnist("train")[0][:3000], mnist("test")[0][:1000]


def train_small(images, seed=0, epochs=8, **options):
    model = AE(**{"hidden": (256, 64), "latent": 2, "rng": seed, **options})
    shuffle = np.random.default_rng(seed)
    data = Split(images, None)
    list(
        train_epochs(
            model, model.optimizers(1e-3), data, epochs=epochs, batch_size=32, shuffle_rng=shuffle, noise_rng=None
        )
    )
    return model


def test_it_learns_more_than_pca(digits):
    """Which itself does more than the mean image."""
    images, test_images = digits
    mean_image = ((test_images - images.mean(axis=0)) ** 2).sum() / len(test_images)
    pca = PCA.fit(images, 2).squared_error(test_images)
    learned = evaluate(train_small(images), Split(test_images, None), None)["reconstruction"]
    assert learned < pca < mean_image


def test_one_seed_one_run_bitwise(digits):
    first, again, other = (train_small(digits[0][:64], seed, epochs=1).state_dict() for seed in (4, 4, 5))
    for name in first:
        assert np.array_equal(first[name], again[name]), name
        assert name.endswith("bias") or not np.array_equal(first[name], other[name]), name


# --- the report -------------------------------------------------------------------------------------------------------


def data_of(train, test, labels=None):
    data = Dataset("mnist")
    data.train, data.test = Split(train, labels), Split(test, labels)
    return data


def test_the_measure_compares_with_pca_of_the_same_size_fitted_to_the_training_images(digits):
    train, test = digits
    metrics = report.measure(AE(latent=7, rng=0), data_of(train, test), seed=0)
    expected = PCA.fit(train, 7).squared_error(test)
    assert metrics["pca_reconstruction"] == pytest.approx(expected)
    assert metrics["pca_size"] == 7
    assert metrics["ratio_to_pca"] == pytest.approx(metrics["reconstruction"] / expected)
    assert any("PCA with as many numbers, 7:" in line for line in report.describe(metrics))


def test_a_code_larger_than_the_image_and_images_that_are_all_alike(images):
    """PCA then loses nothing, and there is no ratio to it."""
    metrics = report.measure(small(latent=19), data_of(images, images), seed=0)
    assert metrics["pca_size"] == 15
    metrics = report.measure(small(), data_of(images / 10, images / 10), seed=0)
    assert metrics["ratio_to_pca"] == metrics["reconstruction"] / metrics["pca_reconstruction"]
    alike = np.zeros((7, 1, 5, 3), np.float32)
    metrics = report.measure(small(), data_of(alike, alike), seed=0)
    assert metrics["ratio_to_pca"] is None
    assert len(report.describe(metrics)) == 1


def test_pca_of_some_of_the_images_says_of_how_many(images, monkeypatch):
    """Images of many pixels would take minutes: then PCA sees fewer of them."""
    metrics = report.measure(small(), data_of(images, images), seed=0)
    assert "pca_images" not in metrics and "training images" not in "".join(report.describe(metrics))
    monkeypatch.setattr(pca, "WHOLE", 14)
    monkeypatch.setattr(pca, "FEW", 5)
    metrics = report.measure(small(latent=2), data_of(images, images[:-1]), seed=0)
    assert metrics["pca_images"] == 5 and "(of 5 training images" in report.describe(metrics)[0]


def test_each_version_of_the_images_is_shown_in_its_row(digits):
    named = {"as they are": digits[1][:12], "darker": digits[1][:12] / 2}
    first, second = (panel.images[0].get_array() for panel in plots.versions(named, "").axes)
    assert first.shape == second.shape == (2 * 28 + 1, 10 * 28 + 9), "a white pixel between images"
    for row, images in enumerate(named.values()):
        for number, image in enumerate(images):
            sheet, column = (first, number) if number < 10 else (second, number - 10)
            np.testing.assert_array_equal(sheet[29 * row :, 29 * column :][:28, :28], image[0])
    assert (first[28] == 1).all() and (first[:, 28::29] == 1).all() and (second[:, 57:] == 1).all()


@pytest.mark.parametrize("count", [3, 20, 30])
def test_no_label_is_cut_off_beside_pca(digits, tmp_path, count):
    train, test = digits
    report.beside_pca(AE(rng=0), PCA.fit(train, 30), test, count).savefig(tmp_path / "beside.png")
    assert np.all(np.asarray(Image.open(tmp_path / "beside.png").convert("L"))[:, 0] == 255), "the left edge is blank"


# --- the command ------------------------------------------------------------------------------------------------------


QUICK = ["--limit", "300", "--epochs", "1"]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ae") / "run"
    assert main(["train", "ae", "--out", str(folder), *QUICK, "--hidden", "64,32", "--latent", "2"]) == 0
    return folder


def test_a_whole_run(run, capsys, tmp_path):
    for name in ("losses", "reconstructions", "beside_pca", "codes", "pca_codes"):
        picture = np.asarray(Image.open(run / "figures" / f"{name}.png").convert("L"))
        assert picture.std() > 10, f"{name}.png is blank"
    config = json.loads((run / "config.json").read_text())
    assert (config["hidden"], config["latent"], config["decay"]) == ([64, 32], 2, 1.0)
    test = json.loads((run / "metrics.json").read_text())["test"]
    capsys.readouterr()
    assert main(["evaluate", str(run)]) == 0
    assert f"squared error {test['reconstruction']:.3f} per image" in capsys.readouterr().out
    assert main(["reconstruct", str(run), "--out", str(tmp_path / "some.png"), "--count", "3"]) == 0


def test_it_has_no_prior_to_sample_from(run, capsys):
    assert main(["sample", str(run)]) == 1
    assert "no prior" in capsys.readouterr().err


@pytest.mark.parametrize("options", [["--latent", "3"], ["--hidden", "64"], ["--decay", "0.5"]], ids=" ".join)
def test_options_change_the_run(run, tmp_path, options):
    arguments = [*QUICK, "--hidden", "64,32", "--latent", "2", *options]
    assert main(["train", "ae", "--out", str(tmp_path / "run"), *arguments]) == 0
    metrics = [json.loads((folder / "metrics.json").read_text())["test"] for folder in (run, tmp_path / "run")]
    assert metrics[0]["reconstruction"] != metrics[1]["reconstruction"]


def test_the_deep_one_runs(tmp_path):
    assert main(["train", "deep-ae", "--out", str(tmp_path / "run"), *QUICK]) == 0
    assert json.loads((tmp_path / "run" / "config.json").read_text())["hidden"] == [1000, 500, 250]


def test_images_without_labels(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (50, 6, 9), dtype=np.uint8)
    path = tmp_path / "own.idx"
    path.write_bytes(bytes([0, 0, 8, 3]) + np.array(images.shape, ">u4").tobytes() + images.tobytes())
    arguments = ["--data", str(path), "--epochs", "1", "--batch-size", "9", "--latent", "2"]
    assert main(["train", "ae", "--out", str(tmp_path / "run"), *arguments]) == 0
    assert (tmp_path / "run" / "figures" / "codes.png").exists()


@pytest.mark.parametrize(
    ("options", "status", "words"),
    [
        (["--latent", "0"], 2, "at least 1, found '0'"),
        (["--hidden", "64,0"], 2, "at least 1, found '0'"),
        (["--hidden", "64,"], 2, "at least 1, found ''"),
        (["--hidden", "deep"], 2, "found 'deep'"),
        (["--decay", "0"], 2, "above 0, at most 1, found '0'"),
        (["--decay", "1.5"], 2, "above 0, at most 1, found '1.5'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_bad_input_is_refused_in_one_line(capsys, tmp_path, options, status, words):
    try:
        found = main(["train", "ae", "--out", str(tmp_path / "run"), *QUICK, *options])
    except SystemExit as exit:
        found = exit.code
    err = capsys.readouterr().err
    assert found == status, err
    assert words in err.splitlines()[-1]
    assert status == 2 or err.count("\n") == 1
    assert not (tmp_path / "run").exists(), "a refused run leaves nothing behind"
