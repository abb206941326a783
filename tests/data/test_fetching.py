"""`minae fetch fashion-mnist`: one command, then `--data fashion-mnist` works. Here the files come from a folder."""

import gzip
import hashlib

import numpy as np
import pytest

from minae.cli import main
from minae.data import Dataset, fetching, originals
from minae.support.errors import FileError


def idx(array):
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes() + array.tobytes()


@pytest.fixture
def source(tmp_path, monkeypatch):
    """Twenty images in place of 60,000, on a server that is a folder; and a home without data."""
    rng = np.random.default_rng(0)
    arrays = rng.integers(0, 256, (20, 28, 28), dtype=np.uint8), rng.integers(0, 10, 20, dtype=np.uint8)
    server = tmp_path / "server"
    server.mkdir()
    sums = dict(originals.SHA256["fashion_mnist"])
    for name, array in zip(fetching.FILES, arrays):
        (server / f"{name}.gz").write_bytes(gzip.compress(idx(array)))
        sums[name] = hashlib.sha256(idx(array)).hexdigest()
    monkeypatch.setitem(originals.SHA256, "fashion_mnist", sums)
    monkeypatch.setattr(fetching, "URL", server.as_uri())
    monkeypatch.setattr(originals, "DEBIAN", tmp_path / "debian")
    monkeypatch.setattr(originals, "FETCHED", tmp_path / "home" / ".minae")
    monkeypatch.setattr(fetching, "FETCHED", tmp_path / "home" / ".minae")
    monkeypatch.delenv("MINAE_DATA", raising=False)
    return server


def test_one_command_and_it_can_be_trained_on(source, tmp_path, capsys):
    train = ["train", "vae", "--data", "fashion-mnist", "--epochs", "1", "--limit", "20", "--hidden", "4"]
    train += ["--out", str(tmp_path / "run")]
    assert main(train) == 1
    assert "`minae fetch fashion-mnist` downloads it" in capsys.readouterr().err
    assert main(["fetch", "fashion-mnist"]) == 0
    assert capsys.readouterr().out.count("fetched ") == 2
    assert main(train) == 0
    assert Dataset("fashion-mnist").train.images.shape == (20, 1, 28, 28)


def test_it_goes_where_minae_data_says(source, tmp_path, monkeypatch):
    monkeypatch.setenv("MINAE_DATA", str(tmp_path / "own" / "place"))
    assert [path.parent for path in fetching.fetch_fashion_mnist()] == [tmp_path / "own" / "place"] * 2
    assert len(Dataset("fashion-mnist").train.labels) == 20


def test_what_is_not_the_original_is_not_kept(source, tmp_path):
    path = source / f"{fetching.FILES[0]}.gz"
    path.write_bytes(gzip.compress(idx(np.zeros((20, 28, 28), np.uint8))))
    with pytest.raises(FileError, match="expected the original file, with SHA-256"):
        fetching.fetch_fashion_mnist()
    assert list((tmp_path / "home" / ".minae").iterdir()) == []


def test_without_a_connection(source, capsys):
    (source / f"{fetching.FILES[1]}.gz").unlink()
    assert main(["fetch", "fashion-mnist"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("minae: file://") and "cannot be fetched" in err and err.count("\n") == 1


def test_a_folder_that_cannot_be_made(source, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MINAE_DATA", str(tmp_path / "file" / "inside"))
    with pytest.raises(FileError, match="cannot be made"):
        fetching.fetch_fashion_mnist()
