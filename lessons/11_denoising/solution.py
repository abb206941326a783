"""Exercise 11: one solution."""

import numpy as np


def fog(clean, mean, std, seed):
    noise = mean + std * np.random.default_rng(seed).standard_normal(clean.shape)
    return np.clip(clean + noise, 0, 1).astype(clean.dtype)


def psnr(answers, clean):
    return float(10 * np.log10(1 / np.mean((answers - clean) ** 2)))


def best_linear(noisy, clean, penalty=0.0):
    x, t = noisy - noisy.mean(axis=0), clean - clean.mean(axis=0)
    left = x.T @ x / len(x) + penalty * np.eye(x.shape[1])
    weight = np.linalg.solve(left, x.T @ t / len(x))
    return weight, clean.mean(axis=0) - noisy.mean(axis=0) @ weight


def noisy_batches(clean, batch_size, corrupt, epoch, seed):
    order = np.random.default_rng([seed, epoch]).permutation(len(clean))
    pairs = []
    for batch, start in enumerate(range(0, len(clean), batch_size)):
        target = clean[order[start : start + batch_size]]
        pairs.append((corrupt(target, [seed, epoch, batch]), target))
    return pairs


def train(clean, validation, epochs, batch_size, corrupt, lr, seed):
    learned_from, held_out = clean[:-validation], clean[-validation:]
    pixels = clean.shape[1]
    weight, bias = np.zeros((pixels, pixels)), np.zeros(pixels)
    for epoch in range(epochs):
        for noisy, target in noisy_batches(learned_from, batch_size, corrupt, epoch, seed):
            error = noisy @ weight + bias - target
            weight = weight - lr * 2 * noisy.T @ error / len(noisy)
            bias = bias - lr * 2 * error.mean(axis=0)
    error = corrupt(held_out, [seed, epochs, 0]) @ weight + bias - held_out
    return weight, bias, np.mean(np.sum(error**2, axis=1))


def trained_and_tested(clean, new, levels, penalty, seed):
    table = np.zeros((len(levels), len(levels)))
    for i, trained in enumerate(levels):
        weight, bias = best_linear(fog(clean, trained, trained, [seed, i]), clean, penalty)
        for j, tested in enumerate(levels):
            answers = fog(new, tested, tested, [seed, i, j + 1]) @ weight + bias
            table[i, j] = psnr(np.clip(answers, 0, 1), new)
    return table


TOO_LOW_OR_TOO_HIGH = "Rather too high: a map for little noise passes on what it takes for strokes."
