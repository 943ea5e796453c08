"""The site that publishes codelists: what it is asked, and what it answers.

Addresses are those of OpenCodelists: a list's version is `codelist/ID/download.csv`
below the base address, and `api/v1/codelist/OWNER/` gives the lists of an owner with
their versions as JSON.
"""

import json
import os
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from extractors.errors import ArgumentsError, CohortflowError
from measures.codelists.published import Published

SETTING = "COHORTFLOW_CODELISTS"
SCHEMES = ("https", "http")
SECONDS = 30
DRAFT = "draft"


class Unreachable(CohortflowError):
    """The site did not answer, or has not what it was asked for."""


class NotThere(Unreachable):
    """The site answers, and has not what it was asked for."""


@dataclass(frozen=True)
class Site:
    """A site by its base address. Proxies are those of the environment."""

    # https://… without a path
    base: str

    def download(self, published: Published) -> bytes:
        """The CSV of a list's version. Raises Unreachable."""
        data = self._get(f"codelist/{quote(published.id)}/download.csv")
        if data.lstrip()[:1] == b"<":
            said = f"{published.id}: {self.base} answered with a page, not with a CSV"
            raise Unreachable(f"{said}; is the address right?")
        return data

    def page(self, published: Published) -> str:
        """The address of a list's version, for people."""
        return f"{self.base}/codelist/{quote(published.id)}/"

    def newest(self, published: Published) -> str:
        """The newest version of a list that is no draft; empty where the site does not
        say. Raises Unreachable.
        """
        try:
            lists = json.loads(self._get(f"api/v1/codelist/{quote(published.owner)}/"))[
                "codelists"
            ]
        except (NotThere, ValueError, KeyError, TypeError):
            return ""
        for each in lists:
            if each.get("full_slug") == published.list:
                return _newest(each.get("versions", []), published.version)
        return ""

    def _get(self, path: str) -> bytes:
        address = f"{self.base}/{path}"
        try:
            # a new opener, because the usual one keeps the proxies of its first use
            with urllib.request.build_opener().open(address, timeout=SECONDS) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            raise NotThere(
                f"{address} answered {error.code} ({error.reason}); is the version "
                "right?"
            ) from None
        except (urllib.error.URLError, OSError) as error:
            why = getattr(error, "reason", error)
            raise Unreachable(
                f"{address} cannot be reached ({why}); is there a network, or a "
                "proxy to name?"
            ) from None


def _newest(versions: list[dict[str, Any]], own: str) -> str:
    """The tag, or else the hash, of the version that was changed last; our own name of
    it if it is ours.
    """
    done = [each for each in versions if each.get("status") != DRAFT]
    if not done:
        return ""
    last = max(
        done,
        key=lambda each: str(each.get("updated_date") or each.get("created_at") or ""),
    )
    names = [str(each) for each in (last.get("tag"), last.get("hash")) if each]
    return own if own in names else next(iter(names), "")


def the_site() -> Site:
    """The site that the environment names. Raises ArgumentsError if it names none."""
    base = os.environ.get(SETTING, "").rstrip("/")
    if not base:
        said = f"{SETTING} does not say where codelists are published"
        raise ArgumentsError(
            f"{said}; set it to the address of the site, such as that of OpenCodelists."
        )
    if base.split(":")[0] not in SCHEMES:
        raise ArgumentsError(
            f"{SETTING} needs an address with {' or '.join(SCHEMES)}, got {base!r}."
        )
    return Site(base)
