"""minae: a small autograd engine written to be read, and the autoencoders built on it.

Importing it needs NumPy alone. What needs more (models to train, figures, files) is
loaded when it is first used.
"""

from importlib import import_module
from typing import Any

from . import functional, nn, optim
from .autograd import no_grad
from .checker.verdicts import gradcheck
from .kernels import use_kernels
from .support import old_names
from .support.anomaly import detect_anomaly
from .support.memory import reuse_freed_memory
from .support.version import __version__ as __version__
from .tensors import (
    Tensor,
    cat,
    differentiable,
    maximum,
    minimum,
    stack,
    tensor,
    where,
)

__all__ = [
    "Tensor",
    "cat",
    "data",
    "detect_anomaly",
    "differentiable",
    "fit",
    "functional",
    "gradcheck",
    "load",
    "maximum",
    "minimum",
    "models",
    "nn",
    "no_grad",
    "optim",
    "plots",
    "save",
    "stack",
    "tensor",
    "use_kernels",
    "where",
]

reuse_freed_memory()
old_names.install("gradcheck", "tensor")

_LOADED_WHEN_USED = {
    "data": "minae.data",
    "fit": "minae.training",
    "load": "minae.training",
    "models": "minae.models",
    "plots": "minae.reports.plots",
    "save": "minae.training",
}


def __getattr__(name: str) -> Any:
    """Python calls this for an attribute that the package does not have yet."""
    if name in _LOADED_WHEN_USED:
        module = import_module(_LOADED_WHEN_USED[name])
        return getattr(module, name) if name in ("fit", "load", "save") else module
    if name in old_names.MOVED:
        return import_module(f"minae.{name}")
    raise AttributeError(f"module 'minae' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
