"""A gradient does not depend on how its arrays lie in memory."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..support.op_contract import FAILURES
from ..tensors import Tensor, differentiable
from .comparing import Comparison

Layout = Callable[[np.ndarray], np.ndarray]


def column_major(x: np.ndarray) -> np.ndarray:
    return x.copy(order="F")


def every_other(x: np.ndarray) -> np.ndarray:
    """A view of every other column of a larger array."""
    if x.ndim == 0:
        return np.broadcast_to(x, (2,))[0, ...]
    larger = np.full((*x.shape[:-1], 2 * x.shape[-1]), np.nan)
    larger[..., ::2] = x
    return larger[..., ::2]


def from_the_end(x: np.ndarray) -> np.ndarray:
    """A view with negative strides."""
    return np.asarray(np.flip(np.flip(x).copy()))


def read_only(x: np.ndarray) -> np.ndarray:
    copy = x.copy()
    copy.flags.writeable = False
    return copy


def repeated(x: np.ndarray) -> np.ndarray:
    """One number instead of all, broadcast: every stride is zero."""
    return np.broadcast_to(x.flat[0] if x.size else 0.0, x.shape)


LAYOUTS: dict[str, Layout] = {
    "column-major": column_major,
    "a view of every other element": every_other,
    "a view from the end": from_the_end,
    "read-only": read_only,
}


def order_faults(right: Comparison) -> list[str]:
    """Whether f or its gradients depend on how inputs or the cotangent are stored."""
    problem, faults = right.problem, []
    for name, layout in LAYOUTS.items():
        if not _same_for_inputs(right, layout):
            faults.append(f"f or its gradient is another one where inputs are {name}")
        if not _same_for_cotangent(right, layout):
            faults.append(f"the gradient is another one where the cotangent is {name}")
    ones = Comparison(problem, np.ones(right.cotangent.shape))
    if not _same_for_cotangent(ones, repeated):
        faults.append("the gradient is another one where the cotangent is broadcast")
    return faults


def _same_for_cotangent(right: Comparison, layout: Layout) -> bool:
    """Whether the gradients are the same if the last vjp is handed a g stored so."""

    @differentiable
    def relay(y: np.ndarray) -> tuple:
        return y, (lambda g: layout(g),)

    def relayed(*leaves: Any) -> Tensor:
        return relay(right.problem.f(*leaves))

    try:
        found = right.problem.backward(relayed, right.cotangent)
    except FAILURES:  # such as that of writing to what is read-only
        return False
    return right.holds(found)


def _same_for_inputs(right: Comparison, layout: Layout) -> bool:
    """Whether f and its gradients are the same if the inputs are stored so."""
    problem = right.problem
    inputs = [
        layout(x) if i in problem.checked else x for i, x in enumerate(problem.inputs)
    ]
    values = []

    def noted(*leaves: Any) -> Tensor:
        result = problem.f(*leaves)
        values.append(result.numpy())
        return result

    try:
        leaves = problem.leaves(inputs, copied=False)
        gradients = problem.backward(noted, problem.cotangent, leaves)
    except FAILURES:
        return False
    largest = np.max([probe.largest for probe in problem.probes.values()], axis=0)
    same_value = np.abs(values[0] - problem.at_point) <= 1e-13 * largest
    return bool(same_value.all()) and right.holds(gradients)
