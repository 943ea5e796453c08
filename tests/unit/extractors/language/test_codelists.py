"""Codelists from CSV files, and what damages them."""

import csv
import hashlib
import re

import pytest

from extractors.errors import CodelistError
from extractors.language.codelists import codelist_from_csv, codelist_from_csv_lines
from extractors.language.reading import CodelistFile, reading
from extractors.model.verhoeff import has_check_digit


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(data: bytes | str, column="code", category_column=None):
    with open("c.csv", "wb") as file:
        file.write(data.encode() if isinstance(data, str) else data)
    return codelist_from_csv("c.csv", column=column, category_column=category_column)


def complaint(*arguments) -> str:
    with pytest.raises(CodelistError) as caught:
        read(*arguments)
    return caught.value.message


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("code\n111111\n222222\n", ["111111", "222222"]),
        ("term,code\na, 222222 \nb,111111\nc,222222\n", ["222222", "111111"]),
        ("code,term\n111111,a\n\n,\n  ,b\n", ["111111"]),
        ("\ufeffcode\n111111", ["111111"]),
        ("code\r\n111111\r\n222222\r\n", ["111111", "222222"]),
        ('code,term\n111111,"a, or\nb"\n222222,"say ""x"""\n', ["111111", "222222"]),
        ("code,term\n111111,a\u2028b\x0bc\n", ["111111"]),
        ("code\n", []),
        ("code\n9E103\n1E123\nH33..\n", ["9E103", "1E123", "H33.."]),
        ("code,,,\n111111,,,\n", ["111111"]),
    ],
)
def test_codes_in_file_order_and_each_once(text, codes):
    assert read(text) == codes


def test_categories_of_codes_and_the_last_row_wins():
    text = "code,group\n111111,1\n222222, 2 \n111111,3\n"
    assert read(text, "code", "group") == {"111111": "3", "222222": "2"}


def test_lines_may_end_in_breaks_or_not():
    for lines in (
        ["code,t", "111111,a"],
        ["code,t\n", "111111,a\r\n"],
        iter(["code,t\n", '111111,"a\n', 'b"\n']),
    ):
        assert codelist_from_csv_lines(lines, column="code") == ["111111"]
    assert codelist_from_csv_lines(
        ["code,t", "1,a"], column="code", category_column="t"
    ) == {"1": "a"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("cod\n1\n",), "c.csv has no column 'code'; did you mean 'cod'?"),
        (("x,y\n1,2\n",), "c.csv has no column 'code'; its columns are x, y"),
        (("",), "c.csv has no column 'code'; its columns are none"),
        (("code\n1\n", "code", "group"), "has no column 'group'"),
        (("code,code\n1,2\n",), "has 2 columns 'code'"),
        (
            ("code\n1\n".encode("utf-16"),),
            "is not a text file in UTF-8; save it again as CSV UTF-8",
        ),
        (("code,term\n1,caf\xe9\n".encode("latin-1"),), "is not a text file in UTF-8"),
        (
            ("term,code\na,1\nb, c,2\n",),
            "c.csv, line 3 has 3 cells where the header has 2",
        ),
        (
            ("code,term\n1,a\n2,b, c\n", "code", "term"),
            "c.csv, line 3 has 3 cells where the header has 2",
        ),
        (("term,code\na\n",), "c.csv, line 2 has 1 cells where the header has 2"),
        (('code,term\n1,"a\n2,b\n',), "is not CSV"),
        (('code,term\n1,"a"b\n',), "line 2 is not CSV"),
        (
            ("code\n1.00567E+15\n",),
            "'1.00567E+15' is a code that a spreadsheet turned into a number",
        ),
        (("code\n1E+15\n",), "a spreadsheet turned into a number"),
        (("code\n123456789.0\n",), "a spreadsheet turned into a number"),
        (("code\n1005671000000100\n",), "a spreadsheet turned into a number"),
        (("code\n999000011000000000\n",), "a spreadsheet turned into a number"),
    ],
)
def test_damage_is_told(arguments, told):
    assert told in complaint(*arguments)


def test_empty_cells_beyond_the_header_are_nothing():
    with reading() as asked:
        assert read("term,code\n,,,\na,1,\nb,2, ,\n,\n") == ["1", "2"]
    assert not asked.notes


@pytest.mark.parametrize("rows", ["1,a, b\n2,c\n", "1\n2,c\n", "1,a\n2,c,,x\n"])
def test_a_row_of_another_length_keeps_its_first_cell_and_is_a_doubt(rows):
    with reading() as asked:
        assert read(f"code,term\n{rows}") == ["1", "2"]
    (note,) = asked.notes
    assert re.match(
        r"c.csv, line \d has \d cells where the header has 2, and is read", note.message
    )


def test_many_rows_of_another_length_are_one_doubt():
    with reading() as asked:
        assert (
            len(read("code,term\n" + "".join(f"{n},a, b\n" for n in range(1, 31))))
            == 30
        )
    (note,) = asked.notes
    assert "line 2 has 3 cells" in note.message and "(and 29 more)" in note.message


def test_missing_file_is_told():
    with pytest.raises(
        CodelistError,
        match=r"there is no codelist file codelists/none.csv; names are looked for",
    ):
        codelist_from_csv("codelists/none.csv", column="code")


def test_files_that_were_read_are_noted():
    text = "code,group\n111111,1\n111111,2\n"
    read(text)  # outside of a reading, for which it is no note
    with reading() as asked:
        read(text)
        read(text)
        read(text, "code", "group")
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    assert asked.codelists == [
        CodelistFile("c.csv", sha256, 1, ("code",)),
        CodelistFile("c.csv", sha256, 1, ("code", "group")),
    ]


def test_names_are_looked_for_in_the_order_of_the_folders(folder):
    for name in ("a", "b"):
        (folder / name).mkdir()
        (folder / name / "c.csv").write_text(f"code\n{name}\n", encoding="utf-8")
    with reading([folder / "b", folder / "a"]):
        assert codelist_from_csv("c.csv", column="code") == ["b"]


def test_published_codes_are_not_taken_for_damaged(shared_data):
    found = 0
    for path in sorted((shared_data / "codelists_opensafely").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file))
        found += len(codelist_from_csv(path, column=header[0]))
        codes = codelist_from_csv(path, column=header[0])
        long = [code for code in codes if code.isdigit() and len(code) > 5]
        assert all(map(has_check_digit, long))
    assert found > 1_000


def noted(data: str, column="code", category_column=None) -> list[str]:
    with reading() as under_way:
        read(data, column, category_column)
    return [note.message for note in under_way.notes]


def test_one_code_in_two_categories_is_said_with_its_lines():
    (said,) = noted("code,cat\n1,a\n2,a\n1,b\n", category_column="cat")
    assert said.startswith(
        "c.csv: the code '1' is in lines 2 and 4, each time in another category; "
    )


def test_a_code_that_is_there_twice_is_said_with_its_lines():
    (said,) = noted("code,cat\n1,a\n1,a\n2,b\n2,b\n2,b\n3,c\n", category_column="cat")
    assert said == (
        "c.csv: the code '1' is in lines 2 and 3 (and so is 1 more code), in "
        "rows that are the same; it counts once"
    )
    (said,) = noted("code\n1\n2\n3\n\n1 \n")
    assert said == (
        "c.csv: the code '1' is in lines 2 and 6, in rows that are the same; it "
        "counts once"
    )


def test_several_terms_of_a_code_are_no_doubt():
    assert noted("code,term\n1,a\n1,b\n") == []


def test_blanks_in_a_header_are_said():
    (said,) = noted(" code,cat \n1,a\n", column=" code")
    assert said.startswith("c.csv, line 1: there are blanks around ' code', 'cat '; ")


def test_a_codelist_in_order_says_nothing():
    assert noted("code,cat\n1,a\n2,a\n", category_column="cat") == []
