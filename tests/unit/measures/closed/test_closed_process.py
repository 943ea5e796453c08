"""The closed process: what an author's file may not do."""

import os
from pathlib import Path

import pytest

from extractors.errors import ArgumentsError
from measures.closed import conversation, process
from measures.closed.guard import Judge
from tests.lib.definitions import START, load, project, refusal, write

__all__ = ["project"]

# the walls ----------------------------------------------------------------------------

OUTSIDE = "a definition may read text files of its own folder"
ATTACKS = {
    "reads a system file": ("open('/etc/passwd').read()", "reading /etc/passwd"),
    "reads bytes of it": ("open(b'/etc/passwd', 'rb')", "reading /etc/passwd"),
    "reads with io": ("import _io; _io.FileIO('/etc/passwd')", "reading /etc/passwd"),
    "reads with open_code": (
        "import io; io.open_code('/etc/passwd')",
        "reading /etc/passwd",
    ),
    "reads through ..": ("open('/usr/../etc/passwd')", "reading /usr/../etc/passwd"),
    "reads from proc": ("open('/proc/self/environ')", "reading /proc/self/environ"),
    "reads through proc": (
        "open('/proc/self/root/etc/passwd')",
        "reading /proc/self/root",
    ),
    "reads and catches": (
        "try: open('/etc/passwd')\nexcept BaseException: pass",
        "reading /etc/passwd",
    ),
    "reads records": (
        "open('records/patients.csv')",
        "belongs to the records or the workspace",
    ),
    "reads records by pathlib": (
        "import pathlib; pathlib.Path('records/patients.csv').read_text()",
        "the records",
    ),
    "reads a workspace to come": (
        "open('workspace/x')",
        "belongs to the records or the workspace",
    ),
    "lists records": ("import os; os.listdir('records')", "listing the folder records"),
    "scans records": (
        "import os; list(os.scandir('records'))",
        "listing the folder records",
    ),
    "lists the root": ("import os; os.listdir('/')", "listing the folder /"),
    "writes": ("open('new.txt', 'w')", "writing new.txt"),
    "appends": ("open('study.py', 'a')", "writing study.py"),
    "updates": ("open('study.py', 'r+')", "writing study.py"),
    "opens by os": (
        "import os; os.open('study.py', os.O_RDONLY)",
        "opening files in this way",
    ),
    "opens with an opener": (
        "import os; open('study.py', opener=lambda p, f: os.open('/etc/passwd', f))",
        "opening",
    ),
    "removes": ("import os; os.remove('study.py')", "changing files"),
    "renames": ("import os; os.rename('study.py', 'x.py')", "changing files"),
    "makes a folder": ("import os; os.mkdir('new')", "changing files"),
    "makes a link": ("import os; os.symlink('/etc/passwd', 'link')", "changing files"),
    "changes folder": ("import os; os.chdir('/etc')", "changing files, folders"),
    "makes a temporary file": (
        "import tempfile; tempfile.mkstemp()",
        "opening files in this way",
    ),
    "opens a socket": ("import socket; socket.socket()", "using the network"),
    "looks up a host": (
        "import socket; socket.getaddrinfo('localhost', 80)",
        "using the network",
    ),
    "makes a pair": (
        "import socket; socket.socketpair()",
        "a definition may not do this",
    ),
    "runs a shell": ("import os; os.system('true')", "starting programs"),
    "runs a program": (
        "import subprocess; subprocess.run(['true'])",
        "importing _signal",
    ),
    "execs": ("import os; os.execv('/bin/true', ['true'])", "starting programs"),
    "spawns": (
        "import os; os.posix_spawn('/bin/true', ['true'], {})",
        "starting programs",
    ),
    "forks": ("import os; os.fork()", "starting programs"),
    "signals": (
        "import os; os.kill(os.getppid(), 9)",
        "changing files, folders or processes",
    ),
    "loads C": ("import ctypes", "importing _ctypes"),
    "finds C loaded": (
        "import sys; sys.modules['ctypes'].CDLL(None)",
        "KeyError: 'ctypes'",
    ),
    "opens a database": ("import sqlite3; sqlite3.connect('x')", "importing _sqlite3"),
    "imports DuckDB": ("import duckdb", "there is no module 'duckdb' here"),
    "imports Prefect": ("import prefect", "there is no module 'prefect' here"),
    "imports Dask": ("import dask.dataframe", "there is no module 'dask' here"),
    "imports a dataset reader": (
        "import pyarrow.dataset",
        "there is no module 'pyarrow' here",
    ),
    "imports our engine": ("import extractors.engine", "there is no module"),
    "adds a hook": ("import sys; sys.addaudithook(print)", "adding an audit hook"),
    "finds the hook": ("import gc; gc.get_objects()", "importing gc"),
    "looks for the guard": (
        "import sys; sys._getframe().f_back.f_locals['guard']",
        "KeyError",
    ),
    "changes the guard": (
        "from measures.closed import guard\nguard.within = guard.resolve = lambda "
        "*a: True\n"
        "guard.Guard.__call__ = lambda *a: None\nguard.Judge.owner = lambda *a: "
        "'own'\nopen('/etc/passwd')",
        "reading /etc/passwd is not allowed",
    ),
    "changes Python": (
        "import builtins, os, posixpath, sys\nbuiltins.any = lambda *a: "
        "False\nbuiltins.isinstance = lambda *a: True\n"
        "os.readlink = posixpath.realpath = lambda p, **k: p\nbuiltins.max = lambda "
        "*a, **k: 99\nopen('/etc/passwd')",
        "reading /etc/passwd is not allowed",
    ),
    "lies about its path": (
        "class Path(str):\n    def __str__(self): return 'study.py'\n    startswith "
        "= split = lambda *a: []\n"
        "import _io; _io.FileIO(Path('/etc/passwd'))",
        "reading /etc/passwd",
    ),
    "lies as a path": (
        "import _io\nclass Path:\n    def __fspath__(self): return "
        "'/etc/passwd'\n_io.FileIO(Path())",
        "opening files in this way",
    ),
    "raises its limits": ("import resource", "importing resource"),
    "raises its limits by us": (
        "from measures.closed.child import resource; "
        "resource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
        "resource.setrlimit",
    ),
    "asks": ("input()", "asking for input"),
    "exits": ("import sys; sys.exit()", "ends itself with exit()"),
    "exits by name": ("exit()", "ends itself with exit()"),
    "quits": ("quit()", "ends itself with exit()"),
    "exits well": ("exit_ = SystemExit(0); raise exit_", "ends itself with exit()"),
    "ends Python": ("import os; os._exit(0)", "ended Python itself (status 0)"),
    "crashes": (
        "import os; os.abort()",
        "Python crashed while reading the file (signal 6)",
    ),
    "raises above all": ("raise BaseException('over')", "BaseException: over"),
    "raises what cannot be printed": (
        "class Odd(Exception):\n    def __str__(self): raise self\nraise Odd",
        "an error that cannot be printed (Odd)",
    ),
    "interrupts": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "recurses": ("def f(): f()\nf()", "a function calls itself without end"),
    "takes all memory": ("x = 'x' * (3 << 30)", "too much memory"),
    "forges an answer": (
        "import os\nfor n in range(3, 1000):\n    try: os.write(n, b'{}')\n    "
        "except OSError: pass",
        "before it was read whole",
    ),
    "asks for a path's class": (
        "import sys\nclass Odd:\n    @property\n    def __class__(self):\n"
        "        sys._getframe().f_back.f_back.f_locals['self'].judge.own = ('/',)\n "
        "       return str\n"
        "    def __fspath__(self): return '/etc/passwd'\nimport _io; "
        "_io.FileIO(Odd())",
        "opening files in this way",
    ),
    "makes up an event": (
        "import sys; sys.audit('open', 'study.py', 'r', object())",
        "opening files in this way",
    ),
    "gets a signal": ("import signal", "importing _signal"),
    "closes the answer": (
        "import os; os.closerange(3, 1000)",
        "closed its files|changing",
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack_is_refused(project, attack):
    text, told = ATTACKS[attack]
    before = {
        path: path.stat().st_mtime_ns
        for path in project.rglob("*")
        if path.name != "study.py"
    }
    error = refusal(f"{text}\n{START}")
    assert any(words in error.message for words in told.split("|")), error.message
    assert "4711" not in error.message + error.detail
    assert before == {
        path: path.stat().st_mtime_ns
        for path in project.rglob("*")
        if path.name != "study.py"
    }


def test_refusal_names_the_line(project):
    error = refusal("x = 1\n\ndef read():\n    return open('/etc/passwd')\n\nread()\n")
    assert error.message.startswith(
        "study.py:4: reading /etc/passwd is not allowed in a definition"
    )
    assert error.message.endswith("\n    return open('/etc/passwd')")
    assert OUTSIDE in error.message


def test_links_are_followed_before_judging(project):
    Path("link.txt").symlink_to("/etc/passwd")
    Path("codelists").symlink_to("records")
    assert "reading link.txt" in refusal("open('link.txt')").message
    assert "belongs to the records" in refusal("open('codelists/patients.csv')").message


def test_forbidden_link_to_the_records(project):
    Path("shown").symlink_to("records")
    assert (
        "belongs to the records"
        in refusal("open('records/patients.csv')", forbidden=[Path("shown")]).message
    )


def test_definition_among_the_records_is_refused(project):
    with pytest.raises(ArgumentsError, match="lies among the records"):
        load(START, "records/study.py")


def test_other_folders_of_the_project_are_closed(project):
    write("other/x.py", "")
    write("data.csv", "")
    for name in ("other/x.py", "data.csv"):
        assert (
            f"reading {name}"
            in refusal(f"open('{name}')\n", "analysis/study.py").message
        )


def test_environment_is_empty(project, monkeypatch):
    monkeypatch.setenv("PREFECT_API_KEY", "secret")
    monkeypatch.setenv("DATABASE_URL", "secret")
    error = refusal("import os\nraise ValueError(sorted(os.environ))\n")
    names = error.message.partition("[")[2].partition("]")[0]
    assert set(names.replace("'", "").split(", ")) <= {
        "PYTHONHASHSEED",
        "LC_CTYPE",
        *process.KEPT,
    }


def test_standard_input_is_empty(project):
    assert (
        "got ''"
        in refusal(
            "import sys\nraise ValueError(f'got {sys.stdin.read()!r}')\n"
        ).message
    )


def test_arguments_of_the_process_tell_nothing(project):
    error = refusal("import sys\nraise ValueError(sys.argv + sys.orig_argv)\n")
    assert "records" not in error.message


def test_endless_loop_is_stopped(project):
    assert (
        "took longer than 1 seconds" in refusal("while True: pass\n", seconds=1).message
    )


def test_sleep_is_stopped(project):
    assert (
        "took longer than 1 seconds"
        in refusal("import time\ntime.sleep(60)\n", seconds=1).message
    )


def test_closed_pipes_do_not_hang(project):
    error = refusal(
        "import sys\nsys.stdout.close()\nsys.stderr.close()\nwhile True: pass\n",
        seconds=1,
    )
    assert "took longer than 1 seconds" in error.message


def test_endless_prints_are_bounded(project, capfd):
    refusal("while True: print('x' * 10_000)\n", seconds=1)
    assert len(capfd.readouterr().err) < conversation.MOST_SAID + 200


def test_huge_answer_is_refused(project, monkeypatch):
    monkeypatch.setattr(conversation, "MOST_ANSWER", 1_000)
    assert "larger than" in refusal(START).message


def test_nothing_is_left_running(project):
    refusal("import os, time\nprint(os.getpid())\ntime.sleep(60)\n", seconds=1)
    listed = [
        Path(f"/proc/{name}/cmdline") for name in os.listdir("/proc") if name.isdigit()
    ]
    assert not any(str(project).encode() in _content(path) for path in listed)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


# whose a file is ----------------------------------------------------------------------


def test_innermost_folder_decides_whose_a_file_is():
    judge = Judge(("/p/studies/x", "/q"), ("/p", "/q/lib"))
    owners = [
        judge.owner(path)
        for path in ("/p/studies/x/a", "/p/a", "/q/a", "/q/lib/a", "/pq")
    ]
    assert owners == ["own", "library", "own", "library", ""]
