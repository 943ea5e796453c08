"""What a data report says of numbers that are withheld."""

from datetime import date

import pytest

from measures.describe.found import Described, Rows, Value, report_of
from measures.describe.outline import Code, Codes, Outline, People, Variable
from measures.describe.saying import missing, shape, share
from measures.describe.shapes import CATEGORY, NUMBER
from measures.release.reading import ReleasedRow

ORDER = ("0 to 4", "5 to 9", "10 to 14")


def row(
    measure: str, group: tuple, numerator: int | None, denominator: int | None = None
) -> ReleasedRow:
    return ReleasedRow(
        measure=measure,
        interval_start=date(2020, 1, 1),
        interval_end=date(2020, 1, 31),
        group_by=("age",) if group else (),
        group=group,
        numerator=numerator,
        denominator=denominator if denominator is not None else numerator,
        ratio=None,
        ratio_at_least=None,
        ratio_at_most=None,
        ci_low=None,
        ci_high=None,
        status="released",
    )


def variable(kind: str = NUMBER) -> Variable:
    return Variable(
        name="age",
        role="variable",
        type="int",
        kind=kind,
        measure="variable_age",
        people="people",
        order=ORDER if kind == NUMBER else (),
    )


def described(
    kind: str, people: int | None, none: int | None, **values: int | None
) -> Described:
    listed = tuple(
        Value(name.replace("_", " "), number) for name, number in values.items()
    )
    return Described(variable(kind), "population", people, none, listed)


def test_a_report_is_its_outline_with_numbers():
    codes = Codes(
        codelist="a.csv",
        table="clinical_events",
        column="snomedct_code",
        date="date",
        codes=(Code("123456789", "code_1"),),
        ever="ever",
        patients="patients",
        rows="rows",
    )
    outline = Outline(
        ("2020-01-01", "2020-01-31"),
        (People("population", "people"),),
        (variable(),),
        (codes,),
    )
    rows = [
        row("people", (), 120, 300),
        row("variable_age", ("10 to 14",), 40),
        row("variable_age", ("5 to 9",), None),
        row("variable_age", (None,), 20),
        row("variable_age", ("0 to 4",), 60),
        row("ever", (), 70, 300),
        row("patients", (), None, 300),
        row("rows", (), 90, 300),
        row("code_1", (), 0, 300),
    ]
    found = report_of("study", outline, Rows(rows)).as_json()
    assert (found["everybody"], found["people"]) == (
        300,
        [{"name": "population", "people": 120}],
    )
    [age] = found["variables"]
    assert (
        age["missing"],
        [(each["value"], each["people"]) for each in age["values"]],
    ) == (
        20,
        [("0 to 4", 60), ("5 to 9", None), ("10 to 14", 40)],
    )
    assert age["shape"] == {
        "quarter": "0 to 4",
        "half": "0 to 4",
        "three_quarters": "10 to 14",
    }
    [listed] = found["codelists"]
    assert listed["people"] == 70 and listed["by_code"] == [
        {"code": "123456789", "people": [0]}
    ]
    assert listed["periods"] == [
        {"start": "2020-01-01", "end": "2020-01-31", "people": None, "rows": 90}
    ]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (described(NUMBER, 100, 0, a=None), "withheld"),
        (described(NUMBER, 100, 0, a=25, b=25, c=50), "median b, quarters a and c"),
        (described(CATEGORY, 100, 100), "no value"),
        (described(CATEGORY, 100, 50), "no value that enough people share to be named"),
        (described(CATEGORY, 100, 0, a=None), "withheld"),
        (
            described(CATEGORY, 1000, 0, a=1, b=9, c=500, d=490),
            "c 50%, d 49%, b <1%, 1 more value",
        ),
        (described(CATEGORY, None, None, a=10), "a –"),
    ],
)
def test_shapes_in_words(found, said):
    assert shape(found) == said


def test_shares():
    assert [
        share(part, whole)
        for part, whole in ((None, 10), (0, 10), (1, 1000), (5, 10), (0, 0))
    ] == [
        "withheld",
        "0%",
        "<1%",
        "50%",
        "–",
    ]
    assert missing(described(CATEGORY, 100, None)) == "withheld"
