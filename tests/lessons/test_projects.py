"""Projects take the learner's earlier functions where they are right; else the reference stands in, and it is said."""

import ast
import csv
import subprocess
import sys

import pytest

from lessons.tools.catalogue import Lesson, LessonError, Project, course, find, projects
from lessons.tools.earlier import needed, part_of
from lessons.tools.grade import grade
from lessons.tools.imports import check_imports
from lessons.tools.report import show

from .seeds import Row, training_tests
from .tiny_course import LESSON, PROJECT, PROJECT_FILES, SOLUTION, add_project, make_course, run

PROJECT_SOLUTION = PROJECT_FILES["solution.py"].encode()
WRONG_DOUBLE = "\ndef double(x):\n    return x + 2, (lambda g: g,)\n"
WRONG_DOUBLE_SAID = "the reference stands in for double (lesson 01: `double` is not passed)"


@pytest.fixture
def root(tmp_path):
    root = make_course(tmp_path / "course")
    add_project(root)
    return root


@pytest.fixture
def project(root):
    return Project(root / "lessons" / PROJECT)


def grade_with(project, own, source=PROJECT_SOLUTION):
    return grade(project, source, own={LESSON: None if own is None else own.encode()})


# --- whose functions it runs on ---------------------------------------------------------------------------------------


def test_what_is_right_is_the_learners_own(project):
    result = grade_with(project, SOLUTION)
    assert (result.points, result.earlier.own, result.earlier.notes) == (10, ["double", "slope", "Counter"], [])
    assert "from earlier lessons:\n    your own double, slope, Counter\n" in show(result, project.title)


def test_where_one_is_wrong_the_reference_stands_in_and_the_report_says_so(project):
    result = grade_with(project, SOLUTION + WRONG_DOUBLE)
    assert (result.points, result.earlier.own) == (10, ["slope", "Counter"])
    assert result.earlier.notes == [WRONG_DOUBLE_SAID]
    assert f"    your own slope, Counter\n    {WRONG_DOUBLE_SAID}\n" in show(result, project.title)


@pytest.mark.parametrize(
    ("own", "reason"),
    [
        (None, "nothing was handed in"),
        ("def double(x:", "exercise.py does not load: SyntaxError: "),
        ("import os\nos._exit(0)", "exercise.py does not load: your code ended its process"),
        ("", "`double` is not passed"),
    ],
)
def test_the_reference_stands_in_for_what_is_not_there(project, own, reason):
    result = grade_with(project, own)
    assert (result.points, result.earlier.own) == (10, [])
    assert reason in result.earlier.notes[0] and result.earlier.notes[0].startswith(
        "the reference stands in for double"
    )


def test_a_copy_without_solutions_says_that_nothing_can_stand_in(root, project):
    (root / "lessons" / LESSON / "solution.py").unlink()
    result = grade_with(project, SOLUTION + WRONG_DOUBLE)
    assert result.points == 1 and result.verdicts[0].message.startswith("four_times: expected 4 x")
    assert result.earlier.notes == [
        "this copy has no reference, so yours stays: double (lesson 01: `double` is not passed)"
    ]
    result = grade_with(project, "def slope(")
    assert result.points == 1
    assert result.verdicts[0].message.startswith(f"not written yet: double, of {LESSON}: ")


def test_an_engine_is_refused_in_a_project(project):
    for source in (b"import minae\n", b"minae = __import__('minae')\n"):
        result = grade_with(project, SOLUTION, source + PROJECT_SOLUTION)
        assert result.points == 0 and "exercise.py imports minae" in result.verdicts[0].message
    result = grade_with(project, f"import minae\n{SOLUTION}")
    assert result.earlier.own == [] and "exercise.py imports minae" in result.earlier.notes[0]


def test_only_the_tests_that_are_named_are_run(root, project):
    """All the others of the lesson may take as long as they like."""
    tests = root / "lessons" / LESSON / "test_exercise.py"
    tests.write_text(tests.read_text() + "\ndef test_of_all(exercise):\n    exercise.forever()\n")
    assert grade_with(project, f"{SOLUTION}\ndef forever():\n    while True: pass\n").seconds < 10


def test_a_test_that_is_not_there_is_the_projects_fault(root, project):
    path = project.folder / "project.toml"
    path.write_text(path.read_text().replace('"test_slope"', '"test_slop"'))
    with pytest.raises(LessonError, match="the tests do not run"):
        grade_with(project, SOLUTION)
    path.write_text("title = ")
    with pytest.raises(LessonError, match="the project cannot be read"):
        grade_with(project, SOLUTION)


# --- what a project sees of the reference -----------------------------------------------------------------------------


LOOK = """
import inspect, gc, os
from earlier import double

def four_times(x):
    return 4 * x

def where_from():
    try:
        return inspect.getsource(double)
    except OSError:
        pass
    texts = [text for text in gc.get_objects() if type(text) is str] + [double.__doc__ or ""]
    return max((text for text in texts if "return 2 * x, (lambda" in text), default="nothing")
"""


def test_the_source_of_the_reference_is_nowhere_to_be_read(root, project):
    path = root / "lessons" / LESSON / "solution.py"
    path.write_text(
        path.read_text().replace("def double(x):", 'def double(x):\n    """A docstring of the reference."""')
    )
    tests = project.folder / "test_exercise.py"
    tests.write_text(
        tests.read_text().replace(
            "assert isinstance(exercise.where_from(), str)",
            "assert exercise.where_from() == 'nothing', exercise.where_from()",
        )
    )
    result = grade_with(project, None, LOOK.encode())
    assert [verdict.message for verdict in result.verdicts] == ["", ""]


def test_of_a_lesson_with_minae_only_the_functions_come_along(root, project):
    lesson = root / "lessons" / LESSON
    tests = (lesson / "test_exercise.py").read_text("utf-8")
    assert "pytestmark" in tests
    (lesson / "test_exercise.py").write_text(tests.replace("pytestmark = pytest.mark.numpy_only\n", ""))
    with_engine = "import minae\n\n\ndef train():\n    return minae.Tensor(1.0)\n\n\n"
    result = grade_with(project, with_engine + SOLUTION)
    assert (result.points, result.earlier.own) == (10, ["double", "slope", "Counter"])
    by_engine = "\nimport minae\n\n\ndef double(x):\n    minae.no_grad\n    return 2 * x, (lambda g: 2 * g,)\n"
    result = grade_with(project, SOLUTION + by_engine)
    assert result.points == 1
    assert result.verdicts[0].message.startswith(f"not written yet: double, of {LESSON}: exercise.py imports minae")


def test_what_a_function_needs_comes_along():
    program = """
import math, minae
from os import path as place
LIMIT: int = 3
TABLE = {"a": LIMIT}

def used(x):
    return later(x) + TABLE["a"] + math.pi

def later(minae):
    place = minae
    return place

def unused():
    return minae.Tensor(LIMIT)

if __name__ == "__main__":
    math = minae
"""
    assert ast.unparse(ast.parse(part_of(program, ["used"]))) == part_of(program, ["used"])
    made = [ast.unparse(one).split("(")[0].split("\n")[0] for one in ast.parse(part_of(program, ["used"])).body]
    assert made == ["import math, minae", "LIMIT: int = 3", "TABLE = {'a': LIMIT}", "def used", "def later"]
    assert part_of("def used(x", ["used"]) == "def used(x"


def test_a_project_stands_where_it_says(root, project):
    assert project.place == LESSON
    path = project.folder / "project.toml"
    path.write_text('after = "99_later"\n' + path.read_text("utf-8"))
    assert project.place == "99_later"


# --- the commands -----------------------------------------------------------------------------------------------------


def test_the_list_and_the_names_of_a_project(root, project):
    listed = run(root, "list").stdout.splitlines()[2]
    assert listed.split() == ["P1", "Project:", "twice", "twice", "-", "9", "-", "-", "-"]
    for name in ("P1", "p1", PROJECT):
        assert find([name], root / "lessons") == [project]
    assert [one.name for one in course(root / "lessons")] == [LESSON, PROJECT]
    done = run(root, "quiz", "P1")
    assert (done.returncode, done.stderr) == (2, f"lessons: {PROJECT} is a project, which has no quiz\n")


def test_a_learner_grades_a_project(root, project):
    (project.folder / "exercise.py").write_bytes(PROJECT_SOLUTION)
    (root / "lessons" / LESSON / "exercise.py").write_text(SOLUTION + WRONG_DOUBLE)
    done = run(root, "grade", "P1")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"    {WRONG_DOUBLE_SAID}\n" in done.stdout and "10 of 10 points" in done.stdout
    assert run(root, "list").stdout.splitlines()[2].endswith("10/10")
    command = [sys.executable, "-B", "-m", "pytest", "-p", "no:cacheprovider", "-q", f"lessons/{PROJECT}"]
    done = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stdout


def test_by_hand_a_project_runs_on_what_is_written_whether_it_is_right_or_not(root, project):
    (project.folder / "exercise.py").write_bytes(PROJECT_SOLUTION)
    (root / "lessons" / LESSON / "exercise.py").write_text(SOLUTION + WRONG_DOUBLE)
    command = [sys.executable, "-B", str(project.folder / "run.py")]
    environment = {"PYTHONPATH": str(root)}
    done = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", timeout=60, env=environment)
    assert (done.returncode, done.stdout) == (0, f"{LESSON}\n"), done.stderr


@pytest.mark.parametrize("options", [["P1"], []], ids=["the project", "all"])
def test_submissions_bring_their_earlier_exercises(root, tmp_path, options):
    works = {
        "Ada": {LESSON: SOLUTION, PROJECT: PROJECT_FILES["solution.py"]},
        "Bob": {LESSON: SOLUTION + WRONG_DOUBLE, PROJECT: PROJECT_FILES["solution.py"]},
        "Cid": {PROJECT: PROJECT_FILES["solution.py"]},
        "Dan": {LESSON: SOLUTION},
    }
    for student, handed_in in works.items():
        for name, source in handed_in.items():
            (tmp_path / "in" / student / name).mkdir(parents=True)
            (tmp_path / "in" / student / name / "exercise.py").write_text(source)
    table = tmp_path / "t.csv"
    done = run(root, "grade", *options, "--submissions", str(tmp_path / "in"), "--csv", str(table))
    assert (done.returncode, done.stderr) == (0, "")
    rows = {row["student"]: row for row in csv.DictReader(table.read_text().splitlines())}
    assert {name: row[PROJECT] for name, row in rows.items()} == {"Ada": "10", "Bob": "10", "Cid": "10", "Dan": "0"}
    remarks = {name: row["remarks"] for name, row in rows.items()}
    assert remarks["Ada"] == "" and remarks["Bob"] == f"{PROJECT}: {WRONG_DOUBLE_SAID}"
    missing = "the reference stands in for double, slope, Counter (lesson 01: nothing was handed in)"
    assert f"{PROJECT}: {missing}" in remarks["Cid"]
    assert f"{PROJECT}: nothing handed in for it; found {LESSON}/exercise.py" in remarks["Dan"]


@pytest.mark.parametrize("name", ["exercise.py", "project 1.py", "p1.py", f"{PROJECT}.py", f"{PROJECT}/exercise.py"])
def test_a_project_is_found_by_its_names(root, tmp_path, name):
    path = tmp_path / "in" / "Ada" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(PROJECT_SOLUTION)
    table = tmp_path / "t.csv"
    run(root, "grade", "P1", "--submissions", str(tmp_path / "in"), "--csv", str(table))
    assert "\nAda,10,10," in table.read_text()


def test_a_release_has_projects_without_their_solutions(root, tmp_path):
    (root / "lessons" / LESSON / "lesson.ipynb").write_text("{}")
    done = run(root, "release", str(tmp_path / "copy"))
    assert (done.returncode, done.stderr) == (0, "")
    released = {path.name for path in (tmp_path / "copy" / "lessons" / PROJECT).iterdir()}
    assert released == {*PROJECT_FILES} - {"solution.py"}
    done = run(tmp_path / "copy", "grade", "P1")
    assert "this copy has no reference, so yours stays: double, slope, Counter (lesson 01: `double`" in " ".join(
        done.stdout.split()
    )


# --- the projects of the course ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("project", projects(), ids=lambda project: project.name)
def test_what_a_project_takes_was_tested_with_numpy_alone(project):
    for lesson, functions in needed(project).items():
        source = lesson.tests.read_text("utf-8")
        defined = {node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}
        assert {test for tests in functions.values() for test in tests} <= defined
        program = (lesson.folder / "solution.py").read_text("utf-8")
        check_imports(ast.parse(program if lesson.numpy_only else part_of(program, functions)))
        stub = ast.parse((lesson.folder / "exercise.py").read_text("utf-8")).body
        assert set(functions) <= {node.name for node in stub if isinstance(node, ast.FunctionDef)}


# --- thresholds over seeds --------------------------------------------------------------------------------------------


def test_a_row_fits_if_the_solution_always_passes_and_a_wrong_answer_never():
    assert [Row("solution", "test_a", passed, 3).fits for passed in (2, 3)] == [False, True]
    assert [Row("too_fast", "test_a", passed, 3).fits for passed in (0, 1)] == [True, False]
    assert str(Row("too_fast", "test_a", 1, 3)).split() == "BAD 1 of 3 passed too_fast test_a".split()


def test_what_trains_is_marked_with_seconds(tmp_path):
    (tmp_path / "test_exercise.py").write_text(
        "import pytest\n\n@pytest.mark.points(1)\n@pytest.mark.seconds(9)\ndef test_a(): ...\n\ndef test_b(): ...\n"
    )
    assert training_tests(Lesson(tmp_path)) == ["test_a"]
