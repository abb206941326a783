"""Every figure. Each function takes arrays and returns a matplotlib Figure, made without any window or global state."""

from collections.abc import Sequence
from statistics import NormalDist
from typing import Any

import numpy as np
from matplotlib.figure import Figure

DPI = 120


def loss_curves(history: dict[str, list[float]], names: Sequence[str], unit: str) -> Figure:
    """One panel per loss: its course over the epochs, on the training images and on the test images."""
    figure = Figure(figsize=(4.5 * len(names), 3.6), dpi=DPI, layout="constrained")
    panels = figure.subplots(1, len(names), squeeze=False)[0]
    for panel, name in zip(panels, names, strict=True):
        for split, style in (("train", "-"), ("test", "--")):
            panel.plot(history["epoch"], history[f"{split}_{name}"], style, marker="o", markersize=3, label=split)
        panel.set(title=_words(name), xlabel="epoch", ylabel=unit)
        panel.xaxis.get_major_locator().set_params(integer=True)
        panel.grid(alpha=0.3)
        panel.legend()
    return figure


def pairs(above: np.ndarray, below: np.ndarray, labels: tuple[str, str], title: str, columns: int = 10) -> Figure:
    """Images (N, C, H, W) in rows of `columns`, and under each row its counterparts."""
    rows = -(-len(above) // columns)
    figure = Figure(figsize=(columns * 0.8 + 1.2, rows * 1.75 + 0.5), dpi=DPI, layout="constrained")
    panels = figure.subplots(rows, 1, squeeze=False)[:, 0]
    for row, panel in enumerate(panels):
        part = slice(row * columns, (row + 1) * columns)
        _show(panel, np.concatenate([_tile(above[part], columns), _tile(below[part], columns)]))
        height = above.shape[2]
        panel.set_yticks([height / 2 - 0.5, 1.5 * height - 0.5], labels)
        panel.tick_params(left=False)
    figure.suptitle(title)
    return figure


def grid(images: np.ndarray, title: str, columns: int = 10) -> Figure:
    """Images (N, C, H, W) side by side."""
    rows = -(-len(images) // columns)
    figure = Figure(figsize=(columns * 0.6, rows * 0.6 + 0.4), dpi=DPI, layout="constrained")
    panel = figure.subplots()
    _show(panel, _tile(images, columns))
    panel.set_yticks([])
    panel.set_title(title)
    return figure


def latent_scatter(codes: np.ndarray, labels: np.ndarray | None, title: str, axes: tuple[str, str]) -> Figure:
    """Codes (N, 2), coloured by their labels from 0 to 9, with a legend."""
    figure = Figure(figsize=(7, 6.4), dpi=DPI, layout="constrained")
    panel = figure.subplots()
    if labels is None:
        panel.scatter(codes[:, 0], codes[:, 1], s=4, alpha=0.5, linewidths=0)
    else:
        for label in np.unique(labels):
            x, y = codes[labels == label].T
            panel.scatter(x, y, s=4, alpha=0.6, linewidths=0, color=f"C{label}", label=str(label))
        panel.legend(title="class", markerscale=4, loc="center left", bbox_to_anchor=(1, 0.5))
    panel.set(title=title, xlabel=axes[0], ylabel=axes[1], aspect="equal")
    panel.grid(alpha=0.3)
    return figure


def normal_quantiles(count: int) -> np.ndarray:
    """`count` points that cut N(0, 1) into pieces of equal probability: the quantiles of (i + ½) / count."""
    return np.array([NormalDist().inv_cdf((i + 0.5) / count) for i in range(count)])


def manifold(images: np.ndarray, title: str) -> Figure:
    """Images (n·n, C, H, W) decoded from the n x n grid of `normal_quantiles(n)`: first coordinate to the right,
    second upwards, rows in that order from the bottom."""
    n = round(len(images) ** 0.5)
    height, width = images.shape[2:]
    from_top = images.reshape(n, n, *images.shape[1:])[::-1].reshape(images.shape)
    figure = Figure(figsize=(8, 8.4), dpi=DPI, layout="constrained")
    panel = figure.subplots()
    _show(panel, _tile(from_top, n))
    shown = np.unique(np.linspace(0, n - 1, 7).round().astype(int))
    names = [f"{z:.2f}" for z in normal_quantiles(n)[shown]]
    panel.set_xticks((shown + 0.5) * width - 0.5, names)
    panel.set_yticks((n - 1 - shown + 0.5) * height - 0.5, names)
    panel.set(title=title, xlabel="z[0], at equal steps of the normal's quantiles", ylabel="z[1], likewise")
    return figure


def _tile(images: np.ndarray, columns: int) -> np.ndarray:
    """Images (N, C, H, W) as one picture (rows·H, columns·W, C); places left over stay white."""
    count, channels, height, width = images.shape
    rows = -(-count // columns)
    sheet = np.ones((rows * columns, channels, height, width), images.dtype)
    sheet[:count] = images
    sheet = sheet.reshape(rows, columns, channels, height, width)
    return sheet.transpose(0, 3, 1, 4, 2).reshape(rows * height, columns * width, channels)


def _show(panel: Any, picture: np.ndarray) -> None:
    grey = picture.shape[2] == 1
    panel.imshow(picture[:, :, 0] if grey else picture, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    panel.set_xticks([])
    for spine in panel.spines.values():
        spine.set_visible(False)


def _words(name: str) -> str:
    return {"kl": "KL divergence"}.get(name, name.replace("_", " "))
