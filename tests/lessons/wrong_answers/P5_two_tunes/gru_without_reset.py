"""The reset gate does nothing."""

import numpy as np
from solution import *

LOSES = ("test_gru",)
SAYS = "reset gate does nothing"


def gru(x, h, weights):
    W, U, b, c = weights
    from_x, units = x @ W.T + b, h.shape[1]
    states, gates, from_h = [h], [], []
    for now in from_x:
        added = h @ U.T + c
        r, z = np.split(sigmoid(now[:, : 2 * units] + added[:, : 2 * units]), 2, axis=1)
        n = np.tanh(now[:, 2 * units :] + added[:, 2 * units :])
        h = (1 - z) * n + z * h
        states.append(h)
        gates.append((r, z, n))
        from_h.append(added[:, 2 * units :])
    before = np.array(states[:-1])

    def vjp(g):
        to_x, to_h, arrived = np.empty_like(from_x), np.empty_like(from_x), np.zeros_like(h)
        for t in reversed(range(len(x))):
            r, z, n = gates[t]
            arrived = arrived + g[t]
            d_n = arrived * (1 - z) * (1 - n * n)
            d_z = arrived * (before[t] - n) * z * (1 - z)
            d_r = d_n * from_h[t] * r * (1 - r)
            to_x[t] = np.hstack([d_r, d_z, d_n])
            to_h[t] = np.hstack([d_r, d_z, r * d_n])
            arrived = arrived * z + to_h[t] @ U
        slopes = rows(to_x).T @ rows(x), rows(to_h).T @ rows(before), rows(to_x).sum(axis=0), rows(to_h).sum(axis=0)
        return to_x @ W, arrived, slopes

    return np.array(states[1:]), vjp
