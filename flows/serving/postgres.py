"""A PostgreSQL of the server's own, as a process: made on first use, then it is this
process.

Nothing of it listens on a network. Its socket lies in a folder that only its owner
opens, and it asks the system which user connects, so there is no password to keep.
"""

import os
import subprocess
import sys
from pathlib import Path

from extractors.errors import ArgumentsError, CohortflowError
from flows.serving.database import data, folder
from flows.serving.setting import Setting, setting
from flows.workspace.store import make_private, whole_folder

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": "5432",  # of the socket's name
    "max_wal_size": "128MB",  # 1 GB by default; Prefect writes some KB a second
    # its log may be read by those who may not read a statement's values
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
}


def main() -> int:
    """Become PostgreSQL; the exit code where that cannot be. The argument is the folder
    of its programs.
    """
    try:
        where, programs = setting(), Path(sys.argv[1])
        make_database(where, programs)
    except CohortflowError as error:
        print(f"cohortflow: {error.message}", file=sys.stderr)
        return error.exit_code
    command = started_by(where, programs)
    os.execv(command[0], command)


def make_database(setting: Setting, programs: Path) -> None:
    """Make the data of a new PostgreSQL unless they are there. ArgumentsError if that
    does not work.
    """
    make_private(folder(setting))
    if data(setting).exists():
        return
    with whole_folder(data(setting)) as beside:
        made = subprocess.run(
            making(programs, beside), capture_output=True, encoding="utf-8", check=False
        )
        if made.returncode:
            last = (made.stderr.strip().splitlines() or ["it says nothing"])[-1]
            raise ArgumentsError(f"PostgreSQL's initdb does not work ({last}).")


def making(programs: Path, place: Path) -> list[str]:
    """The command that makes empty data, which answer their owner alone."""
    words = ["-D", str(place), "-E", "UTF8", "--locale=C"]
    return [str(programs / "initdb"), *words, "--auth-local=peer", "--auth-host=reject"]


def started_by(setting: Setting, programs: Path) -> list[str]:
    """The command that serves the data."""
    listed = {**SETTINGS, "unix_socket_directories": _in_a_list(folder(setting))}
    settings: list[str] = []
    for name, value in listed.items():
        settings += ("-c", f"{name}={value}")
    return [str(programs / "postgres"), "-D", str(data(setting)), *settings]


def _in_a_list(path: Path) -> str:
    """A folder as PostgreSQL's lists of names have it."""
    quoted = str(path).replace('"', '""')
    return f'"{quoted}"'


def answers(setting: Setting, programs: Path) -> bool:
    """Whether it takes connections."""
    asked = [
        str(programs / "pg_isready"),
        "-q",
        "-t",
        "5",
        "-d",
        "postgres",
        "-p",
        SETTINGS["port"],
        "-h",
        str(folder(setting)),
    ]
    return subprocess.run(asked, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
