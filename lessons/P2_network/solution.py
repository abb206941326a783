"""The project of Part II: one solution."""

from itertools import pairwise

import numpy as np
from earlier import adam, batches, cross_entropy, init_weight, linear, relu, topological_order


class Array:
    def __init__(self, data, edges=()):
        self.data, self.edges, self.grad = data, edges, 0.0


def apply(op, *inputs, **settings):
    value, vjps = op(*[x.data if isinstance(x, Array) else x for x in inputs], **settings)
    return Array(value, [(x, vjp) for x, vjp in zip(inputs, vjps) if isinstance(x, Array)])


def backward(root):
    gradients = {root: np.ones_like(root.data)}
    for array in reversed(topological_order(root)):
        gradient = gradients.pop(array)
        if not array.edges:
            array.grad = array.grad + gradient
        for x, vjp in array.edges:
            so_far = gradients.get(x)
            gradients[x] = vjp(gradient) if so_far is None else so_far + vjp(gradient)


def new_layers(sizes, seed):
    return [
        (init_weight(n, m, [seed, layer]).astype(np.float32), np.zeros(n, np.float32))
        for layer, (m, n) in enumerate(pairwise(sizes))
    ]


def network(layers, x):
    for number, (weight, bias) in enumerate(layers):
        x = apply(relu, x) if number else x
        x = apply(linear, x, weight, bias)
    return x


def loss_and_slopes(layers, x, labels):
    leaves = [(Array(weight), Array(bias)) for weight, bias in layers]
    loss = apply(cross_entropy, network(leaves, x), labels)
    backward(loss)
    return loss.data, [(weight.grad, bias.grad) for weight, bias in leaves]


def as_rows(images):
    return images.reshape(len(images), -1).astype(np.float32) / 255


def train(images, labels, seed):
    x, epochs = as_rows(images), 12
    arrays = [array for pair in new_layers((x.shape[1], 500, 10), seed) for array in pair]
    states = [(0.0, 0.0, 0) for _ in arrays]
    for epoch in range(epochs):
        lr = 0.001 * (1 - epoch / epochs)
        for rows in batches(len(x), 128, [seed, epoch]):
            layers = list(zip(arrays[::2], arrays[1::2]))
            _, slopes = loss_and_slopes(layers, x[rows], labels[rows])
            for i, slope in enumerate(slope for pair in slopes for slope in pair):
                arrays[i], states[i] = adam(arrays[i], slope, states[i], lr)
    return list(zip(arrays[::2], arrays[1::2]))


def predict(layers, images):
    return network(layers, as_rows(images)).data.argmax(axis=1)
