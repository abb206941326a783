"""Writing files so that none is left half written, or written by two processes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import FileError

LOCK = ".lock"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under another name first, then rename it.

    No reader, and no later run, ever sees half of it. Raises FileError if it cannot be
    written; the file that was there before is then still there.
    """
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # in case the power fails
        os.replace(unfinished, path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        reason = error.strerror or error
        raise FileError(f"{path}: cannot be written ({reason})") from error


def check_new(path: Path) -> None:
    """Raises FileError for a file that is there already."""
    if os.path.lexists(path):
        told = "is there already; choose another place with --out, or add --overwrite"
        raise FileError(f"{path}: {told}")


@contextmanager
def locked(folder: str | Path) -> Iterator[None]:
    """Keep every other process from training in this folder, which is made if need be.

    The lock ends with the process, however that ends. Within one process it may be
    taken again. Raises FileError if another process holds it.
    """
    from filelock import FileLock, Timeout

    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LOCK, is_singleton=True)
        lock.acquire(blocking=False)
    except Timeout as error:
        raise FileError(
            f"{folder}: another process is training there; choose another folder"
        ) from error
    except (OSError, NotImplementedError) as error:
        raise FileError(f"{folder}: cannot be written to ({error})") from error
    try:
        yield
    finally:
        lock.release()
