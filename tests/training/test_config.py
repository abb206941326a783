"""config.json, which people may edit: what no training could have written is refused by the file's name."""

import json

import pytest

from minae.models import VAE
from minae.support.errors import FileError
from minae.training.config import build, read_config

GOOD = {"model": "vae", "image_shape": [1, 6, 5], "data": "mnist", "limit": None, "seed": 0, "hidden": 7, "latent": 3}


def read(folder, **changes):
    (folder / "config.json").write_text(json.dumps(GOOD | changes))
    return read_config(folder)


def test_a_config_is_read_and_built(tmp_path):
    assert read(tmp_path) == GOOD
    model = build(read(tmp_path), rng=0)
    assert isinstance(model, VAE) and (model.image_shape, model.hidden, model.latent) == ((1, 6, 5), 7, 3)


@pytest.mark.parametrize(("key", "value"), [("epochs", 1), ("batch_size", 1), ("limit", 1), ("lr", 0), ("decay", 0)])
def test_the_smallest_numbers_are_taken(key, value, tmp_path):
    assert read(tmp_path, **{key: value})[key] == value


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("epochs", value) for value in (0, 1.5, "x", None, True)),
        *(("batch_size", value) for value in (0, -1, "x", None)),
        *(("limit", value) for value in (0, 1.5, "x")),
        *(("seed", value) for value in (-1, 0.5, "x", None)),
        *(("lr", value) for value in (-1e-9, "x", None)),
        *(("decay", value) for value in (-1e-9, "x", None)),
        *(("data", value) for value in (3, None, [])),
        *(("image_shape", value) for value in ([1, 6], [1, 6, 0], [1, 6, 5, 1], "big", None)),
    ],
)
def test_an_impossible_value_is_refused(key, value, tmp_path):
    with pytest.raises(FileError, match=r"config\.json: does not describe a model \("):
        read(tmp_path, **{key: value})


@pytest.mark.parametrize("key", ["image_shape", "data", "limit", "seed"])
def test_what_every_command_needs(key, tmp_path):
    (tmp_path / "config.json").write_text(json.dumps({name: value for name, value in GOOD.items() if name != key}))
    with pytest.raises(FileError, match=rf"config\.json: expected also {key}$"):
        read_config(tmp_path)


@pytest.mark.parametrize("content", ["[]", "null", '"vae"', '{"model": "transformer"}', '{"model": ["vae"]}', "{}"])
def test_what_is_no_config(content, tmp_path):
    (tmp_path / "config.json").write_text(content)
    with pytest.raises(FileError, match="expected a model among ae, deep-ae, conv-ae"):
        read_config(tmp_path)


def test_no_file_and_no_json(tmp_path):
    with pytest.raises(FileError, match="is not a run folder"):
        read_config(tmp_path)
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(FileError, match="expected JSON"):
        read_config(tmp_path)
