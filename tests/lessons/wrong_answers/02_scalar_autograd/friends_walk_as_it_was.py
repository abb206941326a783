"""Not fixed."""

from solution import *

LOSES = ("test_walk_of_a_friend_to_what_is_used_twice", "test_walk_of_a_friend_through_what_is_used_twice")
SAYS = ("it is not fixed yet", "it is not fixed yet")


def friends_walk(edges, root):
    gradients = {root: 1.0}
    for node, source, slope in edges:
        gradients[source] = gradients[node] * slope
    return gradients
