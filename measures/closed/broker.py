"""Answers what the closed process asks while it reads a definition: contents, facts and
names of files.

It runs in the process that started the closed one, with that one's rights, and treats
every question as a stranger's.
"""

import errno
import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from measures.closed.places import Places
from measures.closed.readable import MOST_BYTES, Readable, Refused, readable, within

MOST_HANDED = 2 * MOST_BYTES  # in all, of the author's own files
MOST_FILES = 10_000
MOST_NOTED = 200  # mistakes and doubts; more are not read
READABLE = (
    "a definition may read text files of its own folder and its study, its codelists "
    "and Python's library"
)
Reply = tuple[dict[str, Any], bytes]


@dataclass
class Broker:
    """One conversation about one definition."""

    # which folders the definition may read
    places: Places
    # learns, before the author's file runs, what nothing in this system prevents
    on_weak: Callable[[tuple[str, ...]], None]
    # the author's own files that were handed over
    handed: dict[str, bytes] = field(default_factory=dict)
    # what the author's file asked for and may not have, with its place in the file
    refused: dict[str, Any] | None = None
    # the mistakes and doubts that it notes, as a stranger's
    noted: list[dict[str, Any]] = field(default_factory=list)
    # what may be read, once the process has said where its library is
    _readable: Readable | None = None
    # bytes that were handed over
    _size: int = 0

    def reply(self, asked: Any) -> Reply | None:
        """The reply to one question; None if it ends the conversation."""
        kind = asked.get("ask") if isinstance(asked, dict) else None
        if not isinstance(kind, str):
            return None
        if self._readable is None:
            return self._begin(asked) if kind == "begin" else None
        if kind == "note":
            return self._note_mistake(asked)
        path, answers = asked.get("path"), self._answers()
        if not isinstance(path, str) or kind not in answers:
            return None
        try:
            return answers[kind](path)
        except Refused as why:
            return self._refuse(asked, path, why)
        except OSError as error:
            return {"errno": error.errno or errno.EIO}, b""
        except ValueError:  # a zero byte in a path
            return {"errno": errno.EINVAL}, b""

    def _begin(self, asked: Mapping[str, Any]) -> Reply:
        """The first question comes before the author's file runs, so it is true."""
        self._readable = readable(self.places, asked["library"])
        if asked["weak"]:
            self.on_weak(tuple(asked["weak"]))
        return {}, b""

    def _note_mistake(self, asked: Mapping[str, Any]) -> Reply:
        """What is found while the file is read is kept even if the process ends before
        its answer.
        """
        noted = asked.get("note")
        if isinstance(noted, dict) and len(self.noted) < MOST_NOTED:
            self.noted.append({**noted, "kind": asked.get("of")})
        return {}, b""

    def _answers(self) -> dict[Any, Callable[[str], Reply]]:
        return {
            "file": self._file,
            "may": self._may,
            "facts": self._facts,
            "names": self._names,
        }

    def _refuse(
        self, asked: Mapping[str, Any], path: str, why: Refused
    ) -> Reply | None:
        if asked["ask"] == "facts" or asked.get("softly"):
            return {"errno": errno.EACCES}, b""
        what = (
            f"listing the folder {path}"
            if asked["ask"] == "names"
            else f"reading {path}"
        )
        instead = why.instead or "move the file"
        message = (
            f"{what}{why.why} is not allowed in a definition: it only describes what "
            f"is wanted, so remove this line or {instead}; {READABLE}"
        )
        self.refused = {
            "file": asked.get("file"),
            "line": asked.get("line"),
            "message": message,
        }
        return None

    def _file(self, path: str) -> Reply:
        real, owner = self._found(path)
        contents = self._judge.read(real, owner)
        if owner == "own":
            self._note(real, contents)
        return {"path": real}, contents

    def _note(self, real: str, contents: bytes) -> None:
        self.handed[real] = contents
        self._size += len(contents)
        if self._size > MOST_HANDED or len(self.handed) > MOST_FILES:
            raise Refused(", after so many other files,", "join some of them")

    def _may(self, path: str) -> Reply:
        self._found(path)
        return {}, b""

    def _facts(self, path: str) -> Reply:
        """Of times nothing is said, because a definition means the same tomorrow."""
        return _facts_of(os.stat(self._listed(path))), b""

    def _names(self, path: str) -> Reply:
        entries = self._judge.names(self._first(path))
        return {
            "names": [{"name": name, **_facts_of(facts)} for name, facts in entries]
        }, b""

    def _found(self, path: str) -> tuple[str, str]:
        """The file of this name, and whose it is. A relative name may start at any of
        the folders.
        """
        real = self._first(path)
        return real, self._judge.check(real)

    def _listed(self, path: str) -> str:
        real = self._first(path)
        self._judge.check_listing(real)
        return real

    def _first(self, path: str) -> str:
        """The first of the places that the name can mean at which an author may see
        something.
        """
        here = os.path.realpath(path)
        if os.path.isabs(path) or self._shows(here):
            return here
        elsewhere = []
        for folder in (self.places.own[0], self.places.definition.parent):
            elsewhere.append(os.path.realpath(folder / path))
        shown = [there for there in elsewhere if self._shows(there)]
        # what is withheld can be had by naming it, so that is what the answer is
        return next(iter([*shown, *filter(self._is_withheld, elsewhere)]), here)

    def _is_withheld(self, real: str) -> bool:
        return any(within(real, str(folder)) for folder in self.places.withheld)

    def _shows(self, real: str) -> bool:
        try:
            self._judge.check_listing(real)
            return os.path.exists(real)
        except Refused:
            return False

    @property
    def _judge(self) -> Readable:
        assert self._readable
        return self._readable


def _facts_of(facts: os.stat_result) -> dict[str, Any]:
    kind = stat.S_IFMT(facts.st_mode)
    rights = 0o555 if stat.S_ISDIR(facts.st_mode) else 0o444
    return {
        "mode": kind | rights,
        "size": facts.st_size if stat.S_ISREG(facts.st_mode) else 0,
    }
