"""Grading a folder of submissions: honest ones, and those that try what a grader must survive."""

import contextlib
import csv
import json
import os
import shutil
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lessons.tools.catalogue import Lesson
from lessons.tools.exercises import random_cases
from lessons.tools.finding import find
from lessons.tools.guard import Guard
from lessons.tools.isolation import find as find_isolation
from lessons.tools.table import Table

from .attacks import layouts
from .attacks import submissions as hostile
from .tiny_course import LESSON, SOLUTION, make_course, run


@pytest.fixture
def course(tmp_path):
    return make_course(tmp_path / "course")


def hand_in(folder: Path, source: str | bytes, name: str = f"{LESSON}/exercise.py") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(source if isinstance(source, bytes) else source.encode())
    return path


def read_table(path: Path) -> dict[str, dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def grade_folder(course: Path, folder: Path, *options: str, expected: int = 0) -> dict[str, dict[str, str]]:
    """Grade folder/in into folder/table.csv."""
    table = folder / "table.csv"
    done = run(course, "grade", "--submissions", str(folder / "in"), "--csv", str(table), *options)
    warned = "NO ISOLATION" in done.stderr
    assert done.returncode == expected and warned == ("none" in options), done.stderr
    assert done.stderr.count("\n") == 2 * warned
    return read_table(table)


def processes_with(token: str) -> list[str]:
    """The command lines of all processes with this argument."""
    if not Path("/proc/self/cmdline").exists():
        lines = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout.splitlines()
        return [line for line in lines if token in line]
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # it has just ended
            lines.append(path.read_bytes().decode(errors="replace"))
    return [line for line in lines if token in line]


slow = pytest.mark.slow


@pytest.mark.parametrize(
    ("isolation", "kind"),
    [
        *(("bubblewrap", kind) for kind in ("HONEST", "ATTACKS", "FILES")),
        pytest.param("bubblewrap", "ENDINGS", marks=slow),
        *(pytest.param("none", kind, marks=slow) for kind in ("HONEST", "ENDINGS", "ATTACKS", "FILES")),
    ],
)
def test_every_submission_gets_its_points_and_a_clear_remark(course, tmp_path, isolation, kind):
    submissions = {name: (points, remark) for name, (points, remark, _) in getattr(hostile, kind).items()}
    for name, (_, _, source) in getattr(hostile, kind).items():
        hand_in(tmp_path / "in" / name, source if isinstance(source, bytes) else SOLUTION + source + "\n")
    if isolation == "bubblewrap":
        submissions |= {name: other for name, other in hostile.WITH_BUBBLEWRAP.items() if name in submissions}
    before = {path: path.read_bytes() for path in course.rglob("*") if path.is_file()}
    rows = grade_folder(course, tmp_path, "--timeout", "1", "--isolation", isolation)
    points = {name: points for name, (points, _) in submissions.items()}
    assert {name: float(row[LESSON]) for name, row in rows.items()} == points
    assert {name: float(row["total"]) for name, row in rows.items()} == points
    assert {row["isolation"].split()[0] for row in rows.values()} == {isolation}
    for name, (_, remark) in submissions.items():
        found = rows[name]["remarks"]
        assert remark in found and bool(remark) == bool(found), (name, found)
    assert {path: path.read_bytes() for path in course.rglob("*") if path.is_file()} == before
    assert processes_with(hostile.TOKEN) == []


@pytest.mark.parametrize("student", layouts.FOLDERS)
def test_what_lies_where_an_exercise_should(course, tmp_path, student):
    """Every layout that is read, and everything that is no file."""
    handed_in, points, remark = layouts.FOLDERS[student]
    layouts.hand_in(tmp_path / "in" / student, handed_in)
    layouts.hand_in(tmp_path / "in" / "alone", {"exercise.py": SOLUTION})
    found = {one.student: one.works[0] for one in find(tmp_path / "in", [Lesson(course / "lessons" / LESSON)])[0]}
    assert set(found) == {student, "alone"}
    assert (b"def slope" in (found[student].source or b"")) == (points == layouts.ALL)
    assert remark in found[student].remark and bool(remark) == bool(found[student].remark)


@slow
def test_what_lies_anywhere_is_graded(course, tmp_path):
    for student, (handed_in, _, _) in layouts.FOLDERS.items():
        layouts.hand_in(tmp_path / "in" / student, handed_in)
    rows = grade_folder(course, tmp_path)
    assert {name: float(row["total"]) for name, row in rows.items()} == {
        student: points for student, (_, points, _) in layouts.FOLDERS.items()
    }


@pytest.mark.parametrize("platform", layouts.DOWNLOADS)
@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_downloads_of_learning_platforms(course, tmp_path, platform, packed):
    """The files as the platform names them, in one folder or archive; whose they are, and what is nobody's."""
    handed_in, students, nobodys = layouts.DOWNLOADS[platform]
    layouts.hand_in(tmp_path / "in", handed_in)
    place = tmp_path / "in"
    if packed:
        place = Path(shutil.make_archive(str(tmp_path / "all"), "zip", place))
    lesson = Lesson(course / "lessons" / LESSON)
    found, ignored = find(place, [lesson])
    assert {one.student: one.works[0].source for one in found} == {
        name: content and content.encode() for name, (content, _) in students.items()
    }
    for one in found:
        assert students[one.student][1] in one.works[0].remark
    assert sorted(ignored) == sorted(nobodys)


def test_one_bad_lesson_does_not_cost_another(course, tmp_path):
    """Two lessons: a column each, the total, and remarks that name the lesson."""
    shutil.copytree(course / "lessons" / LESSON, course / "lessons" / "02_again")
    hand_in(tmp_path / "in" / "Ada", "while True: pass")
    hand_in(tmp_path / "in" / "Ada", SOLUTION, "02_again/exercise.py")
    hand_in(tmp_path / "in" / "Bob", SOLUTION)
    table = tmp_path / "table.csv"
    done = run(course, "grade", "--submissions", str(tmp_path / "in"), "--csv", str(table), "--timeout", "0.5")
    assert (done.returncode, done.stderr) == (0, "")
    state = str(find_isolation())
    late = "your code did not return within 0.5 s of computing"
    assert table.read_text().splitlines() == [
        f"student,{LESSON},02_again,total,isolation,remarks",
        f"Ada,0,10,10,{state},{LESSON}: exercise.py does not load: {late}",
        f"Bob,10,0,10,{state},02_again: nothing handed in for it; found {LESSON}/exercise.py",
    ]


def test_names_that_a_spreadsheet_would_run_or_a_terminal_obey(course, tmp_path):
    names = ["=HYPERLINK(1)", "Ødegård, Åse", "+1", "@x", "two words", "line\nbreak", 'quo"te', "\x1b[31mred"]
    for name in names:
        hand_in(tmp_path / "in" / name, "raise ValueError('\\x1b[31m\\n=1+1')")
    done = run(course, "grade", "--submissions", str(tmp_path / "in"), "--csv", str(tmp_path / "table.csv"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    table = read_table(tmp_path / "table.csv")
    assert set(table) == {
        "'=HYPERLINK(1)",
        "Ødegård, Åse",
        "'+1",
        "'@x",
        "two words",
        "line break",
        'quo"te',
        "?[31mred",
    }
    assert {row["remarks"] for row in table.values()} == {
        f"{LESSON}: exercise.py does not load: ValueError: ?[31m =1+1 (exercise.py, line 1)"
    }


def test_a_name_that_is_no_text(course, tmp_path):
    os.makedirs(os.fsencode(tmp_path / "in") + b"/\xff")
    done = run(course, "grade", "--submissions", str(tmp_path / "in"), "--csv", str(tmp_path / "table.csv"))
    assert (done.returncode, done.stderr) == (0, "")
    assert len(read_table(tmp_path / "table.csv")) == 1


def test_gradescope_results(course, tmp_path):
    """The fields that Gradescope documents, for one submission."""
    hand_in(tmp_path / "one", SOLUTION.replace("2 * x, (lambda g: 2 * g,)", "x + 2, (lambda g: g,)"))
    done = run(course, "grade", "1", "--submissions", str(tmp_path / "one"), "--gradescope", str(tmp_path / "r.json"))
    assert (done.returncode, done.stderr) == (0, "")
    results = json.loads((tmp_path / "r.json").read_text("utf-8"))
    tests = results.pop("tests")
    assert results.pop("execution_time") >= 0
    isolation = f"isolation: {find_isolation()}"
    assert results == {"score": 7, "output": isolation, "visibility": "visible", "stdout_visibility": "hidden"}
    message = tests[0].pop("output")
    assert message.startswith("double: expected [") and message.endswith("Usual cause: x + 2")
    assert tests[0] == {
        **{"name": f"{LESSON}: double", "number": "1", "score": 0, "max_score": 3, "status": "failed"},
        **{"tags": [LESSON], "visibility": "visible"},
    }
    assert [(test["status"], test["score"]) for test in tests[1:]] == [("passed", points) for points in (2, 2, 1, 2)]

    hand_in(tmp_path / "none", "", "homework.doc")
    done = run(course, "grade", "1", "--submissions", str(tmp_path / "none"), "--gradescope", str(tmp_path / "r.json"))
    assert (done.returncode, done.stderr) == (0, "")
    results = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert results["score"] == 0
    assert results["output"] == f"{isolation}\n{LESSON}: nothing handed in for it; found homework.doc"


@pytest.mark.parametrize("isolation", ["bubblewrap", pytest.param("none", marks=slow)])
def test_a_killed_grader_leaves_nothing_running(course, tmp_path, isolation):
    source = f"import subprocess\nsubprocess.Popen({hostile.SLEEP}, start_new_session=True)\nwhile True: pass"
    hand_in(tmp_path / "in", source)
    kill_when(lambda: processes_with(hostile.TOKEN), course, tmp_path, isolation)
    wait_until(lambda: not processes_with(hostile.TOKEN))


def kill_when(true: Callable[[], Any], course: Path, folder: Path, isolation: str) -> None:
    """Grade folder/in into folder/table.csv, and kill the grader as soon as something is true."""
    command = [sys.executable, "-m", "lessons", "grade", "--submissions", folder / "in", "--csv", folder / "table.csv"]
    environment = {**os.environ, "TMPDIR": str(folder)}  # what is killed does not clean up
    command += ["--isolation", isolation]
    with subprocess.Popen(
        command, cwd=course, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment
    ) as grader:
        wait_until(true)
        grader.kill()


@pytest.mark.parametrize("isolation", ["bubblewrap", pytest.param("none", marks=slow)])
def test_a_killed_grader_says_whose_submission_ran_and_goes_on_with_the_next(course, tmp_path, isolation):
    for name in ("Ada", "Cid"):
        hand_in(tmp_path / "in" / name, SOLUTION)
    hand_in(tmp_path / "in" / "Bob", "while True: pass")
    state = tmp_path / "table.csv.unfinished"
    kill_when(lambda: state.exists() and '"running": "Bob"' in state.read_text(), course, tmp_path, isolation)
    assert set(read_table(tmp_path / "table.csv")) == {"Ada"}
    hand_in(tmp_path / "in" / "Ada", "")  # graded already
    rows = grade_folder(course, tmp_path, "--isolation", isolation)
    assert {name: row["total"] for name, row in rows.items()} == {"Ada": "10", "Bob": "0", "Cid": "10"}
    remark = "the grader was killed while this submission was running; please look at this one yourself"
    assert [rows[name]["remarks"] for name in ("Ada", "Bob", "Cid")] == ["", remark, ""]
    assert not state.exists()
    rows = grade_folder(course, tmp_path, "--isolation", isolation, "--timeout", "0.5")
    assert "did not return" in rows["Bob"]["remarks"] and rows["Ada"]["total"] == "0"


def test_a_grader_that_its_user_stops_blames_nobody(tmp_path):
    path = tmp_path / "t.csv"
    with pytest.raises(KeyboardInterrupt), Table(path, [LESSON], seed=0) as table:
        table.begin("Bob")
        table.add("Bob", [3.0], "none", "")
        table.begin("Ada")
        raise KeyboardInterrupt
    assert list(Table(path, [LESSON], seed=0).rows) == ["Bob"]
    assert Table(path, [LESSON], seed=1).rows == {}  # grades of another seed are not taken over


def wait_until(true: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_guard_puts_everything_back(tmp_path):
    folder = tmp_path / "guarded"
    names = ("same", "changed", "removed", "a link to its copy", "now a folder", "in/its/folder", "in/a/link/file")
    for name in names:
        hand_in(folder, name.encode(), name)
    guard = Guard(folder)
    assert guard.restore() == []
    (folder / "changed").write_text("other")
    (folder / "removed").unlink()
    shutil.copy(folder / "a link to its copy", tmp_path / "copy")
    (folder / "a link to its copy").unlink()
    (folder / "a link to its copy").symlink_to(tmp_path / "copy")
    (folder / "now a folder").unlink()
    hand_in(folder, b"", "now a folder/added")
    shutil.rmtree(folder / "in" / "its")
    (folder / "in" / "its").write_text("a file in place of a folder")
    shutil.move(folder / "in" / "a" / "link", tmp_path / "moved")
    (folder / "in" / "a" / "link").symlink_to(tmp_path / "moved")
    (folder / "in" / "new").symlink_to(tmp_path / "moved")
    hand_in(folder, b"", "new/added too")
    found = guard.restore()
    assert {"changed", "removed", "a link to its copy", "now a folder", "folder", "file", "added", "new"} <= set(found)
    assert "same" not in found
    assert {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} == set(names)
    assert all((folder / name).read_text() == name and not (folder / name).is_symlink() for name in names)
    assert guard.restore() == []


def test_the_seed_draws_other_cases():
    first, again, other_seed, other_test = (
        random_cases(seed, test).standard_normal(3).tolist() for seed, test in ((0, "a"), (0, "a"), (1, "a"), (0, "b"))
    )
    assert first == again
    assert first != other_seed and first != other_test and other_seed != other_test


def test_a_seed_reaches_the_tests(course, tmp_path):
    """A submission that knows the cases of seed 0 by heart passes with seed 0 only."""
    by_heart = "def double(x):\n    known = np.random.default_rng([0, 3706571405]).standard_normal(5)\n"
    by_heart = by_heart.replace("3706571405", str(zlib.crc32(b"test_double")))
    hand_in(tmp_path / "in", f"{SOLUTION}{by_heart}    return 2 * known, (lambda g: 2 * g,)\n")
    for seed, points in (("0", "8"), ("1", "5")):
        arguments = ("grade", "--submissions", str(tmp_path / "in"), "--csv", str(tmp_path / "t.csv"), "--seed", seed)
        assert run(course, *arguments).stderr == ""
        assert read_table(tmp_path / "t.csv")["in"]["total"] == points


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--csv", "t.csv"], "grade: --submissions DIR goes with --csv FILE, with --gradescope FILE, or with both"),
        (["--submissions", "."], "grade: --submissions DIR goes with --csv FILE, with --gradescope FILE, or with both"),
        (["--submissions", "no", "--csv", "t.csv"], "no: expected a folder of submissions, found none"),
        (["--submissions", "empty", "--csv", "t.csv"], "empty: expected one folder per student, found none"),
        (["--submissions", ".", "--csv", "no/t.csv"], "[Errno 2] No such file or directory: 'no/t.csv'"),
        (["9", "--submissions", ".", "--csv", "t.csv"], "no lesson '9'; there are 01_tiny"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(course, arguments, message):
    (course / "empty").mkdir()
    done = run(course, "grade", *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"lessons: {message}\n")


def test_tests_that_do_not_run_are_found_first(course, tmp_path):
    (course / "lessons" / LESSON / "test_exercise.py").write_text("import nothing_of_that_name\n")
    hand_in(tmp_path / "in", SOLUTION)
    done = run(course, "grade", "--submissions", str(tmp_path / "in"), "--csv", str(tmp_path / "t.csv"))
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert "the tests do not run: " in done.stderr and "nothing_of_that_name" in done.stderr


def test_skipped_and_deselected_tests_have_no_points(course, tmp_path):
    tests = course / "lessons" / LESSON / "test_exercise.py"
    tests.write_text(
        "import pytest\n\ndef test_a(exercise):\n    pytest.skip('no')\n\n"
        "@pytest.mark.skip\ndef test_b(exercise):\n    pass\n\n"
        "@pytest.mark.xfail\ndef test_c(exercise):\n    assert False\n\n"
        "@pytest.fixture\ndef broken():\n    yield\n    raise ValueError\n\n"
        "def test_d(broken):\n    pass\n\ndef test_e(exercise):\n    pass\n"
    )
    hand_in(tmp_path / "in", SOLUTION)
    arguments = ("grade", "--submissions", str(tmp_path / "in"), "--csv", str(tmp_path / "t.csv"))
    assert run(course, *arguments, PYTEST_ADDOPTS="-k test_a").returncode == 0
    assert read_table(tmp_path / "t.csv")["in"]["total"] == "1"


def test_a_death_is_no_error_that_a_test_may_expect(course, tmp_path):
    tests = course / "lessons" / LESSON / "test_exercise.py"
    tests.write_text(
        "import pytest\n\ndef test_a(exercise):\n    with pytest.raises(Exception):\n        exercise.root(-1.0)\n"
    )
    hand_in(tmp_path / "in" / "raises", SOLUTION)
    hand_in(tmp_path / "in" / "dies", f"{SOLUTION}\ndef root(x):\n    import os\n    os._exit(1)\n")
    arguments = ("grade", "--submissions", str(tmp_path / "in"), "--csv", str(tmp_path / "t.csv"))
    assert run(course, *arguments).returncode == 0
    assert {name: row["total"] for name, row in read_table(tmp_path / "t.csv").items()} == {"raises": "1", "dies": "0"}
