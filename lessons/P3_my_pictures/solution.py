"""The project of Part III: one solution."""

from itertools import pairwise

import numpy as np
from earlier import (
    adam,
    best_linear,
    decode,
    encode,
    fog,
    init_weight,
    linear,
    noisy_batches,
    pca,
    psnr,
    relu,
)

NUMBERS = 80  # of PCA, that the network sees of a piece
EPOCHS = 20


def cut(pictures, size, step):
    (height, width), pieces, owners = size, [], []
    for owner, picture in enumerate(pictures):
        for top in range(0, picture.shape[0] - height + 1, step):
            for left in range(0, picture.shape[1] - width + 1, step):
                pieces.append(picture[top : top + height, left : left + width].ravel())
                owners.append(owner)
    return np.array(pieces, np.float32) / 255, np.array(owners)


def split(owners, share, seed):
    pictures = np.random.default_rng(seed).permutation(np.unique(owners))
    is_tested = np.isin(owners, pictures[: round(share * len(pictures))])
    return np.flatnonzero(~is_tested), np.flatnonzero(is_tested)


def fit(x, size):
    return np.pad(x[:, :size], ((0, 0), (0, max(0, size - x.shape[1]))))


def block(layers, x):
    value, steps = x, []
    for number, (weight, bias) in enumerate(layers):
        bend = None
        if number:
            value, (bend,) = relu(value)
        value, vjps = linear(value, weight, bias)
        steps.append((bend, vjps))

    def vjp(g):
        gradient, slopes = g, []
        for bend, (of_x, of_weight, of_bias) in reversed(steps):
            slopes.append((of_weight(gradient), of_bias(gradient)))
            gradient = of_x(gradient)
            if bend:
                gradient = bend(gradient)
        return gradient + fit(g, x.shape[1]), slopes[::-1]

    return value + fit(x, value.shape[1]), vjp


def new_layers(sizes, seed):
    layers = [
        (init_weight(n, m, [seed, number]).astype(np.float32), np.zeros(n, np.float32))
        for number, (m, n) in enumerate(pairwise(sizes))
    ]
    weight, bias = layers[-1]
    return [*layers[:-1], (np.zeros_like(weight), bias)]


def new_autoencoder(sizes, seed):
    return new_layers(sizes, 2 * seed), new_layers(sizes[::-1], 2 * seed + 1)


def loss_and_slopes(autoencoder, x, target):
    encoder, decoder = autoencoder
    codes, to_encoder = block(encoder, x)
    copies, to_decoder = block(decoder, codes)
    wrong = copies - target
    gradient, of_decoder = to_decoder(2 * wrong / len(x))
    _, of_encoder = to_encoder(gradient)
    return np.mean(np.sum(wrong**2, axis=1)), (of_encoder, of_decoder)


def begin(pieces, level, seed):
    """From a piece to PCA's numbers, cleaned by the best linear map if there is fog; and back to a piece."""
    mean, components = pca(pieces, min(NUMBERS, pieces.shape[1]))
    scale = encode(pieces, mean, components).std()
    weight, bias = np.eye(len(mean)), np.zeros(len(mean))
    if level:
        many = np.concatenate([pieces] * 3)  # three times, each with a fog of its own
        weight, bias = best_linear(fog(many, level, level, [seed, EPOCHS]), many, 0.1 * level**2)
    weight, bias = weight @ components.T / scale, (bias - mean) @ components.T / scale
    return (weight.astype(np.float32), bias.astype(np.float32)), (mean, components, scale)


def train(pieces, k, level, seed):
    (weight, bias), (mean, components, scale) = start = begin(pieces, level, seed)
    autoencoder, states = new_autoencoder((len(components), 128, 64, k), seed), None
    for epoch in range(EPOCHS):
        lr = 0.003 * (1 - epoch / EPOCHS)
        corrupt = lambda clean, seed: fog(clean, level, level, seed)
        for noisy, clean in noisy_batches(pieces, 64, corrupt, epoch, seed):
            target = encode(clean, mean, components) / scale
            _, slopes = loss_and_slopes(autoencoder, noisy @ weight + bias, target)
            autoencoder, states = step(autoencoder, slopes, states, lr)
    return start, autoencoder


def step(autoencoder, slopes, states, lr):
    arrays, slopes = flat(autoencoder), flat(slopes)
    states = states or [(0.0, 0.0, 0)] * len(arrays)
    pairs = [adam(*one, lr) for one in zip(arrays, slopes, states)]
    arrays, states = zip(*pairs)
    pairs = list(zip(arrays[::2], arrays[1::2]))
    depth = len(autoencoder[0])
    return (pairs[:depth], pairs[depth:]), states


def flat(blocks):
    return [array for layers in blocks for pair in layers for array in pair]


def to_codes(trained, pieces):
    ((weight, bias), _), (encoder, _) = trained
    return block(encoder, pieces @ weight + bias)[0]


def to_pieces(trained, codes):
    (_, (mean, components, scale)), (_, decoder) = trained
    return decode(block(decoder, codes)[0] * scale, mean, components)


def compare(copies, k, learned, new):
    by_pca = pca(learned, k)
    return psnr(copies, new), psnr(decode(encode(new, *by_pca), *by_pca), new)


def worst(copies, pieces, owners):
    errors = ((copies - pieces) ** 2).mean(axis=1)
    pictures = np.unique(owners)
    by_picture = np.array([errors[owners == picture].mean() for picture in pictures])
    return pictures[np.argsort(-by_picture)]
