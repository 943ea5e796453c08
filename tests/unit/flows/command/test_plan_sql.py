"""`plan --sql` and `plan --explain`, as they are typed."""

import json
from pathlib import Path
from typing import Any

import pytest

from flows.command.cli import main
from flows.command.plan_sql import comment
from tests.lib.places import CHECKOUT

STUDY = CHECKOUT / "tests" / "flows" / "study" / "weekly.py"
THIRD = "2020-03-16..2020-03-22"


@pytest.fixture
def plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Types `cohortflow plan`; the exit code, and what is on both outputs."""

    def typed(*words: str, study: Path = STUDY) -> tuple[int, str, str]:
        folder = str(tmp_path / "workspace")
        code = main(["plan", str(study), "--workspace", folder, *words])
        out, err = capsys.readouterr()
        assert not Path(folder).exists()
        return code, out, err

    return typed


def test_a_comment_is_before_each_statement(plan: Any):
    code, out, _ = plan("--sql")
    assert code == 0
    blocks = out.strip().split("\n\n")
    assert all(block.startswith("-- ") for block in blocks)
    assert "-- value_03a2bdd4625a is taken_numerator" in blocks[1]
    steps = [block.split(":")[0].removeprefix("-- ") for block in blocks[2:]]
    # each step has its statements together, in the order of a run
    assert list(dict.fromkeys(steps)) == ["snapshot", "static", "timelines", "counts"]
    assert steps == sorted(steps, key=list(dict.fromkeys(steps)).index)


def test_of_one_series_only_what_computes_it(plan: Any):
    _, every, _ = plan("--sql", "--json")
    _, one, _ = plan("--sql", "taken_denominator", "--json")
    made = [each["makes"] for each in json.loads(one)["statements"]]
    assert made[-1] == "stretches 0" and "touched 0" not in made
    assert len(json.loads(every)["statements"]) > len(made)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--sql", "taken_numer"], "'taken_numer'; did you mean 'taken_numerator'?"),
        (["--sql", "zzz"], "'zzz'; the study has sex, taken_denominator, "),
        (["--explain", "2020-04-01"], "The 4 periods are 2020-03-02..2020-03-08 to "),
        (["--explain", "last", "--sql"], "Say one of --sql and --explain, not both."),
    ],
)
def test_refusals(plan: Any, words: list[str], said: str):
    code, out, err = plan(*words)
    assert (code, out) == (2, "")
    assert said in err


@pytest.mark.parametrize("name", [THIRD, "2020-03-16"])
def test_a_period_says_what_it_reads(plan: Any, name: str):
    _, out, _ = plan("--explain", name, "--json")
    found = json.loads(out)
    assert found["period"] == THIRD
    assert "at place 2 of chain 0" in found["says"][0]
    keys = {read["name"].rpartition("/")[2]: read["key"] for read in found["reads"]}
    assert keys["counts-0.arrow"] == "batch 2"
    assert keys["stretches 0"].startswith("patient_id; rows whose 'at place' is 2 or")
    assert keys["touched 0"] == "patient_id, at place 2"
    columns = {read["name"]: read["columns"] for read in found["reads"]}
    assert columns["touched 0"] == ["taken_numerator", "high_by_sex_numerator"]
    (statement,) = found["statements"]
    assert '"at place" = 2' in statement["sql"][-1]


def test_in_words_it_says_the_same(plan: Any):
    _, out, _ = plan("--explain", THIRD)
    assert out.startswith(f"-- {THIRD}\n")
    assert "-- * touched 0: who has rows in the period" in out
    assert "(from\n--   clinical_events)" in out
    assert out.rstrip().endswith('WHERE s."at place" <= 2 AND s."until place" > 2;')


def test_a_dataset_has_no_periods(plan: Any, tmp_path: Path):
    path = tmp_path / "definition.py"
    path.write_text(
        "from ehrql import create_dataset\n"
        "from ehrql.tables.core import patients\n"
        "dataset = create_dataset()\n"
        "dataset.define_population(patients.exists_for_patient())\n",
        encoding="utf-8",
    )
    code, _, err = plan("--explain", "last", study=path)
    assert code == 2
    assert "A dataset has no periods to explain" in err


def test_words_behind_a_mark_go_in_as_far():
    assert comment("word " * 20, "-- * ").splitlines()[1].startswith("--   word")
