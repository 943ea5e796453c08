"""Released files of every layout, read alike."""

import csv

import pyarrow.parquet as pq
import pytest

from extractors.errors import ArgumentsError
from measures.disclosure.audit.reading.files import read_releases, read_table
from tests.lib import attack_tables as made
from tests.lib.release_files import EHRQL, written

# As versions before 0.2 wrote it: a column for each group.
OLDER = """measure,interval_start,interval_end,group_by,sex,numerator,denominator,ratio,ratio_low,ratio_high,status
m,2020-01-06,2020-01-12,,,30,100,0.3,0.27,0.34,released
m_by_sex,2020-01-06,2020-01-12,sex,,[REDACTED],10,,,,redacted
m_by_sex,2020-01-06,2020-01-12,sex,"",10,45,,,,released
m_by_sex,2020-01-06,2020-01-12,sex,f,15,45,,,,released
"""
OURS = '''measure,interval_start,interval_end,group_by,group,numerator,denominator,ratio,ratio_at_least,ratio_at_most,\
ci_low,ci_high,status
m,2020-01-06,2020-01-12,,[],30,100,0.3,0.27,0.34,0.2,0.41,released
m_by_sex,2020-01-06,2020-01-12,sex,[null],[REDACTED],10,,,,,,redacted
m_by_sex,2020-01-06,2020-01-12,sex,"[""""]",10,45,,,,,,released
m_by_sex,2020-01-06,2020-01-12,sex,"[""f""]",15,45,,,,,,released
'''


@pytest.mark.parametrize("text", [OLDER, OURS], ids=["older", "tidy"])
def test_our_layouts_tell_missing_from_empty_and_redacted_from_zero(tmp_path, text):
    table = read_table(written(tmp_path, "measures.csv", text))
    assert table["group_by"].to_pylist() == ["", "sex", "sex", "sex"]
    assert table["sex"].to_pylist() == [None, None, "", "f"]
    assert table["numerator"].to_pylist() == [30, None, 10, 15]
    assert table["ratio_at_least"].to_pylist()[0] == 0.27
    assert table["ratio_at_most"].to_pylist()[0] == 0.34


def test_both_of_our_layouts_are_one_table(tmp_path):
    one = read_table(written(tmp_path / "a", "measures.csv", OLDER))
    other = read_table(written(tmp_path / "b", "measures.csv", OURS))
    assert one.select(sorted(one.column_names)).equals(
        other.select(sorted(other.column_names))
    )


def test_values_of_a_crossed_group_keep_their_order_and_kind(tmp_path):
    text = OURS.replace('sex,"[""f""]"', r'age+frail+sex,"[70, true, ""\u003df""]"')
    table = read_table(written(tmp_path, "measures.csv", text))
    assert [table[name].to_pylist()[-1] for name in ("age", "frail", "sex")] == [
        "70",
        "T",
        "=f",
    ]


@pytest.mark.parametrize("group", ["", "f", "[]", '"[""f"", 1]"', "{}"])
def test_a_group_that_does_not_fit_its_names_is_refused(tmp_path, group):
    text = OURS.replace('"[""f""]"', group)
    with pytest.raises(
        ArgumentsError,
        match="the column group needs a JSON array .* in row 4 below the header",
    ):
        read_table(written(tmp_path, "measures.csv", text))


def test_ehrqls_layout_is_named_after_its_file(tmp_path):
    table = read_table(written(tmp_path, "bp_by_sex.csv", EHRQL))
    assert set(table["measure"].to_pylist()) == {"bp_by_sex"}
    assert table["group_by"].to_pylist() == ["sex", "sex"]
    assert table["numerator"].to_pylist() == [2, 3]


def test_ehrqls_combined_file_is_grouped_by_what_has_values(tmp_path):
    text = "measure,interval_start,interval_end,ratio,numerator,denominator,age,sex\n"
    text += (
        "a,2020-01-06,2020-01-12,0.5,10,20,,\nb,2020-01-06,2020-01-12,0.5,10,20,,f\n"
    )
    assert read_table(written(tmp_path, "measures.csv", text))[
        "group_by"
    ].to_pylist() == ["", "sex"]


def test_parquet_and_csv_of_one_release_are_read_alike(tmp_path):
    table = made.released(made.weekly(made.world(200, 2, (3,), seed=1)), made.nearest)
    pq.write_table(table, tmp_path / "measures.parquet")
    with (tmp_path / "measures.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(table.column_names)
        rows.writerows(
            [
                ["" if v is None else v for v in row.values()]
                for row in table.to_pylist()
            ]
        )
    one, other = (
        read_table(tmp_path / f"measures.{kind}") for kind in ("parquet", "csv")
    )
    assert one.select(other.column_names).equals(other)


def test_a_measure_that_comes_again_begins_the_next_release(tmp_path):
    paths = [
        written(tmp_path / f, n, EHRQL)
        for f in "ab"
        for n in ("bp.csv", "bp_by_sex.csv")
    ]
    releases = read_releases(paths)
    assert [sorted(set(release["measure"].to_pylist())) for release in releases] == [
        ["bp", "bp_by_sex"]
    ] * 2


def test_the_years_of_a_measure_are_one_release(tmp_path):
    """Each has its file; whichever comes again begins the next release."""
    paths = [
        written(tmp_path / f, f"bp.{year}.csv", EHRQL)
        for f in "ab"
        for year in (2019, 2020)
    ]
    releases = read_releases(paths)
    assert [len(release) for release in releases] == [4, 4]
    assert set(releases[0]["measure"].to_pylist()) == {"bp"}
    older = [
        written(tmp_path / "c", f"release.{year}.csv", OURS) for year in (2019, 2020)
    ]
    assert len(read_releases(older)) == 2


@pytest.mark.parametrize("text, words", [
    ("a,b\n1,2\n", "no column interval_start, interval_end, numerator, denominator"),
    (EHRQL.replace("2020-01-12", "soon"), "interval_end needs a date"),
    (EHRQL.replace("3.0", "3.7"), "numerator needs a whole number.* in row 2"),
    (EHRQL.replace("0.3333", "a third"), "ratio needs a number"),
    ("", "cannot be read"),
])  # fmt: skip
def test_files_that_cannot_be_read(tmp_path, text, words):
    with pytest.raises(ArgumentsError, match=words) as error:
        read_table(written(tmp_path, "m.csv", text))
    assert "3.7" not in str(error.value)
