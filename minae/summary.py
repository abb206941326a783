"""The table of a model's layers: what each is, what shape it makes, how many parameters it has."""

import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any

from .autograd import no_grad
from .backend import is_array, xp_of
from .checks import is_whole
from .nn import Module, Parameter, children_of, layers_of
from .tensor import Tensor

HEADINGS = ("name", "layer", "output shape", "parameters")


@dataclass
class Row:
    """One layer: its name, indented as deep as it lies, and the parameters that it holds outside its own layers."""

    name: str
    layer: Module
    parameters: list[Parameter]


def summary(model: Module, input_shape: Any = None, *others: Any) -> str:
    """What `Module.summary` returns; it tells the arguments."""
    total = _total(model)  # first, as it refuses a module that holds itself, in which the walk below would not end
    rows = [Row("", model, list(_own_parameters(model))), *_rows(model)]
    shapes: dict[Module, list[str]] = {}
    if input_shape is not None:
        with _recording(rows, shapes), no_grad():
            _run(model, [_as_input(model, value) for value in (input_shape, *others)])
    return "\n".join([*_table(rows, shapes), total])


# --- what the model holds ---------------------------------------------------------------------------------------------


def _rows(model: Module, indent: str = "") -> Iterator[Row]:
    """All layers below the model, each before those that it holds."""
    for name, layer in layers_of(model):
        yield Row(indent + name, layer, list(_own_parameters(layer)))
        yield from _rows(layer, indent + "  ")


def _own_parameters(value: Any) -> Iterator[Parameter]:
    """The parameters below `value`, except those of the modules below it."""
    for _, child in children_of(value):
        if isinstance(child, Parameter):
            yield child
        elif not isinstance(child, Module):
            yield from _own_parameters(child)


# --- which shapes come out --------------------------------------------------------------------------------------------


@contextmanager
def _recording(rows: list[Row], shapes: dict[Module, list[str]]) -> Iterator[None]:
    """Inside, every layer notes the shapes that its forward() makes, one for each call.

    A forward() of the layer's own stands before its class's, and is taken away at the end: at other times, a call costs
    what it always costs.
    """
    layers = {row.layer: row.layer.forward for row in rows if "forward" not in vars(row.layer)}
    for layer, forward in layers.items():
        vars(layer)["forward"] = _noting(forward, shapes.setdefault(layer, []))
    try:
        yield
    finally:
        for layer in layers:
            del vars(layer)["forward"]


def _noting(forward: Callable[..., Any], shapes: list[str]) -> Callable[..., Any]:
    @wraps(forward)
    def noting_forward(*args: Any, **options: Any) -> Any:
        result = forward(*args, **options)
        shapes.append(_shape(result))
        return result

    return noting_forward


def _shape(result: Any) -> str:
    if isinstance(result, tuple | list):
        return ", ".join(_shape(part) for part in result)
    return str(result.shape) if hasattr(result, "shape") else type(result).__name__


def _as_input(model: Module, value: Any) -> Any:
    """Zeros of a shape, of the model's dtype and on its device; anything else, a sample, as it is."""
    if isinstance(value, tuple):
        if not all(is_whole(size) and size >= 0 for size in value):
            raise ValueError(f"summary: expected a shape of whole numbers, such as (1, 1, 28, 28), found {value}")
        weight = next((parameter.data for parameter in model.parameters()), None)
        xp = xp_of(weight)
        return Tensor(xp.zeros(value, dtype=xp.float32 if weight is None else weight.dtype))
    return value


def _run(model: Module, inputs: list[Any]) -> None:
    """Call forward(); a model without one (it has several parts, each for itself) computes its losses."""
    if not isinstance(inputs[0], Tensor):
        if not is_array(inputs[0]):
            found = type(inputs[0]).__name__
            raise TypeError(f"summary: expected a shape, such as (1, 1, 28, 28), or a Tensor, found {found}")
        inputs[0] = Tensor(inputs[0])
    call = model.losses if type(model).forward is Module.forward and hasattr(model, "losses") else model.forward
    try:
        inspect.signature(call).bind(*inputs)
    except TypeError as error:
        takes = f"{type(model).__name__}.{call.__name__}({', '.join(inspect.signature(call).parameters)})"
        raise TypeError(f"summary: {error}; give all that {takes} needs: summary(input_shape, ...)") from None
    call(*inputs)


# --- the table --------------------------------------------------------------------------------------------------------


def _table(rows: list[Row], shapes: dict[Module, list[str]]) -> list[str]:
    counted: set[int] = set()
    cells = [HEADINGS, *(_cells(row, shapes, counted) for row in rows)]
    shown = [column for column in range(4) if column != 2 or shapes]
    widths = [max(len(line[column]) for line in cells) for column in range(4)]
    lines = ["  ".join(_aligned(line[column], column, widths[column]) for column in shown).rstrip() for line in cells]
    rule = "-" * max(map(len, lines))
    return [lines[0], rule, *lines[1:], rule]


def _aligned(text: str, column: int, width: int) -> str:
    return text.rjust(width) if column == 3 else text.ljust(width)


def _cells(row: Row, shapes: dict[Module, list[str]], counted: set[int]) -> tuple[str, str, str, str]:
    """A parameter counts where it is met first; where it is met again, it is said to be shared."""
    new = {id(parameter): parameter.size for parameter in row.parameters if id(parameter) not in counted}
    counted.update(new)
    count = f"{sum(new.values()):,}"
    if len(new) < len({id(parameter) for parameter in row.parameters}):
        count = "shared" if not new else f"{count} + shared"
    elif not row.parameters and list(layers_of(row.layer)):
        count = ""
    calls = dict.fromkeys(shapes.get(row.layer, ()))
    return row.name, _described(row.layer), " or ".join(calls), count


def _described(layer: Module) -> str:
    """The layer as one would write it: Conv2d(1, 16, 3, padding=1)."""
    obvious = r"\b(in_features|out_features|in_channels|out_channels|kernel_size|dim|unflattened_size)="
    text = re.sub(obvious, "", layer.extra_repr())
    text = re.sub(r"\((\d+), \1\)", r"\1", text)
    text = re.sub(r", (bias=True|stride=1|padding=0|output_padding=0)\b", "", text)
    return f"{type(layer).__name__}({text})" if text else type(layer).__name__


def _total(model: Module) -> str:
    parameters = model.parameters()
    size = sum(parameter.data.nbytes for parameter in parameters)
    return f"{sum(parameter.size for parameter in parameters):,} parameters, {size:,} bytes"
