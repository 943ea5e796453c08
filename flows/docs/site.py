"""The pages as a site that needs no server and no internet: by Zensical, the extra
`docs`, or plain.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from extractors.errors import ArgumentsError, CohortflowError
from flows.docs.pages import CONTENTS, Page
from flows.docs.plain import write_plain_site

NAME = "cohortflow"
LINE_LINKS = re.compile(r'<a id="__codelineno-[^>]*></a>')
LONGEST = 300  # seconds that a build may take; it takes two
WORKER, STYLE = "assets/javascripts/search-from-disk.js", "assets/stylesheets/site.css"
REACHABLE = "assets/javascripts/reachable.js"
PLAIN = "It is plain; pip install 'cohortflow[docs]' brings what makes it comfortable."
# Nothing of it may come from elsewhere: no fonts, no icons of theirs, no search by a
# service.
SETTINGS = f"""
[project]
site_name = "{NAME}"
site_description = "Measures over time on health records"
docs_dir = "docs"
site_dir = "site"
use_directory_urls = false
copyright = "MIT license"
extra_css = ["{STYLE}"]
nav = %s
[project.extra]
generator = false
polyfills = [
    {{ path = "{WORKER}", type = "text/javascript", async = false, defer = false }},
    {{ path = "{REACHABLE}", type = "text/javascript", async = false, defer = false }},
]
[project.theme]
font = false
language = "en"
features = [
    "content.code.copy", "navigation.sections", "navigation.footer", "navigation.top", "search.highlight", "toc.follow"
]
[[project.theme.palette]]
media = "(prefers-color-scheme: light)"
scheme = "default"
toggle.icon = "lucide/sun"
toggle.name = "Dark"
[[project.theme.palette]]
media = "(prefers-color-scheme: dark)"
scheme = "slate"
toggle.icon = "lucide/moon"
toggle.name = "Light"
"""


def is_comfortable() -> bool:
    """Whether the extra is installed."""
    return find_spec("zensical") is not None


def build_site(folder: Path, pages: Sequence[Page]) -> None:
    """Write the site into a new folder; plain where the extra is missing.

    Raises ArgumentsError where the folder exists.
    """
    if folder.exists():
        raise ArgumentsError(
            "The folder exists already; name a new folder, or remove it first"
            f": {folder}"
        )
    with tempfile.TemporaryDirectory() as scratch:
        top = Path(scratch)
        if is_comfortable():
            _write_sources(top, pages)
            _build(top)
            _search_from_disk(top / "site")
            _without_empty_links(top / "site")
        else:
            write_plain_site(top / "site", pages)
        _move(top / "site", folder)


def _write_sources(top: Path, pages: Sequence[Page]) -> None:
    for page in pages:
        _write(top / "docs" / f"{page.name}.md", page.text)
    for beside in (WORKER, REACHABLE, STYLE):
        text = (
            files(__package__)
            .joinpath(beside.rpartition("/")[2])
            .read_text(encoding="utf-8")
        )
        _write(top / "docs" / beside, text)
    _write(top / "zensical.toml", SETTINGS % _nav(pages))


def _nav(pages: Sequence[Page]) -> str:
    titles = {page.name: page.title for page in pages}
    entries = []
    for section, names in CONTENTS.items():
        shown = []
        for name in names:
            shown.append(
                f"{{ {json.dumps(titles[name])} = {json.dumps(f'{name}.md')} }}"
            )
        entries += (
            [f"{{ {json.dumps(section)} = [{', '.join(shown)}] }}"]
            if section
            else shown
        )
    return f"[{', '.join(entries)}]"


def _build(top: Path) -> None:
    """In a process of its own, with its working folder: the generator keeps a cache
    there.
    """
    done = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict"],
        cwd=top,
        env={**os.environ, "NO_COLOR": "1", "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=LONGEST,
        check=False,
    )
    if done.returncode or not (top / "site" / "index.html").is_file():
        raise CohortflowError(
            f"Zensical did not build the site: {done.stdout}{done.stderr}"
        )


def _search_from_disk(site: Path) -> None:
    """The index as a script as well: a page that is opened from disk may not read a
    file of JSON.
    """
    index = (site / "search.json").read_text(encoding="utf-8")
    _write(site / "search.js", f"var __index = {index}")


def _without_empty_links(site: Path) -> None:
    """A link at each line of code has no words, so a reader of the screen would say
    nothing for it.
    """
    for page in site.rglob("*.html"):
        _write(page, LINE_LINKS.sub("", page.read_text(encoding="utf-8")))


def _move(site: Path, folder: Path) -> None:
    """Whole or not at all, also where the folder is on another disk."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as beside:
        shutil.copytree(site, Path(beside) / "site")
        os.replace(Path(beside) / "site", folder)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
