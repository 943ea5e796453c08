"""Records with some tables read from files that a definition brings along."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from extractors.engine import Engine
from extractors.errors import RecordsError
from extractors.model.schema import TableSchema
from extractors.sources.base import Keys, Source, Table
from extractors.sources.dirt import Checked
from extractors.sources.formats import TableFile
from extractors.sources.parts import ending_of
from extractors.sources.promises import KEY
from extractors.sources.tables import Tables


@dataclass(frozen=True)
class WithFiles:
    """A Source that reads tables with a `file` from elsewhere, and all others from
    another Source. Beside real records a file may hold rows made of them.
    """

    # of all tables without a file
    source: Source
    # the path that a definition names -> where the file is
    paths: Mapping[str, Path] = field(default_factory=dict)
    # whether the other records are of no real people: then the author is at home, and
    # may know what is wrong with the files
    made_up: bool = False
    # whether patients are known by texts, as UUIDs are
    ids_are_texts: bool = False

    def files(self) -> tuple[Path, ...]:
        return (*self.source.files(), *self.paths.values())

    def relation(
        self,
        engine: Engine,
        schema: TableSchema,
        columns: Sequence[str],
        clean: Container[str] = (),
    ) -> str:
        return self._of(schema).relation(engine, schema, columns, clean)

    def check(
        self,
        engine: Engine,
        schema: TableSchema,
        columns: Sequence[str],
        *,
        thorough: bool = False,
    ) -> Checked:
        return self._of(schema).check(engine, schema, columns, thorough=thorough)

    def keys(self, engine: Engine, schema: TableSchema, *, rows: bool = True) -> Keys:
        return self._of(schema).keys(engine, schema, rows=rows)

    def with_text_ids(self) -> "WithFiles":
        return replace(self, source=self.source.with_text_ids(), ids_are_texts=True)

    def _of(self, schema: TableSchema) -> Source:
        if not schema.file:
            return self.source
        return Tables(
            OneFile(schema, self.paths[schema.file]), self.made_up, self.ids_are_texts
        )


@dataclass(frozen=True)
class OneFile:
    """A Place that holds one table: the file of a definition."""

    # of its one table
    schema: TableSchema
    # of the file
    path: Path

    @property
    def label(self) -> str:
        return self.schema.file

    def files(self) -> tuple[Path, ...]:
        return (self.path,)

    def names(self, engine: Engine) -> list[str]:
        return [self.schema.name]

    def open(self, engine: Engine, name: str, columns: Sequence[str]) -> Table:
        table = table_file(self.path).open(engine, columns)
        # Elsewhere a column that is absent is NULL, because systems differ. This one
        # the author has listed.
        there = {KEY.name, *(column.lower() for column in table.types)}
        absent = [column for column in columns if column.lower() not in there]
        if absent:
            raise RecordsError(
                f"{table.label}: it lacks {', '.join(absent)}; the definition names "
                "columns that must be there."
            )
        return table


def find_file(file: str, folders: Sequence[Path]) -> Path:
    """The absolute path of a file of a definition, in the first folder that has it.

    Raises RecordsError unless one has it within itself: what `file` says was checked
    when the definition was read, but by then a link may lead elsewhere.
    """
    for folder in folders:
        path = (folder / file).resolve()
        if path.is_relative_to(folder.resolve()) and path.is_file():
            return path
    raise RecordsError(
        f"The definition reads {file}, which is not a file below the working "
        "directory; put it there."
    )


def table_file(path: Path) -> TableFile:
    return TableFile(path, ending_of(path.name))
