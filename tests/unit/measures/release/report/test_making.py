"""The page of a release: every number and every line in it is a released one, and
nothing else is there.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from extractors.errors import ArgumentsError, CohortflowError
from measures.release.reading import ReleasedRow, released_rows
from measures.release.report.making import make_report
from tests.lib.places import CHECKOUT
from tests.lib.report_pages import Drawing, drawings, strokes, tables
from tests.lib.report_release import RAW, REGIONS, WEEKS, described, write

PIXELS = 0.1  # how far a line may be from its number


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return write(tmp_path_factory.mktemp("release") / "moderately_sensitive")


@pytest.fixture(scope="module")
def page(folder) -> str:
    return (folder / "report.html").read_text(encoding="utf-8")


def rows_of(folder: Path, measure: str, group: tuple = ()) -> list[ReleasedRow]:
    found = [
        row
        for row in released_rows(folder)
        if row.measure == measure and row.group == group
    ]
    return sorted(found, key=lambda row: row.interval_start)


def groups_of(folder: Path, measure: str) -> list[tuple]:
    return list(
        dict.fromkeys(
            row.group for row in released_rows(folder) if row.measure == measure
        )
    )


# The same bytes -----------------------------------------------------------------------

MAKE = """
import sys
from pathlib import Path
from measures.release.report.making import make_report
made = make_report(Path(sys.argv[1]), processes=1)
sys.stdout.buffer.write(made.html.encode())
for name, picture in made.pictures.items():
    sys.stdout.buffer.write(name.encode() + picture.file.encode())
"""


def made_elsewhere(folder: Path, home: Path, **surroundings: str) -> bytes:
    home.mkdir()
    surroundings |= {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(CHECKOUT),
    }
    asked = [sys.executable, "-c", MAKE, str(folder)]
    return subprocess.run(
        asked, env=surroundings, check=True, capture_output=True, cwd=home
    ).stdout


def test_locale_time_zone_and_home_change_no_byte(folder, page, tmp_path):
    one = made_elsewhere(
        folder, tmp_path / "a", LC_ALL="C", TZ="Asia/Tokyo", PYTHONHASHSEED="1"
    )
    other = made_elsewhere(
        folder, tmp_path / "b", LC_ALL="C.UTF-8", TZ="America/Lima", PYTHONHASHSEED="2"
    )
    assert one == other
    assert one.startswith(page.encode())


def test_page_is_made_of_the_bundle_alone(folder, page, tmp_path):
    copy = tmp_path / "elsewhere"
    shutil.copytree(folder, copy)
    (copy / "report.html").unlink()
    shutil.rmtree(copy / "charts")
    assert make_report(copy).html == page


def test_manifest_has_the_hash_of_page_and_charts(folder):
    files = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert {"report.html", "charts/seen.svg", "charts/seen_by_region.svg"} <= set(files)


def test_number_that_was_changed_after_release_is_refused(folder, tmp_path):
    copy = tmp_path / "changed"
    shutil.copytree(folder, copy)
    csv = copy / "measures.csv"
    csv.write_bytes(csv.read_bytes().replace(b",45,", b",55,", 1))
    with pytest.raises(
        CohortflowError, match=r"measures\.csv is not as it was released"
    ):
        make_report(copy)


def test_folder_without_a_release_is_refused(tmp_path):
    with pytest.raises(ArgumentsError, match="is no release"):
        make_report(tmp_path)


# Numbers ------------------------------------------------------------------------------


def test_no_raw_count_is_in_page_or_charts(folder, page):
    texts = [
        page,
        *(path.read_text(encoding="utf-8") for path in (folder / "charts").iterdir()),
    ]
    raw = {f"{RAW}", f"{RAW:,}", f"{RAW + 11}", f"{RAW + 11:,}"}
    assert not [number for text in texts for number in raw if number in text]


def number(text: str) -> float | None:
    return None if text == "[c]" else float(text.replace(",", ""))


def test_tables_hold_the_released_rows(folder, page):
    found = tables(page)
    assert set(found) == {row.measure for row in released_rows(folder)}
    for measure, by_group in found.items():
        groups = groups_of(folder, measure)
        assert len(by_group) == len(groups)
        for group, cells in zip(groups, by_group.values(), strict=True):
            _same(cells, rows_of(folder, measure, group), 1000)


def _same(table: list[list[str]], rows: list[ReleasedRow], per: int) -> None:
    assert [date.fromisoformat(cells[0]) for cells in table] == [
        row.interval_start for row in rows
    ]
    for cells, row in zip(table, rows, strict=True):
        assert number(cells[1]) == row.numerator
        assert number(cells[2]) == row.denominator
        rates = (
            row.ratio,
            row.ratio_at_least,
            row.ratio_at_most,
            row.ci_low,
            row.ci_high,
        )
        for cell, rate in zip(cells[3:], rates, strict=True):
            shown = number(cell)
            assert (shown is None) == (rate is None)
            if shown is not None and rate is not None:
                # three digits are three digits
                assert shown == pytest.approx(rate * per, rel=1e-9)


# Drawings -----------------------------------------------------------------------------


def lines(folder: Path, page: str) -> list[tuple[Drawing, list[ReleasedRow]]]:
    found = []
    for drawing in drawings(page):
        group = groups_of(folder, drawing.chart)[drawing.panel]
        found.append((drawing, rows_of(folder, drawing.chart, group)))
    return found


def place(drawing: Drawing, row: ReleasedRow) -> float:
    days = (WEEKS[-1][0] - WEEKS[0][0]).days
    return (row.interval_start - WEEKS[0][0]).days / days * drawing.width


def height(drawing: Drawing, rate: float) -> float:
    """Where a rate lies, by the labels of the axis, which begins at zero."""
    at = {number: y for y, number in drawing.ticks}
    top = max(at)
    assert at[0] == pytest.approx(drawing.height, abs=0.5)
    assert at[top] == pytest.approx(0, abs=0.5)
    return drawing.height * (1 - rate / top)


def stretches(rows: list[ReleasedRow]) -> list[list[ReleasedRow]]:
    """Neighbours that are all shown."""
    found: list[list[ReleasedRow]] = []
    before = False
    for row in rows:
        shown = row.ratio is not None
        if shown and not before:
            found.append([])
        if shown:
            found[-1].append(row)
        before = shown
    return found


def test_there_are_drawings_of_everything(folder, page):
    drawn = {(drawing.chart, drawing.panel) for drawing, _ in lines(folder, page)}
    expected = {(name, 0) for name in ("seen", "events")}
    expected |= {("seen_by_region", place) for place in range(len(REGIONS))}
    expected |= {("seen_by_frail", place) for place in range(2)}
    assert drawn == expected


def test_a_line_goes_through_released_rates_and_breaks_where_one_is_withheld(
    folder, page
):
    for drawing, rows in lines(folder, page):
        drawn = strokes(drawing.paths.get("l", ""))
        assert len(drawn) == len(stretches(rows))
        for stroke, stretch in zip(drawn, stretches(rows), strict=True):
            assert len(stroke) == len(stretch)
            for (x, y), row in zip(stroke, stretch, strict=True):
                assert x == pytest.approx(place(drawing, row), abs=PIXELS)
                assert y == pytest.approx(
                    height(drawing, (row.ratio or 0) * 1000), abs=PIXELS
                )


def test_a_band_has_the_certain_range_and_breaks_with_the_line(folder, page):
    for drawing, rows in lines(folder, page):
        drawn = strokes(drawing.paths.get("b", ""))
        assert len(drawn) == len(stretches(rows))
        for stroke, stretch in zip(drawn, stretches(rows), strict=True):
            # one end from left to right, the other back
            ends = [(row, row.ratio_at_least) for row in stretch] + [
                (row, row.ratio_at_most) for row in stretch[::-1]
            ]
            assert len(stroke) == len(ends)
            for (x, y), (row, rate) in zip(stroke, ends, strict=True):
                assert x == pytest.approx(place(drawing, row), abs=PIXELS)
                assert y == pytest.approx(
                    height(drawing, (rate or 0) * 1000), abs=PIXELS
                )


def test_there_is_a_mark_for_every_withheld_period_and_no_other(folder, page):
    seen = 0
    for drawing, rows in lines(folder, page):
        marks = [
            at
            for name in "wv"
            for stroke in strokes(drawing.paths.get(name, ""))
            for at in stroke
        ]
        held = [row for row in rows if row.ratio is None]
        assert sorted(x for x, _ in marks) == pytest.approx(
            [place(drawing, row) for row in held], abs=PIXELS
        )
        assert all(y == drawing.height for _, y in marks)
        seen += len(held)
    assert seen > len(WEEKS)  # one region is withheld in all weeks


def test_a_period_between_two_withheld_ones_is_a_dot(folder, page):
    dots = 0
    for drawing, rows in lines(folder, page):
        alone = [stretch[0] for stretch in stretches(rows) if len(stretch) == 1]
        drawn = [at for stroke in strokes(drawing.paths.get("d", "")) for at in stroke]
        assert [x for x, _ in drawn] == pytest.approx(
            [place(drawing, row) for row in alone], abs=PIXELS
        )
        dots += len(alone)
    assert dots


def test_an_axis_ends_above_what_is_shown_and_knows_nothing_else(folder, page):
    for drawing, rows in lines(folder, page):
        panels = [row for row in released_rows(folder) if row.measure == drawing.chart]
        highest = max((row.ratio_at_most or 0) * 1000 for row in panels)
        top = max(number for _, number in drawing.ticks)
        assert highest <= top < 2.5 * highest
        del rows


def test_a_drawing_says_first_last_highest_and_how_many_are_withheld(folder, page):
    place = groups_of(folder, "seen_by_region").index(("London",))
    [drawing] = [
        each
        for each in drawings(page)
        if each.chart == "seen_by_region" and each.panel == place
    ]
    rows = rows_of(folder, "seen_by_region", ("London",))
    shown = [row for row in rows if row.ratio is not None]
    top = max(shown, key=lambda row: row.ratio or 0)
    said = [f"{(row.ratio or 0) * 1000:.3g}" for row in (shown[0], shown[-1], top)]
    assert (
        re.findall(r"(?:released|last|highest) ([\d.]+)", drawing.description) == said
    )
    assert f"Of 60 periods {60 - len(shown)} are withheld." in drawing.description
    assert (
        drawing.name
        == "London, People seen, per 1,000 people, by region of the practice"
    )


# What is never in a page --------------------------------------------------------------

NAMES = (
    "</script><script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "\u202edlrow olleh",  # turns the direction of the text
    "x" * 300,
)


def test_hostile_names_are_text(tmp_path):
    hostile = described(
        title=NAMES[0],
        sentence=NAMES[1],
        phases=[["2020-03-26", "2020-05-12", NAMES[1]]],
    )
    hostile["measures"]["seen"]["title"] = NAMES[1]
    hostile["groups"]["region"]["title"] = NAMES[2]
    page = (
        write(tmp_path / "m", said=hostile, regions=NAMES) / "report.html"
    ).read_text(encoding="utf-8")
    assert page.count("<script>") == page.count("</script>") == 1
    assert "<svg onload" not in page
    assert "\u202e" not in page
    assert "x" * 300 in page
    for picture in (tmp_path / "m" / "charts").iterdir():
        text = picture.read_text(encoding="utf-8")
        assert "<svg onload" not in text
        assert "<script" not in text


def test_nothing_in_the_page_can_be_fetched_or_run(page):
    assert "default-src 'none'" in page
    assert "unsafe-" not in page
    body = re.sub(r"<(script|style)>.*?</\1>", "", page, flags=re.DOTALL)
    assert not re.findall(r"\s(?:style|on\w+|src)=", body)
    assert {link[:1] for link in re.findall(r'href="([^"]*)"', body)} == {"#"}
    assert "http:" not in page
    assert "https:" not in page


@pytest.mark.parametrize("made_up", [True, False])
def test_banner_is_there_where_records_are_made_up(tmp_path, made_up):
    page = (write(tmp_path / "m", made_up=made_up) / "report.html").read_text(
        encoding="utf-8"
    )
    assert ("Made-up records." in page) == made_up
    assert ("(made-up records)</title>" in page) == made_up
    assert ('data-records="made up' in page) == made_up


def test_page_without_tables_has_the_charts(folder, page):
    short = make_report(folder, with_tables=False).html
    assert "<table data-of" not in short
    assert len(list(drawings(short))) == len(list(drawings(page)))


def test_release_that_does_not_say_what_was_asked_has_a_page(tmp_path):
    folder = write(tmp_path / "m", said={}, report=False)
    (folder / "asked.json").unlink()
    told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    del told["files"]["asked.json"]
    (folder / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
    page = make_report(folder).html
    assert "seen by region" in page
    assert "an older cohortflow wrote it" in page


def test_page_answers_what_is_asked_of_it(page):
    for words in (
        "It rose: ",  # did it rise, for whom most, how sure
        "it is highest for ",
        "95\N{NO-BREAK SPACE}% interval",
        "The audit passed.",  # may this leave
        "Not looked at.",
        # what is the denominator
        "people for whom there is a row in the table patients",
        "# &lt;b&gt;no&lt;/b&gt;",
    ):
        assert words in page


# What a bundle may have beside its rows -----------------------------------------------

DECILES = (
    "measure,interval_start,interval_end,group_by,group,percentile,"
    "ratio,ratio_at_least,ratio_at_most,units,status"
)
STANDARD = (
    "measure,interval_start,interval_end,group_by,group,standard,ratio,ratio_at_least,ratio_at_most,ci_low,ci_high,"
    "bands_withheld,status"
)


def with_tables_of_units(tmp_path: Path) -> Path:
    """A release with deciles and standardised rates: five weeks, of which the third is
    withheld.
    """
    folder = write(tmp_path / "m", report=False)
    lines = {"deciles/seen.csv": [DECILES], "standardised/seen.csv": [STANDARD]}
    for number, (start, end) in enumerate(WEEKS[:5]):
        held = number == 2
        for percentile in range(10, 100, 10):
            rates = (
                ",,,,withheld"
                if held
                else f"{percentile / 1000},0.001,0.2,120,released"
            )
            lines["deciles/seen.csv"].append(
                f"seen,{start},{end},,[],{percentile},{rates}"
            )
        rates = (
            ",0.01,0.03,0.005,0.04,1,range only"
            if held
            else "0.02,0.01,0.03,0.005,0.04,0,released"
        )
        lines["standardised/seen.csv"].append(f"seen,{start},{end},,[],ESP2013,{rates}")
    told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, each in lines.items():
        (folder / name).parent.mkdir()
        (folder / name).write_text("\n".join(each) + "\n", encoding="utf-8")
        told["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
    return folder


def test_deciles_are_drawn_with_gaps_and_told_in_a_table(tmp_path):
    made = make_report(with_tables_of_units(tmp_path))
    assert "Deciles over units" in made.html
    [drawing] = re.findall(
        r"<svg [^>]*><title>[^<]*deciles over units.*?</svg>", made.html, re.DOTALL
    )
    thin, thick = (re.findall(rf'class="{name}" d="([^"]*)"', drawing) for name in "nm")
    assert len(thin) == 8
    assert len(thick) == 1
    assert all(
        [len(stroke) for stroke in strokes(path)] == [2, 2] for path in [*thin, *thick]
    )
    assert (
        "The median of units is 50 per 1,000 people in the week from 6 January 2020"
        in drawing
    )
    assert "1 period withheld" in drawing
    assert {"seen.deciles", "seen.standardised"} <= set(made.pictures)


def test_standardised_rate_with_a_withheld_band_shows_its_range_only(tmp_path):
    made = make_report(with_tables_of_units(tmp_path))
    [drawing] = re.findall(
        r"<svg [^>]*><title>[^<]*standardised \(ESP2013\).*?</svg>",
        made.html,
        re.DOTALL,
    )
    [line], [band] = (
        re.findall(rf'class="{name}" d="([^"]*)"', drawing) for name in "lb"
    )
    assert [len(stroke) for stroke in strokes(line)] == [2, 2]
    assert [len(stroke) for stroke in strokes(band)] == [10]
    assert "range only" in made.html


def test_decision_is_told_where_it_is_asked_for(folder, page, tmp_path):
    copy = tmp_path / "decided"
    shutil.copytree(folder, copy)
    decision = {
        "verdict": "approved",
        "by": "A. Checker",
        "note": "<b>fine</b>",
        "files": [],
        "at": "2026-01-01",
    }
    told = {
        "format": 1,
        "release": 0,
        "needed": 1,
        "state": "approved",
        "decisions": [decision],
    }
    (copy / "decisions.json").write_text(json.dumps(told), encoding="utf-8")
    assert make_report(copy).html == page
    assert (
        "approved by A. Checker (2026-01-01): &lt;b&gt;fine"
        in make_report(copy, with_decisions=True).html
    )
