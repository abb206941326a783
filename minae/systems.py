"""The systems that `minae train` knows: for each its model, its report, its own options and its defaults."""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from .models import VAE, Autoencoder
from .options import not_negative, whole
from .reports import vae


@dataclass(frozen=True)
class Option:
    """An option of a model: how its text is read, its default, and what it means."""

    read: Callable[[str], Any]
    default: Any
    help: str


@dataclass(frozen=True)
class System:
    """One kind of model. `options` are the arguments of `model` that the command line may set."""

    summary: str
    model: Callable[..., Autoencoder]
    report: ModuleType
    options: dict[str, Option] = field(default_factory=dict)
    epochs: int = 20
    batch_size: int = 128
    lr: float = 1e-3

    def build(self, config: dict[str, Any], rng: Any = None) -> Autoencoder:
        """A freshly initialised model of the sizes that a run's config names."""
        chosen = {name: config[name] for name in self.options if name in config}
        return self.model(image_shape=tuple(config["image_shape"]), rng=rng, **chosen)


SYSTEMS = {
    "vae": System(
        "variational autoencoder, dense",
        VAE,
        vae,
        {
            "latent": Option(whole(1), 2, "dimensions of the code"),
            "hidden": Option(whole(1), 512, "units of each hidden layer"),
            "beta": Option(not_negative, 1.0, "weight of the KL term"),
        },
    ),
}
