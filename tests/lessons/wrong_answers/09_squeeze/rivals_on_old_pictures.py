"""The network is measured on the pictures that it learned from."""

from solution import *

LOSES = ("test_rivals_are_measured_alike",)
SAYS = "measured on the pictures that it learned from"


def rivals(encode_by_network, decode_by_network, copies_by_pca, x, new_x):
    codes = encode_by_network(x)
    copies = decode_by_network(codes)
    network = np.mean(np.sum((copies - x) ** 2, axis=1))
    copies = copies_by_pca(x, codes.shape[1], new_x)
    return network, np.mean(np.sum((copies - new_x) ** 2, axis=1))
