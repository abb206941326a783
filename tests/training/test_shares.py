"""Several processes train one model: the same run whatever their number, and none is left behind if one fails."""

import os
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import numpy as np
import psutil
import pytest
import safetensors.numpy

import minae
from minae.cli import under_mpiexec
from minae.cli.train import train
from minae.models import AE, VAE
from minae.models.registry import MODELS
from minae.support import processes
from minae.support.threads import usable_cores
from minae.tensors import Tensor
from minae.training import shares
from minae.training.fitting import Fitting
from minae.training.run_folder import Run
from minae.training.shares import Alone, Team
from tests import strict_device
from tests.training import by_shares
from tests.training.mpiexec import MINAE, mpiexec, started

TINY = ("--hidden", "8", "--limit", "60", "--batch-size", "16")


def team_of(rank, size):
    """A process that sends nothing."""
    return Team(SimpleNamespace(rank=rank, size=size))


# --- shares of a batch ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2, 3, 7])
@pytest.mark.parametrize("count", [1, 2, 3, 8, 50])
def test_every_image_counts_once(count, size):
    weights = np.zeros(count)
    for rank in range(size):
        team = team_of(rank, size)
        own = np.arange(count)[team.share(count)]
        assert len(own) >= 1  # none may have nothing to do, as all must draw the same noise
        weights[own] += team.weight / len(own)
    assert weights == pytest.approx(np.full(count, 1 / count))


@pytest.mark.parametrize("count, size", [(13, 1), (13, 2), (13, 3), (3, 5)])
def test_the_weighted_gradients_of_the_shares_are_that_of_the_batch(count, size):
    model = VAE((1, 4, 3), hidden=5, latent=2, rng=0).to(dtype=np.float64)
    images = np.random.default_rng(0).random((count, 1, 4, 3))

    def gradients(own, rng):
        model.zero_grad()
        model.losses(Tensor(images[own]), rng=rng)["loss"].backward()
        return [parameter.grad for parameter in model.parameters()]

    sums = 0
    for rank in range(size):
        team = team_of(rank, size)
        own = team.share(count)
        noise = team.noise(np.random.default_rng(1), model.at_once)
        sums += team.weight * np.array(gradients(own, noise), object)
    for a, b in zip(sums, gradients(slice(None), np.random.default_rng(1))):
        assert np.allclose(a, b, rtol=1e-12, atol=1e-13)


def test_a_rate_that_is_set_for_all_is_the_optimiser_s():
    optimizer = minae.optim.SGD([Tensor(np.ones(2), requires_grad=True)], lr=0.5)
    (shared,) = team_of(1, 2).optimizers([optimizer])
    shared.lr *= 0.5
    assert optimizer.lr == shared.lr == 0.25


def test_whatever_has_a_state_follows_process_0():
    model, followed = AE((1, 2, 2)), []
    optimizer = minae.optim.SGD(model.parameters(), lr=0.5)
    schedule = minae.optim.StepLR(optimizer, 1)
    team = team_of(1, 2)
    team.follow_first = lambda *stateful: followed.extend(stateful)
    for last in (schedule, None):
        how = model, [optimizer], (np.ones((4, 1, 2, 2)), None), {}, 2, 1.0, 0, last
        Fitting(*how, team).follow_first()
    assert followed == [model, optimizer, schedule, model, optimizer]


def test_after_an_epoch_what_was_drawn_is_compared():
    model, team, compared = VAE((1, 2, 2), hidden=3, rng=0), Alone(), {}
    team.check_same = lambda **values: compared.update({name: value() for name, value in values.items()})
    images = np.ones((4, 1, 2, 2), np.float32)
    Fitting(model, model.optimizers(1e-3), (images, None), {}, 2, 1.0, 0, None, team).epoch(1, lambda loss: None)
    assert compared.keys() == {"random numbers"} and "state" in compared["random numbers"]


def test_before_training_all_is_compared(monkeypatch):
    team, compared = team_of(0, 2), []
    team.threads = lambda: None
    team.check_same = lambda **values: compared.extend(values)
    team.first = lambda act: pytest.fail("it has begun") if compared == [] else 1 / 0
    monkeypatch.setattr(shares, "team", lambda: team)
    with pytest.raises(ZeroDivisionError):
        minae.fit(AE((1, 2, 2)), np.ones((4, 1, 2, 2), np.float32), progress=False)
    assert compared == ["inputs", "validation", "arguments"]


def test_without_mpiexec_nothing_is_shared():
    assert processes.launched() == (0, 1)
    assert type(shares.team()) is Alone


# --- noise belongs to the image ---------------------------------------------------------------------------------------

DRAWS = {
    "normal": lambda rng, n: rng.standard_normal((n, 3, 5), np.float32),
    "normal, float64": lambda rng, n: rng.standard_normal((n, 7)),
    "uniform": lambda rng, n: rng.random((n, 5), dtype=np.float32),
    "whole numbers": lambda rng, n: rng.integers(10, size=n),
    "whole numbers from 3": lambda rng, n: rng.integers(3, 300, size=(n, 3)),
}


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
@pytest.mark.parametrize("rank", range(3))
def test_a_share_of_the_noise_is_that_of_its_images(rank, draw):
    whole, shared = np.random.default_rng(3), np.random.default_rng(3)
    team = team_of(rank, 3)
    noise = team.noise(shared)
    for count in (8, 8, 2):
        own = team.share(count)
        for _ in range(2):
            assert np.array_equal(draw(noise, len(range(count)[own])), draw(whole, count)[own])
        assert noise.random() == whole.random()  # a single number is for all
        assert noise.integers(5) == whole.integers(5)
    assert shared.bit_generator.state == whole.bit_generator.state


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
@pytest.mark.parametrize("rank", range(2))
def test_parts_of_a_share_get_the_rows_that_a_single_process_would_draw_part_by_part(rank, draw):
    """21 images, 4 at a time: of 10 or 11 images a share has parts of 4, 4 and the rest."""
    rng = np.random.default_rng(3)
    whole = np.concatenate([draw(rng, n) for n in (4, 4, 4, 4, 4, 1)])
    team = team_of(rank, 2)
    noise = team.noise(np.random.default_rng(3), at_once=4)
    own = team.share(21)
    parts = [draw(noise, n) for n in (4, 4, len(range(21)[own]) - 8)]
    assert np.array_equal(np.concatenate(parts), whole[own])


@pytest.mark.parametrize(
    "draw, complaint",
    [
        (lambda noise: noise.random((3, 4)), r"for each of the share's 4 images, .* found the shape \(3,\)|\(3, 4\)"),
        (lambda noise: noise.standard_normal(2), r"found the shape \(2,\)"),
        (lambda noise: noise.integers(4, size=(5, 4)), r"found the shape \(5, 4\)"),
    ],
)
def test_noise_of_other_shapes_is_refused(draw, complaint):
    team = team_of(0, 2)
    noise = team.noise(np.random.default_rng(0))
    team.share(8)
    with pytest.raises(ValueError, match=f"by shares: random numbers must be drawn .*{complaint}"):
        draw(noise)


def test_other_ways_to_draw_are_refused():
    noise = team_of(0, 2).noise(np.random.default_rng(0))
    with pytest.raises(AttributeError, match="models can draw by standard_normal, random and integers, not by normal"):
        noise.normal(0, 1, (4, 2))


@pytest.mark.parametrize(
    "draws",
    [
        lambda noise: (noise.random((4, 2)), noise.random((4, 2))),
        lambda noise: (noise.random((2, 2)), noise.random((2, 2)), noise.random((2, 2))),
        lambda noise: noise.random(),
    ],
)
def test_a_second_draw_in_a_batch_that_goes_in_parts_is_refused(draws):
    """A single process would draw twice for one part, then twice for the next: other numbers."""
    team = team_of(0, 2)
    noise = team.noise(np.random.default_rng(0), at_once=2)
    team.share(8)
    with pytest.raises(ValueError, match=r"draws more than once for a batch of 8, .* at_once, 2"):
        draws(noise)
    team.share(8)
    assert noise.random((4, 2)).shape == (4, 2)


# --- the same run -----------------------------------------------------------------------------------------------------


def test_every_model_is_among_the_cases():
    """(`deep-ae` is an `ae` with other sizes.)"""
    assert set(MODELS) - {"deep-ae"} <= set(by_shares.CASES)


@pytest.mark.parametrize("size", [2, 3])
def test_the_same_run_to_rounding_for_every_model(size, tmp_path):
    """In float64. Uneven shares, batches of fewer images than processes, noise, phases, parts: see by_shares.py, which
    also sees that all processes end with the same bits."""
    path = tmp_path / "results.npz"
    status, _, err = mpiexec(size, sys.executable, "-m", "tests.training.by_shares", path)
    assert status == 0, err
    found = np.load(path)
    for name in by_shares.CASES:
        for key, expected in by_shares.trained(name).items():
            assert np.allclose(found[f"{name}/{key}"], expected, rtol=1e-10, atol=1e-12), (name, key)


FIT = """
import os
import minae, numpy as np
rank = int(os.environ["PMI_RANK"])
images = np.random.default_rng(0).random((20, 1, 4, 3)).astype(np.float32)
model = minae.models.VAE((1, 4, 3), hidden=5)  # without a seed: other weights in every process
options = {{"epochs": 2, "batch_size": 8, "folder": "run"}}
{}
try:
    result = minae.fit(model, images, **options)["train_loss"], model.to_mu.weight.numpy().tolist(), model.training
except ValueError as error:
    result = error
with open(str(rank), "w") as file:
    print(result, file=file)
"""


def fit_by_two(folder, before=""):
    """What a program of one's own finds in each of two processes (or how it failed); what was shown, and complained."""
    status, out, err = mpiexec(2, sys.executable, "-c", FIT.format(before), cwd=folder)
    found = [(folder / rank).read_text() if (folder / rank).exists() else None for rank in ("0", "1")]
    return status, found, out, err


def test_a_program_of_ones_own(tmp_path):
    """All processes end with the weights and the history of the first, which alone shows and keeps anything."""
    status, (first, second), out, err = fit_by_two(tmp_path)
    assert status == 0, err
    assert [line.split(":")[0] for line in out.splitlines()] == ["epoch 1/2", "epoch 2/2"]
    assert first == second and first.endswith("False)\n")
    assert str(minae.load(tmp_path / "run").to_mu.weight.numpy().tolist()) in first


UNEVEN = """
options["folder"] = None
class Uneven(minae.models.VAE):
    def losses(self, x, labels=None, rng=None):
        return super().losses(x + rng.random() if rank else x, labels, rng)
model = Uneven((1, 4, 3), hidden=5)
"""


@pytest.mark.parametrize(
    "before, complaint",
    [
        ("", "run: holds a checkpoint already; choose another folder"),
        ("images[0] /= 1 + rank", "by shares: process 1 has other inputs than process 0; all must have the same"),
        (UNEVEN, "by shares: process 1 has other random numbers than process 0"),
        ("options['epochs'] += rank", "by shares: process 1 has other arguments than process 0"),
    ],
)
def test_what_one_process_cannot_do_all_refuse(before, complaint, tmp_path):
    """So a program that catches the error goes on in all of them."""
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "checkpoint.safetensors").touch()
    status, (first, second), _, err = fit_by_two(tmp_path, before)
    assert status == 0, err
    assert first == second and complaint in first


def test_alone_under_mpiexec(tmp_path):
    """Every process its own training, as a search over settings does."""
    search = "options |= {'epochs': 1 + rank, 'folder': None, 'alone': True}"
    status, found, _, err = fit_by_two(tmp_path, search)
    assert status == 0, err
    assert [len(text.partition("]")[0].split(",")) for text in found] == [1, 2]


def test_a_program_whose_process_fails_ends_them_all(tmp_path):
    status, found, _, err = fit_by_two(tmp_path, "model.losses = 3 if rank else model.losses")
    assert status != 0 and found == [None, None]
    assert "minae: process 1 of 2: TypeError(" in err


RESUMES = """
import numpy as np
from tests.training import by_shares
by_shares.trained("aae", epochs={}, folder={!r}, resume={})
"""


def test_a_run_goes_on_with_any_number_of_processes(tmp_path):
    """One epoch by two, the next by three: the two of a single process."""
    run = str(tmp_path / "run")
    for size, epochs in ((2, 1), (3, 2)):
        program = RESUMES.format(epochs, run, epochs > 1)
        status, _, err = mpiexec(size, sys.executable, "-c", program)
        assert status == 0, err
    found = safetensors.numpy.load_file(tmp_path / "run" / "checkpoint.safetensors")
    weights = {name: array for name, array in by_shares.trained("aae").items() if "history" not in name}
    for name, expected in weights.items():
        assert np.allclose(found[f"model.{name}"], expected, rtol=1e-10, atol=1e-12), name


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_command_leaves_the_folder_of_a_single_process(tmp_path):
    runs = {}
    for size in (1, 2):
        folder = tmp_path / str(size)
        status, _, err = mpiexec(size, *MINAE, "train", "vae", "--out", folder, *TINY, "--epochs", 2)
        assert (status, err) == (0, "")
        runs[size] = Run.open(folder)
    one, two = ({str(path.relative_to(run.folder)) for path in run.folder.rglob("*")} for run in runs.values())
    assert one == two
    assert runs[1].config == runs[2].config
    for name, column in runs[1].history().items():
        assert runs[2].history()[name] == pytest.approx(column, rel=1e-4), name


def interrupted(run, signal_to):
    """What two processes complain of that train in a folder, until one gets a signal after an epoch or more."""
    launcher = started(2, *MINAE, "train", "vae", "--out", run, *TINY, "--epochs", 100_000)
    try:
        while launcher.poll() is None and not ((run / "config.json").exists() and Run.open(run).epochs()):
            time.sleep(0.01)
        signal_to(psutil.Process(launcher.pid))
        _, err = launcher.communicate(timeout=60)
    finally:
        launcher.kill()
    assert launcher.returncode != 0
    return [line for line in err.splitlines() if line.startswith("minae: ")]


def kill_process_1(launcher):
    for process in launcher.children(recursive=True):
        environment = process.environ()
        if "MINAE_TRAINS" in environment and environment["PMI_RANK"] == "1":
            process.kill()
            return
    raise AssertionError("process 1 is not there")


def test_a_killed_process_ends_all_and_the_run_goes_on_with_another_number(tmp_path):
    run = tmp_path / "run"
    told = interrupted(run, kill_process_1)
    assert told == [f"minae: process 1 of 2: killed by SIGKILL; --resume {run} goes on from its last epoch"]
    epochs = Run.open(run).epochs()
    status, out, err = mpiexec(3, *MINAE, "train", "vae", "--resume", run, "--epochs", epochs + 1)
    assert (status, err) == (0, "")
    for line in ("training vae on 60", f"epoch {epochs + 1}/{epochs + 1}", "trained 1 epochs", "pictures in"):
        assert out.count(line) == 1
    assert len(Run.open(run).history()["epoch"]) == epochs + 1


def test_ctrl_c_is_told_once(tmp_path):
    run = tmp_path / "run"
    (told,) = interrupted(run, lambda launcher: launcher.send_signal(signal.SIGINT))
    assert told.startswith(f"minae: process 0 of 2: interrupted: {run} keeps epoch {Run.open(run).epochs()}: ")


@pytest.mark.parametrize(
    "arguments, told",
    [
        (["train", "vae", "--lr", "abc"], "minae train vae: error: argument --lr: expected a number above 0"),
        (["train", "vae", "--data", "nowhere"], "minae: process 0 of 2: nowhere: expected mnist"),
        (
            ["train", "vae", *TINY, "--lr", "1e6"],
            "minae: process 0 of 2: training diverged in epoch 1: the loss became",
        ),
        (["evaluate", "run"], "minae: process 0 of 2: only `minae train` runs in several processes"),
    ],
)
def test_what_all_refuse_is_told_once(arguments, told, tmp_path):
    status, _, err = mpiexec(2, *MINAE, *arguments, cwd=tmp_path)
    assert status != 0
    assert err.count(told) == 1 and err.count("minae: process") + err.count("minae train vae: error") == 1


@pytest.mark.parametrize("package", ["mpi4py", "an MPI"])
def test_several_processes_without_mpi4py_are_refused(package, tmp_path):
    """As its own launcher would set it: they would all write the same folder."""
    (tmp_path / "mpi4py").mkdir()
    error = "ImportError('none')" if package == "mpi4py" else "RuntimeError('cannot load MPI library')"
    (tmp_path / "mpi4py" / "__init__.py").write_text(f"raise {error}")
    path = os.pathsep.join([str(tmp_path), *sys.path])
    environment = {**os.environ, "PYTHONPATH": path, "PMI_RANK": "0", "PMI_SIZE": "2"}
    command = [*MINAE, "train", "vae", "--out", str(tmp_path / "run"), *TINY]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("minae: process 0 of 2: mpiexec started 2 processes, which need mpi4py and an MPI")
    assert done.stderr.count("\n") == 1 and "pip install 'minae[mpi]'" in done.stderr
    assert not (tmp_path / "run").exists()


def test_the_mpiexec_of_another_mpi_is_refused(monkeypatch):
    """Then mpi4py sees a single process, in each of them."""
    version = "Open MPI v5.0.11, package: ...\0"
    mpi = SimpleNamespace(COMM_WORLD=SimpleNamespace(size=1), Get_library_version=lambda: version)
    monkeypatch.setitem(sys.modules, "mpi4py", SimpleNamespace(MPI=mpi))
    monkeypatch.setenv("PMI_RANK", "0")
    monkeypatch.setenv("PMI_SIZE", "2")
    complaint = "mpiexec started 2 processes, but mpi4py sees 1: .* mpi4py uses Open MPI v5.0.11, so start it with"
    with pytest.raises(ValueError, match=complaint):
        processes.communicator()


@pytest.mark.parametrize(
    "environment, found",
    [
        ({"PMI_RANK": "3", "PMI_SIZE": "4"}, (3, 4)),
        ({"OMPI_COMM_WORLD_RANK": "1", "OMPI_COMM_WORLD_SIZE": "2"}, (1, 2)),
        ({"PMI_RANK": "3"}, (0, 1)),
    ],
)
def test_the_launcher_is_known_by_the_environment(environment, found, monkeypatch):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert processes.launched() == found


@pytest.mark.parametrize("rank", [0, 1])
def test_of_processes_that_fail_alike_the_first_has_the_time_to_tell(rank, monkeypatch, capfd):
    """And a launcher that ends all at the first end of one has the time to pass its line on."""
    happened = []
    monkeypatch.setenv("PMI_RANK", str(rank))
    monkeypatch.setenv("PMI_SIZE", "2")
    monkeypatch.setenv(under_mpiexec.TRAINS, "1")
    monkeypatch.setattr(under_mpiexec.threading, "Thread", lambda **about: SimpleNamespace(start=lambda: None))
    monkeypatch.setattr(processes.time, "sleep", lambda seconds: happened.append((seconds, capfd.readouterr().err)))
    monkeypatch.setattr(under_mpiexec.os, "_exit", lambda status: happened.append(("exit", status)))
    options = SimpleNamespace(command=train, resume=None, out=None)
    under_mpiexec.run(options, [], lambda options: (1, "no such data"))
    *waited, (passed_on, line), end = happened
    assert line == f"minae: process {rank} of 2: no such data\n" and end == ("exit", 1)
    assert [told for _, told in waited] == [""] * rank and all(seconds > passed_on > 0.1 for seconds, _ in waited)


@pytest.mark.parametrize(("rank", "lines"), [(0, 1), (1, 0)])
def test_that_a_command_is_for_one_process_is_told_by_the_first_alone(rank, lines, monkeypatch, capsys):
    monkeypatch.setenv("PMI_RANK", str(rank))
    monkeypatch.setenv("PMI_SIZE", "2")
    assert under_mpiexec.run(SimpleNamespace(command=print), [], pytest.fail) == 1
    assert capsys.readouterr().err.count("only `minae train` runs in several processes") == lines


def test_a_process_whose_watcher_has_gone_ends(monkeypatch):
    ended = []
    monkeypatch.setattr(under_mpiexec.os, "read", lambda *place: b"")
    monkeypatch.setattr(under_mpiexec.os, "_exit", ended.append)
    under_mpiexec._end_with_the_watcher()
    assert ended == [1]


@pytest.mark.parametrize("option", ["resume", "out"])
def test_how_to_go_on_is_told_where_there_is_something_to_go_on_from(option, tmp_path):
    def told(folder):
        return under_mpiexec._how_to_go_on(SimpleNamespace(**{"resume": None, "out": None, option: folder}))

    assert told(None) == told(tmp_path) == ""
    (tmp_path / "config.json").write_text("{}")
    assert told(tmp_path) == f"; --resume {tmp_path} goes on from its last epoch"


# --- threads ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count, threads", [(1, 6), (2, 3), (4, 1), (9, 1)])
def test_processes_on_one_machine_divide_its_cores(count, threads, monkeypatch):
    monkeypatch.setattr(shares, "blas_threads", lambda: 8)
    monkeypatch.setattr(shares, "usable_cores", lambda: {0, 1, 2, 3, 4, 5})
    freed = []
    here = SimpleNamespace(size=count, allgather=lambda cores: [cores] * count, Free=lambda: freed.append(here))
    assert Team(SimpleNamespace(rank=0, size=count, Split_type=lambda kind: here)).threads() == threads
    assert freed == [here], "an MPI has room for so many communicators only"


def test_the_cores_that_this_process_may_use():
    cores = usable_cores()
    assert cores and cores <= set(range(os.cpu_count()))


@pytest.mark.parametrize(("count", "cores"), [(3, {0, 1, 2}), (None, {0})])
def test_where_the_system_says_only_how_many_there_are_all_may_be_used(count, cores, monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: count)
    assert usable_cores() == cores


def test_a_gpu_is_refused():
    images = strict_device.asarray(np.ones((4, 1, 2, 2), np.float32))
    fitting = Fitting(AE((1, 2, 2)), [], (images, None), {}, 2, 1.0, 0, None, team_of(0, 2))
    with pytest.raises(ValueError, match="by shares, models are trained on device 'cpu' only"):
        fitting.check_team(epochs=1)
