# mypy: ignore-errors
"""The rules of old studies, written once more on rows that are dicts, one patient at a
time.

Shares no code with the translation: it knows neither nodes nor SQL. Every value is what
the old program has: 0, "" and -1 where nothing is recorded, flags as 0 and 1, dates as
text at their precision.
"""

import re
from datetime import date

from tests.lib.old_values import (
    Category,
    Ident,
    Imd,
    Whole,
    entry_begins,
    moved,
    order,
    truth,
    whole_time,
)

FAR = date(9999, 12, 31)
LENGTHS = {None: 4, "YYYY": 4, "YYYY-MM": 7, "YYYY-MM-DD": 10}
KEPT = {"Arrived", "Waiting", "In Progress", "Finished", "Patient Walked Out", "Visit"}
BMI = {"weight": {"X76C7", "22A.."}, "height": {"XM01E", "229.."}, "bmi": {"22K.."}}


class Recorder:
    """`patients`, of which every function gives its own name and arguments."""

    def __getattr__(self, name):
        return lambda *values, **named: (name, values, named)


def evaluate(columns, records, index_date, population=("all", (), {})):
    """The rows of a study; `columns` maps names to what the Recorder gave."""
    ids = sorted({row["patient_id"] for row in records.get("patients", ())})
    found = []
    for patient in ids:
        person = Person(patient, records, index_date)
        for name, asked in columns.items():
            person.compute(name, asked)
        if truth(person.value(population)):
            found.append(
                {
                    "patient_id": patient,
                    **{name: person.shown(name) for name in person.output},
                }
            )
    return found


class Person:
    """One patient's rows, and the columns so far."""

    def __init__(self, patient, records, index_date):
        self.rows = {
            name: [row for row in rows if row["patient_id"] == patient]
            for name, rows in records.items()
        }
        self.index_date = index_date
        self.values, self.days, self.output = {}, {}, []

    def shown(self, name):
        value = self.values[name]
        if isinstance(value, bool):
            return int(value)
        return int(value) if isinstance(value, int) else value

    def compute(self, name, asked, hidden=False):
        function, _, named = asked
        if function in ("satisfying", "categorised_as", "minimum_of", "maximum_of"):
            for inner, each in named.items():
                if isinstance(each, tuple) and inner != "return_expectations":
                    self.compute(inner, each, hidden=True)
        self.day = ""
        self.values[name] = self.value(asked)
        self.days[name] = self.day
        if not hidden:
            self.output.append(name)
        for flag, ending in (
            ("include_date_of_match", "date"),
            ("include_measurement_date", "date_measured"),
        ):
            if named.get(flag):
                self.values[f"{name}_{ending}"] = self.cut(self.days[name], named)
                if not hidden:
                    self.output.append(f"{name}_{ending}")

    def value(self, asked):
        function, values, named = asked
        return getattr(self, function)(*values, **named)

    def table(self, name):
        return self.rows.get(name, [])

    # dates

    def date(self, text):
        """None where a column has no value."""
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text)
        function, of, name, sign, count, unit = re.fullmatch(
            r"(?:(\w+)\((\w+)\)|(\w+))(?:\s*([+-])\s*(\d+) (\w+))?", text
        ).groups()
        name = of or name
        if name == "index_date":
            day = self.index_date
        else:
            day = self.values[name]
            if day == "":
                return None
            day = date.fromisoformat((day + "-01-01")[:10])
        if function:
            day = whole_time(day, function)
        return moved(day, int(sign + count), unit) if unit else day

    def inside(self, day, on_or_before=None, on_or_after=None, between=None, **_):
        """Whether a day, or None for an undated row, is in a period."""
        if between:
            on_or_after, on_or_before = between
        bounds = [
            None if each is None else self.date(each)
            for each in (on_or_after, on_or_before)
        ]
        for text, bound in zip((on_or_after, on_or_before), bounds, strict=True):
            if text is not None and bound is None:
                return False
        first, last = bounds
        day = day or FAR
        return (first is None or first <= day) and (
            last is None or (day <= last and day != FAR)
        )

    def cut(self, day, named):
        """The text of a day, as short as it is asked for."""
        length = LENGTHS[named.get("date_format")]
        length = (
            10
            if named.get("include_day")
            else 7
            if named.get("include_month")
            else length
        )
        return "" if day in ("", None) else day.isoformat()[:length]

    # rows that match

    def matched(
        self, rows, date_name, named, values, default="binary_flag", date_word="date"
    ):
        """What is returned of some rows; `values` gives that of a row, or None if it
        has none.
        """
        rows = [row for row in rows if self.inside(row.get(date_name), **named)]
        returning = named.get("returning", default)
        last = not named.get("find_first_match_in_period")
        days = [row.get(date_name) or FAR for row in rows]
        self.day = "" if not rows else max(days) if last else min(days)
        if returning == "binary_flag":
            return bool(rows)
        if returning == "number_of_matches_in_period":
            return Whole(len(rows))
        if returning == date_word:
            return self.cut(self.day, named)
        missing, read = values[returning]
        keyed = [
            (row.get(date_name) or FAR, order(read(row)), read(row)) for row in rows
        ]
        if not keyed:
            return missing
        chosen = (max if last else min)(keyed, key=lambda each: each[:2])[2]
        return missing if chosen is None else chosen

    def with_these_clinical_events(self, codes, **named):
        column = {"snomed": "snomedct_code", "ctv3": "ctv3_code"}[codes.system]
        rows = [
            row
            for row in self.table("clinical_events")
            if row.get(column) in codes.codes
        ]
        return self.coded(
            rows, column, codes, named, "ignore_days_where_these_codes_occur"
        )

    def with_these_medications(self, codes, **named):
        rows = [
            row
            for row in self.table("medications")
            if row.get("dmd_code") in codes.codes
        ]
        return self.coded(
            rows,
            "dmd_code",
            codes,
            named,
            "ignore_days_where_these_clinical_codes_occur",
        )

    def coded(self, rows, column, codes, named, ignoring):
        if named.get("ignore_missing_values"):
            rows = [row for row in rows if row.get("numeric_value")]
        others = named.get(ignoring)
        if others:
            other = {"snomed": "snomedct_code", "ctv3": "ctv3_code"}[others.system]
            days = {
                row.get("date")
                for row in self.table("clinical_events")
                if row.get(other) in others.codes
            }
            rows = [row for row in rows if row.get("date") not in days]
        if named.get("returning") == "number_of_episodes":
            return self.episodes(
                [row for row in rows if self.inside(row.get("date"), **named)], named
            )
        categories = dict(codes.entries)
        values = {
            "numeric_value": (0.0, lambda row: row.get("numeric_value")),
            "code": ("", lambda row: row.get(column)),
            "category": (
                "",
                lambda row: Category(categories[row.get(column)], row.get(column)),
            ),
        }
        return self.matched(rows, "date", named, values)

    def episodes(self, rows, named):
        wording = named.get("episode_defined_as")
        gap = int(re.search(r"\d+", wording)[0]) if wording else 0
        days = sorted(row.get("date") or FAR for row in rows)
        begun = [
            day
            for place, day in enumerate(days)
            if place == 0 or (day - days[place - 1]).days > gap
        ]
        return Whole(len(begun))

    def mean_recorded_value(
        self, codes, on_most_recent_day_of_measurement=None, **named
    ):
        column = {"snomed": "snomedct_code", "ctv3": "ctv3_code"}[codes.system]
        rows = [
            row
            for row in self.table("clinical_events")
            if row.get(column) in codes.codes
        ]
        rows = [row for row in rows if self.inside(row.get("date"), **named)]
        if on_most_recent_day_of_measurement and rows:
            self.day = max(row.get("date") or FAR for row in rows)
            rows = [row for row in rows if (row.get("date") or FAR) == self.day]
        numbers = [row.get("numeric_value") or 0.0 for row in rows]
        return sum(numbers) / len(numbers) if numbers else 0.0

    def most_recent_bmi(self, minimum_age_at_measurement=16, **named):
        born = self.table("patients")[0]["date_of_birth"].year
        bounds = {
            name: named.get(name) for name in ("on_or_before", "on_or_after", "between")
        }
        until = {
            "on_or_before": bounds["between"][1]
            if bounds["between"]
            else bounds["on_or_before"]
        }

        def latest(kind, period):
            rows = [
                row
                for row in self.table("clinical_events")
                if row.get("ctv3_code") in BMI[kind]
            ]
            rows = [row for row in rows if self.inside(row.get("date"), **period)]
            if not rows:
                return None
            found = max(
                rows,
                key=lambda row: (
                    row.get("date") or FAR,
                    order(row.get("numeric_value")),
                ),
            )
            day = found.get("date") or FAR
            return (
                None
                if day.year - born < minimum_age_at_measurement
                else (found.get("numeric_value") or 0.0, day)
            )

        weight, height, bmi = (
            latest("weight", bounds),
            latest("height", until),
            latest("bmi", bounds),
        )
        both = weight and height
        self.day = weight[1] if both else bmi[1] if bmi else ""
        value = bmi[0] if bmi else 0.0
        if both and height[0]:
            value = weight[0] / height[0] ** 2
        tenths = abs(value) * 10
        whole = int(tenths + 0.5)
        return whole / 10 if value >= 0 else -whole / 10

    # practice

    def sex(self, **_):
        known = {"male": "M", "female": "F", "intersex": "I", "unknown": "U"}
        return known.get(self.table("patients")[0].get("sex"), "")

    def all(self):
        return True

    def age_as_of(self, text):
        day = self.date(text)
        if day is None:
            return Whole(0)
        born = self.table("patients")[0]["date_of_birth"]
        return Whole(
            day.year - born.year - ((day.month, day.day) < (born.month, born.day))
        )

    def date_of_birth(self, **named):
        return self.cut(self.table("patients")[0]["date_of_birth"], named)

    def lasting(self, table, first, last):
        if first is None or last is None:
            return []
        rows = [
            row
            for row in self.table(table)
            if row.get("start_date") and row["start_date"] <= first
        ]
        return [
            row
            for row in rows
            if (row.get("end_date") or FAR) > last or not row.get("end_date")
        ]

    def registered_as_of(self, text):
        return bool(
            self.lasting("practice_registrations", self.date(text), self.date(text))
        )

    def registered_with_one_practice_between(self, first, last):
        return bool(
            self.lasting("practice_registrations", self.date(first), self.date(last))
        )

    def registered_practice_as_of(self, text, returning):
        rows = self.lasting("practice_registrations", self.date(text), self.date(text))
        name = {
            "pseudo_id": "practice_pseudo_id",
            "nuts1_region_name": "practice_nuts1_region_name",
        }[returning]
        missing = Whole(0) if returning == "pseudo_id" else ""
        if not rows:
            return missing
        chosen = max(
            rows,
            key=lambda row: (
                row["start_date"],
                row.get("end_date") or FAR,
                row["practice_pseudo_id"],
            ),
        )
        return missing if chosen.get(name) is None else chosen[name]

    def date_deregistered_from_all_supported_practices(self, **named):
        ends = [row.get("end_date") for row in self.table("practice_registrations")]
        if not ends or None in ends or not self.inside(max(ends), **named):
            return ""
        return self.cut(max(ends), named)

    def address(self, text):
        rows = self.lasting("addresses", self.date(text), self.date(text))
        return max(
            rows,
            default=None,
            key=lambda row: (
                row["start_date"],
                row.get("end_date") or FAR,
                bool(row.get("has_postcode")),
                -row["address_id"],
            ),
        )

    def address_as_of(self, text, returning, round_to_nearest=None):
        row = self.address(text)
        if returning == "rural_urban_classification":
            return Whole(0) if row is None else Whole(row.get(returning) or -1)
        rank = row and row.get("imd_rounded")
        return Imd(-1 if rank is None else rank)

    def care_home_status_as_of(self, text, categorised_as):
        row = self.address(text)
        if row is None:
            return ""
        words = {True: "Y", False: "N", None: ""}
        facts = {
            "IsPotentialCareHome": Whole(bool(row.get("care_home_is_potential_match"))),
            "LocationRequiresNursing": words[row.get("care_home_requires_nursing")],
            "LocationDoesNotRequireNursing": words[
                row.get("care_home_does_not_require_nursing")
            ],
        }
        return self.first_true(categorised_as, facts)

    # linked

    def with_gp_consultations(self, **named):
        rows = [row for row in self.table("appointments") if row.get("status") in KEPT]
        return self.matched(rows, "seen_date", named, {})

    def with_tpp_vaccination_record(
        self, target_disease_matches=None, product_name_matches=None, **named
    ):
        rows = self.table("vaccinations")
        for asked, name in (
            (target_disease_matches, "target_disease"),
            (product_name_matches, "product_name"),
        ):
            if asked is not None:
                wanted = [asked] if isinstance(asked, str) else asked
                rows = [row for row in rows if row.get(name) in wanted]
        return self.matched(rows, "date", named, {})

    def died_from_any_cause(self, **named):
        return self.died(self.table("ons_deaths"), named)

    def with_these_codes_on_death_certificate(
        self, codes, match_only_underlying_cause=False, **named
    ):
        causes = ["underlying_cause_of_death"]
        if not match_only_underlying_cause:
            causes += [f"cause_of_death_{number:02}" for number in range(1, 16)]
        rows = self.table("ons_deaths")
        return self.died(
            [
                row
                for row in rows
                if any(row.get(cause) in codes.codes for cause in causes)
            ],
            named,
        )

    def died(self, rows, named):
        values = {
            "underlying_cause_of_death": (
                "",
                lambda row: row.get("underlying_cause_of_death"),
            )
        }
        return self.matched(rows, "date", named, values, date_word="date_of_death")

    def with_test_result_in_sgss(
        self,
        pathogen,
        test_result="any",
        restrict_to_earliest_specimen_date=True,
        **named,
    ):
        wanted = {"any": (True, False), "positive": (True,), "negative": (False,)}[
            test_result
        ]
        rows = [
            row
            for row in self.table("sgss_covid_all_tests")
            if row["is_positive"] in wanted
        ]
        if restrict_to_earliest_specimen_date:
            firsts = {}
            for row in sorted(
                rows, key=lambda row: row["specimen_taken_date"], reverse=True
            ):
                firsts[row["is_positive"]] = row
            rows = list(firsts.values())
        return self.matched(rows, "specimen_taken_date", named, {})

    def admitted_to_hospital(self, **named):
        rows = self.table("apcs")
        if method := named.get("with_admission_method"):
            rows = [
                row
                for row in rows
                if row.get("admission_method")
                in ([method] if isinstance(method, str) else method)
            ]
        if codes := named.get("with_these_primary_diagnoses"):
            rows = [
                row
                for row in rows
                if (row.get("primary_diagnosis") or "").startswith(codes.codes)
            ]
        if codes := named.get("with_these_diagnoses"):
            rows = [
                row
                for row in rows
                if entry_begins(row.get("all_diagnoses") or "", codes.codes)
            ]
        returning = named.get("returning", "binary_flag")
        inside = [
            row for row in rows if self.inside(row.get("admission_date"), **named)
        ]
        if returning == "total_bed_days_in_period":
            longest = {}
            for row in inside:
                if row.get("admission_date") and row.get("discharge_date"):
                    nights = (row["discharge_date"] - row["admission_date"]).days + 1
                    longest.setdefault(row["admission_date"], []).append(nights)
            return Whole(sum(map(max, longest.values())))
        if returning == "date_discharged":
            ends = [
                row["discharge_date"] for row in inside if row.get("discharge_date")
            ]
            best = min if named.get("find_first_match_in_period") else max
            return self.cut(best(ends, default=""), named)
        last = not named.get("find_first_match_in_period")
        sign = -1 if last else 1
        values = {
            "primary_diagnosis": (
                "",
                lambda row: Ident(
                    row.get("primary_diagnosis"), sign * row["apcs_ident"]
                ),
            )
        }
        return self.matched(
            rows, "admission_date", named, values, date_word="date_admitted"
        )

    # made of others

    def fixed_value(self, value):
        return Whole(value) if type(value) is int else value

    def date_of(self, name, **named):
        return self.cut(self.days[name], named)

    def minimum_of(self, *names, **_):
        return self.extreme(min, names)

    def maximum_of(self, *names, **_):
        return self.extreme(max, names)

    def extreme(self, best, names):
        values = [each if each[:1].isdigit() else self.values[each] for each in names]
        there = [value for value in values if value not in ("", 0)]
        return best(there) if there else type(values[0])()

    def satisfying(self, expression, **_):
        return truth(self.expressed(expression, self.values))

    def categorised_as(self, definitions, **_):
        return self.first_true(definitions, self.values)

    def first_true(self, definitions, values):
        for label, expression in definitions.items():
            if expression != "DEFAULT" and truth(self.expressed(expression, values)):
                return label
        return next(
            label
            for label, expression in definitions.items()
            if expression == "DEFAULT"
        )

    def expressed(self, expression, values):
        """As Python: a text is compared as a text, and a bare name is true if it is not
        empty.
        """
        python = " ".join(map(_as_python, WORDS.findall(expression)))
        return eval(python, {"values": values, "Whole": Whole})


WORDS = re.compile(r"('[^']*')|(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(<=|>=|!=|[-+*/()=<>])")


def _as_python(word):
    text, number, name, sign = word
    if number:
        return number if "." in number else f"Whole({number})"
    if name:
        return name.lower() if name in ("AND", "OR", "NOT") else f"values[{name!r}]"
    return text or {"=": "=="}.get(sign, sign)
