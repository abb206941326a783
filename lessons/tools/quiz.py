"""The quiz of a lesson, asked in the terminal."""

from collections.abc import Callable
from typing import Any

from .catalogue import Lesson, note_progress, progress
from .terminal import wrapped

PARTS = {"before": "Before you read", "after": "After the lesson"}


def ask_all(lesson: Lesson, part: str | None = None, answer: Callable[[str], str] = input) -> None:
    """Ask one part of the questions, "before" or "after"; by default "after" if "before" is done.

    Every answer is explained, and it is remembered which part was done. `answer` reads a line.
    """
    quiz = lesson.quiz()
    done = progress(lesson.folder.parent).get(lesson.name, {}).get("quiz")
    part = part or ("after" if done in PARTS else "before")
    right = count = 0
    print(f"{quiz['title']}: answer with a letter; Ctrl-C to stop.")
    try:
        for number, question in enumerate(quiz[part], start=1):
            print(f"\n{PARTS[part]}, question {number} of {len(quiz[part])}")
            right += _ask(question, answer)
            count += 1
    except (EOFError, KeyboardInterrupt):
        print(f"\nstopped; {right} of {count} right so far")
        return
    note_progress(lesson, quiz="after" if done == "after" else part)
    print(f"\n{right} of {count} right")
    if part == "before":
        _say(
            f"Now read the lesson and write the exercise. Then `python -m lessons quiz {lesson.number}` asks the rest "
            f"(`quiz {lesson.number} before` asks these again)."
        )


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
    print(wrapped(text, before))
