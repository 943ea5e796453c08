"""What a definition may say, and what it means.

Every statement here is a test of ours: the drawn table is what the records hold, the
code is what an author writes, and the table below is what each patient gets. An empty
cell is NULL, which means that nothing is recorded.

The examples use tables of `extractors.tables.tpp`, drawn with just the columns that
matter. T and F are True and False. A series made from a table with one row per patient,
such as `patients`, has one value per patient; one made from a table with many, such as
`clinical_events`, has one value per row, until it is aggregated or a row is picked.
Four names stand for a row of each patient that was picked before:

- `address` is `addresses.for_patient_on(day)`;
- `reading` is `clinical_events_ranges.sort_by(clinical_events_ranges.date).last_for_patient()`;
- `stay` is the same of `apcs`, by its `admission_date`;
- `pathway` is the same of `wl_clockstops`, by its `week_ending_date`.

Unless an example says otherwise, the population is everybody who is drawn. Some values
are such as no real record holds: they show the edge of a rule.

Names and meaning are those of ehrQL, so that its definitions run here as they are; what
ehrQL does not have is in a chapter of its own. The last chapter is about studies in the
older language of cohort-extractor.
"""

# Folder, title, what it is about, and the sections in their order (others follow by
# name).
CHAPTERS = [
    (
        "frames",
        "Frames",
        "A table is a frame of rows. Columns are taken from it, rows are counted, "
        "and a frame with many rows per patient can be filtered.",
        ["columns", "exists_and_count", "where"],
    ),
    (
        "picks",
        "Picking a row",
        "To get from many rows per patient to one, sort the frame and pick the first "
        "or the last row.",
        ["sort_and_pick", "ties"],
    ),
    (
        "aggregates",
        "Aggregates",
        "An aggregate makes one value per patient from the values of the patient's "
        "rows.",
        ["numbers", "count_distinct", "episodes"],
    ),
    (
        "logic",
        "Conditions and missing values",
        "Comparisons give True, False or NULL. NULL is not False: it means that the "
        "answer is not known.",
        ["equality", "order", "kleene", "is_in"],
    ),
    (
        "numbers",
        "Numbers",
        "Ints and floats do not mix, but a whole number that is written into a "
        "definition goes with both.",
        ["arithmetic", "division", "conversion"],
    ),
    (
        "strings",
        "Strings",
        "Strings are compared, searched, and mapped to other values.",
        ["contains", "map_values"],
    ),
    (
        "codes",
        "Clinical codes",
        "Codes are written as strings and checked against the column's coding system "
        "when the definition is read.",
        ["codes", "multi_codes"],
    ),
    (
        "dates",
        "Dates",
        "A date is written as `date(2020, 2, 29)` or as the string `2020-02-29`. "
        "INTERVAL stands for the period that is being computed.",
        ["between", "differences", "adding", "parts"],
    ),
    (
        "durations",
        "Durations",
        "Days, weeks, months and years move dates and make the intervals of measures.",
        ["intervals", "series"],
    ),
    (
        "cases",
        "Choosing a value",
        "A case gives the value of the first condition that is True.",
        ["case", "extremes_of"],
    ),
    (
        "population",
        "The population",
        "The population of a dataset says whom it is about.",
        ["population", "trying"],
    ),
    (
        "measures",
        "Measures",
        "A measure counts, in each of some intervals, a numerator among a "
        "denominator; their quotient is its ratio. The tables under the examples are "
        "true counts, as `measures.evaluate` gives them; what is released has passed "
        "disclosure control.",
        ["counting", "intervals", "groups", "defaults", "refused", "trying"],
    ),
    (
        "beyond",
        "Beyond ehrQL",
        "What is in this chapter, and nothing else in this manual, ehrQL does not "
        "have. A definition that uses it runs only here.",
        [
            "quantiles",
            "rolling_windows",
            "person_time",
            "stays",
            "words",
            "amounts",
            "units_and_standards",
            "concepts",
        ],
    ),
    (
        "old",
        "Old studies",
        "Studies written for cohort-extractor run as they are. Their rules differ "
        "from those of all other chapters: there is no NULL, a missing value is 0, "
        "an empty text or -1; an undated row comes after all others; a registration "
        "ends on the day before its last one. The examples say what stands in the "
        "call of StudyDefinition.",
        ["dates", "events", "practice", "linked", "stays_and_bmi", "expressions"],
    ),
]
