"""The tree that a model forms: modules hold parameters, buffers and other modules.

Nothing is registered. The tree is found by searching the attributes of each module, in
the order in which they were assigned, and any lists, tuples and dicts among them.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from ..tensors import Tensor


class Parameter(Tensor):
    """A Tensor that a Module learns: it requires a gradient.

    PyTorch: `nn.Parameter`.
    """

    __slots__ = ()

    def __init__(self, data: Any):
        super().__init__(data, requires_grad=True)


class Buffer(Tensor):
    """A Tensor that a Module keeps with its parameters, but does not learn.

    Such as a running mean. It needs no gradient.   PyTorch: `nn.Buffer`.
    """

    __slots__ = ()

    def __init__(self, data: Any):
        super().__init__(data)


class Branch:
    """Something that holds parameters and other branches, such as a Module."""

    def children(self) -> Iterable[tuple[Any, Any]]:
        """The attributes, by name. Parameters are looked for among them."""
        return vars(self).items()


def children_of(value: Any) -> Iterable[tuple[Any, Any]]:
    """What `value` holds directly, with names.

    That is a module's attributes, a list's items by number, or a dict's values by key.
    """
    if isinstance(value, Branch):
        return value.children()
    if isinstance(value, dict):
        return value.items()
    if isinstance(value, list | tuple):
        return enumerate(value)
    return ()


def layers_of(value: Any) -> Iterator[tuple[str, Any]]:
    """The modules directly below `value`, also those in lists, tuples and dicts."""
    for key, child in children_of(value):
        if isinstance(child, Branch):
            yield str(key), child
        else:
            yield from ((f"{key}.{name}", layer) for name, layer in layers_of(child))


def weights_of(
    value: Any, name: str = "", above: tuple[Any, ...] = ()
) -> Iterator[tuple[str, Parameter | Buffer]]:
    """Every parameter and buffer at or below `value`, under its dotted name.

    `above` is what `value` lies in. Raises ValueError for a module that holds itself.
    """
    if isinstance(value, Parameter | Buffer):
        yield name, value
        return
    if any(value is outer for outer in above):
        raise ValueError(
            f"{type(above[0]).__name__}: {name} holds the module again, "
            "so names would never end"
        )
    for key, child in children_of(value):
        path = f"{name}.{key}" if name else str(key)
        yield from weights_of(child, path, (*above, value))
