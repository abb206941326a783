"""A plain one-step gradient checker, with the defaults and the procedure of `torch.autograd.gradcheck`: the peer that
the kill matrix of docs/gradcheck.md compares with.

The whole Jacobian by central differences of step 1e-6, against the one that one-hot cotangents give; twice, to see
whether backward repeats itself; and a zero cotangent must give zeros.
"""

import numpy as np

from minae import Tensor, no_grad


def one_step(f, inputs, eps=1e-6, atol=1e-5, rtol=1e-3):
    """Whether the gradients of f pass. `inputs` are arrays; the floating ones are checked."""
    floating = [i for i, x in enumerate(inputs) if x.dtype.kind == "f"]
    shape = _value(f, inputs).shape
    first, second = _analytic(f, inputs, floating, shape), _analytic(f, inputs, floating, shape)
    zero = _backward(f, inputs, floating, np.zeros(shape))
    return all(
        np.allclose(a, n, rtol=rtol, atol=atol) and np.array_equal(a, again) and not z.any()
        for a, again, n, z in zip(first, second, _numeric(f, inputs, floating, eps), zero, strict=True)
    )


def _value(f, inputs):
    with no_grad():
        return f(*[Tensor(x.copy()) for x in inputs]).numpy()


def _numeric(f, inputs, floating, eps):
    """The Jacobian of each checked input, one row per output element."""
    jacobians = []
    for i in floating:
        columns = []
        for place in np.ndindex(inputs[i].shape):
            moved = [inputs[i].copy(), inputs[i].copy()]
            moved[0][place] += eps
            moved[1][place] -= eps
            ahead, behind = (_value(f, [*inputs[:i], x, *inputs[i + 1 :]]) for x in moved)
            columns.append((ahead - behind).ravel() / (2 * eps))
        jacobians.append(np.array(columns).T)
    return jacobians


def _analytic(f, inputs, floating, shape):
    rows = []
    for place in np.ndindex(shape):
        one_hot = np.zeros(shape)
        one_hot[place] = 1
        rows.append([g.ravel() for g in _backward(f, inputs, floating, one_hot)])
    return [np.array(jacobian) for jacobian in zip(*rows, strict=True)]


def _backward(f, inputs, floating, cotangent):
    leaves = [Tensor(x.copy(), requires_grad=i in floating) for i, x in enumerate(inputs)]
    f(*leaves).backward(cotangent)
    return [leaves[i].grad.copy() for i in floating]
