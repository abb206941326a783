"""What lessons read aloud of the library is what the library has."""

import inspect
import json

import pytest

from lessons.tools.catalogue import HERE
from minae.autograd import backward
from minae.tensors import differentiable


@pytest.mark.parametrize("function", [differentiable, backward])
def test_lesson_3_prints_the_engine_whole(function):
    """In pieces, one after another, with nothing cut; what is folded has a heading."""
    cells = json.loads((HERE / "03_arrays" / "lesson.ipynb").read_text("utf-8"))["cells"]
    pieces = [
        "".join(output["text"][bool(cell["metadata"].get("tags")) :])
        for cell in cells
        if f"{function.__name__}, " in "".join(cell["source"])
        for output in cell.get("outputs", [])
        if output["output_type"] == "stream"
    ]
    assert inspect.getsource(function) == "".join(pieces)
    assert max(len(piece.splitlines()) for piece in pieces) <= 15
