"""The command `combine`: releases added up, attacked together, and read as any release
is.
"""

import json
import shutil
from pathlib import Path

import pytest

from extractors.errors import ArgumentsError, DisclosureRefused
from flows.command import cli
from flows.command.auditing import audit_files
from flows.command.combining import combine, common_base, places_of
from measures.disclosure.audit import bounds_of
from measures.disclosure.audit.knowledge import Change
from measures.disclosure.audit.reading.rows import Row
from measures.disclosure.audit.reading.rows import rows_of as rows_seen
from measures.disclosure.audit.rules import rule_of
from measures.disclosure.control import summed
from measures.disclosure.policies import POLICIES, WITH_NUMBERS
from measures.release.report.making import make_report
from measures.release.wanted import read_released
from measures.sites.bundles import read_site
from tests.lib.raw_rows import of_people, raw_counts
from tests.lib.site_releases import drawn, release_site

GROUPINGS = ((), ("sex",))


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("sites")
    release_site(place / "tpp", drawn(300, 1, groupings=GROUPINGS, weeks=1))
    release_site(place / "emis", drawn(350, 2, groupings=GROUPINGS, weeks=1))
    return place


def total_of(folder: Path) -> int:
    """The denominator of everybody."""
    total = next(row for row in read_released(folder).rows if not row.group_by)
    assert total.denominator is not None and total.status == "released"
    return total.denominator


@pytest.fixture
def both(sites: Path, tmp_path: Path) -> Path:
    combine(
        [f"tpp={sites / 'tpp'}", f"emis={sites / 'emis'}"],
        tmp_path / "both",
        with_report=False,
    )
    return tmp_path / "both"


def test_what_reads_a_release_reads_the_sums(both):
    assert abs(total_of(both) - 650) <= 18
    assert (
        "is the sum of what 2 sites (tpp, emis) have released" in make_report(both).html
    )
    assert audit_files([str(both / "measures.csv")], "controlled").passed
    manifest = json.loads((both / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["sites"]["format"] == 1 and "sites.csv" in manifest["files"]
    assert [each["name"] for each in manifest["sites"]["releases"]] == ["tpp", "emis"]
    assert manifest["measures"]["n0"]["off"] == {
        "numerator": [18, 18],
        "denominator": [18, 18],
    }
    audited = json.loads((both / "audit.json").read_text(encoding="utf-8"))
    assert audited["passed"] and audited["sites"].keys() == {"tpp", "emis"}


def test_the_same_sites_give_the_same_bytes(sites, both, tmp_path):
    combine(
        [f"tpp={sites / 'tpp'}", f"emis={sites / 'emis'}"],
        tmp_path / "again",
        with_report=False,
    )
    for file in both.rglob("*"):
        assert (
            file.is_dir()
            or file.read_bytes()
            == (tmp_path / "again" / file.relative_to(both)).read_bytes()
        )


def at_site(rows: list[Row], site: str) -> list[Row]:
    """A site's rows as a part of all: it is one more group."""
    return [
        row._replace(
            measure=f"{row.measure} by site",
            grouping=(*row.grouping, "site"),
            groups=(*row.groups, site),
        )
        for row in rows
    ]


def unknown(row: Row) -> Row:
    """A row that tells nothing, so that all that is known of its counts comes from
    elsewhere.
    """
    return row._replace(
        numerator=None,
        denominator=None,
        ratio=None,
        ratio_at_least=None,
        ratio_at_most=None,
        status="withheld",
    )


def of_all(structure: dict) -> dict:
    """The structure of a study, and of its measures by site."""
    by_site = {}
    for name, each in structure["measures"].items():
        by_site[f"{name} by site"] = {
            **each,
            "group_by": [*each["group_by"], "site"],
            "within": [],
        }
    site = {
        "id": "site",
        "same_as": "site",
        "moves_with": [],
        "labels": ["emis", "tpp"],
        "open": False,
    }
    groups = {
        name: {**each, "labels": ["f", "m"], "open": False}
        for name, each in structure["groups"].items()
    }
    return {
        **structure,
        "measures": structure["measures"] | by_site,
        "groups": {**groups, "site": site},
    }


def ranges(rows: list[Row], structure: dict) -> dict:
    found = bounds_of(
        [rows], structure, rule_of("controlled", {}), Change(), exhaustive=True
    )
    assert not found.contradictions
    return {
        (each.place.measure, each.place.cell, each.place.quantity): (
            each.low,
            each.high,
        )
        for each in found.bounded
    }


def test_who_holds_both_releases_and_the_sums_knows_no_more_of_a_site(sites, both):
    """The exact attacker, on all three at once: every count of every site may be what
    it may be without the others.

    The sums are ties between the sites' counts. What they show is the sum of what the
    sites show, and no more.
    """
    structure = of_all(read_site("tpp", sites / "tpp").manifest["structure"])
    shown = {
        name: rows_seen(read_site(name, sites / name).table) for name in ("tpp", "emis")
    }
    sums = rows_seen(read_site("tpp", sites / "tpp").table)
    parts = {name: at_site(rows, name) for name, rows in shown.items()}
    together = ranges([*parts["tpp"], *parts["emis"], *map(unknown, sums)], structure)
    compared = 0
    for name, rows in parts.items():
        for place, bounds in ranges(rows, structure).items():
            if ("site" in place[1].grouping) and name in place[1].groups:
                assert together[place] == bounds
                compared += 1
    assert compared >= 12
    for place, bounds in together.items():
        if place[1].grouping == () and place[2] == "denominator":
            assert bounds == (total_of(both) - 18, total_of(both) + 18)


def test_a_number_that_no_sum_can_be_is_found(both, tmp_path):
    file, manifest = tmp_path / "measures.csv", both / "manifest.json"
    lines = (both / "measures.csv").read_text(encoding="utf-8").splitlines()
    total = total_of(both)
    file.write_text(
        "\n".join(lines).replace(f",{total},", f",{total + 3},"), encoding="utf-8"
    )
    found = audit_files([str(file)], "controlled", str(manifest))
    assert not found.passed and "were not rounded" in found.refusals[0]


def test_a_site_whose_release_gives_counts_away_is_refused(sites, tmp_path):
    """Its numbers are those of another rule than its manifest says."""
    wrong = release_site(
        tmp_path / "wrong", drawn(300, 3, groupings=GROUPINGS, weeks=1), "opensafely"
    )
    path = wrong / "manifest.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    made = json.loads((sites / "tpp" / "manifest.json").read_text(encoding="utf-8"))
    path.write_text(
        json.dumps({**told, "disclosure": made["disclosure"]}), encoding="utf-8"
    )
    with pytest.raises(
        DisclosureRefused, match="The audit refuses wrong; nothing was written"
    ):
        combine([f"tpp={sites / 'tpp'}", f"wrong={wrong}"], tmp_path / "both")
    assert not (tmp_path / "both").exists()


def test_true_counts_are_no_sums():
    raw = raw_counts([of_people(13, 99)], is_proportion=True)
    table = raw.table.select(
        [
            "measure",
            "interval_start",
            "interval_end",
            "group_by",
            "sex",
            "numerator",
            "denominator",
        ]
    )
    with pytest.raises(
        DisclosureRefused,
        match="no sums of counts that were rounded to multiples of 10",
    ):
        summed(
            table,
            table,
            table,
            measures=raw.measures,
            policy="controlled",
            base=10,
            rules=(),
            notes={},
        )


@pytest.mark.parametrize("policies, base", [
    ([POLICIES["controlled"]] * 2, 10),
    ([POLICIES["controlled"], WITH_NUMBERS["controlled"](9, 15)], 5),
    ([POLICIES["opensafely"]] * 3, 5),
    ([POLICIES["midpoint6"]] * 2, 3),
    ([POLICIES["midpoint6"], WITH_NUMBERS["midpoint6"](7, 7)], 1),
    ([POLICIES["none"]] * 2, 1),
])  # fmt: skip
def test_what_divides_all_sums(policies, base):
    assert common_base(policies) == base


@pytest.mark.parametrize("policy", ["opensafely", "midpoint6"])
def test_the_presets_are_added_too(tmp_path, policy):
    for name, seed in (("a", 1), ("b", 2)):
        release_site(
            tmp_path / name, drawn(300, seed, groupings=GROUPINGS, weeks=1), policy
        )
    made = combine(
        [str(tmp_path / "a"), str(tmp_path / "b")], tmp_path / "both", with_report=False
    )
    assert made.sites == ("site 1", "site 2") and made.rows == 3
    assert not audit_files(
        [str(tmp_path / "both" / "measures.csv")], policy
    ).contradictions


def test_a_group_of_one_site_alone_keeps_its_name_and_is_no_zero(tmp_path):
    release_site(tmp_path / "a", drawn(300, 1, weeks=1))
    release_site(tmp_path / "b", drawn(12, 2, weeks=1))
    made = combine(
        [f"a={tmp_path / 'a'}", f"b={tmp_path / 'b'}"],
        tmp_path / "both",
        with_report=False,
    )
    assert made.without_row > 0
    assert "no row at b" in (tmp_path / "both" / "sites.csv").read_text(
        encoding="utf-8"
    )
    assert audit_files([str(tmp_path / "both" / "measures.csv")], "controlled").passed


def test_names_of_sites():
    assert places_of(["tpp=a/b", "c/d", "x/y=z"]) == {
        "tpp": Path("a/b"),
        "site 2": Path("c/d"),
        "site 3": Path("x/y=z"),
    }
    with pytest.raises(ArgumentsError, match="Two sites have the name 'tpp'"):
        places_of(["tpp=a", "tpp=b"])
    with pytest.raises(ArgumentsError, match="names no site"):
        places_of(["=a"])


def test_nothing_else_is_replaced(sites, both):
    named = [str(sites / "tpp"), str(sites / "emis")]
    with pytest.raises(ArgumentsError, match="is the release of a site"):
        combine(named, sites / "tpp")
    with pytest.raises(
        ArgumentsError, match="exists and is no release of several sites"
    ):
        combine(named, sites)
    combine(named, both, with_report=False)


def test_the_command_says_what_it_did(sites, tmp_path, capsys):
    folders = [f"tpp={sites / 'tpp'}", f"emis={sites / 'emis'}"]
    assert (
        cli.main(["combine", *folders, "--to", str(tmp_path / "x"), "--no-report"]) == 0
    )
    assert "The releases of tpp, emis are added up" in capsys.readouterr().out
    shutil.rmtree(tmp_path / "x")
    assert (
        cli.main(
            ["combine", *folders, "--to", str(tmp_path / "x"), "--no-report", "--json"]
        )
        == 0
    )
    assert json.loads(capsys.readouterr().out)["sites"] == ["tpp", "emis"]
    assert cli.main(["combine", folders[0], "--to", str(tmp_path / "y")]) == 2
