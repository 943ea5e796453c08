"""The care of one part of the server, shown with small real processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from flows.serving import api
from flows.serving import keeper as keeping
from flows.serving.keeper import Keeper
from flows.serving.parts import Part
from flows.serving.setting import setting

SLEEP = "import time; time.sleep(600)"
LONGEST = 60


class Care:
    """Keepers whose clock the test turns: `at` moves it and lets everything that is due
    happen.
    """

    def __init__(self, folder: Path):
        self.folder, self.said, self.keepers = folder, list[str](), list[Keeper]()

    def of(self, script: str, **settings: object) -> Keeper:
        name = str(settings.pop("name", "part"))
        part = Part(name, (sys.executable, "-c", script), **settings)  # type: ignore[arg-type]
        self.keepers.append(Keeper(part, os.environ, self.folder, self.said.append))
        return self.keepers[-1]

    def runs(self, keeper: Keeper) -> bool:
        return keeper._process is not None

    def process(self, keeper: Keeper) -> subprocess.Popen:
        assert keeper._process is not None
        return keeper._process


@pytest.fixture
def care(tmp_path: Path) -> Iterator[Care]:
    care = Care(tmp_path)
    yield care
    for keeper in care.keepers:
        keeper.stop()


NOBODY: frozenset[str] = frozenset()


def until(happens: Callable[[], bool]) -> None:
    end = time.monotonic() + LONGEST
    while not happens():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)


def test_a_dead_part_starts_again_after_longer_and_longer_pauses(care: Care):
    keeper, now = care.of("raise SystemExit(7)"), 0.0
    pauses = []
    for _death in range(8):
        keeper.tick(now, NOBODY)
        until(lambda: care.process(keeper).poll() is not None)
        keeper.tick(now, NOBODY)
        pauses.append(keeper._start_at - now)
        keeper.tick(keeper._start_at - 0.01, NOBODY)
        assert not care.runs(keeper), "it waits"
        now = keeper._start_at
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    assert "part ended (exit code 7); it starts again in 1 s" in care.said[0]


def test_a_part_that_lived_long_starts_again_at_once(care: Care):
    keeper = care.of(SLEEP)
    for start in (0.0, 100.0, 200.0):
        keeper.tick(start, NOBODY)
        care.process(keeper).kill()
        care.process(keeper).wait()
        keeper.tick(start + keeping.STEADY + 1, NOBODY)
    assert all(
        "(signal SIGKILL); it starts again in 1 s" in said
        for said in care.said
        if "ended" in said
    )


def test_a_part_waits_for_those_before_it(care: Care):
    keeper = care.of(SLEEP, after=("server",))
    keeper.tick(0, NOBODY)
    assert not care.runs(keeper)
    keeper.tick(1, frozenset({"server"}))
    assert care.runs(keeper)
    keeper.tick(2, frozenset({"server"}))
    assert keeper.ready


def test_what_is_done_once_is_done_until_it_goes_well(care: Care, tmp_path: Path):
    script = f"import os; os.rmdir({str(tmp_path / 'second')!r})"
    keeper = care.of(script, once=True)
    for now in (0.0, 10.0, 20.0):
        keeper.tick(now, NOBODY)
        if care.runs(keeper):
            until(lambda: care.process(keeper).poll() is not None)
            keeper.tick(now, NOBODY)
        (tmp_path / "second").mkdir(exist_ok=True)
    assert keeper.ready and not care.runs(keeper) and len(care.said) == 1


def silent_until(care: Care, keeper: Keeper) -> float:
    """Seconds from the start of a part until the keeper gives it up."""
    keeper.tick(0, NOBODY)
    first, now = care.process(keeper), 0.0
    while first.poll() is None and now < 10_000:
        now += keeping.LOOK_EVERY
        keeper.tick(now, NOBODY)
    assert "part does not answer; it is started again" in care.said
    return now


@pytest.mark.parametrize("busy", [False, True])
def test_a_part_that_does_not_answer_is_started_again(
    care: Care, monkeypatch, busy: bool
):
    """Three minutes of silence are death where the machine has time for an answer, else
    half an hour.
    """
    monkeypatch.setattr(keeping, "is_busy", lambda: busy)
    answers = iter([False, True])
    keeper = care.of(SLEEP, is_well=lambda _age: next(answers, False))
    ended = silent_until(care, keeper)
    assert keeper.ready
    expected = 1800 if busy else 180
    assert expected < ended <= expected + 20


def test_a_look_that_tells_nothing_is_no_silence(care: Care, monkeypatch):
    """A runner of which a slow server says nothing for an hour, and then that it was
    not heard lately.
    """
    monkeypatch.setattr(keeping, "is_busy", lambda: False)
    answers = iter([True, False, *[None] * 720, *[False] * 30])
    keeper = care.of(SLEEP, is_well=lambda _age: next(answers, True))
    for look in range(760):
        keeper.tick(look * keeping.LOOK_EVERY, NOBODY)
    assert care.process(keeper).poll() is None
    assert care.said == ["part is up"]


SLOW_SERVER = """
import http.server, sys, time
from pathlib import Path
class Slow(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(float(Path(sys.argv[1], "seconds").read_text()))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"true")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Slow)
Path(sys.argv[1], "port").write_text(str(server.server_port))
server.serve_forever()
"""


def test_a_server_that_is_slow_or_stopped_for_a_while_is_left_alive(
    care: Care, monkeypatch, tmp_path: Path
):
    """A real one, looked at as Prefect's: too slow for any look, then stopped by a
    signal, then well.
    """
    monkeypatch.setattr(api, "LONGEST", 0.2)
    monkeypatch.setattr(keeping, "is_busy", lambda: False)
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:1/api")
    (tmp_path / "seconds").write_text("0", encoding="utf-8")
    script = SLOW_SERVER.replace("sys.argv[1]", repr(str(tmp_path)))
    port = tmp_path / "port"

    def answers(_age: float) -> bool:
        address = f"http://127.0.0.1:{port.read_text(encoding='utf-8')}/api"
        return api.is_healthy(replace(setting("w"), api_url=address))

    keeper = care.of(script, is_well=answers)
    keeper.tick(0, NOBODY)
    until(lambda: port.exists() and bool(port.read_text(encoding="utf-8")))
    keeper.tick(1, NOBODY)
    server, now = care.process(keeper), 1000.0
    keeper.tick(now, NOBODY)
    (tmp_path / "seconds").write_text("3", encoding="utf-8")
    for _ in range(7):
        keeper.tick(now := now + keeping.LOOK_EVERY, NOBODY)
    (tmp_path / "seconds").write_text("0", encoding="utf-8")
    server.send_signal(signal.SIGSTOP)
    for _ in range(7):
        keeper.tick(now := now + keeping.LOOK_EVERY, NOBODY)
    assert keeper._silence.idle >= 60, "the old limit was half of that"
    server.send_signal(signal.SIGCONT)
    until(lambda: answers(0))
    keeper.tick(now := now + keeping.LOOK_EVERY, NOBODY)
    assert keeper._silence.whole == 0 and care.said == ["part is up"]
    assert care.process(keeper) is server and server.poll() is None


def test_a_part_is_judged_by_what_it_did_since_its_start(care: Care):
    ages: list[float] = []

    def heard(age: float) -> bool:
        ages.append(age)
        return False

    keeper = care.of(SLEEP, is_well=heard)
    for now in (100.0, 101.0, 103.0):
        keeper.tick(now, NOBODY)
    care.process(keeper).kill()
    care.process(keeper).wait()
    for now in (104.0, 106.0, 107.0):  # it ends, starts again, is looked at
        keeper.tick(now, NOBODY)
    assert ages == [1, 3, 1]


def test_a_part_that_cannot_be_judged_is_left_alone(care: Care):
    keeper = care.of(SLEEP, is_well=lambda _age: None)
    for now in range(0, 1000, 10):
        keeper.tick(now, NOBODY)
    assert not care.said and not keeper.ready


FAMILY = f"""
import signal, subprocess, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(subprocess.Popen([sys.executable, "-c", {SLEEP!r}]).pid, flush=True)
{SLEEP}
"""


def test_nothing_of_a_part_outlives_it(care: Care, monkeypatch, tmp_path: Path):
    monkeypatch.setattr(keeping, "LAST_WORDS", 0.2)
    keeper, log = care.of(FAMILY), tmp_path / "part.log"
    keeper.tick(0, NOBODY)
    until(lambda: log.exists() and log.read_text(encoding="utf-8").endswith("\n"))
    child = psutil.Process(int(log.read_text(encoding="utf-8")))
    keeper.stop()
    until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)
    assert care.process(keeper).returncode == -signal.SIGKILL
    assert "part did not end when asked to; it was killed" in care.said


@pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells a child that its parent died"
)
def test_parts_end_when_their_keeper_is_killed(tmp_path: Path):
    script = f"""
import os, time
from pathlib import Path
from flows.serving.keeper import Keeper
from flows.serving.parts import Part
keeper = Keeper(Part("part", ({sys.executable!r}, "-c", {SLEEP!r})), os.environ, Path({str(tmp_path)!r}), print)
keeper.tick(0, frozenset())
print(keeper._process.pid, flush=True)
time.sleep(600)
"""
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


def test_a_large_log_makes_room(care: Care, monkeypatch, tmp_path: Path):
    monkeypatch.setattr(keeping, "LARGEST_LOG", 3)
    (tmp_path / "part.log").write_text("long", encoding="utf-8")
    care.of(SLEEP).tick(0, NOBODY)
    assert (tmp_path / "part.log.1").read_text(encoding="utf-8") == "long" and (
        tmp_path / "part.log"
    ).read_text(encoding="utf-8") == ""
