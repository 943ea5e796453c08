"""Where Prefect's server keeps its runs: a database that is named, a PostgreSQL of our
own, or SQLite.

SQLite has one writer at a time. With sixty studies of which five were at work at once
it said "database is locked", and runs that were asked for never began. So beyond one
study the server starts a PostgreSQL of its own, where Debian's package is installed.
"""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from extractors.errors import ArgumentsError
from flows.serving.setting import Setting

URLS = ("PREFECT_SERVER_DATABASE_CONNECTION_URL", "PREFECT_API_DATABASE_CONNECTION_URL")
WISH = "COHORTFLOW_DATABASE"
SQLITE, POSTGRESQL = "sqlite", "postgresql"
DEBIAN = Path("/usr/lib/postgresql")
# The name of a socket has 107 bytes at most, and ends in /.s.PGSQL.5432.
LONGEST_FOLDER = 107 - len("/.s.PGSQL.5432")
REMEDY = (
    f"put Debian's package postgresql on this machine, or set {URLS[0]} to "
    "postgresql+asyncpg://USER:PASSWORD@HOST/DATABASE"
)
LOCKED = "on SQLite several runs at once may find it locked, and not begin"


@dataclass(frozen=True)
class Database:
    """What Prefect's server connects to."""

    # its address
    url: str
    # the programs of a PostgreSQL of our own; None: a PostgreSQL of the site, or SQLite
    programs: Path | None = None
    # what an operator has to know of it
    said: str = ""


def folder(setting: Setting) -> Path:
    """Where a PostgreSQL of our own has its data and its socket."""
    return setting.home / "postgres"


def data(setting: Setting) -> Path:
    """The data of a PostgreSQL of our own; a folder that is whole if it is there."""
    return folder(setting) / "data"


def chosen(setting: Setting) -> Database:
    """The database of a server.

    ArgumentsError for a wish that is none, and for a PostgreSQL that was asked for and
    cannot be.
    """
    given = next((os.environ[name] for name in URLS if os.environ.get(name)), "")
    if given:
        return Database(given)
    wish = _wish()
    several = len(setting.studies) > 1
    if wish == SQLITE or not (wish or several or data(setting).exists()):
        return Database(_sqlite(setting))
    programs = _programs(setting)
    if isinstance(programs, Path):
        return Database(_url(setting), programs, _moved(setting))
    if wish:
        raise ArgumentsError(f"{WISH} asks for PostgreSQL, but {programs}: {REMEDY}.")
    return Database(_sqlite(setting), said=f"{programs}, and {LOCKED}: {REMEDY}")


def _wish() -> str:
    wish = os.environ.get(WISH, "")
    if wish not in ("", SQLITE, POSTGRESQL):
        raise ArgumentsError(f"{WISH} needs {SQLITE} or {POSTGRESQL}, got {wish!r}.")
    return wish


def _sqlite(setting: Setting) -> str:
    return f"sqlite+aiosqlite:///{_sqlite_file(setting)}"


def _sqlite_file(setting: Setting) -> Path:
    return setting.home / "prefect" / "prefect.db"


def _url(setting: Setting) -> str:
    """Over a socket, which knows the user of the process that connects: there is no
    password.
    """
    user = quote(pwd.getpwuid(os.geteuid()).pw_name, safe="")
    return f"postgresql+asyncpg://{user}@/postgres?{urlencode({'host': str(folder(setting))})}"


def _moved(setting: Setting) -> str:
    """What becomes of the runs that SQLite knows; nothing once PostgreSQL was there."""
    if data(setting).exists() or not _sqlite_file(setting).exists():
        return ""
    return (
        f"Prefect's runs are kept in PostgreSQL from now on; {_sqlite_file(setting)} "
        f"keeps those of before, which no page shows any more ({WISH}={SQLITE} stays "
        "with it)"
    )


def _programs(setting: Setting) -> Path | str:
    """The folder of PostgreSQL's programs, or why there can be no server of our own."""
    if os.geteuid() == 0:
        return "PostgreSQL does not run as root; start this as an ordinary user"
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        return "PostgreSQL needs a user that has a name"
    place = str(folder(setting))
    if len(place.encode()) > LONGEST_FOLDER or "," in place:
        return (
            f"PostgreSQL cannot have its socket in {place} (too long, or with a comma)"
        )
    return _fitting(data(setting) / "PG_VERSION")


def _fitting(version: Path) -> Path | str:
    """The programs that can read what is there; the newest where nothing is."""
    if not version.exists():
        return newest_programs() or "no PostgreSQL is installed here"
    number = version.read_text(encoding="utf-8").strip()
    for programs in _all_programs():
        if _major(programs) == number:
            return programs
    return f"PostgreSQL {number}, which made {version.parent}, is not installed here"


def newest_programs() -> Path | None:
    """The folder of the newest PostgreSQL of this machine; None if it has none."""
    return next(iter(_all_programs()), None)


def _all_programs() -> list[Path]:
    """Debian's, the newest first; then those on the path."""
    debian = [path.parent for path in DEBIAN.glob("*/bin/initdb")]
    debian.sort(key=lambda path: float(path.parent.name), reverse=True)
    other = shutil.which("initdb")
    return [*debian, *([Path(other).resolve().parent] if other else [])]


def _major(programs: Path) -> str:
    """The number of a version, as its data have it."""
    command = [str(programs / "postgres"), "--version"]
    said = subprocess.run(
        command, capture_output=True, encoding="utf-8", check=False
    ).stdout
    words = said.split()  # postgres (PostgreSQL) 15.18 (Debian …)
    return words[2].partition(".")[0] if len(words) > 2 else ""
