# mypy: ignore-errors
"""Codelists of a named coding system."""

import pytest

from extractors import codelist_from_csv
from extractors.errors import CodelistError
from extractors.language.reading import reading
from extractors.model.types import SNOMEDCTCode
from extractors.model.verhoeff import has_check_digit
from extractors.tables import core, omop_core
from extractors.tables import omop as o


def read(folder, text, **how):
    (folder / "list.csv").write_text(text, encoding="utf-8")
    with reading([folder]):
        return codelist_from_csv("list.csv", column="code", **how)


def test_codes_of_a_system_are_compared_with_its_columns_alone(tmp_path):
    glucose = read(tmp_path, "code\n2345-7\n", system="loinc")
    assert glucose == ["2345-7"]
    assert omop_core.clinical_events.loinc_code.is_in(glucose).node.arguments[
        1
    ].values == ("2345-7",)
    with pytest.raises(TypeError, match="expected SNOMEDCTCode, got LOINCCode"):
        core.clinical_events.snomedct_code.is_in(glucose)


@pytest.mark.parametrize(
    ("system", "codes"),
    [("icd10", "J11.1"), ("icd10cm", "S52.521A"), ("opcs4", "K40.1")],
)
def test_a_dot_may_be_written(tmp_path, system, codes):
    assert read(
        tmp_path, f"code\n{codes}\n{codes.replace('.', '')}\n", system=system
    ) == [codes.replace(".", "")]


def test_categories_stay(tmp_path):
    found = read(
        tmp_path,
        "code,kind\nE11.9,two\nE10,one\n",
        system="icd10",
        category_column="kind",
    )
    assert found == {"E119": "two", "E10": "one"}
    omop_core.clinical_events.icd10_code.to_category(found)


@pytest.mark.parametrize(
    ("system", "said"),
    [
        ("loinc", "Invalid LOINCCode: E11; LOINC codes look different"),
        ("lonic", "did you mean 'loinc'"),
        ("x", "the systems are snomedct, ctv3"),
    ],
)
def test_other_codes_and_systems_are_refused(tmp_path, system, said):
    with pytest.raises(CodelistError, match=said):
        read(tmp_path, "code\nE11\n", system=system)


IDS = [
    201826,
    443732,
    4063043,
    40481087,
    1127433,
    3004501,
    317009,
    4266367,
    4336464,
    40164929,
    4030518,
]


code = core.clinical_events.snomedct_code


def in_quotes(ids):
    return [str(each) for each in ids]


def test_many_concept_ids_are_no_codes():
    with pytest.raises(
        ValueError, match="these 11 codes lack the check digit .* concept_set"
    ):
        code.is_in(in_quotes(IDS))
    o.condition_occurrence.condition_concept_id.is_in(IDS)


def test_ids_of_which_some_have_a_check_digit_by_chance():
    """As 63 of 701 ids had; four of ten are too few for SNOMED CT."""
    by_chance = in_quotes(filter(has_check_digit, in_quotes(range(201000, 201100))))[:4]
    with pytest.raises(ValueError, match="6 of these 10 codes lack the check digit"):
        code.is_in([*by_chance, *in_quotes(IDS[:6])])
    with pytest.raises(ValueError, match="11 of these 12 codes lack the check digit"):
        code.is_in([*in_quotes(IDS), "900000000000207008"])
    code.is_in([*by_chance, "73211009", *in_quotes(IDS[:5])])


def test_ids_of_several_categories_are_counted_together():
    with pytest.raises(ValueError, match="these 11 codes lack the check digit"):
        code.to_category({str(each): f"kind {each}" for each in IDS})


def test_few_ids_are_said_as_they_may_be_made_up():
    with reading() as read_now:
        code.is_in(in_quotes(IDS[:9]))
    (note,) = read_now.notes
    assert note.message.startswith(
        "these 9 codes lack the check digit of SNOMED CT codes, such as 1127433; if"
    )


def test_what_is_made_up_or_called_a_code_is_one():
    with reading() as read_now:
        code.is_in([f"{each}" * 9 for each in range(1, 10)])
        code.is_in([str(111_111 + each) for each in range(50)])
        code.is_in([SNOMEDCTCode(str(each)) for each in IDS])
        code.is_in(["123456789", "987654321"])
        code.is_in(["73211009"] * 3 + ["44054006", "46635009"])
    assert not any("concept ids" in note.message for note in read_now.notes)


def test_ids_of_a_file_that_calls_them_so_are_no_codes(tmp_path):
    (tmp_path / "ids.csv").write_text("concept_id\n201826\n443732\n", encoding="utf-8")
    with reading(folders=[tmp_path]):
        with pytest.raises(
            ValueError,
            match=r"look for them with concept_set_from_csv\('ids.csv', column='concept_id'\)",
        ):
            code.is_in(codelist_from_csv("ids.csv", column="concept_id"))
        with pytest.raises(
            CodelistError, match="ids.csv: these 2 codes lack the check digit"
        ):
            codelist_from_csv("ids.csv", column="concept_id", system="snomedct")


def test_codes_of_a_file_that_calls_them_concepts_are_codes(tmp_path):
    """As SNOMED CT's own files do."""
    (tmp_path / "codes.csv").write_text(
        "conceptId\n73211009\n44054006\n", encoding="utf-8"
    )
    with reading(folders=[tmp_path]):
        code.is_in(codelist_from_csv("codes.csv", column="conceptId"))
