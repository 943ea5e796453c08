"""Published codelists that a study names, in the files of OpenSAFELY's studies.

`codelists/codelists.txt` has a line for each list:
`opensafely/asthma-diagnosis/2020-04-15`, or `user/NAME/LIST/VERSION`.
`codelists/codelists.json` says what was fetched when, with its hash, so that everybody
who has the study counts by the same codes.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from extractors.errors import ArgumentsError, CodelistError

NAMED, LOCK = "codelists.txt", "codelists.json"
LINE = re.compile(r"(user/)?[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")
EXAMPLE = "opensafely/asthma-diagnosis/2020-04-15"


@dataclass(frozen=True)
class Published:
    """A version of a published list."""

    # as codelists.txt has it
    id: str
    # the line of codelists.txt, from 1
    line: int

    @property
    def owner(self) -> str:
        """An organisation, or `user/NAME`."""
        return self.id.rsplit("/", 2)[0]

    @property
    def list(self) -> str:
        """The list without its version."""
        return self.id.rsplit("/", 1)[0]

    @property
    def version(self) -> str:
        return self.id.rsplit("/", 1)[1]

    @property
    def file(self) -> str:
        return self.list.replace("/", "-") + ".csv"


@dataclass(frozen=True)
class Fetched:
    """What is known of a file that was fetched."""

    # of the list, with its version
    id: str
    # where it came from
    url: str
    # when, in UTC
    downloaded_at: str
    # `sha_of` its bytes
    sha: str


def named_lists(folder: Path) -> list[Published]:
    """The lists that a folder's codelists.txt names.

    Raises ArgumentsError if there is none, CodelistError for a line that names no list
    or a list again.
    """
    file = folder / NAMED
    if not file.is_file():
        raise ArgumentsError(
            f"There is no {file.name}; write it, with a line like {EXAMPLE} for each list"
            f": {file}"
        )
    found: dict[str, Published] = {}
    for number, text in enumerate(
        file.read_text(encoding="utf-8-sig").splitlines(), start=1
    ):
        name = text.split("#")[0].strip().strip("/")
        if not name:
            continue
        if not LINE.fullmatch(name):
            raise CodelistError(
                f"{file.name}, line {number}: {name!r} names no list; write it like "
                f"{EXAMPLE}"
                f": {file}"
            )
        published = Published(name, number)
        if other := found.get(published.file):
            raise CodelistError(
                f"{file.name}: lines {other.line} and {number} are both written to "
                "one file; keep one of them"
                f": {file}"
            )
        found[published.file] = published
    return list(found.values())


def read_lock(folder: Path) -> dict[str, Fetched]:
    """File name -> what was fetched; empty if there is no codelists.json.

    Raises CodelistError for a file that is none.
    """
    file = folder / LOCK
    if not file.is_file():
        return {}
    try:
        files = json.loads(file.read_text(encoding="utf-8"))["files"]
        return {
            name: Fetched(
                id=each["id"],
                url=each.get("url", ""),
                downloaded_at=each.get("downloaded_at", ""),
                sha=each["sha"],
            )
            for name, each in files.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CodelistError(
            f"{file.name} is damaged; remove it, and run `cohortflow codelists update`"
            f": {file}"
        ) from None


def write_lock(folder: Path, files: Mapping[str, Fetched]) -> None:
    text = json.dumps(
        {"files": {name: asdict(files[name]) for name in sorted(files)}}, indent=2
    )
    (folder / LOCK).write_text(text + "\n", encoding="utf-8")


def sha_of(data: bytes) -> str:
    """As OpenSAFELY's command has it: of the text, whatever its line ends are and
    whether a last one is there.
    """
    text = data.replace(b"\r\n", b"\n").rstrip(b"\n")
    return hashlib.sha1(text, usedforsecurity=False).hexdigest()
