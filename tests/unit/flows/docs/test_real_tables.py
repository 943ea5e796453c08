"""The manual's examples as they are printed: each is computed, and none shows what only
tests know.
"""

import ast
import re
from collections.abc import Iterator
from datetime import date

import pytest

import extractors
import measures
from extractors import create_dataset
from extractors.tables import core, omop, tpp
from flows.docs.manual import SPECIFICATION, language_manual
from flows.docs.real_tables import COLUMN, in_real_tables
from flows.docs.specification import Example, read_specification
from tests.lib.agreement import same
from tests.lib.tables import draw

TESTS_OWN = re.compile(
    r"assert\b|pytest|raises\(|\bspec\(|\bcounted\(|\bgrid\(|\bdraw\(|reference_engine|monkeypatch"
    r"|\b(p|p2|e|e2)\.[a-z]|\b[ibfsdckm][123]\b"
)
PICKED = {
    "address": tpp.addresses.sort_by(tpp.addresses.start_date).last_for_patient(),
    "reading": tpp.clinical_events_ranges.sort_by(
        tpp.clinical_events_ranges.date
    ).last_for_patient(),
    "stay": tpp.apcs.sort_by(tpp.apcs.admission_date).last_for_patient(),
    "pathway": tpp.wl_clockstops.sort_by(
        tpp.wl_clockstops.week_ending_date
    ).last_for_patient(),
}
STORED = {
    "address": tpp.addresses,
    "reading": tpp.clinical_events_ranges,
    "stay": tpp.apcs,
    "pathway": tpp.wl_clockstops,
}


def examples() -> Iterator[tuple[str, Example]]:
    _, chapters = read_specification(SPECIFICATION)
    for chapter in chapters:
        for section in chapter.sections:
            for example in section.examples:
                yield section.file, in_real_tables(example)


def names() -> dict:
    """What a definition may import, and the tables."""
    known = {name: getattr(extractors, name) for name in extractors.__all__}
    known |= {name: getattr(measures, name) for name in measures.__all__}
    tables = {**vars(omop), **vars(core), **vars(tpp)}
    return {**tables, **known, **PICKED, "date": date}


def computed(example: Example) -> dict:
    """The values that an example gives on its own drawings."""
    dataset = create_dataset()
    known = {**names(), "dataset": dataset}
    tree = ast.parse(example.code)
    if isinstance(tree.body[-1], ast.Expr) and "dataset." not in ast.unparse(
        tree.body[-1]
    ):
        tree.body[-1] = ast.parse(
            f"dataset.add_column('value', {ast.unparse(tree.body[-1])})"
        ).body[0]
    exec(compile(tree, "<example>", "exec"), known)
    frames = {name: STORED.get(name, known[name]) for name in example.drawings}
    rows = {
        frame._node.schema.name: draw(frame, example.drawings[name])
        for name, frame in frames.items()
    }
    if "define_population" not in example.code:
        first, *others = [known[name].exists_for_patient() for name in example.drawings]
        for other in others:
            first = first | other
        dataset.define_population(first)
    found = re.match(r"# INTERVAL is (\S+) to (\S+),", example.code)
    interval = (
        (date.fromisoformat(found[1]), date.fromisoformat(found[2])) if found else None
    )
    return {
        row.pop("patient_id"): row
        for row in extractors.evaluate(dataset, rows, interval=interval)
    }


def by_name(expected) -> dict:
    return {
        patient: {name or "value": value for name, value in values.items()}
        for patient, values in expected.items()
    }


def printed() -> list[tuple[str, Example]]:
    """Examples that give values, without those that need a file, or a table that is one
    of several.
    """
    wanted = []
    for file, example in examples():
        if example.expected is not None and not re.search(
            "(?m)codelist|^# table: ", example.code
        ):
            wanted.append((file, example))
    return wanted


def check(chosen: list[tuple[str, Example]]) -> None:
    for file, example in chosen:
        got = computed(example)
        assert same(got, by_name(example.expected)), (
            f"{file}: {example.statement}: {got}"
        )


def test_every_twentieth_example_gives_its_values_in_real_tables():
    assert len(printed()) > 200
    check(printed()[::20])


@pytest.mark.slow
def test_every_example_gives_its_values_in_real_tables():
    check(printed())


def test_no_example_shows_what_only_tests_know():
    shown = [line for line in language_manual().splitlines() if TESTS_OWN.search(line)]
    assert [line for line in shown if not line.startswith("<sub>")] == []


@pytest.mark.parametrize("name", sorted({*PICKED, *STORED}))
def test_picked_rows_are_explained(name):
    assert f"`{name}` is " in language_manual()


def test_only_columns_that_are_used_are_drawn():
    drawings = {
        "e": "  | i1 | d1\n--+----+---\n1 | 2  | 2020-01-01",
        "p": "  | s1\n--+---\n1 | a",
    }
    made = in_real_tables(
        Example(
            "", "rows = e.where(e.d1 > p.d1)\nrows.d1.maximum_for_patient()", drawings
        )
    )
    assert made.code == (
        "rows = clinical_events.where(clinical_events.date > "
        "patients.date_of_death)\nrows.date.maximum_for_patient()"
    )
    assert made.drawings == {
        "clinical_events": "patient | date\n--+----+---\n1 | 2020-01-01",
        "patients": "patient\n--+---\n1",
    }


def test_columns_of_the_author_are_called_as_the_real_ones():
    made = in_real_tables(
        Example("", "dataset.i1 = p.i1", {"p": "  | i1\n--+---\n1 | 4"}, {1: {"i1": 4}})
    )
    assert (
        made.code
        == "dataset.household_size = household_memberships_2020.household_size"
    )
    assert made.expected == {1: {"household_size": 4}}
    assert not any(COLUMN.fullmatch(name) for name in made.expected[1])
