"""Melodies as files: a picture to look at, sound and MIDI to listen to."""

import argparse
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from ..data import write_midi, write_wav
from ..data.melody import BAR, HOLD, REST
from ..support.errors import FileError
from ..support.files import check_new
from ..training.run_folder import Run
from .run_data import save_picture_of, subject

SUFFIXES = (".wav", ".mid")


def check_sounds(options: argparse.Namespace) -> None:
    """Raises FileError if sound beside --out would replace a file, unless it may."""
    if options.out and not options.overwrite:
        for suffix in SUFFIXES:
            check_new(options.out.with_suffix(suffix))


def save_melodies(
    run: Run,
    melodies: dict[str, np.ndarray],
    title: str,
    options: argparse.Namespace,
    name: str,
    heard: bool,
) -> None:
    """The melodies' picture, and if they are to be heard, their sound.

    The picture is `name` in the run's figures, with the sound in its folder `sounds`;
    or it is the file --out, with the sound beside it.
    """
    from ..reports.plots import entitle, piano_rolls, plain_style

    with plain_style():
        figure = entitle(piano_rolls(melodies, title), subject(run))
        save_picture_of(figure, options.out or run.figures / f"{name}.png")
    if heard:
        save_sound(options.out or run.folder / "sounds" / f"{name}.wav", melodies)


def save_sound(path: Path, melodies: dict[str, np.ndarray]) -> None:
    """One melody after the other, with a bar of rest between them.

    Written as `path` with the ending .wav, and .mid if mido is there for that.
    """
    pause = np.array([REST] + [HOLD] * (BAR - 1), np.uint8)
    parts = [part for melody in melodies.values() for part in (melody, pause)]
    steps = np.concatenate(parts[:-1])
    try:
        path.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise FileError(f"{path.parent}: cannot be made ({error.strerror})") from error
    wav, midi = (path.with_suffix(suffix) for suffix in SUFFIXES)
    write_wav(wav, steps)
    if find_spec("mido") is None:
        print(f"sound in {wav} (MIDI files need pip install 'minae[music]')")
        return
    write_midi(midi, steps)
    print(f"sound in {wav} and {midi.name}")
