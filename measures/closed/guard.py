"""The guard inside the closed process: ends it at the first event not known to be
harmless.

It is the friendly wall: it names the author's line and says what is wrong with it.
Nothing relies on it, because it lives in the Python that it guards; code that gets past
it meets the kernel's (`walls`).

Python tells an audit hook of what it is about to do. To refuse by raising would let the
author's code catch the refusal, walk its traceback to the hook and change it; so a
refusal ends the process. The closed process loads this module a second time, under no
name and with built-in functions of its own (`child._private`): nothing that the author
can name is used here, and so replacing `max` or `posixpath` changes nothing. That is
why it takes what it needs straight from C modules. And it calls no method of an object
it is given, because that would be the author's code with this one's frames below it:
what is not of an exact type goes through `_text`.
"""

from json.encoder import encode_basestring_ascii as quoted
from sys import _getframe
from types import FrameType
from typing import Any

try:
    from posix import O_APPEND, O_CREAT, O_RDWR, O_TRUNC, O_WRONLY, _exit
except ImportError:  # as Windows calls it
    from nt import O_APPEND, O_CREAT, O_RDWR, O_TRUNC, O_WRONLY, _exit  # type: ignore

HARMLESS = frozenset(
    """
    compile exec marshal.loads pickle.find_class code.__new__ function.__new__ array.__new__ builtins.id
    object.__getattr__ object.__setattr__ object.__delattr__ sys._getframe sys._getframemodulename
    sys.excepthook sys.unraisablehook time.sleep os.putenv os.unsetenv os.walk glob.glob glob.glob/2
    pathlib.Path.glob pathlib.Path.rglob pathlib.Path.walk setopencodehook
    """.split()
)
# Modules that reach files, programs or memory and tell no hook, or that run an author's
# code amid this one.
REFUSED_MODULES = frozenset(
    """
    _ctypes _ctypes_test _curses _dbm _gdbm _interpreters _multiprocessing _posixshmem _posixsubprocess _sqlite3
    _signal _testcapi _testinternalcapi _tkinter _xxsubinterpreters faulthandler gc grp nis ossaudiodev readline
    resource spwd syslog
    """.split()
)
# What an author reads, by the beginning of the event's name; the first that fits.
WORDS = (
    *(
        (f"{name}.", "using the network")
        for name in ("socket", "urllib", "http", "ftplib", "smtplib", "imaplib")
    ),
    ("ctypes.", "calling C libraries"),
    ("subprocess.", "starting programs"),
    *(
        (f"os.{name}", "starting programs")
        for name in ("system", "exec", "fork", "posix_spawn", "spawn", "startfile")
    ),
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


class Judge:
    """Which paths are whose; a folder includes all below it, and the innermost
    decides.
    """

    def __init__(self, own: tuple, library: tuple, sources: tuple = ()):
        self.own, self.library, self.sources = own, library, sources

    def owner(self, path: str) -> str:
        """`own`, `library` or no code's."""
        own, library = _longest(path, self.own), _longest(path, self.library)
        if path.endswith(".py") and path.rpartition("/")[0] in self.sources:
            own = len(path)
        if not own and not library:
            return ""
        return "own" if own >= library else "library"


class Guard:
    """The audit hook; `channel` leads to the starter, who knows what may be read."""

    def __init__(self, judge: Judge, channel: Any):
        self.judge, self.channel = judge, channel

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
            return self.asking("names", _text(arguments[0]) or ".")
        return next(
            (words for start, words in WORDS if event.startswith(start)),
            f"the action {event}",
        )

    def opening(self, path: Any, mode: Any, flags: Any) -> str:
        text, letters = _text(path), _text(mode)
        if type(path) is int and letters:
            return ""  # it is open already
        if not text or not letters or type(flags) is not int:
            # as os.open does, whose dir_fd no hook knows
            return "opening files in this way"
        if flags & WRITING or set(letters) & set("wax+"):
            return f"writing {text}"
        return self.asking("may", text)

    def asking(self, kind: str, path: str) -> str:
        """The starter ends this process if it refuses; what it lets pass the kernel
        judges.
        """
        file, line = author_line(self.judge)
        where = f'"path": {quoted(path)}, "file": {quoted(file)}, "line": {line}'
        self.channel.put(str.encode(f'{{"ask": {quoted(kind)}, {where}}}'))
        self.channel.take()
        return ""

    def importing(self, module: str, file: Any, *_: Any) -> str:
        name, path = _text(module), _text(file)
        stems = {name.rpartition(".")[2], path.rpartition("/")[2].partition(".")[0]}
        if stems & REFUSED_MODULES or (
            file is not None and self.judge.owner(path) != "library"
        ):
            return f"importing {name}"
        return ""

    def refuse(self, what: str) -> None:
        """Say so and end the process, without a way back."""
        try:
            file, line = author_line(self.judge)
            words = (
                f"{what} is not allowed in a definition: it only describes what is "
                "wanted, so remove this line"
            )
            said = (
                f'{{"file": {quoted(file)}, "line": {line}, "message": '
                f"{quoted(words)}}}"
            )
            self.channel.put(str.encode(f'{{"error": {said}}}'))
        finally:
            _exit(1)


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
    """The path that the kernel will see, whatever subclass of str pretends to be; else
    an empty string.
    """
    if issubclass(type(path), bytes):  # not isinstance, which asks the object
        return bytes.decode(path, "utf-8", "surrogateescape")
    return str.__str__(path) if issubclass(type(path), str) else ""


def _longest(path: str, folders: tuple) -> int:
    inside = [each for each in folders if path == each or path.startswith(each + "/")]
    return max(map(len, inside), default=0)
