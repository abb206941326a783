"""It begins with a 1 of float64, and all becomes float64: right, and twice as slow."""

from solution import *

LOSES = ("test_loss_and_slopes",)
SAYS = "found float64"


def backward(root):
    gradients = {root: np.ones(np.shape(root.data))}
    for array in reversed(topological_order(root)):
        gradient = gradients.pop(array)
        if not array.edges:
            array.grad = array.grad + gradient
        for x, vjp in array.edges:
            gradients[x] = gradients.get(x, 0.0) + vjp(gradient)


def loss_and_slopes(layers, x, labels):
    leaves = [(Array(weight), Array(bias)) for weight, bias in layers]
    loss = apply(cross_entropy, network(leaves, x), labels)
    backward(loss)
    return loss.data, [(weight.grad, bias.grad) for weight, bias in leaves]
