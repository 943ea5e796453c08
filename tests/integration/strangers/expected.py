"""What each definition of `study/analysis` must give on the patients of `records`,
counted by hand.

Of a dataset: patient -> the values of its variables, in order. Of measures: measure,
first day, groups
-> numerator, denominator. `TABLES`: the rows of the tables of events.
"""

from dataclasses import dataclass, field
from datetime import date as day
from typing import Any


@dataclass(frozen=True)
class Stranger:
    """A definition, how it is called, and what comes out."""

    name: str  # of the file
    gives: dict[Any, tuple]
    arguments: tuple[str, ...] = ()  # behind --
    dataset: str = ""  # of --dataset
    warns: tuple[str, ...] = ()  # the beginnings of its warnings
    events: dict[str, list[tuple]] = field(default_factory=dict)


JAN, FEB = "2020-01-01", "2020-02-01"
STRANGERS = [
    Stranger("argparse_options", {("any_event", JAN): (4, 6)}, ("--start-date", JAN)),
    Stranger(
        "argparse_options",
        {("any_event", JAN): (4, 6), ("any_event", FEB): (3, 6)},
        (f"--start-date={JAN}", "--intervals=2"),
    ),
    Stranger("argparse_positional", {1: (70,), 3: (18,), 5: (44,)}, ("female",)),
    Stranger(
        "argparse_positional", {2: (41,), 4: (81,), 6: (6,)}, ("male", "2021-06-01")
    ),
    Stranger(
        "argparse_flags",
        {1: ("female",), 2: ("male",), 3: ("female",), 5: ("female",), 6: ("male",)},
    ),
    Stranger(
        "argparse_flags",
        {1: ("female",), 4: ("male",)},
        ("--include-dead", "--born-before", "1960-01-01"),
    ),
    Stranger("argv_words", {6: (5,)}, ("children", JAN)),
    Stranger("argv_optional", {1: (2,), 2: (1,), 3: (0,), 4: (0,), 5: (0,), 6: (0,)}),
    Stranger(
        "argv_optional",
        {1: (0, 2), 2: (0, 1), 3: (2, 0), 4: (0, 0), 5: (0, 0), 6: (0, 0)},
        ("60621009", "271649006"),
    ),
    Stranger(
        "argv_flag",
        {1: (1,), 2: (2,), 3: (0,), 4: (1,), 5: (0,), 6: (0,)},
        ("--everybody",),
    ),
    Stranger("argv_flag", {1: (1,), 2: (2,), 4: (1,)}),
    Stranger("parameters", {1: (True,), 2: (False,)}, ("--start", JAN)),
    Stranger(
        "parameters",
        {1: (True,), 3: (False,)},
        (
            "--start",
            FEB,
            "--threshold",
            "50",
            "--codes",
            "271649006",
            "60621009",
            "--fast",
            "1",
        ),
        warns=(
            "the definition asks for no parameter 'fast'; it asks for codes, start, "
            "threshold",
        ),
    ),
    Stranger(
        "parameters_and_parser",
        {1: (1950,), 4: (1940,)},
        ("--least-age", "60", "--index-date", "2020-01-01"),
    ),
    Stranger(
        "codelists_of_any_folder",
        {1: (True, False), 2: (True, False), 3: (False, True), 4: (True, False)},
    ),
    Stranger(
        "codelists_module",
        {1: (2, None), 2: (1, None), 3: (0, "body"), 4: (0, "lung"), 5: (0, "lung")},
    ),
    Stranger(
        "json_file",
        {
            1: (True, False),
            2: (True, False),
            3: (False, False),
            4: (False, True),
            5: (False, True),
            6: (False, False),
        },
    ),
    Stranger(
        "text_file",
        {3: (day(2020, 1, 8),), 4: (day(2020, 1, 15),), 5: (day(2020, 2, 20),)},
    ),
    Stranger(
        "yaml_as_text",
        {
            ("prescribed", JAN, "female"): (1, 3),
            ("prescribed", JAN, "male"): (1, 3),
            ("prescribed", FEB, "female"): (0, 3),
            ("prescribed", FEB, "male"): (2, 3),
        },
    ),
    Stranger(
        "csv_module",
        {
            1: ("other",),
            2: ("other",),
            3: ("Body mass index",),
            4: ("Asthma",),
            5: ("Asthma",),
        },
    ),
    Stranger(
        "glob_of_codelists",
        {1: (True,), 2: (True,), 3: (False,), 4: (False,), 5: (False,), 6: (False,)},
    ),
    Stranger(
        "helper_of_the_root",
        {
            ("women", JAN, "London"): (1, 2),
            ("women", JAN, "North West"): (1, 2),
            ("women", JAN, "East"): (1, 1),
            ("women", JAN, None): (0, 1),
            ("women", FEB, "London"): (1, 2),
            ("women", FEB, "North West"): (1, 2),
            ("women", FEB, None): (0, 1),
        },
    ),
    Stranger(
        "helper_beside",
        {
            1: ("65+", True),
            2: ("18-64", True),
            3: ("18-64", False),
            4: ("65+", False),
            5: ("18-64", False),
            6: ("0-17", False),
        },
    ),
    Stranger(
        "helper_star",
        {
            ("bp", JAN, "0-17"): (0, 1),
            ("bp", JAN, "18-64"): (1, 3),
            ("bp", JAN, "65+"): (1, 2),
            ("bp", FEB, "0-17"): (0, 1),
            ("bp", FEB, "18-64"): (0, 3),
            ("bp", FEB, "65+"): (1, 2),
        },
    ),
    Stranger(
        "names_of_tpp",
        {
            1: ("yes", "1 (most deprived)"),
            2: ("no", "4"),
            3: ("no", "5 (least deprived)"),
        },
    ),
    Stranger("modules_by_name", {("admitted", JAN): (0, 6), ("admitted", FEB): (1, 6)}),
    Stranger(
        "classes_of_the_language",
        {
            1: (1, True, 1950, True),
            2: (2, True, 1980, False),
            3: (0, True, 2001, False),
            4: (1, True, 1940, True),
            5: (0, True, 1975, False),
            6: (0, False, 2015, False),
        },
    ),
    Stranger("raw_deaths", {4: (1, day(2020, 2, 10), True)}),
    Stranger("raw_tpp", {4: ("Hospital", True)}),
    Stranger(
        "emis",
        {
            1: ("female", True, True),
            2: ("male", True, False),
            3: ("female", False, False),
            4: ("male", False, False),
        },
    ),
    Stranger("smoketest", {1: (1950,), 4: (1940,)}),
    Stranger("codes_module", {1: (False, True), 2: (False, False), 4: (True, True)}),
    Stranger(
        "debugging",
        {1: (day(2020, 1, 10),), 2: (day(2020, 2, 25),), 4: (day(2020, 1, 2),)},
    ),
    Stranger("own_table", {1: (6, False), 2: (35, True), 3: (14, False)}),
    Stranger(
        "event_table",
        {1: (1950,), 3: (2001,), 5: (1975,)},
        events={
            "readings": [
                (1, day(2020, 1, 6), 150.0, 70),
                (1, day(2020, 2, 3), 130.0, 70),
                (3, day(2020, 1, 8), 22.5, 18),
                (3, day(2020, 2, 12), 31.0, 19),
            ]
        },
    ),
    Stranger(
        "several_datasets", {3: ("female",), 6: ("male",)}, dataset="dataset_young"
    ),
    Stranger("several_datasets", {1: ("female",), 4: ("male",)}, dataset="dataset_old"),
    Stranger(
        "both",
        {("flu", "2020-01-06"): (1, 6)},
        warns=(
            "the site's policy decides on disclosure control",
            "the file defines measures and a dataset",
        ),
    ),
    Stranger(
        "both",
        {1: (1,), 5: (2,)},
        dataset="dataset",
        warns=("the site's policy decides on disclosure control",),
    ),
    Stranger(
        "attributes_of_a_frame",
        {
            1: (130.0, None),
            2: (120.0, None),
            3: (None, 31.0),
            4: (None, None),
            5: (None, None),
            6: (None, None),
        },
    ),
    Stranger(
        "damaged_codes",
        {1: (2,), 2: (1,), 3: (2,), 4: (1,), 5: (1,)},
        warns=(
            "codelists/opensafely-damaged.csv: '19596-7001' are no SNOMED CT codes",
        ),
    ),
    Stranger("extremes_of_constants", {1: (3, 70), 4: (3, 79), 5: (3, 70)}),
    Stranger("name_of_today", {("alive", JAN): (6, 6), ("alive", FEB): (5, 6)}),
    Stranger(
        "measures_in_a_loop",
        {
            ("events_all", FEB): (3, 6),
            ("events_sex", FEB, "female"): (3, 3),
            ("events_sex", FEB, "male"): (0, 3),
            ("drugs_all", FEB): (1, 6),
            ("drugs_sex", FEB, "female"): (0, 3),
            ("drugs_sex", FEB, "male"): (1, 3),
        },
    ),
    Stranger(
        "rolling_year",
        {("emergency", "2019-12-31"): (1, 5), ("emergency", "2020-01-31"): (1, 5)},
    ),
    Stranger(
        "dataclass_of_variables",
        {
            1: (None, None, None, None),
            2: (None, None, None, None),
            3: (None, None, None, None),
            4: (day(2020, 2, 1), True, day(2020, 2, 10), True),
            5: (None, None, None, None),
            6: (None, None, None, None),
        },
    ),
    Stranger(
        "dateutil_months", {("prescribed", JAN): (2, 6), ("prescribed", FEB): (1, 6)}
    ),
    Stranger("status_of_drugs", {1: (1, 1, 1), 2: (1, 2, 2), 4: (0, 1, 1)}),
    Stranger("both_kinds_of_deaths", {4: (day(2020, 2, 10), 1, "J45")}),
    Stranger(
        "sequential_variables",
        {
            1: (day(2020, 1, 10), None, None),
            2: (day(2020, 2, 11), day(2020, 2, 25), None),
            4: (day(2020, 1, 2), None, None),
        },
    ),
    Stranger(
        "package_of_measures",
        {("emergencies", JAN): (1, 6), ("emergencies", FEB): (1, 6)},
    ),
    Stranger(
        "appended_path",
        {
            1: (None,),
            2: ("18-39",),
            3: ("18-39",),
            4: (None,),
            5: ("40-64",),
            6: ("0-17",),
        },
    ),
    Stranger("registered_population", {1: (1, None), 2: (1, None), 3: (2, None)}),
    Stranger(
        "claimed",
        {
            ("attended", JAN): (1, 1),
            ("missed", JAN): (0, 1),
            ("attended", FEB): (1, 2),
            ("missed", FEB): (2, 2),
        },
    ),
]
