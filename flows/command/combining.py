"""The command `cohortflow combine`: releases of several sites added up into one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from math import gcd
from pathlib import Path
from typing import Any

from rich.console import Console

from extractors.errors import ArgumentsError
from extractors.fingerprint import fingerprint
from flows.command.auditing_sums import (
    audit_json,
    audit_of_sums,
    audits_of,
    refuse,
    warnings_of,
)
from flows.state.decided import refuse_to_let_out
from measures.counts.columns import Kind
from measures.counts.types import MeasureShape
from measures.disclosure.control import summed
from measures.disclosure.policies import CONTROLLED, POLICIES, RAW, WITH_NUMBERS, Policy
from measures.disclosure.types import ReleasedCounts
from measures.release.bundle import write_release
from measures.release.files import PARQUET
from measures.release.reading import read_asked, read_manifest
from measures.release.report.making import write_report
from measures.sites.adding import Added, Rules, added
from measures.sites.bundles import SiteRelease, read_site, refuse_different

SITES_FORMAT = 1  # of the section `sites` of a manifest
KEPT = (
    "study",
    "definition",
    "codelists",
    "concept_sets",
    "kinds",
    "periods",
    "structure",
)


@dataclass(frozen=True, kw_only=True)
class Combined:
    """What the command made."""

    # where the release lies
    folder: Path
    # whose releases it adds up
    sites: tuple[str, ...]
    # how many sums it has
    rows: int
    # of how many sums one count or both are withheld
    withheld: int
    # groups of a period that some sites have no row of
    without_row: int
    # what a reader should know of it
    warnings: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "folder": str(self.folder),
            "sites": list(self.sites),
            "rows": self.rows,
            "withheld": self.withheld,
            "without_row": self.without_row,
            "warnings": list(self.warnings),
        }


def combine(
    named: Sequence[str], folder: Path, *, with_report: bool = True
) -> Combined:
    """Add up releases of one definition, and write the sums as a release to `folder`.

    `named`: folders, each as `NAME=FOLDER` or by itself. Raises ArgumentsError for
    releases that cannot be added, naming what differs, and DisclosureRefused where the
    audit refuses one of them or the sums, or a site has not approved its release.
    """
    places = places_of(named)
    _refuse_other_folder(folder, places.values())
    sites = [read_site(name, place) for name, place in places.items()]
    refuse_different(sites)
    for place in places.values():
        refuse_to_let_out(place, folder)
    policies = [policy_of(site) for site in sites]
    audits = audits_of(places, sites)
    refuse(audits, policies[0])
    sums = added(sites, [rules_of(policy) for policy in policies])
    released = _released(sites, policies, sums)
    found = audit_of_sums(released, sites, policies)
    refuse({"the sums": found}, policies[0])
    warnings = tuple(warnings_of(sites, audits))
    write_release(
        released,
        folder,
        _manifest(sites, policies, warnings),
        audit=audit_json(found, audits),
        asked=read_asked(next(iter(places.values()))) or None,
        sites=sums.said,
        report=write_report if with_report else None,
    )
    return _combined(folder, sums, sites, warnings)


def places_of(named: Iterable[str]) -> dict[str, Path]:
    """The folders by the names of their sites; a folder without a name is `site 1`,
    `site 2` and so on.
    """
    found: dict[str, Path] = {}
    for number, each in enumerate(named, start=1):
        name, equals, folder = each.partition("=")
        if not equals or "/" in name:  # a path may have the sign in it
            name, folder = f"site {number}", each
        if not name.strip() or not name.isprintable():
            raise ArgumentsError(f"{each!r} names no site; say NAME=FOLDER.")
        if name in found:
            raise ArgumentsError(
                f"Two sites have the name {name!r}; give each its own as NAME=FOLDER."
            )
        found[name] = Path(folder)
    return found


def _refuse_other_folder(folder: Path, places: Iterable[Path]) -> None:
    """The command replaces nothing but what it has written itself."""
    if folder.resolve() in [place.resolve() for place in places]:
        raise ArgumentsError(
            f"The folder is the release of a site; name another by --to: {folder}"
        )
    if folder.exists() and "sites" not in read_manifest(folder):
        raise ArgumentsError(
            "The folder exists and is no release of several sites; name a new one by "
            f"--to: {folder}"
        )


# The rules of each site ---------------------------------------------------------------


def policy_of(site: SiteRelease) -> Policy:
    """The policy that a site's manifest names, with the site's own numbers."""
    made = site.disclosure
    name = str(made.get("policy", ""))
    if name not in POLICIES:
        raise ArgumentsError(
            f"{site.name} has the policy {name!r}, which this version does not know."
        )
    if name == RAW:
        return POLICIES[name]
    numbers = [
        made.get(number, getattr(POLICIES[name], number))
        for number in ("threshold", "base")
    ]
    if not all(type(number) is int for number in numbers):
        raise ArgumentsError(
            f"The manifest of {site.name} has numbers of its policy that are no "
            "whole numbers."
        )
    return WITH_NUMBERS[name](*numbers)


def rules_of(policy: Policy) -> Rules:
    """What the addition has to know of a policy."""
    most = [number for _, number in policy.withheld_most]
    return Rules(
        most_redacted=max(most, default=None),
        least_denominator=policy.least_denominator,
    )


def common_base(policies: Iterable[Policy]) -> int:
    """What divides every released count of people of every site; of midpoints, the half
    of each base.
    """
    bases = []
    for policy in policies:
        middles = policy.rule not in (CONTROLLED, "nearest", RAW)
        bases.append(
            gcd(policy.base - policy.base // 2, policy.base) if middles else policy.base
        )
    return gcd(*bases)


# The release --------------------------------------------------------------------------


def _released(
    sites: Sequence[SiteRelease], policies: Sequence[Policy], sums: Added
) -> ReleasedCounts:
    base = common_base(policies)
    return summed(
        sums.table,
        sums.reasons,
        sums.ranges,
        measures=shapes_of(sites[0]),
        policy=policies[0].name,
        base=base,
        rules=[
            *_rules(sites),
            *(f"At each site: {rule}" for rule in policies[0].rules()),
        ],
        notes=_notes(sites, policies, base),
    )


def shapes_of(site: SiteRelease) -> list[MeasureShape]:
    """The measures of a release, as far as it tells of them."""
    intervals, groups = (
        site.intervals(),
        {row.measure: row.group_by for row in site.rows},
    )
    shapes = []
    for name, measure in site.measures.items():
        shapes.append(
            MeasureShape(
                name,
                tuple(sorted(groups.get(name, ()))),
                tuple(sorted(intervals.get(name, ()))),
                is_proportion=measure.kind is Kind.PROPORTION,
                most=int(measure.kind is Kind.MEAN),
            )
        )
    return shapes


def _rules(sites: Sequence[SiteRelease]) -> list[str]:
    names = ", ".join(site.name for site in sites)
    return [
        f"Every count is the sum of the counts that {len(sites)} sites ({names}) "
        "have released; each has rounded its counts by itself, with a key of its "
        "own, so the errors add up.",
        "A sum is withheld where a site withholds its count, or has no row of the "
        "group: that is not zero. sites.csv says which sites show no number, and the "
        "least and the most that each sum can be.",
    ]


def _notes(
    sites: Sequence[SiteRelease], policies: Sequence[Policy], base: int
) -> dict[str, Any]:
    error = sum(policy.base - 1 for policy in policies)
    notes: dict[str, Any] = {
        "threshold": max(policy.threshold for policy in policies),
        "base": base,
        "sites": [
            {"name": site.name, "threshold": policy.threshold, "base": policy.base}
            for site, policy in zip(sites, policies, strict=True)
        ],
        "guaranteed": [
            "The sums are made of the sites' releases alone. A reader who holds those "
            "can add them up, so this release tells no reader more than they do; what "
            "each "
            "site guarantees holds on."
        ],
        "not_guaranteed": [
            "People whose records are at two sites are counted twice.",
            "Rounded once for all sites together, the sums would be nearer to the "
            "true ones: cohortflow sites.",
        ],
        "largest_error": f"at most {error} for every count of people, the sum of the sites' errors",
        "ledger": {
            "said": "Releases of several sites are not numbered; those of the sites are."
        },
    }
    before = _named_by_sites(sites)
    return notes | ({"named_before": before} if before else {})


def _named_by_sites(sites: Sequence[SiteRelease]) -> list[dict[str, Any]]:
    """The groups that a site's release has named, where only records tell names."""
    found: dict[tuple, dict[str, Any]] = {}
    known = sites[0].manifest["structure"]["groups"]
    for site in sites:
        for row in site.rows:
            about = [known.get(name, {}) for name in row.group_by]
            if all("labels" in each and not each.get("open") for each in about):
                continue
            values = [None if each is None else _plain(each) for each in row.group]
            groups = dict(zip(row.group_by, values, strict=True))
            found.setdefault(
                (row.group_by, row.group),
                {"group_by": "+".join(row.group_by), "groups": groups},
            )
    return list(found.values())


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool | int | str) else str(value)


def _manifest(
    sites: Sequence[SiteRelease], policies: Sequence[Policy], warnings: Sequence[str]
) -> dict[str, Any]:
    first = sites[0].manifest
    kinds = {site.manifest.get("records", {}).get("kind", "") for site in sites}
    releases = [_facts_of(site) for site in sites]
    return {
        **{name: first[name] for name in KEPT if name in first},
        "records": {
            "kind": kinds.pop() if len(kinds) == 1 else "several kinds",
            "fingerprint": fingerprint(*(site.numbers for site in sites)),
        },
        "sites": {"format": SITES_FORMAT, "releases": releases},
        "versions": {"cohortflow": version("cohortflow")},
        "warnings": list(warnings),
    }


def _facts_of(site: SiteRelease) -> dict[str, Any]:
    """What a checker needs to find the release of a site again."""
    manifest, change = (
        site.manifest,
        site.disclosure.get("ledger", {}).get("last_change", {}),
    )
    return {
        "name": site.name,
        PARQUET: site.numbers,
        "release": change.get("release", 0),
        "records": manifest.get("records", {}),
        "cohortflow": manifest.get("versions", {}).get("cohortflow", ""),
        "rows": manifest.get("rows", 0),
    }


def _combined(
    folder: Path, sums: Added, sites: Sequence[SiteRelease], warnings: tuple[str, ...]
) -> Combined:
    statuses = sums.table["status"].to_pylist()
    reasons = sums.reasons["denominator"].to_pylist()
    return Combined(
        folder=folder,
        sites=tuple(site.name for site in sites),
        rows=len(sums.table),
        withheld=sum(status != "released" for status in statuses),
        without_row=sum("no row" in (reason or "") for reason in reasons),
        warnings=warnings,
    )


def show_combined(console: Console, made: Combined) -> None:
    lines = [
        f"The releases of {', '.join(made.sites)} are added up: {made.rows:,} rows, "
        f"of which {made.withheld:,} have a count that a site withholds.",
        *(f"Warning: {each}" for each in made.warnings),
        f"Release of all sites: {made.folder / 'measures.csv'}",
    ]
    if made.without_row:
        lines.insert(
            1,
            f"Of {made.without_row:,} rows a site has none of that group, which is "
            "not zero: see sites.csv.",
        )
    for line in lines:
        console.print(line, highlight=False, soft_wrap=True, markup=False)
