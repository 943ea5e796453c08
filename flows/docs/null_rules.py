"""What each function does with NULL, in a sentence; examples where the specification
has none.

By the name of a function; `Group.name` where one name means two things.
"""

EITHER = "NULL where either side is NULL."
KEPT = "NULL stays NULL."
AGGREGATE = "rows with NULL are left out; NULL where no value is left."
NO_VALUES = "no values are looked at."
ENDS = (
    "an end that is NULL decides nothing: False where the other end says so, else NULL."
)

# operator, meaning, with NULL, example
OPERATORS = (
    ("`==`, `!=`", "equal, not equal", EITHER, '`patients.sex == "female"`'),
    (
        "`<`, `<=`, `>`, `>=`",
        "order of numbers, strings and dates",
        EITHER,
        '`patients.date_of_birth > "1950-01-01"`',
    ),
    (
        "`&`",
        "and",
        "False if either side is False, whatever the other is.",
        "`registered & alive`",
    ),
    (
        "`|`",
        "or",
        "True if either side is True, whatever the other is.",
        "`by_code | by_drug`",
    ),
    ("`~`", "not", KEPT, "`~patients.is_dead_on(day)`"),
    (
        "`+`, `-`, `*`",
        "of two numbers of one type; a literal int goes with both",
        EITHER,
        "`age + 1`",
    ),
    (
        "`/`",
        "division, always a float",
        f"{EITHER} NULL for a division by 0.",
        "`weight / (height * height)`",
    ),
    (
        "`//`",
        "whole division, always an int, downwards",
        f"{EITHER} NULL for a division by 0.",
        "`age // 10`",
    ),
    ("`**`", "power, always a float", EITHER, "`height ** 2`"),
    (
        "`date + days(n)`",
        "a later date; also weeks, months, years",
        EITHER,
        "`latest.date + months(6)`",
    ),
    (
        "`date - date`",
        "a difference with `.days`, `.weeks`, `.months`, `.years`",
        EITHER,
        "`(day - birth).years`",
    ),
)

RULES = {
    "exists_for_patient": "never NULL; False without a row.",
    "count_for_patient": "never NULL; counts rows whatever they hold, 0 without a row.",
    "where": "a row whose condition is NULL goes, as if it were False.",
    "except_where": "a row whose condition is NULL stays.",
    "sort_by": "NULL comes before every value.",
    "first_for_patient": "without a row every column is NULL.",
    "last_for_patient": "without a row every column is NULL.",
    "is_in": "NULL stays NULL; False for everybody where the container is empty.",
    "is_not_in": "NULL stays NULL; True for everybody where the container is empty.",
    "is_null": "never NULL.",
    "is_not_null": "never NULL.",
    "map_values": "NULL, and a value that is no key, give the default.",
    "to_category": "NULL, and a code that is no key, give the default.",
    "when_null_then": "gives the other value; NULL where that is NULL, too.",
    "as_int": KEPT,
    "as_float": KEPT,
    "absolute": KEPT,
    "contains": EITHER,
    "contains_any_of": KEPT,
    "year": KEPT,
    "month": KEPT,
    "day": KEPT,
    "Dates.days": EITHER,
    "Dates.weeks": EITHER,
    "Dates.months": EITHER,
    "Dates.years": EITHER,
    "to_first_of_month": KEPT,
    "to_first_of_year": KEPT,
    "is_before": EITHER,
    "is_on_or_before": EITHER,
    "is_after": EITHER,
    "is_on_or_after": EITHER,
    "is_between_but_not_on": ENDS,
    "is_on_or_between": ENDS,
    "is_during": ENDS,
    "minimum_for_patient": AGGREGATE,
    "maximum_for_patient": AGGREGATE,
    "sum_for_patient": AGGREGATE,
    "mean_for_patient": AGGREGATE,
    "median_for_patient": AGGREGATE,
    "quantile_for_patient": AGGREGATE,
    "count_distinct_for_patient": "never NULL; NULL is no value, 0 of nothing.",
    "count_episodes_for_patient": "never NULL; rows without a date are left out, 0 of nothing.",
    "days_covered_for_patient": "never NULL; a spell without a first day counts nothing, one without a last "
    "goes on.",
    "nights_by_start_for_patient": "never NULL; a spell without a first or a last day is left out, 0 of nothing.",
    "as_text": KEPT,
    "first_characters": EITHER,
    "word_begins": EITHER,
    "then": "the value may be None, which gives NULL.",
    "otherwise": "the value may be None, which gives NULL.",
    "when": "a condition that is NULL goes on to the next case.",
    "case": "a condition that is NULL goes on to the next; without `otherwise` NULL is "
    "what is left.",
    "maximum_of": "NULL values are left out; NULL only where all are.",
    "minimum_of": "NULL values are left out; NULL only where all are.",
    "in_bands": "NULL is in no band, and gives `otherwise`.",
    "days": "a number that is NULL moves a date to NULL.",
    "weeks": "a number that is NULL moves a date to NULL.",
    "months": "a number that is NULL moves a date to NULL.",
    "years": "a number that is NULL moves a date to NULL.",
    "starting_on": "the date may not be NULL where plain intervals are made; in a rolling "
    "window NULL covers nothing.",
    "ending_on": "the date may not be NULL where plain intervals are made; in a rolling "
    "window NULL covers nothing.",
    "quarters": NO_VALUES,
    "iso_weeks": NO_VALUES,
    "define_population": "patients for whom it is NULL are left out.",
    "add_column": "a column holds NULL where there is no value.",
    "add_event_table": "a column holds NULL where there is no value.",
    "configure_dummy_data": NO_VALUES,
    "configure_disclosure_control": NO_VALUES,
    "define_measure": "a NULL numerator adds 0, a NULL denominator leaves the patient out, a NULL "
    "group is a group.",
    "define_defaults": "as in `define_measure`.",
    "describe": NO_VALUES,
    "test": "None in a row that is expected means NULL; a column that it leaves out is "
    "not looked at.",
    "amount": "a patient without a value is not counted.",
    "create_dataset": NO_VALUES,
    "create_measures": NO_VALUES,
    "codelist_from_csv": "cells without text are no codes.",
    "concept_set": NO_VALUES,
    "concept_set_from_csv": NO_VALUES,
    "concept_set_from_json": NO_VALUES,
    "ConceptId": '0 is OMOP\'s "no matching concept": a value, not NULL.',
    "table_from_file": "an empty cell is NULL, and so is every column of a patient without a row.",
    "table": "a column that the records leave out is NULL.",
    "claim_permissions": NO_VALUES,
    "get_parameter": NO_VALUES,
    "show": NO_VALUES,
}

OWN_EXAMPLES = {
    "add_column": 'dataset.add_column("age", patients.age_on("2022-01-01"))  # the same as '
    "dataset.age = …",
    "add_event_table": (
        'dataset.add_event_table(\n    "readings", date=clinical_events.date, '
        "value=clinical_events.numeric_value\n)"
    ),
    "define_population": 'dataset.define_population(patients.is_alive_on("2022-01-01"))',
    "define_measure": (
        "measures.define_measure(\n"
        '    "seen_by_sex",\n'
        "    numerator=during.exists_for_patient(),\n"
        "    denominator=patients.is_alive_on(INTERVAL.start_date),\n"
        '    group_by={"sex": patients.sex},\n'
        '    intervals=months(12).starting_on("2022-01-01"),\n)'
    ),
    "define_defaults": 'measures.define_defaults(intervals=weeks(52).starting_on("2022-01-03"))',
    "describe": 'measures.describe("seen", title="Seen in the practice", per=1000)',
    "configure_dummy_data": "dataset.configure_dummy_data(population_size=1000)  # accepted, without "
    "effect",
    "create_dataset": "dataset = create_dataset()",
    "create_measures": "measures = create_measures()",
    "codelist_from_csv": 'asthma = codelist_from_csv("codelists/asthma.csv", column="code")',
    "concept_set_from_csv": 'asthma = concept_set_from_csv("codelists/asthma.csv")',
    "concept_set_from_json": 'asthma = concept_set_from_json("codelists/asthma.json")',
    "claim_permissions": 'claim_permissions("appointments")',
    "get_parameter": 'start = get_parameter("start", default="2022-01-01")  # run STUDY -- '
    "--start 2023-01-01",
    "in_bands": "age_band = in_bands(age, [(0, 17), (18, 64), (65, None)])",
    "iso_weeks": 'iso_weeks(10).starting_on("2022-W01")',
    "quarters": 'quarters(4).starting_on("2022-01-01")',
    "show": "show(patients.sex)",
    "test": (
        "dataset.test(\n"
        '    {"patients": [{"patient_id": 1, "sex": "male"}]},\n'
        '    [{"patient_id": 1, "sex": "male"}],\n)'
    ),
    "table_from_file": 'controls = table_from_file("output/controls.csv", columns={"matched": bool})',
    "table": "@table\nclass ward(EventFrame):\n    date = Series(datetime.date)\n    name "
    "= Series(str)",
}
