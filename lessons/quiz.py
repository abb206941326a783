"""The quiz of a lesson, asked in the terminal."""

import textwrap
from collections.abc import Callable
from typing import Any

from .catalogue import Lesson, note_progress, progress

WIDTH = 100
PARTS = {"before": "Before you read", "after": "After the lesson"}
PAUSE = "Now read the lesson. You may leave with Ctrl-C; the same command then goes on here."


def ask_all(lesson: Lesson, answer: Callable[[str], str] = input) -> None:
    """Ask every question, explain every answer, and remember which part was done. `answer` reads a line."""
    quiz = lesson.quiz()
    read = progress(lesson.folder.parent).get(lesson.name, {}).get("quiz") == "before"
    right = count = 0
    print(f"{quiz['title']}: answer with a letter; Ctrl-C to stop.")
    try:
        for part in ["after"] if read else PARTS:
            for number, question in enumerate(quiz[part], start=1):
                print(f"\n{PARTS[part]}, question {number} of {len(quiz[part])}")
                right += _ask(question, answer)
                count += 1
            note_progress(lesson, quiz=part)
            print(f"\n{PAUSE}" if part == "before" else f"\n{right} of {count} right")
    except (EOFError, KeyboardInterrupt):
        print(f"\nstopped; {right} of {count} right so far")


def _ask(question: dict[str, Any], answer: Callable[[str], str]) -> bool:
    """One question. Whether the first letter given was right."""
    choices = dict(zip("abcdefghij", question["choices"]))
    reasons = dict(zip(choices, question["why"]))
    right = list(choices)[question["answer"]]
    _say(question["question"])
    for letter, choice in choices.items():
        _say(choice, f"  {letter}) ")
    given = answer("your answer: ").strip().lower().rstrip(").")
    while given not in choices:
        given = answer(f"a letter from a to {list(choices)[-1]}, please: ").strip().lower().rstrip(").")
    if given != right:
        _say(reasons[given], f"Not {given}: ")
    _say(reasons[right], f"{'Yes' if given == right else 'Right is'} {right}: ")
    return given == right


def _say(text: str, before: str = "") -> None:
    """Print wrapped lines, the later ones below the first one's text."""
    lines = text.splitlines() or [""]
    for start, line in zip([before, *[" " * len(before)] * len(lines)], lines):
        print(textwrap.fill(line, WIDTH, initial_indent=start, subsequent_indent=" " * len(before)))
