"""Exercise 10: one solution."""

import numpy as np


def encoder_sizes(size, layers):
    sizes = []
    for layer in layers:
        size = tuple((n + 2 * p - k) // s + 1 for n, k, s, p in zip(size, *layer))
        sizes.append(size)
    return sizes


def output_paddings(size, layers):
    sizes = [size, *encoder_sizes(size, layers)]
    found = []
    for (kernel, stride, padding), before, after in zip(layers, sizes, sizes[1:]):
        places = zip(before, after, kernel, stride, padding)
        found.append(tuple(m - (s * (n - 1) - 2 * p + k) for m, n, k, s, p in places))
    return found[::-1]


def count_weights(channels, kernels):
    down = up = 0
    for inside, outside, (rows, columns) in zip(channels, channels[1:], kernels):
        down += inside * outside * rows * columns + outside
        up += inside * outside * rows * columns + inside
    return down, up


def importance(codes, pictures, decode):
    before = squared_error(decode(codes), pictures)
    found = np.zeros(codes.shape[1:])
    for place in np.ndindex(found.shape):
        without = codes.copy()
        without[:, *place] = codes[:, *place].mean()
        found[place] = squared_error(decode(without), pictures) - before
    return found


def squared_error(answers, pictures):
    return ((answers - pictures) ** 2).sum() / len(pictures)


def draw_codes(codes, count, seed):
    rows = codes.reshape(len(codes), -1)
    mean = rows.mean(axis=0)
    centred = (rows - mean) / np.sqrt(len(rows))
    variances, directions = np.linalg.eigh(centred.T @ centred)
    root = directions * np.sqrt(np.maximum(variances, 0))
    noise = np.random.default_rng(seed).standard_normal((count, len(mean)))
    return (mean + noise @ root.T).reshape(count, *codes.shape[1:])


def repair(broken, destroyed, whole):
    kept, lost = whole[:, ~destroyed], whole[:, destroyed]
    mean = kept.mean(axis=0)
    weight = np.linalg.lstsq(kept - mean, lost - lost.mean(axis=0), rcond=1e-6)[0]
    guessed = broken.copy()
    guessed[:, destroyed] = (broken[:, ~destroyed] - mean) @ weight + lost.mean(axis=0)
    return guessed


def judge(layers, codes, targets):
    w, b = zip(*layers)
    first = np.maximum(codes @ w[0].T + b[0], 0)
    second = np.maximum(first @ w[1].T + b[1], 0)
    answers = second @ w[2].T + b[2]
    errors = answers - targets[:, None]
    g3 = 2 * errors / len(codes)
    g2 = (g3 @ w[2]) * (second > 0)
    g1 = (g2 @ w[1]) * (first > 0)
    pairs = (g1, codes), (g2, first), (g3, second)
    return (errors**2).mean(), [(g.T @ x, g.sum(axis=0)) for g, x in pairs]


def change_by_noise(codes, decode, strength, seed):
    noise = strength * codes.std(axis=0) * np.random.default_rng(seed).standard_normal(codes.shape)
    return ((decode(codes + noise) - decode(codes)) ** 2).sum() / len(codes)


WHY_NOT_TWICE = (
    "Little noise changes pixels in proportion, and the change is squared: four times; much noise saturates."
)
