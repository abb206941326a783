"""The same numbers as PyTorch: every functional op over random configurations, and whole training runs in float64.

Tolerances: float64 values and gradients of order 1 agree to 1e-10 (both sum in their own order). In float32 one
rounding is 2^-24 = 6e-8; sums of up to 100 terms of order 1, in two orders of summation, differ by at most 100 of them.
"""

import numpy as np
import pytest
import torch

from minae import Tensor, convolution, nn, optim
from minae import functional as F

TOLERANCE = {"float64": {"rtol": 1e-10, "atol": 1e-10}, "float32": {"rtol": 100 * 2.0**-24, "atol": 100 * 2.0**-24}}
CONFIGURATIONS = 100
over_dtypes = pytest.mark.parametrize("dtype", ["float32", "float64"])


# ---- random configurations: each function draws (name of the op's arguments, options) -----------------------


def random_shape(rng, fewest=0, most=4):
    return tuple(int(n) for n in rng.integers(1, 8, rng.integers(fewest, most + 1)))


def random_reduction(rng):
    return str(rng.choice(["mean", "sum", "none"]))


def draw_linear(rng):
    inputs, outputs = (int(n) for n in rng.integers(1, 12, 2))
    bias = [rng.standard_normal(outputs)] if rng.random() < 0.7 else []
    x = rng.standard_normal((*random_shape(rng, most=3), inputs))
    return [x, rng.standard_normal((outputs, inputs)), *bias], {}


def draw_elementwise(rng):
    return [3 * rng.standard_normal(random_shape(rng))], {}


def draw_leaky_relu(rng):
    arrays, _ = draw_elementwise(rng)
    return arrays, {"negative_slope": float(rng.uniform(-0.5, 0.9))} if rng.random() < 0.8 else {}


def draw_log_softmax(rng):
    shape = random_shape(rng, fewest=1)
    return [3 * rng.standard_normal(shape)], {"axis": int(rng.integers(-len(shape), len(shape)))}


def draw_mse_loss(rng):
    shape = random_shape(rng)
    return [rng.standard_normal(shape), rng.standard_normal(shape)], {"reduction": random_reduction(rng)}


def draw_bce(rng):
    shape = random_shape(rng)
    target = rng.uniform(0, 1, shape) if rng.random() < 0.5 else rng.integers(0, 2, shape).astype("float64")
    return [5 * rng.standard_normal(shape), target], {"reduction": random_reduction(rng)}


def draw_cross_entropy(rng):
    n, classes = int(rng.integers(1, 9)), int(rng.integers(1, 9))
    return [3 * rng.standard_normal((n, classes)), rng.integers(0, classes, n)], {"reduction": random_reduction(rng)}


def draw_gaussian(rng):
    shape = random_shape(rng, fewest=1)
    return [rng.standard_normal(shape), rng.standard_normal(shape)], {}


def draw_reparameterize(rng):
    shape = random_shape(rng)
    return [rng.standard_normal(shape) for _ in range(3)], {}


def torch_log_softmax(x, axis):
    return torch.nn.functional.log_softmax(x, dim=axis)


def draw_dropout(rng):
    shape = random_shape(rng)
    options = {"p": float(rng.uniform(0, 0.9)), "training": bool(rng.random() < 0.8)}
    return [rng.standard_normal(shape)], options | {"noise": rng.random(shape)}


def draw_gelu(rng):
    arrays, _ = draw_elementwise(rng)
    return arrays, {"approximate": str(rng.choice(["none", "tanh"]))}


def draw_embedding(rng):
    rows, size = (int(n) for n in rng.integers(1, 7, 2))
    return [np.asarray(rng.integers(0, rows, random_shape(rng, most=3))), rng.standard_normal((rows, size))], {}


def draw_pad(rng):
    shape = random_shape(rng, fewest=1)
    widths = tuple(int(n) for n in rng.integers(0, 3, 2 * int(rng.integers(1, len(shape) + 1))))
    return [rng.standard_normal(shape)], {"pad": widths, "value": float(rng.standard_normal())}


def draw_two_gaussians(rng):
    shape = random_shape(rng, fewest=1)
    return [rng.standard_normal(shape) for _ in range(4)], {}


def draw_affine(rng, shape):
    """Weight and bias, one of them, or none."""
    return [rng.standard_normal(shape) if rng.random() < 0.8 else None for _ in range(2)]


def draw_batch_norm(rng):
    shape = (int(rng.integers(4, 9)), *random_shape(rng, fewest=1, most=3))
    running = [rng.standard_normal(shape[1]), rng.uniform(0.5, 2, shape[1])]
    options = {"training": bool(rng.random() < 0.5), "eps": float(10 ** rng.uniform(-6, -1))}
    return [rng.standard_normal(shape), *running, *draw_affine(rng, shape[1])], options


def draw_layer_norm(rng):
    shape = random_shape(rng, fewest=1)
    normalized = (*shape[int(rng.integers(len(shape))) :], 5)
    arrays = [rng.standard_normal((*shape, 5)), normalized, *draw_affine(rng, normalized)]
    return arrays, {"eps": float(10 ** rng.uniform(-6, -1))}


def draw_group_norm(rng):
    groups = int(rng.integers(1, 4))
    channels = groups * int(rng.integers(6, 9))  # of two numbers the slope is all rounding
    x = rng.standard_normal((int(rng.integers(1, 6)), channels, *random_shape(rng, most=2)))
    affine = draw_affine(rng, channels)
    affine = affine if affine[0] is not None else [None, None]  # PyTorch's group_norm takes no bias alone
    return [x, groups, *affine], {"eps": float(10 ** rng.uniform(-6, -1))}


def draw_cell(gates, states):
    def draw(rng):
        rows, inputs, size = (int(n) for n in rng.integers(1, 8, 3))
        weights = [(gates * size, inputs), (gates * size, size), *2 * [(gates * size,)]][: int(rng.choice([2, 4]))]
        return [rng.standard_normal(shape) for shape in [(rows, inputs), *states * [(rows, size)], *weights]], {}

    return draw


def draw_gru(rng):
    arrays, _ = draw_cell(3, 1)(rng)
    arrays[0] = rng.standard_normal((int(rng.integers(1, 8)), *arrays[0].shape))
    return arrays, {"reverse": bool(rng.random() < 0.5)}


def torch_lstm_cell(x, h, c, *weights):
    return torch.stack(torch.lstm_cell(x, (h, c), *weights))


def torch_gru(x, h, *weights, reverse):
    """torch.gru knows no reverse direction by itself: the sequence is turned round."""
    flags = (len(weights) == 4, 1, 0.0, False, False, False)
    states, _ = torch.gru(x.flip(0) if reverse else x, h[None], weights, *flags)
    return states.flip(0) if reverse else states


def torch_dropout(x, p, training, noise):
    return x * (torch.as_tensor(noise) >= p) / (1 - p) if training else torch.dropout(x, p, False)


def torch_softmax(x, axis):
    return torch.nn.functional.softmax(x, dim=axis)


def torch_logsumexp(x, axis):
    return torch.logsumexp(x, dim=axis)


def torch_gaussian_kl(mu, log_var):
    posterior = torch.distributions.Normal(mu, torch.exp(log_var / 2))
    prior = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
    return torch.distributions.kl_divergence(posterior, prior).flatten(1).sum(1) if mu.ndim > 1 else (
        torch.distributions.kl_divergence(posterior, prior)
    )  # fmt: skip


def torch_kl_divergence(mu, log_var, prior_mu, prior_log_var):
    first = torch.distributions.Normal(mu, torch.exp(log_var / 2))
    second = torch.distributions.Normal(prior_mu, torch.exp(prior_log_var / 2))
    kl = torch.distributions.kl_divergence(first, second)
    return kl.flatten(1).sum(1) if mu.ndim > 1 else kl


def torch_reparameterize(mu, log_var, eps):
    return mu + torch.exp(log_var / 2) * eps


T = torch.nn.functional
OPS = {  # the op, its twin, how its arguments are drawn, and how many of them are differentiable
    "linear": (F.linear, T.linear, draw_linear, 3),
    "relu": (F.relu, T.relu, draw_elementwise, 1),
    "leaky_relu": (F.leaky_relu, T.leaky_relu, draw_leaky_relu, 1),
    "sigmoid": (F.sigmoid, torch.sigmoid, draw_elementwise, 1),
    "softplus": (F.softplus, T.softplus, draw_elementwise, 1),
    "tanh": (F.tanh, torch.tanh, draw_elementwise, 1),
    "softmax": (F.softmax, torch_softmax, draw_log_softmax, 1),
    "log_softmax": (F.log_softmax, torch_log_softmax, draw_log_softmax, 1),
    "logsumexp": (F.logsumexp, torch_logsumexp, draw_log_softmax, 1),
    "gelu": (F.gelu, T.gelu, draw_gelu, 1),
    "silu": (F.silu, T.silu, draw_elementwise, 1),
    "embedding": (F.embedding, T.embedding, draw_embedding, (1,)),
    "pad": (F.pad, T.pad, draw_pad, 1),
    "kl_divergence": (F.kl_divergence, torch_kl_divergence, draw_two_gaussians, 4),
    "dropout": (F.dropout, torch_dropout, draw_dropout, 1),
    "batch_norm": (F.batch_norm, T.batch_norm, draw_batch_norm, (0, 3, 4)),
    "layer_norm": (F.layer_norm, T.layer_norm, draw_layer_norm, (0, 2, 3)),
    "group_norm": (F.group_norm, T.group_norm, draw_group_norm, (0, 2, 3)),
    "gru_cell": (F.gru_cell, torch.gru_cell, draw_cell(3, 1), 6),
    "lstm_cell": (F.lstm_cell, torch_lstm_cell, draw_cell(4, 2), 7),
    "gru": (F.gru, torch_gru, draw_gru, 6),
    "mse_loss": (F.mse_loss, T.mse_loss, draw_mse_loss, 2),
    "binary_cross_entropy_with_logits": (
        F.binary_cross_entropy_with_logits,
        T.binary_cross_entropy_with_logits,
        draw_bce,
        2,
    ),
    "cross_entropy": (F.cross_entropy, T.cross_entropy, draw_cross_entropy, 1),
    "gaussian_kl": (F.gaussian_kl, torch_gaussian_kl, draw_gaussian, 2),
    "reparameterize": (F.reparameterize, torch_reparameterize, draw_reparameterize, 2),
}


def test_every_functional_op_has_a_twin():
    assert set(OPS) == set(F.__all__) - set(convolution.__all__)  # those have theirs in test_convolution.py


def compare(ours, theirs, arrays, options, differentiable, rng, dtype):
    """Values and gradients, for a random cotangent, of both libraries.

    PyTorch computes in float64, from the same numbers, so that its own rounding is not mistaken for ours.
    `differentiable`: the places of the arguments that are, or how many of the first are. Arguments that are not arrays
    reach both as they are.
    """
    places = range(differentiable) if isinstance(differentiable, int) else differentiable
    arrays = [as_dtype(a, dtype) for a in arrays]
    options = {name: as_dtype(a, dtype) for name, a in options.items()}
    is_array = [isinstance(a, np.ndarray) for a in arrays]
    inputs = [Tensor(a.copy(), i in places) if there else a for i, (a, there) in enumerate(zip(arrays, is_array))]
    wide = [as_dtype(a, np.float64) for a in arrays]
    twins = [
        torch.tensor(a, requires_grad=i in places) if there else a for i, (a, there) in enumerate(zip(wide, is_array))
    ]
    y, expected = ours(*inputs, **options), theirs(*twins, **{k: as_dtype(a, np.float64) for k, a in options.items()})
    assert y.shape == tuple(expected.shape) and y.dtype == dtype
    np.testing.assert_allclose(y.data, expected.detach().numpy(), **TOLERANCE[dtype])
    cotangent = np.asarray(rng.standard_normal(y.shape)).astype(dtype)
    y.backward(cotangent)
    expected.backward(torch.tensor(as_dtype(cotangent, np.float64)))
    for i, (x, twin) in enumerate(zip(inputs, twins)):
        if i in places and is_array[i]:
            np.testing.assert_allclose(x.grad, twin.grad.numpy(), **TOLERANCE[dtype])
        elif is_array[i]:  # such as a running mean, which both change
            np.testing.assert_allclose(x.data, twin.numpy(), **TOLERANCE[dtype])


def as_dtype(value, dtype):
    """Floating arrays, and the scalars that NumPy makes of 0-d ones, in a dtype; all else as it is."""
    is_floating = isinstance(value, np.ndarray | np.floating) and value.dtype.kind == "f"
    return np.asarray(value).astype(dtype) if is_floating else value


@over_dtypes
@pytest.mark.parametrize("name", OPS)
def test_random_configurations(name, dtype):
    ours, theirs, draw, differentiable = OPS[name]
    for seed in range(CONFIGURATIONS):
        rng = np.random.default_rng(seed)
        arrays, options = draw(rng)
        compare(ours, theirs, arrays, options, differentiable, rng, dtype)


@pytest.mark.parametrize("name", ["relu", "leaky_relu"])
def test_the_convention_at_the_kink(name):
    ours, theirs, _, _ = OPS[name]
    compare(ours, theirs, [np.array([0.0, -0.0])], {}, 1, np.random.default_rng(0), "float64")


TENSOR_OPS = {
    "max": (lambda x: x.max(axis=(0, 2)), lambda x: x.amax(dim=(0, 2))),
    "max, ties": (lambda x: (x * 0.0).max(axis=1), lambda x: (x * 0.0).amax(dim=1)),
    "mean": (lambda x: x.mean(axis=(-1, 0), keepdims=True), lambda x: x.mean(dim=(-1, 0), keepdim=True)),
    "sum": (lambda x: x.sum(1), lambda x: x.sum(1)),
    "pow": (lambda x: x**2.5 + 2**x + x**0 + x**-1, lambda x: x**2.5 + 2**x + x**0 + x**-1),
    "arithmetic": (lambda x: (1 - x) / (x + 2) * -x, lambda x: (1 - x) / (x + 2) * -x),
    "elementwise": (lambda x: x.exp() * x.log() + x.sqrt().tanh(), lambda x: x.exp() * x.log() + x.sqrt().tanh()),
    "matmul": (lambda x: x @ x.transpose(0, 2, 1), lambda x: x @ x.transpose(1, 2)),
    "matmul 1-D": (lambda x: x[0, 0] @ x[1, 0] + x @ x[0, 1], lambda x: x[0, 0] @ x[1, 0] + x @ x[0, 1]),
    "indexing": (lambda x: x[[0, 0, 1], :, [2, 2, 1]], lambda x: x[[0, 0, 1], :, [2, 2, 1]]),
    "slices": (lambda x: x[1:, ..., None, ::2], lambda x: x[1:, ..., None, ::2]),
    "shapes": (lambda x: x.reshape(5, -1).T.flatten()[3:], lambda x: x.reshape(5, -1).T.flatten()[3:]),
}


@over_dtypes
@pytest.mark.parametrize(("ours", "theirs"), TENSOR_OPS.values(), ids=TENSOR_OPS)
def test_tensor_operators(ours, theirs, dtype):
    for seed in range(5):
        rng = np.random.default_rng(seed)
        compare(ours, theirs, [rng.uniform(0.5, 2, (2, 3, 5))], {}, 1, rng, dtype)


# ---- a VAE trained step for step ---------------------------------------------------------------------------

PIXELS, HIDDEN, LATENT, BATCH, STEPS = 47, 23, 5, 11, 100


class VAE(nn.Module):
    def __init__(self, rng):
        self.encoder = nn.Linear(PIXELS, HIDDEN, rng=rng)
        self.mu, self.log_var = nn.Linear(HIDDEN, LATENT, rng=rng), nn.Linear(HIDDEN, LATENT, rng=rng)
        self.decoder = nn.Sequential(nn.Linear(LATENT, HIDDEN, rng=rng), nn.ReLU(), nn.Linear(HIDDEN, PIXELS, rng=rng))

    def forward(self, x, eps):
        """Reconstruction and KL in nats per image."""
        h = F.relu(self.encoder(x))
        mu, log_var = self.mu(h), self.log_var(h)
        logits = self.decoder(F.reparameterize(mu, log_var, eps=eps))
        reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / BATCH
        return reconstruction, F.gaussian_kl(mu, log_var).mean()


class TorchVAE(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = torch.nn.Linear(PIXELS, HIDDEN)
        self.mu, self.log_var = torch.nn.Linear(HIDDEN, LATENT), torch.nn.Linear(HIDDEN, LATENT)
        self.decoder = torch.nn.Sequential(
            torch.nn.Linear(LATENT, HIDDEN), torch.nn.ReLU(), torch.nn.Linear(HIDDEN, PIXELS)
        )

    def forward(self, x, eps):
        h = torch.relu(self.encoder(x))
        mu, log_var = self.mu(h), self.log_var(h)
        logits = self.decoder(mu + torch.exp(0.5 * log_var) * eps)
        reconstruction = T.binary_cross_entropy_with_logits(logits, x, reduction="sum") / BATCH
        return reconstruction, -0.5 * torch.sum(1 + log_var - mu.pow(2) - log_var.exp()) / BATCH


def batches(seed=1):
    """Images with something to learn: each is one of three prototypes with noise; and the noise of the sample."""
    rng = np.random.default_rng(seed)
    prototypes = rng.random((3, PIXELS))
    for _ in range(STEPS):
        images = (rng.random((BATCH, PIXELS)) < prototypes[rng.integers(0, 3, BATCH)]).astype("float64")
        yield images, rng.standard_normal((BATCH, LATENT))


def losses(model, optimizer, wrap):
    """The two losses of each step; `wrap` takes an array into the library."""
    history = []
    for images, eps in batches():
        optimizer.zero_grad()
        reconstruction, kl = model(wrap(images), wrap(eps))
        (reconstruction + kl).backward()
        optimizer.step()
        history.append((reconstruction.item(), kl.item()))
    return np.array(history)


@pytest.mark.parametrize(
    ("name", "options"),
    [("Adam", {"lr": 1e-2}), ("SGD", {"lr": 1e-2, "momentum": 0.9}), ("RMSprop", {"lr": 3e-3})],
    ids=["Adam", "SGD with momentum", "RMSprop"],
)
def test_a_vae_trains_step_for_step_as_in_pytorch(name, options):
    ours, theirs = VAE(np.random.default_rng(0)).to(dtype="float64"), TorchVAE().double()
    theirs.load_state_dict({key: torch.from_numpy(array) for key, array in ours.state_dict().items()}, strict=True)
    found = losses(ours, getattr(optim, name)(ours.parameters(), **options), Tensor)
    expected = losses(theirs, getattr(torch.optim, name)(theirs.parameters(), **options), torch.from_numpy)
    np.testing.assert_allclose(found, expected, rtol=1e-9)
    assert found.sum(axis=1)[-10:].mean() < 0.95 * found.sum(axis=1)[0]  # and it did learn


def test_one_seed_one_run():
    first, again, other = (
        losses(model, optim.Adam(model.parameters()), Tensor)
        for model in [VAE(np.random.default_rng(seed)).to(dtype="float64") for seed in (0, 0, 1)]
    )
    assert first.tobytes() == again.tobytes() and (first != other).all()
