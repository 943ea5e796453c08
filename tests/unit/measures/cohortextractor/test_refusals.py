"""What an old study is refused for, and how that is said."""

import pytest

from measures.cohortextractor.asked import RefusedAt
from measures.cohortextractor.offered import codelist
from tests.lib.old_studies import study_of

X = codelist(["413606001"], system="snomed")
BP = Y = codelist(["163035008"], system="snomed")
GROUPS = codelist([("413606001", "1"), ("163035008", "2")], system="snomed")
ASTHMA = codelist(["H33.."], system="ctv3")
OPERATION = codelist(["A12"], system="opcs4")
COLUMNS = """
    sex=patients.sex(),
    age=patients.age_as_of("2020-01-01"),
    flag=patients.with_these_clinical_events(x),
    n=patients.with_these_clinical_events(x, returning="number_of_matches_in_period"),
    v=patients.with_these_clinical_events(groups, returning="numeric_value"),
    group=patients.with_these_clinical_events(groups, returning="category"),
    imd=patients.address_as_of("2020-01-01", returning="index_of_multiple_deprivation", round_to_nearest=100),
    day=patients.with_these_clinical_events(groups, returning="date", date_format="YYYY-MM-DD"),
    month=patients.date_of("v", date_format="YYYY-MM"),
    year=patients.date_of("v", date_format="YYYY"),
    cut=patients.fixed_value("2020-01-31"),
    label=patients.categorised_as({"0": "age < 0", "5": "DEFAULT"}),
"""


def flags(text: str) -> str:
    return f'patients.with_these_clinical_events(y, on_or_before="{text}")'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2020-1-1", "a date is YYYY-MM-DD"),
        ("2020-02", "a date is YYYY-MM-DD"),
        ("2020-02-30", "there is no day 2020-02-30"),
        ("index_date + 1 month", r"there is no day 2020-01-31 \+1 month"),
        ("index_date - 2 weeks", "not by 'weeks'"),
        ("index_date - 1 month + 1 day", "one operator"),
        ("last_day_of_week(index_date)", "there is no function 'last_day_of_week'"),
        ("first_day_of_month(2020-01-02)", "one operator"),
        ("nothing + 1 day", "there is no column 'nothing'"),
        ("sex", "'sex' is no date"),
        ("year", "'year' has only a year"),
        ("first_day_of_school_year(day)", "takes index_date or today"),
    ],
)
def test_of_dates(text, why):
    """What is no date, or no day that exists"""
    columns = f"""
        sex=patients.sex(),
        year=patients.date_of_birth(),
        day=patients.date_of_birth(date_format="YYYY-MM-DD"),
        a={flags(text)},
    """
    with pytest.raises(RefusedAt, match=why):
        study_of(columns, "--index-date", "2020-01-31", y=Y)


def test_of_dates_bounds():
    """Bounds are mixed in one way only"""
    with pytest.raises(RefusedAt, match="between goes with neither"):
        study_of(
            'a=patients.with_these_clinical_events(y, between=["2020-01-01", '
            '"2020-02-01"], on_or_after="2020-01-01")',
            y=Y,
        )
    with pytest.raises(RefusedAt, match="a pair of dates"):
        study_of(
            'a=patients.with_these_clinical_events(y, between=["2020-01-01"])', y=Y
        )
    with pytest.raises(RefusedAt, match="index_date is used, and the study has none"):
        study_of(f"a={flags('index_date')}", y=Y)


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        (
            'x=patients.with_these_clinical_events(bp, returning="category")',
            "needs a codelist with categories",
        ),
        (
            'x=patients.with_these_clinical_events(bp, returning="term")',
            "returning cannot be 'term'",
        ),
        (
            'x=patients.with_these_medications(bp, returning="numeric_value")',
            "returning cannot be 'numeric_value'",
        ),
        (
            "x=patients.with_these_medications(asthma)",
            "takes codes of snomed, not of 'ctv3'",
        ),
        (
            "x=patients.with_these_clinical_events(icd)",
            "takes codes of snomed or ctv3, not of 'icd10'",
        ),
        ("x=patients.with_these_clinical_events(['a'])", "not a plain list"),
        (
            "x=patients.mean_recorded_value(bp, include_measurement_date=True)",
            "has no date",
        ),
        (
            "x=patients.with_these_clinical_events(bp, "
            'returning="number_of_episodes", episode_defined_as="a week")',
            "series of events each <= N days apart",
        ),
        (
            'a=patients.sex(), x=patients.comparator_from("a")',
            "needs a column of clinical events",
        ),
        ('a=patients.sex(), x=patients.date_of("a")', "has no date"),
        (
            'x=patients.with_these_clinical_events(bp, returning="date", '
            'date_format="YYYY", include_month=True)',
            "date_format goes with neither",
        ),
    ],
)
def test_of_events(columns, why):
    """What cannot be is told with the author's line"""
    icd = codelist(["I21"], system="icd10")
    with pytest.raises(RefusedAt, match=why):
        study_of(columns, bp=BP, asthma=ASTHMA, icd=icd)


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("flag and n", "written in capitals"),
        ("flag IN (1, 2)", "cannot be there|does not belong"),
        ("n BETWEEN 1 AND 2", "cannot be there"),
        ("flag == 1", "cannot be there"),
        ("flag <> 1", "cannot be there"),
        ("flag & n", "does not belong"),
        ("0 <= age < 45", "two comparisons in a row"),
        ("sex = 'a,b'", "has characters"),
        ("day > '2020-01-01'", "has characters"),
        ("nothing = 1", "there is no column 'nothing'"),
        ("sex > 1", "for a number"),
        ("day = 1", "takes a date for a number"),
        ("date = 1", "is a word of SQL"),
        ("(flag", "a bracket is not closed"),
        ("", "cannot be there"),
        ("flag n", "cannot be there"),
    ],
)
def test_of_expressions_expressions(expression, why):
    """What is not in the grammar, and what the old database would not compare"""
    with pytest.raises(RefusedAt, match=why):
        study_of(
            COLUMNS + "value=patients.satisfying(expression),",
            x=X,
            groups=GROUPS,
            expression=expression,
        )


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        (
            'a=patients.categorised_as({"x": "DEFAULT", "y": "DEFAULT"})',
            "exactly one category",
        ),
        ('a=patients.categorised_as({"x": "1 = 1"})', "exactly one category"),
        (
            'a=patients.categorised_as({"x": "1 = 1", 2: "DEFAULT"})',
            "labels of categories",
        ),
        ('a=patients.sex(), b=patients.minimum_of("a", "2020-01-01")', "one type"),
        (
            'a=patients.sex(), b=patients.age_as_of("2020-01-01"), '
            'c=patients.maximum_of("a", "b")',
            "one type",
        ),
        (
            "a=patients.date_of_birth(), "
            'b=patients.date_of_birth(date_format="YYYY-MM"), '
            'c=patients.maximum_of("a", "b")',
            "one format",
        ),
        (
            'a=patients.satisfying("b", b=patients.sex()), b=patients.sex()',
            "there is a column 'b' already",
        ),
        (
            'a=patients.satisfying("b"), b=patients.sex()',
            "there is no column 'b' before this one",
        ),
        ("patient_id=patients.sex()", "'patient_id' is not an allowed name"),
        ("bmi=patients.sex(), BMI=patients.sex()", "differ in capital letters alone"),
        ("a='x'", "needs a function of patients"),
    ],
)
def test_of_expressions_columns(columns, why):
    """Columns need names of their own, and stand before what uses them"""
    with pytest.raises(RefusedAt, match=why):
        study_of(columns)


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        (
            'x=patients.with_death_recorded_in_cpns(on_or_before="2020-01-01")',
            "no table of today has",
        ),
        (
            'x=patients.admitted_to_icu(on_or_after="2020-01-01")',
            "no table of today has",
        ),
        (
            'x=patients.with_high_cost_drugs(drug_name_matches=["a"])',
            "no table of today has",
        ),
        ("x=patients.with_an_isaric_record(returning='age')", "no table of today has"),
        (
            'x=patients.household_as_of("2020-03-01", returning="household_size")',
            "2020-02-01 alone",
        ),
        (
            'x=patients.household_as_of("2020-02-01", returning="is_prison")',
            "no column",
        ),
        (
            'x=patients.with_ethnicity_from_sus(returning="group_6")',
            "use_most_frequent_code=True",
        ),
        ('x=patients.with_test_result_in_sgss("flu")', "pathogen must be"),
        (
            'x=patients.with_test_result_in_sgss("SARS-CoV-2", '
            'returning="number_of_matches_in_period")',
            "restrict_to_earliest_specimen_date=False",
        ),
        (
            'x=patients.with_test_result_in_sgss("SARS-CoV-2", "positive", '
            'returning="case_category")',
            "no column",
        ),
        (
            'x=patients.with_these_codes_on_death_certificate(["I21"])',
            "not a plain list",
        ),
        (
            "x=patients.with_tpp_vaccination_record()",
            "need target_disease_matches or product_name_matches",
        ),
    ],
)
def test_of_linked(columns, why):
    """What no table has, and what does not go together"""
    with pytest.raises(RefusedAt, match=why):
        study_of(columns)


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        (
            'x=patients.address_as_of("2020-01-01", '
            'returning="index_of_multiple_deprivation")',
            "round_to_nearest=100",
        ),
        (
            'x=patients.address_as_of("2020-01-01", returning="msoa", '
            "round_to_nearest=100)",
            "alone",
        ),
        (
            'x=patients.registered_practice_as_of("2020-01-01", '
            'returning="nhse_region_name")',
            "nuts1_region_name",
        ),
        (
            'x=patients.registered_practice_as_of("2020-01-01", returning="msoa")',
            "no column",
        ),
        (
            'x=patients.registered_practice_as_of("2020-01-01", returning="name")',
            "returning cannot be 'name'",
        ),
        (
            'x=patients.with_complete_history_between("2020-01-01", "2020-02-01")',
            "never was implemented",
        ),
    ],
)
def test_of_practice(columns, why):
    """What has no column, another name, or half of its arguments"""
    with pytest.raises(RefusedAt, match=why):
        study_of(columns)


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        (
            'x=patients.admitted_to_hospital(returning="source_of_admission")',
            "no column",
        ),
        (
            'x=patients.admitted_to_hospital(with_administrative_category="01")',
            "no column",
        ),
        (
            'x=patients.admitted_to_hospital(returning="total_bed_days_in_period", '
            "find_first_match_in_period=True)",
            "neither first nor last",
        ),
        (
            "x=patients.admitted_to_hospital(with_these_diagnoses=codes)",
            "takes codes of icd10, not of 'opcs4'",
        ),
    ],
)
def test_of_stays_and_bmi(columns, why):
    """What no table has, and what does not go together"""
    with pytest.raises(RefusedAt, match=why):
        study_of(columns, codes=OPERATION)
