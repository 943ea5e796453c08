"""Measures of how often the codes of a study are found: per codelist and per code, over
time.

Counted are all rows of the table that have a code, whatever else a definition asks of
them, and all people of whom there are records. Only columns that the definition reads
are read.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from extractors.model import nodes
from extractors.model.schema import TableSchema
from extractors.model.types import MULTI_CODE_TYPES, is_code
from measures.definitions import Interval, Measure
from measures.describe.outline import Code, Codes
from measures.study import Study

EVERYBODY = nodes.Literal(True, bool)
# in a list that is counted code by code: each is a count in every step of time
MOST_CODES = 100
OWN = ""  # codes that no file has


@dataclass(frozen=True)
class Counted:
    """What counts codes, and what it is called."""

    # one for each list and column
    outlines: tuple[Codes, ...]
    # which count them
    measures: tuple[Measure, ...]
    # measure -> its title
    titles: dict[str, str]


@dataclass(frozen=True)
class Looked:
    """The codes of one list that are looked for in one column."""

    # as the definition calls its file
    codelist: str
    # in which the codes are looked for
    column: nodes.Column
    # of the list
    codes: frozenset[str]


def codes_of(study: Study, steps: tuple[Interval, ...], span: Interval) -> Counted:
    """The measures of all codelists; `steps` are the steps of time, which cover
    `span`.
    """
    read = _columns_read(study)
    whole = (steps[0][0], steps[-1][1])
    outlines: list[Codes] = []
    measures: list[Measure] = []
    titles: dict[str, str] = {}
    for number, looked in enumerate(_looked_for(study), 1):
        made = _Made(
            f"codes_{number}",
            looked,
            _day_of(looked.column.source.table.schema, read),
            steps,
            whole,
        )
        outlines.append(made.outline)
        measures += made.measures()
        titles |= made.titles()
    return Counted(tuple(outlines), tuple(measures), titles)


@dataclass(frozen=True)
class _Made:
    """The measures of one list."""

    # which its measures begin with
    name: str
    # the list and the column
    looked: Looked
    # the column of the day of a row; None where there is no time
    day: str | None
    # the months or years of the study
    steps: tuple[Interval, ...]
    # from the first day of the study to the last
    whole: Interval

    @property
    def outline(self) -> Codes:
        column = self.looked.column
        return Codes(
            codelist=self.looked.codelist,
            table=column.source.table.schema.name,
            column=column.name,
            date=self.day or "",
            codes=tuple(
                self._code(place, code) for place, code in enumerate(self._listed, 1)
            ),
            ever=f"{self.name}_ever",
            patients=f"{self.name}_patients" if self.day else "",
            rows=f"{self.name}_rows" if self._rows_can_be_counted else "",
        )

    @property
    def _listed(self) -> list[str]:
        return sorted(self.looked.codes)

    def _code(self, place: int, code: str) -> Code:
        over_time = self.day and len(self.looked.codes) <= MOST_CODES
        return Code(code, f"{self.name}_code_{place}" if over_time else "")

    @property
    def _rows_can_be_counted(self) -> bool:
        return bool(self.day) and not self.looked.column.source.table.schema.one_row

    def measures(self) -> Iterator[Measure]:
        """The whole list in the whole time; then in each step, its rows, and each
        code.
        """
        outline, codes = self.outline, self._listed
        yield _measure(outline.ever, self._found(codes), (self.whole,))
        if outline.patients:
            yield _measure(outline.patients, self._found(codes), self.steps)
        if outline.rows:
            rows = nodes.Aggregate("count", self._rows(codes))
            yield _measure(outline.rows, rows, self.steps)
        for each in outline.codes:
            if each.measure:
                yield _measure(each.measure, self._found([each.code]), self.steps)

    def titles(self) -> dict[str, str]:
        outline = self.outline
        name = title_of(outline)
        found = {outline.ever: f"{name}: people in the whole time"}
        if outline.patients:
            found[outline.patients] = f"{name}: people"
        if outline.rows:
            found[outline.rows] = f"{name}: rows"
        return found | {
            each.measure: f"{each.code} of {name}"
            for each in outline.codes
            if each.measure
        }

    def _found(self, codes: Iterable[str]) -> nodes.Series:
        """Whether a patient has a row with one of the codes."""
        table = self.looked.column.source.table
        if not table.schema.one_row:
            return nodes.Aggregate("exists", self._rows(codes))
        condition = _and(_has(self.looked.column, codes), self._in_time())
        return nodes.Call("coalesce", (condition, nodes.Literal(False, bool)))

    def _rows(self, codes: Iterable[str]) -> nodes.Frame:
        rows = nodes.Where(
            self.looked.column.source.table, _has(self.looked.column, codes)
        )
        condition = self._in_time()
        return nodes.Where(rows, condition) if condition else rows

    def _in_time(self) -> nodes.Series | None:
        if not self.day:
            return None
        day = nodes.Column(self.looked.column.source.table, self.day)
        first = nodes.Call("ge", (day, nodes.Parameter("interval_start")))
        return nodes.Call(
            "and", (first, nodes.Call("le", (day, nodes.Parameter("interval_end"))))
        )


def title_of(outline: Codes) -> str:
    """A list in words, with the column in which it is looked for."""
    return (
        f"{outline.codelist or 'codes in the definition'} in "
        f"{outline.table}.{outline.column}"
    )


def _measure(
    name: str, numerator: nodes.Series, intervals: tuple[Interval, ...]
) -> Measure:
    return Measure(
        name=name,
        numerator=numerator,
        denominator=EVERYBODY,
        group_by={},
        intervals=intervals,
    )


def _and(one: nodes.Series, other: nodes.Series | None) -> nodes.Series:
    return one if other is None else nodes.Call("and", (one, other))


def _has(column: nodes.Column, codes: Iterable[str]) -> nodes.Series:
    """Whether the column has one of the codes; where it holds several, whether one of
    them is in it.
    """
    if column.type not in MULTI_CODE_TYPES:
        listed = tuple(column.type(code) for code in codes)
        return nodes.Call("in", (column, nodes.Values(listed, column.type)))
    found: nodes.Series | None = None
    for code in codes:
        one = nodes.Call("contains", (column, nodes.Literal(code, str)))
        found = one if found is None else nodes.Call("or", (found, one))
    assert found is not None
    return found


# What a definition looks for ----------------------------------------------------------


def _looked_for(study: Study) -> list[Looked]:
    """Each list in each column that is compared with codes of it, in the order of the
    definition.
    """
    found: dict[tuple[str, nodes.Column], set[str]] = {}
    for column, codes in _compared(study.roots):
        table = nodes.Column(column.source.table, column.name)
        found.setdefault((_file_of(study, codes), table), set()).update(codes)
    return [
        Looked(name, column, frozenset(codes))
        for (name, column), codes in found.items()
    ]


def _compared(
    roots: Iterable[nodes.Series],
) -> Iterator[tuple[nodes.Column, frozenset[str]]]:
    for node in nodes.walk(roots):
        match node:
            case nodes.Call(
                operation="contains",
                arguments=(nodes.Column() as column, nodes.Literal(value=code)),
            ):
                if column.type in MULTI_CODE_TYPES:
                    yield column, frozenset({str(code)})
            case nodes.Call(
                operation="in",
                arguments=(nodes.Column() as column, nodes.Values(values=values)),
            ):
                if is_code(column.type) and values:
                    yield column, frozenset(map(str, values))
            case nodes.Call(
                operation="eq",
                arguments=(nodes.Column() as column, nodes.Literal(value=code)),
            ):
                if is_code(column.type) and code is not None:
                    yield column, frozenset({str(code)})


def _file_of(study: Study, codes: frozenset[str]) -> str:
    """The smallest file that has all of these codes."""
    holding = []
    for name, listed in study.codes.items():
        if codes <= listed:
            holding.append((len(listed), name))
    return min(holding)[1] if holding else OWN


def _columns_read(study: Study) -> frozenset[tuple[str, str]]:
    """Tables and columns that the definition reads."""
    columns = []
    for node in nodes.walk(study.roots):
        if isinstance(node, nodes.Column):
            columns.append(node)
    return frozenset(
        (column.source.table.schema.name, column.name) for column in columns
    )


def _day_of(schema: TableSchema, read: frozenset[tuple[str, str]]) -> str | None:
    """The first day among the columns of a table that the definition reads."""
    for column in schema.columns:
        if column.type is datetime.date and (schema.name, column.name) in read:
            return column.name
    return None
