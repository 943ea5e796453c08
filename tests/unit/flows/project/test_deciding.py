# mypy: ignore-errors
"""Which actions of a project run, with which words, and what is said of the others."""

import pytest

from extractors.errors import ArgumentsError
from flows.project.deciding import decide
from flows.project.reading import read_project

RANGE = '"2020-03-02 to 2020-04-06 by week"'


@pytest.fixture
def steps(tmp_path):
    (tmp_path / "analysis").mkdir()
    for name in ("study_definition", "study_definition_bp", "measures_ours"):
        (tmp_path / "analysis" / f"{name}.py").touch()

    def decided(**actions):
        lines = []
        for name, (run, *needs) in actions.items():
            lines.append(
                f"  {name}:\n    run: {run}\n    needs: {needs}\n    outputs: {{x: "
                f"{{y: out_{name}.csv}}}}"
            )
        (tmp_path / "project.yaml").write_text(
            "actions:\n" + "\n".join(lines), encoding="utf-8"
        )
        return {step.action.name: step for step in decide(*read_project(str(tmp_path)))}

    return decided


def test_measures_are_run_at_the_index_dates_of_their_files(steps):
    found = steps(
        extract=["cohortextractor:latest generate_cohort --study-definition "
f"study_definition_bp --index-date-range {RANGE} --param a=b"],
        measure=["cohortextractor:latest generate_measures --study-definition "
"study_definition_bp --output-dir=output", "extract"],
    )  # fmt: skip
    assert found["measure"].measured.arguments == (
        "--index-date-range",
        RANGE.strip('"'),
        "--param",
        "a=b",
    )
    assert found["measure"].measured.definition.name == "study_definition_bp.py"
    (extract,) = found["extract"].extracts
    assert (extract.name, extract.format, extract.range) == (
        "input_bp",
        "csv",
        RANGE.strip('"'),
    )


def test_several_ranges_of_a_study_are_run_together(steps):
    generate = (
        "cohortextractor:latest generate_cohort --study-definition "
        "study_definition_bp --index-date-range"
    )
    found = steps(
        one=[f"{generate} 2020-01-01"],
        two=[f"{generate} 2020-02-01"],
        measure=[
            "cohortextractor:latest generate_measures --study-definition "
            "study_definition_bp",
            "one",
            "two",
        ],
    )
    assert found["measure"].measured.arguments == (
        "--index-date-range",
        "2020-01-01; 2020-02-01",
    )


def test_without_a_range_the_study_has_its_own_date(steps):
    found = steps(
        extract=["cohortextractor:latest generate_cohort"],
        measure=[
            "cohortextractor:latest generate_measures --study-definition "
            "study_definition",
            "extract",
        ],
    )
    assert found["measure"].measured.arguments == ("--index-date-range", "index_date")
    assert [each.name for each in found["extract"].extracts] == ["input", "input_bp"]


def test_the_name_and_format_of_an_output_file(steps):
    run = (
        "cohortextractor:latest generate_cohort --study-definition study_definition "
        "--output-file output/mine.csv.gz"
    )
    (extract,) = steps(extract=[run])["extract"].extracts
    assert (extract.name, extract.format) == ("mine", "csv.gz")


def test_definitions_in_our_language_run_as_well(steps):
    found = steps(
        ours=[
            "ehrql:v1 generate-measures analysis/measures_ours.py --output output/x.csv"
        ]
    )
    assert found["ours"].measured.arguments == ()


def test_of_what_is_not_run_is_said_what_it_reads(steps):
    found = steps(
        extract=["cohortextractor:latest generate_cohort"],
        draw=["r:latest analysis/draw.R", "extract"],
        join=[
            "cohort-joiner:v0.0.7 --lhs output/input_*.csv --rhs output/x.csv",
            "extract",
        ],
        other=["something:v1 do"],
    )
    assert (
        found["draw"].said == "is left out: a script in R, which reads out_extract.csv"
    )
    assert found["other"].said == "is left out: nothing here runs something"
    assert not any(found[name].runs for name in ("draw", "join", "other"))


@pytest.mark.parametrize(
    ("run", "why"),
    [
        (
            "cohortextractor:latest generate_cohort --study-definition nothing",
            "which is not there",
        ),
        (
            "cohortextractor:latest generate_cohort --output-format xlsx",
            "of the format 'xlsx'",
        ),
    ],
)
def test_what_is_wrong_is_told(steps, run, why):
    with pytest.raises(ArgumentsError, match=why):
        steps(extract=[run])


def test_a_report_describes_the_studies_of_its_files(steps):
    generate = "cohortextractor:latest generate_cohort --study-definition"
    found = steps(
        extract=[f"{generate} study_definition_bp --index-date-range {RANGE}"],
        other=[f"{generate} study_definition"],
        report=["cohort-report:v3.0.0 output/input_bp_2020-03-*.csv", "extract"],
        nothing=["cohort-report:v3.0.0 output/elsewhere.csv", "extract"],
    )
    assert [each.definition.name for each in found["report"].described] == [
        "study_definition_bp.py"
    ]
    assert found["report"].said.startswith(
        "runs `cohortflow describe` on study_definition_bp.py"
    )
    assert not found["nothing"].runs


def test_joined_studies_are_those_whose_files_a_joiner_reads(steps):
    generate = "cohortextractor:latest generate_cohort --study-definition"
    found = steps(
        extract=[f"{generate} study_definition --index-date-range 2020-03-02"],
        other=[f"{generate} study_definition_bp --index-date-range 2022-06-05"],
        join=[
            "cohort-joiner:v0.0.7 --lhs output/input_*.csv --rhs "
            "output/input_bp_2022-06-05.csv --output-dir output/a"
        ],
        measure=[
            "cohortextractor:latest generate_measures --study-definition "
            "study_definition --output-dir=output/a"
        ],
        alone=[
            "cohortextractor:latest generate_measures --study-definition "
            "study_definition --output-dir=output"
        ],
    )
    assert found["measure"].measured.arguments[2:] == (
        "--join",
        "study_definition_bp@2022-06-05",
    )
    assert "--join" not in found["alone"].measured.arguments
    assert (
        found["join"].said
        == "joins the columns of study_definition_bp to measures of its folder"
    )
