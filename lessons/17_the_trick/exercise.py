"""Exercise 17: the trick.

Replace each `raise NotImplementedError(...)` by your code. Two functions run already,
and are wrong: mend them. Check with

    python -m lessons grade 17        (or: pytest lessons/17_the_trick)

log_var is the natural logarithm of a variance. A code has `latent` numbers, and eps is
noise from N(0, 1), as many numbers as there are in mu. Write the two ops with NumPy, in
the form of lesson 3: the value, and a tuple with the vjps. `train_vae` needs minae (nn,
optim, F), with your two ops in place of minae's. When it passes, train it in full (half
a minute, or a few):

    python lessons/17_the_trick/exercise.py

Do not write into the arrays that you get. Hints in steps are in the lesson.
"""

import time

import numpy as np

import minae
from minae import Tensor, data, nn, optim
from minae import functional as F


def reparameterize(mu, log_var, eps):
    """A sample of the Gaussian with mean mu and variance e^log_var, made from eps.

    Which factor gives eps the right width? How does the sample move with mu, and how
    with log_var?

    Shapes: mu, log_var and eps (N, latent), or any other shape; all three alike.

    Returns: z, and a tuple of two vjps, of mu and of log_var.
    """
    raise NotImplementedError("reparameterize: the sample and two vjps")


def gaussian_kl(mu, log_var):
    """What the code of each picture costs: KL(N(mu, e^log_var) || N(0, 1)), in nats.

    It is summed over the numbers of the code, not over the pictures.

    Shapes: mu and log_var (N, latent) -> (N,). So g, too, has one number per picture.

    Returns: the KLs, and a tuple of two vjps, of mu and of log_var.
    """
    raise NotImplementedError("gaussian_kl: the value and two vjps")


def score_function(f, mu, log_var, eps):
    """Estimates of the slopes of E[f(z)], for a cost f without a slope of its own.

    z is a sample of N(mu, e^log_var), made from eps. f may be asked for its values, and
    for nothing else. Each draw gives one estimate of the slope in mu, and one of the
    slope in log_var. By what must f(z) be multiplied in each of them?

    Args:
        f: takes an array of any shape, and returns the cost of each of its numbers.
        mu, log_var: two numbers.
        eps: (n,), from N(0, 1).

    Returns: two arrays (n,): the estimates of the slope in mu, and of that in log_var.
        (Their means are what one wants.)
    """
    raise NotImplementedError("score_function: an estimate of two slopes per draw")


def pathwise(slope, mu, log_var, eps):
    """Estimates of the same two slopes, through the sample.

    Args:
        slope: the slope of f, a function of arrays: f'(z).
        mu, log_var, eps: as in `score_function`.

    Returns: two arrays (n,): the estimates of the slope in mu, and of that in log_var.
    """
    raise NotImplementedError("pathwise: an estimate of two slopes per draw")


def train_vae(x, new_x, hidden, latent, epochs, batch_size, lr, seed):
    """Train a variational autoencoder on x, and say what new pictures cost.

    Encoder: D -> hidden -> 2 * latent numbers, mu and log_var. Decoder: latent ->
    hidden -> D logits. Relu behind the hidden layers. Adam with this lr. The loss is
    the negative ELBO in nats per picture, with one sample for each picture (of new_x,
    too). A picture is D coins, black or white, or grey as in lesson 6.

    `minae.differentiable(reparameterize)` is your op for Tensors. It takes eps as a
    Tensor of float32, fresh for each batch.

    Args:
        x: the pictures to learn from, (N, D), float32, from 0 to 1.
        new_x: other pictures, (M, D).
        seed: of all that is random: weights, batches, noise.

    Returns: for new_x the reconstruction term and the KL term, two floats in nats per
        picture; and 25 pictures (25, D) from 0 to 1, which the decoder draws from codes
        of the prior: the probability of white for each pixel.
    """
    raise NotImplementedError("train_vae: two terms, and 25 new pictures")


# Debug. Sections 2, 5 and 6 of the lesson are about the first, section 4 about both.


def negative_elbo(x, mu, log_var, eps, logits_of):
    """Both terms of the loss of pictures, in nats per picture.

    This runs, its gradients are right, and training makes it smaller. Its two numbers
    do not belong together. There are two mistakes. Mend them.

    Args:
        x: black and white pictures (N, D), of 0 and 1.
        mu, log_var: what the encoder says of each picture, (N, latent).
        eps: from N(0, 1), (N, latent).
        logits_of: the decoder: takes codes (N, latent), returns logits (N, D).

    Returns: the reconstruction term and the KL term, two numbers.
    """
    z = mu + 0.01 * np.exp(log_var) * eps
    logits = logits_of(z)
    surprise = np.maximum(logits, 0) - logits * x + np.log1p(np.exp(-np.abs(logits)))
    kl = -0.5 * np.sum(1 + log_var - mu**2 - np.exp(log_var), axis=1)
    return np.mean(np.sum(surprise, axis=1)), np.mean(kl)


def agree(sample, kl, seed):
    """Whether a sampler and a KL are right, and so belong together: True or False.

    It compares the KL with the mean of many estimates, one for each draw, at twenty
    random places. At one, a right pair is 5 standard errors off once in a million.

    This runs. It says True of right pairs, and of wrong ones, too: of a famous one, for
    example. There is one mistake. Where does it look? Mend it.

    Args:
        sample: sample(mu, log_var, eps) gives z. All have the shape (n, latent).
        kl: kl(mu, log_var) gives KL(N(mu, e^log_var) || N(0, 1)), (n,).
        seed: of np.random.default_rng.
    """
    rng = np.random.default_rng(seed)
    for _ in range(20):
        mu, log_var = rng.standard_normal(3), np.zeros(3)
        mu, log_var = np.tile(mu, (10_000, 1)), np.tile(log_var, (10_000, 1))
        eps = rng.standard_normal(mu.shape)
        z = sample(mu, log_var, eps)
        estimates = np.sum(z**2 - eps**2 - log_var, axis=1) / 2
        error = estimates.std() / np.sqrt(len(estimates))
        if not abs(estimates.mean() - kl(mu, log_var)[0]) < 5 * error:
            return False
    return True


# Experiment. Predict before you run.


def shaking(offset, mu, log_var, n, seed):
    """How much two estimates of one slope shake, if a constant is added to the cost.

    The cost is f(z) = sin(2 z) + offset. Take n draws of z, and both estimates of the
    slope in mu of E[f(z)]. The offset changes nothing in this slope.

    Returns: two variances through the draws: of the score function's estimates, and of
        the pathwise ones.
    """
    raise NotImplementedError("shaking: two variances")


# Somebody adds 100 to a cost of about 1 that nobody can see the inside of. Which of
# the two variances grows, by about how much, and why? In a line:
WHY_IT_SHAKES = ""


# In full: the network and the budget of a widely used example. Nothing to write here.

if __name__ == "__main__":
    from lessons import drawing

    pictures = data.mnist("train")[0].reshape(-1, 784)
    test = data.mnist("test")[0].reshape(-1, 784)
    began = time.perf_counter()
    reconstruction, kl, drawn = train_vae(pictures, test, 400, 20, 10, 128, 1e-3, 0)
    print(f"{time.perf_counter() - began:.0f} s; on the test pictures, in nats each:")
    print(f"{reconstruction:.1f} + {kl:.1f} = {reconstruction + kl:.1f}")
    rows = {f"row {row + 1}": drawn[5 * row : 5 * row + 5] for row in range(5)}
    drawing.pictures(rows).savefig("my_digits.png")
    print("my_digits.png has 25 pictures that nobody wrote")
