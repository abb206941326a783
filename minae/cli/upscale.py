"""`minae upscale`: your own pictures, larger."""

import argparse
from functools import partial
from typing import Any

from .own_pictures import add_pictures, answer_pictures, apply, load_model_of
from .shared_arguments import add_command


def add_to(commands: Any) -> None:
    about = "make your own pictures larger"
    add_pictures(add_command(commands, "upscale", upscale, about), "upscaled")


def upscale(options: argparse.Namespace) -> None:
    """Make your own pictures larger, by the factor that the run was trained for."""
    from ..data.tiles import in_tiles

    model, run = load_model_of(options.run, "super-resolution")
    enlarge = partial(apply, model.enlarge)

    def answer(image: Any) -> Any:
        return in_tiles(enlarge, image, model.factor)

    answer_pictures(options, run.config["image_shape"][0], answer)
