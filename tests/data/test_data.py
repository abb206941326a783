"""minae.data: facts about the real data, IDX files right and wrong, and the batches of an epoch."""

import gzip
import hashlib
import struct
import tracemalloc
from collections import Counter
from contextlib import contextmanager

import numpy as np
import pytest

from minae import data
from minae.data import originals as datasets
from minae.support.errors import FileError

MIB = 2**20
FASHION_MNIST = datasets.SHIPPED / "fashion_mnist"
CODES = {"uint8": 0x08, "int8": 0x09, "int16": 0x0B, "int32": 0x0C, "float32": 0x0D, "float64": 0x0E}
SHAPES = [(1,), (7,), (0,), (3, 1), (3, 0, 5), (2, 3, 5), (1, 1, 1, 1), (5, 1, 3, 2, 1)]


def header(code: int, *shape: int) -> bytes:
    return bytes([0, 0, code, len(shape)]) + b"".join(struct.pack(">I", size) for size in shape)


def idx(array: np.ndarray) -> bytes:
    big_endian = array.astype(array.dtype.newbyteorder(">"))
    return header(CODES[array.dtype.name], *array.shape) + big_endian.tobytes()


@contextmanager
def at_most(size: int):
    """Fails where the block holds more than `size` bytes more than before, at any moment."""
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < size, f"{peak / MIB:.1f} MiB"


def refused(read, path) -> str:
    """The message with which `read` refuses the file: one line that names it, what was expected and found."""
    with pytest.raises(FileError) as caught:
        read(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: expected ") and "found " in message and "\n" not in message
    return message


# ---- the real data ---------------------------------------------------------------------------------------

# Sums and counts were taken from the bytes after the headers, by a script without NumPy and without minae.
PIXEL_SUM = {
    ("mnist", "train"): 1567298545,
    ("mnist", "test"): 264923200,
    ("fashion_mnist", "test"): 573469082,
}
CLASS_COUNTS = {
    ("mnist", "train"): [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
    ("mnist", "test"): [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
    ("fashion_mnist", "test"): [1000] * 10,
}
FIRST_LABELS = {
    ("mnist", "train"): [5, 0, 4, 1, 9],
    ("mnist", "test"): [7, 2, 1, 0, 4],
    ("fashion_mnist", "test"): [9, 2, 1, 1, 6],
}


@pytest.mark.parametrize("dataset, split", PIXEL_SUM)
def test_real_data(dataset, split):
    images, labels = getattr(data, dataset)(split)
    count = sum(CLASS_COUNTS[dataset, split])
    assert images.shape == (count, 1, 28, 28) and images.dtype == np.float32
    assert images.flags.c_contiguous and images.flags.writeable
    assert images.min() == 0 and images.max() == 1
    assert np.rint(images * 255).sum(dtype=np.int64) == PIXEL_SUM[dataset, split]
    assert labels.shape == (count,) and labels.dtype == np.int64
    assert np.bincount(labels).tolist() == CLASS_COUNTS[dataset, split]
    assert labels[:5].tolist() == FIRST_LABELS[dataset, split]


def test_images_are_the_bytes_over_255_in_order():
    content = gzip.decompress((FASHION_MNIST / "t10k-images-idx3-ubyte.gz").read_bytes())
    images, _ = data.fashion_mnist("test")
    expected = np.array(list(content[-784:]), np.float32).reshape(28, 28) / np.float32(255)
    assert np.array_equal(images[-1, 0], expected)


def test_mnist_costs_its_pixels_once_as_uint8_and_once_as_float32():
    pixels = 60_000 * 28 * 28
    with at_most(5 * pixels + 12 * MIB):
        data.mnist("train")


@pytest.mark.parametrize("dataset", ["mnist", "fashion_mnist"])
@pytest.mark.parametrize("split", ["validation", "Train", "", None, 0])
def test_another_split_is_refused(dataset, split):
    with pytest.raises(ValueError, match=rf'{dataset}: expected split "train" or "test", found {split!r}'):
        getattr(data, dataset)(split)


# ---- where the data sets are looked for ------------------------------------------------------------------


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """Two tiny files in place of Fashion-MNIST's training split, and three empty places where they may be."""
    images, labels = np.arange(24, dtype=np.uint8).reshape(2, 3, 4), np.array([9, 4], np.uint8)
    files = {"train-images-idx3-ubyte": idx(images), "train-labels-idx1-ubyte": idx(labels)}
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    monkeypatch.setitem(datasets.SHA256, "fashion_mnist", sums)
    monkeypatch.setattr(datasets, "SHIPPED", tmp_path / "shipped")
    monkeypatch.setattr(datasets, "DEBIAN", tmp_path / "debian")
    monkeypatch.setattr(datasets, "FETCHED", tmp_path / "fetched")
    monkeypatch.setenv("MINAE_DATA", str(tmp_path / "own"))
    for folder in ("shipped/fashion_mnist", "debian", "own"):
        (tmp_path / folder).mkdir(parents=True)
    return files


@pytest.mark.parametrize("folder", ["shipped/fashion_mnist", "debian", "own"])
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_the_training_split_is_found(stand_in, tmp_path, folder, suffix):
    for name, content in stand_in.items():
        (tmp_path / folder / (name + suffix)).write_bytes(gzip.compress(content) if suffix else content)
    images, labels = data.fashion_mnist("train")
    assert images.shape == (2, 1, 3, 4) and images.dtype == np.float32 and labels.tolist() == [9, 4]
    assert np.array_equal(images.ravel(), np.arange(24, dtype=np.float32) / np.float32(255))


@pytest.mark.parametrize("first, second", [("shipped/fashion_mnist", "debian"), ("debian", "own")])
def test_folders_are_searched_in_order(stand_in, tmp_path, first, second):
    for name, content in stand_in.items():
        (tmp_path / first / name).write_bytes(content)
        (tmp_path / second / name).write_bytes(b"never read")
    assert data.fashion_mnist("train")[1].tolist() == [9, 4]


@pytest.mark.parametrize("own", ["own", "", None])
def test_a_missing_training_split_says_how_to_get_it(stand_in, tmp_path, monkeypatch, own):
    if own is None:
        monkeypatch.delenv("MINAE_DATA")
    else:
        monkeypatch.setenv("MINAE_DATA", str(tmp_path / own) if own else "")
    with pytest.raises(FileError) as caught:
        data.fashion_mnist("train")
    message = str(caught.value)
    assert "\n" not in message
    assert "train-images-idx3-ubyte.gz" in message and str(datasets.DEBIAN) in message
    assert "dataset-fashion-mnist" in message and "https://" in message and "MINAE_DATA" in message
    assert (str(tmp_path / "own") in message) == (own == "own")


@pytest.mark.parametrize("changed", ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"])
def test_one_changed_bit_is_noticed(stand_in, tmp_path, changed):
    for name, content in stand_in.items():
        flip = int(name == changed)
        (tmp_path / "own" / name).write_bytes(content[:-1] + bytes([content[-1] ^ flip]))
    message = refused(lambda _: data.fashion_mnist("train"), tmp_path / "own" / changed)
    assert datasets.SHA256["fashion_mnist"][changed] in message


def test_shipped_mnist_is_checked_too(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets, "SHIPPED", tmp_path)
    with pytest.raises(FileError, match=r"mnist: expected t10k-images-idx3-ubyte.gz in .*; install minae"):
        data.mnist("test")
    (tmp_path / "mnist").mkdir()
    path = tmp_path / "mnist" / "t10k-images-idx3-ubyte.gz"
    path.write_bytes((FASHION_MNIST / path.name).read_bytes())
    message = refused(lambda _: data.mnist("test"), path)
    assert message.endswith(f"found {datasets.SHA256['fashion_mnist']['t10k-images-idx3-ubyte']}")


# ---- IDX files that are right ----------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", CODES)
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_round_trip(tmp_path, pack, dtype, shape):
    raw = np.random.default_rng(3).integers(0, 256, (*shape, np.dtype(dtype).itemsize), dtype=np.uint8)
    array = np.frombuffer(raw.tobytes(), dtype).reshape(shape)  # all bit patterns, NaNs too: compare as bytes
    path = tmp_path / "array"
    path.write_bytes(pack(idx(array)))
    found = data.read_idx(path)
    assert found.dtype == array.dtype and found.dtype.isnative and found.flags.writeable
    assert found.shape == shape and found.tobytes() == array.tobytes()


BIG_ENDIAN = [
    (0x08, "01 ff", [1, 255]),
    (0x09, "01 ff", [1, -1]),
    (0x0B, "0102 fffe", [258, -2]),
    (0x0C, "01020304 fffffffe", [16909060, -2]),
    (0x0D, "3fc00000 c0200000", [1.5, -2.5]),
    (0x0E, "3ff8000000000000 c004000000000000", [1.5, -2.5]),
]


@pytest.mark.parametrize("code, content, expected", BIG_ENDIAN)
def test_byte_order_by_hand(tmp_path, code, content, expected):
    path = tmp_path / "two"
    path.write_bytes(bytes.fromhex(f"0000 {code:02x} 01 00000002 {content}"))
    found = data.read_idx(str(path))  # a str is a path too
    assert found.tolist() == expected and found.dtype.isnative


def test_the_content_and_not_the_name_tells_gzip(tmp_path):
    array = np.arange(6, dtype=np.int16).reshape(2, 3)
    (tmp_path / "raw.gz").write_bytes(idx(array))
    (tmp_path / "zipped").write_bytes(gzip.compress(idx(array)))
    assert np.array_equal(data.read_idx(tmp_path / "raw.gz"), array)
    assert np.array_equal(data.read_idx(tmp_path / "zipped"), array)


def test_an_array_longer_than_one_chunk(tmp_path):
    array = np.random.default_rng(5).integers(0, 256, (3, MIB + 1), dtype=np.uint8)
    (tmp_path / "long").write_bytes(idx(array))
    assert np.array_equal(data.read_idx(tmp_path / "long"), array)


def test_gzip_in_several_members(tmp_path):
    content = idx(np.arange(12, dtype=np.int32))
    (tmp_path / "members").write_bytes(gzip.compress(content[:9]) + gzip.compress(content[9:]))
    assert data.read_idx(tmp_path / "members").tolist() == list(range(12))


def test_sha256_is_of_the_decompressed_file(tmp_path):
    content, path = idx(np.arange(5, dtype=np.uint8)), tmp_path / "sum"
    for packed in (content, gzip.compress(content)):
        path.write_bytes(packed)
        assert data.read_idx(path, hashlib.sha256(content).hexdigest()).tolist() == [0, 1, 2, 3, 4]
        assert "0" * 64 in refused(lambda path: data.read_idx(path, "0" * 64), path)


def test_blank_images_are_no_bomb(tmp_path):
    path = tmp_path / "blank"  # a thousand to one, but small
    path.write_bytes(gzip.compress(header(0x08, 1000, 28, 28) + bytes(784_000)))
    assert not data.read_idx(path).any()


# ---- IDX files that are wrong ----------------------------------------------------------------------------

GOOD = idx(np.arange(20, dtype=np.uint8).reshape(4, 5))
ZIPPED = gzip.compress(GOOD)
WRONG = {
    "empty": (b"", "00 00 dtype ndim, found an empty file"),
    "two bytes": (b"\0\0", "found 00 00"),
    "wrong magic": (b"\x89PNG\r\n\x1a\n", "found 89 50 4e 47"),
    "little-endian header": (bytes([2, 8, 0, 0]) + GOOD[4:], "found 02 08 00 00"),
    "unknown dtype": (header(0x0A, 1) + b"\0", "0x08, 0x09, 0x0b, 0x0c, 0x0d, 0x0e, found 0x0a"),
    "dtype 0": (bytes(100), "found 0x00"),
    "no dimension": (header(0x08) + b"\0", "expected one dimension or more, found 0"),
    "sizes cut": (GOOD[:10], "expected 8 bytes, 2 dimension sizes, found 6"),
    "one byte short": (GOOD[:-1], r"expected 20 bytes for uint8 \(4, 5\), found 19 bytes"),
    "header only": (GOOD[:12], "found 0 bytes"),
    "one byte long": (GOOD + b"\0", r"expected 20 bytes for uint8 \(4, 5\), found more"),
    "empty array and a byte": (header(0x08, 0) + b"\0", r"expected 0 bytes for uint8 \(0,\), found more"),
    "0 beside enormous sizes": (header(0x0E, 0, *[2**32 - 1] * 3), "NumPy can hold"),
    "255 dimensions": (header(0x08, *[1] * 255) + b"\0", "NumPy can hold"),
}
DAMAGED = {
    "gzip magic only": ZIPPED[:2],
    "gzip header only": ZIPPED[:10],
    "gzip cut in its data": ZIPPED[:-12],
    "gzip cut in its checksum": ZIPPED[:-6],
    "gzip cut by one byte": ZIPPED[:-1],
    "wrong method": ZIPPED[:2] + b"\7" + ZIPPED[3:],
    "wrong block type": ZIPPED[:10] + b"\xff" + ZIPPED[11:],
    "wrong checksum": ZIPPED[:-8] + bytes([ZIPPED[-8] ^ 1]) + ZIPPED[-7:],
    "wrong length": ZIPPED[:-4] + bytes([ZIPPED[-4] ^ 1]) + ZIPPED[-3:],
    "text after the end": ZIPPED + b"text",
}


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("case", WRONG)
def test_wrong_idx(tmp_path, case, pack):
    content, expected = WRONG[case]
    path = tmp_path / f"{case}.idx"
    path.write_bytes(pack(content))
    with pytest.raises(FileError, match=expected):
        data.read_idx(path)
    refused(data.read_idx, path)
    refused(data.load_images, path)


@pytest.mark.parametrize("case", DAMAGED)
def test_damaged_gzip(tmp_path, case):
    path = tmp_path / f"{case}.gz"
    path.write_bytes(DAMAGED[case])
    assert "expected an intact gzip file, found a damaged one (" in refused(data.read_idx, path)


def test_no_part_of_a_file_is_read_as_the_whole(tmp_path):
    path = tmp_path / "part"
    for content in (GOOD, ZIPPED):
        for length in range(len(content)):
            path.write_bytes(content[:length])
            refused(data.read_idx, path)


def test_missing_file(tmp_path):
    assert "No such file" in refused(data.read_idx, tmp_path / "missing.gz")


def test_folder(tmp_path):
    assert "expected an IDX file, found none (" in refused(data.read_idx, tmp_path)


# ---- headers and gzip files that ask for too much memory -------------------------------------------------

HUGE = {
    "4 GiB": header(0x08, 2**32 - 1),
    "8 EiB": header(0x0E, 2**30, 2**30),
    "more than 64 bits": header(0x0E, *[2**32 - 1] * 4),
    "just below the limit": header(0x08, 32 * MIB),
}


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("case", HUGE)
def test_a_huge_declared_shape_allocates_nothing(tmp_path, case, pack):
    path = tmp_path / f"{case}.idx"
    path.write_bytes(pack(HUGE[case] + bytes(1000)))
    with at_most(3 * MIB):
        message = refused(data.read_idx, path)
    assert ("expected at most 33554432 bytes in a file of" in message) == (case != "just below the limit")


@pytest.fixture(scope="module")
def zeros():
    """64 MiB of zeros as one gzip member of 64 KB; two or more in a row are one gzip file too."""
    return gzip.compress(bytes(64 * MIB), 9)


@pytest.mark.parametrize("more", [0, 1])
@pytest.mark.parametrize("limit", [32 * MIB, 200 * 170_000])
def test_how_much_a_file_may_declare(tmp_path, limit, more):
    """32 MiB in any file, and 200 bytes for each byte of a larger one."""
    path = tmp_path / "zeros.gz"
    packed = gzip.compress(header(0x08, 1, limit + more) + bytes(limit + more), 1)
    path.write_bytes(packed.ljust(170_000 if limit > 32 * MIB else 0, b"\0"))  # gzip files may be padded by zeros
    if more:
        assert f"expected at most {limit} bytes in a file of {path.stat().st_size}" in refused(data.read_idx, path)
    else:
        assert data.read_idx(path).shape == (1, limit)


def test_a_gzip_bomb_behind_an_honest_header(tmp_path, zeros):
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(header(0x08, 10, 28, 28)) + 32 * zeros)  # 2 GiB in 2 MB
    with at_most(3 * MIB):
        assert "expected 7840 bytes for uint8 (10, 28, 28), found more" in refused(data.read_idx, path)


def test_a_gzip_bomb_that_declares_what_it_holds(tmp_path, zeros):
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(header(0x08, 2, 2**30)) + 32 * zeros)
    with at_most(3 * MIB):
        assert f"found {2**31} bytes for uint8" in refused(data.read_idx, path)


# ---- the user's own images -------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 5, 7), (2, 28, 28)])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_load_images(tmp_path, pack, shape):
    pixels = np.random.default_rng(7).integers(0, 256, shape, dtype=np.uint8)
    pixels[0, 0, 0] = 255
    (tmp_path / "own").write_bytes(pack(idx(pixels)))
    images = data.load_images(tmp_path / "own")
    count, height, width = shape
    assert images.shape == (count, 1, height, width) and images.dtype == np.float32
    assert images.flags.c_contiguous and images[0, 0, 0, 0] == 1
    assert np.array_equal(images[:, 0], pixels.astype(np.float32) / np.float32(255))


NOT_IMAGES = [np.zeros((2, 3, 4), dtype) for dtype in CODES if dtype != "uint8"]
NOT_IMAGES += [np.zeros(shape, np.uint8) for shape in [(5,), (4, 5), (2, 1, 4, 5)]]
NOT_IMAGES += [np.zeros(shape, np.uint8) for shape in [(0, 4, 5), (2, 0, 5), (2, 4, 0)]]


@pytest.mark.parametrize("array", NOT_IMAGES, ids=lambda array: f"{array.dtype} {array.shape}")
def test_not_images(tmp_path, array):
    path = tmp_path / "own.idx"
    path.write_bytes(idx(array))
    message = refused(data.load_images, path)
    assert message.endswith(f"one or more images, uint8 (N, H, W), found {array.dtype} {array.shape}")


# ---- batches ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count, batch_size", [(1, 1), (7, 1), (7, 3), (7, 7), (12, 4), (101, 10)])
@pytest.mark.parametrize("seed", [None, 11])
def test_an_epoch_holds_every_index_once(count, batch_size, seed):
    rng = None if seed is None else np.random.default_rng(seed)
    epoch = list(data.batches(count, batch_size, rng))
    assert all(batch.dtype == np.int64 and batch.ndim == 1 for batch in epoch)
    assert all(len(batch) == batch_size for batch in epoch[:-1])
    assert len(epoch[-1]) == (count % batch_size or batch_size)
    assert sorted(np.concatenate(epoch).tolist()) == list(range(count))


def test_without_a_generator_the_epoch_is_in_order():
    assert [batch.tolist() for batch in data.batches(5, 2, None)] == [[0, 1], [2, 3], [4]]


def test_epochs_differ_and_a_seed_repeats_them():
    def epochs(seed):
        rng = np.random.default_rng(seed)
        return [np.concatenate(list(data.batches(50, 8, rng))).tolist() for _ in range(2)]

    first, second = epochs(13)
    assert first != second and first != sorted(first)
    assert epochs(13) == [first, second]
    assert epochs(14) != [first, second]


def test_every_order_is_equally_likely():
    rng, epochs = np.random.default_rng(17), 6000
    orders = Counter(tuple(np.concatenate(list(data.batches(4, 3, rng)))) for _ in range(epochs))
    standard_error = (epochs * (1 / 24) * (23 / 24)) ** 0.5
    assert len(orders) == 24
    assert all(abs(count - epochs / 24) < 5 * standard_error for count in orders.values())


@pytest.mark.parametrize("count, batch_size", [(10, 0), (10, -1), (10, 11), (0, 1), (0, 0)])
def test_an_impossible_batch_size_is_refused_at_once(count, batch_size):
    with pytest.raises(ValueError, match="expected 1 <= batch_size <= count") as caught:
        data.batches(count, batch_size, None)  # not only when the first batch is asked for
    assert str(caught.value).endswith(f"found batch_size {batch_size} and count {count}")
