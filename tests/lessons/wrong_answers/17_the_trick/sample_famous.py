"""The line of many well-known lessons: the width is the variance. Its vjps are right."""

from solution import *

LOSES = ("test_reparameterize",)
SAYS = "This is the famous line"


def reparameterize(mu, log_var, eps):
    noise = np.exp(log_var) * eps
    return mu + noise, (lambda g: g, lambda g: g * noise)
