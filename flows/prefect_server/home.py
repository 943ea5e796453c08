"""Where Prefect keeps what it has, and in it the folder of temporary servers."""

import os
import stat
from pathlib import Path

from extractors.errors import ArgumentsError

REMEDY = "set PREFECT_HOME to a folder of your own"


def home() -> Path:
    """Where Prefect keeps what it has."""
    return Path(os.environ.get("PREFECT_HOME") or "~/.prefect").expanduser()


def private_home() -> Path:
    """Where a temporary server keeps its database: a folder that only its owner opens.

    The home itself may be open to others, and hold what others need.
    """
    return home() / "temporary"


def refuse_unsafe() -> None:
    """Raise ArgumentsError where a temporary server could not write, or others could
    look.
    """
    folder = home()
    nearest = next(
        each for each in (folder, *folder.absolute().parents) if os.path.lexists(each)
    )
    if not (nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)):
        raise ArgumentsError(
            "Prefect's temporary server has no folder to write to; set PREFECT_HOME to "
            f"one. {nearest} is no folder that you may write to, above or at: {folder}"
        )
    if _is_everybodys(folder):
        raise ArgumentsError(
            f"Everybody may write to the folder, and so put another database in the "
            f"place of Prefect's; {REMEDY}"
            f": {folder}"
        )
    _refuse_foreign(private_home())


def close_home() -> None:
    """Make the home of a temporary server, if it is not there, and let no other user
    look into it.
    """
    folder = home()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _refuse_foreign(folder)  # what others have put there since
    folder.chmod(0o700)


def _refuse_foreign(folder: Path) -> None:
    if not _is_ours(folder):
        raise ArgumentsError(
            "The folder is a link, or belongs to another user; remove it, or "
            f"{REMEDY}: {folder}"
        )


def _is_everybodys(folder: Path) -> bool:
    """Whether others may rename what is in it."""
    mode = folder.stat().st_mode if folder.exists() else 0
    return bool(mode & stat.S_IWOTH) and not mode & stat.S_ISVTX


def _is_ours(folder: Path) -> bool:
    """Whether a folder is one, and ours; or nothing is there."""
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return True
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
