"""Divides by the sine of no angle."""

from solution import *

LOSES = ("test_journey",)
SAYS = "there is no arc"


def journey(a, b, count):
    part = np.linspace(0, 1, count)[:, None]
    angle = np.arccos(np.clip(a @ b / np.sqrt((a @ a) * (b @ b)), -1, 1))
    return (np.sin((1 - part) * angle) * a + np.sin(part * angle) * b) / np.sin(angle)
