"""Events and medications of old studies"""

from extractors.tables.tpp import clinical_events, clinical_events_ranges, medications
from measures.cohortextractor.offered import codelist

BP = codelist(["413606001", "163035008"], system="snomed")
ASTHMA = codelist(["H33..", ".9N34"], system="ctv3")
SMOKING = codelist([("137R.", "S"), ("137S.", "E")], system="ctv3")
EVENTS = {
    clinical_events: """
          | date       | snomedct_code | ctv3_code | numeric_value
        --+------------+---------------+-----------+--------------
        1 | 2020-03-01 | 413606001     |           | 120
        1 | 2020-03-08 | 163035008     |           |
        1 | 2020-03-08 | 413606001     |           | 110
        2 |            | 413606001     |           | 130
        2 | 2020-02-28 |               | H33..     |
        3 | 2020-03-09 | 413606001     |           | 0
        3 | 2019-01-01 |               | 137R.     |
        3 | 2019-06-01 |               | 137S.     |
        4 | 2020-01-01 |               | .9N34     |
    """
}


def test_binary_flag(old):
    """1 if a row matches, else 0; all time if no bound is given, undated rows
    included
    """
    old(
        EVENTS,
        "patients.with_these_clinical_events(bp)",
        {1: 1, 2: 1, 3: 1, 4: 0},
        bp=BP,
    )


def test_on_or_before(old):
    """Bounds are included, and an undated row is before nothing"""
    columns = 'patients.with_these_clinical_events(bp, on_or_before="2020-03-01")'
    old(EVENTS, columns, {1: 1, 2: 0, 3: 0, 4: 0}, bp=BP)


def test_on_or_after(old):
    """An undated row is after everything"""
    columns = 'patients.with_these_clinical_events(bp, on_or_after="2020-03-09")'
    old(EVENTS, columns, {1: 0, 2: 1, 3: 1, 4: 0}, bp=BP)


def test_between(old):
    """Both ends are included; an undated row is between no days, and a reversed window
    is empty
    """
    columns = (
        'patients.with_these_clinical_events(bp, between=["2020-03-08", "2020-03-09"])'
    )
    old(EVENTS, columns, {1: 1, 2: 0, 3: 1, 4: 0}, bp=BP)
    columns = (
        'patients.with_these_clinical_events(bp, between=["2020-03-09", "2020-03-08"])'
    )
    old(EVENTS, columns, {1: 0, 2: 0, 3: 0, 4: 0}, bp=BP)


def test_number_of_matches(old):
    """Rows are counted, not days"""
    columns = (
        "patients.with_these_clinical_events(bp, "
        'returning="number_of_matches_in_period")'
    )
    old(EVENTS, columns, {1: 3, 2: 1, 3: 1, 4: 0}, bp=BP)


def test_dates(old):
    """The last day or the first, cut to its format: only the year if none is given"""
    expected = {
        1: {"last": "2020-03-08", "first": "2020-03", "year": "2020"},
        2: {"last": "9999-12-31", "first": "9999-12", "year": "9999"},
        3: {"last": "2020-03-09", "first": "2020-03", "year": "2020"},
        4: {"last": "", "first": "", "year": ""},
    }
    columns = """
        last=patients.with_these_clinical_events(bp, returning="date", date_format="YYYY-MM-DD"),
        first=patients.with_these_clinical_events(
            bp, returning="date", find_first_match_in_period=True, include_month=True
        ),
        year=patients.with_these_clinical_events(bp, return_last_date_in_period=True),
    """
    old(EVENTS, columns, expected, bp=BP)


def test_value_code_and_category(old):
    """Of the last row, or of the first; 0.0 and an empty text where there is none"""
    expected = {
        1: {"value": 120.0, "code": "413606001", "smoker": ""},
        2: {"value": 130.0, "code": "413606001", "smoker": ""},
        3: {"value": 0.0, "code": "413606001", "smoker": "E"},
        4: {"value": 0.0, "code": "", "smoker": ""},
    }
    columns = """
        value=patients.with_these_clinical_events(
            bp, returning="numeric_value", find_first_match_in_period=True, find_last_match_in_period=True
        ),
        code=patients.with_these_clinical_events(bp, returning="code", find_first_match_in_period=True),
        smoker=patients.with_these_clinical_events(smoking, returning="category"),
    """
    old(EVENTS, columns, expected, bp=BP, smoking=SMOKING)


def test_ignore_missing_values(old):
    """Rows without a number, or with 0, are left out"""
    columns = """
        n=patients.with_these_clinical_events(
            bp, ignore_missing_values=True, returning="number_of_matches_in_period"
        ),
        value=patients.with_these_clinical_events(bp, ignore_missing_values=True, returning="numeric_value"),
    """
    expected = {
        1: {"n": 2, "value": 110.0},
        2: {"n": 1, "value": 130.0},
        3: {"n": 0, "value": 0.0},
        4: {"n": 0, "value": 0.0},
    }
    old(EVENTS, columns, expected, bp=BP)


def test_codes_of_any_form(old):
    """A code is compared as a text, also one that is none of its system"""
    columns = "patients.with_these_clinical_events(asthma)"
    old(EVENTS, columns, {1: 0, 2: 1, 3: 0, 4: 1}, asthma=ASTHMA)


def test_date_of_match(old):
    """A flag and a value may bring the day of their match along; date_of asks for it
    later
    """
    columns = """
        had=patients.with_these_clinical_events(bp, include_date_of_match=True, date_format="YYYY-MM"),
        n=patients.with_these_clinical_events(bp, returning="number_of_matches_in_period"),
        day=patients.date_of("n", date_format="YYYY-MM-DD"),
    """
    expected = {
        1: {"had": 1, "had_date": "2020-03", "n": 3, "day": "2020-03-08"},
        2: {"had": 1, "had_date": "9999-12", "n": 1, "day": "9999-12-31"},
        3: {"had": 1, "had_date": "2020-03", "n": 1, "day": "2020-03-09"},
        4: {"had": 0, "had_date": "", "n": 0, "day": ""},
    }
    old(EVENTS, columns, expected, bp=BP)


def test_date_of_sets_the_precision(old):
    """Whoever asks for the date of a column says how long the date is that comes with
    it, too
    """
    columns = """
        had=patients.with_these_clinical_events(bp, on_or_before="2020-03-01", include_date_of_match=True),
        day=patients.date_of("had", date_format="YYYY-MM"),
    """
    none = {"had": 0, "had_date": "", "day": ""}
    expected = {
        1: {"had": 1, "had_date": "2020-03", "day": "2020-03"},
        2: none,
        3: none,
        4: none,
    }
    old(EVENTS, columns, expected, bp=BP)


CHAIN = {
    clinical_events: """
          | date       | ctv3_code
        --+------------+----------
        1 | 2020-01-01 | H33..
        1 | 2020-01-15 | H33..
        1 | 2020-01-15 | H33..
        1 | 2020-01-30 | H33..
        1 | 2020-01-30 | 137R.
        2 | 2020-01-01 | 137R.
    """
}


def test_episodes(old):
    """A row that comes more than N days after the row before it begins an episode;
    without a wording N is 0
    """
    columns = """
        n=patients.with_these_clinical_events(
            asthma, returning="number_of_episodes",
            episode_defined_as="series of events each <= 14 days apart",
        ),
        days=patients.with_these_clinical_events(asthma, returning="number_of_episodes"),
        later=patients.with_these_clinical_events(
            asthma, returning="number_of_episodes", on_or_after="2020-01-15",
            episode_defined_as="series of events each <= 14 days apart",
        ),
    """
    expected = {1: {"n": 2, "days": 3, "later": 2}, 2: {"n": 0, "days": 0, "later": 0}}
    old(CHAIN, columns, expected, asthma=ASTHMA)


def test_ignored_days(old):
    """Rows of a day with a row of the other codelist do not exist"""
    columns = """
        n=patients.with_these_clinical_events(
            asthma, returning="number_of_matches_in_period", ignore_days_where_these_codes_occur=smoking
        ),
    """
    old(CHAIN, columns, {1: {"n": 3}, 2: {"n": 0}}, asthma=ASTHMA, smoking=SMOKING)


def test_medications(old):
    """Medications are found by their codes of dm+d, in codelists that say snomed"""
    rows = {
        medications: """
              | date       | dmd_code
            --+------------+---------
            1 | 2020-01-01 | 39113611000001102
            1 | 2020-02-01 | 39113611000001102
            2 | 2020-01-01 | 39113311000001107
        """
    }
    columns = """
        n=patients.with_these_medications(drug, returning="number_of_matches_in_period", on_or_before="2020-01-31"),
        code=patients.with_these_medications(drug, returning="code"),
    """
    drug = codelist(["39113611000001102"], system="snomed")
    expected = {1: {"n": 1, "code": "39113611000001102"}, 2: {"n": 0, "code": ""}}
    old(rows, columns, expected, drug=drug)


def test_recorded_values(old):
    """The mean of the latest day, or of the whole period; zeros count, and rows without
    a number are zeros
    """
    expected = {
        1: {
            "latest": 55.0,
            "latest_date_measured": "2020-03",
            "all": 76.66666666666667,
            "least": 0.0,
            "most": 110.0,
        },
        2: {
            "latest": 130.0,
            "latest_date_measured": "9999-12",
            "all": 130.0,
            "least": 130.0,
            "most": 130.0,
        },
        3: {
            "latest": 0.0,
            "latest_date_measured": "2020-03",
            "all": 0.0,
            "least": 0.0,
            "most": 0.0,
        },
        4: {
            "latest": 0.0,
            "latest_date_measured": "",
            "all": 0.0,
            "least": 0.0,
            "most": 0.0,
        },
    }
    columns = """
        latest=patients.mean_recorded_value(
            bp, on_most_recent_day_of_measurement=True, include_measurement_date=True, date_format="YYYY-MM"
        ),
        all=patients.mean_recorded_value(bp, on_most_recent_day_of_measurement=False),
        least=patients.min_recorded_value(bp),
        most=patients.max_recorded_value(bp, on_most_recent_day_of_measurement=True),
    """
    old(EVENTS, columns, expected, bp=BP)


def test_ranges(old):
    """Of the row that gave a number: what stood before it, and what is usual"""
    row = "2020-03-01 | 413606001     | 7.5           | 1           | 9           | >="
    rows = {
        clinical_events: """
              | date       | snomedct_code | numeric_value
            --+------------+---------------+--------------
            1 | 2020-03-01 | 413606001     | 7.5
            2 | 2020-03-01 | 163035008     | 3
        """,
        clinical_events_ranges: f"""
              | date       | snomedct_code | numeric_value | lower_bound | upper_bound | comparator
            --+------------+---------------+---------------+-------------+-------------+-----------
            1 | {row}
            2 | 2020-03-01 | 163035008     | 3             |             |             |
        """,
    }
    columns = """
        x=patients.with_these_clinical_events(bp, returning="numeric_value", on_or_before="2020-03-01"),
        sign=patients.comparator_from("x"),
        low=patients.reference_range_lower_bound_from("x"),
        high=patients.reference_range_upper_bound_from("x"),
    """
    expected = {
        1: {"x": 7.5, "sign": ">=", "low": 1.0, "high": 9.0},
        2: {"x": 3.0, "sign": "", "low": 0.0, "high": 0.0},
    }
    old(rows, columns, expected, bp=BP)
