"""The ops and layers of convolutional networks: the same numbers as PyTorch, and errors that say which rule was broken.

Tolerances: every result here is a sum of products. Its rounding error is at most a multiple of eps = 2^-52 (float64) or
2^-23 (float32) times its magnitude, the same sum over absolute values. float64 agrees with PyTorch to 1e-10 of the
largest number; float32 with PyTorch's float64 to `ROUNDINGS` eps of the magnitude, number by number.
"""

import numpy as np
import pytest
import torch

from minae import Tensor, nn
from minae import functional as F
from minae.kernels import fast as kernels

torch.set_num_threads(1)  # threads cost more than they save on images this small

T = torch.nn.functional
ROUNDINGS = 4  # the largest found is 2.0, in sums of up to 2,400 terms, whose errors mostly cancel
CONFIGURATIONS = range(120)
every_configuration = pytest.mark.parametrize("seed", CONFIGURATIONS)


# --- random configurations: dimensions that are prime and differ, uneven pairs, batch 1, one channel, all extremes ----


def draw_sizes(rng):
    """Batch, channels in and out, and an image of 1 to 13 pixels each way."""
    batch, channels, outputs = (int(n) for n in rng.choice([1, 2, 3, 5, 7], 3, p=[0.3, 0.2, 0.2, 0.2, 0.1]))
    return batch, channels, outputs, tuple(int(n) for n in rng.choice([1, 2, 3, 5, 7, 11, 13], 2))


def draw_pair(rng, low, high):
    return int(rng.integers(low, high + 1)), int(rng.integers(low, high + 1))


def as_argument(rng, pair):
    """An even pair as one number, half of the time."""
    return pair[0] if pair[0] == pair[1] and rng.random() < 0.5 else pair


def draw_convolution(seed):
    rng = np.random.default_rng(seed)
    batch, channels, outputs, size = draw_sizes(rng)
    padding = draw_pair(rng, 0, 3) if rng.random() < 0.7 else (0, 0)
    padded = [n + 2 * p for n, p in zip(size, padding)]
    kernel = tuple(padded) if rng.random() < 0.15 else tuple(int(rng.integers(1, min(n, 5) + 1)) for n in padded)
    stride = draw_pair(rng, 1, 4) if rng.random() < 0.6 else (1, 1)
    arrays = [rng.standard_normal((batch, channels, *size)), rng.standard_normal((outputs, channels, *kernel))]
    arrays += [rng.standard_normal(outputs)] if rng.random() < 0.7 else []
    return arrays, {"stride": as_argument(rng, stride), "padding": as_argument(rng, padding)}


def draw_transposed(seed):
    rng = np.random.default_rng(seed)
    batch, channels, outputs, size = draw_sizes(rng)
    kernel = size if rng.random() < 0.15 else draw_pair(rng, 1, 5)
    stride = draw_pair(rng, 1, 4) if rng.random() < 0.7 else (1, 1)
    extra = tuple(int(rng.integers(0, s)) for s in stride)
    full = [(n - 1) * s + k + e for n, s, k, e in zip(size, stride, kernel, extra)]
    padding = tuple(int(rng.integers(0, min(3, (n - 1) // 2) + 1)) for n in full)
    arrays = [rng.standard_normal((batch, channels, *size)), rng.standard_normal((channels, outputs, *kernel))]
    arrays += [rng.standard_normal(outputs)] if rng.random() < 0.7 else []
    options = {"stride": stride, "padding": padding, "output_padding": extra}
    return arrays, {name: as_argument(rng, pair) for name, pair in options.items()}


def draw_pooling(seed):
    rng = np.random.default_rng(seed)
    batch, channels, _, size = draw_sizes(rng)
    kernel = tuple(int(rng.integers(1, min(n, 5) + 1)) for n in size) if rng.random() < 0.85 else size
    options = {"kernel_size": as_argument(rng, kernel)}
    if rng.random() < 0.6:
        options["stride"] = as_argument(rng, draw_pair(rng, 1, 6))
    if rng.random() < 0.5:
        options["padding"] = as_argument(rng, tuple(int(rng.integers(0, k // 2 + 1)) for k in kernel))
    return [rng.standard_normal((batch, channels, *size))], options


def draw_pooling_with_ties(seed):
    arrays, options = draw_pooling(seed)
    return [np.rint(arrays[0])], options


def draw_upsampling(seed):
    rng = np.random.default_rng(seed)
    batch, channels, _, size = draw_sizes(rng)
    return [rng.standard_normal((batch, channels, *size))], {"scale_factor": as_argument(rng, draw_pair(rng, 1, 4))}


OPS = {
    "conv2d": (F.conv2d, T.conv2d, draw_convolution),
    "conv_transpose2d": (F.conv_transpose2d, T.conv_transpose2d, draw_transposed),
    "max_pool2d": (F.max_pool2d, T.max_pool2d, draw_pooling),
    "max_pool2d with ties": (F.max_pool2d, T.max_pool2d, draw_pooling_with_ties),
    "avg_pool2d": (F.avg_pool2d, T.avg_pool2d, draw_pooling),
    "upsample_nearest2d": (F.upsample_nearest2d, T.interpolate, draw_upsampling),
}


def with_gradients(op, tensors, options, cotangent):
    """The result, and the gradients of all inputs, as NumPy arrays."""
    y = op(*tensors, **options)
    y.backward(cotangent)
    return [y.detach().numpy(), *[x.grad if isinstance(x, Tensor) else x.grad.numpy() for x in tensors]]


def ours(op, arrays, options, cotangent):
    return with_gradients(op, [Tensor(a, requires_grad=True) for a in arrays], options, cotangent)


def theirs(op, arrays, options, cotangent):
    tensors = [torch.tensor(np.asarray(a, np.float64), requires_grad=True) for a in arrays]
    return with_gradients(op, tensors, options, torch.tensor(np.asarray(cotangent, np.float64)))


def test_an_image_is_doubled_if_nothing_is_said():
    assert F.upsample_nearest2d(Tensor(np.ones((1, 1, 2, 3)))).shape == (1, 1, 4, 6)


@every_configuration
@pytest.mark.usefixtures("each_kernels")
@pytest.mark.parametrize("name", OPS)
def test_ops_agree_with_pytorch(name, seed):
    op, twin, draw = OPS[name]
    arrays, options = draw(seed)
    shape = twin(*map(torch.tensor, arrays), **options).shape
    cotangent = np.random.default_rng(seed).standard_normal(shape)
    expected = theirs(twin, arrays, options, cotangent)
    for result, right in zip(ours(op, arrays, options, cotangent), expected, strict=True):
        assert result.shape == right.shape and result.dtype == np.float64
        assert np.abs(result - right).max() <= 1e-10 * np.abs(right).max()


@every_configuration
@pytest.mark.usefixtures("each_kernels")
@pytest.mark.parametrize("name", OPS)
def test_float32_is_as_good_as_its_rounding(name, seed):
    op, twin, draw = OPS[name]
    arrays, options = draw(seed)
    arrays = [a.astype(np.float32) for a in arrays]
    shape = twin(*map(torch.tensor, arrays), **options).shape
    cotangent = np.random.default_rng(seed).standard_normal(shape).astype(np.float32)
    expected = theirs(twin, arrays, options, cotangent)
    # max_pool2d's |x| would have other winners; its result is exact, and its gradient a sum of cotangents
    absolute = arrays if twin is T.max_pool2d else [np.abs(a) for a in arrays]
    magnitudes = theirs(twin, absolute, options, np.abs(cotangent))
    for result, right, magnitude in zip(ours(op, arrays, options, cotangent), expected, magnitudes, strict=True):
        assert result.dtype == np.float32
        assert (np.abs(result - right) <= ROUNDINGS * np.finfo(np.float32).eps * np.abs(magnitude)).all()


# --- layers -----------------------------------------------------------------------------------------------------------

LAYERS = {  # how the op's random arguments become a layer's, and its twin
    "Conv2d": (nn.Conv2d, torch.nn.Conv2d, draw_convolution),
    "ConvTranspose2d": (nn.ConvTranspose2d, torch.nn.ConvTranspose2d, draw_transposed),
    "MaxPool2d": (nn.MaxPool2d, torch.nn.MaxPool2d, draw_pooling),
    "AvgPool2d": (nn.AvgPool2d, torch.nn.AvgPool2d, draw_pooling),
    "Upsample": (nn.Upsample, torch.nn.Upsample, draw_upsampling),
}


@every_configuration
@pytest.mark.usefixtures("each_kernels")
@pytest.mark.parametrize("name", LAYERS)
def test_layers_agree_with_pytorch(name, seed):
    """With PyTorch's weights: state_dict() has its names, shapes and layouts."""
    kind, twin_kind, draw = LAYERS[name]
    (x, *weights), options = draw(seed)
    if weights:
        outputs = weights[0].shape[1 if kind is nn.ConvTranspose2d else 0]
        kernel = as_argument(np.random.default_rng(seed), weights[0].shape[2:])
        options |= {"in_channels": x.shape[1], "out_channels": outputs, "kernel_size": kernel}
        options["bias"] = len(weights) > 1
    twin = twin_kind(**options).double()
    layer = kind(**options).to(dtype="float64")
    layer.load_state_dict({key: value.numpy() for key, value in twin.state_dict().items()})
    assert {k: v.shape for k, v in layer.state_dict().items()} == {k: v.shape for k, v in twin.state_dict().items()}
    image, twin_image = Tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
    y, expected = layer(image), twin(twin_image)
    cotangent = np.random.default_rng(seed).standard_normal(expected.shape)
    y.backward(cotangent)
    expected.backward(torch.tensor(cotangent))
    pairs = [(y.data, expected.detach()), (image.grad, twin_image.grad)]
    pairs += [(ours.grad, theirs.grad) for ours, theirs in zip(layer.parameters(), twin.parameters(), strict=True)]
    for result, right in pairs:
        assert result.shape == right.shape
        assert np.abs(result - right.numpy()).max() <= 1e-10 * right.abs().max()


@pytest.mark.parametrize("name", ["Conv2d", "ConvTranspose2d"])
def test_initial_weights_are_distributed_as_in_pytorch(name):
    """Uniform in ±1/√fan_in, where fan_in is what PyTorch computes for its own layer."""
    arguments = {"in_channels": 6, "out_channels": 40, "kernel_size": (3, 5)}
    layer, twin = getattr(nn, name)(**arguments, rng=0), getattr(torch.nn, name)(**arguments)
    fan_in, _ = torch.nn.init._calculate_fan_in_and_fan_out(twin.weight)
    for parameter in (layer.weight.data, layer.bias.data):
        assert parameter.dtype == np.float32
        scaled = parameter.astype(float) * np.sqrt(fan_in)  # uniform in ±1: variance 1/3, of x² 4/45
        assert 0.9 < np.abs(scaled).max() <= 1 + 1e-6
        assert abs(scaled.mean()) < 5 * np.sqrt(1 / 3 / scaled.size)
        assert abs((scaled**2).mean() - 1 / 3) < 5 * np.sqrt(4 / 45 / scaled.size)
    assert abs(twin.weight.abs().max().item() * np.sqrt(fan_in) - 1) < 0.01
    again = getattr(nn, name)(**arguments, rng=0)
    assert np.array_equal(again.weight.data, layer.weight.data) and np.array_equal(again.bias.data, layer.bias.data)


def test_layers_in_words():
    layers = nn.Sequential(
        nn.Conv2d(1, 16, 3, stride=(2, 1)),
        nn.ConvTranspose2d(16, 8, 4, 2, 1, output_padding=1, bias=False),
        nn.MaxPool2d(2),
        nn.AvgPool2d(3, 2, 1),
        nn.Upsample(scale_factor=2),
    )
    assert repr(layers).splitlines()[1:-1] == [
        "  (0): Conv2d(in_channels=1, out_channels=16, kernel_size=(3, 3), stride=(2, 1), padding=(0, 0), bias=True)",
        "  (1): ConvTranspose2d(in_channels=16, out_channels=8, kernel_size=(4, 4), stride=(2, 2), padding=(1, 1), "
        "output_padding=(1, 1), bias=False)",
        "  (2): MaxPool2d(kernel_size=(2, 2), stride=(2, 2), padding=(0, 0))",
        "  (3): AvgPool2d(kernel_size=(3, 3), stride=(2, 2), padding=(1, 1))",
        "  (4): Upsample(scale_factor=(2, 2), mode='nearest')",
    ]
    assert list(layers.state_dict()) == ["0.weight", "0.bias", "1.weight"]


# --- ties, NaN, empty batches, dtypes ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("each_kernels")
def test_of_equal_maxima_the_first_wins():
    x = Tensor(np.ones((1, 1, 4, 4)), requires_grad=True)
    F.max_pool2d(x, 2).backward(np.array([[[[1.0, 2.0], [3.0, 4.0]]]]))
    assert x.grad.tolist() == [[[[1, 0, 2, 0], [0, 0, 0, 0], [3, 0, 4, 0], [0, 0, 0, 0]]]]


@pytest.mark.usefixtures("each_kernels")
def test_windows_of_minus_infinity():
    x = np.full((1, 1, 3, 3), -np.inf)
    options, cotangent = {"kernel_size": 2, "padding": 1}, np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
    expected = theirs(T.max_pool2d, [x], options, cotangent)
    for result, right in zip(ours(F.max_pool2d, [x], options, cotangent), expected):
        assert np.array_equal(result, right)


@every_configuration
@pytest.mark.usefixtures("each_kernels")
@pytest.mark.parametrize("name", OPS)
def test_nan_spreads_as_in_pytorch(name, seed):
    """From one pixel, to exactly the results that read it."""
    op, twin, draw = OPS[name]
    arrays, options = draw(seed)
    arrays[0].flat[seed % arrays[0].size] = np.nan
    result = op(*map(Tensor, arrays), **options).data
    assert np.array_equal(np.isnan(result), np.isnan(twin(*map(torch.tensor, arrays), **options).numpy()))


@pytest.mark.usefixtures("each_kernels")
def test_the_gradient_of_a_nan_window_is_not_lost():
    x = Tensor(np.full((1, 1, 2, 2), np.nan), requires_grad=True)
    F.max_pool2d(x, 2).backward(np.array([[[[3.0]]]]))
    assert x.grad.tolist() == [[[[3, 0], [0, 0]]]]


@pytest.mark.usefixtures("each_kernels")
@pytest.mark.parametrize("name", OPS)
def test_an_empty_batch_as_in_pytorch(name):
    op, twin, draw = OPS[name]
    for seed in range(20):
        arrays, options = draw(seed)
        arrays[0] = arrays[0][:0]
        shape = twin(*map(torch.tensor, arrays), **options).shape
        for result, right in zip(
            ours(op, arrays, options, np.zeros(shape)), theirs(twin, arrays, options, np.zeros(shape)), strict=True
        ):
            assert result.shape == right.shape and np.array_equal(result, right)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_gradients_keep_the_dtype_through_a_network(dtype):
    network = nn.Sequential(
        nn.Conv2d(1, 3, 3, padding=1, rng=0),
        nn.MaxPool2d(2),
        nn.AvgPool2d(2, 1),
        nn.Upsample(scale_factor=2),
        nn.ConvTranspose2d(3, 1, 4, 2, 1, rng=1),
    ).to(dtype=dtype)
    x = Tensor(np.random.default_rng(0).standard_normal((2, 1, 8, 8)).astype(dtype), requires_grad=True)
    y = network(x)
    y.sum().backward()
    assert y.shape == (2, 1, 12, 12)
    assert {y.dtype, x.grad.dtype, *(p.grad.dtype for p in network.parameters())} == {np.dtype(dtype)}


def test_layers_hand_on_their_memory():
    """Through a whole network no image is laid out anew, and flattening it is a view."""
    conv, pool, flatten = nn.Conv2d(2, 4, 3, padding=1, rng=0), nn.MaxPool2d(2), nn.Flatten()
    x = Tensor(np.random.default_rng(0).standard_normal((8, 2, 6, 6)).astype(np.float32))
    activation = F.relu(conv(x))
    pooled = pool(activation)
    for y in (activation, pooled, nn.Upsample(scale_factor=2)(pooled)):
        assert np.shares_memory(kernels.in_memory_order(y.data), y.data)
    assert np.shares_memory(flatten(pooled).data, pooled.data)


# --- errors -----------------------------------------------------------------------------------------------------------


def zeros(*shape, dtype=np.float32):
    return Tensor(np.zeros(shape, dtype))


X, W = zeros(2, 3, 5, 7), zeros(4, 3, 3, 3)  # for conv_transpose2d, W has 4 input channels
Z = zeros(2, 4, 5, 7)
SHAPES = {  # the call, and what the message says
    "channels": (lambda: F.conv2d(Z, W), "conv2d: weight expects 3 input channels, x has 4"),
    "channels, transposed": (lambda: F.conv_transpose2d(X, W), "weight expects 4 input channels, x has 3"),
    "no batch axis": (lambda: F.conv2d(zeros(3, 5, 5), W), r"expected x \(N, C, H, W\).*found \(3, 5, 5\)"),
    "no pixels": (lambda: F.conv2d(zeros(2, 3, 0, 5), W, padding=2), r"only N may be 0, found \(2, 3, 0, 5\)"),
    "no channels": (lambda: F.conv2d(zeros(2, 0, 5, 5), W), r"only N may be 0, found \(2, 0, 5, 5\)"),
    "a matrix for a kernel": (lambda: F.conv2d(X, zeros(4, 3)), r"expected weight \(out, in, kh, kw\).*found \(4, 3\)"),
    "transposed axes": (lambda: F.conv_transpose2d(X, zeros(4)), r"expected weight \(in, out, kh, kw\)"),
    "no outputs": (lambda: F.conv2d(X, zeros(0, 3, 3, 3)), r"none of them 0, found \(0, 3, 3, 3\)"),
    "bias": (lambda: F.conv2d(X, W, zeros(3)), r"bias must be \(4,\)"),
    "bias, transposed": (lambda: F.conv_transpose2d(Z, W, zeros(4)), r"bias must be \(3,\)"),
    "bias of two axes": (lambda: F.conv2d(X, W, zeros(4, 1)), r"bias must be \(4,\)"),
    "large kernel": (lambda: F.conv2d(X, zeros(4, 3, 7, 9)), "kernel 7x9 is larger than the padded input 5x7"),
    "large kernel, one way": (lambda: F.conv2d(X, zeros(1, 3, 2, 10), padding=(9, 1)), "kernel 2x10 .* input 23x9"),
    "nothing left": (lambda: F.conv_transpose2d(Z, W, padding=4), "padding 4x4 leaves nothing of the result: -1x1"),
    "large output padding": (
        lambda: F.conv_transpose2d(Z, W, stride=(2, 3), output_padding=2),
        "output_padding 2x2 must be smaller than the stride 2x3",
    ),
    "output padding without stride": (lambda: F.conv_transpose2d(Z, W, output_padding=(0, 1)), "output_padding 0x1"),
    "large pool": (lambda: F.max_pool2d(X, 6), "max_pool2d: kernel 6x6 is larger than the padded input 5x7"),
    "large pool, average": (lambda: F.avg_pool2d(X, (5, 8)), "avg_pool2d: kernel 5x8 is larger"),
    "pool padding": (lambda: F.max_pool2d(X, 3, padding=2), "padding 2x2 must be at most half of the kernel, 3x3"),
    "pool padding, average": (lambda: F.avg_pool2d(X, (2, 4), padding=(2, 1)), "padding 2x1 must be at most half"),
    "pool of a matrix": (lambda: F.max_pool2d(zeros(5, 5), 2), r"expected x \(N, C, H, W\)"),
    "upsampled matrix": (lambda: F.upsample_nearest2d(zeros(5, 5)), r"upsample_nearest2d: expected x \(N, C, H, W\)"),
    "stride 0": (lambda: F.conv2d(X, W, stride=0), "stride must be a whole number of at least 1, .*found 0"),
    "three strides": (lambda: F.conv2d(X, W, stride=(1, 1, 1)), r"or two \(h, w\), found \(1, 1, 1\)"),
    "negative padding": (lambda: F.conv_transpose2d(Z, W, padding=-1), "padding must be .* at least 0, .*found -1"),
    "half a padding": (lambda: F.conv2d(X, W, padding=(0, 0.5)), r"padding must be .*found \(0, 0.5\)"),
    "padding by name": (lambda: F.conv2d(X, W, padding="same"), "padding must be a whole number .*found 'same'"),
    "pool stride 0": (lambda: F.max_pool2d(X, 2, 0), "stride must be a whole number of at least 1"),
    "kernel size 0": (lambda: F.avg_pool2d(X, (0, 2)), r"kernel_size must be .*found \(0, 2\)"),
    "scale factor": (lambda: F.upsample_nearest2d(X, 1.5), "scale_factor must be a whole number .*found 1.5"),
    "scale factor 0": (lambda: F.upsample_nearest2d(X, 0), "scale_factor must be .*at least 1"),
    "layer channels": (lambda: nn.Conv2d(0, 3, 3), "Conv2d: in_channels must be a whole number of at least 1"),
    "layer kernel": (lambda: nn.Conv2d(1, 3, (3, 3, 3)), "Conv2d: kernel_size must be"),
    "layer stride": (lambda: nn.ConvTranspose2d(1, 3, 3, 0), "ConvTranspose2d: stride must be"),
    "layer padding": (lambda: nn.MaxPool2d(2, 2, True), "MaxPool2d: padding must be"),
    "average layer": (lambda: nn.AvgPool2d(-2), "AvgPool2d: kernel_size must be"),
    "upsampling layer": (lambda: nn.Upsample(scale_factor=0), "Upsample: scale_factor must be"),
    "upsampling mode": (lambda: nn.Upsample(scale_factor=2, mode="bilinear"), "mode must be 'nearest'"),
}


@pytest.mark.parametrize("case", SHAPES)
def test_broken_rules(case):
    call, message = SHAPES[case]
    with pytest.raises(ValueError, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_messages_name_all_shapes():
    with pytest.raises(ValueError, match=r"found x \(2, 4, 5, 7\) float32, weight \(4, 3, 3, 3\) float32, bias \(4,\)"):
        F.conv2d(Z, W, zeros(4))


DTYPES = {
    "integer image": (
        lambda: F.conv2d(zeros(2, 3, 5, 7, dtype=np.int64), W),
        "conv2d: x must be floating, found int64",
    ),
    "integer weight": (lambda: F.conv2d(X, zeros(4, 3, 3, 3, dtype=np.int32)), "weight must be floating, found int32"),
    "mixed": (lambda: F.conv2d(X, zeros(4, 3, 3, 3, dtype=np.float64)), "the inputs must have one dtype"),
    "mixed bias": (lambda: F.conv_transpose2d(Z, W, zeros(3, dtype=np.float64)), "conv_transpose2d: .*one dtype"),
    "pooled bytes": (lambda: F.max_pool2d(zeros(1, 1, 4, 4, dtype=np.uint8), 2), "x must be floating, found uint8"),
    "averaged integers": (lambda: F.avg_pool2d(zeros(1, 1, 4, 4, dtype=np.int8), 2), "x must be floating, found int8"),
    "upsampled bytes": (lambda: F.upsample_nearest2d(zeros(1, 1, 4, 4, dtype=np.uint8)), "x must be floating"),
    "a list": (lambda: F.conv2d([[1.0]], W), "x must be a Tensor or an array, found list"),
    "upsampling by position": (lambda: nn.Upsample(2), "positional argument"),
}


@pytest.mark.parametrize("case", DTYPES)
def test_wrong_types(case):
    call, message = DTYPES[case]
    with pytest.raises(TypeError, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
