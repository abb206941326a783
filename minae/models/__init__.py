"""The autoencoders, by the names that `minae train` knows."""

from .vae import VAE

MODELS = {"vae": VAE}

__all__ = ["MODELS", "VAE"]
