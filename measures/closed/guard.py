"""The guard inside the closed process: ends it at the first event not known to be harmless.

Python tells an audit hook of what it is about to do. To refuse by raising would let the author's
code catch the refusal, walk its traceback to the hook and change it; so a refusal ends the process.
The closed process loads this module a second time, under no name and with built-in functions of its
own (`child._private`): nothing that the author can name is used here, and so replacing `max` or
`posixpath` changes nothing. That is why it takes what it needs straight from C modules, and resolves
symbolic links itself. And it calls no method of an object it is given, because that would be the
author's code with this one's frames below it: what is not of an exact type goes through `_text`.
"""

from json.encoder import encode_basestring_ascii as quoted
from posix import O_APPEND, O_CREAT, O_RDWR, O_TRUNC, O_WRONLY, _exit, getcwd, lstat, readlink, write
from sys import _getframe
from types import FrameType
from typing import Any

HARMLESS = frozenset(
    """
    compile exec marshal.loads pickle.find_class code.__new__ function.__new__ array.__new__ builtins.id
    object.__getattr__ object.__setattr__ object.__delattr__ sys._getframe sys._getframemodulename
    sys.excepthook sys.unraisablehook time.sleep os.putenv os.unsetenv os.walk glob.glob glob.glob/2
    pathlib.Path.glob pathlib.Path.rglob pathlib.Path.walk setopencodehook
    """.split()
)
# Modules that reach files, programs or memory and tell no hook, or that run an author's code amid this one.
REFUSED_MODULES = frozenset(
    """
    _ctypes _ctypes_test _curses _dbm _gdbm _interpreters _multiprocessing _posixshmem _posixsubprocess _sqlite3
    _signal _testcapi _testinternalcapi _tkinter _xxsubinterpreters faulthandler gc grp nis ossaudiodev readline
    resource spwd syslog
    """.split()
)
# What an author is told, by the beginning of the event's name; the first that fits.
WORDS = (
    ("socket.", "using the network"),
    ("ctypes.", "calling C libraries"),
    ("subprocess.", "starting programs"),
    *((f"os.{name}", "starting programs") for name in ("system", "exec", "fork", "posix_spawn", "spawn", "startfile")),
    ("os.listdir", "listing this folder"),
    ("os.scandir", "listing this folder"),
    ("os.", "changing files, folders or processes"),
    ("shutil.", "changing files"),
    ("sqlite3.", "opening databases"),
    ("_thread.", "starting threads"),
    ("builtins.input", "asking for input"),
    ("sys.addaudithook", "adding an audit hook"),
)
WRITING = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND
MOST_LINKS = 40  # as the kernel


def within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def resolve(path: str) -> str:
    """The absolute path without symbolic links; an empty string if they go round in circles."""
    if not path.startswith("/"):
        path = f"{getcwd()}/{path}"
    rest = path.split("/")[::-1]  # the names that are still to walk, the next one last
    real = ""  # where the walk is; the root is an empty string
    links = 0
    while rest:
        name = rest.pop()
        if name in ("", "."):
            continue
        if name == "..":
            real = real.rpartition("/")[0]
            continue
        target = _target(f"{real}/{name}")
        if not target:  # no link
            real = f"{real}/{name}"
            continue
        links += 1
        if links > MOST_LINKS:
            return ""
        if target.startswith("/"):
            real = ""
        rest.extend(target.split("/")[::-1])
    return real or "/"


def _target(path: str) -> str:
    try:
        return readlink(path)
    except OSError:
        return ""


class Judge:
    """Which paths are whose; all given paths are resolved, and a folder stands for all below it.

    `own` are the author's, `library` Python's and ours, `listed` folders may only be listed, and
    nothing in `forbidden` may be touched. Where folders lie within each other, the innermost decides.
    """

    def __init__(self, own: tuple, library: tuple, listed: tuple, forbidden: tuple):
        self.own, self.library, self.listed, self.forbidden = own, library, listed, forbidden

    def owner(self, path: str) -> str:
        """`own`, `library`, `forbidden` or nobody."""
        if any(within(path, folder) for folder in self.forbidden):
            return "forbidden"
        own = max((len(folder) for folder in self.own if within(path, folder)), default=0)
        library = max((len(folder) for folder in self.library if within(path, folder)), default=0)
        if not own and not library:
            return ""
        return "own" if own >= library else "library"

    def lists(self, path: str) -> bool:
        return path in self.listed or self.owner(path) in ("own", "library")


class Guard:
    """The audit hook; `opened` collects the author's own files as they are opened."""

    def __init__(self, judge: Judge, answer: int, opened: set):
        self.judge, self.answer, self.opened = judge, answer, opened

    def __call__(self, event: str, arguments: tuple) -> None:
        if event in HARMLESS:
            return
        try:
            reason = self.reason(event, arguments)
        except BaseException:
            reason = f"{event} could not be judged, so it"
        if reason:
            self.refuse(reason)

    def reason(self, event: str, arguments: tuple) -> str:
        """What is refused, in an author's words; an empty string if it is fine."""
        if event == "open":
            return self.opening(*arguments)
        if event == "import":
            return self.importing(*arguments)
        if event in ("os.listdir", "os.scandir"):
            return self.listing(event, "." if arguments[0] is None else arguments[0])
        return next((words for start, words in WORDS if event.startswith(start)), f"the action {event}")

    def opening(self, path: Any, mode: Any, flags: Any) -> str:
        text, letters = _text(path), _text(mode)
        if type(path) is int and letters:
            return ""  # it is open already
        if not text or not letters or type(flags) is not int:
            return "opening files in this way"  # as os.open does, whose dir_fd no hook is told
        if flags & WRITING or set(letters) & set("wax+"):
            return f"writing {text}"
        real = resolve(text)
        owner = self.judge.owner(real)
        if owner == "own":
            self.opened.add(real)
        if owner == "forbidden":
            return f"reading {text}, which belongs to the records or the workspace,"
        return "" if owner or not _exists(real) else f"reading {text}"

    def importing(self, module: str, file: Any, *_: Any) -> str:
        name, path = _text(module), _text(file)
        stems = {name.rpartition(".")[2], path.rpartition("/")[2].partition(".")[0]}
        if stems & REFUSED_MODULES or (file is not None and self.judge.owner(resolve(path)) != "library"):
            return f"importing {name}"
        return ""

    def listing(self, event: str, path: Any) -> str:
        text = _text(path)
        real = resolve(text) if text else ""
        return "" if real and (self.judge.lists(real) or not _exists(real)) else f"listing the folder {text}"

    def refuse(self, what: str) -> None:
        """Say so and end the process, without a way back."""
        try:
            file, line = author_line(self.judge)
            words = f"{what} is not allowed in a definition: it only describes what is wanted, so remove this line"
            words += READABLE if what.startswith(("reading", "listing")) else ""
            said = f'{{"error": {{"file": {quoted(file)}, "line": {line}, "message": {quoted(words)}}}}}'
            write(self.answer, str.encode(said))
        finally:
            _exit(1)


READABLE = " or move the file; a definition may read its own folder, the folder codelists and Python's library"


def author_line(judge: Judge) -> tuple[str, int]:
    """File and line of the author's innermost call on the stack."""
    frame: FrameType | None = _getframe()
    while frame is not None:
        file = _text(frame.f_code.co_filename)
        if judge.owner(file) == "own":
            return file, frame.f_lineno
        frame = frame.f_back
    return "", 0


def _text(path: Any) -> str:
    """The path that the kernel will see, whatever subclass of str pretends to be; else an empty string."""
    if issubclass(type(path), bytes):  # not isinstance, which asks the object
        return bytes.decode(path, "utf-8", "surrogateescape")
    return str.__str__(path) if issubclass(type(path), str) else ""


def _exists(path: str) -> bool:
    try:
        lstat(path)
    except OSError:
        return False
    return True
