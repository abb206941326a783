"""`torch.autograd.gradcheck` on a function of minae: the peer of the tables in docs/gradcheck.md."""

import warnings

import numpy as np
import torch

from minae import Tensor


def passes_in_torch(f, inputs):
    """Whether f passes; an error is a no. `inputs` are arrays, which PyTorch wants in float64."""

    class Op(torch.autograd.Function):
        @staticmethod
        def forward(context, *tensors):
            context.tensors = [Tensor(t.numpy(), requires_grad=True) for t in tensors]
            return torch.from_numpy(np.array(f(*context.tensors).numpy()))

        @staticmethod
        def backward(context, g):
            for t in context.tensors:
                t.grad = None
            f(*context.tensors).backward(g.numpy().copy())
            grads = [np.zeros(t.shape) if t.grad is None else t.grad for t in context.tensors]
            return tuple(torch.from_numpy(np.array(grad)) for grad in grads)

    tensors = [torch.from_numpy(np.array(x, dtype=np.float64)).requires_grad_() for x in inputs]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return torch.autograd.gradcheck(Op.apply, tensors, raise_exception=False)
        except (RuntimeError, ValueError):  # of empty inputs, and of vjps that write into what is read-only
            return False
