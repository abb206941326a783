"""The command `minae`: what each subcommand does."""

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from tqdm import tqdm

from . import __version__, plots
from .backend import library
from .data import Dataset, Split
from .errors import FileError
from .gradtable import check_all, table
from .options import above_zero, whole
from .pictures import in_tiles, read_picture, save_picture
from .runs import Run
from .systems import SYSTEMS
from .training import evaluate, fit, in_batches


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Exit status: 0 done, 1 it failed (and says why in one line), 2 the arguments are wrong."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help()
        return 0
    try:
        options.command(options)
    except KeyboardInterrupt:
        print("minae: interrupted", file=sys.stderr)
        return 130
    except (ValueError, TypeError, OSError, MemoryError) as error:
        if options.debug:
            raise
        print(f"minae: {' '.join(str(error).split()) or type(error).__name__}", file=sys.stderr)
        return 1
    return 0


def train(options: argparse.Namespace) -> None:
    """Train a model on the training split, test it on the test split, and leave all of it in the run folder."""
    system = SYSTEMS[options.model]
    xp = library(options.device)
    data = Dataset(options.data, options.limit)
    _check_labels(options.model, data)
    count = len(data.train.images)
    if options.batch_size > count:
        raise ValueError(f"--batch-size {options.batch_size} is larger than the training data, {count} images")
    config = _config(options, data.train.images.shape[1:])
    weights_seed, order_seed, noise_seed = _seeds(options.seed)
    model = system.build(config, weights_seed)
    model.to(options.device)
    run = Run.create(options.out or _free_folder(options.model), config, options.overwrite)
    _move(data, xp)

    for note in data.notes:
        print(f"{options.data}: {note}")
    print(f"training {options.model} on {count:,} images of {options.data}; test: {len(data.test.images):,} others")
    if system.minutes:
        print(f"by default, on all of MNIST, this takes about {system.minutes} minutes on 2 cores")
    start = time.perf_counter()
    with tqdm(total=options.epochs * -(-count // options.batch_size), disable=None, unit="batch") as bar:
        bar.set_description(f"epoch 1/{options.epochs}")
        epochs = fit(
            model,
            model.optimizers(options.lr),
            data.train,
            epochs=options.epochs,
            batch_size=options.batch_size,
            shuffle_rng=np.random.default_rng(order_seed),
            noise_rng=xp.random.default_rng(noise_seed),
            after_step=_show_progress(bar),
        )
        for epoch, trained in enumerate(epochs, start=1):
            tested = evaluate(model, data.test, xp.random.default_rng(options.seed))
            run.append_history({"epoch": epoch, **_prefixed("train", trained), **_prefixed("test", tested)})
            run.save_model(model)
            bar.set_description(f"epoch {min(epoch + 1, options.epochs)}/{options.epochs}")
    print(f"trained {options.epochs} epochs in {time.perf_counter() - start:.0f} s")

    report = system.report
    metrics = report.measure(model, data, options.seed)
    run.save_metrics({"unit": report.UNIT, "test_images": len(data.test.images), "test": metrics})
    _print_test(report.describe(metrics))
    figures = {"losses": plots.loss_curves(run.history(), report.LOSSES, report.UNIT)}
    figures |= report.figures(model, data, options.seed)
    for name, figure in figures.items():
        figure.savefig(run.figures / f"{name}.png")
    print(f"pictures in {run.figures}: {', '.join(f'{name}.png' for name in figures)}")


def sample(options: argparse.Namespace) -> None:
    """Draw new images from a trained model, and save the picture."""
    run = Run.open(options.run)
    report = SYSTEMS[run.config["model"]].report
    if not hasattr(report, "samples"):
        raise ValueError(f"{run.folder}: a run of {run.config['model']} cannot be sampled from: it has no prior")
    label = {} if options.label is None else {"label": options.label}
    if label and not SYSTEMS[run.config["model"]].conditional:
        raise ValueError(f"{run.folder}: a run of {run.config['model']} knows no labels, so --label cannot choose one")
    figure = report.samples(run.load_model(), options.count, options.seed, **label)
    _save(figure, options.out or run.figures / "samples.png")


def reconstruct(options: argparse.Namespace) -> None:
    """Encode and decode images of the test split, and save both beside each other."""
    run = Run.open(options.run)
    system, (images, labels) = SYSTEMS[run.config["model"]], _dataset(run, options).test
    given = {"labels": labels} if system.conditional else {}
    figure = system.report.reconstructions(run.load_model(), images, options.count, **given)
    _save(figure, options.out or run.figures / "reconstructions.png")


def evaluate_run(options: argparse.Namespace) -> None:
    """Measure a saved run on the whole test split."""
    run = Run.open(options.run)
    report, seed, samples = SYSTEMS[run.config["model"]].report, run.config["seed"], options.importance_samples
    if samples and not hasattr(report, "evidence"):
        raise ValueError(f"{run.folder}: a run of {run.config['model']} has no p(x) for --importance-samples to bound")
    model, data = run.load_model(), _dataset(run, options)
    metrics = report.measure(model, data, seed)
    _print_test(report.describe(metrics))
    if hasattr(report, "details"):
        _print_test(report.details(metrics))
    if samples:
        progress = partial(tqdm, disable=None, unit="batch")
        _print_test(report.evidence(model, data, seed, samples, progress))


def denoise(options: argparse.Namespace) -> None:
    """Take the noise out of your own pictures. Each is made of the size and colours that the run was trained on."""
    model, run = _load(options.run, "denoiser")
    channels, *size = run.config["image_shape"]
    _answer_pictures(options, channels, tuple(size), lambda image: _apply(model.reconstruct, image))


def upscale(options: argparse.Namespace) -> None:
    """Make your own pictures larger, by the factor that the run was trained for."""
    model, run = _load(options.run, "super-resolution")
    enlarge = partial(_apply, model.enlarge)
    _answer_pictures(options, run.config["image_shape"][0], None, lambda image: in_tiles(enlarge, image, model.factor))


def gradcheck_ops(options: argparse.Namespace) -> None:
    """Check the gradients of every op on a table of inputs. Exit status 1 if one does not pass."""
    rows = check_all(rng=options.seed)
    print(table(rows))
    if failed := [row.name for row in rows if not row.ok]:
        raise ValueError(f"gradcheck: {', '.join(failed)} did not pass")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="minae", description="Train autoencoders on a small autograd engine.")
    parser.add_argument("--version", action="version", version=f"minae {__version__}")
    parser.set_defaults(command=None, debug=False)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_train(commands)

    command = _add(commands, "sample", sample, "draw images from a trained model")
    _add_run(command, picture=True)
    command.add_argument("--count", type=whole(1), default=100, help="how many (default: 100)")
    command.add_argument("--seed", type=whole(0), default=0, help="same seed, same images (default: 0)")
    command.add_argument("--label", type=whole(0), help="images of this label only, from a model that knows labels")

    command = _add(commands, "reconstruct", reconstruct, "show test images beside their reconstructions")
    _add_run(command, picture=True)
    _add_data(command)
    command.add_argument("--count", type=whole(1), default=30, help="how many (default: 30)")

    command = _add(commands, "evaluate", evaluate_run, "measure a trained model on the test images")
    _add_run(command)
    _add_data(command)
    command.add_argument(
        "--importance-samples",
        metavar="K",
        type=whole(1),
        help="also bound log p(x) by K samples per image, for a variational model; K = 5000 takes tens of minutes",
    )

    _add_pictures(_add(commands, "denoise", denoise, "take the noise out of your own pictures"), "denoised")
    _add_pictures(_add(commands, "upscale", upscale, "make your own pictures larger"), "upscaled")

    command = _add(commands, "gradcheck", gradcheck_ops, "check the gradients of every op")
    command.add_argument("--seed", type=whole(0), default=0, help="of the inputs and cotangents (default: 0)")
    return parser


def _add_train(commands: Any) -> None:
    parser = _add(commands, "train", train, "train a model; leaves weights, figures and metrics in a run folder")
    models = parser.add_subparsers(title="models", metavar="MODEL", dest="model", required=True)
    for name, system in SYSTEMS.items():
        command = _add(models, name, train, system.summary)
        command.add_argument(
            "--out", metavar="RUN", help=f"the run folder (default: the first free of runs/{name}, ...)"
        )
        command.add_argument("--overwrite", action="store_true", help="replace what an existing run folder holds")
        _add_data(command, "mnist")
        _add_number(command, "--epochs", whole(1), system.epochs, "passes over the images")
        _add_number(command, "--batch-size", whole(1), system.batch_size, "images per step")
        _add_number(command, "--lr", above_zero, system.lr, "the learning rate")
        for option, about in system.options.items():
            _add_number(command, f"--{option.replace('_', '-')}", about.read, about.default, about.help)
        command.add_argument("--limit", type=whole(1), help="use only the first LIMIT images of each split")
        command.add_argument("--device", choices=("cpu", "cuda", "auto"), default="cpu", help="where to compute")
        _add_number(command, "--seed", whole(0), 0, "same seed, same run")


def _add(commands: Any, name: str, function: Any, help: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=help, description=function.__doc__)
    command.set_defaults(command=function)
    command.add_argument("--debug", action="store_true", help="show the whole traceback of a failure")
    return command


def _add_number(command: argparse.ArgumentParser, name: str, read: Callable, default: Any, help: str) -> None:
    shown = ",".join(map(str, default)) if isinstance(default, tuple) else default
    told = help if default is None else f"{help} (default: {shown})"
    command.add_argument(name, type=read, default=default, help=told)


def _add_run(command: argparse.ArgumentParser, picture: bool = False) -> None:
    command.add_argument("run", metavar="RUN", help="a run folder that `minae train` made")
    if picture:
        command.add_argument("--out", metavar="FILE", type=Path, help="the picture (default: in the run's figures)")


def _add_pictures(command: argparse.ArgumentParser, suffix: str) -> None:
    _add_run(command)
    command.add_argument("images", metavar="IMAGE", nargs="+", type=Path, help="a PNG or JPEG file")
    command.add_argument(
        "--out", metavar="FOLDER", type=Path, help=f"where each NAME-{suffix}.png goes (default: beside its IMAGE)"
    )
    command.set_defaults(suffix=suffix)


def _add_data(command: argparse.ArgumentParser, default: str | None = None) -> None:
    which = default or "what the run was trained on"
    known = "mnist, fashion-mnist, photographs, an IDX file of images, or a folder of PNG and JPEG pictures"
    help = f"{known} (default: {which})"
    command.add_argument("--data", default=default, help=help)


def _config(options: argparse.Namespace, image_shape: tuple[int, ...]) -> dict[str, Any]:
    """What a run must remember, to be loaded and to be repeated."""
    names = ("model", "data", "epochs", "batch_size", "lr", *SYSTEMS[options.model].options, "limit", "seed")
    chosen = {name: getattr(options, name) for name in names}
    return {"minae": __version__, **chosen, "image_shape": list(image_shape)}


def _free_folder(model: str) -> Path:
    """runs/vae, or the first of runs/vae-2, runs/vae-3, ... that is free."""
    folder, number = Path("runs") / model, 1
    while folder.exists():
        number += 1
        folder = Path("runs") / f"{model}-{number}"
    return folder


def _seeds(seed: int) -> list[int]:
    """Three independent seeds, for weights, order and noise."""
    return [int(word) for word in np.random.SeedSequence(seed).generate_state(3)]


def _move(data: Dataset, xp: Any) -> None:
    """Put both splits on the device."""
    for name in ("train", "test"):
        images, labels = getattr(data, name)
        setattr(data, name, Split(xp.asarray(images), None if labels is None else xp.asarray(labels)))


def _show_progress(bar: tqdm) -> Callable[[Any], None]:
    """A callback that moves the bar and shows the running loss: the mean of about the last hundred batches'."""
    running = None

    def after_step(loss: Any) -> None:
        nonlocal running
        if not bar.disable:
            running = loss.item() if running is None else 0.99 * running + 0.01 * loss.item()
            bar.set_postfix(loss=f"{running:.1f}", refresh=False)
        bar.update()

    return after_step


def _prefixed(split: str, losses: dict[str, float]) -> dict[str, float]:
    return {f"{split}_{name}": loss for name, loss in losses.items()}


def _dataset(run: Run, options: argparse.Namespace) -> Dataset:
    """The data named on the command line, or those that the run was trained on."""
    data = Dataset(options.data or run.config["data"], run.config["limit"])
    expected, found = tuple(run.config["image_shape"]), data.test.images.shape[1:]
    if found != expected:
        raise FileError(f"{data.source}: expected images of shape {expected}, as the run's were, found {found}")
    _check_labels(run.config["model"], data)
    return data


def _check_labels(model: str, data: Dataset) -> None:
    if SYSTEMS[model].conditional and data.test.labels is None:
        raise FileError(f"{data.source}: expected images with labels, which {model} needs, found images alone")


def _load(folder: str, system: str) -> tuple[Any, Run]:
    """The trained model of a run, which must be one of `system`."""
    run = Run.open(folder)
    if run.config["model"] != system:
        raise ValueError(f"{folder}: expected a run of {system}, found one of {run.config['model']}")
    return run.load_model(), run


def _answer_pictures(
    options: argparse.Namespace, channels: int, size: tuple[int, int] | None, answer: Callable[[Any], Any]
) -> None:
    """Read each picture, say what had to be changed, and save the answer to it."""
    names = [f"{path.stem}-{options.suffix}.png" for path in options.images]
    targets = [(options.out or path.parent) / name for path, name in zip(options.images, names, strict=True)]
    if twice := [str(target) for target in targets if targets.count(target) > 1]:
        raise ValueError(f"{twice[0]}: two of the images would be saved there; rename one")
    for path, target in zip(options.images, targets, strict=True):
        image, changes = read_picture(path, channels, size)
        for change in changes:
            print(f"{path}: {change}")
        save_picture(target, answer(image))
        print(f"picture in {target}")


def _apply(function: Callable[[Any], Any], image: Any) -> Any:
    """A model's function of batches, applied to one image (C, H, W)."""
    return in_batches(function, image[None])[0].numpy()[0]


def _print_test(lines: list[str]) -> None:
    for line in lines:
        print(f"test: {line}")


def _save(figure: Figure, path: Path) -> None:
    try:
        figure.savefig(path)
    except (OSError, ValueError) as error:
        raise FileError(f"{path}: the picture cannot be written ({error})") from error
    print(f"picture in {path}")
