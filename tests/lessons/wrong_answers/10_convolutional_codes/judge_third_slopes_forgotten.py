"""The last layer is used, and its slopes are still 0."""

import solution
from solution import *

LOSES = ("test_the_slopes_of_the_judge",)
SAYS = "does the loss use this array?"


def judge(layers, codes, targets):
    loss, slopes = solution.judge(layers, codes, targets)
    weight, bias = slopes[2]
    return loss, [*slopes[:2], (0 * weight, 0 * bias)]
