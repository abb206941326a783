"""What must hold for every gradient, whatever its value."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..tensors import Tensor
from .problem import Problem, is_floating


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


def backward_faults(problem: Problem) -> list[str]:
    f, c, gradients = problem.f, problem.cotangent, problem.gradients
    other = problem.rng.standard_normal(c.shape)

    def same(found: dict[int, np.ndarray], expected: dict[int, np.ndarray]) -> bool:
        return all(
            np.allclose(
                found[i],
                expected[i],
                rtol=0,
                atol=1e-12 * np.abs(expected[i]).max(initial=0),
                equal_nan=True,
            )
            for i in problem.checked
        )

    def disturbed(*leaves: Any) -> Tensor:
        """The value of f at the leaves; before backward, f is called elsewhere too."""
        result = f(*leaves)
        f(
            *[
                Tensor(x * 0.5) if is_floating(x) else leaf
                for x, leaf in zip(problem.inputs, leaves, strict=True)
            ]
        )
        return result

    def twice(*leaves: Any) -> Tensor:
        return f(*leaves) + f(*leaves)

    overwritten = (
        "another call of f before backward changes the gradient: "
        "a vjp reads a buffer that the call overwrote"
    )
    written = (
        "the gradient of f(x) + f(x) is not twice that of f(x): "
        "a vjp writes into g, or into what another vjp keeps"
    )
    sums = {i: gradients[i] + grad for i, grad in problem.backward(f, other).items()}
    holds = {
        "the gradient of a zero cotangent is not zero": all(
            not grad.any() for grad in problem.backward(f, 0 * c).values()
        ),
        "backward is not linear in the cotangent": same(
            problem.backward(f, c + other), sums
        ),
        overwritten: same(problem.backward(disturbed, c), gradients),
        written: same(
            problem.backward(twice, c), {i: 2 * grad for i, grad in gradients.items()}
        ),
    }
    faults = [fault for fault, held in holds.items() if not held]
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


def float32_faults(problem: Problem, inputs: Sequence[Any]) -> list[str]:
    """What is wrong in float32, if there are float32 inputs.

    f must be float32, its gradients within a thousand roundings of the float64 ones.
    """
    narrow = [
        i for i in problem.checked if getattr(inputs[i], "dtype", None) == np.float32
    ]
    if not narrow:
        return []
    leaves = [
        Tensor(x.astype(inputs[i].dtype), requires_grad=i in problem.checked)
        if isinstance(x, np.ndarray)
        else x
        for i, x in enumerate(problem.inputs)
    ]
    result = problem.f(*leaves)
    if result.requires_grad:
        result.backward(problem.cotangent)
    faults = (
        [] if result.dtype == np.float32 else [f"f of float32 inputs is {result.dtype}"]
    )
    for i in narrow:
        expected = problem.gradients[i]
        grad = leaves[i].grad
        found = np.zeros_like(expected) if grad is None else grad.astype(np.float64)
        difference = np.abs(found - expected).max(initial=0)
        allowed = 1000 * 2.0**-24 * np.abs(expected).max(initial=0)
        if not difference <= allowed:  # this form also catches NaN
            faults.append(
                f"input {i}: the float32 gradient is not the float64 one "
                "to within a thousand roundings"
            )
    return faults
