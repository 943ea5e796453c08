"""A release in the columns of OHDSI's `summarised_result`, as omopgenerics exports and
imports it.

Made of a release's own files, so nothing is in it that has not passed disclosure
control. A withheld count is `-`, as omopgenerics writes what it suppresses. Intervals
of rates are exact ones, as IncidencePrevalence has them, over all true counts that the
rounding allows; where an author gives a rate per 100,000 person-years, so are incidence
and person-years.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from extractors.disk import read_json
from extractors.errors import ArgumentsError
from measures.counts.columns import Kind
from measures.release.csv import escaped
from measures.release.files import ASKED, PARQUET
from measures.release.reading import ReleasedMeasure, read_manifest, released_measures
from measures.release.words import study_words
from measures.statistics.digits import down, nearest, up
from measures.statistics.unions import Range, exact_rate_union

COLUMNS = (
    "result_id",
    "cdm_name",
    "group_name",
    "group_level",
    "strata_name",
    "strata_level",
    "variable_name",
    "variable_level",
    "estimate_name",
    "estimate_type",
    "estimate_value",
    "additional_name",
    "additional_level",
)
OVERALL, AND, MISSING, WITHHELD, NA = "overall", " &&& ", "missing", "-", "NA"
RESULT = "1"
PERIOD = f"interval_start_date{AND}interval_end_date"
# Of a released row: what it is an estimate of, its name, its type, and the column that
# has it.
COUNTS = (
    ("numerator", "count", "integer", "numerator"),
    ("denominator", "count", "integer", "denominator"),
)
# The others, where a release has them; of a withheld ratio there is none.
RATIOS = (
    ("ratio", "estimate", "numeric", "ratio"),
    ("ratio", "at_least", "numeric", "ratio_at_least"),
    ("ratio", "at_most", "numeric", "ratio_at_most"),
    ("ratio", "at_least", "numeric", "ratio_low"),
    ("ratio", "at_most", "numeric", "ratio_high"),
    ("ratio", "95CI_lower", "numeric", "ci_low"),
    ("ratio", "95CI_upper", "numeric", "ci_high"),
)
# Of a measure by person-days that is given per 100,000 person-years, as
# IncidencePrevalence calls it.
DAYS_OF_A_YEAR = 365.25
PER_PERSON_YEARS = 36_525_000
INCIDENCE = "incidence_100000_pys"
Estimate = tuple[str, str, str, Any]  # variable, estimate, type, value


def summarised_result(folder: Path, cdm_name: str = "") -> str:
    """The CSV text: a row for each estimate, then one for each setting.

    `cdm_name`: what OHDSI's tools call the records; without it the kind of records that
    the manifest names. Raises ArgumentsError where no release is.
    """
    manifest = read_manifest(folder)
    file = folder / PARQUET
    if not manifest or not file.exists():
        raise ArgumentsError(
            "There is no release in the folder; give the folder moderately_sensitive "
            "of a study"
            f": {folder}"
        )
    # opened by us: to Arrow a relative path that begins with s3: is a place elsewhere
    with file.open("rb") as opened:
        rows = pq.ParquetFile(opened).read().to_pylist()
    name = cdm_name or str(manifest.get("records", {}).get("kind", "unknown"))
    measures = _measures(folder)
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerows(_estimates(row, measures.get(row["measure"], Known()), name))
    writer.writerows(_settings(manifest, name, _groups(rows)))
    return text.getvalue()


@dataclass(frozen=True)
class Known:
    """What a release says of a measure."""

    # its kind, and how far its counts may be off; None in releases of older versions
    measure: ReleasedMeasure | None = None
    # how many of its denominator its author gives a rate per; 0: nothing is said
    per: int = 0


def _measures(folder: Path) -> dict[str, Known]:
    asked = read_json(folder / ASKED, {})
    words = study_words(asked.get("described", {}))
    found: dict[str, Known] = {}
    for each in released_measures(folder):
        found[each.name] = Known(each, words.of(each.name).per)
    return found


def _estimates(
    row: Mapping[str, Any], known: Known, cdm_name: str
) -> Iterator[dict[str, str]]:
    groups = row["group_by"].split("+") if row["group_by"] else []
    about = _about(cdm_name) | {
        "group_name": "measure",
        "group_level": _text(row["measure"]),
        "strata_name": AND.join(groups) or OVERALL,
        "strata_level": AND.join(_level(row[group]) for group in groups) or OVERALL,
        "additional_name": PERIOD,
        "additional_level": f"{row['interval_start']}{AND}{row['interval_end']}",
    }
    ends = _exact(row, known.measure)
    if ends:
        row = {**row, "ci_low": down(ends[0]), "ci_high": up(ends[1])}
    by_years = _by_person_years(row, ends) if known.per == PER_PERSON_YEARS else ()
    for variable, estimate, type_, value in (*_as_released(row), *by_years):
        said = {
            "variable_name": variable,
            "estimate_name": estimate,
            "estimate_type": type_,
        }
        yield (
            about
            | said
            | {"estimate_value": WITHHELD if value is None else repr(value)}
        )


def _as_released(row: Mapping[str, Any]) -> Iterator[Estimate]:
    for variable, estimate, type_, column in (*COUNTS, *RATIOS):
        if column in row and not (variable == "ratio" and row[column] is None):
            yield variable, estimate, type_, row[column]


def _exact(
    row: Mapping[str, Any], measure: ReleasedMeasure | None
) -> tuple[float, float] | None:
    """The ends of the exact interval of a rate; None where the release gives no
    interval.
    """
    if measure is None or measure.kind != Kind.RATE or row.get("ci_low") is None:
        return None
    (fewer, more), (less, longer) = measure.numerator_off, measure.denominator_off
    numerator = Range.of(max(row["numerator"] - fewer, 0), row["numerator"] + more)
    denominator = Range.of(row["denominator"] - less, row["denominator"] + longer)
    if denominator.at_least <= 0:
        return None
    low, high = exact_rate_union(numerator, denominator)
    return float(low), float(high)


def _by_person_years(
    row: Mapping[str, Any], ends: tuple[float, float] | None
) -> Iterator[Estimate]:
    days = row["denominator"]
    if days is None:
        return
    yield "incidence", "person_days", "integer", days
    yield "incidence", "person_years", "numeric", round(days / DAYS_OF_A_YEAR, 3)
    if row["ratio"] is not None:
        yield (
            "incidence",
            INCIDENCE,
            "numeric",
            nearest(row["numerator"] / days * PER_PERSON_YEARS),
        )
    if ends:
        yield (
            "incidence",
            f"{INCIDENCE}_95CI_lower",
            "numeric",
            down(ends[0] * PER_PERSON_YEARS),
        )
        yield (
            "incidence",
            f"{INCIDENCE}_95CI_upper",
            "numeric",
            up(ends[1] * PER_PERSON_YEARS),
        )


def _about(cdm_name: str) -> dict[str, str]:
    """What all rows share."""
    return {"result_id": RESULT, "cdm_name": _text(cdm_name), "variable_level": NA}


def _settings(
    manifest: Mapping[str, Any], cdm_name: str, groups: list[str]
) -> Iterator[dict[str, str]]:
    """How the result was made, as rows of a variable `settings`."""
    control = manifest.get("disclosure", {})
    stated = {
        "result_type": "cohortflow_measures",
        "package_name": "cohortflow",
        "package_version": manifest.get("versions", {}).get("cohortflow", ""),
        "group": "measure",
        "min_cell_count": "0",  # what is withheld is withheld already
        "study": manifest.get("study", ""),
        "definition": manifest.get("definition", ""),
        "policy": control.get("policy", ""),
        "rounded_to": control.get("base", ""),
        "vocabulary_version": manifest.get("concept_sets", {}).get("vocabulary", ""),
    }
    overall = {
        "group_name": OVERALL,
        "group_level": OVERALL,
        "strata_name": OVERALL,
        "strata_level": OVERALL,
    }
    ended = {"additional_name": OVERALL, "additional_level": OVERALL}
    values = {name: _text(str(value)) for name, value in stated.items()}
    values |= {"strata": AND.join(groups), "additional": PERIOD}
    for name, value in values.items():
        said = {
            "variable_name": "settings",
            "estimate_name": name,
            "estimate_type": "character",
        }
        yield (
            _about(cdm_name) | overall | said | {"estimate_value": value or NA} | ended
        )


def _groups(rows: list[dict[str, Any]]) -> list[str]:
    found: dict[str, None] = {}
    for row in rows:
        found |= dict.fromkeys(filter(None, row["group_by"].split("+")))
    return list(found)


def _level(value: object) -> str:
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return _text(value.isoformat() if isinstance(value, date) else str(value))


def _text(text: str) -> str:
    """Without what would be read as something else: a formula, or the mark between two
    levels.
    """
    return escaped(text.replace(AND.strip(), "&"))
