"""What a definition needs of each table: its columns, and the rows that can matter."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import chain, pairwise

from extractors.errors import DefinitionError
from extractors.model import nodes
from extractors.model.schema import TableSchema, joined

Conjunction = tuple[nodes.Series, ...]
MOST_SAID = 4  # times that SQL says an argument of an operation that repeats it
COMPARISONS = {"lt", "le", "gt", "ge"}
# operations of a condition on rows, written out; a larger one only filters later
LARGEST = 500


@dataclass(frozen=True)
class TableNeed:
    """What is read of one table."""

    # its name, and the types of its columns
    schema: TableSchema
    # those that the definition reads, in alphabetical order
    columns: tuple[str, ...]
    # alternatives: a row must fulfil all conditions of one of them; empty where every
    # row may matter
    rows: tuple[Conjunction, ...]
    # the date column by which periods look for their rows; empty if they do not
    window: str


def table_needs(roots: Iterable[nodes.Series]) -> tuple[TableNeed, ...]:
    """One need per table of the definition, by name. Raises DefinitionError for tables
    that cannot be used together.
    """
    roots = list(roots)
    order = nodes.walk(roots)
    events = [root.domain for root in roots if root.domain is not None]
    tables: dict[str, list[nodes.Table]] = {}
    for node in order:
        if isinstance(node, nodes.Table):
            tables.setdefault(node.schema.name, []).append(node)
    _refuse_same_letters(tables)
    return tuple(_need(tables[name], order, events) for name in sorted(tables))


def _refuse_same_letters(names: Iterable[str]) -> None:
    """DuckDB and some file systems would take one of the tables for the other."""
    for one, other in pairwise(sorted(names, key=str.lower)):
        if one.lower() == other.lower():
            raise DefinitionError(
                f"the tables {one!r} and {other!r} differ in capital letters alone; "
                "rename one"
            )


def _need(
    tables: list[nodes.Table], order: list[nodes.Node], events: Iterable[nodes.Frame]
) -> TableNeed:
    """`tables` are one table of the records, as one or several declarations describe
    it.

    `events` are frames whose rows are wanted themselves.
    """
    schema = reduce(
        joined, sorted((table.schema for table in tables), key=TableSchema.describe)
    )
    names = set()
    for n in order:
        if isinstance(n, nodes.Column) and n.source.table in tables:
            names.add(n.name)
    columns = tuple(column.name for column in schema.columns if column.name in names)
    frames = _frames_in_use(tables, order, events)
    return TableNeed(schema, columns, _alternatives(frames), _window(frames))


def _frames_in_use(
    tables: list[nodes.Table], order: list[nodes.Node], events: Iterable[nodes.Frame]
) -> list[nodes.Frame]:
    """The frames whose rows are aggregated, picked from, read, or wanted themselves."""
    frames: dict[nodes.Frame, None] = dict.fromkeys(events)
    for node in order:
        match node:
            case nodes.Aggregate():
                frames[node.rows] = None
            case nodes.Pick():
                frames[node.source.rows] = None
            case nodes.Column(source=nodes.Table(one_row=True) as source):
                frames[source] = None
    found: list[nodes.Frame] = []
    for frame in frames:
        if frame.table in tables and not isinstance(frame, nodes.Pick):
            found.append(frame)
    return found


def _alternatives(frames: list[nodes.Frame]) -> tuple[Conjunction, ...]:
    found = [_row_conditions(frame) for frame in frames]
    if not found or () in found:
        return ()
    return merged(list(dict.fromkeys(found)))


def _row_conditions(frame: nodes.Frame) -> Conjunction:
    """Of a frame's conditions those that a row decides by itself; one on a codelist
    says most.
    """
    local = list(filter(_is_local, _parts(frame)))
    codelists = [part for part in local if codelist_of(part)]
    return tuple(codelists[:1] or sorted(set(local), key=lambda part: part.digest))


def _parts(frame: nodes.Frame) -> Iterator[nodes.Series]:
    """Each condition on its rows by itself: `a & b` and then `c` are a, b and c."""
    for condition in nodes.conditions(frame):
        yield from nodes.conjuncts(condition)


def _is_local(condition: nodes.Series) -> bool:
    """Depends on the row alone: its own columns and what is written in the
    definition.
    """
    if (
        condition.interval
        or condition.domain is None
        or _written_out(condition) > LARGEST
    ):
        return False
    below = nodes.operands(condition, lambda part: True)
    return not any(
        isinstance(part, nodes.Aggregate)
        or (isinstance(part, nodes.Column) and part.domain is None)
        for part in below
    )


def _written_out(condition: nodes.Series) -> int:
    """How many operations the SQL of a condition has, each part counted as often as it
    is said.
    """
    sizes: dict[nodes.Node, int] = {}
    for node in nodes.walk([condition]):
        said = MOST_SAID if nodes.repeats(node) else 1
        sizes[node] = 1 + said * sum(sizes[child] for child in node.children)
    return sizes[condition]


def codelist_of(condition: nodes.Series) -> tuple[nodes.Column, nodes.Values] | None:
    """`column in codelist` of a row's own column, also when written as `column ==
    code`.
    """
    match condition:
        case nodes.Call(
            operation="in",
            arguments=(nodes.Column() as column, nodes.Values() as values),
        ):
            return (column, values) if column.domain else None
        case nodes.Call(
            operation="eq",
            arguments=(nodes.Column() as column, nodes.Literal() as code),
        ):
            return (
                (column, nodes.Values((code.value,), code.of))
                if column.domain
                else None
            )
    return None


def merged(alternatives: list[Conjunction]) -> tuple[Conjunction, ...]:
    """Alternatives on one column's codelists become one long codelist, which is one
    look-up per row.
    """
    codes: dict[str, list[nodes.Values]] = {}
    sources: dict[str, nodes.Table] = {}
    others = []
    for alternative in alternatives:
        found = codelist_of(alternative[0]) if len(alternative) == 1 else None
        if found:
            codes.setdefault(found[0].name, []).append(found[1])
            sources[found[0].name] = found[0].source.table
        else:
            others.append(alternative)
    merged = []
    for name, lists in sorted(codes.items()):
        merged.append((_one_codelist(sources[name], name, lists),))
    return (*merged, *others)


def _one_codelist(
    table: nodes.Table, name: str, lists: list[nodes.Values]
) -> nodes.Series:
    values = tuple(chain.from_iterable(each.values for each in lists))
    return nodes.Call(
        "in", (nodes.Column(table, name), nodes.Values(values, lists[0].of))
    )


def _window(frames: list[nodes.Frame]) -> str:
    """The date column that some frame bounds by INTERVAL from below and from above."""
    for frame in frames:
        bounds = [_bound(part) for part in _parts(frame)]
        lower = {name for name, side in bounds if side == "lower"}
        both = sorted(
            name for name, side in bounds if side == "upper" and name in lower
        )
        if both:
            return both[0]
    return ""


def _bound(condition: nodes.Series) -> tuple[str, str]:
    """The column and side of `column >= INTERVAL…`; empty names for any other
    condition.
    """
    match condition:
        case nodes.Call(
            operation=operation, arguments=(nodes.Column(domain=rows) as column, other)
        ):
            if (
                rows is not None
                and other.interval
                and other.domain is None
                and operation in COMPARISONS
            ):
                return column.name, "lower" if operation in ("gt", "ge") else "upper"
    return "", ""
