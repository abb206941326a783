"""The ops of recurrent networks, which read a sequence step by step: GRU and LSTM.

Their gates are shares between 0 and 1 by which old and new are mixed. The weights of
all gates lie below one another, in the order that each docstring gives, so that one
matrix product serves them all. Names, layouts and argument order are those of PyTorch;
inputs are (N, I), a sequence of them (T, N, I) and states (N, H), and batches may be
empty. Each op raises TypeError for inputs that are not floating or not of one dtype,
and ValueError for shapes that do not fit.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from .backend import Array, xp_of
from .kernels import recurrence
from .support.argument_checks import check_floats
from .support.sums import wide_sum
from .tensors import differentiable

__all__ = ["gru", "gru_cell", "lstm_cell"]


@differentiable
def gru_cell(input, hx, weight_ih, weight_hh, bias_ih=None, bias_hh=None):
    """h' = (1 - z) n + z h,  with the gates r (reset) and z (update), in this order:

    r, z, n = σ(rᵢ + rₕ), σ(zᵢ + zₕ), tanh(nᵢ + r nₕ), where
    rᵢ, zᵢ, nᵢ = W_ih x + b_ih and rₕ, zₕ, nₕ = W_hh h + b_hh. Backward:
    dn = g (1 - z) (1 - n²),   dz = g (h - n) z (1 - z),   dr = dn nₕ r (1 - r),
    so that dᵢ = (dr, dz, dn) is the gradient of W_ih x + b_ih, and
    dₕ = (dr, dz, r dn) that of W_hh h + b_hh.   dL/dx = dᵢ W_ih,
    dL/dh = g z + dₕ W_hh,   dL/dW_ih = dᵢᵀ x,   dL/dW_hh = dₕᵀ h,   dL/db = Σ d.
    Here, as in PyTorch, r multiplies what the matrix has made of h. In the paper it
    multiplies h before that, tanh(W x + U (r h)), which takes a product of its own.
    (Papers also differ in whether z is the share of the old state, as in Cho et al. and
    here, or of the new one, as in Chung et al. 2014.)
    Shapes: input (N, I), hx (N, H), weight_ih (3H, I), weight_hh (3H, H), each bias
    (3H,) -> (N, H).   PyTorch: `torch.gru_cell`. Source: Cho et al. 2014, "Learning
    phrase representations using RNN encoder-decoder for statistical machine
    translation", equations 5 to 8.
    """
    _check(3, "N", input, hx, weight_ih, weight_hh, bias_ih, bias_hh)
    xp = xp_of(input)
    r_i, z_i, n_i = _parts(_affine(input, weight_ih, bias_ih), 3)
    r_h, z_h, n_h = _parts(_affine(hx, weight_hh, bias_hh), 3)
    r, z = _sigmoid(r_i + r_h), _sigmoid(z_i + z_h)
    n = xp.tanh(n_i + r * n_h)

    @_once
    def gates(g):
        dn = g * (1 - z) * (1 - n * n)
        dz = g * (hx - n) * z * (1 - z)
        dr = dn * n_h * r * (1 - r)
        return _joined(dr, dz, dn), _joined(dr, dz, r * dn)

    return (1 - z) * n + z * hx, (
        lambda g: gates(g)[0] @ weight_ih,
        lambda g: g * z + gates(g)[1] @ weight_hh,
        lambda g: gates(g)[0].T @ input,
        lambda g: gates(g)[1].T @ hx,
        lambda g: wide_sum(gates(g)[0], (0,)),
        lambda g: wide_sum(gates(g)[1], (0,)),
    )


@differentiable
def lstm_cell(input, hx, cx, weight_ih, weight_hh, bias_ih=None, bias_hh=None):
    """c' = f c + i n,   h' = o tanh(c'),  with the gates in the order i, f, n, o:

    i (input), f (forget) and o (output) are σ, and n (PyTorch's g) is tanh, of their
    parts of W_ih x + b_ih + W_hh h + b_hh. Backward, with g = (gₕ, g_c):
    dc = g_c + gₕ o (1 - tanh²c'),   di = dc n i (1 - i),   df = dc c f (1 - f),
    dn = dc i (1 - n²),   do = gₕ tanh(c') o (1 - o), and with d = (di, df, dn, do)
    dL/dx = d W_ih,   dL/dh = d W_hh,   dL/dc = dc f,   dL/dW_ih = dᵀ x,
    dL/dW_hh = dᵀ h,   dL/db_ih = dL/db_hh = Σ d.
    Shapes: input (N, I), hx and cx (N, H), weight_ih (4H, I), weight_hh (4H, H), each
    bias (4H,) -> (2, N, H): h' and c', as an op has one value.
    PyTorch: `torch.lstm_cell`. Source: Hochreiter & Schmidhuber 1997, "Long short-term
    memory"; the forget gate: Gers, Schmidhuber & Cummins 2000, "Learning to forget".
    """
    _check(4, "N", input, hx, weight_ih, weight_hh, bias_ih, bias_hh, cx=cx)
    xp = xp_of(input)
    sums = _affine(input, weight_ih, bias_ih) + _affine(hx, weight_hh, bias_hh)
    i, f, n, o = _parts(sums, 4)
    i, f, n, o = _sigmoid(i), _sigmoid(f), xp.tanh(n), _sigmoid(o)
    c = f * cx + i * n
    shown = xp.tanh(c)

    def grad_c(g):
        return g[1] + g[0] * o * (1 - shown * shown)

    @_once
    def gates(g):
        dc = grad_c(g)
        di, df = dc * n * i * (1 - i), dc * cx * f * (1 - f)
        dn, do = dc * i * (1 - n * n), g[0] * shown * o * (1 - o)
        return _joined(di, df, dn, do)

    return xp.stack([o * shown, c]), (
        lambda g: gates(g) @ weight_ih,
        lambda g: gates(g) @ weight_hh,
        lambda g: grad_c(g) * f,
        lambda g: gates(g).T @ input,
        lambda g: gates(g).T @ hx,
        lambda g: wide_sum(gates(g), (0,)),
        lambda g: wide_sum(gates(g), (0,)),
    )


@differentiable
def gru(
    input,
    hx,
    weight_ih,
    weight_hh,
    bias_ih=None,
    bias_hh=None,
    lengths=None,
    reverse=False,
):
    """h_t = gru_cell(x_t, h_(t-1)), from h_0 = hx on: all states of one GRU layer

    With reverse=True from the last step to the first, h_t = gru_cell(x_t, h_(t+1)).
    Sequences of a batch may have different `lengths`, each from 1 to T. What lies
    behind the end of one is not looked at: until then, or from then on, it keeps its
    state. So the last states are y[-1], or y[0] in reverse, for all of them.
    Backward: the gradients of gru_cell at each step, from the last to the first, each
    with g there plus what the step after it hands back to its state. Only that needs to
    go step by step: kernels/recurrence.py does it, and says what is gained.
    Shapes: input (T, N, I), hx (N, H), weight_ih (3H, I), weight_hh (3H, H), each bias
    (3H,), lengths (N,) -> (T, N, H).
    PyTorch: a layer of `nn.GRU`, with `pack_padded_sequence` for lengths.
    """
    _check(3, "T, N", input, hx, weight_ih, weight_hh, bias_ih, bias_hh)
    xp, order = xp_of(input), slice(None, None, -1 if reverse else 1)
    x, over = input[order], None
    if lengths is not None:
        over = past_end(lengths, input)[order]
        x = xp.where(over, 0, x)  # a NaN there would make the weights' gradients NaN
    rows = _rows(x)
    sums = _affine(rows, weight_ih, bias_ih).reshape(*x.shape[:2], len(weight_ih))
    states, backward = recurrence.gru(sums, hx, weight_hh, bias_hh, over)
    before = _rows(states[:-1])

    @_once
    def gates(g):
        d_i, d_h, d_hx = backward(g[order])
        return _rows(d_i), _rows(d_h), d_hx

    return states[1:][order], (
        lambda g: (gates(g)[0] @ weight_ih).reshape(input.shape)[order],
        lambda g: gates(g)[2],
        lambda g: gates(g)[0].T @ rows,
        lambda g: gates(g)[1].T @ before,
        lambda g: wide_sum(gates(g)[0], (0,)),
        lambda g: wide_sum(gates(g)[1], (0,)),
    )


def past_end(lengths: Any, input: Array, name: str = "") -> Array:
    """Which steps of input (T, N, I) come after the end of their sequence: (T, N, 1).

    Raises ValueError unless lengths are N whole numbers from 1 to T.
    """
    xp, steps, on_host = xp_of(input), len(input), xp_of(lengths) is np
    lengths = np.asarray(lengths) if on_host else lengths
    whole = lengths.dtype.kind in "iu" or lengths.size == 0  # an empty list is floating
    if lengths.shape != input.shape[1:2] or not whole:
        found = f"{lengths.dtype} {lengths.shape}"
        raise ValueError(f"{name}lengths must be whole numbers (N,), found {found}")
    # On a GPU the look would cost a wait for the device.
    if on_host and lengths.size and not 1 <= lengths.min() <= lengths.max() <= steps:
        found = f"{lengths.min()} to {lengths.max()}"
        raise ValueError(f"{name}lengths must be from 1 to {steps}, found {found}")
    return xp.arange(steps)[:, None, None] >= xp.asarray(lengths)[:, None]


# --- what these ops share -------------------------------------------------------------


def _once(function: Callable[[Array], Any]) -> Callable[[Array], Any]:
    """function(g), computed once for all the vjps that are called with the same g.

    (No vjp writes into a g, so the same array holds the same numbers.)
    """
    last: list = []

    def remembered(g):
        if not last or last[0] is not g:
            last[:] = g, function(g)
        return last[1]

    return remembered


def _affine(x: Array, weight: Array, bias: Array | None) -> Array:
    y = x @ weight.T
    if bias is not None:
        y += bias
    return y


def _sigmoid(x: Array) -> Array:
    """1 / (1 + e^-x) by tanh, which overflows nowhere."""
    return 0.5 + 0.5 * xp_of(x).tanh(0.5 * x)


def _parts(x: Array, count: int) -> list[Array]:
    """The part of each gate: x (N, count·H) as `count` arrays (N, H)."""
    size = x.shape[1] // count
    return [x[:, k * size : (k + 1) * size] for k in range(count)]


def _joined(*parts: Array) -> Array:
    return xp_of(parts[0]).concatenate(parts, axis=1)


def _rows(x: Array) -> Array:
    """x (T, N, n) as a matrix of T·N rows."""
    return x.reshape(x.shape[0] * x.shape[1], x.shape[2])


def _check(gates, axes, input, hx, weight_ih, weight_hh, *biases, **states):
    """Raise unless the inputs fit together. `axes` are those before input's last."""
    given = {"input": input, "hx": hx, **states}
    given |= {"weight_ih": weight_ih, "weight_hh": weight_hh}
    named = zip(("bias_ih", "bias_hh"), biases)
    check_floats(**given, **{name: b for name, b in named if b is not None})
    before = len(axes.split(", "))
    batch, size = hx.shape if hx.ndim == 2 else (0, 0)
    rows, inputs = gates * size, input.shape[before:]
    if (
        input.shape[:before][-1:] != (batch,)
        or hx.ndim != 2
        or any(state.shape != hx.shape for state in states.values())
        or (weight_ih.shape, weight_hh.shape) != ((rows, *inputs), (rows, size))
        or any(bias is not None and bias.shape != (rows,) for bias in biases)
    ):
        raise ValueError(
            f"expected input ({axes}, I), {' and '.join(('hx', *states))} (N, H), "
            f"weight_ih ({gates}H, I), weight_hh ({gates}H, H) and biases ({gates}H,)"
        )
