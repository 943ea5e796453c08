"""The codelists of a folder, as a table of what they are."""

from dataclasses import asdict, dataclass
from pathlib import Path

from measures.codelists.linting import read_sheet
from measures.codelists.published import NAMED, named_lists, read_lock
from measures.codelists.updating import check_lock

OWN = "of the study itself"


@dataclass(frozen=True)
class Listed:
    """A codelist file, or one that is named and not there."""

    # its name
    file: str
    # how many different codes it holds
    codes: int
    # the coding system, as far as its codes show it
    system: str
    # the column of the codes
    column: str
    # of the published list
    version: str
    # what was found of it, "as fetched", or that it was never published
    state: str

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def listed(folder: Path) -> list[Listed]:
    """All lists of a folder by name, also those that are named and missing."""
    named = (
        {each.file: each for each in named_lists(folder)}
        if (folder / NAMED).is_file()
        else {}
    )
    kinds: dict[str, str] = {}
    for finding in check_lock(folder):
        file = next(
            (name for name, each in named.items() if each.line == finding.line),
            finding.file,
        )
        kinds.setdefault(file, finding.kind)
    lock = read_lock(folder)
    files = sorted({*named, *(path.name for path in folder.glob("*.csv"))})
    return [
        _listed(
            folder / name,
            named[name].version if name in named else "",
            kinds,
            name in lock,
        )
        for name in files
    ]


def _listed(file: Path, version: str, kinds: dict[str, str], fetched: bool) -> Listed:
    text = (
        file.read_text(encoding="utf-8-sig", errors="replace") if file.is_file() else ""
    )
    sheet = read_sheet(text, file.name)
    usual = "as fetched" if fetched else OWN
    return Listed(
        file=file.name,
        codes=len({row.cells[0] for row in sheet.rows}) if sheet else 0,
        system=sheet.system.label if sheet else "",
        column=sheet.column if sheet else "",
        version=version,
        state=kinds.get(file.name, usual),
    )
