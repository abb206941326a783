"""The last place is missing."""

from solution import *

LOSES = ("test_journey",)
SAYS = "both ends included"


def journey(a, b, count):
    part = (np.arange(count) / count)[:, None]
    angle = np.arccos(np.clip(a @ b / np.sqrt((a @ a) * (b @ b)), -1, 1))
    if np.sin(angle) < 1e-6:
        return (1 - part) * a + part * b
    return (np.sin((1 - part) * angle) * a + np.sin(part * angle) * b) / np.sin(angle)
