"""`minae denoise`: your own pictures without their noise."""

import argparse
from functools import partial
from typing import Any

from .own_pictures import add_pictures, answer_pictures, apply, load_model_of
from .shared_arguments import add_command


def add_to(commands: Any) -> None:
    about = "take the noise out of your own pictures"
    add_pictures(add_command(commands, "denoise", denoise, about), "denoised")


def denoise(options: argparse.Namespace) -> None:
    """Take the noise out of your own pictures, of any size. Each is made of the colours
    that the run was trained on."""
    from ..data.tiles import in_tiles

    model, run = load_model_of(options.run, "denoiser")
    clean = partial(apply, model.reconstruct)

    def answer(image: Any) -> Any:
        return in_tiles(clean, image, factor=1, multiple=model.multiple)

    answer_pictures(options, run.config["image_shape"][0], answer)
