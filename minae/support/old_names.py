"""Modules that have moved, under the names they had up to version 0.1.

Lessons that are in use, and people's own code, import them by these names. So the names
stay.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

MOVED = {
    "anomaly": "support.anomaly",
    "causes": "checker.likely_cause",
    "checks": "support.argument_checks",
    "differences": "checker.slopes",
    "drawing": "graphs.drawing",
    "energy": "measures.energy",
    "errors": "support.errors",
    "evidence": "measures.evidence",
    "gradcheck": "checker.verdicts",
    "gradtable": "checker.every_op",
    "layout": "graphs.layout",
    "opcases": "checker.cases",
    "options": "support.parsing",
    "pca": "measures.pca",
    "pictures": "data.picture_files",
    "plots": "reports.plots",
    "probe": "measures.probe",
    "psnr": "measures.image_error",
    "ridge": "measures.ridge",
    "runs": "training.run_folder",
    "summary": "nn.summary",
    "systems": "models.registry",
    "tensor": "tensors",
    "train": "cli.train",
}


class Finder(MetaPathFinder, Loader):
    """Lets `import minae.differences` find `minae.checker.slopes`: the same module."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        package, _, moved = name.partition(".")
        return ModuleSpec(name, self) if package == "minae" and moved in MOVED else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = import_module(f"minae.{MOVED[spec.name.removeprefix('minae.')]}")
        spec.loader_state = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Nothing is left to run: only the module's own spec has to be put back."""
        own = module.__spec__
        module.__spec__ = own.loader_state if own else None


def install(*eager: str) -> None:
    """Make the old names importable.

    The modules in `eager` are loaded now. `minae` has functions of the same names, and
    a later import would put the module in the function's place.
    """
    sys.meta_path.append(Finder())
    for name in eager:
        sys.modules[f"minae.{name}"] = import_module(f"minae.{MOVED[name]}")
