"""What is accepted because studies say it, with and without a note."""

from typing import Any

import pytest

from extractors import create_dataset, maximum_of
from extractors.language.codelists import codelist_from_csv_lines
from extractors.language.frames import EventFrame, Series, table
from extractors.language.reading import reading
from extractors.model.types import BNFCode, CTV3Code, SNOMEDCTCode
from extractors.tables.tpp import clinical_events, patients
from measures.definitions import create_measures
from tests.lib.tables import e, p

PUBLISHED = ["123456784", "123456797", "123456807", "12345-6"]


def published(codes: list[str], categories: bool = False) -> Any:
    category = "category" if categories else None
    lines = ["code,category", *(f"{code},{code[-1]}" for code in codes)]
    return codelist_from_csv_lines(
        lines, column="code", category_column=category, filename="published.csv"
    )


def test_attributes_of_frames_that_hide_nothing():
    rows = e.where(e.b1)
    rows.twice = rows.i1 * 2
    assert rows.twice.node == (rows.i1 * 2).node
    picked = e.sort_by(e.i1).first_for_patient()
    picked.kept = "kept"
    assert picked.kept == "kept" and not hasattr(e.where(e.b1), "twice")


@pytest.mark.parametrize(
    "given", [{}, {"enabled": False}, {"enabled": True}, {"threshold": 3, "base": 7}]
)
def test_disclosure_control_is_the_sites(given):
    measures = create_measures()
    with reading() as asked:
        measures.configure_disclosure_control(**given)
        measures.configure_disclosure_control(**given)
    (note,) = asked.notes
    assert note.message.startswith("the site's policy decides on disclosure control")


def test_dummy_data_may_be_configured_in_any_way():
    for made in (create_dataset(), create_measures()):
        made.configure_dummy_data(population_size=7, legacy=True, anything=patients.sex)


def test_greatest_of_constants():
    assert maximum_of(1, 2, 3).node.type is int
    assert maximum_of("2020-01-01", "2021-01-01").node.type is str


def test_private_names_of_ehrql():
    assert p.i1._qm_node is not None and p._qm_node is p._node
    assert (p.i1 + 1)._qm_node == (p.i1 + 1).node
    code = SNOMEDCTCode("123456789")
    assert (
        type(code._to_primitive_type()) is str
        and code._to_primitive_type() == code.value == "123456789"
    )


def test_damaged_codes_of_a_published_list_match_nothing():
    with reading() as asked:
        codes = published(PUBLISHED)
        found = clinical_events.snomedct_code.is_in(codes)
    assert found.node == clinical_events.snomedct_code.is_in(PUBLISHED[:3]).node
    (note,) = asked.notes
    assert note.message.startswith(
        "published.csv: '12345-6' are no SNOMED CT codes, so nothing is found by them"
    )


def test_damaged_codes_of_categories_match_nothing():
    with reading() as asked:
        found = clinical_events.snomedct_code.to_category(
            published(PUBLISHED, categories=True)
        )
    expected = clinical_events.snomedct_code.to_category(
        {code: code[-1] for code in PUBLISHED[:3]}
    )
    assert found.node == expected.node and len(asked.notes) == 1


def test_of_many_damaged_codes_some_are_named():
    many = [f"{number}-x" for number in range(9)]
    with reading() as asked:
        clinical_events.snomedct_code.is_in(
            published([*many, *(f"12345{n}" for n in range(100, 120))])
        )
    assert "'4-x' and 4 more are no SNOMED CT codes" in asked.notes[0].message


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        (["123456789", "a", "b"], "Invalid SNOMEDCTCode: a"),  # most of it
        (["a"], "Invalid SNOMEDCTCode: a"),
    ],
)
def test_list_that_is_mostly_damaged_is_refused(codes, told):
    with reading() as asked, pytest.raises(ValueError, match=told):
        clinical_events.snomedct_code.is_in(published(codes))
    assert not asked.notes


def test_codes_that_an_author_writes_are_refused():
    with reading():
        codes = published(PUBLISHED[:3])
        with pytest.raises(ValueError, match="Invalid SNOMEDCTCode: 12345-6"):
            clinical_events.snomedct_code.is_in([*codes, "12345-6"])


@pytest.mark.parametrize(
    ("of", "damaged"), [(CTV3Code, "1234"), (BNFCode, "10101000000000")]
)
def test_zeros_that_a_spreadsheet_took_are_refused(of, damaged):
    whole = {
        CTV3Code: ["XaB12", "XaB13", "XaB14"],
        BNFCode: ["0101010G0BBAJAK", "0101010G0BBAJAL", "0101010G0BBAJAM"],
    }
    column: Any = clinical_events.ctv3_code if of is CTV3Code else _bnf()
    with (
        reading(),
        pytest.raises(ValueError, match="a spreadsheet took zeros from its beginning"),
    ):
        column.is_in(published([*whole[of], damaged]))


def _bnf() -> Any:
    return table(type("prescribed", (EventFrame,), {"bnf": Series(BNFCode)})).bnf


def test_value_outside_the_categories_is_noted():
    with reading() as asked:
        assert (patients.sex == "M").node is not None
        patients.sex.is_in(["male", "F"])
        assert (patients.sex == "male").node is not None
    assert [note.message.partition(",")[0] for note in asked.notes] == [
        "patients.sex is compared with 'M'",
        "patients.sex is compared with 'F'",
    ]
