"""The variant of the first paper."""

from solution import *

LOSES = ("test_gru_cell",)
SAYS = "r multiplies h before U"


def gru_cell(x, h, W, U, b, c):
    of_x, of_h = np.split(x @ W.T + b, 3, axis=1), np.split(h @ U.T + c, 3, axis=1)
    r, z = sigmoid(of_x[0] + of_h[0]), sigmoid(of_x[1] + of_h[1])
    n = np.tanh(of_x[2] + (r * h) @ np.split(U, 3)[2].T + np.split(c, 3)[2])

    def gates(g):
        """The slopes of x Wᵀ + b, and those of h Uᵀ + c."""
        d_n = g * (1 - z) * (1 - n**2)
        d_z = g * (h - n) * z * (1 - z)
        d_r = d_n * of_h[2] * r * (1 - r)
        return np.hstack([d_r, d_z, d_n]), np.hstack([d_r, d_z, r * d_n])

    return (1 - z) * n + z * h, (
        lambda g: gates(g)[0] @ W,
        lambda g: gates(g)[1] @ U + g * z,
        lambda g: gates(g)[0].T @ x,
        lambda g: gates(g)[1].T @ h,
        lambda g: gates(g)[0].sum(axis=0),
        lambda g: gates(g)[1].sum(axis=0),
    )
