"""What is refused of codes, datasets and measures, and which rules they keep instead.

One table: the expression, the kind of error, words that must be told
(`tests.lib.refusals` says what they may name).
"""

import pytest

from extractors import months, weeks
from extractors.errors import CodelistError
from measures import create_measures
from tests.lib.refusals import WEEK, Refusal, check_refused, every
from tests.lib.tables import e, p

SEVERAL_CODES = "cannot be compared as a whole; use contains() or contains_any_of()"
MANY = "needs one value per patient, got a series with many; pick a row"
ALLOWED = "is not an allowed name"
T, V, A = TypeError, ValueError, AttributeError

REFUSALS: dict[str, list[Refusal]] = {
    "datasets": [
        ("dataset.define_population(p.i1)", T, "define_population() needs a bool series, got a series of int"),
        ("dataset.define_population(e.b1)", T, f"define_population() {MANY}"),
        ("dataset.define_population(True)", T, "define_population() needs a series, got bool"),
        ("dataset.define_population(p)", T, "got a whole frame; name one of its columns or use exists_for_patient()"),
        ("dataset.define_population(p.i1.is_null())", V, "must not evaluate as True for NULL inputs"),
        ("dataset.define_population(~e.exists_for_patient())", V, "must not evaluate as True for NULL inputs"),
        ("dataset.define_population(p.b1) or dataset.define_population(p.b1)", A, "no more than once"),
        ("setattr(dataset, 'population', p.b1)", A, "use define_population() instead"),
        ("setattr(dataset, 'x', 5)", T, "the variable 'x' needs a series, got int"),
        ("setattr(dataset, 'x', None)", T, "the variable 'x' needs a series, got None"),
        ("setattr(dataset, 'x', e.i1)", T, f"the variable 'x' {MANY}"),
        ("setattr(dataset, 'x', e)", T, "the variable 'x' needs a series, got a whole frame"),
        ("setattr(dataset, 'patient_id', p.i1)", A, ALLOWED),
        ("setattr(dataset, 'dummy_data_config', p.i1)", A, ALLOWED),
        ("setattr(dataset, '_x', p.i1)", A, ALLOWED),
        ("dataset.add_column('1x', p.i1)", A, ALLOWED),
        ("dataset.add_column('x y', p.i1)", A, ALLOWED),
        ("dataset.add_column('population', p.b1)", A, ALLOWED),
        ("dataset.add_column(1, p.i1)", T, "a name must be a string, got int"),
        ("dataset.add_column('x', p.i1) or setattr(dataset, 'x', p.i2)", A, "already set and cannot be reassigned"),
        ("dataset.x", A, "the dataset has no variable 'x'"),
        ("dataset.nodes", A, "the dataset has no variable 'nodes'"),
        ("nodes_of(dataset)", T, "a dataset needs a population; add dataset.define_population(…)"),
        ("dataset.add_column('x', p.i1) or setattr(dataset, 'X', p.i2)", A, "'X' and 'x' differ in capital letters"),
        ("setattr(dataset, 'Patient_ID', p.i1)", A, "'Patient_ID' and 'patient_id' differ in capital letters"),
    ],
    "codes": [
        ("p.c1 == '12'", V, "Invalid SNOMEDCTCode: 12"),
        ("p.c1 == '012345678'", V, "Invalid SNOMEDCTCode: 012345678; SNOMED CT codes look different"),
        ("p.c1 == '1234567890123456789'", V, "Invalid SNOMEDCTCode"),
        ("p.c1.is_in(['123456789', 'H33..'])", V, "Invalid SNOMEDCTCode: H33..; SNOMED CT codes look different"),
        ("p.c1.is_in(['123456789 '])", V, "there are spaces around it"),
        ("p.c1.is_in(['123456789.0'])", V, "a spreadsheet turned it into a number; get the codes again"),
        ("p.c1.is_in(['1.00567E+15'])", V, "a spreadsheet turned it into a number; get the codes again"),
        ("codes.ctv3.is_in(['431'])", V, "Invalid CTV3Code: 431; a spreadsheet took zeros from its beginning"),
        ("codes.ctv3 == 'H33.'", V, "Invalid CTV3Code: H33."),
        ("codes.ctv3 == '.H33.'", V, "Invalid CTV3Code: .H33."),
        ("codes.bnf == '301020000000'", V, "a spreadsheet took zeros from its beginning"),
        ("codes.bnf == '0301'", V, "Invalid BNFCode: 0301"),
        ("p.k1 == 'i21'", V, "Invalid ICD10Code: i21; ICD-10 codes look different"),
        ("p.k1 == 'I21.3'", V, "Invalid ICD10Code: I21.3; ICD-10 codes look different"),
        ("codes.opcs4 == 'I21'", V, "Invalid OPCS4Code: I21; OPCS-4 codes look different"),
        ("codes.dmd == '0123456'", V, "Invalid DMDCode: 0123456; dm+d codes look different"),
        ("p.c1 == 123456789", T, "expected SNOMEDCTCode, got int; write codes in quotes"),
        ("p.c1.is_in([123456789])", T, "expected SNOMEDCTCode, got int; write codes in quotes"),
        ("p.c1 == p.s1", T, "expected SNOMEDCTCode, got a series of str"),
        ("p.c1 == p.k1", T, "expected SNOMEDCTCode, got a series of ICD10Code"),
        ("p.c1 == ICD10Code('I21')", T, "expected SNOMEDCTCode, got ICD10Code"),
        ("p.c1 < '123456789'", T, "'<' not supported"),
        ("p.c1.contains('12')", A, "a series of SNOMEDCTCode has no 'contains'"),
        ("maximum_of(p.c1, p.c2)", T, "maximum_of takes what has an order: numbers, strings or dates"),
    ],
    "several codes in one string": [
        ("p.m1 == 'I21'", T, SEVERAL_CODES),
        ("p.m1 != 'I21'", T, SEVERAL_CODES),
        ("p.m1.is_in(['I21'])", T, SEVERAL_CODES),
        ("p.m1.is_not_in(['I21'])", T, SEVERAL_CODES),
        ("p.m1.map_values({'I21': 1})", T, SEVERAL_CODES),
        ("p.m1.contains('21')", V, "Invalid ICD-10 code or beginning of one: 21"),
        ("p.m1.contains(21)", T, "expected an ICD-10 code or the beginning of one, got int"),
        ("p.m1.contains(p.k1)", T, "expected an ICD-10 code or the beginning of one, got a series"),
        ("p.m1.contains_any_of([])", T, "contains_any_of needs at least one code"),
        ("p.m1.contains_any_of('I21')", T, "contains_any_of needs a list of codes; for one code use contains()"),
        ("p.m1.contains_any_of(['I21', '21'])", V, "Invalid ICD-10 code or beginning of one: 21"),
    ],
    "codelists": [
        ("codelist_lines(['cod', '123456'], column='code')", CodelistError, "no column 'code'; did you mean 'cod'?"),
        ("codelist_lines(['code', '1.2E+15'], column='code')", CodelistError, "a spreadsheet turned into a number"),
        ("codelist_lines(['code', '123456.0'], column='code')", CodelistError, "a spreadsheet turned into a number"),
        ("codelist_lines(['code,term', '1,a', '2,b,c'], column='term')", CodelistError, "line 3 has 3 cells"),
        ("codelist_from_csv('none.csv', column='code')", CodelistError, "there is no codelist file none.csv"),
        ("codelist_from_csv('none.csv')", T, "column"),
        ("codelist_from_csv('none.csv', 'code')", T, "positional"),
    ],
    "measures": [
        ("define('m', p.s1, p.b1, None, WEEK)", T, "the numerator of 'm' must be"),
        ("define('m', p.d1, p.b1, None, WEEK)", T, "the numerator of 'm' must be"),
        ("define('m', p.b1, p.f1, None, WEEK)", T, "the denominator of 'm' must be a bool or int series, got float"),
        ("define('m', e.b1, p.b1, None, WEEK)", T, f"the numerator of 'm' {MANY}"),
        ("define('m', p.b1, True, None, WEEK)", T, "the denominator of 'm' needs a series, got bool"),
        ("define('m', p, p.b1, None, WEEK)", T, "the numerator of 'm' needs a series, got a whole frame"),
        ("define('m', None, p.b1, None, WEEK)", T, "the measure 'm' has no numerator, and there is no default"),
        ("define('m', p.b1, None, None, WEEK)", T, "the measure 'm' has no denominator, and there is no default"),
        ("define('m', p.b1, p.b1)", T, "the measure 'm' has no intervals, and there is no default for them"),
        ("define()", T, "missing 1 required positional argument: 'name'"),
        ("define(1, p.b1, p.b1, None, WEEK)", T, "the name of a measure must be a string, got int"),
        ("define('1m', p.b1, p.b1, None, WEEK)", A, ALLOWED),
        ("define('m-1', p.b1, p.b1, None, WEEK)", A, ALLOWED),
        ("define('m', *GOOD) or define('m', *GOOD)", A, "there is a measure named 'm' already; each"),
        ("define('m', *GOOD) or define('M', *GOOD)", A, "a measure named 'm' already, which differs in capital"),
        ("define('m', p.b1, p.b1, p.s1, WEEK)", T, "group_by needs a dict from names to series"),
        ("define('m', p.b1, p.b1, ['s1'], WEEK)", T, "group_by needs a dict from names to series, got list"),
        ("define('m', p.b1, p.b1, {1: p.s1}, WEEK)", T, "names in group_by must be strings, got int"),
        ("define('m', p.b1, p.b1, {'x y': p.s1}, WEEK)", A, ALLOWED),
        ("define('m', p.b1, p.b1, {'g': 'a'}, WEEK)", T, "the group 'g' needs a series, got str"),
        ("define('m', p.b1, p.b1, {'g': e.s1}, WEEK)", T, f"the group 'g' {MANY}"),
        *[
            (f"define('m', p.b1, p.b1, {{{name!r}: p.s1}}, WEEK)", A, f"'{name}' {ALLOWED}")
            for name in ("measure", "numerator", "denominator", "ratio", "interval_start", "interval_end", "status")
        ],
        *[
            (f"define('m', p.b1, p.b1, {{{name!r}: p.s1}}, WEEK)", A, f"'{name}' {ALLOWED}")
            for name in ("grouping", "tally", "n0", "P12", "numerator_patients", "denominator_largest")
        ],
        ("define('m', p.b1, p.b1, {'Ratio': p.s1}, WEEK)", A, "'Ratio' and 'ratio' differ in capital letters alone"),
        ("define('m', p.b1, p.b1, {'a': p.s1, 'A': p.i1}, WEEK)", A, "'a' and 'A' differ in capital letters alone"),
        ("define('m', p.b1, p.b1, {'a': p.s1}, WEEK) or define('n', p.b1, p.b1, "
"{'A': p.s1}, WEEK)", A, "'A' and 'a'"),
        (
            "define('m', p.b1, p.b1, {'g': p.s1}, WEEK) or define('n', p.b1, p.b1, "
"{'g': p.s2}, WEEK)",
            A, "the group 'g' is defined differently in the measure 'm'",
        ),
        ("defaults(denominator=p.b1) or defaults(intervals=WEEK)", A, "define_defaults() may be called only once"),
        ("defaults() or defaults()", A, "define_defaults() may be called only once"),
        ("defaults(intervals=weeks(2)) or define('m', p.b1, p.b1)", T, "did you forget .starting_on(…)"),
        ("define('m', p.b1, p.b1, None, months(3))", T, "intervals need a date to start from: did you forget"),
        ("define('m', p.b1, p.b1, None, '2020-01-01')", T, "intervals need a list of (start, end) dates, got str"),
        ("define('m', p.b1, p.b1, None, WEEK[0])", T, "an interval must be a pair of dates (start, end)"),
        ("define('m', p.b1, p.b1, None, [('2020-01-01', '2020-01-02')])", T, "must be datetime.date, got str"),
        ("define('m', p.b1, p.b1, None, [WEEK, WEEK])", T, "got a list of intervals; join several lists with +"),
        ("define('m', p.b1, p.b1, None, [weeks(2).starting_on('2020-01-06')])", T, "join several lists with +"),
        ("define('m', p.b1, p.b1, None, ('2020-01-01', '2020-01-02'))", T, "got str; write [(start, end)] for one"),
        ("define(p.b1, 'm')", T, "the name of a measure must be a string, got a series"),
        ("define('m', p.b1, p.b1, None, [(datetime.datetime(2020, 1, 1), "
"date(2020, 1, 2))])", T, "got datetime"),
        ("define('m', p.b1, p.b1, None, [(date(2020, 1, 2), date(2020, 1, 1))])", V, "must not end before it starts"),
        ("define('m', p.b1, p.b1, None, [(date(2020, 1, 2),)])", T, "an interval must be a pair of dates (start, end)"),
        ("define('m', p.b1, p.b1, None, [])", V, "the measure 'm' has an empty list of intervals"),
        ("define('m', p.b1, p.b1, None, INTERVAL)", T, "intervals need a list of (start, end) dates"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("expression", "error", "told"), every(REFUSALS))
def test_refused(expression, error, told):
    check_refused(expression, error, told)


def test_none_falls_back_to_the_default_and_an_empty_dict_does_not():
    measures = create_measures()
    measures.define_defaults(
        numerator=p.b1, denominator=p.b2, group_by={"g": p.s1}, intervals=WEEK
    )
    measures.define_measure("usual")
    measures.define_measure("none", None, None, None, None)
    measures.define_measure("total", group_by={})
    usual, none, total = measures
    assert (usual.numerator, usual.denominator, usual.intervals) == (
        p.b1.node,
        p.b2.node,
        tuple(WEEK),
    )
    assert dict(usual.group_by) == dict(none.group_by) == {"g": p.s1.node}
    assert dict(total.group_by) == {}


def test_intervals_are_sorted_and_kept_once_and_may_overlap():
    measures = create_measures()
    month = months(1).starting_on("2020-01-01")
    measures.define_measure(
        "m", p.b1, p.b1, intervals=[*weeks(2).starting_on("2020-01-06"), *month, *WEEK]
    )
    (measure,) = measures
    assert [(str(start), str(end)) for start, end in measure.intervals] == [
        ("2020-01-01", "2020-01-31"), ("2020-01-06", "2020-01-12"), ("2020-01-13", "2020-01-19")
    ]  # fmt: skip


def test_one_group_name_with_one_definition_serves_many_measures():
    measures = create_measures()
    for name in ("m", "n"):
        measures.define_measure(name, p.b1, p.b1, {"g": p.s1.when_null_then("?")}, WEEK)


def test_denominator_may_be_true_where_nothing_is_recorded():
    """Unlike a dataset's population."""
    create_measures().define_measure("m", p.b1, ~e.exists_for_patient(), None, WEEK)
