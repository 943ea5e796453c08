"""Fetching published codelists, and finding out whether those of a folder are what they
should be.
"""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from extractors.errors import CodelistError
from measures.codelists.finding import Finding
from measures.codelists.published import (
    LOCK,
    NAMED,
    Fetched,
    Published,
    named_lists,
    read_lock,
    sha_of,
    write_lock,
)
from measures.codelists.site import Site, Unreachable

UPDATE = "run `cohortflow codelists update`"


@dataclass(frozen=True)
class Updated:
    """What an update did."""

    # files that were fetched for the first time or are others now
    changed: tuple[str, ...]
    # files that are as they were
    same: tuple[str, ...]
    # files that are no longer named, and were removed
    removed: tuple[str, ...]


def update(folder: Path, site: Site) -> Updated:
    """Fetch all lists that codelists.txt names, and write codelists.json.

    All are fetched before any is written. Raises Unreachable, naming what is missing,
    if one cannot be.
    """
    lists, lock = named_lists(folder), read_lock(folder)
    data = _fetched(folder, lists, site)
    now = datetime.datetime.now(datetime.UTC)
    files: dict[str, Fetched] = {}
    changed: list[str] = []
    same: list[str] = []
    for published in lists:
        content = data[published.file]
        files[published.file] = Fetched(
            id=published.id,
            url=site.page(published),
            downloaded_at=f"{now:%Y-%m-%d %H:%M:%S.%f}Z",
            sha=sha_of(content),
        )
        (same if _is(folder / published.file, content) else changed).append(
            published.file
        )
        (folder / published.file).write_bytes(content)
    removed = [
        name for name in sorted(set(lock) - set(files)) if (folder / name).is_file()
    ]
    for name in removed:
        (folder / name).unlink()
    write_lock(folder, files)
    return Updated(tuple(changed), tuple(same), tuple(removed))


def _fetched(folder: Path, lists: list[Published], site: Site) -> dict[str, bytes]:
    data: dict[str, bytes] = {}
    for published in lists:
        try:
            data[published.file] = site.download(published)
        except Unreachable as error:
            missing = []
            for each in lists:
                if not (folder / each.file).is_file():
                    missing.append(each.file)
            said = (
                f"missing are {', '.join(missing)}"
                if missing
                else "all files are there as they were fetched before"
            )
            raise Unreachable(
                f"{error.message} Nothing was changed; {said}.", error.detail
            ) from None
    return data


def _is(file: Path, content: bytes) -> bool:
    return file.is_file() and file.read_bytes() == content


def check_lock(folder: Path) -> list[Finding]:
    """Where codelists.txt, codelists.json and the files do not say the same."""
    if not (folder / NAMED).is_file():
        return []
    return list(
        _check(
            folder, {each.file: each for each in named_lists(folder)}, read_lock(folder)
        )
    )


def _check(
    folder: Path, named: Mapping[str, Published], lock: Mapping[str, Fetched]
) -> Iterator[Finding]:
    for file, published in named.items():
        where, fetched = folder / file, lock.get(file)
        if not where.is_file():
            yield Finding(
                "missing",
                NAMED,
                published.line,
                f"{published.id} is not there as {file}; {UPDATE}",
                True,
            )
        elif fetched is None:
            said = (
                f"{published.id} was never fetched, so nothing says whether {file} "
                f"is it; {UPDATE}"
            )
            yield Finding("not locked", NAMED, published.line, said, bool(lock))
        elif fetched.id.strip("/") != published.id:
            said = f"{file} is {fetched.id}, and {published.id} is wanted; {UPDATE}"
            yield Finding("other version", NAMED, published.line, said, True)
        elif sha_of(where.read_bytes()) != fetched.sha:
            said = (
                f"{file} was changed since it was fetched; {UPDATE}, and make "
                "changes where lists are published"
            )
            yield Finding("changed", file, 0, said, True)
    for file in sorted(set(lock) - set(named)):
        yield Finding(
            "not named",
            LOCK,
            0,
            f"{file} was fetched and is no longer in {NAMED}; {UPDATE}",
            True,
        )


def check_newest(folder: Path, site: Site) -> list[Finding]:
    """Lists of which the site has a newer version. Raises Unreachable."""
    found = []
    for published in named_lists(folder):
        newest = site.newest(published)
        if newest and newest != published.version:
            said = f"{published.id} is no longer the newest version, which is {newest}"
            found.append(Finding("not the newest", NAMED, published.line, said))
    return found


def refuse_wrong(found: list[Finding]) -> None:
    """Raises CodelistError, naming them all, if some of what was found makes lists
    other ones than wanted.
    """
    wrong = [each.words for each in found if each.wrong]
    if wrong:
        raise CodelistError("\n".join(wrong))
