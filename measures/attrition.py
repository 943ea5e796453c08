"""Who is left after each condition of a population or a denominator, as a study of its
own.

As measures they are counted, protected and released as any others are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import shorten

from extractors.model import nodes
from measures.asking.lists import Lists
from measures.asking.sentences import Sentences
from measures.definitions import Interval, Measure
from measures.describing import MOST_TITLE
from measures.study import Study

ENDING = "_attrition"  # of the study's name
EVERYBODY = nodes.Literal(True, bool)


@dataclass(frozen=True)
class Step:
    """One condition, and the measure that counts who is left after it."""

    # "population", or the first measure that has the denominator, and how many more
    of: str
    # as an author would write it
    condition: str
    # which counts the people who are left
    measure: Measure


def attrition_of(study: Study, interval: Interval) -> Study:
    """The study of who is left in an interval; of a dataset, the interval is but a
    name.
    """
    steps = steps_of(study, interval)
    titles = {step.measure.name: _described(step) for step in steps}
    # `status` and `approve` ask by the whole name
    name = study.called.removesuffix(ENDING) or study.name
    return Study(
        path=study.path,
        kind="measures",
        measures=tuple(step.measure for step in steps),
        codelists=study.codelists,
        definition_hash=study.definition_hash,
        called=name + ENDING,
        concepts=study.concepts,
        described={
            "title": f"{name}: who is left after each condition",
            "measures": titles,
        },
        codes=study.codes,
        sources=study.sources,
    )


def _described(step: Step) -> dict[str, str]:
    """The title of a step; a condition that is too long for it is whole in the sentence
    below.
    """
    title = f"{step.of}: {step.condition}"
    if len(title) <= MOST_TITLE:
        return {"title": title}
    return {
        "title": shorten(title, MOST_TITLE, placeholder=" …"),
        "sentence": step.condition,
    }


def steps_in(attrition: Study) -> list[Step]:
    """The steps of a study that `attrition_of` made; their words are whole, however
    long a title may be.
    """
    sentences = Sentences(Lists(attrition.codes))
    titles = attrition.described["measures"]
    found: list[Step] = []
    for measure in attrition.measures:
        of = titles[measure.name]["title"].partition(": ")[0]
        # those before it are steps of their own
        *_, condition = nodes.conjuncts(measure.numerator)
        found.append(Step(of, sentences.of(condition), measure))
    return found


def steps_of(study: Study, interval: Interval) -> list[Step]:
    """The conditions of each denominator of the interval, or of a dataset's population,
    in their order.
    """
    sentences = Sentences(Lists(study.codes))
    found: list[Step] = []
    for number, (of, node) in enumerate(_asked(study, interval), 1):
        conditions = list(nodes.conjuncts(node))
        words = map(sentences.of, conditions)
        for place, (together, said) in enumerate(
            zip(_together(conditions), words, strict=True), 1
        ):
            name = f"left_{number}_{place}"
            found.append(Step(of, said, _measure(name, together, interval)))
    return found


def _measure(name: str, numerator: nodes.Series, interval: Interval) -> Measure:
    return Measure(
        name=name,
        numerator=numerator,
        denominator=EVERYBODY,
        group_by={},
        intervals=(interval,),
    )


def _asked(study: Study, interval: Interval) -> list[tuple[str, nodes.Series]]:
    """What says who is counted, with a title. A number counts those of whom it is above
    0.
    """
    if study.kind == "dataset":
        return [("population", study.dataset[""])]
    names: dict[nodes.Series, list[str]] = {}
    for measure in study.measures:
        if interval in measure.intervals:
            names.setdefault(measure.denominator, []).append(measure.name)
    return [(_title(measures), _condition(node)) for node, measures in names.items()]


def _title(measures: Sequence[str]) -> str:
    more = f" and {len(measures) - 1} more" if measures[1:] else ""
    return f"denominator of {measures[0]}{more}"


def _condition(node: nodes.Series) -> nodes.Series:
    if node.type is bool:
        return node
    return nodes.Call("gt", (node, nodes.Literal(0, node.type)))


def _together(conditions: Sequence[nodes.Series]) -> Iterator[nodes.Series]:
    """The first condition, the first and the second, and so on."""
    together: nodes.Series | None = None
    for condition in conditions:
        together = (
            condition if together is None else nodes.Call("and", (together, condition))
        )
        yield together
