"""Loses the lengths."""

from solution import *

LOSES = ("test_journey",)
SAYS = "of a and b themselves"


def journey(a, b, count):
    a, b = a / np.sqrt(a @ a), b / np.sqrt(b @ b)
    part = np.linspace(0, 1, count)[:, None]
    angle = np.arccos(np.clip(a @ b / np.sqrt((a @ a) * (b @ b)), -1, 1))
    if np.sin(angle) < 1e-6:
        return (1 - part) * a + part * b
    return (np.sin((1 - part) * angle) * a + np.sin(part * angle) * b) / np.sin(angle)
