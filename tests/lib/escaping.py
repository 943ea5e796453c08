"""Tries the tricks of `escapes` on the closed process, as a program of its own, and
says what came of each.

    python escaping.py FOLDER WITHOUT SHARE OF

FOLDER is a new one for this; WITHOUT names walls to leave out, with commas; of all
tricks it takes those of its share. On standard output comes one JSON object: trick ->
what it got away with. It needs only Python's library, so that another user than the
tests' can run it.
"""

import contextlib
import ctypes
import io
import json
import os
import signal
import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from extractors.errors import CohortflowError
from measures.closed import conversation
from measures.closed.process import Closed, start
from measures.loading import load_study
from tests.lib.escapes import SECCOMP_ALONE, TRICKS, source

SECRET = "S3CRET"
SUBREAPER = 36
SECONDS = 2
NOTES = "plain\n" * 30_000  # more than a pipe holds


class World:
    """A study in whose folder lies all that it must not read, and sockets that must
    hear nothing.
    """

    def __init__(self, top: Path):
        self.top, self.project = top, top / "project"
        os.umask(0o022)
        self.files()
        self.links()
        self.listeners = self.listen()
        self.inherited = [
            os.open(top / "outside.py", os.O_RDONLY),
            os.open(top / "canary", os.O_RDWR),
        ]
        for number in self.inherited:
            os.set_inheritable(number, True)
        os.environ |= {"HOME": str(top / "home"), "ESCAPE": SECRET}
        os.chdir(self.project)

    def files(self) -> None:
        for name, text in {
            "home/.config/cohortflow/key": f"{SECRET}\n",
            "home/.pgpass": f"host:{SECRET}\n",
            "outside.py": f"VALUE = '{SECRET}'\n",
            "canary": "",
            "project/.git/config": SECRET,
            "project/.env": SECRET,
            "project/notes.txt": NOTES,
            "project/records/patients.csv": f"patient_id\n{SECRET}\n",
            "project/records/of-S3CRET.csv": f"patient_id\n{SECRET}\n",
            "project/workspace/study/highly_sensitive/ledger/x.jsonl": SECRET,
            "project/old/highly_sensitive/rows.csv": SECRET,
            "project/output/rows.csv": SECRET,
            "project/rows.parquet": f"PAR1\0{SECRET}",
        }.items():
            path = self.top / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def links(self) -> None:
        here = self.project
        (here / "linked.csv").symlink_to("records/patients.csv")
        (here / "shelf").symlink_to("records")
        (here / "up").symlink_to("/")
        (here / "zero").symlink_to("/dev/zero")
        (here / "hard.csv").hardlink_to(here / "records/patients.csv")
        (here / "hard.txt").hardlink_to(self.top / "home/.config/cohortflow/key")
        os.mkfifo(here / "fifo")

    def listen(self) -> list[socket.socket]:
        self.local = str(self.top / "socket")
        self.abstract = f"cohortflow-{os.getpid()}"
        tcp, udp = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
        unix, abstract = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
        places: list = [
            ("127.0.0.1", 0),
            ("127.0.0.1", 0),
            self.local,
            f"\0{self.abstract}",
        ]
        for each, place in zip((tcp, udp, unix, abstract), places, strict=True):
            each.bind(place)
            each.setblocking(False)
            if each.type == socket.SOCK_STREAM:
                each.listen()
        return [tcp, udp, unix, abstract]

    def names(self) -> str:
        tcp, udp = (each.getsockname()[1] for each in self.listeners[:2])
        known = {
            "TOP": self.top, "RECORDS": self.project / "records/patients.csv",
            "KEY": self.top / "home/.config/cohortflow/key", "PGPASS": self.top / "home/.pgpass",
            "LEDGER": self.project / "workspace/study/highly_sensitive/ledger/x.jsonl",
            "STARTER": os.getpid(), "TCP": tcp, "UDP": udp, "UNIX": self.local, "ABSTRACT": self.abstract,
        }  # fmt: skip
        return "".join(
            f"{name} = {value if isinstance(value, int) else repr(str(value))}\n"
            for name, value in known.items()
        )

    def heard(self) -> list[str]:
        found = []
        for each in self.listeners:
            with contextlib.suppress(BlockingIOError):
                connected = (
                    each.recv(99) if each.type == socket.SOCK_DGRAM else each.accept()
                )
                found.append(f"a socket heard {connected!r}")
        return found

    def changed(self) -> list[str]:
        """What was made or changed; it is put right for the next trick."""
        made = [*self.top.rglob("planted*"), *self.project.glob("core*")]
        for path in made:
            path.rmdir() if path.is_dir() else path.unlink()
        found = [f"made {path}" for path in made]
        for path, content in (
            (self.project / "notes.txt", NOTES),
            (self.top / "canary", ""),
        ):
            changed = not path.exists() or path.read_text(encoding="utf-8") != content
            if changed or path.stat().st_mode & 0o777 != 0o644:
                path.write_text(content, encoding="utf-8")
                path.chmod(0o644)
                found.append(f"changed {path}")
        return found


def left() -> list[str]:
    """Processes that are still there; this one is made the parent of all that lost
    theirs.
    """
    found = []
    children = (
        Path(f"/proc/self/task/{os.getpid()}/children")
        .read_text(encoding="utf-8")
        .split()
    )
    for number in map(int, children):
        if os.waitpid(number, os.WNOHANG) == (0, 0):
            found.append("a process was left")
            os.kill(number, signal.SIGKILL)
            os.waitpid(number, 0)
    return found


def attempt(world: World, trick: str, early: Closed) -> list[str]:
    """What a trick got away with."""
    definition = world.project / "study.py"
    definition.write_text(world.names() + source(trick), encoding="utf-8")
    told, found = io.StringIO(), []
    try:
        with contextlib.redirect_stderr(told):
            study = load_study(
                definition,
                forbidden=[Path("records"), Path("workspace")],
                seconds=SECONDS,
                early=early,
                on_weak=lambda _: None,
            )
        told.write(json.dumps(study.to_json()))
    except CohortflowError as error:
        told.write(error.message + error.detail)
        if "Traceback" in error.message:
            found.append("a traceback was shown")
    except BaseException as error:
        found.append(f"the starter failed: {error!r}")
    if SECRET in told.getvalue() or "\x1b" in told.getvalue():
        found.append(f"told {told.getvalue()[:300]}")
    return found + world.heard() + world.changed()


def main(folder: str, without: str, share: int, shares: int) -> None:
    conversation.WITHOUT = frozenset(filter(None, without.split(",")))
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    world = World(Path(folder))
    names = [
        name
        for name in TRICKS
        if "seccomp" not in conversation.WITHOUT or name not in SECCOMP_ALONE
    ]
    outcome = {}
    for name in names[share::shares]:
        outcome[name] = attempt(world, name, start()) + left()
    print(json.dumps(outcome))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
