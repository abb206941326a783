"""Recurrent layers: GRUCell, LSTMCell, and GRU over a sequence.

The weights of gates are named, shaped and ordered as in PyTorch. All of them, biases
too, start uniform in ±1/√hidden_size, drawn from `rng` (a generator or a seed; None:
fresh entropy). A state that is not given is 0. (`_data` is read where `.data` would be
watched for changes, which costs a copy.)
"""

from collections.abc import Iterable, Iterator
from typing import Any

from .. import functional as F
from .. import kernels
from ..backend import default_rng, xp_of
from ..recurrent import past_end
from ..support.argument_checks import check_positive
from ..tensors import Tensor, cat, stack, where
from .initialisation import uniform_fan_in
from .layers import Layer, _check_bias, _check_tensor
from .parameter_tree import Parameter

WEIGHTS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


class Recurrent(Layer):
    """What these layers share: sizes, and weights for `gates` gates."""

    gates: int

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, rng: Any = None
    ):
        layer = type(self).__name__
        check_positive(layer, input_size=input_size, hidden_size=hidden_size)
        _check_bias(layer, bias)
        self.input_size, self.hidden_size, self.bias = input_size, hidden_size, bias
        rng, rows = default_rng(rng), self.gates * hidden_size
        for inputs, place in self.places():
            shapes = ((rows, inputs), (rows, hidden_size), (rows,), (rows,))
            for name, shape in zip(WEIGHTS, shapes):
                wanted = bias or name.startswith("weight")
                values = uniform_fan_in(rng, shape, hidden_size) if wanted else None
                setattr(self, name + place, Parameter(values) if wanted else None)

    def places(self) -> Iterable[tuple[int, str]]:
        """For each set of weights how many inputs it has, and how its names end."""
        return [(self.input_size, "")]

    def weights(self, place: str = "") -> list[Parameter | None]:
        """Those whose names end so, in the order in which the ops take them."""
        return [getattr(self, name + place) for name in WEIGHTS]


class GRUCell(Recurrent):
    """One step of a GRU: from input (N, input_size) and the state (N, hidden_size).

    See `functional.gru_cell`.   PyTorch: `nn.GRUCell`.
    """

    gates = 3

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        _check_tensor("GRUCell", input)
        if hx is None:
            hx = zeros(input, (*input.shape[:1], self.hidden_size))
        return F.gru_cell(input, hx, *self.weights())


class LSTMCell(Recurrent):
    """One step of an LSTM: from input (N, input_size) and the state, a pair (h, c).

    Returns the next pair; h and c are (N, hidden_size). See `functional.lstm_cell`.
    PyTorch: `nn.LSTMCell`.
    """

    gates = 4

    def forward(self, input: Tensor, hx: Any = None) -> tuple[Tensor, Tensor]:
        _check_tensor("LSTMCell", input)
        if hx is None:
            hx = 2 * (zeros(input, (*input.shape[:1], self.hidden_size)),)
        if not isinstance(hx, tuple | list) or len(hx) != 2:
            found = type(hx).__name__
            raise TypeError(f"LSTMCell: expected the state (h, c), found {found}")
        state = F.lstm_cell(input, *hx, *self.weights())
        return state[0], state[1]


class GRU(Recurrent):
    """Reads sequences with GRU cells, in one direction or both.   PyTorch: `nn.GRU`.

    Called with input (T, N, input_size), T steps of N sequences, it returns
    - output (T, N, D·hidden_size), the states of the last layer at every step, for
      D = 1 direction or 2, the forward one first, and
    - h_n (num_layers·D, N, hidden_size), the last state of each layer and direction.
    With batch_first=True, input and output are (N, T, ...), but h_n is as it was.
    A layer above another one reads the states of that one.

    Args of a call:
        hx: the first states, of the shape of h_n.
        lengths: (N,), where the sequences differ in length; see `functional.gru`.
            h_n then has the states at each one's own last step; the reverse direction
            starts there; and what comes after it in output is 0, as in PyTorch's
            packed sequences. (They need not be sorted.)

    The parameters are weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, for the
    reverse direction weight_ih_l0_reverse and so on, for the next layer weight_ih_l1.
    """

    gates = 3

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        *,
        bidirectional: bool = False,
        rng: Any = None,
    ):
        check_positive("GRU", num_layers=num_layers)
        flags = {"batch_first": batch_first, "bidirectional": bidirectional}
        for name, flag in flags.items():
            if not isinstance(flag, bool):
                raise TypeError(f"GRU: {name} must be True or False, found {flag!r}")
        self.num_layers, self.batch_first = num_layers, batch_first
        self.bidirectional = bidirectional
        super().__init__(input_size, hidden_size, bias, rng)

    def places(self) -> Iterator[tuple[int, str]]:
        inputs = self.input_size
        for layer in range(self.num_layers):
            for side in self.sides():
                yield inputs, f"_l{layer}{side}"
            inputs = self.hidden_size * len(self.sides())

    def sides(self) -> tuple[str, ...]:
        """The directions, as the names of their weights end."""
        return ("", "_reverse")[: 1 + self.bidirectional]

    def forward(
        self, input: Tensor, hx: Tensor | None = None, lengths: Any = None
    ) -> tuple[Tensor, Tensor]:
        x = self.steps_first(input)
        lengths = lengths.data if isinstance(lengths, Tensor) else lengths
        over = None if lengths is None else past_end(lengths, x._data, "GRU: ")
        first = self.first_states(x, hx)
        last: list[Tensor] = []
        for layer in range(self.num_layers):
            both = []
            for side in self.sides():
                states = self.run(f"_l{layer}{side}", x, first[len(last)], lengths)
                both.append(states)
                last.append(states[0 if side == "_reverse" else -1])
            x = cat(both, axis=2)
        x = x if over is None else where(over, 0.0, x)
        return x.swapaxes(0, 1) if self.batch_first else x, stack(last)

    def run(self, place: str, x: Tensor, hx: Any, lengths: Any) -> Tensor:
        """All states of the layer and direction whose weights' names end so."""
        gru = gru_by_steps if kernels.active() is kernels.plain else F.gru
        reverse = place.endswith("_reverse")
        return gru(x, hx, *self.weights(place), lengths=lengths, reverse=reverse)

    def steps_first(self, input: Tensor) -> Tensor:
        """The input as (T, N, input_size)."""
        _check_tensor("GRU", input)
        if input.ndim != 3 or input.shape[int(self.batch_first)] == 0:
            axes = "(N, T, I)" if self.batch_first else "(T, N, I)"
            wanted = f"GRU: expected {axes} with at least one step T"
            raise ValueError(f"{wanted}, found {input.shape}")
        return input.swapaxes(0, 1) if self.batch_first else input

    def first_states(self, x: Tensor, hx: Tensor | None) -> Any:
        """The state that each layer and direction begins with."""
        shape = (self.num_layers * len(self.sides()), x.shape[1], self.hidden_size)
        if hx is None:
            return zeros(x, shape)
        _check_tensor("GRU: hx", hx)
        if hx.shape != shape:
            raise ValueError(f"GRU: expected hx {shape}, found {hx.shape}")
        return hx


def gru_by_steps(
    input: Tensor, hx: Any, *weights: Any, lengths: Any = None, reverse: bool = False
) -> Tensor:
    """What `functional.gru` computes, by a gru_cell for every step.

    The graph of all these cells takes the gradient back through time by itself.
    """
    over = None if lengths is None else past_end(lengths, input._data, "gru: ")
    input = input if over is None else where(over, 0.0, input)
    steps, states = range(input.shape[0]), []
    for t in reversed(steps) if reverse else steps:
        new = F.gru_cell(input[t], hx, *weights)
        hx = new if over is None else where(over[t], hx, new)
        states.append(hx)
    return stack(states[::-1] if reverse else states)


def zeros(like: Tensor, shape: tuple[int, ...]) -> Any:
    """A state of zeros, in the library and dtype of `like`."""
    return xp_of(like._data).zeros(shape, dtype=like.dtype)
