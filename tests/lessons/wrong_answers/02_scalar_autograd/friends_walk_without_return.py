"""All is added up, and nothing is returned."""

from solution import *

LOSES = ("test_walk_of_a_friend_to_what_is_used_twice", "test_walk_of_a_friend_through_what_is_used_twice")
SAYS = "expected a dict, found None"


def friends_walk(edges, root):
    gradients = {root: 1.0}
    for node, source, slope in edges:
        gradients[source] = gradients.get(source, 0.0) + gradients[node] * slope
