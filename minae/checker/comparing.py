"""When two gradients that should be one differ by more than rounding."""

import numpy as np

from .problem import EPSILON, Problem, typical_size

Gradients = dict[int, np.ndarray]


class Comparison:
    """Compares gradients for one cotangent, each element by its own scale.

    The scale of an element is that of the terms that are added to make it, which the
    same cotangent with other signs shows. The values of f tell what may have cancelled
    inside a vjp.
    """

    def __init__(self, problem: Problem, cotangent: np.ndarray):
        self.rounding = {}
        signs = [problem.rng.choice([-1.0, 1.0], cotangent.shape) for _ in range(3)]
        runs = [problem.backward(problem.f, sign * cotangent) for sign in (1.0, *signs)]
        inside = float(np.sum(np.abs(cotangent * problem.at_point)))
        for i in problem.checked:
            x = problem.inputs[i]
            terms = np.max([np.abs(run[i]) for run in runs], axis=0)
            size = np.minimum(1.0, np.maximum(np.abs(x), typical_size(x)))
            self.rounding[i] = 1e-12 * terms + 16 * EPSILON * inside / size

    def same(self, found: Gradients, expected: Gradients) -> bool:
        """Whether gradients agree to within rounding; NaN agrees with NaN."""
        return all(
            np.isclose(found[i], expected[i], 0, self.rounding[i], equal_nan=True).all()
            for i in found
        )
