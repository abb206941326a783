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


def cupy_on_a_gpu():
    """CuPy, where it is installed and sees a GPU; otherwise None."""
    cupy = strict_device.import_cupy()
    try:
        return cupy if cupy and cupy.cuda.runtime.getDeviceCount() else None
    except cupy.cuda.runtime.CUDARuntimeError:
        return None


LIBRARIES = {"numpy": np, "strict": strict_device}
if GPU := cupy_on_a_gpu():
    LIBRARIES["cupy"] = GPU


@pytest.fixture(params=list(LIBRARIES))
def xp(request):
    """Each array library: NumPy, the stand-in that refuses what CuPy refuses, and CuPy where there is a GPU."""
    return LIBRARIES[request.param]


@pytest.fixture(params=list(KERNELS))
def each_kernels(request):
    """Inside the test, convolutions are computed by these kernels: once by the plain ones, once by the fast ones."""
    with minae.use_kernels(request.param):
        yield KERNELS[request.param]
