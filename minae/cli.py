"""The command `minae`: what each subcommand does."""

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from tqdm import tqdm

from . import __version__
from .data import Dataset
from .errors import FileError
from .gradtable import check_all, table
from .options import above_zero, share, whole
from .pca import PCA
from .pictures import in_tiles, read_picture, save_picture
from .probe import encoder_features, probe
from .runs import Run
from .systems import SYSTEMS
from .train import check_labels, train
from .training import in_batches

PICTURES = (".png", ".svg", ".pdf")


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Exit status: 0 done, 1 it failed (and says why in one line), 2 the arguments are wrong."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal without the letter ± is no reason to fail
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help()
        return 0
    try:
        options.command(options)
    except KeyboardInterrupt as error:
        print(": ".join(["minae: interrupted", *map(str, error.args)]), file=sys.stderr)
        return 130
    except (ValueError, TypeError, OSError, MemoryError) as error:
        if options.debug:
            raise
        print(f"minae: {' '.join(str(error).split()) or type(error).__name__}", file=sys.stderr)
        return 1
    return 0


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
    model, data = run.load_model(), _dataset(run, options, learned=run.config["data"])
    metrics = report.measure(model, data, seed)
    _print_test(report.describe(metrics))
    if hasattr(report, "details"):
        _print_test(report.details(metrics))
    if samples:
        progress = partial(tqdm, disable=None, unit="batch")
        _print_test(report.evidence(model, data, seed, samples, progress))


def probe_run(options: argparse.Namespace) -> None:
    """Train linear classifiers on the frozen encoder's features, with few labels and with all, and test them."""
    run = Run.open(options.run)
    data, model = _dataset(run, options), run.load_model()
    if data.train.labels is None or data.test.labels is None:
        raise FileError(f"{data.source}: expected images with labels to learn, found images alone")
    train, test, labels = data.train.images, data.test.images, (data.train.labels, data.test.labels)
    code = encoder_features(model, train)
    size = min(code.shape[1], train[0].size)
    pca = PCA.fit(train, size)
    features = {
        "encoder": (code, encoder_features(model, test)),
        f"PCA-{size}": (pca.encode(train), pca.encode(test)),
        "pixels": (train.reshape(len(train), -1), test.reshape(len(test), -1)),
    }
    print(f"share of {len(test):,} test images read rightly by a linear classifier of {code.shape[1]} features")
    print(f"{'labels':>8}" + "".join(f"{name:>16}" for name in features))
    rng, progress = np.random.default_rng(options.seed), partial(tqdm, disable=None, leave=False, unit="draw")
    for count, scores in probe(features, labels, rng, progress):
        print(f"{count:>8,}" + "".join(f"{score!s:>16}" for score in scores.values()))


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

    command = _add(commands, "probe", probe_run, "read labels off the frozen encoder's features, beside pixels and PCA")
    _add_run(command)
    _add_data(command)
    command.add_argument("--seed", type=whole(0), default=0, help="of the images that are labelled (default: 0)")

    _add_pictures(_add(commands, "denoise", denoise, "take the noise out of your own pictures"), "denoised")
    _add_pictures(_add(commands, "upscale", upscale, "make your own pictures larger"), "upscaled")

    command = _add(commands, "gradcheck", gradcheck_ops, "check the gradients of every op")
    command.add_argument("--seed", type=whole(0), default=0, help="of the inputs and cotangents (default: 0)")
    return parser


def _add_train(commands: Any) -> None:
    """Options that are not given are None: a new run takes the defaults then, a resumed one what it had."""
    parser = _add(commands, "train", train, "train a model; leaves weights, figures and metrics in a run folder")
    models = parser.add_subparsers(title="models", metavar="MODEL", dest="model", required=True)
    for name, system in SYSTEMS.items():
        command = _add(models, name, train, system.summary)
        folder = command.add_mutually_exclusive_group()
        folder.add_argument(
            "--out", metavar="RUN", help=f"the run folder (default: the first free of runs/{name}, ...)"
        )
        folder.add_argument("--resume", metavar="RUN", help="go on with this run, with the options that it has")
        command.add_argument("--overwrite", action="store_true", help="replace what an existing run folder holds")
        _add_data(command, "mnist")
        _add_number(command, "--epochs", whole(1), system.epochs, "passes over the images")
        _add_number(command, "--batch-size", whole(1), system.batch_size, "images per step")
        _add_number(command, "--lr", above_zero, system.lr, "the learning rate")
        _add_number(command, "--decay", share, system.decay, "what the learning rate is multiplied by after every step")
        for option, about in system.options.items():
            _add_number(command, f"--{option.replace('_', '-')}", about.read, about.default, about.help)
        command.add_argument("--limit", type=whole(1), help="use only the first LIMIT images of each split")
        command.add_argument("--device", choices=("cpu", "cuda", "auto"), default="cpu", help="where to compute")
        _add_number(command, "--seed", whole(0), 0, "same seed, same run")
        command.add_argument(
            "--detect-anomaly", action="store_true", help="stop at the first NaN or infinity, and say which op made it"
        )


def _add(commands: Any, name: str, function: Any, help: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=help, description=function.__doc__)
    command.set_defaults(command=function)
    command.add_argument("--debug", action="store_true", help="show the whole traceback of a failure")
    return command


def _add_number(command: argparse.ArgumentParser, name: str, read: Callable, default: Any, help: str) -> None:
    shown = ",".join(map(str, default)) if isinstance(default, tuple) else default
    told = help if default is None else f"{help} (default: {shown})"
    command.add_argument(name, type=read, help=told)


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
    command.add_argument("--data", help=help)


def _dataset(run: Run, options: argparse.Namespace, learned: str | None = None) -> Dataset:
    """The data named on the command line, or those that the run was trained on."""
    data = Dataset(options.data or run.config["data"], run.config["limit"], learned)
    expected, found = tuple(run.config["image_shape"]), data.test.images.shape[1:]
    if found != expected:
        raise FileError(f"{data.source}: expected images of shape {expected}, as the run's were, found {found}")
    check_labels(run.config["model"], data)
    return data


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
    if path.suffix.lower() not in PICTURES:
        raise FileError(f"{path}: the picture cannot be written: expected a name that ends in {', '.join(PICTURES)}")
    try:
        figure.savefig(path)
    except (OSError, ValueError) as error:
        raise FileError(f"{path}: the picture cannot be written ({error})") from error
    print(f"picture in {path}")
