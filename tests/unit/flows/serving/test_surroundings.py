"""What a shell has after it has read the server's file `environment`."""

from pathlib import Path

import pytest

from flows.command import cli
from flows.serving.setting import setting
from flows.serving.surroundings import for_clients
from flows.workspace.settings import WORKSPACE
from flows.workspace.store import make_private


@pytest.fixture
def clients(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """As a server says it whose workspace has a relative name."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(WORKSPACE, raising=False)
    where = setting("results of the site")
    where.workspace.mkdir()
    make_private(where.home)
    return for_clients(where)


def test_commands_keep_their_results_where_the_pages_show_them(
    clients: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
):
    assert clients[WORKSPACE] == str(tmp_path / "results of the site")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    monkeypatch.setenv(WORKSPACE, clients[WORKSPACE])
    assert cli.main(["status", "--all"]) == 0
    assert "No study was run in this workspace." in capsys.readouterr().out


def test_what_is_typed_comes_first(
    clients: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
):
    monkeypatch.setenv(WORKSPACE, clients[WORKSPACE])
    assert cli.main(["status", "--all", "--workspace", "typed"]) == 2
    assert str(tmp_path / "typed") in capsys.readouterr().err


def test_without_either_it_is_beside_the_shell(
    clients: dict[str, str], tmp_path: Path, capsys
):
    assert cli.main(["status", "--all"]) == 2
    assert str(tmp_path / "workspace") in capsys.readouterr().err
