"""What is wrong with a codelist file is found in it, with its line."""

import pytest

from measures.codelists.linting import lint, system_of

GOOD = "code,term\n195967001,Asthma\n38341003,Hypertension\n44054006,Diabetes\n"


def findings(tmp_path, text):
    file = tmp_path / "list.csv"
    file.write_text(text, encoding="utf-8")
    return [(each.kind, each.line) for each in lint(file)]


def test_a_good_list_is_good(tmp_path):
    assert findings(tmp_path, GOOD) == []
    assert findings(tmp_path, "term,number\nAsthma,3\n") == []


@pytest.mark.parametrize(
    "row, kind",
    [
        ("195967002,mistyped", "check digit"),
        ("J45,another system", "other system"),
        ("1.96E+08,a number", "spreadsheet"),
        ("195967001.0,a number", "spreadsheet"),
        ("1325191000000000,rounded", "spreadsheet"),
        ("03-Mar,a date", "spreadsheet"),
    ],
)
def test_a_wrong_code_is_found_in_its_line(tmp_path, row, kind):
    assert findings(tmp_path, GOOD + row + "\n") == [(kind, 5)]


def test_codes_that_are_there_twice_are_told(tmp_path):
    assert findings(tmp_path, GOOD + "44054006,Diabetes\n") == [("twice", 0)]
    torn = "code,category\n195967001,1\n195967001,2\n"
    assert findings(tmp_path, torn) == [("twice", 0)]
    assert (
        findings(tmp_path, "code,term\n195967001,Asthma\n195967001,Asthmatic\n") == []
    )


def test_codes_of_one_family_that_are_left_out_are_told(tmp_path):
    text = "icd\nI21.0\nI21.1\nI21.3\nI22.0\nI22.8\n"
    file = tmp_path / "list.csv"
    file.write_text(text, encoding="utf-8")
    (finding,) = lint(file)
    assert (finding.kind, finding.line) == ("family", 2) and "not I21.2" in finding.text
    assert findings(tmp_path, "icd\nI21\nI21.0\nI21.1\nI21.3\n") == []


def test_the_right_digit_is_said(tmp_path):
    file = tmp_path / "list.csv"
    file.write_text(GOOD + "195967002,mistyped\n", encoding="utf-8")
    (finding,) = lint(file)
    assert finding.words.startswith("list.csv, line 5: the last digit of '195967002'")
    assert "(1 would be)" in finding.text and not finding.wrong


@pytest.mark.parametrize(
    "codes, label",
    [
        (["195967001"], "SNOMED CT"),
        (["H33..", "XaIOV"], "CTV3"),
        (["J45", "I21.0"], "ICD-10"),
        (["934231000000106"], "SNOMED CT"),
    ],
)
def test_the_system_shows_in_the_codes(codes, label):
    system = system_of(codes)
    assert system is not None and system.label == label


def test_a_file_in_another_encoding_is_told(tmp_path):
    (tmp_path / "list.csv").write_bytes(
        "code,term\n195967001,Ménière\n".encode("latin-1")
    )
    (finding,) = lint(tmp_path / "list.csv")
    assert finding.kind == "not text" and finding.wrong
