"""Masked counts of several sites: what a site does with its raw counts, and what the
combining place does with sums.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa

from extractors.errors import ArgumentsError, DisclosureRefused, ensure
from extractors.fingerprint import fingerprint
from extractors.sources import TRIAL, Address
from flows.preparing.prepared import Prepared
from flows.preparing.records import Records
from flows.running.ending import bound_of, gathered, without_units
from flows.running.joint_attack import attack_with
from flows.running.protect import Passed, protect
from flows.running.rounds import kept_measures
from flows.running.terms import Terms
from flows.state.decided import tell
from flows.state.periods import missing_of
from flows.state.standing import refuse_to_replace
from flows.state.summed import SUFFIX
from flows.workspace.kept import ROUNDS
from flows.workspace.store import Workspace, alone_in, whole_file
from measures.asking.asked import asked
from measures.counts import counting
from measures.counts.gathering import gather
from measures.counts.types import RawCounts
from measures.definitions import Measure
from measures.release.bundle import write_release
from measures.release.report.making import write_report
from measures.sites import grid, masking
from measures.sites.keys import OwnKey, PublicKey, read_own, read_public
from measures.sites.rounds import (
    Round,
)
from measures.study import Study

SITES_FORMAT = 1  # of the section `sites` of a manifest
NOT_NEARLY = (
    "no place has the hashes of all people, so counts that differ by one person only "
    "are not bound to one number, as they are within a site"
)


# A site -------------------------------------------------------------------------------


def mask_counts(
    prepared: Prepared,
    agreed: Round,
    site: str,
    *,
    keys: Path,
    other_sites: bool = False,
) -> bytes:
    """What this site sends: its raw counts under masks.

    A site masks one set of counts a round, and takes part with one set of partners,
    unless `other_sites`: the difference of two sums is the difference of the counts
    behind them. Raises DisclosureRefused where it would give some away, ArgumentsError
    for another study or other periods.
    """
    kept = kept_measures(prepared.study, agreed)
    own, partners = _members(agreed, site, keys)
    missing = missing_of(prepared.jobs.values(), None)
    if missing:
        raise ArgumentsError(
            f"{len(missing)} periods are not computed yet, such as "
            f"{missing[0].period}; let cohortflow run do it first."
        )
    _refuse_other_periods(prepared, agreed)
    names = [measure.name for measure in kept]
    raw = gathered(prepared).table
    mine = raw.filter(
        pa.array(
            [name in set(names) for name in raw["measure"].to_pylist()], pa.bool_()
        )
    )
    made_up = prepared.records.made_up
    masked = masking.mask(
        grid.numbers_of(mine, agreed), own, partners, agreed, made_up=made_up
    )
    content = masking.as_file(masked, own, partners, agreed)
    _note(agreed, site, content, keys, other_sites=other_sites)
    return content


def _members(
    agreed: Round, me: str, folder: Path
) -> tuple[OwnKey, dict[str, PublicKey]]:
    """One's own key, and those of all members, which must be the ones that the round
    names.
    """
    if me not in agreed.members:
        raise ArgumentsError(
            f"{me} has no part in this round; those who have are "
            f"{', '.join(agreed.members)}."
        )
    own = read_own(me, folder)
    found = {
        name: own.public if name == me else read_public(name, folder)
        for name in agreed.members
    }
    for name, key in found.items():
        if key.fingerprint != agreed.keys.get(name):
            raise DisclosureRefused(
                f"The key of {name} here is not the one that the round names: "
                f"{key.fingerprint} here, {agreed.keys.get(name)} there. Another key "
                f"may have been put in its place; compare both with {name} by "
                "telephone."
            )
    if len({key.raw for key in found.values()}) < len(found):
        raise DisclosureRefused(
            "Two members of the round have the same key, so one of them is not who "
            "it says."
        )
    return own, found


def _refuse_other_periods(prepared: Prepared, agreed: Round) -> None:
    asked_for = set(chain.from_iterable(agreed.calendars))
    lacking = sorted(asked_for - set(prepared.recipes))
    if lacking:
        starts = ", ".join(str(start) for start, _ in lacking[:5])
        raise ArgumentsError(
            f"The last run here lacks {len(lacking)} periods of the round, such as "
            f"{starts}; run them."
        )


def _note(
    agreed: Round, site: str, content: bytes, keys: Path, *, other_sites: bool
) -> None:
    """Note what is about to be sent, before it is. Raises DisclosureRefused where
    something else was.
    """
    path = keys / f"{site}.rounds.json"
    with alone_in(keys):
        known: dict[str, dict[str, Any]] = (ROUNDS.read(path) or {}).get("rounds", {})
        now = {
            "sites": list(agreed.sites),
            "place": agreed.place,
            "digest": agreed.digest.hex(),
            "masked": masking.content_hash(content),
        }
        before = known.get(agreed.id)
        if before and before != now:
            raise DisclosureRefused(
                f"{site} has masked other counts in this round already, and the "
                "difference of two files is the difference of the counts. "
                f"{masking.NEW_ROUND}"
            )
        partners = [(each["sites"], each["place"]) for each in known.values()]
        mine = now["sites"], now["place"]
        if partners and mine not in partners and not other_sites:
            sites, place = partners[-1]
            raise DisclosureRefused(
                f"{site} has masked counts for other partners ({', '.join(sites)}; "
                f"combined by {place}) than those of this round "
                f"({', '.join(agreed.sites)}; {agreed.place}). Who has the sums of "
                "both can subtract them. If the earlier sums were never made, as a "
                "site dropped out, say --other-sites."
            )
        ROUNDS.write(path, {"rounds": {**known, agreed.id: now}})


# The combining place ------------------------------------------------------------------


def combine_masked(
    prepared: Prepared,
    agreed: Round,
    files: Sequence[Path],
    *,
    keys: Path,
    beside: Mapping[str, Path] | None = None,
) -> tuple[Workspace, Passed]:
    """Add up what the sites have sent, protect the sums once, and write their release.

    The sums are in memory alone. `beside`: what sites have released of the study
    themselves, which is attacked together with the sums. Raises ArgumentsError or
    DisclosureRefused where there are none to be had, and DisclosureRefused as a run
    does.
    """
    measures = kept_measures(prepared.study, agreed)
    study = replace(prepared.study, measures=measures)
    own, members = _members(agreed, agreed.place, keys)
    sent = [masking.read_masked(path, own, members, agreed) for path in files]
    numbers = masking.sum_of(sent, own, members, agreed)
    raw = raw_sums(numbers, measures, agreed)
    workspace = Workspace(prepared.workspace.root, prepared.study.name + SUFFIX)
    terms = _terms(prepared, study, workspace, agreed, made_up=sent[0].made_up)
    if beside:
        terms = replace(terms, beside=attack_with(beside, terms, agreed))
    with workspace.locked():
        refuse_to_replace(workspace, made_up=terms.records.made_up)
        passed = protect(terms, raw)
        released = passed.protection.released
        write_release(
            released,
            workspace.release,
            {**_manifest(terms, agreed), **passed.manifest},
            audit={
                **without_units(passed.audit.as_json(), released),
                **bound_of(released),
            },
            asked=asked(study),
            report=partial(write_report, kept=workspace.folder("drawings"))
            if prepared.options.report
            else None,
        )
        tell(workspace.release, passed.memory)
    return workspace, passed


def raw_sums(numbers: Any, measures: Sequence[Measure], agreed: Round) -> RawCounts:
    """The sums as the raw counts of a run, a complete grid."""
    groups = counting.group_types(measures)
    intervals = set(chain.from_iterable(agreed.calendars))
    return gather(
        [grid.counts_of(numbers, agreed, groups)],
        counting.shapes(measures, sorted(intervals)),
        groups,
    )


def _terms(
    prepared: Prepared,
    study: Study,
    workspace: Workspace,
    agreed: Round,
    *,
    made_up: bool,
) -> Terms:
    """No records are here; their hash is one of what was counted, so that made-up sums
    have a ledger of their own.
    """
    ensure(prepared.policy is not None, "there is no policy")
    records = Records(
        address=Address.parse(TRIAL),
        fingerprint=fingerprint(agreed.study, agreed.definition, agreed.sites),
        folder=workspace.folder("trial") if made_up else None,
    )
    return Terms(
        workspace=workspace,
        study=study,
        records=records,
        policy=prepared.policy,
        static=None,
        revise=prepared.options.revise,
        reason=prepared.options.reason,
    )


def _manifest(terms: Terms, agreed: Round) -> dict[str, Any]:
    left_out = (
        [f"left out, for only records name their groups: {', '.join(agreed.left_out)}"]
        if agreed.left_out
        else []
    )
    return {
        "study": agreed.study,
        "definition": terms.study.definition_hash,
        "codelists": {each.name: each.sha256 for each in terms.study.codelists},
        "records": {
            "kind": TRIAL if terms.records.made_up else "sites",
            "fingerprint": terms.records.fingerprint,
        },
        "snapshot": "",
        "periods": len(set(chain.from_iterable(agreed.calendars))),
        "kinds": {},
        "versions": {"cohortflow": version("cohortflow")},
        "warnings": [NOT_NEARLY, *left_out],
        "sites": {
            "format": SITES_FORMAT,
            "masked": {
                "sites": list(agreed.sites),
                "combining_place": agreed.place,
                "round": agreed.id,
            },
        },
    }


def write_private(path: Path, content: bytes) -> None:
    """Masked counts are of the highly_sensitive shelf, wherever they lie. Raises
    ArgumentsError for no place.
    """
    if not path.resolve().parent.is_dir():
        raise ArgumentsError(
            f"There is no such folder; name another place by --to: {path.parent}"
        )
    with whole_file(path) as beside:
        beside.write_bytes(content)
