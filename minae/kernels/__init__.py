"""Convolution, pooling and resizing, each written twice behind one interface.

`plain` is the textbook's way: a page to read, and what `fast` is tested against.
`fast` is used unless `minae.use_kernels` says otherwise.
"""

from types import ModuleType, TracebackType

from . import fast, plain
from .shapes import Pair, output_size

__all__ = ["Pair", "active", "output_size", "use_kernels"]

KERNELS = {"plain": plain, "fast": fast}
_chosen: ModuleType = fast


def active() -> ModuleType:
    """The kernels in use: `kernels.fast` or `kernels.plain`."""
    return _chosen


class use_kernels:
    """Compute with these kernels from now on: "fast" (the default) or "plain".

    `with use_kernels("plain"):` switches back at the end of the block. Results differ
    only by rounding, but speed differs a lot. (An nn.GRU is then a loop of gru_cells.)
    Raises ValueError for another name.
    """

    def __init__(self, name: str):
        global _chosen
        if name not in KERNELS:
            known = " or ".join(map(repr, KERNELS))
            raise ValueError(f"use_kernels: expected {known}, found {name!r}")
        self.before = _chosen
        _chosen = KERNELS[name]

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        global _chosen
        _chosen = self.before
