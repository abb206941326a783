"""Keeps the course's files and minae's as they were before the first submission ran."""

import shutil
from pathlib import Path


class Guard:
    """The content of every file under some folders, in memory. Make it before a submission runs."""

    def __init__(self, *folders: Path):
        self.folders = [folder.resolve() for folder in folders]
        self.content = {path: _read(path) for path in self._files()}

    def __enter__(self) -> "Guard":
        return self

    def __exit__(self, *_: object) -> None:
        self.restore()

    def restore(self) -> list[str]:
        """Put everything back. Returns the names of the files that were changed, removed or added."""
        kept = {path: content for path, content in self.content.items() if content is not None}
        changed = {path: content for path, content in kept.items() if _read(path) != content}
        added = [path for path in self._files() if path not in self.content]
        for path in (*added, *changed):
            _remove(path)
        for path, content in changed.items():
            for folder in reversed(path.parents):
                if folder.is_symlink() or not folder.is_dir():
                    _remove(folder)
                    folder.mkdir()
            path.write_bytes(content)
        return [path.name for path in (*changed, *added)]

    def _files(self) -> list[Path]:
        """All files and links."""
        found = (path for folder in self.folders for path in sorted(folder.rglob("*")))
        return [path for path in found if path.is_symlink() or not path.is_dir()]


def _read(path: Path) -> bytes | None:
    """The content, or None of what is no readable file, or only linked to one."""
    try:
        return path.read_bytes() if path.resolve() == path else None
    except OSError:
        return None


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
