"""What people give to `fit`, as arrays that the model can take."""

from typing import Any

import numpy as np

from ..backend import Array, is_array, to_numpy, xp_of
from ..data.arrays import as_images, check_unit_range
from ..models import Autoencoder, Model
from ..tensors import Tensor

Examples = tuple[Array, Array | None]  # inputs (N, ...), and labels (N, ...) or None


def as_examples(model: Model, name: str, inputs: Any, labels: Any) -> Examples:
    """Inputs and labels on the model's device, floats in the model's dtype."""
    x = _array(model, name, _images(model, name, inputs))
    y = None if labels is None else _array(model, f"the labels of {name}", labels)
    if y is not None and y.shape[:1] != x.shape[:1]:
        found = f"found {len(x)} and shape {y.shape}"
        raise ValueError(f"fit: expected a label for each of {name}, {found}")
    return x, y


def _images(model: Model, name: str, value: Any) -> Any:
    """Images for one of minae's autoencoders, in its shape and in [0, 1].

    What is not an array of numbers is left for `_array` to refuse.
    """
    shape = getattr(model, "image_shape", None)
    if not isinstance(model, Autoencoder) or shape is None or not is_array(value):
        return value
    if value.dtype.kind not in "fiub" or value.size == 0:
        return value
    try:
        if value.dtype.kind == "f" and value.shape[1:] == tuple(shape):
            check_unit_range(value)
            return value
        images, _ = as_images(value)
    except ValueError as error:
        raise ValueError(f"fit: {name}: {error}") from error
    if images.shape[1:] != tuple(shape):
        wanted = f"{type(model).__name__} takes images of shape {tuple(shape)}"
        raise ValueError(f"fit: {name}: {wanted}, found {value.shape[1:]}")
    return images


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
