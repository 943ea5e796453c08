# mypy: ignore-errors
"""Files of patients are joined as cohort-joiner joins them: blanks, floats, and two
names for one.
"""

import gzip

import pandas as pd
import pyarrow.feather as feather
import pytest

from extractors.errors import ArgumentsError
from flows.project.joined_files import join_files


def test_blanks_floats_and_two_names(tmp_path):
    (tmp_path / "left.csv").write_text(
        "patient_id,sex,n,day\n3,F,1,2020-03-01\n1,M,2,\n", encoding="utf-8"
    )
    (tmp_path / "right.csv").write_text(
        "patient_id,n,ethnicity,flag\n1,7,White,1\n2,8,Other,0\n", encoding="utf-8"
    )
    (tmp_path / "third.csv").write_text("patient_id,late\n3,5\n1,6\n", encoding="utf-8")
    target = tmp_path / "joined" / "left.csv"
    join_files(
        tmp_path / "left.csv", [tmp_path / "right.csv", tmp_path / "third.csv"], target
    )
    assert target.read_text(encoding="utf-8") == (
        "patient_id,sex,n_x,day,n_y,ethnicity,flag,late\n3,F,1,2020-03-01,,,,5\n1,M,2,,7.0,White,1.0,6\n"
    )
    assert target.stat().st_mode & 0o077 == 0


def test_compressed_and_typed_files(tmp_path):
    (tmp_path / "left.csv.gz").write_bytes(gzip.compress(b"patient_id,n\n1,2\n"))
    join_files(
        tmp_path / "left.csv.gz",
        [tmp_path / "left.csv.gz"],
        tmp_path / "j" / "left.csv.gz",
    )
    assert (
        gzip.decompress((tmp_path / "j" / "left.csv.gz").read_bytes())
        == b"patient_id,n_x,n_y\n1,2,2\n"
    )
    frame = pd.DataFrame(
        {
            "patient_id": [1, 2],
            "sex": pd.Categorical(["F", None]),
            "day": pd.to_datetime(["2020-03-01"] * 2),
        }
    )
    for ending, write in (
        ("feather", frame.to_feather),
        ("dta", frame.drop(columns="sex").to_stata),
    ):
        write(tmp_path / f"left.{ending}")
        join_files(
            tmp_path / f"left.{ending}",
            [tmp_path / "left.csv.gz"],
            tmp_path / "j" / f"left.{ending}",
        )
    typed = feather.read_table(tmp_path / "j" / "left.feather")
    assert str(typed.schema.field("sex").type).startswith("dictionary")
    assert typed["n"].to_pylist() == [2.0, None]
    assert (
        pd.read_stata(tmp_path / "j" / "left.dta")["day"][0].isoformat()
        == "2020-03-01T00:00:00"
    )


def test_a_file_without_patients_is_refused(tmp_path):
    (tmp_path / "left.csv").write_text("id\n1\n", encoding="utf-8")
    with pytest.raises(ArgumentsError, match="left.csv has no column patient_id"):
        join_files(tmp_path / "left.csv", [], tmp_path / "joined.csv")
