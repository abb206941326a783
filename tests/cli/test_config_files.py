"""config.json of every kind of wrongness: refused by a FileError that names a file of the run, or used as it says."""

import json

from tests.data.test_fuzzed_files import HOSTILE, reader, run  # noqa: F401 (fixtures)

TEXTS = [
    b"", b" ", b"{", b"null", b"[]", b'"vae"', b"1", b"NaN", b"\xff\xfe", b"\xef\xbb\xbf{}", b"[" * 100_000,
    b'{"model":' * 100_000, b"[" * 100_000 + b"]" * 100_000, b'{"model": "vae", "seed": ' + b"9" * 5000 + b"}",
    b"\x80\x04cos\nsystem\n.", b'{"model": ["vae"]}', b'{"model": {"a": 1}}', b'{"model": "__class__"}', bytes(1000),
]  # fmt: skip
SIZES = (10**5, 10**7, 10**9, 10**12, 10**18, 10**400)
SHAPES = (
    [1, 10**4, 10**4],
    [1, 10**9, 10**9],
    [10**7, 2, 2],
    [1, 2**31, 2**31],
    [2, 2],
    [1, 2, 2, 1],
    [1, -2, -2],
    [4],
    [1, 2.0, 2],
)


def configs(config):
    """Every key left out, or with a value that it cannot have, and what is no config at all."""
    files = [json.dumps(value).encode() for value in HOSTILE] + TEXTS
    for key in config:
        files += [json.dumps(config | {key: value}).encode() for value in HOSTILE]
        files.append(json.dumps({name: value for name, value in config.items() if name != key}).encode())
    for key in ("hidden", "latent"):
        files += [json.dumps(config | {key: size}).encode() for size in SIZES]
    return files + [json.dumps(config | {"image_shape": shape}).encode() for shape in SHAPES]


def test_configs(reader, run, tmp_path):  # noqa: F811
    (tmp_path / "model.safetensors").write_bytes((run / "model.safetensors").read_bytes())
    for content in configs(json.loads((run / "config.json").read_bytes())):
        (tmp_path / "config.json").write_bytes(content)
        found = reader.read("run", tmp_path)
        assert isinstance(found, dict) or (found.startswith(str(tmp_path)) and "\n" not in found), content[:200]
