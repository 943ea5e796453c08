"""The pipes between the closed process and its starter: frames of a length and that
many bytes.

A question is JSON. A reply is JSON on one line, and the contents of a file behind it.
"""

import json
import os
from os import _exit, read, write
from typing import Any

HEAD = 8  # bytes of a length
MOST_AT_ONCE = 1 << 20


def frame(content: bytes) -> bytes:
    return len(content).to_bytes(HEAD, "big") + content


class Channel:
    """The closed process's end."""

    def __init__(self, hearing: int, saying: int):
        self.hearing, self.saying = hearing, saying

    @property
    def ends(self) -> tuple[int, int]:
        return self.hearing, self.saying

    def say(self, said: dict[str, Any]) -> None:
        self.put(json.dumps(said).encode())

    def put(self, content: bytes) -> None:
        rest = frame(content)
        while rest:
            rest = rest[write(self.saying, rest) :]

    def hear(self) -> tuple[dict[str, Any], bytes]:
        head, _, contents = self.take().partition(b"\n")
        return json.loads(head), contents

    def take(self) -> bytes:
        """The next reply. If there is none the starter has gone, or needs nothing any
        more.
        """
        return self._take(int.from_bytes(self._take(HEAD), "big"))

    def ask(self, kind: str, path: str, **more: Any) -> tuple[dict[str, Any], bytes]:
        """What the starter knows of a path; OSError as the system would raise it."""
        self.say({"ask": kind, "path": path, **more})
        head, contents = self.hear()
        if "errno" in head:
            raise OSError(head["errno"], os.strerror(head["errno"]), path)
        return head, contents

    def _take(self, size: int) -> bytes:
        chunks = []
        while size:
            chunk = read(self.hearing, size if size < MOST_AT_ONCE else MOST_AT_ONCE)
            if not chunk:
                _exit(0)
            chunks.append(chunk)
            size -= len(chunk)
        return b"".join(chunks)
