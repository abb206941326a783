"""The benchmarks run, compute the same in every library, and survive a library that is missing or fails."""

import csv
import os
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from benchmarks import bare_tape, child, classifier, networks, processors, report, run, where, with_minae
from benchmarks.roofline import least_seconds, ops
from benchmarks.rows import Result, failed, make_rows
from benchmarks.workloads import LIBRARIES, MAIN, workloads
from minae import Tensor
from minae.kernels import fast, plain

QUICK = workloads(quick=True)
NETWORKS = [networks.DENSE_VAE, networks.CONV_AE, networks.CONV_VAE, networks.conv_stack(2, 12)]


def results_of(workload, *libraries):
    """Results of one tiny round, measured in this process."""
    results = [Result(workload, library) for library in libraries]
    for result in results:
        result.add(child.measure(result.library, workload, seconds=0))
    return results


@pytest.fixture
def one_thread():
    """Threads that wait for each other at every tiny op make PyTorch slow where the machine is busy."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize("name", QUICK)
def test_every_workload_runs_in_minae(name):
    found = child.measure("minae", QUICK[name], seconds=0)
    if name == "memory" and not Path("/proc/self/status").exists():
        assert "/proc" in found["cannot"]
    else:
        assert len(found["cases"]) == len(QUICK[name].cases)
        assert all(case["value"] > 0 and np.isfinite(case["checks"]).all() for case in found["cases"])


@pytest.mark.parametrize(
    "name", ["dense_vae", "conv_ae", "conv_vae", "depth", "inference_conv_vae", "ops", "product", "copy"]
)
def test_pytorch_finds_the_same_numbers(name, one_thread):
    rows = make_rows(results_of(QUICK[name], "minae", "pytorch"))
    assert all(row.agrees for row in rows if row.library == "pytorch"), [row.checks for row in rows]
    assert not failed(rows)


def test_another_loss_is_noticed():
    results = results_of(QUICK["dense_vae"], "minae", "minae")
    results[1].library = "pytorch"
    results[1].rounds[0]["cases"][0]["checks"][0] *= 1 + 3e-5
    rows = make_rows(results)
    assert rows[1].agrees is False and failed(rows)
    assert "PyTorch DIFFERS" in report.table(results, rows, [])


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network.name)
def test_the_description_is_of_the_model(network):
    weights = networks.weights(network)
    model = with_minae.make_model(network, weights)
    assert [weight.shape for weight in weights] == [parameter.shape for parameter in model.parameters()]
    layer, shape = list(network.steps())[-1]
    assert layer.output(shape) == network.image_shape


def test_the_work_of_a_step_by_hand():
    network = networks.Network(
        "small",
        encoder=(networks.Flatten(), networks.Dense(4, 3), networks.ReLU()),
        decoder=(networks.Dense(3, 4), networks.Unflatten((1, 2, 2))),
        image_shape=(1, 2, 2),
    )
    first, relu, second = (60, 5 * 7 + 15), (0, 5 * 6), (60, 5 * 7 + 16)
    loss, adam = [(0, 2 * 20), (0, 3 * 20)], (0, 7 * 31)
    assert list(ops(network, batch=5)) == [first, first, relu, relu, second, second, second, *loss, adam]
    assert least_seconds(network, 5, flops=1, bandwidth=1e9) == pytest.approx(5 * 2 * 60, rel=1e-5)
    assert least_seconds(network, 5, flops=1e9, bandwidth=1) == 4 * (2 * 50 + 2 * 30 + 3 * 51 + 100 + 217)


@pytest.mark.parametrize(
    ("layer", "shape", "output", "multiply_adds"),
    [
        (networks.Conv(2, 3, kernel=3, stride=2, padding=1), (2, 7, 5), (3, 4, 3), 9 * 2 * 3 * 12),
        (networks.ConvTranspose(2, 3, kernel=4, stride=2, padding=1), (2, 4, 3), (3, 8, 6), 16 * 2 * 3 * 12),
        (networks.MaxPool(padding=1), (2, 7, 7), (2, 4, 4), 0),
    ],
)
def test_shapes_and_multiply_adds(layer, shape, output, multiply_adds):
    assert layer.output(shape) == output
    assert layer.multiply_adds(shape) == multiply_adds


def test_a_missing_library_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "jax", None)
    monkeypatch.delitem(sys.modules, "benchmarks.with_jax", raising=False)
    assert "jax" in child.measure("jax", QUICK["ops"], seconds=0)["missing"]


def test_what_a_library_cannot_express_is_no_failure(monkeypatch):
    def refuse(*_):
        raise networks.CannotExpress("no such layer")

    monkeypatch.setattr(with_minae, "training", refuse)
    results = results_of(QUICK["conv_vae"], "minae")
    rows = make_rows(results)
    assert not failed(rows)
    assert "minae cannot express it: no such layer (conv_vae)" in report.table(results, rows, [])


def test_a_child_gets_the_threads_and_loses_the_limits(monkeypatch):
    for name in run.UNSET:
        monkeypatch.setenv(name, "Haswell")
    script = "import json, os; print('noise'); print(json.dumps(dict(os.environ)))"
    found = run.run_child([sys.executable, "-c", script], run.child_environment(3, processors.NATIVE), timeout=60)
    assert not set(run.UNSET) & set(found)
    assert all(found[name] == "3" for name in run.THREADS)
    assert all(name in " ".join(run.describe_machine(3)) for name in (*run.UNSET, *run.THREADS))


def test_without_avx512_each_library_is_told():
    """NumPy in a child finds none of it then, and OpenBLAS, where it had some, takes its Haswell kernel."""
    script = """
import json, numpy, threadpoolctl
found = numpy.show_config(mode="dicts")["SIMD Extensions"]["found"]
kernels = [pool.get("architecture") for pool in threadpoolctl.threadpool_info()]
print(json.dumps({"found": found, "kernels": kernels}))
"""
    found = run.run_child([sys.executable, "-c", script], run.child_environment(1, processors.AVX2), timeout=60)
    assert not any("AVX512" in name or name == "X86_V4" for name in found["found"])
    assert processors.AVX2 not in processors.available() or "Haswell" in found["kernels"]


def test_results_on_two_processors_are_kept_apart(tmp_path):
    """Each is compared with minae on the same processor."""
    results = []
    for processor, factor in ((processors.NATIVE, 1), (processors.AVX2, 3)):
        some = results_of(QUICK["ops"], "minae", "minae")
        some[1].library = "jax"
        for result in some:
            result.processor = processor
            result.rounds[0]["cases"][0]["value"] = factor * (2 if result.library == "jax" else 1)
        results += some
    rows = make_rows(results)
    assert [(row.processor, row.library, row.median, row.ratio) for row in rows] == [
        ("native", "minae", 1, None),
        ("native", "jax", 2, 2),
        ("avx2", "minae", 3, None),
        ("avx2", "jax", 6, 2),
    ]
    text = report.write(results, rows, [], tmp_path)
    assert text.count("Medians of the rounds") == 2 and text.count("x2.00") == 2
    assert {path.name for path in tmp_path.glob("*.png")} == {"results.png", "results_avx2.png"}


def test_short_is_the_main_table():
    options = run.parse(["--short"])
    assert options.workloads == list(MAIN) and (options.rounds, options.seconds) == (3, 1)
    assert run.parse([]).workloads == list(workloads()) and run.parse(["--short", "--rounds", "7"]).rounds == 7


@pytest.mark.parametrize(
    ("script", "timeout", "error"),
    [
        ("raise ValueError('no luck')", 60, "exit status 1: ValueError: no luck"),
        ("import os; os._exit(3)", 60, "exit status 3: no message"),
        ("import time; time.sleep(60)", 0.2, "took longer than 0.2 s"),
    ],
)
def test_a_child_that_fails_says_why(script, timeout, error):
    assert run.run_child([sys.executable, "-c", script], dict(os.environ), timeout=timeout) == {"error": error}


def test_libraries_take_turns_and_one_that_fails_is_left_out(monkeypatch, tmp_path):
    turns = []

    def run_child(command, environment, timeout):
        turns.append(command[3])
        return {"error": "broken"} if turns == ["minae", "jax"] else child.measure("minae", QUICK["ops"], seconds=0)

    monkeypatch.setattr(run, "run_child", run_child)
    arguments = ["--quick", "--rounds", "3", "--workloads", "ops", "--libraries", "minae", "jax", "dezero"]
    arguments += ["--processors", "native"]
    assert run.main([*arguments, "--out", str(tmp_path)]) == 1
    assert turns == ["minae", "jax", "dezero", "minae", "dezero", "minae", "dezero"]
    assert "JAX FAILED: broken (ops)" in (tmp_path / "results.txt").read_text(encoding="utf-8")


def test_one_command_writes_table_csv_and_picture(tmp_path, capsys):
    chosen = ["ops", "batch_dense_vae", "product", "copy"]
    processor = ["--processors", "native"]
    assert (
        run.main(["--quick", "--workloads", *chosen, "--libraries", "minae", *processor, "--out", str(tmp_path)]) == 0
    )
    text = (tmp_path / "results.txt").read_text(encoding="utf-8")
    assert text in capsys.readouterr().out
    assert all(name in text for name in [*chosen, "Share of the roofline", "OPENBLAS_CORETYPE"])
    with (tmp_path / "results.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["workload"], row["size"]) for row in rows] == [
        (name, str(case.size or "")) for name in chosen for case in QUICK[name].cases
    ]
    assert all(float(row["median"]) > 0 and row["library"] == "minae" for row in rows)
    assert (tmp_path / "results.png").read_bytes().startswith(b"\x89PNG")


def test_the_child_knows_every_name():
    assert set(QUICK) == set(workloads()) and {w.kind for w in QUICK.values()} == set(child.MEASURES)
    assert all((Path(child.__file__).parent / f"with_{library}.py").exists() for library in LIBRARIES)


@pytest.mark.parametrize("stride", [(1, 1), (2, 3)])
def test_textbook_convolutions_give_the_same(stride):
    """Else the two ways would not be comparable."""
    rng, padding = np.random.default_rng(0), (1, 1)
    x, weight = rng.standard_normal((3, 4, 9, 10)), rng.standard_normal((5, 4, 3, 2))

    def both(name, *args):
        np.testing.assert_allclose(getattr(plain, name)(*args), getattr(fast, name)(*args), rtol=1e-12, atol=1e-12)
        return getattr(fast, name)(*args)

    g = rng.standard_normal(both("conv2d", x, weight, stride, padding).shape)
    both("conv2d_weight_grad", g, x, (3, 2), stride, padding)
    both("conv2d_input_grad", g, weight, stride, padding, (9, 10))
    both("channel_sum", g)
    y = both("max_pool2d", x, (2, 2), stride, padding)
    both("max_pool2d_grad", rng.standard_normal(y.shape), x, y, (2, 2), stride, padding)
    both("upsample_nearest2d", x, (2, 3))
    both("sum_pool2d", x, (2, 2), (2, 2), (0, 0))


def test_where_the_time_goes_adds_up_to_the_step():
    found = where.in_a_process("dense_vae", "fast", seconds=0.5)
    assert sum(found[kind] for kind in where.KINDS) == pytest.approx(found["step"])
    assert found["matrix products"] > 0.05 * found["step"]  # a profile that misses them is of no use
    assert len(where.picture({("dense_vae", "fast"): found}).axes) == 1


def test_the_least_tape_finds_the_same_gradient():
    assert bare_tape.chain(7)() == with_minae.chain(7)() == 7  # y = x aⁿ, and x = a = 1
    assert all(microseconds > 0 for microseconds in bare_tape.measure(7, seconds=0).values())


# ---- the classifier ----------------------------------------------------------------------------------------


def test_the_classifier_and_its_twin_are_one_network():
    """In use, so without dropout, and normalised by buffers that are not those of the beginning."""
    model = classifier.network(np.random.default_rng(0))
    images = np.random.default_rng(1).random((5, 1, 28, 28))
    model(Tensor(images.astype("float32")))
    twin = classifier.torch_twin(model).double().eval()
    model.to(dtype="float64").eval()
    expected = twin(torch.from_numpy(images)).detach().numpy()
    np.testing.assert_allclose(model(Tensor(images)).numpy(), expected, rtol=1e-10, atol=1e-12)


def test_the_classifier_runs(capsys):
    assert classifier.main(["--limit", "64", "--epochs", "2", "--batch-size", "16"]) == 1  # far below 99 %
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[2:6]] == ["minae", "minae", "PyTorch", "PyTorch"]
