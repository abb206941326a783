"""A submission in its own process: what crosses, in which form, and what is refused."""

import json
import socket
import struct
from pathlib import Path

import numpy as np
import pytest

import minae
from lessons.tools import patience, wire
from lessons.tools.exercises import InPlaceError, load, watched_module
from lessons.tools.patience import Deadline
from lessons.tools.remote import Gone, Submission, SubmissionError

SOURCE = """
import numpy as np

kept = []

def same(value):
    return value

def disguise(value):
    liar = lambda *_: True
    return type("Liar", (type(value),), {"__eq__": liar, "__hash__": None, "__str__": liar, "__float__": liar})(value)

def describe(value):
    return repr(value)

def make_tensor():
    import minae
    return minae.tensor(np.array([1.0, 2.0]))

def overwrite(tensor):
    tensor.data[...] = 0

def name_of(function):
    return function.__name__

def call(f, *args, **kwargs):
    return f(*args, **kwargs)

def scale(a):
    return 2 * a, (lambda g: 2 * g,)

def scale_in_place(a, times=2):
    a *= times
    return a

def scale_with_a_vjp_in_place(a):
    def vjp(g):
        g *= 2
        return g
    return 2 * a, (vjp,)

def scale_second(arrays):
    arrays[1][0][...] *= 2

def scale_all(*arrays):
    for array in arrays:
        array *= 2

def swallow(f):
    try:
        f()
    except ValueError as error:
        return f"caught {error}"

def fail(kind):
    raise getattr(__builtins__, kind, None) or __builtins__[kind]("no good")

def inverse(matrix):
    return np.linalg.inv(np.array(matrix))

def nested(depth):
    return [] if depth == 0 else [nested(depth - 1)]

def numbers():
    yield from (1, 2, 3)

def remember(value):
    kept.append(value)
    return len(kept)

def show_and_return(f):
    value = Value(1.0)
    f(value)
    f(2.0)
    return value

def count_kept():
    import gc
    from lessons.tools.worker import Server

    return next(len(thing.objects) for thing in gc.get_objects() if isinstance(thing, Server))

class Value:
    def __init__(self, data):
        self.data = data
        self.parents = set()
        self._private = 1

    def __mul__(self, other):
        result = Value(self.data * getattr(other, "data", other))
        result.parents = {self}
        return result

    __rmul__ = __mul__

    def __neg__(self):
        return Value(-self.data)

    def __sub__(self, other):
        return 0.0

    def double(self):
        return self * 2
"""


@pytest.fixture(scope="module")
def submission():
    with Submission(SOURCE, timeout=60) as submission:
        yield submission


@pytest.fixture
def module(submission):
    return submission.load()


PLAIN = [
    *(None, True, False, 0, -(2**200), 1.5, -0.0, float("inf"), 1e-320, 2 - 3j, "", "κ\ud800\n\0"),
    *([], (), [1, (2.0, "x")], {"a": [1], 2: (3,), (4, 5): None}, {1, 2}, [[[[]]]]),
]


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_plain_values_come_back_as_they_were(module, value):
    assert repr(module.same(value)) == module.describe(value) == repr(value)


def test_a_subclass_of_a_plain_type_becomes_that_type(module):
    """Its own methods stay where it is: a number that says it is equal to everything comes as a number."""
    for value in ("x", 2, 1.5, [1], (1,), {"a": 1}, {1}, 2j):
        found = module.disguise(value)
        assert type(found) is type(value) and found == value and found != 99


def test_nan_comes_back(module):
    assert np.isnan(module.same(float("nan"))) and np.isnan(module.same(np.float32("nan")))


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint64", "float16", "float32", "float64", "complex64", ">f4"])
def test_arrays_and_their_scalars_keep_dtype_and_shape(module, dtype):
    for shape in ((), (3,), (2, 0, 3), (2, 3, 4)):
        array = (np.arange(np.prod(shape)) % 2).reshape(shape).astype(dtype)
        for given in (array, np.array(array, order="F"), array[..., None][..., 0]):
            found = module.same(given)
            assert type(found) is np.ndarray and found.dtype == array.dtype.newbyteorder("=")
            np.testing.assert_array_equal(found, array, strict=dtype != ">f4")
    scalar = np.ones((), dtype)[()]
    assert type(module.same(scalar)) is type(scalar)


def test_an_array_that_came_is_ours_to_change(module):
    found = module.same(np.zeros(3))
    found += 1
    assert found.tolist() == [1, 1, 1]


def test_tensors_cross_as_values(module):
    """The data and whether it needs a gradient; not the graph, nor the object."""
    tensor = minae.tensor(np.ones((2, 3), np.float32), requires_grad=True)
    found = module.same(tensor * 2)
    assert type(found) is minae.Tensor and found is not tensor
    assert (found.shape, found.dtype, found.requires_grad) == ((2, 3), np.float32, True)
    assert found.numpy().tolist() == [[2.0] * 3] * 2
    assert not module.same([minae.tensor(np.ones(2))])[0].requires_grad
    assert module.describe(tensor).startswith("Tensor(")
    value = module.make_tensor()
    assert type(value) is minae.Tensor and value.numpy().tolist() == [1.0, 2.0]
    with pytest.raises(SubmissionError, match="overwrite changed tensor in place"):
        module.overwrite(tensor)


def test_randomness_crosses_as_a_seed(module):
    with pytest.raises(TypeError, match=r"tests hand over numbers \(a seed, for randomness\), .* not Generator"):
        module.same(np.random.default_rng(0))


def test_a_name_of_a_tests_function_tells_nothing(module):
    """It may say what is expected."""

    def right_answer_is_7():
        return 7

    assert module.name_of(right_answer_is_7) == "function"


def test_functions_cross_in_both_directions(module):
    value, (vjp,) = module.scale(np.ones(2))
    assert value.tolist() == [2, 2] and vjp(np.ones(2)).tolist() == [2, 2]
    assert module.call(lambda a, b: a - b, 5, b=3) == 2
    assert module.call(np.sin, np.zeros(2)).tolist() == [0, 0]
    assert module.call(module.same, 4) == 4  # a function of theirs goes back as itself
    assert module.call(lambda x: module.call(lambda y: y + 1, x), 1) == 2  # calls within calls

    def ours():
        return None

    assert module.same(ours) is ours
    assert module.scale.__name__ == "scale"


def test_objects_stay_there_and_are_themselves(module):
    value = module.Value(3.0)
    assert (value.data, (value * 2).data, (2 * value).data, (-value).data) == (3.0, 6.0, 6.0, -3.0)
    assert (value * value).data == 9.0 and (np.float64(2) * value).data == 6.0
    assert module.same(value) is value and value.double().parents == {value}
    value.data = 5.0
    assert value.double().data == 10.0
    assert repr(value) == "<Value of exercise.py>" and repr(module.Value) == "<type Value of exercise.py>"
    assert list(module.numbers()) == [1, 2, 3]


def test_an_object_passes_for_no_number(module):
    """An object that answers arithmetic with a number, or is equal to everything, proves nothing."""
    value = module.Value(3.0)
    assert value != 3.0 and value != module.Value(3.0)
    with pytest.raises(TypeError, match=r"sub of <Value of exercise.py> must give such an object again, found float"):
        value - 3.0
    for use in (bool, float, abs, len, lambda value: value < 4, lambda value: np.isclose(value, 3.0)):
        with pytest.raises((TypeError, SubmissionError)):
            use(value)


def test_what_tests_may_not_do(module):
    value = module.Value(3.0)
    with pytest.raises(AttributeError, match="tests read public attributes only, not _private"):
        _ = value._private
    with pytest.raises(AttributeError, match="tests set public attributes to numbers only"):
        value.data = value
    with pytest.raises(TypeError, match=r"hand over numbers \(a seed, for randomness\), arrays, .* not object"):
        module.same(object())


@pytest.mark.parametrize("kind", ["ValueError", "KeyError", "NotImplementedError", "ZeroDivisionError"])
def test_an_error_keeps_its_type_its_message_and_its_line(module, kind):
    line = SOURCE.splitlines().index("def fail(kind):") + 2
    with pytest.raises(getattr(__import__("builtins"), kind)) as caught:
        module.fail(kind)
    text = "'no good'" if kind == "KeyError" else "no good"
    assert isinstance(caught.value, SubmissionError)
    assert str(caught.value) == f"{kind}: {text} (exercise.py, line {line})"


def test_an_error_of_numpys_linear_algebra_is_a_value_error_as_it_is_here(module):
    with pytest.raises(ValueError, match=r"^LinAlgError: Singular matrix \(exercise.py, line"):
        module.inverse([[1.0, 1.0], [1.0, 1.0]])


@pytest.mark.parametrize("kind", ["SystemExit", "KeyboardInterrupt", "GeneratorExit", "StopIteration", "OSError"])
def test_other_errors_are_errors_of_the_submission_and_nothing_else(module, kind):
    with pytest.raises(SubmissionError) as caught:
        module.fail(kind)
    assert type(caught.value) is SubmissionError


def test_an_error_of_a_tests_function_reaches_the_submission(module):
    def bad():
        raise ValueError("the test's")

    assert module.swallow(bad) == "caught the test's"
    with pytest.raises(ValueError, match="the test's"):
        module.call(bad)


def test_a_missing_function_is_an_attribute_error(module):
    assert not hasattr(module, "nothing")
    here = watched_module(load(SOURCE, Path("exercise.py")))
    for either in (module, here):
        with pytest.raises(AttributeError, match=r"exercise\.py has no function `gradient`"):
            either.gradient(1)
        with pytest.raises(AttributeError, match=r"exercise\.py has no class `Node`"):
            either.Node(1)


def test_a_call_that_changes_its_array_fails(module):
    array = np.ones(3)
    with pytest.raises(SubmissionError, match="scale_in_place changed a in place; leave it as it was"):
        module.scale_in_place(array)
    with pytest.raises(SubmissionError, match="scale_in_place changed a in place"):
        module.scale_in_place(a=array)
    with pytest.raises(SubmissionError, match="scale_second changed arrays in place"):
        module.scale_second([array, (array,)])
    with pytest.raises(SubmissionError, match="scale_all changed its argument 2 in place"):
        module.scale_all(np.zeros(2), array)
    assert array.tolist() == [1, 1, 1]
    assert module.scale_in_place(array, times=1).tolist() == [1, 1, 1]


def test_the_same_is_said_where_pytest_runs_alone():
    """`pytest lessons/NN_slug` runs the module here, each function of it and each that they return through `call`."""
    module = watched_module(load(SOURCE, Path("exercise.py")))
    array = np.ones(3)
    value, (vjp,) = module.scale(array)
    assert value.tolist() == vjp(array).tolist() == [2, 2, 2]
    with pytest.raises(InPlaceError, match="scale_in_place changed a in place"):
        module.scale_in_place(array)
    _, (vjp,) = module.scale_with_a_vjp_in_place(array)
    with pytest.raises(InPlaceError, match="vjp changed g in place"):
        vjp(array)
    assert module.np is np and module.Value(1).double().data == 2


def test_every_load_is_a_new_module(submission):
    first = submission.load()
    assert [first.remember(1), first.remember(1)] == [1, 2]
    assert submission.load().remember(1) == 1


def test_objects_that_no_test_holds_are_let_go(submission):
    module = submission.load()
    values = [module.Value(float(i)) for i in range(20)]
    assert len(submission._handles) == 21  # with the module
    assert module.count_kept() >= 21
    del values
    assert module.count_kept() < 10


def test_an_object_that_was_let_go_and_came_again_is_kept(module):
    """The test's function has let its handle of the object go when the object is returned."""
    value = module.show_and_return(lambda value: None)
    assert [value.data, value.data] == [1.0, 1.0]


def test_values_that_cannot_cross_are_errors_and_the_process_lives_on(module):
    for call, message in (
        (lambda: module.nested(60), "nested more than 50 deep"),
        (lambda: module.call(lambda: np.array([None])), "an array of dtype object cannot be handed over"),
        (lambda: module.same("x" * (65 << 20)), "too large to hand over"),
        (lambda: module.same(np.broadcast_to(0.0, (10**5, 10**5))), "80,000,000,000 bytes is too large to hand over"),
        (lambda: module.same(2**2000), "an int of more than 1024 bits"),
    ):
        with pytest.raises((ValueError, SubmissionError), match=message):
            call()
    assert module.same(1) == 1


def test_after_a_time_out_all_is_gone_and_a_load_starts_anew():
    with Submission("def loop():\n    while True: pass\ndef one():\n    return 1\n", timeout=0.3) as submission:
        old = submission.load()
        for use in (lambda: old.loop(), lambda: old.one()):
            with pytest.raises(Gone, match=r"did not return within 0\.3 s of computing"):
                use()
        assert submission.load().one() == 1
        with pytest.raises((ValueError, Gone)):
            submission.load().one(old)
        submission.seconds_left = 0.0
        module = submission.load()
        with pytest.raises(Gone, match="the time that all calls of this lesson may take together is used up"):
            module.loop()


SLEEP = "import time\ndef sleep(seconds):\n    time.sleep(seconds)\n    return 1\n"


def test_a_call_may_wait_as_long_as_it_may_compute():
    with Submission(SLEEP, timeout=0.5) as submission:
        module = submission.load()
        assert module.sleep(0.2) == 1
        with pytest.raises(Gone, match=r"did not return within 0\.5 s of doing nothing"):
            module.sleep(60.0)


def test_a_test_may_allow_more_and_the_next_does_not():
    with Submission(SLEEP, timeout=0.3) as submission:
        submission.allow(5.0)
        assert submission.load().sleep(0.8) == 1
        submission.allow(0.0)
        with pytest.raises(Gone, match=r"did not return within 0\.3 s"):
            submission.load().sleep(60.0)


@pytest.mark.parametrize(
    ("computes", "runs", "ends_after", "of"),
    [
        (1.0, True, 10.0, "of computing"),
        (0.1, True, 100.0, "of computing"),  # a busy machine gives it a tenth of the time
        (0.0, False, 10.0, "of doing nothing"),
        (0.0, True, 600.0, "of doing nothing"),  # it wants to run, and never may
    ],
)
def test_what_counts_is_the_time_that_it_computes(monkeypatch, computes, runs, ends_after, of):
    now = 0.0
    monkeypatch.setattr(patience.time, "monotonic", lambda: now)
    monkeypatch.setattr(patience, "_look_at", lambda pid: (now * computes, runs))
    waiting = patience.Patience(0, 10.0)
    with pytest.raises(TimeoutError, match=of):
        while now < 1000:
            now += 0.25
            waiting.check()
    assert now == pytest.approx(ends_after, abs=6 if computes == 0.1 else 1)


def test_what_is_printed_is_kept_up_to_a_limit():
    source = "import sys\nprint('first')\nprint('second', file=sys.stderr)\nprint('x' * 10**7)"
    with Submission(source) as submission:
        submission.load()
    assert submission.output == b"first\nsecond\n" + b"x" * 3987


def test_the_process_sees_nothing_of_our_environment_and_starts_in_an_empty_folder(monkeypatch):
    monkeypatch.setenv("MINAE_SECRET", "1")
    with Submission("import os\ndef look():\n    return sorted(os.environ), os.listdir()\n") as submission:
        names, files = submission.load().look()
    assert "MINAE_SECRET" not in names and files == ["exercise.py"]


def test_limits_on_memory_and_files():
    source = "import numpy as np\ndef fill(n):\n    return np.ones(n, np.uint8).sum()\n"
    source += "def write(n):\n    with open('file', 'wb') as file: file.write(bytes(n))\n"
    with Submission(source) as submission:
        module = submission.load()
        assert module.fill(10**8) == 10**8 and module.write(10**7) is None
        with pytest.raises(SubmissionError, match="MemoryError"):
            module.fill(3 * 2**30)
        with pytest.raises(SubmissionError, match="File too large"):
            module.write(10**8)


# --- messages that no honest process sends ---------------------------------------------------------------------------


def received(header: object, body: bytes = b"", sizes: tuple[int, int] | None = None) -> object:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        raw = header if isinstance(header, bytes) else json.dumps(header).encode()
        theirs.sendall(struct.pack("!QQ", *(sizes or (len(raw), len(body)))) + raw + body)
        theirs.close()
        return wire.receive(ours, lambda tree: ("object", tree), Deadline(10))


def test_a_message_by_hand():
    assert received({"array": ["<i2", [2]]}, b"\1\0\2\0").tolist() == [1, 2]
    assert received({"mine": 3}) == ("object", {"mine": 3})


@pytest.mark.parametrize(
    ("header", "body"),
    [
        (b"no json", b""),
        (b"\xff\xfe", b""),
        (b"[" * 100_000, b""),
        ({}, b""),
        ({"array": ["<f8", [2]]}, b"\0" * 15),
        ({"array": ["<f8", [-1]]}, b"\0" * 8),
        ({"array": ["<f8", [-1, -1]]}, b"\0" * 8),
        ({"array": ["<f8", [10**30]]}, b""),
        ({"array": ["<f8", [10**30, 0]]}, b""),
        ({"array": ["<f8", [0.5]]}, b"\0" * 8),
        ({"array": ["<f8", [1] * 100]}, b"\0" * 8),
        ({"array": ["<f8", "x"]}, b"\0" * 8),
        ({"array": ["O", [1]]}, b"\0" * 8),
        ({"array": ["nonsense", [1]]}, b"\0" * 8),
        ({"array": ["<U2", [1]]}, b"\0" * 8),
        ({"array": 7}, b""),
        ({"tuple": 7}, b""),
        ({"complex": ["x"]}, b""),
        ({"dict": [[{"dict": []}, 1]]}, b""),
        ({"set": [[1]]}, b""),
        ({"tensor": [7, True]}, b""),
        ({"tensor": [{"mine": 1, "type": "x", "name": ""}, True]}, b""),
        ({"tensor": [{"array": ["<i8", [1]]}, True]}, b"\0" * 8),
    ],
    ids=str,
)
def test_what_is_no_message_is_refused(header, body):
    with pytest.raises(wire.WireError):
        received(header, body)


@pytest.mark.parametrize("sizes", [(10 << 30, 0), (0, 10 << 30), (2**63, 2**63)])
def test_a_huge_message_is_refused_by_its_announced_size(sizes):
    """10 GB are announced, and no memory is taken for them."""
    with pytest.raises(wire.WireError, match=r"a message of .* bytes, at most 67,108,864 are read"):
        received(b"", sizes=sizes)


def test_half_a_message_and_none():
    for header, sizes in ((b"", (9, 9)), (b"x", (2, 0))):
        with pytest.raises(EOFError):
            received(header, sizes=sizes)
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(TimeoutError):
        wire.receive(ours, dict, Deadline(0.01))


FORGED = """
import gc
from lessons.tools.worker import Server

def server():
    return next(thing for thing in gc.get_objects() if isinstance(thing, Server))

def send(*message):
    server().send(message)
"""


@pytest.mark.parametrize(
    "message",
    [
        "'value',",
        "'call', 'print', (), {}",
        "'call', send, (), {}",
        "'get', 1, 2",
        "'error', 1, 2",
        "'load', '', False",
        "1, 2",
        "[], 2",
    ],
)
def test_a_forged_message_ends_the_process_and_nothing_else(message):
    """Whatever a submission makes its own server send, the grader calls only functions that a test handed over."""
    source = f"{FORGED}\ndef attack(f):\n    send({message})\n    return 1\n"
    with Submission(source) as submission:
        with pytest.raises(Gone, match="disturbed its connection"):
            submission.load().attack(len)
    assert submission.deaths


def test_a_forged_reply_is_only_another_value():
    with Submission(f"{FORGED}\ndef attack():\n    send('value', 7)\n    return 1\n") as submission:
        module = submission.load()
        assert module.attack() == 7
