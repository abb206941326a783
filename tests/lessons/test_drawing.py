"""What the lessons draw with: pictures and their texts in notebooks, windows elsewhere, animations, sliders, graphs."""

import base64
import io
import itertools
import re

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from lessons import drawing
from lessons.drawing import DrawingError

ALT = "A line that rises to the right."


@pytest.fixture(autouse=True)
def no_figure_is_left():
    yield
    plt.close("all")


@pytest.fixture
def shown(monkeypatch):
    """What a notebook would show: a list of (data, metadata)."""
    outputs = []
    monkeypatch.setattr(drawing, "_in_notebook", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda data, metadata, raw: outputs.append((data, metadata)))
    return outputs


@pytest.fixture
def windows(monkeypatch):
    """The titles of the figures that a window would show."""
    titles = []
    monkeypatch.setattr(
        plt, "show", lambda: titles.append([plt.figure(n).axes[0].get_title() for n in plt.get_fignums()])
    )
    return titles


def line(slope: float):
    axes = drawing.axes(f"slope {slope}", "x", "y")
    axes.plot([0, 1], [0, slope])
    axes.set(xlim=(0, 1), ylim=(0, 3))
    return axes


def decoded(png: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(png)))


# --- show ---


def test_a_notebook_gets_a_picture_and_its_text(shown):
    drawing.show(line(1), alt=ALT)
    ((data, metadata),) = shown
    assert metadata == {"image/png": {"alt": ALT}} and data["text/plain"] == f"[picture: {ALT}]"
    assert data["text/markdown"] == f'<img alt="{ALT}" src="data:image/png;base64,{data["image/png"]}">'
    picture = decoded(data["image/png"])
    assert picture.size == (660, 385) and len(picture.convert("RGB").getcolors()) <= drawing.COLOURS
    assert picture.convert("RGB").getpixel((0, 0)) == (255, 255, 255)


def test_the_same_figure_gives_the_same_bytes(shown):
    for _ in range(2):
        drawing.show(line(1).figure, alt=ALT)
    assert shown[0] == shown[1] and plt.get_fignums() == []


def test_elsewhere_a_window_opens(windows):
    drawing.show(line(1), alt=ALT)
    assert windows == [["slope 1"]] and plt.get_fignums() == []


def test_of_what_moves_a_window_shows_one_frame(windows):
    drawing.animate(line, iter([1, 2, 3]), alt=ALT)
    drawing.slider(line, [1, 2, 3], alt=ALT, start=1)
    drawing.slider(line, [1, 2, 3], alt=ALT)
    assert windows == [["slope 3"], ["slope 2"], ["slope 3"]]


@pytest.mark.parametrize("alt", ["", " \n"])
def test_a_picture_needs_a_text(shown, alt):
    with pytest.raises(DrawingError, match="a picture needs alt, a text that says what can be seen"):
        drawing.show(line(1), alt=alt)


def test_signs_in_a_text_are_no_markup(shown):
    drawing.show(line(1), alt='a "b" <c> & $d$')
    assert shown[0][0]["text/markdown"].startswith('<img alt="a &quot;b&quot; &lt;c&gt; &amp; &#36;d&#36;" src=')
    assert shown[0][1] == {"image/png": {"alt": 'a "b" <c> & $d$'}}


# --- what moves ---


def test_an_animation_plays_and_shows_its_last_frame_on_paper(shown):
    drawing.animate(line, iter([1, 2, 3]), alt=ALT, seconds=0.5)
    assert plt.get_fignums() == []
    drawing.show(line(3), alt=ALT)
    (data, metadata), (alone, _) = shown
    (inside,) = re.findall(r"base64,([^\"]+)", data["text/html"])
    moving, paper, still = decoded(inside), decoded(data["image/png"]), decoded(alone["image/png"])
    assert data["text/html"].startswith(f'<img alt="{ALT}"') and metadata == {"image/png": {"alt": ALT}}
    assert np.abs(np.asarray(paper.convert("RGB"), int) - np.asarray(still.convert("RGB"), int)).mean() < 1
    assert moving.n_frames == 4 and moving.info["loop"] == 0  # the last one, for programs that play none, and three
    frames, durations = [], []
    for frame in range(4):
        moving.seek(frame)
        frames.append(np.asarray(moving.convert("RGB"), int))
        durations.append(moving.info.get("duration"))
    assert durations[1:] == [500, 500, 2000]
    assert np.abs(frames[0] - np.asarray(still.convert("RGB"), int)).mean() < 1
    assert (frames[0] == frames[3]).all()
    assert [(a != b).any() for a, b in itertools.pairwise(frames)] == [True] * 3


@pytest.mark.parametrize("notebook", [True, False])
def test_an_animation_is_kept_as_a_gif(notebook, shown, windows, monkeypatch, tmp_path):
    monkeypatch.setattr(drawing, "_in_notebook", lambda: notebook)
    drawing.animate(line, [1, 2, 3], alt=ALT, seconds=0.5, keep=str(tmp_path / "mine.gif"))
    with Image.open(tmp_path / "mine.gif") as kept:
        assert (kept.n_frames, kept.info["loop"], kept.info["duration"]) == (3, 0, 500)
    assert (len(shown), windows) == ((1, []) if notebook else (0, [["slope 3"]]))


def test_bright_colours_of_few_pixels_stay_apart(shown):
    axes = drawing.axes()
    for digit in range(10):
        axes.plot([digit], [digit], "o", color=f"C{digit}")
    drawing.show(axes, alt=ALT)
    found = np.asarray(decoded(shown[0][0]["image/png"]).convert("RGB"), float).reshape(-1, 3)
    for colour in plt.rcParams["axes.prop_cycle"].by_key()["color"]:
        wanted = 255 * np.array(matplotlib.colors.to_rgb(colour))
        assert np.abs(found - wanted).max(axis=1).min() < 16, colour


def test_grey_pictures_have_few_greys(shown):
    drawing.show(drawing.pictures(np.linspace(0, 1, 784)[None]), alt=ALT)
    assert len(decoded(shown[0][0]["image/png"]).convert("L").getcolors()) == drawing.GREYS


def test_knobs_hold_a_map_of_all_pictures_upwards(shown):
    """The first axis is the second number, which grows upwards; along a row grows the first."""
    pictures = np.arange(9.0).reshape(3, 3, 1, 1) / 11 * np.ones((2, 4))
    drawing.knobs(pictures, alt=ALT)
    ((data, metadata),) = shown
    page = data["text/html"]
    (inside,) = re.findall(r"base64,([^\"]+)", page)
    found = np.asarray(decoded(inside).convert("L"), int)
    assert found.shape == (6, 12) and metadata == {"image/png": {"alt": ALT}} and f'alt="{ALT}"' in page
    wanted = np.repeat(np.repeat([[6, 7, 8], [3, 4, 5], [0, 1, 2]], 2, axis=0), 4, axis=1)
    assert (np.round(found / 255 * 11) == wanted).all()
    assert (np.round(np.asarray(decoded(data["image/png"]).convert("L")) / 255 * 11) == wanted[::2, ::2]).all()
    assert 'data-count="3" data-width="4" data-height="2"' in page
    assert page.index("<details") < page.index("<script>") < page.index("<input")  # without scripts it is the map


def test_knobs_in_a_window_are_the_map(windows):
    drawing.knobs(np.zeros((3, 3, 2, 2)), alt=ALT)
    assert windows == [[""]]


def test_a_player_has_the_notes_of_each_melody(shown):
    one, two = np.full((2, 16), 128, np.uint8)
    one[[0, 4, 12]] = 60, 72, 129
    two[8] = 64
    drawing.play({"one": one, "<two>": two}, alt=ALT, tempo=120)
    ((data, metadata),) = shown
    page = data["text/html"]
    assert metadata == {"image/png": {"alt": ALT}} and f'aria-label="{ALT}"' in page
    rows = re.findall('data-name="(.*?)" data-notes="(.*?)"', page)
    assert rows == [("one", "[[60, 0, 4], [72, 4, 8]]"), ("&lt;two&gt;", "[[64, 8, 8]]")]
    assert page.count("<svg") == 2 and "M0 13h3.85v1h-3.85zM4 1h7.85v1h-7.85z" in page  # C5 above C4
    assert "&quot;step&quot;: 0.125" in page and page.index("</svg>") < page.index("<script>")
    assert decoded(data["image/png"]).size[0] == 960


@pytest.mark.parametrize("tempo", [0, 1000, float("nan")])
def test_a_player_needs_a_tempo(tempo):
    with pytest.raises(DrawingError, match=f"play: tempo.* must be at least 4 and below 1000, found {tempo}"):
        drawing.play({"silence": np.full(16, 129)}, alt=ALT, tempo=tempo)


def test_a_player_in_a_window_is_the_rolls(windows):
    drawing.play({"silence": np.full(16, 129)}, alt=ALT)
    assert windows == [[""]]


def test_a_slider_has_all_frames_and_a_still(shown):
    drawing.slider(line, [1, 2, 3], alt=ALT, label="slope", start=1)
    drawing.show(line(2), alt=ALT)
    (data, metadata), (alone, _) = shown
    page, still, alone = data["text/html"], decoded(data["image/png"]), decoded(alone["image/png"])
    assert np.abs(np.asarray(still.convert("RGB"), int) - np.asarray(alone.convert("RGB"), int)).mean() < 1
    assert metadata == {"image/png": {"alt": ALT}} and f'<img alt="{ALT}" src="data:image/png;base64,' in page
    first, strip = (decoded(png) for png in re.findall(r"base64,([^\"]+)", page))
    assert first.size == still.size and strip.size == (3 * still.size[0], still.size[1])
    assert '["slope = 1", "slope = 2", "slope = 3"]' in page and 'max="2" value="1"' in page
    assert page.index("<script>") < page.index("<input")  # without scripts nothing is seen that does not move


def test_values_of_a_slider_are_no_markup(shown):
    drawing.slider(lambda name: line(1), ["</script>", "b"], alt=ALT, write=lambda name: f"<{name}>")
    page = shown[0][0]["text/html"]
    assert page.count("</script>") == 1 and r'["\u003c\u003c/script>>", "\u003cb>"]' in page


def test_frames_are_of_one_size(shown):
    with pytest.raises(DrawingError, match=r"frames of one size are needed, found \[\(330, 385\), \(660, 385\)\]"):
        drawing.animate(lambda width: drawing.axes(size=(width, 3.5)), [3, 6], alt=ALT)


def test_large_pictures_are_refused(shown):
    noise = np.random.default_rng(0).random((3, 150 * 150))
    with pytest.raises(DrawingError, match=r"a picture of [\d,]+ bytes, expected at most 100,000: draw fewer frames"):
        drawing.show(drawing.pictures(noise, (150, 150), size=3), alt=ALT)


# --- figures ---


def test_axes():
    axes = drawing.axes("title", "x", "y", log=True)
    assert (axes.get_title(), axes.get_xlabel(), axes.get_ylabel()) == ("title", "x", "y")
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert drawing.axes().get_xscale() == "linear" and drawing.grid(2, 3).shape == (2, 3)


@pytest.mark.parametrize(
    "places", [{"a": (0, 0), "b": (2, 1)}, {"a": (0, 0), "b": (0, 1)}, {"a": (3, 0), "b": (0, 0.1)}]
)
def test_arrows_of_a_graph_go_from_box_to_box(places):
    axes = drawing.graph(places, [("a", "b", "3")], {"a": "a long note"}, "title", bright="a")
    axes.figure.canvas.draw()
    boxes = {text.get_text()[0]: text.get_bbox_patch() for text in axes.texts if text.get_bbox_patch() is not None}
    (arrow,) = (text.arrow_patch for text in axes.texts if getattr(text, "arrow_patch", None) is not None)
    points = arrow.get_path().vertices  # of the line and the head, in pixels
    for name in places:
        box = boxes[name].get_window_extent()
        outside = np.maximum(0, np.maximum([box.x0, box.y0] - points, points - [box.x1, box.y1]))
        assert np.linalg.norm(outside, axis=1).min() < 4
    assert boxes["a"].get_facecolor() != boxes["b"].get_facecolor() and axes.get_title() == "title"


def test_rows_of_pictures():
    figure = drawing.pictures({"noisy": np.zeros((3, 6)), "clean": np.ones((2, 2, 3))}, shape=(2, 3))
    panels = np.reshape(figure.axes, (2, 3))
    assert [[len(panel.images) for panel in row] for row in panels] == [[1, 1, 1], [1, 1, 0]]
    assert [row[0].get_ylabel() for row in panels] == ["noisy", "clean"]
    assert panels[0, 0].images[0].get_array().shape == (2, 3) and panels[0, 0].images[0].get_clim() == (0, 1)
    assert len(drawing.pictures(np.zeros((4, 784))).axes) == 4


def test_a_table():
    axes = drawing.table(["one", "two"], ["A", "B"], [["pass", "fail"], ["", "pass"]], bad=lambda word: word == "fail")
    assert [text.get_text() for text in axes.texts] == ["pass", "✗ fail", "", "pass"]
    colours = [patch.get_facecolor() for patch in axes.patches]
    assert colours[0] == colours[3] != colours[1] and colours[2] == (1, 1, 1, 1)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["one", "two"]


def test_numerals_stand_at_their_points():
    points, labels = np.array([[0, 0.5], [-1, 1], [0.25, 0]]), np.array([7, 3, 7])
    axes = drawing.numerals(points, labels, "title")
    assert axes.get_title() == "title" and len(axes.collections) == 10
    assert axes.collections[7].get_offsets().tolist() == [[0, 0.5], [0.25, 0]]
    assert axes.collections[3].get_offsets().tolist() == [[-1, 1]]
    assert [len(drawn.get_offsets()) for drawn in axes.collections] == [0, 0, 0, 1, 0, 0, 0, 2, 0, 0]


def test_a_journey_goes_from_code_to_code():
    pictures, codes = np.arange(3.0)[:, None] * np.ones(4), np.array([[0, 0], [1, 0], [1, -1]], np.float32)
    frames = drawing.journey(pictures, codes, lambda codes: 10 * codes, steps=3)
    assert all((frame["copy"] == 10 * frame["code"]).all() and frame["code"].dtype == np.float32 for frame in frames)
    seen = [(frame["picture"][0], frame.get("shrunk", 0), frame.get("grown", 1), *frame["code"]) for frame in frames]
    assert [one for one, _ in itertools.groupby(seen)] == [
        *[(0, 0, 0, 0, 0), (0, 0.5, 0, 0, 0), (0, 1, 0, 0, 0), (0, 1, 0.5, 0, 0), (0, 1, 1, 0, 0)],
        *[(1, 0, 1, 0, 0), (1, 0.5, 1, 0.5, 0), (1, 1, 1, 1, 0)],
        *[(2, 0, 1, 1, 0), (2, 0.5, 1, 1, -0.5), (2, 1, 1, 1, -1)],
    ]


def test_a_picture_passes_through_its_code():
    frame = {"picture": np.zeros(4), "code": np.array([0.5, -0.25]), "copy": np.ones(4)}
    for shrunk, grown, extents in (
        (0, 0, [[-1, 1, -1, 1]]),
        (0.5, 0, [[1.25, 2.25, -0.625, 0.375]]),
        (1, 0.5, [[4.25, 5.25, -0.625, 0.375]]),
        (1, 1, [[5, 7, -1, 1]]),
        (0, 1, [[-1, 1, -1, 1], [5, 7, -1, 1]]),
    ):
        axes = drawing.passage({**frame, "shrunk": shrunk, "grown": grown})
        assert [list(image.get_extent()) for image in axes.images] == extents
        texts = [text.get_text() for text in axes.texts]
        assert ("(+0.50, -0.25)" in texts) == (shrunk == 1 or grown > 0)


@pytest.mark.parametrize(
    ("is_fine", "verdict", "seal"), [(True, "pass", "verified"), (False, "pass", "refused"), (True, "fail", "refused")]
)
def test_a_certificate_is_sealed_if_all_is_fine(is_fine, verdict, seal):
    lines = [("kinks", "none", True), ("far away", "inf", is_fine)]
    left, right = drawing.certificate("mine", lines, verdict, [(1.0, 1.0), (2.0, -2.0)]).axes
    last = "✓ far away" if is_fine else "✗ far away"
    assert [text.get_text() for text in left.texts] == ["✓ kinks", "none", last, "inf", seal]
    assert right.get_title() == f"minae.gradcheck: {verdict}" and right.lines[1].get_xydata().tolist() == [
        [1, 1],
        [2, -2],
    ]
