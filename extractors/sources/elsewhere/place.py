"""A bucket or a folder of a web server as a place of tables.

A needed table is fetched once for each engine, into a folder of its own that goes with
the engine, and read there as any folder of tables. What is fetched is what was listed
when the run looked at the place: every file is known by its mark (ETag) and its size,
before and after.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from extractors.engine import Engine
from extractors.errors import RecordsError
from extractors.fingerprint import fingerprint
from extractors.sources.base import State, Table
from extractors.sources.delta import LOG
from extractors.sources.elsewhere.address import Elsewhere
from extractors.sources.elsewhere.objects import Bucket, Object, Store
from extractors.sources.elsewhere.web import Web
from extractors.sources.folder import open_folder
from extractors.sources.formats import FOLDER, TableFile
from extractors.sources.parts import ending_of, foreign_ending_of, is_hidden


class ObjectsChanged(RecordsError):
    """The files are not those that the run looked at; a new run looks again."""

    transient = True


@dataclass(frozen=True)
class Listing:
    """A Place whose tables lie on another machine; with `state`, only as they were
    then.
    """

    # the folder on the other machine
    place: Elsewhere
    # how the files must be; None where any state will do
    state: State | None = None
    # the listing of each table's files, asked for once
    _seen: list[list[tuple[str, Object]]] = field(
        default_factory=list, compare=False, repr=False
    )

    def __reduce__(self) -> tuple:
        return type(self), (self.place, self.state)

    @property
    def label(self) -> str:
        return str(self.place)

    def files(self) -> tuple[Path, ...]:
        return ()

    def names(self, engine: Engine) -> list[str]:
        return sorted({name for name, _ in self._known()})

    def open(self, engine: Engine, name: str, columns: Sequence[str]) -> Table:
        folder = engine.scratch() / fingerprint(str(self.place), name)
        if not folder.exists():
            self._fetch(folder, name)
        return open_folder(folder).open(engine, name, columns)

    def _fetch(self, folder: Path, name: str) -> None:
        wanted = [each for table, each in self._known() if table == name]
        for each in wanted:
            _refuse_path(self.label, each.path)
        partial = folder.with_name(f"{folder.name}.partial")
        _store(self.place).fetch(wanted, partial)
        if wanted != [each for table, each in self._tables() if table == name]:
            raise _changed(self.label)
        partial.rename(folder)

    def _known(self) -> list[tuple[str, Object]]:
        """As they were when first asked for: to list a store takes a request for each
        file.
        """
        if not self._seen:
            self._seen.append(self._tables())
        return self._seen[0]

    def _tables(self) -> list[tuple[str, Object]]:
        """Every file with the name of its table."""
        found = _store(self.place).objects()
        if self.state and content(found) != self.state.content:
            raise _changed(self.label)
        named = [(table_of(each.path), each) for each in found]
        tables = [(name, each) for name, each in named if name]
        if not tables:
            raise RecordsError(f"There are no tables at {self.label}.")
        return tables


def look(place: Elsewhere) -> State:
    """What is there now, without a byte of it being read."""
    return State(content(_store(place).objects()), "")


def content(objects: Iterable[Object]) -> str:
    return fingerprint([(each.path, each.size, each.mark) for each in objects])


def table_of(path: str) -> str:
    """The table that a file is, or is a part of; empty if it is hidden or none."""
    top, *below = PurePosixPath(path).parts or ("",)
    if is_hidden(top) or any(is_hidden(each) and each != LOG for each in below):
        return ""
    if below:
        return TableFile(Path(top), FOLDER).name
    ending = ending_of(top)
    foreign = foreign_ending_of(top)
    if not ending and not foreign:
        return ""
    return TableFile(Path(top[: len(top) - len(foreign)]), ending).name


def _store(place: Elsewhere) -> Store:
    return Web(place) if place.is_web else Bucket(place)


def _refuse_path(label: str, path: str) -> None:
    """A store's path is any text; one that is no path of a file could lead out of the
    folder.

    A path that begins with a slash has an empty part.
    """
    parts = path.split("/")
    odd = []
    for part in parts:
        if part in ("", ".", "..") or "\\" in part or "\0" in part:
            odd.append(part)
    if odd:
        raise RecordsError(
            f"{label}: a file has a name that no folder can hold; give it another one."
        )


def _changed(label: str) -> ObjectsChanged:
    return ObjectsChanged(
        f"{label}: the records have changed since this run looked at them; start the "
        "run again."
    )
