"""Every figure: each function takes arrays and returns a matplotlib Figure.

No window is opened and no global state is used.
"""

import math
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from statistics import NormalDist
from typing import Any

import numpy as np
from matplotlib import colormaps, rc_context, rcParamsDefault
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ..graphs.drawing import graph as graph
from ..support.argument_checks import check_numbers, check_whole

DPI = 120
SPLITS = {"train": "-", "test": "--"}  # and how their curves are drawn
# The units of losses that are not in the model's own unit.
UNITS = {
    "discriminator": "nats per code (ln 2 = 0.69: chance)",
    "generator": "nats per code (ln 2 = 0.69: chance)",
    "discriminator_accuracy": "share judged correctly (0.5: chance)",
}


@contextmanager
def plain_style() -> Iterator[None]:
    """Inside, figures look as matplotlib draws them by default.

    A run's figures must not fail, or look different, because of a user's matplotlibrc.
    Classes may have names in any script: letters that the font lacks become boxes.
    """
    plain: Any = {key: x for key, x in rcParamsDefault.items() if key != "backend"}
    with rc_context(plain), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        yield


def loss_curves(
    history: dict[str, list[float]], names: Sequence[str], unit: str
) -> Figure:
    """Each loss over the epochs, one panel per loss, on training and on test images."""
    _check_history(
        "loss_curves",
        history,
        ["epoch", *(f"{split}_{name}" for name in names for split in SPLITS)],
    )
    figure = Figure(figsize=(4.5 * len(names), 3.6), dpi=DPI, layout="constrained")
    panels = figure.subplots(1, len(names), squeeze=False)[0]
    for panel, name in zip(panels, names, strict=True):
        for split, style in SPLITS.items():
            panel.plot(
                history["epoch"],
                history[f"{split}_{name}"],
                style,
                marker="o",
                markersize=3,
                label=split,
            )
        panel.set(title=_words(name), xlabel="epoch", ylabel=UNITS.get(name, unit))
        panel.xaxis.get_major_locator().set_params(integer=True)
        panel.grid(alpha=0.3)
        panel.legend()
    return figure


def gradient_norms(history: dict[str, list[float]]) -> Figure:
    """The length of the gradient of each layer's weight, over the epochs.

    It shows whether learning reaches the first layer too.
    """
    _check_history("gradient_norms", history, ["epoch"])
    figure = Figure(figsize=(8, 4), dpi=DPI, layout="constrained")
    panel = figure.subplots()
    names = [name for name in history if name.startswith("gradient_")]
    for place, name in enumerate(names):
        colour = colormaps["viridis"](place / len(names))
        panel.plot(
            history["epoch"],
            history[name],
            color=colour,
            marker="o",
            markersize=3,
            label=name.partition("_")[2],
        )
    panel.set(
        title="length of the gradient, by layer",
        xlabel="epoch",
        ylabel="mean over the epoch",
        yscale="log",
    )
    panel.xaxis.set_major_locator(MaxNLocator(integer=True))
    panel.grid(alpha=0.3)
    figure.legend(loc="outside right upper", fontsize="small")
    return figure


def pairs(
    above: np.ndarray,
    below: np.ndarray,
    labels: tuple[str, str],
    title: str,
    columns: int = 10,
) -> Figure:
    """Images (N, C, H, W) in rows of `columns`, each row above its counterparts."""
    return versions(dict(zip(labels, (above, below))), title, columns)


def versions(named: dict[str, np.ndarray], title: str, columns: int = 10) -> Figure:
    """Several versions of the same images, each (N, C, H, W), in rows of `columns`.

    All versions of a row stand together.
    """
    _check_images("versions", *named.values())
    first = next(iter(named.values()))
    height, blocks = first.shape[2], math.ceil(len(first) / columns)
    size = (columns * 0.8 + 1.6, blocks * (0.8 * len(named) + 0.15) + 0.5)
    # The layout "constrained" would cut off long labels.
    figure = Figure(figsize=size, dpi=DPI, layout="compressed")
    for block, panel in enumerate(figure.subplots(blocks, 1, squeeze=False)[:, 0]):
        part = slice(block * columns, (block + 1) * columns)
        rows = [_tile(images[part], columns) for images in named.values()]
        _show(panel, np.concatenate(rows))
        panel.set_yticks(
            [(row + 0.5) * height - 0.5 for row in range(len(named))], list(named)
        )
        panel.tick_params(left=False)
    figure.suptitle(title)
    return figure


def grid(images: np.ndarray, title: str, columns: int = 10) -> Figure:
    """Images (N, C, H, W) side by side."""
    _check_images("grid", images)
    rows = math.ceil(len(images) / columns)
    figure = Figure(
        figsize=(columns * 0.6, rows * 0.6 + 0.4), dpi=DPI, layout="constrained"
    )
    panel = figure.subplots()
    _show(panel, _tile(images, columns))
    panel.set_yticks([])
    panel.set_title(title)
    return figure


def table(
    images: np.ndarray,
    rows: Iterable,
    columns: Iterable,
    title: str,
    axes: tuple[str, str],
) -> Figure:
    """Images (rows, columns, C, H, W), with a name for each row, column and axis."""
    rows, columns = list(rows), list(columns)
    check_numbers("table", images=images)
    if images.shape[:2] != (len(rows), len(columns)):
        raise ValueError(
            f"table: {len(rows)} rows and {len(columns)} columns are named, "
            f"found images {images.shape}"
        )
    images = images.reshape(-1, *images.shape[2:])
    _check_images("table", images)
    height, width = images.shape[2:]
    figure = Figure(
        figsize=(len(columns) * 0.6 + 0.6, len(rows) * 0.6 + 0.9),
        dpi=DPI,
        layout="constrained",
    )
    panel: Any = figure.subplots()
    _show(panel, _tile(images, len(columns)))
    panel.set_yticks([(row + 0.5) * height - 0.5 for row in range(len(rows))], rows)
    slanted = any(len(str(name)) > 8 for name in columns)  # beside each other too wide
    panel.set_xticks(
        [(column + 0.5) * width - 0.5 for column in range(len(columns))],
        columns,
        rotation=45 if slanted else 0,
        ha="left" if slanted else "center",
    )
    panel.tick_params(
        left=False, top=False, bottom=False, labeltop=True, labelbottom=False
    )
    panel.xaxis.set_label_position("top")
    panel.set(ylabel=axes[0], xlabel=axes[1])
    figure.suptitle(title)
    return figure


def latent_scatter(
    codes: np.ndarray,
    labels: np.ndarray | None,
    title: str,
    axes: tuple[str, str],
    classes: Sequence[str] | None = None,
) -> Figure:
    """Codes (N, 2), coloured by their labels, with a legend of the classes' names."""
    _check_points("latent_scatter", codes, labels)
    figure = Figure(figsize=(7, 6.4), dpi=DPI, layout="constrained")
    _scatter(figure.subplots(), codes, labels, title, axes, classes)
    return figure


def codes_beside_prior(
    codes: np.ndarray,
    labels: np.ndarray | None,
    prior: np.ndarray,
    axes: tuple[str, str],
    classes: Sequence[str] | None = None,
) -> Figure:
    """Samples of the prior (N, 2), and codes (N, 2) on the same scale.

    The codes are coloured by their labels.
    """
    _check_points("codes_beside_prior", prior, None)
    _check_points("codes_beside_prior", codes, labels)
    figure = Figure(figsize=(13, 6.4), dpi=DPI, layout="constrained")
    panels = figure.subplots(1, 2, sharex=True, sharey=True)
    _scatter(panels[0], prior, None, f"{len(prior):,} samples of the prior", axes)
    title = f"Codes of {len(codes):,} test images"
    _scatter(panels[1], codes, labels, title, axes, classes)
    return figure


def _scatter(
    panel: Any,
    points: np.ndarray,
    labels: np.ndarray | None,
    title: str,
    axes: tuple[str, str],
    classes: Sequence[str] | None = None,
) -> None:
    if labels is None:
        panel.scatter(points[:, 0], points[:, 1], s=4, alpha=0.5, linewidths=0)
    else:
        for label in np.unique(labels):
            x, y = points[labels == label].T
            name = str(label if classes is None else classes[label])
            panel.scatter(
                x, y, s=4, alpha=0.6, linewidths=0, color=f"C{label}", label=name
            )
        panel.legend(
            title="class", markerscale=4, loc="center left", bbox_to_anchor=(1, 0.5)
        )
    panel.set(title=title, xlabel=axes[0], ylabel=axes[1], aspect="equal")
    panel.grid(alpha=0.3)


def kl_per_latent(kl: np.ndarray, active: np.ndarray) -> Figure:
    """The KL divergence of each latent, (latent,).

    The latents that `active` (booleans) marks have a colour of their own.
    """
    check_numbers("kl_per_latent", kl=kl, active=active)
    if kl.ndim != 1 or active.shape != kl.shape or active.dtype != bool:
        found = f"{kl.shape} and {active.shape} {active.dtype}"
        raise ValueError(
            f"kl_per_latent: expected kl (latent,) and as many booleans, found {found}"
        )
    figure = Figure(figsize=(7, 3.6), dpi=DPI, layout="constrained")
    panel: Any = figure.subplots()
    for chosen, colour, name in (
        (active, "C0", "active"),
        (~active, "0.6", "not active: mu hardly varies"),
    ):
        if chosen.any():
            panel.bar(np.flatnonzero(chosen), kl[chosen], color=colour, label=name)
    panel.set(
        title="What each latent says about the image",
        xlabel="latent",
        ylabel="KL divergence, nats per image",
    )
    panel.xaxis.get_major_locator().set_params(integer=True)
    panel.grid(axis="y", alpha=0.3)
    panel.legend()
    return figure


def normal_quantiles(count: int) -> np.ndarray:
    """`count` points that cut N(0, 1) into pieces of equal probability.

    They are the quantiles of (i + ½) / count.
    """
    check_whole("normal_quantiles: count", count, least=1)
    return np.array([NormalDist().inv_cdf((i + 0.5) / count) for i in range(count)])


def manifold(images: np.ndarray, title: str) -> Figure:
    """Images (n·n, C, H, W) decoded from the n x n grid of `normal_quantiles(n)`.

    The first coordinate grows to the right, the second upwards. The images come row by
    row, from the bottom up.
    """
    _check_images("manifold", images)
    n = round(len(images) ** 0.5)
    if n * n != len(images):
        raise ValueError(
            f"manifold: expected the images of a square grid, found {len(images)}"
        )
    height, width = images.shape[2:]
    from_top = images.reshape(n, n, *images.shape[1:])[::-1].reshape(images.shape)
    figure = Figure(figsize=(8, 8.4), dpi=DPI, layout="constrained")
    panel = figure.subplots()
    _show(panel, _tile(from_top, n))
    shown = np.unique(np.linspace(0, n - 1, 7).round().astype(int))
    names = [f"{z:.2f}" for z in normal_quantiles(n)[shown]]
    panel.set_xticks((shown + 0.5) * width - 0.5, names)
    panel.set_yticks((n - 1 - shown + 0.5) * height - 0.5, names)
    panel.set(
        title=title,
        xlabel="z[0], at equal steps of the normal's quantiles",
        ylabel="z[1], likewise",
    )
    return figure


def _check_images(function: str, *groups: np.ndarray) -> None:
    """Check that the arrays are images (N, C, H, W) of one shape, grey or in colour."""
    check_numbers(
        function, **{f"array {index}": images for index, images in enumerate(groups)}
    )
    shapes = [images.shape for images in groups]
    fit = len(set(shapes)) == 1 and len(shapes[0]) == 4 and 0 not in shapes[0]
    if not fit or shapes[0][1] not in (1, 3):
        found = ", ".join(map(str, shapes)) or "nothing"
        raise ValueError(
            f"{function}: expected images (N, C, H, W) of one shape, C 1 or 3, "
            f"found {found}"
        )


def _check_points(function: str, points: np.ndarray, labels: np.ndarray | None) -> None:
    check_numbers(function, points=points)
    if labels is not None:
        check_numbers(function, labels=labels)
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"{function}: expected points (N, 2), found {points.shape}")
    if labels is not None and labels.shape != points.shape[:1]:
        raise ValueError(
            f"{function}: expected a label for each of {len(points)} points, "
            f"found {labels.shape}"
        )


def _check_history(
    function: str, history: dict[str, list[float]], needed: Sequence[str]
) -> None:
    if missing := [name for name in needed if name not in history]:
        raise ValueError(
            f"{function}: the history has no {', '.join(missing)}; "
            f"it has {', '.join(history)}"
        )


def _tile(images: np.ndarray, columns: int) -> np.ndarray:
    """Images (N, C, H, W) as one picture (rows·H, columns·W, C), padded with white."""
    count, channels, height, width = images.shape
    rows = math.ceil(count / columns)
    sheet = np.ones((rows * columns, channels, height, width), images.dtype)
    sheet[:count] = images
    sheet = sheet.reshape(rows, columns, channels, height, width)
    return sheet.transpose(0, 3, 1, 4, 2).reshape(
        rows * height, columns * width, channels
    )


def _show(panel: Any, picture: np.ndarray) -> None:
    grey = picture.shape[2] == 1
    panel.imshow(
        picture[:, :, 0] if grey else picture.clip(0, 1),
        cmap="gray",
        vmin=0,
        vmax=1,
        interpolation="nearest",
    )
    panel.set_xticks([])
    for spine in panel.spines.values():
        spine.set_visible(False)


def _words(name: str) -> str:
    return {"kl": "KL divergence"}.get(name, name.replace("_", " "))
