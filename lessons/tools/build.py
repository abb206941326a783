"""Notebooks from lessons: the cells of lesson.py, run, with what they print and draw."""

import base64
import io
import json
import os
import re
import tempfile
from pathlib import Path

import jupytext
import nbclient
import nbformat
from PIL import Image

import minae

from .catalogue import Lesson, LessonError

LARGEST = 400_000  # bytes of a notebook
SECONDS = 300  # for a cell
COLOURS = 128  # of a picture: enough for curves and letters, at half the bytes
COLOUR = re.compile(r"\x1b\[[0-9;]*m")  # IPython's tracebacks have it
FOLDS = {  # MyST-NB's names for what is folded until the reader opens it; Jupyter's own, which its front ends obey
    "hide-input": {"source_hidden": True},
    "hide-output": {"outputs_hidden": True},
    "hide-cell": {"source_hidden": True, "outputs_hidden": True},
}
GUESS = "guess"  # the tag of a cell in which the reader writes a guess
KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}


def build(lesson: Lesson) -> Path:
    """Write lesson.ipynb, and the GIFs that the lesson makes. The same source gives the same files."""
    notebook = read_source(lesson)
    made = run(notebook, lesson, OPENBLAS_NUM_THREADS="1")  # on any number of cores the same sums
    text = nbformat.writes(notebook) + "\n"
    if len(text.encode()) > LARGEST:
        raise LessonError(f"{lesson.name}: the notebook has {len(text):,} bytes, expected at most {LARGEST:,}")
    path = lesson.folder / "lesson.ipynb"
    path.write_text(text, "utf-8")
    for name, content in made.items():
        (lesson.folder / name).write_bytes(content)
    return path


def read_source(lesson: Lesson) -> nbformat.NotebookNode:
    """lesson.py as a notebook that has not been run. Ids and metadata depend on nothing but the source.

    Tags survive, as in `# %% tags=["hide-output"]`.
    """
    notebook = jupytext.read(lesson.folder / "lesson.py", fmt="py:percent")
    notebook.metadata = nbformat.from_dict({**KERNEL, "language_info": {"name": "python"}})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for number, cell in enumerate(notebook.cells):
        cell.id, cell.metadata = f"cell-{number:03}", _metadata(lesson, cell.metadata.get("tags", []))
    return notebook


def is_built(lesson: Lesson) -> bool:
    """Whether lesson.ipynb was made of lesson.py as it is now."""
    try:
        built = json.loads((lesson.folder / "lesson.ipynb").read_text("utf-8"))["cells"]
    except FileNotFoundError:
        return False
    for cell in built:
        cell["metadata"].pop("mystnb", None)  # texts of pictures, which are known when they are drawn
    found = [(cell["id"], cell["cell_type"], "".join(cell["source"]), cell["metadata"]) for cell in built]
    return found == [(cell.id, cell.cell_type, cell.source, cell.metadata) for cell in read_source(lesson).cells]


def _metadata(lesson: Lesson, tags: list[str]) -> nbformat.NotebookNode:
    """Tags, and for those that fold, what Jupyter calls it."""
    if unknown := sorted(set(tags) - {*FOLDS, GUESS}):
        raise LessonError(f"{lesson.name}: unknown tag {unknown[0]!r}; there are {', '.join((*FOLDS, GUESS))}")
    folded: dict = {}
    for tag in tags:
        folded |= FOLDS.get(tag, {})
    return nbformat.from_dict({**({"tags": tags} if tags else {}), **({"jupyter": folded} if folded else {})})


def run(notebook: nbformat.NotebookNode, lesson: Lesson, **environment: str) -> dict[str, bytes]:
    """Run all cells, in a folder that is then removed. Raises LessonError with the last line of a failure.

    Returns the GIFs that are then in the folder, by name.
    """
    root = str(Path(minae.__file__).resolve().parents[1])
    with tempfile.TemporaryDirectory() as folder:
        client = nbclient.NotebookClient(
            notebook,
            timeout=None if "MINAE_KEEP" in os.environ else SECONDS,  # new weights take longer
            kernel_name="python3",
            extra_arguments=["--log-level=ERROR"],
            resources={"metadata": {"path": folder}},
        )
        try:
            client.execute(env={**os.environ, "PYTHONPATH": root, **environment})
        except (nbclient.exceptions.CellControlSignal, nbclient.exceptions.DeadKernelError) as error:
            last = str(error).strip().splitlines()[-1]
            raise LessonError(f"{lesson.name}: {COLOUR.sub('', last)}") from error
        made = {path.name: path.read_bytes() for path in Path(folder).glob("*.gif")}
    notebook.metadata.language_info = nbformat.from_dict({"name": "python"})
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # when it ran
        if cell.cell_type == "code":
            cell.outputs = _merged(cell.outputs)
            for output in cell.outputs:
                if "image/png" in output.get("data", {}):
                    output.data["image/png"] = _with_few_colours(output.data["image/png"])
                    if alt := output.metadata.get("image/png", {}).get("alt"):
                        cell.metadata.mystnb = nbformat.from_dict({"image": {"alt": alt}})
    return made


def _merged(outputs: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """Neighbouring pieces of one stream as one: where a kernel cuts what is printed depends on time alone."""
    merged: list[nbformat.NotebookNode] = []
    for output in outputs:
        last = merged[-1] if merged else {}
        if output.output_type == "stream" == last.get("output_type") and output.name == last["name"]:
            last["text"] += output.text
        else:
            merged.append(output)
    return merged


def _with_few_colours(png: str) -> str:
    """A smaller picture; both in base64. Those of lessons/drawing.py have few colours already."""
    picture, file = Image.open(io.BytesIO(base64.b64decode(png))), io.BytesIO()
    if picture.mode == "P":
        return png
    picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return base64.b64encode(file.getvalue()).decode()
