"""Kill training at random moments, resume it, and compare: `python -m tests.training.kill_and_resume` does so 50 times.

Every time the run folder must load, and in the end the weights, the optimiser and the history must be, bit for bit,
those of a run that nothing interrupted.
"""

import random
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from minae.training.run_folder import Run

SAME = ("checkpoint.safetensors", "model.safetensors", "history.csv", "metrics.json", "config.json")
OPTIONS = ("--limit", "600", "--hidden", "64", "--batch-size", "50")


def train(*options: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "minae", "train", "vae", *options]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen) -> None:
    _, error = process.communicate(timeout=300)
    if process.returncode:
        raise AssertionError(f"training ended with status {process.returncode}: {error}")


def kill_and_resume(kills: int, epochs: int, folder: Path, seed: int = 0) -> tuple[int, list[str]]:
    """How many of the kills hit a process that was training, and which files differ in the end."""
    moments, whole, killed = random.Random(seed), folder / "whole", folder / "killed"
    length = ("--epochs", str(epochs))
    finish(train("--out", str(whole), *OPTIONS, *length))
    hits = 0
    for kill in range(kills):
        process = train("--resume", str(killed)) if kill else train("--out", str(killed), *OPTIONS, *length)
        started = newest(killed)
        while process.poll() is None and newest(killed) == started:  # until it writes its first file
            time.sleep(0.002)
        time.sleep(moments.random() * 0.15)
        hits += process.poll() is None
        process.kill()
        process.communicate()
        Run.open(killed).load_model()
        Run.open(killed).history()
    finish(train("--resume", str(killed)))
    return hits, [name for name in SAME if (whole / name).read_bytes() != (killed / name).read_bytes()]


def newest(folder: Path) -> int:
    """When config.json was written last; 0 before there is one."""
    try:
        return (folder / "config.json").stat().st_mtime_ns
    except FileNotFoundError:
        return 0


if __name__ == "__main__":
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    with TemporaryDirectory() as temporary:
        hits, differ = kill_and_resume(kills, 10 * kills, Path(temporary))
    print(f"{kills} kills, {hits} of them during training; the run folder loaded {kills} times of {kills}")
    print(f"files that differ from the uninterrupted run's: {', '.join(differ) or 'none'}")
    sys.exit(bool(differ))
