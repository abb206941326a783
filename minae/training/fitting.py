"""`minae.fit`: train a model on arrays, epoch after epoch, and remember how it went."""

import math
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..backend import default_rng, xp_of
from ..data import Dataset
from ..models import Model
from ..optim import LRScheduler, Optimizer
from ..support.argument_checks import check_whole
from ..support.errors import DivergenceError
from ..support.threads import limited
from . import shares
from .checkpoint import Keeper, Row, as_columns
from .estimate import Estimate, announcement
from .input_arrays import Examples, as_examples, as_measured
from .loop import evaluate, train_epoch
from .progress import GradientNorms, Progress
from .shares import Alone

BATCH_SIZE = 128
FORWARD = 1 / 3  # of a training step's time: what measuring as many inputs takes


def fit(
    model: Model,
    inputs: Any,
    labels: Any = None,
    *,
    validation: Any = None,
    epochs: int = 20,
    batch_size: int | None = None,
    lr: float = 1e-3,
    decay: float = 1.0,
    optimizer: Optimizer | list[Optimizer] | None = None,
    schedule: LRScheduler | None = None,
    seed: int = 0,
    progress: bool = True,
    about: Callable[[Estimate], str | None] = announcement,
    folder: str | Path | None = None,
    resume: bool = False,
    overwrite: bool = False,
    alone: bool = False,
) -> dict[str, list[float]]:
    """Train a model to make its "loss" small on all inputs.

    In a program that `mpiexec -n P` started, each of the P processes computes its share
    of every batch (training/shares.py says how). All call `fit` with the same arguments
    and end with the same weights and history. Process 0 shows the progress and keeps
    the folder; the others start from its weights, or resume from its checkpoint.

    Args:
        model: says what its losses are: a `minae.models.Model`, one of minae's or your
            own. It is changed in place, and left in evaluation mode (`Module.eval`).
        inputs: an array (N, ...) of what the model takes, such as images in [0, 1].
            Floats are turned into the model's dtype, and moved to its device. Or a
            `minae.data.Dataset`, or the name or path of one: its training split is
            learned from, and its test split measured if no validation is given.
            For minae's autoencoders, images are accepted as `Dataset` accepts arrays.
        labels: (N, ...), for models that are told labels.
        validation: inputs that are not learned from, or a pair (inputs, labels): their
            losses are measured after every epoch. A dict measures several, by name.
        epochs: passes over all inputs; when resuming, with those done before.
        batch_size: inputs per step (128, or all where there are fewer).
        lr, decay: the learning rate, and what it is multiplied by after every step.
        optimizer: instead of the model's own (Adam): one, or a list for a model that
            steps several. `lr` is then the optimiser's business.
        schedule: of that optimiser's learning rate, such as StepLR; one step an epoch.
        seed: decides order and noise: same seed, same weights at first, same run.
        progress: whether to show a bar, or a line per epoch, and after the first
            seconds how long training takes.
        about: puts that into words.
        folder: keep a checkpoint there after every epoch, and the weights and history.
        resume: go on from the folder's checkpoint, with the same arguments otherwise.
        overwrite: replace the checkpoint that the folder holds already.
        alone: train in this process only, even if `mpiexec` started several.

    Returns the history: for each name ("epoch", "train_loss", "validation_loss", ...,
    and "gradient_..." for the mean length of each weight's gradient) a list with a
    number for every epoch.

    Raises TypeError for anything but a Model and arrays; ValueError for arrays that
    hold NaN or infinity, for unequal numbers of inputs and labels, and for numbers out
    of range, and for processes that cannot train together; DivergenceError where a loss
    is not finite any more; FileError where the folder cannot be used.
    """
    _check(model, epochs, seed)
    team = Alone() if alone else shares.team()
    shown = progress and team.rank == 0
    if isinstance(inputs, str | os.PathLike | Dataset):
        inputs, labels, validation = _from_dataset(inputs, labels, validation, shown)
    train = as_examples(model, "inputs", inputs, labels)
    measured = as_measured(model, validation)
    optimizers = _optimizers(model, optimizer, lr)
    _check_schedule(schedule, optimizers)
    size = _batch_size(batch_size, len(train[0]))
    how = size, decay, seed, schedule
    fitting = Fitting(model, optimizers, train, measured, *how, team)
    kept = folder if team.rank == 0 else None
    keep = Keeper(kept, model, optimizers, schedule)
    with limited(team.threads()), ExitStack() as held:
        fitting.check_team(epochs)
        team.first(lambda: held.enter_context(keep.lock()))
        history = team.first(lambda: keep.begin(resume, overwrite))
        fitting.follow_first()
        sizes = epochs, fitting.steps, len(history)
        bar = Progress(*sizes, shown, fitting.measuring, about)
        with keep.told(), bar, in_use_afterwards(model):
            for number in range(len(history) + 1, epochs + 1):
                bar.begin_epoch(number)
                history.append(fitting.epoch(number, bar.after_step))
                team.first(lambda: keep.checkpoint(history))
                bar.end_epoch(history[-1])
    return as_columns(history)


@contextmanager
def in_use_afterwards(model: Model) -> Iterator[None]:
    """However training ends, the model is then in evaluation mode."""
    try:
        yield
    finally:
        model.eval()


@dataclass
class Fitting:
    """One call of `fit`: what is trained, on what, and how."""

    model: Model
    optimizers: list[Optimizer]
    train: Examples
    measured: dict[str, Examples]
    batch_size: int
    decay: float
    seed: int
    schedule: LRScheduler | None = None
    team: Alone = field(default_factory=Alone)

    @property
    def steps(self) -> int:
        """How many steps an epoch has."""
        return math.ceil(len(self.train[0]) / self.batch_size)

    def check_team(self, epochs: int) -> None:
        """Raises ValueError for processes that cannot train together."""
        if self.team.size > 1 and xp_of(self.train[0]) is not np:
            raise ValueError("fit: by shares, models are trained on device 'cpu' only")
        self.team.check_same(
            inputs=lambda: shares.checksum(*self.train),
            validation=lambda: [shares.checksum(*x) for x in self.measured.values()],
            arguments=lambda: (epochs, self.batch_size, self.decay, self.seed),
        )

    def follow_first(self) -> None:
        """All processes begin where process 0 does."""
        self.team.follow_first(self.model, *self.optimizers)
        if self.schedule is not None:
            self.team.follow_first(self.schedule)

    def epoch(self, number: int, after_step: Callable[[float], None]) -> Row:
        """One epoch and its row of the history."""
        lr, norms = self.optimizers[0].lr, GradientNorms(self.model, self.team)

        def after(loss: float) -> None:
            norms.after_step()
            after_step(loss)

        try:
            with np.errstate(all="ignore"):  # what overflows is refused as a loss
                row = {"epoch": number, **self._train(number, after), **self._measure()}
        except DivergenceError as error:
            told = DivergenceError(f"training diverged in epoch {number}: {error}")
            told.add_note(
                f"Try a smaller lr than {lr:g}, or see under minae.detect_anomaly() "
                "which op begins it."
            )
            raise told from error
        if self.schedule is not None:
            self.schedule.step()
        return row | {f"gradient_{name}": x for name, x in norms.means().items()}

    @property
    def measuring(self) -> float:
        """About how many steps' time it takes to measure the losses after an epoch."""
        count = sum(len(inputs) for inputs, _ in self.measured.values())
        return FORWARD * count / self.batch_size

    def _train(self, number: int, after_step: Callable[[float], None]) -> Row:
        """All randomness comes from the seed and the epoch's number."""
        order_seed, noise_seed = seeds(self.seed, number)
        noise_rng = default_rng(noise_seed, xp_of(self.train[0]))
        losses = train_epoch(
            self.model,
            self.optimizers,
            self.train,
            batch_size=self.batch_size,
            shuffle_rng=np.random.default_rng(order_seed),
            noise_rng=noise_rng,
            decay=self.decay,
            after_step=after_step,
            team=self.team,
        )
        # a model that drew more in one process than in another is refused
        state = {"random numbers": lambda: noise_rng.bit_generator.state}
        self.team.check_same(**state)
        self.team.follow_first(self.model)
        return {f"train_{name}": value for name, value in losses.items()}

    def _measure(self) -> Row:
        """The losses on each set to measure on, with the same noise at every epoch."""
        row: Row = {}
        for kind, examples in self.measured.items():
            rng = default_rng(self.seed, xp_of(examples[0]))
            losses = evaluate(self.model, examples, rng, team=self.team)
            for name, value in losses.items():
                if not math.isfinite(value):
                    raise DivergenceError(f"its {name} on {kind} data is not finite")
                row[f"{kind}_{name}"] = value
        return row


def _from_dataset(
    inputs: Any, labels: Any, validation: Any, told: bool
) -> tuple[Any, Any, Any]:
    """The inputs, labels and validation that a data set, or its name, stands for."""
    data = inputs if isinstance(inputs, Dataset) else Dataset(inputs)
    images, own_labels = data.train
    validation = tuple(data.test) if validation is None else validation
    for note in data.notes if told else ():
        print(f"{data.source}: {note}")
    return images, own_labels if labels is None else labels, validation


def seeds(*entropy: int) -> list[int]:
    """Two independent seeds made of one, or of one and the number of an epoch."""
    return [int(word) for word in np.random.SeedSequence(entropy).generate_state(2)]


def _check(model: Any, epochs: Any, seed: Any) -> None:
    if not isinstance(model, Model):
        raise TypeError(
            "fit: expected a minae.models.Model, which has the method "
            f"losses(x, labels, rng), found {type(model).__name__}"
        )
    check_whole("fit: epochs", epochs, 1)
    check_whole("fit: seed", seed, 0)


def _batch_size(batch_size: int | None, count: int) -> int:
    if batch_size is None:
        return min(BATCH_SIZE, count)
    check_whole("fit: batch_size", batch_size, 1)
    if batch_size > count:
        told = f"is larger than the number of inputs, {count}"
        raise ValueError(f"fit: batch_size {batch_size} {told}")
    return batch_size


def _optimizers(model: Model, optimizer: Any, lr: float) -> list[Optimizer]:
    if optimizer is None:
        return model.optimizers(lr)
    optimizers = list(optimizer) if isinstance(optimizer, list | tuple) else [optimizer]
    if not optimizers or not all(isinstance(one, Optimizer) for one in optimizers):
        raise TypeError(
            "fit: optimizer must be one of minae.optim, such as "
            f"SGD(model.parameters(), lr=0.1), or a list of them, found {optimizer!r}"
        )
    return optimizers


def _check_schedule(schedule: Any, optimizers: list[Optimizer]) -> None:
    if schedule is None:
        return
    if not isinstance(schedule, LRScheduler):
        found = type(schedule).__name__
        raise TypeError(f"fit: schedule must be one of minae.optim, found {found}")
    if not any(schedule.optimizer is optimizer for optimizer in optimizers):
        raise ValueError("fit: the schedule's optimiser must be given as `optimizer`")
