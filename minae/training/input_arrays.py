"""What people give to `fit`, as arrays that the model can take."""

from typing import Any

import numpy as np

from ..backend import Array, is_array, to_numpy, xp_of
from ..models import Model
from ..tensors import Tensor

Examples = tuple[Array, Array | None]  # inputs (N, ...), and labels (N, ...) or None


def as_examples(model: Model, name: str, inputs: Any, labels: Any) -> Examples:
    """Inputs and labels on the model's device, floats in the model's dtype."""
    x = _array(model, name, inputs)
    y = None if labels is None else _array(model, f"the labels of {name}", labels)
    if y is not None and y.shape[:1] != x.shape[:1]:
        found = f"found {len(x)} and shape {y.shape}"
        raise ValueError(f"fit: expected a label for each of {name}, {found}")
    return x, y


def _array(model: Model, name: str, value: Any) -> Array:
    if isinstance(value, Tensor):
        value = value.data
    if isinstance(value, list | tuple):
        value = np.asarray(value)
    if not is_array(value) or value.dtype.kind not in "fiub" or value.ndim == 0:
        found = getattr(value, "dtype", type(value).__name__)
        wanted = "an array (N, ...) of numbers"
        raise TypeError(f"fit: {name} must be {wanted}, found {found}")
    if value.size == 0:
        raise ValueError(f"fit: {name} are empty, of shape {value.shape}")
    weight = next((parameter.data for parameter in model.parameters()), value)
    if value.dtype.kind == "f":
        if not xp_of(value).isfinite(value).all():
            raise ValueError(f"fit: {name} hold NaN or infinity")
        value = value.astype(weight.dtype, copy=False)
    xp = xp_of(weight)
    return to_numpy(value) if xp is np else xp.asarray(value)


def as_measured(model: Model, validation: Any) -> dict[str, Examples]:
    """What is measured after every epoch, by name."""
    if validation is None:
        return {}
    if not isinstance(validation, dict):
        validation = {"validation": validation}
    pairs = {
        name: value if isinstance(value, tuple) else (value, None)
        for name, value in validation.items()
    }
    return {name: as_examples(model, name, *pair) for name, pair in pairs.items()}
