"""The run that a command is given, and the images or melodies that go with it."""

import argparse
from pathlib import Path
from typing import Any

from ..data import Dataset, Melodies, Split, name_of
from ..measures.evidence import binarise
from ..models.registry import MODELS
from ..support.errors import FileError
from ..training.run_folder import Run

PICTURES = (".png", ".svg", ".pdf")


def dataset(run: Run, options: argparse.Namespace, learned: str | None = None) -> Any:
    """The data named on the command line, or those that the run was trained on."""
    if of_melodies(run):
        return melodies(run, options)
    data = Dataset(
        options.data or run.config["data"],
        run.config["limit"],
        learned,
        **_cut_as(run, options),
    )
    expected, found = tuple(run.config["image_shape"]), data.test.images.shape[1:]
    if found != expected:
        raise FileError(
            f"{data.source}: expected images of shape {expected}, "
            f"as the run's were, found {found}"
        )
    check_labels(run.config["model"], data)
    if options.data:  # of its own images, the run has told when it was trained
        print_notes(data)
    return data


def of_melodies(run: Run) -> bool:
    """Whether a run learned from melodies, not from images."""
    return MODELS[run.config["model"]].examples == "melodies"


def melodies(run: Run, options: argparse.Namespace) -> Melodies:
    """Melodies as `dataset` gives images; those that train are always the run's."""
    if options.patch or options.resize:
        raise ValueError(f"{run.folder}: melodies cannot be cut or resized")
    own, asked = run.config["data"], options.data
    how = run.config["bars"], run.config["limit"]
    data = Melodies(own, *how)
    if asked in (None, own):
        return data
    other = Melodies(asked, *how)
    other.train = data.train
    print_notes(other)
    return other


def print_notes(data: Any) -> None:
    """What was left out, changed or guessed in reading the images or melodies."""
    for note in data.notes:
        print(f"{data.source}: {note}")


def _cut_as(run: Run, options: argparse.Namespace) -> dict[str, Any]:
    """How images are made to fit: as the options say, or as the run's were."""
    asked = {"patch": options.patch, "resize": options.resize}
    if any(asked.values()):
        return asked
    return {name: run.config.get(name) for name in asked}


def binarise_test(model: str, data: Any) -> None:
    """Test a model of black and white images on such ones, always the same."""
    if MODELS[model].binarised:
        images, labels = data.test
        data.test = Split(binarise(images), labels)


def check_labels(model: str, data: Any) -> None:
    """Raises FileError where a conditional model has no labels to learn from."""
    if MODELS[model].conditional and data.test.labels is None:
        raise FileError(
            f"{data.source}: expected images with labels, which {model} needs, "
            "found images alone"
        )


def subject(run: Run, shown: str | None = None) -> str:
    """What the titles of a run's pictures begin with: its model and its data.

    `shown` is the data set in the picture, if that is another one.
    """
    trained = f"{run.config['model']} trained on {name_of(run.config['data'])}"
    if shown is None or shown == run.config["data"]:
        return trained
    return f"{trained}, shown {name_of(shown)}"


def print_test(lines: list[str]) -> None:
    for line in lines:
        print(f"test: {line}")


def save_picture_of(figure: Any, path: Path) -> None:
    """A matplotlib Figure as a file. Raises FileError where it cannot be written."""
    cannot = f"{path}: the picture cannot be written"
    if path.suffix.lower() not in PICTURES:
        raise FileError(f"{cannot}: expected a name that ends in {', '.join(PICTURES)}")
    try:
        figure.savefig(path)
    except (OSError, ValueError) as error:
        raise FileError(f"{cannot} ({error})") from error
    print(f"picture in {path}")
