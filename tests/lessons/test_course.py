"""The command `python -m lessons`: the list, the quiz, a learner's grades, notebooks, and the student's copy."""

import ast
import json
import os
import re
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path
from types import ModuleType
from unittest import mock

import pytest

import minae
from lessons.tools import build, catalogue, memory, quiz
from lessons.tools.catalogue import HERE, Lesson, LessonError, find, lessons, note_progress, progress, with_exercise
from lessons.tools.grade import Result, Verdict, grade
from lessons.tools.isolation import find as find_isolation
from lessons.tools.release import release
from lessons.tools.report import show

from .tiny_course import LESSON, SOLUTION, make_course, run

WRONG_DOUBLE = "\ndef double(x):\n    print('doubling')\n    return x + 2, (lambda g: g,)\n"


@pytest.fixture
def course(tmp_path):
    return make_course(tmp_path / "course")


@pytest.fixture
def lesson(course):
    return Lesson(course / "lessons" / LESSON)


# --- list and progress -----------------------------------------------------------------------------------------------


def test_list_shows_the_lessons_and_how_far_one_is(course, lesson):
    assert run(course, "list").stdout.splitlines() == [
        "   lesson    minutes to read  to write  quiz before  after  points",
        "01 Doubling                5         7  -            -      -",
    ]
    (lesson.folder / "exercise.py").write_text(SOLUTION + WRONG_DOUBLE)
    assert run(course, "grade", "1").returncode == 1
    for answer, shown in (("b", "1/1          -      7/10"), ("b", "1/1          0/1    7/10")):
        assert run(course, "quiz", "1", stdin=f"{answer}\n").returncode == 0
        assert run(course, "list").stdout.splitlines()[1] == f"01 Doubling                5         7  {shown}"
    quiz = {**lesson.quiz()}
    del quiz["exercise_minutes"]
    (lesson.folder / "quiz.json").write_text(json.dumps(quiz))
    assert (
        run(course, "list").stdout.splitlines()[1] == "01 Doubling                5         -  1/1          0/1    7/10"
    )


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"01_tiny": 3}', '{"01_tiny": {"points": "x", "of": null}}', "\xff"]
)
def test_a_broken_progress_file_is_kept_and_is_no_progress(course, lesson, capsys, content):
    (course / "lessons" / catalogue.PROGRESS).write_text(content, "latin-1")
    file = course / "lessons" / catalogue.PROGRESS
    assert (
        catalogue.listing(course / "lessons").splitlines()[1]
        == "01 Doubling                5         7  -            -      -"
    )
    note_progress(lesson, quiz="after")
    assert progress(course / "lessons")[LESSON]["quiz"] == "after"
    readable = content.startswith('{"01_tiny": {')
    assert capsys.readouterr().err == (
        "" if readable else f"lessons: {file} is damaged; it is kept as {file.name}.damaged, and a new one begins\n"
    )
    assert readable or file.with_name(f"{file.name}.damaged").read_text("latin-1") == content


def test_progress_that_cannot_be_written_stops_nobody(course, lesson):
    (course / "lessons" / catalogue.PROGRESS).mkdir()
    note_progress(lesson, quiz="after")
    assert progress(course / "lessons") == {}


def test_git_ignores_the_progress():
    ignored = (HERE.parent / ".gitignore").read_text().splitlines()
    assert {f"/lessons/{catalogue.PROGRESS}*", f"/lessons/{memory.FILE}*"} <= set(ignored)


def test_lessons_by_any_of_their_names(course):
    root = course / "lessons"
    for name in ("1", "01", LESSON):
        assert [lesson.name for lesson in find([name], root)] == [LESSON]
    assert find([], root) == lessons(root)
    for name in ("2", "tiny", "", "-1", "001", "١"):
        with pytest.raises(LessonError, match=r"no lesson '.*'; there are 01_tiny"):
            find([name], root)


# --- the quiz --------------------------------------------------------------------------------------------------------


def answers(*lines):
    given = iter(lines)

    def answer(prompt):
        print(prompt)
        try:
            return next(given)
        except StopIteration:
            raise EOFError from None

    return answer


def test_the_quiz_explains_every_answer(lesson, capsys):
    quiz.ask_all(lesson, answer=answers("what?", "C", "", " A) "))
    quiz.ask_all(lesson, answer=answers("a"))
    said = capsys.readouterr().out
    assert said.count("a letter from a to b, please:") == 3
    assert "Not a: That is once.\nRight is b: 2 + 2.\n" in said
    assert "Yes a: 1 + 1.\n" in said
    assert "\n0 of 1 right\n" in said and said.endswith("\n1 of 1 right\n")
    assert progress(lesson.folder.parent) == {LESSON: {"quiz": "after", "before": [0, 1], "after": [1, 1]}}


def test_the_quiz_has_two_parts(lesson, capsys):
    root = lesson.folder.parent
    quiz.ask_all(lesson, answer=answers("a"))
    said = " ".join(capsys.readouterr().out.split())
    assert said.endswith(
        "Now read the lesson and write the exercise. Then `python -m lessons quiz 01` asks the rest "
        "(`quiz 01 before` asks these again)."
    )
    assert "After" not in said and "0/1          -" in catalogue.listing(root)
    quiz.ask_all(lesson, answer=answers("a"))
    assert "Before" not in (said := capsys.readouterr().out) and said.endswith("1 of 1 right\n")
    assert "0/1          1/1" in catalogue.listing(root)
    quiz.ask_all(lesson, answer=answers("a"))
    assert "Before" not in capsys.readouterr().out


def test_the_first_part_again_takes_no_progress(course, lesson):
    note_progress(lesson, quiz="after")
    done = run(course, "quiz", "1", "before", stdin="b\n")
    assert (done.returncode, done.stderr) == (0, "") and "Before you read, question 1 of 1\n" in done.stdout
    assert progress(course / "lessons")[LESSON] == {"quiz": "after", "before": [1, 1]}


@pytest.mark.parametrize("stop", [EOFError, KeyboardInterrupt])
def test_the_quiz_can_be_left(lesson, capsys, stop):
    given = iter([])

    def answer(prompt):
        for line in given:
            return line
        raise stop

    quiz.ask_all(lesson, answer=answer)
    assert capsys.readouterr().out.endswith("stopped; 0 of 0 right so far\n")
    assert progress(lesson.folder.parent) == {}


# --- a learner's grades ----------------------------------------------------------------------------------------------


def test_grade_says_what_is_missing_and_why(course, lesson):
    (lesson.folder / "exercise.py").write_text(SOLUTION + WRONG_DOUBLE)
    done = run(course, "grade", "1")
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert lines[:3] == [f"{LESSON}: Doubling", "", "    0 / 3  double"]
    assert lines[3].startswith("            double: expected [") and "Usual cause: x + 2" in done.stdout
    assert "    2 / 2  gradient of double\n" in done.stdout
    assert "\nyour code printed:\n    doubling\n" in done.stdout
    assert lines[-3] == "7 of 10 points" and lines[-2] == f"isolation: {find_isolation()}"


def test_grade_of_a_stub_of_all_that_is_right_and_of_what_does_not_load(course, lesson):
    done = run(course, "grade")
    assert done.returncode == 1 and "\n0 of 10 points\nisolation: " in done.stdout
    assert "not written yet: double: return the value and one vjp\n" in done.stdout
    assert "    0 / 2  gradient of double\n            as above\n" in done.stdout
    (lesson.folder / "exercise.py").write_text(SOLUTION)
    done = run(course, "grade", "01")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\n10 of 10 points: the public checks passed\n" in done.stdout and "correct" not in done.stdout


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("def double(x:", "SyntaxError: '(' was never closed (exercise.py, line 1)"),
        ("x = 1 / 0", "ZeroDivisionError: division by zero (exercise.py, line 1)"),
    ],
)
def test_what_does_not_load_is_said_once_and_takes_no_progress(course, lesson, source, error):
    note_progress(lesson, points=9.0, of=10.0)
    (lesson.folder / "exercise.py").write_text(source)
    done = run(course, "grade", "01")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines() == [
        *(f"{LESSON}: Doubling", "", f"exercise.py does not load: {error}", ""),
        *("nothing was checked; your progress stays as it was", f"isolation: {find_isolation()}", ""),
    ]
    assert progress(course / "lessons")[LESSON] == {"points": 9.0, "of": 10.0}


def test_long_messages_are_wrapped_and_long_output_is_cut(monkeypatch):
    for columns, widest in ((60, 60), (300, 100), (5, 40)):
        monkeypatch.setenv("COLUMNS", str(columns))
        verdicts = [Verdict("test_a", 0, 1, "one two-three " * 20 + "\nmore")]
        lines = show(Result("01_tiny", verdicts, output="x" * 1001), "Tiny").splitlines()
        message = lines[3 : lines.index("", 3)]
        assert widest - 14 < max(map(len, message)) <= widest and message[-1] == " " * 12 + "more"
        assert all(line.startswith(" " * 12 + "one ") or "two-three" in line for line in message[:-1])
        assert "    " + "x" * 1000 + "..." in lines
    assert "..." not in show(Result("01_tiny", verdicts, output="x" * 1000), "Tiny")


def test_what_another_pytest_has_loaded_makes_no_difference(lesson):
    """Its module of the tests stays its own, and is neither used nor lost."""
    verdicts = grade(lesson, SOLUTION.encode()).verdicts
    assert all(verdict.points for verdict in verdicts)
    theirs = ModuleType("theirs")
    theirs.__file__ = str(lesson.tests)
    names = {
        f"{prefix}test_exercise" for prefix in ("", f"{LESSON}.", f"lessons.{LESSON}.", f"course.lessons.{LESSON}.")
    }
    with mock.patch.dict(sys.modules, dict.fromkeys(names, theirs)):
        assert grade(lesson, SOLUTION.encode()).verdicts == verdicts
        assert all(sys.modules[name] is theirs for name in names)


def test_what_a_failing_test_says(course, lesson):
    """The text of pytest.fail and of an assertion as it is; of other errors the line of the test that led to them."""
    lesson.tests.write_text(
        "import pytest\n\ndef test_a(exercise):\n    pytest.fail(\n        'a long '\n        'chain')\n\n"
        "def test_b(exercise):\n    cases = [\n        1,\n        lambda: 1 / 0,\n    ]\n    cases[1]()\n\n"
        "def test_c(exercise):\n    exercise.triple(1)\n"
    )
    assert [verdict.message for verdict in grade(lesson, SOLUTION.encode()).verdicts] == [
        "a long chain",
        "the test stopped at `lambda: 1 / 0,`: ZeroDivisionError: division by zero",
        "exercise.py has no function `triple`",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["grade", "7"], "lessons: no lesson '7'; there are 01_tiny"),
        (["quiz", "x"], "lessons: no lesson 'x'; there are 01_tiny"),
        (["quiz"], "python -m lessons quiz: error: the following arguments are required: NN"),
        (["frobnicate"], "python -m lessons: error: argument COMMAND: invalid choice: 'frobnicate'"),
        ([], "python -m lessons: error: the following arguments are required: COMMAND"),
        (["grade", "--seed", "-1"], "argument --seed: expected a whole number of at least 0, found '-1'"),
        (["grade", "--timeout", "nan"], "argument --timeout: expected a number of seconds above 0, found 'nan'"),
        (["release", "."], "lessons: .: expected a new or empty folder"),
    ],
)
def test_what_cannot_be_done(course, arguments, message):
    done = run(course, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr.splitlines()[-1]


def test_an_exercise_that_is_not_there(course, lesson):
    (lesson.folder / "exercise.py").unlink()
    done = run(course, "grade", "1")
    assert done.returncode == 2 and done.stderr.startswith("lessons: [Errno 2] No such file or directory: ")
    (lesson.folder / "quiz.json").write_text("{")
    done = run(course, "list")
    assert done.returncode == 2 and "quiz.json: the quiz cannot be read (" in done.stderr


def test_what_is_not_installed_is_named(course):
    (course / "pytest.py").write_text("raise ModuleNotFoundError('no', name='pytest')")
    done = run(course, "grade", "1")
    expected = 'lessons: pytest is not installed; run: pip install -e ".[lessons]"\n'
    assert (done.returncode, done.stderr) == (2, expected)
    assert run(course, "list").returncode == 0


def test_a_terminal_without_mathematical_letters(course, lesson):
    path = lesson.folder / "quiz.json"
    path.write_text(path.read_text("utf-8").replace("twice", "∂y/∂x, twice"), "utf-8")
    done = run(course, "quiz", "1", stdin="b\n", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "") and "?y/?x, twice 2?" in done.stdout


# --- notebooks -------------------------------------------------------------------------------------------------------


def test_build_runs_the_lesson_and_gives_the_same_file_again(course, lesson):
    path = lesson.folder / "lesson.ipynb"
    contents = []
    for _ in range(2):
        done = run(course, "build", "1")
        assert (done.returncode, done.stdout) == (0, f"{path}\n"), done.stderr
        contents.append(path.read_bytes())
    assert contents[0] == contents[1]
    notebook = json.loads(contents[0])
    assert notebook["metadata"] == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    text, code, figure = notebook["cells"]
    assert "".join(text["source"]) == "# Doubling\n\nTwice $x$ is $2x$."
    assert code["outputs"] == [{"name": "stdout", "output_type": "stream", "text": ["42\n", "43\n"]}]
    assert "image/png" in figure["outputs"][-1]["data"]
    assert [cell["id"] for cell in notebook["cells"]] == ["cell-000", "cell-001", "cell-002"]


def test_build_refuses_what_fails_and_what_is_too_large(lesson, monkeypatch):
    monkeypatch.setattr(
        build, "run", lambda notebook, lesson, **environment: notebook.cells[1].update(source="x" * 400_000)
    )
    with pytest.raises(LessonError, match=r"01_tiny: the notebook has 400,\d\d\d bytes, expected at most 400,000"):
        build.build(lesson)
    monkeypatch.undo()
    (lesson.folder / "lesson.py").write_text("# %%\nraise ValueError('no good')\n")
    with pytest.raises(LessonError, match="01_tiny: ValueError: no good"):
        build.build(lesson)
    assert not (lesson.folder / "lesson.ipynb").exists()


def test_only_changed_lessons_are_built_unless_all_are_asked_for(course, lesson):
    path = f"{lesson.folder / 'lesson.ipynb'}\n"
    (lesson.folder / "lesson.py").write_text("# %%\nprint(1)\n")
    assert [run(course, "build", *options).stdout for options in ([], [], ["--all"], ["1"])] == [path, "", path, path]
    (lesson.folder / "lesson.py").write_text('# %% tags=["hide-output"]\nprint(1)\n')
    assert run(course, "build").stdout == path
    assert json.loads((lesson.folder / "lesson.ipynb").read_text())["cells"][0]["metadata"] == {
        "jupyter": {"outputs_hidden": True},
        "tags": ["hide-output"],
    }
    (lesson.folder / "lesson.py").write_text('# %% tags=["hidden"]\nprint(1)\n')
    done = run(course, "build")
    known = "there are hide-input, hide-output, hide-cell, guess"
    assert (done.returncode, done.stderr) == (2, f"lessons: 01_tiny: unknown tag 'hidden'; {known}\n")


# --- the student's copy ----------------------------------------------------------------------------------------------


@pytest.fixture
def copy(course, lesson, tmp_path):
    (lesson.folder / "lesson.ipynb").write_text("{}")
    (lesson.folder / "notes of the teacher.txt").write_text("secret")
    (course / "minae" / "__pycache__").mkdir()
    (course / "minae" / "__pycache__" / "tensor.cpython-311.pyc").touch()
    done = run(course, "release", str(tmp_path / "copy"))
    assert (done.returncode, done.stderr) == (0, "")
    return tmp_path / "copy"


def test_a_release_works_alone(copy):
    """With no minae but its own: list, quiz and grade work, and a teacher's commands are not offered."""
    assert run(copy, "list").stdout.splitlines()[1] == "01 Doubling                5         7  -            -      -"
    assert run(copy, "quiz", "1", stdin="b\n").returncode == 0
    assert "\n0 of 10 points\n" in run(copy, "grade", "1").stdout
    (copy / "lessons" / LESSON / "exercise.py").write_text(f"{SOLUTION}\nnp.array(1.0) / 0  # warns\n")
    assert run(copy, "grade", "1").returncode == 0
    for arguments in (["build"], ["release", "x"], ["grade", "--submissions", "."]):
        done = run(copy, *arguments)
        assert done.returncode == 2 and done.stderr.startswith("usage: ")
    for arguments in ([], [f"lessons/{LESSON}"]):
        done = subprocess.run([sys.executable, "-B", "-m", "pytest", *arguments], cwd=copy, timeout=60)
        assert done.returncode == 0
    assert "tests" not in (copy / "setup.cfg").read_text("utf-8").partition("[tool:pytest]")[2]


def test_a_release_holds_what_pip_needs_and_nothing_for_teachers(copy):
    files = {str(path.relative_to(copy)) for path in copy.rglob("*") if path.is_file()}
    assert {"README.md", "LICENSE", "setup.cfg", "pyproject.toml", "minae/__init__.py", "minae/py.typed"} <= files
    assert {path for path in files if path.startswith(f"lessons/{LESSON}/")} == {
        f"lessons/{LESSON}/{name}"
        for name in ("lesson.py", "lesson.ipynb", "exercise.py", "test_exercise.py", "messages.toml", "quiz.json")
    }
    for name in ("release.py", "build.py", "submissions.py", "gradescope.py", "guard.py", "teaching.py"):
        assert f"lessons/tools/{name}" not in files
    assert not {"lessons/README.md", "lessons/START.md"} & files
    assert not [
        path for path in files if "__pycache__" in path or path.endswith("/solution.py") or "wrong_answers" in path
    ]
    assert not [path for path in files if path.startswith("tests/")]


def test_a_release_is_one_archive_with_its_version(course, copy):
    contents = []
    for _ in range(2):
        done = run(course, "release")
        path = course / "dist" / f"minae-lessons-{minae.__version__}.zip"
        assert (done.returncode, done.stdout) == (0, f"dist/{path.name}\n"), done.stderr
        contents.append(path.read_bytes())
    assert contents[0] == contents[1]
    with zipfile.ZipFile(path) as file:
        found = {name.removeprefix(path.stem + "/"): file.read(name) for name in file.namelist()}
    assert found == {str(p.relative_to(copy)): p.read_bytes() for p in copy.rglob("*") if p.is_file()}


def test_a_release_has_trained_weights_and_lessons_without_exercises(course, lesson, tmp_path):
    look = course / "lessons" / "00_look"
    look.mkdir()
    for name in ("lesson.py", "lesson.ipynb", "quiz.json", "trained.safetensors"):
        (look / name).write_text((lesson.folder / name).read_text() if name == "quiz.json" else "{}")
    (lesson.folder / "lesson.ipynb").write_text("{}")
    assert run(course, "release", str(tmp_path / "copy")).returncode == 0
    released = {path.name for path in (tmp_path / "copy" / "lessons" / look.name).iterdir()}
    assert released == {"lesson.py", "lesson.ipynb", "quiz.json", "trained.safetensors"}
    assert run(course, "grade").stdout.count("01_tiny: Doubling") == 1
    done = run(course, "grade", "0")
    assert (done.returncode, done.stderr) == (2, "lessons: 00_look has no exercise\n")
    assert run(course, "list").stdout.splitlines()[1].startswith("00 Doubling")


def test_a_release_never_overwrites(course, copy):
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    done = run(course, "release", str(copy))
    assert (done.returncode, done.stderr) == (2, f"lessons: {copy}: expected a new or empty folder\n")
    done = run(course, "release", str(copy / "README.md"))
    assert done.returncode == 2 and "expected a new or empty folder" in done.stderr
    assert {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()} == before


def test_a_release_without_a_notebook_says_how_to_build_it(course, lesson, tmp_path):
    done = run(course, "release", str(tmp_path / "copy"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"lessons: {lesson.folder / 'lesson.ipynb'} is missing (`python -m lessons build` makes the notebooks)\n"
    )
    assert not (tmp_path / "copy").exists()


def test_the_release_of_the_course_holds_no_line_of_a_solution(tmp_path):
    """No line of the body of a solution's function, of 20 characters or more, unless minae or a stub has it too."""
    release(tmp_path / "copy")
    copy = tmp_path / "copy"
    known = text_of(*(copy / "minae").rglob("*.py"), *copy.glob("lessons/*/exercise.py"))
    released = text_of(*(path for path in copy.rglob("*") if path.suffix in (".py", ".md", ".json", ".ipynb")))
    secret = {line for lesson in with_exercise([]) for line in body_lines(text_of(lesson.folder / "solution.py"))}
    leaks = sorted(line for line in secret if line in released and line.rstrip(":") not in known)
    assert secret and leaks == []


def text_of(*paths: Path) -> str:
    """The texts of files; of a notebook, those of its cells."""
    texts = [path.read_text("utf-8") for path in paths if path.suffix != ".ipynb"]
    notebooks = [json.loads(path.read_text("utf-8")) for path in paths if path.suffix == ".ipynb"]
    return "\n".join(texts + ["".join(cell["source"]) for notebook in notebooks for cell in notebook["cells"]])


def body_lines(source: str) -> set[str]:
    """The lines of all function bodies, without docstrings, comments and short ones."""
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    statements = [line for function in functions for line in function.body[ast.get_docstring(function) is not None :]]
    lines = source.splitlines()
    found = {line.strip() for s in statements for line in lines[s.lineno - 1 : s.end_lineno]}
    return {line for line in found if len(line) > 20 and not line.startswith("#")}


def test_what_counts_as_a_line_of_a_solution():
    source = '''
    def f(x):
        """A docstring that is surely long enough."""
        # a comment that is long enough
        y = 1
        return np.where(x > 0, x, 0) + y
    '''
    assert body_lines(textwrap.dedent(source)) == {"return np.where(x > 0, x, 0) + y"}


def test_the_readme_of_a_release_names_what_is_there():
    """Every command of START.md is one that the command line has, and every file exists."""
    text = (HERE / "START.md").read_text("utf-8")
    commands = re.findall(r"`python -m lessons (\w+)", text)
    assert commands == ["list", "quiz", "grade", "quiz", "review", "grade"]
    for name in ("lesson.py", "lesson.ipynb", "exercise.py", "test_exercise.py"):
        assert f"lessons/01_slopes/{name}" in text and os.path.exists(HERE / "01_slopes" / name)
    assert text.count('pip install -e ".[lessons]" notebook') == 2
    assert "lessons =" in (HERE.parent / "setup.cfg").read_text()
