"""A gradient does not depend on how its arrays lie in memory."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..support.op_contract import FAILURES
from ..tensors import Tensor, differentiable
from .comparing import Comparison
from .problem import Problem

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
    everywhere = (..., *(slice(None, None, -1),) * x.ndim)
    return x[everywhere].copy()[everywhere]


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


def order_faults(problem: Problem) -> list[str]:
    """Whether f or its gradients depend on how inputs or the cotangent are stored."""
    c, faults = problem.cotangent, []
    comparison = Comparison(problem, c)
    for name, layout in LAYOUTS.items():
        if not _same_for_inputs(problem, comparison, layout):
            faults.append(f"f or its gradient is another one where inputs are {name}")
        if not _same_for_cotangent(problem, comparison, c, layout):
            faults.append(f"the gradient is another one where the cotangent is {name}")
    ones = np.ones(c.shape)
    if not _same_for_cotangent(problem, Comparison(problem, ones), ones, repeated):
        faults.append("the gradient is another one where the cotangent is broadcast")
    return faults


def _same_for_cotangent(
    problem: Problem, comparison: Comparison, cotangent: np.ndarray, layout: Layout
) -> bool:
    """Whether the gradients are the same if the last vjp is handed a g stored so."""

    @differentiable
    def relay(y: np.ndarray) -> tuple:
        return y, (lambda g: layout(g),)

    def relayed(*leaves: Any) -> Tensor:
        return relay(problem.f(*leaves))

    try:
        found = problem.backward(relayed, cotangent)
    except FAILURES:  # such as that of writing to what is read-only
        return False
    return comparison.same(found, problem.backward(problem.f, cotangent))


def _same_for_inputs(problem: Problem, comparison: Comparison, layout: Layout) -> bool:
    """Whether f and its gradients are the same if the inputs are stored so."""
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
    size = np.abs(problem.at_point).max(initial=0)
    same_value = np.abs(values[0] - problem.at_point) <= 1e-12 * size
    return bool(same_value.all()) and comparison.same(gradients, problem.gradients)
