"""`cohortflow docs`: the documentation opened, printed, or built as a site."""

import hashlib
import os
import shutil
import sys
import tempfile
import webbrowser
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markdown import Markdown

from extractors.errors import ArgumentsError
from flows.command.arguments import parser
from flows.command.examples import EXAMPLES
from flows.docs.functions import function_reference
from flows.docs.manual import language_manual
from flows.docs.options import command_reference
from flows.docs.pages import CONTENTS, Made, Page, all_pages, page
from flows.docs.settings import settings_reference
from flows.docs.site import PLAIN, build_site, is_comfortable
from flows.docs.tables import tables_of

LANGUAGE, SITE = "language", "site"
KEPT = "docs-"  # how the folder of a site that was opened begins


@dataclass(frozen=True)
class Asked:
    """The words of the command."""

    # a page, `site`, or nothing
    what: str
    # of `site`: where to write it
    folder: str
    # where to write a page; empty for standard output
    file: str
    # whether to list all pages
    listed: bool


def made() -> Made:
    """Who writes the parts of pages that are made."""
    return {
        "language": lambda _: language_manual().partition("\n")[2],
        "functions": function_reference,
        "tables": tables_of,
        "command": lambda _: command_reference(parser({}), EXAMPLES),
        "settings": settings_reference,
    }


def docs(asked: Asked) -> int:
    """Do what was asked; the exit code. Raises ArgumentsError for a page that there is
    none of.
    """
    if asked.listed:
        print(listed())
    elif asked.what == SITE:
        _site(asked)
    elif asked.what:
        _show(asked)
    else:
        _open()
    return 0


def listed() -> str:
    """The names of all pages, by their sections."""
    lines = []
    for section, names in CONTENTS.items():
        lines += [f"{section}:"] if section else []
        lines += [f"  {name.rpartition('/')[2]}" for name in names]
    return "\n".join(lines)


def _site(asked: Asked) -> None:
    if not asked.folder:
        raise ArgumentsError("Say where: cohortflow docs site DIR, with a new folder.")
    build_site(Path(asked.folder), all_pages(made()))
    _say(Path(asked.folder) / "index.html")


def _show(asked: Asked) -> None:
    """The manual of the language alone is whole without the other pages, so it keeps
    its own form.
    """
    text = (
        language_manual() if asked.what == LANGUAGE else page(asked.what, made()).text
    )
    if asked.file:
        _write(Path(asked.file), text)
    elif sys.stdout.isatty():
        Console().print(Markdown(text))
    else:
        print(text, end="")


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ArgumentsError(
            f"{file.name} cannot be written: {error.strerror}: {file}"
        ) from None


def _open() -> None:
    """In a browser, where there is one."""
    pages = all_pages(made())
    folder = _kept(pages)
    if not (folder / "index.html").is_file():
        for older in folder.parent.glob(f"{KEPT}*"):
            shutil.rmtree(older, ignore_errors=True)
        build_site(folder, pages)
    index = folder / "index.html"
    _say(index)
    if _has_screen():
        webbrowser.open(index.absolute().as_uri())


def _say(index: Path) -> None:
    print(f"Documentation: {index}")
    if not is_comfortable():
        print(PLAIN)


def _kept(pages: list[Page]) -> Path:
    """Where a site of these pages is kept for this user; a temporary folder where home
    is not to be written.
    """
    text = "\0".join([str(is_comfortable()), *(each.text for each in pages)])
    name = f"{KEPT}{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    try:
        cache = (
            Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
            / "cohortflow"
        )
        cache.mkdir(parents=True, exist_ok=True)
        if os.access(cache, os.W_OK):
            return cache / name
    except (OSError, RuntimeError):  # there may be no home at all
        pass
    return Path(tempfile.mkdtemp(prefix="cohortflow-")) / name


def _has_screen() -> bool:
    """A browser in a terminal would take the terminal away."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
