"""What must hold for every gradient, whatever its value."""

from typing import Any

import numpy as np

from ..tensors import Tensor
from .comparing import Comparison
from .problem import Problem


def value_faults(problem: Problem) -> list[str]:
    if problem.at_point.dtype != np.float64:
        return [
            f"f of float64 inputs is {problem.at_point.dtype}: "
            "too coarse to take differences of"
        ]
    if not np.isfinite(problem.at_point).all():
        return ["f is not finite at these inputs"]
    if not np.array_equal(problem.at_point, problem.value(None, None)):
        return [
            "f gave two values for the same inputs: "
            "pass its noise, or a seed, as an input"
        ]
    return []


def backward_faults(right: Comparison) -> list[str]:
    """Whether vjps survive another call of f, and write only into their own arrays."""
    problem, c = right.problem, right.cotangent
    f = problem.f

    def disturbed(*leaves: Any) -> Tensor:
        """The value of f at the leaves; before backward, f is called elsewhere too."""
        result = f(*leaves)
        f(*problem.leaves(problem.elsewhere()))
        return result

    def twice(*leaves: Any) -> Tensor:
        return f(*leaves) + f(*leaves)

    faults = []
    if not right.holds(problem.backward(disturbed, c), same_way=True):
        faults.append(
            "another call of f before backward changes the gradient: "
            "a vjp reads a buffer that the call overwrote"
        )
    if not right.holds(problem.backward(twice, c), size=2, same_way=True):
        faults.append(
            "the gradient of f(x) + f(x) is not twice that of f(x): "
            "a vjp writes into g, or into what another vjp keeps"
        )
    return faults + _overwriting_faults(problem)


def _overwriting_faults(problem: Problem) -> list[str]:
    """Whether backward writes where it must not.

    It must not write into the inputs, the value of f, or gradients returned before.
    """
    leaves = problem.leaves()
    result = problem.f(*leaves)
    node = result._node
    edges = (node.edges or []) if node else []
    kept = [vjp(problem.cotangent.copy()) for _, vjp, _ in edges]
    before = [np.copy(gradient) for gradient in kept]
    problem.backward(problem.f, -problem.cotangent)
    value_changed = (
        "backward changes the value of f: a vjp writes into what the op returned"
    )
    gradient_changed = (
        "a later backward changes this gradient: a vjp returns a buffer that it keeps"
    )
    holds = {
        "backward changes its inputs": all(
            np.array_equal(leaf.data, x, equal_nan=True)
            for leaf, x in zip(leaves, problem.inputs, strict=True)
            if isinstance(leaf, Tensor)
        ),
        value_changed: np.array_equal(result.numpy(), problem.at_point),
        gradient_changed: all(
            np.array_equal(gradient, copy, equal_nan=True)
            for gradient, copy in zip(kept, before, strict=True)
        ),
    }
    return [fault for fault, held in holds.items() if not held]
