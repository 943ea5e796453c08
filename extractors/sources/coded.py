"""The different codes of a table, looked at by the rules of `codes.py`.

A table has a billion codes, but few thousand different ones. They never leave the engine: what
is asked is which rules any of them breaks, and only for these the rows are counted.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from extractors.engine import Engine
from extractors.model.schema import Column
from extractors.model.types import CTV3Code, is_code
from extractors.sources.codes import DAMAGES, MENDS, ONE_CASE, PARTLY_QUOTED, QUOTES, CodeRule, Spelled, Verdict
from extractors.sources.findings import Finding, rowwise
from extractors.sources.promises import Promised
from extractors.sources.reading import Reading, Rule

SEEN = Spelled("raw", "stripped", "code")  # the columns of what is looked at


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
        """An aggregate: each stored text once."""
        return f"list(DISTINCT {self.raw})"

    def finding(self, rule: CodeRule, condition: str) -> Finding:
        found = rowwise(self.column, RULES[rule], condition, fatal=rule.verdict is Verdict.REFUSED)
        return replace(found, kept=self.kept)


RULES = {rule: Rule(rule.words, rule.remedy) for rule in (*MENDS, *DAMAGES, PARTLY_QUOTED, ONE_CASE)}
MENDED = {RULES[rule] for rule in (*MENDS, PARTLY_QUOTED)}  # after these a column is not read as it is stored
REFUSED = {RULES[rule] for rule in (*DAMAGES, PARTLY_QUOTED) if rule.verdict is Verdict.REFUSED}


def coded(promises: Iterable[Promised], readings: Mapping[str, Reading]) -> Iterator[Coded]:
    """The columns of codes that a table has."""
    for each in promises:
        raw = readings[each.name].raw
        if raw and is_code(each.column.type):
            yield Coded(each.column, raw, each.kept)


def look(engine: Engine, each: Coded, different: str) -> list[Finding]:
    """What is wrong with any of some different texts, which SQL gives as `raw`."""
    spelled = Spelled.of("raw")
    stripped = f"SELECT raw, {spelled.stripped} AS stripped, {spelled.code} AS code FROM ({different})"
    asked = [
        f"list(DISTINCT {SEEN.mend})",
        f"list(DISTINCT {SEEN.damage(each.column.type)})",
        SEEN.partly_quoted(),
        SEEN.in_one_case(),
    ]
    ((mends, damages, partly, one_case),) = engine.execute(f"SELECT {', '.join(asked)} FROM ({stripped})")
    found = (_places(mends), _places(damages))
    return list(_findings(each, *found, partly=partly, one_case=one_case))


def _places(found: list[int | None] | None) -> list[int]:
    return sorted(place for place in found or () if place is not None)


def _findings(each: Coded, mends: list[int], damages: list[int], *, partly: bool, one_case: bool) -> Iterator[Finding]:
    spelled = Spelled.of(each.raw)
    for place in mends:
        rule = PARTLY_QUOTED if partly and MENDS[place] is QUOTES else MENDS[place]
        yield each.finding(rule, f"{spelled.mend} = {place}")
    for place in damages:
        yield each.finding(DAMAGES[place], f"{spelled.damage(each.column.type)} = {place}")
    if one_case and each.column.type is CTV3Code:
        yield each.finding(ONE_CASE, spelled.fits(ONE_CASE))
