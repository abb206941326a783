"""config.json, in which a run remembers what it was asked for."""

import json
from pathlib import Path
from typing import Any

from ..data.melody import check_bars
from ..models import Model
from ..models.base import check_image_shape
from ..models.registry import MODELS
from ..support.argument_checks import check_number, check_whole
from ..support.errors import FileError

CONFIG = "config.json"
NEEDED = ("data", "limit", "seed")  # besides the model's own sizes


def read_config(folder: Path) -> dict[str, Any]:
    """The config of a run folder, checked as far as all commands rely on it.

    Raises FileError where there is none, or it is not one.
    """
    path = folder / CONFIG
    if not path.is_file():
        raise FileError(
            f"{folder}: is not a run folder (it has no config.json); "
            "`minae train` makes one"
        )
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise FileError(f"{path}: expected JSON ({error})") from error
    # A list of the names, as what the file has may not be hashable.
    if not isinstance(config, dict) or config.get("model") not in list(MODELS):
        raise FileError(f"{path}: expected a model among {', '.join(MODELS)}")
    of_images = MODELS[config["model"]].examples == "images"
    needed = ("image_shape" if of_images else "bars", *NEEDED)
    if missing := [key for key in needed if key not in config]:
        raise FileError(f"{path}: expected also {', '.join(missing)}")
    try:
        if of_images:
            check_image_shape("config", config["image_shape"])
        else:
            check_bars("config", config["bars"])
        check_whole("seed", config["seed"], 0)
        if config["limit"] is not None:
            check_whole("limit", config["limit"], 1)
        if not isinstance(config["data"], str):
            raise ValueError(f"data must be a text, found {config['data']!r}")
        for name in ("epochs", "batch_size"):
            check_whole(name, config.get(name, 1), 1)
        for name in ("lr", "decay"):
            check_number(name, config.get(name, 1), 0)
    except (ValueError, TypeError) as error:
        raise FileError(f"{path}: does not describe a model ({error})") from error
    return config


def build(config: dict[str, Any], rng: Any = None) -> Model:
    """A model of the kind and sizes that a config names, with new weights."""
    return MODELS[config["model"]].build(config, rng)
