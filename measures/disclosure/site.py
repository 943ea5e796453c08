"""What a site says: which policies it allows, which is the default, stricter numbers,
and what else may be.

A TOML file; all of it may be left out:

    default = "controlled"
    allowed = ["controlled", "opensafely"]
    allow_plain_http = true
    allow_weak_isolation = true
    require_approval = true
    approvals = 2

    [controlled]
    threshold = 9
    base = 15
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extractors.errors import ArgumentsError
from measures.disclosure.control import policy_named
from measures.disclosure.policies import (
    CONTROLLED,
    DEFAULT,
    NEAREST,
    POLICIES,
    WITH_NUMBERS,
    Policy,
)

NUMBERS = ("threshold", "base")
# Fields of Site that are true or false, and false where nothing is said.
SWITCHES = ("allow_plain_http", "allow_weak_isolation", "require_approval")


@dataclass(frozen=True)
class Site:
    """What a site allows."""

    policies: Mapping[str, Policy] = field(default_factory=lambda: POLICIES)  # by name
    default: str = DEFAULT  # the policy of runs that name none
    # whether Prefect's server may be on another machine without TLS
    allow_plain_http: bool = False
    # whether a definition is read for real records where the system lacks a wall
    allow_weak_isolation: bool = False
    # whether a release waits for people before it leaves the workspace, and the next
    # one for it
    require_approval: bool = False
    # how many people must approve a release
    approvals: int = 1

    def chosen(self, name: str) -> Policy:
        """The policy of this name, or the default for ""; ArgumentsError, listing the
        allowed.
        """
        return policy_named(name or self.default, self.policies)


def read_site(path: Path | None) -> Site:
    """The site's file; no file, no changes. ArgumentsError for what it can't mean or
    may not loosen.
    """
    if path is None:
        return Site()
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ArgumentsError(
            f"The site's policies cannot be read from {path.name}: {error}: {path}"
        ) from None
    unknown = sorted(
        said.keys() - {"default", "allowed", "approvals", *SWITCHES, *POLICIES}
    )
    if unknown:
        names = ", ".join(["default", "allowed", *SWITCHES, "approvals"])
        raise ArgumentsError(
            f"{path.name} says {unknown[0]!r}; it may say {names}, or {', '.join(POLICIES)}"
            f": {path}"
        )
    allowed = _allowed(said, path)
    default = said.get("default", DEFAULT if DEFAULT in allowed else allowed[0])
    if default not in allowed:
        raise ArgumentsError(
            f"{path.name} makes {default!r} the default, which is not among its allowed "
            "policies"
            f": {path}"
        )
    policies = {
        name: _stricter(POLICIES[name], said.get(name, {}), path) for name in allowed
    }
    switches = {name: _switch(said, name, path) for name in SWITCHES}
    return Site(policies, default, approvals=_approvals(said, path), **switches)


def _switch(said: Mapping[str, Any], name: str, path: Path) -> bool:
    value = said.get(name, False)
    if not isinstance(value, bool):
        raise ArgumentsError(
            f"{path.name}: {name} is {value!r}, but must be true or false: {path}"
        )
    return value


def _approvals(said: Mapping[str, Any], path: Path) -> int:
    value = said.get("approvals", 1)
    if type(value) is not int or value < 1:
        raise ArgumentsError(
            f"{path.name}: approvals is {value!r}, but must be a whole number of people "
            "from 1"
            f": {path}"
        )
    return value


def _allowed(said: Mapping[str, Any], path: Path) -> list[str]:
    """`none` is always there: it is for made-up records, of which no site needs to be
    careful.
    """
    names = said.get("allowed", list(POLICIES))
    if (
        not isinstance(names, list)
        or not names
        or not set(map(str, names)) <= POLICIES.keys()
    ):
        raise ArgumentsError(
            f"{path.name} must allow some of {', '.join(POLICIES)}; allowed = [...] is a "
            "list of names"
            f": {path}"
        )
    return list(dict.fromkeys([*names, "none"]))


def _stricter(policy: Policy, said: Any, path: Path) -> Policy:
    if said == {}:
        return policy
    if (
        policy.name not in WITH_NUMBERS
        or not isinstance(said, dict)
        or not said.keys() <= set(NUMBERS)
    ):
        raise ArgumentsError(
            f"{path.name}: [{policy.name}] can't be changed like this; it may have "
            f"{' and '.join(NUMBERS)}"
            f": {path}"
        )
    numbers = {}
    for name in NUMBERS:
        numbers[name] = _number(
            policy, name, said.get(name, getattr(policy, name)), path
        )
    _check_together(policy, numbers, path)
    return WITH_NUMBERS[policy.name](numbers["threshold"], numbers["base"])


def _number(policy: Policy, name: str, value: Any, path: Path) -> int:
    least = getattr(policy, name)
    if type(value) is not int or value < least:
        raise ArgumentsError(
            f"{path.name}: the {name} of {policy.name} is {value!r}, but must be a whole "
            f"number from {least}: a site can be stricter than the policy, never "
            "looser"
            f": {path}"
        )
    return value


def _check_together(policy: Policy, numbers: Mapping[str, int], path: Path) -> None:
    """A coarse rounding can show a large count as a small one, a fine one none of what
    was asked for.
    """
    threshold, base = numbers["threshold"], numbers["base"]
    if policy.rule == NEAREST and (
        base % 2 == 0 or (threshold + 1 + base // 2) // base * base <= threshold
    ):
        raise ArgumentsError(
            f"{path.name}: {policy.name} with threshold {threshold} and base {base} would "
            f"show {threshold + 1} as something that looks redactable, or round "
            "halves; use an odd base and a higher threshold"
            f": {path}"
        )
    if policy.rule != NEAREST and base < threshold + (policy.rule == CONTROLLED):
        raise ArgumentsError(
            f"{path.name}: {policy.name} with threshold {threshold} needs a larger base "
            f"than {base}"
            f": {path}"
        )
