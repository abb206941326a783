"""Every lesson: its files, its points, its stub, its solution, plausible wrong answers, its quiz and its notebook."""

import ast
import json
import os
import re
import resource
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

from lessons.tools.build import LARGEST, is_built, read_source, run
from lessons.tools.catalogue import HERE, Lesson, Project, find, lessons, with_exercise
from lessons.tools.grade import Result, grade, run_tests
from lessons.tools.release import files_of

from .answers import WRONG, Here, constants, on_top_of_the_solution
from .attacks.tapes import tape_of
from .seeds import measure, names_of_tests

ROOT = HERE.parent
DOCUMENTED = (ast.Module, ast.FunctionDef, ast.ClassDef)
PREFIXED = {f"{way}_{moment}" for way in ("narrow", "wide") for moment in ("mean", "variance")}  # put together in code
LESSONS = lessons()
GIF = 150_000  # bytes
EXERCISES = with_exercise([])  # of lessons and projects

each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
each_exercise = pytest.mark.parametrize("lesson", EXERCISES, ids=lambda lesson: lesson.name)


@pytest.fixture(autouse=True)
def no_module_is_left(monkeypatch):
    """Exercises and solutions that run in this process are forgotten after each test."""
    for name in ("earlier", "exercise", "solution"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """What trains on all there is takes less."""
    monkeypatch.setenv("MINAE_QUICK", "1")


def grade_file(lesson: Lesson, name: str, seed: int = 0) -> Result:
    return grade(lesson, (lesson.folder / name).read_bytes(), seed)


@pytest.mark.parametrize("lesson", find([]), ids=lambda lesson: lesson.name)
def test_its_files_are_there(lesson):
    wanted = {*files_of(lesson), *(["solution.py"] if lesson.has_exercise else [])}
    assert wanted <= {path.name for path in lesson.folder.iterdir()}


def test_lessons_are_numbered_from_zero():
    """Only Part 0, a first look, has no exercise."""
    assert [lesson.number for lesson in LESSONS] == [f"{number:02}" for number in range(len(LESSONS))]
    assert [one for one in EXERCISES if not isinstance(one, Project)] == LESSONS[1:]


@each_exercise
def test_the_stub_scores_nothing_and_says_what_to_write(lesson):
    """What is to be mended is written already; its message is about what it gives."""
    result = grade_file(lesson, "exercise.py")
    assert (result.points, result.possible) == (0, 10)
    written = {verdict.name for verdict in result.verdicts if "not written yet: " not in verdict.message}
    assert written == names_of_kind(lesson, "debug")


def names_of_kind(lesson: Lesson, kind: str) -> set[str]:
    """The names of the tests that give points for this kind of exercise."""
    marked = re.findall(
        r'^@pytest\.mark\.points\(\d+, "(\w+)"\)\n(?:@.*\n)*def (\w+)', lesson.tests.read_text("utf-8"), re.M
    )
    return {name for of, name in marked if of == kind}


@each_exercise
@pytest.mark.parametrize("seed", [0, 2026])
def test_the_solution_has_full_points(lesson, seed):
    result = grade_file(lesson, "solution.py", seed)
    assert {verdict.name: verdict.message for verdict in result.verdicts if verdict.message} == {}
    assert (result.points, result.remarks) == (10, [])


@each_exercise
def test_every_exercise_has_three_wrong_answers(lesson):
    assert len([path for path in WRONG if path.parent.name == lesson.name]) >= 3


@each_exercise
def test_messages_stand_in_data_and_each_is_used(lesson):
    """What a learner reads can be translated; no text of five words or more is left in the tests."""
    source = lesson.tests.read_text("utf-8")
    tree = ast.parse(source)
    docstrings = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, DOCUMENTED)}
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert [text for text in texts if len(text.split()) >= 5 and text not in docstrings] == []
    messages = tomllib.loads((lesson.folder / "messages.toml").read_text("utf-8"))
    words = set(re.findall(r"\w+", source)) | PREFIXED
    unused = [(table, key) for table, texts in messages.items() for key in texts if key not in words]
    assert unused == []


@pytest.mark.slow
@each_exercise
def test_a_tape_of_answers_scores_nothing(lesson):
    """With other seeds than it was recorded with."""
    tape = tape_of(lesson).encode()
    assert [grade(lesson, tape, seed).points for seed in (1, 2, 3)] == [0, 0, 0]


ENGINES = {
    "import": "import minae\n",
    "from": "from minae.ops import mul\n",
    "in a function": "def mul(a, b):\n    import minae.ops\n    return minae.ops.mul(a, b)\n",
    "by name": "import importlib\nmul = importlib.import_module('minae.ops').mul\n",
    "by dunder": "mul = __import__('minae').ops.mul\n",
    "in a text": "exec('import torch')\n",
    "another": "import torch as np_\n",
    "in a branch": "if False:\n    import jax\n",
}


@pytest.mark.parametrize("way", ENGINES)
def test_an_engine_where_numpy_alone_is_asked_for_scores_nothing(way):
    lesson = Lesson(HERE / "03_arrays")
    source = (lesson.folder / "solution.py").read_text("utf-8") + ENGINES[way]
    result = grade(lesson, source.encode())
    assert result.points == 0
    said = result.verdicts[0].message
    assert re.match(r"exercise\.py imports (minae|torch|jax)[.\w]*, and this exercise is to be written with", said)


def test_an_engine_in_a_text_of_the_exercise_is_none():
    lesson = Lesson(HERE / "03_arrays")
    source = (lesson.folder / "solution.py").read_text("utf-8") + "COMMENT = 'import minae'\n"
    assert grade(lesson, source.encode()).points == 10


def test_a_right_solution_is_graded_in_five_seconds():
    """Nothing of lesson 1 trains. Seconds of computing, so that a busy machine makes no difference."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-B", "-m", "lessons", "grade", "1"], cwd=ROOT, capture_output=True, timeout=120)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime) < 5


each_wrong_answer = pytest.mark.parametrize("path", WRONG, ids=lambda path: f"{path.parent.name}-{path.stem}")


@each_wrong_answer
def test_a_wrong_answer_loses_its_tests_and_hears_why(path):
    """Only these tests are run; that it loses no other, the slow test below shows."""
    [lesson] = find([path.parent.name])
    loses = [test for test in names_of_tests(lesson) if test in constants(path)[0]]
    check_wrong_answer(path, run_tests(lesson, Here(lesson, on_top_of_the_solution(path, lesson)), tests=loses))


@pytest.mark.slow
@each_wrong_answer
def test_a_wrong_answer_in_its_own_process_has_the_same_verdict(path):
    [lesson] = find([path.parent.name])
    check_wrong_answer(path, grade(lesson, on_top_of_the_solution(path, lesson)))


def check_wrong_answer(path: Path, result: Result) -> None:
    """Exactly the tests that it names are lost; SAYS is in the first message, or, of a tuple, each in its own."""
    loses, says = constants(path)
    lost = {verdict.name: verdict.message for verdict in result.verdicts if verdict.points < verdict.possible}
    assert set(lost) == set(loses) and loses, lost
    wanted = [says] if isinstance(says, str) else says
    assert [] == [(part, message) for part, message in zip(wanted, lost.values()) if part not in message]


@each_exercise
def test_thresholds_of_training_hold_for_a_second_seed(lesson):
    """Ten are for `python -m tests.lessons.seeds NN`."""
    assert [str(row) for row in measure(lesson, [2026]) if not row.fits] == []


@each_exercise
def test_pytest_alone_gives_the_same_verdicts(lesson):
    """`pytest lessons/NN_slug`, as a learner may run it: all fails with the stub, all passes with the solution."""
    for options, outcomes in (([], {"failed"}), ([f"--exercise={lesson.folder / 'solution.py'}"], {"passed"})):
        command = [sys.executable, "-B", "-m", "pytest", "-p", "no:cacheprovider", "-rA", "--disable-warnings"]
        command += [str(lesson.folder), *options]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=120)
        found = {line.split()[0].lower() for line in done.stdout.splitlines() if "test_exercise.py::" in line}
        assert found - {"_"} == outcomes, done.stdout


@each_lesson
def test_quiz(lesson):
    """As many explanations as choices, an answer among them, and the right one not always in the same place."""
    quiz = lesson.quiz()
    assert set(quiz) - {"exercise_minutes"} == {"title", "minutes", "before", "after"}
    assert isinstance(quiz["title"], str)
    if lesson.has_exercise:
        assert 30 <= quiz["minutes"] <= 60 and 20 <= quiz.get("exercise_minutes", 20) <= 90
        assert len(quiz["before"]) == 3 and len(quiz["after"]) in (4, 5)
    else:
        assert quiz["minutes"] == 15 and "exercise_minutes" not in quiz
        assert quiz["before"] == [] and len(quiz["after"]) == 3
    questions = quiz["before"] + quiz["after"]
    for question in questions:
        assert set(question) == {"question", "choices", "answer", "why"}
        assert len(question["choices"]) == len(set(question["choices"])) == len(question["why"]) >= 2
        assert 0 <= question["answer"] < len(question["choices"])
        assert all(question["why"]) and all(question["choices"])
    assert len({question["answer"] for question in questions}) > 1


@each_lesson
def test_the_notebook_has_the_source_of_the_lesson(lesson):
    """`python -m lessons build NN` was run after the last change."""
    assert is_built(lesson)


@each_lesson
def test_the_notebook_is_executed_and_small(lesson):
    path = lesson.folder / "lesson.ipynb"
    assert path.stat().st_size <= LARGEST
    notebook = json.loads(path.read_text("utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    outputs = [output for cell in code for output in cell["outputs"]]
    assert [output for output in outputs if output["output_type"] == "error" or output.get("name") == "stderr"] == []
    assert any("image/png" in output.get("data", {}) for output in outputs)


@each_lesson
def test_the_lesson_runs_as_a_script(lesson, tmp_path):
    """In quick mode, from any folder, and without a warning. It leaves only what it says the reader may keep."""
    environment = {**os.environ, "MINAE_QUICK": "1", "MPLBACKEND": "Agg", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-B", "-W", "error", str(lesson.folder / "lesson.py")]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    kept = re.findall(r'"(my_\w+\.(?:gif|mid|wav))"', (lesson.folder / "lesson.py").read_text(encoding="utf-8"))
    assert {path.name for path in tmp_path.iterdir()} == set(kept)
    assert all(path.stat().st_size for path in tmp_path.iterdir())
    for path in tmp_path.glob("*.gif"):
        check_gif(path)


@each_lesson
def test_gifs_are_small_and_move(lesson):
    for path in lesson.folder.glob("*.gif"):
        check_gif(path)


def check_gif(path: Path) -> None:
    with Image.open(path) as picture:
        assert path.stat().st_size < GIF and picture.n_frames > 1


@pytest.mark.slow
@each_lesson
def test_the_notebook_runs_in_quick_mode(lesson):
    notebook = read_source(lesson)
    run(notebook, lesson, MINAE_QUICK="1", OPENBLAS_NUM_THREADS="1")
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")
