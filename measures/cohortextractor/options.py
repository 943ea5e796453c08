"""What the command line says to an old study, behind `--`.

--index-date 2020-03-02
--index-date-range "2020-03-02 to 2022-06-06 by week"      several with ; between them
--param name=value [name=value …]
--join study_definition_ethnicity@2022-06-05               another study whose columns measures may use
--input-files "input_bp.csv.gz=2020-03-02 to 2022-06-06 by week"   files of patients beside the counts
--only-input-files "input_bp.csv.gz=2020-03-02"                    files of patients, and no counts
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extractors.errors import DefinitionError
from extractors.language.reading import Reading, current
from measures.cohortextractor.asked import Wrong
from measures.cohortextractor.dates import Calendar, day_of

INDEX_DATE, INDEX_DATES, PARAM, JOIN = "index-date", "index-date-range", "param", "join"
INPUT_FILES, ONLY_FILES = "input-files", "only-input-files"
OWN = "index_date"
MOST_DATES = 10_000


@dataclass(frozen=True)
class InputFile:
    """A file of patients at each of some index dates."""

    # up to the date
    name: str
    # behind it: csv, csv.gz, feather, …
    format: str
    # the index dates
    dates: frozenset[datetime.date]


def input_files(arguments: Sequence[str]) -> list[InputFile]:
    """The files of patients that the words behind `--` ask for. Raises Wrong for what
    is none.
    """
    found = []
    words = [*_values(arguments, INPUT_FILES), *_values(arguments, ONLY_FILES)]
    for _, word in words:
        file, equals, dates = word.partition("=")
        name, dot, ending = file.partition(".")
        if not (equals and dot):
            raise Wrong(
                "a file of patients is asked for as NAME.FORMAT=INDEX DATES, not as "
                f"{word!r}"
            )
        found.append(InputFile(name, ending, frozenset(index_dates(dates))))
    return found


def writes_files() -> bool:
    """Whether the study that is read is to give the rows of its patients at each index
    date.
    """
    beside, alone = list(_words(current(), INPUT_FILES)), only_files()
    return bool(beside) or alone


def only_files() -> bool:
    """Whether nothing of it is to be counted."""
    return bool(list(_words(current(), ONLY_FILES)))


class Parameters(Mapping[str, str]):
    """The texts that `--param name=value` gives to the definition that is read; one not
    given is a mistake.
    """

    def __getitem__(self, name: str) -> str:
        found = _given()
        if name not in found:
            raise DefinitionError(
                f"the parameter {name!r} is needed; add `-- --param {name}=VALUE` to "
                "the command"
            )
        return found[name]

    def get(self, name: str, default: Any = None) -> Any:
        return _given().get(name, default)

    def __contains__(self, name: object) -> bool:
        return name in _given()

    def __iter__(self) -> Iterator[str]:
        return iter(_given())

    def __len__(self) -> int:
        return len(_given())


def _given() -> dict[str, str]:
    found: dict[str, str] = {}
    for word in _words(current(), PARAM):
        name, equals, value = word.partition("=")
        if not equals:
            raise DefinitionError(
                f"a parameter is given as --param name=value, not as {word!r}"
            )
        found[name] = value
    return found


def joins() -> list[tuple[str, list[str]]]:
    """The studies that are joined: their modules, and the words behind `--` for
    each.
    """
    found = []
    params = list(_words(current(), PARAM))
    for word in _words(current(), JOIN):
        module, _, index = word.partition("@")
        words = [f"--{INDEX_DATE}", index] if index else []
        found.append((module, [*words, f"--{PARAM}", *params] if params else words))
    return found


def calendar(own: object) -> Calendar:
    """The index dates of the command line, else the study's own one. Raises Wrong for
    what is none.
    """
    reading = current()
    ranges = list(_words(reading, INDEX_DATES))
    if ranges:
        return Calendar(index=tuple(_all_dates(" ".join(ranges), own)), moves=True)
    chosen = next(iter(_words(reading, INDEX_DATE)), own)
    if chosen is None:
        return Calendar()
    return Calendar(index=(_day(chosen),))


def _all_dates(text: str, own: object) -> list[datetime.date]:
    """Of several ranges with `;` between them; `index_date` is the study's own date."""
    found: set[datetime.date] = set()
    for each in text.split(";"):
        if each.strip() == OWN:
            if own is None:
                raise Wrong("the study has no index_date of its own")
            found.add(_day(own))
        else:
            found.update(index_dates(each.strip()))
    return sorted(found)


def index_dates(text: str) -> list[datetime.date]:
    """The dates of `A to B by week`, or by month; one date is a range of one. Raises
    Wrong.
    """
    between, _, unit = text.partition(" by ")
    first, _, last = between.partition(" to ")
    start = _day(first.strip())
    end = _day(last.strip()) if last.strip() else start
    step = unit.strip() or "month"
    if step not in ("week", "month"):
        raise Wrong(f"index dates go by week or by month, not by {step!r}")
    if end < start:
        raise Wrong(f"index dates go from {start} to {end}, which is earlier")
    found = [start]
    while (following := _following(start, len(found), step)) <= end and len(
        found
    ) < MOST_DATES:
        found.append(following)
    return found


def _following(start: datetime.date, count: int, step: str) -> datetime.date:
    if step == "week":
        return start + datetime.timedelta(weeks=count)
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    try:
        return start.replace(year=year, month=month + 1)
    except ValueError:
        raise Wrong(
            f"there is no day {year}-{month + 1:02}-{start.day}; begin on a day that "
            "each month has"
        ) from None


def _day(text: object) -> datetime.date:
    return datetime.date.today() if text == "today" else day_of(text)


def _words(reading: Reading, name: str) -> Iterator[str]:
    """The words behind `--name`, however often it comes. They count as read."""
    reading.parameters.add(name)
    for place, word in _values(reading.arguments, name):
        reading.seen.add(place)
        yield word


def _values(arguments: Sequence[str], name: str) -> Iterator[tuple[int, str]]:
    """The same, each with its place among all words."""
    inside = False
    for place, word in enumerate(arguments):
        if word.startswith("--"):
            given, equals, value = word[2:].partition("=")
            inside = given == name and not equals
            if given == name and equals:
                yield place, value
        elif inside:
            yield place, word
