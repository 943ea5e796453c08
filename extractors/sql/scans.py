"""One scan for all aggregates over the same rows.

Say that a study asks of clinical_events how many rows each patient has with a code of
list A, how many with list B, and the latest date with B. Three queries would read the
table three times. Here it is read once:

    SELECT e.patient_id,
      count(*) FILTER (A) AS v0, count(*) FILTER (B) AS v1, max(date) FILTER (B) AS v2
    FROM clinical_events AS e WHERE A OR B GROUP BY e.patient_id
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from itertools import chain, count

from extractors.model import nodes
from extractors.planner.needs import codelist_of, merged
from extractors.sql.operations import call
from extractors.sql.placement import Placement, Source
from extractors.sql.relations import Aggregates, Relation
from extractors.sql.texts import Text, together
from extractors.sql.words import quote

MOST_JOINED = 24  # relations to one scan: all of them are in memory while it goes on


class SharedScans(ABC):
    """The relations of a query, and the scans that several aggregates share.

    What rows and columns are called, the class above it says.
    """

    def __init__(self, placement: Placement) -> None:
        # how rows are joined to the cells or patients of the query
        self.placement = placement
        # the SQL of each series
        self.texts: dict[nodes.Node, Text] = {}
        # what the query reads, each under what it is made of
        self.relations: dict[object, Relation] = {}

    @abstractmethod
    def _rows_of(self, table: nodes.Table, stage: int | None) -> str:
        """The name of a table's rows, with the columns that are computed by a stage."""

    @abstractmethod
    def _column(self, node: nodes.Column) -> Text:
        """The SQL of a column."""

    def _joins(self, needs: Iterable[str], owner: str = "e") -> str:
        known = {
            relation.name: (place, relation)
            for place, relation in enumerate(self.relations.values())
        }
        chosen = [
            known[name][1] for name in sorted(needs, key=lambda name: known[name][0])
        ]
        return "".join(
            f" LEFT JOIN {quote(each.name)} ON {self.placement.same(each, owner)}"
            for each in chosen
        )

    def _named(self, names: Iterable[str]) -> list[Relation]:
        known = {relation.name: relation for relation in self.relations.values()}
        return [known[name] for name in names]

    def _shared_rows(
        self,
        frame: nodes.Frame,
        values: Iterable[Text],
        moves: bool,
    ) -> tuple[Aggregates, list[str]]:
        """The scan of a frame's rows, and the conditions that are not of the whole
        scan.
        """
        conditions = nodes.conditions(frame)
        moving = sorted({c for c in conditions if c.interval}, key=lambda c: c.digest)
        needs, stage = together([*values, *(self.texts[each] for each in conditions)])
        relation = self._scan_of(frame.table, moving, moves, needs, stage)
        own = tuple(condition for condition in conditions if not condition.interval)
        relation.filters[own] = None
        return relation, [self._condition(relation, condition) for condition in own]

    def _condition(self, relation: Aggregates, condition: nodes.Series) -> str:
        """What rows must fulfil; whether a code is in a list is looked up once for all
        lists.
        """
        found = _listed(condition)
        return relation.listed(*found) if found else self.texts[condition].sql

    def _scan_of(
        self,
        table: nodes.Table,
        conditions: list[nodes.Series],
        moving: bool,
        needs: frozenset[str],
        stage: int,
    ) -> Aggregates:
        """The scan whose rows fulfil these conditions on INTERVAL, and that comes after
        all it reads.
        """
        rows = self._rows_of(table, stage)
        level = self._level(needs | {rows} if stage else needs)
        early = self.placement.early(conditions, moving, self._named(needs))
        key = self._scan_with_room(
            (rows, tuple(conditions), level, moving, early), needs
        )
        if key not in self.relations:
            source = Source(rows, conditions, moving, early)
            self.relations[key] = Aggregates(
                name=self._name("rows"),
                level=level,
                moving=moving,
                early=early,
                source=self.placement.source(source, self.texts),
                shared=[self.texts[condition].sql for condition in conditions],
            )
        relation = self.relations[key]
        assert isinstance(relation, Aggregates)
        relation.needs |= needs
        return relation

    def _scan_with_room(self, key: tuple, needs: frozenset[str]) -> tuple:
        """The key of the first scan of this kind that can be joined to these relations,
        too.
        """
        numbered = ((*key, number) for number in count())
        return next(each for each in numbered if self._has_room(each, needs))

    def _has_room(self, key: object, needs: frozenset[str]) -> bool:
        scan = self.relations.get(key)
        return scan is None or len(scan.needs | needs) <= max(MOST_JOINED, len(needs))

    def _aggregates_body(self, relation: Aggregates) -> str:
        keys, conditions = self.placement.keys(relation.moving), list(relation.shared)
        # let the scan skip the rows that none of the columns counts
        if () not in relation.filters:
            conditions.append(f"({self._any_of(list(relation.filters))})")
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        source = (
            "FROM "
            f"{relation.source}{self._joins(relation.needs)}{relation.look_ups()}{where}"
        )
        return (
            f"SELECT {', '.join([*keys, *relation.select()])} {source} GROUP BY "
            f"{', '.join(keys)}"
        )

    def _any_of(self, filters: list[tuple[nodes.Series, ...]]) -> str:
        """Any of some sets of conditions; many codelists of one column become a long
        one, which is one look-up.

        The long one may be said elsewhere, too, and there be read from rows that these
        are not.
        """
        said = set(chain.from_iterable(filters))
        sets = [
            " AND ".join(
                self.texts[each].sql if each in said else self._codes(each)
                for each in conditions
            )
            for conditions in merged(filters)
        ]
        return " OR ".join(f"({each})" for each in sets)

    def _codes(self, condition: nodes.Series) -> str:
        assert isinstance(condition, nodes.Call)
        column, values = condition.arguments
        assert isinstance(values, nodes.Values)
        text = self.texts.get(column) or self._column(column)  # type: ignore[arg-type]
        return call(condition, [text.sql, ""])

    def _level(self, needs: Iterable[str]) -> int:
        levels = {relation.name: relation.level for relation in self.relations.values()}
        return 1 + max((levels[name] for name in needs), default=0)

    def _name(self, kind: str) -> str:
        # with a space, so no table can have this name
        return f"{kind} {len(self.relations) + 1}"


def _listed(condition: nodes.Series) -> tuple[str, tuple[str, ...]] | None:
    """The column and the codes, where a condition just looks for a row's text in a
    list.
    """
    found = codelist_of(condition)
    if not found:
        return None
    column, values = found
    codes = tuple(code for code in values.values if isinstance(code, str))
    return (column.name, codes) if codes and len(codes) == len(values.values) else None
