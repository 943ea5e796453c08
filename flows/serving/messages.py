"""What an alert says, and the ways it can go: an address that takes JSON, or a
command.
"""

import json
import os
import shlex
import subprocess
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from extractors.errors import ArgumentsError
from flows.prefect_server.asking import direct
from flows.prefect_server.proxies import is_loopback

LONGEST = 30  # seconds that a receiver may take
MOST_NAMES = 20  # in the text; `periods` holds all of them
WEBHOOK, COMMAND = "COHORTFLOW_ALERT_WEBHOOK", "COHORTFLOW_ALERT_COMMAND"


@dataclass(frozen=True)
class Alert:
    """The message about one run, with the numbers that the server's page shows."""

    # failed, crashed or late
    event: str
    # the name of the study
    study: str
    # the name of the run in Prefect
    run: str
    # why; safe to show, empty if nothing is known
    reason: str = ""
    # the periods of the study that have failed
    failed: tuple[str, ...] = ()
    # how many of its periods are done, and how many it has; 0: it has none yet, or
    # how many of the periods are done
    done: int = 0
    # how many periods the study has; 0: none yet, or they cannot be looked at
    periods: int = 0
    # when a late run was due, in UTC
    due: str = ""

    @property
    def text(self) -> str:
        """The whole of it in a line, as chat programs show it."""
        said = [f"{self.study or self.run} {self.event}"]
        if self.event == "late":
            said = [
                f"{self.study or self.run} is late; it was due at "
                f"{self.due[:16].replace('T', ' ')} UTC"
            ]
        if self.reason:
            said.append(self.reason.rstrip("."))
        if self.periods:
            said.append(
                f"now {self.done} of {self.periods} periods are done{self._names()}"
            )
        whole = f"cohortflow: {'; '.join(said)}"
        return whole if whole.endswith("?") else f"{whole}."

    def _names(self) -> str:
        if not self.failed:
            return ""
        more = len(self.failed) - MOST_NAMES
        names = ", ".join(self.failed[:MOST_NAMES]) + (
            f" and {more} more" if more > 0 else ""
        )
        return f", {len(self.failed)} failed: {names}"

    def as_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "event": self.event,
            "study": self.study,
            "run": self.run,
            "reason": self.reason,
            "failed": len(self.failed),
            "done": self.done,
            "of": self.periods,
            "periods": list(self.failed),
        }


@dataclass(frozen=True)
class Receiver:
    """Where alerts go; with neither they are only printed, which is the log of the part
    that watches.
    """

    # the address that gets each alert by POST; empty for none
    webhook: str = ""
    # the command that gets each alert on standard input; empty for none
    command: tuple[str, ...] = ()

    def deliver(self, alert: Alert) -> bool:
        """Whether the message reached every receiver."""
        print(alert.text, flush=True)
        data = json.dumps(alert.as_json()).encode()
        problems = [self._post(data)] if self.webhook else []
        problems += [self._run(data)] if self.command else []
        # without the address, which may hold a secret
        for problem in filter(None, problems):
            print(
                f"this alert could not be sent, and is tried again: {problem}",
                flush=True,
            )
        return not any(problems)

    def _post(self, data: bytes) -> str:
        request = urllib.request.Request(
            self.webhook, data, {"Content-Type": "application/json"}
        )
        local = is_loopback(urlsplit(self.webhook).hostname or "")
        # with a proxy, where there is one
        asking = direct() if local else urllib.request.build_opener()
        try:
            with asking.open(request, timeout=LONGEST):
                return ""
        except urllib.error.HTTPError as error:
            error.close()
            return f"the webhook answered {error.code}"
        except (OSError, HTTPException) as error:
            return f"the webhook did not answer ({type(error).__name__})"

    def _run(self, data: bytes) -> str:
        try:
            done = subprocess.run(
                self.command,
                input=data,
                timeout=LONGEST,
                stdout=subprocess.DEVNULL,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"the command did not run ({type(error).__name__})"
        return (
            f"the command ended with exit code {done.returncode}"
            if done.returncode
            else ""
        )


def receiver() -> Receiver:
    """From the environment; ArgumentsError for an address or a command that cannot be
    one.
    """
    webhook, command = os.environ.get(WEBHOOK, ""), os.environ.get(COMMAND, "")
    if webhook and urlsplit(webhook).scheme not in ("http", "https"):
        raise ArgumentsError(
            f"{WEBHOOK} needs an address that begins with http or https."
        )
    try:
        return Receiver(webhook, tuple(shlex.split(command)))
    except ValueError as error:
        raise ArgumentsError(
            f"{COMMAND} cannot be read as a command: {error}."
        ) from None
