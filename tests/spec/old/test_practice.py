# ruff: noqa: E501 - drawn tables are as wide as they are
"""Patients, practices and addresses of old studies"""

from extractors.tables.tpp import addresses, patients, practice_registrations

PATIENTS = {
    patients: """
          | sex      | date_of_birth | date_of_death
        --+----------+---------------+--------------
        1 | male     | 1980-03-01    | 2020-05-01
        2 | female   | 2021-01-01    |
        3 | intersex | 2000-12-01    |
        4 | unknown  | 1950-01-01    | 2019-01-01
    """
}


def test_sex(old):
    """M, F, I and U"""
    old(PATIENTS, "patients.sex()", {1: "M", 2: "F", 3: "I", 4: "U"})


def test_age(old):
    """Completed years; negative before birth"""
    old(PATIENTS, 'patients.age_as_of("2020-02-29")', {1: 39, 2: -1, 3: 19, 4: 70})


def test_date_of_birth(old):
    """The year, or the month"""
    expected = {1: "1980-03", 2: "2021-01", 3: "2000-12", 4: "1950-01"}
    old(PATIENTS, 'patients.date_of_birth(date_format="YYYY-MM")', expected)
    old(
        PATIENTS,
        "patients.date_of_birth()",
        {key: text[:4] for key, text in expected.items()},
    )


def test_death_in_primary_care(old):
    """A flag or a day, in a period"""
    columns = """
        dead=patients.with_death_recorded_in_primary_care(on_or_before="2020-04-30"),
        day=patients.with_death_recorded_in_primary_care(
            on_or_after="2020-01-01", returning="date_of_death", date_format="YYYY-MM-DD"
        ),
    """
    expected = {
        1: {"dead": 0, "day": "2020-05-01"},
        2: {"dead": 0, "day": ""},
        3: {"dead": 0, "day": ""},
        4: {"dead": 1, "day": ""},
    }
    old(PATIENTS, columns, expected)


PRACTICES = {
    practice_registrations: """
          | start_date | end_date   | practice_pseudo_id | practice_stp | practice_nuts1_region_name | practice_systmone_go_live_date
        --+------------+------------+--------------------+--------------+----------------------------+-------------------------------
        1 | 2010-01-01 | 2020-02-01 | 7                  | E54000007    | London                     | 2012-01-01
        1 | 2019-01-01 | 2020-03-01 | 8                  | E54000008    | East                       |
        2 | 2010-01-01 |            | 9                  |              |                            | 2005-01-01
        2 | 2010-01-01 | 2021-01-01 | 8                  | E54000008    | East                       | 2005-01-01
        3 | 2020-02-02 | 2020-02-10 | 7                  | E54000007    | London                     |
    """
}


def test_registered(old):
    """A registration counts from its first day to the day before its last one"""
    old(PRACTICES, 'patients.registered_as_of("2020-02-01")', {1: 1, 2: 1, 3: 0})
    old(PRACTICES, 'patients.registered_as_of("2020-03-01")', {1: 0, 2: 1, 3: 0})
    old(PRACTICES, 'patients.registered_as_of("2020-02-10")', {1: 1, 2: 1, 3: 0})


def test_registered_with_one_practice(old):
    """One row covers the time; its end lies after it"""
    columns = """
        a=patients.registered_with_one_practice_between("2010-01-01", "2020-01-31"),
        b=patients.registered_with_one_practice_between("2010-01-01", "2020-02-01"),
        c=patients.with_complete_gp_consultation_history_between("2012-01-01", "2020-01-01"),
        d=patients.with_complete_gp_consultation_history_between("2011-12-31", "2020-01-01"),
    """
    expected = {
        1: {"a": 1, "b": 0, "c": 1, "d": 0},
        2: {"a": 1, "b": 1, "c": 1, "d": 1},
        3: {"a": 0, "b": 0, "c": 0, "d": 0},
    }
    old(PRACTICES, columns, expected)


def test_practice(old):
    """Of the registration that began last; of these of the one that ends last, and an
    open one ends last of all
    """
    columns = """
        region=patients.registered_practice_as_of("2020-01-15", returning="nuts1_region_name"),
        stp=patients.registered_practice_as_of("2020-01-15", returning="stp_code"),
        id=patients.registered_practice_as_of("2020-01-15", returning="pseudo_id"),
    """
    expected = {
        1: {"region": "East", "stp": "E54000008", "id": 8},
        2: {"region": "", "stp": "", "id": 9},
        3: {"region": "", "stp": "", "id": 0},
    }
    old(PRACTICES, columns, expected)


def test_deregistered(old):
    """The last end in the period; nobody who is registered somewhere without an end"""
    columns = (
        'patients.date_deregistered_from_all_supported_practices(on_or_after="2020-02-11", '
        'date_format="YYYY-MM-DD")'
    )
    old(PRACTICES, columns, {1: "2020-03-01", 2: "", 3: ""})


ADDRESSES = {
    addresses: """
          | start_date | end_date   | address_id | has_postcode | imd_rounded | rural_urban_classification | msoa_code | care_home_is_potential_match | care_home_requires_nursing | care_home_does_not_require_nursing
        --+------------+------------+------------+--------------+-------------+----------------------------+-----------+------------------------------+----------------------------+-----------------------------------
        1 | 2010-01-01 |            | 1          | T            | 100         | 1                          | E02000001 | F                            |                            |
        1 | 2015-01-01 | 2020-06-01 | 2          | F            |             |                            |           | T                            | T                          | F
        2 | 2010-01-01 | 2020-06-01 | 3          | T            | 0           | 5                          | E02000002 | T                            | F                          | T
        3 | 2010-01-01 |            | 5          | T            | 500         |                            |           | F                            |                            |
        3 | 2010-01-01 |            | 4          | T            | 400         | 2                          | E02000003 | F                            |                            |
        4 | 2020-06-02 |            | 6          | T            | 600         | 2                          | E02000003 | F                            |                            |
    """
}


def test_address(old):
    """The address that began last, even without a postcode; with the same days the
    smaller id counts
    """
    columns = """
        imd=patients.address_as_of("2020-05-31", returning="index_of_multiple_deprivation", round_to_nearest=100),
        rural=patients.address_as_of("2020-05-31", returning="rural_urban_classification"),
        msoa=patients.address_as_of("2020-05-31", returning="msoa"),
    """
    expected = {
        1: {"imd": -1, "rural": -1, "msoa": "NPC"},
        2: {"imd": 0, "rural": 5, "msoa": "E02000002"},
        3: {"imd": 400, "rural": 2, "msoa": "E02000003"},
        4: {"imd": -1, "rural": 0, "msoa": ""},
    }
    old(ADDRESSES, columns, expected)


def test_end_of_an_address(old):
    """Nobody lives there on the last day"""
    columns = (
        'patients.address_as_of("2020-06-01", '
        'returning="index_of_multiple_deprivation", round_to_nearest=100)'
    )
    old(ADDRESSES, columns, {1: 100, 2: -1, 3: 400, 4: -1})


def test_care_home(old):
    """Categories of the address; without one the value is empty, not the default"""
    columns = """
        home=patients.care_home_status_as_of("2020-05-31"),
        kind=patients.care_home_status_as_of("2020-05-31", categorised_as={
            "PN": "IsPotentialCareHome AND LocationRequiresNursing='Y'",
            "PC": "IsPotentialCareHome AND LocationDoesNotRequireNursing='Y'",
            "PS": "IsPotentialCareHome",
            "U": "DEFAULT",
        }),
    """
    expected = {
        1: {"home": 1, "kind": "PN"},
        2: {"home": 1, "kind": "PC"},
        3: {"home": 0, "kind": "U"},
        4: {"home": 0, "kind": ""},
    }
    old(ADDRESSES, columns, expected)
