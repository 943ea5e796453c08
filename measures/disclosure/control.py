"""From raw to released counts: the only maker of ReleasedCounts."""

from functools import reduce

import numpy as np
import pyarrow as pa

from extractors.errors import ArgumentsError
from measures.disclosure.policies import POLICIES, Policy
from measures.disclosure.steps import Counts, Draft
from measures.disclosure.types import _WITNESS, COUNTS, RawCounts, ReleasedCounts


def policy_named(name: str) -> Policy:
    """Raises ArgumentsError for an unknown name, listing the known."""
    if name not in POLICIES:
        raise ArgumentsError(f"There is no disclosure policy {name!r}; choose one of: {', '.join(POLICIES)}.")
    return POLICIES[name]


def protect(raw: RawCounts, policy: str) -> ReleasedCounts:
    """The counts of all measures and periods after the steps of a policy, rows in the same order.

    Raises ArgumentsError for an unknown policy.
    """
    chosen = policy_named(policy)
    draft = reduce(lambda before, step: step.protect(before), chosen.steps, _draft(raw))
    return ReleasedCounts(
        table=_released_table(draft, chosen),
        reasons=_reasons(draft),
        measures=raw.measures,
        policy=chosen.name,
        rules=chosen.rules(),
        witness=_WITNESS,
    )


def _draft(raw: RawCounts) -> Draft:
    return Draft(raw, _counts(raw, "numerator"), _counts(raw, "denominator"))


def _counts(raw: RawCounts, name: str) -> Counts:
    values, people = (raw.table[column].to_numpy() for column in (name, f"{name}_patients"))
    return Counts(values, people, np.full(len(values), "", dtype=object))


def _released_table(draft: Draft, policy: Policy) -> pa.Table:
    table = draft.raw.table.drop_columns(list(COUNTS)).combine_chunks()
    redacted = draft.numerator.redacted | draft.denominator.redacted
    columns = {
        "numerator": _shown(draft.numerator),
        "denominator": _shown(draft.denominator),
        **_ratios(draft, policy),
        "status": pa.array(np.where(redacted, "redacted", "released"), pa.string()),
    }
    for name, column in columns.items():
        table = table.append_column(name, column)
    return _coded(table)


def _shown(counts: Counts) -> pa.Array:
    # The mask alone would hide the values but leave them in the memory of the column.
    return pa.array(np.where(counts.redacted, 0, counts.values), pa.int64(), mask=counts.redacted)


def _ratios(draft: Draft, policy: Policy) -> dict[str, pa.Array]:
    """The ratio of the released counts, and the range of the true ratio that they allow.

    The two counts are protected independently, so each may be anything the steps could have turned
    into what is shown, and the extremes of the ratio are the quotients of the extremes. A
    proportion also has N <= D: where N can reach D the largest ratio is 1, else N's largest stays
    below D's smallest and the quotient is below 1; both are min(1, quotient). Rounding is monotone,
    so N <= D also holds for what is shown.
    """
    numerator, denominator = draft.numerator, draft.denominator
    missing = numerator.redacted | denominator.redacted | (denominator.values == 0)
    n_low, n_high = _possible(numerator, policy)
    d_low, d_high = _possible(denominator, policy)
    high = _divide(n_high, d_low, missing)
    at_most = np.where(draft.raw.is_proportion.to_numpy(), 1.0, np.inf)
    return {
        "ratio": pa.array(_divide(numerator.values, denominator.values, missing), mask=missing),
        "ratio_low": pa.array(_divide(n_low, d_high, missing), mask=missing),
        "ratio_high": pa.array(np.minimum(high, at_most), mask=missing),
    }


def _possible(counts: Counts, policy: Policy) -> tuple[np.ndarray, np.ndarray]:
    """The smallest and largest true counts for each shown one: the steps, taken backwards."""
    low = high = counts.values
    for step in reversed(policy.steps):
        low, high = step.possible(low, high)
    return low, high


def _divide(top: np.ndarray, bottom: np.ndarray, missing: np.ndarray) -> np.ndarray:
    return np.divide(top, bottom, out=np.zeros(len(top)), where=~missing)


def _reasons(draft: Draft) -> pa.Table:
    both = {"numerator": draft.numerator, "denominator": draft.denominator}
    columns = {name: pa.array(c.reasons, pa.string(), mask=~c.redacted) for name, c in both.items()}
    return _coded(pa.table(columns))


def _coded(table: pa.Table) -> pa.Table:
    """The same with strings dictionary-coded, in the order they first appear."""
    for index, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            coded = table[index].combine_chunks().dictionary_encode()
            table = table.set_column(index, field.name, coded)
    return table
