"""Starting several processes, as users do."""

import os
import shutil
import subprocess
import sys

MINAE = (sys.executable, "-m", "minae")


def mpiexec(processes, *command, **options):
    """The finished launcher: its status, and what all processes printed."""
    launcher = started(processes, *command, **options)
    try:
        out, err = launcher.communicate(timeout=120)
    finally:
        launcher.kill()
    return launcher.returncode, out, err


def started(processes, *command, **options):
    """The running launcher, of the MPI that is installed beside this Python."""
    path = shutil.which("mpiexec", path=os.path.dirname(sys.executable))
    assert path, "the tests need the packages of `pip install -e '.[test]'`: there is no mpiexec beside this Python"
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([path, "-n", str(processes), *map(str, command)], **pipes, **options)
