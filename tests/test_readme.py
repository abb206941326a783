"""The README's programs, as they stand there, in an empty folder."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import minae

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, flags=re.S)
PROGRAMS = [block for block in BLOCKS if "import minae\n" in block]


@pytest.fixture(params=PROGRAMS, ids=["by hand", "fit", "an op", "pictures"])
def program(request):
    return request.param


def test_it_fits_on_a_screen(program):
    lines = program.splitlines()
    assert len(lines) <= 25 and max(map(len, lines)) <= 100


def test_it_runs_and_does_what_it_says(program, tmp_path):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-"], input=program, cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stderr.splitlines() if not line.startswith("epoch ")] == []
    if "for epoch" in program or "minae.fit" in program:
        losses = [float(number) for number in re.findall(r"loss (\d+\.\d+)", done.stdout)]
        assert len(losses) >= 5 and losses[-1] < 0.75 * losses[0]
    else:
        assert "pass" in done.stdout
    for name in re.findall(r'savefig\("(.+?)"\)', program):
        assert (tmp_path / name).stat().st_size > 5000
    assert list(tmp_path.iterdir())


def test_the_op_is_the_engines_own():
    """The first thing that a reader sees is how `mul` stands in minae/ops/arithmetic.py."""
    shown = next(block for block in BLOCKS if "def mul" in block)
    source = (Path(minae.__file__).parent / "ops" / "arithmetic.py").read_text("utf-8")
    assert shown.replace("@differentiable\n", "").strip() in source
    scope = {"differentiable": minae.differentiable}
    exec(shown, scope)
    assert minae.gradcheck(scope["mul"], np.arange(3.0), np.ones((2, 1))).ok
