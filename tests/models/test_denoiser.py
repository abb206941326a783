"""The denoiser: noise that is never the same twice, the best linear map to beat, and the user's own pictures."""

import json

import numpy as np
import pytest
import safetensors.torch
import torch
from PIL import Image

from minae import Tensor, gradcheck
from minae.cli import main
from minae.data import Dataset, Split, mnist
from minae.measures.image_error import psnr, squared_error
from minae.measures.ridge import PENALTIES, Moments, Ridge
from minae.models import Denoiser
from minae.reports import denoiser as report
from minae.training import evaluate, train_epochs
from minae.training.run_folder import Run
from tests.cli.test_cli import refuse
from tests.parameters import as_function, smooth

QUICK = ["--limit", "300", "--epochs", "1"]


@pytest.fixture
def images():
    return np.random.default_rng(5).random((7, 1, 8, 12), dtype=np.float32)


def small(**options):
    return Denoiser(image_shape=(1, 8, 12), **{"rng": 0, **options})


def seen_by(model):
    """The list of all that will reach the network of the model."""
    seen, encoder = [], model.encoder
    model.encoder = lambda noisy: seen.append(noisy.numpy().copy()) or encoder(noisy)
    return seen


# --- the noise --------------------------------------------------------------------------------------------------------


def test_every_batch_and_every_epoch_has_noise_of_its_own(images):
    """One stored noise tensor, as in a well-known notebook, would be learned by heart."""
    model = small()
    same, seen = np.repeat(images[:1], 6, axis=0), seen_by(model)
    rngs = {"shuffle_rng": np.random.default_rng(0), "noise_rng": np.random.default_rng(1)}
    list(train_epochs(model, model.optimizers(1e-3), Split(same, None), epochs=2, batch_size=3, **rngs))
    noisy = np.concatenate(seen)
    assert noisy.shape == (12, 1, 8, 12), "two epochs of two batches of three"
    assert len(np.unique(noisy.reshape(12, -1), axis=0)) == 12


def test_the_test_noise_is_its_own_and_the_same_each_time(images):
    model = small()
    seen = seen_by(model)
    for seed in (3, 3, 4):
        evaluate(model, Split(images, None), np.random.default_rng(seed), batch_size=4)
    first, again, other = (np.concatenate(seen[i : i + 2]) for i in (0, 2, 4))
    assert np.array_equal(first, again) and not np.array_equal(first, other)
    assert not np.array_equal(first[:3], first[4:7]), "the two batches of an evaluation differ, too"


def test_the_noise_has_the_mean_and_the_std_asked_for():
    grey = np.full((50, 1, 28, 28), 0.5, np.float32)
    noise = small(noise_mean=0.01, noise_std=0.03).add_noise(grey, 0) - grey
    assert noise.dtype == np.float32
    bound = 5 / np.sqrt(noise.size)
    assert abs(noise.mean(dtype=np.float64) - 0.01) < 0.03 * bound
    assert abs(noise.std(dtype=np.float64) - 0.03) < 0.03 * bound


def test_by_default_it_is_that_of_the_keras_blog_cut_off_at_0_and_1():
    black, white = (np.full((50, 1, 28, 28), value, np.float32) for value in (0, 1))
    noisy = Denoiser(rng=0).add_noise(np.concatenate([black, white]), 0)
    assert noisy.min() == 0 and noisy.max() == 1
    share = 0.158655  # of N(0, 1) above 1: 0 + N(0.5, 0.5²) lies above 1, and below 0, that often
    error = 5 * np.sqrt(share * (1 - share) / black.size)
    assert abs((noisy[:50] == 0).mean() - share) < error and abs((noisy[:50] == 1).mean() - share) < error
    assert abs((noisy[50:] == 1).mean() - (1 - share)) < error


def test_no_noise_leaves_the_image_alone(images):
    np.testing.assert_array_equal(small(noise_mean=0, noise_std=0).add_noise(images, 0), images)


# --- the model --------------------------------------------------------------------------------------------------------


def test_the_loss_is_the_squared_error_per_image_of_the_clean_image(images):
    model = small()
    losses = model.losses(Tensor(images), rng=9)
    assert losses["loss"].item() == losses["reconstruction"].item()
    restored = model(Tensor(model.add_noise(images, 9))).numpy()
    assert losses["loss"].item() == pytest.approx(squared_error(restored, images), rel=1e-5)
    assert losses["loss"].dtype == np.float32


def test_the_batch_size_does_not_change_the_scale_of_the_loss(images):
    model = small(noise_std=0)
    once, twice = (model.losses(Tensor(x))["loss"].item() for x in (images, np.concatenate([images, images])))
    assert twice == pytest.approx(once, rel=1e-5)


def test_gradients_of_the_loss(images):
    """In all parameters. With tanh for ReLU: a kink on the way has no slope."""
    model, x = smooth(small()), Tensor(images[:2].astype(np.float64))
    gradcheck(*as_function(model, lambda: model.losses(x, rng=4)["loss"]))


def test_every_parameter_gets_a_gradient_and_is_changed_by_a_step(images):
    model = small()
    before = model.state_dict()
    model.training_step(model.optimizers(1e-3), Tensor(images), None, np.random.default_rng(0))
    for name, parameter in model.named_parameters():
        assert parameter.grad.dtype == np.float32 and np.abs(parameter.grad).max() > 0, name
        assert not np.array_equal(parameter.data, before[name]), name


def test_the_answer_is_an_image_of_the_same_size(images):
    model = small()
    model.decoder[2].bias.data[...] = 5.0
    assert model.reconstruct(Tensor(images)).shape == images.shape
    assert np.array_equal(model.reconstruct(Tensor(images)).numpy(), np.ones_like(images)), "cut off at 1"
    colour = Denoiser(image_shape=(3, 8, 4), rng=0)
    assert colour(Tensor(np.zeros((2, 3, 8, 4), np.float32))).shape == (2, 3, 8, 4)


def test_the_default_network_is_that_of_the_docstring():
    model = Denoiser(rng=0)
    assert sum(parameter.data.size for parameter in model.parameters()) == 127_009
    assert [layer.weight.shape for layer in [*model.encoder, *model.decoder] if hasattr(layer, "weight")] == [
        (32, 1, 5, 5),
        (64, 32, 5, 5),
        (64, 32, 6, 6),
        (32, 1, 6, 6),
    ]


def test_saved_weights_load_into_pytorch_and_give_the_same_images(tmp_path):
    nn = torch.nn
    model = Denoiser(rng=1)
    run = Run.create(tmp_path / "run", {"model": "denoiser", "image_shape": [1, 28, 28]})
    run.save_model(model)
    twin = nn.ModuleDict(
        {
            "encoder": nn.Sequential(nn.Conv2d(1, 32, 5, 2, 2), nn.ReLU(), nn.Conv2d(32, 64, 5, 2, 2), nn.ReLU()),
            "decoder": nn.Sequential(
                nn.ConvTranspose2d(64, 32, 6, 2, 2), nn.ReLU(), nn.ConvTranspose2d(32, 1, 6, 2, 2)
            ),
        }
    )
    twin.load_state_dict(safetensors.torch.load_file(tmp_path / "run" / "model.safetensors"))
    x = mnist("test")[0][:13]
    with torch.no_grad():
        theirs = twin["decoder"](twin["encoder"](torch.from_numpy(x)))
    np.testing.assert_allclose(run.load_model()(Tensor(x)).numpy(), theirs.numpy(), rtol=1e-4, atol=1e-5)


def test_it_learns_more_than_the_mean_image_and_the_noisy_image():
    images, test = mnist("train")[0][:1500], mnist("test")[0][:500]
    model = Denoiser(rng=0)
    rngs = {"shuffle_rng": np.random.default_rng(0), "noise_rng": np.random.default_rng(1)}
    list(train_epochs(model, model.optimizers(2e-3), Split(images, None), epochs=2, batch_size=32, **rngs))
    clean, noisy, restored = report.restore(model, test, seed=2)
    mean = np.broadcast_to(images.mean(axis=0), clean.shape)
    assert psnr(restored, clean) > psnr(mean, clean) + 2
    assert psnr(restored, clean) > psnr(noisy, clean) + 8


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"noise_mean": -0.1}, "noise_mean must be at least 0"),
        ({"noise_std": -1}, "noise_std must be at least 0"),
        ({"noise_std": float("nan")}, "noise_std must be at least 0"),
        ({"image_shape": (1, 28, 30)}, "multiples of 4, found images of 28x30"),
    ],
    ids=str,
)
def test_bad_options(options, message):
    with pytest.raises(ValueError, match=message):
        Denoiser(**options)


# --- the figures it is judged by --------------------------------------------------------------------------------------


def test_psnr_by_hand():
    white = np.ones((3, 1, 2, 2), np.float32)
    assert psnr(0.9 * white, white) == pytest.approx(20, abs=1e-4), "an error of a tenth"
    assert psnr(0 * white, white) == 0
    assert psnr(white, white) == pytest.approx(100), "no infinity"
    half = white.copy()
    half[0] = 0
    assert psnr(half, white) == pytest.approx(10 * np.log10(3)), "errors are averaged, not decibels"
    assert squared_error(half, white) == pytest.approx(4 / 3)


def test_ridge_is_least_squares_with_a_penalty():
    """The same as least squares on centred data with rows √(n penalty) I below: no normal equations there."""
    rng = np.random.default_rng(0)
    x = rng.random((40, 1, 2, 3), dtype=np.float32)
    t = 0.2 + 0.1 * rng.random((40, 1, 2, 3), dtype=np.float32)
    flat_x, flat_t = x.reshape(40, 6), t.reshape(40, 6)
    ridge = Moments([(x[:15], t[:15]), (x[15:], t[15:])]).solve(penalty=0.03)
    rows = np.vstack([flat_x - flat_x.mean(axis=0), np.sqrt(40 * 0.03) * np.eye(6)])
    weight = np.linalg.lstsq(rows, np.vstack([flat_t - flat_t.mean(axis=0), np.zeros((6, 6))]), rcond=None)[0]
    np.testing.assert_allclose(ridge.weight, weight, atol=1e-5)
    new = rng.random((5, 1, 2, 3), dtype=np.float32)
    expected = flat_t.mean(axis=0) + (new.reshape(5, 6) - flat_x.mean(axis=0)) @ weight
    np.testing.assert_allclose(ridge(new), expected.reshape(new.shape).clip(0, 1), atol=1e-5)


def test_ridge_takes_the_penalty_that_does_best_on_images_held_out():
    rng = np.random.default_rng(0)
    clean = rng.random((500, 1, 1, 1), dtype=np.float32) * np.ones((1, 1, 3, 3), np.float32)
    noisy = clean + rng.standard_normal(clean.shape, dtype=np.float32)
    chosen = Ridge.fit([(noisy[:15], clean[:15])], (noisy[15:], clean[15:]))
    errors = [squared_error(Moments([(noisy[:15], clean[:15])]).solve(p)(noisy[15:]), clean[15:]) for p in PENALTIES]
    assert squared_error(chosen(noisy[15:]), clean[15:]) == min(errors) < max(errors)


def test_the_linear_baseline_is_as_good_as_it_gets():
    """Pixels that are all alike, with plain Gaussian noise: theory gives the error of the Wiener filter."""
    rng = np.random.default_rng(0)
    grey = np.float32(0.5) + np.float32(0.05) * rng.standard_normal((20_000, 1, 1, 1), dtype=np.float32)
    images = grey * np.ones((1, 1, 4, 4), np.float32)
    model = Denoiser((1, 4, 4), noise_mean=0.1, noise_std=0.1, rng=0)
    data = Dataset("unused")
    data.train, data.test = Split(images[:18_000], None), Split(images[18_000:], None)
    noisy = model.add_noise(data.test.images, rng)
    error = squared_error(report.best_linear_map(model, data, seed=1)(noisy), data.test.images) / 16
    expected = 1 / (1 / 0.05**2 + 16 / 0.1**2)  # precisions add up: of the grey, and of 16 looks at it
    assert error == pytest.approx(expected, rel=0.1)


# --- the commands -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("denoiser") / "run"
    assert main(["train", "denoiser", "--out", str(folder), *QUICK]) == 0
    return folder


def test_training_leaves_figures_and_metrics(run):
    for name in ("losses", "reconstructions", "beside_linear", "other_kind"):
        picture = np.asarray(Image.open(run / "figures" / f"{name}.png").convert("L"))
        assert picture.std() > 10, f"{name}.png is blank"
    test = json.loads((run / "metrics.json").read_text())["test"]
    assert test["psnr"] == pytest.approx(-10 * np.log10(test["reconstruction"] / 784))
    assert 4 < test["psnr_noisy"] < 6
    assert test["psnr_linear"] > test["psnr_noisy"] + 5
    assert test["other_kind"] == "fashion-mnist"


def test_evaluate_repeats_the_figures(run, capsys):
    assert main(["evaluate", str(run)]) == 0
    out = capsys.readouterr().out
    test = json.loads((run / "metrics.json").read_text())["test"]
    assert f"PSNR {test['psnr']:.2f} dB: {test['psnr'] - test['psnr_noisy']:.2f} dB above the noisy images" in out
    assert f"above the best linear map ({test['psnr_linear']:.2f} dB)" in out
    assert "on fashion-mnist, which it has not learned" in out


def test_the_noise_level_changes_the_run(run, tmp_path):
    assert main(["train", "denoiser", "--out", str(tmp_path), *QUICK, "--noise-mean", "0", "--noise-std", "0.1"]) == 0
    quiet, loud = (json.loads((folder / "metrics.json").read_text())["test"] for folder in (tmp_path, run))
    assert quiet["psnr_noisy"] > loud["psnr_noisy"] + 10
    assert json.loads((tmp_path / "config.json").read_text())["noise_std"] == 0.1


def test_denoising_ones_own_pictures(run, tmp_path, capsys):
    digit = mnist("test")[0][0, 0]
    Image.fromarray((255 * digit).astype(np.uint8)).save(tmp_path / "grey.png")
    Image.new("RGB", (40, 30), "grey").save(tmp_path / "colour.jpg")
    assert main(["denoise", str(run), str(tmp_path / "grey.png"), str(tmp_path / "colour.jpg")]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"picture in {tmp_path / 'grey-denoised.png'}",
        f"{tmp_path / 'colour.jpg'}: converted from RGB to L",
        f"picture in {tmp_path / 'colour-denoised.png'}",
    ]
    assert np.asarray(Image.open(tmp_path / "colour-denoised.png")).shape == (30, 40)
    surrounded = np.pad((255 * digit).astype(np.uint8), 16, mode="symmetric")[None, None] / np.float32(255)
    restored = Run.open(run).load_model().reconstruct(Tensor(surrounded)).numpy()[0, 0, 16:-16, 16:-16]
    saved = np.asarray(Image.open(tmp_path / "grey-denoised.png"))
    np.testing.assert_array_equal(saved, (restored * 255).round())


@pytest.mark.parametrize("size", [(300, 131), (130, 257), (3, 2), (1, 1)])
def test_a_picture_of_any_size_is_denoised_in_tiles_without_seams(run, tmp_path, size):
    """The answer is that of the whole picture at once, seen with its mirror image around it."""
    pixels = np.random.default_rng(0).integers(0, 256, size, dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    assert main(["denoise", str(run), str(tmp_path / "a.png")]) == 0
    found = np.asarray(Image.open(tmp_path / "a-denoised.png"))
    around = [(16, 16 + -length % 4) for length in size]
    whole = np.pad(pixels, around, mode="symmetric")[None, None] / np.float32(255)
    restored = Run.open(run).load_model().reconstruct(Tensor(whole)).numpy()[0, 0]
    restored = restored[16 : 16 + size[0], 16 : 16 + size[1]]
    assert found.shape == size and np.abs(found - 255 * restored).max() < 0.51


def test_no_seam_in_a_large_picture(run, tmp_path):
    """No line between tiles has a larger jump than elsewhere, nor larger jumps than if it were denoised as a whole."""
    rng = np.random.default_rng(0)
    smooth = Image.fromarray(rng.integers(0, 256, (35, 50), dtype=np.uint8)).resize((1000, 700))
    noisy = np.asarray(smooth) + 30 * rng.standard_normal((700, 1000))
    Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(tmp_path / "a.png")
    assert main(["denoise", str(run), str(tmp_path / "a.png")]) == 0
    found = np.asarray(Image.open(tmp_path / "a-denoised.png")).astype(int)
    model, pixels = Run.open(run).load_model(), np.asarray(Image.open(tmp_path / "a.png")) / np.float32(255)
    whole = model.reconstruct(Tensor(np.pad(pixels, 16, mode="symmetric")[None, None])).numpy()[0, 0, 16:-16, 16:-16]
    for picture, as_whole in ((found, whole), (found.T, whole.T)):
        jumps = np.abs(np.diff(picture, axis=0))
        border = np.arange(127, len(jumps), 128)
        assert jumps[border].max() <= np.delete(jumps, border, axis=0).max()
        np.testing.assert_allclose(jumps[border], 255 * np.abs(np.diff(as_whole, axis=0))[border], atol=1.01)


@pytest.mark.parametrize("size", [(28, 28), (50, 33)])
def test_the_edge_of_a_flat_picture_is_as_its_middle(run, tmp_path, size):
    Image.new("L", size[::-1], 90).save(tmp_path / "flat.png")
    assert main(["denoise", str(run), str(tmp_path / "flat.png")]) == 0
    found = np.asarray(Image.open(tmp_path / "flat-denoised.png"))
    np.testing.assert_array_equal(found, np.tile(found[8:12, 8:12], (20, 20))[: size[0], : size[1]])


def test_the_margin_holds_all_that_a_pixel_depends_on(run):
    """A tile's surroundings of 16 pixels are enough, and 12 are not."""
    model = Run.open(run).load_model()
    images = np.full((1, 1, 80, 80), 0.5, np.float32)
    changed = {}
    for margin in (12, 16):
        other = images.copy()
        other[:, :, : 40 - margin], other[:, :, 44 + margin :] = 1, 1
        difference = model(Tensor(other)).numpy() - model(Tensor(images)).numpy()
        changed[margin] = np.abs(difference[:, :, 40:44]).max()
    assert changed[16] == 0 < changed[12]


def test_nothing_is_overwritten_unasked(run, tmp_path, capsys):
    Image.new("L", (28, 28)).save(tmp_path / "a.png")
    Image.new("L", (28, 28)).save(tmp_path / "b.png")
    (tmp_path / "b-denoised.png").write_text("mine")
    command = ["denoise", run, tmp_path / "a.png", tmp_path / "b.png"]
    told = refuse(capsys, 1, *command)
    assert f"{tmp_path / 'b-denoised.png'}: is there already" in told and "--overwrite" in told
    assert (tmp_path / "b-denoised.png").read_text() == "mine" and not (tmp_path / "a-denoised.png").exists()
    assert main([*map(str, command), "--overwrite"]) == 0
    assert np.asarray(Image.open(tmp_path / "b-denoised.png")).shape == (28, 28)


def test_answers_go_where_they_are_sent(run, tmp_path):
    Image.new("L", (28, 28)).save(tmp_path / "grey.png")
    (tmp_path / "out").mkdir()
    assert main(["denoise", str(run), str(tmp_path / "grey.png"), "--out", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / "grey-denoised.png").is_file()


def test_refusals_are_one_line(run, tmp_path, capsys):
    (tmp_path / "text.png").write_text("not a picture")
    for name in ("a.png", "a.jpg"):
        Image.new("L", (28, 28)).save(tmp_path / name)
    assert "intact PNG or JPEG" in refuse(capsys, 1, "denoise", run, tmp_path / "text.png")
    assert "found none" in refuse(capsys, 1, "denoise", run, tmp_path / "none.png")
    assert "rename one" in refuse(capsys, 1, "denoise", run, tmp_path / "a.png", tmp_path / "a.jpg")
    assert "cannot be written" in refuse(capsys, 1, "denoise", run, tmp_path / "a.png", "--out", tmp_path / "none")
    assert "found one of denoiser" in refuse(capsys, 1, "upscale", run, tmp_path / "a.png")
    assert "not a run folder" in refuse(capsys, 1, "denoise", tmp_path, tmp_path / "a.png")
    assert "at least 0, found '-1'" in refuse(capsys, 2, "train", "denoiser", "--noise-std", "-1")
    assert not (tmp_path / "a-denoised.png").exists()
