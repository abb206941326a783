"""A gradient does not depend on what ran before, or beside, or how often."""

from typing import Any

import numpy as np

from ..autograd import Node
from ..tensors import Tensor, differentiable
from .comparing import Comparison, Gradients
from .problem import Problem, typical_size
from .slopes import ROUNDOFF, slope

TIMES = 10  # besides the calls that the other checks make
SIZE = 0.75  # another cotangent, so that what is left of an earlier one is wrong


def repeat_faults(right: Comparison) -> list[str]:
    """Whether each gradient is the same alone, in either order, and time after time."""
    problem, c = right.problem, right.cotangent
    faults = []
    if not all(
        right.holds(_alone(problem, i), SIZE, same_way=True) for i in problem.checked
    ):
        faults.append(
            "the gradient of one input alone is not the one it has beside the others: "
            "a vjp uses what another vjp has stored"
        )
    if not right.holds(_backwards(problem), SIZE, same_way=True):
        faults.append(
            "the gradients change if the vjps run in the opposite order: "
            "a vjp uses what another vjp has stored"
        )
    if not right.holds(_inside_a_graph(problem), SIZE, same_way=True):
        faults.append(
            "the gradients change if the inputs are results of other ops: "
            "two vjps return the same buffer"
        )
    again = [problem.backward(problem.f, c) for _ in range(TIMES)]
    if not all(right.holds(run, same_way=True) for run in (problem.gradients, *again)):
        faults.append("the gradient is not the same time after time")
    return faults


def elsewhere_faults(right: Comparison) -> list[str]:
    """Whether the gradients fit a slope at another point, along one direction.

    If they do not, though they do here, a vjp uses inputs of an earlier call.
    """
    problem, c = right.problem, right.cotangent
    moved, directions = list(problem.inputs), {}
    for i in problem.checked:
        x = problem.inputs[i]
        d = np.where(x == 0, typical_size(x), np.abs(x))
        directions[i] = d * problem.rng.uniform(-1, 1, x.shape)
        moved[i] = np.asarray(x + 0.3 * d * problem.rng.uniform(-1, 1, x.shape))

    def f(t: float) -> np.ndarray:
        at = [
            np.asarray(x + t * directions[i]) if i in problem.checked else x
            for i, x in enumerate(moved)
        ]
        return problem.f(*problem.leaves(at)).numpy()

    gradients = problem.backward(problem.f, c, problem.leaves(moved))
    terms = [gradients[i] * directions[i] for i in problem.checked]
    analytic = sum(float(np.sum(term)) for term in terms)
    scale = sum(float(np.sum(np.abs(term))) for term in terms)
    found = slope(f, c, unit=1.0, blur=ROUNDOFF)
    clear = found.error < 1e-6 * scale and found.is_resolved and not found.is_kink
    if clear and abs(analytic - found.value) > 1e-4 * scale:
        return ["elsewhere the gradient is wrong: a vjp may use inputs of another call"]
    return []


def last_faults(right: Comparison) -> list[str]:
    """Whether f and its gradients are still what they were before all other checks."""
    problem = right.problem
    same_value = np.array_equal(problem.value(None, None), problem.at_point)
    if same_value and right.holds(
        problem.backward(problem.f, right.cotangent), same_way=True
    ):
        return []
    return ["the value or the gradient of f changes after many calls"]


def _disturb(problem: Problem) -> None:
    """Go through f elsewhere, so that whatever is stored is of another call."""
    leaves = problem.leaves(problem.elsewhere())
    problem.backward(problem.f, -0.7 * problem.cotangent, leaves)


def _alone(problem: Problem, number: int) -> Gradients:
    """The gradient of one input, where no other input needs one."""
    _disturb(problem)
    return problem.backward(
        problem.f, SIZE * problem.cotangent, problem.leaves(needed=[number])
    )


def _backwards(problem: Problem) -> Gradients:
    """The gradients by a walk that calls the vjps of each op from last to first."""

    def reversed_f(*leaves: Any) -> Tensor:
        result = problem.f(*leaves)
        for node in _nodes(result):
            node.edges.reverse()
        return result

    _disturb(problem)
    return problem.backward(reversed_f, SIZE * problem.cotangent)


@differentiable
def _relay(x: np.ndarray) -> tuple:
    return x, (lambda g: g,)


def _inside_a_graph(problem: Problem) -> Gradients:
    """The gradients where all vjps run before the first of their results is used."""

    def f(*leaves: Any) -> Tensor:
        needed = [isinstance(x, Tensor) and x.requires_grad for x in leaves]
        relayed = [
            _relay(x) if wanted else x for x, wanted in zip(leaves, needed, strict=True)
        ]
        return problem.f(*relayed)

    return problem.backward(f, SIZE * problem.cotangent)


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
