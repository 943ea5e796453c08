"""From raw to released counts: the only maker of ReleasedCounts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np
import pyarrow as pa

from extractors.errors import ArgumentsError, DisclosureRefused
from extractors.late import pc
from measures.counts.columns import TRUE, Part
from measures.counts.types import MeasureShape, RawCounts
from measures.disclosure.keep import earlier_drafts, keep_old, revisions
from measures.disclosure.memory.entries import Entry
from measures.disclosure.memory.people import refuse_other_policy
from measures.disclosure.memory.recall import Recalled, check_key, recall
from measures.disclosure.memory.setting import Setting
from measures.disclosure.memory.vanished import with_vanished
from measures.disclosure.notes import notes
from measures.disclosure.policies import CONTROLLED, POLICIES, RAW, Policy
from measures.disclosure.policy_steps import NOT_THEN, WITHHELD, Counts, Draft, Step
from measures.disclosure.programmes import scale_of
from measures.disclosure.remember import entries_of, everybody, people_of
from measures.disclosure.types import _WITNESS, ReleasedCounts


@dataclass(frozen=True, eq=False, repr=False)
class Protection:
    """What `protection` made."""

    # the counts for release
    released: ReleasedCounts
    # what the study's ledger must remember before they are released; empty: nothing new
    entries: Sequence[Entry]
    # releases of intervals whose numbers have changed since, as they were, oldest first
    earlier: Sequence[pa.Table]
    # what the site's ledger must remember, before the study's does; empty: nothing
    site: Sequence[Entry] = ()


def policy_named(name: str, known: Mapping[str, Policy] = POLICIES) -> Policy:
    """Raises ArgumentsError for an unknown name, listing the known."""
    if name not in known:
        raise ArgumentsError(
            f"There is no disclosure policy {name!r}; choose one of: "
            f"{', '.join(known)}."
        )
    return known[name]


def protect(
    raw: RawCounts, policy: str | Policy, setting: Setting | None = None
) -> ReleasedCounts:
    """The counts of all measures and periods after the steps of a policy, rows in the
    same order.

    Raises ArgumentsError for an unknown policy, DisclosureRefused as `protection` does.
    """
    return protection(raw, policy, setting).released


def protection(
    raw: RawCounts, policy: str | Policy, setting: Setting | None = None
) -> Protection:
    """As `protect`, with what the ledger should remember and what it remembers of
    before.

    Raises DisclosureRefused for true counts of records that aren't made up, and for
    what the ledger holds under another policy or key.
    """
    chosen, setting = (
        policy_named(policy) if isinstance(policy, str) else policy,
        setting or Setting(),
    )
    if chosen.rule == RAW and not setting.made_up:
        raise DisclosureRefused(
            "The policy 'none' shows true counts; it is for made-up records only."
        )
    check_key(setting.memory, setting.key)
    raw = with_vanished(raw, setting)
    recalled = recall(raw, setting, chosen.text, tied=chosen.rule == CONTROLLED)
    _refuse_other_policy(setting, recalled, chosen)
    parts = {
        Part.NUMERATOR: _numerators(raw),
        Part.DENOMINATOR: _counts(raw, Part.DENOMINATOR),
    }
    first = Draft(raw=raw, parts=parts, setting=setting, recalled=recalled)
    draft = _taken(chosen.after, keep_old(_taken(chosen.steps, first)))
    earlier = []
    for old, rows in earlier_drafts(draft):
        earlier.append(_earlier_table(_taken(chosen.after, old), rows, chosen))
    site = people_of(draft, chosen.text)
    entries = entries_of(draft, chosen.text, site=len(site) > 0)
    released = ReleasedCounts(
        table=_coded(_released_table(draft, chosen).filter(pa.array(draft.released))),
        reasons=_coded(_reasons(draft).filter(pa.array(draft.released))),
        measures=raw.measures,
        policy=chosen.name,
        ranges=_ranges(draft, chosen).filter(pa.array(draft.released)),
        rules=chosen.rules(),
        notes=notes(draft, chosen, entries),
        revisions=revisions(draft),
        witness=_WITNESS,
    )
    return Protection(released, entries, earlier, site)


def summed(
    table: pa.Table,
    reasons: pa.Table,
    ranges: pa.Table,
    *,
    measures: Sequence[MeasureShape],
    policy: str,
    base: int,
    rules: Sequence[str],
    notes: Mapping[str, Any],
) -> ReleasedCounts:
    """Sums of counts that several sites have released, as a release of their own.

    `base`: what divides every released count of people. Raises DisclosureRefused for a
    count of people that it does not divide: no released counts add up to it, so it may
    be a true one.
    """
    people = {shape.name for shape in measures if shape.is_proportion}
    mine = pc.is_in(
        table["measure"].cast(pa.string()),
        value_set=pa.array(sorted(people), pa.string()),
    )
    for part in Part:
        shown = table[part].filter(mine).drop_null().to_numpy()
        if (shown % base).any():
            raise DisclosureRefused(
                f"Some sums of a {part} are no sums of counts that were rounded to "
                f"multiples of {base}, so nothing is made of them; name releases as "
                "the sites wrote them."
            )
    return ReleasedCounts(
        table=table,
        reasons=reasons,
        measures=tuple(measures),
        policy=policy,
        rules=tuple(rules),
        ranges=ranges,
        notes=notes,
        witness=_WITNESS,
    )


def _refuse_other_policy(
    setting: Setting, recalled: Recalled | None, policy: Policy
) -> None:
    if setting.site is not None and recalled is not None:
        refuse_other_policy(setting.site, everybody(recalled), policy.text)


def _taken(steps: Iterable[Step], draft: Draft) -> Draft:
    return reduce(lambda before, step: step.protect(before), steps, draft)


def _counts(raw: RawCounts, part: Part) -> Counts:
    """The true counts of a part, before any step."""
    values = raw.table[part].to_numpy()
    return Counts(
        values=values,
        people=raw.table[part.patients].to_numpy(),
        largest=raw.table[part.largest].to_numpy(),
        reasons=np.full(len(values), "", dtype=object),
        reach=np.zeros(len(values), np.int64),
    )


def _numerators(raw: RawCounts) -> Counts:
    """As `_counts`, with a base of its own for each sum of amounts."""
    most = raw.each_row(lambda shape: shape.most)
    bases = {
        int(units): scale_of(units + 1) if units else 0 for units in np.unique(most)
    }
    own_base = np.array([bases[int(units)] for units in most], np.int64)
    return replace(_counts(raw, Part.NUMERATOR), own_base=own_base)


def _released_table(draft: Draft, policy: Policy) -> pa.Table:
    table = draft.raw.table.drop_columns(list(TRUE)).combine_chunks()
    columns = {
        "numerator": _shown(_in_ones(draft)),
        "denominator": _shown(draft.denominator),
        **_ratios(draft, policy),
        "status": pa.array(_status(draft), pa.string()),
    }
    for name, column in columns.items():
        table = table.append_column(name, column)
    return table


def _earlier_table(old: Draft, rows: np.ndarray, policy: Policy) -> pa.Table:
    """An earlier release, as far as its numbers are others than those of now.

    Groups that were 0 in it have rows, for its readers know that they were;
    groups without a name have none.
    """
    if old.unnamed is not None:
        rows = rows[~old.unnamed[rows]]
    return _coded(_released_table(old, policy).take(rows))


def _in_ones(draft: Draft) -> Counts:
    """The numerators as whole numbers; of amounts, which are in units, the base is a
    whole number, too.
    """
    units = _units(draft)
    return replace(
        draft.numerator, values=(draft.numerator.values + units // 2) // units
    )


def _units(draft: Draft) -> np.ndarray:
    return 10 ** draft.raw.each_row(lambda shape: shape.places)


def _status(draft: Draft) -> np.ndarray:
    reasons = [counts.reasons for counts in draft.parts.values()]
    redacted = draft.numerator.redacted | draft.denominator.redacted
    withheld = np.any([np.isin(each, (WITHHELD, NOT_THEN)) for each in reasons], axis=0)
    return np.where(withheld, "withheld", np.where(redacted, "redacted", "released"))


def _shown(counts: Counts) -> pa.Array:
    # The mask alone would hide the values but leave them in the memory of the column.
    return pa.array(
        np.where(counts.redacted, 0, counts.values), pa.int64(), mask=counts.redacted
    )


def _ratios(draft: Draft, policy: Policy) -> dict[str, pa.Array]:
    """The ratio of the released counts, and the range of the true ratio that they
    allow.

    Each of the two counts may be anything that the steps could have turned into what is
    shown, and the extremes of the ratio are the quotients of the extremes. A proportion
    also has N <= D: where N can reach D the largest ratio is 1, else N's largest stays
    below D's smallest and the quotient is below 1; both are min(1, quotient).
    """
    numerator, denominator = draft.numerator, draft.denominator
    missing = (
        numerator.redacted
        | denominator.redacted
        | (denominator.values < policy.least_denominator)
    )
    n_low, n_high = _possible(numerator, policy)
    d_low, d_high = _possible(denominator, policy)
    units = _units(draft)
    high = _divide(n_high, d_low * units, missing)
    at_most = np.where(draft.raw.is_proportion.to_numpy(), 1.0, np.inf)
    return {
        "ratio": pa.array(
            _divide(numerator.values, denominator.values * units, missing), mask=missing
        ),
        "ratio_at_least": pa.array(
            _divide(n_low, d_high * units, missing), mask=missing
        ),
        "ratio_at_most": pa.array(np.minimum(high, at_most), mask=missing),
    }


def _possible(counts: Counts, policy: Policy) -> tuple[np.ndarray, np.ndarray]:
    """The smallest and largest true counts for each shown one: the steps, taken
    backwards.
    """
    low = high = counts.values
    for step in reversed((*policy.steps, *policy.after)):
        low, high = step.possible(counts, low, high)
    return low, high


def _ranges(draft: Draft, policy: Policy) -> pa.Table:
    """What each count says of the true one, in ones: a shown one, and one of people
    that a rule withholds.
    """
    units = {Part.NUMERATOR: _units(draft), Part.DENOMINATOR: np.int64(1)}
    columns = {}
    for part, counts in draft.parts.items():
        low, high = _possible(counts, policy)
        most = _withheld_most(draft, part, policy)
        unknown = counts.redacted & (most < 0)
        lows = np.where(counts.redacted, 0, low // units[part])
        highs = np.where(counts.redacted, np.maximum(most, 0), -(-high // units[part]))
        columns[f"{part}_at_least"] = pa.array(lows, pa.int64(), mask=unknown)
        columns[f"{part}_at_most"] = pa.array(highs, pa.int64(), mask=unknown)
    return pa.table(columns)


def _withheld_most(draft: Draft, part: Part, policy: Policy) -> np.ndarray:
    """The most that each redacted count can be by the reason given; -1 where no reason
    says.
    """
    reasons = draft.parts[part].reasons
    most = np.full(len(reasons), -1, np.int64)
    people = draft.raw.is_proportion.to_numpy()  # of a sum the reason says nothing
    for reason, number in policy.withheld_most:
        most[people & (reasons == reason)] = number
    return most


def _divide(top: np.ndarray, bottom: np.ndarray, missing: np.ndarray) -> np.ndarray:
    return np.divide(top, bottom, out=np.zeros(len(top)), where=~missing)


def _reasons(draft: Draft) -> pa.Table:
    columns = {}
    for part, counts in draft.parts.items():
        columns[part.value] = pa.array(
            counts.reasons, pa.string(), mask=~counts.redacted
        )
    return pa.table(columns)


def _coded(table: pa.Table) -> pa.Table:
    """The same with strings dictionary-coded, in the order they first appear."""
    for index, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            coded = table[index].combine_chunks().dictionary_encode()
            table = table.set_column(index, field.name, coded)
    return table
