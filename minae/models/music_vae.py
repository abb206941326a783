"""MusicVAE in miniature: a melody becomes a code z, and the code a melody again.

It reads and writes steps of a sixteenth (see data/melody.py). By default, for two bars:
32 steps of 63 kinds -(GRU, both directions)-> 2 x 128 -> (64, 64), and back by a GRU of
256 units.
Source: Roberts, Engel, Raffel, Hawthorne & Eck 2018, "A Hierarchical Latent Vector
Model for Learning Long-Term Structure in Music" (with GRUs in place of LSTMs).
"""

import math
from typing import Any

import numpy as np

from .. import functional as F
from ..autograd import no_grad
from ..backend import Array, default_rng, uniform, xp_of
from ..data.melody import (
    BAR,
    HIGHEST,
    HOLD,
    LOWEST,
    REST,
    check_bars,
    randomly_transposed,
)
from ..nn import GRU, Flatten, Linear, Module, ReLU, Sequential
from ..nn.utils import clip_grad_norm_
from ..optim import Adam, Optimizer
from ..support.argument_checks import check_number, check_positive, check_whole
from ..tensors import Tensor, cat
from .base import Model
from .vae import log_prior_ratio, noise, repeated

PITCHES = HIGHEST - LOWEST + 1
KINDS = PITCHES + 2  # of a step: a note of each pitch, hold, and rest
LONGEST = 5.0  # what longer gradients are cut to
STRUCTURES = ("flat", "hierarchical")  # of the decoder


class MelodyVAE(Model):
    """What both VAEs of melodies have in common: losses, and drawing by temperature.

    The posterior is q(z|x) = N(mu, diag exp(log_var)), the prior N(0, I). Melodies x
    are whole numbers (N, T), as in `minae.data.Melodies`, with the pitches that
    `Melodies` keeps to, 36 to 96; mu, log_var and z are (N, latent).

    While it is trained, every melody is moved to another key at random, by up to
    `transpose` semitones; and beta grows from 0 during the first `warm_up` steps, so
    that the decoder first finds out what z is good for.
    """

    to_mu: Linear
    to_log_var: Linear

    def __init__(
        self,
        bars: int,
        hidden: int,
        latent: int,
        beta: float,
        free_bits: float,
        warm_up: int,
        transpose: int,
    ):
        name = type(self).__name__
        check_bars(name, bars)
        check_positive(name, hidden=hidden, latent=latent)
        check_number(f"{name}: beta", beta, 0)
        check_number(f"{name}: free_bits", free_bits, 0)
        check_whole(f"{name}: warm_up", warm_up, 0)
        check_whole(f"{name}: transpose", transpose, 0)
        self.bars, self.hidden, self.latent = bars, hidden, latent
        self.beta, self.free_bits = beta, free_bits
        self.warm_up, self.transpose = warm_up, transpose
        self.warmth = 1.0  # the share of beta that a training step takes

    @property
    def length(self) -> int:
        """Steps of a melody, T."""
        return self.bars * BAR

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The posterior's parameters: mu and log_var, each (N, latent)."""
        raise NotImplementedError(f"{type(self).__name__} has no encode()")

    def logits(self, z: Tensor, x: Tensor, rng: Any = None) -> Tensor:
        """The logits of every kind at every step, given z: (T, N, KINDS).

        A decoder that goes step by step is also told the true steps before each,
        those of x.
        """
        raise NotImplementedError(f"{type(self).__name__} has no logits()")

    def decode(self, z: Tensor, temperature: float = 0.0, rng: Any = None) -> Array:
        """A melody for each code, uint8 (N, T): the likeliest steps, or drawn ones.

        See `choose` for the temperature.
        """
        raise NotImplementedError(f"{type(self).__name__} has no decode()")

    def losses(
        self, x: Tensor, labels: Any = None, rng: Any = None, eps: Any = None
    ) -> dict[str, Tensor]:
        """The loss and its two parts, in nats per melody, and the share of right steps.

        reconstruction = -E_q[Σ ln p(x_t | x_1 ... x_(t-1), z)] (one sample),
        kl = KL(q(z|x) || p(z)),   loss = reconstruction + beta max(kl - free, 0),
        averaged over the N melodies. The first `free_bits` of each one's KL, free nats,
        cost nothing: they are there to be used.
        """
        if self.training:
            x = Tensor(randomly_transposed(x.data, rng, self.transpose))
        mu, log_var = self.encode(x)
        z = F.reparameterize(mu, log_var, eps, rng)
        logits, truth = self.logits(z, x, rng), kinds_of(x.data).T
        wrong = F.cross_entropy(
            logits.reshape(-1, KINDS), truth.reshape(-1), reduction="sum"
        )
        reconstruction = wrong / len(x)
        kl = F.gaussian_kl(mu, log_var)
        charged = F.relu(kl - self.free_bits * math.log(2)).mean()
        beta = self.beta * self.warmth if self.training else self.beta
        right = (logits._data.argmax(axis=2) == truth).mean()
        return {
            "loss": reconstruction + beta * charged,
            "reconstruction": reconstruction,
            "kl": kl.mean(),
            "step_accuracy": Tensor(right.astype(kl.dtype)),
        }

    def log_weights(
        self, x: Tensor, samples: int, rng: Any = None, labels: Any = None
    ) -> Tensor:
        """The logarithms ln w of the importance weights of sampled codes: (samples, N).

        ln w = Σ ln p(x_t | x_1 ... x_(t-1), z) + ln p(z) - ln q(z|x), for `samples`
        draws of z from q(z|x) for each melody. E[ln w] is the ELBO, and E[w] = p(x).
        """
        check_whole(f"{type(self).__name__}: samples", samples, 1)
        mu, log_var = self.encode(x)
        eps = noise(mu, (samples, *mu.shape), rng)
        z = mu + (0.5 * log_var).exp() * eps
        many = repeated(x, samples)
        logits, truth = (
            self.logits(z.reshape(-1, self.latent), many),
            kinds_of(many.data).T,
        )
        wrong = F.cross_entropy(
            logits.reshape(-1, KINDS), truth.reshape(-1), reduction="none"
        )
        reconstruction = wrong.reshape(truth.shape).sum(axis=0).reshape(z.shape[:2])
        return log_prior_ratio(z, eps, log_var) - reconstruction

    def optimizers(self, lr: float) -> list[Optimizer]:
        return [ClippedAdam(self.parameters(), lr)]

    def training_step(
        self, optimizers: list[Optimizer], x: Tensor, labels: Any, rng: Any
    ) -> dict[str, Tensor]:
        done = optimizers[0].steps[0]
        self.warmth = min(1.0, done / self.warm_up) if self.warm_up else 1.0
        return super().training_step(optimizers, x, labels, rng)

    def one_hot(self, kinds: Array) -> Array:
        """Kinds of step (...) as rows (..., KINDS): √KINDS in its place, 0 elsewhere.

        So an input's mean square is 1, for which layers draw their first weights. With
        1 in place of √KINDS they would hardly hear the step at first: after 300 steps
        of training, reconstruction costs 34 nats instead of 24.
        """
        found = kinds[..., None] == xp_of(kinds).arange(KINDS)
        return found.astype(self.to_mu.weight.dtype) * math.sqrt(KINDS)


class MusicVAE(MelodyVAE):
    """The recurrent VAE of melodies.

    encoder: a GRU reads the melody in both directions; its last states give mu and
    log_var. decoder: a GRU begins with a state made of z. At every step it is fed z and
    the step before, and says how likely each kind of step is next:

        p(x|z) = Π p(x_t | x_1 ... x_(t-1), z)

    In training it is told the true steps before (teacher forcing). As that makes it
    easy to guess the next one without z, some of them are withheld (word dropout). In
    use it hears itself (free running).

    Through many bars a decoder's own mistakes lead it astray. So in the hierarchical
    structure a conductor writes a code for each bar, from z, and the decoder begins
    every bar afresh, with the code of that bar in place of z.

    Args:
        bars: of 4/4, 16 steps each; two by default.
        hidden: units of the encoder in each direction; the decoder has twice as many.
        latent: dimensions of z.
        beta: weight of the KL term in the training loss; 1 makes the loss the negative
            ELBO.
        free_bits: how much of the KL, in bits per melody, is not charged for.
        word_dropout: how likely it is that the decoder is not told the step before.
        warm_up: how many training steps beta takes to grow from 0.
        transpose: by how many semitones melodies are moved in training, at most.
        structure: of the decoder, "flat" or "hierarchical".
        rng: draws the initial weights (a generator or a seed; None: fresh entropy).

    Raises ValueError for numbers out of range.
    Sources: Roberts et al. 2018 (above); Bowman et al. 2016, "Generating Sentences from
    a Continuous Space", for word dropout and the growing weight of the KL term.
    """

    def __init__(
        self,
        bars: int = 2,
        hidden: int = 128,
        latent: int = 64,
        beta: float = 0.02,
        free_bits: float = 0.0,
        word_dropout: float = 0.25,
        warm_up: int = 500,
        transpose: int = 5,
        structure: str = "flat",
        rng: Any = None,
    ):
        super().__init__(bars, hidden, latent, beta, free_bits, warm_up, transpose)
        check_number("MusicVAE: word_dropout", word_dropout, 0, 1)
        if structure not in STRUCTURES:
            raise ValueError(
                f"MusicVAE: structure must be one of {', '.join(STRUCTURES)}, "
                f"found {structure!r}"
            )
        self.word_dropout, self.structure = word_dropout, structure
        rng, both = default_rng(rng), 2 * hidden
        self.encoder = GRU(KINDS, hidden, bidirectional=True, rng=rng)
        self.to_mu = Linear(both, latent, rng=rng)
        self.to_log_var = Linear(both, latent, rng=rng)
        self.to_state = Linear(latent, both, rng=rng)
        self.decoder = GRU(KINDS + latent, both, rng=rng)
        self.to_logits = Linear(both, KINDS, rng=rng)
        has_conductor = structure == "hierarchical"
        self.conductor = Conductor(bars, latent, both, rng) if has_conductor else None

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        melody = Tensor(self.one_hot(kinds_of(x.data).T))
        _, (forward, back) = self.encoder(melody)
        h = cat([forward, back], axis=1)
        return self.to_mu(h), self.to_log_var(h)

    def codes(self, z: Tensor) -> Tensor:
        """What the decoder is told of z: a code for each part that it begins afresh.

        (N, latent) -> (P, N, latent). The parts are the bars, if there is a conductor;
        else the whole melody is one part, and z its code.
        """
        return self.conductor(z) if self.conductor else z.unsqueeze(0)

    def first_state(self, code: Tensor) -> Tensor:
        """What the decoder begins with: (1, N, 2 hidden)."""
        return F.tanh(self.to_state(code)).unsqueeze(0)

    def step(
        self, before: Tensor, code: Tensor, state: Tensor
    ) -> tuple[Tensor, Tensor]:
        """The next step's logits and the new state, from a code and the step before.

        Shapes: before (T, N, KINDS), code (N, latent), state (1, N, 2 hidden)
        -> (T, N, KINDS) and (1, N, 2 hidden). Where the steps before are known already,
        T of them pass at once; else T is 1.
        """
        each_time = code.broadcast_to((len(before), *code.shape))
        states, state = self.decoder(cat([before, each_time], axis=2), state)
        return self.to_logits(states), state

    def logits(self, z: Tensor, x: Tensor, rng: Any = None) -> Tensor:
        """Teacher forcing: before each step, the decoder is told the true one.

        So no part has to wait for the one before: all pass at once, side by side.
        """
        codes = self.codes(z)
        parts = len(codes)
        code = codes.reshape(-1, self.latent)
        before = side_by_side(self.steps_before(x, rng), parts)
        logits, _ = self.step(before, code, self.first_state(code))
        return one_after_another(logits, parts)

    def steps_before(self, x: Tensor, rng: Any = None) -> Tensor:
        """What the decoder is told before each step, (T, N, KINDS): the step before.

        Before the first one that is nothing, zeros; and so it is for what word dropout
        withholds in training.
        """
        told = self.one_hot(kinds_of(x.data))
        if self.training and self.word_dropout:
            heard = uniform(rng, like=told[:, :, 0]) >= self.word_dropout
            told = told * heard[:, :, None]
        before = xp_of(told).zeros_like(told)
        before[:, 1:] = told[:, :-1]
        return Tensor(before).swapaxes(0, 1)

    @no_grad()
    def decode(self, z: Tensor, temperature: float = 0.0, rng: Any = None) -> Array:
        """Free running: before each step, the decoder hears what it has just chosen."""
        xp, melody, codes = xp_of(z.data), [], self.codes(z)
        before = Tensor(xp.zeros((1, len(z), KINDS), dtype=z.dtype))
        for part in range(len(codes)):
            state = self.first_state(codes[part])
            for _ in range(self.length // len(codes)):
                logits, state = self.step(before, codes[part], state)
                chosen = choose(logits.data, temperature, rng)
                before = Tensor(self.one_hot(chosen))
                melody.append(chosen[0])
        return steps_of(xp.stack(melody, axis=1))


class Conductor(Module):
    """A GRU that writes a code for each bar, from the code z of the whole melody.

    It begins with a state made of z, and is fed z for every bar: (N, latent)
    -> (bars, N, latent). It does not hear what the decoder makes of its codes.
    Source: Roberts et al. 2018, on the hierarchical decoder.
    """

    def __init__(self, bars: int, latent: int, units: int, rng: Any = None):
        self.bars = bars
        self.to_state = Linear(latent, units, rng=rng)
        self.gru = GRU(latent, units, rng=rng)
        self.to_code = Linear(units, latent, rng=rng)

    def forward(self, z: Tensor) -> Tensor:
        state = F.tanh(self.to_state(z)).unsqueeze(0)
        states, _ = self.gru(z.broadcast_to((self.bars, *z.shape)), state)
        return self.to_code(states)


class DenseMusicVAE(MelodyVAE):
    """A dense VAE of the same one-hot steps, to compare with.

    Its decoder gives all steps at once, independent of each other given z.
    The arguments are those of `MusicVAE`; `hidden` is the units of the one hidden layer
    each way.
    """

    def __init__(
        self,
        bars: int = 2,
        hidden: int = 512,
        latent: int = 64,
        beta: float = 0.02,
        free_bits: float = 0.0,
        warm_up: int = 500,
        transpose: int = 5,
        rng: Any = None,
    ):
        super().__init__(bars, hidden, latent, beta, free_bits, warm_up, transpose)
        rng, size = default_rng(rng), self.length * KINDS
        self.encoder = Sequential(Flatten(), Linear(size, hidden, rng=rng), ReLU())
        self.to_mu = Linear(hidden, latent, rng=rng)
        self.to_log_var = Linear(hidden, latent, rng=rng)
        self.decoder = Sequential(
            Linear(latent, hidden, rng=rng), ReLU(), Linear(hidden, size, rng=rng)
        )

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        h = self.encoder(Tensor(self.one_hot(kinds_of(x.data))))
        return self.to_mu(h), self.to_log_var(h)

    def logits(self, z: Tensor, x: Tensor | None = None, rng: Any = None) -> Tensor:
        return self.decoder(z).reshape(-1, self.length, KINDS).swapaxes(0, 1)

    @no_grad()
    def decode(self, z: Tensor, temperature: float = 0.0, rng: Any = None) -> Array:
        return steps_of(choose(self.logits(z).data, temperature, rng).T)


class ClippedAdam(Adam):
    """Adam, after gradients that together are longer than 5 were made as short as that.

    Through many steps of time a gradient may once grow very long; one such step would
    spoil what many have learned.
    """

    def step(self) -> None:
        clip_grad_norm_(self.params, LONGEST)
        super().step()


def side_by_side(steps: Tensor, parts: int) -> Tensor:
    """Parts of melodies as melodies of their own: (T, N, K) -> (T / parts, parts·N, K).

    First come the first parts of all, then the second ones.
    """
    _, n, kinds = steps.shape
    each = steps.reshape(parts, -1, n, kinds).swapaxes(0, 1)
    return each.reshape(-1, parts * n, kinds)


def one_after_another(steps: Tensor, parts: int) -> Tensor:
    """The inverse of `side_by_side`: (T / parts, parts·N, K) -> (T, N, K)."""
    length, rows, kinds = steps.shape
    each = steps.reshape(length, parts, rows // parts, kinds).swapaxes(0, 1)
    return each.reshape(-1, rows // parts, kinds)


def choose(logits: Array, temperature: float = 0.0, rng: Any = None) -> Array:
    """A kind by each row of logits, (..., KINDS) -> (...).

    Temperature 0 takes the likeliest. Others draw kind k with a probability in
    proportion to e^(logit_k / temperature): 1 draws as the model says, less is more
    careful, more is bolder. The largest of logit / temperature + Gumbel noise is such a
    draw.
    Source: Maddison, Tarlow & Minka 2014, "A* Sampling", section 2.
    """
    check_number("choose: temperature", temperature, 0)
    if temperature > 0:
        xp, u = xp_of(logits), uniform(rng, like=logits)
        tiny = xp.finfo(logits.dtype).tiny
        logits = logits / temperature - xp.log(-xp.log(u + tiny))
    return logits.argmax(axis=-1)


def kinds_of(steps: Array) -> Array:
    """Steps (see data/melody.py) as kinds from 0 on: pitches 36 to 96, hold, rest.

    Raises ValueError for other pitches. (On a GPU, to look would mean to wait.)
    """
    xp, wide = xp_of(steps), steps.astype("int64")
    is_pitch = (wide >= LOWEST) & (wide <= HIGHEST)
    known = is_pitch | (wide == HOLD) | (wide == REST)
    if xp is np and not known.all():
        wanted = f"MIDI pitches from {LOWEST} to {HIGHEST}, hold {HOLD} and rest {REST}"
        raise ValueError(f"MusicVAE: expected {wanted}, found {wide[~known][0]}")
    return xp.where(is_pitch, wide - LOWEST, wide - HOLD + PITCHES)


def steps_of(kinds: Array) -> Array:
    """The inverse of `kinds_of`, uint8."""
    beyond = kinds - PITCHES + HOLD
    steps = xp_of(kinds).where(kinds < PITCHES, kinds + LOWEST, beyond)
    return steps.astype("uint8")
