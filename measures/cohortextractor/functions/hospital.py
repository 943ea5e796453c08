"""Stays in hospital, emergency care and outpatient appointments."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from extractors.model import nodes
from extractors.tables import tpp
from measures.cohortextractor import making
from measures.cohortextractor.asked import Asked, Wrong
from measures.cohortextractor.codelists import Codelist, codes_in, texts_in
from measures.cohortextractor.columns import Column, dated
from measures.cohortextractor.context import Context
from measures.cohortextractor.functions.matching import (
    Rows,
    Value,
    is_any,
    precision,
    refuse_first_and_last,
    returned,
    table,
    text_of,
    wanted,
)
from measures.cohortextractor.making import Series, call, column

PLAIN = re.compile(r"[0-9A-Za-z]+")
NO_COLUMN = "has no column in the tables of today; leave it out"
WITHOUT_COLUMN = (
    "with_source_of_admission",
    "with_admission_treatment_function_code",
    "with_administrative_category",
)
RETURNS_WITHOUT_COLUMN = (
    "duration_of_elective_wait",
    "administrative_category",
    "source_of_admission",
    "admission_treatment_function_code",
)
BED_DAYS, CRITICAL_DAYS = (
    "total_bed_days_in_period",
    "total_critical_care_days_in_period",
)
ATTENDED, FIRST = ("5", "6"), ("1", "3")
MEDIA = ("01", "02", "03", "04", "05", "09", "10", "11", "98")
DIAGNOSES = [f"diagnosis_{number:02}" for number in range(1, 25)]


# stays --------------------------------------------------------------------------------


def admitted_to_hospital(context: Context, asked: Asked) -> Column:
    _refuse_what_has_no_column(asked)
    rows = Rows(table(tpp.apcs), "admission_date", ties=("apcs_ident",), least=True)
    rows = rows.where(*_conditions(asked, rows)).within(context.period(asked))
    returning, last = wanted(asked)
    match returning:
        case "date_discharged":
            day = making.extreme(column(rows.frame, "discharge_date"), last=last)
            return dated(day, precision(asked))
        case "total_bed_days_in_period":
            return _total(asked, rows, column(rows.frame, "discharge_date"), days=1)
        case "total_critical_care_days_in_period":
            days = column(rows.frame, "days_in_critical_care")
            return _total(
                asked,
                rows,
                call("add_days", column(rows.frame, "admission_date"), days),
                days=0,
            )
    return returned(asked, rows, VALUES, date="date_admitted")


VALUES: dict[str, Value] = {
    "primary_diagnosis": text_of("primary_diagnosis"),
    "admission_method": text_of("admission_method"),
    "discharge_destination": text_of("discharge_destination"),
    "patient_classification": text_of("patient_classification"),
    "days_in_critical_care": text_of("days_in_critical_care"),
    # these three are returned before these values are asked for
    "date_discharged": text_of("discharge_destination"),
    BED_DAYS: text_of("discharge_destination"),
    CRITICAL_DAYS: text_of("discharge_destination"),
}


def _refuse_what_has_no_column(asked: Asked) -> None:
    for name in WITHOUT_COLUMN:
        if asked[name] is not None:
            raise Wrong(f"{name} {NO_COLUMN}")
    if wanted(asked)[0] in RETURNS_WITHOUT_COLUMN:
        raise Wrong(f"the {wanted(asked)[0]} of a stay {NO_COLUMN}")


def _conditions(asked: Asked, rows: Rows) -> Iterable[Series]:
    """What a stay must fulfil."""
    for name in ("admission_method", "discharge_destination", "patient_classification"):
        argument = f"with_{name}"
        if asked[argument] is not None:
            yield making.one_of(
                column(rows.frame, name), texts_in(asked[argument], argument)
            )
    if asked["with_these_primary_diagnoses"] is not None:
        codes = codes_in(
            asked["with_these_primary_diagnoses"],
            "with_these_primary_diagnoses",
            ("icd10",),
        )
        yield _begins(column(rows.frame, "primary_diagnosis"), codes)
    if asked["with_these_diagnoses"] is not None:
        codes = codes_in(
            asked["with_these_diagnoses"], "with_these_diagnoses", ("icd10",)
        )
        yield _holds(column(rows.frame, "all_diagnoses"), codes)
    if asked["with_these_procedures"] is not None:
        codes = codes_in(
            asked["with_these_procedures"], "with_these_procedures", ("opcs4",)
        )
        yield _holds(column(rows.frame, "all_procedures"), codes)
    if asked["with_at_least_one_day_in_critical_care"]:
        yield call("gt", column(rows.frame, "days_in_critical_care"), making.literal(0))


def _begins(code: Series, codes: Codelist) -> Series:
    """Whether a code begins with one of a list: one look-up for each length of
    these.
    """
    lengths: dict[int, list[str]] = {}
    for each in codes.codes:
        lengths.setdefault(len(each), []).append(each)
    beginnings = [
        making.one_of(call("first_characters", code, making.literal(length)), same)
        for length, same in sorted(lengths.items())
    ]
    return making.either(*beginnings)


def _holds(codes: Series, wanted: Codelist) -> Series:
    """Whether an entry of a text of codes begins with one of a list; an entry is
    letters and digits alone.
    """
    plain = [code for code in wanted.codes if PLAIN.fullmatch(code)]
    return call("word_begins", codes, making.literal(" ".join(plain)))


def _total(asked: Asked, rows: Rows, end: Series, *, days: int) -> Column:
    """Of each day of admission the longest stay, in nights and some days more; their
    sum.
    """
    refuse_first_and_last(asked, str(wanted(asked)[0]))
    start = column(rows.frame, "admission_date")
    nights: Series = nodes.Aggregate("nights_by_start", call("spell", start, end))
    if days:
        known = making.rows_where(rows.frame, making.is_there(end))
        stays = nodes.Aggregate("count_distinct", column(known, "admission_date"))
        nights = call("add", nights, stays)
    return Column("int", nights)


# emergency care -----------------------------------------------------------------------


def attended_emergency_care(context: Context, asked: Asked) -> Column:
    rows = Rows(
        table(tpp.emergency_care_attendances), "arrival_date", ties=("id",), least=True
    )
    if asked["with_these_diagnoses"] is not None:
        codes = texts_in(asked["with_these_diagnoses"], "with_these_diagnoses")
        found = []
        for name in DIAGNOSES:
            found.append(making.filled(is_any(column(rows.frame, name), codes), False))
        rows = rows.where(making.either(*found))
    if asked["discharged_to"] is not None:
        codes = texts_in(asked["discharged_to"], "discharged_to")
        rows = rows.where(is_any(column(rows.frame, "discharge_destination"), codes))
    rows = rows.within(context.period(asked))
    values = {"discharge_destination": text_of("discharge_destination")}
    return returned(asked, rows, values, date="date_arrived")


# outpatients --------------------------------------------------------------------------


def outpatient_appointment_date(context: Context, asked: Asked) -> Column:
    rows = Rows(table(tpp.opa), "appointment_date", ties=("opa_ident",), least=True)
    if asked["attended"]:
        rows = rows.where(
            making.one_of(column(rows.frame, "attendance_status"), ATTENDED)
        )
    if asked["is_first_attendance"]:
        rows = rows.where(making.one_of(column(rows.frame, "first_attendance"), FIRST))
    functions = asked["with_these_treatment_function_codes"]
    if functions is not None:
        codes = texts_in(functions, "with_these_treatment_function_codes")
        rows = rows.where(
            making.one_of(column(rows.frame, "treatment_function_code"), codes)
        )
    if asked["with_these_procedures"] is not None:
        rows = rows.where(_has_procedure(rows, asked["with_these_procedures"]))
    rows = rows.within(context.period(asked))
    return returned(asked, rows, {"consultation_medium_used": _medium})


def _medium(row: making.Frame) -> Column:
    return Column("str", column(row, "consultation_medium_used"), labels=MEDIA)


def _has_procedure(rows: Rows, listed: Any) -> Series:
    """Whether the appointment's primary procedure has one of the codes anywhere in
    it.
    """
    codes = codes_in(listed, "with_these_procedures", ("opcs4",))
    procedures = table(tpp.opa_proc)
    code = call("to_text", column(procedures, "primary_procedure_code"))
    found = [call("contains", code, making.literal(each)) for each in codes.codes]
    with_code = making.rows_where(procedures, making.either(*found))
    return call(
        "in",
        column(rows.frame, "opa_ident"),
        nodes.Aggregate("set", column(with_code, "opa_ident")),
    )


HOSPITAL: dict[str, Callable[[Context, Asked], Column]] = {
    "admitted_to_hospital": admitted_to_hospital,
    "attended_emergency_care": attended_emergency_care,
    "outpatient_appointment_date": outpatient_appointment_date,
}
