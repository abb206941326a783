"""What the lessons draw with: figures, pictures with a text for those who cannot see them, animations and sliders.

A figure is made by `axes`, `grid`, `graph`, `pictures` or `table`, or by Matplotlib itself, and ends in `show`. What
moves is made from a function that draws one frame: `draw(value)` returns it. Give all frames the same size and limits.

    axes = drawing.axes("Parabola", "x", "y")
    axes.plot(x, x**2)
    drawing.show(axes, alt="A parabola with its lowest point at 0.")
"""

import base64
import io
import sys
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from minae.reports.plots import piano_rolls

from .pages import img, knobs_html, player_html, slider_html

SIZE = (6, 3.5)  # inches; at DPI, as wide as a page of text
DPI = 110
COLOURS = 48  # of a picture: enough for ten colours and letters, at half the bytes
GREYS = 12  # of a picture without colours
LARGEST = 100_000  # bytes of one picture, animation or slider


class DrawingError(ValueError):
    """A picture that a lesson cannot have."""


# --- to show what was drawn ---


def show(figure: Figure | Axes, alt: str) -> None:
    """Show a figure. `alt` says in a sentence or two what can be seen, for those who cannot see it.

    In a notebook the picture and its text stand in the cell's output; elsewhere a window opens.
    """
    figure = _figure_of(figure)
    if _in_notebook():
        _display(_png(_with_one_palette([_picture(figure)])), alt)
    else:
        plt.show()
    plt.close(figure)


def animate(
    draw: Callable[[Any], Figure | Axes], values: Iterable, alt: str, seconds: float = 0.3, keep: str = ""
) -> None:
    """Play draw(value) for each value, `seconds` each, again and again. On paper it is the last frame.

    `keep` names a GIF to write, for the reader to take home.
    """
    values = list(values)
    frames = _with_one_palette(_frames(draw, values if _in_notebook() or keep else values[-1:]))
    times = [1000 * seconds] * (len(frames) - 1) + [1000 * max(2, seconds)]  # time to look at the last one
    if keep:
        frames[0].save(keep, "GIF", save_all=True, append_images=frames[1:], duration=times, loop=0)
    if _in_notebook():
        _display(_png(frames[-1:]), alt, img(_png(frames, times), alt))
    else:
        show(draw(values[-1]), alt)


def slider(
    draw: Callable[[Any], Figure | Axes],
    values: Sequence,
    alt: str,
    label: str = "",
    start: int = -1,
    write: Callable[[Any], str] = str,
) -> None:
    """draw(value) with a slider for the value, named `label` and written by `write`. It starts at values[start].

    All frames are drawn at once, so it also moves where no Python runs. Where scripts are off, and on paper, it is the
    picture that it starts with.
    """
    if not _in_notebook():
        show(draw(values[start]), alt)
        return
    frames = _with_one_palette(_frames(draw, values))
    start = range(len(frames))[start]
    still, strip = _png([frames[start]]), _png([_side_by_side(frames)])
    texts = [f"{label} = {write(value)}" if label else write(value) for value in values]
    _display(still, alt, slider_html(still, strip, frames[0].size, texts, start, alt))


def knobs(pictures: np.ndarray, alt: str) -> None:
    """Two sliders, each from -1 to 1, and the picture that stands at their two numbers.

    pictures (n, n, height, width) are grey, from 0 to 1: the first axis is the second number, growing. Between them
    the browser blends the nearest four. Where scripts are off, and on paper, all of them are seen at once, as a map.
    """
    height, width = pictures.shape[2:]
    sheet = pictures[::-1].transpose(0, 2, 1, 3).reshape(len(pictures) * height, -1)  # upwards, as on a map
    if not _in_notebook():
        made = axes("", "first number", "second number", size=(5, 5))
        made.imshow(sheet, cmap="gray", vmin=0, vmax=1, extent=(-1, 1, -1, 1))
        show(made, alt)
        return
    whole, small = (_png([_with_few_greys(sheet[::step, ::step])]) for step in (1, 2))
    _display(small, alt, knobs_html(img(whole, alt), len(pictures), width, height))


def play(melodies: Mapping[str, np.ndarray], alt: str, tempo: float = 100) -> None:
    """Piano rolls of melodies by name, steps (T,) of a sixteenth, each with a button that plays it.

    `tempo` is quarter notes a minute. The browser makes the sound, so it also plays where no Python runs. Where scripts
    are off, and on paper, it is the rolls only. `minae.data.write_wav` writes sound to take home.
    """
    if not 4 <= tempo < 1000:
        raise DrawingError(f"play: tempo, quarter notes a minute, must be at least 4 and below 1000, found {tempo}")
    rolls = piano_rolls(dict(melodies), "")
    if _in_notebook():
        _display(_png(_with_one_palette([_picture(rolls)])), alt, player_html(melodies, alt, tempo))
    else:
        made = axes(size=tuple(rolls.get_size_inches()))
        made.imshow(_picture(rolls))
        made.set_axis_off()
        show(made, alt)


# --- to draw ---


def axes(title: str = "", x: str = "", y: str = "", log: bool = False, size: tuple[float, float] = SIZE) -> Axes:
    """Empty axes with a title and names for both directions; `log`: both are logarithmic."""
    made = plt.subplots(figsize=size, dpi=DPI, layout="constrained")[1]
    made.set(title=title, xlabel=x, ylabel=y)
    made.grid(alpha=0.3)
    if log:
        made.set(xscale="log", yscale="log")
    return made


def grid(rows: int = 1, columns: int = 1, size: tuple[float, float] = SIZE) -> np.ndarray:
    """Several axes, an array of shape (rows, columns)."""
    return plt.subplots(rows, columns, figsize=size, dpi=DPI, layout="constrained", squeeze=False)[1]


def graph(
    places: Mapping[Hashable, tuple[float, float]],
    edges: Iterable[tuple[Hashable, Hashable, str]],
    notes: Mapping[Hashable, str] | None = None,
    title: str = "",
    bright: Iterable[Hashable] = (),
    size: tuple[float, float] = SIZE,
) -> Axes:
    """Boxes at `places`, with arrows (from, to, label). `notes` stand below the names; `bright` boxes stand out."""
    made = axes(title, size=size)
    made.axis("off")
    bright, notes = set(bright), notes or {}
    boxes = {}
    for node, (x, y) in places.items():
        text = f"{node}\n{notes[node]}" if node in notes else f"{node}"
        style = {"boxstyle": "round", "facecolor": "#ffd9a0" if node in bright else "#ddeeff"}
        boxes[node] = made.text(x, y, text, ha="center", va="center", bbox=style, zorder=3)
    _leave_room(made, np.array(list(places.values())))
    for start, end, label in edges:
        (x0, y0), (x1, y1) = places[start], places[end]
        arrow = {"arrowstyle": "-|>", "color": "gray", "shrinkA": 0, "shrinkB": 0}
        arrow |= {"patchA": boxes[start].get_bbox_patch(), "patchB": boxes[end].get_bbox_patch()}  # from edge to edge
        made.annotate("", (x1, y1), (x0, y0), arrowprops=arrow)
        if label:
            beside: dict[str, Any] = {"ha": "center", "va": "center", "backgroundcolor": "white"}
            made.text((x0 + x1) / 2, (y0 + y1) / 2, label, color="C3", **beside)
    return made


def pictures(rows: Mapping[str, Any] | np.ndarray, shape: tuple[int, int] = (28, 28), size: float = 0.7) -> Figure:
    """Rows of grey pictures from 0 (black) to 1 (white): {"noisy": array (N, height * width), "clean": ...}, or one.

    `size` is the height of a picture in inches.
    """
    named = dict(rows) if isinstance(rows, Mapping) else {"": rows}
    arrays = [np.asarray(row, dtype=float).reshape(len(row), *shape) for row in named.values()]
    columns, width = max(map(len, arrays)), size * shape[1] / shape[0]
    panels = grid(len(arrays), columns, (width * columns + 0.6, size * len(arrays) + 0.1))
    for panel in panels.flat:
        panel.set(xticks=[], yticks=[])
        panel.set_frame_on(False)
    for line, (name, row) in zip(panels, zip(named, arrays)):
        line[0].set_ylabel(name)
        for panel, picture in zip(line, row):
            panel.imshow(picture, cmap="gray", vmin=0, vmax=1)
    return panels.flat[0].figure


def table(
    rows: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[str]], bad: Callable[[str], bool]
) -> Axes:
    """A table of short words: red with a cross where bad(word), else green; white where there is none."""
    made = axes(size=(SIZE[0] * 1.1, 0.6 + 0.36 * len(rows)))
    made.grid(False)
    for i, line in enumerate(cells):
        for j, word in enumerate(line):
            colour = "white" if not word else "#f2b8b0" if bad(word) else "#bfe3c8"
            made.add_patch(plt.Rectangle((j, i), 1, 1, facecolor=colour, edgecolor="white", linewidth=2))
            made.text(j + 0.5, i + 0.5, f"✗ {word}" if word and bad(word) else word, ha="center", va="center")
    made.set(xlim=(0, len(columns)), ylim=(len(rows), 0))
    made.set_xticks(np.arange(len(columns)) + 0.5, columns)
    made.set_yticks(np.arange(len(rows)) + 0.5, rows)
    made.xaxis.tick_top()
    made.tick_params(length=0)
    made.set_frame_on(False)
    return made


def numerals(points: np.ndarray, labels: np.ndarray, title: str = "") -> Axes:
    """Points in the square from -1 to 1, each drawn as the digit that is its label."""
    made = axes(title, "first number", "second number", size=(3.8, 3.8))
    for digit in range(10):
        x, y = points[labels == digit].T
        made.scatter(x, y, s=22, color=f"C{digit}", marker=f"${digit}$", linewidths=0.3)
    made.set(xlim=(-1.05, 1.05), ylim=(-1.05, 1.05))
    return made


def journey(
    pictures: np.ndarray, codes: np.ndarray, decode: Callable[[np.ndarray], np.ndarray], steps: int = 5
) -> list[dict]:
    """Frames for `passage`: pictures shrink into their codes, one after another; the point walks from code to code."""
    still = {"picture": pictures[0], "code": codes[0], "copy": decode(codes[:1])[0]}
    part = np.linspace(0, 1, steps)
    frames = [{**still, "shrunk": 0, "grown": 0}] * 4
    frames += [{**still, "shrunk": t, "grown": 0} for t in part]
    frames += [{**still, "shrunk": 1, "grown": t} for t in part] + [{**still, "shrunk": 1}] * 4
    for picture, start, end in zip(pictures[1:], codes, codes[1:]):
        way = (start + part[:, None] * (end - start)).astype(codes.dtype)
        walk = [{"picture": picture, "code": code, "copy": copy} for code, copy in zip(way, decode(way))]
        frames += walk[:1] * 3 + [{**frame, "shrunk": t} for frame, t in zip(walk, part)]
        frames += [{**walk[-1], "shrunk": 1}] * 4
    return frames


def passage(frame: Mapping[str, Any]) -> Axes:
    """A picture on its way through its code, which is a point of the square from -1 to 1.

    Where `shrunk` is 1 the picture, at the left, is all in the point. Where `grown` is 1 (as it is if nothing is said)
    the copy, at the right, is all out of it.
    """
    made = plt.figure(figsize=(5.4, 2), dpi=DPI).add_axes((0, 0, 1, 1))
    code, shrunk, grown = frame["code"], frame.get("shrunk", 0), frame.get("grown", 1)
    point = np.array([3 + code[0], code[1]])
    for x, face, text in ((0, "black", "784 numbers"), (3, "white", "2 numbers"), (6, "black", "784 numbers again")):
        made.add_patch(plt.Rectangle((x - 1, -1), 2, 2, facecolor=face, edgecolor="gray"))
        made.text(x, 1.1, text, ha="center", va="bottom")
    for x, picture, size in ((0, frame["picture"], 1 - shrunk), (6, frame["copy"], grown)):
        _place(made, picture, point + size * (np.array([x, 0]) - point), size)
    if shrunk == 1 or grown > 0:
        made.plot(*point, "o", color="C3", zorder=4)
        made.text(3, -1.1, f"({code[0]:+.2f}, {code[1]:+.2f})", ha="center", va="top", color="C3")
    made.set(xlim=(-1.2, 7.2), ylim=(-1.54, 1.54), aspect="equal")
    made.axis("off")
    return made


def _place(made: Axes, picture: np.ndarray, centre: np.ndarray, size: float) -> None:
    """A square grey picture, of 2 * size each way."""
    if size > 0:
        (x, y), side = centre, round(picture.size**0.5)
        extent = (x - size, x + size, y - size, y + size)
        made.imshow(picture.reshape(side, side), cmap="gray", vmin=0, vmax=1, extent=extent, zorder=3)


def certificate(
    name: str, lines: Sequence[tuple[str, str, bool]], verdict: str, slopes: Sequence[tuple[float, float]]
) -> Figure:
    """A certificate of an op: what was asked, what was found, whether that is fine; and a seal, green if all of it is.

    Beside it is a gradient check: its verdict, and pairs of a slope by nudging and what backward gives. Those of a
    right op lie on the diagonal.
    """
    left, right = grid(1, 2, (6.4, 3))[0]
    colours = {True: "C2", False: "C3"}
    left.axis("off")
    left.set(xlim=(0, 1), ylim=(len(lines) + 1.9, -0.6), title=name)
    for place, (question, found, is_fine) in enumerate(lines):
        left.text(0, place, f"{'✓' if is_fine else '✗'} {question}", color=colours[is_fine], va="center")
        left.text(1.02, place, found, ha="right", va="center")
    is_verified = verdict == "pass" and all(is_fine for _, _, is_fine in lines)
    seal = {"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": colours[is_verified], "linewidth": 3}
    word = "verified" if is_verified else "refused"
    left.text(0.5, len(lines) + 0.9, word, ha="center", va="center", rotation=6, bbox=seal, size="x-large")
    measured, given = np.array(slopes).T
    limit = 1.1 * max(np.abs(measured).max(), np.abs(given).max())
    right.plot([-limit, limit], [-limit, limit], color="grey", linewidth=1)
    right.plot(measured, given, "o", color=colours[verdict == "pass"], alpha=0.7)
    right.set(title=f"minae.gradcheck: {verdict}", xlabel="slope by nudging", ylabel="what backward gives")
    right.set_aspect("equal")
    right.grid(alpha=0.3)
    return left.figure


# --- pictures as bytes ---


def _figure_of(drawn: Figure | Axes) -> Figure:
    figure = drawn if isinstance(drawn, Figure) else drawn.get_figure(root=True)
    assert figure is not None, "axes that were taken off their figure"
    return figure


def _leave_room(made: Axes, points: np.ndarray) -> None:
    """Limits with room for a box around each point."""
    low, high = points.min(0), points.max(0)
    made.set(xlim=(low[0] - 0.5, high[0] + 0.5), ylim=(low[1] - 0.4, high[1] + 0.4))


def _picture(figure: Figure) -> Image.Image:
    file = io.BytesIO()
    figure.savefig(file, format="png")
    return Image.open(file).convert("RGB")


def _frames(draw: Callable[[Any], Figure | Axes], values: Iterable) -> list[Image.Image]:
    """A picture of draw(value) for each value."""
    frames = []
    for value in values:
        figure = _figure_of(draw(value))
        frames.append(_picture(figure))
        plt.close(figure)
    if len({frame.size for frame in frames}) != 1:
        raise DrawingError(f"frames of one size are needed, found {sorted({frame.size for frame in frames})}")
    return frames


def _side_by_side(frames: list[Image.Image]) -> Image.Image:
    """One wide picture. Equal pixels of neighbours stand close together there, and PNG stores them once."""
    width, height = frames[0].size
    strip = Image.new(frames[0].mode, (width * len(frames), height))
    if frames[0].mode == "P":
        strip.putpalette(frames[0].getpalette() or [])
    for place, frame in enumerate(frames):
        strip.paste(frame, (place * width, 0))
    return strip


def _with_one_palette(frames: list[Image.Image]) -> list[Image.Image]:
    """All frames in the same few colours, so that what stands still does not flicker. White stays white."""
    strip = np.asarray(_side_by_side(frames))
    if (strip == strip[..., :1]).all():
        return [_with_few_greys(np.asarray(frame.convert("L")) / 255) for frame in frames]
    method = Image.Quantize.FASTOCTREE  # the others mix bright colours that cover few pixels
    common = _side_by_side(frames).quantize(COLOURS, method, dither=Image.Dither.NONE).getpalette() or []
    colours = [common[place : place + 3] for place in range(0, len(common), 3)]
    palette = Image.new("P", (1, 1))
    palette.putpalette([value for colour in colours for value in ([255] * 3 if min(colour) > 245 else colour)])
    return [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]


def _with_few_greys(picture: np.ndarray, greys: int = GREYS) -> Image.Image:
    """Numbers from 0 to 1 as a picture in a palette of greys."""
    few = Image.fromarray(np.round(picture * (greys - 1)).astype(np.uint8), "P")
    few.putpalette([round(255 * grey / (greys - 1)) for grey in range(greys) for _ in "rgb"])
    return few


def _png(frames: list[Image.Image], milliseconds: Sequence[float] = ()) -> str:
    """A PNG in base64. Several frames make an animated PNG; programs that cannot play it show the last one."""
    file = io.BytesIO()
    if len(frames) == 1:
        frames[0].save(file, "PNG", optimize=True)
    else:
        times = [round(time) for time in milliseconds]
        frames[-1].save(file, "PNG", save_all=True, append_images=frames, default_image=True, duration=times, loop=0)
    size = len(file.getvalue())
    if size > LARGEST:
        found = f"a picture of {size:,} bytes, expected at most {LARGEST:,}"
        raise DrawingError(f"{found}: draw fewer frames, or smaller ones")
    return base64.b64encode(file.getvalue()).decode()


# --- notebooks ---


def _in_notebook() -> bool:
    """Whether a notebook runs this, so that pictures go into the cell's output."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return shell is not None and hasattr(shell, "kernel")


def _display(png: str, alt: str, page: str | None = None) -> None:
    """Put a picture into the cell's output; `page` is HTML that shows it better where HTML is possible.

    Jupyter leaves the text of a PNG away but takes the Markdown, which has it. Code hosts and Sphinx take the PNG.
    """
    from IPython.display import display

    if not alt.strip():
        raise DrawingError("a picture needs alt, a text that says what can be seen")
    data = {"image/png": png, "text/plain": f"[picture: {alt}]"}
    data |= {"text/html": page} if page else {"text/markdown": img(png, alt)}
    display(data, metadata={"image/png": {"alt": alt}}, raw=True)
