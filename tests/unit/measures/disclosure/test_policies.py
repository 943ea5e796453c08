"""The presets, what a site may say about them, the key, and what an output checker is told."""

import os
import stat
from pathlib import Path

import numpy as np
import pytest

from extractors.errors import ArgumentsError, DisclosureRefused
from measures.disclosure.accuracy import least_cells
from measures.disclosure.control import protect
from measures.disclosure.memory.keys import LENGTH, PUBLIC, Key, load_key
from measures.disclosure.memory.setting import Setting
from measures.disclosure.policies import POLICIES, WITH_NUMBERS
from measures.disclosure.site import read_site
from measures.disclosure.steps import Counts, RoundMidpoint
from tests.lib.people_counts import CountsOf, Person


def shown(policy, size, events=None):
    people = [Person({"sex": "f"}, [1], events=events or 0) for _ in range(size)] or [Person({"sex": "f"}, [-1])]
    study = CountsOf(people, [()], nested=0 if events else 1, events=bool(events))
    [row] = protect(study.raw(), policy, Setting(study.structure(), made_up=True)).table.to_pylist()
    return row


@pytest.mark.parametrize(
    "policy, true, expected",
    [
        *(("nhs-digital", true, what) for true, what in [(0, 0), (1, None), (7, None), (8, 10), (12, 10), (13, 15)]),
        *(("midpoint6", true, what) for true, what in [(0, 0), (1, 3), (6, 3), (7, 9), (12, 9), (13, 15)]),
        *(("none", true, true) for true in (0, 1, 8, 13)),
    ],
)
def test_presets_at_every_boundary(policy, true, expected):
    row = shown(policy, true)
    assert (row["numerator"], row["denominator"]) == (expected, expected)


def test_midpoint_tells_the_range_of_a_ratio_and_hides_sums_of_few():
    row = shown("midpoint6", 20)
    assert (row["numerator"], row["ratio_low"], row["ratio_high"]) == (21, 19 / 24, 1.0)
    assert shown("midpoint6", 6, events=50)["numerator"] is None
    assert shown("midpoint6", 7, events=50)["numerator"] == 351


@pytest.mark.parametrize("base", [5, 6, 7])
def test_midpoint_backwards_is_exact(base):
    step = RoundMidpoint(base)
    values = np.arange(-3 * base, 3 * base + 1)
    rounded = np.sign(values) * (-(-np.abs(values) // base) * base - base // 2)
    nothing = np.zeros_like(rounded)
    counts = Counts(
        values=rounded,
        people=rounded,
        largest=rounded,
        reasons=nothing.astype(str),
        reach=nothing,
    )
    low, high = step.possible(counts, rounded, rounded)
    for value in np.unique(rounded):
        alike = values[rounded == value]
        assert (low[rounded == value] == alike.min()).all() and (high[rounded == value] == alike.max()).all()


def test_none_needs_made_up_records():
    study = CountsOf([Person({"sex": "f"}, [1])], [()])
    with pytest.raises(DisclosureRefused, match="made-up records only"):
        protect(study.raw(), "none", Setting(study.structure()))


def site(tmp_path, text):
    path = tmp_path / "site.toml"
    path.write_text(text)
    return read_site(path)


def test_a_site_can_be_stricter(tmp_path):
    found = site(tmp_path, 'default = "opensafely"\nallowed = ["opensafely", "controlled"]\n[controlled]\nbase = 15\n')
    assert found.chosen("").name == "opensafely" and found.chosen("controlled").base == 15
    assert found.chosen("controlled").threshold == 7 and found.chosen("controlled").least_denominator == 150
    with pytest.raises(ArgumentsError, match="choose one of: opensafely, controlled, none"):
        found.chosen("midpoint6")


@pytest.mark.parametrize(
    "text, fault",
    [
        ("[controlled]\nthreshold = 5\n", "never looser"),
        ("[controlled]\nbase = 8\n", "never looser"),
        ("[controlled]\nthreshold = 10\n", "needs a larger base"),
        ("[opensafely]\nbase = 10\n", "odd base"),
        ("[opensafely]\nbase = 25\n", "looks redactable"),
        ("[opensafely]\nbase = 5.0\n", "whole number"),
        ("[opensafely]\nrule = 1\n", "may have threshold and base"),
        ("[none]\nbase = 1\n", "can't be changed"),
        ("[openly]\nbase = 7\n", "openly"),
        ("allowed = []\n", "must allow"),
        ('allowed = ["raw"]\n', "must allow"),
        ('default = "midpoint6"\nallowed = ["controlled"]\n', "not among"),
        ("default = \n", "cannot be read"),
    ],
)
def test_a_site_can_never_be_looser_or_unclear(tmp_path, text, fault):
    with pytest.raises(ArgumentsError, match=fault):
        site(tmp_path, text)


def test_a_site_without_a_file_is_the_policies_as_they_are(tmp_path):
    assert read_site(None).chosen("").name == "controlled"
    with pytest.raises(ArgumentsError, match="cannot be read"):
        read_site(tmp_path / "nowhere.toml")


def test_controlled_needs_a_base_above_its_threshold():
    with pytest.raises(ArgumentsError, match="base above its threshold"):
        WITH_NUMBERS["controlled"](10, 10)


@pytest.mark.parametrize("policy", POLICIES.values(), ids=list(POLICIES))
def test_every_policy_says_what_it_does_and_what_not(policy):
    assert policy.rules() and policy.not_guaranteed and policy.threshold < max(policy.base, 8)


def test_key_is_made_once_and_only_for_its_owner(tmp_path):
    path = tmp_path / "config" / "cohortflow" / "key"
    key = load_key(path)
    assert len(key.secret) == LENGTH and load_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]
    assert key.secret.hex() not in repr(key) and key.id not in key.secret.hex()


@pytest.mark.parametrize("place, mode", [("key", 0o640), ("key", 0o604), (".", 0o770), (".", 0o707)])
def test_key_that_others_can_get_at_is_refused(tmp_path, place, mode):
    path = tmp_path / "cohortflow" / "key"
    load_key(path)
    os.chmod(path.parent / place, mode)
    with pytest.raises(DisclosureRefused, match="chmod"):
        load_key(path)


def test_the_folder_of_a_key_is_named_in_full(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    load_key(Path("key"))
    tmp_path.chmod(0o777)
    with pytest.raises(DisclosureRefused, match=f"{tmp_path} has the permissions 777; say chmod 700 {tmp_path}\\."):
        load_key(Path("key"))


def test_damaged_key_and_key_in_the_workspace(tmp_path):
    path = tmp_path / "cohortflow" / "key"
    load_key(path)
    with pytest.raises(DisclosureRefused, match="where others look"):
        load_key(path, forbidden=tmp_path)
    path.write_bytes(b"short")
    with pytest.raises(DisclosureRefused, match="5 bytes"):
        load_key(path)


def test_chance_is_the_same_everywhere_and_words_do_not_run_together():
    assert PUBLIC.uniform("a", "b") == PUBLIC.uniform("a", "b") != PUBLIC.uniform("ab")
    assert PUBLIC.uniform("a", "b") != Key(bytes(32)).uniform("a", "b")
    drawn = [PUBLIC.uniform(str(n)) for n in range(2_000)]
    assert min(drawn) > 0 and max(drawn) < 1 and abs(np.mean(drawn) - 0.5) < 0.02


def notes(people, groupings, weeks=1, nested=1):
    study = CountsOf(people, groupings, weeks=weeks, nested=nested)
    return protect(study.raw(), "controlled", Setting(study.structure(), Key(bytes(range(32))))).notes


def test_accuracy_is_told_only_over_many_cells():
    """A cell in 166 weeks is one cell: its people, and so its error, may be the same all the time."""
    few = notes([Person({"sex": "fm"[n % 2]}, [n % 2] * 166) for n in range(300)], [("sex",)], weeks=166)
    assert all(band["mean_error"] is None for band in few["accuracy"]["bands"])
    copies = notes([Person({"sex": "fm"[n % 2]}, [n % 160]) for n in range(1920)], [("sex",)], nested=130)
    assert all(band["mean_error"] is None for band in copies["accuracy"]["bands"]), (
        "nor are 130 measures of it 130 cells"
    )
    cells = least_cells(10) + 50
    people = [Person({"sex": f"{n}"}, [0]) for n in range(cells) for _ in range(25 + n % 10)]
    told = {band["size"]: band for band in notes(people, [("sex",)])["accuracy"]["bands"]}["0 to 49"]
    assert told["counts"] % 100 == 0 and told["counts"] >= least_cells(10)
    assert abs(told["mean_error"]) <= 1 and 1 <= told["mean_absolute_error"] <= 5
    assert told["mean_error"] * 2 == int(told["mean_error"] * 2)


def test_a_checker_is_told_in_words():
    told = notes([Person({"sex": "f"}, [0])] * 30, [()])
    assert told["key"] == Key(bytes(range(32))).id and "public_key" not in told
    assert "differential privacy" in " ".join(told["not_guaranteed"])
    assert told["ledger"]["said"].startswith("This is the first release.")
