"""What an output checker should know of a release beside its numbers, in plain words;
no raw counts.
"""

from collections.abc import Sequence
from typing import Any

from measures.disclosure.accuracy import accuracy
from measures.disclosure.memory.entries import COMMIT, Entry
from measures.disclosure.naming import names_kept
from measures.disclosure.policies import (
    BOUND,
    CONTROLLED,
    NEARLY,
    NOT_BOUND,
    RAW,
    Policy,
)
from measures.disclosure.policy_steps import Draft
from measures.disclosure.questions import questions

PUBLIC_KEY = (
    "The records are made up, so the rounding has a public key: everybody's trial "
    "runs look alike, and nothing is protected, because there is nothing to protect."
)


def notes(draft: Draft, policy: Policy, entries: Sequence[Entry]) -> dict[str, Any]:
    """Sections for the manifest; the same for the same counts, key and ledger."""
    said: dict[str, Any] = {
        "threshold": policy.threshold,
        "base": policy.base,
        "guaranteed": _held(policy.guarantees, draft),
        "not_guaranteed": list(policy.not_guaranteed),
    }
    if draft.recalled is not None:
        said["ledger"] = _ledger(draft, entries)
    kept = names_kept(draft, policy.least_named) if policy.least_named else []
    if kept:
        said["named_before"] = kept
    if policy.rule == CONTROLLED:
        said |= {
            "key": draft.setting.key.id,
            "largest_error": _largest_error(policy),
            "expected_error": _expected_error(policy),
            "bound": {"together": _held(BOUND, draft), "not_together": list(NOT_BOUND)},
        }
        if draft.setting.key.public:
            said["public_key"] = PUBLIC_KEY
    if draft.setting.structure is not None:
        said["questions"] = questions(
            draft.setting.structure, draft.raw.measures
        ).as_json()
    if policy.rule != RAW:
        said["accuracy"] = accuracy(draft, policy.base)
    return said


def _held(promises: Sequence[str], draft: Draft) -> list[str]:
    """Without the one about single persons where no place has the hashes of all: of sums
    over several sites.
    """
    found: list[str] = []
    for each in promises:
        if each != NEARLY or draft.setting.is_person is not None:
            found.append(each)
    return found


def _largest_error(policy: Policy) -> str:
    return (
        f"less than {policy.base} for every count of people, less than its own base "
        "for every sum of events"
    )


def _expected_error(policy: Policy) -> str:
    """A remainder k becomes 0, or the base with a chance of k / base: 2 k (base - k) /
    base on average.
    """
    mean = (policy.base**2 - 1) / (3 * policy.base)
    return (
        f"{mean:.1f} people on average for counts of people whose last digits are "
        "spread evenly; over many cells as often too high as too low"
    )


def _ledger(draft: Draft, entries: Sequence[Entry]) -> dict[str, Any]:
    """The last release that had anything new, which is this one if it has; a mere
    repetition says the same again.
    """
    commits = [
        *draft.setting.memory.commits,
        *(entry for entry in entries if entry["kind"] == COMMIT),
    ]
    last = commits[-1] if commits else {}
    names = (
        "release",
        "intervals",
        "first",
        "last",
        "new_intervals",
        "changed_intervals",
        "reason",
    )
    changed = (
        draft.recalled.changed if draft.recalled and not draft.setting.revise else ()
    )
    kept = len({(shown.start, shown.end) for shown in changed})
    return {
        "last_change": {name: last[name] for name in names if name in last},
        "intervals_changed_since_and_kept_as_released": kept,
        "said": _said(last, kept),
    }


def _said(last: Entry, stays: int) -> str:
    if not last:
        return "Nothing was released."
    first = (
        "This is the first release."
        if last["release"] == 1
        else f"This is release number {last['release']}."
    )
    new = f"It shows {last['new_intervals']} intervals that were not released before"
    changed = (
        f" and new numbers for {last['changed_intervals']}"
        if last["changed_intervals"]
        else ""
    )
    changed += f" (why: {last['reason']})" if "reason" in last else ""
    return f"{first} {new}{changed}; all others are as they were released. {_kept(stays)}".strip()


def _kept(stays: int) -> str:
    if not stays:
        return ""
    return (
        f"In {stays} intervals the records or the definition changed since; the "
        "released numbers stay (revisions.csv)."
    )
