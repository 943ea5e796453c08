"""Masked counts from a definition to a release: what sites and the combining place do,
and what they refuse.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest

from extractors.errors import ArgumentsError, DisclosureRefused
from flows.preparing.options import Options
from flows.running import joint_attack, sites
from flows.running.rounds import agree
from flows.running.sites import combine_masked, mask_counts
from flows.trying.counting import Trial, count_of, trial_of
from measures.counts.relations import structure_of
from measures.counts.types import RawCounts
from measures.disclosure.audit import Audit, audit
from measures.disclosure.control import protection
from measures.disclosure.memory.setting import Setting
from measures.disclosure.policies import NEARLY, POLICIES
from measures.release.bundle import write_release
from measures.release.reading import read_manifest, released_rows
from measures.sites.keys import make_key
from measures.sites.rounds import Round
from tests.lib.site_releases import site_key

DEFINITION = """
from extractors import INTERVAL, weeks
from extractors.tables.tpp import clinical_events, patients, practice_registrations
from measures import create_measures

measures = create_measures()
measures.define_defaults(
    denominator=patients.is_alive_on(INTERVAL.start_date),
    intervals=weeks(2).starting_on("2020-03-02"),
)
during = clinical_events.where(clinical_events.date.is_during(INTERVAL))
practice = practice_registrations.for_patient_on(INTERVAL.start_date).practice_pseudo_id
seen = during.exists_for_patient()
measures.define_measure("seen", numerator=seen)
measures.define_measure("seen_by_sex", numerator=seen, group_by={"sex": patients.sex})
measures.define_measure("seen_by_practice", numerator=seen, group_by={"practice": practice})
"""
PEOPLE = {"A": 300, "B": 200, "C": 100}


@pytest.fixture(scope="module")
def trials(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, tuple[Trial, RawCounts]]]:
    """Three sites with made-up people, and their true counts."""
    path = tmp_path_factory.mktemp("study") / "seen" / "definition.py"
    path.parent.mkdir()
    path.write_text(DEFINITION, encoding="utf-8")
    with ExitStack() as open_trials:
        found = {}
        for name, patients in PEOPLE.items():
            trial = open_trials.enter_context(
                trial_of(Options(study=str(path), patients=patients))
            )
            found[name] = trial, count_of(trial)
        yield found


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """One folder for all, as the key of each is asked for by name."""
    for name in "ABCD":
        make_key(name, tmp_path / "keys")
    return tmp_path / "keys"


@pytest.fixture
def agreed(trials: dict[str, tuple[Trial, RawCounts]], keys: Path) -> Round:
    return agree(trials["A"][0].prepared, "ABC", "D", values={}, keys=keys)


@pytest.fixture
def at(trials, keys, monkeypatch):
    """What a site masks; `raw`: other counts than its own."""
    monkeypatch.setattr(sites, "missing_of", lambda jobs, only: [])

    def mask(
        site: str, agreed: Round, raw: RawCounts | None = None, **wanted: bool
    ) -> bytes:
        trial, own = trials[site]
        monkeypatch.setattr(sites, "gathered", lambda prepared: raw or own)
        return mask_counts(trial.prepared, agreed, site, keys=keys, **wanted)

    return mask


def sent(at, agreed: Round, folder: Path) -> list[Path]:
    paths = []
    for site in agreed.sites:
        paths.append(folder / f"{site}.masked")
        paths[-1].write_bytes(at(site, agreed))
    return paths


def test_the_total_is_protected_once_and_released(trials, keys, agreed, at, tmp_path):
    prepared = trials["A"][0].prepared
    at_place = replace(
        prepared, workspace=replace(prepared.workspace, root=tmp_path / "place")
    )
    workspace, passed = combine_masked(
        at_place, agreed, sent(at, agreed, tmp_path), keys=keys
    )
    assert passed.audit.passed
    manifest = read_manifest(workspace.release)
    assert manifest["sites"] == {
        "format": 1,
        "masked": {
            "sites": ["A", "B", "C"],
            "combining_place": "D",
            "round": agreed.id,
        },
    }
    assert any("seen_by_practice" in each for each in manifest["warnings"])
    assert (
        NEARLY in POLICIES["controlled"].guarantees
        and NEARLY not in manifest["disclosure"]["guaranteed"]
    )
    page = (workspace.release / "report.html").read_text(encoding="utf-8")
    assert "Every number is of 3 sites together (A, B, C)" in page
    truth: dict[tuple, int] = {}
    for _, raw in trials.values():
        for row in raw.table.filter(
            pc.not_equal(raw.table["measure"], "seen_by_practice")
        ).to_pylist():
            key = (
                row["measure"],
                row["interval_start"],
                (row["sex"],) if row["group_by"] else (),
            )
            truth[key] = truth.get(key, 0) + row["denominator"]
    shown = [row for row in released_rows(workspace.release) if row.denominator]
    assert len(shown) >= 6
    for row in shown:
        assert (
            abs(
                (row.denominator or 0)
                - truth[row.measure, row.interval_start, row.group]
            )
            < 10
        )
    left = [path.name for path in (tmp_path / "place").rglob("*.parquet")]
    assert left == ["measures.parquet"]  # the true sums are nowhere


def test_sums_of_real_records_have_a_key_and_a_ledger(
    trials, keys, agreed, tmp_path, monkeypatch
):
    """Numbers that were released stay, whatever a later round says; and the same files
    give the same bytes.
    """
    monkeypatch.setenv("COHORTFLOW_KEY_FILE", str(tmp_path / "secret" / "key"))
    prepared = trials["A"][0].prepared
    place = replace(
        prepared, workspace=replace(prepared.workspace, root=tmp_path / "place")
    )
    real = {
        name: replace(trial.prepared.records, folder=None)
        for name, (trial, _) in trials.items()
    }
    monkeypatch.setattr(sites, "missing_of", lambda jobs, only: [])

    def files(agreed: Round, raws: dict[str, RawCounts]) -> list[Path]:
        paths = []
        for name, (trial, _) in trials.items():
            monkeypatch.setattr(sites, "gathered", lambda prepared, raw=raws[name]: raw)
            site = replace(trial.prepared, records=real[name])
            paths.append(tmp_path / f"{agreed.id}-{name}.masked")
            paths[-1].write_bytes(mask_counts(site, agreed, name, keys=keys))
        return paths

    own = {name: raw for name, (_, raw) in trials.items()}
    workspace, _ = combine_masked(place, agreed, files(agreed, own), keys=keys)
    first = (workspace.release / "measures.csv").read_bytes()
    assert read_manifest(workspace.release)["records"]["kind"] == "sites"
    assert (workspace.folder("ledger") / "ledger.jsonl").exists()
    combine_masked(place, agreed, files(agreed, own), keys=keys)
    assert (workspace.release / "measures.csv").read_bytes() == first
    again = agree(prepared, "ABC", "D", values={}, keys=keys)
    combine_masked(place, again, files(again, {**own, "C": own["B"]}), keys=keys)
    assert (workspace.release / "measures.csv").read_bytes() == first
    assert (workspace.release / "revisions.csv").exists()


def of_site(trials, name: str, folder: Path, *, definition: str = "") -> Path:
    """What a site has released of the study itself."""
    trial, raw = trials[name]
    study = trial.prepared.study
    structure = structure_of(study.measures)
    made = protection(raw, "controlled", Setting(structure, site_key(name)))
    told = {
        "definition": definition or study.definition_hash,
        "structure": structure.as_json(),
    }
    write_release(
        made.released,
        folder / name,
        {"study": study.name, "records": {"kind": "trial"}, **told},
    )
    return folder / name


def test_what_sites_have_released_is_attacked_with_the_sums(
    trials, keys, agreed, at, tmp_path, monkeypatch
):
    prepared = trials["A"][0].prepared
    place = replace(
        prepared, workspace=replace(prepared.workspace, root=tmp_path / "place")
    )
    files = sent(at, agreed, tmp_path)
    beside = {name: of_site(trials, name, tmp_path / "own") for name in "ABC"}
    seen: list[Audit] = []

    def attack(*args: Any, **named: Any) -> Audit:
        seen.append(audit(*args, **named))
        return seen[-1]

    monkeypatch.setattr(joint_attack, "audit", attack)
    workspace, _ = combine_masked(place, agreed, files, keys=keys, beside=beside)
    assert seen[0].passed and not seen[0].contradictions and seen[0].counts > 30
    numbers = (workspace.release / "measures.csv").read_bytes()
    # a stricter attacker finds something
    strict = {"threshold": 7, "base": 10, "width": 50}
    monkeypatch.setattr(
        joint_attack,
        "audit",
        lambda *args, settings, **named: audit(*args, settings=strict, **named),
    )
    with pytest.raises(
        DisclosureRefused, match="let out either the sums or the sites' own"
    ):
        combine_masked(place, agreed, files, keys=keys, beside=beside)
    assert (workspace.release / "measures.csv").read_bytes() == numbers


def test_what_is_attacked_is_of_all_sites_and_of_one_definition(
    trials, keys, agreed, at, tmp_path
):
    prepared, files = trials["A"][0].prepared, sent(at, agreed, tmp_path)
    beside = {name: of_site(trials, name, tmp_path / "own") for name in "AB"}
    with pytest.raises(ArgumentsError, match="--beside needs the release of each site"):
        combine_masked(prepared, agreed, files, keys=keys, beside=beside)
    beside["C"] = of_site(trials, "C", tmp_path / "own", definition="x")
    with pytest.raises(
        ArgumentsError, match="The release of C is of another definition"
    ):
        combine_masked(prepared, agreed, files, keys=keys, beside=beside)


def test_measures_whose_groups_only_records_name_are_left_out_or_named(trials, keys):
    prepared, raw = trials["A"]
    assert agree(prepared.prepared, "ABC", "D", values={}, keys=keys).left_out == (
        "seen_by_practice",
    )
    practices = {
        str(each)
        for _, raw in trials.values()
        for each in raw.table["practice"].to_pylist()
        if each is not None
    }
    named = agree(
        prepared.prepared, "ABC", "D", values={"practice": sorted(practices)}, keys=keys
    )
    assert named.left_out == () and len(named.values["practice"]) == len(practices) + 1
    with pytest.raises(ArgumentsError, match="has no group county"):
        agree(prepared.prepared, "ABC", "D", values={"county": ["x"]}, keys=keys)
    with pytest.raises(
        ArgumentsError, match="'x' is no value of practice, whose values are int64"
    ):
        agree(prepared.prepared, "ABC", "D", values={"practice": ["x"]}, keys=keys)


def test_other_counts_in_the_same_round_are_refused(trials, agreed, at):
    first = at("A", agreed)
    assert at("A", agreed) == first
    with pytest.raises(
        DisclosureRefused, match="A has masked other counts in this round already"
    ):
        at("A", agreed, raw=trials["B"][1])
    assert at("A", agreed) == first


def test_the_same_round_with_another_file_is_refused(agreed, at):
    at("A", agreed)
    with pytest.raises(DisclosureRefused, match="other counts in this round"):
        at("A", replace(agreed, beside=agreed.beside, sites=("A", "B"), left_out=()))


def test_a_new_round_of_the_same_sites_is_fine(trials, keys, agreed, at):
    at("A", agreed)
    at(
        "A",
        agree(trials["A"][0].prepared, "ABC", "D", values={}, keys=keys),
        raw=trials["A"][1],
    )


def test_other_partners_are_refused_unless_asked_for(trials, keys, agreed, at):
    """With the sums of A, B, C and of A, B the place has C's counts."""
    at("A", agreed)
    two = agree(trials["A"][0].prepared, "AB", "D", values={}, keys=keys)
    with pytest.raises(
        DisclosureRefused, match="for other partners .*can subtract them"
    ):
        at("A", two)
    at("A", two, other_sites=True)
    at("A", two)
    noted = json.loads((keys / "A.rounds.json").read_text(encoding="utf-8"))
    assert noted["format"] == 1 and len(noted["rounds"]) == 2


def test_two_sites_need_a_place_that_is_neither(trials, keys):
    with pytest.raises(ArgumentsError, match="With two sites, A would subtract"):
        agree(trials["A"][0].prepared, "AB", "A", values={}, keys=keys)
    assert agree(trials["A"][0].prepared, "BA", "D", values={}, keys=keys).sites == (
        "A",
        "B",
    )


@pytest.mark.parametrize("told, words", [
    ({"definition": "x"}, "the definition"), ({"beside": "x"}, "codelists, concept sets or the structure"),
    ({"measures": ()}, "lacks"),
])  # fmt: skip
def test_another_study_is_refused(agreed, at, told, words):
    if "measures" in told:
        told = {"measures": (replace(agreed.measures[0], name="other"),)}
        words = "the measures"
    with pytest.raises(ArgumentsError, match=words):
        at("A", replace(agreed, **told))


def test_other_periods_are_refused(trials, agreed, keys, monkeypatch):
    monkeypatch.setattr(sites, "missing_of", lambda jobs, only: [])
    prepared = trials["A"][0].prepared
    fewer = replace(prepared, chosen=prepared.chosen[:1])
    with pytest.raises(
        ArgumentsError, match="lacks 1 periods of the round, such as 2020-03-09"
    ):
        mask_counts(fewer, agreed, "A", keys=keys)


def test_periods_that_are_not_computed_are_refused(trials, agreed, keys):
    with pytest.raises(ArgumentsError, match="2 periods are not computed yet"):
        mask_counts(trials["A"][0].prepared, agreed, "A", keys=keys)


def test_a_key_that_was_put_in_anothers_place_is_refused(agreed, at, keys, tmp_path):
    """The place puts its own key in B's place, so as to know the mask of A and B."""
    false = make_key("B", tmp_path / "false")
    (keys / "B.pub").write_text(
        (tmp_path / "false" / "B.pub").read_text(encoding="utf-8"), encoding="utf-8"
    )
    with pytest.raises(
        DisclosureRefused, match="The key of B here is not the one that the round names"
    ):
        at("A", agreed)
    forged = replace(agreed, keys={**agreed.keys, "B": false.public.fingerprint})
    at("A", forged)  # both are false: only a telephone helps, and the README says so


def test_one_key_under_two_names_is_refused(agreed, at, keys):
    told = json.loads((keys / "C.pub").read_text(encoding="utf-8"))
    (keys / "B.pub").write_text(json.dumps({**told, "site": "B"}), encoding="utf-8")
    forged = replace(agreed, keys={**agreed.keys, "B": agreed.keys["C"]})
    with pytest.raises(DisclosureRefused, match="have the same key"):
        at("A", forged)


def test_who_has_no_part_in_it_is_refused(agreed, at, trials, keys):
    other = agree(trials["A"][0].prepared, "BCD", "B", values={}, keys=keys)
    with pytest.raises(ArgumentsError, match="A has no part in this round"):
        at("A", other)


def test_a_round_of_one_study_is_not_combined_as_another(trials, keys, agreed):
    with pytest.raises(
        ArgumentsError, match="This study is not that of the round: the definition"
    ):
        combine_masked(
            trials["A"][0].prepared, replace(agreed, definition="x"), [], keys=keys
        )
