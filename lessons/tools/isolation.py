"""What keeps a submission from everything that is not its own: bubblewrap (`bwrap`), where the system has it.

Inside, a submission sees Python and the system read-only, an empty /tmp, and nothing else: no home, no other files of
the course, no other submission, no network, no process but its own. Nothing of that is home-made.
"""

import functools
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import minae

from .catalogue import LessonError

COURSE = Path(__file__).resolve().parents[2]
MINAE = Path(minae.__file__).resolve().parent
INSIDE = "/tmp/exercise"  # where a submission works
DISK = 256 << 20  # bytes for its /tmp
SYSTEM = (
    *("/usr", "/bin", "/lib", "/lib32", "/lib64", "/nix/store", "/gnu/store"),
    *("/etc/alternatives", "/etc/ld.so.cache", "/etc/localtime"),
)
FLAGS = ("--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL")


@dataclass(frozen=True)
class Isolation:
    """What a submission is run in. Without `bwrap`, the path of that program, it is a process like any other."""

    bwrap: str = ""
    version: str = ""
    missing: str = ""  # why there is no bubblewrap
    private: tuple[Path, ...] = ()  # folders that it must not see, besides those of the course and the home

    @property
    def name(self) -> str:
        return "bubblewrap" if self.bwrap else "none"

    def __str__(self) -> str:
        """As reports state it."""
        where = " in a container" if in_container() else ""
        if self.bwrap:
            return f"{self.version}{where}"
        return f"none{where}" + (f" ({self.missing})" if self.missing else "")

    def wrap(self, command: list[str], with_minae: bool = True) -> list[str]:
        """The command that runs this one inside."""
        if not self.bwrap:
            return command
        return [self.bwrap, *FLAGS, *self._mounts(with_minae), "--chdir", INSIDE, *command]

    def _mounts(self, with_minae: bool) -> list[str]:
        """Folders before what lies in them, so that each shows in the one above it."""
        size = ("--size", str(DISK)) if _has_size(self.bwrap) else ()
        private = (Path(os.path.expanduser("~")), COURSE, *self.private, *([] if with_minae else [MINAE]))
        hidden = [path for path in private if path.is_dir() and path != path.parent]
        mounts: dict[str, tuple[str, ...]] = {
            str(path): ("--ro-bind-try", str(path), str(path)) for path in (*SYSTEM, *_of_python())
        }
        mounts |= {str(path): ("--tmpfs", str(path)) for path in hidden}
        mounts |= {str(path): ("--ro-bind", str(path), str(path)) for path in _of_the_course(with_minae)}
        mounts |= {"/proc": ("--proc", "/proc"), "/dev": ("--dev", "/dev"), "/tmp": (*size, "--tmpfs", "/tmp")}
        mounts[INSIDE] = ("--dir", INSIDE)
        in_order = [option for path in sorted(mounts, key=_parts) for option in mounts[path]]
        written = [path for path in ("/", "/dev", *map(str, hidden)) if path != "/tmp"]
        return in_order + [option for path in written for option in ("--remount-ro", path)]


def find(wanted: str = "auto", *private: Path) -> Isolation:
    """The isolation that is wanted, or the best that works here. Raises LessonError if bubblewrap is wanted in vain."""
    found = _probe() if wanted != "none" else Isolation(missing="switched off")
    if wanted == "bubblewrap" and not found.bwrap:
        raise LessonError(f"--isolation bubblewrap: {found.missing}")
    return Isolation(found.bwrap, found.version, found.missing, tuple(path.resolve() for path in private))


def in_container() -> bool:
    return any(os.path.exists(mark) for mark in ("/.dockerenv", "/run/.containerenv"))


@functools.cache
def _probe() -> Isolation:
    """Bubblewrap, if NumPy can be imported inside."""
    bwrap = shutil.which("bwrap") if sys.platform == "linux" else None
    if bwrap is None:
        return Isolation(missing="bubblewrap is not installed")
    version = subprocess.run([bwrap, "--version"], capture_output=True, text=True).stdout.strip() or "bubblewrap"
    found = Isolation(bwrap, version)
    command = found.wrap([sys.executable, "-I", "-c", f"import sys; sys.path[:] = {sys.path!r}; import numpy"])
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Isolation(missing=f"{version} does not work here: {error}")
    if done.returncode == 0:
        return found
    said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
    return Isolation(missing=f"{version} does not work here: {said}")


@functools.cache
def _has_size(bwrap: str) -> bool:
    """Whether it can limit an empty folder's size (since 0.7)."""
    return "--size" in subprocess.run([bwrap, "--help"], capture_output=True, text=True).stdout


def _of_python() -> list[Path]:
    """Python and its packages. Other folders that it looks into may hold anything, and are left out."""
    packages = [path for path in map(Path, sys.path) if path.name in ("site-packages", "dist-packages")]
    return [Path(sys.prefix), Path(sys.base_prefix), *packages]


def _of_the_course(with_minae: bool) -> list[Path]:
    """What a submission's process needs: no lesson among it."""
    lessons = Path(__file__).resolve().parents[1]
    return [lessons / "__init__.py", lessons / "tools", *([MINAE] if with_minae else [])]


def _parts(path: str) -> tuple[str, ...]:
    return Path(path).parts
