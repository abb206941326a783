"""Every figure: each function takes arrays and returns a matplotlib Figure.

No window is opened and no global state is used.
"""

import math
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from statistics import NormalDist
from textwrap import fill, wrap
from typing import Any

import numpy as np
from matplotlib import colormaps, rc_context, rcParamsDefault
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.lines import Line2D
from matplotlib.textpath import text_to_path
from matplotlib.ticker import LogLocator, MaxNLocator

from ..data.melody import BAR, notes_in
from ..graphs.drawing import graph as graph
from ..support.argument_checks import check_numbers, check_whole

DPI = 120
TITLE, LINE = 12, 0.2  # a title: points; inches from line to line
# Line styles of the two splits, and what their points are.
SPLITS = {
    "train": ("-", "training {}: mean during the epoch"),
    "test": ("--", "test {}: after the epoch"),
}
# Losses that the history has only in parts.
SUMS = {"negative_elbo": ("reconstruction", "kl")}
# The units of losses that are not in the model's own unit.
UNITS = {
    "discriminator": "nats per code",
    "generator": "nats per code",
    "discriminator_accuracy": "share judged correctly",
    "misread": "share with a known label, and misread",
    "step_accuracy": "share of steps told right",
}
# What a discriminator gets that tosses a coin.
CHANCE = {
    "discriminator": math.log(2),
    "generator": math.log(2),
    "discriminator_accuracy": 0.5,
}
MARKERS = "os^Dv<>P"
# Ten colours that stay apart for colour-blind readers, as far as ten can. The digits
# that are often neighbours (3, 5 and 8; 4, 7 and 9) have the brightest of them.
# Source: Petroff 2021, "Accessible Color Sequences for Data Visualization".
CLASS_COLOURS = (
    *("#717581", "#94a4a2", "#b9ac70", "#3f90da", "#832db6"),
    *("#ffa90e", "#a96b59", "#e76300", "#bd1f01", "#92dadd"),
)
MIDDLE_C = 60  # as a MIDI pitch
CODES, PRIOR = "C0", "black"  # of points that have no class


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


def entitle(figure: Figure, title: str) -> Figure:
    """Write `title` above the figure, over the title that it has; return the figure.

    A long title is broken into lines, and the figure grows by their height.
    """
    font = FontProperties(size=TITLE)
    lines = _lines(title, figure.get_figwidth(), font)
    figure.set_figheight(figure.get_figheight() + LINE * len(lines))
    had = figure.get_suptitle().splitlines()
    figure.suptitle("\n".join(lines + had), fontproperties=font, parse_math=False)
    return figure


def _lines(text: str, inches: float, font: FontProperties) -> list[str]:
    """The text in lines of at most so many inches; "?" for what the font lacks."""
    known = get_font(findfont(font)).get_charmap()
    text = "".join(c if c.isspace() or ord(c) in known else "?" for c in text)
    if not text.strip():
        return []
    points, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    letters = 72 * inches * len(text) / points  # of average width, in a line
    return wrap(text, max(1, int(0.85 * letters)), break_on_hyphens=False)


def loss_curves(
    history: dict[str, list[float]],
    names: Sequence[str],
    unit: str,
    examples: str = "images",
) -> Figure:
    """Each loss over the epochs, one panel per loss, on training and on test images.

    A name may be "negative_elbo" too: the sum of "reconstruction" and "kl". `examples`
    is what was trained on, if not images.
    """
    parts = {name: SUMS.get(name, (name,)) for name in names}
    _check_history(
        "loss_curves",
        history,
        [
            "epoch",
            *(f"{split}_{p}" for n in names for p in parts[n] for split in SPLITS),
        ],
    )
    columns = len(names) if len(names) < 4 else 2
    rows = math.ceil(len(names) / columns)
    size = (max(6.5, 4.5 * columns), 3.2 * rows + 0.4)
    figure = Figure(figsize=size, dpi=DPI, layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False).flat
    shown = {}
    for panel, name in zip(panels, names):
        for split, (style, label) in SPLITS.items():
            losses = np.sum(
                [history[f"{split}_{part}"] for part in parts[name]], axis=0
            )
            (shown[label.format(examples)],) = panel.plot(
                history["epoch"], losses, style, marker="o", markersize=3
            )
        if name in CHANCE:
            shown["chance"] = panel.axhline(CHANCE[name], color="0.3", linestyle=":")
        label = fill(UNITS.get(name, unit), 26)  # shorter than the panel is high
        panel.set(title=_words(name), xlabel="epoch", ylabel=label)
        _whole_ticks(panel, history["epoch"])
        panel.grid(alpha=0.3)
    figure.legend(
        shown.values(), shown.keys(), loc="outside lower center", ncols=columns
    )
    return figure


def gradient_norms(history: dict[str, list[float]]) -> Figure:
    """The length of the gradient of each layer's weight, over the epochs.

    It shows whether learning reaches the first layer too.
    """
    _check_history("gradient_norms", history, ["epoch"])
    names = [name for name in history if name.startswith("gradient_")]
    height = max(4, 0.2 * len(names) + 1.2)  # for the legend too
    figure = Figure(figsize=(8, height), dpi=DPI, layout="constrained")
    panel: Any = figure.subplots()
    for place, name in enumerate(names):
        panel.plot(
            history["epoch"],
            history[name],
            color=colormaps["viridis"](place / len(names)),
            marker=MARKERS[place % len(MARKERS)],
            markersize=4,
            label=name.partition("_")[2],
        )
    panel.set(xlabel="epoch", ylabel="mean during the epoch", yscale="log")
    panel.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    panel.yaxis.set_major_formatter("{x:g}")
    panel.yaxis.set_minor_formatter("")
    _whole_ticks(panel, history["epoch"])
    panel.grid(alpha=0.3)
    figure.legend(loc="outside right center", fontsize="small")
    return entitle(figure, "Length of the gradient of each layer's weight")


def _whole_ticks(panel: Any, numbers: Sequence[float]) -> None:
    """The x axis of numbers that are whole, such as epochs."""
    panel.set_xlim(numbers[0] - 0.6, numbers[-1] + 0.6)
    steps = MaxNLocator(integer=True, min_n_ticks=1, steps=[1, 2, 5, 10])
    panel.xaxis.set_major_locator(steps)


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
    rows = [_in_rows(images, columns) for images in named.values()]
    blocks = np.stack(rows, axis=1)  # (blocks, versions, columns, C, H, W)
    figure = _figure_of_images(blocks, 0.8, beside=1.6, above=0.15 * len(blocks))
    for block, panel in zip(blocks, figure.subplots(len(blocks), squeeze=False).flat):
        _show(panel, block, row_names=named)
    return entitle(figure, title)


def grid(
    images: np.ndarray, title: str, columns: int = 10, names: Iterable = ()
) -> Figure:
    """Images (N, C, H, W) side by side. `names` are those of the columns, if any."""
    _check_images("grid", images)
    sheet = _in_rows(images, columns)
    figure = _figure_of_images(sheet, 0.6)
    _show(figure.subplots(), sheet, column_names=list(names)[: sheet.shape[1]])
    return entitle(figure, title)


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
    _check_images("table", *images)
    figure = _figure_of_images(images, 0.6, beside=0.6, above=0.5)
    panel: Any = figure.subplots()
    _show(panel, images, rows, columns)
    panel.set(ylabel=axes[0], xlabel=axes[1])
    return entitle(figure, title)


def confusion(counts: np.ndarray, classes: Sequence[str], title: str) -> Figure:
    """How many images of each class (row) are read as each class (column).

    The darker a cell, the larger its share of the row.
    """
    check_numbers("confusion", counts=counts)
    if counts.shape != (len(classes), len(classes)):
        wanted = f"counts ({len(classes)}, {len(classes)}), for as many classes"
        raise ValueError(f"confusion: expected {wanted}, found shape {counts.shape}")
    figure = Figure(figsize=(6.5, 6), dpi=DPI, layout="constrained")
    panel: Any = figure.subplots()
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    panel.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(counts):
        colour = "white" if shares[row, column] > 0.5 else "black"
        panel.text(column, row, count, ha="center", va="center", color=colour, size=8)
    places = range(len(classes))
    turned = 90 if max(map(len, classes)) > 2 else 0  # long names
    panel.set_xticks(places, classes, rotation=turned)
    panel.set_yticks(places, classes)
    panel.set(xlabel="read as", ylabel="label")
    return entitle(figure, title)


def latent_scatter(
    codes: np.ndarray,
    labels: np.ndarray | None,
    title: str,
    axes: tuple[str, str],
    classes: Sequence[str] | None = None,
) -> Figure:
    """Codes (N, 2), or codes on a line, (N, 1), coloured by their labels.

    A legend names the classes. The order in which the points are painted is shuffled,
    the same way every time, so that no class hides another one.
    """
    _check_points("latent_scatter", codes, labels)
    figure = _figure_of_codes(7, 6.1)
    panel = figure.subplots()
    _scatter(panel, codes, _colours_by_class(figure, labels, classes), axes)
    _show_square(panel, codes)
    return entitle(figure, title)


def codes_beside_prior(
    codes: np.ndarray,
    labels: np.ndarray | None,
    prior: np.ndarray,
    axes: tuple[str, str],
    classes: Sequence[str] | None = None,
) -> Figure:
    """Samples of the prior, and codes on the same scale, each (N, 2) or each (N, 1).

    The codes are coloured by their labels.
    """
    _check_points("codes_beside_prior", prior, None)
    _check_points("codes_beside_prior", codes, labels)
    if prior.shape[1] != codes.shape[1]:
        raise ValueError(
            "codes_beside_prior: expected codes and prior of as many coordinates, "
            f"found {codes.shape} and {prior.shape}"
        )
    figure = _figure_of_codes(12, 6)
    panels = figure.subplots(1, 2, sharex=True, sharey=True)
    _scatter(panels[0], prior, PRIOR, axes)
    panels[0].set_title(f"{counted(len(prior), 'sample')} of the prior")
    _scatter(panels[1], codes, _colours_by_class(figure, labels, classes), axes)
    panels[1].set_title(f"Codes of {counted(len(codes), 'test image')}")
    panels[1].set_ylabel("")
    for panel in panels:
        _show_square(panel, np.concatenate([prior, codes]))
    return figure


def _figure_of_codes(width: float, height: float) -> Figure:
    """A figure for square panels, with margins for all that stands beside them.

    With the usual margins, the layout "compressed" cuts numbers at the left edge by a
    few pixels, beside a legend.
    """
    figure = Figure(figsize=(width, height), dpi=DPI, layout="compressed")
    layout: Any = figure.get_layout_engine()
    layout.set(w_pad=0.1, h_pad=0.1)
    return figure


def counted(count: int, thing: str) -> str:
    """For titles: "1 sample", "3,000 samples"."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def _scatter(panel: Any, points: np.ndarray, colours: Any, axes: Sequence[str]) -> None:
    """Paint the points in a random order, few of them large, many of them small.

    Points on a line have no second coordinate, so the number of each stands for it.
    `colours` is one colour, or one for each point.
    """
    if points.shape[1] == 1:
        points = np.column_stack([points, np.arange(len(points))])
        axes = (axes[0], "number of the point")
    order = np.random.default_rng(0).permutation(len(points))
    if not isinstance(colours, str):
        colours = colours[order]
    area = min(40, max(4, 20_000 / len(points)))
    panel.scatter(*points[order].T, s=area, c=colours, alpha=0.6, linewidths=0)
    panel.set(xlabel=axes[0], ylabel=axes[1])
    panel.grid(alpha=0.3)


def _show_square(panel: Any, points: np.ndarray) -> None:
    """Show the square in which all points (N, 2) lie, with a margin.

    Points on a line are shown as they come: their two scales differ.
    """
    if points.shape[1] == 1:
        return
    low, high = points.min(axis=0), points.max(axis=0)
    middle, half = (low + high) / 2, 0.53 * (high - low).max() or 1
    panel.set_xlim(middle[0] - half, middle[0] + half)
    panel.set_ylim(middle[1] - half, middle[1] + half)
    panel.set_aspect("equal")


def _colours_by_class(
    figure: Figure, labels: np.ndarray | None, names: Sequence[str] | None
) -> Any:
    """A colour for each point, by its class, which the figure's legend explains.

    The classes 0 to 9 always have the same colours; others share a colour map. `names`
    are those of all classes; if there are none, the legend has their numbers.
    """
    if labels is None:
        return CODES
    classes, places = np.unique(labels, return_inverse=True)
    if set(classes) <= set(range(len(CLASS_COLOURS))):
        colours = np.array(CLASS_COLOURS)[classes.astype(int)]
    else:
        colours = colormaps["turbo"](np.linspace(0.05, 0.95, len(classes)))
    dots = [Line2D([], [], ls="", marker="o", color=colour) for colour in colours]
    columns = math.ceil(len(classes) / 20)
    shown = classes if names is None else [names[int(label)] for label in classes]
    figure.legend(dots, shown, title="class", loc="outside right center", ncols=columns)
    return colours[places]


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
    panel.set(xlabel="latent", ylabel="nats per image")
    _whole_ticks(panel, range(len(kl)))
    panel.grid(axis="y", alpha=0.3)
    panel.set_axisbelow(True)
    figure.legend(loc="outside lower center", ncols=2)
    return entitle(figure, "What each latent says about the image: its KL divergence")


def bounds(
    counts: Sequence[int], means: np.ndarray, trained_with: int, title: str
) -> Figure:
    """Mean bounds on ln p(x), one for each number of samples, from 1 on.

    The number that the model was trained with is marked.
    """
    check_numbers("bounds", means=means)
    if means.shape != (len(counts),):
        raise ValueError(
            f"bounds: expected a mean for each of {len(counts)} numbers of samples, "
            f"found shape {means.shape}"
        )
    figure = Figure(figsize=(7, 3.8), dpi=DPI, layout="constrained")
    panel: Any = figure.subplots()
    panel.plot(counts, means, marker="o", markersize=4, label="importance-weighted")
    panel.axhline(means[0], color="0.5", ls="--", label="of 1 sample: the ELBO")
    panel.axvline(trained_with, color="0.3", ls=":", label=f"trained: {trained_with}")
    panel.set(xscale="log", xlabel="samples for each image", ylabel="nats per image")
    panel.set_xticks(counts, [f"{count}" for count in counts])
    panel.minorticks_off()
    panel.grid(alpha=0.3)
    figure.legend(loc="outside lower center", ncols=3)
    return entitle(figure, title)


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
    from_top = images.reshape(n, n, *images.shape[1:])[::-1]
    figure = _figure_of_images(from_top, 7.4 / n, beside=0.6, above=0.7)
    panel: Any = figure.subplots()
    shown = np.unique(np.linspace(0, n - 1, 7).round().astype(int))
    z = normal_quantiles(n)
    names = [f"{z[place]:.2f}" if place in shown else "" for place in range(n)]
    # Black between black images is not seen, so digits change into each other.
    _show(panel, from_top, names[::-1], names, between=0)
    panel.tick_params(labeltop=False, labelbottom=True)
    panel.xaxis.set_label_position("bottom")
    panel.set(
        xlabel="z[0], at equal steps of the normal's quantiles",
        ylabel="z[1], likewise",
    )
    return entitle(figure, title)


def piano_rolls(melodies: dict[str, np.ndarray], title: str) -> Figure:
    """Melodies by name, each steps (T,) of a sixteenth, one below the other.

    A bar is drawn for each note, as long as it sounds, at the height of its pitch.
    `minae.data.melody` says what the steps mean.
    """
    if not melodies:
        raise ValueError("piano_rolls: expected at least one melody, found none")
    notes = {name: notes_in(steps) for name, steps in melodies.items()}
    pitches = [note.pitch for line in notes.values() for note in line] or [MIDDLE_C]
    low, high = min(pitches) - 2, max(pitches) + 2
    height = max(1.2, 0.07 * (high - low)) + 0.3
    size = (8, height * len(notes) + 0.5)
    figure = Figure(figsize=size, dpi=DPI, layout="constrained")
    panels = figure.subplots(len(notes), 1, squeeze=False, sharex=True, sharey=True)
    for panel, (name, line) in zip(panels.flat, notes.items()):
        starts = [note.start / BAR for note in line]
        lengths = [note.length / BAR for note in line]
        heights = [note.pitch for note in line]
        panel.barh(heights, lengths, 0.9, starts, edgecolor="white", linewidth=0.5)
        panel.set_title(name, loc="left", fontsize="medium", parse_math=False)
        panel.grid(alpha=0.3)
        panel.set_axisbelow(True)
    octaves = [pitch for pitch in range(0, 128, 12) if low <= pitch <= high]
    marked = octaves or [min(pitches)]
    panel.set_yticks(marked, [_name_of_pitch(pitch) for pitch in marked])
    bars = max(map(len, melodies.values())) / BAR
    panel.set(xlim=(0, bars), ylim=(low, high), xlabel="bars")
    panel.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    return entitle(figure, title)


def _name_of_pitch(pitch: int) -> str:
    """Of a MIDI pitch: 60 is C4."""
    names = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
    return f"{names[pitch % 12]}{pitch // 12 - 1}"


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
    if points.ndim != 2 or points.shape[1] not in (1, 2) or len(points) == 0:
        raise ValueError(
            f"{function}: expected points (N, 2) or (N, 1), found {points.shape}"
        )
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


def _in_rows(images: np.ndarray, columns: int) -> np.ndarray:
    """Images (N, C, H, W) as rows (rows, columns, C, H, W), filled up with white.

    There are fewer columns if there are fewer images.
    """
    columns = min(columns, len(images))
    rows = math.ceil(len(images) / columns)
    filled = np.ones((rows * columns, *images.shape[1:]), images.dtype)
    filled[: len(images)] = images
    return filled.reshape(rows, columns, *images.shape[1:])


def _figure_of_images(
    images: np.ndarray, inches: float, beside: float = 0.2, above: float = 0.2
) -> Figure:
    """A figure for images (..., columns, C, H, W), each `inches` wide.

    `beside` and `above` are the inches for what is written there, besides the title.
    """
    *rows, columns = images.shape[:-3]
    height, width = images.shape[-2:]
    size = (
        max(columns * inches + beside, 4.5),  # room for a title
        math.prod(rows) * inches * max(0.5, height / width) + above,
    )
    # The layout "constrained" would cut off long labels.
    return Figure(figsize=size, dpi=DPI, layout="compressed")


def _show(
    panel: Any,
    images: np.ndarray,
    row_names: Iterable = (),
    column_names: Iterable = (),
    between: int = 1,
) -> None:
    """Images (rows, columns, C, H, W), and names of rows and columns, if there are any.

    `between` is what separates the images: 1 is white, 0 is black.
    """
    rows, columns, channels, height, width = images.shape
    gap = max(1, round(height / 24))
    sheet = np.pad(
        images, [(0, 0)] * 3 + [(0, gap), (0, gap)], constant_values=between
    ).transpose(0, 3, 1, 4, 2)
    sheet = sheet.reshape(rows * (height + gap), columns * (width + gap), channels)
    sheet = sheet[: len(sheet) - gap, : sheet.shape[1] - gap]
    panel.imshow(
        sheet[:, :, 0] if channels == 1 else sheet.clip(0, 1),
        cmap="gray",
        vmin=0,
        vmax=1,
        interpolation="nearest",
    )
    _name(panel.yaxis, row_names, height, gap)
    _name(panel.xaxis, column_names, width, gap)
    panel.tick_params(
        left=False, top=False, bottom=False, labeltop=True, labelbottom=False
    )
    panel.xaxis.set_label_position("top")
    for spine in panel.spines.values():
        spine.set_visible(False)


def _name(axis: Any, names: Iterable, size: int, gap: int) -> None:
    """Write each name beside the middle of its row, or above that of its column."""
    names = [str(name) for name in names]
    axis.set_ticks(np.arange(len(names)) * (size + gap) + (size - 1) / 2, names)
    if axis.axis_name == "x" and any(len(name) > 8 for name in names):
        for label in axis.get_ticklabels():  # side by side they would overlap
            label.set(rotation=45, ha="left", rotation_mode="anchor")


def _words(name: str) -> str:
    return {"kl": "KL divergence", "negative_elbo": "negative ELBO"}.get(
        name, name.replace("_", " ")
    )
