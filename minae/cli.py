"""The command `minae`: train, sample, reconstruct, evaluate."""

import argparse
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from . import __version__, plots, reports
from .backend import library
from .data import load_split
from .errors import FileError
from .models import MODELS
from .optim import Adam
from .runs import Run, build_model
from .training import evaluate, fit


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
        print(f"minae: {_one_line(error)}", file=sys.stderr)
        return 1
    return 0


def train(options: argparse.Namespace) -> None:
    """Train a model on the training split, test it on the test split, and leave all of it in the run folder."""
    xp = library(options.device)
    config = _config(options)
    images, _ = load_split(options.data, "train", options.limit)
    test_images, test_labels = load_split(options.data, "test", options.limit)
    if options.batch_size > len(images):
        raise ValueError(f"--batch-size {options.batch_size} is larger than the training data, {len(images)} images")
    config["image_shape"] = list(images.shape[1:])
    run = Run.create(options.out or _free_folder(options.model), config, options.overwrite)

    weights_seed, order_seed, noise_seed = _seeds(options.seed)
    model = build_model(config, weights_seed).to(options.device)
    images, test_images = xp.asarray(images), xp.asarray(test_images)
    start = time.perf_counter()
    print(f"training {options.model} on {len(images):,} images of {options.data}; test: {len(test_images):,} others")
    with tqdm(total=options.epochs * -(-len(images) // options.batch_size), disable=None, unit="batch") as bar:
        epochs = fit(
            model,
            Adam(model.parameters(), lr=options.lr),
            images,
            epochs=options.epochs,
            batch_size=options.batch_size,
            shuffle_rng=np.random.default_rng(order_seed),
            noise_rng=xp.random.default_rng(noise_seed),
            after_step=_show_progress(bar),
        )
        bar.set_description(f"epoch 1/{options.epochs}")
        for epoch, trained in enumerate(epochs, start=1):
            tested = evaluate(model, test_images, xp.random.default_rng(options.seed))
            run.append_history({"epoch": epoch, **_prefixed("train", trained), **_prefixed("test", tested)})
            run.save_model(model)
            bar.set_description(f"epoch {min(epoch + 1, options.epochs)}/{options.epochs}")
    print(f"trained {options.epochs} epochs in {time.perf_counter() - start:.0f} s")

    _report(run, model, test_images, options)
    figures = {"losses": plots.loss_curves(run.history(), ["reconstruction", "kl"])}
    figures |= reports.figures(model, test_images, test_labels, options.seed)
    for name, figure in figures.items():
        figure.savefig(run.figures / f"{name}.png")
    print(f"pictures in {run.figures}: {', '.join(f'{name}.png' for name in figures)}")


def sample(options: argparse.Namespace) -> None:
    """Draw codes from the prior, decode them, and save the picture."""
    run = Run.open(options.run)
    model = run.load_model()
    like = np.empty(0, np.float32)
    _save(reports.samples(model, options.count, options.seed, like), options.out or run.figures / "samples.png")


def reconstruct(options: argparse.Namespace) -> None:
    """Encode and decode images of the test split, and save both beside each other."""
    run = Run.open(options.run)
    model = run.load_model()
    images = _test_images(run, options)
    figure = reports.reconstructions(model, images, options.count)
    _save(figure, options.out or run.figures / "reconstructions.png")


def evaluate_run(options: argparse.Namespace) -> None:
    """Measure a saved run on the whole test split."""
    run = Run.open(options.run)
    model = run.load_model()
    print(_summary(reports.measure(model, _test_images(run, options), run.config["seed"]), options.data or "test"))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="minae", description="Train autoencoders on a small autograd engine.")
    parser.add_argument("--version", action="version", version=f"minae {__version__}")
    parser.set_defaults(command=None, debug=False)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    command = _add(commands, "train", train, "train a model; leaves weights, figures and metrics in a run folder")
    command.add_argument("model", metavar="MODEL", choices=MODELS, help=f"one of: {', '.join(MODELS)}")
    command.add_argument("--out", metavar="RUN", help="the run folder (default: the first free of runs/MODEL, ...-2)")
    command.add_argument("--overwrite", action="store_true", help="replace what an existing run folder holds")
    _add_data(command, "mnist")
    command.add_argument("--epochs", type=_whole(1), default=20, help="passes over the images (default: 20)")
    command.add_argument("--batch-size", type=_whole(1), default=128, help="images per step (default: 128)")
    command.add_argument("--lr", type=_above_zero, default=1e-3, help="Adam's learning rate (default: 0.001)")
    command.add_argument("--latent", type=_whole(1), default=2, help="dimensions of the code (default: 2)")
    command.add_argument("--hidden", type=_whole(1), default=512, help="units of each hidden layer (default: 512)")
    command.add_argument("--beta", type=_not_negative, default=1.0, help="weight of the KL term (default: 1)")
    command.add_argument("--limit", type=_whole(1), help="use only the first LIMIT images of each split")
    command.add_argument("--device", choices=("cpu", "cuda", "auto"), default="cpu", help="where to compute")
    command.add_argument("--seed", type=_whole(0), default=0, help="same seed, same run (default: 0)")

    command = _add(commands, "sample", sample, "draw images from a trained model")
    _add_run(command)
    command.add_argument("--count", type=_whole(1), default=100, help="how many (default: 100)")
    command.add_argument("--seed", type=_whole(0), default=0, help="same seed, same images (default: 0)")

    command = _add(commands, "reconstruct", reconstruct, "show test images beside their reconstructions")
    _add_run(command)
    _add_data(command)
    command.add_argument("--count", type=_whole(1), default=30, help="how many (default: 30)")

    command = _add(commands, "evaluate", evaluate_run, "measure a trained model on the test images")
    command.add_argument("run", metavar="RUN", help="a run folder that `minae train` made")
    _add_data(command)
    return parser


def _add(commands: Any, name: str, function: Any, help: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=help, description=function.__doc__)
    command.set_defaults(command=function)
    command.add_argument("--debug", action="store_true", help="show the whole traceback of a failure")
    return command


def _add_run(command: argparse.ArgumentParser) -> None:
    command.add_argument("run", metavar="RUN", help="a run folder that `minae train` made")
    command.add_argument("--out", metavar="FILE", type=Path, help="the picture (default: in the run's figures)")


def _add_data(command: argparse.ArgumentParser, default: str | None = None) -> None:
    which = default or "what the run was trained on"
    help = f"mnist, fashion-mnist, or the path of an IDX file of images (default: {which})"
    command.add_argument("--data", default=default, help=help)


def _whole(least: int) -> Any:
    def whole_number(text: str) -> int:
        if not text.isascii() or not text.isdigit() or int(text) < least:
            raise argparse.ArgumentTypeError(f"expected a whole number of at least {least}, found {text!r}")
        return int(text)

    return whole_number


def _not_negative(text: str, strictly: bool = False) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not (0 <= value < float("inf")) or (strictly and value == 0):
        raise argparse.ArgumentTypeError(
            f"expected a number {'above' if strictly else 'of at least'} 0, found {text!r}"
        )
    return value


def _above_zero(text: str) -> float:
    return _not_negative(text, strictly=True)


def _config(options: argparse.Namespace) -> dict[str, Any]:
    """What a run must remember, to be loaded and to be repeated."""
    names = ("model", "data", "epochs", "batch_size", "lr", "latent", "hidden", "beta", "limit", "seed")
    return {"minae": __version__, **{name: getattr(options, name) for name in names}}


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


def _show_progress(bar: tqdm) -> Any:
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


def _test_images(run: Run, options: argparse.Namespace) -> np.ndarray:
    images, _ = load_split(options.data or run.config["data"], "test", run.config["limit"])
    if list(images.shape[1:]) != run.config["image_shape"]:
        raise FileError(
            f"{options.data}: expected images of shape {tuple(run.config['image_shape'])}, found {images.shape[1:]}"
        )
    return images


def _report(run: Run, model: Any, test_images: Any, options: argparse.Namespace) -> None:
    metrics = reports.measure(model, test_images, options.seed)
    run.save_metrics({"unit": "nats per image", "test_images": len(test_images), "test": metrics})
    print(_summary(metrics, "test"))


def _summary(metrics: dict[str, float], split: str) -> str:
    return (
        f"{split}: negative ELBO {metrics['negative_elbo']:.2f} nats per image "
        f"= reconstruction {metrics['reconstruction']:.2f} + KL {metrics['kl']:.2f}"
    )


def _save(figure: Any, path: Path) -> None:
    try:
        figure.savefig(path)
    except (OSError, ValueError) as error:
        raise FileError(f"{path}: the picture cannot be written ({error})") from error
    print(f"picture in {path}")


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
