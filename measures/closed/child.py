"""What runs in the closed process: build the walls, read the author's file, answer.

`process` starts it as `main()` with two ends of pipes on the command line; `channel` says how they are
spoken through. First comes the request. This one begins with what no wall holds, asks for each
file, and ends with its answer: {"study": …} or {"error": {file, line, message, detail}}.
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

from extractors.errors import DefinitionError
from extractors.language.dataset import Dataset, nodes_of
from extractors.language.parameters import refuse_unasked
from extractors.language.reading import Reading, reading
from measures import ehrql
from measures.closed import walls
from measures.closed.channel import Channel
from measures.closed.guard import REFUSED_MODULES, Judge
from measures.closed.handing import Handing
from measures.closed.mistakes import mistake
from measures.definitions import Measures
from measures.ehrql import codes, tables
from measures.ehrql.tables import core, tpp
from measures.study import Study

ROOT = Path(__file__).resolve().parents[2]
STANDARD = tuple(path for path in sys.path if path != str(ROOT))
TIME_ZONES = "/usr/share/zoneinfo"
LIBRARY = (*STANDARD, *(str(ROOT / name) for name in ("extractors", "measures")), TIME_ZONES)
EHRQL = {
    "ehrql": ehrql, "ehrql.codes": codes, "ehrql.tables": tables, "ehrql.tables.core": core, "ehrql.tables.tpp": tpp,
}  # fmt: skip
# Python's modules in C, which cannot be loaded any more once the walls hold, and what most files
# of codes are read with. Where one is missing, Python has the same in Python, or none.
LOADED = """
    array binascii cmath math unicodedata zlib pyexpat select _bisect _blake2 _bz2 _contextvars _csv
    _datetime _decimal _heapq _json _lzma _md5 _opcode _pickle _queue _random _sha1 _sha2 _sha256
    _sha3 _sha512 _socket _statistics _struct _typing _uuid encodings.latin_1 encodings.utf_8_sig
""".split()


def main() -> None:
    """Read one definition, answer, and end the process."""
    channel = Channel(*map(int, sys.argv[1:]))
    _load()
    request, _ = channel.hear()
    library = tuple(os.path.realpath(path) for path in LIBRARY)
    judge = Judge(tuple(request["own"]), library, tuple(request["sources"]))
    _prepare(request)
    weak = _build_walls(request, judge, channel)
    channel.say({"ask": "begin", "library": library, "weak": weak})
    channel.hear()
    said = _read(request, judge)
    with suppress(BaseException):
        sys.stdout.flush()
    channel.say(said)
    os._exit(0)


def _load() -> None:
    """While this process waits; the one that starts it has other things to do."""
    for name in LOADED:
        with suppress(ImportError):
            import_module(name)


def _prepare(request: dict[str, Any]) -> None:
    """Names and folders as an author expects them."""
    sys.path[:] = [*request["modules"], *STANDARD]
    sys.modules.update(EHRQL)
    sys.argv[:] = [request["definition"], *request["arguments"]]
    sys.orig_argv[:] = sys.argv


def _build_walls(request: dict[str, Any], judge: Judge, channel: Channel) -> list[str]:
    """From here on nothing is reached but what the starter hands over. What no wall holds is said."""
    without = frozenset(request["without"])
    guard = _private("guard")
    own = guard.Judge(judge.own, judge.library, judge.sources)
    guarding = guard.Guard(own, _private("channel").Channel(*channel.ends))
    kernel = walls.kernel(_private)
    if "handing" not in without:
        Handing(channel, lambda: guard.author_line(own)).install()
    weak = walls.build(kernel, request["seconds"], request["memory"], without)
    gc.disable()  # it would run an author's __del__ at any moment, also within the guard
    if "guard" not in without:
        for name in ("ctypes", *REFUSED_MODULES):
            sys.modules.pop(name, None)
        sys.addaudithook(guarding)
    return weak


def _private(name: str) -> ModuleType:
    """A module of this folder under no name, with built-in functions of its own: nobody else can reach into it."""
    spec = find_spec(f"measures.closed.{name}")
    assert spec and spec.loader
    module = module_from_spec(spec)
    vars(module)["__builtins__"] = dict(vars(builtins))
    spec.loader.exec_module(module)
    return module


def _read(request: dict[str, Any], judge: Judge) -> dict[str, Any]:
    definition = request["definition"]
    try:
        with reading(map(Path, request["folders"]), request["arguments"]) as asked:
            study = _study(_run(definition), Path(definition), asked)
            refuse_unasked(asked)
        return {"study": study.to_json()}
    except BaseException as error:
        return {"error": mistake(error, lambda file: judge.owner(file) == "own")}


def _run(definition: str) -> dict[str, Any]:
    """The author's file as a module; its names."""
    source = Path(definition).read_bytes()
    module = ModuleType("__definition__")
    module.__file__ = definition
    sys.modules[module.__name__] = module
    exec(compile(source, definition, "exec", dont_inherit=True), vars(module))
    return vars(module)


def _study(names: dict[str, Any], path: Path, asked: Reading) -> Study:
    codelists = tuple(asked.codelists)
    measures, dataset = names.get("measures"), names.get("dataset")
    if isinstance(measures, Measures):
        defined = tuple(measures)
        if not defined:
            raise DefinitionError("the file defines no measure; call measures.define_measure(…) at least once")
        return Study(path, "measures", measures=defined, codelists=codelists)
    if isinstance(dataset, Dataset):
        if dataset._population is None:
            raise DefinitionError("the dataset has no population; call dataset.define_population(…) before the end")
        return Study(path, "dataset", dataset=nodes_of(dataset), codelists=codelists)
    raise DefinitionError(_nothing_there(names))


def _nothing_there(names: dict[str, Any]) -> str:
    for name, kind, maker in (("measures", Measures, "create_measures"), ("dataset", Dataset, "create_dataset")):
        if name in names:
            return f"`{name}` is something else than a {kind.__name__}; add a line `{name} = {maker}()`"
        other = next((key for key, value in names.items() if isinstance(value, kind)), None)
        if other:
            return f"the {kind.__name__} is named {other!r}; rename it to `{name}`, the name that is looked for"
    return "the file defines neither measures nor a dataset; add `measures = create_measures()` and define some"
