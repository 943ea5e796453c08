"""The list of settings is that of the code."""

import re

from flows.docs.settings import AUTHORS, RUNS, SERVER, settings_reference
from tests.lib.places import CHECKOUT

ROOMS = ("extractors", "measures", "flows")
OURS = re.compile(r"\bCOHORTFLOW_[A-Z_]+\b")


def named_by_code() -> set[str]:
    found: set[str] = set()
    for room in ROOMS:
        for path in (CHECKOUT / room).rglob("*.py"):
            if "docs" not in path.parts:
                found |= set(OURS.findall(path.read_text(encoding="utf-8")))
    return found


def test_every_setting_of_ours_is_listed():
    listed = [each.name for each in (*RUNS, *SERVER, *AUTHORS)]
    assert len(listed) == len(set(listed))
    assert {name for name in listed if OURS.fullmatch(name)} == named_by_code()


def test_each_has_a_row():
    for kind, settings in (("runs", RUNS), ("server", SERVER), ("authors", AUTHORS)):
        text = settings_reference(kind)
        assert all(f"| `{each.name}` | {each.default} | " in text for each in settings)
