"""Vaccinations one after the other, each after the one before it, and body-mass
index.
"""

from cohortextractor import Measure, StudyDefinition, patients


def jab(number, after):
    return {
        f"jab_{number}": patients.with_tpp_vaccination_record(
            target_disease_matches="SARS-2 CORONAVIRUS",
            on_or_after=after,
            find_first_match_in_period=True,
            returning="date",
            date_format="YYYY-MM-DD",
        )
    }


study = StudyDefinition(
    index_date="2021-12-01",
    population=patients.registered_with_one_practice_between(
        "2020-12-08", "index_date"
    ),
    **jab(1, "2020-12-08"),
    **jab(2, "jab_1 + 14 days"),
    **jab(3, "jab_2 + 2 months"),
    first_half=patients.fixed_value("2021-06-30"),
    early=patients.satisfying("jab_1 AND jab_1 <= first_half"),
    had_2=patients.satisfying("jab_2 != ''"),
    bmi=patients.most_recent_bmi(
        on_or_before="index_date",
        minimum_age_at_measurement=16,
        include_measurement_date=True,
        include_month=True,
    ),
    obese=patients.categorised_as({"yes": "bmi >= 30 AND bmi < 100", "no": "DEFAULT"}),
    latest=patients.maximum_of("jab_1", "jab_2", "jab_3"),
)

measures = [
    Measure(id="two", denominator="early", numerator="had_2", group_by=["obese"]),
    Measure(
        id="early", denominator="population", numerator="early", group_by="population"
    ),
]
