"""`cohortflow codelists`: fetch a study's published lists, check them, show them."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.errors import ArgumentsError
from flows.command.unseen import unseen_codes
from measures.codelists.finding import Finding
from measures.codelists.linting import lint
from measures.codelists.listing import Listed, listed
from measures.codelists.published import NAMED
from measures.codelists.site import Unreachable, the_site
from measures.codelists.updating import check_lock, check_newest, update
from measures.study import SHIPPED

FOLDER = "codelists"
WRONG = 2  # the exit code where a list is not the one that is wanted
ABOVE = 2  # folders above a definition in which its lists may lie


@dataclass(frozen=True)
class Asked:
    """What the command was asked for."""

    # update, check or show
    what: str
    # a study, a folder, or a definition
    study: str
    # whether one JSON object is printed
    json: bool = False
    # records in which the codes are looked for; empty for none
    records: str = ""
    # where codes that are in no record are written
    workspace: str = "workspace"


def asked_of(words: argparse.Namespace) -> Asked:
    """What the words of the command line ask for."""
    return Asked(
        what=words.what,
        study=words.where,
        json=words.json,
        records=words.records,
        workspace=words.workspace,
    )


def codelists(asked: Asked) -> int:
    """Do it; the exit code."""
    folder = find_folder(asked.study)
    if asked.records and asked.what != "check":
        raise ArgumentsError("--records is for `codelists check` alone; leave it out.")
    if asked.what == "update":
        return _update(folder, as_json=asked.json)
    if asked.what == "show":
        return _show(folder, as_json=asked.json)
    seen = (
        unseen_codes(asked.study, asked.records, asked.workspace)
        if asked.records
        else ""
    )
    return _check(folder, seen, as_json=asked.json)


def find_folder(study: str) -> Path:
    """The folder of the lists of a study: `codelists/` beside its definition, or above
    it.

    Raises ArgumentsError if there is none.
    """
    given = (
        SHIPPED / study
        if (SHIPPED / study).is_dir() and study not in ("", ".")
        else Path(study)
    )
    start = given.parent if given.is_file() else given
    for folder in (start.resolve(), *start.resolve().parents[:ABOVE]):
        if folder.name == FOLDER and folder.is_dir():
            return folder
        if (folder / FOLDER).is_dir():
            return folder / FOLDER
    raise ArgumentsError(
        f"There is no folder {FOLDER}/ here or above; name the study, its definition or "
        f"its folder: {start}"
    )


def _update(folder: Path, *, as_json: bool) -> int:
    done = update(folder, the_site())
    if as_json:
        print(
            json.dumps(
                {"changed": done.changed, "same": done.same, "removed": done.removed}
            )
        )
        return 0
    for word, files in (("fetched", done.changed), ("removed", done.removed)):
        for file in files:
            print(f"{word} {file}")
    print(f"New or changed: {len(done.changed)}; as they were: {len(done.same)}.")
    return 0


def _check(folder: Path, seen: str, *, as_json: bool) -> int:
    found, unasked = look(folder)
    if as_json:
        findings = [_as_json(each) for each in found]
        found_out = {
            "folder": str(folder),
            "findings": findings,
            "not_asked": unasked,
            "records": seen,
        }
        print(json.dumps(found_out))
    else:
        for each in found:
            print(each.words)
        if unasked:
            print(f"Whether lists are the newest was not asked: {unasked}")
        if seen:
            print(seen)
        lists = len(list(folder.glob("*.csv")))
        verdict = "look at this." if found else "nothing is wrong."
        print(f"{lists} list{'' if lists == 1 else 's'} in {folder}: {verdict}")
    return WRONG if any(each.wrong for each in found) else 0


def look(folder: Path) -> tuple[list[Finding], str]:
    """All that is found about the lists of a folder, and why the site was not asked."""
    found = check_lock(folder)
    for file in sorted(folder.glob("*.csv")):
        found += lint(file)
    unasked = ""
    if (folder / NAMED).is_file():
        try:
            found += check_newest(folder, the_site())
        except (Unreachable, ArgumentsError) as error:
            unasked = error.message
    return found, unasked


def _as_json(finding: Finding) -> dict[str, object]:
    return {
        "kind": finding.kind,
        "file": finding.file,
        "line": finding.line,
        "text": finding.text,
        "wrong": finding.wrong,
    }


def _show(folder: Path, *, as_json: bool) -> int:
    lists = listed(folder)
    if as_json:
        print(
            json.dumps(
                {"folder": str(folder), "codelists": [each.as_json() for each in lists]}
            )
        )
        return 0
    print(_table(lists))
    return 0


def _table(lists: Sequence[Listed]) -> str:
    """Aligned columns, the names of the lists first."""
    if not lists:
        return "There are no lists."
    rows = [("file", "codes", "system", "column", "version", "state")]
    for each in lists:
        rows.append(
            (
                each.file,
                str(each.codes),
                each.system,
                each.column,
                each.version,
                each.state,
            )
        )
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
