"""Super-resolution: answers that average back to what was given, better than Pillow's, in grey and in colour."""

import json

import numpy as np
import pytest
import safetensors.torch
import torch
from PIL import Image

from minae import Tensor, gradcheck
from minae.cli import main
from minae.data import Split, mnist
from minae.measures.image_error import psnr, squared_error
from minae.models import SuperResolution
from minae.reports import super_resolution as report
from minae.training import train_epochs
from minae.training.run_folder import Run
from tests.cli.test_cli import refuse
from tests.parameters import as_function, smooth

QUICK = ["--limit", "300", "--epochs", "1"]


@pytest.fixture
def images():
    return np.random.default_rng(5).random((7, 1, 12, 20), dtype=np.float32)


def small(**options):
    return SuperResolution(**{"image_shape": (1, 12, 20), "channels": 5, "rng": 0, **options})


def block_means(images, factor):
    """By another way than the model's: reshape, and take the mean."""
    n, c, h, w = images.shape
    return images.reshape(n, c, h // factor, factor, w // factor, factor).mean(axis=(3, 5))


# --- the model --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("factor", [2, 3, 4, 5, 7])
def test_sizes(factor):
    large = np.random.default_rng(0).random((2, 3, 2 * factor, 3 * factor), dtype=np.float32)
    model = SuperResolution(large.shape[1:], factor, channels=5, rng=0)
    small = model.shrink(Tensor(large))
    assert small.shape == (2, 3, 2, 3)
    np.testing.assert_allclose(small.numpy(), block_means(large, factor), rtol=1e-5)
    assert model(small).shape == large.shape
    assert model(Tensor(small.numpy()[:, :, :1])).shape == (2, 3, factor, 3 * factor), "any other size will do"


@pytest.mark.parametrize("factor", [2, 4])
def test_averaging_an_answer_gives_the_small_image_back(images, factor):
    """Whatever the weights: what is known is not to be unlearned."""
    model = small(factor=factor)
    for parameter in model.parameters():
        parameter.data *= 3
    given = model.shrink(Tensor(images)).numpy()
    answer = model(Tensor(given)).numpy()
    assert np.abs(answer - answer.mean(axis=(2, 3), keepdims=True)).max() > 1, "there is detail"
    np.testing.assert_allclose(block_means(answer, factor), given, atol=1e-4)


@pytest.mark.parametrize("factor", [2, 3])
def test_each_colour_is_enlarged_by_itself(factor):
    """A network for grey images, given the colours one by one, answers the same; so their order does not matter."""
    rng = np.random.default_rng(3)
    colours = rng.random((2, 3, 5, 4))
    model = small(image_shape=(3, 5 * factor, 4 * factor), factor=factor)
    grey = small(image_shape=(1, 5 * factor, 4 * factor), factor=factor)
    grey.load_state_dict(model.state_dict())
    answer = model(Tensor(colours.astype(np.float32))).numpy()
    assert answer.shape == (2, 3, 5 * factor, 4 * factor)
    for colour in range(3):
        alone = grey(Tensor(colours[:, colour : colour + 1].astype(np.float32))).numpy()
        np.testing.assert_allclose(answer[:, colour : colour + 1], alone, rtol=1e-5, atol=1e-6)
    assert np.abs(answer[:, 0] - answer[:, 1]).max() > 0.1, "the colours differ"


def test_gradients_of_the_loss_in_colour():
    model = small(image_shape=(3, 6, 8))
    smooth(model)
    x = Tensor(np.random.default_rng(4).random((2, 3, 6, 8)))
    gradcheck(*as_function(model, lambda: model.losses(x)["loss"]))


def test_with_no_detail_it_is_nearest_enlargement(images):
    model = small()
    for parameter in model.parameters():
        parameter.data[...] = 0
    np.testing.assert_array_equal(model(Tensor(images)).numpy(), images.repeat(2, axis=2).repeat(2, axis=3))


def test_the_loss_is_the_squared_error_per_image(images):
    model = small()
    losses = model.losses(Tensor(images))
    assert losses["loss"].item() == losses["reconstruction"].item()
    answer = model(Tensor(block_means(images, 2))).numpy()
    assert losses["loss"].item() == pytest.approx(squared_error(answer, images), rel=1e-5)
    assert losses["loss"].dtype == np.float32
    twice = model.losses(Tensor(np.concatenate([images, images])))["loss"].item()
    assert twice == pytest.approx(losses["loss"].item(), rel=1e-5)


@pytest.mark.parametrize("factor", [2, 4])
def test_gradients_of_the_loss(images, factor):
    """In all parameters. With tanh for ReLU: a kink on the way has no slope."""
    model, x = small(factor=factor), Tensor(images[:2].astype(np.float64))
    smooth(model)
    gradcheck(*as_function(model, lambda: model.losses(x)["loss"]))


def test_every_parameter_gets_a_gradient_and_is_changed_by_a_step(images):
    model = small()
    before = model.state_dict()
    model.training_step(model.optimizers(1e-3), Tensor(images), None, None)
    for name, parameter in model.named_parameters():
        assert parameter.grad.dtype == np.float32 and np.abs(parameter.grad).max() > 1e-3, name
        assert not np.array_equal(parameter.data, before[name]), name


def test_saved_weights_load_into_pytorch_and_give_the_same_images(tmp_path):
    nn, f = torch.nn, torch.nn.functional
    model = SuperResolution(factor=4, channels=6, rng=1)
    run = Run.create(
        tmp_path / "run", {"model": "super-resolution", "image_shape": [1, 28, 28], "factor": 4, "channels": 6}
    )
    run.save_model(model)
    detail = nn.Sequential(
        nn.Conv2d(1, 6, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(6, 6, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(6, 6, 3, padding=1),
        nn.ReLU(),
        nn.ConvTranspose2d(6, 1, 8, stride=4, padding=2, bias=False),
    )
    nn.ModuleDict({"detail": detail}).load_state_dict(
        safetensors.torch.load_file(tmp_path / "run" / "model.safetensors")
    )
    given = block_means(mnist("test")[0][:13], 4)
    with torch.no_grad():
        added = detail(torch.from_numpy(given))
        theirs = f.interpolate(torch.from_numpy(given) - f.avg_pool2d(added, 4), scale_factor=4) + added
    np.testing.assert_allclose(run.load_model()(Tensor(given)).numpy(), theirs.numpy(), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("colours", [1, 3])
def test_it_learns_more_than_bicubic(colours):
    """In colour from a third as many pictures: a red, a green and a blue digit over each other."""
    images, test = (mnist(split)[0][:1500].reshape(-1, colours, 28, 28) for split in ("train", "test"))
    model = SuperResolution(images.shape[1:], rng=0)
    rngs = {"shuffle_rng": np.random.default_rng(0), "noise_rng": np.random.default_rng(1)}
    options = {"epochs": 2, "batch_size": 32 // colours, **rngs}
    list(train_epochs(model, model.optimizers(3e-3), Split(images, None), **options))
    answers = report.enlargements(model, report.shrink(model, test))
    assert psnr(answers["model"], test) > psnr(answers["bicubic"], test) + 3
    assert psnr(answers["bicubic"], test) > psnr(answers["nearest"], test)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"factor": 3}, "multiples of 3, found images of 28x28; 27x27 would do"),
        ({"factor": 1}, "factor must be at least 2, found 1"),
        ({"factor": 0}, "factor must be a whole number"),
        ({"channels": 0}, "channels must be a whole number"),
        ({"image_shape": (1, 28, 27)}, "found images of 28x27"),
    ],
    ids=str,
)
def test_bad_options(options, message):
    with pytest.raises(ValueError, match=message):
        SuperResolution(**options)


# --- the commands -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("super") / "run"
    assert main(["train", "super-resolution", "--out", str(folder), *QUICK]) == 0
    return folder


def test_training_leaves_figures_and_metrics(run):
    for name in ("losses", "reconstructions", "noise"):
        picture = np.asarray(Image.open(run / "figures" / f"{name}.png").convert("L"))
        assert picture.std() > 10, f"{name}.png is blank"
    test = json.loads((run / "metrics.json").read_text())["test"]
    assert test["psnr"] == pytest.approx(-10 * np.log10(test["reconstruction"] / 784))
    assert 17 < test["psnr_nearest"] < test["psnr_bicubic"] < 21
    assert test["factor"] == 2


def test_evaluate_repeats_the_figures(run, capsys):
    assert main(["evaluate", str(run)]) == 0
    test = json.loads((run / "metrics.json").read_text())["test"]
    out = capsys.readouterr().out
    assert f"PSNR {test['psnr']:.2f} dB, 2 times as high and wide" in out
    assert f"{test['psnr'] - test['psnr_bicubic']:.2f} dB above bicubic ({test['psnr_bicubic']:.2f} dB)" in out


def test_factor_4_is_harder(run, tmp_path):
    assert main(["train", "super-resolution", "--factor", "4", "--out", str(tmp_path / "run"), *QUICK]) == 0
    harder, easier = (json.loads((folder / "metrics.json").read_text())["test"] for folder in (tmp_path / "run", run))
    assert harder["factor"] == 4
    assert harder["psnr_bicubic"] < easier["psnr_bicubic"] - 4


def landscape(seed, height, width):
    """Smooth shapes in colour: blurred noise."""
    noise = np.random.default_rng(seed).integers(0, 256, (height // 8, width // 8, 3), dtype=np.uint8)
    return Image.fromarray(noise).resize((width, height), Image.Resampling.BICUBIC)


@pytest.fixture(scope="module")
def colour_run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("colour")
    for seed in range(3):
        landscape(seed, 96, 144).save(folder / f"{seed}.png")
    landscape(3, 96, 144).convert("L").save(folder / "2.jpg")
    options = ["--patch", "48", "--factor", "4", "--epochs", "1", "--batch-size", "8", "--out", str(folder / "run")]
    assert main(["train", "super-resolution", "--data", str(folder), *options]) == 0
    return folder / "run"


def test_colour_pictures_from_a_folder(colour_run, capsys):
    config = json.loads((colour_run / "config.json").read_text())
    assert config["image_shape"] == [3, 48, 48]
    metrics = json.loads((colour_run / "metrics.json").read_text())
    assert metrics["test_images"] == 6, "patches of the last picture"
    assert np.asarray(Image.open(colour_run / "figures" / "reconstructions.png").convert("RGB")).std() > 10
    assert main(["evaluate", str(colour_run)]) == 0
    assert f"PSNR {metrics['test']['psnr']:.2f} dB" in capsys.readouterr().out


def test_conversions_are_said(colour_run, tmp_path, capsys):
    folder = tmp_path / "pictures"
    folder.mkdir()
    for seed in range(2):
        landscape(seed, 48, 48).convert("CMYK" if seed else "RGB").save(folder / f"{seed}.jpg")
    capsys.readouterr()
    options = ["--epochs", "1", "--batch-size", "1", "--out", str(tmp_path / "run")]
    assert main(["train", "super-resolution", "--data", str(folder), *options]) == 0
    assert capsys.readouterr().out.splitlines()[0] == f"{folder}: 1 of 2 pictures converted from CMYK to RGB"


def test_enlarging_ones_own_picture_shows_no_seam(colour_run, tmp_path, capsys):
    """It is done in tiles; the answer is that of the whole picture at once."""
    landscape(9, 160, 136).save(tmp_path / "mine.png")
    assert main(["upscale", str(colour_run), str(tmp_path / "mine.png")]) == 0
    assert capsys.readouterr().out == f"picture in {tmp_path / 'mine-upscaled.png'}\n"
    found = np.asarray(Image.open(tmp_path / "mine-upscaled.png"))
    assert found.shape == (640, 544, 3)
    pixels = np.asarray(Image.open(tmp_path / "mine.png")).transpose(2, 0, 1) / np.float32(255)
    surrounded = np.pad(pixels, ((0, 0), (16, 16), (16, 16)), mode="symmetric")[None]
    whole = Run.open(colour_run).load_model().enlarge(Tensor(surrounded)).numpy()[0, :, 64:-64, 64:-64]
    whole = whole.transpose(1, 2, 0)
    assert np.abs(found - 255 * whole).max() < 0.51


def test_the_edge_of_a_flat_picture_is_as_its_middle(colour_run, tmp_path):
    Image.new("RGB", (9, 7), (90, 120, 200)).save(tmp_path / "flat.png")
    assert main(["upscale", str(colour_run), str(tmp_path / "flat.png")]) == 0
    found = np.asarray(Image.open(tmp_path / "flat-upscaled.png"))
    np.testing.assert_array_equal(found, np.tile(found[12:16, 12:16], (7, 9, 1)))


def test_nothing_is_overwritten_unasked(colour_run, tmp_path, capsys):
    Image.new("RGB", (9, 7)).save(tmp_path / "a.png")
    assert main(["upscale", str(colour_run), str(tmp_path / "a.png")]) == 0
    assert "is there already" in refuse(capsys, 1, "upscale", colour_run, tmp_path / "a.png")
    assert main(["upscale", str(colour_run), str(tmp_path / "a.png"), "--overwrite"]) == 0


def test_refusals_are_one_line(run, tmp_path, capsys):
    out = ["--out", tmp_path / "run"]
    message = refuse(capsys, 1, "train", "super-resolution", "--factor", "3", *out, *QUICK)
    assert "multiples of 3, found images of 28x28; 27x27 would do" in message
    assert "at least 2, found '1'" in refuse(capsys, 2, "train", "super-resolution", "--factor", "1", *out)
    assert "two images or more" in refuse(capsys, 1, "train", "super-resolution", "--data", tmp_path, *out)
    Image.new("L", (9, 9)).save(tmp_path / "a.png")
    assert "found one of super-resolution" in refuse(capsys, 1, "denoise", run, tmp_path / "a.png")
    assert not (tmp_path / "run").exists()
