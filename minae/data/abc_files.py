"""Reads tunes written in ABC notation, such as the ones that ship, as steps.

The package abcnotes understands the notation: keys and modes, accidentals, ties, dotted
rhythms, repeats. Here is what is asked of a tune, and how it is laid on the grid.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from ..support.argument_checks import check_file
from ..support.errors import FileError
from .melody import BAR, Note, steps_from, whole_bars
from .tunes import Tune

MIDDLE_C = 60
# Meters, and the steps of their bars. Two bars of 2/4 are read as one of 4/4.
METERS = {"4/4": 16, "C": 16, "2/2": 16, "C|": 16, "2/4": 8}

# What abcnotes raises for text that is not a tune.
DAMAGED = (
    *(ValueError, LookupError, TypeError, AttributeError, ArithmeticError),
    *(AssertionError, RecursionError),
)


class Sound(NamedTuple):
    """A note or a rest of a tune: its pitch, None for a rest, and its steps."""

    pitch: int | None
    steps: int
    goes_on: bool  # it is tied to the note before


class Bar(NamedTuple):
    """What sounds in a bar, and where it stands: its line and its number."""

    sounds: list[Sound]
    line: int
    number: int

    @property
    def steps(self) -> int:
        return sum(sound.steps for sound in self.sounds)


def read_abc(path: str | os.PathLike) -> tuple[list[Tune], list[str]]:
    """The tunes of an ABC file, with repeats played, and notes on what was changed.

    A short first bar gets its rest in front, a short last bar one behind. Of chords
    the highest note is kept, and grace notes are left out; the notes say so.

    Raises:
        FileError: the file is missing or not text; a tune is not in 4/4, C, 2/2, C| or
            2/4, has several voices, tuplets or notes off the grid of sixteenths, bars
            that do not add up, or repeats that do not; or has no note. The message
            gives the line and the bar.
        ValueError: the package abcnotes is missing.
    """
    check_file(path, "an ABC file")
    try:
        text = Path(path).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"{path}: expected a text in UTF-8 ({error})") from error
    lines = text.splitlines()
    begins = [n for n, line in enumerate(lines) if line.startswith("X:")]
    if not begins:
        raise FileError(f"{path}: expected a tune, which begins with X:1, found none")
    tunes, notes = list[Tune](), list[str]()
    for begin, end in zip(begins, [*begins[1:], len(lines)]):
        tune, changes = _read_tune(path, lines[begin:end], begin)
        tunes.append(tune)
        notes += changes
    return tunes, notes


def _read_tune(path: Any, lines: list[str], begin: int) -> tuple[Tune, list[str]]:
    abcnotes = _abcnotes()
    try:
        tune = abcnotes.Tune(abc="\n".join(lines), strict=False)
        name = tune.title or "without a title"
        where = _Place(path, begin, tune.body_lines)
        _check_header(path, begin, tune)
        played = tune.expand_repeats()
        changes = set[str]()
        bars = list(_bars(abcnotes, played, where, changes))
    except FileError:
        raise
    except DAMAGED as error:
        raise FileError(
            f"{path}, line {begin + 1}: expected a tune in ABC notation ({error})"
        ) from error
    notes, length = _notes(_full_bars(bars, METERS[tune.header["meter"]], where))
    if not notes:
        raise FileError(f"{path}, line {begin + 1}: expected notes, found silence")
    told = [f"{name}: {change}" for change in sorted(changes)]
    return Tune(name, [steps_from(notes, length)]), told


def _abcnotes() -> Any:
    try:
        import abcnotes
    except ImportError as error:
        raise ValueError(
            f"read_abc: ABC notation is read by the package abcnotes ({error}); "
            "pip install 'minae[music]'"
        ) from error
    return abcnotes


class _Place:
    """Where things stand in the file, for messages."""

    def __init__(self, path: Any, begin: int, body_lines: list[int]):
        self.path = path
        self.begin = begin
        self.body_lines = body_lines

    def line(self, token: Any) -> int:
        return self.begin + self.body_lines[token._line] + 1

    def error(self, line: int, bar: int, told: str) -> FileError:
        return FileError(f"{self.path}, line {line}, bar {bar}: {told}")


def _check_header(path: Any, begin: int, tune: Any) -> None:
    meter = tune.header.get("meter", "none")
    told = None
    if meter not in METERS:
        told = f"expected M: to be one of {', '.join(METERS)}, found {meter}"
    elif "key" not in tune.header:
        told = "expected K:, the key, as the last line of the header, found none"
    elif any(name == "voice" for name, _ in tune.fields):
        told = "expected one voice, found V:"
    elif "(" in tune.header.get("parts", ""):  # ((A)99)99 would fill the memory
        told = f"expected P: to be an order such as AABA, found {tune.header['parts']}"
    if told:
        raise FileError(f"{path}, line {begin + 1}: {told}")


def _bars(abcnotes: Any, played: list, where: _Place, changes: set) -> Iterator[Bar]:
    """The bars in the order in which they are played, without empty ones."""
    before: Any = None  # the note before, which may be tied to the next
    for number, tokens in enumerate(played, 1):
        for token in tokens:
            if told := _refused(abcnotes, token):
                raise where.error(where.line(token), number, told)
        sounds, line = list[Sound](), where.line(tokens[0])
        for token, together in _sounding(abcnotes, tokens, changes):
            sound = _sound(abcnotes, token, before)
            if together:
                changes.add("of chords the highest note is kept")
                sound = max(sounds.pop(), sound, key=lambda one: one.pitch or 0)
            sounds.append(sound)
            before, line = token, where.line(token)
        if sounds:
            yield Bar(sounds, line, number)


def _refused(abcnotes: Any, token: Any) -> str | None:
    """What is wrong with a piece of the notation, if it cannot be played as steps."""
    text = token._text
    if isinstance(token, abcnotes.Tuplet):
        return f"expected notes on a grid of sixteenths, found the tuplet {text}"
    if isinstance(token, abcnotes.Unknown | abcnotes.VoiceOverlay):
        return f"expected notes of one voice in ABC notation, found {text}"
    if isinstance(token, abcnotes.BodyField | abcnotes.InlineField):
        if text.strip("[]")[:2] in ("M:", "V:"):
            return f"expected one meter and one voice all through, found {text}"
    if isinstance(token, abcnotes.Note | abcnotes.Rest) and not _is_grace(token):
        steps = token.abs_duration * BAR
        if steps < 0.5 or abs(steps - round(steps)) > 1e-6:
            return f"expected notes on a grid of sixteenths, found {text}"
    return None


def _is_grace(token: Any) -> bool:
    return getattr(token, "grace", False)


def _sounding(abcnotes: Any, tokens: list, changes: set) -> Iterator[tuple[Any, bool]]:
    """The notes and rests of a bar, and whether each sounds with the one before."""
    in_chord = together = False
    for token in tokens:
        if isinstance(token, abcnotes.ChordBracket):
            in_chord, together = token._text == "[", False
        elif _is_grace(token):
            changes.add("grace notes are left out")
        elif isinstance(token, abcnotes.Note | abcnotes.Rest):
            yield token, together
            together = in_chord


def _sound(abcnotes: Any, token: Any, before: Any) -> Sound:
    steps = round(token.abs_duration * BAR)
    if isinstance(token, abcnotes.Rest):
        return Sound(None, steps, False)
    pitch = MIDDLE_C + token.pitch.abs_value
    tied = isinstance(before, abcnotes.Note) and before.tie
    goes_on = tied and MIDDLE_C + before.pitch.abs_value == pitch
    return Sound(pitch, steps, goes_on)


def _full_bars(bars: list[Bar], full: int, where: _Place) -> list[Bar]:
    """The bars, where two that a repeat divides are one; all but the ends must be full.

    A short first bar is filled by a rest in front.
    """
    joined = list[Bar]()
    for bar in bars:
        if joined and joined[-1].steps < full == joined[-1].steps + bar.steps:
            bar = Bar(joined.pop().sounds + bar.sounds, bar.line, bar.number)
        joined.append(bar)
    for place, bar in enumerate(joined):
        at_an_end = place in (0, len(joined) - 1)
        if bar.steps > full or (bar.steps < full and not at_an_end):
            told = f"expected a bar of {full} sixteenths, found {bar.steps}"
            raise where.error(bar.line, bar.number, told)
    if len(joined) > 1 and joined[0].steps < full:
        rest = Sound(None, full - joined[0].steps, False)
        joined[0] = joined[0]._replace(sounds=[rest, *joined[0].sounds])
    return joined


def _notes(bars: list[Bar]) -> tuple[list[Note], int]:
    """The notes, ties joined, and how many steps they last in whole bars of 4/4."""
    notes, now = list[Note](), 0
    for sound in (sound for bar in bars for sound in bar.sounds):
        if sound.goes_on and notes:
            last = notes.pop()
            notes.append(last._replace(length=last.length + sound.steps))
        elif sound.pitch is not None:
            notes.append(Note(sound.pitch, now, sound.steps))
        now += sound.steps
    return notes, whole_bars(now)
