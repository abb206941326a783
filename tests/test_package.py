"""The package as a whole: what importing it loads, that old names work, and that the engine stays short."""

import ast
import inspect
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import minae
from minae import autograd, tensors

ROOT = Path(minae.__file__).parents[1]

# The engine, in the order in which it is read aloud.
READING_LIST = (
    *("backend", "ops/axes", "ops/arithmetic", "ops/piecewise", "ops/reductions", "ops/shapes", "ops/joining"),
    *("ops/indexing", "ops/error_function"),
    *("autograd", "tensors", "functional", "convolution", "normalisation", "recurrent"),
    *("nn/parameter_tree", "nn/module", "nn/initialisation", "nn/layers", "nn/normalisation", "nn/recurrent"),
    *("nn/utils", "optim"),
)
# Statements of the same content in the version before it was put in order, imports and docstrings not counted. What
# that version could not do is not counted either; but ops that came later are, and raise it by what they have.
BEFORE = 932 + 570 + 188
LATER = {
    "arguments",  # for minae.save
    "_by_name",  # two parameters of one name are refused
    "_follow",  # an optimiser's buffers follow `.to(dtype)`
    "moved_to",
    "data",  # values that change before backward() are noticed
    "release",
    "wide_sum",
}


def loaded_by(code):
    """The modules, by full name, that a fresh Python has loaded after running `code`."""
    code += "\nimport json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(json.loads(done.stdout.splitlines()[-1]))


def third_party(modules):
    """Packages that are neither Python's nor minae; what Python starts with is not counted."""
    packages = {name.partition(".")[0] for name in modules - loaded_by("")}
    return {name for name in packages if name not in sys.stdlib_module_names and not name.startswith("_")}


# --- what is loaded, and when -----------------------------------------------------------------------------------------


def test_importing_it_needs_numpy_alone():
    packages = third_party(loaded_by("import minae"))
    assert packages - third_party(loaded_by("import numpy.random")) == {"minae"}


def test_training_on_arrays_loads_no_drawing_and_no_command_line():
    modules = loaded_by(
        "import minae, numpy\nminae.fit(minae.models.AE((1, 2, 2)), numpy.ones((4, 1, 2, 2)), epochs=1)"
    )
    assert "minae.training.fitting" in modules
    assert not {"matplotlib", "PIL", "argparse", "mpi4py", "minae.cli", "minae.reports"} & modules


def test_loading_a_saved_vae_loads_no_drawing_and_no_command_line(tmp_path):
    minae.save(minae.models.VAE((1, 2, 3), hidden=4, rng=0), tmp_path / "vae")
    modules = loaded_by(f"import minae\nminae.load({str(tmp_path / 'vae')!r})")
    assert "minae.models.vae" in modules
    assert not {"matplotlib", "PIL", "tqdm", "argparse", "minae.cli", "minae.reports", "minae.graphs"} & modules


@pytest.mark.parametrize("run", [".", "model.safetensors"])
def test_nor_does_loading_a_run(run):
    path = Path(__file__).parent / "fixtures" / "runs_of_version_0.1.0" / "vae" / run
    modules = loaded_by(f"import minae\nminae.load({str(path)!r})")
    assert not {"matplotlib", "PIL", "tqdm", "argparse", "minae.cli", "minae.reports", "minae.graphs"} & modules


def test_the_data_need_numpy_alone():
    packages = third_party(loaded_by("import minae\nminae.data.mnist('test')"))
    assert packages - third_party(loaded_by("import numpy.random")) == {"minae"}


@pytest.mark.parametrize("arguments", ["--version", "train --help", "sample --help"])
def test_help_loads_no_drawing(arguments):
    code = f"from minae.cli import main\ntry:\n    main({arguments.split()!r})\nexcept SystemExit:\n    pass"
    assert not {"matplotlib", "PIL"} & loaded_by(code)


@pytest.mark.parametrize("name", ["data", "models", "plots", "fit", "save", "load"])
def test_what_is_loaded_when_used(name):
    kind = "function" if name in ("fit", "save", "load") else "module"
    code = f"import minae\nassert type(minae.{name}).__name__ == {kind!r} and {name!r} in dir(minae)"
    assert loaded_by(code)


def test_the_graph_of_a_computation_as_the_readme_draws_it():
    code = "import minae\nx = minae.Tensor(2.0, requires_grad=True)\nminae.plots.graph(x * x)"
    assert "minae.graphs.drawing" in loaded_by(code)


def test_an_unknown_name():
    with pytest.raises(AttributeError, match="module 'minae' has no attribute 'nothing'"):
        str(minae.nothing)
    assert set(minae.__all__) <= set(dir(minae))
    assert all(getattr(minae, name) is not None for name in minae.__all__)


# --- old names --------------------------------------------------------------------------------------------------------


def test_every_module_under_its_old_name():
    """By an import, and (but for the two whose names functions have) as an attribute."""
    loaded_by(
        "import minae, sys\n"
        "from importlib import import_module\n"
        "from minae.support.old_names import MOVED\n"
        "for old, new in MOVED.items():\n"
        "    found = import_module(f'minae.{old}')\n"
        "    assert found is import_module(f'minae.{new}') and found.__spec__.name == f'minae.{new}', old\n"
        "    assert old in ('tensor', 'gradcheck') or getattr(minae, old) is found, old\n"
        "for old in MOVED.keys() - {'tensor', 'gradcheck'}:\n"
        "    exec(f'from minae import {old}')"
    )


def test_functions_whose_names_were_modules():
    loaded_by(
        "import minae, minae.tensor, minae.gradcheck\n"
        "from minae.tensor import mul, Tensor\n"
        "from minae.gradcheck import GradcheckError, gradcheck\n"
        "assert minae.tensor(3.0).item() == 3 and minae.gradcheck is gradcheck and minae.Tensor is Tensor"
    )


def test_what_lessons_and_people_import():
    loaded_by(
        "from minae.differences import slope, extrapolate\n"
        "from minae.errors import FileError, GraphError\n"
        "import minae; assert minae.errors.GraphError is GraphError\n"
        "from minae.autograd import no_grad\n"
        "from minae.data import Dataset, Split, mnist\n"
        "from minae.models import VAE, Autoencoder\n"
        "from minae.runs import Run\n"
        "from minae.training import evaluate, in_batches\n"
        "from minae.nn import Module, Parameter"
    )


# --- the reading list -------------------------------------------------------------------------------------------------


def statements(source):
    """How many statements there are, except imports, docstrings, and functions named in LATER."""
    found = 0
    unvisited = list(ast.parse(source).body)
    while unvisited:
        node = unvisited.pop()
        if isinstance(node, ast.FunctionDef) and node.name in LATER:
            continue
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        found += isinstance(node, ast.stmt) and not is_text and not isinstance(node, ast.Import | ast.ImportFrom)
        unvisited += ast.iter_child_nodes(node)
    return found


def test_the_engine_has_fewer_statements_than_before():
    counted = {name: statements((ROOT / f"minae/{name}.py").read_text("utf-8")) for name in READING_LIST}
    assert sum(counted.values()) < BEFORE, counted


def test_nothing_else_is_at_its_level():
    """What lies beside the engine, and not in a folder, is the package's own two files."""
    files = {path.stem for path in (ROOT / "minae").glob("*.py")}
    assert files - set(READING_LIST) == {"__init__", "__main__"}


@pytest.mark.parametrize("path", sorted((ROOT / "minae").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_lines_fit_a_lesson(path):
    too_long = [line for line in path.read_text("utf-8").splitlines() if len(line) > 88]
    assert too_long == []


@pytest.mark.parametrize("function", [tensors.differentiable, autograd.backward], ids=["differentiable", "backward"])
def test_the_heart_fits_on_a_slide(function):
    """At most 25 lines each, docstring and all."""
    assert len(inspect.getsource(function).splitlines()) <= 25


TRICKS = re.compile(r"getrefcount|\banomaly\b|as_strided|in_memory_order|\bexcept\b|\btry\b")


@pytest.mark.parametrize("name", ["autograd", "tensors", "functional", "optim", "ops/arithmetic"])
def test_and_is_free_of_tricks(name):
    """Reference counts, the search for NaN, memory order and error wrapping live behind names, elsewhere."""
    source = ast.parse((ROOT / f"minae/{name}.py").read_text("utf-8"))
    allowed = {"_to_array"}  # the check of what a Tensor is made of
    bodies = [node for node in source.body if getattr(node, "name", "") not in allowed]
    found = [ast.unparse(node) for node in bodies if not isinstance(node, ast.ImportFrom | ast.Expr)]
    assert [match for text in found for match in TRICKS.findall(re.sub(r'""".*?"""', "", text, flags=re.S))] == []


def test_the_version_is_in_one_place():
    from minae.support.version import __version__

    told = [f"version = {__version__}", f'version = "{__version__}"', f"version: {__version__}"]
    places = [ROOT / name for name in ("setup.cfg", "pyproject.toml", "minae/__init__.py")]
    assert not [path for path in places for line in path.read_text("utf-8").splitlines() if line in told]
    assert minae.__version__ == __version__
    assert f"version: {__version__}" in (ROOT / "CITATION.cff").read_text("utf-8").splitlines()
