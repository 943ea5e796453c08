"""A release that was made of the same as now is not made again.

A note on the highly_sensitive shelf has a hash of all that a release is made of, and
the hash of each of its files. Where both are as they were, protection, audit and
writing would make the same bytes once more. The key of counts seals the note, so only
who has the key can write one.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from hmac import compare_digest
from pathlib import Path
from typing import Any

from extractors.errors import ensure
from extractors.fingerprint import file_hash, fingerprint
from flows.preparing.prepare import site
from flows.preparing.prepared import Prepared
from flows.running.manifest import manifest_of
from flows.running.terms import ledger_path, terms_of
from flows.workspace.code import code_version
from flows.workspace.judging import is_full
from flows.workspace.kept import RELEASED
from flows.workspace.one_key import site_ledger
from flows.workspace.store import Workspace
from measures.disclosure.memory.keys import Key
from measures.release.headlines import Headline


@dataclass(frozen=True)
class Said:
    """What a run says of its release."""

    # what a reader of the release should know
    warnings: tuple[str, ...]
    headlines: tuple[Headline, ...]  # released numbers only


def inputs_of(prepared: Prepared, warnings: Iterable[str]) -> str:
    """A hash of all that a release is made of, but the ledgers. Reads the counts of
    every period.

    `warnings`: those of the run, which a release repeats.
    """
    key = _key(prepared)
    jobs = prepared.jobs.values()
    return fingerprint(
        code_version(),
        prepared.study.to_json(),
        manifest_of(prepared, key, warnings),
        repr(prepared.policy),
        repr(site()),
        key.id,
        prepared.options.report,
        [(job.period, _hash(job.counts)) for job in jobs],
        [recipe.names for recipe in prepared.recipes.values()],
        _sizes(prepared.places.static),
    )


def release_there(prepared: Prepared, inputs: str) -> Said | None:
    """What was said of the release, if it was made of the same and is as it was
    written.
    """
    if prepared.options.revise:  # which asks for other numbers
        return None
    noted = RELEASED.recall(prepared.workspace.released)  # it only saves time
    if (
        noted is None
        or noted.get("inputs") != inputs
        or not _is_sealed(noted, prepared)
    ):
        return None
    if noted["ledgers"] != _ledgers(prepared) or noted["files"] != _files(
        prepared.workspace
    ):
        return None
    heads = tuple(Headline(**head) for head in noted["headlines"])
    return Said(warnings=tuple(noted["warnings"]), headlines=heads)


def note_release(prepared: Prepared, inputs: str, said: Said) -> None:
    """Note what the release that is there was made of. Needs the lock.

    Where there is no room for that, the release is there all the same, and the next run
    makes it again.
    """
    made: dict[str, Any] = {
        "inputs": inputs,
        "ledgers": _ledgers(prepared),
        "files": _files(prepared.workspace),
        "warnings": list(said.warnings),
        "headlines": [_plain(head) for head in said.headlines],
    }
    try:
        RELEASED.write(
            prepared.workspace.released, {**made, "seal": _seal(made, prepared)}
        )
    except OSError as error:
        if not is_full(error):
            raise


def _plain(head: Headline) -> dict[str, Any]:
    return {
        **asdict(head),
        "interval_start": str(head.interval_start),
        "interval_end": str(head.interval_end),
    }


def _key(prepared: Prepared) -> Key:
    key = prepared.key
    ensure(key is not None, "a release has a key of counts")
    assert key is not None
    return key


def _is_sealed(noted: dict[str, Any], prepared: Prepared) -> bool:
    made = {
        name: noted.get(name)
        for name in ("inputs", "ledgers", "files", "warnings", "headlines")
    }
    return compare_digest(str(noted.get("seal")), _seal(made, prepared))


def _seal(made: dict[str, Any], prepared: Prepared) -> str:
    return _key(prepared).digest("released", fingerprint(made)).hex()


def _ledgers(prepared: Prepared) -> dict[str, str]:
    """The hash of the study's ledger, of the site's, and of what lies beside them.

    A ledger with the same bytes as one that was checked needs no other check.
    """
    terms = terms_of(prepared)
    ledger = ledger_path(terms)
    paths = [ledger, _head(ledger)]
    if not terms.records.made_up:
        of_site = site_ledger(_key(prepared))
        paths += [ledger.with_name("key.json"), of_site, _head(of_site)]
    return {path.name: _hash(path) for path in paths}


def _head(ledger: Path) -> Path:
    return ledger.with_name(f"{ledger.name}.head")


def _files(workspace: Workspace) -> dict[str, list[str]]:
    """The hash and the mode of each file of the release, and of what a run writes
    beside it.
    """
    found = {}
    for path in sorted((workspace.release, *workspace.release.rglob("*"))):
        found[workspace.relative(path)] = [_hash(path), oct(path.stat().st_mode)]
    for path in (workspace.trial_counts, workspace.doubts):
        found[workspace.relative(path)] = [_hash(path)]
    return found


def _hash(path: Path) -> str:
    """Of a file's content; empty where there is none."""
    return file_hash(path) if path.is_file() else ""


def _sizes(folder: Path) -> list[tuple[str, int]]:
    return sorted((path.name, path.stat().st_size) for path in folder.glob("*"))
