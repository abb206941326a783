"""NumPy only: where an exercise is to be written without an engine, importing one is told, and scores nothing."""

import ast
import sys
from importlib.abc import MetaPathFinder
from typing import Any

ENGINES = (
    *("minae", "torch", "jax", "autograd", "tensorflow", "keras", "mygrad", "dezero", "tinygrad", "chainer"),
    *("aesara", "pytensor", "theano", "mxnet", "paddle", "micrograd", "needle"),
)


class EngineError(ImportError):
    """An exercise that is to be written with NumPy only imports an engine."""

    def __init__(self, name: str):
        super().__init__(
            f"exercise.py imports {name}, and this exercise is to be written with NumPy only: it scores nothing so. "
            "To compare with an engine, import it in another file"
        )


def check_imports(tree: ast.AST) -> None:
    """Raises EngineError for the first import of an engine that stands in the source."""
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        for name in names:
            if _is_engine(name):
                raise EngineError(name)


class RefuseEngines(MetaPathFinder):
    """The first of sys.meta_path: refuses those imports that do not stand in the source."""

    def find_spec(self, name: str, *_: Any) -> None:
        if _is_engine(name):
            raise EngineError(name)


def refuse_engines() -> None:
    """From now on, importing an engine is an error."""
    sys.meta_path.insert(0, RefuseEngines())


def _is_engine(name: str) -> bool:
    return name.partition(".")[0] in ENGINES
