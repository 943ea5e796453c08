"""The NHS @Home study: everything it owes is there, and a handful of people come out as
counted by hand.
"""

import re
import runpy
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

import measures
from extractors.language.reading import reading
from extractors.model import nodes
from measures.definitions import Measure
from tests.lib import reference_engine

STUDY = Path(measures.__file__).parent / "studies" / "nhs_at_home"
ARMS = {"bp": 4, "oximetry": 12, "proactive": 1}
CONDITIONS = [
    "has_hypertension",
    "has_diabetes_type_2",
    "has_asthma",
    "has_copd",
    "has_atrial_fibrillation",
]
VARIABLES = [
    "sex",
    "age_band",
    "ethnicity",
    "imd_quintile",
    "region",
    "care_home",
    "shielding",
    *CONDITIONS,
]
CODES_OF_INTEREST = {
    "bp": ["413606001"],
    "oximetry": ["1325191000000108", "1325221000000101", "1325241000000108"],
}
ONE_DAY = timedelta(days=1)

WEEK = (date(2020, 6, 1), date(2020, 6, 7))
JUNE = (date(2020, 6, 1), date(2020, 6, 30))
JULY = (date(2020, 7, 1), date(2020, 7, 31))
WHOLE_TIME = (date(2019, 4, 1), date(2022, 6, 5))


def load(folder: Path, *arguments: str) -> dict[str, Measure]:
    with reading([folder], arguments):
        defined = runpy.run_path(str(folder / "definition.py"))["measures"]
    return {measure.name: measure for measure in defined}


@pytest.fixture(scope="module")
def study() -> dict[str, Measure]:
    """With all that can be asked for."""
    return load(STUDY, "--breakdowns", "codes")


def codes_of(study, arm) -> list[str]:
    found = [re.fullmatch(rf"{arm}_monthly_events_(\d+)", name) for name in study]
    return [match[1] for match in found if match]


# Everything is there ------------------------------------------------------------------


@pytest.mark.parametrize("arm", ARMS)
def test_the_six_outputs_of_an_arm(study, arm):
    codes = codes_of(study, arm)
    assert len(codes) == ARMS[arm]
    groups = {
        name: list(measure.group_by)
        for name, measure in study.items()
        if name.startswith(f"{arm}_")
    }
    expected: dict[str, list[str]] = {}
    for code in codes:
        expected |= {
            f"{arm}_monthly_events_{code}": [],
            f"{arm}_monthly_events_{code}_by_region": ["region"],
        }
        for who in ("patients", "everybody"):
            expected |= {f"{arm}_whole_time_{who}_by_uses_{code}": [f"uses_{code}"]}
        if len(codes) > 1:
            expected |= {f"{arm}_weekly_patients_{code}": []}
    for rhythm in ("weekly", "monthly"):
        expected |= {f"{arm}_{rhythm}_patients": []}
        expected |= {f"{arm}_{rhythm}_patients_by_{name}": [name] for name in VARIABLES}
    for code in CODES_OF_INTEREST.get(arm, ()):
        expected |= {
            f"{arm}_monthly_patients_{code}_by_{name}": [name]
            for name in VARIABLES
            if name != "region"
        }
    for who in ("patients", "everybody"):
        expected |= {
            f"{arm}_whole_time_{who}_by_combination": [f"used_{code}" for code in codes]
        }
    assert groups == expected


def test_single_codes_are_broken_down_where_that_is_asked_for(study):
    codes = [code for codes in CODES_OF_INTEREST.values() for code in codes]
    asked = {
        name
        for name in study
        if re.search(rf"_monthly_patients_({'|'.join(codes)})_by_", name)
    }
    assert len(asked) == 44
    assert set(load(STUDY)) == set(study) - asked
    with pytest.raises(ValueError, match="--breakdowns is arms or codes, got 'all'"):
        load(STUDY, "--breakdowns", "all")


def test_nothing_else_is_there_and_the_names_are_names(study):
    assert all(name.split("_")[0] in ARMS for name in study)
    assert all(re.fullmatch(r"[A-Za-z]+[A-Za-z0-9_]*", name) for name in study)


def test_events_are_numbers_and_people_are_counted_once(study):
    for name, measure in study.items():
        assert measure.numerator.type is (int if "_events_" in name else bool), name


def test_everything_is_counted_in_the_one_population_but_for_who_came_later(study):
    later = {
        measure.denominator for name, measure in study.items() if "_everybody_" in name
    }
    others = {
        measure.denominator
        for name, measure in study.items()
        if "_everybody_" not in name
    }
    assert len(later) == len(others) == 1 and later != others


def test_weeks_are_166_mondays(study):
    weeks = {measure.intervals for name, measure in study.items() if "_weekly_" in name}
    assert len(weeks) == 1
    intervals = weeks.pop()
    starts = [start for start, _ in intervals]
    assert starts == [date(2019, 4, 1) + 7 * k * ONE_DAY for k in range(166)]
    assert {start.weekday() for start in starts} == {0}
    assert all(end - start == 6 * ONE_DAY for start, end in intervals)
    assert intervals[-1] == (date(2022, 5, 30), date(2022, 6, 5))


def test_months_are_whole_calendar_months_without_gaps(study):
    months = {
        measure.intervals for name, measure in study.items() if "_monthly_" in name
    }
    assert len(months) == 1
    intervals = months.pop()
    assert intervals[0][0] == date(2019, 4, 1) and intervals[-1] == (
        date(2022, 5, 1),
        date(2022, 5, 31),
    )
    assert len(intervals) == 38 and {start.day for start, _ in intervals} == {1}
    assert all(
        end + ONE_DAY == start
        for (_, end), (start, _) in zip(intervals, intervals[1:], strict=False)
    )


def test_the_whole_time_is_all_the_weeks(study):
    assert {m.intervals for name, m in study.items() if "_whole_time_" in name} == {
        (WHOLE_TIME,)
    }


def test_who_is_counted_and_in_which_group_never_depends_on_what_comes_after_the_first_day(
    study,
):
    settled = {study["bp_weekly_patients"].denominator}
    settled |= {
        study[f"bp_weekly_patients_by_{name}"].group_by[name] for name in VARIABLES
    }
    mentioned = {
        node.name for node in nodes.walk(settled) if isinstance(node, nodes.Parameter)
    }
    assert mentioned == {"interval_start"}


def test_first_days_of_conditions_are_looked_up_once_for_all_intervals(study):
    for name in ("care_home", "shielding", *CONDITIONS):
        series = study[f"bp_weekly_patients_by_{name}"].group_by[name]
        lookups = [
            node for node in nodes.walk([series]) if isinstance(node, nodes.Aggregate)
        ]
        assert [(lookup.operation, lookup.interval) for lookup in lookups] == [
            ("minimum", False)
        ]


# People, by hand ----------------------------------------------------------------------

SYSTOLIC, DIASTOLIC, OXIMETER = "413606001", "413605002", "1325211000000107"
WHITE, INDIAN = "92391000000108", "110751000000108"
ADULT = {"date_of_birth": date(1975, 6, 1), "sex": "male"}
LONG_AGO, NURSING_HOME, SHIELDED = date(2010, 1, 1), "160734000", "1300561000000107"

PATIENTS = [
    {"patient_id": 1, "date_of_birth": date(2020, 5, 1), "sex": "female"},  # an infant
    {"patient_id": 2, **ADULT},  # moves from London to the North East in June
    {"patient_id": 3, **ADULT, "date_of_death": date(2020, 6, 20)},
    # not alive on the first day
    {"patient_id": 4, **ADULT, "date_of_death": date(2020, 6, 1)},
    {"patient_id": 5, **ADULT},  # left on the last of May
    {"patient_id": 6, **ADULT},  # leaves on the first of June
    {"patient_id": 7, **ADULT},  # comes on the second of June
    {"patient_id": 8, **ADULT},  # three events on one day, two of them alike
    {"patient_id": 9, **ADULT},  # of two ethnicities, one after the other
    # whose ethnicity only the hospital knows; practice without a region
    {"patient_id": 10, **ADULT},
    {"patient_id": 11, **ADULT},  # whose ethnicity is recorded only later
    # in a care home since the first, shielding since the second of June
    {"patient_id": 12, **ADULT},
    {"patient_id": 13, **ADULT},  # whose death only the certificate knows
    # oximetry on the 65th birthday
    {"patient_id": 14, "date_of_birth": date(1955, 6, 1), "sex": "unknown"},
    {"patient_id": 15, **ADULT},  # events on the days around June
]
HOME = {
    "practice_pseudo_id": 1,
    "practice_nuts1_region_name": "South West",
    "start_date": LONG_AGO,
}
MOVING = [
    {**HOME, "patient_id": 1, "start_date": date(2020, 5, 10)},
    {
        **HOME,
        "patient_id": 2,
        "practice_nuts1_region_name": "London",
        "end_date": date(2020, 6, 14),
    },
    {
        **HOME,
        "patient_id": 2,
        "practice_nuts1_region_name": "North East",
        "start_date": date(2020, 6, 15),
    },
    {**HOME, "patient_id": 5, "end_date": date(2020, 5, 31)},
    {**HOME, "patient_id": 6, "end_date": date(2020, 6, 1)},
    {**HOME, "patient_id": 7, "start_date": date(2020, 6, 2)},
    {**HOME, "patient_id": 10, "practice_nuts1_region_name": None},
]
STAYING = [{**HOME, "patient_id": id} for id in (3, 4, 8, 9, 11, 12, 13, 14, 15)]


def events(id: int, *codes_on: tuple[str, date]) -> list[dict]:
    return [
        {"patient_id": id, "snomedct_code": code, "date": day} for code, day in codes_on
    ]


EVENTS = [
    *events(1, (SYSTOLIC, date(2020, 6, 3))),
    *events(2, (SYSTOLIC, date(2020, 6, 10)), (SYSTOLIC, date(2020, 6, 20))),
    *events(3, (SYSTOLIC, date(2020, 6, 5))),
    *events(4, (SYSTOLIC, date(2020, 6, 5))),
    *events(5, (SYSTOLIC, date(2020, 6, 4))),
    *events(6, (SYSTOLIC, date(2020, 6, 10))),
    *events(7, (SYSTOLIC, date(2020, 6, 10))),
    *events(
        8,
        (SYSTOLIC, date(2020, 6, 7)),
        (SYSTOLIC, date(2020, 6, 7)),
        (DIASTOLIC, date(2020, 6, 7)),
    ),
    *events(
        9,
        (WHITE, date(2019, 1, 1)),
        (INDIAN, date(2020, 7, 1)),
        (SYSTOLIC, date(2020, 6, 15)),
    ),
    *events(10, (SYSTOLIC, date(2020, 6, 15))),
    *events(11, (WHITE, date(2021, 1, 1)), (SYSTOLIC, date(2020, 6, 15))),
    *events(
        12,
        (NURSING_HOME, date(2020, 6, 1)),
        (SHIELDED, date(2020, 6, 2)),
        (SYSTOLIC, date(2020, 6, 30)),
    ),
    *events(13, (SYSTOLIC, date(2020, 6, 15))),
    *events(14, (OXIMETER, date(2020, 6, 1)), ("59621000", date(2015, 3, 1))),
    *events(15, (SYSTOLIC, date(2020, 5, 31)), (SYSTOLIC, date(2020, 7, 1))),
    {"patient_id": 14, "ctv3_code": "H33..", "date": date(1990, 1, 1)},
]
RECORDS = {
    "patients": PATIENTS,
    "practice_registrations": [*MOVING, *STAYING],
    "clinical_events": EVENTS,
    "ons_deaths": [{"patient_id": 13, "date": date(2020, 5, 20)}],
    "ethnicity_from_sus": [
        {"patient_id": 9, "code": "R"},
        {"patient_id": 10, "code": "N"},
    ],
    "addresses": [
        {
            "patient_id": 14,
            "address_id": 1,
            "start_date": LONG_AGO,
            "imd_rounded": 6500,
            "has_postcode": True,
        },
        {
            "patient_id": 14,
            "address_id": 2,
            "start_date": date(2020, 6, 2),
            "imd_rounded": 32800,
            "has_postcode": True,
        },
    ],
}


def only_in(study, *intervals) -> list[Measure]:
    """The measures that have one of the intervals, in just these."""
    cut = [
        replace(m, intervals=tuple(i for i in m.intervals if i in intervals))
        for m in study.values()
    ]
    return [measure for measure in cut if measure.intervals]


@pytest.fixture(scope="module")
def counts(study) -> list[dict]:
    return measures.evaluate(only_in(study, WEEK, JUNE, JULY, WHOLE_TIME), RECORDS)


def counted(counts, name, interval) -> dict:
    """Group values -> (numerator, denominator); a total has the key ()."""
    rows = [
        row
        for row in counts
        if row["measure"] == name and row["interval_end"] == interval[1]
    ]
    return dict(sorted(_cells(rows)))


def _cells(rows) -> Iterator[tuple]:
    for row in rows:
        names = [name for name in row["group_by"].split("+") if name]
        yield tuple(row[name] for name in names), (row["numerator"], row["denominator"])


def test_the_population_is_who_is_registered_and_living_on_the_first_day(counts):
    # June: 1, 2, 3, 6, 8, 9, 10, 11, 12, 14, 15; not 4 and 13 (dead), 5 (left), 7 (not
    # yet there).
    assert counted(counts, "bp_monthly_patients", JUNE) == {(): (9, 11)}
    # July: without 3 (died), 6 (left), with 7.
    assert counted(counts, "bp_monthly_patients", JULY) == {(): (1, 10)}


def test_two_events_on_one_day_are_two_events_of_one_person(counts):
    assert counted(counts, f"bp_monthly_events_{SYSTOLIC}", JUNE) == {(): (11, 11)}
    assert counted(counts, f"bp_monthly_events_{DIASTOLIC}", JUNE) == {(): (1, 11)}
    assert counted(counts, "bp_weekly_patients", WEEK) == {(): (3, 11)}
    assert counted(counts, f"bp_weekly_patients_{SYSTOLIC}", WEEK) == {(): (3, 11)}
    assert counted(counts, f"bp_weekly_patients_{DIASTOLIC}", WEEK) == {(): (1, 11)}


def test_first_and_last_day_belong_to_an_interval(counts):
    # on the first day
    assert counted(counts, f"oximetry_weekly_patients_{OXIMETER}", WEEK) == {
        (): (1, 11)
    }
    # on the last day
    assert counted(counts, "bp_monthly_patients_by_care_home", JUNE)[True,] == (1, 1)
    # only 15's, on the first
    assert counted(counts, f"bp_monthly_events_{SYSTOLIC}", JULY) == {(): (1, 10)}


def test_infants_are_in_the_youngest_band_and_birthdays_move_up(counts):
    assert counted(counts, "bp_monthly_patients_by_age_band", JUNE) == {
        ("0-39",): (1, 1), ("40-49",): (8, 9), ("65+",): (0, 1),
    }  # fmt: skip


def test_who_moves_within_a_month_is_counted_once_where_the_month_began(counts):
    june = {("London",): (1, 1), ("Missing",): (1, 1), ("South West",): (7, 9)}
    assert counted(counts, "bp_monthly_patients_by_region", JUNE) == june
    events_in_june = {
        ("London",): (2, 1),
        ("Missing",): (1, 1),
        ("South West",): (8, 9),
    }
    assert (
        counted(counts, f"bp_monthly_events_{SYSTOLIC}_by_region", JUNE)
        == events_in_june
    )
    july = counted(counts, "bp_monthly_patients_by_region", JULY)
    assert ("London",) not in july and july["North East",] == (0, 1)


def test_ethnicity_is_the_latest_in_the_practice_else_the_hospitals_and_never_from_the_future(
    counts,
):
    assert counted(counts, "bp_monthly_patients_by_ethnicity", JUNE) == {
        ("Black or Black British",): (1, 1), ("Missing",): (7, 9), ("White",): (1, 1),
    }  # fmt: skip
    assert counted(counts, "bp_monthly_patients_by_ethnicity", JULY)[
        "Asian or Asian British",
    ] == (0, 1)


def test_ever_coded_begins_on_its_day_and_everybody_is_in_yes_or_no(counts):
    assert counted(counts, "bp_monthly_patients_by_care_home", JUNE) == {
        (False,): (8, 10),
        (True,): (1, 1),
    }
    assert counted(counts, "bp_monthly_patients_by_shielding", JUNE) == {
        (False,): (9, 11)
    }
    assert counted(counts, "bp_monthly_patients_by_shielding", JULY) == {
        (False,): (1, 9),
        (True,): (0, 1),
    }
    for name in ("has_hypertension", "has_asthma"):
        assert counted(counts, f"oximetry_monthly_patients_by_{name}", JUNE) == {
            (False,): (0, 10),
            (True,): (1, 1),
        }
    assert counted(counts, "oximetry_monthly_patients_by_has_copd", JUNE) == {
        (False,): (1, 11)
    }


def test_deprivation_is_that_of_the_address_on_the_first_day(counts):
    june = {("1 (most deprived)",): (1, 1), ("unknown",): (0, 10)}
    assert counted(counts, "oximetry_monthly_patients_by_imd_quintile", JUNE) == june
    assert ("5 (least deprived)",) in counted(
        counts, "oximetry_monthly_patients_by_imd_quintile", JULY
    )


def test_sex_is_as_recorded(counts):
    sexes = {("female",): (1, 1), ("male",): (8, 9), ("unknown",): (0, 1)}
    assert counted(counts, "bp_monthly_patients_by_sex", JUNE) == sexes


def test_uses_over_the_whole_time_are_of_those_who_were_there_at_its_start(counts):
    # Not 1 and 7, who came later. Once: 3, 4, 5, 6, 9, 10, 11, 12, 13; twice: 2, 8, 15;
    # never: 14.
    assert counted(counts, f"bp_whole_time_patients_by_uses_{SYSTOLIC}", WHOLE_TIME) == {
        ("0",): (1, 1), ("1",): (9, 9), ("2",): (3, 3),
    }  # fmt: skip


def test_who_came_later_is_among_everybody(counts):
    # With 1 and 7, and a later first day of nobody else.
    assert counted(counts, f"bp_whole_time_everybody_by_uses_{SYSTOLIC}", WHOLE_TIME) == {
        ("0",): (1, 1), ("1",): (11, 11), ("2",): (3, 3),
    }  # fmt: skip


def test_users_of_one_code_by_all_that_they_differ_in(counts):
    sexes = {("female",): (1, 1), ("male",): (8, 9), ("unknown",): (0, 1)}
    assert counted(counts, f"bp_monthly_patients_{SYSTOLIC}_by_sex", JUNE) == sexes
    none = {group: (0, people) for group, (_, people) in sexes.items()}
    for code in CODES_OF_INTEREST["oximetry"]:
        assert counted(counts, f"oximetry_monthly_patients_{code}_by_sex", JUNE) == none


def test_the_population_of_the_original():
    """Users with an age from 1 to 120, a region on 2020-02-01 and a rank of
    deprivation, living or not.
    """
    original = load(STUDY, "--population", "original")
    assert set(original) == {name for name in load(STUDY) if "_everybody_" not in name}
    home = {
        "address_id": 1,
        "start_date": LONG_AGO,
        "imd_rounded": 6500,
        "has_postcode": True,
    }
    rows = [
        {**home, "patient_id": row["patient_id"]}
        for row in PATIENTS
        if row["patient_id"] != 9
    ]
    found = measures.evaluate(only_in(original, JUNE), RECORDS | {"addresses": rows})
    # Of 12 users not 1 (an infant, and registered later), 7 (registered later), 9 (no
    # address), 10 (no region).
    assert counted(found, "bp_monthly_patients", JUNE) == {(): (9, 9)}
    regions = {("London",): (1, 1), ("South West",): (8, 8)}
    assert counted(found, "bp_monthly_patients_by_region", JUNE) == regions


def test_another_population_is_refused():
    with pytest.raises(
        ValueError, match="--population is registered or original, got 'all'"
    ):
        load(STUDY, "--population", "all")


def test_combinations_over_the_whole_time(counts):
    name = "bp_whole_time_patients_by_combination"
    # as group_by names them
    order = sorted(["413606001", "314446007", "413605002", "314461008"])
    got = {
        tuple(code for code, used in zip(order, group, strict=True) if used): cells
        for group, cells in counted(counts, name, WHOLE_TIME).items()
    }
    assert got == {(): (1, 1), (SYSTOLIC,): (11, 11), (DIASTOLIC, SYSTOLIC): (1, 1)}


def test_number_of_uses_in_bands(study):
    patients = [{"patient_id": id, **ADULT} for id in range(14)]
    records = {
        "patients": patients,
        "practice_registrations": [
            {**HOME, "patient_id": row["patient_id"]} for row in patients
        ],
        "clinical_events": [
            row for id in range(14) for row in events(id, *[(SYSTOLIC, JUNE[0])] * id)
        ],
    }
    name = f"bp_whole_time_patients_by_uses_{SYSTOLIC}"
    assert counted(measures.evaluate([study[name]], records), name, WHOLE_TIME) == {
        ("0",): (1, 1), ("1",): (1, 1), ("2",): (1, 1), ("3 to 5",): (3, 3), ("6 to 10",): (5, 5),
        ("11 or more",): (3, 3),
    }  # fmt: skip


def test_the_plain_python_engine_counts_the_same(study, counts):
    expected = reference_engine.measures(
        only_in(study, WEEK, JUNE, JULY, WHOLE_TIME), RECORDS
    )
    assert sorted(map(_flat, counts)) == sorted(map(_flat, expected))


def _flat(row) -> tuple:
    groups = (
        row["groups"]
        if "groups" in row
        else {name: row[name] for name in row["group_by"].split("+") if name}
    )
    cells = [
        row[count]
        for count in (
            "numerator",
            "denominator",
            "numerator_patients",
            "denominator_patients",
        )
    ]
    return (
        row["measure"],
        row["interval_start"],
        row["interval_end"],
        str(sorted(groups.items())),
        *cells,
    )
