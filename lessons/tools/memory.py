"""What the learner answered, question by question, and when to ask again what was missed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from . import records
from .catalogue import Lesson

FILE = ".quiz.json"  # beside the lessons
WAITS = (2, 7, 21)  # days: after a miss, then after each right answer; then no more


@dataclass
class Memory:
    """The answers that stand in a file. `today` is the date that everything is reckoned from."""

    folder: Path
    today: date

    def __post_init__(self):
        self.answers = records.read(self.folder / FILE, _is_whole)

    def note(self, lesson: Lesson, question: dict[str, Any], right: bool) -> None:
        """Remember an answer, at once. One that is right before it was due moves nothing."""
        due, old = self.due(lesson, question), self._old(lesson, question)
        new = {**old, "asked": self.today.isoformat(), "wait": _next_wait(old["wait"]) if right else WAITS[0]}
        if right and due and self.today < due:
            new = old
        new = {**new, "right": old["right"] + right, "missed": old["missed"] + (not right)}
        self.answers.setdefault(lesson.name, {})[question["question"]] = new
        records.write(self.folder / FILE, self.answers)

    def due(self, lesson: Lesson, question: dict[str, Any]) -> date | None:
        """The day from which a question is to be asked again; None if it was never missed, or is known by now."""
        old = self._old(lesson, question)
        return date.fromisoformat(old["asked"]) + timedelta(days=old["wait"]) if old["wait"] else None

    def again(self, lessons: list[Lesson]) -> list[tuple[Lesson, dict[str, Any]]]:
        """The questions of these lessons that are due, the oldest first."""
        due = [(day, lesson, q) for lesson, q in _questions(lessons) if (day := self.due(lesson, q))]
        ordered = sorted((one for one in due if one[0] <= self.today), key=lambda one: one[0])
        return [(lesson, question) for _, lesson, question in ordered]

    def to_recall(self, lessons: list[Lesson], count: int) -> list[tuple[Lesson, dict[str, Any]]]:
        """Some questions of these lessons: those that are due, then those never asked, then those asked longest ago.

        Of equals, those of the last lesson come first: else the first lesson's would be asked again and again.
        """
        due = self.again(lessons)
        others = [one for one in _questions(lessons[::-1]) if one not in due]
        others.sort(key=lambda one: self._old(*one)["asked"])  # "" if never
        return [*due, *others][:count]

    def _old(self, lesson: Lesson, question: dict[str, Any]) -> dict[str, Any]:
        nothing = {"asked": "", "wait": 0, "right": 0, "missed": 0}
        return self.answers.get(lesson.name, {}).get(question["question"], nothing)


def _next_wait(wait: int) -> int:
    """The next longer one; 0, which is never, after the longest and for what was never missed."""
    return next((longer for longer in WAITS if longer > wait), 0) if wait else 0


def _questions(lessons: list[Lesson]) -> Iterator[tuple[Lesson, dict[str, Any]]]:
    for lesson in lessons:
        quiz = lesson.quiz()
        for question in quiz["before"] + quiz["after"]:
            yield lesson, question


def _is_whole(answers: records.Record) -> bool:
    """Whether every answer has its date and its numbers. A date that is none raises ValueError, as `read` expects."""
    return all(
        isinstance(answer, dict)
        and date.fromisoformat(str(answer.get("asked"))) is not None
        and all(type(answer.get(name)) is int and answer[name] >= 0 for name in ("wait", "right", "missed"))
        for lesson in answers.values()
        for answer in lesson.values()
    )
