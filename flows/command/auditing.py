"""The command `cohortflow audit`: attack released files by hand, and show a checker
what they give away.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from extractors.errors import ArgumentsError, DisclosureRefused
from extractors.fingerprint import file_hash
from measures.disclosure.audit import Audit, audit
from measures.disclosure.audit.findings import (
    EVERYBODY,
    EXACT,
    EXACT_SMALL,
    KINDS,
    NAMED,
    NARROW,
    NOT_ROUNDED,
    SMALL,
    SMALL_NARROWED,
    ZERO,
    Finding,
)
from measures.disclosure.audit.reading.files import read_releases
from measures.disclosure.policies import POLICIES, RAW
from measures.release.csv import escaped
from measures.release.files import CSV, MANIFEST
from measures.release.reading import manifest_beside

MEANINGS = {
    NOT_ROUNDED: "shown as no number that the policy gives, so it may be the true count",
    NAMED: "the records name a group of which no interval shows two bases of people, so "
    "its name is theirs",
    EXACT_SMALL: "one true count is possible, and it is 1 to {most}",
    EXACT: "one true count is possible, and it is above {most}",
    ZERO: "no person is counted, for certain",
    EVERYBODY: "all of the denominator are in the numerator, for certain, so it says "
    "something of each of them",
    SMALL_NARROWED: "the true count is 1 to {most} for certain, and not even all of these are "
    "possible",
    SMALL: "the true count is 1 to {most} for certain, and each of these is possible",
    NARROW: "several true counts are possible, but fewer than the policy wants",
}
MOST_SHOWN = 20


def audit_files(files: Sequence[str], policy: str, structure: str = "") -> Audit:
    """Attack released files; without `structure` the manifest beside the last one is
    used, if there is one.

    Raises ArgumentsError for files, a policy or a structure that can't be used, or that
    do not belong together, and for a file that is not as the manifest beside it says.
    """
    paths = [Path(file) for file in files]
    for path in paths:
        _refuse_folder(path, CSV)
    manifest = _agreed(paths, structure, policy)
    releases = read_releases(paths)
    for path in paths:
        _check_unchanged(path)
    return audit(
        releases,
        manifest.get("structure"),
        policy,
        settings=_strictness(manifest, policy),
        named_before=manifest.get("disclosure", {}).get("named_before", ()),
        whole=False,
    )


def _agreed(paths: Sequence[Path], structure: str, policy: str) -> Mapping[str, Any]:
    """The manifest to go by, empty if there is none; it and those beside the files must
    name the policy.
    """
    beside = [manifest_beside(path) for path in paths]
    last = Path(structure) if structure else beside[-1]
    manifests = {path: _manifest(path) for path in (*beside, last) if path}
    for path, manifest in manifests.items():
        _refuse_other(manifest, policy, path)
    return manifests[last] if last else {}


def _manifest(path: Path) -> Mapping[str, Any]:
    """A manifest.json, or its structure alone in a file."""
    _refuse_folder(path, MANIFEST)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ArgumentsError(
            f"There is no file {path.name}; give the manifest.json that came with the "
            "release"
            f": {path}"
        ) from None
    except OSError as error:
        raise ArgumentsError(
            f"{path.name} cannot be read: {error.strerror}: {path}"
        ) from None
    except ValueError:
        raise ArgumentsError(
            f"{path.name} is not JSON; give the manifest.json that came with the release"
            f": {path}"
        ) from None
    manifest = data if isinstance(data, dict) else {}
    if "structure" not in manifest and "measures" in manifest:
        manifest = {"structure": manifest}
    if "structure" not in manifest:
        raise ArgumentsError(
            f"{path.name} says nothing of a structure; give the manifest.json that came "
            "with the release"
            f": {path}"
        )
    return manifest


def _refuse_folder(path: Path, example: str) -> None:
    if path.is_dir():
        raise ArgumentsError(
            f"That is a folder; name a file in it, such as {path / example}."
        )


def _refuse_other(manifest: Mapping[str, Any], policy: str, path: Path) -> None:
    """Numbers that another rule has made are judged wrongly, and may pass."""
    made_by = manifest.get("disclosure", {}).get("policy", policy)
    if made_by != policy:
        raise ArgumentsError(
            f"{path.name} says that the policy {made_by!r} made these numbers, not "
            f"{policy!r}; say --policy {made_by}: {path}"
        )


def _check_unchanged(file: Path) -> None:
    """ArgumentsError if the manifest of its release knows this file with another
    content.
    """
    manifest = manifest_beside(file)
    if manifest is None:
        return
    said = (
        _manifest(manifest)
        .get("files", {})
        .get(file.relative_to(manifest.parent).as_posix())
    )
    if said is not None and said != file_hash(file):
        raise ArgumentsError(
            f"{file.name} is not as it was released: its sha256 is another than "
            f"{manifest.name} says. Give the file as it was released; to attack another "
            f"one, put it elsewhere and say --structure {manifest}"
        )


def _strictness(manifest: Mapping[str, Any], policy: str) -> dict[str, Any]:
    """The threshold and base of a site that asks for more than the policy; one that
    says less loosens nothing.

    Of a release that is made of several sites' ones, also those of each site.
    """
    made = manifest.get("disclosure", {})
    if made.get("policy") != policy or policy not in POLICIES or policy == RAW:
        return {}
    sites = [_stricter(each, policy) for each in made.get("sites", ())]
    return _stricter(made, policy) | ({"sites": sites} if sites else {})


def _stricter(made: Mapping[str, Any], policy: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, least in _numbers(policy).items():
        found[name] = max(least, _number(made, name, least))
    return found


def _numbers(policy: str) -> dict[str, int]:
    return {"threshold": POLICIES[policy].threshold, "base": POLICIES[policy].base}


def _number(made: Mapping[str, Any], name: str, default: int) -> int:
    value = made.get(name, default)
    if type(value) is not int:
        raise ArgumentsError(
            f"The manifest says {value!r} as the {name} of its policy; it must be a "
            "whole number."
        )
    return value


def exit_code(found: Audit) -> int:
    return 0 if found.passed else DisclosureRefused.exit_code


def show_audit(console: Console, found: Audit) -> None:
    """Tallies by table, the worst cells, and the verdict in words."""
    if found.findings:
        console.print(_tallies(found))
        for line in meanings(found):
            console.print(line, highlight=False, soft_wrap=True, markup=False)
        console.print(_worst(found.findings[:MOST_SHOWN], several=found.releases > 1))
        if len(found.findings) > MOST_SHOWN:
            console.print(
                f"{len(found.findings) - MOST_SHOWN} more; --json lists the worst "
                "hundred."
            )
    for line in found.summary():
        console.print(line, highlight=False, soft_wrap=True, markup=False)
    passed = (
        "[green]Passed.[/]"
        if found.rule.protects
        else "[yellow]Nothing was demanded.[/]"
    )
    console.print(passed if found.passed else "[red]Refused.[/]")


def meanings(found: Audit) -> list[str]:
    """What each kind of finding says of a count, in the order of the columns."""
    made: list[str] = []
    for kind in _kinds(found):
        made.append(f"{kind}: {MEANINGS[kind].format(most=found.rule.threshold)}.")
    return made


def _kinds(found: Audit) -> list[str]:
    made: list[str] = []
    for kind in KINDS:
        if any(finding.kind == kind for finding in found.findings):
            made.append(kind)
    return made


def _tallies(found: Audit) -> Table:
    kinds = _kinds(found)
    table = Table(
        "measure",
        "group by",
        *kinds,
        title="What the attacker learns: numbers of counts",
    )
    for column in table.columns[:2]:
        column.overflow = "fold"
    for column in table.columns[2:]:
        column.justify = "right"
    for (measure, grouping), tally in found.tables().items():
        table.add_row(
            measure,
            grouping or "(total)",
            *(str(tally.get(kind, "")) for kind in kinds),
        )
    return table


def _worst(findings: Sequence[Finding], *, several: bool) -> Table:
    """Ranges only: an exact count would be the raw one. Where there are `several`
    releases, a column says of which each finding is.
    """
    names = (
        "finding",
        "measure",
        "from",
        "cell",
        "count",
        *(["release"] if several else []),
        "possible",
    )
    table = Table(*names, title="The worst cells")
    for column in table.columns:
        column.overflow, column.no_wrap = (
            "fold",
            column.header not in ("measure", "cell"),
        )
    for each in findings:
        place = each.place
        cell = ", ".join(
            f"{n}={'missing' if g is None else escaped(g)}"
            for n, g in zip(*place.cell, strict=True)
        )
        possible = f"{each.low} to {each.high}" if each.width > 1 else "one value"
        first = str(place.interval[0])
        release = [str(place.release + 1)] if several else []
        table.add_row(
            each.kind,
            place.measure,
            first,
            escape(cell) or "(total)",
            place.quantity,
            *release,
            possible,
        )
    return table
