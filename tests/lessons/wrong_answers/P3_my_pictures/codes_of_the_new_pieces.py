"""Mean and scale are those of the pieces that come, and not of those it has learned from."""

from solution import *
from solution import to_codes as solution_to_codes

LOSES = ("test_copies_of_clothes",)
SAYS = "depend on its own piece alone"


def to_codes(trained, pieces):
    (weight, bias, _, components, _), autoencoder = trained
    own = encode(pieces, pieces.mean(axis=0), components)
    return solution_to_codes(((weight, bias, pieces.mean(axis=0), components, own.std()), autoencoder), pieces)
