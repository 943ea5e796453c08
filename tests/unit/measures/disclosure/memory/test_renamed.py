"""Released tables under other names: whatever a measure is called, its old numbers are
audited with the new ones.
"""

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from measures.counts.types import RawCounts
from measures.disclosure.audit import audit
from measures.disclosure.control import protection
from measures.disclosure.memory.ledger import Ledger
from measures.disclosure.memory.setting import Setting
from tests.lib.people_counts import Person
from tests.lib.releases import KEY, people, study
from tests.lib.structures import structure_from

EXTRA = Person({"sex": "f", "age": "a"}, [1, 1, 1])


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.jsonl"


def renamed(counts, version):
    """The raw counts and structure of a study whose measures are called otherwise."""
    raw, structure = counts.raw(), counts.structure_json()
    named = pc.binary_join_element_wise(
        raw.table["measure"].cast(pa.string()), version, "_"
    )
    table = raw.table.set_column(
        raw.table.column_names.index("measure"),
        raw.table.schema.field("measure"),
        named,
    )
    shapes = tuple(
        replace(shape, name=f"{shape.name}_{version}") for shape in raw.measures
    )
    measures = {
        f"{name}_{version}": known
        | {"within": [f"{other}_{version}" for other in known["within"]]}
        for name, known in structure["measures"].items()
    }
    return RawCounts(table, shapes), structure | {"measures": measures}


def run(path, counts, version="", **wanted):
    raw, structure = renamed(counts, version)
    ledger = Ledger(path, KEY)
    made = protection(
        raw,
        "controlled",
        Setting(structure_from(structure), KEY, memory=ledger.memory, **wanted),
    )
    ledger.append(made.entries)
    return made, structure


def numbers(table):
    """All rows but the names of their measures."""
    return table.drop_columns(["measure"]).to_pylist()


def test_revisions_under_new_names_are_audited_with_all_that_were_before(path):
    grown = [study(people(90) + [EXTRA] * more) for more in range(4)]
    same = [run(path, counts, "", revise=True)[0] for counts in grown]
    path = path.with_name("other.jsonl")
    for number, counts in enumerate(grown):
        made, structure = run(path, counts, f"v{number}", revise=True)
        assert [numbers(table) for table in made.earlier] == [
            numbers(table) for table in same[number].earlier
        ]
        assert {row["outcome"] for row in made.released.revisions.to_pylist()} <= {
            "released anew"
        }
    assert (
        audit([*made.earlier, made.released.table], structure, "controlled").releases
        == 4
    )


def test_a_renamed_measure_that_is_not_revised_stays_as_it_was(path):
    first, _ = run(path, study(people(90)), "old")
    again, _ = run(path, study(people(90) + [EXTRA] * 25), "new")
    assert (
        numbers(again.released.table) == numbers(first.released.table)
        and again.earlier == []
    )
    assert {row["outcome"] for row in again.released.revisions.to_pylist()} == {
        "the released numbers stay"
    }


def test_old_denominators_under_a_measure_that_is_new_are_audited(path):
    """Its numerators were told to nobody before, so nothing is said of them, not even
    that they were small.
    """
    first, _ = run(path, study(people(90)), "one")
    other = study(people(90) + [EXTRA] * 25)
    raw, structure = renamed(other, "two")
    structure["counts"]["other"] = structure["counts"].pop("n0")
    for known in structure["measures"].values():
        known["counts"] = {"numerator": "other", "denominator": "all"}
    made = protection(
        raw,
        "controlled",
        Setting(
            structure_from(structure), KEY, memory=Ledger(path, KEY).memory, revise=True
        ),
    )
    [earlier] = made.earlier
    assert (
        earlier["denominator"].to_pylist()
        == first.released.table["denominator"].to_pylist()
    )
    assert earlier["numerator"].null_count == len(earlier)
    assert set(earlier["status"].to_pylist()) == {"withheld"}


@pytest.mark.parametrize("version", ["", "new"])
def test_a_measure_that_was_left_out_for_a_release_is_audited_when_it_is_back(
    path, version
):
    drawn, both = people(90), study(people(90) + [EXTRA] * 30, nested=2)
    first, _ = run(path, study(drawn, nested=2))
    run(path, study(drawn + [EXTRA] * 25, nested=1), revise=True)
    back, _ = run(path, both, version, revise=True)
    assert len(back.earlier) == 2
    assert numbers(back.earlier[0]) == numbers(first.released.table)
