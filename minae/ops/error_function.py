"""The error function, which NumPy does not have."""

from ..backend import Array, xp_of

# Chebyshev coefficients of ln(erfc(z) / t) + z², with t = 2 / (2 + z), for z >= 0.
COEFFICIENTS = (
    *(-1.3026537197817094, 6.4196979235649026e-1, 1.9476473204185836e-2),
    *(-9.561514786808631e-3, -9.46595344482036e-4, 3.66839497852761e-4),
    *(4.2523324806907e-5, -2.0278578112534e-5, -1.624290004647e-6),
    *(1.303655835580e-6, 1.5626441722e-8, -8.5238095915e-8, 6.529054439e-9),
    *(5.059343495e-9, -9.91364156e-10, -2.27365122e-10, 9.6467911e-11),
    *(2.394038e-12, -6.886027e-12, 8.94487e-13, 3.13092e-13, -1.12708e-13),
    *(3.81e-16, 7.106e-15, -1.523e-15, -9.4e-17, 1.21e-16, -2.8e-17),
)
FAR = 40.0  # erfc(40) is 0 in every dtype; beyond, z² might overflow


def erfc(x: Array) -> Array:
    """1 - erf(x) = 2/√π ∫ e^-u² du over u > x, to 1e-14 of its value for |x| < 6.

    Source: Press et al. 2007, "Numerical recipes", 3rd edition, section 6.2.2.
    """
    xp = xp_of(x)
    z = xp.minimum(xp.abs(x), x.dtype.type(FAR))
    t = 2 / (2 + z)
    # Clenshaw's recurrence for the sum of Chebyshev polynomials.
    d = previous = xp.zeros_like(z)
    for coefficient in COEFFICIENTS[:0:-1]:
        d, previous = (4 * t - 2) * d - previous + coefficient, d
    tail = t * xp.exp(-z * z + (COEFFICIENTS[0] + (4 * t - 2) * d) / 2 - previous)
    return xp.where(x >= 0, tail, 2 - tail)
