"""What `minae denoise` and `minae upscale` share: your own pictures in and out."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..support.files import check_new
from ..training import in_batches
from ..training.run_folder import Run
from .shared_arguments import add_run


def add_pictures(command: argparse.ArgumentParser, suffix: str) -> None:
    add_run(command)
    about = "a PNG or JPEG file"
    command.add_argument("images", metavar="IMAGE", nargs="+", type=Path, help=about)
    about = f"where each NAME-{suffix}.png goes (default: beside its IMAGE)"
    command.add_argument("--out", metavar="FOLDER", type=Path, help=about)
    about = "replace pictures that are there already"
    command.add_argument("--overwrite", action="store_true", help=about)
    command.set_defaults(suffix=suffix)


def load_model_of(folder: str, name: str) -> tuple[Any, Run]:
    """The trained model of a run, which must be one of `name`."""
    run = Run.open(folder)
    found = run.config["model"]
    if found != name:
        raise ValueError(f"{folder}: expected a run of {name}, found one of {found}")
    return run.load_model(), run


def answer_pictures(
    options: argparse.Namespace,
    channels: int,
    answer: Callable[[Any], Any],
) -> None:
    """Read each picture, say what had to be changed, and save the answer to it."""
    from ..data.picture_files import read_picture, save_picture

    targets = [_target(path, options) for path in options.images]
    if twice := [str(target) for target in targets if targets.count(target) > 1]:
        told = "two of the images would be saved there; rename one"
        raise ValueError(f"{twice[0]}: {told}")
    for target in () if options.overwrite else targets:
        check_new(target)
    for path, target in zip(options.images, targets, strict=True):
        image, changes = read_picture(path, channels)
        for change in changes:
            print(f"{path}: {change}")
        save_picture(target, answer(image))
        print(f"picture in {target}")


def apply(function: Callable[[Any], Any], image: Any) -> Any:
    """A model's function of batches, applied to one image (C, H, W)."""
    return in_batches(function, image[None])[0].numpy()[0]


def _target(path: Path, options: argparse.Namespace) -> Path:
    return (options.out or path.parent) / f"{path.stem}-{options.suffix}.png"
