"""`cohortflow audit` on files, by hand: exit codes, what is printed."""

import hashlib
import json

import pyarrow.parquet as pq
import pytest

from flows.command.auditing import MEANINGS
from flows.command.cli import main
from measures.disclosure.audit.findings import KINDS
from tests.lib import attack_tables as made
from tests.lib.release_files import EHRQL, written

STRUCTURE = {
    "measures": {
        "m": {
            "group_by": ["sex"], "numerator": "n", "denominator": "d", "kind": "people", "denominator_kind": "people",
            "within": [],
        }
    }
}  # fmt: skip


@pytest.fixture
def reruns(tmp_path):
    """Two releases one person apart, with a manifest beside the second."""
    people = made.world(3000, 6, (3, 4), seed=1)
    for name, rows in (
        ("old", made.weekly(people)),
        ("new", made.weekly(made.one_more(people, seed=2))),
    ):
        (tmp_path / name).mkdir()
        pq.write_table(
            made.released(rows, made.nearest), tmp_path / name / "measures.parquet"
        )
        written(
            tmp_path / name,
            "manifest.json",
            json.dumps({"structure": made.structure_of(rows)}),
        )
    return [str(tmp_path / name / "measures.parquet") for name in ("old", "new")]


def test_command_passes_refuses_and_complains(reruns, tmp_path, capsys):
    assert main(["audit", reruns[0], "--policy", "opensafely"]) == 0
    assert "Passed." in capsys.readouterr().out
    exact = written(
        tmp_path,
        "m.csv",
        EHRQL.replace("0.2500,2,8", "0.3000,[REDACTED],10").replace("3.0,9", "10,35"),
    )
    assert main(["audit", str(exact), "--policy", "opensafely"]) == 4
    assert "Refused." in capsys.readouterr().out
    assert main(["audit", str(tmp_path / "nothing.csv"), "--policy", "opensafely"]) == 2
    assert main(["audit", reruns[0], "--policy", "nothing"]) == 2
    broken = written(tmp_path, "manifest.json", "[]")
    assert (
        main(["audit", reruns[0], "--policy", "opensafely", "--structure", str(broken)])
        == 2
    )


def refusal(capsys, *arguments):
    assert main(["audit", *map(str, arguments)]) == 2
    return capsys.readouterr().err


def test_a_policy_that_did_not_make_the_numbers_is_refused(reruns, tmp_path, capsys):
    manifest = tmp_path / "new" / "manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8")) | {
        "disclosure": {"policy": "opensafely"}
    }
    manifest.write_text(json.dumps(told), encoding="utf-8")
    words = (
        "manifest.json says that the policy 'opensafely' made these numbers, not "
        f"'controlled'; say --policy opensafely: {manifest}"
    )
    for files in (
        [reruns[1]],
        reruns,
        reversed(reruns),
        [reruns[0], "--structure", manifest],
    ):
        assert words in refusal(capsys, *files, "--policy", "controlled")
    assert main(["audit", reruns[1], "--policy", "opensafely"]) == 0


def test_what_is_no_file_or_no_manifest_is_said_plainly(reruns, tmp_path, capsys):
    folder, policy = tmp_path / "old", ("--policy", "opensafely")
    assert (
        f"That is a folder; name a file in it, such as {folder}/measures.csv."
        in refusal(capsys, folder, *policy)
    )
    said = {
        tmp_path / "nosuch.json": "There is no file",
        folder: "is a folder",
        tmp_path / "text": "is not JSON",
    }
    (tmp_path / "text").write_text("{", encoding="utf-8")
    for path, words in said.items():
        told = refusal(capsys, reruns[0], *policy, "--structure", path)
        assert words in told and str(path) in told and "Error" not in told


def test_kinds_of_findings_are_explained(tmp_path, capsys):
    assert set(MEANINGS) == set(KINDS)
    told = written(
        tmp_path,
        "m.csv",
        EHRQL.replace("0.2500,2,8", ",[REDACTED],10").replace("3.0,9", "10,35"),
    )
    main(["audit", str(told), "--policy", "opensafely"])
    assert (
        "small: the true count is 1 to 7 for certain, and each of these is possible."
        in capsys.readouterr().out
    )


def test_json_is_one_object_and_knows_both_releases(reruns, capsys):
    main(["audit", *reruns, "--policy", "opensafely", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (told["releases"], told["structure_guessed"]) == (2, False)
    assert told["findings"]["exact"] > 0
    assert all(
        each["range"] is None for each in told["worst"] if each["possible_counts"] == 1
    )


def test_stricter_site_is_read_from_the_manifest(tmp_path, capsys):
    rows = made.weekly(made.world(500, 2, (3,), seed=1), made.EVENTS[:1])
    pq.write_table(
        made.released(rows, lambda count: (count + 10) // 20 * 20 or None),
        tmp_path / "measures.parquet",
    )
    made_by = {"policy": "controlled", "threshold": 7, "base": 20}
    told = {"structure": made.structure_of(rows), "disclosure": made_by}
    written(tmp_path, "manifest.json", json.dumps(told))
    main(
        [
            "audit",
            str(tmp_path / "measures.parquet"),
            "--policy",
            "controlled",
            "--json",
        ]
    )
    assert json.loads(capsys.readouterr().out)["base"] == 20


@pytest.mark.parametrize(
    "loose", [{"base": 2, "threshold": 0}, {"base": 1}, {"threshold": -1}]
)
def test_numbers_of_the_manifest_never_loosen_the_policy(tmp_path, capsys, loose):
    path = written(
        tmp_path, "m.csv", EHRQL.replace("2,8", "30,100").replace("3.0,9", "36,100")
    )
    made_by = {"policy": "controlled", **loose}
    written(
        tmp_path,
        "manifest.json",
        json.dumps({"structure": STRUCTURE, "disclosure": made_by}),
    )
    assert main(["audit", str(path), "--policy", "controlled", "--json"]) == 4
    told = json.loads(capsys.readouterr().out)
    assert (told["threshold"], told["base"]) == (7, 10) and told["findings"][
        "not rounded"
    ] == 1


def test_numbers_of_the_manifest_are_numbers(tmp_path, capsys):
    path = written(tmp_path, "m.csv", EHRQL)
    made_by = {"policy": "controlled", "base": "ten"}
    written(
        tmp_path,
        "manifest.json",
        json.dumps({"structure": STRUCTURE, "disclosure": made_by}),
    )
    assert main(["audit", str(path), "--policy", "controlled"]) == 2
    assert "'ten' as the base" in capsys.readouterr().err


def test_a_file_that_is_not_as_its_manifest_says_is_not_judged_by_it(tmp_path, capsys):
    whole = EHRQL.replace("0.2500,2,8", "0.3,30,100").replace(
        "0.3333,3.0,9", "0.4,40,100"
    )
    path = written(tmp_path / "m", "m.csv", whole)
    told = {
        "structure": STRUCTURE,
        "files": {"m.csv": hashlib.sha256(whole.encode()).hexdigest()},
    }
    manifest = written(tmp_path / "m", "manifest.json", json.dumps(told))
    assert main(["audit", str(path), "--policy", "opensafely"]) == 0
    path.write_text(whole.replace("0.3,30,", "0.35,35,"), encoding="utf-8")
    assert main(["audit", str(path), "--policy", "opensafely"]) == 2
    assert "m.csv is not as it was released" in " ".join(
        capsys.readouterr().err.split()
    )
    elsewhere = path.rename(tmp_path / "m.csv")
    assert (
        main(
            [
                "audit",
                str(elsewhere),
                "--policy",
                "opensafely",
                "--structure",
                str(manifest),
            ]
        )
        == 0
    )


def test_one_measure_of_a_release_is_judged_by_the_manifest_of_the_release(
    tmp_path, capsys
):
    rows = [
        row
        for row in made.weekly(made.world(500, 2, (3,), seed=1), made.EVENTS[:1])
        if not row.grouping
    ]
    (tmp_path / "measures").mkdir()
    pq.write_table(
        made.released(rows, made.nearest), tmp_path / "measures" / "tested.parquet"
    )
    written(
        tmp_path, "manifest.json", json.dumps({"structure": made.structure_of(rows)})
    )
    main(
        [
            "audit",
            str(tmp_path / "measures" / "tested.parquet"),
            "--policy",
            "opensafely",
            "--json",
        ]
    )
    assert json.loads(capsys.readouterr().out)["structure_guessed"] is False


def test_worst_cells_are_read_in_one_line_each(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    told = written(
        tmp_path,
        "m.csv",
        EHRQL.replace("0.2500,2,8", ",[REDACTED],10").replace("3.0,9", "10,35"),
    )
    main(["audit", str(told), "--policy", "opensafely"])
    (line,) = [
        line
        for line in capsys.readouterr().out.splitlines()
        if "1 to 7" in line and "│" in line
    ]
    assert "2020-01-06" in line and "numerator" in line


def test_a_group_of_the_records_cannot_steer_the_terminal(
    tmp_path, capsys, monkeypatch
):
    """Names are shown as CSV has them, and are no markup."""
    monkeypatch.setenv("COLUMNS", "200")
    header = "interval_start,interval_end,ratio,numerator,denominator,place"
    text = f"{header}\n2020-01-06,2020-01-12,,[REDACTED],30,[link=x]\\u202eab\n"
    told = written(tmp_path, "m.csv", text)
    main(["audit", str(told), "--policy", "opensafely"])
    out = capsys.readouterr().out
    assert "place=[link=x]\\u202eab" in out and "\u202e" not in out
