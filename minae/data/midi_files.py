"""Reads the melody out of a MIDI file as steps, and writes steps as a MIDI file."""

import io
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..support.argument_checks import check_file, check_number
from ..support.errors import FileError
from ..support.files import write_whole
from .melody import BAR, Note, notes_in, steps_from, whole_bars
from .tunes import Tune

DRUMS = 9  # the channel of General MIDI that has no pitches, the tenth
MOST_STEPS = 100_000  # an hour and more; what is longer is damaged
TICKS = 480  # to a quarter note, in files that are written
VELOCITY = 80
# What mido raises for a damaged file, besides its own KeySignatureError.
DAMAGED = (OSError, EOFError, ValueError, LookupError, TypeError, ArithmeticError)


class Played(NamedTuple):
    """A note as a file has it: its start and end in steps, not yet on the grid."""

    start: float
    end: float
    pitch: int


def read_midi(path: str | os.PathLike) -> tuple[Tune, list[str]]:
    """The melody in a MIDI file, and notes on what was left out or changed.

    - Drums (channel 10) are left out.
    - Of several channels or tracks, the one with the highest notes on average is read.
    - Of notes that sound together, the highest is kept; a note ends where the next
      begins.
    - Starts and ends move to the nearest sixteenth.
    - Whole bars of silence in front are left out.

    Raises:
        FileError: the file is missing or damaged, is not in 4/4, 2/2 or 2/4, or has no
            note but drums.
        ValueError: the package mido is missing.
    """
    check_file(path, "a MIDI file")
    mido = _mido("read_midi")
    try:
        file = mido.MidiFile(path, clip=True)
        _check_division(file.ticks_per_beat)
        _check_meter(file)
        parts = _parts(file)
    except FileError as error:
        raise FileError(f"{path}: {error}") from error
    except (*DAMAGED, mido.midifiles.meta.KeySignatureError) as error:
        raise FileError(f"{path}: expected an intact MIDI file ({error})") from error
    name = Path(path).stem
    melodic = {key: part for key, part in parts.items() if key[1] != DRUMS}
    told = ["drums are left out"] if len(melodic) < len(parts) else []
    if not melodic:
        found = "drums alone" if parts else "silence"
        raise FileError(f"{path}: expected notes, found {found}")
    notes = _on_the_grid(_highest_part(melodic, told), told)
    notes = _without_silence_in_front(_one_at_a_time(notes, told), told)
    if notes[-1].start + notes[-1].length > MOST_STEPS:
        raise FileError(f"{path}: expected at most {MOST_STEPS} sixteenths")
    length = whole_bars(notes[-1].start + notes[-1].length)
    tune = Tune(name, [steps_from(notes, length)])
    return tune, [f"{name}: {change}" for change in told]


def write_midi(
    path: str | os.PathLike, steps: np.ndarray, tempo: float = 100, program: int = 0
) -> None:
    """Write a melody (T,) as a MIDI file of one track.

    Args:
        tempo: quarter notes a minute.
        program: the instrument of General MIDI, 0 to 127; 0 is a piano.

    Raises FileError if the file cannot be written, ValueError for numbers out of range
    and if the package mido is missing, and what `notes_in` raises.
    """
    check_number("write_midi: tempo", tempo, 4, 1000)
    if program not in range(128):
        raise ValueError(f"write_midi: program must be 0 to 127, found {program!r}")
    notes = notes_in(steps)
    mido = _mido("write_midi")
    track = mido.MidiTrack(
        [
            mido.MetaMessage("set_tempo", tempo=round(60e6 / tempo)),
            mido.MetaMessage("time_signature", numerator=4, denominator=4),
            mido.Message("program_change", program=program),
        ]
    )
    now = 0  # in steps
    for kind, pitch, step in _events(notes):
        wait = (step - now) * TICKS // 4
        track.append(mido.Message(kind, note=pitch, velocity=VELOCITY, time=wait))
        now = step
    rest = (len(steps) - now) * TICKS // 4
    track.append(mido.MetaMessage("end_of_track", time=rest))
    content = io.BytesIO()
    mido.MidiFile(type=0, ticks_per_beat=TICKS, tracks=[track]).save(file=content)
    write_whole(Path(path), content.getvalue())


def _events(notes: list[Note]) -> Iterator[tuple[str, int, int]]:
    """What happens to which pitch at which step."""
    for note in notes:
        yield "note_on", note.pitch, note.start
        yield "note_off", note.pitch, note.start + note.length


def _mido(function: str) -> Any:
    try:
        import mido
    except ImportError as error:
        raise ValueError(
            f"{function}: MIDI files are read and written by the package mido "
            f"({error}); pip install 'minae[music]'"
        ) from error
    return mido


def _check_division(ticks: int) -> None:
    if not 0 < ticks < 2**15:
        raise FileError("expected ticks of a quarter note, found ticks of a film frame")


def _check_meter(file: Any) -> None:
    """A file without a meter is in 4/4, as the format says."""
    for message in (message for track in file.tracks for message in track):
        if message.type == "time_signature":
            beats, unit = message.numerator, message.denominator
            if (beats, unit) not in ((4, 4), (2, 2), (2, 4)):
                raise FileError(
                    f"expected the meter 4/4, 2/2 or 2/4, found {beats}/{unit}"
                )


def _parts(file: Any) -> dict[tuple[int, int], list[Played]]:
    """The notes of each track and channel."""
    parts = defaultdict[tuple[int, int], list[Played]](list)
    steps_of_a_tick = 4 / file.ticks_per_beat
    for number, track in enumerate(file.tracks):
        now = 0.0
        begun = dict[tuple[int, int], float]()
        for message in track:
            now += message.time * steps_of_a_tick
            if message.type not in ("note_on", "note_off"):
                continue
            key = (message.channel, message.note)
            if key in begun:
                played = Played(begun.pop(key), now, message.note)
                parts[number, message.channel].append(played)
            if message.type == "note_on" and message.velocity > 0:
                begun[key] = now
        for (channel, pitch), start in begun.items():  # never ended: until the end
            parts[number, channel].append(Played(start, now, pitch))
    return parts


def _highest_part(
    parts: dict[tuple[int, int], list[Played]], told: list[str]
) -> list[Played]:
    """The part that most likely has the tune: the highest one that is no mere fill."""
    most = max(len(part) for part in parts.values())
    full = {key: part for key, part in parts.items() if 4 * len(part) >= most}
    key = max(full, key=lambda key: np.mean([note.pitch for note in full[key]]))
    if len(parts) > 1:
        track, channel = key
        told.append(
            f"read from channel {channel + 1} of track {track + 1}, "
            f"the highest of {len(parts)} parts"
        )
    return full[key]


def _on_the_grid(played: list[Played], told: list[str]) -> list[Note]:
    notes = list[Note]()
    moved = 0
    for note in played:
        start = int(note.start + 0.5)
        length = max(1, int(note.end + 0.5) - start)
        notes.append(Note(note.pitch, start, length))
        moved += abs(start - note.start) > 0.2
    if moved:
        told.append(f"{moved} of {len(notes)} notes moved to the grid of sixteenths")
    return sorted(notes, key=lambda note: (note.start, -note.pitch))


def _one_at_a_time(notes: list[Note], told: list[str]) -> list[Note]:
    """Of notes that sound together, the highest.

    A lower note that begins under a higher one is left out if it sounds with it for
    more than half its length; otherwise the player held a note too long.
    """
    line = list[Note]()
    for note in notes:
        if line:
            last = line[-1]
            together = last.start + last.length - note.start
            hidden = note.pitch <= last.pitch and 2 * together > note.length
            if note.start == last.start or hidden:
                continue
            if together > 0:
                line[-1] = last._replace(length=note.start - last.start)
        line.append(note)
    if len(line) < len(notes):
        left = len(notes) - len(line)
        told.append(f"{left} of {len(notes)} notes left out, under higher ones")
    return line


def _without_silence_in_front(notes: list[Note], told: list[str]) -> list[Note]:
    bars = notes[0].start // BAR
    if bars:
        told.append(f"{bars} bars of silence in front are left out")
    return [note._replace(start=note.start - bars * BAR) for note in notes]
