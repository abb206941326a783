"""The graph that a computation leaves behind, and the walk that takes gradients back.

An op records one `Node`: its vjps (vector-Jacobian products, one per input) and, for
each input, where that vjp's result goes: to the Node that made the input, or to a leaf
Tensor, whose `.grad` it enters. Nodes hold no result of the op, only what the vjps
themselves keep, so a graph has no reference cycle: memory falls as the walk goes.

The walk is a loop in reverse topological order: a node's turn comes when every use of
its result has sent its contribution. No depth of graph meets Python's recursion limit.
"""

from contextvars import ContextVar
from typing import Any

from .backend import Array, as_array
from .support.changes import check_unchanged
from .support.errors import GraphError
from .support.memory import owned
from .support.op_contract import call_vjp
from .support.sums import wide_sum
from .support.switches import Switch


class no_grad(Switch):
    """Inside `with no_grad():`, ops record nothing, and results need no gradient.

    Also `@no_grad()`, for a whole function, generator or coroutine. It holds for the
    thread or asynchronous task that is inside.   PyTorch: `torch.no_grad`.
    """

    blocks = ContextVar("no_grad", default=0)


inside_no_grad = no_grad.blocks.get  # how many such blocks are open: 0 is outside


class Node:
    """One recorded op: its name, its result's shape and dtype, and its edges.

    There is an edge (destination, vjp, index) for each input that needs a gradient:
    the Node or leaf Tensor that the vjp's result is for, the vjp, and the input's place
    among the op's arguments. Once the walk has passed, `edges` is None.
    `moments` (of the arguments) and `moment` (of the result) tell whether a value has
    changed since.
    """

    __slots__ = ("name", "shape", "dtype", "edges", "moments", "moment")

    def __init__(self, name: str, value: Array, edges: list, moments: list):
        self.name = name
        self.shape = value.shape
        self.dtype = value.dtype
        self.edges: Any = edges
        self.moments = moments
        self.moment: Any = None

    def release(self) -> list[tuple]:
        """Its edges. A graph is walked once, and freed on the way."""
        check_unchanged(self.name, self.moments, self.moment)
        edges, self.edges = self.edges, None
        self.moments, self.moment = [], None
        return edges


def backward(root: Node, g: Array) -> None:
    """Add to every leaf's `.grad` its gradient of sum(g * result of root).

    Raises GraphError if the graph was walked before, and whatever `call_vjp` raises.
    """
    uses = count_uses(root)
    sums = {root: g}  # the gradient collected so far for each node that waits
    ready = [root]  # nodes whose every use has sent its contribution
    while ready:
        node = ready.pop()
        g = sums.pop(node)
        for destination, vjp, index in node.release():
            contribution = call_vjp(vjp, g, destination, node.name, index)
            if contribution.shape != destination.shape:
                contribution = sum_to_shape(contribution, destination.shape)
            if type(destination) is not Node:
                accumulate(destination, contribution)
                continue
            if destination in sums:
                contribution = as_array(sums[destination] + contribution)
            sums[destination] = contribution
            uses[destination] -= 1
            if uses[destination] == 0:
                ready.append(destination)


def count_uses(root: Node) -> dict[Node, int]:
    """How many times the result of each node is used on the way to root's."""
    uses = {root: 0}
    unvisited = [root]
    while unvisited:
        node = unvisited.pop()
        if node.edges is None:
            raise GraphError(
                f"backward: the graph behind {node.name!r} has been freed by an "
                "earlier backward(); compute the result again, or add the losses and "
                "go backward once"
            )
        for destination, _, _ in node.edges:
            if type(destination) is Node:
                if destination not in uses:
                    uses[destination] = 0
                    unvisited.append(destination)
                uses[destination] += 1
    return uses


def sum_to_shape(gradient: Array, shape: tuple[int, ...]) -> Array:
    """Broadcasting repeats a value; backward, the gradients of the repeats add up."""
    added = gradient.ndim - len(shape)  # axis i of `shape` is axis added + i here
    repeated = [added + axis for axis, size in enumerate(shape) if size == 1]
    summed = wide_sum(gradient, (*range(added), *repeated), keepdims=True)
    return summed.reshape(shape)


def accumulate(leaf: Any, contribution: Array) -> None:
    """Add to `leaf.grad`, an array that the leaf owns.

    The sum is a fresh array, so an old gradient that somebody kept does not change.
    (PyTorch adds in place: there it does.)
    """
    if leaf.grad is None:
        leaf.grad = owned(contribution)
    else:
        leaf.grad = as_array(leaf.grad + contribution)
