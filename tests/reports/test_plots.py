"""Figures: can they be read, and is it true what they say? They are read from the finished figure, as by a reader."""

from itertools import combinations

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba
from matplotlib.legend import Legend

from minae.cli import main
from minae.data import Dataset, Split, name_of
from minae.data.melody import Note, notes_in, steps_from
from minae.models import CVAE, VAE, SuperResolution
from minae.models.registry import MODELS
from minae.reports import cvae as cvae_report
from minae.reports import plots, report_on, super_resolution
from minae.reports import vae as vae_report
from minae.training.run_folder import Run


def boxes(figure):
    """Where things are, in pixels: each panel with its names, each legend, the title."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw_without_rendering()
    legends = figure.findobj(Legend)
    titles = [figure._suptitle] if figure.get_suptitle() else []
    return [thing.get_tightbbox(renderer) for thing in [*figure.axes, *legends, *titles]]


def assert_readable(figure):
    """Nothing is cut off at the edge, and nothing lies on anything else."""
    places, edge = boxes(figure), figure.bbox
    for place in places:
        assert place.x0 > -1 and place.y0 > -1 and place.x1 < edge.width + 1 and place.y1 < edge.height + 1, place
    for one, other in combinations(places, 2):
        assert not one.shrunk(0.999, 0.999).overlaps(other.shrunk(0.999, 0.999)), (one, other)


def ticks(axis):
    """The numbers that are written at an axis within its limits."""
    low, high = sorted(axis.get_view_interval())
    return [place for place in axis.get_majorticklocs() if low <= place <= high]


def history_of(epochs, *losses, rng=0):
    rng = np.random.default_rng(rng)
    names = [f"{split}_{loss}" for split in ("train", "test") for loss in losses]
    names += [f"gradient_{layer}.weight" for layer in ("encoder.1", "a.layer.with.a.rather.long.name.7")]
    return {"epoch": np.arange(1.0, epochs + 1)} | {name: rng.random(epochs) + 0.1 for name in names}


PARTS = ("reconstruction", "kl")
GAME = ("reconstruction", "discriminator", "generator", "discriminator_accuracy")


# --- curves -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("epochs", [1, 2, 3, 7, 45, 400])
@pytest.mark.parametrize("draw", ["losses", "gradients"])
def test_epochs_are_whole_numbers(epochs, draw):
    history = history_of(epochs, *PARTS)
    unit = "squared error per image, summed over pixels"
    figure = plots.loss_curves(history, PARTS, unit) if draw == "losses" else plots.gradient_norms(history)
    assert_readable(figure)
    for panel in figure.axes:
        shown = ticks(panel.xaxis)
        assert shown and all(place == int(place) for place in shown)
        assert 1 <= min(shown) and max(shown) <= epochs


def test_the_total_is_drawn_and_is_the_sum_of_its_parts():
    history = history_of(5, *PARTS)
    figure = plots.loss_curves(history, ("negative_elbo", *PARTS), "nats per image")
    total = figure.axes[0]
    assert total.get_title() == "negative ELBO"
    for line, split in zip(total.lines, ("train", "test"), strict=True):
        expected = history[f"{split}_reconstruction"] + history[f"{split}_kl"]
        np.testing.assert_allclose(line.get_ydata(), expected, rtol=1e-15)
    for name in ("vae", "conv-vae", "cvae"):
        assert report_on(name).LOSSES[0] == "negative_elbo", "what the README quotes comes first"


def test_it_says_what_the_points_of_each_split_are():
    (legend,) = plots.loss_curves(history_of(2, *PARTS), PARTS, "nats").legends
    train, test = (text.get_text() for text in legend.texts)
    assert "mean during the epoch" in train and "after the epoch" in test


def test_chance_is_drawn_and_no_label_is_as_tall_as_its_panel():
    figure = plots.loss_curves(history_of(6, *GAME), GAME, "nats per image")
    assert_readable(figure)
    levels = [[line.get_ydata()[0] for line in panel.lines[2:]] for panel in figure.axes]
    assert levels == [[], [np.log(2)], [np.log(2)], [0.5]]
    assert [text.get_text() for text in figure.legends[0].texts][-1] == "chance"
    for panel in figure.axes:
        assert panel.yaxis.label.get_window_extent().height < 0.8 * panel.bbox.height


def test_what_is_read_as_what_is_darker_the_larger_its_share_of_the_row():
    counts = np.array([[3, 1, 0], [0, 0, 0], [10, 20, 30]])
    figure = plots.confusion(counts, ["ankle boot", "bag", "7"], "Title")
    assert_readable(figure)
    (panel,) = figure.axes
    np.testing.assert_allclose(panel.images[0].get_array(), [[0.75, 0.25, 0], [0, 0, 0], [1 / 6, 1 / 3, 1 / 2]])
    assert [int(text.get_text()) for text in panel.texts] == counts.ravel().tolist()
    assert [text.get_position() for text in panel.texts[:4]] == [(0, 0), (1, 0), (2, 0), (0, 1)]
    assert [text.get_text() for text in panel.get_yticklabels()] == ["ankle boot", "bag", "7"]


def test_lengths_of_gradients_are_written_as_numbers_not_as_powers():
    figure = plots.gradient_norms({"epoch": [1, 2], "gradient_a.weight": [0.02, 30.0]})
    boxes(figure)
    written = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert {"0.1", "0.5", "20"} <= set(written)


# --- codes ------------------------------------------------------------------------------------------------------------


def points_of(count, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(count, 2)) * (1, 5), rng.integers(10, size=count)


@pytest.mark.parametrize("shape", [(1, 2), (2, 2), (500, 2), (1, 1), (500, 1)])
@pytest.mark.parametrize("labelled", [True, False])
def test_codes_of_any_spread_are_not_cut(shape, labelled):
    rng = np.random.default_rng(0)
    codes, labels = 1e3 * rng.normal(size=shape) - 5e3, rng.integers(10, size=shape[0])
    labels = labels if labelled else None
    for figure in (
        plots.latent_scatter(codes, labels, "Codes", ("z[0]", "z[1]")),
        plots.codes_beside_prior(codes, labels, 4 * codes, ("z[0]", "z[1]")),
    ):
        assert_readable(figure)
        for panel in figure.axes:
            (drawn,) = panel.collections
            (left, right), (low, high) = panel.get_xlim(), panel.get_ylim()
            x, y = drawn.get_offsets().T
            assert left < x.min() and x.max() < right and low < y.min() and y.max() < high
            if shape[1] == 2:
                scales = panel.bbox.width / (right - left), panel.bbox.height / (high - low)
                assert scales[0] == pytest.approx(scales[1]), "equally long on both axes"
        assert len({round(panel.bbox.width) for panel in figure.axes}) == 1


def test_classes_are_painted_in_a_shuffled_order_which_is_always_the_same():
    codes, labels = points_of(1000)
    labels = np.sort(labels)
    first, again = (plots.latent_scatter(codes, labels, "", ("x", "y")).axes[0].collections[0] for _ in range(2))
    np.testing.assert_array_equal(first.get_offsets(), again.get_offsets())
    colours = [tuple(colour[:3]) for colour in first.get_facecolors()]
    assert len(set(colours[-100:])) == 10, "the last 100 painted are of all classes"
    class_of = {tuple(to_rgba(colour)[:3]): label for label, colour in enumerate(plots.CLASS_COLOURS)}
    painted = {(*point, class_of[colour]) for point, colour in zip(first.get_offsets().data, colours)}
    assert painted == {(*point, label) for point, label in zip(codes, labels)}, "each in its class's colour"


@pytest.mark.parametrize("classes", [[7], [0, 3, 9], range(10), range(11), range(37), [-1, 40]])
def test_each_class_has_a_colour_of_its_own_which_the_legend_tells(classes):
    labels = np.repeat(classes, 3)
    figure = plots.latent_scatter(np.random.default_rng(0).normal(size=(len(labels), 2)), labels, "", ("x", "y"))
    assert_readable(figure)
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.texts] == [str(label) for label in classes]
    assert len({to_rgba(dot.get_color()) for dot in legend.get_lines()}) == len(classes)


def test_the_prior_has_no_classs_colour():
    codes, labels = points_of(50)
    prior, coded = plots.codes_beside_prior(codes, labels, codes, ("x", "y")).axes
    (colour,) = {tuple(colour[:3]) for colour in prior.collections[0].get_facecolors()}
    assert colour not in {tuple(to_rgba(colour)[:3]) for colour in plots.CLASS_COLOURS}
    assert colour not in {tuple(colour[:3]) for colour in coded.collections[0].get_facecolors()}


@pytest.mark.parametrize("latent", [1, 2, 5, 20, 200])
def test_no_legend_lies_on_a_bar_and_latents_are_whole_numbers(latent):
    kl = np.random.default_rng(0).random(latent)
    figure = plots.kl_per_latent(kl, kl > 0.3)
    assert_readable(figure)
    shown = ticks(figure.axes[0].xaxis)
    assert shown and all(0 <= place < latent and place == int(place) for place in shown)


@pytest.mark.parametrize("trained_with", [1, 5, 5000])
def test_the_bounds_stand_at_their_numbers_of_samples(trained_with):
    counts, means = [2**i for i in range(9)], np.linspace(-90.0, -85, 9)
    figure = plots.bounds(counts, means, trained_with, LONG)
    assert_readable(figure)
    rising, elbo, marked = figure.axes[0].lines
    np.testing.assert_array_equal(rising.get_data(), [counts, means])
    assert set(elbo.get_ydata()) == {-90.0} and set(marked.get_xdata()) == {trained_with}
    assert [text.get_text() for text in figure.axes[0].get_xticklabels()] == [str(count) for count in counts]


# --- images and titles ------------------------------------------------------------------------------------------------


LONG = "HOLIDAY MAPS " * 12 + "w" * 200


@pytest.mark.parametrize("count", [1, 3, 25])
@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 48, 48), (1, 7, 20)])
def test_images_of_any_number_have_room_for_titles_and_names(count, shape):
    images = np.random.default_rng(0).random((count, *shape), dtype=np.float32)
    square = np.repeat(images[:1], 9, axis=0)
    named = {"original": images, "what the model\nadds to bicubic": images}
    for figure in (
        plots.grid(images, LONG),
        plots.grid(images, LONG, names=range(10)),
        plots.versions(named, LONG),
        plots.table(images[None], ["only row"], range(count), LONG, ("row", "column")),
        plots.manifold(square, LONG),
    ):
        height = figure.get_figheight()
        plots.entitle(figure, LONG)
        assert figure.get_figheight() > height
        assert_readable(figure)


def test_a_title_stands_above_the_one_before_as_it_is_written():
    figure = plots.grid(np.zeros((10, 1, 8, 8)), "Below")
    plots.entitle(figure, "$a_1$ 写 \udcff")
    assert figure.get_suptitle() == "$a_1$ ? ?\nBelow"
    assert not figure._suptitle.get_parse_math()
    assert_readable(figure)


def test_images_do_not_touch():
    images = np.zeros((4, 3, 48, 48))
    sheet = plots.grid(images, "", columns=2).axes[0].images[0].get_array()
    assert sheet.shape == (98, 98, 3)
    assert (sheet[48:50] == 1).all() and (sheet[:, 48:50] == 1).all() and sheet.sum() == 3 * (2 * 98 * 2 - 4)


def test_ten_images_stand_in_a_row():
    images = np.zeros((11, 1, 8, 8))
    rows = {
        "grid": plots.grid(images, "").axes[0].images[0].get_array().shape,
        "pairs": plots.pairs(images, images, ("a", "b"), "").axes[0].images[0].get_array().shape,
        "versions": plots.versions({"a": images}, "").axes[0].images[0].get_array().shape,
    }
    assert rows == {"grid": (17, 89), "pairs": (17, 89), "versions": (8, 89)}


def test_names_stand_in_the_middle_of_rows_and_columns():
    images = np.zeros((2, 3, 1, 28, 20))
    panel = plots.table(images, "ab", "xyz", "", ("", "")).axes[0]
    assert list(panel.get_yticks()) == [13.5, 29 + 13.5]
    assert list(panel.get_xticks()) == [9.5, 21 + 9.5, 42 + 9.5]


def test_axes_say_what_is_along_them():
    images, points = np.zeros((9, 1, 4, 4)), np.random.default_rng(0).normal(size=(6, 2))
    names = {
        "table": plots.table(images[:6].reshape(2, 3, 1, 4, 4), "ab", "xyz", "", ("row", "column")),
        "manifold": plots.manifold(images, ""),
        "plane": plots.latent_scatter(points, None, "", ("mu[0]", "mu[1]")),
        "line": plots.latent_scatter(points[:, :1], None, "", ("mu[0]", "unused")),
        "kl": plots.kl_per_latent(np.ones(3), np.ones(3, bool)),
        "bounds": plots.bounds([1, 2], np.array([-3.0, -2.0]), 2, ""),
        "losses": plots.loss_curves(history_of(2, "kl"), ["kl"], "nats per image"),
        "gradients": plots.gradient_norms(history_of(2)),
    }
    assert {name: (figure.axes[0].get_xlabel(), figure.axes[0].get_ylabel()) for name, figure in names.items()} == {
        "table": ("column", "row"),
        "manifold": ("z[0], at equal steps of the normal's quantiles", "z[1], likewise"),
        "plane": ("mu[0]", "mu[1]"),
        "line": ("mu[0]", "number of the point"),
        "kl": ("latent", "nats per image"),
        "bounds": ("samples for each image", "nats per image"),
        "losses": ("epoch", "nats per image"),
        "gradients": ("epoch", "mean during the epoch"),
    }


@pytest.mark.parametrize("count", [1, 2, 5])
def test_piano_rolls_show_every_note(count):
    rng = np.random.default_rng(count)
    melodies = {}
    for number in range(count):
        notes = [Note(int(rng.integers(50, 80)), 4 * k, int(rng.integers(1, 5))) for k in range(8 * count)]
        melodies[f"melody {number}, $5"] = steps_from(notes, 32 * count)
    figure = plots.piano_rolls(melodies, "Some melodies")
    assert_readable(figure)
    for panel, (name, steps) in zip(figure.axes, melodies.items(), strict=True):
        drawn = [(bar.get_y() + 0.45, 16 * bar.get_x(), 16 * bar.get_width()) for bar in panel.patches]
        assert np.allclose(drawn, [tuple(note) for note in notes_in(steps)])
        assert panel.get_title(loc="left") == name
        assert panel.get_xlim() == (0, 2 * count)
        low, high = panel.get_ylim()
        assert all(low < pitch - 0.5 and pitch + 0.5 < high for pitch, _, _ in drawn)
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert names == [f"C{int(place) // 12 - 1}" for place in figure.axes[0].get_yticks()] and "C4" in names


def test_piano_rolls_of_little():
    figure = plots.piano_rolls({"silence": steps_from([], 16), "one note": steps_from([Note(65, 0, 2)], 16)}, "")
    assert_readable(figure)
    assert [len(panel.patches) for panel in figure.axes] == [0, 1]
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["F4"]
    with pytest.raises(ValueError, match="piano_rolls: expected at least one melody"):
        plots.piano_rolls({}, "")


def test_the_manifold_has_numbers_at_its_corners_and_five_between():
    figure = plots.manifold(np.zeros((21 * 21, 1, 4, 4)), "")
    z = plots.normal_quantiles(21)
    expected = [f"{z[place]:.2f}" if place in (0, 3, 7, 10, 13, 17, 20) else "" for place in range(21)]
    panel = figure.axes[0]
    assert [text.get_text() for text in panel.get_xticklabels()] == expected
    assert [text.get_text() for text in panel.get_yticklabels()] == expected[::-1], "z[1] grows upwards"


def test_the_prior_is_on_the_left_and_the_codes_are_on_the_right():
    codes, labels = points_of(40)
    prior = np.random.default_rng(1).normal(size=(30, 2))
    left, right = plots.codes_beside_prior(codes, labels, prior, ("z[0]", "z[1]")).axes
    assert (left.get_title(), right.get_title()) == ("30 samples of the prior", "Codes of 40 test images")
    for panel, points in ((left, prior), (right, codes)):
        drawn = panel.collections[0].get_offsets().data
        np.testing.assert_array_equal(np.sort(drawn, axis=0), np.sort(points, axis=0))
    assert (left.get_ylabel(), right.get_ylabel()) == ("z[1]", "") and right.get_xlabel() == "z[0]"


def test_a_pixel_of_0_is_black_and_one_of_1_is_white():
    """Whatever else is in the image, and without a blur between pixels."""
    for image in (np.full((1, 1, 3, 3), 0.5), np.full((1, 3, 3, 3), 0.5)):
        (picture,) = plots.grid(image, "").axes[0].images
        assert picture.get_interpolation() == "nearest"
        (colour,) = {tuple(rgba) for row in picture.to_rgba(picture.get_array()) for rgba in row}
        assert colour[:3] == pytest.approx((0.5, 0.5, 0.5), abs=0.01)


def test_a_title_is_not_broken_within_a_word_that_has_a_hyphen():
    figure = plots.grid(np.zeros((3, 1, 8, 8)), "")
    plots.entitle(figure, "super-resolution " * 12)
    lines = figure.get_suptitle().split("\n")
    assert len(lines) > 1 and {word for line in lines for word in line.split()} == {"super-resolution"}


def test_counts_are_plural_only_if_they_are():
    assert [plots.counted(n, "sample") for n in (1, 2, 3000)] == ["1 sample", "2 samples", "3,000 samples"]


# --- what the reports say ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [3, 10, 25])
def test_samples_on_request_stand_below_their_labels(count, monkeypatch):
    asked = []
    monkeypatch.setattr(
        cvae_report, "_decode", lambda model, z, labels: asked.append(labels) or np.zeros((len(z), 1, 8, 8))
    )
    figure = cvae_report.samples(CVAE((1, 8, 8), hidden=4, rng=0), count, seed=0)
    (labels,) = asked
    names = [text.get_text() for text in figure.axes[0].get_xticklabels()]
    assert names == [str(label) for label in range(min(10, count))]
    assert all(names[place % 10] == str(label) for place, label in enumerate(labels))


def test_an_interpolation_says_which_ends_are_reconstructions():
    images = np.random.default_rng(0).random((2, 1, 8, 8), dtype=np.float32)
    figure = vae_report.interpolation(VAE((1, 8, 8), hidden=4, rng=0), images)
    above, below = (text.get_text() for text in figure.axes[0].get_yticklabels())
    assert "ends: reconstructions" in above and "ends: originals" in below


def test_the_figure_of_noise_shows_and_measures_what_the_model_adds(monkeypatch):
    shown = []
    monkeypatch.setattr(super_resolution.plots, "versions", lambda *given: shown.extend(given))
    model = SuperResolution((1, 8, 8), channels=2, rng=0)
    super_resolution.from_noise(model, np.zeros((1, 1, 8, 8), np.float32), seed=0)
    (_, bicubic), (_, enlarged), (_, added) = list(shown[0].items())[1:]
    np.testing.assert_allclose(added, 0.5 + enlarged - bicubic, rtol=1e-6)
    for images in (bicubic, enlarged):
        down, right = (np.abs(images - np.roll(images, 1, axis)) for axis in (2, 3))
        step = (down[:, :, 1:].mean() + right[..., 1:].mean()) / 2
        assert f"{step:.2f}" in shown[1]


def test_one_test_image_of_a_model_with_many_latents_is_drawn():
    data = Dataset("mnist")
    data.test = Split(np.random.default_rng(0).random((1, 1, 8, 8), dtype=np.float32), None)
    for latent in (1, 2, 5):
        for figure in vae_report.figures(VAE((1, 8, 8), hidden=4, latent=latent, rng=0), data, seed=0).values():
            assert_readable(figure)


# --- the commands -----------------------------------------------------------------------------------------------------


@pytest.fixture
def saved(monkeypatch):
    """The figures that a command saves, by name."""
    figures = {}
    monkeypatch.setattr(Run, "save_figure", lambda run, name, figure: figures.update({name: figure}))
    return figures


@pytest.mark.parametrize("model", MODELS)
def test_every_figure_of_a_run_is_readable_and_names_the_model_and_the_data(model, saved, tmp_path):
    assert main(["train", model, "--limit", "40", "--epochs", "1", "--out", str(tmp_path / "run")]) == 0
    assert {"losses", "gradients", "reconstructions"} <= set(saved)
    for name, figure in saved.items():
        data, count = ("MNIST", "100 samples") if MODELS[model].examples == "images" else ("tunes", "6 melodies")
        assert figure.get_suptitle().splitlines()[0] == f"{model} trained on {data}", name
        assert name != "samples" or count in " ".join(figure.get_suptitle().splitlines())
        assert_readable(figure)


def test_what_is_drawn_later_names_the_model_and_the_data_too(monkeypatch, tmp_path):
    titles = []
    monkeypatch.setattr(plots.Figure, "savefig", lambda figure, *to, **how: titles.append(figure.get_suptitle()))
    own = tmp_path / "my digits.idx"
    own.write_bytes(bytes([0, 0, 8, 3]) + np.array((120, 28, 28), ">u4").tobytes() + bytes(range(240)) * 392)
    run, quick = str(tmp_path / "run"), ["--limit", "20", "--epochs", "1"]
    assert main(["train", "vae", *quick, "--data", str(own), "--out", run]) == 0
    assert {title.splitlines()[0] for title in titles} == {"vae trained on my digits.idx"}
    titles.clear()
    assert main(["sample", run, "--count", "1"]) == 0
    assert main(["reconstruct", run, "--count", "12"]) == 0
    assert main(["reconstruct", run, "--count", "12", "--data", "fashion-mnist"]) == 0
    assert titles == [
        "vae trained on my digits.idx\nDecoded from 1 sample of the prior N(0, I)",
        "vae trained on my digits.idx\nTest images and reconstructions",
        "vae trained on my digits.idx, shown Fashion-MNIST\nTest images and reconstructions",
    ]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("mnist", "MNIST"),
        ("fashion-mnist", "Fashion-MNIST"),
        ("photographs", "photographs"),
        ("a/b c/", "b c"),
        ("/", "/"),
    ],
)
def test_names_of_data_sets(source, name):
    assert name_of(source) == name
