"""The other way round: the first contribution stays, and later ones are left out."""

from solution import *

LOSES = ("test_walk_of_a_friend_to_what_is_used_twice", "test_walk_of_a_friend_through_what_is_used_twice")
SAYS = ("expected the gradient", "expected the gradient")


def friends_walk(edges, root):
    gradients = {root: 1.0}
    for node, source, slope in edges:
        gradients.setdefault(source, gradients[node] * slope)
    return gradients
