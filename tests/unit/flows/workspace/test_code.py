"""Another state of the code is another version."""

from pathlib import Path

import pytest

from flows.workspace import code
from flows.workspace.code import code_version


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("measures/a.py", "flows/b.css", "extractors/c.py", "flows/pages/d.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("one", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", ["measures/a.py", "flows/b.css", "extractors/new.py"])
def test_a_file_of_ours(checkout: Path, name: str):
    before = code_version(checkout)
    assert code_version(checkout) == before
    (checkout / name).write_text("two", encoding="utf-8")
    assert code_version(checkout) != before


def test_a_page_makes_nothing(checkout: Path):
    before = code_version(checkout)
    (checkout / "flows/pages/d.md").write_text("two", encoding="utf-8")
    assert code_version(checkout) == before


def test_a_version_of_what_is_called(checkout: Path, monkeypatch: pytest.MonkeyPatch):
    before = code_version(checkout)
    monkeypatch.setattr(code, "version", lambda name: "0.0")
    assert code_version(checkout) != before
