"""A server of sixty studies, five of which people run at once while deployments have
theirs, on the server's own PostgreSQL (not as root) or on SQLite.

    .venv/bin/python -m tests.benchmarks.many_studies [--studies 60] [--at-once 5] [--sqlite]
"""

import argparse
import tempfile
from pathlib import Path

from flows.serving.database import SQLITE, WISH
from tests.flows.many import LOCKED, play


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--studies", type=int, default=60)
    asked.add_argument("--at-once", type=int, default=5)
    asked.add_argument("--sqlite", action="store_true")
    asked.add_argument("--folder", type=Path)
    parsed = asked.parse_args()
    settings = {WISH: SQLITE} if parsed.sqlite else {}
    with tempfile.TemporaryDirectory() as folder:
        place = parsed.folder or Path(folder)
        seen = play(place, parsed.studies, parsed.at_once, **settings)
    print(
        f"{parsed.studies} studies, {parsed.at_once} at once, in {seen.seconds:.0f} s: "
        f"{len(seen.bad)} ended badly, {len(seen.unreleased)} without a release, "
        f"{seen.restarts} restarts, the same runner: {seen.same_runner}, "
        f"{seen.said.count(LOCKED)} times {LOCKED!r}"
    )
    for name, why in seen.bad.items():
        print(f"   {name}: {why[-400:]}")


if __name__ == "__main__":
    main()
