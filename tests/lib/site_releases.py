"""Releases of made-up sites: people drawn, counted in plain Python, protected under a
key of each site.
"""

from pathlib import Path
from typing import Any

from measures.disclosure.control import protection
from measures.disclosure.memory.keys import Key
from measures.disclosure.memory.setting import Setting
from measures.disclosure.policies import POLICIES, Policy
from measures.release.bundle import write_release
from tests.lib.people_counts import CountsOf
from tests.lib.releases import people, study

MADE_WITH = {"cohortflow": "0.2.0"}


def drawn(
    size: int, seed: int, *, weeks: int = 2, events: bool = False, **wanted: Any
) -> CountsOf:
    """The counts of a site of this size."""
    counted = study(people(size, seed, weeks), weeks, **wanted)
    return CountsOf(
        counted.people,
        counted.groupings,
        nested=counted.nested,
        weeks=weeks,
        events=events,
    )


def site_key(name: str) -> Key:
    return Key(name.encode().ljust(32, b"."))


def release_site(
    folder: Path, counts: CountsOf, policy: str | Policy = "controlled", **told: Any
) -> Path:
    """Protect and write the counts of a site as its run would; `told`: other entries of
    its manifest.
    """
    chosen = POLICIES[policy] if isinstance(policy, str) else policy
    key = site_key(folder.name)
    made = protection(counts.raw(), chosen, Setting(counts.structure(), key))
    manifest = {
        "study": "drawn",
        "definition": "0" * 64,
        "codelists": {"codes.csv": "1" * 64},
        "records": {"kind": "folder", "fingerprint": folder.name},
        "versions": MADE_WITH,
        "warnings": [],
        "structure": counts.structure().as_json(),
    }
    write_release(made.released, folder, {**manifest, **told})
    return folder
