"""A recipe: all that a worker needs to know to make the cohorts and counts of a set of
measures.

Periods in which the same measures are counted share one recipe, compiled once; only the
dates differ. It is plain data, kept as JSON beside the counts it made.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from extractors.cohorts import CohortQuery
from extractors.errors import CohortflowError
from extractors.fingerprint import fingerprint
from extractors.model.types import name_of, type_named
from extractors.sql.query import Query
from extractors.sql.tally import Tally
from flows.workspace.kept import RECIPE
from measures.counts.counting import Needed, Share

ARROW = {
    str(type_): type_
    for type_ in (pa.bool_(), pa.int64(), pa.float64(), pa.date32(), pa.string())
}

# The word of recipe.json and of the hash over it: another word would give every period
# another key, and a workspace would count all of its weeks again.
NEEDED = "owed"


@dataclass(frozen=True)
class Recipe:
    """How the counts of some periods are made: the queries, and what follows from their
    results.
    """

    # the query for a whole cohort
    cohort: CohortQuery
    # the query for the columns that cannot be counted for all periods at once; None if
    # there are none
    rest: Query | None
    # columns, tallies and whose they are
    needed: Needed
    # name of a group of the study -> its Arrow type, by name
    groups: dict[str, str]
    # what the queries read -> its hash; part of the key
    inputs: dict[str, str]
    # an input -> where it came from, so that a changed key can be explained; no part of
    # the key
    because: dict[str, str]
    # how the measures are called, by their places; no part of the key either
    names: tuple[str, ...] = ()

    @cached_property
    def key(self) -> str:
        return _key(self.as_json())

    def arrow_groups(self) -> dict[str, pa.DataType]:
        return {name: ARROW[type_] for name, type_ in self.groups.items()}

    def as_json(self) -> dict:
        tallies = [_tally_json(tally) for tally in self.needed.tallies]
        return {
            "cohort": asdict(self.cohort),
            "rest": asdict(self.rest) if self.rest else None,
            NEEDED: {
                "columns": self.needed.columns,
                "populations": self.needed.populations,
                "tallies": tallies,
                "shares": [asdict(share) for share in self.needed.shares],
                "general": self.needed.general,
                "slow": sorted(self.needed.slow),
            },
            "groups": self.groups,
            "inputs": self.inputs,
            "because": self.because,
            "names": self.names,
        }


def _key(data: Mapping[str, Any]) -> str:
    """The key of a recipe as JSON; what it only tells people is no part of it."""
    return fingerprint(
        {name: part for name, part in data.items() if name not in ("because", "names")}
    )


def _tally_json(tally: Tally) -> dict:
    return {
        "denominator": (tally.denominator[0], name_of(tally.denominator[1])),
        "numerators": [(name, name_of(of)) for name, of in tally.numerators],
        "groupings": tally.groupings,
    }


def write_recipe(path: Path, recipe: Recipe) -> None:
    """Write a recipe unless it is there; one that is damaged is written again.

    Raises AnotherVersion if a newer version wrote it.
    """
    known = RECIPE.recall(path)
    if known is not None and _key(known) == recipe.key:
        return
    RECIPE.write(path, recipe.as_json())


@lru_cache(maxsize=8)
def read_recipe(path: Path) -> Recipe:
    """A recipe from its JSON; kept, because a worker makes many periods by one
    recipe.
    """
    data = RECIPE.read(path)
    if data is None:
        raise CohortflowError(f"A recipe is not there any more; run again: {path}")
    query, rest = (
        _read_query(data["cohort"]["query"]),
        data["rest"] and _read_query(data["rest"]),
    )
    counted = data[NEEDED]
    needed = Needed(
        columns=tuple(counted["columns"]),
        populations=tuple(counted["populations"]),
        tallies=tuple(_read_tally(tally) for tally in counted["tallies"]),
        shares=tuple(Share(**share) for share in counted["shares"]),
        general=tuple(counted["general"]),
        slow=frozenset(counted["slow"]),
    )
    return Recipe(
        cohort=CohortQuery(tuple(data["cohort"]["columns"]), query),
        rest=rest,
        needed=needed,
        groups=data["groups"],
        inputs=data["inputs"],
        because=data["because"],
        names=tuple(data["names"]),
    )


def _read_query(data: dict) -> Query:
    return Query(data["sql"], tuple(data["parameters"]))


def _read_tally(data: dict) -> Tally:
    name, of = data["denominator"]
    numerators = tuple(
        (column, type_named(type_)) for column, type_ in data["numerators"]
    )
    return Tally(
        (name, type_named(of)),
        numerators,
        tuple(tuple(each) for each in data["groupings"]),
    )
