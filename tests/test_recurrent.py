"""Recurrent ops and layers: beside PyTorch's, with lengths, through many steps, and the fast way beside the plain one.

Each op by itself is in the tables of test_contract.py, test_parity.py, test_functional.py and test_extremes.py.
"""

import copy

import numpy as np
import pytest
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

import minae
from minae import Tensor, gradcheck, nn, no_grad, optim
from minae import functional as F
from minae.kernels import recurrence
from tests import strict_device
from tests.parameters import as_function

SAME = {"rtol": 1e-10, "atol": 1e-10}  # float64 sums of order 1, in another order

SHAPES = {  # (steps, sequences, inputs, units)
    "primes": (7, 5, 3, 2),
    "one sequence": (5, 1, 2, 3),
    "one step": (1, 3, 2, 5),
    "all one": (1, 1, 1, 1),
    "long": (61, 3, 2, 4),
}
OPTIONS = {
    "forward": {},
    "both": {"bidirectional": True},
    "no bias": {"bias": False, "bidirectional": True},
    "layers": {"num_layers": 3},
    "layers, both": {"num_layers": 2, "bidirectional": True},
    "batch first": {"batch_first": True, "bidirectional": True},
}


def twins(ours, theirs, *sizes, **options):
    """Both layers in float64, with one set of weights, larger than at first."""
    layer, twin = ours(*sizes, **options, rng=0).to(dtype="float64"), theirs(*sizes, **options).double()
    rng = np.random.default_rng(1)
    layer.load_state_dict({name: rng.uniform(-1, 1, array.shape) for name, array in layer.state_dict().items()})
    twin.load_state_dict({name: torch.from_numpy(array) for name, array in layer.state_dict().items()})
    return layer, twin


def leaves(*arrays):
    ours = [Tensor(array.copy(), requires_grad=True) for array in arrays]
    return ours, [torch.tensor(array, requires_grad=True) for array in arrays]


def assert_alike(ours, theirs, seed=2):
    """The values agree; then both sides go back from the same random cotangents."""
    rng, sums = np.random.default_rng(seed), [0.0, 0.0]
    for y, expected in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(y.numpy(), expected.detach().numpy(), **SAME)
        cotangent = rng.standard_normal(y.shape)
        sums = [sums[0] + (y * cotangent).sum(), sums[1] + (expected * torch.from_numpy(cotangent)).sum()]
    for total in sums:
        total.backward()


def assert_same_gradients(layer, twin, ours, theirs):
    for x, expected in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(x.grad, expected.grad.numpy(), **SAME)
    expected = dict(twin.named_parameters())
    assert [name for name, _ in layer.named_parameters()] == list(expected)
    for name, parameter in layer.named_parameters():
        np.testing.assert_allclose(parameter.grad, expected[name].grad.numpy(), **SAME, err_msg=name)


def in_torch(twin, x, hx, lengths):
    """PyTorch's output and h_n, by a packed sequence if there are lengths."""
    if lengths is None:
        return twin(x, hx)
    steps = x.shape[int(twin.batch_first)]
    packed = pack_padded_sequence(x, torch.tensor(lengths), twin.batch_first, enforce_sorted=False)
    output, h_n = twin(packed, hx)
    return pad_packed_sequence(output, twin.batch_first, total_length=steps)[0], h_n


# --- beside PyTorch ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("with_hx", [True, False], ids=["hx", "from 0"])
@pytest.mark.parametrize("ragged", [False, True], ids=["whole", "lengths"])
@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("shape", SHAPES)
def test_gru_is_pytorchs(each_kernels, shape, options, ragged, with_hx):
    """Outputs, last states and all gradients."""
    steps, batch, inputs, units = SHAPES[shape]
    layer, twin = twins(nn.GRU, torch.nn.GRU, inputs, units, **OPTIONS[options])
    rng = np.random.default_rng(3)
    x = rng.standard_normal((batch, steps, inputs) if layer.batch_first else (steps, batch, inputs))
    h = rng.standard_normal((layer.num_layers * len(layer.sides()), batch, units))
    lengths = rng.integers(1, steps + 1, batch) if ragged else None
    (ours, *hx), (theirs, *torch_hx) = leaves(x, h) if with_hx else leaves(x)
    found = layer(ours, *hx, lengths=lengths)
    assert_alike(found, in_torch(twin, theirs, *(torch_hx or [None]), lengths))
    assert_same_gradients(layer, twin, [ours, *hx], [theirs, *torch_hx])


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("sizes", [(5, 3, 2), (1, 1, 1), (1, 7, 3)], ids=str)
def test_cells_are_pytorchs_when_called_again_and_again(sizes, bias):
    """With the same weights, three steps long, from 0 on."""
    batch, inputs, units = sizes
    steps, theirs = leaves(*np.random.default_rng(4).standard_normal((3, batch, inputs)))
    layer, twin = twins(nn.GRUCell, torch.nn.GRUCell, inputs, units, bias=bias)
    h, expected = None, None
    for x, torch_x in zip(steps, theirs):
        h, expected = layer(x, h), twin(torch_x, expected)
    assert_alike([h], [expected])
    assert_same_gradients(layer, twin, steps, theirs)

    steps, theirs = leaves(*(x.data for x in steps))
    layer, twin = twins(nn.LSTMCell, torch.nn.LSTMCell, inputs, units, bias=bias)
    state, expected = None, None
    for x, torch_x in zip(steps, theirs):
        state, expected = layer(x, state), twin(torch_x, expected)
    assert isinstance(state, tuple)
    assert_alike(state, expected)
    assert_same_gradients(layer, twin, steps, theirs)


def test_embedded_melodies_are_read_as_in_pytorch():
    """An embedding before a GRU in both directions, some things twice: as an encoder of tunes has it."""

    class Encoder(nn.Module):
        def __init__(self):
            self.embedding = nn.Embedding(7, 3, rng=0)
            self.gru = nn.GRU(3, 2, bidirectional=True, rng=1)

    class TorchEncoder(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = torch.nn.Embedding(7, 3)
            self.gru = torch.nn.GRU(3, 2, bidirectional=True)

    layer, twin = twins(lambda rng: Encoder(), TorchEncoder)
    pitches = np.random.default_rng(5).integers(0, 7, (11, 5))
    output, h_n = layer.gru(layer.embedding(pitches), lengths=[3, 11, 1, 7, 11])
    expected = in_torch(twin.gru, twin.embedding(torch.from_numpy(pitches)), None, [3, 11, 1, 7, 11])
    assert_alike([output, h_n], expected)
    assert_same_gradients(layer, twin, [], [])
    back = Encoder()
    back.load_state_dict(twin.state_dict())
    for name, array in back.state_dict().items():
        np.testing.assert_array_equal(array, twin.state_dict()[name].numpy().astype("float32"))


def test_names_shapes_and_bounds_of_new_weights_are_pytorchs():
    options = {"num_layers": 2, "bidirectional": True}
    for ours, theirs in [
        (nn.GRU(5, 50, **options, rng=0), torch.nn.GRU(5, 50, **options)),
        (nn.GRUCell(5, 50, rng=0), torch.nn.GRUCell(5, 50)),
        (nn.LSTMCell(5, 50, rng=0), torch.nn.LSTMCell(5, 50)),
        (nn.GRU(5, 50, bias=False, rng=0), torch.nn.GRU(5, 50, bias=False)),
    ]:
        described = [(name, array.shape, str(array.dtype)) for name, array in ours.state_dict().items()]
        assert described == [(n, tuple(a.shape), str(a.dtype)[6:]) for n, a in theirs.state_dict().items()]
        for array in ours.state_dict().values():  # uniform: the largest is near the bound, and half are below half
            assert 0.9 / np.sqrt(50) < np.abs(array).max() <= np.float32(1 / np.sqrt(50))
            assert 0.35 < (np.abs(array) < 0.5 / np.sqrt(50)).mean() < 0.65


def test_one_seed_one_layer():
    first, again, other = (nn.GRU(2, 3, num_layers=2, rng=seed).state_dict() for seed in (0, 0, 1))
    assert all((first[name] == again[name]).all() and (first[name] != other[name]).all() for name in first)
    assert len({array.tobytes() for array in first.values()}) == len(first)


# --- lengths ----------------------------------------------------------------------------------------------------------


def padded(fill, dtype="float64"):
    """Sequences of 2, 5 and 1 steps, with something behind their ends."""
    x = np.random.default_rng(6).standard_normal((5, 3, 2)).astype(dtype)
    x[2:, 0], x[1:, 2] = fill, fill
    return x


@pytest.mark.parametrize("fill", [0.0, 1e9, np.nan, np.inf], ids=str)
def test_what_lies_behind_the_end_does_not_matter(each_kernels, fill):
    layer = nn.GRU(2, 3, num_layers=2, bidirectional=True, rng=0).to(dtype="float64")
    results = []
    for x in (Tensor(padded(0.5), requires_grad=True), Tensor(padded(fill), requires_grad=True)):
        layer.zero_grad()
        output, h_n = layer(x, lengths=[2, 5, 1])
        ((output * output).sum() + (h_n * h_n).sum()).backward()
        results.append([output.numpy(), h_n.numpy(), x.grad, *(weight.grad for weight in layer.parameters())])
    for found, expected in zip(*results, strict=True):
        np.testing.assert_array_equal(found, expected)
    output, _, grad, *_ = results[0]
    for array in (output, grad):
        assert not array[2:, 0].any() and not array[1:, 2].any()
        assert array[:2, 0].all() and array[:, 1].all() and array[0, 2].all()


def test_each_sequence_is_read_as_if_it_were_alone(each_kernels):
    layer = nn.GRU(2, 3, num_layers=2, bidirectional=True, rng=0).to(dtype="float64")
    x, lengths = padded(7.0), np.array([2, 5, 1])
    output, h_n = layer(Tensor(x), lengths=lengths)
    for n, length in enumerate(lengths):
        alone, last = layer(Tensor(x[:length, n : n + 1]))
        np.testing.assert_allclose(output.numpy()[:length, n], alone.numpy()[:, 0], rtol=1e-13, atol=1e-15)
        np.testing.assert_allclose(h_n.numpy()[:, n], last.numpy()[:, 0], rtol=1e-13, atol=1e-15)


def test_a_state_is_kept_to_the_last_bit():
    """From the end of a sequence on, and in reverse until then."""
    layer = nn.GRU(2, 3, rng=0)
    x, h = padded(1.0, "float32"), np.random.default_rng(0).standard_normal((3, 3)).astype("float32")
    weights = layer.weights("_l0")
    y = F.gru(Tensor(x), h, *weights, lengths=[2, 5, 1]).numpy()
    assert (y[2:, 0] == y[1, 0]).all() and (y[1:, 2] == y[0, 2]).all() and (y[4, 1] != y[3, 1]).all()
    y = F.gru(Tensor(x), h, *weights, lengths=[2, 5, 1], reverse=True).numpy()
    assert (y[2:, 0] == h[0]).all() and (y[1:, 2] == h[2]).all() and (y[4, 1] != h[1]).all()


def test_lengths_come_as_a_list_an_array_or_a_tensor():
    layer, x = nn.GRU(2, 3, rng=0), Tensor(padded(0.0, "float32"))
    lengths = np.array([2, 5, 1])
    expected = layer(x, lengths=[2, 5, 1])[0].numpy()
    for given in (lengths, lengths.astype("uint8"), Tensor(lengths), (2, 5, 1)):
        np.testing.assert_array_equal(layer(x, lengths=given)[0].numpy(), expected)
    output, _ = layer(x, lengths=lengths)
    lengths[:] = 5  # changed afterwards: backward goes as forward went
    output.sum().backward()
    wanted = [weight.grad for weight in layer.parameters()]
    layer.zero_grad()
    layer(x, lengths=[2, 5, 1])[0].sum().backward()
    for weight, grad in zip(layer.parameters(), wanted):
        np.testing.assert_array_equal(weight.grad, grad)


# --- through many steps -----------------------------------------------------------------------------------------------

STEPS = 200


def remembering():
    """A GRU with z near 0.99, which after 200 steps still has an eighth of what it read first; its inputs and state."""
    rng = np.random.default_rng(7)
    size = 3
    weights = [0.3 * rng.standard_normal(shape) for shape in [(9, 2), (9, size), (9,), (9,)]]
    weights[2][size : 2 * size] += 4.6
    return rng.standard_normal((STEPS, 2, 2)), rng.standard_normal((2, size)), *weights


def along_directions(f, arrays):
    """f as a function of how far each input has moved along a random direction: one slope for each input."""
    rng = np.random.default_rng(11)
    directions = [rng.standard_normal(array.shape) for array in arrays]

    def moved(far):
        return f(*(array + far[i] * direction for i, (array, direction) in enumerate(zip(arrays, directions))))

    return moved, 0.1 * rng.standard_normal(len(arrays))


def last_state(reverse):
    return lambda *inputs: F.gru(*inputs, reverse=reverse)[0 if reverse else -1]


@pytest.mark.parametrize("reverse", [False, True])
def test_the_gradient_through_200_steps_is_the_slope(reverse):
    """Of the last state alone, along a random direction in each input."""
    f, far = along_directions(last_state(reverse), remembering())
    report = gradcheck(f, far)
    assert report.ok and len(report.findings) == 6
    assert all(1e-3 < abs(finding.numeric) < 1e3 for finding in report.findings)


@pytest.mark.parametrize("reverse", [False, True])
def test_200_steps_back_it_is_not_lost_in_rounding(reverse):
    inputs = [Tensor(array, requires_grad=True) for array in remembering()]
    last_state(reverse)(*inputs).backward(np.ones((2, 3)))
    sizes = np.abs(inputs[0].grad).max(axis=(1, 2))
    assert sizes[-1 if reverse else 0] > 1e-2 * sizes.max() > 0
    assert np.abs(inputs[1].grad).max() > 0.05


def test_that_check_notices_one_wrong_step_of_200(monkeypatch):
    """At the first step, 1 % of what goes back to its input is lost."""
    right = recurrence.gru

    def wrong(*inputs):
        states, backward = right(*inputs)

        def short(g):
            d_input, d_state, d_h = backward(g)
            d_input[0] *= 0.99
            return d_input, d_state, d_h

        return states, short

    monkeypatch.setattr(recurrence, "gru", wrong)
    report = gradcheck(*along_directions(last_state(False), remembering()), raise_on_failure=False)
    assert report.verdict == "fail"


@pytest.mark.slow
def test_layers_and_lengths_through_200_steps():
    """Both directions, two layers above each other: along a random direction of all parameters together."""
    layer = nn.GRU(2, 2, num_layers=2, bidirectional=True, rng=0)
    x = np.random.default_rng(8).standard_normal((STEPS, 3, 2))
    f, weights = as_function(layer, lambda: layer(Tensor(x), lengths=[STEPS, 1, 97])[1])
    assert gradcheck(*along_directions(f, [weights.data])).ok


@pytest.mark.parametrize("ragged", [False, True])
@pytest.mark.parametrize("reverse", [False, True])
def test_200_steps_fast_and_plain(reverse, ragged):
    """The products over all steps at once give what 200 cells give, walked back by the engine; in float32 nearly."""
    found = []
    options = {"lengths": [STEPS, 71] if ragged else None, "reverse": reverse}
    cotangent = np.random.default_rng(9).standard_normal((STEPS, 2, 3))
    for gru, dtype in [(F.gru, "float64"), (nn.recurrent.gru_by_steps, "float64"), (F.gru, "float32")]:
        inputs = [Tensor(array.astype(dtype), requires_grad=True) for array in remembering()]
        y = gru(*inputs, **options)
        y.backward(cotangent)
        found.append([y.numpy(), *(x.grad for x in inputs)])
        assert {array.dtype for array in found[-1]} == {np.dtype(dtype)}
    for fast, plain, narrow in zip(*found, strict=True):
        scale = np.abs(plain).max()
        np.testing.assert_allclose(fast, plain, rtol=0, atol=1e-12 * scale)
        np.testing.assert_allclose(narrow, plain, rtol=0, atol=1e-5 * scale)


# --- the two ways, memory, devices ------------------------------------------------------------------------------------


def names_of_ops(result):
    names, waiting = [], [result._node]
    while waiting:
        node = waiting.pop()
        if hasattr(node, "edges"):
            names.append(node.name)
            waiting += [source for source, _, _ in node.edges]
    return names


def test_which_way_the_kernels_choose():
    layer, x = nn.GRU(2, 3, rng=0), Tensor(padded(0.0, "float32"))
    with minae.use_kernels("plain"):
        assert "gru_cell" in names_of_ops(layer(x)[0])
    assert "gru_cell" not in names_of_ops(layer(x)[0]) and "gru" in names_of_ops(layer(x)[0])


@pytest.mark.parametrize("name", ["reversed", "Fortran order", "every second"])
def test_layers_take_memory_in_any_order(each_kernels, name):
    change = {
        "reversed": lambda a: a[::-1, ::-1, ::-1].copy()[::-1, ::-1, ::-1],
        "Fortran order": np.asfortranarray,
        "every second": lambda a: np.repeat(a, 2, axis=2)[:, :, ::2],
    }[name]
    layer = nn.GRU(2, 3, bidirectional=True, rng=0).to(dtype="float64")
    x, h = padded(0.0), np.random.default_rng(1).standard_normal((2, 3, 3))
    for array, expected in zip(layer(Tensor(change(x)), Tensor(change(h))), layer(Tensor(x), Tensor(h))):
        np.testing.assert_allclose(array.numpy(), expected.numpy(), rtol=1e-13, atol=1e-15)


def test_empty_batches(each_kernels):
    for lengths in (None, []):
        layer = nn.GRU(2, 3, bidirectional=True, rng=0)
        x = Tensor(np.ones((5, 0, 2), "float32"), requires_grad=True)
        output, h_n = layer(x, lengths=lengths)
        assert output.shape == (5, 0, 6) and h_n.shape == (2, 0, 3)
        (output.sum() + h_n.sum()).backward()
        assert x.grad.shape == x.shape and not any(weight.grad.any() for weight in layer.parameters())


def test_on_a_device_nothing_is_read_back(each_kernels):
    """With lengths that are there, or come from the host."""
    layer = nn.GRU(2, 3, num_layers=2, bidirectional=True, rng=0)
    expected = layer(Tensor(padded(0.0, "float32")), lengths=[2, 5, 1])
    for weight in layer.parameters():
        weight.data = strict_device.asarray(weight.data)
    x = Tensor(strict_device.asarray(padded(0.0, "float32")), requires_grad=True)
    for lengths in (strict_device.asarray(np.array([2, 5, 1])), [2, 5, 1]):
        with strict_device.count_reads() as reads:
            found = layer(x, lengths=lengths)
            (found[0].sum() + found[1].sum()).backward()
        assert reads.count == 0 and isinstance(x.grad, strict_device.ndarray)
        for y, wanted in zip(found, expected):
            np.testing.assert_allclose(y.numpy(), wanted.numpy(), rtol=1e-6, atol=1e-6)


def test_cells_on_a_device():
    x = Tensor(strict_device.asarray(np.ones((2, 3), "float32")))
    for cell in (nn.GRUCell(3, 2, rng=0), nn.LSTMCell(3, 2, rng=0)):
        for weight in cell.parameters():
            weight.data = strict_device.asarray(weight.data)
        with strict_device.count_reads() as reads:
            cell(x)
        assert reads.count == 0


# --- as other layers have it ------------------------------------------------------------------------------------------


def test_layers_are_shown_summed_up_copied_and_saved(tmp_path):
    net = nn.Sequential(
        nn.GRU(3, 2, 2, False, True, bidirectional=True, rng=0), nn.GRUCell(3, 2, rng=1), nn.LSTMCell(3, 2, False)
    )
    assert repr(net[0]) == (
        "GRU(input_size=3, hidden_size=2, num_layers=2, bias=False, batch_first=True, bidirectional=True)"
    )
    assert repr(net[1]) == "GRUCell(input_size=3, hidden_size=2, bias=True)"
    assert "(4, 5, 4), (4, 4, 2)" in net[0].summary((4, 5, 3))
    minae.save(net, tmp_path / "net")
    for other in (minae.load(tmp_path / "net"), copy.deepcopy(net)):
        assert repr(other) == repr(net)
        assert all((a == b).all() for a, b in zip(other.state_dict().values(), net.state_dict().values(), strict=True))


def test_no_grad_records_nothing(each_kernels):
    with no_grad():
        output, h_n = nn.GRU(2, 3, rng=0)(Tensor(padded(0.0, "float32")))
    assert not output.requires_grad and not h_n.requires_grad


def test_it_learns_to_tell_the_first_step_after_the_last():
    """10 steps later; from the same weights as in PyTorch, and as well."""
    rng = np.random.default_rng(10)
    x = rng.standard_normal((10, 16, 1))
    layer, twin = twins(nn.GRU, torch.nn.GRU, 1, 5)
    optimizer, torch_optimizer = optim.Adam(layer.parameters(), 0.02), torch.optim.Adam(twin.parameters(), 0.02)
    losses = []
    for _ in range(100):
        loss = F.mse_loss(layer(Tensor(x))[1][0, :, :1], 0.5 * np.tanh(x[0]))
        torch_loss = torch.nn.functional.mse_loss(
            twin(torch.from_numpy(x))[1][0, :, :1], torch.from_numpy(0.5 * np.tanh(x[0]))
        )
        for each, its_optimizer in [(loss, optimizer), (torch_loss, torch_optimizer)]:
            its_optimizer.zero_grad()
            each.backward()
            its_optimizer.step()
        losses.append((loss.item(), torch_loss.item()))
    np.testing.assert_allclose(*np.transpose(losses), rtol=1e-6)
    assert losses[-1][0] < 0.05 * losses[0][0]
