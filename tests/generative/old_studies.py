# mypy: ignore-errors
"""Draws studies of the old language, and records for them.

A study is the text of its columns. Dates of columns hang on earlier ones, expressions
are made of all earlier columns. Pools are small, so that ties, ends of months and
borders happen all the time.
"""

from datetime import date

from hypothesis import strategies as st

from extractors.model.types import (
    CTV3Code,
    DMDCode,
    ICD10Code,
    ICD10MultiCode,
    SNOMEDCTCode,
)
from measures.cohortextractor.offered import codelist

LISTS = {
    "bp": codelist(["413606001", "163035008"], system="snomed"),
    "asthma": codelist(["H33..", "H34.."], system="ctv3"),
    "groups": codelist([("137R.", "1"), ("137S.", "2"), ("H33..", "2")], system="ctv3"),
    "drug": codelist(
        [("39113611000001102", "a"), ("39113311000001107", "b")], system="snomed"
    ),
    "heart": codelist(["I21", "J4"], system="icd10"),
}
INDEX = date(2020, 3, 30)
DAYS = [
    None, date(1900, 1, 1), date(2019, 3, 31), date(2019, 12, 31), date(2020, 1, 31), date(2020, 2, 29),
    date(2020, 3, 1), date(2020, 3, 29), date(2020, 3, 30), date(2020, 3, 31), date(2020, 4, 30),
]  # fmt: skip
PLAIN = [day for day in DAYS if day]
FIXED = ["2020-01-31", "2020-02-29", "2020-03-30", "2019-12-31"]
MOVES = ["", " - 1 day", " + 1 days", " - 1 year", " - 30 days"]
COLUMN_MOVES = ["", " + 1 month", " - 1 months", " + 1 year", " - 2 days"]
FUNCTIONS = [
    "first_day_of_month", "last_day_of_month", "first_day_of_year", "last_day_of_year",
    "first_day_of_nhs_financial_year", "last_day_of_nhs_financial_year",
]  # fmt: skip
FORMATS = ["YYYY-MM-DD", "YYYY-MM-DD", "YYYY-MM", "YYYY"]
LABELS = {"3": "x", "1": "y"}


def some(options):
    return st.sampled_from(options)


# records ------------------------------------------------------------------------------

ROWS = {
    "clinical_events": {
        "date": some(DAYS),
        "snomedct_code": some(
            [None, *map(SNOMEDCTCode, ("413606001", "163035008", "111111111"))]
        ),
        "ctv3_code": some(
            [
                None,
                *map(
                    CTV3Code,
                    ("H33..", "137R.", "137S.", "22A..", "229..", "22K..", "X76C7"),
                ),
            ]
        ),
        "numeric_value": some([None, 0.0, 1.5, 1.75, 60.0, 81.5]),
    },
    "medications": {
        "date": some(DAYS),
        "dmd_code": some([*map(DMDCode, LISTS["drug"].codes)]),
    },
    "practice_registrations": {
        "start_date": some(PLAIN),
        "end_date": some(DAYS),
        "practice_pseudo_id": some([1, 2]),
        "practice_nuts1_region_name": some([None, "London", "East"]),
    },
    "addresses": {
        "start_date": some(PLAIN),
        "end_date": some(DAYS),
        "address_id": None,
        "has_postcode": some([True, False, None]),
        "imd_rounded": some([None, 0, 6500, 6600, 32800]),
        "rural_urban_classification": some([None, 1, 8]),
        "care_home_is_potential_match": some([True, False, None]),
        "care_home_requires_nursing": some([True, False, None]),
    },
    "appointments": {
        "seen_date": some(DAYS),
        "status": some(["Finished", "Visit", "Did Not Attend"]),
    },
    "vaccinations": {
        "vaccination_id": None,
        "date": some(PLAIN),
        "target_disease": some(["INFLUENZA", "SARS-2 CORONAVIRUS"]),
        "product_name": some(["A", "B"]),
    },
    "sgss_covid_all_tests": {
        "specimen_taken_date": some(PLAIN),
        "is_positive": st.booleans(),
        "lab_report_date": some(PLAIN),
    },
    "apcs": {
        "apcs_ident": None,
        "admission_date": some(DAYS),
        "discharge_date": some(DAYS),
        "primary_diagnosis": some(
            [None, *map(ICD10Code, ("I21", "I210", "J450", "A00"))]
        ),
        "all_diagnoses": some(
            [
                None,
                *map(ICD10MultiCode, ("||I210 ,J450", "||A00 ,I21", "I21", "||XI21")),
            ]
        ),
        "admission_method": some(["21", "22", None]),
    },
}
ONE_ROW = {
    "patients": {
        "date_of_birth": some(
            [date(2003, 12, 1), date(2004, 1, 1), date(1980, 3, 1), date(2020, 4, 1)]
        ),
        "sex": some(["male", "female", "intersex", "unknown"]),
    },
    "ons_deaths": {
        "date": some(DAYS),
        "underlying_cause_of_death": some(
            [None, *map(ICD10Code, ("I21", "I210", "A00"))]
        ),
        "cause_of_death_01": some([None, ICD10Code("I21")]),
    },
}


@st.composite
def records(draw):
    made = {name: [] for name in (*ROWS, *ONE_ROW)}
    number = 0
    for patient in range(1, draw(st.integers(1, 4)) + 1):
        made["patients"].append(_row(draw, patient, ONE_ROW["patients"], 0))
        if draw(st.booleans()):
            made["ons_deaths"].append(_row(draw, patient, ONE_ROW["ons_deaths"], 0))
        for name, columns in ROWS.items():
            for _ in range(draw(st.integers(0, 6 if name == "clinical_events" else 2))):
                number += 1
                made[name].append(_row(draw, patient, columns, number))
    return made


def _row(draw, patient, columns, number):
    """What has no strategy is the row's own number."""
    return {"patient_id": patient} | {
        name: number if strategy is None else draw(strategy)
        for name, strategy in columns.items()
    }


# studies ------------------------------------------------------------------------------


class OldAuthor:
    """Writes one study, column by column."""

    def __init__(self, draw):
        self.draw = draw
        # name -> its kind; dates that expressions may move
        self.columns, self.dates, self.matches = {}, [], []

    def choose(self, options):
        return self.draw(some(options))

    def chance(self):
        return self.draw(st.booleans())

    def study(self):
        lines = [
            self.column(f"c{number}") for number in range(self.draw(st.integers(2, 6)))
        ]
        return ",\n".join(lines)

    def date(self):
        kinds = ["index", "index", "fixed", "function"] + (
            ["column"] * 3 if self.dates else []
        )
        match self.choose(kinds):
            case "index":
                return f"index_date{self.choose(MOVES)}"
            case "function":
                return f"{self.choose(FUNCTIONS)}(index_date){self.choose(MOVES)}"
            case "column":
                name = self.choose(self.dates)
                if self.chance():
                    name = f"{self.choose(FUNCTIONS)}({name})"
                return f"{name}{self.choose(COLUMN_MOVES)}"
        return self.choose(FIXED)

    def period(self):
        match self.choose(["none", "before", "after", "between", "between"]):
            case "before":
                return {"on_or_before": self.date()}
            case "after":
                return {"on_or_after": self.date()}
            case "between":
                return {"between": [self.date(), self.date()]}
        return {}

    def side(self):
        return self.choose(
            [
                {},
                {"find_first_match_in_period": True},
                {"find_last_match_in_period": True},
            ]
        )

    def column(self, name):
        writers = [
            self.events,
            self.events,
            self.linked,
            self.practice,
            self.whole,
            self.expression,
        ]
        if self.columns:
            writers += [self.expression, self.made]
        kind, text = self.choose(writers)(name)
        self.columns[name] = kind
        if kind.startswith("date") and kind != "date YYYY":
            self.dates.append(name)
        return f"{name}={text}"

    def _call(self, function, *values, **named):
        shown = [*values, *(f"{name}={value!r}" for name, value in named.items())]
        return f"patients.{function}({', '.join(shown)})"

    def _dated(self, returning):
        """A date of any format; one of years cannot be moved."""
        format_ = self.choose(FORMATS)
        return f"date {format_}", {"returning": returning, "date_format": format_}

    def events(self, name):
        codes = self.choose(["bp", "asthma", "groups", "drug"])
        function = (
            "with_these_medications"
            if codes == "drug"
            else "with_these_clinical_events"
        )
        options = [
            "binary_flag",
            "number_of_matches_in_period",
            "date",
            "date",
            "code",
            "number_of_episodes",
        ]
        options += ["category"] if codes in ("groups", "drug") else []
        options += ["numeric_value"] if codes != "drug" else []
        returning = self.choose(options)
        self.matches.append(name) if returning != "number_of_episodes" else None
        more = {"returning": returning}
        kind = {
            "binary_flag": "flag",
            "code": "text",
            "category": "text",
            "numeric_value": "float",
        }.get(returning, "int")
        if returning == "category" and codes == "groups":
            kind = "label"
        if returning == "date":
            kind, more = self._dated("date")
        if returning == "number_of_episodes" and self.chance():
            more["episode_defined_as"] = "series of events each <= 30 days apart"
        if codes != "drug" and self.chance():
            more["ignore_missing_values"] = True
        text = self._call(function, codes, **more, **self.period(), **self.side())
        if self.draw(st.integers(1, 4)) == 1:
            ignoring = (
                "ignore_days_where_these_clinical_codes_occur"
                if codes == "drug"
                else "ignore_days_where_these_codes_occur"
            )
            text = f"{text[:-1]}, {ignoring}=asthma)"
        return kind, text

    def linked(self, name):
        period, side = self.period(), self.side()
        match self.choose(["died", "caused", "stay", "stay", "seen", "jab", "test"]):
            case "died":
                kind, more = self._dated("date_of_death")
                return kind, self._call("died_from_any_cause", **more, **period)
            case "caused":
                more = {"match_only_underlying_cause": self.chance()}
                return "flag", self._call(
                    "with_these_codes_on_death_certificate", "heart", **more, **period
                )
            case "stay":
                return self._stay(name, period, side)
            case "seen":
                returning = {"returning": "number_of_matches_in_period"}
                return "int", self._call("with_gp_consultations", **returning, **period)
            case "jab":
                kind, more = self._dated("date")
                wanted = (
                    {"target_disease_matches": "INFLUENZA"}
                    if self.chance()
                    else {"product_name_matches": ["B"]}
                )
                return kind, self._call(
                    "with_tpp_vaccination_record", **wanted, **more, **period, **side
                )
        kind, more = self._dated("date")
        more |= {"test_result": self.choose(["any", "positive", "negative"])}
        if self.chance():
            more["restrict_to_earliest_specimen_date"] = False
        return kind, self._call(
            "with_test_result_in_sgss", '"SARS-CoV-2"', **more, **period, **side
        )

    def _stay(self, name, period, side):
        wanted = self.choose(
            ["", ", with_these_diagnoses=heart", ", with_these_primary_diagnoses=heart"]
        )
        returning = self.choose(
            [
                "date_admitted",
                "date_discharged",
                "total_bed_days_in_period",
                "primary_diagnosis",
                "binary_flag",
            ]
        )
        kind = {"total_bed_days_in_period": "int", "primary_diagnosis": "text"}.get(
            returning, "flag"
        )
        more = {"returning": returning}
        if returning.startswith("date"):
            kind, more = self._dated(returning)
        if returning == "total_bed_days_in_period":
            side = {}
        text = self._call("admitted_to_hospital", **more, **period, **side)
        return kind, f"{text[:-1]}{wanted})"

    def practice(self, name):
        day = self.date()
        match self.choose(
            [
                "age",
                "registered",
                "one",
                "region",
                "id",
                "imd",
                "rural",
                "home",
                "sex",
                "left",
            ]
        ):
            case "age":
                return "int", self._call("age_as_of", repr(day))
            case "registered":
                return "flag", self._call("registered_as_of", repr(day))
            case "one":
                return "flag", self._call(
                    "registered_with_one_practice_between", repr(day), repr(self.date())
                )
            case "region":
                return "text", self._call(
                    "registered_practice_as_of",
                    repr(day),
                    returning="nuts1_region_name",
                )
            case "id":
                return "int", self._call(
                    "registered_practice_as_of", repr(day), returning="pseudo_id"
                )
            case "imd":
                more = {
                    "returning": "index_of_multiple_deprivation",
                    "round_to_nearest": 100,
                }
                return "imd", self._call("address_as_of", repr(day), **more)
            case "rural":
                return "int", self._call(
                    "address_as_of", repr(day), returning="rural_urban_classification"
                )
            case "home":
                nursing = "IsPotentialCareHome AND LocationRequiresNursing = 'Y'"
                categories = {
                    "PN": nursing,
                    "PS": "IsPotentialCareHome",
                    "U": "DEFAULT",
                }
                return "text", self._call(
                    "care_home_status_as_of", repr(day), categorised_as=categories
                )
            case "sex":
                return "text", "patients.sex()"
        kind, more = self._dated("date")
        more.pop("returning")
        return kind, self._call(
            "date_deregistered_from_all_supported_practices", **more, **self.period()
        )

    def whole(self, name):
        if self.chance():
            self.matches.append(name)
            more = {"on_most_recent_day_of_measurement": True}
            return "float", self._call(
                "mean_recorded_value", "bp", **more, **self.period()
            )
        more = {"include_measurement_date": True, "date_format": "YYYY-MM-DD"}
        return "float", self._call(
            "most_recent_bmi", minimum_age_at_measurement=16, **more, **self.period()
        )

    def made(self, name):
        kind = self.choose(sorted(set(self.columns.values())))
        alike = [each for each, other in self.columns.items() if other == kind]
        if self.matches and self.chance():
            kind, more = self._dated("date")
            more.pop("returning")
            return kind, self._call("date_of", repr(self.choose(self.matches)), **more)
        if kind in ("imd", "label") or len(alike) < 2:
            return self.expression(name)
        function = self.choose(["minimum_of", "maximum_of"])
        return kind, self._call(function, *map(repr, alike))

    def expression(self, name):
        if not self.columns:
            return "text", "patients.sex()"
        if self.chance():
            return "flag", self._call("satisfying", repr(self.condition(3)))
        categories = {label: self.condition(2) for label in ("3", "1")} | {
            "0": "DEFAULT"
        }
        return "label", self._call("categorised_as", repr(categories))

    def condition(self, depth):
        if depth and self.chance():
            left, right = self.condition(depth - 1), self.condition(depth - 1)
            return self.choose(
                [
                    f"{left} AND {right}",
                    f"{left} OR {right}",
                    f"NOT {left}",
                    f"({left} OR {right})",
                ]
            )
        name = self.choose(sorted(self.columns))
        return self.choose(self._questions(name, self.columns[name]))

    def _questions(self, name, kind):
        """What can be asked of a column by itself, or with another one like it."""
        sign = self.choose(["=", "!=", "<", "<=", ">", ">="])
        alike = [
            each
            for each, other in self.columns.items()
            if other[:4] == kind[:4] and "label" not in (other, kind)
        ]
        asked = [name, f"{name} {sign} {self.choose(alike or [name])}"]
        if kind == "flag":
            asked += [f"{name} {sign} 1", f"{name} + {name} {sign} 2"]
        if kind in ("int", "imd", "float"):
            asked += [
                f"{name} {sign} 0",
                f"{name} {sign} 1",
                f"{name} * 2 - 1 {sign} 32844*1/5",
                f"{name} / 3 {sign} 13",
            ]
        if kind == "text":
            asked += [f"{name} {sign} ''", f"{name} {sign} 'M'"]
        if kind == "label":
            asked += [f"{name} {sign} ''", f"{name} {sign} '1'"]
        if kind.startswith("date"):
            asked += [f"{name} {sign} ''", f"{name} {sign} '2020'"]
        return asked


@st.composite
def old_studies(draw):
    """The text of a study's columns, and records."""
    return OldAuthor(draw).study(), draw(records())
