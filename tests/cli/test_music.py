"""Melodies by command: train, sample, interpolate, reconstruct; what is left to hear is what was decoded."""

import json
import wave

import mido
import numpy as np
import pytest
from PIL import Image

from minae import Tensor
from minae.cli import main, sounds
from minae.cli.interpolate import beginning
from minae.data.melodies import read_npz
from minae.data.melody import BAR, HOLD, REST
from minae.data.midi_files import read_midi
from minae.reports import music_vae as report
from minae.support.errors import FileError
from minae.training.run_folder import Run
from tests.cli.test_cli import refuse
from tests.models.melodies import random_melodies

QUICK = [
    "--bars",
    "1",
    "--epochs",
    "2",
    "--hidden",
    "8",
    "--latent",
    "4",
    "--limit",
    "60",
    "--structure",
    "hierarchical",
]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("music") / "run"
    assert main(["train", "music-vae", "--out", str(folder), *QUICK]) == 0
    return folder


def test_training_leaves_pictures_and_sound(run):
    test = json.loads((run / "metrics.json").read_text())
    assert test["unit"] == "nats per melody" and test["test_melodies"] == 60
    for name, melodies in {"reconstructions": 6, "samples": 6, "interpolation": 13, "attributes": 5}.items():
        assert np.asarray(Image.open(run / "figures" / f"{name}.png").convert("L")).std() > 10
        with wave.open(str(run / "sounds" / f"{name}.wav")) as file:
            seconds = file.getnframes() / file.getframerate()
        bars = 2 * melodies - 1  # a bar of rest between two
        assert seconds == pytest.approx(bars * 4 * 60 / 100, abs=0.01)
        assert mido.MidiFile(run / "sounds" / f"{name}.mid").length == pytest.approx(seconds, abs=0.01)
    config = json.loads((run / "config.json").read_text())
    assert config["data"] == "tunes" and config["bars"] == 1 and "image_shape" not in config


def test_sound_is_one_melody_after_the_other(tmp_path):
    one, other = random_melodies(np.random.default_rng(0), 2)
    sounds.save_sound(tmp_path / "new" / "both.wav", {"one": one, "other": other})
    (tune, _) = read_midi(tmp_path / "new" / "both.mid")
    (steps,) = tune.pieces
    pause = [REST] + [HOLD] * (BAR - 1)
    expected = np.concatenate([one, pause, other])
    np.testing.assert_array_equal(as_notes(steps), as_notes(expected))


def as_notes(steps):
    """Steps with a rest that follows a rest taken as going on."""
    sounding, plain = True, []
    for step in steps.tolist():
        plain.append(HOLD if step == REST and not sounding else step)
        sounding = step < HOLD or (step == HOLD and sounding)
    return np.array(plain)


def test_sample_draws_what_the_model_draws(run, tmp_path, capsys):
    out = tmp_path / "drawn.at.0.7.png"
    command = ["sample", str(run), "--count", "2", "--seed", "3", "--temperature", "0.7", "--out", str(out)]
    assert main(command) == 0
    assert not out.with_suffix(".wav").exists()
    assert main([*command, "--wav", "--overwrite"]) == 0
    assert f"sound in {tmp_path / 'drawn.at.0.7.wav'} and drawn.at.0.7.mid" in capsys.readouterr().out
    melodies = report.drawn(Run.open(run).load_model(), 2, 3, 0.7)
    sounds.save_sound(tmp_path / "expected", melodies)
    for suffix in (".wav", ".mid"):
        assert out.with_suffix(suffix).read_bytes() == (tmp_path / f"expected{suffix}").read_bytes()


def test_sound_that_is_there_is_replaced_if_asked(run, tmp_path, capsys):
    mine = tmp_path / "mine.wav"
    mine.write_text("mine")
    told = refuse(capsys, 1, "sample", run, "--wav", "--out", tmp_path / "mine.png")
    assert f"{mine}: is there already" in told and mine.read_text() == "mine"


def test_interpolate_takes_names_and_files(run, tmp_path, capsys):
    tune = tmp_path / "my own.abc"
    tune.write_text("X:1\nT:Mine\nM:4/4\nL:1/4\nK:C\nz4 | CDEF | GFED |\n")
    out = tmp_path / "blend.png"
    assert main(["interpolate", str(run), "jingle bells", str(tune), "--count", "3", "--out", str(out)]) == 0
    assert {path.name for path in tmp_path.iterdir()} == {"my own.abc", "blend.png", "blend.wav", "blend.mid"}
    (known,) = [t for t in sounds_of("tunes") if t.name.startswith("Jingle Bells")]
    model = Run.open(run).load_model()
    mine = np.array([60, *3 * [HOLD], 62, *3 * [HOLD], 64, *3 * [HOLD], 65, *3 * [HOLD]], np.uint8)
    sounds.save_sound(tmp_path / "expected", report.interpolated(model, known.pieces[0][:16], mine, 3))
    assert (tmp_path / "expected.wav").read_bytes() == (tmp_path / "blend.wav").read_bytes()


def sounds_of(source):
    from minae.data.melodies import read_tunes

    return read_tunes(source, [])


@pytest.mark.parametrize(
    ("tune", "told"),
    [
        ("no such tune", "expected a file, or a part of one tune's name, found none"),
        ("old", "expected a file, or a part of one tune's name, found "),
    ],
)
def test_tunes_that_are_not_known(run, capsys, tune, told):
    assert told in refuse(capsys, 1, "interpolate", run, tune, "jingle")


def test_a_file_of_silence(run, tmp_path, capsys):
    np.savez(tmp_path / "silence.npz", segments=np.array([[REST] + 15 * [HOLD]], np.uint8))
    told = refuse(capsys, 1, "interpolate", run, "jingle", tmp_path / "silence.npz")
    assert "silence.npz: expected a tune, found silence" in told


@pytest.mark.parametrize("bars", [None, 0, "two", 1e9])
def test_a_config_with_other_bars(run, tmp_path, capsys, bars):
    config = json.loads((run / "config.json").read_text()) | {"bars": bars}
    if bars is None:
        del config["bars"]
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "model.safetensors").write_bytes((run / "model.safetensors").read_bytes())
    assert str(tmp_path / "config.json") in refuse(capsys, 1, "evaluate", tmp_path)


def test_a_tune_that_is_too_short(tmp_path):
    rows = random_melodies(np.random.default_rng(0), 3, bars=1)
    np.savez(tmp_path / "short.npz", segments=rows)
    tune, *_ = read_npz(tmp_path / "short.npz")[0]
    np.testing.assert_array_equal(beginning(tune, 1), tune.pieces[0])
    with pytest.raises(FileError, match="expected at least 2 bars"):
        beginning(tune, 2)


def test_a_run_keeps_its_structure(run):
    config = json.loads((run / "config.json").read_text())
    model = Run.open(run).load_model()
    assert config["structure"] == model.structure == "hierarchical"
    assert model.codes(Tensor(np.zeros((3, 4), np.float32))).shape == (1, 3, 4)


def test_reconstruct_and_evaluate_on_melodies_of_ones_own(run, tmp_path, capsys):
    np.savez(tmp_path / "own.npz", segments=random_melodies(np.random.default_rng(0), 30, bars=1))
    out = tmp_path / "picture.png"
    assert main(["reconstruct", str(run), "--data", str(tmp_path / "own.npz"), "--out", str(out)]) == 0
    assert np.asarray(Image.open(out).convert("L")).std() > 10
    capsys.readouterr()
    assert main(["evaluate", str(run), "--importance-samples", "3"]) == 0
    test, told = json.loads((run / "metrics.json").read_text())["test"], capsys.readouterr().out
    assert f"negative ELBO {test['negative_elbo']:.2f} nats per melody" in told and "3 samples per melody" in told


def test_what_melodies_are_not(run, tmp_path, capsys):
    assert "expected a run on images, found melodies" in refuse(capsys, 1, "probe", run)
    assert "melodies cannot be cut or resized" in refuse(capsys, 1, "evaluate", run, "--patch", "8")
    assert "knows no labels" in refuse(capsys, 1, "sample", run, "--label", "1")
    images = tmp_path / "images"
    assert main(["train", "vae", "--out", str(images), "--limit", "40", "--epochs", "1"]) == 0
    for option in (["--wav"], ["--temperature", "0.5"]):
        told = refuse(capsys, 1, "sample", images, *option)
        assert "a run of vae draws images, without --wav and --temperature" in told
    assert "does not know melodies" in refuse(capsys, 1, "interpolate", images, "one", "other")


def test_without_mido_there_is_sound_all_the_same(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sounds, "find_spec", lambda name: None)
    sounds.save_sound(tmp_path / "tune", {"one": random_melodies(np.random.default_rng(0), 1)[0]})
    assert [path.name for path in tmp_path.iterdir()] == ["tune.wav"]
    assert "MIDI files need pip install 'minae[music]'" in capsys.readouterr().out
