"""Is this one of several processes that `mpiexec` started together?

The launcher says so in the environment of each. That costs nothing to read, needs no
mpi4py, and cannot be forgotten like an option: processes that did not know of each
other would each train alone, and all write the same files.
"""

import os
import sys
import time
from typing import Any

RANK_AND_SIZE = (
    ("PMI_RANK", "PMI_SIZE"),  # MPICH, Intel MPI, Slurm's srun --mpi=pmi2
    ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),  # Open MPI
)


def launched() -> tuple[int, int]:
    """The number of this process, from 0 on, and how many were started: (rank, size).

    (0, 1) without a launcher.
    """
    for rank, size in RANK_AND_SIZE:
        if rank in os.environ and size in os.environ:
            return int(os.environ[rank]), int(os.environ[size])
    return 0, 1


def communicator() -> Any:
    """What all processes started by `mpiexec` talk through: mpi4py's COMM_WORLD.

    Raises ValueError where mpi4py or its MPI is missing, and where they do not see the
    processes that were started.
    """
    _, size = launched()
    try:
        from mpi4py import MPI
    except (ImportError, RuntimeError) as error:  # RuntimeError: it finds no MPI
        raise ValueError(
            f"mpiexec started {size} processes, which need mpi4py and an MPI to train "
            f"together ({error}); pip install 'minae[mpi]', or leave mpiexec out"
        ) from error
    if MPI.COMM_WORLD.size != size:
        raise ValueError(
            f"mpiexec started {size} processes, but mpi4py sees {MPI.COMM_WORLD.size}: "
            f"they belong to different MPIs; mpi4py uses {_library(MPI)}, so start it "
            "with the mpiexec of that"
        )
    return MPI.COMM_WORLD


def let_the_first_tell() -> None:
    """Where all processes fail alike, process 0 says so and ends all meanwhile."""
    if launched()[0] > 0:
        time.sleep(1)


def tell(failure: str) -> None:
    """One line that says which process failed, and how."""
    rank, size = launched()
    line = f"minae: process {rank} of {size}: {failure}\n"
    print(line, end="", file=sys.stderr, flush=True)
    time.sleep(0.3)  # a launcher that ends all may lose what it has not passed on


def _library(MPI: Any) -> str:
    return MPI.Get_library_version().split("\n")[0].split(",")[0].strip("\0 ")
