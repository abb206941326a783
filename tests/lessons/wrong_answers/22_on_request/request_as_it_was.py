"""Nothing mended."""

from solution import *

LOSES = ("test_on_request",)
SAYS = "never reaches the decoder"


def on_request(x, labels, eps, parts):
    hidden = np.tanh(x @ parts["W"] + parts["V"][labels])
    mu, log_var = hidden @ parts["M"], hidden @ parts["S"]
    z = mu + np.exp(log_var / 2) * eps
    drawn = np.tanh(z @ parts["A"] + parts["B"][0 * labels])
    logits = drawn @ parts["L"]
    surprise = np.logaddexp(0, logits) - x * logits
    kl = (mu**2 + np.exp(log_var) - 1 - log_var) / 2
    return surprise.sum(axis=1).mean(), kl.sum(axis=1).mean()
