"""Weights that a lesson has trained, kept beside it in float16: half the bytes, and pictures that look the same."""

from pathlib import Path
from typing import TypeVar

import numpy as np
from safetensors.numpy import load_file, save_file

from minae.nn import Module

Model = TypeVar("Model", bound=Module)


def save(model: Module, path: str | Path) -> None:
    """Write a model's weights to `path`, which ends in .safetensors. What float16 does not have is an error."""
    arrays = {}
    for name, array in model.state_dict().items():
        with np.errstate(over="ignore"):
            arrays[name] = array.astype(np.float16) if array.dtype.kind == "f" else array
        if not np.isfinite(arrays[name]).all():
            raise ValueError(f"weights.save: {name} has numbers above 65,504, or that are not finite")
    save_file(arrays, path)


def load(model: Model, path: str | Path) -> Model:
    """Put the weights of a file into a model of the same shape, in the model's own dtypes, to evaluate it."""
    dtypes = {name: array.dtype for name, array in model.state_dict().items()}
    model.load_state_dict({name: array.astype(dtypes.get(name)) for name, array in load_file(path).items()})
    model.eval()
    return model
