"""From the wished codelists of a column to streams of events: who recognises which list.

A code belongs to one stream only, so that a list and its parts, or its single codes, do not count
twice: the lists are taken from the largest down, and each takes what is left of it.
"""

from collections.abc import Mapping, Sequence
from zlib import crc32

import numpy as np

from extractors.trial.days import Span
from extractors.trial.events.streams import (
    UNKNOWN_VALUE,
    Ethnicities,
    History,
    Recordings,
    Stream,
    known_values,
    usual_ethnicities,
)
from extractors.trial.people import england
from extractors.trial.people.clinic import ACTIVITIES, CONDITIONS, RECOVERY, Activity, Condition

LARGE = 20  # a list of so many codes is taken for a condition, a smaller one for something that is done
ETHNICITY = frozenset(code for codes in england.ETHNICITY_CODES.values() for code in codes)


def streams_of(
    codelists: Sequence[tuple[str, ...]], place: Mapping[str, int], span: Span, *, drugs: bool = False
) -> list[Stream]:
    """The streams that leave all codes of these codelists; `place` gives each code's position.

    Known activities come first and once, however their codes are spread over lists: their packs
    belong together.
    """
    left = {code: place[code] for codelist in codelists for code in codelist}
    streams: list[Stream] = []
    for activity in ACTIVITIES:
        if done := _take(left, activity.known):
            streams.append(_recordings(activity, done, span))
    for codelist in codelists:
        if own := _take(left, codelist):
            streams.append(_stream_of(own, span, drugs))
    return streams


def _take(left: dict[str, int], codes: Sequence[str]) -> dict[str, int]:
    """Those of the codes that nobody has taken yet; they are then taken."""
    return {code: left.pop(code) for code in codes if code in left}


def _stream_of(own: Mapping[str, int], span: Span, drugs: bool) -> Stream:
    if ETHNICITY & own.keys():
        return Ethnicities(list(own.values()), usual_ethnicities(own))
    if condition := _recognised(own):
        return _history(condition, own)
    if len(own) >= LARGE or drugs:
        return _history(_some_condition(own, drugs), own)
    return _some_recordings(own, span)


def _recognised(codes: Mapping[str, int]) -> Condition | None:
    hits = [len(set(condition.known) & codes.keys()) for condition in CONDITIONS]
    return CONDITIONS[int(np.argmax(hits))] if max(hits) else None


def _history(condition: Condition, codes: Mapping[str, int]) -> History:
    return History(condition, [codes[code] for code in _by_use(codes, condition.known)])


def _by_use(codes: Mapping[str, int], usual: tuple[str, ...] = ()) -> list[str]:
    """The usual codes first; the others in an order that has nothing to do with their digits."""
    rank = {code: position for position, code in enumerate(usual)}
    return sorted(codes, key=lambda code: (rank.get(code, len(rank)), crc32(code.encode()), code))


def _recordings(activity: Activity, codes: Mapping[str, int], span: Span) -> Recordings:
    """Whole packs, of which only the wished codes are written."""
    width = max(len(pack) for pack in activity.packs)
    wished = [[codes.get(code, -1) for code in pack] for pack in activity.packs]
    packs = [pack + [-1] * (width - len(pack)) for pack in wished]
    return Recordings(activity, span, np.array(packs, np.int32), known_values(codes))


def _some_recordings(codes: Mapping[str, int], span: Span) -> Recordings:
    """Codes nobody here knows: something done all year, less so in spring 2020, half of it measured."""
    luck = _luck(codes)
    rate, age = 0.1 + 0.3 * luck, ((0, 0.5), (80, 1.5))
    activity = Activity("other", (), rate=rate, level=RECOVERY, age=age, users=0.4)
    packs = np.array([[codes[code]] for code in _by_use(codes)], np.int32)
    values = dict.fromkeys(codes.values(), UNKNOWN_VALUE) if luck < 0.5 else {}
    return Recordings(activity, span, packs, values)


def _some_condition(codes: Mapping[str, int], drugs: bool) -> Condition:
    """Codes nobody here knows: something a few in a hundred have, or take."""
    share = 0.02 + 0.06 * _luck(codes)
    age = ((0, share / 4), (40, share), (80, 2.5 * share))
    return Condition("other", (), age, years=2.0 if drugs else 10.0, reviews=6.0 if drugs else 0.8)


def _luck(codes: Mapping[str, int]) -> float:
    """A number from 0 to 1 that depends on nothing but the codes."""
    return crc32(" ".join(sorted(codes)).encode()) / 2**32
