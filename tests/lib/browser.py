"""A real Chromium without a screen, driven by WebDriver's own protocol: no library
stands between.
"""

import base64
import json
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# seconds until a page shows what it should, on a machine that is busy with other things
LONGEST = 120
PROGRAMS = ("chromium", "chromedriver")
# Without a screen, without calls home; `--no-sandbox` because a test may be root, and
# the page is our own.
FLAGS = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
    --disable-component-update --disable-sync --disable-dev-shm-usage --hide-scrollbars""".split()


def missing() -> str:
    """Which program is not here; empty if a browser can be started."""
    return ", ".join(name for name in PROGRAMS if not shutil.which(name))


class Browser:
    """One window. `session` is the address of WebDriver's session."""

    def __init__(self, session: str):
        self.session = session

    def open(self, url: str) -> None:
        self._post("url", {"url": url})

    def run(self, script: str, *arguments: object) -> Any:
        """The value that a piece of JavaScript returns."""
        return self._post("execute/sync", {"script": script, "args": list(arguments)})

    def text(self) -> str:
        """All that can be read on the page."""
        return str(self.run("return document.body ? document.body.innerText : ''"))

    def wait_for(self, *words: str) -> str:
        """The page's text once it holds all of these; an error that shows the text
        otherwise.
        """
        self.wait_until(
            lambda: all(word in self.text() for word in words), " and ".join(words)
        )
        return self.text()

    def wait_until(self, happens: Callable[[], Any], what: str) -> None:
        end = time.monotonic() + LONGEST
        while not happens():
            assert time.monotonic() < end, (
                f"the page never showed {what}:\n{self.text()}"
            )
            time.sleep(0.2)

    def click(self, words: str) -> None:
        """Click what reads exactly like this, the innermost of such elements."""
        find = """const all = [...document.querySelectorAll('a, button, [role=tab], [role=button], label, span, div')];
            return all.filter(each => each.innerText && each.innerText.trim() === arguments[0]).pop()"""
        self.wait_until(lambda: self.run(find, words), words)
        self.run(
            f"(() => {{ {find} }})().click()".replace("arguments[0]", json.dumps(words))
        )

    def fill(self, value: str, field: str = "input") -> None:
        """Put a value into a field as typing does, for pages that listen to it."""
        self.wait_until(
            lambda: self.run("return document.querySelector(arguments[0])", field),
            field,
        )
        self.run(
            """const field = document.querySelector(arguments[0])
            Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, arguments[1])
            field.dispatchEvent(new Event('input', {bubbles: true}))""",
            field,
            value,
        )

    def strangers(self) -> list[str]:
        """Addresses of other machines that the page has asked for something."""
        return list(
            self.run(
                """return performance.getEntriesByType('resource').map(each => each.name)
                .filter(name => !name.startsWith(location.origin) && !name.startsWith('data:'))"""
            )
        )

    def devtools(self, command: str, **parameters: object) -> Any:
        """One command of Chromium's own protocol, for what WebDriver has no words
        for.
        """
        return self._post("goog/cdp/execute", {"cmd": command, "params": parameters})

    def seen_as(
        self,
        width: int,
        height: int = 900,
        *,
        dark: bool = False,
        print_it: bool = False,
    ) -> None:
        """Show the page so wide, in light or dark, on a screen or on paper."""
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 500,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.devtools(
            "Emulation.setEmulatedMedia",
            media="print" if print_it else "screen",
            features=[scheme],
        )

    def press(self, key: str) -> None:
        """A key of the keyboard, by its name."""
        for kind in ("rawKeyDown", "keyUp"):
            codes = {"Tab": 9, "Enter": 13, "ArrowDown": 40}
            self.devtools(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                windowsVirtualKeyCode=codes[key],
            )

    def complaints(self) -> list[str]:
        """What the browser wrote into its console since this was asked last."""
        return [
            str(each["message"]) for each in self._post("se/log", {"type": "browser"})
        ]

    def picture(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self._get("screenshot")))

    def _get(self, what: str) -> Any:
        return _ask(f"{self.session}/{what}")

    def _post(self, what: str, body: dict[str, Any]) -> Any:
        return _ask(f"{self.session}/{what}", body)


@contextmanager
def browser(profile: Path, size: tuple[int, int] = (1400, 1000)) -> Iterator[Browser]:
    """A browser with an empty profile, gone at the end of the block."""
    port = _free_port()
    process = subprocess.Popen(
        ["chromedriver", f"--port={port}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/status")
        flags = [
            *FLAGS,
            f"--user-data-dir={profile}",
            f"--window-size={size[0]},{size[1]}",
        ]
        wants = {
            "goog:chromeOptions": {"args": flags},
            "goog:loggingPrefs": {"browser": "ALL"},
        }
        wants["timeouts"] = {"script": 1000 * LONGEST}
        wish = {"capabilities": {"alwaysMatch": wants}}
        id = _ask(f"http://127.0.0.1:{port}/session", wish)["sessionId"]
        session = f"http://127.0.0.1:{port}/session/{id}"
        try:
            yield Browser(session)
        finally:
            _ask(session, method="DELETE")
    finally:
        process.terminate()
        process.wait(LONGEST)


def _ask(
    url: str, body: dict[str, Any] | None = None, method: str | None = None
) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        url, data, {"Content-Type": "application/json"}, method=method
    )
    with urllib.request.urlopen(request, timeout=LONGEST) as answer:
        return json.load(answer)["value"]


def _wait_for(url: str) -> None:
    end = time.monotonic() + LONGEST
    while True:
        try:
            return _ask(url)
        except OSError:
            assert time.monotonic() < end, "chromedriver does not start"
            time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
