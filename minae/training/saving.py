"""`minae.save` and `minae.load`: a model's weights, and what builds it again.

The file is safetensors: arrays by name, and a header. The header holds the model's
class and the arguments it was made with, as JSON. Loading looks the class up among
minae's own and those that are given, so a file runs none of its writer's code.
"""

import inspect
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .. import models, nn
from ..models import likelihoods
from ..nn import Dropout, Module, Sequential
from ..support.argument_checks import check_file
from ..support.errors import FileError
from ..support.files import write_whole
from .config import CONFIG, build, read_config

# What reading a damaged file raises, or one of a dtype that NumPy does not have.
DAMAGED = (OSError, ValueError, TypeError, KeyError, AttributeError)
SPARE = 2**22  # weights that a header may ask for beyond those in the file


def save(model: Module, path: str | Path) -> None:
    """Write a model's weights, and what is needed to build it again, to one file.

    PyTorch's names, shapes and layouts, in safetensors. A model of your own keeps each
    argument of its `__init__` in the attribute of its name (`self.hidden = hidden`);
    see `Module.arguments`. Where it does not, the weights are saved all the same, and
    `load` wants a model to put them into.

    Raises FileError if the file cannot be written, and TypeError if `model` is not a
    Module.
    """
    if not isinstance(model, Module):
        raise TypeError(f"save: expected a Module, found {type(model).__name__}")
    write_whole(Path(path), as_bytes(model))


def load(path: str | Path, *classes: type[Module], into: Module | None = None) -> Any:
    """The model that `save` has written to a file, or that a run folder holds.

    Args:
        path: a file, or the folder of a `minae train` or of `fit(..., folder=...)`.
        classes: your own classes that the model is made of; minae's are known.
        into: a model to put the weights into, instead of building one.

    The model comes in evaluation mode: see `Module.eval`.
    Raises FileError where the file is missing or damaged, asks for a class that is not
    known, or does not fit.
    """
    path = Path(path)
    if path.is_dir():
        path = path / "model.safetensors"
    arrays, metadata = _read(path)
    try:
        model = into if into is not None else _build(path, metadata, classes, arrays)
        model.load_state_dict(arrays)
    except (ValueError, TypeError, MemoryError) as error:
        raise FileError(f"{path}: expected the weights of a model ({error})") from error
    return model.eval()


def as_bytes(model: Module) -> bytes:
    """The file itself."""
    from safetensors.numpy import save

    try:
        metadata = {"minae": json.dumps(describe(model))}
    except (AttributeError, TypeError, ValueError):
        metadata = {}
    return save(model.state_dict(), metadata)


def describe(value: Any) -> Any:
    """A module as JSON: its class, and the arguments it was made with.

    Raises AttributeError where an argument is not kept, TypeError for one that is
    neither a module nor what JSON can hold.
    """
    if isinstance(value, Sequential):
        layers = [describe(layer) for layer in value]
        return {"class": type(value).__name__, "layers": layers}
    if isinstance(value, Module):
        arguments = {name: describe(x) for name, x in value.arguments().items()}
        return {"class": type(value).__name__, "arguments": arguments}
    if isinstance(value, list | tuple):
        return [describe(member) for member in value]
    if isinstance(value, np.integer | np.floating):
        return value.item()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"describe: {type(value).__name__} cannot be written as JSON")


def rebuild(description: Any, known: Mapping[str, type], rng: Any) -> Any:
    """The module that `describe` has described, with new weights drawn from `rng`.

    Raises ValueError for a class that is not in `known`, and whatever it raises itself.
    """
    if isinstance(description, list):
        return tuple(rebuild(member, known, rng) for member in description)
    if not isinstance(description, dict):
        return description
    name = description.get("class")
    if not isinstance(name, str) or name not in known:
        raise ValueError(
            f"it asks for the class {name!r}, which is not minae's: "
            "name it, as in load(path, MyModel)"
        )
    if "layers" in description:
        return known[name](*rebuild(description["layers"], known, rng))
    given = description.get("arguments")
    if not isinstance(given, dict):
        raise ValueError(f"it has no arguments for the class {name}")
    arguments = {key: rebuild(value, known, rng) for key, value in given.items()}
    if _takes_rng(known[name]):
        arguments["rng"] = rng
    return known[name](**arguments)


class Zeros(np.random.Generator):
    """In place of a generator of initial weights: zeros, and no more than `most`.

    The sizes in a file are not to be trusted: they may ask for more memory than there
    is. So no more are given than the file has weights, and some to spare, in order to
    tell which are missing.
    """

    def __init__(self, most: int):
        super().__init__(np.random.PCG64(0))
        self.left = most

    def random(self, size: Any = (), dtype: Any = float, out: Any = None) -> Any:
        return self._zeros(size, dtype)

    def standard_normal(
        self, size: Any = (), dtype: Any = float, out: Any = None
    ) -> Any:
        return self._zeros(size, dtype)

    def _zeros(self, size: Any, dtype: Any) -> np.ndarray:
        self.left -= math.prod(size)
        if self.left < 0:
            told = f"weights of shape {size}, more than it holds"
            raise MemoryError(f"it asks for {told}")
        return np.zeros(size, dtype)


def zeros_for(arrays: Mapping[str, np.ndarray]) -> Zeros:
    """A generator for the initial weights of the model that these arrays are for."""
    return Zeros(SPARE + sum(array.size for array in arrays.values()))


def _read(path: Path) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    from safetensors import SafetensorError, safe_open

    check_file(path, "the weights of a model")
    try:
        with safe_open(path, framework="np") as file:
            arrays = {name: file.get_tensor(name) for name in file.keys()}
            return arrays, file.metadata() or {}
    except (*DAMAGED, SafetensorError) as error:
        raise FileError(f"{path}: expected the weights of a model ({error})") from error


def _build(
    path: Path,
    metadata: Mapping[str, str],
    classes: Sequence[type],
    arrays: Mapping[str, np.ndarray],
) -> Module:
    """The model that a file describes; an older file's is described by its config."""
    if "minae" in metadata:
        try:
            description = json.loads(metadata["minae"])
        except (ValueError, RecursionError) as error:
            raise ValueError(
                f"its description of the model is damaged: {error}"
            ) from error
        model = rebuild(description, _known(classes), zeros_for(arrays))
        if not isinstance(model, Module):
            raise ValueError(f"it describes {model!r} instead of a model")
        return _with_noise(model)
    if (path.parent / CONFIG).is_file():
        return _with_noise(build(read_config(path.parent), zeros_for(arrays)))
    raise ValueError(
        "it does not say how the model is built: make one, and load(path, into=model)"
    )


def _with_noise(model: Module) -> Module:
    """A model that was built with `Zeros` for its generator, with real noise again."""
    for module in model.modules():
        if isinstance(module, Dropout):
            module.rng = None
    return model


def _known(classes: Sequence[type]) -> dict[str, type]:
    own = {
        name: value
        for module in (nn, models, likelihoods)
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, Module)
    }
    return own | {cls.__name__: cls for cls in classes}


def _takes_rng(cls: type) -> bool:
    return "rng" in inspect.signature(cls).parameters
