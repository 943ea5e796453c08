"""One patient: the rows that count, and what each part of a definition makes of them.

numerator of oximetry: True
  whether there are rows in the table clinical_events: True
    3 rows in the table clinical_events
    2 rows where date is on or after the first day of the period
    1 row where snomedct_code is in codes.csv (16 codes)
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extractors.errors import ArgumentsError
from extractors.evaluation import evaluate_series
from extractors.model import nodes
from extractors.planner.ladders import Interval
from flows.trying.one_patient import Patient, Rows
from measures.asking.lists import Lists
from measures.asking.sentences import Sentences
from measures.definitions import Measure
from measures.study import Study


@dataclass(frozen=True)
class Line:
    """A value of the tree."""

    # how deep it lies, from 0
    depth: int
    # the node, as an author would write it
    words: str
    # of the one patient; None where it is NULL
    value: Any

    def as_json(self) -> dict[str, Any]:
        return {"depth": self.depth, "words": self.words, "value": self.value}


@dataclass(frozen=True)
class Explained:
    """All that there is to say of a patient."""

    # of the source
    patient: str
    # table -> the rows that the definition may look at
    rows: Mapping[str, Rows]
    # "numerator of NAME" and so on -> its tree
    trees: Mapping[str, Sequence[Line]]

    def as_json(self) -> dict[str, Any]:
        trees = {}
        for title, lines in self.trees.items():
            trees[title] = [line.as_json() for line in lines]
        return {"patient": self.patient, "rows": self.rows, "trees": trees}


def explain(
    study: Study, patient: Patient, interval: Interval | None, measure: str = ""
) -> Explained:
    """What comes of a patient in an interval; of one measure alone if `measure` names
    it.

    Raises ArgumentsError if there is no such measure.
    """
    sentences = Sentences(Lists(study.codes))
    asked = (
        _of_measures(study.measures, measure, interval)
        if study.measures
        else _of_dataset(study.dataset)
    )
    values = _values(list(asked.values()), patient.rows, interval)
    trees = {
        title: list(_tree(node, values, sentences, 0)) for title, node in asked.items()
    }
    return Explained(patient.id, patient.rows, trees)


def _of_measures(
    measures: Sequence[Measure], name: str, interval: Interval | None
) -> dict[str, nodes.Series]:
    chosen = [each for each in measures if not name or each.name == name]
    if not chosen:
        names = ", ".join(each.name for each in measures[:5])
        raise ArgumentsError(
            f"There is no measure {name!r}; there are "
            f"{names}{' …' if measures[5:] else ''}."
        )
    asked: dict[str, nodes.Series] = {}
    for each in chosen:
        if interval in each.intervals:
            parts = {
                "denominator": each.denominator,
                "numerator": each.numerator,
                **each.group_by,
            }
            titles = {title: f"{title} of {each.name}" for title in parts}
            known = set(asked.values())
            asked |= {
                titles[title]: node
                for title, node in parts.items()
                if node not in known
            }
    return asked


def _of_dataset(variables: Mapping[str, nodes.Series]) -> dict[str, nodes.Series]:
    return {name or "population": node for name, node in variables.items()}


def _values(
    roots: Sequence[nodes.Series], rows: Mapping[str, Rows], interval: Interval | None
) -> dict:
    """The value of each part that has one for a patient, and how many rows each frame
    has.
    """
    asked: dict[str, nodes.Series] = {}
    parts: dict[str, nodes.Node] = {}
    for number, node in enumerate(nodes.walk(roots)):
        counted = (
            nodes.Aggregate("count", node) if isinstance(node, nodes.Frame) else node
        )
        if (
            isinstance(counted, nodes.Series)
            and counted.domain is None
            and not nodes.is_many(counted)
        ):
            asked[f"part_{number}"], parts[f"part_{number}"] = counted, node
    everybody = {"": nodes.Literal(True, bool)}
    (found,) = evaluate_series(everybody | asked, rows, interval=interval)
    return {parts[name]: found[name] for name in parts}


def _tree(
    node: nodes.Node, values: Mapping, sentences: Sentences, depth: int
) -> Iterator[Line]:
    """A part, and below it what it is made of; what is the same for all people has no
    line.
    """
    if node not in values or isinstance(node, nodes.Literal | nodes.Parameter):
        return
    if isinstance(node, nodes.Table) and node.one_row:  # the row that is shown above
        return
    if isinstance(node, nodes.Frame):
        yield from _frame(node, values, sentences, depth)
        return
    yield Line(depth, sentences.of(node), values[node])
    for child in node.children:
        yield from _tree(child, values, sentences, depth + 1)


def _frame(
    frame: nodes.Frame, values: Mapping, sentences: Sentences, depth: int
) -> Iterator[Line]:
    """How many rows are left after each condition."""
    steps = [rows for rows in nodes.lineage(frame) if rows in values]
    for rows in reversed(steps):
        if isinstance(rows, nodes.Where):
            yield Line(
                depth, f"rows where {sentences.of(rows.condition)}", values[rows]
            )
        elif not isinstance(rows, nodes.Pick):
            yield Line(depth, f"rows in {sentences.of(rows)}", values[rows])
