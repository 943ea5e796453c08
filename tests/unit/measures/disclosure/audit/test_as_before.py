"""The auditor that learns from one week for the next finds what the one found that
looked at each week anew.
"""

from hypothesis import given, settings
from hypothesis import strategies as some

from measures.disclosure.audit import audit
from measures.disclosure.audit.knowledge import Change
from measures.disclosure.audit.rules import rule_of
from tests.lib import attack_tables as made
from tests.lib.auditor_before import Before

POLICIES = ("controlled", *made.SHOW)


def shown(rows, policy):
    return (
        made.protected(rows, policy)
        if policy == "controlled"
        else made.released(rows, made.SHOW[policy])
    )


@some.composite
def studies(draw):
    """A few weeks of a few people in random groups: with a rerun, crossed tables or
    windows, or without.
    """
    seed, people, weeks = (draw(some.integers(0, most)) for most in (10_000, 400, 5))
    sizes = draw(some.lists(some.integers(2, 4), min_size=1, max_size=3))
    world = made.world(people + 1, weeks + 1, sizes, seed=seed)
    worlds = (
        [world, made.one_more(world, seed=seed)] if draw(some.booleans()) else [world]
    )
    crossed, rolling = draw(some.booleans()), draw(some.booleans()) and weeks >= 1
    releases = []
    for each in worlds:
        rows = made.weekly(each, made.EVENTS[:2], crossed=crossed and len(sizes) > 1)
        if rolling:
            rows += made.weekly(
                each, made.EVENTS[:2], span=2, step=1, suffix="_monthly"
            )
        releases.append(rows)
    return releases


@given(studies(), some.sampled_from(POLICIES))
@settings(max_examples=60, deadline=None)
def test_it_finds_the_same(releases, policy):
    tables, structure = (
        [shown(rows, policy) for rows in releases],
        made.structure_of(releases[0]),
    )
    found = audit(tables, structure, policy)
    rule = rule_of(policy, {})
    before = Before(tables, structure, rule, Change())
    told = [
        finding
        for finding in found.findings
        if finding.kind not in ("not rounded", "named")
    ]
    assert [f for f in told if f in before.findings] == before.findings
    assert sorted(found.contradictions) == sorted(before.contradictions)
    assert found.counts == len(before.bounded) + len(before.contradictions)
    assert dict(found.beliefs) == dict(before.beliefs)
    assert list(found.beliefs) == list(before.beliefs)
    width, exact = before.narrowest
    if width is None or exact or width < rule.width:
        assert found.narrowest == width
    else:  # wide enough, and so not looked at to the end
        assert (found.narrowest or rule.width) >= rule.width
