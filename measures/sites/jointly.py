"""What sites have released by themselves beside the sum of all, as one table: the site
is one more group.

So the auditor, who knows how groups add up, attacks all of it at once.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from measures.counts.columns import CONFIDENCE, KEYS, RELEASED
from measures.sites.adding import WITHHELD

SITE = "cohortflow_site"  # as a group, which no definition has
BY = " by site"  # behind the name of a measure
COUNTED = RELEASED[:-1]

Row = dict[str, Any]


def joint_structure(
    structure: Mapping[str, Any], sites: Sequence[str]
) -> dict[str, Any]:
    """The structure of the study with each measure by site, too; as a manifest has
    it.
    """
    measures = dict(structure["measures"])
    for name, known in structure["measures"].items():
        within = [f"{other}{BY}" for other in known["within"]]
        measures[f"{name}{BY}"] = {
            **known,
            "group_by": sorted([*known["group_by"], SITE]),
            "within": within,
        }
    site = {
        "id": SITE,
        "same_as": SITE,
        "moves_with": [],
        "labels": sorted(sites),
        "open": False,
    }
    return {
        **structure,
        "measures": measures,
        "groups": {**structure["groups"], SITE: site},
    }


def joint_table(total: pa.Table, sites: Mapping[str, pa.Table]) -> pa.Table:
    """The rows of the total and those of the sites, in the columns of a release.

    Where a site has no row of a group, nothing is known of it there, not even that
    no person is in it. Rows of sites that the total does not have are left out.
    """
    plain = _plain(total)
    rows = [{**row, SITE: None} for row in plain]
    for site, table in sites.items():
        shown = {_key(row): row for row in _plain(table)}
        rows += [_at(shown.get(_key(row)) or _unknown(row), site) for row in plain]
    types = {field.name: _type(field.type) for field in total.schema}
    return pa.Table.from_pylist(
        rows, schema=pa.schema([*types.items(), (SITE, pa.string())])
    )


def without_row(
    total: pa.Table, sites: Mapping[str, pa.Table]
) -> Iterator[dict[str, Any]]:
    """The groups of the total that a site has no row of, as a manifest's `named_before`
    has them.
    """
    wanted = {(row["group_by"], _groups(row)): row for row in _plain(total)}
    for site, table in sites.items():
        there = {(row["group_by"], _groups(row)) for row in _plain(table)}
        for (group_by, groups), _ in wanted.items():
            if (group_by, groups) not in there:
                yield {"groups": {**dict(groups), SITE: site}}


def _plain(table: pa.Table) -> list[Row]:
    kept = [name for name in table.column_names if name not in CONFIDENCE]
    return list(table.select(kept).to_pylist())


def _type(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _names(row: Row) -> list[str]:
    return [name for name in row["group_by"].split("+") if name]


def _groups(row: Row) -> tuple[tuple[str, Any], ...]:
    return tuple((name, row.get(name)) for name in _names(row))


def _key(row: Row) -> tuple:
    return *(row[name] for name in KEYS), _groups(row)


def _at(row: Row, site: str) -> Row:
    group_by = "+".join(sorted([*_names(row), SITE]))
    return {**row, "measure": f"{row['measure']}{BY}", "group_by": group_by, SITE: site}


def _unknown(row: Row) -> Row:
    return {**row, **dict.fromkeys(COUNTED), "status": WITHHELD}
