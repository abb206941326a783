"""Wrong ops whose mistake hides, by where it hides. None may pass, and no kind of them.

Each entry has a kind, a name, an op and its inputs. The op is right but for one mistake; `wrong` ones take it from
`mistaken`, which makes an op from a function, its derivative, and what is done to g or to the gradient.
"""

from dataclasses import dataclass

import numpy as np

from minae import differentiable

HIDDEN = []


@dataclass(frozen=True)
class Hidden:
    kind: str
    name: str
    op: object
    inputs: list

    def __str__(self):
        return f"{self.kind}: {self.name}"


def hide(kind, name, op, *inputs):
    HIDDEN.append(Hidden(kind, name, differentiable(op), list(inputs)))


def normal(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


ELEMENTWISE = {
    "square": (lambda x: x * x, lambda x: 2 * x),
    "cube": (lambda x: x**3, lambda x: 3 * x * x),
    "softplus": (lambda x: np.logaddexp(x, 0), lambda x: 1 / (1 + np.exp(-x))),
    "arsinh": (np.arcsinh, lambda x: 1 / np.sqrt(1 + x * x)),
}


def mistaken(name, of_g=lambda g: g, of_gradient=lambda grad, x: grad):
    """An elementwise op with a mistake in what it does to g, or to the gradient."""
    f, derivative = ELEMENTWISE[name]
    return lambda x: (f(x), (lambda g: of_gradient(of_g(g) * derivative(x), x),))


# --- a huge element drowns what is wrong with the others --------------------------------------------------------------

KIND = "beside a huge element"
SLIPS = {
    "twice too large": lambda grad, x: np.where(np.abs(x) < 1e4, 2 * grad, grad),
    "zero": lambda grad, x: np.where(np.abs(x) < 1e4, 0 * grad, grad),
    "the sign": lambda grad, x: np.where(np.abs(x) < 1e4, -grad, grad),
    "1 % too large": lambda grad, x: np.where(np.abs(x) < 1e4, 1.01 * grad, grad),
    "one part in a million": lambda grad, x: np.where(np.abs(x) < 1e4, (1 + 1e-6) * grad, grad),
}
for size, huge in ((7, 1e10), (150, 1e12), (500, 1e10), (1000, 1e7)):
    for slip, of_gradient in SLIPS.items():
        hide(
            KIND, f"{slip}, {size} elements", mistaken("square", of_gradient=of_gradient), np.r_[huge, normal(size - 1)]
        )


def second_half_doubled(x):
    k = np.ones(500)
    k[250:] = 2
    return x * x, (lambda g: 2 * x * g * k,)


def one_of_500(x):
    k = np.ones(x.shape)
    k[333] = 1.1
    return x**3, (lambda g: 3 * x * x * g * k,)


def summed(x):
    k = np.where(np.abs(x) > 1e4, 1.0, 2.0)
    return np.sum(x * x), (lambda g: 2 * x * g * k,)


def two_outputs(x):
    """The second output, weak beside the first, has a gradient of the wrong sign."""
    return np.stack([1e14 * np.sin(x), np.cos(x)]), (lambda g: g[0] * 1e14 * np.cos(x) + g[1] * np.sin(x),)


def weak_rows(x, w):
    return x * w, (lambda g: g * w, lambda g: g * x * np.where(np.abs(x) < 1, 1.5, 1))


hide(KIND, "half of 500, doubled", second_half_doubled, np.r_[1e10, normal(499)])
hide(KIND, "one of 500, by a tenth", one_of_500, np.r_[1e8, normal(499)])
hide(KIND, "under a sum", summed, np.r_[1e9, normal(5)])
hide(KIND, "under a sum of 300", summed, np.r_[1e9, normal(299)])
hide(KIND, "a weak output", two_outputs, normal(4))
hide(KIND, "a product's weak rows", weak_rows, np.r_[1e12, 0.1 * normal(20)], normal(21, seed=1))

# --- vjps that are not linear in g ------------------------------------------------------------------------------------

KIND = "not linear in g"
OF_G = {
    "clipped at 5": lambda g: np.clip(g, -5, 5),
    "clipped at 1e4": lambda g: np.clip(g, -1e4, 1e4),
    "clipped from above": lambda g: np.minimum(g, 10),
    "its norm clipped": lambda g: g * min(1.0, 50 / max(np.linalg.norm(g), 1e-300)),
    "small ones dropped": lambda g: np.where(np.abs(g) < 1e-3, 0, g),
    "tiny ones dropped": lambda g: np.where(np.abs(g) < 1e-9, 0, g),
    "dropped if all are small": lambda g: g * (np.abs(g).max(initial=0) > 1e-5),
    "its sign where large": lambda g: np.where(np.abs(g) > 100, 100 * np.sign(g), g),
    "its absolute value": np.abs,
    "negative ones dropped": lambda g: np.maximum(g, 0),
    "negative ones by a tenth": lambda g: np.where(g > 0, g, 0.9 * g),
    "by its sign, a little": lambda g: g * (1 + 1e-8 * np.sign(g)),
    "tanh": np.tanh,
    "a thousandth of its square": lambda g: g + 1e-3 * g * np.abs(g),
    "rounded to ten digits": lambda g: np.round(g, 10),
    "if its sum is negative": lambda g: -g if g.sum() < 0 else g,
    "if its first number is negative": lambda g: 0.5 * g if g.flat[0] < 0 else g,
    "if none is negative": lambda g: 2 * g if (g >= 0).all() else g,
    "if all are equal": lambda g: 2 * g if np.ptp(g) == 0 else g,
    "if only one is not 0": lambda g: 2 * g if np.count_nonzero(g) == 1 else g,
    "if some are 0": lambda g: 1.5 * g if 0 < np.count_nonzero(g) < g.size else g,
    "overflow guarded": lambda g: np.where(np.abs(g) > 1e15, 1e15, g),
    "underflow guarded": lambda g: np.where(np.abs(g) < 1e-15, 1e-15, g),
    "in half the digits": lambda g: np.where(np.abs(g) > 1e5, g.astype(np.float32), g),
}
for name, of_g in OF_G.items():
    hide(KIND, name, mistaken("softplus", of_g), normal(2, 3))

# --- vjps that share state --------------------------------------------------------------------------------------------

KIND = "shared state"


def stored_by_the_first(a, b):
    """The second vjp returns what the first has stored."""
    kept = [np.zeros_like(a)]

    def grad_a(g):
        kept[0] = g * a
        return g * b

    return a * b, (grad_a, lambda g: kept[0])


def stored_by_the_second(a, b):
    kept = [np.zeros_like(a)]

    def grad_b(g):
        kept[0] = g * b
        return g * a

    return a * b, (lambda g: kept[0], grad_b)


_shelf = {}


def on_a_shelf(a, b):
    """As above, but kept from call to call."""

    def grad_a(g):
        _shelf["ga"] = g * a
        return g * b

    return a * b, (grad_a, lambda g: _shelf.get("ga", 0 * a))


def g_on_a_shelf(a, b):
    def grad_a(g):
        _shelf["g"] = g.copy()
        return g * b

    return a * b, (grad_a, lambda g: _shelf.get("g", g) * a)


def first_g_for_ever(x):
    key = ("first", x.shape)
    return np.sin(x), (lambda g: _shelf.setdefault(key, g.copy()) * np.cos(x),)


def first_x_for_ever(x):
    first = _shelf.setdefault(("x", x.shape), x.copy())
    return np.sin(x), (lambda g: g * np.cos(first if np.abs(first - x).max() < 1e9 else x),)


def last_x(x):
    _shelf["last x"] = x.copy()
    return np.sin(x), (lambda g: g * np.cos(_shelf["last x"]),)


def average_of_two(x):
    def grad_x(g):
        mean = 0.5 * (g + _shelf.get("average", g))
        _shelf["average"] = g.copy()
        return mean * np.cos(x)

    return np.sin(x), (grad_x,)


def counted(a, b):
    """Half of it, if the other vjp has not run."""
    runs = [0]

    def grad_a(g):
        runs[0] += 1
        return g * b

    return a * b, (grad_a, lambda g: g * a * (1 if runs[0] else 0.5))


def popped(a, b):
    """Each vjp takes the next of a list, whoever asks first."""
    others = [b, a]
    return a * b, (lambda g: g * (others.pop(0) if others else b), lambda g: g * (others.pop(0) if others else a))


def used_up(a, b, c):
    product = [b * c, a * c, a * b]
    return a * b * c, tuple((lambda g: g * product.pop(0)) for _ in range(3))


def accumulated(x):
    total = _shelf.setdefault(("total", x.shape), np.zeros(x.shape))

    def grad_x(g):
        total[...] += 1e-9 * g
        return g * np.cos(x) + total

    return np.sin(x), (grad_x,)


def one_buffer_for_two(a, b):
    buffer = np.empty_like(a)
    return a * b, (lambda g: np.multiply(g, b, out=buffer), lambda g: np.multiply(g, a, out=buffer))


hide(KIND, "the second returns what the first stored", stored_by_the_first, normal(3), normal(3, seed=1))
hide(KIND, "the first returns what the second stored", stored_by_the_second, normal(3), normal(3, seed=1))
hide(KIND, "stored from call to call", on_a_shelf, normal(3), normal(3))
hide(KIND, "g stored from call to call", g_on_a_shelf, normal(3), normal(3, seed=1))
hide(KIND, "the first g for ever", first_g_for_ever, normal(3))
hide(KIND, "the first x for ever", first_x_for_ever, normal(4))
hide(KIND, "the last x", last_x, normal(3))
hide(KIND, "g averaged with the one before", average_of_two, normal(3))
hide(KIND, "half if alone", counted, normal(3), normal(3, seed=1))
hide(KIND, "whoever asks first", popped, normal(3), normal(3, seed=1))
hide(KIND, "three, whoever asks first", used_up, normal(3), normal(3, seed=1), normal(3, seed=2))
hide(KIND, "a total that grows", accumulated, normal(3))
hide(KIND, "one buffer for two gradients", one_buffer_for_two, normal(3), normal(3, seed=1))

# --- right at first ---------------------------------------------------------------------------------------------------

KIND = "right at first"


def from_call(n, slip=1.01, of_op=False):
    """Wrong from the nth call of the vjp on, or of the op."""
    count = [0]

    def op(x):
        count[0] += of_op

        def grad_x(g):
            count[0] += not of_op
            return g * np.cos(x) * (slip if count[0] >= n else 1)

        return np.sin(x), (grad_x,)

    return op


def now_and_then(every):
    count = [0]

    def op(x):
        def grad_x(g):
            count[0] += 1
            return g * np.cos(x) * (0.5 if count[0] % every == 0 else 1)

        return np.sin(x), (grad_x,)

    return op


def wears_off(x):
    n = _shelf["wear"] = _shelf.get("wear", 0) + 1
    return np.sin(x), (lambda g: g * np.cos(x) * (1 - 1e-9 * n),)


def value_drifts(x):
    n = _shelf["drift"] = _shelf.get("drift", 0) + 1
    return np.sin(x) + (0.1 if n % 150 > 100 else 0), (lambda g: g * np.cos(x),)


for n in (2, 5, 10, 15, 20):
    hide(KIND, f"wrong from call {n} on", from_call(n), normal(3))
hide(KIND, "zero from the tenth on", from_call(10, 0.0), normal(3))
hide(KIND, "wrong from the 50th call of the op on", from_call(50, of_op=True), normal(3))
for every in (2, 3, 7):
    hide(KIND, f"wrong every {every}th time", now_and_then(every), normal(3))
hide(KIND, "wears off", wears_off, normal(3))
hide(KIND, "the value drifts", value_drifts, normal(3))

# --- where arrays lie in memory ---------------------------------------------------------------------------------------

KIND = "memory order"


def of_x(mistake):
    """sin, with the gradient multiplied by 2 where `mistake` holds for x."""
    return lambda x: (np.sin(x), (lambda g: g * np.cos(x) * (2 if mistake(x) else 1),))


def of_cotangent(mistake):
    return lambda x: (np.sin(x), (lambda g: g * np.cos(x) * (2 if mistake(g) else 1),))


FLAWS = {
    "column-major": lambda x: x.flags.f_contiguous and not x.flags.c_contiguous,
    "not contiguous": lambda x: not x.flags.c_contiguous and not x.flags.f_contiguous,
    "a stride of two": lambda x: any(s > x.itemsize * x.size for s in x.strides) or x.strides[-1] == 2 * x.itemsize,
    "negative strides": lambda x: any(s < 0 for s in x.strides),
    "read-only": lambda x: not x.flags.writeable,
}
for flaw, mistake in FLAWS.items():
    hide(KIND, f"x, if {flaw}", of_x(mistake), normal(3, 4))
    hide(KIND, f"g, if {flaw}", of_cotangent(mistake), normal(3, 4))
hide(KIND, "g, if broadcast", of_cotangent(lambda g: 0 in g.strides), normal(3, 4))
hide(KIND, "1-D x, if every other", of_x(lambda x: x.strides[0] > 8), normal(5))
hide(KIND, "1-D g, if from the end", of_cotangent(lambda g: g.strides[0] < 0), normal(5))


def raveled_as_stored(x):
    return np.sin(x), (lambda g: (g.ravel(order="K") * np.cos(x).ravel()).reshape(x.shape),)


def raveled_any_order(x):
    return np.sin(x), (lambda g: g * np.cos(x.ravel(order="A")).reshape(x.shape),)


def strided(x):
    """Takes g for C-contiguous."""

    def grad_x(g):
        flat = np.lib.stride_tricks.as_strided(g, (1, g.shape[-1]), (0, 8))
        return np.concatenate([flat, g[1:]]) * np.cos(x)

    return np.sin(x), (grad_x,)


def value_as_stored(x):
    return np.sin(x.ravel(order="K").reshape(x.shape)), (lambda g: g * np.cos(x),)


def written_into(x):
    """Multiplies the memory of g in place, if that is its own."""

    def grad_x(g):
        if g.base is not None and g.flags.writeable:
            g[...] = 0
        return g * np.cos(x)

    return np.sin(x), (grad_x,)


def turned(x):
    return x.T.copy(), (lambda g: g.T if g.flags.c_contiguous else g.reshape(x.shape),)


hide(KIND, "g raveled as it is stored", raveled_as_stored, normal(3, 4))
hide(KIND, "x raveled as it is stored", raveled_any_order, normal(3, 4))
hide(KIND, "g taken for contiguous", strided, normal(3, 4))
hide(KIND, "the value from x as it is stored", value_as_stored, normal(3, 4))
hide(KIND, "written into g if it is a view", written_into, normal(3, 4))
hide(KIND, "turned back only if contiguous", turned, normal(3, 4))

# --- float32 ----------------------------------------------------------------------------------------------------------

KIND = "float32"


def in_float32(slip, where=lambda x: True):
    """sinh, whose float32 gradient is wrong by a factor where `where` holds."""

    def op(x):
        factor = np.where(where(x), slip, 1).astype(x.dtype) if x.dtype == np.float32 else 1
        return np.sinh(x), (lambda g: g * np.cosh(x) * factor,)

    return op


def small_squares(slip):
    def op(x):
        factor = np.where(np.abs(x) < 0.1, slip, 1).astype(x.dtype) if x.dtype == np.float32 else 1
        return x * x, (lambda g: 2 * g * x * factor,)

    return op


def value_in_float32(slip, where):
    def op(x):
        factor = np.where(where(x), slip, 1).astype(x.dtype) if x.dtype == np.float32 else 1
        return x * x * factor, (lambda g: 2 * g * x,)

    return op


def halves(x):
    """float16 on the way, for float32."""
    narrow = x.astype(np.float16) if x.dtype == np.float32 else x
    return np.sinh(x), (lambda g: g * np.cosh(narrow).astype(x.dtype),)


def narrow(*numbers):
    return np.array(numbers, dtype=np.float32)


single = normal(5).astype(np.float32)
for slip in (0.0, -1.0, 1.01, 1.001):
    hide(KIND, f"all, by a factor of {slip}", in_float32(slip), single)
    hide(KIND, f"small elements, by a factor of {slip}", small_squares(slip), narrow(100, 0.01, 3, -0.02))
    hide(KIND, f"tiny elements, by a factor of {slip}", small_squares(slip), narrow(1e6, 1e-4, 3, -1e-6))
hide(KIND, "one element, by 1 %", in_float32(1.01, lambda x: x == x.min()), single)
hide(KIND, "one of 300, by 1 %", in_float32(1.01, lambda x: x == x.min()), normal(300).astype(np.float32))
hide(KIND, "the value, by 1 %", value_in_float32(1.01, lambda x: True), single)
hide(KIND, "the value of a small element, by 1 %", value_in_float32(1.01, lambda x: np.abs(x) < 0.1), narrow(100, 0.01))
hide(KIND, "float16 on the way", halves, single)

# --- nothing to check -------------------------------------------------------------------------------------------------

KIND = "nothing to compare"
hide(KIND, "an empty input, times 17", lambda x: (x * x, (lambda g: 17 * g,)), np.zeros((0, 3)))
hide(KIND, "an empty input, no 2", lambda x: (x * x, (lambda g: g * x,)), np.zeros(0))
hide(KIND, "two empty inputs", lambda a, b: (a * b, (lambda g: g, lambda g: g)), np.zeros((2, 0)), np.zeros((2, 0)))
hide(
    KIND, "an empty one with a full one", lambda a, b: (a + b, (lambda g: g, lambda g: -g)), np.zeros((0, 3)), normal(3)
)
hide(KIND, "no inner axis", lambda a, b: (a @ b, (lambda g: g @ b.T, lambda g: b)), np.zeros((2, 0)), np.zeros((0, 3)))
hide(KIND, "an empty slice", lambda x: (x[2:2], (lambda g: 0 * x,)), normal(3))
hide(KIND, "the mean of no rows", lambda x: (x.sum(1), (lambda g: g[:, None] + 0 * x,)), np.zeros((0, 3)))
hide(KIND, "float32, empty", lambda x: (np.sin(x), (lambda g: g,)), np.zeros((0, 2), dtype=np.float32))
hide(
    KIND,
    "an empty input beside a right one",
    lambda a, b: (a * a, (lambda g: 2 * g * a, lambda g: b)),
    normal(3),
    np.zeros(0),
)

# --- narrower than the steps ------------------------------------------------------------------------------------------

KIND = "a narrow feature"


def bump(width):
    """x, and a bump at 1 that backward forgets."""
    return lambda x: (x + np.exp(-(((x - 1) / width) ** 2)), (lambda g: g,))


for width in (1e-2, 1e-3, 1e-4, 1e-6, 1e-8, 1e-10):
    hide(KIND, f"a forgotten bump of width {width:g}", bump(width), np.array([1 + 0.3 * width]))
for distance in (1e-3, 1e-6, 1e-9, 1e-11):
    hide(
        KIND,
        f"the other side of a kink {distance:g} away",
        lambda x: (np.maximum(x - 1, 0), (lambda g: g * (x < 1),)),
        np.array([1 + distance, 2.5]),
    )
hide(
    KIND,
    "a forgotten wave of 1e5 turns",
    lambda x: (x + 1e-3 * np.sin(1e5 * x), (lambda g: g,)),
    np.array([0.7]),
)
