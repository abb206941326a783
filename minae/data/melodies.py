"""A data set of melodies: windows to learn from, to choose by and to test on."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..support.argument_checks import check_whole
from ..support.errors import FileError
from .abc_files import read_abc
from .arrays import read_named
from .examples import listed
from .melody import BAR, HOLD, KINDS, check_bars, intervals, windows
from .midi_files import read_midi
from .tunes import Tune, within_range

SHIPPED = Path(__file__).parent / "files" / "tunes"
SPLITS = ("train", "validation", "test")
KNOWN = (
    "tunes, a folder of ABC and MIDI files, or a .abc, .mid or .npz file of melodies"
)


class Windows(NamedTuple):
    """Windows of melodies, uint8 (N, T), and the number of each one's tune, int64 (N,).

    `melody.py` says what the steps mean.
    """

    steps: np.ndarray
    tunes: np.ndarray


class Melodies:
    """Windows of some bars from tunes, in a training, a validation and a test split.

    Args:
        source: one of
            - "tunes", the ones that ship (see data/files/README.md);
            - the path of a .abc, .mid or .midi file (see `read_abc`, `read_midi`), or
              of a folder of such files;
            - the path of a .npz file with `segments`, whole numbers (N, T): melodies of
              T / 16 bars of 4/4, and `song`, whole numbers (N,), the song that each is
              from, if that is known.
        bars: how long a window is.
        limit: keep only the first `limit` windows of each split.

    A tune is in one split only: in the order of the tunes' SHA-256, the last tenth, at
    least one, is the test split, the tenth before it the validation split. In the
    training split a new window begins with every bar, so that windows overlap; in the
    others where the last one ends. Windows without a note are left out, and so are
    tunes that are shorter than a window or the same as another in whatever key.
    Melodies outside the MIDI pitches 36 to 96 are moved by octaves.

    Attributes:
        train, validation, test: Windows.
        names: what the tunes are called, by their numbers.
        notes: what was left out or changed.

    Raises ValueError for `bars` or `limit` out of range and for a missing package,
    TypeError for a source that is not a path, and FileError for sources that cannot be
    used, or have fewer than three tunes.
    """

    def __init__(
        self,
        source: str | os.PathLike = "tunes",
        bars: int = 2,
        limit: int | None = None,
    ):
        check_bars("Melodies", bars)
        if limit is not None:
            check_whole("Melodies: limit", limit, 1)
        self.source = source
        self.bars = bars
        self.notes: list[str] = []
        tunes = self._kept(read_tunes(source, self.notes))
        if len(tunes) < 3:
            raise FileError(
                f"{source}: expected three tunes or more of at least {bars} bars, to "
                f"train on, choose by and test on, found {len(tunes)}"
                + "".join(f"; {note}" for note in self.notes[:3])
            )
        self.names = [tune.name for tune in tunes]
        self.train, self.validation, self.test = (
            _windows(tunes, numbers, bars, 1 if split == "train" else bars, limit)
            for split, numbers in zip(SPLITS, in_three(tunes))
        )

    def _kept(self, tunes: list[Tune]) -> list[Tune]:
        """The tunes that are long enough, once each, and within the range."""
        kept = dict[bytes, Tune]()
        short, again, far = list[str](), list[str](), list[str]()
        for tune in tunes:
            try:
                fitting, told = within_range(tune)
            except FileError as error:
                far.append(str(error))
                continue
            shape = b"".join(map(intervals, tune.pieces))
            if max(map(len, tune.pieces)) < self.bars * BAR:
                short.append(tune.name)
            elif shape in kept:
                again.append(f"{tune.name} (as {kept[shape].name})")
            else:
                kept[shape] = fitting
                self.notes += told
        for names, why in (
            (short, f"shorter than {self.bars} bars"),
            (again, "the same as another tune"),
            (far, "out of range"),
        ):
            if names:
                self.notes.append(f"left out: {len(names)} {why} ({listed(names)})")
        return list(kept.values())


def in_three(tunes: list[Tune]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The numbers of the tunes to train on, to choose by, and to test on.

    The order of their SHA-256 is as good as drawn by lot, but is the same for the same
    tunes, whatever their files are called.
    """
    digests = [
        hashlib.sha256(b"".join(piece.tobytes() for piece in tune.pieces)).digest()
        for tune in tunes
    ]
    order = np.array(sorted(range(len(tunes)), key=digests.__getitem__), np.int64)
    tenth = max(1, len(tunes) // 10)
    return order[: -2 * tenth], order[-2 * tenth : -tenth], order[-tenth:]


def _windows(
    tunes: list[Tune], numbers: np.ndarray, bars: int, every: int, limit: int | None
) -> Windows:
    found, owners = [np.empty((0, bars * BAR), np.uint8)], list[int]()
    for number in numbers.tolist():
        for piece in tunes[number].pieces:
            if len(piece) >= bars * BAR:
                cut = windows(piece, bars, every)
                cut = cut[(cut < HOLD).any(axis=1)]
                found.append(cut)
                owners += [number] * len(cut)
    steps = np.concatenate(found)[:limit]
    return Windows(steps, np.array(owners[:limit], np.int64))


def read_tunes(source: Any, notes: list[str]) -> list[Tune]:
    """The tunes of a source, as `Melodies` takes it. Notes are added to `notes`."""
    if not isinstance(source, str | os.PathLike):
        raise TypeError(f"Melodies: expected {KNOWN}, found {source!r}")
    if os.fspath(source) == "tunes":
        return _read_folder(SHIPPED, notes)
    if os.path.isdir(source):
        return _read_folder(Path(source), notes)
    reader = READERS.get(Path(source).suffix.lower())
    if not os.path.exists(source) or reader is None:
        found = "a file of another kind" if os.path.exists(source) else "no such file"
        raise FileError(f"{source}: expected {KNOWN}, found {found}")
    tunes, told = reader(source)
    notes += told
    return tunes


def _read_folder(folder: Path, notes: list[str]) -> list[Tune]:
    """The tunes of all files in a folder. Those that cannot be read get a note."""
    tunes, damaged, others = list[Tune](), list[FileError](), list[str]()
    for path in sorted(folder.iterdir()):
        suffix = path.suffix.lower()
        if path.name.startswith(".") or path.is_dir():
            continue
        if suffix not in READERS or suffix == ".npz":
            others.append(path.name)
            continue
        try:
            read, told = READERS[suffix](path)
        except FileError as error:
            damaged.append(error)
            continue
        tunes += read
        notes += told
    if damaged and not tunes:
        raise damaged[0]
    if damaged:
        notes.append(
            f"left out: {len(damaged)} that cannot be read ({listed(damaged)})"
        )
    if others and folder != SHIPPED:
        notes.append(f"left out: {listed(others)}, neither ABC nor MIDI")
    return tunes


def read_npz(path: str | os.PathLike) -> tuple[list[Tune], list[str]]:
    """The melodies of a .npz file, a tune for each song, and what was left out.

    Raises FileError if the file is missing or damaged, has no `segments` (N, T) of
    steps from 0 to 129 in whole bars that begin with a note or a rest, or a `song`
    that does not number them.
    """
    arrays = read_named(path, ("segments", "song"))
    segments = arrays.get("segments")
    if segments is None:
        raise FileError(f"{path}: expected an array called segments, found none")
    _check_segments(path, segments)
    count = len(segments)
    song = arrays.get("song", np.arange(count))
    if song.shape != (count,) or song.dtype.kind not in "iu":
        raise FileError(
            f"{path}: expected song, a whole number for each of {count} segments, "
            f"found {song.dtype} {song.shape}"
        )
    steps = segments.astype(np.uint8)
    order = np.argsort(song, kind="stable")
    numbers, begins = np.unique(song[order], return_index=True)
    tunes = [
        Tune(f"song {number}", list(steps[rows]))
        for number, rows in zip(numbers, np.split(order, begins[1:]))
        if (steps[rows] < HOLD).any()
    ]
    left = len(numbers) - len(tunes)
    return tunes, [f"left out: {left} songs without a note"] if left else []


def _check_segments(path: Any, segments: np.ndarray) -> None:
    told = None
    if segments.dtype.kind not in "iu" or segments.ndim != 2:
        told = f"whole numbers (N, T), found {segments.dtype} {segments.shape}"
    elif 0 in segments.shape or segments.shape[1] % BAR:
        told = f"whole bars of {BAR} steps, found shape {segments.shape}"
    elif segments.min() < 0 or segments.max() >= KINDS:
        told = f"steps 0 to {KINDS - 1}, found {segments.min()} to {segments.max()}"
    elif (segments[:, 0] == HOLD).any():
        row = int(np.flatnonzero(segments[:, 0] == HOLD)[0])
        told = f"rows that begin with a note or a rest, found a hold in row {row}"
    if told:
        raise FileError(f"{path}: expected segments to be {told}")


def _read_one_midi(path: str | os.PathLike) -> tuple[list[Tune], list[str]]:
    tune, notes = read_midi(path)
    return [tune], notes


READERS: dict[str, Callable[[Any], tuple[list[Tune], list[str]]]] = {
    ".abc": read_abc,
    ".mid": _read_one_midi,
    ".midi": _read_one_midi,
    ".npz": read_npz,
}
