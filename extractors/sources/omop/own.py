"""OMOP's own tables: each as it is stored, for the persons that there are."""

import datetime
from collections.abc import Mapping, Sequence

from extractors.model import nodes
from extractors.model.schema import Column, TableSchema
from extractors.sources.omop.stored import names_of
from extractors.sql.words import quote
from extractors.tables import omop

PERSON = "person"
# The column that is the patient, where it is not person_id.
PATIENTS = {"cohort": "subject_id"}
# Columns without which a table says nothing; whatever else is missing is NULL.
REQUIRED = {
    "person": ("year_of_birth",),
    "observation_period": (
        "observation_period_start_date",
        "observation_period_end_date",
    ),
    "visit_occurrence": ("visit_concept_id", "visit_start_date"),
    "visit_detail": ("visit_detail_concept_id", "visit_detail_start_date"),
    "condition_occurrence": ("condition_concept_id", "condition_start_date"),
    "drug_exposure": ("drug_concept_id", "drug_exposure_start_date"),
    "procedure_occurrence": ("procedure_concept_id", "procedure_date"),
    "device_exposure": ("device_concept_id", "device_exposure_start_date"),
    "measurement": ("measurement_concept_id", "measurement_date"),
    "observation": ("observation_concept_id", "observation_date"),
    "death": ("death_date",),
    "note": ("note_date",),
    "specimen": ("specimen_concept_id", "specimen_date"),
    "payer_plan_period": ("payer_plan_period_start_date", "payer_plan_period_end_date"),
    "condition_era": (
        "condition_concept_id",
        "condition_era_start_date",
        "condition_era_end_date",
    ),
    "drug_era": ("drug_concept_id", "drug_era_start_date", "drug_era_end_date"),
    "dose_era": ("drug_concept_id", "dose_era_start_date", "dose_era_end_date"),
    "episode": ("episode_concept_id", "episode_start_date"),
    "cohort": ("cohort_definition_id", "cohort_start_date"),
    "location": ("location_id",),
    "care_site": ("care_site_id",),
    "provider": ("provider_id",),
}
# Tables without persons, which are read by way of person.
OF_PERSONS = {
    "location": "location_id",
    "care_site": "care_site_id",
    "provider": "provider_id",
}
# Columns that are not OMOP's, and made here.
BORN_ON, OBSERVED = "date_of_birth", "in_observation"
PERIODS = "observation_period"
# What date_of_birth is made of.
BIRTH = ("year_of_birth", "month_of_birth", "day_of_birth")
BORN = """CASE WHEN year_of_birth BETWEEN 1 AND 9999 THEN make_date(
        year_of_birth,
        CASE WHEN month_of_birth BETWEEN 1 AND 12 THEN month_of_birth ELSE 1 END,
        1
    ) END"""
DAY_OF_MONTH = """CASE WHEN month_of_birth BETWEEN 1 AND 12 AND day_of_birth BETWEEN 1 AND day(last_day({born}))
        THEN day_of_birth ELSE 1 END"""
# Of several rows of a death, the first in this order; a cause that is 0 is none.
DEATH = (
    "death_date",
    "cause_concept_id",
    "cause_source_concept_id",
    "cause_source_value",
    "death_type_concept_id",
)


def _declared() -> dict[str, TableSchema]:
    found: dict[str, TableSchema] = {}
    for member in vars(omop).values():
        node = getattr(member, "_node", None)
        if isinstance(node, nodes.Table):
            found[node.schema.name] = node.schema
    return found


OWN = _declared()


def own_inputs(name: str, columns: Sequence[str]) -> dict[str, TableSchema]:
    """The stored tables that a table reads, with the columns that are read of each."""
    wanted = [OWN[name].column(column) for column in _stored_columns(name, columns)]
    required = REQUIRED[name]
    read = tuple(
        Column(each.name, each.type, required=each.name in required) for each in wanted
    )
    if name in OF_PERSONS:
        return _by_way_of_person(name, read)
    key = Column(PATIENTS.get(name, "person_id"), int, required=True)
    table = TableSchema(name, (key, *read), one_row=name == PERSON)
    if name == PERSON:
        return {name: table}
    inputs = {
        name: table,
        PERSON: TableSchema(PERSON, (Column("person_id", int, required=True),)),
    }
    if OBSERVED in columns:
        ends = (
            Column(f"{PERIODS}_{end}_date", datetime.date, required=True)
            for end in ("start", "end")
        )
        inputs[PERIODS] = TableSchema(
            PERIODS, (Column("person_id", int, required=True), *ends)
        )
    return inputs


def _stored_columns(name: str, columns: Sequence[str]) -> list[str]:
    """What is read of the stored table: also the columns that show that it is this
    table.
    """
    if name == PERSON:
        born = BIRTH if BORN_ON in columns else ()
        others = (column for column in columns if column != BORN_ON)
        return list(dict.fromkeys([*REQUIRED[name], *others, *born]))
    if name == "death":
        return list(dict.fromkeys([*columns, *DEATH]))
    return list(
        dict.fromkeys(
            [*REQUIRED[name], *(column for column in columns if column != OBSERVED)]
        )
    )


def _by_way_of_person(name: str, read: tuple[Column, ...]) -> dict[str, TableSchema]:
    key = Column(OF_PERSONS[name], int, required=True)
    others = tuple(column for column in read if column.name != key.name)
    persons: tuple[Column, ...] = (
        Column("person_id", int, required=True),
        Column(key.name, int),
    )
    inputs = {name: TableSchema(name, (key, *others))}
    if name == "care_site":
        persons = (*persons, Column("provider_id", int))
        inputs["provider"] = TableSchema(
            "provider", (Column("provider_id", int), Column("care_site_id", int))
        )
    return {**inputs, PERSON: TableSchema(PERSON, persons, one_row=True)}


def own_needs(name: str, columns: Sequence[str]) -> frozenset[str]:
    """The stored tables that must be there."""
    if name in OF_PERSONS:
        return frozenset((name, PERSON))
    return frozenset((name, PERIODS)) if OBSERVED in columns else frozenset((name,))


def own_sql(name: str, columns: Sequence[str]) -> str:
    """The rows of a table, `patient_id` first."""
    if name == PERSON:
        return _persons(columns)
    if name in OF_PERSONS:
        return _of_persons(name, columns)
    key = PATIENTS.get(name, "person_id")
    values = [
        _observed(name, key) if each == OBSERVED else f"own.{quote(each)}"
        for each in columns
    ]
    listed = ", ".join([f"own.{key} AS patient_id", *values])
    rows = f"FROM {name} AS own SEMI JOIN {PERSON} ON {PERSON}.person_id = own.{key}"
    if name != "death":
        return f"SELECT {listed} {rows}"
    without_cause = (
        "coalesce(own.cause_concept_id, 0) = 0, "
        "coalesce(own.cause_source_concept_id, 0) = 0"
    )
    order = ", ".join(f"own.{column} NULLS LAST" for column in DEATH[1:])
    first = f"own.person_id, own.death_date NULLS LAST, {without_cause}, {order}"
    return f"SELECT DISTINCT ON (own.person_id) {listed} {rows} ORDER BY {first}"


def _observed(name: str, key: str) -> str:
    """Whether the first day of a row lies in an observation period."""
    day = next(column for column in REQUIRED[name] if column.endswith("_date"))
    within = (
        f"own.{day} BETWEEN period.{PERIODS}_start_date AND period.{PERIODS}_end_date"
    )
    return (
        f"EXISTS (FROM {PERIODS} AS period WHERE period.person_id = own.{key} AND "
        f"{within}) AS {OBSERVED}"
    )


def _persons(columns: Sequence[str]) -> str:
    day = DAY_OF_MONTH.format(born=BORN)
    born = f"CAST({BORN} + CAST({day} - 1 AS INTEGER) AS DATE)"
    listed = []
    for each in columns:
        listed.append(f"{born} AS date_of_birth" if each == BORN_ON else quote(each))
    return f"SELECT {', '.join(['person_id AS patient_id', *listed])} FROM {PERSON}"


def _of_persons(name: str, columns: Sequence[str]) -> str:
    key = OF_PERSONS[name]
    own = f"nullif({PERSON}.{key}, 0)"
    rows = f"FROM {PERSON}"
    if name == "care_site":
        rows += (
            " LEFT JOIN (SELECT provider_id, max(care_site_id) AS care_site_id FROM "
            "provider GROUP BY provider_id)"
        )
        rows += f" AS provider ON provider.provider_id = {PERSON}.provider_id"
        own = f"coalesce({own}, provider.care_site_id)"
    listed = ", ".join(
        [
            f"{PERSON}.person_id AS patient_id",
            *(f"own.{quote(each)}" for each in columns),
        ]
    )
    # a site may have several rows of one place
    order = ", ".join(
        [f"{PERSON}.person_id", *(f"own.{quote(each)} NULLS LAST" for each in columns)]
    )
    first = (
        f"SELECT DISTINCT ON ({PERSON}.person_id) {listed} {rows} JOIN {name} AS own "
        f"ON own.{key} = {own}"
    )
    return f"{first} ORDER BY {order}"


def lacking(name: str, there: Mapping[str, str], columns: Sequence[str]) -> list[str]:
    """The columns that a stored table does not have; `there`: those that it has."""
    own = []
    for column in columns:
        if column not in (BORN_ON, OBSERVED):
            own.append(OWN[name].column(column))
    found: list[str] = []
    for each in own:
        if not any(other in there for other in names_of(each)):
            found.append(each.name)
    return found
