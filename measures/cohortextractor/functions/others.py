"""Appointments, vaccinations, tests, treatments, households, ethnicity and the renal
registry.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from extractors.tables import tpp
from measures.cohortextractor import making
from measures.cohortextractor.asked import Asked, Wrong, one_of_these
from measures.cohortextractor.codelists import texts_in
from measures.cohortextractor.columns import TYPES, Column, Kind, dated
from measures.cohortextractor.context import Context
from measures.cohortextractor.dates import Period
from measures.cohortextractor.functions.matching import (
    Rows,
    Value,
    number_of,
    precision,
    returned,
    table,
    text_of,
    wanted,
)
from measures.cohortextractor.making import Frame, Series, call, column

KEPT = ("Arrived", "Waiting", "In Progress", "Finished", "Patient Walked Out", "Visit")
FRAILTY = {
    "algorithm_description": "UK Electronic Frailty Index (eFI)",
    "algorithm_version": "1.0",
}
SUS_6 = {"1": "ABC", "2": "DEFG", "3": "HJKL", "4": "MNP", "5": "RS"}
SUS_16 = {str(number): letter for number, letter in enumerate("ABCDEFGHJKLMNPRS", 1)}
HOUSEHOLD_DAY = "2020-02-01"


# primary care -------------------------------------------------------------------------


def with_gp_consultations(context: Context, asked: Asked) -> Column:
    rows = Rows(table(tpp.appointments), "seen_date")
    rows = rows.where(making.one_of(column(rows.frame, "status"), KEPT)).within(
        context.period(asked)
    )
    return returned(asked, rows, {})


def with_these_decision_support_values(context: Context, asked: Asked) -> Column:
    one_of_these(asked["algorithm"], ("electronic_frailty_index",), "algorithm")
    rows = Rows(
        table(tpp.decision_support_values), "calculation_date", ties=("numeric_value",)
    )
    for name, text in FRAILTY.items():
        rows = rows.where(call("eq", column(rows.frame, name), making.literal(text)))
    if asked["ignore_missing_values"]:
        rows = rows.where(
            call("ne", column(rows.frame, "numeric_value"), making.literal(0.0))
        )
    rows = rows.within(context.period(asked))
    return returned(asked, rows, {"numeric_value": number_of("numeric_value")})


def with_tpp_vaccination_record(context: Context, asked: Asked) -> Column:
    return _vaccinated(context, asked, asked.arguments)


def with_vaccination_record(context: Context, asked: Asked) -> Column:
    of_tpp = asked["tpp"]
    if not isinstance(of_tpp, Mapping):
        raise Wrong(
            "with_vaccination_record needs tpp={…} with target_disease_matches or "
            "product_name_matches"
        )
    return _vaccinated(context, asked, of_tpp)


def _vaccinated(context: Context, asked: Asked, what: Mapping[str, Any]) -> Column:
    """What is looked for must all be in one record."""
    rows = Rows(table(tpp.vaccinations), "date", ties=("vaccination_id",), least=True)
    looked_for = {
        "target_disease_matches": "target_disease",
        "product_name_matches": "product_name",
    }
    if all(what.get(argument) is None for argument in looked_for):
        raise Wrong("vaccinations need target_disease_matches or product_name_matches")
    for argument, name in looked_for.items():
        if what.get(argument) is not None:
            rows = rows.where(
                making.one_of(
                    column(rows.frame, name), texts_in(what[argument], argument)
                )
            )
    return returned(asked, rows.within(context.period(asked)), {})


def with_healthcare_worker_flag(context: Context, asked: Asked) -> Column:
    one_of_these(asked["returning"], ("binary_flag",), "returning")
    rows = table(tpp.occupation_on_covid_vaccine_record)
    return Column(
        "flag",
        making.exists(making.rows_where(rows, column(rows, "is_healthcare_worker"))),
    )


# tests and treatments of COVID-19 -----------------------------------------------------


def with_test_result_in_sgss(context: Context, asked: Asked) -> Column:
    if asked["pathogen"] != "SARS-CoV-2":
        raise Wrong(f"pathogen must be 'SARS-CoV-2', not {asked['pathogen']!r}")
    result = one_of_these(
        asked["test_result"], ("any", "positive", "negative"), "test_result"
    )
    if asked["restrict_to_earliest_specimen_date"]:
        return _of_first_specimens(context, asked, result)
    rows = _tests(result).within(context.period(asked))
    values: dict[str, Value] = {
        "s_gene_target_failure": _s_gene,
        "variant": text_of("variant"),
        "variant_detection_method": text_of("variant_detection_method"),
        "symptomatic": _symptomatic,
    }
    if wanted(asked)[0] == "case_category":
        raise Wrong("case_category has no column in the tables of today; leave it out")
    return returned(asked, rows, values)


def _tests(result: str) -> Rows:
    rows = Rows(
        table(tpp.sgss_covid_all_tests),
        "specimen_taken_date",
        ties=("lab_report_date",),
    )
    positive = column(rows.frame, "is_positive")
    if result == "any":
        return rows
    return rows.where(positive if result == "positive" else making.negated(positive))


def _of_first_specimens(context: Context, asked: Asked, result: str) -> Column:
    """Of each result the first specimen there ever was, if it is in the period."""
    returning, last = wanted(asked)
    known = ("binary_flag", "date", "s_gene_target_failure", "case_category")
    if returning not in known and returning in (
        "number_of_matches_in_period",
        "variant",
        "symptomatic",
    ):
        raise Wrong(f"{returning} needs restrict_to_earliest_specimen_date=False")
    one_of_these(returning, known, "returning")
    if returning == "case_category":
        raise Wrong("case_category has no column in the tables of today; leave it out")
    results = ("positive", "negative") if result == "any" else (result,)
    firsts = [_first_within(_tests(each), context.period(asked)) for each in results]
    day = firsts[0]
    if len(firsts) > 1:
        day = call("maximum_of" if last else "minimum_of", *firsts)
    if returning == "date":
        return dated(day, precision(asked))
    if returning == "binary_flag":
        return Column("flag", making.is_there(day), day=day)
    row = _tests(results[0]).pick(last=False)
    is_of_it = making.filled(call("eq", firsts[0], day), False)
    value = making.choice([(is_of_it, _s_gene(row).node)], making.nothing(str))
    return Column("str", value, day=day)


def _first_within(rows: Rows, period: Period) -> Series:
    first = rows.extreme_day(last=False)
    conditions = period.holds(first)
    if not conditions:
        return first
    return making.choice(
        [(making.both(*conditions), first)], making.nothing(making.DATE)
    )


def _s_gene(row: Frame) -> Column:
    status = column(row, "sgtf_status")
    return Column("str", call("to_text", status), labels=tuple(map(str, range(10))))


def _symptomatic(row: Frame) -> Column:
    flag = column(row, "was_symptomatic")
    pairs = [(flag, making.literal("Y")), (making.negated(flag), making.literal("N"))]
    return Column("str", making.choice(pairs, making.nothing(str)))


def with_covid_therapeutics(context: Context, asked: Asked) -> Column:
    rows = Rows(
        table(tpp.covid_therapeutics), "treatment_start_date", ties=("intervention",)
    )
    looked_for = {
        "with_these_statuses": "current_status",
        "with_these_therapeutics": "intervention",
        "with_these_indications": "covid_indication",
    }
    for argument, name in looked_for.items():
        if asked[argument] is not None:
            rows = rows.where(
                making.one_of(
                    column(rows.frame, name), texts_in(asked[argument], argument)
                )
            )
    values: dict[str, Value] = {
        "therapeutic": text_of("intervention"),
        "risk_group": text_of("risk_cohort"),
        "region": text_of("region"),
    }
    return returned(asked, rows.within(context.period(asked)), values)


# one row per patient ------------------------------------------------------------------


def with_ethnicity_from_sus(context: Context, asked: Asked) -> Column:
    if asked["use_most_frequent_code"] is not True:
        raise Wrong("with_ethnicity_from_sus needs use_most_frequent_code=True")
    code = column(table(tpp.ethnicity_from_sus), "code")
    match one_of_these(
        asked["returning"], ("code", "group_6", "group_16"), "returning"
    ):
        case "code":
            return Column("str", code)
        case "group_6":
            return _group(code, SUS_6)
    return _group(code, SUS_16)


def _group(code: Series, groups: Mapping[str, str]) -> Column:
    first = call("first_characters", code, making.literal(1))
    pairs = []
    for group, letters in groups.items():
        pairs.append((making.one_of(first, list(letters)), making.literal(group)))
    return Column(
        "str", making.choice(pairs, making.literal("0")), labels=("0", *groups)
    )


def household_as_of(context: Context, asked: Asked) -> Column:
    if asked["reference_date"] != HOUSEHOLD_DAY:
        raise Wrong(
            f"households are known on {HOUSEHOLD_DAY} alone, not on "
            f"{asked['reference_date']!r}"
        )
    frame = table(tpp.household_memberships_2020)
    match asked["returning"]:
        case "pseudo_id":
            return Column("int", column(frame, "household_pseudo_id"), unit=True)
        case "household_size":
            return Column("int", column(frame, "household_size"))
    raise Wrong(
        f"the {asked['returning']} of a household has no column in the tables of "
        "today; leave it out"
    )


UKRR: dict[str, Kind] = {
    "renal_centre": "str",
    "rrt_start_date": "date",
    "treatment_modality_start": "str",
    "treatment_modality_prevalence": "str",
    "latest_creatinine": "float",
    "latest_egfr": "float",
}
DATASETS: Sequence[str] = (
    "2019_prevalence",
    "2020_prevalence",
    "2021_prevalence",
    "2020_incidence",
    "2020_ckd",
)


def with_record_in_ukrr(context: Context, asked: Asked) -> Column:
    dataset = one_of_these(asked["from_dataset"], DATASETS, "from_dataset")
    returning = one_of_these(asked["returning"], ("binary_flag", *UKRR), "returning")
    rows = Rows(table(tpp.ukrr), "rrt_start_date", ties=("renal_centre",))
    rows = rows.where(
        call("eq", column(rows.frame, "dataset"), making.literal(dataset))
    )
    rows = rows.within(context.period(asked))
    if returning == "binary_flag":
        return Column("flag", making.exists(rows.frame))
    value = column(rows.pick(last=False), returning)
    kind = UKRR[returning]
    assert value.type is TYPES[kind]
    return dated(value, precision(asked)) if kind == "date" else Column(kind, value)


# what is not recorded any more --------------------------------------------------------

NOT_THERE = {
    "with_death_recorded_in_cpns": "deaths in hospital as CPNS records them",
    "admitted_to_icu": "stays in intensive care (ICNARC)",
    "with_high_cost_drugs": "drugs of high cost",
    "with_an_isaric_record": "ISARIC's records",
}


def not_there(context: Context, asked: Asked) -> Column:
    raise Wrong(
        f"{asked.function} asks for {NOT_THERE[asked.function]}, which no table of "
        "today has; leave it out"
    )


OTHERS: dict[str, Callable[[Context, Asked], Column]] = {
    "with_gp_consultations": with_gp_consultations,
    "with_these_decision_support_values": with_these_decision_support_values,
    "with_tpp_vaccination_record": with_tpp_vaccination_record,
    "with_vaccination_record": with_vaccination_record,
    "with_healthcare_worker_flag_on_covid_vaccine_record": with_healthcare_worker_flag,
    "with_test_result_in_sgss": with_test_result_in_sgss,
    "with_covid_therapeutics": with_covid_therapeutics,
    "with_ethnicity_from_sus": with_ethnicity_from_sus,
    "household_as_of": household_as_of,
    "with_record_in_ukrr": with_record_in_ukrr,
    **dict.fromkeys(NOT_THERE, not_there),
}
