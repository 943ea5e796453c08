"""Do the rows keep the rules? The answer is counts, never values, and counts are for
the site's people alone.

One aggregate scan per table; where columns lie apart, they are asked first for a row
that breaks a rule, which costs a tenth of the scan: DuckDB looks at what is known of a
file's parts, and at each different text of a part once.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from extractors.engine import Engine
from extractors.model.schema import Column
from extractors.model.types import Code
from extractors.sources.base import Table
from extractors.sources.coded import MENDED, REFUSED, Coded, coded, look, mixed
from extractors.sources.damage import described
from extractors.sources.dirt import Checked, Dirt, refuse
from extractors.sources.findings import Finding, rowwise
from extractors.sources.promises import Promised, Promises
from extractors.sources.reader import Reading, Rule
from extractors.sources.reading import listed
from extractors.sql.words import quote, text

ANSWERS = "answers of a table"  # with spaces, so no table can have this name
# forms of tables in which a column is read without the others
COLUMNAR = ("Parquet", "DuckDB")


NO_KEY = Rule("without a value", "every row needs its patient")
REPEATS = Rule(
    "further rows of a patient",
    "this table has at most one row per patient; leave the others out",
)
USED = "they are used as they are"
NULLS = Rule("NULL", "they count as missing")
NO_VALUES = Rule("NULL", "which is every row of the table")
FIRST_OF_MONTH = Rule("not the first of a month", USED)
RANGE = Rule("outside the range that the table promises", USED)
PATTERN = Rule("not of the form that the table promises", USED)
# What becomes of rows that break a promise of an author, where it would end the run if
# it were the site's.
PUT_UP_WITH = {
    NO_KEY: "they are left out",
    REPEATS: "patients with several rows have NULL in every column",
    **dict.fromkeys(REFUSED, USED),
}
NULLED = "they are read as NULL"


def check_rows(
    engine: Engine,
    table: Table,
    readings: dict[str, Reading],
    promises: Promises,
    *,
    name: str,
    key: bool = True,
    thorough: bool = False,
) -> Checked:
    """What is wrong with the rows of a table, which definitions call `name`.

    With `key`, the first column is the patient. With `thorough`, every value is read.
    Raises one DirtyRecords that lists every fault of the table.
    """
    findings = list(_findings(readings, promises, key=key))
    codes = list(coded(promises.columns, readings))
    apart = table.form in COLUMNAR and not thorough
    if apart:
        columns = [each.column for each in promises.columns]
        suspected: list[Finding] = []
        for column in columns:
            suspected += _suspected(engine, table, column, findings)
        for each in codes:
            suspected += _looked_at(engine, table, each)
        findings = suspected
    total, broken = _count(engine, table, findings, [] if apart else codes)
    firsts = _first_rows(
        engine, table, [each for each in broken if each.condition and each.fatal]
    )
    dirt = []
    for finding, count in broken.items():
        dirt.append(_dirt(table, name, finding, count, firsts.get(finding)))
    refuse(dirt)
    seen = promises.columns[0].kept
    empty = [] if total or not seen else [f"{table.label}: it has no rows"]
    mended = {each.column for each in broken if each.rule in MENDED}
    clean = frozenset(
        (name, each.column.name) for each in codes if each.column.name not in mended
    )
    return Checked(
        (*table.said, *empty, *(each.words for each in dirt if each.said)),
        tuple(dirt),
        clean,
    )


def _findings(
    readings: dict[str, Reading], promises: Promises, *, key: bool
) -> Iterator[Finding]:
    first, *others = promises.columns
    if key:
        for finding in _of_key(first.column, readings[first.name]):
            yield replace(finding, kept=first.kept)
        if promises.one_row or promises.joined:
            yield replace(
                _repeats(first.column, readings[first.name]),
                kept=first.kept and promises.one_row,
            )
    for each in others if key else promises.columns:
        yield from _of_promised(each, readings[each.name])


def _of_promised(promised: Promised, reading: Reading) -> Iterator[Finding]:
    for finding in _of_column(promised.column, reading):
        yield replace(finding, kept=promised.kept)


def _of_key(column: Column, reading: Reading) -> Iterator[Finding]:
    missing = f"{reading.lenient} IS NULL AND NOT {reading.fault or 'FALSE'}"
    yield rowwise(column, NO_KEY, missing)
    yield from _unreadable(column, reading)


def _repeats(column: Column, reading: Reading) -> Finding:
    value = reading.lenient
    return Finding(column.name, REPEATS, f"count({value}) - count(DISTINCT {value})")


def _of_column(column: Column, reading: Reading) -> Iterator[Finding]:
    yield from _unreadable(column, reading)
    yield from _promises(column, reading.lenient)
    yield from _absent(column, reading.there)
    if column.type is Code and reading.raw:
        yield from mixed(column, reading.raw)


def _unreadable(column: Column, reading: Reading) -> Iterator[Finding]:
    for fault in reading.faults:
        yield replace(rowwise(column, fault.rule, fault.condition), quick=fault.quick)


def _promises(column: Column, x: str) -> Iterator[Finding]:
    if column.categories:
        allowed = listed(column.categories)
        rule = Rule("outside its categories", f"they are {allowed}")
        yield rowwise(column, rule, f"{x} NOT IN ({allowed})")
    if column.first_of_month:
        yield rowwise(column, FIRST_OF_MONTH, f"day({x}) <> 1", fatal=False)
    if column.pattern:
        yield rowwise(
            column,
            PATTERN,
            f"NOT regexp_full_match({x}, {text(column.pattern)})",
            fatal=False,
        )
    for condition in _out_of_range(column, x):
        yield rowwise(column, RANGE, condition, fatal=False)


def _out_of_range(column: Column, x: str) -> Iterator[str]:
    bounds = []
    if column.minimum is not None:
        bounds.append(f"{x} < {column.minimum}")
    if column.maximum is not None:
        bounds.append(f"{x} > {column.maximum}")
    if column.step != 1:
        bounds.append(f"({x} - {column.minimum or 0}) % {column.step} <> 0")
    if bounds:
        yield " OR ".join(bounds)


def _absent(column: Column, x: str) -> Iterator[Finding]:
    never = f"CASE WHEN count({x}) = 0 THEN count(*) ELSE 0 END"
    yield Finding(
        column.name, NO_VALUES, never, fatal=False, absolved=f"{x} IS NOT NULL"
    )
    if column.required:
        some = f"CASE WHEN count({x}) > 0 THEN count(*) - count({x}) ELSE 0 END"
        yield Finding(
            column=column.name,
            rule=NULLS,
            aggregate=some,
            condition=f"{x} IS NULL",
            fatal=False,
        )


def _suspected(
    engine: Engine, table: Table, column: Column, findings: Iterable[Finding]
) -> list[Finding]:
    """Those of a column that some row may be guilty of."""
    found = [finding for finding in findings if finding.column == column.name]
    conditions = [f"({finding.condition})" for finding in found if finding.condition]
    if conditions and not _any(engine, table, " OR ".join(conditions)):
        found = [finding for finding in found if not finding.condition]
    return [
        finding
        for finding in found
        if not (finding.absolved and _any(engine, table, finding.absolved))
    ]


def _any(engine: Engine, table: Table, condition: str) -> bool:
    with described(table.label, table.form):
        return bool(
            engine.execute(f"SELECT 1 FROM {table.relation} WHERE {condition} LIMIT 1")
        )


def _looked_at(engine: Engine, table: Table, codes: Coded) -> list[Finding]:
    """What is wrong with a column's codes."""
    with described(table.label, table.form):
        return look(
            engine,
            codes,
            f"SELECT {codes.raw} AS raw, count(*) AS rows FROM {table.relation} "
            "GROUP BY ALL",
        )


def _count(
    engine: Engine,
    table: Table,
    findings: Sequence[Finding],
    codes: Sequence[Coded],
) -> tuple[int, dict[Finding, int]]:
    """How many rows there are, and how many are guilty of each finding that is true of
    any.

    The different codes of some columns are looked at in the same scan.
    """
    with described(table.label, table.form):
        known = {each: each.rows for each in findings if each.rows is not None}
        findings = [each for each in findings if each.rows is None]
        quick = [each.quick or each.aggregate for each in findings]
        total, *found = _asked(
            engine, table, ["count(*)", *quick], [each.different for each in codes]
        )
        counts = known | {
            finding: count
            for finding, count in zip(findings, found, strict=True)
            if count
        }
        suspected = [finding for finding in counts if finding.quick]
        for number, each in enumerate(codes):
            entries = (
                f"SELECT unnest(map_entries({_kept(number)})) AS e FROM "
                f"{quote(ANSWERS)}"
            )
            suspected += look(
                engine, each, f"SELECT e.key AS raw, e.value AS rows FROM ({entries})"
            )
        counts |= {each: each.rows for each in suspected if each.rows is not None}
        suspected = [each for each in suspected if each.rows is None]
        if suspected:
            counts |= zip(
                suspected,
                _asked(engine, table, [each.aggregate for each in suspected]),
                strict=True,
            )
    return total, counts


def _asked(
    engine: Engine, table: Table, aggregates: Sequence[str], kept: Sequence[str] = ()
) -> tuple:
    """The values of some aggregates over a table; others stay in the engine, in
    ANSWERS.
    """
    given = [
        f"{each} AS {quote(f'a{number}')}" for number, each in enumerate(aggregates)
    ]
    held = [f"{each} AS {_kept(number)}" for number, each in enumerate(kept)]
    query = f"SELECT {', '.join([*given, *held])} FROM {table.relation}"
    if held:
        engine.execute(f"CREATE OR REPLACE TEMP TABLE {quote(ANSWERS)} AS {query}")
        query = (
            f"SELECT * EXCLUDE ({', '.join(map(_kept, range(len(kept))))}) FROM "
            f"{quote(ANSWERS)}"
        )
    (answers,) = engine.execute(query)
    return answers


def _kept(number: int) -> str:
    return quote(f"kept {number}")


def _first_rows(
    engine: Engine, table: Table, faults: list[Finding]
) -> dict[Finding, int]:
    """The number of the first row of the file that breaks each rule; costs a scan, paid
    only for faults.
    """
    if not table.ordered or not faults:
        return {}
    firsts = ", ".join(
        f"min(row_number) FILTER (WHERE {fault.condition})" for fault in faults
    )
    numbered = f"SELECT row_number() OVER () AS row_number, * FROM {table.relation}"
    (numbers,) = engine.execute(f"SELECT {firsts} FROM ({numbered})")
    return dict(zip(faults, numbers, strict=True))


def _dirt(
    table: Table, name: str, finding: Finding, count: int, first: int | None
) -> Dirt:
    remedy = finding.rule.remedy
    if finding.fatal and not finding.kept:
        remedy = PUT_UP_WITH.get(finding.rule, NULLED)
    return Dirt(
        table=name,
        file=table.label,
        column=finding.column,
        rule=finding.rule.words,
        remedy=remedy,
        rows=count,
        first_row=first,
        refused=finding.ends,
        said=finding.kept,
    )
