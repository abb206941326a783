"""The numbers were divided, and not multiplied again."""

from solution import *
from solution import to_pieces as solution_to_pieces

LOSES = ("test_copies_of_clothes",)
SAYS = "scaled in two ways"


def to_pieces(trained, codes):
    (weight, bias, mean, components, _), autoencoder = trained
    return solution_to_pieces(((weight, bias, mean, components, 1.0), autoencoder), codes)
