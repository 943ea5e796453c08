"""What runs in the closed process: build the walls, read the author's file, answer.

`process` starts it as `main()` with two ends of pipes on the command line; `channel`
says how they are spoken through. First comes the request. This one begins with what no
wall holds, asks for each file, tells of each mistake and doubt, and ends with its
answer: {"study": …} or {"mistaken": true}.
"""

import builtins
import gc
import os
import sys
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from extractors.language.inline_tests import note_test_data
from extractors.language.parameters import Words, unread
from extractors.language.reading import Place, Reading, reading
from extractors.language.showing import Shown
from extractors.model.json import dump
from measures.closed import lent, positions, walls
from measures.closed.channel import Channel
from measures.closed.found import study_in
from measures.closed.guard import REFUSED_MODULES, Judge
from measures.closed.handing import Handing
from measures.closed.mistakes import as_data, mistakes
from measures.closed.statements import Statements
from measures.cohortextractor.modules import MODULES as OLD_MODULES
from measures.cohortextractor.stand_ins import stand_ins
from measures.standin.modules import MODULES

ROOT = Path(__file__).resolve().parents[2]
STANDARD = tuple(path for path in sys.path if path != str(ROOT))
TIME_ZONES = "/usr/share/zoneinfo"
MISTAKEN = {"mistaken": True}
STREAMS = "streams"  # as `process` says it, which is not loaded here
LIBRARY = (
    *STANDARD,
    *(str(ROOT / name) for name in ("extractors", "measures")),
    TIME_ZONES,
)
# Python's modules in C, which cannot be loaded any more once the walls hold, and what
# most files of codes are read with. Where one is missing, Python has the same in
# Python, or none.
LOADED = """
    array binascii cmath math unicodedata zlib pyexpat select _bisect _blake2 _bz2 _contextvars _csv
    _datetime _decimal _heapq _json _lzma _md5 _opcode _pickle _queue _random _sha1 _sha2 _sha256
    _sha3 _sha512 _socket _statistics _struct _typing _uuid encodings.latin_1 encodings.utf_8_sig
""".split()


def main() -> None:
    """Read one definition, answer, and end the process."""
    channel = channel_of(sys.argv[1:])
    _load()
    request, _ = channel.hear()
    library = tuple(
        os.path.realpath(path) for path in (*LIBRARY, *lent.places(request["lent"]))
    )
    judge = Judge(tuple(request["own"]), library, tuple(request["sources"]))
    _prepare(request)
    weak = _build_walls(request, judge, channel)
    channel.say({"ask": "begin", "library": library, "weak": weak})
    channel.hear()
    said = Reader(request, judge, channel).read()
    with suppress(BaseException):
        sys.stdout.flush()
    channel.say(said)
    os._exit(0)


def channel_of(ends: list[str]) -> Channel:
    """The ends of pipes by their numbers; or standard input and output, and what is
    printed goes to standard error.
    """
    if ends != [STREAMS]:
        return Channel(*map(int, ends))
    channel = Channel(os.dup(0), os.dup(1))
    os.dup2(2, 1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    return channel


def _load() -> None:
    """While this process waits; the one that starts it has other things to do."""
    for name in LOADED:
        with suppress(ImportError):
            import_module(name)


def _prepare(request: dict[str, Any]) -> None:
    """Names and folders as an author expects them."""
    sys.path[:] = [*request["modules"], *STANDARD]
    sys.modules.update(MODULES | OLD_MODULES | stand_ins(request["definition"]))
    sys.meta_path.append(lent.Lender(request["lent"]))
    sys.argv[:] = [request["definition"], *request["arguments"]]
    sys.orig_argv[:] = sys.argv


def _build_walls(request: dict[str, Any], judge: Judge, channel: Channel) -> list[str]:
    """From here on nothing is reached but what the starter hands over. What no wall
    holds is said.
    """
    without = frozenset(request["without"])
    guard = _private("guard")
    own = guard.Judge(judge.own, judge.library, judge.sources)
    guarding = guard.Guard(own, _private("channel").Channel(*channel.ends))
    kernel = walls.kernel(_private)
    if "handing" not in without:
        Handing(channel, lambda: guard.author_line(own)).install()
    weak = walls.build(kernel, request["seconds"], request["memory"], without)
    # it would run an author's __del__ at any moment, also within the guard
    gc.disable()
    if "guard" not in without:
        for name in ("ctypes", *REFUSED_MODULES):
            sys.modules.pop(name, None)
        sys.addaudithook(guarding)
    return weak


def _private(name: str) -> ModuleType:
    """A module of this folder under no name, with built-in functions of its own: no
    code else can reach into it.
    """
    spec = find_spec(f"measures.closed.{name}")
    assert spec and spec.loader
    module = module_from_spec(spec)
    vars(module)["__builtins__"] = dict(vars(builtins))
    spec.loader.exec_module(module)
    return module


class Reader:
    """Reads the author's file, and tells the starter of each mistake and doubt when it
    is found.
    """

    def __init__(self, request: dict[str, Any], judge: Judge, channel: Channel):
        self.request, self.judge, self.channel = request, judge, channel

    def read(self) -> dict[str, Any]:
        """The answer: a study, or that mistakes were noted."""
        folders = map(Path, self.request["folders"])
        with reading(folders, self.request["arguments"], self._caller) as asked:
            try:
                said = self._read(asked)
            except BaseException as error:
                said = self._refused(error)
        for note in asked.notes:
            self._tell(
                "doubt",
                {**as_data(note.place), "message": note.message, "doubt": note.kind},
            )
        return said

    def _read(self, asked: Reading) -> dict[str, Any]:
        definition = self.request["definition"]
        sys.argv = Words(definition, asked)
        module = ModuleType("__definition__")
        module.__file__ = definition
        sys.modules[module.__name__] = module
        source = Path(definition).read_bytes()
        statements = Statements(source, definition, vars(module), self._refused)
        statements.run()
        if statements.failed:
            return MISTAKEN
        if "test_data" in vars(module):
            note_test_data(vars(module)["test_data"])
        study = study_in(vars(module), Path(definition), asked, self.request["dataset"])
        if message := unread(asked):
            asked.note(message)
        defined = {what: as_data(place) for what, place in asked.defined.items()}
        tests = [
            {
                "records": each.records,
                "expected": each.expected,
                "place": as_data(each.place),
            }
            for each in asked.tests
        ]
        return {
            "study": study.to_json(),
            "defined": defined,
            "tests": tests,
            "shown": list(map(_shown, asked.shown)),
        }

    def _refused(self, error: BaseException) -> dict[str, Any]:
        for each in mistakes(error, self._is_own):
            self._tell("mistake", each)
        return MISTAKEN

    def _tell(self, kind: str, note: dict[str, Any]) -> None:
        self.channel.ask("note", "", of=kind, note=note)

    def _is_own(self, file: str) -> bool:
        return self.judge.owner(file) == "own"

    def _caller(self) -> Place:
        return positions.of_caller(self._is_own)


def _shown(each: Shown) -> dict[str, Any]:
    facts = {
        "label": each.label,
        "head": each.head,
        "tail": each.tail,
        "place": as_data(each.place),
    }
    return facts | {"graph": dump(each.columns)}
