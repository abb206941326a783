"""What a VAE of melodies shows: what comes back, what it draws, and what lies between.

Everything that is drawn can be listened to as well: see `rolls`.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from ..autograd import no_grad
from ..backend import Array, default_rng, standard_normal, to_numpy, xp_of
from ..data import Melodies, batches
from ..data.melody import HOLD
from ..measures.evidence import evidence_bounds
from ..measures.tunefulness import (
    agreement,
    in_key,
    in_range,
    mean_pitches,
    note_counts,
)
from ..models.music_vae import MelodyVAE, choose, steps_of
from ..tensors import Tensor
from ..training import evaluate, in_batches
from . import plots
from .vae import evidence_lines

# What the loss curves show.
LOSSES = ("negative_elbo", "reconstruction", "kl", "step_accuracy")
UNIT = "nats per melody"
SHOWN = 3  # melodies beside what came back of them
DRAWN = 6  # melodies that are drawn
BETWEEN = 13  # melodies of an interpolation, with both ends
MOST = 1000  # training melodies that are rebuilt, and others that are judged
Rolls = dict[str, np.ndarray]  # melodies (T,) by name
Attribute = Callable[[np.ndarray], np.ndarray]  # how much of it each melody has
ATTRIBUTES: dict[str, tuple[Attribute, str, str]] = {  # with the names of less and more
    "notes": (note_counts, "fewer notes", "more notes"),
    "pitch": (mean_pitches, "lower", "higher"),
}


def evidence(
    model: MelodyVAE, data: Melodies, seed: int, samples: int, progress: Callable
) -> list[str]:
    """The importance-weighted bound on ln p(x), and the ELBO by the same samples."""
    steps = data.test.steps.astype("float32")
    rng = default_rng(seed, xp_of(steps))
    bounds = evidence_bounds(model, steps, samples, rng, progress=progress)
    return evidence_lines(bounds, "log p(x)", samples, "melody", "melodies")


def measure(
    model: MelodyVAE, data: Melodies, seed: int, dense: MelodyVAE
) -> dict[str, Any]:
    """The test figures, those of a dense VAE, and how tuneful the model's melodies are.

    Beside mean losses, all is by the mean code mu, without sampling.
    """
    steps, learned = data.test.steps, data.train.steps[:MOST]
    mean = evaluate(model, data.test, default_rng(seed, xp_of(steps)))
    dense_mean = evaluate(dense, data.test, default_rng(seed, xp_of(steps)))
    z, others_z = codes(model, steps), _of_others(codes(model, steps))
    return {
        "negative_elbo": mean["reconstruction"] + mean["kl"],
        "reconstruction": mean["reconstruction"],
        "kl": mean["kl"],
        "dense_negative_elbo": dense_mean["reconstruction"] + dense_mean["kl"],
        "dense_reconstruction": dense_mean["reconstruction"],
        "dense_kl": dense_mean["kl"],
        "teacher_forced_accuracy": teacher_forced(model, steps, z),
        "accuracy_with_another_z": teacher_forced(model, steps, others_z),
        **_rebuilt("free_running", model, steps),
        **_rebuilt("dense", dense, steps),
        **_rebuilt("training", model, learned),
        "share_of_holds": float((to_numpy(steps) == HOLD).mean()),
        **tunefulness(model, data, seed),
        **_by_attributes(model, learned, steps[:MOST]),
    }


def describe(metrics: dict[str, Any]) -> list[str]:
    m = metrics
    return [
        f"negative ELBO {m['negative_elbo']:.2f} nats per melody "
        f"= reconstruction {m['reconstruction']:.2f} + KL {m['kl']:.2f}; "
        f"a dense VAE's {m['dense_negative_elbo']:.2f} "
        f"= {m['dense_reconstruction']:.2f} + {m['dense_kl']:.2f}",
        f"steps told right: {m['teacher_forced_accuracy']:.1%} if told the true ones "
        f"before, {m['accuracy_with_another_z']:.1%} with another melody's code; "
        f"{m['free_running_accuracy']:.1%} running free (the dense VAE "
        f"{m['dense_accuracy']:.1%}; holds alone: {m['share_of_holds']:.1%})",
        f"running free, {m['free_running_onset_accuracy']:.1%} of the notes begin "
        f"where they should (the dense VAE {m['dense_onset_accuracy']:.1%}), and "
        f"{m['free_running_exact']:.1%} of the melodies come back exactly "
        f"({m['dense_exact']:.1%})",
        f"of training melodies: {m['training_accuracy']:.1%} of steps, "
        f"{m['training_onset_accuracy']:.1%} of notes, "
        f"{m['training_exact']:.1%} exactly",
        "notes in the best-fitting scale, and in the range of 95 % of the training "
        "notes: "
        + ", ".join(
            f"{name} {m[f'in_key_{name}']:.1%} and {m[f'in_range_{name}']:.1%}"
            for name in ("test", "midway", "drawn")
        ),
        "codes moved by the vector of more notes, back, not at all, and on: "
        f"{m['less_notes']:.1f}, {m['same_notes']:.1f}, {m['more_notes']:.1f} notes "
        f"in a melody; by that of higher ones: mean pitch {m['less_pitch']:.1f}, "
        f"{m['same_pitch']:.1f}, {m['more_pitch']:.1f}",
    ]


def figures(model: MelodyVAE, data: Melodies, seed: int) -> dict[str, Figure]:
    titles = {
        "reconstructions": "Test melodies, and what came back of them",
        "samples": title_of_drawn(DRAWN, 1.0),
        "interpolation": "From one test melody to another, by way of their codes",
        "attributes": "A test melody with fewer and more notes, lower and higher",
    }
    return {
        name: plots.piano_rolls(melodies, titles[name])
        for name, melodies in rolls(model, data, seed).items()
    }


def rolls(model: MelodyVAE, data: Melodies, seed: int) -> dict[str, Rolls]:
    """The melodies of each figure by name, to look at and to listen to."""
    steps = to_numpy(data.test.steps)
    names = [data.names[tune] for tune in to_numpy(data.test.tunes)]
    chosen = np.linspace(0, len(steps) - 1, min(SHOWN, len(steps))).astype(int)
    first, last = chosen[0], chosen[-1]
    return {
        "reconstructions": pairs(
            model, data.test.steps[chosen], [names[i] for i in chosen]
        ),
        "samples": drawn(model, DRAWN, seed),
        "interpolation": interpolated(model, steps[first], steps[last]),
        "attributes": altered(
            model, data.train.steps[:MOST], data.test.steps[chosen[:1]]
        ),
    }


def reconstructions(model: MelodyVAE, steps: Array, count: int = SHOWN) -> Figure:
    names = [f"test melody {number}" for number in range(1, len(steps[:count]) + 1)]
    title = "Test melodies, and what came back of them"
    return plots.piano_rolls(pairs(model, steps[:count], names), title)


def pairs(model: MelodyVAE, steps: Array, names: list[str]) -> Rolls:
    """Melodies, each followed by what came back of it."""
    named: Rolls = {}
    rebuilt = decode(model, codes(model, steps))
    both = zip(names, to_numpy(steps), rebuilt)
    for number, (name, original, found) in enumerate(both, 1):
        named[f"{number}. {name}"] = original
        named[f"{number}. rebuilt"] = found
    return named


def title_of_drawn(count: int, temperature: float) -> str:
    what = "1 melody" if count == 1 else f"{count:,} melodies"
    return f"{what} drawn from the prior N(0, I), at temperature {temperature:g}"


def drawn(model: MelodyVAE, count: int, seed: int, temperature: float = 1.0) -> Rolls:
    """New melodies, of codes from the prior N(0, I)."""
    melodies = _drawn(model, count, seed, temperature)
    return {str(number): steps for number, steps in enumerate(melodies, 1)}


def interpolated(
    model: MelodyVAE, one: np.ndarray, other: np.ndarray, count: int = BETWEEN
) -> Rolls:
    """From one melody (T,) to another, in equal steps of the code."""
    ends = codes(model, _on_device(model, np.stack([one, other])))
    xp, shares = xp_of(ends), np.linspace(0, 1, count, dtype=np.float32)
    path = xp.stack([between(ends[0], ends[1], float(share)) for share in shares])
    melodies = decode(model, path.astype(ends.dtype))
    return {f"{share:.0%}": steps for share, steps in zip(shares, melodies)}


def between(a: Array, b: Array, share: float) -> Array:
    """The code a share of the way from a to b, on an arc around the origin.

    The straight line between two codes comes nearer to the origin than codes do, of
    which almost all lie about as far out. sin((1 - s) θ) / sin θ and sin(s θ) / sin θ
    are the weights of a and b, for the angle θ between them.
    Source: Shoemake 1985, "Animating rotation with quaternion curves".
    """
    xp = xp_of(a)
    lengths = float(xp.sqrt((a * a).sum() * (b * b).sum()))
    cosine = float((a * b).sum()) / lengths if lengths else 1.0
    angle = math.acos(max(-1.0, min(1.0, cosine)))
    if math.sin(angle) < 1e-3:  # no arc to speak of
        return (1 - share) * a + share * b
    of_a, of_b = math.sin((1 - share) * angle), math.sin(share * angle)
    return (of_a * a + of_b * b) / math.sin(angle)


def altered(model: MelodyVAE, learned: Array, steps: Array) -> Rolls:
    """What comes back of a melody (1, T), with less and with more of each attribute."""
    named: Rolls = {}
    for attribute, less, more in ATTRIBUTES.values():
        found = along(model, attribute_vector(model, learned, attribute), steps)
        fewer, same, further = (melodies[0] for melodies in found)
        named |= {"rebuilt": same, less: fewer, more: further}
    return named


def attribute_vector(model: MelodyVAE, learned: Array, attribute: Attribute) -> Array:
    """From the mean code of melodies that have least of an attribute to that of those
    that have most of it, a quarter each: (latent,).

    Source: Roberts et al. 2018, who call it an attribute vector.
    """
    amount, z = attribute(to_numpy(learned)), codes(model, learned)
    low, high = np.quantile(amount, (0.25, 0.75))
    least, most = np.flatnonzero(amount <= low), np.flatnonzero(amount >= high)
    xp = xp_of(z)
    return z[xp.asarray(most)].mean(axis=0) - z[xp.asarray(least)].mean(axis=0)


def along(model: MelodyVAE, vector: Array, steps: Array) -> list[np.ndarray]:
    """What comes back of melodies with a vector taken from their codes, without, and
    added to them."""
    z = codes(model, steps)
    return [decode(model, z + share * vector) for share in (-1, 0, 1)]


@no_grad()
def teacher_forced(model: MelodyVAE, steps: Array, z: Array) -> float:
    """The share of steps told right, given codes and the true steps before each."""
    model.eval()
    right = 0.0
    for index in batches(len(steps), min(MOST, len(steps)), rng=None):
        logits = model.logits(Tensor(z[index]), Tensor(steps[index]))
        right += float((steps_of(choose(logits.data)).T == steps[index]).sum())
    return right / steps.size


def tunefulness(model: MelodyVAE, data: Melodies, seed: int) -> dict[str, float]:
    """How often notes are in key and in range.

    In test melodies, midway between pairs of them, and in melodies that are drawn.
    """
    learned, steps = to_numpy(data.train.steps), data.test.steps[:MOST]
    z = codes(model, steps)
    pairs = zip(z, _of_others(z))
    midway = xp_of(z).stack([between(a, b, 0.5) for a, b in pairs])
    found = {
        "test": to_numpy(steps),
        "midway": decode(model, midway.astype(z.dtype)),
        "drawn": _drawn(model, MOST, seed),
    }
    keys = {f"in_key_{name}": in_key(found[name]) for name in found}
    ranges = {f"in_range_{name}": in_range(found[name], learned) for name in found}
    return keys | ranges


def codes(model: MelodyVAE, steps: Array) -> Array:
    """The mean code mu of each melody: (N, latent)."""
    found = [mu.data for mu, _ in in_batches(model.encode, steps)]
    return xp_of(steps).concatenate(found)


def decode(model: MelodyVAE, z: Array) -> np.ndarray:
    """The likeliest steps of each code, running free: uint8 (N, T)."""
    return np.concatenate([to_numpy(found) for found in in_batches(model.decode, z)])


def _rebuilt(name: str, model: MelodyVAE, steps: Array) -> dict[str, float]:
    found = agreement(decode(model, codes(model, steps)), to_numpy(steps))
    return {f"{name}_{what}": share for what, share in found.items()}


def _by_attributes(model: MelodyVAE, learned: Array, steps: Array) -> dict[str, float]:
    """How much of each attribute melodies have, with less, as much, and more of it."""
    found: dict[str, float] = {}
    for name, (attribute, _, _) in ATTRIBUTES.items():
        melodies = along(model, attribute_vector(model, learned, attribute), steps)
        for how, changed in zip(("less", "same", "more"), melodies):
            found[f"{how}_{name}"] = float(attribute(changed).mean())
    return found


def _of_others(z: Array) -> Array:
    """For each code that of a melody far from it, most likely of another tune."""
    return xp_of(z).roll(z, len(z) // 2, axis=0)


def _drawn(
    model: MelodyVAE, count: int, seed: int, temperature: float = 1.0
) -> np.ndarray:
    weight = model.to_mu.weight.data
    rng = default_rng(seed, xp_of(weight))
    like = xp_of(weight).empty((count, model.latent), dtype=weight.dtype)
    z = Tensor(standard_normal(rng, like=like))
    return to_numpy(model.decode(z, temperature, rng))


def _on_device(model: MelodyVAE, steps: np.ndarray) -> Array:
    return xp_of(model.to_mu.weight.data).asarray(steps)
