"""Harms that a submission can try. Each is a function `attempt` that returns whether it succeeded.

`measure.py` fills in the names in capitals: files and processes that are not the submission's.
"""

READ = "return 'the secret' in open({path}).read()"
READ_BY_CHILD = (
    "import subprocess; return 'the secret' in subprocess.run(['cat', {path}], capture_output=True, text=True).stdout"
)
APPEND = "open({path}, 'a').write('changed'); return True"

# By what a teacher would call it. Nothing of the machine is harmed: the targets are made for the purpose.
PROBES = {
    "read a solution": READ.format(path="SOLUTION"),
    "read a solution through a child process": READ_BY_CHILD.format(path="SOLUTION"),
    "read a solution through a hard link": "import os; os.link(SOLUTION, 'own'); return 'secret' in open('own').read()",
    "read a solution once the hurdle is found among Python's objects": (
        "import gc\n    for thing in gc.get_objects():\n        if getattr(thing, '__name__', '') == 'refuse':\n"
        f"            thing.__defaults__ = (lambda path: '', lambda path: '')\n    {READ.format(path='SOLUTION')}"
    ),
    "read the tests": READ_BY_CHILD.format(path="TESTS"),
    "read another submission": READ.format(path="OTHER"),
    "read the teacher's home": READ.format(path="LETTER"),
    "read the grader's environment": "return b'MINAE_SECRET' in open(f'/proc/{GRADER}/environ', 'rb').read()",
    "change another submission": APPEND.format(path="OTHER"),
    "change the tests": "import subprocess; subprocess.run(['sh', '-c', f'echo changed >> {TESTS}']); return True",
    "change the table of grades": APPEND.format(path="TABLE"),
    "change a package that later grades use": APPEND.format(path="PACKAGE"),
    "change such a package from namespaces of its own": (
        "import os, subprocess\n    folder = os.path.dirname(PACKAGE)\n"
        "    command = f'mount -o remount,bind,rw {folder}; echo changed >> {PACKAGE}'\n"
        "    subprocess.run(['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', command]); return True"
    ),
    "leave a file for a later submission": APPEND.format(path="SHARED"),
    "see other processes": "import os; return str(GRADER) in os.listdir('/proc')",
    "send signals to other processes": "import os; os.kill(GRADER, 0); return True",
    "use the network": "import socket; socket.create_connection(('127.0.0.1', PORT), 5); return True",
    "leave a process running": (
        "import subprocess, sys\n    subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)', TOKEN],\n"
        "                     start_new_session=True)\n    return 'later'"
    ),
    "take more than 2 GB of memory": "import numpy; return numpy.ones(3 * 2**27).sum() > 0",
    "compute without end": "while True: pass",
    "wait without end": "import time; time.sleep(600)",
    "replace functions that judge it": (
        "import numpy, pytest\n    numpy.allclose = pytest.fail = lambda *a, **k: True\n    return 'judged'"
    ),
}
