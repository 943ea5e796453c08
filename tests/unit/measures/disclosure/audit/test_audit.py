"""Attacks worked by hand: what must be learnt, and what must not."""

import ast
import datetime
import json
import pickle

import pytest

from extractors.errors import ArgumentsError
from measures.disclosure.audit import audit
from measures.disclosure.audit.rules import rule_of
from measures.disclosure.audit.windows import cover, is_partition
from tests.lib import attack_tables as made
from tests.lib.attack_tables import True_
from tests.lib.places import CHECKOUT

WEEK, NEXT = made.week(0), made.week(1)
MONTH = (WEEK[0], made.week(3)[1])


def row(measure, groups, numerator, denominator, interval=WEEK):
    """`groups`: pairs of name and value."""
    names = tuple(name for name, _ in groups)
    return True_(measure, interval, names, tuple(value for _, value in groups), numerator, denominator)


def sexes(measure, pairs, interval=WEEK):
    return [row(measure, [("sex", sex)], n, d, interval) for sex, (n, d) in pairs.items()]


def measure(numerator="n", denominator="d", group_by=(), within=(), **more):
    """One measure in the least that a structure may say of it."""
    ids = {"numerator": numerator, "denominator": denominator, "kind": "people", "denominator_kind": "people"}
    return {"group_by": list(group_by), "within": list(within), **ids, **more}


def table(rows, **more):
    return made.table_of(rows, [(each.numerator, each.denominator) for each in rows], **more)


def ranges(releases, structure, policy="opensafely", **settings):
    """(release, measure, groups, quantity) -> (smallest, largest), of findings only."""
    found = audit(releases, {"measures": structure}, policy, settings={"exhaustive": True, **settings})
    assert not found.contradictions
    return {
        (f.place.release, f.place.measure, f.place.cell.groups, f.place.quantity): (f.low, f.high)
        for f in found.findings
    }


BY_SEX = {"m": measure(), "m_by_sex": measure(group_by=["sex"])}


def test_lone_suppressed_cell_beside_an_exact_total():
    rows = [row("m", [], 30, 100), *sexes("m_by_sex", {"f": (27, 50), "m": (None, 50)})]
    found = ranges([table(rows)], BY_SEX, "none")
    assert found[0, "m_by_sex", ("m",), "numerator"] == (3, 3)


def test_complementary_cells_share_what_is_left():
    rows = [row("m", [], 30, 100), *sexes("m_by_sex", {None: (28, 60), "f": (None, 20), "m": (None, 20)})]
    found = ranges([table(rows)], BY_SEX, "none")
    assert found[0, "m_by_sex", ("f",), "numerator"] == found[0, "m_by_sex", ("m",), "numerator"] == (0, 2)


def test_cells_of_a_sum_of_zero_are_zero():
    rows = [row("m", [], 0, 100), *sexes("m_by_sex", {"f": (None, 50), "m": (None, 50)})]
    found = ranges([table(rows)], BY_SEX, "none")
    assert found[0, "m_by_sex", ("f",), "numerator"] == (0, 0)


def test_missing_group_is_one_of_the_groups():
    rows = [row("m", [], 20, 100), *sexes("m_by_sex", {None: (None, 10), "f": (10, 45), "m": (9, 45)})]
    found = ranges([table(rows)], BY_SEX, "none")
    assert found[0, "m_by_sex", (None,), "numerator"] == (1, 1)


@pytest.mark.parametrize("numerator, denominator", [(3, 98), (5, 1002), (40, 101)])
def test_ratio_with_four_decimals_gives_its_counts_back(numerator, denominator):
    rows = [row("m", [], numerator, denominator)]
    shown = made.released(rows, made.nearest, raw_ratio=4)
    found = ranges([shown], {"m": measure()})
    assert found[0, "m", (), "numerator"] == (numerator, numerator)
    if numerator <= 7:
        refused = audit([shown], {"measures": {"m": measure()}}, "opensafely")
        assert not refused.passed
        assert "1 exact small" in refused.refusals[0]


def test_ratio_of_the_shown_counts_tells_nothing():
    rows = [row("m", [], 33, 98)]
    assert ranges([made.released(rows, made.nearest)], {"m": measure()}) == {}


def test_range_of_a_ratio_that_was_made_from_true_counts_is_knowledge():
    rows = [row("m", [], 33, 98)]
    shown = made.released(rows, made.nearest)
    told = shown.append_column("ratio_low", [[33 / 98]]).append_column("ratio_high", [[33 / 98]])
    assert ranges([told], {"m": measure()})[0, "m", (), "numerator"] == (33, 33)


def test_two_releases_one_person_apart():
    before, after = [row("m", [], 12, 100)], [row("m", [], 13, 101)]
    found = ranges([made.released(rows, made.nearest) for rows in (before, after)], {"m": measure()})
    assert found[0, "m", (), "numerator"] == (12, 12)
    assert found[1, "m", (), "numerator"] == (13, 13)


def test_one_fewer_is_found_as_well():
    before, after = [row("m", [], 13, 101)], [row("m", [], 12, 100)]
    found = ranges([made.released(rows, made.nearest) for rows in (before, after)], {"m": measure()})
    assert found[1, "m", (), "numerator"] == (12, 12)


def test_change_that_is_no_single_person_joins_nothing():
    before, after = [row("m", [], 12, 100)], [row("m", [], 60, 300)]
    shown = [made.released(rows, made.nearest) for rows in (before, after)]
    found = audit(shown, {"measures": {"m": measure()}}, "opensafely")
    assert found.passed
    assert found.beliefs == {"nothing of what changed between releases": 6}


def test_known_change_can_be_set():
    """10 became 15: with two more, the first was 11 or 12."""
    before, after = [row("m", [], 12, 100)], [row("m", [], 14, 102)]
    shown = [made.released(rows, made.nearest) for rows in (before, after)]
    settings = {"more_per_cell": 2, "more_in_total": 2, "exhaustive": True}
    assert audit(shown, {"measures": {"m": measure()}}, "opensafely", settings=settings).narrowest == 2


def test_nested_measures_bound_each_other():
    within = {"outer": measure("n"), "inner": measure("k", within=["outer"])}
    rows = [row("outer", [], 3, 100), row("inner", [], None, 100)]
    assert ranges([table(rows)], within, "none")[0, "inner", (), "numerator"] == (0, 3)


def test_numerator_is_within_its_denominator():
    found = ranges([table([row("m", [], None, 2)])], {"m": measure()}, "none")
    assert found[0, "m", (), "numerator"] == (0, 2)


def test_crossed_table_and_its_margins():
    crossed = {"m_by_sex": measure(group_by=["sex"]), "m_by_age_sex": measure(group_by=["age", "sex"])}
    cells = {("o", "f"): 5, ("y", "f"): None, ("o", "m"): 9, ("y", "m"): 11}
    rows = [*sexes("m_by_sex", {"f": (9, 50), "m": (20, 50)})]
    rows += [row("m_by_age_sex", [("age", a), ("sex", s)], n, 25) for (a, s), n in cells.items()]
    found = ranges([table(rows)], crossed, "none")
    assert found[0, "m_by_age_sex", ("y", "f"), "numerator"] == (4, 4)


def test_two_crossed_tables_share_a_margin_that_is_not_shown():
    names = ("age", "sex"), ("region", "sex")
    known = {f"m_by_{'_'.join(each)}": measure(group_by=each) for each in names}
    rows = [row("m_by_age_sex", [("age", a), ("sex", "f")], n, 25) for a, n in (("o", 5), ("y", 6))]
    rows += [row("m_by_region_sex", [("region", r), ("sex", "f")], n, 25) for r, n in (("e", 4), ("w", None))]
    found = ranges([table(rows)], known, "none")
    assert found[0, "m_by_region_sex", ("w", "f"), "numerator"] == (7, 7)


def test_equal_ids_are_equal_counts():
    same = {"one": measure("n"), "two": measure("n")}
    shown = made.table_of([row("one", [], 0, 0), row("two", [], 0, 0)], [(None, 100), (42, 100)])
    assert ranges([shown], same, "none")[0, "one", (), "numerator"] == (42, 42)


def test_everybody_and_nobody():
    rows = [*sexes("m_by_sex", {"f": (50, 50), "m": (0, 0)})]
    found = audit([table(rows)], {"measures": BY_SEX}, "none", settings={"exhaustive": True})
    kinds = {(f.place.cell.groups, f.place.quantity): f.kind for f in found.findings}
    assert kinds[("f",), "rest"] == "certainly everybody"
    assert kinds[("m",), "numerator"] == "certainly zero"
    assert (("m",), "rest") not in kinds  # of nobody, everybody says nothing


WINDOW = {"moves_with": [], "alone": True}


def windows(kind="people"):
    return {name: measure("n", "d", kind=kind, window=WINDOW) for name in ("weekly", "monthly")}


def test_week_is_part_of_its_month():
    rows = [row("weekly", [], None, 100), row("monthly", [], 2, 100, MONTH)]
    assert ranges([table(rows)], windows(), "none")[0, "weekly", (), "numerator"] == (0, 2)


def test_month_has_at_most_the_people_of_its_weeks():
    rows = [row("weekly", [], n, 100, made.week(i)) for i, n in enumerate((0, 1, 0, 1))]
    rows.append(row("monthly", [], None, 100, MONTH))
    assert ranges([table(rows)], windows(), "none")[0, "monthly", (), "numerator"] == (1, 2)


def test_events_of_weeks_add_up_to_those_of_their_month():
    rows = [row("weekly", [], n, 100, made.week(i)) for i, n in enumerate((40, None, 50, 60))]
    rows.append(row("monthly", [], 155, 100, MONTH))
    found = audit([table(rows)], {"measures": windows("events")}, "none")
    [second] = [f for f in found.findings if f.place.interval == NEXT and f.place.quantity == "numerator"]
    assert (second.low, second.high) == (5, 5)


def test_windows_that_contradict_what_is_shown_are_no_longer_believed():
    rows = [row("weekly", [], 9, 100), row("monthly", [], 2, 100, MONTH)]
    found = audit([table(rows)], {"measures": windows()}, "none")
    assert not found.contradictions
    assert "nothing of how overlapping intervals" in next(iter(found.beliefs))


def full_structure(moves):
    """A numerator that moves with the interval and a denominator that moves with these ends."""
    counts = {
        "d": {"kind": "people", "within": [], "moves_with": moves, "window": None, "people": None},
        "n": {"kind": "people", "within": ["d"], "moves_with": ["start", "end"], "window": None, "people": None},
    }
    each = measure() | {"counts": {"numerator": "n", "denominator": "d"}}
    return {"measures": {"m": each}, "counts": counts, "groups": {}}


@pytest.mark.parametrize("moves, width", [([], 1), (["start"], 5)])
def test_count_that_does_not_move_is_one_count_in_all_intervals(moves, width):
    """98..102 in one week and 102..106 in the next (as if by another rule) leave one value if it is the same count."""
    rows = [row("m", [], 20, 100), row("m", [], 20, 104, NEXT)]
    found = audit([table(rows)], full_structure(moves), "opensafely", settings={"exhaustive": True})
    assert found.narrowest == width


def test_rounded_together_and_alone_is_no_contradiction_but_another_rule_is():
    rows = [row("m", [], 30, 100), *sexes("m_by_sex", {"f": (30, 50), "m": (30, 50)})]
    found = audit([table(rows)], {"measures": BY_SEX}, "opensafely")
    assert not found.passed
    assert "contradict each other" in found.refusals[0]


@pytest.mark.parametrize("policy, shown, people", [
    ("controlled", None, (0, 19)), ("controlled", 0, (0, 9)), ("controlled", 10, (1, 19)), ("controlled", 40, (31, 49)),
    ("opensafely", None, (1, 7)), ("opensafely", 0, (0, 0)), ("opensafely", 10, (8, 12)), ("opensafely", 25, (23, 27)),
    ("nhs-digital", None, (1, 7)), ("ehrql", 0, (0, 7)), ("ehrql", 15, (13, 17)),
    ("midpoint6", 0, (0, 0)), ("midpoint6", 3, (1, 6)), ("midpoint6", 9, (7, 12)),
    ("midpoint8", 12, (9, 16)), ("none", 5, (5, 5)),
])  # fmt: skip
def test_what_a_shown_count_stands_for(policy, shown, people):
    assert rule_of(policy, {}).people(shown) == people


@pytest.mark.parametrize("policy", made.SHOW)
def test_rules_read_backwards_what_they_do_forwards(policy):
    rule, show = rule_of(policy, {}), made.SHOW[policy]
    for count in range(200):
        low, high = rule.people(show(count))
        assert [n for n in range(260) if show(n) == show(count)] == list(range(int(low), int(high) + 1))


def test_withheld_count_may_be_any():
    shown = table([row("m", [], None, 100)])
    withheld = shown.set_column(shown.column_names.index("status"), "status", [["withheld"]])
    [found] = [f for f in audit([withheld], {"measures": {"m": measure()}}, "controlled",
                                settings={"exhaustive": True, "width": 1000}).findings
               if f.place.quantity == "numerator"]  # fmt: skip
    assert (found.low, found.high) == (0, 109)


def test_controlled_release_that_stays_tells_nothing_new():
    shown = table([row("m", [], 30, 100)])
    once, twice = (audit([shown] * n, {"measures": {"m": measure()}}, "controlled") for n in (1, 2))
    assert once.passed and twice.passed
    assert twice.narrowest == once.narrowest


def test_controlled_refuses_what_is_too_narrow():
    """Numerator and denominator 90..110 both, but a rest that is told apart."""
    shown = table([row("m", [], 100, 100), row("k", [], 100, 100)])
    narrow = audit([shown], {"measures": {"m": measure(), "k": measure("k")}}, "controlled", settings={"width": 25})
    assert not narrow.passed
    assert "narrow" in narrow.refusals[0]


def test_json_and_summary_hold_no_count_that_was_learnt_exactly():
    rows = [row("m", [], 30, 123), *sexes("m_by_sex", {"f": (27, 61), "m": (None, 62)})]
    found = audit([table(rows)], {"measures": BY_SEX}, "none")
    text = json.dumps(found.as_json())
    assert all(f'"range": [{n}, {n}]' not in text for n in (3, 30, 123, 61))
    assert "123" not in text and "123" not in " ".join(found.summary())


def test_same_tables_same_json_in_any_order_of_work():
    rows = made.weekly(made.world(800, 6, (3, 4), seed=2))
    tables, structure = [made.released(rows, made.nearest)], made.structure_of(rows)
    straight = audit(tables, structure, "opensafely")

    def backwards(function, tasks):
        return [function(pickle.loads(pickle.dumps(task))) for task in reversed(list(tasks))][::-1]

    assert audit(tables, structure, "opensafely", each=backwards).as_json() == straight.as_json()


@pytest.mark.parametrize("policy", [*made.SHOW, "controlled"])
def test_looking_only_where_it_matters_finds_the_same(policy):
    people = made.world(600, 4, (3, 4, 2), seed=3)
    both = [made.weekly(people), made.weekly(made.one_more(people, seed=4))]
    show = (lambda rows: made.protected(rows, policy)) if policy == "controlled" else (
        lambda rows: made.released(rows, made.SHOW[policy]))  # fmt: skip
    tables = [show(rows) for rows in both]
    quick, full = (
        audit(tables, made.structure_of(both[0]), policy, settings={"exhaustive": each}) for each in (False, True)
    )
    assert quick.findings == full.findings
    assert quick.programmes < full.programmes


def test_without_a_structure_names_are_believed():
    rows = [row("m", [], 30, 100), *sexes("m_by_sex", {"f": (27, 50), "m": (None, 50)})]
    found = audit([table(rows)], None, "none")
    assert "exact small" in {f.kind for f in found.findings}
    assert "No structure was given" in found.summary()[-1]


def test_what_cannot_be_audited_is_refused_with_words():
    shown = table([row("m", [], 30, 100)])
    with pytest.raises(ArgumentsError, match="'opn'.*opensafely"):
        audit([shown], None, "opn")
    with pytest.raises(ArgumentsError, match="does not know the measures m"):
        audit([shown], {"measures": {}}, "none")
    with pytest.raises(ArgumentsError, match="structure of the measures"):
        audit([shown], {"measures": {"m": {}}}, "none")
    with pytest.raises(ArgumentsError, match="no setting widht"):
        audit([shown], None, "none", settings={"widht": 3})
    with pytest.raises(ArgumentsError, match="lacks the columns group_by"):
        audit([shown.drop_columns(["group_by"])], None, "none")


def test_empty_release_has_nothing_to_tell():
    assert audit([table([row("m", [], 1, 1)]).slice(0, 0)], {"measures": {"m": measure()}}, "controlled").passed


def test_auditor_takes_nothing_from_the_protector_but_names_and_numbers():
    folder = CHECKOUT / "measures" / "disclosure" / "audit"
    found = set()
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(("measures", "flows")):
                found.add(node.module)
            assert not isinstance(node, ast.Import) or not node.names[0].name.startswith(("measures", "flows"))
    assert {each for each in found if not each.startswith("measures.disclosure.audit")} == {
        "measures.disclosure.policies"
    }


def day(number):
    return datetime.date(2020, 1, number)


def test_cover_is_by_those_that_reach_furthest():
    weeks = [(day(i), day(i + 6)) for i in (1, 8, 15, 22)]
    assert cover((day(6), day(16)), weeks) == weeks[:3]
    assert cover((day(6), day(30)), weeks) is None
    assert is_partition(weeks, (day(1), day(28)))
    assert not is_partition(weeks[:2], (day(2), day(14)))
