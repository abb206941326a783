"""The autoencoders, one file each."""

from .aae import AAE
from .autoencoder import AE
from .base import Autoencoder, Model
from .classifier import Classifier
from .conv_autoencoder import ConvAE
from .conv_vae import ConvVAE
from .cvae import CVAE
from .denoiser import Denoiser
from .iwae import IWAE
from .music_vae import MusicVAE
from .semi_vae import SemiVAE
from .super_resolution import SuperResolution
from .vae import VAE

__all__ = [
    "AAE",
    "AE",
    "CVAE",
    "IWAE",
    "VAE",
    "Autoencoder",
    "Classifier",
    "ConvAE",
    "ConvVAE",
    "Denoiser",
    "Model",
    "MusicVAE",
    "SemiVAE",
    "SuperResolution",
]
