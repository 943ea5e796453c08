"""Charts as data: legal Vega-Lite, of every kind there is, and drawn once."""

import json
from collections.abc import Sequence
from pathlib import Path

import altair
import pytest

from measures.release.report import drawing
from measures.release.report.families import families
from measures.release.report.inputs import read_bundle
from measures.release.report.making import make_report
from measures.release.report.pictures import jobs_of
from tests.lib.report_release import write
from tests.unit.measures.release.report.test_making import with_tables_of_units


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return write(tmp_path_factory.mktemp("release") / "m", report=False)


def specs_of(folder: Path) -> dict[str, Sequence[dict]]:
    bundle = read_bundle(folder)
    figures = [figure for family in families(bundle) for figure in family.figures]
    return {job.name: job.specs for job in jobs_of(bundle, figures)}


def test_there_is_a_picture_of_every_kind(tmp_path):
    names = set(specs_of(with_tables_of_units(tmp_path)))
    totals, groups = {"seen", "events"}, {"seen_by_region", "seen_by_frail", "uses"}
    changes = {"seen_by_region.change", "seen_by_frail.change"}
    assert names == totals | groups | changes | {"seen.variation", "seen.deciles", "seen.standardised"}


def test_specifications_are_legal(tmp_path):
    """By the schema that Vega-Lite publishes, which Altair carries."""
    for specs in specs_of(with_tables_of_units(tmp_path)).values():
        for spec in specs:
            altair.Chart.from_dict(spec, validate=True)


def test_unchanged_charts_are_drawn_once(folder, tmp_path, monkeypatch):
    drawn: list[str] = []
    really = drawing.draw_one

    def draw_one(text: str) -> str:
        drawn.append(text)
        return really(text)

    monkeypatch.setattr(drawing, "draw_one", draw_one)
    first = make_report(folder, kept=tmp_path / "kept", processes=1).html
    assert len(drawn) == sum(map(len, specs_of(folder).values()))
    assert make_report(folder, kept=tmp_path / "kept", processes=1).html == first
    assert len(drawn) == len(set(drawn))
    assert all(path.suffix == ".svg" for path in (tmp_path / "kept").iterdir())


def test_specification_for_slides_holds_released_numbers_alone(folder):
    told = make_report(folder).pictures["seen_by_region"].spec
    rows = json.loads(json.dumps(told))["data"]["values"]
    assert {name for row in rows for name in row} == {"p", "t", "r", "a", "b", "w", "d", "v"}


def test_files_have_a_name_and_a_description(folder):
    for name, picture in make_report(folder).pictures.items():
        head = picture.file[:2000]
        assert 'role="img"' in head, name
        assert "<title>" in head, name
        assert "<desc>" in head, name
