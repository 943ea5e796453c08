"""What the language refuses of series and frames, in the order in which its reference
names it.

One table: the expression, the kind of error, words that must be told
(`tests.lib.refusals` says what they may name).
"""

import pytest

from extractors import days, weeks
from tests.lib.refusals import Refusal, check_refused, every, names

DIFFERENT_ROWS = (
    "Cannot combine series which are drawn from different tables and both have more "
    "than one value per patient"
)
NO_NONE = "None cannot be used here; use is_null(), is_not_null() or when_null_then()"
LOGIC = (
    "Python's `and`, `or`, `not`, `if` and chained comparisons do not work on "
    "series; use `&`, `|`, `~`"
)
BRACKETS = "are you missing parentheses around a comparison"
DIFFERENCE = (
    "a difference of dates has no value of its own; take its .days, .weeks, .months "
    "or .years"
)
UNSUPPORTED = "unsupported operand type(s)"
ISO = "Dates must be in YYYY-MM-DD format"
T, V, A = TypeError, ValueError, AttributeError

REFUSALS: dict[str, list[Refusal]] = {
    "numbers of different types": [
        ("p.i1 + p.f1", T, "expected int, got a series of float; convert it with .as_int()"),
        ("p.f1 + p.i1", T, "expected float, got a series of int; convert it with .as_float()"),
        ("p.i1 < p.f1", T, "cuts off its fraction, or the whole number with .as_float()"),
        ("p.i1 + 1.5", T, "expected int, got float"),
        ("1.5 + p.i1", T, "expected int, got float"),
        ("p.i1 == 7.0", T, "expected int, got float"),
        ("p.i1 ** 0.5", T, "expected int, got float"),
        ("p.i1.is_in([7.0])", T, "expected int, got float"),
        ("p.i1.when_null_then(0.0)", T, "expected int, got float"),
        ("p.f1 == 'a'", T, "expected float, got str"),
        ("p.i1 == '7'", T, "expected int, got str"),
    ],
    "bools are not numbers": [
        ("p.b1 == p.i1", T, "expected bool, got a series of int"),
        ("p.i1 == p.b1", T, "expected int, got a series of bool; convert it with .as_int()"),
        ("p.b1 == 1", T, "expected bool, got int"),
        ("p.i1 == True", T, "expected int, got bool"),
        ("p.f1 + True", T, "expected float, got bool"),
        ("p.b1.is_in([1])", T, "expected bool, got int"),
        ("p.b1 + 1", T, UNSUPPORTED),
        ("-p.b1", T, "bad operand type for unary -"),
        ("p.b1 < p.b2", T, "'<' not supported"),
        ("p.b1 > False", T, "'>' not supported"),
        ("e.b1.sum_for_patient()", A, "a series of bool has no 'sum_for_patient'"),
        ("e.b1.minimum_for_patient()", A, "a series of bool has no 'minimum_for_patient'"),
        ("e.b1.maximum_for_patient()", A, "a series of bool has no 'maximum_for_patient'"),
    ],
    "dates are days": [
        ("p.d1 == datetime.datetime(2020, 1, 1)", T, "expected date, got datetime"),
        ("p.d1.is_in([datetime.datetime(2020, 1, 1)])", T, "expected date, got datetime"),
        ("p.d1.when_null_then(datetime.datetime(2020, 1, 1))", T, "expected date, got datetime"),
        ("datetime.datetime(2020, 1, 1) - p.d1", T, "expected date, got datetime"),
        ("datetime.datetime(2020, 1, 1) + days(p.i1)", T, "got datetime"),
        ("p.d1 > 2020", T, "expected date, got int"),
        ("p.d1 > '2020'", V, f"{ISO}, got '2020'"),
        ("p.d1 > '2020-1-1'", V, ISO),
        ("p.d1 > '20200101'", V, ISO),
        ("p.d1 > ' 2020-01-01'", V, ISO),
        ("p.d1.is_in(['01/02/2020'])", V, ISO),
        ("p.d1 > '2021-02-29'", V, "day is out of range for month in '2021-02-29'"),
        ("p.d1 == p.s1", T, "expected date, got a series of str"),
    ],
    "None is no operand": [
        ("p.i1 == None", T, NO_NONE),
        ("p.i1 != None", T, NO_NONE),
        ("p.d1 < None", T, NO_NONE),
        ("p.i1 + None", T, NO_NONE),
        ("p.i1.is_in([1, None])", T, NO_NONE),
        ("p.i1.is_not_in([None])", T, NO_NONE),
        ("p.i1.map_values({None: 1})", T, NO_NONE),
        ("p.i1.when_null_then(None)", T, NO_NONE),
        ("p.s1.contains(None)", T, NO_NONE),
        ("p.d1.is_before(None)", T, NO_NONE),
        ("maximum_of(p.i1, None)", T, NO_NONE),
        ("p.b1 & None", T, "`&` needs a bool series, got None"),
        ("e.where(None)", T, "where() needs a bool series, got None"),
        ("p.m1.contains(None)", T, "expected an ICD-10 code or the beginning of one, got None"),
        ("days(None)", T, "days() needs a whole number, got None"),
    ],
    "Python's own logic": [
        ("p.b1 and p.b2", T, LOGIC),
        ("p.b1 or p.b2", T, LOGIC),
        ("not p.b1", T, LOGIC),
        ("1 if p.b1 else 2", T, LOGIC),
        ("1 < p.i1 < 3", T, LOGIC),
        ("p.i1 == 1 and p.i2 == 2", T, LOGIC),
        ("all([p.b1, p.b2])", T, LOGIC),
        ("{p.i1: 1}", T, "unhashable"),
        ("{p.i1, p.i2}", T, "unhashable"),
        ("1 in p.i1", T, "not iterable"),
        ("list(p.i1)", T, "not iterable"),
        ("len(e.i1)", T, "has no len()"),
        ("p and p2", T, "a frame is neither true nor false; use exists_for_patient()"),
        ("e == 1", T, "a frame cannot be compared; name one of its columns"),
        ("e > 1", T, "a frame cannot be compared; name one of its columns"),
        ("~e", T, "need bool series, got a whole frame; use exists_for_patient()"),
        ("e & e2", T, "need bool series, got a whole frame; use exists_for_patient()"),
        ("p.b1 & e", T, "needs a bool series, got a whole frame"),
        ("max(p.i1, p.i2)", T, "minimum_of() and maximum_of() for min() and max()"),
        ("p.s1 in ['a']", T, "is_in() for `in`"),
        ("setattr(p, 's1', 'a')", A, "a table cannot be changed, so 's1' cannot be set; write == to compare"),
        ("setattr(e.where(e.b1), 'sort_by', 1)", A, "a table cannot be changed, so 'sort_by' cannot be set"),
        ("setattr(e, '_node', 1)", A, "a table cannot be changed, so '_node' cannot be set"),
    ],
    "brackets that are missing": [
        ("p.i1 == 1 & p.i2 == 2", T, f"need bool series, got a series of int; {BRACKETS}"),
        ("p.i1 > 1 | p.i2 > 2", T, f"need bool series, got a series of int; {BRACKETS}"),
        ("p.s1 == 'a' | p.s2 == 'b'", T, f"need bool series, got a series of str; {BRACKETS}"),
        ("p.i1 == 1 & p.b1", T, f"`&` needs a bool series, got int; {BRACKETS}"),
        ("p.b1 & p.i1 == 1", T, f"`&` needs a bool series, got a series of int; {BRACKETS}"),
        ("p.b1 | p.s1", T, f"`|` needs a bool series, got a series of str; {BRACKETS}"),
        ("~p.i1 == 1", T, f"need bool series, got a series of int; {BRACKETS}"),
        ("e.where(e.d1)", T, f"where() needs a bool series, got a series of date; {BRACKETS}"),
        ("e.where(e.i1 == 1 & e.b1)", T, BRACKETS),
        ("p.i1 + p.i2.absolute", T, "'absolute', which is not a value; are brackets missing after it?"),
        ("p.d1 + days", T, "'days', which is not a value; are brackets missing after it?"),
    ],
    "rows of different tables": [
        ("e.i1 + e2.i1", T, DIFFERENT_ROWS),
        ("e.i1 == e2.i1", T, DIFFERENT_ROWS),
        ("e.b1 & e2.b1", T, DIFFERENT_ROWS),
        ("e.d1 - e2.d1 == 1", T, "a difference of dates"),
        ("(e.d1 - e2.d1).days", T, DIFFERENT_ROWS),
        ("e.d1 + days(e2.i1)", T, DIFFERENT_ROWS),
        ("e.i1 + e.where(e.b1).i1", T, DIFFERENT_ROWS),
        ("e.where(e.b1).i1 + e.where(e.b2).i1", T, DIFFERENT_ROWS),
        ("e.where(e2.b1)", T, DIFFERENT_ROWS),
        ("e.where(e.where(e.b1).b2)", T, DIFFERENT_ROWS),
        ("e.except_where(e2.b1)", T, DIFFERENT_ROWS),
        ("e.sort_by(e2.i1)", T, DIFFERENT_ROWS),
        ("when(e.b1).then(e2.i1).otherwise(0)", T, DIFFERENT_ROWS),
        ("case(when(e.b1).then(1), when(e2.b1).then(2))", T, DIFFERENT_ROWS),
        ("maximum_of(e.i1, e2.i1)", T, DIFFERENT_ROWS),
        ("e.i1.when_null_then(e2.i1)", T, DIFFERENT_ROWS),
    ],
    "filters": [
        ("e.where(e.i1)", T, "where() needs a bool series, got a series of int"),
        ("e.where('b1')", T, "where() needs a bool series, got str"),
        ("e.where(1)", T, "where() needs a bool series, got int"),
        ("e.where(e)", T, "where() needs a bool series, got a whole frame; name one of its columns"),
        ("e.except_where(e.i1)", T, "except_where() needs a bool series, got a series of int"),
        ("p.where(p.b1)", A, "where() needs a frame with many rows per patient, this one has one each"),
        ("p.except_where(p.b1)", A, "except_where() needs a frame with many rows per patient"),
        ("e.d1.where(e.b1)", A, "where() belongs to a frame, not to its columns; write it before the "
"column"),
    ],
    "sorting and picking": [
        ("e.sort_by(p.i1)", T, "Cannot sort by a constant value"),
        ("e.sort_by(1)", T, "Cannot sort by a constant value"),
        ("e.sort_by(None)", T, "Cannot sort by a constant value"),
        ("e.sort_by(e.i1.maximum_for_patient())", T, "Cannot sort by a constant value"),
        ("e.sort_by(INTERVAL.start_date)", T, "Cannot sort by a constant value"),
        ("e.sort_by('i1')", T, "sort_by takes series, got the string 'i1'; write the_table.i1"),
        ("e.sort_by(e.b1)", T, "Cannot sort by a bool series"),
        ("e.sort_by(e.m1)", T, "Cannot sort by a series of several codes in one string"),
        ("e.sort_by(e.i1, p.i1)", T, "Cannot sort by a constant value"),
        ("e.sort_by()", T, "sort_by needs at least one series"),
        ("p.sort_by(p.i1)", A, "sort_by() needs a frame with many rows per patient"),
        ("e.first_for_patient()", A, "first_for_patient() needs a sorted frame; call sort_by(…) first"),
        ("e.where(e.b1).last_for_patient()", A, "last_for_patient() needs a sorted frame; call sort_by(…) first"),
        ("p.first_for_patient()", A, "first_for_patient() needs a frame with many rows per patient"),
        ("e.sort_by(e.i1).first_for_patient().last_for_patient()", A, "needs a frame with many rows per patient"),
        ("e.i1.first_for_patient()", A, "first_for_patient() belongs to a frame, not to its columns"),
        ("e.i1.exists_for_patient()", A, "exists_for_patient() belongs to a frame, not to its columns"),
        ("e.i1.count_for_patient()", A, "count_for_patient() belongs to a frame, not to its columns"),
        ("addresses.for_patient_on('2020-01-01').for_patient_on('2020-01-01')", A, "a picked row has only its columns"),
        ("registrations.for_patient_on('2020-01-01').spanning", A, "spanning() belongs to the whole table"),
    ],
    "columns and tables": [
        ("e.i4", A, "table 'e' has no column 'i4'; its columns are i1, i2"),
        ("addresses.imd_round", A, "table 'addresses' has no column 'imd_round'; did you mean 'imd_rounded'?"),
        ("addresses.where(True).startdate", A, "did you mean 'start_date'?"),
        ("table(int)", T, "a table is a class derived from PatientFrame or EventFrame"),
        ("table(type('t', (EventFrame,), {'patient_id': Series(int)}))", T, "'patient_id' cannot be the name"),
        ("table(type('t', (EventFrame,), {'x y': Series(int)}))", T, "'x y' cannot be the name of a column"),
        ("table(type('t', (EventFrame,), {'_node': Series(int)}))", T, "'_node' cannot be the name of a column"),
        ("table(type('t', (EventFrame,), {'a': Series(int), 'A': Series(str)}))", T, "'a' and 'A' differ in capital"),
        ("Series('int')", T, "a column cannot have the type int; choose one of bool, int, float, str, "
"date"),
        ("Series(datetime.datetime)", T, "a column cannot have the type datetime; choose one of"),
        ("Series(list)", T, "a column cannot have the type list"),
    ],
    "membership": [
        ("p.i1.is_in(p.i2)", T, "is_in needs a list of values or an event series, got a series with one "
"value per"),
        ("e.i1.is_in(p.i2)", T, "got a series with one value per patient"),
        ("p.i1.is_in(e)", T, "got a whole frame; name one of its columns"),
        ("p.i1.is_in(e.s1)", T, "expected int, got a series of str"),
        ("p.i1.is_in([p.i2])", T, "is_in takes a list of plain values, got a series inside the list"),
        ("p.s1.is_in('abc')", T, "is_in needs a list of values or an event series, got str"),
        ("p.i1.is_in(5)", T, "is_in needs a list of values or an event series, got int"),
        ("p.i1.is_in(range(3))", T, "is_in needs a list of values or an event series, got range"),
        ("p.i1.is_in(['1'])", T, "expected int, got str"),
        ("p.i1.is_not_in(p.i2)", T, "got a series with one value per patient"),
    ],
    "mappings": [
        ("p.i1.map_values({})", T, "map_values needs at least one value to map"),
        ("p.c1.to_category({})", T, "map_values needs at least one value to map"),
        ("p.i1.map_values([1])", T, "values are mapped by a dict, got list"),
        ("p.c1.to_category(['123456789'])", T, "values are mapped by a dict, got list"),
        ("p.i1.map_values({1: 'a', 2: 3})", T, "all values must have one type, got int, str"),
        ("p.i1.map_values({1: 1, 2: 1.5})", T, "all values must have one type, got float, int"),
        ("p.i1.map_values({1: 'a'}, default=0)", T, "all values must have one type, got int, str"),
        ("p.i1.map_values({1: None})", T, "all values are None; at least one must be a value"),
        ("p.i1.map_values({'1': 'a'})", T, "expected int, got str"),
        ("p.c1.map_values({'12': 'a'})", V, "Invalid SNOMEDCTCode: 12"),
    ],
    "aggregates": [
        ("p.i1.sum_for_patient()", A, "sum_for_patient() needs a series with many values per patient"),
        ("p.i1.count_distinct_for_patient()", A, "needs a series with many values per patient"),
        ("p.d1.maximum_for_patient()", A, "needs a series with many values per patient"),
        ("p.d1.count_episodes_for_patient(days(1))", A, "needs a series with many values per patient"),
        ("e.s1.sum_for_patient()", A, "a series of str has no 'sum_for_patient'"),
        ("e.d1.mean_for_patient()", A, "a series of date has no 'mean_for_patient'"),
        ("e.c1.minimum_for_patient()", A, "a series of SNOMEDCTCode has no 'minimum_for_patient'"),
        ("e.i1.count_episodes_for_patient(days(1))", A, "a series of int has no 'count_episodes_for_patient'"),
        ("e.d1.count_episodes_for_patient(months(1))", T, "count_episodes_for_patient needs days(n) or weeks(n)"),
        ("e.d1.count_episodes_for_patient(years(1))", T, "count_episodes_for_patient needs days(n) or weeks(n)"),
        ("e.d1.count_episodes_for_patient(14)", T, "count_episodes_for_patient needs days(n) or weeks(n)"),
        ("e.d1.count_episodes_for_patient(days(p.i1))", T, "needs a plain number of days or weeks, not a series"),
        ("e.d1.count_episodes_for_patient(days(-1))", V, "a gap must not be negative, got -1 days"),
    ],
    "numbers": [
        ("abs(p.i1)", T, "abs() does not work on series; use .absolute()"),
        ("p.i1 % 2", T, UNSUPPORTED),
        ("round(p.f1)", T, "__round__"),
        ("int(p.f1)", T, "int() argument must be"),
        ("p.i1 + 'a'", T, "expected int, got str"),
        ("p.i1 + p", T, "expected int, got a whole frame; name one of its columns"),
        ("p.i1 + (p.d2 - p.d1)", T, "expected int, got a difference of dates; take its .days"),
        ("p.i1 + when(p.b1).then(1)", T, "expected int, got a when(…).then(…) without its .otherwise(…)"),
        ("p.i1 + 2 ** 70", V, "a whole number is too large; 64 bits are the most"),
        ("p.f1 > float('inf')", V, "a number is infinite or not a number"),
        ("p.i1.contains(1)", A, "a series of int has no 'contains'"),
        ("p.i1.year", A, "a series of int has no 'year'"),
    ],
    "strings": [
        ("p.s1 + 'x'", T, UNSUPPORTED),
        ("p.s1 + p.s2", T, UNSUPPORTED),
        ("p.s1.contains(1)", T, "expected str, got int"),
        ("p.s1.contains(['a'])", T, "expected str, got list"),
        ("p.s1 == p.c1", T, "expected str, got a series of SNOMEDCTCode"),
        ("p.s1.lower()", A, "a series of str has no 'lower'"),
        ("p.s1.startswith('a')", A, "a series of str has no 'startswith'"),
    ],
    "adding to dates": [
        ("p.d1 + 5", T, "only a duration moves a date, such as days(5); got int"),
        ("5 + p.d1", T, "only a duration moves a date, such as days(5); got int"),
        ("p.d1 - 5", T, "only a duration moves a date, such as days(5); got int"),
        ("p.d1 + p.d2", T, "only a duration moves a date, such as days(5); got a series of date"),
        ("p.d1 + p.i1", T, "only a duration moves a date, such as days(5); got a series of int"),
        ("p.d1 - p.i1", T, "expected date, got a series of int"),
        ("p.d1 + '2020-01-01'", T, "only a duration moves a date"),
        ("days(1.5)", T, "days() needs a whole number, got float"),
        ("weeks('1')", T, "weeks() needs a whole number, got str"),
        ("months(True)", T, "months() needs a whole number, got bool"),
        ("years(p.f1)", T, "years() needs a whole number, got float"),
        ("days(p.d1)", T, "days() needs a whole number, got date"),
        ("days(1) - p.d1", T, "expected date, got a duration"),
        ("p.i1 + days(1)", T, "expected int, got a duration"),
        ("p.d1 - p.d2 - days(3)", T, "from a date, got a difference of dates; take its .days"),
        ("INTERVAL - days(3)", T, "from a date, got INTERVAL, which is two dates; take its .start_date or "
".end_date"),
        ("p.d1 > INTERVAL", T, "expected date, got INTERVAL, which is two dates"),
    ],
    "differences of dates": [
        ("p.d2 - p.d1 > 5", T, DIFFERENCE),
        ("(p.d2 - p.d1) == days(5)", T, DIFFERENCE),
        ("(p.d2 - p.d1) != (p.d3 - p.d1)", T, DIFFERENCE),
        ("(p.d2 - p.d1) <= weeks(1)", T, DIFFERENCE),
        ("1 if p.d2 - p.d1 else 2", T, DIFFERENCE),
        ("dataset.add_column('x', p.d2 - p.d1)", T, "needs a series, got a difference of dates; take its .days"),
        ("when(p.b1).then(p.d2 - p.d1).otherwise(None)", T, "must be a series or a plain value, got a difference of"),
        ("(p.d2 - p.d1) + 1", T, UNSUPPORTED),
        ("p.d1 - '1 January'", V, ISO),
    ],
    "between dates": [
        ("p.d1.is_during('2020-01-01')", T, "is_during needs one pair of dates (start, end), such as INTERVAL; got"),
        ("p.d1.is_during(WEEK)", T, "is_during needs one pair of dates (start, end), such as INTERVAL"),
        ("p.d1.is_during(weeks(2).starting_on('2020-01-06'))", T, "got a list of 2"),
        ("p.d1.is_during(weeks(3))", T, "such as INTERVAL; got a duration"),
        ("p.d1.is_during(INTERVAL.start_date)", T, "such as INTERVAL; got a series"),
        ("p.d1.is_during(('2020-01-01', None))", T, NO_NONE),
        ("p.d1.is_on_or_between('2020-01-01')", T, "missing 1 required positional argument"),
        ("p.d1.is_on_or_before(2020)", T, "expected date, got int"),
        ("INTERVAL.start", A, "no attribute 'start'"),
    ],
    "durations": [
        ("days(3) + weeks(1)", T, "days and weeks cannot be added; use one unit"),
        ("months(3) - years(1)", T, "months and years cannot be added; use one unit"),
        ("days(3) + 1", T, "a duration can only be used to add to or from a date, got int"),
        ("days(3) < days(4)", T, "'<' not supported"),
        ("2 * days(3)", T, UNSUPPORTED),
        ("weeks(-1).starting_on('2020-01-01')", V, "the number of weeks must not be negative, got -1"),
        ("months(-2).ending_on('2020-01-01')", V, "the number of months must not be negative, got -2"),
        ("weeks(p.i1).starting_on('2020-01-01')", T, "intervals need a plain number, not a series"),
        ("weeks(1).starting_on('1/1/2020')", V, ISO),
        ("weeks(1).starting_on(datetime.datetime(2020, 1, 1))", T, "expected a date, got datetime"),
        ("weeks(1).ending_on(None)", T, "expected a date, got None"),
        ("weeks(1).starting_on(20200101)", T, "expected a date, got int"),
    ],
    "case": [
        ("case()", T, "case needs at least one when(…).then(…)"),
        ("case(when(p.b1))", T, "case takes when(…).then(…) and at the end otherwise=…, got a when(…) "
"without"),
        ("case(when(p.b1).then(1), 0)", T, "case takes when(…).then(…) and at the end otherwise=…, got int"),
        ("when(p.i1)", T, "when needs a bool series, got a series of int"),
        ("when(1)", T, "when needs a bool series, got int"),
        ("when('b1')", T, "when needs a bool series, got str"),
        ("case(when(p.b1).then(1), when(p.b2).then(1.5))", T, "all values must have one type, got float, int"),
        ("case(when(p.b1).then('a'), when(p.b2).then(1))", T, "all values must have one type, got int, str"),
        ("case(when(p.b1).then('a'), otherwise=1)", T, "all values must have one type, got int, str"),
        ("when(p.b1).then('a').otherwise(True)", T, "all values must have one type, got bool, str"),
        ("when(p.b1).then(p.i1).otherwise(p.f1)", T, "expected int, got a series of float"),
        ("when(p.b1).then(p.i1).otherwise(0.5)", T, "expected int, got float"),
        ("when(p.b1).then(p.d1).otherwise('never')", V, ISO),
        ("case(when(p.b1).then(None))", T, "all values are None; at least one must be a value"),
        ("when(p.b1).then(None).otherwise(None)", T, "all values are None; at least one must be a value"),
        ("case(when(p.b1).then(1), when(p.b1).then(2))", T, "a case has the same condition twice"),
        ("case(when(p.b1).then(1)).otherwise(2)", A, "write case(…, otherwise=…)"),
        ("when(p.b1).then(p).otherwise(1)", T, "must be a series or a plain value, got a whole frame; name one of"),
        ("when(p.b1).then([1]).otherwise([2])", T, "must be a series or a plain value, got list"),
        ("dataset.add_column('x', when(p.b1).then(1))", T, "got a when(…).then(…) without its .otherwise(…)"),
        ("dataset.add_column('x', when(p.b1))", T, "got a when(…) without its .then(…)"),
    ],
    "the greatest and least of several": [
        ("maximum_of(p.i1)", T, "maximum_of needs at least two values, got 1"),
        ("minimum_of()", T, "minimum_of needs at least two values, got 0"),
        ("maximum_of([p.i1, p.i2])", T, "maximum_of needs at least two values, got 1"),
        ("maximum_of(1, 2.5)", T, "all values must have one type, got float, int"),
        ("maximum_of(True, False)", T, "maximum_of takes what has an order: numbers, strings or dates; got bool"),
        ("maximum_of(p.b1, p.b2)", T, "maximum_of takes what has an order: numbers, strings or dates; got bool"),
        ("minimum_of(p.i1, p.f1)", T, "expected int, got a series of float"),
        ("minimum_of(p.i1, 1.5)", T, "expected int, got float"),
        ("minimum_of(p.d1, 'soon')", V, ISO),
        ("maximum_of(p.i1, 'a')", T, "expected int, got str"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("expression", "error", "told"), every(REFUSALS))
def test_refused(expression, error, told):
    check_refused(expression, error, told)


# what lies beside a refusal and is allowed --------------------------------------------

ALLOWED_BESIDE = """
p.f1 + 1
1 - p.f1
p.f1.is_in([1, 2.5])
p.f1 == 2
when(p.b1).then(p.f1).otherwise(1)
maximum_of(p.f1, 1)
p.d1 == '2020-02-29'
p.d1.is_in(['2020-02-29', date(2020, 1, 1)])
maximum_of('2020-01-01', p.d1)
'2020-01-01' - p.d1
p.b1 & True
False | p.b1
p.i1.is_in([])
p.i1.is_in({1: 'a'})
p.i1.is_in(frozenset({1}))
p.i1.is_in(e.i1)
e.i1.is_in(e2.i1)
e.where(e.where(e.b1).i1.sum_for_patient() > 1)
e.where(p.b1)
e.where(True)
e.where(e.b1).where(e.b2).sort_by(e.i1).where(e.i2 > 1).first_for_patient().i1
e.sort_by(e.i1).i2 + e.i1
e.sort_by(e.c1, e.s1, e.d1)
e.i1 + p.i1
addresses.where(addresses.has_postcode).sort_by(addresses.start_date).for_patient_on('2020-01-01').imd_quintile
addresses.for_patient_on('2020-01-01').imd_decile
p.i1.map_values({1: 'a', 2: None}, default='b')
p.i1.map_values({1: p.s1, 2: 'b'})
case(when(p.b1).then(None), when(p.b2).then(1))
when(True).then(p.i1).otherwise(None)
days(3) + days(4)
-days(3)
days(p.i1) == days(1)
weeks(0).starting_on('2020-01-01')
p.m1.contains('I2')
p.m1.is_null()
p.k1 == 'A000'
p.k1.is_in(['I21', 'I210', 'T84X', 'E1112'])
codes.ctv3.is_in(['H33..', 'XE0Uc', '0....', 'ABC12'])
codes.bnf.is_in(['0301020I0AAAAAA', '21220000601'])
codes.opcs4.is_in(['A01', 'X999'])
codes.dmd == '10514511000001106'
p.c1 == '138875005'
"""


@pytest.mark.parametrize("expression", ALLOWED_BESIDE.strip().splitlines())
def test_allowed(expression):
    eval(expression, names())


def test_units_are_never_equal_but_may_be_compared():
    assert (days(7) == weeks(1)) is False
    assert (days(7) != weeks(1)) is True
