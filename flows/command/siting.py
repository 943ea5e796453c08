"""The command `cohortflow sites`: masked counts of several sites, of which only the
sums mean anything.
"""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from extractors.errors import ArgumentsError
from flows.command.combining import places_of
from flows.preparing.options import Options
from flows.preparing.prepare import keyed, prepare
from flows.running.rounds import agree
from flows.running.sites import combine_masked, mask_counts, write_private
from flows.state.again import last_options
from flows.workspace.one_key import sites_folder
from measures.closed.process import Closed
from measures.sites.keys import make_key
from measures.sites.masking import content_hash
from measures.sites.rounds import SITE, Round, read_round

KEY, ROUND, MASK, COMBINE = STEPS = ("key", "round", "mask", "combine")
NEEDED = {
    KEY: {"me": "--as NAME"},
    ROUND: {
        "study": "STUDY",
        "sites": "--site NAME for each",
        "place": "--combining-place NAME",
        "file": "--to FILE",
    },
    MASK: {"study": "STUDY", "me": "--as NAME", "round": "--round FILE"},
    COMBINE: {"study": "STUDY", "round": "--round FILE", "files": "the sites' files"},
}


def sites(asked: argparse.Namespace, early: Closed | None) -> dict[str, Any]:
    """Do one step; what is said of it. Raises ArgumentsError where something is not
    said.
    """
    lacking = [
        words for name, words in NEEDED[asked.what].items() if not getattr(asked, name)
    ]
    if lacking:
        raise ArgumentsError(
            f"`cohortflow sites {asked.what}` also needs {', '.join(lacking)}."
        )
    steps = {KEY: _key, ROUND: _round, MASK: _mask, COMBINE: _combine}
    return steps[asked.what](asked, early)


def keys_folder(asked: argparse.Namespace) -> Path:
    """The folder that was asked for; else `sites` beside the key of the site."""
    return Path(asked.keys) if asked.keys else sites_folder()


def _key(asked: argparse.Namespace, early: Closed | None) -> dict[str, Any]:
    if not SITE.fullmatch(asked.me):
        raise ArgumentsError(
            f"{asked.me!r} is no name of a site; it has letters, digits, - and _, at "
            "most 40."
        )
    folder = keys_folder(asked)
    own = make_key(asked.me, folder)
    return {
        "key": str(folder / f"{asked.me}.pub"),
        "fingerprint": own.public.fingerprint,
        "said": [
            f"Send {folder / f'{asked.me}.pub'} to your partners, and put theirs "
            f"into {folder}.",
            f"The fingerprint of your key is {own.public.fingerprint}; compare it by "
            f"telephone. {asked.me}.key stays here.",
        ],
    }


def _round(asked: argparse.Namespace, early: Closed | None) -> dict[str, Any]:
    options = Options(
        study=asked.study,
        workspace=asked.workspace,
        first=asked.first,
        periods=tuple(name for name in asked.periods.split(",") if name),
        complete_by=asked.complete_by,
        arguments=asked.arguments,
    )
    prepared = prepare(options, look=False, early=early)
    agreed = agree(
        prepared,
        asked.sites,
        asked.place,
        values=values_of(asked.values),
        keys=keys_folder(asked),
    )
    file = Path(asked.file)
    if file.exists():
        raise ArgumentsError(
            f"{file.name} exists; a round is made once. Name a new file by --to: {file}"
        )
    write_private(file, (json.dumps(agreed.as_json(), sort_keys=True) + "\n").encode())
    left_out = list(agreed.left_out)
    said = [
        f"Send {file} to {', '.join(agreed.sites)}, all of them the same. "
        f"{_compare(agreed)}"
    ]
    if left_out:
        said.append(
            f"Left out, for only records name their groups: {', '.join(left_out)}; "
            "--values names them."
        )
    return {"round": agreed.id, "file": str(file), "left_out": left_out, "said": said}


def values_of(given: Iterable[str]) -> dict[str, list[str]]:
    """`GROUP=a,b,c`, once for each group. Raises ArgumentsError for anything else."""
    found: dict[str, list[str]] = {}
    for each in given:
        name, equals, values = each.partition("=")
        listed = [value for value in values.split(",") if value]
        if not equals or not listed or name in found or len(set(listed)) < len(listed):
            raise ArgumentsError(
                f"--values {each!r} needs GROUP=value,value…, each value and group "
                "once."
            )
        found[name] = listed
    return found


def _mask(asked: argparse.Namespace, early: Closed | None) -> dict[str, Any]:
    agreed = read_round(Path(asked.round))
    options = last_options(
        asked.study, asked.workspace, name=asked.name, moved=asked.moved
    )
    prepared = keyed(prepare(options, look=False, early=early))
    content = mask_counts(
        prepared,
        agreed,
        asked.me,
        keys=keys_folder(asked),
        other_sites=asked.other_sites,
    )
    file = (
        Path(asked.file)
        if asked.file
        else _on_shelf(prepared.workspace.folder("sites", agreed.id), asked.me)
    )
    write_private(file, content)
    return {
        "round": agreed.id,
        "file": str(file),
        "sha256": content_hash(content),
        "said": [
            f"Masked counts for {agreed.place}: {file}. They are of the "
            "highly_sensitive shelf until they are added up; send them by the way "
            "that such data may take.",
            _compare(agreed),
        ],
    }


def _on_shelf(folder: Path, site: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / f"{site}.masked"


def _compare(agreed: Round) -> str:
    """Who takes part, and what all of them must see alike."""
    return (
        f"The round {agreed.digest.hex()[:16]} is of {', '.join(agreed.sites)}; "
        f"{agreed.place} adds up. All must see the same."
    )


def _combine(asked: argparse.Namespace, early: Closed | None) -> dict[str, Any]:
    agreed = read_round(Path(asked.round))
    options = Options(
        study=asked.study,
        workspace=asked.workspace,
        policy=asked.policy,
        revise=asked.revise,
        reason=asked.reason,
        report=asked.report,
        arguments=asked.arguments,
    )
    prepared = prepare(options, look=False, early=early)
    files = [Path(file) for file in asked.files]
    beside = places_of(asked.beside)
    workspace, passed = combine_masked(
        prepared, agreed, files, keys=keys_folder(asked), beside=beside
    )
    released = passed.protection.released
    return {
        "round": agreed.id,
        "folder": str(workspace.release),
        "sites": list(agreed.sites),
        "rows": len(released.table),
        "warnings": list(passed.warnings),
        "said": [
            f"The counts of {', '.join(agreed.sites)} are added up and protected "
            f"once: {len(released.table):,} rows.",
            *(f"Warning: {each}" for each in passed.warnings),
            f"Release of all sites: {workspace.release / 'measures.csv'}",
        ],
    }
