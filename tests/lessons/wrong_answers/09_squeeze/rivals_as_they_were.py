"""The draft."""

from solution import *

LOSES = ("test_rivals_are_measured_alike",)
SAYS = "this is still the error of the draft"


def rivals(encode_by_network, decode_by_network, x, new_x):
    codes = encode_by_network(x)
    copies = decode_by_network(codes)
    network = np.mean((copies - x) ** 2)
    mean, components = pca(x, 2)
    copies = decode(encode(new_x, mean, components), mean, components)
    return network, np.mean(np.sum((copies - new_x) ** 2, axis=1))
