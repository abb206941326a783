"""The project of Part IV, and of the course: a VAE for other data.

Replace each `raise NotImplementedError(...)` by your code. project.md has the task, the
steps and the rubric; report.md is the form of your report. Check with

    python -m lessons grade P4        (or: pytest lessons/P4_vae)

and see your VAE at work, with all the numbers that the report asks for, with

    python lessons/P4_vae/run.py

The functions that you import from `earlier` are your own, of lessons 5 to 19. A picture
is a row of D numbers from 0 to 1, float32, and each of them is one of 256 greys. All
that is in nats is in nats per picture: summed over its numbers. log_var is the natural
logarithm of a variance. No function may write into the arrays that it gets. NumPy only:
a project that imports minae or another engine scores nothing.
"""

import numpy as np
from earlier import (
    adam,
    batches,
    binary_cross_entropy_with_logits,
    conv2d,
    conv_transpose2d,
    gaussian_kl,
    gaussian_reconstruction,
    init_weight,
    linear,
    pca,
    relu,
    reparameterize,
    surprise,
)

# The three likelihoods, by name:
#
#   "coins"  a picture is black and white, and each of its numbers the toss of a coin;
#   "grey"   the formula of the coins, applied to greys. No density: see project.md;
#   "bell"   each number lies in a bell around the copy, whose variance is learned.
#
# The decoder's output is the coins' logits, or the bells' means.

# --- Part 1: what the model is asked to explain ----------------------------------


def prepare(x, likelihood, seed):
    """Pictures as this likelihood needs them.

    Coins need 0 and 1, and nothing between. A grey is a probability, so draw with it.

    A bell is a density, and data that are one of 256 greys can make a density as large
    as you like: how? So spread each grey evenly over its own part of the line from 0 to
    1. Grey number n, of 0 ... 255, has the part from n / 256 to (n + 1) / 256.

    Grey stays as it is.

    Args:
        x: (N, D), of 0/255, 1/255, ... 255/255.
        seed: of what is drawn: a whole number, or a list of them.

    Returns: (N, D), float32.
    """
    raise NotImplementedError("prepare: draw, spread, or leave")


# --- Part 2: the model ------------------------------------------------------------


def network(layers, x):
    """Linear layers, with a relu after each but the last.

    There is one way through, so you need no graph: keep the vjps in a list.

    Args:
        layers: a list of pairs, weight (out, in) and bias (out,).
        x: (N, in of the first layer).

    Returns: the value, (N, out of the last layer), and its vjp. From g, which has the
    shape of the value, the vjp makes two things: the gradient of x, and a list of pairs
    of slopes, for the weight and the bias of each layer. All in the dtype of x.
    """
    raise NotImplementedError("network: the value and the vjp")


def negative_elbo(vae, x, eps, likelihood):
    """Both terms of the loss, in nats per picture, and the slopes of their sum.

    The encoder's output has two halves: mu on the left, log_var of the code on the
    right. Each picture gets one sample, made from eps. Average over the pictures.

    Along how many ways does the loss reach mu?

    Args:
        vae: three things: the layers of the encoder, those of the decoder, and log_var
            of the bell, (1,) or (D,). The other likelihoods have it, too, but do not
            use it: its slope is 0 there.
        x: (N, D), prepared.
        eps: (N, latent), from N(0, 1).
        likelihood: "coins", "grey" or "bell".

    Returns: three things: the reconstruction and the KL, two numbers; and the slopes,
    which have the form of `vae`.
    """
    raise NotImplementedError("negative_elbo: two terms, and the slopes of their sum")


# --- Part 3: your VAE -------------------------------------------------------------


def train(x, likelihood, latent, seed):
    """A VAE that has learned these pictures.

    The pictures come unprepared: prepare them anew in each epoch. Layers, epochs, batch
    size and rate are yours to choose. So is the form: `negative_elbo` needs linear
    layers, `train` need not. It may compute 60 seconds. It learns small pictures and
    large ones, of any kind.

    Args:
        x: (N, D), to learn from: greys.
        likelihood: "coins", "grey" or "bell".
        latent: how many numbers a code has.
        seed: of all that is random.

    Returns: whatever `encode` and `decode` need: arrays and numbers, in lists or tuples
        as you like.
    """
    raise NotImplementedError("train: epochs, batches, fresh noise, steps of adam")


def encode(trained, x):
    """What q(z|x) is for each picture. It depends on no other picture.

    Args:
        trained: what `train` returned.
        x: (N, D), prepared.

    Returns: mu and log_var, (N, latent) each.
    """
    raise NotImplementedError("encode: mu and log_var")


def decode(trained, z):
    """What p(x|z) is for each code.

    Args:
        trained: what `train` returned.
        z: (N, latent).

    Returns: the output (N, D), logits or means; and log_var of the bell, (1,) or (D,).
        (For coins and grey nobody reads it; return any such array.)
    """
    raise NotImplementedError("decode: the output and log_var")


# --- Part 4: how good is it? ------------------------------------------------------


def log_likelihood(x, output, log_var, likelihood):
    """ln p(x|z) of each picture, with all constants.

    Args:
        x: (N, D), prepared.
        output, log_var: as `decode` returns them. Logits may be 1000, or -1000.

    Returns: (N,).
    """
    raise NotImplementedError("log_likelihood: a number for each picture")


def log_weights(mu, log_var, log_p_x_given, k, seed):
    """The logarithms of k weights for each picture, ln p(x, z) - ln q(z|x).

    Each z is a new sample of q(z|x). What has the mean of the weights to do with p(x)?

    Args:
        mu, log_var: q(z|x) of each picture, (N, latent) each.
        log_p_x_given: a function. From one code for each picture, (N, latent), it makes
            ln p(x|z), (N,).
        k: how many.

    Returns: (k, N).
    """
    raise NotImplementedError("log_weights: k rows of N numbers")


def bounds(log_weights):
    """Two estimates of each picture's bound on ln p(x).

    L_1 takes one sample each time, so average what k such estimates say. L_k takes all
    k samples at once: the logarithm of the mean of the weights. The log-weights may be
    -3000, and their exponentials 0.

    Args:
        log_weights: (k, N).

    Returns: L_1 and L_k of each picture, (N,) each.
    """
    raise NotImplementedError("bounds: L_1 and L_k of each picture")


def difference(ours, theirs):
    """How much better one model is than another, and how well we know it.

    Both were measured on the same pictures, in the same order. How far would the mean
    of the difference move with other pictures? That is its standard error.

    Args:
        ours, theirs: nats of each picture, (N,) each.

    Returns: the mean of ours - theirs, and its standard error. (So theirs = 0 gives a
        score with its own error.)
    """
    raise NotImplementedError("difference: a mean and its standard error")


def active_units(mu):
    """How many numbers of the code say something about the picture.

    A number counts if the variance of its mu, from picture to picture, is above 0.01.
    (Burda et al. 2016, section 5.1.)

    Args:
        mu: of many pictures, (N, latent).

    Returns: a whole number.
    """
    raise NotImplementedError("active_units: a whole number")


def ppca(learned, k, new):
    """The rival: probabilistic PCA, a VAE without bends, whose ln p(x) is exact.

    x = mean + W z + noise: z has k numbers from N(0, 1), and the noise the same
    variance for each of the D numbers. So x is Gaussian. What is its covariance? It is
    to fit the learned pictures best, and that has a closed form (Tipping and Bishop
    1999): along the k components of PCA the covariance has their variances; in all
    other directions, the average of the variances that are left.

    Calculate in float64.

    Args:
        learned: (N, D), prepared for the bell, to fit it to. N may be below D.
        k: how many numbers a code has.
        new: (M, D), prepared for the bell.

    Returns: ln p(x) of the new pictures, (M,).
    """
    raise NotImplementedError("ppca: exact nats for each new picture")
