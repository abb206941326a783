"""A student's copy: minae and the lessons, without solutions and without what only teachers use."""

import shutil
from pathlib import Path

import minae

from .catalogue import HERE, LessonError, lessons

ROOT = HERE.parent
OF_A_LESSON = ("lesson.py", "lesson.ipynb", "exercise.py", "test_exercise.py", "messages.toml", "quiz.json")
OF_THE_COURSE = ("__init__.py", "__main__.py", "conftest.py", "pytest.ini")
OF_THE_TOOLS = (
    *("__init__.py", "catalogue.py", "exercises.py", "grade.py", "handle.py", "imports.py", "isolation.py"),
    *("keeper.py", "patience.py", "process.py", "quiz.py", "reading.py", "remote.py", "report.py", "terminal.py"),
    *("wire.py", "worker.py"),
)
OF_THE_PROJECT = ("LICENSE", "pyproject.toml", "setup.cfg", ".gitignore")
PYTEST = "[tool:pytest]\ntestpaths = lessons\naddopts = -q\n"  # the project's own settings are for its own tests


def release(folder: Path) -> None:
    """Fill a folder, which must be new or empty. What is copied is listed above, so nothing else slips in."""
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise LessonError(f"{folder}: expected a new or empty folder")
    files = {ROOT / name: name for name in OF_THE_PROJECT}
    files |= {HERE / name: f"lessons/{name}" for name in OF_THE_COURSE}
    files |= {HERE / "tools" / name: f"lessons/tools/{name}" for name in OF_THE_TOOLS}
    for lesson in lessons():
        files |= {lesson.folder / name: f"lessons/{lesson.name}/{name}" for name in OF_A_LESSON}
    files[HERE / "START.md"] = "README.md"
    if missing := [path for path in files if not path.is_file()]:
        raise LessonError(f"{missing[0]} is missing (`python -m lessons build` makes the notebooks)")
    for path, name in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / name)
    settings = (folder / "setup.cfg").read_text("utf-8")
    (folder / "setup.cfg").write_text(settings.partition("[tool:pytest]")[0] + PYTEST, "utf-8")
    package = Path(minae.__file__).resolve().parent
    shutil.copytree(package, folder / "minae", ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
