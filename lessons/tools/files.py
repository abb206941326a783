"""All files below a folder of submissions, those in zip archives too. Links are never followed."""

import io
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from .catalogue import LessonError

LARGEST = 1 << 20  # bytes of an exercise
LARGER = 20 << 20  # bytes of a notebook with its pictures, and of a student's archive
DEEPEST = 8  # folders in folders
# What systems, editors and Python leave behind, and packages.
JUNK = re.compile(r"\..*|__macosx|__pycache__|desktop\.ini|thumbs\.db|venv|site-packages|node_modules", re.IGNORECASE)

# What a file that cannot be read raises, in an archive too: that is broken, encrypted, or packed in an unknown way.
UNREADABLE = (OSError, EOFError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error)


@dataclass(frozen=True)
class File:
    """A file that was found, or what lies in a file's place."""

    parts: tuple[str, ...]  # its path, below the folder of all submissions
    open: Callable[[], bytes] | None = None
    problem: str = ""  # why it cannot be read

    @property
    def name(self) -> str:
        return self.parts[-1]

    def read(self) -> bytes:
        """The content. Raises LessonError, saying why there is none."""
        if self.open is None:
            raise LessonError(f"{self.name} {self.problem}")
        try:
            content = self.open()
        except UNREADABLE as error:
            raise LessonError(f"{self.name} cannot be read ({error})") from error
        largest = LARGER if self.name.lower().endswith((".ipynb", ".zip")) else LARGEST
        if len(content) > largest:
            raise LessonError(f"{self.name} has more than {largest:,} bytes; at most {largest:,} are read")
        return content


def files(place: Path) -> list[File]:
    """All files in a folder, or in a zip archive."""
    if place.is_file():
        return list(_in_archive(place, (), 0))
    return [file for path in sorted(_walk(place)) for file in _at(path, path.relative_to(place).parts)]


def _walk(folder: Path) -> Iterator[Path]:
    """Everything but folders; a link to a folder, and a folder that is named like a program, too."""
    for place, folders, names in os.walk(folder):
        here = Path(place)
        odd = [name for name in folders if (here / name).is_symlink() or name.endswith((".py", ".ipynb"))]
        yield from (here / name for name in (*names, *odd) if not JUNK.fullmatch(name))
        deep = len(here.relative_to(folder).parts) >= DEEPEST
        folders[:] = [] if deep else [name for name in folders if not JUNK.fullmatch(name)]


def _at(path: Path, parts: tuple[str, ...]) -> Iterator[File]:
    """The file at a path, or those in the archive there."""
    found = path.lstat()
    if stat.S_ISLNK(found.st_mode):
        yield File(parts, problem="is a symbolic link, not a file")
    elif not stat.S_ISREG(found.st_mode):
        yield File(parts, problem="is not a file")
    else:
        yield from _unpacked(File(parts, partial(_beginning, path)), 0)


def _beginning(path: Path) -> bytes:
    """The content, with a byte more if it is too long."""
    with open(path, "rb") as file:
        return file.read(LARGER + 1)


def _unpacked(file: File, depth: int) -> Iterator[File]:
    """The file; of an archive, what is in it."""
    if not file.name.lower().endswith(".zip") or depth > 2:
        yield file
        return
    try:
        yield from _in_archive(io.BytesIO(file.read()), file.parts, depth + 1)
    except LessonError as error:
        yield File(file.parts, problem=str(error).removeprefix(f"{file.name} "))


def _in_archive(place: Path | io.BytesIO, parts: tuple[str, ...], depth: int) -> Iterator[File]:
    """Its files. Their names are read, never used as paths."""
    try:
        archive = zipfile.ZipFile(place)
    except UNREADABLE as error:
        yield File(parts or (str(place),), problem=f"cannot be read as a zip archive ({error})")
        return
    for member in archive.infolist():
        inner = tuple(part for part in re.split(r"[/\\]", member.filename) if part not in ("", ".", ".."))
        if inner and not member.is_dir() and not any(JUNK.fullmatch(part) for part in inner):
            yield from _unpacked(File(parts + inner, partial(_member, archive, member)), depth)


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """A member's content: not what its header promises, but what is there, with a byte more if it is too long."""
    with archive.open(member) as file:
        return file.read(LARGER + 1)
