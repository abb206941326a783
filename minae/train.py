"""What `minae train` does: a run from its options, epoch after epoch, to its figures."""

import argparse
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from . import __version__, plots
from .anomaly import detect_anomaly
from .backend import Array, library
from .data import Dataset, Split
from .errors import DivergenceError, FileError
from .models import Autoencoder
from .optim import Optimizer
from .runs import Run, check_free, locked
from .systems import SYSTEMS
from .training import evaluate, train_epoch

Row = dict[str, float]


def train(options: argparse.Namespace) -> None:
    """Train a model on the training split, test it on the test split, and leave all of it in the run folder."""
    folder = Path(options.resume or options.out or _free_folder(options.model))
    config = _resumed(folder, options) if options.resume else _new(folder, options)
    data, system = _data(config, options.device), SYSTEMS[options.model]
    config["image_shape"] = list(data.train.images.shape[1:])
    model = system.build(config, seeds(config["seed"])[0])
    model.to(options.device)
    with locked(folder):
        run = Run(folder, config) if options.resume else Run.create(folder, config, options.overwrite)
        _train(run, model, data, options)
        _report(run, model, data)


def _new(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """The config of a new run."""
    check_free(folder, options.overwrite)
    return {"minae": __version__, **_defaults(options.model), **_chosen(options)}


def _resumed(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """The config of the run in `folder`, perhaps with more epochs."""
    trained, chosen = Run.open(folder).config, _chosen(options)
    epochs = chosen.pop("epochs", trained.get("epochs"))
    for name, value in {"model": options.model, **chosen}.items():
        if trained.get(name) != (list(value) if isinstance(value, tuple) else value):
            raise ValueError(
                f"{folder}: was trained with {name.replace('_', '-')} {trained.get(name)}, and a resumed run keeps all "
                f"its options but --epochs; found {value}"
            )
    return {"minae": __version__, **_defaults(options.model), **trained, "epochs": epochs}


def _chosen(options: argparse.Namespace) -> dict[str, Any]:
    """What the command line says of the options that a run must remember, to be loaded and to be repeated."""
    names = ("data", "epochs", "batch_size", "lr", "decay", *SYSTEMS[options.model].options, "limit", "seed")
    return {name: getattr(options, name) for name in names if getattr(options, name) is not None}


def _defaults(model: str) -> dict[str, Any]:
    system = SYSTEMS[model]
    common = {name: getattr(system, name) for name in ("epochs", "batch_size", "lr", "decay")}
    own = {name: option.default for name, option in system.options.items()}
    return {"model": model, "data": "mnist", **common, **own, "limit": None, "seed": 0}


def _data(config: dict[str, Any], device: str) -> Dataset:
    """The images of a run, on the device."""
    data, xp = Dataset(config["data"], config["limit"]), library(device)
    check_labels(config["model"], data)
    if config["batch_size"] > (count := len(data.train.images)):
        raise ValueError(f"--batch-size {config['batch_size']} is larger than the training data, {count} images")
    for name in ("train", "test"):
        images, labels = getattr(data, name)
        setattr(data, name, Split(xp.asarray(images), None if labels is None else xp.asarray(labels)))
    return data


def check_labels(model: str, data: Dataset) -> None:
    if SYSTEMS[model].conditional and data.test.labels is None:
        raise FileError(f"{data.source}: expected images with labels, which {model} needs, found images alone")


def _train(run: Run, model: Autoencoder, data: Dataset, options: argparse.Namespace) -> None:
    """From the last epoch that the run has, or from the first, to the last that it shall have."""
    config, xp = run.config, library(options.device)
    optimizers = model.optimizers(config["lr"])
    history: list[Row] = run.load_checkpoint(model, optimizers) if options.resume else []
    if not options.resume:
        run.save_checkpoint(model, optimizers, history)
    run.save_config()
    _announce(config, data, len(history))

    start, steps = time.perf_counter(), math.ceil(len(data.train.images) / config["batch_size"])
    watched = detect_anomaly() if options.detect_anomaly else nullcontext()
    total, done = config["epochs"] * steps, len(history) * steps
    with watched, tqdm(total=total, initial=done, disable=None, unit="batch") as bar:
        for epoch in range(len(history) + 1, config["epochs"] + 1):
            bar.set_description(f"epoch {epoch}/{config['epochs']}")
            with _told_what_is_kept(run):
                history.append(_epoch(model, optimizers, data, config, epoch, xp, bar))
                try:
                    run.save_checkpoint(model, optimizers, history)
                except KeyboardInterrupt:
                    run.save_checkpoint(model, optimizers, history)  # again, so that all its files are of one epoch
                    raise
    print(f"trained {max(0, config['epochs'] - done // steps)} epochs in {time.perf_counter() - start:.0f} s")


@contextmanager
def _told_what_is_kept(run: Run) -> Iterator[None]:
    """Whatever ends an epoch early, the message says what there is to go on with."""

    def kept() -> str:
        return f"{run.folder} keeps epoch {run.epochs()}: --resume {run.folder} goes on from there"

    try:
        yield
    except KeyboardInterrupt as error:
        raise KeyboardInterrupt(kept()) from error
    except FileError as error:
        raise FileError(f"{error}; {kept()}") from error


def _announce(config: dict[str, Any], data: Dataset, done: int) -> None:
    for note in data.notes:
        print(f"{config['data']}: {note}")
    train, test, minutes = len(data.train.images), len(data.test.images), SYSTEMS[config["model"]].minutes
    print(f"training {config['model']} on {train:,} images of {config['data']}; test: {test:,} others")
    if done:
        print(f"epochs 1 to {done} are done already")
    elif minutes:
        print(f"by default, on all of MNIST, this takes about {minutes} minutes")


def _epoch(
    model: Autoencoder,
    optimizers: list[Optimizer],
    data: Dataset,
    config: dict[str, Any],
    epoch: int,
    xp: Any,
    bar: tqdm,
) -> Row:
    """One epoch and its row of the history. All randomness comes from the seed and the epoch's number."""
    order_seed, noise_seed = seeds(config["seed"], epoch)
    norms, progress = GradientNorms(model), Progress(bar)

    def after_step(loss: float) -> None:
        norms.after_step()
        progress.after_step(loss)

    try:
        with np.errstate(all="ignore"):  # what overflows ends in a loss that is no number, which is told as such
            trained = train_epoch(
                model,
                optimizers,
                data.train,
                batch_size=config["batch_size"],
                shuffle_rng=np.random.default_rng(order_seed),
                noise_rng=xp.random.default_rng(noise_seed),
                decay=config["decay"],
                after_step=after_step,
            )
            tested = evaluate(model, data.test, xp.random.default_rng(config["seed"]))
        if not all(map(math.isfinite, tested.values())):
            raise DivergenceError("its loss on the test images is no finite number")
    except DivergenceError as error:
        raise DivergenceError(
            f"training diverged in epoch {epoch}: {error}. The run keeps epoch {epoch - 1}. Try a smaller --lr than "
            f"{config['lr']:g}, or see with --detect-anomaly which op begins it"
        ) from error
    named = {"train": trained, "test": tested, "gradient": norms.means()}
    return {"epoch": epoch, **{f"{kind}_{name}": value for kind, row in named.items() for name, value in row.items()}}


class GradientNorms:
    """The mean length of the gradient of each weight matrix or kernel, over every twentieth step of an epoch."""

    EVERY = 20

    def __init__(self, model: Autoencoder):
        self.weights = {name: weight for name, weight in model.named_parameters() if weight.ndim > 1}
        self.sums: dict[str, Any] = dict.fromkeys(self.weights, 0.0)
        self.steps = self.counted = 0

    def after_step(self) -> None:
        if self.steps % self.EVERY == 0:
            self.counted += 1
            for name, weight in self.weights.items():
                grad: Array = weight.grad
                self.sums[name] += (grad * grad).sum() ** 0.5
        self.steps += 1

    def means(self) -> Row:
        return {name: float(total) / self.counted for name, total in self.sums.items()}


class Progress:
    """Moves the bar and shows the running loss: the mean of about the last hundred batches'."""

    def __init__(self, bar: tqdm):
        self.bar = bar
        self.loss: float | None = None

    def after_step(self, loss: float) -> None:
        self.loss = loss if self.loss is None else 0.99 * self.loss + 0.01 * loss
        self.bar.set_postfix(loss=f"{self.loss:.1f}", refresh=False)
        self.bar.update()


def _report(run: Run, model: Autoencoder, data: Dataset) -> None:
    """Measure the trained model, and draw what it does."""
    report, seed = SYSTEMS[run.config["model"]].report, run.config["seed"]
    metrics = report.measure(model, data, seed)
    run.save_metrics({"unit": report.UNIT, "test_images": len(data.test.images), "test": metrics})
    for line in report.describe(metrics):
        print(f"test: {line}")
    history = run.history()
    figures = {"losses": plots.loss_curves(history, report.LOSSES, report.UNIT)}
    figures["gradients"] = plots.gradient_norms(history)
    figures |= report.figures(model, data, seed)
    for name, figure in figures.items():
        run.save_figure(name, figure)
    print(f"pictures in {run.figures}: {', '.join(f'{name}.png' for name in figures)}")


def _free_folder(model: str) -> Path:
    """runs/vae, or the first of runs/vae-2, runs/vae-3, ... that is free."""
    folder, number = Path("runs") / model, 1
    while folder.exists():
        number += 1
        folder = Path("runs") / f"{model}-{number}"
    return folder


def seeds(*entropy: int) -> list[int]:
    """Two independent seeds made of a seed, and of the number of an epoch if there is one."""
    return [int(word) for word in np.random.SeedSequence(entropy).generate_state(2)]
