"""`minae denoise`: your own pictures without their noise."""

import argparse
from typing import Any

from .own_pictures import add_pictures, answer_pictures, apply, load_model_of
from .shared_arguments import add_command


def add_to(commands: Any) -> None:
    about = "take the noise out of your own pictures"
    add_pictures(add_command(commands, "denoise", denoise, about), "denoised")


def denoise(options: argparse.Namespace) -> None:
    """Take the noise out of your own pictures. Each is made of the size and colours
    that the run was trained on."""
    model, run = load_model_of(options.run, "denoiser")
    channels, height, width = run.config["image_shape"]

    def answer(image: Any) -> Any:
        return apply(model.reconstruct, image)

    answer_pictures(options, channels, (height, width), answer)
