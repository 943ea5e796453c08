"""What a release says of the one before it: nothing beside the first, and the same when
it is released again.
"""

import json
from pathlib import Path

import pytest

from tests.lib.report_release import described, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "study" / "moderately_sensitive"


def told(folder: Path) -> dict:
    return json.loads((folder / "before.json").read_text(encoding="utf-8"))


def test_nothing_beside_the_first(folder):
    write(folder)
    assert not (folder / "before.json").exists()
    assert "Periods: " not in (folder / "report.html").read_text(encoding="utf-8")


def test_another_release_tells_of_the_one_it_replaced(folder):
    write(folder, regions=("East", "West"))
    rows = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["rows"]
    write(folder)
    assert told(folder)["rows"] == rows
    assert told(folder)["measures"]["seen_by_region"] == "region"
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "The definition is the same." in page
    assert f"Rows: {rows:,} then, " in page


def test_the_same_again_changes_no_byte(folder):
    write(folder, regions=("East", "West"))
    write(folder)
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    write(folder)
    assert {
        path: path.read_bytes() for path in folder.rglob("*") if path.is_file()
    } == files


def test_other_words_alone_are_no_other_release(folder):
    write(folder)
    write(folder, said=described(title="Another title"))
    assert not (folder / "before.json").exists()
