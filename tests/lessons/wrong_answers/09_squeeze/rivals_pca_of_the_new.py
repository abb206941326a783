"""PCA is fitted to the pictures on which it is measured."""

from solution import *

LOSES = ("test_rivals_are_measured_alike",)
SAYS = "PCA was fitted to the new pictures"


def rivals(encode_by_network, decode_by_network, copies_by_pca, x, new_x):
    codes = encode_by_network(new_x)
    copies = decode_by_network(codes)
    network = np.mean(np.sum((copies - new_x) ** 2, axis=1))
    copies = copies_by_pca(new_x, codes.shape[1], new_x)
    return network, np.mean(np.sum((copies - new_x) ** 2, axis=1))
