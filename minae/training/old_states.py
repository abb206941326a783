"""States of optimisers as earlier versions of minae wrote them."""

from collections.abc import Mapping

import numpy as np

from ..optim import Adam, Optimizer


def as_written_now(
    optimizer: Optimizer, state: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Adam once kept weighted means, m = (1 - β₁) s and v = (1 - β₂) q; now s and q."""
    if not isinstance(optimizer, Adam):
        return dict(state)
    beta1, beta2 = optimizer.betas
    sums = {"mean": ("sum", 1 - beta1), "square": ("square_sum", 1 - beta2)}
    renewed = {}
    for name, array in state.items():
        buffer, _, index = name.partition(".")
        if buffer in sums:
            buffer, divisor = sums[buffer]
            renewed[f"{buffer}.{index}"] = array / array.dtype.type(divisor)
        else:
            renewed[name] = array
    return renewed
