"""The address of a bucket or a folder of a web server, as a user may write it: without
a secret.

What is written behind `--records` is shown to anybody and stored with every run.
Credentials come from where the tools of each store look for them (AWS_ACCESS_KEY_ID,
AWS_PROFILE, ~/.aws; AZURE_STORAGE_KEY, a managed identity;
GOOGLE_APPLICATION_CREDENTIALS). An address that holds one is refused and never
repeated.
"""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlsplit

from extractors.errors import ArgumentsError

BUCKETS = ("s3", "gs", "gcs", "abfs", "abfss")
SCHEME = re.compile(rf"({'|'.join(BUCKETS)}|https?)://", re.IGNORECASE)
# What may be written behind a ?, as pyarrow calls it; all else may be a signature.
HARMLESS = {"s3": {"region", "endpoint_override", "scheme", "anonymous"}}
INSTEAD = (
    "leave it out, and give credentials by the environment of the store's own tools "
    "(AWS_PROFILE, AWS_ACCESS_KEY_ID …)"
)


@dataclass(frozen=True)
class Elsewhere:
    """A place on another machine."""

    # in small letters
    scheme: str
    # of a bucket, a container or a server; of a container with its account: NAME@HOST
    host: str
    # below that, without a slash at either end
    path: str
    # options that hold no secret
    options: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}/{self.path}".rstrip("/")

    @property
    def is_web(self) -> bool:
        return self.scheme in ("http", "https")


def is_elsewhere(where: str) -> bool:
    return bool(SCHEME.match(where))


def parse_elsewhere(where: str) -> Elsewhere:
    """Raises ArgumentsError, without a word of the address, if it may hold a secret."""
    try:
        parts = urlsplit(where)
        _ = parts.port  # fails where it is none
    except ValueError:
        raise ArgumentsError(
            "The address of the records cannot be understood; write it as "
            "s3://BUCKET/FOLDER."
        ) from None
    scheme, options = (
        parts.scheme.lower(),
        tuple(parse_qsl(parts.query, keep_blank_values=True)),
    )
    user, at, host = parts.netloc.rpartition("@")
    container = scheme in ("abfs", "abfss")
    if ":" in user or (at and not container) or parts.fragment:
        raise ArgumentsError(
            "The address of the records seems to hold a secret, which others could "
            f"see; {INSTEAD}."
        )
    if {key for key, _ in options} - HARMLESS.get(scheme, set()) or (
        parts.query and not options
    ):
        raise ArgumentsError(
            f"The address of the records may hold a secret behind its ?; {INSTEAD}."
        )
    if not host:
        raise ArgumentsError("The address of the records names no bucket or server.")
    if scheme == "http" and not _is_loopback(parts.hostname or ""):
        raise ArgumentsError(
            "Records of a web server come by https:// alone, unless it is this machine."
        )
    return Elsewhere(scheme, parts.netloc, parts.path.strip("/"), options)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
