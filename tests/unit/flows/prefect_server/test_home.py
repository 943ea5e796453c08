"""Where a temporary server keeps its database: in a folder that only its owner opens,
or nowhere.
"""

import os
from pathlib import Path

import pytest

from extractors.errors import ArgumentsError
from flows.prefect_server.home import close_home, private_home, refuse_unsafe


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    (tmp_path / "prefect").mkdir(mode=0o755)
    return tmp_path / "prefect"


def test_in_a_home_that_others_look_into(home: Path, monkeypatch: pytest.MonkeyPatch):
    refuse_unsafe()
    monkeypatch.setenv("PREFECT_HOME", str(private_home()))  # as of the server itself
    close_home()
    assert (home / "temporary").stat().st_mode & 0o777 == 0o700
    assert home.stat().st_mode & 0o777 == 0o755, "what others need of it stays"


def test_one_from_before_that_was_open_is_closed(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    private_home().mkdir(mode=0o777)
    private_home().chmod(0o777)
    refuse_unsafe()
    monkeypatch.setenv("PREFECT_HOME", str(private_home()))
    close_home()
    assert (home / "temporary").stat().st_mode & 0o777 == 0o700


def test_a_link_is_not_followed(home: Path, tmp_path: Path):
    (tmp_path / "elsewhere").mkdir()
    private_home().symlink_to(tmp_path / "elsewhere")
    with pytest.raises(
        ArgumentsError,
        match="folder is a link, or belongs to another user; remove it, or .*temporary$",
    ):
        refuse_unsafe()


def test_what_somebody_else_has_put_there(home: Path, monkeypatch: pytest.MonkeyPatch):
    private_home().mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(ArgumentsError, match="belongs to another user"):
        refuse_unsafe()


def test_a_home_in_which_everybody_may_rename(home: Path):
    home.chmod(0o777)
    with pytest.raises(ArgumentsError, match="Everybody may write to"):
        refuse_unsafe()
    home.chmod(0o1777)
    refuse_unsafe()
