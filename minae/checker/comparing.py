"""When two gradients that should be one differ by more than rounding."""

import numpy as np

from .problem import EPSILON, Problem, typical_size

Gradients = dict[int, np.ndarray]


class Comparison:
    """Gradients for one cotangent, to compare others with, each element by its scale.

    The scale of an element is that of the terms that are added to make it, which the
    same cotangent with other signs shows. The values of f tell what may have cancelled
    inside a vjp.
    """

    def __init__(self, problem: Problem, cotangent: np.ndarray):
        self.problem, self.cotangent = problem, cotangent
        self.gradients = problem.backward(problem.f, cotangent)
        signs = [problem.rng.choice([-1.0, 1.0], cotangent.shape) for _ in range(3)]
        flipped = [problem.backward(problem.f, sign * cotangent) for sign in signs]
        inside = float(np.sum(np.abs(cotangent * problem.at_point)))
        self.rounding = {}
        for i, gradient in self.gradients.items():
            x = problem.inputs[i]
            terms = np.max(np.abs([gradient, *(run[i] for run in flipped)]), axis=0)
            size = np.minimum(1.0, np.maximum(np.abs(x), typical_size(x)))
            self.rounding[i] = 1e-12 * terms + 16 * EPSILON * inside / size

    def holds(self, found: Gradients, size: float = 1.0) -> bool:
        """Whether these are the same gradients, if the cotangent is `size` times c.

        NaN is the same as NaN.
        """
        return all(
            np.isclose(
                gradient / size,
                self.gradients[i],
                rtol=0,
                atol=self.rounding[i],
                equal_nan=True,
            ).all()
            for i, gradient in found.items()
        )
