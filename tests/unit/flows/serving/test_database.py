"""Which database Prefect's server gets, and that a PostgreSQL of our own answers its
owner alone.
"""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from subprocess import DEVNULL
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from extractors.errors import ArgumentsError
from flows.serving import command, database, postgres, supervisor
from flows.serving.database import chosen
from flows.serving.parts import parts
from flows.serving.setting import Setting, Wanted, setting
from flows.serving.surroundings import for_part
from tests.lib.postgres_server import LONGEST, NO_SERVER, programs

SOMEBODY = next(each for each in pwd.getpwall() if each.pw_uid)


@pytest.fixture
def debian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with two versions of PostgreSQL, on which an ordinary user is at
    work.
    """
    for version in ("9.6", "15"):
        folder = tmp_path / "debian" / version / "bin"
        folder.mkdir(parents=True)
        (folder / "initdb").touch()
        said = f'#!/bin/sh\necho "postgres (PostgreSQL) {version}.4 (Debian)"\n'
        (folder / "postgres").write_text(said, encoding="utf-8")
        (folder / "postgres").chmod(0o755)
    monkeypatch.setattr(database, "DEBIAN", tmp_path / "debian")
    monkeypatch.setattr(os, "geteuid", lambda: SOMEBODY.pw_uid)
    monkeypatch.setenv("PATH", "")
    for name in (*database.URLS, database.WISH):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "debian"


@pytest.fixture
def one() -> Iterator[Setting]:
    """Near the root, for a socket's path may have 107 bytes; pytest's own is longer."""
    with TemporaryDirectory() as folder:
        yield setting(str(Path(folder) / "a work space"))


@pytest.fixture
def two(one: Setting, monkeypatch: pytest.MonkeyPatch) -> Setting:
    monkeypatch.setenv("COHORTFLOW_STUDIES", "nhs_at_home,online_consultations")
    found = setting(str(one.workspace))
    assert found.studies == (Wanted("nhs_at_home"), Wanted("online_consultations"))
    return found


def test_one_study_has_sqlite_and_two_have_a_postgresql(
    debian: Path, one: Setting, two: Setting
):
    found = chosen(one)
    assert found.url == f"sqlite+aiosqlite:///{one.home}/prefect/prefect.db"
    assert (found.programs, found.said) == (None, "")
    assert (chosen(two).programs, chosen(two).said) == (debian / "15" / "bin", "")
    assert [part.name for part in parts(one)][:2] == ["server", "scheduler"]
    first, server, *_ = parts(two)
    assert (first.name, server.after) == ("database", ("database",))


def test_its_address_is_a_socket_of_the_user(debian: Path, two: Setting):
    url = make_url(chosen(two).url)
    _, connects = url.get_dialect()().create_connect_args(url)
    assert connects["host"] == str(two.home / "postgres")
    assert (connects["user"], connects["database"]) == (SOMEBODY.pw_name, "postgres")
    assert "password" not in connects and "port" not in connects


def test_whoever_began_with_postgresql_stays_there(debian: Path, one: Setting):
    """A server that goes from two studies to one, on a machine that has got a newer
    PostgreSQL meanwhile.
    """
    database.data(one).mkdir(parents=True)
    (database.data(one) / "PG_VERSION").write_text("9\n", encoding="utf-8")
    assert chosen(one).programs == debian / "9.6" / "bin"
    (database.data(one) / "PG_VERSION").write_text("14\n", encoding="utf-8")
    found = chosen(one)
    assert found.programs is None and found.url.startswith("sqlite")
    assert (
        "PostgreSQL 14, which made" in found.said
        and "is not installed here" in found.said
    )


def test_what_is_named_comes_first(
    debian: Path, two: Setting, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(database.WISH, "sqlite")
    assert chosen(two).url.startswith("sqlite") and not chosen(two).said
    monkeypatch.setenv(database.URLS[0], "postgresql+asyncpg://a@b/c")
    assert chosen(two) == database.Database("postgresql+asyncpg://a@b/c")
    monkeypatch.delenv(database.URLS[0])
    monkeypatch.setenv(database.WISH, "mysql")
    with pytest.raises(
        ArgumentsError,
        match="COHORTFLOW_DATABASE needs sqlite or postgresql, got 'mysql'",
    ):
        chosen(two)


def test_runs_of_before_are_not_lost_silently(debian: Path, two: Setting):
    (two.home / "prefect").mkdir(parents=True)
    (two.home / "prefect" / "prefect.db").touch()
    assert "prefect.db keeps those of before" in chosen(two).said
    database.data(two).mkdir(parents=True)
    (database.data(two) / "PG_VERSION").write_text("15\n", encoding="utf-8")
    assert not chosen(two).said


@pytest.mark.parametrize(
    "why",
    ["no PostgreSQL is installed", "as root", "a user that has a name", "too long"],
)
def test_where_there_can_be_none_it_is_told(
    debian: Path, two: Setting, monkeypatch: pytest.MonkeyPatch, why: str
):
    """Several studies go on with SQLite, and an operator reads what to do; a wish is
    refused.
    """
    if why == "no PostgreSQL is installed":
        shutil.rmtree(debian)
    if why == "as root":
        monkeypatch.setattr(os, "geteuid", lambda: 0)
    if why == "a user that has a name":
        monkeypatch.setattr(os, "geteuid", lambda: 4_000_000_000)
    if why == "too long":
        two = setting(str(two.workspace / ("folder" * 15)))
    found = chosen(two)
    assert found.programs is None and found.url.startswith("sqlite")
    assert why in found.said and "may find it locked" in found.said
    assert f"set {database.URLS[0]} to postgresql+asyncpg://" in found.said
    monkeypatch.setenv(database.WISH, "postgresql")
    with pytest.raises(ArgumentsError, match=why):
        chosen(two)


def test_runs_have_a_scratch_folder_of_this_server(debian: Path, one: Setting):
    """In a shared one Prefect's worker would meet what another user's has made."""
    environments = {part.name: for_part(one, part) for part in parts(one)}
    assert environments["runner"]["TMPDIR"] == str(one.home / "tmp")
    assert environments["workers"].get("TMPDIR") == os.environ.get("TMPDIR")


@pytest.mark.parametrize("may_write", [True, False])
def test_pages_are_copied_where_the_server_may_write(
    debian: Path, one: Setting, monkeypatch: pytest.MonkeyPatch, may_write: bool
):
    """As a unit of systemd it sees its own code, beside which Prefect would put them,
    as read-only.
    """
    monkeypatch.setattr(os, "access", lambda *_: may_write)
    given = for_part(one, parts(one)[0]).get("PREFECT_UI_STATIC_DIRECTORY")
    assert given == (None if may_write else str(one.home / "pages"))


def test_settings_of_the_records_database_lead_prefect_nowhere(
    debian: Path, two: Setting, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PGHOST", "records.example")
    environments = {part.name: for_part(two, part) for part in parts(two)}
    assert {name for name, given in environments.items() if "PGHOST" not in given} == {
        "database",
        "server",
    }
    # which may count on them
    monkeypatch.setenv(database.URLS[0], "postgresql+asyncpg://a@b/c")
    environments = {part.name: for_part(two, part) for part in parts(two)}
    assert all("PGHOST" in given for given in environments.values())


def test_a_unit_for_a_database_that_is_not_needed_ends_well(
    debian: Path, one: Setting, capsys: pytest.CaptureFixture[str]
):
    one.workspace.mkdir()
    assert command.run(str(one.workspace), "database") == 0
    assert "needs no PostgreSQL of its own" in capsys.readouterr().out


def test_serve_says_it(
    debian: Path, two: Setting, monkeypatch: pytest.MonkeyPatch, capsys
):
    shutil.rmtree(debian)
    two.workspace.mkdir()
    for name, value in (("_check_ports", None), ("_nonsense", 0), ("_keep", None)):
        monkeypatch.setattr(supervisor, name, lambda *_, value=value: value)
    assert supervisor.serve(two) == 0
    assert (
        "no PostgreSQL is installed here, and on SQLite several runs"
        in capsys.readouterr().err
    )


# With a real one ----------------------------------------------------------------------


@pytest.fixture
def place() -> Iterator[Setting]:
    """A workspace of the user that PostgreSQL runs under."""
    with TemporaryDirectory(prefix="own ") as folder:
        found = setting(folder)
        found.home.mkdir(mode=0o700)
        database.folder(found).mkdir(mode=0o700)
        for path in (Path(folder), found.home, database.folder(found)):
            shutil.chown(path, *(_account()[name] for name in ("user", "group")))
        yield found


def _account() -> dict[str, Any]:
    if os.getuid():
        return {"user": os.getuid(), "group": os.getgid()}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@pytest.mark.skipif(programs() is None, reason=NO_SERVER)
def test_it_answers_its_owner_alone(place: Setting):
    where = programs()
    assert where
    made = postgres.making(where, database.data(place))
    subprocess.run(made, check=True, capture_output=True, cwd=place.home, **_account())
    assert database._fitting(database.data(place) / "PG_VERSION") == where
    serving = postgres.started_by(place, where)
    with subprocess.Popen(
        serving, cwd=place.home, stdout=DEVNULL, stderr=DEVNULL, **_account()
    ) as process:
        try:
            end = time.monotonic() + LONGEST
            while not postgres.answers(place, where):
                assert time.monotonic() < end and process.poll() is None
                time.sleep(0.1)
            said = psql(place, where, "SHOW listen_addresses", **_account())
            assert (said.returncode, said.stdout) == (0, "\n")
            if os.getuid() == 0:  # another user, who claims to be the owner
                stranger = psql(place, where, "SELECT 1")
                assert (
                    "Peer authentication failed" in stranger.stderr
                    and stranger.stdout == ""
                )
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(LONGEST) == 0
    assert not list(database.folder(place).glob(".s.PGSQL*"))


def psql(
    place: Setting, programs: Path, sql: str, **account: Any
) -> subprocess.CompletedProcess[str]:
    """What the owner is answered, or who says to be the owner."""
    owner = pwd.getpwuid(_account()["user"]).pw_name
    command = [
        str(programs / "psql"),
        "-XqAt",
        "-h",
        str(database.folder(place)),
        "-U",
        owner,
        "postgres",
    ]
    asked = [*command, "-c", sql]
    return subprocess.run(
        asked,
        cwd=place.home,
        capture_output=True,
        encoding="utf-8",
        check=False,
        **account,
    )
