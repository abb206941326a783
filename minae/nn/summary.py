"""The table of a model's layers: their kinds, output shapes and parameters."""

import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any

from ..autograd import no_grad
from ..backend import is_array, xp_of
from ..support.argument_checks import is_whole
from ..tensors import Tensor
from .parameter_tree import Branch, Parameter, children_of, layers_of

HEADINGS = ("name", "layer", "output shape", "parameters")


@dataclass
class Row:
    """One layer of the table.

    Its name is indented by its depth. Its parameters are those that it holds outside
    its own layers.
    """

    name: str
    layer: Any
    parameters: list[Parameter]


def summary(model: Any, method: str, input_shape: Any = None, *others: Any) -> str:
    """The table that `Module.summary` returns; the arguments are explained there.

    `method` is the name of the method to run: "forward" or "losses".
    """
    # This comes first because it refuses a module that holds itself. In such a module,
    # the walk below would never end.
    total = _total(model)
    rows = [Row("", model, list(_own_parameters(model))), *_rows(model)]
    shapes: dict[Any, list[str]] = {}
    if input_shape is not None:
        inputs = [_as_input(model, value) for value in (input_shape, *others)]
        with _recording(rows, shapes), _in_use(model), no_grad():
            _call(model, method, inputs)
    return "\n".join([*_table(rows, shapes), total])


# --- what the model holds -------------------------------------------------------------


def _rows(model: Any, indent: str = "") -> Iterator[Row]:
    """All layers below the model, each before the layers it holds."""
    for name, layer in layers_of(model):
        yield Row(indent + name, layer, list(_own_parameters(layer)))
        yield from _rows(layer, indent + "  ")


def _own_parameters(value: Any) -> Iterator[Parameter]:
    """The parameters below `value`, except those of the modules below it."""
    for _, child in children_of(value):
        if isinstance(child, Parameter):
            yield child
        elif not isinstance(child, Branch):
            yield from _own_parameters(child)


# --- which shapes come out ------------------------------------------------------------


@contextmanager
def _recording(rows: list[Row], shapes: dict[Any, list[str]]) -> Iterator[None]:
    """Inside, every layer notes the shape of each result of its forward().

    Each layer is given a forward() of its own, which hides its class's. It is removed
    at the end, so at other times a call costs no more than usual.
    """
    layers = {
        row.layer: row.layer.forward for row in rows if "forward" not in vars(row.layer)
    }
    for layer, forward in layers.items():
        vars(layer)["forward"] = _noting(forward, shapes.setdefault(layer, []))
    try:
        yield
    finally:
        for layer in layers:
            del vars(layer)["forward"]


@contextmanager
def _in_use(model: Any) -> Iterator[None]:
    """Inside, the model is in evaluation mode, so that to look at it changes nothing.

    No running mean moves, and dropout draws no noise.
    """
    modes = [(module, vars(module).get("training")) for module in model.modules()]
    model.eval()
    try:
        yield
    finally:
        for module, mode in modes:
            if mode is None:  # neither train() nor eval() was ever called
                del module.training
            else:
                module.training = mode


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


def _as_input(model: Any, value: Any) -> Any:
    """Zeros, if `value` is a shape, with the model's dtype and on its device.

    Anything else is a sample, and is returned as it is.
    """
    if isinstance(value, tuple):
        if not all(is_whole(size) and size >= 0 for size in value):
            raise ValueError(
                "summary: expected a shape of whole numbers, such as (1, 1, 28, 28), "
                f"found {value}"
            )
        weight = next((parameter.data for parameter in model.parameters()), None)
        xp = xp_of(weight)
        dtype = xp.float32 if weight is None else weight.dtype
        return Tensor(xp.zeros(value, dtype=dtype))
    return value


def _call(model: Any, method: str, inputs: list[Any]) -> None:
    if not isinstance(inputs[0], Tensor):
        if not is_array(inputs[0]):
            raise TypeError(
                "summary: expected a shape, such as (1, 1, 28, 28), or a Tensor, "
                f"found {type(inputs[0]).__name__}"
            )
        inputs[0] = Tensor(inputs[0])
    run = getattr(model, method)
    signature = inspect.signature(run)
    try:
        signature.bind(*inputs)
    except TypeError as error:
        takes = f"{type(model).__name__}.{method}({', '.join(signature.parameters)})"
        raise TypeError(
            f"summary: {error}; give all that {takes} needs: summary(input_shape, ...)"
        ) from None
    run(*inputs)


# --- the table ------------------------------------------------------------------------


def _table(rows: list[Row], shapes: dict[Any, list[str]]) -> list[str]:
    counted: set[int] = set()
    cells = [HEADINGS, *(_cells(row, shapes, counted) for row in rows)]
    shown = [0, 1, 2, 3] if shapes else [0, 1, 3]  # no shapes: no column for them
    widths = [max(len(line[column]) for line in cells) for column in range(4)]
    lines = [
        "  ".join(
            _aligned(line[column], column, widths[column]) for column in shown
        ).rstrip()
        for line in cells
    ]
    rule = "-" * max(map(len, lines))
    return [lines[0], rule, *lines[1:], rule]


def _aligned(text: str, column: int, width: int) -> str:
    is_number = HEADINGS[column] == "parameters"
    return text.rjust(width) if is_number else text.ljust(width)


def _cells(
    row: Row, shapes: dict[Any, list[str]], counted: set[int]
) -> tuple[str, str, str, str]:
    """The texts of a row.

    A parameter counts where it appears first. Where it appears again, it is shared.
    """
    sizes = {id(parameter): parameter.size for parameter in row.parameters}
    new = {key: size for key, size in sizes.items() if key not in counted}
    counted.update(new)
    count = f"{sum(new.values()):,}"
    some_are_shared = len(new) < len(sizes)
    if some_are_shared:
        count = f"{count} + shared" if new else "shared"
    elif not row.parameters and list(layers_of(row.layer)):
        count = ""  # its own layers hold all its parameters
    different = dict.fromkeys(shapes.get(row.layer, ()))
    return row.name, _described(row.layer), " or ".join(different), count


def _described(layer: Any) -> str:
    """The layer as you would write it: Conv2d(1, 16, 3, padding=1)."""
    obvious = (
        r"\b(in_features|out_features|in_channels|out_channels|kernel_size|"
        r"dim|unflattened_size)="
    )
    text = re.sub(obvious, "", layer.extra_repr())
    text = re.sub(r"\((\d+), \1\)", r"\1", text)
    text = re.sub(r", (bias=True|stride=1|padding=0|output_padding=0)\b", "", text)
    return f"{type(layer).__name__}({text})" if text else type(layer).__name__


def _total(model: Any) -> str:
    parameters = model.parameters()
    count = sum(parameter.size for parameter in parameters)
    size = sum(parameter.data.nbytes for parameter in parameters)
    return f"{count:,} parameters, {size:,} bytes"
