"""Sums of masked counts, attacked together with what the sites have released themselves."""

from collections.abc import Callable, Mapping
from pathlib import Path

from extractors.errors import ArgumentsError, DisclosureRefused
from flows.running.terms import Terms
from measures.counts.relations import structure_of
from measures.disclosure.audit import audit
from measures.disclosure.audit.rules import rule_of
from measures.disclosure.types import ReleasedCounts
from measures.sites.bundles import SiteRelease, read_site
from measures.sites.jointly import joint_structure, joint_table, without_row
from measures.sites.rounds import Round


def attack_with(
    beside: Mapping[str, Path], terms: Terms, agreed: Round
) -> Callable[[ReleasedCounts], None]:
    """What attacks the sums together with the sites' own releases, before anything is
    remembered or written.
    """
    if set(beside) != set(agreed.sites):
        raise ArgumentsError(
            "--beside needs the release of each site of the round: "
            f"{', '.join(agreed.sites)}."
        )
    shown = {name: read_site(name, folder) for name, folder in beside.items()}
    for site in shown.values():
        _refuse_other_terms(site, terms)
    tables = {name: site.table for name, site in shown.items()}
    structure = joint_structure(
        structure_of(terms.study.measures).as_json(), agreed.sites
    )

    def attack(released: ReleasedCounts) -> None:
        rule = rule_of(
            released.policy,
            {"threshold": terms.policy.threshold, "base": terms.policy.base},
        )
        settings = {
            "threshold": rule.threshold,
            "base": rule.base,
            "width": rule.joint_width,
        }
        named = [
            *without_row(released.table, tables),
            *released.notes.get("named_before", ()),
        ]
        table = joint_table(released.table, tables)
        found = audit(
            [table],
            structure,
            released.policy,
            settings=settings,
            named_before=named,
            whole=False,
        )
        if not found.passed:
            raise DisclosureRefused(
                "The audit refuses the sums beside what the sites have released "
                f"themselves; nothing was written. {' '.join(found.refusals)} What "
                "to do: let out either the sums or the sites' own releases."
            )

    return attack


def _refuse_other_terms(site: SiteRelease, terms: Terms) -> None:
    """What a site has released must be of the definition and the rule of the sums."""
    theirs = (
        site.manifest.get("definition"),
        site.disclosure.get("policy"),
        site.disclosure.get("base"),
    )
    ours = (terms.study.definition_hash, terms.policy.name, terms.policy.base)
    if theirs != ours:
        raise ArgumentsError(
            f"The release of {site.name} is of another definition, policy or base "
            "than the sums, so they cannot be attacked together."
        )
