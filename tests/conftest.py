"""What all tests share. Loaded before any of them, and so before NumPy."""

import os
import signal

# A command started in the background of a script ignores Ctrl-C, and so do the processes it starts. Tests send Ctrl-C.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Tests run on all cores, one process for each (setup.cfg), and beside other programs. Two threads of BLAS in each would
# only wait for each other, and `minae train` would say so.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pytest

import minae
from minae.backend import register_library
from minae.kernels import KERNELS
from tests import strict_device

register_library(strict_device.ndarray, strict_device)


@pytest.fixture(params=["numpy", "strict"])
def xp(request):
    """Each array library: NumPy, and the stand-in for CuPy that refuses what CuPy refuses."""
    return np if request.param == "numpy" else strict_device


@pytest.fixture(params=list(KERNELS))
def each_kernels(request):
    """Inside the test, convolutions are computed by these kernels: once by the plain ones, once by the fast ones."""
    with minae.use_kernels(request.param):
        yield KERNELS[request.param]
