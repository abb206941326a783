"""Returns a gap for each point."""

from solution import *

LOSES = ("test_encoder_gap",)
SAYS = "the mean over the points"


def encoder_gap(features, log_joint, steps, lr):
    W = np.zeros((features.shape[1], log_joint.shape[1]))
    for _ in range(steps):
        W = W - lr * features.T @ elbo_slope(features @ W, log_joint)[1]
    q = e_step(features @ W)[1]
    return elbo(log_joint, q)[1]
