# mypy: ignore-errors
"""Deciles in the old files: those of the release, and no others."""

import json

import numpy as np

from measures.release.bundle import write_release
from measures.release.report.making import write_report
from tests.unit.measures.release.test_deciles import BY_SEX, WEEKS, released, week_of


def files(folder, made):
    names = {"m": ("had", "population")}
    write_release(made, folder, {}, old=names, report=write_report)
    return folder / "old"


def test_a_table_and_a_chart(tmp_path):
    old = files(tmp_path / "release", released([*week_of(119), *week_of(50, week=1)]))
    lines = (old / "deciles_table_m.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "date,percentile,value"
    cells = [line.split(",") for line in lines[1:]]
    assert [cell[:2] for cell in cells[:4]] == [
        [str(WEEKS[0][0]), "10"],
        [str(WEEKS[1][0]), "10"],
        [str(WEEKS[0][0]), "20"],
        [str(WEEKS[1][0]), "20"],
    ]
    # as numpy takes them of the released rates, which are rounded to fives of 1,000
    rates = [(100 + n + 2) // 5 * 5 / 1_000 for n in range(1, 120)]
    shown = [float(value) for date, _, value in cells if date == str(WEEKS[0][0])]
    np.testing.assert_allclose(
        shown, np.quantile(rates, np.arange(1, 10) / 10), atol=6e-4
    )
    assert {value for date, _, value in cells if date == str(WEEKS[1][0])} == {""}, (
        "50 units are too few"
    )
    assert (old / "deciles_chart_m.png").read_bytes().startswith(b"\x89PNG")
    listed = json.loads(
        (tmp_path / "release" / "manifest.json").read_text(encoding="utf-8")
    )["files"]
    assert {"old/deciles_table_m.csv", "old/deciles_chart_m.png"} <= set(listed)


def test_groups_beside_units_are_not_mixed(tmp_path):
    made = released([*week_of(119, sex="male"), *week_of(119, sex="female")], BY_SEX)
    assert not list(files(tmp_path / "release", made).glob("deciles_*"))
