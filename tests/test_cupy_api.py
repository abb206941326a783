"""What minae asks of an array library, the installed CuPy has. Read from the source, so no GPU is needed.

In each file of array code the checker looks at attributes of `xp` (and of a call of `xp_of`), of `rng`, and at the
methods that arrays have. A library or a generator under another name escapes it: the first is reported, and a
generator that stays on the host (it shuffles, say) should not be called `rng`.
"""

import ast
import inspect
import operator
import re
from pathlib import Path

import numpy as np
import pytest

from tests import strict_device
from tests.test_strict_device import FUNCTION_VIEWS, VIEWS

ROOT = Path(__file__).parents[1]
HOST = "backend.py cli data reports/plots.py measures/probe.py checker".split()  # these compute on the host alone
HOST_ONLY = [
    str(path.relative_to(ROOT))
    for name in HOST
    for path in ROOT.glob(f"minae/{name}" if name.endswith(".py") else f"minae/{name}/*.py")
]
ARRAY_CODE = sorted({str(path.relative_to(ROOT)) for path in ROOT.glob("minae/**/*.py")} - set(HOST_ONLY))

# Keywords of functions whose signature CuPy does not tell, or gives as **kwargs.
KEYWORDS = {
    "einsum": {"dtype", "optimize"},
    "meshgrid": {"indexing", "sparse", "copy"},
    "pad": {"mode", "constant_values", "end_values", "stat_length", "reflect_type"},
    "matmul": {"out", "dtype", "casting", "axes", "axis"},
}
UFUNC_METHODS = {  # the ufuncs that have them, and their keywords
    "at": (strict_device.UFUNCS_WITH_AT, set()),
    "reduce": ({"add", "multiply"}, {"axis", "dtype", "out", "keepdims"}),
    "accumulate": ({"add", "multiply"}, {"axis", "dtype", "out"}),
}
ALSO_ELSEWHERE = {"sort", "flatten", "to_device"}  # methods of lists and Tensors, too: their keywords say nothing


def installed_cupy():
    cupy = strict_device.import_cupy()
    if cupy is None:
        pytest.fail("CuPy is not installed, and this test reads its names: pip install 'minae[test]' (needs no GPU)")
    return cupy


# --- the checker ----------------------------------------------------------------------------------------------


def problems(source):
    """What CuPy lacks of the names and keywords in `source`: one line of text for each use."""
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    calls = {node.func: node for node in nodes if isinstance(node, ast.Call)}
    inner = {node.value for node in nodes if isinstance(node, ast.Attribute)}
    found = []
    for node in nodes:
        if isinstance(node, ast.Attribute) and not (node in inner and _kind(_chain(node)[0]) != "other"):
            root, names = _chain(node)
            found.append((node.lineno, _check(_kind(root), names, root, calls.get(node), _imported(nodes))))
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and _kind(node.value) == "library":
            if [ast.unparse(target).rpartition(".")[2] for target in node.targets] != ["xp"]:
                found.append((node.lineno, f"call the library xp, not {ast.unparse(node.targets[0])}"))
        elif isinstance(node, ast.Call) and _name(node.func) == "getattr" and _kind(node.args[0]) == "library":
            found.append((node.lineno, "getattr(xp, ...) hides a name from this test"))
    return [f"line {line}: {text}" for line, text in sorted(entry for entry in found if entry[1])]


def _name(node):
    """The last name of `a.b.c` or `c`."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _kind(node):
    """Whether an expression is the array library, a generator, or something else."""
    if _name(node) == "xp" or (isinstance(node, ast.Call) and _name(node.func) in ("xp_of", "library")):
        return "library"
    if _name(node) == "rng" or (isinstance(node, ast.Call) and _name(node.func) == "default_rng"):
        return "generator"
    return "other"


def _chain(node):
    """`xp.lib.stride_tricks` as its root and ["lib", "stride_tricks"]."""
    names = []
    while isinstance(node, ast.Attribute) and (not names or _kind(node) == "other"):
        names.append(node.attr)
        node = node.value
    return node, names[::-1]


def _imported(nodes):
    aliases = [alias for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names]
    return {(alias.asname or alias.name).partition(".")[0] for alias in aliases}


def _check(kind, names, root, call, imported):
    if kind == "library":
        return _check_function(names, call)
    if kind == "generator":
        return _check_generator(names[0], call)
    return None if getattr(root, "id", "") in imported else _check_method(names[-1], call)


def _check_function(names, call):
    path = ".".join(names)
    ufunc, _, method = path.rpartition(".")
    if method in UFUNC_METHODS and ufunc:
        ufuncs, allowed = UFUNC_METHODS[method]
        return _check_keywords(path, call, allowed) if ufunc in ufuncs else f"CuPy has no xp.{path}"
    try:
        function = operator.attrgetter(path)(installed_cupy())
    except AttributeError:
        return f"CuPy has no xp.{path}"
    if isinstance(function, installed_cupy().ufunc):
        return _check_keywords(path, call, strict_device.UFUNC_KEYWORDS)
    if path in KEYWORDS:
        return _check_keywords(path, call, KEYWORDS[path])
    if call is None or isinstance(function, type):  # dtypes and finfo are NumPy's
        return None
    return _check_signature(f"xp.{path}", function, call)


def _check_generator(name, call):
    generator = installed_cupy().random.Generator
    if not hasattr(generator, name):
        return f"CuPy's Generator has no .{name}"
    return _check_signature(f"rng.{name}", getattr(generator, name), call, 1) if call else None


def _check_method(name, call):
    if name in ALSO_ELSEWHERE or name.startswith("__") or not hasattr(np.ndarray, name):
        return None
    if not hasattr(installed_cupy().ndarray, name):
        return f"cupy.ndarray has no .{name}"
    return _check_keywords(f".{name}", call, strict_device.METHODS.get(name, "").split())


def _check_keywords(path, call, allowed):
    for keyword in call.keywords if call else []:
        if keyword.arg and keyword.arg not in allowed:
            return f"CuPy's {path} takes no {keyword.arg}= (or it is missing in this test's tables)"
    return None


def _check_signature(path, function, call, bound=0):
    """Bind the call's arguments to CuPy's signature; `bound`: how many come first without being written."""
    try:
        signature = inspect.signature(function)
    except ValueError:
        return f"CuPy does not tell the signature of {path}: add its keywords to this test's table"
    if any(parameter.kind == parameter.VAR_KEYWORD for parameter in signature.parameters.values()):
        return f"CuPy's {path} has **kwargs: add its keywords to this test's table"
    keywords = {keyword.arg: None for keyword in call.keywords if keyword.arg}
    args = [None for arg in call.args if not isinstance(arg, ast.Starred)]
    unpacked = len(args) + len(keywords) < len(call.args) + len(call.keywords)
    try:
        (signature.bind_partial if unpacked else signature.bind)(*[None] * bound, *args, **keywords)
    except TypeError as error:
        return f"CuPy's {path}: {error}"
    return None


# --- minae ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", ARRAY_CODE)
def test_array_code_asks_only_for_what_cupy_has(file):
    installed_cupy()
    assert problems((ROOT / file).read_text(encoding="utf-8")) == []


def test_the_excluded_files_exist_and_the_others_are_looked_at():
    assert all((ROOT / file).is_file() for file in HOST_ONLY)
    assert {"minae/tensors.py", "minae/autograd.py"} <= set(ARRAY_CODE)
    nodes = [node for file in ARRAY_CODE for node in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8")))]
    assert sum(isinstance(node, ast.Attribute) and _kind(node.value) == "library" for node in nodes) >= 10


def test_without_cupy_it_fails_and_says_what_to_install(monkeypatch):
    monkeypatch.setattr(strict_device, "import_cupy", lambda: None)
    with pytest.raises(pytest.fail.Exception, match=r"pip install 'minae\[test\]'"):
        test_array_code_asks_only_for_what_cupy_has("minae/tensors.py")


# --- the checker can fail -------------------------------------------------------------------------------------

WRONG = {
    "xp.errstate(divide='ignore')": "CuPy has no xp.errstate",
    "exp = xp.nosuch": "CuPy has no xp.nosuch",
    "xp.insert(x, 0, 1)": "CuPy has no xp.insert",
    "xp_of(x).vecdot(x, x)": "CuPy has no xp.vecdot",
    "backend.xp_of(x).block([x])": "CuPy has no xp.block",
    "self.xp.nditer(x)": "CuPy has no xp.nditer",
    "xp.linalg.multi_dot([x, x])": "CuPy has no xp.linalg.multi_dot",
    "xp.lib.array_utils.byte_bounds(x)": "CuPy has no xp.lib.array_utils.byte_bounds",
    "xp.multiply.at(x, i, 2)": "CuPy has no xp.multiply.at",
    "xp.maximum.reduce(x, axis=0)": "CuPy has no xp.maximum.reduce",
    "xp.add.at(x, i, b=1)": "takes no b=",
    "xp.sum(x, where=m)": "unexpected keyword argument 'where'",
    "y = 1 + xp.sum(xp.max(x, initial=0))": "unexpected keyword argument 'initial'",
    "xp.var(x, correction=1)": "unexpected keyword argument 'correction'",
    "xp.exp(x, where=m)": "takes no where=",
    "xp.maximum(x, y, subok=True)": "takes no subok=",
    "xp.zeros(3, device='cpu')": "unexpected keyword argument 'device'",
    "xp.pad(x, 1, fill=0)": "takes no fill=",
    "xp.einsum('ij', x, out=y)": "takes no out=",
    "xp.fromfunction(f, shape=s)": "has **kwargs",
    "xp.min_scalar_type(x)": "does not tell the signature",
    "xp.lib.stride_tricks.as_strided(x, shape, strides, writeable=False)": "unexpected keyword argument 'writeable'",
    "xp.lib.stride_tricks.as_strided(x, shape, strides, False)": "too many positional arguments",
    "xp.tril()": "missing a required argument",
    "rng.normal(0, 1, size=3)": "Generator has no .normal",
    "self.rng.permutation(9)": "Generator has no .permutation",
    "order = rng.shuffle": "Generator has no .shuffle",
    "rng.bit_generator.state": "Generator has no .bit_generator",
    "xp.random.default_rng(0).choice(9)": "Generator has no .choice",
    "default_rng(rng, xp).spawn(2)": "Generator has no .spawn",
    "rng.standard_normal(3, loc=1)": "unexpected keyword argument 'loc'",
    "rng.random(3, xp.float32, None, 4)": "too many positional arguments",
    "xp.random.default_rng(seed=0, bits=1)": "unexpected keyword argument 'bits'",
    "x.sum(axis=0, where=m)": ".sum takes no where=",
    "(x + 1).max(initial=0)": ".max takes no initial=",
    "f(x)[0].std(correction=1)": ".std takes no correction=",
    "x.astype(t, casting='safe')": ".astype takes no casting=",
    "x.setflags(write=False)": "cupy.ndarray has no .setflags",
    "self.grad.ctypes.data": "cupy.ndarray has no .ctypes",
    "m = xp_of(x)": "call the library xp",
    "getattr(xp, name)(x)": "hides a name",
}


@pytest.mark.parametrize("source", WRONG, ids=WRONG.keys())
def test_the_checker_reports(source):
    installed_cupy()
    found = problems(f"import backend\nxp = xp_of(x)\n{source}\n")
    assert len(found) == 1 and found[0].startswith("line 3: ") and WRONG[source] in found[0], found


RIGHT = """
import json
from . import kernels as k
xp, shape = xp_of(x), x.shape
xp = backend.xp_of(x)
y = xp.sum(x, axis=(0, 1), keepdims=True) + xp.exp(x, out=x) + xp.where(x > 0, x, 0) * xp.pi
y = xp.lib.stride_tricks.as_strided(x, shape, strides) + xp.lib.stride_tricks.as_strided(*args, **options)
y = xp.zeros(shape, dtype=xp.float32) + xp.dtype(x).itemsize + xp.finfo(x.dtype).eps
y = xp.add.at(x, i, g) + xp.add.reduce(x, axis=0) + xp.matmul(x, x, out=y) + xp.einsum("ij", x, optimize=True)
y = xp.pad(x, 1, mode="edge") + xp.concatenate([x, x], axis=1) + xp.clip(x, 0, None) + xp.linalg.norm(x, axis=0)
y = x.sum(axis=0, keepdims=True).astype(x.dtype, copy=False).reshape(2, 3, order="C").transpose(0, 1).base
z = rng.standard_normal(x.shape, dtype=x.dtype) + self.rng.random(3) + xp.random.default_rng(0).integers(9, size=2)
names.sort(key=len), k.resize(x, size=2), json.dump(x, f, indent=1), model.flatten(start_dim=1), d.copy(), t.data
super().__init__(data, requires_grad=True)
"""


def test_the_checker_is_content_with_what_cupy_has():
    installed_cupy()
    assert problems(RIGHT) == []


# --- the stand-in against the installed CuPy ------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(strict_device.MISSING))
def test_missing_names_are_missing(name):
    assert _check_function(name.split("."), None) == f"CuPy has no xp.{name}"


@pytest.mark.parametrize("name", strict_device.METHODS)
def test_methods_take_the_keywords_of_the_table(name):
    """CuPy's methods tell their signature in the first line of their docstring only."""
    line = getattr(installed_cupy().ndarray, name).__doc__.splitlines()[0]
    arguments = re.fullmatch(rf"\w+\.{name}\(self,? ?(.*)\)(?: -> \w+)?", line).group(1)
    told = {argument.partition("=")[0].split()[-1] for argument in arguments.split(", ") if argument}
    assert set(strict_device.METHODS[name].split()) <= told


@pytest.mark.parametrize("name", strict_device.DISTRIBUTIONS)
def test_distributions_take_the_arguments_of_the_table(name):
    arguments = ["self", *strict_device.DISTRIBUTIONS[name].split()]
    signature = inspect.signature(getattr(installed_cupy().random.Generator, name))
    assert list(signature.parameters)[: len(arguments)] == arguments


def test_ufuncs_with_at_are_those_of_the_table():
    cupy = installed_cupy()
    ufuncs = {name for name in dir(cupy) if isinstance(getattr(cupy, name), cupy.ufunc)}
    assert strict_device.UFUNCS_WITH_AT <= {name for name in ufuncs if getattr(cupy, name)._scatter_op}


@pytest.mark.parametrize("name", "sum max min mean var std prod any all argmax zeros full arange take".split())
def test_refused_keywords_are_unknown_to_cupy(name):
    parameters = inspect.signature(getattr(installed_cupy(), name)).parameters
    assert not strict_device.REFUSED_KEYWORDS & set(parameters)


def cupy_array():
    """A cupy.ndarray on host memory. Shapes and strides are worked out by the host: no GPU is asked."""
    cupy = installed_cupy()
    data = np.zeros((2, 3, 4), np.float32)
    memory = cupy.cuda.UnownedMemory(data.ctypes.data, data.nbytes, data, 0)
    return cupy.ndarray(data.shape, data.dtype, cupy.cuda.MemoryPointer(memory, 0))


def stand_in_array():
    return strict_device.zeros((2, 3, 4), np.float32)


LAYOUTS = {name: lambda xp, a, view=view: view(a) for name, view in VIEWS.items()} | FUNCTION_VIEWS
LAYOUTS |= {
    "as_strided": lambda xp, a: xp.lib.stride_tricks.as_strided(a, (3, 2), (4, 8)),
    "view of as_strided": lambda xp, a: xp.lib.stride_tricks.as_strided(a, (3, 2), (4, 8))[1:].T,
    "itself": lambda xp, a: a,
    "T of a row": lambda xp, a: a[0, 0].T,
    "astype": lambda xp, a: a.astype(np.float32, copy=False),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_views_have_cupys_layout_and_base(layout):
    def describe(xp, a):
        view = layout(xp, a)
        flags = (view.flags.c_contiguous, view.flags.f_contiguous, view.flags.owndata)
        return view.shape, view.strides, flags, view is a, view.base is a, view.base is None

    assert describe(strict_device, stand_in_array()) == describe(installed_cupy(), cupy_array())


REFUSALS = {
    "implicit conversion": lambda xp, a: np.asarray(a),
    "fill from the host": lambda xp, a: operator.setitem(a, ..., np.zeros(4, np.float32)),
    "fill from a list": lambda xp, a: operator.setitem(a, 0, [1.0, 2.0, 3.0, 4.0]),
    "index": lambda xp, a: [1, 2][a[0, 0, 0]],
    "slice end": lambda xp, a: range(3)[: a[0, 0, 0]],
    "shape": lambda xp, a: xp.zeros(a[0, 0, 0]),
    "axis": lambda xp, a: a.sum(axis=a[0, 0, 0]),
    "reduction keyword": lambda xp, a: xp.sum(a, where=a),
    "method keyword": lambda xp, a: a.max(initial=0),
    "as_strided keyword": lambda xp, a: xp.lib.stride_tricks.as_strided(a, (2,), (4,), writeable=False),
    "keyword that only CuPy tells": lambda xp, a: xp.take(a, a, mode="clip"),
    "one argument too many": lambda xp, a: xp.max(a, 0, None, False, 1.0),
    "name that only CuPy tells": lambda xp, a: xp.polyder,
    "ufunc keyword": lambda xp, a: xp.add(a, a, where=True),
    "matrix product with the host": lambda xp, a: a @ np.zeros((4, 2), np.float32),
    "item of many": lambda xp, a: a.item(),
    "unknown member": lambda xp, a: a.ctypes,
    "writeable flag": lambda xp, a: a.flags.writeable,
    "hash": lambda xp, a: hash(a),
    "out of range": lambda xp, a: a[2],
    "unsupported dtype": lambda xp, a: a.astype(object),
    "wrong shape": lambda xp, a: a.reshape(7),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS.keys())
def test_refusals_are_cupys(refusal):
    with pytest.raises((TypeError, ValueError, IndexError, AttributeError)) as cupys:
        refusal(installed_cupy(), cupy_array())
    with pytest.raises(cupys.type):
        refusal(strict_device, stand_in_array())


def test_the_message_of_an_implicit_conversion_is_cupys():
    with pytest.raises(TypeError) as cupys:
        np.asarray(cupy_array())
    with pytest.raises(TypeError, match=re.escape(str(cupys.value))):
        np.asarray(stand_in_array())
