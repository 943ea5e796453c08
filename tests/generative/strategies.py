"""Strategies: whole definitions, measures, and records for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from extractors import Dataset, create_dataset
from extractors.language.base import wrap
from extractors.model import nodes
from measures.amounts import amount
from measures.definitions import Interval, Measure, create_measures
from tests.generative.author import TABLES, Author
from tests.generative.values import COMPARED, ORDINARY, POOLS, TYPES, Pools, plain
from tests.lib.rendering import render
from tests.lib.tables import FRAMES, e, p

Records = dict[str, list[dict[str, Any]]]
PATIENTS = (1, 2, 3, 4)
MOST_ROWS = 12
DEPTH = 3
EVERYBODY = (p.exists_for_patient() | e.exists_for_patient()).node


@dataclass(frozen=True)
class Example:
    """Something to compute and the records to compute it on."""

    roots: Mapping[str, nodes.Series]
    records: Records
    interval: Interval | None = None
    measures: Sequence[Measure] = ()

    @property
    def dataset(self) -> Dataset:
        dataset = create_dataset()
        # not by define_population, which refuses some: the engines must agree on those,
        # too
        object.__setattr__(dataset, "_population", self.roots["population"])
        for name, root in self.roots.items():
            if name != "population":
                dataset.add_column(name, wrap(root))
        return dataset

    def __repr__(self) -> str:
        rows = [
            f"{table}: {row}" for table, rows in self.records.items() for row in rows
        ]
        measures = [
            f"{each.name}: by {each.grouping or 'nothing'}, {each.intervals}"
            for each in self.measures
        ]
        return (
            "\n  ".join(
                ["", *render(self.roots), *measures, f"interval {self.interval}", *rows]
            )
            + "\n"
        )

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Hypothesis would otherwise spell out every node with all its fields."""
        printer.text(repr(self))


@st.composite
def datasets(draw, pools: Pools = ORDINARY) -> Example:
    """A population and four variables that may share frames and picks."""
    author = Author(draw, pools.written)
    roots = {"population": _population(author)}
    for number in range(1, 5):
        roots[f"v{number}"] = author.series(author.choose(TYPES), None, DEPTH)
    return Example(roots, draw(records_for(roots, pools)), draw(intervals()))


@st.composite
def wishes(
    draw,
    operation: str,
    of: type,
    pools: Pools = ORDINARY,
    deepest: int = DEPTH,
) -> Example:
    """One operation or aggregate, several times plainly on columns and once on
    anything.
    """
    author = Author(draw, pools.written)
    depths = {"v1": 1, "v2": 1, "v3": 1, "v4": 1, "v5": deepest}
    roots = {name: author.wish(operation, of, depth) for name, depth in depths.items()}
    roots["population"] = EVERYBODY
    return Example(roots, draw(records_for(roots, pools)), draw(intervals()))


@st.composite
def picks(draw, pools: Pools = ORDINARY) -> Example:
    """Several columns of one picked row, which therefore decide between tied rows."""
    author = Author(draw, pools.written)
    pick = author.pick(1)
    roots = {
        f"v{number}": nodes.Column(pick, author.name(author.choose(TYPES)))
        for number in range(1, 5)
    }
    roots["population"] = EVERYBODY
    return Example(roots, draw(records_for(roots, pools)), draw(intervals()))


def _population(author: Author) -> nodes.Series:
    return author.series(bool, None, DEPTH) if author.chance(3) else EVERYBODY


@st.composite
def studies(draw, pools: Pools = ORDINARY) -> Example:
    """One or two measures, which may share a group."""
    author = Author(draw, pools.written)
    groups = {
        name: author.series(author.choose(COMPARED), None, 2, exact=True)
        for name in ("g1", "g2")
    }
    study, roots = create_measures(), dict(groups)
    for name in ("first", "second")[: author.choose((1, 2))]:
        roots[f"{name}_numerator"] = numerator = author.series(
            author.choose((bool, int, float)), None, DEPTH
        )
        roots[f"{name}_denominator"] = denominator = _denominator(
            author, number=numerator.type is not float
        )
        chosen = {group: wrap(groups[group]) for group in author.several(list(groups))}
        periods = draw(st.lists(intervals(), min_size=1, max_size=3))
        try:
            study.define_measure(
                name, _numerator(author, numerator), wrap(denominator), chosen, periods
            )
        except (
            ValueError
        ) as refused:  # a label that would be hidden or run is no example
            assume("has the label" not in str(refused))
            raise
    return Example(roots, draw(records_for(roots, pools)), measures=list(study))


def _numerator(author: Author, series: nodes.Series) -> Any:
    """A float can only be one as an amount between two ends."""
    if series.type is not float:
        return wrap(series)
    return amount(
        wrap(series),
        least=author.choose((0, 0.5)),
        most=author.choose((1, 2.75)),
        places=author.choose((0, 1)),
    )


def _denominator(author: Author, *, number: bool) -> nodes.Series:
    return (
        author.series(int, None, 2)
        if number and author.chance(4)
        else _population(author)
    )


def intervals() -> st.SearchStrategy[Interval]:
    days = st.sampled_from(POOLS[date])
    return st.tuples(days, days).map(lambda pair: (min(pair), max(pair)))


@st.composite
def records_for(
    draw, roots: Mapping[str, nodes.Node], pools: Pools = ORDINARY
) -> Records:
    """Rows for the tables of a definition, with values in the columns that it reads."""
    used = [
        node for node in nodes.walk(roots.values()) if isinstance(node, nodes.Column)
    ]
    records = {}
    for name in FRAMES:
        columns = sorted(
            {column.name for column in used if column.source.table == TABLES[name]}
        )
        records[name] = draw(_rows(TABLES[name], columns, pools.stored))
    return records


def _rows(
    table: nodes.Table,
    columns: Sequence[str],
    pools: Mapping[type, tuple],
) -> st.SearchStrategy[list[dict[str, Any]]]:
    cells = {name: _cell(pools[table.schema.column(name).type]) for name in columns}

    def row_of(patient: st.SearchStrategy[int]) -> st.SearchStrategy[dict[str, Any]]:
        return st.fixed_dictionaries({"patient_id": patient, **cells})

    if table.one_row:
        people = st.sampled_from((PATIENTS, PATIENTS, PATIENTS[1:], ()))
        return people.flatmap(
            lambda ids: st.tuples(*(row_of(st.just(id)) for id in ids)).map(list)
        )
    rows = row_of(st.sampled_from(PATIENTS))
    return st.sampled_from((MOST_ROWS, MOST_ROWS // 2, 0)).flatmap(
        lambda least: st.lists(rows, min_size=least, max_size=MOST_ROWS)
    )


def _cell(pool: Sequence) -> st.SearchStrategy[Any]:
    return st.sampled_from([None, *map(plain, pool)])
