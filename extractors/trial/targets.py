"""Whether the usual records show what a measure asks for anyway."""

from collections.abc import Iterable, Iterator
from itertools import chain

from extractors.model import nodes
from extractors.model.types import is_code
from extractors.trial.people.clinic import ACTIVITIES
from extractors.trial.wishes import Target

USUAL = frozenset(chain.from_iterable(each.known for each in ACTIVITIES))


def unusual(targets: Iterable[Target]) -> tuple[Target, ...]:
    """Each once, without those that look for the activities that all records show.

    Nor does a measure that has the same people above and below its line need any.
    """
    return tuple(dict.fromkeys(each for each in targets if not _is_usual(each)))


def _is_usual(target: Target) -> bool:
    codes = set(_codes(target.conditions))
    return codes <= USUAL if codes else len(set(target.conditions)) == 1


def _codes(conditions: Iterable[nodes.Series]) -> Iterator[str]:
    for node in nodes.walk(conditions):
        match node:
            case nodes.Values(values=values, of=of) if is_code(of):
                yield from map(str, values)
            case nodes.Literal(value=str(value), of=of) if is_code(of):
                yield value
