"""The quiz of a lesson, asked in the terminal, with questions of earlier lessons; and what was missed, again."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from . import catalogue
from .catalogue import Lesson, note_progress, progress
from .memory import Memory
from .terminal import wrapped

PARTS = {"before": "Before you read", "after": "After the lesson"}
RECALLED = 2  # questions of earlier lessons, asked first

Asked = tuple[str, Lesson, dict[str, Any]]  # a heading, the lesson that the question is of, the question


def ask_all(
    lesson: Lesson, part: str | None = None, answer: Callable[[str], str] = input, today: date | None = None
) -> None:
    """Ask one part of the questions, "before" or "after"; by default "after" if "before" is done.

    Before the lesson come two of earlier lessons. Every answer is explained and remembered, and so is which part was
    done. `answer` reads a line.
    """
    quiz, root = lesson.quiz(), lesson.folder.parent
    done = progress(root).get(lesson.name, {}).get("quiz")
    part = part or ("after" if done in PARTS or not quiz["before"] else "before")
    memory = Memory(root, today or date.today())
    earlier = [one for one in catalogue.lessons(root) if one.number < lesson.number] if part == "before" else []
    recalled = [(f"From lesson {one.number}", one, q) for one, q in memory.to_recall(earlier, RECALLED)]
    count = len(quiz[part])
    own = [(f"{PARTS[part]}, question {n} of {count}", lesson, q) for n, q in enumerate(quiz[part], start=1)]
    print(f"{quiz['title']}: answer with a letter; Ctrl-C to stop.")
    if (rights := _answers([*recalled, *own], memory, answer)) is None:
        return
    right = sum(rights[len(recalled) :])
    note_progress(lesson, quiz="after" if done == "after" else part, **{part: [right, count]})
    of_earlier = f", and {sum(rights) - right} of {len(recalled)} from earlier lessons" if recalled else ""
    print(f"\n{right} of {count} right{of_earlier}")
    if part == "before":
        _say(
            f"Now read the lesson and write the exercise. Then `python -m lessons quiz {lesson.number}` asks the rest "
            f"(`quiz {lesson.number} before` asks these again)."
        )


def ask_again(lessons: list[Lesson], answer: Callable[[str], str] = input, today: date | None = None) -> None:
    """Ask the missed questions of these lessons that are due: 2, 7 and 21 days after the last answer."""
    memory = Memory(lessons[0].folder.parent, today or date.today())
    due = memory.again(lessons)
    if not due:
        print("nothing to ask again today")
        return
    rights = _answers([(f"From lesson {lesson.number}", lesson, q) for lesson, q in due], memory, answer)
    if rights is not None:
        print(f"\n{sum(rights)} of {len(rights)} right")


def _answers(asked: Iterable[Asked], memory: Memory, answer: Callable[[str], str]) -> list[bool] | None:
    """Which questions were answered right; None if the learner stopped."""
    rights: list[bool] = []
    try:
        for heading, lesson, question in asked:
            print(f"\n{heading}")
            rights.append(_ask(question, answer))
            memory.note(lesson, question, rights[-1])
    except (EOFError, KeyboardInterrupt):
        print(f"\nstopped; {sum(rights)} of {len(rights)} right so far")
        return None
    return rights


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
