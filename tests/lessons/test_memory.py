"""Questions that are asked again: of earlier lessons, and those that were missed, days later."""

import json
import shutil
from datetime import date, timedelta

import pytest

from lessons.tools import catalogue, quiz, records
from lessons.tools.catalogue import Lesson, progress
from lessons.tools.memory import FILE, Memory

from .tiny_course import LESSON, make_course, run

MONDAY = date(2026, 3, 2)


@pytest.fixture
def root(tmp_path):
    """A course of two lessons with two questions each. Right answers: b and a in the first, a and a in the second."""
    root = make_course(tmp_path / "course") / "lessons"
    second = root / "02_next"
    shutil.copytree(root / LESSON, second)
    questions = [{"question": f"{n}?", "choices": ["yes", "no"], "answer": 0, "why": ["It is.", "No."]} for n in (1, 2)]
    content = {"title": "Next", "minutes": 5, "before": questions[:1], "after": questions[1:]}
    (second / "quiz.json").write_text(json.dumps(content))
    return root


def ask(root, number, part, given, day):
    """Answer the quiz with the letters that are given. The number of letters must be right."""
    letters = iter(given)
    quiz.ask_all(catalogue.find([number], root)[0], part, lambda prompt: next(letters), MONDAY + timedelta(days=day))
    assert list(letters) == []


def again(root, day):
    """The questions that are due."""
    return [q["question"] for _, q in Memory(root, MONDAY + timedelta(days=day)).again(catalogue.lessons(root))]


def test_a_missed_question_comes_back_after_2_7_and_21_days(root, capsys):
    ask(root, "1", "before", "a", day=0)
    assert again(root, 1) == [] and again(root, 2) == ["What is twice 2?"]
    for day, following in ((2, 9), (9, 30)):
        quiz.ask_again(catalogue.lessons(root), lambda prompt: "b", MONDAY + timedelta(days=day))
        assert again(root, following - 1) == [] and again(root, following) == ["What is twice 2?"]
    assert "\nFrom lesson 01\nWhat is twice 2?" in capsys.readouterr().out
    quiz.ask_again(catalogue.lessons(root), lambda prompt: "b", MONDAY + timedelta(days=30))
    assert again(root, 1000) == []
    quiz.ask_again(catalogue.lessons(root), today=MONDAY + timedelta(days=31))
    assert capsys.readouterr().out.endswith("\nnothing to ask again today\n")


def test_missed_again_begins_again(root):
    ask(root, "1", "before", "a", day=0)
    quiz.ask_again(catalogue.lessons(root), lambda prompt: "b", MONDAY + timedelta(days=2))
    quiz.ask_again(catalogue.lessons(root), lambda prompt: "a", MONDAY + timedelta(days=9))
    assert again(root, 10) == [] and again(root, 11) == ["What is twice 2?"]


def test_right_on_the_same_day_is_no_proof(root):
    ask(root, "1", "before", "a", day=0)
    ask(root, "1", "before", "b", day=1)
    assert again(root, 2) == ["What is twice 2?"]
    ask(root, "1", "before", "a", day=1)
    assert again(root, 2) == [] and again(root, 3) == ["What is twice 2?"]


def test_what_was_right_at_once_is_not_asked_again(root):
    ask(root, "1", "before", "b", day=0)
    assert again(root, 1000) == []


def test_a_lesson_begins_with_questions_of_earlier_ones(root, capsys):
    ask(root, "1", "after", "a", day=0)
    ask(root, "1", "before", "a", day=1)  # missed: asked again after two days
    capsys.readouterr()
    ask(root, "2", "before", "baa", day=2)
    said = capsys.readouterr().out
    assert said.index("\nFrom lesson 01\nWhat is twice 1?") < said.index("\nFrom lesson 01\nWhat is twice 2?")
    assert "\n1 of 1 right, and 0 of 2 from earlier lessons\n" in said
    ask(root, "2", "before", "baa", day=4)
    said = capsys.readouterr().out
    assert said.index("\nWhat is twice 2?") < said.index("\nWhat is twice 1?") and "\n1 of 1 right, and 2 of 2" in said
    ask(root, "2", "after", "a", day=4)
    assert "From lesson" not in capsys.readouterr().out


def test_due_questions_come_first(root):
    ask(root, "1", "after", "a", day=0)
    ask(root, "1", "before", "a", day=1)
    first = Lesson(root / LESSON)

    def recalled(day, count=2):
        memory = Memory(root, MONDAY + timedelta(days=day))
        return [question["question"] for _, question in memory.to_recall([first], count)]

    assert recalled(2) == ["What is twice 1?", "What is twice 2?"]  # asked longest ago
    assert recalled(3) == ["What is twice 2?", "What is twice 1?"]  # due
    assert recalled(3, 1) == ["What is twice 2?"]


def test_the_last_lesson_is_recalled_before_the_first(root):
    lessons = catalogue.lessons(root)
    memory = Memory(root, MONDAY)
    assert [lesson.number for lesson, _ in memory.to_recall(lessons, 9)] == ["02", "02", "01", "01"]
    memory.note(lessons[1], lessons[1].quiz()["before"][0], right=True)
    found = [(lesson.number, question["question"]) for lesson, question in memory.to_recall(lessons, 9)]
    assert [number for number, _ in found] == ["02", "01", "01", "02"]


def test_scores_are_kept(root):
    ask(root, "2", "before", "bba", day=0)  # both of lesson 1 (right: b, a) come first
    assert progress(root)["02_next"] == {"quiz": "before", "before": [1, 1]}
    ask(root, "2", "after", "b", day=0)
    assert progress(root)["02_next"] == {"quiz": "after", "before": [1, 1], "after": [0, 1]}
    assert catalogue.listing(root).splitlines()[2].split() == ["02", "Next", "5", "-", "1/1", "0/1", "-"]
    kept = json.loads((root / FILE).read_text("utf-8"))
    assert kept[LESSON]["What is twice 2?"] == {"asked": "2026-03-02", "wait": 0, "right": 1, "missed": 0}
    assert kept[LESSON]["What is twice 1?"] == {"asked": "2026-03-02", "wait": 2, "right": 0, "missed": 1}


def test_an_answer_is_kept_when_the_quiz_is_left(root):
    letters = iter("a")

    def answer(prompt):
        for letter in letters:
            return letter
        raise EOFError

    quiz.ask_all(catalogue.find(["2"], root)[0], "before", answer, MONDAY)
    assert again(root, 2) == ["What is twice 2?"] and progress(root) == {}


def test_a_lesson_without_questions_before_begins_after(root, capsys):
    folder = root / "02_next"
    content = json.loads((folder / "quiz.json").read_text())
    (folder / "quiz.json").write_text(json.dumps({**content, "before": []}))
    ask(root, "2", None, "a", day=0)
    assert "After the lesson, question 1 of 1" in capsys.readouterr().out


WHOLE = {"asked": "2026-03-02", "wait": 2, "right": 0, "missed": 1}


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "\xff",
        "[]",
        '{"01_tiny": 3}',
        '{"01_tiny": {"q": 3}}',
        *(json.dumps({"01_tiny": {"q": {**WHOLE, name: value}}}) for name, value in [("asked", "soon"), ("wait", "2")]),
        json.dumps({"01_tiny": {"q": {**WHOLE, "missed": -1}}}),
        json.dumps({"01_tiny": {"q": {"asked": "2026-03-02"}}}),
    ],
)
def test_a_damaged_file_is_told_and_kept(root, capsys, content):
    for name in (f"{FILE}.damaged", f"{FILE}.damaged1"):
        (root / FILE).write_text(content, "latin-1")
        assert Memory(root, MONDAY).answers == {}
        kept = f"lessons: {root / FILE} is damaged; it is kept as {name}, and a new one begins\n"
        assert capsys.readouterr().err == kept
        assert (root / name).read_text("latin-1") == content and not (root / FILE).exists()
    ask(root, "1", "before", "a", day=0)
    assert again(root, 2) == ["What is twice 2?"]


def test_a_file_that_cannot_be_written_stops_nobody(root):
    (root / FILE).mkdir()
    ask(root, "1", "before", "a", day=0)
    assert (root / FILE).is_dir() and not (root / f"{FILE}.new").exists()


def test_a_record_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "record.json"
    records.write(path, {"a": {"b": 1}})

    def no_room(*arguments):
        raise OSError("no space left on device")

    monkeypatch.setattr(records.os, "replace", no_room)
    records.write(path, {"a": {"b": 2}})
    assert records.read(path) == {"a": {"b": 1}} and list(tmp_path.iterdir()) == [path]


def test_the_commands(root):
    course = root.parent
    assert run(course, "review").stdout == "nothing to ask again today\n"
    long_ago = {**WHOLE, "asked": "2020-01-01"}
    (root / FILE).write_text(json.dumps({LESSON: {"What is twice 2?": long_ago}}))
    assert run(course, "list").stdout.endswith("\n\nto ask again: 1 (python -m lessons review)\n")
    done = run(course, "review", stdin="b\n")
    assert (done.returncode, done.stderr) == (0, "") and done.stdout.endswith("\n1 of 1 right\n")
    assert "to ask again" not in run(course, "list").stdout
