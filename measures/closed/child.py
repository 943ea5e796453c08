"""What runs in the closed process: build the walls, read the author's file, answer.

`process` starts it as `main()` with two ends of pipes on the command line. From one comes the request, as JSON;
the answer is one JSON object: {"study": …, "files": [own files that were read]} or
{"error": {file, line, message, detail}}.
"""

import builtins
import gc
import json
import os
import resource
import sys
from contextlib import suppress
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from extractors.errors import DefinitionError
from extractors.language.dataset import Dataset, nodes_of
from extractors.language.parameters import refuse_unasked
from extractors.language.reading import Reading, reading
from measures import ehrql
from measures.closed.guard import REFUSED_MODULES, Judge
from measures.closed.mistakes import mistake
from measures.definitions import Measures
from measures.ehrql import codes, tables
from measures.ehrql.tables import core, tpp
from measures.study import Study

ROOT = Path(__file__).resolve().parents[2]
STANDARD = tuple(path for path in sys.path if path != str(ROOT))
LIBRARY = (*STANDARD, *(str(ROOT / name) for name in ("extractors", "measures")))
TIME_ZONES = "/usr/share/zoneinfo"
# Libraries that Python's own modules in C load; the guard never lets them be opened as files.
SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", f"{sys.base_prefix}/lib")
NOWHERE = os.devnull + "/none"  # below a file, so nothing can ever lie there
EHRQL = {
    "ehrql": ehrql, "ehrql.codes": codes, "ehrql.tables": tables, "ehrql.tables.core": core, "ehrql.tables.tpp": tpp,
}  # fmt: skip


def main() -> None:
    """Read one definition, answer, and end the process."""
    asking, answer = map(int, sys.argv[1:])
    request = _request(asking)
    library = tuple(os.path.realpath(path) for path in (*LIBRARY, TIME_ZONES))
    opened: set[str] = set()
    _prepare(request)
    _limit(request["seconds"], request["memory"])
    _build_walls(request, library, opened, answer)
    said = _read(request, Judge(tuple(request["own"]), library, (), ()))
    with suppress(BaseException):
        sys.stdout.flush()
    _reply(answer, said, opened)
    os._exit(0)


def _request(asking: int) -> dict[str, Any]:
    """What is asked, or the end of this process if the one that started it has gone, or needs nothing."""
    with os.fdopen(asking, "rb") as pipe:
        asked = pipe.read()
    if not asked:
        os._exit(0)
    return json.loads(asked)


def _prepare(request: dict[str, Any]) -> None:
    """Names and folders as an author expects them."""
    sys.path[:] = [*request["modules"], *STANDARD]
    sys.pycache_prefix = NOWHERE  # stale bytecode would run in place of the source that is hashed
    sys.modules.update(EHRQL)
    sys.argv[:] = [request["definition"], *request["arguments"]]
    sys.orig_argv[:] = sys.argv


def _limit(seconds: int, memory: int) -> None:
    """What the kernel allows this process from now on, and what it can't take back."""
    limits = {"AS": memory, "CPU": seconds + 1, "CORE": 0, "FSIZE": 0, "NOFILE": 64, "NPROC": 0}
    for name, most in limits.items():
        with suppress(AttributeError, ValueError, OSError):  # not every system knows or changes each of them
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))


def _build_walls(request: dict[str, Any], library: tuple[str, ...], opened: set[str], answer: int) -> None:
    """From here on nothing but the author's own files and Python's library can be reached."""
    own, listed, forbidden = (tuple(request[key]) for key in ("own", "listed", "forbidden"))
    if sys.platform == "linux":
        with suppress(ImportError):  # a Python without ctypes
            readable = (*own, *library, *map(os.path.realpath, SYSTEM))
            _private("landlock").restrict(readable, listed, forbidden)
    gc.disable()  # it would run an author's __del__ at any moment, also within the guard
    for name in ("ctypes", *REFUSED_MODULES):
        sys.modules.pop(name, None)
    guard = _private("guard")
    sys.addaudithook(guard.Guard(guard.Judge(own, library, listed, forbidden), answer, opened))


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


def _reply(answer: int, said: dict[str, Any], opened: set[str]) -> None:
    rest = json.dumps({**said, "files": sorted(opened)}).encode()
    while rest:
        rest = rest[os.write(answer, rest) :]
