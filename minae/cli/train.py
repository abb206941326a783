"""`minae train`: from options to a run folder with weights, figures and metrics."""

import argparse
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

from ..backend import library, to_numpy
from ..data import Dataset, Melodies, Split
from ..data.few_labels import draw_labelled, with_few_labels
from ..data.sources import NAMES
from ..models import Model
from ..models.registry import MODELS
from ..reports import report_on
from ..support.anomaly import detect_anomaly
from ..support.errors import DivergenceError, FileError
from ..support.files import locked
from ..support.parsing import above_zero, share, whole
from ..support.processes import launched
from ..support.threads import advice
from ..support.version import __version__
from ..training import fit, shares
from ..training.baselines import baselines
from ..training.fitting import seeds
from ..training.run_folder import Run, check_free
from .announced_time import about_run
from .run_data import binarise_test, check_labels, print_notes, print_test, subject
from .shared_arguments import add_command, add_data, add_melodies, add_value, typed
from .sounds import save_sound

DATA = ("data", "limit", "patch", "resize")  # the options that say what is learned from


def add_to(commands: Any) -> None:
    """Options that are not given are None.

    A new run takes the defaults then, a resumed one what it had.
    """
    about = "train a model; leaves weights, figures and metrics in a run folder"
    parser = add_command(commands, "train", train, about)
    parser.epilog = (
        "mpiexec -n P minae train MODEL divides every batch among P processes, and the "
        "cores of a machine among those on it (pip install 'minae[mpi]')"
    )
    models = parser.add_subparsers(
        title="models", metavar="MODEL", dest="model", required=True
    )
    for name, recipe in MODELS.items():
        command = add_command(models, name, train, recipe.summary)
        _add_folder(command, name)
        of_images, things = recipe.examples == "images", recipe.examples
        (add_data if of_images else add_melodies)(command, recipe.data)
        about = f"passes over the {things}"
        add_value(command, "--epochs", whole(1), recipe.epochs, about)
        about = f"{things} per step"
        add_value(command, "--batch-size", whole(1), recipe.batch_size, about)
        add_value(command, "--lr", above_zero, recipe.lr, "the learning rate")
        about = "what the learning rate is multiplied by after every step"
        add_value(command, "--decay", share, recipe.decay, about)
        for option, known in recipe.options.items():
            flag = f"--{option.replace('_', '-')}"
            add_value(command, flag, known.read, known.default, known.help)
        if recipe.labels:
            about = "training images whose label is known, equally many of each class"
            add_value(command, "--labels", whole(1), recipe.labels, about)
        about = f"use only the first LIMIT {things} of each split"
        command.add_argument("--limit", type=typed(whole(1)), help=about)
        devices = ("cpu", "cuda", "auto")
        about = "where to compute"
        command.add_argument("--device", choices=devices, default="cpu", help=about)
        add_value(command, "--seed", whole(0), 0, "same seed, same run")
        about = "stop at the first NaN or infinity, and say which op made it"
        command.add_argument("--detect-anomaly", action="store_true", help=about)


def train(options: argparse.Namespace) -> None:
    """Train a model on the training split, test it on the test split, and leave all of
    it in the run folder."""
    team = shares.team()
    run = team.first(lambda: _planned(options))
    config = run.config
    data = _data(config, options)
    config["data"] = _from_anywhere(config["model"], config["data"])
    if isinstance(data, Dataset):
        config["image_shape"] = list(data.train.images.shape[1:])
        config["classes"] = None if data.classes is None else list(data.classes)
        _draw_labels(config, data, getattr(options, "labels", None))
    model = MODELS[options.model].build(config, seeds(config["seed"])[0])
    model.to(options.device)
    optimizers = model.optimizers(config["lr"])
    if team.rank == 0:
        _train_and_report(run, model, optimizers, data, options)
    else:
        _fit(run, model, optimizers, data, options)
    team.wait()


def _planned(options: argparse.Namespace) -> Run:
    """The run that is asked for. Nothing is written yet."""
    folder = Path(options.resume or options.out or _free_folder(options.model))
    config = _resumed(folder, options) if options.resume else _new(folder, options)
    return Run(folder, config)


def _train_and_report(
    run: Run,
    model: Model,
    optimizers: Any,
    data: Any,
    options: argparse.Namespace,
) -> None:
    """All that is kept in the run folder."""
    with locked(run.folder):
        if options.resume:
            _check_goes_on(run, done=len(run.load_checkpoint(model, optimizers)))
        else:
            Run.create(run.folder, run.config, options.overwrite)
            model.start_from(data.train[0])
            run.save_checkpoint(model, optimizers, history=[])
        with told_by_options(run):
            run.save_config()
            _train(run, model, optimizers, data, options)
            _report(run, model, data)


def _train(
    run: Run,
    model: Model,
    optimizers: Any,
    data: Any,
    options: argparse.Namespace,
) -> None:
    """From the run's last epoch (a new run has had 0) to the last that is asked for."""
    config, done, several = run.config, run.epochs(), launched()[1] > 1
    _announce(config, data, done)
    if options.threads is None and not several and (told := advice()):
        print(told)
    start = time.perf_counter()
    _fit(run, model, optimizers, data, options)
    new, seconds = max(0, config["epochs"] - done), time.perf_counter() - start
    print(f"trained {new} epochs in {seconds:.0f} s")


def _fit(
    run: Run,
    model: Model,
    optimizers: Any,
    data: Any,
    options: argparse.Namespace,
) -> None:
    config = run.config
    with detect_anomaly() if options.detect_anomaly else nullcontext():
        fit(
            model,
            *_examples(config, data),
            validation={"test": data.test},
            epochs=config["epochs"],
            batch_size=config["batch_size"],
            decay=config["decay"],
            optimizer=optimizers,
            seed=config["seed"],
            about=partial(about_run, run, len(data.train[0])),
            folder=run.folder,
            resume=True,
        )


def _check_goes_on(run: Run, done: int) -> None:
    epochs = run.config["epochs"]
    if epochs < done:
        told = f"it has {done} epochs already, and cannot end at --epochs {epochs}"
        raise ValueError(f"{run.folder}: {told}")


def _report(run: Run, model: Model, data: Any) -> None:
    """Measure the trained model, and draw what it does."""
    from ..reports import plots

    name, seed = run.config["model"], run.config["seed"]
    report, history, examples = report_on(name), run.history(), MODELS[name].examples
    others = baselines(name, model, data, run.config)
    metrics = report.measure(model, data, seed, **others)
    count = {f"test_{examples}": len(data.test[0])}
    run.save_metrics({"unit": report.UNIT, **count, "test": metrics})
    print_test(report.describe(metrics))
    with plots.plain_style():
        figures = {
            "losses": plots.loss_curves(history, report.LOSSES, report.UNIT, examples),
            "gradients": plots.gradient_norms(history),
            **report.figures(model, data, seed),
        }
        for figure_name, figure in figures.items():
            run.save_figure(figure_name, plots.entitle(figure, subject(run)))
    names = ", ".join(f"{figure_name}.png" for figure_name in figures)
    print(f"pictures in {run.figures}: {names}")
    if hasattr(report, "rolls"):
        for sound, melodies in report.rolls(model, data, seed).items():
            save_sound(run.folder / "sounds" / f"{sound}.wav", melodies)


# --- the config of a run --------------------------------------------------------------


def _new(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """The config of a new run."""
    check_free(folder, options.overwrite)
    return {"minae": __version__, **_defaults(options.model), **_chosen(options)}


def _resumed(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """The config of the run in `folder`, perhaps with more epochs."""
    trained, chosen = Run.open(folder).config, _chosen(options)
    epochs = chosen.pop("epochs", trained.get("epochs"))
    if "data" in chosen:
        chosen["data"] = _from_anywhere(options.model, chosen["data"])
    for name, value in {"model": options.model, **chosen}.items():
        had = trained.get(name)
        if had != (list(value) if isinstance(value, tuple) else value):
            raise ValueError(
                f"{folder}: was trained with {name.replace('_', '-')} {had}, and a "
                f"resumed run keeps all its options but --epochs; found {value}"
            )
    defaults = _defaults(options.model)
    return {"minae": __version__, **defaults, **trained, "epochs": epochs}


def _chosen(options: argparse.Namespace) -> dict[str, Any]:
    """What the command line says of the options that a run must remember.

    To be loaded, and to be repeated.
    """
    own = _own_defaults(options.model)
    names = (
        "epochs",
        "batch_size",
        "lr",
        "decay",
        *own,
        "seed",
        *_of_data(options.model),
    )
    chosen = {name: getattr(options, name) for name in names}
    return {name: value for name, value in chosen.items() if value is not None}


def _from_anywhere(model: str, data: str) -> str:
    """The name of a data set; a path as it is found from any folder."""
    names = NAMES if MODELS[model].examples == "images" else (MODELS[model].data,)
    if data in names or not os.path.exists(data):
        return data
    return os.path.abspath(data)


def _of_data(model: str) -> tuple[str, ...]:
    """The options that say what a model learns from."""
    return DATA if MODELS[model].examples == "images" else DATA[:2]


def _defaults(model: str) -> dict[str, Any]:
    recipe = MODELS[model]
    names = ("epochs", "batch_size", "lr", "decay")
    common = {name: getattr(recipe, name) for name in names}
    data = {**dict.fromkeys(_of_data(model)), "data": recipe.data}
    return {"model": model, **common, **_own_defaults(model), "seed": 0, **data}


def _own_defaults(model: str) -> dict[str, Any]:
    """Those of the options that only some models have."""
    recipe = MODELS[model]
    own = {name: option.default for name, option in recipe.options.items()}
    return own | ({"labels": recipe.labels} if recipe.labels else {})


# --- what is around the training ------------------------------------------------------


def _data(config: dict[str, Any], options: argparse.Namespace) -> Any:
    """The images or melodies of a run, on the device."""
    data, xp = _read_data(config), library(options.device)
    recipe = MODELS[config["model"]]
    check_labels(config["model"], data)
    binarise_test(config["model"], data)
    count = len(data.train[0])
    if options.batch_size is None:
        config["batch_size"] = min(config["batch_size"], count)
    if config["batch_size"] > count:
        told = f"is larger than the training data, {count} {recipe.examples}"
        raise ValueError(f"--batch-size {config['batch_size']} {told}")
    for name in ("train", "test"):
        split = getattr(data, name)
        moved = (None if array is None else xp.asarray(array) for array in split)
        setattr(data, name, type(split)(*moved))
    return data


def _draw_labels(config: dict[str, Any], data: Dataset, asked: int | None) -> None:
    """Of a model that learns from few labels, the run remembers which they are."""
    if not MODELS[config["model"]].labels or "labelled" in config:
        return
    labels = to_numpy(data.train.labels)
    if asked is None:
        config["labels"] = min(config["labels"], len(labels))
    drawn = draw_labelled(labels, config["labels"], config["seed"])
    config["labelled"] = drawn.tolist()


def _examples(config: dict[str, Any], data: Any) -> Split:
    """The training examples, with the labels that the model may see."""
    if "labelled" in config:
        images, labels = data.train
        return with_few_labels(images, labels, config["labelled"])
    return data.train


def _read_data(config: dict[str, Any]) -> Any:
    if MODELS[config["model"]].examples == "melodies":
        return Melodies(config["data"], config["bars"], config["limit"])
    chosen = {name: config[name] for name in ("limit", "patch", "resize")}
    return Dataset(config["data"], **chosen)


def _announce(config: dict[str, Any], data: Any, done: int) -> None:
    print_notes(data)
    train, test = len(data.train[0]), len(data.test[0])
    things = MODELS[config["model"]].examples
    what = f"training {config['model']} on {train:,} {things} of {config['data']}"
    if "labelled" in config:
        what += f", {len(config['labelled']):,} of them with a label"
    print(f"{what}; test: {test:,} others")
    if done:
        print(f"epochs 1 to {done} are done already")


@contextmanager
def told_by_options(run: Run) -> Iterator[None]:
    """What `fit` says of its arguments, said of the command's options."""
    try:
        yield
    except DivergenceError as error:
        raise DivergenceError(
            f"{error}. Try a smaller --lr than {run.config['lr']:g}, "
            "or see with --detect-anomaly which op begins it"
        ) from error
    except KeyboardInterrupt as error:
        told = str(error) or f"{run.folder} keeps epoch {run.epochs()}"
        raise KeyboardInterrupt(f"{told}: {_how_to_go_on(run)}") from error
    except FileError as error:
        if f"{run.folder} keeps epoch" not in str(error):
            raise
        raise FileError(f"{error}: {_how_to_go_on(run)}") from error


def _how_to_go_on(run: Run) -> str:
    return f"--resume {run.folder} goes on from there"


def _add_folder(command: argparse.ArgumentParser, name: str) -> None:
    folder = command.add_mutually_exclusive_group()
    about = f"the run folder (default: the first free of runs/{name}, ...)"
    folder.add_argument("--out", metavar="RUN", help=about)
    about = "go on with this run, with the options that it has"
    folder.add_argument("--resume", metavar="RUN", help=about)
    about = "replace what an existing run folder holds"
    command.add_argument("--overwrite", action="store_true", help=about)


def _free_folder(model: str) -> Path:
    """runs/vae, or the first of runs/vae-2, runs/vae-3, ... that is free."""
    folder, number = Path("runs") / model, 1
    while folder.exists():
        number += 1
        folder = Path("runs") / f"{model}-{number}"
    return folder
