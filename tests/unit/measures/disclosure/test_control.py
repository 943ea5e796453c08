"""Raw counts to released counts: every boundary worked by hand, and what must hold for
any counts.
"""

from fractions import Fraction

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.errors import ArgumentsError, DisclosureRefused
from measures.disclosure.control import policy_named, protect
from measures.disclosure.policies import POLICIES
from measures.disclosure.policy_steps import RedactSmall, RoundNearest
from tests.lib import releases
from tests.lib.raw_rows import of_people, raw_counts


def released_rows(counts, is_proportion=False):
    return protect(raw_counts(counts, is_proportion), "opensafely").table.to_pylist()


@pytest.mark.parametrize(
    "true, shown",
    [
        (0, 0),
        (1, None),
        (6, None),
        (7, None),
        (8, 10),
        (12, 10),
        (13, 15),
        (17, 15),
        (18, 20),
        (12347, 12345),
    ],
)
def test_count_of_people_at_every_boundary(true, shown):
    [row] = released_rows([of_people(true, true)], is_proportion=True)
    assert (row["numerator"], row["denominator"]) == (shown, shown)
    assert row["status"] == ("redacted" if shown is None else "released")


@pytest.mark.parametrize(
    "count, people, shown",
    [
        (500, 7, None),  # many events of few people
        (500, 8, 500),
        (7, 8, None),  # a small sum of many people (some values are negative)
        (8, 8, 10),
        (0, 3, None),  # few people whose values add up to nothing
        (0, 20, 0),
        (0, 0, 0),
        (-3, 20, None),
        (-500, 20, None),
    ],
)
def test_sum_is_judged_by_people_and_by_itself(count, people, shown):
    [row] = released_rows([(count, 1000, people, 1000)])
    assert row["numerator"] == shown


def test_numerator_and_denominator_are_protected_independently():
    first, second, third = released_rows(
        [of_people(3, 100), of_people(0, 5), of_people(9, 100)]
    )
    assert (first["numerator"], first["denominator"], first["status"]) == (
        None,
        100,
        "redacted",
    )
    assert (second["numerator"], second["denominator"], second["status"]) == (
        0,
        None,
        "redacted",
    )
    assert (third["numerator"], third["denominator"], third["status"]) == (
        10,
        100,
        "released",
    )


@pytest.mark.parametrize(
    "counts, ratio, low, high",
    [
        (of_people(33, 98), 35 / 100, 33 / 102, 37 / 98),
        # both 10: 8 to 12, and the part can't exceed the whole
        (of_people(8, 9), 1.0, 8 / 12, 1.0),
        (of_people(98, 103), 100 / 105, 98 / 107, 102 / 103),
        (of_people(0, 50), 0.0, 0.0, 0.0),  # a shown 0 is a true 0
        (of_people(0, 0), None, None, None),
        (of_people(7, 50), None, None, None),
        (of_people(0, 7), None, None, None),
    ],
)
def test_ratio_of_a_proportion_and_its_range(counts, ratio, low, high):
    [row] = released_rows([counts], is_proportion=True)
    assert (row["ratio"], row["ratio_at_least"], row["ratio_at_most"]) == (
        ratio,
        low,
        high,
    )


def test_range_of_a_rate_is_not_cut_at_one():
    [row] = released_rows([(98, 50, 40, 50)])
    assert (row["ratio"], row["ratio_at_least"], row["ratio_at_most"]) == (
        2.0,
        98 / 52,
        102 / 48,
    )


def test_every_redacted_count_has_its_reason():
    released = protect(
        raw_counts([of_people(3, 100), of_people(0, 5), of_people(9, 9)]), "opensafely"
    )
    assert released.reasons.to_pydict() == {
        "numerator": ["7 or less", None, None],
        "denominator": [None, "7 or less", None],
    }


PEOPLE = st.one_of(st.integers(0, 30), st.integers(0, 10**9))
PROPORTIONS = st.lists(
    st.tuples(PEOPLE, PEOPLE).map(sorted).map(lambda pair: of_people(*pair)),
    max_size=30,
)
SUMS = st.lists(
    st.tuples(st.integers(-50, 10**6), PEOPLE, st.integers(0, 40), PEOPLE).map(
        lambda c: (c[0] if c[2] else 0, c[1], c[2], c[1])
    ),
    max_size=30,
)


@given(st.one_of(PROPORTIONS, SUMS))
def test_whatever_is_shown_is_zero_or_a_multiple_of_five_from_ten_on(counts):
    for (n, d, people, _), row in zip(counts, released_rows(counts), strict=True):
        for true, shown in ((n, row["numerator"]), (d, row["denominator"])):
            assert shown is None or shown == 0 or (shown >= 10 and shown % 5 == 0)
            assert shown is None or abs(shown - true) <= 2
            assert (shown == 0) <= (true == 0)
        assert (row["numerator"] is not None) <= (people == 0 or people > 7)
        assert (row["status"] == "redacted") == (
            None in (row["numerator"], row["denominator"])
        )


@given(st.one_of(PROPORTIONS, SUMS))
def test_zero_and_redacted_are_never_confused(counts):
    for (n, d, people, _), row in zip(counts, released_rows(counts), strict=True):
        assert (row["denominator"] == 0) == (d == 0)
        assert (row["numerator"] == 0) == (n == 0 and not 1 <= people <= 7)


@given(PROPORTIONS)
def test_ratio_comes_from_released_counts_and_its_range_holds_the_truth(counts):
    for (n, d, *_), row in zip(
        counts, released_rows(counts, is_proportion=True), strict=True
    ):
        if row["status"] == "redacted" or not row["denominator"]:
            assert (row["ratio"], row["ratio_at_least"], row["ratio_at_most"]) == (
                None,
                None,
                None,
            )
            continue
        assert row["ratio"] == row["numerator"] / row["denominator"]
        assert row["ratio_at_least"] <= n / d <= row["ratio_at_most"]
        assert row["ratio_at_least"] <= row["ratio"] <= row["ratio_at_most"] <= 1


@given(PROPORTIONS)
def test_a_released_proportion_never_exceeds_one(counts):
    for row in released_rows(counts, is_proportion=True):
        if row["status"] == "released":
            assert row["numerator"] <= row["denominator"]


@given(st.integers(2, 30), st.integers(2, 30))
def test_range_of_the_ratio_is_exact(numerator, denominator):
    """The extremes over every pair of true counts that would have been shown like
    this.
    """
    shown = 5 * min(numerator, denominator), 5 * max(numerator, denominator)
    pairs = [
        (n, d)
        for n in range(shown[0] - 5, shown[0] + 6)
        for d in range(shown[1] - 5, shown[1] + 6)
        if n <= d and d > 0
    ]
    rows = released_rows([of_people(*pair) for pair in pairs], is_proportion=True)
    alike = [
        (p, r)
        for p, r in zip(pairs, rows, strict=True)
        if (r["numerator"], r["denominator"]) == shown
    ]
    ratios = [Fraction(*pair) for pair, _ in alike]
    for _, row in alike:
        assert (row["ratio_at_least"], row["ratio_at_most"]) == (
            float(min(ratios)),
            float(max(ratios)),
        )


@given(PROPORTIONS)
def test_same_counts_same_release(counts):
    assert released_rows(counts, True) == released_rows(counts, True)


@pytest.mark.parametrize("policy", POLICIES.values(), ids=list(POLICIES))
def test_no_policy_shows_anything_as_a_small_count(policy):
    """A rounding that is coarse against the threshold would turn a large count into a
    small one or 0.
    """
    thresholds = [
        step.threshold for step in policy.steps if isinstance(step, RedactSmall)
    ]
    bases = [step.base for step in policy.steps if isinstance(step, RoundNearest)]
    for threshold in thresholds:
        for base in bases:
            assert (threshold + 1 + base // 2) // base * base > threshold


def test_unknown_policy_names_the_known():
    with pytest.raises(ArgumentsError, match="'opensafley'.*opensafely"):
        policy_named("opensafley")


def test_rules_are_told_in_plain_words():
    rules = protect(raw_counts([]), "opensafely").rules
    assert "1 to 7 people" in rules[0]
    assert "multiple of 5" in rules[2]
    assert "OpenSAFELY" in rules[-1]


def test_released_table_has_the_columns_of_the_contract():
    table = protect(raw_counts([of_people(9, 99)]), "opensafely").table
    assert table.column_names == [
        "measure", "interval_start", "interval_end", "group_by", "sex",
        "numerator", "denominator", "ratio", "ratio_at_least", "ratio_at_most", "status",
    ]  # fmt: skip
    assert pa.types.is_dictionary(table.schema.field("sex").type)


def test_redacted_values_are_not_left_in_memory_behind_the_mask():
    released = protect(
        raw_counts([of_people(3, 100), (500, 100, 7, 100)]), "opensafely"
    )
    for name in ("numerator", "ratio", "ratio_at_least", "ratio_at_most"):
        [chunk] = released.table[name].chunks
        assert not any(memoryview(chunk.buffers()[1]))


@pytest.mark.parametrize("largest, shown", [(50, 100), (51, None)])
def test_a_sum_to_which_one_person_adds_more_than_half_is_redacted(largest, shown):
    for policy in ("opensafely", "nhs-digital", "midpoint6"):
        [row] = protect(
            raw_counts([(100, 40, 20, 40, largest, 1)]), policy
        ).table.to_pylist()
        assert (row["numerator"] is None) == (shown is None) and row["denominator"]


def test_true_counts_are_refused_unless_made_up(tmp_path):
    path = tmp_path / "ledger.jsonl"
    with pytest.raises(DisclosureRefused, match="made-up records only"):
        releases.run(path, releases.study(releases.people(9)), "none")
    made = releases.run(path, releases.study(releases.people(9)), "none", made_up=True)
    assert (
        made.released.table["numerator"].to_pylist()
        == releases.study(releases.people(9)).raw().table["numerator"].to_pylist()
    )
