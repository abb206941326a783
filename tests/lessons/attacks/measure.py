"""Measures what each isolation stops, for the table in lessons/README.md.

python -m tests.lessons.attacks.measure [--write]
"""

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ..tiny_course import LESSON, ROOT, make_course
from .probes import PROBES

README = ROOT / "lessons" / "README.md"
ISOLATIONS = ("bubblewrap", "none")
TABLE = re.compile(r"(?<=<!-- measured -->\n\n).*?(?=<!-- end -->)", re.DOTALL)
SECRET = "the secret"
TOKEN = f"minae-probe-{os.getpid()}"

# Run in the tiny course, so that its machinery and its secrets are used: each attempt in a submission of its own.
DRIVER = """
import json, os, sys
from lessons.tools.isolation import find
from lessons.tools.remote import Gone, Submission, SubmissionError

def attempt(source, isolation):
    with Submission(f"GRADER = {os.getpid()}\\n{source}", timeout=1.0, isolation=isolation) as submission:
        try:
            return submission.load().attempt()
        except (Gone, SubmissionError):
            return False

sources, isolation = json.load(sys.stdin)
claims = [attempt(source, find(isolation)) for source in sources]
import numpy
print(json.dumps([numpy.allclose(1, 2) if claim == "judged" else claim for claim in claims], default=bool))
"""


def measure() -> dict[str, dict[str, bool]]:
    """For each harm and isolation, whether it is stopped."""
    succeeded = {isolation: _attempt_all(isolation) for isolation in ISOLATIONS}
    return {harm: {name: not succeeded[name][harm] for name in ISOLATIONS} for harm in PROBES}


def _attempt_all(isolation: str) -> dict[str, bool]:
    """Which harms succeed, in a course, a home, a folder of submissions and a table of grades made for it."""
    with tempfile.TemporaryDirectory() as name, _listening() as port:
        folder = Path(name).resolve()
        targets, course = _targets(folder), make_course(folder / "course")
        for path in targets.values():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"# {SECRET}\n")
        names = {name: str(path) for name, path in targets.items()} | {"PORT": port, "TOKEN": TOKEN}
        head = "\n".join(f"{name} = {value!r}" for name, value in names.items())
        sources = [f"{head}\ndef attempt():\n    {body}\n" for body in PROBES.values()]
        claims = _drive(folder, course, sources, isolation)
        return {
            harm: _is_running(TOKEN) if claim == "later" else bool(claim) and _is_harmed(body, targets)
            for (harm, body), claim in zip(PROBES.items(), claims, strict=True)
        }


def _targets(folder: Path) -> dict[str, Path]:
    """What a submission should not reach. All on one disk with its own folder, so that hard links could be made."""
    lesson = folder / "course" / "lessons" / LESSON
    return {
        "SOLUTION": lesson / "secret.py",
        "TESTS": lesson / "hidden_tests.py",
        "OTHER": folder / "in" / "Bob" / "exercise.py",
        "TABLE": folder / "points.csv",
        "PACKAGE": folder / "site-packages" / "package.py",
        "LETTER": folder / "home" / "letter",
        "SHARED": folder / "tmp" / "for later",
    }


def _drive(folder: Path, course: Path, sources: list[str], isolation: str) -> list:
    """What the attempts claim."""
    environment = {**os.environ, "HOME": str(folder / "home"), "MINAE_SECRET": "1", "TMPDIR": str(folder / "tmp")}
    paths = (str(course), str(folder / "site-packages"), os.environ.get("PYTHONPATH", ""))
    environment["PYTHONPATH"] = os.pathsep.join(paths)
    command, given = [sys.executable, "-B", "-c", DRIVER], json.dumps([sources, isolation])
    done = subprocess.run(
        command, cwd=course, env=environment, input=given, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def _is_harmed(body: str, targets: dict[str, Path]) -> bool:
    """What a submission believes to have changed may be in a folder that nobody else sees."""
    changed = [path for name, path in targets.items() if name in body]
    return "changed" not in body or any("changed" in path.read_text() for path in changed)


@contextlib.contextmanager
def _listening():
    """A port of this machine that answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def _is_running(token: str) -> bool:
    """Whether a process with this argument is still there a moment after the grading."""
    deadline = time.monotonic() + 2
    while True:
        lines = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                lines.append(path.read_bytes())
        if not any(token.encode() in line for line in lines) or time.monotonic() > deadline:
            return any(token.encode() in line for line in lines)
        time.sleep(0.1)


def table(measured: dict[str, dict[str, bool]]) -> str:
    """In Markdown."""
    rows = ["| Can a submission | with bubblewrap | without |", "|---|---|---|"]
    for harm, stopped in measured.items():
        rows.append(f"| {harm} | " + " | ".join("no" if stopped[name] else "**yes**" for name in ISOLATIONS) + " |")
    return "\n".join(rows)


if __name__ == "__main__":
    found = table(measure())
    print(found)
    if "--write" in sys.argv:
        README.write_text(TABLE.sub(lambda _: f"{found}\n\n", README.read_text("utf-8")), "utf-8")
