"""Every differentiable op, with inputs to try it on.

This is the table behind `minae gradcheck` and the tests of the engine.
"""

from .cases_of_networks import (
    ACTIVATIONS,
    CONVOLUTION,
    DROPOUT,
    EMBEDDING,
    LINEAR,
    LOGSUMEXP,
    LOSSES,
    NORMALISATION,
    PAD,
    POOLING,
    RECURRENT,
    SOFTMAX,
    VARIATIONAL,
)
from .cases_of_tensors import (
    ARITHMETIC,
    ELEMENTWISE,
    INDEXING,
    JOINING,
    MATMUL,
    PIECEWISE,
    REDUCTIONS,
    SHAPES,
)
from .samplers import Case

CASES: list[Case] = [
    *ARITHMETIC,
    *ELEMENTWISE,
    *PIECEWISE,
    *MATMUL,
    *REDUCTIONS,
    *SHAPES,
    *JOINING,
    *INDEXING,
    *LINEAR,
    *EMBEDDING,
    *PAD,
    *ACTIVATIONS,
    *SOFTMAX,
    *LOGSUMEXP,
    *DROPOUT,
    *NORMALISATION,
    *LOSSES,
    *VARIATIONAL,
    *CONVOLUTION,
    *POOLING,
    *RECURRENT,
]
