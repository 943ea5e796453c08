"""No word goes over a network that others can listen to."""

from urllib.parse import urlsplit

from extractors.errors import ArgumentsError
from flows.prefect_server.proxies import is_loopback


def refuse_plain_http(url: str, *, allowed: bool) -> None:
    """Raise ArgumentsError for a Prefect on another machine without TLS, unless the
    site allows it.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if allowed or parts.scheme != "http" or is_loopback(host):
        return
    raise ArgumentsError(
        f"PREFECT_API_URL is a server on another machine without TLS (http, {host}): "
        "every machine on the way could read the word to log in. Nothing was sent. "
        "Name an https address, or let the site's file (COHORTFLOW_SITE_POLICY) say "
        "allow_plain_http = true."
    )
