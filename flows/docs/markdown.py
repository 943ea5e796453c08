"""Tables of Markdown."""

import re
from collections.abc import Iterable

CODE_WITH_BAR = re.compile(r"`([^`]*\|[^`]*)`")
BAR = "&#124;"


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table; a bar within a cell is written so that no reader of Markdown ends the
    cell there.

    table(["a", "b"], [["1", "`2 | 3`"]])
    """
    lines = [list(header), *map(list, rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(text: str) -> str:
    return CODE_WITH_BAR.sub(_code, text).replace("|", BAR)


def _code(found: re.Match[str]) -> str:
    """Code in which a bar may be written as what it is not."""
    plain = found[1].replace("&", "&amp;").replace("<", "&lt;")
    return f"<code>{plain.replace('|', BAR)}</code>"
