"""JSON files beside the lessons, of what the learner has done. A damaged one is told, and kept under another name."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Record = dict[str, dict[str, Any]]


def read(path: Path, is_whole: Callable[[Record], bool] = lambda record: True) -> Record:
    """What was written; nothing if there is no file. A file that cannot be understood is set aside."""
    try:
        content = path.read_bytes()
    except OSError:
        return {}
    try:
        record = json.loads(content.decode("utf-8"))
        if isinstance(record, dict) and all(isinstance(value, dict) for value in record.values()) and is_whole(record):
            return record
    except ValueError:
        pass
    _set_aside(path)
    return {}


def write(path: Path, record: Record) -> None:
    """All of it or nothing. A folder that cannot be written to is no reason to stop."""
    new = path.with_name(path.name + ".new")
    try:
        new.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", "utf-8")
        os.replace(new, path)
    except OSError:
        new.unlink(missing_ok=True)


def _set_aside(path: Path) -> None:
    names = (path.with_name(f"{path.name}.damaged{number or ''}") for number in range(1000))
    kept = next(name for name in names if not name.exists())
    try:
        path.rename(kept)
    except OSError:
        print(f"lessons: {path} is damaged", file=sys.stderr)
    else:
        print(f"lessons: {path} is damaged; it is kept as {kept.name}, and a new one begins", file=sys.stderr)
