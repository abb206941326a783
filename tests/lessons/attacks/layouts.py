"""How people hand in, and what must be found there: a tree of files, the points, a part of the remark."""

import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

from ..tiny_course import LESSON, SOLUTION, STUB

ALL, NONE = 10, 0
LINK = "is a symbolic link, not a file"
SHORT = "def double(x):\n    return x\n"  # worth less, to tell which of two was taken


def packed(files: dict[str, str]) -> bytes:
    """A zip archive."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


def damaged(archive: bytes, place: int = 60) -> bytes:
    """An archive in which one byte is another."""
    return archive[:place] + bytes([archive[place] ^ 255]) + archive[place + 1 :]


def notebook(*cells: str) -> str:
    """A notebook with these cells of code, and one of text."""
    code = [{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": c} for c in cells]
    text = {"cell_type": "markdown", "metadata": {}, "source": "# My work"}
    return json.dumps({"cells": [text, *code], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def hand_in(folder: Path, tree: dict[str, Any]) -> None:
    """Write the files: a text, bytes, or what makes something else at that path."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if callable(content):
            content(path)
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())


def link_to(target: str):
    return lambda path: path.symlink_to(target)


FOLDERS: dict[str, tuple[dict[str, Any], int, str]] = {
    # as the course asks
    "in its folder": ({f"{LESSON}/exercise.py": SOLUTION}, ALL, ""),
    "the whole course": ({f"lessons/{LESSON}/exercise.py": SOLUTION}, ALL, ""),
    "named like the lesson": ({f"{LESSON}.py": SOLUTION}, ALL, ""),
    "alone": ({"exercise.py": SOLUTION}, ALL, ""),
    # other names
    "downloaded twice": ({"exercise (1).py": SOLUTION}, ALL, "taken from exercise (1).py"),
    "a capital": ({"Exercise.py": SOLUTION}, ALL, "taken from Exercise.py"),
    "capitals": ({"EXERCISE.PY": SOLUTION}, ALL, "taken from EXERCISE.PY"),
    "a hidden ending": ({"exercise.py.txt": SOLUTION}, ALL, "taken from exercise.py.txt"),
    "a text": ({"exercise.txt": SOLUTION}, ALL, "taken from exercise.txt"),
    "a copy": ({"exercise - Copy (2).py": SOLUTION}, ALL, "taken from exercise - Copy (2).py"),
    "a folder in a folder": ({"ada/homework/exercise.py": SOLUTION}, ALL, "taken from ada/homework/exercise.py"),
    "a name of one's own": ({"ada_lovelace.py": SOLUTION}, ALL, "taken from ada_lovelace.py"),
    "its number": ({"hw1.py": SOLUTION}, ALL, "taken from hw1.py"),
    "another's number": ({"2.py": SOLUTION}, ALL, "taken from 2.py"),
    "a zip archive": (
        {"work.zip": packed({"work/exercise.py": SOLUTION})},
        ALL,
        "taken from work.zip/work/exercise.py",
    ),
    "a zip archive in one": (
        *({"a.zip": packed({"x.txt": ""}), "b.zip": packed({"exercise.py": SOLUTION})}, ALL),
        "taken from b.zip/exercise.py",
    ),
    "a notebook": ({"exercise.ipynb": notebook("%matplotlib inline", SOLUTION)}, ALL, "taken from exercise.ipynb"),
    # several
    "two copies": (
        *({"exercise.py": SOLUTION, "exercise (1).py": SHORT}, ALL),
        "found exercise.py, exercise (1).py; took exercise.py: it lies where the course asks for it",
    ),
    "later copies": (
        *({"exercise (1).py": SHORT, "exercise (3).py": SOLUTION, "exercise (2).py": SHORT}, ALL),
        "took exercise (3).py: it has the highest number",
    ),
    "beside the stub": (
        *({"exercise.py": STUB.lstrip(), "mine.py": SOLUTION}, ALL),
        "took mine.py: the other is as it was given out",
    ),
    "a notebook too": (
        *({"ex1.py": SOLUTION, "ex1.ipynb": notebook(SHORT)}, ALL),
        "took ex1.py: a program goes before a notebook or a text",
    ),
    "the same twice": ({"exercise.py": SOLUTION, "old/exercise.py": SOLUTION}, ALL, ""),
    "with its tests": ({"exercise.py": SOLUTION, "test_exercise.py": "def double(x): pass"}, ALL, ""),
    "what systems leave behind": (
        *({"exercise.py": SOLUTION, "__MACOSX/._exercise.py": "\0", ".DS_Store": "\0", "__pycache__/x.py": SHORT}, ALL),
        "",
    ),
    # nothing that can be read
    "nothing": ({}, NONE, "nothing handed in"),
    "something else": (
        {"report.docx": "PK", "data.csv": "1,2"},
        NONE,
        "nothing handed in for it; found data.csv",
    ),
    "a link": ({f"{LESSON}.py": link_to("/etc/passwd")}, NONE, f"{LESSON}.py {LINK}"),
    "a broken link": ({f"{LESSON}.py": link_to("nowhere")}, NONE, f"{LESSON}.py {LINK}"),
    "a linked folder": ({LESSON: link_to("../alone")}, NONE, f"{LESSON} {LINK}"),
    "a folder": ({f"{LESSON}.py": Path.mkdir}, NONE, f"{LESSON}.py is not a file"),
    "a pipe": ({f"{LESSON}.py": os.mkfifo}, NONE, f"{LESSON}.py is not a file"),
    "a broken zip archive": ({"work.zip": b"PK\3\4 and no more"}, NONE, "work.zip cannot be read as a zip archive"),
    "a broken notebook": ({"exercise.ipynb": "{"}, NONE, "it cannot be read as a notebook"),
    "a broken zip archive in one": (
        *({"work.zip": packed({"inner.zip": "PK\3\4 and no more"})}, NONE),
        "inner.zip cannot be read as a zip archive",
    ),
    "a damaged member": (
        *({"work.zip": damaged(packed({"exercise.py": SOLUTION}))}, NONE),
        "exercise.py cannot be read (Error -3 while decompressing data",
    ),
    "a zip bomb": ({"work.zip": packed({"exercise.py": "#" * 30_000_000})}, NONE, "at most 1,048,576 are read"),
    "a way out": ({"work.zip": packed({"../../exercise.py": SOLUTION})}, ALL, "taken from work.zip/exercise.py"),
}

# (the files, {student: (what was taken, a part of the remark)}, what is nobody's)
DOWNLOADS: dict[str, tuple[dict[str, Any], dict[str, tuple[str | None, str]], list[str]]] = {
    "Moodle, folders": (
        {
            "Ada Lovelace_4711_assignsubmission_file_/exercise.py": SOLUTION,
            "Bob Ross_4712_assignsubmission_file_/work.zip": packed({"exercise.py": SHORT}),
            "Bob Ross_4712_assignsubmission_onlinetext_/onlinetext.html": "<p>see file</p>",
            "Ada Lovelace_4800_assignsubmission_file_/exercise.py": SHORT,
        },
        {"Ada Lovelace (4711)": (SOLUTION, ""), "Bob Ross": (SHORT, "work.zip"), "Ada Lovelace (4800)": (SHORT, "")},
        [],
    ),
    "Moodle, files": (
        {"Ada Lovelace_4711_assignsubmission_file_exercise.py": SOLUTION, "grades.csv": "x"},
        {"Ada Lovelace": (SOLUTION, "")},
        ["grades.csv"],
    ),
    "Canvas": (
        {
            "lovelaceada_12345_67890_exercise.py": SHORT,
            "lovelaceada_12345_67891_exercise-1.py": SOLUTION,
            "rossbob_LATE_12346_67899_exercise (2).py": SHORT,
            "exercise.py": STUB,  # the teacher's own
            "yangcid_12347_67900_handin.zip": packed(
                {"handin/exercise.py": SOLUTION, "__MACOSX/handin/._exercise.py": ""}
            ),
        },
        {
            "lovelaceada": (SHORT, "found exercise.py, exercise-1.py; took exercise.py"),
            "rossbob": (SHORT, "exercise (2).py"),
            "yangcid": (SOLUTION, "handin/exercise.py"),
        },
        ["exercise.py"],
    ),
    "Blackboard": (
        {
            "Exercise 1_ada12_attempt_2026-11-20-10-30-00_exercise.py": SHORT,
            "Exercise 1_ada12_attempt_2026-11-21-09-00-00_exercise.py": SOLUTION,
            "Exercise 1_ada12_attempt_2026-11-21-09-00-00.txt": "Name: Ada Lovelace\nFiles: exercise.py",
            "Exercise 1_bob34_attempt_2026-11-20-10-31-00_my work.py": SHORT,
        },
        {"ada12": (SOLUTION, "it is the latest attempt"), "bob34": (SHORT, "my work.py")},
        [],
    ),
    "files named like people": (
        {"Ada.py": SOLUTION, "Bob.zip": packed({"exercise.py": SHORT}), "notes.txt": "not a student", "__MACOSX/x": ""},
        {"Ada": (SOLUTION, "Ada.py"), "Bob": (SHORT, "")},
        ["notes.txt"],
    ),
}
