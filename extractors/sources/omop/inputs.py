"""The tables of the OMOP CDM (5.3 and 5.4) that the views read, with the columns they
need.

`required` means: a dump without this column cannot be read. All others may be missing,
and often are.
"""

import datetime

from extractors.model.schema import Column, TableSchema
from extractors.model.types import Code
from extractors.sources.omop.coded import Events, all_events


def _columns(type_: type, *names: str, required: bool = True) -> tuple[Column, ...]:
    return tuple(Column(name, type_, required=required) for name in names)


def _optional(type_: type, *names: str) -> tuple[Column, ...]:
    return _columns(type_, *names, required=False)


PERSON_ID = _columns(int, "person_id")


def _events(events: Events) -> TableSchema:
    number = _columns(float, events.number, required=False) if events.number else ()
    return TableSchema(
        events.table,
        PERSON_ID
        + _columns(int, events.concept)
        + _columns(datetime.date, events.date)
        + _optional(int, events.source)
        + number,
    )


INPUTS = {
    schema.name: schema
    for schema in (
        TableSchema(
            "person",
            PERSON_ID
            + _columns(int, "gender_concept_id", "year_of_birth")
            + _optional(int, "month_of_birth", "provider_id", "care_site_id")
            + _optional(datetime.datetime, "birth_datetime"),
            one_row=True,
        ),
        TableSchema(
            "observation_period",
            PERSON_ID
            + _columns(
                datetime.date,
                "observation_period_start_date",
                "observation_period_end_date",
            ),
        ),
        *map(_events, all_events()),
        TableSchema(
            "death",
            PERSON_ID
            + _columns(datetime.date, "death_date")
            + _optional(int, "cause_concept_id", "cause_source_concept_id")
            + _optional(Code, "cause_source_value"),
        ),
        TableSchema(
            "concept",
            _columns(int, "concept_id")
            + _columns(Code, "concept_code")
            + _columns(str, "vocabulary_id")
            + _optional(str, "concept_name"),
        ),
        TableSchema(
            "provider", _columns(int, "provider_id") + _optional(int, "care_site_id")
        ),
    )
}


def _vocabulary(name: str, *columns: Column) -> TableSchema:
    return TableSchema(name, columns)


# What is read of the vocabulary to know which concepts are in a concept set.
VOCABULARY = {
    schema.name: schema
    for schema in (
        _vocabulary(
            "concept_ancestor",
            *_columns(int, "ancestor_concept_id", "descendant_concept_id"),
        ),
        _vocabulary(
            "concept_relationship",
            *_columns(int, "concept_id_1", "concept_id_2"),
            *_columns(str, "relationship_id"),
            *_optional(str, "invalid_reason"),
        ),
        _vocabulary(
            "concept",
            *_columns(int, "concept_id"),
            *_optional(
                str, "domain_id", "standard_concept", "vocabulary_id", "invalid_reason"
            ),
            *_optional(Code, "concept_code"),
        ),
        _vocabulary(
            "vocabulary",
            *_columns(str, "vocabulary_id"),
            *_optional(str, "vocabulary_version"),
        ),
        _vocabulary("cdm_source", *_optional(str, "vocabulary_version")),
    )
}
