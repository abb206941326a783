"""Exercise 19: when should a latent be silent?

Replace each `raise NotImplementedError(...)` by your code. Two functions run already,
and are wrong: mend them. Check with

    python -m lessons grade 19        (or: pytest lessons/19_beta_and_collapse)

Pictures are rows: x (N, D). A code has K numbers (lesson 18's k), and the encoder gives
mu and log_var for each, (N, K). Nats are nats per picture: summed over pixels and
latents, averaged over pictures. "Noise" is here the variance of the decoder's bell
around its copy.

NumPy only: an exercise that imports minae or another engine scores nothing. Hints in
steps are in the lesson.
"""

import numpy as np


def gaussian_reconstruction(x, copies, log_var):
    """What pictures cost, if each pixel lies in a bell around its copy.

    The variance of the bell is exp(log_var). What is the surprise at x? Keep all terms,
    the constant too. How does it change with a copy? And with log_var, which many
    pixels share?

    Args:
        x, copies: (N, D).
        log_var: (1,), one variance for all pixels, or (D,), one for each.

    Returns: (nats per picture, (vjp of copies, vjp of log_var)), an op in lesson 3's
    form. g is a number. A vjp has the shape and the dtype of its input.
    """
    raise NotImplementedError("gaussian_reconstruction: the value and two vjps")


# A VAE without bends. The data have mean 0 and covariance C. The encoder gives
# q(z|x) = N(A x, diag(exp(code_log_var))), the decoder p(x|z) = N(W z, diag(noise)).
# Shapes: C (D, D); W (D, K); noise (D,); A (K, D); code_log_var (K,).


def exact_bound(C, W, noise, A, code_log_var):
    """The two parts of the negative ELBO, averaged over all data and all samples.

    No picture is needed: such a VAE sees only C. What is the covariance of A x? And of
    what a copy misses, x - W z? The rest is two averages of squares.

    Returns: the reconstruction and the KL, two numbers, in nats.
    """
    raise NotImplementedError("exact_bound: reconstruction and KL, without a sample")


def exact_gap(C, W, noise, A, code_log_var):
    """Why the negative ELBO is above the entropy of the data: two KLs.

    The first is KL(data || model). What is the covariance of the x that this decoder
    draws, if z comes from N(0, I)? The second is KL(q(z|x) || p(z|x)), averaged over
    x. The page toolbox/linear_gaussian.md has the true posterior p(z|x).

    Returns: the first and the second, two numbers, in nats.
    """
    raise NotImplementedError("exact_gap: two KLs")


def nats_spent(variances, noise, beta):
    """How many nats each direction of the data should get, and what is left of it.

    Along a direction the data have this variance, and one number of the code carries
    it. R nats of code shrink its mean squared error to variance * exp(-2 R). The
    decoder's noise is fixed, the same in all directions. Which R costs least in all, if
    a nat of code counts beta times?

    Args:
        variances: (D,), each above 0.
        noise, beta: numbers above 0.

    Returns: the nats (D,), none below 0, and the mean squared errors (D,).
    """
    raise NotImplementedError("nats_spent: nats and squared errors")


# Which beta hides here? Four losses as one finds them in programs. They run, and they
# are to stay as they are. What they have in common: x and copies (N, D), mu and log_var
# (N, K). In the first, third and fourth a copy is a probability of white.


def loss_a(x, copies, mu, log_var):
    bce = -(x * np.log(copies) + (1 - x) * np.log(1 - copies))
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - 1 - log_var, axis=1)
    return np.mean(bce) + np.mean(kl)


def loss_b(x, copies, mu, log_var):
    squares = np.sum((x - copies) ** 2, axis=1)
    kl = -0.5 * np.sum(1 + log_var - mu**2 - np.exp(log_var), axis=1)
    return np.mean(squares + kl)


def loss_c(x, copies, mu, log_var):
    bce = -(x * np.log(copies) + (1 - x) * np.log(1 - copies)).mean()
    kl = -0.5 * np.sum(1 + log_var - mu**2 - np.exp(log_var), axis=-1)
    return 200 * bce + kl.mean()


def loss_d(x, copies, mu, log_var):
    bce = -np.sum(x * np.log(copies) + (1 - x) * np.log(1 - copies), axis=1)
    kl = -0.5 * np.mean(1 + log_var - mu**2 - np.exp(log_var))
    return bce.mean() + kl


def hidden_betas(pixels, latents, noise):
    """Which beta hides in each of the four losses?

    Write a loss as c * (reconstruction + beta * KL), with both parts in nats per
    picture: summed over pixels and latents, averaged over pictures. That beta is asked
    for. For `loss_b` the reconstruction is that of a bell with the variance `noise`.
    (Its constant moves no weight. Leave it out.)

    Args:
        pixels, latents: D and K, whole numbers.
        noise: the variance that pixels truly have around their copies.

    Returns: four numbers, the betas of loss_a, loss_b, loss_c and loss_d.
    """
    raise NotImplementedError("hidden_betas: four numbers")


# Debug. Both run, and both are wrong.


def vae_losses(x, copies, mu, log_var, noise):
    """What pictures cost and what their codes cost: both in nats per picture.

    The decoder's bell has the fixed variance `noise`. Its constant is left out. A VAE
    trained on the sum of the two says nothing of digits: its latents are silent,
    and its copies are all alike. Mend it.

    Shapes: x, copies (N, D); mu, log_var (N, K); noise is a number.

    Returns: the reconstruction and the KL, two numbers.
    """
    reconstruction = np.mean((x - copies) ** 2) / (2 * noise)
    kl = np.sum(mu**2 + np.exp(log_var) - 1 - log_var) / 2 / len(x)
    return reconstruction, kl


def two_curves(training, validation, beta, warm_up):
    """The curves of a training, and the epoch to keep.

    This VAE was trained with a beta that rises: (t + 1) / warm_up of `beta` in epoch
    t = 0, 1, ..., and all of it from epoch warm_up - 1 on. It is judged by the loss
    that the training ends with. Only one loss makes two curves comparable, and the
    epochs of one curve, too. These two are not. Mend them.

    Args:
        training, validation: what was measured after each epoch, (T, 2). A row is the
            reconstruction and the KL, in nats per picture.
        beta: what the KL counts in the end.
        warm_up: how many epochs beta rises, 1 or more.

    Returns: the training curve (T,), the validation curve (T,), and the epoch whose
    weights are kept: the best one on the validation pictures, counted from 0.
    """
    rising = np.minimum(1, (np.arange(len(training)) + 1) / warm_up)
    of_training = training[:, 0] + rising * beta * training[:, 1]
    of_validation = validation[:, 0] + validation[:, 1]
    return of_training, of_validation, int(np.argmin(of_validation))


# Experiment. Predict before you run.


def least_kl(angle, long, short):
    """How many nats a turned cloud asks of its code.

    The cloud has the variance `long` along its length and `short` across, and it is
    turned by `angle`. A VAE with one latent and a noise for each coordinate draws
    exactly this cloud, if W and the noise give its covariance. There are many such
    VAEs (section 2). Try them, and keep the least KL.

    Args:
        angle: in radians, from 0 to pi / 2.
        long, short: variances, long above short.

    Returns: the least KL in nats, a number. An error of 0.001 is allowed.
    """
    raise NotImplementedError("least_kl: try the VAEs that are exact")


# The cloud is turned on, from 45 degrees to 90. What happens to its least KL, and why?
# In a line:
WHY_THEN = ""
