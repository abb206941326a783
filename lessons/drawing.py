"""What the lessons draw with: figures, pictures with a text for those who cannot see them, animations and sliders.

A figure is made by `axes`, `grid`, `graph`, `pictures` or `table`, or by Matplotlib itself, and ends in `show`. What
moves is made from a function that draws one frame: `draw(value)` returns it. Give all frames the same size and limits.

    axes = drawing.axes("Parabola", "x", "y")
    axes.plot(x, x**2)
    drawing.show(axes, alt="A parabola with its lowest point at 0.")
"""

import base64
import html
import io
import json
import sys
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

SIZE = (6, 3.5)  # inches; at DPI, as wide as a page of text
DPI = 110
COLOURS = 32  # of a picture: enough for curves and letters, at half the bytes
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


def animate(draw: Callable[[Any], Figure | Axes], values: Iterable, alt: str, seconds: float = 0.3) -> None:
    """Play draw(value) for each value, `seconds` each, again and again. On paper it is the last frame."""
    values = list(values)
    if not _in_notebook():
        show(draw(values[-1]), alt)
        return
    frames = _with_one_palette(_frames(draw, values))
    times = [1000 * seconds] * (len(frames) - 1) + [1000 * max(2, seconds)]  # time to look at the last one
    _display(_png(frames, times), alt)


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
    _display(still, alt, _slider_html(still, strip, frames[0].size, texts, start, alt))


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
    common = _side_by_side(frames).quantize(COLOURS, dither=Image.Dither.NONE).getpalette() or []
    colours = [common[place : place + 3] for place in range(0, len(common), 3)]
    palette = Image.new("P", (1, 1))
    palette.putpalette([value for colour in colours for value in ([255] * 3 if min(colour) > 245 else colour)])
    return [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]


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
    data |= {"text/html": page} if page else {"text/markdown": _img(png, alt)}
    display(data, metadata={"image/png": {"alt": alt}}, raw=True)


def _img(png: str, alt: str) -> str:
    text = html.escape(alt).replace("$", "&#36;")  # Markdown would take what is between two $ for mathematics
    return f'<img alt="{text}" src="data:image/png;base64,{png}">'


SLIDER = """
<div style="max-width: {width}px">
{picture}
<script>
(() => {{
  const box = document.currentScript.parentElement, picture = box.querySelector("img");
  const label = document.createElement("label"), texts = {texts};
  label.innerHTML = '<input type="range" min="0" max="{last}" value="{start}" style="width: 60%"> <output></output>';
  const [slider, text] = label.children;
  slider.oninput = () => {{
    picture.style.objectPosition = 100 * slider.value / {last} + "% 0";
    text.textContent = texts[slider.value];
    slider.setAttribute("aria-valuetext", texts[slider.value]);
  }};
  picture.style.cssText = "width: 100%; aspect-ratio: {width} / {height}; object-fit: cover";
  picture.src = "data:image/png;base64,{strip}";
  box.append(label);
  slider.oninput();
}})();
</script>
</div>
"""


def _slider_html(still: str, strip: str, size: tuple[int, int], texts: list[str], start: int, alt: str) -> str:
    """The still picture. A script puts all frames side by side in its place, of which one is seen, and a slider."""
    return SLIDER.format(
        picture=_img(still, alt),
        width=size[0],
        height=size[1],
        last=max(1, len(texts) - 1),
        start=start,
        texts=json.dumps(texts).replace("<", "\\u003c"),
        strip=strip,
    )
