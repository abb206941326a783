"""The autoencoders, one file each."""

from .base import Autoencoder
from .vae import VAE

__all__ = ["VAE", "Autoencoder"]
