"""Codelists as the old language has them: codes of one system, each perhaps with a
category.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from extractors.errors import CodelistError
from extractors.language.codelists import read_codelist
from measures.cohortextractor.asked import Wrong

Entry = tuple[str, str]
SYSTEMS = ("ctv3", "snomed", "icd10", "opcs4", "dmd", "readv2", "bnf")


@dataclass(frozen=True)
class Codelist:
    """Codes in their order, with duplicates."""

    # as the author names it
    system: str
    # codes with their categories; where there are none, with ""
    entries: tuple[Entry, ...]
    # whether each code has a category
    has_categories: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        """Each once."""
        return tuple(dict.fromkeys(code for code, _ in self.entries))

    @property
    def categories(self) -> dict[str, list[str]]:
        """The codes of each category."""
        found: dict[str, list[str]] = {}
        for code, category in dict(self.entries).items():
            found.setdefault(category, []).append(code)
        return found

    def __iter__(self) -> Any:
        """Authors loop over the codes, or over pairs of code and category."""
        if self.has_categories:
            return iter(self.entries)
        return iter(code for code, _ in self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, place: Any) -> Any:
        return list(self)[place]

    def __add__(self, other: Any) -> list[Any]:
        return [*self, *other]

    def __radd__(self, other: Any) -> list[Any]:
        return [*other, *self]


def codelist(codes: Iterable[Any], system: str) -> Codelist:
    """Codes that are written in the study, or pairs of a code and its category."""
    listed = list(codes)
    if not listed:
        raise CodelistError("a codelist is empty; it needs at least one code")
    pairs = [each for each in listed if isinstance(each, tuple | list)]
    if pairs and len(pairs) < len(listed):
        raise CodelistError("all codes of a codelist have a category, or none has")
    if pairs:
        entries = [(_stripped(code), str(category)) for code, category in pairs]
        return _checked(
            Codelist(system, tuple(entry for entry in entries if entry[0]), True)
        )
    codes = map(_stripped, listed)
    return Codelist(system, tuple((code, "") for code in codes if code))


def _stripped(code: Any) -> Any:
    """Without blanks around it; what is no text is refused where it is used."""
    return code.strip() if isinstance(code, str) else code


def codelist_from_csv(
    filename: str,
    system: str,
    column: str = "code",
    category_column: str | None = None,
) -> Codelist:
    """The codes of a file's column, without blanks around them; rows without a code are
    left out.
    """
    columns = [column] if category_column is None else [column, category_column]
    rows = read_codelist(filename, [each.removeprefix("\ufeff") for each in columns])
    if not rows:
        raise CodelistError(
            f"{filename} has no code in its column {column!r}; a codelist needs at "
            "least one"
        )
    if category_column is None:
        return Codelist(system, tuple((cells[0], "") for cells in rows))
    return _checked(
        Codelist(system, tuple((cells[0], cells[1]) for cells in rows), True)
    )


def _checked(made: Codelist) -> Codelist:
    known: dict[str, str] = {}
    for code, category in made.entries:
        if known.setdefault(code, category) != category:
            raise CodelistError(
                f"the code {code!r} is in two categories, {known[code]!r} and "
                f"{category!r}; a code has one"
            )
    return made


def combine_codelists(first: Codelist, *others: Codelist) -> Codelist:
    """The codes of several codelists in their order; of a code that is in several, the
    first counts.
    """
    lists = [first, *others]
    for each in lists:
        if not isinstance(each, Codelist):
            raise CodelistError(
                "combine_codelists takes codelists made by codelist or "
                "codelist_from_csv"
            )
        if each.system != first.system:
            raise CodelistError(
                f"codelists of {first.system} and {each.system} cannot be combined"
            )
        if each.has_categories != first.has_categories:
            raise CodelistError(
                "codelists with categories and without cannot be combined"
            )
    entries: dict[str, str] = {}
    for each in lists:
        for code, category in each.entries:
            entries.setdefault(code, category)
    return Codelist(first.system, tuple(entries.items()), first.has_categories)


def filter_codes_by_category(codelist: Codelist, include: Sequence[str]) -> Codelist:
    """The codes of some categories."""
    if not isinstance(codelist, Codelist) or not codelist.has_categories:
        raise CodelistError("filter_codes_by_category needs a codelist with categories")
    wanted = {str(each) for each in include}
    entries = tuple(entry for entry in codelist.entries if entry[1] in wanted)
    if not entries:
        raise CodelistError(
            f"no code is in any of the categories {', '.join(sorted(wanted))}"
        )
    return Codelist(codelist.system, entries, True)


def codes_in(value: Any, argument: str, systems: Sequence[str]) -> Codelist:
    """The codelist that is an argument; Wrong where it is none, or of another
    system.
    """
    if not isinstance(value, Codelist):
        raise Wrong(
            f"{argument} needs a codelist made by codelist(…) or "
            f"codelist_from_csv(…), not {_called(value)}"
        )
    if value.system not in systems:
        raise Wrong(
            f"{argument} takes codes of {' or '.join(systems)}, not of {value.system!r}"
        )
    for code in value.codes:
        if not isinstance(code, str):
            raise Wrong(
                f"codes are texts in quotes; {argument} has the number {code!r}"
            )
    return value


def texts_in(value: Any, argument: str) -> list[str]:
    """One text or several, or a codelist."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Codelist):
        return list(value.codes)
    if isinstance(value, list | tuple | set) and all(
        isinstance(each, str) for each in value
    ):
        return list(value)
    raise Wrong(f"{argument} needs a text or a list of texts, not {_called(value)}")


def _called(value: Any) -> str:
    return (
        f"a plain {type(value).__name__}"
        if isinstance(value, list | tuple | set)
        else repr(value)
    )
