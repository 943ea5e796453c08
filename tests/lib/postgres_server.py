"""A private PostgreSQL for tests: its own folder and port, on this machine alone, gone
at the end.

`infra/postgres-for-tests` installs the server's programs; tests that find none are
skipped.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pytest
from adbc_driver_postgresql import dbapi

LONGEST = 60  # seconds that it may take to start or end
NO_SERVER = "no PostgreSQL server is installed; infra/postgres-for-tests does it"
# who runs it where the tests are root's, whom PostgreSQL refuses
ACCOUNTS = ("postgres", "nobody")
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",  # it need not survive a power cut
    "log_statement": "all",
    "log_line_prefix": "%d ",
    "lc_messages": "C",
}


def programs() -> Path | None:
    """The folder of the newest server's programs, where Debian, or else the path, has
    them.
    """
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: float(path.parts[-3]),
    )
    found = debian[-1] if debian else shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@dataclass
class Postgres:
    """A server; `password` is that of its user `tester`. `start` and `stop` may be
    called again and again.
    """

    home: Path
    port: int
    password: str
    process: subprocess.Popen | None = field(default=None, repr=False)

    def address(
        self, database: str = "records", scheme: str = "postgresql", query: str = ""
    ) -> str:
        return f"{scheme}://tester@127.0.0.1:{self.port}/{database}{query}"

    @property
    def environment(self) -> dict[str, str]:
        return {"PGPASSWORD": self.password}

    def start(self) -> None:
        with (self.home / "log").open("a", encoding="utf-8") as log:
            command = [
                _program("postgres"),
                "-D",
                str(self.home / "data"),
                *_settings(self.port),
            ]
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, cwd=self.home, **_account()
            )
        _until(self._answers, "PostgreSQL does not start")

    def stop(self, *, at_once: bool = False) -> None:
        """End it, by its own process; `at_once` is as if it had crashed (SIGQUIT), else
        sessions are ended.
        """
        if self.process:
            self.process.send_signal(signal.SIGQUIT if at_once else signal.SIGINT)
            self.process.wait(LONGEST)
            self.process = None

    def psql(self, sql: str, database: str = "records") -> str:
        """Run some statements; what they print, unaligned."""
        command = [
            _program("psql"),
            "-XqAt",
            "-v",
            "ON_ERROR_STOP=1",
            "-c",
            sql,
            self.address(database),
        ]
        done = subprocess.run(
            command,
            env=os.environ | self.environment,
            capture_output=True,
            text=True,
            check=False,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def load(self, name: str, table: pa.Table, database: str = "records") -> None:
        """Make a table of Arrow data; PostgreSQL's types are those that the driver
        thinks of.
        """
        decoded = pa.table(
            {column: _plain(table[column]) for column in table.column_names}
        )
        with (
            dbapi.connect(self.address(database)) as connection,
            connection.cursor() as cursor,
        ):
            cursor.adbc_ingest(name, decoded, mode="create")
            connection.commit()

    @property
    def log(self) -> str:
        """All that it was asked and said, one statement per line and more."""
        return (self.home / "log").read_text(encoding="utf-8")

    def _answers(self) -> bool:
        command = [
            _program("pg_isready"),
            "-q",
            "-h",
            "127.0.0.1",
            "-p",
            str(self.port),
        ]
        return subprocess.run(command, check=False).returncode == 0


@contextmanager
def postgres_for_tests() -> Iterator[Postgres]:
    """For fixtures: a server and its password in the environment; skips the test if
    there are no programs.
    """
    if programs() is None:
        pytest.skip(NO_SERVER)
    with postgres_server() as server, pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("PG")]:
            patch.delenv(name)
        patch.setenv("PGPASSWORD", server.password)
        yield server


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    """A new server with an empty database `records`."""
    # not below pytest's folders, which are closed to the account that the server may
    # have to run under
    with TemporaryDirectory(prefix="postgres-") as home:
        server = Postgres(Path(home), _free_port(), "dim sum & \"quotes'")
        _make_cluster(server)
        server.start()
        try:
            server.psql("CREATE DATABASE records", "postgres")
            yield server
        finally:
            server.stop(at_once=True)


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return (
        column.cast(column.type.value_type)
        if pa.types.is_dictionary(column.type)
        else column
    )


def _make_cluster(server: Postgres) -> None:
    secret = server.home / "password"
    secret.write_text(server.password, encoding="utf-8")
    if account := _account():
        for path in (server.home, secret):
            shutil.chown(path, account["user"], account["group"])
    command = [
        _program("initdb"),
        "-D",
        str(server.home / "data"),
        "-U",
        "tester",
        "-A",
        "scram-sha-256",
    ]
    words = [*command, "--pwfile", str(secret), "-E", "UTF8", "--locale=C"]
    subprocess.run(
        words, check=True, capture_output=True, cwd=server.home, **_account()
    )


def _settings(port: int) -> list[str]:
    listed = SETTINGS | {"port": str(port)}
    return [
        word for name, value in listed.items() for word in ("-c", f"{name}={value}")
    ]


def _program(name: str) -> str:
    folder = programs()
    assert folder, NO_SERVER
    return str(folder / name)


def _account() -> dict[str, Any]:
    """The account that runs the server, if it can't be the tests' own, as `subprocess`
    wants it.
    """
    if os.getuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = next(known[name] for name in ACCOUNTS if name in known)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _until(happens: Callable[[], bool], otherwise: str) -> None:
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        if happens():
            return
        time.sleep(0.1)
    raise AssertionError(otherwise)
