"""Exercise 9: one solution."""

import numpy as np


def pca(x, k):
    mean = np.mean(x, axis=0)
    centred = x - mean
    covariance = centred.T @ centred / len(x)
    _, vectors = np.linalg.eigh(covariance)
    return mean, vectors.T[::-1][:k]


def encode(x, mean, components):
    return (x - mean) @ components.T


def decode(codes, mean, components):
    return codes @ components + mean


def linear_slopes(x, encoder, decoder):
    z = x @ encoder.T
    missed = z @ decoder.T - x
    loss = np.mean(np.sum(missed**2, axis=1))
    g = 2 * missed / len(x)
    return loss, (g @ decoder).T @ x, g.T @ z


def train_linear(x, encoder, decoder, steps, lr):
    pair = encoder, decoder
    for _step in range(steps):
        _, *slopes = linear_slopes(x, *pair)
        pair = tuple(matrix - lr * slope for matrix, slope in zip(pair, slopes))
    return pair


def rivals(encode_by_network, decode_by_network, copies_by_pca, x, new_x):
    codes = encode_by_network(new_x)
    copies = decode_by_network(codes)
    network = np.mean(np.sum((copies - new_x) ** 2, axis=1))
    copies = copies_by_pca(x, codes.shape[1], new_x)
    return network, np.mean(np.sum((copies - new_x) ** 2, axis=1))


def latent_grid(codes, n):
    parts = (np.arange(n) + 0.5) / n
    first, second = np.quantile(codes, parts, axis=0).T
    return np.array([(a, b) for b in second for a in first])


def shift_and_mask(pictures, down, right):
    _, height, width = pictures.shape
    moved, half = np.zeros_like(pictures), pictures.copy()
    moved[:, down:, right:] = pictures[:, : height - down, : width - right]
    half[:, height // 2 :] = 0
    return tuple(np.mean(np.sum((copy - pictures) ** 2, axis=(1, 2))) for copy in (moved, half))


WHY_NOT_MOVED = "Below 4: in each row the move costs 2 pixels, and half of the rows lose w pixels each, w / 2 a row."
