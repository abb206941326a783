"""A student's copy: minae and the lessons, without solutions and without what only teachers use."""

import shutil
import tempfile
import zipfile
from pathlib import Path

import minae

from . import exam
from .catalogue import HERE, Lesson, LessonError, Project, course

ROOT = HERE.parent
OF_A_LESSON = ("lesson.py", "lesson.ipynb", "quiz.json")
OF_AN_EXERCISE = ("exercise.py", "test_exercise.py", "messages.toml")
OF_A_PROJECT = ("project.md", "project.toml", "earlier.py", "run.py")
REPORT = "report.md"  # a form to fill in, where a project has one
OF_THE_COURSE = (
    "__init__.py",
    "__main__.py",
    "conftest.py",
    "drawing.py",
    "glossary.md",
    "pages.py",
    "pytest.ini",
    "weights.py",
)
OF_THE_TOOLS = (
    *("__init__.py", "catalogue.py", "earlier.py", "exercises.py", "grade.py", "handle.py", "imports.py"),
    *("isolation.py", "judging.py", "judging.toml", "keeper.py", "memory.py", "patience.py", "process.py"),
    *("quiz.py", "reading.py", "records.py", "remote.py", "report.py", "terminal.py", "wire.py", "worker.py"),
)
OF_THE_PROJECT = ("LICENSE", "pyproject.toml", "setup.cfg", ".gitignore")
PYTEST = "[tool:pytest]\ntestpaths = lessons\naddopts = -q\n"  # the project's own settings are for its own tests


def files_of(lesson: Lesson) -> list[str]:
    """What a student gets of a lesson: also its pictures, weights and data, and the exercise if there is one."""
    if isinstance(lesson, Project):
        form = [REPORT] if (lesson.folder / REPORT).exists() else []
        return [*OF_A_PROJECT, *form, *OF_AN_EXERCISE]
    made = sorted(path.name for kind in ("*.gif", "*.safetensors", "*.csv") for path in lesson.folder.glob(kind))
    return [*OF_A_LESSON, *made, *(OF_AN_EXERCISE if lesson.has_exercise else ())]


def release(folder: Path) -> None:
    """Fill a folder, which must be new or empty. What is copied is listed above, so nothing else slips in."""
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise LessonError(f"{folder}: expected a new or empty folder")
    files = {ROOT / name: name for name in OF_THE_PROJECT}
    files |= {HERE / name: f"lessons/{name}" for name in OF_THE_COURSE}
    files |= {path: f"lessons/toolbox/{path.name}" for path in sorted((HERE / "toolbox").glob("*.md"))}
    files |= {HERE / "tools" / name: f"lessons/tools/{name}" for name in OF_THE_TOOLS}
    for lesson in course():
        files |= {lesson.folder / name: f"lessons/{lesson.name}/{name}" for name in files_of(lesson)}
    files[HERE / "START.md"] = "README.md"
    if missing := [path for path in files if not path.is_file()]:
        raise LessonError(f"{missing[0]} is missing (`python -m lessons build` makes the notebooks)")
    for path, name in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / name)
    if exam.MUSEUM.is_dir():
        exam.hand_out(folder / "lessons" / "museum" / "exam", seed=0)
    settings = (folder / "setup.cfg").read_text("utf-8")
    (folder / "setup.cfg").write_text(settings.partition("[tool:pytest]")[0] + PYTEST, "utf-8")
    package = Path(minae.__file__).resolve().parent
    shutil.copytree(package, folder / "minae", ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))


def archive(folder: Path) -> Path:
    """The same as one file, minae-lessons-VERSION.zip in this folder. The same course gives the same bytes."""
    name = f"minae-lessons-{minae.__version__}"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.zip"
    with tempfile.TemporaryDirectory() as work:
        release(Path(work) / name)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            for source in sorted(path for path in Path(work).rglob("*") if path.is_file()):
                info = zipfile.ZipInfo(source.relative_to(work).as_posix())  # of 1980, whenever it is made
                info.external_attr = 0o644 << 16
                file.writestr(info, source.read_bytes(), zipfile.ZIP_DEFLATED)
    return path
