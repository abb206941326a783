"""JAX on the CPU: the whole training step is one compiled function, whose state is updated in place (donated).

Images are (N, H, W, C) inside, as in the libraries built on JAX; weights are brought into that layout once. Adam is
written out: JAX itself has none. The chain of multiplies is compiled into one function too, so that no engine is left
in it: read its time per op as a compiler's, not as an engine's.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from . import networks
from .machine import matrices
from .networks import Layer, Network

VERSION = jax.__version__
NOTE = "jit: one compiled function, also for the chain of multiplies, where no engine is left to measure"

Weights = list[Any]


def apply(layer: Layer, x: Any, weights: Iterator[Any]) -> Any:
    match layer:
        case networks.ReLU():
            return jax.nn.relu(x)
        case networks.Dense():
            return x @ next(weights) + next(weights)
        case networks.Conv(_, _, _, stride, padding):
            y = lax.conv_general_dilated(
                x, next(weights), (stride,) * 2, [(padding,) * 2] * 2, dimension_numbers=("NHWC", "HWIO", "NHWC")
            )
            return y + next(weights)
        case networks.ConvTranspose(_, _, kernel, stride, padding):
            around = [(kernel - 1 - padding,) * 2] * 2
            y = lax.conv_transpose(
                x,
                next(weights),
                (stride,) * 2,
                around,
                dimension_numbers=("NHWC", "HWIO", "NHWC"),
                transpose_kernel=True,
            )
            return y + next(weights)
        case networks.MaxPool(padding):
            around = [(0, 0), (padding,) * 2, (padding,) * 2, (0, 0)]
            return lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), around)
        case networks.Upsample():
            return x.repeat(2, axis=1).repeat(2, axis=2)
        case networks.Flatten():
            return x.transpose(0, 3, 1, 2).reshape(len(x), -1)
        case networks.Unflatten(shape):
            return x.reshape(-1, *shape).transpose(0, 2, 3, 1)
    raise TypeError(f"no function for {layer}")


def run(layers: tuple[Layer, ...], x: Any, weights: Iterator[Any]) -> Any:
    for layer in layers:
        x = apply(layer, x, weights)
    return x


def loss(network: Network, weights: Weights, x: Any, eps: Any) -> Any:
    left = iter(weights)
    h, kl = run(network.encoder, x, left), 0.0
    if network.latent:
        mu, log_var = (apply(head, h, left) for head in network.heads())
        kl = 0.5 * (mu**2 + jnp.exp(log_var) - 1 - log_var).sum()
        h = mu + jnp.exp(0.5 * log_var) * eps
    logits = run(network.decoder, h, left)
    return ((jax.nn.softplus(logits) - x * logits).sum() + kl) / len(x)


def reconstruct(network: Network, weights: Weights, x: Any) -> Any:
    left = iter(weights)
    h = run(network.encoder, x, left)
    if network.latent:
        h, _ = (apply(head, h, left) for head in network.heads())
    return jax.nn.sigmoid(run(network.decoder, h, left))


def adam(w: Any, g: Any, m: Any, v: Any, t: Any) -> tuple[Any, Any, Any]:
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g * g
    return w - 1e-3 * (m / (1 - 0.9**t)) / (jnp.sqrt(v / (1 - 0.999**t)) + 1e-8), m, v


def to_jax(weights: list[np.ndarray]) -> Weights:
    """PyTorch's layouts (out, in) and (out, in, kh, kw) as JAX's (in, out) and (kh, kw, in, out).

    The weight of a transposed convolution, (in, out, kh, kw), is that of the convolution it is the adjoint of.
    """
    orders = {1: (0,), 2: (1, 0), 4: (2, 3, 1, 0)}
    return [jnp.asarray(weight.transpose(orders[weight.ndim])) for weight in weights]


def to_nhwc(images: np.ndarray) -> Any:
    return jnp.asarray(images.transpose(0, 2, 3, 1))


def training(network: Network, weights: list[np.ndarray], images: np.ndarray, noise: np.ndarray) -> Callable[[], float]:
    x, eps, start = to_nhwc(images), jnp.asarray(noise), to_jax(weights)
    state = (start, [jnp.zeros_like(w) for w in start], [jnp.zeros_like(w) for w in start], jnp.float32(0))

    @partial(jax.jit, donate_argnums=0)
    def compiled(state: Any, x: Any, eps: Any) -> tuple[Any, Any]:
        w, m, v, t = state
        value, grads = jax.value_and_grad(partial(loss, network))(w, x, eps)
        new = [adam(*args, t + 1) for args in zip(w, grads, m, v)]
        return (*map(list, zip(*new)), t + 1), value

    def step() -> float:
        nonlocal state
        state, value = jax.block_until_ready(compiled(state, x, eps))
        return float(value)

    return step


def inference(network: Network, weights: list[np.ndarray], batches: np.ndarray) -> Callable[[], float]:
    arrays = to_jax(weights)
    compiled = jax.jit(partial(reconstruct, network))
    return lambda: float(np.mean([float(compiled(arrays, to_nhwc(batch)).mean()) for batch in batches]))


def chain(length: int) -> Callable[[], float]:
    x, a = jnp.ones(1), jnp.ones(1)

    @jax.jit
    @jax.grad
    def compiled(a: Any, x: Any) -> Any:
        y = x
        for _ in range(length):
            y = y * a
        return y.sum()

    return lambda: float(compiled(a, x)[0])


def product(n: int) -> Callable[[], float]:
    a, b = map(jnp.asarray, matrices(n))
    compiled = jax.jit(jnp.matmul)
    return lambda: float(np.asarray(compiled(a, b))[0, 0])


def copy(count: int) -> Callable[[], float]:
    source = jnp.ones(count)
    compiled = jax.jit(jnp.copy)
    return lambda: float(np.asarray(compiled(source))[-1])
