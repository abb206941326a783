"""The run folder: config.json, checkpoint.safetensors, model.safetensors, history.csv, metrics.json and figures/.

The checkpoint holds all that training needs to go on, in one file that is replaced whole after every epoch: whenever a
process is killed, the folder holds its last epoch. The weights and the history are there once more, for readers.

Only safetensors, JSON and CSV: loading a run, even a stranger's, runs none of its code.
"""

import csv
import json
import math
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import numpy as np
import safetensors
import safetensors.numpy
from filelock import FileLock, Timeout
from matplotlib.figure import Figure

from .checks import check_file, check_whole
from .errors import FileError
from .models.base import check_image_shape
from .nn import Module
from .optim import Optimizer
from .systems import SYSTEMS

SPARE = 2**22  # weights that a config may ask for beyond those in the file, to be told which are missing
NEEDED = ("image_shape", "data", "limit", "seed")  # what the commands read of a config, besides the model's sizes
CHECKPOINT = "checkpoint.safetensors"
MADE_BY_TRAINING = ("config.json", "model.safetensors", CHECKPOINT, "history.csv", "metrics.json")
LOCK = ".lock"


class Run:
    """One run folder. `Run.create` makes a new one, `Run.open` finds an old one."""

    def __init__(self, folder: Path, config: dict[str, Any]):
        self.folder = folder
        self.config = config

    @classmethod
    def create(cls, folder: str | Path, config: dict[str, Any], overwrite: bool = False) -> "Run":
        """An empty run folder. It becomes a run by `save_config`, which comes last, when there are weights to load.

        Raises FileError where the folder holds something already (and overwrite is False) or cannot be written.
        """
        folder = Path(folder)
        check_free(folder, overwrite)
        try:
            (folder / "figures").mkdir(parents=True, exist_ok=True)
            for old in MADE_BY_TRAINING:
                (folder / old).unlink(missing_ok=True)
        except OSError as error:
            raise FileError(f"{folder}: cannot be written as a run folder ({error.strerror})") from error
        return cls(folder, config)

    @classmethod
    def open(cls, folder: str | Path) -> "Run":
        """An existing run folder. Raises FileError where there is none, or its config cannot be read."""
        folder = Path(folder)
        path = folder / "config.json"
        if not path.is_file():
            raise FileError(f"{folder}: is no run folder (it has no config.json); `minae train` makes one")
        try:
            config = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise FileError(f"{path}: expected JSON ({error})") from error
        if not isinstance(config, dict) or config.get("model") not in list(SYSTEMS):  # a list: it may be unhashable
            raise FileError(f"{path}: expected a model among {', '.join(SYSTEMS)}")
        if missing := [key for key in NEEDED if key not in config]:
            raise FileError(f"{path}: expected also {', '.join(missing)}")
        try:
            check_image_shape("config", config["image_shape"])
            check_whole("seed", config["seed"], 0)
            check_whole("limit", 1 if config["limit"] is None else config["limit"], 1)
            if not isinstance(config["data"], str):
                raise ValueError(f"data must be a text, found {config['data']!r}")
        except ValueError as error:
            raise FileError(f"{path}: describes no model ({error})") from error
        return cls(folder, config)

    @property
    def figures(self) -> Path:
        return self.folder / "figures"

    def save_config(self) -> None:
        self._write("config.json", _as_json(self.config))

    def save_model(self, model: Module) -> None:
        """The weights, whole or not at all."""
        self._write("model.safetensors", safetensors.numpy.save(model.state_dict(), {"model": self.config["model"]}))

    def load_model(self, rng: Any = None) -> Any:
        """The model that `config` describes, with the saved weights. Raises FileError where they do not fit."""
        path = self.folder / "model.safetensors"
        check_file(path, "the weights of this run's model")
        try:
            weights = safetensors.numpy.load_file(path)
        except (OSError, ValueError, safetensors.SafetensorError) as error:
            raise FileError(f"{path}: expected the weights of this run's model ({error})") from error
        try:
            model = SYSTEMS[self.config["model"]].build(
                self.config, Zeros(SPARE + sum(x.size for x in weights.values()))
            )
        except (ValueError, TypeError) as error:
            raise FileError(f"{self.folder / 'config.json'}: describes no model ({error})") from error
        except MemoryError as error:
            raise FileError(f"{path}: expected the weights of this run's model ({error})") from error
        try:
            model.load_state_dict(weights)
        except ValueError as error:
            raise FileError(f"{path}: expected the weights of this run's model ({error})") from error
        return model

    def save_checkpoint(self, model: Module, optimizers: list[Optimizer], history: list[dict[str, float]]) -> None:
        """Everything after an epoch: weights, optimisers, and the history, whose length is the number of epochs done.

        There is no state of random generators to keep: each epoch's are made from the seed and the epoch's number.
        """
        arrays = _prefixed("model", model.state_dict())
        for index, optimizer in enumerate(optimizers):
            arrays |= _prefixed(f"optimizer.{index}", optimizer.state_dict())
        self._write(CHECKPOINT, safetensors.numpy.save(arrays, {"history": json.dumps(history)}))
        self.save_model(model)
        self._write("history.csv", _as_csv(history))

    def load_checkpoint(self, model: Module, optimizers: list[Optimizer]) -> list[dict[str, float]]:
        """Put model and optimisers back to where the last complete epoch left them; returns the history so far.

        Raises FileError where there is no checkpoint, or none that fits.
        """
        path = self.folder / CHECKPOINT
        try:
            with safetensors.safe_open(path, framework="np") as file:
                arrays = {name: file.get_tensor(name) for name in file.keys()}
                history = _checked_history(json.loads((file.metadata() or {})["history"]))
            model.load_state_dict(_below("model", arrays))
            for index, optimizer in enumerate(optimizers):
                optimizer.load_state_dict(_below(f"optimizer.{index}", arrays))
        except (OSError, ValueError, KeyError, RecursionError, safetensors.SafetensorError) as error:
            raise FileError(f"{path}: expected a checkpoint of this run's training ({error})") from error
        return history

    def epochs(self) -> int:
        """How many epochs the checkpoint has."""
        with safetensors.safe_open(self.folder / CHECKPOINT, framework="np") as file:
            return len(json.loads(file.metadata()["history"]))

    def history(self) -> dict[str, list[float]]:
        """The columns of `history.csv`. Raises FileError where it cannot be read."""
        path = self.folder / "history.csv"
        try:
            with path.open(newline="", encoding="utf-8") as file:
                rows = list(csv.DictReader(file))
            return {name: [float(row[name]) for row in rows] for name in (rows[0] if rows else ())}
        except (OSError, ValueError, TypeError, csv.Error) as error:
            raise FileError(f"{path}: expected columns of numbers ({error})") from error

    def save_metrics(self, metrics: dict[str, Any]) -> None:
        self._write("metrics.json", _as_json(metrics))

    def save_figure(self, name: str, figure: Figure) -> None:
        """As figures/NAME.png."""
        picture = BytesIO()
        figure.savefig(picture, format="png")
        self._write(f"figures/{name}.png", picture.getvalue())

    def _write(self, name: str, content: bytes) -> None:
        """Write a file under another name first: no reader, and no later run, ever sees half of it.

        Raises FileError where it cannot be written: the file that was there before is then still there.
        """
        path = self.folder / name
        unfinished = path.with_name(path.name + ".unfinished")
        try:
            with unfinished.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())  # for when the power fails
            os.replace(unfinished, path)
        except OSError as error:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise FileError(f"{path}: cannot be written ({error.strerror or error})") from error


def check_free(folder: Path, overwrite: bool) -> None:
    """Raises FileError for a folder that holds something already, unless it may be overwritten."""
    try:
        if folder.exists() and any(path.name != LOCK for path in folder.iterdir()) and not overwrite:
            raise FileError(f"{folder}: is not empty; choose another folder with --out, or add --overwrite")
    except OSError as error:
        raise FileError(f"{folder}: cannot be written as a run folder ({error.strerror})") from error


@contextmanager
def locked(folder: str | Path) -> Iterator[None]:
    """Keep every other process from training in this folder, which is made if it does not exist.

    The lock ends with the process, however it ends. Raises FileError where another process holds it.
    """
    folder = Path(folder)
    lock = FileLock(folder / LOCK)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(blocking=False)
    except Timeout as error:
        raise FileError(f"{folder}: another process is training there; choose another folder with --out") from error
    except (OSError, NotImplementedError) as error:
        raise FileError(f"{folder}: cannot be written as a run folder ({error})") from error
    try:
        yield
    finally:
        lock.release()


def _prefixed(prefix: str, arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {f"{prefix}.{name}": array for name, array in arrays.items()}


def _below(prefix: str, arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name[len(prefix) + 1 :]: array for name, array in arrays.items() if name.startswith(prefix + ".")}


def _checked_history(rows: Any) -> list[dict[str, float]]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("its history is no list of rows")
    if any(
        not isinstance(value, int | float) or row.keys() != rows[0].keys() for row in rows for value in row.values()
    ):
        raise ValueError("its history is no table of numbers")
    return rows


def _as_csv(rows: list[dict[str, float]]) -> bytes:
    text = StringIO()
    if rows:
        writer = csv.DictWriter(text, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return text.getvalue().encode()


class Zeros(np.random.Generator):
    """In place of a generator of initial weights: zeros, and no more than `most`, about so many as the file holds.

    The sizes in a config are not to be trusted: they may ask for more memory than there is.
    """

    def __init__(self, most: int):
        super().__init__(np.random.PCG64(0))
        self.left = most

    def random(self, shape: tuple[int, ...], dtype: Any) -> np.ndarray:  # type: ignore[override]
        self.left -= math.prod(shape)
        if self.left < 0:
            raise MemoryError(f"config.json asks for ones of shape {shape}, more than it holds")
        return np.zeros(shape, dtype)


def _as_json(value: Any) -> bytes:
    return (json.dumps(value, indent=2) + "\n").encode()
