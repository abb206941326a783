"""Both curves without beta: comparable, but not what was trained."""

from solution import *

LOSES = ("test_two_curves",)
SAYS = "the training ends with it"


def two_curves(training, validation, beta, warm_up):
    beta * np.minimum(1, (np.arange(len(training)) + 1) / warm_up)
    of_training = training[:, 0] + 1 * training[:, 1]
    of_validation = validation[:, 0] + 1 * validation[:, 1]
    return of_training, of_validation, int(np.argmin(of_validation))
