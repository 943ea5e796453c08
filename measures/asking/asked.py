"""The section of a release that says what was asked: asked.json, without its format."""

from typing import Any

from extractors.model import nodes
from measures.asking.lists import Lists
from measures.asking.sentences import Sentences
from measures.definitions import Measure
from measures.study import Study


def asked(study: Study) -> dict[str, Any]:
    """What each measure of a study asks, in words; its codelists; the text of its
    definition; the author's words.

    Nothing of it comes from records, and no path of this machine is in it.
    """
    sentences = Sentences(Lists(study.codes))
    families = _families(study.measures)
    return {
        "measures": [
            _measure(measure, families[place], sentences)
            for place, measure in enumerate(study.measures)
        ],
        "codelists": [
            {"name": each.name, "codes": each.codes, "sha256": each.sha256}
            for each in study.codelists
        ],
        "definition": [
            {"name": name, "text": text} for name, text in study.sources.items()
        ],
        "described": study.described,
    }


def _measure(measure: Measure, family: int, sentences: Sentences) -> dict[str, Any]:
    return {
        "name": measure.name,
        "family": family,
        "mean": measure.most > 0,
        "numerator": _counted(measure.numerator, sentences),
        "denominator": _counted(measure.denominator, sentences),
        "groups": {name: sentences.of(node) for name, node in measure.group_by.items()},
    }


def _counted(node: nodes.Series, sentences: Sentences) -> str:
    """Of a truth the people of whom it holds are counted; of a number its sum over
    people.
    """
    words = sentences.of(node)
    if node.type is bool:
        return f"people for whom {words}"
    return f"{words}, added up over all people"


def _families(measures: tuple[Measure, ...]) -> list[int]:
    """A number for each measure; those with the same number differ in their groups
    only.

    Where everybody is counted, in one group or another, each measure is a question of
    its own.
    """
    known: dict[object, int] = {}
    found: list[int] = []
    for measure in measures:
        key: object = (measure.numerator, measure.denominator, measure.intervals)
        if measure.numerator == measure.denominator:
            key = measure.name
        found.append(known.setdefault(key, len(known)))
    return found
