"""B7: the validation curve has no beta."""

from solution import *

LOSES = ("test_two_curves",)
SAYS = "it is another loss than that of the training"


def two_curves(training, validation, beta, warm_up):
    beta * np.minimum(1, (np.arange(len(training)) + 1) / warm_up)
    of_training = training[:, 0] + beta * training[:, 1]
    of_validation = validation[:, 0] + 1 * validation[:, 1]
    return of_training, of_validation, int(np.argmin(of_validation))
