"""The models that `minae train` knows by name, and how each is trained by default."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..support.parsing import above_zero, not_negative, one_of, sizes, whole
from .aae import AAE, PRIORS
from .autoencoder import AE
from .base import Model
from .conv_autoencoder import ConvAE
from .conv_vae import ConvVAE
from .cvae import CVAE
from .denoiser import Denoiser
from .iwae import GRADIENTS, IWAE
from .likelihoods import LIKELIHOODS, VARIANCE
from .music_vae import STRUCTURES, MusicVAE
from .semi_vae import SemiVAE
from .super_resolution import SuperResolution
from .vae import VAE


@dataclass(frozen=True)
class Option:
    """An argument of a model: how its text is read, its default, and what it means."""

    read: Callable[[str], Any]
    default: Any
    help: str


@dataclass(frozen=True)
class Recipe:
    """A model, those of its arguments that can be chosen, and how it is trained.

    `afterwards` is about how long measuring and drawing take at the end, with what is
    `afterwards` is about how long measuring and drawing take at the end, with what is
    trained to compare with, in epochs of training; what is trained for as many epochs
    as the model takes `beside` of the model's time. `conditional` models are told the
    label of each image, and need data with labels. `labels` is how many of them a model
    is told that learns from few; None: all. `binarised` ones are for black and white
    images, and tested on images that are binarised once. `examples` is what it learns
    from, "images" or "melodies", and `data` those that it takes by default.
    """

    summary: str
    model: Callable[..., Model]
    options: dict[str, Option] = field(default_factory=dict)
    epochs: int = 20
    batch_size: int = 128
    lr: float = 1e-3
    decay: float = 1.0
    afterwards: float = 0.3
    beside: float = 0.0
    conditional: bool = False
    labels: int | None = None
    binarised: bool = False
    examples: str = "images"
    data: str = "mnist"

    def build(self, config: dict[str, Any], rng: Any = None) -> Model:
        """A newly initialised model of the sizes that a run's config names."""
        chosen = {name: config[name] for name in self.options if name in config}
        if self.conditional and config.get("classes"):
            chosen["classes"] = len(config["classes"])
        if self.examples == "images":
            chosen["image_shape"] = tuple(config["image_shape"])
        return self.model(rng=rng, **chosen)


VARIATIONAL = {
    "latent": Option(whole(1), 2, "dimensions of the code"),
    "beta": Option(not_negative, 1.0, "weight of the KL term"),
    "likelihood": Option(
        one_of(LIKELIHOODS),
        "bernoulli",
        f"distribution of the pixels, given the code: {', '.join(LIKELIHOODS)}",
    ),
    "variance": Option(
        above_zero,
        None,
        "variance of a pixel, for gaussian; its initial value, for gaussian-learned "
        f"(default: {VARIANCE})",
    ),
}


def hidden_layers(hidden: tuple[int, ...]) -> Option:
    """The sizes of hidden layers, of an encoder that the decoder mirrors."""
    about = "units of each layer from the image to the code; the decoder mirrors them"
    return Option(sizes, hidden, about)


def dense(hidden: tuple[int, ...]) -> dict[str, Option]:
    """The options of a dense autoencoder."""
    return {
        "hidden": hidden_layers(hidden),
        "latent": Option(whole(1), 30, "dimensions of the code"),
    }


MODELS = {
    "ae": Recipe("autoencoder, dense", AE, dense((512, 128))),
    "deep-ae": Recipe(
        "autoencoder, dense and deep: 784-1000-500-250-30 and back",
        AE,
        dense((1000, 500, 250)),
        epochs=60,
        lr=2e-3,
        decay=0.9999,
    ),
    "conv-ae": Recipe("autoencoder, convolutional", ConvAE, epochs=10),
    "denoiser": Recipe(
        "denoising autoencoder, convolutional",
        Denoiser,
        {
            "noise_mean": Option(
                not_negative, 0.5, "mean of the noise added to every pixel"
            ),
            "noise_std": Option(not_negative, 0.5, "standard deviation of that noise"),
        },
        epochs=8,
        batch_size=64,
        lr=2e-3,
    ),
    "super-resolution": Recipe(
        "super-resolution: images made larger, from their means over blocks of pixels",
        SuperResolution,
        {
            "factor": Option(
                whole(2),
                2,
                "how many times as high and wide: "
                "2 (14 to 28 pixels), 4 (7 to 28), ...",
            ),
            "channels": Option(whole(1), 32, "channels of the convolutions"),
        },
        epochs=5,
    ),
    "vae": Recipe(
        "variational autoencoder, dense",
        VAE,
        {"hidden": Option(whole(1), 512, "units of each hidden layer"), **VARIATIONAL},
    ),
    "conv-vae": Recipe(
        "variational autoencoder, convolutional",
        ConvVAE,
        VARIATIONAL,
        epochs=28,
        batch_size=64,
        lr=2e-3,
        decay=0.99995,
    ),
    "iwae": Recipe(
        "importance-weighted autoencoder, dense, for black and white images: "
        "a VAE trained by a tighter bound",
        IWAE,
        {
            "k": Option(whole(1), 5, "samples of the code for an image, in the bound"),
            "hidden": hidden_layers((200, 200)),
            "latent": Option(whole(1), 50, "dimensions of the code"),
            "gradient": Option(
                one_of(GRADIENTS),
                "standard",
                f"how the bound's gradient is estimated: {', '.join(GRADIENTS)}",
            ),
        },
        epochs=40,
        batch_size=100,
        lr=3e-3,
        decay=0.99986,
        afterwards=5.0,
        binarised=True,
    ),
    "cvae": Recipe(
        "conditional variational autoencoder, dense: "
        "draws the digit that it is asked for",
        CVAE,
        {
            "hidden": Option(whole(1), 512, "units of each hidden layer"),
            "latent": Option(whole(1), 2, "dimensions of the code"),
            "beta": Option(not_negative, 1.0, "weight of the KL term"),
        },
        afterwards=6.0,
        conditional=True,
    ),
    "semi-vae": Recipe(
        "variational autoencoder that learns to read from few labels: "
        "a conditional one describes its codes",
        SemiVAE,
        {
            "hidden": Option(whole(1), 512, "units of each hidden layer of images"),
            "code": Option(whole(1), 50, "dimensions of the code of an image"),
            "code_hidden": Option(whole(1), 256, "units of each hidden layer of codes"),
            "latent": Option(whole(1), 10, "dimensions of the style"),
            "alpha": Option(
                not_negative, 30.0, "weight of the classifier's cross-entropy"
            ),
        },
        epochs=20,
        decay=0.9997,
        afterwards=4.0,
        conditional=True,
        labels=100,
    ),
    "aae": Recipe(
        "adversarial autoencoder, dense: "
        "its codes follow a prior that is only sampled from",
        AAE,
        {
            "hidden": Option(whole(1), 512, "units of each hidden layer"),
            "latent": Option(whole(1), 2, "dimensions of the code"),
            "prior": Option(
                one_of(PRIORS), "gaussian", f"prior of the codes: {', '.join(PRIORS)}"
            ),
        },
        decay=0.9996,
        afterwards=5.0,
    ),
    "music-vae": Recipe(
        "variational autoencoder of melodies, recurrent (MusicVAE in miniature)",
        MusicVAE,
        {
            "bars": Option(whole(1), 2, "bars of a melody, 16 steps each"),
            "hidden": Option(
                whole(1),
                128,
                "units of the encoder in each direction; the decoder has twice as many",
            ),
            "latent": Option(whole(1), 64, "dimensions of the code"),
            "beta": Option(not_negative, 0.02, "weight of the KL term"),
            "free_bits": Option(
                not_negative, 0.0, "bits of a melody's KL that are not charged for"
            ),
            "word_dropout": Option(
                not_negative, 0.25, "how often the decoder is not told the step before"
            ),
            "warm_up": Option(whole(0), 500, "steps that beta takes to grow from 0"),
            "transpose": Option(
                whole(0), 5, "semitones by which training moves melodies, at most"
            ),
            "structure": Option(
                one_of(STRUCTURES),
                "flat",
                "of the decoder: flat, or hierarchical, which begins every bar afresh "
                "with a code of its own",
            ),
        },
        epochs=160,
        batch_size=32,
        lr=2e-3,
        decay=0.9993,
        afterwards=3.0,
        beside=0.35,
        examples="melodies",
        data="tunes",
    ),
}
