"""The command `table`: what it writes where, and when a release may not leave."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from extractors.errors import ArgumentsError, DisclosureRefused
from flows.command.tabling import Asked, table
from flows.state import decided
from measures.disclosure.memory.decisions import Decision, Verdict, entry_of
from measures.disclosure.memory.ledger import Ledger
from measures.disclosure.site import Site
from measures.release.summarised import summarised_result
from tests.lib.hostile_release import hostile_release
from tests.lib.releases import KEY, people, run, study


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return hostile_release(tmp_path / "w" / "study" / "moderately_sensitive")


def test_one_measure_goes_to_standard_output_or_to_a_file(release, tmp_path):
    text = table(Asked(release, "bp", ("place",)))
    assert text.startswith("**bp\\_by\\_place of a\\_study")
    assert (
        table(Asked(release, "bp", format="html", file=str(tmp_path / "bp.html"))) == ""
    )
    assert (tmp_path / "bp.html").read_text(encoding="utf-8").startswith("<table>")


def test_all_measures_go_out_as_ohdsis_tools_read_them(release, tmp_path):
    text = table(Asked(release, format="summarised_result"))
    assert text == summarised_result(release) and text.startswith("result_id,cdm_name,")
    assert (
        table(Asked(release, format="summarised_result", file=str(tmp_path / "r.csv")))
        == ""
    )
    assert (tmp_path / "r.csv").read_text(encoding="utf-8") == text


@pytest.mark.parametrize("wrong, words", [
    ({"file": ""}, "Say --to FILE.xlsx"),
    ({"file": "numbers.csv"}, "Say --to FILE.xlsx"),
    ({"file": "numbers.xlsx", "format": "html"}, "Say --to FILE.xlsx"),
    ({"file": "nowhere/numbers.xlsx"}, "There is no such folder; name another place by --to: nowhere"),
    ({"measure": "bp", "file": "bp.xlsx"}, "A workbook has all measures"),
    ({"measure": "bp", "file": "nowhere/bp.html"}, "cannot be written"),
    ({"measure": "bp", "format": "summarised_result"}, "summarised_result has all measures"),
])  # fmt: skip
def test_what_cannot_be_written(release, wrong, words):
    with pytest.raises(ArgumentsError, match=words):
        table(Asked(release, **wrong))


@pytest.fixture
def real(release: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """The release as one of real records, with a ledger beside it, in a site that asks
    people.
    """
    path = release / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["records"]["kind"] = "folder"
    manifest["disclosure"]["ledger"] = {"last_change": {"release": 1}}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    ledger = release.parent / "highly_sensitive" / "ledger" / "ledger.jsonl"
    ledger.parent.mkdir(parents=True)
    run(ledger, study(people(40), weeks=1))
    monkeypatch.setattr(decided, "key_at_hand", lambda workspace: KEY)
    monkeypatch.setattr(decided, "site", lambda: Site(require_approval=True))
    return Ledger(ledger, KEY)


APPROVED = Decision(
    release=1,
    verdict=Verdict.APPROVED,
    by="A",
    note="x",
    at="2026-01-05T10:00:00+00:00",
    account="a",
)


def test_nothing_leaves_the_workspace_before_it_is_approved(release, real, tmp_path):
    outside = Asked(release, "bp", file=str(tmp_path / "bp.md"))
    with pytest.raises(
        DisclosureRefused, match="Release 1 is waiting, .* require_approval"
    ):
        table(outside)
    assert not (tmp_path / "bp.md").exists()
    table(replace(outside, file=str(tmp_path / "w" / "bp.md")))
    real.append([entry_of(replace(APPROVED, verdict=Verdict.REFUSED), KEY)])
    with pytest.raises(DisclosureRefused, match="Release 1 is refused"):
        table(outside)
    real.append([entry_of(APPROVED, KEY)])
    table(outside)
    assert (tmp_path / "bp.md").exists()


def test_whether_it_is_approved_only_the_key_can_tell(
    release, real, tmp_path, monkeypatch
):
    real.append([entry_of(APPROVED, KEY)])
    monkeypatch.setattr(decided, "key_at_hand", lambda workspace: None)
    with pytest.raises(DisclosureRefused, match="is checked with the key"):
        table(Asked(release, "bp", file=str(tmp_path / "bp.md")))


def test_a_copy_that_has_left_is_nobodys_to_hold_back(release, real, tmp_path):
    copy = tmp_path / "copy"
    release.rename(copy)
    table(Asked(copy, "bp", file=str(tmp_path / "bp.md")))
