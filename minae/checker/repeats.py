"""A gradient does not depend on what ran before, or beside, or how often."""

from typing import Any

import numpy as np

from ..autograd import Node
from ..tensors import Tensor
from .comparing import Comparison, Gradients
from .problem import Problem, is_floating

TIMES = 20


def repeat_faults(problem: Problem) -> list[str]:
    """Whether each gradient is the same alone, in either order, and time after time."""
    other = problem.cotangent * problem.rng.uniform(0.5, 2, problem.cotangent.shape)
    comparison, right = Comparison(problem, other), problem.backward(problem.f, other)

    def same(found: Gradients) -> bool:
        return comparison.same(found, right)

    faults = []
    if not all(same(_alone(problem, i, other)) for i in problem.checked):
        faults.append(
            "the gradient of one input alone is not the one it has beside the others: "
            "a vjp uses what another vjp has stored"
        )
    if not same(_backwards(problem, other)):
        faults.append(
            "the gradients change if the vjps run in the opposite order: "
            "a vjp uses what another vjp has stored"
        )
    if not all(same(problem.backward(problem.f, other)) for _ in range(TIMES)):
        faults.append("the gradient is not the same time after time")
    return faults


def last_faults(problem: Problem) -> list[str]:
    """Whether f and its gradients are still what they were before all other checks."""
    c = problem.cotangent
    comparison = Comparison(problem, c)
    same = comparison.same(problem.backward(problem.f, c), problem.gradients)
    if same and np.array_equal(problem.value(None, None), problem.at_point):
        return []
    return ["the value or the gradient of f changes after many calls"]


def _disturb(problem: Problem) -> None:
    """Go through f elsewhere, so that whatever is stored is of another call."""
    x = [np.asarray(0.5 * x + 0.1) if is_floating(x) else x for x in problem.inputs]
    problem.backward(problem.f, -0.7 * problem.cotangent, problem.leaves(x))


def _alone(problem: Problem, number: int, cotangent: np.ndarray) -> Gradients:
    """The gradient of one input, where no other input needs one."""
    _disturb(problem)
    return problem.backward(problem.f, cotangent, problem.leaves(needed=[number]))


def _backwards(problem: Problem, cotangent: np.ndarray) -> Gradients:
    """The gradients by a walk that calls the vjps of each op from last to first."""

    def reversed_f(*leaves: Any) -> Tensor:
        result = problem.f(*leaves)
        for node in _nodes(result):
            node.edges.reverse()
        return result

    _disturb(problem)
    return problem.backward(reversed_f, cotangent)


def _nodes(result: Tensor) -> set[Node]:
    """All nodes of the graph behind a result."""
    found: set[Node] = set()
    waiting = [result._node] if result._node else []
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += [to for to, _, _ in node.edges if type(to) is Node]
    return found
