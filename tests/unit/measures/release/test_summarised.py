"""A release as OHDSI's summarised_result, against rows written by hand."""

import csv
import io
import json
import math
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from extractors.errors import ArgumentsError
from measures.release.files import ASKED, MANIFEST, MANIFEST_FORMAT, PARQUET
from measures.release.summarised import COLUMNS, summarised_result

FIRST, LAST = date(2020, 1, 1), date(2020, 12, 31)
PERIOD = {
    "additional_name": "interval_start_date &&& interval_end_date",
    "additional_level": "2020-01-01 &&& 2020-12-31",
}
MANIFEST_SAYS: dict[str, Any] = {
    "format": MANIFEST_FORMAT,
    "study": "diabetes",
    "definition": "abc",
    "records": {"kind": "omop"},
    "versions": {"cohortflow": "0.2.0"},
    "disclosure": {"policy": "controlled", "base": 10},
    "concept_sets": {"vocabulary": "v5.0 31-AUG-23"},
}
ROWS: list[dict[str, Any]] = [
    {
        "group_by": "",
        "numerator": 20,
        "denominator": 1000,
        "ratio": 0.02,
        "ratio_low": 0.011,
        "ratio_high": 0.031,
    },
    {
        "group_by": "age+sex",
        "age": "0 to 17",
        "sex": 8507,
        "numerator": None,
        "denominator": 40,
        "ratio": None,
    },
    {
        "group_by": "age+sex",
        "age": "=1+1 &&& x",
        "sex": None,
        "numerator": 0,
        "denominator": 10,
        "ratio": 0.0,
    },
]


@pytest.fixture
def release(tmp_path: Path) -> Path:
    names = ("age", "sex", "ratio_low", "ratio_high")
    rows = [
        {
            "measure": "new",
            "interval_start": FIRST,
            "interval_end": LAST,
            **dict.fromkeys(names),
            **row,
        }
        for row in ROWS
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / PARQUET)
    (tmp_path / MANIFEST).write_text(json.dumps(MANIFEST_SAYS), encoding="utf-8")
    return tmp_path


def read(text: str) -> list[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(text))
    assert tuple(reader.fieldnames or ()) == COLUMNS
    return list(reader)


def estimates(
    rows: list[dict[str, str]], strata: str
) -> list[tuple[str, str, str, str]]:
    names = ("variable_name", "estimate_name", "estimate_type", "estimate_value")
    found = [
        row
        for row in rows
        if row["strata_level"] == strata and row["variable_name"] != "settings"
    ]
    assert all(row[name] == value for row in found for name, value in PERIOD.items())
    assert {
        (row["result_id"], row["group_name"], row["group_level"]) for row in found
    } == {("1", "measure", "new")}
    return [
        (row[names[0]], row[names[1]], row[names[2]], row[names[3]]) for row in found
    ]


def test_counts_and_ratios_are_estimates(release):
    assert estimates(read(summarised_result(release)), "overall") == [
        ("numerator", "count", "integer", "20"),
        ("denominator", "count", "integer", "1000"),
        ("ratio", "estimate", "numeric", "0.02"),
        ("ratio", "at_least", "numeric", "0.011"),
        ("ratio", "at_most", "numeric", "0.031"),
    ]


def test_what_is_withheld_is_a_dash_and_has_no_ratio(release):
    assert estimates(read(summarised_result(release)), "0 to 17 &&& 8507") == [
        ("numerator", "count", "integer", "-"),
        ("denominator", "count", "integer", "40"),
    ]


def test_groups_of_the_records_are_texts_and_nothing_else(release):
    rows = read(summarised_result(release))
    levels = {
        row["strata_level"] for row in rows if row["strata_name"] == "age &&& sex"
    }
    assert levels == {"0 to 17 &&& 8507", r"\u003d1+1 & x &&& missing"}


def test_settings_say_how_it_was_made(release):
    rows = read(summarised_result(release, "North"))
    assert {row["cdm_name"] for row in rows} == {"North"}
    settings = {
        row["estimate_name"]: row["estimate_value"]
        for row in rows
        if row["variable_name"] == "settings"
    }
    assert settings == {
        "result_type": "cohortflow_measures",
        "package_name": "cohortflow",
        "package_version": "0.2.0",
        "group": "measure",
        "strata": "age &&& sex",
        "additional": "interval_start_date &&& interval_end_date",
        "min_cell_count": "0",
        "study": "diabetes",
        "definition": "abc",
        "policy": "controlled",
        "rounded_to": "10",
        "vocabulary_version": "v5.0 31-AUG-23",
    }


def test_intervals_of_confidence_where_a_release_has_them(release):
    table = pq.ParquetFile(release / PARQUET).read().slice(0, 1)
    table = table.rename_columns(
        [
            {"ratio_low": "ci_low", "ratio_high": "ci_high"}.get(n, n)
            for n in table.column_names
        ]
    )
    pq.write_table(table, release / PARQUET)
    found = estimates(read(summarised_result(release)), "overall")
    assert found[3:] == [
        ("ratio", "95CI_lower", "numeric", "0.011"),
        ("ratio", "95CI_upper", "numeric", "0.031"),
    ]


# Incidence by person-time: 20 events in 805,000 days, known to within 9 events and
# 4,999 days

RATE: dict[str, Any] = {
    "group_by": "",
    "numerator": 20,
    "denominator": 805_000,
    "ratio": 2.48e-05,
    "ci_low": 6.76e-06,
    "ci_high": 5.21e-05,
}
REDACTED = RATE | dict.fromkeys(("numerator", "ratio", "ci_low", "ci_high"))
OFF = {"numerator": [9, 9], "denominator": [4999, 4999]}


def exact_by_bisection(count: int, tail: float, *, upper: bool) -> float:
    """The mean of which so few, or so many, events are as rare as the tail says; by the
    probabilities themselves.
    """
    low, high = 0.0, 1000.0
    for _ in range(200):
        mean = (low + high) / 2
        terms = [
            math.exp(each * math.log(mean) - mean - math.lgamma(each + 1))
            for each in range(count + upper)
        ]
        rare = sum(terms) < tail if upper else 1 - sum(terms) > tail
        low, high = (low, mean) if rare else (mean, high)
    return low


def write_rate(
    folder: Path, row: dict[str, Any], per: int
) -> dict[tuple[str, str], str]:
    about = {"measure": "new", "interval_start": FIRST, "interval_end": LAST}
    schema = pa.Table.from_pylist([{**about, **RATE}]).schema
    pq.write_table(
        pa.Table.from_pylist([{**about, **row}], schema=schema), folder / PARQUET
    )
    measures = {"new": {"kind": "rate", "off": OFF}}
    (folder / MANIFEST).write_text(
        json.dumps({**MANIFEST_SAYS, "measures": measures}), encoding="utf-8"
    )
    (folder / ASKED).write_text(
        json.dumps({"format": 1, "described": {"measures": {"new": {"per": per}}}}),
        encoding="utf-8",
    )
    found = estimates(read(summarised_result(folder)), "overall")
    return {(variable, estimate): value for variable, estimate, _, value in found}


def test_intervals_of_rates_are_exact_over_all_true_counts(tmp_path):
    """The release has Byar's from ten on; IncidencePrevalence the exact one. 11 to 29
    events may be 20.
    """
    found = write_rate(tmp_path, RATE, per=1000)
    low = exact_by_bisection(11, 0.025, upper=False) / (805_000 + 4_999)
    high = exact_by_bisection(29, 0.025, upper=True) / (805_000 - 4_999)
    assert 0 <= low - float(found["ratio", "95CI_lower"]) < 1e-8
    assert 0 <= float(found["ratio", "95CI_upper"]) - high < 1e-7
    assert found["ratio", "95CI_lower"] == "6.77e-06"
    assert not any(variable == "incidence" for variable, _ in found)


def test_rates_per_100_000_person_years_are_incidence(tmp_path):
    found = write_rate(tmp_path, RATE, per=36_525_000)
    assert {
        estimate: value
        for (variable, estimate), value in found.items()
        if variable == "incidence"
    } == {
        "person_days": "805000",
        "person_years": "2203.97",  # 805,000 / 365.25
        "incidence_100000_pys": "907.0",  # 20 / 2,203.97 * 100,000 = 907.45
        "incidence_100000_pys_95CI_lower": "247.0",
        "incidence_100000_pys_95CI_upper": "1910.0",
    }


def test_of_a_withheld_rate_there_is_time_alone(tmp_path):
    found = write_rate(tmp_path, REDACTED, per=36_525_000)
    assert [each for each in found if each[0] in ("incidence", "ratio")] == [
        ("incidence", "person_days"),
        ("incidence", "person_years"),
    ]


def test_a_folder_without_a_release_is_refused(tmp_path):
    with pytest.raises(ArgumentsError, match="There is no release in"):
        summarised_result(tmp_path)
