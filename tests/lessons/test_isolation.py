"""What keeps submissions apart from each other, from the course and from the teacher."""

import subprocess
import sys

import pytest

import minae
from lessons.tools import isolation
from lessons.tools.catalogue import HERE, LessonError
from lessons.tools.isolation import Isolation, find

from .attacks import layouts, measure, probes, submissions
from .test_grading import grade_folder, hand_in
from .tiny_course import SOLUTION, make_course, run

both = pytest.mark.parametrize("isolated", ["bubblewrap", "none"])


@pytest.fixture
def course(tmp_path):
    return make_course(tmp_path / "course")


def test_bubblewrap_works_here():
    """It must, where the course is tested: apt-get install bubblewrap, and user namespaces."""
    assert find().name == ("bubblewrap" if sys.platform == "linux" else "none"), find().missing


@pytest.mark.slow
def test_the_table_in_the_readme_is_what_is_measured():
    """`python -m tests.lessons.attacks.measure --write` writes it."""
    written = measure.TABLE.search(measure.README.read_text("utf-8"))
    assert written and written[0] == measure.table(measure.measure()) + "\n\n"


def test_sixty_attacks_and_odd_submissions_are_kept():
    tables = [getattr(submissions, name) for name in ("HONEST", "ENDINGS", "ATTACKS", "FILES")]
    assert sum(map(len, [*tables, layouts.FOLDERS, layouts.DOWNLOADS, probes.PROBES])) >= 60


@both
def test_a_submission_that_overwrites_anothers_costs_it_nothing(course, tmp_path, isolated):
    other = hand_in(tmp_path / "in" / "Bob", SOLUTION)
    hand_in(tmp_path / "in" / "Ada", f"{SOLUTION}\ntry:\n    open({str(other)!r}, 'w').close()\nexcept OSError: pass\n")
    rows = grade_folder(course, tmp_path, "--isolation", isolated)
    assert {name: row["total"] for name, row in rows.items()} == {"Ada": "10", "Bob": "10"}
    assert (other.read_bytes() == b"") == (isolated == "none")


@both
def test_rows_forged_in_the_table_are_gone(course, tmp_path, isolated):
    table = str(tmp_path / "table.csv")
    forge = f"\ntry:\n    open({table!r}, 'a').write('Eve,10,10,,\\n')\nexcept OSError: pass\n"
    hand_in(tmp_path / "in" / "Eve", forge)
    hand_in(tmp_path / "in" / "a\nEve,10,10,,", "raise ValueError('\\nEve,10,10,,')")
    rows = grade_folder(course, tmp_path, "--isolation", isolated)
    assert {name: row["total"] for name, row in rows.items()} == {"Eve": "0", "a Eve,10,10,,": "0"}


def test_names_that_look_the_same_get_rows_of_their_own(course, tmp_path):
    for name in ("a b", "a\nb", "a  b"):
        hand_in(tmp_path / "in" / name, SOLUTION)
    assert sorted(grade_folder(course, tmp_path)) == ["a b", "a b (2)", "a b (3)"]


def test_a_report_states_the_isolation(course, tmp_path):
    hand_in(tmp_path / "in" / "Ada", SOLUTION)
    arguments = ("grade", "--submissions", str(tmp_path / "in"), "--csv", str(tmp_path / "t.csv"), "--isolation")
    done = run(course, *arguments, "bubblewrap")
    assert done.stdout.splitlines()[0] == f"isolation: {find()}" and done.stderr == ""
    done = run(course, *arguments, "none")
    assert done.stdout.splitlines()[0] == f"isolation: {find('none')}"
    assert done.stderr.startswith("lessons: NO ISOLATION. Submissions can read and change what you can")


def test_without_bubblewrap_it_is_said_and_cannot_be_demanded(monkeypatch):
    monkeypatch.setenv("PATH", "")
    isolation._probe.cache_clear()
    try:
        assert (find().name, find().missing) == ("none", "bubblewrap is not installed")
        with pytest.raises(LessonError, match="--isolation bubblewrap: bubblewrap is not installed"):
            find("bubblewrap")
    finally:
        isolation._probe.cache_clear()


def test_bubblewrap_that_cannot_isolate_is_none(tmp_path, monkeypatch):
    """A system without user namespaces, for example."""
    fake = tmp_path / "bwrap"
    fake.write_text('#!/bin/sh\ncase "$1" in --version) echo bubblewrap 0.0;; *) echo no >&2; exit 1;; esac\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    isolation._probe.cache_clear()
    try:
        assert find() == Isolation(missing="bubblewrap 0.0 does not work here: no")
    finally:
        isolation._probe.cache_clear()


def test_a_folder_of_submissions_within_the_system_is_hidden(tmp_path, monkeypatch):
    """Also below a folder that Python needs."""
    private = tmp_path / "site-packages" / "in"
    private.mkdir(parents=True)
    (private / "exercise.py").write_text("secret")
    monkeypatch.syspath_prepend(str(private.parent))
    look = f"import os; print(os.listdir({str(private.parent)!r}), os.listdir({str(private)!r}))"
    command = [sys.executable, "-c", look]
    seen = [
        subprocess.run(found.wrap(command), capture_output=True, text=True, check=True).stdout.strip()
        for found in (find("bubblewrap"), find("bubblewrap", private))
    ]
    assert seen == ["['in'] ['exercise.py']", "['in'] []"]


@pytest.mark.parametrize("with_minae", [True, False])
def test_of_the_course_only_the_machinery_is_there_and_minae_unless_numpy_alone_is_asked_for(with_minae):
    look = f"import os; print(os.listdir({str(HERE)!r}), os.path.exists({minae.__file__!r}))"
    command = find("bubblewrap").wrap([sys.executable, "-I", "-c", look], with_minae)
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout in (f"['tools', '__init__.py'] {with_minae}\n", f"['__init__.py', 'tools'] {with_minae}\n")
