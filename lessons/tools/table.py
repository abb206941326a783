"""The CSV file of grades, and what is remembered beside it in case that the grader is killed."""

import csv
import json
import os
import secrets
from pathlib import Path
from typing import Any

KILLED = "the grader was killed while this submission was running; please look at this one yourself"


class Table:
    """A row per student: points per lesson, the total, the isolation and remarks. On the disk as soon as it is known.

    While it grows, FILE.unfinished beside it says what it is a table of, which rows are done, and whose submission is
    running. A grader that finds this file takes the rows over, and goes on with the next student.
    """

    def __init__(self, path: Path, lessons: list[str], seed: int | None):
        self.path = path
        self.unfinished = path.with_name(f"{path.name}.unfinished")
        self.lessons = lessons
        self.rows: dict[str, list[str]] = {}
        self.seed = self._take_over(seed)
        self._write()

    def __enter__(self) -> "Table":
        return self

    def __exit__(self, error: Any, *_: Any) -> None:
        if error is None:
            self.unfinished.unlink(missing_ok=True)
        else:  # the grader's fault, or its user's: nobody's submission is to blame
            self._remember(None)

    def begin(self, student: str) -> None:
        """From here on this student's submission runs."""
        self._remember(student)

    def add(self, student: str, points: list[float], isolation: str, remark: str) -> None:
        numbers = [f"{number:g}" for number in (*points, sum(points))]
        self.rows[student] = [self._name(student), *numbers, harmless(isolation), harmless(remark)]
        self._write()
        self._remember(None)

    def _name(self, student: str) -> str:
        """The name as it is shown. No two rows have the same."""
        name, taken = harmless(one_line(student)), {row[0] for row in self.rows.values()}
        numbered = (f"{name} ({number})" for number in range(2, len(taken) + 3))
        return name if name not in taken else next(other for other in numbered if other not in taken)

    def _take_over(self, seed: int | None) -> int:
        """Rows of a grader that was killed, if it was to fill the same table. Returns their seed, or a new one."""
        state = _read(self.unfinished)
        if state.get("lessons") != self.lessons or seed not in (None, state["seed"]):
            return new_seed() if seed is None else seed
        self.rows, self.seed = state["rows"], state["seed"]
        if (running := state["running"]) is not None:
            self.add(running, [0.0] * len(self.lessons), "", KILLED)
        return self.seed

    def _remember(self, running: str | None) -> None:
        state = {"lessons": self.lessons, "seed": self.seed, "rows": self.rows, "running": running}
        _replace(self.unfinished, json.dumps(state))

    def _write(self) -> None:
        header = ["student", *self.lessons, "total", "isolation", "remarks"]
        with open(self.path, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *self.rows.values()])


def new_seed() -> int:
    """One that nobody has tried before handing in."""
    return secrets.randbelow(2**31)


def _read(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def _replace(path: Path, text: str) -> None:
    """Write it so that it is whole at any time."""
    new = path.with_name(f"{path.name}.new")
    new.write_text(text, "utf-8")
    os.replace(new, path)


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def one_line(text: str) -> str:
    """The text without line breaks, and without what a terminal would obey."""
    return "".join(letter if letter.isprintable() else "?" for letter in " ".join(text.split()))
