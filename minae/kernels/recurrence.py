"""The part of a GRU that has to go step by step, forward and backward.

recurrent.py says what is computed, in `gru_cell`. The plain loop over that is
`gru_by_steps` in nn/recurrent.py: `use_kernels("plain")` chooses it for `nn.GRU`, and
this file is tested against it.
Here all that needs no state is left to products over all steps at once: what the inputs
add to the gates comes in computed, and the gradients of the gates go out as they are.
A step then has one matrix product, backward one more, and no graph.

Forward and backward, the plain loop takes 5 times as long for one sequence of 32 steps
(128 units), 1.7 times for 16 sequences of 200 steps (64 units), 1.3 times for 32 of 32
steps, but as long for 128 of them with 128 or 256 units: there both do little else than
the matrix products. (One thread, by the processor's time.)
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from ..backend import Array, xp_of


def gru(
    gates: Array, hx: Array, weight: Array, bias: Array | None, over: Array | None
) -> tuple[Array, Callable[[Array], Any]]:
    """The states of a GRU, with hx in front of them, and how a gradient goes back.

    Shapes: gates (T, N, 3H), W_ih x + b_ih of all steps, which becomes r, z and n;
    hx (N, H), weight (3H, H), bias (3H,), and over (T, N, 1): where a sequence has
    ended, and keeps its state. -> states (T + 1, N, H), and a function from g (T, N, H)
    to the gradients of W_ih x + b_ih and of W_hh h + b_hh, (T, N, 3H), and of hx.
    """
    xp, (batch, size) = xp_of(hx), hx.shape
    states = xp.empty((len(gates) + 1, batch, size), dtype=hx.dtype)
    from_state = xp.empty((len(gates), batch, size), dtype=hx.dtype)  # n_h of gru_cell
    states[0] = hx
    for t, (h, new) in enumerate(pairwise(states)):
        both, n = gates[t, :, : 2 * size], gates[t, :, 2 * size :]
        added = h @ weight.T
        if bias is not None:
            added += bias
        both += added[:, : 2 * size]
        sigmoid(both)
        r, z = both[:, :size], both[:, size:]
        if over is not None:
            xp.maximum(z, over[t], out=z)  # 1: all of the old state
        from_state[t] = added[:, 2 * size :]
        n += r * from_state[t]
        xp.tanh(n, out=n)
        xp.multiply(1 - z, n, out=new)
        new += z * h

    def backward(g: Array) -> tuple[Array, Array, Array]:
        d_input, d_state = xp.empty_like(gates), xp.empty_like(gates)
        d_h = xp.zeros_like(hx)
        for t in reversed(range(len(gates))):
            r, z, n = (gates[t, :, k * size : (k + 1) * size] for k in range(3))
            d_h += g[t]
            d_n = d_h * (1 - z)
            d_n *= 1 - n * n
            d_z = d_h * (states[t] - n)
            d_z *= z * (1 - z)
            d_r = d_n * from_state[t]
            d_r *= r * (1 - r)
            d_input[t] = xp.concatenate([d_r, d_z, d_n], axis=1)
            d_state[t] = xp.concatenate([d_r, d_z, r * d_n], axis=1)
            d_h *= z
            d_h += d_state[t] @ weight
        return d_input, d_state, d_h

    return states, backward


def sigmoid(x: Array) -> None:
    """1 / (1 + e^-x) = ½ + ½ tanh(x/2), in place."""
    x *= 0.5
    xp_of(x).tanh(x, out=x)
    x *= 0.5
    x += 0.5
