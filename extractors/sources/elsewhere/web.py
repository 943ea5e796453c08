"""A folder of a web server that lists its files as a page of links (autoindex).

Written on Python's own client: no proxy of the environment hears of it, and a redirect
to another machine is not followed.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, unquote, urljoin, urlsplit
from urllib.request import (
    HTTPRedirectHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    build_opener,
)

from extractors.sources.elsewhere.objects import AT_ONCE, Object, Store

SECONDS = 60  # without a byte
DEEPEST = 20  # folders in folders
PAGE = 1 << 26  # a longer list of files is none


class Web(Store):
    def listed(self) -> Iterator[Object]:
        paths = list(self._paths("", 0))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            yield from pool.map(self._asked, paths)

    def opened(self, path: str) -> Any:
        return _opener().open(self._url(path), timeout=SECONDS)

    def _paths(self, below: str, depth: int) -> Iterator[str]:
        """The files below a folder; a link that leads out of it is none."""
        here = self._url(below)
        with _opener().open(here, timeout=SECONDS) as answer:
            links = _Links()
            links.feed(answer.read(PAGE).decode("utf-8", errors="replace"))
        for name in sorted({_name(here, link) for link in links.found} - {""}):
            if not name.endswith("/"):
                yield below + name
            elif depth < DEEPEST:
                yield from self._paths(below + name, depth + 1)

    def _asked(self, path: str) -> Object:
        with _opener().open(
            Request(self._url(path), method="HEAD"), timeout=SECONDS
        ) as answer:
            said = answer.headers
        if said.get("Content-Length") is None:
            raise OSError("a file has no length")
        mark = said.get("ETag") or said.get("Last-Modified") or ""
        return Object(path, int(said["Content-Length"]), mark)

    def _url(self, path: str) -> str:
        place = self.place
        top = f"{quote(unquote(place.path))}/" if place.path else ""
        return f"{place.scheme}://{place.host}/{top}{quote(path)}"


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for key, value in attrs if key == "href" and value]


def _name(here: str, link: str) -> str:
    """What a link names in this very folder: a file, or a folder with a slash; empty
    for all else.
    """
    there, base = urlsplit(urljoin(here, link)), urlsplit(here)
    if (there.scheme, there.netloc) != (base.scheme, base.netloc) or there.query:
        return ""
    name = there.path.removeprefix(base.path)
    inside = there.path.startswith(base.path) and name.rstrip("/").count("/") == 0
    return unquote(name) if inside and name.strip("/") not in ("", ".", "..") else ""


class _SameMachine(HTTPRedirectHandler):
    def redirect_request(
        self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        there, here = urlsplit(newurl), urlsplit(req.full_url)
        if (there.scheme, there.netloc) != (here.scheme, here.netloc):
            raise HTTPError(
                req.full_url, code, "it leads to another machine", headers, fp
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> OpenerDirector:
    return build_opener(ProxyHandler({}), _SameMachine)
