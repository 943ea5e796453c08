# mypy: ignore-errors
"""Which concepts are in a set, as a vocabulary says, against sets worked out by
hand.
"""

from collections.abc import Iterable
from pathlib import Path

import duckdb
import pytest

from extractors.engine import Engine
from extractors.errors import RecordsError
from extractors.model.concepts import Concept
from extractors.planner.needs import TableNeed
from extractors.sources import open_source
from extractors.sources.base import Source
from extractors.sources.omop.doubts import doubts_of_ids
from extractors.sources.omop.vocabulary import Known, by_name, compared_ids, look_up
from extractors.tables import omop as o

# 1 above 2 and 3, 3 above 4; 104 and 105 map to 4, 106 did; 9 is alone and in no table
# of descendants.
# 5 is above 6, which is no longer valid, and neither is 10.
TABLES = {
    "concept": "(VALUES (1, 'Condition', 'S', NULL), (2, 'Condition', 'S', NULL), (3, "
    "'Condition', 'S', ''), (4, 'Condition', 'S', NULL), (104, 'Condition', "
    "NULL, NULL), (7, 'Drug', 'S', NULL), (5, 'Condition', 'S', NULL), (6, "
    "'Condition', NULL, 'U'), (10, 'Condition', NULL, 'D')) AS t(concept_id, "
    "domain_id, standard_concept, invalid_reason)",
    "concept_ancestor": "(VALUES (1, 1), (1, 2), (1, 3), (1, 4), (3, 3), (3, 4), (4, 4), (5, 5), (5, "
    "6), (10, 10)) AS t(ancestor_concept_id, descendant_concept_id)",
    "concept_relationship": "(VALUES (104, 4, 'Maps to', NULL), (105, 4, 'Maps to', ''), (106, 4, 'Maps "
    "to', 'D'), (4, 104, 'Mapped from', NULL), (200, 201, 'Maps to', NULL), "
    "(201, 200, 'Maps to', NULL), (202, 201, 'Maps to', 'U'), (4, 4, 'Maps to', "
    "NULL), (107, 2, 'Is a', NULL)) AS t(concept_id_1, concept_id_2, "
    "relationship_id, invalid_reason)",
    "vocabulary": "(VALUES ('None', 'v5.0'), ('SNOMED', '2023')) AS t(vocabulary_id, "
    "vocabulary_version)",
}


def write(folder: Path, tables: Iterable[str] = TABLES) -> str:
    for name in tables:
        duckdb.execute(
            f"COPY (SELECT * FROM {TABLES[name]}) TO '{folder / name}.parquet'"
        )
    return f"omop:{folder}"


def known(where: str, *asked: Concept, ids: Iterable[int] = ()) -> Known:
    def open_for(needs: Iterable[TableNeed]) -> Source:
        return open_source(where, needs=needs)

    with Engine() as engine:
        return look_up(engine, open_for, [asked], ids)


@pytest.mark.parametrize(
    ("asked", "members"),
    [
        ([Concept(1)], (1,)),
        ([Concept(1, descendants=True)], (1, 2, 3, 4)),
        ([Concept(1, descendants=True), Concept(3, excluded=True)], (1, 2, 4)),
        (
            [Concept(1, descendants=True), Concept(3, excluded=True, descendants=True)],
            (1, 2),
        ),
        ([Concept(9, descendants=True)], (9,)),
        ([Concept(5, descendants=True)], (5,)),
        ([Concept(10, descendants=True), Concept(6)], (6, 10)),
        ([Concept(4, mapped=True)], (4, 104, 105)),
        ([Concept(3, descendants=True, mapped=True)], (3, 4, 104, 105)),
        ([Concept(3, mapped=True)], (3,)),
        (
            [
                Concept(1, descendants=True, mapped=True),
                Concept(4, excluded=True, mapped=True),
            ],
            (1, 2, 3),
        ),
        ([Concept(1), Concept(1, excluded=True)], ()),
        # source concepts are a step away: what maps to a source concept maps to nothing
        # standard
        ([Concept(200, mapped=True)], (200, 201)),
        ([Concept(201, mapped=True)], (200, 201)),
    ],
)
def test_members(tmp_path, asked, members):
    found = known(write(tmp_path), *asked)
    assert found.members == {tuple(asked): members}
    assert found.version == "v5.0"


def test_a_set_of_its_own_concepts_needs_no_vocabulary(tmp_path):
    where = write(tmp_path, ["vocabulary"])
    assert known(where, Concept(2), Concept(1)).members == {
        (Concept(2), Concept(1)): (1, 2)
    }
    assert not known(where, Concept(1), ids=[1]).has_concepts


@pytest.mark.parametrize(
    ("table", "asked"),
    [
        ("concept_ancestor", Concept(1, descendants=True)),
        ("concept_relationship", Concept(1, mapped=True)),
    ],
)
def test_a_table_that_is_needed_is_missed_by_name(tmp_path, table, asked):
    where = write(tmp_path, TABLES.keys() - {table})
    with pytest.raises(RecordsError, match=f"the records have no table {table}"):
        known(where, asked)


def test_tables_of_another_kind_have_no_vocabulary(tmp_path):
    write(tmp_path)
    with pytest.raises(RecordsError, match="needs the vocabulary of OMOP records"):
        known(str(tmp_path), Concept(1, descendants=True))


def test_without_a_vocabulary_a_set_is_what_it_names():
    asked = (Concept(1, descendants=True), Concept(2), Concept(1, excluded=True))
    assert by_name([asked]).members == {asked: (2,)}


def test_doubts_of_ids(tmp_path):
    series = o.condition_occurrence.condition_concept_id.is_in([1, 8, 104, 7, 0])
    compared = list(compared_ids([series.node]))
    found = known(write(tmp_path), ids=[id_ for _, id_ in compared])
    place = "condition_occurrence.condition_concept_id is compared with concepts"
    assert doubts_of_ids(compared, found) == [
        f"{place} that the vocabulary of the records does not have: 8",
        f"{place} of another domain than Condition: 7",
        f"{place} that are not standard: 104; condition_source_concept_id may hold "
        "them",
    ]


def test_a_source_column_may_hold_any_concept(tmp_path):
    series = o.condition_occurrence.condition_source_concept_id == 104
    compared = list(compared_ids([series.node]))
    assert doubts_of_ids(compared, known(write(tmp_path), ids=[104])) == []
