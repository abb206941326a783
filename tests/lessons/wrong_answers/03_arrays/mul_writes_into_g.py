"""A vjp writes its result into g."""

from solution import *
from solution import unbroadcast

LOSES = ("test_mul",)
SAYS = "changed g in place"


def mul(a, b):
    def vjp_a(g):
        g *= b
        return unbroadcast(g, a.shape)

    return a * b, (vjp_a, lambda g: unbroadcast(g * a, b.shape))
