"""Which file the codes of a definition are from."""

from collections.abc import Iterable
from pathlib import Path

from extractors.errors import CodelistError
from extractors.language.codelists import codelist_from_csv
from extractors.language.reading import CodelistFile, reading


def names_by_codes(
    codelists: Iterable[CodelistFile], folders: Iterable[Path]
) -> dict[frozenset[str], str]:
    """The codes of each file that can be read again, and its name, so that a message
    can say which it is.
    """
    found: dict[frozenset[str], str] = {}
    with reading(folders):
        for each in codelists:
            try:
                codes = codelist_from_csv(each.name, column=each.columns[0])
            except (CodelistError, OSError):
                continue
            for written in (
                frozenset(codes),
                frozenset(code.replace(".", "") for code in codes),
            ):
                found[written] = each.name
    return found
