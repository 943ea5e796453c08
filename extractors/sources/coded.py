"""The different codes of a table, looked at by the rules of `codes.py`.

A table has a billion codes, but few thousand different ones. They never leave the
engine: what is asked is which rules any of them breaks, and only for these the rows are
counted.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from extractors.engine import Engine
from extractors.model.schema import Column
from extractors.model.types import Code, CTV3Code
from extractors.sources.codes import (
    DAMAGES,
    MENDS,
    ONE_CASE,
    PARTLY_QUOTED,
    QUOTES,
    CodeRule,
    Spelled,
    Verdict,
    in_one_case,
    is_plain,
    is_well,
)
from extractors.sources.findings import Finding, rowwise
from extractors.sources.promises import Promised
from extractors.sources.reader import Reading, Rule
from extractors.sql.words import quote

SEEN = "codes that are seen"  # with spaces, so no table can have this name


@dataclass(frozen=True)
class Coded:
    """A column of codes."""

    # with its coding system
    column: Column
    # SQL for the text that is stored
    raw: str
    # whether what is found is said, and may end the run
    kept: bool

    @property
    def different(self) -> str:
        """An aggregate: each stored text, and in how many rows it is."""
        return f"histogram({self.raw})"

    @property
    def odd(self) -> str:
        """The table of its different texts that are not plainly well, with the rules
        that they break.
        """
        return quote(f"odd codes of {self.column.name}")

    def is_odd(self, condition: str) -> str:
        """True of a row whose text is among these: a look-up, where to ask the rules
        took ten times as long.
        """
        return (
            f"coalesce({self.raw} IN (SELECT raw FROM {self.odd} WHERE {condition}), "
            "FALSE)"
        )

    def finding(
        self, rule: CodeRule, condition: str, rows: int | None = None
    ) -> Finding:
        found = rowwise(
            self.column, RULES[rule], condition, fatal=rule.verdict is Verdict.REFUSED
        )
        return replace(found, kept=self.kept, rows=rows)


RULES = {
    rule: Rule(rule.words, rule.remedy)
    for rule in (*MENDS, *DAMAGES, PARTLY_QUOTED, ONE_CASE)
}
# after these a column is not read as it is stored
MENDED = {RULES[rule] for rule in (*MENDS, PARTLY_QUOTED)}
REFUSED = {
    RULES[rule] for rule in (*DAMAGES, PARTLY_QUOTED) if rule.verdict is Verdict.REFUSED
}


def coded(
    promises: Iterable[Promised], readings: Mapping[str, Reading]
) -> Iterator[Coded]:
    """The columns of a table that hold codes of one system."""
    for each in promises:
        raw = readings[each.name].raw
        if raw and each.column.type is not Code:
            yield Coded(each.column, raw, each.kept)


def mixed(column: Column, raw: str) -> Iterator[Finding]:
    """Questions about codes of many systems, as a vocabulary has them: what is mended.

    Nearly all are different, so they are not collected.
    """
    for place, rule in enumerate(MENDS):
        condition = (
            f"(NOT {is_plain(raw)} AND coalesce({Spelled.of(raw).mend} = {place}, "
            "FALSE))"
        )
        yield rowwise(column, RULES[rule], condition, fatal=False)


def look(engine: Engine, each: Coded, different: str) -> list[Finding]:
    """What is wrong with any of some different texts, which SQL gives as `raw`, with
    their `rows`.
    """
    well = is_well("raw", each.column.type)
    known = (
        f"SELECT raw, rows, coalesce({well}, FALSE) AS well FROM ({different}) WHERE "
        "raw IS NOT NULL"
    )
    engine.execute(f"CREATE OR REPLACE TEMP TABLE {quote(SEEN)} AS {known}")
    found = [*_odd(engine, each), *_in_one_case(engine, each)]
    engine.execute(f"DROP TABLE {quote(SEEN)}")
    return found


def _odd(engine: Engine, each: Coded) -> Iterator[Finding]:
    """What is wrong with those that are not plainly well; most columns have none, and
    the rules cost time.
    """
    ((well, others),) = engine.execute(
        f"SELECT count_if(well), count_if(NOT well) FROM {quote(SEEN)}"
    )
    if not others:
        return
    raw, odd = Spelled.of("raw"), Spelled("raw", "stripped", "code")
    states = (
        f"SELECT raw, rows, {raw.stripped} AS stripped, {raw.code} AS code FROM "
        f"{quote(SEEN)} WHERE NOT well"
    )
    judged = [
        f"{odd.mend} AS mend",
        f"{odd.damage(each.column.type)} AS damage",
        f"code IS NOT NULL AND NOT {odd.fits(QUOTES)} AS bare",
    ]
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE {each.odd} AS SELECT raw, rows, "
        f"{', '.join(judged)} FROM ({states})"
    )
    asked = "list(DISTINCT mend), list(DISTINCT damage), bool_or(bare)"
    ((mends, damages, bare),) = engine.execute(f"SELECT {asked} FROM {each.odd}")
    for place in _places(mends):
        rule = (
            PARTLY_QUOTED if (well or bare) and MENDS[place] is QUOTES else MENDS[place]
        )
        yield _finding(engine, each, rule, f"mend = {place}")
    for place in _places(damages):
        yield _finding(engine, each, DAMAGES[place], f"damage = {place}")


def _finding(engine: Engine, each: Coded, rule: CodeRule, condition: str) -> Finding:
    ((rows,),) = engine.execute(
        f"SELECT sum(rows)::BIGINT FROM {each.odd} WHERE {condition}"
    )
    return each.finding(rule, each.is_odd(condition), rows)


def _in_one_case(engine: Engine, each: Coded) -> Iterator[Finding]:
    """Whether Read codes have lost their case."""
    if each.column.type is CTV3Code:
        ((lost,),) = engine.execute(
            f"SELECT {in_one_case('raw')} FROM {quote(SEEN)} WHERE well"
        )
        if lost:
            yield each.finding(ONE_CASE, Spelled.of(each.raw).fits(ONE_CASE))


def _places(found: list[int | None] | None) -> list[int]:
    return sorted(place for place in found or () if place is not None)
