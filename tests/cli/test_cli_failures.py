"""The command given what it cannot use: every option, every path, every terminal. It says so in one line, and why.

Exit status 2 for arguments that no command takes, 1 for what then fails. A traceback is shown to who asks for it alone.
"""

import os
import signal
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from minae.cli import main
from minae.cli import train as train_command
from minae.models.registry import MODELS

LONG = "x" * 5000
NOT_UTF8 = os.fsdecode(b"\xff\xfe")
FEW = ["--epochs", "1", "--batch-size", "4"]


@pytest.fixture(autouse=True)
def no_command_may_wait_for_ever():
    """One that does (to open a pipe means to wait for who writes) fails after 40 seconds."""

    def stop(number, frame):
        pytest.fail("it waited for ever")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(40)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def images(path, count=20, side=8):
    pixels = np.random.default_rng(0).integers(0, 256, (count, side, side), dtype=np.uint8)
    path.write_bytes(bytes([0, 0, 8, 3]) + np.array(pixels.shape, ">u4").tobytes() + pixels.tobytes())
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with images, a picture, a pipe, and a tiny run of each kind that reads pictures, or draws them."""
    folder = tmp_path_factory.mktemp("failures")
    own = str(images(folder / "own.idx"))
    Image.new("L", (8, 8), 128).save(folder / "grey.png")
    os.mkfifo(folder / "pipe")
    for model, options in (("vae", ["--hidden", "3"]), ("denoiser", []), ("super-resolution", ["--channels", "2"])):
        assert main(["train", model, "--data", own, "--out", str(folder / model), *FEW, *options]) == 0
    return folder


def failure(capsys, status, *arguments):
    """The last line on stderr of a command that must end with `status`, and, if that is 1, say nothing else there."""
    capsys.readouterr()
    try:
        found = main([str(argument) for argument in arguments])
    except SystemExit as exit:
        found = exit.code
    err = capsys.readouterr().err
    assert found == status, (arguments, err)
    assert "Traceback" not in err
    lines = err.splitlines()
    assert lines if status == 2 else len(lines) == 1 and lines[0].startswith("minae: "), err
    return lines[-1]


# ---- options -----------------------------------------------------------------------------------------------

NO_NUMBERS = [
    "",
    " ",
    "x",
    "nan",
    "-inf",
    "inf",
    "-1",
    "1e400",
    "0x10",
    "1;5",
    "None",
    "é",
    NOT_UTF8,
    "1\n2",
    "--",
    "9" * 5000,
]
COMMON = ["epochs", "batch-size", "lr", "decay", "limit", "seed"]
OTHERS = [
    *[("sample", option) for option in ("count", "seed", "label", "temperature")],
    ("interpolate", "count"),
    ("reconstruct", "count"),
    ("evaluate", "importance-samples"),
    ("gradcheck", "seed"),
]
WORDS = {"hidden", "likelihood", "prior"}  # options that take no number


@pytest.mark.parametrize(("model", "option"), [(m, o) for m in MODELS for o in [*COMMON, *MODELS[m].options]])
def test_options_of_every_system(capsys, model, option):
    option = f"--{option.replace('_', '-')}"
    for value in NO_NUMBERS:
        message = failure(capsys, 2, "train", model, option, value)
        assert message.startswith(f"minae train {model}: error: argument {option}: expected ")
        assert len(message) < 300


@pytest.mark.parametrize(("command", "option"), OTHERS)
def test_options_of_the_other_commands(capsys, command, option):
    run = {"gradcheck": [], "interpolate": ["run", "one", "other"]}.get(command, ["run"])
    for value in NO_NUMBERS:
        message = failure(capsys, 2, command, *run, f"--{option}", value)
        assert message.startswith(f"minae {command}: error: argument --{option}: expected ")
        assert len(message) < 300


NUMBERS = {
    "--epochs": ["0", "1.0", "1e3"],
    "--batch-size": ["0", "2.5"],
    "--lr": ["0", "-0.1", "0.0"],
    "--decay": ["0", "1.5", "-1"],
    "--limit": ["0"],
    "--seed": ["-0", "1.5"],
    "--latent": ["0", "2.0"],
    "--hidden": ["0", "3,0", "3,", ",", "3.5", "3;4"],
    "--beta": ["-1e-9"],
    "--variance": ["0"],
    "--likelihood": ["Bernoulli", "gauss"],
    "--prior": ["Ring", "uniform"],
    "--factor": ["1", "0", "2.0"],
    "--channels": ["0"],
    "--noise-mean": ["-0.1"],
    "--noise-std": ["-0.1"],
    "--device": ["gpu", "CPU", "", "cuda:0"],
}


@pytest.mark.parametrize("model", MODELS)
def test_numbers_that_are_none_of_this_option(capsys, model):
    known = {f"--{name.replace('_', '-')}" for name in MODELS[model].options}
    for option, values in NUMBERS.items():
        if option in known or option.strip("-") in (*COMMON, "device"):
            for value in values:
                assert f"argument {option}: " in failure(capsys, 2, "train", model, option, value)


@pytest.mark.parametrize("model", MODELS)
def test_options_of_another_system(capsys, model):
    """No system takes an option silently that means nothing to it."""
    every = {name for system in MODELS.values() for name in system.options}
    for name in every - MODELS[model].options.keys():
        option = f"--{name.replace('_', '-')}"
        assert f"unrecognized arguments: {option} 1" in failure(capsys, 2, "train", model, option, "1")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("sample", "RUN"),
        ("sample run extra", "unrecognized arguments: extra"),
        ("sample run --count", "--count: expected one argument"),
        ("sample run --beta 1", "unrecognized arguments"),
        ("evaluate", "RUN"),
        ("evaluate --data mnist", "RUN"),
        ("reconstruct", "RUN"),
        ("interpolate run tune", "TUNE"),
        ("denoise", "RUN, IMAGE"),
        ("denoise run", "IMAGE"),
        ("upscale run", "IMAGE"),
        ("upscale run a.png --factor 2", "unrecognized arguments"),
        ("gradcheck now", "unrecognized arguments: now"),
        ("train vae mnist", "unrecognized arguments: mnist"),
        ("train VAE", "invalid choice: 'VAE'"),
        ("train --epochs 1", "MODEL"),
        ("Train vae", "invalid choice: 'Train'"),
        ("--debug", "unrecognized arguments: --debug"),
        ("-x", "unrecognized arguments: -x"),
    ],
)
def test_commands_that_do_not_exist(capsys, arguments, words):
    assert words in failure(capsys, 2, *arguments.split())


# ---- paths -------------------------------------------------------------------------------------------------

PATHS = {
    "missing": "no such file",
    "of a folder": ".",
    "in a file": "own.idx/inside",
    "of a pipe": "pipe",
    "of a device": "/dev/zero",
    "of an empty device": "/dev/null",
    "too long": LONG,
    "very deep": "a/" * 1500 + "b",
    "with a line break": "one\ntwo",
}
COMMANDS = {
    "data": ["train", "vae", "--data", "{}"],
    "run to evaluate": ["evaluate", "{}"],
    "run to sample from": ["sample", "{}"],
    "run to reconstruct with": ["reconstruct", "{}"],
    "run to denoise with": ["denoise", "{}", "grey.png"],
    "image to denoise": ["denoise", "denoiser", "{}"],
    "image to upscale": ["upscale", "super-resolution", "{}"],
    "data to evaluate on": ["evaluate", "vae", "--data", "{}"],
}


@pytest.mark.parametrize("kind", PATHS)
@pytest.mark.parametrize("command", COMMANDS)
def test_paths(capsys, monkeypatch, folder, command, kind):
    monkeypatch.chdir(folder)
    path = PATHS[kind]
    message = failure(capsys, 1, *[argument.format(path) for argument in COMMANDS[command]])
    assert path.split("\n")[0] in message, "it names the path"


OUTPUTS = {
    "samples": ["sample", "vae", "--count", "2", "--out", "{}"],
    "reconstructions": ["reconstruct", "vae", "--count", "2", "--out", "{}"],
    "denoised": ["denoise", "denoiser", "grey.png", "--out", "{}"],
    "upscaled": ["upscale", "super-resolution", "grey.png", "--out", "{}"],
    "a run": ["train", "vae", "--data", "own.idx", *FEW, "--hidden", "3", "--out", "{}"],
}
WHERE = {
    "in no folder": "none/picture.png",
    "in a file": "own.idx/a.png",
    "too long": LONG + ".png",
    "on a device": "/dev/full/a.png",
}


@pytest.mark.parametrize("kind", WHERE)
@pytest.mark.parametrize("command", OUTPUTS)
def test_places_that_cannot_be_written(capsys, monkeypatch, folder, command, kind):
    monkeypatch.chdir(folder)
    if command == "a run" and kind == "in no folder":
        return  # it makes the folders that it needs
    message = failure(capsys, 1, *[argument.format(WHERE[kind]) for argument in OUTPUTS[command]])
    assert WHERE[kind] in message and "cannot be written" in message


def test_a_full_disk(capsys, monkeypatch, folder):
    """The file is opened, and every write to it fails."""
    monkeypatch.chdir(folder)
    os.symlink("/dev/full", folder / "full.png")
    for command in ("samples", "reconstructions"):
        message = failure(capsys, 1, *[argument.format("full.png") for argument in OUTPUTS[command]], "--overwrite")
        assert "full.png" in message and "No space left" in message


# ---- images ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("command", "run"), [("denoise", "denoiser"), ("upscale", "super-resolution")])
def test_images_that_are_none(capsys, folder, tmp_path, command, run):
    contents = {"empty.png": b"", "text.png": b"Dear Sir", "cut.png": (folder / "grey.png").read_bytes()[:40]}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        assert name in failure(capsys, 1, command, folder / run, tmp_path / name)
    assert len(os.listdir(tmp_path)) == 3, "nothing is left behind"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (7, 13)], ids=str)
def test_images_of_any_mode_and_size_are_answered(folder, tmp_path, mode, size):
    Image.new(mode, size).save(tmp_path / "odd.png")
    for command, run in (("denoise", "denoiser"), ("upscale", "super-resolution")):
        assert main([command, str(folder / run), str(tmp_path / "odd.png")]) == 0
    for name, expected in (("denoised", size), ("upscaled", (2 * size[0], 2 * size[1]))):
        with Image.open(tmp_path / f"odd-{name}.png") as answer:
            assert answer.size == expected


# ---- a process of its own ----------------------------------------------------------------------------------


def shell(command, folder, **environment):
    """Run a line of shell in `folder`, where $minae is the command: (status, stdout, stderr)."""
    minae = f"{sys.executable} -m minae"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command.replace("$minae", minae)],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        timeout=60,
    )
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def test_a_reader_that_has_gone(folder):
    """`| head` closes the pipe. Nothing is said twice, and nothing by Python itself."""
    status, _, err = shell("$minae evaluate vae | head -0", folder)
    assert status in (0, 1, 141) and "Traceback" not in err and "Exception ignored" not in err
    assert err.count("\n") <= 1


def test_a_terminal_that_is_full(folder):
    status, _, err = shell("$minae evaluate vae > /dev/full", folder)
    assert status == 1 and err.count("\n") == 1 and "No space left" in err


def test_a_name_that_is_not_utf8(folder):
    """As bytes of the command line: its output is named so too."""
    target = os.fsencode(folder) + b"/\xff.png"
    with open(target, "wb") as file:
        file.write((folder / "grey.png").read_bytes())
    status, out, err = shell("$minae denoise denoiser $'\\xff.png'", folder)
    assert (status, err) == (0, "") and out
    assert os.path.exists(os.fsencode(folder) + b"/\xff-denoised.png")
    for arguments in ("evaluate $'\\xfe'", "train vae --data $'\\xfe'", "denoise denoiser $'\\xfe'"):
        status, _, err = shell(f"$minae {arguments}", folder)
        assert status == 1 and err.startswith(r"minae: \udcfe: ") and err.count("\n") == 1


def test_an_interrupted_command_has_the_status_that_shells_expect(monkeypatch, capsys):
    def interrupted(options):
        raise KeyboardInterrupt("run keeps epoch 3")

    monkeypatch.setattr(train_command, "_planned", interrupted)
    assert main(["train", "vae"]) == 130
    assert capsys.readouterr().err == "minae: interrupted: run keeps epoch 3\n"


@pytest.mark.parametrize(("said", "told"), [("", "RUN keeps epoch 3"), ("stopped; RUN keeps epoch 2", "")])
def test_an_interrupt_says_what_is_kept_by_itself_or_as_fit_does(said, told):
    run = SimpleNamespace(folder="RUN", epochs=lambda: 3)
    with pytest.raises(KeyboardInterrupt) as interrupt, train_command.told_by_options(run):
        raise KeyboardInterrupt(said)
    assert str(interrupt.value) == f"{said or told}: --resume RUN goes on from there"


def test_debug_shows_where_it_failed(folder):
    status, _, err = shell("$minae evaluate nothing --debug", folder)
    assert status == 1 and "Traceback" in err and "not a run folder" in err
    status, _, err = shell("$minae evaluate nothing", folder)
    assert status == 1 and err.startswith("minae: nothing: ") and err.count("\n") == 1
