"""Coded events and prescriptions of primary care."""

import re
from collections.abc import Callable
from dataclasses import replace

from extractors.model import nodes
from extractors.tables import tpp
from measures.cohortextractor import making
from measures.cohortextractor.asked import Asked, Wrong
from measures.cohortextractor.codelists import Codelist, codes_in
from measures.cohortextractor.columns import Column, dated
from measures.cohortextractor.context import Context
from measures.cohortextractor.functions.matching import (
    Rows,
    Value,
    is_any,
    number_of,
    precision,
    returned,
    table,
    text_of,
    wanted,
)
from measures.cohortextractor.making import Series, call

COLUMNS = {"snomed": "snomedct_code", "ctv3": "ctv3_code"}
EPISODE = re.compile(r"series of events each <= (\d+) days apart")
EPISODES = "number_of_episodes"
AGGREGATES = {
    "mean_recorded_value": "mean",
    "min_recorded_value": "minimum",
    "max_recorded_value": "maximum",
}


def with_these_clinical_events(context: Context, asked: Asked) -> Column:
    codes = codes_in(asked["codelist"], "the codelist of events", ("snomed", "ctv3"))
    code = COLUMNS[codes.system]
    rows = events_with(codes)
    if asked["ignore_missing_values"]:
        rows = rows.where(_is_not_0(rows))
    without = asked["ignore_days_where_these_codes_occur"]
    rows = _not_on_days_of(rows, without).within(context.period(asked))
    if wanted(asked)[0] == EPISODES:
        return _episodes(asked, rows)
    numeric = wanted(asked)[0] == "numeric_value"
    rows = replace(rows, ties=("numeric_value",) if numeric else (code,))
    values: dict[str, Value] = {
        "code": text_of(code),
        "numeric_value": number_of("numeric_value"),
    }
    column = returned(asked, rows, values | _category(codes, code))
    if not numeric:
        return column
    return replace(column, ranges=_on_ranges(rows).pick(last=wanted(asked)[1]))


def with_these_medications(context: Context, asked: Asked) -> Column:
    codes = codes_in(asked["codelist"], "the codelist of medications", ("snomed",))
    frame = table(tpp.medications)
    rows = Rows(frame, "date", ties=("dmd_code",))
    rows = rows.where(is_any(making.column(frame, "dmd_code"), codes.codes))
    without = asked["ignore_days_where_these_clinical_codes_occur"]
    rows = _not_on_days_of(rows, without).within(context.period(asked))
    if wanted(asked)[0] == EPISODES:
        return _episodes(asked, rows)
    values = {"code": text_of("dmd_code")} | _category(codes, "dmd_code")
    return returned(asked, rows, values)


def recorded_value(context: Context, asked: Asked) -> Column:
    """The mean, least or greatest number, of the latest day with a match or of all
    days.
    """
    codes = codes_in(asked["codelist"], "the codelist of events", ("snomed", "ctv3"))
    rows = events_with(codes).within(context.period(asked))
    day = rows.extreme_day(last=True)
    of_latest = asked["on_most_recent_day_of_measurement"]
    if asked["include_measurement_date"] and not of_latest:
        raise Wrong(
            "a value of a whole period has no date; say "
            "on_most_recent_day_of_measurement=True"
        )
    chosen = rows.where(call("eq", rows.day, day)) if of_latest else rows
    numbers = making.filled(making.column(chosen.frame, "numeric_value"), 0.0)
    value = nodes.Aggregate(AGGREGATES[asked.function], numbers)
    column = Column("float", value, day=day if of_latest else None)
    if asked["include_measurement_date"]:
        return replace(
            column, companion=("date_measured", dated(day, precision(asked)))
        )
    return column


def events_with(codes: Codelist) -> Rows:
    frame = table(tpp.clinical_events)
    return Rows(frame, "date").where(
        is_any(making.column(frame, COLUMNS[codes.system]), codes.codes)
    )


def _is_not_0(rows: Rows) -> Series:
    return call("ne", making.column(rows.frame, "numeric_value"), making.literal(0.0))


def _not_on_days_of(rows: Rows, others: object) -> Rows:
    """Without the rows of a day on which the patient has an event of another
    codelist.
    """
    if others is None:
        return rows
    codes = codes_in(others, "the codelist of ignored days", ("snomed", "ctv3"))
    days = nodes.Aggregate("set", events_with(codes).day)
    return rows.where(making.negated(call("in", rows.day, days)))


def _episodes(asked: Asked, rows: Rows) -> Column:
    """Without a wording all matches of one day are an episode."""
    wording, gap = asked["episode_defined_as"], 0
    if wording is not None:
        found = EPISODE.fullmatch(str(wording))
        if not found:
            raise Wrong(
                "episode_defined_as is worded 'series of events each <= N days "
                "apart', with a number for N"
            )
        gap = int(found[1])
    day = rows.extreme_day(last=wanted(asked)[1])
    column = Column("int", nodes.Aggregate("count_episodes", rows.day, gap), day=day)
    if asked["include_date_of_match"]:
        return replace(column, companion=("date", dated(day, precision(asked))))
    return column


def _category(codes: Codelist, code: str) -> dict[str, Value]:
    """The category of the chosen row's code."""
    if not codes.has_categories:
        return {"category": _no_category}

    def value(row: making.Frame) -> Column:
        column = making.column(row, code)
        pairs = []
        for name, listed in codes.categories.items():
            pairs.append((is_any(column, listed), making.literal(name)))
        return Column(
            "str",
            making.choice(pairs, making.nothing(str)),
            labels=tuple(codes.categories),
        )

    return {"category": value}


def _no_category(row: making.Frame) -> Column:
    raise Wrong(
        "returning='category' needs a codelist with categories; read it with "
        "category_column=…"
    )


def _on_ranges(rows: Rows) -> Rows:
    """The same rows in the table that has the ranges of numbers, too."""
    frame: making.Frame = table(tpp.clinical_events_ranges)
    for condition in reversed(nodes.conditions(rows.frame)):
        frame = nodes.Where(frame, _moved(condition, rows.frame.table, frame.table))
    return replace(rows, frame=frame)


def _moved(series: Series, old: nodes.Table, new: nodes.Table) -> Series:
    """A condition on rows of a table as one on those of another; what is computed of
    the first one stays.
    """
    match series:
        case nodes.Column(source=source, name=name) if (
            source.table == old and series.domain is not None
        ):
            return nodes.Column(new, name)
        case nodes.Call(operation=operation, arguments=arguments):
            return nodes.Call(
                operation, tuple(_moved(each, old, new) for each in arguments)
            )
    return series


EVENTS: dict[str, Callable[[Context, Asked], Column]] = {
    "with_these_clinical_events": with_these_clinical_events,
    "with_these_medications": with_these_medications,
    **dict.fromkeys(AGGREGATES, recorded_value),
}
