"""A guess at why a gradient is wrong, from a comparison with the right one."""

from collections.abc import Sequence

import numpy as np


def guess_cause(
    gradient: np.ndarray,
    right: np.ndarray,
    wrong: np.ndarray,
    x: np.ndarray,
    others: Sequence[np.ndarray],
) -> str:
    """A common mistake that explains `gradient` where `right` is expected, or "".

    `x` is the input, and `wrong` marks the elements that failed. `others` are the right
    gradients of the op's other inputs.
    """
    if not np.isfinite(gradient).all():
        return "it is not finite: a division by 0, or a logarithm of 0?"
    if not gradient.any():
        return "the vjp returns zeros: is its only term missing?"
    if _same(gradient, -right):
        return "the sign is wrong"
    if wrong.size > 1 and wrong.sum() == 1:
        return (
            "a single element is wrong: "
            "a special case, the border, or an index off by one?"
        )
    if _same(gradient, right):
        return (
            "it is right to seven digits: "
            "float32 somewhere inside, or an approximation?"
        )
    factor = (
        float(np.sum(gradient * right) / np.sum(right * right)) if right.any() else 0.0
    )
    if factor and _same(gradient, factor * right):
        return _name_factor(factor, [right.shape, *(other.shape for other in others)])
    if (
        right.ndim >= 2
        and right.shape[-1] == right.shape[-2]
        and _same(gradient, right.swapaxes(-1, -2))
    ):
        return "the gradient is transposed"
    if any(_same(gradient, np.flip(right, axes)) for axes in _last_axes(right)):
        return "the gradient is flipped: should a kernel be rotated, or not be rotated?"
    if any(
        other.shape == gradient.shape and _same(gradient, other) for other in others
    ):
        return "this is the gradient of another input: are two vjps swapped?"
    if any(
        _same(gradient, np.roll(right, shift, axis))
        for axis in range(right.ndim)
        for shift in (1, -1)
    ):
        return "the gradient is shifted by one along an axis: an index off by one?"
    for side, name in ((x < 0, "negative"), (x > 0, "positive")):
        if 0 < side.sum() < side.size and (wrong == side).all():
            return f"it is wrong exactly where the input is {name}: the wrong branch?"
    if wrong.sum() < wrong.size and _whole_slices(wrong):
        return "whole rows or borders are wrong: stride or padding off by one?"
    return ""


def _name_factor(factor: float, shapes: Sequence[tuple[int, ...]]) -> str:
    text = f"it is {factor:.8g} times the right one"
    sizes = {size for shape in shapes for size in (*shape, int(np.prod(shape)))}
    for size in sizes:
        if size > 2 and (np.isclose(factor, size) or np.isclose(factor, 1 / size)):
            return (
                f"{text}, and {size} is a size of the inputs: "
                "a mean without its 1/n, or a sum with one?"
            )
    return text


def _same(a: np.ndarray, b: np.ndarray) -> bool:
    return bool((np.abs(a - b) <= 1e-7 * np.abs(b).max(initial=0)).all())


def _last_axes(array: np.ndarray) -> list[tuple[int, ...]]:
    """The last axis, the one before it, and both; those of them that `array` has."""
    if array.ndim == 0:
        return []
    if array.ndim == 1:
        return [(-1,)]
    return [(-1,), (-2,), (-2, -1)]


def _whole_slices(wrong: np.ndarray) -> bool:
    """Whether, along some axis, every slice is either all wrong or all right."""
    for axis in range(wrong.ndim):
        other_axes = tuple(a for a in range(wrong.ndim) if a != axis)
        all_wrong = wrong.all(axis=other_axes)
        all_right = ~wrong.any(axis=other_axes)
        if (all_wrong | all_right).all():
            return True
    return False
