"""Small releases for attacks worked by hand: rows, the least of a structure, and the
ranges that an audit finds.
"""

from measures.disclosure.audit import audit
from tests.lib import attack_tables as made
from tests.lib.attack_tables import True_

WEEK, NEXT = made.week(0), made.week(1)


MONTH = (WEEK[0], made.week(3)[1])


def row(measure, groups, numerator, denominator, interval=WEEK):
    """`groups`: pairs of name and value."""
    names = tuple(name for name, _ in groups)
    return True_(
        measure,
        interval,
        names,
        tuple(value for _, value in groups),
        numerator,
        denominator,
    )


def sexes(measure, pairs, interval=WEEK):
    return [
        row(measure, [("sex", sex)], n, d, interval) for sex, (n, d) in pairs.items()
    ]


def measure(numerator="n", denominator="d", group_by=(), within=(), **more):
    """One measure in the least that a structure may say of it."""
    ids = {
        "numerator": numerator,
        "denominator": denominator,
        "kind": "people",
        "denominator_kind": "people",
    }
    return {"group_by": list(group_by), "within": list(within), **ids, **more}


def table(rows, **more):
    return made.table_of(
        rows, [(each.numerator, each.denominator) for each in rows], **more
    )


def ranges(releases, structure, policy="opensafely", **settings):
    """(release, measure, groups, quantity) -> (smallest, largest), of findings only."""
    found = audit(
        releases,
        {"measures": structure},
        policy,
        settings={"exhaustive": True, **settings},
    )
    assert not found.contradictions
    return {
        (f.place.release, f.place.measure, f.place.cell.groups, f.place.quantity): (
            f.low,
            f.high,
        )
        for f in found.findings
    }


BY_SEX = {"m": measure(), "m_by_sex": measure(group_by=["sex"])}
