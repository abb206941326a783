"""Both curves with the beta of their epoch."""

from solution import *

LOSES = ("test_two_curves",)
SAYS = "beta still rises here"


def two_curves(training, validation, beta, warm_up):
    rising = beta * np.minimum(1, (np.arange(len(training)) + 1) / warm_up)
    of_training = training[:, 0] + rising * training[:, 1]
    of_validation = validation[:, 0] + rising * validation[:, 1]
    return of_training, of_validation, int(np.argmin(of_validation))
