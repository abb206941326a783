"""A run is never lost: checkpoints, resuming, locks, full disks, and training that diverges."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import safetensors.numpy

from minae import cli
from minae.cli import train
from minae.models import VAE
from minae.models.registry import MODELS
from minae.nn import Parameter
from minae.optim import SGD, Adam, RMSprop
from minae.support.errors import DivergenceError, FileError
from minae.support.files import locked
from minae.training import fitting
from minae.training.run_folder import Run
from tests.training.kill_and_resume import SAME, kill_and_resume

FEW = ("--limit", "60", "--batch-size", "16")
TINY = ("--hidden", "8", *FEW)


def minae(*arguments):
    return cli.main([str(argument) for argument in arguments])


@pytest.fixture
def no_report(monkeypatch):
    monkeypatch.setattr(train, "_report", lambda *args: None)


def contents(folder):
    return {name: (folder / name).read_bytes() for name in SAME if (folder / name).exists()}


# --- resuming ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS)
def test_a_resumed_run_is_bitwise_an_uninterrupted_one(model, tmp_path, no_report):
    assert minae("train", model, "--out", tmp_path / "whole", *FEW, "--epochs", 3) == 0
    assert minae("train", model, "--out", tmp_path / "parts", *FEW, "--epochs", 1) == 0
    assert minae("train", model, "--resume", tmp_path / "parts", "--epochs", 2) == 0
    assert minae("train", model, "--resume", tmp_path / "parts", "--epochs", 3) == 0
    assert contents(tmp_path / "parts") == contents(tmp_path / "whole")
    assert set(contents(tmp_path / "whole")) == set(SAME) - {"metrics.json"}


@pytest.mark.slow
def test_after_kills_at_random_moments_too(tmp_path):
    hits, differ = kill_and_resume(kills=5, epochs=40, folder=tmp_path)
    assert differ == []
    assert hits >= 4  # else the processes were through before they were killed, and nothing was tested


@pytest.mark.parametrize("seed", range(4))
def test_ctrl_c_at_any_moment_says_what_is_kept_and_how_to_go_on(seed, tmp_path):
    run = tmp_path / "run"
    command = [sys.executable, "-m", "minae", "train", "vae", "--out", str(run), *TINY, "--epochs", "100000"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    while process.poll() is None and not (run / "history.csv").exists():
        time.sleep(0.01)
    time.sleep(np.random.default_rng(seed).uniform(0, 0.5))
    process.send_signal(signal.SIGINT)
    try:
        _, error = process.communicate(timeout=60)
    finally:
        process.kill()
    kept = Run.open(run).epochs()
    assert len(Run.open(run).history()["epoch"] if kept else ()) == kept
    assert process.returncode == 130
    assert error.strip().splitlines()[-1].startswith(f"minae: interrupted: {run} keeps epoch {kept}: --resume {run}")
    assert "Traceback" not in error
    Run.open(run).load_model()


def test_a_finished_run_makes_its_report_again(tmp_path, capsys):
    assert minae("train", "vae", "--out", tmp_path / "run", *TINY, "--epochs", 1) == 0
    metrics = (tmp_path / "run" / "metrics.json").read_bytes()
    (tmp_path / "run" / "metrics.json").unlink()
    assert minae("train", "vae", "--resume", tmp_path / "run") == 0
    assert (tmp_path / "run" / "metrics.json").read_bytes() == metrics
    assert "trained 0 epochs" in capsys.readouterr().out


@pytest.mark.parametrize(
    "model, options, complaint",
    [
        ("vae", ["--lr", "0.5"], "was trained with lr 0.001, and a resumed run keeps all its options but --epochs"),
        ("vae", ["--hidden", "9"], "was trained with hidden 8"),
        ("vae", ["--seed", "1"], "was trained with seed 0"),
        ("conv-vae", [], "was trained with model vae"),
    ],
)
def test_a_resumed_run_keeps_its_options(model, options, complaint, tmp_path, no_report, capsys):
    run = tmp_path / "run"
    assert minae("train", "vae", "--out", run, *TINY, "--epochs", 1) == 0
    before = contents(run)
    assert minae("train", model, "--resume", run, *options) == 1
    assert complaint in capsys.readouterr().err
    assert contents(run) == before


def test_options_that_are_given_as_they_were_are_no_contradiction(tmp_path, no_report):
    options = ("--hidden", "6,5", *FEW)
    assert minae("train", "ae", "--out", tmp_path / "run", *options, "--epochs", 1) == 0
    assert minae("train", "ae", "--resume", tmp_path / "run", *options, "--epochs", 2) == 0


def test_where_there_is_nothing_to_resume(tmp_path, capsys):
    assert minae("train", "vae", "--resume", tmp_path / "nothing") == 1
    assert "is not a run folder" in capsys.readouterr().err
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize("options", [["--resume", "a", "--out", "b"], ["--out", "b", "--resume", "a"]])
def test_resume_and_out_exclude_each_other(options, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match="2"):
        minae("train", "vae", *options)
    assert list(tmp_path.iterdir()) == []


# --- the checkpoint ---------------------------------------------------------------------------------------------------


def parameters(seed=0):
    rng = np.random.default_rng(seed)
    return [Parameter(rng.standard_normal(shape).astype(np.float32)) for shape in ((3, 5), (), (2,))]


def step(optimizer, seed):
    rng = np.random.default_rng(seed)
    for index, parameter in enumerate(optimizer.params):
        skipped = index == 1 and seed % 2  # one of them learns only at every other step
        parameter.grad = None if skipped else np.asarray(rng.standard_normal(parameter.shape), np.float32)
    optimizer.step()


@pytest.mark.parametrize("kind", [SGD, RMSprop, Adam])
def test_an_optimiser_goes_on_from_its_state(kind):
    """Also with another learning rate, and from a state that later steps have not changed."""
    options = {"momentum": 0.9} if kind is SGD else {}
    first = kind(parameters(), lr=0.01, **options)
    for seed in range(3):
        step(first, seed)
    first.lr = 0.005
    state, values = first.state_dict(), [parameter.data.copy() for parameter in first.params]
    step(first, 3)
    second = kind(parameters(1), lr=1.0, **options)
    for parameter, value in zip(second.params, values):
        parameter.data[...] = value
    second.load_state_dict(state)
    step(second, 3)
    for one, other in zip(first.params, second.params):
        assert np.array_equal(one.data, other.data)
    assert second.lr == 0.005


@pytest.mark.parametrize(
    "change, complaint",
    [
        (lambda state: state.pop("sum.1"), "of sum.1, expected .* found nothing"),
        (lambda state: state.update(more=np.zeros(3)), "of more, expected nothing, found"),
        (lambda state: state.update(steps=np.zeros(2, np.int64)), "of steps, expected"),
        (
            lambda state: state.update({"square_sum.0": np.zeros((5, 3), np.float32)}),
            r"of square_sum.0, .*\(3, 5\).*\(5, 3\)",
        ),
        (lambda state: state.update({"square_sum.0": np.zeros((3, 5))}), "of square_sum.0, .*float32.*float64"),
    ],
)
def test_a_state_that_does_not_fit_is_refused_whole(change, complaint):
    optimizer = Adam(parameters())
    state, before = optimizer.state_dict(), optimizer.state_dict()
    change(state)
    with pytest.raises(ValueError, match=f"Adam: the state does not fit these parameters: {complaint}"):
        optimizer.load_state_dict(state)
    assert all(np.array_equal(before[name], array) for name, array in optimizer.state_dict().items())


def trained(folder):
    assert minae("train", "vae", "--out", folder, *TINY, "--epochs", 1) == 0
    return Run.open(folder)


@pytest.mark.parametrize(
    "history", ["no JSON", "3", "[3]", '[{"epoch": "one"}]', '[{"epoch": 1}, {"other": 2}]', "[" * 100_000]
)
def test_a_checkpoint_with_another_history_is_refused(history, tmp_path, no_report):
    run = trained(tmp_path / "run")
    path = run.folder / "checkpoint.safetensors"
    safetensors.numpy.save_file(safetensors.numpy.load_file(path), path, {"history": history})
    assert minae("train", "vae", "--resume", run.folder, "--epochs", 2) == 1


def test_a_damaged_checkpoint_is_refused_by_name_and_the_weights_stay(tmp_path, no_report, capsys):
    run = trained(tmp_path / "run")
    path = run.folder / "checkpoint.safetensors"
    content = path.read_bytes()
    for damaged in (b"", content[:100], content[:-1], content[:8] + b"}" + content[9:]):
        path.write_bytes(damaged)
        assert minae("train", "vae", "--resume", run.folder, "--epochs", 2) == 1
        assert f"{path}: expected a checkpoint of this run's training" in capsys.readouterr().err
    run.load_model()


# --- two runs never mix -----------------------------------------------------------------------------------------------


def test_a_second_process_refuses_the_folder_of_the_first(tmp_path):
    run = tmp_path / "run"
    command = [sys.executable, "-m", "minae", "train", "vae", *TINY, "--epochs"]
    with locked(run):
        for options in (["1", "--out", str(run)], ["1", "--out", str(run), "--overwrite"]):
            second = subprocess.run([*command, *options], capture_output=True, text=True)
            assert second.returncode == 1
            assert f"{run}: another process is training there" in second.stderr
            assert os.listdir(run) == [".lock"]
    assert minae("train", "vae", "--out", run, *TINY, "--epochs", 1) == 0  # the lock file alone is no content


# --- what the disk refuses --------------------------------------------------------------------------------------------


def test_a_full_disk_keeps_the_last_checkpoint(tmp_path, no_report):
    """The limit on the size of files is the system's own: writing more fails as on a full disk."""
    run = tmp_path / "run"
    trained(run)
    before = contents(run)
    size = len(before["checkpoint.safetensors"])
    limited = (
        "import resource, signal, sys; from minae import cli; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size // 2}, {size // 2})); sys.exit(cli.main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", limited, "train", "vae", "--resume", str(run), "--epochs", "2"]
    result = subprocess.run(command, capture_output=True, text=True)
    message = result.stderr.strip().splitlines()[-1]
    assert result.returncode == 1
    assert message.startswith(f"minae: {run / 'checkpoint.safetensors'}: cannot be written (File too large)")
    assert message.endswith(f"{run} keeps epoch 1: --resume {run} goes on from there")
    assert "Traceback" not in result.stderr
    after = contents(run)
    del before["config.json"], after["config.json"]  # it says that there shall be 2 epochs
    assert after == before
    assert not list(run.glob("*.unfinished"))
    assert minae("train", "vae", "--resume", run) == 0


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), OSError(30, "Read-only file system")])
def test_a_folder_that_becomes_read_only(error, tmp_path, no_report, monkeypatch, capsys):
    """Raised where the system would raise it: who tests as root may write everywhere."""
    run = trained(tmp_path / "run")
    before = contents(run.folder)

    def refuse(*paths):
        raise error

    replace = os.replace
    monkeypatch.setattr(os, "replace", lambda *paths: refuse() if "checkpoint" in str(paths[1]) else replace(*paths))
    assert minae("train", "vae", "--resume", run.folder, "--epochs", 3) == 1
    message = capsys.readouterr().err
    assert f"cannot be written ({error.strerror}); {run.folder} keeps epoch 1" in message
    monkeypatch.undo()
    after = contents(run.folder)
    assert after["checkpoint.safetensors"] == before["checkpoint.safetensors"]
    assert after["model.safetensors"] == before["model.safetensors"]
    assert not list(run.folder.glob("*.unfinished"))


def test_a_picture_that_cannot_be_written(tmp_path, capsys):
    run = trained(tmp_path / "run").folder
    for picture in (run / "figures").iterdir():
        picture.unlink()
    (run / "figures").rmdir()
    (run / "figures").write_text("in the way")
    assert minae("train", "vae", "--resume", run) == 1
    assert f"{run / 'figures' / 'losses.png'}: cannot be written (Not a directory)" in capsys.readouterr().err


# --- training that diverges -------------------------------------------------------------------------------------------


def test_training_that_diverges_says_where_and_keeps_the_last_checkpoint(tmp_path, capsys):
    run = tmp_path / "run"
    assert minae("train", "vae", "--out", run, *TINY, "--lr", "1e6", "--epochs", 3) == 1
    message = capsys.readouterr().err.strip().splitlines()
    assert len(message) == 1
    assert message[0].startswith("minae: training diverged in epoch 1: the loss became ")
    assert message[0].endswith("Try a smaller --lr than 1e+06, or see with --detect-anomaly which op begins it")
    kept = Run.open(run).load_model()
    fresh = VAE(hidden=8, rng=train.seeds(0)[0])
    for name, weights in fresh.state_dict().items():
        assert np.array_equal(kept.state_dict()[name], weights), name


def test_a_loss_that_only_the_test_images_make_infinite(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(fitting, "evaluate", lambda *args, **options: {"loss": float("inf")})
    assert minae("train", "vae", "--out", tmp_path / "run", *TINY, "--epochs", 1) == 1
    assert "diverged in epoch 1: its loss on test data is not finite" in capsys.readouterr().err


def test_detect_anomaly_names_the_op_and_the_line(tmp_path, capsys):
    run = tmp_path / "run"
    assert minae("train", "vae", "--out", run, *TINY, "--lr", "1e6", "--epochs", 3, "--detect-anomaly") == 1
    message = capsys.readouterr().err.strip().splitlines()[-1]
    assert "infinity" in message and "called at" in message and "in forward" in message
    Run.open(run).load_model()


def test_these_errors_are_the_projects_own():
    assert issubclass(DivergenceError, ValueError) and issubclass(FileError, ValueError)
