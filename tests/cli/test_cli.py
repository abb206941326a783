"""The command as a person meets it: what it prints, what it leaves behind, and how it refuses."""

import csv
import json
import os
import shutil

import numpy as np
import pytest
from PIL import Image

from minae import differentiable
from minae.checker.cases import CASES
from minae.checker.every_op import check_all
from minae.checker.samplers import Case
from minae.cli import entry, main, train

QUICK = ["--limit", "400", "--epochs", "2", "--hidden", "32"]
FIGURES = ("losses", "gradients", "reconstructions", "samples", "latent", "manifold")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli") / "run"
    assert main(["train", "vae", "--out", str(folder), *QUICK]) == 0
    return folder


def refuse(capsys, status, *arguments):
    """The one line on stderr of a command that must fail with `status`."""
    capsys.readouterr()
    try:
        found = main([str(argument) for argument in arguments])
    except SystemExit as exit:
        found = exit.code
    err = capsys.readouterr().err
    assert found == status, err
    assert "Traceback" not in err
    if status == 1:
        assert err.count("\n") == 1, err
        assert err.startswith("minae: ")
    return err


def test_training_leaves_a_whole_run_folder(run):
    files = [".lock", "checkpoint.safetensors", "config.json", "figures", "history.csv", "metrics.json"]
    assert sorted(os.listdir(run)) == [*files, "model.safetensors"]
    for name in FIGURES:
        picture = np.asarray(Image.open(run / "figures" / f"{name}.png").convert("L"))
        assert picture.std() > 10, f"{name}.png is blank"
    config = json.loads((run / "config.json").read_text())
    assert (config["model"], config["epochs"], config["hidden"], config["latent"]) == ("vae", 2, 32, 2)
    with (run / "history.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["1", "2"]
    assert float(rows[1]["train_loss"]) < float(rows[0]["train_loss"])
    test = json.loads((run / "metrics.json").read_text())["test"]
    assert test["negative_elbo"] == pytest.approx(test["reconstruction"] + test["kl"])
    assert test["reconstruction"] == pytest.approx(float(rows[1]["test_reconstruction"]))


def test_evaluate_repeats_the_figures_of_the_training(run, capsys):
    assert main(["evaluate", str(run)]) == 0
    test = json.loads((run / "metrics.json").read_text())["test"]
    assert f"negative ELBO {test['negative_elbo']:.2f} nats per image" in capsys.readouterr().out


def test_evaluate_on_other_data_gives_other_figures(run, capsys):
    assert main(["evaluate", str(run)]) == 0
    own = capsys.readouterr().out
    assert main(["evaluate", str(run), "--data", "fashion-mnist"]) == 0
    assert capsys.readouterr().out.split(":")[1] != own.split(":")[1]


@pytest.mark.parametrize("command", ["sample", "reconstruct"])
def test_pictures_from_a_saved_run(run, tmp_path, capsys, command):
    out = tmp_path / "picture.png"
    assert main([command, str(run), "--out", str(out), "--count", "7"]) == 0
    assert f"picture in {out}\n" in capsys.readouterr().out
    assert np.asarray(Image.open(out).convert("L")).std() > 10


@pytest.mark.parametrize("command", ["sample", "reconstruct"])
def test_a_picture_that_is_there_is_replaced_if_asked(run, tmp_path, capsys, command):
    mine = tmp_path / "mine.png"
    mine.write_text("mine")
    told = refuse(capsys, 1, command, run, "--out", mine)
    assert f"{mine}: is there already" in told and "--overwrite" in told and mine.read_text() == "mine"
    assert main([command, str(run), "--out", str(mine), "--overwrite"]) == 0
    for _ in range(2):
        assert main([command, str(run)]) == 0, "the run's own figures are its own"


def test_samples_depend_on_the_seed_alone(run, tmp_path):
    for name, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        assert main(["sample", str(run), "--seed", seed, "--out", str(tmp_path / f"{name}.png")]) == 0
    a, b, c = ((tmp_path / f"{name}.png").read_bytes() for name in "abc")
    assert a == b != c


@pytest.mark.parametrize("options", [["--latent", "1"], ["--latent", "5"], ["--beta", "4"]], ids=" ".join)
def test_options_change_the_run(run, tmp_path, options):
    assert main(["train", "vae", "--out", str(tmp_path / "run"), *QUICK, *options]) == 0
    assert (tmp_path / "run" / "metrics.json").read_text() != (run / "metrics.json").read_text()
    assert (tmp_path / "run" / "figures" / "latent.png").exists()


def test_same_seed_same_run_bitwise(run, tmp_path):
    assert main(["train", "vae", "--out", str(tmp_path / "again"), *QUICK]) == 0
    assert main(["train", "vae", "--out", str(tmp_path / "other"), *QUICK, "--seed", "1"]) == 0
    for name in ("model.safetensors", "history.csv", "metrics.json"):
        content = (run / name).read_bytes()
        assert (tmp_path / "again" / name).read_bytes() == content, name
        assert (tmp_path / "other" / name).read_bytes() != content, name


def test_default_folders_are_numbered(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        assert main(["train", "vae", *QUICK, "--epochs", "1"]) == 0
    assert sorted(os.listdir("runs")) == ["vae", "vae-2"]


def test_no_progress_bar_where_no_terminal_is(tmp_path, capsys):
    assert main(["train", "vae", "--out", str(tmp_path / "run"), *QUICK]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert len(out.splitlines()) == 4 + 2  # a line for each of 2 epochs


def test_the_training_gets_what_was_asked_for(monkeypatch, tmp_path):
    given = {}
    monkeypatch.setattr(train, "fit", lambda model, images, labels, **options: given.update(options, images=images))
    monkeypatch.setattr(train, "_report", lambda *args: None)
    options = ["--epochs", "3", "--batch-size", "7", "--decay", "0.5", "--seed", "4", "--lr", "0.25", "--limit", "30"]
    assert main(["train", "aae", "--out", str(tmp_path), *options]) == 0
    expected = {"epochs": 3, "batch_size": 7, "decay": 0.5, "seed": 4, "resume": True, "folder": tmp_path}
    assert {name: given[name] for name in expected} == expected
    assert [optimizer.lr for optimizer in given["optimizer"]] == [0.25, 0.5, 0.25]
    assert len(given["images"]) == len(given["validation"]["test"].images) == 30


def test_own_images_without_labels(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (50, 6, 9), dtype=np.uint8)
    path = tmp_path / "own.idx"
    path.write_bytes(bytes([0, 0, 8, 3]) + np.array(images.shape, ">u4").tobytes() + images.tobytes())
    run = tmp_path / "run"
    assert main(["train", "vae", "--out", str(run), "--data", str(path), "--epochs", "1", "--batch-size", "9"]) == 0
    assert json.loads((run / "metrics.json").read_text())["test_images"] == 5
    assert main(["evaluate", str(run)]) == 0


@pytest.mark.parametrize(
    ("cases", "comparisons"),
    [pytest.param(CASES[:40], 300, id="40"), pytest.param(CASES, 5000, id="all", marks=pytest.mark.slow)],
)
def test_gradcheck_prints_every_op_and_passes(cases, comparisons, capsys, monkeypatch):
    rows = []

    def check_and_keep(rng):
        rows.extend(check_all(cases, rng))
        return rows

    monkeypatch.setattr("minae.cli.gradcheck.check_all", check_and_keep)
    assert main(["gradcheck"]) == 0
    assert [row.name for row in rows if not row.ok] == []
    assert {row.name for row in rows} == {case.op.__name__.strip("_") for case in cases}
    assert all(row.worst < 1e-9 for row in rows)
    assert sum(row.comparisons for row in rows) > comparisons
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(rows) + 3
    assert lines[-1].startswith(f"{len(rows)} of {len(rows)} ops pass")
    assert all(line.split()[0] == row.name and line.endswith("pass") for line, row in zip(lines[1:], rows))


def test_gradcheck_fails_when_an_op_is_wrong(capsys, monkeypatch):
    @differentiable
    def twice(x):
        return 2 * x, (lambda g: 3 * g,)

    wrong = Case(twice, "planted", (lambda rng: rng.standard_normal(3),))
    monkeypatch.setattr("minae.cli.gradcheck.check_all", lambda rng: check_all([CASES[0], wrong], rng))
    assert main(["gradcheck"]) == 1
    out, err = capsys.readouterr()
    assert "1 of 2 ops pass" in out and "1.5 times the right one" in out
    assert err == "minae: gradcheck: twice did not pass\n"


def test_the_command_alone_prints_help(capsys):
    assert main([]) == 0
    out = capsys.readouterr().out
    assert all(command in out for command in ("train", "sample", "reconstruct", "evaluate"))


NO_DATA = {"data": None, "patch": None, "resize": None}
OPTIONS = {  # what --help says is the default
    "sample r": {"out": None, "overwrite": False, "count": None, "seed": 0, "label": None},
    "reconstruct r": {"out": None, "overwrite": False, "count": None, **NO_DATA},
    "evaluate r": {"importance_samples": None, **NO_DATA},
    "probe r": {"seed": 0, **NO_DATA},
    "denoise r a.png": {"out": None, "overwrite": False},
    "upscale r a.png": {"out": None, "overwrite": False},
    "gradcheck": {"seed": 0},
    "train conv-ae": {"out": None, "resume": None, "overwrite": False, "device": "cpu", "detect_anomaly": False},
}


@pytest.mark.parametrize("command", OPTIONS)
def test_what_is_not_asked_for(command, monkeypatch):
    """Each command gets the defaults that its help promises, and none shows a traceback or limits the threads."""
    given = []
    for module in entry.COMMANDS:
        name = module.__name__.rpartition(".")[2]
        monkeypatch.setattr(module, name, given.append)
    assert main(command.split()) == 0
    expected = {"debug": False, "threads": None, **OPTIONS[command]}
    assert {name: getattr(given[0], name) for name in expected} == expected


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (
            "train vae",
            ["(default: mnist)", "(default: 20)", "(default: 128)", "(default: bernoulli)"],
        ),
        ("train ae", ["(default: 512,128)", "default: the first free of runs/ae"]),
        ("evaluate", ["(default: what the run was trained on)"]),
        ("sample", ["(default: 100 images, or 6 melodies)", "(default: 0)", "(default: in the run's figures)"]),
    ],
)
def test_help_says_what_is_taken_by_default(command, words, capsys):
    with pytest.raises(SystemExit) as told:
        main([*command.split(), "--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert told.value.code == 0 and [word for word in words if word not in text] == []


@pytest.mark.parametrize(
    ("arguments", "name", "value"),
    [
        ("sample r --count 1", "count", 1),
        ("sample r --seed 0", "seed", 0),
        ("sample r --label 0", "label", 0),
        ("sample r --overwrite", "overwrite", True),
        ("denoise r a.png --overwrite", "overwrite", True),
        ("reconstruct r --count 1", "count", 1),
        ("evaluate r --importance-samples 1", "importance_samples", 1),
        ("evaluate r --patch 1", "patch", 1),
        ("evaluate r --resize 28x40", "resize", (28, 40)),
        ("gradcheck --seed 7", "seed", 7),
        ("gradcheck --threads 1", "threads", 1),
        ("gradcheck --debug", "debug", True),
        ("train vae --limit 1", "limit", 1),
        ("train vae --epochs 1", "epochs", 1),
        ("train vae --batch-size 1", "batch_size", 1),
        ("train vae --seed 0", "seed", 0),
        ("train vae --decay 1", "decay", 1),
        ("train vae --beta 0", "beta", 0),
        ("train vae --overwrite", "overwrite", True),
        ("train vae --detect-anomaly", "detect_anomaly", True),
    ],
)
def test_what_is_asked_for(arguments, name, value, monkeypatch):
    """Numbers arrive as numbers, and the smallest that makes sense is taken."""
    given = []
    for module in entry.COMMANDS:
        monkeypatch.setattr(module, module.__name__.rpartition(".")[2], given.append)
    assert main(arguments.split()) == 0
    found = getattr(given[0], name)
    assert found == value and type(found) in (type(value), float)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["train"], "MODEL"),
        (["train", "vea"], "invalid choice: 'vea'"),
        (["tarin"], "invalid choice"),
        (["train", "vae", "--epoch-count", "3"], "unrecognized arguments"),
        (["train", "vae", "--batch-size", "0"], "at least 1, found '0'"),
        (["train", "vae", "--epochs", "two"], "found 'two'"),
        (["train", "vae", "--latent", "-1"], "found '-1'"),
        (["train", "vae", "--lr", "0"], "above 0"),
        (["train", "vae", "--lr", "nan"], "above 0"),
        (["train", "vae", "--beta", "-0.5"], "at least 0"),
        (["train", "vae", "--seed", "1.5"], "found '1.5'"),
        (["train", "vae", "--device", "tpu"], "invalid choice: 'tpu'"),
    ],
    ids=" ".join,
)
def test_wrong_arguments(capsys, arguments, words):
    assert words in refuse(capsys, 2, *arguments)


def test_failures_name_what_was_found_and_what_would_be_right(capsys, tmp_path, run):
    out = ["--out", tmp_path / "new"]
    message = refuse(capsys, 1, "train", "vae", *out, "--batch-size", "401", "--limit", "400")
    assert "401" in message and "400" in message
    assert "not empty" in refuse(capsys, 1, "train", "vae", "--out", run)
    assert "no such file" in refuse(capsys, 1, "train", "vae", *out, "--data", tmp_path / "none.idx").lower()
    assert "not a run folder" in refuse(capsys, 1, "evaluate", tmp_path)
    assert "not a run folder" in refuse(capsys, 1, "sample", tmp_path / "missing")
    assert "cannot be written" in refuse(capsys, 1, "sample", run, "--out", tmp_path / "no" / "folder.png")
    assert "cannot be written" in refuse(capsys, 1, "sample", run, "--out", tmp_path / "picture.docx")
    assert "cuda" in refuse(capsys, 1, "train", "vae", *out, "--device", "cuda")
    assert not (tmp_path / "new").exists(), "a refused run leaves nothing behind"


def test_unwritable_folders(capsys, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    assert "cannot be written" in refuse(capsys, 1, "train", "vae", "--out", tmp_path / "file" / "run", *QUICK)
    assert "cannot be written" in refuse(capsys, 1, "train", "vae", "--out", tmp_path / "file", *QUICK)


def test_overwrite_replaces_a_run(tmp_path):
    arguments = ["train", "vae", "--out", str(tmp_path / "run"), *QUICK]
    assert main(arguments) == 0
    assert main([*arguments, "--overwrite", "--epochs", "1"]) == 0
    assert len((tmp_path / "run" / "history.csv").read_text().splitlines()) == 2


@pytest.fixture(scope="module")
def copied(run, tmp_path_factory):
    return lambda: shutil.copytree(run, tmp_path_factory.mktemp("copy") / "run")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("config.json", b"{", "expected JSON"),
        ("config.json", b"[]", "expected a model"),
        ("config.json", b'{"model": "transformer"}', "expected a model"),
        ("config.json", b'{"model": "vae"}', "expected also image_shape"),
        (
            "config.json",
            b'{"model": "vae", "image_shape": "big", "data": "mnist", "limit": 9, "seed": 0}',
            "does not describe a model",
        ),
        ("model.safetensors", b"", "model.safetensors"),
        ("model.safetensors", b"\xff" * 64, "model.safetensors"),
    ],
    ids=str,
)
def test_damaged_runs(capsys, copied, name, content, words):
    run = copied()
    (run / name).write_bytes(content)
    assert words in refuse(capsys, 1, "evaluate", run)


def test_a_run_of_other_images(capsys, tmp_path, run):
    path = tmp_path / "small.idx"
    path.write_bytes(bytes([0, 0, 8, 3]) + np.array((9, 5, 5), ">u4").tobytes() + bytes(9 * 25))
    assert "(1, 28, 28)" in refuse(capsys, 1, "evaluate", run, "--data", path)


def test_debug_shows_the_traceback(tmp_path):
    with pytest.raises(ValueError, match="not a run folder"):
        main(["evaluate", str(tmp_path), "--debug"])
