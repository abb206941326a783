"""The processor as it is, and the same one used as if it had no AVX-512, which most laptops lack.

Without AVX-512 a core does half as much arithmetic at a time, and NumPy has no fast `log1p`. Each library is told in
its own way.
"""

import functools
from typing import Any

import numpy as np

NATIVE, AVX2 = "native", "avx2"
TITLES = {NATIVE: "the processor as it is", AVX2: "the processor as if it had no AVX-512"}


@functools.cache
def numpy_avx512() -> tuple[str, ...]:
    """NumPy's names for the AVX-512 features that it finds here; none on a processor without it."""
    config: Any = np.show_config(mode="dicts")
    return tuple(name for name in config["SIMD Extensions"]["found"] if "AVX512" in name or name == "X86_V4")


def available() -> tuple[str, ...]:
    return (NATIVE, AVX2) if numpy_avx512() else (NATIVE,)


def environment(processor: str) -> dict[str, str]:
    """What to set for a child, so that no library finds AVX-512: OpenBLAS, NumPy, PyTorch with its two, and JAX."""
    if processor == NATIVE:
        return {}
    return {
        "OPENBLAS_CORETYPE": "Haswell",
        "NPY_DISABLE_CPU_FEATURES": " ".join(numpy_avx512()),
        "ATEN_CPU_CAPABILITY": "avx2",
        "ONEDNN_MAX_CPU_ISA": "AVX2",
        "MKL_ENABLE_INSTRUCTIONS": "AVX2",
        "XLA_FLAGS": "--xla_cpu_max_isa=AVX2",
    }
