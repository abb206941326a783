"""Baselines of large images take a bounded time: they say what they did, and it is right."""

import json

import numpy as np
import pytest
from PIL import Image

from minae.cli import main
from minae.measures import pca, ridge
from minae.measures.pca import PCA
from minae.measures.ridge import Ridge, RidgeOfSquares, in_squares, square_side


@pytest.mark.parametrize(
    ("shape", "side"),
    [
        ((1, 28, 28), None),
        ((1, 32, 32), None),
        ((3, 28, 28), 14),
        ((3, 48, 48), 16),
        ((1, 36, 60), 12),
        ((1, 44, 37), 1),
    ],
)
def test_the_side_divides_the_image(shape, side):
    assert square_side(shape) == side


def test_squares_are_mapped_and_put_together_again():
    rng = np.random.default_rng(0)
    images = rng.random((3, 2, 6, 9), dtype=np.float32)
    squares = in_squares(images, 3)
    assert squares.shape == (3 * 2 * 3, 2, 3, 3)
    np.testing.assert_array_equal(squares[4], images[0, :, 3:6, 3:6])
    same = Ridge(np.zeros(18, np.float32), np.zeros(18, np.float32), np.eye(18, dtype=np.float32))
    np.testing.assert_array_equal(RidgeOfSquares(same, 3)(images), images)


def test_one_map_of_squares_is_the_best_of_its_kind():
    """It is ridge regression on the squares as images of their own."""
    rng = np.random.default_rng(1)
    clean = rng.random((200, 1, 4, 8))
    noisy = (clean + 0.3 * rng.standard_normal(clean.shape)).clip(0, 1)
    held = noisy[150:], clean[150:]
    found = RidgeOfSquares.fit([(noisy[:150], clean[:150])], held, 4)
    plain = Ridge.fit([(in_squares(noisy[:150], 4), in_squares(clean[:150], 4))], tuple(in_squares(x, 4) for x in held))
    np.testing.assert_array_equal(in_squares(found(noisy), 4), plain(in_squares(noisy, 4)))


def test_pca_of_few_images_is_that_of_their_covariance(monkeypatch):
    images = np.random.default_rng(2).standard_normal((40, 3, 5, 4)) @ np.diag([3, 2, 1, 0.5])
    whole = PCA.fit(images, 7)
    monkeypatch.setattr(pca, "WHOLE", 59)
    few = PCA.fit(images, 7)
    np.testing.assert_allclose(few.variances, whole.variances, rtol=1e-10)
    np.testing.assert_allclose(np.abs(np.sum(few.components * whole.components, axis=1)), 1, rtol=1e-8)
    np.testing.assert_allclose(few.reconstruct(images), whole.reconstruct(images), atol=1e-9)
    assert few.images == whole.images == 40


def test_the_mean_of_many_float32_images_is_theirs():
    """Added one after another in float32, 300,000 images of 0.1 would have a mean of 0.1001."""
    found = PCA.fit(np.full((300_000, 3), 0.1, np.float32), 1)
    np.testing.assert_allclose(found.mean, 0.1, rtol=1e-7)
    assert found.mean.dtype == np.float32 and found.variances[0] < 1e-14


@pytest.mark.parametrize(("count", "size", "components"), [(1000, 7, 7), (20, 7, 7), (5, 7, 4), (2, 7, 1), (1, 3, 1)])
def test_how_many_images_it_takes(monkeypatch, count, size, components):
    monkeypatch.setattr(pca, "WHOLE", 11)
    monkeypatch.setattr(pca, "FEW", 20)
    images = np.random.default_rng(3).random((count, 12), dtype=np.float32)
    found = PCA.fit(images, size)
    assert found.images == min(count, 20) and found.components.shape == (components, 12)
    assert np.isfinite(found.components).all() and found.components.dtype == np.float32


def test_runs_say_what_they_did(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(pca, "FEW", 10)
    monkeypatch.setattr(pca, "WHOLE", 1000)
    monkeypatch.setattr(ridge, "WHOLE", 1000)
    rng = np.random.default_rng(4)
    for number in range(20):
        small = rng.integers(0, 256, (6, 6, 3), dtype=np.uint8)
        Image.fromarray(small).resize((20, 20), Image.Resampling.BICUBIC).save(tmp_path / f"{number}.png")
    told = {
        "ae": "(of 10 training images to bound the time)",
        "conv-ae": "(of 10 training images to bound the time)",
        "denoiser": "dB, of squares of 10x10 pixels to bound the time)",
    }
    for model, words in told.items():
        run = tmp_path / "runs" / model
        hidden = ["--hidden", "4", "--latent", "3"] if model == "ae" else []
        assert main(["train", model, "--data", str(tmp_path), "--epochs", "1", *hidden, "--out", str(run)]) == 0
        assert words in capsys.readouterr().out
        test = json.loads((run / "metrics.json").read_text())["test"]
        assert test.get("pca_images", 10) == 10 and test.get("linear_squares", 10) == 10


@pytest.mark.parametrize(
    ("shape", "side"),
    [
        ((1, 28, 28), None),
        ((1, 32, 32), None),
        ((1, 1, 1024), None),
        ((1, 1, 1025), 1),
        ((1, 48, 48), 16),
        ((3, 32, 32), 16),
    ],
)
def test_images_of_up_to_1024_numbers_are_mapped_whole(shape, side):
    assert ridge.square_side(shape) == side


@pytest.mark.parametrize("fit", ["ridge", "pca"])
def test_colour_patches_of_48_pixels_take_seconds(fit):
    """As a whole they would have 6,912 unknowns: minutes, and gigabytes."""
    rng = np.random.default_rng(5)
    images = rng.random((300, 3, 48, 48), dtype=np.float32)
    if fit == "pca":
        assert PCA.fit(images, 30).components.shape == (30, 6912)
    else:
        linear = RidgeOfSquares.fit([(images[:200], images[:200])], (images[200:], images[200:]), 16)
        assert np.abs(linear(images[200:]) - images[200:]).max() < 0.01
        assert linear.ridge.weight.shape == (768, 768)
