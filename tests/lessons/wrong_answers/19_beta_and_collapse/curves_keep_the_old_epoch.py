"""Both curves are mended, but the epoch is chosen without beta."""

from solution import *

LOSES = ("test_two_curves",)
SAYS = "the best one without beta"


def two_curves(training, validation, beta, warm_up):
    beta * np.minimum(1, (np.arange(len(training)) + 1) / warm_up)
    of_training = training[:, 0] + beta * training[:, 1]
    of_validation = validation[:, 0] + beta * validation[:, 1]
    return of_training, of_validation, int(np.argmin(validation.sum(axis=1)))
