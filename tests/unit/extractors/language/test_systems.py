# mypy: ignore-errors
"""Codelists of a named coding system."""

import pytest

from extractors import codelist_from_csv
from extractors.errors import CodelistError
from extractors.language.reading import reading
from extractors.tables import core, omop_core
from extractors.tables import omop as o


def read(folder, text, **how):
    (folder / "list.csv").write_text(text)
    with reading([folder]):
        return codelist_from_csv("list.csv", column="code", **how)


def test_codes_of_a_system_are_compared_with_its_columns_alone(tmp_path):
    glucose = read(tmp_path, "code\n2345-7\n", system="loinc")
    assert glucose == ["2345-7"]
    assert omop_core.clinical_events.loinc_code.is_in(glucose).node.arguments[1].values == ("2345-7",)
    with pytest.raises(TypeError, match="expected SNOMEDCTCode, got LOINCCode"):
        core.clinical_events.snomedct_code.is_in(glucose)


@pytest.mark.parametrize(("system", "codes"), [("icd10", "J11.1"), ("icd10cm", "S52.521A"), ("opcs4", "K40.1")])
def test_a_dot_may_be_written(tmp_path, system, codes):
    assert read(tmp_path, f"code\n{codes}\n{codes.replace('.', '')}\n", system=system) == [codes.replace(".", "")]


def test_categories_stay(tmp_path):
    found = read(tmp_path, "code,kind\nE11.9,two\nE10,one\n", system="icd10", category_column="kind")
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


IDS = [201826, 443732, 4063043, 40481087, 1127433, 3004501, 317009, 4266367, 4336464, 40164929, 4030518]


def test_many_concept_ids_are_no_codes():
    with pytest.raises(ValueError, match="most of these 11 codes have not the check digit .* concept_set"):
        core.clinical_events.snomedct_code.is_in([str(each) for each in IDS])
    core.clinical_events.snomedct_code.is_in([str(each) for each in IDS[:9]])
    core.clinical_events.snomedct_code.is_in(["73211009"] * 3 + ["44054006", "46635009"])
    o.condition_occurrence.condition_concept_id.is_in(IDS)
