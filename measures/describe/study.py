"""The data report of a study, as a study of its own: its measures count the study's
variables and codes.

As measures they are counted, protected and released as any others are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from extractors.model import nodes
from extractors.model.types import name_of
from extractors.sql.columns import TAKEN
from measures.definitions import RESERVED, Interval, Measure
from measures.describe.codes import Counted, codes_of
from measures.describe.months import MONTH, steps_of
from measures.describe.outline import Outline, People, Variable
from measures.describe.shapes import shape_of
from measures.describing import MOST_TITLE
from measures.study import Study

ENDING = "_described"  # of the study's name
EVERYBODY = nodes.Literal(True, bool)
NOTHING = Outline(None, (), (), ())


@dataclass(frozen=True)
class Wanted:
    """What a data report is asked to tell."""

    # the period of the study whose variables are counted; a dataset has none, and
    # ignores it
    period: Interval
    # the days over which codes are counted
    span: Interval
    # by `month` or `year`; empty for what the span suggests
    every: str = ""


@dataclass(frozen=True)
class DescribedStudy(Study):
    """A study whose measures describe another study."""

    # the name of the other one
    of: str = ""
    # what its numbers mean
    outline: Outline = field(default=NOTHING)


@dataclass(frozen=True)
class Wished:
    """A series that the report describes, among the people of one condition."""

    # of the variable or group
    name: str
    # what it is in the definition: variable, group …
    role: str
    # whose values are counted
    series: nodes.Series
    # the condition of the people
    among: nodes.Series


def describe_study(study: Study, wanted: Wanted) -> DescribedStudy:
    """The study whose measures count the variables and the codes of another one."""
    people = dict(_people(study))
    wished = list(_wished(study))
    variables, counted = _variables(wished, people, wanted)
    codes = codes_of(study, steps_of(wanted.span, wanted.every), wanted.span)
    measures = [*_totals(people, wanted.period), *counted, *codes.measures]
    return DescribedStudy(
        path=study.path,
        kind="measures",
        measures=tuple(measures),
        codelists=study.codelists,
        definition_hash=study.definition_hash,
        called=_name_of(study) + ENDING,
        concepts=study.concepts,
        described=_words(study, people, variables, codes),
        codes=study.codes,
        sources=study.sources,
        of=_name_of(study),
        outline=Outline(
            period=_period_of(study, wanted),
            people=tuple(people.values()),
            variables=tuple(variables),
            codelists=tuple(codes.outlines),
        ),
    )


def _name_of(study: Study) -> str:
    """Without the ending, which a data report that is asked for by its own name has
    already.
    """
    return study.called.removesuffix(ENDING) or study.name


def _period_of(study: Study, wanted: Wanted) -> tuple[str, str] | None:
    """Of a dataset without index dates the period has no meaning, so no reader sees
    it.
    """
    if study.kind == "dataset" and not study.index:
        return None
    start, end = wanted.period
    return start.isoformat(), end.isoformat()


# People -------------------------------------------------------------------------------


def _people(study: Study) -> Iterator[tuple[nodes.Series, People]]:
    """The population, or each denominator once."""
    if study.kind == "dataset":
        yield study.dataset[""], People("population", "people")
        return
    names: dict[nodes.Series, list[str]] = {}
    for measure in study.measures:
        names.setdefault(measure.denominator, []).append(measure.name)
    for number, (node, measures) in enumerate(names.items(), 1):
        more = f" and {len(measures) - 1} more" if measures[1:] else ""
        yield node, People(f"denominator of {measures[0]}{more}", f"people_{number}")


def _totals(
    people: Mapping[nodes.Series, People], period: Interval
) -> Iterator[Measure]:
    for node, each in people.items():
        yield _measure(each.measure, _is_counted(node), EVERYBODY, period)


def _is_counted(node: nodes.Series) -> nodes.Series:
    """Of a denominator that is a number: whether it is above 0."""
    if node.type is bool:
        return node
    return nodes.Call("gt", (node, nodes.Literal(0, node.type)))


# Variables ----------------------------------------------------------------------------


def _wished(study: Study) -> Iterator[Wished]:
    """Each series once, at the first place that has it."""
    seen: set[nodes.Series] = set()
    for each in _of_dataset(study) if study.kind == "dataset" else _of_measures(study):
        if each.series not in seen:
            seen.add(each.series)
            yield each


def _of_dataset(study: Study) -> Iterator[Wished]:
    for name, series in study.dataset.items():
        if name:
            yield Wished(name, "variable", series, study.dataset[""])


def _of_measures(study: Study) -> Iterator[Wished]:
    """Groups before numerators; a unit, such as a practice, is left out."""
    for measure in study.measures:
        for name, series in measure.group_by.items():
            if name != measure.over:
                yield Wished(name, "group", series, measure.denominator)

    for measure in study.measures:
        if not measure.over and measure.numerator != measure.denominator:
            yield Wished(
                measure.name, "numerator", _in_ones(measure), measure.denominator
            )


def _in_ones(measure: Measure) -> nodes.Series:
    """An amount is kept in units of its last decimal."""
    if not measure.places:
        return measure.numerator
    return nodes.Call(
        "divide", (measure.numerator, nodes.Literal(10**measure.places, int))
    )


def _variables(
    wished: list[Wished], people: Mapping[nodes.Series, People], wanted: Wanted
) -> tuple[list[Variable], list[Measure]]:
    variables: list[Variable] = []
    measures: list[Measure] = []
    groups = set(map(str.lower, RESERVED))
    for each in wished:
        shape = shape_of(each.series, monthly=wanted.every == MONTH)
        group = _free(each.name, groups)
        among = people[each.among]
        variable = Variable(
            name=each.name,
            role=each.role,
            type=name_of(each.series.type),
            kind=shape.kind,
            measure=f"variable_{group}",
            people=among.measure,
            order=shape.order,
        )
        counted = _is_counted(each.among)
        measures.append(
            _measure(
                variable.measure, counted, counted, wanted.period, {group: shape.series}
            )
        )
        variables.append(variable)
    return variables, measures


def _free(name: str, taken: set[str]) -> str:
    """A name for a column that no other column has; a numerator and a group may have
    the same.
    """
    while name.lower() in taken or TAKEN.fullmatch(name):
        name += "_"
    taken.add(name.lower())
    return name


def _measure(
    name: str,
    numerator: nodes.Series,
    denominator: nodes.Series,
    period: Interval,
    groups: Mapping[str, nodes.Series] | None = None,
) -> Measure:
    return Measure(
        name=name,
        numerator=numerator,
        denominator=denominator,
        group_by=dict(groups or {}),
        intervals=(period,),
    )


# Words --------------------------------------------------------------------------------


def _words(
    study: Study,
    people: Mapping[nodes.Series, People],
    variables: list[Variable],
    codes: Counted,
) -> dict[str, object]:
    """What the pages of a release call the measures; groups keep the words of the
    study's author.
    """
    titles = {each.measure: each.name for each in people.values()}
    titles |= {each.measure: f"{each.name} ({each.role})" for each in variables}
    titles |= codes.titles
    words = {name: {"title": title[:MOST_TITLE]} for name, title in titles.items()}
    known = {"groups": study.described["groups"]} if "groups" in study.described else {}
    return {
        **known,
        "title": f"{_name_of(study)}: data report"[:MOST_TITLE],
        "measures": words,
    }
