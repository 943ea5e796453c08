# ruff: noqa
# mypy: ignore-errors
# Study of chronic conditions
from cohortextractor import patients, StudyDefinition, Measure
from codelists import *
from datetime import date, timedelta, datetime


def days(day, n):
    return (datetime.strptime(day, "%Y-%m-%d") + timedelta(days=n)).strftime("%Y-%m-%d")


end = days("2020-12-01", 31)
study = StudyDefinition(
    default_expectations={
        "date": {"earliest": "1900-01-01", "latest": "today"},
        "rate": "uniform",
        "incidence": 0.5,
    },
    index_date="2020-12-01",
    population=patients.satisfying(
        """has_follow_up AND (age >=18 AND age <= 110) AND (at_risk OR recent_ics >= 2) # risk""",
        has_follow_up=patients.registered_with_one_practice_between(
            "index_date - 1 year", "index_date"
        ),
        at_risk=patients.satisfying(
            "lung OR (asthma_now AND NOT copd_like) OR bmi >= 40",
            lung=patients.with_these_clinical_events(
                lung_codes, on_or_before="index_date"
            ),
            asthma_now=patients.satisfying(
                "asthma_ever AND ics_recent",
                asthma_ever=patients.with_these_clinical_events(
                    asthma_codes, on_or_before="index_date"
                ),
                ics_recent=patients.with_these_medications(
                    ics_codes, between=["index_date - 3 months", "index_date"]
                ),
            ),
            copd_like=patients.with_these_clinical_events(
                codelist(["H3..."], "ctv3"), on_or_before="index_date"
            ),
        ),
        recent_ics=patients.with_these_medications(
            ics_codes,
            between=["index_date - 12 months", "index_date"],
            returning="number_of_matches_in_period",
            episode_defined_as=None,
        ),
    ),
    age=patients.age_as_of(
        "index_date",
        return_expectations={
            "rate": "universal",
            "int": {"distribution": "population_ages"},
        },
    ),
    bmi=patients.most_recent_bmi(
        between=["index_date - 5 years", "index_date"],
        minimum_age_at_measurement=18,
        include_measurement_date=True,
        date_format="YYYY-MM",
        return_expectations={
            "date": {"latest": "today"},
            "float": {"distribution": "normal", "mean": 28, "stddev": 8},
            "incidence": 0.8,
        },
    ),
    bmi_cat=patients.categorised_as(
        {
            "Not obese": "DEFAULT",
            "Obese I (30-34.9)": """ bmi >= 30 AND bmi < 35""",
            "Obese II (35-39.9)": "bmi >= 35 AND bmi < 40",
            "Obese III (40+)": "bmi >= 40 AND bmi < 100",
        },
    ),
    smoking_status=patients.categorised_as(
        {
            "S": "most_recent_smoking_code = 'S'",
            "E": """
                 most_recent_smoking_code = 'E' OR (
                   most_recent_smoking_code = 'N' AND ever_smoked
                 )
            """,
            "N": "most_recent_smoking_code = 'N' AND NOT ever_smoked",
            "M": "DEFAULT",
        },
        return_expectations={
            "category": {"ratios": {"S": 0.6, "E": 0.1, "N": 0.2, "M": 0.1}}
        },
        most_recent_smoking_code=patients.with_these_clinical_events(
            clear_smoking_codes,
            find_last_match_in_period=True,
            on_or_before="2020-11-30",
            returning="category",
        ),
        ever_smoked=patients.with_these_clinical_events(
            unclear_smoking_codes, on_or_before="2020-11-30"
        ),
    ),
    creatinine=patients.with_these_clinical_events(
        creatinine_codes,
        find_last_match_in_period=True,
        on_or_before=end,
        returning="numeric_value",
        include_date_of_match=True,
        include_month=True,
    ),
    creatinine_operator=patients.comparator_from(
        "creatinine",
        return_expectations={
            "rate": "universal",
            "category": {"ratios": {None: 0.10, "~": 0.05, "=": 0.65}},
            "incidence": 0.80,
        },
    ),
    creatinine_age=patients.age_as_of("creatinine_date"),
    hba1c_mmol=patients.with_these_clinical_events(
        hba1c_new,
        find_last_match_in_period=True,
        between=["2018-12-01", "2020-11-30"],
        returning="numeric_value",
        ignore_missing_values=True,
    ),
    hba1c_pct=patients.with_these_clinical_events(
        hba1c_old,
        find_last_match_in_period=True,
        between=["2018-12-01", "2020-11-30"],
        returning="numeric_value",
    ),
    hba1c_day=patients.date_of("hba1c_mmol", date_format="YYYY-MM-DD"),
    hba1c_max=patients.maximum_of("hba1c_mmol", "hba1c_pct"),
    sbp=patients.mean_recorded_value(
        bp_codes,
        on_most_recent_day_of_measurement=True,
        on_or_before="index_date",
        include_measurement_date=True,
        include_month=True,
    ),
    sbp_day=patients.date_of("sbp", date_format="YYYY-MM-DD"),
    exacerbations=patients.with_these_clinical_events(
        asthma_codes,
        between=["index_date - 1 year", "index_date - 1 day"],
        ignore_days_where_these_codes_occur=diabetes_codes,
        returning="number_of_episodes",
        episode_defined_as="series of events each <= 14 days apart",
    ),
    cut=patients.fixed_value("2020-06-01"),
    early=patients.satisfying(
        "first_asthma AND first_asthma < cut",
        first_asthma=patients.with_these_clinical_events(
            asthma_codes,
            returning="date",
            find_first_match_in_period=True,
            date_format="YYYY-MM-DD",
        ),
    ),
)
