# mypy: ignore-errors
"""The columns of OMOP's own tables, against those of a set that OHDSI gives out."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from extractors.model.types import WHOLE, ConceptId
from extractors.sources.omop.own import BORN_ON, OBSERVED, OWN, REQUIRED
from extractors.sources.omop.stored import NAMED_BEFORE

OURS = {BORN_ON, OBSERVED}
# What CDM 5.4 has, and 5.3 has not.
LATER = {
    "visit_occurrence": set(NAMED_BEFORE.values()) - {"parent_visit_detail_id"},
    "procedure_occurrence": {"procedure_end_date", "procedure_end_datetime"},
    "measurement": {
        "unit_source_concept_id",
        "measurement_event_id",
        "meas_event_field_concept_id",
    },
    "observation": {
        "value_source_value",
        "observation_event_id",
        "obs_event_field_concept_id",
    },
    "location": {"country_concept_id", "country_source_value", "latitude", "longitude"},
}


@pytest.fixture
def headers(shared_data) -> dict[str, pa.Schema]:
    """Of the tables of CDM 5.3 that belong to persons."""
    files = (shared_data / "gibleed_omop53").glob("*.parquet")
    return {file.stem: pq.read_schema(file) for file in files if file.stem in OWN}


def test_every_column_of_a_public_set_is_in_the_list_and_no_other(headers):
    assert len(headers) == 12
    for name, header in headers.items():
        theirs = {each.lower() for each in header.names} - {"person_id"}
        own = {column.name for column in OWN[name].columns} - OURS
        assert own - theirs == LATER.get(name, set()), name
        assert theirs <= own, name


def test_a_public_set_has_the_types_that_are_declared(headers):
    """A column without a value has no type in it."""
    for name, header in headers.items():
        for field in header:
            column = next(
                (each for each in OWN[name].columns if each.name == field.name.lower()),
                None,
            )
            if column is None or pa.types.is_null(field.type):
                continue
            is_text = pa.types.is_string(field.type)
            assert is_text == (column.type is str), (name, field)
            is_day = pa.types.is_date(field.type) or pa.types.is_timestamp(field.type)
            assert is_day == (
                "_date" in field.name or field.name == "birth_datetime"
            ), (name, field)
            assert pa.types.is_integer(field.type) <= (
                column.type in (*WHOLE, float)
            ), (name, field)


def test_concept_ids_are_those_that_are_called_so():
    for name, schema in OWN.items():
        for column in schema.columns:
            assert (column.type is ConceptId) == column.name.endswith("_concept_id"), (
                name,
                column.name,
            )


def test_what_must_be_there_is_a_column():
    for name, columns in REQUIRED.items():
        assert set(columns) <= {column.name for column in OWN[name].columns}, name
    assert REQUIRED.keys() == OWN.keys()
