# mypy: ignore-errors
from codelists import asthma, salbutamol
from ehrql import create_dataset, days, minimum_of, months, weeks
from ehrql.tables.tpp import (
    clinical_events,
    decision_support_values,
    ethnicity_from_sus,
    household_memberships_2020,
    medications,
    patients,
)

study_start = "2021-01-01"
dataset = create_dataset()
dataset.define_population(patients.exists_for_patient())

egfr = clinical_events.where(clinical_events.snomedct_code.is_in(["80274001"])).where(
    clinical_events.date.is_on_or_before(study_start)
)
dataset.egfr_mean = egfr.numeric_value.mean_for_patient()
dataset.egfr_lowest = egfr.numeric_value.minimum_for_patient()
latest = (
    egfr.where(egfr.numeric_value.is_not_null()).sort_by(egfr.date).last_for_patient()
)
dataset.egfr_latest = latest.numeric_value
dataset.egfr_rounded = latest.numeric_value.as_int()
dataset.egfr_age_months = (study_start - latest.date).months
dataset.ckd = (latest.numeric_value < 60) & (latest.numeric_value > 0)

inhalers = medications.where(medications.dmd_code.is_in(salbutamol))
in_year = inhalers.where(inhalers.date.is_on_or_between("2020-01-01", "2020-12-31"))
dataset.inhalers = in_year.count_for_patient()
dataset.inhalers_per_quarter = dataset.inhalers / 4
dataset.courses = in_year.date.count_episodes_for_patient(days(14))
dataset.long_courses = in_year.date.count_episodes_for_patient(weeks(8))
first_inhaler = in_year.sort_by(in_year.date).first_for_patient()
dataset.asthma_soon_after = clinical_events.where(
    clinical_events.snomedct_code.is_in(asthma)
    & clinical_events.date.is_on_or_between(
        first_inhaler.date, first_inhaler.date + months(1)
    )
).exists_for_patient()

frailty = decision_support_values.electronic_frailty_index()
dataset.frailty = (
    frailty.where(frailty.calculation_date <= study_start)
    .sort_by(frailty.calculation_date)
    .last_for_patient()
    .numeric_value
)
dataset.household = minimum_of(household_memberships_2020.household_size, 5)
dataset.ethnicity = ethnicity_from_sus.code.map_values(
    {"A": "White", "B": "White", "C": "White", "H": "Asian", "M": "Black"},
    default="Other or unknown",
)
dataset.birth_decade = patients.date_of_birth.year // 10 * 10
