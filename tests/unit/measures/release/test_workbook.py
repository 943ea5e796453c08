"""A workbook of a release: what is in it, and what is not run."""

import re
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from extractors.errors import ArgumentsError
from measures.release import workbook
from measures.release.wanted import read_released
from measures.release.words import GroupWords, MeasureWords, StudyWords
from measures.release.workbook import write_workbook
from tests.lib.hostile_release import NAMES, hostile_release

# gptables 2.0.2 calls pandas in a way that pandas 4 will not have, and leaves its
# theme's file open.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings(
        "ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning"
    ),
]

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    return read_released(hostile_release(tmp_path_factory.mktemp("release") / "folder"))


@pytest.fixture(scope="module")
def book(released, tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "numbers.xlsx"
    write_workbook(released, path)
    return path


def sheets(path):
    """The cells of every sheet by its name, row by row, as a program reads them."""
    with zipfile.ZipFile(path) as file:
        strings = ElementTree.fromstring(file.read("xl/sharedStrings.xml"))
        texts = [
            "".join(part.text or "" for part in each.iter(f"{MAIN}t"))
            for each in strings
        ]
        names = re.findall(
            r'<sheet name="([^"]+)"', file.read("xl/workbook.xml").decode()
        )
        found = {}
        for number, name in enumerate(names, start=1):
            sheet = ElementTree.fromstring(
                file.read(f"xl/worksheets/sheet{number}.xml")
            )
            found[name] = [
                [_value(cell, texts) for cell in row]
                for row in sheet.iter(f"{MAIN}row")
            ]
        return found


def _value(cell, texts):
    value = cell.find(f"{MAIN}v")
    if value is None:
        return None
    return texts[int(value.text)] if cell.get("t") == "s" else float(value.text)


def test_it_has_a_cover_contents_notes_and_a_sheet_for_each_measure(book):
    found = sheets(book)
    assert list(found) == [
        "Cover",
        "Contents",
        "Notes",
        "Table 1",
        "Table 2",
        "Table 3",
    ]
    cover = [cell for row in found["Cover"] for cell in row]
    assert cover[0] == "Released numbers of a_study"
    assert "Made-up records: these numbers say nothing of anybody." in cover
    assert any(
        str(cell).startswith("[c]: withheld by disclosure control") for cell in cover
    )
    assert ["Table 2", "Table 2: bp_by_place by place"] in [
        [str(cell).strip() for cell in row] for row in found["Contents"]
    ]


def test_numbers_are_numbers_and_what_is_withheld_has_its_shorthand(book):
    rows = sheets(book)["Table 2"]
    head = next(
        place for place, row in enumerate(rows) if row[:3] == ["from", "to", "place"]
    )
    cells = {(row[0], row[2]): row[3:] for row in rows[head + 1 :]}
    assert len(cells) == 2 * len(NAMES)
    assert cells["2020-01-06", "missing"][:3] == [50, 200, 250]
    assert cells["2020-01-13", "missing"] == [
        "[c]",
        200,
        "[c]",
        "[c]",
        "[c]",
        "[c]",
        "[c]",
    ]
    assert sheets(book)["Table 3"][-1][-2:] == ["[z]", "[z]"], "a mean has no interval"


def test_names_are_text(book):
    with zipfile.ZipFile(book) as file:
        for name in file.namelist():
            if name.startswith("xl/worksheets/"):
                data = file.read(name).decode()
                assert "<f>" not in data and "http" not in data.replace(
                    "http://schemas", ""
                )
    places = {row[2] for row in sheets(book)["Table 2"] if len(row) > 5}
    assert {'=HYPERLINK("a")', "$ $counts$ $"} < places


def test_the_same_release_gives_the_same_bytes(released, book, tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    write_workbook(released, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == book.read_bytes()


def test_a_place_that_cannot_be_written(released, tmp_path):
    (tmp_path / "folder.xlsx").mkdir()
    with pytest.raises(ArgumentsError, match="cannot be written"):
        write_workbook(released, tmp_path / "folder.xlsx")


def test_without_the_package_there_is_another_way(released, tmp_path, monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(workbook, "import_module", missing)
    with pytest.raises(ArgumentsError, match="pip install 'cohortflow.tables.'"):
        write_workbook(released, tmp_path / "none.xlsx")


def test_the_authors_words_are_those_of_the_sheets(released, tmp_path):
    said = MeasureWords(
        title="=Blood pressure",
        sentence="Measured at home.",
        per=100,
        unit="in a hundred",
    )
    words = StudyWords(
        title="A $$long$$ study",
        measures={"bp": said},
        groups={
            "place": GroupWords(title="place of birth", labels={"$$counts$$": "money"})
        },
    )
    path = tmp_path / "numbers.xlsx"
    write_workbook(
        replace(
            released, words=words, families={"bp": 0, "bp_by_place": 0, "weight": 1}
        ),
        path,
    )
    found = sheets(path)
    assert found["Cover"][0] == ["Released numbers of A $ $long$ $ study"]
    first = [cell for row in found["Table 1"] for cell in row]
    assert first[0].startswith("Table 1: =Blood pressure")
    assert {
        "Measured at home.",
        "The measure bp.",
        "in a hundred",
        "in a hundred, at least",
    } <= set(first)
    assert [row for row in found["Table 1"] if row[0] == "2020-01-06"][0][4] == 25
    second = [cell for row in found["Table 2"] for cell in row]
    assert {"place of birth", "money"} <= set(second)
    assert second[0].startswith("Table 2: =Blood pressure by place of birth")
