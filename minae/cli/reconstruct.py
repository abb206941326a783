"""`minae reconstruct`: test images beside what a model makes of them."""

import argparse
from typing import Any

from ..models.registry import MODELS
from ..reports import report_on
from ..support.files import check_new
from ..support.parsing import whole
from ..training.run_folder import Run
from .run_data import binarise_test, dataset, save_picture_of, subject
from .shared_arguments import add_command, add_data, add_run, typed


def add_to(commands: Any) -> None:
    about = "show test images beside their reconstructions"
    command = add_command(commands, "reconstruct", reconstruct, about)
    add_run(command, picture=True)
    add_data(command)
    about = "how many (default: 30 images, or 3 melodies)"
    command.add_argument("--count", type=typed(whole(1)), help=about)


def reconstruct(options: argparse.Namespace) -> None:
    """Encode and decode images or melodies of the test split, and save a picture of
    both beside each other."""
    from ..reports.plots import entitle, plain_style

    run = Run.open(options.run)
    if options.out and not options.overwrite:
        check_new(options.out)
    name, data = run.config["model"], dataset(run, options)
    binarise_test(name, data)
    images, labels = data.test
    given = {"labels": labels} if MODELS[name].conditional else {}
    if options.count is not None:
        given["count"] = options.count
    model, report = run.load_model(), report_on(name)
    with plain_style():
        figure = report.reconstructions(model, images, **given)
        entitle(figure, subject(run, options.data))
        save_picture_of(figure, options.out or run.figures / "reconstructions.png")
