"""What every op gives at 0, at infinity, at NaN, at the largest and the smallest floats; beside PyTorch.

python -m tests.extremes        writes docs/extremes.md
"""

import itertools
from pathlib import Path

import numpy as np
import torch

import minae
from minae import Tensor
from minae import functional as F

T = torch.nn.functional
PAGE = Path(__file__).parents[1] / "docs" / "extremes.md"
LIMITS = np.finfo(np.float64)
VALUES = {  # by the names that the page gives them
    "0": 0.0,
    "-0": -0.0,
    "inf": np.inf,
    "-inf": -np.inf,
    "NaN": np.nan,
    "max": LIMITS.max,
    "-max": -LIMITS.max,
    "tiny": LIMITS.tiny,
    "-tiny": -LIMITS.tiny,
    "least": LIMITS.smallest_subnormal,
    "1000": 1000.0,
    "-1000": -1000.0,
}
FEW = {name: VALUES[name] for name in ("0", "inf", "-inf", "NaN", "max", "-max", "tiny")} | {"1": 1.0, "-2": -2.0}
SHARES = {"0": 0.0, "0.3": 0.3, "1": 1.0}

ZEROS = np.zeros((2, 1, 1))
KEPT = [0.0, 2.0]  # what dropout multiplies by
W, B = np.array([[1.0, 0.0], [0.5, -1.0]]), np.array([1.0, 2.0])
KERNEL = np.array([[[[1.0, 0.5]]]])


def gates(count, x):
    """Both weights of a cell of one unit: a number for each gate."""
    weight = np.linspace(-1.0, 2.0, count).reshape(count, 1)
    return 2 * [weight.astype(x.dtype) if isinstance(x, Tensor) else torch.tensor(weight, dtype=x.dtype)]


def image(x):
    return x.reshape(1, 1, 1, 2)


def torch_kl(x):
    return (0.5 * (x[0] * x[0] + (torch.expm1(x[1]) - x[1]))).reshape(1)


ONE = {  # of one number: the op, and PyTorch's
    "-x": (lambda x: -x, lambda x: -x),
    "exp": (lambda x: x.exp(), torch.exp),
    "log": (lambda x: x.log(), torch.log),
    "sqrt": (lambda x: x.sqrt(), torch.sqrt),
    "tanh": (lambda x: x.tanh(), torch.tanh),
    "sin": (lambda x: x.sin(), torch.sin),
    "cos": (lambda x: x.cos(), torch.cos),
    "abs": (lambda x: x.abs(), torch.abs),
    "clip": (lambda x: x.clip(-1.0, 0.0), lambda x: torch.clip(x, -1.0, 0.0)),
    "gelu": (F.gelu, T.gelu),
    "gelu, tanh": (lambda x: F.gelu(x, "tanh"), lambda x: T.gelu(x, approximate="tanh")),
    "silu": (F.silu, T.silu),
    "relu": (F.relu, T.relu),
    "leaky_relu": (F.leaky_relu, T.leaky_relu),
    "sigmoid": (F.sigmoid, torch.sigmoid),
    "softplus": (F.softplus, T.softplus),
    "x ** 0": (lambda x: x**0, lambda x: x**0),
    "x ** 1": (lambda x: x**1, lambda x: x**1),
    "x ** 2": (lambda x: x**2, lambda x: x**2),
    "x ** -1": (lambda x: x**-1, lambda x: x**-1),
    "x ** 0.5": (lambda x: x**0.5, lambda x: x**0.5),
    "0 ** x": (lambda x: 0**x, lambda x: 0**x),
    "2 ** x": (lambda x: 2**x, lambda x: 2**x),
}
TWO = {  # of two numbers; the second is one of SHARES for the cross-entropy
    "a + b": (lambda a, b: a + b, lambda a, b: a + b),
    "a - b": (lambda a, b: a - b, lambda a, b: a - b),
    "a * b": (lambda a, b: a * b, lambda a, b: a * b),
    "a / b": (lambda a, b: a / b, lambda a, b: a / b),
    "a ** b": (lambda a, b: a**b, lambda a, b: a**b),
    "maximum": (minae.maximum, torch.maximum),
    "minimum": (minae.minimum, torch.minimum),
    "where": (
        lambda a, b: minae.where(np.array(True), a, b),
        lambda a, b: torch.where(torch.tensor(True), a, b),
    ),
    "stack": (lambda a, b: minae.stack([a, b]), lambda a, b: torch.stack([a, b])),
    "cat": (
        lambda a, b: minae.cat([a.reshape(1), b.reshape(1)]),
        lambda a, b: torch.cat([a.reshape(1), b.reshape(1)]),
    ),
    "mse_loss": (F.mse_loss, T.mse_loss),
    "binary_cross_entropy_with_logits": (F.binary_cross_entropy_with_logits, T.binary_cross_entropy_with_logits),
}
PAIRS = {  # of an array of two numbers
    "sum": (lambda x: x.sum(), lambda x: x.sum()),
    "mean": (lambda x: x.mean(), lambda x: x.mean()),
    "max": (lambda x: x.max(), lambda x: torch.amax(x, 0)),
    "min": (lambda x: x.min(), lambda x: torch.amin(x, 0)),
    "var": (lambda x: x.var(), lambda x: x.var()),
    "std": (lambda x: x.std(), lambda x: x.std()),
    "prod": (lambda x: x.prod(), lambda x: x.prod()),
    "cumsum": (lambda x: x.cumsum(0), lambda x: x.cumsum(0)),
    "softmax": (F.softmax, lambda x: T.softmax(x, -1)),
    "layer_norm": (lambda x: F.layer_norm(x, 2, eps=1.0), lambda x: T.layer_norm(x, (2,), eps=1.0)),
    "group_norm": (
        lambda x: F.group_norm(x.reshape(1, 2), 1, eps=1.0),
        lambda x: T.group_norm(x.reshape(1, 2), 1, eps=1.0),
    ),
    "batch_norm": (
        lambda x: F.batch_norm(x.reshape(2, 1), None, None, training=True),
        lambda x: T.batch_norm(x.reshape(2, 1), None, None, training=True),
    ),
    "kl_divergence": (
        lambda x: F.kl_divergence(*(part.reshape(1, 1) for part in (x[:1], x[1:])), *ZEROS.astype(x.dtype)),
        torch_kl,
    ),
    "squeeze": (lambda x: x.reshape(2, 1).squeeze(), lambda x: x.reshape(2, 1).squeeze()),
    "unsqueeze": (lambda x: x.unsqueeze(0), lambda x: x.unsqueeze(0)),
    "swapaxes": (lambda x: x.reshape(2, 1).swapaxes(0, 1), lambda x: x.reshape(2, 1).swapaxes(0, 1)),
    "broadcast_to": (lambda x: x.broadcast_to((3, 2)), lambda x: x.broadcast_to((3, 2))),
    "pad": (lambda x: F.pad(x, (1, 1)), lambda x: T.pad(x, (1, 1))),
    "embedding": (
        lambda x: F.embedding(np.array([0, 0, 1]), x.reshape(2, 1)),
        lambda x: T.embedding(torch.tensor([0, 0, 1]), x.reshape(2, 1)),
    ),
    "dropout": (
        lambda x: F.dropout(x, 0.5, noise=np.array([0.1, 0.9], x.dtype)),
        lambda x: x * torch.tensor(KEPT, dtype=x.dtype),
    ),
    "reshape": (lambda x: x.reshape(2, 1), lambda x: x.reshape(2, 1)),
    "flatten": (lambda x: x.flatten(), lambda x: x.flatten()),
    "transpose": (lambda x: x.transpose(), lambda x: x.t()),
    "x[[0, 0]]": (lambda x: x[[0, 0]], lambda x: x[[0, 0]]),
    "matmul": (lambda x: x @ W.astype(x.dtype), lambda x: x @ torch.tensor(W, dtype=x.dtype)),
    "linear": (
        lambda x: F.linear(x, W.astype(x.dtype), B.astype(x.dtype)),
        lambda x: T.linear(x, torch.tensor(W, dtype=x.dtype), torch.tensor(B, dtype=x.dtype)),
    ),
    "log_softmax": (F.log_softmax, lambda x: T.log_softmax(x, -1)),
    "logsumexp": (lambda x: F.logsumexp(x, -1), lambda x: torch.logsumexp(x, -1)),
    "cross_entropy": (
        lambda x: F.cross_entropy(x.reshape(1, 2), np.array([0])),
        lambda x: T.cross_entropy(x.reshape(1, 2), torch.tensor([0])),
    ),
    "gru_cell": (
        lambda x: F.gru_cell(x[:1].reshape(1, 1), x[1:].reshape(1, 1), *gates(3, x)),
        lambda x: torch.gru_cell(x[:1].reshape(1, 1), x[1:].reshape(1, 1), *gates(3, x)),
    ),
    "lstm_cell": (
        lambda x: F.lstm_cell(x[:1].reshape(1, 1), 0.0 * x[:1].reshape(1, 1) + 0.5, x[1:].reshape(1, 1), *gates(4, x)),
        lambda x: torch.stack(
            torch.lstm_cell(x[:1].reshape(1, 1), (0.0 * x[:1].reshape(1, 1) + 0.5, x[1:].reshape(1, 1)), *gates(4, x))
        ),
    ),
    "gru": (
        lambda x: F.gru(x.reshape(2, 1, 1), np.zeros((1, 1), x.dtype), *gates(3, x)),
        lambda x: torch.gru(
            x.reshape(2, 1, 1), torch.zeros(1, 1, 1, dtype=x.dtype), gates(3, x), False, 1, 0.0, False, False, False
        )[0],
    ),
    "conv2d": (
        lambda x: F.conv2d(image(x), KERNEL.astype(x.dtype), padding=(0, 1)),
        lambda x: T.conv2d(image(x), torch.tensor(KERNEL, dtype=x.dtype), padding=(0, 1)),
    ),
    "conv_transpose2d": (
        lambda x: F.conv_transpose2d(image(x), KERNEL.astype(x.dtype)),
        lambda x: T.conv_transpose2d(image(x), torch.tensor(KERNEL, dtype=x.dtype)),
    ),
    "max_pool2d": (lambda x: F.max_pool2d(image(x), (1, 2)), lambda x: T.max_pool2d(image(x), (1, 2))),
    "avg_pool2d": (lambda x: F.avg_pool2d(image(x), (1, 2)), lambda x: T.avg_pool2d(image(x), (1, 2))),
    "upsample_nearest2d": (
        lambda x: F.upsample_nearest2d(image(x), 2),
        lambda x: T.interpolate(image(x), scale_factor=2),
    ),
    "reparameterize": (
        lambda x: F.reparameterize(x[0], x[1], eps=np.asarray(0.5, x.dtype)),
        lambda x: x[0] + torch.exp(x[1] / 2) * 0.5,
    ),
    "gaussian_kl": (lambda x: F.gaussian_kl(x[:1].reshape(1, 1), x[1:].reshape(1, 1)), torch_kl),
}


def infinite(*names):
    return any(name in ("inf", "-inf") for name in names)


def large(*names):
    return any(name in ("max", "-max") for name in names)


def is_kept(*names):
    """Whether all of a tiny state is kept: the other number opens the update gate."""
    return "tiny" in names and bool({"inf", "max"} & set(names))


# Where minae differs from PyTorch (op, where, why). The docstring of the op says so too.
DIFFERENT = [
    ("abs", lambda x: x == "NaN", "the slope is NaN, in PyTorch 0"),
    ("gelu", infinite, "the slopes are 1 and 0, in PyTorch NaN"),
    ("gelu, tanh", lambda x: infinite(x) or large(x), "the slopes are 1 and 0, in PyTorch NaN"),
    ("x ** 0.5", lambda x: x == "-0", "PyTorch's slope is -inf: it divides by the square root"),
    ("x ** 0.5", lambda x: x == "-inf", "the slope b a^(b-1) is 0, in PyTorch NaN"),
    ("a ** b", lambda a, b: (a, b) == ("-inf", "0.5"), "NumPy takes the square root"),
    (
        "binary_cross_entropy_with_logits",
        lambda x, t: x == "-inf" and t != "0",
        "PyTorch gives NaN, where the loss is infinite",
    ),
    ("max_pool2d", lambda a, b: b == "NaN", "g goes to the first place not below y, in PyTorch to the last NaN"),
    ("gaussian_kl", lambda a, b: b == "tiny", "½ (e^x - 1) is x/2; PyTorch's sum ½ e^x - ½ is 0"),
    ("kl_divergence", lambda a, b: b == "tiny", "½ (e^x - 1) is x/2; PyTorch's sum ½ e^x - ½ is 0"),
    ("var", lambda a, b: infinite(a, b), "an infinite element makes all slopes NaN, in PyTorch its own"),
    ("var", lambda a, b: large(a, b), "the sum of the elements overflows"),
    ("std", lambda a, b: large(a, b), "the sum of the elements overflows"),
    ("std", lambda a, b: "tiny" in (a, b), "PyTorch's slope is rounded to 0"),
    (
        "prod",
        lambda a, b: bool({a, b} - {"0", "1", "-2"}),
        "a slope is the product of the others; PyTorch's is y / x, and overflows or is NaN",
    ),
    ("logsumexp", lambda a, b: a == b == "-inf", "the slopes are 0, in PyTorch NaN"),
    ("logsumexp", lambda a, b: large(a) and a == b, "the slopes are ½, in PyTorch 1: x + ln 2 is rounded to x"),
    ("logsumexp", lambda a, b: {a, b} == {"inf", "max"}, "e^max overflows: both slopes are NaN, in PyTorch one"),
    ("layer_norm", lambda a, b: large(a, b), "x̂ is 0 where the variance overflows, in PyTorch NaN"),
    ("group_norm", lambda a, b: large(a, b), "x̂ is 0 where the variance overflows, in PyTorch NaN"),
    ("batch_norm", lambda a, b: large(a, b), "x̂ is 0 where the variance overflows, in PyTorch its slope is NaN"),
    ("gru_cell", is_kept, "z h is exact where z is 1; PyTorch's n + z (h - n) rounds a tiny h away"),
    ("gru", is_kept, "z h is exact where z is 1; PyTorch's n + z (h - n) rounds a tiny h away"),
]


def may_differ(op, inputs):
    return any(name == op and where(*inputs) for name, where, _ in DIFFERENT)


def rows():
    """(op, names of the inputs, the inputs, ours, PyTorch's) for all there is to compare."""
    for op, pair in ONE.items():
        for name, x in VALUES.items():
            yield op, (name,), [np.array(x)], *pair
    for op, pair in TWO.items():
        second = SHARES if op.startswith("binary") else FEW | ({"0.5": 0.5} if op == "a ** b" else {})
        for (first, a), (other, b) in itertools.product(FEW.items(), second.items()):
            yield op, (first, other), [np.array(a), np.array(b)], *pair
    for op, pair in PAIRS.items():
        for (first, a), (other, b) in itertools.product(FEW.items(), repeat=2):
            yield op, (first, other), [np.array([a, b])], *pair


def cotangent_of(y):
    """1, 2, 3, ... With equal numbers, gradients of normalised values would be 0."""
    return np.arange(1, y.size + 1, dtype=y.dtype).reshape(y.shape)


def ours(f, inputs):
    """The value and the gradients."""
    with np.errstate(all="ignore"):
        tensors = [Tensor(x, requires_grad=True) for x in inputs]
        y = f(*tensors)
        y.backward(cotangent_of(y))
        return [y.data, *(x.grad for x in tensors)]


def theirs(f, inputs):
    tensors = [torch.tensor(x, requires_grad=True) for x in inputs]
    y = f(*tensors)
    y.backward(torch.tensor(cotangent_of(y.detach().numpy())))
    return [y.detach().numpy(), *(x.grad.numpy() for x in tensors)]


# Ops that move numbers and change none; the page leaves them out.
MOVES = set(
    "reshape flatten transpose squeeze unsqueeze swapaxes broadcast_to pad embedding upsample_nearest2d".split()
) | {"x[[0, 0]]"}

# --- the page ---------------------------------------------------------------------------------------------------------

INTRODUCTION = """# The ops at the extremes

What each op gives at the edge of the floats: 0, infinity, NaN, the largest number (max, 1.8e308), the smallest normal
one (tiny, 2.2e-308) and the smallest of all (least, 4.9e-324). An entry is the value, a bar, and the slopes (with
1, 2, 3, ... for the cotangent of an array). All is
float64, and computed by `python -m tests.extremes`. A test compares every entry with PyTorch, in float64 and float32.
"""


def shown(number):
    number = float(number) + 0.0  # libraries differ in the sign of a zero
    for name in ("max", "-max", "tiny", "-tiny", "least"):
        if number == VALUES[name]:
            return name
    return f"{number:.4g}".replace("nan", "NaN").replace("e+", "e")


def entry(inputs, f):
    value, *slopes = ours(f, inputs)
    texts = [" ".join(map(shown, np.ravel(array))) for array in (value, *slopes)]
    return f"{texts[0]} \\| {', '.join(texts[1:])}"


def table(head, lines):
    return [f"| {' | '.join(head)} |", "|" + "---|" * len(head), *(f"| {' | '.join(line)} |" for line in lines), ""]


def page():
    of_one = [[f"`{op}`", *(entry([np.array(x)], f) for x in VALUES.values())] for op, (f, _) in ONE.items()]
    lines = [*INTRODUCTION.splitlines(), "", "## Of one number", "", *table(["x =", *VALUES], of_one)]
    lines += ["## Of two numbers", ""]
    for op, (f, _) in TWO.items():
        if op in ("where", "stack", "cat"):
            continue
        second = SHARES if op.startswith("binary") else FEW
        grid = [[name, *(entry([np.array(a), np.array(b)], f) for b in second.values())] for name, a in FEW.items()]
        lines += [f"### `{op}`", "", *table(["first \\ second", *second], grid)]
    lines += ["## Of an array of two", ""]
    for op, (f, _) in PAIRS.items():
        if op not in MOVES:
            grid = [[name, *(entry([np.array([a, b])], f) for b in FEW.values())] for name, a in FEW.items()]
            lines += [f"### `{op}`", "", *table(["first \\ second", *FEW], grid)]
    lines += ["## Where PyTorch gives something else", ""]
    lines += [f"- `{op}`: {why}." for op, _, why in DIFFERENT]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
