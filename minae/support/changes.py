"""Has a value changed between forward and backward? Its gradient would be wrong.

A vjp keeps the arrays of its forward, and does not copy them: copies of everything
would double the memory. So an op that is recorded notes the moment of each tensor it
uses. Whoever asks for a tensor's `.data` can write into it, and that ends the moment:
the values are copied then, and only then. When backward() comes to the op, it compares.

What cannot be seen is a write into an array that was not asked of a tensor, such as
`batch` after `Tensor(batch)`: only `detect_anomaly` looks for those, as it copies all.
PyTorch counts versions instead. It does not see what is written through `.data`.
"""

from collections.abc import Iterable
from typing import Any

from ..backend import Array, xp_of
from .array_protocols import ArrayProtocols
from .errors import GraphError


class Moment:
    """The time during which nobody can have changed a tensor, or a view of it."""

    waiting = 0  # how many ops have noted it and still wait for backward()
    is_over = False
    next: "Moment | None" = None  # the one that began after this, for a later op
    array: Array = None  # what was given away when it ended
    values: Array | None = None  # what that held, unless it is overwritten anyway

    def end(self, array: Array) -> None:
        """Somebody is given `array`, and may write into it from now on."""
        if self.waiting and not self.is_over:
            self.is_over, self.array, self.values = True, array, array.copy()

    def overwrite(self, array: Array) -> None:
        """An optimiser is about to write into `array`."""
        if self.waiting:
            self.is_over, self.array, self.values = True, array, None

    def was_changed(self) -> bool:
        """Whether the values are no longer those of this moment: backward() asks."""
        self.waiting -= 1
        return self.is_over and not (
            self.values is not None and same(self.array, self.values)
        )


def moment_of(tensor: Any) -> Moment:
    """The last moment of a tensor; most tensors are never asked for it.

    The op that made a tensor may keep it too, so that notes the first one.
    """
    moment = tensor._moment
    if moment is None:
        moment = Moment()
        if tensor._node is not None:
            tensor._node.moment = moment
            moment.waiting = 1
    while moment.next is not None:
        moment = moment.next
    tensor._moment = moment
    return moment


def moments(args: Iterable[Any]) -> list[Moment | None]:
    """The moments of a recorded op's arguments; None if one is not a Tensor."""
    return [_noted(arg) if isinstance(arg, ArrayProtocols) else None for arg in args]


def _noted(tensor: Any) -> Moment:
    """The last moment, or a new one if that is over."""
    moment = moment_of(tensor)
    if moment.is_over:
        moment.next = tensor._moment = moment = Moment()
    moment.waiting += 1
    return moment


def give_away(tensor: Any) -> Array:
    """A tensor's array for somebody who may write into it."""
    if tensor._moment is not None or tensor._node is not None:
        moment_of(tensor).end(tensor._data)
    return tensor._data


def to_overwrite(tensor: Any) -> Array:
    """A tensor's array for somebody who will write into it."""
    if tensor._moment is not None:
        moment_of(tensor).overwrite(tensor._data)
    return tensor._data


def shared_moment(array: Array, args: Iterable[Any]) -> Moment | None:
    """The moment of the argument that `array`, an op's result, is or looks into."""
    base = array.base
    for arg in args:
        if isinstance(arg, ArrayProtocols):
            whole = arg._data
            if array is whole or (
                base is not None and (base is whole or base is whole.base)
            ):
                return moment_of(arg)
    return None


def check_unchanged(name: str, inputs: Iterable, result: Moment | None) -> None:
    """Raise GraphError if a tensor that the op `name` used or made has changed."""
    for index, moment in enumerate(inputs):
        if moment is not None and moment.was_changed():
            raise _changed(f"input {index} of {name!r}", moment)
    if result is not None and result.was_changed():
        raise _changed(f"the result of {name!r}", result)


def _changed(what: str, moment: Moment) -> GraphError:
    return GraphError(
        f"backward: {what}, of shape {moment.array.shape}, was changed after the op, "
        "through .data or by an optimiser, and the gradient would be wrong: change it "
        "after backward(), or compute the result again"
    )


def same(a: Array, b: Any) -> bool:
    """Whether two arrays of one shape hold the same numbers; NaN is the same as NaN."""
    return bool(xp_of(a).array_equal(a, b, equal_nan=a.dtype.kind == "f"))
