"""All that training needs to go on, in one file that is replaced whole every epoch.

Whenever a process is killed, the folder holds its last epoch. The weights and the
history are there once more, for readers. Only safetensors, JSON and CSV: to load them,
even a stranger's, runs none of their code.
"""

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np

from ..nn import Module
from ..optim import LRScheduler, Optimizer
from ..support.errors import DivergenceError, FileError
from ..support.files import locked, write_whole
from . import saving
from .old_states import as_written_now

CHECKPOINT, WEIGHTS, HISTORY = (
    "checkpoint.safetensors",
    "model.safetensors",
    "history.csv",
)
Row = dict[str, float]


def save_checkpoint(
    folder: Path,
    model: Module,
    optimizers: list[Optimizer],
    history: list[Row],
    schedule: LRScheduler | None = None,
) -> None:
    """Everything after an epoch: weights, optimisers, schedule, and the history.

    Its length is the number of epochs done. There is no state of random generators to
    keep: each epoch's are made from the seed and the epoch's number.
    """
    from safetensors.numpy import save

    arrays = _prefixed("model", model.state_dict())
    for index, optimizer in enumerate(optimizers):
        arrays |= _prefixed(f"optimizer.{index}", optimizer.state_dict())
    if schedule is not None:
        arrays |= _prefixed("schedule", schedule.state_dict())
    write_whole(folder / CHECKPOINT, save(arrays, {"history": json.dumps(history)}))
    write_whole(folder / WEIGHTS, saving.as_bytes(model))
    write_whole(folder / HISTORY, as_csv(history))


def load_checkpoint(
    folder: Path,
    model: Module,
    optimizers: list[Optimizer],
    schedule: LRScheduler | None = None,
) -> list[Row]:
    """Put model, optimisers and schedule back to where the last whole epoch left them.

    Returns the history so far. Raises FileError where there is no checkpoint, or one of
    another model.
    """
    from safetensors import SafetensorError, safe_open

    path = folder / CHECKPOINT
    try:
        with safe_open(path, framework="np") as file:
            arrays = {name: file.get_tensor(name) for name in file.keys()}
            history = _checked(json.loads((file.metadata() or {})["history"]))
        model.load_state_dict(_below("model", arrays))
        for index, optimizer in enumerate(optimizers):
            state = _below(f"optimizer.{index}", arrays)
            optimizer.load_state_dict(as_written_now(optimizer, state))
        if schedule is not None:
            schedule.load_state_dict(_below("schedule", arrays))
    except (*saving.DAMAGED, RecursionError, SafetensorError) as error:
        wanted = "expected a checkpoint of this run's training"
        raise FileError(f"{path}: {wanted} ({error})") from error
    return history


def epochs_done(folder: Path) -> int:
    """How many epochs the checkpoint in a folder has."""
    from safetensors import safe_open

    with safe_open(folder / CHECKPOINT, framework="np") as file:
        return len(json.loads(file.metadata()["history"]))


def as_columns(history: list[Row]) -> dict[str, list[float]]:
    """A list of rows as a dict of columns."""
    return {name: [row[name] for row in history] for name in (history or [{}])[0]}


def as_csv(history: list[Row]) -> bytes:
    text = StringIO()
    if history:
        writer = csv.DictWriter(text, fieldnames=list(history[0]))
        writer.writeheader()
        writer.writerows(history)
    return text.getvalue().encode()


class Keeper:
    """Keeps checkpoints in a folder; does nothing where there is none."""

    def __init__(
        self,
        folder: str | Path | None,
        model: Module,
        optimizers: list[Optimizer],
        schedule: LRScheduler | None = None,
    ):
        self.folder = None if folder is None else Path(folder)
        self.model, self.optimizers, self.schedule = model, optimizers, schedule

    def lock(self) -> Any:
        return nullcontext() if self.folder is None else locked(self.folder)

    def begin(self, resume: bool, overwrite: bool) -> list[Row]:
        """The history so far: that of the checkpoint, or none."""
        if self.folder is None:
            if resume:
                raise ValueError("fit: resume=True needs the folder to resume from")
            return []
        if resume:
            content = self.model, self.optimizers, self.schedule
            return load_checkpoint(self.folder, *content)
        if (self.folder / CHECKPOINT).exists() and not overwrite:
            raise FileError(
                f"{self.folder}: holds a checkpoint already; choose another folder, "
                "or resume=True, or overwrite=True"
            )
        self.checkpoint([])
        return []

    def checkpoint(self, history: list[Row]) -> None:
        if self.folder is None:
            return
        content = self.folder, self.model, self.optimizers, history, self.schedule
        try:
            save_checkpoint(*content)
        except KeyboardInterrupt:
            save_checkpoint(*content)  # again, so that all its files are of one epoch
            raise

    @contextmanager
    def told(self) -> Iterator[None]:
        """Whatever ends an epoch early, the message says what is kept."""
        try:
            yield
        except (KeyboardInterrupt, FileError, DivergenceError) as error:
            if self.folder is None:
                raise
            kept = f"{self.folder} keeps epoch {epochs_done(self.folder)}"
            told = f"{error}; {kept}" if str(error) else kept
            raised = type(error)(told)
            raised.add_note(
                f"fit(..., folder={str(self.folder)!r}, resume=True) goes on."
            )
            raise raised from error


def _prefixed(prefix: str, arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {f"{prefix}.{name}": array for name, array in arrays.items()}


def _below(prefix: str, arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    start = prefix + "."
    return {
        name.removeprefix(start): array
        for name, array in arrays.items()
        if name.startswith(start)
    }


def _checked(rows: Any) -> list[Row]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("its history is not a list of rows")
    for row in rows:
        numbers = all(isinstance(value, int | float) for value in row.values())
        if not numbers or row.keys() != rows[0].keys():
            raise ValueError("its history is not a table of numbers")
    return rows
