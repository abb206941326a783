"""Files from strangers: damaged, lying, made to do harm. Each is read as it says, or refused by a FileError naming it.

They are read in a process of their own, which may take 200 MB and, for each file, two seconds: more kills it, whatever
code was at work. What a file truly says is decided here, by slow readers written from the formats' descriptions.
"""

import gzip
import hashlib
import io
import itertools
import json
import math
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
import safetensors.numpy
from PIL import Image

from minae.cli import main
from minae.data.picture_files import read_picture
from minae.support.errors import FileError

MIB = 2**20
READER = """
import hashlib, json, resource, signal, sys, warnings
from minae.data import read_idx
from minae.support.errors import FileError
from minae.data.picture_files import read_picture
from minae.training.run_folder import Run

readers = {
    "idx": lambda path: {"array": read_idx(path)},
    "picture": lambda path: {"image": read_picture(path, 3)[0]},
    "run": lambda path: Run.open(path).load_model().state_dict(),
}

def answer(kind, path):
    signal.alarm(2)  # whatever is at work then, the signal ends the process
    try:
        arrays = readers[kind](path)
        return {name: [x.dtype.str, x.shape, hashlib.sha256(x.tobytes()).hexdigest()] for name, x in arrays.items()}
    except FileError as error:
        return str(error)
    except BaseException as error:
        return [f"{type(error).__name__}: {error}"]
    finally:
        signal.alarm(0)

warnings.simplefilter("error")
for number, line in enumerate(sys.stdin):
    print(json.dumps(answer(*json.loads(line))), flush=True)
    if number == 2:  # one good file of each kind has been read: nothing more is to be imported
        with open("/proc/self/statm") as status:
            taken = int(status.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + 200_000_000,) * 2)
"""


class Reader:
    """The process that reads the files. `read` gives a dict of (dtype, shape, SHA-256), or the text of a FileError."""

    def __init__(self, process):
        self.process = process

    def read(self, kind, path):
        self.process.stdin.write(json.dumps([kind, str(path)]) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"the reader of {path} died: {self.process.wait()} (-14: it hung)"
        answer = json.loads(line)
        assert not isinstance(answer, list), f"{path}: {answer}"
        return answer


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A tiny trained run."""
    folder = tmp_path_factory.mktemp("fuzz")
    pixels = np.random.default_rng(0).integers(0, 256, (20, 2, 2), dtype=np.uint8)
    (folder / "own.idx").write_bytes(idx(pixels))
    options = ["--data", str(folder / "own.idx"), "--hidden", "3", "--epochs", "1", "--batch-size", "4"]
    assert main(["train", "vae", "--out", str(folder / "run"), *options]) == 0
    return folder / "run"


@pytest.fixture(scope="module")
def reader(run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("good")
    (folder / "good.idx").write_bytes(idx(np.arange(6, dtype=np.uint8)))
    (folder / "good.png").write_bytes(png())
    good = {"idx": folder / "good.idx", "picture": folder / "good.png", "run": run}
    with subprocess.Popen([sys.executable, "-c", READER], stdin=-1, stdout=-1, text=True) as process:
        reader = Reader(process)
        for kind, path in good.items():
            assert isinstance(reader.read(kind, path), dict), path
        yield reader


def digest(content):
    return hashlib.sha256(content).hexdigest()


# ---- how files are spoilt ----------------------------------------------------------------------------------


def truncated(content):
    return [content[:length] for length in range(len(content))]


def flipped(content, rng, count, start=0, stop=None, most=3):
    """One to `most` bits turned over, between two places."""
    files = []
    for _ in range(count):
        spoilt = bytearray(content)
        for place in rng.integers(8 * start, 8 * (stop or len(content)), rng.integers(1, most + 1)):
            spoilt[place // 8] ^= 1 << (place % 8)
        files.append(bytes(spoilt))
    return files


def every_bit(content):
    return [
        content[:i] + bytes([content[i] ^ 1 << bit]) + content[i + 1 :] for i in range(len(content)) for bit in range(8)
    ]


def spliced(content, rng, count):
    """A piece taken out, put in elsewhere, or doubled."""
    files = []
    for _ in range(count):
        a, b, c = sorted(rng.integers(0, len(content) + 1, 3))
        files.append(
            [content[:a] + content[b:], content[:b] + content[a:], content[:a] + content[b:c] + content[a:]][
                rng.integers(3)
            ]
        )
    return files


def soup(start, rng, count):
    """`start`, then nothing that means anything."""
    return [start + rng.bytes(rng.integers(0, 80)) for _ in range(count)]


# ---- IDX, and gzip around it -------------------------------------------------------------------------------

CODES = {"uint8": 0x08, "int8": 0x09, "int16": 0x0B, "int32": 0x0C, "float32": 0x0D, "float64": 0x0E}
SIZES = {0x08: 1, 0x09: 1, 0x0B: 2, 0x0C: 4, 0x0D: 4, 0x0E: 8}
NATIVE = {0x08: "|u1", 0x09: "|i1", 0x0B: "<i2", 0x0C: "<i4", 0x0D: "<f4", 0x0E: "<f8"}
EXTREME = [0, 1, 2, 127, 128, 255, 256, 2**15, 2**16, 2**24 + 1, 2**31 - 1, 2**31, 2**32 - 2, 2**32 - 1]


def header(code, *shape):
    return bytes([0, 0, code, len(shape)]) + b"".join(struct.pack(">I", size) for size in shape)


def idx(array):
    return header(CODES[array.dtype.name], *array.shape) + array.astype(array.dtype.newbyteorder(">")).tobytes()


ARRAYS = [
    np.arange(20, dtype=np.uint8).reshape(4, 5),
    np.array([-3, 7, 300, -300], np.int16),
    np.linspace(-1, 1, 6, dtype=np.float64).reshape(1, 2, 3),
]
RAW = [idx(array) for array in ARRAYS]
ZIPPED = [gzip.compress(content, mtime=0) for content in RAW]
ZEROS = gzip.compress(bytes(64 * MIB), 9, mtime=0)


def extreme_headers():
    files = []
    for shape in itertools.product(EXTREME, repeat=2):
        files += [header(0x08, *shape) + bytes(20), header(0x0E, *shape, 3) + bytes(48)]
    return files + [gzip.compress(content, mtime=0) for content in files]


def gzip_headers():
    """Every flag, every method, and trailers of other files."""
    body = ZIPPED[0]
    files = [body[:3] + bytes([flags]) + body[4:] for flags in range(256)]
    files += [body[:2] + bytes([method]) + body[3:] for method in range(256)]
    files += [body[:-8] + other[-8:] for other in ZIPPED[1:]] + [
        body + tail for tail in (b"\0", bytes(9), b"x", b"\x1f", body)
    ]
    named = b"\x1f\x8b\x08\x1c" + bytes(6) + b"\x02\x00ab" + b"name\0" + b"comment\0" + body[10:]
    return (
        files + [named] + truncated(named) + [gzip.compress(body), gzip.compress(b""), gzip.compress(RAW[0][:9]) + body]
    )


def bombs():
    """Kilobytes that would be gigabytes. The first says less than it holds, the last says more than may be believed."""
    declare = lambda *shape: gzip.compress(header(0x08, *shape), mtime=0)
    return [
        declare(10, 28, 28) + 40 * ZEROS,
        declare(40, 64, MIB) + 40 * ZEROS,
        declare(2**32 - 1) + ZEROS,
        declare(31, MIB) + ZEROS,
    ]


IDX_KINDS = {
    "truncated": lambda rng: [part for content in RAW + ZIPPED for part in truncated(content)],
    "every bit": lambda rng: [file for content in RAW for file in every_bit(content)],
    "bits of gzip": lambda rng: [file for content in ZIPPED for file in flipped(content, rng, 300)],
    "dtypes": lambda rng: [RAW[0][:2] + bytes([code]) + RAW[0][3:] for code in range(256)],
    "dimensions": lambda rng: (
        [header(0x08, *[1] * n) + b"\7" for n in range(256)]
        + [RAW[0][:3] + bytes([n]) + RAW[0][4:] for n in range(256)]
    ),
    "extreme headers": lambda rng: extreme_headers(),
    "spliced": lambda rng: [file for content in RAW + ZIPPED for file in spliced(content, rng, 60)],
    "soup": lambda rng: [
        file for start in (b"", b"\0\0", b"\0\0\x08\x01", b"\x1f\x8b", ZIPPED[0][:10]) for file in soup(start, rng, 60)
    ],
    "gzip headers": lambda rng: gzip_headers(),
    "bombs": lambda rng: bombs(),
}


def gunzip(content):
    """RFC 1952: members one after the other, zeros behind them. Raises ValueError for anything else."""
    out = b""
    while content:
        if content[:3] != b"\x1f\x8b\x08" or len(content) < 10:
            raise ValueError("no gzip member")
        flags, place = content[3], 10
        if flags & 4:
            place += 2 + int.from_bytes(content[place : place + 2], "little")
        for flag in (8, 16):
            if flags & flag:
                place = content.index(b"\0", place) + 1
        place += 2 if flags & 2 else 0
        inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            member = inflate.decompress(content[place:], 40 * MIB)
        except zlib.error as error:
            raise ValueError("not deflated") from error
        trailer = inflate.unused_data[:8]
        if not inflate.eof or trailer != struct.pack("<II", zlib.crc32(member), len(member)):
            raise ValueError("cut off, or a wrong checksum")
        out += member
        content = inflate.unused_data[8:].lstrip(b"\0")
    return out


def parse_idx(content):
    """What an IDX file says: (dtype, shape, SHA-256) of the array in native order. Raises ValueError if it is none."""
    on_disk = len(content)
    if content[:2] == b"\x1f\x8b":
        content = gunzip(content)
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] not in SIZES or content[3] == 0:
        raise ValueError("no IDX header")
    code, start = content[2], 4 + 4 * content[3]
    if len(content) < start:
        raise ValueError("no sizes")
    shape = [int.from_bytes(content[i : i + 4], "big") for i in range(4, start, 4)]
    size, body = SIZES[code], content[start:]
    declared = size * math.prod(shape)
    if declared != len(body) or declared > max(32 * MIB, 200 * on_disk):
        raise ValueError("another size than declared, or more than may be believed")
    native = b"".join(body[i : i + size][::-1] for i in range(0, len(body), size)) if size > 1 else body
    return [NATIVE[code], shape, digest(native)]


@pytest.mark.parametrize("kind", IDX_KINDS)
def test_idx_files(reader, tmp_path, kind):
    path = tmp_path / "fuzzed.idx"
    for content in IDX_KINDS[kind](np.random.default_rng(1)):
        path.write_bytes(content)
        found = reader.read("idx", path)
        try:
            expected = parse_idx(content)
        except ValueError:
            expected = None
        if expected and is_strange(expected[1]) and isinstance(found, str):
            expected = None
        if expected is None:
            assert isinstance(found, str), f"{content[:80]!r} was read as {found}"
            assert found.startswith(f"{path}: expected ") and "\n" not in found
        else:
            assert found == {"array": expected}, content[:80]


def is_strange(shape):
    """Whether it depends on NumPy's version if it can hold the shape: it may have to be refused."""
    return len(shape) > 32 or (0 in shape and max(shape) > 2**20)


# ---- safetensors -------------------------------------------------------------------------------------------

HOSTILE = [
    None, True, False, 0, -1, 1, 3, 2**31, 2**32, 2**63 - 1, 2**63, 2**64 - 1, 2**64, 10**30, -(2**63), 0.5, 1e308,
    "", "F32", "f32", "F33", "F64", "F16", "BF16", "I8", "U64", "BOOL", "C64", "F8_E4M3", "F4", "object", "O", "\0",
    "\ud800", "é" * 50, [], [0], [-1], [0, 0], [0, 2**63], [2**64, 1], [2**32, 2**32], [2**40, 2**40], [1] * 100,
    [[1]], ["1"], [None], [1.5, 2], [0, 48], [48, 0], [0, 12], [4, 4], [3, 4], [4, 3], [12],
    {}, {"a": 1}, {"__reduce__": "os.system"},
]  # fmt: skip


def split_tensors(content):
    """A safetensors file as its header, decoded, and its data."""
    length = int.from_bytes(content[:8], "little")
    return json.loads(content[8 : 8 + length]), content[8 + length :]


def join_tensors(head, body):
    text = head if isinstance(head, bytes) else json.dumps(head).encode()
    return len(text).to_bytes(8, "little") + text + body


def wrong_values(content):
    """Every field of every tensor, and everything that has fields, replaced by each hostile value."""
    head, body = split_tensors(content)
    files = [join_tensors(value, body) for value in HOSTILE]
    for name, info in head.items():
        files += [join_tensors(head | {name: value}, body) for value in HOSTILE]
        files += [
            join_tensors(head | {name: info | {key: value}}, body)
            for key in info
            for value in HOSTILE[:: 1 + len(info) // 3]
        ]
    return files


def wrong_layouts(content):
    """Data that overlap, leave holes, lie outside or backwards; names twice, strange, missing, one too many."""
    head, body = split_tensors(content)
    names = [name for name in head if name != "__metadata__"]
    files = []
    for a, b in itertools.permutations(names, 2):
        moved = {key: dict(info) for key, info in head.items()}
        moved[a]["data_offsets"] = head[b]["data_offsets"]
        files.append(join_tensors(moved, body))  # two share their data
        moved = {key: dict(info) for key, info in head.items()}
        moved[a], moved[b] = head[b], head[a]
        files.append(join_tensors(moved, body))  # two have changed names
    for name in names:
        less = {key: info for key, info in head.items() if key != name}
        begin, end = head[name]["data_offsets"]
        files += [join_tensors(less, body), join_tensors(less, body[:begin] + body[end:])]
        for shift in (-8, -4, -1, 1, 4, 8, 2**20, 2**62):
            for offsets in ([begin + shift, end + shift], [begin, end + shift], [begin + shift, end], [end, begin]):
                files.append(join_tensors(head | {name: head[name] | {"data_offsets": offsets}}, body))
        for other in ("../../x", "", "\0", "a" * 100_000, "__class__", "\ud800", "weight", "x\ny"):
            files.append(join_tensors({other if key == name else key: info for key, info in head.items()}, body))
        twice = json.dumps(head)[:-1] + "," + json.dumps({name: head[names[0]]})[1:]
        files.append(join_tensors(twice.encode(), body))
        extra = {"dtype": "F32", "shape": [2], "data_offsets": [len(body), len(body) + 8]}
        files.append(join_tensors(head | {"extra": extra}, body + bytes(8)))
    return files


def wrong_texts(content):
    """Headers that are no JSON, no UTF-8, too deep, too long; lengths that are lies."""
    head, body = split_tensors(content)
    text = json.dumps(head).encode()
    texts = [
        b"", b" ", b"{", b"}", b"null", b"[]", b"{}", b'"' * 9, b"\xff" * 20, b"\xef\xbb\xbf" + text, b" " + text,
        text + b" " * MIB, text[:-1] + b',"x":NaN}', text[:-1] + b',"x":1e999}', text[:-1] + b",}", text + text,
        text.replace(b'"', b"'"), text[:-1] + b',"\xff":1}', text.decode().encode("utf-16"),
        text.replace(b"4", b"4" * 5000),
        b"[" * 100_000, b'{"a":' * 100_000, b"[" * 100_000 + b"]" * 100_000, b'{"a":' * 500 + b"1" + b"}" * 500,
        b"\x80\x04cos\nsystem\n.",
    ]  # fmt: skip
    files = [join_tensors(text, body) for text in texts]
    lengths = [0, 1, 7, 8, len(text) - 1, len(text) + 1, len(content) - 8, len(content), 10**8, 10**8 + 1]
    lengths += [2**exponent + off for exponent in (31, 32, 53, 63) for off in (-1, 0, 1)] + [
        2**64 - 9,
        2**64 - 8,
        2**64 - 1,
    ]
    return files + [length.to_bytes(8, "little") + text + body for length in lengths]


def other_numbers(content):
    """The same weights as other dtypes; NaN, infinity, and what float32 cannot hold, at one place of each."""
    tensors = safetensors.numpy.load(content)
    dtypes = ("f8", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "?", "c8")
    files = [safetensors.numpy.save({name: x.astype(dtype) for name, x in tensors.items()}) for dtype in dtypes]
    for name, value in itertools.product(tensors, (np.nan, np.inf, -np.inf, 1e300)):
        spoilt = {key: x.astype("f8" if value == 1e300 else "f4") for key, x in tensors.items()}
        spoilt[name].flat[-1] = value
        files.append(safetensors.numpy.save(spoilt))
    return files


RUN_KINDS = {
    "truncated": lambda content, rng: truncated(content),
    "bits of the header": lambda content, rng: flipped(
        content, rng, 700, stop=8 + int.from_bytes(content[:8], "little")
    ),
    "bits of the weights": lambda content, rng: flipped(
        content, rng, 300, start=8 + int.from_bytes(content[:8], "little")
    ),
    "spliced": lambda content, rng: [*spliced(content, rng, 200), content],
    "soup": lambda content, rng: soup(b"", rng, 100) + soup((40).to_bytes(8, "little") + b"{", rng, 100),
    "wrong values": lambda content, rng: wrong_values(content),
    "wrong layouts": lambda content, rng: wrong_layouts(content),
    "wrong texts": lambda content, rng: wrong_texts(content),
    "other numbers": lambda content, rng: other_numbers(content),
}
NONE_LOADS = {"truncated", "soup"}  # of the others some are still whole: they must load


def parse_tensors(content):
    """What a safetensors file says, by name: [dtype, shape, SHA-256] in float32. Raises ValueError if it is none."""
    head, body = split_tensors(content)
    arrays = {}
    for name, info in head.items():
        if name != "__metadata__":
            begin, end = info["data_offsets"]
            dtype = {"F64": "<f8", "F32": "<f4", "F16": "<f2"}[info["dtype"]]
            numbers = np.frombuffer(body[begin:end], dtype).reshape(info["shape"]).astype("<f4")
            if not np.isfinite(numbers).all():
                raise ValueError(f"{name} is not finite")
            arrays[name] = ["<f4", info["shape"], digest(numbers.tobytes())]
    return arrays


@pytest.mark.parametrize("kind", RUN_KINDS)
def test_weights(reader, run, tmp_path, kind):
    path = tmp_path / "model.safetensors"
    (tmp_path / "config.json").write_bytes((run / "config.json").read_bytes())
    good = (run / "model.safetensors").read_bytes()
    loaded = 0
    for content in RUN_KINDS[kind](good, np.random.default_rng(2)):
        path.write_bytes(content)
        found = reader.read("run", tmp_path)
        if isinstance(found, str):
            assert found.startswith(f"{path}: expected ") and "\n" not in found
        else:
            loaded += 1
            assert found == parse_tensors(content)
    assert (loaded == 0) == (kind in NONE_LOADS)


def test_there_are_5000_files(run):
    content = (run / "model.safetensors").read_bytes()
    files = [file for spoil in IDX_KINDS.values() for file in spoil(np.random.default_rng(1))]
    files += [file for spoil in RUN_KINDS.values() for file in spoil(content, np.random.default_rng(2))]
    assert len(set(files)) > 5000


# ---- pictures ----------------------------------------------------------------------------------------------

CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # of PNG's types of colour


def chunk(name, content=b""):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width=5, height=4, depth=8, colour=2, pixels=None, extra=b""):
    """A PNG, right in all that is not told otherwise; `extra` are chunks before the pixels."""
    row = b"\0" + bytes(range(CHANNELS.get(colour, 1) * depth * 5 // 8 + 1))
    pixels = zlib.compress(row[: 1 + -(-CHANNELS.get(colour, 1) * depth * 5 // 8)] * 4) if pixels is None else pixels
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    palette = chunk(b"PLTE", bytes(range(48))) if colour == 3 else b""
    return b"\x89PNG\r\n\x1a\n" + head + palette + extra + chunk(b"IDAT", pixels) + chunk(b"IEND")


def jpeg(**options):
    file = io.BytesIO()
    pixels = np.random.default_rng(3).integers(0, 256, (6, 5, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(file, "JPEG", **options)
    return file.getvalue()


def turned():
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


def png_headers():
    files = [png(width, height) for width, height in itertools.product([3, 4, 6, 10_000, *EXTREME], repeat=2)]
    files += [png(depth=depth, colour=colour) for depth in range(1, 18) for colour in range(8)]
    return (
        files
        + [png(pixels=zlib.compress(bytes(4 * MIB)) * copies) for copies in (1, 30)]
        + [png(9000, 9000, pixels=ZEROS)]
    )


def png_chunks(rng):
    """What stands beside the pixels: broken EXIF, palettes, transparency, animations, and texts that grow for ever."""
    endless = zlib.compress(bytes(80 * MIB))
    good = turned().tobytes()[6:]
    contents = [
        b"",
        b"\0",
        b"\xff" * 7,
        bytes(100),
        good,
        b"II*\0" + b"\xff" * 60,
        b"MM\0*\0\0\0\x08\xff\xff" + bytes(40),
    ]
    contents += flipped(good, rng, 60) + truncated(good) + [rng.bytes(12) for _ in range(20)]
    contents += [b"Raw profile type exif\0\0" + zlib.compress(b"\nexif\n 9\nzz"), b"Raw profile type exif\0exif\n1\n2"]
    contents += [b"name\0\0" + endless, b"name\0\1\0\0\0" + endless, struct.pack(">II", 2**32 - 1, 2**31), bytes(8)]
    names = (
        b"eXIf",
        b"tRNS",
        b"PLTE",
        b"iCCP",
        b"zTXt",
        b"iTXt",
        b"tEXt",
        b"acTL",
        b"fcTL",
        b"gAMA",
        b"pHYs",
        b"cHRM",
        b"IHDR",
    )
    files = [png(extra=chunk(name, content)) for name in names for content in contents]
    return files + [png(colour=3, extra=chunk(b"tRNS", bytes(n))) for n in (0, 1, 15, 16, 17, 256, 300)]


def jpeg_sizes():
    place = JPEG.index(b"\xff\xc0") + 5
    files = [
        JPEG[:place] + struct.pack(">HH", *size) + JPEG[place + 4 :]
        for size in itertools.product((0, 1, 99, 65_535), repeat=2)
    ]
    return files + [JPEG[: place - 1] + bytes([depth]) + JPEG[place:] for depth in range(20)]


JPEG = jpeg()
PICTURE_KINDS = {
    "PNG truncated": lambda rng: truncated(png()) + truncated(png(colour=3)),
    "PNG bits": lambda rng: flipped(png(), rng, 300, start=8),
    "PNG pixels": lambda rng: [png(pixels=pixels) for pixels in flipped(zlib.compress(bytes(64)), rng, 200)],
    "PNG headers": lambda rng: png_headers(),
    "PNG chunks": lambda rng: png_chunks(rng),
    "PNG spliced": lambda rng: spliced(png(), rng, 200),
    "JPEG truncated": lambda rng: truncated(JPEG),
    "JPEG bits": lambda rng: flipped(JPEG, rng, 600),
    "JPEG spliced": lambda rng: spliced(JPEG, rng, 200),
    "JPEG sizes": lambda rng: jpeg_sizes(),
    "EXIF": lambda rng: flipped(jpeg(exif=turned()), rng, 300, start=20, stop=60),
    "soup": lambda rng: [
        file
        for start in (b"\x89PNG\r\n\x1a\n", png()[:33], b"\xff\xd8\xff", JPEG[:200])
        for file in soup(start, rng, 50)
    ],
}


@pytest.mark.parametrize("kind", PICTURE_KINDS)
def test_pictures(reader, tmp_path, kind):
    path = tmp_path / "fuzzed.png"
    loaded = 0
    for content in PICTURE_KINDS[kind](np.random.default_rng(3)):
        path.write_bytes(content)
        found = reader.read("picture", path)
        if isinstance(found, str):
            assert found.startswith(f"{path}: expected ") and "\n" not in found
        else:
            loaded += 1
            dtype, shape, _ = found["image"]
            assert dtype == "<f4" and shape[0] == 3
            if content[:4] == b"\x89PNG":
                assert sorted(shape[1:]) == sorted(struct.unpack(">II", content[16:24])), content[:40]
    assert loaded or kind in ("soup", "JPEG truncated")


MODES = "1 L LA La P PA RGB RGBA RGBX RGBa CMYK YCbCr HSV LAB I I;16 F".split()


@pytest.mark.parametrize("size", [(1, 1), (7, 5), (1, 5000), (5000, 1)], ids=str)
@pytest.mark.parametrize("mode", MODES)
def test_pictures_of_every_mode_and_size(tmp_path, mode, size):
    """Saved as PNG and JPEG, where they can be, they are read; under the name of a PNG but of another format, never."""
    picture = Image.new(mode, size)
    path = tmp_path / "picture.png"
    for file_format in ("PNG", "JPEG", "TIFF", "BMP", "GIF", "PPM", "TGA"):
        try:
            picture.save(path, file_format)
        except (OSError, ValueError, KeyError):
            continue  # this format does not have this mode
        for channels in (1, 3):
            if file_format in ("PNG", "JPEG"):
                image, _ = read_picture(path, channels)
                assert image.shape == (channels, *size[::-1]) and image.dtype == np.float32
                assert 0 <= image.min() and image.max() <= 1
            else:
                with pytest.raises(FileError, match=r"picture\.png: .* PNG or JPEG file, found neither"):
                    read_picture(path, channels)


@pytest.mark.parametrize("transparency", [None, 0, 200, bytes(range(256)), b"\0\xff"])
def test_palettes_with_and_without_transparency(tmp_path, transparency):
    picture = Image.fromarray(np.arange(256, dtype=np.uint8).reshape(16, 16)).convert("P")
    picture.save(tmp_path / "picture.png", **({} if transparency is None else {"transparency": transparency}))
    image, changes = read_picture(tmp_path / "picture.png", 3)
    assert image.shape == (3, 16, 16)
    assert ("laid over black where transparent" in changes) == (transparency is not None)


def test_an_animation_under_the_name_of_a_picture(tmp_path):
    frames = [Image.new("P", (9, 9), colour) for colour in (0, 1)]
    frames[0].save(tmp_path / "moving.png", "GIF", save_all=True, append_images=frames[1:])
    with pytest.raises(FileError, match=r"moving\.png: .* found neither"):
        read_picture(tmp_path / "moving.png", 3)


@pytest.mark.parametrize("size", [(12_000, 12_000), (2**31 - 1, 2**31 - 1), (3000, 2000)])
def test_a_picture_larger_than_its_file_can_hold(reader, tmp_path, size):
    """144 million pixels, of which Pillow only warns; far too many; and few enough, but in a hundred bytes."""
    path = tmp_path / "bomb.png"
    path.write_bytes(png(*size))
    assert "pixels" in reader.read("picture", path)
