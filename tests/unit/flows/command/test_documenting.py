"""`cohortflow docs`: pages printed, listed and opened, with the extra and without
it.
"""

import sys
import webbrowser
from pathlib import Path

import pytest

from flows.command import cli, documenting
from flows.docs.pages import Page


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The addresses that a browser was given; a site takes no time to build."""
    addresses: list[str] = []

    def build(folder: Path, pages: list[Page]) -> None:
        folder.mkdir(parents=True)
        (folder / "index.html").write_text(pages[0].text, encoding="utf-8")

    monkeypatch.setattr(documenting, "build_site", build)
    monkeypatch.setattr(webbrowser, "open", addresses.append)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("DISPLAY", ":0")
    return addresses


def test_a_page_is_printed_as_markdown(capsys, tmp_path):
    assert cli.main(["docs", "tutorial"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("# Tutorial: ")
    assert cli.main(["docs", "tutorial", "--to", str(tmp_path / "page.md")]) == 0
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == text


def test_a_page_that_there_is_none_of(capsys):
    assert cli.main(["docs", "tutorials"]) == 2
    assert "did you mean 'tutorial'?" in capsys.readouterr().err


def test_all_pages_are_listed(capsys):
    assert cli.main(["docs", "--list"]) == 0
    assert "How to:\n  static-and-moving\n" in capsys.readouterr().out


def test_the_site_is_opened_and_built_once(opened, capsys):
    assert cli.main(["docs"]) == 0
    [address] = opened
    assert address.startswith("file://") and address.endswith("/index.html")
    index = capsys.readouterr().out.partition("\n")[0].removeprefix("Documentation: ")
    Path(index).write_text("kept", encoding="utf-8")
    assert cli.main(["docs"]) == 0
    assert Path(index).read_text(encoding="utf-8") == "kept" and opened == [address] * 2


def test_a_site_of_other_pages_goes(opened, tmp_path):
    old = tmp_path / "cache" / "cohortflow" / "docs-of-before"
    old.mkdir(parents=True)
    assert cli.main(["docs"]) == 0
    assert not old.exists()


def test_without_a_screen_the_address_is_enough(opened, capsys, monkeypatch):
    monkeypatch.delenv("DISPLAY")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert cli.main(["docs"]) == 0
    assert opened == [] and "index.html" in capsys.readouterr().out


def test_where_home_cannot_be_written_to(opened, capsys, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert cli.main(["docs"]) == 0
    assert len(opened) == 1


def test_without_the_extra_the_extra_is_named(opened, capsys, monkeypatch):
    monkeypatch.setattr(documenting, "is_comfortable", lambda: False)
    assert cli.main(["docs"]) == 0
    assert (
        "pip install 'cohortflow[docs]'" in capsys.readouterr().out and len(opened) == 1
    )


def test_a_site_needs_a_place(capsys):
    assert cli.main(["docs", "site"]) == 2
    assert "cohortflow docs site DIR" in capsys.readouterr().err
