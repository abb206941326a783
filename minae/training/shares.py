"""Training by several processes: each computes its share of every batch.

The loss of a batch is a mean over its N images, L = 1/N Σ l, and the gradient of a sum
is the sum of the gradients. So it may be summed share by share. If process p has nₚ of
the images, and Lₚ is the mean loss of these,

    ∇L = 1/N Σ ∇l = Σₚ wₚ ∇Lₚ   with the weights wₚ = nₚ / N.

Each process goes forward and backward over its own images, `allreduce` adds up what
they found, and all get the sum: the gradient of the whole batch. Equal weights that
take equal steps stay equal, so weights are not sent before the epoch is over.

Noise belongs to the image, not to the process: every process draws that of the whole
batch from an equal generator, and uses the rows of its own images (noise.py). So the
run is that of a single process, whatever the number of processes, but for rounding:
the last bits of a sum of float32 numbers depend on their order. MPI gives all processes
the same bits, and the same number of processes gives the same bits again.

Two things are of the share, not of the batch. `BatchNorm` takes means over the share,
so a network with it is trained a little differently by each number of processes; all
take over the running means of process 0 after every epoch. And what a `training_step`
does to `.grad` before an optimiser's step, such as clipping, it does to the share's.
"""

import math
import sys
import time
import zlib
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from ..optim import Optimizer
from ..support.processes import communicator, launched, let_the_first_tell, tell
from ..support.threads import blas_threads, usable_cores
from ..tensors import Tensor
from .noise import Noise


class Alone:
    """A single process: its share is the whole batch, and there is nothing to add."""

    rank, size = 0, 1

    def share(self, count: int) -> slice:
        """Which of the next batch's `count` images are this process's."""
        return slice(count)

    def noise(self, rng: Any, at_once: float = math.inf) -> Any:
        """A generator of the rows of noise that belong to its images."""
        return rng

    def optimizers(self, optimizers: list[Optimizer]) -> list[Any]:
        """The optimisers, so that each steps along the gradient of the whole batch."""
        return optimizers

    def add_up(self, parameters: Iterable[Tensor]) -> None:
        """Make each `.grad` that of the whole batch."""

    def mean(self, losses: dict[str, Tensor]) -> dict[str, Tensor]:
        """The mean losses of the whole batch, from those of the share."""
        return losses

    def first(self, act: Callable[[], Any]) -> Any:
        """What process 0 does for all. They return what it returned, or raise what it
        raised."""
        return act()

    def follow_first(self, *stateful: Any) -> None:
        """Models, optimisers and schedules take the state that process 0 has."""

    def check_same(self, **values: Callable[[], Any]) -> None:
        """Raises ValueError, in all processes, if one has another value."""

    def threads(self) -> int | None:
        """How many BLAS threads each process may use; None: as many as it does."""
        return None

    def wait(self) -> None:
        """Until all are here, without keeping a core busy."""


class Team(Alone):
    """The processes of an MPI communicator. All call the same methods in turn."""

    def __init__(self, comm: Any):
        self.comm, self.rank, self.size = comm, comm.rank, comm.size
        self.count, self.own, self.weight = 0, slice(0), 0.0  # of the current batch

    def share(self, count: int) -> slice:
        """As even as can be, in order. Where a batch has fewer images than there are
        processes, some compute a neighbour's image too, with weight 0."""
        start, stop = (rank * count // self.size for rank in (self.rank, self.rank + 1))
        self.count, self.weight = count, (stop - start) / count
        self.own = slice(start, max(stop, start + 1))
        return self.own

    def noise(self, rng: Any, at_once: float = math.inf) -> Any:
        return Noise(self, rng, at_once)

    def optimizers(self, optimizers: list[Optimizer]) -> list[Any]:
        return [AddedUp(self, optimizer) for optimizer in optimizers]

    def add_up(self, parameters: Iterable[Tensor]) -> None:
        """Σₚ wₚ gₚ in place of each gₚ, in one message for all parameters.

        A gradient that was added up already stays as it is: the weights' sum is 1.
        Where only some processes have a gradient, it is 0 in the others. So it is also
        said which there are.
        """
        parameters = list(parameters)
        ends = np.cumsum([parameter.data.size for parameter in parameters])
        dtype = np.result_type(*(parameter.dtype for parameter in parameters))
        message = np.zeros(ends[-1] + len(parameters), dtype)
        *pieces, there = np.split(message, ends)
        for index, (parameter, piece) in enumerate(zip(parameters, pieces)):
            if parameter.grad is not None:
                gradient = piece.reshape(parameter.shape)
                np.multiply(parameter.grad, self.weight, out=gradient)
                there[index] = 1
        self.sum_of_all(message)
        for index, (parameter, piece) in enumerate(zip(parameters, pieces)):
            if there[index]:
                parameter.grad = piece.reshape(parameter.shape).astype(parameter.dtype)

    def mean(self, losses: dict[str, Tensor]) -> dict[str, Tensor]:
        means = np.array([self.weight * loss.item() for loss in losses.values()])
        self.sum_of_all(means)
        return {name: Tensor(means[i]) for i, name in enumerate(losses)}

    def first(self, act: Callable[[], Any]) -> Any:
        result, failure = None, None
        if self.rank == 0:
            try:
                result = act()
            except Exception as error:
                failure = error
        result, failure = self.comm.bcast((result, failure))
        if failure is not None:
            raise failure
        return result

    def follow_first(self, *stateful: Any) -> None:
        for one in stateful:
            one.load_state_dict(self.comm.bcast(one.state_dict()))

    def check_same(self, **values: Callable[[], Any]) -> None:
        for name, value in values.items():
            found = self.comm.allgather(value())
            for rank, other in enumerate(found):
                if other != found[0]:
                    told = f"process {rank} has other {name} than process 0"
                    raise ValueError(f"by shares: {told}; all must have the same")

    def threads(self) -> int | None:
        """The machine's cores, divided by the processes on it. More would wait for each
        other: see `support.threads.advice`."""
        from mpi4py import MPI

        here = self.comm.Split_type(MPI.COMM_TYPE_SHARED)
        cores: set[int] = set().union(*here.allgather(usable_cores()))
        count = here.size
        here.Free()
        return max(1, min(blas_threads(), len(cores) // count))

    def wait(self) -> None:
        """(MPI itself waits by asking again and again.)"""
        everybody = self.comm.Ibarrier()
        while not everybody.Test():
            time.sleep(0.01)

    def sum_of_all(self, array: np.ndarray) -> None:
        """The sum of all processes' arrays, in place."""
        from mpi4py import MPI

        self.comm.Allreduce(MPI.IN_PLACE, array)


class AddedUp:
    """An optimiser that steps along the gradient of the whole batch."""

    def __init__(self, team: Team, optimizer: Optimizer):
        self.team, self.optimizer, self.params = team, optimizer, optimizer.params

    def step(self) -> None:
        self.team.add_up(self.params)
        self.optimizer.step()

    def zero_grad(self) -> None:
        self.optimizer.zero_grad()

    @property
    def steps(self) -> list[int]:
        return self.optimizer.steps

    @property
    def lr(self) -> float:
        return self.optimizer.lr

    @lr.setter
    def lr(self, lr: float) -> None:
        self.optimizer.lr = lr


def team() -> Alone:
    """All processes that `mpiexec` started; this one alone where it started one.

    Raises ValueError as `support.processes.communicator` does.
    """
    _, size = launched()
    if size == 1:
        return Alone()
    comm = communicator()
    sys.excepthook = lambda *failure: _end_all(comm, *failure)
    return Team(comm)


def checksum(*arrays: Any) -> list[int]:
    """Numbers that show whether two processes have the same arrays (or None)."""
    whole = [np.ascontiguousarray(array) for array in arrays if array is not None]
    return [zlib.crc32(array.data) for array in whole]


def _end_all(comm: Any, kind: Any, error: Any, trace: Any) -> None:
    """One process has failed: the others would wait for it for ever."""
    let_the_first_tell()
    sys.__excepthook__(kind, error, trace)
    tell(f"{error!r} ends all")
    comm.Abort(1)
