"""`minae interpolate`: from one tune to another, by way of their codes."""

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from ..data.melodies import read_tunes
from ..data.melody import HOLD, windows
from ..data.tunes import Tune, within_range
from ..reports import report_on
from ..support.errors import FileError
from ..support.files import check_new
from ..support.parsing import whole
from ..training.run_folder import Run
from .run_data import of_melodies
from .shared_arguments import add_command, add_run, typed
from .sounds import check_sounds, save_melodies


def add_to(commands: Any) -> None:
    about = "blend two tunes, with a model of melodies"
    command = add_command(commands, "interpolate", interpolate, about)
    add_run(command, picture=True)
    about = "a part of the name of a tune in the run's data, or an ABC or MIDI file"
    command.add_argument("tunes", metavar="TUNE", nargs=2, help=about)
    about = "how many melodies, with both ends (default: 13)"
    command.add_argument("--count", type=typed(whole(2)), default=13, help=about)


def interpolate(options: argparse.Namespace) -> None:
    """Go from one tune to another in equal steps of the code, and save the picture and
    the sound. Of each tune the first bars are taken that begin with a note."""
    run = Run.open(options.run)
    if not of_melodies(run):
        name = run.config["model"]
        raise ValueError(f"{run.folder}: a run of {name} does not know melodies")
    if options.out and not options.overwrite:
        check_new(options.out)
    check_sounds(options)
    model, report = run.load_model(), report_on(run.config["model"])
    known = read_tunes(run.config["data"], [])
    one, other = (find(text, known) for text in options.tunes)
    ends = (beginning(tune, model.bars) for tune in (one, other))
    melodies = report.interpolated(model, *ends, options.count)
    title = f"From {one.name} to {other.name}, by way of their codes"
    save_melodies(run, melodies, title, options, "interpolation", heard=True)


def find(text: str, known: list[Tune]) -> Tune:
    """The tune that a person means: a file's first, or one that is known by name."""
    if Path(text).exists():
        tunes = read_tunes(text, [])
        if not tunes:
            raise FileError(f"{text}: expected a tune, found silence")
        return within_range(tunes[0])[0]
    asked = text.casefold()
    found = [tune for tune in known if asked in tune.name.casefold()]
    found = [tune for tune in found if tune.name.casefold() == asked] or found
    if len(found) != 1:
        several = ", ".join(tune.name for tune in found[:5]) or "none"
        wanted = "expected a file, or a part of one tune's name"
        raise FileError(f"{text}: {wanted}, found {several}")
    return within_range(found[0])[0]


def beginning(tune: Tune, bars: int) -> np.ndarray:
    """Its first bars that begin with a note; else its first bars."""
    cut = np.concatenate([windows(piece, bars) for piece in tune.pieces])
    if not len(cut):
        raise FileError(f"{tune.name}: expected at least {bars} bars")
    return cut[int((cut[:, 0] < HOLD).argmax())]
