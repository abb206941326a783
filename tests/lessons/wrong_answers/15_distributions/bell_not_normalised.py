"""The height of the bell is forgotten."""

from solution import *

LOSES = ("test_best_bell",)
SAYS = "is the 1 / std of the bell"


def best_bell(x, p, means, stds):
    prices = {}
    for mean in means:
        for std in stds:
            log_q = -((x - mean) ** 2) / (2 * std**2)
            more = np.log(p) - log_q
            prices[mean, std] = np.sum(p * more), -np.sum(np.exp(log_q) * more)
    return tuple(min(prices, key=lambda bell: prices[bell][way]) for way in (0, 1))
