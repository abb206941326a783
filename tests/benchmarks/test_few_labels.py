"""The benchmark of few labels trains each draw once, and judges by the bar."""

import json

import pytest

from benchmarks import few_labels
from minae.measures import probe
from minae.training.run_folder import Run


@pytest.mark.slow
def test_a_draw_is_trained_and_then_only_read(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(probe, "STEPS", 20)
    short = ["--out", str(tmp_path), "--draws", "1", "--limit", "400", "--epochs", "1"]
    assert few_labels.main(short) == 1, "so little does not reach the bar"
    first = capsys.readouterr().out
    assert "epoch 1/1" in first and "not met" in first
    assert len(Run.open(tmp_path / "draw-0").config["labelled"]) == 100
    metrics = json.loads((tmp_path / "draw-0" / "metrics.json").read_text())
    metrics["test"]["accuracy"] = 0.999
    (tmp_path / "draw-0" / "metrics.json").write_text(json.dumps(metrics))
    assert few_labels.main(short) == 0
    again = capsys.readouterr().out
    assert "epoch" not in again and "99.90%" in again and "is met" in again
    pixels = [out.splitlines()[-3].split()[2] for out in (first, again)]
    assert pixels[0] == pixels[1] and 20 < float(pixels[0].rstrip("%")) < 90
