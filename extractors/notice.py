"""A mistake or a doubt about an author's file: the place, the message, the line with a
caret.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ACCEPTED = "accepted"  # the kind of doubts that have no kind of their own
MOST_SHOWN = 160  # characters of a line


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A mistake or a doubt. All of it is safe to show: it is of the definition, not of
    the records.
    """

    # what is wrong, and what to do
    message: str
    # the file as people name it, from the current folder; empty if no line is at fault
    file: str = ""
    # from 1; 0 if it is not known
    line: int = 0
    # from 1, in characters; 0 if it is not known
    column: int = 0
    # the column behind the last one at fault
    end: int = 0
    # the line
    source: str = ""
    # what kind of doubt it is, in one word; empty for mistakes, and for doubts of no
    # kind
    kind: str = ""

    @property
    def brief(self) -> str:
        """In one line, without folders, which differ from machine to machine."""
        return (
            f"{Path(self.file).name}:{self.line}: {self.message}"
            if self.line
            else self.message
        )

    def __str__(self) -> str:
        where = ":".join(filter(None, [self.file, str(self.line or "")]))
        head = f"{where}: {self.message}" if where else self.message
        return "\n    ".join([head, *self._shown()])

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def as_doubt(self) -> dict[str, Any]:
        """As files and `--json` have doubts: kind, the author's file and line (0: of no
        line), text.
        """
        kind = self.kind or ACCEPTED
        return {
            "kind": kind,
            "file": self.file,
            "line": self.line,
            "text": self.message,
        }

    def _shown(self) -> list[str]:
        """The line without its indentation, and a caret below what is at fault."""
        line = self.source.strip()[:MOST_SHOWN]
        if not line:
            return []
        lost = len(self.source) - len(self.source.lstrip())
        first = self.column - 1 - lost
        if not self.column or not 0 <= first < len(line):
            return [line]
        length = max(1, min(self.end - self.column, len(line) - first))
        before = "".join(each if each == "\t" else " " for each in line[:first])
        return [line, before + "^" * length]
