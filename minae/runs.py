"""The run folder: `model.safetensors`, `config.json`, `history.csv`, `metrics.json` and `figures/`.

Only safetensors, JSON and CSV: loading a run, even a stranger's, runs none of its code.
"""

import csv
import json
import os
from pathlib import Path
from typing import Any

import safetensors
import safetensors.numpy

from .errors import FileError
from .nn import Module
from .systems import SYSTEMS

NEEDED = ("image_shape", "data", "limit", "seed")  # what the commands read of a config, besides the model's sizes


class Run:
    """One run folder. `Run.create` makes a new one, `Run.open` finds an old one."""

    def __init__(self, folder: Path, config: dict[str, Any]):
        self.folder = folder
        self.config = config

    @classmethod
    def create(cls, folder: str | Path, config: dict[str, Any], overwrite: bool = False) -> "Run":
        """A new run folder holding `config`.

        Raises FileError where the folder holds something already (and overwrite is False) or cannot be written.
        """
        folder = Path(folder)
        try:
            if folder.exists() and any(folder.iterdir()) and not overwrite:
                raise FileError(f"{folder}: is not empty; choose another folder with --out, or add --overwrite")
            (folder / "figures").mkdir(parents=True, exist_ok=True)
            for old in ("model.safetensors", "history.csv", "metrics.json"):
                (folder / old).unlink(missing_ok=True)
            run = cls(folder, config)
            run._write("config.json", _as_json(config))
        except OSError as error:
            raise FileError(f"{folder}: cannot be written as a run folder ({error.strerror})") from error
        return run

    @classmethod
    def open(cls, folder: str | Path) -> "Run":
        """An existing run folder. Raises FileError where there is none, or its config cannot be read."""
        folder = Path(folder)
        path = folder / "config.json"
        if not path.is_file():
            raise FileError(f"{folder}: is no run folder (it has no config.json); `minae train` makes one")
        try:
            config = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise FileError(f"{path}: expected JSON ({error})") from error
        if not isinstance(config, dict) or config.get("model") not in SYSTEMS:
            raise FileError(f"{path}: expected a model among {', '.join(SYSTEMS)}")
        if missing := [key for key in NEEDED if key not in config]:
            raise FileError(f"{path}: expected also {', '.join(missing)}")
        return cls(folder, config)

    @property
    def figures(self) -> Path:
        return self.folder / "figures"

    def save_model(self, model: Module) -> None:
        """The weights, whole or not at all."""
        self._write("model.safetensors", safetensors.numpy.save(model.state_dict(), {"model": self.config["model"]}))

    def load_model(self, rng: Any = None) -> Any:
        """The model that `config` describes, with the saved weights. Raises FileError where they do not fit."""
        path = self.folder / "model.safetensors"
        try:
            model = SYSTEMS[self.config["model"]].build(self.config, rng)
        except (ValueError, TypeError) as error:
            raise FileError(f"{self.folder / 'config.json'}: describes no model ({error})") from error
        try:
            model.load_state_dict(safetensors.numpy.load_file(path))
        except (OSError, ValueError, safetensors.SafetensorError) as error:
            raise FileError(f"{path}: expected the weights of this run's model ({error})") from error
        return model

    def append_history(self, row: dict[str, float]) -> None:
        """One more row of `history.csv`, with the column names before the first."""
        path = self.folder / "history.csv"
        with path.open("a", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(row))
            if file.tell() == 0:
                writer.writeheader()
            writer.writerow(row)

    def history(self) -> dict[str, list[float]]:
        """The columns of `history.csv`."""
        with (self.folder / "history.csv").open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        return {name: [float(row[name]) for row in rows] for name in (rows[0] if rows else ())}

    def save_metrics(self, metrics: dict[str, Any]) -> None:
        self._write("metrics.json", _as_json(metrics))

    def _write(self, name: str, content: bytes) -> None:
        """Write a file under another name first: a reader never sees half of it."""
        path = self.folder / name
        unfinished = path.with_name(name + ".unfinished")
        unfinished.write_bytes(content)
        os.replace(unfinished, path)


def _as_json(value: Any) -> bytes:
    return (json.dumps(value, indent=2) + "\n").encode()
