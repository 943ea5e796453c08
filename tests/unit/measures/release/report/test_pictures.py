"""Charts as data: legal Vega-Lite, of every kind there is, and drawn once."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree

import altair
import pytest

from measures.release.report import drawing
from measures.release.report.families import families
from measures.release.report.grounds import (
    Drawing,
    cells,
    definitions,
    parted,
    with_ground,
)
from measures.release.report.inputs import read_bundle
from measures.release.report.making import make_report
from measures.release.report.pictures import jobs_of
from tests.lib.report_release import write
from tests.unit.measures.release.report.test_making import with_tables_of_units

MOVED = re.compile(r"translate\((-?[\d.e-]+),(-?[\d.e-]+)\)")


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
    assert names == totals | groups | changes | {
        "seen.variation",
        "seen.deciles",
        "seen.standardised",
    }


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
    wanted = [spec for specs in specs_of(folder).values() for spec in specs]
    assert set(drawn) == {
        json.dumps(half, sort_keys=True) for halves in parted(wanted) for half in halves
    }
    assert make_report(folder, kept=tmp_path / "kept", processes=1).html == first
    assert len(drawn) == len(set(drawn))
    assert all(path.suffix == ".svg" for path in (tmp_path / "kept").iterdir())


def test_specification_for_slides_holds_released_numbers_alone(folder):
    told = make_report(folder).pictures["seen_by_region"].spec
    rows = json.loads(json.dumps(told))["data"]["values"]
    assert {name for row in rows for name in row} == {
        "p",
        "t",
        "r",
        "a",
        "b",
        "w",
        "d",
        "v",
    }


def test_files_have_a_name_and_a_description(folder):
    for name, picture in make_report(folder).pictures.items():
        head = picture.file[:2000]
        assert 'role="img"' in head, name
        assert "<title>" in head, name
        assert "<desc>" in head, name


# Grounds ------------------------------------------------------------------------------


def seen(svg: str) -> list[tuple[str, ...]]:
    """Each path, line and text with where it lies, whatever groups it is in."""
    return sorted(_seen(ElementTree.fromstring(svg), 0, 0))


def _seen(
    element: ElementTree.Element, x: float, y: float
) -> Iterator[tuple[str, ...]]:
    across, down = MOVED.findall(element.get("transform", "translate(0,0)"))[0]
    x, y = x + float(across), y + float(down)
    name = element.tag.rpartition("}")[2]
    colour = element.get("fill") or element.get("stroke") or ""
    if name in ("path", "line", "text") and colour not in ("", "none"):
        shape = (
            element.get("d")
            or element.text
            or f"{element.get('x2')},{element.get('y2')}"
        )
        yield name, f"{x:.2f}", f"{y:.2f}", shape, colour
    for each in element:
        yield from _seen(each, x, y)


def test_a_file_shows_what_the_whole_chart_shows(folder):
    """The charts with their grounds, beside those that Vega draws at once."""
    specs = [spec for each in specs_of(folder).values() for spec in each]
    halves = parted(specs)
    assert {len(each) for each in halves} == {1, 2}
    for spec, each in zip(specs, halves, strict=True):
        drawing_of_both = Drawing(*drawing.draw(each, processes=1))
        assert seen(with_ground(drawing_of_both)) == seen(
            drawing.draw_one(json.dumps(spec))
        )


def test_panels_point_to_a_ground_that_the_page_has(folder):
    page = make_report(folder).html
    pointed = set(re.findall(r'<use href="#([^"]*)"/>', page))
    assert pointed
    assert sorted(pointed) == sorted(
        re.findall(r'<g id="([^"]*)" class="ground">', page)
    )


def test_a_ground_of_few_panels_is_drawn_with_them(folder):
    """A ground of its own for one panel would be one drawing more."""
    bundle = read_bundle(folder)
    figures = [
        figure
        for family in families(bundle)
        for figure in family.figures
        if not figure.group_by
    ]
    [first, *_] = jobs_of(bundle, figures)
    assert [len(each) for each in parted(list(first.specs))] == [1] * len(first.specs)
    alone = Drawing(drawing.draw_one(json.dumps(first.specs[0])))
    assert definitions([alone]) == ""
    assert [cell.behind for cell in cells(alone, 1)] == [""]
