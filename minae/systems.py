"""The systems that `minae train` knows: for each its model, its report, its own options and its defaults."""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from .models import AAE, AE, CVAE, VAE, Autoencoder, ConvAE, ConvVAE, Denoiser, SuperResolution
from .models.aae import PRIORS
from .models.likelihoods import LIKELIHOODS, VARIANCE
from .options import above_zero, not_negative, one_of, sizes, whole
from .reports import aae, autoencoder, conv_autoencoder, cvae, denoiser, super_resolution, vae


@dataclass(frozen=True)
class Option:
    """An option of a model: how its text is read, its default, and what it means."""

    read: Callable[[str], Any]
    default: Any
    help: str


@dataclass(frozen=True)
class System:
    """One kind of model. `options` are the arguments of `model` that the command line may set.

    `minutes` is how long the default command takes on 2 cores, if that is about 5 or more: it says so before it starts.
    `conditional` models are told the label of each image, and need data that have labels.
    """

    summary: str
    model: Callable[..., Autoencoder]
    report: ModuleType
    options: dict[str, Option] = field(default_factory=dict)
    epochs: int = 20
    batch_size: int = 128
    lr: float = 1e-3
    decay: float = 1.0
    minutes: int | None = None
    conditional: bool = False

    def build(self, config: dict[str, Any], rng: Any = None) -> Autoencoder:
        """A freshly initialised model of the sizes that a run's config names."""
        chosen = {name: config[name] for name in self.options if name in config}
        return self.model(image_shape=tuple(config["image_shape"]), rng=rng, **chosen)


VARIATIONAL = {
    "latent": Option(whole(1), 2, "dimensions of the code"),
    "beta": Option(not_negative, 1.0, "weight of the KL term"),
    "likelihood": Option(one_of(LIKELIHOODS), "bernoulli", f"of the pixels, given the code: {', '.join(LIKELIHOODS)}"),
    "variance": Option(
        above_zero, None, f"of a pixel, for gaussian; where it begins, for gaussian-learned (default: {VARIANCE})"
    ),
}


def dense(hidden: tuple[int, ...]) -> dict[str, Option]:
    """The options of a dense autoencoder."""
    return {
        "hidden": Option(sizes, hidden, "units of each layer from the image to the code; the way back mirrors them"),
        "latent": Option(whole(1), 30, "dimensions of the code"),
    }


SYSTEMS = {
    "ae": System("autoencoder, dense", AE, autoencoder, dense((512, 128))),
    "deep-ae": System(
        "autoencoder, dense and deep: 784-1000-500-250-30 and back",
        AE,
        autoencoder,
        dense((1000, 500, 250)),
        epochs=60,
        lr=2e-3,
        decay=0.9999,
        minutes=8,
    ),
    "conv-ae": System("autoencoder, convolutional", ConvAE, conv_autoencoder, epochs=10),
    "denoiser": System(
        "denoising autoencoder, convolutional",
        Denoiser,
        denoiser,
        {
            "noise_mean": Option(not_negative, 0.5, "of the noise added to every pixel"),
            "noise_std": Option(not_negative, 0.5, "its standard deviation"),
        },
        epochs=8,
        batch_size=64,
        lr=2e-3,
    ),
    "super-resolution": System(
        "super-resolution: images made larger, from their means over blocks of pixels",
        SuperResolution,
        super_resolution,
        {
            "factor": Option(whole(2), 2, "how many times as high and wide: 2 (14 to 28 pixels), 4 (7 to 28), ..."),
            "channels": Option(whole(1), 32, "of the convolutions"),
        },
        epochs=5,
    ),
    "vae": System(
        "variational autoencoder, dense",
        VAE,
        vae,
        {"hidden": Option(whole(1), 512, "units of each hidden layer"), **VARIATIONAL},
    ),
    "conv-vae": System(
        "variational autoencoder, convolutional",
        ConvVAE,
        vae,
        VARIATIONAL,
        epochs=28,
        batch_size=64,
        lr=2e-3,
        decay=0.99995,
        minutes=5,
    ),
    "cvae": System(
        "conditional variational autoencoder, dense: draws the digit that it is asked for",
        CVAE,
        cvae,
        {
            "hidden": Option(whole(1), 512, "units of each hidden layer"),
            "latent": Option(whole(1), 2, "dimensions of the code"),
            "beta": Option(not_negative, 1.0, "weight of the KL term"),
        },
        conditional=True,
    ),
    "aae": System(
        "adversarial autoencoder, dense: its codes follow a prior that is only sampled from",
        AAE,
        aae,
        {
            "hidden": Option(whole(1), 512, "units of each hidden layer"),
            "latent": Option(whole(1), 2, "dimensions of the code"),
            "prior": Option(one_of(PRIORS), "gaussian", f"of the codes: {', '.join(PRIORS)}"),
        },
        decay=0.9996,
    ),
}
