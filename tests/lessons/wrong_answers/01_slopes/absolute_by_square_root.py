"""sqrt(conj(z) z), as in the definition of the length."""

import numpy as np
from solution import *

LOSES = ("test_absolute_has_the_slope_that_the_complex_step_sees",)
SAYS = "the imaginary part is gone"


def absolute(z):
    return complex(np.sqrt(z * z.conjugate()))
