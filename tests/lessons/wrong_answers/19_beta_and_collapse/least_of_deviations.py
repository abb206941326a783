"""long and short are squared first."""

from solution import *

LOSES = ("test_least_kl",)
SAYS = "not standard deviations"


def least_kl(angle, long, short):
    long, short = long**2, short**2
    first = long * np.cos(angle) ** 2 + short * np.sin(angle) ** 2
    second = long + short - first
    common = (long - short) * np.cos(angle) * np.sin(angle)
    return float(np.arctanh(common / np.sqrt(first * second)))
