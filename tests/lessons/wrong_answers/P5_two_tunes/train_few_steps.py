"""A seventh of the steps."""

from solution import *

LOSES = ("test_train",)
SAYS = "too few steps"


def train(own, others, latent, seed):
    vae, states = new_vae(latent, seed), None
    own, others = kinds_of(own), kinds_of(others)
    for number in range(30):
        x = np.concatenate([own, others[:8]])
        told = steps_before(x, KINDS, DROPOUT, [seed, number, 1]).astype(np.float32)
        eps = np.random.default_rng([seed, number]).standard_normal((len(x), latent), np.float32)
        _, _, slopes = negative_elbo(vae, x, told, eps, BETA)
        vae, states = step(vae, slopes, states, LR)
    return vae
