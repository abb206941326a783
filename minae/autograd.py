"""The graph that a computation leaves behind, and the walk that takes gradients back through it.

An op records one `Node`: its vjps (vector-Jacobian products, one per input) and, for each input, where that vjp's
result goes: to the Node that made the input, or to a leaf Tensor, whose `.grad` it enters. Nodes hold no result of the
op, only what the vjps themselves keep, so a graph has no reference cycle: memory falls as the walk goes.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from . import anomaly
from .backend import Array, as_array, is_array, library_of, xp_of
from .errors import GraphError, plain_kind

recording = True  # whether ops record what backward() needs: true outside `no_grad()`


@contextmanager
def no_grad() -> Iterator[None]:
    """Inside `with no_grad():` (or a function decorated `@no_grad()`) ops record nothing: results need no gradient."""
    global recording
    before, recording = recording, False
    try:
        yield
    finally:
        recording = before


class Node:
    """One recorded op: its name, its result's shape and dtype, and an edge to each input that needs a gradient.

    An edge is (destination, vjp, index): the Node or leaf Tensor that the vjp's result is for, the vjp of that input,
    and the input's place among the op's arguments. Once the walk has passed, edges is None. `called_at`, the line that
    called the op, is kept under `detect_anomaly` alone.
    """

    __slots__ = ("name", "shape", "dtype", "edges", "called_at")

    called_at: str

    def __init__(self, name: str, value: Array, edges: list[tuple[Any, Callable[[Array], Array], int]]):
        self.name = name
        self.shape = value.shape
        self.dtype = value.dtype
        self.edges: list | None = edges


def backward(root: Node, g: Array) -> None:
    """Add to every leaf's `.grad` its gradient of sum(g * result of root), freeing the graph on the way.

    Reverse topological order: a node is ready once every use of its result has sent its contribution. The walk is a
    loop, so that no depth of graph meets Python's recursion limit.

    Raises:
        GraphError: the graph, or a part of it, has been freed by an earlier backward.
        ValueError, TypeError: a vjp returned what is no gradient of its input. Both name the op and the input.
    """
    uses = _count_uses(root)
    sums = {root: g}  # the gradient collected so far for each node that waits for its last contribution
    ready = [root]
    while ready:
        node = ready.pop()
        g = sums.pop(node)
        edges, node.edges = node.edges, None  # a graph is walked once, and freed on the way
        for destination, vjp, index in edges or ():
            try:
                contribution = _as_gradient(vjp(g), destination)
            except (ValueError, TypeError, IndexError) as error:
                raise plain_kind(error)(f"{node.name}: the vjp of input {index}: {error}") from error
            if anomaly.active:
                anomaly.check_gradient(node.name, index, contribution, g, getattr(node, "called_at", "a line not kept"))
            if type(destination) is not Node:
                accumulate(destination, contribution)
                continue
            if destination in sums:
                contribution = as_array(sums[destination] + contribution)
            sums[destination] = contribution
            uses[destination] -= 1
            if uses[destination] == 0:
                ready.append(destination)


def _count_uses(root: Node) -> dict[Node, int]:
    """How many times the result of each node is used on the way to root's."""
    uses = {root: 0}
    unvisited = [root]
    while unvisited:
        node = unvisited.pop()
        if node.edges is None:
            raise GraphError(
                f"backward: the graph behind {node.name!r} has been freed by an earlier backward(); "
                "compute the result again, or add the losses and go backward once"
            )
        for destination, _, _ in node.edges:
            if type(destination) is Node:
                if destination not in uses:
                    uses[destination] = 0
                    unvisited.append(destination)
                uses[destination] += 1
    return uses


def accumulate(leaf: Any, contribution: Array) -> None:
    """Add to `leaf.grad`, which the leaf owns: a view, or what anything else refers to, is copied (as in PyTorch).

    The sum is a fresh array, so that who has kept the old one keeps what it was (in PyTorch, it changes with the new).
    """
    if leaf.grad is not None:
        leaf.grad = as_array(leaf.grad + contribution)
    elif contribution.base is None and sys.getrefcount(contribution) <= _UNSHARED:
        leaf.grad = contribution
    else:
        leaf.grad = contribution.copy()


def _as_gradient(contribution: Any, destination: Any) -> Array:
    """A vjp's result in the shape and dtype of its input, summed over the axes that broadcasting had added."""
    if type(contribution) not in library_of:
        if not is_array(contribution):
            raise TypeError(f"expected an array, found {type(contribution).__name__}")
        contribution = as_array(contribution)  # NumPy makes scalars of 0-d arrays
    if contribution.dtype != destination.dtype:
        if contribution.dtype.kind not in "fiub":
            raise TypeError(f"expected real numbers, found {contribution.dtype}")
        contribution = contribution.astype(destination.dtype)
    if contribution.shape != destination.shape:
        contribution = _sum_to_shape(contribution, destination.shape)
    return contribution


def _sum_to_shape(contribution: Array, shape: tuple[int, ...]) -> Array:
    """Broadcasting repeats a value along an axis; backward, the gradients of the repeats add up."""
    added = contribution.ndim - len(shape)
    kept = contribution.shape[added:] if added >= 0 else ()
    if len(kept) != len(shape) or any(size not in (1, found) for size, found in zip(shape, kept, strict=True)):
        raise ValueError(
            f"expected a gradient of the input's shape, {shape}, found {contribution.shape} "
            "(axes that broadcasting added are summed away)"
        )
    repeated = (added + axis for axis, size in enumerate(shape) if size == 1)
    return as_array(contribution.sum(axis=(*range(added), *repeated), keepdims=True).reshape(shape))


def ones_like(value: Array) -> Array:
    """The cotangent of a scalar result: dL/dL = 1."""
    return xp_of(value).ones_like(value)


def _count_references() -> int:
    """How many references `accumulate` sees to an array that nothing else knows of."""
    seen = []

    def accumulate_like(leaf: Any, contribution: Array) -> None:
        seen.append(sys.getrefcount(contribution))

    contribution = np.empty(1)
    accumulate_like(None, contribution)
    return seen[0]


_UNSHARED = _count_references()
