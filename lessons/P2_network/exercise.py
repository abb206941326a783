"""The project of Part II: a network on your own functions.

Replace each `raise NotImplementedError(...)` by your code. project.md has the task, the
steps and the rubric. Check with

    python -m lessons grade P2        (or: pytest lessons/P2_network)

and see what your network makes of real digits with

    python lessons/P2_network/run.py

The functions that you import from `earlier` are your own, of lessons 2 to 8. They have
the form of lesson 3: they take NumPy arrays, and return the value and a tuple of vjps.
NumPy only: a project that imports minae or another engine scores nothing.
"""

import numpy as np
from earlier import (
    adam,
    batches,
    conv2d,
    cross_entropy,
    init_weight,
    linear,
    max_pool2d,
    relu,
    topological_order,
)

# --- Part 1: the engine ------------------------------------------------------------


class Array:
    """An array that remembers how it was computed: lesson 2's Value, for arrays.

    data:  a NumPy array, or a number, as a loss is.
    edges: one (input, vjp) for each Array that it was computed from; () for a leaf,
           which was made by hand.
    grad:  for leaves: the sum of all gradients that backward() has sent here.
    """

    def __init__(self, data, edges=()):
        self.data = data
        self.edges = edges
        self.grad = 0.0


def apply(op, *inputs, **settings):
    """Call an op on Arrays and other things, and record how the result was made.

    What in lesson 2's `apply` must change, if edges carry vjps and not slopes?

    Args:
        op: a function that returns (value, vjps), such as your `linear`. Its vjps stand
            in the order of its first inputs; what has none (labels, sizes) comes after.
        inputs: Arrays, or whatever else the op takes. It gets the data of an Array, and
            everything else as it is.
        settings: go to the op as they are, such as stride=2.

    Returns: an Array of the op's value, with an edge (input, vjp) for each input that
    is an Array, in order. Plain arrays, such as pictures, get no edge.
    """
    raise NotImplementedError("apply: call op on the data, return an Array with edges")


def backward(root):
    """Add to the grad of every leaf its gradient, d root / d leaf.

    Lesson 2's walk, for arrays: `topological_order` goes along `edges`, so yours works
    here as it is. What goes down an edge now? Which shape and dtype has the gradient of
    root itself?

    Two cares. A vjp may return the very array that it was given, or a view of it, so
    make new sums and write into none (no +=). And all stays in the dtype of the data.

    Args:
        root: an Array of one number.
    """
    raise NotImplementedError("backward: walk the order from root to the leaves")


# --- Part 2: the network -----------------------------------------------------------


def new_layers(sizes, seed):
    """What a network begins with: weights drawn by `init_weight`, biases of zeros.

    Args:
        sizes: of the input, of each layer between, and of the output: (784, 100, 10).
        seed: the same seed gives the same layers. No two layers of a network may have
            the same numbers: [seed, 0], [seed, 1] and so on are seeds, too.

    Returns: a list of pairs, weight (out, in) and bias (out,), all of them float32.
    """
    raise NotImplementedError("new_layers: a weight and a bias for each layer")


def network(layers, x):
    """Linear layers, with a relu after each but the last.

    Args:
        layers: a list of pairs, weight and bias: Arrays, or plain arrays (which get no
            gradient).
        x: a plain array (N, in).

    Returns: an Array of the logits, (N, out).
    """
    raise NotImplementedError("network: apply linear and relu, layer by layer")


def loss_and_slopes(layers, x, labels):
    """Lesson 7's function of this name, on your own engine.

    The loss is the cross-entropy of the network's logits.

    Args:
        layers: a list of pairs of plain arrays.
        x: a plain array (N, in).
        labels: whole numbers (N,).

    Returns: the loss, a number, and a list of pairs, dL/d(weight) and dL/d(bias) of
    each layer, in the dtype of the layers.
    """
    raise NotImplementedError("loss_and_slopes: Arrays, the loss, backward, the grads")


# --- Part 3: digits ----------------------------------------------------------------


def train(images, labels, seed):
    """A network that has learnt to tell the images apart.

    Sizes, epochs, batch size and rate are yours to choose. On all 60,000 digits it may
    compute 60 seconds. It must learn from other pictures, and from fewer, too.

    Args:
        images: (N, 28, 28), uint8: 0 is black, 255 white.
        labels: whole numbers (N,), from 0 to 9.
        seed: of the first weights and of the order of the images.

    Returns: whatever `predict` needs: arrays, in lists or tuples as you like.
    """
    raise NotImplementedError("train: new layers, epochs, batches, steps of adam")


def predict(trained, images):
    """The class of each image: the one with the largest logit.

    Args:
        trained: what `train` returned.
        images: (N, 28, 28), uint8.

    Returns: whole numbers (N,).
    """
    raise NotImplementedError("predict: the place of the largest logit in each row")
