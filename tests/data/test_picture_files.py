"""Pictures of the user's own: every kind of PNG and JPEG comes in right, or is refused in one line."""

import struct
import sys
import zlib
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from minae.data import Dataset, examples, tiles
from minae.data import picture_files as pictures
from minae.data.examples import PATCH
from minae.support.errors import FileError

RNG = np.random.default_rng(3)
GREY = RNG.integers(0, 256, (5, 7), dtype=np.uint8)  # 5 high, 7 wide
COLOUR = RNG.integers(0, 256, (5, 7, 3), dtype=np.uint8)


def saved(tmp_path, picture, name="picture.png", **options):
    picture.save(tmp_path / name, **options)
    return tmp_path / name


def test_grey_and_colour_come_in_unchanged(tmp_path):
    grey, changes = pictures.read_picture(saved(tmp_path, Image.fromarray(GREY)), channels=1)
    assert changes == []
    assert grey.dtype == np.float32
    np.testing.assert_array_equal(grey, GREY[None] / np.float32(255))
    colour, changes = pictures.read_picture(saved(tmp_path, Image.fromarray(COLOUR)), channels=3)
    assert changes == []
    np.testing.assert_array_equal(colour, COLOUR.transpose(2, 0, 1) / np.float32(255))


def test_what_is_saved_comes_back(tmp_path):
    for shape in ((1, 5, 7), (3, 5, 7)):
        image = RNG.integers(0, 256, shape).astype(np.float32) / np.float32(255)
        pictures.save_picture(tmp_path / "picture.png", image)
        again, changes = pictures.read_picture(tmp_path / "picture.png", channels=shape[0])
        np.testing.assert_array_equal(again, image)
        assert changes == []


def test_answers_outside_0_and_1_are_cut_off_and_the_rest_is_rounded(tmp_path):
    pictures.save_picture(tmp_path / "picture.png", np.array([[[-0.5, 1.5, 0.4999]]], np.float32))
    assert np.asarray(Image.open(tmp_path / "picture.png")).tolist() == [[0, 255, 127]]


@pytest.mark.parametrize(
    ("mode", "channels", "changes"),
    [
        ("RGB", 1, ["converted from RGB to L"]),
        ("L", 3, ["converted from L to RGB"]),
        ("1", 1, ["converted from 1 to L"]),
        ("P", 3, ["converted from P to RGB"]),
        ("LA", 1, ["laid over black where transparent", "converted from RGBA to L"]),
        ("RGBA", 3, ["laid over black where transparent", "converted from RGBA to RGB"]),
    ],
)
def test_other_modes_are_converted_and_it_is_said(tmp_path, mode, channels, changes):
    path = saved(tmp_path, Image.fromarray(COLOUR).convert(mode))
    image, found = pictures.read_picture(path, channels)
    assert image.shape == (channels, 5, 7)
    assert found == changes


def test_print_colours_of_a_jpeg(tmp_path):
    path = saved(tmp_path, Image.new("CMYK", (7, 5), (0, 255, 255, 0)), "picture.jpg")
    image, changes = pictures.read_picture(path, channels=3)
    assert changes == ["converted from CMYK to RGB"]
    assert image[0].min() > 0.9 and image[1:].max() < 0.1, "no cyan, all magenta and yellow: red"


def test_16_bits_are_scaled_not_cut_off(tmp_path):
    wide = GREY.astype(np.uint16) * 256 + 200
    image, changes = pictures.read_picture(saved(tmp_path, Image.fromarray(wide)), channels=1)
    np.testing.assert_array_equal(image, GREY[None] / np.float32(255))
    assert changes == ["converted from 16 bits to 8"]


def test_transparent_parts_are_black(tmp_path):
    """What colour they have is not to be seen, in any viewer."""
    pixels = np.full((1, 2, 4), 255, np.uint8)
    pixels[0, 1, 3] = 0
    image, _ = pictures.read_picture(saved(tmp_path, Image.fromarray(pixels)), channels=1)
    assert image.tolist() == [[[1, 0]]]


def test_a_picture_taken_sideways_is_turned_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # "rotate a quarter clockwise to show it"
    path = saved(tmp_path, Image.fromarray(GREY), exif=exif)
    image, changes = pictures.read_picture(path, channels=1)
    np.testing.assert_array_equal(image[0], np.rot90(GREY, -1) / np.float32(255))
    assert changes == ["turned upright"]


@pytest.mark.parametrize(
    "content", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n" + bytes(50), b"\xff\xd8\xff" + bytes(9)]
)
def test_what_is_no_picture(tmp_path, content):
    (tmp_path / "picture.png").write_bytes(content)
    with pytest.raises(FileError, match=r"picture\.png: expected an intact PNG or JPEG file"):
        pictures.read_picture(tmp_path / "picture.png", channels=1)


@pytest.mark.parametrize("name", ["picture.png", "picture.jpg"])
def test_half_a_picture(tmp_path, name):
    path = saved(tmp_path, Image.fromarray(RNG.integers(0, 256, (50, 70, 3), dtype=np.uint8)), name)
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(FileError, match="expected an intact PNG or JPEG file"):
        pictures.read_picture(path, channels=3)


@pytest.mark.parametrize("more", [0, 1])
@pytest.mark.parametrize("by", ["pixels", "bytes"])
def test_how_many_pixels_a_file_may_declare(tmp_path, by, more):
    """2^22 in any file, and 200 for each byte of a larger one; a blank picture of one more is taken for a bomb."""
    if by == "pixels":
        path = saved(tmp_path, Image.new("L", (2**22 + more, 1)))
    else:
        path = saved(tmp_path, Image.new("L", (5_000_000 + more, 1)))
        missing = 25_000 - path.stat().st_size
        path.write_bytes(path.read_bytes() + bytes(missing))  # nobody reads what follows the picture
    if more:
        with pytest.raises(FileError, match=r"it has \d+ bytes, but declares 1x\d+ pixels"):
            pictures.read_picture(path)
    else:
        assert pictures.read_picture(path)[0].size in (2**22, 5_000_000)


def test_what_pillow_takes_for_a_bomb_is_one_however_large_the_file(tmp_path):
    header = struct.pack(">IIBBBBB", 9500, 9500, 8, 0, 0, 0, 0)
    small = saved(tmp_path, Image.new("L", (1, 1))).read_bytes()
    ihdr = b"IHDR" + header
    large = small[:12] + ihdr + struct.pack(">I", zlib.crc32(ihdr)) + small[33:] + bytes(500_000)
    (tmp_path / "large.png").write_bytes(large)
    with pytest.raises(FileError, match=r"intact PNG or JPEG file \(Image size \(90250000 pixels\) exceeds limit"):
        pictures.read_picture(tmp_path / "large.png")


def test_other_formats_and_missing_files(tmp_path):
    path = saved(tmp_path, Image.fromarray(GREY), "picture.bmp")
    with pytest.raises(FileError, match="expected an intact PNG or JPEG file"):
        pictures.read_picture(path, channels=1)
    with pytest.raises(FileError, match=r"none\.png: expected a PNG or JPEG file, found none"):
        pictures.read_picture(tmp_path / "none.png", channels=1)
    with pytest.raises(FileError, match="cannot be written"):
        pictures.save_picture(tmp_path / "no" / "folder.png", np.zeros((1, 2, 2), np.float32))
    with pytest.raises(ValueError, match="found 2"):
        pictures.read_picture(path, channels=2)


def test_enlarging_keeps_flat_images_flat_and_knows_the_methods():
    images = np.stack([np.full((3, 4, 5), value, np.float32) for value in (0.25, 1.0)])
    for method in (tiles.NEAREST, tiles.BICUBIC):
        large = tiles.enlarge(images, 3, method)
        assert large.shape == (2, 3, 12, 15) and large.dtype == np.float32
        np.testing.assert_allclose(large[0], 0.25, atol=1e-6)
    noise = RNG.random((2, 3, 4, 5), dtype=np.float32)
    blocks = noise.repeat(2, axis=2).repeat(2, axis=3)
    np.testing.assert_array_equal(tiles.enlarge(noise, 2, tiles.NEAREST), blocks)
    bicubic = tiles.enlarge(noise, 2, tiles.BICUBIC)
    assert 0 <= bicubic.min() and bicubic.max() <= 1 and not np.allclose(bicubic, blocks, atol=0.1)


@pytest.mark.parametrize("size", [(9, 20), (16, 7), (8, 8)])
def test_tiles_are_put_together_again(size):
    """A function that looks 2 pixels around it, given a margin of 3, leaves no seam. It sees a mirror at the edges."""

    def blurred(image):
        padded = np.pad(image, ((0, 0), (2, 2), (2, 2)), mode="symmetric")
        blurred = np.lib.stride_tricks.sliding_window_view(padded, (5, 5), axis=(1, 2)).mean(axis=(3, 4))
        return blurred.repeat(2, axis=1).repeat(2, axis=2)

    image = RNG.random((3, *size), dtype=np.float32)
    in_tiles = tiles.in_tiles(blurred, image, factor=2, tile=8, margin=3)
    np.testing.assert_allclose(in_tiles, blurred(image), rtol=1e-5)


# --- transparency at every bit depth, and the way up ------------------------------------------------------------------


def png(depth, colour_type, samples, key=None, palette=None, alphas=None):
    """A PNG file by its description: rows of samples (height, width, channels), and what is transparent."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    height, width = samples.shape[:2]
    bits = np.unpackbits(samples.reshape(height, -1, 1).astype(">u2").view(np.uint8), axis=2)[..., 16 - depth :]
    rows = [b"\0" + np.packbits(row.reshape(-1)).tobytes() for row in bits]
    file = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, 0))
    if palette is not None:
        file += chunk(b"PLTE", palette.astype(np.uint8).tobytes())
    if key is not None:
        file += chunk(b"tRNS", np.array(key, ">u2").tobytes())
    if alphas is not None:
        file += chunk(b"tRNS", np.array(alphas, np.uint8).tobytes())
    return file + chunk(b"IDAT", zlib.compress(b"".join(rows))) + chunk(b"IEND", b"")


def in_8_bits(samples, depth):
    return samples >> 8 if depth == 16 else samples * (255 // (2**depth - 1))


def read_png(tmp_path, *args, channels, **options):
    (tmp_path / "a.png").write_bytes(png(*args, **options))
    image, changes = pictures.read_picture(tmp_path / "a.png", channels)
    return (image * 255).round().astype(int), changes


OVER_BLACK = "laid over black where transparent"


@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
@pytest.mark.parametrize("seed", range(3))
def test_one_transparent_grey(tmp_path, depth, seed):
    """Also where it differs from its neighbours in the lowest bit alone."""
    rng = np.random.default_rng(seed)
    key = int(rng.integers(2**depth))
    near = [key, key ^ 1, int(rng.integers(2**depth))]
    samples = rng.choice(near, (5, 7, 1))
    image, changes = read_png(tmp_path, depth, 0, samples, key, channels=1)
    expected = np.where(samples == key, 0, in_8_bits(samples, depth))
    np.testing.assert_array_equal(image[0], expected[..., 0])
    bits = ["converted from 16 bits to 8"] if depth == 16 else []
    assert changes == [*bits, OVER_BLACK, "converted from RGBA to L"]


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize("seed", range(3))
def test_one_transparent_colour(tmp_path, depth, seed):
    rng = np.random.default_rng(seed)
    key = rng.integers(2**depth, size=3)
    samples = np.where(rng.random((5, 7, 1)) < 0.5, key, key ^ rng.integers(0, 2, (5, 7, 3)))
    image, changes = read_png(tmp_path, depth, 2, samples, key, channels=3)
    expected = np.where((samples == key).all(axis=2, keepdims=True), 0, in_8_bits(samples, depth))
    np.testing.assert_array_equal(image.transpose(1, 2, 0), expected)
    assert (samples != key).any(axis=2).any() and (samples == key).all(axis=2).any()
    bits = ["converted from 16 bits to 8"] if depth == 16 else []
    assert changes == [*bits, OVER_BLACK, "converted from RGBA to RGB"]


@pytest.mark.parametrize("depth", [1, 2, 4, 8])
@pytest.mark.parametrize("alphas", [[0], [255, 0], [128, 255]], ids=str)
def test_a_palette_with_transparency(tmp_path, depth, alphas):
    rng = np.random.default_rng(depth)
    palette = rng.integers(0, 256, (2**depth, 3))
    samples = rng.integers(0, 2**depth, (5, 7, 1))
    image, changes = read_png(tmp_path, depth, 3, samples, palette=palette, alphas=alphas, channels=3)
    opaque = np.array([*alphas, *[255] * 256])[samples]
    np.testing.assert_allclose(image.transpose(1, 2, 0), palette[samples[..., 0]] * opaque / 255, atol=1)
    assert changes == [OVER_BLACK, "converted from RGBA to RGB"]


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize("colours", [1, 3])
def test_a_channel_of_transparency(tmp_path, depth, colours):
    rng = np.random.default_rng(depth)
    samples = rng.integers(0, 2**depth, (5, 7, colours + 1))
    image, changes = read_png(tmp_path, depth, {1: 4, 3: 6}[colours], samples, channels=None)
    small = in_8_bits(samples, depth)
    expected = small[..., :colours] * small[..., colours:] / 255
    np.testing.assert_allclose(image.transpose(1, 2, 0), expected, atol=1)
    assert len(image) == colours, "grey with transparency is grey"
    bits = ["converted from 16 bits to 8"] if depth == 16 else []
    assert changes == [*bits, OVER_BLACK, f"converted from RGBA to {'L' if colours == 1 else 'RGB'}"]


@pytest.mark.parametrize(("depth", "colour_type"), [(1, 0), (2, 0), (4, 0), (8, 0), (16, 0), (8, 2), (16, 2)])
def test_without_transparency_nothing_is_black(tmp_path, depth, colour_type):
    colours = 3 if colour_type else 1
    samples = np.random.default_rng(depth).integers(0, 2**depth, (5, 7, colours))
    image, changes = read_png(tmp_path, depth, colour_type, samples, channels=None)
    np.testing.assert_array_equal(image.transpose(1, 2, 0), in_8_bits(samples, depth))
    assert changes == {16: ["converted from 16 bits to 8"], 1: ["converted from 1 to L"]}.get(depth, [])


def test_a_key_that_no_pixel_has(tmp_path):
    samples = np.full((2, 3, 1), 7)
    assert (read_png(tmp_path, 4, 0, samples, 9, channels=1)[0] == 7 * 17).all()
    assert (read_png(tmp_path, 16, 2, np.full((2, 3, 3), 300), (300, 300, 301), channels=3)[0] == 1).all()


TURNED = {  # how the picture is shown, by the tag's description in the EXIF standard
    2: np.fliplr,
    3: lambda x: np.rot90(x, 2),
    4: np.flipud,
    5: np.transpose,
    6: lambda x: np.rot90(x, -1),
    7: lambda x: np.rot90(x, 2).T,
    8: np.rot90,
}


def exif(kind, count, value):
    """EXIF data that hold an orientation alone, of a TIFF type, in up to 4 bytes."""
    entry = struct.pack(">HHHI", 1, 0x0112, kind, count) + value.ljust(4, b"\0")
    return b"Exif\0\0MM\0*" + struct.pack(">I", 8) + entry + bytes(4)


SHORT, LONG = {"kind": 3, "count": 1}, {"kind": 4, "count": 1}
ORIENTATIONS = {
    **{str(number): exif(**SHORT, value=struct.pack(">H", number)) for number in (*range(11), 255, 65535)},
    "6 as a long": exif(**LONG, value=struct.pack(">I", 6)),
    "65542": exif(**LONG, value=struct.pack(">I", 65542)),
    "-1": exif(8, 1, struct.pack(">h", -1)),
    "text": exif(2, 2, b"6"),
    "a word": exif(2, 4, b"top"),
    "two numbers": exif(3, 2, struct.pack(">HH", 6, 6)),
    "6.5": exif(11, 1, struct.pack(">f", 6.5)),
    "none": exif(3, 0, b""),
    "bytes": exif(7, 1, b"\6"),
}


@pytest.mark.parametrize("suffix", ["png", "jpg"])
@pytest.mark.parametrize("name", ORIENTATIONS)
def test_orientations_that_exist_are_turned_and_no_other(tmp_path, name, suffix):
    smooth = np.add.outer(16 * np.arange(8), 8 * np.arange(16)).astype(np.uint8)
    path = saved(tmp_path, Image.fromarray(smooth), f"a.{suffix}", exif=ORIENTATIONS[name])
    image, changes = pictures.read_picture(path, 1)
    first = {"6 as a long": 6, "two numbers": 6}  # of several, the first counts
    number = first.get(name, int(name) if name in map(str, TURNED) else 1)
    expected = TURNED.get(number, lambda x: x)(smooth)
    np.testing.assert_allclose(image[0] * 255, expected, atol=1e-4 if suffix == "png" else 6)
    assert changes == (["turned upright"] if number in TURNED else [])


@pytest.mark.parametrize(("mode", "more"), [("I;16", {"transparency": 513}), ("RGB", {"transparency": (1, 2, 3)})])
def test_a_transparent_picture_is_turned_too(tmp_path, mode, more):
    wide = np.arange(35, dtype=np.uint16).reshape(5, 7) * 300
    picture = Image.fromarray(wide) if mode == "I;16" else Image.fromarray(COLOUR)
    path = saved(tmp_path, picture, exif=ORIENTATIONS["6"], **more)
    image, changes = pictures.read_picture(path)
    expected = (wide // 256)[None] if mode == "I;16" else COLOUR.transpose(2, 0, 1)
    np.testing.assert_allclose(image, np.rot90(expected, -1, axes=(1, 2)) / 255, atol=1e-6)
    assert "turned upright" in changes and OVER_BLACK in changes


# --- folders of pictures ----------------------------------------------------------------------------------------------


def flat(value, size=(PATCH, PATCH), mode="RGB"):
    return Image.new("L", size[::-1], value).convert(mode)


@pytest.fixture
def folder(tmp_path):
    """Eleven pictures, each of one grey, by which its patches are known."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for value in range(1, 12):
        flat(value, (PATCH, 2 * PATCH)).save(folder / f"{value:02}.{'png' if value % 2 else 'JPG'}", quality=100)
    return folder


def test_no_picture_is_both_learned_and_tested(folder):
    data = Dataset(folder, patch=PATCH)
    train, test = (np.unique((split.images * 255).round()) for split in (data.train, data.test))
    assert len(train) == 10 and len(test) == 1 and sorted([*train, *test]) == list(range(1, 12))
    assert data.train.images.shape == (30, 3, PATCH, PATCH), "three of each: neighbours overlap by half"
    assert data.test.images.shape == (2, 3, PATCH, PATCH)
    assert data.train.labels is None and data.train.images.dtype == np.float32
    assert data.notes == []


def test_patches_are_the_squares_of_the_picture():
    image = RNG.random((3, 7, 9), dtype=np.float32)
    found = tiles.cut(image, side=4, step=3, most=9)
    places = [(0, 0), (0, 3), (3, 0), (3, 3)]
    np.testing.assert_array_equal(found, [image[:, i : i + 4, j : j + 4] for i, j in places])


def test_the_number_of_patches_is_bounded(monkeypatch):
    image = RNG.random((3, 20, 20), dtype=np.float32)
    assert len(tiles.cut(image, 4, 4, most=99)) == 25
    few = tiles.cut(image, 4, 4, most=3)
    np.testing.assert_array_equal(few, [image[:, i : i + 4, i : i + 4] for i in (0, 8, 16)])
    monkeypatch.setattr(examples, "MOST", 40)
    data = Dataset(RNG.random((5, 20, 20)), patch=4)
    assert len(data.train.images) == 40 and len(data.test.images) == 25


def test_pictures_of_other_modes_are_counted(folder):
    flat(1, mode="L").save(folder / "01.png")
    flat(3, mode="L").save(folder / "03.png")
    flat(11, mode="RGBA").save(folder / "11.png")
    data = Dataset(folder, patch=PATCH)
    assert data.train.images.shape[1] == data.test.images.shape[1] == 3
    assert data.notes == [
        "1 of 11 pictures laid over black where transparent",
        "1 of 11 pictures converted from RGBA to RGB",
        "2 of 11 pictures converted from L to RGB",
    ]


def test_pictures_smaller_than_a_patch(folder):
    flat(1, (PATCH - 1, 100)).save(folder / "01.png")
    with pytest.raises(FileError, match=r"01\.png: expected a picture of at least 48x48 pixels, found 47x100"):
        _ = [Dataset(folder, patch=PATCH).train, Dataset(folder, patch=PATCH).test]


def test_the_photographs_are_scikit_images(monkeypatch):
    names = ("astronaut", "coffee", "rocket", "chelsea")
    shipped = {name: np.full((100, 150, 3), 10 * i, np.uint8) for i, name in enumerate(names, start=1)}
    data = SimpleNamespace(**{name: lambda pixels=pixels: pixels for name, pixels in shipped.items()})
    monkeypatch.setitem(sys.modules, "skimage", SimpleNamespace(data=data))
    dataset = Dataset("photographs")
    assert np.unique((dataset.train.images * 255).round()).tolist() == [10, 20, 30]
    assert np.unique((dataset.test.images * 255).round()).tolist() == [40]


def test_the_photographs_are_learned_from_in_variations_and_tested_on_as_they_are(monkeypatch):
    draw = np.random.default_rng(0).integers
    shipped = {name: draw(0, 256, (96, 100, 3), np.uint8) for name in ("astronaut", "coffee", "rocket", "chelsea")}
    data = SimpleNamespace(**{name: lambda pixels=pixels: pixels for name, pixels in shipped.items()})
    monkeypatch.setitem(sys.modules, "skimage", SimpleNamespace(data=data))
    dataset = Dataset("photographs", patch=48)
    learned = {square.tobytes() for square in dataset.train.images}
    assert len(learned) == len(dataset.train.images) == 3 * 8 * (3 * 3 + 1)
    for name in ("astronaut", "coffee", "rocket"):
        image = pictures.from_pixels(shipped[name])
        small = image.reshape(3, 48, 2, 50, 2).astype(np.float64).mean(axis=(2, 4)).astype(np.float32)
        assert image[:, :48, :48].tobytes() in learned
        assert np.ascontiguousarray(image[:, :48, :48].transpose(0, 2, 1)).tobytes() in learned
        assert np.abs(dataset.train.images - small[:, :, :48]).max(axis=(1, 2, 3)).min() < 1e-6
    assert dataset.test.images.shape == (4, 3, 48, 48)
    np.testing.assert_array_equal(dataset.test.images[0], pictures.from_pixels(shipped["chelsea"])[:, :48, :48])


@pytest.mark.parametrize("sides", [(4, 6), (5, 7), (2, 3)])
def test_variations_are_the_eight_positions_at_two_sizes(sides):
    image = np.random.default_rng(1).random((3, *sides), dtype=np.float32)
    found = list(tiles.variations(image))
    assert len(found) == 16 and all(one.dtype == np.float32 for one in found)
    half = [
        [image[:, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2].mean(axis=(1, 2)) for j in range(sides[1] // 2)]
        for i in range(sides[0] // 2)
    ]
    for some, size in ((found[:8], image), (found[8:], np.array(half).transpose(2, 0, 1))):
        positions = [
            one[:, ::down, ::right] for one in (size, size.swapaxes(1, 2)) for down in (1, -1) for right in (1, -1)
        ]
        for position in positions:
            alike = [one for one in some if one.shape == position.shape and np.allclose(one, position, atol=1e-6)]
            assert len(alike) >= 1
        if min(size.shape[1:]) > 1:
            assert len({(one.shape, one.tobytes()) for one in some}) == 8


def test_without_scikit_image_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "skimage", None)
    with pytest.raises(ValueError, match=r"pip install 'minae\[images\]'"):
        _ = Dataset("photographs").train
