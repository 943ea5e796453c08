# mypy: ignore-errors
"""Concept ids and concept sets as an author writes them."""

import json
from typing import Any

import pytest

from extractors import (
    ConceptId,
    concept_set,
    concept_set_from_csv,
    concept_set_from_json,
)
from extractors.errors import CodelistError, DefinitionError
from extractors.evaluation import evaluate
from extractors.language.dataset import create_dataset
from extractors.language.reading import reading
from extractors.model import json as model_json
from extractors.model import nodes
from extractors.model.concepts import Concept
from extractors.tables import core
from extractors.tables import omop as o

ids = o.condition_occurrence.condition_concept_id


def test_an_id_is_a_whole_number():
    assert (
        nodes.Call("eq", (ids.node, nodes.Literal(ConceptId(201826), ConceptId)))
        == (ids == 201826).node
    )
    assert (ids == ConceptId(201826)).node == (ids == 201826).node
    assert ids.is_in([1, 2]).node == ids.is_in({ConceptId(1), 2}).node


REFUSED = [
    (lambda: ids == "201826", "write it without quotes: 201826"),
    (lambda: ids == "44054006", "expected ConceptId, got str; look for codes in"),
    (
        lambda: ids == 44054006,
        "44054006 looks like a code of SNOMED CT .* write ConceptId\\(44054006\\)",
    ),
    (
        lambda: ids == 900000000000207008,
        "is no concept id, which is a whole number from 0",
    ),
    (lambda: ids == -1, "is no concept id"),
    (lambda: ids == 1.5, "expected ConceptId, got float"),
    (lambda: ids == True, "expected ConceptId, got bool"),  # noqa: E712
    (lambda: ids.is_in(["73211009"]), "expected ConceptId, got str"),
    (lambda: ids.is_in([73211009, 44054006, 5]), "73211009 looks like a code"),
    (lambda: ids > 3, "concept ids have no order"),
    (lambda: ids + 3, "concept ids have no order"),
    (lambda: ids == o.person.year_of_birth, "expected ConceptId, got a series of int"),
    (
        lambda: ids == core.clinical_events.snomedct_code,
        "different numbers of the same things",
    ),
    (
        lambda: core.clinical_events.snomedct_code == ids,
        "different numbers of the same things",
    ),
    (
        lambda: core.clinical_events.snomedct_code == ConceptId(201826),
        "different numbers of the same things",
    ),
    (
        lambda: core.clinical_events.snomedct_code.is_in(concept_set([1])),
        "got a concept set; concept ids and",
    ),
    (
        lambda: o.person.year_of_birth.is_in(concept_set([1])),
        "looked for in a column of concept ids",
    ),
    (lambda: concept_set([]), "at least one concept id"),
    (lambda: concept_set(["73211009"]), "expected ConceptId, got str"),
    (lambda: concept_set([44054006]), "looks like a code of SNOMED CT"),
    (
        lambda: concept_set([1], include_descendants=1),
        "include_descendants is True or False",
    ),
    (
        lambda: concept_set([1]) | concept_set([2]),
        r"column.is_in\(a\) \| column.is_in\(b\)",
    ),
    (lambda: 1 in concept_set([1]), "use is_in"),
    (lambda: list(concept_set([1])), "known when records are read"),
    (lambda: bool(concept_set([1])), "neither true nor false"),
]


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_what_is_no_id_is_refused_with_the_way_out(number):
    wrong, said = REFUSED[number]
    with pytest.raises((TypeError, ValueError), match=said):
        wrong()


def test_a_code_by_form_is_an_id_where_the_author_says_so_or_most_others_are_none():
    assert (ids == ConceptId(44054006)).node.arguments[1].value == 44054006
    assert 44054006 in ids.is_in([44054006, 201826]).node.arguments[1].values


def test_a_set_asks_for_what_comes_with_its_concepts():
    made = concept_set([2, 1], include_descendants=True, exclude=[3])
    expected = (
        Concept(2, False, True),
        Concept(1, False, True),
        Concept(3, True, True),
    )
    assert made.asked == expected
    node = ids.is_in(made).node.arguments[1]
    assert isinstance(node, nodes.Concepts) and node.asked == tuple(sorted(expected))
    assert (
        node
        == ids.is_in(
            concept_set([1, 2], include_descendants=True, exclude=[3])
        ).node.arguments[1]
    )
    assert node != ids.is_in(concept_set([1, 2], exclude=[3])).node.arguments[1]


def test_sets_travel_from_the_closed_process():
    node = ids.is_in(concept_set([1, 2], include_mapped=True)).node
    plain = json.loads(json.dumps(model_json.dump({"x": node, "y": (ids == 3).node})))
    assert model_json.load(plain) == {"x": node, "y": (ids == 3).node}


@pytest.mark.parametrize(
    "forged", [[1, 0, 0, 0], ["1", False, False, False], [-1, False, False, False], []]
)
def test_forged_sets_are_refused(forged):
    node = ids.is_in(concept_set([1])).node
    plain = model_json.dump({"x": node})
    for each in plain["nodes"]:
        if each["node"] == "Concepts":
            each["asked"] = [{"concept": forged}]
    with pytest.raises(DefinitionError, match="legal model"):
        model_json.load(plain)


def test_forged_ids_are_refused():
    plain = model_json.dump({"x": (ids == 3).node})
    for each in plain["nodes"]:
        if each["node"] == "Literal":
            each["value"] = "3"
    with pytest.raises(DefinitionError, match="legal model"):
        model_json.load(plain)


def test_hand_written_rows_have_no_vocabulary_so_a_set_is_what_it_names():
    dataset = create_dataset()
    dataset.define_population(o.condition_occurrence.exists_for_patient())
    looked_for = concept_set([5, 6], include_descendants=True, exclude=[6])
    dataset.found = o.condition_occurrence.where(
        ids.is_in(looked_for)
    ).count_for_patient()
    rows = [
        {"patient_id": 1, "condition_concept_id": each} for each in (5, 5, 6, 7, None)
    ]
    assert evaluate(dataset, {"condition_occurrence": rows}) == [
        {"patient_id": 1, "found": 2}
    ]


# Files

ITEM = {
    "concept": {"CONCEPT_ID": 201826, "VOCABULARY_ID": "SNOMED"},
    "includeDescendants": True,
}
EXPRESSION = {
    "items": [
        ITEM,
        {
            "concept": {"CONCEPT_ID": 443732},
            "isExcluded": True,
            "includeMapped": True,
            "includeDescendants": False,
        },
    ]
}
ASKED = (Concept(201826, False, True, False), Concept(443732, True, False, True))


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (EXPRESSION, ""),
        ({"id": 1, "name": "diabetes", "expression": EXPRESSION}, ""),
        (EXPRESSION["items"], ""),
        (
            {
                "id": 1,
                "expression": {
                    "ConceptSets": [{"name": "diabetes", "expression": EXPRESSION}]
                },
            },
            "",
        ),
        (
            {
                "id": 1,
                "expression": json.dumps(
                    {"ConceptSets": [{"name": "x", "expression": EXPRESSION}]}
                ),
            },
            "x",
        ),
        (
            {
                "items": [
                    {
                        "concept": {"conceptId": "201826"},
                        "includeDescendants": "TRUE",
                        "isExcluded": "false",
                    },
                    {
                        "concept": {"CONCEPT_ID": 443732},
                        "isExcluded": 1,
                        "includeMapped": "true",
                    },
                ]
            },
            "",
        ),
        (
            {"ConceptSets": [{"id": 0, "name": "diabetes", "expression": EXPRESSION}]},
            "",
        ),
        (
            {
                "ConceptSets": [
                    {"id": 0, "name": "asthma", "expression": {"items": [ITEM]}},
                    {"id": 1, "name": "diabetes", "expression": EXPRESSION},
                ]
            },
            "diabetes",
        ),
    ],
)
def test_a_set_of_atlas(tmp_path, data, name):
    (tmp_path / "set.json").write_text(json.dumps(data), encoding="utf-8")
    with reading([tmp_path]) as read:
        assert concept_set_from_json("set.json", name=name).asked == ASKED
    assert [(each.name, each.codes) for each in read.codelists] == [("set.json", 2)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not JSON"),
        ("{}", "holds no concept set"),
        ('{"items": []}', "holds no concept set"),
        ('{"items": [{"concept": {}}]}', "has no CONCEPT_ID"),
        (
            '{"items": [{"concept": {"CONCEPT_ID": 1.5}}]}',
            "has no CONCEPT_ID that is a whole number",
        ),
        (
            '{"items": [{"concept": {"CONCEPT_ID": true}}]}',
            "has no CONCEPT_ID that is a whole number",
        ),
        (
            '{"items": [{"concept": {"CONCEPT_ID": 3000000000}}]}',
            "has no CONCEPT_ID that is a whole number",
        ),
        ('{"items": [1]}', "has no CONCEPT_ID"),
        (
            '{"items": [{"concept": {"CONCEPT_ID": 1}, "isExcluded": "x"}]}',
            "isExcluded: 'x' is neither true nor false",
        ),
        ('{"expression": "x"}', "holds no concept set"),
        (
            '{"items": [{"concept": {"CONCEPT_ID": 1}, "isExcluded": true}]}',
            "no concept that is not excluded",
        ),
        (
            json.dumps(
                {
                    "ConceptSets": [
                        {"name": each, "expression": EXPRESSION} for each in "ab"
                    ]
                }
            ),
            "say name=",
        ),
    ],
)
def test_other_json_is_refused(tmp_path, text, said):
    (tmp_path / "set.json").write_text(text, encoding="utf-8")
    with reading([tmp_path]), pytest.raises(CodelistError, match=said):
        concept_set_from_json("set.json")


def csv_set(folder: Any, text: str, **how: Any) -> Any:
    (folder / "set.csv").write_text(text, encoding="utf-8")
    with reading([folder]):
        return concept_set_from_csv("set.csv", **how).asked


def test_a_set_from_csv(tmp_path):
    assert csv_set(tmp_path, "concept_id,name\n1,a\n2,b\n") == (Concept(1), Concept(2))
    assert csv_set(tmp_path, "id\n1\n", column="id", include_descendants=True) == (
        Concept(1, False, True),
    )
    exported = "concept_set_name,concept_id,excluded,descendants,mapped\nx,1,FALSE,TRUE,FALSE\nx,2,TRUE,FALSE,TRUE\n"
    assert csv_set(tmp_path, exported) == (
        Concept(1, False, True, False),
        Concept(2, True, False, True),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("concept,name\n1,a\n", "has no column 'concept_id'"),
        ("concept_id\nE11\n", "line 2: 'E11' is no concept id"),
        (
            "concept_id\n900000000000207008\n",
            "is no concept id, which is a whole number from 0 to 2147483647",
        ),
        ("concept_id,excluded\n1,maybe\n", "'maybe' is neither true nor false"),
        ("concept_id\n", "no concept that is not excluded"),
        ("concept_id\n73211009\n44054006\n", "looks like a code of SNOMED CT"),
    ],
)
def test_other_csv_is_refused(tmp_path, text, said):
    with pytest.raises(CodelistError, match=said):
        csv_set(tmp_path, text)
