"""Several arrays as one."""

from ..backend import xp_of
from ..support.argument_checks import check_arrays
from .axes import as_axis


def cat(*tensors, axis=0):
    """y = the tensors, one after another along `axis`,   dL/dxᵢ = xᵢ's part of g

    They have one shape, but for their sizes along `axis`.   PyTorch: `torch.cat`.
    """
    ndim = _ndim(tensors)
    if ndim == 0:
        raise ValueError("0-d tensors have no axis to be joined along: use stack")
    axis = as_axis(axis, ndim)
    if len({(*x.shape[:axis], 0, *x.shape[axis + 1 :]) for x in tensors}) > 1:
        raise ValueError(f"the tensors must have one shape, except along axis {axis}")
    vjps, start = [], 0
    for x in tensors:
        vjps.append(_part(axis, slice(start, start + x.shape[axis])))
        start += x.shape[axis]
    return xp_of(tensors[0]).concatenate(tensors, axis=axis), tuple(vjps)


def stack(*tensors, axis=0):
    """y = the tensors, side by side along a new `axis`,   dL/dxᵢ = xᵢ's part of g

    They have one shape.   PyTorch: `torch.stack`.
    """
    axis = as_axis(axis, _ndim(tensors) + 1)
    if len({x.shape for x in tensors}) > 1:
        raise ValueError("the tensors must have one shape")
    vjps = tuple(_part(axis, i) for i in range(len(tensors)))
    return xp_of(tensors[0]).stack(tensors, axis=axis), vjps


def _part(axis, place):
    """The vjp of the tensor that came to `place` along `axis`."""
    index = (slice(None),) * axis + (place,)
    return lambda g: g[index]


def _ndim(tensors):
    """How many axes each of the tensors has."""
    if not tensors:
        raise ValueError("expected at least one tensor, found none")
    check_arrays(**{f"tensors[{i}]": x for i, x in enumerate(tensors)})
    if len({x.ndim for x in tensors}) > 1:
        raise ValueError("the tensors must have equally many axes")
    return tensors[0].ndim
