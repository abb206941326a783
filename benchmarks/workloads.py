"""What is measured: each workload is a kind of measurement, done for one case, or for several of growing size."""

from dataclasses import dataclass

from .networks import CONV_AE, CONV_VAE, DENSE_VAE, Network, conv_stack

LIBRARIES = {
    "minae": "minae",
    "pytorch": "PyTorch",
    "pytorch_compiled": "torch.compile",
    "jax": "JAX",
    "dezero": "DeZero",
    "mygrad": "MyGrad",
}

MAIN = ("dense_vae", "conv_ae", "conv_vae", "ops")

SECONDS = {"ms": 1e3, "µs": 1e6, "ns": 1e9}


@dataclass(frozen=True)
class Case:
    """One size of a workload.

    count: images in a batch, images to reconstruct, multiplies in a chain, rows of a matrix, or numbers to copy.
    parts: how many of the unit's things one run does (images, pixels, layers; bytes and FLOPs for rates).
    size: where it stands on the workload's axis; None where there is but one.
    """

    count: int
    parts: float = 1
    size: int | None = None
    network: Network | None = None


@dataclass(frozen=True)
class Workload:
    """kind: the function of child.py that measures it. unit: of the result; axis: what the sizes of the cases are."""

    name: str
    kind: str
    title: str
    unit: str
    cases: tuple[Case, ...]
    axis: str = ""

    @property
    def more_is_better(self) -> bool:
        return self.unit.endswith("/s")

    def value(self, case: Case, seconds: float) -> float:
        """The result in `unit`, for a run that took so many seconds."""
        if self.more_is_better:
            return case.parts / seconds / 1e9
        return seconds * SECONDS[self.unit.split()[0]] / case.parts


def workloads(quick: bool = False) -> dict[str, Workload]:
    """All of them by name. `quick`: the same at tiny sizes, to see that everything runs; its times mean nothing."""
    batch, total = (4, 8) if quick else (128, 10_000)
    stack_batch = 4 if quick else 32  # at 128, MyGrad would take minutes and gigabytes for a step at 112x112
    batches = (1, 4) if quick else (1, 4, 16, 64, 128, 256, 1024)
    sides, depths = ((14, 28), (1, 2)) if quick else ((14, 28, 56, 112), (1, 2, 4, 8, 16, 32))
    ops, rows, numbers = (50, 128, 2**16) if quick else (1000, 2048, 2**25)
    networks = (DENSE_VAE, CONV_AE, CONV_VAE)

    def training(network: Network) -> Workload:
        title = f"{network.name}: a training step with Adam, batch {batch}"
        return Workload(network.name, "training", title, "ms", (Case(batch, network=network),))

    def inference(network: Network) -> Workload:
        title = f"{network.name}: reconstructing {total:,} images"
        return Workload(f"inference_{network.name}", "inference", title, "ms", (Case(total, network=network),))

    def by_batch(network: Network) -> Workload:
        title = f"{network.name}: training, by batch size"
        cases = tuple(Case(size, size, size, network) for size in batches)
        return Workload(f"batch_{network.name}", "training", title, "µs per image", cases, "images in a batch")

    chosen = [
        *map(training, networks),
        *map(inference, networks),
        *map(by_batch, networks),
        Workload(
            "pixels",
            "training",
            f"conv_stack, 4 deep: training, batch {stack_batch}, by image size",
            "ns per pixel",
            tuple(Case(stack_batch, stack_batch * side**2, side, conv_stack(4, side)) for side in sides),
            "pixels along a side",
        ),
        Workload(
            "depth",
            "training",
            f"conv_stack, 28x28: training, batch {stack_batch}, by depth",
            "ms per layer",
            tuple(Case(stack_batch, depth, depth, conv_stack(depth, 28)) for depth in depths),
            "layers between the first and the last",
        ),
        Workload(
            "ops", "chain", f"{ops:,} scalar multiplies, forward and backward", "µs per op", (Case(ops, parts=ops),)
        ),
        Workload(
            "memory",
            "memory",
            f"conv_vae: peak memory of a training process, batch {batch}",
            "MB",
            (Case(batch, network=CONV_VAE),),
        ),
        Workload(
            "product",
            "product",
            f"matrix product {rows}x{rows}, float32",
            "GFLOP/s",
            (Case(rows, parts=2 * rows**3),),
        ),
        Workload(
            "copy",
            "copy",
            f"copying {4 * numbers / 2**20:g} MB, read + written",
            "GB/s",
            (Case(numbers, parts=8 * numbers),),
        ),
    ]
    return {workload.name: workload for workload in chosen}
