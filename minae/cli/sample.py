"""`minae sample`: new images from a trained model."""

import argparse
from typing import Any

from ..models.registry import MODELS
from ..reports import report_on
from ..support.files import check_new
from ..support.parsing import whole
from ..training.run_folder import Run
from .run_data import save_picture_of, subject
from .shared_arguments import add_command, add_run, typed


def add_to(commands: Any) -> None:
    command = add_command(
        commands, "sample", sample, "draw images from a trained model"
    )
    add_run(command, picture=True)
    about = "how many (default: 100)"
    command.add_argument("--count", type=typed(whole(1)), default=100, help=about)
    about = "same seed, same images (default: 0)"
    command.add_argument("--seed", type=typed(whole(0)), default=0, help=about)
    about = "images of this label only, from a model that knows labels"
    command.add_argument("--label", type=typed(whole(0)), help=about)


def sample(options: argparse.Namespace) -> None:
    """Draw new images from a trained model, and save the picture."""
    from ..reports.plots import entitle, plain_style

    run = Run.open(options.run)
    if options.out and not options.overwrite:
        check_new(options.out)
    name = run.config["model"]
    report, told = report_on(name), f"{run.folder}: a run of {name}"
    if not hasattr(report, "samples"):
        raise ValueError(f"{told} cannot be sampled from: it has no prior")
    label = {} if options.label is None else {"label": options.label}
    if label and not MODELS[name].conditional:
        raise ValueError(f"{told} knows no labels, so --label cannot choose one")
    model = run.load_model()
    if label and options.label >= model.classes:
        last = model.classes - 1
        told = f"expected a label from 0 to {last}, found {options.label}"
        raise ValueError(f"--label: {told}")
    with plain_style():
        figure = report.samples(model, options.count, options.seed, **label)
        entitle(figure, subject(run))
        save_picture_of(figure, options.out or run.figures / "samples.png")
