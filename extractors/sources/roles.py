"""Which schema a table of OMOP's is in, where a site keeps the CDM, its vocabulary and
results apart.
"""

from collections.abc import Collection, Iterable, Mapping
from urllib.parse import parse_qsl

from extractors.errors import RecordsError

CDM, VOCAB, RESULTS = "cdm", "vocab", "results"
ROLES = (CDM, VOCAB, RESULTS)
VOCABULARY_TABLES = frozenset(
    """
    concept concept_ancestor concept_class concept_relationship concept_synonym domain drug_strength relationship
    source_to_concept_map vocabulary
    """.split()
)
RESULTS_TABLES = frozenset(("cohort", "cohort_definition"))
Roles = tuple[tuple[str, str], ...]  # role and schema
ENDING = "_schema"  # behind a role, in the address of a database


def schema_of(table: str, there: Collection[str], roles: Roles) -> str | None:
    """The one of the schemas with a table of this name that the roles mean.

    None where no role says anything of the table; empty where those that do have no
    such table.
    """
    given = dict(roles)
    order = [given[role] for role in (_role(table), CDM) if role in given]
    if not order:
        return None
    alike = {schema.lower(): schema for schema in there}
    return next((alike[each.lower()] for each in order if each.lower() in alike), "")


def _role(table: str) -> str:
    name = table.lower()
    if name in VOCABULARY_TABLES:
        return VOCAB
    return RESULTS if name in RESULTS_TABLES else CDM


def roles_in(options: Mapping[str, str], ending: str = "") -> Roles:
    """The roles that the options of an address name, each written with an ending."""
    return tuple(
        (role, options[f"{role}{ending}"])
        for role in ROLES
        if options.get(f"{role}{ending}")
    )


def without_roles(address: str) -> tuple[str, Roles]:
    """An address as its own database knows it, and the schemas that it names for us
    (`?cdm_schema=…`).
    """
    first, asks, query = address.partition("?")
    roles = roles_in(dict(parse_qsl(query, keep_blank_values=True)), ENDING)
    if not roles:
        return address, ()
    ours = {f"{role}{ENDING}" for role, _ in roles}
    kept = [part for part in query.split("&") if part.partition("=")[0] not in ours]
    return f"{first}{asks if kept else ''}{'&'.join(kept)}", roles


def refuse_missing(label: str, roles: Roles, there: Collection[str]) -> None:
    """RecordsError where one of the schemas that are named holds no table; `there`:
    those that do.
    """
    known = {each.lower() for each in there}
    lost = [schema for _, schema in roles if schema.lower() not in known]
    if lost:
        listed = ", ".join(sorted(filter(None, there))) or "none"
        raise RecordsError(
            f"{label}: there is no schema {', '.join(lost)} with tables; it has "
            f"{listed}."
        )


def unknown(options: Iterable[str], ending: str = "") -> list[str]:
    """The options that are no roles."""
    return sorted(set(options) - {f"{role}{ending}" for role in ROLES})
