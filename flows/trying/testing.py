"""The tests that an author wrote beside a definition."""

import datetime
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from extractors.errors import DefinitionError, RecordsError
from extractors.evaluation import evaluate_series
from extractors.notice import Notice
from measures.on_rows import evaluate
from measures.study import Study, StudyTest

Row = Mapping[str, Any]
MOST_SAID = 5  # differences of one test
CLOSE = 1e-9  # two floats that are as near are the same


def run_tests(study: Study) -> int:
    """How many tests there are, if all pass. Raises DefinitionError with all that fail,
    at the author's lines.
    """
    failed = list(chain.from_iterable(_failures(study, test) for test in study.tests))
    if failed:
        count = ""
        if len(study.tests) > 1:
            lines = {mistake.line for mistake in failed}
            count = f"{len(lines)} of {len(study.tests)} tests fail\n"
        raise DefinitionError(count + "\n".join(map(str, failed)), "", failed, ())
    return len(study.tests)


def _failures(study: Study, test: StudyTest) -> Iterable[Notice]:
    try:
        found = _computed(study, test)
    except RecordsError as error:
        return [replace(test.place, message=f"this test cannot run: {error.message}")]
    differences = _differences(study, found, test.expected)
    more = (
        [f"and {len(differences) - MOST_SAID} more"]
        if len(differences) > MOST_SAID
        else []
    )
    said = "; ".join(differences[:MOST_SAID] + more)
    return [replace(test.place, message=f"this test fails: {said}")] if said else []


def _computed(study: Study, test: StudyTest) -> Sequence[Row]:
    if study.kind == "dataset":
        return evaluate_series(study.dataset, test.records)
    return evaluate(study.measures, test.records)


def _differences(
    study: Study, found: Sequence[Row], expected: Sequence[Row]
) -> list[str]:
    if study.kind == "dataset":
        return _by_key(found, expected, ("patient_id",))
    named = {row.get("measure") for row in expected}
    groups = set(chain.from_iterable(each.group_by for each in study.measures))
    keys = ("measure", "interval_start", "interval_end", "group_by", *sorted(groups))
    return _by_key([row for row in found if row["measure"] in named], expected, keys)


def _by_key(
    found: Sequence[Row], expected: Sequence[Row], keys: Sequence[str]
) -> list[str]:
    """What differs: each expected row is one that came out, with the same keys as far
    as it has them.
    """
    left, said = list(found), []
    for row in expected:
        said += [
            f"there is no column {name!r}"
            for name in row
            if found and name not in found[0]
        ]
        same = [
            each
            for each in left
            if all(_equal(each.get(key), row[key]) for key in keys if key in row)
        ]
        if not same:
            said.append(f"there is no row with {_shown(row, keys)}")
            continue
        best = min(same, key=lambda each: len(_unequal(each, row)))
        left.remove(best)
        said += _unequal(best, row, _shown(row, keys))
    return said + [
        f"there is a row that is not expected: {_shown(row, keys)}" for row in left
    ]


def _unequal(row: Row, expected: Row, which: str = "") -> list[str]:
    pairs = {
        name: (row[name], value) for name, value in expected.items() if name in row
    }
    return [
        f"{name} is {_value(got)}, expected {_value(wanted)} (in {which})"
        for name, (got, wanted) in pairs.items()
        if not _equal(got, wanted)
    ]


def _shown(row: Row, keys: Sequence[str]) -> str:
    values = []
    for key in keys:
        if row.get(key) not in (None, ""):
            values.append(f"{key} {_value(row[key])}")
    return ", ".join(values) or "these values"


def _value(value: Any) -> str:
    return str(value) if isinstance(value, datetime.date) else repr(value)


def _equal(got: Any, expected: Any) -> bool:
    if isinstance(got, datetime.date):
        return got.isoformat() == expected
    if (
        isinstance(got, float)
        and isinstance(expected, int | float)
        and not isinstance(expected, bool)
    ):
        return math.isclose(got, expected, rel_tol=CLOSE)
    return bool(got == expected) and isinstance(got, bool) == isinstance(expected, bool)
