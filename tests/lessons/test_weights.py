"""Trained weights in float16, and how much room they take in all."""

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from lessons import weights
from lessons.tools.catalogue import HERE
from lessons.tools.form import WEIGHTS, complaints_about_weights
from minae import nn


def model(seed: int, hidden: int = 5) -> nn.Sequential:
    rng = np.random.default_rng(seed)
    return nn.Sequential(nn.Linear(3, hidden, rng=rng), nn.BatchNorm1d(hidden), nn.Linear(hidden, 2, rng=rng))


def test_weights_come_back_in_the_models_dtype(tmp_path):
    saved, loaded, path = model(0), model(1), tmp_path / "trained.safetensors"
    weights.save(saved, path)
    assert weights.load(loaded, path) is loaded and not loaded.training
    for name, array in saved.state_dict().items():
        found = loaded.state_dict()[name]
        assert found.dtype == array.dtype
        np.testing.assert_allclose(found, array, rtol=2**-11, atol=2**-25)
    assert {array.dtype for array in load_file(path).values() if array.dtype.kind == "f"} == {np.dtype(np.float16)}
    assert complaints_about_weights([path]) == []


@pytest.mark.parametrize("value", [70_000.0, np.inf, np.nan])
def test_what_float16_does_not_have_is_refused(tmp_path, value):
    large = model(0)
    large.parameters()[0].data[0, 0] = value
    with pytest.raises(ValueError, match=r"weights.save: .*weight has numbers above 65,504, or that are not finite"):
        weights.save(large, tmp_path / "trained.safetensors")
    assert list(tmp_path.iterdir()) == []


def test_weights_of_another_model_are_refused(tmp_path):
    weights.save(model(0), tmp_path / "trained.safetensors")
    with pytest.raises(ValueError):
        weights.load(model(0, hidden=7), tmp_path / "trained.safetensors")


def test_the_course_has_room_for_its_weights():
    assert complaints_about_weights(sorted(HERE.glob("*/*.safetensors"))) == []


def test_what_is_too_large_or_too_precise_is_told(tmp_path):
    half, whole = tmp_path / "half.safetensors", tmp_path / "whole.safetensors"
    save_file({"w": np.zeros(WEIGHTS // 2, np.float16)}, half)
    assert complaints_about_weights([half]) == [
        f"weights of {half.stat().st_size:,} bytes in all, expected at most 5,000,000"
    ]
    save_file({"w": np.zeros(3, np.float32), "count": np.zeros(3, np.int64)}, whole)
    assert complaints_about_weights([whole]) == [f"{whole}: w is float32, expected float16 (lessons/weights.py)"]
