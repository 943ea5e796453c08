"""The audit of the sums of several sites' releases, and the words that it gives readers."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from extractors.errors import DisclosureRefused
from flows.command.auditing import audit_files
from measures.disclosure.audit import Audit, audit
from measures.disclosure.policies import CONTROLLED, RAW, Policy
from measures.disclosure.types import ReleasedCounts
from measures.release.files import PARQUET
from measures.sites.bundles import SiteRelease


def audits_of(
    places: Mapping[str, Path], sites: Sequence[SiteRelease]
) -> dict[str, Audit]:
    """Each site's release, attacked by its own rules."""
    return {
        site.name: audit_files(
            [str(places[site.name] / PARQUET)], str(site.disclosure["policy"])
        )
        for site in sites
    }


def audit_of_sums(
    released: ReleasedCounts, sites: Sequence[SiteRelease], policies: Sequence[Policy]
) -> Audit:
    """The sums, attacked by a reader who holds nothing else and knows how each site
    rounds.
    """
    notes = released.notes
    numbers: dict[str, Any] = {}
    if policies[0].rule != RAW:
        numbers = {
            "threshold": notes["threshold"],
            "base": max(policy.base for policy in policies),
        }
        numbers["sites"] = notes["sites"]
    return audit(
        [released.table],
        sites[0].manifest["structure"],
        released.policy,
        settings=numbers,
        named_before=notes.get("named_before", ()),
        whole=False,
    )


def refuse(audits: Mapping[str, Audit], policy: Policy) -> None:
    # the rule book of a site decides; audit.json says what it gives away
    if policy.rule != CONTROLLED:
        return
    for name, found in audits.items():
        if not found.passed:
            raise DisclosureRefused(
                f"The audit refuses {name}; nothing was written. "
                f"{' '.join(found.refusals)} What to do: add up releases as the "
                "sites wrote them."
            )


def audit_json(sums: Audit, audits: Mapping[str, Audit]) -> dict[str, Any]:
    """The audit's file: of the sums, and of each site's release."""
    of_sums = sums.as_json()
    passed = sums.passed and all(each.passed for each in audits.values())
    said = ["The sums, to a reader who holds nothing else:", *of_sums["summary"]]
    for name, found in audits.items():
        said += [f"The release of {name}, by its own rules:", *found.summary()]
    said.append(
        "The sums and all the sites' releases together: the sums are made of those "
        "releases alone, and nothing ties the people of one site to those of "
        "another; so an attacker who holds all of them knows of each site's counts "
        "what its own release says, and no more."
    )
    refusals = []
    for name, each in audits.items():
        refusals += [f"{name}: {words}" for words in each.refusals]
    sites = {name: found.as_json() for name, found in audits.items()}
    return {
        **of_sums,
        "passed": passed,
        "refusals": [*of_sums["refusals"], *refusals],
        "summary": said,
        "sites": sites,
    }


def warnings_of(
    sites: Sequence[SiteRelease], audits: Mapping[str, Audit]
) -> Iterator[str]:
    versions = {
        site.manifest.get("versions", {}).get("cohortflow", "") for site in sites
    }
    if len(versions) > 1:
        yield (
            "the sites have other versions of cohortflow: "
            f"{', '.join(sorted(versions))}"
        )
    keys = [
        site.disclosure.get("key")
        for site in sites
        if site.disclosure.get("key") not in (None, "public")
    ]
    if len(set(keys)) < len(keys):
        yield (
            "two sites have the same key, so they may be one site, whose people are "
            "counted twice"
        )
    files = set(chain.from_iterable(site.manifest.get("files", {}) for site in sites))
    for made, words in (
        ("deciles/", "deciles over units"),
        ("standardised/", "standardised rates"),
    ):
        if any(name.startswith(made) for name in files):
            yield (
                f"{words} of the sites are not in here: they cannot be made of "
                "released sums"
            )
    for name, found in audits.items():
        if not found.passed:
            yield f"the policy gives counts of {name} away, see audit.json"
    for site in sites:
        for words in site.manifest.get("warnings", ()):
            yield f"{site.name}: {words}"
