"""The folder that `minae train` leaves.

config.json, checkpoint.safetensors, model.safetensors, history.csv, metrics.json and
figures/*.png. Loading a run, even a stranger's, runs none of its code.
"""

import csv
import json
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

from ..nn import Module
from ..optim import Optimizer
from ..support.argument_checks import check_file
from ..support.errors import FileError
from ..support.files import LOCK, write_whole
from . import checkpoint
from .checkpoint import CHECKPOINT, HISTORY, WEIGHTS, Row
from .config import CONFIG, build, read_config
from .saving import DAMAGED, as_bytes, zeros_for

METRICS = "metrics.json"
MADE_BY_TRAINING = (CONFIG, WEIGHTS, CHECKPOINT, HISTORY, METRICS)


class Run:
    """One run folder. `Run.create` makes a new one, `Run.open` finds an old one."""

    def __init__(self, folder: Path, config: dict[str, Any]):
        self.folder = folder
        self.config = config

    @classmethod
    def create(
        cls, folder: str | Path, config: dict[str, Any], overwrite: bool = False
    ) -> "Run":
        """An empty run folder.

        It becomes a run by `save_config`, which comes last, when there are weights to
        load. Raises FileError where the folder holds something already (and overwrite
        is False) or cannot be written.
        """
        folder = Path(folder)
        check_free(folder, overwrite)
        try:
            (folder / "figures").mkdir(parents=True, exist_ok=True)
            for old in MADE_BY_TRAINING:
                (folder / old).unlink(missing_ok=True)
        except OSError as error:
            raise _cannot_be_written(folder, error) from error
        return cls(folder, config)

    @classmethod
    def open(cls, folder: str | Path) -> "Run":
        """An existing run folder. Raises FileError as `read_config` does."""
        return cls(Path(folder), read_config(Path(folder)))

    @property
    def figures(self) -> Path:
        return self.folder / "figures"

    def save_config(self) -> None:
        self._write(CONFIG, _as_json(self.config))

    def save_model(self, model: Module) -> None:
        """The weights, whole or not at all."""
        self._write(WEIGHTS, as_bytes(model))

    def load_model(self) -> Any:
        """The model that `config` describes, with the saved weights.

        Raises FileError where they do not fit.
        """
        path = self.folder / WEIGHTS
        weights = _read_weights(path)
        try:
            model = build(self.config, zeros_for(weights))
        except (ValueError, TypeError) as error:
            told = f"does not describe a model ({error})"
            raise FileError(f"{self.folder / CONFIG}: {told}") from error
        except MemoryError as error:
            raise _not_the_weights(path, error) from error
        try:
            model.load_state_dict(weights)
        except ValueError as error:
            raise _not_the_weights(path, error) from error
        return model

    def save_checkpoint(
        self, model: Module, optimizers: list[Optimizer], history: list[Row]
    ) -> None:
        """Everything after an epoch: see `checkpoint.save_checkpoint`."""
        checkpoint.save_checkpoint(self.folder, model, optimizers, history)

    def load_checkpoint(self, model: Module, optimizers: list[Optimizer]) -> list[Row]:
        """Back to the last complete epoch: see `checkpoint.load_checkpoint`."""
        return checkpoint.load_checkpoint(self.folder, model, optimizers)

    def epochs(self) -> int:
        """How many epochs the checkpoint has."""
        return checkpoint.epochs_done(self.folder)

    def history(self) -> dict[str, list[float]]:
        """The columns of history.csv. Raises FileError where it cannot be read."""
        path = self.folder / HISTORY
        try:
            with path.open(newline="", encoding="utf-8") as file:
                rows = list(csv.DictReader(file))
            names = rows[0] if rows else ()
            return {name: [float(row[name]) for row in rows] for name in names}
        except (OSError, ValueError, TypeError, csv.Error) as error:
            raise FileError(f"{path}: expected columns of numbers ({error})") from error

    def save_metrics(self, metrics: dict[str, Any]) -> None:
        self._write(METRICS, _as_json(metrics))

    def save_figure(self, name: str, figure: Any) -> None:
        """A matplotlib Figure, as figures/NAME.png."""
        picture = BytesIO()
        figure.savefig(picture, format="png")
        with suppress(OSError):  # what is wrong, writing will tell
            self.figures.mkdir(exist_ok=True)
        self._write(f"figures/{name}.png", picture.getvalue())

    def _write(self, name: str, content: bytes) -> None:
        write_whole(self.folder / name, content)


def check_free(folder: Path, overwrite: bool) -> None:
    """Raises FileError for a folder that holds something, unless that may go."""
    try:
        there = folder.exists() and any(path.name != LOCK for path in folder.iterdir())
    except OSError as error:
        raise _cannot_be_written(folder, error) from error
    if there and not overwrite:
        told = "is not empty; choose another folder with --out, or add --overwrite"
        raise FileError(f"{folder}: {told}")


def _read_weights(path: Path) -> Any:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    check_file(path, "the weights of this run's model")
    try:
        return load_file(path)
    except (*DAMAGED, SafetensorError) as error:
        raise _not_the_weights(path, error) from error


def _not_the_weights(path: Path, error: Exception) -> FileError:
    return FileError(f"{path}: expected the weights of this run's model ({error})")


def _cannot_be_written(folder: Path, error: OSError) -> FileError:
    return FileError(f"{folder}: cannot be written as a run folder ({error.strerror})")


def _as_json(value: Any) -> bytes:
    return (json.dumps(value, indent=2) + "\n").encode()
