# mypy: ignore-errors
"""Measures in the files of cohort-extractor: their names, columns and order, and blanks
for what is withheld.
"""

from datetime import date
from types import SimpleNamespace

import pyarrow as pa

from measures.release.old_files import write_old

WEEKS = (date(2020, 3, 2), date(2020, 3, 9))


def written(folder, rows, **measures):
    columns = ("measure", "interval_start", "numerator", "denominator", "sex", "imd")
    table = pa.Table.from_pylist([dict(zip(columns, row, strict=True)) for row in rows])
    write_old(SimpleNamespace(table=table), measures, folder)
    return {
        path.name: path.read_text(encoding="utf-8") for path in folder.glob("old/*")
    }


def test_files_of_a_measure_with_groups(tmp_path):
    rows = [
        ("bp", WEEKS[1], 0, 0, "M", 1),
        ("bp", WEEKS[0], None, 40, "M", 1),
        ("bp", WEEKS[0], 10, 40, "F", 2),
        ("bp", WEEKS[0], 20, 0, "", 1),
        ("other", WEEKS[0], 1, 2, "F", 1),
    ]
    assert written(tmp_path, rows, bp=("had_bp", "population", "imd", "sex")) == {
        "measure_bp.csv": "imd,sex,had_bp,population,value,date\n"
        "1,,20,0,inf,2020-03-02\n1,M,,40,,2020-03-02\n2,F,10,40,0.25,2020-03-02\n1,M,0,0,,2020-03-09\n",
        "measure_bp_2020-03-02.csv": "imd,sex,had_bp,population,value\n1,,20,0,inf\n1,M,,40,\n2,F,10,40,0.25\n",
        "measure_bp_2020-03-09.csv": "imd,sex,had_bp,population,value\n1,M,0,0,\n",
    }


def test_one_column_that_is_both(tmp_path):
    rows = [("all", WEEKS[0], 30, 30, None, None)]
    files = written(tmp_path, rows, all=("population", "population"))
    assert files["measure_all.csv"] == "population,value,date\n30,1.0,2020-03-02\n"


def test_no_folder_without_old_measures(tmp_path):
    assert written(tmp_path, [("bp", WEEKS[0], 1, 2, "M", 1)]) == {}
    assert not (tmp_path / "old").exists()


def test_a_text_that_a_spreadsheet_would_run_is_escaped(tmp_path):
    rows = [("bp", WEEKS[0], 10, 20, "=1+1", 1)]
    assert (
        "\\u003d1+1,10,20,0.5"
        in written(tmp_path, rows, bp=("n", "d", "sex"))["measure_bp.csv"]
    )
