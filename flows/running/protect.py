"""From the raw counts of a run to its release: protected, audited, remembered, written;
in this order.

An audit that fails stops everything: nothing is written, and the ledger does not know
of it.
"""

import pickle
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from distributed import Client

from extractors.errors import DisclosureRefused
from extractors.persons import are_persons
from flows.running.cluster import all_on_cluster
from flows.running.same_code import with_code
from flows.running.terms import Terms, key_of, ledger_path
from flows.state.decided import refuse_while_waiting
from flows.state.standing import is_of_made_up
from flows.workspace.code import own_code
from flows.workspace.one_key import LEDGER, note_key, site_ledger
from flows.workspace.store import alone_in, make_private, whole_file
from measures.counts.relations import structure_of
from measures.counts.structure import Structure
from measures.counts.types import RawCounts
from measures.disclosure.audit import Audit, audit
from measures.disclosure.control import Protection, protection
from measures.disclosure.memory.entries import PUT_BACK
from measures.disclosure.memory.keys import Key
from measures.disclosure.memory.ledger import Ledger, Memory
from measures.disclosure.memory.recall import check_key
from measures.disclosure.memory.setting import Setting, one_by_one
from measures.disclosure.policies import CONTROLLED, RAW
from measures.disclosure.questions import questions
from measures.disclosure.rounding.programme import Programme, Solution
from measures.release.reading import read_manifest

# Rounding 40,000 counts takes 0.4 s here; workers are worth their files for millions.
WORTH_SHARING = 1_000_000


@dataclass(frozen=True, eq=False, repr=False)
class Passed:
    """What may be written: protected counts, the audit that they passed, and sections
    for the manifest.
    """

    # the counts after rounding and withholding
    protection: Protection
    # what an attacker learns from them
    audit: Audit
    # which sealed the ledger
    key: Key
    memory: Memory  # what the ledger knows by then
    # sections by name, as the release's manifest has them
    manifest: dict[str, Any]
    # what a reader of the release should know
    warnings: tuple[str, ...]
    # whether the same run would say the same once more
    settled: bool


def protect(terms: Terms, raw: RawCounts, client: Client | None = None) -> Passed:
    """Protect and audit a run's counts, and remember what is about to be released.

    Raises DisclosureRefused, with nothing written, if the audit finds anything or the
    ledger or key is not safe.
    """
    with _site_of(terms) as site:
        return _protect(terms, raw, ledger_of(terms, site), site, client)


@contextmanager
def _site_of(terms: Terms) -> Iterator[Ledger | None]:
    """The site's ledger, while no other study reads or writes it; None for made-up
    records.
    """
    if terms.records.made_up:
        yield None
        return
    key = key_of(terms)
    path = site_ledger(key)
    with alone_in(path.parent):
        yield Ledger(path, key)


def _protect(
    terms: Terms,
    raw: RawCounts,
    ledger: Ledger,
    site: Ledger | None,
    client: Client | None,
) -> Passed:
    structure = structure_of(terms.study.measures)
    setting = Setting(
        structure=structure,
        key=ledger.key,
        memory=ledger.memory,
        solve_all=lambda programmes: _solve_all(
            programmes, client, terms.workspace.folder("rounding")
        ),
        made_up=terms.records.made_up,
        revise=terms.revise,
        reason=terms.reason,
        site=site.memory if site else None,
        is_person=partial(are_persons, static=terms.static) if terms.static else None,
        definition=terms.study.definition_hash,
    )
    made, found, refused = _audited(terms, raw, setting)
    if made.entries:
        if not terms.records.made_up:
            refuse_while_waiting(terms.workspace.release, ledger.memory)
        _note(terms, ledger.key)
    if site:
        # first: a number that is known and not shown does no harm
        site.append(made.site)
    ledger.append(made.entries)
    # nothing of the ledger: the manifest is the same whether a study was released in
    # one step or in several
    return Passed(
        protection=made,
        audit=found,
        key=ledger.key,
        memory=ledger.memory,
        manifest={"structure": structure.without(_of_units(terms)).as_json()},
        warnings=tuple(
            note
            for note in (ledger.note, refused, _changed(made), _asked(made, structure))
            if note
        ),
        settled=not (terms.revise or ledger.note),
    )


def _of_units(terms: Terms) -> set[str]:
    """The measures whose rows are written nowhere, but their deciles."""
    return {measure.name for measure in terms.study.measures if measure.over}


def _asked(made: Protection, structure: Structure) -> str:
    """In words, that the definition asks very much about the same people; empty if it
    does not.
    """
    found = questions(structure, made.released.measures)
    return found.said if found.are_many else ""


def _changed(made: Protection) -> str:
    """In words, that the records of released intervals changed; empty if none did."""
    revisions = made.released.revisions
    if revisions is None or not len(revisions):
        return ""
    return (
        "the counts of some released intervals changed since; revisions.csv says "
        "which, and what became of them"
    )


def _audited(
    terms: Terms, raw: RawCounts, setting: Setting
) -> tuple[Protection, Audit, str]:
    """What passed, and in words whether new numbers for old intervals were refused on
    the way.
    """
    made, found = _attempt(terms, raw, setting)
    refused = ""
    if not found.passed and setting.revise:
        refused = (
            "--revise was refused: old and new numbers together would give too much "
            "away; the old ones stay"
        )
        made, found = _attempt(terms, raw, replace(setting, revise=False))
    if not found.passed and terms.policy.rule == CONTROLLED:
        raise DisclosureRefused(
            "The audit refuses the release; nothing was written. "
            f"{' '.join(found.refusals)} What to do: leave out what crosses the most "
            "groups."
        )
    # the rule book of a site decides; the audit says what it gives away
    if not found.passed:
        refused = (
            f"the policy gives counts away, see audit.json; {' '.join(found.refusals)}"
        )
    return made, found, refused


def _attempt(
    terms: Terms, raw: RawCounts, setting: Setting
) -> tuple[Protection, Audit]:
    policy = terms.policy
    terms.step("protection")
    made = protection(raw, policy, setting)
    if terms.beside:
        terms.beside(made.released)
    numbers = (
        {}
        if policy.rule == RAW
        else {"threshold": policy.threshold, "base": policy.base}
    )
    releases = [*made.earlier, made.released.table]
    assert setting.structure is not None
    structure = setting.structure.as_json()
    terms.step("audit")
    found = audit(
        releases,
        structure,
        policy.name,
        settings=numbers,
        named_before=made.released.notes.get("named_before", ()),
    )
    return made, found


def check_ledgers(terms: Terms, *, computes: bool = False) -> None:
    """What is known before a run. Raises DisclosureRefused if a ledger or the key is
    not safe.

    A run that `computes` periods would release something new, so it is refused, too,
    while the last release waits for a decision that the site asks for.
    """
    with _site_of(terms) as site:
        ledger = ledger_of(terms, site)
    if computes and not terms.records.made_up:
        refuse_while_waiting(terms.workspace.release, ledger.memory)


def ledger_of(terms: Terms, site: Ledger | None) -> Ledger:
    """The ledger of a study. Raises DisclosureRefused if it or the key is not safe, or
    the site's is another's.
    """
    ledger = Ledger(ledger_path(terms), key_of(terms))
    check_key(ledger.memory, ledger.key)
    if site:
        check_site(ledger, site)
    if ledger.size:  # of a version that noted nothing
        _note(terms, ledger.key)
    if not terms.records.made_up:
        check_release(terms.workspace.release, ledger)
    return ledger


def _note(terms: Terms, key: Key) -> None:
    if not terms.records.made_up:
        note_key(terms.workspace, key)


def check_site(ledger: Ledger, site: Ledger) -> None:
    """Raises DisclosureRefused if the study's ledger knows of more than the site's."""
    known = ledger.memory.commits[-1].get("site", 0) if ledger.memory.commits else 0
    if known > site.memory.releases:
        raise DisclosureRefused(
            f"The site's ledger {site.path.name} knows of {site.memory.releases} "
            f"releases, but there were {known} when this study was released: it is "
            f"an older one, or lost. {PUT_BACK} {LEDGER} says where it lies: "
            f"{site.path}"
        )


def check_release(folder: Path, ledger: Ledger) -> None:
    """Raises DisclosureRefused if the release that is there knows of more releases than
    the ledger.
    """
    # those have ledgers of their own
    manifest = {} if is_of_made_up(folder) else read_manifest(folder)
    shown = (
        manifest.get("disclosure", {})
        .get("ledger", {})
        .get("last_change", {})
        .get("release", 0)
    )
    if shown > ledger.memory.releases:
        raise DisclosureRefused(
            f"The ledger {ledger.path.name} knows of {ledger.memory.releases} "
            f"releases, but release number {shown} is there: it is an older one, or "
            f"lost. {PUT_BACK}"
        )


# On the cluster -----------------------------------------------------------------------


def _solve_all(
    programmes: Sequence[Programme], client: Client | None, folder: Path
) -> Sequence[Solution]:
    """Programmes hold true counts, so they go to the workers as files of the
    highly_sensitive shelf.
    """
    if client is None or sum(len(each.counts) for each in programmes) < WORTH_SHARING:
        return one_by_one(programmes)
    make_private(folder)
    workers = max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
    paths = [folder / f"{place}.pickle" for place in range(workers)]
    try:
        for place, path in enumerate(paths):
            _put(path, programmes[place::workers])
        all_on_cluster(
            client,
            "rounding",
            [(with_code, own_code(), solve_file, path) for path in paths],
        )
        solved = [_get(path) for path in paths]
    finally:
        for path in paths:
            path.unlink(missing_ok=True)
    return [
        solved[number % workers][number // workers] for number in range(len(programmes))
    ]


def solve_file(path: Path) -> None:
    """Replace a file of programmes by their solutions."""
    _put(path, one_by_one(_get(path)))


def _put(path: Path, data: Sequence) -> None:
    with whole_file(path) as beside:
        beside.write_bytes(pickle.dumps(list(data)))


def _get(path: Path) -> list:
    # written a moment ago, on a shelf that only its owner reaches
    return pickle.loads(path.read_bytes())
