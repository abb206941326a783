"""The epoch that is best on the training pictures."""

from solution import *

LOSES = ("test_two_curves",)
SAYS = "on the training pictures"


def two_curves(training, validation, beta, warm_up):
    beta * np.minimum(1, (np.arange(len(training)) + 1) / warm_up)
    of_training = training[:, 0] + beta * training[:, 1]
    of_validation = validation[:, 0] + beta * validation[:, 1]
    return of_training, of_validation, int(np.argmin(of_training))
