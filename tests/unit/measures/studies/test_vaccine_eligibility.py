"""The study of who is vaccinated first: people counted by hand, and what made-up
records show.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import date
from pathlib import Path

import duckdb
import pytest

import measures
from extractors.errors import DefinitionError
from measures.study import SHIPPED, Study
from tests.lib import reference_engine
from tests.lib.shipped import alike, counted, kinds, prepared, shipped, trial

NAME = "vaccine_eligibility"
DAY = (date(2020, 10, 1), date(2020, 10, 1))
DECEMBER, JANUARY = (
    (date(2020, 12, 1), date(2020, 12, 31)),
    (date(2021, 1, 1), date(2021, 1, 31)),
)
PATIENTS = 12_000


@pytest.fixture(scope="module")
def study() -> Study:
    return shipped(NAME)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return prepared(NAME, tmp_path_factory.mktemp("workspace"), PATIENTS)


def test_people_are_counted_on_one_day_and_vaccinations_in_four_months(study):
    for measure in study.measures:
        if measure.name.startswith("people_"):
            assert measure.intervals == (DAY,)
        else:
            assert len(measure.intervals) == 4 and measure.intervals[0] == DECEMBER
    names = {measure.name for measure in study.measures}
    assert (
        len([name for name in names if name.startswith("people_by_vulnerable_")]) == 13
    )
    assert len([name for name in names if name.startswith("people_by_at_risk_")]) == 12


def test_chronic_heart_disease_changes_sides(study):
    other = {
        measure.name for measure in shipped(NAME, "--heart", "vulnerable").measures
    }
    assert "people_by_vulnerable_chronic_cardiac_disease" in other
    assert len(other) == len(study.measures)
    with pytest.raises(
        DefinitionError, match="--heart is at-risk or vulnerable, got 'no'"
    ):
        shipped(NAME, "--heart", "no")


def test_nothing_is_computed_in_the_general_way(run):
    assert kinds(run) == {"static", "timeline"}


# People, by hand

HOME = {
    "practice_pseudo_id": 1,
    "practice_nuts1_region_name": "London",
    "practice_stp": "E54000027",
    "start_date": date(2010, 1, 1),
}
COPD, ASTHMA, SALBUTAMOL = "13645005", "195967001", "39113611000001102"
CANCER, CHEMOTHERAPY, MARROW = "254837009", "367336001", "23719005"
HEART, DIABETES, BMI = "414545008", "73211009", "60621009"
# Number: year of birth (in October, the birthday), codes with days, group.
LAST_YEAR = date(2019, 10, 2)
PEOPLE = {
    1: (1950, [], 4),  # 70 today
    2: (1945, [], 3),
    3: (1940, [], 2),
    4: (1955, [], 5),
    5: (1960, [], 7),
    6: (1965, [], 8),
    7: (1970, [], 9),
    8: (1971, [], 10),  # 49
    9: (1980, [(COPD, date(2020, 10, 1))], 4),
    10: (1980, [(COPD, date(2020, 10, 2))], 10),  # not yet known
    11: (2010, [(COPD, LAST_YEAR)], 10),  # a child
    12: (1980, [(ASTHMA, LAST_YEAR)], 6),  # with salbutamol
    13: (1980, [(ASTHMA, LAST_YEAR)], 10),  # with salbutamol more than a year ago
    14: (1980, [(CANCER, LAST_YEAR)], 10),
    15: (1980, [(CANCER, LAST_YEAR), (CHEMOTHERAPY, LAST_YEAR)], 4),
    16: (1980, [(MARROW, date(2020, 4, 2))], 4),
    17: (1980, [(MARROW, date(2020, 3, 1))], 10),
    18: (1980, [(HEART, LAST_YEAR)], 6),
    19: (1980, [(HEART, LAST_YEAR), (COPD, LAST_YEAR)], 4),
    20: (1950, [(DIABETES, LAST_YEAR)], 1),  # in a care home
    21: (1980, [], 6),  # in a care home
    22: (2015, [], 10),  # a child in a care home
    23: (1980, [(BMI, date(2020, 5, 1))], 6),
    24: (1980, [(BMI, date(2014, 5, 1))], 10),  # six years ago
    25: (1959, [(DIABETES, LAST_YEAR)], 6),
}
IN_A_CARE_HOME = (20, 21, 22)
ISSUED = {12: LAST_YEAR, 13: date(2019, 9, 30)}
DEAD = 26


def records() -> dict[str, list[dict]]:
    tables: dict[str, list[dict]] = {
        name: [] for name in ("patients", "clinical_events")
    }
    for number, (year, events, _) in PEOPLE.items():
        born = date(year, 10, 1)
        tables["patients"].append(
            {"patient_id": number, "date_of_birth": born, "sex": "female"}
        )
        for code, day in events:
            value = 41.5 if code == BMI else None
            row = {
                "patient_id": number,
                "snomedct_code": code,
                "date": day,
                "numeric_value": value,
            }
            tables["clinical_events"].append(row)
    dead = {"patient_id": DEAD, "date_of_birth": date(1930, 1, 1), "sex": "male"}
    tables["patients"].append({**dead, "date_of_death": date(2020, 10, 1)})
    tables["practice_registrations"] = [
        {**HOME, "patient_id": each} for each in (*PEOPLE, DEAD)
    ]
    tables["addresses"] = [_care_home(each) for each in IN_A_CARE_HOME]
    tables["medications"] = [
        {"patient_id": each, "dmd_code": SALBUTAMOL, "date": day}
        for each, day in ISSUED.items()
    ]
    tables["vaccinations"] = [
        _dose(1, date(2020, 12, 20)),
        _dose(1, date(2021, 1, 5)),
        _dose(2, date(2021, 1, 5)),
        _dose(2, date(2020, 11, 30)),  # before the first one that there was
        {**_dose(3, date(2020, 12, 9)), "target_disease": "INFLUENZA"},
    ]
    return tables


def _care_home(patient: int) -> dict:
    return {
        "patient_id": patient,
        "address_id": patient,
        "start_date": date(2012, 1, 1),
        "care_home_is_potential_match": True,
    }


def _dose(patient: int, day: date) -> dict:
    return {"patient_id": patient, "date": day, "target_disease": "SARS-2 CORONAVIRUS"}


@pytest.fixture(scope="module")
def counts(study) -> list[dict]:
    return measures.evaluate(study.measures, records())


def people_in(counts: list[dict], name: str) -> dict[tuple, int]:
    return {group: cells[0] for group, cells in counted(counts, name, DAY).items()}


def test_everybody_is_in_the_first_group_that_fits(counts):
    expected: dict[tuple, int] = {}
    for _, _, group in PEOPLE.values():
        expected[group,] = expected.get((group,), 0) + 1
    assert people_in(counts, "people_by_priority") == expected


def test_reasons_for_being_at_risk_are_of_those_who_are_not_extremely_vulnerable(
    counts,
):
    assert people_in(counts, "people_by_at_risk_chronic_cardiac_disease")[True,] == 1
    assert people_in(counts, "people_by_vulnerable_copd")[True,] == 3
    assert people_in(counts, "people_by_at_risk_diabetes")[True,] == 2
    assert people_in(counts, "people_by_at_risk_obesity")[True,] == 1
    assert people_in(counts, "people_by_vulnerable_bone_marrow_transplant")[True,] == 1
    combined = people_in(counts, "people_by_reasons_vulnerable")
    assert sum(combined.values()) == len(PEOPLE)
    assert sorted(sum(group) for group in combined) == [0, 1, 1, 1]


def test_as_in_the_originals_code_heart_disease_is_in_group_4():
    other = [
        each
        for each in shipped(NAME, "--heart", "vulnerable").measures
        if each.name == "people_by_priority"
    ]
    found = people_in(measures.evaluate(other, records()), "people_by_priority")
    assert found[4,] == 6 and found[6,] == 4


def test_the_first_vaccination_counts(counts):
    # One dose before December 2020 is a mistake in the records.
    assert counted(counts, "vaccinated", DECEMBER) == {(): (1, 25)}
    assert counted(counts, "vaccinated", JANUARY) == {(): (1, 25)}
    assert counted(counts, "vaccinated_so_far", JANUARY) == {(): (2, 25)}
    assert counted(counts, "vaccinated_by_priority", JANUARY)[3,] == (1, 1)


def test_the_plain_python_engine_counts_the_same(study, counts):
    assert alike(counts, reference_engine.measures(list(study.measures), records()))


# Made-up records


@pytest.fixture(scope="module")
def made_up(run, tmp_path_factory) -> Iterator[duckdb.DuckDBPyConnection]:
    with trial(run, tmp_path_factory.mktemp("trial") / "records") as connection:
        yield connection


def codes(*names: str) -> str:
    found: list[str] = []
    for name in names:
        with (SHIPPED / NAME / "codelists" / f"{name}.csv").open(
            encoding="utf-8", newline=""
        ) as file:
            found += [row["code"] for row in csv.DictReader(file)]
    return ", ".join(f"'{code}'" for code in found)


def coded(*names: str) -> str:
    return f"""patient_id IN (SELECT patient_id FROM clinical_events
        WHERE snomedct_code IN ({codes(*names)}) AND date <= '2020-10-01')"""


def issued(name: str) -> str:
    return f"""patient_id IN (SELECT patient_id FROM medications
        WHERE dmd_code IN ({codes(name)}) AND date BETWEEN '2019-10-02' AND '2020-10-01')"""


ALWAYS_VULNERABLE = (
    "organ-transplant", "blood-cancer", "cystic-fibrosis", "copd", "sickle-cell-disease",
    "permanent-immunosuppression", "temporary-immunosuppression", "learning-disability", "dialysis",
)  # fmt: skip
AT_RISK = (
    "chronic-respiratory-disease", "heart-failure", "other-heart-disease", "diabetes", "chronic-kidney-disease",
    "chronic-liver-disease", "neurological-disease", "serious-mental-illness", "asplenia",
)  # fmt: skip


@pytest.fixture(scope="module")
def shares(made_up) -> dict[int, float]:
    """The original's rules in SQL, with heart disease among the extremely vulnerable:
    percent of each group.
    """
    vulnerable = f"""({coded(*ALWAYS_VULNERABLE, "chronic-cardiac-disease")} OR {issued("dmards")}
        OR ({coded("cancer", "lung-cancer")} AND {coded("cancer-therapy")}))"""
    at_risk = f"""({coded(*AT_RISK)} OR ({coded("asthma")} AND {issued("salbutamol")})
        OR patient_id IN (SELECT patient_id FROM clinical_events
            WHERE snomedct_code = '60621009' AND date BETWEEN '2015-10-02' AND '2020-10-01'
            GROUP BY patient_id HAVING arg_max(numeric_value, date) >= 40))"""
    in_home = """patient_id IN (SELECT patient_id FROM addresses WHERE care_home_is_potential_match
        AND '2020-10-01' BETWEEN start_date AND coalesce(end_date, '9999-12-31'))"""
    rows = made_up.execute(f"""
        WITH people AS (
            SELECT patient_id, date_diff('month', date_of_birth, DATE '2020-10-01') // 12 AS age FROM patients
            WHERE coalesce(date_of_death > '2020-10-01', true) AND date_of_birth <= '2020-10-01'
        )
        SELECT CASE WHEN {in_home} AND age >= 65 THEN 1 WHEN age >= 80 THEN 2 WHEN age >= 75 THEN 3
            WHEN age >= 70 OR ({vulnerable} AND age >= 18) THEN 4 WHEN age >= 65 THEN 5
            WHEN ({at_risk} OR {in_home}) AND age >= 18 THEN 6
            WHEN age >= 60 THEN 7 WHEN age >= 55 THEN 8 WHEN age >= 50 THEN 9 ELSE 10 END AS priority,
            100 * count(*) / sum(count(*)) OVER ()
        FROM people GROUP BY priority
    """).fetchall()
    return dict(rows)


def test_made_up_people_are_in_groups_in_plausible_shares(shares):
    released = {
        1: 0.3,
        2: 5.1,
        3: 3.9,
        4: 11.3,
        5: 4.1,
        6: 9.3,
        7: 3.9,
        8: 4.9,
        9: 5.3,
        10: 52.0,
    }
    for group, share in released.items():
        assert abs(shares[group] - share) < max(0.6, 0.3 * share), (group, shares)
    assert 10 < shares[4] < 13 and 7 < shares[6] < 13 and 50 < shares[10] < 60


def test_who_has_cancer_of_the_lung_among_made_up_people_has_cancer_and_therapy(
    made_up,
):
    lung, both = (
        coded("lung-cancer"),
        f"{coded('cancer')} AND {coded('cancer-therapy')}",
    )
    people = "SELECT count(*) FROM patients WHERE date_of_death IS NULL AND"
    some = made_up.execute(f"{people} {coded('cancer-therapy')}").fetchone()[0]
    treated = made_up.execute(f"{people} {both}").fetchone()[0]
    assert some > 50 and treated > 0.8 * some
    assert made_up.execute(f"{people} {lung}").fetchone()[0] < some


def test_made_up_vaccinations_go_down_by_age(made_up):
    middle = """SELECT median(date) FROM vaccinations JOIN patients USING (patient_id)
        WHERE target_disease = 'SARS-2 CORONAVIRUS' AND date < '2021-04-01' AND date_of_birth {born}"""
    old = made_up.execute(middle.format(born="< '1940-10-01'")).fetchone()[0]
    less = made_up.execute(
        middle.format(born="BETWEEN '1950-10-01' AND '1955-10-01'")
    ).fetchone()[0]
    assert old < less


# The page


PAGE = (SHIPPED / NAME / "README.md").read_text(encoding="utf-8")
COLUMNS = ("measure", "group_by", "group", "numerator", "status")


def test_the_step_of_the_workforce(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A tenth of England, of whose working adults 10 % are extremely vulnerable and 15
    % at risk.
    """
    people = dict(
        zip(
            range(1, 11),
            (20_000, 280_000, 220_000, 640_000, 230_000, 530_000, 220_000, 280_000),
            strict=False,
        )
    )
    people |= {9: 300_000, 10: 2_947_847}
    assert sum(people.values()) == 5_667_847
    rows: list[tuple[str, str, list, int]]
    rows = [
        ("people_by_priority", "priority", [each], count)
        for each, count in people.items()
    ]
    risks = {
        "clinically extremely vulnerable": 100_000,
        "at risk": 150_000,
        "neither": 750_000,
    }
    for risk, count in risks.items():
        rows.append(
            ("people_by_risk_and_age_band", "risk+age_band", [risk, "18 to 49"], count)
        )
        rows.append(
            ("people_by_risk_and_age_band", "risk+age_band", [risk, "80 or over"], 7)
        )
    with (tmp_path / "measures.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for measure, by, group, count in rows:
            writer.writerow((measure, by, json.dumps(group), count, "released"))
    monkeypatch.chdir(tmp_path)
    block = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert block
    said = io.StringIO()
    with redirect_stdout(said):
        exec(compile(block[1], "README.md", "exec"), {})
    found = {
        int(line.split()[0]): float(line.split()[2])
        for line in said.getvalue().splitlines()
    }
    # 67,500 work in care homes, 258,625 elsewhere: 326,125 in all
    assert found[1] == 87_500 and found[2] == 538_620
    assert found[4] == 640_000 - 32_610 and found[6] == 530_000 - 48_920
    assert found[8] == 280_000 - 29_350
    assert abs(sum(found.values()) - sum(people.values())) < 60


def test_the_page_names_every_codelist():
    for file in (SHIPPED / NAME / "codelists").glob("*.csv"):
        assert f"`{file.name}`" in PAGE
