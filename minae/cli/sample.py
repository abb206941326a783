"""`minae sample`: new images, or new melodies, from a trained model."""

import argparse
from typing import Any

from ..models.registry import MODELS
from ..reports import report_on
from ..support.files import check_new
from ..support.parsing import not_negative, whole
from ..training.run_folder import Run
from .run_data import of_melodies, save_picture_of, subject
from .shared_arguments import add_command, add_run, typed
from .sounds import check_sounds, save_melodies

IMAGES = 100  # how many are drawn unless --count is given


def add_to(commands: Any) -> None:
    command = add_command(
        commands, "sample", sample, "draw images or melodies from a trained model"
    )
    add_run(command, picture=True)
    about = "how many (default: 100 images, or 6 melodies)"
    command.add_argument("--count", type=typed(whole(1)), help=about)
    about = "same seed, same images (default: 0)"
    command.add_argument("--seed", type=typed(whole(0)), default=0, help=about)
    about = "images of this label only, from a model that knows labels"
    command.add_argument("--label", type=typed(whole(0)), help=about)
    about = "of melodies: 1 draws steps as the model says, less is more careful, 0 most"
    command.add_argument("--temperature", type=typed(not_negative), help=about)
    about = "of melodies: write sound too, as WAV and MIDI files"
    command.add_argument("--wav", action="store_true", help=about)


def sample(options: argparse.Namespace) -> None:
    """Draw new images or melodies from a trained model, and save the picture."""
    from ..reports.plots import entitle, plain_style

    run = Run.open(options.run)
    if options.out and not options.overwrite:
        check_new(options.out)
    name = run.config["model"]
    report, told = report_on(name), f"{run.folder}: a run of {name}"
    if not hasattr(report, "samples") and not of_melodies(run):
        raise ValueError(f"{told} cannot be sampled from: it has no prior")
    if not of_melodies(run) and (options.wav or options.temperature is not None):
        raise ValueError(f"{told} draws images, without --wav and --temperature")
    label = {} if options.label is None else {"label": options.label}
    if label and not MODELS[name].conditional:
        raise ValueError(f"{told} knows no labels, so --label cannot choose one")
    model = run.load_model()
    if label and options.label >= model.classes:
        last = model.classes - 1
        told = f"expected a label from 0 to {last}, found {options.label}"
        raise ValueError(f"--label: {told}")
    if of_melodies(run):
        _sample_melodies(options, run, model)
        return
    with plain_style():
        figure = report.samples(model, options.count or IMAGES, options.seed, **label)
        entitle(figure, subject(run))
        save_picture_of(figure, options.out or run.figures / "samples.png")


def _sample_melodies(options: argparse.Namespace, run: Run, model: Any) -> None:
    check_sounds(options)
    report = report_on(run.config["model"])
    temperature = 1.0 if options.temperature is None else options.temperature
    count = options.count or report.DRAWN
    melodies = report.drawn(model, count, options.seed, temperature)
    title = report.title_of_drawn(count, temperature)
    save_melodies(run, melodies, title, options, "samples", heard=options.wav)
