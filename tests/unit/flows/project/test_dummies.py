# mypy: ignore-errors
"""Dummy data stand where patients' files belong, if they have the study's columns."""

import gzip

import pandas as pd
import pytest

from extractors.errors import ArgumentsError
from flows.project.dummies import put_dummy

ROWS = pd.DataFrame({"patient_id": [1, 2], "sex": ["F", "M"], "age": [30, 40]})


def test_it_is_put_at_every_index_date(tmp_path):
    file = tmp_path / "dummy.csv.gz"
    file.write_bytes(gzip.compress(b"sex,patient_id,age\nF,1,30\n"))
    targets = [
        tmp_path / "output" / f"input_{day}.csv.gz"
        for day in ("2020-01-01", "2020-02-01")
    ]
    put_dummy(file, ["sex", "age"], targets)
    assert all(target.read_bytes() == file.read_bytes() for target in targets)
    assert targets[0].stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("ending", ["csv", "feather", "dta"])
def test_columns_are_those_of_the_study(tmp_path, ending):
    file = tmp_path / f"dummy.{ending}"
    {"csv": ROWS.to_csv, "feather": ROWS.to_feather, "dta": ROWS.to_stata}[ending](
        file,
        **(
            {}
            if ending == "feather"
            else {"index": False}
            if ending == "csv"
            else {"write_index": False}
        ),
    )
    put_dummy(file, ["age", "sex"], [tmp_path / f"input.{ending}"])
    with pytest.raises(
        ArgumentsError,
        match=r"lacks 'imd' and has 'age', which the study has not; give",
    ):
        put_dummy(file, ["imd", "sex"], [tmp_path / f"other.{ending}"])
    assert not (tmp_path / f"other.{ending}").exists()


def test_what_is_wrong_is_told(tmp_path):
    with pytest.raises(ArgumentsError, match="is not there"):
        put_dummy(tmp_path / "none.csv", ["sex"], [tmp_path / "input.csv"])
    (tmp_path / "dummy.csv").write_text("patient_id,sex\n", encoding="utf-8")
    with pytest.raises(ArgumentsError, match=r"must end in .csv.gz"):
        put_dummy(tmp_path / "dummy.csv", ["sex"], [tmp_path / "input.csv.gz"])
