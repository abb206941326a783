"""The command where something around it is odd: no stderr, a strange matplotlibrc, another folder, an edited config."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
import safetensors.numpy

from minae.cli import main
from minae.cli import train as train_command

TINY = ["--hidden", "4", "--limit", "60", "--epochs", "1"]


def run_minae(*arguments, redirect="", **options):
    command = " ".join([sys.executable, "-m", "minae", *map(str, arguments), redirect])
    return subprocess.run(command, shell=True, capture_output=True, text=True, timeout=120, **options)


def refuse(capsys, *arguments):
    capsys.readouterr()
    assert main([str(argument) for argument in arguments]) == 1
    err = capsys.readouterr().err
    assert err.startswith("minae: ") and err.count("\n") == 1
    return err


@pytest.fixture
def run(tmp_path):
    folder = tmp_path / "run"
    assert main(["train", "vae", *TINY, "--out", str(folder)]) == 0
    return folder


@pytest.mark.parametrize(
    ("model", "redirect"),
    [
        ("vae", ">&-"),
        ("aae", "2>&-"),
        *(pytest.param("vae", streams, marks=pytest.mark.slow) for streams in ("2>&-", "2>&- >&-", "2>&- | cat")),
    ],
)
def test_closed_streams(model, redirect, tmp_path):
    """There is no place for a bar then, also not for that of a baseline."""
    done = run_minae("train", model, *TINY, "--out", tmp_path / "run", redirect=redirect)
    assert done.returncode == 0 and (tmp_path / "run" / "figures" / "losses.png").exists()


@pytest.mark.parametrize(
    "rc",
    [
        "text.usetex: True",
        "backend: nonsense",
        *(pytest.param(rc, marks=pytest.mark.slow) for rc in ("figure.dpi: 5", "axes.grid: perhaps\n{")),
    ],
)
def test_a_matplotlibrc_of_ones_own(rc, tmp_path):
    (tmp_path / "matplotlibrc").write_text(rc)
    environment = os.environ | {"MATPLOTLIBRC": str(tmp_path)}
    for arguments in (["--version"], ["train", "vae", *TINY, "--out", tmp_path / "run"], ["sample", tmp_path / "run"]):
        done = run_minae(*arguments, env=environment)
        assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    assert (tmp_path / "run" / "figures" / "losses.png").exists()


@pytest.mark.parametrize("backend", ["nonsense", "TkAgg"])
def test_a_backend_that_is_not_there(backend, tmp_path):
    environment = os.environ | {"MPLBACKEND": backend}
    for arguments in (["--version"], ["train", "vae", *TINY, "--out", tmp_path / "run"]):
        done = run_minae(*arguments, env=environment)
        assert done.returncode == 0 and done.stderr == ""


def test_a_run_on_a_relative_path_is_resumed_in_another_folder(tmp_path, monkeypatch, capsys):
    images = np.random.default_rng(0).integers(0, 256, (50, 6, 9), dtype=np.uint8)
    header = bytes([0, 0, 8, 3]) + np.array(images.shape, ">u4").tobytes()
    (tmp_path / "own.idx").write_bytes(header + images.tobytes())
    monkeypatch.chdir(tmp_path)
    assert main(["train", "vae", *TINY, "--data", "own.idx", "--out", "run"]) == 0
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert "done already" not in capsys.readouterr().out
    assert main(["train", "vae", "--resume", "../run", "--epochs", "2"]) == 0
    told = capsys.readouterr().out
    assert "epochs 1 to 1 are done already\n" in told and "trained 1 epochs in " in told
    assert main(["evaluate", "../run"]) == 0


def test_the_name_of_a_data_set_is_not_that_of_a_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(train_command, "_report", lambda *args: None)
    (tmp_path / "mnist").mkdir()
    monkeypatch.chdir(tmp_path)
    assert main(["train", "vae", *TINY, "--data", "mnist", "--out", "run"]) == 0
    assert json.loads((tmp_path / "run" / "config.json").read_text())["data"] == "mnist"


def test_a_resumed_run_does_not_end_before_it_has_begun(tmp_path, capsys):
    run = tmp_path / "run"
    assert main(["train", "vae", *TINY[:-2], "--epochs", "2", "--out", str(run)]) == 0
    before = {path.name: path.read_bytes() for path in run.iterdir() if path.is_file()}
    assert "it has 2 epochs already, and cannot end at --epochs 1" in refuse(
        capsys, "train", "vae", "--resume", run, "--epochs", 1
    )
    assert before == {path.name: path.read_bytes() for path in run.iterdir() if path.is_file()}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("batch_size", value) for value in (0, -1, 1.5, "x", None, True)),
        *(("epochs", value) for value in (0, "x", None, [1])),
        *(("lr", value) for value in (-1, "x", None)),
        *(("decay", value) for value in (-1, "x", None)),
        *(("seed", value) for value in (-1, "x")),
        *(("hidden", value) for value in (0, "x")),
    ],
)
def test_an_edited_config(key, value, run, capsys):
    config = json.loads((run / "config.json").read_text())
    (run / "config.json").write_text(json.dumps({**config, key: value}))
    message = refuse(capsys, "train", "vae", "--resume", run, "--epochs", 2)
    assert "config.json: does not describe a model" in message or key in message


@pytest.mark.parametrize("dtype", ["BF16", "F8_E4M3", "F8_E5M2", "F16"])
@pytest.mark.parametrize("command", [["sample"], ["evaluate"]])
def test_weights_of_a_dtype_that_numpy_has_not(dtype, command, run, capsys):
    """They are told with the file's name; float16, which NumPy has, is loaded."""
    path = run / "model.safetensors"
    arrays = safetensors.numpy.load_file(path)
    size = 1 if dtype.startswith("F8") else 2
    header, body = {}, b""
    for name, array in arrays.items():
        content = array.astype(np.float16).tobytes()[:: 2 if size == 1 else 1]
        offsets = [len(body), len(body) + len(content)]
        header[name] = {"dtype": dtype, "shape": array.shape, "data_offsets": offsets}
        body += content
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + body)
    if dtype == "F16":
        assert main([*command, str(run)]) == 0
    else:
        assert refuse(capsys, *command, run).startswith(f"minae: {path}: expected the weights")


@pytest.mark.parametrize("label", [10, 12, 10**15])
def test_a_label_that_there_is_not(label, tmp_path, capsys):
    assert main(["train", "cvae", *TINY, "--out", str(tmp_path / "run")]) == 0
    told = refuse(capsys, "sample", tmp_path / "run", "--label", label)
    assert told == f"minae: --label: expected a label from 0 to 9, found {label}\n"


def test_few_images_take_a_smaller_batch_than_the_usual_one(tmp_path, capsys):
    assert (
        main(["train", "vae", "--limit", "50", "--epochs", "1", "--hidden", "4", "--out", str(tmp_path / "run")]) == 0
    )
    assert json.loads((tmp_path / "run" / "config.json").read_text())["batch_size"] == 50
    told = refuse(capsys, "train", "vae", "--limit", 50, "--batch-size", 51, "--out", tmp_path / "other")
    assert "--batch-size 51 is larger than the training data, 50 images" in told


@pytest.mark.parametrize("name", ["cifar", "mnist2", "no/such/file"])
def test_unknown_data_list_what_is_known(name, tmp_path, capsys):
    told = refuse(capsys, "train", "vae", "--data", name, "--out", tmp_path / "run")
    assert all(known in told for known in (name, "mnist", "fashion-mnist", "photographs", "IDX file", "folder"))


@pytest.mark.parametrize("backend", [None, "TkAgg"])
def test_the_callers_surroundings_are_left_as_they_were(backend, tmp_path, monkeypatch):
    monkeypatch.delenv("MPLBACKEND", raising=False)
    if backend:
        monkeypatch.setenv("MPLBACKEND", backend)
    assert main(["train", "vae", *TINY, "--out", str(tmp_path / "run")]) == 0
    assert main(["evaluate", str(tmp_path / "nothing")]) == 1
    assert os.environ.get("MPLBACKEND") == backend
