"""Submissions to the tiny lesson that a grader must survive, each with the points that it is worth.

What is not here of an exercise is the solution's. A submission is (points, a part of the remark, source). It is worth
the same with bubblewrap and without, but for those of WITH_BUBBLEWRAP.
"""

import os
import sys

from ..tiny_course import SOLUTION

TOKEN = f"minae-test-left-behind-{os.getpid()}"  # an argument of the processes that submissions leave running
SLEEP = f"[{sys.executable!r}, '-c', 'import time; time.sleep(600)', {TOKEN!r}]"

ALL, NONE = 10, 0
WITHOUT_DOUBLE = 5  # its value and its gradient
WITHOUT_VALUE = 7  # of double; its gradient is that of another function, and right
WITHOUT_ROOT = 9
WITHOUT_SLOPE = 8
WITHOUT_COUNTER = 8
SLOW = "did not return within 1 s"
ENDED = "ended its process"
CHANGED = "changed files of the course, which were put back"
READ_ONLY = "Read-only file system"

HONEST = {
    "good": (ALL, "", ""),
    "wrong": (WITHOUT_VALUE, "", "def double(x):\n    return x + 2, (lambda g: g,)"),
    "half done": (WITHOUT_SLOPE, "", "def slope(f, x):\n    raise NotImplementedError('slope: later')"),
    "missing function": (WITHOUT_COUNTER, "", "del Counter"),
    "returns nothing": (WITHOUT_DOUBLE, "", "def double(x):\n    pass"),
    "in place": (WITHOUT_DOUBLE, "", "def double(x):\n    x *= 2\n    return x, (lambda g: 2 * g,)"),
    "vjp in place": (ALL - 2, "", "def double(x):\n    return 2 * x, (lambda g: np.multiply(g, 2, out=g),)"),
    "prints a lot": (ALL, "", "for _ in range(10):\n    print('x' * 10_000_000)"),
    "nan": (WITHOUT_DOUBLE, "", "def double(x):\n    return x * np.nan, (lambda g: g * np.nan,)"),
    "deep recursion": (WITHOUT_SLOPE, "", "def slope(f, x):\n    return slope(f, x)"),
}

ENDINGS = {
    "loop": (WITHOUT_SLOPE, SLOW, "def slope(f, x):\n    while True: pass"),
    "loop at import": (NONE, SLOW, "while True: pass"),
    "loop that catches all": (
        *(WITHOUT_SLOPE, SLOW),
        "def slope(f, x):\n    while True:\n        try: f(x)\n        except BaseException: pass",
    ),
    "sleeps with signals blocked": (
        *(WITHOUT_ROOT, SLOW),
        "import signal, time\ndef root(x):\n    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))\n"
        "    time.sleep(600)",
    ),
    "loads at the second attempt": (
        *(NONE, "does not load: AssertionError"),
        "import sys\nsys.attempts = getattr(sys, 'attempts', 0) + 1\nassert sys.attempts > 1",
    ),
    "sys.exit": (WITHOUT_ROOT, "", "import sys\ndef root(x):\n    sys.exit(0)"),
    "sys.exit at import": (NONE, "SystemExit", "import sys\nsys.exit(0)"),
    "os._exit": (WITHOUT_ROOT, ENDED, "import os\ndef root(x):\n    os._exit(0)"),
    "kills its parent": (ALL, "", "import os\nos.kill(os.getppid(), 9)"),
    "stops its parent": (ALL, "", "import os\nos.kill(os.getppid(), 19)"),
    "kills its group": (NONE, ENDED, "import os\nos.killpg(0, 9)"),
    "segmentation fault": (WITHOUT_ROOT, ENDED, "import ctypes\ndef root(x):\n    ctypes.string_at(0)"),
    "asks for input": (WITHOUT_ROOT, "", "def root(x):\n    return input()"),
    "KeyboardInterrupt": (WITHOUT_ROOT, "", "def root(x):\n    raise KeyboardInterrupt"),
    "BaseException": (
        WITHOUT_ROOT,
        "",
        "class Odd(ValueError, BaseException):\n    __str__ = None\ndef root(x):\n    raise BaseException",
    ),
    "closes every file": (NONE, ENDED, "import os\nos.closerange(0, 1000)"),
    "garbage on the wire": (
        NONE,
        "disturbed",
        "import os\nfor fd in range(3, 30):\n    try: os.write(fd, b'x' * 99)\n    except OSError: pass",
    ),
    "a reply of exabytes": (
        NONE,
        "disturbed",
        "import os\nfor fd in range(3, 30):\n    try: os.write(fd, bytes([127] * 16))\n    except OSError: pass",
    ),
    "10 GB": (WITHOUT_DOUBLE, "", "def double(x):\n    return np.ones(10 * 2**27), (lambda g: g,)"),
    "a view of 80 GB": (WITHOUT_DOUBLE, "", "def double(x):\n    return np.broadcast_to(x[0], (10**5, 10**5)), ()"),
}

ATTACKS = {
    "writes to the tests": (
        *(WITHOUT_VALUE, CHANGED),
        "import minae, os, pathlib, subprocess\nhere_ = pathlib.Path(minae.__file__).parents[1]\n"
        "for path in here_.glob('lessons/*/test_exercise.py'):\n"
        "    subprocess.run(['sh', '-c', f'echo \"def test_double(exercise): pass\" > {path}'])\n"
        "(here_ / 'minae' / 'checker' / 'verdicts.py').unlink(missing_ok=True)\n"
        "os.symlink('/dev/null', 'null')\nos.replace('null', here_ / 'lessons' / 'conftest.py')\n"
        "(here_ / 'minae' / 'planted.py').write_text('')\n"
        "def double(x):\n    return x + 2, (lambda g: g,)",
    ),
    "reads the solution": (
        *(NONE, "PermissionError"),
        "import minae, pathlib\nhere_ = pathlib.Path(minae.__file__).parents[1]\n"
        "exec(next(here_.glob('lessons/*/solution.py')).read_text())",
    ),
    "patches the checkers": (
        WITHOUT_DOUBLE,
        "",
        "import minae, minae.checker.verdicts, numpy.testing, pytest, builtins\n"
        "np.allclose = np.testing.assert_allclose = minae.gradcheck = lambda *a, **k: True\n"
        "pytest.fail = pytest.raises = builtins.abs = lambda *a, **k: True\n"
        "def double(x):\n    return x + 3, (lambda g: 3 * g,)",
    ),
    "leaves children": (
        ALL,
        "",
        f"import os, subprocess\nsubprocess.Popen({SLEEP})\nsubprocess.Popen({SLEEP}, start_new_session=True)\n"
        f"if os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        os.execv({sys.executable!r}, {SLEEP})\n"
        "    os._exit(0)\n",
    ),
    "a child holds the connection": (
        *(WITHOUT_ROOT, SLOW),
        "import os, time\ndef root(x):\n    if os.fork() == 0:\n        os.setsid()\n        time.sleep(600)\n"
        "    os._exit(0)",
    ),
    "lying objects": (
        WITHOUT_DOUBLE - 2,
        "",
        "class Liar:\n    __eq__ = __lt__ = __gt__ = __le__ = __ge__ = __bool__ = lambda *a: True\n"
        "    __float__ = __abs__ = __sub__ = __rsub__ = lambda *a: 0.0\n    __len__ = lambda *a: 5\n"
        "    __array__ = lambda *a, **k: np.zeros(5)\n    __iter__ = lambda self: iter([self, self])\n"
        "    __getitem__ = __getattr__ = lambda self, name: self\n"
        "def double(x):\n    return Liar(), (lambda g: Liar(),)\ndef slope(f, x):\n    return Liar()",
    ),
    "lying numbers": (
        WITHOUT_DOUBLE - 2,
        "",
        "class Liar(float):\n    __eq__ = __lt__ = lambda *a: True\n    __sub__ = __rsub__ = __abs__ = lambda *a: 0.0\n"
        "class Array(np.ndarray):\n    __eq__ = lambda *a: True\n"
        "    __array_ufunc__ = lambda *a, **k: np.ones(5, bool)\n"
        "def double(x):\n    return np.zeros(5).view(Array), (lambda g: g,)\ndef slope(f, x):\n    return Liar(99)",
    ),
    "reaches for the grader": (
        WITHOUT_SLOPE,
        "disturbed",
        "def slope(f, x):\n    return f._server.ask('get', f, '__globals__')",
    ),
    "replaces the built-ins": (
        NONE,
        ENDED,
        "import builtins\nfor name in dir(builtins):\n    setattr(builtins, name, None)",
    ),
    "starts many processes": (
        ALL,
        "",
        "import os, time\nfor _ in range(100):\n    if os.fork() == 0:\n        time.sleep(600)\n        os._exit(0)",
    ),
    "starts many threads": (
        ALL,
        "",
        "import threading, time\nfor _ in range(10):\n    threading.Thread(target=time.sleep, args=(600,)).start()",
    ),
}

FILES = {  # (points, remark, the bytes of the file)
    "syntax error": (NONE, "SyntaxError", b"def double(x:\n"),
    "binary": (NONE, "does not load", bytes(range(256))),
    "a picture": (NONE, "does not load", b"\x89PNG\r\n\x1a\n" + bytes(100)),
    "empty file": (NONE, "exercise.py is empty", b""),
    "2 MB": (NONE, "at most 1,048,576", b"#" * 2_000_000),
    "latin-1": (ALL, "", (SOLUTION + "name = 'Größe'\n").encode("latin-1")),
    "latin-1, and says so": (ALL, "", ("# coding: latin-1\n" + SOLUTION + "name = 'Größe'\n").encode("latin-1")),
    "says a coding that there is not": (ALL, "", ("# coding: klingon\n" + SOLUTION).encode()),
    "utf-8 with a byte order mark": (ALL, "", (SOLUTION + "name = 'Größe'\n").encode("utf-8-sig")),
    "utf-16": (ALL, "", (SOLUTION + "name = 'Größe'\n").encode("utf-16")),
    "utf-16 without a byte order mark": (ALL, "", SOLUTION.encode("utf-16-le")),
    "utf-16, big end first": (ALL, "", SOLUTION.encode("utf-16-be")),
    "lines of Windows": (ALL, "", SOLUTION.replace("\n", "\r\n").encode()),
}

WITH_BUBBLEWRAP = {  # the same points, or fewer, and another remark
    "writes to the tests": (NONE, READ_ONLY),
    "reads the solution": (NONE, "StopIteration"),
    "a child holds the connection": (WITHOUT_ROOT, ENDED),  # the child ends with its parent
}
