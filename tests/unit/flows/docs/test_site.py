"""The site: whole, and nothing on it comes from elsewhere."""

import re
from pathlib import Path

import pytest

from extractors.errors import ArgumentsError
from flows.command.documenting import made
from flows.docs import site
from flows.docs.pages import CONTENTS, all_pages
from tests.lib.barriers import barriers
from tests.lib.browser import browser, missing

OUTSIDE = re.compile(
    r"""(?:src|href|action|data|poster)=["']?(?:[a-z]+:)?//|url\(["']?(?:[a-z]+:)?//|@import"""
)
HEADING = re.compile(r"""<a [^>]*href="([^"#:]*)#([a-z][^"]*)\"""")
TARGET = re.compile(r"""href="([^"#:]+)(?:#[^"]*)?\"""")


@pytest.fixture(scope="module", params=["comfortable", "plain"])
def built(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The site with the extra, and the one without it."""
    folder = tmp_path_factory.mktemp("docs") / "a site"
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "plain":
            patch.setattr(site, "find_spec", lambda name: None)
        site.build_site(folder, all_pages(made()))
    return folder


def is_plain(built: Path) -> bool:
    return (built / "plain.css").is_file()


def test_every_page_is_built(built):
    for names in CONTENTS.values():
        for name in names:
            assert (built / f"{name}.html").is_file()


def test_nothing_comes_from_elsewhere(built):
    """In pages and styles; scripts name places that the site's features would need, and
    it uses none of them.
    """
    for path in [*built.rglob("*.html"), *built.rglob("*.css")]:
        found = OUTSIDE.search(path.read_text(encoding="utf-8"))
        assert not found, (path.name, found)


def test_links_lead_somewhere(built):
    for path in built.rglob("*.html"):
        if path.name != "404.html":
            for target in TARGET.findall(path.read_text(encoding="utf-8")):
                assert (path.parent / target).exists(), (path.name, target)


def test_the_index_of_the_search_can_be_read_from_disk(built):
    name, begin = (
        ("index.js", "const index_of_site = [")
        if is_plain(built)
        else ("search.js", "var __index = {")
    )
    index = (built / name).read_text(encoding="utf-8")
    assert index.startswith(begin) and "quantile_for_patient" in index


def test_links_to_headings_lead_to_headings(built):
    for path in built.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for target, heading in HEADING.findall(text):
            there = (
                (path.parent / target).read_text(encoding="utf-8") if target else text
            )
            assert f'id="{heading}"' in there, (path.name, target, heading)


def test_a_folder_that_exists_is_left_alone(built):
    with pytest.raises(ArgumentsError, match="exists already; name a new folder"):
        site.build_site(built, [])


SEARCH = """
    const box = [...document.querySelectorAll('div')].map(each => each.shadowRoot).filter(Boolean)[0]
    const field = box.querySelector('input')
    field.focus()
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, arguments[0])
    field.dispatchEvent(new Event('input', {bubbles: true}))
"""
FOUND = """
    const box = [...document.querySelectorAll('div')].map(each => each.shadowRoot).filter(Boolean)[0]
    return box ? [...box.querySelectorAll('a')].map(each => each.href) : []
"""


@pytest.mark.slow
@pytest.mark.skipif(
    bool(missing()),
    reason=f"no browser here: {missing()}; see infra/chromium-for-tests",
)
def test_the_search_works_from_disk(built, tmp_path):
    with browser(tmp_path / "profile") as page:
        page.open((built / "how-to" / "omop.html").as_uri())
        if is_plain(built):
            page.fill("quantile", "#asked")
            found = (
                "return [...document.querySelectorAll('#found a')].map(each => "
                "each.href)"
            )
        else:
            page.run("document.querySelector('.md-search__button').click()")
            page.run(SEARCH, "quantile")
            found = FOUND
        page.wait_until(lambda: page.run(found), "what was found")
        assert any("reference/functions.html" in link for link in page.run(found))
        loaded = page.run(
            "return performance.getEntriesByType('resource').map(each => each.name)"
        )
        assert not [name for name in loaded if not name.startswith(("file:", "data:"))]
        assert page.complaints() == []


@pytest.mark.slow
@pytest.mark.skipif(
    bool(missing()),
    reason=f"no browser here: {missing()}; see infra/chromium-for-tests",
)
@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing(built, tmp_path, dark):
    with browser(tmp_path / "profile") as page:
        for name in ("tutorial", "how-to/codelists", "reference/functions"):
            page.open((built / f"{name}.html").as_uri())
            page.seen_as(1280, dark=dark)
            assert barriers(page) == [], name


def test_every_link_has_words(built):
    for path in built.rglob("*.html"):
        assert not re.search(
            r"<a [^>]*>\s*</a>",
            path.read_text(encoding="utf-8").replace('<a id="__skip"', ""),
        ), path


def test_no_two_headings_of_a_page_have_one_anchor(built):
    for path in built.rglob("*.html"):
        anchors = re.findall(r'<h[1-6] id="([^"]+)"', path.read_text(encoding="utf-8"))
        assert len(anchors) == len(set(anchors)), path.name
