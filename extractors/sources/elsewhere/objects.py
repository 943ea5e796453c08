"""What lies in a bucket or below a folder of a web server, and how to fetch it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from errno import ENOSPC
from functools import cached_property
from http.client import HTTPException
from importlib import import_module
from os import environ
from pathlib import Path
from shutil import copyfileobj
from typing import Any, TypeVar
from urllib.error import HTTPError
from urllib.parse import urlsplit

from extractors.engine import NO_ROOM
from extractors.errors import DiskFull, RecordsError
from extractors.sources.elsewhere.address import Elsewhere

Answer = TypeVar("Answer")
AT_ONCE = 16  # requests under way: each mostly waits
CHUNK = 1 << 22
# How a store says it, in whatever words around -> what is wrong.
REASONS = {
    "NO_SUCH_BUCKET": "there is no such bucket",
    "ACCESS_DENIED": "it may not be read with these credentials",
    "SIGNATURE": "the store does not accept these credentials",
    "InvalidAccessKeyId": "the store does not know this key",
    "NoSuchKey": "a file is gone",
    "NETWORK_CONNECTION": "the store cannot be reached",
    "HTTP Error 404": "there is no such folder on the server",
    "HTTP Error 403": "it may not be read",
    "HTTP Error 401": "it may not be read without a log-in, which is not given here",
    "CERTIFICATE": "the certificate of the server is not trusted here",
    "Connection refused": "the server cannot be reached",
    "Name or service not known": "its host is not known here",
}


@dataclass(frozen=True)
class Object:
    """A file as the store lists it."""

    # below the place, with `/`
    path: str
    # in bytes
    size: int
    # what changes when its content does: its ETag, or the time of its last change
    mark: str


class Store(ABC):
    """A place that lists and gives files. Raises RecordsError throughout."""

    def __init__(self, place: Elsewhere):
        self.place = place

    def objects(self) -> list[Object]:
        """All files, in order of their paths."""
        return asked(
            self.place, lambda: sorted(self.listed(), key=lambda each: each.path)
        )

    def fetch(self, objects: Iterable[Object], folder: Path) -> None:
        """Put some files below a folder under their own paths."""
        asked(self.place, lambda: self._fetch_all(objects, folder))

    def _fetch_all(self, objects: Iterable[Object], folder: Path) -> None:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(
                pool.map(
                    lambda each: self._fetch_one(each, folder / each.path), objects
                )
            )

    def _fetch_one(self, each: Object, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with self.opened(each.path) as source, path.open("wb") as target:
            copyfileobj(source, target, CHUNK)
        if path.stat().st_size != each.size:
            raise OSError("a file had another length than was said")

    @abstractmethod
    def listed(self) -> Iterator[Object]: ...

    @abstractmethod
    def opened(self, path: str) -> Any:
        """A file's bytes, as a context."""


class Bucket(Store):
    """By pyarrow's own file systems, which find credentials as each store's tools
    do.
    """

    def listed(self) -> Iterator[Object]:
        system, top = self._system
        fs = import_module("pyarrow.fs")
        found = system.get_file_info(fs.FileSelector(top, recursive=True))
        files = [
            info
            for info in found
            if info.type == fs.FileType.File and info.size is not None
        ]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            marks = list(pool.map(lambda info: _mark(system, info), files))
        for info, mark in zip(files, marks, strict=True):
            yield Object(info.path.removeprefix(top).lstrip("/"), info.size, mark)

    def opened(self, path: str) -> Any:
        system, top = self._system
        return system.open_input_stream(f"{top}/{path}", compression=None)  # as it is

    @cached_property
    def _system(self) -> tuple[Any, str]:
        fs = import_module("pyarrow.fs")
        if self.place.scheme == "s3":
            return fs.S3FileSystem(
                **self._s3()
            ), f"{self.place.host}/{self.place.path}".rstrip("/")
        scheme = {"gcs": "gs"}.get(self.place.scheme, self.place.scheme)
        system, top = fs.FileSystem.from_uri(
            f"{scheme}://{self.place.host}/{self.place.path}"
        )
        return system, top.rstrip("/")

    def _s3(self) -> dict[str, Any]:
        options: dict[str, Any] = dict(self.place.options)
        endpoint = environ.get("AWS_ENDPOINT_URL_S3") or environ.get("AWS_ENDPOINT_URL")
        if endpoint and "endpoint_override" not in options:
            options |= {
                "endpoint_override": urlsplit(endpoint).netloc,
                "scheme": urlsplit(endpoint).scheme,
            }
        if "anonymous" in options:
            options["anonymous"] = options["anonymous"] == "true"
        region = environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION")
        if (
            "endpoint_override" not in options
            and "region" not in options
            and not region
        ):
            options["region"] = import_module("pyarrow.fs").resolve_s3_region(
                self.place.host
            )
        return options


def _mark(system: Any, info: Any) -> str:
    with system.open_input_file(info.path) as file:
        said = {key.lower(): value for key, value in (file.metadata() or {}).items()}
    return said["etag"].decode() if "etag" in said else str(info.mtime)


def asked(place: Elsewhere, ask: Callable[[], Answer]) -> Answer:
    """What a store gives; what it says goes into `detail`, with a reason of ours in
    front.

    Its errors hold sockets, and do not survive a pickle even behind one of ours.
    """
    try:
        return ask()
    except (OSError, HTTPException) as error:
        if isinstance(error, HTTPError):
            error.close()
        if isinstance(error, OSError) and error.errno == ENOSPC:
            raise DiskFull(NO_ROOM, str(error)) from None
        said = str(error)
    reason = next(
        (ours for theirs, ours in REASONS.items() if theirs in said),
        "its files cannot be read",
    )
    raise RecordsError(f"{place}: {reason}.", said)
