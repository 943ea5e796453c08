"""report.html in a real browser: offline, by keyboard, on a phone, in the dark, on
paper, without script.
"""

import base64
import csv
import io
import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.lib.barriers import barriers
from tests.lib.browser import Browser, browser, missing
from tests.lib.report_release import described, write
from tests.lib.report_units import write_units
from tests.unit.measures.release.report.test_making import NAMES

WIDTHS = (320, 390, 1280)
TABLES = "document.querySelectorAll('table').length"
SMALLEST = """const size = (text, seen) => parseFloat(getComputedStyle(text).fontSize) * seen.getScreenCTM().a;
const own = [...document.querySelectorAll('svg text')]
    .filter(each => each.getClientRects().length && each.textContent).map(each => size(each, each));
const shared = [...document.querySelectorAll('use')].filter(each => each.getClientRects().length)
    .flatMap(each => [...document.querySelector(each.getAttribute('href')).querySelectorAll('text')]
        .map(text => size(text, each)));
return Math.min(...own, ...shared)"""
SIDEWAYS = (
    "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("release") / "moderately_sensitive")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if missing():
        pytest.skip(f"no {missing()} is installed; infra/chromium-for-tests does it")
    with browser(tmp_path_factory.mktemp("profile")) as pages:
        yield pages


@pytest.fixture
def page(release: Path, pages: Browser) -> Browser:
    """The page as it is opened for the first time."""
    return opened(pages, release)


def opened(pages: Browser, release: Path) -> Browser:
    pages.seen_as(1280)
    pages.open((release / "report.html").as_uri())
    return pages


def keep(pages: Browser, name: str) -> None:
    """A picture to look at, if a folder for them is named."""
    if folder := os.environ.get("COHORTFLOW_PICTURES"):
        pages.picture(Path(folder) / f"report-{name}.png")


def test_page_asks_for_nothing_and_breaks_no_rule(page):
    assert page.run("return performance.getEntriesByType('resource').length") == 0
    assert page.complaints() == []
    assert page.run("return document.title") == "Seen at home (made-up records)"


# So that everybody can read it --------------------------------------------------------


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing(page, width, dark):
    page.seen_as(width, dark=dark)
    page.run(
        "for (const each of document.querySelectorAll('details')) each.open = true"
    )
    keep(page, f"{width}-{'dark' if dark else 'light'}")
    assert barriers(page) == []


SHARED = """return [...document.querySelectorAll('use')].filter(each => each.checkVisibility()).map(each => {
    const box = each.getBBox()
    return [box.width, box.height, getComputedStyle(each).display] })"""


@pytest.mark.parametrize("picked", ["", "seen_by_region"])
def test_axes_that_panels_share_are_seen_in_each(page, picked):
    """Also where the panels of other groups, which point to the same axes, are not
    shown.
    """
    page.run("const pick = document.querySelector('select'); pick.value = arguments[0];"
             "pick.dispatchEvent(new Event('change'))", picked)  # fmt: skip
    found = page.run(SHARED)
    assert found
    # the plot has 288 by 112 pixels; its labels lie outside
    assert all(
        width > 288 and height > 112 and shown != "none"
        for width, height, shown in found
    )
    page.seen_as(1280, print_it=True)
    assert len(page.run(SHARED)) >= len(found)


CONTRASTS = """
const probe = document.createElement('canvas').getContext('2d')
const colour = (text) => { probe.fillStyle = text; const hex = probe.fillStyle
    return [1, 3, 5].map(place => parseInt(hex.slice(place, place + 2), 16) / 255) }
const linear = (each) => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4
const light = (rgb) => { const [r, g, b] = rgb.map(linear)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b }
const root = getComputedStyle(document.documentElement)
const of = (name) => light(colour(root.getPropertyValue('--' + name).trim()))
const ground = of('ground')
return Object.fromEntries(arguments[0].map(name => {
    const [high, low] = [of(name), ground].sort((a, b) => b - a)
    return [name, (high + 0.05) / (low + 0.05)] }))
"""


@pytest.mark.parametrize("dark", [False, True])
def test_marks_and_words_stand_out(page, dark):
    page.seen_as(1280, dark=dark)
    marks = page.run(
        CONTRASTS,
        ["line", "held", "base", "range", "limit", "signal", "tenth", "accent"],
    )
    words = page.run(CONTRASTS, ["ink", "soft", "link"])
    assert {name: ratio for name, ratio in marks.items() if ratio < 3} == {}
    assert {name: ratio for name, ratio in words.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("width", WIDTHS)
def test_page_fits_its_window_and_words_are_large_enough(page, width):
    page.seen_as(width)
    page.run(
        "for (const each of document.querySelectorAll('details')) each.open = true"
    )
    keep(page, f"{width}")
    assert page.run(SIDEWAYS) == 0
    assert page.run(SMALLEST) >= 10


def test_everything_is_reached_by_keyboard(page):
    wanted = page.run(
        """const all = [...document.querySelectorAll('a[href], button, select, summary, [tabindex="0"]')]
        window.wanted = all.filter(each => each.checkVisibility()); return window.wanted.length"""
    )
    reached = set()
    for _ in range(wanted + 5):
        page.press("Tab")
        place = page.run("return window.wanted.indexOf(document.activeElement)")
        ring = page.run("return getComputedStyle(document.activeElement).outlineStyle")
        if place >= 0:
            reached.add(place)
            assert ring == "solid"
    assert reached == set(range(wanted))


def test_headings_go_down_one_step_at_a_time(page):
    levels = page.run(
        "return [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(each => "
        "Number(each.tagName[1]))"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(
        after <= before + 1 for before, after in zip(levels, levels[1:], strict=False)
    )


def test_targets_are_large_enough_for_fingers(page):
    """24 pixels, or as much room; links within a list of links have the room between
    them.
    """
    page.seen_as(390)
    small = page.run(
        """return [...document.querySelectorAll('button, select, summary')]
        .filter(each => each.getClientRects().length)
        .filter(each => each.getBoundingClientRect().height < 24).map(each => each.outerHTML)"""
    )
    assert small == []


# With script, without it, on paper ----------------------------------------------------


def test_without_script_everything_is_there(page, release):
    with_script = page.run(
        f"return [{TABLES}, document.querySelectorAll('svg').length]"
    )
    page.devtools("Emulation.setScriptExecutionDisabled", value=True)
    try:
        opened(page, release)
        tree = page.devtools("DOM.getDocument", depth=-1)["root"]
        names = list(_names(tree))
        assert [names.count("TABLE"), names.count("svg")] == with_script
    finally:
        page.devtools("Emulation.setScriptExecutionDisabled", value=False)


def _names(node: dict) -> Iterator[str]:
    yield node["nodeName"]
    for child in node.get("children", ()):
        yield from _names(child)


def test_paper_has_every_section_and_the_banner(page):
    page.run("document.querySelector('select').value = 'seen_by_frail'")
    page.run("document.querySelector('select').dispatchEvent(new Event('change'))")
    page.seen_as(700, print_it=True)
    keep(page, "paper")
    seen = page.run(
        """return [...document.querySelectorAll('section, [data-group], .banner')]
        .filter(each => !each.getClientRects().length).map(each => each.outerHTML.slice(0, 80))"""
    )
    assert seen == []
    cut = page.run(
        """return [...document.querySelectorAll('.scroll')]
        .filter(each => each.scrollHeight > each.clientHeight + 1).length"""
    )
    assert cut == 0
    assert (
        page.run("return document.querySelector('.banner').getBoundingClientRect().top")
        < 900
    )


def test_printed_page_has_every_section_whole(page):
    """As text of the PDF that Chromium prints, by a reader that knows nothing of the
    page.
    """
    headings = page.run(
        "return [...document.querySelectorAll('h1,h2,h3,h4,h5')].map(each => "
        "each.textContent)"
    )
    # as nobody looks at it, but prints
    page.devtools("Emulation.setEmulatedMedia", media="")
    cells = page.run(
        """return [...document.querySelectorAll('table')].filter(each => each.checkVisibility())
        .map(table => [...table.querySelectorAll('th, td')].map(each => each.textContent))"""
    )
    made = base64.b64decode(
        page.devtools("Page.printToPDF", paperWidth=8.27, paperHeight=11.69)["data"]
    )
    if folder := os.environ.get("COHORTFLOW_PICTURES"):
        (Path(folder) / "report.pdf").write_bytes(made)
    pages = [each.extract_text() for each in PdfReader(io.BytesIO(made)).pages]
    assert "Made-up records." in pages[0]
    words = squeezed("".join(pages))
    assert [heading for heading in headings if squeezed(heading) not in words] == []
    assert len(cells) > 4
    for table in cells:  # word by word, for lines of neighbouring cells take turns
        assert [
            word
            for cell in table
            for word in cell.split()
            if squeezed(word) not in words
        ] == []


def squeezed(text: str) -> str:
    """Without what a break of a line or a page puts between letters, and with letters
    that print as one apart.
    """
    return "".join(unicodedata.normalize("NFKC", text).split())


def test_no_table_is_wider_than_paper(page):
    page.seen_as(718, print_it=True)  # A4 without its margins
    wide = page.run(
        """return [...document.querySelectorAll('table, svg, pre')].filter(each => each.checkVisibility())
        .filter(each => each.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
        .map(each => each.outerHTML.slice(0, 80))"""
    )
    assert wide == []


def test_picker_shows_one_grouping(page):
    page.run("document.querySelector('select').value = 'seen_by_frail'")
    page.run("document.querySelector('select').dispatchEvent(new Event('change'))")
    shown = page.run(
        """return [...document.querySelectorAll('#m-seen [data-group]')]
        .filter(each => each.getClientRects().length).map(each => each.dataset.group)"""
    )
    assert shown == ["seen_by_frail"]


def test_numbers_are_under_the_pointer(page):
    where = page.run(
        """const svg = document.querySelector('#m-seen svg.wide')
        svg.scrollIntoView(); const box = svg.getBoundingClientRect()
        return [box.left + box.width * 0.5, box.top + box.height * 0.5]"""
    )
    page.devtools("Input.dispatchMouseEvent", type="mouseMoved", x=where[0], y=where[1])
    said = page.run("return document.getElementById('tip').textContent")
    rows = page.run(
        """return [...document.querySelectorAll('#m-seen table[data-of=seen] tbody tr')]
        .map(row => [...row.cells].map(each => each.textContent))"""
    )
    [row] = [row for row in rows if row[0] in said]
    start, numerator, denominator, rate, low, high = row[:6]
    assert said == (
        f"From {start}: {rate} per 1,000 people, between {low} and {high} "
        f"({numerator} of {denominator})"
    )
    keep(page, "pointer")


def test_table_is_downloaded_as_csv(page):
    page.run(
        """window.made = []
        URL.createObjectURL = (blob) => { blob.arrayBuffer().then(each => window.made.push([...new Uint8Array(each)]))
            return '#' }
        document.querySelector('button[data-csv=seen_by_region]').click()"""
    )
    page.wait_until(lambda: page.run("return window.made.length"), "the file")
    made = bytes(page.run("return window.made[0]"))
    assert made.startswith(b"\xef\xbb\xbf")
    text = made.decode("utf-8-sig")
    assert text.count("\r\n") == text.count("\n")
    head, *lines = csv.reader(io.StringIO(text, newline=""))
    assert head[:4] == ["study", "release", "records", "group"]
    assert {tuple(line[:3]) for line in lines} == {
        ("seen", lines[0][1], "made up (trial)")
    }
    table = page.run(
        """let group = ''; const rows = []
        for (const row of document.querySelectorAll('table[data-of=seen_by_region] tbody tr')) {
            if (row.className === 'group') group = row.textContent
            else { const cells = [group]
                for (const each of row.cells)
                    for (let span = 0; span < each.colSpan; span++) cells.push(each.textContent.replaceAll(',', ''))
                rows.push(cells) } }
        return rows"""
    )
    assert [line[3:] for line in lines] == table


# Funnels and ranks --------------------------------------------------------------------


def test_funnel_and_ranks_can_be_read_by_everybody(pages, tmp_path):
    page = opened(pages, write_units(tmp_path / "m"))
    assert page.complaints() == []
    for width in WIDTHS:
        page.seen_as(width, dark=width == WIDTHS[0])
        page.run(
            "for (const each of document.querySelectorAll('details')) each.open = true"
        )
        keep(page, f"funnel-{width}")
        assert page.run(SIDEWAYS) == 0
        assert page.run(SMALLEST) >= 10
    assert barriers(page) == []
    labels = """return [...document.querySelectorAll('[aria-label^="People seen, funnel"], svg')]
        .filter(each => each.getClientRects().length && /funnel by area/.test(each.textContent))
        .map(svg => [...svg.querySelectorAll('text')].map(each => each.textContent))"""
    [drawn] = page.run(labels)
    assert {"Devon", "Kent"} <= set(drawn)


# Names that want to be more than names ------------------------------------------------


def test_hostile_names_run_nothing_and_the_page_holds(pages, tmp_path):
    formula = "=cmd|' /C calc'!A0"
    hostile = described(title=NAMES[0], sentence=NAMES[1])
    hostile["measures"]["seen"]["title"] = NAMES[3]
    hostile["groups"]["region"]["title"] = NAMES[1]
    page = opened(pages, write(tmp_path / "m", said=hostile, regions=(*NAMES, formula)))
    assert page.complaints() == []
    assert NAMES[0] in page.text()
    assert page.run("return document.querySelectorAll('script').length") == 1
    for width in WIDTHS:
        page.seen_as(width)
        assert page.run(SIDEWAYS) == 0
    page.run(
        """window.made = []
        URL.createObjectURL = (blob) => { blob.text().then(each => window.made.push(each)); return '#' }
        document.querySelector('button[data-csv=seen_by_region]').click()"""
    )
    page.wait_until(lambda: page.run("return window.made.length"), "the file")
    lines = list(csv.reader(io.StringIO(page.run("return window.made[0]"), newline="")))
    assert {line[3][:1] for line in lines if "cmd|" in line[3]} == {"'"}
