"""Your answers. Write a function check_NN for each program that you hold for wrong; README.md says how."""

import numpy as np

import minae
from minae import Tensor
