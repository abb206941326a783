"""Images of one's own: folders, arrays and files that are right give one and the same data set, and those that are
wrong are refused in one line, or loaded with a note."""

import gzip
import json
import os
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import minae
from minae.cli import main
from minae.data import Dataset
from minae.data.arrays import as_images, read_arrays
from minae.data.examples import digest
from minae.data.sources import open_source
from minae.support.errors import FileError
from tests import strict_device

RNG = np.random.default_rng(5)


def digits():
    """The 1,797 digits of 8x8 pixels that scikit-learn has, uint8; from the UCI repository (CC BY 4.0), by E. Alpaydin
    and C. Kaynak. Grey values 0 to 16 have become 0 to 255."""
    with np.load(Path(__file__).parents[1] / "fixtures" / "digits.npz") as file:
        return file["images"], file["labels"]


def idx(array):
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes() + array.tobytes()


def write_folder(folder, pixels, labels=None, suffix="png"):
    """Pictures, in a folder for each class if they have labels."""
    for place, image in enumerate(pixels):
        inside = folder if labels is None else folder / str(labels[place])
        inside.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(inside / f"{place:04}.{suffix}")
    return folder


# --- the same images in every form ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    """The digits as they come; the folder has them in the order of their classes."""
    folder = tmp_path_factory.mktemp("digits")
    pixels, labels = digits()
    write_folder(folder / "pictures", pixels, labels)
    np.savez(folder / "digits.npz", images=pixels, labels=labels)
    np.savez_compressed(folder / "floats.npz", x=pixels[:, None] / 255, y=labels.astype(float))
    np.savez(folder / "named.npz", X=pixels[..., None], y=labels.astype(str))
    (folder / "digits-images-idx3-ubyte").write_bytes(idx(pixels))
    (folder / "digits-labels-idx1-ubyte").write_bytes(idx(labels))
    (folder / "zipped-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(pixels)))
    (folder / "zipped-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(labels)))
    return folder


FORMS = [
    *("pictures", "digits.npz", "floats.npz", "named.npz"),
    *("digits-images-idx3-ubyte", "zipped-images-idx3-ubyte.gz"),
]


def train(model, data, out):
    assert main(["train", model, "--data", str(data), "--epochs", "2", "--hidden", "16", "--out", str(out)]) == 0
    return {name: (out / name).read_bytes() for name in ("model.safetensors", "history.csv", "metrics.json")}


@pytest.mark.parametrize(("model", "forms_of"), [("vae", FORMS), ("cvae", [*FORMS[:2], FORMS[4]])])
def test_the_same_training_bitwise_from_every_form(forms, tmp_path, model, forms_of):
    runs = [train(model, forms / name, tmp_path / name) for name in forms_of]
    assert all(run == runs[0] for run in runs)
    config = json.loads((tmp_path / "pictures" / "config.json").read_text())
    assert config["image_shape"] == [1, 8, 8] and config["classes"] == list("0123456789")
    assert json.loads(runs[0]["metrics.json"])["test_images"] == 179


def test_the_same_from_arrays(forms):
    pixels, labels = digits()
    here, there = Dataset((pixels, labels)), Dataset(forms / "pictures")
    for split in ("train", "test"):
        np.testing.assert_array_equal(getattr(here, split).images, getattr(there, split).images)
        np.testing.assert_array_equal(getattr(here, split).labels, getattr(there, split).labels)


def test_the_last_tenth_by_sha256_is_tested_on():
    pixels, labels = digits()
    data = Dataset((pixels, labels))
    images = pixels[:, None] / np.float32(255)
    order = sorted(range(len(images)), key=lambda i: (digest(images[i]), labels[i]))
    np.testing.assert_array_equal(data.train.images, images[order[:-179]])
    np.testing.assert_array_equal(data.test.images, images[order[-179:]])
    np.testing.assert_array_equal(data.test.labels, labels[order[-179:]])
    assert data.train.labels.dtype == np.int64 and data.train.images.dtype == np.float32
    assert (np.bincount(data.test.labels) > 5).all(), "every class is tested"
    few = Dataset((pixels, labels), limit=100)
    assert len(few.train.images) == len(few.test.images) == 100 and len(set(few.train.labels)) == 10


def test_fit_takes_a_folder_a_data_set_and_arrays(forms, capsys):
    pixels, labels = digits()

    def fit(inputs, *rest, **options):
        model = minae.models.VAE((1, 8, 8), hidden=8, rng=0)
        return minae.fit(model, inputs, *rest, epochs=1, **options), model.state_dict()

    history, weights = fit(forms / "pictures")
    assert "validation_loss" in history
    for source in (str(forms / "digits.npz"), Dataset((pixels, labels))):
        again, others = fit(source)
        assert again == history
        assert all(np.array_equal(weights[name], others[name]) for name in weights)
    data = Dataset((pixels, labels))
    _, others = fit(data.train.images, validation=data.test.images)
    assert all(np.array_equal(weights[name], others[name]) for name in weights)
    by_axes = [fit(array)[0]["train_loss"][0] for array in (pixels, pixels[..., None], pixels[:, None] / 255)]
    np.testing.assert_allclose(by_axes, by_axes[0], rtol=1e-6)


def test_fit_tells_the_notes(tmp_path, capsys):
    write_folder(tmp_path, digits()[0][:20])
    (tmp_path / "cut.png").write_bytes(b"\x89PNG")
    model = minae.models.VAE((1, 8, 8), hidden=8, rng=0)
    minae.fit(model, tmp_path, epochs=1)
    assert f"{tmp_path}: left out: 1 that cannot be read" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.full((4, 8, 8), 2.0), "floats in [0, 1], found 2 to 2"),
        (np.full((4, 1, 8, 8), np.nan), "found NaN or infinity"),
        (np.full((4, 1, 8, 8), -0.5, np.float32), "found -0.5 to -0.5"),
        (np.ones((4, 8, 8), int), "found int64"),
        (np.ones((4, 64)), "flat rows, which need their height and width, e.g. reshape(-1, 8, 8)"),
        (np.ones((4, 9, 9)), "VAE takes images of shape (1, 8, 8), found (9, 9)"),
        (np.ones((8, 8, 1, 5)), "(H, W, C, N) needs transpose(3, 0, 1, 2)"),
        (np.ones((3, 7, 8, 8)), "(C, N, H, W) needs transpose(1, 0, 2, 3)"),
        (np.ones((7, 8, 8, 4)), "the fourth channel is perhaps transparency"),
    ],
)
def test_fit_refuses_arrays_that_are_not_the_models_images(array, words):
    with pytest.raises(ValueError) as caught:
        minae.fit(minae.models.VAE((1, 8, 8), hidden=8, rng=0), array, progress=False)
    assert str(caught.value).startswith("fit: inputs: ") and words in str(caught.value)


def test_fit_takes_other_channels_as_they_are():
    images = RNG.random((6, 2, 3, 4))
    assert minae.fit(minae.models.VAE((2, 3, 4), hidden=8, rng=0), images, epochs=1, progress=False)["train_loss"]


def test_arrays_on_a_device_stay_there():
    pixels = RNG.integers(0, 256, (3, 4, 5, 3), dtype=np.uint8)
    images, _ = as_images(strict_device.asarray(pixels))
    assert isinstance(images, strict_device.ndarray)
    np.testing.assert_array_equal(strict_device.asnumpy(images), as_images(pixels)[0])


# --- splits and classes -----------------------------------------------------------------------------------------------


def test_splits_that_the_data_have(tmp_path):
    pixels, labels = digits()
    names = {"x_train": pixels[:90], "y_train": labels[:90], "x_test": pixels[90:100], "y_test": labels[90:100]}
    np.savez(tmp_path / "keras.npz", **names)
    others = dict(zip(("train_images", "train_labels", "test_images", "test_labels"), names.values()))
    np.savez(tmp_path / "medmnist.npz", **others)
    write_folder(tmp_path / "folder" / "train", pixels[:90], labels[:90])
    write_folder(tmp_path / "folder" / "test", pixels[90:100], labels[90:100])
    for name in ("keras.npz", "medmnist.npz", "folder"):
        data = Dataset(tmp_path / name)
        assert len(data.train.images) == 90 and len(data.test.images) == 10
        assert sorted(data.test.labels) == sorted(labels[90:100]) and data.notes == []


def test_a_refused_data_set_leaves_no_run(tmp_path, capsys):
    (tmp_path / "a.npy").write_bytes(b"Dear Sir")
    assert main(["train", "vae", "--data", str(tmp_path / "a.npy"), "--out", str(tmp_path / "run")]) == 1
    assert capsys.readouterr().err.startswith(f"minae: {tmp_path / 'a.npy'}: expected an intact .npy file")
    assert not (tmp_path / "run").exists()


def test_colours_are_the_same_from_every_form(tmp_path):
    write_folder(tmp_path / "folder", COLOUR)
    np.save(tmp_path / "last.npy", COLOUR)
    np.save(tmp_path / "first.npy", COLOUR.transpose(0, 3, 1, 2) / 255)
    (tmp_path / "a.idx").write_bytes(idx(COLOUR))
    found = [Dataset(tmp_path / name).train.images for name in ("folder", "last.npy", "first.npy", "a.idx")]
    for images in found:
        np.testing.assert_array_equal(images, found[0])
        assert images.shape == (11, 3, 5, 6) and images.flags.c_contiguous
    assert as_images(COLOUR)[0].flags.c_contiguous


def test_labels_of_one_split_alone_count_as_none(tmp_path):
    pixels, labels = digits()
    np.savez(tmp_path / "a.npz", x_train=pixels[:90], y_train=labels[:90], x_test=pixels[90:100])
    data = Dataset(tmp_path / "a.npz")
    assert data.train.labels is None and data.test.labels is None and data.classes is None


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        (["b", "a", "10"], ("10", "a", "b")),
        (["10", "9", "-1"], ("-1", "10", "9")),
        (["10", "9", "1"], ("1", "9", "10")),
        (["01", "1", "2"], ("01", "1", "2")),
        ([7, 3, 5], ("3", "5", "7")),
        ([2.0, 0.0, 1.0], ("0", "1", "2")),
        ([[0], [1], [2]], ("0", "1", "2")),
        ([True, False, True], ("0", "1")),
        ([b"\xc3\xa9", b"a", b"a"], ("a", "é")),
    ],
)
def test_labels_become_numbers_from_0_on(labels, classes):
    data = Dataset((np.repeat(np.arange(3, dtype=np.uint8), 20).reshape(3, 4, 5), np.array(labels)))
    assert data.classes == classes
    found = np.concatenate([data.train.labels, data.test.labels])
    assert sorted(set(found.tolist())) == list(range(len(classes)))


def test_the_names_of_known_classes():
    assert Dataset("mnist").classes == tuple("0123456789")
    assert Dataset("fashion-mnist").classes[9] == "ankle boot"
    assert Dataset("fashion-mnist").test.labels[0] == 9


def test_figures_have_the_classes_names(tmp_path, monkeypatch):
    """Also in letters that the font lacks: they are no reason for a warning."""
    from minae.reports import plots

    seen = []
    original = plots._colours_by_class
    monkeypatch.setattr(plots, "_colours_by_class", lambda *args: (seen.append(args), original(*args))[1])
    pixels, labels = digits()
    names = np.array(["été", "猫", "ñ"])[labels % 3]
    write_folder(tmp_path / "data", pixels[:60], names[:60])
    for model, more in (("vae", []), ("cvae", []), ("aae", []), ("ae", ["--latent", "2"])):
        options = ["--epochs", "1", "--hidden", "8", *more, "--out", str(tmp_path / model)]
        assert main(["train", model, "--data", str(tmp_path / "data"), *options]) == 0
        assert seen[-1][-1] == ("été", "ñ", "猫")


def test_a_model_of_few_classes_keeps_to_them(tmp_path, capsys):
    pixels, labels = digits()
    write_folder(tmp_path / "data", pixels[labels < 3], labels[labels < 3])
    options = ["--data", str(tmp_path / "data"), "--epochs", "1", "--hidden", "8", "--out", str(tmp_path / "run")]
    assert main(["train", "cvae", *options]) == 0
    assert minae.load(tmp_path / "run").classes == 3
    assert main(["sample", str(tmp_path / "run"), "--label", "2"]) == 0
    assert main(["sample", str(tmp_path / "run"), "--label", "3"]) == 1
    assert "from 0 to 2, found 3" in capsys.readouterr().err


def test_notes_are_printed(tmp_path, capsys):
    """By training, and by measuring on other images."""
    folder()(tmp_path / "data")
    put("cut.png", b"")(tmp_path / "data")
    note = f"{tmp_path / 'data'}: left out: 1 that cannot be read"
    options = ["--epochs", "1", "--hidden", "4", "--out", str(tmp_path / "run")]
    assert main(["train", "vae", "--data", str(tmp_path / "data"), *options]) == 0
    assert capsys.readouterr().out.startswith(note)
    assert main(["evaluate", str(tmp_path / "run")]) == 0
    assert note not in capsys.readouterr().out
    assert main(["evaluate", str(tmp_path / "run"), "--data", str(tmp_path / "data")]) == 0
    assert note in capsys.readouterr().out


# --- sizes ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def mixed(tmp_path):
    """Ten pictures of sizes from 50x60 to 59x69."""
    sizes = [(50 + place, 60 + place) for place in range(10)]
    return write_folder(tmp_path / "mixed", [RNG.integers(0, 256, size, dtype=np.uint8) for size in sizes])


@pytest.mark.parametrize(("size", "channels"), [((28, 28), 1), ((28, 28), 3), ((5, 9), 1), ((128, 128), 3)])
def test_pictures_of_one_size_are_taken_whole(tmp_path, size, channels):
    shape = (4, *size) if channels == 1 else (4, *size, 3)
    data = Dataset(write_folder(tmp_path / "a", RNG.integers(0, 256, shape, dtype=np.uint8)))
    assert data.train.images.shape == (3, channels, *size) and data.notes == []


def test_mixed_or_large_pictures_are_cut_and_it_is_said(mixed, tmp_path):
    data = Dataset(mixed)
    assert data.train.images.shape[1:] == data.test.images.shape[1:] == (1, 48, 48)
    assert data.notes == [
        "images of 50x60 to 59x69 are cut into squares of 48x48, as with --patch 48; "
        "--resize 28 would take each whole, as 28x28"
    ]
    large = Dataset(RNG.integers(0, 256, (4, 129, 128), dtype=np.uint8))
    assert large.train.images.shape == (3 * 4 * 4, 1, 48, 48)


def test_patches_and_sizes_as_asked(mixed):
    assert Dataset(mixed, patch=20).train.images.shape[1:] == (1, 20, 20)
    assert Dataset(mixed, resize=16).train.images.shape == (9, 1, 16, 16)
    assert Dataset(mixed, resize=(12, 20)).test.images.shape == (1, 1, 12, 20)
    assert Dataset("mnist", resize=32, limit=3).test.images.shape == (3, 1, 32, 32)
    assert all(0 <= split.images.min() and split.images.max() <= 1 for split in [Dataset(mixed, resize=90).train])


@pytest.mark.parametrize(("patch", "squares"), [(1, 30), (2, 4 * 5), (3, 3 * 4), (4, 1 * 2)])
def test_squares_to_learn_from_overlap_by_half_also_the_smallest(patch, squares):
    """Of one picture of 5x6; where half a square is no whole number of pixels, the step is the smaller one."""
    data = Dataset(RNG.random((2, 5, 6)), patch=patch)
    assert len(data.train.images) == squares
    assert len(data.test.images) == (5 // patch) * (6 // patch)


@pytest.mark.parametrize("source", ["mnist", "mixed", "array"])
def test_a_source_says_which_sizes_its_images_have(source, mixed):
    images = open_source({"mixed": mixed, "array": RNG.random((7, 5, 9))}.get(source, source))
    found = {image.shape[1:] for split in ("train", "test") for image in images.split(split).images}
    assert images.sizes == found


def test_labels_follow_their_patches(tmp_path):
    """Each picture is of one grey, which says its class."""
    pixels = np.repeat(np.arange(0, 200, 10, dtype=np.uint8), 60 * 70).reshape(20, 60, 70)
    data = Dataset(write_folder(tmp_path / "a", pixels, [f"class {i // 10}" for i in range(20)]), patch=24)
    for images, labels in (data.train, data.test):
        grey = (images[:, 0, 0, 0] * 255).round().astype(int)
        np.testing.assert_array_equal(labels, grey // 100)


def test_resizing_keeps_proportions_and_the_middle():
    """A wide picture: its left and right are cut off."""
    image = np.zeros((1, 20, 40), np.float32)
    image[:, :, 10:30] = 1
    from minae.data.tiles import BICUBIC, resize_to_fill

    np.testing.assert_allclose(resize_to_fill(image, 10, 10)[0, :, 1:-1], 1, atol=0.1)
    assert resize_to_fill(image, 20, 40) is image
    grey = np.random.default_rng(0).random((1, 20, 44), dtype=np.float32)
    middle = Image.fromarray(grey[0, :, 7:37])  # 20x30 of it, as 10x15 are: what is left over is cut off at both ends
    expected = np.asarray(middle.resize((15, 10), BICUBIC)).clip(0, 1)
    inside = slice(2, -2)  # near the cut, the interpolation sees what lies beyond it
    np.testing.assert_allclose(resize_to_fill(grey, 10, 15)[0, :, inside], expected[:, inside], atol=1e-6)
    upright = resize_to_fill(grey.swapaxes(1, 2), 15, 10)[0, inside]
    np.testing.assert_allclose(upright, expected.T[inside], atol=1e-6)
    assert resize_to_fill(image.swapaxes(1, 2), 7, 9).shape == (1, 7, 9)


def test_the_command_cuts_and_resizes(mixed, tmp_path, capsys):
    out = ["--epochs", "1", "--hidden", "4", "--out", str(tmp_path / "run"), "--overwrite"]
    for option, shape in ((["--patch", "20"], [1, 20, 20]), (["--resize", "12x8"], [1, 12, 8])):
        assert main(["train", "vae", "--data", str(mixed), *option, *out]) == 0
        assert json.loads((tmp_path / "run" / "config.json").read_text())["image_shape"] == shape
        assert main(["evaluate", str(tmp_path / "run")]) == 0
    others = ["--data", "mnist", "--resize", "12x8"]
    assert main(["evaluate", str(tmp_path / "run"), *others]) == 0


@pytest.mark.parametrize(
    "wrong", ["--patch 0", "--patch x", "--resize axb", "--resize 3x0", "--resize 3x4x5", "--patch 3 --resize 3"]
)
def test_sizes_that_are_none(capsys, wrong):
    with pytest.raises(SystemExit):
        main(["train", "vae", *wrong.split()])
    assert "minae train vae: error: argument --" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("model", "told"),
    [
        ("conv-ae", "ConvAE: .* 4 more than a multiple of 8, found images of 9x7; 12x4 would do .*--resize 12x4"),
        ("conv-vae", "ConvVAE: .* multiples of 4, found images of 9x7; 8x8 would do .*--resize 8x8"),
        ("denoiser", "Denoiser: .* multiples of 4, found images of 9x7; 8x8 would do .*--resize 8x8"),
        ("super-resolution", "SuperResolution: .* multiples of 2, found images of 9x7; 8x8 would do"),
    ],
)
def test_convolutional_models_say_which_size_would_do(tmp_path, capsys, model, told):
    np.save(tmp_path / "a.npy", RNG.random((20, 9, 7)))
    arguments = ["train", model, "--data", str(tmp_path / "a.npy"), "--epochs", "1", "--out", str(tmp_path / "run")]
    assert main(arguments) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    with pytest.raises(ValueError, match=told):
        raise ValueError(err)
    size = err.split("--resize ")[1].rstrip(")\n")
    assert main([*arguments, "--resize", size]) == 0


@pytest.mark.parametrize(
    ("model", "shape"), [("ae", (30, 5, 9)), ("cvae", (30, 6, 7, 3)), ("aae", (30, 1, 9)), ("vae", (30, 9, 8, 3))]
)
def test_dense_models_take_any_size(tmp_path, model, shape):
    np.savez(tmp_path / "a.npz", images=RNG.random(shape), labels=np.arange(30) % 3)
    options = ["--epochs", "1", "--hidden", "8", "--out", str(tmp_path / "run")]
    assert main(["train", model, "--data", str(tmp_path / "a.npz"), *options]) == 0


# --- data sets that are wrong, or odd ---------------------------------------------------------------------------------

PIXELS = np.random.default_rng(0).integers(0, 256, (12, 5, 6), dtype=np.uint8)
COLOUR = np.random.default_rng(0).integers(0, 256, (12, 5, 6, 3), dtype=np.uint8)
LABELS = np.arange(12) % 3


def npz(**arrays):
    return lambda path: np.savez(path, **arrays)


def npy(array):
    return lambda path: np.save(path, array)


def content(data):
    return lambda path: path.write_bytes(data)


def cut(write, length):
    def written(path):
        write(path)
        path.write_bytes(path.read_bytes()[:length])

    return written


def folder(*changes, pixels=PIXELS, labels=None, suffix="png"):
    def written(path):
        write_folder(path, pixels, labels, suffix)
        for change in changes:
            change(path)

    return written


def put(name, data):
    def written(path):
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)

    return written


def png(array):
    from io import BytesIO

    file = BytesIO()
    Image.fromarray(array).save(file, "png")
    return file.getvalue()


def hostile_npy(shape, extra=b""):
    header = repr({"descr": "|u1", "fortran_order": False, "shape": shape}).encode()
    header += b" " * (117 - len(header)) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + extra


def bomb(path):
    """256 MiB of zeros in 256 KB."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("images.npy", "w") as file:
        file.write(hostile_npy((2**14, 128, 128)))
        for _ in range(8):
            file.write(bytes(2**25))


@pytest.mark.parametrize("more", [0, 1])
@pytest.mark.parametrize("limit", [2**25, 200 * 170_000])
def test_how_much_an_npz_file_may_declare(tmp_path, limit, more):
    """32 MiB in any file, and 200 bytes for each byte of a larger one."""
    path = tmp_path / "zeros.npz"
    array = hostile_npy((1, limit - 128 + more, 1), bytes(limit - 128 + more))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("images.npy", array)
    if limit > 2**25:
        path.write_bytes(path.read_bytes().rjust(170_000, b"\0"))  # a zip file may have something in front of it
    if more:
        with pytest.raises(FileError, match=f"images declares {limit + 1} bytes"):
            read_arrays(path)
    else:
        assert read_arrays(path)["all"][0].shape == (1, limit - 128, 1)


PNG = png(PIXELS[0])
DAMAGED = "expected an intact"
REFUSED = {
    # .npy
    "empty.npy": (content(b""), DAMAGED),
    "text.npy": (content(b"Dear Sir"), DAMAGED),
    "cut.npy": (cut(npy(PIXELS), 200), DAMAGED),
    "header.npy": (cut(npy(PIXELS), 50), DAMAGED),
    "longer.npy": (content(hostile_npy((2, 2, 2), bytes(9))), DAMAGED),
    "huge.npy": (content(hostile_npy((2**40, 2, 2), bytes(8))), DAMAGED),
    "negative.npy": (content(hostile_npy((-1, 2, 2), bytes(8))), DAMAGED),
    "objects.npy": (npy(np.array([[[None]]] * 3)), "Python objects"),
    "version.npy": (content(b"\x93NUMPY\x09\x00" + bytes(200)), "version"),
    "texts.npy": (npy(np.array([[["a"]]] * 3)), "found <U1"),
    "complex.npy": (npy(PIXELS * 1j), "found complex128"),
    "int64.npy": (npy(PIXELS.astype(int)), "uint8 or floats in [0, 1], found int64"),
    "uint16.npy": (npy(PIXELS.astype(np.uint16)), "found uint16"),
    "0 to 255.npy": (npy(PIXELS * 1.0), "floats in [0, 1], found 0 to 25"),
    "-1 to 1.npy": (npy(np.linspace(-1, 1, 60).reshape(2, 5, 6)), "found -1 to 1"),
    "nan.npy": (npy(np.where(PIXELS > 9, np.nan, 0)), "found NaN or infinity"),
    "inf.npy": (npy(np.where(PIXELS > 9, np.inf, 0)), "found NaN or infinity"),
    "flat.npy": (npy(PIXELS.reshape(20, 18)), "flat rows, which need their height and width"),
    "square.npy": (npy(np.zeros((3, 64))), "reshape(-1, 8, 8)"),
    "one row.npy": (npy(np.zeros(64)), "found shape (64,)"),
    "a number.npy": (npy(np.float64(0.5)), "found shape ()"),
    "five axes.npy": (npy(PIXELS[None, None]), "found shape (1, 1, 12, 5, 6)"),
    "no images.npy": (npy(PIXELS[:0]), "which holds none"),
    "no pixels.npy": (npy(PIXELS[:, :0]), "which holds none"),
    "one image.npy": (npy(PIXELS[:1]), "two images or more"),
    "HWCN.npy": (npy(COLOUR.transpose(1, 2, 3, 0)), "transpose(3, 0, 1, 2)"),
    "CNHW.npy": (npy(COLOUR.transpose(3, 0, 1, 2)), "transpose(1, 0, 2, 3)"),
    "RGBA.npy": (npy(np.zeros((3, 5, 6, 4), np.uint8)), "transparency"),
    "two channels.npy": (npy(np.zeros((4, 2, 5, 6), np.uint8)), "where C is 1 or 3"),
    # .npz
    "empty.npz": (content(b""), DAMAGED),
    "text.npz": (content(b"Dear Sir"), DAMAGED),
    "cut.npz": (cut(npz(images=PIXELS), 300), DAMAGED),
    "bomb.npz": (bomb, "declares"),
    "no arrays.npz": (npz(), "found none"),
    "strange names.npz": (npz(a=PIXELS, b=LABELS), "found a, b"),
    "labels alone.npz": (npz(labels=LABELS), "found shape (12,)"),
    "objects.npz": (npz(images=PIXELS, labels=np.array([None] * 12)), "Python objects"),
    "few labels.npz": (npz(images=PIXELS, labels=LABELS[:9]), "a label for each of 12 images, found shape (9,)"),
    "one-hot.npz": (npz(images=PIXELS, labels=np.eye(3)[LABELS]), "argmax(axis=1)"),
    "label -1.npz": (npz(images=PIXELS, labels=LABELS - 1), "from 0 on, or names, found int64 from -1 to 1"),
    "label 0.5.npz": (npz(images=PIXELS, labels=LABELS / 2), "found float64 from 0.0 to 1.0"),
    "label NaN.npz": (npz(images=PIXELS, labels=np.full(12, np.nan)), "found float64 from nan"),
    "label 2**63.npz": (npz(images=PIXELS, labels=np.full(12, 2**63, np.uint64)), "found uint64"),
    "complex label.npz": (npz(images=PIXELS, labels=LABELS * 1j), "found complex128"),
    "swapped.npz": (npz(images=LABELS, labels=PIXELS), "found shape (12,)"),
    "other sizes.npz": (npz(x_train=PIXELS, x_test=PIXELS[:, :4]), "splits of one shape"),
    "no test.npz": (npz(x_train=PIXELS, y_train=LABELS), "found x_train, y_train"),
    # IDX
    "empty.idx": (content(b""), "IDX's first four bytes"),
    "cut.idx": (content(idx(PIXELS)[:-1]), "found 359 bytes"),
    "labels.idx": (content(idx(LABELS.astype(np.uint8))), "found shape (12,)"),
    "int32.idx": (content(bytes([0, 0, 12, 3]) + np.array((2, 1, 1), ">u4").tobytes() + bytes(8)), "found int32"),
    "picture.png": (content(PNG), "IDX's first four bytes, 00 00 dtype ndim, found 89 50 4e 47"),
    # folders
    "nothing": (lambda path: path.mkdir(), "two images or more, PNG or JPEG files, found 0"),
    "texts": (lambda path: (path.mkdir(), put("a.txt", b"")(path), put("b.webp", b"")(path)), "(but a.txt, b.webp)"),
    "one picture": (folder(pixels=PIXELS[:1]), "two images or more"),
    "hidden ones": (lambda path: (path.mkdir(), put(".a.png", PNG)(path)), "found 0"),
    "all damaged": (lambda path: (path.mkdir(), put("a.png", PNG[:40])(path), put("b.png", b"")(path)), "a.png"),
    "one good": (lambda path: (path.mkdir(), put("a.png", PNG[:40])(path), put("b.png", PNG)(path)), "two images"),
    "beside classes": (folder(put("a.png", PNG), labels=LABELS), "found both: a.png beside 0"),
    "nested": (folder(put("0/more/a.png", PNG), labels=LABELS), "0/more: expected pictures in the folder of their"),
    "too deep": (put("all/cats/a.png", PNG), "is {path}/all the folder of classes?"),
    "small and mixed": (folder(put("a.png", png(PIXELS[0, :3]))), "of one size, found 3x6 to 5x6; --resize 28"),
    "empty train": (lambda path: [put("test/a.png", PNG)(path), (path / "train").mkdir()], "train: expected two"),
}


def expect_refusal(call, words):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(FileError) as caught:
            call()
    message = str(caught.value)
    assert "\n" not in message and words in message and len(message) < 700
    return message


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_a_line_that_names_the_file(tmp_path, name):
    write, words = REFUSED[name]
    path = tmp_path / name
    write(path)
    words = words.replace("{path}", str(path))
    assert expect_refusal(lambda: Dataset(path).train, words).startswith(str(path))


NOTED = {
    "damaged": (folder(put("cut.png", PNG[:60])), "left out: 1 that cannot be read (", 12),
    "four damaged": (folder(*[put(f"{i}.png", b"") for i in range(4)]), "left out: 4 that cannot be read (", 12),
    "a pipe": (folder(lambda path: os.mkfifo(path / "pipe.png")), "it is a pipe or a device", 12),
    "a lost link": (folder(lambda path: os.symlink("nowhere", path / "link.png")), "No such file", 12),
    "a bmp": (folder(put("a.bmp", b"BM")), "left out: a.bmp in a bmp, not PNG or JPEG", 12),
    "hidden ones": (folder(put("._0000.png", b"x"), put(".b.jpg", b"")), "left out: ._0000.png, .b.jpg in", 12),
    "half labelled.npz": (npz(x_train=PIXELS, y_train=LABELS, x_test=PIXELS), "the labels are left out", 24),
    "half labelled": (
        lambda path: [
            folder(labels=LABELS)(path / "train"),
            folder()(path / "test"),
        ],
        "the classes are left out: one of the splits has none",
        24,
    ),
    "mixed modes": (folder(put("a.png", png(COLOUR[0]))), "12 of 13 pictures converted from L to RGB", 13),
    "16 bits": (folder(put("a.png", png(PIXELS[0].astype(np.uint16)))), "1 of 13 pictures converted from 16", 13),
    "transparent": (folder(put("a.png", png(np.zeros((5, 6, 4), np.uint8)))), "laid over black", 13),
    "one class": (folder(labels=["cat"] * 12), "all images are of one class, cat", 12),
    "empty class": (folder(lambda p: (p / "none").mkdir(), labels=LABELS), "left out: none, without a picture", 12),
    "three parts": (
        lambda path: [folder(pixels=PIXELS[:4] + np.uint8(k))(path / k_name) for k, k_name in PARTS],
        "left out, besides train and test: val",
        8,
    ),
    "one class.npz": (npz(images=PIXELS, labels=np.ones(12)), "all images are of one class, 1", 12),
    "all differ.npz": (npz(images=PIXELS, labels=np.arange(12)), "each of the 12 images has a class of its own", 12),
    "HWN.npy": (npy(np.zeros((5, 5, 60), np.uint8)), "if the last axis counts them", 5),
    "both ways.npy": (npy(np.zeros((9, 3, 5, 3), np.uint8)), "were read as (N, C, H, W)", 9),
}
PARTS = tuple(enumerate(("train", "test", "val")))


@pytest.mark.parametrize("name", NOTED)
def test_loaded_with_a_note(tmp_path, name):
    write, words, count = NOTED[name]
    write(tmp_path / name)
    data = Dataset(tmp_path / name)
    assert len(data.train.images) + len(data.test.images) == count
    assert words in " ".join(data.notes), data.notes


QUIET = {
    "hidden": folder(put(".DS_Store", b"x"), put("__MACOSX/a.png", b"x"), put(".git/a", b"x")),
    "JPEG": folder(suffix="JPG"),
    "été 猫": folder(labels=np.array(["é", "猫", "a b"])[LABELS]),
    os.fsdecode(b"\xff"): folder(labels=[os.fsdecode(b"\xfe"), "a"] * 6),
    "with a run in it": folder(put("run/figures/a.png", b"")),
    "a.png": folder(labels=["b.png", "c.jpg"] * 6),  # folders that are called so
    "Fortran.npy": npy(np.asfortranarray(PIXELS)),
    "big endian.npy": npy((PIXELS / 255).astype(">f8")),
    "float16.npy": npy((PIXELS / 255).astype(np.float16)),
    "bool.npy": npy(PIXELS > 99),
    "any name.npz": npz(whatever=PIXELS),
    "HWC.npy": npy(COLOUR),
    "CHW.npy": npy(COLOUR.transpose(0, 3, 1, 2)),
    "colour.idx": content(idx(COLOUR)),
}


@pytest.mark.parametrize("name", QUIET, ids=ascii)
def test_loaded_as_it_is(tmp_path, name):
    QUIET[name](tmp_path / name)
    data = Dataset(tmp_path / name)
    assert data.notes == []
    assert len(data.train.images) == 11 and len(data.test.images) == 1
    channels = 3 if name in ("HWC.npy", "CHW.npy", "colour.idx") else 1
    assert data.train.images.shape[1:] == (channels, 5, 6) and data.train.images.dtype == np.float32


def test_there_are_sixty():
    assert len(REFUSED) + len(NOTED) >= 60


@pytest.mark.parametrize("suffix", ["npy", "npz"])
def test_damaged_files_are_refused_or_read_and_nothing_else(tmp_path, suffix):
    """Cut at every byte, and with bits turned over."""
    path = tmp_path / f"a.{suffix}"
    npy(PIXELS[:2])(path) if suffix == "npy" else npz(images=PIXELS[:2], labels=LABELS[:2])(path)
    good, rng = path.read_bytes(), np.random.default_rng(0)
    spoilt = [good[:length] for length in range(len(good))]
    for place in rng.integers(0, 8 * len(good), 500):
        changed = bytearray(good)
        changed[place // 8] ^= 1 << place % 8
        spoilt.append(bytes(changed))
    read = 0
    for content in spoilt:
        path.write_bytes(content)
        try:
            read += len(Dataset(path).train.images)
        except FileError as error:
            assert str(error).startswith(f"{path}: ") and "\n" not in str(error)
    assert read < len(spoilt) - len(good)


@pytest.mark.parametrize("axes", [(0, 1, 2, 3), (0, 3, 1, 2)])
def test_channels_may_come_first_or_last(axes):
    found, _ = as_images(COLOUR.transpose(axes))
    np.testing.assert_array_equal(found, COLOUR.transpose(0, 3, 1, 2) / np.float32(255))


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda: Dataset(3).train, TypeError, "found int"),
        (lambda: Dataset([[1]]).train, TypeError, "found list"),
        (lambda: Dataset("mnist", patch=0), ValueError, "patch must be a whole number"),
        (lambda: Dataset("mnist", resize=(0, 3)), ValueError, "resize must be a whole number"),
        (lambda: Dataset("mnist", patch=3, resize=3), ValueError, "patch or resize, found both"),
        (lambda: Dataset("mnist", patch=29).test, FileError, "at least 29x29 pixels, found 28x28"),
        (lambda: Dataset((PIXELS, LABELS[:3])).train, FileError, "the images: expected a label for each"),
    ],
)
def test_wrong_arguments(call, kind, words):
    with pytest.raises(kind, match=words):
        call()
