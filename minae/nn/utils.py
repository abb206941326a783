"""What one does with all gradients at once.   PyTorch: `torch.nn.utils`."""

from collections.abc import Iterable

from ..backend import xp_of
from ..support.argument_checks import check_number
from ..support.sums import wide_sum
from ..tensors import Tensor


def clip_grad_norm_(parameters: Iterable[Tensor], max_norm: float) -> Tensor:
    """Make the gradients shorter, if together they are longer than `max_norm`.

    Their length is |g| = √(Σ g²) over all gradients, as if they were one vector; each
    is multiplied by max_norm / (|g| + 1e-6) if that is below 1. Call it between
    backward() and step(). Returns the length as it was. Nothing is read from a GPU.

    Raises TypeError for parameters that are not Tensors, ValueError for a max_norm
    below 0.   PyTorch: `torch.nn.utils.clip_grad_norm_`.
    """
    check_number("clip_grad_norm_: max_norm", max_norm, 0)
    tensors = [parameters] if isinstance(parameters, Tensor) else list(parameters)
    for tensor in tensors:
        if not isinstance(tensor, Tensor):
            found = type(tensor).__name__
            raise TypeError(f"clip_grad_norm_: expected Tensors, found {found}")
    gradients = [tensor.grad for tensor in tensors if tensor.grad is not None]
    if not gradients:
        return Tensor(0.0)
    xp = xp_of(gradients[0])
    lengths = xp.stack([xp.asarray(xp.sqrt(wide_sum(g * g))) for g in gradients])
    length = xp.sqrt((lengths * lengths).sum())
    factor = xp.clip(max_norm / (length + 1e-6), 0, 1)
    for tensor in tensors:
        if tensor.grad is not None:
            tensor.grad *= factor.astype(tensor.grad.dtype)
    return Tensor(length)
