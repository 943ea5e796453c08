"""Events with the codes of their concepts, as SQL over OMOP's tables.

The code of an event in a coding system is that of its standard concept, or else that of
its source concept. A second column, its twin, has them the other way round, so that
either code finds the event, and a code that is not known is not known in both.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from extractors.model.types import (
    ATCCode,
    Code,
    CVXCode,
    DMDCode,
    ICD10CMCode,
    ICD10Code,
    LOINCCode,
    OPCS4Code,
    RxNormCode,
    SNOMEDCTCode,
)
from extractors.sql.words import quote, text

TWIN = "_of_source"  # what the name of a twin ends with


@dataclass(frozen=True)
class System:
    """A column of codes."""

    # the type of a code: SNOMEDCTCode …
    of: type[Code]
    # OMOP's vocabularies with such codes
    vocabularies: tuple[str, ...]
    # whether OMOP writes them with a dot, and the tables of core without
    dotted: bool = False


@dataclass(frozen=True)
class Events:
    """The events of an OMOP table, under the names of `extractors.tables.core`."""

    # OMOP's name of it
    table: str
    # the column of the standard concept
    concept: str
    # the column of the concept as it was recorded
    source: str
    # the column of the day
    date: str
    # the column of the value, if it has one
    number: str = ""

    @property
    def concepts(self) -> tuple[str, str]:
        return self.concept, self.source


SYSTEMS = {
    "snomedct_code": System(SNOMEDCTCode, ("SNOMED",)),
    "loinc_code": System(LOINCCode, ("LOINC",)),
    "icd10_code": System(ICD10Code, ("ICD10",), dotted=True),
    "icd10cm_code": System(ICD10CMCode, ("ICD10CM",), dotted=True),
    "opcs4_code": System(OPCS4Code, ("OPCS4",), dotted=True),
    "dmd_code": System(DMDCode, ("dm+d",)),
    "rxnorm_code": System(RxNormCode, ("RxNorm", "RxNorm Extension")),
    "cvx_code": System(CVXCode, ("CVX",)),
    "atc_code": System(ATCCode, ("ATC",)),
}
EVENTS = {
    "clinical_events": (
        Events(
            table="condition_occurrence",
            concept="condition_concept_id",
            source="condition_source_concept_id",
            date="condition_start_date",
        ),
        Events(
            table="measurement",
            concept="measurement_concept_id",
            source="measurement_source_concept_id",
            date="measurement_date",
            number="value_as_number",
        ),
        Events(
            table="observation",
            concept="observation_concept_id",
            source="observation_source_concept_id",
            date="observation_date",
            number="value_as_number",
        ),
        Events(
            table="procedure_occurrence",
            concept="procedure_concept_id",
            source="procedure_source_concept_id",
            date="procedure_date",
        ),
    ),
    "medications": (
        Events(
            table="drug_exposure",
            concept="drug_concept_id",
            source="drug_source_concept_id",
            date="drug_exposure_start_date",
        ),
    ),
}
CODES = {
    "clinical_events": (
        "snomedct_code",
        "loinc_code",
        "icd10_code",
        "icd10cm_code",
        "opcs4_code",
    ),
    "medications": ("dmd_code", "rxnorm_code", "cvx_code", "atc_code", "snomedct_code"),
}
PLAIN = {"clinical_events": ("date", "numeric_value"), "medications": ("date",)}


def code_columns(name: str) -> tuple[str, ...]:
    """The columns of codes of a table, each with its twin."""
    found: list[str] = []
    for column in CODES[name]:
        found += [column, f"{column}{TWIN}"]
    return tuple(found)


def all_events() -> Iterator[Events]:
    """The events of all tables."""
    return chain.from_iterable(EVENTS.values())


def vocabularies(columns: Iterable[str]) -> tuple[str, ...]:
    """Those of some columns of codes."""
    found: dict[str, None] = {}
    for column in columns:
        system = SYSTEMS.get(column.removesuffix(TWIN))
        if system:
            found |= dict.fromkeys(system.vocabularies)
    return tuple(found)


def events_sql(name: str, columns: Sequence[str]) -> str:
    """The events of a table with these columns, of persons that there are."""
    coded = [column for column in columns if column in code_columns(name)]
    plain = [f"event.{quote(column)}" for column in columns if column in PLAIN[name]]
    listed = [
        "event.person_id AS patient_id",
        *plain,
        *(f"{_code(each)} AS {quote(each)}" for each in coded),
    ]
    parts = " UNION ALL ".join(_part(events) for events in EVENTS[name])
    sql = (
        f"SELECT {', '.join(listed)} FROM ({parts}) AS event SEMI JOIN person ON "
        "person.person_id = event.person_id"
    )
    if not coded:
        return sql
    codes = "SELECT DISTINCT concept_id, vocabulary_id, concept_code FROM concept"
    codes += f" WHERE vocabulary_id IN ({', '.join(map(text, vocabularies(coded)))})"
    sql += f" LEFT JOIN ({codes}) AS standard ON standard.concept_id = event.concept_id"
    return (
        f"{sql} LEFT JOIN ({codes}) AS source ON source.concept_id = "
        "event.source_concept_id"
    )


def _part(events: Events) -> str:
    number = events.number or "CAST(NULL AS DOUBLE)"
    return (
        f"SELECT person_id, {events.concept} AS concept_id, {events.source} AS "
        f"source_concept_id, {events.date} AS date, {number} AS numeric_value FROM "
        f"{events.table}"
    )


def _code(column: str) -> str:
    system = SYSTEMS[column.removesuffix(TWIN)]
    among = ", ".join(map(text, system.vocabularies))
    standard, source = (
        _plain(f"{each}.concept_code", system) for each in ("standard", "source")
    )
    is_standard, is_source = (
        f"{each}.vocabulary_id IN ({among})" for each in ("standard", "source")
    )
    first = f"WHEN {is_standard} THEN {standard}"
    second = f"WHEN {is_source} THEN {source}"
    return (
        f"CASE {second} {first} END"
        if column.endswith(TWIN)
        else f"CASE {first} {second} END"
    )


def _plain(code: str, system: System) -> str:
    return f"replace({code}, '.', '')" if system.dotted else code
