"""The evidence log p(x) of a latent-variable model, bounded from below by importance sampling.

These are functions of arrays (NumPy's or CuPy's): they measure a trained model, and no gradient passes through them.
"""

from .backend import Array, xp_of

__all__ = ["importance_weighted_bound", "log_mean_exp"]


def log_mean_exp(x: Array, axis: int) -> Array:
    """ln((1/n) Σ e^x) over the n elements along `axis`, which is dropped.

    Shifted by the maximum, so that no exponential overflows and the largest never underflows. Elements of -inf count as
    e^-inf = 0; where all are -inf, so is the result. The dtype is kept.

    Raises ValueError where x has no such axis, or no elements along it.
    """
    if not -x.ndim <= axis < x.ndim or x.shape[axis] == 0:
        raise ValueError(f"log_mean_exp: axis {axis} must be an axis with at least one element, found shape {x.shape}")
    xp = xp_of(x)
    peak = x.max(axis=axis, keepdims=True)
    shift = xp.where(xp.isfinite(peak), peak, 0)
    mean = xp.exp(x - shift).mean(axis=axis, keepdims=True)
    nothing = mean == 0  # only where all are -inf: elsewhere the peak alone gives 1/n
    return (shift + xp.where(nothing, -xp.inf, xp.log(mean + nothing))).squeeze(axis)


def importance_weighted_bound(log_weights: Array) -> Array:
    """L_k = ln((1/k) Σ_i w_i) with w_i = p(x, z_i) / q(z_i|x) and z_1 ... z_k drawn from q(z|x), in nats per example.

    E[L_1] is the ELBO. In expectation L_k rises with k, never above log p(x), and reaches it as k → ∞ if the w_i are
    bounded.

    Shapes: log_weights (k, N), the ln w_i of each of N examples -> (N,).
    Raises ValueError for another number of axes, and for k = 0.
    Source: Burda, Grosse & Salakhutdinov 2016, "Importance Weighted Autoencoders", equation 8 and theorem 1.
    """
    if log_weights.ndim != 2:
        raise ValueError(f"importance_weighted_bound: expected log_weights (k, N), found shape {log_weights.shape}")
    return log_mean_exp(log_weights, axis=0)
