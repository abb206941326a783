"""Leaves add up, inner nodes do not: enough for x * x."""

from solution import *

LOSES = ("test_walk_of_a_friend_through_what_is_used_twice",)
SAYS = "expected the gradient"


def friends_walk(edges, root):
    gradients = {root: 1.0}
    inner = {node for node, _, _ in edges}
    for node, source, slope in edges:
        before = 0.0 if source in inner else gradients.get(source, 0.0)
        gradients[source] = before + gradients[node] * slope
    return gradients
