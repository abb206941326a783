"""float32, which is too coarse to take differences of: compared with float64."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from .problem import Problem
from .report import Finding

ULP = 2.0**-24
ROUNDINGS = 1000  # float32 may be this many of its roundings away from float64
TINY = float(np.finfo(np.float32).tiny)


def judge_float32(
    problem: Problem, inputs: Sequence[Any], findings: list[Finding]
) -> tuple[list[str], list[str]]:
    """Faults and doubts about float32, if there are float32 inputs.

    f must be float32, and its value and gradients within a thousand roundings of the
    float64 ones. Each element is judged by its own size. A gradient fails if it is as
    far away relative to how steep f is near by; between the two, as where a tanh is
    saturated, float32 itself may be at fault.
    """
    narrow = [
        i for i in problem.checked if getattr(inputs[i], "dtype", None) == np.float32
    ]
    if not narrow:
        return [], []
    leaves = problem.leaves(
        [
            x.astype(inputs[i].dtype) if isinstance(x, np.ndarray) else x
            for i, x in enumerate(problem.inputs)
        ]
    )
    result = problem.f(*leaves)
    if result.dtype != np.float32:
        return [f"f of float32 inputs is {result.dtype}"], []
    near = _perturbed(problem)
    value, faults, doubts = result.numpy().astype(np.float64), [], []
    spread = np.max([np.abs(v - problem.at_point) for v, _ in near], axis=0)
    allowed = ROUNDINGS * np.maximum(ULP * np.abs(problem.at_point), spread)
    if not (np.abs(value - problem.at_point) <= allowed + ROUNDINGS * TINY).all():
        doubts.append("the float32 value is not the float64 one")
    if result.requires_grad:
        result.backward(problem.cotangent)
    for i in narrow:
        expected, grad = problem.gradients[i], leaves[i].grad
        found = np.zeros_like(expected) if grad is None else grad.astype(np.float64)
        distance = np.abs(found - expected)
        spread = np.max([np.abs(g[i] - expected) for _, g in near], axis=0)
        own = np.maximum(ULP * np.abs(expected), spread)
        steep = np.maximum(ULP * _steepness(problem, i, findings), own)
        text = f"input {i}: the float32 gradient is not the float64 one"
        if not (distance <= ROUNDINGS * (steep + TINY)).all() and not doubts:
            faults.append(f"{text} to within a thousand roundings")
        elif not (distance <= ROUNDINGS * (own + TINY)).all():
            doubts.append(f"{text} where it is small")
    return faults, doubts


def _perturbed(problem: Problem) -> list[tuple[np.ndarray, dict[int, np.ndarray]]]:
    """Values and gradients in float64 if inputs and cotangent are rounded to float32.

    They tell how much rounding matters: where terms cancel, far more than an ulp.
    """
    runs = []

    def shaken(x: np.ndarray) -> np.ndarray:
        return x * (1 + ULP * problem.rng.uniform(-1, 1, x.shape))

    for _ in range(4):
        inputs = [
            shaken(x) if i in problem.checked else x
            for i, x in enumerate(problem.inputs)
        ]
        value = problem.f(*problem.leaves(inputs, needed=[])).numpy()
        leaves = problem.leaves(inputs)
        gradients = problem.backward(problem.f, shaken(problem.cotangent), leaves)
        runs.append((value, gradients))
    return runs


def _steepness(problem: Problem, number: int, findings: list[Finding]) -> np.ndarray:
    """How steep Σ c * f is near each element; the largest gradient, if unknown."""
    gradient = problem.gradients[number]
    steep = np.full(gradient.shape, np.abs(gradient).max(initial=0))
    for finding in findings:
        if finding.input == number and finding.index is not None:
            steep[finding.index] = finding.around
    return steep
