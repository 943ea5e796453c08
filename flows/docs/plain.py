"""The pages as plain HTML with a search, for where Zensical is not installed. Markdown
is read as Rich reads it.
"""

import html
import json
import os
import re
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from flows.docs.pages import CONTENTS, Page

MARK = re.compile(r"[^\w\- ]")
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} - cohortflow</title>
<link rel="stylesheet" href="{top}plain.css">
<nav aria-label="Pages">
<label for="asked">Search</label>
<input id="asked" type="search" autocomplete="off">
<ul id="found" aria-live="polite"></ul>
{nav}
</nav>
<main>
{body}
</main>
<script>const top_of_site = "{top}"</script>
<script src="{top}index.js"></script>
<script src="{top}plain.js"></script>
</html>
"""


def write_plain_site(folder: Path, pages: Sequence[Page]) -> None:
    """Write the pages into a folder, which is made."""
    index = []
    for page in pages:
        tokens = _anchored(_reader().parse(page.text))
        index += list(_sections(page, tokens))
        body = _reader().renderer.render(tokens, _reader().options, {})
        # wide lines are scrolled by arrow keys
        body = body.replace("<pre>", '<pre tabindex="0">')
        top = "../" * page.name.count("/")
        title = html.escape(page.title)
        whole = PAGE.format(title=title, top=top, nav=_nav(pages, top, page), body=body)
        _write(folder / f"{page.name}.html", whole)
    _write(folder / "index.js", f"const index_of_site = {json.dumps(index)}")
    for name in ("plain.css", "plain.js"):
        _write(
            folder / name, files(__package__).joinpath(name).read_text(encoding="utf-8")
        )


def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable("table")


def _anchored(tokens: list[Token]) -> list[Token]:
    """Headings get their anchors, and links to Markdown lead to the page that is made
    of it.
    """
    taken: dict[str, int] = {}
    for token, after in zip(tokens, tokens[1:], strict=False):
        if token.type == "heading_open":
            name = anchor_of(after.content)
            before = taken.setdefault(name, 0)
            taken[name] += 1
            token.attrSet("id", f"{name}_{before}" if before else name)
    for token in tokens:
        for child in token.children or ():
            target = str(child.attrGet("href") or "")
            if child.type == "link_open" and "://" not in target:
                child.attrSet("href", re.sub(r"\.md(?=#|$)", ".html", target))
    return tokens


def anchor_of(heading: str) -> str:
    """As readers of Markdown make it: small letters, dashes for blanks, no marks."""
    return MARK.sub("", heading.lower()).replace(" ", "-")


def _nav(pages: Sequence[Page], top: str, here: Page) -> str:
    titles = {page.name: html.escape(page.title) for page in pages}
    parts = []
    for section, names in CONTENTS.items():
        parts += [f"<h2>{section}</h2>"] if section else []
        items = []
        for name in names:
            current = ' aria-current="page"' if name == here.name else ""
            items.append(
                f'<li><a href="{top}{name}.html"{current}>{titles[name]}</a></li>'
            )
        parts.append(f"<ul>{''.join(items)}</ul>")
    return "\n".join(parts)


def _sections(page: Page, tokens: Sequence[Token]) -> Iterator[dict[str, str]]:
    """What the search looks through: each heading with the text below it."""
    heading, anchor = "", ""
    words: list[str] = []
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            if heading:
                yield _entry(page, heading, anchor, words)
            heading, anchor, words = (
                tokens[place + 1].content,
                str(token.attrGet("id")),
                [],
            )
        elif token.type in ("inline", "fence", "code_block"):
            words.append(token.content)
    if heading:
        yield _entry(page, heading, anchor, words)


def _entry(
    page: Page, heading: str, anchor: str, words: Sequence[str]
) -> dict[str, str]:
    place = f"{page.name}.html#{anchor}"
    return {
        "page": page.title,
        "heading": heading,
        "place": place,
        "text": " ".join(words),
    }


def _write(path: Path, text: str) -> None:
    os.makedirs(path.parent, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
