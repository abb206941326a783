"""Averages over time."""

from solution import *

LOSES = ("test_through_time",)
SAYS = "added, not averaged"


def through_time(cell, x, h, weights, lengths):
    states, vjps_at = [], []
    goes_on = [(t < lengths)[:, None] for t in range(len(x))]
    for x_t, on in zip(x, goes_on, strict=True):
        new, vjps = cell(x_t, h, *weights)
        h = np.where(on, new, h)
        states.append(h)
        vjps_at.append(vjps)

    def back(g):
        of_x, of_h = np.zeros_like(x), np.zeros_like(h)
        of_weights = [np.zeros_like(weight) for weight in weights]
        for t in reversed(range(len(x))):
            arrived = g[t] + of_h
            into_cell = np.where(goes_on[t], arrived, 0)
            of_x[t], of_state, *shares = [vjp(into_cell) for vjp in vjps_at[t]]
            of_h = of_state + arrived - into_cell
            of_weights = [a + b for a, b in zip(of_weights, shares, strict=True)]
        return of_x, of_h, *[one / len(x) for one in of_weights]

    places = range(2 + len(weights))
    return np.stack(states), tuple(lambda g, k=k: back(g)[k] for k in places)
