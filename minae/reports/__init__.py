"""What a run shows. Reports measure and draw; they train nothing.

There is one file for each kind of model, with these functions:

measure(model, data, seed) -> its figures on the test split, as stored in metrics.json
(whatever else it needs comes from `training.baselines`);
describe(metrics) -> the same in words, a list of lines;
figures(model, data, seed) -> a dict of pictures;
reconstructions(model, images, count) -> test images beside the model's versions.

Some files have more:

samples(model, count, seed) -> a picture of new images, if the model can draw them;
rolls(model, data, seed) -> melodies by name for each of the pictures, to listen to;
details(metrics) -> lines, if `minae evaluate` tells more than `minae train`;
evidence(model, data, seed, samples, progress) -> lines, if the model bounds log p(x).
"""

from importlib import import_module
from types import ModuleType

REPORTS = {
    "ae": "autoencoder",
    "deep-ae": "autoencoder",
    "conv-ae": "conv_autoencoder",
    "denoiser": "denoiser",
    "super-resolution": "super_resolution",
    "vae": "vae",
    "conv-vae": "vae",
    "iwae": "iwae",
    "cvae": "cvae",
    "semi-vae": "semi_vae",
    "aae": "aae",
    "music-vae": "music_vae",
}


def report_on(model: str) -> ModuleType:
    """The report on a model, by the name that `minae train` knows it by."""
    return import_module(f"{__name__}.{REPORTS[model]}")
