"""What is wrong with some rows: exactly for the site's people, in words without numbers
for all others.

Promises can be chosen so that the rows that break them are those of some patients, so
how many there are, and where, is a true count. It is written to the highly_sensitive
shelf.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from extractors.errors import RecordsError

PATIENT = "patient_id"
FORMAT = 1  # of the report; raise it when its entries get another meaning
FILE = "dirt.json"  # what the report is called
WHERE = f"which rows, and how many, is in highly_sensitive/{FILE}"


@dataclass(frozen=True, kw_only=True)
class Dirt:
    """The rows of a table that break one rule."""

    # what the definition calls the table
    table: str
    # the file, or the table of a database, that holds them
    file: str
    # the column with the rule; empty for a rule of whole rows
    column: str
    # what the rows are
    rule: str
    # what became of them, or what to do
    remedy: str
    # how many they are; None where reading ended at the first
    rows: int | None
    # the number of the first one in its file, counted from 1; None where rows have no
    # order
    first_row: int | None
    # whether the run ended because of them
    refused: bool
    # whether this is said, without numbers, to those who run the definition
    said: bool

    @property
    def words(self) -> str:
        """For anybody.

        Where a row without its patient is, says nothing of a patient, and no author can
        choose it.
        """
        column = f"column {self.column}: " if self.column else ""
        first = (
            f" (the first is data row {self.first_row})"
            if self.first_row and self.column == PATIENT
            else ""
        )
        return f"{self.file}: {column}some rows are {self.rule}{first}; {self.remedy}"


@dataclass(frozen=True)
class Checked:
    """What was found where no rule was broken that ends a run."""

    # warnings that anybody may see
    said: tuple[str, ...] = ()
    # for the site's people
    dirt: tuple[Dirt, ...] = ()
    # the table and the column of codes of which none has to be mended; it only saves
    # time
    clean: frozenset[tuple[str, str]] = field(default=frozenset(), compare=False)

    def clean_of(self, table: str) -> frozenset[str]:
        """The columns of a table that are read as they are stored."""
        return frozenset(column for name, column in self.clean if name == table)


class DirtyRecords(RecordsError):
    """Rows break a rule of their table. `dirt` is for the highly_sensitive shelf
    alone.
    """

    def __init__(self, message: str, detail: str = "", dirt: Iterable[Dirt] = ()):
        super().__init__(message, detail)
        self.dirt = tuple(dirt)

    def __reduce__(self) -> tuple:
        return type(self), (self.message, self.detail, self.dirt)


def together(several: Iterable[Checked]) -> Checked:
    """What was found in several tables."""
    said: list[str] = []
    dirt: list[Dirt] = []
    clean: set[tuple[str, str]] = set()
    for each in several:
        said += each.said
        dirt += each.dirt
        clean |= each.clean
    return Checked(tuple(dict.fromkeys(said)), tuple(dirt), frozenset(clean))


def refuse(dirt: Iterable[Dirt]) -> None:
    """Raise one DirtyRecords that names every rule that ends a run; nothing if there is
    none.
    """
    dirt = tuple(dirt)
    fatal = [each.words for each in dirt if each.refused]
    if fatal:
        raise DirtyRecords("\n".join(fatal), dirt=dirt)


def report(dirt: Iterable[Dirt]) -> dict[str, Any]:
    """As JSON."""
    return {"format": FORMAT, "dirt": [asdict(each) for each in dirt]}


def dirt_of(report: dict[str, Any]) -> tuple[Dirt, ...]:
    """What `report` described."""
    return tuple(Dirt(**each) for each in report["dirt"])
