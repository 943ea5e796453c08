"""Which groups of a release have a name."""

import datetime
import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.disclosure.audit import audit
from measures.disclosure.control import policy_named, protect, protection
from measures.disclosure.memory.ledger import Memory
from measures.disclosure.memory.setting import Setting
from measures.disclosure.naming import MOST_COMBINATIONS
from measures.disclosure.policies import WITH_NUMBERS, Policy
from measures.release.bundle import write_release
from tests.lib.name_scenarios import POLICIES, SEVEN, everybody, structure_of
from tests.lib.people_counts import CountsOf, Person
from tests.lib.releases import KEY
from tests.lib.structures import structure_from

SEX = {"labels": ["f", "m"], "open": False}
PRACTICE = {"labels": [], "open": True}


def crowd(**sizes):
    """So many people by practice, all men."""
    return [
        Person({"sex": "m", "practice": name}, [1])
        for name, size in sizes.items()
        for _ in range(size)
    ]


def structured(counts, **groups):
    structure = counts.structure_json()
    for name, group in {"sex": SEX, "practice": PRACTICE, **groups}.items():
        if name in structure["groups"]:
            structure["groups"][name] |= group
    return structure


def released(counts, policy="controlled", memory=None, kind=None, **groups):
    setting = Setting(
        structure_from(structured(counts, **groups)), KEY, memory=memory or Memory()
    )
    return protection(counts.raw(kind), policy, setting).released


def names(table, *columns):
    grouping = "+".join(columns)
    return {
        tuple(row[name] for name in columns)
        for row in table.to_pylist()
        if row["group_by"] == grouping
    }


BY_PRACTICE = [(), ("practice",), ("sex",), ("practice", "sex")]


@pytest.mark.parametrize(
    "policy, size, named",
    [
        ("opensafely", 7, False), ("opensafely", 8, True), ("nhs-digital", 7, False), ("nhs-digital", 8, True),
        ("midpoint6", 12, False), ("midpoint6", 13, True), ("controlled", 10, False), ("controlled", 20, True),
    ],
)  # fmt: skip
def test_a_name_of_the_records_needs_two_bases(policy, size, named):
    table = released(CountsOf(crowd(a=size, b=50), BY_PRACTICE), policy).table
    assert names(table, "practice") == ({("a",), ("b",)} if named else {("b",)})
    assert names(table, "practice", "sex") == (
        {("a", "m"), ("b", "m")} if named else {("b", "m")}
    )
    assert names(table, "sex") == {("m",)}


@pytest.mark.parametrize("policy", ["opensafely", "midpoint6"])
def test_a_site_with_larger_numbers_asks_for_more(policy: str):
    strict = WITH_NUMBERS[policy](20, 21)
    assert strict.least_named == 42
    assert names(
        released(CountsOf(crowd(a=30, b=70), BY_PRACTICE), strict).table, "practice"
    ) == {("b",)}


@pytest.mark.parametrize("policy", POLICIES)
def test_one_interval_with_enough_people_names_a_group_in_all(policy):
    stay, leave = (
        Person({"sex": "m", "practice": "a"}, level)
        for level in ([1, -1, 1], [1, -1, -1])
    )
    counts = CountsOf(
        [stay] * 3 + [leave] * 40 + crowd_of(3, b=60), BY_PRACTICE, weeks=3
    )
    table = released(counts, policy).table
    assert names(table, "practice") == {("a",), ("b",)}
    rows = [row for row in table.to_pylist() if row["group_by"] == "practice"]
    assert sum(row["practice"] == "a" for row in rows) == 3


def crowd_of(weeks, **sizes):
    return [Person(each.groups, [1] * weeks) for each in crowd(**sizes)]


@pytest.mark.parametrize("policy", POLICIES)
def test_the_definition_names_its_groups_whoever_is_in_them(policy):
    counts = CountsOf(
        [*crowd(a=60), Person({"sex": "f", "practice": "a"}, [1])], BY_PRACTICE
    )
    table = released(counts, policy).table
    # after rounding she is 0 or a base under `controlled`; a group of 0 has no rows
    assert names(table, "sex") - {("f",)} == {("m",)}
    if policy != "controlled":
        assert ("f",) in names(table, "sex")
    assert names(table, "practice", "sex") == {("a", "m")}


@pytest.mark.parametrize("policy", POLICIES)
def test_a_label_of_the_definition_among_values_of_the_records(policy):
    some = {"labels": ["none"], "open": True}
    counts = CountsOf(crowd(a=60, b=7, none=7), BY_PRACTICE)
    table = released(counts, policy, practice=some).table
    assert ("b",) not in names(table, "practice")
    if policy != "controlled":
        assert names(table, "practice") == {("a",), ("none",)}


def test_a_missing_value_needs_no_name():
    people = [
        *crowd(a=60),
        *(Person({"sex": "m", "practice": None}, [1]) for _ in range(5)),
    ]
    assert names(
        released(CountsOf(people, BY_PRACTICE), "opensafely").table, "practice"
    ) == {("a",), (None,)}


@pytest.mark.parametrize(
    "kind, value",
    [(pa.int64(), 7), (pa.bool_(), True), (pa.date32(), datetime.date(2020, 1, 1))],
)
def test_groups_of_every_type(kind, value):
    people = [Person({"practice": value}, [1]) for _ in range(5)]
    counts = CountsOf(people, [(), ("practice",)])
    assert not names(released(counts, "opensafely", kind=kind).table, "practice")
    known = {"labels": [value], "open": True}
    assert names(
        released(counts, "opensafely", kind=kind, practice=known).table, "practice"
    ) == {(value,)}


def test_more_labels_than_there_are_people_name_nobody():
    """Whatever a definition calls them: with 10,000 combinations of labels there is one
    for everybody.
    """
    labels = [str(n) for n in range(101)]
    people = [
        Person({"one": str(n % 100), "other": str(n // 100)}, [1]) for n in range(300)
    ]
    counts = CountsOf(
        [*people, *[Person({"one": "5", "other": "5"}, [1])] * 30],
        [(), ("one", "other"), ("one",)],
    )
    few = {"labels": labels[:100], "open": False}
    every = released(counts, "opensafely", one=few, other=few).table
    assert len(names(every, "one", "other")) == 301
    many = {"labels": labels, "open": False}
    structure = counts.structure_json()
    for name in ("one", "other"):
        structure["groups"][name] |= many
    assert len(labels) ** 2 > MOST_COMBINATIONS
    table = protect(
        counts.raw(), "opensafely", Setting(structure_from(structure), KEY)
    ).table
    assert names(table, "one", "other") == {("5", "5")}
    assert len(names(table, "one")) == 100, "its own labels are few"
    assert audit([table], structure, "opensafely").passed


# Nothing else has the names -----------------------------------------------------------


@pytest.mark.parametrize("policy", POLICIES)
def test_seven_columns_name_nobody_in_any_file(policy, tmp_path):
    counts = everybody(600)
    structure = structure_from(structure_of(counts))
    made = protection(counts.raw(), policy, Setting(structure, KEY))
    write_release(
        made.released,
        tmp_path / "release",
        {"structure": structure.as_json()},
        audit={},
    )
    born = {person.groups["born"] for person in counts.people}
    files = {
        path: path.read_bytes()
        for path in (tmp_path / "release").rglob("*")
        if path.is_file()
    }
    assert files
    for path, data in files.items():
        if path.suffix == ".csv":
            lines = data.decode().splitlines()
            crossed = [line for line in lines if "+".join(SEVEN) in line]
            assert not crossed, path
    table = pq.read_table(tmp_path / "release" / "measures.parquet")
    assert "+".join(SEVEN) not in table["group_by"].to_pylist()
    # as it is written, but for the compression: pages, dictionaries and statistics
    plain = io.BytesIO()
    pq.write_table(made.released.table, plain, compression="none", use_dictionary=True)
    assert table["born"].null_count == len(table)
    assert not [
        name for name in born if len(name) == 5 and name.encode() in plain.getvalue()
    ]
    assert len(made.released.table["born"].combine_chunks().dictionary) == 0
    statistics = pq.ParquetFile(
        tmp_path / "release" / "measures.parquet"
    ).metadata.row_group(0)
    column = statistics.column(table.column_names.index("born")).statistics
    assert column is None or not column.has_min_max


def test_the_total_still_counts_everybody():
    counts = everybody(600)
    made = protect(
        counts.raw(), "controlled", Setting(structure_from(structure_of(counts)), KEY)
    ).table
    totals = [row["denominator"] for row in made.to_pylist() if row["group_by"] == ""]
    there = [
        sum(person.level[week] >= 0 for person in counts.people) for week in range(2)
    ]
    assert all(
        abs(shown - true) < 10 for shown, true in zip(totals, there, strict=True)
    )


def test_trial_records_under_no_policy_show_all():
    counts = CountsOf(crowd(a=1, b=50), BY_PRACTICE)
    structure = structure_from(structured(counts))
    table = protect(counts.raw(), "none", Setting(structure, KEY, made_up=True)).table
    assert names(table, "practice") == {("a",), ("b",)}


# Any tables ---------------------------------------------------------------------------

NAMES = ("sex", "practice", "area")
VALUES = st.sampled_from(["a", "b", "c", "d", None])
GROUPS = st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES))
LEVELS = st.lists(st.integers(-1, 2), min_size=2, max_size=2)
CROWD = st.tuples(st.builds(Person, GROUPS, LEVELS), st.integers(1, 30))
PEOPLE = st.lists(CROWD, max_size=12).map(
    lambda crowds: [each for one, size in crowds for each in [one] * size]
)
ONE_WAY = [(), ("area",), ("practice",), ("sex",)]
CROSSED = [*ONE_WAY, ("practice", "sex"), ("area", "practice")]
MIXED = {"labels": ["a", "b"], "open": True}
CLOSED = {"labels": list("abcd"), "open": False}
SOME = st.fixed_dictionaries(
    dict.fromkeys(NAMES, st.sampled_from([PRACTICE, MIXED, CLOSED]))
)


@settings(max_examples=40, deadline=None)
@given(PEOPLE, SOME, st.sampled_from([ONE_WAY, CROSSED]), st.sampled_from(POLICIES))
def test_any_release_is_what_the_auditor_expects(drawn, groups, groupings, policy):
    """It has no name that the rule forbids, all that the rule allows, and no count
    contradicts another.
    """
    counts = CountsOf(drawn, groupings, weeks=2, nested=2)
    structure = counts.structure_json()
    for name, group in groups.items():
        structure["groups"][name] |= group
    made = protection(
        counts.raw(), policy, Setting(structure_from(structure), KEY)
    ).released
    found = audit([made.table], structure, policy)
    assert not found.contradictions
    assert not [each for each in found.findings if each.kind == "few are named"]
    if policy == "controlled":
        assert found.passed, found.refusals
    _check_names(made.table, groups, policy_named(policy))


def _check_names(table: pa.Table, groups, policy: Policy):
    """Once more, from the rows alone: each group is one of the definition, or was shown
    with enough.
    """
    largest: dict[tuple, int] = {}
    for row in table.to_pylist():
        cell = tuple((name, row[name]) for name in row["group_by"].split("+") if name)
        largest[cell] = max(largest.get(cell, 0), row["denominator"] or 0)
    for cell, shown in largest.items():
        said = all(value in (None, *groups[name]["labels"]) for name, value in cell)
        assert said or shown >= 2 * policy.base


@settings(max_examples=25, deadline=None)
@given(PEOPLE, SOME, st.sampled_from([ONE_WAY, CROSSED]))
def test_leaving_names_out_is_a_function_of_what_was_released(drawn, groups, groupings):
    """The rows are those of a release without the rule, so whoever reads them knows no
    more than its reader.
    """
    counts = CountsOf(drawn, groupings, weeks=2, nested=2)
    structure = counts.structure_json()
    every = protect(
        counts.raw(), "controlled", Setting(structure_from(structure), KEY)
    ).table.to_pylist()
    for name, group in groups.items():
        structure["groups"][name] |= group
    some = protect(
        counts.raw(), "controlled", Setting(structure_from(structure), KEY)
    ).table.to_pylist()
    left_out = [row for row in every if row not in some]
    assert [row for row in every if row not in left_out] == some
    assert not [row for row in left_out if row["denominator"] is not None]
    assert not [row for row in left_out if row["numerator"] is not None], (
        "all that is left out was redacted"
    )
